//! HTML tables inside Markdown or text, as ranges of the document.
//!
//! Only the plain grid: `rowspan` and `colspan` are not spread.

use super::source::Source;
use super::table::Cells;
use std::ops::Range;

/// One `<table>`.
pub(super) struct HtmlTable {
    pub range: Range<usize>,
    pub rows: Vec<Cells>,
}

/// All tables of the document in order. A table without end is none.
pub(super) fn all(source: &Source) -> Vec<HtmlTable> {
    // Lower-casing ASCII keeps every offset.
    let lower = source.text.to_ascii_lowercase();
    let mut tables = Vec::new();
    let mut from = 0;
    while let Some(start) = find(&lower, "<table", from) {
        let Some(end) = find(&lower, "</table", start) else { break };
        tables.push(HtmlTable { range: start..end, rows: rows(source, &lower, start..end) });
        from = end;
    }
    tables
}

fn find(text: &str, needle: &str, from: usize) -> Option<usize> {
    memchr::memmem::find(text.as_bytes().get(from..)?, needle.as_bytes()).map(|at| from + at)
}

fn rows(source: &Source, lower: &str, table: Range<usize>) -> Vec<Cells> {
    let mut rows: Vec<Cells> = Vec::new();
    let mut open: Option<usize> = None;
    let mut at = table.start;
    while let Some(tag) = find(lower, "<", at).filter(|tag| *tag < table.end) {
        at = tag + 1;
        let name = lower[at..].split(|c: char| !(c.is_ascii_alphanumeric() || c == '/')).next().unwrap_or("");
        if !matches!(name, "tr" | "td" | "th" | "/tr" | "/td" | "/th") {
            continue;
        }
        if let (Some(start), Some(row)) = (open.take(), rows.last_mut()) {
            row.push(source.trim(start..tag.max(start)));
        }
        match name {
            "tr" => rows.push(Vec::new()),
            "td" | "th" => open = find(lower, ">", at).map(|close| close + 1),
            _ => {}
        }
    }
    if let (Some(start), Some(row)) = (open, rows.last_mut()) {
        row.push(source.trim(start..table.end.max(start)));
    }
    rows.retain(|row| !row.is_empty());
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells(text: &str) -> Vec<Vec<&str>> {
        let tables = all(&Source::new(text));
        tables
            .iter()
            .flat_map(|table| &table.rows)
            .map(|row| row.iter().map(|cell| &text[cell.clone()]).collect())
            .collect()
    }

    #[test]
    fn cells_are_found_with_and_without_end_tags() {
        let closed =
            "a <TABLE style='x'><tr><th width=1>A</th><th> B\n</th></tr><tr><td>1<br>2</td><td></td></tr></table> b";
        assert_eq!(cells(closed), [vec!["A", "B"], vec!["1<br>2", ""]]);
        assert_eq!(cells("<table><tr><td>A<td>B<tr><td>1<td>2</table>"), [["A", "B"], ["1", "2"]]);
    }

    #[test]
    fn broken_tables_are_survived() {
        assert!(cells("<table><tr><td>").is_empty());
        assert!(cells("<table></table><table").is_empty());
        assert_eq!(cells("<table><td>x</td><tr><td>y</table>"), [["y"]]);
        assert_eq!(cells("<table><tr><td</table>"), [[""]]);
    }
}
