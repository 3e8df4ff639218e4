//! The `signatures` commands and `--signatures`, as a shell user meets them: output, standard error, exit code.

mod support;

use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use support::class_file::JavaClass;
use support::zipfile::Zip;
use support::{ApkBuilder, Component, Dex};

struct Run {
    out: String,
    err: String,
    code: i32,
}

fn sdkaudit(arguments: &[&str]) -> Run {
    let Output { status, stdout, stderr } = Command::new(env!("CARGO_BIN_EXE_sdkaudit"))
        .args(arguments)
        .env_clear()
        .env("LC_ALL", "C.UTF-8")
        .env("SOURCE_DATE_EPOCH", "1795305600")
        .output()
        .expect("sdkaudit starts");
    Run {
        out: String::from_utf8(stdout).expect("UTF-8 on stdout"),
        err: String::from_utf8(stderr).expect("UTF-8 on stderr"),
        code: status.code().expect("an exit code"),
    }
}

fn json_of(arguments: &[&str]) -> Value {
    let run = sdkaudit(arguments);
    assert_eq!((run.code, run.err.as_str()), (0, ""), "{arguments:?}");
    serde_json::from_str(&run.out).expect("JSON on stdout")
}

/// A folder that goes with the test.
struct Folder(tempfile::TempDir);

impl Folder {
    fn new() -> Folder {
        Folder(tempfile::tempdir().expect("a folder"))
    }

    fn path(&self, name: &str) -> String {
        self.0.path().join(name).display().to_string()
    }

    fn write(&self, name: &str, content: impl AsRef<[u8]>) -> String {
        let path = self.0.path().join(name);
        std::fs::create_dir_all(path.parent().expect("a parent")).expect("folders");
        std::fs::write(&path, content).expect("a file");
        path.display().to_string()
    }

    /// An app with an SDK that no signature knows.
    fn app(&self) -> String {
        let classes = ["com.lumenworks.ads.Core", "com.lumenworks.ads.net.Client", "com.lumenworks.adsense.Other"];
        let apk = ApkBuilder::new("com.example.meter")
            .component(Component::service("com.lumenworks.ads.SyncService"))
            .meta_data("com.lumenworks.ads.APP_KEY", "k")
            .native_lib("arm64-v8a", "liblumenworks.so")
            .native_lib("x86_64", "liblumenworks.so")
            .native_lib("arm64-v8a", "libzzunheardof.so")
            .dex(&Dex::new().classes(&classes))
            .build();
        self.write("app.apk", apk)
    }
}

fn lumen() -> Value {
    json!({
        "id": "lumenworks.ads",
        "name": { "en": "Lumenworks Ads", "zh": "流明工坊广告" },
        "vendor": { "en": "Lumenworks", "zh": "流明工坊" },
        "categories": ["advertising"],
        "tracker": true,
        "detect": { "packages": ["com.lumenworks.ads"] },
        "examples": { "hit": ["com.lumenworks.ads.Core"], "miss": ["com.lumenworks.adsense.Other"] },
        "sources": [{ "url": "https://lumenworks.example/docs", "date": "2026-11-22", "kind": "vendor-page" }]
    })
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = walk(folder);
    found.sort();
    found
}

fn walk(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path());
    entries.flat_map(|path| if path.is_dir() { walk(&path) } else { vec![path] }).collect()
}

