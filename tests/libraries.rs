//! AAR and JAR files: what the pools of their class files show, and everything that must not count.

mod support;

use sdkaudit::app::{self, App, Container, Options, Source};
use sdkaudit::detect::Inventory;
use sdkaudit::error::Error;
use sdkaudit::signatures::SignatureSet;
use support::class_file::JavaClass;
use support::elf::SharedObject;
use support::run::{program, root};
use support::sdks::Sig;
use support::zipfile::Zip;

const IMEI: &str = "android.telephony.TelephonyManager.getImei";
const SETTING: &str = "android.provider.Settings$Secure.getString";

fn set() -> SignatureSet {
    support::sdks::set(&[
        Sig::new("acme.metrics", "Acme Metrics", "analytics").packages(&["com.acme.metrics"]),
        Sig::new("polar.push", "Polar Push", "push").packages(&["com.polar"]).libraries(&["libpolar.so"]),
    ])
}

fn jar(classes: &[JavaClass]) -> Zip {
    classes.iter().fold(Zip::new(), |zip, class| zip.file(&class.path(), class.build()))
}

fn read_as(name: &str, bytes: Vec<u8>, set: &SignatureSet) -> Result<App, Error> {
    let by_class = |package: &[u8]| set.holds_class_prefixes(package);
    let wanted = sdkaudit::detect::wanted();
    let options = Options {
        by_class: &by_class,
        wanted: Some(&wanted),
        bodies: Some(set),
        libraries: true,
        ..Options::default()
    };
    app::read_source(name, Source::Memory(bytes), options)
}

fn library(bytes: Vec<u8>) -> App {
    read_as("dir/acme.jar", bytes, &set()).unwrap_or_else(|error| panic!("{error}"))
}

/// `type grade class` of every SDK's references.
fn references(app: &App) -> Vec<String> {
    let set = set();
    let inventory = Inventory::of(app, &set);
    let of = |one: &sdkaudit::detect::TypeReferences| {
        let row = |class: &str| format!("{} {} {class}", one.data_type, one.strength.id());
        one.sites.iter().map(|site| row(&site.class)).collect::<Vec<_>>()
    };
    let mut rows: Vec<String> = inventory.detections.iter().flat_map(|one| &one.references).flat_map(of).collect();
    rows.sort();
    rows
}

#[test]
fn a_pool_names_methods_fields_and_strings() {
    let classes = [
        JavaClass::new("com.acme.metrics.A").calls(IMEI).reads("android.os.Build.SERIAL").string("content://sms"),
        JavaClass::new("com.acme.metrics.B").calls_interface("android.net.wifi.WifiInfo.getSSID"),
        // The name of a method and a method of the same name elsewhere are no references.
        JavaClass::new("com.acme.metrics.C").string("getImei").calls("com.acme.metrics.A.getImei"),
        JavaClass::new("com.acme.metrics.D").method("getSubscriberId").string("com.polar.push"),
    ];
    let app = library(jar(&classes).build());
    assert_eq!(
        references(&app),
        [
            "imei strong com.acme.metrics.A",
            "serial strong com.acme.metrics.A",
            "sms strong com.acme.metrics.A",
            "ssid strong com.acme.metrics.B"
        ]
    );
    assert_eq!((app.container, app.classes.defined, app.classes.jar_read), (Container::Jar, 4, 1));
    assert!(app.classes.references.iter().all(|one| one.method.is_empty() && &*one.entry == "acme.jar"));
    assert!(app.assets.is_empty() && app.gaps.is_empty());
}

#[test]
fn a_setting_counts_with_its_key_and_a_name_beside_reflection() {
    let reflects = JavaClass::new("com.acme.metrics.C").calls("java.lang.Class.forName").string("getDeviceId");
    let classes = [
        JavaClass::new("com.acme.metrics.A").calls(SETTING).string("android_id"),
        JavaClass::new("com.acme.metrics.B").calls(SETTING).string("volume_music"),
        reflects,
        JavaClass::new("com.acme.metrics.D").string("getDeviceId"),
        JavaClass::new("com.acme.metrics.E").string("android_id"),
    ];
    assert_eq!(
        references(&library(jar(&classes).build())),
        [
            "android_id argument com.acme.metrics.A",
            "imei reflective com.acme.metrics.C",
            "reflection weak com.acme.metrics.C"
        ]
    );
}

