//! undeclared-permission, declared-permission-not-requested, misspelt-permission, unknown-permission.

use super::with_classes;
use crate::support::ApkBuilder;
use crate::support::policy::Policy;
use crate::support::run::{audit, host};
use crate::support::sdks::world;
use sdkaudit::audit::Audit;

const CAMERA: &str = "android.permission.CAMERA";
const VIBRATE: &str = "android.permission.VIBRATE";

fn app() -> ApkBuilder {
    with_classes(&["im.finch.sdk.A"])
}

fn policy() -> Policy {
    Policy::new().sdk("Finch Chat", "im.finch.sdk")
}

/// These apps have no code that calls anything; `data` tests what that means.
fn judge(apk: &ApkBuilder, policy: &Policy) -> Vec<String> {
    rows(&audit(apk, &policy.text(), &world()))
}

fn rows(audit: &Audit) -> Vec<String> {
    crate::support::run::rows(audit).into_iter().filter(|row| !row.starts_with("unused-permission")).collect()
}

#[test]
fn what_is_requested_must_stand_somewhere() {
    let apk = app()
        .uses_permission(CAMERA)
        .uses_permission(VIBRATE)
        .uses_permission("android.permission.SYSTEM_ALERT_WINDOW");
    let expected = [
        format!("undeclared-permission error {CAMERA} -"),
        "undeclared-permission error android.permission.SYSTEM_ALERT_WINDOW -".to_owned(),
        format!("undeclared-permission warning {VIBRATE} -"),
    ];
    assert_eq!(judge(&apk, &policy()), expected, "dangerous and special ones are errors");
    let table = policy().permission(CAMERA).permission(VIBRATE).permission("android.permission.SYSTEM_ALERT_WINDOW");
    let restricted = |line: u32| format!("restricted-permission note android.permission.SYSTEM_ALERT_WINDOW {line}");
    assert_eq!(judge(&apk, &table), [restricted(15)]);
    let cell = Policy::new().sdk_with_permissions(
        "Finch Chat",
        "im.finch.sdk",
        &format!("{CAMERA}, {VIBRATE}, android.permission.SYSTEM_ALERT_WINDOW"),
    );
    assert_eq!(judge(&apk, &cell), [restricted(7)], "a record may declare it");
}

#[test]
fn prose_may_declare_it_by_its_full_or_short_name() {
    let apk = app().uses_permission(CAMERA);
    assert_eq!(judge(&apk, &policy().prose("The app asks for android.permission.CAMERA.")), [""; 0]);
    assert_eq!(judge(&apk, &policy().prose("It asks for CAMERA when you scan.")), [""; 0]);
    assert_eq!(judge(&apk, &policy().prose("It asks for CAMERA_EXTRA when you scan.")).len(), 1);
    let vendor = app().uses_permission("com.vendor.permission.CAMERA");
    assert_eq!(judge(&vendor, &policy().prose("It asks for CAMERA.")).len(), 1, "a short name is Android's");
}

#[test]
fn duplicates_are_one_finding_and_the_limit_is_told() {
    let apk = app().uses_permission_max(CAMERA, 28).uses_permission(CAMERA).uses_permission_sdk_23(VIBRATE);
    let found = audit(&apk, &policy().text(), &world());
    let rows = rows(&found);
    let expected =
        [format!("undeclared-permission error {CAMERA} -"), format!("undeclared-permission warning {VIBRATE} -")];
    assert_eq!(rows, expected);
    assert!(
        !found.findings[0].message.en.contains("up to"),
        "the widest request counts: {}",
        found.findings[0].message.en
    );
    let limited = app().uses_permission_max(CAMERA, 18).uses_permission_max(CAMERA, 28);
    let limited = audit(&limited, &policy().text(), &world());
    assert!(limited.findings[0].message.en.contains("up to API 28"), "{}", limited.findings[0].message.en);
    assert_eq!(found.findings[1].evidence[0].seen, "uses-permission-sdk-23");
}

