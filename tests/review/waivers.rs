//! Accepted findings and `sdkaudit.toml`, through the program.

use crate::support::run::root;
use crate::{Ran, run, run_on};
use serde_json::Value;
use std::fs;
use std::path::Path;
use tempfile::TempDir;

/// 2027-11-22.
const NEXT_YEAR: &str = "1826841600";

fn sample() -> [String; 4] {
    let path = |name: &str| root().join("samples").join(name).display().to_string();
    ["audit".to_owned(), path("meterpay.apk"), "-d".to_owned(), path("meterpay-policy.md")]
}

fn audit(folder: &Path, more: &[&str]) -> Ran {
    let sample = sample();
    let arguments: Vec<&str> = sample.iter().map(String::as_str).chain(more.iter().copied()).collect();
    run(folder, &arguments)
}

fn findings(report: &Value) -> Vec<(String, String, bool)> {
    let list = report["apps"][0]["findings"].as_array().expect("a list");
    let text = |value: &Value| value.as_str().expect("a string").to_owned();
    list.iter().map(|one| (text(&one["rule"]), text(&one["subject"]), one["waived"] == true)).collect()
}

#[test]
fn a_baseline_accepts_what_is_there_and_nothing_new() {
    let folder = TempDir::new().expect("folder");
    for (name, lists) in [("w.toml", true), ("w.json", false)] {
        let written =
            audit(folder.path(), &["--write-waivers", name, "--reason", "first \"run\"", "--expires", "2027-03-31"]);
        assert_eq!((written.code, written.stderr.as_str()), (Some(0), ""));
        let again = audit(folder.path(), &["--waivers", name, "--fail-on", "note", "-f", "json"]);
        assert_eq!(again.code, Some(0), "{}", again.stdout);
        let report = again.json();
        assert!(findings(&report).len() > 25 && findings(&report).iter().all(|(_, _, waived)| *waived));
        let summary = &report["summary"]["findings"];
        assert_eq!((&summary["error"], &summary["warning"], &summary["note"]), (&0.into(), &0.into(), &0.into()));
        assert_eq!(summary["waived"].as_u64(), Some(findings(&report).len() as u64));
        let waiver = &report["apps"][0]["findings"][0]["waiver"];
        assert_eq!(
            (waiver["reason"].as_str(), waiver["expires"].as_str()),
            (Some("first \"run\""), Some("2027-03-31"))
        );
        assert_eq!(report["stamp"]["settings"][0]["path"], name);
        assert_eq!(report["stamp"]["evaluated_on"], "2026-11-22");
        let text = fs::read_to_string(folder.path().join(name)).expect("file");
        assert_eq!(text.contains("[[waivers]]"), lists, "{text}");
    }
    // One entry less: exactly that finding counts again.
    let file = folder.path().join("w.toml");
    let text = fs::read_to_string(&file).expect("file");
    let entry = text.split("\n[[waivers]]").find(|entry| entry.contains("\"amap.location\"")).expect("an entry");
    fs::write(&file, text.replace(&format!("\n[[waivers]]{entry}"), "")).expect("written");
    let fewer = audit(folder.path(), &["--waivers", "w.toml", "-f", "json"]);
    assert_eq!(fewer.code, Some(1));
    let open: Vec<_> = findings(&fewer.json()).into_iter().filter(|(_, _, waived)| !waived).collect();
    assert_eq!(open, [("undeclared-sdk".to_owned(), "amap.location".to_owned(), false)]);
}

#[test]
fn writing_adds_to_the_file_it_read_and_overwrites_no_other() {
    let folder = TempDir::new().expect("folder");
    let file = folder.path().join("w.toml");
    let own = "# ours\n[[waivers]]\nrule = \"undeclared-sdk\"\nsubject = \"amap.location\"\nreason = \"until spring\"";
    fs::write(&file, own).expect("written");
    let refused = audit(folder.path(), &["--write-waivers", "w.toml", "--reason", "r"]);
    assert_eq!(refused.code, Some(2));
    assert!(refused.stderr.contains("w.toml exists already") && refused.stdout.is_empty(), "{}", refused.stderr);
    let added = audit(folder.path(), &["--waivers", "w.toml", "--write-waivers", "w.toml", "--reason", "r"]);
    assert_eq!((added.code, added.stderr.as_str()), (Some(0), ""));
    let text = fs::read_to_string(&file).expect("file");
    assert!(text.starts_with(own) && text.matches("amap.location").count() == 1, "{text}");
    assert_eq!(audit(folder.path(), &["--waivers", "w.toml", "--fail-on", "note", "-q"]).code, Some(0));
    assert_eq!(fs::read_dir(folder.path()).expect("folder").count(), 1, "nothing else is left behind");
}

