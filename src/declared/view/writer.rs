//! Writes a view: words with their places, line by line.

use super::{Grid, Spot, View};
use crate::declared::source::Source;
use std::borrow::Cow;
use std::ops::Range;

/// Part of a line.
struct Run<'a> {
    text: Cow<'a, str>,
    /// Where it stands in the original.
    at: usize,
    verbatim: bool,
    strong: bool,
}

/// How a line begins.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::declared) struct Line {
    /// Level of a heading, 0 for none.
    pub heading: u8,
    /// Lists around it.
    pub depth: usize,
    /// Whether it is the first line of a list item.
    pub bullet: bool,
    /// Number of the item in a numbered list.
    pub number: Option<usize>,
    /// Inside a table cell marks of lines are left out.
    pub cell: bool,
}

/// Collects the words of a document.
pub(in crate::declared) struct Writer<'a> {
    source: &'a Source<'a>,
    view: View,
    runs: Vec<Run<'a>>,
    /// White space since the latest word: the letter before it, and whether a line end was in it.
    space: Option<bool>,
}

impl<'a> Writer<'a> {
    /// An empty view of `source`.
    pub fn new(source: &'a Source<'a>) -> Writer<'a> {
        Writer { source, view: View::default(), runs: Vec::new(), space: None }
    }

    /// The finished view.
    pub fn finish(mut self) -> View {
        self.end_line(Line::default());
        self.view.tables.sort_by_key(|table| table.range.start);
        self.view
    }

    /// End of what is written.
    pub fn len(&self) -> usize {
        self.view.text.len()
    }

    /// What is written from an offset on.
    pub fn since(&self, from: usize) -> &str {
        self.view.text.get(from..).unwrap_or("")
    }

    /// Adds a table.
    pub fn table(&mut self, grid: Grid) {
        self.view.tables.push(grid);
    }

    /// Whether a table begins at or after an offset of the view where a table is open.
    ///
    /// Tables are added where they end, so the latest one tells.
    pub fn has_table_since(&self, from: usize) -> bool {
        self.view.tables.last().is_some_and(|table| table.range.start >= from)
    }

    /// Whether the line has words.
    pub fn in_line(&self) -> bool {
        !self.runs.is_empty()
    }

    /// Parts of the line so far, to come back to with [`Writer::wrap`].
    pub fn mark(&self) -> usize {
        self.runs.len()
    }

    /// The words of the line from a mark on.
    pub fn words_since(&self, mark: usize) -> String {
        self.runs.get(mark..).unwrap_or(&[]).iter().map(|run| run.text.as_ref()).collect()
    }

    /// Makes the words from a mark on a Markdown link.
    pub fn link(&mut self, mark: usize, target: Cow<'a, str>, at: Range<usize>) {
        let Some(first) = self.runs.get(mark) else { return };
        let (start, strong) = (first.at, first.strong);
        let glue = |text: &'static str, at| Run { text: Cow::Borrowed(text), at, verbatim: false, strong };
        // White space before the link stands outside its brackets.
        let inside = mark + usize::from(first.text.as_ref() == " ");
        self.runs.insert(inside.min(self.runs.len()), glue("[", start));
        self.runs.push(glue("](", at.start));
        let verbatim = self.source.slice(&at) == target;
        self.runs.push(Run { text: target, at: at.start, verbatim, strong });
        self.runs.push(glue(")", at.end));
    }

    /// Adds text that stands at `range` of the original, entities decoded and white space collapsed.
    pub fn words(&mut self, range: Range<usize>, strong: bool) {
        let text = self.source.slice(&range);
        let mut from = 0;
        while let Some(rest) = text.get(from..).filter(|rest| !rest.is_empty()) {
            let blank = rest.len() - rest.trim_start_matches(is_collapsible).len();
            if blank > 0 {
                let line_end = rest[..blank].contains(['\n', '\r']);
                self.space = Some(self.space.unwrap_or(false) || line_end);
                from += blank;
                continue;
            }
            let end = rest.find(is_collapsible).unwrap_or(rest.len());
            self.word(&rest[..end], range.start + from, strong);
            from += end;
        }
    }

    /// Adds text as it stands, where `&` is a letter like others.
    pub fn letters(&mut self, range: Range<usize>) {
        let range = self.source.trim(range);
        let text = self.source.slice(&range);
        if !text.is_empty() {
            self.put(Cow::Borrowed(text), range.start, true, false);
        }
    }

    /// Adds letters that the original does not have in this place.
    pub fn glue(&mut self, text: &'static str, at: usize) {
        self.put(Cow::Borrowed(text), at, false, false);
    }

    fn word(&mut self, word: &'a str, at: usize, strong: bool) {
        let mut start = 0;
        // Entities stand alone so that all other letters keep their columns.
        while let Some(amp) = word[start..].find('&').map(|amp| start + amp) {
            let Some(end) = word[amp..].find(';').map(|end| amp + end + 1) else { break };
            let decoded = htmlize::unescape(&word[amp..end]);
            if amp > start {
                self.put(Cow::Borrowed(&word[start..amp]), at + start, true, strong);
            }
            match decoded {
                // No entity: the ampersand is a letter, and the semicolon may end another one.
                Cow::Borrowed(_) => {
                    self.put(Cow::Borrowed("&"), at + amp, true, strong);
                    start = amp + 1;
                }
                Cow::Owned(text) => {
                    self.put(Cow::Owned(text), at + amp, false, strong);
                    start = end;
                }
            }
        }
        if start < word.len() {
            self.put(Cow::Borrowed(&word[start..]), at + start, true, strong);
        }
    }

    fn put(&mut self, text: Cow<'a, str>, at: usize, verbatim: bool, strong: bool) {
        // Invisible letters, which some editors put behind every dot, part no words.
        if text.contains(is_zero_width) {
            match text {
                Cow::Borrowed(text) => {
                    for (start, piece) in pieces(text) {
                        self.put(Cow::Borrowed(piece), at + start, verbatim, strong);
                    }
                }
                Cow::Owned(text) => {
                    let seen: String = text.chars().filter(|c| !is_zero_width(*c)).collect();
                    if !seen.is_empty() {
                        self.put(Cow::Owned(seen), at, verbatim, strong);
                    }
                }
            }
            return;
        }
        if let Some(line_end) = self.space.take().filter(|_| !self.runs.is_empty()) {
            let before = self.runs.last().and_then(|run| run.text.chars().next_back());
            // Chinese text is wrapped in the source wherever the line is full; that is no blank.
            let seam = line_end && before.is_some_and(is_wide) && text.chars().next().is_some_and(is_wide);
            if !seam {
                self.runs.push(Run { text: Cow::Borrowed(" "), at, verbatim: false, strong });
            }
        }
        self.runs.push(Run { text, at, verbatim, strong });
    }

    /// Ends the line, when it has words.
    pub fn end_line(&mut self, line: Line) -> bool {
        self.space = None;
        let runs = std::mem::take(&mut self.runs);
        let first = match runs.iter().find(|run| !run.text.trim().is_empty()) {
            Some(first) => first.at,
            None => return false,
        };
        self.begin(first, line);
        let mut bold = false;
        for run in runs {
            let white = run.text.trim().is_empty();
            if !line.cell && line.heading == 0 && run.strong != bold && !white {
                self.spot(run.at, false);
                self.close_or_open_bold(bold);
                bold = run.strong;
            }
            self.spot(run.at, run.verbatim);
            self.view.text.push_str(&run.text);
        }
        if bold {
            self.close_or_open_bold(true);
        }
        self.view.text.push('\n');
        true
    }

    /// A closing mark stands before white space, an opening one behind it.
    fn close_or_open_bold(&mut self, open: bool) {
        if open && self.view.text.ends_with(' ') {
            self.view.text.pop();
            self.view.text.push_str("** ");
        } else {
            self.view.text.push_str("**");
        }
    }

    fn begin(&mut self, at: usize, line: Line) {
        if line.cell {
            return;
        }
        self.spot(at, false);
        if line.heading > 0 {
            (0..line.heading).for_each(|_| self.view.text.push('#'));
            self.view.text.push(' ');
            return;
        }
        let indent = line.depth.saturating_sub(usize::from(line.bullet)).min(20) * 4;
        (0..indent).for_each(|_| self.view.text.push(' '));
        match line.number.filter(|_| line.bullet) {
            Some(number) if number < 1000 => self.view.text.push_str(&format!("{number}. ")),
            _ if line.bullet => self.view.text.push_str("- "),
            _ => {}
        }
    }

    /// An empty line.
    pub fn blank(&mut self) {
        if !self.view.text.is_empty() && !self.view.text.ends_with("\n\n") {
            self.view.text.push('\n');
        }
    }

    /// Ends a line of copied text.
    pub fn newline(&mut self, at: usize) {
        self.spot(at, false);
        self.view.text.push('\n');
    }

    /// Puts the words so far into the line of copied text.
    pub fn end_words(&mut self) {
        self.space = None;
        for run in std::mem::take(&mut self.runs) {
            self.spot(run.at, run.verbatim);
            self.view.text.push_str(&run.text);
        }
    }

    /// Copies a part of the original, line ends and all.
    pub fn copy(&mut self, range: Range<usize>) {
        let mut from = range.start;
        for line in self.source.slice(&range).split_inclusive('\n') {
            for (start, piece) in pieces(line) {
                self.spot(from + start, true);
                self.view.text.push_str(piece);
            }
            from += line.len();
        }
    }

    fn spot(&mut self, at: usize, verbatim: bool) {
        let spot = Spot { at: self.view.text.len(), place: self.source.position(at), verbatim };
        match self.view.spots.last_mut() {
            Some(last) if last.at == spot.at => *last = spot,
            _ => self.view.spots.push(spot),
        }
    }
}

/// Letters that nobody sees.
pub(super) fn is_zero_width(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{feff}')
}

/// The pieces between invisible letters, with their places.
fn pieces(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut at = 0;
    let piece = move |part| {
        let start = at;
        at += str::len(part);
        (start, part.trim_end_matches(is_zero_width))
    };
    text.split_inclusive(is_zero_width).map(piece).filter(|(_, piece)| !piece.is_empty())
}

/// White space that a browser collapses; a no-break space is a letter.
fn is_collapsible(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\n' | '\r' | '\u{c}')
}

fn is_wide(c: char) -> bool {
    ('\u{2e80}'..='\u{9fff}').contains(&c) || ('\u{ff00}'..='\u{ffef}').contains(&c)
}
