//! HTML → view. The tokenizer is a library's and follows the standard; what a tag means for a list is decided here.

mod links;

use super::grid::{Cell, spread};
use super::roles::{Role, Roles, opens_a_panel};
use super::{EndTags, Grid, Line, View, Writer};
use crate::declared::labels;
use crate::declared::source::Source;
use html5gum::emitters::default::DefaultEmitter;
use html5gum::{StartTag, Token, Tokenizer};
use std::ops::Range;

/// Deepest nesting of tables and lists that is kept apart.
const MAX_DEPTH: usize = 64;

/// Most parts of a line whose words may be a label: as many letters as a label may have.
const MAX_LABEL_PARTS: usize = 2 * labels::MAX_LABEL;

/// The view of a whole page. `start`: where the page begins, behind front matter.
pub(in crate::declared) fn view(source: &Source, start: usize) -> View {
    let mut writer = Writer::new(source);
    read(source, &mut writer, start..source.text.len(), true);
    writer.finish()
}

/// Reads the HTML in a part of a document. `page`: `<script>`, `<style>`, `<title>` hold text of their own.
pub(super) fn read<'a>(source: &'a Source<'a>, out: &mut Writer<'a>, range: Range<usize>, page: bool) {
    let mut walker = Walker::new(source, out, range.start);
    let mut emitter = DefaultEmitter::<usize>::new_with_span();
    emitter.naively_switch_states(page);
    for token in Tokenizer::new_with_emitter(source.slice(&range), emitter) {
        let Ok(token) = token;
        match token {
            Token::StartTag(tag) => walker.start(&tag),
            Token::EndTag(tag) => walker.end(std::str::from_utf8(&tag.name).unwrap_or("")),
            Token::String(text) => walker.text(range.start + text.span.start..range.start + text.span.end),
            Token::Comment(_) | Token::Doctype(_) | Token::Error(_) => {}
        }
    }
    walker.finish();
}

/// Reads a link inside a line of Markdown.
pub(super) fn read_inline<'a>(source: &'a Source<'a>, out: &mut Writer<'a>, range: Range<usize>) {
    let mut walker = Walker::new(source, out, range.start);
    for token in Tokenizer::new_with_emitter(source.slice(&range), DefaultEmitter::<usize>::new_with_span()) {
        let Ok(token) = token;
        match token {
            Token::StartTag(tag) if tag.name.0 == b"a" => walker.start_link(&tag, b"href"),
            Token::EndTag(tag) if tag.name.0 == b"a" => walker.end_link(),
            Token::String(text) => walker.text(range.start + text.span.start..range.start + text.span.end),
            _ => {}
        }
    }
    walker.out.end_words();
}

/// Elements without words for the reader.
fn is_skipped(name: &str) -> bool {
    matches!(
        name,
        "script" | "style" | "template" | "noscript" | "nav" | "svg" | "select" | "button" | "iframe" | "sup"
    )
}

/// Elements that begin a line of their own.
#[rustfmt::skip]
const BLOCKS: &[&str] = &[
    "p", "div", "section", "article", "main", "header", "footer", "aside", "address", "blockquote",
    "center", "details", "summary", "figure", "figcaption", "caption", "form", "fieldset", "hr", "body",
    "head", "title", "html", "pre", "h1", "h2", "h3", "h4", "h5", "h6", "dl", "dt", "dd", "ul", "ol",
    "menu", "li",
];

fn is_block(name: &str) -> bool {
    BLOCKS.contains(&name)
}

struct Walker<'a, 'w> {
    source: &'a Source<'a>,
    out: &'w mut Writer<'a>,
    base: usize,
    heading: u8,
    strong: usize,
    preformatted: usize,
    /// Lists around this place: the number of the latest item, for numbered ones.
    lists: Vec<Option<usize>>,
    /// A list item began and has no words yet.
    item: bool,
    /// Term of a definition list, waiting for its definition.
    term: bool,
    link: Option<Link>,
    tables: Vec<OpenTable>,
    /// An inline element has ended: what it holds may be a label, and what follows its value.
    inline_end: bool,
    /// Elements that may have a role in a table, from the outermost; `None` before a page that has no such tables.
    roles: Option<Roles>,
    /// Element whose content is left out, and how often it is open.
    skipped: Option<(String, usize)>,
    end_tags: EndTags,
}

struct Link {
    target: String,
    at: Range<usize>,
    mark: usize,
    /// Offset in the view, to see whether the line has ended inside the link.
    line: usize,
}

struct OpenTable {
    start: usize,
    rows: Vec<Vec<Cell>>,
    cell: Option<Cell>,
    /// Lists and bold text around the table mean nothing inside it.
    lists: Vec<Option<usize>>,
    strong: usize,
}

