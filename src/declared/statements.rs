//! Sentences that deny something an app can show: "no third-party SDK", "not included: …".

use super::line::Line;
use super::source::{Source, is_blank};
use super::{Statement, StatementKind, links, value};
use crate::signatures::SignatureSet;
use std::ops::Range;

/// What the prose denies, and the lines that list what is not included.
#[derive(Default)]
pub(super) struct Denials {
    pub statements: Vec<Denial>,
    /// Lines of negative lists: their items are no records.
    pub lines: Vec<bool>,
}

/// A claim and the index of its line.
pub(super) struct Denial {
    pub line: usize,
    pub statement: Statement,
}

/// Reads all denials.
pub(super) fn read(source: &Source, lines: &[Line], set: &SignatureSet) -> Denials {
    let mut denials = Denials { statements: Vec::new(), lines: vec![false; lines.len()] };
    let mut at = 0;
    while at < lines.len() {
        at = match lines.get(at) {
            Some(line) if announces_exclusion(source.slice(&line.body)) => {
                negative_list(source, lines, at, &mut denials)
            }
            Some(line) => {
                let mut found = Vec::new();
                sentences(source, line, set, &mut found);
                denials.add(at, found);
                at + 1
            }
            None => break,
        };
    }
    denials.statements.sort_by_key(|denial| denial.statement.quote.at);
    denials
}

impl Denials {
    fn add(&mut self, line: usize, found: Vec<Statement>) {
        self.statements.extend(found.into_iter().map(|statement| Denial { line, statement }));
    }
}

/// "Not included in this release", "未集成以下SDK：": a line that announces what is absent.
fn announces_exclusion(body: &str) -> bool {
    let plain = value::plain(body).to_lowercase();
    let plain = plain.trim_end_matches(['.', '。']);
    let short = plain.chars().nth(80).is_none();
    let english = [
        "not included",
        "not integrated",
        "sdks not used",
        "sdks we do not use",
        "does not include",
        "do not include",
        "does not contain the following",
        "excluded sdks",
    ];
    let chinese = ["不包含", "未集成", "未包含", "不集成", "未接入", "未使用"];
    let list_end = plain.ends_with([':', '：']);
    let starts = english.iter().any(|cue| plain.starts_with(cue))
        || chinese.iter().any(|cue| plain.starts_with(cue) && !plain.contains("任何"));
    let follows = list_end
        && super::section::mentions_sdk(plain)
        && english.iter().chain(&chinese).any(|cue| plain.contains(cue));
    short && (starts && !plain.contains(['。', '.']) || follows)
}

/// Reads the items behind the announcement, on its own line or below it; gives the first line after them.
fn negative_list(source: &Source, lines: &[Line], at: usize, denials: &mut Denials) -> usize {
    let mark = |denials: &mut Denials, line: usize| {
        denials.lines.get_mut(line).into_iter().for_each(|flag| *flag = true);
    };
    let Some(head) = lines.get(at) else { return at + 1 };
    mark(denials, at);
    let body = source.slice(&head.body);
    let inline = body.find([':', '：']).map(|colon| colon + body[colon..].chars().next().map_or(1, char::len_utf8));
    let inline =
        inline.map(|start| source.trim(head.body.start + start..head.body.end)).filter(|rest| !rest.is_empty());
    if let Some(rest) = inline {
        denials.add(at, items(source, &rest, &rest));
        return at + 1;
    }
    let mut next = at + 1;
    let mut found = 0;
    while let Some(line) = lines.get(next) {
        let listed = line.heading == 0 && (line.bullet || line.number.is_some());
        if !line.is_blank() && !listed {
            break;
        }
        if listed {
            mark(denials, next);
            denials.add(next, items(source, &line.body, &line.body));
            found += 1;
        }
        next += 1;
    }
    if found == 0 { at + 1 } else { next }
}

/// One statement per item: "Google AdMob / Google Mobile Ads SDK, Firebase".
fn items(source: &Source, range: &Range<usize>, quote: &Range<usize>) -> Vec<Statement> {
    let mut statements = Vec::new();
    for piece in split_items(source, range) {
        let name = value::plain(source.slice(&piece));
        let name = name.trim_end_matches(['.', '。', ';', '；']).to_owned();
        if !name.is_empty() && !value::is_none_word(&name) {
            statements.push(Statement {
                kind: StatementKind::NotIncluded,
                quote: source.located(quote.clone()),
                name: Some(name),
                link: None,
            });
        }
    }
    statements
}

pub(super) fn split_items(source: &Source, range: &Range<usize>) -> Vec<Range<usize>> {
    let text = source.slice(range);
    let mut found = Vec::new();
    let mut start = 0;
    let mut cut = |from: usize, to: usize| {
        let piece = source.trim(range.start + from..range.start + to);
        if !piece.is_empty() {
            found.push(piece);
        }
    };
    let mut at = 0;
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        let separators = [" / ", " or ", " and ", ", ", "，", "、", "；", "; ", "或", "以及"];
        let length = separators.iter().find(|separator| rest.starts_with(**separator)).map(|separator| separator.len());
        match length {
            Some(length) => {
                cut(start, at);
                at += length;
                start = at;
            }
            None => at += rest.chars().next().map_or(1, char::len_utf8),
        }
    }
    cut(start, text.len());
    found
}

