//! `-o FORMAT=FILE`: every report from one run, each whole or not at all.

mod support;

use std::fs;
use std::path::Path;
use std::process::Output;
use support::run::program;

const AUDIT: [&str; 5] = ["audit", "samples/meterpay.apk", "-d", "samples/meterpay-policy.md", "--lang=en"];

/// Runs the audit of the sample with more arguments.
fn audit(more: &[String]) -> Output {
    program().args(AUDIT).args(more).output().expect("the program runs")
}

fn to(format: &str, path: &Path) -> [String; 2] {
    ["-o".into(), format!("{format}={}", path.display())]
}

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn files_hold_what_standard_output_would() {
    let folder = tempfile::tempdir().expect("temporary folder");
    for format in ["json", "sarif", "html", "markdown", "junit", "cyclonedx", "github", "csv"] {
        let path = folder.path().join(format);
        let written = audit(&to(format, &path));
        assert_eq!((written.status.code(), stderr(&written)), (Some(1), String::new()));
        let printed = audit(&["-f".into(), format.into()]);
        assert!(fs::read(&path).expect("report") == printed.stdout, "{format}");
        // Beside the file, standard output still carries the text.
        assert!(String::from_utf8_lossy(&written.stdout).contains("\nfailed: 1 app, "), "{format}");
    }
}

#[test]
fn one_run_writes_them_all_and_one_of_them_to_standard_output() {
    let folder = tempfile::tempdir().expect("temporary folder");
    let (html, text) = (folder.path().join("a.html"), folder.path().join("a.txt"));
    let more =
        [&to("html", &html)[..], &to("text", &text), &["-o".into(), "json".into(), "--color=always".into()]].concat();
    let output = audit(&more);
    assert_eq!(output.status.code(), Some(1), "{}", stderr(&output));
    assert!(output.stdout.starts_with(b"{\n"), "{}", String::from_utf8_lossy(&output.stdout));
    assert!(fs::read_to_string(html).expect("page").starts_with("<!DOCTYPE html>"));
    let text = fs::read_to_string(text).expect("text");
    assert!(text.contains("failed: 1 app") && !text.contains('\u{1b}'), "a file is no terminal");
}

#[test]
fn what_cannot_be_written_costs_only_itself() {
    let folder = tempfile::tempdir().expect("temporary folder");
    let (good, bad) = (folder.path().join("good.sarif"), folder.path().join("no/such/folder/bad.html"));
    let more = [to("html", &bad), to("sarif", &good)].concat();
    let output = audit(&more);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("the folder does not exist"), "{}", stderr(&output));
    assert!(fs::read_to_string(good).expect("report").contains("\"version\": \"2.1.0\""));
    assert!(String::from_utf8_lossy(&output.stdout).contains("failed: 1 app"));
}

#[test]
fn a_run_that_fails_leaves_the_old_report_and_nothing_else() {
    let folder = tempfile::tempdir().expect("temporary folder");
    let path = folder.path().join("report.json");
    fs::write(&path, "old").expect("old report");
    let arguments = ["audit", "samples/meterpay.apk", "-d", "no-such-policy.md", "-o"];
    let output = program().args(arguments).arg(format!("json={}", path.display())).output().expect("the program runs");
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(fs::read_to_string(&path).expect("old report"), "old");
    assert_eq!(fs::read_dir(folder.path()).expect("folder").count(), 1, "no file of ours is left");
}

#[cfg(unix)]
#[test]
fn links_are_followed_and_modes_are_those_of_ordinary_files() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let folder = tempfile::tempdir().expect("temporary folder");
    let (target, link, fresh) =
        (folder.path().join("target.json"), folder.path().join("link.json"), folder.path().join("fresh.csv"));
    fs::write(&target, "old").expect("old report");
    symlink(&target, &link).expect("link");
    let output = audit(&[to("json", &link), to("csv", &fresh)].concat());
    assert_eq!(output.status.code(), Some(1), "{}", stderr(&output));
    assert!(fs::symlink_metadata(&link).expect("link").is_symlink());
    assert!(fs::read_to_string(&target).expect("report").starts_with("{\n"));
    // What the shell would give a file that it creates.
    let ordinary = folder.path().join("ordinary");
    fs::write(&ordinary, "").expect("file");
    let mode = |path: &Path| fs::metadata(path).expect("file").permissions().mode() & 0o777;
    assert_eq!(mode(&fresh), mode(&ordinary));
}

#[cfg(target_os = "linux")]
#[test]
fn devices_are_written_to_and_not_replaced() {
    let output = audit(&to("json", Path::new("/dev/null")));
    assert_eq!(output.status.code(), Some(1), "{}", stderr(&output));
    let output = audit(&to("json", Path::new("/dev/full")));
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).starts_with("error: cannot write /dev/full: "), "{}", stderr(&output));
    assert!(!fs::metadata("/dev/full").expect("device").is_file());
}

#[cfg(unix)]
#[test]
fn an_input_under_another_name_is_still_an_input() {
    let folder = tempfile::tempdir().expect("temporary folder");
    let link = folder.path().join("harmless.json");
    std::os::unix::fs::symlink(support::run::root().join("samples/meterpay-policy.md"), &link).expect("link");
    let output = audit(&to("json", &link));
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("is an input"), "{}", stderr(&output));
}
