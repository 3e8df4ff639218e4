//! Little-endian reads that cannot run past the end, and positioned reads of files.

use super::address::{self, Extent, Trouble, is_address};
#[cfg(feature = "remote")]
use super::remote::Remote;
use std::fs::File;
use std::io;
use std::path::Path;
use std::sync::Arc;

/// `u16` at `at`, little-endian.
#[inline]
pub fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(bytes.get(at..at.checked_add(2)?)?.try_into().ok()?))
}

/// `u32` at `at`, little-endian.
#[inline]
pub fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(bytes.get(at..at.checked_add(4)?)?.try_into().ok()?))
}

/// `u64` at `at`, little-endian.
#[inline]
pub fn u64_at(bytes: &[u8], at: usize) -> Option<u64> {
    Some(u64::from_le_bytes(bytes.get(at..at.checked_add(8)?)?.try_into().ok()?))
}

/// Something that can be read at a position: a file or a block in memory.
#[derive(Debug)]
pub enum Source {
    /// An open file and its length.
    File(File, u64),
    /// Bytes in memory.
    Memory(Vec<u8>),
    /// A stretch of another source: an archive that is stored inside another one is read where it lies.
    Window {
        /// The source around it.
        of: Arc<Source>,
        /// Where it begins there.
        start: u64,
        /// Its length in bytes.
        length: u64,
    },
    /// An object at an address, of which parts are fetched.
    #[cfg(feature = "remote")]
    Remote(Box<Remote>),
}

impl Source {
    /// Opens a regular file; a pipe has no positions, and waiting for one would hang. What stands at an address is fetched whole.
    pub fn open(path: &Path) -> io::Result<Source> {
        Source::open_for(path, Extent::Whole)
    }

    /// As [`Source::open`]; of what stands at an address only the parts are fetched that are read.
    pub fn open_in_parts(path: &Path) -> io::Result<Source> {
        Source::open_for(path, Extent::Parts)
    }

    /// As [`Source::open`], for what was opened before.
    pub fn open_again(path: &Path) -> io::Result<Source> {
        Source::open_for(path, Extent::Again)
    }

    fn open_for(path: &Path, extent: Extent) -> io::Result<Source> {
        if is_address(path) {
            return address::open(path, extent);
        }
        if !std::fs::metadata(path)?.is_file() {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, "not a regular file"));
        }
        let file = File::open(path)?;
        let length = file.metadata()?.len();
        Ok(Source::File(file, length))
    }

    /// All of standard input, put aside into a nameless file: it has no positions, and need not fit into memory.
    ///
    /// # Errors
    /// When it cannot be read, or there is no room for it.
    pub fn standard_input() -> io::Result<Source> {
        let mut file = tempfile::tempfile()?;
        let length = io::copy(&mut io::stdin().lock(), &mut file)?;
        Ok(Source::File(file, length))
    }

    /// Length in bytes.
    pub fn len(&self) -> u64 {
        match self {
            Source::File(_, length) | Source::Window { length, .. } => *length,
            Source::Memory(bytes) => bytes.len() as u64,
            #[cfg(feature = "remote")]
            Source::Remote(object) => object.len(),
        }
    }

    /// Whether there is nothing to read.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Says which ranges will be read, so that few requests fetch them. Costs nothing for what is at hand.
    pub fn foresee(&self, ranges: impl FnOnce() -> Vec<std::ops::Range<u64>>) -> io::Result<()> {
        match self {
            #[cfg(feature = "remote")]
            Source::Remote(object) => object.foresee(ranges()),
            Source::File(..) | Source::Memory(_) | Source::Window { .. } => {
                let _ = ranges;
                Ok(())
            }
        }
    }

    /// Where it is told that fetching has failed.
    pub(super) fn trouble(&self) -> Trouble {
        match self {
            #[cfg(feature = "remote")]
            Source::Remote(object) => object.trouble(),
            Source::File(..) | Source::Memory(_) | Source::Window { .. } => Trouble::default(),
        }
    }

    /// Reads up to `buffer.len()` bytes from `offset`; fewer only at the end.
    pub fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Source::Memory(bytes) => {
                let rest = usize::try_from(offset).ok().and_then(|at| bytes.get(at..)).unwrap_or_default();
                let count = rest.len().min(buffer.len());
                buffer[..count].copy_from_slice(&rest[..count]);
                Ok(count)
            }
            Source::Window { of, start, length } => {
                let left = usize::try_from(length.saturating_sub(offset)).unwrap_or(usize::MAX);
                let count = left.min(buffer.len());
                of.read_at(start.saturating_add(offset), &mut buffer[..count])
            }
            #[cfg(feature = "remote")]
            Source::Remote(object) => object.read_at(offset, buffer),
            Source::File(file, _) => {
                let mut done = 0;
                while done < buffer.len() {
                    match read_file_at(file, offset + done as u64, &mut buffer[done..]) {
                        Ok(0) => break,
                        Ok(count) => done += count,
                        Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                        Err(error) => return Err(error),
                    }
                }
                Ok(done)
            }
        }
    }
}

#[cfg(unix)]
fn read_file_at(file: &File, offset: u64, buffer: &mut [u8]) -> io::Result<usize> {
    std::os::unix::fs::FileExt::read_at(file, buffer, offset)
}

#[cfg(windows)]
fn read_file_at(file: &File, offset: u64, buffer: &mut [u8]) -> io::Result<usize> {
    std::os::windows::fs::FileExt::seek_read(file, buffer, offset)
}
