//! Which code references which data: bodies of code down, data types across.

use super::words::{foreign, t, text};
use crate::audit::{DataStanding, Rule};
use crate::detect::TypeReferences;
use crate::lang::Text;
use crate::platform::apis::Strength;
use crate::platform::data_types;
use crate::report::AppReport;
use maud::{Markup, html};
use std::collections::BTreeSet;

/// The matrix of an app.
pub fn section(report: &AppReport<'_>) -> Markup {
    let bodies: Vec<(&str, Vec<&TypeReferences>)> = report
        .inventory
        .bodies_with_companions()
        .map(|(name, all)| (name, all.into_iter().filter(|one| !one.is_capability()).collect::<Vec<_>>()))
        .filter(|(_, all)| all.iter().any(|one| one.strength != Strength::Weak))
        .collect();
    let firm = bodies.iter().flat_map(|(_, all)| all).filter(|one| one.strength != Strength::Weak);
    let types: BTreeSet<&str> = firm.map(|one| one.data_type).collect();
    html! {
        section.references data-filtered="row" {
            h3 { (t("Which code references which data", "代码引用的信息")) " " span.total { (bodies.len()) } }
            @if !report.app.classes.references_scanned {
                p { (t("The code was not searched for references.", "未在代码中查找引用。")) }
            } @else if bodies.is_empty() {
                p { (t("No reference was found in the code that could be read.", "在可读取的代码中未发现引用。")) }
            } @else {
                (legend())
                div.scroll { table.matrix {
                    thead { tr {
                        th {}
                        @for id in &types { th.column title=(id) { div { (text(&data_types::label(id))) } } }
                    } }
                    tbody { @for (name, all) in &bodies {
                        tr {
                            td { (code_name(report, name)) }
                            @for id in &types { (cell(all, id, standing(report, name, id), is_undeclared(report, name, id))) }
                        }
                    } }
                } }
            }
        }
    }
}

fn legend() -> Markup {
    html! {
        p.legend {
            (t(
                "A number counts references: the code is there, not that it runs. ✓ the record names the type; ! it does not; \
                 a bare number: the code has no record; \
                 + code that the SDK brings along is counted too, which stands in a row of its own as well; \
                 (n) weak references only; × blocked in this build by permissions or API level; ○ declared, no reference seen.",
                "数字为引用次数：仅表示代码存在，不表示其已运行。✓ 条目写明了该类型；! 未写明；仅有数字：该代码没有对应条目；+ 含该 SDK 附带代码的引用（附带代码另有单独一行）；(n) 仅有弱引用；× 因权限或 API 级别在此构建中受阻；○ 已声明，未见引用。",
            ))
        }
    }
}

/// What the record of an SDK says of a type; none without a record.
fn standing<'r>(report: &'r AppReport<'_>, code: &str, id: &str) -> Option<&'r DataStanding> {
    let records = report.audit.records.iter().filter(|record| record.sdk.as_deref() == Some(code));
    let standings = || records.clone().flat_map(|record| &record.data).filter(|one| one.data_type == id);
    standings().find(|one| one.declared.is_some()).or_else(|| standings().next())
}

/// Whether a finding says that the record of an SDK lacks a type.
fn is_undeclared(report: &AppReport<'_>, code: &str, id: &str) -> bool {
    let is_of = |subject: &str| subject.split_once('/') == Some((code, id));
    report.audit.findings.iter().any(|one| one.rule == Rule::UndeclaredDataType && is_of(&one.subject))
}

fn cell(references: &[&TypeReferences], id: &str, standing: Option<&DataStanding>, is_undeclared: bool) -> Markup {
    let of_type = || references.iter().filter(|one| one.data_type == id);
    let firm = || of_type().filter(|one| one.strength.is_strong() || one.strength == Strength::Enable);
    let sum = |counts: &mut dyn Iterator<Item = u32>| counts.fold(0u32, u32::saturating_add);
    let (count, all) = (sum(&mut firm().map(|one| one.count)), sum(&mut of_type().map(|one| one.count)));
    let blocked = firm().all(|one| one.block.is_some());
    let brought = if firm().any(|one| one.companion.is_some()) { "+" } else { "" };
    let own = firm().any(|one| one.companion.is_none());
    let declared = standing.map(|one| one.declared.is_some());
    let (class, shown) = match (count, all, declared) {
        (0, 0, Some(true)) => ("cell weak", "○".to_owned()),
        (0, 0, _) => ("cell", String::new()),
        (0, all, _) => ("cell weak", format!("({all})")),
        // The findings have the last word: every one of them has its cell.
        (count, ..) if is_undeclared => ("cell firm", format!("{count}{brought}{} !", if blocked { " ×" } else { "" })),
        (count, ..) if blocked => ("cell blocked", format!("{count}{brought} ×")),
        (count, _, Some(true)) => ("cell stated", format!("{count}{brought} ✓")),
        (count, _, Some(false)) if own => ("cell firm", format!("{count}{brought} !")),
        // What a companion alone does and no finding holds against this SDK.
        (count, ..) => ("cell", format!("{count}{brought}")),
    };
    html! { td class=(class) { (shown) } }
}

/// The name of a body of code for people.
pub fn code_name(report: &AppReport<'_>, name: &str) -> Markup {
    match (report.inventory.find(name), name) {
        (Some(detection), _) => t(&detection.sdk.name.en, &detection.sdk.name.zh),
        (None, "app") => text(&Text::new("the app's own code", "应用自身代码")),
        (None, "obfuscated") => text(&Text::new("renamed code", "名称被混淆的代码")),
        (None, name) => foreign(name),
    }
}
