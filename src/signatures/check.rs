//! Checks of signature files: the same ones in `cargo test`, at load time and in the command line. All problems at once.

use super::examples;
use super::format::{Category, Sdk, SourceKind};
use super::shape::{self, unknown};
use super::{SignatureSet, fold_name, wildcard};
use crate::lang::Text;
use crate::located::{self, Located};
use crate::nearest::nearest;
use crate::platform::{data_types, permissions};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// Something wrong in a signature file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The file, relative to the signature folder.
    pub path: String,
    /// Line from 1, where one can be named.
    pub line: Option<usize>,
    /// What is wrong and, where there is one, the nearest right value.
    pub message: Text,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(f, "{}:{line}: {}", self.path, self.message.en),
            None => write!(f, "{}: {}", self.path, self.message.en),
        }
    }
}

/// What is in signature files, and what is wrong with them.
#[derive(Debug, Default)]
pub struct Checked {
    /// The SDKs of the files that could be read, by id.
    pub sdks: Vec<Sdk>,
    /// All problems of all files, sorted.
    pub problems: Vec<Problem>,
}

/// Parses and checks files, given as (path relative to the signature folder, content). Without `base` they are a whole base;
/// with one they add to it or override it by id, and may cite another tool's list as their source.
pub fn examine(files: &[(String, String)], base: Option<&SignatureSet>) -> Checked {
    let mut checker = Checker { base, ..Checker::default() };
    let parsed: Vec<(Input<'_>, Sdk)> = files.iter().filter_map(|(path, text)| checker.parse(path, text)).collect();
    for (input, sdk) in &parsed {
        checker.one(input, sdk);
    }
    checker.together(&parsed);
    checker.examples(&parsed);
    let mut problems = checker.problems;
    sort(&mut problems);
    let mut sdks: Vec<Sdk> = parsed.into_iter().map(|(_, sdk)| sdk).collect();
    sdks.sort_by(|a, b| a.id.cmp(&b.id));
    Checked { sdks, problems }
}

/// By file, line and message, each once.
pub fn sort(problems: &mut Vec<Problem>) {
    problems.sort_by(|a, b| (&a.path, a.line, &a.message.en).cmp(&(&b.path, b.line, &b.message.en)));
    problems.dedup();
}

impl Checked {
    /// The SDKs where nothing is wrong.
    ///
    /// # Errors
    /// All problems.
    pub fn into_result(self) -> Result<Vec<Sdk>, Vec<Problem>> {
        if self.problems.is_empty() { Ok(self.sdks) } else { Err(self.problems) }
    }
}

struct Input<'a> {
    path: &'a str,
    json: Located,
}

impl Input<'_> {
    /// The line of `value` below the keys of `place`, or of the place itself.
    fn line(&self, place: &str, value: &str) -> Option<usize> {
        let mut at = &self.json;
        for key in place.split('.') {
            match at.member(key) {
                Some(inner) => at = inner,
                None => break,
            }
        }
        Some(at.line_of(value).unwrap_or(at.line))
    }
}

#[derive(Default)]
struct Checker<'a> {
    base: Option<&'a SignatureSet>,
    problems: Vec<Problem>,
    /// Ids of files whose content is broken: what refers to them is not reported as well.
    broken: BTreeSet<String>,
}

impl<'a> Checker<'a> {
    fn parse(&mut self, path: &'a str, text: &str) -> Option<(Input<'a>, Sdk)> {
        let mut report = |line: usize, message: Text| {
            self.problems.push(Problem { path: path.to_owned(), line: Some(line), message })
        };
        let json = match located::read(text) {
            Ok(json) => json,
            Err(error) => {
                let message = format!("no JSON: {error}");
                report(error.line(), Text::new(message, format!("不是 JSON：{error}")));
                self.broken.insert(id_of(path));
                return None;
            }
        };
        let mistakes = shape::mistakes(&json);
        let is_right = mistakes.is_empty();
        for (line, message) in mistakes {
            report(line, message);
        }
        if is_right {
            match serde_json::from_str(text) {
                Ok(sdk) => return Some((Input { path, json }, sdk)),
                Err(error) => report(error.line(), Text::same(&error)),
            }
        }
        self.broken.insert(id_of(path));
        None
    }

