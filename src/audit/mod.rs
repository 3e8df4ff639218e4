//! Judges: inventory × declaration → findings. Touches no bytes.
//!
//! Every rule family has the same shape: a function that emits findings into the `Sink`, the one place where severities are
//! applied. Families that need no app lie in [`lint`](mod@lint) and take a `Paper`; the others take the `Case`. [`lint()`] runs the
//! first, [`audit()`] both.

mod content;
mod data;
mod guards;
pub mod lint;
mod permissions;
pub mod rule;
mod sdks;
mod verdict;
pub mod waivers;

pub use data::DataStanding;
pub use lint::{Profile, lint};
pub use rule::{Rule, Severity};
pub use verdict::{RecordVerdict, Verdict};
pub use waivers::{Waiver, Waivers};

use crate::app::App;
use crate::declared::{Declaration, Located, Place, Position};
use crate::detect::{Evidence, Inventory, TypeReferences};
use crate::lang::Text;
use crate::signatures::SignatureSet;
use std::collections::{BTreeMap, BTreeSet, HashSet};

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
    /// What to write instead, where there is one right answer.
    pub fix: Option<Fix>,
    /// Who has accepted it, and why: then it does not count.
    pub waiver: Option<Waiver>,
}

/// The one right answer to a finding: other words at a place of the document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// Where the wrong words start; lines count through all declared documents.
    pub at: Position,
    /// The words that stand there.
    pub from: String,
    /// The words that should.
    pub to: String,
}

/// A place in the declared document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeclaredAt {
    /// Which of the declared documents, from 0.
    pub part: usize,
    /// The document.
    pub document: String,
    /// Line and column in it.
    pub at: Position,
    /// What stands there.
    pub quote: String,
}

impl DeclaredAt {
    fn new(declaration: &Declaration, at: Position, quote: &str) -> DeclaredAt {
        let Place { part, document, at } = declaration.place(at);
        DeclaredAt { part, document: document.to_owned(), at, quote: quote.to_owned() }
    }
}

impl Finding {
    /// Rule, subject and application id (empty where there is no app): stable over versions, paths and lines.
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
    /// Ids of present SDKs that the declaration covers; `None` where nothing was declared to compare with.
    pub covered: Option<BTreeSet<String>>,
}

impl Audit {
    /// Whether the declaration covers a present SDK.
    pub fn is_covered(&self, id: &str) -> bool {
        self.covered.as_ref().is_some_and(|covered| covered.contains(id))
    }
}

/// What the user has set: severities, and the fields that records are asked for.
#[derive(Clone, Debug, Default)]
pub struct Levels {
    severities: BTreeMap<Rule, Option<Severity>>,
    /// The fields that records are asked for.
    pub profile: Profile,
}

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
        match self.severities.insert(rule, severity) {
            Some(other) if other != severity => Err(Text::new(
                format!("{} is given two severities", rule.id()),
                format!("{} 被指定了两个级别", rule.id()),
            )),
            _ => Ok(()),
        }
    }

    /// Takes over the severities of `other` for all rules that have none here.
    pub fn fill_from(&mut self, other: &Levels) {
        for (rule, severity) in &other.severities {
            self.severities.entry(*rule).or_insert(*severity);
        }
    }

    /// What the user or the profile says of a rule: a severity, that it is off (`Some(None)`), or nothing.
    fn of(&self, rule: Rule) -> Option<Option<Severity>> {
        self.severities.get(&rule).copied().or_else(|| self.profile.severity(rule))
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
        DeclaredAt::new(self.declaration, place, quote)
    }

    fn located(&self, located: &Located) -> DeclaredAt {
        self.at(located.at, &located.text)
    }
}

/// Receives findings and applies severities.
struct Sink<'a> {
    levels: &'a Levels,
    findings: Vec<Finding>,
    /// What has been said of which place: two families may come to the same finding.
    said: HashSet<(Rule, String, usize, Position)>,
}

impl<'a> Sink<'a> {
    fn new(levels: &'a Levels) -> Sink<'a> {
        Sink { levels, findings: Vec::new(), said: HashSet::new() }
    }

    /// Takes a finding, once; the user's severity for its rule wins over its own.
    fn emit(&mut self, mut finding: Finding) {
        if let Some(place) = &finding.declared
            && !self.said.insert((finding.rule, finding.subject.clone(), place.part, place.at))
        {
            return;
        }
        match self.levels.of(finding.rule) {
            Some(None) => return,
            Some(Some(severity)) => finding.severity = severity,
            None => {}
        }
        self.findings.push(finding);
    }

    fn sorted(self) -> Vec<Finding> {
        let mut findings = self.findings;
        sort(&mut findings);
        findings
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
            fix: None,
            waiver: None,
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

    fn fix(mut self, at: &Located, to: &str) -> Finding {
        self.fix = Some(Fix { at: at.at, from: at.text.clone(), to: to.to_owned() });
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
    let mut sink = Sink::new(levels);
    sdks::check(&case, &mut sink);
    data::check(&case, &mut sink);
    permissions::check(&case, &mut sink);
    guards::check(&case, &mut sink);
    content::check(&case, &mut sink);
    lint::check(declaration, set, Some(&app.manifest), &mut sink);
    let covered = Some(sdks::covered(&case));
    let mut standings = data::standings(&case);
    let mut records = case.records;
    for verdict in &mut records {
        verdict.data = standings.remove(&verdict.record).unwrap_or_default();
    }
    Audit { findings: sink.sorted(), records, covered }
}

/// Findings that need no declaration: for `inspect`, which must not pass over what could not be read, nor over what misleads.
pub fn without_declaration(app: &App, inventory: &Inventory<'_>) -> Vec<Finding> {
    let levels = Levels::default();
    let mut sink = Sink::new(&levels);
    content::readable(app, inventory, &mut sink);
    sink.sorted()
}

/// Puts findings into the order of a report: errors first, then by rule, place in the document and subject.
pub fn sort(findings: &mut [Finding]) {
    findings.sort_by(|a, b| order(a).cmp(&order(b)));
}

type Order<'a> = (std::cmp::Reverse<Severity>, Rule, Option<(usize, Position)>, &'a str);

fn order(finding: &Finding) -> Order<'_> {
    let place = finding.declared.as_ref().map(|declared| (declared.part, declared.at));
    (std::cmp::Reverse(finding.severity), finding.rule, place, &finding.subject)
}
