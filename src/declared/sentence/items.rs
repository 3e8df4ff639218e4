//! One line → the sentences of which each may tell of one SDK.

use super::subjects;
use crate::declared::labels::Kind;
use crate::declared::line::Line;
use crate::declared::section::mentions_sdk;
use crate::declared::source::Source;
use crate::declared::{fields, statements};
use std::ops::Range;

/// The items of a line: the whole of it, or those that it numbers ("…SDK：1、…；2、…").
pub(super) fn items(source: &Source, line: &Line) -> Vec<Range<usize>> {
    let labelled = fields::split(source, line).1;
    let text = source.slice(&line.body);
    let marks = numbers(text);
    let announces = |end: usize| {
        let lead = &text[..end];
        mentions_sdk(lead) && lead.trim_end().ends_with([':', '：'])
    };
    if marks.len() >= 2 && marks.first().is_some_and(|mark| announces(mark.start)) {
        let ends = marks.iter().skip(1).map(|mark| mark.start).chain([text.len()]);
        let item = |(mark, end): (&Range<usize>, usize)| {
            let inner = text[mark.end..end]
                .trim_end()
                .trim_end_matches("and")
                .trim_end_matches([' ', ';', '；', ',', '，', '。', '.', '和', '及']);
            source.trim(line.body.start + mark.end..line.body.start + mark.end + inner.len())
        };
        return marks.iter().zip(ends).map(item).filter(|item| !item.is_empty()).collect();
    }
    let starts_labelled = labelled.first().is_some_and(|first| {
        let before = source.slice(&(line.body.start..first.value.start));
        // "Name: …" begins a record of labels; labels behind a sentence are part of it.
        before.chars().count() <= 24 || first.label.kind == Kind::Name
    });
    if starts_labelled { Vec::new() } else { thoughts(source, line) }
}

/// The line, parted before every further sentence that says of another SDK that the app carries it.
fn thoughts(source: &Source, line: &Line) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    for sentence in statements::split_sentences(source, &line.body) {
        let text = source.slice(&sentence);
        let name = subjects::carried(text).and_then(|(name, _)| text.get(name)).unwrap_or("");
        let other =
            !name.is_empty() && !["it ", "them ", "this "].iter().any(|word| name.to_lowercase().starts_with(word));
        match found.last_mut() {
            Some(last) if !(other && subjects::carried(source.slice(last)).is_some()) => last.end = sentence.end,
            _ => found.push(sentence),
        }
    }
    found
}

/// Numbers 1, 2, 3 … or (a), (b), (c) … inside a line.
fn numbers(text: &str) -> Vec<Range<usize>> {
    const LETTERS: u32 = 26;
    let mut found: Vec<Range<usize>> = Vec::new();
    let mut next = 1u32;
    let mut at = 0;
    while let Some(c) = text.get(at..).and_then(|rest| rest.chars().next()) {
        let rest = &text[at..];
        let fresh = at == 0 || text[..at].ends_with(['：', ':', '；', ';', '。', '，', ',', ' ', '.']);
        if !fresh || !rest.starts_with(|c: char| c.is_ascii_alphanumeric() || matches!(c, '(' | '（')) {
            at += c.len_utf8();
            continue;
        }
        let letter = char::from_u32('a' as u32 + next - 1).unwrap_or('z');
        let marks = [
            format!("{next}、"),
            format!("{next})"),
            format!("{next}）"),
            format!("({next})"),
            format!("（{next}）"),
            format!("({letter})"),
            format!("{next}. "),
            format!("（{letter}）"),
        ];
        match marks.iter().find(|mark| rest.starts_with(mark.as_str())) {
            Some(mark) if next <= LETTERS => {
                found.push(at..at + mark.len());
                at += mark.len();
                next += 1;
            }
            _ => at += c.len_utf8(),
        }
    }
    found
}
