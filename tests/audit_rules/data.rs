//! undeclared-data-type, none-but-referenced, declared-data-not-referenced, app-data-type-undeclared, undeclared-sdk-permission,
//! unused-permission: what code references against what is declared for it.

use super::judge;
use crate::support::dex::STATIC;
use crate::support::policy::Policy;
use crate::support::run::{APP, audit, host};
use crate::support::sdks::world;
use crate::support::{ApkBuilder, Arg, Class, Component, Dex, Invoke, Method, MethodRef};
use sdkaudit::audit::Rule;

const PHONE: &str = "android.permission.READ_PHONE_STATE";
const LOCATION: &str = "android.permission.ACCESS_FINE_LOCATION";

/// A class of one method that makes these calls, given as `android.x.Y.method`.
fn calling(class: &str, calls: &[&str]) -> Class {
    let method = calls.iter().fold(Method::new("run", "()V").flags(STATIC), |method, call| {
        let (owner, name) = call.rsplit_once('.').expect("class and method");
        method.call(Invoke::Virtual, &MethodRef::new(owner, name, "()V"), &[Arg::Int(0)])
    });
    Class::new(class).method(method)
}

const IMEI: &str = "android.telephony.TelephonyManager.getImei";
const FIX: &str = "android.location.LocationManager.getLastKnownLocation";
const LIST: &str = "android.content.pm.PackageManager.getInstalledPackages";
const PROCESSES: &str = "android.app.ActivityManager.getRunningAppProcesses";

/// On an old phone IMEI can still be read.
fn apk(classes: Vec<Class>) -> ApkBuilder {
    host().min_sdk(21).uses_permission(PHONE).dex(&classes.into_iter().fold(Dex::new(), Dex::class))
}

/// A policy that names the permission, and one record with this scope.
fn policy(scope: &str) -> Policy {
    let cells = ["Polar Push", "Somebody Ltd.", "com.polar", PHONE, "Works", scope, "https://policies.invalid/privacy"];
    Policy::new().record(cells)
}

fn polar(calls: &[&str]) -> ApkBuilder {
    apk(vec![calling("com.polar.A", calls)])
}

#[test]
fn a_strong_reference_outside_the_scope_is_undeclared() {
    let app = polar(&[IMEI, LIST]);
    assert_eq!(
        judge(&app, &policy("OAID"))[..2],
        ["undeclared-data-type error polar.push/imei 7", "undeclared-data-type error polar.push/installed_apps 7",]
    );
    assert!(!judge(&app, &policy("OAID")).iter().any(|row| row.starts_with("none-but-referenced")));
    assert_eq!(judge(&app, &policy("IMEI, list of installed applications")), [""; 0]);
    assert_eq!(judge(&app, &policy("IMEI、应用列表")), [""; 0]);
}

#[test]
fn umbrella_words_cover_and_lists_behind_them_name_only_what_they_list() {
    let app = polar(&[IMEI]);
    assert_eq!(judge(&app, &policy("device information")), ["vague-data note polar.push 7"]);
    let rows = judge(&app, &policy("device information (OAID, device model)"));
    assert_eq!(rows[0], "undeclared-data-type error polar.push/imei 7");
    let audit = audit(&app, &policy("device information").text(), &world());
    let standing = &audit.records[0].data;
    assert_eq!(standing.len(), 1);
    assert_eq!(
        (standing[0].data_type, standing[0].declared, standing[0].referenced),
        ("imei", Some("umbrella"), Some("strong"))
    );
    assert_eq!(standing[0].word.as_deref(), Some("device information"));
}

#[test]
fn weak_evidence_and_process_checks_accuse_nobody() {
    let weak = polar(&[
        IMEI,
        PROCESSES,
        "android.content.pm.PackageManager.queryIntentActivities",
        "android.hardware.Camera.open",
    ]);
    assert_eq!(judge(&weak, &policy("IMEI")), [""; 0]);
}

#[test]
fn any_evidence_supports_a_declaration() {
    let app = polar(&[IMEI, PROCESSES]);
    assert_eq!(judge(&app, &policy("IMEI, running processes")), [""; 0]);
    let rows = judge(&app, &policy("IMEI, clipboard, bank card, email"));
    assert_eq!(rows, ["declared-data-not-referenced note polar.push/clipboard 7"], "code cannot show the others");
    let native = app.native_lib("arm64-v8a", "libmain.so");
    assert_eq!(judge(&native, &policy("IMEI, clipboard")), [""; 0], "its native code may read it");
}

#[test]
fn none_is_held_against_the_code() {
    assert_eq!(judge(&polar(&[IMEI]), &policy("None")), ["none-but-referenced error polar.push 7"]);
    assert_eq!(
        judge(&polar(&[PROCESSES]), &policy("None")),
        ["unused-permission warning android.permission.READ_PHONE_STATE -"]
    );
    assert_eq!(judge(&polar(&[IMEI]), &policy("无")), ["none-but-referenced error polar.push 7"]);
}

#[test]
fn what_the_build_cannot_read_at_all_weighs_less() {
    let app = |apk: ApkBuilder| apk.dex(&Dex::new().class(calling("com.polar.A", &[FIX])));
    let open = judge(&app(host().uses_permission(LOCATION)), &policy("OAID"));
    assert!(open.contains(&"undeclared-data-type error polar.push/location 7".to_owned()), "{open:?}");
    let blocked = judge(&app(host()), &policy("OAID"));
    assert!(blocked.contains(&"undeclared-data-type warning polar.push/location 7".to_owned()), "{blocked:?}");
}

