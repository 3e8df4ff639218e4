//! One row for every input, in an order that nothing but the inputs decides.

use super::{Yard, app, files, parse, run, sorted, text};
use crate::support::run::program;
use sdkaudit::app::Options;
use sdkaudit::batch::{Input, Policies, Question, collect};
use sdkaudit::report::{Stamp, json_row::Status};
use sdkaudit::{Lang, Levels, SignatureSet};
use std::collections::BTreeSet;
use std::fs;
use std::process::Stdio;

#[test]
fn every_input_has_one_row_and_the_largest_comes_first() {
    let yard = Yard::new(21);
    let apps = yard.apps();
    let missing = yard.path("missing.apk");
    let empty = yard.path("empty");
    fs::create_dir(&empty).expect("folder");
    let twice = apps.join("001.apk");
    let said = run(&[text(&apps), text(&missing), text(&empty), text(&twice), "-j", "1"]);
    assert_eq!(said.code, Some(2), "{}", said.stderr);
    let rows = parse(&said.stdout);
    let paths: BTreeSet<&str> = rows.iter().map(|row| row["source"]["path"].as_str().expect("path")).collect();
    assert_eq!((rows.len(), paths.len()), (25, 25), "21 apps, 2 broken, 1 missing, 1 folder without any");
    let sizes: Vec<u64> = rows.iter().map(|row| row["source"]["bytes"].as_u64().unwrap_or(0)).collect();
    assert!(sizes.is_sorted_by(|a, b| a >= b), "{sizes:?}");
    for row in &rows {
        let path = row["source"]["path"].as_str().expect("path");
        let sound = !["broken", "missing", "empty"].iter().any(|word| path.contains(word));
        assert_eq!(row["status"], if sound { "ok" } else { "error" }, "{path}");
        assert_eq!(row["app"].is_null(), !sound, "{path}");
        assert_eq!(
            row["source"]["sha256"].is_string(),
            !path.contains("missing") && !path.ends_with("empty"),
            "{path}"
        );
    }
    assert!(
        said.stderr.ends_with("failed: 21 apps, 0 errors, 0 warnings, 0 notes, 4 inputs unreadable\n"),
        "{}",
        said.stderr
    );
}

#[test]
fn sorted_rows_are_the_same_bytes_for_any_threads_and_order_of_inputs() {
    let yard = Yard::new(24);
    let (apps, more) = (yard.apps(), yard.apps().join("more"));
    let one = run(&[text(&apps), "--sorted", "-j", "1"]);
    let paths: Vec<String> =
        parse(&one.stdout).iter().map(|row| row["source"]["path"].as_str().expect("path").to_owned()).collect();
    assert!(paths.is_sorted() && paths.len() == 26, "{paths:?}");
    for jobs in ["2", "5", "64"] {
        assert!(run(&[text(&apps), "--sorted", "-j", jobs]).stdout == one.stdout, "-j {jobs}");
    }
    let listed: String = paths.iter().rev().map(|path| format!("{path}\n")).collect();
    let list = yard.path("list.txt");
    fs::write(&list, &listed).expect("written");
    assert!(run(&[text(&list), "--sorted"]).stdout == one.stdout, "a list the other way round");
    assert!(run(&[text(&more), text(&apps), "--sorted"]).stdout == one.stdout, "a folder and one inside it");
    let output = program().args(["batch", "-", "--sorted", "-j", "3"]).write_stdin(listed).output().expect("runs");
    assert!(output.stdout == one.stdout.as_bytes(), "a list on standard input");
    let file = yard.path("rows.jsonl");
    assert_eq!(run(&[text(&apps), "--sorted", "-o", text(&file)]).stdout, "");
    assert!(fs::read_to_string(&file).expect("rows") == one.stdout, "a file");
    let streamed = run(&[text(&apps), "-j", "3"]);
    assert_eq!(sorted(&streamed.stdout), sorted(&one.stdout), "as they come");
}

#[test]
fn shards_share_the_apps() {
    let yard = Yard::new(30);
    let whole = run(&[text(&yard.apps())]).stdout;
    let mut parts = String::new();
    for number in 1..=4 {
        let part = run(&[text(&yard.apps()), "--shard", &format!("{number}/4")]).stdout;
        assert!((1..20).contains(&part.lines().count()), "{} rows", part.lines().count());
        parts += &part;
    }
    assert_eq!(sorted(&parts), sorted(&whole));
    for wrong in ["0/4", "5/4", "1", "1/0", "a/b"] {
        assert_eq!(run(&[text(&yard.apps()), "--shard", wrong]).code, Some(2), "{wrong}");
    }
}

