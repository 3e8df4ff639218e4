//! Which SDKs are seen in an app, and how sure that is, on invented signatures.

mod support;

use sdkaudit::detect::Inventory;
use sdkaudit::signatures::SignatureSet;
use support::axml::Attribute;
use support::run::{app, clues, host, presences};
use support::sdks::{Sig, set, world, world_signatures};
use support::{ApkBuilder, Class, Component, Dex, SharedObject};

fn with_classes(names: &[&str]) -> ApkBuilder {
    host().dex(&Dex::new().classes(names))
}

fn found(apk: &ApkBuilder, set: &SignatureSet) -> Vec<String> {
    presences(&Inventory::of(&app(apk, set), set))
}

/// Clues of one SDK in an app.
fn clues_of(apk: &ApkBuilder, set: &SignatureSet, id: &str) -> Vec<String> {
    let inventory = Inventory::of(&app(apk, set), set);
    clues(inventory.find(id).unwrap_or_else(|| panic!("{id} among {:?}", presences(&inventory))))
}

#[test]
fn prefixes_match_whole_segments_and_the_longest_wins() {
    let set = world();
    let apk =
        with_classes(&["com.polar.A", "com.polar.map.B", "com.polar.mapping.C", "com.polarglow.D", "com.polarx.E"]);
    assert_eq!(found(&apk, &set), ["polar.map Present", "polar.push Present", "polarglow.ui Present"]);
    assert_eq!(clues_of(&apk, &set, "polar.push"), ["Classes com.polar.** 2 classes.dex"]);
    assert_eq!(clues_of(&apk, &set, "polar.map"), ["Classes com.polar.map.** 1 classes.dex"]);
    assert_eq!(found(&with_classes(&["com.Polar.A", "COM.polar.B", "my.com.polar.C"]), &set), [""; 0]);
}

#[test]
fn a_prefix_may_be_a_single_class() {
    let set = set(&[
        Sig::new("vixen.sign", "Vixen Sign", "login").packages(&["com.vixen.sdk.SignIn"]),
        Sig::new("wren.pay", "Wren Pay", "payment").packages(&["com.vixen.sdk.WrenPay"]),
    ]);
    let apk =
        with_classes(&["com.vixen.sdk.SignIn", "com.vixen.sdk.SignIn$1", "com.vixen.sdk.SignInner", "com.vixen.sdk.X"]);
    assert_eq!(found(&apk, &set), ["vixen.sign Present"]);
    assert_eq!(clues_of(&apk, &set, "vixen.sign"), ["Classes com.vixen.sdk.SignIn 2 classes.dex"]);
}

#[test]
fn evidence_names_every_dex_file() {
    let set = world();
    let apk = with_classes(&["com.polar.A", "com.polar.x.B", "org.polarpush.C"])
        .dex(&Dex::new().classes(&["com.polar.D", "com.other.E"]));
    let expected = [
        "Classes com.polar.** 2 classes.dex",
        "Classes com.polar.** 1 classes2.dex",
        "Classes org.polarpush.** 1 classes.dex",
    ];
    assert_eq!(clues_of(&apk, &set, "polar.push"), expected);
}

#[test]
fn companions_count_for_those_who_bring_them_and_make_nobody_present() {
    let set = world();
    // A companion with a file of its own is an SDK of its own, linked to those that bring it.
    let alone = with_classes(&["com.lumen.core.A"]);
    assert_eq!(found(&alone, &set), ["lumen.core Present"]);
    let both = with_classes(&["com.lumen.core.A", "com.lumen.ads.B", "com.polar.C"]);
    let facts = app(&both, &set);
    let inventory = Inventory::of(&facts, &set);
    assert_eq!(presences(&inventory), ["lumen.ads Present", "lumen.core Present", "polar.push Present"]);
    assert_eq!(inventory.find("lumen.core").expect("there").brought_by, ["lumen.ads", "polar.push"]);
    assert_eq!(clues(inventory.find("lumen.ads").expect("there")), ["Classes com.lumen.ads.** 1 classes.dex"]);

    // One without a file counts as evidence of a present owner, and as unidentified code without one.
    let shared = with_classes(&["com.lumen.ads.A", "com.lumen.shared.B"]);
    let expected = ["Classes com.lumen.ads.** 1 classes.dex", "Classes com.lumen.shared.** 1 classes.dex"];
    assert_eq!(clues_of(&shared, &set, "lumen.ads"), expected);
    let orphan = app(&with_classes(&["com.lumen.shared.B"]), &set);
    let inventory = Inventory::of(&orphan, &set);
    assert_eq!(presences(&inventory), [""; 0]);
    let group: Vec<(&str, u32)> =
        inventory.unidentified.iter().map(|group| (group.prefix.as_str(), group.classes)).collect();
    assert_eq!(group, [("com.lumen.shared", 1)]);
}

