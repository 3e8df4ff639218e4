//! Which SDK of a set another list's entry means.

use super::{Clue, Entry, Meaning};
use crate::signatures::{SdkNumber, SignatureSet, Table};
use std::collections::BTreeMap;

/// How an entry was recognised.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum By {
    /// A package prefix or class.
    Package,
    /// A component named outside the prefixes.
    Component,
    /// A native library.
    Library,
    /// A name or alias.
    Name,
    /// Name, packages and links together, as a declared record is resolved.
    Record,
}

impl By {
    /// The word in JSON.
    pub fn id(self) -> &'static str {
        match self {
            By::Package => "package",
            By::Component => "component",
            By::Library => "library",
            By::Name => "name",
            By::Record => "record",
        }
    }
}

/// The id of the SDK that most clues of an entry speak for, and the strongest kind of clue that does.
pub fn entry<'s>(set: &'s SignatureSet, entry: &Entry) -> Option<(&'s str, By)> {
    let mut votes: BTreeMap<&str, (usize, By)> = BTreeMap::new();
    for (id, by) in entry.clues.iter().filter_map(|one| clue(set, one)) {
        let vote = votes.entry(id).or_insert((0, by));
        *vote = (vote.0 + 1, vote.1.min(by));
    }
    votes.into_iter().max_by_key(|(id, (votes, _))| (*votes, std::cmp::Reverse(*id))).map(|(id, (_, by))| (id, by))
}

/// The id of the SDK that one clue speaks for.
pub fn clue<'s>(set: &'s SignatureSet, clue: &Clue) -> Option<(&'s str, By)> {
    match &clue.meaning {
        Ok(meaning) => self::meaning(set, meaning),
        // An expression without a beginning hits every prefix that holds it.
        Err(_) => {
            let part = clue.written.replace("\\.", ".");
            let inside = |prefix: &str| format!("{prefix}.").contains(&part);
            let hit = set.packages().filter(|(prefix, _)| part.starts_with('.') && inside(prefix));
            one_of(set, hit.map(|(_, number)| number).collect()).map(|id| (id, By::Package))
        }
    }
}

/// The id of the SDK that a prefix, component or library belongs to.
pub fn meaning<'s>(set: &'s SignatureSet, meaning: &Meaning) -> Option<(&'s str, By)> {
    let first = |numbers: Vec<SdkNumber>| numbers.first().map(|number| set.sdk(*number).id.as_str());
    match meaning {
        Meaning::Package(prefix) => package(set, prefix).map(|id| (id, By::Package)),
        Meaning::Component(class) => {
            let named = || first(set.matching(Table::Component, &example(class))).map(|id| (id, By::Component));
            package(set, &class.replace(".*", "").replace('*', "")).map(|id| (id, By::Package)).or_else(named)
        }
        Meaning::Library(file) => {
            let file = example(file);
            let weak = || first(set.matching(Table::WeakNativeLib, &file));
            first(set.matching(Table::NativeLib, &file)).or_else(weak).map(|id| (id, By::Library))
        }
    }
}

/// The SDK whose prefix covers a name; where only longer prefixes are known, the one SDK or product line they belong to.
pub fn package<'s>(set: &'s SignatureSet, name: &str) -> Option<&'s str> {
    if let Some((_, number)) = set.match_package(name.as_bytes()) {
        return Some(&set.sdk(number).id);
    }
    let below = set.under_package(name);
    one_of(set, below.iter().filter_map(|sdk| set.number(&sdk.id)).collect())
}

/// The one SDK, or the product line that all of them are or belong to.
fn one_of(set: &SignatureSet, mut numbers: Vec<SdkNumber>) -> Option<&str> {
    numbers.sort_unstable();
    numbers.dedup();
    let (first, rest) = numbers.split_first()?;
    let first = set.sdk(*first);
    if rest.is_empty() {
        return Some(&first.id);
    }
    let line = first.part_of.as_deref().unwrap_or(&first.id);
    let is_part = |number: &SdkNumber| {
        let sdk = set.sdk(*number);
        sdk.id == line || sdk.part_of.as_deref() == Some(line)
    };
    let line = set.get(line)?;
    rest.iter().all(is_part).then_some(&line.id)
}

/// A name that a pattern with `*` matches.
pub fn example(pattern: &str) -> String {
    pattern.replace('*', "1")
}
