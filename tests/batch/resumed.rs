//! Going on with the rows of an earlier run: what still holds is kept, the rest is written anew.

use super::{Yard, app, files, run, sorted, text};
use std::fs;
use std::path::Path;

fn read(path: &Path) -> String {
    fs::read_to_string(path).expect("rows")
}

/// How many rows a run has kept.
fn kept(stderr: &str) -> usize {
    let line = stderr.lines().find(|line| line.contains("of these, written before"));
    line.map_or(0, |line| {
        let cell = line.split(['┆', '│']).nth(2).expect("a table").trim();
        cell.parse().unwrap_or_else(|_| panic!("{line}"))
    })
}

#[test]
fn rows_that_hold_are_kept_as_they_are() {
    let yard = Yard::new(12);
    let rows = yard.path("rows.jsonl");
    let (apps, out) = (yard.apps(), text(&rows).to_owned());
    let first = run(&[text(&apps), "-o", &out]);
    let before = read(&rows);
    let refused = run(&[text(&apps), "-o", &out]);
    assert_eq!((refused.code, refused.stderr.contains("--resume")), (Some(2), true), "{}", refused.stderr);
    let again = run(&[text(&apps), "-o", &out, "--resume"]);
    assert_eq!((again.code, kept(&again.stderr)), (first.code, 13), "{}", again.stderr);
    assert_eq!(again.code, Some(2), "the broken one is still broken");
    assert!(read(&rows) == before, "nothing is written");
}

#[test]
fn a_cut_line_is_repaired() {
    let yard = Yard::new(8);
    let rows = yard.path("rows.jsonl");
    let arguments = [text(&yard.apps()), "-o", text(&rows), "-j", "1"].map(str::to_owned);
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    run(&arguments);
    let whole = read(&rows);
    let lines: Vec<&str> = whole.split_inclusive('\n').collect();
    let three: usize = lines[..3].iter().map(|line| line.len()).sum();
    let ends = [three + 1, three + lines[3].len() / 2, three + lines[3].len() - 1, three, 5, 0];
    for (end, stays) in ends.into_iter().zip([3, 3, 3, 3, 0, 0]) {
        fs::write(&rows, &whole[..end]).expect("written");
        let said = run(&[&arguments[..], &["--resume"]].concat());
        assert_eq!(kept(&said.stderr), stays, "cut after {end} bytes: {}", said.stderr);
        assert!(read(&rows) == whole, "cut after {end} bytes");
    }
}

#[test]
fn what_changed_is_read_again() {
    let yard = Yard::new(6);
    let rows = yard.path("rows.jsonl");
    let policy = yard.path("policy.md");
    fs::copy("tests/fixtures/policy.md", &policy).expect("copied");
    let with = |extra: &[&str]| {
        let (apps, policy) = (yard.apps(), policy.clone());
        let said = run(&[&[text(&apps), "-d", text(&policy), "-o", text(&rows), "--resume"], extra].concat());
        assert_eq!(files(&read(&rows)).len(), 7, "{}", said.stderr);
        let fresh = run(&[&[text(&apps), "-d", text(&policy)], extra].concat());
        if extra.is_empty() {
            assert_eq!(sorted(&read(&rows)), sorted(&fresh.stdout), "as if all were read");
        }
        kept(&said.stderr)
    };
    assert_eq!(with(&[]), 0);
    assert_eq!(with(&[]), 7);
    app(50).write(yard.apps(), "001.apk");
    assert_eq!(with(&[]), 6, "another file");
    let path = yard.apps().join("002.apk");
    let mut bytes = fs::read(&path).expect("app");
    let at = bytes.windows(6).position(|six| six == b"\x00\x00\x00\x01\x02\x03").expect("filler");
    bytes[at] ^= 1;
    fs::write(&path, bytes).expect("written");
    assert_eq!(with(&[]), 6, "a file of the same length");
    assert_eq!(with(&["--lang", "zh"]), 0, "another language");
    assert_eq!(with(&["--lang", "zh", "--off", "insecure-link"]), 0, "other severities");
    assert_eq!(
        with(&["--lang", "zh", "--off", "insecure-link", "--waivers", "tests/fixtures/waivers.toml"]),
        0,
        "waivers"
    );
    assert_eq!(with(&["--times"]), 0);
    assert_eq!(with(&["--times"]), 7);
    fs::write(&policy, fs::read_to_string(&policy).expect("policy") + "\nMore.\n").expect("written");
    // The row of the broken file was not compared with any policy.
    assert_eq!(with(&["--times"]), 1, "another policy");
    let file = fs::File::options().write(true).open(yard.apps().join("004.apk")).expect("app");
    file.set_modified(std::time::SystemTime::UNIX_EPOCH).expect("time set");
    assert_eq!(with(&["--times"]), 7, "another time, the same content");
}

#[test]
fn rows_of_other_apps_stay() {
    let yard = Yard::new(9);
    let rows = yard.path("rows.jsonl");
    let more = yard.apps().join("more");
    run(&[text(&more), "-o", text(&rows)]);
    let before = read(&rows);
    let said = run(&[text(&yard.apps().join("001.apk")), "-o", text(&rows), "--resume", "--sorted"]);
    assert_eq!(kept(&said.stderr), 0, "they are not this run's");
    assert_eq!(said.code, Some(0));
    let after = read(&rows);
    assert_eq!((before.lines().count(), after.lines().count()), (3, 4));
    assert!(before.lines().all(|line| after.contains(line)));
}

#[test]
fn a_file_that_holds_no_rows_is_left_alone() {
    let yard = Yard::new(1);
    let notes = yard.path("notes.txt");
    fs::write(&notes, "my notes\nfor ever\n").expect("written");
    let said = run(&[text(&yard.apps()), "-o", text(&notes), "--resume"]);
    assert_eq!(said.code, Some(2));
    assert!(said.stderr.contains("line 1 of") && said.stderr.contains("nothing was changed"), "{}", said.stderr);
    assert_eq!(read(&notes), "my notes\nfor ever\n");
    assert_eq!(run(&[text(&yard.apps()), "--resume"]).code, Some(2), "without -o there is nothing to go on with");
}
