use super::*;

fn android(last: &str) -> Permission {
    find(&format!("android.permission.{last}")).unwrap_or_else(|| panic!("{last} is missing"))
}

#[test]
fn the_table_is_sorted_unique_and_as_large_as_its_sources() {
    let names: Vec<&str> = all().map(|p| p.name).collect();
    assert!(names.is_sorted_by(|a, b| a < b));
    let count = |platform| all().filter(|p| p.platform == platform).count();
    assert_eq!(count(Platform::Android), 1175);
    assert_eq!(count(Platform::Vendor), 82);
    assert_eq!(count(Platform::HarmonyOs), 1134);
    assert_eq!(count(Platform::Ios), 51);
}

#[test]
fn every_name_finds_itself_and_has_sound_parts() {
    for permission in all() {
        assert_eq!(find(permission.name), Some(permission));
        let plain = |b: u8| b.is_ascii_alphanumeric() || b"._${}".contains(&b);
        assert!(permission.name.bytes().all(plain), "{}", permission.name);
        assert!(permission.replaced_by().all(|name| find(name).is_some()), "{}", permission.name);
        assert!(permission.flags.split('|').all(|flag| !flag.contains(' ')), "{}", permission.name);
    }
}

#[test]
fn platforms_keep_to_their_own_names_and_levels() {
    for p in all() {
        use Protection::*;
        let fits = match p.platform {
            Platform::Android => matches!(p.protection, Normal | Dangerous | Signature | Internal | Unstated),
            Platform::Vendor => {
                matches!(p.protection, Normal | Dangerous | Signature | Custom) && p.purpose().is_some()
            }
            Platform::HarmonyOs => {
                matches!(p.protection, SystemGrant | UserGrant) && p.name.starts_with("ohos.permission.")
            }
            Platform::Ios => p.protection == UsageKey && p.name.starts_with('N'),
        };
        assert!(fits, "{p:?}");
        let undefined = p.restrictions().any(|r| r == Restriction::Undefined);
        assert_eq!(p.vendor.is_some(), p.platform == Platform::Vendor && !undefined, "{}", p.name);
        assert_eq!(p.added_api.is_some(), matches!(p.platform, Platform::Android | Platform::HarmonyOs), "{}", p.name);
    }
}

#[test]
fn known_levels_and_groups() {
    let table = [
        ("CAMERA", Protection::Dangerous, Some("CAMERA"), 4),
        ("READ_PHONE_STATE", Protection::Dangerous, Some("PHONE"), 4),
        ("ACCESS_FINE_LOCATION", Protection::Dangerous, Some("LOCATION"), 4),
        ("ACCESS_BACKGROUND_LOCATION", Protection::Dangerous, Some("LOCATION"), 29),
        ("READ_EXTERNAL_STORAGE", Protection::Dangerous, Some("STORAGE"), 16),
        ("POST_NOTIFICATIONS", Protection::Dangerous, Some("NOTIFICATIONS"), 33),
        ("READ_MEDIA_IMAGES", Protection::Dangerous, Some("READ_MEDIA_VISUAL"), 33),
        ("BLUETOOTH_SCAN", Protection::Dangerous, Some("NEARBY_DEVICES"), 31),
        ("ACCESS_LOCAL_NETWORK", Protection::Dangerous, Some("NEARBY_DEVICES"), 37),
        ("health.WRITE_STEPS", Protection::Dangerous, Some("HEALTH"), 34),
        ("INTERNET", Protection::Normal, None, 4),
        ("VIBRATE", Protection::Normal, None, 4),
        ("READ_LOGS", Protection::Signature, None, 4),
        ("MOUNT_UNMOUNT_FILESYSTEMS", Protection::Signature, None, 4),
    ];
    for (last, protection, group, added) in table {
        let found = android(last);
        assert_eq!((found.protection, found.group, found.added_api), (protection, group, Some(added)), "{last}");
    }
    let storage = android("READ_EXTERNAL_STORAGE");
    assert_eq!(storage.group_label().map(|label| label.zh).as_deref(), Some("存储"));
    assert_eq!(storage.no_effect_above, Some(32));
    assert_eq!(storage.replaced_by().next(), Some("android.permission.READ_MEDIA_IMAGES"));
    assert_eq!(android("READ_PHONE_STATE").data_types().next(), Some("imei"));
    assert_eq!((android("GET_TASKS").deprecated_api, android("GET_TASKS").no_effect_above), (Some(21), Some(20)));
    assert!(android("READ_PROFILE").deprecated && android("READ_PROFILE").deprecated_api.is_none());
    assert_eq!(android("READ_PROFILE").removed_api, Some(23));
    assert_eq!(android("WRITE_SETTINGS").flags, "appop|pre23|preinstalled|role");
}

