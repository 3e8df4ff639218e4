//! Central-directory zip reader: positioned reads of wanted ranges only, whole entries through libdeflate.
//!
//! The central directory is trusted and local headers serve only to find where the data starts, as Android does
//! (AOSP system/libziparchive/zip_archive.cc). The format is PKWARE's APPNOTE.TXT.

mod directory;
mod inside;
mod tricks;

pub use directory::MAX_DIRECTORY;
pub use tricks::{Irregularity, Trick};

use super::bytes::{Source, u16_at, u32_at};
use super::limits::{Budget, Limits};
use crate::error::Error;
use crate::lang::Text;
use std::cell::Cell;
use std::io;
use std::ops::Range;
use std::sync::{Arc, Mutex, PoisonError};

const STORED: u16 = 0;
const DEFLATED: u16 = 8;
const LOCAL_HEADER: u32 = 0x0403_4b50;
const LOCAL_SIZE: usize = 30;
/// What is read beyond header, name and data, for the local extra field.
const SLACK: usize = 64;
/// What deflated data may take more than it holds.
const HEAD_SLACK: u64 = 1024;
/// Deflate cannot do better than 1032 : 1 (zlib's technical details), so a larger claim is a lie.
const DEFLATE_LIMIT: u64 = 1032;

/// Whether a source has a directory as archives have.
pub fn is_archive(source: &Source, budget: &Budget) -> bool {
    directory::read(source, budget).is_ok()
}

/// One entry as the central directory describes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Name with `/` separators; bytes that are not UTF-8 are replaced.
    pub name: String,
    /// General purpose flags.
    pub flags: u16,
    /// Compression method: 0 stored, 8 deflated.
    pub method: u16,
    /// CRC-32 of the inflated data.
    pub crc: u32,
    /// Size in the archive.
    pub compressed: u64,
    /// Size when inflated.
    pub size: u64,
    /// Offset of the local header.
    pub header: u64,
}

/// An open archive.
#[derive(Debug)]
pub struct Archive {
    source: Arc<Source>,
    entries: Vec<Entry>,
    incomplete: bool,
    /// Behind a lock because local headers are met while entries are read, by several threads. Touched only by what is odd.
    irregular: Mutex<Vec<Irregularity>>,
    budget: Arc<Budget>,
    /// Where the central directory begins.
    directory: u64,
}

/// Buffers and the inflater, to be used again for every entry. One set per thread.
pub struct Buffers {
    raw: Vec<u8>,
    inflated: Vec<u8>,
    inflater: libdeflater::Decompressor,
    /// For the first bytes of entries: libdeflate inflates whole streams only.
    heads: flate2::Decompress,
}

thread_local! {
    /// What this thread used last: memory that is there need not be asked for and zeroed again for every app.
    static KEPT: Cell<Option<Buffers>> = const { Cell::new(None) };
}

impl Buffers {
    /// Lends this thread's buffers.
    pub fn with<T>(work: impl FnOnce(&mut Buffers) -> T) -> T {
        let mut buffers = KEPT.take().unwrap_or_default();
        let result = work(&mut buffers);
        KEPT.set(Some(buffers));
        result
    }
}

impl Default for Buffers {
    fn default() -> Buffers {
        Buffers {
            raw: Vec::new(),
            inflated: Vec::new(),
            inflater: libdeflater::Decompressor::new(),
            heads: flate2::Decompress::new(false),
        }
    }
}

impl Archive {
    /// Reads the end record and the central directory.
    ///
    /// # Errors
    /// When there is no end record, or the directory it points to cannot be read.
    pub fn open(source: Source) -> Result<Archive, Error> {
        Archive::open_within(source, Limits::default())
    }

    /// As [`Archive::open`]; what is read afterwards keeps within limits.
    ///
    /// # Errors
    /// As [`Archive::open`].
    pub fn open_within(source: Source, limits: Limits) -> Result<Archive, Error> {
        Archive::open_sharing(source, Arc::new(Budget::new(limits)))
    }

    /// As [`Archive::open`]; what is read afterwards is taken off a budget that other archives share.
    ///
    /// # Errors
    /// As [`Archive::open`].
    pub fn open_sharing(source: Source, budget: Arc<Budget>) -> Result<Archive, Error> {
        let directory::Listing { offset, entries, irregular, incomplete } = directory::read(&source, &budget)?;
        budget.take_entries(entries.len() as u64);
        let irregular = Mutex::new(irregular);
        Ok(Archive { source: Arc::new(source), entries, incomplete, irregular, budget, directory: offset })
    }

    /// What may still be read.
    pub fn budget(&self) -> &Arc<Budget> {
        &self.budget
    }

    /// Entries in directory order.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// Whether the end record counts more entries than can be read: then the archive is damaged, or made to hide some.
    pub fn is_incomplete(&self) -> bool {
        self.incomplete
    }

