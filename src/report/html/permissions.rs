//! Requested permissions, what they open and who needs them.

use super::matrix::code_name;
use super::words::{code, foreign, t, text};
use crate::declared::{Declaration, Field};
use crate::detect::GuardedCalls;
use crate::lang::Text;
use crate::platform::permissions;
use crate::report::AppReport;
use crate::report::layout::number;
use maud::{Markup, html};

/// Requested permissions in the manifest's order, each once.
pub fn names<'r>(report: &'r AppReport<'_>) -> Vec<&'r str> {
    let mut names: Vec<&str> = Vec::new();
    for request in &report.app.manifest.requested_permissions {
        if !names.contains(&request.name.as_str()) {
            names.push(&request.name);
        }
    }
    names
}

/// The table of permissions.
pub fn section(report: &AppReport<'_>, declaration: Option<&Declaration>) -> Markup {
    let names = names(report);
    let guarded = report.inventory.guarded_calls(&report.app.manifest);
    html! {
        section.permissions data-filtered="row" {
            h3 { (t("Permissions", "权限")) " " span.total { (names.len()) } }
            @if names.is_empty() {
                p { (t("The manifest requests no permission.", "AndroidManifest.xml 没有申请任何权限。")) }
            } @else {
                div.scroll {
                    table.wide {
                        thead { tr {
                            th { (t("Permission", "权限")) } th { (t("Level", "级别")) }
                            th { (t("Guarded calls in", "受保护调用所在代码")) } th { (t("Asked for by the documents of", "SDK 文档要求")) }
                            @if declaration.is_some() { th { (t("Declared for", "声明对象")) } }
                        } }
                        tbody { @for name in names { (line(name, report, declaration, guarded.get(name))) } }
                    }
                }
                (implied(report))
            }
        }
    }
}

fn line(
    name: &str,
    report: &AppReport<'_>,
    declaration: Option<&Declaration>,
    guarded: Option<&Vec<GuardedCalls>>,
) -> Markup {
    let known = permissions::find(name);
    let severe = known.is_some_and(|known| known.is_dangerous_or_special());
    let level = known.map_or(Text::new("unknown", "未知"), |known| known.protection.label());
    html! {
        tr {
            td { (code(name)) @if let Some(purpose) = known.and_then(|known| known.purpose()) { br; small { (text(&purpose)) } } }
            td { span.severe[severe] { (text(&level)) } }
            td { ul.plain { @for calls in guarded.into_iter().flatten() {
                li { (code_name(report, &calls.code)) " × " (number(calls.count.into())) }
            } } }
            td { (asked_for_by(name, report)) }
            @if let Some(declaration) = declaration { td { (declared_for(name, declaration)) } }
        }
    }
}

/// SDKs whose own documents ask for the permission, as the signature base knows them: no sign of a call.
fn asked_for_by(name: &str, report: &AppReport<'_>) -> Markup {
    let sdks = report.inventory.present().filter(|found| found.sdk.permissions.iter().any(|one| one == name));
    html! { ul.plain { @for detection in sdks { li { (t(&detection.sdk.name.en, &detection.sdk.name.zh)) } } } }
}

/// Where the policy names it: the app's own table, or records of the list.
fn declared_for(name: &str, declaration: &Declaration) -> Markup {
    let short = name.strip_prefix("android.permission.");
    let means = |text: &str| text == name || Some(text) == short;
    let by_app = declaration.app_permissions.android.iter().any(|one| means(&one.text));
    let records = declaration.records.iter().filter(|record| match &record.permissions {
        Field::Given(names) => names.iter().any(|one| means(&one.text)),
        Field::ExplicitNone(_) | Field::Absent => false,
    });
    html! {
        ul.plain {
            @if by_app { li { (t("the app", "应用本身")) } }
            @for record in records { li { (foreign(&record.title())) } }
        }
    }
}

fn implied(report: &AppReport<'_>) -> Markup {
    let implied = &report.app.manifest.implied_permissions;
    html! {
        @if !implied.is_empty() {
            p { (t("The system grants along with them:", "系统随之授予：")) " " @for one in implied { (code(&one.name)) " " } }
        }
    }
}
