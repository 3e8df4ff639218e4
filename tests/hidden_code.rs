//! Code where Android does not look by itself: found by its first bytes, named by its place, and never mixed up.

mod support;

use sdkaudit::app::{self, App, Container, Limits, Options, Source};
use sdkaudit::detect::Inventory;
use sdkaudit::error::Error;
use sdkaudit::signatures::SignatureSet;
use support::dex::STATIC;
use support::policy::Policy;
use support::run::{host, program};
use support::sdks::Sig;
use support::zipfile::{Entry, Zip};
use support::{ApkBuilder, Class, Dex, Invoke, Method, MethodRef, Op};

fn set() -> SignatureSet {
    support::sdks::set(&[
        Sig::new("acme.metrics", "Acme Metrics", "analytics").packages(&["com.acme.metrics"]),
        Sig::new("polar.push", "Polar Push", "push").packages(&["com.polar"]),
    ])
}

fn read_as(name: &str, bytes: Vec<u8>, limits: Limits, libraries: bool) -> Result<App, Error> {
    let set = set();
    let by_class = |package: &[u8]| set.holds_class_prefixes(package);
    let wanted = sdkaudit::detect::wanted();
    let options = Options {
        by_class: &by_class,
        wanted: Some(&wanted),
        bodies: Some(&set),
        limits,
        libraries,
        ..Options::default()
    };
    app::read_source(name, Source::Memory(bytes), options)
}

fn read(apk: &ApkBuilder) -> App {
    read_as("app.apk", apk.build(), Limits::default(), false).unwrap_or_else(|error| panic!("{error}"))
}

fn acme() -> Vec<u8> {
    Dex::new().classes(&["com.acme.metrics.A", "com.acme.metrics.B"]).build()
}

fn plugin() -> ApkBuilder {
    ApkBuilder::new("dev.plugin").version_code(3).dex(&Dex::new().classes(&["com.acme.metrics.A", "dev.plugin.Main"]))
}

/// `id entry count` of all evidence of classes.
fn classes(app: &App) -> Vec<String> {
    let set = set();
    let inventory = Inventory::of(app, &set);
    let rows = inventory.detections.iter().flat_map(|one| {
        one.evidence.iter().map(|seen| format!("{} {} {}", one.sdk.id, seen.entry, seen.count)).collect::<Vec<_>>()
    });
    rows.collect()
}

fn gaps(app: &App) -> Vec<String> {
    app.gaps.iter().map(|gap| format!("{} {} {}", gap.entry, gap.reason.en, gap.hides_code)).collect()
}

#[test]
fn dex_files_are_found_by_their_first_bytes() {
    let dex = Dex::new().classes(&["com.polar.Push"]);
    for stored in [false, true] {
        let mut app = ApkBuilder::new("dev.host.app").dex(&dex).asset("config.dat", acme()).file("payload", acme());
        app = app.native_lib("x86", "libreal.so").file("lib/x86/libfake.so", acme()).file("res/raw/x.bin", acme());
        // A compiled resource, a picture and a text are not looked at; what is large, is.
        app = app.file("res/drawable/a.bin", acme()).asset("small.txt", acme());
        let mut large = acme();
        large.resize(40_000, 0);
        app = app.asset("large.png", large);
        if stored {
            let paths = ["assets/config.dat", "payload", "lib/x86/libfake.so", "res/raw/x.bin", "assets/large.png"];
            app = paths.iter().fold(app, |app, path| app.store(path));
        }
        let app = read(&app);
        let expected = ["assets/config.dat", "assets/large.png", "lib/x86/libfake.so", "payload", "res/raw/x.bin"];
        assert_eq!(app.classes.dex_elsewhere, expected, "stored: {stored}");
        assert_eq!((app.classes.dex_read, app.classes.dex_total, app.classes.defined), (6, 6, 11));
        let shown = classes(&app);
        assert!(shown.contains(&"acme.metrics assets/config.dat 2".to_owned()), "{shown:?}");
        assert_eq!(gaps(&app), [""; 0]);
    }
}

#[test]
fn archives_with_dex_files_are_opened() {
    let jar = Zip::new().file("classes.dex", acme()).file("classes2.dex", Dex::new().classes(&["com.polar.P"]).build());
    let zip = Zip::new().file("deep/plugin.jar", jar.build()).file("readme.txt", "nothing");
    let app = read(&host().asset("plugins/a.jar", jar.build()).asset("b.zip", zip.build()));
    let expected = [
        "assets/b.zip!deep/plugin.jar!classes.dex",
        "assets/b.zip!deep/plugin.jar!classes2.dex",
        "assets/plugins/a.jar!classes.dex",
        "assets/plugins/a.jar!classes2.dex",
    ];
    assert_eq!(app.classes.dex_elsewhere, expected);
    assert!(app.nested.is_empty() && gaps(&app).is_empty(), "{:?}", app.gaps);
    assert!(classes(&app).contains(&"polar.push assets/plugins/a.jar!classes2.dex 1".to_owned()));
}

