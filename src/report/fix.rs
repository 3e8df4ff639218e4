//! Corrections as a unified diff.

use super::LintedDocument;
use crate::audit::Fix;
use crate::declared::Declaration;
use similar::TextDiff;

/// The unified diff of all corrections of one list; empty where there is nothing to correct.
///
/// Documents that are not their text (HTML, DOCX) are left out.
pub fn diff(linted: &LintedDocument<'_>) -> String {
    let documents = linted.declaration.documents().iter().enumerate();
    documents.filter(|(_, one)| one.is_plain_text()).map(|(part, one)| of_one(linted, part, one)).collect()
}

/// The diff of one of its documents.
fn of_one(linted: &LintedDocument<'_>, part: usize, declaration: &Declaration) -> String {
    let fixes = linted
        .findings
        .iter()
        .filter(|finding| finding.waiver.is_none())
        .filter_map(|finding| finding.fix.as_ref())
        .filter_map(|fix| {
            let place = linted.declaration.place(fix.at);
            (place.part == part).then(|| Fix { at: place.at, ..fix.clone() })
        });
    let fixes: Vec<Fix> = fixes.collect();
    let fixed = apply(&declaration.text, fixes.iter().collect());
    if fixed == declaration.text {
        return String::new();
    }
    let name = declaration.document.trim_start_matches("./");
    let (old, new) = (format!("a/{name}"), format!("b/{name}"));
    TextDiff::from_lines(declaration.text.as_str(), fixed.as_str()).unified_diff().header(&old, &new).to_string()
}

/// The text with the corrections in it. One that does not fit the text any more is left out.
fn apply(text: &str, mut fixes: Vec<&Fix>) -> String {
    fixes.sort_by_key(|fix| fix.at);
    let mut out = String::with_capacity(text.len());
    let mut fixes = fixes.into_iter().peekable();
    for (line, number) in text.split_inclusive('\n').zip(1u32..) {
        let mut done = 0;
        while let Some(fix) = fixes.next_if(|fix| fix.at.line <= number) {
            let start = line.char_indices().nth(fix.at.column as usize - 1).map_or(line.len(), |(at, _)| at);
            let fits = fix.at.line == number && start >= done && line[start..].starts_with(&fix.from);
            if fits {
                out.push_str(&line[done..start]);
                out.push_str(&fix.to);
                done = start + fix.from.len();
            }
        }
        out.push_str(&line[done..]);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::declared::Position;

    #[test]
    fn corrections_stand_where_they_belong() {
        let fix = |line, column, from: &str, to: &str| Fix {
            at: Position { line, column },
            from: from.to_owned(),
            to: to.to_owned(),
        };
        let fixes = [fix(2, 7, "BB", "CCC"), fix(2, 4, "A", "AA"), fix(1, 1, "nothing", "x"), fix(9, 1, "a", "b")];
        assert_eq!(apply("one\n权限：A、、BB.\nend", fixes.iter().collect()), "one\n权限：AA、、CCC.\nend");
    }
}
