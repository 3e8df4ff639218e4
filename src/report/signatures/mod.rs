//! What the `signatures` commands print.

mod coverage;
mod written;

pub use coverage::{Coverage, Group, Measured, Share, coverage, coverage_json};
pub use written::{Imported, Seen, imported, imported_json, seen};

use super::Screen;
use super::json::{SCHEMA_VERSION, to_text};
use super::layout::{plain, wrap};
use super::text::{count, error_label, table};
use crate::lang::Lang;
use crate::signatures::{Problem, Sdk, Source, SourceKind};
use serde::Serialize;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;

/// Signatures as a table.
pub fn list(sdks: &[&Sdk], total: usize, screen: &Screen) -> String {
    let lang = screen.lang;
    let mut out = String::new();
    if !sdks.is_empty() {
        let header = match lang {
            Lang::En => ["SDK", "name", "vendor", "category", "tracker", "packages"],
            Lang::Zh => ["SDK", "名称", "厂商", "类别", "跟踪", "包名"],
        };
        let row = |sdk: &&Sdk| {
            let category = sdk.categories.first().map(|category| category.label()).unwrap_or_default();
            [
                sdk.id.clone(),
                plain(lang.pick(&sdk.name.en, &sdk.name.zh)),
                plain(lang.pick(&sdk.vendor.en, &sdk.vendor.zh)),
                lang.pick(category.0, category.1).to_owned(),
                lang.pick(if sdk.tracker { "yes" } else { "" }, if sdk.tracker { "是" } else { "" }).to_owned(),
                packages(sdk),
            ]
        };
        table::print(&mut out, header, sdks.iter().map(row).collect(), screen);
    }
    let shown = sdks.len();
    let _ =
        writeln!(out, "{}", lang.pick(format!("{shown} of {total} signatures"), format!("{shown} / {total} 条特征")));
    out
}

/// The first packages; all of them stand on the SDK's own page.
fn packages(sdk: &Sdk) -> String {
    const SHOWN: usize = 3;
    let all = &sdk.detect.packages;
    let mut shown = all[..all.len().min(SHOWN)].join("\n");
    if all.len() > SHOWN {
        let _ = write!(shown, "\n(+{})", all.len() - SHOWN);
    }
    shown
}

/// Signatures as JSON, each as it stands in its file with every key present.
pub fn list_json(sdks: &[&Sdk]) -> String {
    #[derive(Serialize)]
    struct Signatures<'a> {
        schema_version: &'static str,
        signatures: &'a [&'a Sdk],
    }
    to_text(&Signatures { schema_version: SCHEMA_VERSION, signatures: sdks })
}

/// What a check found.
pub struct Checked<'a> {
    /// The folder.
    pub folder: &'a Path,
    /// Signature files in it.
    pub files: usize,
    /// Whether it was checked by itself, not as an addition to the built-in set.
    pub is_base: bool,
    /// The signatures that could be read.
    pub sdks: &'a [Sdk],
    /// What they take from the built-in set: (own id, what, id it belongs to there).
    pub replaced: Vec<(String, String, String)>,
    /// What is wrong.
    pub problems: &'a [Problem],
    /// Whether the sources are listed.
    pub sources: bool,
}

/// The result of a check as text: one problem a line, as compilers write them; the summary last.
pub fn checked(checked: &Checked<'_>, screen: &Screen) -> String {
    let lang = screen.lang;
    let mut out = problems(checked.folder, checked.problems, screen);
    for (own, what, owner) in &checked.replaced {
        let line = match (lang, own == owner) {
            (Lang::En, true) => format!("note: {own} replaces the built-in {own}"),
            (Lang::Zh, true) => format!("提示：{own} 将替换内置的 {own}"),
            (Lang::En, false) => format!("note: {own} takes '{what}' from the built-in {owner}"),
            (Lang::Zh, false) => format!("提示：{own} 取代内置的 {owner} 占用“{what}”"),
        };
        let _ = writeln!(out, "{}", wrap(&plain(&line), screen.width, 2));
    }
    if checked.sources {
        sources(&mut out, checked.sdks, screen);
    }
    let (files, wrong) = (checked.files, checked.problems.len());
    let line = match lang {
        Lang::En => {
            let verdict = if wrong > 0 { "failed" } else { "passed" };
            format!("{verdict}: {}, {}", count(files, "file", "files"), count(wrong, "problem", "problems"))
        }
        Lang::Zh => format!("{}：{files} 个文件，{wrong} 个问题", if wrong > 0 { "未通过" } else { "通过" }),
    };
    let _ = writeln!(out, "{line}");
    out
}

