//! Which policy speaks of which app.

use super::{Yard, parse, run, text};
use crate::support::run::program;
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::fs;

const POLICY: &str = "samples/meterpay-policy.md";

/// File, status and policy of each row, by path.
fn pairs(rows: &str) -> Vec<(String, String, Option<String>)> {
    let last = |value: &Value| value.as_str().map(|path| path.rsplit('/').next().unwrap_or_default().to_owned());
    let row = |row: &Value| {
        let status = row["status"].as_str().expect("status").to_owned();
        (last(&row["source"]["path"]).expect("path"), status, last(&row["declared"]))
    };
    let mut pairs: Vec<_> = parse(rows).iter().map(row).collect();
    pairs.sort();
    pairs
}

fn pair(file: &str, status: &str, policy: Option<&str>) -> (String, String, Option<String>) {
    (file.to_owned(), status.to_owned(), policy.map(str::to_owned))
}

#[test]
fn a_folder_of_policies() {
    let yard = Yard::new(5);
    fs::remove_file(yard.apps().join("broken0.apk")).expect("removed");
    let policies = yard.path("policies");
    fs::create_dir_all(policies.join("old")).expect("folder");
    // By application id, by the name of the app's file, both, two of them, none.
    for name in ["dev.host.n0.md", "001.html", "dev.host.n2.txt", "002.md", "dev.host.n3.md", "dev.host.n3.zh.md"] {
        fs::copy(POLICY, policies.join(name)).expect("copied");
    }
    fs::copy(POLICY, policies.join("dev.host.n3.pdf.txt")).expect("copied");
    fs::copy(POLICY, policies.join("dev.host.n3.txt")).expect("copied");
    fs::copy(POLICY, policies.join("old/004.md")).expect("copied");
    let said = run(&[text(&yard.apps()), "--declared-dir", text(&policies), "-v"]);
    assert_eq!(
        pairs(&said.stdout),
        [
            pair("000.apk", "ok", Some("dev.host.n0.md")),
            pair("001.apk", "ok", Some("001.html")),
            pair("002.apk", "ok", Some("dev.host.n2.txt")),
            pair("003.apk", "error", None),
            pair("004.apk", "error", None),
        ]
    );
    assert_eq!(said.code, Some(2), "two could not be compared");
    let rows = parse(&said.stdout);
    let of = |id: &str| rows.iter().find(|row| row["app"]["application_id"] == id).expect("a row");
    let count = |id: &str| of(id)["app"]["findings"].as_array().expect("findings").len();
    assert!(count("dev.host.n0") > 0 && count("dev.host.n4") == 0);
    assert!(said.stderr.contains("several policies for dev.host.n3"), "{}", said.stderr);
    assert!(said.stderr.contains("no policy for dev.host.n4") && said.stderr.contains("004.md"), "{}", said.stderr);
    let nothing = run(&[text(&yard.apps()), "--declared-dir", text(&yard.path("policies/none"))]);
    assert_eq!((nothing.code, nothing.stdout.as_str()), (Some(2), ""));
}

