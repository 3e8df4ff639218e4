//! One APK's entries → facts: manifest, dex files, libraries, and what could not be read.

use super::container::no_manifest;
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
    pub options: Options<'a>,
}

impl Reader<'_> {
    pub fn manifest(&self, buffers: &mut Buffers) -> Result<Manifest, Error> {
        let entry = self.archive.entry(MANIFEST).ok_or_else(no_manifest)?;
        let in_manifest = |error: Error| error.in_entry(MANIFEST);
        let events = xml::read(self.archive.read(entry, buffers).map_err(in_manifest)?).map_err(in_manifest)?;
        let mut table: Option<Option<Vec<u8>>> = None;
        let mut resolve = |id: u32| {
            // Read only when a reference asks for it; most manifests never do.
            let table = table.get_or_insert_with(|| self.resource_table(buffers));
            Resources::new(table.as_deref()?)?.text(id)
        };
        let manifest = manifest::build(&events, &mut resolve);
        if manifest.application_id.is_empty() {
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
    pub fn facts(&self, buffers: &mut Buffers) -> App {
        let mut gaps = Vec::new();
        let classes = self.classes(buffers, &mut gaps);
        let mut native_libs = Vec::new();
        let mut version_files = Vec::new();
        let mut assets = Vec::new();
        for entry in self.archive.entries() {
            if native::library_path(&entry.name).is_some() {
                native_libs.push(native::read(self.archive, entry, buffers).unwrap_or_else(|error| {
                    gaps.push(gap(entry, &error, false));
                    NativeLib::unread(entry)
                }));
            } else if entry.name != MANIFEST && dex_number(&entry.name).is_none() {
                version_files.extend(self.version_file(entry, buffers));
                assets.push(entry.name.clone());
            }
        }
        native_libs.sort_by(|a, b| a.entry.cmp(&b.entry));
        assets.sort();
        version_files.sort();
        let source = SourceInfo { path: String::new(), sha256: String::new(), bytes: 0 };
        let (manifest, signing, tampering) = (Manifest::default(), Signing::default(), Vec::new());
        App { source, manifest, classes, native_libs, assets, version_files, signing, tampering, gaps }
    }

    fn classes(&self, buffers: &mut Buffers, gaps: &mut Vec<Gap>) -> Classes {
        let mut files: Vec<&Entry> =
            self.archive.entries().iter().filter(|entry| dex_number(&entry.name).is_some()).collect();
        // Largest first, so that no thread starts on a big one last.
        files.sort_by_key(|entry| std::cmp::Reverse(entry.size));
        let read = |buffers: &mut Buffers, entry: &Entry| {
            self.archive
                .read(entry, buffers)
                .and_then(|bytes| dex::read(bytes, self.options.by_class, self.options.wanted))
        };
        let results: Vec<Result<dex::DexFacts, Error>> = if self.options.parallel && files.len() > 1 {
            files.par_iter().map_init(Buffers::default, |buffers, entry| read(buffers, entry)).collect()
        } else {
            files.iter().map(|entry| read(buffers, entry)).collect()
        };
        let mut classes = Classes { dex_total: files.len(), ..Classes::default() };
        for (entry, result) in files.into_iter().zip(results) {
            match result {
                Ok(facts) => {
                    gaps.extend(facts.code.cut.then(|| cut_references(entry)));
                    classes.add(&entry.name, facts);
                }
                Err(error) => gaps.push(gap(entry, &error, true)),
            }
        }
        classes.packages.sort_by(|a, b| (&a.name, dex_number(&a.dex)).cmp(&(&b.name, dex_number(&b.dex))));
        classes.constants.sort();
        classes.references_scanned = self.options.wanted.is_some();
        classes.references.sort_by(Reference::order);
        classes.settle_links();
        classes
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
        self.dex_read += 1;
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
    /// Keeps links to packages that the app defines: what the platform provides is no part of it.
    fn settle_links(&mut self) {
        let packages = &self.packages;
        let defined = |name: &str| {
            let first = packages.partition_point(|facts| facts.name.as_str() < name);
            packages[first..].iter().take_while(|facts| facts.name == name).any(|facts| facts.defined > 0)
        };
        self.links.retain(|(_, to)| defined(to));
        self.links.sort();
        self.links.dedup();
    }
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
    (app.classes.dex_total == 0 && !app.manifest.without_code).then(|| Gap {
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
