//! Permissions: requested against declared.

use super::lint::meant;
use super::{Case, Finding, Rule, Severity, Sink};
use crate::app::manifest::RequestedPermission;
use crate::declared::{Declaration, Field, Located, is_permission_name};
use crate::detect::{Evidence, Signal};
use crate::lang::Text;
use crate::platform::permissions::{self, Platform};
use std::collections::{BTreeMap, BTreeSet};

/// Runs the family.
pub fn check(case: &Case<'_>, sink: &mut Sink<'_>) {
    let declared = Declared::of(case);
    undeclared(case, &declared, sink);
    not_requested(case, &declared, sink);
}

/// Permission names in the policy's tables and records.
struct Declared<'c> {
    /// Every occurrence with the record that holds it; empty for the app's own tables.
    written: Vec<(&'c Located, String)>,
    /// What they mean after correcting the spelling.
    meant: BTreeSet<&'c str>,
}

impl<'c> Declared<'c> {
    fn of(case: &'c Case<'_>) -> Declared<'c> {
        let app = &case.declaration.app_permissions;
        let tables = [&app.android, &app.ios, &app.harmonyos].into_iter().flatten();
        let mut written: Vec<(&Located, String)> = tables.map(|name| (name, String::new())).collect();
        for record in &case.declaration.records {
            if let Field::Given(names) = &record.permissions {
                // Some lists give words ("storage") where others give names.
                let names = names.iter().filter(|name| is_permission_name(&name.text));
                written.extend(names.map(|name| (name, record.title())));
            }
        }
        let meant = written.iter().map(|(name, _)| meaning(&name.text).unwrap_or(&name.text)).collect();
        Declared { written, meant }
    }
}

/// The full name that a written one means: as it is, by its last part (`READ_PHONE_STATE`), or after correcting the spelling.
fn meaning(written: &str) -> Option<&str> {
    if permissions::find(written).is_some() { Some(written) } else { meant(written).map(|known| known.name) }
}

/// Whether the policy names a permission, in full, by its last part, or in words by its group ("位置权限", "location permission").
fn is_named(declaration: &Declaration, name: &str) -> bool {
    let short = name.strip_prefix("android.permission.");
    let named = |text: &str| declaration.mention(text).is_some();
    let group = permissions::find(name).and_then(|known| known.group_label());
    let in_words = |label: Text| named(&format!("{} permission", label.en)) || named(&format!("{}权限", label.zh));
    named(name) || short.is_some_and(named) || group.is_some_and(in_words)
}

/// The widest of several requests for one permission: without a limit, else with the highest.
fn widest<'m>(requests: &[&'m RequestedPermission]) -> Option<&'m RequestedPermission> {
    requests.iter().copied().max_by_key(|request| request.max_sdk_version.unwrap_or(u32::MAX))
}

fn undeclared(case: &Case<'_>, declared: &Declared<'_>, sink: &mut Sink<'_>) {
    let manifest = &case.app.manifest;
    let owned = |name: &str| {
        let by_app = manifest.defined_permissions.iter().any(|defined| defined.name == name);
        let seen = |evidence: &Evidence| evidence.signal == Signal::Permission && evidence.seen == name;
        by_app || case.inventory.detections.iter().any(|detection| detection.evidence.iter().any(seen))
    };
    let mut requests: BTreeMap<&str, Vec<&RequestedPermission>> = BTreeMap::new();
    for request in &manifest.requested_permissions {
        requests.entry(&request.name).or_default().push(request);
    }
    let guarded = case.inventory.guarded_calls(manifest);
    for (name, requests) in requests {
        let Some(request) = widest(&requests) else { continue };
        if declared.meant.contains(name) || owned(name) || is_named(case.declaration, name) {
            continue;
        }
        let known = permissions::find(name);
        let severe = known.is_some_and(|permission| permission.is_dangerous_or_special());
        let kind = known.map(|permission| permission.protection.label()).unwrap_or(Text::new("unknown", "未知"));
        let limit = request
            .max_sdk_version
            .map(|level| Text::new(format!(" up to API {level}"), format!("（至 API {level}）")))
            .unwrap_or_default();
        let finding = Finding::new(
            Rule::UndeclaredPermission,
            name,
            Text::new(
                format!("{name} ({}) is requested{} but stands nowhere in the policy", kind.en, limit.en),
                format!("申请了 {name}（{}）{}，但隐私政策中没有出现", kind.zh, limit.zh),
            ),
            Text::new(
                "name it in the policy with its purpose, or remove it from the manifest",
                "请在隐私政策中写明该权限及其用途，或从 AndroidManifest.xml 中移除",
            ),
        );
        let element = if request.sdk_23 { "uses-permission-sdk-23" } else { "uses-permission" };
        let seen = Evidence {
            signal: Signal::Permission,
            seen: element.to_owned(),
            entry: case.app.manifest_of(name).to_owned(),
            count: 1,
        };
        let severity = if severe { Severity::Error } else { Severity::Warning };
        let finding = finding.severity(severity).evidence(vec![seen]);
        let callers: Vec<&str> = guarded.get(name).into_iter().flatten().map(|calls| calls.code.as_str()).collect();
        sink.emit(match callers.is_empty() {
            true => finding,
            false => finding.detail(Text::new("calls in", "调用位于"), Text::same(callers.join(", "))),
        });
    }
}

/// Once per permission, at its first place.
fn not_requested(case: &Case<'_>, declared: &Declared<'_>, sink: &mut Sink<'_>) {
    let manifest = &case.app.manifest;
    let requested = manifest.requested_permissions.iter().map(|request| request.name.as_str());
    let implied = manifest.implied_permissions.iter().map(|implied| implied.name.as_str());
    let requested: BTreeSet<&str> = requested.chain(implied).collect();
    let mut done = BTreeSet::new();
    for (written, owner) in &declared.written {
        let name = written.text.as_str();
        let on_android = |name: &str| {
            permissions::find(name).is_some_and(|known| matches!(known.platform, Platform::Android | Platform::Vendor))
        };
        let meant = meaning(name).filter(|meant| on_android(meant));
        let Some(name) = meant.filter(|name| !requested.contains(name) && done.insert(*name)) else { continue };
        // Quoted as it stands there.
        let quoted = if name == written.text { name.to_owned() } else { format!("{} ({name})", written.text) };
        let whom = if owner.is_empty() {
            Text::new("the app", "应用本身")
        } else {
            Text::new(format!("\"{owner}\""), format!("“{owner}”"))
        };
        let finding = Finding::new(
            Rule::DeclaredPermissionNotRequested,
            name,
            Text::new(
                format!("{quoted} is declared for {} and the manifest does not request it", whom.en),
                format!("为{}声明了 {quoted}，但 AndroidManifest.xml 没有申请", whom.zh),
            ),
            Text::new("remove it from the policy if no version needs it", "若各版本均不需要，请从隐私政策中删除"),
        );
        sink.emit(finding.declared(case.located(written)));
    }
}
