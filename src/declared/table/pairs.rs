//! Tables of labels and values side by side: one or two pairs in a row, for one SDK or for many.

use crate::declared::headings::is_list_title;
use crate::declared::labels::{Kind, Label, lookup};
use crate::declared::line::Line;
use crate::declared::record::{Draft, Entry};
use crate::declared::section;
use crate::declared::source::Source;
use crate::declared::value;
use crate::declared::view::Cells;
use std::ops::Range;

/// What a row of such a table is.
enum Row {
    /// Labels with their values, and the cell before them that spans several rows.
    Pairs(Option<Range<usize>>, Vec<(Label, Range<usize>)>),
    /// One cell over the whole row.
    Title(Range<usize>),
    Blank,
    Other,
}

/// The records of such a table. `above`: the line right above it, which may name the only one.
pub(super) fn records(
    source: &Source,
    rows: &[Cells],
    above: Option<&Line>,
    draft: impl Fn(usize) -> Draft,
) -> Option<Vec<Draft>> {
    let read: Vec<Row> = rows.iter().enumerate().map(|(at, row)| self::row(source, rows, at, row)).collect();
    let pairs = read.iter().filter(|row| matches!(row, Row::Pairs(..))).count();
    let others = read.iter().filter(|row| matches!(row, Row::Other)).count();
    if pairs < 2 || others * 3 > pairs {
        return None;
    }
    let mut done: Vec<Draft> = Vec::new();
    let mut title = above.filter(|line| names_a_record(source, line)).map(|line| line.body.clone());
    let mut spanned: Option<Range<usize>> = None;
    let mut begun = false;
    for row in read {
        let (side, fields) = match row {
            Row::Pairs(side, fields) => (side, fields),
            Row::Title(range) => {
                (title, begun) = (Some(range), false);
                continue;
            }
            Row::Blank | Row::Other => continue,
        };
        if side.is_some() && side != spanned {
            (title, spanned, begun) = (side.clone(), side, false);
        }
        for (label, cell) in fields {
            let named_again =
                label.kind == Kind::Name && !label.weak && done.last().is_some_and(|last| last.has(Kind::Name));
            if !begun || named_again {
                let start = title.as_ref().filter(|_| !begun).map_or(cell.start, |title| title.start);
                done.push(Draft { title: title.take(), ..draft(start) });
                begun = true;
            }
            if let Some(last) = done.last_mut().filter(|_| !cell.is_empty()) {
                last.entries.push(Entry { label, parts: vec![cell] });
            }
        }
    }
    done.retain(|draft| draft.title.is_some() || draft.has(Kind::Name));
    (!done.is_empty()).then_some(done)
}

/// Whether the line above a table names what the table tells about.
fn names_a_record(source: &Source, line: &Line) -> bool {
    section::is_title(source, line, false) && !is_list_title(source.slice(&line.body))
}

fn row(source: &Source, rows: &[Cells], at: usize, row: &Cells) -> Row {
    let mut cells: Vec<Range<usize>> = row.clone();
    cells.dedup();
    let lookup = |cell: &Range<usize>| {
        let words = value::plain(source.slice(cell));
        lookup(words.trim_end_matches([':', '：']))
    };
    let beside = |at: Option<usize>| at.and_then(|at| rows.get(at)).and_then(|row| row.first());
    let spans = |cell: &Range<usize>| {
        !cell.is_empty() && (beside(at.checked_sub(1)) == Some(cell) || beside(Some(at + 1)) == Some(cell))
    };
    let side = cells.first().filter(|first| cells.len() > 2 && spans(first) && lookup(first).is_none()).cloned();
    if side.is_some() {
        cells.remove(0);
    }
    while cells.len() > 2 && cells.last().is_some_and(|last| last.is_empty()) && cells.len() % 2 == 1 {
        cells.pop();
    }
    if cells.iter().all(|cell| cell.is_empty()) {
        return Row::Blank;
    }
    if let [only] = cells.as_slice() {
        let title = row.len() > 1 && lookup(only).is_none();
        return if title { Row::Title(only.clone()) } else { Row::Other };
    }
    let pairs: Option<Vec<(Label, Range<usize>)>> =
        cells.chunks(2).map(|pair| Some((lookup(pair.first()?)?, pair.get(1)?.clone()))).collect();
    match pairs.filter(|pairs| pairs.iter().all(|(_, cell)| lookup(cell).is_none())) {
        Some(pairs) => Row::Pairs(side, pairs),
        None => Row::Other,
    }
}
