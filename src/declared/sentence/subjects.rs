//! Which words of a sentence are the name: behind a verb that says that the app carries it, or at the beginning.

use crate::declared::labels::lookup;
use crate::declared::title::is_company;
use crate::declared::value;
use std::ops::Range;

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
