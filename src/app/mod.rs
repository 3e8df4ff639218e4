//! Facts about one app and the gaps: what could not be read. Knows file formats and no SDK.

mod address;
mod axml;
mod bundle;
mod by_name;
pub mod bytecode;
mod bytes;
mod class_file;
mod container;
mod cursor;
pub mod dex;
mod found;
mod hash;
mod jar;
mod limits;
mod links;
pub mod manifest;
pub mod native;
mod opcodes;
mod packages;
mod parts;
mod proto;
mod reader;
#[cfg(feature = "remote")]
mod remote;
mod resources;
pub mod signing;
mod strings;
mod sweep;
mod wanted;
pub mod xml;
pub mod zip;

pub use address::{Traffic, is_address, read_document, traffic};
pub use bytes::Source;
pub use dex::Constant;
pub use hash::sha256;
pub use limits::Limits;
pub use manifest::Manifest;
pub use native::NativeLib;
pub use parts::{Part, Piece, assemble};

use crate::error::Error;
use crate::lang::Text;
pub use container::Container;
use container::{check_kind, container};
use limits::Budget;
use reader::{Reader, directory_gap};
use signing::Signing;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;
use zip::{Archive, Buffers, Irregularity};

/// Entry of the manifest.
pub const MANIFEST: &str = "AndroidManifest.xml";

/// How much of a signature beside an app is read, in bytes: what follows in it are hashes of the app's blocks.
const MAX_BESIDE: usize = 64 << 10;

/// Everything read from one app.
#[derive(Clone, Debug)]
pub struct App {
    /// The file.
    pub source: SourceInfo,
    /// What it is.
    pub container: Container,
    /// The parts of an app that comes in several, base first, then as they were read, then what was not read. Empty for one file.
    /// Entries of a part begin with its name: `base.apk!classes.dex`, in a bundle for publishing `base/dex/classes.dex`.
    pub parts: Vec<Part>,
    /// Its manifest; of several parts, the base's with what only the others say.
    pub manifest: Manifest,
    /// Entry of the base's manifest.
    pub manifest_entry: String,
    /// Entries of the manifests that say what the base's does not, by what they name.
    elsewhere: BTreeMap<String, String>,
    /// Manifests of further parts with their entries, until all are there.
    further: Vec<(Manifest, String)>,
    /// Names of the parts, for look-ups.
    part_names: BTreeSet<String>,
    /// What its dex files define, refer to and mention.
    pub classes: Classes,
    /// Native libraries by entry.
    pub native_libs: Vec<NativeLib>,
    /// Names of all other entries, sorted.
    pub assets: Vec<String>,
    /// Contents of `META-INF/*.version` and `pom.properties` files: (entry, version), sorted.
    pub version_files: Vec<(String, String)>,
    /// Whole apps inside this one, with the path of their entry as the source's; those inside them follow. Nothing of them counts here.
    pub nested: Vec<App>,
    /// Entries that may hold code and cannot be looked into, sorted.
    pub sealed: Vec<Sealed>,
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

/// An entry that may hold code and that nobody but the app can open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sealed {
    /// The entry.
    pub entry: String,
    /// What shows it: a predicate of the entry.
    pub reason: Text,
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
    /// Entries of dex files that Android does not load by itself: under other names, or in archives inside the app. Sorted.
    pub dex_elsewhere: Vec<String>,
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
    Ok(assemble(read_piece(path, options)?, Vec::new()))
}

/// Reads one file that may be a part of an app beside others; [`assemble`] puts them together.
///
/// # Errors
/// As [`read`].
pub fn read_piece(path: &Path, options: Options<'_>) -> Result<Piece, Error> {
    let name = path.display().to_string();
    // The hash needs every byte.
    let source = if options.hash { Source::open(path) } else { Source::open_in_parts(path) };
    let source = source.map_err(|cause| Error::io(&name, cause))?;
    let mut piece = piece(&name, source, options).map_err(|error| error.in_input(&name))?;
    if let Some(idsig) = beside(path, "idsig").filter(|_| piece.takes_splits()) {
        piece.0.signing.add_beside(&idsig);
    }
    Ok(piece)
}

/// As [`read_piece`], of what a user has typed: `-` is standard input.
///
/// # Errors
/// As [`read`].
pub fn read_given(path: &Path, options: Options<'_>) -> Result<Piece, Error> {
    if path != Path::new("-") {
        return read_piece(path, options);
    }
    let source = Source::standard_input().map_err(|cause| Error::io("stdin", cause))?;
    piece("stdin", source, options).map_err(|error| error.in_input("stdin"))
}

