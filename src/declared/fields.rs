//! One line → the labelled values on it.

use super::labels::{Kind, Label, MAX_LABEL, lookup, lookup_inside};
use super::line::Line;
use super::source::{Source, is_blank};
use std::ops::Range;

/// A label on a line and its value, which may be empty when it stands on the next lines.
#[derive(Clone, Debug)]
pub(super) struct FieldSpan {
    pub label: Label,
    pub value: Range<usize>,
}

/// The labelled values of a line, and the words before the first label when they can be a name.
pub(super) fn split(source: &Source, line: &Line) -> (Option<Range<usize>>, Vec<FieldSpan>) {
    let text = source.slice(&line.body);
    let place = |range: Range<usize>| line.body.start + range.start..line.body.start + range.end;
    let set_off = || bracket_label(text).or_else(|| dash_label(text).filter(|_| line.bullet));
    if let Some((label, value)) = sentence_label(text).or_else(|| bold_label(text)).or_else(set_off) {
        return (None, vec![FieldSpan { label, value: source.trim(place(value)) }]);
    }
    if let Some(value) = vendor_line(text) {
        let label = Label { kind: Kind::Vendor, weak: true, says_sdk: false, takes_site: false };
        return (None, vec![FieldSpan { label, value: source.trim(place(value)) }]);
    }
    if let Some(label) = link_label(text) {
        return (None, vec![FieldSpan { label, value: line.body.clone() }]);
    }
    let labels = labels_in(text);
    let Some(first) = labels.first() else {
        let lone = (line.bullet || line.strong) && line.heading == 0;
        let label = lookup(text).filter(|label| lone && label.kind != Kind::Name);
        let value = line.body.end..line.body.end;
        return (None, label.map(|label| FieldSpan { label, value }).into_iter().collect());
    };
    let prefix = text[..first.start]
        .trim_matches(|c: char| is_blank(c) || is_separator(c) || matches!(c, '*' | ':' | '：' | '【' | '['));
    let named = (!prefix.is_empty()).then_some(prefix);
    if let Some(prefix) = named {
        let short = prefix.chars().nth(40).is_none() && !prefix.contains(['，', '。', ',']);
        if !short || (labels.len() < 2 && !(line.bullet || line.number.is_some())) {
            return (None, Vec::new());
        }
    }
    let ends = labels.iter().skip(1).map(|label| label.start).chain([text.len()]);
    let fields = labels.iter().zip(ends).map(|(label, end)| {
        let last = end == text.len();
        let value = value_range(text, label.end..end, last);
        FieldSpan { label: label.label, value: source.trim(place(value)) }
    });
    let fields = fields.collect();
    let prefix = named.and_then(|prefix| text.find(prefix).map(|at| place(at..at + prefix.len())));
    (prefix, fields)
}

/// A label inside a line: where it starts and where its value starts.
struct Found {
    label: Label,
    start: usize,
    end: usize,
}

/// A line with more colons than this is no list of fields; each one costs a search for its label.
const MAX_COLONS: usize = 2000;

fn labels_in(text: &str) -> Vec<Found> {
    let mut found: Vec<Found> = Vec::new();
    let colons = text.char_indices().filter(|(_, c)| matches!(c, ':' | '：' | '∶' | '﹕'));
    for (colon, c) in colons.take(MAX_COLONS) {
        // "https://…"; two slashes alone are a mark for nothing.
        let address = text[colon + c.len_utf8()..].strip_prefix("//");
        if address.is_some_and(|rest| rest.starts_with(|c: char| c.is_alphanumeric() || matches!(c, '[' | '{' | '…')))
        {
            continue;
        }
        let floor = found.last().map_or(0, |label| label.end);
        let in_record = found.first().is_some_and(|first| first.label.kind == Kind::Name);
        let label = label_before(text, floor, colon, found.is_empty())
            .or_else(|| glued_label(text, floor, colon).filter(|_| in_record));
        if let Some((start, label)) = label {
            found.push(Found { label, start, end: colon + c.len_utf8() });
        }
    }
    found
}

