//! One build as a JSON report tells it. An app that is given directly is inspected first and read from its own report, so that both ways
//! give the same answer.

use crate::audit::{Rule, Severity};
use crate::detect::Presence;
use crate::error::Error;
use crate::lang::Text;
use crate::signatures::{Category, Names};
use serde::Deserialize;
use std::collections::BTreeMap;

/// Largest report that is read, in bytes.
pub const MAX_REPORT: u64 = 256 << 20;

/// The parts of a report that are compared; what a report of an older version lacks is empty.
#[derive(Debug, Deserialize)]
struct Report {
    stamp: Stamp,
    apps: Vec<Build>,
}

#[derive(Debug, Deserialize)]
struct Stamp {
    #[serde(default)]
    version: String,
    #[serde(default)]
    signatures: Base,
    declared_sha256: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
struct Base {
    #[serde(default)]
    digest: String,
}

/// One app of a report.
#[derive(Debug, Deserialize)]
pub struct Build {
    /// The file.
    pub source: Source,
    /// The manifest's package.
    pub application_id: String,
    /// Version for people.
    pub version_name: Option<String>,
    /// Version for machines.
    pub version_code: Option<u64>,
    pub(super) min_sdk: Option<Level>,
    pub(super) target_sdk: Option<Level>,
    pub(super) requested_permissions: Vec<Requested>,
    pub(super) components: Vec<Component>,
    #[serde(default)]
    pub(super) signing: Option<Signing>,
    pub(super) sdks: Vec<Sdk>,
    pub(super) unidentified: Vec<Group>,
    #[serde(default)]
    pub(super) other_references: Option<OtherReferences>,
    pub(super) coverage: Coverage,
    #[serde(default)]
    pub(super) gaps: Vec<Gap>,
    /// Its findings.
    pub findings: Vec<Finding>,
    /// Whether it was compared with a policy.
    #[serde(skip)]
    pub audited: bool,
    #[serde(skip)]
    maker: (String, String),
}

/// What could not be read.
#[derive(Debug, Deserialize)]
pub(super) struct Gap {
    pub entry: String,
    pub hides_code: bool,
}

/// Where a build was read.
#[derive(Debug, Deserialize)]
pub struct Source {
    /// Path as the user gave it then.
    pub path: String,
    /// SHA-256 of the file, hex.
    pub sha256: String,
}

/// A number or a preview's code name.
#[derive(Debug, PartialEq, Eq, PartialOrd, Deserialize)]
#[serde(untagged)]
pub(super) enum Level {
    Number(u32),
    CodeName(String),
}

#[derive(Debug, Deserialize)]
pub(super) struct Requested {
    pub name: String,
    pub max_sdk_version: Option<u32>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Component {
    pub kind: String,
    pub class: String,
    pub exported: Option<bool>,
    pub permission: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Signing {
    pub certificates: Vec<Certificate>,
    pub unread: Vec<String>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Certificate {
    pub sha256: String,
    pub subject: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Sdk {
    pub id: String,
    pub name: Names,
    pub version: Option<String>,
    pub categories: Vec<Category>,
    pub presence: Presence,
    pub references: Vec<Reference>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Reference {
    pub data_type: String,
    pub strength: String,
    /// A companion's code is that companion's own entry.
    #[serde(default)]
    pub companion: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Group {
    pub prefix: String,
}

#[derive(Debug, Deserialize)]
pub(super) struct OtherReferences {
    own_code: Vec<Reference>,
    wrappers: Vec<Owned>,
    unidentified: Vec<Owned>,
    obfuscated: Vec<Reference>,
}

#[derive(Debug, Deserialize)]
struct Owned {
    name: String,
    references: Vec<Reference>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Coverage {
    pub dex_read: usize,
    pub dex_total: usize,
    #[serde(default)]
    classes: u64,
    #[serde(default)]
    short_names: u64,
    pub hidden_code: Vec<String>,
    pub references_scanned: bool,
}

/// A finding of a report.
#[derive(Debug, Deserialize)]
pub struct Finding {
    /// Rule id.
    pub rule: String,
    /// What it is about.
    pub subject: String,
    /// Severity it had.
    pub severity: String,
    /// Whether it was accepted.
    #[serde(default)]
    pub waived: bool,
}

/// Grades of references that say that data can be read; the others only hint at it.
pub(super) const STRONG: [&str; 2] = ["strong", "argument"];

impl Build {
    /// The only app of a JSON report.
    ///
    /// # Errors
    /// When it is no report of this program, or one of none or several apps.
    pub fn read(name: &str, json: &str) -> Result<Build, Error> {
        let report: Report = serde_json::from_str(json).map_err(|cause| {
            let line = cause.line() as u64;
            let message = Text::new(
                format!("it is no report of sdkaudit (line {line})"),
                format!("不是 sdkaudit 的报告（第 {line} 行）"),
            );
            Error::new(message, give_one()).in_input(name).because(cause)
        })?;
        let audited = report.stamp.declared_sha256.is_some();
        let maker = (report.stamp.version, report.stamp.signatures.digest);
        let count = report.apps.len();
        let mut apps = report.apps.into_iter();
        match (apps.next(), count) {
            (Some(app), 1) => Ok(Build { audited, maker, ..app }),
            _ => {
                let message = Text::new(format!("it reports on {count} apps"), format!("其中有 {count} 个应用"));
                Err(Error::new(message, give_one()).in_input(name))
            }
        }
    }

    /// The strongest grade of each (code, data type).
    pub(super) fn references(&self) -> BTreeMap<(&str, &str), &str> {
        fn own<'b>(owner: &'b str, references: &'b [Reference]) -> impl Iterator<Item = (&'b str, &'b str, &'b str)> {
            let own = references.iter().filter(|one| one.companion.is_none());
            own.map(move |one| (owner, one.data_type.as_str(), one.strength.as_str()))
        }
        let mut found: BTreeMap<(&str, &str), &str> = BTreeMap::new();
        let mut all: Vec<(&str, &str, &str)> = Vec::new();
        for sdk in &self.sdks {
            all.extend(own(&sdk.id, &sdk.references));
        }
        if let Some(other) = &self.other_references {
            all.extend(own("app", &other.own_code));
            all.extend(own("obfuscated", &other.obfuscated));
            for owned in other.wrappers.iter().chain(&other.unidentified) {
                all.extend(own(&owned.name, &owned.references));
            }
        }
        for (owner, data_type, strength) in all {
            let kept = found.entry((owner, data_type)).or_insert(strength);
            if STRONG.contains(&strength) && !STRONG.contains(kept) {
                *kept = strength;
            }
        }
        found
    }

    /// What of the code could not be read: names of packers and entries.
    pub fn hidden(&self) -> &[String] {
        &self.coverage.hidden_code
    }

    /// Version of the program and digest of the signatures that saw the build.
    pub(super) fn maker(&self) -> (&str, &str) {
        (&self.maker.0, &self.maker.1)
    }

    /// Whether all code could be read, so that what is not seen is not there.
    pub fn reads_all(&self) -> bool {
        self.coverage.hidden_code.is_empty() && self.coverage.dex_read == self.coverage.dex_total
    }
}

impl Coverage {
    /// Classes with a name of at most two characters, in percent.
    pub(super) fn short_share(&self) -> u64 {
        self.short_names.saturating_mul(100).checked_div(self.classes).unwrap_or(0)
    }
}

impl Finding {
    /// Whether a finding of another build is the same difference: path, line and version do not matter.
    pub fn is(&self, rule: Rule, subject: &str) -> bool {
        self.rule == rule.id() && self.subject == subject
    }

    /// Its severity; a word that a later version may bring counts as a note.
    pub fn severity(&self) -> Severity {
        Severity::from_id(&self.severity).unwrap_or(Severity::Note)
    }
}

fn give_one() -> Text {
    Text::new(
        "give an app, or what sdkaudit inspect or audit --format json printed for one app",
        "请提供应用，或 sdkaudit inspect、audit --format json 对单个应用的输出",
    )
}
