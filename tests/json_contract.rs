//! The JSON is a promise: strict mirrors of every shape, and the shipped schemas, over samples and fixtures.

mod support;

#[path = "json_contract/mirror.rs"]
mod mirror;

use mirror::{
    Comparison, Document, Documents, Form, LintedOne, LintedSeveral, Presence, Report, Row, Severity, Status,
};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Value, json};
use std::fs;
use std::path::Path;
use support::run::{host, program, root};
use support::sample::everything;
use support::{ApkBuilder, Component, Dex};

/// Reads JSON into its mirror and writes it again: nothing unknown, nothing lost, nothing left out.
fn round_trip<T: Serialize + DeserializeOwned>(text: &str) -> T {
    let value: Value = serde_json::from_str(text).unwrap_or_else(|error| panic!("no JSON: {error}\n{text}"));
    let mirror: T = serde_json::from_str(text).unwrap_or_else(|error| panic!("another shape: {error}\n{text}"));
    let again = serde_json::to_value(&mirror).expect("mirrors can be written");
    assert_eq!(again, value, "a key is missing");
    assert!(text.ends_with("}\n") && !text.contains('\u{1b}'), "one line feed at the end, no colours");
    mirror
}

fn schema(name: &str) -> Value {
    let text = fs::read_to_string(root().join("docs").join(name)).unwrap_or_else(|error| panic!("{name}: {error}"));
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// The schema of batch rows with what it takes from the report's schema inside, for a validator that fetches nothing.
fn row_schema() -> Value {
    let report = schema("report.schema.json");
    let text = schema("batch-row.schema.json").to_string();
    let text = text.replace("report.schema.json#/properties/stamp", "#/$defs/stamp");
    let mut row: Value = serde_json::from_str(&text.replace("report.schema.json#/", "#/")).expect("JSON");
    assert!(!text.contains("report.schema.json#/properties"), "all of what it takes is known here");
    row["$defs"] = report["$defs"].clone();
    row["$defs"]["stamp"] = report["properties"]["stamp"].clone();
    row
}

/// Validates against the schema as shipped, and against one that allows no key it does not describe.
fn validate(name: &str, text: &str) {
    validate_with(name, schema(name), text);
}

fn validate_with(name: &str, shipped: Value, text: &str) {
    let instance: Value = serde_json::from_str(text).expect("JSON");
    let mut strict = shipped.clone();
    close(&mut strict);
    for schema in [shipped, strict] {
        let validator = jsonschema::draft202012::new(&schema).unwrap_or_else(|error| panic!("{name}: {error}"));
        let errors: Vec<String> =
            validator.iter_errors(&instance).map(|error| format!("{}: {error}", error.instance_path())).collect();
        assert!(errors.is_empty(), "{name}\n{}", errors.join("\n"));
    }
}

/// Forbids undescribed keys in every object of a schema, and counts those objects.
fn close(schema: &mut Value) -> usize {
    let mut closed = 0;
    match schema {
        Value::Object(map) => {
            if map.contains_key("properties") {
                map.insert("additionalProperties".into(), json!(false));
                closed += 1;
            }
            // A condition names some keys of an object, never all.
            let parts = map.iter_mut().filter(|(key, _)| !["if", "then", "else"].contains(&key.as_str()));
            closed += parts.map(|(_, part)| close(part)).sum::<usize>();
        }
        Value::Array(items) => closed += items.iter_mut().map(close).sum::<usize>(),
        _ => {}
    }
    closed
}

/// Standard output of a command that ends with `code`.
fn run(arguments: &[&str], code: i32) -> String {
    let output = program().args(arguments).args(["-f", "json"]).output().expect("the program runs");
    assert_eq!(output.status.code(), Some(code), "{arguments:?} {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("JSON is UTF-8")
}

fn report(arguments: &[&str], code: i32) -> Report {
    let text = run(arguments, code);
    validate("report.schema.json", &text);
    round_trip(&text)
}

fn path(file: &Path) -> &str {
    file.to_str().expect("temporary folder's name is UTF-8")
}

#[test]
fn sample_audits_and_inspect() {
    for (policy, code) in [("policy", 1), ("policy.zh", 1), ("policy-clean", 0), ("no-list-policy", 1)] {
        let policy = format!("samples/meterpay-{policy}.md");
        for lang in ["en", "zh"] {
            let found = report(&["audit", "samples/meterpay.apk", "-d", &policy, "--lang", lang], code);
            assert_eq!((found.apps.len(), found.errors.len()), (1, 0));
            let app = &found.apps[0];
            let count = |severity: Severity| app.findings.iter().filter(|one| one.severity == severity).count() as u32;
            let counts = &found.summary.findings;
            assert_eq!(
                (counts.error, counts.warning, counts.note),
                (count(Severity::Error), count(Severity::Warning), count(Severity::Note))
            );
            assert!(found.stamp.declared_sha256.is_some() && found.stamp.evaluated_on.is_none());
        }
    }
    let found = report(&["inspect", "samples/meterpay.apk"], 0);
    let app = &found.apps[0];
    assert!(app.findings.is_empty() && app.declared_sdks.is_empty() && found.stamp.declared_sha256.is_none());
    let census = &app.coverage.census;
    let sum = census.attributed + census.first_party + census.obfuscated + census.platform + census.unidentified;
    assert_eq!(sum, app.coverage.classes, "every class is somebody's or nobody's");
}

#[test]
fn identifiers_do_not_change_with_the_language() {
    let stable = |lang: &str| {
        let mut value: Value = serde_json::from_str(&run(
            &["audit", "samples/meterpay.apk", "-d", "samples/meterpay-policy.md", "--lang", lang],
            1,
        ))
        .expect("JSON");
        for finding in value["apps"][0]["findings"].as_array_mut().expect("findings") {
            for key in ["message", "help"] {
                assert!(finding[key].as_str().is_some_and(|text| !text.is_empty()));
                finding[key] = Value::Null;
            }
        }
        value
    };
    assert_eq!(stable("en"), stable("zh"));
}

#[test]
fn empty_lists_and_nulls() {
    let dir = tempfile::tempdir().expect("temporary folder");
    let bare = host().write(dir.path(), "bare.apk");
    let found = report(&["inspect", path(&bare)], 0);
    let app = &found.apps[0];
    assert!(app.sdks.is_empty() && app.components.is_empty() && app.unidentified.is_empty() && app.min_sdk.is_none());
    let full = everything().write(dir.path(), "full.apk");
    let found = report(&["inspect", path(&full), path(&bare)], 0);
    assert_eq!(
        found.apps.iter().map(|app| app.application_id.as_str()).collect::<Vec<_>>(),
        ["com.example.meter", "dev.host.app"]
    );
    let app = &found.apps[0];
    let filled =
        [app.requested_permissions.len(), app.defined_permissions.len(), app.queries.len(), app.features.len()];
    assert!(filled.iter().all(|count| *count > 0) && app.native_libs.len() == 2, "{filled:?}");
}

#[test]
fn gaps_hidden_code_strings_and_references() {
    let dir = tempfile::tempdir().expect("temporary folder");
    let dex = Dex::new().string("com.alipay.sdk.app.PayTask").references_type("com.umeng.analytics.MobclickAgent");
    let apk = ApkBuilder::new("dev.host.app").target_sdk("Baklava").dex(&dex).dex_bytes(b"encrypted".to_vec());
    let apk = apk.component(Component::provider("a.b.C", "one;two").meta_data("key", true)).write(dir.path(), "a.apk");
    let found = report(&["audit", path(&apk), "-d", "samples/meterpay-policy.md"], 1);
    let app = &found.apps[0];
    assert_eq!((app.gaps.len(), app.coverage.hidden_code.len(), app.string_only.len()), (1, 1, 1));
    assert!(app.sdks.iter().any(|sdk| sdk.presence == Presence::Unknown), "{:?}", app.sdks);
}

#[test]
fn reports_of_errors_alone_and_beside_apps() {
    let dir = tempfile::tempdir().expect("temporary folder");
    let apk = everything().write(dir.path(), "good.apk");
    let cut = ApkBuilder::new("dev.host.app")
        .manifest_bytes(everything().manifest()[..400].to_vec())
        .write(dir.path(), "cut.apk");
    let missing = dir.path().join("missing.apk");
    let found = report(&["inspect", path(&missing), path(&cut)], 2);
    assert!(found.apps.is_empty() && found.errors.len() == 2 && found.summary.errors == 2);
    assert_eq!(found.errors[0].path, path(&missing));
    assert_eq!(found.errors[1].entry.as_deref(), Some("AndroidManifest.xml"));
    assert!(found.errors[1].offset.is_some(), "{:?}", found.errors[1]);
    let found = report(&["inspect", path(&cut), path(&apk)], 2);
    assert_eq!((found.apps.len(), found.errors.len(), found.summary.apps), (1, 1, 1));
}

#[test]
fn a_date_stands_in_the_stamp_only_when_asked_for() {
    let arguments = ["inspect", "samples/meterpay.apk", "-f", "json"];
    let dated = program().args(arguments).env("SOURCE_DATE_EPOCH", "1763769600").output().expect("the program runs");
    let text = String::from_utf8(dated.stdout).expect("JSON is UTF-8");
    validate("report.schema.json", &text);
    assert_eq!(round_trip::<Report>(&text).stamp.evaluated_on.as_deref(), Some("2025-11-22"));
    let broken = program().args(arguments).env("SOURCE_DATE_EPOCH", "soon").output().expect("the program runs");
    assert_eq!((broken.status.code(), broken.stdout.len()), (Some(2), 0));
}

#[test]
fn extractions_of_one_and_of_several() {
    let policies = ["samples/meterpay-policy.md", "samples/meterpay-policy.zh.md", "samples/meterpay-policy-clean.md"];
    for policy in policies.iter().chain(&["samples/meterpay-no-list-policy.md"]) {
        let text = run(&["extract", policy], 0);
        validate("extract.schema.json", &text);
        let found: Document = round_trip(&text);
        assert_eq!((found.document.as_str(), found.has_sdk_list), (*policy, !policy.contains("no-list")));
    }
    let text = run(&[&["extract"], &policies[..]].concat(), 0);
    validate("extract.schema.json", &text);
    assert_eq!(round_trip::<Documents>(&text).documents.len(), 3);
}

#[test]
fn findings_of_one_list_of_several_and_of_documents_taken_together() {
    let text = run(&["lint", "samples/meterpay-policy.md"], 0);
    validate("lint.schema.json", &text);
    let one: LintedOne = round_trip(&text);
    let place = one.findings.iter().filter_map(|finding| finding.declared.as_ref()).next().expect("a place");
    assert_eq!(
        (place.document.as_str(), one.document.as_str()),
        ("samples/meterpay-policy.md", "samples/meterpay-policy.md")
    );
    assert_eq!(one.documents[0].sha256, one.sha256);
    let text = run(&["lint", "samples/meterpay-policy.md", "samples/meterpay-policy.zh.md"], 0);
    validate("lint.schema.json", &text);
    let several: LintedSeveral = round_trip(&text);
    assert_eq!((several.documents.len(), several.summary.documents, several.summary.errors), (2, 2, 0));
    let text =
        run(&["lint", "--together", "samples/meterpay-no-list-policy.md", "samples/meterpay-policy-clean.md"], 0);
    validate("lint.schema.json", &text);
    let together: LintedOne = round_trip(&text);
    assert_eq!((together.documents.len(), together.has_sdk_list), (2, true));
    assert!(together.findings.iter().all(|finding| finding.rule != "no-sdk-list"), "{:?}", together.findings);
}

#[test]
fn forms_of_the_shops() {
    for (file, form, types) in [
        ("tests/fixtures/declared/data_safety.zh.csv", Form::PlayDataSafety, 4),
        ("tests/fixtures/declared/PrivacyInfo.xcprivacy", Form::ApplePrivacyManifest, 2),
    ] {
        let text = run(&["extract", file], 0);
        validate("extract.schema.json", &text);
        let found: Document = round_trip(&text);
        assert_eq!(
            (found.form.as_ref(), found.data_practices.len(), found.has_sdk_list),
            (Some(&form), types, false),
            "{file}"
        );
        let dir = tempfile::tempdir().expect("temporary folder");
        let copy = dir.path().join("again.json");
        fs::write(&copy, &text).expect("written");
        let again: Document = round_trip(&run(&["extract", path(&copy)], 0));
        let rows = |document: &Document| -> Vec<String> {
            let row = |one: &mirror::Practice| {
                format!("{} {:?} {:?} {:?} {:?}", one.written, one.data_types, one.shared, one.tracking, one.purposes)
            };
            document.data_practices.iter().map(row).collect()
        };
        assert_eq!((rows(&again), &again.tracking_domains), (rows(&found), &found.tracking_domains));
        assert_eq!(again.form, Some(form));
    }
}

#[test]
fn an_extraction_can_be_read_back() {
    let dir = tempfile::tempdir().expect("temporary folder");
    let first = run(&["extract", "samples/meterpay-policy.md"], 0);
    let file = dir.path().join("list.json");
    fs::write(&file, &first).expect("written");
    let again = run(&["extract", path(&file)], 0);
    validate("extract.schema.json", &again);
    let (first, again): (Document, Document) = (round_trip(&first), round_trip(&again));
    let rows = |document: &Document| -> Vec<String> {
        let row = |one: &mirror::Record| {
            format!("{:?} {:?} {:?} {:?} {:?}", one.name, one.vendor, one.packages, one.permissions, one.data)
        };
        document.sdks.iter().map(row).collect()
    };
    assert_eq!(rows(&again), rows(&first));
    let clean = report(&["audit", "samples/meterpay.apk", "-d", path(&file)], 1);
    assert_eq!(clean.apps[0].declared_sdks.len(), first.sdks.len());
}

#[test]
fn rows_of_a_batch() {
    let dir = tempfile::tempdir().expect("temporary folder");
    let apps = dir.path().join("apps");
    fs::create_dir(&apps).expect("folder");
    everything().write(&apps, "whole.apk");
    ApkBuilder::new("dev.host.part").target_sdk(34).dex_bytes(b"encrypted".to_vec()).write(&apps, "part.apk");
    host().write(&apps, "unpaired.apk");
    fs::write(apps.join("cut.apk"), b"PK\x03\x04 cut").expect("written");
    let policies = dir.path().join("policies");
    fs::create_dir(&policies).expect("folder");
    for id in ["com.example.meter", "dev.host.part"] {
        fs::copy(root().join("samples/meterpay-policy.md"), policies.join(format!("{id}.md"))).expect("copied");
    }
    let arguments = ["batch", path(&apps), "--sorted", "--declared-dir", path(&policies)];
    for (extra, timed) in [(&[][..], false), (&["--times", "--lang", "zh"][..], true)] {
        let rows = run(&[&arguments[..], extra].concat(), 2);
        let mut seen = Vec::new();
        for line in rows.split_inclusive('\n') {
            validate_with("batch-row.schema.json", row_schema(), line);
            let row: Row = round_trip(line);
            assert_eq!((row.times.is_some(), row.error.is_some()), (timed, row.status == Status::Error));
            assert_eq!(row.declared.is_some(), row.stamp.declared_sha256.is_some());
            let findings = row.app.as_ref().map(|app| app.findings.len());
            seen.push((row.status, row.declared.is_some(), findings.map(|count| count > 0)));
        }
        let expected = [
            (Status::Error, false, None),
            (Status::Gap, true, Some(true)),
            (Status::Error, false, Some(false)),
            (Status::Ok, true, Some(true)),
        ];
        assert_eq!(seen, expected, "cut, part, unpaired, whole");
    }
}

#[test]
fn rows_of_a_worker() {
    let requests =
        b"samples/meterpay.apk\n\n{\"uri\":3}\n\xff\nno-such.apk\n{\"uri\":\"samples/meterpay.apk\",\"size\":1}";
    let output = support::run::program().arg("worker").write_stdin(requests.as_slice()).output().expect("it runs");
    let rows = String::from_utf8(output.stdout).expect("UTF-8");
    let mut seen = Vec::new();
    for line in rows.split_inclusive('\n') {
        validate_with("batch-row.schema.json", row_schema(), line);
        seen.push(round_trip::<Row>(line).status);
    }
    assert_eq!(seen, [Status::Ok, Status::Error, Status::Error, Status::Error, Status::Error, Status::Error]);
}

#[test]
fn the_schema_of_rows_refuses_what_breaks_the_promise() {
    let good: Value = serde_json::from_str(&run(&["batch", "samples/meterpay.apk"], 0)).expect("JSON");
    let validator = jsonschema::draft202012::new(&row_schema()).expect("schema");
    assert!(validator.is_valid(&good));
    let changes = [
        ("/status", json!("fine")),
        ("/status", json!("error")),
        ("/app", Value::Null),
        ("/app/sdks", Value::Null),
        ("/error", json!({})),
        ("/options", Value::Null),
        ("/source/path", Value::Null),
        ("/times", json!({ "milliseconds": 1 })),
    ];
    for (pointer, value) in changes {
        let mut bad = good.clone();
        *bad.pointer_mut(pointer).unwrap_or_else(|| panic!("{pointer}")) = value.clone();
        assert!(!validator.is_valid(&bad), "{pointer} is {value}");
    }
}

#[test]
fn the_schemas_refuse_what_breaks_the_promise() {
    let good: Value = serde_json::from_str(&run(&["inspect", "samples/meterpay.apk"], 0)).expect("JSON");
    let shipped = schema("report.schema.json");
    assert!(close(&mut shipped.clone()) > 25, "objects of the schema");
    let validator = jsonschema::draft202012::new(&shipped).expect("schema");
    assert!(validator.is_valid(&good));
    let mut added = good.clone();
    added["apps"][0]["later"] = json!(1);
    assert!(validator.is_valid(&added), "keys may be added within 1.x");
    for pointer in [
        "/apps/0/sdks",
        "/apps/0/coverage/census",
        "/apps/0/source/sha256",
        "/stamp/signatures",
        "/summary/findings/note",
    ] {
        let mut null = good.clone();
        *null.pointer_mut(pointer).unwrap_or_else(|| panic!("{pointer}")) = Value::Null;
        assert!(!validator.is_valid(&null), "{pointer} is null");
        let (parent, key) = pointer.rsplit_once('/').expect("pointer");
        let mut absent = good.clone();
        absent.pointer_mut(parent).and_then(Value::as_object_mut).expect("object").remove(key).expect("key");
        assert!(!validator.is_valid(&absent), "{pointer} is absent");
    }
}

#[test]
fn waived_findings_and_the_files_that_had_a_say() {
    let waivers = "tests/fixtures/waivers.toml";
    let found = report(&["audit", "samples/meterpay.apk", "-d", "samples/meterpay-policy.md", "--waivers", waivers], 1);
    let waived: Vec<_> = found.apps[0].findings.iter().filter(|one| one.waived).collect();
    assert_eq!((waived.len(), found.summary.findings.waived), (1, 1));
    let waiver = waived[0].waiver.as_ref().expect("a waiver");
    assert_eq!((waiver.owner.as_deref(), waiver.expires.as_deref()), (Some("mobile team"), Some("2027-03-31")));
    assert_eq!(found.stamp.settings.iter().map(|file| file.path.as_str()).collect::<Vec<_>>(), [waivers]);
    assert!(found.stamp.evaluated_on.is_some(), "waivers end on a date");
}

#[test]
fn comparisons() {
    let dir = tempfile::tempdir().expect("temporary folder");
    let full = everything().write(dir.path(), "full.apk");
    for more in [&[][..], &["-d", "samples/meterpay-policy.md"]] {
        let text = run(&[&["compare", "samples/meterpay.apk", path(&full)], more].concat(), 0);
        validate("compare.schema.json", &text);
        let found: Comparison = round_trip(&text);
        assert!(found.summary.added > 5 && found.summary.removed > 5 && found.changes.len() > 10);
        assert_eq!(found.findings.is_some(), !more.is_empty());
        let same = run(&[&["compare", path(&full), path(&full)], more].concat(), 0);
        validate("compare.schema.json", &same);
        assert!(round_trip::<Comparison>(&same).changes.is_empty());
    }
}
