//! Two builds of one app, through the program: each as an app and as the report of one.

use crate::run;
use crate::support::{ApkBuilder, Arg, Class, Component, Dex, Invoke, Method, MethodRef};
use serde_json::{Value, json};
use std::fs;
use tempfile::TempDir;

fn base() -> ApkBuilder {
    at_target(34)
}

fn at_target(level: i32) -> ApkBuilder {
    ApkBuilder::new("dev.host.app")
        .version_name("1.0")
        .version_code(1)
        .target_sdk(level)
        .uses_permission("android.permission.INTERNET")
        .component(Component::activity(".Main").exported(true).launcher())
}

fn dex(more: &[&str]) -> Dex {
    Dex::new().classes(&["dev.host.app.Main", "com.google.gson.Gson"]).classes(more)
}

const BUGLY: &str = "com.tencent.bugly.crashreport.CrashReport";

/// `+ sdk tencent.bugly error`, in the report's order.
fn rows(report: &Value) -> Vec<String> {
    let changes = report["changes"].as_array().expect("changes");
    let word = |one: &Value, key: &str| one[key].as_str().unwrap_or("-").to_owned();
    let row = |one: &Value| {
        ["change", "kind", "subject", "field", "old", "new", "severity"].map(|key| word(one, key)).join(" ")
    };
    changes.iter().map(row).collect()
}

#[test]
fn one_sdk_one_permission_and_one_reference_are_exactly_these() {
    let folder = TempDir::new().expect("folder");
    base().dex(&dex(&[])).write(folder.path(), "old.apk");
    let imei = MethodRef::new("android.telephony.TelephonyManager", "getImei", "()Ljava/lang/String;");
    let reads = Method::new("id", "()V").call(Invoke::Virtual, &imei, &[Arg::Int(0)]);
    let code = dex(&[BUGLY]).class(Class::new("dev.host.app.Ids").method(reads));
    let new = base().uses_permission("android.permission.READ_PHONE_STATE").dex(&code);
    new.write(folder.path(), "new.apk");
    for name in ["old", "new"] {
        let ran = run(folder.path(), &["inspect", &format!("{name}.apk"), "-f", "json"]);
        fs::write(folder.path().join(format!("{name}.json")), ran.stdout).expect("written");
    }
    let compare = |old: &str, new: &str, more: &[&str]| {
        run(folder.path(), &[&["compare", old, new, "-f", "json"], more].concat())
    };
    let wanted = [
        "added sdk tencent.bugly - - - error",
        "added permission android.permission.READ_PHONE_STATE - - - error",
        "added reference app/imei - - strong warning",
    ];
    let ran = compare("old.json", "new.json", &[]);
    assert_eq!(rows(&ran.json()), wanted);
    assert_eq!((ran.code, ran.json()["limits"].as_array().map(Vec::len)), (Some(0), Some(0)));
    // Back again they went, which fails nothing.
    let back = compare("new.json", "old.json", &["--fail-on-new", "note"]);
    assert!(
        back.code == Some(0)
            && rows(&back.json()).iter().all(|row| row.starts_with("removed ") && row.ends_with(" note"))
    );
    assert!(rows(&compare("new.json", "new.json", &[]).json()).is_empty());
    for (level, code) in [("error", 1), ("warning", 1), ("note", 1)] {
        assert_eq!(compare("old.json", "new.json", &["--fail-on-new", level]).code, Some(code), "{level}");
    }
    // Apps give what their reports give.
    for (old, new) in [("old.apk", "new.apk"), ("old.json", "new.apk"), ("old.apk", "new.json")] {
        assert_eq!(rows(&compare(old, new, &[]).json()), wanted, "{old} {new}");
    }
}

#[test]
fn fields_that_change_weigh_by_what_they_open() {
    let folder = TempDir::new().expect("folder");
    let camera = "android.permission.CAMERA";
    let part = |exported: bool| Component::service("dev.host.app.Sync").exported(exported);
    base().uses_permission_max(camera, 30).component(part(false)).dex(&dex(&[])).write(folder.path(), "old.apk");
    let new = at_target(33).uses_permission(camera).component(part(true));
    new.component(Component::receiver("dev.host.app.Boot").exported(false))
        .dex(&dex(&["org.unknown.thing.A"]))
        .write(folder.path(), "new.apk");
    let ran = run(folder.path(), &["compare", "old.apk", "new.apk", "-f", "json"]);
    assert_eq!(
        rows(&ran.json()),
        [
            "changed api_level target_sdk level 34 33 warning",
            "added unidentified_code org.unknown.thing - - - note",
            "changed permission android.permission.CAMERA max_sdk_version 30 - error",
            "added component dev.host.app.Boot - - - note",
            "changed component dev.host.app.Sync exported false true warning",
        ]
    );
}

