//! Findings that somebody has accepted, with a reason: they stay in the report, marked, and do not count.
//!
//! Waivers rot, so one that has ended and one that nothing needs are findings themselves.

use super::{DeclaredAt, Finding, Levels, Rule, Sink, sort};
use crate::declared::Position;
use crate::lang::Text;
pub use jiff::civil::Date;

/// One accepted finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiver {
    /// The rule.
    pub rule: Rule,
    /// The finding's subject, whole.
    pub subject: String,
    /// Application id that it holds for; without one, for every app.
    pub app: Option<String>,
    /// Why the finding is accepted.
    pub reason: String,
    /// Who answers for it.
    pub owner: Option<String>,
    /// Last day on which it holds.
    pub expires: Option<Date>,
    /// Line of the entry in its file, from 1; 0 for one that stands in no file yet.
    pub line: u32,
}

/// A file of waivers.
#[derive(Clone, Debug, Default)]
pub struct Waivers {
    /// The file as the user named it.
    pub document: String,
    /// Entries in the file's order.
    pub entries: Vec<Waiver>,
}

/// Rules that no waiver touches: silence about an unread part would read as a clean result, and a waiver of a waiver's own finding
/// would let it rot.
pub const NEVER_WAIVED: [Rule; 3] = [Rule::UnreadableContent, Rule::ExpiredWaiver, Rule::UnusedWaiver];

/// Rules that speak only where there is an app: `lint` cannot tell whether their waivers are needed.
pub const NEED_AN_APP: [Rule; 15] = [
    Rule::UndeclaredSdk,
    Rule::DeclaredSdkNotFound,
    Rule::UnverifiableSdk,
    Rule::UndeclaredDataType,
    Rule::NoneButReferenced,
    Rule::DeclaredDataNotReferenced,
    Rule::AppDataTypeUndeclared,
    Rule::UndeclaredSdkPermission,
    Rule::UnusedPermission,
    Rule::UndeclaredPermission,
    Rule::DeclaredPermissionNotRequested,
    Rule::UnidentifiedCode,
    Rule::TamperedArchive,
    Rule::PackedApp,
    Rule::UnreadableContent,
];

impl Waiver {
    /// Whether it speaks of this finding; its end date is not looked at.
    pub fn covers(&self, finding: &Finding, application_id: &str) -> bool {
        self.rule == finding.rule
            && self.subject == finding.subject
            && self.app.as_deref().is_none_or(|app| app == application_id)
    }

    /// Whether it holds on a day: its end date is the last one.
    pub fn holds(&self, today: Date) -> bool {
        self.expires.is_none_or(|last| today <= last)
    }

    /// The waiver of a finding.
    pub fn of(finding: &Finding, application_id: &str, terms: &Terms) -> Waiver {
        Waiver {
            rule: finding.rule,
            subject: finding.subject.clone(),
            app: (!application_id.is_empty()).then(|| application_id.to_owned()),
            reason: terms.reason.clone(),
            owner: terms.owner.clone(),
            expires: terms.expires,
            line: 0,
        }
    }

    fn name(&self) -> String {
        format!("{}/{}", self.rule.id(), self.subject)
    }
}

/// What waivers that are written together have in common.
#[derive(Clone, Debug)]
pub struct Terms {
    /// Why the findings are accepted.
    pub reason: String,
    /// Who answers for it.
    pub owner: Option<String>,
    /// Last day.
    pub expires: Option<Date>,
}

impl Waivers {
    /// Marks the findings of one app (or document, with an empty application id) that are waived on this day, and adds a finding for
    /// each entry that would have waived one and has ended. `used` has one flag an entry, and is set for those that spoke of a
    /// finding.
    pub fn apply(
        &self,
        findings: &mut Vec<Finding>,
        application_id: &str,
        today: Date,
        levels: &Levels,
        used: &mut [bool],
    ) {
        let mut ended = vec![false; self.entries.len()];
        for finding in findings.iter_mut().filter(|finding| !NEVER_WAIVED.contains(&finding.rule)) {
            let speaks = |entry: &&Waiver| entry.covers(finding, application_id);
            let holding = self.entries.iter().filter(speaks).find(|entry| entry.holds(today)).cloned();
            for (number, entry) in self.entries.iter().enumerate().filter(|(_, entry)| speaks(entry)) {
                used[number] = true;
                // Where another one holds, the ended one is only in the way.
                ended[number] |= !entry.holds(today) && holding.is_none();
            }
            finding.waiver = holding;
        }
        let mut sink = Sink::new(levels);
        for (entry, _) in self.entries.iter().zip(&ended).filter(|(_, ended)| **ended) {
            sink.emit(self.expired(entry));
        }
        findings.extend(sink.findings);
        sort(findings);
    }

    /// A finding for each entry that no finding of the whole run needed, where the run could have shown one: `of_app` tells whether
    /// there was an app.
    pub fn unused(&self, used: &[bool], of_app: bool, levels: &Levels) -> Vec<Finding> {
        let mut sink = Sink::new(levels);
        let seen = |entry: &Waiver| of_app || !NEED_AN_APP.contains(&entry.rule);
        for (entry, _) in self.entries.iter().zip(used).filter(|(entry, used)| !**used && seen(entry)) {
            sink.emit(self.needless(entry));
        }
        sink.sorted()
    }

    fn expired(&self, entry: &Waiver) -> Finding {
        let last = entry.expires.map(|last| last.to_string()).unwrap_or_default();
        let finding = Finding::new(
            Rule::ExpiredWaiver,
            entry.name(),
            Text::new(
                format!("the waiver of {} for {} ended on {last}", entry.rule.id(), entry.subject),
                format!("对 {} 的豁免（{}）已于 {last} 到期", entry.subject, entry.rule.id()),
            ),
            Text::new(
                "settle the finding, or give the waiver a new end date and say why",
                "请处理该发现，或重新约定豁免期限并说明理由",
            ),
        );
        self.placed(finding, entry)
    }

    fn needless(&self, entry: &Waiver) -> Finding {
        let finding = Finding::new(
            Rule::UnusedWaiver,
            entry.name(),
            Text::new(
                format!("nothing needs the waiver of {} for {}", entry.rule.id(), entry.subject),
                format!("对 {} 的豁免（{}）没有对应的发现", entry.subject, entry.rule.id()),
            ),
            Text::new("remove it from the file", "请从文件中删除该条"),
        );
        self.placed(finding, entry)
    }

    fn placed(&self, finding: Finding, entry: &Waiver) -> Finding {
        let at = Position { line: entry.line.max(1), column: 1 };
        let place = DeclaredAt { part: 0, document: self.document.clone(), at, quote: String::new() };
        let finding = finding.declared(place).detail(Text::new("reason", "理由"), Text::same(&entry.reason));
        match &entry.owner {
            Some(owner) => finding.detail(Text::new("owner", "负责人"), Text::same(owner)),
            None => finding,
        }
    }
}