#[test]
fn calls_through_a_subclass_in_the_library_count_unless_it_defines_the_method() {
    let service = "android.accessibilityservice.AccessibilityService";
    let classes = [
        JavaClass::new("com.acme.metrics.Base").superclass(service),
        JavaClass::new("com.acme.metrics.Child").superclass("com.acme.metrics.Base"),
        JavaClass::new("com.acme.metrics.Own").superclass(service).method("getWindows"),
        JavaClass::new("com.acme.metrics.A").calls("com.acme.metrics.Child.getWindows"),
        JavaClass::new("com.acme.metrics.B").calls("com.acme.metrics.Own.getWindows"),
        // A class that is its own ancestor ends the search.
        JavaClass::new("com.acme.metrics.Ring").superclass("com.acme.metrics.Ring"),
        JavaClass::new("com.acme.metrics.E").calls("com.acme.metrics.Ring.getWindows"),
    ];
    assert_eq!(references(&library(jar(&classes).build())), ["accessibility strong com.acme.metrics.A"]);
}

#[test]
fn defined_referred_to_and_mentioned_are_kept_apart() {
    let classes = [
        JavaClass::new("com.acme.metrics.A").names("com.polar.P").names("[[Lcom.polar.Q;").names("[I"),
        JavaClass::new("com.acme.metrics.B")
            .names("com.polar.P")
            .string("com.polar.sub.Name")
            .constant("VERSION", "7.1"),
        JavaClass::new("x.y.ab"),
    ];
    let app = library(jar(&classes).build());
    let of = |name: &str| {
        let found = app.classes.packages.iter().find(|one| one.name == name);
        found.map(|one| (one.defined, one.referenced, one.mentioned, one.dex.as_str()))
    };
    assert_eq!(of("com.acme.metrics"), Some((2, 0, 0, "acme.jar")));
    assert_eq!(of("com.polar"), Some((0, 2, 0, "acme.jar")));
    assert_eq!(of("com.polar.sub"), Some((0, 0, 1, "acme.jar")));
    assert_eq!((app.classes.defined, app.classes.short_names), (3, 3));
    let constants: Vec<_> = app.classes.constants.iter().map(|one| (one.field.as_str(), one.value.as_str())).collect();
    assert_eq!(constants, [("com.acme.metrics.B#VERSION", "7.1")]);
}

fn aar() -> Zip {
    let manifest = r#"<?xml version="1.0" encoding="utf-8"?>
<manifest xmlns:android="http://schemas.android.com/apk/res/android" package="com.acme.metrics" android:versionName="1.2">
    <uses-sdk android:minSdkVersion="29"/>
    <uses-permission android:name="android.permission.WRITE_EXTERNAL_STORAGE"/>
    <application><service android:name="com.polar.Service"/></application>
</manifest>"#;
    let main = [JavaClass::new("com.acme.metrics.A").calls(IMEI)];
    let more = [JavaClass::new("com.polar.B").calls("android.net.wifi.WifiInfo.getBSSID")];
    Zip::new()
        .file("AndroidManifest.xml", manifest)
        .file("classes.jar", jar(&main).build())
        .file("libs/more.jar", jar(&more).build())
        .file("lint.jar", jar(&[JavaClass::new("lint.Check")]).build())
        .file("jni/arm64-v8a/libpolar.so", SharedObject::new("arm64-v8a").soname("libpolar.so").build())
        .file("R.txt", "")
}

#[test]
fn an_android_library_is_its_jars_manifest_and_native_libraries() {
    let app = read_as("acme.aar", aar().build(), &set()).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(app.container, Container::Aar);
    assert_eq!((app.classes.jar_read, app.classes.jar_total, app.classes.defined), (2, 2, 2));
    assert_eq!((app.manifest.application_id.as_str(), app.application_id()), ("com.acme.metrics", ""));
    assert_eq!(app.manifest.version_name.as_deref(), Some("1.2"));
    assert_eq!(app.manifest.requested_permissions.len(), 1);
    assert!(app.manifest.implied_permissions.is_empty(), "the app that it goes into decides");
    assert_eq!((app.native_libs.len(), app.native_libs[0].abi.as_str()), (1, "arm64-v8a"));
    assert_eq!(app.assets, ["R.txt", "lint.jar"]);
    assert_eq!(references(&app), ["bssid strong com.polar.B", "imei strong com.acme.metrics.A"]);
    let set = set();
    let inventory = Inventory::of(&app, &set);
    assert_eq!(support::run::presences(&inventory), ["acme.metrics Present", "polar.push Present"]);
    assert_eq!(inventory.census.first_party, 0, "the manifest's package is no app's id");
    let metrics = inventory.find("acme.metrics").expect("present");
    assert_eq!((metrics.wired_in, metrics.references[0].block.as_ref()), (None, None), "what calls it is not there");
    assert_eq!(
        support::run::clues(inventory.find("polar.push").expect("present")),
        [
            "Classes com.polar.** 1 libs/more.jar",
            "Service com.polar.Service 1 AndroidManifest.xml",
            "Library libpolar.so 1 jni/arm64-v8a/libpolar.so"
        ]
    );
}

