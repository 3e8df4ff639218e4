//! Code in places where Android does not look by itself: dex files under other names, archives with dex files, whole apps among the
//! assets. An app loads or installs such things at run time; what they hold is read and named by where it lies.

use super::bytes::Source;
use super::container::{self, Container};
use super::limits::Budget;
use super::manifest::Manifest;
use super::parts::broken;
use super::reader::{Reader, dex_facts, dex_number, gap};
use super::zip::{Archive, Buffers, Entry};
use super::{App, Gap, MANIFEST, Sealed, SourceInfo};
use crate::error::Error;
use crate::lang::Text;
use std::sync::Arc;

/// What every build puts into an app by the thousand, and nobody loads as code. Where it is large, its head is looked at all the same.
const QUIET: [&str; 36] = [
    // Tables of ICU, by the thousand in apps that bring their own.
    "res",
    "java",
    "png",
    "jpg",
    "jpeg",
    "webp",
    "gif",
    "svg",
    "xml",
    "json",
    "html",
    "htm",
    "css",
    "js",
    "map",
    "txt",
    "md",
    "csv",
    "yml",
    "properties",
    "ttf",
    "otf",
    "woff",
    "woff2",
    "mp3",
    "mp4",
    "ogg",
    "wav",
    "m4a",
    "aac",
    "webm",
    "lottie",
    "proto",
    "version",
    "kotlin_module",
    "kotlin_builtins",
];
/// From this size on, in bytes, a name alone says nothing.
const LOUD: u64 = 32 << 10;
/// A dex file has a header of 112 bytes, and an archive an end record of 22; nothing shorter holds code.
const SMALLEST: u64 = 64;
/// Bytes that tell what an entry is.
const HEAD: usize = 8;

/// What the first bytes say.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Dex,
    /// `cdex`, which only ART's own cache holds.
    CompactDex,
    /// `dey\n`, what Dalvik made of a dex file on the device.
    OptimisedDex,
    Archive,
}

fn kind(head: &[u8]) -> Option<Kind> {
    match head {
        [b'd', b'e', b'x', b'\n', b'0'..=b'9', ..] => Some(Kind::Dex),
        [b'c', b'd', b'e', b'x', b'0'..=b'9', ..] => Some(Kind::CompactDex),
        [b'd', b'e', b'y', b'\n', b'0'..=b'9', ..] => Some(Kind::OptimisedDex),
        [b'P', b'K', 3, 4, ..] => Some(Kind::Archive),
        _ => None,
    }
}

fn ending(name: &str) -> String {
    let file = name.rsplit('/').next().unwrap_or(name);
    file.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase()).unwrap_or_default()
}

/// Whether a name promises code: what is called so and is something else may be encrypted.
fn is_named_as_code(ending: &str) -> bool {
    matches!(ending, "dex" | "jar" | "apk")
}

/// Whether an entry may hold code, before its bytes are looked at.
fn is_worth_a_look(name: &str, size: u64) -> bool {
    let beside = name.starts_with("META-INF/") || (name.starts_with("res/") && !name.starts_with("res/raw/"));
    let quiet = || size < LOUD && QUIET.contains(&ending(name).as_str());
    size >= SMALLEST && name != "resources.arsc" && !beside && !quiet()
}

impl Reader<'_> {
    /// Whether the head of an entry is looked at that is not where an app's code lies.
    pub(super) fn may_hold_code(&self, entry: &Entry, name: &str) -> bool {
        !self.container.is_library() && is_worth_a_look(name, entry.size)
    }

    /// Looks into an entry that is not where an app's code lies. `name` is the one it has in an APK.
    pub(super) fn look_inside(&self, entry: &Entry, name: &str, app: &mut App, buffers: &mut Buffers) {
        if !self.may_hold_code(entry, name) {
            return;
        }
        let ending = ending(name);
        let Some(head) = self.archive.peek::<HEAD>(entry, buffers) else { return };
        match kind(&head) {
            None if is_named_as_code(&ending) => app.sealed.push(Sealed::by_name(&entry.name)),
            None => {}
            Some(Kind::Archive) => {
                let inside = Inside { of: self, path: entry.name.clone(), depth: self.depth + 1, app };
                inside.archive(self.archive, entry, is_named_as_code(&ending), buffers);
            }
            Some(kind) => take_dex(self, self.archive, entry, &entry.name, kind, app, buffers),
        }
    }
}

fn take_dex(
    of: &Reader<'_>,
    archive: &Archive,
    entry: &Entry,
    path: &str,
    kind: Kind,
    app: &mut App,
    buffers: &mut Buffers,
) {
    if kind == Kind::OptimisedDex {
        let reason = Text::new(
            "is a dex file that a device has optimised (odex), which is not read",
            "是设备优化过的 dex 文件（odex），无法读取",
        );
        app.gaps.push(Gap { entry: path.to_owned(), reason, hides_code: true });
        return;
    }
    let facts =
        archive.read(entry, buffers).and_then(|bytes| dex_facts(bytes, archive.budget(), of.options, of.body_of));
    app.classes.dex_elsewhere.push(path.to_owned());
    app.classes.take(path, facts, &mut app.gaps);
}

/// An archive inside the app.
struct Inside<'a, 'r> {
    of: &'a Reader<'r>,
    /// Its own path, from the app on.
    path: String,
    /// Archives around what it holds.
    depth: u32,
    app: &'a mut App,
}

