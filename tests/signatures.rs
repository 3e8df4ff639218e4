//! The signature base: every file, every example, every look-up. All problems are listed at once.

use sdkaudit::signatures::{Category, SignatureSet, SourceKind, check, folder, resolve_example};
use serde_json::{Value, json};
use std::path::Path;

fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/sdk-signatures"))
}

fn base() -> folder::Folder {
    folder::read(root()).expect("sdk-signatures can be read")
}

fn schema() -> Value {
    let text = std::fs::read_to_string(root().join("schema.json")).expect("the schema");
    serde_json::from_str(&text).expect("the schema is JSON")
}

/// A right file, to be spoilt.
fn acme() -> Value {
    json!({
        "id": "acme.push",
        "name": { "en": "Acme Push", "zh": "艾克米推送" },
        "vendor": { "en": "Acme", "zh": "艾克米" },
        "categories": ["push"],
        "tracker": true,
        "detect": { "packages": ["com.acme.push"], "native_libs": ["libacmepush*.so"], "meta_data": ["ACME_KEY"] },
        "examples": {
            "hit": ["com.acme.push.Service", "library:libacmepush-3.so", "meta-data:ACME_KEY"],
            "miss": ["com.acme.pushy.Main"]
        },
        "sources": [{ "url": "https://acme.example/docs", "date": "2026-11-22", "kind": "vendor-page" }]
    })
}

fn files(sdks: &[Value]) -> Vec<(String, String)> {
    let path = |sdk: &Value| format!("{}.json", sdk["id"].as_str().unwrap_or("broken.file").replacen('.', "/", 1));
    sdks.iter().map(|sdk| (path(sdk), serde_json::to_string_pretty(sdk).expect("JSON"))).collect()
}

/// Problems as `line: message`.
fn problems(sdks: &[Value]) -> Vec<String> {
    let found = check::examine(&files(sdks), None).problems;
    found.into_iter().map(|one| format!("{}: {}", one.line.unwrap_or(0), one.message.en)).collect()
}

#[test]
fn every_file_is_right() {
    let base = base();
    assert!(base.is_base && base.files.len() > 100, "{} files", base.files.len());
    let checked = check::examine(&base.files, None);
    let all: Vec<String> = base.problems.iter().chain(&checked.problems).map(ToString::to_string).collect();
    assert!(all.is_empty(), "{} problems:\n{}", all.len(), all.join("\n"));
    assert_eq!(checked.sdks.len(), base.files.len());
    assert_eq!(SignatureSet::builtin().len(), base.files.len(), "the program carries the files as they are");
}

