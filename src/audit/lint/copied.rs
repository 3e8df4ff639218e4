//! What was copied and not adapted: blanks of a template, another app's name, a template's own mistakes; and systems left out.

use super::super::{Finding, Rule, Sink};
use super::{Paper, items};
use crate::declared::{BLANK_STARTS, DeclaredSdk, Located, NumberedLine, Position, is_blank};
use crate::lang::Text;
use crate::platform::templates::{self, Mark};

/// Runs the family.
pub fn check(paper: &Paper<'_>, sink: &mut Sink<'_>) {
    if paper.declaration.is_prose() {
        // Examples of code are full of braces.
        let mut in_code = false;
        for &NumberedLine { number, text: line } in &paper.lines {
            in_code ^= line.trim_start().starts_with("```");
            if !in_code {
                placeholder(paper, line, number, sink);
            }
        }
        foreign_name(paper, sink);
    }
    template(paper, sink);
    platform_gap(paper, sink);
}

/// Words that only a template holds; each is a blank by itself.
const BLANKS: [&str; 32] = [
    "请根据具体使用目的填写",
    "请填写",
    "自行填写",
    "公司名称】",
    "应用名称】",
    "app名称】",
    "xx公司",
    "xx有限公司",
    "某某公司",
    "xx应用",
    "xx年xx月",
    "x年x月x日",
    "[company name]",
    "[app name]",
    "[your company",
    "[your app",
    "[your name",
    "[insert",
    "[email address]",
    "<company name>",
    "<app name>",
    "lorem ipsum",
    "<your company",
    "<your app",
    "your@email.com",
    "you@example.com",
    "yyyy-mm-dd",
    "xxx ltd",
    "xxx co.",
    "xxx inc",
    "待补充",
    "待完善",
];

/// One finding per line.
fn placeholder(paper: &Paper<'_>, line: &str, number: u32, sink: &mut Sink<'_>) {
    // Lower-casing ASCII keeps every offset.
    let lower = line.to_ascii_lowercase();
    let found =
        BLANKS.iter().chain(&BLANK_STARTS).filter_map(|blank| lower.find(blank).map(|at| (at, blank.len()))).min();
    let Some((at, length)) = found.or_else(|| braces(&lower)).or_else(|| lone_mark(line)) else { return };
    let rest = line.get(at..).unwrap_or_default();
    // The whole bracket: what is asked for stands in it.
    let bracket = rest.find([']', '】']).filter(|_| is_blank(rest)).map(|end| &rest[..end + closing(rest, end)]);
    let (at, whole) = whole_blank(line, at, length);
    let blank = bracket.unwrap_or(whole);
    let column = line.get(..at).unwrap_or_default().chars().count() as u32 + 1;
    let finding = Finding::new(
        Rule::PlaceholderText,
        blank,
        Text::new(format!("\"{blank}\" is a blank of a template"), format!("“{blank}”是模板的占位文字")),
        Text::new("fill it in", "请填写实际内容"),
    );
    sink.emit(finding.declared(paper.at(Position { line: number, column }, blank)));
}

/// A blank from its opening bracket to its closing one, and a date to its last part: "[Your Company Name]", "【公司名称】",
/// "XX年XX月XX日". Words without brackets stay as they are.
fn whole_blank(line: &str, at: usize, length: usize) -> (usize, &str) {
    const LONGEST: usize = 40;
    const PAIRS: [(char, char); 4] = [('[', ']'), ('<', '>'), ('【', '】'), ('（', '）')];
    let found = line.get(at..at + length).unwrap_or_default();
    let before = line.get(..at).unwrap_or_default();
    let open = PAIRS.iter().find_map(|(open, close)| {
        let own = if found.starts_with(*open) {
            Some(at)
        } else {
            before.rfind(*open).filter(|from| !before[*from..].contains(*close))
        };
        Some((own?, *close))
    });
    let end = at + found.len();
    if let Some((start, close)) = open {
        let rest = line.get(start..).unwrap_or_default();
        let stop = rest.char_indices().take(LONGEST).find(|(at, c)| *c == close && start + at + c.len_utf8() >= end);
        if let Some((stop, c)) = stop {
            return (start, &rest[..stop + c.len_utf8()]);
        }
    }
    // "XX年XX月" goes on with the day.
    let rest = line.get(end..).unwrap_or_default();
    let day = rest
        .find('日')
        .filter(|_| found.ends_with('月'))
        .filter(|at| rest[..*at].chars().all(|c| matches!(c, 'x' | 'X' | '×' | ' ')));
    let end = day.map_or(end, |day| end + day + '日'.len_utf8());
    (at, line.get(at..end).unwrap_or_default())
}