impl<'a, 'w> Walker<'a, 'w> {
    fn new(source: &'a Source<'a>, out: &'w mut Writer<'a>, base: usize) -> Walker<'a, 'w> {
        Walker {
            source,
            out,
            base,
            heading: 0,
            strong: 0,
            preformatted: 0,
            lists: Vec::new(),
            item: false,
            term: false,
            link: None,
            inline_end: false,
            tables: Vec::new(),
            roles: Roles::of(source.text),
            skipped: None,
            end_tags: EndTags::default(),
        }
    }

    fn finish(&mut self) {
        self.block();
        while !self.tables.is_empty() {
            self.end_table();
        }
    }

    fn text(&mut self, range: Range<usize>) {
        if self.skipped.is_some() {
            return;
        }
        // Between rows stands nothing but indentation.
        let outside_cells = self.tables.last().is_some_and(|table| table.cell.is_none() && !table.rows.is_empty());
        if outside_cells && self.source.slice(&range).trim().is_empty() {
            return;
        }
        self.end_label(&range);
        let strong = self.strong > 0;
        if self.preformatted == 0 {
            return self.out.words(range, strong);
        }
        let mut from = range.start;
        for line in self.source.slice(&range).split_inclusive('\n') {
            self.out.words(from..from + line.len(), strong);
            from += line.len();
            if line.ends_with('\n') {
                self.end_line();
            }
        }
    }

    /// `<span>SDK Name</span><span>Acme</span>`: a page sets label and value apart by layout, a line of words by a colon.
    fn end_label(&mut self, next: &Range<usize>) {
        let text = self.source.slice(next).trim_start();
        if text.is_empty()
            || !std::mem::take(&mut self.inline_end)
            || self.tables.iter().any(|table| table.cell.is_some())
        {
            return;
        }
        let apart = text.starts_with([':', '：', '/', '(', '（', '、', '，', ',', ']', '】', '-', '–', '—']);
        // A line of many parts is no label; to put each together would cost the square of its length.
        if self.out.mark() > MAX_LABEL_PARTS {
            return;
        }
        let words = self.out.words_since(0);
        // "<b>Purpose:</b> statistics" has its colon.
        let apart = apart || words.trim_end().ends_with([':', '：']);
        // "<b>SDK</b>名称：…": one label, of which a part is bold.
        let goes_on =
            text.find([':', '：']).is_some_and(|colon| labels::lookup(&format!("{words}{}", &text[..colon])).is_some());
        if !apart && !goes_on && labels::lookup(words.trim()).is_some() {
            self.out.glue(":", next.start);
            self.out.glue(" ", next.start);
        }
    }

    fn start(&mut self, tag: &StartTag<usize>) {
        let name = std::str::from_utf8(&tag.name).unwrap_or("");
        if let Some((skipped, depth)) = self.skipped.as_mut() {
            *depth += usize::from(skipped == name);
            return;
        }
        let end = self.base + tag.span.end;
        let titles = name == "button" && (self.heading > 0 || opens_a_panel(tag));
        if is_skipped(name) && !titles && !tag.self_closing && self.end_tags.next(self.source.text, name, end).is_some()
        {
            self.skipped = Some((name.to_owned(), 1));
            return;
        }
        if let Some(role) = self.roles.as_mut().and_then(|roles| roles.open(name, tag)) {
            return match role {
                Role::Table => self.start_table(end),
                Role::Row => self.start_row(),
                Role::Cell => self.start_cell(tag),
            };
        }
        match name {
            "br" => self.end_line(),
            "button" if self.heading == 0 => {
                self.block();
                self.strong += 1;
            }
            "b" | "strong" => self.strong += 1,
            "a" => self.start_link(tag, b"href"),
            // `<Link to="…">` of MDX.
            "link" => self.start_link(tag, b"to"),
            "table" => self.start_table(end),
            "tr" => self.start_row(),
            "td" | "th" => self.start_cell(tag),
            "dd" if self.term => self.start_definition(end),
            _ if is_block(name) => self.start_block(name),
            _ => {}
        }
    }

    fn start_block(&mut self, name: &str) {
        self.block();
        match name {
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => self.heading = name.as_bytes()[1] - b'0',
            "ul" | "menu" if self.lists.len() < MAX_DEPTH => self.lists.push(None),
            "ol" if self.lists.len() < MAX_DEPTH => self.lists.push(Some(0)),
            "li" => {
                self.item = true;
                if let Some(Some(number)) = self.lists.last_mut() {
                    *number += 1;
                }
            }
            "pre" => self.preformatted += 1,
            "dt" => self.term = true,
            _ => {}
        }
    }

