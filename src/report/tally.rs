//! What the rows of a batch say together.

use super::Counts;
use super::json_row::Status;
use crate::audit::Severity;

/// Rows of one status and the findings in them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Group {
    /// Number of rows.
    pub apps: usize,
    /// Their findings.
    pub findings: Counts,
}

/// Rows and findings by status.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Apps that were read whole.
    pub ok: Group,
    /// Apps with unreadable parts.
    pub gap: Group,
    /// Inputs that could not be answered for.
    pub error: Group,
    /// How many of these rows an earlier run wrote.
    pub kept: usize,
}

impl Tally {
    /// Counts one row.
    pub fn add(&mut self, status: Status, findings: Counts) {
        let group = match status {
            Status::Ok => &mut self.ok,
            Status::Gap => &mut self.gap,
            Status::Error => &mut self.error,
        };
        group.apps += 1;
        group.findings += findings;
    }

    /// Counts one row that an earlier run wrote.
    pub fn keep(&mut self, status: Status, findings: Counts) {
        self.add(status, findings);
        self.kept += 1;
    }

    /// Number of rows.
    pub fn rows(&self) -> usize {
        self.ok.apps + self.gap.apps + self.error.apps
    }

    /// Findings of all rows.
    pub fn findings(&self) -> Counts {
        let mut all = self.ok.findings;
        all += self.gap.findings;
        all += self.error.findings;
        all
    }

    /// Whether a run with these rows failed.
    pub fn failed(&self, fail_on: Option<Severity>) -> bool {
        self.error.apps > 0 || fail_on.is_some_and(|severity| self.findings().at_least(severity) > 0)
    }
}
