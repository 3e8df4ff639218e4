//! Checks of signature files: the same ones in `cargo test`, at load time and in the command line. All problems at once.

use super::format::{Category, Sdk};
use super::{SignatureSet, Table, fold_name, wildcard};
use crate::platform::permissions;
use std::collections::BTreeMap;
use std::fmt;

/// Something wrong in a signature file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Problem {
    /// The file, relative to the signature folder.
    pub path: String,
    /// Line from 1, where one can be named.
    pub line: Option<usize>,
    /// What is wrong and, where there is one, the nearest right value.
    pub message: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(f, "{}:{line}: {}", self.path, self.message),
            None => write!(f, "{}: {}", self.path, self.message),
        }
    }
}

/// Parses and checks files given as (path relative to the signature folder, content); the SDKs come back sorted by id.
///
/// # Errors
/// All problems of all files, sorted.
pub fn check(files: &[(String, String)]) -> Result<Vec<Sdk>, Vec<Problem>> {
    let mut checker = Checker::default();
    let mut parsed = Vec::new();
    for (path, text) in files {
        match serde_json::from_str::<Sdk>(text) {
            Ok(sdk) => parsed.push((Input { path, text }, sdk)),
            Err(error) => checker.problems.push(Problem {
                path: path.clone(),
                line: Some(error.line()),
                message: error.to_string(),
            }),
        }
    }
    for (input, sdk) in &parsed {
        checker.check_one(input, sdk);
    }
    checker.check_together(&parsed);
    if checker.problems.is_empty() {
        let mut sdks: Vec<Sdk> = parsed.into_iter().map(|(_, sdk)| sdk).collect();
        sdks.sort_by(|a, b| a.id.cmp(&b.id));
        let problems = check_examples(files, &sdks);
        return if problems.is_empty() { Ok(sdks) } else { Err(problems) };
    }
    checker.problems.sort();
    Err(checker.problems)
}

struct Input<'a> {
    path: &'a str,
    text: &'a str,
}

#[derive(Default)]
struct Checker {
    problems: Vec<Problem>,
}

impl Checker {
    fn report(&mut self, input: &Input<'_>, value: &str, message: String) {
        self.problems.push(Problem { path: input.path.to_owned(), line: line_of(input.text, value), message });
    }

    fn check_one(&mut self, input: &Input<'_>, sdk: &Sdk) {
        if !is_id(&sdk.id) {
            self.report(
                input,
                &sdk.id,
                format!("id '{}' is not <vendor>.<sdk> in lower case, digits and hyphens", sdk.id),
            );
        } else if input.path != path_of(&sdk.id) {
            self.report(input, &sdk.id, format!("id '{}' belongs into {}", sdk.id, path_of(&sdk.id)));
        }
        for (what, name) in [("name", &sdk.name), ("vendor", &sdk.vendor)] {
            if name.en.trim().is_empty() || name.zh.trim().is_empty() {
                self.report(input, what, format!("'{what}' needs an English and a Chinese text"));
            }
        }
        if sdk.categories.is_empty() {
            self.report(input, "categories", "'categories' names no purpose".to_owned());
        }
        if sdk.categories.contains(&Category::Packer) && sdk.categories.len() > 1 {
            self.report(input, "packer", "'packer' stands alone".to_owned());
        }
        if sdk.sources.is_empty() {
            self.report(
                input,
                "sources",
                "'sources' is empty: every fact needs the place where it was seen".to_owned(),
            );
        }
        if sdk.examples.hit.is_empty() || sdk.examples.miss.is_empty() {
            self.report(input, "examples", "'examples' needs at least one 'hit' and one 'miss'".to_owned());
        }
        self.check_values(input, sdk);
    }

    fn check_values(&mut self, input: &Input<'_>, sdk: &Sdk) {
        for prefix in sdk.detect.packages.iter().chain(&sdk.detect.companions) {
            if !is_java_name(prefix) {
                self.report(input, prefix, format!("'{prefix}' is not a dotted Java package name"));
            }
        }
        for source in &sdk.sources {
            if !(source.url.starts_with("https://")
                || source.url.starts_with("pkg:")
                || source.url.starts_with("http://"))
            {
                self.report(
                    input,
                    &source.url,
                    format!("source '{}' is neither an address nor a package URL", source.url),
                );
            }
            if !is_date(&source.date) {
                self.report(input, &source.date, format!("source date '{}' is not YYYY-MM-DD", source.date));
            }
        }
        for permission in &sdk.permissions {
            if permissions::find(permission).is_none() {
                let near = permissions::nearest(permission)
                    .map(|near| format!(", did you mean '{near}'?"))
                    .unwrap_or_default();
                self.report(input, permission, format!("unknown permission '{permission}'{near}"));
            }
        }
        for host in &sdk.links.hosts {
            if host.contains('/') || host.to_lowercase() != *host || !host.contains('.') {
                self.report(input, host, format!("'{host}' is not a plain lower-case host name"));
            }
        }
    }

