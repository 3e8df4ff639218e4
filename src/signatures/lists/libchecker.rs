//! LibChecker's rules: one name, or one regular expression over the whole name, and the label it stands for.
//!
//! Two forms are read: a table (`kind`, `name`, `label`, `regex`, tab-separated, `#` before comments) and the rules' own
//! folder, in which `<kind>-libs/**/<name>.json` holds the label per language.

use super::{Clue, Difference, Entry, Meaning};
use crate::error::Error;
use crate::lang::Text;
use serde::Deserialize;
use std::path::Path;

const HEADER: &str = "kind\tname\tlabel";
/// Folders of the rules and the kinds they hold.
const FOLDERS: [(&str, &str); 7] = [
    ("native-libs", "native"),
    ("services-libs", "service"),
    ("activities-libs", "activity"),
    ("receivers-libs", "receiver"),
    ("providers-libs", "provider"),
    ("static-libs", "static"),
    ("actions-libs", "action"),
];
/// A rule's file is a few kilobytes.
const LARGEST: u64 = 1 << 20;

struct Rule {
    kind: String,
    name: String,
    label: String,
    vendor: Option<String>,
    is_regex: bool,
}

/// Whether a text begins with the table's header.
pub fn is_table(text: &str) -> bool {
    text.lines().find(|line| !line.starts_with('#')).is_some_and(|line| line.starts_with(HEADER))
}

pub fn parse(text: &str) -> Result<Vec<Entry>, Error> {
    let text = text.trim_start_matches('\u{feff}');
    if !is_table(text) {
        let help = Text::new(
            "give a table with the columns kind, name, label, regex separated by tabs, or the folder of the rules",
            "请提供以制表符分隔、列为 kind、name、label、regex 的表格，或规则目录",
        );
        return Err(Error::new(Text::new("it is no LibChecker rule list", "不是 LibChecker 规则"), help));
    }
    let rows = text.lines().filter(|line| !line.starts_with('#') && !line.trim().is_empty()).skip(1);
    let rules = rows.filter_map(|row| {
        let mut cells = row.split('\t').map(str::trim);
        let (kind, name, label) = (cells.next()?, cells.next()?, cells.next()?);
        let is_regex = cells.next().is_some_and(|regex| !regex.is_empty());
        Some(Rule { kind: kind.into(), name: name.into(), label: label.into(), vendor: None, is_regex })
    });
    Ok(entries(rules.collect()))
}

/// Reads the rules' own folder.
pub fn read_folder(folder: &Path) -> Result<Vec<Entry>, Error> {
    let mut rules = Vec::new();
    for (name, kind) in FOLDERS {
        let root = folder.join(name);
        if !root.is_dir() {
            continue;
        }
        for entry in walkdir::WalkDir::new(&root).sort_by_file_name() {
            let entry = entry.map_err(|error| Error::io(&root.display().to_string(), error.into()))?;
            if entry.path().extension().is_some_and(|extension| extension == "json") {
                rules.extend(rule(&root, entry.path(), kind)?);
            }
        }
    }
    if rules.is_empty() {
        return Err(Error::new(
            Text::new("the folder holds no rule", "该目录中没有规则"),
            Text::new(
                "give the folder with native-libs/, services-libs/ …",
                "请提供含 native-libs/、services-libs/ 等的目录",
            ),
        ));
    }
    Ok(entries(rules))
}

#[derive(Deserialize)]
struct RuleFile {
    #[serde(default)]
    label: Option<String>,
    #[serde(default)]
    team: Option<String>,
    #[serde(default)]
    data: Vec<Localized>,
}

#[derive(Deserialize)]
struct Localized {
    data: Details,
}

#[derive(Deserialize)]
struct Details {
    label: String,
    #[serde(default)]
    dev_team: Option<String>,
}

/// The rule of one file, whose path below the folder is its name: `com/acme/Push.json` is `com.acme.Push`.
fn rule(root: &Path, path: &Path, kind: &str) -> Result<Option<Rule>, Error> {
    let shown = path.display().to_string();
    let io = |cause| Error::io(&shown, cause);
    if std::fs::metadata(path).map_err(io)?.len() > LARGEST {
        return Ok(None);
    }
    let text = std::fs::read_to_string(path).map_err(io)?;
    let file: RuleFile = serde_json::from_str(&text).map_err(|cause| {
        Error::new(Text::new("it is no rule", "不是规则文件"), Text::default()).because(cause).in_input(&shown)
    })?;
    let first = file.data.into_iter().next().map(|one| one.data);
    let (label, vendor) = match (file.label, first) {
        (Some(label), _) => (label, file.team),
        (None, Some(details)) => (details.label, details.dev_team),
        (None, None) => return Ok(None),
    };
    let relative = path.strip_prefix(root).unwrap_or(path).with_extension("");
    let parts: Vec<_> = relative.iter().map(|part| part.to_string_lossy()).collect();
    // A rule with an expression stands in a folder of its own under a made-up name; the expression is in the database only.
    let kind = if parts.iter().any(|part| part == "regex") { "regex" } else { kind };
    Ok(Some(Rule { kind: kind.into(), name: parts.join("."), label, vendor, is_regex: false }))
}

