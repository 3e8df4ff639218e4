//! Finds the central directory and reads it, as Android does (AOSP system/libziparchive/zip_archive.cc, FindCentralDirectoryInfo and
//! ParseZipArchive), but goes on where Android refuses, and says so.

use super::tricks::{self, Irregularity, Trick};
use super::{Entry, read_exactly};
use crate::app::bytes::{Source, u16_at, u32_at, u64_at};
use crate::app::limits::Budget;
use crate::error::Error;
use crate::lang::Text;

const END_OF_DIRECTORY: u32 = 0x0605_4b50;
const ZIP64_LOCATOR: u32 = 0x0706_4b50;
const ZIP64_END_OF_DIRECTORY: u32 = 0x0606_4b50;
const CENTRAL_HEADER: u32 = 0x0201_4b50;
const END_SIZE: usize = 22;
const CENTRAL_SIZE: usize = 46;
/// A comment has at most 65,535 bytes, so the end record starts within this many bytes of the end.
const TAIL: u64 = 65_535 + END_SIZE as u64;
/// Name of the end record in messages.
const END_RECORD: &str = "zip end record";
/// Name of the directory in messages.
const DIRECTORY: &str = "zip directory";

/// Largest central directory that is read, in bytes. Far above real apps; a lying file costs no more.
pub const MAX_DIRECTORY: u64 = 64 << 20;

/// What the directory holds.
#[derive(Debug, Default)]
pub(super) struct Listing {
    /// Where the directory begins.
    pub offset: u64,
    /// Entries in the directory's order.
    pub entries: Vec<Entry>,
    /// What no build tool writes.
    pub irregular: Vec<Irregularity>,
    /// The end record counts more entries than can be read: the rest may hide anything.
    pub incomplete: bool,
}

/// Where the central directory lies, and how many entries it should hold.
struct Place {
    offset: u64,
    size: u64,
    counted: u64,
}

/// Reads end record and directory.
pub(super) fn read(source: &Source, budget: &Budget) -> Result<Listing, Error> {
    let mut listing = Listing::default();
    let Place { offset, size, counted } = locate(source, &mut listing.irregular)?;
    if size > MAX_DIRECTORY {
        return Err(damaged(offset, format!("claims {size} bytes"), format!("声称有 {size} 字节")));
    }
    let bytes = read_exactly(source, offset, size as usize).map_err(|error| truncated().at(offset).because(error))?;
    parse(&bytes, offset, counted, &mut listing, budget)?;
    listing.offset = offset;
    let found = listing.entries.len() as u64;
    // A classic end record counts modulo 65,536.
    if counted != found && counted != found % 0x1_0000 {
        listing.irregular.push(Irregularity::of_archive(DIRECTORY, Trick::Miscounted { counted, found }));
        listing.incomplete = counted > found;
    }
    listing.irregular.extend(tricks::duplicates(&listing.entries));
    listing.irregular.extend(front(source));
    Ok(listing)
}

/// The "Janus" trick: a dex file in front of the archive, which old Android versions ran although the archive's signature held.
fn front(source: &Source) -> Option<Irregularity> {
    let mut head = [0; 4];
    source.read_at(0, &mut head).ok()?;
    // An empty archive is an end record alone.
    let entry = head == *b"PK\x03\x04" || head == *b"PK\x05\x06";
    (!entry).then(|| Irregularity::of_archive("the archive", Trick::Prefix { dex: head == *b"dex\n" }))
}

fn locate(source: &Source, irregular: &mut Vec<Irregularity>) -> Result<Place, Error> {
    let length = source.len();
    let start = length.saturating_sub(TAIL);
    let tail = read_exactly(source, start, (length - start) as usize).map_err(|cause| truncated().because(cause))?;
    let (mut end, mut decoys) = (tail.len(), false);
    while let Some(at) = memchr::memmem::rfind(&tail[..end], &END_OF_DIRECTORY.to_le_bytes()) {
        if let Some(found) = read_end_record(source, &tail[at..], start + at as u64) {
            let claimed = u16_at(&tail, at + 20).unwrap_or_default().into();
            let actual = (tail.len() - at).saturating_sub(END_SIZE) as u64;
            if decoys {
                irregular.push(Irregularity::of_archive(END_RECORD, Trick::DecoyEnd));
            } else if claimed != actual {
                irregular.push(Irregularity::of_archive(END_RECORD, Trick::Comment { claimed, actual }));
            }
            return Ok(found);
        }
        decoys = true;
        end = at + 3;
        if at == 0 {
            break;
        }
    }
    Err(truncated())
}

/// The directory, when this end record can be true.
fn read_end_record(source: &Source, record: &[u8], at: u64) -> Option<Place> {
    let (counted, size, offset) = (u16_at(record, 10)?, u32_at(record, 12)?, u32_at(record, 16)?);
    u16_at(record, 20)?;
    let classic = Place { offset: offset.into(), size: size.into(), counted: counted.into() };
    let place = match read_zip64(source, at).filter(|_| offset == u32::MAX || size == u32::MAX || counted == u16::MAX) {
        Some(large) => large,
        None => classic,
    };
    (place.offset.checked_add(place.size)? <= at).then_some(place)
}

