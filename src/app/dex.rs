//! Facts of one dex file: which packages it defines classes in, which it only refers to, which stand only in strings.
//!
//! Format: AOSP source.android.com "Dalvik executable format"; art/libdexfile/dex/dex_file_structs.h. Identifier tables are
//! sorted, so classes of one package stand nearly together and the work per class is one comparison with its neighbour.

use super::bytecode::{self, CodeFacts, Groups, Search};
use super::bytes::{u16_at, u32_at};
use super::cursor::Cursor;
pub use super::packages::PackageCount;
use super::packages::{MAX_NAME, Run, TypeName, dotted, merge, package_of_name};
use crate::error::Error;
use crate::lang::Text;
use std::ops::Range;

const HEADER: usize = 112;
const LITTLE_ENDIAN: u32 = 0x1234_5678;
pub(super) const CLASS_DEF: usize = 32;
/// Length of a field id and of a method id: class, type or prototype, name.
pub(super) const ID: usize = 8;
/// Most headers that a container (version 041) may hold; ART's own tools write a handful.
const MAX_CONTAINED: usize = 32;
/// How far a string is looked at. Hostile files let thousands of ids share one string of megabytes.
const MAX_STRING: usize = 4096;
/// ART refuses more types than 16-bit indices reach (art/libdexfile/dex/dex_file_verifier.cc).
const MAX_TYPES: usize = 1 << 16;
/// Version constants that are read of one file: each needs a walk over its class.
pub(super) const MAX_CONSTANTS: usize = 1000;

/// First labels of the reverse-domain names that string constants are searched for.
pub(super) const ROOTS: [&str; 14] =
    ["ai.", "androidx.", "app.", "cn.", "co.", "com.", "de.", "dev.", "fr.", "im.", "io.", "me.", "net.", "org."];

/// Static string constants under which code tells its version.
pub(super) const VERSION_FIELDS: [&str; 7] =
    ["LIBRARY_VERSION", "SDK_VERSION", "SDK_VERSION_NAME", "VERSION", "VERSION_NAME", "sdkVersion", "version"];

/// What one dex file shows.
#[derive(Clone, Debug, Default)]
pub struct DexFacts {
    /// Class definitions.
    pub classes: u32,
    /// Definitions whose own name (without package and outer class) has at most two characters: a sign of obfuscation.
    pub short_names: u32,
    /// Per package, sorted by name.
    pub packages: Vec<PackageCount>,
    /// Version constants, sorted.
    pub constants: Vec<Constant>,
    /// What its code refers to.
    pub code: CodeFacts,
}

/// Says of a package (with slashes) whether its classes are to be counted one by one: two vendors may share one.
pub type ByClass<'a> = &'a (dyn Fn(&[u8]) -> bool + Sync);

/// A constant that tells a version.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Constant {
    /// `com.acme.BuildConfig#VERSION_NAME`.
    pub field: String,
    /// Its value.
    pub value: String,
}

/// Reads the facts of one dex file, counting the packages that `by_class` names class by class. With `search`, its code is searched
/// for references.
///
/// # Errors
/// When it is no dex file of a known form, it is shorter than its header says, or a table lies outside the file.
pub fn read(bytes: &[u8], by_class: ByClass<'_>, search: Option<Search<'_>>) -> Result<DexFacts, Error> {
    let mut runs = Vec::new();
    let mut facts = DexFacts::default();
    let mut start = 0;
    for _ in 0..MAX_CONTAINED {
        let dex = Dex::new(bytes, start)?;
        let groups = dex.count_types(by_class, &mut runs, &mut facts);
        if let Some(search) = search {
            bytecode::scan(&dex, search, &groups, &mut facts.code);
        }
        dex.count_mentions(&mut runs);
        dex.collect_constants(&mut facts.constants);
        // Version 041 is a container: headers follow one another and share the data behind them.
        match dex.next_header(start) {
            Some(next) => start = next,
            None => break,
        }
    }
    facts.packages = merge(runs);
    facts.constants.sort();
    facts.constants.dedup();
    facts.code.finish();
    Ok(facts)
}

