//! Corrections as a unified diff.

use super::LintedDocument;
use crate::audit::Fix;
use crate::audit::fix::apply;
use crate::declared::Declaration;
use similar::TextDiff;

/// The unified diff of all corrections of one list; empty where there is nothing to correct.
///
/// Documents that are not their text (HTML, DOCX) are left out.
pub fn diff(linted: &LintedDocument<'_>) -> String {
    let documents = linted.declaration.documents().iter().enumerate();
    documents.filter(|(_, one)| one.is_plain_text()).map(|(part, one)| of_one(linted, part, one)).collect()
}

/// Documents with something to correct that are not their text, so that they get no diff.
pub fn without_diff<'a>(linted: &'a LintedDocument<'_>) -> Vec<&'a Declaration> {
    let open = linted.findings.iter().filter(|finding| finding.waiver.is_none());
    let parts: Vec<usize> =
        open.filter_map(|finding| finding.fix.as_ref()).map(|fix| linted.declaration.place(fix.at).part).collect();
    let documents = linted.declaration.documents().iter().enumerate();
    documents.filter(|(part, one)| parts.contains(part) && !one.is_plain_text()).map(|(_, one)| one).collect()
}

/// The diff of one of its documents.
fn of_one(linted: &LintedDocument<'_>, part: usize, declaration: &Declaration) -> String {
    let open = linted.findings.iter().filter(|finding| finding.waiver.is_none());
    let fixes = open.filter_map(|finding| finding.fix.as_ref()).filter_map(|fix| {
        let place = linted.declaration.place(fix.at);
        (place.part == part).then(|| Fix { at: place.at, ..fix.clone() })
    });
    let fixes: Vec<Fix> = fixes.collect();
    between(declaration, &apply(&declaration.text, fixes.iter().collect()))
}

/// The unified diff from a document to a new text of it; empty where nothing differs.
pub fn between(declaration: &Declaration, new: &str) -> String {
    if new == declaration.text {
        return String::new();
    }
    // As git writes absolute paths: `a/tmp/policy.md`.
    let name = declaration.document.trim_start_matches("./").trim_start_matches('/');
    let (old_name, new_name) = (format!("a/{name}"), format!("b/{name}"));
    TextDiff::from_lines(declaration.text.as_str(), new).unified_diff().header(&old_name, &new_name).to_string()
}