/// The longest label that ends at `colon` and starts at a boundary not before `floor`.
fn label_before(text: &str, floor: usize, colon: usize, first: bool) -> Option<(usize, Label)> {
    let window = text.get(floor..colon)?;
    let mut starts: Vec<usize> = Vec::new();
    for (count, (at, _)) in window.char_indices().rev().enumerate() {
        if count > MAX_LABEL {
            break;
        }
        let at = floor + at;
        if at == floor && first || at > floor && is_boundary(text, at) {
            starts.push(at);
        }
    }
    starts.iter().rev().find_map(|&start| {
        let find = if start == 0 { lookup } else { lookup_inside };
        let label = find(&text[start..colon])?;
        Some((start, label))
    })
}

/// The longest label that ends at `colon` where nothing separates it from the value before: "…有限公司使用目的：…",
/// "Acme PushProvider: …". Only in lines that begin with an SDK's name.
fn glued_label(text: &str, floor: usize, colon: usize) -> Option<(usize, Label)> {
    /// Shorter words stand inside values too.
    const SHORTEST: usize = 4;
    let window = text.get(floor..colon)?;
    let mut best = None;
    for (count, (at, c)) in window.char_indices().rev().enumerate() {
        if count > MAX_LABEL {
            break;
        }
        let start = floor + at;
        let previous = text[..start].chars().next_back();
        let begins = if c.is_ascii() {
            let next = text[start + 1..].chars().next();
            let word = next.is_some_and(|next| next.is_ascii_lowercase());
            c.is_ascii_uppercase() && word && previous.is_some_and(|previous| !previous.is_whitespace())
        } else {
            true
        };
        // "…推送SDK包名：", "…有限公司包名：": behind what ends a name a short label is one, too.
        let before = text.as_bytes().get(start.saturating_sub(3)..start).unwrap_or(&[]);
        let behind_name = before.eq_ignore_ascii_case(b"sdk") || text[..start].ends_with("公司");
        let long = count + 1 >= if behind_name { 2 } else { SHORTEST };
        if !begins || !long || at == 0 {
            continue;
        }
        // "SDK" before a label rather ends the name before it.
        let label = &text[start..colon];
        if !label.to_ascii_lowercase().starts_with("sdk")
            && let Some(label) = lookup_inside(label)
        {
            best = Some((start, label));
        }
    }
    best
}

/// Whether a label may start at `at` in the middle of a line.
fn is_boundary(text: &str, at: usize) -> bool {
    let before = &text[..at];
    let Some(previous) = before.chars().next_back() else { return true };
    let Some(next) = text[at..].chars().next() else { return false };
    if !next.is_alphanumeric() && !matches!(next, '【' | '*' | '[') {
        return false;
    }
    // Inside "com.acme.sdk" nothing begins.
    let inside_name = previous == '.'
        && next.is_ascii_alphanumeric()
        && before.trim_end_matches('.').ends_with(|c: char| c.is_ascii_alphanumeric());
    if inside_name {
        return false;
    }
    if is_separator(previous) || matches!(previous, '【' | '*' | '\t' | '>' | ':' | '：') {
        return true;
    }
    if item_number(before).is_some() {
        return true;
    }
    if !previous.is_whitespace() {
        return false;
    }
    // A word of a sentence is no label: behind one blank an English label needs punctuation before the blank.
    let trimmed = before.trim_end();
    let blanks = before.len() - trimmed.len();
    // "… SDK名称：": Chinese words need no separator, whatever letters they begin with.
    let chinese = text[at..]
        .strip_prefix("SDK")
        .is_some_and(|rest| rest.starts_with(|c: char| c.is_alphabetic() && !c.is_ascii()));
    !next.is_ascii() || chinese || blanks >= 2 || trimmed.ends_with(|c: char| is_separator(c) || !c.is_ascii())
}

/// Where the number of an item starts that ends `text`: "微信SDK 2)" before the next label.
fn item_number(text: &str) -> Option<usize> {
    let text = text.trim_end();
    let inner = text.strip_suffix([')', '）'])?;
    let digits = inner.trim_end_matches(|c: char| c.is_ascii_digit());
    let open = digits.strip_suffix(['(', '（']).unwrap_or(digits);
    (digits.len() < inner.len()
        && (open.is_empty() || !open.ends_with(char::is_alphanumeric) || open.len() < digits.len()))
    .then_some(open.len())
}

fn is_separator(c: char) -> bool {
    matches!(c, ';' | '；' | ',' | '，' | '。' | '.' | '/' | '|' | '、' | '·')
}