pub(super) struct Dex<'a> {
    pub bytes: &'a [u8],
    string_ids: &'a [u8],
    pub type_ids: &'a [u8],
    pub field_ids: &'a [u8],
    pub method_ids: &'a [u8],
    pub class_defs: &'a [u8],
    /// Definition number + 1 of each type, 0 where it is not defined here.
    pub definitions: Vec<u32>,
}

impl<'a> Dex<'a> {
    fn new(bytes: &'a [u8], start: usize) -> Result<Dex<'a>, Error> {
        let header = bytes
            .get(start..)
            .filter(|rest| rest.len() >= HEADER)
            .ok_or_else(|| cut(start, HEADER, bytes.len() - start.min(bytes.len())))?;
        if header.starts_with(b"cdex") {
            return Err(unreadable(
                "is a compact dex file, which only ART's own cache holds",
                "是紧凑 dex 文件，只应出现在 ART 的缓存中",
            ));
        }
        if !header.starts_with(b"dex\n") {
            return Err(unreadable(
                "does not begin like a dex file; it may be encrypted",
                "开头不是 dex 文件；可能已加密",
            ));
        }
        if u32_at(header, 40) != Some(LITTLE_ENDIAN) {
            return Err(unreadable("has a wrong byte order mark", "的字节序标记错误"));
        }
        // The tables stand in front: of a file that ends early they may all be there, and what they point to is not. Android
        // refuses such a file, too.
        let (size, left) = (u32_at(header, 32).unwrap_or(0) as usize, header.len());
        if size > left {
            let message = Text::new(
                format!("ends early: {left} of {size} bytes are there"),
                format!("不完整：应有 {size} 字节，仅有 {left} 字节"),
            );
            let help =
                Text::new("the file may be truncated; build or download it again", "文件可能被截断；请重新构建或下载");
            return Err(Error::new(message, help).at(start as u64));
        }
        let table = |at: usize, size: usize| -> Result<&'a [u8], Error> {
            let (count, offset) =
                (u32_at(header, at).unwrap_or(0) as usize, u32_at(header, at + 4).unwrap_or(0) as usize);
            let length = count.saturating_mul(size);
            let end = offset.saturating_add(length);
            if count == 0 {
                return Ok(&[]);
            }
            bytes.get(offset..end).ok_or_else(|| cut(offset, length, bytes.len().saturating_sub(offset)))
        };
        let (string_ids, type_ids) = (table(56, 4)?, table(64, 4)?);
        let (field_ids, method_ids) = (table(80, ID)?, table(88, ID)?);
        let class_defs = table(96, CLASS_DEF)?;
        if type_ids.len() / 4 > MAX_TYPES {
            return Err(unreadable("has more types than a dex file can", "的类型数超过 dex 文件的上限"));
        }
        let mut definitions = vec![0; type_ids.len() / 4];
        for (number, definition) in (1u32..).zip(class_defs.chunks_exact(CLASS_DEF)) {
            let class = u32_at(definition, 0).unwrap_or(u32::MAX) as usize;
            if let Some(slot) = definitions.get_mut(class) {
                *slot = number;
            }
        }
        Ok(Dex { bytes, string_ids, type_ids, field_ids, method_ids, class_defs, definitions })
    }

    /// Where the next header of a container starts.
    fn next_header(&self, start: usize) -> Option<usize> {
        let header = self.bytes.get(start..)?;
        let version: u16 = std::str::from_utf8(header.get(4..7)?).ok()?.parse().ok()?;
        let next = start.checked_add(u32_at(header, 32)? as usize).filter(|next| version >= 41 && *next > start)?;
        self.bytes.get(next..)?.starts_with(b"dex\n").then_some(next)
    }