#[test]
fn every_file_fits_the_schema() {
    let validator = jsonschema::draft202012::new(&schema()).expect("a schema");
    let mut wrong = Vec::new();
    for (path, text) in base().files {
        let file: Value = serde_json::from_str(&text).expect("JSON");
        wrong.extend(validator.iter_errors(&file).map(|error| format!("{path}{}: {error}", error.instance_path())));
    }
    assert!(wrong.is_empty(), "{} files:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn no_example_belongs_to_two() {
    let set = SignatureSet::builtin();
    let mut wrong = Vec::new();
    for sdk in set.iter() {
        for hit in &sdk.examples.hit {
            let owners = resolve_example(set, hit);
            if owners != [sdk.id.as_str()] {
                wrong.push(format!("{}: {hit} → {owners:?}", sdk.id));
            }
        }
    }
    assert!(wrong.is_empty(), "{} examples:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn examples_in_the_base_are_of_every_kind() {
    let all: Vec<&String> = SignatureSet::builtin().iter().flat_map(|sdk| &sdk.examples.hit).collect();
    for kind in ["library:", "component:", "meta-data:", "asset:", "permission:"] {
        assert!(all.iter().any(|hit| hit.starts_with(kind)), "no {kind} example is executed");
    }
}

#[test]
fn the_built_in_set_cites_no_other_tools_list() {
    let cited = SignatureSet::builtin().iter().filter(|sdk| {
        sdk.sources.iter().any(|source| source.kind == SourceKind::ImportedList || source.url.starts_with("file:"))
    });
    assert_eq!(cited.map(|sdk| sdk.id.as_str()).collect::<Vec<_>>(), [""; 0]);
}

#[test]
fn schema_and_reader_refuse_the_same_files() {
    let validator = jsonschema::draft202012::new(&schema()).expect("a schema");
    assert!(validator.is_valid(&acme()) && problems(&[acme()]).is_empty(), "{:?}", problems(&[acme()]));
    let spoil: [(&str, Value); 16] = [
        ("/extra", json!(1)),
        ("/name/de", json!("Acme")),
        ("/detect/package", json!([])),
        ("/links", json!({ "home": "https://acme.example" })),
        ("/examples/near", json!([])),
        ("/sources/0/seen", json!("yes")),
        ("/categories", json!(["pusch"])),
        ("/categories", json!([])),
        ("/tracker", json!("yes")),
        ("/sources/0/kind", json!("hearsay")),
        ("/detect/packages", json!(["com.acme..push"])),
        ("/id", json!("Acme.Push")),
        ("/name/zh", json!("")),
        ("/sources", json!([])),
        ("/aliases", json!(["A", "A"])),
        ("/packages", json!(["com.acme"])),
    ];
    for (pointer, value) in spoil {
        let mut file = acme();
        let (parent, key) = pointer.rsplit_once('/').expect("a pointer");
        let parent = file.pointer_mut(parent).expect("a parent");
        parent.as_object_mut().expect("an object").insert(key.to_owned(), value);
        assert!(!validator.is_valid(&file), "the schema takes {pointer}");
        assert!(!problems(&[file]).is_empty(), "the reader takes {pointer}");
    }
    for key in schema()["required"].as_array().expect("required keys") {
        let mut file = acme();
        file.as_object_mut().expect("an object").remove(key.as_str().expect("a key"));
        assert!(!validator.is_valid(&file) && !problems(&[file]).is_empty(), "{key} may be missing");
    }
}

#[test]
fn schema_and_format_name_the_same_words() {
    let schema = schema();
    let words = |pointer: &str| -> Vec<String> {
        let words = schema.pointer(pointer).and_then(Value::as_array).expect("an enumeration");
        words.iter().map(|word| word.as_str().expect("a word").to_owned()).collect()
    };
    let categories: Vec<&str> = Category::ALL.iter().map(|category| category.id()).collect();
    assert_eq!(words("/properties/categories/items/enum"), categories);
    let kinds: Vec<&str> = SourceKind::ALL.iter().map(|kind| kind.id()).collect();
    assert_eq!(words("/properties/sources/items/properties/kind/enum"), kinds);
    // Every key that the reader writes back is a key of the schema, so the two cannot drift apart.
    let sdk = check::examine(&files(&[acme()]), None).sdks.remove(0);
    let written = serde_json::to_value(&sdk).expect("JSON");
    for (object, pointer) in [("", ""), ("/detect", "/properties/detect"), ("/links", "/properties/links")] {
        let written = written.pointer(object).and_then(Value::as_object).expect("an object");
        let known = schema.pointer(&format!("{pointer}/properties")).and_then(Value::as_object).expect("properties");
        let (written, known): (Vec<_>, Vec<_>) = (written.keys().collect(), known.keys().collect());
        assert_eq!(written, known, "at '{object}'");
    }
}

#[test]
fn all_problems_are_listed_with_line_and_nearest_name() {
    let file = r#"{
  "id": "acme.push",
  "name": { "en": "Acme Push" },
  "vendor": { "en": "Acme", "zh": "艾克米" },
  "alias": ["Acme"],
  "categories": ["pusch"],
  "tracker": "yes",
  "detect": { "pakages": ["com.acme.push"] },
  "examples": { "hit": [], "miss": [] },
  "sources": [ { "url": "https://acme.example/", "date": "2026-11-22", "kind": "vendorpage" } ]
}"#;
    let found = check::examine(&[("acme/push.json".into(), file.into())], None).problems;
    let shown: Vec<String> = found.iter().map(ToString::to_string).collect();
    assert_eq!(
        shown,
        [
            "acme/push.json:3: 'name.zh' is missing",
            "acme/push.json:5: unknown key 'alias', did you mean 'aliases'?",
            "acme/push.json:6: unknown category 'pusch', did you mean 'push'?",
            "acme/push.json:7: 'tracker' must be true or false",
            "acme/push.json:8: unknown key 'detect.pakages', did you mean 'detect.packages'?",
            "acme/push.json:9: 'examples.hit' is empty: it needs at least one name that this SDK owns",
            "acme/push.json:9: 'examples.miss' is empty: it needs at least one near name that is not of this SDK",
            "acme/push.json:10: unknown kind of source 'vendorpage', did you mean 'vendor-page'?",
        ]
    );
    assert!(found.iter().all(|one| !one.message.zh.is_empty() && one.message.zh != one.message.en));
}

#[test]
fn clashes_between_files_are_found() {
    let mut other = acme();
    other["id"] = json!("bee.push");
    other["name"] = json!({ "en": "ＡＣＭＥ-push", "zh": "蜂推送" });
    other["detect"]["native_libs"] = json!([]);
    other["examples"]["hit"] = json!(["com.acme.push.Service"]);
    other["part_of"] = json!("acme.pusk");
    let found = problems(&[acme(), other]);
    let has = |text: &str| found.iter().any(|one| one.contains(text));
    assert!(has("'ＡＣＭＥ-push' of 'name' stands in acme/push.json too"), "{found:?}");
    assert!(has("'com.acme.push' of 'detect.packages' stands in acme/push.json too"), "{found:?}");
    assert!(has("unknown product line 'acme.pusk', did you mean 'acme.push'?"), "{found:?}");
    assert!(has("hit 'com.acme.push.Service' resolves to acme.push"), "{found:?}");
}

#[test]
fn examples_are_executed() {
    let mut file = acme();
    file["examples"]["hit"] = json!(["com.acme.pushy.Main", "library:libother.so", "smell:roses"]);
    file["examples"]["miss"] = json!(["com.acme.push.Core", "meta-data:ACME_KEY"]);
    let found = problems(&[file]);
    for text in [
        "hit 'com.acme.pushy.Main' resolves to nothing",
        "hit 'library:libother.so' resolves to nothing",
        "hit 'smell:roses' resolves to nothing",
        "miss 'com.acme.push.Core' resolves to this SDK",
        "miss 'meta-data:ACME_KEY' resolves to this SDK",
    ] {
        assert!(found.iter().any(|one| one.contains(text)), "{text}: {found:?}");
    }
}

#[test]
fn values_are_checked() {
    for (pointer, value, text) in [
        ("/id", json!("acme.pusher"), "id 'acme.pusher' belongs into acme/pusher.json"),
        ("/sources/0/date", json!("2026-13-01"), "is not YYYY-MM-DD"),
        ("/sources/0/url", json!("file:list.json#1"), "begins with none of"),
        ("/sources/0/kind", json!("imported-list"), "another tool's list is a lead, not a source"),
        (
            "/permissions",
            json!(["android.permission.READ_EXTERNAL_STORAG"]),
            "did you mean 'android.permission.READ_EXTERNAL_STORAGE'?",
        ),
        ("/data_types", json!(["imei", "andriod_id"]), "unknown data type 'andriod_id', did you mean 'android_id'?"),
        ("/data_types", json!(["device_information"]), "unknown data type 'device_information'"),
        ("/detect/native_libs", json!(["*"]), "which says nothing"),
        ("/links", json!({ "hosts": ["https://acme.example/"] }), "is not a plain lower-case host name"),
    ] {
        let mut file = acme();
        let (parent, key) = pointer.rsplit_once('/').expect("a pointer");
        file.pointer_mut(parent).and_then(Value::as_object_mut).expect("an object").insert(key.to_owned(), value);
        let files = vec![("acme/push.json".to_owned(), file.to_string())];
        let found = check::examine(&files, None).problems;
        assert!(found.iter().any(|one| one.message.en.contains(text)), "{pointer}: {found:?}");
    }
}

#[test]
fn own_files_add_override_and_win() {
    let builtin = SignatureSet::builtin();
    let taken = builtin.iter().find(|sdk| sdk.part_of.is_none() && !sdk.detect.packages.is_empty()).expect("an SDK");
    let prefix = taken.detect.packages[0].clone();
    let mut own = acme();
    own["detect"]["packages"] = json!(["com.acme.push", prefix]);
    own["aliases"] = json!([taken.name.en]);
    let mut other = serde_json::to_value(builtin.get("getui.push").expect("Getui")).expect("JSON");
    other["name"]["en"] = json!("Our Getui");
    let set = builtin.extended(&files(&[own, other])).unwrap_or_else(|problems| panic!("{problems:?}"));
    assert_eq!(set.len(), builtin.len() + 1);
    assert_eq!(set.by_package(&prefix).map(|sdk| sdk.id.as_str()), Some("acme.push"));
    assert_eq!(set.by_name(&taken.name.en).map(|(sdk, _)| sdk.id.as_str()), Some("acme.push"));
    assert_eq!(set.get("getui.push").map(|sdk| sdk.name.en.as_str()), Some("Our Getui"));
    assert_ne!(set.digest(), builtin.digest());
    let mut orphan = acme();
    orphan["part_of"] = json!("google.firebase");
    assert!(builtin.extended(&files(&[orphan.clone()])).is_ok(), "a built-in product line");
    orphan["part_of"] = json!("acme.nothing");
    assert!(builtin.extended(&files(&[orphan])).is_err());
}
