//! Running text → clauses: where a comma, a full stop, a bracket or a word such as "用于" parts what is said.

use super::cues::{self, INNER};
use crate::declared::links;
use crate::declared::source::Source;
use crate::declared::title::is_company;
use crate::declared::value;
use std::ops::Range;

/// What stands before a clause.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Before {
    /// Nothing: it is the first.
    Start,
    Comma,
    /// The end of a sentence.
    Stop,
    Colon,
    Dash,
    /// A bracket that says something of its own.
    Bracket,
    /// Nothing but the words that begin it.
    Words,
}

/// A piece of a sentence.
#[derive(Clone, Debug)]
pub(super) struct Clause {
    pub range: Range<usize>,
    pub before: Before,
}

/// Most clauses of one item; what has more is no entry of a list.
const MOST: usize = 60;

/// The clauses of a range.
pub(super) fn split(source: &Source, range: &Range<usize>) -> Vec<Clause> {
    let text = source.slice(range);
    let opaque = opaque(text);
    let mut found: Vec<Clause> = Vec::new();
    let (mut start, mut before, mut at) = (0, Before::Start, 0);
    let mut cut = |from: usize, to: usize, before: Before| {
        let piece = source.trim(range.start + from..range.start + to);
        if !piece.is_empty() {
            found.push(Clause { range: piece, before });
        }
    };
    while let Some(c) = text.get(at..).and_then(|rest| rest.chars().next()) {
        if let Some(end) = opaque.iter().find(|part| part.start == at).map(|part| part.end) {
            at = end.max(at + c.len_utf8());
            continue;
        }
        if matches!(c, '(' | '（') {
            let Some((inner, end)) = bracket(text, at) else {
                at += c.len_utf8();
                continue;
            };
            if says_something(&text[inner.clone()]) {
                cut(start, at, before);
                cut(inner.start, inner.end, Before::Bracket);
                (start, before) = (end, Before::Words);
            }
            at = end;
            continue;
        }
        match separator(text, at) {
            Some((length, next)) => {
                cut(start, at, before);
                at += length;
                (start, before) = (at, next);
            }
            None => at += c.len_utf8(),
        }
    }
    cut(start, text.len(), before);
    found.truncate(MOST);
    found.into_iter().flat_map(|clause| inner(source, clause)).collect()
}

/// Links: nothing inside them is a sentence.
fn opaque(text: &str) -> Vec<Range<usize>> {
    let mut found = links::url_ranges(text);
    // "[Privacy policy](https://…)" is one word.
    let mut at = 0;
    while let Some(open) = text.get(at..).and_then(|rest| rest.find('[')).map(|open| at + open) {
        let close = text[open..].find("](").map(|close| open + close);
        let end = close.and_then(|close| text[close..].find(')').map(|end| close + end + 1));
        if let Some(end) = end.filter(|end| !text[open..*end].contains('\n')) {
            found.push(open..end);
        }
        at = end.unwrap_or(open + 1);
    }
    found
}

/// The content of the bracket at `at` and the first byte behind it.
fn bracket(text: &str, at: usize) -> Option<(Range<usize>, usize)> {
    const LONGEST: usize = 400;
    let mut depth = 0usize;
    for (offset, c) in text[at..].char_indices().take(LONGEST) {
        match c {
            '(' | '（' => depth += 1,
            ')' | '）' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth == 0 {
            let open = text[at..].chars().next().map_or(1, char::len_utf8);
            return Some((at + open..at + offset, at + offset + c.len_utf8()));
        }
    }
    None
}

/// Whether what a bracket holds is a field: a package, a company, a link, or words with their label.
fn says_something(inner: &str) -> bool {
    let words = value::plain(inner);
    let words = words.trim();
    value::is_package_name(words) || is_company(words) || inner.contains("://") || cues::labelled(words).is_some()
}

/// Length of the separator at `at` and what it means.
fn separator(text: &str, at: usize) -> Option<(usize, Before)> {
    const DASHES: [&str; 5] = [" – ", " — ", " - ", "——", " | "];
    let rest = &text[at..];
    let c = rest.chars().next()?;
    let behind = &rest[c.len_utf8()..];
    if let Some(dash) = DASHES.iter().find(|dash| rest.starts_with(**dash)) {
        return Some((dash.len(), Before::Dash));
    }
    match c {
        '，' => Some((c.len_utf8(), Before::Comma)),
        '。' | '；' | '！' => Some((c.len_utf8(), Before::Stop)),
        ';' if behind.is_empty() || behind.starts_with(' ') => Some((1, Before::Stop)),
        '：' => Some((c.len_utf8(), Before::Colon)),
        ':' if behind.starts_with(' ') || behind.starts_with(|c: char| !c.is_ascii()) => Some((1, Before::Colon)),
        // "Acme, Inc." is one name.
        ',' if behind.starts_with(' ') && !begins_with_form(behind) => Some((1, Before::Comma)),
        '.' if behind.is_empty() => Some((1, Before::Stop)),
        '.' if behind.starts_with(' ') => {
            let capital = behind
                .trim_start()
                .starts_with(|c: char| c.is_ascii_uppercase() || !c.is_ascii() || matches!(c, '[' | '<' | '*'));
            let stop = capital || behind.trim_start().starts_with("http");
            stop.then_some((1, Before::Stop))
        }
        _ => None,
    }
}

fn begins_with_form(behind: &str) -> bool {
    const FORMS: [&str; 10] = ["inc", "llc", "ltd", "limited", "l.l.c", "gmbh", "corp", "s.a", "b.v", "co."];
    let lower: String = behind.trim_start().chars().take(8).collect::<String>().to_ascii_lowercase();
    FORMS
        .iter()
        .any(|form| lower.strip_prefix(form).is_some_and(|rest| !rest.starts_with(|c: char| c.is_ascii_alphanumeric())))
}

/// Parts a clause where a word inside it begins another field: "…由顶点公司提供用于统计", "Acme Push by Acme Inc. for messages".
fn inner(source: &Source, clause: Clause) -> Vec<Clause> {
    let text = source.slice(&clause.range).to_ascii_lowercase();
    let mut cuts: Vec<usize> = Vec::new();
    for &(mark, keep) in INNER {
        for (at, _) in text.match_indices(mark).filter(|(at, _)| *at > 0) {
            let begins = at + mark.len() - keep;
            if cues::may_cut(mark, &text[..at], &text[at + mark.len()..]) {
                cuts.push(begins);
            }
        }
    }
    cuts.sort_unstable();
    cuts.dedup();
    let mut parts = Vec::new();
    let mut from = clause.range.start;
    let ends = cuts.iter().map(|cut| clause.range.start + cut).chain([clause.range.end]);
    for end in ends {
        let piece = source.trim(from..end);
        let before = if parts.is_empty() { clause.before } else { Before::Words };
        if !piece.is_empty() {
            parts.push(Clause { range: piece, before });
        }
        from = end;
    }
    parts
}
