//! The classes of a JAR → the same facts as those of a dex file.

use super::Gap;
use super::by_name::ByName;
use super::bytecode::{Site, Wanted};
use super::class_file::ClassFile;
use super::dex::{ByClass, Constant, DexFacts, MAX_CONSTANTS, ROOTS, VERSION_FIELDS};
use super::packages::{self, MAX_NAME, Run, TypeName, dotted, package_of_name};
use super::zip::{Archive, Buffers, Entry};
use crate::error::Error;
use crate::lang::Text;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Largest class file that is read: real ones stay below one MiB.
const MAX_CLASS: u64 = 16 << 20;
/// Most bytes of class files that are read of one JAR.
const MAX_CLASSES: u64 = 512 << 20;
/// Longest chain of superclasses that is followed.
const MAX_DEPTH: usize = 64;

/// What the classes of one JAR show, and how many could not be read.
#[derive(Default)]
pub struct JarFacts {
    /// Facts, as of a dex file.
    pub facts: DexFacts,
    /// Class files that are damaged, encrypted or beyond the limits.
    pub unread: u32,
    /// What is wrong with the first of them.
    pub reason: Option<Text>,
}

impl JarFacts {
    /// What could not be read, as one gap of the JAR.
    pub fn gap(&self, jar: &str) -> Option<Gap> {
        let (reason, unread) = (self.reason.as_ref()?, self.unread);
        Some(Gap {
            entry: jar.to_owned(),
            reason: Text::new(
                format!("holds {unread} class files that cannot be read; the first {}", reason.en),
                format!("中有 {unread} 个 class 文件无法读取；第一个{}", reason.zh),
            ),
            hides_code: true,
        })
    }
}

/// Whether an entry is a class of the JAR. `META-INF/versions` holds the same classes for newer Java, which Android does not look at.
pub fn is_class(entry: &Entry) -> bool {
    entry.name.ends_with(".class") && !entry.name.starts_with("META-INF/") && !entry.name.ends_with("-info.class")
}

/// Reads all classes of a JAR.
pub fn read(archive: &Archive, buffers: &mut Buffers, by_class: ByClass<'_>, wanted: Option<&Wanted>) -> JarFacts {
    let mut jar = Jar { wanted: wanted.map(ByName), ..Jar::new(by_class) };
    let (mut found, mut total) = (JarFacts::default(), 0u64);
    for entry in archive.entries().iter().filter(|entry| is_class(entry)) {
        total = total.saturating_add(entry.size);
        let class = if entry.size > MAX_CLASS || total > MAX_CLASSES {
            Err(too_large())
        } else {
            archive.read(entry, buffers).and_then(|bytes| jar.class(bytes).ok_or_else(no_class))
        };
        if let Err(error) = class {
            found.unread += 1;
            found.reason.get_or_insert_with(|| error.message.clone());
        }
    }
    found.facts = jar.finish();
    found
}

/// Counts of one package.
#[derive(Default)]
struct Counts {
    defined: u32,
    referenced: u32,
    mentioned: u32,
}

struct Jar<'a> {
    by_class: ByClass<'a>,
    wanted: Option<ByName<'a>>,
    facts: DexFacts,
    /// Classes defined, with their superclass and the wanted methods that they define themselves.
    defined: BTreeMap<Vec<u8>, (Vec<u8>, Vec<usize>)>,
    named: BTreeSet<Vec<u8>>,
    mentions: BTreeMap<Vec<u8>, u32>,
    /// Classes whose code names something wanted.
    users: Vec<User>,
}

/// A class that names something wanted, by the numbers of the wanted strings.
struct User {
    name: Arc<str>,
    hits: Vec<u16>,
    /// Methods: the class that is called, and the name.
    calls: Vec<(Vec<u8>, usize)>,
    /// String constants.
    strings: Vec<usize>,
}

