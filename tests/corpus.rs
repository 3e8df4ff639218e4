//! Real apps and policies that nobody in this project wrote. They are not part of the repository: without them
//! (`SDKAUDIT_SHARED`, else `../shared`) each test here is a named skip.

mod support;

use sdkaudit::app::{self, App};
use sdkaudit::audit::{self, Audit, Levels, Verdict};
use sdkaudit::declared;
use sdkaudit::detect::Inventory;
use sdkaudit::signatures::SignatureSet;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use support::run::{program, shared};

/// The shared folder; a test that cannot have it says so.
fn material(test: &str) -> Option<PathBuf> {
    let found = shared();
    if found.is_none() {
        let hint = "no corpus at SDKAUDIT_SHARED or ../shared";
        assert!(std::env::var_os("SDKAUDIT_REQUIRE_CORPUS").is_none(), "{hint}");
        support::oracle::skipped(&format!("{test}: {hint}"));
    }
    found
}

fn read(path: &Path) -> App {
    let set = SignatureSet::builtin();
    let by_class = |package: &[u8]| set.holds_class_prefixes(package);
    let wanted = sdkaudit::detect::wanted();
    let options =
        app::Options { by_class: &by_class, wanted: Some(&wanted), bodies: Some(set), ..app::Options::default() };
    app::read(path, options).unwrap_or_else(|error| panic!("{error}"))
}

fn audited(app: &App, policy: &Path) -> Audit {
    let set = SignatureSet::builtin();
    let bytes = fs::read(policy).unwrap_or_else(|error| panic!("{}: {error}", policy.display()));
    let declaration =
        declared::read(&policy.display().to_string(), &bytes, set).unwrap_or_else(|error| panic!("{error}"));
    audit::audit(app, &Inventory::of(app, set), &declaration, set, &Levels::default())
}

/// Rows of a table without comments.
fn table(path: &Path) -> Vec<Vec<String>> {
    let text = fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let rows = text.lines().filter(|line| !line.starts_with('#') && !line.trim().is_empty());
    rows.map(|line| line.split('\t').map(str::to_owned).collect()).collect()
}

/// `{ "name", "maxSdkVersion"? , "reason"? }` as one line.
fn permission(value: &Value) -> String {
    let text = |key: &str| value[key].as_str().map_or_else(|| value[key].to_string(), str::to_owned);
    format!("{} {} {}", text("name"), text("maxSdkVersion"), text("reason"))
}

fn line(name: &str, max: Option<u32>, reason: Option<&str>) -> String {
    let max = max.map_or_else(|| "null".to_owned(), |max| max.to_string());
    format!("{name} {max} {}", reason.unwrap_or("null"))
}

fn list(value: &Value) -> Vec<String> {
    value.as_array().expect("a list").iter().map(permission).collect()
}

#[test]
fn permissions_versions_and_levels_of_ten_apps() {
    let Some(shared) = material("permissions_versions_and_levels_of_ten_apps") else { return };
    let text = fs::read_to_string(shared.join("corpus/expected/permissions.json")).expect("expectation");
    let expected: Value = serde_json::from_str(&text).expect("expectation is JSON");
    let apps = expected.as_object().expect("apps by file name");
    assert_eq!(apps.len(), 10);
    for (file, expected) in apps {
        let manifest = read(&shared.join("corpus/apk").join(file)).manifest;
        let requested = |sdk_23: bool| -> Vec<String> {
            let kind = manifest.requested_permissions.iter().filter(|one| one.sdk_23 == sdk_23);
            kind.map(|one| line(&one.name, one.max_sdk_version, None)).collect()
        };
        assert_eq!(requested(false), list(&expected["uses_permission"]), "{file}: in order, with duplicates");
        assert_eq!(requested(true), list(&expected["uses_permission_sdk_23"]), "{file}: from API 23");
        let implied = manifest.implied_permissions.iter();
        let mut implied: Vec<String> =
            implied.map(|one| line(&one.name, one.max_sdk_version, Some(&one.reason))).collect();
        let mut wanted = list(&expected["implied"]);
        implied.sort();
        wanted.sort();
        assert_eq!(implied, wanted, "{file}: implied");
        let mut defined: Vec<&str> = manifest.defined_permissions.iter().map(|one| one.name.as_str()).collect();
        let mut wanted: Vec<&str> =
            expected["declared"].as_array().expect("a list").iter().filter_map(Value::as_str).collect();
        defined.sort_unstable();
        wanted.sort_unstable();
        assert_eq!(defined, wanted, "{file}: defined");
        let level = |level: &Option<app::manifest::ApiLevel>| level.as_ref().map(|one| one.number().to_string());
        let code = manifest.version_code.map(|code| code.to_string());
        let found = [level(&manifest.min_sdk), level(&manifest.target_sdk), code, manifest.version_name.clone()];
        let keys = ["sdkVersion", "targetSdkVersion", "versionCode", "versionName"];
        assert_eq!(found, keys.map(|key| expected[key].as_str().map(str::to_owned)), "{file}");
        assert_eq!(Some(manifest.application_id.as_str()), expected["package"].as_str(), "{file}");
    }
}

