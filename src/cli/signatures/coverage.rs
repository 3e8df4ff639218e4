//! `signatures coverage`: what share of another list's entries is known, and which are not.

use super::super::CLEAN;
use super::super::args::{self, Format};
use super::super::input::read_input;
use super::super::run::{Session, print};
use crate::declared;
use crate::error::Error;
use crate::lang::Text;
use crate::report::signatures::{self as report, Coverage, Group, Measured, Share};
use crate::signatures::SignatureSet;
use crate::signatures::lists::known::{self, By};
use crate::signatures::lists::{self, Entry, Meaning, Origin};
use serde_json::{Value, json};

/// Carries out the command.
pub fn run(session: &Session<'_>, arguments: &args::Coverage) -> Result<u8, Error> {
    let set = session.set;
    let (measured, clues) = if arguments.against.is_dir() {
        let rules = lists::read(Origin::LibChecker, &arguments.against)?;
        (of_rules(set, &rules), Some(single(set, &rules)))
    } else {
        let (name, bytes) = read_input(&arguments.against)?;
        let text = String::from_utf8(bytes).map_err(|cause| not_utf8(&name).because(cause))?;
        measure(set, &name, &text)?
    };
    if measured.is_empty() {
        return Err(nothing(&arguments.against.display().to_string()));
    }
    let coverage = Coverage::of(measured, clues);
    let screen = session.screen();
    print(&match arguments.format {
        Format::Text => report::coverage(&coverage, &screen),
        Format::Json => report::coverage_json(&coverage),
    })?;
    Ok(CLEAN)
}

fn measure(set: &SignatureSet, name: &str, text: &str) -> Result<(Vec<Measured>, Option<Share>), Error> {
    let in_list = |error: Error| error.in_input(name);
    match lists::detect(text) {
        Some(origin) => {
            let entries = lists::parse(origin, text).map_err(in_list)?;
            let measured = if origin == Origin::Exodus { of_trackers(set, &entries) } else { of_rules(set, &entries) };
            Ok((measured, Some(single(set, &entries))))
        }
        None if text.trim_start_matches('\u{feff}').trim_start().starts_with(['{', '[']) => {
            Ok((of_json(set, name, text)?, None))
        }
        None => Ok((text.lines().filter_map(|line| of_line(set, line)).collect(), None)),
    }
}

/// How many of the single expressions or rules are known: an entry counts as known when one of its own is.
fn single(set: &SignatureSet, entries: &[Entry]) -> Share {
    let clues = || entries.iter().flat_map(|entry| &entry.clues);
    Share { entries: clues().count(), known: clues().filter(|clue| known::clue(set, clue).is_some()).count() }
}

/// Trackers without a code signature name web addresses only and are no entries here.
fn of_trackers(set: &SignatureSet, trackers: &[Entry]) -> Vec<Measured> {
    let with_code = trackers.iter().filter(|tracker| !tracker.clues.is_empty());
    with_code.map(|tracker| Measured::new(&tracker.title, known::entry(set, tracker), None)).collect()
}

fn of_rules(set: &SignatureSet, labels: &[Entry]) -> Vec<Measured> {
    let one = |label: &Entry| {
        let found = known::entry(set, label).or_else(|| by_name(set, &label.title));
        Measured::new(&label.title, found, Some(if label.has_code() { Group::Code } else { Group::NativeOnly }))
    };
    labels.iter().map(one).collect()
}

/// A declared list in canonical JSON, or rows of a disclosure table (`cells`: name, packages, …, link).
fn of_json(set: &SignatureSet, name: &str, text: &str) -> Result<Vec<Measured>, Error> {
    let value: Value = serde_json::from_str(text).map_err(|cause| {
        let help = Text::new("check that the file is complete", "请确认文件完整");
        Error::new(Text::new(format!("no JSON: {cause}"), format!("不是 JSON：{cause}")), help).in_input(name)
    })?;
    let rows: Option<Vec<Value>> =
        value.as_array().map(|rows| rows.iter().filter_map(|row| record(row.get("cells")?.as_array()?)).collect());
    let canonical = match rows {
        Some(rows) if !rows.is_empty() => json!({ "sdks": rows }).to_string(),
        _ => text.to_owned(),
    };
    let declaration = declared::read(name, canonical.as_bytes(), set)
        .map_err(|error| Error::new(Text::same(&error), Text::default()).in_input(name))?;
    let one = |record: &declared::DeclaredSdk| {
        let sdk = record.resolved.sdk.as_deref().and_then(|id| set.get(id));
        Measured::new(&record.title(), sdk.map(|sdk| (sdk.id.as_str(), By::Record)), None)
    };
    Ok(declaration.records.iter().map(one).collect())
}

/// A row of a disclosure table as a canonical record: the first cell is the name, the second the packages, the third the purpose.
fn record(cells: &[Value]) -> Option<Value> {
    let cells: Vec<&str> = cells.iter().map(|cell| cell.as_str().unwrap_or_default().trim()).collect();
    let (name, packages) = (cells.first()?, cells.get(1).unwrap_or(&""));
    let packages: Vec<&str> = packages
        .split(|c: char| c.is_whitespace() || "、,，;；".contains(c))
        .filter(|part| part.contains('.'))
        .collect();
    let links: Vec<&str> = cells.iter().copied().filter(|cell| cell.starts_with("http")).collect();
    Some(json!({ "name": name, "packages": packages, "purpose": cells.get(2), "links": links }))
}

/// A package, class, library, SDK id or name; `#` begins a comment.
fn of_line(set: &SignatureSet, line: &str) -> Option<Measured> {
    let entry = line.trim_start_matches('\u{feff}').trim();
    if entry.is_empty() || entry.starts_with('#') {
        return None;
    }
    let is_library = entry.ends_with(".so");
    let is_dotted = entry.contains('.') && !entry.contains(char::is_whitespace);
    let prefix = entry.trim_end_matches(['*', '.']);
    let found = set
        .get(entry)
        .map(|sdk| (sdk.id.as_str(), By::Name))
        .or_else(|| is_library.then(|| known::meaning(set, &Meaning::Library(entry.to_owned())))?)
        .or_else(|| is_dotted.then(|| known::meaning(set, &Meaning::Component(prefix.to_owned())))?)
        .or_else(|| by_name(set, entry));
    Some(Measured::new(entry, found, None))
}

fn by_name<'s>(set: &'s SignatureSet, name: &str) -> Option<(&'s str, By)> {
    set.by_name(name).map(|(sdk, _)| (sdk.id.as_str(), By::Name))
}

fn not_utf8(name: &str) -> Error {
    Error::new(
        Text::new("it is not UTF-8", "不是 UTF-8 编码"),
        Text::new("save the list as UTF-8", "请将名单另存为 UTF-8"),
    )
    .in_input(name)
}

fn nothing(name: &str) -> Error {
    Error::new(
        Text::new("the list holds no entry", "名单中没有条目"),
        Text::new(
            "give Exodus' trackers, LibChecker's rules, an extracted list, or one name or package a line",
            "请提供 Exodus 跟踪器名单、LibChecker 规则、提取出的清单，或每行一个名称或包名的文本",
        ),
    )
    .in_input(name)
}
