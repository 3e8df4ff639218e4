//! How much of an app was read, as sentences: every report says the same.

use super::AppReport;
use super::layout::number;
use super::text::count;
use crate::app::{Container, Part};
use crate::detect::{NestedApp, Presence};
use crate::lang::Lang;

/// Parts that are named; of more, the number is told.
const SHOWN: usize = 8;

/// How much of an app was read, from which parts, and what of its code nobody knows.
pub fn what_was_read(report: &AppReport<'_>, lang: Lang) -> String {
    let (app, inventory) = (&report.app, &report.inventory);
    let classes = &app.classes;
    let share = |part: u32| (u64::from(part) * 100).checked_div(u64::from(classes.defined)).unwrap_or(0);
    let (read, total, of) = match app.container {
        Container::Aar | Container::Jar => (classes.jar_read, classes.jar_total, "JAR"),
        _ => (classes.dex_read, classes.dex_total, "dex"),
    };
    let (groups, libraries) = (inventory.unidentified.len(), app.library_count());
    let mut line = match lang {
        Lang::En => format!(
            "Read {read}/{total} {of} ({} classes, {}% short names), {}. {} unidentified{}.",
            number(classes.defined.into()),
            share(classes.short_names),
            count(libraries, "library", "libraries"),
            count(groups, "package group", "package groups"),
            if groups > 0 { " (sdkaudit inspect --unmatched)" } else { "" },
        ),
        Lang::Zh => format!(
            "已读取 {read}/{total} 个 {of}（{} 个类，短名占 {}%）、{libraries} 个动态库。{groups} 组代码未识别{}。",
            number(classes.defined.into()),
            share(classes.short_names),
            if groups > 0 { "（sdkaudit inspect --unmatched）" } else { "" },
        ),
    };
    line += &hidden(report, lang);
    line += &beyond(report, lang);
    line += &nested(report, lang);
    line += &parts(&app.parts, lang);
    line
}

/// What was read and may not be all: code that comes at run time, names that are gone, what cannot be opened.
fn beyond(report: &AppReport<'_>, lang: Lang) -> String {
    let (app, inventory) = (&report.app, &report.inventory);
    let mut line = String::new();
    let loading: Vec<String> = inventory.dynamic_loading().into_iter().map(|one| one.code).collect();
    if !loading.is_empty() {
        let by = some(&loading, lang);
        line += &lang.pick(
            format!(" Code may be loaded at run time (class loaders are referenced in {by})."),
            format!("代码可能在运行时动态加载（{by} 引用了类加载器）。"),
        );
    }
    if app.classes.is_heavily_obfuscated() {
        line += lang.pick(
            " Most class names are short: names of SDKs may be gone.",
            "大部分类名为短名：SDK 的名称可能已被混淆。",
        );
    }
    let elsewhere = &app.classes.dex_elsewhere;
    if !elsewhere.is_empty() {
        let (count, names) = (elsewhere.len(), some(elsewhere, lang));
        line += &lang.pick(
            format!(" Dex files that Android does not load by itself ({count}): {names}."),
            format!("安卓不会自行加载的 dex 文件（{count}）：{names}。"),
        );
    }
    let sealed: Vec<String> = app.sealed.iter().map(|one| format!("{} {}", one.entry, one.reason.get(lang))).collect();
    if !sealed.is_empty() {
        let names = some(&sealed, lang);
        line += &lang.pick(format!(" Not looked into: {names}."), format!("未能查看：{names}。"));
    }
    line
}

/// ` Apps inside, of which nothing counts here (1): assets/plugin.apk (dev.plugin, 1 SDK: acme.metrics).`
fn nested(report: &AppReport<'_>, lang: Lang) -> String {
    let name = |one: &NestedApp<'_>| {
        let present = one.detections.iter().filter(|found| found.presence == Presence::Present);
        let ids: Vec<String> = present.map(|found| found.sdk.id.clone()).collect();
        let (path, id, sdks, names) = (&one.path, &one.application_id, ids.len(), some(&ids, lang));
        match (sdks, lang) {
            (0, Lang::En) => format!("{path} ({id}, no SDK)"),
            (0, Lang::Zh) => format!("{path}（{id}，无 SDK）"),
            (_, Lang::En) => format!("{path} ({id}, {}: {names})", count(sdks, "SDK", "SDKs")),
            (_, Lang::Zh) => format!("{path}（{id}，{sdks} 个 SDK：{names}）"),
        }
    };
    let names: Vec<String> = report.inventory.nested.iter().map(name).collect();
    if names.is_empty() {
        return String::new();
    }
    let (number, names) = (names.len(), some(&names, lang));
    lang.pick(
        format!(" Apps inside, of which nothing counts here ({number}): {names}."),
        format!("内含的应用（{number}，均未计入）：{names}。"),
    )
}

fn hidden(report: &AppReport<'_>, lang: Lang) -> String {
    let hidden = report.inventory.hidden_code.join(", ");
    match lang {
        _ if hidden.is_empty() => String::new(),
        Lang::En => format!(" Code is hidden or unreadable ({hidden}): what it holds is unknown."),
        Lang::Zh => format!("部分代码已加固或无法读取（{hidden}）：其内容未知。"),
    }
}

/// ` Parts: base.apk, config.zh.apk. Not read: main.1.obb (expansion data).`
fn parts(parts: &[Part], lang: Lang) -> String {
    let mut line = String::new();
    let read: Vec<String> = parts.iter().filter(|part| part.unread.is_none()).map(|part| part.name.clone()).collect();
    if !read.is_empty() {
        let names = some(&read, lang);
        line +=
            &lang.pick(format!(" Parts ({}): {names}.", read.len()), format!("组成部分（{}）：{names}。", read.len()));
    }
    let why = |part: &Part| Some(format!("{} {}", part.name, part.unread.as_ref()?.get(lang)));
    let unread: Vec<String> = parts.iter().filter_map(why).collect();
    if !unread.is_empty() {
        let names = some(&unread, lang);
        line += &lang.pick(format!(" Beside them: {names}."), format!("此外：{names}。"));
    }
    line
}

fn some(names: &[String], lang: Lang) -> String {
    let shown = names[..SHOWN.min(names.len())].join(lang.pick(", ", "、"));
    match (names.len().saturating_sub(SHOWN), lang) {
        (0, _) => shown,
        (rest, Lang::En) => format!("{shown} and {rest} more"),
        (rest, Lang::Zh) => format!("{shown} 等另外 {rest} 个"),
    }
}
