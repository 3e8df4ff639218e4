//! Judges: inventory × declaration → findings. Touches no bytes.
//!
//! Every rule family has the same shape: a function that takes the case and emits findings into the sink, the one place where
//! severities are applied.

mod content;
mod data;
mod guards;
mod list;
mod permissions;
pub mod rule;
mod sdks;
mod verdict;

pub use data::DataStanding;
pub use rule::{Rule, Severity};
pub use verdict::{RecordVerdict, Verdict};

use crate::app::App;
use crate::declared::{Declaration, Located, Position};
use crate::detect::{Evidence, Inventory, TypeReferences};
use crate::lang::Text;
use crate::signatures::SignatureSet;
use std::collections::BTreeMap;

/// One result.
#[derive(Clone, Debug)]
pub struct Finding {
    /// The rule.
    pub rule: Rule,
    /// Severity after overrides.
    pub severity: Severity,
    /// What it is about, language-free: an SDK id, a permission name, `sdk/field`, else the declared name.
    pub subject: String,
    /// What was found.
    pub message: Text,
    /// What to do.
    pub help: Text,
    /// More about the subject, as label and value.
    pub details: Vec<(Text, Text)>,
    /// What was seen in the app.
    pub evidence: Vec<Evidence>,
    /// What its code references.
    pub references: Vec<TypeReferences>,
    /// Where the declaration speaks of it.
    pub declared: Option<DeclaredAt>,
}

/// A place in the declared document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeclaredAt {
    /// The document.
    pub document: String,
    /// Line and column.
    pub at: Position,
    /// What stands there.
    pub quote: String,
}

impl Finding {
    /// Rule, subject and application id: stable over versions, paths and lines.
    pub fn fingerprint(&self, application_id: &str) -> String {
        format!("{}/{}@{application_id}", self.rule.id(), self.subject)
    }
}

/// The outcome for one app.
#[derive(Clone, Debug, Default)]
pub struct Audit {
    /// Findings: errors first, then by rule, place in the document and subject.
    pub findings: Vec<Finding>,
    /// One verdict per declared record, in the document's order.
    pub records: Vec<RecordVerdict>,
}

/// Severities that the user has set.
#[derive(Clone, Debug, Default)]
pub struct Levels(BTreeMap<Rule, Option<Severity>>);

impl Levels {
    /// Sets a rule to a severity, or switches it off.
    ///
    /// # Errors
    /// [`Rule::UnreadableContent`] is not switched off: silence about an unread part would read as a clean result. A rule has one
    /// severity.
    pub fn set(&mut self, rule: Rule, severity: Option<Severity>) -> Result<(), Text> {
        if rule == Rule::UnreadableContent && severity != Some(Severity::Error) {
            return Err(Text::new(
                "unreadable-content is always an error and cannot be changed",
                "unreadable-content 始终为错误，不能更改",
            ));
        }
        match self.0.insert(rule, severity) {
            Some(other) if other != severity => Err(Text::new(
                format!("{} is given two severities", rule.id()),
                format!("{} 被指定了两个级别", rule.id()),
            )),
            _ => Ok(()),
        }
    }
}

/// What every rule family may look at.
struct Case<'a> {
    app: &'a App,
    inventory: &'a Inventory<'a>,
    declaration: &'a Declaration,
    set: &'a SignatureSet,
    records: Vec<RecordVerdict>,
}

impl Case<'_> {
    fn at(&self, place: Position, quote: &str) -> DeclaredAt {
        DeclaredAt { document: self.declaration.document.clone(), at: place, quote: quote.to_owned() }
    }

    fn located(&self, located: &Located) -> DeclaredAt {
        self.at(located.at, &located.text)
    }
}

/// Receives findings and applies severities.
struct Sink<'a> {
    levels: &'a Levels,
    findings: Vec<Finding>,
}

impl Sink<'_> {
    /// Takes a finding; the user's severity for its rule wins over its own.
    fn emit(&mut self, mut finding: Finding) {
        match self.levels.0.get(&finding.rule) {
            Some(None) => return,
            Some(Some(severity)) => finding.severity = *severity,
            None => {}
        }
        self.findings.push(finding);
    }
}

impl Finding {
    fn new(rule: Rule, subject: impl Into<String>, message: Text, help: Text) -> Finding {
        let severity = rule.default_severity();
        let (details, evidence, references) = (Vec::new(), Vec::new(), Vec::new());
        Finding {
            rule,
            severity,
            subject: subject.into(),
            message,
            help,
            details,
            evidence,
            references,
            declared: None,
        }
    }

    fn severity(mut self, severity: Severity) -> Finding {
        self.severity = severity;
        self
    }

    fn evidence(mut self, evidence: Vec<Evidence>) -> Finding {
        self.evidence = evidence;
        self
    }

    fn references(mut self, references: Vec<TypeReferences>) -> Finding {
        self.references = references;
        self
    }

    fn declared(mut self, place: DeclaredAt) -> Finding {
        self.declared = Some(place);
        self
    }

    fn detail(mut self, label: Text, value: Text) -> Finding {
        self.details.push((label, value));
        self
    }
}

/// Compares an app with what is declared for it.
pub fn audit(
    app: &App,
    inventory: &Inventory<'_>,
    declaration: &Declaration,
    set: &SignatureSet,
    levels: &Levels,
) -> Audit {
    let records = verdict::of_records(app, inventory, declaration);
    let case = Case { app, inventory, declaration, set, records };
    let mut sink = Sink { levels, findings: Vec::new() };
    sdks::check(&case, &mut sink);
    data::check(&case, &mut sink);
    permissions::check(&case, &mut sink);
    guards::check(&case, &mut sink);
    list::check(&case, &mut sink);
    content::check(&case, &mut sink);
    let mut findings = sink.findings;
    let mut standings = data::standings(&case);
    let mut records = case.records;
    for verdict in &mut records {
        verdict.data = standings.remove(&verdict.record).unwrap_or_default();
    }
    findings.sort_by(|a, b| order(a).cmp(&order(b)));
    Audit { findings, records }
}

/// Findings that need no declaration: for `inspect`, which still must not pass over what could not be read.
pub fn unreadable(app: &App) -> Vec<Finding> {
    let levels = Levels::default();
    let mut sink = Sink { levels: &levels, findings: Vec::new() };
    content::unreadable(app, &mut sink);
    sink.findings
}

type Order<'a> = (std::cmp::Reverse<Severity>, Rule, Option<(u32, u32)>, &'a str);

fn order(finding: &Finding) -> Order<'_> {
    let place = finding.declared.as_ref().map(|declared| (declared.at.line, declared.at.column));
    (std::cmp::Reverse(finding.severity), finding.rule, place, &finding.subject)
}
