//! Other tools' lists of SDKs, read from a user's own copy: to measure against, and to convert into a private set.
//!
//! Their entries are regular expressions; here stand package prefixes, exact names and `*`. What cannot be said in these
//! words is kept with the reason, never bent into something else.

pub mod convert;
mod exodus;
pub mod known;
mod libchecker;

use super::format::Category;
use crate::error::Error;
use crate::lang::Text;
use std::path::Path;

/// A list of another tool.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// Exodus Privacy's trackers: JSON, as its interface gives them.
    Exodus,
    /// LibChecker's rules: tab-separated `kind name label regex`, or the rules' own folder.
    LibChecker,
}

impl Origin {
    /// The word in ids and arguments.
    pub fn id(self) -> &'static str {
        match self {
            Origin::Exodus => "exodus",
            Origin::LibChecker => "libchecker",
        }
    }

    /// The project's name.
    pub fn name(self) -> &'static str {
        match self {
            Origin::Exodus => "Exodus",
            Origin::LibChecker => "LibChecker",
        }
    }
}

/// One entry: a tracker, or all rules with one label.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Its name in the list.
    pub title: String,
    /// What identifies it within the list.
    pub key: String,
    /// What it is recognised by.
    pub clues: Vec<Clue>,
    /// What it is for, as far as the list says.
    pub categories: Vec<Category>,
    /// Whether the list calls it a tracker.
    pub tracker: bool,
    /// Its page, where the list names one.
    pub website: Option<String>,
    /// Company, where the list names it.
    pub vendor: Option<String>,
}

/// One alternative of a tracker's code signature, or one rule.
#[derive(Clone, Debug)]
pub struct Clue {
    /// As it stands in the list.
    pub written: String,
    /// What it says in this base's words, or why it cannot be said.
    pub meaning: Result<Meaning, Text>,
    /// Where the list's rule and the meaning do not match the same names.
    pub difference: Option<Difference>,
}

/// How a meaning differs from the rule it came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Difference {
    /// The rule also matches names that go on within the last segment: `com.acme` matches `com.acmeworks`.
    Narrower,
    /// The rule matches one package, the meaning the packages below it as well.
    Wider,
}

/// What a clue says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Meaning {
    /// A package prefix, whole segments.
    Package(String),
    /// A component class in the manifest; may hold `*`.
    Component(String),
    /// File name of a native library; may hold `*`.
    Library(String),
}

impl Entry {
    /// Whether any of its clues is about code or components, not native libraries alone.
    pub fn has_code(&self) -> bool {
        self.clues.iter().any(|clue| !matches!(clue.meaning, Ok(Meaning::Library(_))))
    }
}

/// Reads a list whose kind is known.
///
/// # Errors
/// When the file cannot be read or is not such a list.
pub fn read(origin: Origin, path: &Path) -> Result<Vec<Entry>, Error> {
    let shown = path.display().to_string();
    if origin == Origin::LibChecker && path.is_dir() {
        return libchecker::read_folder(path).map_err(|error| error.in_input(&shown));
    }
    let bytes = std::fs::read(path).map_err(|cause| Error::io(&shown, cause))?;
    let text = String::from_utf8(bytes).map_err(|cause| not_utf8().because(cause).in_input(&shown))?;
    parse(origin, &text).map_err(|error| error.in_input(&shown))
}

/// Reads the text of a list whose kind is known.
///
/// # Errors
/// When it is not such a list.
pub fn parse(origin: Origin, text: &str) -> Result<Vec<Entry>, Error> {
    match origin {
        Origin::Exodus => exodus::parse(text),
        Origin::LibChecker => libchecker::parse(text),
    }
}

/// The kind of list that a text is; `None` where it is no known one.
pub fn detect(text: &str) -> Option<Origin> {
    let text = text.trim_start_matches('\u{feff}').trim_start();
    if libchecker::is_table(text) {
        Some(Origin::LibChecker)
    } else if text.starts_with(['{', '[']) && text.contains("\"code_signature\"") {
        Some(Origin::Exodus)
    } else {
        None
    }
}

fn not_utf8() -> Error {
    Error::new(
        Text::new("it is not UTF-8", "不是 UTF-8 编码"),
        Text::new("save the list as UTF-8", "请将名单另存为 UTF-8"),
    )
}
