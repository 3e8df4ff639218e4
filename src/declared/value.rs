//! Lists inside a field's value: package names, permission names, links; and the words for "none".

use super::source::Source;
use super::{Field, Located};
use std::collections::HashSet;
use std::ops::Range;

pub(super) use super::denial::is_none_word;

/// The words of a value: emphasis, code marks, link targets and HTML tags left out, white space at the ends removed.
pub(super) fn plain(value: &str) -> String {
    let mut out = String::with_capacity(value.len());
    let mut rest = value;
    while let Some(c) = rest.chars().next() {
        let mut skip = c.len_utf8();
        match c {
            '*' | '`' => {}
            '_' if rest.starts_with("__") => skip = 2,
            '\\' => {
                if let Some(escaped) = rest[1..].chars().next().filter(char::is_ascii_punctuation) {
                    out.push(escaped);
                    skip = 2;
                }
            }
            // The mark of a note.
            '[' if rest.starts_with("[^") && rest.find(']').is_some_and(|close| close <= 20) => {
                skip = rest.find(']').map_or(1, |close| close + 1);
            }
            '[' => match markdown_link(rest) {
                Some((text, _, length)) => {
                    out.push_str(&plain(&rest[text]));
                    skip = length;
                }
                None => out.push(c),
            },
            '<' => match tag(rest) {
                Some((name, length)) => {
                    if matches!(name, "br" | "p" | "/p" | "li") {
                        out.push('\n');
                    }
                    skip = length;
                }
                None => out.push(c),
            },
            // A blank of MDX.
            '{' if rest.starts_with("{\" \"}") || rest.starts_with("{' '}") => {
                out.push(' ');
                skip = "{' '}".len();
            }
            '&' if rest.starts_with("&nbsp;") => {
                out.push(' ');
                skip = "&nbsp;".len();
            }
            '&' if rest.starts_with("&amp;") => {
                out.push('&');
                skip = "&amp;".len();
            }
            _ => out.push(c),
        }
        rest = &rest[skip..];
    }
    if !value.contains(['\n', '\t']) && !out.contains('\n') {
        return out.trim_matches(super::source::is_blank).to_owned();
    }
    // HTML cells: indentation and line ends of the source are no words.
    let lines = out.split('\n').map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "));
    lines.filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n")
}

/// `[text](target)` at the start: range of the text, range of the target, length of the whole.
fn markdown_link(text: &str) -> Option<(Range<usize>, Range<usize>, usize)> {
    const LONGEST: usize = 400;
    // Text with a bracket or line end in it is no link's, which also keeps rows of brackets cheap.
    let ends = text.char_indices().skip(1).take(LONGEST).find(|(_, c)| matches!(c, '[' | ']' | '\n'));
    let close = ends.map(|(at, _)| at).filter(|at| text[*at..].starts_with("]("))?;
    let target = close + 2;
    let mut depth = 0usize;
    for (at, c) in text[target..].char_indices().take(4 * LONGEST) {
        match c {
            '(' => depth += 1,
            ')' if depth == 0 => return Some((1..close, target..target + at, target + at + 1)),
            ')' => depth -= 1,
            '\n' => return None,
            _ => {}
        }
    }
    None
}

/// A short HTML tag at the start: its name and length.
fn tag(text: &str) -> Option<(&str, usize)> {
    const LONGEST: usize = 300;
    let end = text.char_indices().take(LONGEST).find(|(_, c)| *c == '>')?.0;
    let name = text[1..end].split(|c: char| c.is_whitespace()).next()?;
    let letters = name.trim_matches('/');
    let known = !letters.is_empty() && letters.chars().all(|c| c.is_ascii_alphanumeric());
    (known && letters.starts_with(|c: char| c.is_ascii_alphabetic()))
        .then(|| (name.strip_suffix('/').unwrap_or(name), end + 1))
}

