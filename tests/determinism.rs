//! The same files give the same bytes: for any number of threads, on every run, in the order of the inputs.

mod support;

use std::fs;
use std::path::Path;
use support::run::{program, root};
use support::sample::everything;
use support::{ApkBuilder, Dex};

/// Several dex files of different sizes that share packages, so that neither file order nor thread order may show.
fn many_dex(id: &str, files: usize) -> ApkBuilder {
    let mut apk = ApkBuilder::new(id).target_sdk(34).meta_data("UMENG_APPKEY", "k");
    for file in 0..files {
        let count = 5 + (files - file) * 7 % 40;
        let mut names: Vec<String> = (0..count).map(|n| format!("com.shared.p{}.C{file}x{n}", n % 5)).collect();
        names.extend(["com.umeng.analytics", "com.igexin.sdk", "okhttp3"].map(|prefix| format!("{prefix}.F{file}")));
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        apk = apk
            .dex(&Dex::new().classes(&names).references_type("com.tencent.bugly.Only").string("com.baidu.mobstat.X"));
    }
    apk.native_lib("arm64-v8a", "libx.so").native_lib("x86", "libx.so")
}

/// A folder of apps; two are broken, one in the whole and one in a part.
fn folder() -> tempfile::TempDir {
    let dir = tempfile::tempdir().expect("temporary folder");
    many_dex("dev.host.one", 12).write(dir.path(), "a-many.apk");
    everything().write(dir.path(), "b-everything.apk");
    fs::write(dir.path().join("c-broken.apk"), b"PK\x03\x04 cut").expect("written");
    many_dex("dev.host.two", 3).dex_bytes(b"encrypted".to_vec()).write(dir.path(), "d-part.apk");
    fs::create_dir(dir.path().join("e")).expect("folder");
    for number in 0..6 {
        many_dex(&format!("dev.host.n{number}"), 1 + number).write(dir.path().join("e"), &format!("{number}.APK"));
    }
    fs::write(dir.path().join("notes.txt"), "no app").expect("written");
    dir
}

/// Exit code, standard output, standard error.
fn run(arguments: &[&str], inputs: &[&Path]) -> (Option<i32>, String, String) {
    let output = program().args(arguments).args(inputs).output().expect("the program runs");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("output is UTF-8");
    (output.status.code(), text(output.stdout), text(output.stderr))
}

#[test]
fn threads_and_runs_do_not_show() {
    let dir = folder();
    let policy = root().join("samples/meterpay-policy.md");
    let policy = policy.to_str().expect("UTF-8");
    for command in [&["audit", "-v", "-d", policy][..], &["inspect", "--unmatched"][..]] {
        for format in ["json", "text"] {
            let with = |jobs: &str| run(&[command, &["-f", format, "-j", jobs]].concat(), &[dir.path()]);
            let one = with("1");
            assert_eq!(one.0, Some(2), "one input is broken: {}", one.2);
            assert!(one.1.contains("dev.host.n5"), "{}", one.1);
            for jobs in ["2", "3", "8", "64", "8", "1"] {
                assert!(with(jobs) == one, "{command:?} -f {format} -j {jobs}");
            }
            let default = run(&[command, &["-f", format]].concat(), &[dir.path()]);
            assert!(default == one, "{command:?} -f {format} with the default number of threads");
        }
    }
}

#[test]
fn one_app_of_many_dex_files_reads_alike_in_parallel() {
    let dir = tempfile::tempdir().expect("temporary folder");
    let apk = many_dex("dev.host.one", 30).dex_bytes(vec![]).write(dir.path(), "app.apk");
    let with = |jobs: &str| run(&["inspect", "-f", "json", "-j", jobs], &[&apk]);
    let one = with("1");
    assert_eq!(one.0, Some(1), "an empty dex file is unreadable content: {}", one.2);
    assert!((2..10).all(|jobs| with(&jobs.to_string()) == one));
}

#[test]
fn inputs_keep_their_order() {
    let dir = folder();
    let at = |name: &str| dir.path().join(name);
    let (z, broken, a) = (at("e/3.APK"), at("c-broken.apk"), at("a-many.apk"));
    let (missing, y) = (at("missing.apk"), at("e/1.APK"));
    for jobs in ["1", "4"] {
        let (code, stdout, _) = run(&["inspect", "-f", "json", "-j", jobs], &[&z, &broken, &a, &missing, &y]);
        assert_eq!(code, Some(2));
        let report: serde_json::Value = serde_json::from_str(&stdout).expect("JSON");
        let list = |key: &str, pointer: &str| -> Vec<String> {
            let rows = report[key].as_array().expect("a list").iter();
            rows.map(|row| row.pointer(pointer).and_then(|path| path.as_str()).expect("a path").to_owned()).collect()
        };
        let name = |path: &Path| path.display().to_string();
        assert_eq!(list("apps", "/source/path"), [name(&z), name(&a), name(&y)]);
        assert_eq!(list("errors", "/path"), [name(&broken), name(&missing)]);
    }
    let (_, stdout, _) = run(&["inspect", "-f", "json"], &[dir.path()]);
    let report: serde_json::Value = serde_json::from_str(&stdout).expect("JSON");
    let files: Vec<&str> = report["apps"]
        .as_array()
        .expect("apps")
        .iter()
        .map(|app| app["source"]["path"].as_str().expect("path"))
        .collect();
    assert!(files.is_sorted() && files.len() == 9, "a folder is read in name order: {files:?}");
}

#[test]
fn the_clock_does_not_show() {
    let arguments = ["audit", "-f", "json", "-d", "samples/meterpay-policy.md", "samples/meterpay.apk"];
    let first = run(&arguments, &[]);
    std::thread::sleep(std::time::Duration::from_millis(1100));
    assert_eq!(run(&arguments, &[]), first);
    let dated =
        |seconds: &str| program().args(arguments).env("SOURCE_DATE_EPOCH", seconds).output().expect("runs").stdout;
    assert_eq!(dated("86400"), dated("86401"), "a date, no time");
    assert_ne!(dated("86400"), dated("172800"));
}
