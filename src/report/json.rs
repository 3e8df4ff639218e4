//! JSON: stable keys, lists never null, the same bytes for any thread count. `docs/report.schema.json` describes it.

mod coverage;
mod facts;
mod references;

pub use super::json_lint::lint;
use super::{AppReport, Counts, Report, SettingsFile, Stamp};
use crate::app::manifest::ApiLevel;
use crate::audit::{DataStanding, DeclaredAt, Finding, RecordVerdict, Verdict, Waiver};
use crate::declared::canonical::Extraction;
use crate::declared::{Declaration, Place};
use crate::detect::{CodeGroup, Detection, Evidence, Presence, UnknownLib};
use crate::error::Error;
use crate::lang::Lang;
use crate::signatures::{Category, Names};
use coverage::{CoverageJson, GapJson, NestedJson};
use facts::{
    ComponentJson, DefinedJson, FeatureJson, ImpliedJson, MetaDataJson, NativeJson, QueryJson, RequestedJson, SplitJson,
};
use serde::Serialize;

/// Version of the report's shape. Keys may be added within 1.x; none is renamed or removed.
pub const SCHEMA_VERSION: &str = "1.0";

/// The report of `audit` and `inspect` as JSON, with a line feed at the end.
pub fn report(report: &Report<'_>, lang: Lang) -> String {
    let shape = ReportJson {
        schema_version: SCHEMA_VERSION,
        stamp: StampJson::of(&report.stamp),
        apps: report.apps.iter().map(|app| AppJson::of(app, report.declaration, lang)).collect(),
        errors: report.errors.iter().map(|error| ErrorJson::of(error, lang)).collect(),
        summary: SummaryJson { apps: report.apps.len(), errors: report.errors.len(), findings: report.counts() },
    };
    to_text(&shape)
}

/// Pretty-printed JSON with a line feed at the end.
pub fn to_text(shape: &impl Serialize) -> String {
    let mut text = serde_json::to_string_pretty(shape).expect("report types have string keys");
    text.push('\n');
    text
}

/// The extractions of several policies as JSON.
pub fn extractions(declarations: &[Declaration]) -> String {
    #[derive(Serialize)]
    struct Documents {
        schema_version: &'static str,
        documents: Vec<Extraction>,
    }
    let documents = declarations.iter().map(Extraction::from).collect();
    to_text(&Documents { schema_version: SCHEMA_VERSION, documents })
}

#[derive(Serialize)]
struct ReportJson<'a> {
    schema_version: &'static str,
    stamp: StampJson<'a>,
    apps: Vec<AppJson<'a>>,
    errors: Vec<ErrorJson<'a>>,
    summary: SummaryJson,
}

#[derive(Serialize)]
pub(super) struct StampJson<'a> {
    tool: &'static str,
    version: &'static str,
    signatures: SignaturesJson<'a>,
    declared_sha256: Option<&'a str>,
    declared: Vec<DocumentJson<'a>>,
    evaluated_on: Option<&'a str>,
    settings: &'a [SettingsFile],
}

#[derive(Serialize)]
pub(super) struct DocumentJson<'a> {
    document: &'a str,
    sha256: &'a str,
}

impl<'a> DocumentJson<'a> {
    pub(super) fn of(declaration: &'a Declaration) -> DocumentJson<'a> {
        DocumentJson { document: &declaration.document, sha256: &declaration.sha256 }
    }
}

#[derive(Serialize)]
struct SignaturesJson<'a> {
    count: usize,
    digest: &'a str,
}

#[derive(Serialize)]
struct SummaryJson {
    apps: usize,
    errors: usize,
    findings: Counts,
}

#[derive(Serialize)]
pub(super) struct ErrorJson<'a> {
    path: &'a str,
    entry: Option<&'a str>,
    offset: Option<u64>,
    message: String,
    help: &'a str,
}

