//! Apps in several files: the same inventory as in one file, every evidence with its part, and nothing left out in silence.

mod support;

use sdkaudit::app::{self, App, Container, Limits, Options, Source};
use sdkaudit::detect::Inventory;
use sdkaudit::error::Error;
use sdkaudit::signatures::SignatureSet;
use std::fs;
use std::path::Path;
use support::bundle::{self, Part, SHOP, aab, apkm, apks, older_part, parts, whole, xapk, zip_of};
use support::run::program;
use support::sdks::Sig;
use support::zipfile::{Entry, Zip};
use support::{ApkBuilder, Dex};

fn set() -> SignatureSet {
    support::sdks::set(&[
        Sig::new("acme.metrics", "Acme Metrics", "analytics").packages(&["com.acme.metrics"]),
        Sig::new("polar.push", "Polar Push", "push")
            .packages(&["com.polar"])
            .libraries(&["libpolar.so"])
            .detect("assets", &["assets/polar/config.json"])
            .detect("version", &["META-INF/com.polar_push.version"]),
    ])
}

fn try_read(name: &str, bytes: Vec<u8>, limits: Limits) -> Result<App, Error> {
    let set = set();
    let by_class = |package: &[u8]| set.holds_class_prefixes(package);
    let wanted = sdkaudit::detect::wanted();
    let options =
        Options { by_class: &by_class, wanted: Some(&wanted), bodies: Some(&set), limits, ..Options::default() };
    app::read_source(name, Source::Memory(bytes), options)
}

