//! Which function writes which report.

use crate::audit::Severity;
use crate::error::Error;
use crate::report::Format::{self, Csv, CycloneDx, Github, Html, Json, Junit, Markdown, Sarif, Text};
use crate::report::text::Extras;
use crate::report::{self, LintReport, Report, Review, Screen};
use std::path::PathBuf;

/// A report of `audit`.
pub fn audit(report: &Report<'_>, fail_on: Option<Severity>, format: Format, screen: &Screen) -> Result<String, Error> {
    let (review, root, lang) = (Review::from(report), working_directory(), screen.lang);
    Ok(match format {
        Text => report::text::audit(report, fail_on, screen),
        Json => report::json::report(report, lang),
        Sarif => report::sarif::report(&review, &root, lang),
        Html => report::html::audit(report, fail_on, lang),
        Markdown => report::markdown::audit(report, fail_on, lang),
        Junit => report::junit::report(&review, fail_on, lang)?,
        CycloneDx => report::cyclonedx::report(report),
        Github => report::github::report(&review, &root, lang),
        Csv => report::csv::inventory(report)?,
    })
}

/// A report of `inspect`, which has none of the formats for findings alone.
pub fn inspect(report: &Report<'_>, extras: Extras, format: Format, screen: &Screen) -> Result<String, Error> {
    Ok(match format {
        Json => report::json::report(report, screen.lang),
        Html => report::html::inspect(report, screen.lang),
        Markdown => report::markdown::inspect(report, screen.lang),
        CycloneDx => report::cyclonedx::report(report),
        Csv => report::csv::inventory(report)?,
        Text | Sarif | Junit | Github => report::text::inspect(report, extras, screen),
    })
}

/// A report of `lint` about so many `given` policies; it has none of the formats for inventories alone.
pub fn lint(
    report: &LintReport<'_>,
    given: usize,
    fail_on: Option<Severity>,
    format: Format,
    screen: &Screen,
) -> Result<String, Error> {
    let (review, root, lang) = (Review::from(report), working_directory(), screen.lang);
    Ok(match format {
        Json => report::json::lint(report, given, lang),
        Sarif => report::sarif::report(&review, &root, lang),
        Html => report::html::lint(report, fail_on, lang),
        Markdown => report::markdown::lint(report, fail_on, lang),
        Junit => report::junit::report(&review, fail_on, lang)?,
        Github => report::github::report(&review, &root, lang),
        Text | CycloneDx | Csv => report::text::lint(report, fail_on, screen),
    })
}

/// The folder that places in reports are relative to; where it is gone, they are as the user wrote them.
fn working_directory() -> PathBuf {
    std::env::current_dir().unwrap_or_default()
}
