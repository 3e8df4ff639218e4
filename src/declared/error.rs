//! What can be wrong with a policy document: each message names the file, the place and the next step.

use super::Position;
use thiserror::Error;

/// Why a document cannot be read as a policy.
#[derive(Debug, Error)]
pub enum DeclaredError {
    /// Nothing but white space.
    #[error(
        "cannot read {name}: the document is empty\n  help: give the policy's text; check that the download or export worked"
    )]
    Empty {
        /// Document as the user named it.
        name: String,
    },
    /// Neither UTF-8 nor UTF-16 with a byte order mark.
    #[error(
        "cannot read {name}: not valid {encoding} at byte offset {offset}\n  help: save the document as UTF-8 (for example: iconv -f GB18030 -t UTF-8)"
    )]
    Encoding {
        /// Document as the user named it.
        name: String,
        /// What it was read as.
        encoding: &'static str,
        /// First byte that does not fit.
        offset: usize,
    },
    /// A format that this version does not read.
    #[error("cannot read {name}: {format} documents are not supported yet\n  help: {help}")]
    Unsupported {
        /// Document as the user named it.
        name: String,
        /// Name of the format.
        format: &'static str,
        /// What to do instead.
        help: &'static str,
    },
    /// Canonical JSON with mistakes in it, all of them listed.
    #[error("cannot read {name} as a declared list: {}", list(problems))]
    Json {
        /// Document as the user named it.
        name: String,
        /// Every mistake, in document order.
        problems: Vec<JsonProblem>,
    },
}

/// One mistake in a canonical JSON document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JsonProblem {
    /// Where.
    pub at: Position,
    /// What, and what was meant where that can be guessed.
    pub message: String,
}

fn list(problems: &[JsonProblem]) -> String {
    let lines = problems.iter().map(|p| format!("\n  line {}, column {}: {}", p.at.line, p.at.column, p.message));
    lines.collect()
}
