//! The string pool that binary XML and resources.arsc share (AOSP androidfw/ResourceTypes.h `ResStringPool_header`).

use super::bytes::{u16_at, u32_at};

/// Chunk type of a string pool.
pub const STRING_POOL: u16 = 0x0001;
const UTF8: u32 = 1 << 8;
/// Where a string is cut, in bytes or units. A pool may claim one of 2^31 units, and let every attribute share it.
const MAX_STRING: usize = 1 << 20;

/// A view of one pool. Nothing is decoded before it is asked for.
#[derive(Clone, Copy, Debug, Default)]
pub struct StringPool<'a> {
    chunk: &'a [u8],
    count: u32,
    strings: usize,
    utf8: bool,
}

impl<'a> StringPool<'a> {
    /// Reads the header of a pool; `chunk` is the whole chunk. `None` when it is cut.
    pub fn new(chunk: &'a [u8]) -> Option<StringPool<'a>> {
        let header = usize::from(u16_at(chunk, 2)?);
        let count = u32_at(chunk, 8)?;
        let utf8 = u32_at(chunk, 16)? & UTF8 != 0;
        let strings = u32_at(chunk, 20)? as usize;
        // The offsets array follows the header; a count that lies past the chunk is cut down to what is there.
        let room = chunk.len().saturating_sub(header) / 4;
        Some(StringPool { chunk, count: count.min(room as u32), strings, utf8 })
    }

    /// The string at `index`. Broken encodings are replaced, as Android shows them.
    pub fn get(&self, index: u32) -> Option<String> {
        if index >= self.count {
            return None;
        }
        let header = usize::from(u16_at(self.chunk, 2)?);
        let offset = u32_at(self.chunk, header + index as usize * 4)? as usize;
        let bytes = self.chunk.get(self.strings.checked_add(offset)?..)?;
        if self.utf8 { utf8_string(bytes) } else { utf16_string(bytes) }
    }
}

/// Two lengths (UTF-16 units, then bytes), each one byte, or two with the high bit set; then the bytes.
fn utf8_string(bytes: &[u8]) -> Option<String> {
    let (_, first) = length8(bytes)?;
    let (length, second) = length8(bytes.get(first..)?)?;
    let text = bytes.get(first + second..)?;
    // A length that runs past the pool is cut at the terminator, as Android's reader does.
    let text = text.get(..length).unwrap_or(text);
    let text = &text[..text.len().min(MAX_STRING)];
    Some(String::from_utf8_lossy(text).into_owned())
}

fn length8(bytes: &[u8]) -> Option<(usize, usize)> {
    let first = usize::from(*bytes.first()?);
    if first & 0x80 == 0 {
        return Some((first, 1));
    }
    Some(((first & 0x7f) << 8 | usize::from(*bytes.get(1)?), 2))
}

/// A length in units, one `u16`, or two with the high bit set; then the units.
fn utf16_string(bytes: &[u8]) -> Option<String> {
    let first = usize::from(u16_at(bytes, 0)?);
    let (length, start) = match first & 0x8000 {
        0 => (first, 2),
        _ => ((first & 0x7fff) << 16 | usize::from(u16_at(bytes, 2)?), 4),
    };
    let rest = bytes.get(start..)?;
    let rest = rest.get(..length.checked_mul(2)?).unwrap_or(rest);
    let pairs = rest.as_chunks::<2>().0;
    let pairs = &pairs[..pairs.len().min(MAX_STRING)];
    if pairs.iter().all(|[low, high]| *high == 0 && low.is_ascii()) {
        return String::from_utf8(pairs.iter().map(|[low, _]| *low).collect()).ok();
    }
    let units = pairs.iter().map(|unit| u16::from_le_bytes(*unit));
    Some(char::decode_utf16(units).map(|unit| unit.unwrap_or(char::REPLACEMENT_CHARACTER)).collect())
}
