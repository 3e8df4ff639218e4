//! Several APKs in one zip: XAPK (APKPure), APKS (bundletool, SAI), APKM (APKMirror), and any zip of APKs. What belongs together is
//! decided by the manifests inside, and an index file is asked only where they leave it open.

use super::container::Container;
use super::limits::Budget;
use super::manifest::Manifest;
use super::parts::{Part, another_build, broken, foreign, part_of};
use super::reader::{Reader, directory_gap, gap};
use super::zip::{Archive, Buffers, Entry};
use super::{App, Gap, proto, signing};
use crate::error::Error;
use crate::lang::Text;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Largest index file that is looked at, in bytes; real ones have some kilobytes.
const MAX_INDEX: u64 = 1 << 20;
/// Beside the APKs: what shops and tools put into a bundle for themselves.
const BESIDE: [&str; 13] =
    ["json", "pb", "png", "jpg", "jpeg", "webp", "gif", "txt", "md", "html", "xml", "idsig", "sha256"];

/// Modules of a bundle for publishing that are read: each is looked for among all entries.
const MAX_MODULES: usize = 200;
/// Where a bundle for publishing keeps a module's manifest.
const MODULE_MANIFEST: &str = "/manifest/AndroidManifest.xml";

/// Whether an entry is an APK by its name.
pub fn is_apk(name: &str) -> bool {
    name.rsplit_once('.').is_some_and(|(_, kind)| kind.eq_ignore_ascii_case("apk"))
}

/// An APK inside the bundle.
struct Inner<'a> {
    entry: &'a Entry,
    archive: Archive,
    manifest: Manifest,
}

impl Inner<'_> {
    fn identity(&self) -> (String, Option<u64>) {
        (self.manifest.application_id.clone(), self.manifest.version_code)
    }

    /// Of several builds of one part, the first that is no app for devices of old or without installation.
    fn rank(&self) -> (bool, &str) {
        let name = self.entry.name.as_str();
        (["standalones/", "instant/", "system/"].iter().any(|folder| name.starts_with(folder)), name)
    }
}

/// Reads a zip of APKs as one app.
pub fn read(outer: &Reader<'_>, buffers: &mut Buffers) -> Result<App, Error> {
    let mut app = App::empty(outer.container);
    let (inner, first_error) = open_all(outer, buffers, &mut app);
    let Some(of_app) = choose(outer.archive, inner, &mut app, buffers)? else {
        return Err(first_error.unwrap_or_else(super::container::no_manifest));
    };
    let (mut read, mut seen): (Vec<Inner<'_>>, BTreeSet<Option<String>>) = (Vec::new(), BTreeSet::new());
    for one in of_app {
        if seen.insert(one.manifest.split.clone()) {
            read.push(one);
        } else {
            app.parts.push(Part { unread: Some(another_build()), ..part(&one) });
        }
    }
    // The base comes first, the parts by name.
    read.sort_by(|a, b| (&a.manifest.split, a.rank()).cmp(&(&b.manifest.split, b.rank())));
    let mut whole: Option<App> = None;
    for one in read {
        let part = part(&one);
        let reader = Reader {
            archive: &one.archive,
            name: &one.entry.name,
            container: Container::Apk,
            module: None,
            options: outer.options,
            body_of: None,
            depth: outer.depth + 1,
        };
        let facts = reader.facts(&one.manifest, buffers);
        let facts = App { signing: signing::read(&one.archive), manifest: one.manifest, ..facts };
        let mut facts = App { tampering: one.archive.irregularities(), ..facts };
        facts.gaps.extend(directory_gap(&one.archive));
        match &mut whole {
            Some(whole) => whole.absorb(facts, part),
            None => {
                facts.become_part(&part.name);
                whole = Some(App { container: outer.container, parts: vec![part], ..facts });
            }
        }
    }
    let mut whole = whole.ok_or_else(super::container::no_manifest)?;
    beside(outer.archive, &mut app);
    app.parts.sort_by(|a, b| a.name.cmp(&b.name));
    whole.parts.append(&mut app.parts);
    whole.gaps.append(&mut app.gaps);
    Ok(whole)
}

fn part(inner: &Inner<'_>) -> Part {
    let bytes = inner.entry.size;
    let split = inner.manifest.split.clone();
    Part { name: inner.entry.name.clone(), split, bytes, sha256: None, unread: None }
}

/// Opens every APK and reads its manifest. What cannot be read is a gap of the whole; the first such error is told where nothing can.
fn open_all<'a>(outer: &Reader<'a>, buffers: &mut Buffers, app: &mut App) -> (Vec<Inner<'a>>, Option<Error>) {
    let (mut inner, mut first_error) = (Vec::new(), None);
    for entry in outer.archive.entries().iter().filter(|entry| is_apk(&entry.name)) {
        let opened = open(outer, entry, buffers);
        match opened {
            Ok(one) => inner.push(one),
            // It cannot be taken out of the bundle.
            Err(error) if error.entry.as_ref() == Some(&entry.name) => {
                app.gaps.push(gap(entry, &error, true));
                first_error.get_or_insert(error);
            }
            Err(error) => {
                app.gaps.push(broken(&entry.name, &error));
                let name = error.entry.as_ref().map_or(entry.name.clone(), |inner| format!("{}!{inner}", entry.name));
                first_error.get_or_insert(error.in_entry(&name));
            }
        }
    }
    (inner, first_error)
}

