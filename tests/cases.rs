//! The command line as text files: one command each in tests/cases/, with its input, both outputs and the exit code.
//!
//! `TRYCMD=overwrite cargo test --test cases` writes the outputs anew; then read the difference before you commit it.

mod support;

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use support::axml::Attribute;
use support::bundle::{aab, parts, sealed, stored, xapk};
use support::run::root;
use support::zipfile::truncated;
use support::{ApkBuilder, Component, Dex};

fn folder(name: &str) -> PathBuf {
    root().join("tests").join(name)
}

/// The apps that cases name, all entries stored, so that no compressor shows in them.
fn fixtures() -> Vec<(String, Vec<u8>)> {
    let app = ApkBuilder::new("dev.host.app")
        .version_name("1.0")
        .version_code(1)
        .min_sdk(24)
        .target_sdk(34)
        .application_attribute(Attribute::android("label", "Small"))
        .component(Component::activity(".Main").exported(true).launcher())
        .dex(&Dex::new().classes(&["dev.host.app.Main", "dev.host.app.ui.View"]))
        .native_lib("arm64-v8a", "libhost.so");
    let manifest = app.manifest();
    // Bundles stand apart: the folder of the others is read as a whole.
    let mut fixtures = vec![
        ("small.apk".to_owned(), sealed(&app)),
        ("cut.apk".to_owned(), truncated(&sealed(&app), 1, 2)),
        ("broken-dex.apk".to_owned(), sealed(&app.clone().dex_bytes([0x9f, 0x11, 0x3c].repeat(60)))),
        ("cut-manifest.apk".to_owned(), sealed(&app.manifest_bytes(manifest[..manifest.len() / 2].to_vec()))),
        ("../bundles/shop.aab".to_owned(), stored(aab()).build()),
        ("../bundles/shop.xapk".to_owned(), stored(xapk(&parts())).build()),
    ];
    fixtures.extend(parts().iter().map(|(name, apk)| (format!("../bundles/shop/{name}.apk"), sealed(apk))));
    fixtures
}

fn overwrites() -> bool {
    std::env::var("TRYCMD").is_ok_and(|mode| mode == "overwrite")
}

#[test]
fn cases() {
    // Cases and the fixtures they read belong together, so both stand in one test.
    for (name, bytes) in fixtures() {
        let path = folder("fixtures").join(&name);
        if overwrites() {
            fs::create_dir_all(path.parent().expect("a folder")).expect("folder");
            fs::write(&path, &bytes).expect("fixture written");
        }
        let found = fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        assert!(found == bytes, "{name} is not what this test writes: TRYCMD=overwrite cargo test --test cases");
    }
    let cases = trycmd::TestCases::new();
    cases.register_bin("sdkaudit", trycmd::schema::Bin::Path(env!("CARGO_BIN_EXE_sdkaudit").into()));
    cases.case("tests/cases/*.toml");
    drop(cases); // runs them
    for path in outputs() {
        let text = fs::read_to_string(&path).expect("output is UTF-8");
        let general = without_stamps(&text);
        if overwrites() {
            fs::write(&path, general).expect("output written");
        } else {
            assert_eq!(text, general, "{}: the stamp changes with every release", path.display());
        }
    }
}

fn outputs() -> Vec<PathBuf> {
    let entries = fs::read_dir(folder("cases")).expect("cases").map(|entry| entry.expect("entry").path());
    entries.filter(|path| path.extension().is_some_and(|kind| kind == "stdout" || kind == "stderr")).collect()
}

