//! Tables that are forms: label and value side by side, once or twice in a row, under a row or beside a column with the name.

use super::super::labels::{Kind, Label, lookup};
use super::super::record::{Draft, Entry};
use super::super::source::Source;
use super::super::value;
use super::super::view::Cells;
use super::is_separator;
use std::ops::Range;

/// The records of a form; `None` where the table is none.
pub fn read(source: &Source, rows: &[Cells], draft: impl Fn(usize) -> Draft) -> Option<Vec<Draft>> {
    /// Pairs that a form has at least.
    const FEWEST: usize = 3;
    let rows: Vec<Cells> = rows.iter().filter(|row| !is_separator(source, row)).map(|row| own_cells(row)).collect();
    let mut form = Form { source, records: Vec::new(), beside: None, pairs: 0, doubled: false, titled: false };
    let fitting = rows.iter().filter(|row| form.row(row, &draft)).count();
    let shaped = form.doubled || form.titled;
    let is_form = shaped && form.pairs >= FEWEST && fitting * 10 >= rows.len() * 7;
    is_form.then(|| form.records.into_iter().filter(|record| !record.entries.is_empty()).collect())
}

/// The cells of a row without empty ones and without the copies of a spanned one.
fn own_cells(row: &Cells) -> Cells {
    let mut cells: Cells = row.clone();
    cells.dedup();
    cells.retain(|cell| !cell.is_empty());
    cells
}

struct Form<'a> {
    source: &'a Source<'a>,
    records: Vec<Draft>,
    /// The name that spans the rows beside it.
    beside: Option<Range<usize>>,
    pairs: usize,
    /// Whether a row has two pairs.
    doubled: bool,
    /// Whether names stand above or beside the pairs.
    titled: bool,
}

impl Form<'_> {
    fn label(&self, cell: &Range<usize>) -> Option<Label> {
        let words = value::plain(self.source.slice(cell));
        lookup(words.trim_end_matches([':', '：']))
    }

    /// Takes in a row; whether it is one of a form.
    fn row(&mut self, cells: &[Range<usize>], draft: impl Fn(usize) -> Draft) -> bool {
        let (Some(first), label) =
            (cells.first(), |cell: Option<&Range<usize>>| cell.and_then(|cell| self.label(cell)))
        else {
            return true;
        };
        let (head, next) = (label(Some(first)), label(cells.get(1)));
        let cells = match (head, next) {
            (None, None) if cells.len() == 1 => {
                self.records.push(Draft { title: Some(first.clone()), ..draft(first.start) });
                return true;
            }
            (None, Some(_)) => {
                if self.beside.as_ref() != Some(first) {
                    self.beside = Some(first.clone());
                    self.records.push(Draft { title: Some(first.clone()), ..draft(first.start) });
                }
                &cells[1..]
            }
            (None, None) => return false,
            _ => cells,
        };
        let pairs: Vec<(Option<Label>, &Range<usize>)> =
            cells.chunks(2).filter_map(|pair| Some((self.label(pair.first()?), pair.get(1)?))).collect();
        if pairs.iter().any(|(label, value)| label.is_none() || self.label(value).is_some()) {
            return false;
        }
        self.doubled |= pairs.len() > 1;
        for (label, cell) in pairs {
            self.pair(label, cell, &draft);
        }
        true
    }

    fn pair(&mut self, label: Option<Label>, cell: &Range<usize>, draft: impl Fn(usize) -> Draft) {
        let Some(label) = label else { return };
        self.pairs += 1;
        let again = label.kind == Kind::Name && self.records.last().is_none_or(|last| last.has(Kind::Name));
        if again || self.records.is_empty() {
            self.records.push(draft(cell.start));
        }
        let Some(last) = self.records.last_mut() else { return };
        self.titled |= last.title.is_some() && label.kind != Kind::Name;
        last.entries.push(Entry { label, parts: vec![cell.clone()] });
    }
}
