//! Lines of plain text that are a table, cut into rows and cells.

use super::{is_separator, labels};
use crate::declared::line::Line;
use crate::declared::source::Source;
use crate::declared::view::Cells;
use std::ops::Range;

/// What separates the cells of a row.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Delimiter {
    Pipe,
    Tab,
    /// Two or more blanks.
    Blanks,
}

/// Rows, and the first line behind them.
pub(super) struct Block {
    pub rows: Vec<Cells>,
    pub end: usize,
}

/// The rows of the table that begins at line `at`.
pub(super) fn block(source: &Source, lines: &[Line], at: usize) -> Block {
    let none = Block { rows: Vec::new(), end: at };
    // The frame of a table drawn with "+---+---+": its rows stand between such lines.
    let is_frame = |line: &Line| {
        let text = source.slice(&line.whole).trim();
        let plain = text.starts_with('+') && text.bytes().all(|b| matches!(b, b'+' | b'-' | b'=' | b':'));
        text.len() > 4
            && (plain || text.chars().all(|c| ('\u{2500}'..='\u{257f}').contains(&c) && c != '│' && c != '║'))
    };
    let at = if lines.get(at).is_some_and(is_frame) { at + 1 } else { at };
    let Some(first) = lines.get(at).filter(|first| !first.is_blank()) else { return none };
    let text = source.slice(&first.whole);
    let pipe = PIPES.into_iter().find(|pipe| text.contains(*pipe)).unwrap_or('|');
    let delimiter = match text {
        text if text.contains(pipe) => Delimiter::Pipe,
        text if text.contains('\t') => Delimiter::Tab,
        _ => Delimiter::Blanks,
    };
    let row = |range: &Range<usize>| {
        let row = match delimiter {
            Delimiter::Pipe => source.slice(range).contains(pipe).then(|| cells(source, range, pipe)),
            Delimiter::Tab => source.slice(range).contains('\t').then(|| cells(source, range, '\t')),
            Delimiter::Blanks => Some(spaced_cells(source, range)),
        };
        row.filter(|row| delimiter == Delimiter::Pipe || row.len() > 1)
    };
    let Some(header) = row(&own_range(source, first)) else { return none };
    let ruled = || {
        lines.get(at + 1).and_then(|line| row(&own_range(source, line))).is_some_and(|row| is_separator(source, &row))
    };
    // Tabs, blanks and lone pipes also stand in prose.
    let is_table = match delimiter {
        Delimiter::Pipe => {
            labels(source, &header).len() >= 2 || header.len() >= 2 && is_framed(source, first) || ruled()
        }
        _ => labels(source, &header).len() >= 3,
    };
    if !is_table {
        return none;
    }
    let framed = delimiter == Delimiter::Pipe && is_framed(source, first) && text.trim_end().ends_with(PIPES);
    let mut rows = Vec::new();
    let mut next = at;
    while let Some(line) = lines.get(next) {
        if is_frame(line) {
            next += 1;
            continue;
        }
        if framed && line.is_blank() && goes_on(source, lines, next, rows.len()) {
            next += 1;
            continue;
        }
        let (range, end) =
            if framed { whole_row(source, lines, next, header.len()) } else { (own_range(source, line), next + 1) };
        match row(&range) {
            Some(row) => rows.push(row),
            None => break,
        }
        next = end;
    }
    Block { rows, end: next }
}

/// Letters that stand between cells: the bar, and those of drawn and Chinese tables.
const PIPES: [char; 4] = ['|', '│', '║', '｜'];

/// A framed row without the marks of the quotation or list that it stands in.
fn own_range(source: &Source, line: &Line) -> Range<usize> {
    if is_framed(source, line) { line.body.clone() } else { line.whole.clone() }
}

/// Whether the table goes on behind the blank line at `at`: some copies have one behind every row. A row over a rule
/// begins the next table, unless it is this one's rule that comes.
fn goes_on(source: &Source, lines: &[Line], at: usize, rows: usize) -> bool {
    let is_rule = |line: &Line| is_separator(source, &cells(source, &line.body, '|'));
    let framed = |at: usize| lines.get(at).filter(|line| !line.is_blank() && is_framed(source, line));
    let Some(next) = framed(at + 1) else { return false };
    let below = framed(at + 2).or_else(|| framed(at + 3));
    rows == 1 || !is_rule(next) && !below.is_some_and(is_rule)
}

/// A framed row that its cells' line ends have broken: it goes on until it has all its cells and its closing pipe.
fn whole_row(source: &Source, lines: &[Line], at: usize, width: usize) -> (Range<usize>, usize) {
    const MOST_LINES: usize = 12;
    let Some(first) = lines.get(at) else { return (0..0, at + 1) };
    let mut range = own_range(source, first);
    let own = range.clone();
    let mut next = at + 1;
    let pipe = source.slice(&own).chars().next().unwrap_or('|');
    let complete = |range: &Range<usize>| {
        source.slice(range).trim_end().ends_with(pipe) && cells(source, range, pipe).len() >= width
    };
    if !is_framed(source, first) || complete(&range) {
        return (range, next);
    }
    while let Some(line) = lines.get(next).filter(|line| !line.is_blank() && !is_framed(source, line)) {
        if next - at > MOST_LINES {
            break;
        }
        range.end = line.whole.end;
        next += 1;
        if complete(&range) {
            return (range, next);
        }
    }
    // Nothing below closes the row: it is just short.
    if source.slice(&range).trim_end().ends_with(pipe) && next > at + 1 { (range, next) } else { (own, at + 1) }
}

/// The words between runs of blanks.
fn spaced_cells(source: &Source, range: &Range<usize>) -> Cells {
    let whole = source.trim(range.clone());
    let text = source.slice(&whole);
    let mut cells = Vec::new();
    let (mut start, mut at) = (0, 0);
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        let blanks = rest.len() - rest.trim_start_matches([' ', '\u{3000}']).len();
        let wide = rest[..blanks].chars().count() >= 2;
        if wide {
            cells.push(whole.start + start..whole.start + at);
            start = at + blanks;
        }
        at += blanks.max(rest.chars().next().map_or(1, char::len_utf8));
    }
    cells.push(whole.start + start..whole.end);
    cells.retain(|cell| !cell.is_empty());
    cells
}

fn is_framed(source: &Source, line: &Line) -> bool {
    source.slice(&line.body).starts_with(PIPES)
}

/// The trimmed cells of a line, without the empty ones outside a frame of pipes.
fn cells(source: &Source, range: &Range<usize>, delimiter: char) -> Cells {
    let whole = source.trim(range.clone());
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
                start = at + c.len_utf8();
            }
            _ => escaped = false,
        }
    }
    cells.push(start..text.len());
    let framed = PIPES.contains(&delimiter);
    if framed && cells.first().is_some_and(|cell| cell.is_empty()) {
        cells.remove(0);
    }
    if framed && cells.last().is_some_and(|cell| cell.is_empty()) {
        cells.pop();
    }
    cells.into_iter().map(|cell| source.trim(whole.start + cell.start..whole.start + cell.end)).collect()
}
