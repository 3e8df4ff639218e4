//! One file's entries → facts: manifest, dex files, libraries, and what could not be read.

use super::bytecode::{BodyOf, Search};
use super::bytes::u32_at;
use super::container::{Container, no_manifest};
use super::limits::Budget;
use super::manifest::{self, Manifest};
use super::native::{self, NativeLib};
use super::resources::{Resources, Work};
use super::signing;
use super::zip::{Archive, Buffers, Entry};
use super::{App, Classes, Gap, MANIFEST, Options, PackageFacts, Reference, dex, xml};
use super::{bundle, jar};
use crate::error::Error;
use crate::lang::Text;
use rayon::prelude::*;
use std::ops::Range;
use std::sync::Arc;

/// Version files are a line long.
const MAX_VERSION_FILE: u64 = 4096;
/// Signature files that are fetched before they are asked for; real ones have a few kilobytes.
const MAX_FORESEEN_SIGNATURE: u64 = 64 << 10;

/// Reads one archive that holds a part of an app, or all of it.
pub struct Reader<'a> {
    pub archive: &'a Archive,
    /// The file, as the user gave it.
    pub name: &'a str,
    pub container: Container,
    /// The folder that it reads, in a bundle for publishing.
    pub module: Option<&'a str>,
    pub options: Options<'a>,
    /// Whose code is whose in the app; told when its facts are read.
    pub body_of: Option<BodyOf<'a>>,
    /// How many archives lie around this one.
    pub depth: u32,
}

