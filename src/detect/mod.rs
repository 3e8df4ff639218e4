//! App × signatures → [`Inventory`]: which SDKs an app carries, how that was seen, and which code nobody knows.

pub mod access;
mod clues;
mod nested;
mod owner;
pub mod references;
mod unidentified;
mod wired;

pub use access::{Block, GuardedCalls};
pub use nested::NestedApp;
pub use references::{OtherReferences, Site, TypeReferences, wanted};
pub use unidentified::{CodeGroup, UnknownLib};

use crate::app::App;
use crate::signatures::{Category, Sdk, SdkNumber, SignatureSet};
use clues::{Clues, collect};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// How sure it is that an SDK is in the app. Absence is not among the answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Presence {
    /// Classes are defined, a component is registered, or a library of its own name is there.
    Present,
    /// Other code or the manifest names it, but none of its code is there.
    ReferencedOnly,
    /// Something names it, and the code that would show it is packed or unreadable.
    Unknown,
}

impl Presence {
    /// The word used in JSON.
    pub fn id(self) -> &'static str {
        match self {
            Presence::Present => "present",
            Presence::ReferencedOnly => "referenced_only",
            Presence::Unknown => "unknown",
        }
    }
}

/// Kind of a clue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Signal {
    /// Classes defined under one of its prefixes.
    Classes,
    /// Class of the application in the manifest.
    Application,
    /// Activity in the manifest.
    Activity,
    /// Service in the manifest.
    Service,
    /// Receiver in the manifest.
    Receiver,
    /// Provider in the manifest.
    Provider,
    /// Native library.
    Library,
    /// Manifest meta-data.
    MetaData,
    /// File inside the APK.
    Asset,
    /// Permission whose name gives the SDK away.
    Permission,
    /// Classes referred to, not defined.
    References,
    /// Names in string constants only.
    Strings,
}

impl Signal {
    /// Whether such a clue shows the SDK's own code.
    fn shows_code(self) -> bool {
        use Signal::{Activity, Application, Classes, Library, Provider, Receiver, Service};
        matches!(self, Classes | Application | Activity | Service | Receiver | Provider | Library)
    }
}

/// A clue seen in this app: always what was seen and in which entry.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Evidence {
    /// Kind of clue.
    pub signal: Signal,
    /// What was seen: `com.acme.**`, a class, a file name, a key.
    pub seen: String,
    /// Entry of the app it was seen in.
    pub entry: String,
    /// How many: classes, ABI folders, occurrences.
    pub count: u32,
}

/// One SDK found.
#[derive(Clone, Debug)]
pub struct Detection<'s> {
    /// Its signature.
    pub sdk: &'s Sdk,
    /// How sure.
    pub presence: Presence,
    /// Version, where the app tells it.
    pub version: Option<String>,
    /// Why, sorted by signal, then by what was seen.
    pub evidence: Vec<Evidence>,
    /// Ids of present SDKs that bring this one along as a companion, sorted.
    pub brought_by: Vec<String>,
    /// Sensitive references in its code, by data type and grade; then those of its companions, marked with the companion's id.
    pub references: Vec<TypeReferences>,
    /// Whether code outside its family names it or the manifest starts it; `None` where that cannot be told.
    pub wired_in: Option<bool>,
}

/// What an app carries.
#[derive(Clone, Debug, Default)]
pub struct Inventory<'s> {
    /// SDKs by id.
    pub detections: Vec<Detection<'s>>,
    /// SDKs that only string constants name: shown apart, never counted as found.
    pub string_only: Vec<Detection<'s>>,
    /// Code that no signature knows, largest group first.
    pub unidentified: Vec<CodeGroup>,
    /// Native libraries that no signature knows, by file name.
    pub unidentified_libs: Vec<UnknownLib>,
    /// Class definitions by whose they are.
    pub census: Census,
    /// Why the app's code is not all there to read: names of packers, or entries. Empty where it is.
    pub hidden_code: Vec<String>,
    /// Sensitive references in code that is no SDK's.
    pub other: OtherReferences,
    /// Apps inside the app, by path.
    pub nested: Vec<NestedApp<'s>>,
}

/// Class definitions by whose they are; the five add up to all definitions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Census {
    /// Under a prefix of the base.
    pub attributed: u32,
    /// In the app's own package.
    pub first_party: u32,
    /// In renamed packages: every segment has at most two characters, or there is none.
    pub obfuscated: u32,
    /// Stand-ins for the platform's own classes, which compilers add for older devices.
    pub platform: u32,
    /// The rest.
    pub unidentified: u32,
}

