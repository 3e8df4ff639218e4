//! What hostile archives do to make tools read something else than Android, or nothing. Each is named, never fatal.
//!
//! The rules are those of Android's own reader (AOSP system/libziparchive/zip_archive.cc, and frameworks/base
//! libs/androidfw/AssetsProvider.cpp for the manifest).

use super::{DEFLATED, Entry, STORED};
use crate::lang::Text;

/// General purpose bit 0: the entry claims to be encrypted.
pub(super) const ENCRYPTED: u16 = 1;
/// General purpose bit 3: sizes and checksum stand behind the data.
pub(super) const DESCRIPTOR: u16 = 8;

/// One thing in an archive that no build tool writes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Irregularity {
    /// The entry, or a part of the archive such as `zip end record`.
    pub entry: String,
    /// What is odd about it.
    pub trick: Trick,
}

/// The tricks, by what they do.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Trick {
    /// "Encryption bit": plain data that claims to be encrypted. Android does not look at the bit.
    Encrypted,
    /// "BadPack": a compression method that nobody defined. Android takes all that is not deflated as stored.
    UnknownMethod(u16),
    /// "Two names": the local header names another file than the directory. Android refuses the entry.
    LocalName(String),
    /// "Two sizes": sizes or checksum of the local header differ from the directory's. Android refuses the entry.
    LocalSizes,
    /// "Stored with two sizes": what is not compressed must be as long as it is. Android takes the uncompressed one.
    StoredSizes,
    /// "Two methods": the local header states another method. Android follows the directory.
    LocalMethod(u16),
    /// A name that is no UTF-8 or holds NUL. Android refuses the archive.
    BadName,
    /// "Zip slip": a name that leads out of the folder it is unpacked to. Android never unpacks it.
    Traversal,
    /// "Two entries": the same name several times. Android refuses the archive.
    Duplicate(usize),
    /// "Folder in place of a file": `AndroidManifest.xml/` beside `AndroidManifest.xml`, so that unpacking fails. Android does not unpack.
    FolderOfFile,
    /// "Janus" where it is a dex file: the archive does not begin with an entry. Android refuses it.
    Prefix {
        /// Whether the bytes in front are a dex file.
        dex: bool,
    },
    /// The end record's comment is longer or shorter than what follows it. Android refuses the archive.
    Comment {
        /// Bytes the end record claims.
        claimed: u64,
        /// Bytes up to the end of the file.
        actual: u64,
    },
    /// "End record in the comment": the last end record is not the true one. Android refuses the archive.
    DecoyEnd,
    /// The end record counts other than the directory holds.
    Miscounted {
        /// What the end record says.
        counted: u64,
        /// What the directory holds.
        found: u64,
    },
    /// A zip64 field that does not hold what the entry needs of it. Android refuses the archive.
    Zip64,
    /// An entry whose data lies behind the directory or overlaps it. Android refuses the entry.
    BehindDirectory,
}

impl Irregularity {
    pub(super) fn of(entry: &Entry, trick: Trick) -> Irregularity {
        Irregularity { entry: entry.name.clone(), trick }
    }

    pub(super) fn of_archive(part: &str, trick: Trick) -> Irregularity {
        Irregularity { entry: part.to_owned(), trick }
    }
}

impl Trick {
    /// Whether Android's reader refuses the entry or the archive for it, so that such a file is not installed as it stands.
    pub fn refused_by_android(&self) -> bool {
        match self {
            Trick::Encrypted
            | Trick::StoredSizes
            | Trick::UnknownMethod(_)
            | Trick::LocalMethod(_)
            | Trick::Traversal
            | Trick::FolderOfFile => false,
            Trick::Miscounted { counted, found } => counted > found,
            Trick::LocalName(_)
            | Trick::LocalSizes
            | Trick::BadName
            | Trick::Duplicate(_)
            | Trick::Prefix { .. }
            | Trick::Comment { .. }
            | Trick::DecoyEnd
            | Trick::Zip64
            | Trick::BehindDirectory => true,
        }
    }

