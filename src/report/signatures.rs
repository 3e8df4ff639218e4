//! What the `signatures` commands print.

use super::Screen;
use super::json::{SCHEMA_VERSION, to_text};
use super::layout::{plain, wrap};
use super::screen::Detail;
use super::text::{count, error_label, table};
use crate::lang::Lang;
use crate::signatures::check::path_of;
use crate::signatures::lists::Difference;
use crate::signatures::lists::convert::Converted;
use crate::signatures::lists::known::By;
use crate::signatures::{Problem, Sdk, SourceKind};
use serde::Serialize;
use serde_json::json;
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
        let mut table = table(screen, &header);
        for sdk in sdks {
            let category = sdk.categories.first().map(|category| category.label()).unwrap_or_default();
            table.add_row([
                sdk.id.clone(),
                plain(lang.pick(&sdk.name.en, &sdk.name.zh)),
                plain(lang.pick(&sdk.vendor.en, &sdk.vendor.zh)),
                lang.pick(category.0, category.1).to_owned(),
                lang.pick(if sdk.tracker { "yes" } else { "" }, if sdk.tracker { "是" } else { "" }).to_owned(),
                packages(sdk),
            ]);
        }
        let _ = writeln!(out, "{table}");
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

fn sources(out: &mut String, sdks: &[Sdk], screen: &Screen) {
    for (kind, ids) in by_source(sdks) {
        let _ = writeln!(out, "{}", screen.bold(&format!("{} ({})", kind.id(), ids.len())));
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
    })
}
/// One entry of another list.
pub struct Measured {
    /// Its name there.
    pub entry: String,
    /// The SDK it means and how that was seen.
    pub found: Option<(String, By)>,
    /// Which part of the list it belongs to.
    pub group: Option<Group>,
}

impl Measured {
    /// An entry and what it resolves to.
    pub fn new(entry: &str, found: Option<(&str, By)>, group: Option<Group>) -> Measured {
        Measured { entry: entry.to_owned(), found: found.map(|(id, by)| (id.to_owned(), by)), group }
    }
}

/// A part of a rule list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Group {
    /// Labels with a rule about components or packages.
    Code,
    /// Labels that only native libraries stand for.
    NativeOnly,
}

impl Group {
    fn id(self) -> &'static str {
        match self {
            Group::Code => "component-or-dex",
            Group::NativeOnly => "native-only",
        }
    }
}

/// How much of another list is known.
pub struct Coverage {
    entries: Vec<Measured>,
}

/// Entries and how many of them are known.
#[derive(Clone, Copy, Default)]
struct Share {
    entries: usize,
    known: usize,
}

impl Share {
    /// From 0 to 1, four digits.
    fn value(self) -> f64 {
        if self.entries == 0 { 0.0 } else { (self.known as f64 / self.entries as f64 * 10_000.0).round() / 10_000.0 }
    }

    fn text(self) -> String {
        format!("{}/{}, {:.1} %", self.known, self.entries, self.value() * 100.0)
    }
}

impl Coverage {
    /// In the order of the list.
    pub fn of(entries: Vec<Measured>) -> Coverage {
        Coverage { entries }
    }

    fn share(&self, group: Option<Group>) -> Share {
        let of_group = self.entries.iter().filter(|one| group.is_none() || one.group == group);
        of_group.fold(Share::default(), |share, one| Share {
            entries: share.entries + 1,
            known: share.known + usize::from(one.found.is_some()),
        })
    }

    fn groups(&self) -> Vec<(Group, Share)> {
        let mut groups: Vec<Group> = self.entries.iter().filter_map(|one| one.group).collect();
        groups.sort_unstable();
        groups.dedup();
        groups.into_iter().map(|group| (group, self.share(Some(group)))).collect()
    }
}

/// The share as text: what is not known, the groups, the whole on the last line.
pub fn coverage(coverage: &Coverage, screen: &Screen) -> String {
    let lang = screen.lang;
    let mut out = String::new();
    if screen.detail == Detail::Verbose {
        for one in &coverage.entries {
            if let Some((id, by)) = &one.found {
                let _ = writeln!(out, "{}  {id} ({})", plain(&one.entry), by.id());
            }
        }
    }
    let unknown: Vec<&Measured> = coverage.entries.iter().filter(|one| one.found.is_none()).collect();
    if !unknown.is_empty() && screen.detail > Detail::Quiet {
        let title = lang.pick(format!("Unknown ({})", unknown.len()), format!("未收录（{}）", unknown.len()));
        let _ = writeln!(out, "{}", screen.bold(&title));
        for one in unknown {
            let _ = writeln!(out, "  {}", plain(&one.entry));
        }
        out.push('\n');
    }
    for (group, share) in coverage.groups() {
        let _ = writeln!(out, "{}: {}", group.id(), share.text());
    }
    let all = coverage.share(None).text();
    let _ = writeln!(out, "{}", lang.pick(format!("known: {all}"), format!("已收录：{all}")));
    out
}

/// The share as JSON.
pub fn coverage_json(coverage: &Coverage) -> String {
    let groups: Vec<_> = coverage
        .groups()
        .into_iter()
        .map(|(group, share)| {
            json!({ "group": group.id(), "entries": share.entries, "resolved": share.known, "share": share.value() })
        })
        .collect();
    let resolved: Vec<_> = coverage
        .entries
        .iter()
        .filter_map(|one| one.found.as_ref().map(|(id, by)| json!({ "entry": one.entry, "id": id, "by": by.id() })))
        .collect();
    let unresolved: Vec<&str> =
        coverage.entries.iter().filter(|one| one.found.is_none()).map(|one| one.entry.as_str()).collect();
    to_text(&json!({
        "schema_version": SCHEMA_VERSION,
        "entries": coverage.entries.len(),
        "share": coverage.share(None).value(),
        "groups": groups,
        "resolved": resolved,
        "unresolved": unresolved,
    }))
}

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
    line(lang.pick(
        "left to fill: name, vendor, categories, tracker, examples.miss, sources".to_owned(),
        "待填写：name、vendor、categories、tracker、examples.miss、sources".to_owned(),
    ));
    out
}

fn owned(names: &[String]) -> Vec<&str> {
    names.iter().map(String::as_str).collect()
}
