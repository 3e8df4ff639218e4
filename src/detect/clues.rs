//! Collects what speaks for each SDK.

use super::{Census, Evidence, Presence, Signal};
use crate::app::App;
use crate::app::manifest::{Component, ComponentKind};
use crate::package::{is_at_or_below, names_a_class, package_of};
use crate::platform::packages::is_platform;
use crate::signatures::{SdkNumber, SignatureSet, Table};
use std::collections::{BTreeMap, BTreeSet};

const APPLICATION_ID: &str = "${applicationId}";

/// What speaks for one SDK: (signal, what was seen, entry) with its count. In order, so the strongest signal comes first.
#[derive(Debug, Default)]
pub struct Clues {
    seen: BTreeMap<(Signal, String, String), u32>,
    /// Libraries whose name is too common to count alone.
    weak: Vec<Evidence>,
}

impl Clues {
    /// The clues in order.
    pub fn evidence(&self) -> Vec<Evidence> {
        let clues = self.seen.iter();
        clues
            .map(|((signal, seen, entry), &count)| Evidence {
                signal: *signal,
                seen: seen.clone(),
                entry: entry.clone(),
                count,
            })
            .collect()
    }

    fn strongest(&self) -> Option<Signal> {
        self.seen.first_key_value().map(|((signal, _, _), _)| *signal)
    }

    /// The presence these clues show; `None` where only strings speak for the SDK.
    pub fn presence(&self, code_is_hidden: bool) -> Option<Presence> {
        match self.strongest()? {
            signal if signal.shows_code() => Some(Presence::Present),
            Signal::Strings => None,
            _ if code_is_hidden => Some(Presence::Unknown),
            _ => Some(Presence::ReferencedOnly),
        }
    }

    fn add(&mut self, seen: Evidence) {
        let sums = matches!(seen.signal, Signal::Classes | Signal::References | Signal::Strings);
        let count = self.seen.entry((seen.signal, seen.seen, seen.entry)).or_insert(0);
        // A component may be named twice in a manifest, and by prefix as well as by name.
        *count = if sums { *count + seen.count } else { seen.count };
    }
}

/// All clues of one app, and the packages that no signature knows.
#[derive(Debug, Default)]
pub struct Collected {
    pub sdks: BTreeMap<SdkNumber, Clues>,
    pub census: Census,
    /// Unknown packages with their class definitions.
    pub unknown: BTreeMap<String, u32>,
    /// Library files that no signature knows, with the ABIs they stand for.
    pub unknown_libs: BTreeMap<String, BTreeSet<String>>,
    /// Code under companion prefixes that have no file of their own: (owners, evidence, package).
    companions: Vec<(Vec<SdkNumber>, Evidence, String)>,
}

/// Whose a package or class is, with the length of the prefix that says so.
pub enum Owner {
    App,
    Sdk(SdkNumber, usize),
    /// Code under a prefix that these SDKs bring along.
    Companion(Vec<SdkNumber>, usize),
    Nobody,
}

/// Under which names the app's own code stands.
pub struct Own<'a> {
    application_id: &'a str,
    /// Packages of the activities that the launcher starts and of the application class. A build may change the application id
    /// (`com.acme.app.debug`) and leave the names of the code. Weaker than any signature: an SDK may own the entry activity.
    entries: Vec<&'a str>,
}

impl<'a> Own<'a> {
    /// What the manifest says of it.
    pub fn of(app: &'a App) -> Own<'a> {
        let manifest = &app.manifest;
        let starts =
            |component: &&Component| component.actions.iter().any(|action| action == "android.intent.action.MAIN");
        let activities = manifest.components.iter().filter(starts).map(|component| component.class.as_str());
        let packages = activities.chain(manifest.application_class.as_deref()).map(package_of);
        // One segment, or renamed ones, may hold anything.
        let telling = |package: &&str| package.contains('.') && package.split('.').any(|segment| segment.len() > 2);
        let entries = if app.container.is_library() { Vec::new() } else { packages.filter(telling).collect() };
        Own { application_id: app.application_id(), entries }
    }
}

/// Whose a package or class is: the longest prefix decides, and the app's own id is one of them.
pub fn owner(own: &Own<'_>, set: &SignatureSet, name: &str) -> Owner {
    // A nested class belongs to its outer one.
    let name = name.split_once('$').map_or(name, |(outer, _)| outer);
    let entries = &own.entries;
    let own = if is_at_or_below(name, own.application_id) { own.application_id.len() } else { 0 };
    let (sdk, companion) = set.match_both(name.as_bytes());
    let sdk = sdk.filter(|(length, _)| *length > own);
    let companion = companion.filter(|(length, _)| *length > own);
    match (sdk, companion) {
        (Some((length, number)), Some((longer, _))) if length >= longer => Owner::Sdk(number, length),
        (_, Some((length, owners))) => Owner::Companion(owners.collect(), length),
        (Some((length, number)), None) => Owner::Sdk(number, length),
        (None, None) if own > 0 || entries.iter().any(|entry| is_at_or_below(name, entry)) => Owner::App,
        (None, None) => Owner::Nobody,
    }
}

/// Looks at everything in an app that may speak for an SDK.
pub fn collect(app: &App, set: &SignatureSet) -> Collected {
    let mut collector = Collector { app, own: Own::of(app), set, found: Collected::default() };
    collector.packages();
    collector.components();
    collector.libraries();
    collector.names();
    collector.found.add_weak();
    collector.found
}

struct Collector<'a> {
    app: &'a App,
    own: Own<'a>,
    set: &'a SignatureSet,
    found: Collected,
}