impl<'s> Inventory<'s> {
    /// Finds SDKs in an app.
    pub fn of(app: &App, set: &'s SignatureSet) -> Inventory<'s> {
        let mut collected = collect(app, set);
        collected.settle_companions(set);
        collected.drop_hearsay();
        let hidden_code = hidden_code(app, set, &collected.sdks);
        let mut inventory = Inventory { census: collected.census, hidden_code, ..Inventory::default() };
        inventory.unidentified = unidentified::groups(set, std::mem::take(&mut collected.unknown));
        let unknown_libs = std::mem::take(&mut collected.unknown_libs).into_iter();
        inventory.unidentified_libs =
            unknown_libs.map(|(file, abis)| UnknownLib { file, abis: abis.into_iter().collect() }).collect();
        for (&number, clues) in &collected.sdks {
            inventory.add(app, set.sdk(number), clues);
        }
        inventory.detections.sort_by(|a, b| a.sdk.id.cmp(&b.sdk.id));
        inventory.string_only.sort_by(|a, b| a.sdk.id.cmp(&b.sdk.id));
        inventory.link_companions();
        inventory.add_references(app, set);
        inventory.nested = nested::of(app, set);
        inventory
    }

    fn add(&mut self, app: &App, sdk: &'s Sdk, clues: &Clues) {
        let evidence = clues.evidence();
        let presence = clues.presence(!self.hidden_code.is_empty());
        let version = sdk.detect.version.iter().find_map(|place| version_at(app, place));
        let nothing = evidence.is_empty();
        let (brought_by, references) = (Vec::new(), Vec::new());
        let detection =
            |presence| Detection { sdk, presence, version, evidence, brought_by, references, wired_in: None };
        match presence {
            Some(presence) => self.detections.push(detection(presence)),
            None if nothing => {}
            None => self.string_only.push(detection(Presence::ReferencedOnly)),
        }
    }

    /// SDKs that are really there.
    pub fn present(&self) -> impl Iterator<Item = &Detection<'s>> {
        self.detections.iter().filter(|detection| detection.presence == Presence::Present)
    }

    /// The detection of one SDK.
    pub fn find(&self, id: &str) -> Option<&Detection<'s>> {
        let at = self.detections.binary_search_by(|detection| detection.sdk.id.as_str().cmp(id)).ok()?;
        self.detections.get(at)
    }

    fn link_companions(&mut self) {
        let brings: Vec<(&str, &str)> = self
            .present()
            .flat_map(|owner| owner.sdk.detect.companions.iter().map(|prefix| (owner.sdk.id.as_str(), prefix.as_str())))
            .collect();
        let mut links: BTreeMap<usize, Vec<String>> = BTreeMap::new();
        for (at, detection) in self.detections.iter().enumerate() {
            for (owner, prefix) in &brings {
                let companion = detection.sdk.detect.packages.iter().any(|package| package == prefix);
                if companion && *owner != detection.sdk.id {
                    links.entry(at).or_default().push((*owner).to_owned());
                }
            }
        }
        for (at, mut owners) in links {
            owners.sort();
            owners.dedup();
            self.detections[at].brought_by = owners;
        }
    }
}

/// `META-INF/…` entries and `class#FIELD` constants.
fn version_at(app: &App, place: &str) -> Option<String> {
    let by_entry = app.version_files.iter().find(|(entry, _)| app.local(entry) == place).map(|(_, version)| version);
    let by_constant =
        || app.classes.constants.iter().find(|constant| constant.field == place).map(|constant| &constant.value);
    by_entry.or_else(by_constant).cloned()
}

/// A packer, or an unreadable dex file, hides code: then nothing can be said to be absent.
fn hidden_code(app: &App, set: &SignatureSet, sdks: &BTreeMap<SdkNumber, Clues>) -> Vec<String> {
    let packers = sdks
        .iter()
        .filter(|(_, clues)| clues.presence(false) == Some(Presence::Present))
        .map(|(&number, _)| set.sdk(number))
        .filter(|sdk| sdk.categories.contains(&Category::Packer))
        .map(|sdk| sdk.name.en.clone());
    let gaps = app.gaps.iter().filter(|gap| gap.hides_code).map(|gap| gap.entry.clone());
    packers.chain(gaps).collect()
}
