use super::*;
use crate::platform::permissions;
use std::collections::BTreeSet;

fn api(class: &str, name: &str) -> &'static Api {
    let mut found = all().iter().filter(|api| api.class == class && api.name == name);
    let api = found.next().unwrap_or_else(|| panic!("{class}.{name}"));
    assert!(found.next().is_none(), "{class}.{name} stands twice");
    api
}

#[test]
fn the_catalogue_is_whole_and_sorted() {
    assert!(all().len() >= 500);
    let key = |api: &Api| (api.kind as u8, api.class, api.name, api.argument, api.data_type);
    assert!(all().is_sorted_by(|a, b| key(a) < key(b)));
    for api in all() {
        assert!(!api.title().is_empty() && !api.short_title().is_empty());
        assert_eq!(api.kind == Kind::Literal, api.class.is_empty(), "{}", api.name);
        assert!(api.class.split('.').all(|part| !part.is_empty()) || api.class.is_empty(), "{}", api.class);
        assert!(!api.class.contains('/') && !api.class.ends_with(';'), "{}", api.class);
        assert_eq!(api.strength == Strength::Argument, !api.argument.is_empty(), "{}", api.title());
    }
}

#[test]
fn levels_follow_one_another_and_name_permissions_that_exist() {
    for levels in ACCESS {
        assert!(levels.windows(2).all(|pair| pair[0].to < pair[1].from), "{levels:?}");
        assert!(levels.last().is_some_and(|last| last.to == u8::MAX || last.to == 22), "{levels:?}");
        for need in levels.iter().flat_map(Level::needs) {
            for name in need.alternatives() {
                assert!(permissions::find(name).is_some(), "{name}");
            }
        }
    }
}

#[test]
fn a_read_changes_with_the_api_level() {
    let imei = api("android.telephony.TelephonyManager", "getImei");
    let needs = |level: u32| {
        let level = imei.level(level).expect("known");
        let names: Vec<&str> = level.needs().flat_map(Need::alternatives).collect();
        (level.outcome, names)
    };
    assert_eq!(needs(28), (Outcome::Given, vec!["android.permission.READ_PHONE_STATE"]));
    assert_eq!(needs(29), (Outcome::Refused, vec![]));
    assert_eq!(api("android.net.wifi.WifiInfo", "getMacAddress").level(30).map(|l| l.outcome), Some(Outcome::Masked));
    let list = api("android.content.pm.PackageManager", "getInstalledPackages").level(34).expect("known");
    assert_eq!(list.needs().map(|need| need.required).collect::<Vec<_>>(), [false]);
    assert!(api("android.telephony.SubscriptionInfo", "getIccId").level(21).is_none());
}

#[test]
fn wrappers_and_capabilities_are_told_apart_from_the_rest() {
    assert!(is_wrapper("androidx.core.app.A") && is_wrapper("okhttp3.internal.X"));
    assert!(!is_wrapper("androidxx.A") && !is_wrapper("com.example.A"));
    let capabilities: BTreeSet<&str> = CAPABILITIES.iter().map(|(id, _, _)| *id).collect();
    for id in capabilities {
        assert!(all().iter().any(|api| api.data_type == id), "{id} is not in use");
        assert!(capability(id).is_some_and(|label| !label.zh.is_ascii()));
    }
    assert!(capability("imei").is_none());
}

#[test]
fn grades_stand_where_the_field_knows_the_traps() {
    let strength = |class: &str, name: &str| api(class, name).strength;
    assert_eq!(strength("android.app.ActivityManager", "getRunningAppProcesses"), Strength::OwnProcess);
    assert_eq!(strength("android.content.pm.PackageManager", "queryIntentActivities"), Strength::Weak);
    assert_eq!(strength("android.hardware.Camera", "open"), Strength::Enable);
    assert_eq!(strength("", "ro.serialno"), Strength::Reflective);
    assert_eq!(api("com.mediatek.telephony.TelephonyManagerEx", "getSubscriberId").data_type, "imsi");
    let only: Vec<Strength> = Strength::ALL.into_iter().filter(|one| one.is_strong()).collect();
    assert_eq!(only, [Strength::Strong, Strength::Argument]);
}