fn open<'a>(outer: &Reader<'a>, entry: &'a Entry, buffers: &mut Buffers) -> Result<Inner<'a>, Error> {
    let budget: &Arc<Budget> = outer.archive.budget();
    budget.check_depth(outer.depth + 1).map_err(|error| error.in_entry(&entry.name))?;
    let archive = Archive::open_sharing(outer.archive.unpack(entry, buffers)?, Arc::clone(budget))?;
    let manifest = Reader {
        archive: &archive,
        name: &entry.name,
        container: Container::Apk,
        module: None,
        options: outer.options,
        body_of: None,
        depth: outer.depth + 1,
    }
    .manifest(buffers)?;
    Ok(Inner { entry, archive, manifest })
}

/// The APKs of the app that the bundle is made for; the others are named. `None` where there is no APK that can be read.
fn choose<'a>(
    archive: &Archive,
    inner: Vec<Inner<'a>>,
    app: &mut App,
    buffers: &mut Buffers,
) -> Result<Option<Vec<Inner<'a>>>, Error> {
    let mut groups: BTreeMap<(String, Option<u64>), Vec<Inner<'a>>> = BTreeMap::new();
    for one in inner {
        groups.entry(one.identity()).or_default().push(one);
    }
    let has_base = |group: &[Inner<'a>]| group.iter().any(|one| one.manifest.split.is_none());
    let mut whole: Vec<&(String, Option<u64>)> =
        groups.iter().filter(|(_, group)| has_base(group)).map(|(identity, _)| identity).collect();
    if whole.len() > 1
        && let Some(named) = indexed(archive, buffers)
    {
        whole.retain(|(id, _)| *id == named);
    }
    let chosen = match (whole.as_slice(), groups.len()) {
        (_, 0) => return Ok(None),
        ([one], _) => (*one).clone(),
        // Parts alone: whatever is there, and the base is missing.
        ([], 1) => groups.keys().next().cloned().unwrap_or_default(),
        _ => return Err(several(groups.keys())),
    };
    let mut of_app = groups.remove(&chosen).unwrap_or_default();
    of_app.sort_by(|a, b| a.rank().cmp(&b.rank()));
    for one in groups.values().flatten() {
        let (part, gap) = foreign(&one.entry.name, &one.manifest);
        app.parts.push(Part { bytes: one.entry.size, ..part });
        app.gaps.push(gap);
    }
    Ok(Some(of_app))
}

/// The application id that an index names: `manifest.json` of an XAPK, `info.json` of an APKM.
fn indexed(archive: &Archive, buffers: &mut Buffers) -> Option<String> {
    let index = |name: &str, key: &str, buffers: &mut Buffers| {
        let entry = archive.entry(name).filter(|entry| entry.size <= MAX_INDEX)?;
        let json: serde_json::Value = serde_json::from_slice(archive.read(entry, buffers).ok()?).ok()?;
        Some(json.get(key)?.as_str()?.to_owned())
    };
    index("manifest.json", "package_name", buffers).or_else(|| index("info.json", "pname", buffers))
}

fn several<'i>(identities: impl Iterator<Item = &'i (String, Option<u64>)>) -> Error {
    let names: Vec<String> = identities
        .map(|(id, version)| version.map_or_else(|| id.clone(), |version| format!("{id} {version}")))
        .collect();
    Error::new(
        Text::new(
            format!("it holds several apps ({})", names.join(", ")),
            format!("其中有多个应用（{}）", names.join("、")),
        ),
        Text::new("unpack it and give the folder: each app is read by itself", "请解压后提供该目录：各应用将分别读取"),
    )
}