/// Problems that stop a command from using a folder.
pub fn broken(folder: &Path, found: &[Problem], screen: &Screen) -> String {
    let lines = problems(folder, found, screen);
    let summary = match screen.lang {
        Lang::En => {
            format!("the signatures in {} have {}", folder.display(), count(found.len(), "problem", "problems"))
        }
        Lang::Zh => format!("{} 中的特征有 {} 个问题", folder.display(), found.len()),
    };
    format!("{lines}{}{}{}\n", error_label(screen), screen.lang.pick(": ", "："), plain(&summary))
}

fn problems(folder: &Path, problems: &[Problem], screen: &Screen) -> String {
    let mut out = String::new();
    for problem in problems {
        let file = folder.join(&problem.path).display().to_string();
        let line = problem.line.map(|line| format!(":{line}")).unwrap_or_default();
        let message = plain(problem.message.get(screen.lang));
        let _ =
            writeln!(out, "{}{line}: {}{}{message}", plain(&file), error_label(screen), screen.lang.pick(": ", "："));
    }
    out
}

fn by_source(sdks: &[Sdk]) -> BTreeMap<SourceKind, Vec<&str>> {
    let mut kinds: BTreeMap<SourceKind, Vec<&str>> = SourceKind::ALL.iter().map(|kind| (*kind, Vec::new())).collect();
    for sdk in sdks {
        let mut own: Vec<SourceKind> = sdk.sources.iter().map(|source| source.kind).collect();
        own.sort_unstable();
        own.dedup();
        for kind in own {
            kinds.entry(kind).or_default().push(&sdk.id);
        }
    }
    kinds
}

/// The SDKs whose code no source of theirs shows.
fn second_hand(sdks: &[Sdk]) -> Vec<&str> {
    let only = |sdk: &&Sdk| !sdk.sources.is_empty() && sdk.sources.iter().all(Source::is_second_hand);
    sdks.iter().filter(only).map(|sdk| sdk.id.as_str()).collect()
}

fn sources(out: &mut String, sdks: &[Sdk], screen: &Screen) {
    let kinds = by_source(sdks).into_iter().map(|(kind, ids)| (kind.id(), ids));
    let last = (screen.lang.pick("second-hand only", "仅有二手来源"), second_hand(sdks));
    for (title, ids) in kinds.chain([last]) {
        let _ = writeln!(out, "{}", screen.bold(&format!("{title} ({})", ids.len())));
        if !ids.is_empty() {
            let _ = writeln!(out, "{}", wrap(&format!("  {}", ids.join(", ")), screen.width, 2));
        }
    }
    out.push('\n');
}

/// The result of a check as JSON.
pub fn checked_json(checked: &Checked<'_>, lang: Lang) -> String {
    #[derive(Serialize)]
    struct Shape<'a> {
        schema_version: &'static str,
        files: usize,
        whole_base: bool,
        problems: Vec<ProblemJson<'a>>,
        replaces: Vec<Replaces<'a>>,
        sources: Vec<SourceJson<'a>>,
        second_hand: Vec<&'a str>,
    }
    #[derive(Serialize)]
    struct ProblemJson<'a> {
        path: &'a str,
        line: Option<usize>,
        message: &'a str,
    }
    #[derive(Serialize)]
    struct Replaces<'a> {
        id: &'a str,
        what: &'a str,
        of: &'a str,
    }
    #[derive(Serialize)]
    struct SourceJson<'a> {
        kind: &'static str,
        entries: Vec<&'a str>,
    }
    to_text(&Shape {
        schema_version: SCHEMA_VERSION,
        files: checked.files,
        whole_base: checked.is_base,
        problems: checked
            .problems
            .iter()
            .map(|one| ProblemJson { path: &one.path, line: one.line, message: one.message.get(lang) })
            .collect(),
        replaces: checked.replaced.iter().map(|(id, what, of)| Replaces { id, what, of }).collect(),
        sources: by_source(checked.sdks)
            .into_iter()
            .map(|(kind, entries)| SourceJson { kind: kind.id(), entries })
            .collect(),
        second_hand: second_hand(checked.sdks),
    })
}
