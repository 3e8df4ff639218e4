//! `lint` where it must speak and where it must be silent; the founding policies say exactly what was worked out by hand.

mod support;

use sdkaudit::audit::{self, Levels, Rule, Severity};
use sdkaudit::declared;
use sdkaudit::signatures::SignatureSet;
use std::path::Path;
use support::policy::Policy;
use support::run::program;

fn lint(name: &str, text: &str) -> Vec<audit::Finding> {
    let set = SignatureSet::builtin();
    let declaration = declared::read(name, text.as_bytes(), set).unwrap_or_else(|error| panic!("{error}"));
    audit::lint(&declaration, set, &Levels::default())
}

/// `rule subject line`, sorted.
fn rows(policy: &Policy) -> Vec<String> {
    let row = |finding: &audit::Finding| {
        let line = finding.declared.as_ref().map_or(0, |place| place.at.line);
        format!("{} {} {line}", finding.rule.id(), finding.subject)
    };
    let mut rows: Vec<String> = lint("policy.md", &policy.text()).iter().map(row).collect();
    rows.sort();
    rows
}

/// A founding policy, or a named skip where the shared folder is not there.
fn seed(prefix: &str) -> Option<Vec<audit::Finding>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/seeds");
    let Ok(entries) = std::fs::read_dir(&folder) else {
        eprintln!("skipped: seed {prefix}: no {}", folder.display());
        return None;
    };
    let mut paths = entries.filter_map(Result::ok).map(|entry| entry.path());
    let path = paths.find(|path| path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(prefix)));
    let path = path.unwrap_or_else(|| panic!("no seed {prefix} in {}", folder.display()));
    Some(lint("seed.txt", &std::fs::read_to_string(path).unwrap()))
}

#[test]
fn the_policy_with_seventeen_records_yields_exactly_this() {
    let Some(findings) = seed("003") else { return };
    let lines = |rule: Rule, severity: Severity| {
        let of = |one: &&audit::Finding| one.rule == rule && one.severity == severity;
        let places = findings.iter().filter(of).filter_map(|one| one.declared.as_ref());
        let mut lines: Vec<u32> = places.map(|place| place.at.line).collect();
        lines.sort_unstable();
        lines
    };
    use Severity::{Error, Note, Warning};
    let expected: Vec<(Rule, Severity, Vec<u32>)> = vec![
        (Rule::MisspeltPermission, Warning, vec![23, 33, 42, 52, 59, 132]),
        (Rule::SdkPermissionNotInApp, Warning, vec![23, 84, 84, 84, 84, 96, 96, 96, 120]),
        (Rule::PackageCase, Warning, vec![41, 50]),
        (Rule::PackageMismatch, Warning, vec![50]),
        (Rule::DuplicatePackage, Warning, vec![50, 95]),
        (Rule::GenericPackage, Warning, vec![32, 72, 72, 89, 107]),
        (Rule::GenericPackage, Note, vec![131]),
        (Rule::AppIdAsPackage, Warning, vec![125]),
        (Rule::MissingField, Warning, vec![40, 49, 57, 64, 71, 82, 88, 94, 100, 106, 112, 118, 124, 130, 136, 136]),
        (Rule::InsecureLink, Warning, vec![56, 81, 105]),
        (Rule::WrongPermissionText, Warning, vec![196]),
        // "Local collection" beside statistics and a vendor abroad beside "no cross-border" are plain; "local collection" beside
        // "encrypted transmission" is a slip of wording; the sentence on sharing names exceptions.
        (Rule::Contradiction, Error, vec![26, 289]),
        (Rule::Contradiction, Warning, vec![37, 46]),
        (Rule::Contradiction, Note, vec![13]),
        // GET_TASKS is deprecated since API 21; Google Play restricts QUERY_ALL_PACKAGES and REQUEST_INSTALL_PACKAGES.
        (Rule::DeprecatedPermission, Note, vec![84]),
        (Rule::RestrictedPermission, Note, vec![84, 96]),
        // Base stations, and no location permission anywhere.
        (Rule::DataWithoutPermission, Note, vec![86]),
        // "Network information" and no more.
        (Rule::VagueData, Note, vec![110, 116, 122]),
        // Two home pages, a project page and a repository beside data.
        (Rule::LinkNotAPolicy, Note, vec![39, 48, 56, 63]),
        // DCloud's template misspells the permission itself.
        (Rule::TemplateDefect, Note, vec![23]),
        // Tables for iOS and HarmonyOS, records for Android only.
        (Rule::PlatformGap, Note, vec![199, 209]),
    ];
    for (rule, severity, at) in &expected {
        assert_eq!(&lines(*rule, *severity), at, "{} {}", severity.id(), rule.id());
    }
    assert_eq!(findings.len(), expected.iter().map(|(_, _, lines)| lines.len()).sum::<usize>(), "nothing else");
}

