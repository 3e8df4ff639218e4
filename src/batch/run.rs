//! The loop: every thread takes the next app, reads it and writes its row. In memory there is never more than one app a thread.

use super::inputs::Input;
use super::one::{Made, Question};
use super::sink::{Sink, cannot_write};
use crate::error::Error;
use crate::report::tally::Tally;
use std::io;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

/// How a run ended.
#[derive(Debug)]
pub struct Outcome {
    /// The rows, with those of an earlier run.
    pub tally: Tally,
    /// Inputs without a row, because the run was stopped.
    pub left: usize,
}

/// What the threads share.
struct Shared<'a> {
    question: &'a Question<'a>,
    options: String,
    inputs: &'a [Input],
    parallel: bool,
    next: AtomicUsize,
    stop: &'a AtomicBool,
    sink: &'a Sink,
    tally: Mutex<Tally>,
    failure: Mutex<Option<io::Error>>,
    watch: &'a (dyn Fn(&Input, &Made) + Sync),
}

/// Answers for every input. `stop` ends the run after the rows in flight; `earlier` are rows that are there; `watch` is told of each
/// row once it is written.
///
/// # Errors
/// When a row cannot be written: then nothing more is read.
pub fn run(
    question: &Question<'_>,
    inputs: &[Input],
    threads: usize,
    earlier: Tally,
    sink: &Sink,
    stop: &AtomicBool,
    watch: &(dyn Fn(&Input, &Made) + Sync),
) -> Result<Outcome, Error> {
    let shared = Shared {
        question,
        options: question.digest(),
        inputs,
        parallel: threads > 1 && inputs.len() < threads,
        next: AtomicUsize::new(0),
        stop,
        sink,
        tally: Mutex::new(earlier),
        failure: Mutex::new(None),
        watch,
    };
    if threads > 1 {
        // One loop a thread, not a parallel iterator: that would split the list in halves, and the largest file would not come first.
        rayon::broadcast(|_| shared.work());
    } else {
        shared.work();
    }
    let tally = shared.tally.into_inner().unwrap_or_else(PoisonError::into_inner);
    match shared.failure.into_inner().unwrap_or_else(PoisonError::into_inner) {
        // The reader of standard output has seen enough.
        Some(cause) if cause.kind() != io::ErrorKind::BrokenPipe => Err(cannot_write("", cause)),
        _ => Ok(Outcome { left: inputs.len() - (tally.rows() - tally.kept).min(inputs.len()), tally }),
    }
}

impl Shared<'_> {
    fn work(&self) {
        while !self.stop.load(Ordering::Relaxed) && !self.failed() {
            let Some(input) = self.inputs.get(self.next.fetch_add(1, Ordering::Relaxed)) else { return };
            let made = self.question.answer(input, self.parallel, &self.options);
            if let Err(cause) = self.sink.write(&made.line) {
                self.failure.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(cause);
                return;
            }
            self.tally.lock().unwrap_or_else(PoisonError::into_inner).add(made.status, made.findings);
            (self.watch)(input, &made);
        }
    }

    fn failed(&self) -> bool {
        self.failure.lock().unwrap_or_else(PoisonError::into_inner).is_some()
    }
}
