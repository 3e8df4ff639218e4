//! Native libraries: what the ELF headers say, through goblin. Only the head of a file is looked at, unless it is small
//! or stored, because the dynamic section usually stands at the end.

use super::zip::{Archive, Buffers, Entry};
use crate::error::Error;
use goblin::container::Ctx;
use goblin::elf::dynamic::{DT_NEEDED, DT_SONAME, DT_STRSZ, DT_STRTAB, Dyn};
use goblin::elf::program_header::{PT_DYNAMIC, PT_LOAD};
use goblin::elf::{Elf, ProgramHeader};

/// How much of a compressed library is inflated at most.
pub const HEAD: usize = 64 << 10;
/// How much tells where the rest of the headers stands; mostly behind [`HEAD`].
const FIRST: usize = 4 << 10;
/// Most bytes of a dynamic section or string table that are read.
const MAX_TABLE: u64 = 4 << 20;
/// Where a name is cut, in bytes, and most bytes of the names that a library needs. Thousands of entries may share one name.
const MAX_NAME: usize = 255;
const MAX_NEEDED: usize = 8192;

/// A native library.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NativeLib {
    /// Path inside the archive: `lib/<abi>/<file>`, in an AAR `jni/<abi>/<file>`.
    pub entry: String,
    /// ABI folder, e.g. `arm64-v8a`.
    pub abi: String,
    /// File name.
    pub file: String,
    /// Whether it is an ELF file at all. Packers keep other data under such names.
    pub is_elf: bool,
    /// What the dynamic section says; `None` where it lies beyond the part that was read.
    pub dynamic: Option<Dynamic>,
}

/// The dynamic section.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Dynamic {
    /// `DT_SONAME`.
    pub soname: Option<String>,
    /// `DT_NEEDED`, in the file's order.
    pub needed: Vec<String>,
}

/// (ABI, file name) of an entry that Android would load as a library: in an app, `folder` is `lib`.
pub fn library_path<'n>(name: &'n str, folder: &str) -> Option<(&'n str, &'n str)> {
    let (abi, file) = name.strip_prefix(folder)?.strip_prefix('/')?.split_once('/')?;
    (file.ends_with(".so") && !file.contains('/')).then_some((abi, file))
}

/// Reads one library's headers. `path` is (ABI, file name).
///
/// # Errors
/// When the entry cannot be read. Content that is no ELF file is a fact, not an error.
pub fn read(archive: &Archive, entry: &Entry, path: (&str, &str), buffers: &mut Buffers) -> Result<NativeLib, Error> {
    let first = if entry.size <= HEAD as u64 { HEAD } else { FIRST };
    let mut head = archive.read_head(entry, first, buffers)?.to_vec();
    if head.len() < entry.size as usize && wants_more(&head) {
        head = archive.read_head(entry, HEAD, buffers)?.to_vec();
    }
    let headers = program_headers(&head);
    let is_elf = headers.is_some();
    let dynamic =
        headers.and_then(|(programs, context)| Library { archive, entry, head: &head }.dynamic(&programs, context));
    Ok(NativeLib { is_elf, dynamic, ..NativeLib::unread(entry, path) })
}

impl NativeLib {
    /// A library of which only the name is known.
    pub fn unread(entry: &Entry, (abi, file): (&str, &str)) -> NativeLib {
        NativeLib {
            entry: entry.name.clone(),
            abi: abi.to_owned(),
            file: file.to_owned(),
            is_elf: false,
            dynamic: None,
        }
    }
}

/// The segments of an ELF file; `None` where it is none.
fn program_headers(head: &[u8]) -> Option<(Vec<ProgramHeader>, Ctx)> {
    let header = Elf::parse_header(head).ok()?;
    let context = Ctx::new(header.container().ok()?, header.endianness().ok()?);
    let count = usize::from(header.e_phnum);
    Some((ProgramHeader::parse(head, header.e_phoff as usize, count, context).ok()?, context))
}

/// Whether headers, or the dynamic section that they tell of, stand behind the part that was read and before [`HEAD`].
fn wants_more(first: &[u8]) -> bool {
    let Ok(header) = Elf::parse_header(first) else { return false };
    let Some((programs, _)) = program_headers(first) else { return header.e_phoff < HEAD as u64 };
    let dynamic = programs.iter().find(|program| program.p_type == PT_DYNAMIC);
    dynamic.is_some_and(|segment| segment.p_offset.saturating_add(segment.p_filesz) <= HEAD as u64)
}

struct Library<'a> {
    archive: &'a Archive,
    entry: &'a Entry,
    head: &'a [u8],
}

impl Library<'_> {
    fn range(&self, at: u64, count: u64) -> Option<Vec<u8>> {
        if count > MAX_TABLE {
            return None;
        }
        let end = usize::try_from(at.checked_add(count)?).ok()?;
        match self.head.get(at as usize..end) {
            Some(bytes) => Some(bytes.to_vec()),
            None => self.archive.read_range(self.entry, at, count as usize)?.ok(),
        }
    }

    fn dynamic(&self, programs: &[ProgramHeader], context: Ctx) -> Option<Dynamic> {
        let segment = programs.iter().find(|program| program.p_type == PT_DYNAMIC)?;
        let bytes = self.range(segment.p_offset, segment.p_filesz)?;
        let entries = dynamic_entries(&bytes, context);
        let value = |tag: u64| entries.iter().find(|entry| entry.d_tag == tag).map(|entry| entry.d_val);
        let (address, size) = (value(DT_STRTAB)?, value(DT_STRSZ)?);
        // The table is given by address; the loaded segment that holds it gives the file offset.
        let load = programs.iter().find(|program| {
            program.p_type == PT_LOAD
                && (program.p_vaddr..program.p_vaddr.saturating_add(program.p_filesz)).contains(&address)
        })?;
        let strings = self.range((address - load.p_vaddr).checked_add(load.p_offset)?, size)?;
        let text = |offset: u64| {
            let rest = strings.get(usize::try_from(offset).ok()?..)?;
            let rest = &rest[..rest.len().min(MAX_NAME)];
            let end = memchr::memchr(0, rest).unwrap_or(rest.len());
            Some(String::from_utf8_lossy(&rest[..end]).into_owned())
        };
        let named =
            |tag: u64| entries.iter().filter(move |entry| entry.d_tag == tag).filter_map(|entry| text(entry.d_val));
        let needed = named(DT_NEEDED).scan(0, |bytes, name| {
            *bytes += name.len() + size_of::<String>();
            (*bytes <= MAX_NEEDED).then_some(name)
        });
        Some(Dynamic { soname: named(DT_SONAME).next(), needed: needed.collect() })
    }
}

fn dynamic_entries(bytes: &[u8], context: Ctx) -> Vec<Dyn> {
    use goblin::container::Container;
    let size = if context.container == Container::Big { 16 } else { 8 };
    let word = |bytes: &[u8]| -> u64 {
        let little = context.le.is_little();
        let fold = |value: u64, byte: &u8| value << 8 | u64::from(*byte);
        if little { bytes.iter().rev().fold(0, fold) } else { bytes.iter().fold(0, fold) }
    };
    let pairs =
        bytes.chunks_exact(size).map(|pair| Dyn { d_tag: word(&pair[..size / 2]), d_val: word(&pair[size / 2..]) });
    pairs.take_while(|entry| entry.d_tag != 0).collect()
}