fn closing(text: &str, at: usize) -> usize {
    text[at..].chars().next().map_or(0, char::len_utf8)
}

/// `TODO`, `XXXXXXXX` as words of their own, and addresses at hosts that are reserved for examples (RFC 2606).
fn lone_mark(line: &str) -> Option<(usize, usize)> {
    const HOSTS: [&str; 4] = ["://example.com", "://www.example.com", "://example.org", "://www.example.org"];
    let joins = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.'));
    let alone = |at: usize, length: usize| {
        !joins(line[..at].chars().next_back())
            && !line[at + length..].chars().next().is_some_and(|c| c.is_ascii_alphanumeric() || c == '_')
    };
    let word = line.match_indices("TODO").find(|(at, word)| alone(*at, word.len())).map(|(at, word)| (at, word.len()));
    let crosses = || {
        let at = line.find("XXXXXXXX")?;
        let length = line[at..].bytes().take_while(|b| *b == b'X').count();
        alone(at, length).then_some((at, length))
    };
    let host = || {
        HOSTS.iter().find_map(|host| {
            let at = line.find(host)? + "://".len();
            let length = host.len() - "://".len();
            let ends = !line[at + length..].starts_with(|c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-'));
            ends.then_some((at, length))
        })
    };
    word.or_else(crosses).or_else(host)
}

/// `{{company}}`, `${appName}`.
fn braces(line: &str) -> Option<(usize, usize)> {
    [("{{", "}}"), ("${", "}")].into_iter().find_map(|(open, close)| {
        let at = line.find(open)?;
        let inner = &line[at + open.len()..];
        let end = inner.find(close)?;
        let name = inner[..end].trim();
        let is_name =
            !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '.' | '-' | ' '));
        is_name.then_some((at, open.len() + end + close.len()))
    })
}

/// The title names one app, and the policy speaks of itself by another name.
fn foreign_name(paper: &Paper<'_>, sink: &mut Sink<'_>) {
    let Some(own) = paper.lines.iter().take(12).find_map(|line| title_name(line.text)) else { return };
    for sentence in paper.prose() {
        let Some(name) = self_name(&sentence.text) else { continue };
        if same_name(&own, name) || stand_together(paper, &own, name) {
            continue;
        }
        let finding = Finding::new(
            Rule::ForeignAppName,
            name,
            Text::new(
                format!("the title names {own}, and here the policy calls the app {name}"),
                format!("标题为{own}，而此处自称为{name}"),
            ),
            Text::new("write the app's own name", "请写本应用的名称"),
        );
        sink.emit(finding.declared(paper.sentence(sentence)));
    }
}

/// `# MeterPay Privacy Policy`, `《明井缴费隐私政策》`.
fn title_name(line: &str) -> Option<String> {
    const TITLES: [&str; 6] =
        [" privacy policy", " privacy notice", " privacy statement", "用户隐私政策", "隐私权政策", "隐私政策"];
    const LONGEST: usize = 30;
    let line = line.trim().trim_start_matches(['#', '*', ' ', '《']).trim_end_matches(['*', ' ', '》']);
    let lower = line.to_ascii_lowercase();
    let at = TITLES.iter().find_map(|title| lower.strip_suffix(title).map(str::len))?;
    let name = line.get(..at)?.trim();
    let name = name.strip_suffix("APP").or_else(|| name.strip_suffix("App")).unwrap_or(name).trim();
    let is_name = is_proper(name) && name.chars().count() <= LONGEST;
    is_name.then(|| name.to_owned())
}

/// A name and no common word: it begins with a capital, or is Chinese and says nothing general.
fn is_proper(name: &str) -> bool {
    const COMMON: [&str; 14] = [
        "our",
        "the",
        "your",
        "this",
        "data",
        "app",
        "user",
        "customer",
        "website",
        "本应用",
        "本软件",
        "用户",
        "我们",
        "产品",
    ];
    let lower = name.to_lowercase();
    let common = COMMON.iter().any(|word| lower == *word || lower.starts_with(&format!("{word} ")));
    let long = name.chars().count() >= 2;
    long && !common && name.starts_with(|c: char| c.is_uppercase() || (c.is_alphabetic() && !c.is_ascii()))
}