#[test]
fn with_a_policy_only_new_differences_are_shown() {
    let folder = TempDir::new().expect("folder");
    let policy = "# Privacy policy\n\nSDK name: Google Gson\nPackage name: com.google.gson\nDeveloper: Google LLC\nPermissions: None\n\
                  Purpose: parsing\nInformation collected: None\nPrivacy policy: https://policies.google.com/privacy\n";
    fs::write(folder.path().join("policy.md"), policy).expect("written");
    let phone = "android.permission.READ_PHONE_STATE";
    base().uses_permission(phone).dex(&dex(&[])).write(folder.path(), "old.apk");
    base().dex(&dex(&[BUGLY])).write(folder.path(), "new.apk");
    let run = |arguments: &[&str]| run(folder.path(), arguments);
    let with = ["compare", "old.apk", "new.apk", "-d", "policy.md", "-f", "json"];
    let ran = run(&with);
    let findings = &ran.json()["findings"];
    let added: Vec<&str> =
        findings["added"].as_array().expect("list").iter().filter_map(|one| one["subject"].as_str()).collect();
    assert_eq!(added, ["tencent.bugly"]);
    assert_eq!(
        findings["resolved"],
        json!([format!("undeclared-permission/{phone}"), format!("unused-permission/{phone}")])
    );
    assert_eq!(run(&[&with[..], &["--fail-on-new", "error"]].concat()).code, Some(1));
    let same = ["compare", "new.apk", "new.apk", "-d", "policy.md", "--fail-on-new", "note"];
    assert_eq!(run(&same).code, Some(0));
    let text = run(&with[..5]).stdout;
    assert!(text.contains("error[undeclared-sdk]: Tencent Bugly SDK") && !text.contains("INTERNET"), "{text}");
    // An earlier audit stands for the old build; an earlier inspection cannot.
    let audit = run(&["audit", "old.apk", "-d", "policy.md", "-f", "json"]);
    fs::write(folder.path().join("old.json"), audit.stdout).expect("written");
    let from_report = run(&["compare", "old.json", "new.apk", "-d", "policy.md", "-f", "json"]);
    assert_eq!(from_report.json()["findings"], *findings);
    fs::write(folder.path().join("seen.json"), run(&["inspect", "old.apk", "-f", "json"]).stdout).expect("written");
    for (old, new, words) in [
        ("seen.json", "new.apk", "the report was made without a policy"),
        ("old.apk", "old.json", "a report cannot be compared with a policy again"),
    ] {
        let refused = run(&["compare", old, new, "-d", "policy.md"]);
        assert!(
            refused.code == Some(2) && refused.stdout.is_empty() && refused.stderr.contains(words),
            "{}",
            refused.stderr
        );
    }
}

#[test]
fn hidden_code_limits_what_is_said() {
    let folder = TempDir::new().expect("folder");
    base().dex(&dex(&[])).dex_bytes(b"not a dex file".to_vec()).write(folder.path(), "old.apk");
    base().dex(&dex(&[BUGLY])).write(folder.path(), "new.apk");
    let ran = run(folder.path(), &["compare", "old.apk", "new.apk", "-f", "json"]);
    let limits = ran.json()["limits"].to_string();
    assert!(limits.contains("code of the old build is hidden or unreadable (classes2.dex)"), "{limits}");
    let zh = run(folder.path(), &["compare", "old.apk", "new.apk", "--lang", "zh"]);
    assert!(zh.stdout.contains("旧构建的部分代码已加固或无法读取（classes2.dex）"), "{}", zh.stdout);
}

#[test]
fn what_is_no_report_is_refused() {
    let folder = TempDir::new().expect("folder");
    base().dex(&dex(&[])).write(folder.path(), "a.apk");
    base().dex(&dex(&[])).write(folder.path(), "b.apk");
    let both = run(folder.path(), &["inspect", "a.apk", "b.apk", "-f", "json"]);
    fs::write(folder.path().join("both.json"), both.stdout).expect("written");
    fs::write(folder.path().join("other.json"), "{\"apps\": 1}").expect("written");
    fs::write(folder.path().join("cut.json"), "{\"schema_version\": \"1.0\"").expect("written");
    for (file, words) in [
        ("both.json", "it reports on 2 apps"),
        ("other.json", "it is no report of sdkaudit"),
        ("cut.json", "it is no report of sdkaudit"),
        ("none.apk", "no such file"),
    ] {
        for arguments in [["compare", file, "a.apk"], ["compare", "a.apk", file]] {
            let ran = run(folder.path(), &arguments);
            assert!(
                ran.code == Some(2) && ran.stdout.is_empty() && ran.stderr.contains(words),
                "{file}: {}",
                ran.stderr
            );
        }
    }
}

