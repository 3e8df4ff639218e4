//! Markdown for a comment on a pull request: the verdict, findings with evidence, notes folded.
//!
//! Whatever comes from an app or a policy is escaped or stands in a code span: no markup, no link and no mention of a person comes out of
//! it. The whole stays below the length that code hosts take.

use super::format::{Review, Subject};
use super::layout::{number, plain};
use super::text::{count, findings_phrase, signal_label, terms};
use super::{AppReport, Counts, LintReport, Report, Stamp};
use crate::audit::{Finding, Severity};
use crate::detect::{Evidence, Site};
use crate::error::Error;
use crate::lang::Lang;
use std::fmt::Write;

/// GitHub refuses comments of more than 65,536 characters; what may overrun this one is bounded by [`OVERRUN`].
const MAX_BYTES: usize = 60_000;
/// Bytes that the lines around the findings of one app may take above the limit, and the least that is left for an app to begin.
const OVERRUN: usize = 2_000;
/// Bytes for the apps and documents that could not be read.
const MAX_ERRORS: usize = 8_000;
/// Pieces of evidence under a finding; the other formats have them all.
const SHOWN: usize = 3;

/// Findings of `audit`. `fail_on` is the severity from which the headline says "failed".
pub fn audit(report: &Report<'_>, fail_on: Option<Severity>, lang: Lang) -> String {
    let mut out = headline(report.counts(), report.errors.len(), fail_on, lang);
    let errors = errors(&report.errors, lang);
    let limit = MAX_BYTES - errors.len();
    let review = Review::from(report);
    sections(&mut out, limit, &APPS, report.apps.iter().zip(&review.subjects), lang, |out, (app, subject)| {
        app_line(out, app, lang);
        if let Some(declaration) = report.declaration {
            let records = declaration.records.len();
            let document = code(&declaration.document);
            let _ = match lang {
                Lang::En => write!(out, ", declared list {document} ({})", count(records, "record", "records")),
                Lang::Zh => write!(out, "，声明清单 {document}（{records} 个条目）"),
            };
        }
        *out += "\n\n";
        findings(out, subject, limit, lang);
        read(out, app, lang);
    });
    end(&mut out, &errors, &report.stamp, lang);
    out
}

/// Findings of `lint`.
pub fn lint(report: &LintReport<'_>, fail_on: Option<Severity>, lang: Lang) -> String {
    let mut out = headline(report.counts(), report.errors.len(), fail_on, lang);
    let errors = errors(&report.errors, lang);
    let limit = MAX_BYTES - errors.len();
    sections(&mut out, limit, &DOCUMENTS, Review::from(report).subjects.iter(), lang, |out, subject| {
        let records = subject.declaration.map_or(0, |declaration| declaration.records.len());
        let _ = match lang {
            Lang::En => write!(out, "**{}**, {}\n\n", code(subject.path()), count(records, "record", "records")),
            Lang::Zh => write!(out, "**{}**，{records} 个条目\n\n", code(subject.path())),
        };
        findings(out, subject, limit, lang);
    });
    end(&mut out, &errors, &report.stamp, lang);
    out
}

/// The inventory of `inspect`.
pub fn inspect(report: &Report<'_>, lang: Lang) -> String {
    let sdks: usize = report.apps.iter().map(|app| app.inventory.present().count()).sum();
    let apps = report.apps.len();
    let mut out = match lang {
        Lang::En => format!("### sdkaudit: {}, {}\n\n", count(apps, "app", "apps"), count(sdks, "SDK", "SDKs")),
        Lang::Zh => format!("### sdkaudit：{apps} 个应用，{sdks} 个 SDK\n\n"),
    };
    let errors = errors(&report.errors, lang);
    let limit = MAX_BYTES - errors.len();
    let review = Review::from(report);
    sections(&mut out, limit, &APPS, report.apps.iter().zip(&review.subjects), lang, |out, (app, subject)| {
        app_line(out, app, lang);
        *out += "\n\n";
        table(out, app, limit, lang);
        findings(out, subject, limit, lang);
        read(out, app, lang);
    });
    end(&mut out, &errors, &report.stamp, lang);
    out
}

