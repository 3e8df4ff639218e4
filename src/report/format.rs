//! The formats of reports, and which command has which.

use super::{LintReport, Report, Stamp};
use crate::app::App;
use crate::audit::Finding;
use crate::declared::{Declaration, DeclaredSdk, Position};
use crate::error::Error;

/// A format of reports. Its id is what users write after `-f` and `-o`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Format {
    /// For people, on a terminal.
    Text,
    /// For programs: `docs/report.schema.json`.
    Json,
    /// SARIF 2.1.0, for code scanning.
    Sarif,
    /// One self-contained page.
    Html,
    /// For a comment on a pull request.
    Markdown,
    /// JUnit XML, for build servers.
    Junit,
    /// CycloneDX 1.6, the inventory as a bill of materials.
    CycloneDx,
    /// Annotations of GitHub Actions.
    Github,
    /// The inventory as a table.
    Csv,
}

impl Format {
    /// All formats.
    pub const ALL: [Format; 9] = [
        Format::Text,
        Format::Json,
        Format::Sarif,
        Format::Html,
        Format::Markdown,
        Format::Junit,
        Format::CycloneDx,
        Format::Github,
        Format::Csv,
    ];

    /// The formats of `audit`: all.
    pub const AUDIT: &[Format] = &Format::ALL;

    /// The formats of `inspect`: those that show an inventory.
    pub const INSPECT: &[Format] =
        &[Format::Text, Format::Json, Format::Html, Format::Markdown, Format::CycloneDx, Format::Csv];

    /// The formats of `lint`: those that show findings.
    pub const LINT: &[Format] =
        &[Format::Text, Format::Json, Format::Sarif, Format::Html, Format::Markdown, Format::Junit, Format::Github];

    /// The word that users write.
    pub fn id(self) -> &'static str {
        match self {
            Format::Text => "text",
            Format::Json => "json",
            Format::Sarif => "sarif",
            Format::Html => "html",
            Format::Markdown => "markdown",
            Format::Junit => "junit",
            Format::CycloneDx => "cyclonedx",
            Format::Github => "github",
            Format::Csv => "csv",
        }
    }

    /// The format with this id.
    pub fn from_id(id: &str) -> Option<Format> {
        Format::ALL.into_iter().find(|format| format.id() == id)
    }
}

/// Findings and what they are about: what the formats for findings need of an audit or a lint.
pub struct Review<'r> {
    /// What made it.
    pub stamp: &'r Stamp,
    /// In the order of the inputs.
    pub subjects: Vec<Subject<'r>>,
    /// Inputs that could not be answered for.
    pub errors: &'r [Error],
}

/// One app with the policy that it was compared with, or one policy by itself.
pub struct Subject<'r> {
    /// The app.
    pub app: Option<&'r App>,
    /// The policy.
    pub declaration: Option<&'r Declaration>,
    /// What was found.
    pub findings: &'r [Finding],
}

impl Subject<'_> {
    /// The file that it is about, as the user named it.
    pub fn path(&self) -> &str {
        let document = || self.declaration.map_or("", |declaration| declaration.document.as_str());
        self.app.map_or_else(document, |app| app.source.path.as_str())
    }

    /// The place in the policy where a finding belongs; for what the policy passes over, where its list begins.
    pub(super) fn place_of<'a>(&'a self, finding: &'a Finding) -> Option<(&'a str, Position)> {
        if let Some(declared) = &finding.declared {
            return Some((&declared.document, declared.at));
        }
        let declaration = self.declaration?;
        let first = declaration.records.first().map_or(Position { line: 1, column: 1 }, DeclaredSdk::place);
        let place = declaration.place(first);
        Some((place.document, place.at))
    }

    /// The app's id; empty where there is none.
    pub fn application_id(&self) -> &str {
        self.app.map_or("", |app| app.manifest.application_id.as_str())
    }
}

impl<'r> From<&'r Report<'_>> for Review<'r> {
    fn from(report: &'r Report<'_>) -> Review<'r> {
        let subject = |one: &'r super::AppReport<'_>| Subject {
            app: Some(&one.app),
            declaration: report.declaration,
            findings: &one.audit.findings,
        };
        Review { stamp: &report.stamp, subjects: report.apps.iter().map(subject).collect(), errors: &report.errors }
    }
}

impl<'r> From<&'r LintReport<'_>> for Review<'r> {
    fn from(report: &'r LintReport<'_>) -> Review<'r> {
        let subject = |one: &'r super::LintedDocument<'_>| Subject {
            app: None,
            declaration: Some(one.declaration),
            findings: &one.findings,
        };
        let subjects = report.documents.iter().map(subject).collect();
        Review { stamp: &report.stamp, subjects, errors: &report.errors }
    }
}