/// How the blanks of a drafted list begin, in Chinese and English.
pub const BLANK_STARTS: [&str; 2] = ["【待填写", "[to be filled in"];

/// Whether a value is a blank that `sdkaudit declare` leaves for people to fill in.
pub fn is_blank(text: &str) -> bool {
    BLANK_STARTS.iter().any(|start| text.starts_with(start))
}

/// A blank among the parts of a field: what somebody is asked to fill in is no missing field.
pub(super) fn blank_in(mut parts: impl Iterator<Item = Located>) -> Field<Vec<Located>> {
    parts.find(|part| is_blank(&part.text)).map_or(Field::Absent, |blank| Field::Given(vec![blank]))
}

/// Package names in document order, each once. Dotted names count anywhere outside links; single words only where they
/// are a whole item of the list.
pub(super) fn packages(source: &Source, range: &Range<usize>) -> Vec<Located> {
    let text = source.slice(range);
    let joined = joined_names(text);
    let (words, places) = joined.as_ref().map_or((text, None), |(words, places)| (words.as_str(), Some(places)));
    let urls = super::links::url_ranges(words);
    let dotted = runs(words, |b| is_word(b) || b == b'.')
        .filter(|run| {
            let before = urls.partition_point(|url| url.start < run.end);
            before.checked_sub(1).and_then(|last| urls.get(last)).is_none_or(|url| url.end <= run.start)
        })
        .filter(|run| !words[..run.start].ends_with('@') && !words[run.end..].starts_with('@'))
        .filter_map(|run| package_in(words, run));
    let found: Vec<Range<usize>> = dotted.collect();
    let found = if found.is_empty() { single_names(words) } else { found };
    unique(found.into_iter().map(|run| {
        let at = places.and_then(|places| places.get(run.start)).copied().unwrap_or(run.start);
        Located { text: words[run].to_owned(), at: source.position(range.start + at) }
    }))
}

/// Names that a cell breaks behind a dot ("com.acme.⏎push"), put together again, and where each byte stood.
fn joined_names(text: &str) -> Option<(String, Vec<usize>)> {
    const BREAKS: [&str; 5] = ["<br>", "<br/>", "<br />", "\n", "\r"];
    let gap = |rest: &str| {
        let mut length = 0;
        while let Some(more) = BREAKS.iter().find(|mark| rest[length..].starts_with(**mark)).map(|mark| mark.len()) {
            length += more;
            length += rest[length..].len() - rest[length..].trim_start_matches([' ', '\t']).len();
        }
        length
    };
    let (mut words, mut places) = (String::new(), Vec::new());
    let mut at = 0;
    while let Some(c) = text.get(at..).and_then(|rest| rest.chars().next()) {
        let length = if matches!(c, '\n' | '\r' | '<') { gap(&text[at..]) } else { 0 };
        let next = text[at + length..].chars().next();
        let inside = words.ends_with('.') && next.is_some_and(|next| next.is_ascii_lowercase())
            || words.ends_with(|c: char| c.is_ascii_alphanumeric()) && next == Some('.');
        if length > 0 && inside {
            at += length;
            continue;
        }
        words.push(c);
        places.extend(at..at + c.len_utf8());
        at += c.len_utf8();
    }
    (words.len() < text.len()).then_some((words, places))
}

/// The run without leading and trailing dots, when it is a dotted name.
fn package_in(text: &str, run: Range<usize>) -> Option<Range<usize>> {
    let word = &text[run.clone()];
    let start = run.start + (word.len() - word.trim_start_matches('.').len());
    let word = word.trim_matches('.');
    is_package_name(word).then(|| start..start + word.len())
}

/// Whether text is a dotted Java name of at least two segments.
pub fn is_package_name(word: &str) -> bool {
    let segment = |segment: &str| {
        segment.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') && segment.bytes().all(is_word)
    };
    word.contains('.') && word.split('.').all(segment)
}