#[test]
fn nothing_is_waived_without_a_reason() {
    let folder = TempDir::new().expect("folder");
    fs::write(folder.path().join("w.toml"), "[[waivers]]\nrule = \"undeclared-sdk\"\nsubject = \"amap.location\"\n")
        .expect("written");
    let ran = audit(folder.path(), &["--waivers", "w.toml"]);
    assert_eq!((ran.code, ran.stdout.as_str()), (Some(2), ""));
    assert!(ran.stderr.contains("w.toml:1: the entry has no 'reason'"), "{}", ran.stderr);
    for more in [&["--write-waivers", "x.toml"][..], &["--write-waivers", "x.toml", "--reason", " "]] {
        let ran = audit(folder.path(), more);
        assert_eq!((ran.code, ran.stdout.as_str()), (Some(2), ""));
        assert!(ran.stderr.contains("--reason"), "{}", ran.stderr);
    }
}

#[test]
fn ended_and_needless_waivers_are_findings() {
    let folder = TempDir::new().expect("folder");
    let entry = |subject: &str, more: &str| {
        format!("[[waivers]]\nrule = \"undeclared-sdk\"\nsubject = \"{subject}\"\nreason = \"r\"\n{more}\n")
    };
    let text = [
        entry("amap.location", "expires = 2026-11-22"),
        entry("tencent.bugly", "expires = 2026-11-21"),
        entry("lumen.ads", ""),
        entry("umeng.common", "app = \"another.app\""),
    ];
    fs::write(folder.path().join("w.toml"), text.concat()).expect("written");
    let ran = audit(folder.path(), &["--waivers", "w.toml", "-f", "json"]);
    let report = ran.json();
    let of = |wanted: &str| -> Vec<(String, bool)> {
        let all = findings(&report).into_iter();
        all.filter(|(rule, _, _)| rule == wanted).map(|(_, subject, waived)| (subject, waived)).collect()
    };
    assert_eq!(of("expired-waiver"), [("undeclared-sdk/tencent.bugly".to_owned(), false)]);
    assert_eq!(
        of("unused-waiver"),
        [("undeclared-sdk/lumen.ads".to_owned(), false), ("undeclared-sdk/umeng.common".to_owned(), false)]
    );
    let waived: Vec<String> =
        of("undeclared-sdk").into_iter().filter(|(_, waived)| *waived).map(|(id, _)| id).collect();
    assert_eq!(waived, ["amap.location"], "the last day counts");
    let later = {
        let sample = sample();
        let arguments: Vec<&str> =
            sample.iter().map(String::as_str).chain(["--waivers", "w.toml", "-f", "json"]).collect();
        run_on(folder.path(), NEXT_YEAR, &arguments)
    };
    assert!(findings(&later.json()).iter().all(|(_, _, waived)| !waived));
    // A level of their own, like every rule.
    let off = audit(folder.path(), &["--waivers", "w.toml", "-f", "json", "--off", "unused-waiver"]);
    assert!(findings(&off.json()).iter().all(|(rule, _, _)| rule != "unused-waiver"));
    // An app that cannot be read may be the one that needs them.
    fs::write(folder.path().join("cut.apk"), "PK\u{3}\u{4}").expect("written");
    let broken = audit(folder.path(), &["cut.apk", "--waivers", "w.toml", "-f", "json"]);
    assert!(broken.code == Some(2) && findings(&broken.json()).iter().all(|(rule, _, _)| rule != "unused-waiver"));
}

#[test]
fn lint_waives_what_the_list_itself_shows() {
    let folder = TempDir::new().expect("folder");
    let policy = root().join("samples/meterpay-policy.md").display().to_string();
    let lint = |more: &[&str]| run(folder.path(), &[&["lint", policy.as_str()], more].concat());
    let before = lint(&["--fail-on", "warning", "-q"]);
    assert_eq!(before.code, Some(1));
    assert_eq!(lint(&["--fail-on", "warning", "-q", "--write-waivers", "w.toml", "--reason", "r"]).code, Some(0));
    assert_eq!(lint(&["--fail-on", "note", "-q", "--waivers", "w.toml"]).code, Some(0));
    let fix = lint(&["--fix", "--waivers", "w.toml"]);
    assert_eq!(fix.stdout, "", "what is accepted is not corrected");
    // Waivers that only an app could need are not called needless without one.
    assert_eq!(audit(folder.path(), &["--write-waivers", "a.toml", "--reason", "r"]).code, Some(0));
    let text =
        fs::read_to_string(folder.path().join("a.toml")).expect("file").replace("app = \"dev.meterpay.app\"\n", "");
    fs::write(folder.path().join("a.toml"), text).expect("written");
    assert_eq!(lint(&["--fail-on", "note", "-q", "--waivers", "a.toml"]).code, Some(0));
}