/// One entry a label, in the order of the list.
fn entries(rules: Vec<Rule>) -> Vec<Entry> {
    let mut entries: Vec<Entry> = Vec::new();
    let mut places = std::collections::BTreeMap::new();
    for rule in rules {
        let at = *places.entry(rule.label.clone()).or_insert_with(|| {
            entries.push(Entry {
                title: rule.label.clone(),
                key: rule.label.clone(),
                clues: Vec::new(),
                categories: Vec::new(),
                tracker: false,
                website: None,
                vendor: rule.vendor.clone().filter(|vendor| !vendor.is_empty()),
            });
            entries.len() - 1
        });
        entries[at].clues.push(clue(&rule));
    }
    entries
}

fn clue(rule: &Rule) -> Clue {
    let name = if rule.is_regex { wildcards(&rule.name) } else { Ok(rule.name.clone()) };
    let meaning = name.and_then(|name| match rule.kind.as_str() {
        "native" => Ok(Meaning::Library(name)),
        "service" | "activity" | "receiver" | "provider" => Ok(Meaning::Component(name)),
        "dex" => match name.strip_suffix(".*").unwrap_or(&name) {
            prefix if crate::signatures::check::is_java_name(prefix) => Ok(Meaning::Package(prefix.to_owned())),
            _ => Err(Text::new("an expression over packages that is no prefix", "不是前缀的包名表达式")),
        },
        "regex" => Err(Text::new("its expression does not stand in the folder", "目录中不含其正则表达式")),
        _ => Err(Text::new(
            format!("rules of kind '{}' speak of something that signatures do not hold", rule.kind),
            format!("“{}”类规则所指的内容不在特征格式之内", rule.kind),
        )),
    });
    let is_package = matches!(meaning, Ok(Meaning::Package(_)));
    let difference = (is_package && !rule.is_regex).then_some(Difference::Wider);
    Clue { written: rule.name.clone(), meaning, difference }
}

/// An expression over a whole name in which only `.*` (or `.+`) stands for anything, as a name with `*`.
fn wildcards(expression: &str) -> Result<String, Text> {
    let refuse = || Text::new("a regular expression beyond '*'", "超出“*”的正则表达式");
    let expression = expression.strip_prefix('^').unwrap_or(expression);
    let expression = expression.strip_suffix('$').unwrap_or(expression);
    let simple = expression.replace("(.*)", ".*").replace("(.+)", ".+");
    let mut out = String::new();
    let mut letters = simple.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '\\' => match letters.next() {
                Some(escaped) if !escaped.is_alphanumeric() => out.push(escaped),
                _ => return Err(refuse()),
            },
            '.' => match letters.peek() {
                Some('*' | '+') => {
                    letters.next();
                    out.push('*');
                }
                // A dot that was not escaped: only the dot itself is meant.
                _ => out.push('.'),
            },
            '[' | ']' | '(' | ')' | '{' | '}' | '*' | '+' | '?' | '|' | '^' => return Err(refuse()),
            other => out.push(other),
        }
    }
    if out.chars().all(|c| matches!(c, '*' | '.')) { Err(refuse()) } else { Ok(out) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn turns_simple_expressions_into_wildcards() {
        assert_eq!(wildcards(r"libacme_v(.*)\.so").as_deref(), Ok("libacme_v*.so"));
        assert_eq!(wildcards(r"com\.acme\.(.*)").as_deref(), Ok("com.acme.*"));
        assert_eq!(wildcards(r"libacme-(.*).so$").as_deref(), Ok("libacme-*.so"));
        for expression in [r"libacme\d+\.so", r"lib(a|b)\.so", r"lib[ab]\.so", r"(.*)", r"liba{2}\.so", r"a?"] {
            assert!(wildcards(expression).is_err(), "{expression}");
        }
    }

    #[test]
    fn one_label_is_one_entry() {
        let table = "# rules\nkind\tname\tlabel\tregex\nnative\tlibacme.so\tAcme\t\nactivity\tcom.acme.Main\tAcme\t\n\
                     dex\tcom\\.acme\\.(.*)\tAcme\tregex_acme\naction\tcom.acme.GO\tAcme\t\nnative\tlibb.so\tBee\t\n";
        let entries = parse(table).expect("a table");
        assert_eq!(entries.iter().map(|entry| entry.title.as_str()).collect::<Vec<_>>(), ["Acme", "Bee"]);
        let meanings: Vec<_> = entries[0].clues.iter().map(|clue| clue.meaning.clone().ok()).collect();
        assert_eq!(
            meanings,
            [
                Some(Meaning::Library("libacme.so".into())),
                Some(Meaning::Component("com.acme.Main".into())),
                Some(Meaning::Package("com.acme".into())),
                None
            ]
        );
        assert!(entries[0].has_code() && !entries[1].has_code());
        assert!(parse("name,label\n").is_err());
    }

    #[test]
    fn reads_the_folder_of_the_rules() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("services-libs/com/acme/Push.json");
        std::fs::create_dir_all(file.parent().expect("a parent")).expect("folders");
        std::fs::write(&file, r#"{"data": [{"locale": "en", "data": {"label": "Acme", "dev_team": "Acme Ltd."}}]}"#)
            .expect("a file");
        let entries = read_folder(folder.path()).expect("rules");
        assert_eq!(entries[0].vendor.as_deref(), Some("Acme Ltd."));
        assert_eq!(entries[0].clues[0].meaning, Ok(Meaning::Component("com.acme.Push".into())));
        assert!(read_folder(&folder.path().join("services-libs")).is_err());
    }
}
