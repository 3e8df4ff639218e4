//! The long-lived worker: one row for every request, in order, the same as those of `batch`.

use super::support::run::program;
use super::{Yard, app, files, parse, run, sorted, text};
use std::fmt::Write as _;
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::time::Duration;

/// Longest wait for one row, on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);

fn answers(arguments: &[&str], requests: impl Into<Vec<u8>>) -> String {
    let output = program().arg("worker").args(arguments).write_stdin(requests).output().expect("the program runs");
    assert_eq!((output.status.code(), String::from_utf8_lossy(&output.stderr).as_ref()), (Some(0), ""));
    String::from_utf8(output.stdout).expect("rows are UTF-8")
}

#[test]
fn rows_are_those_of_batch_in_the_order_of_requests() {
    let yard = Yard::new(41);
    let policy = yard.path("policy.md");
    fs::write(&policy, "# Third-party SDKs\n\n| SDK | Purpose |\n| --- | --- |\n| OkHttp | network |\n")
        .expect("written");
    let options = ["--declared", text(&policy), "--max-memory", "64", "--off", "missing-field"];
    let batch = run(&[&[text(&yard.apps())], &options[..]].concat()).stdout;
    let mut requests = String::new();
    for (number, row) in parse(&batch).iter().enumerate() {
        let path = row["source"]["path"].as_str().expect("path");
        let line = match number % 3 {
            0 => path.to_owned(),
            1 => format!("{{\"uri\":\"{path}\",\"size\":{}}}\r", row["source"]["bytes"]),
            _ => format!(
                "{{\"path\":\"{path}\",\"sha256\":{},\"policy\":\"{}\"}}",
                row["source"]["sha256"],
                text(&policy)
            ),
        };
        writeln!(requests, "{line}").expect("text");
    }
    let rows = answers(&options, requests);
    assert_eq!(rows.lines().count(), 44);
    assert_eq!(files(&rows), files(&batch), "in the order of the requests");
    assert_eq!(sorted(&rows), sorted(&batch));
}

#[test]
fn a_row_is_there_before_the_next_request() {
    let yard = Yard::new(3);
    let mut child = Command::new(env!("CARGO_BIN_EXE_sdkaudit"))
        .args(["worker", "--no-config"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the program runs");
    let (mut requests, rows) = (child.stdin.take().expect("stdin"), child.stdout.take().expect("stdout"));
    let (sender, lines) = mpsc::channel();
    std::thread::spawn(move || BufReader::new(rows).lines().try_for_each(|line| sender.send(line.expect("UTF-8"))));
    for name in ["001.apk", "broken0.apk", "002.apk"] {
        writeln!(requests, "{}", text(&yard.apps().join(name))).expect("written");
        let row = lines.recv_timeout(PATIENCE).expect("a row without a further request");
        assert_eq!(files(&row), [name]);
    }
    drop(requests);
    assert_eq!(child.wait().expect("ends").code(), Some(0), "a broken app is a row, not an end");
    assert!(lines.recv_timeout(PATIENCE).is_err(), "no row without a request");
}

#[test]
fn whatever_a_line_says_it_has_one_row() {
    let dir = tempfile::tempdir().expect("temporary folder");
    let path = app(1).write(dir.path(), "a.apk");
    let good = text(&path);
    let long = "x".repeat(200_000);
    let mut requests =
        format!("{good}\n\n   \n{{\"uri\":7}}\n{{\"uri\":\"{good}\",\"size\":1}}\n{long}\n[1]\n").into_bytes();
    requests.extend(b"\xff\xfe\n{\"sha256\":\"12\",\"uri\":\"a\"}\n");
    requests.extend(format!("{{\"uri\":\"{good}\",\"polcy\":\"p.md\"}}\n{good}").bytes());
    let rows = parse(&answers(&["--lang", "en"], requests));
    let said: Vec<&str> = rows.iter().map(|row| row["error"]["message"].as_str().unwrap_or("ok")).collect();
    let expected = [
        "ok",
        "names no path",
        "names no path",
        "'uri' is no string",
        "bytes, not as many as in the manifest",
        "is too long for a path",
        "no such file",
        "is not UTF-8",
        "sha256 is no SHA-256 in hex",
        "'polcy' is not known; did you mean 'policy'?",
        "ok",
    ];
    assert_eq!(said.len(), expected.len(), "{said:#?}");
    for (said, expected) in said.iter().zip(expected) {
        assert!(said.contains(expected), "{said}: {expected}");
    }
    assert_eq!(rows[0], rows[10]);
}

#[test]
fn a_reader_that_is_gone_ends_the_worker() {
    let yard = Yard::new(2);
    let mut child = Command::new(env!("CARGO_BIN_EXE_sdkaudit"))
        .arg("worker")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program runs");
    drop(child.stdout.take());
    let mut requests = child.stdin.take().expect("stdin");
    writeln!(requests, "{}", text(&yard.apps().join("001.apk"))).expect("written");
    // Its end is awaited with the requests still open.
    let output = std::thread::spawn(move || child.wait_with_output().expect("ends"));
    let output = output.join().expect("ends");
    drop(requests);
    assert_eq!((output.status.code(), String::from_utf8_lossy(&output.stderr).as_ref()), (Some(0), ""));
}

#[cfg(not(feature = "remote"))]
#[test]
fn an_address_needs_the_feature() {
    let rows = parse(&answers(&["--lang", "en"], "s3://bucket/app.apk\nhttps://host/app.apk\n"));
    assert_eq!(rows.len(), 2);
    for row in rows {
        assert!(row["error"]["message"].as_str().expect("error").contains("built without remote"), "{row}");
        assert!(row["error"]["help"].as_str().expect("help").contains("--features remote"), "{row}");
    }
}
