//! Classes → counts per package.

use std::cmp::Ordering;

/// Names longer than this are no class names (the class-file format allows 65,535 bytes, builds stay far below).
pub const MAX_NAME: usize = 512;

/// Counts for one package, or for one outer class where the caller asked for that. The three grades are kept apart: a name in a
/// string shows no code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PackageCount {
    /// Dotted name; empty for the default package.
    pub name: String,
    /// Classes defined.
    pub defined: u32,
    /// Classes referred to, and not defined in this file.
    pub referenced: u32,
    /// String constants that look like a class or package name.
    pub mentioned: u32,
}

/// Counts for neighbouring classes of one package.
pub struct Run<'a> {
    /// With slashes, or dotted where a string names it.
    pub package: &'a [u8],
    pub defined: u32,
    pub referenced: u32,
    pub mentioned: u32,
}

/// A type's name, with slashes, taken apart.
#[derive(Clone, Copy)]
pub struct TypeName<'a> {
    name: &'a [u8],
    /// Its package, with slashes.
    pub package: &'a [u8],
    /// Where its own name begins.
    own: usize,
    /// Length of its own name without what nests in it.
    outer: usize,
}

impl<'a> TypeName<'a> {
    /// Takes a name apart.
    #[inline]
    pub fn new(name: &'a [u8]) -> TypeName<'a> {
        let slash = memchr::memrchr(b'/', name);
        let (package, own) = slash.map_or((0, 0), |at| (at, at + 1));
        let simple = &name[own..];
        let outer = memchr::memchr(b'$', simple).unwrap_or(simple.len());
        TypeName { name, package: &name[..package], own, outer }
    }

    /// Takes apart a descriptor that begins with `head`, an `L` and a package with its slash, and ends with a zero byte; `None` where it
    /// is of another package, or no class. Neighbours are of one package, so this answers for most.
    #[inline]
    pub fn below(head: &[u8], text: &'a [u8]) -> Option<TypeName<'a>> {
        let rest = text.strip_prefix(head).filter(|_| !head.is_empty())?;
        let (mut end, mut outer) = (0, None);
        loop {
            match *rest.get(end)? {
                0 => break,
                b'/' => return None,
                b'$' if outer.is_none() => outer = Some(end),
                _ => {}
            }
            end += 1;
        }
        let length = rest[..end].strip_suffix(b";")?.len();
        let name = &text[1..head.len() + length];
        let own = head.len() - 1;
        let package = &name[..own.saturating_sub(1)];
        (name.len() <= MAX_NAME).then_some(TypeName { name, package, own, outer: outer.unwrap_or(length) })
    }

    /// Where its own name begins: behind the slash of its package.
    #[inline]
    pub fn own(self) -> usize {
        self.own
    }

    /// The outer class, with its package.
    #[inline]
    pub fn outer(self) -> &'a [u8] {
        &self.name[..self.own + self.outer]
    }

    /// Whether its own name has at most two characters: a sign of obfuscation.
    #[inline]
    pub fn is_short(self) -> bool {
        self.outer <= 2
    }
}

/// The package part of a string that looks like a dotted class or package name: `com.a.B` and `com.a` both give `com.a`.
pub fn package_of_name(text: &[u8]) -> Option<&[u8]> {
    let valid =
        text.len() <= MAX_NAME && text.iter().all(|&byte| byte.is_ascii_alphanumeric() || b"._$".contains(&byte));
    if !valid || memchr::memmem::find(text, b"..").is_some() {
        return None;
    }
    let dot = memchr::memrchr(b'.', text)?;
    match text.get(dot + 1)? {
        first if first.is_ascii_uppercase() => Some(&text[..dot]),
        _ => Some(text),
    }
}

/// One count per package, sorted by name.
pub fn merge(mut runs: Vec<Run<'_>>) -> Vec<PackageCount> {
    // Stable, because runs come in a few sorted stretches, which such a sort merges.
    runs.sort_by(|a, b| order(a.package, b.package));
    let mut packages: Vec<PackageCount> = Vec::new();
    for of_package in runs.chunk_by(|a, b| order(a.package, b.package).is_eq()) {
        let mut count = of_package[0].count();
        for run in &of_package[1..] {
            count.defined += run.defined;
            count.referenced += run.referenced;
            count.mentioned += run.mentioned;
        }
        packages.push(count);
    }
    // Names that are no UTF-8 change their place with their bytes.
    if !packages.is_sorted_by(|a, b| a.name < b.name) {
        packages.sort_by(|a, b| a.name.cmp(&b.name));
        let same = packages.chunk_by(|a, b| a.name == b.name);
        packages = same.filter_map(|same| same.iter().cloned().reduce(PackageCount::add)).collect();
    }
    packages
}

/// The order of dotted names. A mention is dotted, a type's package has slashes.
fn order(a: &[u8], b: &[u8]) -> Ordering {
    let dotted = |byte: &u8| if *byte == b'/' { b'.' } else { *byte };
    let differ = a.iter().zip(b).map(|(a, b)| (dotted(a), dotted(b))).find(|(a, b)| a != b);
    differ.map_or_else(|| a.len().cmp(&b.len()), |(a, b)| a.cmp(&b))
}

impl PackageCount {
    fn add(mut self, other: PackageCount) -> PackageCount {
        self.defined += other.defined;
        self.referenced += other.referenced;
        self.mentioned += other.mentioned;
        self
    }
}

impl Run<'_> {
    fn count(&self) -> PackageCount {
        PackageCount {
            name: dotted(self.package),
            defined: self.defined,
            referenced: self.referenced,
            mentioned: self.mentioned,
        }
    }
}

/// `com/acme` → `com.acme`.
pub fn dotted(name: &[u8]) -> String {
    let mut dotted = name.to_vec();
    dotted.iter_mut().filter(|byte| **byte == b'/').for_each(|byte| *byte = b'.');
    String::from_utf8(dotted).unwrap_or_else(|broken| String::from_utf8_lossy(broken.as_bytes()).into_owned())
}
