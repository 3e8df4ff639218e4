//! Archives inside archives: read where they lie, in memory, or put aside into a nameless file.

use super::head::first_bytes;
use super::{
    Archive, Buffers, DEFLATED, Entry, LOCAL_HEADER, LOCAL_SIZE, STORED, check_claims, damaged, local_length,
    read_exactly,
};
use crate::app::bytes::Source;
use crate::error::Error;
use std::io::{self, Read, Write};
use std::sync::Arc;

/// Deflated bytes that are enough for the first few: the codes of a block stand before them, in 562 bytes at most.
const PEEK: u64 = 640;

/// The same where empty blocks stand before the first byte, so that a short look does not reach it.
const LONG_PEEK: u64 = 64 << 10;

/// Largest archive that is unpacked into memory, in bytes.
const IN_MEMORY: u64 = 32 << 20;

/// What is taken at a time while an entry is put aside.
const BLOCK: usize = 256 << 10;

impl Archive {
    /// The content of an entry as a source of its own. What is stored is read where it lies; what is deflated is unpacked into
    /// memory, or into a file without a name where it is large. It need not keep within the limit for one entry.
    ///
    /// # Errors
    /// When the data is cut or damaged, or a limit is reached.
    pub fn unpack(&self, entry: &Entry, buffers: &mut Buffers) -> Result<Source, Error> {
        // "BadPack": what is neither stored nor deflated is stored, or only its method lies.
        let plain = |buffers: &mut Buffers| self.peek::<4>(entry, buffers) == Some(LOCAL_HEADER.to_le_bytes());
        if entry.method == STORED || entry.method != DEFLATED && plain(buffers) {
            check_claims(entry, self.source.len())?;
            self.within_budget(entry, 0)?;
            let start = self.data_offset(entry)?;
            let inside = start.checked_add(entry.size).is_some_and(|end| end <= self.source.len());
            let window = Source::Window { of: Arc::clone(&self.source), start, length: entry.size };
            return if inside { Ok(window) } else { Err(damaged(entry).at(entry.header)) };
        }
        let small = entry.size <= IN_MEMORY && self.budget.check_entry(entry.size).is_ok();
        if small && self.budget.hold(entry.size) {
            return self.read(entry, buffers).map(|bytes| Source::Memory(bytes.to_vec()));
        }
        check_claims(entry, self.source.len())?;
        self.within_budget(entry, 0)?;
        self.budget.inflate(entry.size).map_err(|error| error.in_entry(&entry.name))?;
        self.put_aside(entry).map_err(|cause| damaged(entry).because(cause))
    }

    /// The first `N` bytes of an entry, inflated; `None` where they cannot be read. Costs no more than these bytes do.
    pub fn peek<const N: usize>(&self, entry: &Entry, buffers: &mut Buffers) -> Option<[u8; N]> {
        self.budget.check(0).ok()?;
        let deflated = entry.method == DEFLATED;
        let count = if deflated { entry.compressed.min(PEEK) } else { entry.size.min(N as u64) };
        let data = self.read_raw(entry, count, &mut buffers.raw).ok()?;
        let raw = &buffers.raw[data];
        if !deflated {
            return raw.first_chunk().copied();
        }
        if let Some(head) = first_bytes(raw) {
            return Some(head);
        }
        if entry.compressed <= PEEK {
            return None;
        }
        let data = self.read_raw(entry, entry.compressed.min(LONG_PEEK), &mut buffers.raw).ok()?;
        first_bytes(&buffers.raw[data])
    }

    fn put_aside(&self, entry: &Entry) -> io::Result<Source> {
        let start = self.data_offset(entry).map_err(io::Error::other)?;
        let packed = Source::Window { of: Arc::clone(&self.source), start, length: entry.compressed };
        let mut file = tempfile::tempfile()?;
        let mut inflater = flate2::read::DeflateDecoder::new(Reading { of: &packed, at: 0 });
        let (mut block, mut length) = (vec![0; BLOCK], 0u64);
        loop {
            let count = inflater.read(&mut block)?;
            length += count as u64;
            // One byte more than claimed is a lie as well as one less.
            if length > entry.size || (count == 0 && length < entry.size) {
                return Err(io::ErrorKind::InvalidData.into());
            }
            if count == 0 {
                return Ok(Source::File(file, length));
            }
            file.write_all(&block[..count])?;
        }
    }

    fn data_offset(&self, entry: &Entry) -> Result<u64, Error> {
        let header = read_exactly(&self.source, entry.header, LOCAL_SIZE)
            .map_err(|cause| damaged(entry).at(entry.header).because(cause))?;
        Ok(entry.header + local_length(&header, entry)? as u64)
    }

    /// Reads `count` bytes from `at` of a stored entry, for readers that need ranges only. `None` for a compressed one.
    ///
    /// # Errors
    /// When the range lies outside the entry or the file.
    pub fn read_range(&self, entry: &Entry, at: u64, count: usize) -> Option<Result<Vec<u8>, Error>> {
        if entry.method != STORED {
            return None;
        }
        let inside = at.checked_add(count as u64).is_some_and(|end| end <= entry.size);
        if !inside {
            return Some(Err(damaged(entry)));
        }
        Some(self.data_offset(entry).and_then(|start| {
            read_exactly(&self.source, start + at, count).map_err(|cause| damaged(entry).because(cause))
        }))
    }
}

/// A source, from its beginning to its end.
struct Reading<'a> {
    of: &'a Source,
    at: u64,
}

impl Read for Reading<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.of.read_at(self.at, buffer)?;
        self.at += count as u64;
        Ok(count)
    }
}