#[test]
fn glue_is_not_the_sdk() {
    let set = world();
    // Lumen's proxy for Polar, and the host's wrapper for Lumen: names inside a name show nothing.
    let apk = with_classes(&["com.lumen.ads.PolarPushReceiver", "dev.host.app.payment.com.lumen.ads.Wrapper"]);
    assert_eq!(found(&apk, &set), ["lumen.ads Present"]);
}

#[test]
fn an_entry_activity_in_the_hosts_package_is_evidence() {
    let set = world();
    let apk = host().component(Component::activity(".finchapi.FinchEntryActivity"));
    assert_eq!(found(&apk, &set), ["finch.chat Present"]);
    assert_eq!(
        clues_of(&apk, &set, "finch.chat"),
        ["Activity dev.host.app.finchapi.FinchEntryActivity 1 AndroidManifest.xml"]
    );
    let elsewhere = host().component(Component::activity("com.stranger.finchapi.FinchEntryActivity"));
    assert_eq!(found(&elsewhere, &set), [""; 0]);
}

#[test]
fn components_show_an_sdk_whose_classes_are_renamed() {
    let set = world();
    let apk = with_classes(&["a.a.a", "b"])
        .component(Component::service("com.polar.PushService").action("x"))
        .component(Component::receiver("com.polar.Boot"))
        .component(Component::provider("com.lumen.ads.Init", "dev.host.app.lumen"))
        .component(Component::activity("com.polarglow.Look"))
        .application_attribute(Attribute::android("name", "com.lumen.core.Base"));
    let present = ["lumen.ads Present", "lumen.core Present", "polar.push Present", "polarglow.ui Present"];
    assert_eq!(found(&apk, &set), present);
    let manifest = "1 AndroidManifest.xml";
    assert_eq!(
        clues_of(&apk, &set, "polar.push"),
        [format!("Service com.polar.PushService {manifest}"), format!("Receiver com.polar.Boot {manifest}")]
    );
    assert_eq!(clues_of(&apk, &set, "lumen.core"), [format!("Application com.lumen.core.Base {manifest}")]);
}

#[test]
fn libraries_count_once_over_all_abis_and_by_soname() {
    let set = world();
    let apk = host().native_lib("arm64-v8a", "liblumenads.so").native_lib("armeabi-v7a", "liblumenads.so");
    assert_eq!(clues_of(&apk, &set, "lumen.ads"), ["Library liblumenads.so 2 lib/arm64-v8a/liblumenads.so"]);
    let renamed = host().native_object("x86", "libq.so", &SharedObject::new("x86").soname("liblumencodec-7.so"));
    assert_eq!(clues_of(&renamed, &set, "lumen.ads"), ["Library liblumencodec-7.so 1 lib/x86/libq.so"]);
    let others = host().native_lib("x86", "liblumenads2.so").native_lib("x86", "liblumencodec.so");
    assert_eq!(found(&others, &set), [""; 0]);
}

#[test]
fn common_library_names_need_a_second_signal() {
    let set = world();
    let library = host().native_lib("x86", "libmain.so");
    assert_eq!(found(&library, &set), [""; 0]);
    let mentioned = library.clone().dex(&Dex::new().string("com.polar.PushService"));
    assert_eq!(found(&mentioned, &set), [""; 0], "a string is no second signal");
    let expected = ["Classes com.polar.** 1 classes.dex", "Library libmain.so 1 lib/x86/libmain.so"];
    assert_eq!(clues_of(&library.clone().dex(&Dex::new().classes(&["com.polar.A"])), &set, "polar.push"), expected);
    let permission = library.uses_permission("polar.permission.PolarService.dev.host.app");
    assert_eq!(found(&permission, &set), ["polar.push Present"]);
}

