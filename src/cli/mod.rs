//! The command line: arguments in, exit code out.

mod args;
mod asking;
mod batch;
mod batch_args;
mod compare;
mod configuration;
mod data_type;
mod declare;
mod explain;
mod input;
mod judgement;
mod limit_args;
mod output;
mod render;
mod run;
mod serve;
mod shell;
mod signatures;
mod terminal;
mod waiving;
mod worker;

use clap::Parser;
use std::process::ExitCode;

/// Everything read, nothing at or above the level that fails.
const CLEAN: u8 = 0;
/// Findings.
const FOUND: u8 = 1;
/// Something could not be audited: wrong usage, unreadable input, nothing found to read.
const BROKEN: u8 = 2;

/// Runs the program with the arguments of the process.
pub fn main() -> ExitCode {
    // A wrong option ends here with exit code 2, `--help` and `--version` with 0.
    let arguments = match args::Cli::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => {
            let _ = error.print();
            return ExitCode::from(if error.use_stderr() { BROKEN } else { CLEAN });
        }
    };
    ExitCode::from(run::run(arguments))
}
