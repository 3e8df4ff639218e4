//! Going on with the rows of an earlier run.
//!
//! A row is kept where it is the one that this run would write: same file, tool, signatures, options, settings and policy. Rows of apps that
//! this run does not read stay as they are. A last line that is cut off goes; any other line that is no row stops the run, because
//! then the file is something else.

use super::inputs::Input;
use super::one::{Question, modified};
use super::policies::Policies;
use super::sink::{cannot_write, each_line, rewrite};
use crate::app::{self, Source};
use crate::audit::Severity;
use crate::error::Error;
use crate::lang::Text;
use crate::report::json_row::{Status, Times};
use crate::report::tally::Tally;
use crate::report::{Counts, SettingsFile};
use rayon::prelude::*;
use serde::Deserialize;
use std::collections::HashMap;
use std::fs::OpenOptions;
use std::io;
use std::path::Path;

/// What an earlier run has left.
#[derive(Debug, Default)]
pub struct Earlier {
    /// Its rows.
    pub tally: Tally,
    /// For each input whether its row is there.
    pub done: Vec<bool>,
}

/// What of a row tells whether it still holds.
#[derive(Deserialize)]
struct Head {
    status: Status,
    source: HeadSource,
    stamp: HeadStamp,
    options: String,
    times: Option<Times>,
    app: Option<HeadApp>,
}

#[derive(Deserialize)]
struct HeadSource {
    path: String,
    bytes: Option<u64>,
    sha256: Option<String>,
}

#[derive(Deserialize)]
struct HeadStamp {
    version: String,
    signatures: HeadSignatures,
    declared_sha256: Option<String>,
    settings: Vec<SettingsFile>,
}

#[derive(Deserialize)]
struct HeadSignatures {
    digest: String,
}

#[derive(Deserialize)]
struct HeadApp {
    application_id: String,
    findings: Vec<HeadFinding>,
}

#[derive(Deserialize)]
struct HeadFinding {
    severity: Severity,
    waived: bool,
}

/// A row that stands in the file.
struct Found {
    start: u64,
    length: u64,
    /// The input it is about.
    input: Option<usize>,
    status: Status,
    findings: Counts,
    /// What the file's SHA-256 must be, where nothing else shows that it is the same file.
    must_be: Option<String>,
    kept: bool,
}

/// Reads the rows that are there and throws out those that this run writes anew. Without the file there is nothing to go on with.
///
/// # Errors
/// When the file cannot be read or written, or holds anything but rows.
pub fn resume(path: &Path, inputs: &[Input], question: &Question<'_>, options: &str) -> Result<Earlier, Error> {
    let name = path.display().to_string();
    let fail = |cause| cannot_write(&name, cause);
    let mut file = match OpenOptions::new().read(true).write(true).open(path) {
        Ok(file) => file,
        Err(cause) if cause.kind() == io::ErrorKind::NotFound => {
            return Ok(Earlier { done: vec![false; inputs.len()], ..Earlier::default() });
        }
        Err(cause) => return Err(fail(cause)),
    };
    let names: Vec<String> = inputs.iter().map(Input::name).collect();
    let check = Check {
        inputs,
        by_name: names.iter().enumerate().map(|(at, name)| (name.as_str(), at)).collect(),
        question,
        options,
    };
    let (mut rows, mut number, mut strange, mut torn) = (Vec::new(), 0, None, None);
    let read = each_line(&mut file, |start, line| {
        number += 1;
        if !line.ends_with(b"\n") {
            torn = Some(start);
        } else if strange.is_none() {
            match serde_json::from_slice::<Head>(line) {
                Ok(head) => rows.push(check.look(&head, start, line.len() as u64)),
                Err(cause) => strange = Some(no_row(&name, number).because(cause)),
            }
        }
        Ok(())
    });
    read.map_err(fail)?;
    if let Some(error) = strange {
        return Err(error);
    }
    rows.par_iter_mut().for_each(|row| check.content(row));
    let earlier = settle(&mut rows, inputs.len());
    if rows.iter().any(|row| !row.kept) {
        let places = rows.iter().filter(|row| row.kept).map(|row| (row.start, row.length));
        rewrite(path, &mut file, places).map_err(fail)?;
    } else if let Some(start) = torn {
        file.set_len(start).map_err(fail)?;
    }
    Ok(earlier)
}

