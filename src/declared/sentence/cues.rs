//! The words with which a clause says what it is about.

use crate::declared::labels::{Kind, lookup};
use crate::declared::title::is_company;
use std::ops::Range;

/// Marks inside a clause behind which another field begins, and how many of their bytes begin it.
pub(super) const INNER: &[(&str, usize)] = &[
    (" provided by ", 12),
    (" developed by ", 13),
    (" operated by ", 12),
    (" offered by ", 11),
    (" by ", 3),
    (" from ", 5),
    (" of ", 3),
    (" used for ", 9),
    (" used to ", 8),
    (" and used ", 9),
    (" for ", 4),
    (" which collects ", 15),
    (" that collects ", 14),
    (" and collects ", 13),
    (" which processes ", 16),
    ("用于", "用于".len()),
    ("由", "由".len()),
    ("以实现", "以实现".len()),
];

/// Whether a mark parts a clause here. Short words do so only behind a name or a company.
pub(super) fn may_cut(mark: &str, before: &str, behind: &str) -> bool {
    let verbs =
        ["collect", "process", "receive", "used ", "for ", "to ", "obtain", "access", "收集", "获取", "采集", "用于"];
    let told = verbs.iter().any(|verb| before.starts_with(verb) || before.contains(&format!(" {verb}")));
    let names_company = || {
        let end = behind
            .find(" for ")
            .or_else(|| behind.find(" and used "))
            .or_else(|| behind.find(" used "))
            .unwrap_or(behind.len());
        is_company(&behind[..end])
    };
    match mark {
        " of " => names_company(),
        " by " | " from " => {
            !told
                && (names_company() || before.split(' ').count() <= 6)
                && !before.ends_with(" used")
                && !PASSIVE.iter().any(|verb| before.ends_with(verb))
        }
        " for " => !told && !ends_name(behind) && !before.ends_with("used") && before.split(' ').count() <= 12,
        " used for " | " used to " => !before.ends_with(" and"),
        "由" if ["了", "使用", "接入", "集成", "嵌入", "引入", "采用"].iter().any(|verb| before.ends_with(verb)) => {
            false
        }
        "由" => {
            ["提供", "开发", "运营", "研发"].iter().any(|verb| behind.contains(verb)) && before.chars().count() <= 40
        }
        "用于" => {
            !before.ends_with(['主', '要', '仅', '会', '并', '可', '被', '将', '是', '和', '、', '供', '仅'])
                || before.ends_with("提供")
        }
        _ => true,
    }
}

/// "Google Analytics for Firebase, …": what it is made for is a part of the name.
fn ends_name(behind: &str) -> bool {
    const PRODUCTS: [&str; 6] = ["firebase", "android", "flutter", "react native", "unity", "cordova"];
    let behind = behind.to_ascii_lowercase();
    let rest = PRODUCTS.iter().find_map(|product| behind.strip_prefix(product));
    rest.is_some_and(|rest| rest.trim_start().is_empty() || rest.trim_start().starts_with([',', '.', ';', '(']))
}

const PASSIVE: [&str; 5] = ["provided", "developed", "operated", "offered", "made"];

/// A label that begins words, with or without a colon behind it, and where its value begins.
pub(super) fn labelled(words: &str) -> Option<(Kind, usize)> {
    let (colon, c) = words.char_indices().take(40).find(|(_, c)| matches!(c, ':' | '：'))?;
    let label = lookup(words.get(..colon)?)?;
    Some((label.kind, colon + c.len_utf8()))
}

/// What a clause is about, and the range of the value inside it.
pub(super) fn classify(clause: &str, name: &str) -> Option<(Kind, Range<usize>)> {
    let lower = clause.to_ascii_lowercase();
    let subject = subject(&lower, &name.to_ascii_lowercase());
    let rest = lower.get(subject..)?;
    if clause.contains("://") || rest.starts_with("www.") || LINKS.iter().any(|cue| rest.starts_with(cue)) {
        return Some((Kind::Link, 0..clause.len()));
    }
    let end = clause.trim_end_matches(['*', ' ', '.', '。']).len();
    if let Some(company) = supplied(&lower[..end], subject) {
        return Some((Kind::Vendor, company));
    }
    if let Some(purpose) = occasion(&lower[..end], subject) {
        return Some((Kind::Purpose, purpose));
    }
    for (kind, cues) in CUES {
        let Some(cue) = cues.iter().filter(|cue| rest.starts_with(**cue)).max_by_key(|cue| cue.len()) else { continue };
        let mut start = subject + cue.len();
        while let Some(fill) = FILLS.iter().find(|fill| lower.get(start..).is_some_and(|rest| rest.starts_with(**fill)))
        {
            start += fill.len();
        }
        let start = start + lower.get(start..)?.len() - lower.get(start..)?.trim_start().len();
        if start >= end {
            return None;
        }
        return Some((*kind, start..end));
    }
    None
}

/// Bytes of the words that only say who does it: "该SDK会", "It may".
fn subject(lower: &str, name: &str) -> usize {
    let mut at = 0;
    while let Some(rest) = lower.get(at..) {
        let named = (!name.is_empty() && rest.starts_with(name)).then_some(name.len());
        let word = SUBJECTS.iter().filter(|word| rest.starts_with(**word)).map(|word| word.len()).max();
        match named.or(word) {
            Some(length) => at += length,
            None if rest.starts_with([' ', '*', '_']) => at += 1,
            None => break,
        }
    }
    at
}

