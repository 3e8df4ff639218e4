//! Fields that records lack, and what the given ones leave open.

use super::super::sdks::candidates;
use super::super::{Finding, Levels, Rule, Sink};
use super::{Paper, items, words};
use crate::declared::{DeclaredSdk, Field};
use crate::lang::Text;
use crate::platform::{data_types, permissions};
use std::collections::BTreeSet;

/// Runs the family.
pub fn check(paper: &Paper<'_>, sink: &mut Sink<'_>) {
    let open = OpenedData::of(paper);
    for record in &paper.declaration.records {
        missing(paper, record, sink);
        vague(paper, record, sink);
        unreadable(paper, record, &open, sink);
    }
}

fn missing(paper: &Paper<'_>, record: &DeclaredSdk, sink: &mut Sink<'_>) {
    // A vendor channel inside the record of a push SDK: the fields of that record speak for it.
    if record.within.is_some() {
        return;
    }
    let name = record.title();
    let several = record.resolved.sdk.is_none() && record.resolved.candidates.len() > 1;
    for (field, label) in absent(record, sink.levels) {
        let subject = format!("{}/{field}", paper.subject(record));
        let finding = Finding::new(
            Rule::MissingField,
            subject,
            Text::new(
                format!("the record \"{name}\" does not say its {}", label.en),
                format!("条目“{name}”没有写明{}", label.zh),
            ),
            match field {
                "package" if several => {
                    let fitting = candidates(record);
                    Text::new(
                        format!("the name fits {}; the package says which is meant", fitting.en),
                        format!("该名称与{}相符；请用包名写明是哪一个", fitting.zh),
                    )
                }
                _ => {
                    Text::new("add the field; write \"None\" where there is nothing", "请补充该字段；如没有，请写“无”")
                }
            },
        );
        let finding =
            finding.detail(Text::new("record", "条目"), Text::same(&name)).detail(Text::new("field", "字段"), label);
        sink.emit(finding.declared(paper.at(record.place(), &name)));
    }
}

/// Fields of the profile that the record lacks.
fn absent(record: &DeclaredSdk, levels: &Levels) -> Vec<(&'static str, Text)> {
    fn lacks<T>(field: &Field<T>) -> bool {
        matches!(field, Field::Absent)
    }
    // Package names and permissions are Android's.
    let android = record.concerns_android();
    let fields = [
        ("name", lacks(&record.name), Text::new("name", "名称")),
        ("vendor", lacks(&record.vendor), Text::new("vendor", "开发者")),
        ("package", android && lacks(&record.packages), Text::new("package name", "包名")),
        ("permissions", android && lacks(&record.permissions), Text::new("permissions", "权限")),
        ("purpose", lacks(&record.purpose), Text::new("purpose", "使用目的")),
        ("data", lacks(&record.data), Text::new("scope of data", "信息范围")),
        ("link", lacks(&record.links), Text::new("link", "链接")),
    ];
    let place = |field: &str| {
        match field {
            "package" => "packages",
            "link" => "links",
            field => field,
        }
        .to_owned()
    };
    let holds = |field: &str| !record.no_place_for.contains(&place(field).as_str());
    let asked = |field: &str| levels.profile.asks_for(field) && holds(field);
    fields
        .into_iter()
        .filter(|(field, absent, _)| *absent && asked(field))
        .map(|(field, _, label)| (field, label))
        .collect()
}

/// The whole scope is an umbrella word.
fn vague(paper: &Paper<'_>, record: &DeclaredSdk, sink: &mut Sink<'_>) {
    let Some(data) = record.data.given() else { return };
    let parts: Vec<&str> = words::parts(&data.text).collect();
    if parts.is_empty() || !parts.iter().all(|part| words::is_umbrella(part)) || continues(paper, record) {
        return;
    }
    let name = record.title();
    let finding = Finding::new(
        Rule::VagueData,
        paper.subject(record),
        Text::new(
            format!("the record \"{name}\" says only \"{}\"", data.text),
            format!("条目“{name}”只写了“{}”", data.text),
        ),
        Text::new("name the types of data that are meant", "请写明具体的信息类型"),
    );
    sink.emit(finding.declared(paper.located(data)));
}

/// Whether unlabelled text follows the data: it may say what is meant.
fn continues(paper: &Paper<'_>, record: &DeclaredSdk) -> bool {
    const LABEL: usize = 60;
    let Some(data) = record.data.given() else { return false };
    let last = data.at.line + data.text.matches('\n').count() as u32;
    let next = paper.line(last + 1).trim();
    let table_row = paper.line(data.at.line).trim_start().starts_with(['|', '<']);
    let labelled = next.chars().take(LABEL).any(|c| matches!(c, ':' | '：'));
    let starts = next.starts_with(['#', '-', '*', '(', '（', '|']) || next.starts_with(|c: char| c.is_ascii_digit());
    !(table_row || next.is_empty() || labelled || starts)
}

/// Data types that cannot be read without a permission: each is opened by the permissions whose table entry names it.
const NEED_PERMISSION: [&str; 8] =
    ["calendar", "call_log", "cell_tower", "iccid", "imei", "imsi", "location_background", "meid"];

/// What the permissions that the policy names anywhere open.
struct OpenedData {
    types: BTreeSet<&'static str>,
    any: bool,
}

impl OpenedData {
    fn of(paper: &Paper<'_>) -> OpenedData {
        let app = paper.declaration.app_permissions.android.iter();
        let records = paper.declaration.records.iter().flat_map(|record| items(&record.permissions));
        let requested = paper.manifest.into_iter().flat_map(|manifest| &manifest.requested_permissions);
        let written = app.chain(records).map(|name| name.text.as_str());
        let known = written.chain(requested.map(|request| request.name.as_str())).filter_map(super::permissions::meant);
        let mut opened = OpenedData { types: BTreeSet::new(), any: false };
        for permission in known {
            opened.any = true;
            opened.types.extend(permission.data_types());
        }
        // Lists that write words ("storage", "电话") say something about permissions that cannot be read off here.
        let in_words = |record: &DeclaredSdk| {
            items(&record.permissions).iter().any(|name| super::permissions::meant(&name.text).is_none())
        };
        opened.any &= !paper.declaration.records.iter().any(in_words);
        opened
    }
}

fn unreadable(paper: &Paper<'_>, record: &DeclaredSdk, open: &OpenedData, sink: &mut Sink<'_>) {
    let Some(data) = record.data.given().filter(|_| open.any && record.concerns_android()) else { return };
    let named = words::types_in(&data.text);
    let closed: Vec<&str> = NEED_PERMISSION
        .into_iter()
        .filter(|id| named.contains(id) && !open.types.contains(id))
        .filter(|id| permissions::all().any(|permission| permission.data_types().any(|opened| opened == *id)))
        .collect();
    if closed.is_empty() {
        return;
    }
    let labels = |zh: bool| {
        let label = |id: &&str| data_types::label(id);
        let names = closed.iter().map(label).map(|text| if zh { text.zh } else { text.en });
        names.collect::<Vec<_>>().join(if zh { "、" } else { ", " })
    };
    let name = record.title();
    let finding = Finding::new(
        Rule::DataWithoutPermission,
        paper.subject(record),
        Text::new(
            format!("the record \"{name}\" names {}, which no permission of the policy opens", labels(false)),
            format!("条目“{name}”写有{}，而政策所写的权限均无法获取", labels(true)),
        ),
        Text::new("name the permission, or leave the data out", "请写明相应权限，或删除该信息"),
    );
    sink.emit(finding.declared(paper.located(data)));
}