#[test]
fn class_counts_of_all_apps() {
    let Some(shared) = material("class_counts_of_all_apps") else { return };
    let rows = table(&shared.join("corpus/expected/classes.tsv"));
    let found: Vec<String> = rows[1..]
        .iter()
        .map(|row| {
            let classes = read(&shared.join("corpus/apk").join(&row[0])).classes;
            assert_eq!(classes.dex_read, classes.dex_total, "{}", row[0]);
            format!("{} {} {}", row[0], classes.dex_read, classes.defined)
        })
        .collect();
    let expected: Vec<String> = rows[1..].iter().map(|row| format!("{} {} {}", row[0], row[1], row[2])).collect();
    assert_eq!((found.len(), found), (17, expected));
}

#[test]
fn trackers_are_found_and_strings_alone_are_not() {
    let Some(shared) = material("trackers_are_found_and_strings_alone_are_not") else { return };
    let set = SignatureSet::builtin();
    let (mut hits, mut misses) = (0, 0);
    for row in table(&shared.join("corpus/expected/trackers.tsv")) {
        let app = read(&shared.join("corpus/apk").join(&row[0]));
        let inventory = Inventory::of(&app, set);
        let present: BTreeSet<String> = inventory
            .present()
            .flat_map(|found| [&found.sdk.name.en, &found.sdk.name.zh].into_iter().chain(&found.sdk.aliases))
            .map(|name| name.to_lowercase())
            .collect();
        let (negative, names) = match row[1].strip_prefix("NOT: ") {
            Some(names) => (true, names.split(',').collect::<Vec<_>>()),
            None => (false, row[1].split(';').collect()),
        };
        for name in names.into_iter().map(str::trim) {
            *(if negative { &mut misses } else { &mut hits }) += 1;
            assert_eq!(present.contains(&name.to_lowercase()), !negative, "{}: {name}", row[0]);
            // A name that no signature has would pass every negative row.
            assert!(set.by_name(name).is_some(), "no signature is called {name}");
        }
    }
    assert_eq!((hits, misses), (10, 5));
}

#[test]
fn policies_without_a_list_say_so_and_fail() {
    let Some(shared) = material("policies_without_a_list_say_so_and_fail") else { return };
    for seed in ["000", "001", "002", "004"] {
        let policy = seed_path(&shared, seed);
        let app = shared.join("corpus/apk/getui-jpush.apk");
        let output = program().arg("audit").args([&app]).arg("-d").arg(&policy).output().expect("the program runs");
        let text = String::from_utf8_lossy(&output.stdout);
        assert_eq!(output.status.code(), Some(1), "{seed}");
        assert_eq!(text.matches("error[no-sdk-list]").count(), 1, "{seed}:\n{text}");
    }
}

fn seed_path(shared: &Path, number: &str) -> PathBuf {
    let entries = fs::read_dir(shared.join("seeds")).expect("seeds");
    let mut paths = entries.map(|entry| entry.expect("entry").path());
    let starts = |path: &PathBuf| path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(number));
    paths.find(starts).unwrap_or_else(|| panic!("no seed {number}"))
}

