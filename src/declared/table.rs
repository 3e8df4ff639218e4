//! Pipe tables (and tab-separated ones under a header of known labels) → records.
//!
//! Reads header over rows and, where the first column holds the labels, one record per column. The separator row is not
//! required and indented tables count: many policies are exports that a strict Markdown reader would show as code.

mod forms;
mod rows;

use super::labels::{Kind, Label, lookup, lookup_head};
use super::line::Line;
use super::record::{Draft, Entry};
use super::section::{self, Section};
use super::source::Source;
use super::value;
use super::view::Cells;
use rows::{Block, block};
use std::ops::Range;

/// Reads all tables. `taken` is set for every line of a table, `used` for those that gave records.
pub(super) fn read(source: &Source, lines: &[Line], taken: &mut [bool], used: &mut [bool]) -> Vec<Draft> {
    let mut drafts = Vec::new();
    let mut section = Section::new(source, lines);
    let mut marked = source.tables.iter().peekable();
    let mut at = 0;
    while let Some(line) = lines.get(at) {
        let found = match marked.next_if(|table| table.range.start < line.whole.end) {
            Some(table) => {
                let inside = lines.iter().skip(at).take_while(|line| line.whole.start < table.range.end);
                let end = at + inside.count().max(1);
                // Tables of other things, and those that lay out a page, are read as text.
                let caption = table.rows.first().and_then(|row| row.first()).map(|cell| table.range.start..cell.start);
                // What a caption says stands in the table's lines, before its cells.
                let head = caption.as_ref().filter(|caption| !source.slice(caption).trim().is_empty());
                let above = if head.is_some() { at + 1 } else { at };
                let platform = caption.and_then(|caption| section::system(source, &caption));
                let platform = platform.or_else(|| platform_above(source, lines, at));
                let drafts = records(source, &table.rows, true, &section, platform.clone());
                let drafts = drafts.or_else(|| one_record(source, lines, above, &table.rows, &section, platform));
                drafts.map(|drafts| (end, drafts))
            }
            None => {
                let Block { rows, end } = block(source, lines, at);
                let strict = rows.get(1).is_some_and(|row| is_separator(source, row));
                let platform = if rows.len() < 2 { None } else { platform_above(source, lines, at) };
                let drafts = || {
                    let drafts = records(source, &rows, strict, &section, platform.clone());
                    drafts.or_else(|| one_record(source, lines, at, &rows, &section, platform)).unwrap_or_default()
                };
                (rows.len() >= 2).then(|| (end, drafts()))
            }
        };
        let Some((end, found)) = found else {
            if !line.is_blank() {
                section.read(source, line);
            }
            at += 1;
            continue;
        };
        let before = drafts.len();
        drafts.extend(found.into_iter().filter(|draft| draft.is_sdk(source)));
        for (flags, value) in [(&mut *taken, true), (&mut *used, drafts.len() > before)] {
            flags.iter_mut().take(end).skip(at).for_each(|flag| *flag = value);
        }
        at = end.max(at + 1);
    }
    drafts
}

/// The operating system that the line right above a table names: "Android端：".
fn platform_above(source: &Source, lines: &[Line], at: usize) -> Option<Range<usize>> {
    const NEAR: usize = 4;
    let line = lines.iter().take(at).rev().take(NEAR).find(|line| !line.is_blank())?;
    section::is_title(source, line, false).then(|| section::system(source, &line.body)).flatten()
}