    /// The bytes of a string, MUTF-8, without the terminator; `None` for one of more than [`MAX_STRING`] bytes.
    #[inline]
    pub fn string(&self, index: u32) -> Option<&'a [u8]> {
        let head = self.string_head(index)?;
        head.get(..memchr::memchr(0, head)?)
    }

    /// The first bytes of a string, and perhaps what follows it.
    #[inline]
    fn string_head(&self, index: u32) -> Option<&'a [u8]> {
        let at = u32_at(self.string_ids, index as usize * 4)? as usize;
        // The length in UTF-16 units comes first (ULEB128, at most five bytes); the terminator ends the bytes.
        let length = self.bytes.get(at..)?.iter().take(5).position(|byte| byte & 0x80 == 0)? + 1;
        let text = self.bytes.get(at + length..)?;
        Some(&text[..text.len().min(MAX_STRING)])
    }

    fn type_head(&self, index: u32) -> Option<&'a [u8]> {
        self.string_head(u32_at(self.type_ids, index as usize * 4)?)
    }

    pub fn type_name(&self, index: u32) -> Option<&'a [u8]> {
        self.string(u32_at(self.type_ids, index as usize * 4)?)
    }

    /// Counts types by package.
    fn count_types(&self, by_class: ByClass<'_>, runs: &mut Vec<Run<'a>>, facts: &mut DexFacts) -> Groups<'a> {
        let mut groups = Groups { of_type: vec![u32::MAX; self.definitions.len()], packages: Vec::new() };
        facts.classes += (self.class_defs.len() / CLASS_DEF) as u32;
        let mut last: (&[u8], bool) = (&[], by_class(&[]));
        // How the class before begins, up to its own name.
        let mut head: &[u8] = &[];
        for (index, &definition) in (0u32..).zip(&self.definitions) {
            let near = self.type_head(index).and_then(|text| TypeName::below(head, text));
            let is_near = near.is_some();
            let name = match near {
                Some(name) => name,
                None => {
                    // A definition whose name cannot be one still counts, as obfuscated.
                    let (text, name): (&[u8], &[u8]) = match self.type_name(index) {
                        Some(text @ [b'L', name @ .., b';']) if name.len() <= MAX_NAME => (text, name),
                        _ if definition != 0 => (&[], &[]),
                        _ => continue,
                    };
                    let name = TypeName::new(name);
                    head = text.get(..text.len().min(1) + name.own()).unwrap_or_default();
                    if name.package != last.0 {
                        last = (name.package, by_class(name.package));
                    }
                    name
                }
            };
            let package = if last.1 { name.outer() } else { name.package };
            // A container's next header starts runs of its own.
            let is_same = is_near && !last.1;
            if !is_same && groups.packages.last().is_none_or(|(last, _)| *last != package) {
                runs.push(Run { package, defined: 0, referenced: 0, mentioned: 0 });
                groups.packages.push((package, index..index));
            }
            groups.of_type[index as usize] = (groups.packages.len() - 1) as u32;
            if let Some((_, types)) = groups.packages.last_mut() {
                types.end = index + 1;
            }
            let Some(run) = runs.last_mut() else { continue };
            if definition == 0 {
                run.referenced += 1;
            } else {
                run.defined += 1;
                facts.short_names += u32::from(name.is_short());
            }
        }
        groups
    }

    /// Strings that look like dotted names. The table is sorted, so only the ranges of the wanted roots are looked at.
    fn count_mentions(&self, runs: &mut Vec<Run<'a>>) {
        for root in ROOTS {
            let mut index = self.lower_bound(root.as_bytes(), 0..self.string_count());
            while let Some(text) = self.string(index).filter(|text| text.starts_with(root.as_bytes())) {
                index += 1;
                let Some(package) = package_of_name(text) else { continue };
                // Neighbours often name one package.
                match runs.last_mut() {
                    Some(run) if run.package == package => run.mentioned += 1,
                    _ => runs.push(Run { package, defined: 0, referenced: 0, mentioned: 1 }),
                }
            }
        }
    }

    /// Number of strings.
    pub fn string_count(&self) -> u32 {
        (self.string_ids.len() / 4) as u32
    }

    /// Index of the first string in a range that is not less than `wanted`.
    pub fn lower_bound(&self, wanted: &[u8], within: Range<u32>) -> u32 {
        let Range { start: mut low, end: mut high } = within;
        while low < high {
            let middle = low + (high - low) / 2;
            // The terminator is less than any letter, so a head compares as the string does.
            if self.string_head(middle).is_some_and(|text| text < wanted) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        low
    }

    fn index_of(&self, wanted: &[u8]) -> Option<u32> {
        Some(self.lower_bound(wanted, 0..self.string_count())).filter(|index| self.string(*index) == Some(wanted))
    }

    fn collect_constants(&self, constants: &mut Vec<Constant>) {
        let mut wanted: Vec<u32> = VERSION_FIELDS.iter().filter_map(|name| self.index_of(name.as_bytes())).collect();
        wanted.sort_unstable();
        if wanted.is_empty() {
            return;
        }
        let fields = (0u32..).zip(self.field_ids.chunks_exact(ID));
        let named =
            fields.filter(|(_, field)| u32_at(field, 4).is_some_and(|name| wanted.binary_search(&name).is_ok()));
        for (number, field) in named.take(MAX_CONSTANTS) {
            let Some(name) = u32_at(field, 4) else { continue };
            let class = u32::from(u16_at(field, 0).unwrap_or(u16::MAX));
            let Some(value) = self.static_string(class, number) else { continue };
            let (Some(class), Some(name)) = (self.type_name(class), self.string(name)) else { continue };
            let [b'L', class @ .., b';'] = class else { continue };
            let class = dotted(class);
            constants.push(Constant { field: format!("{class}#{}", String::from_utf8_lossy(name)), value });
        }
    }

    /// The initial value of a static string field.
    fn static_string(&self, class: u32, field: u32) -> Option<String> {
        let number = self.definitions.get(class as usize)?.checked_sub(1)? as usize;
        let definition = self.class_defs.get(number * CLASS_DEF..)?;
        let (data, values) = (u32_at(definition, 24)?, u32_at(definition, 28)?);
        if data == 0 || values == 0 {
            return None;
        }
        let mut data = Cursor { bytes: self.bytes, at: data as usize };
        let static_fields = data.uleb()?;
        // Counts of instance fields, direct and virtual methods.
        for _ in 0..3 {
            data.uleb()?;
        }
        let mut index = 0u32;
        let mut position = None;
        for number in 0..static_fields {
            index = index.checked_add(data.uleb()?)?;
            data.uleb()?;
            if index == field {
                position = Some(number);
                break;
            }
        }
        let mut values = Cursor { bytes: self.bytes, at: values as usize };
        let position = position.filter(|position| values.uleb().is_some_and(|size| *position < size))?;
        for _ in 0..position {
            values.skip_value()?;
        }
        let string = values.string_value()?;
        Some(String::from_utf8_lossy(self.string(string)?).into_owned()).filter(|value| !value.is_empty())
    }
}

fn unreadable(en: &str, zh: &str) -> Error {
    Error::new(
        Text::new(en, zh),
        Text::new(
            "its classes are not counted; ask for a build that is not packed",
            "其中的类未计入；请索取未加固的构建",
        ),
    )
}

fn cut(at: usize, needs: usize, left: usize) -> Error {
    Error::new(
        Text::new(
            format!("has a table outside the file (needs {needs} bytes, {left} left)"),
            format!("有数据表超出文件范围（需要 {needs} 字节，仅剩 {left} 字节）"),
        ),
        Text::new("the file may be truncated; build or download it again", "文件可能被截断；请重新构建或下载"),
    )
    .at(at as u64)
}
