//! HTML inside Markdown, MDX and plain text.
//!
//! Blocks of HTML are read as HTML; everything else stays as it is written, letter by letter, because Markdown's own
//! marks are what the line readers know.

use super::html;
use super::{EndTags, Line, View, Writer, is_zero_width};
use crate::declared::labels::{Kind, lookup};
use crate::declared::source::Source;
use html5gum::emitters::default::DefaultEmitter;
use html5gum::{StartTag, Token, Tokenizer};
use std::ops::Range;

/// The view, or `None` where the document has no HTML in it.
pub(in crate::declared) fn view(source: &Source) -> Option<View> {
    if !has_tags(source.text) && !source.text.contains(is_zero_width) {
        return None;
    }
    let mut reader =
        Reader { source, out: Writer::new(source), copied: 0, depth: Vec::new(), end_tags: EndTags::default() };
    let emitter = DefaultEmitter::<usize>::new_with_span();
    for token in Tokenizer::new_with_emitter(source.text, emitter) {
        let Ok(token) = token;
        match token {
            Token::StartTag(tag) => reader.start(&tag),
            Token::EndTag(tag) => {
                let span = tag.span.start..tag.span.end;
                reader.end(std::str::from_utf8(&tag.name).unwrap_or(""), span);
            }
            Token::Comment(comment) => reader.comment(comment.span.start..comment.span.end),
            Token::String(_) | Token::Doctype(_) | Token::Error(_) => {}
        }
    }
    reader.copy_to(source.text.len());
    Some(reader.out.finish())
}

/// Elements that are read as HTML as a whole.
const BLOCKS: &[&str] =
    &["table", "ul", "ol", "dl", "p", "h1", "h2", "h3", "h4", "h5", "h6", "pre", "blockquote", "script", "style"];
/// Elements around Markdown: only the tag goes.
const AROUND: &[&str] = &[
    "div",
    "section",
    "article",
    "main",
    "header",
    "footer",
    "aside",
    "details",
    "summary",
    "center",
    "html",
    "body",
    "figure",
    "figcaption",
];
/// Elements inside a line: only the tag goes.
const INSIDE: &[&str] = &[
    "span", "font", "u", "small", "big", "sub", "sup", "i", "em", "s", "del", "ins", "mark", "label", "abbr", "o:p",
    "img", "b", "strong", "code", "kbd", "a",
];

/// A paragraph longer than this in bytes has lost its end tag.
const LONGEST_PARAGRAPH: usize = 100_000;

fn is_heading(name: &str) -> bool {
    matches!(name.as_bytes(), [b'h', b'1'..=b'6'])
}

fn has_tags(text: &str) -> bool {
    memchr::memchr_iter(b'<', text.as_bytes()).any(|at| {
        let rest = text[at + 1..].trim_start_matches('/');
        let end = rest.find(|c: char| !(c.is_ascii_alphanumeric() || c == ':')).unwrap_or(rest.len());
        let name = rest[..end].to_ascii_lowercase();
        let component =
            rest.starts_with(|c: char| c.is_ascii_uppercase()) && rest[end..].starts_with([' ', '\n', '\r']);
        component || name == "br" || [BLOCKS, AROUND, INSIDE].iter().any(|names| names.contains(&name.as_str()))
    })
}

struct Reader<'a> {
    source: &'a Source<'a>,
    out: Writer<'a>,
    /// What stands before this offset is in the view.
    copied: usize,
    /// Blocks being skipped over: name and where the outermost began.
    depth: Vec<(String, usize)>,
    end_tags: EndTags,
}

impl<'a> Reader<'a> {
    fn start(&mut self, tag: &StartTag<usize>) {
        let name = std::str::from_utf8(&tag.name).unwrap_or("");
        let span = tag.span.start..tag.span.end;
        if let Some((outer, from)) = self.depth.first().cloned() {
            if outer == name && !tag.self_closing {
                // A paragraph ends where the next one begins.
                if name == "p" || is_heading(name) {
                    self.block(from..span.start);
                    self.depth.clear();
                    self.depth.push((outer, span.start));
                } else {
                    self.depth.push((outer, span.start));
                }
            }
            return;
        }
        if BLOCKS.contains(&name) && !tag.self_closing {
            if self.block_closes(name, span.end) {
                self.copy_to(span.start);
                self.depth.push((name.to_owned(), span.start));
            } else {
                self.drop(span, true);
            }
        } else if name == "br" {
            self.line_break(span);
        } else if AROUND.contains(&name) {
            self.drop(span, true);
        } else if name == "a" && !tag.self_closing {
            self.anchor(tag, span);
        } else if INSIDE.contains(&name) {
            self.drop(span, false);
        } else if !tag.attributes.is_empty() {
            self.component(tag, span);
        }
    }

    /// `<SdkCard name="Acme Push" vendor="Acme" />` of MDX: attributes that are labels of a list, a name among them.
    fn component(&mut self, tag: &StartTag<usize>, span: Range<usize>) {
        let mut fields: Vec<(Range<usize>, Range<usize>)> = Vec::new();
        let mut named = false;
        for (name, value) in &tag.attributes {
            let written = value.span.start..value.span.end;
            let raw = self.source.slice(&written);
            let Some(label) = std::str::from_utf8(name).ok().and_then(lookup) else { continue };
            let Some(equals) = raw.find('=') else { continue };
            let quoted = raw[equals + 1..].trim_start();
            let start = written.end - quoted.len();
            let inner = match quoted.chars().next() {
                Some(quote @ ('"' | '\'')) => {
                    start + 1..written.end - usize::from(quoted.len() > 1 && quoted.ends_with(quote))
                }
                _ => start..written.end,
            };
            let words = self.source.slice(&inner);
            if !words.trim().is_empty() && !words.starts_with('{') {
                named |= label.kind == Kind::Name;
                fields.push((written.start..written.start + equals, inner));
            }
        }
        if !named || fields.len() < 2 || span.start < self.copied {
            return self.titled(tag, span);
        }
        fields.sort_by_key(|(name, _)| name.start);
        self.drop(span, true);
        self.out.blank();
        for (name, value) in fields {
            self.out.letters(name.clone());
            self.out.glue(":", name.end);
            self.out.glue(" ", name.end);
            self.out.letters(value);
            self.out.end_line(Line { cell: true, ..Line::default() });
        }
        self.out.blank();
    }