/// The value without the separator before the next label.
fn value_range(text: &str, range: Range<usize>, last: bool) -> Range<usize> {
    let value = &text[range.clone()];
    let from = value.trim_start_matches(|c: char| is_blank(c)).trim_start_matches("**");
    let start = range.end - from.len();
    let to = match item_number(from).filter(|_| !last) {
        Some(number) => &from[..number],
        None => from,
    };
    let to = if last {
        to
    } else {
        let trimmed = to.trim_end_matches(|c: char| is_blank(c) || is_separator(c) || matches!(c, '*' | '【' | '-'));
        // The slash that ends an address belongs to it.
        let slash = to[trimmed.len()..].starts_with('/') && trimmed.contains("://");
        &to[..trimmed.len() + usize::from(slash)]
    };
    start..start + to.len()
}

/// "The scope of information collected by SDK includes …": a label that is the subject of a sentence.
fn sentence_label(text: &str) -> Option<(Label, Range<usize>)> {
    let cut = |word: &str| text.find(word).map(|at| (at, at + word.len()));
    let (subject, value) = [" includes ", " include ", "包括", "包含"].iter().find_map(|word| cut(word))?;
    let label = lookup(&text[..subject]).filter(|label| label.kind == Kind::Data)?;
    let rest = &text[value..];
    let value = text.len() - rest.trim_start_matches([':', '：', ' ']).len();
    Some((label, value..text.len()))
}

/// "【使用目的】统计": a label in brackets, without colon.
fn bracket_label(text: &str) -> Option<(Label, Range<usize>)> {
    let inner = text.strip_prefix('【')?;
    let close = inner.find('】')?;
    let label = lookup(&inner[..close])?;
    let start = '【'.len_utf8() + close + '】'.len_utf8();
    let rest = text[start..].trim_start_matches(|c: char| is_blank(c) || matches!(c, ':' | '：'));
    Some((label, text.len() - rest.len()..text.len()))
}

/// "Vendor — Acme": an item whose label a dash sets off. A name needs more than that.
fn dash_label(text: &str) -> Option<(Label, Range<usize>)> {
    let cut = [" — ", " – ", " - ", "——"].iter().filter_map(|dash| Some((text.find(dash)?, dash.len()))).min()?;
    let label = lookup(&text[..cut.0]).filter(|label| label.kind != Kind::Name && !label.weak)?;
    Some((label, cut.0 + cut.1..text.len()))
}

/// The labelled values inside a sentence, and where the first label begins.
pub(super) fn inside(source: &Source, range: &Range<usize>) -> (usize, Vec<FieldSpan>) {
    let text = source.slice(range);
    let labels = labels_in(text);
    let ends = labels.iter().skip(1).map(|label| label.start).chain([text.len()]);
    let fields = labels.iter().zip(ends).map(|(label, end)| {
        let value = value_range(text, label.end..end, end == text.len());
        FieldSpan { label: label.label, value: source.trim(range.start + value.start..range.start + value.end) }
    });
    let start = labels.first().map_or(range.end, |first| range.start + first.start);
    (start, fields.collect())
}

/// "Provided by Acme Inc.", "由顶点公司提供": a line that says nothing but who is behind it.
fn vendor_line(text: &str) -> Option<Range<usize>> {
    const STARTS: [&str; 7] =
        ["provided by ", "developed by ", "operated by ", "made by ", "published by ", "offered by ", "by "];
    let inner = text.trim_matches(['*', '_', ' ', '(', ')', '（', '）']);
    let start = text.find(inner)?;
    let lower = inner.to_ascii_lowercase();
    let value = match STARTS.iter().find(|start| lower.starts_with(**start)) {
        Some(begin) => start + begin.len()..start + inner.len(),
        None => {
            let company = inner.strip_prefix('由')?.trim_end_matches('。').strip_suffix("提供")?;
            start + '由'.len_utf8()..start + '由'.len_utf8() + company.len()
        }
    };
    super::title::is_company(text.get(value.clone())?).then_some(value)
}

/// "[Privacy policy](https://…)": the words of the link are the label.
fn link_label(text: &str) -> Option<Label> {
    let words = text.strip_prefix('[')?;
    let (words, rest) = words.split_once("](")?;
    let is_address = rest.starts_with("http") || rest.starts_with("www.");
    let alone = rest.find(')').is_some_and(|close| rest[close + 1..].chars().all(|c| !c.is_alphanumeric()));
    lookup(words).filter(|label| is_address && alone && label.kind == Kind::Link)
}