#[test]
fn exit_codes() {
    let yard = Yard::new(2);
    let sound = yard.apps().join("001.apk");
    let part = app(3).dex_bytes(b"encrypted".to_vec()).write(yard.dir.path(), "part.apk");
    let code = |arguments: &[&str]| run(arguments).code;
    assert_eq!(code(&[text(&sound)]), Some(0));
    assert_eq!(code(&[text(&sound), text(&part)]), Some(1), "a part is unread");
    assert_eq!(code(&[text(&sound), text(&part), "--exit-zero"]), Some(0));
    assert_eq!(code(&[text(&yard.apps()), "--exit-zero"]), Some(2), "one cannot be read");
    let policy = ["-d", "samples/meterpay-policy.md"];
    assert_eq!(code(&[&[text(&sound)][..], &policy].concat()), Some(0), "notes");
    assert_eq!(code(&[&[text(&sound), "--fail-on", "note"][..], &policy].concat()), Some(1), "notes count");
    assert_eq!(code(&[text(&sound), "-d", "missing.md"]), Some(2));
    let list = yard.path("list");
    fs::write(&list, "\n\n").expect("written");
    assert_eq!(code(&[text(&list)]), Some(2), "an empty list");
}

#[test]
fn limits_leave_gaps_and_name_the_option() {
    let yard = Yard::new(1);
    let large = app(1).dex_bytes(vec![0; 3 << 20]).write(yard.dir.path(), "large.apk");
    let said = run(&[text(&large), "--max-memory", "1"]);
    assert_eq!(said.code, Some(1), "{}", said.stderr);
    let row = &parse(&said.stdout)[0];
    assert_eq!((&row["status"], &row["app"]["gaps"][0]["entry"]), (&"gap".into(), &"classes2.dex".into()));
    assert!(row["app"]["gaps"][0]["reason"].as_str().is_some_and(|why| why.contains("--max-memory")), "{row}");
    let said = run(&[text(&large), "--max-memory", "64", "--max-time", "600"]);
    assert!(!said.stdout.contains("--max-"), "read, and found to be no dex file: {}", said.stdout);
}

#[test]
fn a_panic_costs_one_row() {
    let yard = Yard::new(3);
    let set = SignatureSet::builtin();
    let by_class = |package: &[u8]| {
        assert!(!package.ends_with(b"p3"), "a package that nobody can bear");
        false
    };
    let read =
        |_: &[std::path::PathBuf]| -> Result<sdkaudit::Declaration, sdkaudit::Error> { unreachable!("no policy") };
    let policies = Policies::new(sdkaudit::batch::Pairing::None, &read);
    let question = Question {
        options: Options { by_class: &by_class, ..Options::default() },
        set,
        levels: &Levels::default(),
        policies: &policies,
        accepted: None,
        stamp: Stamp::new(set, None, None),
        lang: Lang::En,
        times: false,
        verify: false,
    };
    let inputs: Vec<Input> = collect(&[yard.apps().join("001.apk")], None).expect("an app");
    let made = question.answer(&inputs[0], false, "0");
    assert_eq!(made.status, Status::Error);
    let row = &parse(std::str::from_utf8(&made.line).expect("UTF-8"))[0];
    let message = row["error"]["message"].as_str().expect("message");
    assert!(message.contains("a package that nobody can bear") && message.contains("001.apk"), "{message}");
    assert!(row["source"]["sha256"].is_string(), "{row}");
}

#[test]
fn a_reader_that_has_seen_enough_is_no_error() {
    let yard = Yard::new(9);
    let mut child = std::process::Command::new(env!("CARGO_BIN_EXE_sdkaudit"))
        .args(["batch", text(&yard.apps().join("more")), "-q", "--lang", "en"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program runs");
    drop(child.stdout.take());
    let output = child.wait_with_output().expect("the program ends");
    let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!stderr.contains("cannot write") && !stderr.contains("panicked"), "{stderr}");
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_an_error() {
    let yard = Yard::new(2);
    let full = fs::OpenOptions::new().write(true).open("/dev/full").expect("/dev/full");
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_sdkaudit"))
        .args(["batch", text(&yard.apps()), "--lang", "en"])
        .stdout(full)
        .stderr(Stdio::piped())
        .output()
        .expect("the program runs");
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{stderr}");
    assert!(stderr.contains("error: cannot write the rows"), "{stderr}");
}

#[test]
fn files_of_one_length_come_by_name() {
    let yard = Yard::new(0);
    for name in ["c", "a", "b"] {
        app(1).write(yard.apps(), &format!("{name}.apk"));
    }
    assert_eq!(files(&run(&[text(&yard.apps()), "-j", "1"]).stdout), ["a.apk", "b.apk", "c.apk"]);
}
