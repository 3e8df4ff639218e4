//! The decoded text with its lines: byte ranges in, positions out.

use super::view::{Grid, Spot, View};
use super::{Located, Position};
use std::cell::Cell;
use std::ops::Range;

/// The decoded text and where its lines start.
pub(super) struct Source<'a> {
    pub text: &'a str,
    /// Tables that the format itself marks.
    pub tables: &'a [Grid],
    /// Where the text stands in the original; empty when it is the original.
    spots: &'a [Spot],
    starts: Vec<usize>,
    /// Latest answer: line start, offset, characters between. Documents on one line would cost a walk per question.
    latest: Cell<(usize, usize, usize)>,
}

impl<'a> Source<'a> {
    pub fn new(text: &'a str) -> Source<'a> {
        let mut starts = vec![0];
        let bytes = text.as_bytes();
        for (at, &byte) in bytes.iter().enumerate() {
            let ends_line = byte == b'\n' || (byte == b'\r' && bytes.get(at + 1) != Some(&b'\n'));
            if ends_line {
                starts.push(at + 1);
            }
        }
        Source { text, tables: &[], spots: &[], starts, latest: Cell::new((0, 0, 0)) }
    }

    /// The words of a document with markup; positions are those of the original.
    pub fn of(view: &'a View) -> Source<'a> {
        Source { tables: &view.tables, ..Source::with_spots(&view.text, &view.spots) }
    }

    /// Words and where they stand in the original.
    pub fn with_spots(text: &'a str, spots: &'a [Spot]) -> Source<'a> {
        Source { spots, ..Source::new(text) }
    }

    /// How many lines there are.
    pub fn line_count(&self) -> u32 {
        self.starts.len() as u32
    }

    /// Byte ranges of all lines, without their ends.
    pub fn lines(&self) -> impl Iterator<Item = Range<usize>> {
        let ends = self.starts.iter().skip(1).copied().chain([self.text.len()]);
        self.starts.iter().zip(ends).map(|(&start, end)| {
            let line = self.text[start..end].trim_end_matches(['\n', '\r']);
            start..start + line.len()
        })
    }

    /// Line and column of a byte offset.
    pub fn position(&self, offset: usize) -> Position {
        let known = self.spots.partition_point(|spot| spot.at <= offset);
        match self.spots.get(known.saturating_sub(1)) {
            Some(spot) if !spot.verbatim || spot.at > offset => spot.place,
            Some(spot) => {
                let chars = self.characters(spot.at, offset);
                Position { column: spot.place.column.saturating_add(chars as u32), ..spot.place }
            }
            None => self.own_position(offset),
        }
    }

    fn own_position(&self, offset: usize) -> Position {
        let line = self.starts.partition_point(|&start| start <= offset);
        let start = self.starts.get(line.saturating_sub(1)).copied().unwrap_or(0);
        Position { line: line as u32, column: self.characters(start, offset) as u32 + 1 }
    }

    /// Characters between two offsets. Going on from the latest answer keeps long lines cheap.
    fn characters(&self, start: usize, offset: usize) -> usize {
        let (known_start, known, known_chars) = self.latest.get();
        let (from, counted) = if known_start == start && known <= offset { (known, known_chars) } else { (start, 0) };
        let chars = counted + self.text.get(from..offset).unwrap_or("").chars().count();
        self.latest.set((start, offset, chars));
        chars
    }

    pub fn slice(&self, range: &Range<usize>) -> &'a str {
        self.text.get(range.clone()).unwrap_or("")
    }

    /// A piece of the text as it stands there.
    pub fn located(&self, range: Range<usize>) -> Located {
        Located { text: self.slice(&range).to_owned(), at: self.position(range.start) }
    }

    /// The range without white space and invisible characters at its ends.
    pub fn trim(&self, range: Range<usize>) -> Range<usize> {
        let text = self.slice(&range);
        let start = text.trim_start_matches(is_blank);
        let from = range.start + (text.len() - start.len());
        from..from + start.trim_end_matches(is_blank).len()
    }
}

/// White space, and the invisible characters that copying from web pages leaves behind.
pub(super) fn is_blank(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{200b}'..='\u{200f}' | '\u{feff}' | '\u{ad}' | '\u{2060}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_line_ends_count_once_and_columns_are_characters() {
        let text = "a\r\n名称：x\rb\n";
        let source = Source::new(text);
        let lines: Vec<&str> = source.lines().map(|line| source.slice(&line)).collect();
        assert_eq!(lines, ["a", "名称：x", "b", ""]);
        assert_eq!(source.position(text.find('x').unwrap()), Position { line: 2, column: 4 });
        assert_eq!(source.position(text.find('b').unwrap()), Position { line: 3, column: 1 });
        assert_eq!(source.position(text.len()), Position { line: 4, column: 1 });
    }
}
