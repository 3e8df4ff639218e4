//! Killed at any moment, or asked to stop: going on gives what an undisturbed run gives.

use super::{Said, Yard, parse, run, said, text};
use std::fs;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// Longest wait for rows to come, on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);

fn start(apps: &Path, rows: &Path) -> Child {
    Command::new(env!("CARGO_BIN_EXE_sdkaudit"))
        .args(["batch", text(apps), "-o", text(rows), "--resume", "-j", "2", "--sorted", "--lang", "en"])
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program runs")
}

fn count(rows: &Path) -> usize {
    fs::read(rows).map_or(0, |bytes| bytes.iter().filter(|byte| **byte == b'\n').count())
}

fn wait_for(count_wanted: usize, rows: &Path) {
    let start = Instant::now();
    while count(rows) < count_wanted {
        assert!(start.elapsed() < PATIENCE, "{} rows after {PATIENCE:?}", count(rows));
        std::thread::sleep(Duration::from_micros(300));
    }
}

/// On a busy machine a run may be over before this test gets its turn: then it is tried again.
fn in_time(mut attempt: impl FnMut() -> bool) {
    assert!((0..30).any(|_| attempt()), "30 runs ended before they could be disturbed");
}

#[test]
fn killed_twice_and_resumed() {
    let yard = Yard::new(57);
    let undisturbed = run(&[text(&yard.apps()), "--sorted", "-j", "1"]);
    assert_eq!(undisturbed.stdout.lines().count(), 60);
    let rows = yard.path("rows.jsonl");
    let mut before = 0;
    for stop_at in [12, 35] {
        let there = fs::read(&rows).unwrap_or_default();
        in_time(|| {
            fs::write(&rows, &there).expect("written");
            let mut child = start(&yard.apps(), &rows);
            wait_for(stop_at, &rows);
            child.kill().expect("killed");
            child.wait().expect("ended");
            (stop_at..60).contains(&count(&rows))
        });
        assert!(count(&rows) > before);
        before = count(&rows);
    }
    let last = said(start(&yard.apps(), &rows).wait_with_output().expect("ends"));
    assert_eq!(last.code, undisturbed.code, "{}", last.stderr);
    assert!(
        last.stderr.contains("of these, written before") && last.stderr.contains(&format!(" {before} ")),
        "no finished row is lost: {}",
        last.stderr
    );
    assert!(fs::read_to_string(&rows).expect("rows") == undisturbed.stdout);
}

#[cfg(unix)]
#[test]
fn asked_to_stop() {
    let yard = Yard::new(57);
    for signal in ["-INT", "-TERM"] {
        let rows = yard.path(signal);
        in_time(|| {
            let _ = fs::remove_file(&rows);
            let child = start(&yard.apps(), &rows);
            wait_for(10, &rows);
            let sent = Command::new("kill").args([signal, &child.id().to_string()]).status().expect("kill");
            assert!(sent.success());
            let Said { code, stderr, .. } = said(child.wait_with_output().expect("ends"));
            let written = fs::read_to_string(&rows).expect("rows");
            let rows = parse(&written).len();
            assert_eq!((code, written.ends_with('\n')), (Some(2), true), "whole rows only: {stderr}");
            assert!(rows == 60 || stderr.contains("error: stopped: ") && stderr.contains("--resume"), "{stderr}");
            (10..60).contains(&rows)
        });
        let rest = said(start(&yard.apps(), &rows).wait_with_output().expect("ends"));
        assert!(rest.stderr.contains("60 apps") || rest.stderr.contains("57 apps"), "{}", rest.stderr);
        assert_eq!(parse(&fs::read_to_string(&rows).expect("rows")).len(), 60);
    }
}
