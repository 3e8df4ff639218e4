//! Words by which a sentence says which field of an SDK follows.

use crate::declared::labels::{Kind, lookup_inside};
use aho_corasick::AhoCorasick;
use std::ops::Range;
use std::sync::OnceLock;

/// What a marker announces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Says {
    /// The name follows: "we use".
    Carries,
    /// A value follows.
    Field(Kind),
}

/// A marker in a clause: its place, and where the value behind it begins.
#[derive(Clone, Debug)]
pub struct Marker {
    pub says: Says,
    pub range: Range<usize>,
}

const fn field(kind: Kind) -> Says {
    Says::Field(kind)
}

/// English markers; each stands at the beginning of a word.
#[rustfmt::skip]
const ENGLISH: &[(Says, &[&str])] = &[
    (Says::Carries, &[
        "we use ", "we also use ", "we integrate ", "we have integrated ", "we embed ", "we include ", "we rely on ", "we work with ", "app uses ",
        "app also uses ", "app integrates ", "app embeds ", "app includes ", "app contains ", "app relies on ", "application uses ", "application integrates ",
        "application includes ", "apps use ", "services use ", "product uses ", "product integrates ", "game uses ", "service uses ",
    ]),
    (field(Kind::Vendor), &[
        "is a service provided by ", "is a service of ", "is a product of ", "is provided by ", "is operated by ", "is developed by ", "is offered by ",
        "is supplied by ", "is made by ", "an sdk provided by ", "a service provided by ", "a service of ", "a product of ", "provided by ", "developed by ",
        "operated by ", "offered by ", "supplied by ", "made by ", "maintained by ", "owned by ", "created by ", "published by ", "by ", "from ",
    ]),
    (field(Kind::Purpose), &[
        "we use it for ", "we use it to ", "which we use for ", "which we use to ", "and used for ", "and is used for ", "is used for ", "are used for ", "used for ",
        "and used to ", "is used to ", "used to ", "for the purpose of ", "in order to ", "it is used for ", "it is used to ", "helps us to ", "helps us ", "allows us to ",
        "enables us to ", "to provide ", "to enable ", "to deliver ", "to ", "for ", "provides ",
    ]),
    (field(Kind::Data), &[
        "may collect ", "will collect ", "can collect ", "collects ", "collect ", "may process ", "processes ", "may receive ", "receives ", "may obtain ", "obtains ",
        "gathers ", "may access ", "accesses ", "transmits ", "collecting ", "data collected is ", "has access to ", "it reads ", "reads ",
    ]),
    (field(Kind::Link), &[
        "see ", "for more information", "for details", "more information", "privacy policy", "privacy notice", "read more", "learn more", "their policy", "refer to ",
        "please visit", "policy is available at", "and their",
    ]),
];

/// Chinese markers, longest first where one begins another.
#[rustfmt::skip]
const CHINESE: &[(Says, &[&str])] = &[
    (Says::Carries, &[
        "接入了", "集成了", "嵌入了", "使用了", "引入了", "采用了", "接入", "集成", "嵌入", "引入", "会使用", "会调用", "调用", "使用",
    ]),
    (field(Kind::Vendor), &["是由", "由"]),
    (field(Kind::Purpose), &[
        "主要用于", "用于", "用来", "用以", "以便于", "以便", "以实现", "以提供", "以完成", "为了实现", "为实现", "为了向您提供", "为向您提供", "为了提供", "为您提供", "为用户提供",
        "为了", "帮助我们", "当您使用", "在您使用", "您使用", "实现", "完成", "进行",
    ]),
    (field(Kind::Data), &[
        "可能会收集", "可能收集", "可能会获取", "可能获取", "需要收集", "需要获取", "会收集", "会获取", "会采集", "会读取", "会处理", "将收集", "将获取", "需收集", "需获取", "收集", "获取",
        "采集", "读取", "会使用",
    ]),
    (field(Kind::Link), &["隐私政策", "隐私权政策", "隐私协议", "隐私声明", "隐私条款", "详见", "详情", "请查看", "请见", "参见", "请参阅", "官网", "了解更多", "查看"]),
];

/// Who carries the SDK: without one of these before it, "使用" and the like say nothing about the app.
#[rustfmt::skip]
const SUBJECTS: &[&str] = &["我们", "本应用", "本产品", "本软件", "本app", "app", "本平台", "我司", "产品", "应用", "本游戏", "平台", "客户端"];

/// The markers of a clause, in order, none inside another. `named`: whether the text before already has the name.
pub fn find(clause: &str) -> Vec<Marker> {
    let Some((matcher, says)) = matcher() else { return Vec::new() };
    let starts = |at: usize| !clause[..at].ends_with(|c: char| c.is_ascii_alphanumeric());
    let mut found: Vec<Marker> = matcher
        .find_overlapping_iter(clause)
        .filter(|one| !clause[one.range()].is_ascii() || starts(one.start()))
        .filter_map(|one| Some(Marker { says: *says.get(one.pattern().as_usize())?, range: one.range() }))
        .filter(|marker| counts(clause, marker))
        .collect();
    // The longest of those that begin first.
    found.sort_by_key(|marker| (marker.range.start, std::cmp::Reverse(marker.range.end)));
    let mut kept: Vec<Marker> = Vec::new();
    for marker in found {
        if kept.last().is_none_or(|last| last.range.end <= marker.range.start) {
            kept.push(marker);
        }
    }
    one_field_each(clause, kept)
}

