//! Rules that need only the declaration: the list itself, and the policy around it.
//!
//! Each speaks only where it is certainly right; where the text leaves room it stays silent.

mod claims;
mod copied;
mod fields;
mod links;
mod packages;
mod permission_texts;
mod permissions;
pub(super) use permissions::meant;
mod profile;
mod prose;
mod references;
mod words;

pub use profile::Profile;

use super::{DeclaredAt, Finding, Levels, Sink};
use crate::app::manifest::Manifest;
use crate::declared::{Declaration, DeclaredSdk, Field, Located, NumberedLine, Position, Sentence};
use crate::lang::Text;
use crate::signatures::{Sdk, SignatureSet};
use std::collections::BTreeSet;

/// Checks a declared list by itself.
pub fn lint(declaration: &Declaration, set: &SignatureSet, levels: &Levels) -> Vec<Finding> {
    let mut sink = Sink::new(levels);
    check(declaration, set, None, &mut sink);
    sink.sorted()
}

/// Runs all families. `manifest` is the app's, where there is an app: names that it uses exist, whatever the tables say.
pub(super) fn check(declaration: &Declaration, set: &SignatureSet, manifest: Option<&Manifest>, sink: &mut Sink<'_>) {
    let paper = Paper::new(declaration, set, manifest);
    fields::check(&paper, sink);
    packages::check(&paper, sink);
    permissions::check(&paper, sink);
    permission_texts::check(&paper, sink);
    links::check(&paper, sink);
    claims::check(&paper, sink);
    prose::check(&paper, sink);
    copied::check(&paper, sink);
}

/// What these rules may look at.
struct Paper<'a> {
    declaration: &'a Declaration,
    set: &'a SignatureSet,
    manifest: Option<&'a Manifest>,
    lines: Vec<NumberedLine<'a>>,
    sentences: Vec<Sentence>,
    /// Lines that records take up, from the first line to that of the last field.
    in_records: BTreeSet<u32>,
}

impl<'a> Paper<'a> {
    fn new(declaration: &'a Declaration, set: &'a SignatureSet, manifest: Option<&'a Manifest>) -> Paper<'a> {
        let in_records = declaration.records.iter().flat_map(DeclaredSdk::lines).collect();
        let (lines, sentences) = (declaration.lines(), declaration.sentences());
        Paper { declaration, set, manifest, lines, sentences, in_records }
    }

    /// The SDK that a record means.
    fn sdk(&self, record: &DeclaredSdk) -> Option<&'a Sdk> {
        record.resolved.sdk.as_deref().and_then(|id| self.set.get(id))
    }

    /// The SDK's id, else the record's name: what findings about a record are filed under.
    fn subject(&self, record: &DeclaredSdk) -> String {
        record.resolved.sdk.clone().unwrap_or_else(|| record.title())
    }

    fn at(&self, place: Position, quote: &str) -> DeclaredAt {
        DeclaredAt::new(self.declaration, place, quote)
    }

    fn located(&self, located: &Located) -> DeclaredAt {
        self.at(located.at, &located.text)
    }

    fn sentence(&self, sentence: &Sentence) -> DeclaredAt {
        self.at(sentence.at, &sentence.text)
    }

    /// The document as a whole.
    fn whole(&self) -> DeclaredAt {
        self.at(Position { line: 1, column: 1 }, "")
    }

    /// The words that begin on a line of the document; of several the first that has some.
    fn line(&self, number: u32) -> &'a str {
        let own = self.on_line(number);
        own.clone().find(|text| !text.trim().is_empty()).or(own.last()).unwrap_or_default()
    }

    /// All lines of words that begin on a line of the document.
    fn on_line(&self, number: u32) -> impl DoubleEndedIterator<Item = &'a str> + Clone {
        let start = self.lines.partition_point(|line| line.number < number);
        let own = self.lines.get(start..).unwrap_or(&[]).iter();
        own.take_while(move |line| line.number == number).map(|line| line.text).collect::<Vec<_>>().into_iter()
    }

    /// What stands on the same line behind a piece of the document.
    fn behind(&self, located: &Located) -> &'a str {
        let line = self.line(located.at.line);
        let skip = located.at.column.saturating_sub(1) as usize;
        let at = line.char_indices().nth(skip).map_or(line.len(), |(at, _)| at);
        if let Some(rest) = line[at..].strip_prefix(located.text.as_str()) {
            return rest;
        }
        // Columns of a document with markup are not those of its words.
        let written = |line: &'a str| line.split_once(located.text.as_str()).map(|(_, rest)| rest);
        self.on_line(located.at.line).find_map(written).unwrap_or_default()
    }

    /// Sentences outside the records.
    fn prose(&self) -> impl Iterator<Item = &Sentence> {
        self.sentences.iter().filter(|one| !(one.at.line..=one.last_line).any(|line| self.in_records.contains(&line)))
    }
}

/// `Getui Push (getui.push)`, in both languages.
fn title(sdk: &Sdk) -> Text {
    Text::new(format!("{} ({})", sdk.name.en, sdk.id), format!("{}（{}）", sdk.name.zh, sdk.id))
}

fn items(field: &Field<Vec<Located>>) -> &[Located] {
    field.given().map_or(&[], Vec::as_slice)
}