impl Reader<'_> {
    pub fn manifest(&self, buffers: &mut Buffers) -> Result<Manifest, Error> {
        let entry = match self.archive.entry(MANIFEST) {
            Some(entry) => entry,
            None if self.container.is_library() => return Ok(Manifest::default()),
            None => return Err(no_manifest()),
        };
        let in_manifest = |error: Error| error.in_entry(MANIFEST);
        let events = xml::read(self.archive.read(entry, buffers).map_err(in_manifest)?).map_err(in_manifest)?;
        let mut table: Option<Option<Vec<u8>>> = None;
        let work = Work::default();
        let mut resolve = |id: u32| {
            // Read only when a reference asks for it; most manifests never do.
            let table = table.get_or_insert_with(|| self.bytes_of("resources.arsc", buffers));
            Resources::new(table.as_deref()?, &work)?.text(id)
        };
        let mut manifest = manifest::build(&events, &mut resolve).map_err(in_manifest)?;
        if self.container.is_library() {
            // What the system adds depends on the app that it is built into.
            manifest.implied_permissions.clear();
            return Ok(manifest);
        }
        named(manifest, MANIFEST)
    }

    /// Where in the file stands what will be read: manifest, code, heads of libraries and of what may be code under another name,
    /// version and signature files. What only some apps need (the resource table, a library's own tables) is not among it. Of several
    /// APKs in one file nearly everything is read.
    pub fn ranges(&self) -> Vec<Range<u64>> {
        let (archive, folder) = (self.archive, self.container.library_folder());
        if self.container.is_bundle() || self.container == Container::Aab {
            let whole = 0..archive.source().len();
            return Vec::from([whole]);
        }
        let range = |entry: &Entry| {
            let name = entry.name.as_str();
            let whole = name == MANIFEST
                || self.is_code(entry, name)
                || is_version_file(name, entry)
                || signing::block_stem(name).is_some() && entry.compressed <= MAX_FORESEEN_SIGNATURE;
            if whole {
                Some(archive.range(entry, u64::MAX))
            } else if native::library_path(name, folder).is_some() {
                Some(archive.range(entry, native::HEAD as u64))
            } else {
                self.may_hold_code(entry, name).then(|| archive.range(entry, 0))
            }
        };
        archive.entries().iter().filter_map(range).collect()
    }

    pub fn bytes_of(&self, name: &str, buffers: &mut Buffers) -> Option<Vec<u8>> {
        let entry = self.archive.entry(name)?;
        self.archive.read(entry, buffers).ok().map(<[u8]>::to_vec)
    }

    /// Entries of this part, with the names they have in an APK.
    fn entries(&self) -> impl Iterator<Item = (&Entry, &str)> {
        let entries = self.archive.entries().iter();
        entries.filter_map(|entry| match self.module {
            None => Some((entry, entry.name.as_str())),
            Some(module) => Some((entry, bundle::in_module(&entry.name, module)?)),
        })
    }

    /// Everything but the manifest, with an empty manifest in its place. Nothing is in its order yet: [`App::settle`] does that when all
    /// parts are there.
    pub fn facts(&self, manifest: &Manifest, buffers: &mut Buffers) -> App {
        let bodies = self.options.bodies.filter(|_| !self.container.is_library());
        let body_of = bodies.map(|bodies| bodies.of_app(manifest));
        Reader { body_of: body_of.as_deref(), ..*self }.facts_of_part(buffers)
    }

    fn facts_of_part(&self, buffers: &mut Buffers) -> App {
        let mut gaps = Vec::new();
        let classes = if self.container.is_library() {
            self.library_classes(buffers, &mut gaps)
        } else {
            self.classes(buffers, &mut gaps)
        };
        let mut app = App { classes, gaps, ..App::empty(self.container) };
        for (entry, name) in self.entries() {
            if let Some(path) = native::library_path(name, self.container.library_folder()) {
                let library = native::read(self.archive, entry, path, buffers).unwrap_or_else(|error| {
                    app.gaps.push(gap(entry, &error, false));
                    NativeLib::unread(entry, path)
                });
                if !library.is_elf {
                    // Packers keep other things under such names.
                    self.look_inside(entry, name, &mut app, buffers);
                }
                app.native_libs.push(library);
            } else if !self.is_code(entry, name) && name != MANIFEST {
                app.version_files.extend(self.version_file(entry, name, buffers));
                app.assets.push(entry.name.clone());
                self.look_inside(entry, name, &mut app, buffers);
            }
        }
        app
    }

    /// Nothing is counted yet.
    fn no_classes(&self) -> Classes {
        let references_scanned = self.options.wanted.is_some();
        let links_followed = references_scanned && self.body_of.is_some();
        Classes { references_scanned, links_followed, ..Classes::default() }
    }

    fn classes(&self, buffers: &mut Buffers, gaps: &mut Vec<Gap>) -> Classes {
        let mut files: Vec<&Entry> =
            self.entries().filter(|(_, name)| dex_number(name).is_some()).map(|(entry, _)| entry).collect();
        // Largest first, so that no thread starts on a big one last.
        files.sort_by_key(|entry| std::cmp::Reverse(entry.size));
        let read = |buffers: &mut Buffers, entry: &Entry| {
            let bytes = self.archive.read(entry, buffers)?;
            dex_facts(bytes, self.archive.budget(), self.options, self.body_of)
        };
        let results: Vec<Result<dex::DexFacts, Error>> = if self.options.parallel && files.len() > 1 {
            files.par_iter().map_init(Buffers::default, |buffers, entry| read(buffers, entry)).collect()
        } else {
            files.iter().map(|entry| read(buffers, entry)).collect()
        };
        let mut classes = self.no_classes();
        for (entry, result) in files.into_iter().zip(results) {
            classes.take(&entry.name, result, gaps);
        }
        classes
    }

    fn is_code(&self, entry: &Entry, name: &str) -> bool {
        match self.container {
            Container::Aar => is_library_jar(name),
            Container::Jar => jar::is_class(entry),
            _ => dex_number(name).is_some(),
        }
    }

    /// The classes of a JAR itself, or of the JARs in an AAR.
    fn library_classes(&self, buffers: &mut Buffers, gaps: &mut Vec<Gap>) -> Classes {
        let mut classes = self.no_classes();
        if self.container == Container::Jar {
            // Its classes stand in the file itself.
            let name = std::path::Path::new(self.name).file_name().map(|name| name.to_string_lossy());
            self.add_jar(name.as_deref().unwrap_or(self.name), self.archive, buffers, &mut classes, gaps);
            classes.jar_total = 1;
        } else {
            for entry in self.archive.entries().iter().filter(|entry| is_library_jar(&entry.name)) {
                classes.jar_total += 1;
                let source = self.archive.unpack(entry, buffers);
                let budget = || Arc::clone(self.archive.budget());
                match source.and_then(|source| Archive::open_sharing(source, budget())) {
                    Ok(archive) => self.add_jar(&entry.name, &archive, buffers, &mut classes, gaps),
                    Err(error) => gaps.push(gap(entry, &error, true)),
                }
            }
        }
        classes
    }

    fn add_jar(&self, name: &str, jar: &Archive, buffers: &mut Buffers, classes: &mut Classes, gaps: &mut Vec<Gap>) {
        let found = jar::read(jar, buffers, self.options.by_class, self.options.wanted);
        gaps.extend(found.gap(name));
        classes.jar_read += 1;
        classes.add(name, found.facts);
    }

    fn version_file(&self, entry: &Entry, name: &str, buffers: &mut Buffers) -> Option<(String, String)> {
        if !is_version_file(name, entry) {
            return None;
        }
        let text = String::from_utf8_lossy(self.archive.read(entry, buffers).ok()?).into_owned();
        let version = match text.lines().find_map(|line| line.strip_prefix("version=")) {
            Some(version) => version,
            None => text.trim(),
        };
        // Unfilled templates ("task ':core:writeVersion' property 'version'") are no versions.
        let plausible = !version.is_empty() && version.len() <= 64 && !version.contains(char::is_whitespace);
        plausible.then(|| (entry.name.clone(), version.to_owned()))
    }
}