/// Version, signature count and digest as `[..]`, which trycmd takes for anything.
fn without_stamps(text: &str) -> String {
    let mut out = String::new();
    let mut above = "";
    for line in text.split_inclusive('\n') {
        let cut = |start: &str, stop: &str| {
            let (head, rest) = line.split_once(start)?;
            Some((format!("{head}{start}"), &rest[rest.find(stop)?..]))
        };
        let general = if line.starts_with("{\"schema_version\"") {
            Some(without_row_stamp(line))
        } else if line.contains(" apps/s") {
            cut(" in ", "\n").map(|(head, tail)| format!("{head}[..]{tail}"))
        } else if line.contains("：每秒") {
            cut("用时 ", "\n").map(|(head, tail)| format!("{head}[..]{tail}"))
        } else if line.contains("signatures (") {
            cut("sdkaudit ", ")").map(|(head, tail)| format!("{head}[..], [..] signatures ([..]{tail}"))
        } else if line.contains("条特征（") {
            cut("sdkaudit ", "）").map(|(head, tail)| format!("{head}[..]，[..] 条特征（[..]{tail}"))
        } else if line.contains(" signatures, ") {
            cut("sdkaudit ", ")").map(|(head, tail)| format!("{head}[..] ([..] signatures, [..]{tail}"))
        } else if above.contains("\"signatures\": {") {
            cut("\"count\": ", ",").map(|(head, tail)| format!("{head}[..]{tail}"))
        } else if above.contains("\"tool\": \"sdkaudit\"") {
            cut("\"version\": ", ",").map(|(head, tail)| format!("{head}\"[..]\"{tail}"))
        } else {
            cut("\"digest\": ", "\n").map(|(head, tail)| format!("{head}\"[..]\"{tail}"))
        };
        out += &general.unwrap_or_else(|| line.to_owned());
        above = line;
    }
    out
}

/// A row of `batch` without its stamp and the digest of its settings.
fn without_row_stamp(line: &str) -> String {
    let between = |line: &str, start: &str, stop: &str| {
        let (head, rest) = line.split_once(start).unwrap_or_else(|| panic!("{start}: {line}"));
        let tail = &rest[rest.find(stop).unwrap_or_else(|| panic!("{stop}: {line}"))..];
        format!("{head}{start}[..]{tail}")
    };
    let line = between(line, "\"tool\":\"sdkaudit\",", ",\"declared_sha256\"");
    between(&line, "\"options\":\"", "\"")
}

#[test]
fn every_case_says_all_it_must() {
    let mut names: Vec<PathBuf> =
        fs::read_dir(folder("cases")).expect("cases").map(|entry| entry.expect("entry").path()).collect();
    names.sort();
    let kind = |path: &PathBuf| path.extension().unwrap_or_default().to_string_lossy().into_owned();
    let cases: Vec<&PathBuf> = names.iter().filter(|path| kind(path) == "toml").collect();
    assert!(cases.len() >= 60, "{} cases", cases.len());
    for case in &cases {
        for output in ["stdout", "stderr"] {
            let path = case.with_extension(output);
            // trycmd does not look at an output that has no file.
            assert!(path.exists(), "{} is missing", path.display());
        }
        let text = fs::read_to_string(case).expect("case");
        assert!(text.contains("status"), "{} names no exit code", case.display());
        // What a developer's own environment says must not show.
        for name in ["LC_ALL", "NO_COLOR", "CLICOLOR_FORCE"] {
            assert!(text.contains(&format!("env.add.{name} = ")), "{} leaves {name} open", case.display());
        }
        let (stdout, stderr) = (case.with_extension("stdout"), case.with_extension("stderr"));
        let length = |path: &PathBuf| fs::metadata(path).expect("output").len();
        assert!(length(&stdout) + length(&stderr) > 0, "{} prints nothing", case.display());
        // What `batch` says at its end is no complaint.
        if text.contains("status = \"success\"") && !text.contains("args = [\"batch\"") {
            assert_eq!(length(&stderr), 0, "{} succeeds and complains", case.display());
        }
    }
    for path in names.iter().filter(|path| kind(path) != "toml") {
        assert!(path.with_extension("toml").exists(), "{} belongs to no case", path.display());
    }
}

#[test]
fn a_reader_that_has_seen_enough_is_no_error() {
    let arguments = ["audit", "samples/meterpay.apk", "-v", "-f", "json", "-d", "samples/meterpay-policy.md"];
    let mut child = Command::new(env!("CARGO_BIN_EXE_sdkaudit"))
        .current_dir(root())
        .args(arguments)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program runs");
    drop(child.stdout.take());
    let output = child.wait_with_output().expect("the program ends");
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    assert_eq!(output.status.code(), Some(1), "the exit code still tells of findings");
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_an_error() {
    let full = fs::OpenOptions::new().write(true).open("/dev/full").expect("/dev/full");
    let arguments = ["inspect", "samples/meterpay.apk", "--lang", "en"];
    let output = Command::new(env!("CARGO_BIN_EXE_sdkaudit"))
        .current_dir(root())
        .args(arguments)
        .stdout(full)
        .stderr(Stdio::piped())
        .output()
        .expect("the program runs");
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{stderr}");
    assert!(stderr.starts_with("error: cannot write the report"), "{stderr}");
}