/// "**Purpose** – statistics": a bold label without colon.
fn bold_label(text: &str) -> Option<(Label, Range<usize>)> {
    let inner = text.strip_prefix("**")?;
    let close = inner.find("**")?;
    let label = lookup(&inner[..close]).filter(|_| !inner[..close].trim_end().ends_with([':', '：']))?;
    let rest = inner[close + 2..].trim_start();
    // "**SDK**名称：": only a part of the label is bold.
    let goes_on = rest
        .find([':', '：'])
        .is_some_and(|colon| colon > 0 && lookup(&format!("{}{}", &inner[..close], &rest[..colon])).is_some());
    if rest.is_empty() || goes_on {
        return None;
    }
    let rest = rest.trim_start_matches(|c: char| is_blank(c) || matches!(c, '-' | '–' | '—' | ':' | '：'));
    let start = text.len() - rest.len();
    Some((label, start..text.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> (Option<&str>, Vec<(Kind, &str)>) {
        let source = Source::new(text);
        let line = Line::parse(&source, 0..text.len());
        let (prefix, fields) = split(&source, &line);
        (prefix.map(|range| &text[range]), fields.into_iter().map(|f| (f.label.kind, &text[f.value])).collect())
    }

    #[test]
    fn one_label_per_line() {
        assert_eq!(read("(4) SDK Name: Glide Gallery").1, [(Kind::Name, "Glide Gallery")]);
        assert_eq!(read("SDK包名:com.a.b、com.c.d").1, [(Kind::Package, "com.a.b、com.c.d")]);
        assert_eq!(read("- **收集的个人信息**: ").1, [(Kind::Data, "")]);
        assert_eq!(read("**使用目的：**统计分析").1, [(Kind::Purpose, "统计分析")]);
        assert_eq!(read("**Purpose** – statistics").1, [(Kind::Purpose, "statistics")]);
        assert_eq!(read("【使用目的】：统计").1, [(Kind::Purpose, "统计")]);
        assert_eq!(read("Official website link: https://a.com").1, [(Kind::Link, "https://a.com")]);
        assert_eq!(
            read("The scope of information collected by SDK includes IMEI (x: y)").1,
            [(Kind::Data, "IMEI (x: y)")]
        );
        assert_eq!(read("SDK收集的信息包括：设备信息").1, [(Kind::Data, "设备信息")]);
    }

    #[test]
    fn several_labels_on_one_line() {
        assert_eq!(
            read("SDK名称：微信SDK；开发者：腾讯；使用目的：分享，登录；隐私政策：https://a.com").1,
            [
                (Kind::Name, "微信SDK"),
                (Kind::Vendor, "腾讯"),
                (Kind::Purpose, "分享，登录"),
                (Kind::Link, "https://a.com")
            ]
        );
        assert_eq!(
            read("SDK Name: A. Provider: B Inc. Purpose: statistics").1,
            [(Kind::Name, "A"), (Kind::Vendor, "B Inc"), (Kind::Purpose, "statistics")]
        );
        assert_eq!(
            read("1)SDK名称：微信SDK 2)使用目的：分享(好友)（3）隐私政策链接：https://a.com").1,
            [(Kind::Name, "微信SDK"), (Kind::Purpose, "分享(好友)"), (Kind::Link, "https://a.com")]
        );
        let (prefix, fields) = read("- 微信SDK：使用目的：分享；运营方：腾讯");
        assert_eq!(prefix, Some("微信SDK"));
        assert_eq!(fields, [(Kind::Purpose, "分享"), (Kind::Vendor, "腾讯")]);
    }

    #[test]
    fn prose_with_colons_has_no_labels() {
        for text in [
            "Scope: as said, the purpose: none",
            "3)Device information, such as: device model",
            "我们会为了以下目的，使用您的信息，用途：统计",
            "https://a.com/x:y",
            "  - 设备信息: 设备型号",
        ] {
            assert!(read(text).1.is_empty(), "{text}: {:?}", read(text).1);
        }
        assert_eq!(read("Scope of information collected by SDK: 1)Payment related information: such as a 2)User basic information: b").1.len(), 1);
    }
}