/// "由顶点公司提供", "顶点公司提供": the company.
fn supplied(lower: &str, subject: usize) -> Option<Range<usize>> {
    let rest = lower.get(subject..)?;
    let from = rest.strip_prefix("是由").or_else(|| rest.strip_prefix('由'));
    let inner = from.unwrap_or(rest);
    let start = lower.len() - inner.len();
    let cut = ["提供", "开发", "运营", "研发"].iter().filter_map(|verb| inner.find(verb)).min();
    match (from, cut) {
        (Some(_), Some(cut)) => Some(start..start + cut),
        (None, Some(cut)) if is_company(&inner[..cut]) => Some(start..start + cut),
        (None, None) if subject > 0 && is_company(lower) && lower.split(' ').count() <= 5 => Some(0..lower.len()),
        (None, None)
            if is_company(inner) && !CUES.iter().any(|(_, cues)| cues.iter().any(|cue| inner.starts_with(cue))) =>
        {
            Some(start..lower.len())
        }
        _ => None,
    }
}

/// "当您使用分享功能时": the purpose inside an occasion.
fn occasion(lower: &str, subject: usize) -> Option<Range<usize>> {
    const BEGINS: [&str; 6] = ["当您使用", "当你使用", "在您使用", "您使用", "当您", "在您"];
    const ENDS: [&str; 7] = ["相关功能时", "功能时", "服务时", "的时候", "功能的时候", "功能", "时"];
    // "当您" is a subject too, so the whole clause is looked at.
    let _ = subject;
    let inner = BEGINS.iter().find_map(|begin| lower.strip_prefix(begin))?;
    let end = ENDS.iter().find_map(|end| inner.strip_suffix(end))?;
    let start = lower.len() - inner.len();
    (!end.is_empty()).then_some(start..start + end.len())
}

const LINKS: &[&str] = &[
    "隐私政策",
    "隐私权政策",
    "隐私协议",
    "隐私声明",
    "隐私",
    "官网",
    "详见",
    "详情",
    "请查看",
    "查看",
    "参见",
    "请见",
    "privacy policy",
    "policy",
    "see ",
    "for more information",
    "for details",
    "more information",
    "more details",
    "their privacy",
    "its privacy",
    "learn more",
    "read more",
    "further information",
    "the privacy policy",
];

const SUBJECTS: &[&str] = &[
    "该sdk",
    "此sdk",
    "本sdk",
    "该服务",
    "该产品",
    "该第三方",
    "该公司",
    "其",
    "它",
    "我们",
    "主要",
    "需要",
    "可能",
    "会",
    "将",
    "需",
    "并且",
    "并",
    "且",
    "同时",
    "仅",
    "也",
    "还",
    "请",
    "能够",
    "能",
    "sdk会",
    "it ",
    "the sdk ",
    "this sdk ",
    "the service ",
    "this service ",
    "which ",
    "that ",
    "and ",
    "may ",
    "might ",
    "will ",
    "also ",
    "can ",
    "is ",
    "are ",
    "we ",
    "an sdk ",
    "a service ",
    "a library ",
    "a tool ",
    "a product ",
    "they ",
    "has access to ",
    "an analytics service ",
];

const CUES: &[(Kind, &[&str])] = &[
    (
        Kind::Vendor,
        &[
            "服务提供方为",
            "服务提供方是",
            "服务提供方",
            "提供方为",
            "提供方是",
            "提供方",
            "提供者为",
            "提供商为",
            "开发者为",
            "开发者是",
            "开发商为",
            "所属公司为",
            "所属公司是",
            "所属公司",
            "运营方为",
            "运营方是",
            "公司为",
            "公司名称为",
            "主体为",
            "供应商为",
            "第三方主体为",
            "来自",
            "provided by ",
            "developed by ",
            "operated by ",
            "made by ",
            "offered by ",
            "owned by ",
            "by ",
            "from ",
            "of ",
        ],
    ),
    (
        Kind::Purpose,
        &[
            "用于",
            "用来",
            "以实现",
            "以便于",
            "以便",
            "以提供",
            "以帮助",
            "为了",
            "为实现",
            "为您提供",
            "为用户提供",
            "为提供",
            "旨在",
            "来实现",
            "帮助",
            "实现",
            "目的是",
            "目的为",
            "使用目的是",
            "使用目的为",
            "用途为",
            "用途是",
            "使用场景为",
            "以",
            "为",
            "used for ",
            "used to ",
            "use it for ",
            "use it to ",
            "used by us for ",
            "for ",
            "in order to ",
            "to ",
            "helps us ",
            "helps ",
            "purpose is ",
            "enables ",
        ],
    ),
    (
        Kind::Data,
        &[
            "收集",
            "获取",
            "采集",
            "读取",
            "处理",
            "访问",
            "使用您的",
            "收集信息类型为",
            "涉及",
            "共享",
            "collects ",
            "collect ",
            "processes ",
            "process ",
            "receives ",
            "receive ",
            "accesses ",
            "access ",
            "obtains ",
            "gathers ",
            "collecting ",
            "data collected is ",
        ],
    ),
];

/// Words between a cue and its value.
const FILLS: &[&str] = &[
    "了",
    "您的",
    "你的",
    "用户的",
    "以下",
    "的信息包括",
    "信息包括",
    "的个人信息包括",
    "个人信息包括",
    "的数据包括",
    "的信息为",
    "的信息有",
    "包括",
    "：",
    ":",
    "your ",
    "the following data",
    "the following information",
    "the following",
    "data such as ",
    "information such as ",
    "for ",
];