/// The beginning of a file that stands beside an app under its name with one more ending.
fn beside(path: &Path, ending: &str) -> Option<Vec<u8>> {
    if is_address(path) {
        return None;
    }
    let name = format!("{}.{ending}", path.file_name()?.to_str()?);
    let source = Source::open(&path.with_file_name(name)).ok()?;
    let mut head = vec![0; MAX_BESIDE];
    let length = source.read_at(0, &mut head).ok()?;
    head.truncate(length);
    Some(head)
}

/// Reads from an open source; `name` serves for messages and results.
///
/// # Errors
/// As [`read`].
pub fn read_source(name: &str, source: Source, options: Options<'_>) -> Result<App, Error> {
    Ok(assemble(piece(name, source, options)?, Vec::new()))
}

/// What tells which app a file belongs to, from its manifest alone: application id, version code, and the name of the split where it is
/// a part.
pub fn identify(path: &Path) -> Option<(String, Option<u64>, Option<String>)> {
    let archive = Archive::open(Source::open(path).ok()?).ok()?;
    let container = container("", &archive, true).ok().filter(|container| *container == Container::Apk)?;
    let options = Options::default();
    let reader = Reader { archive: &archive, name: "", container, module: None, options, body_of: None, depth: 0 };
    let manifest = Buffers::with(|buffers| reader.manifest(buffers)).ok()?;
    Some((manifest.application_id, manifest.version_code, manifest.split))
}

/// Whether it is a dex file and nothing else: the "Janus" trick puts one in front of an archive.
fn is_bare_dex(head: &[u8], source: &Source, budget: &Budget) -> bool {
    (head.starts_with(b"dex\n") || head.starts_with(b"cdex")) && !zip::is_archive(source, budget)
}

fn piece(name: &str, source: Source, options: Options<'_>) -> Result<Piece, Error> {
    let head = check_kind(name, &source)?;
    let trouble = source.trouble();
    trouble.over(read_pieces(name, &head, source, options))
}

fn read_pieces(name: &str, head: &[u8], source: Source, options: Options<'_>) -> Result<Piece, Error> {
    let budget = Arc::new(Budget::new(options.limits));
    if is_bare_dex(head, &source, &budget) {
        let sha256 = if options.hash { sha256(&source) } else { Ok(String::new()) };
        let sha256 = sha256.map_err(|cause| Error::io(name, cause))?;
        let app = found::bare_dex(name, &source, options, &budget)?;
        return Ok(Piece(App { source: SourceInfo { path: name.to_owned(), sha256, bytes: source.len() }, ..app }));
    }
    let archive = Archive::open_sharing(source, budget)?;
    let container = container(name, &archive, options.libraries)?;
    let reader = Reader { archive: &archive, name, container, module: None, options, body_of: None, depth: 0 };
    archive.source().foresee(|| reader.ranges()).map_err(|cause| Error::io(name, cause))?;
    let hash = || if options.hash { sha256(archive.source()) } else { Ok(String::new()) };
    let (hash, mut app) = Buffers::with(|buffers| {
        // A file without a manifest is no app; nobody waits for its hash.
        let manifest = match container {
            Container::Apk | Container::Aar | Container::Jar => Some(reader.manifest(buffers)?),
            _ => None,
        };
        let facts = |buffers: &mut Buffers| match manifest {
            Some(manifest) => {
                let facts = reader.facts(&manifest, buffers);
                Ok(App { manifest, ..facts })
            }
            None if container == Container::Aab => bundle::read_for_publishing(&reader, buffers),
            None => bundle::read(&reader, buffers),
        };
        let (hash, app) =
            if options.parallel { rayon::join(hash, || facts(buffers)) } else { (hash(), facts(buffers)) };
        Ok::<_, Error>((hash, app?))
    })?;
    let sha256 = hash.map_err(|cause| Error::io(name, cause))?;
    app.source = SourceInfo { path: name.to_owned(), sha256, bytes: archive.source().len() };
    if app.container.is_bundle() {
        app.tampering.extend(archive.irregularities());
    } else {
        app.signing = signing::read(&archive);
        app.tampering = archive.irregularities();
    }
    app.gaps.extend(directory_gap(&archive));
    Ok(Piece(app))
}
