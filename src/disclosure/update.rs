//! What an existing policy lacks, written into it. Only what is wrong is touched; what cannot be known becomes a marked blank.
//!
//! Correcting one thing can show another (a record takes its own package, and no longer shares one), so the text is read and judged
//! again until nothing more is to be done.

mod record;

use super::{Draft, blank, form};
use crate::app::App;
use crate::audit::{self, Finding, Fix, Levels, Rule};
use crate::declared::{self, Declaration, DeclaredSdk, Position};
use crate::detect::Inventory;
use crate::error::Error;
use crate::lang::{Lang, Text};
use crate::signatures::SignatureSet;
use record::Revision;
use std::collections::{BTreeMap, BTreeSet};

/// Rounds of reading and correcting; real policies need three.
const MAX_ROUNDS: usize = 8;
/// Lines behind a record's last field that may still be its own.
const MAX_TAIL: u32 = 4;

/// What an update looks at.
#[derive(Clone, Copy)]
pub struct Inputs<'a> {
    /// The app.
    pub app: &'a App,
    /// What it carries.
    pub inventory: &'a Inventory<'a>,
    /// Signatures.
    pub set: &'a SignatureSet,
    /// Severities and profile.
    pub levels: &'a Levels,
}

/// The outcome.
#[derive(Clone, Debug)]
pub struct Update {
    /// The policy's text with all additions and corrections.
    pub text: String,
    /// What is left to people, because its place in the text cannot be told.
    pub by_hand: Vec<Text>,
}

/// Adds and corrects. The document must be plain text.
///
/// # Errors
/// When the corrected text cannot be read as a policy.
pub fn update(declaration: &Declaration, inputs: Inputs<'_>) -> Result<Update, Error> {
    let mut text = declaration.text.clone();
    let mut by_hand = Vec::new();
    for _ in 0..MAX_ROUNDS {
        let read = declared::read(&declaration.document, text.as_bytes(), inputs.set)?;
        let round = Round::of(&read, inputs);
        by_hand = round.by_hand.clone();
        let next = round.apply(&text);
        if next == text {
            break;
        }
        text = next;
    }
    Ok(Update { text, by_hand })
}

/// The language that a document is written in.
pub(super) fn language(text: &str) -> Lang {
    let chinese = text.chars().filter(|c| ('\u{4e00}'..='\u{9fff}').contains(c)).count();
    // A Chinese text holds many Latin names; an English one holds few Chinese ones.
    if chinese * 10 > text.chars().count() { Lang::Zh } else { Lang::En }
}

/// Corrections of one reading.
struct Round<'a> {
    inputs: Inputs<'a>,
    declaration: &'a Declaration,
    lang: Lang,
    lines: Vec<&'a str>,
    fixes: Vec<Fix>,
    /// Lines to add behind a line, from 0: before the first.
    added: BTreeMap<u32, Vec<String>>,
    by_hand: Vec<Text>,
}

