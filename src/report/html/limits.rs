//! What was read and what was not, what a result means, and what made the report.

use super::words::{code, foreign, t, text};
use crate::lang::Lang;
use crate::report::coverage::what_was_read;
use crate::report::layout::number;
use crate::report::{AppReport, Stamp};
use maud::{Markup, html};

/// Groups of unidentified code that stand in the open.
const SHOWN: usize = 30;

/// Coverage, gaps and unidentified code of an app.
pub fn section(report: &AppReport<'_>) -> Markup {
    let (app, inventory) = (&report.app, &report.inventory);
    html! {
        section.limits {
            h3 { (t("Coverage and limits", "覆盖范围与局限")) }
            p { (t(what_was_read(report, Lang::En), what_was_read(report, Lang::Zh))) }
            @if !app.gaps.is_empty() {
                ul { @for gap in &app.gaps { li { (code(&gap.entry)) " " (text(&gap.reason)) } } }
            }
            p { (t(
                "Present means that code, a component or a library of the SDK is in the app; it does not mean that it runs. What only other code names is listed apart. \
                 Nothing is said about code that could not be read, that is loaded at run time, or that runs on a server.",
                "“存在”指应用中有该 SDK 的代码、组件或动态库，并不表示其已运行。仅被其他代码提及的 SDK 另行列出。对无法读取的代码、运行时加载的代码以及服务器端代码不作任何判断。",
            )) }
            (unidentified(report))
            @if !inventory.unidentified_libs.is_empty() {
                p { (t("Native libraries that no signature knows:", "特征库未收录的动态库：")) " "
                    @for library in &inventory.unidentified_libs { (code(&library.file)) " " } }
            }
        }
    }
}

fn unidentified(report: &AppReport<'_>) -> Markup {
    let groups = &report.inventory.unidentified;
    let count = groups.len();
    html! {
        @if count > 0 {
            details {
                summary { (t(format!("Unidentified code: {}", crate::report::text::count(count, "package group", "package groups")), format!("未识别代码：{count} 组"))) }
                div.scroll {
                    table {
                        thead { tr { th { (t("Package", "包名")) } th.number { (t("Classes", "类")) } } }
                        tbody { @for group in groups.iter().take(SHOWN) {
                            tr { td { (foreign(&group.prefix)) } td.number { (number(group.classes.into())) } }
                        } }
                    }
                }
                @if count > SHOWN { p { (t(format!("and {} more", count - SHOWN), format!("另有 {} 组", count - SHOWN))) } }
            }
        }
    }
}

/// Tool and data.
pub fn stamp(stamp: &Stamp) -> Markup {
    let version = env!("CARGO_PKG_VERSION");
    html! {
        footer.stamp {
            p { (t(format!("sdkaudit {version}, {} signatures", stamp.signatures), format!("sdkaudit {version}，{} 条特征", stamp.signatures))) ", " code { (stamp.digest) } }
            @for file in &stamp.settings { p { (t("Settings", "设置")) " " (foreign(&file.path)) ", SHA-256 " code { (file.sha256) } } }
            @if let Some(day) = &stamp.evaluated_on { p { (t("Evaluated on", "评估日期")) " " (day) } }
        }
    }
}