    /// Its name in JSON.
    pub fn id(&self) -> &'static str {
        match self {
            Trick::Encrypted => "encryption-bit",
            Trick::UnknownMethod(_) => "unknown-method",
            Trick::LocalName(_) => "local-name",
            Trick::LocalSizes => "local-sizes",
            Trick::StoredSizes => "stored-sizes",
            Trick::LocalMethod(_) => "local-method",
            Trick::BadName => "bad-name",
            Trick::Traversal => "traversal",
            Trick::Duplicate(_) => "duplicate",
            Trick::FolderOfFile => "folder-of-file",
            Trick::Prefix { dex: true } => "janus",
            Trick::Prefix { dex: false } => "prefix",
            Trick::Comment { .. } => "comment-length",
            Trick::DecoyEnd => "decoy-end-record",
            Trick::Miscounted { .. } => "miscounted",
            Trick::Zip64 => "zip64",
            Trick::BehindDirectory => "behind-directory",
        }
    }

    /// What is wrong, as a predicate after the entry's name.
    pub fn predicate(&self) -> Text {
        match self {
            Trick::Encrypted => Text::new("is marked as encrypted and is not", "被标记为加密，实际并未加密"),
            Trick::UnknownMethod(method) => Text::new(
                format!("claims compression method {method}, which Android reads as stored"),
                format!("声称使用压缩方法 {method}，安卓按未压缩读取"),
            ),
            Trick::LocalName(name) => {
                Text::new(format!("is called {name:?} in its local header"), format!("在本地文件头中名为 {name:?}"))
            }
            Trick::LocalSizes => {
                Text::new("has other sizes or another checksum in its local header", "在本地文件头中的大小或校验值不同")
            }
            Trick::StoredSizes => Text::new("is stored, and has two sizes", "未压缩，却有两个大小"),
            Trick::LocalMethod(method) => Text::new(
                format!("has compression method {method} in its local header"),
                format!("在本地文件头中的压缩方法为 {method}"),
            ),
            Trick::BadName => Text::new("has a name with NUL or without a valid encoding", "的名称含 NUL 或编码无效"),
            Trick::Traversal => Text::new("leads out of the folder it is unpacked to", "指向解压目录之外"),
            Trick::Duplicate(times) => Text::new(format!("is listed {times} times"), format!("被列出 {times} 次")),
            Trick::FolderOfFile => {
                Text::new("takes a file's name for a folder, so that unpacking fails", "以文件名作目录名，使解压失败")
            }
            Trick::Prefix { dex: true } => Text::new(
                "begins with a dex file before the first entry (the Janus trick)",
                "在第一个条目之前是一个 dex 文件（Janus 手法）",
            ),
            Trick::Prefix { dex: false } => Text::new("does not begin with an entry", "开头不是条目"),
            Trick::Comment { claimed, actual } => Text::new(
                format!("announces a comment of {claimed} bytes, and {actual} follow"),
                format!("声称注释为 {claimed} 字节，其后实有 {actual} 字节"),
            ),
            Trick::DecoyEnd => {
                Text::new("is followed by a second one that leads nowhere", "之后还有一个指向无效位置的结尾记录")
            }
            Trick::Miscounted { counted, found } => Text::new(
                format!("counts {counted} entries, and {found} can be read"),
                format!("记有 {counted} 个条目，可读取 {found} 个"),
            ),
            Trick::Zip64 => Text::new("has a zip64 field that lies", "的 zip64 字段不实"),
            Trick::BehindDirectory => Text::new("lies behind the directory", "位于目录之后"),
        }
    }
}

/// Notes what the directory alone shows of an entry.
pub(super) fn of_entry(entry: &Entry, clean_name: bool, found: &mut Vec<Irregularity>) {
    let folder_of_file = entry.name.strip_suffix('/').is_some_and(|name| {
        name == "AndroidManifest.xml"
            || name == "resources.arsc"
            || (name.starts_with("classes") && name.ends_with(".dex"))
    });
    let mut note = |is_so: bool, trick: Trick| {
        if is_so {
            found.push(Irregularity::of(entry, trick));
        }
    };
    note(entry.flags & ENCRYPTED != 0, Trick::Encrypted);
    note(!matches!(entry.method, STORED | DEFLATED), Trick::UnknownMethod(entry.method));
    note(entry.method == STORED && entry.size != entry.compressed, Trick::StoredSizes);
    note(!clean_name, Trick::BadName);
    note(leads_up(&entry.name), Trick::Traversal);
    note(folder_of_file, Trick::FolderOfFile);
}

/// Whether a part of a path is `..`. Nearly all names have one dot, before their ending.
fn leads_up(name: &str) -> bool {
    let dots = |at: usize| name.as_bytes().get(at + 1) == Some(&b'.');
    memchr::memchr_iter(b'.', name.as_bytes()).any(dots) && name.split(['/', '\\']).any(|part| part == "..")
}

/// A sum of a name.
fn sum(name: &[u8]) -> u64 {
    const FACTOR: u64 = 0x9e37_79b9_7f4a_7c15;
    let mix = |sum: u64, word: u64| (sum ^ word).wrapping_mul(FACTOR).rotate_left(29);
    let (words, rest) = name.as_chunks::<8>();
    let sum = words.iter().fold(name.len() as u64, |sum, word| mix(sum, u64::from_le_bytes(*word)));
    mix(sum, rest.iter().fold(0, |rest, byte| rest << 8 | u64::from(*byte)))
}

/// Names that stand several times.
pub(super) fn duplicates(entries: &[Entry]) -> Vec<Irregularity> {
    // Different sums show different names; equal ones are looked at.
    let mut sums: Vec<u64> = entries.iter().map(|entry| sum(entry.name.as_bytes())).collect();
    sums.sort_unstable();
    if sums.windows(2).all(|pair| pair[0] != pair[1]) {
        return Vec::new();
    }
    let mut names: Vec<&str> = entries.iter().map(|entry| entry.name.as_str()).collect();
    names.sort_unstable();
    let same = names.chunk_by(|a, b| a == b).filter(|same| same.len() > 1);
    same.map(|same| Irregularity { entry: same[0].to_owned(), trick: Trick::Duplicate(same.len()) }).collect()
}
