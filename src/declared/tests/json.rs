//! Canonical JSON in and out.

use super::super::canonical::Extraction;
use super::super::{DeclaredError, StatementKind, read_document};
use super::*;

fn problems(text: &str) -> Vec<String> {
    match read_document("list.json", text.as_bytes(), &set()) {
        Err(DeclaredError::Json { problems, .. }) => {
            problems.into_iter().map(|p| format!("{}:{} {}", p.at.line, p.at.column, p.message.en)).collect()
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn records_with_places() {
    let text = "[\n  { \"name\": \"顶点推送\", \"packages\": [\"com.acme.push\",\n      \"com.acme.other\"], \"permissions\": [], \"vendor\": null, \"data\": [],\n    \"purpose\": \"push \\\"now\\\"\" }\n]";
    let declaration = read("list.json", text.as_bytes(), &set()).unwrap();
    let record = &declaration.records[0];
    assert_eq!((record.line, record.column, record.resolved.sdk.as_deref()), (2, 3, Some("acme.push")));
    let Field::Given(packages) = &record.packages else { panic!() };
    assert_eq!(packages.iter().map(place).collect::<Vec<_>>(), [(2, 34), (3, 7)]);
    assert!(matches!(record.permissions, Field::ExplicitNone(_)) && matches!(record.data, Field::ExplicitNone(_)));
    assert!(record.vendor.is_absent() && record.links.is_absent());
    assert_eq!(
        (given(&record.purpose), record.purpose.at().map(|at| (at.line, at.column))),
        ("push \"now\"", Some((4, 16)))
    );
}

#[test]
fn what_is_written_reads_back() {
    let text = "SDK Name: Acme Push\nPackage name: com.acme.push\nPermission used: None\nData collected: OAID\nVendor: N/A\n\n1)android.permission.CAMERA\n\n本应用不使用任何第三方SDK。\nNot included: Picta\n";
    let first = Extraction::from(&read_text(text));
    let json = serde_json::to_string_pretty(&first).unwrap();
    let declaration = read("list.json", json.as_bytes(), &set()).unwrap();
    let second = Extraction::from(&declaration);
    let facts = |extraction: &Extraction| {
        let record = &extraction.sdks[0];
        (
            record.name.clone(),
            record.vendor.clone(),
            record.packages.clone(),
            record.permissions.clone(),
            record.sdk_id.clone(),
            extraction.app_permissions.android.clone(),
        )
    };
    assert_eq!(facts(&first), facts(&second));
    assert_eq!(
        declaration.statements.iter().map(|s| s.kind).collect::<Vec<_>>(),
        [StatementKind::NoThirdPartySdk, StatementKind::NotIncluded]
    );
    assert_eq!(declaration.statements[1].name.as_deref(), Some("Picta"));
}

#[test]
fn null_none_and_given_stay_three_things() {
    let json = serde_json::to_value(Extraction::from(&read_text(
        "SDK Name: Acme Push\nPermission used: None\nData collected: 无\nPurpose: x\n",
    )))
    .unwrap();
    let record = &json["sdks"][0];
    assert_eq!(
        (record["packages"].is_null(), record["links"].is_null(), record["vendor"].is_null()),
        (true, true, true)
    );
    assert_eq!((&record["permissions"], &record["data"]), (&serde_json::json!([]), &serde_json::json!([])));
    assert_eq!(record["fields"]["permissions"], serde_json::json!({ "line": 2, "column": 18, "items": [] }));
    assert_eq!((record["sdk_id"].as_str(), record["resolved_by"].as_str()), (Some("acme.push"), Some("name")));
    assert_eq!(json["schema_version"], "1.0");
}

#[test]
fn mistakes_are_listed_with_place_and_nearest_name() {
    assert_eq!(
        problems("{\n \"sdks\": [ { \"nmae\": \"x\", \"packages\": \"com.a\", \"links\": [1] } ],\n \"app\": {} }"),
        [
            "3:2 unknown key \"app\", expected one of schema_version, document, has_sdk_list, sdks, receivers, app_permissions, statements, form, data_practices, tracking_domains",
            "2:14 unknown key \"nmae\", did you mean \"name\"?",
            "2:39 \"packages\" must be a list or null",
            "2:58 \"links\" must hold text only"
        ]
    );
    assert_eq!(problems("{}"), ["1:1 \"sdks\" is missing"]);
    assert_eq!(problems("{\"documents\": []}"), ["1:2 several documents in one file; give one of them"]);
    assert_eq!(problems("[1]"), ["1:2 a record must be an object"]);
    assert_eq!(problems("{\"sdks\": [], \"statements\": [{\"kind\": \"x\"}]}").len(), 1);
    assert_eq!(problems("[\n{\"名称\" 1}]"), ["2:7 expected `:`"]);
}

#[test]
fn deep_nesting_is_refused() {
    assert_eq!(problems(&"[".repeat(100_000)).len(), 1);
}