impl<'a> Jar<'a> {
    fn new(by_class: ByClass<'a>) -> Jar<'a> {
        Jar {
            by_class,
            wanted: None,
            facts: DexFacts::default(),
            defined: BTreeMap::new(),
            named: BTreeSet::new(),
            mentions: BTreeMap::new(),
            users: Vec::new(),
        }
    }

    /// The package that a class is counted under: its outer class, where the caller asked for that.
    fn package<'n>(&self, class: &'n [u8]) -> &'n [u8] {
        let name = TypeName::new(class);
        if (self.by_class)(name.package) { name.outer() } else { name.package }
    }

    fn class(&mut self, bytes: &[u8]) -> Option<()> {
        let class = ClassFile::new(bytes)?;
        let defined = class.defined().filter(|_| class.name.len() <= MAX_NAME)?;
        self.facts.classes += 1;
        self.facts.short_names += u32::from(TypeName::new(class.name).is_short());
        for named in class.classes().filter(|named| *named != class.name && named.len() <= MAX_NAME) {
            if !self.named.contains(named) {
                self.named.insert(named.to_vec());
            }
        }
        for text in class.strings().filter(|text| ROOTS.iter().any(|root| text.starts_with(root.as_bytes()))) {
            if let Some(package) = package_of_name(text) {
                *self.mentions.entry(package.to_vec()).or_default() += 1;
            }
        }
        let version = |name: &[u8]| VERSION_FIELDS.iter().any(|wanted| wanted.as_bytes() == name);
        let is_version =
            |(name, value): &&(&[u8], &[u8])| version(name) && !value.is_empty() && value.len() <= MAX_NAME;
        let room = MAX_CONSTANTS.saturating_sub(self.facts.constants.len());
        for (name, value) in defined.constants.iter().filter(is_version).take(room) {
            let field = format!("{}#{}", dotted(class.name), String::from_utf8_lossy(name));
            self.facts.constants.push(Constant { field, value: String::from_utf8_lossy(value).into_owned() });
        }
        let methods = self.uses(&class, &defined.methods);
        self.defined.insert(class.name.to_vec(), (class.superclass.to_vec(), methods));
        Some(())
    }

    /// Notes what a class names of the wanted; returns the wanted names among its own methods.
    fn uses(&mut self, class: &ClassFile<'_>, methods: &[&[u8]]) -> Vec<usize> {
        let Some(wanted) = &self.wanted else { return Vec::new() };
        let mut user = User { name: Arc::from(""), hits: Vec::new(), calls: Vec::new(), strings: Vec::new() };
        // A member is five bytes, and its class a name of up to 65,535 that all of them may share.
        for member in class.members().filter(|member| member.class.len() <= MAX_NAME) {
            let Some(name) = wanted.number(member.name) else { continue };
            if member.is_method {
                user.calls.push((member.class.to_vec(), name));
            } else {
                user.hits.extend(wanted.fields(member.class, name));
            }
        }
        user.strings.extend(class.strings().filter_map(|text| wanted.number(text)));
        if !(user.hits.is_empty() && user.calls.is_empty() && user.strings.is_empty()) {
            user.strings.sort_unstable();
            user.name = dotted(class.name).into();
            self.users.push(user);
        }
        methods.iter().filter_map(|name| wanted.number(name)).collect()
    }

    /// The class that a call through `class` leads to: itself, or the first superclass outside the JAR. `None` where one of the JAR's
    /// own defines the method.
    fn target<'n>(&'n self, class: &'n [u8], method: usize) -> Option<&'n [u8]> {
        let mut class = class;
        for _ in 0..MAX_DEPTH {
            match self.defined.get(class) {
                None => return Some(class),
                Some((_, methods)) if methods.contains(&method) => return None,
                Some((superclass, _)) => class = superclass,
            }
        }
        None
    }

    fn finish(mut self) -> DexFacts {
        let users = std::mem::take(&mut self.users);
        if let Some(wanted) = &self.wanted {
            for user in &users {
                let calls = user.calls.iter();
                let calls: Vec<(&[u8], usize)> =
                    calls.filter_map(|(class, name)| Some((self.target(class, *name)?, *name))).collect();
                let mut hits = wanted.hits(&calls, &user.strings);
                hits.extend(&user.hits);
                hits.sort_unstable();
                hits.dedup();
                let site = |want: u16| Site { want, class: user.name.clone(), method: Arc::from(""), count: 1 };
                self.facts.code.sites.extend(hits.into_iter().map(site));
            }
        }
        let mut counts: BTreeMap<&[u8], Counts> = BTreeMap::new();
        for class in self.defined.keys() {
            counts.entry(self.package(class)).or_default().defined += 1;
        }
        for class in self.named.iter().filter(|class| !self.defined.contains_key(*class)) {
            counts.entry(self.package(class)).or_default().referenced += 1;
        }
        for (package, mentioned) in &self.mentions {
            counts.entry(package).or_default().mentioned += mentioned;
        }
        let run = |(package, counts): (_, Counts)| Run {
            package,
            defined: counts.defined,
            referenced: counts.referenced,
            mentioned: counts.mentioned,
        };
        self.facts.packages = packages::merge(counts.into_iter().map(run).collect());
        self.facts.constants.sort();
        self.facts.constants.dedup();
        self.facts
    }
}

fn no_class() -> Error {
    Error::new(
        Text::new("is no class file, or is cut", "不是 class 文件，或被截断"),
        Text::new("it may be encrypted; ask for a build that is not packed", "可能已加密；请索取未加固的构建"),
    )
}

fn too_large() -> Error {
    Error::new(
        Text::new("is beyond the limit for class files", "超过 class 文件的读取上限"),
        Text::new("the archive may be made to exhaust tools", "该压缩包可能被蓄意构造以耗尽工具资源"),
    )
}
