//! The text report of `lint`.

use super::super::layout::{plain, wrap};
use super::super::screen::Detail;
use super::super::{LintReport, LintedDocument};
use super::{Screen, count, finding, findings_phrase, only_errors, stamp_line, unreadable, verdict};
use crate::audit::Severity;
use crate::lang::Lang;
use std::fmt::Write;

/// The report of `lint`. `fail_on` is the severity from which the last line says "failed"; without one it gives no
/// verdict.
pub fn lint(report: &LintReport<'_>, fail_on: Option<Severity>, screen: &Screen) -> String {
    let mut out = String::new();
    let lang = screen.lang;
    if screen.detail > Detail::Quiet && !report.documents.is_empty() {
        for document in &report.documents {
            heading(&mut out, document, screen);
            finding::all(&mut out, &document.findings, screen);
        }
        let first = report.documents.iter().flat_map(|document| &document.findings).next();
        stamp_line(&mut out, &report.stamp, first, screen);
    }
    let documents: usize = report.documents.iter().map(|document| document.declaration.documents().len()).sum();
    let counts = report.counts();
    if documents == 0 {
        only_errors(&mut out, report.errors.len(), lang);
        return out;
    }
    let failed = !report.errors.is_empty() || fail_on.is_some_and(|severity| counts.at_least(severity) > 0);
    let otherwise = if fail_on.is_some() { lang.pick("passed", "通过") } else { lang.pick("checked", "已检查") };
    let line = match lang {
        Lang::En => format!(
            "{}: {}{}",
            verdict(failed, otherwise, lang),
            count(documents, "document", "documents"),
            findings_phrase(counts, lang)
        ),
        Lang::Zh => {
            format!("{}：{documents} 个文档{}", verdict(failed, otherwise, lang), findings_phrase(counts, lang))
        }
    };
    let _ = writeln!(out, "{line}{}", unreadable(report.errors.len(), lang));
    out
}

fn heading(out: &mut String, document: &LintedDocument<'_>, screen: &Screen) {
    let (name, records) = (plain(&document.declaration.document), document.declaration.records.len());
    let line = match screen.lang {
        Lang::En => format!("{name}   {}", count(records, "SDK", "SDKs")),
        Lang::Zh => format!("{name}   {records} 个 SDK"),
    };
    let _ = writeln!(out, "{}\n", screen.bold(&wrap(&line, screen.width, 2)));
}
