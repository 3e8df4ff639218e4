//! Labels that nobody listed: what stands behind them tells the field.
//!
//! A list repeats its labels. One that stands among known ones again and again is a label, too, and when all its values
//! are package names or companies it is the field for them; else it is a field that is not kept.

use super::labels::{Kind, Label, lookup};
use super::line::Line;
use super::names::Names;
use super::scope::Scope;
use super::section::mentions_sdk;
use super::source::Source;
use super::title::is_company;
use super::{fields, value};
use crate::signatures::fold_name;
use std::collections::HashMap;
use std::ops::Range;

/// Longest label in characters that is learnt.
const LONGEST: usize = 30;

/// Whether words are the name of an SDK: a known one, or they end in "SDK".
pub(super) fn is_sdk_name(words: &str, names: &Names) -> bool {
    const GENERAL: [&str; 6] = ["sdk", "sdks", "第三方sdk", "三方sdk", "third-party sdk", "third-party sdks"];
    let lower = words.trim().to_lowercase();
    let short = lower.chars().nth(LONGEST * 2).is_none();
    let named = || lower.ends_with("sdk") && !lower.contains('的') || names.find(words).is_some_and(|found| found.sure);
    short && !lower.is_empty() && !GENERAL.contains(&lower.as_str()) && named()
}

/// The field that values of one label or column show; `None` where they tell nothing.
pub(super) fn kind_of(values: &[&str]) -> Option<Kind> {
    let given: Vec<String> = values
        .iter()
        .map(|value| value::plain(value))
        .filter(|value| !value.is_empty() && !value::is_none_word(value))
        .collect();
    let all = |tells: fn(&str) -> bool| !given.is_empty() && given.iter().all(|value| tells(value));
    let most = |tells: fn(&str) -> bool| given.iter().filter(|value| tells(value)).count() * 2 > given.len();
    let is_link = |value: &str| value.contains("://") || value.starts_with("www.");
    if !values.is_empty()
        && values.iter().all(|value| is_link(value) || value::is_none_word(value))
        && values.iter().any(|value| is_link(value))
    {
        return Some(Kind::Link);
    }
    if all(|value| items(value).all(value::is_permission_name)) {
        return Some(Kind::Permission);
    }
    if all(|value| items(value).all(value::is_package_name)) {
        return Some(Kind::Package);
    }
    if most(is_company) {
        return Some(Kind::Vendor);
    }
    most(|value| Scope::of(value).explicit().count() >= 2).then_some(Kind::Data)
}

fn items(value: &str) -> impl Iterator<Item = &str> {
    value
        .split(|c: char| c.is_whitespace() || matches!(c, ',' | '，' | '、' | ';' | '；'))
        .filter(|item| !item.is_empty())
}

/// What a document teaches about its labels.
#[derive(Default)]
pub(super) struct Learned {
    /// Labels by their folded words.
    words: HashMap<String, Label>,
    /// Lines whose known label something else than a colon sets off.
    parted: HashMap<usize, fields::FieldSpan>,
}

impl Learned {
    /// Learns from lines that stand beside lines with known labels.
    pub fn new(source: &Source, lines: &[Line], split: &[Vec<fields::FieldSpan>], names: &Names) -> Learned {
        let full: Vec<usize> =
            (0..lines.len()).filter(|at| lines.get(*at).is_some_and(|line| !line.is_blank())).collect();
        let known = |at: Option<&usize>| at.and_then(|at| split.get(*at)).is_some_and(|found| !found.is_empty());
        let mut values: HashMap<String, Vec<&str>> = HashMap::new();
        let mut beside: HashMap<String, usize> = HashMap::new();
        for (place, at) in full.iter().enumerate().filter(|(_, at)| !known(Some(*at))) {
            let Some((label, range)) = lines.get(*at).and_then(|line| candidate(source, line)) else { continue };
            let key = fold_name(source.slice(&label));
            if known(full.get(place.wrapping_sub(1))) || known(full.get(place + 1)) {
                *beside.entry(key.clone()).or_default() += 1;
            }
            values.entry(key).or_default().push(source.slice(&range));
        }
        let learned = values.into_iter().filter_map(|(key, values)| {
            let kind = kind_of(&values);
            let count = beside.get(&key).copied().unwrap_or(0);
            // Lists of data have words before colons as well, and so have lists of SDKs.
            let other = !Scope::of(&key).is_empty() || is_sdk_name(&key, names) || mentions_sdk(&key) && kind.is_none();
            let shaped = matches!(kind, Some(Kind::Package | Kind::Permission | Kind::Link));
            let repeated = shaped && values.len() >= 2;
            let is_label =
                !other && (count >= 2 && count * 3 >= values.len() * 2 || repeated || count == values.len() && shaped);
            let weak = kind.is_none_or(|kind| kind == Kind::Permission);
            let label = Label { kind: kind.unwrap_or(Kind::Other), weak, says_sdk: false, takes_site: false };
            is_label.then_some((key, label))
        });
        let parted = parted_lines(source, lines, &full, split);
        Learned { words: learned.collect(), parted }
    }

