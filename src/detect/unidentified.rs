//! Groups the packages that no signature knows, so that a reviewer sees a few names and not hundreds.

use crate::signatures::SignatureSet;
use serde::Serialize;
use std::collections::BTreeMap;

/// Unknown code under one prefix.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CodeGroup {
    /// The longest dotted prefix that all its packages share; two or three segments at least, where they have as many.
    pub prefix: String,
    /// Class definitions below it.
    pub classes: u32,
    /// Its packages with their class definitions.
    #[serde(skip)]
    pub packages: Vec<(String, u32)>,
}

/// A native library that no signature knows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct UnknownLib {
    /// File name.
    pub file: String,
    /// ABI folders it stands in, sorted.
    pub abis: Vec<String>,
}

/// Groups packages, largest group first, then by name.
pub fn groups(set: &SignatureSet, packages: BTreeMap<String, u32>) -> Vec<CodeGroup> {
    let mut shared: BTreeMap<String, bool> = BTreeMap::new();
    let mut groups: BTreeMap<String, CodeGroup> = BTreeMap::new();
    for (name, classes) in packages {
        let two = head(&name, 2);
        // `com.google` names no vendor's product: where known SDKs lie below a root, the third segment tells more.
        let is_shared =
            *shared.entry(two.to_owned()).or_insert_with(|| !set.under_package(two).is_empty() || is_hosting(two));
        let root = if is_shared { head(&name, 3) } else { two };
        match groups.get_mut(root) {
            Some(group) => {
                group.classes += classes;
                group.prefix.truncate(common(&group.prefix, &name));
                group.packages.push((name, classes));
            }
            None => {
                let group = CodeGroup { prefix: name.clone(), classes, packages: vec![(name.clone(), classes)] };
                groups.insert(root.to_owned(), group);
            }
        }
    }
    let mut groups: Vec<CodeGroup> = groups.into_values().collect();
    groups.sort_by(|a, b| b.classes.cmp(&a.classes).then_with(|| a.prefix.cmp(&b.prefix)));
    groups
}

/// Sites that host many people's code under one root.
fn is_hosting(prefix: &str) -> bool {
    matches!(prefix, "com.github" | "io.github" | "com.gitlab" | "org.bitbucket" | "net.sourceforge")
}

/// Length of the longest prefix of whole segments that two names share.
fn common(a: &str, b: &str) -> usize {
    let mut length = 0;
    for (one, other) in a.split('.').zip(b.split('.')) {
        if one != other {
            break;
        }
        length += one.len() + 1;
    }
    length.saturating_sub(1)
}

fn head(name: &str, segments: usize) -> &str {
    let end = name.match_indices('.').nth(segments - 1).map_or(name.len(), |(at, _)| at);
    &name[..end]
}