    /// What no build tool writes, sorted: all that the directory shows, and what the local headers of entries read so far show.
    pub fn irregularities(&self) -> Vec<Irregularity> {
        let mut found = self.irregular.lock().unwrap_or_else(PoisonError::into_inner).clone();
        found.sort();
        found.dedup();
        found
    }

    fn note(&self, entry: &Entry, trick: Trick) {
        self.irregular.lock().unwrap_or_else(PoisonError::into_inner).push(Irregularity::of(entry, trick));
    }

    /// Byte offset of the central directory: what is put before it, as Android's signing block, ends here.
    pub fn directory(&self) -> u64 {
        self.directory
    }

    /// The bytes behind the archive.
    pub fn source(&self) -> &Source {
        &self.source
    }

    /// The entry of this name; the first one where a file lists it twice (Android refuses such a file as a whole).
    pub fn entry(&self, name: &str) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.name == name)
    }

    /// Reads a whole entry into `buffers`.
    ///
    /// # Errors
    /// When the data is cut or damaged, or a limit is reached.
    pub fn read<'b>(&self, entry: &Entry, buffers: &'b mut Buffers) -> Result<&'b [u8], Error> {
        check_claims(entry, self.source.len())?;
        self.within_budget(entry, entry.compressed.saturating_add(entry.size))?;
        let spend = self.budget.check_entry(entry.size).and_then(|()| self.budget.inflate(entry.size));
        spend.map_err(|error| error.in_entry(&entry.name))?;
        match entry.method {
            STORED => {}
            DEFLATED => {
                let length = self.inflate(entry, buffers)?;
                return Ok(&buffers.inflated[..length]);
            }
            // The "BadPack" trick: a method that nobody defined. Android's asset reader takes all that is not deflated as stored
            // (AOSP frameworks/base libs/androidfw/AssetsProvider.cpp). Where only the method lies, the data still inflates; plain
            // data cannot, to the very size.
            _ => {
                if let Ok(length) = self.inflate(entry, buffers)
                    && length as u64 == entry.size
                {
                    return Ok(&buffers.inflated[..length]);
                }
            }
        }
        let data = self.read_raw(entry, entry.size, &mut buffers.raw)?;
        Ok(&buffers.raw[data])
    }

    fn inflate(&self, entry: &Entry, buffers: &mut Buffers) -> Result<usize, Error> {
        let data = self.read_raw(entry, entry.compressed, &mut buffers.raw)?;
        let size = entry.size as usize;
        // Grows only. A fresh zeroed block costs memory where it is written, so a claim alone costs nothing.
        if buffers.inflated.len() < size {
            buffers.inflated = vec![0; size];
        }
        let target = &mut buffers.inflated[..size];
        buffers.inflater.deflate_decompress(&buffers.raw[data], target).map_err(|cause| damaged(entry).because(cause))
    }

    /// Reads the first `limit` bytes of an entry, inflated.
    ///
    /// # Errors
    /// As [`Archive::read`].
    pub fn read_head<'b>(&self, entry: &Entry, limit: usize, buffers: &'b mut Buffers) -> Result<&'b [u8], Error> {
        if entry.size <= limit as u64 {
            return self.read(entry, buffers);
        }
        check_claims(entry, self.source.len())?;
        self.within_budget(entry, (limit as u64).saturating_mul(2))?;
        self.budget.inflate(limit as u64).map_err(|error| error.in_entry(&entry.name))?;
        if entry.method != DEFLATED {
            let data = self.read_raw(entry, limit as u64, &mut buffers.raw)?;
            return Ok(&buffers.raw[data]);
        }
        let data = self.read_raw(entry, entry.compressed.min(limit as u64 + HEAD_SLACK), &mut buffers.raw)?;
        let raw = &buffers.raw[data];
        // libdeflate inflates whole streams only; the head of a large one goes through flate2.
        buffers.inflated.resize(buffers.inflated.len().max(limit), 0);
        let stream = &mut buffers.heads;
        stream.reset(false);
        stream
            .decompress(raw, &mut buffers.inflated[..limit], flate2::FlushDecompress::None)
            .map_err(|cause| damaged(entry).because(cause))?;
        Ok(&buffers.inflated[..stream.total_out() as usize])
    }

    /// Where an entry stands in the file, with its local header as far as the directory tells its length. `limit` is how much of it
    /// will be read, inflated.
    pub fn range(&self, entry: &Entry, limit: u64) -> Range<u64> {
        let data = match entry.method {
            DEFLATED => entry.compressed,
            _ => entry.size,
        };
        let header = (LOCAL_SIZE + entry.name.len() + SLACK) as u64;
        let length = header.saturating_add(data.min(limit.saturating_add(HEAD_SLACK)));
        entry.header..entry.header.saturating_add(length).min(self.source.len())
    }

    fn within_budget(&self, entry: &Entry, bytes: u64) -> Result<(), Error> {
        self.budget.check(bytes).map_err(|error| error.in_entry(&entry.name))
    }

    /// Reads `count` bytes of raw data into `raw` and returns where they stand in it. One read serves header and data unless the
    /// local extra field (alignment padding) is long. The buffer only grows: what an earlier entry left behind the data is not cleared.
    fn read_raw(&self, entry: &Entry, count: u64, raw: &mut Vec<u8>) -> Result<Range<usize>, Error> {
        let fail = |cause: io::Error| damaged(entry).at(entry.header).because(cause);
        if count > self.source.len() {
            return Err(fail(io::ErrorKind::UnexpectedEof.into()));
        }
        let count = count as usize;
        let first = LOCAL_SIZE + entry.name.len() + SLACK + count;
        if raw.len() < first {
            *raw = vec![0; first];
        }
        let got = self.source.read_at(entry.header, &mut raw[..first]).map_err(fail)?;
        let start = local_length(&raw[..got], entry)?;
        self.compare_local(&raw[..got], entry);
        let end = start + count;
        if end > got {
            if raw.len() < end {
                raw.resize(end, 0);
            }
            let more = self.source.read_at(entry.header + got as u64, &mut raw[got..end]).map_err(fail)?;
            if got + more < end {
                return Err(fail(io::ErrorKind::UnexpectedEof.into()));
            }
        }
        Ok(start..end)
    }

    /// Notes where a local header tells another story than the directory: tools that walk the local headers are led astray by it.
    fn compare_local(&self, header: &[u8], entry: &Entry) {
        let fields = || {
            let [flags, method] = [u16_at(header, 6)?, u16_at(header, 8)?];
            let [crc, compressed, size] = [u32_at(header, 14)?, u32_at(header, 18)?, u32_at(header, 22)?];
            let name = header.get(LOCAL_SIZE..)?;
            Some((
                flags,
                method,
                crc,
                u64::from(compressed),
                u64::from(size),
                &name[..name.len().min(u16_at(header, 26)?.into())],
            ))
        };
        let Some((flags, method, crc, compressed, size, name)) = fields() else { return };
        if name != entry.name.as_bytes() && !entry.name.contains(char::REPLACEMENT_CHARACTER) {
            let name: String = String::from_utf8_lossy(name).chars().take(80).collect();
            self.note(entry, Trick::LocalName(name));
        }
        if method != entry.method {
            self.note(entry, Trick::LocalMethod(method));
        }
        // Behind a data descriptor the header may say anything, and a zip64 field takes the place of the greatest number.
        let stated = flags & tricks::DESCRIPTOR == 0 && size != u64::from(u32::MAX);
        if stated && (crc, compressed, size) != (entry.crc, entry.compressed, entry.size) {
            self.note(entry, Trick::LocalSizes);
        }
    }
}

