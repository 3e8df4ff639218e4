//! Compiles `src/platform/permissions.json` into Rust source text: one string, one array of plain numbers.
//!
//! The array holds no pointers, so the loader relocates nothing when the program starts; a page of it costs only when
//! it is looked at. All text lies in one string; a piece of it is a *span*, `offset << 8 | length` in a `u32`, and the
//! span 0 means "not given".

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(rename = "origins")]
    _origins: Vec<BTreeMap<String, String>>,
    android: Vec<Entry>,
    vendor: Vec<Entry>,
    harmonyos: Vec<Entry>,
    ios: Vec<Entry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    name: String,
    #[serde(default)]
    level: String,
    #[serde(default)]
    group: String,
    #[serde(default)]
    added: u8,
    #[serde(default)]
    deprecated: Deprecated,
    #[serde(default)]
    removed: u8,
    #[serde(default)]
    no_effect_above: u8,
    #[serde(default)]
    replaced_by: Vec<String>,
    #[serde(default)]
    public: bool,
    #[serde(default)]
    restrictions: Vec<String>,
    #[serde(default)]
    data_types: Vec<String>,
    #[serde(default)]
    vendor: String,
    #[serde(rename = "use", default)]
    purpose_en: String,
    #[serde(rename = "use_zh", default)]
    purpose_zh: String,
}

/// `29` (since that level), `true` (level not known), or absent.
#[derive(Deserialize, Default)]
#[serde(untagged)]
enum Deprecated {
    Since(u8),
    Known(bool),
    #[default]
    No,
}

/// The one string that all spans point into.
#[derive(Default)]
struct Text {
    all: String,
    spans: BTreeMap<String, u32>,
}

impl Text {
    fn span(&mut self, piece: &str) -> u32 {
        if piece.is_empty() {
            return 0;
        }
        if let Some(span) = self.spans.get(piece) {
            return *span;
        }
        assert!(piece.len() < 1 << 8 && self.all.len() < 1 << 24, "text does not fit a span: {piece}");
        let span = (self.all.len() as u32) << 8 | piece.len() as u32;
        self.all.push_str(piece);
        self.spans.insert(piece.to_string(), span);
        span
    }
}

/// Rust source text of the tables `TEXT`, `ENTRIES` and `PATTERNS`, from the text of `permissions.json`.
///
/// # Panics
/// With what is wrong, when the file is not valid: the build stops there.
pub fn generate(json: &str) -> String {
    let file: File =
        serde_json::from_str(json).unwrap_or_else(|error| panic!("src/platform/permissions.json: {error}"));
    let parts = [("Android", file.android), ("Vendor", file.vendor), ("HarmonyOs", file.harmonyos), ("Ios", file.ios)];
    let mut entries: Vec<(&str, Entry)> = Vec::new();
    for (platform, part) in parts {
        if let Some(pair) = part.windows(2).find(|pair| pair[0].name >= pair[1].name) {
            panic!("src/platform/permissions.json: {} must stand before {}", pair[1].name, pair[0].name);
        }
        entries.extend(part.into_iter().map(|entry| (platform, entry)));
    }
    entries.sort_by(|a, b| a.1.name.cmp(&b.1.name));
    let names: BTreeSet<&str> = entries.iter().map(|(_, entry)| entry.name.as_str()).collect();
    assert!(names.len() == entries.len(), "src/platform/permissions.json: a name stands on two platforms");
    for name in entries.iter().flat_map(|(_, entry)| &entry.replaced_by) {
        assert!(
            names.contains(name.as_str()),
            "src/platform/permissions.json: replaced_by names no permission: {name}"
        );
    }
    source(&entries)
}

fn source(entries: &[(&str, Entry)]) -> String {
    let mut text = Text::default();
    // Names first: a search touches only their pages.
    for (_, entry) in entries {
        text.span(&entry.name);
    }
    let mut rows = String::new();
    for (platform, entry) in entries {
        row(&mut rows, &mut text, platform, entry);
    }
    let patterns: Vec<String> = (0..entries.len())
        .filter(|index| entries[*index].1.name.contains("${applicationId}"))
        .map(|index| index.to_string())
        .collect();
    format!(
        "static TEXT: &str = {:?};\nstatic ENTRIES: [Raw; {}] = [\n{rows}];\nstatic PATTERNS: [u16; {}] = [{}];\n",
        text.all,
        entries.len(),
        patterns.len(),
        patterns.join(", ")
    )
}

fn row(rows: &mut String, text: &mut Text, platform: &str, entry: &Entry) {
    let (protection, flags) = level(platform, &entry.level);
    let deprecated = match entry.deprecated {
        Deprecated::Since(level) => level,
        Deprecated::Known(true) => u8::MAX,
        Deprecated::Known(false) | Deprecated::No => 0,
    };
    let restrictions: Vec<String> =
        entry.restrictions.iter().map(|id| format!("Restriction::{}.bit()", pascal_case(id))).collect();
    let restrictions = if restrictions.is_empty() { "0".to_string() } else { restrictions.join(" | ") };
    let spans = [
        &entry.name,
        &flags,
        &entry.group,
        &entry.vendor,
        &entry.purpose_en,
        &entry.purpose_zh,
        &entry.data_types.join(" "),
        &entry.replaced_by.join(" "),
    ]
    .map(|piece| text.span(piece));
    let levels = [entry.added, deprecated, entry.removed, entry.no_effect_above];
    // Ordinary apps may use every vendor name and iOS key that stands in the file.
    let public = entry.public || matches!(platform, "Vendor" | "Ios");
    writeln!(
        rows,
        "Raw({spans:?}, {restrictions}, {levels:?}, Protection::{protection}, Platform::{platform}, {public}),"
    )
    .expect("a String takes all text");
}

/// `signature|appop` → (`Signature`, `appop`); HarmonyOS writes grant mode and privilege level, `user_grant|normal`.
fn level(platform: &str, written: &str) -> (&'static str, String) {
    let (base, flags) = written.split_once('|').unwrap_or((written, ""));
    let protection = match (platform, base) {
        ("Ios", "") => "UsageKey",
        ("HarmonyOs", "system_grant") => "SystemGrant",
        ("HarmonyOs", "user_grant") => "UserGrant",
        // Granted by the user too, on a page of the system settings: the flag stays to tell so.
        ("HarmonyOs", "manual_settings") => return ("UserGrant", written.to_string()),
        ("Android" | "Vendor", "normal") => "Normal",
        ("Android" | "Vendor", "dangerous") => "Dangerous",
        ("Android" | "Vendor", "signature") => "Signature",
        ("Android", "internal") => "Internal",
        ("Android", "unstated") => "Unstated",
        ("Vendor", "custom") => "Custom",
        _ => panic!("src/platform/permissions.json: unknown level {written} for {platform}"),
    };
    (protection, flags.to_string())
}

/// `own_process` → `OwnProcess`.
pub fn pascal_case(id: &str) -> String {
    id.split('_').map(|word| word[..1].to_ascii_uppercase() + &word[1..]).collect()
}