#[test]
fn special_permissions_are_exactly_these() {
    let special: Vec<&str> = all().filter(|p| p.special).map(|p| p.short_name()).collect();
    let expected = [
        "ACCESS_NOTIFICATION_POLICY",
        "INTERACT_ACROSS_PROFILES",
        "LOADER_USAGE_STATS",
        "MANAGE_EXTERNAL_STORAGE",
        "MANAGE_MEDIA",
        "MANAGE_ONGOING_CALLS",
        "MEDIA_ROUTING_CONTROL",
        "PACKAGE_USAGE_STATS",
        "QUERY_ALL_PACKAGES",
        "RECEIVE_SANDBOX_TRIGGER_AUDIO",
        "REQUEST_IGNORE_BATTERY_OPTIMIZATIONS",
        "REQUEST_INSTALL_PACKAGES",
        "SCHEDULE_EXACT_ALARM",
        "SMS_FINANCIAL_TRANSACTIONS",
        "SYSTEM_ALERT_WINDOW",
        "TURN_SCREEN_ON",
        "USE_EXACT_ALARM",
        "USE_FULL_SCREEN_INTENT",
        "WRITE_SETTINGS",
        "WRITE_SYSTEM_PREFERENCES",
        "ACCESS_USER_FULL_DISK",
        "CONTROL_DEVICE",
        "CUSTOM_SCREEN_RECORDING",
        "HOOK_KEY_EVENT",
    ];
    assert_eq!(special, expected);
    for last in ["INTERNET", "FOREGROUND_SERVICE_LOCATION", "BIND_ACCESSIBILITY_SERVICE", "BIND_VPN_SERVICE"] {
        assert!(!android(last).is_dangerous_or_special(), "{last}");
    }
    for last in ["QUERY_ALL_PACKAGES", "CAMERA", "SYSTEM_ALERT_WINDOW"] {
        assert!(android(last).is_dangerous_or_special(), "{last}");
    }
    let asked = |name: &str| find(name).is_some_and(|p| p.is_dangerous_or_special());
    assert!(asked("ohos.permission.READ_PASTEBOARD") && !asked("ohos.permission.INTERNET"));
    assert!(asked("NSCameraUsageDescription") && !asked("NSLocationDefaultAccuracyReduced"));
    assert!(asked("com.android.permission.GET_INSTALLED_APPS"));
}

#[test]
fn names_with_an_application_id_are_found_by_pattern() {
    let name = |written: &str| find(written).map(|p| p.name);
    assert_eq!(name("com.example.app.permission.JPUSH_MESSAGE"), Some("${applicationId}.permission.JPUSH_MESSAGE"));
    assert_eq!(name("getui.permission.GetuiService.io.acme.x"), Some("getui.permission.GetuiService.${applicationId}"));
    let receiver = "a.b.DYNAMIC_RECEIVER_NOT_EXPORTED_PERMISSION";
    assert_eq!(find(receiver).map(|p| p.protection), Some(Protection::Signature));
    assert_eq!(name("${applicationId}.permission.MIPUSH_RECEIVE"), Some("${applicationId}.permission.MIPUSH_RECEIVE"));
    // No application id has one part only, an empty part, or one that starts with a digit.
    for written in
        ["android.permission.JPUSH_MESSAGE", "a..b.permission.JPUSH_MESSAGE", "a.1b.permission.JPUSH_MESSAGE"]
    {
        assert_eq!(name(written), None, "{written}");
    }
}

