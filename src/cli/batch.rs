//! `batch`: many apps, one row each.

use super::batch_args::Batch;
use super::judgement::fail_on;
use super::run::{Session, start_threads};
use super::{BROKEN, CLEAN, FOUND, asking, terminal};
use crate::app;
use crate::batch::{self, Input, Made, Outcome, Question, Sink};
use crate::error::Error;
use crate::lang::Text;
use crate::report::{self, screen::Detail};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use signal_hook::consts::TERM_SIGNALS;
use std::io::{IsTerminal, Write};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

/// How often the progress line is drawn anew.
const TICK: Duration = Duration::from_millis(200);

/// Carries out `batch` and returns its exit code.
pub fn run(session: &Session<'_>, arguments: &Batch) -> Result<u8, Error> {
    let start = Instant::now();
    asking::with(session, &arguments.asking, &arguments.judgement.weights, |question| {
        read_all(session, arguments, question, start)
    })
}

fn read_all(session: &Session<'_>, arguments: &Batch, question: &Question<'_>, start: Instant) -> Result<u8, Error> {
    let screen = terminal::stderr(session.global);
    let mut inputs = batch::collect(&arguments.inputs, arguments.shard)?;
    let threads = start_threads(&arguments.threads)?;
    let earlier = earlier(arguments, &mut inputs, question)?;
    let sink = match &arguments.output {
        Some(path) => Sink::file(path, arguments.resume)?,
        None => Sink::stdout(arguments.sorted)?,
    };
    let stop = stop_on_signals()?;
    let progress = Progress::new(&inputs, session);
    let outcome = batch::run(question, &inputs, threads, earlier, &sink, &stop, &|input, made| {
        progress.done(session, input, made)
    });
    progress.bar.finish_and_clear();
    let Outcome { tally, left } = outcome?;
    if arguments.sorted {
        sink.sort()?;
    }
    #[cfg(feature = "parquet")]
    if let (Some(folder), Some(rows), 0) = (&arguments.parquet, &arguments.output, left) {
        batch::tables(rows, folder)?;
    }
    let fail_on = fail_on(&arguments.judgement, &session.loaded.config);
    let bytes = progress.bar.position();
    let summary = report::text::batch(&tally, (start.elapsed(), bytes), fail_on, &screen);
    let fetched = report::text::fetched(app::traffic(), &screen);
    let _ = std::io::stderr().write_all((fetched + &summary).as_bytes());
    if left > 0 {
        session.complain(&stopped(left, arguments.output.is_some()));
    }
    Ok(if left > 0 || tally.error.apps > 0 {
        BROKEN
    } else if tally.failed(fail_on) {
        FOUND
    } else {
        CLEAN
    })
}

/// What is there of an earlier run; takes it off the inputs.
fn earlier(arguments: &Batch, inputs: &mut Vec<Input>, question: &Question<'_>) -> Result<report::tally::Tally, Error> {
    let Some(path) = arguments.output.as_ref().filter(|_| arguments.resume) else { return Ok(Default::default()) };
    let earlier = batch::resume(path, inputs, question, &question.digest())?;
    let mut done = earlier.done.iter();
    inputs.retain(|_| !done.next().is_some_and(|done| *done));
    Ok(earlier.tally)
}

/// The first Ctrl-C or request to end lets the rows in flight be finished, the second ends at once.
fn stop_on_signals() -> Result<Arc<AtomicBool>, Error> {
    let stop = Arc::new(AtomicBool::new(false));
    for &signal in TERM_SIGNALS {
        // In this order: the second signal finds the flag set by the first.
        signal_hook::flag::register_conditional_shutdown(signal, i32::from(BROKEN), Arc::clone(&stop))
            .and_then(|_| signal_hook::flag::register(signal, Arc::clone(&stop)))
            .map_err(|cause| {
                let message = Text::new("cannot listen to Ctrl-C", "无法响应 Ctrl-C");
                Error::new(message, Text::new("report it with your system's name", "请附上系统名称反馈")).because(cause)
            })?;
    }
    Ok(stop)
}

fn stopped(left: usize, file: bool) -> Error {
    let help = if file {
        Text::new("run the same command with --resume to go on", "请在相同命令中加上 --resume 接着运行")
    } else {
        Text::new("write to a file with -o: then --resume can go on", "请用 -o 写入文件，之后可用 --resume 接着运行")
    };
    let apps = if left == 1 { "1 app is".to_owned() } else { format!("{left} apps are") };
    Error::new(Text::new(format!("stopped: {apps} left"), format!("已停止：还有 {left} 个应用")), help)
}

/// A line on a terminal that says how far the run is; elsewhere nothing. It counts bytes, because apps differ in size by a
/// thousand and the large ones come first.
struct Progress {
    bar: ProgressBar,
    apps: usize,
    done: std::sync::atomic::AtomicUsize,
}

impl Progress {
    fn new(inputs: &[Input], session: &Session<'_>) -> Progress {
        let screen = terminal::stderr(session.global);
        let shown = std::io::stderr().is_terminal() && screen.detail > Detail::Quiet;
        let target = if shown { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
        let bytes = inputs.iter().filter_map(|input| input.bytes).sum();
        let bar = ProgressBar::with_draw_target(Some(bytes), target);
        let template = screen.lang.pick(
            "{bar:24} {percent:>3}%  {msg} apps, {bytes_per_sec}, {eta} left",
            "{bar:24} {percent:>3}%  {msg} 个应用，{bytes_per_sec}，剩余 {eta}",
        );
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(if screen.unicode { style } else { style.progress_chars("#>-") });
        }
        if shown {
            bar.enable_steady_tick(TICK);
        }
        Progress { bar, apps: inputs.len(), done: 0.into() }
    }

    fn done(&self, session: &Session<'_>, input: &Input, made: &Made) {
        let done = self.done.fetch_add(1, std::sync::atomic::Ordering::Relaxed) + 1;
        self.bar.inc(input.bytes.unwrap_or_default());
        self.bar.set_message(format!("{done}/{}", self.apps));
        let error = made.error.as_ref().or(input.refused.as_ref());
        if let Some(error) = error.filter(|_| terminal::stderr(session.global).detail == Detail::Verbose) {
            self.bar.suspend(|| session.complain(error));
        }
    }
}
