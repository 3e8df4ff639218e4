//! One verdict per declared record, and what a record covers.

use crate::app::App;
use crate::declared::{Declaration, DeclaredSdk, Field};
use crate::detect::{Inventory, Presence};
use crate::package::{is_at_or_below, package_of};
use serde::Serialize;

/// What the app shows of a declared record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// The SDK is there.
    Present,
    /// It can be recognised, and nothing that could be read shows it.
    NotFound,
    /// It cannot be checked.
    Unverifiable,
    /// For another operating system.
    OtherPlatform,
}

/// The verdict for one record.
#[derive(Clone, Debug)]
pub struct RecordVerdict {
    /// Index into [`Declaration::records`].
    pub record: usize,
    /// The SDK it means.
    pub sdk: Option<String>,
    /// The answer.
    pub verdict: Verdict,
    /// Declared packages that hold classes in the app although no signature knows them.
    pub own_packages: Vec<String>,
    /// Declared against referenced data types, for a present SDK.
    pub data: Vec<super::DataStanding>,
}

/// Judges each record once.
pub fn of_records(app: &App, inventory: &Inventory<'_>, declaration: &Declaration) -> Vec<RecordVerdict> {
    let judge = |(number, record): (usize, &DeclaredSdk)| {
        let own_packages = packages_with_classes(app, record);
        let sdk = record.resolved.sdk.clone();
        let hidden = !inventory.hidden_code.is_empty();
        let verdict = match &sdk {
            _ if !record.concerns_android() => Verdict::OtherPlatform,
            Some(id) if is_present(inventory, id) => Verdict::Present,
            None if !own_packages.is_empty() => Verdict::Present,
            _ if hidden => Verdict::Unverifiable,
            Some(_) => Verdict::NotFound,
            None if has_usable_package(record) => Verdict::NotFound,
            None => Verdict::Unverifiable,
        };
        RecordVerdict { record: number, sdk, verdict, own_packages, data: Vec::new() }
    };
    declaration.records.iter().enumerate().map(judge).collect()
}

/// An SDK is there when it or, for a product line, one of its products is.
fn is_present(inventory: &Inventory<'_>, id: &str) -> bool {
    inventory.present().any(|detection| detection.sdk.id == id || detection.sdk.part_of.as_deref() == Some(id))
}

fn packages_with_classes(app: &App, record: &DeclaredSdk) -> Vec<String> {
    let Field::Given(packages) = &record.packages else { return Vec::new() };
    let defined = |written: &str| {
        // Classes are counted by package, so a written class name is looked up by its package.
        let prefix = package_of(written);
        app.classes.packages.iter().any(|facts| facts.defined > 0 && is_at_or_below(&facts.name, prefix))
    };
    packages
        .iter()
        .filter(|package| is_usable(&package.text) && defined(&package.text))
        .map(|one| one.text.clone())
        .collect()
}

fn has_usable_package(record: &DeclaredSdk) -> bool {
    matches!(&record.packages, Field::Given(packages) if packages.iter().any(|package| is_usable(&package.text)))
}

/// One segment names a country or a kind of site, no vendor.
fn is_usable(package: &str) -> bool {
    package.contains('.')
}

impl super::Case<'_> {
    /// Whether a record that means `declared` covers the SDK `id`: itself, its companions, the products of its line and the line
    /// that carries it.
    pub(super) fn covers(&self, declared: &str, id: &str) -> bool {
        if declared == id {
            return true;
        }
        let Some(detection) = self.inventory.find(id) else { return false };
        let line_of = |id: &str| self.set.get(id).and_then(|sdk| sdk.part_of.clone());
        detection.brought_by.iter().any(|owner| owner == declared)
            || detection.sdk.part_of.as_deref() == Some(declared)
            || line_of(declared).as_deref() == Some(id)
    }

    /// Whether any record covers the SDK, directly or as a companion of something that is declared.
    pub(super) fn is_declared(&self, id: &str) -> bool {
        let declared = || {
            let android = self.records.iter().filter(|record| record.verdict != Verdict::OtherPlatform);
            android.filter_map(|record| record.sdk.as_deref())
        };
        if declared().any(|sdk| self.covers(sdk, id)) {
            return true;
        }
        let brought_by = self.inventory.find(id).map(|detection| detection.brought_by.as_slice()).unwrap_or_default();
        brought_by.iter().any(|owner| declared().any(|sdk| self.covers(sdk, owner)))
    }

    /// Presence of the SDK a record means, where something speaks for it.
    pub(super) fn presence(&self, id: &str) -> Option<Presence> {
        self.inventory.find(id).map(|detection| detection.presence)
    }
}
