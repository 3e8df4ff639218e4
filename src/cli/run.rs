//! What the arguments mean, and the exit code they lead to.

use super::args::{self, Cli, Command, ExtractFormat, Format, Global, SeverityArg, Threads};
use super::{BROKEN, CLEAN, FOUND, explain, signatures, terminal, worker};
use crate::app::{self, App};
use crate::audit::{self, Audit, Levels, Profile, Rule, Severity};
use crate::batch;
use crate::declared::canonical::Extraction;
use crate::declared::{self, Declaration};
use crate::detect::{self, Inventory};
use crate::error::Error;
use crate::lang::Text;
use crate::report::{self, AppReport, LintReport, LintedDocument, Report, Screen, Stamp};
use crate::signatures::{SignatureSet, folder};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

/// Carries out one command and returns its exit code.
pub fn run(cli: Cli) -> u8 {
    let own = match own_signatures(&cli.global) {
        Ok(own) => own,
        Err(code) => return code,
    };
    let session = Session { global: &cli.global, set: own.as_ref().unwrap_or_else(|| SignatureSet::builtin()) };
    let outcome = match &cli.command {
        Command::Audit(arguments) => session.audit(arguments),
        Command::Lint(arguments) => session.lint(arguments),
        Command::Inspect(arguments) => session.inspect(arguments),
        Command::Extract(arguments) => session.extract(arguments),
        Command::Explain(arguments) => session.explain(arguments),
        Command::Signatures { command } => signatures::run(&session, command),
        Command::Worker(arguments) => match arguments.task {
            args::Task::PdfText => worker::pdf_text(),
        },
    };
    outcome.unwrap_or_else(|error| {
        session.complain(&error);
        BROKEN
    })
}

/// The built-in set with the user's own signatures; `None` where there are none.
fn own_signatures(global: &Global) -> Result<Option<SignatureSet>, u8> {
    let Some(folder) = &global.signatures else { return Ok(None) };
    let screen = terminal::stderr(global);
    let complain = |text: String| {
        let _ = std::io::stderr().write_all(text.as_bytes());
        BROKEN
    };
    let found = folder::read(folder).map_err(|error| complain(report::text::error(&error, &screen)))?;
    let mut problems = found.problems;
    let set = SignatureSet::builtin().extended(&found.files).map_err(|more| problems.extend(more));
    match (set, problems.as_slice()) {
        (Ok(set), []) => Ok(Some(set)),
        (_, problems) => Err(complain(report::signatures::broken(folder, problems, &screen))),
    }
}

/// What every command needs: the options of all of them, and the signatures.
pub(super) struct Session<'a> {
    pub(super) global: &'a Global,
    pub(super) set: &'a SignatureSet,
}

