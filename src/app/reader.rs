//! One file's entries → facts: manifest, dex files, libraries, and what could not be read.

use super::bytecode::Search;
use super::bytes::Source;
use super::container::{Container, no_manifest};
use super::jar;
use super::manifest::{self, Manifest};
use super::native::{self, NativeLib};
use super::resources::Resources;
use super::signing::Signing;
use super::zip::{Archive, Buffers, Entry};
use super::{App, Classes, Gap, MANIFEST, Options, PackageFacts, Reference, SourceInfo, dex, xml};
use crate::error::Error;
use crate::lang::Text;
use rayon::prelude::*;
use std::sync::Arc;

/// Version files are a line long.
const MAX_VERSION_FILE: u64 = 4096;

/// Reads the parts of one app.
pub struct Reader<'a> {
    pub archive: &'a Archive,
    /// The file, as the user gave it.
    pub name: &'a str,
    pub container: Container,
    pub options: Options<'a>,
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
        let mut resolve = |id: u32| {
            // Read only when a reference asks for it; most manifests never do.
            let table = table.get_or_insert_with(|| self.resource_table(buffers));
            Resources::new(table.as_deref()?)?.text(id)
        };
        let mut manifest = manifest::build(&events, &mut resolve);
        if self.container.is_library() {
            // What the system adds depends on the app that it is built into.
            manifest.implied_permissions.clear();
        } else if manifest.application_id.is_empty() {
            return Err(in_manifest(Error::new(
                Text::new("names no application id", "没有写明应用包名"),
                Text::new("it is no app's manifest, or made to mislead tools", "不是应用的清单文件，或被蓄意构造"),
            )));
        }
        Ok(manifest)
    }

    fn resource_table(&self, buffers: &mut Buffers) -> Option<Vec<u8>> {
        let entry = self.archive.entry("resources.arsc")?;
        self.archive.read(entry, buffers).ok().map(<[u8]>::to_vec)
    }

    /// Everything but the manifest, with an empty manifest in its place.
    pub fn facts(&self, manifest: &Manifest, buffers: &mut Buffers) -> App {
        let mut gaps = Vec::new();
        let classes = match self.container {
            Container::Apk => self.classes(manifest, buffers, &mut gaps),
            Container::Aar | Container::Jar => self.library_classes(buffers, &mut gaps),
        };
        let mut native_libs = Vec::new();
        let mut version_files = Vec::new();
        let mut assets = Vec::new();
        for entry in self.archive.entries() {
            if native::library_path(&entry.name, self.container.library_folder()).is_some() {
                native_libs.push(native::read(self.archive, entry, buffers).unwrap_or_else(|error| {
                    gaps.push(gap(entry, &error, false));
                    NativeLib::unread(entry)
                }));
            } else if !self.is_code(entry) && entry.name != MANIFEST {
                version_files.extend(self.version_file(entry, buffers));
                assets.push(entry.name.clone());
            }
        }
        native_libs.sort_by(|a, b| a.entry.cmp(&b.entry));
        assets.sort();
        version_files.sort();
        let source = SourceInfo { path: String::new(), sha256: String::new(), bytes: 0 };
        let (manifest, signing, tampering) = (Manifest::default(), Signing::default(), Vec::new());
        let container = self.container;
        App { source, container, manifest, classes, native_libs, assets, version_files, signing, tampering, gaps }
    }

    fn classes(&self, manifest: &Manifest, buffers: &mut Buffers, gaps: &mut Vec<Gap>) -> Classes {
        let body_of = self.options.bodies.map(|bodies| bodies.of_app(manifest));
        let search = self.options.wanted.map(|wanted| Search { wanted, body_of: body_of.as_deref() });
        let mut files: Vec<&Entry> =
            self.archive.entries().iter().filter(|entry| dex_number(&entry.name).is_some()).collect();
        // Largest first, so that no thread starts on a big one last.
        files.sort_by_key(|entry| std::cmp::Reverse(entry.size));
        let read = |buffers: &mut Buffers, entry: &Entry| {
            self.archive.read(entry, buffers).and_then(|bytes| dex::read(bytes, self.options.by_class, search))
        };
        let results: Vec<Result<dex::DexFacts, Error>> = if self.options.parallel && files.len() > 1 {
            files.par_iter().map_init(Buffers::default, |buffers, entry| read(buffers, entry)).collect()
        } else {
            files.iter().map(|entry| read(buffers, entry)).collect()
        };
        let links_followed = search.is_some_and(|search| search.body_of.is_some());
        let mut classes = Classes { dex_total: files.len(), links_followed, ..Classes::default() };
        for (entry, result) in files.into_iter().zip(results) {
            match result {
                Ok(facts) => {
                    gaps.extend(facts.code.cut.then(|| cut_references(entry)));
                    classes.dex_read += 1;
                    classes.add(&entry.name, facts);
                }
                Err(error) => gaps.push(gap(entry, &error, true)),
            }
        }
        classes.settle(self.options.wanted.is_some());
        classes
    }

    fn is_code(&self, entry: &Entry) -> bool {
        match self.container {
            Container::Apk => dex_number(&entry.name).is_some(),
            Container::Aar => is_library_jar(&entry.name),
            Container::Jar => jar::is_class(entry),
        }
    }

    /// The classes of a JAR itself, or of the JARs in an AAR.
    fn library_classes(&self, buffers: &mut Buffers, gaps: &mut Vec<Gap>) -> Classes {
        let mut classes = Classes::default();
        if self.container == Container::Jar {
            // Its classes stand in the file itself.
            let name = std::path::Path::new(self.name).file_name().map(|name| name.to_string_lossy());
            self.add_jar(name.as_deref().unwrap_or(self.name), self.archive, buffers, &mut classes, gaps);
            classes.jar_total = 1;
        } else {
            for entry in self.archive.entries().iter().filter(|entry| is_library_jar(&entry.name)) {
                classes.jar_total += 1;
                let bytes = self.archive.read(entry, buffers).map(<[u8]>::to_vec);
                match bytes.and_then(|bytes| Archive::open_within(Source::Memory(bytes), self.options.limits)) {
                    Ok(archive) => self.add_jar(&entry.name, &archive, buffers, &mut classes, gaps),
                    Err(error) => gaps.push(gap(entry, &error, true)),
                }
            }
        }
        classes.settle(self.options.wanted.is_some());
        classes
    }

    fn add_jar(&self, name: &str, jar: &Archive, buffers: &mut Buffers, classes: &mut Classes, gaps: &mut Vec<Gap>) {
        let found = jar::read(jar, buffers, self.options.by_class, self.options.wanted);
        gaps.extend(found.gap(name));
        classes.jar_read += 1;
        classes.add(name, found.facts);
    }

    fn version_file(&self, entry: &Entry, buffers: &mut Buffers) -> Option<(String, String)> {
        let wanted = entry.name.starts_with("META-INF/")
            && (entry.name.ends_with(".version") || entry.name.ends_with("/pom.properties"))
            && entry.size <= MAX_VERSION_FILE;
        if !wanted {
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

impl Classes {
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
    fn settle(&mut self, scanned: bool) {
        self.packages.sort_by(|a, b| {
            let dex = |facts: &PackageFacts| dex_number(&facts.dex);
            a.name.cmp(&b.name).then_with(|| (dex(a), &a.dex).cmp(&(dex(b), &b.dex)))
        });
        self.constants.sort();
        self.references_scanned = scanned;
        self.references.sort_by(Reference::order);
        self.settle_links();
    }

    /// Keeps links to packages that the app defines: what the platform provides is no part of it.
    fn settle_links(&mut self) {
        let packages = &self.packages;
        let defined = |name: &str| {
            let first = packages.partition_point(|facts| facts.name.as_str() < name);
            packages[first..].iter().take_while(|facts| facts.name == name).any(|facts| facts.defined > 0)
        };
        self.links.sort_unstable_by(|a, b| (&a.1, a.0).cmp(&(&b.1, b.0)));
        self.links.dedup();
        let mut links = Vec::with_capacity(self.links.len());
        for of_package in self.links.chunk_by(|a, b| a.1 == b.1) {
            if defined(&of_package[0].1) {
                links.extend_from_slice(of_package);
            }
        }
        self.links = links;
    }
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
    (app.classes.dex_total == 0 && !app.container.is_library() && !app.manifest.without_code).then(|| Gap {
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

fn gap(entry: &Entry, error: &Error, hides_code: bool) -> Gap {
    Gap { entry: entry.name.clone(), reason: error.message.clone(), hides_code }
}

fn cut_references(entry: &Entry) -> Gap {
    Gap {
        entry: entry.name.clone(),
        reason: Text::new(
            "holds more references than are kept, or code that overlaps; the rest of its references is not listed",
            "中的引用超出保留上限，或代码相互重叠；其余引用未列出",
        ),
        hides_code: false,
    }
}