    /// What must be unique or exist across files.
    fn check_together(&mut self, parsed: &[(Input<'_>, Sdk)]) {
        let mut owners: BTreeMap<(&str, String), &str> = BTreeMap::new();
        for (input, sdk) in parsed {
            let names = [&sdk.name.en, &sdk.name.zh].into_iter().chain(&sdk.aliases);
            let mut claims: Vec<(&str, String, &str)> =
                names.map(|name| ("name", fold_name(name), name.as_str())).collect();
            claims.push(("id", sdk.id.clone(), &sdk.id));
            claims.extend(sdk.detect.packages.iter().map(|prefix| ("package", prefix.clone(), prefix.as_str())));
            claims.extend(sdk.detect.native_libs.iter().map(|lib| ("native library", lib.clone(), lib.as_str())));
            for (what, key, written) in claims {
                match owners.insert((what, key), &sdk.id) {
                    Some(other) if other != sdk.id || what == "package" => {
                        self.report(input, written, format!("{what} '{written}' stands in {} too", path_of(other)));
                    }
                    _ => {}
                }
            }
        }
        for (input, sdk) in parsed {
            if let Some(line) = sdk.part_of.as_ref().filter(|line| !owners.contains_key(&("id", (*line).clone()))) {
                self.report(input, line, format!("product line '{line}' has no file"));
            }
        }
    }
}

fn check_examples(files: &[(String, String)], sdks: &[Sdk]) -> Vec<Problem> {
    let set = SignatureSet::from_bytes(super::index::compile(sdks).into());
    let mut problems = Vec::new();
    for sdk in sdks {
        let path = path_of(&sdk.id);
        let text = files.iter().find(|(file, _)| *file == path).map_or("", |(_, text)| text);
        let mut report = |example: &str, message: String| {
            problems.push(Problem { path: path.clone(), line: line_of(text, example), message });
        };
        for hit in &sdk.examples.hit {
            let found = resolve_example(&set, hit);
            if found != [sdk.id.as_str()] {
                let found = if found.is_empty() { "nothing".to_owned() } else { found.join(", ") };
                report(hit, format!("hit example '{hit}' resolves to {found}"));
            }
        }
        for miss in sdk.examples.miss.iter().filter(|miss| resolve_example(&set, miss).contains(&sdk.id.as_str())) {
            report(miss, format!("miss example '{miss}' resolves to this SDK"));
        }
    }
    problems
}

/// The ids of the SDKs that an example resolves to. A plain example is a class name; others name their kind first.
pub fn resolve_example<'a>(set: &'a SignatureSet, example: &str) -> Vec<&'a str> {
    let (table, value) = match example.split_once(':') {
        None => return set.by_package(example).map(|sdk| sdk.id.as_str()).into_iter().collect(),
        Some(("library", value)) => (Table::NativeLib, value),
        Some(("component", value)) => (Table::Component, value),
        Some(("meta-data", value)) => (Table::MetaData, value),
        Some(("asset", value)) => (Table::Asset, value),
        Some(("permission", value)) => (Table::Permission, value),
        Some(_) => return Vec::new(),
    };
    let mut found = set.matching(table, value);
    if table == Table::NativeLib {
        found.extend(set.matching(Table::WeakNativeLib, value));
    }
    found.into_iter().map(|number| set.sdk(number).id.as_str()).collect()
}

fn path_of(id: &str) -> String {
    format!("{}.json", id.replacen('.', "/", 1))
}

fn is_id(id: &str) -> bool {
    let part = |part: &str| {
        part.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
            && !part.is_empty()
            && !part.starts_with('-')
    };
    id.split_once('.').is_some_and(|(vendor, sdk)| part(vendor) && part(sdk))
}

fn is_java_name(name: &str) -> bool {
    name.split('.').all(|segment| {
        !segment.is_empty() && segment.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '$')
    })
}

fn is_date(date: &str) -> bool {
    wildcard("20*-*-*", date) && date.len() == 10 && date.bytes().all(|b| b.is_ascii_digit() || b == b'-')
}

fn line_of(text: &str, value: &str) -> Option<usize> {
    let quoted = serde_json::to_string(value).ok()?;
    text.lines().position(|line| line.contains(&quoted)).map(|at| at + 1)
}
