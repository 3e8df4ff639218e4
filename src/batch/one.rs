//! One app → one row.

use super::inputs::Input;
use super::policies::Policies;
use super::stumbled;
use crate::app::{self, App, Piece, Source};
use crate::audit::waivers::Date;
use crate::audit::{self, Audit, Finding, Levels, Waivers};
use crate::declared::Declaration;
use crate::detect::Inventory;
use crate::error::Error;
use crate::lang::{Lang, Text};
use crate::report::json_row::{self, Row, RowSource, Status, Times};
use crate::report::{AppReport, Counts, Stamp};
use crate::signatures::SignatureSet;
use sha2::{Digest, Sha256};
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

/// What is asked of every app.
pub struct Question<'a> {
    /// How to read.
    pub options: app::Options<'a>,
    /// The signatures.
    pub set: &'a SignatureSet,
    /// Severities and fields.
    pub levels: &'a Levels,
    /// The policies.
    pub policies: &'a Policies<'a>,
    /// Findings that somebody has accepted.
    pub accepted: Option<&'a Accepted>,
    /// Tool and data; without a declaration.
    pub stamp: Stamp,
    /// Language of messages.
    pub lang: Lang,
    /// Whether rows carry times.
    pub times: bool,
    /// Whether what stands at an address is fetched whole, to compute its SHA-256 although a manifest states it.
    pub verify: bool,
}

/// Waivers, and the day on which they are looked at.
#[derive(Debug)]
pub struct Accepted {
    /// The waivers. Which of them nothing needed is not told: no row sees the other rows.
    pub waivers: Waivers,
    /// The day.
    pub today: Date,
}

impl Accepted {
    fn holding(&self) -> Vec<bool> {
        self.waivers.entries.iter().map(|entry| entry.holds(self.today)).collect()
    }

    fn apply(&self, findings: &mut Vec<Finding>, application_id: &str, levels: &Levels) {
        let mut used = vec![false; self.waivers.entries.len()];
        self.waivers.apply(findings, application_id, self.today, levels, &mut used);
    }
}

/// A finished row.
#[derive(Debug)]
pub struct Made {
    /// Its JSON, one line with its line feed.
    pub line: Vec<u8>,
    /// How far the input could be answered for.
    pub status: Status,
    /// Findings in it.
    pub findings: Counts,
    /// The error in it, as messages show it.
    pub error: Option<Error>,
}

/// What is known of an app once it is read.
struct Answer<'a> {
    report: AppReport<'a>,
    declaration: Option<Arc<Declaration>>,
    /// Why it could not be compared with its policy.
    error: Option<Error>,
}

