//! A paragraph as clauses: what stands between commas, full stops, colons, dashes and brackets.

use crate::declared::links;
use std::ops::Range;

/// What stands before a clause.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// Nothing: it is the first.
    Start,
    /// A comma.
    Comma,
    /// A full stop or semicolon.
    Stop,
    /// A colon.
    Colon,
    /// A dash between blanks.
    Dash,
    /// An opening bracket.
    Open,
    /// A closing bracket and nothing else.
    Close,
}

/// A part of a paragraph, trimmed.
#[derive(Clone, Debug)]
pub struct Clause {
    /// Its place in the masked text.
    pub range: Range<usize>,
    /// What stands before it.
    pub before: Mark,
    /// Whether it stands in brackets.
    pub inside: bool,
}

/// Stands for every byte of an address.
pub const ADDRESS: char = '\u{1}';

/// The text in lower case (ASCII only, so that offsets stay) with blanks for marks of Markdown and line ends, and
/// [`ADDRESS`] for every byte of an address.
pub fn mask(text: &str) -> String {
    let mut bytes: Vec<u8> = text.to_ascii_lowercase().into_bytes();
    for url in links::url_ranges(text) {
        bytes.iter_mut().take(url.end).skip(url.start).for_each(|byte| *byte = ADDRESS as u8);
    }
    for byte in &mut bytes {
        if matches!(byte, b'*' | b'`' | b'[' | b']' | b'\n' | b'\r' | b'\t' | b'"') {
            *byte = b' ';
        }
    }
    // Whole characters were replaced by as many bytes, so this is the same text where it is not.
    String::from_utf8_lossy(&bytes).into_owned()
}