    fn report(&mut self, input: &Input<'_>, place: &str, value: &str, message: Text) {
        let line = input.line(place, value);
        self.problems.push(Problem { path: input.path.to_owned(), line, message });
    }

    fn one(&mut self, input: &Input<'_>, sdk: &Sdk) {
        let id = &sdk.id;
        if !is_id(id) {
            let en = format!("id '{id}' is not <vendor>.<sdk> in lower case, digits and hyphens");
            self.report(
                input,
                "id",
                id,
                Text::new(en, format!("id“{id}”须为 <厂商>.<SDK>，仅含小写字母、数字和连字符")),
            );
        } else if input.path != path_of(id) {
            let path = path_of(id);
            let message = Text::new(format!("id '{id}' belongs into {path}"), format!("id“{id}”应位于 {path}"));
            self.report(input, "id", id, message);
        }
        if sdk.categories.contains(&Category::Packer) && sdk.categories.len() > 1 {
            let message = Text::new("'packer' stands alone", "“packer”不能与其他类别并列");
            self.report(input, "categories", Category::Packer.id(), message);
        }
        self.clues(input, sdk);
        self.sources(input, sdk);
        self.platform(input, sdk);
    }

    fn clues(&mut self, input: &Input<'_>, sdk: &Sdk) {
        let detect = &sdk.detect;
        for (place, prefixes) in [("detect.packages", &detect.packages), ("detect.companions", &detect.companions)] {
            for prefix in prefixes.iter().filter(|prefix| !is_java_name(prefix)) {
                let en = format!("'{prefix}' is not a dotted Java package name");
                self.report(input, place, prefix, Text::new(en, format!("“{prefix}”不是以点分隔的 Java 包名")));
            }
        }
        for (place, values) in [
            ("aliases", &sdk.aliases),
            ("detect.components", &detect.components),
            ("detect.native_libs", &detect.native_libs),
            ("detect.weak_native_libs", &detect.weak_native_libs),
            ("detect.meta_data", &detect.meta_data),
            ("detect.assets", &detect.assets),
            ("detect.permissions", &detect.permissions),
            ("detect.version", &detect.version),
        ] {
            for value in values.iter().filter(|value| value.chars().all(|c| c == '*' || c.is_whitespace())) {
                let en = format!("'{place}' holds '{value}', which says nothing");
                self.report(input, place, value, Text::new(en, format!("“{place}”中的“{value}”没有内容")));
            }
        }
        for host in &sdk.links.hosts {
            if host.contains('/') || host.to_lowercase() != *host || !host.contains('.') {
                let en = format!("'{host}' is not a plain lower-case host name");
                self.report(input, "links.hosts", host, Text::new(en, format!("“{host}”不是小写主机名")));
            }
        }
    }

    fn sources(&mut self, input: &Input<'_>, sdk: &Sdk) {
        for source in &sdk.sources {
            let (url, date) = (&source.url, &source.date);
            let is_list = source.kind == SourceKind::ImportedList;
            let known: &[&str] = if is_list { &["file:"] } else { &["https://", "http://", "pkg:"] };
            if !known.iter().any(|scheme| url.starts_with(scheme)) {
                let known = known.join(" ");
                let message = Text::new(
                    format!("source '{url}' begins with none of {known}"),
                    format!("来源“{url}”须以 {known} 之一开头"),
                );
                self.report(input, "sources", url, message);
            }
            if is_list && self.base.is_none() {
                let message = Text::new(
                    "another tool's list is a lead, not a source; look at the vendor's own page or archive",
                    "其他工具的名单只是线索，不是来源；请查看厂商自己的页面或安装包",
                );
                self.report(input, "sources", source.kind.id(), message);
            }
            if !is_date(date) {
                let en = format!("source date '{date}' is not YYYY-MM-DD");
                self.report(input, "sources", date, Text::new(en, format!("来源日期“{date}”不是 YYYY-MM-DD")));
            }
        }
    }

