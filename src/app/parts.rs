//! The parts of one app, read one by one, made into one [`App`].

use super::manifest::{self, Manifest};
use super::reader::missing_code;
use super::{App, Classes, Container, Gap, MANIFEST};
use crate::error::Error;
use crate::lang::Text;
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::Arc;

/// A file or folder that an app comes in, beside others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// Entry of the bundle, folder of the bundle for publishing, or name of the file.
    pub name: String,
    /// What its manifest calls it; `None` for the base, and for what is no APK.
    pub split: Option<String>,
    /// Length in bytes; 0 for a folder.
    pub bytes: u64,
    /// SHA-256 of a file of its own, hex. What lies inside another file is covered by that one's.
    pub sha256: Option<String>,
    /// Why it was not read; `None` where it was. A predicate of its name.
    pub unread: Option<Text>,
}

/// One file, read, before it is known whether it is an app of its own or a part of one. [`assemble`] makes apps of pieces.
#[derive(Debug)]
pub struct Piece(pub(super) App);

impl Piece {
    /// The application id, and the version code where there is one: what the parts of one app have in common.
    pub fn identity(&self) -> (&str, Option<u64>) {
        (&self.0.manifest.application_id, self.0.manifest.version_code)
    }

    /// Whether it is a part of an app, and not its base.
    pub fn is_split(&self) -> bool {
        self.0.manifest.split.is_some()
    }

    /// Whether further parts may belong to it: it is a base, or an app in one file.
    pub fn takes_splits(&self) -> bool {
        self.0.container == Container::Apk && !self.is_split()
    }

    /// Path of the file, as the user gave it.
    pub fn path(&self) -> &str {
        &self.0.source.path
    }
}

/// One app of a base and the parts that belong to it; of the base alone where there are none.
pub fn assemble(base: Piece, splits: Vec<Piece>) -> App {
    let mut app = base.0;
    if !splits.is_empty() {
        app.container = Container::Splits;
        let name = file_name(&app.source.path);
        let part = Part { sha256: Some(app.source.sha256.clone()), ..part_of(&app, name) };
        app.become_part(&part.name);
        app.parts = vec![part];
    }
    for Piece(split) in splits {
        let part = Part { sha256: Some(split.source.sha256.clone()), ..part_of(&split, file_name(&split.source.path)) };
        if app.parts.iter().any(|known| known.split == part.split) {
            app.parts.push(Part { unread: Some(another_build()), ..part });
        } else {
            app.absorb(split, part);
        }
    }
    app.settle();
    app
}

/// What is known of a part that was read.
pub fn part_of(app: &App, name: String) -> Part {
    Part { name, split: app.manifest.split.clone(), bytes: app.source.bytes, sha256: None, unread: None }
}

fn file_name(path: &str) -> String {
    let name = std::path::Path::new(path).file_name().map(|name| name.to_string_lossy().into_owned());
    name.unwrap_or_else(|| path.to_owned())
}

impl App {
    /// Writes `part!` before every entry, so that evidence names the file it was seen in.
    pub(super) fn become_part(&mut self, part: &str) {
        let inside = |entry: &mut String| *entry = format!("{part}!{entry}");
        for facts in &mut self.classes.packages {
            inside(&mut facts.dex);
        }
        let mut renamed: Vec<(Arc<str>, Arc<str>)> = Vec::new();
        for reference in &mut self.classes.references {
            let known = renamed.iter().find(|(from, _)| Arc::ptr_eq(from, &reference.entry)).map(|(_, to)| to.clone());
            let to = known.unwrap_or_else(|| format!("{part}!{}", reference.entry).into());
            let from = std::mem::replace(&mut reference.entry, to.clone());
            if !renamed.iter().any(|(known, _)| Arc::ptr_eq(known, &from)) {
                renamed.push((from, to));
            }
        }
        self.native_libs.iter_mut().for_each(|library| inside(&mut library.entry));
        self.assets.iter_mut().for_each(inside);
        self.version_files.iter_mut().for_each(|(entry, _)| inside(entry));
        self.gaps.iter_mut().for_each(|gap| inside(&mut gap.entry));
        self.tampering.iter_mut().for_each(|one| inside(&mut one.entry));
        self.classes.dex_elsewhere.iter_mut().for_each(inside);
        self.sealed.iter_mut().for_each(|one| inside(&mut one.entry));
        self.nested.iter_mut().for_each(|app| inside(&mut app.source.path));
        self.manifest_entry = format!("{part}!{}", self.manifest_entry);
    }

