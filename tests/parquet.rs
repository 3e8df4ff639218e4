//! The tables hold what the rows say. Needs the feature: `cargo test --features parquet --test parquet`.
#![cfg(feature = "parquet")]

mod support;

use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::record::{Field, Row};
use serde_json::Value;
use std::fs::{self, File};
use std::path::Path;
use support::run::program;
use support::{ApkBuilder, Dex};

/// Rows of a table, each as its cells' texts; absent cells are `-`.
fn table(folder: &Path, name: &str) -> Vec<Vec<(String, String)>> {
    let path = folder.join(format!("{name}.parquet"));
    let file = File::open(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let reader = SerializedFileReader::new(file).expect("a Parquet file");
    let cell = |field: &Field| match field {
        Field::Null => "-".to_owned(),
        Field::Str(text) => text.clone(),
        other => other.to_string(),
    };
    let cells = |row: Row| row.get_column_iter().map(|(name, field)| (name.clone(), cell(field))).collect();
    reader.get_row_iter(None).expect("rows").map(|row| cells(row.expect("a row"))).collect()
}

fn column<'t>(table: &'t [Vec<(String, String)>], name: &str) -> Vec<&'t str> {
    let cell =
        |row: &'t Vec<(String, String)>| row.iter().find(|(column, _)| column == name).map(|(_, cell)| cell.as_str());
    table.iter().map(|row| cell(row).unwrap_or_else(|| panic!("no column {name}"))).collect()
}

fn list<'v>(value: &'v Value, key: &str) -> &'v [Value] {
    value[key].as_array().map(Vec::as_slice).unwrap_or_default()
}

/// The texts that a key has in a list of every app.
fn texts<'v>(rows: &'v [Value], list_key: &str, key: &str) -> Vec<&'v str> {
    rows.iter().flat_map(|row| list(&row["app"], list_key)).map(|one| one[key].as_str().expect("a text")).collect()
}

#[test]
fn tables_hold_what_the_rows_say() {
    let dir = tempfile::tempdir().expect("temporary folder");
    let (rows, tables) = (dir.path().join("rows.jsonl"), dir.path().join("tables"));
    let policy = "samples/meterpay-policy.md";
    let run = |extra: &[&str]| {
        let path = |path: &Path| path.to_str().expect("UTF-8").to_owned();
        let output = program()
            .args([
                "batch",
                "samples",
                "tests/fixtures",
                "-d",
                policy,
                "--sorted",
                "-o",
                &path(&rows),
                "--parquet",
                &path(&tables),
            ])
            .args(extra)
            .output()
            .expect("the program runs");
        assert_eq!(output.status.code(), Some(2), "{}", String::from_utf8_lossy(&output.stderr));
    };
    run(&[]);
    let text = fs::read_to_string(&rows).expect("rows");
    let rows: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert_eq!(rows.len(), 7);

    let apps = table(&tables, "apps");
    let paths: Vec<&str> = rows.iter().map(|row| row["source"]["path"].as_str().expect("path")).collect();
    assert_eq!(column(&apps, "path"), paths);
    let or_dash = |value: &Value| value.as_str().map_or_else(|| value.to_string().replace("null", "-"), str::to_owned);
    for (name, pointer) in [
        ("status", "/status"),
        ("bytes", "/source/bytes"),
        ("sha256", "/source/sha256"),
        ("application_id", "/app/application_id"),
        ("version_code", "/app/version_code"),
        ("target_sdk", "/app/target_sdk"),
        ("classes", "/app/coverage/classes"),
        ("declared", "/declared"),
        ("error", "/error/message"),
    ] {
        let wanted: Vec<String> =
            rows.iter().map(|row| row.pointer(pointer).map_or_else(|| "-".to_owned(), or_dash)).collect();
        assert_eq!(column(&apps, name), wanted, "{name}");
    }
    let hits = table(&tables, "sdk_hits");
    assert_eq!(column(&hits, "sdk"), texts(&rows, "sdks", "id"));
    assert_eq!(column(&hits, "presence"), texts(&rows, "sdks", "presence"));
    assert!(column(&hits, "tracker").contains(&"true") && hits.len() > 10);
    let permissions = table(&tables, "permissions");
    let requested = column(&permissions, "kind").iter().filter(|kind| **kind == "requested").count();
    assert_eq!(requested, texts(&rows, "requested_permissions", "name").len());
    let findings = table(&tables, "findings");
    assert_eq!(column(&findings, "fingerprint"), texts(&rows, "findings", "fingerprint"));
    assert_eq!(column(&findings, "message"), texts(&rows, "findings", "message"));
    let references = table(&tables, "references");
    let sites = |value: &Value| -> usize { list(value, "references").iter().map(|one| list(one, "sites").len()).sum() };
    let of_sdks: usize = rows.iter().flat_map(|row| list(&row["app"], "sdks")).map(sites).sum();
    assert!(of_sdks > 5, "{of_sdks}");
    assert_eq!(column(&references, "owner_kind").iter().filter(|kind| **kind == "sdk").count(), of_sdks);
    assert!(column(&references, "owner_kind").contains(&"own_code"), "{:?}", column(&references, "owner_kind"));

    let bytes = || {
        ["apps", "sdk_hits", "permissions", "references", "findings"]
            .map(|name| fs::read(tables.join(format!("{name}.parquet"))).expect("table"))
    };
    let before = bytes();
    run(&["--resume"]);
    assert!(bytes() == before, "a resumed run gives the same tables");
}

#[test]
fn more_rows_than_a_row_group_holds() {
    let dir = tempfile::tempdir().expect("temporary folder");
    let apps = dir.path().join("apps");
    fs::create_dir(&apps).expect("folder");
    let mut apk = ApkBuilder::new("dev.host.app").target_sdk(34).dex(&Dex::new().classes(&["dev.host.app.Main"]));
    for number in 0..450 {
        apk = apk.uses_permission(&format!("dev.host.permission.P{number}"));
    }
    for number in 0..50 {
        apk.write(&apps, &format!("{number}.apk"));
    }
    let path = |name: &str| dir.path().join(name).to_str().expect("UTF-8").to_owned();
    let output = program()
        .args(["batch", &path("apps"), "-o", &path("rows.jsonl"), "--parquet", &path("tables")])
        .output()
        .expect("the program runs");
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    let file = File::open(dir.path().join("tables/permissions.parquet")).expect("table");
    let reader = SerializedFileReader::new(file).expect("a Parquet file");
    assert_eq!((reader.num_row_groups(), reader.metadata().file_metadata().num_rows()), (2, 22_500));
}
