//! Central-directory zip reader: positioned reads of wanted ranges only, whole entries through libdeflate.
//!
//! The central directory is trusted and local headers serve only to find where the data starts, as Android does
//! (AOSP system/libziparchive/zip_archive.cc). The format is PKWARE's APPNOTE.TXT.

use super::bytes::{Source, u16_at, u32_at, u64_at};
use super::limits::{Budget, Limits};
use crate::error::Error;
use crate::lang::Text;
use std::cell::Cell;
use std::io;

const STORED: u16 = 0;
const DEFLATED: u16 = 8;
const END_OF_DIRECTORY: u32 = 0x0605_4b50;
const ZIP64_LOCATOR: u32 = 0x0706_4b50;
const ZIP64_END_OF_DIRECTORY: u32 = 0x0606_4b50;
const CENTRAL_HEADER: u32 = 0x0201_4b50;
const LOCAL_HEADER: u32 = 0x0403_4b50;
const END_SIZE: usize = 22;
const LOCAL_SIZE: usize = 30;
const CENTRAL_SIZE: usize = 46;
/// A comment has at most 65,535 bytes, so the end record starts within this many bytes of the end.
const TAIL: u64 = 65_535 + END_SIZE as u64;
/// Deflate cannot do better than 1032 : 1 (zlib's technical details), so a larger claim is a lie.
const DEFLATE_LIMIT: u64 = 1032;

/// Largest central directory that is read, in bytes. Far above real apps; a lying file costs no more.
pub const MAX_DIRECTORY: u64 = 64 << 20;
/// Largest entry that is read, in bytes, inflated: a bomb costs no more, and this much for each thread.
pub const MAX_ENTRY: u64 = 128 << 20;

/// One entry as the central directory describes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Name with `/` separators; bytes that are not UTF-8 are replaced.
    pub name: String,
    /// Compression method: 0 stored, 8 deflated.
    pub method: u16,
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
    source: Source,
    entries: Vec<Entry>,
    /// Entries that the end record counts.
    counted: u64,
    budget: Budget,
    /// Where the central directory begins.
    directory: u64,
}

