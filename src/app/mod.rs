//! Facts about one app and the gaps: what could not be read. Knows file formats and no SDK.

mod axml;
mod bytes;
mod container;
mod cursor;
pub mod dex;
pub mod manifest;
pub mod native;
mod resources;
pub mod signing;
mod strings;
pub mod xml;
pub mod zip;

pub use bytes::Source;
pub use dex::Constant;
pub use manifest::Manifest;
pub use native::NativeLib;

use crate::error::Error;
use crate::lang::Text;
use container::{check_container, check_kind, no_manifest};
use rayon::prelude::*;
use resources::Resources;
use sha2::{Digest, Sha256};
use signing::Signing;
use std::path::Path;
use zip::{Archive, Buffers, Entry};

/// Entry of the manifest.
pub const MANIFEST: &str = "AndroidManifest.xml";
/// Version files are a line long.
const MAX_VERSION_FILE: u64 = 4096;
const HASH_BLOCK: usize = 256 << 10;

/// Everything read from one app.
#[derive(Clone, Debug)]
pub struct App {
    /// The file.
    pub source: SourceInfo,
    /// Its manifest.
    pub manifest: Manifest,
    /// What its dex files define, refer to and mention.
    pub classes: Classes,
    /// Native libraries by entry.
    pub native_libs: Vec<NativeLib>,
    /// Names of all other entries, sorted.
    pub assets: Vec<String>,
    /// Contents of `META-INF/*.version` and `pom.properties` files: (entry, version), sorted.
    pub version_files: Vec<(String, String)>,
    /// What it is signed with.
    pub signing: Signing,
    /// What could not be read.
    pub gaps: Vec<Gap>,
}

impl App {
    /// Number of native libraries, each once for all its ABIs.
    pub fn library_count(&self) -> usize {
        let mut files: Vec<&str> = self.native_libs.iter().map(|library| library.file.as_str()).collect();
        files.sort_unstable();
        files.dedup();
        files.len()
    }
}

/// The file an app was read from.
#[derive(Clone, Debug)]
pub struct SourceInfo {
    /// Path as the user gave it.
    pub path: String,
    /// SHA-256 of the file, hex.
    pub sha256: String,
    /// Length in bytes.
    pub bytes: u64,
}

/// What the dex files of an app show together.
#[derive(Clone, Debug, Default)]
pub struct Classes {
    /// Dex files found.
    pub dex_total: usize,
    /// Dex files read.
    pub dex_read: usize,
    /// Class definitions over all dex files.
    pub defined: u32,
    /// Definitions with a name of at most two characters.
    pub short_names: u32,
    /// Per package and dex file, sorted by package, then by dex file.
    pub packages: Vec<PackageFacts>,
    /// Version constants, sorted.
    pub constants: Vec<Constant>,
}

/// Counts of one package in one dex file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PackageFacts {
    /// Dotted name; empty for the default package.
    pub name: String,
    /// The dex file.
    pub dex: String,
    /// Classes defined there.
    pub defined: u32,
    /// Classes referred to and not defined there.
    pub referenced: u32,
    /// String constants that look like a name of this package.
    pub mentioned: u32,
}

/// Part of an app that could not be read; the rest stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gap {
    /// The entry.
    pub entry: String,
    /// Why.
    pub reason: Text,
    /// Whether code hides behind it, so that no SDK's absence can be told.
    pub hides_code: bool,
}

/// How to read.
#[derive(Clone, Copy)]
pub struct Options<'a> {
    /// Walk the dex files of this one app in parallel; for runs with fewer apps than threads.
    pub parallel: bool,
    /// Packages whose classes are counted one by one.
    pub by_class: dex::ByClass<'a>,
}

impl Default for Options<'_> {
    fn default() -> Self {
        Options { parallel: false, by_class: &|_| false }
    }
}

/// Reads an APK.
///
/// # Errors
/// When the file cannot be read, is no zip archive, or has no readable manifest: then nothing true can be said about it.
pub fn read(path: &Path, options: Options<'_>) -> Result<App, Error> {
    let name = path.display().to_string();
    let source = Source::open(path).map_err(|cause| Error::io(&name, cause))?;
    read_source(&name, source, options).map_err(|error| error.in_input(&name))
}

/// Reads an APK from an open source; `name` serves for messages and results.
///
/// # Errors
/// As [`read`].
pub fn read_source(name: &str, source: Source, options: Options<'_>) -> Result<App, Error> {
    check_kind(&source)?;
    let archive = Archive::open(source)?;
    check_container(&archive)?;
    let reader = Reader { archive: &archive, options };
    let mut buffers = Buffers::default();
    let manifest = reader.manifest(&mut buffers)?;
    let (hash, facts) = if options.parallel {
        rayon::join(|| sha256(archive.source()), || reader.facts(&mut buffers))
    } else {
        (sha256(archive.source()), reader.facts(&mut buffers))
    };
    let source = SourceInfo {
        path: name.to_owned(),
        sha256: hash.map_err(|cause| Error::io(name, cause))?,
        bytes: archive.source().len(),
    };
    let mut app = App { source, manifest, signing: signing::read(&archive), ..facts };
    app.gaps.extend(missing_code(&app));
    app.gaps.extend(directory_gaps(&archive));
    Ok(app)
}

