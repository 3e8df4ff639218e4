//! Permission names in the policy's tables and records.

use super::super::{Finding, Rule, Sink};
use super::{Paper, items};
use crate::declared::{Located, is_permission_name};
use crate::lang::Text;
use crate::platform::permissions::{self, Permission, Platform};
use crate::platform::restriction::Restriction;
use std::collections::{BTreeMap, BTreeSet};

/// Runs the family.
pub fn check(paper: &Paper<'_>, sink: &mut Sink<'_>) {
    let written = written(paper);
    for name in &written {
        spelling(paper, name, sink);
    }
    let mut places: BTreeMap<&str, Vec<&Written<'_>>> = BTreeMap::new();
    for name in &written {
        if let Some(known) = meant(&name.located.text) {
            places.entry(known.name).or_default().push(name);
        }
    }
    for (name, places) in &places {
        let Some(known) = permissions::find(name) else { continue };
        deprecated(paper, &known, places, sink);
        restricted(paper, &known, places, sink);
    }
    not_in_app(paper, sink);
}

/// A permission name with the record that holds it; `None` for the app's own tables.
struct Written<'a> {
    located: &'a Located,
    owner: Option<String>,
}

fn written<'a>(paper: &Paper<'a>) -> Vec<Written<'a>> {
    let app = &paper.declaration.app_permissions;
    let tables = [&app.android, &app.ios, &app.harmonyos].into_iter().flatten();
    let mut written: Vec<Written<'_>> = tables.map(|located| Written { located, owner: None }).collect();
    for record in &paper.declaration.records {
        // Some lists give words ("storage") where others give names.
        let names = items(&record.permissions).iter().filter(|name| is_permission_name(&name.text));
        written.extend(names.map(|located| Written { located, owner: Some(record.title()) }));
    }
    written
}

/// The permission that a written name stands for: as written, by its last part, or after correcting the spelling.
pub fn meant(name: &str) -> Option<Permission> {
    permissions::find(name)
        .or_else(|| permissions::find_by_short_name(name))
        .or_else(|| permissions::nearest(name).and_then(permissions::find))
}

fn spelling(paper: &Paper<'_>, written: &Written<'_>, sink: &mut Sink<'_>) {
    let name = written.located.text.as_str();
    // A name that the app itself defines or asks for exists, whatever the tables say.
    let own = paper.manifest.is_some_and(|manifest| {
        manifest.requested_permissions.iter().any(|request| request.name == name)
            || manifest.defined_permissions.iter().any(|defined| defined.name == name)
    });
    let short = !name.contains('.') && permissions::find_by_short_name(name).is_some();
    if own || short || permissions::find(name).is_some() {
        return;
    }
    let finding = match (permissions::nearest(name), is_other_platform(name)) {
        (Some(near), _) => Finding::new(
            Rule::MisspeltPermission,
            name,
            Text::new(format!("{name} is no known permission"), format!("{name} 不是已知权限")),
            Text::new(format!("did you mean {near}?"), format!("是否应为 {near}？")),
        )
        .fix(written.located, near),
        (None, true) => Finding::new(
            Rule::PlatformKeyUnknown,
            name,
            Text::new(
                format!("{name} is no known key of its platform, and none is near"),
                format!("{name} 不是该平台的已知名称，也没有相近的名称"),
            ),
            Text::new("check the name against the platform's documentation", "请对照平台文档核对该名称"),
        ),
        (None, false) => Finding::new(
            Rule::UnknownPermission,
            name,
            Text::new(
                format!("{name} is no known permission, and none is near"),
                format!("{name} 不是已知权限，也没有相近的名称"),
            ),
            Text::new("check the name against the platform's documentation", "请对照平台文档核对该名称"),
        ),
    };
    let finding = match &written.owner {
        None => finding,
        Some(owner) => finding.detail(Text::new("record", "条目"), Text::same(owner)),
    };
    sink.emit(finding.declared(paper.located(written.located)));
}

fn is_other_platform(name: &str) -> bool {
    name.to_ascii_lowercase().starts_with("ohos.") || (name.starts_with("NS") && !name.contains('.'))
}

