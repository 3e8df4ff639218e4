//! Compiles `src/platform/data_types.json` into Rust source text.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use serde::Deserialize;

const FILE: &str = "src/platform/data_types.json";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(rename = "origins")]
    _origins: Vec<BTreeMap<String, String>>,
    data_types: Vec<DataType>,
    umbrellas: Vec<Umbrella>,
    none: Words,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DataType {
    id: String,
    en: String,
    zh: String,
    category: String,
    shown_by_code: String,
    words_en: Vec<String>,
    words_zh: Vec<String>,
    #[serde(default)]
    hints_at: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Umbrella {
    id: String,
    words_en: Vec<String>,
    words_zh: Vec<String>,
    members: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Words {
    words_en: Vec<String>,
    words_zh: Vec<String>,
}

/// Rust source text of `DATA_TYPES`, `UMBRELLAS` and `NONE`, and the ids of all data types.
///
/// # Panics
/// With what is wrong, when the file is not valid: the build stops there.
pub fn generate(json: &str) -> (String, BTreeSet<String>) {
    let mut file: File = serde_json::from_str(json).unwrap_or_else(|error| panic!("{FILE}: {error}"));
    file.data_types.sort_by(|a, b| a.id.cmp(&b.id));
    let ids: BTreeSet<String> = file.data_types.iter().map(|one| one.id.clone()).collect();
    assert!(ids.len() == file.data_types.len(), "{FILE}: an id stands twice");
    let named = file.umbrellas.iter().flat_map(|one| &one.members);
    for id in named.chain(file.data_types.iter().flat_map(|one| &one.hints_at)) {
        assert!(ids.contains(id), "{FILE}: no data type {id}");
    }
    let mut out = String::new();
    let _ = writeln!(out, "static DATA_TYPES: [DataType; {}] = [", file.data_types.len());
    for one in &file.data_types {
        let (id, en, zh, category) = (&one.id, &one.en, &one.zh, &one.category);
        let shown = super::permissions::pascal_case(&one.shown_by_code);
        let words: Vec<&String> = one.words_en.iter().chain(&one.words_zh).collect();
        let hints = &one.hints_at;
        let _ = writeln!(
            out,
            "DataType {{ id: {id:?}, en: {en:?}, zh: {zh:?}, category: {category:?}, shown_by_code: ShownByCode::{shown}, \
             words: &{words:?}, hints_at: &{hints:?} }},"
        );
    }
    let _ = writeln!(out, "];\nstatic UMBRELLAS: [Umbrella; {}] = [", file.umbrellas.len());
    for one in &file.umbrellas {
        let words: Vec<&String> = one.words_en.iter().chain(&one.words_zh).collect();
        let (id, members) = (&one.id, &one.members);
        let _ = writeln!(out, "Umbrella {{ id: {id:?}, words: &{words:?}, members: &{members:?} }},");
    }
    let none: Vec<&String> = file.none.words_en.iter().chain(&file.none.words_zh).collect();
    let _ = writeln!(out, "];\nstatic NONE: [&str; {}] = {none:?};", none.len());
    (out, ids)
}
