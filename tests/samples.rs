//! The sample app against its policies: findings equal `samples/expected/*.findings.tsv` exactly, and the inventory is what
//! samples/README.md says.

mod support;

use sdkaudit::app;
use sdkaudit::audit::{self, Audit, Levels};
use sdkaudit::declared;
use sdkaudit::detect::{Inventory, Presence};
use sdkaudit::signatures::SignatureSet;
use std::fs;
use support::run::{program, root};

const POLICIES: [(&str, i32); 4] =
    [("meterpay-policy", 1), ("meterpay-policy.zh", 1), ("meterpay-policy-clean", 0), ("meterpay-no-list-policy", 1)];

fn sample() -> app::App {
    let set = SignatureSet::builtin();
    let by_class = |package: &[u8]| set.holds_class_prefixes(package);
    let wanted = sdkaudit::detect::wanted();
    let options =
        app::Options { by_class: &by_class, wanted: Some(&wanted), bodies: Some(set), ..app::Options::default() };
    app::read(&root().join("samples/meterpay.apk"), options).unwrap_or_else(|error| panic!("{error}"))
}

fn audited(policy: &str) -> Audit {
    let (app, set) = (sample(), SignatureSet::builtin());
    let path = root().join(format!("samples/{policy}.md"));
    let bytes = fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let declaration = declared::read(policy, &bytes, set).unwrap_or_else(|error| panic!("{error}"));
    audit::audit(&app, &Inventory::of(&app, set), &declaration, set, &Levels::default())
}

/// Rows of the expectation, sorted. Its first line names the columns.
fn expected(policy: &str) -> Vec<String> {
    let path = root().join("samples/expected").join(format!("{policy}.findings.tsv"));
    let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let mut lines = text.lines();
    assert_eq!(lines.next(), Some("rule\tseverity\tsubject\tline"), "{policy}");
    let mut rows: Vec<String> = lines.map(str::to_owned).collect();
    rows.sort();
    rows
}

#[test]
fn findings_are_the_expected_ones() {
    for (policy, _) in POLICIES {
        let row = |finding: &audit::Finding| {
            let line = finding.declared.as_ref().map_or_else(|| "-".to_owned(), |place| place.at.line.to_string());
            format!("{}\t{}\t{}\t{line}", finding.rule.id(), finding.severity.id(), finding.subject)
        };
        let mut found: Vec<String> = audited(policy).findings.iter().map(row).collect();
        found.sort();
        let expected = expected(policy);
        let missing: Vec<&String> = expected.iter().filter(|row| !found.contains(row)).collect();
        let surplus: Vec<&String> = found.iter().filter(|row| !expected.contains(row)).collect();
        assert!(found == expected, "{policy}\nmissing {missing:#?}\nsurplus {surplus:#?}");
    }
}

#[test]
fn exit_codes_follow_the_findings() {
    for (policy, code) in POLICIES {
        let arguments = ["audit", "samples/meterpay.apk", "-d", &format!("samples/{policy}.md")];
        let output = program().args(arguments).output().expect("the program runs");
        assert_eq!(output.status.code(), Some(code), "{policy}");
        assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
    }
}

#[test]
fn the_chinese_twin_has_the_same_findings_at_its_own_lines() {
    let strip = |policy: &str| {
        let cut = |row: String| row.rsplit_once('\t').map(|(head, _)| head.to_owned()).unwrap_or_default();
        let named = |row: String| row.replace("明井云中继SDK", "Brightwell Cloud Relay SDK");
        let mut rows: Vec<String> = expected(policy).into_iter().map(cut).map(named).collect();
        rows.sort();
        rows
    };
    assert_eq!(strip("meterpay-policy"), strip("meterpay-policy.zh"));
}

#[test]
fn the_inventory_is_what_the_readme_says() {
    let (app, set) = (sample(), SignatureSet::builtin());
    let inventory = Inventory::of(&app, set);
    let present: Vec<&str> = inventory.present().map(|found| found.sdk.id.as_str()).collect();
    let expected = [
        "alipay.sdk",
        "amap.location",
        "getui.gtc",
        "getui.push",
        "google.gson",
        "huawei.hms-push",
        "jetbrains.coroutines",
        "square.okhttp",
        "taobao.utdid",
        "tencent.bugly",
        "tencent.wechat-opensdk",
        "umeng.analytics",
        "umeng.common",
        "xiaomi.mipush",
    ];
    assert_eq!(present, expected);
    let platform = inventory.find("amap.platform").map(|found| found.presence);
    assert_eq!(platform, Some(Presence::ReferencedOnly), "a meta-data key alone");
    let version = |id: &str| inventory.find(id).and_then(|found| found.version.as_deref());
    assert_eq!(
        [version("square.okhttp"), version("google.gson"), version("jetbrains.coroutines")],
        [Some("4.12.0"), Some("2.10.1"), Some("1.7.3")]
    );
    assert_eq!(inventory.find("taobao.utdid").expect("present").brought_by, ["alipay.sdk"]);
    assert_eq!(inventory.find("getui.gtc").expect("present").brought_by, ["getui.push"]);
    assert!(inventory.find("meizu.push").is_none(), "Getui's glue for Meizu is not Meizu's SDK");
    assert_eq!((app.classes.dex_read, app.classes.defined, app.native_libs.len()), (2, 78, 4));
    assert_eq!(
        inventory.unidentified.iter().map(|group| group.prefix.as_str()).collect::<Vec<_>>(),
        ["net.halvorsen.meterlink"]
    );
    assert_eq!(app.manifest.version_name.as_deref(), Some("4.2.0"), "a reference into resources.arsc");
}
