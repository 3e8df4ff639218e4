//! What of a row goes into tables.

use super::{AppRow, FindingRow, PermissionRow, ReferenceRow, SdkRow};
use serde::Deserialize;
use serde_json::Value;

#[derive(Deserialize)]
pub struct Row {
    status: String,
    source: Source,
    stamp: Stamp,
    declared: Option<String>,
    error: Option<Failure>,
    app: Option<App>,
}

#[derive(Deserialize)]
struct Source {
    path: String,
    bytes: Option<u64>,
    sha256: Option<String>,
}

#[derive(Deserialize)]
struct Stamp {
    version: String,
    signatures: Signatures,
}

#[derive(Deserialize)]
struct Signatures {
    digest: String,
}

#[derive(Deserialize)]
struct Failure {
    message: String,
}

#[derive(Deserialize)]
struct App {
    application_id: String,
    version_name: Option<String>,
    version_code: Option<u64>,
    /// A number, or the code name of a preview.
    min_sdk: Option<Value>,
    target_sdk: Option<Value>,
    requested_permissions: Vec<Requested>,
    implied_permissions: Vec<Named>,
    defined_permissions: Vec<Named>,
    sdks: Vec<Sdk>,
    coverage: Coverage,
    gaps: Vec<Value>,
    findings: Vec<Finding>,
    #[serde(default)]
    other_references: Other,
}

#[derive(Deserialize)]
struct Requested {
    name: String,
    max_sdk_version: Option<u32>,
    protection_level: Option<String>,
}

#[derive(Deserialize)]
struct Named {
    name: String,
}

#[derive(Deserialize)]
struct Sdk {
    id: String,
    presence: String,
    version: Option<String>,
    tracker: bool,
    categories: Vec<String>,
    evidence: Vec<Value>,
    references: Vec<Reference>,
}

#[derive(Deserialize)]
struct Coverage {
    dex_read: u32,
    dex_total: u32,
    classes: u32,
}

#[derive(Deserialize)]
struct Finding {
    rule: String,
    severity: String,
    subject: String,
    message: String,
    declared: Option<Place>,
    fingerprint: String,
    waived: bool,
}

#[derive(Deserialize)]
struct Place {
    document: String,
    line: u32,
    column: u32,
}

#[derive(Deserialize)]
struct Reference {
    data_type: String,
    strength: String,
    sites: Vec<Site>,
}

#[derive(Deserialize)]
struct Site {
    class: String,
    method: String,
    api: String,
    entry: String,
    #[serde(default = "once")]
    count: u32,
}

fn once() -> u32 {
    1
}

#[derive(Default, Deserialize)]
struct Other {
    own_code: Vec<Reference>,
    wrappers: Vec<Owned>,
    unidentified: Vec<Owned>,
    obfuscated: Vec<Reference>,
}

#[derive(Deserialize)]
struct Owned {
    name: String,
    references: Vec<Reference>,
}

fn length<T>(list: &[T]) -> u32 {
    u32::try_from(list.len()).unwrap_or(u32::MAX)
}

impl Row {
    fn path(&self) -> String {
        self.source.path.clone()
    }

    pub fn app_row(&self) -> AppRow {
        let row = AppRow {
            path: self.path(),
            status: self.status.clone(),
            bytes: self.source.bytes,
            sha256: self.source.sha256.clone(),
            declared: self.declared.clone(),
            error: self.error.as_ref().map(|error| error.message.clone()),
            tool_version: self.stamp.version.clone(),
            signatures_digest: self.stamp.signatures.digest.clone(),
            ..AppRow::default()
        };
        let Some(app) = &self.app else { return row };
        let level = |level: &Option<Value>| match level {
            Some(Value::String(name)) => Some(name.clone()),
            other => other.as_ref().map(Value::to_string),
        };
        AppRow {
            application_id: Some(app.application_id.clone()),
            version_name: app.version_name.clone(),
            version_code: app.version_code,
            min_sdk: level(&app.min_sdk),
            target_sdk: level(&app.target_sdk),
            dex_read: Some(app.coverage.dex_read),
            dex_total: Some(app.coverage.dex_total),
            classes: Some(app.coverage.classes),
            sdks_present: u32::try_from(app.sdks.iter().filter(|sdk| sdk.presence == "present").count()).ok(),
            gaps: Some(length(&app.gaps)),
            ..row
        }
    }

    pub fn sdk_rows(&self) -> impl Iterator<Item = SdkRow> {
        self.app.iter().flat_map(|app| {
            app.sdks.iter().map(|sdk| SdkRow {
                path: self.path(),
                application_id: app.application_id.clone(),
                sdk: sdk.id.clone(),
                presence: sdk.presence.clone(),
                version: sdk.version.clone(),
                tracker: sdk.tracker,
                categories: sdk.categories.join(","),
                evidence: length(&sdk.evidence),
            })
        })
    }

    pub fn permission_rows(&self) -> impl Iterator<Item = PermissionRow> {
        self.app.iter().flat_map(|app| {
            let row = |permission: &str, kind: &str| PermissionRow {
                path: self.path(),
                application_id: app.application_id.clone(),
                permission: permission.to_owned(),
                kind: kind.to_owned(),
                max_sdk_version: None,
                protection_level: None,
            };
            let requested = app.requested_permissions.iter().map(move |one| PermissionRow {
                max_sdk_version: one.max_sdk_version,
                protection_level: one.protection_level.clone(),
                ..row(&one.name, "requested")
            });
            let implied = app.implied_permissions.iter().map(move |one| row(&one.name, "implied"));
            let defined = app.defined_permissions.iter().map(move |one| row(&one.name, "defined"));
            requested.chain(implied).chain(defined)
        })
    }

    pub fn reference_rows(&self) -> Vec<ReferenceRow> {
        let mut rows = Vec::new();
        let Some(app) = &self.app else { return rows };
        let mut add = |kind: &str, owner: Option<&str>, references: &[Reference]| {
            for (reference, site) in references.iter().flat_map(|one| one.sites.iter().map(move |site| (one, site))) {
                rows.push(ReferenceRow {
                    path: self.path(),
                    application_id: app.application_id.clone(),
                    owner_kind: kind.to_owned(),
                    owner: owner.map(str::to_owned),
                    data_type: reference.data_type.clone(),
                    strength: reference.strength.clone(),
                    class: site.class.clone(),
                    method: site.method.clone(),
                    api: site.api.clone(),
                    entry: site.entry.clone(),
                    count: site.count,
                });
            }
        };
        app.sdks.iter().for_each(|sdk| add("sdk", Some(&sdk.id), &sdk.references));
        let other = &app.other_references;
        add("own_code", None, &other.own_code);
        other.wrappers.iter().for_each(|owner| add("wrapper", Some(&owner.name), &owner.references));
        other.unidentified.iter().for_each(|owner| add("unidentified", Some(&owner.name), &owner.references));
        add("obfuscated", None, &other.obfuscated);
        rows
    }

    pub fn finding_rows(&self) -> impl Iterator<Item = FindingRow> {
        self.app.iter().flat_map(|app| {
            app.findings.iter().map(|finding| {
                let place = finding.declared.as_ref();
                FindingRow {
                    path: self.path(),
                    application_id: app.application_id.clone(),
                    rule: finding.rule.clone(),
                    severity: finding.severity.clone(),
                    subject: finding.subject.clone(),
                    message: finding.message.clone(),
                    document: place.map(|place| place.document.clone()),
                    line: place.map(|place| place.line),
                    column: place.map(|place| place.column),
                    fingerprint: finding.fingerprint.clone(),
                    waived: finding.waived,
                }
            })
        })
    }
}