#[test]
fn short_names() {
    let name = |short: &str| find_by_short_name(short).map(|p| p.name);
    assert_eq!(name("READ_PHONE_STATE"), Some("android.permission.READ_PHONE_STATE"));
    assert_eq!(name("CAMERA"), Some("android.permission.CAMERA"));
    assert_eq!(name("ACTIVITY_RECOGNITION"), Some("android.permission.ACTIVITY_RECOGNITION"));
    assert_eq!(name("READ_STEPS"), Some("android.permission.health.READ_STEPS"));
    assert_eq!(name("AD_ID"), Some("com.google.android.gms.permission.AD_ID"));
    assert_eq!(name("INSTALL_SHORTCUT"), Some("com.android.launcher.permission.INSTALL_SHORTCUT"));
    assert_eq!(name("APP_TRACKING_CONSENT"), Some("ohos.permission.APP_TRACKING_CONSENT"));
    assert_eq!(name("NSCameraUsageDescription"), Some("NSCameraUsageDescription"));
    for unknown in ["READ_SETTINGS", "read_phone_state", "PHONE_STATE", "", "permission.CAMERA"] {
        assert_eq!(name(unknown), None, "{unknown}");
    }
}

#[test]
fn every_label_stands_in_both_languages() {
    let both = |text: Text, what: &str| {
        assert!(!text.en.is_empty() && text.en.is_ascii(), "{what}: {}", text.en);
        assert!(!text.zh.is_empty() && (text.zh == text.en || !text.zh.is_ascii()), "{what}: {}", text.zh);
    };
    for protection in Protection::ALL {
        both(protection.label(), protection.id());
    }
    for (position, restriction) in Restriction::ALL.into_iter().enumerate() {
        assert_eq!(restriction.bit(), 1 << position);
        assert!(all().any(|p| p.restrictions().any(|r| r == restriction)), "{restriction:?} is not used");
        both(restriction.label(), "restriction");
    }
    for permission in all() {
        if let Some(purpose) = permission.purpose() {
            both(purpose, permission.name);
        }
    }
}

#[path = "../../build/permissions.rs"]
mod generator;

fn generated(android: &str) -> Result<String, String> {
    let json = format!(r#"{{"origins":[],"android":[{android}],"vendor":[],"harmonyos":[],"ios":[]}}"#);
    std::panic::catch_unwind(|| generator::generate(&json))
        .map_err(|cause| cause.downcast_ref::<String>().cloned().unwrap_or_default())
}

#[test]
fn the_generator_writes_rows_and_refuses_a_wrong_file() {
    let camera = r#"{"name":"a.CAMERA","level":"signature|appop","added":4,"restrictions":["special_access"]}"#;
    let source = generated(camera).expect("a right file");
    assert!(source.starts_with("static TEXT: &str = \"a.CAMERAappop\";\nstatic ENTRIES: [Raw; 1]"), "{source}");
    let row = "Restriction::SpecialAccess.bit(), [4, 0, 0, 0], Protection::Signature, Platform::Android, false)";
    assert!(source.contains(row), "{source}");
    let before = r#"{"name":"a.B","level":"normal"}"#;
    let refused = [
        (format!("{camera},{before}"), "a.B must stand before a.CAMERA"),
        (format!("{before},{before}"), "a.B must stand before a.B"),
        (before.replace("normal", "nrmal"), "unknown level nrmal"),
        (before.replace("level", "levle"), "unknown field `levle`"),
        (before.replace("}", r#","replaced_by":["a.C"]}"#), "replaced_by names no permission: a.C"),
    ];
    for (android, problem) in refused {
        let message = generated(&android).expect_err(problem);
        assert!(message.contains(problem), "{message}");
    }
}
