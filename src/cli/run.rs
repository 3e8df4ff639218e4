//! What the arguments mean, and the exit code they lead to.

use super::args::{self, Cli, Command, ExtractFormat, Format, Global, Threads};
use super::batch_args::Task;
use super::configuration::{self, Loaded};
use super::input::read_input;
use super::judgement::{fail_on, levels, no_policy, one_stdin};
use super::limit_args::LimitArgs;
use super::output::Outputs;
use super::render;
use super::waiving::Waiving;
use super::{BROKEN, CLEAN, FOUND, batch as many, explain, serve, shell, signatures, terminal, worker};
use crate::app::{self, App};
use crate::audit::{self, Audit, Severity};
use crate::batch;
use crate::declared::canonical::Extraction;
use crate::declared::{self, Declaration};
use crate::detect::{self, Inventory};
use crate::error::Error;
use crate::lang::Text;
use crate::report::{self, AppReport, LintReport, LintedDocument, Report, Screen, Stamp};
use crate::signatures::{SignatureSet, folder};
use std::io::Write;
use std::path::{Path, PathBuf};

/// Carries out one command and returns its exit code.
pub fn run(mut cli: Cli) -> u8 {
    if let Some(outcome) = without_settings(&cli.command) {
        return outcome.unwrap_or_else(|error| complain(&cli.global, &error));
    }
    let loaded = match configuration::load(&mut cli.global) {
        Ok(loaded) => loaded,
        Err(error) => return complain(&cli.global, &error),
    };
    let own = match own_signatures(&cli.global) {
        Ok(own) => own,
        Err(code) => return code,
    };
    let set = own.as_ref().unwrap_or_else(|| SignatureSet::builtin());
    let session = Session { global: &cli.global, set, loaded: &loaded };
    let outcome = match &cli.command {
        Command::Audit(arguments) => session.audit(arguments),
        Command::Lint(arguments) => session.lint(arguments),
        Command::Inspect(arguments) => session.inspect(arguments),
        Command::Compare(arguments) => super::compare::run(&session, arguments),
        Command::Declare(arguments) => super::declare::run(&session, arguments),
        Command::Extract(arguments) => session.extract(arguments),
        Command::Batch(arguments) => many::run(&session, arguments),
        Command::Worker(arguments) => serve::run(&session, arguments),
        Command::Explain(arguments) => session.explain(arguments),
        Command::Signatures(arguments) => signatures::run(&session, &arguments.command),
        // Done above.
        Command::Completions(_) | Command::Man(_) => Ok(CLEAN),
    };
    outcome.unwrap_or_else(|error| complain(&cli.global, &error))
}

/// Commands that no settings concern, so that a mistake in them is none of theirs.
fn without_settings(command: &Command) -> Option<Result<u8, Error>> {
    match command {
        Command::Completions(arguments) => Some(shell::completions(arguments)),
        Command::Man(arguments) => Some(shell::man(arguments)),
        Command::Worker(arguments) => arguments.task.map(|task| match task {
            Task::PdfText => worker::pdf_text(),
        }),
        _ => None,
    }
}

/// Prints an error, and answers with the exit code that it leads to.
fn complain(global: &Global, error: &Error) -> u8 {
    let _ = std::io::stderr().write_all(report::text::error(error, &terminal::stderr(global)).as_bytes());
    BROKEN
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
    pub(super) loaded: &'a Loaded,
}

