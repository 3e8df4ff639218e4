//! Text for people: findings first, evidence under each, the summary on the last line.

mod batch;
mod compare;
mod declared;
mod finding;
mod inventory;
mod lint;
mod references;
mod signing;
pub(super) mod table;

pub use batch::{batch, fetched};
pub use compare::comparison;
pub(super) use finding::terms;
pub use lint::lint;

use super::layout::{plain, width, wrap};
use super::screen::Detail;
use super::{AppReport, Counts, Report, Screen, Stamp};
use crate::app::Container;
use crate::audit::{DataStanding, Finding, Severity, Verdict};
use crate::declared::{Coverage, Declaration};
use crate::error::Error;
use crate::lang::{Lang, Text};
use crate::platform::data_types;
use std::fmt::Write;

/// The report of `audit`. `fail_on` is the severity from which the last line says "failed"; without one it gives
/// no verdict.
pub fn audit(report: &Report<'_>, fail_on: Option<Severity>, screen: &Screen) -> String {
    let mut out = String::new();
    if screen.detail > Detail::Quiet {
        for app in &report.apps {
            heading(&mut out, app, report, screen);
            finding::all(&mut out, &app.audit.findings, screen);
            declared_and_present(&mut out, app, report, screen);
            by_umbrella(&mut out, app, screen);
            coverage(&mut out, app, screen);
            out.push('\n');
        }
        stamp(&mut out, report, screen);
    }
    summary(&mut out, report, fail_on, screen);
    out
}

/// What `inspect` shows beside the inventory.
#[derive(Clone, Copy, Debug, Default)]
pub struct Extras {
    /// All code that no signature knows.
    pub unmatched: bool,
    /// The matrix of references.
    pub references: bool,
}

/// The report of `inspect`.
pub fn inspect(report: &Report<'_>, extras: Extras, screen: &Screen) -> String {
    let mut out = String::new();
    if screen.detail > Detail::Quiet {
        for app in &report.apps {
            heading(&mut out, app, report, screen);
            inventory::all(&mut out, app, extras.unmatched, screen);
            if extras.references {
                references::matrix(&mut out, app, screen);
            }
            finding::all(&mut out, &app.audit.findings, screen);
            coverage(&mut out, app, screen);
            out.push('\n');
        }
        stamp(&mut out, report, screen);
    }
    let (apps, errors) = (report.apps.len(), report.errors.len());
    if apps == 0 {
        only_errors(&mut out, errors, screen.lang);
        return out;
    }
    let sdks: usize = report.apps.iter().map(|app| app.inventory.present().count()).sum();
    let unread = report.counts().error;
    let failed = errors + unread > 0;
    let lang = screen.lang;
    let mut line = match lang {
        Lang::En => {
            format!("{}: {}, {}", verdict(failed, "inspected", lang), inputs(report, lang), count(sdks, "SDK", "SDKs"))
        }
        Lang::Zh => format!("{}：{}，{sdks} 个 SDK", verdict(failed, "已检查", lang), inputs(report, lang)),
    };
    line += &unreadable(errors, lang);
    if unread > 0 {
        line +=
            &lang.pick(format!(", {}", count(unread, "part", "parts") + " unread"), format!("，{unread} 处无法读取"));
    }
    let _ = writeln!(out, "{line}");
    out
}

/// `1 app`, `2 libraries`, or both.
fn inputs(report: &Report<'_>, lang: Lang) -> String {
    let libraries = report.apps.iter().filter(|one| one.app.container.is_library()).count();
    let apps = report.apps.len() - libraries;
    let (apps_text, libraries_text) = match lang {
        Lang::En => (count(apps, "app", "apps"), count(libraries, "library", "libraries")),
        Lang::Zh => (format!("{apps} 个应用"), format!("{libraries} 个库")),
    };
    match (apps, libraries) {
        (_, 0) => apps_text,
        (0, _) => libraries_text,
        _ => format!("{apps_text}{}{libraries_text}", lang.pick(", ", "，")),
    }
}