/// The name by which a sentence speaks of the app itself.
fn self_name(text: &str) -> Option<&str> {
    const ENGLISH: [&str; 10] = [
        "Welcome to ",
        "Thank you for using ",
        "Thank you for choosing ",
        "Thanks for using ",
        "By using ",
        "When you use ",
        "By downloading ",
        "By installing ",
        "Before you use ",
        "This ",
    ];
    if let Some(name) = speaker(text) {
        return Some(name);
    }
    for lead in ENGLISH {
        let Some(rest) = text.strip_prefix(lead) else { continue };
        let words = rest.split(' ').take_while(|word| word.starts_with(|c: char| c.is_ascii_uppercase()));
        let length = words.map(|word| word.len() + 1).sum::<usize>().saturating_sub(1);
        let name = rest.get(..length)?;
        if lead == "This " {
            let name = name.strip_suffix(" Privacy Policy").filter(|name| is_proper(name));
            return name;
        }
        let name = name.trim_end_matches(['!', '.', ',', ';', ':']);
        let closed = name.len() < length || rest.len() == length;
        return Some(name).filter(|name| closed && is_proper(name));
    }
    for (lead, close) in
        [("本《", "隐私政策》"), ("欢迎使用“", "”"), ("欢迎您使用“", "”"), ("感谢您使用“", "”"), ("欢迎使用《", "》")]
    {
        let Some(at) = text.find(lead) else { continue };
        let rest = &text[at + lead.len()..];
        let name = rest.get(..rest.find(close)?)?;
        return Some(name).filter(|name| is_proper(name) && name.chars().count() <= 20);
    }
    let rest = ["欢迎使用", "欢迎您使用", "感谢您使用"].iter().find_map(|lead| text.strip_prefix(lead))?;
    let end = rest.find(['！', '!', '，', '。', '（', '('])?;
    let name = rest.get(..end)?.trim();
    let general = ["我们", "本", "产品", "服务", "应用", "软件", "APP"].iter().any(|word| name.contains(word));
    Some(name).filter(|name| !general && is_proper(name) && name.chars().count() <= 12)
}

/// "ParcelBuddy respects your privacy", "快递小助手（以下简称“本应用”）", "快递小助手尊重并保护…": the app as the subject.
fn speaker(text: &str) -> Option<&str> {
    const VERBS: [&str; 12] = [
        " respects your privacy",
        " takes your privacy",
        " is committed to protecting",
        " values your privacy",
        " (the \"App\")",
        " (the “App”)",
        " (\"the App\")",
        " (“the App”)",
        " (hereinafter",
        " (referred to as",
        " (the \"app\")",
        " (\"we\"",
    ];
    const CHINESE: [&str; 10] = [
        "（以下简称“本应用”",
        "（以下简称“本软件”",
        "（以下简称“本App”",
        "（以下简称“本APP”",
        "（以下简称\"本应用\"",
        "（以下称“本应用”",
        "（以下简称本应用",
        "尊重并保护",
        "非常重视您的",
        "深知个人信息",
    ];
    let english = VERBS.iter().filter_map(|verb| text.find(verb)).min().and_then(|end| text.get(..end));
    let english = english.filter(|name| name.split(' ').all(|word| word.starts_with(|c: char| c.is_ascii_uppercase())));
    let chinese = CHINESE.iter().filter_map(|verb| text.find(verb)).min().and_then(|end| text.get(..end));
    let chinese = chinese.map(|name| name.trim_matches(['“', '”', '《', '》', '"', ' ']));
    let general = ["我们", "本", "该", "您", "用户", "应用", "软件", "公司", "平台", "团队", "，", "、", "的"];
    let chinese = chinese.filter(|name| !name.is_ascii() && !general.iter().any(|word| name.contains(word)));
    const COMPANIES: [&str; 9] = ["Inc", "LLC", "Ltd", "Limited", "GmbH", "Corp", "Company", "Team", "We"];
    let is_company = |name: &str| name.split([' ', '.', ',']).any(|word| COMPANIES.contains(&word));
    english.or(chinese).filter(|name| is_proper(name) && !is_company(name) && name.chars().count() <= 24)
}