/// Buffers and the inflater, to be used again for every entry. One set per thread.
pub struct Buffers {
    raw: Vec<u8>,
    inflated: Vec<u8>,
    inflater: libdeflater::Decompressor,
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
        Buffers { raw: Vec::new(), inflated: Vec::new(), inflater: libdeflater::Decompressor::new() }
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
        let budget = Budget::new(limits);
        let Directory { offset, size, counted } = locate_directory(&source)?;
        if size > MAX_DIRECTORY {
            return Err(directory_error(offset, format!("claims {size} bytes"), format!("声称有 {size} 字节")));
        }
        let directory =
            read_exactly(&source, offset, size as usize).map_err(|error| truncated().at(offset).because(error))?;
        let entries = parse_directory(&directory, offset)?;
        Ok(Archive { source, entries, counted, budget, directory: offset })
    }

    /// Entries in directory order.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// How many entries the end record counts, where that is not what the directory holds: then it is damaged, or made to hide
    /// some. A classic end record counts modulo 65,536.
    pub fn miscounted(&self) -> Option<u64> {
        let found = self.entries.len() as u64;
        (self.counted != found && self.counted != found % 0x1_0000).then_some(self.counted)
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
    /// When the data is cut, damaged, of an unknown method, or larger than [`MAX_ENTRY`].
    pub fn read<'b>(&self, entry: &Entry, buffers: &'b mut Buffers) -> Result<&'b [u8], Error> {
        check_claims(entry, self.source.len())?;
        self.within_budget(entry, entry.compressed.saturating_add(entry.size))?;
        let start = self.read_raw(entry, entry.compressed, &mut buffers.raw)?;
        let raw = &buffers.raw[start..];
        if entry.method == STORED {
            return Ok(raw);
        }
        // Grows only. A fresh zeroed block costs memory where it is written, so a claim alone costs nothing.
        if buffers.inflated.len() < entry.size as usize {
            buffers.inflated = vec![0; entry.size as usize];
        }
        let target = &mut buffers.inflated[..entry.size as usize];
        match buffers.inflater.deflate_decompress(raw, target) {
            Ok(length) => Ok(&buffers.inflated[..length]),
            // The "BadPack" trick: a method that no tool knows over plain data. Android's asset reader takes all that is not
            // deflated as stored (AOSP libs/androidfw/ApkAssets.cpp).
            Err(_) if entry.method != DEFLATED => Ok(&buffers.raw[start..]),
            Err(cause) => Err(damaged(entry).because(cause)),
        }
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
        let wanted = entry.compressed.min(limit as u64 + if entry.method == STORED { 0 } else { 1024 });
        self.within_budget(entry, wanted.saturating_add(limit as u64))?;
        let start = self.read_raw(entry, wanted, &mut buffers.raw)?;
        let raw = &buffers.raw[start..];
        if entry.method != DEFLATED {
            return Ok(&raw[..raw.len().min(limit)]);
        }
        // libdeflate inflates whole streams only; the head of a large one goes through flate2.
        buffers.inflated.resize(buffers.inflated.len().max(limit), 0);
        let mut stream = flate2::Decompress::new(false);
        stream
            .decompress(raw, &mut buffers.inflated[..limit], flate2::FlushDecompress::None)
            .map_err(|cause| damaged(entry).because(cause))?;
        Ok(&buffers.inflated[..stream.total_out() as usize])
    }

    /// Reads `count` bytes from `at` of a stored entry, for readers that need ranges only. `None` for a compressed one.
    ///
    /// # Errors
    /// When the range lies outside the entry or the file.
    pub fn read_range(&self, entry: &Entry, at: u64, count: usize) -> Option<Result<Vec<u8>, Error>> {
        if entry.method != STORED {
            return None;
        }
        let inside = at.checked_add(count as u64).is_some_and(|end| end <= entry.size.min(entry.compressed));
        if !inside {
            return Some(Err(damaged(entry)));
        }
        Some(self.data_offset(entry).and_then(|start| {
            read_exactly(&self.source, start + at, count).map_err(|cause| damaged(entry).because(cause))
        }))
    }

    fn within_budget(&self, entry: &Entry, bytes: u64) -> Result<(), Error> {
        self.budget.check(bytes).map_err(|error| error.in_entry(&entry.name))
    }

    fn data_offset(&self, entry: &Entry) -> Result<u64, Error> {
        let header = read_exactly(&self.source, entry.header, LOCAL_SIZE)
            .map_err(|cause| damaged(entry).at(entry.header).because(cause))?;
        Ok(entry.header + local_length(&header, entry)? as u64)
    }

    /// Reads `count` bytes of raw data into `raw` and returns where they start in it. One read serves header and data
    /// unless the local extra field (alignment padding) is long.
    fn read_raw(&self, entry: &Entry, count: u64, raw: &mut Vec<u8>) -> Result<usize, Error> {
        const SLACK: usize = 64;
        let fail = |cause: io::Error| damaged(entry).at(entry.header).because(cause);
        let count = count as usize;
        let first = LOCAL_SIZE + entry.name.len() + SLACK + count;
        raw.resize(first, 0);
        let got = self.source.read_at(entry.header, raw).map_err(fail)?;
        raw.truncate(got);
        let start = local_length(raw, entry)?;
        let end = start + count;
        if end > raw.len() {
            let have = raw.len();
            raw.resize(end, 0);
            let more = self.source.read_at(entry.header + have as u64, &mut raw[have..]).map_err(fail)?;
            if have + more < end {
                return Err(fail(io::ErrorKind::UnexpectedEof.into()));
            }
        }
        raw.truncate(end);
        Ok(start)
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
    let possible = match entry.method {
        STORED => entry.size == entry.compressed,
        _ => entry.size <= entry.compressed.saturating_mul(DEFLATE_LIMIT),
    };
    if entry.size > MAX_ENTRY && possible {
        return Err(Error::new(
            Text::new(
                format!("is larger than the {} MiB that are read of one entry", MAX_ENTRY >> 20),
                format!("超过单个条目的读取上限 {} MiB", MAX_ENTRY >> 20),
            ),
            Text::new("the archive may be made to exhaust tools", "该压缩包可能被蓄意构造以耗尽工具资源"),
        )
        .in_entry(&entry.name));
    }
    if possible && entry.compressed <= file {
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

/// Where the central directory lies, and how many entries it should hold.
struct Directory {
    offset: u64,
    size: u64,
    counted: u64,
}

fn locate_directory(source: &Source) -> Result<Directory, Error> {
    let length = source.len();
    let tail_start = length.saturating_sub(TAIL);
    let tail =
        read_exactly(source, tail_start, (length - tail_start) as usize).map_err(|cause| truncated().because(cause))?;
    let mut end = tail.len();
    while let Some(at) = memchr::memmem::rfind(&tail[..end], &END_OF_DIRECTORY.to_le_bytes()) {
        if let Some(found) = read_end_record(source, &tail[at..], tail_start + at as u64) {
            return Ok(found);
        }
        end = at + 3;
        if at == 0 {
            break;
        }
    }
    Err(truncated())
}

/// The directory, when this end record can be true.
fn read_end_record(source: &Source, record: &[u8], at: u64) -> Option<Directory> {
    let (counted, size, offset) = (u16_at(record, 10)?, u32_at(record, 12)?, u32_at(record, 16)?);
    u16_at(record, 20)?;
    let classic = Directory { offset: offset.into(), size: size.into(), counted: counted.into() };
    let directory =
        match read_zip64(source, at).filter(|_| offset == u32::MAX || size == u32::MAX || counted == u16::MAX) {
            Some(large) => large,
            None => classic,
        };
    (directory.offset.checked_add(directory.size)? <= at).then_some(directory)
}

fn read_zip64(source: &Source, end_record: u64) -> Option<Directory> {
    let locator = read_exactly(source, end_record.checked_sub(20)?, 20).ok()?;
    if u32_at(&locator, 0)? != ZIP64_LOCATOR {
        return None;
    }
    let record = read_exactly(source, u64_at(&locator, 8)?, 56).ok()?;
    let directory =
        || Some(Directory { counted: u64_at(&record, 32)?, size: u64_at(&record, 40)?, offset: u64_at(&record, 48)? });
    if u32_at(&record, 0)? == ZIP64_END_OF_DIRECTORY { directory() } else { None }
}

fn parse_directory(directory: &[u8], offset: u64) -> Result<Vec<Entry>, Error> {
    let mut entries = Vec::with_capacity((directory.len() / (CENTRAL_SIZE + 24)).min(1 << 16));
    let mut at = 0;
    while u32_at(directory, at) == Some(CENTRAL_HEADER) {
        let Some((entry, length)) = parse_central(&directory[at..]) else {
            return Err(directory_error(
                offset + at as u64,
                "is cut inside an entry".to_owned(),
                "在条目中间被截断".to_owned(),
            ));
        };
        entries.push(entry);
        at += length;
    }
    if entries.is_empty() && !directory.is_empty() {
        return Err(directory_error(offset, "does not begin with an entry".to_owned(), "开头不是有效条目".to_owned()));
    }
    Ok(entries)
}

fn parse_central(bytes: &[u8]) -> Option<(Entry, usize)> {
    let method = u16_at(bytes, 10)?;
    let name_end = CENTRAL_SIZE + usize::from(u16_at(bytes, 28)?);
    let extra_end = name_end + usize::from(u16_at(bytes, 30)?);
    let end = extra_end + usize::from(u16_at(bytes, 32)?);
    let mut sizes = [u32_at(bytes, 24)?, u32_at(bytes, 20)?, u32_at(bytes, 42)?].map(u64::from);
    apply_zip64(bytes.get(name_end..extra_end)?, &mut sizes);
    let [size, compressed, header] = sizes;
    let name = String::from_utf8_lossy(bytes.get(CENTRAL_SIZE..name_end)?).into_owned();
    (end <= bytes.len()).then_some((Entry { name, method, compressed, size, header }, end))
}

/// Replaces values of 0xFFFFFFFF by those of the zip64 extra field (id 1), which holds only these, in this order.
fn apply_zip64(mut extra: &[u8], sizes: &mut [u64; 3]) {
    while let (Some(id), Some(length)) = (u16_at(extra, 0), u16_at(extra, 2)) {
        let Some(body) = extra.get(4..4 + usize::from(length)) else { return };
        if id == 1 {
            let wanted = sizes.iter_mut().filter(|size| **size == u64::from(u32::MAX));
            for (number, size) in wanted.enumerate() {
                if let Some(value) = u64_at(body, number * 8) {
                    *size = value;
                }
            }
            return;
        }
        extra = &extra[4 + usize::from(length)..];
    }
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

fn truncated() -> Error {
    Error::new(
        Text::new("the zip end record is missing", "缺少 zip 结尾记录"),
        Text::new(
            "the file may be truncated; compare its size and checksum with the build output",
            "文件可能被截断；请与构建产物比对大小和校验值",
        ),
    )
}

fn directory_error(offset: u64, en: String, zh: String) -> Error {
    Error::new(
        Text::new(format!("the zip directory {en}"), format!("zip 目录{zh}")),
        Text::new("the archive is damaged; build or download it again", "压缩包已损坏；请重新构建或下载"),
    )
    .at(offset)
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