#[test]
fn what_cannot_be_read_is_told() {
    let mut cut = acme();
    cut.truncate(cut.len() / 2);
    let encrypted =
        Zip::new().entry(Entry { packed: Some(vec![7; 300]), ..Entry::new("classes.dex", acme()) }.stored());
    let app = read(
        &host()
            .asset("cut.dat", cut)
            .asset("compact.bin", [&b"cdex001\0"[..], &[0; 200]].concat())
            .asset("device.odex", [&b"dey\n036\0"[..], &[0; 200]].concat())
            .asset("core.dex", [0x9f, 0x11, 0x3c].repeat(100))
            .asset("sealed.jar", encrypted.build())
            .asset("lying.jar", [&b"PK\x03\x04"[..], &[0; 300]].concat())
            .asset("lying.bin", [&b"PK\x03\x04"[..], &[0; 300]].concat()),
    );
    let told = gaps(&app);
    let says = |entry: &str, words: &str| {
        assert!(
            told.iter().any(|gap| gap.starts_with(entry) && gap.contains(words) && gap.ends_with("true")),
            "{told:#?}"
        );
    };
    says("assets/cut.dat", "ends early");
    says("assets/compact.bin", "compact dex");
    says("assets/device.odex", "odex");
    says("assets/sealed.jar!classes.dex", "does not begin like a dex file");
    says("assets/lying.jar", "cannot be read");
    assert_eq!(told.len(), 5, "{told:#?}");
    let sealed: Vec<&str> = app.sealed.iter().map(|one| one.entry.as_str()).collect();
    assert_eq!(sealed, ["assets/core.dex", "assets/lying.bin"]);
}

#[test]
fn an_app_inside_is_an_app_of_its_own() {
    let inner = ApkBuilder::new("dev.inner").dex(&Dex::new().classes(&["com.polar.Push"]));
    let plugin = plugin().asset("inner.apk", inner.build());
    let outer = host().asset("plugin.bin", plugin.build()).store("assets/plugin.bin");
    let app = read(&outer);
    assert_eq!((app.classes.defined, classes(&app).len(), gaps(&app).len()), (0, 0, 0));
    let set = set();
    let inventory = Inventory::of(&app, &set);
    let nested: Vec<(&str, &str, Vec<&str>)> = inventory
        .nested
        .iter()
        .map(|one| {
            let ids = one.detections.iter().map(|found| found.sdk.id.as_str()).collect();
            (one.path.as_str(), one.application_id.as_str(), ids)
        })
        .collect();
    let expected = [
        ("assets/plugin.bin", "dev.plugin", vec!["acme.metrics"]),
        ("assets/plugin.bin!assets/inner.apk", "dev.inner", vec!["polar.push"]),
    ];
    assert_eq!(nested, expected);
    // Deeper than asked for is told, with the option that raises it.
    let app = read_as("app.apk", outer.build(), Limits { nesting: 1, ..Limits::default() }, false).expect("read");
    let told = gaps(&app);
    assert!(told.len() == 1 && told[0].contains("assets/inner.apk") && told[0].contains("--max-nesting"), "{told:?}");
}

#[test]
fn a_dex_file_by_itself_is_a_library_without_a_name() {
    let call = MethodRef::new("android.telephony.TelephonyManager", "getImei", "()Ljava/lang/String;");
    let agent = Method::new("start", "()V").flags(STATIC).call(Invoke::Static, &call, &[]).op(Op::ReturnVoid);
    let dex = Dex::new().class(Class::new("com.acme.metrics.Agent").method(agent)).build();
    let app = read_as("some/classes7.dex", dex.clone(), Limits::default(), true).expect("read");
    assert_eq!((app.container, app.application_id(), app.classes.defined), (Container::Dex, "", 1));
    assert_eq!(classes(&app), ["acme.metrics classes7.dex 1"]);
    let error = read_as("classes.dex", dex.clone(), Limits::default(), false).expect_err("no app");
    assert!(error.message.en.contains("dex file, not an app"), "{error}");
    let error = read_as("classes.dex", dex[..200].to_vec(), Limits::default(), true).expect_err("cut");
    assert!(error.message.en.contains("ends early"), "{error}");
    let error =
        read_as("x.cdex", [&b"cdex001\0"[..], &[0; 200]].concat(), Limits::default(), true).expect_err("compact");
    assert!(error.message.en.contains("compact dex"), "{error}");
    // One in front of an archive is a trick, not the file's kind.
    let mut janus = host().dex_bytes(dex.clone()).zip();
    janus.before = dex;
    let app = read_as("app.apk", janus.build(), Limits::default(), true).expect("read");
    assert_eq!((app.container, app.tampering.len()), (Container::Apk, 1));
}