/// `error`, in its colour.
pub(super) fn error_label(screen: &Screen) -> String {
    screen.severity(Severity::Error, Severity::Error.label().get(screen.lang))
}

/// An error as it goes to standard error.
pub fn error(error: &Error, screen: &Screen) -> String {
    let label = error_label(screen);
    let colon = screen.lang.pick(": ", "：");
    let mut out = format!("{label}{colon}{}\n", plain(&error.headline(screen.lang)));
    if let Some(place) = error.place(screen.lang) {
        let _ = writeln!(out, "{}", wrap(&format!("  --> {}", plain(&place)), screen.width, 6));
    }
    for detail in &error.details {
        let _ = writeln!(out, "  - {}", plain(detail.get(screen.lang)));
    }
    let help = error.help.get(screen.lang);
    if !help.is_empty() {
        let _ = writeln!(out, "  {}{colon}{}", screen.lang.pick("help", "建议"), plain(help));
    }
    if screen.detail == Detail::Verbose {
        let mut cause = std::error::Error::source(error);
        while let Some(inner) = cause {
            let _ = writeln!(out, "  {}{colon}{}", screen.lang.pick("cause", "原因"), plain(&inner.to_string()));
            cause = inner.source();
        }
    }
    out
}

fn heading(out: &mut String, report: &AppReport<'_>, whole: &Report<'_>, screen: &Screen) {
    let (app, manifest) = (&report.app, &report.app.manifest);
    let kind = container_label(app.container);
    let kind = kind.get(screen.lang);
    let mut line = format!("{}   {kind}{}", plain(&app.source.path), plain(&manifest.application_id));
    if let Some(version) = &manifest.version_name {
        let _ = write!(line, " {}", plain(version));
    }
    if let Some(code) = manifest.version_code {
        let _ = write!(line, " ({code})");
    }
    let declared = whole.declaration.map(|declaration| {
        let (name, records) = (plain(&declaration.document), declaration.records.len());
        match screen.lang {
            Lang::En => format!("declared list: {name}, {}", count(records, "SDK", "SDKs")),
            Lang::Zh => format!("声明清单：{name}，{records} 个 SDK"),
        }
    });
    // Both on one line where they fit.
    let declared = declared.unwrap_or_default();
    let fits = width(&line) + 3 + width(&declared) <= screen.width;
    let gap = if declared.is_empty() {
        ""
    } else if fits {
        "   "
    } else {
        "\n  "
    };
    let wrapped =
        format!("{}{gap}{}", wrap(&line, screen.width, 2), wrap(&declared, screen.width.saturating_sub(2), 4));
    let _ = writeln!(out, "{}\n", screen.bold(&wrapped));
}

/// What kind of file it is, before the name that its manifest gives; empty for an APK.
fn container_label(container: Container) -> Text {
    let (en, zh) = match container {
        Container::Apk => ("", ""),
        Container::Splits => ("split APKs ", "拆分 APK "),
        Container::Xapk => ("XAPK ", "XAPK "),
        Container::Apks => ("APKS ", "APKS "),
        Container::Apkm => ("APKM ", "APKM "),
        Container::Zip => ("APKs in a zip ", "zip 中的 APK "),
        Container::Aab => ("Android App Bundle ", "Android App Bundle "),
        Container::Aar => ("Android library ", "安卓库 "),
        Container::Jar => ("Java library", "Java 库"),
        Container::Dex => ("dex file", "dex 文件"),
    };
    Text::new(en, zh)
}

/// Which records hold, so that a reader sees what was checked and agreed.
fn declared_and_present(out: &mut String, report: &AppReport<'_>, whole: &Report<'_>, screen: &Screen) {
    let Some(declaration) = whole.declaration else { return };
    let present = report.audit.records.iter().filter(|record| record.verdict == Verdict::Present);
    let names: Vec<String> = present
        .map(|record| match &record.sdk {
            Some(id) => format!("{} ({id})", declaration.records[record.record].title()),
            None => declaration.records[record.record].title(),
        })
        .collect();
    if names.is_empty() {
        return;
    }
    let line = match screen.lang {
        Lang::En => format!("Declared and present ({}): {}", names.len(), names.join(", ")),
        Lang::Zh => format!("已声明且存在（{}）：{}", names.len(), names.join("、")),
    };
    let _ = writeln!(out, "{}", wrap(&plain(&line), screen.width, 2));
}