fn single_names(text: &str) -> Vec<Range<usize>> {
    let is_item = |item: &str| {
        item.len() >= 2
            && item.starts_with(|c: char| c.is_ascii_lowercase())
            && item.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
            && !is_none_word(item)
    };
    pieces(text).into_iter().filter(|piece| is_item(&text[piece.clone()])).collect()
}

/// Permission names in document order, each once; without any, the list's items in words.
pub(super) fn permissions(source: &Source, range: &Range<usize>) -> Vec<Located> {
    let names = permission_names(source, range);
    if !names.is_empty() {
        return names;
    }
    let text = source.slice(range);
    unique(pieces(text).into_iter().map(|piece| {
        let located = source.located(range.start + piece.start..range.start + piece.end);
        Located { text: plain(&located.text), ..located }
    }))
    .into_iter()
    .filter(|item| !item.text.is_empty() && !is_none_word(&item.text))
    .collect()
}

/// Permission names only: dotted ones anywhere, bare ones (`READ_PHONE_STATE`) and Info.plist keys.
pub(super) fn permission_names(source: &Source, range: &Range<usize>) -> Vec<Located> {
    let text = source.slice(range);
    let whole: HashSet<Range<usize>> = pieces(text).into_iter().collect();
    let names = runs(text, |b| is_word(b) || b == b'.').filter_map(|run| {
        let word = &text[run.clone()];
        let start = run.start + (word.len() - word.trim_start_matches('.').len());
        let word = word.trim_matches('.');
        let run = start..start + word.len();
        (is_permission_name(word) || (whole.contains(&run) && is_bare_permission(word))).then_some(run)
    });
    unique(
        names.collect::<Vec<_>>().into_iter().map(|run| source.located(range.start + run.start..range.start + run.end)),
    )
}

/// Whether a word is written like the name of a permission: `android.permission.X` and its misspellings,
/// `ohos.permission.X`, a dotted name that ends in capitals, `READ_PHONE_STATE`, or `NS…UsageDescription`.
///
/// Says nothing about whether such a permission exists. Items of a declared list for which this is false are words
/// ("storage", "读取手机状态").
pub fn is_permission_name(word: &str) -> bool {
    let is_usage_key = is_usage_key(word);
    let last = word.rsplit('.').next().unwrap_or(word);
    if is_usage_key || !word.contains('.') {
        return is_usage_key || (last.contains('_') && is_bare_permission(last));
    }
    is_package_name(word) && (word.to_ascii_lowercase().contains(".permission.") || is_bare_permission(last))
}

/// `NSCameraUsageDescription`, also when the last word is misspelt.
fn is_usage_key(word: &str) -> bool {
    let Some((subject, last)) = word.rsplit_once("Usage") else { return false };
    let described =
        last.starts_with("Desc") && ("Description".len() - 2..="Description".len() + 2).contains(&last.len());
    subject.starts_with("NS") && described && word.bytes().all(is_word)
}

fn is_bare_permission(word: &str) -> bool {
    word.len() >= 3
        && word.starts_with(|c: char| c.is_ascii_uppercase())
        && word.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_')
        && word.bytes().filter(u8::is_ascii_uppercase).count() >= 3
}

/// Items of a list: between 、 , ; / white-space-free separators and line ends, trimmed.
fn pieces(text: &str) -> Vec<Range<usize>> {
    let mut ranges = Vec::new();
    let mut start = 0;
    let is_separator = |c: char| matches!(c, '、' | ',' | '，' | ';' | '；' | '\n' | '|');
    for (at, c) in text.char_indices().chain([(text.len(), '\n')]) {
        if is_separator(c) {
            let piece = &text[start..at];
            // "`INTERNET`": code marks are none of the item.
            let is_edge = |c: char| super::source::is_blank(c) || matches!(c, '`' | '*');
            let begin = start + (piece.len() - piece.trim_start_matches(is_edge).len());
            let piece = piece.trim_matches(is_edge).trim_end_matches(['.', '。']).trim_end_matches(is_edge);
            if !piece.is_empty() {
                ranges.push(begin..begin + piece.len());
            }
            start = at + c.len_utf8();
        }
    }
    ranges
}