#[test]
fn nested_apps_are_in_json_and_text_in_both_languages() {
    let dir = tempfile::tempdir().expect("folder");
    let outer = ApkBuilder::new("dev.host.app").dex(&Dex::new().classes(&["dev.host.app.Main"]));
    let path = outer.asset("plugin.apk", plugin().build()).asset("core.dex", [7; 100]).write(dir.path(), "app.apk");
    let run = |more: &[&str]| {
        let output = program().arg("inspect").arg(&path).args(more).output().expect("runs");
        assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).expect("UTF-8").replace("\n  ", " ")
    };
    let report: serde_json::Value = serde_json::from_str(&run(&["--format", "json"])).expect("JSON");
    let nested = &report["apps"][0]["nested_apps"][0];
    assert_eq!((&nested["path"], &nested["application_id"]), (&"assets/plugin.apk".into(), &"dev.plugin".into()));
    assert_eq!((&nested["version_code"], &nested["classes"]), (&3.into(), &2.into()));
    assert_eq!(report["apps"][0]["coverage"]["sealed"][0]["entry"], "assets/core.dex");
    let english = run(&[]);
    assert!(english.contains("assets/plugin.apk (dev.plugin") && english.contains("assets/core.dex"), "{english}");
    let chinese = run(&["--lang", "zh"]);
    assert!(chinese.contains("assets/plugin.apk（dev.plugin") && chinese.contains("可能已加密"), "{chinese}");
}

/// Messages of `declared-sdk-not-found` in both languages.
fn not_found(apk: &ApkBuilder) -> Vec<(String, String)> {
    let policy = Policy::new().sdk("Polar Push", "com.polar").text();
    let audit = support::run::audit(apk, &policy, &set());
    let found = audit.findings.iter().filter(|one| one.rule.id() == "declared-sdk-not-found");
    found.map(|one| (one.message.en.to_string(), one.message.zh.to_string())).collect()
}

#[test]
fn not_found_says_what_could_not_be_seen() {
    let plain = ApkBuilder::new("dev.host.app").dex(&Dex::new().classes(&["dev.host.app.Main"]));
    let found = not_found(&plain);
    assert!(found.len() == 1 && found[0].0.contains("no evidence found in 1/1 dex"), "{found:?}");
    let loader = MethodRef::new("dalvik.system.InMemoryDexClassLoader", "<init>", "(Ljava/nio/ByteBuffer;)V");
    let load = Method::new("load", "()V").flags(STATIC).call(Invoke::Static, &loader, &[]).op(Op::ReturnVoid);
    let names: Vec<String> = (0..300).map(|number| format!("x.y.{}", short(number))).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let dex = Dex::new().class(Class::new("dev.host.app.Main").method(load)).classes(&names);
    let apk = ApkBuilder::new("dev.host.app").dex(&dex).asset("core.jar", [7; 100]);
    let app = support::run::app(&apk, &set());
    assert!(app.classes.is_heavily_obfuscated(), "{:?}", app.classes.short_names);
    let inventory_set = set();
    let inventory = Inventory::of(&app, &inventory_set);
    let loading: Vec<(String, u32)> =
        inventory.dynamic_loading().into_iter().map(|one| (one.code, one.count)).collect();
    assert_eq!(loading, [("app".to_owned(), 1)]);
    let found = not_found(&apk);
    let says = ["in what could be read (1/1 dex", "loaded at run time", "class names are short", "1 entry could not"];
    assert!(found.len() == 1 && says.iter().all(|words| found[0].0.contains(words)), "{found:?}");
    assert!(found[0].1.contains("在可读取的部分（1/1 个 dex") && found[0].1.contains("动态加载"), "{found:?}");
}

/// A name of one or two letters.
fn short(number: usize) -> String {
    let letter = |at: usize| char::from(b'a' + (at % 26) as u8);
    [letter(number / 26), letter(number)].iter().collect()
}
