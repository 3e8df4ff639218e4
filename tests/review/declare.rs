//! Lists that are written from an app, read back; and policies brought up to date, by applying what is printed.

use crate::support::run::shared;
use crate::support::{ApkBuilder, Arg, Class, Component, Dex, Invoke, Method, MethodRef, oracle};
use crate::{Ran, run};
use serde_json::Value;
use std::fs;
use std::path::Path;
use tempfile::TempDir;

/// Push, crash reports, a plain library, and code that nobody knows.
fn app() -> ApkBuilder {
    let imei = MethodRef::new("android.telephony.TelephonyManager", "getImei", "()Ljava/lang/String;");
    let reads = Method::new("id", "()V").call(Invoke::Virtual, &imei, &[Arg::Int(0)]);
    let dex = Dex::new()
        .classes(&["dev.host.app.Main", "com.tencent.bugly.crashreport.CrashReport", "com.google.gson.Gson"])
        .classes(&["org.nobody.knows.A", "com.facebook.fresco.ui.common.A"])
        .class(Class::new("com.igexin.sdk.PushManager").method(reads));
    ApkBuilder::new("dev.host.app")
        .version_name("1.0")
        .target_sdk(34)
        .uses_permission("android.permission.INTERNET")
        .uses_permission("android.permission.READ_PHONE_STATE")
        .component(Component::service("com.igexin.sdk.PushService"))
        .dex(&dex)
}

fn folder() -> TempDir {
    let folder = TempDir::new().expect("folder");
    app().write(folder.path(), "app.apk");
    folder
}

/// `rule subject` of an audit.
fn findings(ran: &Ran) -> Vec<String> {
    let report = ran.json();
    let list = if report["apps"].is_array() { &report["apps"][0]["findings"] } else { &report["findings"] };
    let row = |one: &Value| {
        format!("{} {}", one["rule"].as_str().unwrap_or_default(), one["subject"].as_str().unwrap_or_default())
    };
    list.as_array().expect("findings").iter().map(row).collect()
}

fn rules(ran: &Ran) -> Vec<String> {
    let mut rules: Vec<String> =
        findings(ran).iter().filter_map(|row| row.split(' ').next()).map(str::to_owned).collect();
    rules.dedup();
    rules
}

fn audit(folder: &Path, apk: &str, policy: &str) -> Ran {
    run(folder, &["audit", apk, "-d", policy, "-f", "json", "--exit-zero"])
}

/// Every form of the list of `apk`, fed back, leaves no SDK and no data type undeclared.
fn feeds_back(folder: &Path, apk: &str) {
    for lang in ["en", "zh"] {
        for more in [&["--form", "list"][..], &["--form", "table"], &["-f", "json"]] {
            let ran = run(folder, &[&["declare", apk, "--lang", lang], more].concat());
            assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), ""), "{lang} {more:?}");
            let name = if more[0] == "-f" { "list.json" } else { "list.md" };
            fs::write(folder.join(name), &ran.stdout).expect("written");
            let back = audit(folder, apk, name);
            let report = back.json();
            let present =
                report["apps"][0]["sdks"].as_array().expect("sdks").iter().filter(|sdk| sdk["presence"] == "present");
            let records = report["apps"][0]["declared_sdks"].as_array().expect("records");
            assert_eq!(records.len(), present.count(), "{lang} {more:?}: one record each");
            assert!(records.iter().all(|record| record["verdict"] == "present"), "{lang} {more:?}: {records:?}");
            let wrong: Vec<String> = findings(&back)
                .into_iter()
                .filter(|row| {
                    [
                        "undeclared-sdk",
                        "undeclared-data",
                        "none-but",
                        "no-sdk-list",
                        "missing-field",
                        "package-",
                        "duplicate-",
                    ]
                    .iter()
                    .any(|rule| row.starts_with(rule))
                })
                .collect();
            assert!(wrong.is_empty(), "{lang} {more:?}: {wrong:?}");
        }
    }
}

#[test]
fn a_list_fed_back_declares_everything() {
    let folder = folder();
    feeds_back(folder.path(), "app.apk");
}

