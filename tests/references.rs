//! What code references: the walk over a fixture whose references are known, with everything that must not count beside them.

mod support;

use sdkaudit::app::App;
use sdkaudit::detect::{Inventory, TypeReferences};
use sdkaudit::platform::apis::Strength;
use sdkaudit::signatures::SignatureSet;
use std::collections::BTreeSet;
use support::dex::STATIC;
use support::run::{APP, app, host};
use support::sample::get_string;
use support::sdks::Sig;
use support::{ApkBuilder, Arg, Class, Component, Dex, FieldRef, Invoke, Method, MethodRef, Op, Payload};

fn call(class: &str, name: &str) -> MethodRef {
    MethodRef::new(class, name, "()Ljava/lang/String;")
}

fn imei() -> MethodRef {
    call("android.telephony.TelephonyManager", "getImei")
}

fn imsi() -> MethodRef {
    call("android.telephony.TelephonyManager", "getSubscriberId")
}

fn packages() -> MethodRef {
    call("android.content.pm.PackageManager", "getInstalledPackages")
}

fn for_name() -> MethodRef {
    MethodRef::new("java.lang.Class", "forName", "(Ljava/lang/String;)Ljava/lang/Class;")
}

fn method(name: &str) -> Method {
    Method::new(name, "()V").flags(STATIC)
}

/// Reads a setting by its key.
fn setting(name: &str, key: &str) -> Method {
    method(name).call(Invoke::Static, &get_string(), &[Arg::Int(0), Arg::Str(key)])
}

fn set() -> SignatureSet {
    let sigs = [
        Sig::new("acme.metrics", "Acme Metrics", "analytics").packages(&["com.acme.metrics"]),
        Sig::new("acme.core", "Acme Core", "utility").packages(&["com.acme.core"]),
        Sig::new("polar.push", "Polar Push", "push")
            .packages(&["com.polar"])
            .detect("companions", &["com.acme.core", "com.polarlib"]),
        Sig::new("idle.ads", "Idle Ads", "advertising").packages(&["com.idle"]),
        Sig::new("jet.x", "Jet X", "ui").packages(&["androidx"]),
    ];
    support::sdks::set(&sigs)
}