#[test]
fn names_without_code_are_referenced_only() {
    let set = world();
    let cases = [
        host().meta_data("LUMEN_APP_KEY", "key"),
        host().meta_data("LUMEN_CHANNEL_7", 7),
        host().asset("lumen/config.json", "{}"),
        host().dex(&Dex::new().classes(&["dev.host.app.Main"]).references_type("com.lumen.ads.Banner")),
    ];
    for apk in cases {
        assert_eq!(found(&apk, &set), ["lumen.ads ReferencedOnly"]);
    }
    let permission = host().uses_permission("polar.permission.PolarService.dev.host.app");
    assert_eq!(found(&permission, &set), ["polar.push ReferencedOnly"]);
    let foreign = host().uses_permission("polar.permission.PolarService.com.another.app");
    assert_eq!(found(&foreign, &set), [""; 0], "another app's permission is not this one's");
    let misses =
        host().meta_data("LUMEN_APP_KEYS", "x").asset("lumen/config.txt", "x").asset("other/lumen/a.json", "x");
    assert_eq!(found(&misses, &set), [""; 0]);
}

#[test]
fn other_apps_named_in_queries_show_nothing() {
    let set = world();
    let apk = host().queries_package("com.lumen.ads").queries_provider("com.polar.files");
    assert_eq!(found(&apk, &set), [""; 0]);
}

#[test]
fn strings_alone_are_shown_apart() {
    let set = world();
    let facts = app(&host().dex(&Dex::new().string("com.lumen.ads.Banner").string("com.lumen.ads")), &set);
    let inventory = Inventory::of(&facts, &set);
    assert_eq!(presences(&inventory), [""; 0]);
    let [only] = inventory.string_only.as_slice() else { panic!("one, not {:?}", inventory.string_only) };
    assert_eq!(
        (only.sdk.id.as_str(), clues(only)),
        ("lumen.ads", vec!["Strings com.lumen.ads.** 2 classes.dex".into()])
    );
}

#[test]
fn defined_code_needs_no_witnesses() {
    let set = world();
    let dex =
        Dex::new().classes(&["com.lumen.ads.A"]).references_type("com.lumen.ads.gone.B").string("com.lumen.ads.C");
    let expected = ["Classes com.lumen.ads.** 1 classes.dex", "MetaData LUMEN_APP_KEY 1 AndroidManifest.xml"];
    assert_eq!(clues_of(&host().dex(&dex).meta_data("LUMEN_APP_KEY", "k"), &set, "lumen.ads"), expected);
}

#[test]
fn packed_or_broken_code_makes_names_unknown_and_leaves_evidence_standing() {
    let set = world();
    let packed = with_classes(&["com.nordic.shell.Stub"])
        .meta_data("LUMEN_APP_KEY", "key")
        .component(Component::service("com.polar.PushService"));
    assert_eq!(found(&packed, &set), ["lumen.ads Unknown", "nordic.shell Present", "polar.push Present"]);
    assert_eq!(Inventory::of(&app(&packed, &set), &set).hidden_code, ["Nordic Shell"]);
    let by_library = host().native_lib("x86", "libnshell.so").meta_data("LUMEN_APP_KEY", "key");
    assert_eq!(found(&by_library, &set), ["lumen.ads Unknown", "nordic.shell Present"]);
    let broken = with_classes(&["com.polar.A"]).dex_bytes(b"encrypted".to_vec()).meta_data("LUMEN_APP_KEY", "key");
    assert_eq!(found(&broken, &set), ["lumen.ads Unknown", "polar.push Present"]);
    assert_eq!(Inventory::of(&app(&broken, &set), &set).hidden_code, ["classes2.dex"]);
    // A packer that is only named has packed nothing.
    let named = host().dex(&Dex::new().references_type("com.nordic.shell.Stub")).meta_data("LUMEN_APP_KEY", "key");
    assert_eq!(found(&named, &set), ["lumen.ads ReferencedOnly", "nordic.shell ReferencedOnly"]);
}

#[test]
fn classes_are_counted_by_whose_they_are() {
    let set = world();
    let names = [
        "com.polar.A",
        "com.polar.B", // attributed
        "dev.host.app.Main",
        "dev.host.app.ui.View", // first party
        "a.a.B",
        "ab.c.D",
        "Default",           // obfuscated
        "java.time.Instant", // a stand-in for the platform
        "net.nobody.knows.A",
        "abc.d.E",
        "dev.host.apple.X", // unidentified
    ];
    let inventory_of = |apk: &ApkBuilder| {
        let facts = app(apk, &set);
        let inventory = Inventory::of(&facts, &set);
        (inventory.census, inventory.unidentified.clone(), facts.classes.defined)
    };
    let (census, groups, defined) = inventory_of(&with_classes(&names));
    let counts = [census.attributed, census.first_party, census.obfuscated, census.platform, census.unidentified];
    assert_eq!(counts, [2, 2, 3, 1, 3]);
    assert_eq!(counts.iter().sum::<u32>(), defined);
    let rows: Vec<&str> = groups.iter().map(|group| group.prefix.as_str()).collect();
    assert_eq!(rows, ["abc.d", "dev.host.apple", "net.nobody.knows"]);
}

