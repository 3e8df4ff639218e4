//! Addresses inside a value.

use super::Located;
use super::source::Source;
use super::value::{BLANK_STARTS, is_word, runs};
use std::collections::HashSet;
use std::ops::Range;

/// Links in document order, each address once. A Markdown link counts with its target, an HTML one with its `href`.
pub(super) fn all(source: &Source, range: &Range<usize>) -> Vec<Located> {
    let text = source.slice(range);
    let mut seen = HashSet::new();
    let new = |url: &Range<usize>| {
        let address = &text[url.clone()];
        address.len() > "https://".len() && seen.insert(address.trim_end_matches('/'))
    };
    let place = |url: Range<usize>| source.located(range.start + url.start..range.start + url.end);
    url_ranges(text).into_iter().filter(|url| !is_in_blank(&text[..url.start])).filter(new).map(place).collect()
}

/// Links of the notes that a text refers to: `Acme Push[^1]` and `[^1]: Privacy policy: https://…` at the beginning of a line.
pub(super) fn in_notes(source: &Source, range: &Range<usize>) -> Vec<Located> {
    const LONGEST: usize = 20;
    let mut found = Vec::new();
    let text = source.slice(range);
    for (at, _) in text.match_indices("[^") {
        let Some(close) = text[at..].find(']').filter(|close| *close <= LONGEST) else { continue };
        let note = format!("\n{}:", &text[at..at + close + 1]);
        let Some(start) = memchr::memmem::find(source.text.as_bytes(), note.as_bytes()) else { continue };
        let from = start + note.len();
        let end = source.text[from..].find('\n').map_or(source.text.len(), |end| from + end);
        found.extend(all(source, &(from..end)));
    }
    found
}

/// Whether a blank is still open behind this text: what it quotes is what has to be replaced, and no link of the record.
fn is_in_blank(before: &str) -> bool {
    BLANK_STARTS.iter().any(|start| before.rfind(start).is_some_and(|at| !before[at..].contains([']', '】'])))
}

/// Byte ranges of the links in `text`.
pub(super) fn url_ranges(text: &str) -> Vec<Range<usize>> {
    let mut ranges = Vec::new();
    let mut at = 0;
    while let Some(start) = next_url(text, at) {
        let end = url_end(text, start);
        at = end.max(start + 1);
        ranges.push(start..end);
    }
    ranges
}

fn next_url(text: &str, from: usize) -> Option<usize> {
    let rest = text.get(from..)?.as_bytes();
    let begins = |at: usize| {
        let tail = &rest[at..];
        let scheme = starts_with_ignoring_case(tail, b"http://") || starts_with_ignoring_case(tail, b"https://");
        let bare = starts_with_ignoring_case(tail, b"www.")
            && (at == 0 || !is_word(rest[at - 1]) && rest[at - 1] != b'/' && rest[at - 1] != b'.');
        scheme || bare
    };
    (0..rest.len()).find(|&at| matches!(rest[at], b'h' | b'H' | b'w' | b'W') && begins(at)).map(|at| from + at)
}

fn starts_with_ignoring_case(text: &[u8], prefix: &[u8]) -> bool {
    text.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix))
}

/// An address ends at white space, a quote, an angle bracket, an unmatched bracket or anything outside ASCII, but for the
/// Chinese name of a page.
fn url_end(text: &str, start: usize) -> usize {
    let mut depth = 0usize;
    let mut end = start;
    // Bytes of a page's name that are passed over.
    let mut named = 0;
    for (at, c) in text[start..].char_indices() {
        if at < named {
            continue;
        }
        match c {
            c if is_han(c) => match page_name(&text[start..], at) {
                Some(length) => named = at + length,
                None => break,
            },
            '(' => depth += 1,
            ')' if depth == 0 => break,
            ')' => depth -= 1,
            '"' | '\'' | '<' | '>' | '[' | ']' | '`' | '|' | '*' | '{' | '}' => break,
            c if !c.is_ascii() || c.is_ascii_whitespace() || c.is_ascii_control() => break,
            _ => {}
        }
        end = start + named.max(at + 1);
    }
    start + text[start..end].trim_end_matches(['.', ',', ';', ':', '!', '\\']).len()
}