#[test]
fn list_filters_and_prints_both_forms() {
    let all = json_of(&["signatures", "list", "--format", "json"]);
    let total = all["signatures"].as_array().expect("a list").len();
    assert_eq!(all["schema_version"], "1.0");
    for (filters, id) in [
        (&["--category", "push"][..], "getui.push"),
        (&["--vendor", "每日互动"], "getui.push"),
        (&["个推"], "getui.push"),
        (&["COM.IGEXIN"], "getui.push"),
        (&["--tracker", "--category", "push", "--category", "payment"], "getui.push"),
    ] {
        let found = json_of(&[&["signatures", "list", "-f", "json"], filters].concat());
        let ids: Vec<&str> = found["signatures"]
            .as_array()
            .expect("a list")
            .iter()
            .map(|sdk| sdk["id"].as_str().expect("an id"))
            .collect();
        assert!(ids.contains(&id) && ids.len() < total, "{filters:?}: {ids:?}");
        assert!(ids.is_sorted());
    }
    for sdk in json_of(&["signatures", "list", "--tracker", "-f", "json"])["signatures"].as_array().expect("a list") {
        assert_eq!(sdk["tracker"], true);
        assert!(sdk["aliases"].is_array() && sdk["detect"]["packages"].is_array() && sdk.get("part_of").is_some());
    }
    let text = sdkaudit(&["signatures", "list", "--category", "packer", "--lang", "zh"]);
    assert!(text.code == 0 && text.out.lines().last().is_some_and(|last| last.ends_with(&format!("/ {total} 条特征"))));
    assert!(text.out.lines().all(|line| line.chars().count() <= 100));
    let found = json_of(&["signatures", "list", "zebra", "-f", "json"]);
    let ids: Vec<&Value> = found["signatures"].as_array().expect("a list").iter().map(|sdk| &sdk["id"]).collect();
    assert!(ids.contains(&&json!("zebra.link-os")) && !ids.contains(&&json!("braze.braze")), "{ids:?}");
    let none = sdkaudit(&["signatures", "list", "zzqqzz"]);
    assert_eq!((none.code, none.out), (0, format!("0 of {total} signatures\n")));
}

#[test]
fn wrong_words_name_the_near_one() {
    for (arguments, help) in [
        (&["signatures", "list", "--category", "pusch"][..], "help: did you mean 'push'?"),
        (&["signatures", "show", "getiu.push"], "help: did you mean 'getui.push'?"),
    ] {
        let run = sdkaudit(arguments);
        assert_eq!((run.code, run.out.as_str()), (2, ""), "{arguments:?}");
        assert!(run.err.contains(help), "{}", run.err);
    }
}

#[test]
fn show_is_the_page_of_explain() {
    for format in ["text", "json"] {
        let show = sdkaudit(&["signatures", "show", "getui.push", "-f", format]);
        assert_eq!((show.code, &show.out), (0, &sdkaudit(&["explain", "getui.push", "-f", format]).out));
    }
    assert_eq!(json_of(&["signatures", "show", "com.igexin.sdk", "-f", "json"])["sdk"]["id"], "getui.push");
}

#[test]
fn own_signatures_are_used_by_every_command() {
    let folder = Folder::new();
    let app = folder.app();
    let mut getui = json_of(&["signatures", "show", "getui.push", "-f", "json"])["sdk"].take();
    getui["name"]["en"] = json!("House Push");
    folder.write("own/lumenworks/ads.json", lumen().to_string());
    folder.write("own/getui/push.json", getui.to_string());
    let own = folder.path("own");
    let inspected = json_of(&["inspect", &app, "-f", "json", "--signatures", &own]);
    let ids: Vec<&Value> =
        inspected["apps"][0]["sdks"].as_array().expect("a list").iter().map(|sdk| &sdk["id"]).collect();
    assert_eq!(ids, ["lumenworks.ads"]);
    let builtin = json_of(&["inspect", &app, "-f", "json"]);
    assert_eq!(builtin["apps"][0]["sdks"], json!([]));
    let count = |report: &Value| report["stamp"]["signatures"]["count"].as_u64().expect("a count");
    assert_eq!(count(&inspected), count(&builtin) + 1, "one added, one overridden");
    assert_ne!(inspected["stamp"]["signatures"]["digest"], builtin["stamp"]["signatures"]["digest"]);
    let shown = json_of(&["--signatures", &own, "explain", "getui.push", "-f", "json"]);
    assert_eq!(shown["sdk"]["name"]["en"], "House Push");
    let policy =
        folder.write("policy.md", "| SDK | Package |\n| --- | --- |\n| Lumenworks Ads | com.lumenworks.ads |\n");
    let extracted = json_of(&["extract", &policy, "--signatures", &own]);
    assert_eq!(extracted["sdks"][0]["sdk_id"], "lumenworks.ads");
}