#[test]
fn what_nobody_knows_is_a_blank_that_lint_names() {
    let folder = folder();
    for (lang, blank) in [
        ("en", "- Privacy policy link: [to be filled in: privacy policy link]\n"),
        ("zh", "- 隐私政策链接：【待填写：隐私政策链接】\n"),
    ] {
        let list = run(folder.path(), &["declare", "app.apk", "--lang", lang]).stdout;
        assert!(list.contains(blank) && list.contains("org.nobody.knows"), "{list}");
        let getui = list.split("\n\n").find(|record| record.contains("com.igexin")).expect("a record");
        assert!(getui.contains("IMEI") && getui.contains("android.permission.READ_PHONE_STATE"), "{getui}");
        fs::write(folder.path().join("list.md"), &list).expect("written");
        let lint = run(folder.path(), &["lint", "list.md", "-f", "json"]);
        let found = findings(&lint);
        let blanks = list.matches(if lang == "en" { "[to be filled in" } else { "【待填写" }).count();
        assert_eq!(found.iter().filter(|row| row.starts_with("placeholder-text ")).count(), blanks, "{found:?}");
        assert!(blanks > 3 && found.iter().all(|row| !row.starts_with("missing-field")), "{found:?}");
    }
}

#[test]
fn hidden_code_is_said() {
    let folder = TempDir::new().expect("folder");
    app().dex_bytes(b"no dex".to_vec()).write(folder.path(), "app.apk");
    let list = run(folder.path(), &["declare", "app.apk"]).stdout;
    assert!(list.contains("> Code is hidden or unreadable (classes2.dex): the list may lack what it holds."), "{list}");
}

/// Applies a unified diff as `patch` does, without any tolerance.
fn patched(text: &str, diff: &str) -> String {
    let old: Vec<&str> = text.split_inclusive('\n').collect();
    let (mut out, mut at) = (String::new(), 0);
    let mut hunks = diff.split_inclusive('\n').skip_while(|line| !line.starts_with("@@ ")).peekable();
    while let Some(line) = hunks.next() {
        if let Some(range) = line.strip_prefix("@@ -") {
            let start = range.split([',', ' ']).next().and_then(|start| start.parse::<usize>().ok()).expect("a hunk");
            let empty = range.split(' ').next().is_some_and(|range| range.ends_with(",0"));
            let until = if empty { start } else { start - 1 };
            out.extend(old[at..until].iter().copied());
            at = until;
            continue;
        }
        if line.starts_with('\\') {
            continue;
        }
        // "\ No newline at end of file" speaks of the line above it.
        let bare = hunks.peek().is_some_and(|next| next.starts_with('\\'));
        let body = if bare { line[1..].trim_end_matches('\n') } else { &line[1..] };
        match line.as_bytes()[0] {
            b'+' => out.push_str(body),
            b'-' | b' ' => {
                assert_eq!(old[at], body, "the diff fits");
                at += 1;
                if line.starts_with(' ') {
                    out.push_str(body);
                }
            }
            _ => panic!("no line of a diff: {line:?}"),
        }
    }
    out.extend(old[at..].iter().copied());
    out
}

/// Rules about the records of a list; all that an update answers for.
const LIST_RULES: [&str; 18] = [
    "missing-field",
    "misspelt-permission",
    "unknown-permission",
    "sdk-permission-not-in-app",
    "package-case",
    "package-mismatch",
    "duplicate-package",
    "generic-package",
    "app-id-as-package",
    "package-is-host",
    "package-is-coordinate",
    "data-without-permission",
    "vague-data",
    "insecure-link",
    "link-not-a-policy",
    "link-of-other-sdk",
    "no-sdk-list",
    "list-elsewhere",
];

/// Updates `policy.txt`, applies the diff, and asks lint and audit again.
fn brings_up_to_date(folder: &Path, apk: &str) -> String {
    let before = fs::read_to_string(folder.join("policy.txt")).expect("policy");
    let ran = run(folder, &["declare", apk, "--update", "policy.txt"]);
    assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), ""));
    assert!(ran.stdout.starts_with("--- a/policy.txt\n+++ b/policy.txt\n"), "{}", ran.stdout);
    let after = patched(&before, &ran.stdout);
    fs::write(folder.join("policy.txt"), &after).expect("written");
    let lint = run(folder, &["lint", "policy.txt", "-f", "json", "--exit-zero"]);
    let left: Vec<String> = rules(&lint).into_iter().filter(|rule| LIST_RULES.contains(&rule.as_str())).collect();
    assert!(left.is_empty(), "{:?}\n{after}", findings(&lint));
    let audit = audit(folder, apk, "policy.txt");
    let wrong: Vec<String> = findings(&audit).into_iter().filter(|row| row.starts_with("undeclared-")).collect();
    assert!(wrong.is_empty(), "{wrong:?}\n{after}");
    // Nothing more to say.
    assert_eq!(run(folder, &["declare", apk, "--update", "policy.txt"]).stdout, "");
    after
}