    /// The label of line `at` and its value.
    pub fn field(&self, source: &Source, line: &Line, at: usize) -> Option<fields::FieldSpan> {
        if let Some(field) = self.parted.get(&at) {
            return Some(field.clone());
        }
        if self.words.is_empty() {
            return None;
        }
        let (label, value) = candidate(source, line)?;
        let label = *self.words.get(&fold_name(source.slice(&label)))?;
        Some(fields::FieldSpan { label, value })
    }
}

/// "公司名称 = 顶点", "[Vendor] Acme", "Vendor⇥Acme" on lines that follow each other.
fn parted_lines(
    source: &Source,
    lines: &[Line],
    full: &[usize],
    split: &[Vec<fields::FieldSpan>],
) -> HashMap<usize, fields::FieldSpan> {
    let found = |at: &usize| {
        lines.get(*at).filter(|_| split.get(*at).is_some_and(Vec::is_empty)).and_then(|line| parted(source, line))
    };
    let all: Vec<Option<fields::FieldSpan>> = full.iter().map(found).collect();
    let labelled = |place: Option<usize>| {
        let own = place.and_then(|place| all.get(place)).is_some_and(Option::is_some);
        own || place
            .and_then(|place| full.get(place))
            .and_then(|at| split.get(*at))
            .is_some_and(|found| !found.is_empty())
    };
    let beside = |place: usize| labelled(place.checked_sub(1)) || labelled(Some(place + 1));
    (0..full.len())
        .filter(|place| beside(*place))
        .filter_map(|place| Some((*full.get(place)?, all.get(place)?.clone()?)))
        .collect()
}

/// A known label set off without a colon, and its value.
fn parted(source: &Source, line: &Line) -> Option<fields::FieldSpan> {
    const MARKS: [&str; 13] =
        [" = ", " → ", " -> ", " => ", "\t", "\u{3000}", "  ", "...", "……", "——", " – ", " — ", " - "];
    let text = source.slice(&line.body);
    let bracketed = [('[', ']'), ('（', '）'), ('(', ')'), ('〔', '〕')].iter().find_map(|(open, close)| {
        let inner = text.strip_prefix(*open)?;
        let end = inner.find(*close)?;
        Some((&inner[..end], open.len_utf8() + end + close.len_utf8()))
    });
    let cut = || {
        let (at, mark) =
            MARKS.iter().filter_map(|mark| text.find(mark).map(|at| (at, *mark))).min_by_key(|(at, _)| *at)?;
        Some((&text[..at], at + mark.len()))
    };
    let (words, behind) = bracketed.or_else(cut)?;
    let label =
        lookup(words.trim_matches(['*', ' '])).filter(|_| line.heading == 0 && words.chars().count() <= LONGEST)?;
    let value = text.get(behind..)?.trim_start_matches(['.', '…', '-', '—', ' ', '\t', '\u{3000}', '=']);
    let value = source.trim(line.body.end - value.len()..line.body.end);
    (!value.is_empty() && !source.slice(&value).starts_with("](")).then_some(fields::FieldSpan { label, value })
}

/// The words before the first colon of a line, when they can be a label, and what stands behind it.
fn candidate(source: &Source, line: &Line) -> Option<(Range<usize>, Range<usize>)> {
    let text = source.slice(&line.body);
    let (colon, c) = text.char_indices().take(LONGEST + 6).find(|(_, c)| matches!(c, ':' | '：'))?;
    let behind = colon + c.len_utf8();
    let label = text.get(..colon)?.trim_matches(['*', '_', '`', ' ', '\t', '\u{3000}']);
    let sentence = label.contains(['，', '。', '；', ',', '.', ';', '|', '[', '(', '（', '"', '“', '《']);
    let value = text.get(behind..)?.trim_start_matches(['*', '_', ' ']);
    let wordy = label.split_whitespace().count() > 5;
    if line.heading > 0 || label.chars().count() < 2 || sentence || wordy || value.is_empty() || value.starts_with("//")
    {
        return None;
    }
    let start = line.body.end - value.len();
    Some((line.body.start..line.body.start + colon, source.trim(start..line.body.end)))
}