/// All markers, looked for at once, and what each says.
fn matcher() -> Option<&'static (AhoCorasick, Vec<Says>)> {
    static MATCHER: OnceLock<Option<(AhoCorasick, Vec<Says>)>> = OnceLock::new();
    let build = || {
        let all =
            || ENGLISH.iter().chain(CHINESE).flat_map(|(says, words)| words.iter().map(move |word| (*says, *word)));
        let matcher = AhoCorasick::new(all().map(|(_, word)| word)).ok()?;
        Some((matcher, all().map(|(says, _)| says).collect()))
    };
    MATCHER.get_or_init(build).as_ref()
}

/// Whether a marker means what it says here.
fn counts(clause: &str, marker: &Marker) -> bool {
    let (before, behind) = (&clause[..marker.range.start], &clause[marker.range.end..]);
    let word = &clause[marker.range.clone()];
    let chinese = !word.is_ascii();
    match marker.says {
        Says::Carries if chinese => {
            let said = SUBJECTS.iter().filter_map(|subject| before.rfind(subject).map(|at| at + subject.len())).max();
            let near = said.is_some_and(|at| before[at..].chars().count() <= 8);
            near && !denies(before) && !behind.starts_with(['的', '过'])
        }
        Says::Carries => !denies(before) && !behind.trim_start().starts_with("it "),
        // "由…提供": the verb stands at the end.
        Says::Field(Kind::Vendor) if chinese => {
            ["提供", "开发", "运营", "研发"].iter().any(|verb| behind.contains(verb)) && !before.ends_with('理')
        }
        // "收集的信息": part of a label, which the reader looks at itself; "不收集".
        Says::Field(Kind::Data) if word == "会使用" => behind.starts_with("您") || behind.starts_with("设备"),
        // "by using", "from you".
        Says::Field(Kind::Vendor) if matches!(word, "by " | "from ") => {
            let next = behind.split([' ', ',']).next().unwrap_or_default();
            ![
                "us", "you", "your", "using", "default", "the", "our", "a", "which", "this", "that", "these", "its",
                "law", "other", "it",
            ]
            .contains(&next)
                && !next.ends_with("ing")
        }
        _ => true,
    }
}

fn denies(before: &str) -> bool {
    ["不", "未", "没有", "not ", "n't ", "never "].iter().any(|word| before.contains(word))
}

/// "for" and "to" inside a list of data or behind another purpose say nothing new; a verb about data inside a purpose does not, either.
fn one_field_each(clause: &str, markers: Vec<Marker>) -> Vec<Marker> {
    let mut kept: Vec<Marker> = Vec::new();
    for marker in markers {
        let again = kept.iter().any(|one| one.says == marker.says);
        let inside_data = kept.last().is_some_and(|last| last.says == Says::Field(Kind::Data))
            && matches!(marker.says, Says::Field(Kind::Purpose | Kind::Vendor | Kind::Link) | Says::Carries);
        let inside_link = kept.last().is_some_and(|last| last.says == Says::Field(Kind::Link));
        // "帮助用户在应用内使用支付宝付款" says nothing of the app; "为了推送我们集成了…" does.
        let spoken =
            |last: &Marker| clause.get(last.range.end..marker.range.start).is_some_and(|text| text.contains("我们"));
        let inside_purpose = kept.last().is_some_and(|last| {
            last.says == Says::Field(Kind::Purpose) && !(marker.says == Says::Carries && spoken(last))
        });
        if !(again || inside_data || inside_link || inside_purpose) {
            kept.push(marker);
        }
    }
    kept
}

/// "服务提供方为…", "所属公司…": a label that begins a clause without a colon, and where its value begins.
pub fn label(clause: &str) -> Option<(Kind, usize)> {
    let joints = ["为", "是", "：", ":", " is ", " are ", " includes ", "包括", "包含", "有"];
    let cut = joints.iter().filter_map(|joint| clause.find(joint).map(|at| (at, at + joint.len()))).min()?;
    let label = lookup_inside(clause.get(..cut.0)?.trim())?;
    let value = clause.get(cut.1..)?.trim_start_matches([':', '：', ' ', '为', '是']);
    matches!(label.kind, Kind::Vendor | Kind::Purpose | Kind::Data | Kind::Package | Kind::Permission)
        .then(|| (label.kind, clause.len() - value.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(clause: &str) -> Vec<(Says, &str)> {
        find(clause).into_iter().map(|marker| (marker.says, &clause[marker.range])).collect()
    }

    #[test]
    fn markers_say_what_follows() {
        use Says::{Carries, Field};
        assert_eq!(
            said("we use acme maps by acme inc. for rendering maps"),
            [(Carries, "we use "), (Field(Kind::Vendor), "by "), (Field(Kind::Purpose), "for ")]
        );
        assert_eq!(said("我们没有接入顶点推送"), []);
        assert_eq!(said("本应用集成了顶点公司的推送"), [(Carries, "集成了")]);
        assert_eq!(said("该sdk由顶点公司提供"), [(Field(Kind::Vendor), "由")]);
        assert_eq!(said("it collects data to improve for you"), [(Field(Kind::Data), "collects ")]);
        assert_eq!(label("服务提供方为顶点公司"), Some((Kind::Vendor, "服务提供方为".len())));
    }
}