/// A table of two columns, labels and values, that has the SDK's name in the line above it.
fn one_record(
    source: &Source,
    lines: &[Line],
    at: usize,
    rows: &[Cells],
    section: &Section,
    platform: Option<Range<usize>>,
) -> Option<Vec<Draft>> {
    const NEAR: usize = 3;
    let label = |row: &Cells| lookup(&value::plain(source.slice(row.first()?)));
    let rows: Vec<&Cells> = rows.iter().filter(|row| !is_separator(source, row)).collect();
    let fields = rows.iter().filter_map(|row| Some((label(row)?, row.get(1).filter(|cell| !cell.is_empty())?)));
    let fields: Vec<(Label, &Range<usize>)> = fields.collect();
    let paired = rows.iter().all(|row| row.len() == 2);
    let named = lines.get(..at)?.iter().rev().take(NEAR).find(|line| !line.is_blank())?;
    if !paired || fields.len() < 2 || fields.len() * 2 <= rows.len() || !section::is_title(source, named, false) {
        return None;
    }
    let entry = |(label, cell): (Label, &Range<usize>)| Entry { label, parts: vec![cell.clone()] };
    Some(vec![Draft {
        start: named.body.start,
        title: Some(named.body.clone()),
        entries: fields.into_iter().map(entry).collect(),
        in_sdk_section: section.lists_sdks(),
        in_table: true,
        platform: platform.or_else(|| section.platform()),
        ..Draft::default()
    }])
}

fn is_separator(source: &Source, row: &Cells) -> bool {
    !row.is_empty()
        && row.iter().all(|cell| {
            let text = source.slice(cell);
            text.contains(['-', '─', '━', '═', '='])
                && text.chars().all(|c| matches!(c, '-' | ':' | ' ' | '=' | '+' | '─' | '━' | '═' | '┼' | '╪' | '╋'))
        })
}

/// Columns with a label.
fn labels(source: &Source, row: &Cells) -> Vec<(usize, Label)> {
    let label = |cell: &Range<usize>| lookup_head(&value::plain(source.slice(cell)));
    row.iter().enumerate().filter_map(|(column, cell)| Some((column, label(cell)?))).collect()
}

/// The records of a table; `None` when it has neither a header of labels nor labels in its first column.
fn records(
    source: &Source,
    rows: &[Cells],
    strict: bool,
    section: &Section,
    platform: Option<Range<usize>>,
) -> Option<Vec<Draft>> {
    /// Rows that may stand above the header, with the table's title.
    const TITLES: usize = 3;
    let platform = platform.or_else(|| section.platform());
    let draft = |start| Draft {
        start,
        in_sdk_section: section.lists_sdks(),
        in_table: true,
        platform: platform.clone(),
        ..Draft::default()
    };
    if rows.len() < 2 {
        return None;
    }
    if let Some(records) = forms::read(source, rows, draft) {
        return Some(records);
    }
    let heads = rows.iter().take(TITLES).enumerate().map(|(at, row)| {
        let columns = by_values(source, labels(source, row), row, rows.get(at + 1..).unwrap_or(&[]));
        with_a_name(source, columns, row, section.lists_sdks())
    });
    if let Some((at, columns)) = heads.enumerate().find(|(_, columns)| is_header(columns)) {
        let (header, rest) = rows.get(at..)?.split_first()?;
        return Some(rows_as_records(source, rest, (columns, header.len(), strict), draft));
    }
    let sides: Vec<(usize, Label)> = rows
        .iter()
        .enumerate()
        .filter_map(|(number, row)| Some((number, lookup(&value::plain(source.slice(row.first()?)))?)))
        .collect();
    let sides = with_a_name_row(source, rows, sides);
    is_header(&sides).then(|| columns_as_records(rows, &sides, draft))
}

