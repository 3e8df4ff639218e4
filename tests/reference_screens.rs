//! What a reader sees of references: one app with a finding of every rule about them, in both languages, word for word.
//!
//! `TRYCMD=overwrite cargo test --test reference_screens` writes the screens anew; then read the difference before you commit it.

mod support;

use sdkaudit::audit::{self, Audit, Levels, Severity};
use sdkaudit::declared;
use sdkaudit::detect::Inventory;
use sdkaudit::lang::Lang;
use sdkaudit::report::{AppReport, Report, Screen, Stamp, json, screen::Detail, text};
use serde_json::Value;
use support::dex::STATIC;
use support::policy::Policy;
use support::run::{APP, app, host, root};
use support::sdks::world;
use support::{ApkBuilder, Arg, Class, Dex, Invoke, Method, MethodRef};

const IMEI: &str = "android.telephony.TelephonyManager.getImei";

fn calling(class: &str, methods: &[&str], calls: &[&str]) -> Class {
    methods.iter().fold(Class::new(class), |class, name| {
        let method = calls.iter().fold(Method::new(name, "()V").flags(STATIC), |method, call| {
            let (owner, name) = call.rsplit_once('.').expect("class and method");
            method.call(Invoke::Virtual, &MethodRef::new(owner, name, "()V"), &[Arg::Int(0)])
        });
        class.method(method)
    })
}

fn apk() -> ApkBuilder {
    let clipboard = "android.content.ClipboardManager.getPrimaryClip";
    let classes = [
        calling("com.polar.A", &["a", "b", "c", "d", "e"], &[IMEI]),
        calling("com.polar.B", &["f"], &["android.location.LocationManager.getLastKnownLocation"]),
        calling("com.lumen.ads.L", &["g"], &["android.content.pm.PackageManager.getInstalledPackages"]),
        calling("com.acme.crash.C", &["h"], &[IMEI, IMEI]),
        calling(&format!("{APP}.Main"), &["m"], &[clipboard, "com.polar.A.a", "com.lumen.ads.L.g"]),
    ];
    let dex = classes.into_iter().fold(Dex::new(), Dex::class);
    let permissions = ["android.permission.READ_PHONE_STATE", "android.permission.CAMERA"];
    permissions.iter().fold(host().min_sdk(21).dex(&dex), |apk, name| apk.uses_permission(name))
}

fn policy() -> String {
    let link = "https://policies.invalid/privacy";
    Policy::new()
        .record(["Polar Push", "Somebody Ltd.", "com.polar", "None", "Messages", "OAID, carrier", link])
        .record(["Lumen Ads", "Somebody Ltd.", "com.lumen.ads", "None", "Advertising", "None", link])
        .permission("android.permission.READ_PHONE_STATE")
        .permission("android.permission.CAMERA")
        .text()
}

/// The report of `audit`, or of `inspect`, which judges nothing.
fn with_report<T>(judges: bool, look: impl FnOnce(&Report<'_>) -> T) -> T {
    let set = world();
    let app = app(&apk(), &set);
    let declaration = declared::read("policy.md", policy().as_bytes(), &set).unwrap_or_else(|error| panic!("{error}"));
    let inventory = Inventory::of(&app, &set);
    let audit = match judges {
        true => audit::audit(&app, &inventory, &declaration, &set, &Levels::default()),
        false => Audit { findings: audit::without_declaration(&app, &inventory), ..Audit::default() },
    };
    let stamp = Stamp::new(&set, Some(&declaration), None);
    look(&Report {
        stamp,
        declaration: judges.then_some(&declaration),
        apps: vec![AppReport { app, inventory, audit }],
        errors: Vec::new(),
    })
}

fn screen(lang: Lang) -> Screen {
    Screen { lang, width: 100, color: false, unicode: true, detail: Detail::Normal }
}

/// Without the stamp, which changes with every release.
fn body(text: &str) -> String {
    let lines = text.lines().filter(|line| !line.starts_with("sdkaudit ") && !line.starts_with("  app-data-type"));
    lines.map(|line| format!("{line}\n")).collect()
}

fn compare(name: &str, printed: &str) {
    let path = root().join("tests/screens").join(name);
    if std::env::var("TRYCMD").is_ok_and(|mode| mode == "overwrite") {
        std::fs::write(&path, printed).expect("written");
    }
    let expected = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    assert!(expected == printed, "{name} differs; printed is\n{printed}");
}

#[test]
fn audit_and_matrix_in_both_languages() {
    for (lang, tag) in [(Lang::En, "en"), (Lang::Zh, "zh")] {
        let audit = with_report(true, |report| text::audit(report, Some(Severity::Error), &screen(lang)));
        compare(&format!("audit.{tag}.txt"), &body(&audit));
        let extras = text::Extras { unmatched: false, references: true };
        let inspect = with_report(false, |report| text::inspect(report, extras, &screen(lang)));
        compare(&format!("inspect.{tag}.txt"), &body(&inspect));
    }
}

#[test]
fn every_rule_about_references_stands_on_the_screen() {
    let printed = with_report(true, |report| text::audit(report, Some(Severity::Error), &screen(Lang::En)));
    for rule in [
        "undeclared-data-type",
        "none-but-referenced",
        "declared-data-not-referenced",
        "app-data-type-undeclared",
        "undeclared-sdk-permission",
        "unused-permission",
    ] {
        assert!(printed.contains(&format!("[{rule}]")), "{rule} is missing:\n{printed}");
    }
    assert!(printed.contains("  blocked  ") && printed.contains("  wiring  "), "{printed}");
}

#[test]
fn the_screen_shows_three_sites_of_a_type_and_json_all() {
    with_report(true, |report| {
        let printed = text::audit(report, Some(Severity::Error), &screen(Lang::En));
        let shown = |method: &str| printed.contains(&format!("com.polar.A.{method}() → TelephonyManager.getImei"));
        assert_eq!(["a", "b", "c", "d", "e"].map(shown), [true, true, true, false, false]);
        assert!(printed.contains("and 2 more (-v)"), "{printed}");
        let whole: Value = serde_json::from_str(&json::report(report, Lang::En)).expect("JSON");
        let findings = whole["apps"][0]["findings"].as_array().expect("findings");
        let finding = findings.iter().find(|one| one["subject"] == "polar.push/imei").expect("the finding");
        assert_eq!(finding["references"][0]["sites"].as_array().map(Vec::len), Some(5));
    });
}
