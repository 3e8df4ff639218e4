//! Pipe tables (and tab-separated ones under a header of known labels) → records.
//!
//! Reads header over rows and, where the first column holds the labels, one record per column. The separator row is not
//! required and indented tables count: many policies are exports that a strict Markdown reader would show as code.

use super::html_table;
use super::labels::{Kind, Label, lookup};
use super::line::Line;
use super::record::{Draft, Entry};
use super::section::Section;
use super::source::Source;
use super::value;
use std::ops::Range;

/// The cells of one row.
pub(super) type Cells = Vec<Range<usize>>;

/// Reads all tables. `taken` is set for every line of a table, `used` for those that gave records.
pub(super) fn read(source: &Source, lines: &[Line], taken: &mut [bool], used: &mut [bool]) -> Vec<Draft> {
    let mut drafts = Vec::new();
    let mut section = Section::new(source, lines);
    let mut html = html_table::all(source).into_iter().peekable();
    let mut at = 0;
    while let Some(line) = lines.get(at) {
        let (end, rows, strict) = match html.next_if(|table| table.range.start < line.whole.end) {
            Some(table) => {
                let inside = lines.iter().skip(at).take_while(|line| line.whole.start < table.range.end);
                (at + inside.count().max(1), table.rows, true)
            }
            None => {
                let rows = block(source, lines, at);
                let strict = rows.get(1).is_some_and(|row| is_separator(source, row));
                (at + rows.len(), rows, strict)
            }
        };
        if rows.len() < 2 {
            if !line.is_blank() {
                section.read(source, line);
            }
            at += 1;
            continue;
        }
        let found = records(source, &rows, strict, &section).into_iter().filter(|draft| draft.is_sdk(source));
        let before = drafts.len();
        drafts.extend(found);
        for (flags, value) in [(&mut *taken, true), (&mut *used, drafts.len() > before)] {
            flags.iter_mut().take(end).skip(at).for_each(|flag| *flag = value);
        }
        at = end.max(at + 1);
    }
    drafts
}

/// The rows of the table that begins at line `at`.
fn block(source: &Source, lines: &[Line], at: usize) -> Vec<Cells> {
    let Some(first) = lines.get(at) else { return Vec::new() };
    let delimiter = if source.slice(&first.whole).contains('|') { '|' } else { '\t' };
    let row = |line: &Line| {
        let text = source.slice(&line.whole);
        text.contains(delimiter).then(|| cells(source, line, delimiter)).filter(|row| delimiter == '|' || row.len() > 1)
    };
    let Some(header) = row(first) else { return Vec::new() };
    let ruled = || lines.get(at + 1).and_then(row).is_some_and(|row| is_separator(source, &row));
    // Tabs and lone pipes also stand in prose.
    let is_table = match delimiter {
        '|' => labels(source, &header).len() >= 2 || header.len() >= 2 && is_framed(source, first) || ruled(),
        _ => labels(source, &header).len() >= 3,
    };
    if is_table { lines.iter().skip(at).map_while(row).collect() } else { Vec::new() }
}

fn is_framed(source: &Source, line: &Line) -> bool {
    source.slice(&line.body).starts_with('|')
}

/// The trimmed cells of a line, without the empty ones outside a frame of pipes.
fn cells(source: &Source, line: &Line, delimiter: char) -> Cells {
    let whole = source.trim(line.whole.clone());
    let text = source.slice(&whole);
    let mut cells = Vec::new();
    let (mut start, mut escaped, mut code) = (0, false, false);
    let last_tick = text.rfind('`').unwrap_or(0);
    for (at, c) in text.char_indices() {
        match c {
            '\\' => escaped = !escaped,
            '`' => code = !code,
            c if c == delimiter && !escaped && !(code && at < last_tick) => {
                cells.push(start..at);
                start = at + 1;
            }
            _ => escaped = false,
        }
    }
    cells.push(start..text.len());
    if delimiter == '|' && cells.first().is_some_and(|cell| cell.is_empty()) {
        cells.remove(0);
    }
    if delimiter == '|' && cells.last().is_some_and(|cell| cell.is_empty()) {
        cells.pop();
    }
    cells.into_iter().map(|cell| source.trim(whole.start + cell.start..whole.start + cell.end)).collect()
}

fn is_separator(source: &Source, row: &Cells) -> bool {
    !row.is_empty()
        && row.iter().all(|cell| {
            let text = source.slice(cell);
            text.contains('-') && text.chars().all(|c| matches!(c, '-' | ':' | ' ' | '=' | '+'))
        })
}

