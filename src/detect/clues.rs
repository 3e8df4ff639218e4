//! Collects what speaks for each SDK.

use super::owner::{Own, Owner, owner};
use super::{Census, Evidence, Presence, Signal};
use crate::app::manifest::ComponentKind;
use crate::app::{App, PackageFacts};
use crate::package::names_a_class;
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

/// Neighbouring packages under one prefix of an SDK, counted by dex file.
struct Line<'a> {
    number: SdkNumber,
    prefix: &'a str,
    counts: Vec<(&'a str, [u32; 3])>,
}

impl<'a> Line<'a> {
    fn add(&mut self, of_package: &'a [PackageFacts]) {
        for package in of_package {
            let at = self.counts.iter().position(|(dex, _)| *dex == package.dex).unwrap_or_else(|| {
                self.counts.push((&package.dex, [0; 3]));
                self.counts.len() - 1
            });
            let (_, counts) = &mut self.counts[at];
            for (sum, (_, count)) in counts.iter_mut().zip(grades(package)) {
                *sum = sum.saturating_add(count);
            }
        }
    }
}

/// How a package speaks for an SDK, and how many times.
fn grades(package: &PackageFacts) -> impl Iterator<Item = (Signal, u32)> {
    // Every app refers to what the platform provides; only a copy of its own shows a library.
    let named = if is_platform(&package.name) { 0 } else { 1 };
    GRADES.into_iter().zip([package.defined, package.referenced * named, package.mentioned * named])
}

/// What a package's counts are, in order.
const GRADES: [Signal; 3] = [Signal::Classes, Signal::References, Signal::Strings];

struct Collector<'a> {
    app: &'a App,
    own: Own<'a>,
    set: &'a SignatureSet,
    found: Collected,
}

impl Collector<'_> {
    fn owner(&self, name: &str) -> Owner<'_> {
        owner(&self.own, self.set, name.as_bytes())
    }

    fn packages(&mut self) {
        let app = self.app;
        let mut line: Option<Line<'_>> = None;
        // Several dex files may hold one package; then it stands here several times.
        for of_package in app.classes.packages.chunk_by(|a, b| a.name == b.name) {
            let name = of_package[0].name.as_str();
            let defined = of_package.iter().fold(0, |sum: u32, package| sum.saturating_add(package.defined));
            match owner(&self.own, self.set, name.as_bytes()) {
                Owner::App => self.found.census.first_party += defined,
                Owner::Nobody => self.found.unknown_package(name, defined),
                Owner::Sdk(number, length) => {
                    self.found.census.attributed += defined;
                    // Neighbours with one owner make one line of evidence in each dex file.
                    let prefix = &name[..length];
                    if line.as_ref().is_none_or(|line| (line.number, line.prefix) != (number, prefix)) {
                        self.found.add_line(line.replace(Line { number, prefix, counts: Vec::new() }));
                    }
                    line.iter_mut().for_each(|line| line.add(of_package));
                }
                Owner::Companion(owners, length) => {
                    let owners: Vec<SdkNumber> = owners.collect();
                    for package in of_package {
                        for (signal, count) in grades(package).filter(|(_, count)| *count > 0) {
                            let seen = evidence(signal, &prefix(name, length), &package.dex, count);
                            self.found.companions.push((owners.clone(), seen, package.name.clone()));
                        }
                    }
                }
            }
        }
        self.found.add_line(line);
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
            Owner::Companion(owners, _) => self.found.companions.push((owners.collect(), seen, class.to_owned())),
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

    fn add_line(&mut self, line: Option<Line<'_>>) {
        let Some(Line { number, prefix: covered, counts }) = line else { return };
        let seen = prefix(covered, covered.len());
        for (dex, counts) in counts {
            for (signal, count) in GRADES.into_iter().zip(counts).filter(|(_, count)| *count > 0) {
                self.count(number, evidence(signal, &seen, dex, count));
            }
        }
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
