//! Findings with their evidence folded, and the rules behind them.

use super::overview::badge;
use super::words::{code, foreign, t, text};
use crate::audit::{Finding, Rule, Severity};
use crate::detect::Evidence;
use crate::lang::{Lang, Text};
use crate::platform::data_types;
use crate::report::layout::number;
use crate::report::text::{signal_label, terms};
use maud::{Markup, html};
use std::collections::BTreeSet;

/// All findings of the app or policy with this number. `judged` is false for `inspect`, which has findings only about what it could not read.
pub fn section(subject: usize, findings: &[Finding], judged: bool) -> Markup {
    if findings.is_empty() && !judged {
        return html! {};
    }
    html! {
        section.findings data-filtered="finding" {
            h3 { (t("Findings", "发现")) " " span.total { (findings.len()) } }
            @if findings.is_empty() {
                p { (t("App and declaration agree in everything that was checked.", "已检查的各项中，应用与声明一致。")) }
            } @else {
                (filters(findings))
                @for (number, finding) in findings.iter().enumerate() { (one(subject, number, finding)) }
                p.nothing hidden { (t("Nothing matches the filter.", "没有符合筛选条件的内容。")) }
            }
        }
    }
}

fn filters(findings: &[Finding]) -> Markup {
    let severities = [Severity::Error, Severity::Warning, Severity::Note];
    let waived = findings.iter().filter(|finding| finding.waiver.is_some()).count();
    let counts = |finding: &&Finding| finding.waiver.is_none();
    let of = |severity: Severity| findings.iter().filter(counts).filter(move |one| one.severity == severity).count();
    let rules: BTreeSet<&str> = findings.iter().map(|finding| finding.rule.id()).collect();
    html! {
        div.filters hidden {
            @for severity in severities.into_iter().filter(|severity| of(*severity) > 0) {
                label { input type="checkbox" checked data-severity=(severity.id()); " " (badge(severity)) " " (of(severity)) }
            }
            @if waived > 0 {
                label { input type="checkbox" checked data-severity="waived"; " " (waived_badge()) " " (waived) }
            }
            label {
                (t("Rule", "规则")) " "
                select data-rule {
                    option value="" { "–" }
                    @for rule in rules { option value=(rule) { (rule) } }
                }
            }
            button type="button" data-fold="open" { (t("Unfold all", "全部展开")) }
            button type="button" data-fold="" { (t("Fold all", "全部折叠")) }
            span.shown aria-live="polite" {}
        }
    }
}

fn one(subject: usize, number: usize, finding: &Finding) -> Markup {
    let severity = if finding.waiver.is_some() { "waived" } else { finding.severity.id() };
    html! {
        details class={ "finding " (severity) } id={ "finding-" (subject) "-" (number) } data-severity=(severity) data-rule=(finding.rule.id()) {
            summary {
                (badge(finding.severity)) " "
                @if finding.waiver.is_some() { (waived_badge()) " " }
                code { (finding.rule.id()) } " " span.message { (text(&finding.message)) }
            }
            div.body {
                @if let Some(waiver) = &finding.waiver {
                    p { (waived_badge()) " " (text(&Text::new(terms(waiver, Lang::En), terms(waiver, Lang::Zh)))) }
                }
                @if let Some(place) = &finding.declared {
                    p.place { (code(&format!("{}:{}:{}", place.document, place.at.line, place.at.column))) }
                    @if !place.quote.is_empty() { blockquote { (foreign(&place.quote)) } }
                }
                @if !finding.details.is_empty() {
                    dl { @for (label, value) in &finding.details { dt { (text(label)) } dd { (text(value)) } } }
                }
                (evidence(&finding.evidence))
                (references(finding))
                p.help { strong { (t("What to do", "建议")) } " " (text(&finding.help)) }
                p.more { a href={ "#rule-" (finding.rule.id()) } { (t("Why this rule", "规则说明")) } }
            }
        }
    }
}

fn waived_badge() -> Markup {
    html! { span.badge.waived { (t("waived", "已豁免")) } }
}

/// What was seen in the app, every piece.
pub fn evidence(evidence: &[Evidence]) -> Markup {
    html! {
        @if !evidence.is_empty() {
            div.scroll {
                table {
                    thead { tr {
                        th { (t("Evidence", "证据")) } th { (t("Seen", "内容")) } th.number { (t("Count", "数量")) } th { (t("Where", "位置")) }
                    } }
                    tbody { @for one in evidence {
                        tr {
                            td { (text(&signal_label(one.signal))) } td { (code(&one.seen)) }
                            td.number { (number(one.count.into())) } td { (code(&one.entry)) }
                        }
                    } }
                }
            }
        }
    }
}

/// Sites shown under one finding; JSON has them all.
const SITES: usize = 100;

/// Where the code references what the finding speaks of.
fn references(finding: &Finding) -> Markup {
    let all = finding.references.iter().flat_map(|one| one.sites.iter().map(move |site| (one.data_type, site)));
    let rest = all.clone().count().saturating_sub(SITES);
    html! {
        @if !finding.references.is_empty() {
            div.scroll {
                table {
                    thead { tr {
                        th { (t("Data", "信息")) } th { (t("Code", "代码")) } th { (t("References", "引用")) }
                        th.number { (t("Count", "数量")) } th { (t("Where", "位置")) }
                    } }
                    tbody { @for (data_type, site) in all.take(SITES) {
                        tr {
                            td { (text(&data_types::label(data_type))) } td { (code(&format!("{}.{}()", site.class, site.method))) }
                            td { (code(&site.api.short_title())) } td.number { (number(site.count.into())) } td { (code(&site.entry)) }
                        }
                    } }
                }
            }
            @if rest > 0 { p { (t(format!("and {rest} more, in the JSON report"), format!("另有 {rest} 处，见 JSON 报告"))) } }
        }
    }
}

/// The rules that the findings name.
pub fn rules(rules: BTreeSet<Rule>) -> Markup {
    html! {
        @if !rules.is_empty() {
            section.rules {
                h2 { (t("The rules", "规则说明")) }
                @for rule in rules {
                    details.rule id={ "rule-" (rule.id()) } {
                        summary { code { (rule.id()) } " " (text(&rule.summary())) }
                        p { (text(&rule.explanation())) }
                    }
                }
            }
        }
    }
}
