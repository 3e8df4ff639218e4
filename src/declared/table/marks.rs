//! Cells that are not what they look like: their own label repeated, "as above", the sum at the end.

use crate::declared::labels::{Label, MAX_LABEL, lookup};
use crate::declared::record::Draft;
use crate::declared::source::Source;
use crate::declared::value;
use crate::declared::view::Cells;
use std::ops::Range;

/// The cell without its own label, which pages for narrow screens repeat: "Vendor: Acme Inc.".
pub(super) fn without_label(source: &Source, cell: &Range<usize>, column: Label) -> Range<usize> {
    let text = source.slice(cell);
    let Some((colon, c)) = text.char_indices().take(MAX_LABEL).find(|(_, c)| matches!(c, ':' | '：')) else {
        return cell.clone();
    };
    let own = lookup(text.get(..colon).unwrap_or("")).is_some_and(|label| label.kind == column.kind);
    let rest = source.trim(cell.start + colon + c.len_utf8()..cell.end);
    if own && !rest.is_empty() { rest } else { cell.clone() }
}

/// Puts the values of the row above in place of "同上", "Same as above", "〃".
pub(super) fn as_above(source: &Source, above: &Draft, record: &mut Draft) {
    const MARKS: [&str; 8] = ["同上", "〃", "″", "same as above", "as above", "ditto", "see above", "\"\""];
    for entry in &mut record.entries {
        let words = entry.parts.first().map(|part| value::plain(source.slice(part)).to_lowercase()).unwrap_or_default();
        if MARKS.contains(&words.trim_end_matches(['.', '。']))
            && let Some(same) = above.entries.iter().find(|other| other.label.kind == entry.label.kind)
        {
            entry.parts.clone_from(&same.parts);
        }
    }
}

/// "合计 | 3": the last row of a table that counts.
pub(super) fn is_foot(source: &Source, row: &Cells) -> bool {
    let words: Vec<String> = row
        .iter()
        .map(|cell| value::plain(source.slice(cell)).to_lowercase())
        .filter(|words| !words.is_empty())
        .collect();
    let sum = words.first().is_some_and(|first| ["合计", "总计", "共计", "total", "sum"].contains(&first.as_str()));
    sum && words.iter().skip(1).all(|word| word.chars().all(|c| c.is_ascii_digit() || matches!(c, '个' | '项' | '款')))
}
