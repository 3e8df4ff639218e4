//! Pieces of text on a page → lines, with tables drawn as Markdown has them.
//!
//! A PDF knows letters and places, no rows and columns. A table is found by its head: a line with several labels of a list
//! set apart from each other. What stands below goes into the columns of the head; wider gaps between lines part the rows.

use crate::declared::labels::{Kind, lookup_head};
use std::ops::Range;

/// Letters of one line that stand together. Units are those of the page, `y` grows downwards.
#[derive(Clone, Debug)]
pub struct Piece {
    pub x: f64,
    pub end: f64,
    pub y: f64,
    pub size: f64,
    pub text: String,
}

type Line = Vec<Piece>;

/// Columns of a table: from the middle of the gap on its left to that on its right.
pub type Columns = Vec<Range<f64>>;

/// The text of a page that holds a table, and its columns when the table reaches the end of the page. `carried`: the columns
/// of a table that reached the end of the page before.
pub fn with_tables(pieces: &[Piece], carried: Option<&Columns>) -> Option<(String, Option<Columns>)> {
    let lines = lines(pieces);
    let mut out = String::new();
    let mut open = None;
    let mut at = 0;
    if let Some(columns) = carried {
        let end = table_end(&lines, 0, columns);
        let cells = lines.first().map_or(0, |line| line.len());
        if cells >= 2 && end > 0 {
            draw(&mut out, &lines[..end], columns, false);
            (at, open) = (end, (end == lines.len()).then(|| columns.clone()));
        }
    }
    let mut found = at > 0;
    while let Some(line) = lines.get(at) {
        let columns = is_head(line).then(|| columns(&lines, at)).flatten();
        let Some(columns) = columns else {
            let words: Vec<&str> = line.iter().map(|piece| piece.text.trim()).collect();
            out.push_str(&words.join("  "));
            out.push('\n');
            at += 1;
            continue;
        };
        let end = table_end(&lines, at, &columns).max(at + 1);
        draw(&mut out, &lines[at..end], &columns, true);
        found = true;
        open = (end == lines.len()).then_some(columns);
        at = end;
    }
    found.then_some((out, open))
}

/// Pieces by line from top to bottom, from left to right.
fn lines(pieces: &[Piece]) -> Vec<Line> {
    let mut sorted: Vec<Piece> = pieces.iter().filter(|piece| !piece.text.trim().is_empty()).cloned().collect();
    sorted.sort_by(|a, b| a.y.total_cmp(&b.y).then(a.x.total_cmp(&b.x)));
    let mut lines: Vec<Line> = Vec::new();
    for piece in sorted {
        match lines.last_mut() {
            Some(line) if line.first().is_some_and(|first| (piece.y - first.y).abs() < first.size * 0.5) => {
                line.push(piece)
            }
            _ => lines.push(vec![piece]),
        }
    }
    for line in &mut lines {
        line.sort_by(|a, b| a.x.total_cmp(&b.x));
    }
    lines
}

/// Several labels, a name among them.
fn is_head(line: &Line) -> bool {
    let labels: Vec<Kind> =
        line.iter().filter_map(|piece| lookup_head(piece.text.trim())).map(|label| label.kind).collect();
    line.len() >= 3 && labels.len() >= 2 && labels.contains(&Kind::Name)
}

fn middle(piece: &Piece) -> f64 {
    (piece.x + piece.end) / 2.0
}

/// The columns of the table whose head is line `at`: a gap that nothing crosses parts two heads.
fn columns(lines: &[Line], at: usize) -> Option<Columns> {
    let head = lines.get(at)?;
    let middles: Vec<f64> = head.iter().map(middle).collect();
    let crosses = |line: &&Line| {
        line.iter().any(|piece| middles.windows(2).any(|pair| piece.x <= pair[0] && piece.end >= pair[1]))
    };
    let body = || lines.iter().skip(at).take_while(|line| !crosses(line));
    let mut edges = vec![f64::MIN];
    for pair in head.windows(2) {
        let (left, right) = (middle(&pair[0]), middle(&pair[1]));
        let ends = body().flatten().filter(|piece| middle(piece) <= right && piece.x < right && piece.end < right);
        let from = ends.map(|piece| piece.end).fold(left, f64::max);
        let starts = body().flatten().filter(|piece| piece.x > left && piece.end > right && piece.x <= right);
        let to = starts.map(|piece| piece.x).fold(right, f64::min);
        // Where cells overlap the gap, the head's own edge decides.
        edges.push(if from < to { (from + to) / 2.0 } else { pair[1].x - 0.5 });
    }
    edges.push(f64::MAX);
    Some(edges.windows(2).map(|pair| pair[0]..pair[1]).collect())
}

fn column_of(columns: &Columns, piece: &Piece) -> usize {
    columns.iter().rposition(|column| piece.x + piece.size * 0.3 >= column.start).unwrap_or(0)
}

/// The first line behind the table: words that reach over columns, or a gap that no row has.
fn table_end(lines: &[Line], from: usize, columns: &Columns) -> usize {
    let fits = |line: &Line| {
        let over = |piece: &Piece| {
            columns.get(column_of(columns, piece)).is_some_and(|column| piece.end > column.end + piece.size * 2.0)
        };
        !line.iter().any(over)
    };
    let rest = lines.get(from..).unwrap_or(&[]);
    from + rest.iter().position(|line| !fits(line)).unwrap_or(rest.len())
}

