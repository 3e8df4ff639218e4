//! The words with which a clause says what it is about.

use crate::declared::labels::{Kind, lookup};
use crate::declared::record::is_company;
use crate::declared::value;
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
        " for " => !told && !before.ends_with("used") && before.split(' ').count() <= 12,
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

/// Where the name of the SDK stands behind a verb that says that the app carries it, and the company before the name.
pub(super) fn carried(clause: &str) -> Option<(Range<usize>, Option<Range<usize>>)> {
    let lower = clause.to_ascii_lowercase();
    let (at, verb) = CHINESE_VERBS
        .iter()
        .filter_map(|verb| lower.find(verb).map(|at| (at, *verb)))
        .filter(|(at, _)| is_app(&lower[..*at]))
        .min_by_key(|(at, verb)| (*at, std::cmp::Reverse(verb.len())))
        .or_else(|| {
            let verbs = ENGLISH_VERBS.iter().filter_map(|verb| lower.find(verb).map(|at| (at, *verb)));
            verbs
                .filter(|(at, _)| is_english_app(&lower[..*at]))
                .min_by_key(|(at, verb)| (*at, std::cmp::Reverse(verb.len())))
        })?;
    let mut start = at + verb.len();
    while let Some(fill) =
        ["了", "第三方的", "the ", "由", " ", "a "].iter().find(|fill| lower[start..].starts_with(**fill))
    {
        start += fill.len();
    }
    let rest = &lower[start..];
    // "由顶点公司提供的顶点推送SDK", "顶点公司的顶点推送SDK".
    for mark in ["提供的", "开发的", "运营的", "研发的", "推出的", "旗下的", "的"] {
        if let Some(cut) = rest.find(mark).filter(|cut| *cut > 0) {
            let vendor = start..start + cut;
            let known = mark.len() > "的".len() || is_company(&lower[vendor.clone()]);
            let name = start + cut + mark.len()..clause.len();
            if known && !name.is_empty() {
                return Some((name, Some(vendor)));
            }
        }
    }
    (start < clause.len()).then_some((start..clause.len(), None))
}

const CHINESE_VERBS: &[&str] = &[
    "接入了",
    "集成了",
    "使用了",
    "嵌入了",
    "引入了",
    "采用了",
    "选用了",
    "接入",
    "集成",
    "嵌入",
    "引入",
    "采用",
    "使用",
    "调用",
];

const ENGLISH_VERBS: &[&str] = &[
    "uses ",
    "use ",
    "integrates ",
    "integrate ",
    "embeds ",
    "embed ",
    "includes ",
    "include ",
    "contains ",
    "contain ",
    "incorporates ",
    "incorporate ",
    "employs ",
    "relies on ",
];

/// Whether the words before the verb are the app or its makers, who do carry it.
fn is_app(before: &str) -> bool {
    const SUBJECTS: [&str; 12] =
        ["我们", "我司", "本应用", "本app", "app", "本产品", "产品", "本软件", "软件", "本平台", "应用", "本服务"];
    let denies = ["不", "未", "没有", "如果", "若", "您", "你", "用户"].iter().any(|word| before.contains(word))
        || ["用于", "用来", "帮助", "以", "为"].iter().any(|word| before.starts_with(word));
    let bare = before.trim_matches(['*', ' ']);
    !denies && before.chars().count() <= 24 && (bare.is_empty() || SUBJECTS.iter().any(|word| before.contains(word)))
}

fn is_english_app(before: &str) -> bool {
    let denies = ["not ", "n't ", "never ", "if ", "you ", "may "].iter().any(|word| before.contains(word));
    let last = before.trim_end().trim_end_matches(" also").trim_end_matches(" currently");
    let speaks = last == "we"
        || last.ends_with(" we")
        || last.ends_with("app")
        || last.ends_with("application")
        || last.ends_with("apps");
    !denies && speaks && before.chars().count() <= 40
}

/// The words of a name without what stands around it: quotes, "the", "SDK服务".
pub(super) fn name_words(text: &str) -> Range<usize> {
    let trim: &[char] = &[
        '*', '_', '`', ' ', '“', '”', '"', '「', '」', '《', '》', '.', '。', '-', '–', ':', '：', '/', '\t',
        '\u{3000}',
    ];
    let inner = text.trim_matches(trim);
    let start = text.find(inner).unwrap_or(0);
    let mut end = start + inner.len();
    if let Some(at) = text.get(start..end).and_then(|inner| inner.strip_suffix(" is")).map(str::len) {
        end = start + at;
    }
    for cut in [" is a ", " is an ", " is the ", " is provided", " is ", "是由", "是一", ", an ", ", a "] {
        if let Some(at) = text.get(start..end).and_then(|inner| inner.find(cut)).filter(|at| *at > 0) {
            end = start + at;
        }
    }
    for tail in ["服务", "等", "功能"] {
        let named = text.get(start..end).and_then(|inner| inner.strip_suffix(tail));
        if let Some(named) = named
            .filter(|named| named.ends_with(|c: char| c.is_ascii_alphanumeric()) || !named.is_empty() && tail == "等")
        {
            end = start + named.len();
        }
    }
    start..end
}

/// Whether a clause can be a name: short, and no sentence.
pub(super) fn can_be_name(words: &str) -> bool {
    const LONGEST: usize = 40;
    const SPEAKERS: &[&str] = &[
        "我们", "您", "你", "如果", "如", "为了", "本", "该", "此", "其", "请", "在", "当", "不", "所有", "以下",
        "对于", "we ", "you ", "if ", "to ", "this ", "the ", "our ", "these ", "any ", "your ", "it ", "for ", "in ",
        "some ", "please", "when ", "all ", "they ", "http",
    ];
    let plain = value::plain(words);
    let lower = plain.to_lowercase();
    let words = plain.split_whitespace().count();
    plain.chars().count() >= 2
        && plain.chars().nth(LONGEST).is_none()
        && words <= 6
        && plain.chars().any(char::is_alphabetic)
        && !plain.contains(['、', '？', '?', '!', '，', '和', '与', '及'])
        && !lower.contains(" and ")
        && !SPEAKERS.iter().any(|speaker| lower.starts_with(speaker))
        && lookup(&plain).is_none()
        && plain.starts_with(|c: char| c.is_uppercase() || !c.is_ascii_lowercase())
}
