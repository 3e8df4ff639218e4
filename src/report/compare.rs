//! Two builds compared, as JSON (`docs/compare.schema.json`) and as Markdown for a pull request.

use super::json::{FindingJson, SCHEMA_VERSION, StampJson, to_text};
use super::layout::plain;
use super::{Counts, Stamp};
use crate::audit::{Finding, Severity};
use crate::compare::{Build, Change, Comparison, Kind, Way};
use crate::lang::{Lang, Text};
use crate::platform::apis::Strength;
use serde::Serialize;
use std::fmt::Write;

/// Everything that one run of `compare` found out.
pub struct CompareReport<'a> {
    /// What made the report.
    pub stamp: Stamp,
    /// The earlier build.
    pub old: &'a Build,
    /// The later one.
    pub new: &'a Build,
    /// All differences.
    pub comparison: Comparison,
    /// Differences from the policy that only the later build shows, where a policy was given.
    pub findings: Option<NewFindings>,
}

/// How the findings of two builds differ.
pub struct NewFindings {
    /// The policy.
    pub declared: String,
    /// Only the later build has them.
    pub added: Vec<Finding>,
    /// Only the earlier build has them: rule and subject.
    pub resolved: Vec<String>,
    /// The later build does not show them, and not all of its code could be read: rule and subject.
    pub unsettled: Vec<String>,
}

impl CompareReport<'_> {
    /// What is new at or above a severity: findings where there is a policy, and what has become unreadable; else differences.
    pub fn at_least(&self, severity: Severity) -> usize {
        match &self.findings {
            Some(findings) => {
                let unread = self.comparison.unread().filter(|change| change.severity >= severity).count();
                Counts::of(findings.added.iter()).at_least(severity) + unread
            }
            None => self.comparison.at_least(severity),
        }
    }
}

#[derive(Serialize)]
struct ReportJson<'a> {
    schema_version: &'static str,
    stamp: StampJson<'a>,
    old: BuildJson<'a>,
    new: BuildJson<'a>,
    changes: Vec<ChangeJson<'a>>,
    limits: Vec<&'a str>,
    findings: Option<FindingsJson<'a>>,
    summary: SummaryJson,
}

#[derive(Serialize)]
struct BuildJson<'a> {
    path: &'a str,
    sha256: &'a str,
    application_id: &'a str,
    version_name: Option<&'a str>,
    version_code: Option<u64>,
}

#[derive(Serialize)]
struct ChangeJson<'a> {
    kind: &'static str,
    change: &'static str,
    subject: &'a str,
    name: Option<&'a str>,
    field: Option<&'static str>,
    old: Option<&'a str>,
    new: Option<&'a str>,
    severity: &'static str,
}

#[derive(Serialize)]
struct FindingsJson<'a> {
    declared: &'a str,
    added: Vec<FindingJson<'a>>,
    resolved: &'a [String],
    unsettled: &'a [String],
}

#[derive(Serialize)]
struct SummaryJson {
    added: usize,
    removed: usize,
    changed: usize,
    findings: Counts,
}

/// The comparison as JSON.
pub fn json(report: &CompareReport<'_>, lang: Lang) -> String {
    let comparison = &report.comparison;
    let findings = report.findings.as_ref();
    let id = &report.new.application_id;
    to_text(&ReportJson {
        schema_version: SCHEMA_VERSION,
        stamp: StampJson::of(&report.stamp),
        old: BuildJson::of(report.old),
        new: BuildJson::of(report.new),
        changes: comparison.changes.iter().map(|change| ChangeJson::of(change, lang)).collect(),
        limits: comparison.limits.iter().map(|limit| limit.get(lang)).collect(),
        findings: findings.map(|findings| FindingsJson {
            declared: &findings.declared,
            added: findings.added.iter().map(|finding| FindingJson::of(finding, id, lang)).collect(),
            resolved: &findings.resolved,
            unsettled: &findings.unsettled,
        }),
        summary: SummaryJson {
            added: comparison.count(Way::Added),
            removed: comparison.count(Way::Removed),
            changed: comparison.count(Way::Changed),
            findings: Counts::of(findings.iter().flat_map(|findings| &findings.added)),
        },
    })
}

