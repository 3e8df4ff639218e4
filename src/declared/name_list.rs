//! Lists that only name SDKs: "We use the following third-party SDKs:" and bullets with a link or a few words.

use super::labels::{Kind, Label};
use super::line::Line;
use super::names::Names;
use super::record::{Draft, Entry};
use super::section::{Section, is_title, mentions_sdk};
use super::source::Source;
use super::{links, value};
use crate::signatures::SignatureSet;
use std::ops::Range;

/// Longest name in characters.
const MAX_NAME: usize = 60;

/// Reads the lists in lines that nothing else used.
pub(super) fn read(source: &Source, lines: &[Line], names: &Names, used: &mut [bool]) -> Vec<Draft> {
    let mut drafts = Vec::new();
    let mut section = Section::new(source, lines);
    let mut at = 0;
    while let Some(line) = lines.get(at) {
        at += 1;
        if line.is_blank() || used.get(at - 1).copied().unwrap_or(true) {
            continue;
        }
        section.read(source, line);
        if !announces(source.slice(&line.body)) {
            continue;
        }
        let items = items(lines, used, at);
        let records: Vec<(usize, Draft)> =
            items.iter().filter_map(|&item| Some((item, record(source, lines.get(item)?, &section)?))).collect();
        let proven =
            records.iter().filter(|(item, draft)| is_proven(source, lines.get(*item), draft, names.set())).count();
        let known = |draft: &Draft| {
            let name = draft.title.as_ref().map(|title| value::plain(source.slice(title))).unwrap_or_default();
            mentions_sdk(&name) || names.find(&name).is_some()
        };
        // Most items must be SDKs for sure, else it is a list of purposes, partners or further reading.
        if proven * 2 < items.len() || !records.iter().any(|(_, draft)| known(draft)) {
            continue;
        }
        at = items.last().map_or(at, |last| last + 1);
        for (item, draft) in records {
            used.get_mut(item).into_iter().for_each(|flag| *flag = true);
            drafts.push(draft);
        }
    }
    drafts
}

/// A line that says that third-party code follows.
fn announces(body: &str) -> bool {
    let plain = value::plain(body);
    let lower = plain.to_lowercase();
    let speaks = mentions_sdk(&plain)
        || [
            "third party service providers used by the app",
            "third-party service providers used by the app",
            "third-party libraries",
            "third party libraries",
            "third-party services",
            "third party services",
            "第三方服务",
            "第三方组件",
            "开源组件",
        ]
        .iter()
        .any(|words| lower.contains(words));
    let follows = plain.ends_with([':', '：'])
        || plain.chars().nth(50).is_none()
        || ["following", "如下", "以下"].iter().any(|word| lower.contains(word));
    speaks && follows
}

/// The bullets right below, of the first bullet's indent.
fn items(lines: &[Line], used: &[bool], from: usize) -> Vec<usize> {
    let mut items: Vec<usize> = Vec::new();
    let mut indent = None;
    for (at, line) in lines.iter().enumerate().skip(from) {
        if line.is_blank() {
            continue;
        }
        let is_item =
            (line.bullet || line.number.is_some()) && line.heading == 0 && !used.get(at).copied().unwrap_or(true);
        let own = *indent.get_or_insert(line.indent);
        if is_item && line.indent == own {
            items.push(at);
        } else if line.indent <= own || items.is_empty() {
            break;
        }
    }
    items
}

/// "[AdMob](https://…)", "Firebase – analytics", "友盟SDK：统计".
fn record(source: &Source, line: &Line, section: &Section) -> Option<Draft> {
    let body = source.slice(&line.body);
    let cut = [": ", "：", " - ", " – ", " — ", "——", " (http", "（http"]
        .iter()
        .filter_map(|separator| body.find(separator).map(|at| (at, separator)))
        .filter(|(at, _)| !body[..*at].contains("](") || body[..*at].ends_with(')'))
        .min_by_key(|(at, _)| *at);
    let (name, rest) = match cut {
        Some((at, separator)) => (
            line.body.start..line.body.start + at,
            line.body.start + at + separator.find("http").unwrap_or(separator.len())..line.body.end,
        ),
        None => (line.body.clone(), line.body.end..line.body.end),
    };
    let words = value::plain(source.slice(&name));
    let too_long = words.chars().nth(MAX_NAME).is_some()
        || (cut.is_none() && !body.contains("](") && !is_title(source, line, false));
    const SENTENCES: &[&str] = &[
        "这", "该", "此", "本", "请", "如", "在", "当", "不", "所有", "the ", "these ", "this ", "any ", "your ",
        "our ",
    ];
    let speaks = SENTENCES.iter().any(|word| words.to_lowercase().starts_with(word));
    if words.is_empty() || too_long || speaks || words.contains(['。', '，']) {
        return None;
    }
    let mut draft = Draft {
        start: line.body.start,
        title: Some(name),
        in_sdk_section: true,
        platform: section.platform(),
        ..Draft::default()
    };
    let rest = source.trim(rest);
    if !rest.is_empty() {
        let links = links::all(source, &rest);
        let only_link = links.len() == 1 && source.slice(&rest).split_whitespace().count() == 1;
        if !links.is_empty() {
            draft.entries.push(entry(Kind::Link, &rest));
        }
        let purpose = before_link(source, &rest);
        if !only_link && !purpose.is_empty() {
            draft.entries.push(entry(Kind::Purpose, &purpose));
        }
    }
    Some(draft)
}

/// The words before "Privacy policy: https://…".
fn before_link(source: &Source, range: &Range<usize>) -> Range<usize> {
    let text = source.slice(range).to_ascii_lowercase();
    let starts = ["privacy policy", "privacy:", "隐私政策", "隐私权政策", "http", "["];
    let end = starts.iter().filter_map(|start| text.find(start)).min().unwrap_or(text.len());
    let words = text[..end].trim_end_matches([' ', '(', '（', ',', '，', ';', '；', '《', '-']);
    source.trim(range.start..range.start + words.len())
}

fn entry(kind: Kind, range: &Range<usize>) -> Entry {
    Entry { label: Label { kind, weak: false, says_sdk: false }, parts: vec![range.clone()] }
}

fn is_proven(source: &Source, line: Option<&Line>, draft: &Draft, set: &SignatureSet) -> bool {
    let name = draft.title.as_ref().map(|title| value::plain(source.slice(title))).unwrap_or_default();
    let linked = line.is_some_and(|line| source.slice(&line.body).contains("](")) && !name.starts_with('《');
    linked || mentions_sdk(&name) || set.by_name(&name).is_some()
}