#[test]
fn the_policies_without_a_list_yield_what_they_lack() {
    let expected: [(&str, &[(&str, u32)]); 4] = [
        ("000", &[("dangling-reference", 64), ("missing-contact", 1), ("missing-date", 1), ("no-sdk-list", 1)]),
        ("001", &[("missing-children-clause", 1), ("missing-date", 1), ("no-sdk-list", 1)]),
        ("002", &[("missing-contact", 1), ("missing-date", 1), ("no-sdk-list", 1)]),
        ("004", &[("dangling-reference", 89), ("missing-contact", 1), ("no-sdk-list", 1)]),
    ];
    for (prefix, rules) in expected {
        let Some(findings) = seed(prefix) else { return };
        let row = |one: &audit::Finding| (one.rule.id(), one.declared.as_ref().map_or(0, |place| place.at.line));
        let mut found: Vec<(&str, u32)> = findings.iter().map(row).collect();
        found.sort_unstable();
        assert_eq!(found, rules, "{prefix}");
    }
}

#[test]
fn packages_that_are_prefixes_of_one_sdk_are_never_generic() {
    for (name, package) in [
        ("uni-app", "io.dcloud"),
        ("Getui Push", "com.igexin"),
        ("gif drawable", "pl.droidsonroids.gif"),
        ("OkHttp", "okhttp3"),
        ("MMKV", "com.tencent.mmkv"),
    ] {
        assert_eq!(rows(&Policy::new().sdk(name, package)), [""; 0], "{package}");
    }
    assert_eq!(rows(&Policy::new().sdk("Umeng Analytics", "com.umeng")), ["generic-package com.umeng 7"]);
}

#[test]
fn one_sdk_in_tables_for_two_systems_is_no_duplicate() {
    let policy = Policy::new().sdk("Getui Push (iOS)", "com.igexin").sdk("Getui Push", "com.igexin");
    assert_eq!(rows(&policy), [""; 0]);
    let twice = Policy::new().sdk("Getui Push", "com.igexin").sdk("Getui Login", "com.igexin");
    assert_eq!(rows(&twice), ["duplicate-package com.igexin 8"]);
}

#[test]
fn conditions_exceptions_and_parts_are_no_contradictions() {
    let push = ["Getui Push", "Getui", "com.igexin", "None", "Message push", "OAID", "https://docs.getui.com/privacy/"];
    for sentence in [
        "We do not share your information with any third party without your consent.",
        "We do not collect any personal information from children.",
        "If you refuse, we do not collect any personal information.",
        "未经您同意，我们不会与任何公司共享您的个人信息。",
        "我们不会与任何公司共享您的个人信息，但接入第三方SDK的情形除外。",
        "我们不收集任何与服务无关的个人信息。",
        "您的信息存储在境内，不会向境外提供。",
        "除下列 SDK 外，我们没有接入其他第三方 SDK。",
        "We do not integrate any other third-party SDK.",
        "We do not embed any advertising SDKs.",
    ] {
        assert_eq!(rows(&Policy::new().prose(sentence).record(push)), [""; 0], "{sentence}");
    }
    let mut part = push;
    part[5] = "OAID、运营商，其中运营商仅在本地读取，不会上传";
    assert_eq!(rows(&Policy::new().record(part)), [""; 0]);
    let excepted = "We do not share your information with any third party, except as required by law.";
    let found = lint("policy.md", &Policy::new().prose(excepted).record(push).text());
    let severities: Vec<(Rule, Severity)> = found.iter().map(|one| (one.rule, one.severity)).collect();
    assert_eq!(severities, [(Rule::Contradiction, Severity::Note)]);
}

#[test]
fn data_needs_a_permission_only_where_the_policy_names_some() {
    let record = |permissions, data| {
        ["Bugly", "Tencent", "com.tencent.bugly", permissions, "Crashes", data, "https://bugly.qq.com/v2/index"]
    };
    let internet = "android.permission.INTERNET";
    assert_eq!(rows(&Policy::new().record(record("None", "IMEI"))), [""; 0]);
    assert_eq!(rows(&Policy::new().record(record("read the phone's state", "IMEI"))), [""; 0]);
    assert_eq!(rows(&Policy::new().record(record(internet, "IMEI"))), ["data-without-permission tencent.bugly 7"]);
    let other = Policy::new().record(record(internet, "IMEI")).sdk_with_permissions(
        "OkHttp",
        "okhttp3",
        "android.permission.READ_PHONE_STATE",
    );
    assert_eq!(rows(&other), [""; 0], "a permission is the app's, whoever names it");
}