fn same_name(own: &str, name: &str) -> bool {
    let fold =
        |name: &str| name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect::<String>();
    let (own, name) = (fold(own), fold(name));
    name.is_empty() || own.contains(&name) || name.contains(&own)
}

/// "明井缴费（MeterPay）": some line gives both names, so they mean one app.
fn stand_together(paper: &Paper<'_>, own: &str, name: &str) -> bool {
    paper.lines.iter().any(|line| line.text.contains(own) && line.text.contains(name))
}

/// Mistakes that a vendor's template holds itself. One finding for each mistake, at its first place.
fn template(paper: &Paper<'_>, sink: &mut Sink<'_>) {
    let text = paper.declaration.text.to_ascii_lowercase();
    for template in templates::ALL.iter().filter(|template| template.names.iter().any(|name| text.contains(name))) {
        for defect in template.defects {
            let places: Vec<(&DeclaredSdk, &Located)> = paper
                .declaration
                .records
                .iter()
                .filter_map(|record| Some((record, carrier(record, &defect.mark)?)))
                .collect();
            let Some((_, first)) = places.first() else { continue };
            let lines: Vec<u32> = places.iter().map(|(_, located)| located.at.line).collect();
            let finding = Finding::new(
                Rule::TemplateDefect,
                &first.text,
                Text::new(
                    format!("\"{}\" comes from {}: {}", first.text, template.title_en, defect.what_en),
                    format!("“{}”来自{}：{}", first.text, template.title_zh, defect.what_zh),
                ),
                Text::new("correct it here; the template brings it back", "请在此更正；再次套用模板会重新带入"),
            );
            let finding = finding.detail(Text::new("places", "位置"), paper.declaration.lines_label(&lines));
            sink.emit(finding.declared(paper.located(first)));
        }
    }
}

fn carrier<'r>(record: &'r DeclaredSdk, mark: &Mark) -> Option<&'r Located> {
    let is_sdk = |id: &str| record.resolved.sdk.as_deref() == Some(id);
    match mark {
        Mark::Permission(name) => items(&record.permissions).iter().find(|written| written.text == *name),
        Mark::Package(name) => items(&record.packages).iter().find(|written| written.text == *name),
        Mark::Link { sdk, part } => items(&record.links).iter().find(|link| is_sdk(sdk) && link.text.contains(part)),
    }
}

/// Whether a text holds a word; English ones stand alone: "scenarios" names no iOS.
fn names_word(text: &str, word: &str) -> bool {
    let joins = |c: Option<char>| word.is_ascii() && c.is_some_and(|c| c.is_ascii_lowercase());
    text.match_indices(word)
        .any(|(at, _)| !joins(text[..at].chars().next_back()) && !joins(text[at + word.len()..].chars().next()))
}

/// Tables of permissions for a system that no record is for.
fn platform_gap(paper: &Paper<'_>, sink: &mut Sink<'_>) {
    let declaration = paper.declaration;
    if declaration.records.is_empty() {
        return;
    }
    let app = &declaration.app_permissions;
    let systems: [(&str, &[Located], &[&str]); 2] = [
        ("iOS", &app.ios, &["ios", "苹果", "iphone", "双端", "全平台"]),
        ("HarmonyOS", &app.harmonyos, &["harmony", "harmonyos", "openharmony", "鸿蒙", "全平台"]),
    ];
    for (system, table, words) in systems {
        let Some(first) = table.first() else { continue };
        let said = |record: &DeclaredSdk| {
            let fields = [&record.platform, &record.name, &record.purpose];
            fields.into_iter().filter_map(|field| field.given()).any(|field| {
                let text = field.text.to_lowercase();
                words.iter().any(|word| names_word(&text, word))
            })
        };
        if declaration.records.iter().any(said) {
            continue;
        }
        let finding = Finding::new(
            Rule::PlatformGap,
            system.to_lowercase(),
            Text::new(
                format!("the policy lists permissions for {system}, and no record of its SDK list is for {system}"),
                format!("政策列有 {system} 权限，而 SDK 清单没有 {system} 的条目"),
            ),
            Text::new(
                "say for each record which systems it is for, or that the version carries none",
                "请写明每个条目适用的系统，或说明该版本不含 SDK",
            ),
        );
        sink.emit(finding.declared(paper.located(first)));
    }
}