fn sentences(source: &Source, line: &Line, set: &SignatureSet, statements: &mut Vec<Statement>) {
    for range in split_sentences(source, &line.body) {
        let plain = value::plain(source.slice(&range));
        if points_elsewhere(&plain)
            && let Some(link) = elsewhere(source, &range)
        {
            let quote = source.located(range);
            statements.push(Statement { kind: StatementKind::ListElsewhere, quote, name: None, link });
            continue;
        }
        let Some(denied) = denied_part(&plain) else { continue };
        if denies_third_parties(denied, set) {
            statements.push(Statement {
                kind: StatementKind::NoThirdPartySdk,
                quote: source.located(range),
                name: None,
                link: None,
            });
            continue;
        }
        // A name that the base knows: "We do not use Firebase Analytics or Facebook SDK".
        for name in denied
            .split([',', '，', '、', '/', '。', '.'])
            .flat_map(|part| part.split(" or "))
            .flat_map(|part| part.split(" and "))
        {
            let name = name.trim().trim_start_matches("any ").trim_start_matches("the ").trim();
            // "不使用任何广告SDK，未集成百度统计": every clause may deny anew.
            let name = CARRIES_NOT.iter().find_map(|verb| name.strip_prefix(verb)).unwrap_or(name);
            if set.by_name(name).is_some() || set.by_name(&format!("{name} SDK")).is_some() {
                let quote = source.located(range.clone());
                let name = Some(name.to_owned());
                statements.push(Statement { kind: StatementKind::NotIncluded, quote, name, link: None });
            }
        }
    }
}

/// Where a sentence points to: its address, also a relative one, or a title in 《》 that no line of the document bears, which
/// gives `Some(None)`.
fn elsewhere(source: &Source, range: &Range<usize>) -> Option<Option<String>> {
    if let Some(link) = links::all(source, range).into_iter().next() {
        return Some(Some(link.text));
    }
    let raw = source.slice(range);
    let target = raw.find("](").and_then(|at| raw[at + 2..].split(')').next()).map(str::trim);
    let page = |target: &&str| {
        !target.is_empty()
            && !target.contains(char::is_whitespace)
            && !["#", "javascript:", "mailto:"].iter().any(|start| target.starts_with(start))
    };
    if let Some(target) = target.filter(page) {
        return Some(Some(target.to_owned()));
    }
    let title = raw.split_once('《')?.1.split_once('》')?.0;
    let lists = ["清单", "列表", "目录", "名单", "明细"].iter().any(|word| title.contains(word));
    let bears = |line: &str| value::plain(line).trim_matches(['《', '》', '#', ' ', '：', ':']) == title;
    (lists && !source.text.lines().any(bears)).then_some(None)
}

pub(super) fn split_sentences(source: &Source, range: &Range<usize>) -> Vec<Range<usize>> {
    let text = source.slice(range);
    let mut found = Vec::new();
    let mut start = 0;
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let next_blank = chars.peek().is_none_or(|(_, next)| is_blank(*next));
        let ends = matches!(c, '。' | '！' | '？' | '；' | ';' | '!' | '?') || (c == '.' && next_blank);
        if ends {
            found.push(source.trim(range.start + start..range.start + at + c.len_utf8()));
            start = at + c.len_utf8();
        }
    }
    found.push(source.trim(range.start + start..range.end));
    found.retain(|sentence| !sentence.is_empty());
    found
}

/// Verbs behind "does not": the app is what does not.
const CARRIES: [&str; 10] =
    ["use", "include", "integrate", "contain", "embed", "employ", "incorporate", "rely on", "bundle", "ship"];

#[rustfmt::skip]
const CARRIES_NOT: [&str; 19] = [
    "不使用", "未使用", "没有使用", "不会使用", "不集成", "未集成", "没有集成", "不会集成", "不接入", "未接入", "没有接入", "不会接入", "不嵌入",
    "未嵌入", "没有嵌入", "不引入", "未引入", "没有引入", "不含",
];

/// What stands behind "does not use", "未使用" and the like, when the app is the one that does not.
fn denied_part(sentence: &str) -> Option<&str> {
    // Lower-casing ASCII keeps every offset.
    let lower = sentence.to_ascii_lowercase();
    if is_conditional(sentence, &lower) {
        return None;
    }
    let chinese = CARRIES_NOT.iter().chain(&["不包含", "未包含"]);
    let behind = chinese.filter_map(|verb| sentence.find(verb).map(|at| at + verb.len())).min();
    let behind = behind.or_else(|| behind_english_verb(&lower)).or_else(|| behind_no(&lower));
    behind.and_then(|end| sentence.get(end..)).or_else(|| {
        let nothing = ["无第三方", "不存在第三方", "没有第三方", "无任何第三方", "没有任何第三方"];
        nothing.iter().find_map(|lead| sentence.find(lead)).and_then(|at| sentence.get(at..))
    })
}