/// `line 84, 120`, for a name that stands in several places.
fn lines(paper: &Paper<'_>, places: &[&Written<'_>]) -> Text {
    let lines: Vec<u32> = places.iter().map(|place| place.located.at.line).collect();
    paper.declaration.lines_label(&lines)
}

fn deprecated(paper: &Paper<'_>, known: &Permission, places: &[&Written<'_>], sink: &mut Sink<'_>) {
    let Some(first) = places.first().filter(|_| known.deprecated || known.removed_api.is_some()) else { return };
    let since = known.deprecated_api.or(known.removed_api);
    let since = since.map(|level| Text::new(format!(" since API {level}"), format!("（自 API {level} 起）")));
    let since = since.unwrap_or_default();
    let instead: Vec<&str> = known.replaced_by().collect();
    let help = match instead.as_slice() {
        [] => Text::new("check whether the app still needs it", "请核实应用是否仍需要它"),
        names => {
            let names = names.join(", ");
            Text::new(format!("its place has been taken by {names}"), format!("替代权限：{names}"))
        }
    };
    let finding = Finding::new(
        Rule::DeprecatedPermission,
        known.name,
        Text::new(format!("{} is deprecated{}", known.name, since.en), format!("{} 已弃用{}", known.name, since.zh)),
        help,
    );
    sink.emit(finding.detail(places_label(), lines(paper, places)).declared(paper.located(first.located)));
}

fn places_label() -> Text {
    Text::new("places", "位置")
}

/// What makes a permission a matter for the store or the settings, not only for the user's tap.
fn narrows(restriction: &Restriction) -> bool {
    !matches!(restriction, Restriction::SoftRestricted | Restriction::ForegroundServiceType | Restriction::Undefined)
}

fn restricted(paper: &Paper<'_>, known: &Permission, places: &[&Written<'_>], sink: &mut Sink<'_>) {
    let limits: Vec<Text> = known.restrictions().filter(narrows).map(Restriction::label).collect();
    let Some(first) = places.first().filter(|_| !limits.is_empty()) else { return };
    let joined = |zh: bool| {
        let one = |text: &Text| if zh { text.zh.clone() } else { text.en.clone() };
        limits.iter().map(one).collect::<Vec<_>>().join(if zh { "；" } else { "; " })
    };
    let finding = Finding::new(
        Rule::RestrictedPermission,
        known.name,
        Text::new(
            format!("{} is restricted ({})", known.name, joined(false)),
            format!("{} 受限制（{}）", known.name, joined(true)),
        ),
        Text::new("say in the policy what it is for, or drop it", "请在政策中写明用途，或予以移除"),
    );
    sink.emit(finding.detail(places_label(), lines(paper, places)).declared(paper.located(first.located)));
}

/// One finding per record and permission.
fn not_in_app(paper: &Paper<'_>, sink: &mut Sink<'_>) {
    let table: BTreeSet<&str> = paper
        .declaration
        .app_permissions
        .android
        .iter()
        .map(|name| meant(&name.text).map_or(name.text.as_str(), |known| known.name))
        .collect();
    if table.is_empty() {
        return;
    }
    for record in paper.declaration.records.iter().filter(|record| record.concerns_android()) {
        for name in items(&record.permissions) {
            let on_android = |known: &Permission| matches!(known.platform, Platform::Android | Platform::Vendor);
            let Some(known) = meant(&name.text).filter(on_android) else { continue };
            // A pattern with the app's id in it fits the written name.
            if table.contains(known.name) || table.contains(name.text.as_str()) {
                continue;
            }
            let title = record.title();
            let finding = Finding::new(
                Rule::SdkPermissionNotInApp,
                format!("{}/{}", paper.subject(record), known.name),
                Text::new(
                    format!("{} of the record \"{title}\" is not in the app's own permission list", known.name),
                    format!("条目“{title}”的 {} 不在应用自身的权限列表中", known.name),
                ),
                Text::new(
                    "add it to the app's permission list with its purpose, or take it out of the record",
                    "请将其连同用途补入应用权限列表，或从条目中删除",
                ),
            );
            let finding = finding
                .detail(Text::new("record", "条目"), Text::same(&title))
                .detail(Text::new("permission", "权限"), Text::same(known.name));
            sink.emit(finding.declared(paper.located(name)));
        }
    }
}