/// Columns whose head nobody knows and whose cells tell what they hold: packages, permissions, addresses.
fn by_values(source: &Source, mut columns: Vec<(usize, Label)>, head: &Cells, rows: &[Cells]) -> Vec<(usize, Label)> {
    if columns.is_empty() {
        return columns;
    }
    let known: Vec<usize> = columns.iter().map(|(column, _)| *column).collect();
    for column in (0..head.len()).filter(|column| !known.contains(column)) {
        let cells =
            rows.iter().filter_map(|row| row.get(column)).filter(|cell| !is_separator(source, &vec![(*cell).clone()]));
        let values: Vec<String> =
            cells.map(|cell| value::plain(source.slice(cell))).filter(|value| !value.is_empty()).collect();
        let all = |tells: fn(&str) -> bool| {
            let telling = values.iter().filter(|value| {
                value.split([' ', '\n', ',', '、', ';', '，']).all(|word| word.is_empty() || tells(word))
            });
            telling.count() * 2 > values.len()
        };
        let kind = match () {
            () if all(value::is_permission_name) => Kind::Permission,
            () if all(value::is_package_name) => Kind::Package,
            () if all(|word| word.contains("://")) => Kind::Link,
            () => continue,
        };
        columns.push((column, Label { kind, weak: false, says_sdk: false, takes_site: false }));
    }
    columns.sort_by_key(|(column, _)| *column);
    columns
}

/// "Kit | Maker | Purpose": where no column is headed as the name, it is the unknown one before all that describe. The
/// table must say by its other columns or its section that it lists products of third parties.
fn unknown_name(source: &Source, columns: &[(usize, Label)], head: &Cells, lists_sdks: bool) -> Option<(usize, Label)> {
    const FEWEST: usize = 2;
    let of = |kind: Kind| columns.iter().filter(move |(_, label)| label.kind == kind).map(|(column, _)| *column);
    let describes = [Kind::Purpose, Kind::Data, Kind::Link, Kind::Permission, Kind::Package, Kind::Method];
    let before = describes.into_iter().flat_map(of).min()?;
    let origin = of(Kind::Vendor).next().is_some() || of(Kind::Package).next().is_some();
    let known = columns.iter().filter(|(_, label)| label.kind != Kind::Other).count();
    if of(Kind::Name).next().is_some() || !(origin || lists_sdks && of(Kind::Link).next().is_some()) || known < FEWEST {
        return None;
    }
    let is_open = |column: &usize| {
        let words = head.get(*column).map(|cell| value::plain(source.slice(cell))).unwrap_or_default();
        let short = words.chars().nth(20).is_none() && words.chars().any(char::is_alphabetic);
        short && columns.iter().all(|(known, _)| known != column)
    };
    let column = (0..before).find(is_open)?;
    Some((column, Label { kind: Kind::Name, weak: false, says_sdk: false, takes_site: false }))
}

/// "第三方名称、SDK包名、使用场景": where no column is headed as the SDK's name, the third party's is it. A column of packages or
/// a section of SDKs must say what the third parties are.
fn with_a_name(
    source: &Source,
    mut columns: Vec<(usize, Label)>,
    head: &Cells,
    lists_sdks: bool,
) -> Vec<(usize, Label)> {
    if let Some(name) = unknown_name(source, &columns, head, lists_sdks) {
        columns.push(name);
        columns.sort_by_key(|(column, _)| *column);
    }
    let speaks = lists_sdks || columns.iter().any(|(_, label)| label.says_sdk);
    let of = |kind: Kind| columns.iter().filter(|(_, label)| label.kind == kind).count();
    if speaks && of(Kind::Name) == 0 && of(Kind::Vendor) == 1 && of(Kind::Purpose) + of(Kind::Data) > 0 {
        let vendor = columns.iter_mut().filter(|(_, label)| label.kind == Kind::Vendor);
        vendor.for_each(|(_, label)| label.kind = Kind::Name);
    }
    columns
}