#[test]
fn empty_and_broken_sets_are_errors() {
    let folder = Folder::new();
    let app = folder.app();
    std::fs::create_dir(folder.path("empty")).expect("a folder");
    folder.write("broken/lumenworks/ads.json", "{ \"id\": ");
    let mut file = lumen();
    file["trakcer"] = json!(true);
    file["categories"] = json!(["advertizing"]);
    folder.write("broken/other/ads.json", file.to_string());
    for (set, errors) in [
        ("empty", &["the folder holds no signature file"][..]),
        ("missing", &["missing"]),
        (
            "broken",
            &["ads.json:1: error: no JSON", "did you mean 'tracker'?", "did you mean 'advertising'?", "3 problems"],
        ),
    ] {
        for command in [&["inspect", &app][..], &["explain", "undeclared-sdk"], &["signatures", "list"]] {
            let run = sdkaudit(&[command, &["--signatures", &folder.path(set)]].concat());
            assert_eq!((run.code, run.out.as_str()), (2, ""), "{set} {command:?}");
            assert!(errors.iter().all(|text| run.err.contains(text)), "{set}: {}", run.err);
        }
    }
}

#[test]
fn check_lists_all_problems_and_exits_with_2() {
    let folder = Folder::new();
    let right = folder.write("set/lumenworks/ads.json", serde_json::to_string_pretty(&lumen()).expect("JSON"));
    let set = folder.path("set");
    let run = sdkaudit(&["signatures", "check", &set]);
    assert_eq!((run.code, run.out.as_str(), run.err.as_str()), (0, "passed: 1 file, 0 problems\n", ""));
    let mut file = lumen();
    file["id"] = json!("lumenworks.analytics");
    file["detect"]["packages"] = json!(["com.lumenworks.ads", "com.lumenworks.more"]);
    file["examples"]["miss"] = json!(["com.lumenworks.more.Core"]);
    file["permissions"] = json!(["android.permission.INTERNETT"]);
    folder.write("set/lumenworks/more.json", serde_json::to_string_pretty(&file).expect("JSON"));
    folder.write("set/stray.json", "{}");
    let run = sdkaudit(&["signatures", "check", &set]);
    assert_eq!((run.code, run.err.as_str()), (2, ""));
    for text in [
        "lumenworks/more.json:",
        "id 'lumenworks.analytics' belongs into lumenworks/analytics.json",
        "stands in lumenworks/ads.json too",
        "did you mean 'android.permission.INTERNET'?",
        "miss 'com.lumenworks.more.Core' resolves to this SDK",
        "stray.json: error: belongs into <vendor>/<sdk>.json",
    ] {
        assert!(run.out.contains(text), "{text}:\n{}", run.out);
    }
    let found: Value = serde_json::from_str(&sdkaudit(&["signatures", "check", &set, "-f", "json"]).out).expect("JSON");
    assert_eq!(found["files"], 2);
    assert_eq!(found["problems"].as_array().map(Vec::len), Some(run.out.lines().count() - 1));
    std::fs::remove_file(right).expect("a file");
    assert_eq!(sdkaudit(&["signatures", "check", &folder.path("nothing")]).code, 2);
}

#[test]
fn check_lists_entries_by_kind_of_source() {
    let base = concat!(env!("CARGO_MANIFEST_DIR"), "/sdk-signatures");
    let run = sdkaudit(&["signatures", "check", base, "--sources"]);
    assert_eq!(run.code, 0, "{}", run.out);
    assert!(run.out.contains("vendor-archive (") && run.out.contains("imported-list (0)"));
    let found = json_of(&["signatures", "check", base, "-f", "json"]);
    assert_eq!(found["whole_base"], true);
    let kinds = found["sources"].as_array().expect("a list");
    let entries =
        |kind: &str| kinds.iter().find(|one| one["kind"] == kind).and_then(|one| one["entries"].as_array().cloned());
    assert!(entries("vendor-archive").expect("a list").contains(&json!("getui.push")));
    assert_eq!(entries("imported-list"), Some(vec![]));
    let second_hand = found["second_hand"].as_array().expect("a list");
    assert!(second_hand.contains(&json!("airpush.airpush")) && !second_hand.contains(&json!("getui.push")));
    assert!(run.out.contains(&format!("second-hand only ({})", second_hand.len())));
}