#[test]
fn code_beside_a_changed_application_id_is_still_the_apps_own() {
    let set = world();
    let counts = |apk: &ApkBuilder| {
        let inventory = Inventory::of(&app(apk, &set), &set);
        (inventory.census.first_party, inventory.census.attributed, inventory.census.unidentified)
    };
    // The id got a suffix, the code did not.
    let names = ["dev.other.app.Main", "dev.other.app.ui.View", "net.nobody.A", "com.polar.A"];
    let apk = with_classes(&names);
    assert_eq!(counts(&apk), (0, 1, 3));
    assert_eq!(counts(&apk.clone().component(Component::activity("dev.other.app.Main").launcher())), (2, 1, 1));
    let application = Attribute::android("name", "dev.other.app.Main");
    assert_eq!(counts(&apk.clone().application_attribute(application)), (2, 1, 1));
    // An entry activity that an SDK owns makes nothing the app's own, nor does a renamed one.
    assert_eq!(counts(&apk.component(Component::activity("com.polar.A").launcher())), (0, 1, 3));
    let renamed = with_classes(&["a.b.Main", "a.b.C"]).component(Component::activity("a.b.Main").launcher());
    assert_eq!(counts(&renamed).0, 0);
}

#[test]
fn an_sdk_inside_the_hosts_package_belongs_to_the_longer_prefix() {
    let mut signatures = world_signatures();
    signatures.push(Sig::new("host.kit", "Host Kit", "push").packages(&["dev.host.app.kit"]));
    signatures.push(Sig::new("host.all", "Host All", "push").packages(&["dev.host"]));
    let set = set(&signatures);
    let apk = with_classes(&["dev.host.app.kit.A", "dev.host.app.Main", "dev.host.other.B"]);
    assert_eq!(found(&apk, &set), ["host.all Present", "host.kit Present"]);
    assert_eq!(clues_of(&apk, &set, "host.all"), ["Classes dev.host.** 1 classes.dex"]);
}

#[test]
fn unidentified_code_is_grouped_for_reading() {
    let set = world();
    let mut names: Vec<String> = (0..5).map(|n| format!("net.big.lib.part{n}.A")).collect();
    let few = ["net.small.A", "com.github.alice.A", "com.github.bob.lib.B", "com.acme.hidden.C", "com.acme.other.D"];
    names.extend(few.map(str::to_owned));
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let facts = app(&with_classes(&names), &set);
    let groups = Inventory::of(&facts, &set).unidentified;
    let rows: Vec<String> = groups.iter().map(|group| format!("{} {}", group.prefix, group.classes)).collect();
    let expected = [
        "net.big.lib 5",
        "com.acme.hidden 1", // known SDKs lie below com.acme, so that root would say too little
        "com.acme.other 1",
        "com.github.alice 1", // one host, two people
        "com.github.bob.lib 1",
        "net.small 1",
    ];
    assert_eq!(rows, expected);
}

#[test]
fn versions_come_from_files_and_constants() {
    let set = world();
    let version = |apk: &ApkBuilder| {
        let facts = app(apk, &set);
        Inventory::of(&facts, &set).find("lumen.ads").expect("present").version.clone()
    };
    let plain = with_classes(&["com.lumen.ads.A"]);
    assert_eq!(version(&plain), None);
    assert_eq!(version(&plain.clone().meta_inf("com.lumen_ads.version", "3.1.0\n")).as_deref(), Some("3.1.0"));
    let constant = Class::new("com.lumen.ads.BuildConfig").static_string("VERSION_NAME", "2.0");
    assert_eq!(version(&host().dex(&Dex::new().class(constant.clone()))).as_deref(), Some("2.0"));
    let other = Class::new("com.polar.BuildConfig").static_string("VERSION_NAME", "9.9");
    assert_eq!(version(&plain.dex(&Dex::new().class(other))), None, "another SDK's version is not this one's");
}