    /// Takes over all that a further part holds. Its entries get the part's name, unless they have it already.
    pub(super) fn absorb(&mut self, mut other: App, part: Part) {
        if self.container != Container::Aab {
            other.become_part(&part.name);
        }
        self.classes.absorb(other.classes);
        self.native_libs.append(&mut other.native_libs);
        self.assets.append(&mut other.assets);
        self.version_files.append(&mut other.version_files);
        self.tampering.append(&mut other.tampering);
        self.gaps.append(&mut other.gaps);
        self.sealed.append(&mut other.sealed);
        self.nested.append(&mut other.nested);
        if self.container != Container::Aab {
            self.signing.compare(&other.signing, &part.name);
        }
        self.further.push((other.manifest, other.manifest_entry));
        self.parts.push(part);
    }

    /// The base's manifest stands; parts add what only they say. Build tools write what a feature brings into both.
    fn settle_manifests(&mut self) {
        let (own, elsewhere) = (&mut self.manifest, &mut self.elsewhere);
        let mut named: BTreeMap<String, String> = BTreeMap::new();
        let mut known = Known::of(own);
        for (other, entry) in std::mem::take(&mut self.further) {
            let mut note = |name: &str| _ = named.entry(name.to_owned()).or_insert_with(|| entry.clone());
            own.requested_permissions.extend(other.requested_permissions.into_iter().filter(|one| {
                known.is_new(format!("request {} {:?} {}", one.name, one.max_sdk_version, one.sdk_23), || {
                    note(&one.name)
                })
            }));
            own.defined_permissions.extend(
                other
                    .defined_permissions
                    .into_iter()
                    .filter(|one| known.is_new(format!("define {}", one.name), || note(&one.name))),
            );
            own.components.extend(
                other
                    .components
                    .into_iter()
                    .filter(|one| known.is_new(format!("component {:?} {}", one.kind, one.class), || note(&one.class))),
            );
            own.meta_data.extend(
                other.meta_data.into_iter().filter(|one| {
                    known.is_new(format!("meta-data {} {:?}", one.name, one.component), || note(&one.name))
                }),
            );
            own.queries.extend(other.queries.into_iter().filter(|one| known.is_new(format!("{one:?}"), || {})));
            own.features
                .extend(other.features.into_iter().filter(|one| known.is_new(format!("feature {}", one.name), || {})));
        }
        // What the base's manifest names as well is shown there.
        let base: HashSet<&str> = known.base.iter().map(String::as_str).collect();
        elsewhere.extend(named.into_iter().filter(|(name, _)| !base.contains(name.as_str())));
    }

    /// Brings everything into its order, once all parts are there.
    pub(super) fn settle(&mut self) {
        self.classes.settle();
        self.native_libs.sort_by(|a, b| a.entry.cmp(&b.entry));
        self.assets.sort();
        self.version_files.sort();
        if !self.further.is_empty() {
            self.settle_manifests();
            self.manifest.implied_permissions = manifest::implied(&self.manifest);
        }
        self.part_names = self.parts.iter().map(|part| part.name.clone()).collect();
        self.gaps.extend(missing_code(self));
        self.gaps.extend(lone_split(self));
        self.gaps.sort_by(|a, b| a.entry.cmp(&b.entry));
        self.classes.dex_elsewhere.sort();
        self.sealed.sort_by(|a, b| a.entry.cmp(&b.entry));
        self.nested.sort_by(|a, b| a.source.path.cmp(&b.source.path));
        self.tampering.sort();
    }

    /// The name that an entry has in its own part: `assets/a.xml` for `base.apk!assets/a.xml` and `base/assets/a.xml`.
    pub fn local<'e>(&self, entry: &'e str) -> &'e str {
        if self.part_names.is_empty() {
            return entry;
        }
        let is_part = |name: &str| self.part_names.contains(name);
        let local = if self.container == Container::Aab {
            let module = entry.split('/').next().filter(|module| is_part(module));
            module.and_then(|module| super::bundle::in_module(entry, module))
        } else {
            let mut ends = entry.match_indices('!').filter(|(at, _)| is_part(&entry[..*at]));
            ends.next().map(|(at, _)| &entry[at + 1..])
        };
        local.unwrap_or(entry)
    }

    /// The entry of the manifest in which something is named: a permission, a component, a key of meta-data.
    pub fn manifest_of(&self, name: &str) -> &str {
        self.elsewhere.get(name).unwrap_or(&self.manifest_entry)
    }

    /// An app of which nothing is known.
    pub(super) fn empty(container: Container) -> App {
        App {
            source: super::SourceInfo { path: String::new(), sha256: String::new(), bytes: 0 },
            container,
            parts: Vec::new(),
            manifest: Manifest::default(),
            manifest_entry: MANIFEST.to_owned(),
            elsewhere: BTreeMap::new(),
            further: Vec::new(),
            part_names: BTreeSet::new(),
            classes: Classes::default(),
            native_libs: Vec::new(),
            assets: Vec::new(),
            version_files: Vec::new(),
            nested: Vec::new(),
            sealed: Vec::new(),
            signing: super::signing::Signing::default(),
            tampering: Vec::new(),
            gaps: Vec::new(),
        }
    }
}

