//! Whether an SDK is wired into the app, or only bundled: does code outside its family, or the manifest, lead to it?

use super::owner::{self, Own, Owner};
use super::{Inventory, Presence, Signal};
use crate::app::bytecode::Bodies;
use crate::app::{App, Manifest};
use crate::signatures::{SdkNumber, SignatureSet};
use std::collections::{BTreeMap, BTreeSet};

/// An SDK is a body of code, and so is what lies under a prefix that SDKs bring along. The app's own code and code that nobody knows
/// are none: they may lead anywhere.
impl Bodies for SignatureSet {
    fn of_app<'m>(&'m self, manifest: &'m Manifest) -> Box<dyn Fn(&[u8]) -> u32 + Sync + 'm> {
        let own = Own::of_manifest(manifest);
        Box::new(move |package| match owner::owner(&own, self, package) {
            Owner::App | Owner::Nobody => 0,
            Owner::Sdk(number, _) => 1 + number,
            Owner::Companion(owners, _) => 1 + self.len() as u32 + owners.place(),
        })
    }
}

/// The SDKs whose code a body is.
fn sdks_of(body: u32, set: &SignatureSet) -> Vec<SdkNumber> {
    let count = set.len() as u32;
    match body.checked_sub(1) {
        None => Vec::new(),
        Some(number) if number < count => vec![number],
        Some(place) => set.filed_at(place - count).collect(),
    }
}

/// Fills [`Detection::wired_in`](super::Detection::wired_in). Nothing is said where code could not be read, of SDKs without classes, and where a
/// member of the family may lead to the SDK. Class names in strings are not followed.
pub fn settle(inventory: &mut Inventory<'_>, app: &App, set: &SignatureSet) {
    // What a library is wired into is the app that it is built into.
    if !app.classes.links_followed || app.container.is_library() {
        return;
    }
    let callers = callers(app, set);
    let family: BTreeMap<String, BTreeSet<String>> = families(inventory);
    let is_named = |id: &str| {
        let family = family.get(id);
        let outside = |caller: &Option<SdkNumber>| {
            caller.is_none_or(|number| family.is_none_or(|family| !family.contains(&set.sdk(number).id)))
        };
        set.number(id).and_then(|number| callers.get(&number)).is_some_and(|callers| callers.iter().any(outside))
    };
    let complete = inventory.hidden_code.is_empty();
    let mut wired: BTreeMap<String, bool> = BTreeMap::new();
    for detection in &inventory.detections {
        let started = detection.evidence.iter().any(|evidence| is_started(evidence.signal));
        wired.insert(detection.sdk.id.clone(), started || is_named(&detection.sdk.id));
    }
    for detection in &mut inventory.detections {
        let by_owner = detection.brought_by.iter().any(|owner| wired.get(owner) == Some(&true));
        let is_wired = by_owner || wired.get(&detection.sdk.id) == Some(&true);
        let has_classes = detection.evidence.iter().any(|evidence| evidence.signal == Signal::Classes);
        // A family member that is wired in may lead here.
        let by_family =
            family.get(&detection.sdk.id).is_some_and(|family| family.iter().any(|one| wired.get(one) == Some(&true)));
        let can_tell = detection.presence == Presence::Present && has_classes && complete && !by_family;
        detection.wired_in = if is_wired { Some(true) } else { can_tell.then_some(false) };
    }
}

/// Whose code names each SDK; `None` stands for code that is no SDK's.
fn callers(app: &App, set: &SignatureSet) -> BTreeMap<SdkNumber, BTreeSet<Option<SdkNumber>>> {
    let own = Own::of(app);
    let mut callers: BTreeMap<SdkNumber, BTreeSet<Option<SdkNumber>>> = BTreeMap::new();
    for links in app.classes.links.chunk_by(|a, b| a.1 == b.1) {
        let named = match owner::owner(&own, set, links[0].1.as_bytes()) {
            Owner::Sdk(number, _) => vec![number],
            Owner::Companion(owners, _) => owners.collect(),
            Owner::App | Owner::Nobody => continue,
        };
        let from: Vec<Option<SdkNumber>> = links
            .iter()
            .flat_map(|(body, _)| match sdks_of(*body, set) {
                sdks if sdks.is_empty() => vec![None],
                sdks => sdks.into_iter().map(Some).collect(),
            })
            .collect();
        for sdk in named {
            callers.entry(sdk).or_default().extend(&from);
        }
    }
    callers
}

/// What the system starts by itself.
fn is_started(signal: Signal) -> bool {
    matches!(signal, Signal::Application | Signal::Activity | Signal::Service | Signal::Receiver | Signal::Provider)
}

/// Each SDK with the companions it brings and the SDKs that bring it: what they say of one another wires nothing in.
fn families(inventory: &Inventory<'_>) -> BTreeMap<String, BTreeSet<String>> {
    let mut families: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for detection in &inventory.detections {
        let id = &detection.sdk.id;
        families.entry(id.clone()).or_default().insert(id.clone());
        for owner in &detection.brought_by {
            families.entry(id.clone()).or_default().insert(owner.clone());
            families.entry(owner.clone()).or_default().insert(id.clone());
        }
    }
    families
}