/// Types that code references and that no word of the record names: only a wider word covers them.
fn by_umbrella(out: &mut String, report: &AppReport<'_>, screen: &Screen) {
    for record in &report.audit.records {
        let is_weakly_covered = |one: &&DataStanding| {
            one.declared == Some(Coverage::Umbrella.id()) && one.referenced.is_some_and(|grade| grade != "weak")
        };
        let types: Vec<String> = record
            .data
            .iter()
            .filter(is_weakly_covered)
            .map(|one| data_types::label(one.data_type).get(screen.lang).to_owned())
            .collect();
        let Some(id) = record.sdk.as_deref().filter(|_| !types.is_empty()) else { continue };
        let line = match screen.lang {
            Lang::En => format!("Covered only by an umbrella word: {id}: {}", types.join(", ")),
            Lang::Zh => format!("仅由笼统词语涵盖：{id}：{}", types.join("、")),
        };
        let _ = writeln!(out, "{}", wrap(&plain(&line), screen.width, 2));
    }
}

fn coverage(out: &mut String, report: &AppReport<'_>, screen: &Screen) {
    let line = super::coverage::what_was_read(report, screen.lang);
    let _ = writeln!(out, "{}", wrap(&plain(&line), screen.width, 2));
}

fn stamp(out: &mut String, report: &Report<'_>, screen: &Screen) {
    if report.apps.is_empty() {
        return;
    }
    let first = report.apps.iter().flat_map(|app| &app.audit.findings).next();
    stamp_line(out, &report.stamp, first, screen);
}

/// Tool and data, and how to read more about the first rule.
fn stamp_line(out: &mut String, stamp: &Stamp, first: Option<&Finding>, screen: &Screen) {
    let line = stamp_of(stamp, screen.lang);
    let hint = first.map(|finding| finding.rule.id()).map(|rule| match screen.lang {
        Lang::En => format!("   explain a rule: sdkaudit explain {rule}"),
        Lang::Zh => format!("   查看规则说明：sdkaudit explain {rule}"),
    });
    let line = line + &hint.unwrap_or_default();
    let _ = writeln!(out, "{}", screen.dim(&wrap(&line, screen.width, 2)));
    if !stamp.settings.is_empty() {
        let files: Vec<String> = stamp.settings.iter().map(|file| plain(&file.path)).collect();
        let line = screen.lang.pick(format!("settings: {}", files.join(", ")), format!("设置：{}", files.join("、")));
        let _ = writeln!(out, "{}", screen.dim(&wrap(&line, screen.width, 2)));
    }
}

/// `sdkaudit 0.3.0, 912 signatures (9f2c41d0)`.
pub(super) fn stamp_of(stamp: &Stamp, lang: Lang) -> String {
    let digest = stamp.digest.get(..8).unwrap_or_default();
    let version = env!("CARGO_PKG_VERSION");
    match lang {
        Lang::En => format!("sdkaudit {version}, {} signatures ({digest})", stamp.signatures),
        Lang::Zh => format!("sdkaudit {version}，{} 条特征（{digest}）", stamp.signatures),
    }
}

fn summary(out: &mut String, report: &Report<'_>, fail_on: Option<Severity>, screen: &Screen) {
    let (apps, errors, counts) = (report.apps.len(), report.errors.len(), report.counts());
    let failed = errors > 0 || fail_on.is_some_and(|severity| counts.at_least(severity) > 0);
    let lang = screen.lang;
    // With --exit-zero nothing passes or fails.
    let otherwise = if fail_on.is_some() { lang.pick("passed", "通过") } else { lang.pick("audited", "已审计") };
    if apps == 0 {
        return only_errors(out, errors, lang);
    }
    let line = match lang {
        Lang::En => {
            format!(
                "{}: {}{}",
                verdict(failed, otherwise, lang),
                count(apps, "app", "apps"),
                findings_phrase(counts, lang)
            )
        }
        Lang::Zh => format!("{}：{apps} 个应用{}", verdict(failed, otherwise, lang), findings_phrase(counts, lang)),
    };
    let _ = writeln!(out, "{line}{}", unreadable(errors, lang));
}

