//! Pipe tables (and tab-separated ones under a header of known labels) → records.
//!
//! Reads header over rows and, where the first column holds the labels, one record per column. The separator row is not
//! required and indented tables count: many policies are exports that a strict Markdown reader would show as code.

mod columns;
mod marks;
mod pairs;
mod rows;

use super::labels::{Kind, Label, lookup, lookup_head};
use super::line::Line;
use super::names::Names;
use super::record::{Draft, Entry};
use super::section::{self, Section};
use super::source::Source;
use super::title::is_company;
use super::value;
use super::view::Cells;
use marks::{as_above, is_foot, without_label};
use rows::{Block, block};
use std::ops::Range;

/// Reads all tables. `taken` is set for every line of a table, `used` for those that gave records.
pub(super) fn read(
    source: &Source,
    lines: &[Line],
    names: &Names,
    taken: &mut [bool],
    used: &mut [bool],
) -> Vec<Draft> {
    let mut drafts = Vec::new();
    let mut head: Option<Head> = None;
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
                let platform = caption.and_then(|caption| section::system(source, &caption));
                let platform = platform.or_else(|| platform_above(source, lines, at));
                let place = Place { source, lines, names, at, section: &section, platform };
                let drafts = place.records(&table.rows, true, &mut head);
                let drafts = drafts.or_else(|| place.one_record(&table.rows));
                drafts.map(|drafts| (end, drafts))
            }
            None => {
                let Block { rows, end } = block(source, lines, at);
                let strict = rows.get(1).is_some_and(|row| is_separator(source, row));
                let platform = if rows.len() < 2 { None } else { platform_above(source, lines, at) };
                let place = Place { source, lines, names, at, section: &section, platform };
                let mut drafts = || {
                    let drafts = place.records(&rows, strict, &mut head);
                    drafts.or_else(|| place.one_record(&rows)).unwrap_or_default()
                };
                (rows.len() >= 2).then(|| (end, drafts()))
            }
        };
        let Some((end, found)) = found else {
            if !line.is_blank() {
                section.read(source, line);
                head = None;
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

/// The columns of the latest table, for a part of it that stands apart.
struct Head {
    columns: Vec<(usize, Label)>,
    width: usize,
}

/// Where a table stands.
struct Place<'a, 'n> {
    source: &'a Source<'a>,
    lines: &'a [Line],
    names: &'a Names<'n>,
    /// Its first line.
    at: usize,
    section: &'a Section,
    platform: Option<Range<usize>>,
}

impl Place<'_, '_> {
    /// The line right above the table.
    fn above(&self) -> Option<&Line> {
        const NEAR: usize = 3;
        self.lines.get(..self.at)?.iter().rev().take(NEAR).find(|line| !line.is_blank())
    }

    fn draft(&self, start: usize) -> Draft {
        Draft {
            start,
            in_sdk_section: self.section.lists_sdks(),
            in_table: true,
            platform: self.platform.clone().or_else(|| self.section.platform()),
            group: self.section.company(),
            ..Draft::default()
        }
    }

    /// A table of two columns, labels and values, that has the SDK's name in the line above it.
    fn one_record(&self, rows: &[Cells]) -> Option<Vec<Draft>> {
        let source = self.source;
        let label = |row: &Cells| lookup(&value::plain(source.slice(row.first()?)));
        let rows: Vec<&Cells> = rows.iter().filter(|row| !is_separator(source, row)).collect();
        let fields = rows.iter().filter_map(|row| Some((label(row)?, row.get(1).filter(|cell| !cell.is_empty())?)));
        let fields: Vec<(Label, &Range<usize>)> = fields.collect();
        let paired = rows.iter().all(|row| row.len() == 2);
        let named = self.above()?;
        if !paired || fields.len() < 2 || fields.len() * 2 <= rows.len() || !section::is_title(source, named, false) {
            return None;
        }
        let entry = |(label, cell): (Label, &Range<usize>)| Entry { label, parts: vec![cell.clone()] };
        let entries = fields.into_iter().map(entry).collect();
        Some(vec![Draft { title: Some(named.body.clone()), entries, ..self.draft(named.body.start) }])
    }

    /// The records of a table; `None` when it has neither a header of labels nor labels in its first column.
    fn records(&self, rows: &[Cells], strict: bool, head: &mut Option<Head>) -> Option<Vec<Draft>> {
        /// Rows that may stand above the header, with the table's title.
        const TITLES: usize = 3;
        let (source, lists_sdks) = (self.source, self.section.lists_sdks());
        let draft = |start| self.draft(start);
        let latest = head.take();
        if rows.len() < 2 {
            return latest.and_then(|latest| self.more(rows, latest, strict, head));
        }
        if let Some(found) = pairs::records(source, rows, self.above(), draft) {
            return Some(found);
        }
        let filled = |at: usize| -> Vec<Cells> {
            rows.iter().skip(at + 1).filter(|row| !is_separator(source, row)).cloned().collect()
        };
        let heads = rows.iter().take(TITLES).map(|row| with_a_name(labels(source, row), lists_sdks));
        let named = heads.enumerate().find(|(_, columns)| is_header(columns));
        let sides: Vec<(usize, Label)> = rows
            .iter()
            .enumerate()
            .filter_map(|(number, row)| Some((number, lookup(&value::plain(source.slice(row.first()?)))?)))
            .collect();
        let unknown = || {
            let head =
                |(at, row)| Some((at, columns::with_unknown_name(source, row, &filled(at), lists_sdks, self.names)?));
            let below = sides.iter().filter(|(number, _)| *number > 0).count();
            rows.iter().take(TITLES).enumerate().find_map(head).filter(|(_, columns)| is_header(columns) && below < 2)
        };
        // The vendor is the name only where nothing else can be.
        let by_vendor = |(at, columns): &(usize, Vec<(usize, Label)>)| {
            let own = rows.get(*at).map(|row| labels(source, row)).unwrap_or_default();
            is_header(&own) || own.len() == columns.len() && unknown().is_none()
        };
        if let Some((at, columns)) = named.filter(|named| by_vendor(named)).or_else(unknown) {
            let (header, rest) = rows.get(at..)?.split_first()?;
            let columns = columns::with_values(source, columns, header, &filled(at));
            *head = Some(Head { columns: columns.clone(), width: header.len() });
            return Some(rows_as_records(source, rest, (columns, header.len(), strict), draft));
        }
        if let Some(found) = self.columns_as_records(rows, &sides) {
            return Some(found);
        }
        latest.and_then(|latest| self.more(rows, latest, strict, head))
    }

    /// A table that goes on behind a break, without a head of its own.
    fn more(&self, rows: &[Cells], latest: Head, strict: bool, head: &mut Option<Head>) -> Option<Vec<Draft>> {
        let same = rows.iter().all(|row| row.len() == latest.width);
        if !same || rows.is_empty() {
            return None;
        }
        let found = rows_as_records(self.source, rows, (latest.columns.clone(), latest.width, strict), |start| {
            self.draft(start)
        });
        *head = Some(latest);
        Some(found)
    }

    fn columns_as_records(&self, rows: &[Cells], sides: &[(usize, Label)]) -> Option<Vec<Draft>> {
        let draft = |start| self.draft(start);
        if is_header(sides) {
            return Some(columns_as_records(rows, sides, draft));
        }
        // "| | Acme | Beta |" over rows of labels: the corner is empty.
        let corner = rows.first().and_then(|row| row.first()).is_some_and(|corner| corner.is_empty());
        let name = Label { kind: Kind::Name, weak: false, says_sdk: false, takes_site: false };
        let mut sides = sides.to_vec();
        sides.insert(0, (0, name));
        let full =
            corner && sides.len() >= 3 && sides.iter().filter(|(_, label)| label.kind == Kind::Name).count() == 1;
        full.then(|| columns_as_records(rows, &sides, draft))
    }
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
    let label = |cell: &Range<usize>| lookup_head(&value::plain(source.slice(cell)));
    row.iter().enumerate().filter_map(|(column, cell)| Some((column, label(cell)?))).collect()
}

/// "第三方名称、SDK包名、使用场景": where no column is headed as the SDK's name, the third party's is it. A column of packages or
/// a section of SDKs must say what the third parties are.
fn with_a_name(mut columns: Vec<(usize, Label)>, lists_sdks: bool) -> Vec<(usize, Label)> {
    let speaks = lists_sdks || columns.iter().any(|(_, label)| label.says_sdk);
    let of = |kind: Kind| columns.iter().filter(|(_, label)| label.kind == kind).count();
    if speaks && of(Kind::Name) == 0 && of(Kind::Vendor) == 1 && of(Kind::Purpose) + of(Kind::Data) > 0 {
        let vendor = columns.iter_mut().filter(|(_, label)| label.kind == Kind::Vendor);
        vendor.for_each(|(_, label)| label.kind = Kind::Name);
    }
    columns
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
    let mut group: Option<Range<usize>> = None;
    for row in rows.iter().filter(|row| !is_separator(source, row)) {
        let again = labels(source, row);
        if is_header(&again) && again.len() >= 2 {
            columns = again;
            continue;
        }
        if let Some(heading) = section_row(source, row) {
            system = section::system(source, &heading).or(system);
            group = is_company(&value::plain(source.slice(&heading))).then_some(heading);
            continue;
        }
        if is_foot(source, row) {
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
                fill(source, last, &columns, row, filled);
                filled += row.len();
            } else if words >= 2 {
                extend_data(last, row);
            }
            continue;
        }
        let mut record = draft(first_own(&done, row));
        record.platform = system.clone().or(record.platform);
        record.group = group.clone().or(record.group);
        fill(source, &mut record, &columns, row, 0);
        if let Some(last) = done.last() {
            as_above(source, last, &mut record);
        }
        filled = row.len();
        if !record.entries.is_empty() {
            done.push(record);
        }
    }
    done
}

/// Puts the cells of a row, which begin at column `from`, under their labels. Empty cells are absent fields.
fn fill(source: &Source, record: &mut Draft, columns: &[(usize, Label)], row: &Cells, from: usize) {
    for (column, label) in columns {
        let cell = column.checked_sub(from).and_then(|column| row.get(column)).filter(|cell| !cell.is_empty());
        let again = |cell: &Range<usize>| {
            record.entries.iter().any(|entry| entry.label.kind == label.kind && entry.parts.contains(cell))
        };
        if let Some(cell) = cell.filter(|cell| !again(cell)) {
            record.entries.push(Entry { label: *label, parts: vec![without_label(source, cell, *label)] });
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