/// What a manifest says already, so that a part adds what is new only.
struct Known {
    said: HashSet<String>,
    /// Names in the base's manifest.
    base: Vec<String>,
}

impl Known {
    fn of(own: &Manifest) -> Known {
        let requests = own.requested_permissions.iter();
        let requests = requests.map(|one| format!("request {} {:?} {}", one.name, one.max_sdk_version, one.sdk_23));
        let defines = own.defined_permissions.iter().map(|one| format!("define {}", one.name));
        let components = own.components.iter().map(|one| format!("component {:?} {}", one.kind, one.class));
        let meta_data = own.meta_data.iter().map(|one| format!("meta-data {} {:?}", one.name, one.component));
        let queries = own.queries.iter().map(|one| format!("{one:?}"));
        let features = own.features.iter().map(|one| format!("feature {}", one.name));
        let said = requests.chain(defines).chain(components).chain(meta_data).chain(queries).chain(features).collect();
        let names = own.requested_permissions.iter().map(|one| &one.name);
        let names = names.chain(own.defined_permissions.iter().map(|one| &one.name));
        let names = names.chain(own.components.iter().map(|one| &one.class));
        let base = names.chain(own.meta_data.iter().map(|one| &one.name)).cloned().collect();
        Known { said, base }
    }

    fn is_new(&mut self, what: String, note: impl FnOnce()) -> bool {
        let new = self.said.insert(what);
        if new {
            note();
        }
        new
    }
}

impl Classes {
    fn absorb(&mut self, mut other: Classes) {
        self.dex_total += other.dex_total;
        self.dex_read += other.dex_read;
        self.dex_elsewhere.append(&mut other.dex_elsewhere);
        self.defined = self.defined.saturating_add(other.defined);
        self.short_names = self.short_names.saturating_add(other.short_names);
        self.broken_methods = self.broken_methods.saturating_add(other.broken_methods);
        self.references_scanned &= other.references_scanned;
        self.links_followed &= other.links_followed;
        self.packages.append(&mut other.packages);
        self.constants.append(&mut other.constants);
        self.references.append(&mut other.references);
        self.links.append(&mut other.links);
    }
}

/// A part without its base: nearly all of the app is elsewhere.
fn lone_split(app: &App) -> Option<Gap> {
    let split = app.manifest.split.as_ref().filter(|_| !app.container.is_library())?;
    Some(Gap {
        entry: app.manifest_entry.clone(),
        reason: Text::new(
            format!(
                "is that of one part ({split}) of a split app, and the app's base is not there: give all parts together"
            ),
            format!("属于拆分应用的一个部分（{split}），而其基础包不在其中：请将所有部分一并提供"),
        ),
        hides_code: true,
    })
}

/// Why a part stays unread: another build of what is read already.
pub fn another_build() -> Text {
    Text::new("is another build of a part that was read", "是已读取部分的另一构建")
}

/// What is left out of an app because it is not the app's.
pub fn foreign(name: &str, manifest: &Manifest) -> (Part, Gap) {
    let (id, version) =
        (&manifest.application_id, manifest.version_code.map_or("?".to_owned(), |code| code.to_string()));
    let reason = Text::new(
        format!("is not read: it belongs to another app or version ({id}, version code {version})"),
        format!("未读取：它属于另一个应用或版本（{id}，版本号 {version}）"),
    );
    let part = Part {
        name: name.to_owned(),
        split: manifest.split.clone(),
        bytes: 0,
        sha256: None,
        unread: Some(reason.clone()),
    };
    (part, Gap { entry: name.to_owned(), reason, hides_code: false })
}

/// A part that could not be read, as a gap of the whole.
pub fn broken(name: &str, error: &Error) -> Gap {
    let inner = error.entry.as_deref().map(|entry| format!("{entry} ")).unwrap_or_default();
    let message = &error.message;
    Gap {
        entry: name.to_owned(),
        reason: Text::new(format!("cannot be read: {inner}{}", message.en), format!("无法读取：{inner}{}", message.zh)),
        hides_code: true,
    }
}