impl<'a> BuildJson<'a> {
    fn of(build: &'a Build) -> BuildJson<'a> {
        BuildJson {
            path: &build.source.path,
            sha256: &build.source.sha256,
            application_id: &build.application_id,
            version_name: build.version_name.as_deref(),
            version_code: build.version_code,
        }
    }
}

impl<'a> ChangeJson<'a> {
    fn of(change: &'a Change, lang: Lang) -> ChangeJson<'a> {
        ChangeJson {
            kind: change.kind.id(),
            change: change.way.id(),
            subject: &change.subject,
            name: change.name.as_ref().map(|name| name.get(lang)),
            field: change.field,
            old: change.old.as_deref(),
            new: change.new.as_deref(),
            severity: change.severity.id(),
        }
    }
}

/// `dev.shop 4.2 (420)`.
pub(super) fn title(build: &Build) -> String {
    let mut title = build.application_id.clone();
    if let Some(version) = &build.version_name {
        let _ = write!(title, " {version}");
    }
    if let Some(code) = build.version_code {
        let _ = write!(title, " ({code})");
    }
    plain(&title)
}

/// The values of a change for people: `1.0 → 1.1`, or the one that there is.
pub(super) fn values(change: &Change, arrow: &str, lang: Lang) -> String {
    let text = |value: &Option<String>| value.as_deref().map_or_else(|| "-".to_owned(), |one| word(change, one, lang));
    match change.field {
        Some(field) => {
            let colon = lang.pick(": ", "：");
            format!("{}{colon}{} {arrow} {}", field_label(field, lang), text(&change.old), text(&change.new))
        }
        None => change.new.as_ref().or(change.old.as_ref()).map(|one| word(change, one, lang)).unwrap_or_default(),
    }
}

/// A value in words; ids, versions and levels are the same in both languages.
fn word(change: &Change, value: &str, lang: Lang) -> String {
    let strength = || Strength::ALL.into_iter().find(|one| one.id() == value).map(Strength::label);
    let label = match (change.kind, value) {
        (Kind::Reference, _) => strength(),
        (Kind::Sdk, "present") => Some(Text::new("present", "存在")),
        (Kind::Sdk, "referenced_only") => Some(Text::new("only referenced", "仅被引用")),
        (Kind::Sdk, "unknown") => Some(Text::new("unknown", "无法判断")),
        (Kind::Component, "true") => Some(Text::new("true", "是")),
        (Kind::Component, "false") => Some(Text::new("false", "否")),
        _ => None,
    };
    plain(label.as_ref().map_or(value, |label| label.get(lang)))
}

fn field_label(field: &'static str, lang: Lang) -> &'static str {
    let zh = match field {
        "application_id" => "应用包名",
        "level" => "级别",
        "version" => "版本",
        "presence" => "状态",
        "strength" => "强度",
        "exported" => "是否导出",
        "permission" => "所需权限",
        other => other,
    };
    lang.pick(field, zh)
}

/// The comparison as Markdown: tables that a pull-request comment shows.
pub fn markdown(report: &CompareReport<'_>, lang: Lang) -> String {
    let heading = lang.pick("What the new build brings", "新构建带来的变化");
    let mut out = format!("### {heading}\n\n");
    let (old, new) = (code(&title(report.old)), code(&title(report.new)));
    let _ = writeln!(out, "{old} → {new}\n");
    match &report.findings {
        Some(findings) => {
            new_findings(&mut out, findings, lang);
            changes(&mut out, &report.comparison.unread().collect::<Vec<_>>(), lang);
        }
        None if report.comparison.changes.is_empty() => {
            let _ = writeln!(out, "{}\n", lang.pick("No difference.", "没有差异。"));
        }
        None => changes(&mut out, &report.comparison.changes.iter().collect::<Vec<_>>(), lang),
    }
    for limit in &report.comparison.limits {
        let _ = writeln!(out, "> {}\n", escaped(limit.get(lang)));
    }
    let version = env!("CARGO_PKG_VERSION");
    let digest = report.stamp.digest.get(..8).unwrap_or_default();
    let count = report.stamp.signatures;
    let _ = match lang {
        Lang::En => writeln!(out, "<sub>sdkaudit {version}, {count} signatures ({digest})</sub>"),
        Lang::Zh => writeln!(out, "<sub>sdkaudit {version}，{count} 条特征（{digest}）</sub>"),
    };
    out
}

fn changes(out: &mut String, changes: &[&Change], lang: Lang) {
    for kind in Kind::ALL {
        let of_kind: Vec<&Change> = changes.iter().copied().filter(|change| change.kind == kind).collect();
        if of_kind.is_empty() {
            continue;
        }
        let _ = writeln!(out, "**{}**\n", kind.label().get(lang));
        let header = lang.pick("| | level | subject | what | value |", "| | 级别 | 对象 | 内容 | 值 |");
        let _ = writeln!(out, "{header}\n| --- | --- | --- | --- | --- |");
        for change in of_kind {
            let name = change.name.as_ref().map(|name| escaped(name.get(lang))).unwrap_or_default();
            let (sign, level) = (change.way.sign(), change.severity.label());
            let subject = code(&plain(&change.subject));
            let _ = writeln!(
                out,
                "| {sign} | {} | {subject} | {name} | {} |",
                level.get(lang),
                escaped(&values(change, "→", lang))
            );
        }
        out.push('\n');
    }
}

fn new_findings(out: &mut String, findings: &NewFindings, lang: Lang) {
    let open: Vec<&Finding> = findings.added.iter().filter(|finding| finding.waiver.is_none()).collect();
    let declared = code(&plain(&findings.declared));
    let _ = match (open.is_empty(), lang) {
        (true, Lang::En) => writeln!(out, "No new difference from {declared}.\n"),
        (true, Lang::Zh) => writeln!(out, "与 {declared} 相比没有新的差异。\n"),
        (false, Lang::En) => writeln!(out, "New differences from {declared}:\n"),
        (false, Lang::Zh) => writeln!(out, "与 {declared} 相比的新差异：\n"),
    };
    if !open.is_empty() {
        let header = lang.pick("| level | rule | finding |", "| 级别 | 规则 | 发现 |");
        let _ = writeln!(out, "{header}\n| --- | --- | --- |");
        for finding in &open {
            let level = finding.severity.label();
            let message = escaped(&plain(finding.message.get(lang)));
            let _ = writeln!(out, "| {} | {} | {message} |", level.get(lang), code(finding.rule.id()));
        }
        out.push('\n');
    }
    if !findings.resolved.is_empty() {
        let count = findings.resolved.len();
        let _ = match lang {
            Lang::En => writeln!(out, "Settled since the old build: {count}\n"),
            Lang::Zh => writeln!(out, "自旧构建以来已解决：{count}\n"),
        };
    }
    if !findings.unsettled.is_empty() {
        let count = findings.unsettled.len();
        let _ = match lang {
            Lang::En => writeln!(out, "Not seen any more, and not settled, as not all code could be read: {count}\n"),
            Lang::Zh => writeln!(out, "不再可见，但因部分代码无法读取而不能视为已解决：{count}\n"),
        };
    }
}

/// Text that means nothing to Markdown or HTML: names come from apps and policies.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            // An @ in a comment calls people.
            '@' => out.push_str("&#64;"),
            '|' | '\\' | '`' | '*' | '_' | '[' | ']' | '#' | '~' | '!' => {
                out.push('\\');
                out.push(letter);
            }
            '\n' | '\r' => out.push(' '),
            _ => out.push(letter),
        }
    }
    out
}

/// A code span, also in a table.
fn code(text: &str) -> String {
    let text = text.replace(['\n', '\r'], " ").replace('|', "\\|");
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    let gap = if text.starts_with('`') || text.ends_with('`') { " " } else { "" };
    format!("{fence}{gap}{text}{gap}{fence}")
}

#[cfg(test)]
mod tests {
    use super::{code, escaped};

    #[test]
    fn hostile_names_stay_text() {
        assert_eq!(escaped("<img src=x>|[a](b)@all"), "&lt;img src=x&gt;\\|\\[a\\](b)&#64;all");
        assert_eq!([code("a|b"), code("`x"), code("a")], ["`a\\|b`", "`` `x ``", "`a`"]);
    }
}