fn read_zip64(source: &Source, end_record: u64) -> Option<Place> {
    let locator = read_exactly(source, end_record.checked_sub(20)?, 20).ok()?;
    if u32_at(&locator, 0)? != ZIP64_LOCATOR {
        return None;
    }
    let record = read_exactly(source, u64_at(&locator, 8)?, 56).ok()?;
    let place =
        || Some(Place { counted: u64_at(&record, 32)?, size: u64_at(&record, 40)?, offset: u64_at(&record, 48)? });
    if u32_at(&record, 0)? == ZIP64_END_OF_DIRECTORY { place() } else { None }
}

fn parse(bytes: &[u8], offset: u64, counted: u64, listing: &mut Listing, budget: &Budget) -> Result<(), Error> {
    listing.entries.reserve((bytes.len() / (CENTRAL_SIZE + 24)).min(1 << 16));
    let mut at = 0;
    while u32_at(bytes, at) == Some(CENTRAL_HEADER) {
        let Some(central) = parse_central(&bytes[at..]) else {
            // Android stops at the count and never sees a torn entry behind it.
            if listing.entries.len() as u64 == counted {
                break;
            }
            return Err(damaged(
                offset + at as u64,
                "is cut inside an entry".to_owned(),
                "在条目中间被截断".to_owned(),
            ));
        };
        tricks::of_entry(&central.entry, central.clean_name, &mut listing.irregular);
        if !central.sizes_told {
            listing.irregular.push(Irregularity::of(&central.entry, Trick::Zip64));
        }
        if central.entry.header >= offset {
            listing.irregular.push(Irregularity::of(&central.entry, Trick::BehindDirectory));
        }
        listing.entries.push(central.entry);
        budget.check_entries(listing.entries.len() as u64).map_err(|error| error.in_entry(DIRECTORY))?;
        at += central.length;
    }
    if listing.entries.is_empty() && !bytes.is_empty() {
        return Err(damaged(offset, "does not begin with an entry".to_owned(), "开头不是有效条目".to_owned()));
    }
    Ok(())
}

/// One central header.
struct Central {
    entry: Entry,
    /// The name is UTF-8 without NUL.
    clean_name: bool,
    /// What is left to the zip64 field stands there.
    sizes_told: bool,
    /// Bytes of the header with all that belongs to it.
    length: usize,
}

fn parse_central(bytes: &[u8]) -> Option<Central> {
    let (flags, method, crc) = (u16_at(bytes, 8)?, u16_at(bytes, 10)?, u32_at(bytes, 16)?);
    let name_end = CENTRAL_SIZE + usize::from(u16_at(bytes, 28)?);
    let extra_end = name_end + usize::from(u16_at(bytes, 30)?);
    let length = extra_end + usize::from(u16_at(bytes, 32)?);
    let mut sizes = [u32_at(bytes, 24)?, u32_at(bytes, 20)?, u32_at(bytes, 42)?].map(u64::from);
    let sizes_told = apply_zip64(bytes.get(name_end..extra_end)?, &mut sizes);
    let [size, compressed, header] = sizes;
    let raw = bytes.get(CENTRAL_SIZE..name_end)?;
    let name = String::from_utf8_lossy(raw);
    let clean_name = matches!(name, std::borrow::Cow::Borrowed(_)) && memchr::memchr(0, raw).is_none();
    let entry = Entry { name: name.into_owned(), flags, method, crc, compressed, size, header };
    (length <= bytes.len()).then_some(Central { entry, clean_name, sizes_told, length })
}

/// Replaces values of 0xFFFFFFFF by those of the zip64 extra field (id 1), which holds only these, in this order. Says whether all were told.
fn apply_zip64(mut extra: &[u8], sizes: &mut [u64; 3]) -> bool {
    let untold = |sizes: &[u64; 3]| sizes.iter().filter(|size| **size == u64::from(u32::MAX)).count();
    if untold(sizes) == 0 {
        return true;
    }
    while let (Some(id), Some(length)) = (u16_at(extra, 0), u16_at(extra, 2)) {
        let Some(body) = extra.get(4..4 + usize::from(length)) else { return false };
        if id == 1 {
            let wanted = sizes.iter_mut().filter(|size| **size == u64::from(u32::MAX));
            return wanted.enumerate().fold(true, |told, (number, size)| match u64_at(body, number * 8) {
                Some(value) => {
                    *size = value;
                    told
                }
                None => false,
            });
        }
        extra = &extra[4 + usize::from(length)..];
    }
    false
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

fn damaged(offset: u64, en: String, zh: String) -> Error {
    Error::new(
        Text::new(format!("the zip directory {en}"), format!("zip 目录{zh}")),
        Text::new("the archive is damaged; build or download it again", "压缩包已损坏；请重新构建或下载"),
    )
    .at(offset)
}
