//! Policies without a list whose sentences name the SDKs: "我们接入了极光推送SDK和友盟统计SDK。"
//!
//! Only what cannot be read otherwise: the app is said to carry something, and every piece of the enumeration is the
//! name of a known SDK or ends in "SDK". One passing mention is no list.

use super::line::Line;
use super::names::Names;
use super::record::Draft;
use super::section::mentions_sdk;
use super::source::Source;
use super::title::{is_company, vendor_behind};
use super::{Located, statements, value};
use std::collections::HashSet;
use std::ops::Range;

/// Names that make a list.
const FEWEST: usize = 2;
/// Longest name in characters.
const MAX_NAME: usize = 30;

/// The SDKs that sentences name, when there are enough of them.
pub(super) fn read(source: &Source, lines: &[Line], names: &Names, used: &mut [bool]) -> Vec<Draft> {
    let mut drafts = Vec::new();
    let mut seen = HashSet::new();
    let mut own = Vec::new();
    for (at, line) in lines.iter().enumerate().filter(|(_, line)| !line.is_blank() && line.heading == 0) {
        for sentence in statements::split_sentences(source, &line.body) {
            for name in carried(source, &sentence, names) {
                let Located { text, .. } = source.located(name.clone());
                if seen.insert(value::plain(&text).to_lowercase()) {
                    own.push(at);
                    drafts.push(Draft {
                        start: name.start,
                        title: Some(name),
                        in_sdk_section: true,
                        ..Draft::default()
                    });
                }
            }
        }
    }
    if drafts.len() < FEWEST {
        return Vec::new();
    }
    own.into_iter().filter_map(|at| used.get_mut(at).map(|flag| *flag = true)).for_each(drop);
    drafts
}

/// What says that the app carries what follows.
#[rustfmt::skip]
const VERBS: &[&str] = &[
    "接入了", "集成了", "嵌入了", "使用了", "引入了", "接入", "集成", "嵌入", "会调用", "we use ", "we also use ", "app uses ",
    "application uses ", "app also uses ", "integrates ", "integrate ", "embeds ", "app includes ", "apps use ", "served through ",
];

/// Words that make a sentence say something else.
const DENIES: &[&str] = &["不", "未", "没有", "如果", "若", "not ", "n't ", "never ", "if ", "may ", "no "];

/// The names behind "integrates", "接入了" in a sentence about the app itself, or behind "the following SDKs:".
fn carried(source: &Source, sentence: &Range<usize>, names: &Names) -> Vec<Range<usize>> {
    // Lower-casing ASCII only keeps every offset.
    let lower = source.slice(sentence).to_ascii_lowercase();
    if DENIES.iter().any(|word| lower.contains(word)) {
        return Vec::new();
    }
    let masked = without_brackets(source.slice(sentence));
    let announced = announced(&masked);
    let Some(start) = announced.or_else(|| behind_verb(&lower)) else { return Vec::new() };
    let Some(rest) = masked.get(start..) else { return Vec::new() };
    #[rustfmt::skip]
    const ENDS: &[&str] = &[
        "用于", "来", "以便", "以实现", "完成", "，", "。", "；", "等", " to ", " for ", " in ", " from ", ", which", ". ", ";",
    ];
    let end = ENDS.iter().filter_map(|end| rest.find(end)).min().unwrap_or(rest.len());
    let found = pieces(&Source::new(&masked), &(start..start + end));
    let found: Vec<Range<usize>> = found
        .into_iter()
        .map(|piece| with_company(source, sentence.start + piece.start..sentence.start + piece.end, sentence.end))
        .collect();
    let proven = found.iter().filter(|piece| is_name(source, piece, names)).count();
    // Behind "the following SDKs:" names that nobody knows are names as well, when most are known.
    let most =
        announced.is_some() && proven * 2 >= found.len() && found.iter().all(|piece| looks_like_name(source, piece));
    if proven == found.len() || most { found } else { Vec::new() }
}

/// Where the enumeration begins behind a verb.
fn behind_verb(lower: &str) -> Option<usize> {
    // The longest of those that begin first: "接入了" before "接入".
    let verbs = VERBS.iter().filter_map(|verb| lower.find(verb).map(|at| (at, std::cmp::Reverse(verb.len()))));
    let (at, length) = verbs.min()?;
    let about_the_app = ["我们", "本应用", "本app", "本软件", "本产品", "本平台", "应用中", "app中"];
    let chinese = lower[at..].starts_with(|c: char| !c.is_ascii());
    (!chinese || about_the_app.iter().any(|subject| lower[..at].contains(subject))).then_some(at + length.0)
}

