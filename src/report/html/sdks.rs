//! Declared against present: every SDK and every record once, with its standing.

use super::words::{code, foreign, t, text};
use crate::audit::{RecordVerdict, Verdict};
use crate::declared::{Declaration, DeclaredSdk, Field, Located};
use crate::detect::{Detection, Presence};
use crate::lang::Text;
use crate::report::AppReport;
use crate::signatures::Sdk;
use maud::{Markup, html};

/// How a row of the table stands. In the order of the table.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Standing {
    Undeclared,
    Both,
    Covered,
    Present,
    NotFound,
    Unverifiable,
    NamedOnly,
    OtherPlatform,
}

const STANDINGS: [Standing; 8] = [
    Standing::Undeclared,
    Standing::Both,
    Standing::Covered,
    Standing::Present,
    Standing::NotFound,
    Standing::Unverifiable,
    Standing::NamedOnly,
    Standing::OtherPlatform,
];

impl Standing {
    fn id(self) -> &'static str {
        match self {
            Standing::Undeclared => "undeclared",
            Standing::Both => "both",
            Standing::Covered => "covered",
            Standing::Present => "present",
            Standing::NotFound => "not-found",
            Standing::Unverifiable => "unverifiable",
            Standing::NamedOnly => "named-only",
            Standing::OtherPlatform => "other-platform",
        }
    }

    fn label(self) -> Text {
        match self {
            Standing::Undeclared => Text::new("present, not declared", "存在，未声明"),
            Standing::Both => Text::new("declared and present", "已声明且存在"),
            Standing::Covered => Text::new("present, covered by another record", "存在，由其他条目涵盖"),
            Standing::Present => Text::new("present", "存在"),
            Standing::NotFound => Text::new("declared, no evidence", "已声明，未见证据"),
            Standing::Unverifiable => Text::new("declared, cannot be checked", "已声明，无法核实"),
            Standing::NamedOnly => Text::new("named only, its code is not seen", "仅被提及，未见其代码"),
            Standing::OtherPlatform => Text::new("declared for another system", "为其他系统声明"),
        }
    }
}

struct Row<'r> {
    standing: Standing,
    detection: Option<&'r Detection<'r>>,
    verdict: Option<&'r RecordVerdict>,
}

/// The table of an app.
pub fn section(app: &AppReport<'_>, declaration: Option<&Declaration>) -> Markup {
    let mut rows = rows(app);
    rows.sort_by_key(|row| row.standing);
    let title = match declaration {
        Some(_) => t("Declared and present", "声明与实际"),
        None => t("SDKs", "SDK"),
    };
    html! {
        section.sdks data-filtered="row" {
            h3 { (title) " " span.total { (rows.len()) } }
            @if rows.is_empty() {
                p { (t("No SDK that the signature base knows.", "没有特征库能够识别的 SDK。")) }
            } @else {
                (filter(&rows))
                div.scroll {
                    table.wide {
                        thead { tr {
                            th { "SDK" } th { (t("Category", "类别")) } th { (t("Version", "版本")) }
                            @if declaration.is_some() { th { (t("Declared as", "声明条目")) } }
                            th { (t("Evidence", "证据")) } th { (t("Standing", "状态")) }
                        } }
                        tbody { @for row in &rows { (line(row, declaration)) } }
                    }
                }
                p.nothing hidden { (t("Nothing matches the filter.", "没有符合筛选条件的内容。")) }
            }
        }
    }
}

fn rows<'r>(app: &'r AppReport<'r>) -> Vec<Row<'r>> {
    let (inventory, audit) = (&app.inventory, &app.audit);
    let of_record = |verdict: &'r RecordVerdict| Row {
        standing: match verdict.verdict {
            Verdict::Present => Standing::Both,
            Verdict::NotFound => Standing::NotFound,
            Verdict::Unverifiable => Standing::Unverifiable,
            Verdict::OtherPlatform => Standing::OtherPlatform,
        },
        detection: verdict.sdk.as_deref().and_then(|id| inventory.find(id)),
        verdict: Some(verdict),
    };
    let recorded = |id: &str| {
        let meant =
            |verdict: &RecordVerdict| verdict.sdk.as_deref() == Some(id) && verdict.verdict != Verdict::OtherPlatform;
        audit.records.iter().any(meant)
    };
    let of_sdk = |detection: &'r Detection<'r>| Row {
        standing: match detection.presence {
            Presence::ReferencedOnly | Presence::Unknown => Standing::NamedOnly,
            Presence::Present if audit.covered.is_none() => Standing::Present,
            Presence::Present if audit.is_covered(&detection.sdk.id) => Standing::Covered,
            Presence::Present => Standing::Undeclared,
        },
        detection: Some(detection),
        verdict: None,
    };
    let others = inventory.detections.iter().filter(|detection| !recorded(&detection.sdk.id));
    audit.records.iter().map(of_record).chain(others.map(of_sdk)).collect()
}

