//! What `inspect` shows of one app: SDKs, permissions, unidentified code.

use super::super::AppReport;
use super::super::layout::{number, plain};
use super::{Screen, table};
use crate::detect::{Detection, Presence, Signal};
use crate::lang::Lang;
use crate::platform::permissions;
use std::fmt::Write;

/// Unidentified groups shown where not all are asked for.
const SHOWN: usize = 5;

/// Prints the inventory.
pub fn all(out: &mut String, report: &AppReport<'_>, unmatched: bool, screen: &Screen) {
    sdks(out, report, screen);
    requested(out, report, screen);
    super::signing::block(out, report, screen);
    unidentified(out, report, unmatched, screen);
    if unmatched {
        unidentified_libs(out, report, screen);
    }
}

/// A heading with a count.
pub fn title(out: &mut String, en: &str, zh: &str, count: usize, screen: &Screen) {
    let line = screen.lang.pick(format!("{en} ({count})"), format!("{zh}（{count}）"));
    let _ = writeln!(out, "{}", screen.bold(&line));
}

fn sdks(out: &mut String, report: &AppReport<'_>, screen: &Screen) {
    let present: Vec<&Detection<'_>> = report.inventory.present().collect();
    title(out, "SDKs", "SDK", present.len(), screen);
    if !present.is_empty() {
        let header = match screen.lang {
            Lang::En => ["SDK", "name", "version", "category", "evidence"],
            Lang::Zh => ["SDK", "名称", "版本", "类别", "证据"],
        };
        let row = |detection: &Detection<'_>| {
            let sdk = detection.sdk;
            let category = sdk.categories.first().map(|category| category.label()).unwrap_or_default();
            [
                sdk.id.clone(),
                screen.lang.pick(&sdk.name.en, &sdk.name.zh).clone(),
                plain(detection.version.as_deref().unwrap_or("")),
                screen.lang.pick(category.0, category.1).to_owned(),
                evidence(detection, screen.lang),
            ]
        };
        table::print(out, header, present.into_iter().map(row).collect(), screen);
    }
    only_bundled(out, report, screen);
    named(out, report, Presence::ReferencedOnly, ("Referenced only", "仅被引用"), screen);
    named(out, report, Presence::Unknown, ("Unknown, the code is hidden", "未知（代码不可见）"), screen);
    out.push('\n');
}

/// SDKs that are there and that nothing leads to, on one line.
fn only_bundled(out: &mut String, report: &AppReport<'_>, screen: &Screen) {
    let bundled = report.inventory.present().filter(|detection| detection.wired_in == Some(false));
    let ids: Vec<&str> = bundled.map(|detection| detection.sdk.id.as_str()).collect();
    if !ids.is_empty() {
        let line = match screen.lang {
            Lang::En => format!(
                "Only bundled (neither code outside the SDK nor the manifest names it; a call by name at run time would not show): {}",
                ids.join(", ")
            ),
            Lang::Zh => format!(
                "仅打包在内（SDK 之外的代码和清单文件均未提及它；运行时按名称的调用无法看出）：{}",
                ids.join("、")
            ),
        };
        let _ = writeln!(out, "{}", super::wrap(&line, screen.width, 2));
    }
}

/// SDKs of which something speaks and no code is there, on one line.
fn named(out: &mut String, report: &AppReport<'_>, presence: Presence, label: (&str, &str), screen: &Screen) {
    let such = report.inventory.detections.iter().filter(|detection| detection.presence == presence);
    let (open, close) = screen.lang.pick((" (", ")"), ("（", "）"));
    let name =
        |detection: &Detection<'_>| format!("{}{open}{}{close}", detection.sdk.id, evidence(detection, screen.lang));
    let names: Vec<String> = such.map(name).collect();
    if !names.is_empty() {
        let colon = screen.lang.pick(": ", "：");
        let line = format!("{}{colon}{}", screen.lang.pick(label.0, label.1), names.join(screen.lang.pick(", ", "、")));
        let _ = writeln!(out, "{}", super::wrap(&line, screen.width, 2));
    }
}

