//! What was written: an imported list, a new signature.

use super::super::Screen;
use super::super::json::{SCHEMA_VERSION, to_text};
use super::super::layout::{plain, wrap};
use super::super::screen::Detail;
use super::super::text::count;
use crate::lang::Lang;
use crate::signatures::Sdk;
use crate::signatures::check::path_of;
use crate::signatures::lists::Difference;
use crate::signatures::lists::convert::Converted;
use serde_json::json;
use std::fmt::Write;
use std::path::Path;

/// What an import did.
pub struct Imported<'a> {
    /// The folder written to.
    pub folder: &'a Path,
    /// Entries of the list.
    pub entries: usize,
    /// What came of them.
    pub converted: &'a Converted,
}

/// The result of an import as text: what was left out and why; the summary last.
pub fn imported(imported: &Imported<'_>, screen: &Screen) -> String {
    let lang = screen.lang;
    let converted = imported.converted;
    let mut out = String::new();
    let mut line = |line: String| _ = writeln!(out, "{}", wrap(&plain(&line), screen.width, 2));
    for one in &converted.skipped {
        let what = one.clue.as_ref().map(|clue| format!(" ({clue})")).unwrap_or_default();
        let reason = one.reason.get(lang);
        line(
            lang.pick(
                format!("skipped: {}{what}: {reason}", one.entry),
                format!("跳过：{}{what}：{reason}", one.entry),
            ),
        );
    }
    if screen.detail == Detail::Verbose {
        for (entry, id) in &converted.known {
            line(lang.pick(format!("known: {entry} is {id}"), format!("已收录：{entry} 即 {id}")));
        }
        for (entry, rule, difference) in &converted.different {
            let word = match difference {
                Difference::Narrower => lang.pick("narrower", "范围更窄"),
                Difference::Wider => lang.pick("wider", "范围更宽"),
            };
            line(lang.pick(format!("{word}: {entry} ({rule})"), format!("{word}：{entry}（{rule}）")));
        }
    }
    let number = |kind| converted.different.iter().filter(|(_, _, difference)| *difference == kind).count();
    let (narrower, wider) = (number(Difference::Narrower), number(Difference::Wider));
    if narrower > 0 {
        line(match lang {
            Lang::En => format!(
                "{} narrower than in the list, whose expression goes on within a word (com.acme finds com.acmeworks); -v lists them",
                count(narrower, "prefix is", "prefixes are")
            ),
            Lang::Zh => format!(
                "{narrower} 个前缀比原名单更窄：原表达式在词中继续匹配（com.acme 会命中 com.acmeworks）；-v 列出"
            ),
        });
    }
    if wider > 0 {
        line(match lang {
            Lang::En => format!(
                "{} wider than in the list: the packages below count too; -v lists them",
                count(wider, "prefix is", "prefixes are")
            ),
            Lang::Zh => format!("{wider} 个前缀比原名单更宽：其下各级包一并计入；-v 列出"),
        });
    }
    let folder = imported.folder.display();
    let (entries, written) = (imported.entries, converted.sdks.len());
    let (known, skipped) = (converted.known.len(), imported.skipped_entries());
    line(match lang {
        Lang::En => format!(
            "imported: {} into {folder}, {known} left out as known, {} skipped, of {}",
            count(written, "signature", "signatures"),
            count(skipped, "entry", "entries"),
            count(entries, "entry", "entries")
        ),
        Lang::Zh => {
            format!(
                "已导入：共 {entries} 条，写入 {written} 个特征到 {folder}，{known} 条已收录而略去，{skipped} 条跳过"
            )
        }
    });
    out
}

impl Imported<'_> {
    /// Entries of which nothing was written.
    fn skipped_entries(&self) -> usize {
        self.entries - self.converted.sdks.len() - self.converted.known.len()
    }
}

