//! Runs the examples that stand in signature files.

use super::format::Sdk;
use super::{SignatureSet, Table};
use crate::lang::Text;

/// The examples of one SDK that do not hold: (place in the file, example, what is wrong).
pub(super) fn mistakes<'a>(set: &SignatureSet, sdk: &'a Sdk) -> Vec<(&'static str, &'a str, Text)> {
    let mut found = Vec::new();
    for hit in &sdk.examples.hit {
        let owners = resolve(set, hit);
        if owners != [sdk.id.as_str()] {
            let message = match owners.as_slice() {
                [] => Text::new(format!("hit '{hit}' resolves to nothing"), format!("hit“{hit}”没有匹配任何 SDK")),
                _ => {
                    let owners = owners.join(", ");
                    Text::new(format!("hit '{hit}' resolves to {owners}"), format!("hit“{hit}”匹配到 {owners}"))
                }
            };
            found.push(("examples.hit", hit.as_str(), message));
        }
    }
    for miss in sdk.examples.miss.iter().filter(|miss| resolve(set, miss).contains(&sdk.id.as_str())) {
        let message = Text::new(format!("miss '{miss}' resolves to this SDK"), format!("miss“{miss}”匹配到了本 SDK"));
        found.push(("examples.miss", miss.as_str(), message));
    }
    found
}

/// The ids of the SDKs that an example resolves to. A plain example is a class name; others name their kind first
/// (`library:`, `component:`, `meta-data:`, `asset:`, `permission:`).
pub fn resolve<'a>(set: &'a SignatureSet, example: &str) -> Vec<&'a str> {
    let (table, value) = match example.split_once(':') {
        None => return set.by_package(example).map(|sdk| sdk.id.as_str()).into_iter().collect(),
        Some(("library", value)) => (Table::NativeLib, value),
        Some(("component", value)) => (Table::Component, value),
        Some(("meta-data", value)) => (Table::MetaData, value),
        Some(("asset", value)) => (Table::Asset, value),
        Some(("permission", value)) => (Table::Permission, value),
        Some(_) => return Vec::new(),
    };
    let mut found = set.matching(table, value);
    if table == Table::NativeLib {
        found.extend(set.matching(Table::WeakNativeLib, value));
    }
    found.into_iter().map(|number| set.sdk(number).id.as_str()).collect()
}