/// "If you do not use …" and "未使用第三方SDK时" speak of the reader or of a condition.
fn is_conditional(sentence: &str, lower: &str) -> bool {
    let english = ["if you", "if we", "when you", "unless", "except"];
    let chinese = ["如果", "若您", "若你", "如您", "您不", "你不", "除非", "除外", "的情况下", "时，"];
    english.iter().any(|word| lower.contains(word)) || chinese.iter().any(|word| sentence.contains(word))
}

/// The end of "does not use".
fn behind_english_verb(lower: &str) -> Option<usize> {
    const NEGATIONS: [&str; 8] =
        [" does not ", " do not ", " doesn't ", " don't ", " doesn’t ", " don’t ", " never ", " not "];
    NEGATIONS.iter().flat_map(|negation| lower.match_indices(negation)).find_map(|(at, negation)| {
        let rest = &lower[at + negation.len()..];
        let is_word =
            |verb: &&&str| rest.strip_prefix(**verb).is_some_and(|behind| !behind.starts_with(char::is_alphabetic));
        let verb = CARRIES.iter().find(is_word)?;
        Some(at + negation.len() + verb.len())
    })
}

/// The end of the first word of "No third-party SDKs are integrated", "contains no trackers".
fn behind_no(lower: &str) -> Option<usize> {
    #[rustfmt::skip]
    const LEADS: [&str; 8] = [
        "no third", "no other third", "no sdk", "no analytics", "no tracker", "no advertising", "without any third", "free of third",
    ];
    #[rustfmt::skip]
    const SAID: [&str; 12] = [
        "are used", "is used", "are integrated", "are included", "is included", "are embedded", "contains no", "includes no", "uses no",
        "use no", "has no", "there are no",
    ];
    let lead = |lead: &&str| lower.find(*lead).filter(|at| *at == 0 || lower[..*at].ends_with(' '));
    let at = LEADS.iter().find_map(lead)?;
    SAID.iter().any(|verb| lower.contains(verb)).then_some(at + "no ".len())
}

/// "The third-party SDKs are listed at …", "第三方SDK目录详见…": the list stands in another document.
fn points_elsewhere(sentence: &str) -> bool {
    let lower = sentence.to_lowercase();
    let has = |words: &[&str]| words.iter().any(|word| lower.contains(word));
    let parties = super::section::mentions_sdk(sentence)
        || has(&["third-party", "third party", "third parties", "第三方", "三方"]);
    let list = has(&["清单", "列表", "目录", "名单", "明细", "list", "inventory"]);
    let points = has(&[
        "详见",
        "请见",
        "参见",
        "见：",
        "查看",
        "查阅",
        "参阅",
        "点击",
        "访问",
        "see ",
        "available at",
        "refer to",
        "find ",
        "found ",
        "view ",
        "visit",
        "listed at",
        "listed on",
        "listed here",
        "consult",
        "click",
    ]);
    // The policy of one company, or the terms of a shop, is not the list.
    parties && list && points
}

/// "any location SDK", "任何定位SDK": SDKs for one purpose. Analytics and tracking are what a denial of third-party code is about,
/// so they count as such.
fn denies_a_kind(item: &str) -> bool {
    #[rustfmt::skip]
    const KINDS: [&str; 18] = [
        "advertising ", "ad ",        "location ", "map ", "maps ", "payment ", "push ", "social ", "login ", "video ", "定位", "地图", "支付", "推送", "分享", "登录",
        "广告", "统计",
    ];
    let lower = item.to_lowercase();
    let kind = lower.trim_start_matches("any ").trim_start_matches("任何").trim_start_matches("的").trim_start();
    KINDS.iter().any(|word| kind.starts_with(word)) && kind.trim_end_matches('s').ends_with("sdk")
}

/// Whether what is denied is third-party code as such.
fn denies_third_parties(denied: &str, set: &SignatureSet) -> bool {
    const NEAR: usize = 60;
    // "Facebook SDK or any location SDK": named ones, and a kind.
    let first = denied.split([',', '，', '、', '/', '。', '.']).next().unwrap_or(denied);
    let first = first.split(" or ").next().unwrap_or(first).split(" and ").next().unwrap_or(first).trim();
    if set.by_name(first).is_some() || denies_a_kind(first) {
        return false;
    }
    let near: String = denied.to_lowercase().chars().take(NEAR).collect();
    let code = [
        "sdk",
        "tracker",
        "third-party librar",
        "third party librar",
        "third-party service",
        "third party service",
        "third-party component",
        "software development kit",
        "软件开发包",
        "第三方插件",
        "第三方组件",
    ];
    let foreign = [
        "any ",
        "third-party",
        "third party",
        "第三方",
        "三方",
        "任何",
        "其他sdk",
        "analytics",
        "advertising",
        "tracking",
        "sdks",
    ];
    // "We do not use the SDK to collect …" denies a purpose, not the SDK.
    let known = ["the ", "this ", "these ", "such ", "该", "此"].iter().any(|word| near.trim_start().starts_with(word));
    let purpose = known || near.contains("用于") || near.contains("来收集");
    code.iter().any(|word| near.contains(word)) && foreign.iter().any(|word| near.contains(word)) && !purpose
}