/// Length of the local header with its name and extra field: they may differ from the central ones.
fn local_length(header: &[u8], entry: &Entry) -> Result<usize, Error> {
    let lengths =
        (u32_at(header, 0) == Some(LOCAL_HEADER)).then(|| Some((u16_at(header, 26)?, u16_at(header, 28)?))).flatten();
    match lengths {
        Some((name, extra)) => Ok(LOCAL_SIZE + usize::from(name) + usize::from(extra)),
        None => Err(damaged(entry).at(entry.header)),
    }
}

/// Checks what the directory claims before it drives an allocation.
fn check_claims(entry: &Entry, file: u64) -> Result<(), Error> {
    // Android takes the size of the directory for what is not deflated, whatever the compressed size says.
    let possible = match entry.method {
        DEFLATED => entry.compressed <= file && entry.size <= entry.compressed.saturating_mul(DEFLATE_LIMIT),
        STORED => entry.size <= file,
        _ => {
            entry.size <= file
                || (entry.compressed <= file && entry.size <= entry.compressed.saturating_mul(DEFLATE_LIMIT))
        }
    };
    if possible {
        return Ok(());
    }
    Err(Error::new(
        Text::new(
            format!("has a size that cannot be true ({} bytes from {})", entry.size, entry.compressed),
            format!("的大小不可能属实（{} 字节，压缩后 {} 字节）", entry.size, entry.compressed),
        ),
        Text::new("the archive is damaged or made to mislead tools", "压缩包已损坏或被蓄意构造"),
    )
    .in_entry(&entry.name))
}

fn read_exactly(source: &Source, offset: u64, count: usize) -> io::Result<Vec<u8>> {
    if offset.checked_add(count as u64).is_none_or(|end| end > source.len()) {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    let mut bytes = vec![0; count];
    match source.read_at(offset, &mut bytes)? {
        got if got == count => Ok(bytes),
        _ => Err(io::ErrorKind::UnexpectedEof.into()),
    }
}

fn damaged(entry: &Entry) -> Error {
    Error::new(
        Text::new("is cut or damaged", "被截断或损坏"),
        Text::new(
            "the file may be truncated; compare its size and checksum with the build output",
            "文件可能被截断；请与构建产物比对大小和校验值",
        ),
    )
    .in_entry(&entry.name)
}