    fn end(&mut self, name: &str) {
        if let Some((skipped, depth)) = self.skipped.as_mut() {
            *depth -= usize::from(skipped == name);
            if *depth == 0 {
                self.skipped = None;
            }
            return;
        }
        if let Some(ended) = self.roles.as_mut().and_then(|roles| roles.close(name)) {
            for role in ended {
                match role {
                    Role::Table => self.end_table(),
                    Role::Row | Role::Cell => self.end_cell(),
                }
            }
            return;
        }
        match name {
            "button" if self.heading == 0 => {
                self.block();
                self.strong = self.strong.saturating_sub(1);
            }
            "b" | "strong" => {
                self.strong = self.strong.saturating_sub(1);
                self.inline_end = true;
            }
            "span" | "label" | "em" | "i" | "font" => self.inline_end = true,
            "a" | "link" => self.end_link(),
            "td" | "th" => self.end_cell(),
            "tr" | "tbody" | "thead" => self.end_cell(),
            "table" => self.end_table(),
            // The definition goes on the term's line.
            "dt" => {}
            _ if is_block(name) => {
                self.block();
                match name {
                    "ul" | "ol" | "menu" => {
                        self.lists.pop();
                        self.item = false;
                    }
                    "li" => self.item = false,
                    "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => self.heading = 0,
                    "pre" => self.preformatted = self.preformatted.saturating_sub(1),
                    // The caption stands above its table.
                    "caption" => {
                        let start = self.out.len();
                        if let Some(table) = self.tables.last_mut().filter(|table| table.rows.is_empty()) {
                            table.start = start;
                        }
                    }
                    _ => {}
                }
            }
            _ => {}
        }
    }

    /// Ends the line inside a block.
    fn end_line(&mut self) {
        self.inline_end = false;
        let cell = self.tables.last().is_some_and(|table| table.cell.is_some());
        let number = self.lists.last().copied().flatten();
        let line = Line { heading: self.heading, depth: self.lists.len(), bullet: self.item && !cell, number, cell };
        if self.out.end_line(line) {
            self.item = false;
        }
        self.term = false;
    }

    /// Ends the block.
    fn block(&mut self) {
        self.end_line();
        if self.tables.last().is_none_or(|table| table.cell.is_none()) {
            self.out.blank();
        }
    }

    /// "<dt>SDK Name<dd>Acme" is a label and its value; other terms are titles.
    fn start_definition(&mut self, at: usize) {
        self.term = false;
        if labels::lookup(self.out.words_since(0).trim()).is_some() {
            self.out.glue(":", at);
            self.out.glue(" ", at);
        } else {
            self.block();
        }
    }

    fn start_table(&mut self, _end: usize) {
        self.block();
        if self.tables.len() >= MAX_DEPTH {
            return;
        }
        let (lists, strong) = (std::mem::take(&mut self.lists), std::mem::take(&mut self.strong));
        self.tables.push(OpenTable { start: self.out.len(), rows: Vec::new(), cell: None, lists, strong });
    }

    fn start_row(&mut self) {
        self.end_cell();
        if let Some(table) = self.tables.last_mut() {
            table.rows.push(Vec::new());
        }
    }

    fn start_cell(&mut self, tag: &StartTag<usize>) {
        self.end_cell();
        let span = |name: &[u8]| {
            let value = tag.attributes.get(name).map(|value| String::from_utf8_lossy(value).trim().parse::<usize>());
            value.and_then(Result::ok).unwrap_or(1)
        };
        let start = self.out.len();
        if let Some(table) = self.tables.last_mut() {
            if table.rows.is_empty() {
                table.rows.push(Vec::new());
            }
            table.cell = Some(Cell { range: start..start, columns: span(b"colspan"), rows: span(b"rowspan") });
        }
    }

    fn end_cell(&mut self) {
        self.end_link();
        self.end_line();
        let end = self.out.len();
        (self.strong, self.heading) = (0, 0);
        self.lists.clear();
        if let Some(table) = self.tables.last_mut()
            && let Some(mut cell) = table.cell.take()
        {
            let words = self.out.since(cell.range.start).trim_end().len();
            cell.range.end = (cell.range.start + words).min(end);
            if let Some(row) = table.rows.last_mut() {
                row.push(cell);
            }
        }
    }

    fn end_table(&mut self) {
        self.end_cell();
        let Some(table) = self.tables.pop() else { return };
        (self.lists, self.strong) = (table.lists, table.strong);
        // A table around tables is there for the layout of the page.
        if !self.out.has_table_since(table.start) {
            let range = table.start..self.out.len();
            self.out.table(Grid { range, rows: spread(table.rows) });
        }
        self.block();
    }
}