#[derive(Serialize)]
pub(super) struct AppJson<'a> {
    source: SourceJson<'a>,
    application_id: &'a str,
    version_name: Option<&'a str>,
    version_code: Option<u64>,
    min_sdk: Option<&'a ApiLevel>,
    target_sdk: Option<&'a ApiLevel>,
    requested_permissions: Vec<RequestedJson<'a>>,
    implied_permissions: Vec<ImpliedJson<'a>>,
    split_permissions: Vec<SplitJson>,
    defined_permissions: Vec<DefinedJson<'a>>,
    application_class: Option<&'a str>,
    components: Vec<ComponentJson<'a>>,
    meta_data: Vec<MetaDataJson<'a>>,
    queries: Vec<QueryJson<'a>>,
    features: Vec<FeatureJson<'a>>,
    native_libs: Vec<NativeJson<'a>>,
    signing: facts::SigningJson<'a>,
    sdks: Vec<SdkJson<'a>>,
    string_only: Vec<StringOnlyJson<'a>>,
    unidentified: &'a [CodeGroup],
    unidentified_libs: &'a [UnknownLib],
    other_references: references::OtherJson<'a>,
    nested_apps: Vec<NestedJson<'a>>,
    coverage: CoverageJson<'a>,
    tampering: Vec<facts::TamperingJson<'a>>,
    gaps: Vec<GapJson<'a>>,
    declared_sdks: Vec<DeclaredJson<'a>>,
    findings: Vec<FindingJson<'a>>,
}

#[derive(Serialize)]
struct SourceJson<'a> {
    path: &'a str,
    sha256: &'a str,
    bytes: u64,
    container: &'static str,
    parts: Vec<&'a str>,
    part_details: Vec<facts::PartJson<'a>>,
}

#[derive(Serialize)]
struct SdkJson<'a> {
    id: &'a str,
    name: &'a Names,
    vendor: &'a Names,
    aliases: &'a [String],
    version: Option<&'a str>,
    categories: &'a [Category],
    tracker: bool,
    part_of: Option<&'a str>,
    presence: Presence,
    brought_by: &'a [String],
    evidence: &'a [Evidence],
    wired_in: Option<bool>,
    references: Vec<references::TypeJson<'a>>,
}

#[derive(Serialize)]
struct StringOnlyJson<'a> {
    id: &'a str,
    evidence: &'a [Evidence],
}

#[derive(Serialize)]
struct DeclaredJson<'a> {
    name: String,
    document: &'a str,
    line: u32,
    column: u32,
    sdk_id: Option<&'a str>,
    resolved_by: Option<&'static str>,
    confidence: Option<&'static str>,
    candidates: &'a [String],
    verdict: Verdict,
    data: &'a [DataStanding],
}

#[derive(Serialize)]
pub(super) struct FindingJson<'a> {
    rule: &'static str,
    severity: &'static str,
    subject: &'a str,
    message: &'a str,
    help: &'a str,
    evidence: &'a [Evidence],
    references: Vec<references::TypeJson<'a>>,
    declared: Option<DeclaredAtJson<'a>>,
    fingerprint: String,
    waived: bool,
    waiver: Option<WaiverJson<'a>>,
}

#[derive(Serialize)]
struct WaiverJson<'a> {
    reason: &'a str,
    owner: Option<&'a str>,
    expires: Option<String>,
    line: u32,
}

#[derive(Serialize)]
struct DeclaredAtJson<'a> {
    document: &'a str,
    line: u32,
    column: u32,
    quote: &'a str,
}