#[test]
fn a_list_of_its_own_is_no_policy_and_must_not_have_its_parts() {
    let rows = "| SDK name | Package name | Developer | Permission used | Purpose | Data | Link |\n| --- | --- | --- | --- | --- | --- | --- |\n\
                | OkHttp | okhttp3 | Square | None | Network | None | https://square.github.io/okhttp/ |\n";
    assert!(lint("list.md", &format!("# Privacy policy: third-party SDK list\n\n{rows}")).is_empty());
    assert!(lint("list.md", rows).is_empty());
    assert_eq!(lint("list.md", &format!("# Privacy policy\n\n{rows}")).len(), 3);
}

#[test]
fn the_program_prints_json_text_and_a_diff_and_exits_accordingly() {
    let folder = tempfile::tempdir().unwrap();
    let wrong =
        Policy::new().sdk_with_permissions("Umeng Analytics", "com.Umeng.analytics", "android.permission.INTERNT");
    std::fs::write(folder.path().join("wrong.md"), wrong.text()).unwrap();
    std::fs::write(folder.path().join("right.md"), Policy::new().sdk("OkHttp", "okhttp3").text()).unwrap();
    let run = |arguments: &[&str]| {
        let output = program().current_dir(folder.path()).arg("lint").args(arguments).output().unwrap();
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
        (output.status.code(), text(&output.stdout), text(&output.stderr))
    };
    let (code, diff, errors) = run(&["wrong.md", "--fix", "--fail-on", "warning"]);
    assert_eq!((code, errors.as_str()), (Some(1), ""));
    let changed: Vec<&str> = diff.lines().filter(|line| line.starts_with(['+', '-'])).collect();
    assert_eq!(changed.len(), 4, "{diff}");
    assert_eq!(changed[..2], ["--- a/wrong.md", "+++ b/wrong.md"]);
    assert!(changed[3].contains("com.umeng.analytics") && changed[3].contains("android.permission.INTERNET"), "{diff}");
    assert_eq!(run(&["right.md", "--fix"]), (Some(0), String::new(), String::new()));
    assert_eq!(run(&["wrong.md", "--lang", "en", "-q"]).1, "passed: 1 document, 0 errors, 2 warnings, 0 notes\n");
    assert_eq!(run(&["wrong.md", "--off", "package-case", "--error", "misspelt-permission", "-q"]).0, Some(1));
    let (code, json, _) = run(&["wrong.md", "-f", "json"]);
    let one: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(
        (code, one["schema_version"].as_str(), one["document"].as_str()),
        (Some(0), Some("1.0"), Some("wrong.md"))
    );
    assert_eq!(one["summary"]["findings"]["warning"], 2);
    assert_eq!(one["findings"][0]["declared"]["line"], 7);
    let (code, json, errors) = run(&["wrong.md", "right.md", "none.md", "-f", "json"]);
    let several: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!((code, several["documents"].as_array().map(Vec::len)), (Some(2), Some(2)));
    assert!(several["documents"][1]["findings"].as_array().is_some_and(Vec::is_empty) && errors.contains("none.md"));
}

/// A diff of the words of a file in another encoding would not be one of the file.
#[test]
fn corrections_of_a_file_that_is_not_utf_8_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let wrong =
        Policy::new().sdk_with_permissions("Umeng Analytics", "com.Umeng.analytics", "android.permission.INTERNT");
    let wrong = wrong.text();
    let units = std::iter::once(0xfeff).chain(wrong.encode_utf16());
    let bytes: Vec<u8> = units.flat_map(u16::to_le_bytes).collect();
    std::fs::write(folder.path().join("wrong.txt"), bytes).unwrap();
    for (lang, words) in [("en", "it is not plain text in UTF-8"), ("zh", "它不是 UTF-8 纯文本")] {
        let run = program().current_dir(folder.path()).args(["lint", "wrong.txt", "--fix", "--lang", lang]).output();
        let output = run.unwrap();
        assert_eq!((output.status.code(), output.stdout.len()), (Some(2), 0));
        let errors = String::from_utf8(output.stderr).unwrap();
        assert!(errors.contains("wrong.txt") && errors.contains(words), "{errors}");
    }
}

/// What a format has no place for is not missing.
#[test]
fn bills_and_manifests_lack_only_what_they_could_hold() {
    let missing = |name: &str, text: &str| -> Vec<String> {
        let findings = lint(name, text);
        findings.into_iter().filter(|one| one.rule == Rule::MissingField).map(|one| one.subject).collect()
    };
    let bill = r#"{"bomFormat":"CycloneDX","specVersion":"1.6","components":[
        {"type":"library","group":"com.squareup.okhttp3","name":"okhttp","description":"HTTP client",
         "purl":"pkg:maven/com.squareup.okhttp3/okhttp@4.12.0"}]}"#;
    assert_eq!(missing("bom.json", bill), ["square.okhttp/link", "square.okhttp/vendor"]);
    let manifest = r#"{"app-plus":{"distribute":{"sdkConfigs":{"push":{"unipush":{}},"maps":{"amap":{}}}}}}"#;
    assert!(missing("manifest.json", manifest).is_empty());
}

