//! One self-contained page: no outside resource, both languages in it, readable without scripts.
//!
//! Everything is written here, as text that the template escapes; the script only shows, hides and folds what stands there. A
//! Content-Security-Policy names the one style and the one script by their hashes, so that nothing else could run even if it got in.

mod findings;
mod limits;
mod matrix;
mod overview;
mod permissions;
mod sdks;
mod words;

use super::{AppReport, Counts, LintReport, LintedDocument, Report};
use crate::audit::{Finding, Rule, Severity};
use crate::error::Error;
use crate::lang::{Lang, Text};
use base64ct::{Base64, Encoding};
use maud::{DOCTYPE, Markup, PreEscaped, html};
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;
use words::{foreign, t, text};

const STYLE: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("page.js");

/// The report of `audit`; `lang` is the language that the page opens in.
pub fn audit(report: &Report<'_>, fail_on: Option<Severity>, lang: Lang) -> String {
    apps(report, fail_on, lang)
}

/// The report of `inspect`.
pub fn inspect(report: &Report<'_>, lang: Lang) -> String {
    apps(report, None, lang)
}

/// The report of `lint`.
pub fn lint(report: &LintReport<'_>, fail_on: Option<Severity>, lang: Lang) -> String {
    let names: Vec<&str> = report.documents.iter().map(|one| one.declaration.document.as_str()).collect();
    let counts = report.counts();
    let body = html! {
        (overview::verdict(fail_on.map(|fail_on| failed(counts, &report.errors, fail_on)), counts, report.documents.len(), names_of_policies()))
        (contents(&names))
        (errors(&report.errors))
        @for (number, one) in report.documents.iter().enumerate() { (document(number, one)) }
        (findings::rules(occurring(report.documents.iter().flat_map(|one| &one.findings))))
        (limits::stamp(&report.stamp))
    };
    page(&names, &body, lang)
}

fn names_of_policies() -> (Text, Text) {
    (Text::new("policy", "份政策"), Text::new("policies", "份政策"))
}

fn apps(report: &Report<'_>, fail_on: Option<Severity>, lang: Lang) -> String {
    let names: Vec<&str> = report.apps.iter().map(|app| app.app.manifest.application_id.as_str()).collect();
    let counts = report.counts();
    let verdict = fail_on.map(|fail_on| failed(counts, &report.errors, fail_on));
    let things = (Text::new("app", "个应用"), Text::new("apps", "个应用"));
    let body = html! {
        (overview::verdict(verdict, counts, report.apps.len(), things))
        (contents(&names))
        (errors(&report.errors))
        @for (number, one) in report.apps.iter().enumerate() { (app(number, one, report)) }
        (findings::rules(occurring(report.apps.iter().flat_map(|app| &app.audit.findings))))
        (limits::stamp(&report.stamp))
    };
    page(&names, &body, lang)
}

fn failed(counts: Counts, errors: &[Error], fail_on: Severity) -> bool {
    !errors.is_empty() || counts.at_least(fail_on) > 0
}

fn occurring<'f>(findings: impl Iterator<Item = &'f Finding>) -> BTreeSet<Rule> {
    findings.map(|finding| finding.rule).collect()
}

fn app(number: usize, app: &AppReport<'_>, report: &Report<'_>) -> Markup {
    let audited = report.declaration.is_some();
    html! {
        article.subject id={ "subject-" (number) } {
            (overview::heading(app, report.declaration))
            (overview::figures(app, audited))
            (overview::by_category(app, audited))
            (findings::section(number, &app.audit.findings, audited))
            (sdks::section(app, report.declaration))
            (permissions::section(app, report.declaration))
            (matrix::section(app))
            (limits::section(app))
        }
    }
}

fn document(number: usize, document: &LintedDocument<'_>) -> Markup {
    let declaration = document.declaration;
    let (sdks, counts) = (declaration.records.len(), Counts::of(document.findings.iter()));
    html! {
        article.subject id={ "subject-" (number) } {
            header.heading {
                h2 { (foreign(&declaration.document)) }
                p.file { "SHA-256 " code { (declaration.sha256) } }
            }
            ul.figures {
                (overview::figure("", sdks, &Text::new("records in the SDK list", "SDK 清单条目")))
                (overview::counts(counts))
            }
            (findings::section(number, &document.findings, true))
            (sdks::records(declaration))
        }
    }
}

/// Links to the parts of a page about several apps or policies.
fn contents(names: &[&str]) -> Markup {
    html! {
        @if names.len() > 1 {
            nav.contents aria-label="contents" {
                ol { @for (number, name) in names.iter().enumerate() { li { a href={ "#subject-" (number) } { (foreign(name)) } } } }
            }
        }
    }
}

/// Inputs that could not be answered for.
fn errors(errors: &[Error]) -> Markup {
    html! {
        @if !errors.is_empty() {
            section.unreadable {
                h2 { (t("Not readable", "无法读取")) }
                ul {
                    @for error in errors {
                        li {
                            p { strong { (text(&Text::new(error.headline(Lang::En), error.headline(Lang::Zh)))) } }
                            @if let (Some(en), Some(zh)) = (error.place(Lang::En), error.place(Lang::Zh)) { p { (text(&Text::new(en, zh))) } }
                            p { (text(&error.help)) }
                        }
                    }
                }
            }
        }
    }
}

fn page(names: &[&str], body: &Markup, lang: Lang) -> String {
    let subject = names.first().map(|name| super::layout::plain(name)).unwrap_or_default();
    let (en, zh) = (format!("{subject} – SDK audit"), format!("{subject} – SDK 审计"));
    let policy = format!(
        "default-src 'none'; style-src '{}'; script-src '{}'; img-src data:; base-uri 'none'; form-action 'none'",
        hash(STYLE),
        hash(SCRIPT)
    );
    let page = html! {
        (DOCTYPE)
        html lang=(lang.pick("en", "zh-CN")) data-lang=(lang.pick("en", "zh")) {
            head {
                meta charset="utf-8";
                meta http-equiv="Content-Security-Policy" content=(policy);
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="referrer" content="no-referrer";
                meta name="color-scheme" content="light dark";
                title data-en=(en) data-zh=(zh) { (lang.pick(&en, &zh)) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                (bar())
                main { (body) }
                script { (PreEscaped(SCRIPT)) }
            }
        }
    };
    page.into_string() + "\n"
}

/// Title, search and switches. The script unhides what works only with it.
fn bar() -> Markup {
    let switch = |name: &str, value: &str, label: Markup| html! { button type="button" data-set=(name) data-value=(value) { (label) } };
    html! {
        header.bar {
            p.brand { "sdkaudit" }
            div.tools hidden {
                input #search type="search" autocomplete="off" spellcheck="false" data-en="Search findings and tables" data-zh="搜索发现和表格";
                div.switch role="group" data-label-en="Language" data-label-zh="语言" {
                    (switch("lang", "en", html! { "English" })) (switch("lang", "zh", html! { span lang="zh-CN" { "中文" } }))
                }
                div.switch role="group" data-label-en="Colours" data-label-zh="配色" {
                    (switch("theme", "auto", t("Auto", "自动"))) (switch("theme", "light", t("Light", "浅色"))) (switch("theme", "dark", t("Dark", "深色")))
                }
                button #print type="button" { (t("Print", "打印")) }
            }
        }
    }
}

/// The hash source of a Content-Security-Policy.
fn hash(content: &str) -> String {
    format!("sha256-{}", Base64::encode_string(&Sha256::digest(content)))
}