/// The last line where no input could be read.
fn only_errors(out: &mut String, errors: usize, lang: Lang) {
    let _ = match lang {
        Lang::En => writeln!(out, "failed: {}, {errors} unreadable", count(errors, "input", "inputs")),
        Lang::Zh => writeln!(out, "未通过：{errors} 个输入，{errors} 个无法读取"),
    };
}

fn verdict(failed: bool, passed: &'static str, lang: Lang) -> &'static str {
    if failed { lang.pick("failed", "未通过") } else { passed }
}

/// `, 3 errors, 1 warning, 1 note`, and how many are waived.
pub(super) fn findings_phrase(counts: Counts, lang: Lang) -> String {
    let waived = match (counts.waived, lang) {
        (0, _) => String::new(),
        (waived, Lang::En) => format!(", {waived} waived"),
        (waived, Lang::Zh) => format!("，已豁免 {waived} 个"),
    };
    let line = match lang {
        Lang::En => format!(
            ", {}, {}, {}",
            count(counts.error, "error", "errors"),
            count(counts.warning, "warning", "warnings"),
            count(counts.note, "note", "notes")
        ),
        Lang::Zh => format!("，{} 个错误，{} 个警告，{} 个提示", counts.error, counts.warning, counts.note),
    };
    line + &waived
}

fn unreadable(errors: usize, lang: Lang) -> String {
    match (errors, lang) {
        (0, _) => String::new(),
        (_, Lang::En) => format!(", {} unreadable", count(errors, "input", "inputs")),
        (_, Lang::Zh) => format!("，{errors} 个输入无法读取"),
    }
}

/// `1 app`, `2 apps`.
pub(super) fn count(number: usize, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}

/// Label of a signal for people.
pub(super) fn signal_label(signal: crate::detect::Signal) -> Text {
    use crate::detect::Signal;
    let (en, zh) = match signal {
        Signal::Classes => ("classes", "类"),
        Signal::Application => ("application", "应用类"),
        Signal::Activity => ("activity", "活动"),
        Signal::Service => ("service", "服务"),
        Signal::Receiver => ("receiver", "广播接收器"),
        Signal::Provider => ("provider", "内容提供者"),
        Signal::Library => ("library", "动态库"),
        Signal::MetaData => ("meta-data", "元数据"),
        Signal::Asset => ("file", "文件"),
        Signal::Permission => ("permission", "权限"),
        Signal::References => ("references", "引用"),
        Signal::Strings => ("strings", "字符串"),
    };
    Text::new(en, zh)
}

/// Label and value a line, for explanations; a value of several lines keeps them.
pub fn rows(rows: &[(&str, String)], screen: &Screen) -> String {
    let column = rows.iter().map(|(label, _)| super::layout::width(label)).max().unwrap_or(0) + 4;
    let mut out = String::new();
    for (label, value) in rows {
        if label.is_empty() {
            let _ = writeln!(out, "\n  {}", wrap(&plain(value), screen.width.saturating_sub(2), 2));
            continue;
        }
        for (number, line) in value.lines().enumerate() {
            let label = if number == 0 { label } else { "" };
            let line = format!("  {}{}", super::layout::pad(label, column - 2), plain(line));
            let _ = writeln!(out, "{}", wrap(&line, screen.width, column));
        }
    }
    out
}

/// The records of policies as tables.
pub fn declared(declarations: &[Declaration], screen: &Screen) -> String {
    let mut out = String::new();
    for declaration in declarations {
        declared::table_of(&mut out, declaration, screen);
    }
    out
}