    fn platform(&mut self, input: &Input<'_>, sdk: &Sdk) {
        for permission in sdk.permissions.iter().filter(|permission| permissions::find(permission).is_none()) {
            let message = unknown(permission, "permission", "权限", permissions::nearest(permission));
            self.report(input, "permissions", permission, message);
        }
        let known = || data_types::all().iter().map(|one| one.id);
        for id in sdk.data_types.iter().filter(|id| data_types::find(id).is_none()) {
            let message = unknown(id, "data type", "数据类型", nearest(id, known()));
            self.report(input, "data_types", id, message);
        }
    }

    /// What must be unique or exist across files.
    fn together(&mut self, parsed: &[(Input<'_>, Sdk)]) {
        let mut owners: BTreeMap<(&str, String), &str> = BTreeMap::new();
        for (input, sdk) in parsed {
            for (place, key, written) in claims(sdk) {
                let kind = if matches!(place, "name" | "aliases") { "name" } else { place };
                match owners.insert((kind, key), &sdk.id) {
                    Some(other) if other != sdk.id || kind == "detect.packages" => {
                        let file = path_of(other);
                        let en = format!("'{written}' of '{place}' stands in {file} too");
                        let message = Text::new(en, format!("“{place}”中的“{written}”也在 {file} 中"));
                        self.report(input, place, written, message);
                    }
                    _ => {}
                }
            }
        }
        for (input, sdk) in parsed {
            let Some(line) = &sdk.part_of else { continue };
            let in_base = self.base.is_some_and(|base| base.number(line).is_some());
            if in_base || self.broken.contains(line) || owners.contains_key(&("id", line.clone())) {
                continue;
            }
            let ids = parsed.iter().map(|(_, sdk)| sdk.id.as_str()).chain(self.base.iter().flat_map(|base| base.ids()));
            let message = unknown(line, "product line", "产品线", nearest(line, ids));
            self.report(input, "part_of", line, message);
        }
    }

    fn examples(&mut self, parsed: &[(Input<'_>, Sdk)]) {
        let own: Vec<Sdk> = parsed.iter().map(|(_, sdk)| sdk.clone()).collect();
        let set = super::layer(own, self.base);
        for (input, sdk) in parsed {
            for (place, example, message) in examples::mistakes(&set, sdk) {
                self.report(input, place, example, message);
            }
        }
    }
}

/// What only one SDK can have: (place, key to compare, as written).
fn claims(sdk: &Sdk) -> Vec<(&'static str, String, &str)> {
    let mut claims = vec![("id", sdk.id.clone(), sdk.id.as_str())];
    claims.extend([&sdk.name.en, &sdk.name.zh].map(|name| ("name", fold_name(name), name.as_str())));
    claims.extend(sdk.aliases.iter().map(|name| ("aliases", fold_name(name), name.as_str())));
    claims.extend(sdk.detect.packages.iter().map(|prefix| ("detect.packages", prefix.clone(), prefix.as_str())));
    claims.extend(sdk.detect.native_libs.iter().map(|lib| ("detect.native_libs", lib.clone(), lib.as_str())));
    claims
}

/// Where the file of an id stands, relative to the signature folder.
pub fn path_of(id: &str) -> String {
    format!("{}.json", id.replacen('.', "/", 1))
}

fn id_of(path: &str) -> String {
    path.strip_suffix(".json").unwrap_or(path).replacen('/', ".", 1)
}

/// Whether a text is `<vendor>.<sdk>` in lower-case letters, digits and hyphens.
pub fn is_id(id: &str) -> bool {
    let part = |part: &str| {
        part.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
            && !part.is_empty()
            && !part.starts_with('-')
    };
    id.split_once('.').is_some_and(|(vendor, sdk)| part(vendor) && part(sdk))
}

/// Whether a text is a dotted Java name.
pub fn is_java_name(name: &str) -> bool {
    name.split('.').all(|segment| {
        !segment.is_empty() && segment.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '$')
    })
}

fn is_date(date: &str) -> bool {
    wildcard("20*-*-*", date) && date.parse::<jiff::civil::Date>().is_ok()
}
