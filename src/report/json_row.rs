//! One row of `batch`: JSON on one line. `docs/batch-row.schema.json` describes it; its `app` is the app object of `audit` and `inspect`.

use super::json::{AppJson, ErrorJson, SCHEMA_VERSION, StampJson};
use super::{AppReport, Stamp};
use crate::declared::Declaration;
use crate::error::Error;
use crate::lang::Lang;
use serde::{Deserialize, Serialize};

/// How far an input could be answered for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// The whole app was read.
    Ok,
    /// Part of the app could not be read; the rest stands.
    Gap,
    /// The question could not be answered.
    Error,
}

/// What one row says.
pub struct Row<'a> {
    /// How far the input could be answered for.
    pub status: Status,
    /// The file.
    pub source: RowSource<'a>,
    /// What made the row; its `declared_sha256` is that of `declaration`.
    pub stamp: &'a Stamp,
    /// Digest of the options that change rows.
    pub options: &'a str,
    /// The declaration that the app was compared with.
    pub declaration: Option<&'a Declaration>,
    /// The results; none where the app could not be read.
    pub app: Option<&'a AppReport<'a>>,
    /// Why the question could not be answered.
    pub error: Option<&'a Error>,
    /// Times, where they were asked for.
    pub times: Option<Times>,
}

/// The file a row is about. What could not be told is null.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct RowSource<'a> {
    /// Path as given.
    pub path: &'a str,
    /// Length.
    pub bytes: Option<u64>,
    /// SHA-256, hex.
    pub sha256: Option<&'a str>,
}

/// The only values of a row that change from run to run, or from copy to copy.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Times {
    /// When the file was last changed: RFC 3339 in UTC.
    pub modified: Option<String>,
    /// How long the app took, on the clock.
    pub milliseconds: u64,
}

#[derive(Serialize)]
struct RowJson<'a> {
    schema_version: &'static str,
    status: Status,
    source: RowSource<'a>,
    stamp: StampJson<'a>,
    options: &'a str,
    times: Option<&'a Times>,
    declared: Option<&'a str>,
    error: Option<ErrorJson<'a>>,
    app: Option<AppJson<'a>>,
}

/// The row as one line, with its line feed.
pub fn line(row: &Row<'_>, lang: Lang) -> Vec<u8> {
    let shape = RowJson {
        schema_version: SCHEMA_VERSION,
        status: row.status,
        source: row.source,
        stamp: StampJson::of(row.stamp),
        options: row.options,
        times: row.times.as_ref(),
        declared: row.declaration.map(|declaration| declaration.document.as_str()),
        error: row.error.map(|error| ErrorJson::of(error, lang)),
        app: row.app.map(|app| AppJson::of(app, row.declaration, lang)),
    };
    // Compact JSON holds no line feed of its own.
    let mut line = serde_json::to_vec(&shape).expect("report types have string keys");
    line.push(b'\n');
    line
}
