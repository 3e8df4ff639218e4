//! What was read and what was not, as JSON.

use super::super::AppReport;
use crate::app::{Gap, Sealed};
use crate::detect::{Census, Evidence, GuardedCalls, NestedApp, Presence};
use crate::lang::Lang;
use crate::signatures::Names;
use serde::Serialize;

#[derive(Serialize)]
pub(super) struct CoverageJson<'a> {
    dex_read: usize,
    dex_total: usize,
    /// Those of them that Android does not load by itself.
    dex_elsewhere: &'a [String],
    jars_read: usize,
    jars_total: usize,
    classes: u32,
    short_names: u32,
    heavily_obfuscated: bool,
    native_libs: usize,
    census: Census,
    hidden_code: &'a [String],
    /// Whose code refers to class loaders.
    dynamic_loading: Vec<GuardedCalls>,
    sealed: Vec<SealedJson<'a>>,
    /// Where the code was not walked, an empty `references` says nothing.
    references_scanned: bool,
    /// Methods whose code could not be walked to its end.
    broken_methods: u32,
}

#[derive(Serialize)]
struct SealedJson<'a> {
    entry: &'a str,
    reason: &'a str,
}

impl<'a> CoverageJson<'a> {
    pub(super) fn of(report: &'a AppReport<'_>, lang: Lang) -> CoverageJson<'a> {
        let (app, inventory) = (&report.app, &report.inventory);
        let sealed = |one: &'a Sealed| SealedJson { entry: &one.entry, reason: one.reason.get(lang) };
        CoverageJson {
            dex_read: app.classes.dex_read,
            dex_total: app.classes.dex_total,
            dex_elsewhere: &app.classes.dex_elsewhere,
            jars_read: app.classes.jar_read,
            jars_total: app.classes.jar_total,
            classes: app.classes.defined,
            short_names: app.classes.short_names,
            heavily_obfuscated: app.classes.is_heavily_obfuscated(),
            native_libs: app.native_libs.len(),
            census: inventory.census,
            hidden_code: &inventory.hidden_code,
            dynamic_loading: inventory.dynamic_loading(),
            sealed: app.sealed.iter().map(sealed).collect(),
            references_scanned: app.classes.references_scanned,
            broken_methods: app.classes.broken_methods,
        }
    }
}

#[derive(Serialize)]
pub(super) struct GapJson<'a> {
    entry: &'a str,
    reason: &'a str,
    hides_code: bool,
}

impl<'a> GapJson<'a> {
    pub(super) fn of(gap: &'a Gap, lang: Lang) -> GapJson<'a> {
        GapJson { entry: &gap.entry, reason: gap.reason.get(lang), hides_code: gap.hides_code }
    }
}

/// An app inside the app.
#[derive(Serialize)]
pub(super) struct NestedJson<'a> {
    path: &'a str,
    application_id: &'a str,
    version_name: Option<&'a str>,
    version_code: Option<u64>,
    dex_read: usize,
    dex_total: usize,
    classes: u32,
    sdks: Vec<NestedSdkJson<'a>>,
}

#[derive(Serialize)]
struct NestedSdkJson<'a> {
    id: &'a str,
    name: &'a Names,
    version: Option<&'a str>,
    presence: Presence,
    evidence: &'a [Evidence],
}

impl<'a> NestedJson<'a> {
    pub(super) fn of(nested: &'a NestedApp<'_>) -> NestedJson<'a> {
        let sdks = nested.detections.iter().map(|one| NestedSdkJson {
            id: &one.sdk.id,
            name: &one.sdk.name,
            version: one.version.as_deref(),
            presence: one.presence,
            evidence: &one.evidence,
        });
        NestedJson {
            path: &nested.path,
            application_id: &nested.application_id,
            version_name: nested.version_name.as_deref(),
            version_code: nested.version_code,
            dex_read: nested.dex.0,
            dex_total: nested.dex.1,
            classes: nested.classes,
            sdks: sdks.collect(),
        }
    }
}
