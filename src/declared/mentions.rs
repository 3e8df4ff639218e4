//! Policies without a list whose sentences name the SDKs: "我们接入了极光推送SDK和友盟统计SDK。"
//!
//! Only what cannot be read otherwise: the app is said to carry something, and every piece of the enumeration is the
//! name of a known SDK or ends in "SDK". One passing mention is no list.

use super::line::Line;
use super::names::Names;
use super::record::Draft;
use super::section::mentions_sdk;
use super::source::Source;
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

/// The names behind "integrates", "接入了" in a sentence about the app itself.
fn carried(source: &Source, sentence: &Range<usize>, names: &Names) -> Vec<Range<usize>> {
    const VERBS: &[&str] = &[
        "接入了",
        "集成了",
        "嵌入了",
        "使用了",
        "引入了",
        "接入",
        "集成",
        "嵌入",
        "we use ",
        "app uses ",
        "application uses ",
        "integrates ",
        "integrate ",
        "embeds ",
        "app includes ",
        "apps use ",
    ];
    // Lower-casing ASCII only keeps every offset.
    let lower = source.slice(sentence).to_ascii_lowercase();
    let denies = ["不", "未", "没有", "如果", "若", "not ", "n't ", "never ", "if ", "may ", "no "];
    if denies.iter().any(|word| lower.contains(word)) {
        return Vec::new();
    }
    // The longest of those that begin first: "接入了" before "接入".
    let verbs = VERBS.iter().filter_map(|verb| lower.find(verb).map(|at| (at, std::cmp::Reverse(verb.len()))));
    let Some((at, length)) = verbs.min() else { return Vec::new() };
    let start = at + length.0;
    let about_the_app = ["我们", "本应用", "本app", "本软件", "本产品", "本平台", "应用中", "app中"];
    let chinese = lower[at..].starts_with(|c: char| !c.is_ascii());
    if chinese && !about_the_app.iter().any(|subject| lower[..at].contains(subject)) {
        return Vec::new();
    }
    let rest = &lower[start..];
    let ends =
        ["用于", "来", "以便", "以实现", "，", "。", "；", "等", " to ", " for ", " in ", " from ", ". ", ";", "("];
    let end = ends.iter().filter_map(|end| rest.find(end)).min().unwrap_or(rest.len());
    let list = sentence.start + start..sentence.start + start + end;
    let pieces = pieces(source, &list);
    let proven = |piece: &Range<usize>| {
        let words = value::plain(source.slice(piece));
        let named = names.find(&words).is_some_and(|found| found.sure);
        let is_sdk =
            words.to_lowercase().trim_end().ends_with("sdk") && words.chars().count() > "第三方SDK".chars().count();
        let part_of_phrase = words.starts_with(['的', '了', '过', '到']) || words.contains('的');
        words.chars().count() <= MAX_NAME
            && !part_of_phrase
            && (named || is_sdk && mentions_sdk(&words) && !is_general(&words))
    };
    if pieces.iter().all(proven) { pieces } else { Vec::new() }
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