fn read(name: &str, bytes: Vec<u8>) -> App {
    try_read(name, bytes, Limits::default()).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// All that detection says of an app but the entries: these differ by the part's name.
fn told(app: &App) -> Vec<String> {
    let set = set();
    let inventory = Inventory::of(app, &set);
    let mut rows = Vec::new();
    for one in &inventory.detections {
        rows.push(format!("{} {:?} {:?} {:?}", one.sdk.id, one.presence, one.version, one.wired_in));
        let mut evidence: Vec<String> =
            one.evidence.iter().map(|seen| format!("  {:?} {} {}", seen.signal, seen.seen, seen.count)).collect();
        evidence.sort();
        rows.extend(evidence);
        let types = one.references.iter();
        rows.extend(
            types.map(|one| format!("  {} {} {} {:?}", one.data_type, one.strength.id(), one.count, one.block)),
        );
    }
    rows.push(format!("{:?} {:?} {:?}", inventory.census, inventory.unidentified, inventory.unidentified_libs));
    let permissions = app.manifest.requested_permissions.iter().map(|one| one.name.clone());
    rows.push(permissions.collect::<Vec<_>>().join(" "));
    let components = app.manifest.components.iter().map(|one| one.class.clone());
    rows.push(components.collect::<Vec<_>>().join(" "));
    rows.push(format!("{} {} {}", app.classes.dex_read, app.classes.defined, app.library_count()));
    rows
}

fn entries_of(app: &App, id: &str) -> Vec<String> {
    let set = set();
    let inventory = Inventory::of(app, &set);
    let found = inventory.find(id).unwrap_or_else(|| panic!("{id} is there"));
    found.evidence.iter().map(|seen| seen.entry.clone()).collect()
}

#[test]
fn a_bundle_shows_what_the_whole_app_shows() {
    let one = read("shop.apk", whole().build());
    let expected = told(&one);
    assert!(expected.iter().any(|row| row.contains("imei strong")), "{expected:#?}");
    assert!(
        expected.iter().any(|row| row.starts_with("acme.metrics Present") && row.ends_with("Some(true)")),
        "{expected:#?}"
    );
    let cases = [
        ("shop.xapk", xapk(&parts()), Container::Xapk),
        ("shop.apks", apks(&parts()), Container::Apks),
        ("shop.apkm", apkm(&parts()), Container::Apkm),
        ("shop.zip", zip_of(&parts(), "some/folder/"), Container::Zip),
        ("renamed", xapk(&parts()), Container::Xapk),
        ("renamed", apks(&parts()), Container::Apks),
        ("renamed", apkm(&parts()), Container::Apkm),
        ("shop.aab", aab(), Container::Aab),
    ];
    for (name, zip, container) in cases {
        let app = read(name, zip.build());
        assert_eq!(app.container, container, "{name}");
        assert_eq!(told(&app), expected, "{name}");
        assert_eq!((app.gaps.as_slice(), app.application_id()), ([].as_slice(), SHOP), "{name}");
        assert_eq!(app.manifest.version_code, Some(42));
    }
}

#[test]
fn evidence_names_the_part() {
    let app = read("shop.xapk", xapk(&parts()).build());
    let polar = [
        "base.apk!classes.dex",
        "base.apk!AndroidManifest.xml",
        "split_config.arm64_v8a.apk!lib/arm64-v8a/libpolar.so",
        "base.apk!assets/polar/config.json",
    ];
    assert_eq!(entries_of(&app, "polar.push"), polar);
    let acme = ["split_chat.apk!classes.dex", "split_chat.apk!AndroidManifest.xml"];
    assert_eq!(entries_of(&app, "acme.metrics"), acme);
    assert_eq!(app.manifest_of("android.permission.READ_PHONE_STATE"), "split_chat.apk!AndroidManifest.xml");
    assert_eq!(app.manifest_of("android.permission.INTERNET"), "base.apk!AndroidManifest.xml");
    let named: Vec<(&str, Option<&str>, bool)> =
        app.parts.iter().map(|part| (part.name.as_str(), part.split.as_deref(), part.unread.is_none())).collect();
    let expected = [
        ("base.apk", None, true),
        ("split_chat.apk", Some("chat"), true),
        ("split_config.arm64_v8a.apk", Some("config.arm64_v8a"), true),
        ("split_config.zh.apk", Some("config.zh"), true),
        ("Android/obb/dev.shop.app/main.42.dev.shop.app.obb", None, false),
    ];
    assert_eq!(named, expected);
    let app = read("shop.aab", aab().build());
    assert_eq!(entries_of(&app, "acme.metrics"), ["chat/dex/classes.dex", "chat/manifest/AndroidManifest.xml"]);
    assert_eq!(
        entries_of(&app, "polar.push")[2..],
        ["base/lib/arm64-v8a/libpolar.so", "base/assets/polar/config.json"]
    );
}

#[test]
fn what_belongs_to_another_app_is_named_and_not_mixed_in() {
    let mut with_stranger = parts();
    with_stranger.push((
        "stranger",
        ApkBuilder::new("dev.stranger").version_code(7).dex(&Dex::new().classes(&["com.acme.metrics.X"])),
    ));
    with_stranger.push(older_part());
    let app = read("shop.xapk", xapk(&with_stranger).build());
    let gaps: Vec<(&str, bool)> = app.gaps.iter().map(|gap| (gap.entry.as_str(), gap.hides_code)).collect();
    assert_eq!(gaps, [("split_config.fr.apk", false), ("stranger.apk", false)]);
    assert!(app.gaps[1].reason.en.contains("dev.stranger, version code 7"), "{:?}", app.gaps[1]);
    let bare = read("shop.apk", whole().build());
    assert_eq!(told(&app), told(&bare));
    // Without an index nobody says which of the two is meant.
    let error = try_read("shop.zip", zip_of(&with_stranger, "").build(), Limits::default()).expect_err("two apps");
    assert!(error.message.en.contains("dev.shop.app 42") && error.message.zh.contains("dev.stranger 7"), "{error}");
}

#[test]
fn another_build_of_a_part_is_named_and_not_counted_twice() {
    let app = read("shop.apks", apks(&parts()).build());
    let unread: Vec<&str> =
        app.parts.iter().filter(|part| part.unread.is_some()).map(|part| part.name.as_str()).collect();
    assert_eq!(unread, ["standalones/standalone-hdpi.apk"]);
    // Where the whole app is all there is, it is read.
    let alone = Zip::new().entry(Entry::new("universal.apk", whole().build()).stored()).file("toc.pb", "x");
    assert_eq!(told(&read("shop.apks", alone.build())), told(&read("shop.apk", whole().build())));
}

#[test]
fn parts_that_cannot_be_read_are_gaps() {
    let mut zip = xapk(&parts());
    zip.entry_mut("split_chat.apk").data.truncate(200);
    let app = read("shop.xapk", zip.build());
    let gap = app.gaps.iter().find(|gap| gap.entry == "split_chat.apk").expect("a gap");
    assert!(gap.hides_code && gap.reason.en.starts_with("cannot be read: the zip end record"), "{gap:?}");
    zip.entries.retain(|entry| entry.name == b"split_chat.apk");
    let error = try_read("shop.xapk", zip.build(), Limits::default()).expect_err("nothing can be read");
    assert_eq!(error.entry.as_deref(), Some("split_chat.apk"), "{error}");
    // Parts without their base.
    let app = read("shop.zip", zip_of(&parts()[1..], "").build());
    let gap = app.gaps.iter().find(|gap| gap.entry.ends_with("AndroidManifest.xml")).expect("a gap");
    assert!(gap.hides_code && gap.reason.en.contains("base is not there"), "{gap:?}");
}

#[test]
fn broken_bundles_for_publishing() {
    let mut zip = aab();
    zip.entry_mut("base/manifest/AndroidManifest.xml").data.truncate(100);
    let error = try_read("shop.aab", zip.build(), Limits::default()).expect_err("no manifest");
    assert_eq!(error.entry.as_deref(), Some("base/manifest/AndroidManifest.xml"), "{error}");
    let mut zip = aab();
    zip.entry_mut("chat/manifest/AndroidManifest.xml").data = vec![0xff; 40];
    zip.entry_mut("chat/dex/classes.dex").data.truncate(60);
    let app = read("shop.aab", zip.build());
    let gaps: Vec<&str> = app.gaps.iter().map(|gap| gap.entry.as_str()).collect();
    assert_eq!(gaps, ["chat/dex/classes.dex", "chat/manifest/AndroidManifest.xml"]);
}

fn write(folder: &Path, parts: &[Part]) {
    for (name, apk) in parts {
        fs::write(folder.join(format!("{name}.apk")), apk.build()).expect("written");
    }
}

/// `inspect --format json` of these arguments, with the exit code.
fn inspect(arguments: &[&Path], code: i32) -> serde_json::Value {
    let output = program().arg("inspect").args(arguments).args(["--format", "json"]).output().expect("runs");
    assert_eq!(output.status.code(), Some(code), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).expect("JSON")
}

fn apps(report: &serde_json::Value) -> Vec<(String, Vec<String>)> {
    let apps = report["apps"].as_array().expect("apps").iter();
    let name = |value: &serde_json::Value| {
        let path = value.as_str().expect("text");
        path.rsplit('/').next().unwrap_or_default().to_owned()
    };
    apps.map(|app| {
        let parts = app["source"]["parts"].as_array().expect("parts").iter();
        (name(&app["source"]["path"]), parts.map(name).collect())
    })
    .collect()
}

#[test]
fn a_folder_of_parts_is_one_app_and_a_folder_of_apps_is_many() {
    let dir = tempfile::tempdir().expect("folder");
    write(dir.path(), &parts());
    let all: Vec<String> =
        ["base.apk", "split_chat.apk", "split_config.arm64_v8a.apk", "split_config.zh.apk"].map(str::to_owned).into();
    assert_eq!(apps(&inspect(&[dir.path()], 0)), [("base.apk".to_owned(), all.clone())]);
    // Given one by one, in any order.
    let files: Vec<_> = all.iter().rev().map(|name| dir.path().join(name)).collect();
    let files: Vec<&Path> = files.iter().map(|path| path.as_path()).collect();
    let report = inspect(&files, 0);
    assert_eq!(apps(&report), [("base.apk".to_owned(), all.clone())]);
    assert_eq!(report["apps"][0]["source"]["container"], "split_apks");
    assert_eq!(report["apps"][0]["source"]["part_details"][1]["sha256"].as_str().map(str::len), Some(64));
    // Other apps in the same folder stay apps of their own; names do not decide.
    fs::rename(dir.path().join("split_chat.apk"), dir.path().join("x.apk")).expect("renamed");
    write(dir.path(), &[("other", ApkBuilder::new("dev.other").dex(&Dex::new())), older_part()]);
    let renamed: Vec<String> =
        ["base.apk", "split_config.arm64_v8a.apk", "split_config.zh.apk", "x.apk"].map(str::to_owned).into();
    let found = apps(&inspect(&[dir.path()], 1));
    let expected = [
        ("base.apk".to_owned(), renamed),
        ("other.apk".to_owned(), vec![]),
        ("split_config.fr.apk".to_owned(), vec![]),
    ];
    assert_eq!(found, expected);
}

#[test]
fn a_batch_makes_one_row_of_a_folder_of_parts() {
    let dir = tempfile::tempdir().expect("folder");
    write(dir.path(), &parts());
    fs::write(dir.path().join("shop.xapk"), xapk(&parts()).build()).expect("written");
    fs::write(dir.path().join("shop.aab"), aab().build()).expect("written");
    let rows = dir.path().join("rows.jsonl");
    let run = |more: &[&str]| {
        let output = program().arg("batch").arg(dir.path()).arg("-o").arg(&rows).args(more).output().expect("runs");
        assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
        let text = fs::read_to_string(&rows).expect("rows");
        let row = |line: &str| -> (String, String, u64) {
            let row: serde_json::Value = serde_json::from_str(line).expect("a row");
            let app = &row["app"];
            let path = row["source"]["path"].as_str().expect("path").rsplit('/').next().unwrap_or_default().to_owned();
            let container = app["source"]["container"].as_str().expect("container").to_owned();
            (path, container, app["coverage"]["classes"].as_u64().expect("classes"))
        };
        text.lines().map(row).collect::<Vec<_>>()
    };
    let expected = [("base.apk", "split_apks"), ("shop.aab", "aab"), ("shop.xapk", "xapk")];
    let expected = expected.map(|(path, container)| (path.to_owned(), container.to_owned(), 5));
    assert_eq!(run(&["--sorted"]), expected);
    assert_eq!(run(&["--sorted", "--resume"]), expected);
}

#[test]
fn standard_input_may_be_an_app() {
    let app = xapk(&parts()).build();
    let output = program().args(["inspect", "-", "--format", "json"]).write_stdin(app).output().expect("runs");
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!(
        (&report["apps"][0]["source"]["path"], &report["apps"][0]["application_id"]),
        (&"stdin".into(), &SHOP.into())
    );
}

#[test]
fn files_of_other_systems_are_named() {
    let bytes = |names: &[&str]| names.iter().fold(Zip::new(), |zip, name| zip.file(name, "x")).build();
    let cases = [
        ("app.ipa", bytes(&["Payload/Shop.app/Info.plist", "Payload/Shop.app/Shop"]), "iOS app (IPA)"),
        ("app.hap", bytes(&["module.json", "ets/modules.abc", "resources.index"]), "HarmonyOS app (HAP)"),
        ("old.hap", bytes(&["config.json", "resources.index", "classes.dex"]), "HarmonyOS app (HAP)"),
        ("app.app", bytes(&["pack.info", "entry-default.hap"]), "HarmonyOS app (APP)"),
        ("shop.apkm", [&[1, 2][..], &[0x9f; 600]].concat(), "encrypted APKM"),
    ];
    for (name, bytes, says) in cases {
        let error = try_read(name, bytes, Limits::default()).expect_err(name);
        assert!(error.message.en.contains(says) && !error.help.zh.is_empty(), "{name}: {error}");
    }
}

#[test]
fn the_manifest_of_a_bundle_for_publishing_refers_to_its_own_table() {
    let text = |text: &str| bundle::message(|item| item.bytes(2, &bundle::message(|it| it.bytes(1, text.as_bytes()))));
    let value = |config: &[u8], item: &[u8]| {
        bundle::message(|of| {
            of.bytes(1, config);
            of.bytes(2, &bundle::message(|it| it.bytes(4, item)));
        })
    };
    let with_id = |id: u64, list: u8, inner: &[&[u8]]| {
        bundle::message(|of| {
            of.bytes(1, &bundle::message(|it| it.number(1, id)));
            inner.iter().for_each(|one| of.bytes(list, one));
        })
    };
    // 0x7f010002 in Chinese and by default.
    let entry = with_id(2, 6, &[&value(&[0x1a, 0x02, b'z', b'h'], &text("四点二")), &value(&[], &text("4.2"))]);
    let table = with_id(0x7f, 3, &[&with_id(1, 3, &[&entry])]);
    let table = bundle::message(|of| of.bytes(2, &table));
    let id = support::Value::Reference(0x7f01_0002);
    let manifest = ApkBuilder::new(SHOP)
        .version_name(id)
        .application_attribute(support::axml::Attribute::android("hasCode", false));
    let zip = Zip::new()
        .file("base/manifest/AndroidManifest.xml", bundle::proto(&manifest.manifest_tree()))
        .file("base/resources.pb", table);
    let app = read("shop.aab", zip.build());
    assert_eq!((app.manifest.version_name.as_deref(), app.manifest.without_code), (Some("4.2"), true));
}

/// Bytes that no compressor makes smaller.
fn noise(count: usize) -> Vec<u8> {
    let mut state = 1u64;
    let step = |_| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 56) as u8
    };
    (0..count).map(step).collect()
}

