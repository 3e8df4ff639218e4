//! Declared lists as CSV, for spreadsheets: one row per record, several values of a field on lines of one cell.

use crate::declared::{Declaration, DeclaredSdk, Field, Located};
use crate::error::Error;
use crate::lang::Text;

const HEADER: [&str; 14] = [
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
];

/// All records of all documents. An absent field is empty, an explicit none is "None".
///
/// A cell that a spreadsheet would take for a formula gets an apostrophe before it: the words are a stranger's.
///
/// # Errors
/// Out of memory only.
pub fn declared(declarations: &[Declaration]) -> Result<String, Error> {
    let failed = |cause: csv::Error| {
        Error::new(Text::new("cannot write the list as CSV", "无法将清单写为 CSV"), Text::default()).because(cause)
    };
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(HEADER).map_err(failed)?;
    for declaration in declarations {
        for record in &declaration.records {
            writer.write_record(row(&declaration.document, record).map(no_formula)).map_err(failed)?;
        }
    }
    let bytes = writer.into_inner().map_err(|cause| failed(cause.into_error().into()))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

fn row(document: &str, record: &DeclaredSdk) -> [String; 14] {
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