#[test]
fn new_writes_what_was_seen_and_check_names_the_rest() {
    let folder = Folder::new();
    let (app, set) = (folder.app(), folder.path("set"));
    let arguments = ["signatures", "new", "lumenworks.ads", "--from", &app, "--package", "com.lumenworks.ads"];
    let printed = sdkaudit(&arguments);
    assert_eq!(printed.code, 0, "{}", printed.err);
    let file: Value = serde_json::from_str(&printed.out).expect("JSON on stdout");
    assert_eq!(file["detect"]["packages"], json!(["com.lumenworks.ads"]));
    assert_eq!(file["detect"]["native_libs"], json!(["liblumenworks.so"]));
    assert_eq!(file["detect"]["meta_data"], json!(["com.lumenworks.ads.APP_KEY"]));
    assert_eq!(file["examples"]["hit"][0], "com.lumenworks.ads.SyncService");
    assert_eq!((&file["tracker"], &file["sources"]), (&Value::Null, &json!([])));
    assert!(printed.err.contains("com.lumenworks.ads.net  1") && printed.err.contains("libzzunheardof.so"));
    assert!(!printed.err.contains("adsense"), "a sibling is not below the package");

    let written = sdkaudit(&[&arguments[..], &["--into", &set]].concat());
    assert_eq!((written.code, written.out.as_str()), (0, ""));
    let path = Path::new(&set).join("lumenworks/ads.json");
    assert_eq!(std::fs::read_to_string(&path).expect("the file"), printed.out);
    let check = sdkaudit(&["signatures", "check", &set]);
    assert_eq!(check.code, 2);
    for key in ["name.en", "name.zh", "vendor.en", "vendor.zh", "categories", "tracker", "examples.miss", "sources"] {
        assert!(check.out.contains(&format!("'{key}'")), "{key}:\n{}", check.out);
    }
    let again = sdkaudit(&[&arguments[..], &["--into", &set]].concat());
    assert!(again.code == 2 && again.err.contains("is there already"), "{}", again.err);

    // Filled in, it passes.
    let (mut file, whole) = (file, lumen());
    for key in ["name", "vendor", "categories", "tracker", "sources"] {
        file[key] = whole[key].clone();
    }
    file["examples"]["miss"] = whole["examples"]["miss"].clone();
    std::fs::write(&path, file.to_string()).expect("the file");
    let check = sdkaudit(&["signatures", "check", &set]);
    assert_eq!(check.code, 0, "{}", check.out);
}

#[test]
fn new_begins_with_a_library_too() {
    let folder = Folder::new();
    let class = JavaClass::new("com.lumenworks.ads.Core");
    let manifest = r#"<manifest xmlns:android="http://schemas.android.com/apk/res/android" package="com.lumenworks.ads">
    <uses-permission android:name="android.permission.BLUETOOTH_SCAN"/>
    <uses-permission android:name="com.lumenworks.ads.permission.SYNC"/>
    <uses-permission android:name="org.zzunheard.permission.OF"/>
</manifest>"#;
    let jar = Zip::new().file(&class.path(), class.build()).build();
    let aar = Zip::new().file("AndroidManifest.xml", manifest).file("classes.jar", jar.clone()).build();
    for (name, bytes, asked) in
        [("lumen.aar", aar, json!(["android.permission.BLUETOOTH_SCAN"])), ("lumen.jar", jar, json!([]))]
    {
        let from = folder.write(name, bytes);
        let new = ["signatures", "new", "lumenworks.ads", "--from", &from, "--package", "com.lumenworks.ads"];
        let printed = sdkaudit(&new);
        let file: Value = serde_json::from_str(&printed.out).unwrap_or_else(|_| panic!("{}", printed.err));
        assert_eq!(file["examples"]["hit"], json!(["com.lumenworks.ads.Core"]), "{name}");
        assert_eq!(file["permissions"], asked, "{name}: what its own manifest asks for");
    }
}

