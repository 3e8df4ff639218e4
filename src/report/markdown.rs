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

/// GitHub refuses comments of more than 65,536 characters.
const MAX_BYTES: usize = 60_000;
/// Pieces of evidence under a finding; the other formats have them all.
const SHOWN: usize = 3;

/// Findings of `audit`. `fail_on` is the severity from which the headline says "failed".
pub fn audit(report: &Report<'_>, fail_on: Option<Severity>, lang: Lang) -> String {
    let mut out = headline(report.counts(), report.errors.len(), fail_on, lang);
    let review = Review::from(report);
    for (app, subject) in report.apps.iter().zip(&review.subjects) {
        app_line(&mut out, app, lang);
        if let Some(declaration) = report.declaration {
            let records = declaration.records.len();
            let document = code(&declaration.document);
            let _ = match lang {
                Lang::En => write!(out, ", declared list {document} ({})", count(records, "record", "records")),
                Lang::Zh => write!(out, "，声明清单 {document}（{records} 个条目）"),
            };
        }
        out += "\n\n";
        findings(&mut out, subject, lang);
        read(&mut out, app, lang);
    }
    end(&mut out, &report.errors, &report.stamp, lang);
    out
}

/// Findings of `lint`.
pub fn lint(report: &LintReport<'_>, fail_on: Option<Severity>, lang: Lang) -> String {
    let mut out = headline(report.counts(), report.errors.len(), fail_on, lang);
    for subject in &Review::from(report).subjects {
        let records = subject.declaration.map_or(0, |declaration| declaration.records.len());
        let _ = match lang {
            Lang::En => write!(out, "**{}**, {}\n\n", code(subject.path()), count(records, "record", "records")),
            Lang::Zh => write!(out, "**{}**，{records} 个条目\n\n", code(subject.path())),
        };
        findings(&mut out, subject, lang);
    }
    end(&mut out, &report.errors, &report.stamp, lang);
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
    for (app, subject) in report.apps.iter().zip(&Review::from(report).subjects) {
        app_line(&mut out, app, lang);
        out += "\n\n";
        table(&mut out, app, lang);
        findings(&mut out, subject, lang);
        read(&mut out, app, lang);
    }
    end(&mut out, &report.errors, &report.stamp, lang);
    out
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
fn findings(out: &mut String, subject: &Subject<'_>, lang: Lang) {
    let (waived, counting): (Vec<&Finding>, Vec<&Finding>) =
        subject.findings.iter().partition(|finding| finding.waiver.is_some());
    let (notes, open): (Vec<&Finding>, Vec<&Finding>) =
        counting.into_iter().partition(|finding| finding.severity == Severity::Note);
    items(out, &open, lang);
    let many = notes.len();
    folded(out, &lang.pick(count(many, "note", "notes"), format!("{many} 个提示")), &notes, lang);
    let many = waived.len();
    folded(out, &lang.pick(format!("{many} waived"), format!("已豁免 {many} 个")), &waived, lang);
}

fn folded(out: &mut String, title: &str, findings: &[&Finding], lang: Lang) {
    if !findings.is_empty() {
        let _ = write!(out, "<details><summary>{title}</summary>\n\n");
        items(out, findings, lang);
        out.push_str("</details>\n\n");
    }
}

fn items(out: &mut String, findings: &[&Finding], lang: Lang) {
    for (number, finding) in findings.iter().enumerate() {
        let item = item(finding, lang);
        if out.len() + item.len() > MAX_BYTES {
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

fn table(out: &mut String, report: &AppReport<'_>, lang: Lang) {
    out.push_str(lang.pick("| SDK | name | version | category |\n", "| SDK | 名称 | 版本 | 类别 |\n"));
    out.push_str("| --- | --- | --- | --- |\n");
    for detection in report.inventory.present() {
        let sdk = detection.sdk;
        let category = sdk.categories.first().map(|category| category.label()).unwrap_or_default();
        let version = escape(detection.version.as_deref().unwrap_or_default());
        let (name, category) = lang.pick((&sdk.name.en, category.0), (&sdk.name.zh, category.1));
        let _ = writeln!(out, "| {} | {} | {version} | {category} |", escape(&sdk.id), escape(name));
    }
    out.push('\n');
}

fn read(out: &mut String, report: &AppReport<'_>, lang: Lang) {
    let _ = write!(out, "{}\n\n", escape(&super::text::what_was_read(report, lang)));
}

fn end(out: &mut String, errors: &[Error], stamp: &Stamp, lang: Lang) {
    for error in errors {
        let label = Severity::Error.label();
        let _ = writeln!(out, "- **{}** {}", label.get(lang), escape(&error.headline(lang)));
        let _ = writeln!(out, "  - {}", escape(error.help.get(lang)));
    }
    if !errors.is_empty() {
        out.push('\n');
    }
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