impl Collector<'_> {
    fn owner(&self, name: &str) -> Owner {
        owner(&self.own, self.set, name)
    }

    fn packages(&mut self) {
        // Neighbours in one dex file with one owner make one line of evidence.
        for package in &self.app.classes.packages {
            let owner = self.owner(&package.name);
            // Every app refers to what the platform provides; only a copy of its own shows a library.
            let named = if is_platform(&package.name) { 0 } else { 1 };
            let counts = [
                (Signal::Classes, package.defined),
                (Signal::References, package.referenced * named),
                (Signal::Strings, package.mentioned * named),
            ];
            match owner {
                Owner::App => self.found.census.first_party += package.defined,
                Owner::Nobody => self.found.unknown_package(&package.name, package.defined),
                Owner::Sdk(number, length) => {
                    self.found.census.attributed += package.defined;
                    for (signal, count) in counts.into_iter().filter(|(_, count)| *count > 0) {
                        self.found.count(number, evidence(signal, &prefix(&package.name, length), &package.dex, count));
                    }
                }
                Owner::Companion(owners, length) => {
                    for (signal, count) in counts.into_iter().filter(|(_, count)| *count > 0) {
                        let seen = evidence(signal, &prefix(&package.name, length), &package.dex, count);
                        self.found.companions.push((owners.clone(), seen, package.name.clone()));
                    }
                }
            }
        }
    }

    fn components(&mut self) {
        let manifest = &self.app.manifest;
        for component in &manifest.components {
            let signal = match component.kind {
                ComponentKind::Activity => Signal::Activity,
                ComponentKind::Service => Signal::Service,
                ComponentKind::Receiver => Signal::Receiver,
                ComponentKind::Provider => Signal::Provider,
            };
            self.component(signal, &component.class);
        }
        // A packer's stub takes the place of the application class.
        if let Some(class) = &manifest.application_class {
            self.component(Signal::Application, class);
        }
    }

    fn component(&mut self, signal: Signal, class: &str) {
        let seen = evidence(signal, class, self.app.manifest_of(class), 1);
        for number in self.matching(Table::Component, class) {
            self.found.count(number, seen.clone());
        }
        match self.owner(class) {
            Owner::Sdk(number, _) => self.found.count(number, seen),
            Owner::Companion(owners, _) => self.found.companions.push((owners, seen, class.to_owned())),
            Owner::App | Owner::Nobody => {}
        }
    }

    fn libraries(&mut self) {
        // A library stands in one folder per ABI and counts once; its soname speaks where the file was renamed.
        let mut files: BTreeMap<&str, (&str, u32)> = BTreeMap::new();
        for library in &self.app.native_libs {
            let soname = library.dynamic.as_ref().and_then(|dynamic| dynamic.soname.as_deref());
            for name in
                [Some(library.file.as_str()), soname.filter(|soname| *soname != library.file)].into_iter().flatten()
            {
                files.entry(name).or_insert((&library.entry, 0)).1 += 1;
            }
        }
        let mut known: BTreeSet<&str> = BTreeSet::new();
        for (name, (entry, count)) in files {
            let seen = evidence(Signal::Library, name, entry, count);
            let (strong, weak) =
                (self.set.matching(Table::NativeLib, name), self.set.matching(Table::WeakNativeLib, name));
            if !(strong.is_empty() && weak.is_empty()) {
                known.insert(name);
            }
            for number in strong {
                self.found.count(number, seen.clone());
            }
            for number in weak {
                self.found.sdks.entry(number).or_default().weak.push(seen.clone());
            }
        }
        for library in &self.app.native_libs {
            let soname = library.dynamic.as_ref().and_then(|dynamic| dynamic.soname.as_deref());
            if !known.contains(library.file.as_str()) && !soname.is_some_and(|soname| known.contains(soname)) {
                self.found.unknown_libs.entry(library.file.clone()).or_default().insert(library.abi.clone());
            }
        }
    }

    /// Meta-data, permissions and files.
    fn names(&mut self) {
        let manifest = &self.app.manifest;
        let meta_data = manifest.meta_data.iter().map(|meta| (Table::MetaData, Signal::MetaData, meta.name.as_str()));
        let requested = manifest.requested_permissions.iter().map(|permission| permission.name.as_str());
        let defined = manifest.defined_permissions.iter().map(|permission| permission.name.as_str());
        let mut permissions: Vec<&str> = requested.chain(defined).collect();
        permissions.sort_unstable();
        permissions.dedup();
        let permissions = permissions.into_iter().map(|name| (Table::Permission, Signal::Permission, name));
        for (table, signal, name) in meta_data.chain(permissions) {
            for number in self.matching(table, name) {
                self.found.count(number, evidence(signal, name, self.app.manifest_of(name), 1));
            }
        }
        // Compiled resources are many and say nothing; raw ones may.
        let named = self.app.assets.iter().map(|entry| (self.app.local(entry), entry));
        for (name, entry) in named.filter(|(name, _)| !name.starts_with("res/") || name.starts_with("res/raw/")) {
            for number in self.set.matching(Table::Asset, name) {
                self.found.count(number, evidence(Signal::Asset, name, entry, 1));
            }
        }
    }

    /// Matches a name as it is, and with the app's own id replaced by its placeholder.
    fn matching(&self, table: Table, name: &str) -> Vec<SdkNumber> {
        let mut found = self.set.matching(table, name);
        let application_id = self.app.application_id();
        if !application_id.is_empty() && name.contains(application_id) {
            let general = name.replacen(application_id, APPLICATION_ID, 1);
            found.extend(self.set.matching(table, &general));
        }
        found
    }
}