/// Keeps the first row of each input that holds.
fn settle(rows: &mut [Found], inputs: usize) -> Earlier {
    let mut earlier = Earlier { done: vec![false; inputs], ..Earlier::default() };
    for row in rows {
        if let (true, Some(input)) = (row.kept, row.input) {
            row.kept = !std::mem::replace(&mut earlier.done[input], true);
            if row.kept {
                earlier.tally.keep(row.status, row.findings);
            }
        }
    }
    earlier
}

struct Check<'a> {
    inputs: &'a [Input],
    by_name: HashMap<&'a str, usize>,
    question: &'a Question<'a>,
    options: &'a str,
}

impl Check<'_> {
    /// All that a row itself tells.
    fn look(&self, head: &Head, start: u64, length: u64) -> Found {
        let input = self.by_name.get(head.source.path.as_str()).copied();
        let mut findings = Counts::default();
        for finding in head.app.iter().flat_map(|app| &app.findings) {
            findings.add(finding.severity, finding.waived);
        }
        let mut found = Found { start, length, input, status: head.status, findings, must_be: None, kept: true };
        let Some(at) = input else { return found };
        let input = &self.inputs[at];
        // Of further parts the row keeps no length and no digest, so nothing shows that they are the same.
        found.kept = input.refused.is_none()
            && input.splits.is_empty()
            && self.same_makers(head)
            && head.source.bytes.is_some()
            && (head.source.bytes == input.bytes || (input.is_remote() && input.size.is_none()))
            && input.size.is_none_or(|wanted| head.source.bytes == Some(wanted))
            && input.sha256.as_ref().is_none_or(|wanted| head.source.sha256.as_ref() == Some(wanted))
            && self.same_policy(head, input);
        let modified_then = head.times.as_ref().and_then(|times| times.modified.clone());
        // What stands at an address stays what it is; whoever replaces it says so in the manifest.
        if found.kept && !input.is_remote() && (modified_then.is_none() || modified_then != modified(&input.path)) {
            found.must_be.clone_from(&head.source.sha256);
            found.kept = found.must_be.is_some();
        }
        found
    }

    fn same_makers(&self, head: &Head) -> bool {
        let (then, now) = (&head.stamp, &self.question.stamp);
        then.version == env!("CARGO_PKG_VERSION")
            && then.signatures.digest == now.digest
            && then.settings == now.settings
            && head.options == self.options
    }

    /// Whether the row was made with the policy that this run would take. An app that could not be read was not compared with any.
    fn same_policy(&self, head: &Head, input: &Input) -> bool {
        let policies: &Policies<'_> = self.question.policies;
        let then = head.stamp.declared_sha256.as_ref();
        let Some(app) = &head.app else { return then.is_none() };
        match policies.find(input, &app.application_id) {
            Ok(Some(path)) => then.is_some() && then == policies.digest(&path).as_ref(),
            Ok(None) => then.is_none() && head.status != Status::Error,
            Err(_) => false,
        }
    }

    /// Whether the file still has the content that the row speaks of.
    fn content(&self, row: &mut Found) {
        if let (Some(wanted), Some(input)) = (&row.must_be, row.input.filter(|_| row.kept)) {
            let hash = Source::open(&self.inputs[input].path).and_then(|source| app::sha256(&source));
            row.kept = hash.is_ok_and(|hash| hash == *wanted);
        }
    }
}

fn no_row(name: &str, line: u64) -> Error {
    Error::new(
        Text::new(
            format!("line {line} of {name} is no row of batch"),
            format!("{name} 第 {line} 行不是 batch 的结果行"),
        ),
        Text::new("give another file; nothing was changed in this one", "请指定其他文件；该文件未被改动"),
    )
}
