//! References as text: the sites under a finding, and the matrix of `inspect --references`.

use super::super::AppReport;
use super::super::layout::{pad, plain, width};
use super::super::screen::Detail;
use super::{Screen, wrap};
use crate::audit::{Finding, Rule};
use crate::detect::{Site, TypeReferences};
use crate::lang::Lang;
use crate::platform::apis::Strength;
use crate::platform::data_types;
use std::collections::BTreeMap;
use std::fmt::Write;

/// Sites shown per data type; JSON has them all.
const SHOWN: usize = 3;
/// Columns of the matrix that are taken by the data type's id.
const TYPE: usize = 22;
/// Width of a column of the matrix.
const CELL: usize = 7;

/// Where a finding's code references what it speaks of: label and line by line.
pub fn sites(finding: &Finding, screen: &Screen) -> Vec<(String, String)> {
    // An SDK that nobody declared has one line of references, until the reader wants to know all.
    if finding.references.is_empty() || (finding.rule == Rule::UndeclaredSdk && screen.detail < Detail::Verbose) {
        return Vec::new();
    }
    let mut types: BTreeMap<&str, Vec<&Site>> = BTreeMap::new();
    for one in &finding.references {
        types.entry(one.data_type).or_default().extend(&one.sites);
    }
    let single = types.len() == 1;
    let mut rows = Vec::new();
    for (id, sites) in types {
        let shown = if screen.detail == Detail::Verbose { sites.len() } else { SHOWN.min(sites.len()) };
        let lead = if single { String::new() } else { format!("{}  ", data_types::label(id).get(screen.lang)) };
        rows.extend(sites[..shown].iter().map(|site| format!("{lead}{}", site_line(site, screen))));
        if shown < sites.len() {
            let rest = sites.len() - shown;
            rows.push(screen.lang.pick(format!("{lead}and {rest} more (-v)"), format!("{lead}另有 {rest} 处（-v）")));
        }
    }
    let label = screen.lang.pick("code", "代码");
    let label = |number: usize| if number == 0 { label.to_owned() } else { String::new() };
    rows.into_iter().enumerate().map(|(number, row)| (label(number), row)).collect()
}

/// `com.acme.b.a.c() → TelephonyManager.getImei   classes2.dex`.
fn site_line(site: &Site, screen: &Screen) -> String {
    let (arrow, by) = if screen.unicode { ("→", "×") } else { ("->", "x") };
    let times = if site.count > 1 { format!(" {by}{}", site.count) } else { String::new() };
    // Of a class file only the class is known.
    let method = if site.method.is_empty() { String::new() } else { format!(".{}()", site.method) };
    plain(&format!("{}{method} {arrow} {}{times}  {}", site.class, site.api.short_title(), site.entry))
}

/// Data types by body of code: SDKs, the app's own code, wrappers, unidentified code.
pub fn matrix(out: &mut String, report: &AppReport<'_>, screen: &Screen) {
    let bodies: Vec<(&str, Vec<&TypeReferences>)> = report
        .inventory
        .bodies()
        .map(|(name, all)| (name, shown(all, screen)))
        .filter(|(_, all)| !all.is_empty())
        .collect();
    super::inventory::title(out, "References", "引用", bodies.len(), screen);
    let legend = match screen.lang {
        Lang::En => {
            "count of references; (n) weak, reflective or own process only; x: blocked in this build; -v shows weak types"
        }
        Lang::Zh => "数字为引用次数；(n) 仅有弱引用、反射或自身进程；x：在此构建中受阻；-v 显示弱类型",
    };
    if bodies.is_empty() {
        out.push('\n');
        return;
    }
    let _ = writeln!(out, "{}", screen.dim(&wrap(&format!("  {legend}"), screen.width, 2)));
    let columns = (screen.width.saturating_sub(TYPE) / CELL).max(1);
    for block in bodies.chunks(columns) {
        for (number, (name, _)) in block.iter().enumerate() {
            let _ = writeln!(out, "  {}  {}", letter(number), plain(name));
        }
        let head: String = (0..block.len()).map(|number| format!("{:>CELL$}", letter(number))).collect();
        let _ = writeln!(out, "{}{head}", " ".repeat(TYPE));
        let mut types: Vec<&str> = block.iter().flat_map(|(_, all)| all.iter().map(|one| one.data_type)).collect();
        types.sort_unstable();
        types.dedup();
        for id in types {
            let cells: String = block.iter().map(|(_, all)| cell(all, id)).collect();
            let _ = writeln!(out, "{}{}", pad(&format!("  {id}"), TYPE), cells.trim_end());
        }
        out.push('\n');
    }
}

/// Weak types are many and say little.
fn shown<'r>(references: Vec<&'r TypeReferences>, screen: &Screen) -> Vec<&'r TypeReferences> {
    let strong_types: Vec<&str> =
        references.iter().filter(|one| one.strength != Strength::Weak).map(|one| one.data_type).collect();
    let is_shown = |one: &&TypeReferences| {
        screen.detail == Detail::Verbose || (strong_types.contains(&one.data_type) && !one.is_capability())
    };
    references.into_iter().filter(is_shown).collect()
}

fn cell(references: &[&TypeReferences], id: &str) -> String {
    let of_type = || references.iter().filter(|one| one.data_type == id);
    let firm = || of_type().filter(|one| one.strength.is_strong() || one.strength == Strength::Enable);
    let sum = |counts: &mut dyn Iterator<Item = u32>| counts.fold(0u32, u32::saturating_add);
    let (count, all) = (sum(&mut firm().map(|one| one.count)), sum(&mut of_type().map(|one| one.count)));
    let blocked = if count > 0 && firm().all(|one| one.block.is_some()) { "x" } else { "" };
    let text = match (count, all) {
        (0, 0) => String::new(),
        (0, all) => format!("({all})"),
        (count, _) => format!("{count}{blocked}"),
    };
    format!("{}{text}", " ".repeat(CELL.saturating_sub(width(&text))))
}

/// a, b, …, z, aa, ab, …
fn letter(number: usize) -> String {
    let low = char::from(b'a' + (number % 26) as u8);
    match number / 26 {
        0 => low.to_string(),
        high => format!("{}{low}", letter(high - 1)),
    }
}
