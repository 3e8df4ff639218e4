//! Groups the packages that no signature knows, so that a reviewer sees a few names and not hundreds.

use crate::signatures::SignatureSet;
use serde::Serialize;
use std::collections::BTreeMap;

/// Unknown code under one prefix.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CodeGroup {
    /// Dotted prefix of two or three segments.
    pub prefix: String,
    /// Class definitions below it.
    pub classes: u32,
}

/// Groups packages, largest group first, then by name.
pub fn groups(set: &SignatureSet, packages: BTreeMap<String, u32>) -> Vec<CodeGroup> {
    let mut shared: BTreeMap<String, bool> = BTreeMap::new();
    let mut groups: BTreeMap<String, u32> = BTreeMap::new();
    for (name, classes) in packages {
        let two = head(&name, 2);
        // `com.google` names no vendor's product: where known SDKs lie below a root, the third segment tells more.
        let is_shared = *shared.entry(two.to_owned()).or_insert_with(|| !set.under_package(two).is_empty() || is_hosting(two));
        let prefix = if is_shared { head(&name, 3) } else { two };
        *groups.entry(prefix.to_owned()).or_default() += classes;
    }
    let mut groups: Vec<CodeGroup> = groups.into_iter().map(|(prefix, classes)| CodeGroup { prefix, classes }).collect();
    groups.sort_by(|a, b| b.classes.cmp(&a.classes).then_with(|| a.prefix.cmp(&b.prefix)));
    groups
}

/// Sites that host many people's code under one root.
fn is_hosting(prefix: &str) -> bool {
    matches!(prefix, "com.github" | "io.github" | "com.gitlab" | "org.bitbucket" | "net.sourceforge")
}

fn head(name: &str, segments: usize) -> &str {
    let end = name.match_indices('.').nth(segments - 1).map_or(name.len(), |(at, _)| at);
    &name[..end]
}