/// The clauses of a masked text.
pub fn split(masked: &str) -> Vec<Clause> {
    let mut clauses: Vec<Clause> = Vec::new();
    let (mut start, mut mark, mut depth) = (0, Mark::Start, 0usize);
    let mut at = 0;
    while let Some(c) = masked.get(at..).and_then(|rest| rest.chars().next()) {
        let next = at + c.len_utf8();
        let Some((found, length)) = mark_at(masked, at, c) else {
            at = next;
            continue;
        };
        let place = at;
        at += length;
        let own =
            matches!(found, Mark::Open) && is_part_of_name(masked, place) || matches!(found, Mark::Close) && depth == 0;
        if own {
            // The brackets of a company's name: past the closing one.
            if matches!(found, Mark::Open) {
                at = masked[place..].find([')', '）']).map_or(at, |close| place + close);
                at += masked.get(at..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
            }
            continue;
        }
        push(&mut clauses, masked, Clause { range: start..place, before: mark, inside: depth > 0 });
        match found {
            Mark::Open => depth += 1,
            Mark::Close => depth -= 1,
            _ => {}
        }
        (start, mark) = (at, found);
    }
    push(&mut clauses, masked, Clause { range: start..masked.len(), before: mark, inside: depth > 0 });
    clauses
}

/// Adds a clause with words; a legal form behind a comma belongs to the company before it.
fn push(clauses: &mut Vec<Clause>, masked: &str, clause: Clause) {
    const FORMS: [&str; 12] =
        ["inc", "llc", "ltd", "limited", "co", "corp", "corporation", "gmbh", "l.p", "b.v", "s.a", "pte"];
    let text = &masked[clause.range.clone()];
    let range = clause.range.start + (text.len() - text.trim_start().len())..clause.range.end;
    let range = range.start..range.start + masked[range.clone()].trim_end().len();
    if range.is_empty() {
        return;
    }
    let first = masked[range.clone()].split(' ').next().unwrap_or_default().trim_end_matches(['.', ',']);
    match clauses.last_mut() {
        Some(last) if clause.before == Mark::Comma && FORMS.contains(&first) => last.range.end = range.end,
        _ => clauses.push(Clause { range, ..clause }),
    }
}

/// The mark at a place, and its length.
fn mark_at(masked: &str, at: usize, c: char) -> Option<(Mark, usize)> {
    let behind = &masked[at + c.len_utf8()..];
    let blank = |text: &str| text.starts_with(' ') || text.is_empty();
    let mark = match c {
        '，' => Mark::Comma,
        '。' | '；' | '！' => Mark::Stop,
        ';' if blank(behind) || !behind.starts_with(|c: char| c.is_ascii_alphanumeric()) => Mark::Stop,
        ',' if blank(behind) || behind.starts_with(|c: char| !c.is_ascii()) => Mark::Comma,
        '.' if ends_sentence(masked, at) => Mark::Stop,
        '：' => Mark::Colon,
        ':' if blank(behind) || behind.starts_with(|c: char| !c.is_ascii() || c == ADDRESS) => Mark::Colon,
        '(' | '（' => Mark::Open,
        ')' | '）' => Mark::Close,
        '-' | '–' | '—' if masked[..at].ends_with(' ') && blank(behind) => Mark::Dash,
        '—' if behind.starts_with('—') => return Some((Mark::Dash, 2 * '—'.len_utf8())),
        '|' => Mark::Dash,
        _ => return None,
    };
    Some((mark, c.len_utf8()))
}

/// A full stop before a blank, unless it shortens a word: "Inc. for", "e.g. a".
fn ends_sentence(masked: &str, at: usize) -> bool {
    const SHORT: [&str; 12] = ["inc", "ltd", "co", "corp", "e.g", "i.e", "etc", "no", "mr", "u.s", "vs", "llc"];
    let rest = &masked[at + 1..];
    let word = masked[..at].rsplit([' ', ',', '(']).next().unwrap_or_default();
    let goes_on = || {
        let next = rest.trim_start().split([' ', ',']).next().unwrap_or_default();
        ["for", "and", "to", "which", "in", "a", "the", "as", "is", "used", "or"].contains(&next)
    };
    (rest.is_empty() || rest.starts_with(' ')) && !(SHORT.contains(&word) && goes_on())
}

/// "支付宝（中国）网络技术有限公司": a place in brackets inside a Chinese name.
fn is_part_of_name(masked: &str, open: usize) -> bool {
    const LONGEST: usize = 4;
    let Some(c) = masked[open..].chars().next() else { return false };
    let inner = &masked[open + c.len_utf8()..];
    let Some(close) = inner.find([')', '）']) else { return false };
    let han = |c: char| ('\u{4e00}'..='\u{9fff}').contains(&c);
    let after = inner[close..].chars().nth(1);
    let before = masked[..open].chars().next_back();
    let verbs = ["用", "由", "会", "是", "提", "收", "为", "获"];
    let short = inner[..close].chars().count() <= LONGEST && inner[..close].chars().all(han);
    let goes_on = after.is_some_and(han) && !verbs.iter().any(|verb| after.is_some_and(|c| verb.starts_with(c)));
    short && goes_on && before.is_none_or(|c| han(c) || c == ' ' || matches!(c, '：' | '，'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<(Mark, &str)> {
        let masked = mask(text);
        split(&masked).into_iter().map(|clause| (clause.before, &text[clause.range])).collect()
    }

    #[test]
    fn marks_part_a_paragraph() {
        use Mark::{Close, Colon, Comma, Dash, Open, Start, Stop};
        assert_eq!(
            read("顶点SDK（支付宝（中国）网络技术有限公司）：用于推送；隐私政策：https://a.com/b,c。"),
            [
                (Start, "顶点SDK"),
                (Open, "支付宝（中国）网络技术有限公司"),
                (Colon, "用于推送"),
                (Stop, "隐私政策"),
                (Colon, "https://a.com/b,c")
            ]
        );
        assert_eq!(
            read("**Acme** is made by Acme, Inc. for maps. It collects a, b (see [policy](https://a.com))."),
            [
                (Start, "Acme** is made by Acme, Inc. for maps"),
                (Stop, "It collects a"),
                (Comma, "b"),
                (Open, "see [policy"),
                (Open, "https://a.com")
            ]
        );
        assert_eq!(read("a - b-c — d) e"), [(Start, "a"), (Dash, "b-c"), (Dash, "d) e")]);
        assert_eq!(read("x (y) z"), [(Start, "x"), (Open, "y"), (Close, "z")]);
    }
}
