//! Lists in the layouts of real pages, all invented: what is read out of each is what stands in the table beside it.
//!
//! `tests/fixtures/layouts/DOCUMENT.expected.tsv`: name, vendor, packages, permissions, purpose, data, links. An empty cell is an absent
//! field, `∅` one that says none, `⏎` a line end.

use sdkaudit::declared::canonical::{Data, Extraction, Record};
use sdkaudit::declared::read;
use sdkaudit::signatures::SignatureSet;
use std::fs;
use std::path::{Path, PathBuf};

const COLUMNS: &str = "name\tvendor\tpackages\tpermissions\tpurpose\tdata\tlinks";

/// The letters of a value: spacing and punctuation at seams are the layout's.
fn letters(value: &str) -> String {
    let kept = |c: &char| c.is_alphanumeric() || *c == '∅';
    value.chars().filter(kept).flat_map(char::to_lowercase).collect()
}

fn text(value: Option<&str>) -> String {
    value.unwrap_or_default().to_owned()
}

/// Order does not matter in lists.
fn list(value: Option<&Vec<String>>) -> String {
    match value {
        None => String::new(),
        Some(items) if items.is_empty() => "∅".to_owned(),
        Some(items) => sorted(items.iter().map(String::as_str)),
    }
}

fn sorted<'a>(items: impl Iterator<Item = &'a str>) -> String {
    let mut items: Vec<&str> = items.collect();
    items.sort_unstable();
    items.join(" ")
}

fn row(record: &Record) -> Vec<String> {
    let data = match &record.data {
        None => String::new(),
        Some(Data::Nothing(_)) => "∅".to_owned(),
        Some(Data::Words(words)) => words.clone(),
    };
    vec![
        letters(&text(record.name.as_deref())),
        letters(&text(record.vendor.as_deref())),
        list(record.packages.as_ref()),
        list(record.permissions.as_ref()),
        letters(&text(record.purpose.as_deref())),
        letters(&data),
        list(record.links.as_ref()),
    ]
}

fn expected(table: &str) -> Vec<Vec<String>> {
    let mut lines = table.lines();
    assert_eq!(lines.next(), Some(COLUMNS));
    let row = |line: &str| {
        let cells: Vec<&str> = line.split('\t').collect();
        assert_eq!(cells.len(), 7, "{line}");
        let is_list = |column: usize| matches!(column, 2 | 3 | 6);
        let cell = |(column, cell): (usize, &&str)| {
            if is_list(column) { sorted(cell.split(' ').filter(|item| !item.is_empty())) } else { letters(cell) }
        };
        cells.iter().enumerate().map(cell).collect()
    };
    lines.map(row).collect()
}

const TABLE: &str = ".expected.tsv";

/// Every document with its table.
fn fixtures() -> Vec<(PathBuf, PathBuf)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/layouts");
    let mut files: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let documents = files.iter().filter(|file| !file.to_string_lossy().ends_with(TABLE));
    documents.map(|document| (document.clone(), PathBuf::from(format!("{}{TABLE}", document.display())))).collect()
}

#[test]
fn every_layout_is_read_completely() {
    let set = SignatureSet::builtin();
    let (mut wrong, mut documents) = (Vec::new(), 0);
    for (document, table) in fixtures() {
        documents += 1;
        let name = document.file_name().unwrap().to_string_lossy().into_owned();
        let declaration =
            read(&name, &fs::read(&document).unwrap(), set).unwrap_or_else(|error| panic!("{name}: {error}"));
        let expected = expected(&fs::read_to_string(&table).unwrap());
        assert_eq!(declaration.has_sdk_list, !expected.is_empty(), "{name}");
        let found: Vec<Vec<String>> = Extraction::from(&declaration).sdks.iter().map(row).collect();
        if found != expected {
            let differs = (0..found.len().max(expected.len())).find(|at| found.get(*at) != expected.get(*at)).unwrap();
            wrong.push(format!(
                "{name}, record {differs}\n  found    {:?}\n  expected {:?}",
                found.get(differs),
                expected.get(differs)
            ));
        }
    }
    assert!(documents >= 60, "{documents} layouts");
    assert!(wrong.is_empty(), "{} layouts\n{}", wrong.len(), wrong.join("\n"));
}