#[test]
fn markdown_keeps_names_harmless() {
    let folder = TempDir::new().expect("folder");
    base().dex(&dex(&[])).write(folder.path(), "old.apk");
    let hostile = "x|y`<script>alert(1)</script>@everyone";
    base().uses_permission(hostile).dex(&dex(&[BUGLY])).write(folder.path(), "new.apk");
    let ran = run(folder.path(), &["compare", "old.apk", "new.apk", "-f", "markdown"]);
    let text = ran.stdout;
    assert!(text.contains("| + | error | `tencent.bugly` | Tencent Bugly SDK, crash reporting |"), "{text}");
    assert!(text.contains("``x\\|y`<script>alert(1)</script>@everyone``"), "{text}");
    // Outside of code spans no tag is left.
    let outside: String = text.split('`').step_by(2).collect();
    assert!(!outside.contains("<script"), "{outside}");
    let zh = run(folder.path(), &["compare", "old.apk", "new.apk", "-f", "markdown", "--lang", "zh"]);
    assert!(zh.stdout.starts_with("### 新构建带来的变化"), "{}", zh.stdout);
}

#[test]
fn a_build_that_cannot_be_read_does_not_pass() {
    let folder = TempDir::new().expect("folder");
    base().dex(&dex(&[BUGLY])).write(folder.path(), "old.apk");
    let whole = dex(&[BUGLY]).build();
    // Its tables are whole, and so are most of its names.
    base().dex_bytes(whole[..whole.len() - 16].to_vec()).write(folder.path(), "new.apk");
    fs::write(
        folder.path().join("policy.md"),
        "# Privacy policy\n\nSDK name: Google Gson\nPackage name: com.google.gson\n",
    )
    .expect("written");
    let run = |more: &[&str]| run(folder.path(), &[&["compare", "old.apk", "new.apk"], more].concat());
    let quiet = run(&["--fail-on-new", "note", "-q"]);
    assert_eq!(quiet.code, Some(1), "{}", quiet.stdout);
    assert!(quiet.stdout.contains("code of the new build is hidden or unreadable"), "{}", quiet.stdout);
    assert!(quiet.stdout.contains("not seen any more") && !quiet.stdout.contains(" went,"), "{}", quiet.stdout);
    assert_eq!(run(&["--fail-on-new", "error"]).code, Some(1));
    let changes = rows(&run(&["-f", "json"]).json());
    assert!(changes.contains(&"added unreadable_content classes.dex - - - error".to_owned()), "{changes:?}");
    // The undeclared SDK of the old build is out of sight, not settled.
    let with = run(&["-d", "policy.md", "-f", "json", "--fail-on-new", "error"]);
    let findings = &with.json()["findings"];
    assert_eq!((with.code, &findings["resolved"]), (Some(1), &json!([])));
    assert!(findings["unsettled"].to_string().contains("undeclared-sdk/tencent.bugly"), "{findings}");
    // The other way it is the old build that kept things from being seen.
    let back = super::run(folder.path(), &["compare", "new.apk", "old.apk", "-f", "json"]).json();
    assert!(rows(&back).contains(&"removed unreadable_content classes.dex - - - note".to_owned()), "{back}");
}

#[test]
fn reports_of_other_makers_and_renamed_builds_say_so() {
    let folder = TempDir::new().expect("folder");
    base().dex(&dex(&[BUGLY])).write(folder.path(), "old.apk");
    base().dex(&dex(&["a.a", "a.b", "a.c"])).write(folder.path(), "new.apk");
    let mut report = run(folder.path(), &["inspect", "old.apk", "-f", "json"]).json();
    let limits = |ran: &crate::Ran| ran.json()["limits"].to_string();
    let same = run(folder.path(), &["compare", "old.apk", "old.apk", "-f", "json"]);
    assert_eq!(limits(&same), "[]");
    report["stamp"]["version"] = json!("0.0.1");
    report["stamp"]["signatures"]["digest"] = json!("0".repeat(64));
    fs::write(folder.path().join("old.json"), report.to_string()).expect("written");
    let other = limits(&run(folder.path(), &["compare", "old.json", "new.apk", "-f", "json"]));
    for words in ["different versions of sdkaudit", "different signature bases", "cannot be told"] {
        assert!(other.contains(words), "{words}: {other}");
    }
    let zh = run(folder.path(), &["compare", "old.json", "new.apk", "--lang", "zh"]).stdout;
    assert!(zh.contains("使用了不同的特征库（00000000、") && zh.contains("被混淆的类名"), "{zh}");
}