impl<'a> Round<'a> {
    fn of(declaration: &'a Declaration, inputs: Inputs<'a>) -> Round<'a> {
        let mut found = audit::audit(inputs.app, inputs.inventory, declaration, inputs.set, inputs.levels).findings;
        // What the manifest asks for excuses a name in the audit, and not in the list by itself.
        let alone = audit::lint(declaration, inputs.set, inputs.levels);
        found.extend(alone.into_iter().filter(|one| one.rule == Rule::SdkPermissionNotInApp));
        let (lang, lines) = (language(&declaration.text), declaration.text.lines().collect());
        let (fixes, added, by_hand) = (Vec::new(), BTreeMap::new(), Vec::new());
        let mut round = Round { inputs, declaration, lang, lines, fixes, added, by_hand };
        round.records(&found);
        round.new_records(&found);
        round.app_permissions(&found);
        round
    }

    /// Corrections inside the records, and of single words elsewhere.
    fn records(&mut self, found: &[Finding]) {
        for record in &self.declaration.records {
            let own: Vec<&Finding> = found.iter().filter(|one| concerns(one, record)).collect();
            if own.is_empty() {
                continue;
            }
            let revision = Revision::of(record, &own, self.inputs, self.lang);
            let (fixes, unplaced) = revision.fixes(record, &self.lines);
            self.fixes.extend(fixes);
            self.by_hand.extend(unplaced);
            self.insert(record, &revision);
        }
        let in_record = |at: Position| self.declaration.records.iter().any(|record| record.lines().contains(&at.line));
        let elsewhere = found.iter().filter_map(|one| one.fix.clone()).filter(|fix| !in_record(fix.at));
        self.fixes.extend(elsewhere);
    }

    /// Puts missing fields behind the line of the name, where the record has a line for each field.
    fn insert(&mut self, record: &DeclaredSdk, revision: &Revision) {
        if revision.missing.is_empty() {
            return;
        }
        let lines = record.lines();
        if lines.start() == lines.end() {
            let fields: Vec<Text> = revision.missing.iter().map(|part| part.label()).collect();
            let join = |pick: fn(&Text) -> &str, comma: &str| fields.iter().map(pick).collect::<Vec<_>>().join(comma);
            let name = record.title();
            self.by_hand.push(Text::new(
                format!("line {}: \"{name}\" lacks: {}", record.line, join(|one| one.en.as_str(), ", ")),
                format!("第 {} 行：“{name}”缺少：{}", record.line, join(|one| one.zh.as_str(), "、")),
            ));
            return;
        }
        let mark = self.mark(record);
        let rows = revision.missing.iter().map(|part| form::line(&revision.draft, *part, &mark, self.lang));
        let rows: Vec<String> = rows.collect();
        self.added.entry(*lines.start()).or_default().extend(rows);
    }

    /// What stands before the labels of a record: nothing, white space, or a bullet.
    fn mark(&self, record: &DeclaredSdk) -> String {
        let second = self.lines.get(record.line as usize).copied().unwrap_or_default();
        second.chars().take_while(|c| c.is_whitespace() || matches!(c, '-' | '*' | '+' | '•' | '·')).collect()
    }

    /// Records for SDKs that stand in none.
    fn new_records(&mut self, found: &[Finding]) {
        let undeclared = found.iter().filter(|one| one.rule == Rule::UndeclaredSdk || one.rule == Rule::Contradiction);
        let ids: BTreeSet<&str> = undeclared.map(|one| one.subject.as_str()).collect();
        let present = self.inputs.inventory.present().filter(|one| ids.contains(one.sdk.id.as_str()));
        let drafts: Vec<Draft> = present.map(|one| Draft::of(one.sdk, Some(one), self.inputs.app)).collect();
        if drafts.is_empty() {
            return;
        }
        let last = self.declaration.records.iter().max_by_key(|record| *record.lines().end());
        let by_lines = last.filter(|record| record.lines().count() > 1);
        let mark = by_lines.map_or_else(|| "- ".to_owned(), |record| self.mark(record));
        let mut rows = Vec::new();
        if by_lines.is_none() {
            let title = self.lang.pick("Third-party SDKs (addition)", "第三方 SDK（补充）");
            rows.extend([String::new(), format!("## {title}")]);
        }
        for draft in &drafts {
            rows.push(String::new());
            rows.extend(form::record(draft, &mark, self.lang).lines().map(str::to_owned));
        }
        let place = by_lines.map_or(self.last_line(), |record| self.end_of(record));
        // The next line begins something else.
        if self.lines.get(place as usize).is_some_and(|next| !next.trim().is_empty()) {
            rows.push(String::new());
        }
        self.added.entry(place).or_default().extend(rows);
    }

    /// A record's last line, with labelled lines behind it that are no field of the form.
    fn end_of(&self, record: &DeclaredSdk) -> u32 {
        let labelled = |line: &str| {
            let label = line.split_once([':', '：']).map(|(label, _)| label.trim());
            label.is_some_and(|label| (2..=40).contains(&label.chars().count()) && !label.contains("http"))
        };
        let begins_other = |number: u32| self.declaration.records.iter().any(|other| other.line == number);
        let mut last = *record.lines().end();
        for _ in 0..MAX_TAIL {
            let next = self.lines.get(last as usize).copied().unwrap_or_default();
            if !labelled(next) || begins_other(last + 1) {
                break;
            }
            last += 1;
        }
        last
    }

    /// The app's own permissions that the policy names nowhere, or only in a record.
    fn app_permissions(&mut self, found: &[Finding]) {
        let requested = |name: &str| self.inputs.app.manifest.requested_permissions.iter().any(|one| one.name == name);
        let name = |one: &'_ Finding| one.subject.rsplit('/').next().unwrap_or_default().to_owned();
        let undeclared = found.iter().filter(|one| one.rule == Rule::UndeclaredPermission).map(name);
        let in_records = found.iter().filter(|one| one.rule == Rule::SdkPermissionNotInApp).map(name);
        let names: BTreeSet<String> = undeclared.chain(in_records.filter(|name| requested(name))).collect();
        if names.is_empty() {
            return;
        }
        let table = &self.declaration.app_permissions.android;
        let place =
            |line: Option<u32>| line.and_then(|line| self.lines.get(line as usize - 1)).copied().unwrap_or_default();
        let (first, last) = (table.iter().map(|one| one.at.line).min(), table.iter().map(|one| one.at.line).max());
        let like = place(last).trim_start();
        let purpose = blank(&Text::new("purpose", "用途"));
        let purpose = purpose.get(self.lang);
        let columns = like.matches('|').count().saturating_sub(1);
        let colon = self.lang.pick(": ", "：");
        let row = |name: &String| match columns {
            0 | 1 => format!("- {name}{colon}{purpose}"),
            _ => format!("| {name} | {purpose} |{}", "  |".repeat(columns - 2)),
        };
        let mut rows: Vec<String> = names.iter().map(row).collect();
        if last.is_none() {
            let title = self.lang.pick("Permissions that the app requests", "应用申请的权限");
            rows.splice(0..0, [String::new(), format!("## {title}"), String::new()]);
        }
        // Behind the last row of a table; before the first of a list, whose items may go on over several lines.
        let before = first.map(|line| line - 1);
        let place = if columns > 1 { last } else { before }.unwrap_or(self.last_line());
        self.added.entry(place).or_default().extend(rows);
    }

    fn last_line(&self) -> u32 {
        u32::try_from(self.lines.len()).unwrap_or(u32::MAX)
    }

    fn apply(&self, text: &str) -> String {
        let fixed = audit::fix::apply(text, self.fixes.iter().collect());
        let end = if text.contains("\r\n") { "\r\n" } else { "\n" };
        let mut out = String::with_capacity(fixed.len());
        let mut number = 0;
        self.put(&mut out, number, end);
        for line in fixed.split_inclusive('\n') {
            out.push_str(line);
            number += 1;
            self.put(&mut out, number, end);
        }
        for late in self.added.keys().filter(|line| **line > number) {
            self.put(&mut out, *late, end);
        }
        out
    }

    fn put(&self, out: &mut String, number: u32, end: &str) {
        let Some(rows) = self.added.get(&number) else { return };
        if !out.is_empty() && !out.ends_with('\n') {
            out.push_str(end);
        }
        for row in rows {
            out.push_str(row);
            out.push_str(end);
        }
    }
}

/// Whether a finding points into a record.
fn concerns(finding: &Finding, record: &DeclaredSdk) -> bool {
    finding.declared.as_ref().is_some_and(|place| record.lines().contains(&place.at.line))
}