impl Collected {
    fn count(&mut self, number: SdkNumber, seen: Evidence) {
        self.sdks.entry(number).or_default().add(seen);
    }

    fn unknown_package(&mut self, name: &str, defined: u32) {
        if defined == 0 {
            return;
        }
        if is_platform(name) {
            self.census.platform += defined;
        } else if is_obfuscated(name) {
            self.census.obfuscated += defined;
        } else {
            self.census.unidentified += defined;
            *self.unknown.entry(name.to_owned()).or_default() += defined;
        }
    }

    /// Who defines code needs no witnesses: references and strings speak only where nothing better does.
    pub fn drop_hearsay(&mut self) {
        for clues in self.sdks.values_mut() {
            let weakest = match clues.strongest() {
                Some(signal) if signal.shows_code() => Signal::Permission,
                Some(Signal::Strings) | None => Signal::Strings,
                Some(_) => Signal::References,
            };
            clues.seen.retain(|(signal, _, _), _| *signal <= weakest);
        }
    }

    /// A common library name counts once something else speaks for the SDK.
    fn add_weak(&mut self) {
        for clues in self.sdks.values_mut() {
            let weak = std::mem::take(&mut clues.weak);
            if clues.strongest().is_some_and(|signal| signal != Signal::Strings) {
                weak.into_iter().for_each(|seen| clues.add(seen));
            }
        }
    }

    /// Companions count for the present SDKs that bring them; without such an SDK their code is unidentified.
    pub fn settle_companions(&mut self, set: &SignatureSet) {
        for (owners, seen, package) in std::mem::take(&mut self.companions) {
            let is_present = |number: &SdkNumber| {
                self.sdks.get(number).is_some_and(|clues| clues.presence(false) == Some(Presence::Present))
            };
            let present: Vec<SdkNumber> = owners.into_iter().filter(is_present).collect();
            let defined = if seen.signal == Signal::Classes { seen.count } else { 0 };
            if present.is_empty() {
                // An identifying prefix above the companion's keeps the code.
                match set.match_package(package.as_bytes()) {
                    Some((_, number)) => {
                        self.census.attributed += defined;
                        self.count(number, seen);
                    }
                    None => self.unknown_package(&package, defined),
                }
                continue;
            }
            self.census.attributed += defined;
            for number in present {
                self.count(number, seen.clone());
            }
        }
    }
}

/// Renamed packages: every segment has at most two characters, or there is none.
pub fn is_obfuscated(package: &str) -> bool {
    package.split('.').all(|segment| segment.chars().count() <= 2)
}

fn evidence(signal: Signal, seen: &str, entry: &str, count: u32) -> Evidence {
    Evidence { signal, seen: seen.to_owned(), entry: entry.to_owned(), count }
}

/// `com.acme.**`, or the class where the prefix is one.
fn prefix(name: &str, length: usize) -> String {
    let prefix = &name[..length];
    if names_a_class(prefix) { prefix.to_owned() } else { format!("{prefix}.**") }
}
