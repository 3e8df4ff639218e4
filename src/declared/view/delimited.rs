//! CSV and TSV → view: one table, each cell where it stands in the file.

use super::{Cells, Grid, Line, View, Writer};
use crate::declared::source::Source;
use csv_core::{ReadFieldResult, Reader, ReaderBuilder};
use std::ops::Range;

/// The view of a table of values. `tabs`: the file's name says that tabs separate them.
pub(in crate::declared) fn view(source: &Source, tabs: bool) -> View {
    let delimiter = if tabs { b'\t' } else { delimiter(source.text) };
    let rows = rows(source.text, delimiter);
    let mut writer = Writer::new(source);
    let mut grid: Vec<Cells> = Vec::with_capacity(rows.len());
    for row in rows {
        let cells = row.into_iter().map(|field| cell(source, &mut writer, field)).collect();
        grid.push(cells);
        writer.blank();
    }
    let range = 0..writer.len();
    writer.table(Grid { range, rows: grid });
    writer.finish()
}

/// The separator that stands most often outside quotes in the first lines.
fn delimiter(text: &str) -> u8 {
    const HEAD: usize = 4096;
    let mut quoted = false;
    let mut counts = [(b',', 0usize), (b';', 0), (b'\t', 0), (b'|', 0)];
    for byte in text.bytes().take(HEAD) {
        quoted ^= byte == b'"';
        if let Some((_, count)) = counts.iter_mut().find(|(delimiter, _)| *delimiter == byte && !quoted) {
            *count += 1;
        }
    }
    // The earlier of equals: the comma.
    counts.iter().rev().max_by_key(|(_, count)| *count).map_or(b',', |(delimiter, _)| *delimiter)
}

/// The fields of every row, as written: quotes and all.
fn rows(text: &str, delimiter: u8) -> Vec<Vec<Range<usize>>> {
    let mut reader: Reader = ReaderBuilder::new().delimiter(delimiter).build();
    // Only lengths are asked for; the words are taken from the text, where their places are.
    let mut scratch = [0u8; 1024];
    let (mut rows, mut row) = (Vec::new(), Vec::new());
    let (mut start, mut at) = (0, 0);
    loop {
        let (result, read, _) = reader.read_field(text.as_bytes().get(at..).unwrap_or(&[]), &mut scratch);
        at += read;
        match result {
            ReadFieldResult::Field { record_end } => {
                row.push(field(text, start..at, delimiter));
                start = at;
                if record_end {
                    rows.push(std::mem::take(&mut row));
                }
            }
            ReadFieldResult::End => return rows,
            // The end of the text has been given, or the scratch buffer is full: go on.
            ReadFieldResult::InputEmpty | ReadFieldResult::OutputFull => {}
        }
    }
}

/// A field without the separator behind it and without line ends.
fn field(text: &str, range: Range<usize>, delimiter: u8) -> Range<usize> {
    let raw = text.get(range.clone()).unwrap_or("");
    let raw = raw.strip_suffix(char::from(delimiter)).unwrap_or(raw).trim_end_matches(['\n', '\r']);
    let start = raw.len() - raw.trim_start_matches(['\n', '\r']).len();
    range.start + start.min(raw.len())..range.start + raw.len()
}

fn cell<'a>(source: &'a Source<'a>, writer: &mut Writer<'a>, field: Range<usize>) -> Range<usize> {
    let field = source.trim(field);
    let raw = source.slice(&field);
    let quoted = raw.len() >= 2 && raw.starts_with('"') && raw.ends_with('"');
    let inner = if quoted { field.start + 1..field.end - 1 } else { field };
    let start = writer.len();
    let mut from = inner.start;
    for line in source.slice(&inner).split_inclusive('\n') {
        let end = from + line.len();
        match quoted {
            // A doubled quote inside quotes is one quote.
            true => {
                let mut at = from;
                for part in line.split_inclusive("\"\"") {
                    let keep = part.len() - usize::from(part.ends_with("\"\""));
                    writer.letters(at..at + keep);
                    at += part.len();
                }
            }
            false => writer.letters(from..end),
        }
        writer.end_line(Line { cell: true, ..Line::default() });
        from = end;
    }
    start..start + writer.since(start).trim_end().len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells(text: &str, tabs: bool) -> Vec<Vec<String>> {
        let source = Source::new(text);
        let view = view(&source, tabs);
        let words = |cell: &Range<usize>| view.text[cell.clone()].to_owned();
        view.tables[0].rows.iter().map(|row| row.iter().map(words).collect()).collect()
    }

    #[test]
    fn quotes_separators_and_line_ends() {
        assert_eq!(
            cells("a,\"b, \"\"c\"\"\nd\",\r\n\r\n\"e\",f & g,\"\"", false),
            [["a", "b, \"c\"\nd", ""], ["e", "f & g", ""]]
        );
        assert_eq!(cells("a;b\n1,5;2", false), [["a", "b"], ["1,5", "2"]]);
        assert_eq!(cells("a\tb, c\n", true), [["a", "b, c"]]);
        assert_eq!(cells("a,\"b", false), [["a", "\"b"]]);
        assert_eq!(cells(&format!("{},b", "x".repeat(5000)), false)[0][1], "b");
    }

    #[test]
    fn cells_keep_their_places() {
        let source = Source::new("SDK名称,包名\n\"顶点\n推送\",com.acme.push\n");
        let view = view(&source, false);
        let at = Source::of(&view).position(view.tables[0].rows[1][1].start);
        assert_eq!((at.line, at.column), (3, 5));
    }
}