/// Names what lies beside the APKs and may be part of the app: OBB files and whatever else is no picture and no index.
fn beside(archive: &Archive, app: &mut App) {
    for entry in archive.entries().iter().filter(|entry| !entry.name.ends_with('/') && !is_apk(&entry.name)) {
        let kind = entry.name.rsplit_once('.').map(|(_, kind)| kind.to_ascii_lowercase()).unwrap_or_default();
        if entry.name.starts_with("META-INF/") || BESIDE.contains(&kind.as_str()) {
            continue;
        }
        let unread = match kind.as_str() {
            "obb" => Text::new("is not read: expansion data (OBB)", "未读取：扩展数据文件（OBB）"),
            _ => Text::new("is not read: it is no APK", "未读取：不是 APK"),
        };
        let (name, bytes) = (entry.name.clone(), entry.size);
        app.parts.push(Part { name, split: None, bytes, sha256: None, unread: Some(unread) });
    }
}

/// The name that an entry of a bundle for publishing has in the APK that is built of its module (developer.android.com, "The Android App
/// Bundle format"); `None` where it belongs to another module.
pub fn in_module<'e>(entry: &'e str, module: &str) -> Option<&'e str> {
    let name = entry.strip_prefix(module)?.strip_prefix('/')?;
    let unpacked = |folder: &str| name.strip_prefix(folder);
    Some(unpacked("dex/").or_else(|| unpacked("root/")).or_else(|| unpacked("manifest/")).unwrap_or(name))
}

/// Modules of a bundle for publishing, the base first; empty for any other archive.
pub fn modules(archive: &Archive) -> Vec<&str> {
    let module =
        |entry: &'_ Entry| entry.name.strip_suffix(MODULE_MANIFEST).filter(|name| !name.contains('/')).map(str::len);
    let mut found: Vec<&str> =
        archive.entries().iter().filter_map(|entry| Some(&entry.name[..module(entry)?])).collect();
    found.sort_by_key(|name| (*name != "base", *name));
    found.dedup();
    if found.first() == Some(&"base") { found } else { Vec::new() }
}

/// Reads a bundle for publishing (AAB): its modules, each with a manifest in protocol buffers, dex files, libraries and files.
pub fn read_for_publishing(outer: &Reader<'_>, buffers: &mut Buffers) -> Result<App, Error> {
    let (archive, mut whole): (_, Option<App>) = (outer.archive, None);
    let modules = modules(archive);
    for module in modules.iter().copied().take(MAX_MODULES) {
        let reader = Reader { module: Some(module), ..*outer };
        let entry = format!("{module}{MODULE_MANIFEST}");
        let manifest = proto::manifest(&reader, module, &entry, buffers);
        let manifest = match (manifest, &mut whole) {
            (Ok(manifest), _) => manifest,
            (Err(error), None) => return Err(error),
            (Err(error), Some(whole)) => {
                whole.gaps.push(broken(&entry, &error));
                Manifest::default()
            }
        };
        let facts = reader.facts(&manifest, buffers);
        let facts = App { manifest, manifest_entry: entry, ..facts };
        let part = part_of(&facts, module.to_owned());
        match &mut whole {
            Some(whole) => whole.absorb(facts, part),
            None => whole = Some(App { parts: vec![part], ..facts }),
        }
    }
    let mut whole = whole.ok_or_else(super::container::no_manifest)?;
    if let Some(further) = modules.get(MAX_MODULES) {
        let count = modules.len() - MAX_MODULES;
        let reason = Text::new(
            format!("and {} more modules are not read: no real bundle has so many", count - 1),
            format!("及另外 {} 个模块未读取：真实的包不会有这么多模块", count - 1),
        );
        whole.gaps.push(Gap { entry: format!("{further}/"), reason, hides_code: true });
    }
    let modules: BTreeSet<&str> = modules.into_iter().collect();
    let folder = |entry: &Entry| entry.name.split_once('/').is_some_and(|(folder, _)| modules.contains(folder));
    let outside = archive.entries().iter().filter(|entry| !folder(entry));
    whole.assets.extend(outside.map(|entry| entry.name.clone()));
    Ok(whole)
}