fn filter(rows: &[Row<'_>]) -> Markup {
    let of = |standing: Standing| rows.iter().filter(move |row| row.standing == standing).count();
    html! {
        div.filters hidden {
            @for standing in STANDINGS.into_iter().filter(|standing| of(*standing) > 0) {
                label { input type="checkbox" checked data-standing=(standing.id()); " " (text(&standing.label())) " " (of(standing)) }
            }
            span.shown aria-live="polite" {}
        }
    }
}

fn line(row: &Row<'_>, declaration: Option<&Declaration>) -> Markup {
    let record = row.verdict.zip(declaration).and_then(|(verdict, list)| list.records.get(verdict.record));
    let own = row.verdict.map(|verdict| verdict.own_packages.as_slice()).unwrap_or_default();
    let version = row.detection.and_then(|detection| detection.version.as_deref());
    html! {
        tr data-standing=(row.standing.id()) {
            td { @match (row.detection, record) {
                (Some(detection), _) => (name(detection.sdk)),
                (None, Some(record)) => {
                    (foreign(&record.title()))
                    @if let Some(id) = row.verdict.and_then(|verdict| verdict.sdk.as_deref()) { br; code { (id) } }
                },
                (None, None) => "",
            } }
            td { @if let Some(detection) = row.detection { (categories(detection.sdk)) } }
            td { @if let Some(version) = version { (foreign(version)) } }
            @if let Some(declaration) = declaration {
                td { @if let Some(record) = record { (foreign(&record.title())) br; small { (place(declaration, record)) } } }
            }
            td {
                @match row.detection {
                    Some(detection) => (folded(detection)),
                    None => @for package in own { (code(package)) " " },
                }
            }
            td { span class={ "standing " (row.standing.id()) } { (text(&row.standing.label())) } }
        }
    }
}

fn place(declaration: &Declaration, record: &DeclaredSdk) -> Markup {
    let place = declaration.place(record.place());
    html! { (foreign(place.document)) ":" (place.at.line) }
}

fn name(sdk: &Sdk) -> Markup {
    let link = sdk.links.privacy.as_deref().filter(|link| link.starts_with("https://"));
    html! {
        strong { (t(&sdk.name.en, &sdk.name.zh)) } br; code { (sdk.id) } br; small { (t(&sdk.vendor.en, &sdk.vendor.zh)) }
        @if let Some(link) = link { " " a href=(link) rel="noopener noreferrer" { small { (t("privacy policy", "隐私政策")) } } }
    }
}

fn categories(sdk: &Sdk) -> Markup {
    let labels = || sdk.categories.iter().map(|category| category.label());
    let (en, zh): (Vec<&str>, Vec<&str>) = labels().unzip();
    html! { (t(en.join(", "), zh.join("、"))) @if sdk.tracker { br; span.tracker { (t("tracker", "跟踪器")) } } }
}

fn folded(detection: &Detection<'_>) -> Markup {
    let count = detection.evidence.len();
    html! {
        @if count > 0 {
            details {
                summary { (t(format!("{count} {}", if count == 1 { "clue" } else { "clues" }), format!("{count} 条线索"))) }
                ul.clues { @for one in &detection.evidence { li { (code(&one.seen)) " " small { (foreign(&one.entry)) } } } }
            }
        }
        @if !detection.brought_by.is_empty() { small { (t("brought by", "引入者")) " " (detection.brought_by.join(", ")) } }
    }
}

/// The list of a policy by itself.
pub fn records(declaration: &Declaration) -> Markup {
    html! {
        section.sdks data-filtered="row" {
            h3 { (t("The declared list", "声明清单")) " " span.total { (declaration.records.len()) } }
            div.scroll {
                table.wide {
                    thead { tr {
                        th { (t("Line", "行")) } th { (t("Name", "名称")) } th { (t("Vendor", "厂商")) } th { (t("Packages", "包名")) }
                        th { (t("Purpose", "目的")) } th { (t("Data", "信息")) } th { (t("Recognised as", "识别为")) }
                    } }
                    tbody { @for record in &declaration.records { (record_line(record)) } }
                }
            }
        }
    }
}

fn record_line(record: &DeclaredSdk) -> Markup {
    html! {
        tr {
            td.number { (record.line) } td { (foreign(&record.title())) } td { (field(&record.vendor)) }
            td { @match &record.packages {
                Field::Given(packages) => @for package in packages { (code(&package.text)) " " },
                Field::ExplicitNone(_) => (none()),
                Field::Absent => "",
            } }
            td { (field(&record.purpose)) } td { (field(&record.data)) }
            td { @if let Some(id) = &record.resolved.sdk { code { (id) } } }
        }
    }
}

fn field(field: &Field<Located>) -> Markup {
    match field {
        Field::Given(located) => foreign(&located.text),
        Field::ExplicitNone(_) => none(),
        Field::Absent => html! {},
    }
}

fn none() -> Markup {
    t("none, it says", "写明无")
}