#[test]
fn new_refuses_what_it_cannot_do() {
    let folder = Folder::new();
    let app = folder.app();
    for (id, package, text) in [
        ("Lumen", "com.lumenworks.ads", "is no signature id"),
        ("lumen.ads", "lumen ads", "is no package prefix"),
        ("lumen.ads", "com.lumenworks.adz", "defines no class and no component below com.lumenworks.adz"),
    ] {
        let run = sdkaudit(&["signatures", "new", id, "--from", &app, "--package", package]);
        assert_eq!((run.code, run.out.as_str()), (2, ""), "{id} {package}");
        assert!(run.err.contains(text), "{}", run.err);
    }
}

#[test]
fn exodus_becomes_a_private_set() {
    let folder = Folder::new();
    let app = folder.app();
    let list = folder.write(
        "trackers.json",
        json!([
            { "id": 1, "name": "Lumen", "code_signature": "com.lumenworks.ads.|com.lumenworks.adx", "categories": ["Advertisement"] },
            { "id": 2, "name": "Loose", "code_signature": ".loose.|com.(a|b).x", "categories": [] },
            { "id": 3, "name": "Web only", "code_signature": "", "categories": [] },
            { "id": 4, "name": "Getui", "code_signature": "com.igexin.", "categories": ["Analytics"] },
            { "id": 5, "name": "Half", "code_signature": "com.getui.gtc.|com.lumenworks.half.", "categories": ["Analytics"] }
        ])
        .to_string(),
    );
    let set = folder.path("set");
    let run = sdkaudit(&["signatures", "import", "exodus", &list, &set]);
    assert_eq!((run.code, run.err.as_str()), (0, ""));
    for text in [
        "skipped: Loose (.loose.): it matches below any package",
        "skipped: Loose (com.(a): a regular expression beyond prefixes",
        "skipped: Web only: it has no code signature",
        "1 prefix is narrower",
        "imported: 3 signatures into",
    ] {
        assert!(run.out.contains(text), "{text}:\n{}", run.out);
    }
    assert_eq!(files(Path::new(&set)).len(), 3);
    let checked = sdkaudit(&["signatures", "check", &set]);
    assert!(checked.code == 0 && checked.out.contains("exodus.getui takes 'com.igexin' from the built-in getui.push"));
    let inspected = json_of(&["inspect", &app, "-f", "json", "--signatures", &set]);
    let sdk = &inspected["apps"][0]["sdks"][0];
    assert_eq!(
        (&sdk["id"], &sdk["evidence"][0]["count"]),
        (&json!("exodus.lumen"), &json!(2)),
        "not com.lumenworks.adsense"
    );
    let file = std::fs::read_to_string(Path::new(&set).join("exodus/lumen.json")).expect("the file");
    assert!(file.contains("file:trackers.json#1") && file.contains("com.lumenworks.ads.|com.lumenworks.adx"));
    assert!(file.contains("\"date\": \"2026-11-22\""));
    assert_eq!(sdkaudit(&["signatures", "import", "exodus", &list, &set]).code, 2, "files are not overwritten");
    let new = json_of(&["signatures", "import", "exodus", &list, &folder.path("new"), "--only-new", "-f", "json"]);
    assert_eq!(new["known"], json!([{ "entry": "Getui", "id": "getui.push" }]));
    assert_eq!(new["written"][0]["id"], "exodus.lumen");
    let half = std::fs::read_to_string(folder.path("new/exodus/half.json")).expect("the file");
    assert!(half.contains("com.lumenworks.half") && !half.contains("com.getui.gtc"), "{half}");
}