/// Known references, each strong one once or twice, and decoys.
fn dex() -> Dex {
    let decoy = |payload| Op::Decoy(payload, vec![Op::Invoke(Invoke::Virtual, imsi(), vec![0])]);
    let metrics = Class::new("com.acme.metrics.b.A")
        .method(
            method("c")
                .call(Invoke::Virtual, &imei(), &[Arg::Int(0)])
                .call(Invoke::Virtual, &imei(), &[Arg::Int(0)])
                .op(decoy(Payload::FillArrayData))
                .op(decoy(Payload::PackedSwitch))
                .op(decoy(Payload::SparseSwitch))
                .op(Op::InvokeRange(Invoke::Virtual, packages(), 0, 1)),
        )
        .method(setting("id", "android_id"))
        .method(setting("volume", "volume_music"))
        .method(
            // The key is gone before the call; another one stands in its register.
            method("overwritten")
                .op(Op::ConstString(1, "android_id".into()))
                .op(Op::ConstString(1, "volume_music".into()))
                .op(Op::Const(0, 0))
                .op(Op::Invoke(Invoke::Static, get_string(), vec![0, 1]))
                .locals(2),
        )
        .method(
            method("moved")
                .op(Op::ConstStringJumbo(3, "android_id".into()))
                .op(Op::MoveObject(1, 3))
                .op(Op::Const(3, 7))
                .op(Op::Const(0, 0))
                .op(Op::Invoke(Invoke::Static, get_string(), vec![0, 1]))
                .locals(4),
        )
        .method(
            method("serial")
                .op(Op::SgetObject(0, FieldRef::new("android.os.Build", "SERIAL", "java.lang.String")))
                .locals(1),
        )
        .method(method("weak").call(
            Invoke::Virtual,
            &call("android.net.wifi.WifiManager", "getConnectionInfo"),
            &[Arg::Int(0)],
        ));
    let core = Class::new("com.acme.core.R")
        .method(
            method("reflects")
                .op(Op::ConstString(0, "getDeviceId".into()))
                .op(Op::Invoke(Invoke::Static, for_name(), vec![0]))
                .locals(1),
        )
        .method(method("names").op(Op::ConstString(0, "getMeid".into())).locals(1));
    let polar = Class::new("com.polar.P")
        .method(method("uris").op(Op::ConstString(0, "content://sms".into())).locals(1))
        .method(method("calls").call(Invoke::Static, &call("com.acme.core.R", "reflects"), &[]));
    let lib = Class::new("com.polarlib.L").method(method("l").call(
        Invoke::Virtual,
        &call("android.net.wifi.WifiInfo", "getSSID"),
        &[Arg::Int(0)],
    ));
    let service = "com.polar.Service";
    // Calls through a subclass name the subclass; the second one has a method of its own of that name.
    let inherits = Class::new(service)
        .superclass("android.accessibilityservice.AccessibilityService")
        .method(method("reads").call(Invoke::Virtual, &call(service, "getRootInActiveWindow"), &[Arg::Int(0)]));
    let own = "com.polar.Own";
    let overrides = Class::new(own)
        .superclass("android.accessibilityservice.AccessibilityService")
        .method(Method::new("getWindows", "()Ljava/lang/String;").op(Op::Const(0, 0)).op(Op::ReturnObject(0)).locals(1))
        .method(method("reads").call(Invoke::Virtual, &call(own, "getWindows"), &[Arg::Int(0)]));
    let wrapper = Class::new("androidx.core.location.LocationManagerCompat").method(method("getCurrentLocation").call(
        Invoke::Virtual,
        &call("android.location.LocationManager", "getLastKnownLocation"),
        &[Arg::Int(0)],
    ));
    let main = Class::new(&format!("{APP}.Main")).method(
        method("m")
            .call(Invoke::Static, &call("androidx.core.location.LocationManagerCompat", "getCurrentLocation"), &[])
            .call(Invoke::Static, &call("com.acme.metrics.b.A", "c"), &[]),
    );
    let unknown = Class::new("net.nobody.N").method(method("n").call(
        Invoke::Virtual,
        &call("android.net.wifi.WifiInfo", "getBSSID"),
        &[Arg::Int(0)],
    ));
    let renamed = Class::new("a.b.c").method(method("d").call(Invoke::Virtual, &imsi(), &[Arg::Int(0)]));
    let idle = Class::new("com.idle.I").method(method("i").call(Invoke::Static, &call("com.idle.I", "i"), &[]));
    [metrics, core, polar, lib, inherits, overrides, wrapper, main, unknown, renamed, idle]
        .into_iter()
        .fold(Dex::new(), Dex::class)
        .string("content://call_log")
        .string("getSimSerialNumber")
        .references_method(call("android.content.ClipboardManager", "getPrimaryClip"))
        .references_field(FieldRef::new("android.provider.ContactsContract$Contacts", "CONTENT_URI", "android.net.Uri"))
}

fn apk() -> ApkBuilder {
    host().dex(&dex()).component(Component::service("com.polar.Service"))
}

fn all(list: &[TypeReferences]) -> Vec<String> {
    let mut rows: Vec<String> = Vec::new();
    for one in list {
        let companion = one.companion.as_deref().map(|id| format!(" via {id}")).unwrap_or_default();
        for site in &one.sites {
            let strength = one.strength.id();
            rows.push(format!("{} {strength} {}.{} {}{companion}", one.data_type, site.class, site.method, site.count));
        }
    }
    rows.sort();
    rows
}

