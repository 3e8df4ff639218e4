//! Corrections as a unified diff.

use super::LintedDocument;
use crate::audit::fix::apply;
use crate::declared::Declaration;
use similar::TextDiff;

/// The unified diff of all corrections of one document; empty where there is nothing to correct.
pub fn diff(document: &LintedDocument<'_>) -> String {
    let open = document.findings.iter().filter(|finding| finding.waiver.is_none());
    let fixes = open.filter_map(|finding| finding.fix.as_ref());
    between(document.declaration, &apply(&document.declaration.text, fixes.collect()))
}

/// The unified diff from a document to a new text of it; empty where nothing differs.
pub fn between(declaration: &Declaration, new: &str) -> String {
    if new == declaration.text {
        return String::new();
    }
    let name = declaration.document.trim_start_matches("./");
    let (old_name, new_name) = (format!("a/{name}"), format!("b/{name}"));
    TextDiff::from_lines(declaration.text.as_str(), new).unified_diff().header(&old_name, &new_name).to_string()
}