/// Parts whose base is larger than the mebibyte that these tests allow for one entry.
fn large_parts() -> Vec<Part> {
    let mut parts = parts();
    let base = parts[0].1.clone();
    parts[0].1 = (0..4).fold(base, |apk, number| apk.file(&format!("res/raw/{number}.ogg"), noise(500_000)));
    parts
}

#[test]
fn an_archive_inside_may_be_larger_than_an_entry() {
    let limits = Limits { entry_mebibytes: 1, ..Limits::default() };
    let expected = told(&read("shop.apk", whole().build()));
    for zip in [apkm(&large_parts()), xapk(&large_parts())] {
        let app = try_read("shop", zip.build(), limits).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(told(&app), expected);
    }
    // A size that is a lie, either way, is damage.
    for change in [-1, 1] {
        let mut zip = apkm(&large_parts());
        let entry = zip.entry_mut("base.apk");
        let size = u32::try_from(entry.data.len()).expect("short").wrapping_add_signed(change);
        (entry.central.size, entry.local.size) = (Some(size), Some(size));
        let app = try_read("shop", zip.build(), limits).expect("the other parts");
        let gap = app.gaps.iter().find(|gap| gap.entry == "base.apk").expect("a gap");
        assert!(gap.hides_code && gap.reason.en.contains("cut or damaged"), "{gap:?}");
    }
}