fn is_han(c: char) -> bool {
    ('\u{4e00}'..='\u{9fff}').contains(&c)
}

/// Bytes of the Chinese letters from `at` on, when they end the path of the address and say that it is a policy
/// (`https://wiki.connect.qq.com/qq互联sdk隐私保护声明`). Other Chinese letters are the sentence that goes on.
fn page_name(address: &str, at: usize) -> Option<usize> {
    const LONGEST: usize = 60;
    let path = address.get(..at)?.split_once("://")?.1.contains('/');
    let rest = address.get(at..)?;
    let ends = |c: char| !is_han(c) && !c.is_ascii_alphanumeric() && !matches!(c, '-' | '_' | '%' | '/');
    let (length, next) =
        rest.char_indices().take(LONGEST).find(|(_, c)| ends(*c)).map_or((rest.len(), None), |(at, c)| (at, Some(c)));
    let alone = next
        .is_none_or(|c| c.is_whitespace() || matches!(c, ')' | '）' | '>' | ']' | '"' | '`' | '|' | '。' | '；' | ';'));
    let name = rest.get(..length)?;
    let is_policy = ["声明", "政策", "协议", "条款", "规则", "指引", "指南"].iter().any(|word| name.ends_with(word));
    (path && alone && is_policy && length <= 3 * LONGEST).then_some(length)
}

/// `www.acme.com` as a whole item: a host and nothing behind it.
pub(super) fn lone_hosts(source: &Source, range: &Range<usize>) -> Vec<Located> {
    let is_lone = |host: &Located| {
        let text = host.text.as_bytes();
        starts_with_ignoring_case(text, b"www.") && text.iter().all(|b| is_word(*b) || matches!(b, b'.' | b'-'))
    };
    all(source, range).into_iter().filter(is_lone).collect()
}

/// Addresses without scheme (`open.weixin.qq.com/doc`), for fields that are links.
pub(super) fn bare_hosts(source: &Source, range: &Range<usize>) -> Vec<Located> {
    let text = source.slice(range);
    runs(text, |b| is_word(b) || matches!(b, b'.' | b'-' | b'/' | b'?' | b'=' | b'&' | b'%' | b'#' | b':'))
        .filter(|run| {
            if is_in_blank(&text[..run.start]) {
                return false;
            }
            let host = text[run.clone()].split(['/', '?', '#', ':']).next().unwrap_or("");
            let labels: Vec<&str> = host.split('.').collect();
            let top = labels.last().copied().unwrap_or("");
            labels.len() >= 2
                && labels.iter().all(|label| !label.is_empty())
                && (2..=6).contains(&top.len())
                && top.bytes().all(|b| b.is_ascii_alphabetic())
        })
        .map(|run| source.located(range.start + run.start..range.start + run.end))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(read: fn(&Source, &Range<usize>) -> Vec<Located>, text: &str) -> Vec<String> {
        read(&Source::new(text), &(0..text.len())).into_iter().map(|item| item.text).collect()
    }

    #[test]
    fn addresses_end_where_the_address_ends() {
        assert_eq!(
            texts(all, "[查看](https://a.com/x_(y)) https://b.com/p?a=1&b=2。www.c.com/，http://"),
            ["https://a.com/x_(y)", "https://b.com/p?a=1&b=2", "www.c.com/"]
        );
        assert_eq!(texts(all, "[https://a.com/](https://a.com/)"), ["https://a.com/"]);
        assert_eq!(texts(all, "<a href=\"https://a.com/b\">https://a.com/b</a>"), ["https://a.com/b"]);
        assert_eq!(texts(all, "(see https://a.com/b)."), ["https://a.com/b"]);
        assert_eq!(
            texts(
                all,
                "https://a.com/qq互联sdk隐私保护声明 https://b.com/p查看政策，https://c.com/p隐私政策：https://d.com隐私政策"
            ),
            ["https://a.com/qq互联sdk隐私保护声明", "https://b.com/p", "https://c.com/p", "https://d.com"]
        );
        assert_eq!(texts(bare_hosts, "open.weixin.qq.com/doc 3.1"), ["open.weixin.qq.com/doc"]);
    }
}