impl<'a> StampJson<'a> {
    pub(super) fn of(stamp: &'a Stamp) -> StampJson<'a> {
        StampJson {
            tool: env!("CARGO_PKG_NAME"),
            version: env!("CARGO_PKG_VERSION"),
            signatures: SignaturesJson { count: stamp.signatures, digest: &stamp.digest },
            declared_sha256: stamp.declared_sha256.as_deref(),
            declared: stamp.declared.iter().map(|(document, sha256)| DocumentJson { document, sha256 }).collect(),
            evaluated_on: stamp.evaluated_on.as_deref(),
            settings: &stamp.settings,
        }
    }
}

impl<'a> ErrorJson<'a> {
    pub(super) fn of(error: &'a Error, lang: Lang) -> ErrorJson<'a> {
        ErrorJson {
            path: &error.input,
            entry: error.entry.as_deref(),
            offset: error.offset,
            message: error.headline(lang),
            help: error.help.get(lang),
        }
    }
}

impl<'a> AppJson<'a> {
    pub(super) fn of(report: &'a AppReport<'_>, declaration: Option<&'a Declaration>, lang: Lang) -> AppJson<'a> {
        let (app, inventory) = (&report.app, &report.inventory);
        let manifest = &app.manifest;
        let application_id = manifest.application_id.as_str();
        AppJson {
            source: SourceJson {
                path: &app.source.path,
                sha256: &app.source.sha256,
                bytes: app.source.bytes,
                container: app.container.id(),
                parts: app.parts.iter().filter(|part| part.unread.is_none()).map(|part| part.name.as_str()).collect(),
                part_details: app.parts.iter().map(|part| facts::PartJson::of(part, lang)).collect(),
            },
            application_id,
            version_name: manifest.version_name.as_deref(),
            version_code: manifest.version_code,
            min_sdk: manifest.min_sdk.as_ref(),
            target_sdk: manifest.target_sdk.as_ref(),
            requested_permissions: facts::requested(app, inventory),
            implied_permissions: facts::implied(app),
            split_permissions: facts::split(app),
            defined_permissions: facts::defined(app),
            application_class: manifest.application_class.as_deref(),
            components: facts::components(app),
            meta_data: facts::meta_data(app),
            queries: manifest.queries.iter().map(QueryJson::of).collect(),
            features: manifest.features.iter().map(FeatureJson::of).collect(),
            native_libs: app.native_libs.iter().map(NativeJson::of).collect(),
            signing: facts::SigningJson::of(&app.signing),
            sdks: inventory.detections.iter().map(SdkJson::of).collect(),
            string_only: inventory.string_only.iter().map(StringOnlyJson::of).collect(),
            unidentified: &inventory.unidentified,
            unidentified_libs: &inventory.unidentified_libs,
            other_references: references::OtherJson::of(&inventory.other),
            nested_apps: inventory.nested.iter().map(NestedJson::of).collect(),
            coverage: CoverageJson::of(report, lang),
            tampering: app.tampering.iter().map(|one| facts::TamperingJson::of(one, lang)).collect(),
            gaps: app.gaps.iter().map(|gap| GapJson::of(gap, lang)).collect(),
            declared_sdks: match declaration {
                Some(declaration) => {
                    report.audit.records.iter().map(|one| DeclaredJson::of(one, declaration)).collect()
                }
                None => Vec::new(),
            },
            findings: report.audit.findings.iter().map(|one| FindingJson::of(one, application_id, lang)).collect(),
        }
    }
}

impl<'a> SdkJson<'a> {
    fn of(detection: &'a Detection<'_>) -> SdkJson<'a> {
        let sdk = detection.sdk;
        SdkJson {
            id: &sdk.id,
            name: &sdk.name,
            vendor: &sdk.vendor,
            aliases: &sdk.aliases,
            version: detection.version.as_deref(),
            categories: &sdk.categories,
            tracker: sdk.tracker,
            part_of: sdk.part_of.as_deref(),
            presence: detection.presence,
            brought_by: &detection.brought_by,
            evidence: &detection.evidence,
            wired_in: detection.wired_in,
            references: references::list(&detection.references),
        }
    }
}

impl<'a> StringOnlyJson<'a> {
    fn of(detection: &'a Detection<'_>) -> StringOnlyJson<'a> {
        StringOnlyJson { id: &detection.sdk.id, evidence: &detection.evidence }
    }
}

impl<'a> DeclaredJson<'a> {
    fn of(verdict: &'a RecordVerdict, declaration: &'a Declaration) -> DeclaredJson<'a> {
        let record = &declaration.records[verdict.record];
        let Place { document, at, .. } = declaration.place(record.place());
        DeclaredJson {
            name: record.title(),
            document,
            line: at.line,
            column: at.column,
            sdk_id: verdict.sdk.as_deref(),
            resolved_by: record.resolved.by.map(crate::declared::ResolvedBy::id),
            confidence: record.resolved.confidence.map(crate::declared::Confidence::id),
            candidates: &record.resolved.candidates,
            verdict: verdict.verdict,
            data: &verdict.data,
        }
    }
}

impl<'a> FindingJson<'a> {
    pub(super) fn of(finding: &'a Finding, application_id: &str, lang: Lang) -> FindingJson<'a> {
        FindingJson {
            rule: finding.rule.id(),
            severity: finding.severity.id(),
            subject: &finding.subject,
            message: finding.message.get(lang),
            help: finding.help.get(lang),
            evidence: &finding.evidence,
            references: references::list(&finding.references),
            declared: finding.declared.as_ref().map(DeclaredAtJson::of),
            fingerprint: finding.fingerprint(application_id),
            waived: finding.waiver.is_some(),
            waiver: finding.waiver.as_ref().map(WaiverJson::of),
        }
    }
}

impl<'a> WaiverJson<'a> {
    fn of(waiver: &'a Waiver) -> WaiverJson<'a> {
        let expires = waiver.expires.map(|last| last.to_string());
        WaiverJson { reason: &waiver.reason, owner: waiver.owner.as_deref(), expires, line: waiver.line }
    }
}

impl<'a> DeclaredAtJson<'a> {
    fn of(place: &'a DeclaredAt) -> DeclaredAtJson<'a> {
        DeclaredAtJson { document: &place.document, line: place.at.line, column: place.at.column, quote: &place.quote }
    }
}