/// A manifest that says which app it is of.
pub fn named(manifest: Manifest, entry: &str) -> Result<Manifest, Error> {
    if !manifest.application_id.is_empty() {
        return Ok(manifest);
    }
    Err(Error::new(
        Text::new("names no application id", "没有写明应用包名"),
        Text::new("it is no app's manifest, or made to mislead tools", "不是应用的清单文件，或被蓄意构造"),
    )
    .in_entry(entry))
}

/// The facts of one dex file, when it keeps within the limits.
pub fn dex_facts(
    bytes: &[u8],
    budget: &Budget,
    options: Options<'_>,
    body_of: Option<BodyOf<'_>>,
) -> Result<dex::DexFacts, Error> {
    let (strings, classes) = dex_claims(bytes);
    budget.check_dex(strings, classes)?;
    dex::read(bytes, options.by_class, options.wanted.map(|wanted| Search { wanted, body_of }))
}

/// Strings and classes that a dex file's header announces (`string_ids_size` and `class_defs_size`).
fn dex_claims(bytes: &[u8]) -> (u64, u64) {
    // A table that does not fit into the file is none, and told as such.
    let most = |entry: u64| bytes.len() as u64 / entry;
    let at = |offset: usize, entry: u64| u64::from(u32_at(bytes, offset).unwrap_or(0)).min(most(entry));
    (at(56, 4), at(96, dex::CLASS_DEF as u64))
}

impl Classes {
    /// Adds what one dex file shows, or why it shows nothing.
    pub fn take(&mut self, name: &str, result: Result<dex::DexFacts, Error>, gaps: &mut Vec<Gap>) {
        self.dex_total += 1;
        match result {
            Ok(facts) => {
                gaps.extend(facts.code.cut.then(|| cut_references(name)));
                self.dex_read += 1;
                self.add(name, facts);
            }
            Err(error) => gaps.push(Gap { entry: name.to_owned(), reason: error.message.clone(), hides_code: true }),
        }
    }

    fn add(&mut self, dex: &str, facts: dex::DexFacts) {
        self.defined += facts.classes;
        self.short_names += facts.short_names;
        self.constants.extend(facts.constants);
        let entry: Arc<str> = dex.into();
        self.references.extend(facts.code.sites.into_iter().map(|site| Reference {
            class: site.class,
            method: site.method,
            want: site.want,
            entry: entry.clone(),
            count: site.count,
        }));
        self.links.extend(facts.code.links);
        self.broken_methods += facts.code.broken_methods;
        self.packages.extend(facts.packages.into_iter().map(|count| PackageFacts {
            name: count.name,
            dex: dex.to_owned(),
            defined: count.defined,
            referenced: count.referenced,
            mentioned: count.mentioned,
        }));
    }
}

