//! What `inspect` shows of one app: SDKs, permissions, unidentified code.

use super::super::AppReport;
use super::super::layout::{number, plain};
use super::Screen;
use crate::detect::{Detection, Presence, Signal};
use crate::lang::Lang;
use crate::platform::permissions;
use comfy_table::{ContentArrangement, Table, presets};
use std::fmt::Write;

/// Unidentified groups shown where not all are asked for.
const SHOWN: usize = 5;

/// Prints the inventory.
pub fn all(out: &mut String, report: &AppReport<'_>, unmatched: bool, screen: &Screen) {
    sdks(out, report, screen);
    requested(out, report, screen);
    unidentified(out, report, unmatched, screen);
}

/// A table in the screen's style.
pub fn table(screen: &Screen, header: &[&str]) -> Table {
    let mut table = Table::new();
    table
        .load_style(if screen.unicode { presets::UTF8_FULL_CONDENSED } else { presets::ASCII_FULL_CONDENSED })
        .set_content_arrangement(ContentArrangement::Dynamic)
        .set_width(u16::try_from(screen.width).unwrap_or(u16::MAX))
        .set_header(header);
    table
}

/// A heading with a count.
pub fn title(out: &mut String, en: &str, zh: &str, count: usize, screen: &Screen) {
    let line = screen.lang.pick(format!("{en} ({count})"), format!("{zh}（{count}）"));
    let _ = writeln!(out, "{}", screen.bold(&line));
}

fn sdks(out: &mut String, report: &AppReport<'_>, screen: &Screen) {
    let detections = &report.inventory.detections;
    title(out, "SDKs", "SDK", detections.len(), screen);
    if detections.is_empty() {
        out.push('\n');
        return;
    }
    let header = match screen.lang {
        Lang::En => ["SDK", "name", "version", "category", "presence", "evidence"],
        Lang::Zh => ["SDK", "名称", "版本", "类别", "状态", "证据"],
    };
    let mut table = table(screen, &header);
    for detection in detections {
        let sdk = detection.sdk;
        let name = screen.lang.pick(&sdk.name.en, &sdk.name.zh);
        let category = sdk.categories.first().map(|category| category.label()).unwrap_or_default();
        table.add_row([
            sdk.id.clone(),
            name.clone(),
            plain(detection.version.as_deref().unwrap_or("")),
            screen.lang.pick(category.0, category.1).to_owned(),
            presence(detection.presence, screen.lang).to_owned(),
            evidence(detection, screen.lang),
        ]);
    }
    let _ = writeln!(out, "{table}\n");
}

fn presence(presence: Presence, lang: Lang) -> &'static str {
    match presence {
        Presence::Present => lang.pick("present", "存在"),
        Presence::ReferencedOnly => lang.pick("referenced only", "仅被引用"),
        Presence::Unknown => lang.pick("unknown", "未知"),
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
    let part = |(signal, sum): &(Signal, u64)| format!("{} {}", number(*sum), super::signal_label(*signal).get(lang));
    sums.iter().map(part).collect::<Vec<_>>().join(lang.pick(", ", "，"))
}

fn requested(out: &mut String, report: &AppReport<'_>, screen: &Screen) {
    let manifest = &report.app.manifest;
    title(out, "Requested permissions", "申请的权限", manifest.requested_permissions.len(), screen);
    if !manifest.requested_permissions.is_empty() {
        let header = match screen.lang {
            Lang::En => ["permission", "level", "condition"],
            Lang::Zh => ["权限", "级别", "条件"],
        };
        let mut table = table(screen, &header);
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
            table.add_row([plain(&request.name), level, conditions.join(", ")]);
        }
        let _ = writeln!(out, "{table}");
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
