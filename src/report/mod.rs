//! Prints and decides nothing: each format is one pure function of a [`Report`].

pub mod compare;
mod coverage;
pub mod csv;
pub mod cyclonedx;
pub mod fix;
pub mod format;
pub mod github;
pub mod html;
pub mod json;
mod json_lint;
pub mod json_row;
pub mod junit;
mod layout;
pub mod markdown;
mod place;
pub mod sarif;
pub mod screen;
pub mod signatures;
pub mod tally;
pub mod text;

pub use format::{Format, Review, Subject};
pub use layout::plain;
pub use screen::Screen;

use crate::app::App;
use crate::audit::{Audit, Finding, Severity};
use crate::declared::Declaration;
use crate::detect::Inventory;
use crate::error::Error;
use crate::signatures::SignatureSet;

/// Everything one run found out.
pub struct Report<'a> {
    /// What made the report.
    pub stamp: Stamp,
    /// The declaration that the apps were compared with; none for `inspect`.
    pub declaration: Option<&'a Declaration>,
    /// Results in the order of the inputs.
    pub apps: Vec<AppReport<'a>>,
    /// Inputs that could not be answered for, in the order of the inputs.
    pub errors: Vec<Error>,
}

/// The results for one app.
pub struct AppReport<'a> {
    /// Facts.
    pub app: App,
    /// SDKs.
    pub inventory: Inventory<'a>,
    /// Findings and verdicts.
    pub audit: Audit,
}

/// Everything that one run of `lint` found out.
pub struct LintReport<'a> {
    /// What made the report.
    pub stamp: Stamp,
    /// Results in the order of the inputs.
    pub documents: Vec<LintedDocument<'a>>,
    /// Inputs that could not be read, in the order of the inputs.
    pub errors: Vec<Error>,
}

/// The findings about one declared list.
pub struct LintedDocument<'a> {
    /// The list.
    pub declaration: &'a Declaration,
    /// What is wrong with it.
    pub findings: Vec<Finding>,
}

impl LintReport<'_> {
    /// Findings of all documents by severity.
    pub fn counts(&self) -> Counts {
        Counts::of(self.documents.iter().flat_map(|document| &document.findings))
    }
}

/// Tool and data that made a report: the same stamp and the same files give the same report.
#[derive(Clone, Debug)]
pub struct Stamp {
    /// Number of signatures.
    pub signatures: usize,
    /// SHA-256 of the signature set, hex.
    pub digest: String,
    /// SHA-256 of the declared document, hex; of several, that of their digests in order.
    pub declared_sha256: Option<String>,
    /// Name and SHA-256 of every declared document.
    pub declared: Vec<(String, String)>,
    /// Date of the run, only where the user asked for it or waivers end on a date.
    pub evaluated_on: Option<String>,
    /// The user's own files that had a say: configuration and waivers.
    pub settings: Vec<SettingsFile>,
}

/// A file of the user's own settings.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct SettingsFile {
    /// Path as the user gave it, or relative to the working directory.
    pub path: String,
    /// SHA-256 of its bytes, hex.
    pub sha256: String,
}

impl Stamp {
    /// The stamp of a run with this set.
    pub fn new(set: &SignatureSet, declaration: Option<&Declaration>, evaluated_on: Option<String>) -> Stamp {
        let (signatures, digest) = (set.len(), set.digest().to_owned());
        let (declared, settings) = (Vec::new(), Vec::new());
        Stamp { signatures, digest, declared_sha256: None, declared, evaluated_on, settings }.comparing(declaration)
    }

    /// The same stamp for a comparison with this declaration.
    pub fn comparing(self, declaration: Option<&Declaration>) -> Stamp {
        let declared_sha256 = declaration.map(|declaration| declaration.sha256.clone());
        let documents = declaration.into_iter().flat_map(Declaration::documents);
        let declared = documents.map(|document| (document.document.clone(), document.sha256.clone())).collect();
        Stamp { declared_sha256, declared, ..self }
    }
}

/// Number of findings by severity; waived ones count apart.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Counts {
    /// Errors.
    pub error: usize,
    /// Warnings.
    pub warning: usize,
    /// Notes.
    pub note: usize,
    /// Findings of any severity that are waived.
    pub waived: usize,
}

impl Counts {
    /// Counts findings.
    pub fn of<'f>(findings: impl Iterator<Item = &'f Finding>) -> Counts {
        let mut counts = Counts::default();
        findings.for_each(|finding| counts.add(finding.severity, finding.waiver.is_some()));
        counts
    }

    /// Counts one finding.
    pub fn add(&mut self, severity: Severity, waived: bool) {
        match severity {
            _ if waived => self.waived += 1,
            Severity::Error => self.error += 1,
            Severity::Warning => self.warning += 1,
            Severity::Note => self.note += 1,
        }
    }

    /// Findings at or above a severity.
    pub fn at_least(&self, severity: Severity) -> usize {
        match severity {
            Severity::Error => self.error,
            Severity::Warning => self.error + self.warning,
            Severity::Note => self.error + self.warning + self.note,
        }
    }
}

impl std::ops::AddAssign for Counts {
    fn add_assign(&mut self, more: Counts) {
        self.error += more.error;
        self.warning += more.warning;
        self.note += more.note;
        self.waived += more.waived;
    }
}

impl Report<'_> {
    /// Findings of all apps by severity.
    pub fn counts(&self) -> Counts {
        Counts::of(self.apps.iter().flat_map(|app| &app.audit.findings))
    }
}