/// Sums by signal: `148 classes, 1 service`.
fn evidence(detection: &Detection<'_>, lang: Lang) -> String {
    let mut sums: Vec<(Signal, u64)> = Vec::new();
    for one in &detection.evidence {
        let count = if one.signal == Signal::Library { 1 } else { u64::from(one.count) };
        match sums.last_mut() {
            Some((signal, sum)) if *signal == one.signal => *sum += count,
            _ => sums.push((one.signal, count)),
        }
    }
    let part = |&(signal, sum): &(Signal, u64)| match lang {
        Lang::En => format!("{} {}", number(sum), if sum == 1 { noun(signal).0 } else { noun(signal).1 }),
        Lang::Zh => format!("{} 个{}", number(sum), super::signal_label(signal).zh),
    };
    sums.iter().map(part).collect::<Vec<_>>().join(lang.pick(", ", "，"))
}

/// Singular and plural of what a signal counts.
fn noun(signal: Signal) -> (&'static str, &'static str) {
    match signal {
        Signal::Classes => ("class", "classes"),
        Signal::Application => ("application class", "application classes"),
        Signal::Activity => ("activity", "activities"),
        Signal::Service => ("service", "services"),
        Signal::Receiver => ("receiver", "receivers"),
        Signal::Provider => ("provider", "providers"),
        Signal::Library => ("library", "libraries"),
        Signal::MetaData => ("meta-data", "meta-data"),
        Signal::Asset => ("file", "files"),
        Signal::Permission => ("permission", "permissions"),
        Signal::References => ("reference", "references"),
        Signal::Strings => ("string", "strings"),
    }
}

fn requested(out: &mut String, report: &AppReport<'_>, screen: &Screen) {
    let manifest = &report.app.manifest;
    title(out, "Requested permissions", "申请的权限", manifest.requested_permissions.len(), screen);
    if !manifest.requested_permissions.is_empty() {
        let header = match screen.lang {
            Lang::En => ["permission", "level", "condition"],
            Lang::Zh => ["权限", "级别", "条件"],
        };
        let mut rows = Vec::new();
        for request in &manifest.requested_permissions {
            let level = permissions::find(&request.name).map(|known| known.protection.label());
            let level = level.map_or(String::new(), |label| label.get(screen.lang).to_owned());
            let mut conditions = Vec::new();
            if request.sdk_23 {
                conditions.push(screen.lang.pick("from API 23", "自 API 23 起").to_owned());
            }
            if let Some(level) = request.max_sdk_version {
                conditions.push(screen.lang.pick(format!("up to API {level}"), format!("至 API {level}")));
            }
            rows.push([plain(&request.name), level, conditions.join(", ")]);
        }
        table::print(out, header, rows, screen);
    }
    for implied in &manifest.implied_permissions {
        let line = match screen.lang {
            Lang::En => format!("implied: {} ({})", implied.name, implied.reason),
            Lang::Zh => format!("隐含：{}（{}）", implied.name, implied.reason),
        };
        let _ = writeln!(out, "{}", super::wrap(&line, screen.width, 2));
    }
    out.push('\n');
}

fn unidentified(out: &mut String, report: &AppReport<'_>, all: bool, screen: &Screen) {
    let groups = &report.inventory.unidentified;
    if groups.is_empty() {
        return;
    }
    title(out, "Unidentified code", "未识别的代码", groups.len(), screen);
    let shown = if all { groups.len() } else { SHOWN.min(groups.len()) };
    for group in &groups[..shown] {
        let classes = number(group.classes.into());
        let line = match screen.lang {
            Lang::En => format!(
                "  {}.**  {classes} {}",
                plain(&group.prefix),
                if group.classes == 1 { "class" } else { "classes" }
            ),
            Lang::Zh => format!("  {}.**  {classes} 个类", plain(&group.prefix)),
        };
        let _ = writeln!(out, "{}", super::wrap(&line, screen.width, 4));
    }
    if shown < groups.len() {
        let rest = groups.len() - shown;
        let _ = writeln!(
            out,
            "  {}",
            screen.lang.pick(format!("and {rest} more (--unmatched)"), format!("另有 {rest} 组（--unmatched）"))
        );
    }
    out.push('\n');
}

fn unidentified_libs(out: &mut String, report: &AppReport<'_>, screen: &Screen) {
    let libraries = &report.inventory.unidentified_libs;
    if libraries.is_empty() {
        return;
    }
    title(out, "Unidentified native libraries", "未识别的动态库", libraries.len(), screen);
    for library in libraries {
        let line = format!("  {}  {}", plain(&library.file), plain(&library.abis.join(", ")));
        let _ = writeln!(out, "{}", super::wrap(&line, screen.width, 4));
    }
    out.push('\n');
}