impl Session<'_> {
    pub(super) fn screen(&self) -> Screen {
        terminal::stdout(self.global)
    }

    pub(super) fn complain(&self, error: &Error) {
        let _ = std::io::stderr().write_all(report::text::error(error, &terminal::stderr(self.global)).as_bytes());
    }

    fn audit(&self, arguments: &args::Audit) -> Result<u8, Error> {
        let levels = levels(&arguments.judgement)?;
        let fail_on = severity(arguments.judgement.fail_on);
        let declaration = self.declaration(&arguments.declared)?;
        let judge = |app: App| {
            let inventory = Inventory::of(&app, self.set);
            let audit = audit::audit(&app, &inventory, &declaration, self.set, &levels);
            AppReport { app, inventory, audit }
        };
        let report = self.report(&arguments.apps, &arguments.threads, Some(&declaration), judge)?;
        let screen = self.screen();
        print(&match arguments.format {
            Format::Text => report::text::audit(&report, fail_on, &screen),
            Format::Json => report::json::report(&report, screen.lang),
        })?;
        Ok(exit_code(&report, fail_on, arguments.judgement.exit_zero))
    }

    fn inspect(&self, arguments: &args::Inspect) -> Result<u8, Error> {
        let look = |app: App| {
            let inventory = Inventory::of(&app, self.set);
            let audit = Audit { findings: audit::unreadable(&app), records: Vec::new() };
            AppReport { app, inventory, audit }
        };
        let report = self.report(&arguments.apps, &arguments.threads, None, look)?;
        let screen = self.screen();
        let extras = report::text::Extras { unmatched: arguments.unmatched, references: arguments.references };
        print(&match arguments.format {
            Format::Text => report::text::inspect(&report, extras, &screen),
            Format::Json => report::json::report(&report, screen.lang),
        })?;
        Ok(exit_code(&report, Severity::Error, false))
    }

    fn report<'r>(
        &'r self,
        apps: &[PathBuf],
        threads: &Threads,
        declaration: Option<&'r Declaration>,
        then: impl Fn(App) -> AppReport<'r> + Sync,
    ) -> Result<Report<'r>, Error> {
        let stamp = Stamp::new(self.set, declaration, evaluated_on()?);
        let by_class = |package: &[u8]| self.set.holds_class_prefixes(package);
        let wanted = detect::wanted();
        // A policy speaks of an app as a whole, so only `inspect` looks at what it is built of.
        let libraries = declaration.is_none();
        let options = app::Options { by_class: &by_class, wanted: Some(&wanted), libraries, ..app::Options::default() };
        let results = batch::read_each(batch::discover(apps), start_threads(threads)?, options, then);
        let mut report = Report { stamp, declaration, apps: Vec::new(), errors: Vec::new() };
        for result in results {
            match result {
                Ok(app) => report.apps.push(app),
                Err(error) => {
                    self.complain(&error);
                    report.errors.push(error);
                }
            }
        }
        Ok(report)
    }

    fn lint(&self, arguments: &args::Lint) -> Result<u8, Error> {
        let judgement = &arguments.judgement;
        let (levels, fail_on) = (levels(judgement)?, severity(judgement.fail_on));
        let (declarations, unread) = self.declarations(&arguments.policies);
        let documents: Vec<LintedDocument<'_>> = declarations
            .iter()
            .map(|declaration| LintedDocument { declaration, findings: audit::lint(declaration, self.set, &levels) })
            .collect();
        let report = LintReport { stamp: Stamp::new(self.set, None, evaluated_on()?), documents, errors: unread };
        let screen = self.screen();
        print(&match arguments.format {
            _ if arguments.fix => self.diff(&report),
            Format::Text => report::text::lint(&report, fail_on, &screen),
            Format::Json => report::json::lint(&report, arguments.policies.len(), screen.lang),
        })?;
        Ok(match report.counts().at_least(fail_on) {
            _ if unread > 0 => BROKEN,
            0 => CLEAN,
            _ if judgement.exit_zero => CLEAN,
            _ => FOUND,
        })
    }

    /// The corrections as a diff; documents that are no plain text are named on standard error.
    fn diff(&self, report: &LintReport<'_>) -> String {
        let (plain, other): (Vec<_>, Vec<_>) =
            report.documents.iter().partition(|document| document.declaration.is_plain_text());
        for document in other.iter().filter(|document| document.findings.iter().any(|one| one.fix.is_some())) {
            let name = &document.declaration.document;
            self.complain(&Error::new(
                Text::new(
                    format!("no diff for {name}: it is not plain text in UTF-8"),
                    format!("无法为 {name} 生成差异：它不是 UTF-8 纯文本"),
                ),
                Text::new(
                    "correct it by hand; lint without --fix lists the places",
                    "请手动更正；不带 --fix 的 lint 会列出位置",
                ),
            ));
        }
        plain.into_iter().map(report::fix::diff).collect()
    }

    /// The policies that could be read, and the number of those that could not and were complained about.
    fn declarations(&self, policies: &[PathBuf]) -> (Vec<Declaration>, usize) {
        let mut declarations = Vec::new();
        for policy in policies {
            match self.declaration(policy) {
                Ok(declaration) => declarations.push(declaration),
                Err(error) => self.complain(&error),
            }
        }
        let unread = policies.len() - declarations.len();
        (declarations, unread)
    }

    fn extract(&self, arguments: &args::Extract) -> Result<u8, Error> {
        let (declarations, unread) = self.declarations(&arguments.policies);
        let text = match arguments.format {
            ExtractFormat::Json => match (declarations.as_slice(), arguments.policies.len()) {
                ([], _) => String::new(),
                ([single], 1) => report::json::to_text(&Extraction::from(single)),
                (several, _) => report::json::extractions(several),
            },
            ExtractFormat::Csv => report::csv::declared(&declarations)?,
            ExtractFormat::Table => report::text::declared(&declarations, &self.screen()),
        };
        print(&text)?;
        Ok(if unread > 0 { BROKEN } else { CLEAN })
    }

    fn explain(&self, arguments: &args::Explain) -> Result<u8, Error> {
        let subject = explain::find(&arguments.what, self.set)?;
        let screen = self.screen();
        print(&match arguments.format {
            Format::Text => explain::text(&subject, &screen),
            Format::Json => explain::json(&subject, screen.lang),
        })?;
        Ok(CLEAN)
    }

    fn declaration(&self, path: &Path) -> Result<Declaration, Error> {
        let (name, bytes) = read_input(path)?;
        if declared::is_pdf(&bytes) {
            let text = worker::text_of_pdf(&bytes).map_err(|error| error.in_input(&name))?;
            return declared::read_text_of(&name, &bytes, text, self.set);
        }
        declared::read(&name, &bytes, self.set)
    }
}

/// The name and content of a document; `-` is standard input. What is larger than any document is not read to its end.
pub(super) fn read_input(path: &Path) -> Result<(String, Vec<u8>), Error> {
    let mut bytes = Vec::new();
    let limit = declared::MAX_BYTES + 1;
    if path == Path::new("-") {
        std::io::stdin().lock().take(limit).read_to_end(&mut bytes).map_err(|cause| Error::io("stdin", cause))?;
        return within_limit("stdin".to_owned(), bytes);
    }
    let name = path.display().to_string();
    let file = std::fs::File::open(path);
    file.and_then(|file| file.take(limit).read_to_end(&mut bytes)).map_err(|cause| Error::io(&name, cause))?;
    within_limit(name, bytes)
}

