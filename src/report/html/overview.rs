//! What a reader sees first: verdict, figures, a picture of the inventory.

use super::words::{foreign, t, text};
use crate::audit::Severity;
use crate::declared::Declaration;
use crate::lang::{Lang, Text};
use crate::report::layout::number;
use crate::report::{AppReport, Counts};
use crate::signatures::Category;
use maud::{Markup, html};

/// The verdict of the run over all apps or policies; none for `inspect`. `things` is what they are, one and several.
pub fn verdict(failed: Option<bool>, counts: Counts, subjects: usize, things: (Text, Text)) -> Markup {
    let (word, class) = match failed {
        Some(true) => (Text::new("Failed", "未通过"), "verdict failed"),
        Some(false) => (Text::new("Passed", "通过"), "verdict passed"),
        None => (Text::new("Inspected", "已检查"), "verdict"),
    };
    let thing = if subjects == 1 { things.0 } else { things.1 };
    let line = |lang: Lang| {
        let findings = crate::report::text::findings_phrase(counts, lang);
        format!("{subjects} {}{findings}", thing.get(lang))
    };
    html! { p class=(class) role="status" { strong { (text(&word)) } " " (t(line(Lang::En), line(Lang::Zh))) } }
}

/// Name, version and file of an app, and the policy that it was compared with.
pub fn heading(report: &AppReport<'_>, declaration: Option<&Declaration>) -> Markup {
    let (app, manifest) = (&report.app, &report.app.manifest);
    let bytes = number(app.source.bytes);
    html! {
        header.heading {
            h2 {
                (foreign(&manifest.application_id))
                @if let Some(version) = &manifest.version_name { " " span.version { (foreign(version)) } }
                @if let Some(code) = manifest.version_code { " " span.version { "(" (code) ")" } }
            }
            p.file { (foreign(&app.source.path)) ", " (t(format!("{bytes} bytes"), format!("{bytes} 字节"))) ", SHA-256 " code { (app.source.sha256) } }
            @for document in declaration.map(Declaration::documents).unwrap_or_default() {
                p.file { (t("compared with", "对照政策")) " " (foreign(&document.document)) ", SHA-256 " code { (document.sha256) } }
            }
        }
    }
}

/// The figures of an app.
pub fn figures(report: &AppReport<'_>, audited: bool) -> Markup {
    let present = report.inventory.present().count();
    let covered = report.audit.covered.as_ref().map(|covered| covered.len());
    let permissions = super::permissions::names(report).len();
    html! {
        ul.figures {
            (counts(Counts::of(report.audit.findings.iter())))
            (figure("", present, &Text::new("SDKs present", "存在的 SDK")))
            @if let Some(covered) = covered.filter(|_| audited) {
                (figure("", present.saturating_sub(covered), &Text::new("of them not declared", "其中未声明")))
            }
            (figure("", permissions, &Text::new("permissions requested", "申请的权限")))
        }
    }
}

/// Findings by severity.
pub fn counts(counts: Counts) -> Markup {
    html! {
        (figure("error", counts.error, &Text::new("errors", "错误")))
        (figure("warning", counts.warning, &Text::new("warnings", "警告")))
        (figure("note", counts.note, &Text::new("notes", "提示")))
        @if counts.waived > 0 { (figure("", counts.waived, &Text::new("waived", "已豁免"))) }
    }
}

/// A number with its name.
pub fn figure(class: &str, count: usize, label: &Text) -> Markup {
    html! { li class=(class) { b { (count) } " " (text(label)) } }
}

/// The word for a severity as a badge.
pub fn badge(severity: Severity) -> Markup {
    html! { span class={ "badge " (severity.id()) } { (text(&severity.label())) } }
}

const ROW: usize = 24;
const LEFT: usize = 160;
const WIDTH: usize = 560;

/// Bars of SDKs by main category, those that are not declared apart.
pub fn by_category(report: &AppReport<'_>, audited: bool) -> Markup {
    let rows = rows(report);
    let most = rows.iter().map(|(_, declared, other)| declared + other).max().unwrap_or(0);
    if most == 0 {
        return html! {};
    }
    let unit = |count: usize| count * (WIDTH - LEFT - 40) / most;
    let height = rows.len() * ROW + 4;
    html! {
        section.picture {
            h3 { (t("SDKs by category", "SDK 类别分布")) }
            @if audited {
                p.legend {
                    span.key.declared {} (t("declared", "已声明")) " " span.key.undeclared {} (t("not declared", "未声明"))
                }
            }
            svg viewBox={ "0 0 " (WIDTH) " " (height) } role="img" aria-label="SDKs by category / SDK 类别分布" preserveAspectRatio="xMinYMin meet" {
                @for (at, (category, declared, other)) in rows.iter().enumerate() {
                    @let (y, (en, zh)) = (at * ROW, category.label());
                    @let (first, second) = (unit(*declared), unit(*other));
                    g {
                        title { (format!("{en} / {zh}: {}", declared + other)) }
                        text.label.en x=(LEFT - 10) y=(y + 17) text-anchor="end" { (en) }
                        text.label.zh x=(LEFT - 10) y=(y + 17) text-anchor="end" { (zh) }
                        rect.declared x=(LEFT) y=(y + 4) width=(first) height=(ROW - 7) {}
                        rect.undeclared x=(LEFT + first) y=(y + 4) width=(second) height=(ROW - 7) {}
                        text.count x=(LEFT + first + second + 8) y=(y + 17) { (declared + other) }
                    }
                }
            }
        }
    }
}

/// Category, SDKs that are declared or need not be, SDKs that are not; most first.
fn rows(report: &AppReport<'_>) -> Vec<(Category, usize, usize)> {
    let count = |category: &Category| {
        let of_category = || report.inventory.present().filter(|one| one.sdk.categories.first() == Some(category));
        let undeclared =
            of_category().filter(|one| report.audit.covered.is_some() && !report.audit.is_covered(&one.sdk.id)).count();
        (*category, of_category().count() - undeclared, undeclared)
    };
    let mut rows: Vec<_> =
        Category::ALL.iter().map(count).filter(|(_, declared, other)| declared + other > 0).collect();
    rows.sort_by_key(|(_, declared, other)| std::cmp::Reverse(declared + other));
    rows
}