fn with(then: impl FnOnce(&Inventory<'_>, &App)) {
    let set = set();
    let app = app(&apk(), &set);
    then(&Inventory::of(&app, &set), &app);
}

fn of(inventory: &Inventory<'_>, id: &str) -> Vec<String> {
    all(&inventory.find(id).unwrap_or_else(|| panic!("{id} is not there")).references)
}

#[test]
fn each_body_of_code_has_its_own_references_and_no_others() {
    with(|inventory, app| {
        assert!(app.classes.references_scanned && app.classes.broken_methods == 0);
        assert_eq!(
            of(inventory, "acme.metrics"),
            [
                "android_id argument com.acme.metrics.b.A.id 1",
                "android_id argument com.acme.metrics.b.A.moved 1",
                "imei strong com.acme.metrics.b.A.c 2",
                "installed_apps strong com.acme.metrics.b.A.c 1",
                "serial strong com.acme.metrics.b.A.serial 1",
                "wifi_info weak com.acme.metrics.b.A.weak 1",
            ]
        );
        assert_eq!(
            of(inventory, "acme.core"),
            ["imei reflective com.acme.core.R.reflects 1", "reflection weak com.acme.core.R.reflects 1"]
        );
        assert_eq!(
            of(inventory, "polar.push"),
            [
                "accessibility strong com.polar.Service.reads 1",
                "imei reflective com.acme.core.R.reflects 1 via acme.core",
                "reflection weak com.acme.core.R.reflects 1 via acme.core",
                "sms strong com.polar.P.uris 1",
                "ssid strong com.polarlib.L.l 1",
            ]
        );
        assert_eq!(of(inventory, "idle.ads"), [""; 0]);
        assert_eq!(of(inventory, "jet.x"), [""; 0], "a wrapper's references stand apart");
        let other = &inventory.other;
        assert_eq!(
            all(&other.own_code),
            [format!("location strong {APP}.Main.m 1")],
            "the wrapper's caller is charged"
        );
        assert_eq!(all(&other.obfuscated), ["imsi strong a.b.c.d 1"]);
        let [(wrapper, references)] = other.wrappers.as_slice() else { panic!("one wrapper") };
        assert_eq!((wrapper.as_str(), all(references).len()), ("jet.x", 1));
        let [(prefix, references)] = other.unidentified.as_slice() else { panic!("one group") };
        assert_eq!(
            (prefix.as_str(), all(references)),
            ("net.nobody", vec!["bssid strong net.nobody.N.n 1".to_owned()])
        );
    });
}

/// The whole set of strong evidence, so that nothing hides in a body of code that no other test looks at.
#[test]
fn strong_evidence_is_complete_and_exact() {
    with(|inventory, _| {
        let strong = |one: &&TypeReferences| one.strength.is_strong();
        let found: BTreeSet<(String, &str)> = inventory
            .bodies()
            .flat_map(|(body, references)| {
                references.into_iter().filter(strong).map(move |one| (body.to_owned(), one.data_type))
            })
            .collect();
        let expected = [
            ("acme.metrics", "android_id"),
            ("acme.metrics", "imei"),
            ("acme.metrics", "installed_apps"),
            ("acme.metrics", "serial"),
            ("app", "location"),
            ("jet.x", "location"),
            ("net.nobody", "bssid"),
            ("obfuscated", "imsi"),
            ("polar.push", "accessibility"),
            ("polar.push", "sms"),
            ("polar.push", "ssid"),
        ];
        assert_eq!(found, expected.map(|(body, id)| (body.to_owned(), id)).into());
    });
}

#[test]
fn wired_in_is_what_other_code_or_the_manifest_leads_to() {
    with(|inventory, _| {
        let wired = |id: &str| inventory.find(id).and_then(|one| one.wired_in);
        assert_eq!(wired("acme.metrics"), Some(true), "the app calls it");
        assert_eq!(wired("polar.push"), Some(true), "the manifest starts it");
        assert_eq!(wired("acme.core"), Some(true), "it comes with Polar, which is started");
        assert_eq!(wired("idle.ads"), Some(false), "only its own code names it");
    });
    let set = set();
    let bundled = app(&host().dex(&dex()), &set);
    let inventory = Inventory::of(&bundled, &set);
    assert_eq!(inventory.find("polar.push").and_then(|one| one.wired_in), Some(false));
    assert_eq!(inventory.find("acme.core").and_then(|one| one.wired_in), Some(false), "its family alone names it");
    // A member of its family that is started may lead to it.
    let started = app(&host().dex(&dex()).component(Component::service("com.acme.core.Service")), &set);
    assert_eq!(Inventory::of(&started, &set).find("polar.push").and_then(|one| one.wired_in), None);
}

#[test]
fn a_read_that_this_build_cannot_make_is_blocked() {
    let set = set();
    let block = |apk: ApkBuilder, id: &str| {
        let app = app(&apk.dex(&dex()), &set);
        let inventory = Inventory::of(&app, &set);
        let metrics = inventory.find("acme.metrics").expect("present");
        let found = metrics.references.iter().find(|one| one.data_type == id).expect("referenced");
        found.block.as_ref().map(|block| (block.at_target, block.missing.clone(), block.everywhere))
    };
    let phone = "android.permission.READ_PHONE_STATE";
    let old = |apk: ApkBuilder| apk.min_sdk(21);
    assert_eq!(block(old(ApkBuilder::new(APP).target_sdk(28)), "imei"), Some((false, vec![phone], true)));
    assert_eq!(block(old(ApkBuilder::new(APP).target_sdk(28)).uses_permission(phone), "imei"), None);
    assert_eq!(
        block(old(ApkBuilder::new(APP).target_sdk(34)).uses_permission(phone), "imei"),
        Some((true, vec![], false))
    );
    assert_eq!(block(ApkBuilder::new(APP).min_sdk(29).target_sdk(34), "imei"), Some((true, vec![], true)));
    assert_eq!(block(ApkBuilder::new(APP).target_sdk(34), "installed_apps"), None, "QUERY_ALL_PACKAGES only widens");
}

#[test]
fn requested_permissions_tell_in_whose_code_their_calls_are() {
    let set = set();
    let apk = apk()
        .min_sdk(21)
        .uses_permission("android.permission.READ_PHONE_STATE")
        .uses_permission("android.permission.CAMERA");
    let app = app(&apk, &set);
    let calls = Inventory::of(&app, &set).guarded_calls(&app.manifest);
    let phone: Vec<(&str, u32)> =
        calls["android.permission.READ_PHONE_STATE"].iter().map(|one| (one.code.as_str(), one.count)).collect();
    assert_eq!(phone, [("acme.metrics", 2), ("obfuscated", 1)]);
    assert!(!calls.contains_key("android.permission.CAMERA"));
}

#[test]
fn code_that_is_not_walked_says_so() {
    let app = support::run::facts(&apk());
    assert!(!app.classes.references_scanned && app.classes.references.is_empty() && app.classes.links.is_empty());
}

#[test]
fn code_that_cannot_be_walked_is_counted_and_the_rest_stands() {
    let broken = Class::new("com.acme.metrics.X")
        .method(method("broken").op(Op::Raw(vec![0x003e, 0x0e])))
        .method(method("whole").call(Invoke::Virtual, &imei(), &[Arg::Int(0)]));
    let set = set();
    let app = app(&host().dex(&Dex::new().class(broken)), &set);
    assert_eq!(app.classes.broken_methods, 1);
    let inventory = Inventory::of(&app, &set);
    assert_eq!(of(&inventory, "acme.metrics"), ["imei strong com.acme.metrics.X.whole 1"]);
    assert!(
        inventory
            .find("acme.metrics")
            .is_some_and(|one| one.references.iter().all(|one| one.strength == Strength::Strong))
    );
}