/// Where the enumeration begins behind "We use the following third-party SDKs:", "我们接入的第三方SDK包括：".
fn announced(sentence: &str) -> Option<usize> {
    const SAYS: &[&str] =
        &["following", "include", "we use", "integrate", "embed", "包括", "如下", "以下", "包含", "接入", "集成"];
    let (colon, c) = sentence.char_indices().find(|(_, c)| matches!(c, ':' | '：'))?;
    let before = sentence[..colon].to_lowercase();
    (mentions_sdk(&before) && SAYS.iter().any(|word| before.contains(word))).then_some(colon + c.len_utf8())
}

/// The same text with blanks in place of brackets and what they hold.
fn without_brackets(text: &str) -> String {
    let mut depth = 0usize;
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        depth += usize::from(matches!(c, '(' | '（'));
        match depth {
            0 => out.push(c),
            _ => (0..c.len_utf8()).for_each(|_| out.push(' ')),
        }
        if matches!(c, ')' | '）') {
            depth = depth.saturating_sub(1);
        }
    }
    out
}

/// The name with the company in brackets behind it: "OneSignal SDK (OneSignal, Inc.)".
fn with_company(source: &Source, name: Range<usize>, limit: usize) -> Range<usize> {
    let rest = source.slice(&(name.end..limit));
    let behind = rest.trim_start();
    let close = behind.find([')', '）']).filter(|_| behind.starts_with(['(', '（']));
    let inner = close.and_then(|close| behind.get(behind.chars().next().map_or(0, char::len_utf8)..close));
    match (inner.filter(|inner| is_company(inner) && !inner.contains([':', '：'])), close) {
        (Some(_), Some(close)) => {
            let length = rest.len() - behind.len() + close + behind[close..].chars().next().map_or(0, char::len_utf8);
            name.start..name.end + length
        }
        _ => name,
    }
}

/// The words of a piece without the company behind them.
fn name_words(source: &Source, piece: &Range<usize>) -> String {
    let words = value::plain(source.slice(piece));
    match vendor_behind(&words) {
        Some((end, _)) => words[..end].trim_end().to_owned(),
        None => words,
    }
}

/// A known SDK, or words that end in "SDK".
fn is_name(source: &Source, piece: &Range<usize>, names: &Names) -> bool {
    let words = name_words(source, piece);
    let named = names.find(&words).is_some_and(|found| found.sure);
    let is_sdk =
        words.to_lowercase().trim_end().ends_with("sdk") && words.chars().count() > "第三方SDK".chars().count();
    let part_of_phrase = words.starts_with(['的', '了', '过', '到']) || words.contains('的');
    words.chars().count() <= MAX_NAME
        && !part_of_phrase
        && (named || is_sdk && mentions_sdk(&words) && !is_general(&words))
}

/// One to three words, the first with a capital or not of Latin letters.
fn looks_like_name(source: &Source, piece: &Range<usize>) -> bool {
    let words = name_words(source, piece);
    let begins = words.starts_with(|c: char| !c.is_ascii_lowercase());
    begins && words.split_whitespace().count() <= 3 && words.chars().count() <= MAX_NAME && !is_general(&words)
}

/// "第三方推送SDK", "several SDKs": kinds, not names.
fn is_general(words: &str) -> bool {
    let lower = words.to_lowercase();
    [
        "第三方",
        "三方",
        "相关",
        "多个",
        "一些",
        "以下",
        "third",
        "following",
        "several",
        "some ",
        "other",
        "various",
        "these",
    ]
    .iter()
    .any(|word| lower.contains(word))
}

/// Items between commas and "and", without what stands around a name.
fn pieces(source: &Source, list: &Range<usize>) -> Vec<Range<usize>> {
    statements::split_items(source, list)
        .into_iter()
        .flat_map(|item| {
            let text = source.slice(&item);
            let cut = ["和", "与", "及"].iter().filter_map(|word| text.find(word).map(|at| (at, word.len()))).min();
            match cut {
                Some((at, length)) => vec![item.start..item.start + at, item.start + at + length..item.end],
                None => vec![item],
            }
        })
        .map(|item| {
            let item = source.trim(item);
            let text = source.slice(&item);
            let lower = text.to_ascii_lowercase();
            let lead = ["the ", "第三方", "如", "包括"]
                .iter()
                .find(|lead| lower.starts_with(**lead))
                .map_or(0, |lead| lead.len());
            let inner = text[lead..].trim_matches(['「', '」', '“', '”', '"', '.', ' ', '《', '》']);
            let from = item.start + text.find(inner).unwrap_or(0);
            from..from + inner.len()
        })
        .filter(|item| !item.is_empty())
        .collect()
}
