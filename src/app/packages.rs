//! Classes → counts per package.

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
    runs.sort_unstable_by_key(|run| (run.package.len(), run.package));
    let mut packages: Vec<PackageCount> = Vec::new();
    let mut open: Option<Run<'_>> = None;
    for run in runs {
        match &mut open {
            // A mention is dotted, a type's package has slashes: both meet in the dotted form below.
            Some(last) if last.package == run.package => {
                last.defined += run.defined;
                last.referenced += run.referenced;
                last.mentioned += run.mentioned;
            }
            _ => packages.extend(open.replace(run).map(Run::count)),
        }
    }
    packages.extend(open.map(Run::count));
    packages.sort_by(|a, b| a.name.cmp(&b.name));
    packages.dedup_by(|later, kept| {
        let same = later.name == kept.name;
        if same {
            kept.defined += later.defined;
            kept.referenced += later.referenced;
            kept.mentioned += later.mentioned;
        }
        same
    });
    packages
}

impl Run<'_> {
    fn count(self) -> PackageCount {
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
    String::from_utf8_lossy(name).replace('/', ".")
}