#[test]
fn what_cannot_be_read_is_a_gap_that_hides_code() {
    let good = JavaClass::new("com.acme.metrics.A").calls(IMEI);
    let cut = &good.build()[..60];
    let app =
        library(jar(std::slice::from_ref(&good)).file("com/acme/B.class", cut).file("C.class", "no class").build());
    assert_eq!((app.classes.defined, references(&app).len()), (1, 1), "the rest stands");
    let [gap] = app.gaps.as_slice() else { panic!("one gap: {:?}", app.gaps) };
    assert!(gap.hides_code && gap.entry == "acme.jar" && gap.reason.en.starts_with("holds 2 class files"), "{gap:?}");
    let broken = aar().file("libs/broken.jar", "PK no zip").build();
    let app = read_as("acme.aar", broken, &set()).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!((app.classes.jar_read, app.classes.jar_total), (2, 3));
    assert_eq!(app.gaps.iter().map(|gap| gap.entry.as_str()).collect::<Vec<_>>(), ["libs/broken.jar"]);
}

#[test]
fn no_content_of_a_class_file_makes_it_panic() {
    let class = JavaClass::new("com.acme.metrics.A").calls(IMEI).string("x").constant("VERSION", "1").method("m");
    let (bytes, wanted) = (class.build(), sdkaudit::detect::wanted());
    let options = Options { wanted: Some(&wanted), libraries: true, hash: false, ..Options::default() };
    let read = |jar: Vec<u8>| {
        app::read_source("acme.jar", Source::Memory(jar), options).unwrap_or_else(|error| panic!("{error}"))
    };
    for at in 0..bytes.len() {
        for value in [0, 5, 7, 0xff] {
            let mut changed = bytes.clone();
            changed[at] = value;
            let app = read(Zip::new().file(&class.path(), changed).build());
            assert!(app.classes.defined + u32::from(!app.gaps.is_empty()) == 1, "byte {at} = {value}");
        }
        let app = read(Zip::new().file(&class.path(), &bytes[..at]).build());
        assert!(app.gaps.len() == 1 || at + 2 >= bytes.len(), "cut at {at}");
    }
}

#[test]
fn only_inspect_looks_at_libraries() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("acme.aar");
    std::fs::write(&path, aar().build()).expect("written");
    let path = path.to_str().expect("UTF-8");
    let run = |arguments: &[&str]| {
        let output = program().args(arguments).output().expect("the program runs");
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
        (output.status.code(), text(output.stdout), text(output.stderr))
    };
    let (code, stdout, _) = run(&["inspect", path]);
    assert_eq!(code, Some(0));
    assert!(stdout.contains("Android library com.acme.metrics 1.2"), "{stdout}");
    assert!(stdout.contains("Read 2/2 JAR (2 classes, 100% short names), 1 library."), "{stdout}");
    assert!(stdout.ends_with("inspected: 1 library, 0 SDKs\n"), "{stdout}");
    let sample = "samples/meterpay.apk";
    assert!(root().join(sample).is_file());
    let (_, stdout, _) = run(&["inspect", "--lang", "zh", "-q", path, sample]);
    assert!(stdout.contains("1 个应用，1 个库"), "{stdout}");
    let (code, _, stderr) = run(&["audit", path, "-d", "samples/meterpay-policy.md"]);
    assert_eq!(code, Some(2));
    assert!(stderr.contains("it is an Android library (AAR), not an app") && stderr.contains("sdkaudit inspect"));
}