#[test]
fn the_configuration_is_found_above_and_the_command_line_wins() {
    let folder = TempDir::new().expect("folder");
    let below = folder.path().join("build/out");
    fs::create_dir_all(&below).expect("folders");
    let policy = root().join("samples/meterpay-policy.md").display().to_string();
    let apk = root().join("samples/meterpay.apk").display().to_string();
    fs::copy(&policy, folder.path().join("policy.md")).expect("copied");
    let text = "declared = \"policy.md\"\nlang = \"zh\"\nfail-on = \"note\"\n[rules]\nundeclared-sdk = \"off\"\nvague-data = \"error\"\n";
    fs::write(folder.path().join("sdkaudit.toml"), text).expect("written");
    let ran = run(&below, &["audit", &apk, "-f", "json"]);
    let report = ran.json();
    assert_eq!(ran.code, Some(1));
    assert!(findings(&report).iter().all(|(rule, _, _)| rule != "undeclared-sdk"));
    assert_eq!(report["stamp"]["settings"][0]["path"], "../../sdkaudit.toml");
    let place = report["apps"][0]["findings"].as_array().expect("list").iter().find(|one| one["rule"] == "vague-data");
    let place = place.expect("the finding");
    assert_eq!(
        (place["severity"].as_str(), place["declared"]["document"].as_str()),
        (Some("error"), Some("../../policy.md"))
    );
    assert!(run(&below, &["audit", &apk, "-q"]).stdout.starts_with("未通过"));
    let typed =
        run(&below, &["audit", &apk, "-f", "json", "--lang", "en", "--warn", "undeclared-sdk", "--off", "vague-data"]);
    let report = typed.json();
    assert!(findings(&report).iter().any(|(rule, _, _)| rule == "undeclared-sdk"));
    assert!(findings(&report).iter().all(|(rule, _, _)| rule != "vague-data"));
    let without = run(&below, &["audit", &apk, "--no-config"]);
    assert_eq!(without.code, Some(2));
    assert!(without.stderr.contains("there is no policy to compare with"), "{}", without.stderr);
    let named = run(
        root(),
        &[
            "lint",
            "samples/meterpay-policy.md",
            "-q",
            "--config",
            folder.path().join("sdkaudit.toml").to_str().expect("UTF-8"),
        ],
    );
    assert!(named.code == Some(1) && named.stdout.starts_with("未通过"), "{}{}", named.stdout, named.stderr);
}

#[test]
fn a_mistake_in_the_configuration_is_never_passed_over() {
    let folder = TempDir::new().expect("folder");
    fs::write(folder.path().join("sdkaudit.toml"), "fail_on = \"note\"\n").expect("written");
    let ran = run(folder.path(), &["explain", "undeclared-sdk"]);
    assert_eq!((ran.code, ran.stdout.as_str()), (Some(2), ""));
    assert!(
        ran.stderr.contains("sdkaudit.toml:1: no key is named 'fail_on'; did you mean 'fail-on'?"),
        "{}",
        ran.stderr
    );
    let zh = run(folder.path(), &["explain", "undeclared-sdk", "--lang", "zh"]);
    assert!(zh.stderr.contains("sdkaudit.toml:1：没有名为“fail_on”的键；是否应为“fail-on”？"), "{}", zh.stderr);
    let missing = run(folder.path(), &["explain", "undeclared-sdk", "--config", "none.toml"]);
    assert!(missing.code == Some(2) && missing.stderr.contains("none.toml"), "{}", missing.stderr);
}

#[test]
fn profiles_ask_for_what_they_say() {
    let policy = root().join("samples/meterpay-policy.md").display().to_string();
    let rules = |profile: &str| -> Vec<String> {
        let ran = run(root(), &["lint", &policy, "-f", "json", "--profile", profile]);
        let report: Value = serde_json::from_str(&ran.stdout).expect("JSON");
        let list = report["findings"].as_array().expect("list");
        let row = |one: &Value| format!("{} {} {}", one["severity"], one["rule"], one["subject"]).replace('"', "");
        list.iter().map(row).collect()
    };
    let missing = |profile: &str| rules(profile).iter().filter(|row| row.contains("missing-field")).count();
    assert_eq!((missing("default"), missing("china-miit"), missing("google-play"), missing("minimal")), (4, 1, 0, 0));
    assert!(rules("default").iter().any(|row| row.contains("platform-gap")));
    assert!(rules("google-play").iter().all(|row| !row.contains("platform-gap")));
    assert!(rules("minimal").iter().all(|row| row.starts_with("error ")));
}

#[test]
fn a_date_that_is_none_is_said_in_both_languages() {
    let folder = TempDir::new().expect("folder");
    let entry = "[[waivers]]\nrule = \"undeclared-sdk\"\nsubject = \"x\"\nreason = \"r\"\nexpires = 2026-02-99\n";
    fs::write(folder.path().join("w.toml"), entry).expect("written");
    for (lang, words) in [("en", "line 5: invalid date"), ("zh", "第 5 行：日期无效")] {
        let ran = audit(folder.path(), &["--waivers", "w.toml", "--lang", lang]);
        assert!(ran.code == Some(2) && ran.stderr.contains(words), "{}", ran.stderr);
        assert!(lang == "en" || !ran.stderr.contains("invalid"), "{}", ran.stderr);
    }
}
