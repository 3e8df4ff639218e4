//! CycloneDX 1.6: the SDKs of an app as components of a bill of materials, with version and evidence.
//!
//! A bill says what is there, so only SDKs that are present are components; what other code merely names is left out. Without
//! `SOURCE_DATE_EPOCH` it has no time, and never a serial number: the same app gives the same bytes.

use super::json::to_text;
use super::{AppReport, Report, Stamp};
use crate::detect::{Detection, Evidence};
use serde::Serialize;

/// The inventory as a bill of materials. A single app is the subject of the bill; several are its components, and hold their SDKs.
pub fn report(report: &Report<'_>) -> String {
    let (subject, components) = match report.apps.as_slice() {
        [app] => (Some(application(app, Vec::new())), libraries(app)),
        apps => (None, apps.iter().map(|app| application(app, libraries(app))).collect()),
    };
    to_text(&Bom {
        bom_format: "CycloneDX",
        spec_version: "1.6",
        version: 1,
        metadata: Metadata {
            timestamp: report.stamp.evaluated_on.as_ref().map(|day| format!("{day}T00:00:00Z")),
            tools: Tools { components: [tool(&report.stamp)] },
            component: subject,
        },
        components,
        dependencies: report.apps.iter().flat_map(dependencies).collect(),
    })
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Bom<'a> {
    bom_format: &'static str,
    spec_version: &'static str,
    version: u32,
    metadata: Metadata<'a>,
    components: Vec<Component<'a>>,
    dependencies: Vec<Dependency>,
}

#[derive(Serialize)]
struct Metadata<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    timestamp: Option<String>,
    tools: Tools<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    component: Option<Component<'a>>,
}

#[derive(Serialize)]
struct Tools<'a> {
    components: [Component<'a>; 1],
}

#[derive(Serialize, Default)]
#[serde(rename_all = "camelCase")]
struct Component<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    #[serde(rename = "bom-ref", skip_serializing_if = "Option::is_none")]
    reference: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    supplier: Option<Supplier<'a>>,
    name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    version: Option<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    hashes: Vec<Hash<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    external_references: Vec<Link<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    components: Vec<Component<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    evidence: Option<Occurrences<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    properties: Vec<Property>,
}

#[derive(Serialize)]
struct Supplier<'a> {
    name: &'a str,
}

#[derive(Serialize)]
struct Hash<'a> {
    alg: &'static str,
    content: &'a str,
}

#[derive(Serialize)]
struct Link<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    url: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    comment: Option<&'static str>,
}

#[derive(Serialize)]
struct Occurrences<'a> {
    occurrences: Vec<Occurrence<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Occurrence<'a> {
    location: &'a str,
    symbol: &'a str,
    additional_context: String,
}

#[derive(Serialize)]
struct Property {
    name: String,
    value: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Dependency {
    #[serde(rename = "ref")]
    reference: String,
    depends_on: Vec<String>,
}

fn property(name: &str, value: impl ToString) -> Property {
    Property { name: format!("sdkaudit:{name}"), value: value.to_string() }
}

fn tool(stamp: &Stamp) -> Component<'_> {
    let properties = vec![property("signatures", stamp.signatures), property("signatures_digest", &stamp.digest)];
    Component {
        kind: "application",
        name: env!("CARGO_PKG_NAME"),
        version: Some(env!("CARGO_PKG_VERSION")),
        properties,
        ..Component::default()
    }
}

/// Unique within the bill: two builds of one app have different files.
fn app_ref(app: &AppReport<'_>) -> String {
    let digest = app.app.source.sha256.get(..16).unwrap_or_default();
    format!("app:{}@{digest}", app.app.manifest.application_id)
}

fn sdk_ref(app: &AppReport<'_>, id: &str) -> String {
    format!("{}/sdk:{id}", app_ref(app))
}

fn application<'a>(report: &'a AppReport<'_>, components: Vec<Component<'a>>) -> Component<'a> {
    let (app, inventory) = (&report.app, &report.inventory);
    let classes = &app.classes;
    let mut properties = vec![
        property("path", &app.source.path),
        property("dex_read", format!("{}/{}", classes.dex_read, classes.dex_total)),
        property("classes", classes.defined),
        property("unidentified_groups", inventory.unidentified.len()),
    ];
    properties.extend(inventory.hidden_code.iter().map(|name| property("hidden_code", name)));
    properties.extend(app.gaps.iter().map(|gap| property("unread", &gap.entry)));
    Component {
        kind: "application",
        reference: Some(app_ref(report)),
        name: &app.manifest.application_id,
        version: app.manifest.version_name.as_deref(),
        hashes: vec![Hash { alg: "SHA-256", content: &app.source.sha256 }],
        components,
        properties,
        ..Component::default()
    }
}

fn libraries<'a>(app: &'a AppReport<'_>) -> Vec<Component<'a>> {
    app.inventory.present().map(|detection| library(app, detection)).collect()
}

fn library<'a>(app: &AppReport<'_>, detection: &'a Detection<'_>) -> Component<'a> {
    let sdk = detection.sdk;
    let link = |kind, url: &'a Option<String>, comment| url.as_deref().map(|url| Link { kind, url, comment });
    let links = [link("website", &sdk.links.website, None), link("other", &sdk.links.privacy, Some("privacy policy"))];
    let mut properties = vec![property("id", &sdk.id), property("tracker", sdk.tracker)];
    properties.extend(sdk.categories.iter().map(|category| property("category", category.id())));
    properties.extend(sdk.part_of.iter().map(|line| property("part_of", line)));
    let references = detection.own_references().filter(|one| !one.is_capability());
    properties.extend(
        references.map(|one| property("references", format!("{} {} {}", one.data_type, one.strength.id(), one.count))),
    );
    if app.audit.covered.is_some() {
        properties.push(property("declared", app.audit.is_covered(&sdk.id)));
    }
    Component {
        kind: "library",
        reference: Some(sdk_ref(app, &sdk.id)),
        supplier: Some(Supplier { name: &sdk.vendor.en }),
        name: &sdk.name.en,
        version: detection.version.as_deref(),
        external_references: links.into_iter().flatten().collect(),
        evidence: Some(Occurrences { occurrences: detection.evidence.iter().map(occurrence).collect() }),
        properties,
        ..Component::default()
    }
}

fn occurrence(evidence: &Evidence) -> Occurrence<'_> {
    let signal = serde_json::to_value(evidence.signal).ok();
    let signal = signal.as_ref().and_then(serde_json::Value::as_str).unwrap_or_default();
    Occurrence {
        location: &evidence.entry,
        symbol: &evidence.seen,
        additional_context: format!("{signal}, {}", evidence.count),
    }
}

/// The app holds every SDK; an SDK depends on the companions that it brings.
fn dependencies(app: &AppReport<'_>) -> Vec<Dependency> {
    let present: Vec<&Detection<'_>> = app.inventory.present().collect();
    let all = present.iter().map(|one| sdk_ref(app, &one.sdk.id)).collect();
    let mut list = vec![Dependency { reference: app_ref(app), depends_on: all }];
    for owner in &present {
        let brought = |one: &&&Detection<'_>| one.brought_by.contains(&owner.sdk.id);
        let depends_on = present.iter().filter(brought).map(|one| sdk_ref(app, &one.sdk.id)).collect();
        list.push(Dependency { reference: sdk_ref(app, &owner.sdk.id), depends_on });
    }
    list
}