/// Maximal runs of bytes that `keep`.
pub(super) fn runs(text: &str, keep: impl Fn(u8) -> bool) -> impl Iterator<Item = Range<usize>> {
    let bytes = text.as_bytes();
    let mut at = 0;
    std::iter::from_fn(move || {
        let start = at + bytes.get(at..)?.iter().position(|&b| keep(b))?;
        let end = bytes[start..].iter().position(|&b| !keep(b)).map_or(bytes.len(), |length| start + length);
        at = end;
        Some(start..end)
    })
}

pub(super) fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

/// Each text once, first place kept.
pub(super) fn unique(items: impl IntoIterator<Item = Located>) -> Vec<Located> {
    let mut seen = HashSet::new();
    items.into_iter().filter(|item| seen.insert(item.text.clone())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(read: fn(&Source, &Range<usize>) -> Vec<Located>, text: &str) -> Vec<String> {
        read(&Source::new(text), &(0..text.len())).into_iter().map(|item| item.text).collect()
    }

    #[test]
    fn none_words() {
        for word in ["None", "无", "不涉及。", " 不收集 ", "/", "N/A", "没有", "**无**", "none."] {
            assert!(is_none_word(word), "{word}");
        }
        for word in ["", "无线网络", "device information", "不涉及个人信息的数据"] {
            assert!(!is_none_word(word), "{word}");
        }
    }

    #[test]
    fn packages_stand_alone_or_in_lists() {
        assert_eq!(
            texts(packages, "com.bun.miitmdid、com.zui.opendeviceidlibrary, cn.a_b.c"),
            ["com.bun.miitmdid", "com.zui.opendeviceidlibrary", "cn.a_b.c"]
        );
        assert_eq!(
            texts(packages, "com.acme.push.* (see https://www.acme.com/a.b) v1.2 me@acme.com"),
            ["com.acme.push"]
        );
        assert_eq!(texts(packages, "okio、rx"), ["okio", "rx"]);
        assert_eq!(texts(packages, "com.acme.a；com.acme.a"), ["com.acme.a"]);
        assert!(texts(packages, "无").is_empty() && texts(packages, "none").is_empty());
    }

    #[test]
    fn permissions_as_names_else_as_words() {
        assert_eq!(
            texts(
                permissions,
                "android.permission.CAMERA(相机)、android.permission.READ_EXTERNAL_STORAG READ_PHONE_STATE"
            ),
            ["android.permission.CAMERA", "android.permission.READ_EXTERNAL_STORAG", "READ_PHONE_STATE"]
        );
        assert_eq!(texts(permissions, "CAMERA, INTERNET"), ["CAMERA", "INTERNET"]);
        assert_eq!(texts(permissions, "存储权限、读取手机状态。"), ["存储权限", "读取手机状态"]);
        assert_eq!(
            texts(permission_names, "ohos.permission.READ_PASTEBOARD(clipboard) NSCameraUsageDescription"),
            ["ohos.permission.READ_PASTEBOARD", "NSCameraUsageDescription"]
        );
        assert!(texts(permission_names, "read from external storage, IMEI and SIM").is_empty());
        assert_eq!(
            texts(permission_names, "com.asus.msa.SupplementaryDID.ACCESS com.acme.push"),
            ["com.asus.msa.SupplementaryDID.ACCESS"]
        );
    }

    #[test]
    fn marks_are_taken_from_values() {
        assert_eq!(plain(" **微信** `SDK` [官网](https://a.com) A\\_B<br>c&nbsp;d "), "微信 SDK 官网 A_B\nc d");
        assert_eq!(plain("a < b, c > d [x]"), "a < b, c > d [x]");
    }
}