/// The result of an import as JSON.
pub fn imported_json(imported: &Imported<'_>, lang: Lang) -> String {
    let converted = imported.converted;
    let written: Vec<_> = converted
        .sdks
        .iter()
        .map(|sdk| json!({ "id": sdk.id, "name": sdk.name.en, "path": path_of(&sdk.id) }))
        .collect();
    let skipped: Vec<_> = converted
        .skipped
        .iter()
        .map(|one| json!({ "entry": one.entry, "clue": one.clue, "reason": one.reason.get(lang) }))
        .collect();
    let known: Vec<_> = converted.known.iter().map(|(entry, id)| json!({ "entry": entry, "id": id })).collect();
    let different = |kind: Difference| -> Vec<_> {
        let of_kind = converted.different.iter().filter(|(_, _, difference)| *difference == kind);
        of_kind.map(|(entry, rule, _)| json!({ "entry": entry, "clue": rule })).collect()
    };
    to_text(&json!({
        "schema_version": SCHEMA_VERSION,
        "entries": imported.entries,
        "written": written,
        "skipped": skipped,
        "known": known,
        "narrower": different(Difference::Narrower),
        "wider": different(Difference::Wider),
    }))
}

/// What an app showed below a package.
pub struct Seen<'a> {
    /// The package.
    pub package: &'a str,
    /// Class definitions below it.
    pub classes: u32,
    /// The same by package.
    pub packages: Vec<(&'a str, u32)>,
    /// Components below it.
    pub components: Vec<&'a str>,
    /// Libraries taken into the draft because of their name alone.
    pub guessed_libs: Vec<String>,
    /// Other libraries that no signature knows.
    pub other_libs: Vec<&'a str>,
    /// The SDK that covers the package already.
    pub known: Option<&'a Sdk>,
    /// Fields left for a person to fill.
    pub empty: Vec<&'static str>,
}

/// What a person should know about a new signature: what was seen and what is left to fill.
pub fn seen(seen: &Seen<'_>, path: Option<&Path>, screen: &Screen) -> String {
    let lang = screen.lang;
    let mut out = String::new();
    let mut line = |line: String| _ = writeln!(out, "{}", wrap(&plain(&line), screen.width, 4));
    if let Some(path) = path {
        let path = path.display();
        line(lang.pick(format!("wrote {path}"), format!("已写入 {path}")));
    }
    if let Some(known) = seen.known {
        let (package, id) = (seen.package, &known.id);
        line(lang.pick(
            format!("note: {package} is covered by {id} already; a longer prefix, or the same id, would be right"),
            format!("提示：{package} 已由 {id} 覆盖；请使用更长的前缀，或同一标识"),
        ));
    }
    let total = seen.classes as usize;
    line(lang.pick(
        format!("seen below {}: {}", seen.package, count(total, "class", "classes")),
        format!("{} 之下：{total} 个类", seen.package),
    ));
    for (package, classes) in &seen.packages {
        line(format!("  {package}  {classes}"));
    }
    for (en, zh, names) in [
        ("components, covered by the prefix", "组件（已由前缀覆盖）", seen.components.clone()),
        (
            "libraries taken by their name alone; confirm them",
            "仅凭文件名列入的动态库，请核实",
            owned(&seen.guessed_libs),
        ),
        (
            "other libraries that no signature knows; add those of this SDK",
            "其他未识别的动态库，属于该 SDK 的请补充",
            seen.other_libs.clone(),
        ),
    ] {
        if !names.is_empty() {
            line(lang.pick(format!("{en}: {}", names.join(", ")), format!("{zh}：{}", names.join("、"))));
        }
    }
    let (en, zh) = (seen.empty.join(", "), seen.empty.join("、"));
    line(lang.pick(
        format!("left to fill: {en} (sdkaudit signatures check names them)"),
        format!("待填写：{zh}（sdkaudit signatures check 会逐项列出）"),
    ));
    out
}

fn owned(names: &[String]) -> Vec<&str> {
    names.iter().map(String::as_str).collect()
}
