//! Lists that only name SDKs: "We use the following third-party SDKs:" and bullets with a link or a few words.

use super::labels::{Kind, Label};
use super::line::Line;
use super::names::Names;
use super::record::{Draft, Entry};
use super::section::{Section, is_title, mentions_sdk};
use super::source::Source;
use super::title::is_company;
use super::{fields, links, nested, value};
use crate::signatures::SignatureSet;
use std::ops::Range;

/// Longest name in characters.
const MAX_NAME: usize = 60;

/// Reads the lists in lines that nothing else used. `earlier`: records of other readers, in document order.
pub(super) fn read(source: &Source, lines: &[Line], names: &Names, earlier: &[Draft], used: &mut [bool]) -> Vec<Draft> {
    let mut drafts = Vec::new();
    let mut section = Section::new(source, lines);
    let mut at = 0;
    while let Some(line) = lines.get(at) {
        at += 1;
        if line.is_blank() || used.get(at - 1).copied().unwrap_or(true) {
            continue;
        }
        section.read(source, line);
        let body = source.slice(&line.body);
        // An item of a list announces what stands below it only with a colon.
        let item = line.bullet && !value::plain(body).ends_with([':', '：']);
        if item || !announces(body) {
            continue;
        }
        let items = items(source, lines, used, at);
        let channels = nested::names_channels(body);
        let mut records: Vec<(usize, Draft)> =
            items.iter().filter_map(|&item| Some((item, record(source, lines.get(item)?, &section)?))).collect();
        let name_of =
            |draft: &Draft| draft.title.as_ref().map(|title| value::plain(source.slice(title))).unwrap_or_default();
        let is_channel = |draft: &Draft| channels && nested::begins_with_brand(&name_of(draft));
        let proven = records
            .iter()
            .filter(|(item, draft)| is_channel(draft) || is_proven(source, lines.get(*item), draft, names.set()))
            .count();
        let known = |draft: &Draft| {
            let name = name_of(draft);
            is_channel(draft) || mentions_sdk(&name) || names.find(&name).is_some()
        };
        // Most items must be SDKs for sure, else it is a list of purposes, partners or further reading.
        if proven * 2 < items.len() || !records.iter().any(|(_, draft)| known(draft)) {
            continue;
        }
        // "极光推送集成的厂商推送SDK：" below the record of 极光推送.
        if channels && let Some(parent) = earlier.iter().rfind(|draft| draft.start <= line.body.start) {
            let title = parent.title_range().map(|range| value::plain(source.slice(range)));
            records.iter_mut().for_each(|(_, draft)| draft.within = title.clone());
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
            "厂商通道",
            "厂商推送",
            "推送通道",
            "vendor channel",
            "push channel",
        ]
        .iter()
        .any(|words| lower.contains(words));
    let follows = plain.ends_with([':', '：'])
        || plain.chars().nth(50).is_none()
        // What generators of policies write above their bullets.
        || lower.ends_with("used by the app")
        || lower.ends_with("used by the application")
        || ["following", "如下", "以下"].iter().any(|word| lower.contains(word));
    speaks && follows
}

/// The bullets right below, of the first bullet's indent; or lines that begin with the name of an SDK.
fn items(source: &Source, lines: &[Line], used: &[bool], from: usize) -> Vec<usize> {
    let mut items: Vec<usize> = Vec::new();
    let mut indent = None;
    for (at, line) in lines.iter().enumerate().skip(from) {
        if line.is_blank() {
            continue;
        }
        let marked = line.bullet || line.number.is_some() || is_named_line(source.slice(&line.body));
        let other = used.get(at).copied().unwrap_or(true);
        let is_item = marked && line.heading == 0 && !other;
        let own = *indent.get_or_insert(line.indent);
        // An item with fields of its own has been read as a record.
        if other && line.heading == 0 && (line.bullet || line.number.is_some()) && line.indent >= own {
            continue;
        }
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
    let cut = [": ", "：", " - ", " – ", " — ", "——", " (http", "（http", " (["]
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
    if let Some(draft) = sentence(source, line, section) {
        return Some(draft);
    }
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
        let mut purpose = before_link(source, &rest);
        // "Crash reports. Data: device model.": some fields have their label inside the sentence.
        let (first, labelled) = fields::inside(source, &purpose);
        for field in labelled.iter().filter(|field| field.label.kind != Kind::Name && !field.value.is_empty()) {
            draft.entries.push(entry(field.label.kind, &field.value));
            purpose.end = purpose.end.min(first);
        }
        let purpose = source.trim(purpose);
        if !only_link && !purpose.is_empty() {
            draft.entries.push(purpose_or_data(source, purpose));
        }
    }
    Some(draft)
}

/// "小米推送SDK：收集设备标识": a value that says what is collected is no purpose.
fn purpose_or_data(source: &Source, value: Range<usize>) -> Entry {
    const COLLECTS: [&str; 8] = ["会收集", "可能收集", "需要收集", "收集", "获取", "采集", "collects ", "collecting "];
    let lower = source.slice(&value).to_ascii_lowercase();
    match COLLECTS.iter().find(|verb| lower.starts_with(**verb)) {
        Some(verb) => entry(Kind::Data, &source.trim(value.start + verb.len()..value.end)),
        None => entry(Kind::Purpose, &value),
    }
}

/// "顶点推送SDK，由顶点公司提供，用于推送消息，收集设备信息。": a name that says SDK and clauses that say their field.
fn sentence(source: &Source, line: &Line, section: &Section) -> Option<Draft> {
    const CLAUSES: &[(Kind, &[&str])] = &[
        (Kind::Vendor, &["由", "provided by ", "developed by ", "operated by "]),
        (Kind::Purpose, &["用于", "用来", "为了", "提供", "used for ", "used to ", "for "]),
        (
            Kind::Data,
            &["收集", "获取", "采集", "会收集", "可能收集", "需要收集", "it collects ", "collects ", "collecting "],
        ),
        (Kind::Link, &["隐私政策", "官网", "privacy policy", "http", "[隐私", "[官网", "[privacy"]),
    ];
    let body = source.slice(&line.body);
    let end = begins_with_sdk(body)?;
    let mut draft = Draft {
        start: line.body.start,
        title: Some(line.body.start..line.body.start + end),
        in_sdk_section: true,
        platform: section.platform(),
        ..Draft::default()
    };
    let mut at = end + body[end..].chars().next()?.len_utf8();
    // Sentences hold commas; clauses are parted by them.
    let stop = if begins_sentences(body).is_some() { ". " } else { ", " };
    while let Some(rest) = body.get(at..).filter(|rest| !rest.is_empty()) {
        let length = rest.find(['，', '；', ';', '。']).or_else(|| rest.find(stop)).unwrap_or(rest.len());
        let clause = source.trim(line.body.start + at..line.body.start + at + length);
        let words = source.slice(&clause).to_lowercase();
        let kind = CLAUSES.iter().find(|(_, starts)| starts.iter().any(|start| words.starts_with(start)));
        let first = draft.entries.is_empty();
        match (kind, draft.entries.last_mut()) {
            _ if let (start, labelled) = fields::inside(source, &clause)
                && start == clause.start
                && !labelled.is_empty() =>
            {
                draft.entries.extend(labelled.into_iter().map(|field| entry(field.label.kind, &field.value)));
            }
            (None, _) if first && is_company(&words) => draft.entries.push(entry(Kind::Vendor, &clause)),
            (Some((Kind::Link, _)), _) => draft.entries.push(entry(Kind::Link, &clause)),
            (Some((kind, starts)), _) => {
                let start = starts.iter().filter(|start| words.starts_with(**start)).map(|start| start.len()).max()?;
                let mut value = source.trim(clause.start + start..clause.end);
                let text = source.slice(&value);
                value.end -=
                    ["开发", "提供", "运营"].iter().find(|end| text.ends_with(**end)).map_or(0, |end| end.len());
                draft.entries.push(entry(*kind, &source.trim(value)));
            }
            // "收集设备信息，网络信息": the clause goes on.
            (None, Some(last)) if last.label.kind != Kind::Link && !clause.is_empty() => last.parts.push(clause),
            _ => {}
        }
        at += length + rest[length..].chars().next().map_or(0, char::len_utf8);
    }
    let told = draft.entries.iter().filter(|entry| entry.label.kind != Kind::Link).count();
    (told >= 2).then_some(draft)
}

/// Where the name ends that a line begins with, when it says SDK: "顶点推送SDK，由…".
fn begins_with_sdk(body: &str) -> Option<usize> {
    if let Some(end) = begins_sentences(body) {
        return Some(end);
    }
    let end = body.find(['，', ',', '：', ':'])?;
    let name = body.get(..end)?;
    let short = name.chars().count() <= MAX_NAME / 2;
    (short && name.trim_end_matches([')', '）', '*', ' ']).to_lowercase().contains("sdk")).then_some(end)
}

/// "Acme Push. Provided by Acme Inc. Used for …": where the name ends before sentences that say its fields.
fn begins_sentences(body: &str) -> Option<usize> {
    let end = body.find(". ").filter(|end| *end <= MAX_NAME / 2)?;
    let next = body.get(end + 2..)?.to_ascii_lowercase();
    ["provided by ", "developed by ", "operated by "].iter().any(|start| next.starts_with(start)).then_some(end)
}

/// Whether a line without a mark begins with the very name of an SDK.
fn is_named_line(body: &str) -> bool {
    const GENERAL: [&str; 7] = ["我们", "以下", "如下", "第三方", "三方", "本", "该"];
    if begins_sentences(body).is_some() {
        return true;
    }
    let name = begins_with_sdk(body).and_then(|end| body.get(..end)).unwrap_or_default().trim_end().to_lowercase();
    name.len() > "sdk".len() && name.ends_with("sdk") && !GENERAL.iter().any(|word| name.contains(word))
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
    Entry { label: Label { kind, weak: false, says_sdk: false, takes_site: false }, parts: vec![range.clone()] }
}

fn is_proven(source: &Source, line: Option<&Line>, draft: &Draft, set: &SignatureSet) -> bool {
    let name = draft.title.as_ref().map(|title| value::plain(source.slice(title))).unwrap_or_default();
    let linked = line.is_some_and(|line| source.slice(&line.body).contains("](")) && !name.starts_with('《');
    linked || mentions_sdk(&name) || set.by_name(&name).is_some()
}