/// Columns with a label.
fn labels(source: &Source, row: &Cells) -> Vec<(usize, Label)> {
    let label = |cell: &Range<usize>| lookup(&value::plain(source.slice(cell)));
    row.iter().enumerate().filter_map(|(column, cell)| Some((column, label(cell)?))).collect()
}

fn records(source: &Source, rows: &[Cells], strict: bool, section: &Section) -> Vec<Draft> {
    let Some((header, rest)) = rows.split_first() else { return Vec::new() };
    let columns = labels(source, header);
    let draft = |start| Draft {
        start,
        in_sdk_section: section.lists_sdks(),
        in_table: true,
        platform: section.platform(),
        ..Draft::default()
    };
    if is_header(&columns) {
        return rows_as_records(source, rest, (columns, header.len(), strict), draft);
    }
    let sides: Vec<(usize, Label)> = rows
        .iter()
        .enumerate()
        .filter_map(|(number, row)| Some((number, lookup(&value::plain(source.slice(row.first()?)))?)))
        .collect();
    if is_header(&sides) { columns_as_records(rows, &sides, draft) } else { Vec::new() }
}

/// A name and one more field.
fn is_header(labels: &[(usize, Label)]) -> bool {
    labels.iter().any(|(_, label)| label.kind == Kind::Name)
        && labels.iter().any(|(_, label)| !matches!(label.kind, Kind::Name | Kind::Other))
}

/// `strict`: every row stands on one line, as the table's syntax demands.
fn rows_as_records(
    source: &Source,
    rows: &[Cells],
    (mut columns, width, strict): (Vec<(usize, Label)>, usize, bool),
    draft: impl Fn(usize) -> Draft,
) -> Vec<Draft> {
    let mut done: Vec<Draft> = Vec::new();
    let mut filled = width;
    for row in rows.iter().filter(|row| !is_separator(source, row)) {
        let again = labels(source, row);
        if is_header(&again) && again.len() >= 2 {
            columns = again;
            continue;
        }
        let words = row.iter().filter(|cell| !cell.is_empty()).count();
        if let Some(last) = done.last_mut().filter(|_| !strict && (filled < width || words * 2 <= width)) {
            // A crawler's copy of a table breaks rows where cells had several lines or were merged.
            if filled < width {
                fill(last, &columns, row, filled);
                filled += row.len();
            } else if words >= 2 {
                extend_data(last, row);
            }
            continue;
        }
        let mut record = draft(row.first().map_or(0, |cell| cell.start));
        fill(&mut record, &columns, row, 0);
        filled = row.len();
        if !record.entries.is_empty() {
            done.push(record);
        }
    }
    done
}

/// Puts the cells of a row, which begin at column `from`, under their labels. Empty cells are absent fields.
fn fill(record: &mut Draft, columns: &[(usize, Label)], row: &Cells, from: usize) {
    for (column, label) in columns {
        let cell = column.checked_sub(from).and_then(|column| row.get(column)).filter(|cell| !cell.is_empty());
        if let Some(cell) = cell {
            record.entries.push(Entry { label: *label, parts: vec![cell.clone()] });
        }
    }
}

fn extend_data(record: &mut Draft, row: &Cells) {
    let data = record.entries.iter_mut().rfind(|entry| entry.label.kind == Kind::Data);
    if let Some(data) = data {
        data.parts.extend(row.iter().filter(|cell| !cell.is_empty()).cloned());
    }
}

fn columns_as_records(rows: &[Cells], sides: &[(usize, Label)], draft: impl Fn(usize) -> Draft) -> Vec<Draft> {
    let width = rows.iter().map(Vec::len).max().unwrap_or(0);
    let mut done: Vec<Draft> = Vec::new();
    for column in 1..width {
        let mut record: Option<Draft> = None;
        for (row, label) in sides {
            let Some(cell) = rows.get(*row).and_then(|row| row.get(column)).filter(|cell| !cell.is_empty()) else {
                continue;
            };
            // A second name row begins the next record of a long two-column table.
            let again = label.kind == Kind::Name && record.as_ref().is_some_and(|record| record.has(Kind::Name));
            if again {
                done.extend(record.take());
            }
            let record = record.get_or_insert_with(|| draft(cell.start));
            record.entries.push(Entry { label: *label, parts: vec![cell.clone()] });
        }
        done.extend(record);
    }
    done.sort_by_key(|record| record.start);
    done
}