#[test]
fn own_and_owned_permissions_are_left_out() {
    let own = app().uses_permission("dev.host.app.SYNC").defines_permission("dev.host.app.SYNC", 2);
    assert_eq!(judge(&own, &policy()), [""; 0]);
    let polar = "polar.permission.PolarService.dev.host.app";
    let owned = with_classes(&["com.polar.A"]).uses_permission(polar);
    let declared = Policy::new().sdk("Polar Push", "com.polar");
    assert_eq!(judge(&owned, &declared), [""; 0]);
    let stranger = with_classes(&["com.polar.A"]).uses_permission("polar.permission.PolarService.com.another");
    assert_eq!(
        judge(&stranger, &declared),
        ["undeclared-permission warning polar.permission.PolarService.com.another -"]
    );
}

#[test]
fn implied_permissions_need_no_declaration_and_count_as_requested() {
    let write = "android.permission.WRITE_EXTERNAL_STORAGE";
    let apk = app().uses_permission(write);
    assert_eq!(judge(&apk, &policy().permission(write)), [""; 0]);
    assert_eq!(
        judge(&apk, &policy().permission(write).permission("android.permission.READ_EXTERNAL_STORAGE")),
        [""; 0]
    );
}

#[test]
fn what_is_declared_for_the_app_must_be_requested() {
    let table = policy().permission(CAMERA);
    assert_eq!(judge(&app(), &table), [format!("declared-permission-not-requested note {CAMERA} 13")]);
    assert_eq!(judge(&app().uses_permission_sdk_23(CAMERA), &table), [""; 0]);
    let record = Policy::new().sdk_with_permissions("Finch Chat", "im.finch.sdk", CAMERA);
    let found = audit(&app(), &record.permission(CAMERA).text(), &world());
    assert_eq!(
        rows(&found),
        [format!("declared-permission-not-requested note {CAMERA} 13")],
        "once, first for the app itself"
    );
    let record = Policy::new().sdk_with_permissions("Finch Chat", "im.finch.sdk", CAMERA);
    let message = &audit(&app(), &record.text(), &world()).findings[0].message.en;
    assert!(message.contains("declared for \"Finch Chat\""), "{message}");
}

#[test]
fn a_misspelt_name_is_reported_once_per_place_and_counts_as_declared() {
    let typo = "android.permission.ACCES_NETWORK_STATE";
    let apk = app().uses_permission("android.permission.ACCESS_NETWORK_STATE");
    let written = Policy::new().sdk_with_permissions("Finch Chat", "im.finch.sdk", typo);
    assert_eq!(judge(&apk, &written), [format!("misspelt-permission warning {typo} 7")]);
    let found = audit(&apk, &written.clone().permission(typo).text(), &world());
    assert_eq!(
        rows(&found),
        [format!("misspelt-permission warning {typo} 7"), format!("misspelt-permission warning {typo} 13")],
        "each place is to be mended"
    );
    let unasked = format!("declared-permission-not-requested note {} 7", "android.permission.ACCESS_NETWORK_STATE");
    assert_eq!(judge(&app(), &written)[1..], [unasked], "what it means is not requested");
    assert_eq!(found.findings[0].help.en, "did you mean android.permission.ACCESS_NETWORK_STATE?");
}

#[test]
fn unknown_names_are_told_from_misspelt_ones() {
    let invented = "android.permission.OPTICAL_PORT_RELAY";
    let written = Policy::new().sdk_with_permissions("Finch Chat", "im.finch.sdk", invented);
    assert_eq!(judge(&app(), &written), [format!("unknown-permission warning {invented} 7")]);
    assert_eq!(judge(&app().uses_permission(invented), &written), [""; 0], "a name the app asks for exists");
    assert_eq!(judge(&app().defines_permission(invented, 0), &written), [""; 0]);
    let other_systems = "ohos.permission.INTERNET, NSCameraUsageDescription";
    let written = Policy::new().sdk_with_permissions("Finch Chat", "im.finch.sdk", other_systems);
    assert_eq!(judge(&host().dex(&crate::support::Dex::new().classes(&["im.finch.sdk.A"])), &written), [""; 0]);
}