impl Inside<'_, '_> {
    /// Opens an archive that lies in `around`. `promised` says that its name promises code.
    fn archive(self, around: &Archive, entry: &Entry, promised: bool, buffers: &mut Buffers) {
        let budget = around.budget();
        if let Err(error) = budget.check_depth(self.depth) {
            self.app.gaps.push(Gap { entry: self.path, reason: error.message.clone(), hides_code: true });
            return;
        }
        let source = match around.unpack(entry, buffers) {
            Ok(source) => source,
            // Damaged, or larger than anything that is read: both are told.
            Err(error) => return self.app.gaps.push(Gap { entry: self.path, ..gap(entry, &error, promised) }),
        };
        match Archive::open_sharing(source, Arc::clone(budget)) {
            Err(error) if promised => self.app.gaps.push(broken(&self.path, &error)),
            // A file that begins like an archive and has no directory is something of the app's own.
            Err(_) => self.app.sealed.push(Sealed::no_archive(&self.path)),
            Ok(archive) if archive.entry(MANIFEST).is_some() && archive.entry("classes.jar").is_none() => {
                self.app(&archive, entry, buffers);
            }
            Ok(archive) => self.files(&archive, buffers),
        }
    }

    /// A whole app: its inventory is its own.
    fn app(self, archive: &Archive, entry: &Entry, buffers: &mut Buffers) {
        let reader = Reader {
            archive,
            name: &self.path,
            container: Container::Apk,
            module: None,
            options: self.of.options,
            body_of: None,
            depth: self.depth,
        };
        let manifest = match reader.manifest(buffers) {
            Ok(manifest) => manifest,
            Err(error) => return self.app.gaps.push(Gap { hides_code: false, ..broken(&self.path, &error) }),
        };
        let facts = reader.facts(&manifest, buffers);
        let mut inner = App { manifest, ..facts };
        inner.source = SourceInfo { path: self.path.clone(), sha256: String::new(), bytes: entry.size };
        inner.settle();
        // What is unread in there hides nothing of this app, and is not passed over.
        let inside =
            |gap: &Gap| Gap { entry: format!("{}!{}", self.path, gap.entry), hides_code: false, ..gap.clone() };
        self.app.gaps.extend(inner.gaps.iter().map(inside));
        let deeper = std::mem::take(&mut inner.nested);
        self.app.nested.push(inner);
        let deeper = deeper.into_iter().map(|mut app| {
            app.source.path = format!("{}!{}", self.path, app.source.path);
            app
        });
        self.app.nested.extend(deeper);
    }

    /// An archive that is no app: a plug-in, or files for whatever purpose.
    fn files(self, archive: &Archive, buffers: &mut Buffers) {
        for entry in archive.entries() {
            let name = entry.name.as_str();
            let is_dex = dex_number(name).is_some();
            if !is_dex && !is_worth_a_look(name, entry.size) {
                continue;
            }
            let path = format!("{}!{name}", self.path);
            let kind = archive.peek::<HEAD>(entry, buffers).and_then(|head| kind(&head));
            match kind {
                Some(Kind::Archive) => {
                    let inside = Inside { of: self.of, path, depth: self.depth + 1, app: &mut *self.app };
                    inside.archive(archive, entry, is_named_as_code(&ending(name)), buffers);
                }
                Some(kind) => take_dex(self.of, archive, entry, &path, kind, self.app, buffers),
                // Something that Android would load, and that is no dex file: damaged or encrypted.
                None if is_dex => take_dex(self.of, archive, entry, &path, Kind::Dex, self.app, buffers),
                None => {}
            }
        }
    }
}

impl Sealed {
    fn by_name(entry: &str) -> Sealed {
        let reason = Text::new(
            "is named like code and does not begin like it; it may be encrypted",
            "名称似代码而内容不是；可能已加密",
        );
        Sealed { entry: entry.to_owned(), reason }
    }

    fn no_archive(entry: &str) -> Sealed {
        let reason = Text::new("begins like an archive and is none", "开头似压缩包而实际不是");
        Sealed { entry: entry.to_owned(), reason }
    }
}

/// Reads a dex file that was given by itself.
///
/// # Errors
/// When it cannot be read: then there is nothing to say.
pub fn bare_dex(name: &str, source: &Source, options: super::Options<'_>, budget: &Budget) -> Result<App, Error> {
    if !options.libraries {
        return Err(container::bare_dex());
    }
    let length = source.len();
    budget.check(length).and_then(|()| budget.check_entry(length))?;
    let none = Manifest::default();
    let mut bytes = vec![0; length as usize];
    let got = source.read_at(0, &mut bytes).map_err(|cause| Error::io(name, cause))?;
    bytes.truncate(got);
    let file = std::path::Path::new(name).file_name().map(|file| file.to_string_lossy().into_owned());
    let body_of = options.bodies.map(|bodies| bodies.of_app(&none));
    let facts = dex_facts(&bytes, budget, options, body_of.as_deref())?;
    let mut app = App::empty(Container::Dex);
    app.classes.references_scanned = options.wanted.is_some();
    app.classes.links_followed = options.wanted.is_some() && options.bodies.is_some();
    app.classes.take(file.as_deref().unwrap_or(name), Ok(facts), &mut app.gaps);
    Ok(app)
}