impl Session<'_> {
    pub(super) fn screen(&self) -> Screen {
        terminal::stdout(self.global)
    }

    pub(super) fn complain(&self, error: &Error) {
        complain(self.global, error);
    }

    /// One app, with what `judge` makes of it.
    pub(super) fn app(
        &self,
        path: &Path,
        judge: impl Fn(&App, &Inventory<'_>) -> Audit,
    ) -> Result<AppReport<'_>, Error> {
        let by_class = |package: &[u8]| self.set.holds_class_prefixes(package);
        let wanted = detect::wanted();
        let options = app::Options {
            parallel: true,
            by_class: &by_class,
            wanted: Some(&wanted),
            bodies: Some(self.set),
            ..app::Options::default()
        };
        let app = app::assemble(app::read_given(path, options)?, Vec::new());
        let inventory = Inventory::of(&app, self.set);
        let audit = judge(&app, &inventory);
        Ok(AppReport { app, inventory, audit })
    }

    fn waiving(&self, arguments: &args::Waiving) -> Result<Waiving, Error> {
        Waiving::open(arguments, self.loaded.config.waivers.as_deref())
    }

    pub(super) fn stamp(&self, declaration: Option<&Declaration>) -> Result<Stamp, Error> {
        let mut stamp = Stamp::new(self.set, declaration, evaluated_on()?);
        stamp.settings.extend(self.loaded.file.clone());
        Ok(stamp)
    }

    fn audit(&self, arguments: &args::Audit) -> Result<u8, Error> {
        let config = &self.loaded.config;
        let levels = levels(&arguments.judgement.weights, config)?;
        let fail_on = fail_on(&arguments.judgement, config);
        let mut waiving = self.waiving(&arguments.waiving)?;
        let declared = if arguments.declared.is_empty() { config.declared.as_slice() } else { &arguments.declared };
        if declared.is_empty() {
            return Err(no_policy());
        }
        let from_stdin = |paths: &[PathBuf]| paths.iter().any(|path| path == Path::new("-"));
        if from_stdin(&arguments.apps) && from_stdin(declared) {
            return Err(one_stdin());
        }
        let inputs = arguments.apps.iter().chain(declared).map(PathBuf::as_path);
        let outputs = Outputs::open(self, arguments.format, &arguments.output, report::Format::AUDIT, inputs)?;
        let declaration = self.joined(declared)?;
        let judge = |app: App| {
            let inventory = Inventory::of(&app, self.set);
            let audit = audit::audit(&app, &inventory, &declaration, self.set, &levels);
            AppReport { app, inventory, audit }
        };
        let mut report =
            self.report(&arguments.apps, (&arguments.threads, &arguments.limits), Some(&declaration), judge)?;
        let apps = report.apps.iter_mut();
        let groups = apps.map(|app| (app.app.manifest.application_id.clone(), &mut app.audit.findings)).collect();
        waiving.apply(groups, true, report.errors.is_empty(), &levels)?;
        waiving.stamp(&mut report.stamp);
        let all_written = outputs.write(self, |format, screen| render::audit(&report, fail_on, format, screen))?;
        Ok(if all_written { exit_code(&report, fail_on) } else { BROKEN })
    }

    fn inspect(&self, arguments: &args::Inspect) -> Result<u8, Error> {
        let inputs = arguments.apps.iter().map(PathBuf::as_path);
        let outputs = Outputs::open(self, arguments.format, &arguments.output, report::Format::INSPECT, inputs)?;
        let look = |app: App| {
            let inventory = Inventory::of(&app, self.set);
            let audit = Audit { findings: audit::without_declaration(&app, &inventory), ..Audit::default() };
            AppReport { app, inventory, audit }
        };
        let report = self.report(&arguments.apps, (&arguments.threads, &arguments.limits), None, look)?;
        let extras = report::text::Extras { unmatched: arguments.unmatched, references: arguments.references };
        let all_written = outputs.write(self, |format, screen| render::inspect(&report, extras, format, screen))?;
        Ok(if all_written { exit_code(&report, Some(Severity::Error)) } else { BROKEN })
    }

    fn report<'r>(
        &'r self,
        apps: &[PathBuf],
        (threads, limits): (&Threads, &LimitArgs),
        declaration: Option<&'r Declaration>,
        then: impl Fn(App) -> AppReport<'r> + Sync,
    ) -> Result<Report<'r>, Error> {
        let stamp = self.stamp(declaration)?;
        let by_class = |package: &[u8]| self.set.holds_class_prefixes(package);
        let wanted = detect::wanted();
        // A policy speaks of an app as a whole, so only `inspect` looks at what it is built of.
        let libraries = declaration.is_none();
        let limits = limits.limits();
        let options = app::Options {
            by_class: &by_class,
            wanted: Some(&wanted),
            bodies: Some(self.set),
            libraries,
            limits,
            ..app::Options::default()
        };
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
        let config = &self.loaded.config;
        let (levels, fail_on) = (levels(&judgement.weights, config)?, fail_on(judgement, config));
        let mut waiving = self.waiving(&arguments.waiving)?;
        let inputs = arguments.policies.iter().map(PathBuf::as_path);
        let outputs = Outputs::open(self, arguments.format, &arguments.output, report::Format::LINT, inputs)?;
        let (declarations, errors) = match arguments.together {
            true => (vec![self.joined(&arguments.policies)?], Vec::new()),
            false => self.declarations(&arguments.policies),
        };
        let mut documents: Vec<LintedDocument<'_>> = declarations
            .iter()
            .map(|declaration| LintedDocument { declaration, findings: audit::lint(declaration, self.set, &levels) })
            .collect();
        let groups = documents.iter_mut().map(|document| (String::new(), &mut document.findings)).collect();
        waiving.apply(groups, false, errors.is_empty(), &levels)?;
        let mut stamp = self.stamp(None)?;
        waiving.stamp(&mut stamp);
        let report = LintReport { stamp, documents, errors };
        let given = if arguments.together { 1 } else { arguments.policies.len() };
        // A correction that was asked for and cannot be given is no clean end.
        let refused = arguments.fix && self.refuse_fixes(&report);
        let all_written = outputs.write(self, |format, screen| match arguments.fix {
            true => Ok(report.documents.iter().map(report::fix::diff).collect()),
            false => render::lint(&report, given, fail_on, format, screen),
        })?;
        Ok(match fail_on {
            _ if !all_written || refused || !report.errors.is_empty() => BROKEN,
            Some(severity) if report.counts().at_least(severity) > 0 => FOUND,
            _ => CLEAN,
        })
    }

    /// Names on standard error the documents that have corrections and are no plain text in UTF-8: a diff of their words would
    /// not be one of the file. Whether there are any.
    fn refuse_fixes(&self, report: &LintReport<'_>) -> bool {
        let mut refused = false;
        for linted in &report.documents {
            for document in report::fix::without_diff(linted) {
                refused = true;
                self.refuse_fix(document);
            }
        }
        refused
    }

    fn refuse_fix(&self, document: &Declaration) {
        {
            let name = &document.document;
            self.complain(&Error::new(
                Text::new(
                    format!("no diff for {name}: it is not plain text in UTF-8"),
                    format!("无法为 {name} 生成差异：它不是 UTF-8 纯文本"),
                ),
                Text::new(
                    "save text as UTF-8 and run it again, or correct it by hand: lint without --fix lists the places",
                    "如为文本，请另存为 UTF-8 后重试；或手动更正：不带 --fix 的 lint 会列出位置",
                ),
            ));
        }
    }

    /// One declaration of several documents, all of which must be readable: a list that is missing would be taken for silence.
    pub(super) fn joined(&self, documents: &[PathBuf]) -> Result<Declaration, Error> {
        let read: Result<Vec<Declaration>, Error> = documents.iter().map(|path| self.declaration(path)).collect();
        // The arguments ask for at least one.
        Declaration::join(read?, self.set).ok_or_else(|| Error::from(declared::DeclaredError::Empty))
    }

    /// The policies that could be read, and the errors of those that could not; these were complained about.
    fn declarations(&self, policies: &[PathBuf]) -> (Vec<Declaration>, Vec<Error>) {
        let (mut declarations, mut errors) = (Vec::new(), Vec::new());
        for policy in policies {
            match self.declaration(policy) {
                Ok(declaration) => declarations.push(declaration),
                Err(error) => {
                    self.complain(&error);
                    errors.push(error);
                }
            }
        }
        (declarations, errors)
    }

    fn extract(&self, arguments: &args::Extract) -> Result<u8, Error> {
        let (declarations, errors) = self.declarations(&arguments.policies);
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
        Ok(if !errors.is_empty() { BROKEN } else { CLEAN })
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

    pub(super) fn declaration(&self, path: &Path) -> Result<Declaration, Error> {
        let (name, bytes) = read_input(path)?;
        if declared::is_pdf(&bytes) {
            let text = worker::text_of_pdf(&bytes).map_err(|error| error.in_input(&name))?;
            return declared::read_text_of(&name, &bytes, text, self.set);
        }
        declared::read(&name, &bytes, self.set)
    }
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

fn exit_code(report: &Report<'_>, fail_on: Option<Severity>) -> u8 {
    match fail_on {
        _ if !report.errors.is_empty() => BROKEN,
        Some(severity) if report.counts().at_least(severity) > 0 => FOUND,
        _ => CLEAN,
    }
}

/// Sets the number of threads and returns it. One thread needs no pool at all.
pub(super) fn start_threads(threads: &Threads) -> Result<usize, Error> {
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