fn places(findings: &[audit::Finding], rule: Rule) -> Vec<(String, String, u32)> {
    let place = |one: &audit::Finding| one.declared.clone().map(|place| (place.document, place.at.line));
    let of_rule = findings.iter().filter(|one| one.rule == rule);
    of_rule.filter_map(|one| place(one).map(|(document, line)| (one.subject.clone(), document, line))).collect()
}

fn joined(documents: &[(&str, &str)]) -> Vec<audit::Finding> {
    let set = SignatureSet::builtin();
    let read = |(name, text): &(&str, &str)| declared::read(name, text.as_bytes(), set).unwrap();
    let declaration = declared::Declaration::join(documents.iter().map(read).collect(), set).unwrap();
    audit::lint(&declaration, set, &Levels::default())
}

#[test]
fn hosts_in_place_of_packages() {
    let list = "第三方SDK目录\nSDK名称：顶点统计\n包名：www.apexmetrics.com\n使用目的：统计\n\nSDK名称：顶点推送\nSDK包名/网址：www.apexpush.com\n使用目的：推送\n\nSDK名称：顶点地图\n包名：m.apexmap.com\n使用目的：地图\n";
    let findings = lint("list.txt", list);
    let row = |subject: &str, line| (subject.to_owned(), "list.txt".to_owned(), line);
    assert_eq!(places(&findings, Rule::PackageIsHost), [row("www.apexmetrics.com", 3), row("m.apexmap.com", 11)]);
    let missing: Vec<String> = places(&findings, Rule::MissingField).into_iter().map(|(subject, ..)| subject).collect();
    assert!(missing.iter().all(|subject| subject != "顶点统计/package"), "{missing:?}");
}

#[test]
fn a_policy_and_its_separate_list_are_judged_together() {
    const POLICY: &str = "# 隐私政策\n\n更新日期：2026年1月1日\n\n第三方SDK清单详见《第三方SDK目录》：https://www.apexpush.com/sdk 。\n\n未成年人请在监护人陪同下使用。联系我们：privacy@example.com\n";
    const LIST: &str = "# 第三方SDK目录\n\n- SDK名称：顶点推送\n- 开发者：顶点软件有限公司\n- 包名：com.apexpush.android\n- 权限：无\n- 使用目的：推送\n- 收集信息：设备型号\n- 链接：http://www.apexpush.com/policy\n";
    let alone = lint("policy.md", POLICY);
    assert_eq!((places(&alone, Rule::NoSdkList).len(), places(&alone, Rule::ListElsewhere).len()), (1, 1));
    let together = joined(&[("policy.md", POLICY), ("list.md", LIST)]);
    let rules: Vec<(&str, u32)> =
        together.iter().map(|one| (one.rule.id(), one.declared.as_ref().map_or(0, |place| place.at.line))).collect();
    assert_eq!(rules, [("insecure-link", 9)]);
    assert_eq!(together[0].declared.as_ref().unwrap().document, "list.md");
    // The same package under another name in each is a finding that names both files.
    let other = LIST.replace("顶点推送", "极点消息").replace("http:", "https:");
    let twice = joined(&[("a.md", &LIST.replace("http:", "https:")), ("b.md", &other)]);
    assert_eq!(places(&twice, Rule::DuplicatePackage), [("com.apexpush.android".to_owned(), "b.md".to_owned(), 5)]);
    assert!(
        twice[0].message.en.contains("(a.md line 3)") && twice[0].message.zh.contains("b.md 第 3 行"),
        "{:?}",
        twice[0]
    );
}

#[test]
fn places_in_a_page_are_those_of_the_file() {
    let page = "<!DOCTYPE html>\n<html><body>\n<h1>第三方SDK目录</h1>\n<!-- a\ncomment\nover lines -->\n<p>SDK名称：顶点统计</p>\n<p>包名：com.apex.metrics:core</p><p>使用目的：统计</p>\n<p>{{company}}</p>\n</body></html>\n";
    let findings = lint("page.html", page);
    assert_eq!(places(&findings, Rule::PlaceholderText)[0].2, 9);
    assert_eq!(places(&findings, Rule::PackageIsCoordinate)[0].2, 8);
}

#[test]
fn a_form_of_a_shop_misses_no_list() {
    let csv = std::fs::read_to_string("tests/fixtures/declared/data_safety.zh.csv").unwrap();
    assert!(lint("data_safety.csv", &csv).is_empty());
    let manifest = std::fs::read_to_string("tests/fixtures/declared/PrivacyInfo.xcprivacy").unwrap();
    assert!(lint("PrivacyInfo.xcprivacy", &manifest).is_empty());
}
