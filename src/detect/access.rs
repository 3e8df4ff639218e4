//! Whether a read can bring anything in this build: API level and permissions against what the platform asks.

use super::references::TypeReferences;
use super::{Detection, Inventory};
use crate::app::manifest::ApiLevel;
use crate::app::{App, Manifest};
use crate::platform::apis::{Api, Outcome};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// Why a read brings nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Block {
    /// Whether the platform refuses or masks it at the app's target API level, whatever the app holds.
    pub at_target: bool,
    /// Permissions of which one would be needed, and none is requested; sorted.
    pub missing: Vec<&'static str>,
    /// Whether it fails on every API level from the app's minimum to its target.
    pub everywhere: bool,
}

/// The API levels that an app runs on by its manifest: minimum and target. Absent ones are read as Android reads them.
pub fn levels(manifest: &Manifest) -> (u32, u32) {
    let min = manifest.min_sdk.as_ref().map_or(1, ApiLevel::number);
    (min, manifest.target_sdk.as_ref().map_or(min, ApiLevel::number).max(min))
}

/// Why none of these reads brings anything; `None` where one can, and for a library.
pub fn block_of_all<'a>(app: &App, apis: impl Iterator<Item = &'a Api>) -> Option<Block> {
    // A library's levels and permissions are those of the app that it is built into.
    if app.container.is_library() {
        return None;
    }
    let apis: BTreeMap<*const Api, &Api> = apis.map(|api| (std::ptr::from_ref(api), api)).collect();
    let mut whole = Block { at_target: false, missing: Vec::new(), everywhere: true };
    for api in apis.values() {
        let block = block(&app.manifest, api)?;
        whole.at_target |= block.at_target;
        whole.everywhere &= block.everywhere;
        whole.missing.extend(block.missing);
    }
    whole.missing.sort_unstable();
    whole.missing.dedup();
    (!apis.is_empty()).then_some(whole)
}

fn block(manifest: &Manifest, api: &Api) -> Option<Block> {
    let (min, target) = levels(manifest);
    let mut block = at_level(manifest, api, target)?;
    block.everywhere = (min..target).all(|level| at_level(manifest, api, level).is_some());
    Some(block)
}

fn at_level(manifest: &Manifest, api: &Api, level: u32) -> Option<Block> {
    let refused = Block { at_target: true, missing: Vec::new(), everywhere: true };
    // Literals and calls whose levels are not known stand for themselves.
    let Some(at) = api.level(level) else { return (!api.levels().is_empty()).then_some(refused) };
    if at.outcome != Outcome::Given {
        return Some(refused);
    }
    let holds = |name: &str| {
        let requested = manifest
            .requested_permissions
            .iter()
            .any(|request| request.name == name && request.max_sdk_version.is_none_or(|last| level <= last));
        requested || manifest.implied_permissions.iter().any(|implied| implied.name == name)
    };
    let unmet = at.needs().filter(|need| need.required && !need.alternatives().any(holds));
    let missing: Vec<&'static str> = unmet.flat_map(|need| need.alternatives()).collect();
    (!missing.is_empty()).then_some(Block { at_target: false, missing, everywhere: true })
}

/// The capability of loading code at run time.
const DYNAMIC_CODE: &str = "dynamic_code";

/// Calls that a permission guards, or that load code, by whose code they are in.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct GuardedCalls {
    /// `app`, an SDK id, a wrapper's id, a prefix of unidentified code, or `obfuscated`.
    pub code: String,
    /// References.
    pub count: u32,
}

impl Inventory<'_> {
    /// Every body of code with its references; companions stand once, under their own id.
    pub fn bodies(&self) -> impl Iterator<Item = (&str, Vec<&TypeReferences>)> {
        self.bodies_of(|one| one.own_references().collect())
    }

    /// Every body of code; companions stand under their own id and under every SDK that brings them, too.
    pub fn bodies_with_companions(&self) -> impl Iterator<Item = (&str, Vec<&TypeReferences>)> {
        self.bodies_of(|one| one.references.iter().collect())
    }

    fn bodies_of(
        &self,
        of_sdk: for<'r> fn(&'r Detection<'_>) -> Vec<&'r TypeReferences>,
    ) -> impl Iterator<Item = (&str, Vec<&TypeReferences>)> {
        let other = &self.other;
        let app = std::iter::once(("app", other.own_code.iter().collect()));
        let sdks = self.detections.iter().map(move |one| (one.sdk.id.as_str(), of_sdk(one)));
        let named = other.wrappers.iter().chain(&other.unidentified);
        let named = named.map(|(name, references)| (name.as_str(), references.iter().collect()));
        let rest = std::iter::once(("obfuscated", other.obfuscated.iter().collect()));
        app.chain(sdks).chain(named).chain(rest)
    }

    /// Whose code refers to class loaders: what it loads at run time is in no file that was read.
    pub fn dynamic_loading(&self) -> Vec<GuardedCalls> {
        let count = |references: Vec<&TypeReferences>| {
            let loading = references.iter().filter(|one| one.data_type == DYNAMIC_CODE);
            loading.fold(0u32, |sum, one| sum.saturating_add(one.count))
        };
        let calls =
            self.bodies().map(|(code, references)| GuardedCalls { code: code.to_owned(), count: count(references) });
        let mut calls: Vec<GuardedCalls> = calls.filter(|one| one.count > 0).collect();
        calls.sort();
        calls
    }

    /// Which requested permissions guard calls, and in whose code; permissions without such calls are left out.
    pub fn guarded_calls(&self, manifest: &Manifest) -> BTreeMap<&'static str, Vec<GuardedCalls>> {
        let requested: BTreeSet<&str> = manifest.requested_permissions.iter().map(|one| one.name.as_str()).collect();
        let mut found: BTreeMap<&'static str, BTreeMap<&str, u32>> = BTreeMap::new();
        for (code, references) in self.bodies() {
            for site in references.iter().flat_map(|one| &one.sites) {
                for permission in guards(site.api, levels(manifest)) {
                    if requested.contains(permission) {
                        *found.entry(permission).or_default().entry(code).or_default() += site.count;
                    }
                }
            }
        }
        let list = |calls: BTreeMap<&str, u32>| {
            calls.into_iter().map(|(code, count)| GuardedCalls { code: code.to_owned(), count }).collect()
        };
        found.into_iter().map(|(permission, calls)| (permission, list(calls))).collect()
    }
}

/// The permissions that guard an API at any of these levels, required or widening.
pub fn guards(api: &Api, (min, target): (u32, u32)) -> BTreeSet<&'static str> {
    let levels = api.levels().iter().filter(|level| u32::from(level.to) >= min && u32::from(level.from) <= target);
    levels.flat_map(|level| level.needs()).flat_map(|need| need.alternatives()).collect()
}
