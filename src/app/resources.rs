//! Looks up single values in resources.arsc. Format: AOSP androidfw/ResourceTypes.h (`ResTable_header` and following).
//!
//! Nothing is read ahead: the chunks of the wanted package and type are walked for the one entry that is asked for.

use super::bytes::{u16_at, u32_at};
use super::strings::{STRING_POOL, StringPool};
use std::cell::Cell;

const PACKAGE: u16 = 0x0200;
const TYPE: u16 = 0x0201;
const NO_ENTRY: u32 = u32::MAX;
const TYPE_SPARSE: u8 = 0x01;
const TYPE_OFFSET16: u8 = 0x02;
const ENTRY_COMPLEX: u16 = 0x0001;
const ENTRY_COMPACT: u16 = 0x0008;
/// A reference may point to a reference; Android follows 20 at most.
const MAX_HOPS: usize = 20;

/// Steps that all look-ups of one app may take; the largest apps take a hundredth. A table of nothing but tiny chunks costs each look-up
/// millions, and a manifest may ask for as many values.
const MAX_STEPS: u64 = 100_000_000;

/// Steps that were taken so far. When none are left, references are shown as they are written.
#[derive(Debug, Default)]
pub struct Work(Cell<u64>);

impl Work {
    /// Takes a step.
    pub fn is_left(&self) -> bool {
        self.0.set(self.0.get() + 1);
        self.0.get() <= MAX_STEPS
    }
}

/// A view of a resource table.
#[derive(Clone, Copy, Debug)]
pub struct Resources<'a> {
    bytes: &'a [u8],
    strings: StringPool<'a>,
    /// First chunk after the table's header.
    first: usize,
    work: &'a Work,
}

/// One configuration's value of a resource.
struct Found {
    default: bool,
    kind: u8,
    data: u32,
}

impl<'a> Resources<'a> {
    /// Reads the table's header and its string pool; `None` when it is no table.
    pub fn new(bytes: &'a [u8], work: &'a Work) -> Option<Resources<'a>> {
        if u16_at(bytes, 0)? != 0x0002 {
            return None;
        }
        let first = usize::from(u16_at(bytes, 2)?);
        let pool = chunks(bytes, first, work).find(|(kind, _)| *kind == STRING_POOL)?.1;
        Some(Resources { bytes, strings: StringPool::new(pool)?, first, work })
    }

    /// The value of a resource as text, in the default configuration where there is one, references followed.
    pub fn text(&self, id: u32) -> Option<String> {
        let mut id = id;
        for _ in 0..MAX_HOPS {
            let found = self.find(id)?;
            match found.kind {
                0x01 => id = found.data,
                0x03 => return self.strings.get(found.data),
                0x10 => return Some((found.data as i32).to_string()),
                0x11 => return Some(format!("{:#x}", found.data)),
                0x12 => return Some((found.data != 0).to_string()),
                _ => return None,
            }
        }
        None
    }

    fn find(&self, id: u32) -> Option<Found> {
        let (package_id, type_id, entry) = (id >> 24, (id >> 16) as u8, id & 0xffff);
        let mut best: Option<Found> = None;
        for (_, package) in chunks(self.bytes, self.first, self.work).filter(|(kind, _)| *kind == PACKAGE) {
            if u32_at(package, 8)? != package_id {
                continue;
            }
            let header = usize::from(u16_at(package, 2)?);
            for (_, chunk) in chunks(package, header, self.work)
                .filter(|(kind, chunk)| *kind == TYPE && chunk.get(8) == Some(&type_id))
            {
                let Some(found) = entry_value(chunk, entry, self.work) else { continue };
                if found.default {
                    return Some(found);
                }
                best = best.or(Some(found));
            }
        }
        best
    }
}

/// The value of one entry in one `ResTable_type` chunk: a type in one configuration.
fn entry_value(chunk: &[u8], entry: u32, work: &Work) -> Option<Found> {
    let header = usize::from(u16_at(chunk, 2)?);
    let flags = *chunk.get(9)?;
    let count = u32_at(chunk, 12)? as usize;
    let entries = u32_at(chunk, 16)? as usize;
    let config_size = u32_at(chunk, 20)? as usize;
    // The default configuration is all zero after its size.
    let config = chunk.get(24..20usize.checked_add(config_size)?.min(header).max(24))?;
    let default = config.iter().all(|byte| *byte == 0);
    let offset = if flags & TYPE_SPARSE != 0 {
        // Sorted pairs (entry, offset / 4), no more of them than there is room for.
        (0..count.min(chunk.len() / 4)).take_while(|_| work.is_left()).find_map(|number| {
            let at = header + number * 4;
            (u32::from(u16_at(chunk, at)?) == entry).then_some(u32::from(u16_at(chunk, at + 2)?) * 4)
        })?
    } else if entry as usize >= count {
        return None;
    } else if flags & TYPE_OFFSET16 != 0 {
        match u16_at(chunk, header + entry as usize * 2)? {
            u16::MAX => return None,
            short => u32::from(short) * 4,
        }
    } else {
        u32_at(chunk, header + entry as usize * 4).filter(|offset| *offset != NO_ENTRY)?
    };
    let at = entries.checked_add(offset as usize)?;
    let (size, flags) = (u16_at(chunk, at)?, u16_at(chunk, at + 2)?);
    if flags & ENTRY_COMPACT != 0 {
        // A compact entry keeps its type in the high byte of the flags and its data in place of the value.
        return Some(Found { default, kind: (flags >> 8) as u8, data: u32_at(chunk, at + 4)? });
    }
    if flags & ENTRY_COMPLEX != 0 {
        return None;
    }
    let value = at + usize::from(size);
    Some(Found { default, kind: *chunk.get(value + 3)?, data: u32_at(chunk, value + 4)? })
}

/// The chunks of a block from `first` on, as (type, whole chunk); ends at the first one that is cut.
fn chunks<'b>(bytes: &'b [u8], first: usize, work: &'b Work) -> impl Iterator<Item = (u16, &'b [u8])> {
    let mut at = first;
    std::iter::from_fn(move || {
        if !work.is_left() {
            return None;
        }
        let kind = u16_at(bytes, at)?;
        let size = u32_at(bytes, at.checked_add(4)?)? as usize;
        let chunk = bytes.get(at..at.checked_add(size)?).filter(|chunk| chunk.len() >= 8)?;
        at += size;
        Some((kind, chunk))
    })
}
