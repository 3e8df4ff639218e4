//! JUnit XML: one suite per app or policy, one case per finding. A case fails at the severity that fails the run.

use super::format::{Review, Subject};
use super::layout::plain;
use crate::audit::{Finding, Severity};
use crate::error::Error;
use crate::lang::{Lang, Text};
use quick_junit::{NonSuccessKind, Report as Document, TestCase, TestCaseStatus, TestSuite};

/// The findings as JUnit XML.
///
/// # Errors
/// Out of memory only.
pub fn report(review: &Review<'_>, fail_on: Option<Severity>, lang: Lang) -> Result<String, Error> {
    let mut document = Document::new("sdkaudit");
    document.add_test_suites(review.subjects.iter().map(|subject| suite(subject, fail_on, lang)));
    document.add_test_suites(review.errors.iter().map(|error| unreadable(error, lang)));
    document.to_string().map_err(|cause| {
        let message = Text::new("cannot write the report as JUnit XML", "无法将报告写为 JUnit XML");
        Error::new(message, Text::default()).because(cause)
    })
}

fn suite(subject: &Subject<'_>, fail_on: Option<Severity>, lang: Lang) -> TestSuite {
    let mut suite = TestSuite::new(plain(subject.path()));
    suite.add_property(("tool_version", env!("CARGO_PKG_VERSION")));
    if let Some(app) = subject.app {
        suite.add_property(("application_id", plain(&app.manifest.application_id).as_str()));
        suite.add_property(("sha256", app.source.sha256.as_str()));
    }
    // A suite without cases reads as "nothing was run".
    let mut read = TestCase::new(was_read(subject, lang), TestCaseStatus::success());
    read.set_classname("sdkaudit.read");
    suite.add_test_case(read);
    suite.add_test_cases(subject.findings.iter().map(|finding| case(finding, fail_on, lang)));
    suite
}

/// What was read, so that a suite without failures says what that means.
fn was_read(subject: &Subject<'_>, lang: Lang) -> String {
    let records = subject.declaration.map(|declaration| declaration.records.len());
    let classes = subject.app.map(|app| &app.classes);
    let (read, total, count) =
        classes.map_or((0, 0, 0), |classes| (classes.dex_read, classes.dex_total, classes.defined));
    match (classes, records, lang) {
        (Some(_), _, Lang::En) => format!("read {read}/{total} dex, {count} classes"),
        (Some(_), _, Lang::Zh) => format!("已读取 {read}/{total} 个 dex，{count} 个类"),
        (None, records, Lang::En) => format!("read {} records", records.unwrap_or(0)),
        (None, records, Lang::Zh) => format!("已读取 {} 个条目", records.unwrap_or(0)),
    }
}

fn case(finding: &Finding, fail_on: Option<Severity>, lang: Lang) -> TestCase {
    let message = plain(finding.message.get(lang));
    let fails = fail_on.is_some_and(|least| finding.severity >= least) && finding.waiver.is_none();
    let status = if let Some(waiver) = &finding.waiver {
        let mut status = TestCaseStatus::skipped();
        status.set_message(plain(&waiver.reason));
        status
    } else if fails {
        let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
        status.set_type(finding.severity.id()).set_message(message.as_str()).set_description(details(finding, lang));
        status
    } else {
        TestCaseStatus::success()
    };
    let mut case = TestCase::new(format!("{}: {}", finding.rule.id(), plain(&finding.subject)), status);
    case.set_classname(format!("sdkaudit.{}", finding.rule.id()));
    if !fails {
        case.set_system_out(format!("{}: {message}\n{}", finding.severity.id(), details(finding, lang)));
    }
    if let Some(place) = &finding.declared {
        case.extra.insert("file".into(), plain(&place.document).into());
        case.extra.insert("line".into(), place.at.line.to_string().into());
    }
    case
}

fn details(finding: &Finding, lang: Lang) -> String {
    let mut lines = Vec::new();
    if let Some(place) = &finding.declared {
        lines.push(format!("{}:{}:{}: {}", place.document, place.at.line, place.at.column, place.quote));
    }
    lines.extend(finding.details.iter().map(|(label, value)| format!("{}: {}", label.get(lang), value.get(lang))));
    let evidence = |one: &crate::detect::Evidence| {
        format!("{}: {} ({}, {})", super::text::signal_label(one.signal).get(lang), one.seen, one.count, one.entry)
    };
    lines.extend(finding.evidence.iter().map(evidence));
    let site = |one: &crate::detect::Site| {
        format!("{}.{}(): {} ({}, {})", one.class, one.method, one.api.short_title(), one.count, one.entry)
    };
    lines.extend(finding.references.iter().flat_map(|one| &one.sites).map(site));
    lines.push(finding.help.get(lang).to_owned());
    lines.iter().map(|line| plain(line)).collect::<Vec<_>>().join("\n")
}

fn unreadable(error: &Error, lang: Lang) -> TestSuite {
    let name = if error.input.is_empty() { "sdkaudit" } else { &error.input };
    let mut suite = TestSuite::new(plain(name));
    let mut status = TestCaseStatus::non_success(NonSuccessKind::Error);
    let place = error.place(lang).unwrap_or_default();
    status.set_type("unreadable").set_message(plain(&error.headline(lang)));
    status.set_description([plain(&place), plain(error.help.get(lang))].join("\n").trim().to_owned());
    let mut case = TestCase::new(lang.pick("read", "读取"), status);
    case.set_classname("sdkaudit.read");
    suite.add_test_case(case);
    suite
}