struct Reader<'a> {
    archive: &'a Archive,
    options: Options<'a>,
}

impl Reader<'_> {
    fn manifest(&self, buffers: &mut Buffers) -> Result<Manifest, Error> {
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
    fn facts(&self, buffers: &mut Buffers) -> App {
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
        gaps.sort_by(|a, b| a.entry.cmp(&b.entry));
        let source = SourceInfo { path: String::new(), sha256: String::new(), bytes: 0 };
        App {
            source,
            manifest: Manifest::default(),
            classes,
            native_libs,
            assets,
            version_files,
            signing: Signing::default(),
            gaps,
        }
    }

    fn classes(&self, buffers: &mut Buffers, gaps: &mut Vec<Gap>) -> Classes {
        let mut files: Vec<&Entry> =
            self.archive.entries().iter().filter(|entry| dex_number(&entry.name).is_some()).collect();
        // Largest first, so that no thread starts on a big one last.
        files.sort_by_key(|entry| std::cmp::Reverse(entry.size));
        let read = |buffers: &mut Buffers, entry: &Entry| {
            self.archive.read(entry, buffers).and_then(|bytes| dex::read(bytes, self.options.by_class))
        };
        let results: Vec<Result<dex::DexFacts, Error>> = if self.options.parallel && files.len() > 1 {
            files.par_iter().map_init(Buffers::default, |buffers, entry| read(buffers, entry)).collect()
        } else {
            files.iter().map(|entry| read(buffers, entry)).collect()
        };
        let mut classes = Classes { dex_total: files.len(), ..Classes::default() };
        for (entry, result) in files.into_iter().zip(results) {
            match result {
                Ok(facts) => classes.add(&entry.name, facts),
                Err(error) => gaps.push(gap(entry, &error, true)),
            }
        }
        classes.packages.sort_by(|a, b| (&a.name, dex_number(&a.dex)).cmp(&(&b.name, dex_number(&b.dex))));
        classes.constants.sort();
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
        self.packages.extend(facts.packages.into_iter().map(|count| PackageFacts {
            name: count.name,
            dex: dex.to_owned(),
            defined: count.defined,
            referenced: count.referenced,
            mentioned: count.mentioned,
        }));
    }
}

/// 1 for `classes.dex`, n for `classesN.dex`: the names that Android loads.
fn dex_number(name: &str) -> Option<u32> {
    match name.strip_prefix("classes")?.strip_suffix(".dex")? {
        "" => Some(1),
        number if number.bytes().all(|digit| digit.is_ascii_digit()) && !number.starts_with('0') => {
            number.parse().ok().filter(|number| *number > 1)
        }
        _ => None,
    }
}

/// An app without any dex file runs nothing, unless its manifest says so: then its code is elsewhere, and nothing can be said of it.
fn missing_code(app: &App) -> Option<Gap> {
    (app.classes.dex_total == 0 && !app.manifest.without_code).then(|| Gap {
        entry: "classes.dex".to_owned(),
        reason: Text::new(
            "is missing, and the manifest does not say that the app has no code",
            "缺失，而清单文件并未声明该应用没有代码",
        ),
        hides_code: true,
    })
}

/// What the central directory itself hides or says twice.
fn directory_gaps(archive: &Archive) -> Vec<Gap> {
    let (mut gaps, found) = (Vec::new(), archive.entries().len());
    if let Some(counted) = archive.miscounted() {
        gaps.push(Gap {
            entry: "zip directory".to_owned(),
            reason: Text::new(
                format!("counts {counted} entries, and {found} can be read"),
                format!("记有 {counted} 个条目，可读取 {found} 个"),
            ),
            hides_code: true,
        });
    }
    let matters = |entry: &&Entry| entry.name == MANIFEST || dex_number(&entry.name).is_some();
    let mut names: Vec<&str> = archive.entries().iter().filter(matters).map(|entry| entry.name.as_str()).collect();
    names.sort_unstable();
    for same in names.chunk_by(|a, b| a == b).filter(|same| same.len() > 1) {
        gaps.push(Gap {
            entry: same[0].to_owned(),
            reason: Text::new(
                format!("is listed {} times; Android refuses such a file", same.len()),
                format!("被列出 {} 次；安卓会拒绝这样的文件", same.len()),
            ),
            hides_code: false,
        });
    }
    gaps
}

fn gap(entry: &Entry, error: &Error, hides_code: bool) -> Gap {
    Gap { entry: entry.name.clone(), reason: error.message.clone(), hides_code }
}

fn sha256(source: &Source) -> std::io::Result<String> {
    let mut hash = Sha256::new();
    let mut block = vec![0; HASH_BLOCK];
    let mut offset = 0;
    loop {
        let length = source.read_at(offset, &mut block)?;
        if length == 0 {
            return Ok(hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect());
        }
        hash.update(&block[..length]);
        offset += length as u64;
    }
}