#[test]
fn a_manifest_names_policies_and_digests() {
    let yard = Yard::new(4);
    fs::copy(POLICY, yard.path("p.md")).expect("copied");
    fs::write(yard.path("empty.md"), "").expect("written");
    let digest = |name: &str| -> String {
        let bytes = fs::read(yard.apps().join(name)).expect("app");
        Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
    };
    let rows = [
        format!("apps/001.apk,p.md,{}", digest("001.apk")),
        format!("apps/002.apk,,{}", digest("001.apk")),
        "apps/more/000.apk,empty.md,".to_owned(),
        "apps/more/003.apk,,".to_owned(),
    ];
    let list = yard.path("list.csv");
    fs::write(&list, format!("path,policy,sha256\n{}\n", rows.join("\n"))).expect("written");
    let said = run(&[text(&list), "-v"]);
    assert_eq!(
        pairs(&said.stdout),
        [
            pair("000.apk", "error", None),
            pair("001.apk", "ok", Some("p.md")),
            pair("002.apk", "error", None),
            pair("003.apk", "ok", None),
        ]
    );
    assert!(said.stderr.contains("not the one in the manifest") && said.stderr.contains("empty.md"), "{}", said.stderr);
    fs::write(&list, "path,polcy\napps/001.apk,p.md\n").expect("written");
    let wrong = run(&[text(&list)]);
    assert_eq!((wrong.code, wrong.stdout.as_str()), (Some(2), ""));
    assert!(wrong.stderr.contains("did you mean 'policy'?"), "{}", wrong.stderr);
    fs::write(&list, "path,policy\napps/001.apk,p.md\napps/001.apk,q.md\n").expect("written");
    let twice = run(&[text(&list)]);
    assert!(twice.code == Some(2) && twice.stderr.contains("named twice"), "{}", twice.stderr);
}

#[test]
fn a_row_says_what_audit_says() {
    let app = "samples/meterpay.apk";
    let waivers = ["--waivers", "tests/fixtures/waivers.toml"];
    for extra in [&[][..], &waivers] {
        let row = &parse(&run(&[&[app, "-d", POLICY], extra].concat()).stdout)[0];
        let arguments = [&["audit", app, "-d", POLICY, "-f", "json"], extra].concat();
        let output = program().args(arguments).output().expect("the program runs");
        let mut report: Value = serde_json::from_slice(&output.stdout).expect("JSON");
        assert_eq!(row["stamp"], report["stamp"]);
        // Which waiver nothing needed, only a whole run can tell.
        let findings = report["apps"][0]["findings"].as_array_mut().expect("findings");
        findings.retain(|finding| finding["rule"] != "unused-waiver");
        assert!(row["app"] == report["apps"][0], "{extra:?}\n{}\n{}", row["app"], report["apps"][0]);
        let waived = row["app"]["findings"].as_array().expect("findings").iter().filter(|one| one["waived"] == true);
        assert_eq!(waived.count() > 0, !extra.is_empty());
    }
}

#[test]
fn several_documents_are_one_policy_for_all() {
    let yard = Yard::new(2);
    let list = yard.path("sdks.md");
    fs::write(&list, "# 第三方SDK清单\n\n| SDK名称 | 公司 | 目的 |\n|---|---|---|\n| Gson | 谷歌 | 解析 |\n")
        .expect("written");
    let documents = |rows: &str| -> Vec<String> {
        parse(rows).iter().filter_map(|row| row["declared"].as_str().map(str::to_owned)).collect()
    };
    let given = run(&[text(&yard.apps()), "-d", POLICY, "-d", text(&list)]);
    let both = format!("{POLICY} + {}", text(&list));
    assert_eq!(documents(&given.stdout), [both.as_str(), &both], "{}", given.stderr);
    // The same from the settings, where nothing is typed.
    let policy = fs::canonicalize(POLICY).expect("policy");
    let settings = yard.path("sdkaudit.toml");
    fs::write(&settings, format!("declared = [{:?}, \"sdks.md\"]\n", text(&policy))).expect("written");
    let configured = run(&[text(&yard.apps()), "--config", text(&settings)]);
    let both = format!("{} + {}", text(&policy), text(&list));
    assert_eq!(documents(&configured.stdout), [both.as_str(), &both], "{}", configured.stderr);
    let output = yard.path("rows.jsonl");
    let resumed = ["-d", POLICY, "-d", text(&list), "-o", text(&output)];
    run(&[&[text(&yard.apps())], &resumed[..]].concat());
    let before = fs::read(&output).expect("rows");
    run(&[&[text(&yard.apps()), "--resume"], &resumed[..]].concat());
    assert_eq!(fs::read(&output).expect("rows"), before, "rows of the same documents hold");
}