#[test]
fn a_real_app_against_a_real_list() {
    let Some(shared) = material("a_real_app_against_a_real_list") else { return };
    let app = read(&shared.join("corpus/apk/cn-npm.apk"));
    let found = audited(&app, &seed_path(&shared, "003"));
    let with = |verdict: Verdict| -> Vec<&str> {
        found.records.iter().filter(|one| one.verdict == verdict).filter_map(|one| one.sdk.as_deref()).collect()
    };
    assert_eq!(found.records.len(), 17);
    assert_eq!(with(Verdict::Present), ["getui.push", "xiaomi.mipush", "alipay.sdk"]);
    assert_eq!(with(Verdict::NotFound).len() + with(Verdict::Unverifiable).len(), 14);
    let of = |rule: &str| -> Vec<&str> {
        found.findings.iter().filter(|one| one.rule.id() == rule).map(|one| one.subject.as_str()).collect()
    };
    let undeclared = of("undeclared-sdk");
    for id in ["jiguang.jpush", "amap.location", "tencent.qq-connect", "baidu.location"] {
        assert!(undeclared.contains(&id), "{id} among {undeclared:?}");
    }
    for id in ["getui.push", "getui.gtc", "xiaomi.mipush", "alipay.sdk", "taobao.utdid"] {
        assert!(!undeclared.contains(&id), "{id} is declared, or comes with what is");
    }
    data_types_of_a_real_app(&found);
    let counts = ["misspelt-permission", "package-case", "package-mismatch", "no-sdk-list"].map(|rule| of(rule).len());
    assert_eq!(counts, [6, 2, 1, 0]);
}

/// What the code references against the scopes that the list declares: Alipay says less than its code, Getui hides some in wide words.
fn data_types_of_a_real_app(found: &Audit) {
    let of = |id: &str, rule: &str| -> Vec<&str> {
        let of_rule = found.findings.iter().filter(|one| one.rule.id() == rule);
        of_rule.filter_map(|one| one.subject.strip_prefix(id)?.strip_prefix('/')).collect()
    };
    assert_eq!(
        of("alipay.sdk", "undeclared-data-type"),
        ["bluetooth_mac", "cell_tower", "installed_apps", "location", "wifi_saved"],
        "running processes are asked for its own sake only"
    );
    assert_eq!(of("getui.push", "undeclared-data-type"), [""; 0]);
    let record = found.records.iter().find(|one| one.sdk.as_deref() == Some("getui.push")).expect("a record");
    let referenced = |one: &&audit::DataStanding| one.referenced.is_some_and(|grade| grade != "weak");
    let by_umbrella = record.data.iter().filter(referenced).filter(|one| one.declared == Some("umbrella"));
    assert_eq!(
        by_umbrella.map(|one| one.data_type).collect::<Vec<_>>(),
        ["drm_id", "location", "sim_info", "wifi_scan"]
    );
}

#[test]
fn references_in_the_code_of_instapaper() {
    let Some(shared) = material("references_in_the_code_of_instapaper") else { return };
    let app = read(&shared.join("corpus/apk/instapaper.apk"));
    let id = app.manifest.application_id.as_str();
    let owners = ["io.fabric", "com.facebook", id];
    let mut found: BTreeMap<(&str, &str), u32> = BTreeMap::new();
    for reference in &app.classes.references {
        let api = &sdkaudit::platform::apis::all()[usize::from(reference.want)];
        let below = |owner: &&str| reference.class.strip_prefix(*owner).is_some_and(|rest| rest.starts_with('.'));
        let owner = owners.into_iter().find(below).filter(|_| api.strength.is_strong());
        if let Some(owner) = owner.filter(|_| ["android_id", "gaid", "clipboard"].contains(&api.data_type)) {
            *found.entry((owner, api.data_type)).or_default() += reference.count;
        }
    }
    let expected = [
        (("com.facebook", "gaid"), 4),
        ((id, "clipboard"), 1),
        (("io.fabric", "android_id"), 2),
        (("io.fabric", "gaid"), 4),
    ];
    assert_eq!(found, expected.into());
}
