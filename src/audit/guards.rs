//! Permissions and the calls they guard: in whose code, declared there or not, or nowhere.

use super::data::{self, Family};
use super::{Case, Finding, Rule, Severity, Sink};
use crate::declared::{DeclaredSdk, Field};
use crate::detect::access::{guards, levels};
use crate::detect::{Evidence, Signal, TypeReferences};
use crate::lang::Text;
use crate::platform::permissions;
use std::collections::{BTreeMap, BTreeSet};

/// Permissions whose guarded calls the catalogue knows: only of these can it be said that no code needs them.
const JUDGED: [&str; 19] = [
    "android.permission.ACCESS_COARSE_LOCATION",
    "android.permission.ACCESS_FINE_LOCATION",
    "android.permission.ACCESS_WIFI_STATE",
    "android.permission.CAMERA",
    "android.permission.GET_ACCOUNTS",
    "android.permission.GET_TASKS",
    "android.permission.PACKAGE_USAGE_STATS",
    "android.permission.QUERY_ALL_PACKAGES",
    "android.permission.READ_CALENDAR",
    "android.permission.READ_CALL_LOG",
    "android.permission.READ_CONTACTS",
    "android.permission.READ_PHONE_NUMBERS",
    "android.permission.READ_PHONE_STATE",
    "android.permission.READ_SMS",
    "android.permission.RECORD_AUDIO",
    "android.permission.SEND_SMS",
    "android.permission.USE_BIOMETRIC",
    "android.permission.USE_FINGERPRINT",
    "com.google.android.gms.permission.AD_ID",
];

/// Runs the family.
pub fn check(case: &Case<'_>, sink: &mut Sink<'_>) {
    for family in data::families(case) {
        of_sdk(&family, case, sink);
    }
    unused(case, sink);
}

/// Permissions that an SDK's code needs, that the app holds, and that the SDK's record leaves out.
fn of_sdk(family: &Family<'_>, case: &Case<'_>, sink: &mut Sink<'_>) {
    let records: Vec<&DeclaredSdk> =
        family.records.iter().copied().filter(|record| data::gives_permission_names(record)).collect();
    // A record without the field is `missing-field`; where one of several says it, that one counts.
    let Some(record) = records.first().copied() else { return };
    let declared: BTreeSet<&str> = records.iter().flat_map(|record| meant(record)).collect();
    let manifest = &case.app.manifest;
    let is_requested = |name: &str| manifest.requested_permissions.iter().any(|request| request.name == name);
    let mut found: BTreeMap<&'static str, Vec<TypeReferences>> = BTreeMap::new();
    let (min, target) = levels(manifest);
    for references in data::strong(family.references.iter().copied()).into_values().flatten() {
        let apis = references.sites.iter().map(|site| site.api);
        let in_range =
            apis.flat_map(|api| api.levels()).filter(|at| u32::from(at.to) >= min && u32::from(at.from) <= target);
        let needs = in_range.flat_map(|at| at.needs()).filter(|need| need.required);
        let open = needs.filter(|need| !need.alternatives().any(|name| declared.contains(name)));
        let names: BTreeSet<&'static str> =
            open.filter_map(|need| need.alternatives().find(|name| is_requested(name))).collect();
        for name in names {
            found.entry(name).or_default().push(references.clone());
        }
    }
    // Every app that talks to a server has it.
    found.remove("android.permission.INTERNET");
    for (name, references) in found {
        let title = super::sdks::title(family.head.sdk);
        let known = permissions::find(name);
        let severity =
            if known.is_some_and(|one| one.is_dangerous_or_special()) { Severity::Warning } else { Severity::Note };
        let finding = Finding::new(
            Rule::UndeclaredSdkPermission,
            format!("{}/{name}", family.head.sdk.id),
            Text::new(
                format!("the code of {} calls what {name} guards; its record does not name that permission", title.en),
                format!("{}的代码调用了受 {name} 保护的接口；其条目没有写明该权限", title.zh),
            ),
            Text::new("add the permission to the record", "请在该条目中补充该权限"),
        );
        let place = record.permissions.at().unwrap_or(record.place());
        let quote = record.title();
        sink.emit(finding.severity(severity).references(references).declared(case.at(place, &quote)));
    }
}

/// The permissions that a record names, spelling corrected.
fn meant(record: &DeclaredSdk) -> impl Iterator<Item = &str> {
    let names = match &record.permissions {
        Field::Given(names) => names.as_slice(),
        Field::Absent | Field::ExplicitNone(_) => &[],
    };
    names.iter().map(|name| {
        let known = permissions::find(&name.text).map(|_| name.text.as_str());
        known.or_else(|| permissions::nearest(&name.text)).unwrap_or(&name.text)
    })
}

/// Requested, guarding calls that the catalogue knows, and no such call anywhere.
fn unused(case: &Case<'_>, sink: &mut Sink<'_>) {
    let classes = &case.app.classes;
    if !classes.references_scanned || classes.dex_read == 0 || !case.inventory.hidden_code.is_empty() {
        return;
    }
    let called: BTreeSet<&str> = case
        .inventory
        .bodies()
        .flat_map(|(_, references)| references)
        .flat_map(|one| &one.sites)
        .flat_map(|site| guards(site.api, (0, u32::MAX)))
        .collect();
    let received: BTreeSet<&str> = case.app.manifest.components.iter().flat_map(|one| received(&one.actions)).collect();
    let requested: BTreeSet<&str> =
        case.app.manifest.requested_permissions.iter().map(|request| request.name.as_str()).collect();
    let needed = |name: &str| called.contains(name) || received.contains(name);
    for name in JUDGED.into_iter().filter(|name| requested.contains(name) && !needed(name)) {
        let known = permissions::find(name);
        let native = !case.app.native_libs.is_empty();
        let dangerous = known.is_some_and(|one| one.is_dangerous_or_special());
        let severity = if dangerous && !native { Severity::Warning } else { Severity::Note };
        let (en, zh) =
            if native { (" (native libraries were not searched)", "（未检索动态库）") } else { ("", "") };
        let finding = Finding::new(
            Rule::UnusedPermission,
            name,
            Text::new(
                format!("{name} is requested, and no call that is known to need it was found{en}"),
                format!("申请了 {name}，但代码中没有发现已知需要它的调用{zh}"),
            ),
            Text::new("remove it from the manifest if nothing needs it", "若确无需要，请从清单文件中移除"),
        );
        let seen = Evidence {
            signal: Signal::Permission,
            seen: "uses-permission".to_owned(),
            entry: case.app.manifest_of(name).to_owned(),
            count: 1,
        };
        sink.emit(finding.severity(severity).evidence(vec![seen]));
    }
}

/// Permissions without which the system does not deliver these broadcasts (AOSP, TelephonyRegistry and the phone app).
fn received(actions: &[String]) -> impl Iterator<Item = &'static str> {
    actions
        .iter()
        .flat_map(|action| match action.as_str() {
            "android.intent.action.PHONE_STATE" => {
                ["android.permission.READ_PHONE_STATE", "android.permission.READ_CALL_LOG"].as_slice()
            }
            "android.net.wifi.SCAN_RESULTS" => ["android.permission.ACCESS_FINE_LOCATION"].as_slice(),
            _ => &[],
        })
        .copied()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::apis;

    #[test]
    fn what_is_judged_guards_something_in_the_catalogue() {
        assert!(JUDGED.is_sorted());
        for name in JUDGED {
            assert!(apis::all().iter().any(|api| guards(api, (0, u32::MAX)).contains(name)), "{name}");
        }
    }
}