#[test]
fn a_companion_is_judged_by_the_scope_of_the_sdk_that_brings_it() {
    let app = apk(vec![Class::new("com.polar.A"), calling("com.lumen.core.B", &[IMEI])]);
    assert_eq!(judge(&app, &policy("IMEI")), [""; 0]);
    assert_eq!(judge(&app, &policy("clipboard"))[0], "undeclared-data-type error polar.push/imei 7");
    let own =
        policy("clipboard").record(["Lumen Core", "X", "com.lumen.core", "None", "Y", "IMEI", "https://p.invalid/"]);
    assert!(!judge(&app, &own).iter().any(|row| row.starts_with("undeclared-data-type")), "it has a record of its own");
}

#[test]
fn an_undeclared_sdk_carries_its_references() {
    let app = apk(vec![Class::new("com.polar.A"), calling("com.acme.crash.B", &[IMEI])]);
    let audit = audit(&app, &policy("IMEI").text(), &world());
    let finding = audit.findings.iter().find(|one| one.rule == Rule::UndeclaredSdk).expect("undeclared");
    assert_eq!(finding.references.iter().map(|one| one.data_type).collect::<Vec<_>>(), ["imei"]);
    assert!(finding.details.iter().any(|(_, value)| value.en == "IMEI (1 site)"), "{:?}", finding.details);
    assert!(
        !audit.findings.iter().any(|one| one.rule == Rule::UndeclaredDataType),
        "nothing is declared to compare with"
    );
}

#[test]
fn the_apps_own_code_is_held_against_the_whole_policy() {
    let app = apk(vec![Class::new("com.polar.A"), calling(&format!("{APP}.Main"), &[IMEI])]);
    let silent = policy("None").prose("We value your privacy.");
    assert_eq!(judge(&app, &silent), ["app-data-type-undeclared warning imei -"]);
    assert_eq!(judge(&app, &policy("None").prose("We read the IMEI of your phone.")), [""; 0]);
    assert_eq!(judge(&app, &policy("None").prose("We read device information.")), [""; 0]);
    // A denial is no declaration; one under a condition is.
    let undeclared = ["app-data-type-undeclared warning imei -"];
    assert_eq!(judge(&app, &policy("None").prose("We never read the IMEI of your phone.")), undeclared);
    assert_eq!(judge(&app, &policy("None").prose("我们不会读取您的 IMEI。")), undeclared);
    assert_eq!(judge(&app, &policy("None").prose("We do not read the IMEI without your consent.")), [""; 0]);
}

#[test]
fn a_record_names_the_permissions_that_its_code_needs() {
    let app = |apk: ApkBuilder| apk.dex(&Dex::new().class(calling("com.polar.A", &[FIX])));
    let with = |permissions: &str| {
        let cells = [
            "Polar Push",
            "Somebody Ltd.",
            "com.polar",
            permissions,
            "Works",
            "location",
            "https://policies.invalid/privacy",
        ];
        judge(&app(host().uses_permission(LOCATION)), &Policy::new().record(cells).permission(LOCATION))
    };
    let subject = "undeclared-sdk-permission warning polar.push/android.permission.ACCESS_FINE_LOCATION";
    assert_eq!(with("None"), [format!("{subject} 7")]);
    assert_eq!(with(LOCATION), [""; 0]);
    assert_eq!(
        with("android.permission.ACCESS_FINE_LOCATIO")[..1],
        ["misspelt-permission warning android.permission.ACCESS_FINE_LOCATIO 7"]
    );
    let both = with("android.permission.ACCESS_COARSE_LOCATION, android.permission.ACCESS_FINE_LOCATION");
    assert!(!both.iter().any(|row| row.starts_with(subject)), "{both:?}");
}

#[test]
fn a_permission_is_unused_only_where_all_code_was_read() {
    let rule =
        |rows: Vec<String>| rows.into_iter().filter(|row| row.starts_with("unused-permission")).collect::<Vec<_>>();
    let unused = apk(vec![Class::new("com.polar.A")]);
    assert_eq!(
        rule(judge(&unused, &policy("None"))),
        ["unused-permission warning android.permission.READ_PHONE_STATE -"]
    );
    assert_eq!(rule(judge(&polar(&[IMEI]), &policy("None"))), [""; 0]);
    let vibrate = unused.clone().uses_permission("android.permission.VIBRATE");
    assert_eq!(rule(judge(&vibrate, &policy("None"))).len(), 1, "nothing is known to need VIBRATE");
    let receiver = Component::receiver("com.polar.Calls").action("android.intent.action.PHONE_STATE");
    assert_eq!(rule(judge(&unused.clone().component(receiver), &policy("None"))), [""; 0], "the broadcast needs it");
    let hidden = unused.clone().native_lib("arm64-v8a", "libnshell.so");
    assert_eq!(rule(judge(&hidden, &policy("None"))), [""; 0], "a packer hides code");
    let native = unused.native_lib("arm64-v8a", "libother.so");
    assert_eq!(rule(judge(&native, &policy("None"))), ["unused-permission note android.permission.READ_PHONE_STATE -"]);
}
