//! The JSON of `lint`.

use super::json::{DocumentJson as FileJson, FindingJson, SCHEMA_VERSION, StampJson, to_text};
use super::{Counts, LintReport, LintedDocument};
use crate::lang::Lang;
use serde::Serialize;

#[derive(Serialize)]
struct OneJson<'a> {
    schema_version: &'static str,
    stamp: StampJson<'a>,
    #[serde(flatten)]
    document: DocumentJson<'a>,
}

#[derive(Serialize)]
struct SeveralJson<'a> {
    schema_version: &'static str,
    stamp: StampJson<'a>,
    documents: Vec<DocumentJson<'a>>,
    summary: SummaryJson,
}

#[derive(Serialize)]
struct DocumentJson<'a> {
    document: &'a str,
    sha256: &'a str,
    /// The documents that were taken together; the document alone where it is one.
    documents: Vec<FileJson<'a>>,
    has_sdk_list: bool,
    findings: Vec<FindingJson<'a>>,
    summary: DocumentSummaryJson,
}

#[derive(Serialize)]
struct DocumentSummaryJson {
    records: usize,
    findings: Counts,
}

#[derive(Serialize)]
struct SummaryJson {
    documents: usize,
    errors: usize,
    findings: Counts,
}

/// The report of `lint` as JSON: one object for one `given` policy, a list of them for several; empty when the only one could not
/// be read.
pub fn lint(report: &LintReport<'_>, given: usize, lang: Lang) -> String {
    let mut documents: Vec<DocumentJson<'_>> =
        report.documents.iter().map(|document| DocumentJson::of(document, lang)).collect();
    let stamp = StampJson::of(&report.stamp);
    if given > 1 {
        let summary =
            SummaryJson { documents: documents.len(), errors: report.errors.len(), findings: report.counts() };
        return to_text(&SeveralJson { schema_version: SCHEMA_VERSION, stamp, documents, summary });
    }
    match documents.pop() {
        Some(document) => to_text(&OneJson { schema_version: SCHEMA_VERSION, stamp, document }),
        None => String::new(),
    }
}

impl<'a> DocumentJson<'a> {
    fn of(document: &'a LintedDocument<'_>, lang: Lang) -> DocumentJson<'a> {
        let declaration = document.declaration;
        DocumentJson {
            document: &declaration.document,
            sha256: &declaration.sha256,
            documents: declaration.documents().iter().map(FileJson::of).collect(),
            has_sdk_list: declaration.has_sdk_list,
            findings: document.findings.iter().map(|finding| FindingJson::of(finding, "", lang)).collect(),
            summary: DocumentSummaryJson {
                records: declaration.records.len(),
                findings: Counts::of(document.findings.iter()),
            },
        }
    }
}
