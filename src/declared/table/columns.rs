//! What the columns of a table hold: by their heads, and under heads that nobody listed by what stands in them.

use super::{labels, with_a_name};
use crate::declared::labels::{Kind, Label, lookup};
use crate::declared::learn::{is_sdk_name, kind_of};
use crate::declared::names::Names;
use crate::declared::source::Source;
use crate::declared::value;
use crate::declared::view::Cells;

fn label(kind: Kind) -> Label {
    Label { kind, weak: kind == Kind::Permission, says_sdk: false, takes_site: false }
}

fn column<'t>(source: &Source<'t>, rows: &[Cells], at: usize) -> Vec<&'t str> {
    rows.iter().filter_map(|row| row.get(at)).map(|cell| source.slice(cell)).filter(|cell| !cell.is_empty()).collect()
}

/// Adds the columns under unknown heads that hold packages, permissions, links, companies or data and nothing else.
pub(super) fn with_values(
    source: &Source,
    mut columns: Vec<(usize, Label)>,
    header: &Cells,
    rows: &[Cells],
) -> Vec<(usize, Label)> {
    for at in (0..header.len()).filter(|at| header.get(*at).is_some_and(|head| !head.is_empty())) {
        if columns.iter().any(|(known, _)| *known == at) {
            continue;
        }
        let kind = kind_of(&column(source, rows, at));
        if let Some(kind) = kind.filter(|kind| columns.iter().all(|(_, label)| label.kind != *kind)) {
            columns.push((at, label(kind)));
        }
    }
    columns.sort_by_key(|(at, _)| *at);
    columns
}

/// The columns of a table of SDKs whose name column has a head that nobody listed: the column whose values are names of
/// SDKs, else the first one with a short value of its own in every row. `None` where nothing says that it lists SDKs.
pub(super) fn with_unknown_name(
    source: &Source,
    header: &Cells,
    rows: &[Cells],
    lists_sdks: bool,
    names: &Names,
) -> Option<Vec<(usize, Label)>> {
    const FEWEST_KINDS: usize = 2;
    let known = labels(source, header);
    let kinds = |columns: &[(usize, Label)]| columns.iter().filter(|(_, label)| label.kind != Kind::Other).count();
    if kinds(&known) == 0 && !lists_sdks || known.iter().any(|(_, label)| label.kind == Kind::Name && !label.weak) {
        return None;
    }
    // A row of values is no header.
    let is_value =
        |cell: &str| kind_of(&[cell]).is_some() || is_sdk_name(&value::plain(cell), names) && lookup(cell).is_none();
    if header.iter().any(|cell| is_value(source.slice(cell))) {
        return None;
    }
    let mut columns = with_values(source, known.clone(), header, rows);
    let free = |at: &usize| known.iter().all(|(known, label)| known != at || label.kind == Kind::Name);
    let by_value = |at: &usize| {
        columns
            .iter()
            .find(|(known, _)| known == at)
            .is_some_and(|(_, label)| label.kind != Kind::Data && label.kind != Kind::Name)
    };
    let filled = |at: &usize| column(source, rows, *at);
    let proven = |at: &usize| filled(at).iter().filter(|cell| is_sdk_name(&value::plain(cell), names)).count();
    let candidates: Vec<usize> = (0..header.len()).filter(|at| free(at) && !by_value(at)).collect();
    let best = candidates.iter().copied().max_by_key(|at| (proven(at), std::cmp::Reverse(*at)));
    let best = best.filter(|at| proven(at) * 2 >= filled(at).len().max(1) && proven(at) > 0);
    let speaks = lists_sdks || columns.iter().any(|(_, label)| label.says_sdk || label.kind == Kind::Package);
    let name = match best {
        Some(at) if speaks || kinds(&columns) > FEWEST_KINDS => at,
        _ if !speaks || kinds(&columns) < FEWEST_KINDS => return None,
        _ => candidates.into_iter().find(|at| is_own(&filled(at), rows.len()))?,
    };
    columns.retain(|(at, label)| *at != name && label.kind != Kind::Name);
    columns.push((name, label(Kind::Name)));
    columns.sort_by_key(|(at, _)| *at);
    Some(with_a_name(columns, true))
}

/// Whether every row has a short value in the column, and no two the same.
fn is_own(cells: &[&str], rows: usize) -> bool {
    const LONGEST: usize = 40;
    let words: Vec<String> = cells.iter().map(|cell| value::plain(cell)).collect();
    let short = |word: &String| {
        word.chars().nth(LONGEST).is_none()
            && word.chars().any(char::is_alphabetic)
            && !word.contains(['，', '。', '；', '、', ';'])
            && !word.contains(", ")
            && lookup(word).is_none()
    };
    let distinct: std::collections::HashSet<&String> = words.iter().collect();
    words.len() >= 2 && words.len() * 10 >= rows * 8 && distinct.len() == words.len() && words.iter().all(short)
}
