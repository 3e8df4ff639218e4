//! What a privacy policy declares: documents → records → fields → the SDK each record means.
//!
//! Knows documents and no app. Line and column count from 1, columns in characters (Unicode scalar values), as editors show them.

mod app_permissions;
pub mod canonical;
mod cells;
mod coordinate;
mod decode;
mod denial;
mod docx;
mod encoding;
mod error;
mod fields;
mod forms;
mod headings;
mod join;
mod json;
mod json_tree;
mod labels;
mod learn;
mod line;
mod links;
mod mentions;
mod name_list;
mod names;
mod nested;
mod pdf;
mod prose;
mod read;
mod receivers;
mod record;
mod resolve;
mod scope;
mod section;
mod sentence;
mod source;
mod statements;
mod table;
#[cfg(test)]
mod tests;
mod text;
mod title;
mod types;
mod value;
mod view;

pub use error::{DeclaredError, JsonProblem};
pub use join::Place;
pub use prose::{NumberedLine, Sentence};
pub use read::{is_pdf, pdf_text, read, read_text_of};
pub use scope::{Coverage, DeclaredScope, Scope};
pub use types::{
    AppPermissions, Confidence, DataPractice, DeclaredSdk, Field, Form, Located, Position, Resolution, ResolvedBy,
    Statement, StatementKind,
};
pub use value::{BLANK_STARTS, is_blank, is_package_name, is_permission_name};

use read::Content;
#[cfg(test)]
use read::read_document;
use source::Source;

/// Everything read from one policy.
#[derive(Clone, Debug, Default)]
pub struct Declaration {
    /// Name of the document as the user gave it; of several, all names.
    pub document: String,
    /// SHA-256 of its bytes, hex; of several documents, that of their digests in order.
    pub sha256: String,
    /// The decoded text, for looking up what the prose names.
    ///
    /// For a document with markup these are its words.
    pub text: String,
    spots: Vec<view::Spot>,
    /// Whether the document holds an SDK list (an empty app permission table is none).
    pub has_sdk_list: bool,
    /// The list's records in document order.
    pub records: Vec<DeclaredSdk>,
    /// Companies that get data and are no SDKs (SMS gateways, couriers, banks), in document order.
    pub receivers: Vec<DeclaredSdk>,
    /// The app's own permission tables.
    pub app_permissions: AppPermissions,
    /// Claims in the prose.
    pub statements: Vec<Statement>,
    /// The shop's form that the document is, which declares data for the app and has no place for SDKs.
    pub form: Option<Form>,
    /// What a form declares of data, in its order.
    pub data_practices: Vec<DataPractice>,
    /// Hosts that a privacy manifest names as used for tracking.
    pub tracking_domains: Vec<Located>,
    /// The documents that were joined; empty for a single one.
    parts: Vec<Declaration>,
    /// Lines of the documents before this one.
    first_line: u32,
    /// Lines of the document as the user has it.
    line_count: u32,
}

/// Most bytes of a document; what is larger is no policy.
pub const MAX_BYTES: u64 = 32 << 20;

impl Declaration {
    /// Where the document first names something (an SDK, a permission) as a whole word, letters in any case.
    pub fn mention(&self, name: &str) -> Option<Position> {
        if !self.parts.is_empty() {
            return self.parts.iter().find_map(|part| part.mention(name));
        }
        let needle = name.trim().to_ascii_lowercase();
        if needle.is_empty() {
            return None;
        }
        // Lower-casing ASCII only keeps every offset.
        let hay = self.text.to_ascii_lowercase();
        let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_';
        let joins = |a: Option<char>, b: Option<char>| a.is_some_and(is_word) && b.is_some_and(is_word);
        let found = memchr::memmem::find_iter(hay.as_bytes(), needle.as_bytes()).find(|&at| {
            let (before, after) = (hay.get(..at), hay.get(at + needle.len()..));
            let starts = before.is_some_and(|text| !joins(text.chars().next_back(), needle.chars().next()));
            let ends = after.is_some_and(|text| !joins(needle.chars().next_back(), text.chars().next()));
            starts && ends
        })?;
        Some(self.position(found))
    }

    /// Where a byte offset of [`Declaration::text`] stands in the document.
    fn position(&self, offset: usize) -> Position {
        let at = Source::with_spots(&self.text, &self.spots).position(offset);
        Position { line: at.line.saturating_add(self.first_line), ..at }
    }
}
