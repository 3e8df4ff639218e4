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
        let drawn =
            |c: char| matches!(c, '+' | '-' | '=' | ':') || ('\u{2500}'..='\u{257f}').contains(&c) && !is_pipe(c);
        text.starts_with(['+', '┌', '├', '└', '╔', '╠', '╚', '┏', '┣', '┗'])
            && text.len() > 4
            && text.chars().all(drawn)
    };
    let at = if lines.get(at).is_some_and(is_frame) { at + 1 } else { at };
    let Some(first) = lines.get(at).filter(|first| !first.is_blank()) else { return none };
    let text = source.slice(&first.whole);
    let delimiter = match text {
        text if text.contains(is_pipe) => Delimiter::Pipe,
        text if text.contains('\t') => Delimiter::Tab,
        _ => Delimiter::Blanks,
    };
    let row = |range: &Range<usize>| {
        let row = match delimiter {
            Delimiter::Pipe => source.slice(range).contains(is_pipe).then(|| cells(source, range, '|')),
            Delimiter::Tab => source.slice(range).contains('\t').then(|| cells(source, range, '\t')),
            Delimiter::Blanks => Some(spaced_cells(source, range)),
        };
        row.filter(|row| delimiter == Delimiter::Pipe || row.len() > 1)
    };
    let Some(header) = row(&first.whole) else { return none };
    let ruled = || lines.get(at + 1).and_then(|line| row(&line.whole)).is_some_and(|row| is_separator(source, &row));
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
    let framed = delimiter == Delimiter::Pipe && is_framed(source, first) && text.trim_end().ends_with(is_pipe);
    // A copy with an empty line behind every row.
    let loose = framed && lines.get(at + 1).is_some_and(Line::is_blank) && {
        let below = lines.get(at + 2).filter(|line| !line.is_blank() || !source.slice(&line.whole).trim().is_empty());
        below.and_then(|line| row(&line.whole)).is_some_and(|row| is_separator(source, &row))
    };
    let mut rows = Vec::new();
    let mut next = at;
    while let Some(line) = lines.get(next) {
        let blank = source.slice(&line.whole).trim().is_empty();
        if is_frame(line) || loose && blank && lines.get(next + 1).is_some_and(|line| is_row(source, line)) {
            next += 1;
            continue;
        }
        let (range, end) =
            if framed { whole_row(source, lines, next, header.len()) } else { (line.whole.clone(), next + 1) };
        match row(&range) {
            Some(row) => rows.push(row),
            None => break,
        }
        next = end;
    }
    Block { rows, end: next }
}

/// A framed row that its cells' line ends have broken: it goes on until it has all its cells and its closing pipe.
fn whole_row(source: &Source, lines: &[Line], at: usize, width: usize) -> (Range<usize>, usize) {
    const MOST_LINES: usize = 12;
    let Some(first) = lines.get(at) else { return (0..0, at + 1) };
    let mut range = first.whole.clone();
    let mut next = at + 1;
    let complete = |range: &Range<usize>| {
        source.slice(range).trim_end().ends_with('|') && cells(source, range, '|').len() >= width
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
    if source.slice(&range).trim_end().ends_with('|') && next > at + 1 {
        (range, next)
    } else {
        (first.whole.clone(), at + 1)
    }
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
    source.slice(&line.body).starts_with(is_pipe)
}

/// The same, whatever the words: a separator row has none.
fn is_row(source: &Source, line: &Line) -> bool {
    source.slice(&line.whole).trim_start().starts_with(is_pipe)
}

fn is_pipe(c: char) -> bool {
    matches!(c, '|' | '｜' | '│' | '┃' | '║')
}

/// The trimmed cells of a line, without the empty ones outside a frame of pipes.
fn cells(source: &Source, range: &Range<usize>, delimiter: char) -> Cells {
    let mut whole = source.trim(range.clone());
    // The row of a table in a block quote or in a list item.
    let marks = source.slice(&whole).find(is_pipe).filter(|_| delimiter == '|').unwrap_or(0);
    if source.slice(&whole)[..marks].chars().all(|c| matches!(c, '>' | ' ' | '-' | '*')) {
        whole.start += marks;
    }
    let text = source.slice(&whole);
    let mut cells = Vec::new();
    let (mut start, mut escaped, mut code) = (0, false, false);
    let last_tick = text.rfind('`').unwrap_or(0);
    for (at, c) in text.char_indices() {
        match c {
            '\\' => escaped = !escaped,
            '`' => code = !code,
            c if (c == delimiter || delimiter == '|' && is_pipe(c)) && !escaped && !(code && at < last_tick) => {
                cells.push(start..at);
                start = at + c.len_utf8();
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
