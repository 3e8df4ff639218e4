//! The reviewer's day: waivers, configuration, comparison, disclosure lists, what a shell and a pipeline need.

mod support;

#[path = "review/compare.rs"]
mod compare;
#[path = "review/signing.rs"]
mod signing;
#[path = "review/waivers.rs"]
mod waivers;

use serde_json::Value;
use std::path::Path;

/// What the program did.
struct Ran {
    code: Option<i32>,
    stdout: String,
    stderr: String,
}

impl Ran {
    fn json(&self) -> Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error}: {}{}", self.stdout, self.stderr))
    }
}

/// 2026-11-22.
const TODAY: &str = "1795305600";

/// The program in a folder of its own, on the day of `epoch`.
fn run_on(folder: &Path, epoch: &str, arguments: &[&str]) -> Ran {
    let mut command = support::run::program();
    let output = command.current_dir(folder).env("SOURCE_DATE_EPOCH", epoch).args(arguments).output().expect("it runs");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
    Ran { code: output.status.code(), stdout: text(output.stdout), stderr: text(output.stderr) }
}

/// The same, today.
fn run(folder: &Path, arguments: &[&str]) -> Ran {
    run_on(folder, TODAY, arguments)
}