impl Question<'_> {
    /// Digest of the options that change rows: rows of different options do not belong into one file. Of the waivers' ends it tells
    /// which have come, not the day: a run that goes on over midnight keeps its rows.
    pub fn digest(&self) -> String {
        let holding = self.accepted.map(|accepted| accepted.holding());
        let text = format!("{:?} {:?} {:?} {holding:?}", self.lang, self.levels, self.options.limits);
        Sha256::digest(text).iter().take(8).map(|byte| format!("{byte:02x}")).collect()
    }

    /// Reads an app and answers, whatever happens. `parallel` lets one app use several threads.
    pub fn answer(&self, input: &Input, parallel: bool, options: &str) -> Made {
        let start = Instant::now();
        let name = input.name();
        let outcome = match &input.refused {
            Some(_) => Err(None),
            None => catch_unwind(AssertUnwindSafe(|| self.read(input, parallel)))
                .unwrap_or_else(|panic| Err(stumbled(panic.as_ref()).in_input(&name)))
                .map_err(Some),
        };
        let times = self.times.then(|| Times {
            modified: modified(&input.path),
            milliseconds: u64::try_from(start.elapsed().as_millis()).unwrap_or(u64::MAX),
        });
        match outcome {
            Ok(answer) => self.row_of(&name, answer, options, times),
            Err(error) => {
                let file = input.refused.is_none().then(|| Source::open_again(&input.path).ok()).flatten();
                let sha256 = file.as_ref().and_then(|file| app::sha256(file).ok());
                let bytes = if input.is_remote() { file.map(|file| file.len()) } else { input.bytes };
                let source = RowSource { path: &name, bytes, sha256: sha256.as_deref() };
                let said = error.as_ref().or(input.refused.as_ref());
                let row = Row { times, ..self.empty(source, options, said) };
                let line = json_row::line(&row, self.lang);
                Made { line, status: Status::Error, findings: Counts::default(), error }
            }
        }
    }

    fn empty<'r>(&'r self, source: RowSource<'r>, options: &'r str, error: Option<&'r Error>) -> Row<'r> {
        let (stamp, status) = (&self.stamp, Status::Error);
        Row { status, source, stamp, options, declaration: None, app: None, error, times: None }
    }

    fn row_of(&self, name: &str, answer: Answer<'_>, options: &str, times: Option<Times>) -> Made {
        let Answer { report, declaration, error } = answer;
        let status = match (&error, report.app.gaps.as_slice()) {
            (Some(_), _) => Status::Error,
            (None, []) => Status::Ok,
            (None, _) => Status::Gap,
        };
        let declaration = declaration.as_deref();
        let stamp = self.stamp.clone().comparing(declaration);
        let file = &report.app.source;
        let source = RowSource { path: name, bytes: Some(file.bytes), sha256: Some(&file.sha256) };
        let row = Row {
            status,
            stamp: &stamp,
            declaration,
            app: Some(&report),
            times,
            ..self.empty(source, options, error.as_ref())
        };
        let line = json_row::line(&row, self.lang);
        let findings = Counts::of(report.audit.findings.iter());
        Made { line, status, findings, error }
    }

    fn read(&self, input: &Input, parallel: bool) -> Result<Answer<'_>, Error> {
        let app = self.read_app(input, parallel)?;
        let inventory = Inventory::of(&app, self.set);
        let (declaration, error) = match self.policy(input, &app) {
            Ok(declaration) => (declaration, None),
            Err(error) => (None, Some(error)),
        };
        let mut audit = match &declaration {
            Some(declaration) => audit::audit(&app, &inventory, declaration, self.set, self.levels),
            None => Audit { findings: audit::without_declaration(&app, &inventory), ..Audit::default() },
        };
        if let Some(accepted) = self.accepted {
            accepted.apply(&mut audit.findings, &app.manifest.application_id, self.levels);
        }
        Ok(Answer { report: AppReport { app, inventory, audit }, declaration, error })
    }

    /// Reads the app, which is the one that the manifest means. At an address its stated SHA-256 is believed unless the app is odd:
    /// to compute it takes every byte.
    fn read_app(&self, input: &Input, parallel: bool) -> Result<App, Error> {
        let stated = input.sha256.as_ref().filter(|_| input.is_remote() && !self.verify);
        let options = app::Options { parallel, hash: stated.is_none(), ..self.options };
        let splits: Result<Vec<Piece>, Error> =
            input.splits.iter().map(|path| app::read_piece(path, options)).collect();
        let mut app = app::assemble(app::read_piece(&input.path, options)?, splits?);
        if let Some(stated) = stated {
            app.source.sha256 = if app.gaps.is_empty() && app.tampering.is_empty() {
                stated.clone()
            } else {
                let hash = Source::open_again(&input.path).and_then(|source| app::sha256(&source));
                hash.map_err(|cause| Error::io(&input.name(), cause))?
            };
        }
        if input.size.is_some_and(|wanted| wanted != app.source.bytes) {
            return Err(other_length(&app));
        }
        match &input.sha256 {
            Some(wanted) if *wanted != app.source.sha256 => Err(other_file(&app)),
            _ => Ok(app),
        }
    }

    fn policy(&self, input: &Input, app: &App) -> Result<Option<Arc<Declaration>>, Error> {
        let path = self.policies.find(input, &app.manifest.application_id)?;
        path.map(|path| self.policies.declaration(&path)).transpose()
    }
}

fn other_file(app: &App) -> Error {
    let sha256 = &app.source.sha256;
    not_meant(
        app,
        Text::new(
            format!("its SHA-256 is {sha256}, not the one in the manifest"),
            format!("其 SHA-256 为 {sha256}，与清单不符"),
        ),
    )
}

fn other_length(app: &App) -> Error {
    let bytes = app.source.bytes;
    not_meant(
        app,
        Text::new(
            format!("it has {bytes} bytes, not as many as in the manifest"),
            format!("其大小为 {bytes} 字节，与清单不符"),
        ),
    )
}

fn not_meant(app: &App, message: Text) -> Error {
    Error::new(
        message,
        Text::new(
            "it is another file than the list means; fetch it again, or correct the list",
            "这不是清单所指的文件；请重新获取或更正清单",
        ),
    )
    .in_input(&app.source.path)
}

/// When a file was last changed: RFC 3339 in UTC, as exact as the system knows it.
pub(super) fn modified(path: &Path) -> Option<String> {
    let time = fs::metadata(path).and_then(|file| file.modified()).ok()?;
    jiff::Timestamp::try_from(time).ok().map(|time| time.to_string())
}