#[test]
fn libchecker_becomes_a_private_set() {
    let folder = Folder::new();
    let app = folder.app();
    let list = folder.write(
        "rules.tsv",
        "kind\tname\tlabel\tregex\nnative\tliblumenworks(.*)\\.so\tLumen\tr1\nservice\tcom.lumenworks.ads.SyncService\tLumen\t\n\
         dex\tcom.lumenworks.other\t流明\t\nnative\tlib[ab]\\.so\t流明\tr2\naction\tcom.lumenworks.GO\tGo\t\n",
    );
    let set = folder.path("set");
    let run = sdkaudit(&["signatures", "import", "libchecker", &list, &set]);
    assert_eq!((run.code, run.err.as_str()), (0, ""));
    assert!(run.out.contains("skipped: 流明 (lib[ab]\\.so)") && run.out.contains("skipped: Go (com.lumenworks.GO)"));
    assert!(run.out.contains("1 prefix is wider"), "{}", run.out);
    assert_eq!(sdkaudit(&["signatures", "check", &set]).code, 0);
    let inspected = json_of(&["inspect", &app, "-f", "json", "--signatures", &set]);
    let sdk = &inspected["apps"][0]["sdks"][0];
    let signals: Vec<&Value> = sdk["evidence"].as_array().expect("a list").iter().map(|one| &one["signal"]).collect();
    assert_eq!((&sdk["id"], signals), (&json!("libchecker.lumen"), vec![&json!("service"), &json!("library")]));
    let wrong = sdkaudit(&["signatures", "import", "libchecker", &app, &folder.path("x")]);
    assert_eq!(wrong.code, 2);
}

#[test]
fn coverage_reads_every_kind_of_list() {
    let folder = Folder::new();
    let exodus =
        json!([{ "name": "Getui", "code_signature": "com.igexin." }, { "name": "Zz", "code_signature": "zz.qq.vv." }]);
    let canonical =
        json!({ "sdks": [{ "name": "个推", "packages": ["com.igexin"] }, { "name": "Zz", "packages": ["zz.qq.vv"] }] });
    let table = json!([{ "cells": ["个推·消息推送", "com.igexin", "消息推送"] }, { "cells": ["Zz", "zz.qq.vv", ""] }]);
    let rules = "kind\tname\tlabel\tregex\nservice\tcom.igexin.sdk.GTService\tGT\t\nnative\tlibzzunheardof.so\tZz\t\n";
    for (name, content) in [
        ("exodus.json", exodus.to_string()),
        ("list.json", canonical.to_string()),
        ("table.json", table.to_string()),
        ("rules.tsv", rules.to_owned()),
        ("names.txt", "# mine\ncom.igexin.push\n\nZz\n".to_owned()),
    ] {
        let path = folder.write(name, content);
        let found = json_of(&["signatures", "coverage", "--against", &path, "--format", "json"]);
        assert_eq!((&found["entries"], &found["share"]), (&json!(2), &json!(0.5)), "{name}");
        assert_eq!(found["resolved"][0]["id"], "getui.push", "{name}");
        assert_eq!(found["unresolved"], json!(["Zz"]), "{name}");
        let text = sdkaudit(&["signatures", "coverage", "--against", &path]);
        assert_eq!((text.code, text.out.lines().last()), (0, Some("known: 1/2, 50.0 %")), "{name}");
    }
    for content in ["", "{\"a\": 1", "{\"a\": 1}", "# nothing\n"] {
        let path = folder.write("broken.txt", content);
        let run = sdkaudit(&["signatures", "coverage", "--against", &path]);
        assert!(run.code == 2 && run.out.is_empty() && !run.err.is_empty(), "{content}: {}", run.out);
    }
}

#[test]
fn inspect_names_libraries_that_no_signature_knows() {
    let folder = Folder::new();
    let app = folder.app();
    let found = json_of(&["inspect", &app, "-f", "json"]);
    assert_eq!(
        found["apps"][0]["unidentified_libs"],
        json!([
            { "file": "liblumenworks.so", "abis": ["arm64-v8a", "x86_64"] },
            { "file": "libzzunheardof.so", "abis": ["arm64-v8a"] }
        ])
    );
    let text = sdkaudit(&["inspect", &app, "--unmatched"]);
    assert!(text.out.contains("Unidentified native libraries (2)\n  liblumenworks.so  arm64-v8a, x86_64\n"));
    assert!(!sdkaudit(&["inspect", &app]).out.contains("libzzunheardof.so"));
}
