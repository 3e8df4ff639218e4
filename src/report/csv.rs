//! Declared lists and inventories as CSV, for spreadsheets: one row per record or SDK, several values of a field on lines of one cell.

use super::{AppReport, Report};
use crate::declared::{Declaration, DeclaredSdk, Field, Located};
use crate::detect::{Detection, Evidence, Presence, TypeReferences};
use crate::error::Error;
use crate::lang::Text;

const HEADER: [&str; 16] = [
    "document",
    "line",
    "column",
    "name",
    "vendor",
    "packages",
    "permissions",
    "purpose",
    "data",
    "links",
    "method",
    "platform",
    "sdk_id",
    "resolved_by",
    "confidence",
    "candidates",
];

/// All records of all documents. An absent field is empty, an explicit none is "None".
///
/// A cell that a spreadsheet would take for a formula gets an apostrophe before it: the words are a stranger's.
///
/// # Errors
/// Out of memory only.
pub fn declared(declarations: &[Declaration]) -> Result<String, Error> {
    let of_document =
        |one: &Declaration| -> Vec<_> { one.records.iter().map(|record| row(&one.document, record)).collect() };
    written(HEADER, declarations.iter().flat_map(of_document))
}

const INVENTORY: [&str; 19] = [
    "app",
    "sha256",
    "application_id",
    "version_name",
    "sdk_id",
    "name_en",
    "name_zh",
    "vendor_en",
    "vendor_zh",
    "categories",
    "tracker",
    "part_of",
    "sdk_version",
    "presence",
    "declared",
    "brought_by",
    "evidence",
    "entries",
    "references",
];

/// All SDKs of all apps. `declared` is empty for `inspect` and for what is not present.
///
/// # Errors
/// Out of memory only.
pub fn inventory(report: &Report<'_>) -> Result<String, Error> {
    let of_app = |app: &AppReport<'_>| -> Vec<_> {
        let rows = app.inventory.detections.iter().map(|detection| sdk_row(app, detection));
        rows.map(|row| row.map(|cell| inert(&cell))).collect()
    };
    written(INVENTORY, report.apps.iter().flat_map(of_app))
}

fn sdk_row(report: &AppReport<'_>, detection: &Detection<'_>) -> [String; 19] {
    let (app, sdk) = (&report.app, detection.sdk);
    let present = detection.presence == Presence::Present;
    let declared = report.audit.covered.as_ref().filter(|_| present).map(|covered| covered.contains(&sdk.id));
    let lines = |cells: Vec<String>| cells.join("\n");
    let seen = |one: &Evidence| format!("{} ({})", one.seen, one.count);
    [
        app.source.path.clone(),
        app.source.sha256.clone(),
        app.manifest.application_id.clone(),
        app.manifest.version_name.clone().unwrap_or_default(),
        sdk.id.clone(),
        sdk.name.en.clone(),
        sdk.name.zh.clone(),
        sdk.vendor.en.clone(),
        sdk.vendor.zh.clone(),
        lines(sdk.categories.iter().map(|category| category.id().to_owned()).collect()),
        sdk.tracker.to_string(),
        sdk.part_of.clone().unwrap_or_default(),
        detection.version.clone().unwrap_or_default(),
        detection.presence.id().to_owned(),
        declared.map(|declared| declared.to_string()).unwrap_or_default(),
        lines(detection.brought_by.clone()),
        lines(detection.evidence.iter().map(seen).collect()),
        lines(detection.evidence.iter().map(|one| one.entry.clone()).collect()),
        lines(detection.own_references().filter(|one| !one.is_capability()).map(reference).collect()),
    ]
}

/// `imei strong 3`.
fn reference(one: &TypeReferences) -> String {
    format!("{} {} {}", one.data_type, one.strength.id(), one.count)
}

/// A cell that no spreadsheet runs: what begins like a formula is marked as text.
fn inert(cell: &str) -> String {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{cell}") } else { cell.to_owned() }
}

fn written<const N: usize>(header: [&str; N], rows: impl Iterator<Item = [String; N]>) -> Result<String, Error> {
    let failed = |cause: csv::Error| {
        Error::new(Text::new("cannot write the list as CSV", "无法将清单写为 CSV"), Text::default()).because(cause)
    };
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(header).map_err(failed)?;
    for row in rows {
        writer.write_record(row.map(no_formula)).map_err(failed)?;
    }
    let bytes = writer.into_inner().map_err(|cause| failed(cause.into_error().into()))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

fn row(document: &str, record: &DeclaredSdk) -> [String; 16] {
    [
        document.to_owned(),
        record.line.to_string(),
        record.column.to_string(),
        text(&record.name),
        text(&record.vendor),
        list(&record.packages),
        list(&record.permissions),
        text(&record.purpose),
        text(&record.data),
        list(&record.links),
        text(&record.method),
        text(&record.platform),
        record.resolved.sdk.clone().unwrap_or_default(),
        record.resolved.by.map(|by| by.id().to_owned()).unwrap_or_default(),
        record.resolved.confidence.map(|one| one.id().to_owned()).unwrap_or_default(),
        record.resolved.candidates.join("\n"),
    ]
}

/// <https://owasp.org/www-community/attacks/CSV_Injection>: what begins a formula in the usual programs.
fn no_formula(cell: String) -> String {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠']) {
        format!("'{cell}")
    } else {
        cell
    }
}

const NONE: &str = "None";

fn text(field: &Field<Located>) -> String {
    match field {
        Field::Absent => String::new(),
        Field::ExplicitNone(_) => NONE.to_owned(),
        Field::Given(located) => located.text.clone(),
    }
}

fn list(field: &Field<Vec<Located>>) -> String {
    match field {
        Field::Absent => String::new(),
        Field::ExplicitNone(_) => NONE.to_owned(),
        Field::Given(items) => items.iter().map(|item| item.text.as_str()).collect::<Vec<_>>().join("\n"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signatures::SignatureSet;

    #[test]
    fn no_cell_is_a_formula() {
        for cell in ["=HYPERLINK(\"https://a.example\")", "+1", "-1", "@SUM(A1)", "\t=1", "＝1"] {
            assert_eq!(no_formula(cell.to_owned()), format!("'{cell}"));
        }
        assert_eq!(no_formula("a=b".to_owned()), "a=b");
        let text = "SDK名称：=cmd|calc!A0\n使用目的：@推送\n";
        let declaration = crate::declared::read("p.txt", text.as_bytes(), SignatureSet::builtin()).unwrap();
        let csv = declared(&[declaration]).unwrap();
        assert!(csv.contains(",'=cmd|calc!A0,") && csv.contains(",'@推送,"), "{csv}");
    }
}