fn within_limit(name: String, bytes: Vec<u8>) -> Result<(String, Vec<u8>), Error> {
    if bytes.len() as u64 > declared::MAX_BYTES {
        let error = declared::DeclaredError::TooLarge { limit: declared::MAX_BYTES };
        return Err(Error::from(error).in_input(&name));
    }
    Ok((name, bytes))
}

/// Writes a result. A reader that has seen enough (`| head`) is no error.
pub(super) fn print(text: &str) -> Result<(), Error> {
    let mut out = std::io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(cause) if cause.kind() != std::io::ErrorKind::BrokenPipe => Err(Error::new(
            Text::new(format!("cannot write the report: {cause}"), format!("无法写出报告：{cause}")),
            Text::new("check the disk and the file it goes to", "请检查磁盘和输出文件"),
        )
        .because(cause)),
        _ => Ok(()),
    }
}

fn exit_code(report: &Report<'_>, fail_on: Severity, exit_zero: bool) -> u8 {
    match report.counts().at_least(fail_on) {
        _ if !report.errors.is_empty() => BROKEN,
        0 => CLEAN,
        _ if exit_zero => CLEAN,
        _ => FOUND,
    }
}

fn severity(argument: SeverityArg) -> Severity {
    match argument {
        SeverityArg::Error => Severity::Error,
        SeverityArg::Warning => Severity::Warning,
        SeverityArg::Note => Severity::Note,
    }
}

fn profile(argument: args::ProfileArg) -> Profile {
    match argument {
        args::ProfileArg::Default => Profile::Default,
        args::ProfileArg::ChinaMiit => Profile::ChinaMiit,
    }
}

fn levels(arguments: &args::Judgement) -> Result<Levels, Error> {
    let mut levels = Levels::default();
    levels.profile = profile(arguments.profile);
    let named =
        [(&arguments.error, Some(Severity::Error)), (&arguments.warn, Some(Severity::Warning)), (&arguments.off, None)];
    for (ids, severity) in named {
        for id in ids {
            let rule = Rule::from_id(id).ok_or_else(|| unknown_rule(id))?;
            levels.set(rule, severity).map_err(|message| Error::new(message, Text::default()))?;
        }
    }
    Ok(levels)
}

fn unknown_rule(id: &str) -> Error {
    let rules = || Rule::ALL.iter().map(|rule| rule.id());
    let help = match explain::nearest(id, rules()) {
        Some(near) => Text::new(format!("did you mean '{near}'?"), format!("是否应为“{near}”？")),
        None => {
            let all = rules().collect::<Vec<_>>().join(", ");
            Text::new(format!("the rules are: {all}"), format!("规则有：{all}"))
        }
    };
    Error::new(Text::new(format!("no rule named '{id}'"), format!("没有名为“{id}”的规则")), help)
}

/// Sets the number of threads and returns it. One thread needs no pool at all.
fn start_threads(threads: &Threads) -> Result<usize, Error> {
    let available = std::thread::available_parallelism().map_or(1, usize::from);
    let count = threads.jobs.map_or(available, usize::from);
    if count > 1 {
        rayon::ThreadPoolBuilder::new().num_threads(count).build_global().map_err(|cause| {
            Error::new(
                Text::new(format!("cannot start {count} threads"), format!("无法启动 {count} 个线程")),
                Text::new("use a smaller -j", "请减小 -j"),
            )
            .because(cause)
        })?;
    }
    Ok(count)
}

/// The date of `SOURCE_DATE_EPOCH`; without it a report carries no clock, so that the same files give the same bytes.
fn evaluated_on() -> Result<Option<String>, Error> {
    let Ok(text) = std::env::var("SOURCE_DATE_EPOCH") else { return Ok(None) };
    let broken = || {
        Error::new(
            Text::new(
                format!("SOURCE_DATE_EPOCH is no number of seconds: '{text}'"),
                format!("SOURCE_DATE_EPOCH 不是秒数：“{text}”"),
            ),
            Text::new("set it to seconds since 1970, or unset it", "请设为自 1970 年起的秒数，或取消该变量"),
        )
    };
    let seconds: i64 = text.trim().parse().map_err(|cause| broken().because(cause))?;
    let date = jiff::Timestamp::from_second(seconds).map_err(|cause| broken().because(cause))?;
    Ok(Some(date.to_zoned(jiff::tz::TimeZone::UTC).date().to_string()))
}

/// The day that stands in files which sdkaudit writes: that of `SOURCE_DATE_EPOCH`, else today.
pub(super) fn today() -> Result<String, Error> {
    let today = || jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).date().to_string();
    Ok(evaluated_on()?.unwrap_or_else(today))
}
