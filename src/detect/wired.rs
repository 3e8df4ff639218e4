//! Whether an SDK is wired into the app, or only bundled: does code outside its family, or the manifest, lead to it?

use super::clues::{self, Own, Owner};
use super::{Inventory, Presence, Signal};
use crate::app::App;
use crate::signatures::SignatureSet;
use std::collections::{BTreeMap, BTreeSet};

/// Fills [`Detection::wired_in`](super::Detection::wired_in). Nothing is said where code could not be read, of SDKs without classes, and where a
/// name in a string or a member of the family may lead to the SDK.
pub fn settle(inventory: &mut Inventory<'_>, app: &App, set: &SignatureSet) {
    // What a library is wired into is the app that it is built into.
    if !app.classes.references_scanned || app.container.is_library() {
        return;
    }
    let own = Own::of(app);
    let mut owners: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    let ids = |name: &str| -> Vec<String> {
        match clues::owner(&own, set, name) {
            Owner::Sdk(number, _) => vec![set.sdk(number).id.clone()],
            Owner::Companion(owners, _) => owners.into_iter().map(|number| set.sdk(number).id.clone()).collect(),
            Owner::App | Owner::Nobody => Vec::new(),
        }
    };
    let mut named: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (from, to) in &app.classes.links {
        let to = owners.entry(to).or_insert_with(|| ids(to)).clone();
        if to.is_empty() {
            continue;
        }
        let from = owners.entry(from).or_insert_with(|| ids(from)).clone();
        for sdk in to {
            let callers = named.entry(sdk).or_default();
            // The empty id stands for code that is no SDK's.
            callers.extend(if from.is_empty() { vec![String::new()] } else { from.clone() });
        }
    }
    let family: BTreeMap<String, BTreeSet<String>> = families(inventory);
    let is_named = |id: &str| {
        let family = family.get(id);
        named.get(id).is_some_and(|callers| callers.iter().any(|one| family.is_none_or(|family| !family.contains(one))))
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
        // A family member that is wired in may lead here, and so may a name in a string.
        let by_family =
            family.get(&detection.sdk.id).is_some_and(|family| family.iter().any(|one| wired.get(one) == Some(&true)));
        let by_name = detection.evidence.iter().any(|evidence| evidence.signal == Signal::Strings);
        let can_tell = detection.presence == Presence::Present && has_classes && complete && !by_family && !by_name;
        detection.wired_in = if is_wired { Some(true) } else { can_tell.then_some(false) };
    }
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
