//! What share of another list's entries is known.

use super::super::Screen;
use super::super::json::{SCHEMA_VERSION, to_text};
use super::super::layout::plain;
use super::super::screen::Detail;
use crate::signatures::lists::known::By;
use serde_json::json;
use std::fmt::Write;

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
    clues: Option<Share>,
}

/// Entries and how many of them are known.
#[derive(Clone, Copy, Default)]
pub struct Share {
    /// All.
    pub entries: usize,
    /// Those that are known.
    pub known: usize,
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
    /// In the order of the list. `clues` counts the single expressions and rules, where entries hold several.
    pub fn of(entries: Vec<Measured>, clues: Option<Share>) -> Coverage {
        Coverage { entries, clues }
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
    if let Some(clues) = coverage.clues.map(Share::text) {
        let _ = writeln!(out, "{}", lang.pick(format!("single rules: {clues}"), format!("单条规则：{clues}")));
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
        "clues": coverage.clues.map(|clues| {
            json!({ "entries": clues.entries, "resolved": clues.known, "share": clues.value() })
        }),
        "resolved": resolved,
        "unresolved": unresolved,
    }))
}
