//! Compiles `src/platform/apis.json` into Rust source text: sorted rows of static text, nothing to parse at start-up.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use serde::Deserialize;

const FILE: &str = "src/platform/apis.json";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(rename = "origins")]
    _origins: Vec<BTreeMap<String, String>>,
    wrappers: Vec<String>,
    capabilities: Vec<Capability>,
    access: BTreeMap<String, Vec<String>>,
    apis: Vec<Group>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Capability {
    id: String,
    en: String,
    zh: String,
}

/// Several references that are alike in everything but the name.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Group {
    #[serde(default)]
    class: String,
    #[serde(default)]
    methods: Vec<String>,
    #[serde(default)]
    fields: Vec<String>,
    #[serde(default)]
    literals: Vec<String>,
    #[serde(default)]
    argument: String,
    data_type: String,
    strength: String,
    #[serde(default = "free")]
    access: String,
}

fn free() -> String {
    "free".to_owned()
}

/// Rust source text of `WRAPPERS`, `CAPABILITIES`, `ACCESS` and `APIS`, from the text of `apis.json`. `data_types` are the ids of
/// the taxonomy: an API's type stands there or is a capability.
///
/// # Panics
/// With what is wrong, when the file is not valid: the build stops there.
pub fn generate(json: &str, data_types: &BTreeSet<String>) -> String {
    let file: File = serde_json::from_str(json).unwrap_or_else(|error| panic!("{FILE}: {error}"));
    let capabilities: BTreeSet<&str> = file.capabilities.iter().map(|one| one.id.as_str()).collect();
    if let Some(both) = capabilities.iter().find(|id| data_types.contains(**id)) {
        panic!("{FILE}: {both} is a capability and a data type");
    }
    let profiles: Vec<&str> = file.access.keys().map(String::as_str).collect();
    let mut rows = BTreeSet::new();
    for group in &file.apis {
        let known = data_types.contains(&group.data_type) || capabilities.contains(group.data_type.as_str());
        assert!(known, "{FILE}: unknown data type {}", group.data_type);
        let access = profiles.iter().position(|name| **name == group.access);
        let access = access.unwrap_or_else(|| panic!("{FILE}: unknown access {}", group.access));
        for (kind, names) in [("Method", &group.methods), ("Field", &group.fields), ("Literal", &group.literals)] {
            assert!(names.is_empty() || (kind == "Literal") == group.class.is_empty(), "{FILE}: class of {names:?}");
            for name in names {
                let fresh =
                    rows.insert((kind, &group.class, name, &group.argument, &group.data_type, &group.strength, access));
                assert!(fresh, "{FILE}: {name} stands twice");
            }
        }
    }
    let mut out = String::new();
    let _ = writeln!(out, "static WRAPPERS: [&str; {}] = {:?};", file.wrappers.len(), file.wrappers);
    let _ = writeln!(out, "static CAPABILITIES: [(&str, &str, &str); {}] = [", file.capabilities.len());
    for one in &file.capabilities {
        let _ = writeln!(out, "({:?}, {:?}, {:?}),", one.id, one.en, one.zh);
    }
    let _ = writeln!(out, "];\nstatic ACCESS: [&[Level]; {}] = [", profiles.len());
    for levels in file.access.values() {
        let levels: Vec<String> = levels.iter().map(|level| self::level(level)).collect();
        let _ = writeln!(out, "&[{}],", levels.join(", "));
    }
    let _ = writeln!(out, "];\nstatic APIS: [Api; {}] = [", rows.len());
    for (kind, class, name, argument, data_type, strength, access) in rows {
        let strength = super::permissions::pascal_case(strength);
        let _ = writeln!(
            out,
            "Api {{ kind: Kind::{kind}, class: {class:?}, name: {name:?}, argument: {argument:?}, data_type: {data_type:?}, \
             strength: Strength::{strength}, access: {access} }},"
        );
    }
    out + "];\n"
}

/// `29+ ACCESS_WIFI_STATE A|B C?`: from API 29 on all of these are needed, of A and B one; C only widens what is read.
/// `open`, `refused` and `masked` stand alone.
fn level(written: &str) -> String {
    let (range, words) = written.split_once(' ').unwrap_or_else(|| panic!("{FILE}: level {written}"));
    let number = |text: &str| text.parse::<u8>().unwrap_or_else(|_| panic!("{FILE}: level {written}"));
    let (from, to) = match range.strip_suffix('+') {
        Some(from) => (number(from), u8::MAX),
        None => {
            let (from, to) = range.split_once('-').unwrap_or_else(|| panic!("{FILE}: level {written}"));
            (number(from), number(to))
        }
    };
    let (outcome, needs) = match words {
        "open" => ("Given", String::new()),
        "refused" => ("Refused", String::new()),
        "masked" => ("Masked", String::new()),
        needs => ("Given", needs.split(' ').map(full_names).collect::<Vec<_>>().join(" ")),
    };
    format!("Level {{ from: {from}, to: {to}, outcome: Outcome::{outcome}, needs: {needs:?} }}")
}

/// Android's own permissions are written without their prefix.
fn full_names(need: &str) -> String {
    let (names, mark) = need.strip_suffix('?').map_or((need, ""), |names| (names, "?"));
    let full = |name: &str| if name.contains('.') { name.to_owned() } else { format!("android.permission.{name}") };
    names.split('|').map(full).collect::<Vec<_>>().join("|") + mark
}