#[test]
fn all_parts_share_one_budget() {
    let limits = Limits { total_mebibytes: 1, ..Limits::default() };
    let error = try_read("shop.apkm", apkm(&large_parts()[..1]).build(), limits).expect_err("too much");
    assert!(error.message.en.contains("--max-unpacked") && error.entry.as_deref() == Some("base.apk"), "{error}");
    let error = try_read("shop.xapk", xapk(&parts()).build(), Limits { nesting: 0, ..limits }).expect_err("too deep");
    assert!(error.message.zh.contains("--max-nesting"), "{error}");
    let error = try_read("shop.xapk", xapk(&parts()).build(), Limits { entries: 3, ..limits }).expect_err("too many");
    assert!(error.message.en.contains("--max-entries"), "{error}");
    let app = try_read("shop.apk", whole().build(), Limits { strings: 3, ..limits }).expect("the manifest");
    assert_eq!((app.classes.dex_read, app.classes.dex_total, app.gaps.len()), (0, 2, 2));
    assert!(app.gaps.iter().all(|gap| gap.reason.en.contains("--max-strings") && gap.hides_code), "{:?}", app.gaps);
}

/// One mutant in `count` of `bytes`, the same ones on every run: a byte flipped, or the rest cut off.
fn spoilt(bytes: &[u8], count: usize) -> impl Iterator<Item = Vec<u8>> + '_ {
    let numbers = noise(count * 4);
    (0..count).map(move |number| {
        let dice = &numbers[number * 4..][..4];
        let at = (usize::from(dice[0]) << 16 | usize::from(dice[1]) << 8 | usize::from(dice[2])) % bytes.len();
        let mut out = bytes.to_vec();
        if dice[3] < 32 {
            out.truncate(at);
        } else {
            out[at] ^= dice[3];
        }
        out
    })
}

#[test]
fn spoilt_bundles_are_errors_or_gaps() {
    let mut readable = 0;
    let plugin =
        support::run::host().asset("plugin.apk", whole().build()).asset("a.jar", zip_of(&parts()[..1], "").build());
    for (name, bytes) in [("a.xapk", xapk(&parts()).build()), ("a.aab", aab().build()), ("a.apk", plugin.build())] {
        for mutant in spoilt(&bytes, 250) {
            readable += usize::from(try_read(name, mutant, Limits::default()).is_ok_and(|app| !told(&app).is_empty()));
        }
    }
    assert!((100..750).contains(&readable), "{readable} of 750");
    let manifest = bundle::proto(&parts()[0].1.manifest_tree());
    let mut readable = 0;
    for mutant in spoilt(&manifest, 600) {
        let zip = Zip::new().file("base/manifest/AndroidManifest.xml", mutant).file("base/dex/classes.dex", "dex");
        readable += usize::from(try_read("a.aab", zip.build(), Limits::default()).is_ok());
    }
    assert!((100..600).contains(&readable), "{readable} of 600");
}