const POLICY: &str = "Privacy Policy of Host\n\
    Third-party SDK list\n\
    (1) SDK Name: Fresco\n\
    SDK package name: com.Facebook.fresco\n\
    Permissions used: android.permission.INTERNET, android.permission.READ_EXTERNAL_STORAG\n\
    Purpose: images\n\
    Information collected: None\n\
    Privacy policy: https://www.facebook.com/privacy/policy\n\
    (2) SDK Name: Glide\n\
    SDK package name: com.Facebook.fresco\n\
    Developer: Bump Technologies\n\
    Permissions used: None\n\
    Purpose: images\n\
    Information collected: None\n\
    Privacy policy: http://bumptech.github.io/glide/\n\
    (3) SDK Name: WeChat Open Platform\n\
    SDK package name: com.tencent.mm\n\
    Developer: Tencent\n\
    Permissions used: android.permission.OPTICAL_PORT_RELAY\n\
    Purpose: payment\n\
    Information collected: network information\n\
    Privacy policy: https://weixin.qq.com/\n\
    (4) SDK Name: Getui Push\n\
    SDK package name: com.igexin\n\
    Developer: Merit Interactive Co., Ltd.\n\
    Permissions used: None\n\
    Purpose: push\n\
    Information collected: OAID\n\
    Privacy policy: https://docs.getui.com/privacy/\n\
    We keep your data for a year.\n\
    Permissions of the app:\n\
    1) android.permission.INTERNET\n\
    to talk to the server\n";

#[test]
fn an_update_mends_what_is_wrong_and_adds_what_is_missing() {
    let folder = folder();
    fs::write(folder.path().join("policy.txt"), POLICY).expect("written");
    let after = brings_up_to_date(folder.path(), "app.apk");
    for line in [
        "SDK package name: com.facebook.fresco",
        "SDK package name: com.bumptech.glide",
        "Developer: Meta Platforms, Inc.",
        "Information collected: OAID, IMEI",
        "Package name: com.tencent.bugly",
        "Package name: com.google.gson",
        "- android.permission.READ_PHONE_STATE: [to be filled in: purpose]",
        "to talk to the server",
    ] {
        assert!(after.lines().any(|one| one == line), "{line}\n{after}");
    }
    assert!(after.contains("Permissions used: android.permission.READ_PHONE_STATE"), "{after}");
    let kept = POLICY.lines().filter(|line| after.lines().any(|one| one == *line)).count();
    assert!(kept >= POLICY.lines().count() - 10, "{kept} lines are untouched");
}

#[test]
fn line_ends_and_language_are_the_documents_own() {
    let folder = folder();
    let zh = "第三方SDK清单\n\nSDK名称：个推消息推送\n包名：com.igexin\n使用目的：消息推送\n收集的个人信息：国际移动设备识别码\n\
              权限：android.permission.READ_PHONE_STATE\n隐私政策链接：https://docs.getui.com/privacy/\n\n应用权限：\n\
              android.permission.INTERNET 访问网络\n";
    fs::write(folder.path().join("policy.txt"), zh.replace('\n', "\r\n")).expect("written");
    let after = brings_up_to_date(folder.path(), "app.apk");
    assert!(after.lines().any(|line| line == "开发者：每日互动股份有限公司"), "{after}");
    assert!(after.contains("- android.permission.READ_PHONE_STATE：【待填写：用途】\r\n"), "{after}");
    assert_eq!(after.matches('\n').count(), after.matches("\r\n").count(), "{after:?}");
}

#[test]
fn a_policy_without_a_list_gets_one() {
    let folder = folder();
    fs::write(folder.path().join("policy.txt"), "Privacy Policy\n\nWe process data to run the app.").expect("written");
    let after = brings_up_to_date(folder.path(), "app.apk");
    assert!(after.starts_with("Privacy Policy\n\nWe process data to run the app.\n"), "{after}");
    assert!(after.contains("## Third-party SDKs (addition)") && after.contains("com.igexin"), "{after}");
}

