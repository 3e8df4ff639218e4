//! Facts about one app and the gaps: what could not be read. Knows file formats and no SDK.

mod axml;
mod by_name;
pub mod bytecode;
mod bytes;
mod class_file;
mod container;
mod cursor;
pub mod dex;
mod hash;
mod jar;
mod limits;
mod links;
pub mod manifest;
pub mod native;
mod opcodes;
mod packages;
mod reader;
mod resources;
pub mod signing;
mod strings;
mod sweep;
mod wanted;
pub mod xml;
pub mod zip;

pub use bytes::Source;
pub use dex::Constant;
pub use hash::sha256;
pub use limits::Limits;
pub use manifest::Manifest;
pub use native::NativeLib;

use crate::error::Error;
use crate::lang::Text;
pub use container::Container;
use container::{check_kind, container};
use reader::{Reader, directory_gap, missing_code};
use signing::Signing;
use std::path::Path;
use std::sync::Arc;
use zip::{Archive, Buffers, Irregularity};

/// Entry of the manifest.
pub const MANIFEST: &str = "AndroidManifest.xml";

/// Everything read from one app.
#[derive(Clone, Debug)]
pub struct App {
    /// The file.
    pub source: SourceInfo,
    /// What it is.
    pub container: Container,
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
    /// What the archive does to mislead tools, sorted. The content is read all the same.
    pub tampering: Vec<Irregularity>,
    /// What could not be read.
    pub gaps: Vec<Gap>,
}

impl App {
    /// The application id, under which the app's own code stands. A library has none: its manifest names the package of its resources.
    pub fn application_id(&self) -> &str {
        if self.container.is_library() { "" } else { &self.manifest.application_id }
    }

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

/// What the code of an app shows: its dex files, or the class files of a library.
#[derive(Clone, Debug, Default)]
pub struct Classes {
    /// Dex files found.
    pub dex_total: usize,
    /// Dex files read.
    pub dex_read: usize,
    /// JARs found: in a library only.
    pub jar_total: usize,
    /// JARs read.
    pub jar_read: usize,
    /// Class definitions over all of them.
    pub defined: u32,
    /// Definitions with a name of at most two characters.
    pub short_names: u32,
    /// Per package and dex file, sorted by package, then by dex file.
    pub packages: Vec<PackageFacts>,
    /// Version constants, sorted.
    pub constants: Vec<Constant>,
    /// References to what [`Options::wanted`] asks for, sorted.
    pub references: Vec<Reference>,
    /// Packages of the app that code of another body names, where [`Options::bodies`] tells bodies apart: (number of the body, package),
    /// sorted by package. Not of a library.
    pub links: Vec<(u32, Arc<str>)>,
    /// Whether bodies were told apart.
    pub links_followed: bool,
    /// Whether the code was walked for references.
    pub references_scanned: bool,
    /// Methods whose code could not be walked to its end, of those that may name something; Android refuses them too.
    pub broken_methods: u32,
}

/// A method that refers to something wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reference {
    /// The class whose code it is, dotted.
    pub class: Arc<str>,
    /// Its method; overloads of one name count together. Empty for a class file, whose constants tell of the class as a whole.
    pub method: Arc<str>,
    /// Index into the list of [`bytecode::Want`]s.
    pub want: u16,
    /// The dex file or JAR.
    pub entry: Arc<str>,
    /// How many times.
    pub count: u32,
}

/// Counts of one package in one dex file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PackageFacts {
    /// Dotted name; empty for the default package.
    pub name: String,
    /// The dex file or JAR.
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
    /// Whose code is whose, to tell who names whom; without it nothing is said of that.
    pub bodies: Option<&'a dyn bytecode::Bodies>,
    /// Whether libraries (AAR, JAR) are read too; else they are named and refused.
    pub libraries: bool,
    /// Whether to compute the file's own SHA-256, which needs every byte of it; without, it is empty.
    pub hash: bool,
    /// What the app may cost.
    pub limits: Limits,
}

impl Default for Options<'_> {
    fn default() -> Self {
        Options {
            parallel: false,
            by_class: &|_| false,
            wanted: None,
            bodies: None,
            libraries: false,
            hash: true,
            limits: Limits::default(),
        }
    }
}

/// Reads an app, or a library where [`Options::libraries`] says so.
///
/// # Errors
/// When the file cannot be read, is no zip archive, or has no readable manifest: then nothing true can be said about it.
pub fn read(path: &Path, options: Options<'_>) -> Result<App, Error> {
    let name = path.display().to_string();
    let source = Source::open(path).map_err(|cause| Error::io(&name, cause))?;
    read_source(&name, source, options).map_err(|error| error.in_input(&name))
}

/// Reads from an open source; `name` serves for messages and results.
///
/// # Errors
/// As [`read`].
pub fn read_source(name: &str, source: Source, options: Options<'_>) -> Result<App, Error> {
    check_kind(&source)?;
    let archive = Archive::open_within(source, options.limits)?;
    let container = container(&archive, options.libraries)?;
    let reader = Reader { archive: &archive, name, container, options };
    let hash = || if options.hash { sha256(archive.source()) } else { Ok(String::new()) };
    let (manifest, hash, facts) = Buffers::with(|buffers| {
        let manifest = reader.manifest(buffers)?;
        let (hash, facts) = if options.parallel {
            rayon::join(hash, || reader.facts(&manifest, buffers))
        } else {
            (hash(), reader.facts(&manifest, buffers))
        };
        Ok::<_, Error>((manifest, hash, facts))
    })?;
    let source = SourceInfo {
        path: name.to_owned(),
        sha256: hash.map_err(|cause| Error::io(name, cause))?,
        bytes: archive.source().len(),
    };
    let mut app = App { source, manifest, signing: signing::read(&archive), ..facts };
    app.gaps.extend(missing_code(&app));
    app.gaps.extend(directory_gap(&archive));
    app.gaps.sort_by(|a, b| a.entry.cmp(&b.entry));
    app.tampering = archive.irregularities();
    Ok(app)
}
