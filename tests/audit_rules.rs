//! Every rule fires and stays silent, on invented signatures and small policies.

mod support;

#[path = "audit_rules/data.rs"]
mod data;
#[path = "audit_rules/levels.rs"]
mod levels;
#[path = "audit_rules/list.rs"]
mod list;
#[path = "audit_rules/permissions.rs"]
mod permissions;
#[path = "audit_rules/sdks.rs"]
mod sdks;

use support::policy::Policy;
use support::run::{audit, host, rows};
use support::sdks::world;
use support::{ApkBuilder, Dex};

fn with_classes(names: &[&str]) -> ApkBuilder {
    host().dex(&Dex::new().classes(names))
}

/// Findings as `rule severity subject line`.
fn judge(apk: &ApkBuilder, policy: &Policy) -> Vec<String> {
    rows(&audit(apk, &policy.text(), &world()))
}
