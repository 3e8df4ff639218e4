//! The manifest and the native libraries as JSON.

use crate::app::manifest::{ApiLevel, ComponentKind, Feature, Query};
use crate::app::signing::{Certificate, Scheme, Signing};
use crate::app::zip::Irregularity;
use crate::app::{self, App};
use crate::detect::{GuardedCalls, Inventory};
use crate::lang::Lang;
use crate::platform::permissions;
use crate::platform::split::split_permissions;
use serde::Serialize;

#[derive(Serialize)]
pub(super) struct RequestedJson<'a> {
    name: &'a str,
    max_sdk_version: Option<u32>,
    sdk_23: bool,
    protection_level: Option<&'static str>,
    /// Calls that it guards, by whose code they are in.
    guarded_calls: Vec<GuardedCalls>,
}

#[derive(Serialize)]
pub(super) struct TamperingJson<'a> {
    entry: &'a str,
    trick: &'static str,
    detail: String,
    refused_by_android: bool,
}

impl<'a> TamperingJson<'a> {
    pub(super) fn of(one: &'a Irregularity, lang: Lang) -> TamperingJson<'a> {
        TamperingJson {
            entry: &one.entry,
            trick: one.trick.id(),
            detail: one.trick.predicate().get(lang).to_owned(),
            refused_by_android: one.trick.refused_by_android(),
        }
    }
}

#[derive(Serialize)]
pub(super) struct SigningJson<'a> {
    certificates: &'a [Certificate],
    unread: &'a [Scheme],
    schemes: Vec<Scheme>,
    debug: bool,
    schemes_differ: bool,
    unlike_parts: &'a [String],
}

impl<'a> SigningJson<'a> {
    pub(super) fn of(signing: &'a Signing) -> SigningJson<'a> {
        SigningJson {
            certificates: &signing.certificates,
            unread: &signing.unread,
            schemes: signing.schemes(),
            debug: signing.is_debug(),
            schemes_differ: signing.schemes_differ(),
            unlike_parts: &signing.unlike,
        }
    }
}

#[derive(Serialize)]
pub(super) struct PartJson<'a> {
    name: &'a str,
    split: Option<&'a str>,
    bytes: u64,
    sha256: Option<&'a str>,
    read: bool,
    reason: Option<&'a str>,
}

impl<'a> PartJson<'a> {
    pub(super) fn of(part: &'a app::Part, lang: Lang) -> PartJson<'a> {
        PartJson {
            name: &part.name,
            split: part.split.as_deref(),
            bytes: part.bytes,
            sha256: part.sha256.as_deref(),
            read: part.unread.is_none(),
            reason: part.unread.as_ref().map(|reason| reason.get(lang)),
        }
    }
}

#[derive(Serialize)]
pub(super) struct ImpliedJson<'a> {
    name: &'a str,
    max_sdk_version: Option<u32>,
    reason: &'a str,
}

#[derive(Serialize)]
pub(super) struct SplitJson {
    name: &'static str,
    from: &'static str,
    below_target: Option<u32>,
}

#[derive(Serialize)]
pub(super) struct DefinedJson<'a> {
    name: &'a str,
    protection_level: Option<u32>,
}

#[derive(Serialize)]
pub(super) struct ComponentJson<'a> {
    kind: ComponentKind,
    class: &'a str,
    exported: Option<bool>,
    permission: Option<&'a str>,
    authorities: &'a [String],
    actions: &'a [String],
}

#[derive(Serialize)]
pub(super) struct MetaDataJson<'a> {
    name: &'a str,
    value: Option<&'a str>,
    component: Option<&'a str>,
}

#[derive(Serialize)]
pub(super) struct QueryJson<'a> {
    kind: &'static str,
    name: &'a str,
}

#[derive(Serialize)]
pub(super) struct FeatureJson<'a> {
    name: &'a str,
    required: bool,
}