#[test]
fn columns_that_a_table_lacks_are_named() {
    let folder = folder();
    let table = "# Third-party SDK list\n\n| SDK name | Package name | Purpose |\n| --- | --- | --- |\n| Getui Push | com.igexin | push |\n";
    fs::write(folder.path().join("policy.md"), table).expect("written");
    let ran = run(folder.path(), &["declare", "app.apk", "--update", "policy.md"]);
    let wanted = "# To be corrected by hand:\n#   line 5: \"Getui Push\" lacks: Developer, Personal information, Permissions, Privacy policy link\n--- a/policy.md\n";
    assert!(ran.code == Some(0) && ran.stdout.starts_with(wanted), "{}", ran.stdout);
    let after = patched(table, &ran.stdout);
    assert!(after.starts_with(table) && after.contains("com.tencent.bugly"), "{after}");
}

#[test]
fn what_was_written_is_not_lost() {
    let folder = folder();
    // Nobody knows the policy of the first; the code of the second is not in the app.
    let policy = "Third-party SDK list\n\
        SDK Name: Nobody Heard Of It\n\
        SDK package name: com.nobody.heard\n\
        Developer: Nobody\n\
        Permissions used: None\n\
        Purpose: push\n\
        Information collected: OAID\n\
        Privacy policy: https://nobody.example/\n\
        SDK Name: JPush\n\
        SDK package name: cn.jpush.android\n\
        Developer: Aurora\n\
        Permissions used: None\n\
        Purpose: push\n\
        Information collected: device information\n\
        Privacy policy: https://www.jiguang.cn/license/privacy\n";
    fs::write(folder.path().join("policy.txt"), policy).expect("written");
    let after = brings_up_to_date(folder.path(), "app.apk");
    let link = "Privacy policy: [to be filled in: privacy policy link; so far: https://nobody.example/]";
    assert!(after.lines().any(|line| line == link), "{after}");
    let data = "Information collected: device information, [to be filled in: which information]";
    assert!(after.lines().any(|line| line == data), "{after}");
}

#[test]
fn an_update_from_a_damaged_app_warns_and_names_absolute_paths_once() {
    let folder = TempDir::new().expect("folder");
    app().dex_bytes(b"no dex".to_vec()).write(folder.path(), "app.apk");
    let policy = folder.path().join("policy.txt");
    fs::write(&policy, POLICY).expect("written");
    let path = policy.to_str().expect("UTF-8");
    for (lang, words) in
        [("en", "warning: code of the app is hidden or unreadable (classes2.dex)"), ("zh", "（classes2.dex）")]
    {
        let ran = run(folder.path(), &["declare", "app.apk", "--update", path, "--lang", lang]);
        assert!(ran.code == Some(0) && ran.stderr.contains(words), "{}", ran.stderr);
        assert!(ran.stdout.contains(&format!("--- a{path}\n+++ b{path}\n")), "{}", ran.stdout);
    }
}

#[test]
fn what_is_no_plain_text_is_refused() {
    let folder = folder();
    fs::write(folder.path().join("policy.html"), "<html><body><p>Privacy policy</p></body></html>").expect("written");
    let ran = run(folder.path(), &["declare", "app.apk", "--update", "policy.html"]);
    assert_eq!((ran.code, ran.stdout.as_str()), (Some(2), ""));
    assert!(ran.stderr.contains("it is not plain text in UTF-8"), "{}", ran.stderr);
}

/// The corpus app with the most SDKs, and the policy that the project began with.
#[test]
fn real_material_is_brought_up_to_date() {
    let Some(shared) = shared() else { return oracle::skipped("the corpus and the seed policies are not there") };
    let folder = TempDir::new().expect("folder");
    let apk = shared.join("corpus/apk/cn-npm.apk");
    let apk = apk.to_str().expect("UTF-8");
    feeds_back(folder.path(), apk);
    let seed = fs::read(shared.join("seeds/003_b31cca29b4f8af20.txt")).expect("the seed");
    fs::write(folder.path().join("policy.txt"), seed).expect("written");
    brings_up_to_date(folder.path(), apk);
}
