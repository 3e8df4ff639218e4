//! Facts about one app and the gaps: what could not be read. Knows file formats and no SDK.

mod axml;
pub mod bytecode;
mod bytes;
mod cursor;
pub mod dex;
pub mod manifest;
pub mod native;
mod opcodes;
mod resources;
mod strings;
mod sweep;
mod wanted;
pub mod xml;
pub mod zip;

pub use bytes::Source;
pub use dex::Constant;
pub use manifest::Manifest;
pub use native::NativeLib;

use crate::error::Error;
use crate::lang::Text;
use rayon::prelude::*;
use resources::Resources;
use sha2::{Digest, Sha256};
use std::path::Path;
use std::sync::Arc;
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
    /// References to what [`Options::wanted`] asks for, sorted.
    pub references: Vec<Reference>,
    /// Packages of the app that its other packages name: (from, to), sorted.
    pub links: Vec<(Arc<str>, Arc<str>)>,
    /// Whether the code was walked for references.
    pub references_scanned: bool,
    /// Methods whose code could not be walked to its end; Android refuses them too.
    pub broken_methods: u32,
}

/// A method that refers to something wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reference {
    /// The class whose code it is, dotted.
    pub class: Arc<str>,
    /// Its method; overloads of one name count together.
    pub method: Arc<str>,
    /// Index into the list of [`bytecode::Want`]s.
    pub want: u16,
    /// Entry of the dex file.
    pub entry: Arc<str>,
    /// How many times.
    pub count: u32,
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
    /// What to look for in code; without it code is not walked.
    pub wanted: Option<&'a bytecode::Wanted>,
    /// Whether to compute the file's own SHA-256, which needs every byte of it; without, it is empty.
    pub hash: bool,
}

impl Default for Options<'_> {
    fn default() -> Self {
        Options { parallel: false, by_class: &|_| false, wanted: None, hash: true }
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
    let hash = || if options.hash { sha256(archive.source()) } else { Ok(String::new()) };
    let (manifest, hash, facts) = Buffers::with(|buffers| {
        let manifest = reader.manifest(buffers)?;
        let (hash, facts) = if options.parallel {
            rayon::join(hash, || reader.facts(buffers))
        } else {
            (hash(), reader.facts(buffers))
        };
        Ok::<_, Error>((manifest, hash, facts))
    })?;
    let source = SourceInfo {
        path: name.to_owned(),
        sha256: hash.map_err(|cause| Error::io(name, cause))?,
        bytes: archive.source().len(),
    };
    let mut app = App { source, manifest, ..facts };
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
        App { source, manifest: Manifest::default(), classes, native_libs, assets, version_files, gaps }
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

/// A first look at the bytes, for a message that helps more than "not a zip".
fn check_kind(source: &Source) -> Result<(), Error> {
    let mut head = [0; 512];
    let length = source.read_at(0, &mut head).map_err(|cause| Error::io("", cause))?;
    let head = &head[..length];
    let give = Text::new("give an APK file", "请提供 APK 文件");
    if head.is_empty() {
        return Err(Error::new(Text::new("the file is empty", "文件为空"), give));
    }
    let text = !head.starts_with(b"PK") && head.iter().all(|&byte| byte >= b' ' || b"\t\r\n\x0c".contains(&byte));
    if text {
        return Err(Error::new(Text::new("it is a text file, not an app", "这是文本文件，不是应用安装包"), give));
    }
    Ok(())
}

fn no_manifest() -> Error {
    let message = Text::new("it holds no AndroidManifest.xml", "其中没有 AndroidManifest.xml");
    Error::new(message, Text::new("it is no Android app; give an APK file", "这不是安卓应用；请提供 APK 文件"))
}

/// Zip archives that are no APK, by what they hold. Each is named, because "0 SDKs" would be the worst answer.
fn check_container(archive: &Archive) -> Result<(), Error> {
    let has = |name: &str| archive.entry(name).is_some();
    let ends = |suffix: &str| archive.entries().iter().any(|entry| entry.name.ends_with(suffix));
    let has_dex = archive.entries().iter().any(|entry| dex_number(&entry.name).is_some());
    let (what, help) = if has(MANIFEST) && (has_dex || !has("classes.jar")) {
        return Ok(());
    } else if has("classes.jar") {
        (
            ("it is an Android library (AAR), not an app", "这是安卓库（AAR），不是应用"),
            ("give the APK of an app that is built with it", "请提供使用它构建的应用的 APK"),
        )
    } else if has("base/manifest/AndroidManifest.xml") {
        (
            ("it is an Android App Bundle", "这是 Android App Bundle"),
            (
                "build an APK from it first: bundletool build-apks --mode=universal",
                "请先生成 APK：bundletool build-apks --mode=universal",
            ),
        )
    } else if ends(".apk") {
        (
            ("it is a bundle of several APKs", "这是多个 APK 的打包文件"),
            ("unpack it and give the APKs", "请解压后提供其中的 APK"),
        )
    } else if ends(".app/Info.plist") {
        (
            ("it is an iOS app (IPA)", "这是 iOS 应用（IPA）"),
            ("iOS apps are not read yet; give an APK file", "尚不支持 iOS 应用；请提供 APK 文件"),
        )
    } else if has("module.json") || has("pack.info") {
        (
            ("it is a HarmonyOS app", "这是 HarmonyOS 应用"),
            ("HarmonyOS apps are not read yet; give an APK file", "尚不支持 HarmonyOS 应用；请提供 APK 文件"),
        )
    } else if ends(".class") {
        (
            ("it is a Java archive (JAR), not an app", "这是 Java 归档（JAR），不是应用"),
            ("give an APK file", "请提供 APK 文件"),
        )
    } else {
        return Err(no_manifest());
    };
    Err(Error::new(Text::new(what.0, what.1), Text::new(help.0, help.1)))
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
