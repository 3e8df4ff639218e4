//! The closed list of personal data types, and the words that policies have for them.

use crate::lang::Text;

include!(concat!(env!("OUT_DIR"), "/data_types.rs"));

/// Whether code can show that a type is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ShownByCode {
    /// A read needs a call that the catalogue knows: no reference means that nothing was seen.
    Always,
    /// Some reads need one; others (files, intents, the user's own input) show nothing.
    Partly,
    /// The user gives it, or it arises outside the code.
    Never,
}

impl ShownByCode {
    /// The word used in JSON.
    pub fn id(self) -> &'static str {
        match self {
            ShownByCode::Always => "always",
            ShownByCode::Partly => "partly",
            ShownByCode::Never => "never",
        }
    }
}

/// One type.
#[derive(Debug)]
pub struct DataType {
    /// `imei`, `installed_apps`: what JSON and signatures write.
    pub id: &'static str,
    en: &'static str,
    zh: &'static str,
    /// `device_id`, `location`, `content`, …
    pub category: &'static str,
    /// Whether code can show it.
    pub shown_by_code: ShownByCode,
    /// How policies say it, English and Chinese.
    pub words: &'static [&'static str],
    /// Types that a mention of this one covers weakly: approximate location hints at location.
    pub hints_at: &'static [&'static str],
}

impl DataType {
    /// Its name for people.
    pub fn label(&self) -> Text {
        Text::new(self.en, self.zh)
    }
}

/// A word that covers several types without naming them.
#[derive(Debug)]
pub struct Umbrella {
    /// `device_information`.
    pub id: &'static str,
    /// How policies say it.
    pub words: &'static [&'static str],
    /// Ids of the types below it.
    pub members: &'static [&'static str],
}

/// Every type, by id.
pub fn all() -> &'static [DataType] {
    &DATA_TYPES
}

/// Every umbrella word group.
pub fn umbrellas() -> &'static [Umbrella] {
    &UMBRELLAS
}

/// Words that say "nothing", when they are the whole value.
pub fn none_words() -> &'static [&'static str] {
    &NONE
}

/// The type with this id.
pub fn find(id: &str) -> Option<&'static DataType> {
    DATA_TYPES.binary_search_by(|one| one.id.cmp(id)).ok().map(|at| &DATA_TYPES[at])
}

/// The name of a type or capability for people; the id where nobody knows it.
pub fn label(id: &str) -> Text {
    find(id).map(DataType::label).or_else(|| super::apis::capability(id)).unwrap_or_else(|| Text::same(id))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::{apis, permissions};
    use std::collections::BTreeSet;

    #[test]
    fn every_type_is_named_in_both_languages_and_found_by_id() {
        assert!(DATA_TYPES.len() >= 76 && DATA_TYPES.is_sorted_by(|a, b| a.id < b.id));
        for one in all() {
            assert!(!one.label().en.is_empty() && !one.label().zh.is_empty() && !one.words.is_empty(), "{}", one.id);
            assert_eq!(find(one.id).map(|found| found.id), Some(one.id));
        }
        assert!(find("reflection").is_none() && find("").is_none());
        assert_eq!(label("reflection").zh, "反射");
    }

    #[test]
    fn what_code_can_show_is_what_the_catalogue_reads() {
        let read: BTreeSet<&str> = apis::all().iter().map(|api| api.data_type).collect();
        for one in all() {
            assert_eq!(one.shown_by_code != ShownByCode::Never, read.contains(one.id), "{}", one.id);
        }
    }

    #[test]
    fn the_types_that_permissions_open_are_in_the_list() {
        for permission in permissions::all() {
            for id in permission.data_types() {
                assert!(find(id).is_some(), "{}: {id}", permission.name);
            }
        }
    }

    #[test]
    fn no_umbrella_word_names_a_single_type() {
        let words: BTreeSet<&str> = all().iter().flat_map(|one| one.words.iter().copied()).collect();
        for umbrella in umbrellas() {
            assert!(umbrella.members.len() > 2, "{}", umbrella.id);
            for word in umbrella.words {
                assert!(!words.contains(word), "{word} is an umbrella and a type");
            }
        }
        assert!(none_words().contains(&"无"));
    }
}