/// What sections are about: one, several, in Chinese.
type Noun = (&'static str, &'static str, &'static str);
const APPS: Noun = ("app", "apps", "应用");
const DOCUMENTS: Noun = ("document", "documents", "文档");

/// One section for each; those for which there is no room are counted.
fn sections<T>(
    out: &mut String,
    limit: usize,
    noun: &Noun,
    all: impl Iterator<Item = T>,
    lang: Lang,
    mut write: impl FnMut(&mut String, T),
) {
    let mut left = 0;
    for one in all {
        let start = out.len();
        if start + OVERRUN <= limit {
            write(out, one);
        }
        if out.len() == start || out.len() > limit + OVERRUN {
            out.truncate(start);
            left += 1;
        }
    }
    if left > 0 {
        let _ = match lang {
            Lang::En => writeln!(out, "{} left out here, in the full report\n", count(left, noun.0, noun.1)),
            Lang::Zh => writeln!(out, "另有 {left} 个{}未在此列出，见完整报告\n", noun.2),
        };
    }
}

fn headline(counts: Counts, errors: usize, fail_on: Option<Severity>, lang: Lang) -> String {
    let failed = errors > 0 || fail_on.is_some_and(|severity| counts.at_least(severity) > 0);
    let verdict = if failed {
        lang.pick("failed", "未通过")
    } else if fail_on.is_some() {
        lang.pick("passed", "通过")
    } else {
        lang.pick("checked", "已检查")
    };
    let colon = lang.pick(": ", "：");
    format!("### sdkaudit{colon}{verdict}{}\n\n", findings_phrase(counts, lang))
}

fn app_line(out: &mut String, report: &AppReport<'_>, lang: Lang) {
    let manifest = &report.app.manifest;
    let version = manifest.version_name.as_deref().map(|version| format!(" {}", escape(version)));
    let (open, close) = lang.pick((" (", ")"), ("（", "）"));
    let (id, path) = (escape(&manifest.application_id), code(&report.app.source.path));
    let _ = write!(out, "**{id}{}**{open}{path}{close}", version.unwrap_or_default());
}

/// Errors and warnings in the open, notes folded; what would make the comment too long is counted.
fn findings(out: &mut String, subject: &Subject<'_>, limit: usize, lang: Lang) {
    let (waived, counting): (Vec<&Finding>, Vec<&Finding>) =
        subject.findings.iter().partition(|finding| finding.waiver.is_some());
    let (notes, open): (Vec<&Finding>, Vec<&Finding>) =
        counting.into_iter().partition(|finding| finding.severity == Severity::Note);
    items(out, &open, limit, lang);
    let many = notes.len();
    folded(out, &lang.pick(count(many, "note", "notes"), format!("{many} 个提示")), &notes, limit, lang);
    let many = waived.len();
    folded(out, &lang.pick(format!("{many} waived"), format!("已豁免 {many} 个")), &waived, limit, lang);
}

fn folded(out: &mut String, title: &str, findings: &[&Finding], limit: usize, lang: Lang) {
    if !findings.is_empty() {
        let _ = write!(out, "<details><summary>{title}</summary>\n\n");
        items(out, findings, limit, lang);
        out.push_str("</details>\n\n");
    }
}

fn items(out: &mut String, findings: &[&Finding], limit: usize, lang: Lang) {
    for (number, finding) in findings.iter().enumerate() {
        let item = item(finding, lang);
        if out.len() + item.len() > limit {
            let rest = findings.len() - number;
            let _ = match lang {
                Lang::En => writeln!(out, "- and {rest} more, in the full report"),
                Lang::Zh => writeln!(out, "- 另有 {rest} 条，见完整报告"),
            };
            break;
        }
        out.push_str(&item);
    }
    if !findings.is_empty() {
        out.push('\n');
    }
}

fn item(finding: &Finding, lang: Lang) -> String {
    let label = finding.severity.label();
    let mut item = format!("- **{}** `{}`", label.get(lang), finding.rule.id());
    let _ = writeln!(item, "{}{}", lang.pick(": ", "："), escape(finding.message.get(lang)));
    if let Some(waiver) = &finding.waiver {
        let _ = writeln!(item, "  - {}", escape(&terms(waiver, lang)));
    }
    if let Some(place) = &finding.declared {
        let _ = writeln!(item, "  - {}", code(&format!("{}:{}:{}", place.document, place.at.line, place.at.column)));
    }
    let sites = finding.references.iter().flat_map(|one| &one.sites).map(site);
    let lines: Vec<String> = finding.evidence.iter().map(|one| seen(one, lang)).chain(sites).collect();
    for line in lines.iter().take(SHOWN) {
        let _ = writeln!(item, "  - {line}");
    }
    if lines.len() > SHOWN {
        let rest = lines.len() - SHOWN;
        let _ = writeln!(item, "  - {}", lang.pick(format!("and {rest} more"), format!("另有 {rest} 条")));
    }
    if finding.severity > Severity::Note {
        let _ = writeln!(item, "  - {}", escape(finding.help.get(lang)));
    }
    item
}

fn seen(evidence: &Evidence, lang: Lang) -> String {
    let times = if evidence.count > 1 { format!(" × {}", number(evidence.count.into())) } else { String::new() };
    let label = signal_label(evidence.signal);
    let entry = if evidence.entry == evidence.seen { String::new() } else { format!(" {}", code(&evidence.entry)) };
    format!("{} {}{times}{entry}", label.get(lang), code(&evidence.seen))
}

fn site(site: &Site) -> String {
    let place = format!("{}.{}()", site.class, site.method);
    format!("{} → {} {}", code(&place), code(&site.api.short_title()), code(&site.entry))
}

fn table(out: &mut String, report: &AppReport<'_>, limit: usize, lang: Lang) {
    out.push_str(lang.pick("| SDK | name | version | category |\n", "| SDK | 名称 | 版本 | 类别 |\n"));
    out.push_str("| --- | --- | --- | --- |\n");
    let mut left = 0;
    for detection in report.inventory.present() {
        let sdk = detection.sdk;
        let category = sdk.categories.first().map(|category| category.label()).unwrap_or_default();
        let version = escape(detection.version.as_deref().unwrap_or_default());
        let (name, category) = lang.pick((&sdk.name.en, category.0), (&sdk.name.zh, category.1));
        let row = format!("| {} | {} | {version} | {category} |\n", escape(&sdk.id), escape(name));
        if left > 0 || out.len() + row.len() > limit {
            left += 1;
        } else {
            out.push_str(&row);
        }
    }
    out.push('\n');
    if left > 0 {
        let _ = match lang {
            Lang::En => writeln!(out, "and {left} more, in the full report\n"),
            Lang::Zh => writeln!(out, "另有 {left} 条，见完整报告\n"),
        };
    }
}

fn read(out: &mut String, report: &AppReport<'_>, lang: Lang) {
    let _ = write!(out, "{}\n\n", escape(&super::coverage::what_was_read(report, lang)));
}

/// What could not be read; what would make the comment too long is counted.
fn errors(errors: &[Error], lang: Lang) -> String {
    let mut out = String::new();
    for (number, error) in errors.iter().enumerate() {
        let label = Severity::Error.label();
        let (headline, help) = (escape(&error.headline(lang)), escape(error.help.get(lang)));
        let item = format!("- **{}** {headline}\n  - {help}\n", label.get(lang));
        if out.len() + item.len() > MAX_ERRORS {
            let rest = errors.len() - number;
            let _ = match lang {
                Lang::En => writeln!(out, "- **{}** {rest} more could not be read", label.get(lang)),
                Lang::Zh => writeln!(out, "- **{}** 另有 {rest} 个无法读取", label.get(lang)),
            };
            break;
        }
        out.push_str(&item);
    }
    if !errors.is_empty() {
        out.push('\n');
    }
    out
}

fn end(out: &mut String, errors: &str, stamp: &Stamp, lang: Lang) {
    out.push_str(errors);
    let _ = writeln!(out, "<sub>{}</sub>", super::text::stamp_of(stamp, lang));
}

/// Text without any markup of its own: GitHub's Markdown sees letters only, and no `@name` that it would write to.
pub fn escape(text: &str) -> String {
    let text = plain(text);
    let mut out = String::with_capacity(text.len());
    let mut before = ' ';
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        // Inside a word an underscore is one: READ_PHONE_STATE stays as it is.
        let inside = before.is_alphanumeric() && letters.peek().is_some_and(|next| next.is_alphanumeric());
        match letter {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            // A zero-width space behind it: neither a mention nor an address.
            '@' => out.push_str("@\u{200b}"),
            '_' if inside => out.push('_'),
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '~' | '#' | '$' => {
                out.push('\\');
                out.push(letter);
            }
            letter => out.push(letter),
        }
        before = letter;
    }
    // What GitHub makes links of without any sign of one.
    out.replace("://", "&#58;//").replace("www.", "www&#46;").replace("WWW.", "WWW&#46;")
}

/// Text as code. Longer backtick runs than its own fence it.
pub fn code(text: &str) -> String {
    let text = plain(text);
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    let pad = if text.starts_with('`') || text.ends_with('`') { " " } else { "" };
    format!("{fence}{pad}{text}{pad}{fence}")
}