impl Reference {
    /// By class, method, what it refers to, and entry.
    fn order(&self, other: &Reference) -> std::cmp::Ordering {
        let of_one_class = Arc::ptr_eq(&self.class, &other.class);
        let classes = if of_one_class { std::cmp::Ordering::Equal } else { self.class.cmp(&other.class) };
        classes.then_with(|| (&self.method, self.want, &self.entry).cmp(&(&other.method, other.want, &other.entry)))
    }
}

impl Classes {
    /// Brings everything into its order.
    pub fn settle(&mut self) {
        self.packages.sort_by(|a, b| {
            let dex = |facts: &PackageFacts| dex_number(&facts.dex);
            a.name.cmp(&b.name).then_with(|| (dex(a), &a.dex).cmp(&(dex(b), &b.dex)))
        });
        self.constants.sort();
        self.references.sort_by(Reference::order);
        self.settle_links();
    }

    /// Whether most classes have names of one or two letters, so that the names of SDKs may be gone. A handful of classes says nothing.
    pub fn is_heavily_obfuscated(&self) -> bool {
        const ENOUGH: u32 = 200;
        self.defined >= ENOUGH && self.short_names >= self.defined.div_ceil(2)
    }

    /// Keeps links to packages that the app defines: what the platform provides is no part of it.
    fn settle_links(&mut self) {
        // Names first, once: an app of 60,000 dex files has as many rows of `java.lang`, and a link to it from each of them.
        let mut defined: Vec<&str> =
            self.packages.iter().filter(|facts| facts.defined > 0).map(|facts| facts.name.as_str()).collect();
        defined.dedup();
        self.links.sort_unstable_by(|a, b| (&a.1, a.0).cmp(&(&b.1, b.0)));
        self.links.dedup();
        self.links.retain(|(_, to)| defined.binary_search(&&**to).is_ok());
    }
}

fn is_version_file(name: &str, entry: &Entry) -> bool {
    name.starts_with("META-INF/")
        && (name.ends_with(".version") || name.ends_with("/pom.properties"))
        && entry.size <= MAX_VERSION_FILE
}

/// The JARs of an AAR whose classes go into an app (developer.android.com "Create an Android library", anatomy of an AAR file).
fn is_library_jar(name: &str) -> bool {
    name == "classes.jar"
        || name.strip_prefix("libs/").is_some_and(|file| file.ends_with(".jar") && !file.contains('/'))
}

/// 1 for `classes.dex`, n for `classesN.dex`: the names that Android loads.
pub fn dex_number(name: &str) -> Option<u32> {
    match name.strip_prefix("classes")?.strip_suffix(".dex")? {
        "" => Some(1),
        number if number.bytes().all(|digit| digit.is_ascii_digit()) && !number.starts_with('0') => {
            number.parse().ok().filter(|number| *number > 1)
        }
        _ => None,
    }
}

/// An app without any dex file runs nothing, unless its manifest says so: then its code is elsewhere, and nothing can be said of it.
pub fn missing_code(app: &App) -> Option<Gap> {
    (app.classes.dex_total == app.classes.dex_elsewhere.len()
        && !app.container.is_library()
        && !app.manifest.without_code)
        .then(|| Gap {
            entry: "classes.dex".to_owned(),
            reason: Text::new(
                "is missing, and the manifest does not say that the app has no code",
                "缺失，而清单文件并未声明该应用没有代码",
            ),
            hides_code: true,
        })
}

/// Entries that the end record counts and that cannot be found may hold anything.
pub fn directory_gap(archive: &Archive) -> Option<Gap> {
    archive.is_incomplete().then(|| Gap {
        entry: "zip directory".to_owned(),
        reason: Text::new("holds fewer entries than the end record counts", "中的条目少于结尾记录所计"),
        hides_code: true,
    })
}

pub fn gap(entry: &Entry, error: &Error, hides_code: bool) -> Gap {
    Gap { entry: entry.name.clone(), reason: error.message.clone(), hides_code }
}

fn cut_references(name: &str) -> Gap {
    Gap {
        entry: name.to_owned(),
        reason: Text::new(
            "holds more references than are kept, or code that overlaps; the rest of its references is not listed",
            "中的引用超出保留上限，或代码相互重叠；其余引用未列出",
        ),
        hides_code: false,
    }
}