fn draw(out: &mut String, lines: &[Line], columns: &Columns, head: bool) {
    out.push('\n');
    for (number, row) in rows(lines, columns).iter().enumerate() {
        let cells: Vec<String> = (0..columns.len()).map(|column| cell(row, columns, column)).collect();
        out.push_str(&format!("| {} |\n", cells.join(" | ")));
        if number == 0 && head {
            out.push_str(&format!("|{}\n", " --- |".repeat(columns.len())));
        }
    }
    out.push('\n');
}

/// Lines that belong to one row: those nearer to each other than rows are; where all are equally near, a row begins with
/// words in its first column.
fn rows<'a>(lines: &'a [Line], columns: &Columns) -> Vec<Vec<&'a Line>> {
    let y = |line: &Line| line.first().map_or(0.0, |piece| piece.y);
    let gaps: Vec<f64> = lines.windows(2).map(|pair| y(&pair[1]) - y(&pair[0])).collect();
    let least = gaps.iter().copied().fold(f64::MAX, f64::min);
    let uneven = gaps.iter().any(|gap| *gap > least * 1.15);
    let mut rows: Vec<Vec<&Line>> = Vec::new();
    for (number, line) in lines.iter().enumerate() {
        let gap = number.checked_sub(1).and_then(|before| gaps.get(before)).copied().unwrap_or(f64::MAX);
        let first_column = line.first().is_some_and(|piece| column_of(columns, piece) == 0);
        let begins = if uneven { gap > least * 1.15 } else { first_column };
        match rows.last_mut().filter(|_| !begins) {
            Some(row) => row.push(line),
            None => rows.push(vec![line]),
        }
    }
    rows
}

/// The words of one cell, its lines joined.
fn cell(row: &[&Line], columns: &Columns, column: usize) -> String {
    let mut words = String::new();
    for piece in row.iter().flat_map(|line| line.iter()).filter(|piece| column_of(columns, piece) == column) {
        let text = piece.text.trim().replace('|', "｜");
        let wide = |c: Option<char>| c.is_some_and(|c| c >= '\u{2e80}');
        let address = words.contains("://") && !words.contains(' ');
        let seam = words.is_empty() || address || wide(words.chars().next_back()) || wide(text.chars().next());
        if !seam {
            words.push(' ');
        }
        words.push_str(&text);
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    fn piece(x: f64, y: f64, text: &str) -> Piece {
        Piece { x, end: x + text.chars().count() as f64 * 6.0, y, size: 10.0, text: text.to_owned() }
    }

    /// Lines as `(y, [(x, text)])`.
    fn page(lines: &[(f64, &[(f64, &str)])]) -> Vec<Piece> {
        lines.iter().flat_map(|(y, words)| words.iter().map(|(x, text)| piece(*x, *y, text))).collect()
    }

    #[test]
    fn cells_broken_over_lines_are_joined_and_prose_ends_the_table() {
        let pieces = page(&[
            (10.0, &[(40.0, "Our list")]),
            (40.0, &[(40.0, "SDK"), (140.0, "Vendor"), (240.0, "Purpose")]),
            (70.0, &[(40.0, "Acme"), (140.0, "Acme Inc."), (240.0, "push of")]),
            (82.0, &[(40.0, "Push"), (240.0, "messages")]),
            (110.0, &[(40.0, "顶点"), (140.0, "https://a.exam"), (240.0, "统计")]),
            (122.0, &[(40.0, "推送"), (140.0, "ple/b")]),
            (150.0, &[(40.0, "We are glad to answer all questions about this list.")]),
        ]);
        let (text, open) = with_tables(&pieces, None).unwrap();
        let expected = "Our list\n\n| SDK | Vendor | Purpose |\n| --- | --- | --- |\n| Acme Push | Acme Inc. | push of messages |\n\
                        | 顶点推送 | https://a.example/b | 统计 |\n\nWe are glad to answer all questions about this list.\n";
        assert_eq!((text.as_str(), open.is_none()), (expected, true));
    }

    #[test]
    fn a_table_goes_on_over_the_end_of_the_page() {
        let head = page(&[
            (40.0, &[(40.0, "SDK"), (140.0, "Vendor"), (240.0, "Purpose")]),
            (60.0, &[(40.0, "A"), (140.0, "B"), (240.0, "c")]),
        ]);
        let (_, columns) = with_tables(&head, None).unwrap();
        let next = page(&[(40.0, &[(40.0, "D"), (140.0, "E"), (240.0, "f")]), (60.0, &[(40.0, "G"), (140.0, "H")])]);
        let (text, _) = with_tables(&next, columns.as_ref()).unwrap();
        assert_eq!(text, "\n| D | E | f |\n| G | H |  |\n\n");
        assert!(with_tables(&next, None).is_none() && with_tables(&[], columns.as_ref()).is_none());
    }

    #[test]
    fn odd_places_do_no_harm() {
        let odd = [f64::NAN, f64::INFINITY, f64::MIN, 0.0];
        let pieces: Vec<Piece> = odd
            .iter()
            .flat_map(|x| odd.iter().map(|y| Piece { x: *x, end: *y, y: *y, size: *x, text: "SDK".to_owned() }))
            .chain(page(&[(1.0, &[(1.0, "SDK"), (2.0, "Vendor"), (3.0, "Purpose")])]))
            .collect();
        let _ = with_tables(&pieces, Some(&vec![0.0..1.0, 1.0..2.0]));
    }
}