    /// `<Accordion title="Acme Push">`: a component with a title of its own.
    fn titled(&mut self, tag: &StartTag<usize>, span: Range<usize>) {
        const TITLES: [&[u8]; 5] = [b"title", b"label", b"header", b"heading", b"summary"];
        const SYSTEMS: [&str; 4] = ["android", "ios", "harmonyos", "web"];
        let component = self.source.slice(&(span.start + 1..span.end)).starts_with(|c: char| c.is_ascii_uppercase());
        let Some(value) = TITLES.iter().find_map(|title| tag.attributes.get(*title)) else { return };
        let raw = self.source.slice(&(value.span.start..value.span.end));
        let Some(open) = raw.find(['"', '\'']).filter(|_| component && !tag.self_closing && span.start >= self.copied)
        else {
            return;
        };
        let inner = value.span.start + open + 1
            ..value.span.end - usize::from(raw.len() > open + 1 && raw.ends_with(['"', '\'']));
        let words = self.source.slice(&inner).trim().to_lowercase();
        if words.is_empty() || words.contains('\n') || SYSTEMS.contains(&words.as_str()) {
            return;
        }
        self.drop(span, true);
        self.out.blank();
        self.out.glue("**", inner.start);
        self.out.letters(inner.clone());
        self.out.glue("**", inner.end);
        self.out.end_line(Line { cell: true, ..Line::default() });
        self.out.blank();
    }

    fn end(&mut self, name: &str, span: Range<usize>) {
        if let Some((outer, from)) = self.depth.first().cloned() {
            if outer == name {
                self.depth.pop();
                if self.depth.is_empty() {
                    self.block(from..span.end);
                }
            }
            return;
        }
        if BLOCKS.contains(&name) || AROUND.contains(&name) {
            self.drop(span, true);
        } else if INSIDE.contains(&name) {
            self.drop(span, false);
        }
    }

    fn comment(&mut self, span: Range<usize>) {
        if self.depth.is_empty() {
            self.drop(span, false);
        }
    }

    /// Whether the end tag comes, for paragraphs and headings before an empty line.
    fn block_closes(&mut self, name: &str, from: usize) -> bool {
        let Some(close) = self.end_tags.next(self.source.text, name, from) else { return false };
        let short = name == "p" || is_heading(name);
        let inner = self.source.slice(&(from..close));
        !short || inner.len() < LONGEST_PARAGRAPH && !inner.contains("\n\n") && !inner.contains("\r\n\r\n")
    }

    fn block(&mut self, range: Range<usize>) {
        // Behind words on the same line the block still begins a line of its own.
        if !self.out.since(0).is_empty() && !self.out.since(self.out.len().saturating_sub(1)).ends_with('\n') {
            self.out.newline(range.start);
        }
        html::read(self.source, &mut self.out, range.clone(), true);
        self.copied = self.copied.max(range.end);
    }

    fn copy_to(&mut self, end: usize) {
        if let Some((_, from)) = self.depth.first().cloned() {
            self.depth.clear();
            self.block(from..end.max(from));
        }
        if end > self.copied {
            self.out.copy(self.copied..end);
            self.copied = end;
        }
    }

    /// Leaves a tag out. `line`: what follows begins a line of its own.
    fn drop(&mut self, span: Range<usize>, line: bool) {
        if span.start < self.copied {
            return;
        }
        self.copy_to(span.start);
        self.copied = span.end;
        let view = self.out.since(0);
        if line && !view.is_empty() && !view.ends_with('\n') && !self.line_is_blank() {
            self.out.newline(span.end);
        }
    }

    fn line_is_blank(&self) -> bool {
        let view = self.out.since(0);
        view.rsplit('\n').next().is_none_or(|line| line.trim().is_empty())
    }

    /// In the row of a pipe table a line break belongs to the cell.
    fn line_break(&mut self, span: Range<usize>) {
        let text = self.source.text;
        let line_start = text[..span.start].rfind('\n').map_or(0, |at| at + 1);
        let line_end = text[span.end..].find('\n').map_or(text.len(), |at| span.end + at);
        if !text[line_start..line_end].contains('|') {
            self.drop(span, true);
        }
    }

    /// `<a href="…">words</a>` becomes a Markdown link; without words between the tags only the tag goes.
    fn anchor(&mut self, tag: &StartTag<usize>, span: Range<usize>) {
        const LONGEST: usize = 2000;
        let rest: &str = self.source.text.get(span.end..).unwrap_or("");
        let close = rest.char_indices().take(LONGEST).find(|(at, _)| rest[*at..].starts_with("</a>"));
        let inner = close.map(|(at, _)| &rest[..at]);
        let is_plain = inner.is_some_and(|inner| !inner.contains('\n'));
        if tag.attributes.contains_key(&b"href"[..]) && is_plain && span.start >= self.copied {
            let end = span.end + close.map_or(0, |(at, _)| at + "</a>".len());
            self.copy_to(span.start);
            html::read_inline(self.source, &mut self.out, span.start..end);
            self.copied = end;
        } else {
            self.drop(span, false);
        }
    }
}
