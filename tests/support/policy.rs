//! Policies with a declared list, written from a few words.

use std::fmt::Write as _;

const HEADER: &str = "| SDK name | Third party developer entity | SDK package name | Permission used | Purpose of SDK | \
                      Scope of information collected by SDK | Privacy Policy Link |";

/// A policy whose list is a pipe table: complete records unless said otherwise.
#[derive(Clone, Debug, Default)]
pub struct Policy {
    rows: Vec<[String; 7]>,
    prose: Vec<String>,
    permissions: Vec<String>,
}

impl Policy {
    pub fn new() -> Policy {
        Policy::default()
    }

    /// A complete record. `packages` is the cell as written.
    pub fn sdk(self, name: &str, packages: &str) -> Policy {
        self.record([name, "Somebody Ltd.", packages, "None", "Works for the app", "None", "https://policies.invalid/"])
    }

    /// A complete record that uses permissions.
    pub fn sdk_with_permissions(self, name: &str, packages: &str, permissions: &str) -> Policy {
        self.record([name, "Somebody Ltd.", packages, permissions, "Works", "None", "https://policies.invalid/"])
    }

    /// A record: name, vendor, packages, permissions, purpose, data, link.
    pub fn record(mut self, cells: [&str; 7]) -> Policy {
        self.rows.push(cells.map(str::to_owned));
        self
    }

    /// A permission in the app's own Android table.
    pub fn permission(mut self, name: &str) -> Policy {
        self.permissions.push(name.into());
        self
    }

    /// A paragraph before the list.
    pub fn prose(mut self, text: &str) -> Policy {
        self.prose.push(text.into());
        self
    }

    /// The line of the record with this number, from 0.
    pub fn line(&self, record: usize) -> usize {
        2 + 2 * self.prose.len() + 5 + record
    }

    /// The document.
    pub fn text(&self) -> String {
        let mut out = String::from("# Privacy policy\n\n");
        for paragraph in &self.prose {
            let _ = write!(out, "{paragraph}\n\n");
        }
        if !self.rows.is_empty() {
            let _ = write!(out, "## Third-party SDK list\n\n{HEADER}\n|{}\n", " --- |".repeat(7));
            for row in &self.rows {
                let _ = writeln!(out, "| {} |", row.join(" | "));
            }
        }
        if !self.permissions.is_empty() {
            out += "\n## Android application permission list\n\n| Permission | Name | Use |\n| --- | --- | --- |\n";
            for permission in &self.permissions {
                let _ = writeln!(out, "| {permission} | it | used |");
            }
        }
        out + "\n## Contact\n\nUpdated on 1 November 2026. Children ask a guardian. E-mail: privacy@policies.invalid\n"
    }
}