/// "| | Acme Push | Acme Maps |" over labelled rows: the row without label names the columns.
fn with_a_name_row(source: &Source, rows: &[Cells], mut sides: Vec<(usize, Label)>) -> Vec<(usize, Label)> {
    let labelled = |number: &usize| sides.iter().any(|(known, _)| known == number);
    let all = rows.iter().enumerate().filter(|(_, row)| !is_separator(source, row)).map(|(number, _)| number);
    let bare: Vec<usize> = all.filter(|number| !labelled(number)).collect();
    let unnamed = sides.iter().all(|(_, label)| label.kind != Kind::Name);
    // "| 项目 | 内容 |" heads two columns and names nothing.
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    if let ([first], true, true) = (bare.as_slice(), unnamed && columns > 2, sides.len() >= 2)
        && sides.iter().all(|(number, _)| number > first)
    {
        sides.insert(0, (*first, Label { kind: Kind::Name, weak: false, says_sdk: false, takes_site: false }));
    }
    sides
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
    let mut system: Option<Range<usize>> = None;
    for row in rows.iter().filter(|row| !is_separator(source, row)) {
        let again = labels(source, row);
        if is_header(&again) && again.len() >= 2 {
            columns = again;
            continue;
        }
        if let Some(heading) = section_row(source, row) {
            system = section::system(source, &heading).or(system);
            continue;
        }
        if let Some(last) = done.last_mut().filter(|last| strict && is_same_sdk(source, last, &columns, row)) {
            merge(source, last, &columns, row);
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
        let mut record = draft(first_own(&done, row));
        record.platform = system.clone().or(record.platform);
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
        let again = |cell: &Range<usize>| {
            record.entries.iter().any(|entry| entry.label.kind == label.kind && entry.parts.contains(cell))
        };
        if let Some(cell) = cell.filter(|cell| !again(cell)) {
            record.entries.push(Entry { label: *label, parts: vec![cell.clone()] });
        }
    }
}

/// The words of a row that has one cell only, over all columns: "Android".
fn section_row(source: &Source, row: &Cells) -> Option<Range<usize>> {
    let first = row.first().filter(|first| !first.is_empty() && row.len() >= 2)?;
    let alone = row.iter().skip(1).all(|cell| cell == first)
        || row.iter().skip(1).all(|cell| cell.is_empty()) && section::system(source, first).is_some();
    alone.then(|| first.clone())
}

/// Where a record begins: its first cell that does not come from the row above.
fn first_own(done: &[Draft], row: &Cells) -> usize {
    let known = |cell: &&Range<usize>| {
        done.last().is_some_and(|last| last.entries.iter().any(|entry| entry.parts.contains(cell)))
    };
    let own = row.iter().find(|cell| !cell.is_empty() && !known(cell));
    own.or(row.first()).map_or(0, |cell| cell.start)
}

/// Whether the row's name is the same cell as the record's, spanning both rows, and nothing says that it is another SDK.
fn is_same_sdk(source: &Source, last: &Draft, columns: &[(usize, Label)], row: &Cells) -> bool {
    let cell = |kind: Kind| {
        let of_kind = columns.iter().filter(|(_, label)| label.kind == kind);
        of_kind.min_by_key(|(_, label)| label.weak).and_then(|(column, _)| row.get(*column))
    };
    let parts = |kind: Kind| last.entries.iter().filter(move |entry| entry.label.kind == kind).flat_map(|e| &e.parts);
    let differs = |kind: Kind| {
        let own = cell(kind).filter(|cell| !cell.is_empty()).map(|cell| source.slice(cell));
        own.is_some_and(|own| parts(kind).next().is_some() && parts(kind).all(|part| source.slice(part) != own))
    };
    let name = cell(Kind::Name).filter(|cell| !cell.is_empty());
    name.is_some_and(|name| parts(Kind::Name).any(|part| part == name))
        && !differs(Kind::Vendor)
        && !differs(Kind::Package)
}

/// Adds the cells of a further row of the same SDK.
fn merge(source: &Source, record: &mut Draft, columns: &[(usize, Label)], row: &Cells) {
    for (column, label) in columns {
        let Some(cell) = row.get(*column).filter(|cell| !cell.is_empty()) else { continue };
        match record.entries.iter_mut().find(|entry| entry.label == *label) {
            Some(entry) if entry.parts.iter().any(|part| source.slice(part) == source.slice(cell)) => {}
            Some(entry) => entry.parts.push(cell.clone()),
            None => record.entries.push(Entry { label: *label, parts: vec![cell.clone()] }),
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
