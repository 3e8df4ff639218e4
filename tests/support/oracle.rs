//! Other people's tools, which tests are held against when they are installed.

use std::ffi::OsStr;
use std::io::Write as _;
use std::process::Command;

/// Set to anything in the environment, this turns a missing tool from a named skip into a failure.
pub const REQUIRE: &str = "SDKAUDIT_REQUIRE_ORACLES";

/// What a tool said.
#[derive(Debug)]
pub struct Said {
    pub success: bool,
    pub stdout: String,
    pub stderr: String,
}

/// Runs a tool; `None`, with a line that names the skipped check, when it is not installed.
pub fn run<S: AsRef<OsStr>>(tool: &str, args: &[S]) -> Option<Said> {
    match Command::new(tool).args(args).output() {
        Ok(output) => Some(Said {
            success: output.status.success(),
            stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        }),
        Err(error) if std::env::var_os(REQUIRE).is_some() => panic!("cannot run {tool}: {error}"),
        Err(error) => {
            let test = std::thread::current().name().unwrap_or("a test").to_owned();
            skipped(&format!("{test}: cannot run {tool} ({error}); install it to hold this test against it"));
            None
        }
    }
}

/// Names a check that did not take place. Written past the test harness, which hides what a passing test prints.
pub fn skipped(what: &str) {
    let _ = writeln!(std::io::stderr(), "SKIPPED {what}");
}

/// Writes `bytes` to a temporary file and runs a tool on it: `tool before… <file> after…`.
pub fn run_on(tool: &str, before: &[&str], bytes: &[u8], file_name: &str, after: &[&str]) -> Option<Said> {
    let dir = tempfile::tempdir().expect("temporary folder");
    let path = dir.path().join(file_name);
    std::fs::write(&path, bytes).expect("fixture written");
    let path = path.to_str().expect("temporary folder's name is UTF-8");
    run(tool, &[before, &[path], after].concat())
}

/// All pieces of a text that stand between `start` and `end`, at most one per line.
pub fn all_between<'a>(text: &'a str, start: &str, end: &str) -> Vec<&'a str> {
    text.lines().filter_map(|line| between(line, start, end)).collect()
}

/// The part of a line between `start` and the next `end`.
pub fn between<'a>(line: &'a str, start: &str, end: &str) -> Option<&'a str> {
    line.split_once(start)?.1.split_once(end).map(|(found, _)| found)
}