#[derive(Serialize)]
pub(super) struct NativeJson<'a> {
    entry: &'a str,
    abi: &'a str,
    file: &'a str,
    elf: bool,
    /// Whether the dynamic section was read; where not, soname and needed are unknown, not empty.
    dynamic_read: bool,
    soname: Option<&'a str>,
    needed: &'a [String],
}

pub(super) fn requested<'a>(app: &'a App, inventory: &Inventory<'_>) -> Vec<RequestedJson<'a>> {
    let guarded = inventory.guarded_calls(&app.manifest);
    let row = |request: &'_ app::manifest::RequestedPermission| {
        permissions::find(&request.name).map(|known| known.protection.id())
    };
    let requests = app.manifest.requested_permissions.iter();
    requests
        .map(|request| RequestedJson {
            name: &request.name,
            max_sdk_version: request.max_sdk_version,
            sdk_23: request.sdk_23,
            protection_level: row(request),
            guarded_calls: guarded.get(request.name.as_str()).cloned().unwrap_or_default(),
        })
        .collect()
}

pub(super) fn implied(app: &App) -> Vec<ImpliedJson<'_>> {
    let implied = app.manifest.implied_permissions.iter();
    implied
        .map(|one| ImpliedJson { name: &one.name, max_sdk_version: one.max_sdk_version, reason: &one.reason })
        .collect()
}

pub(super) fn split(app: &App) -> Vec<SplitJson> {
    let manifest = &app.manifest;
    let requested: Vec<&str> = manifest.requested_permissions.iter().map(|request| request.name.as_str()).collect();
    let min = manifest.min_sdk.as_ref().map_or(1, ApiLevel::number);
    let target = manifest.target_sdk.as_ref().map_or(min, ApiLevel::number);
    // Of a library, the app that it is built into decides.
    let requested = if app.container.is_library() { Vec::new() } else { requested };
    let split = split_permissions(&requested, target).into_iter();
    split.map(|one| SplitJson { name: one.name, from: one.from, below_target: one.below_target }).collect()
}

pub(super) fn defined(app: &App) -> Vec<DefinedJson<'_>> {
    let defined = app.manifest.defined_permissions.iter();
    defined.map(|one| DefinedJson { name: &one.name, protection_level: one.protection_level }).collect()
}

pub(super) fn components(app: &App) -> Vec<ComponentJson<'_>> {
    let components = app.manifest.components.iter();
    components
        .map(|one| ComponentJson {
            kind: one.kind,
            class: &one.class,
            exported: one.exported,
            permission: one.permission.as_deref(),
            authorities: &one.authorities,
            actions: &one.actions,
        })
        .collect()
}

pub(super) fn meta_data(app: &App) -> Vec<MetaDataJson<'_>> {
    let meta_data = app.manifest.meta_data.iter();
    meta_data
        .map(|one| MetaDataJson { name: &one.name, value: one.value.as_deref(), component: one.component.as_deref() })
        .collect()
}

impl<'a> QueryJson<'a> {
    pub(super) fn of(query: &'a Query) -> QueryJson<'a> {
        match query {
            Query::Package(name) => QueryJson { kind: "package", name },
            Query::Intent(name) => QueryJson { kind: "intent", name },
            Query::Provider(name) => QueryJson { kind: "provider", name },
        }
    }
}

impl<'a> FeatureJson<'a> {
    pub(super) fn of(feature: &'a Feature) -> FeatureJson<'a> {
        FeatureJson { name: &feature.name, required: feature.required }
    }
}

impl<'a> NativeJson<'a> {
    pub(super) fn of(library: &'a app::NativeLib) -> NativeJson<'a> {
        let dynamic = library.dynamic.as_ref();
        NativeJson {
            entry: &library.entry,
            abi: &library.abi,
            file: &library.file,
            elf: library.is_elf,
            dynamic_read: dynamic.is_some(),
            soname: dynamic.and_then(|dynamic| dynamic.soname.as_deref()),
            needed: dynamic.map(|dynamic| dynamic.needed.as_slice()).unwrap_or_default(),
        }
    }
}
