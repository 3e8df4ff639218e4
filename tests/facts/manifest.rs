//! AndroidManifest.xml, binary and text.

use crate::support::axml::{Attribute, Element, Layout, Raw};
use crate::support::run::{facts, read};
use crate::support::sample::everything;
use crate::support::{ApkBuilder, Arsc, Component, Encoding, Value};
use sdkaudit::app::manifest::{ApiLevel, ComponentKind, Manifest, Query};
use sdkaudit::app::xml;

fn manifest(apk: &ApkBuilder) -> Manifest {
    facts(apk).manifest
}

fn app() -> ApkBuilder {
    ApkBuilder::new("dev.host.app").target_sdk(34)
}

/// `name max sdk_23`, in the manifest's order.
fn requests(manifest: &Manifest) -> Vec<String> {
    let row = |one: &sdkaudit::app::manifest::RequestedPermission| {
        format!("{} {:?} {}", one.name, one.max_sdk_version, one.sdk_23)
    };
    manifest.requested_permissions.iter().map(row).collect()
}

/// `name max reason`.
fn implied(apk: &ApkBuilder) -> Vec<String> {
    let row = |one: &sdkaudit::app::manifest::ImpliedPermission| {
        let short = one.name.strip_prefix("android.permission.").expect("implied permissions are Android's");
        format!("{short} {:?} {}", one.max_sdk_version, one.reason)
    };
    manifest(apk).implied_permissions.iter().map(row).collect()
}

fn request(attribute: Attribute) -> Element {
    Element::new("uses-permission").attribute(attribute)
}

fn name(value: &str) -> Attribute {
    Attribute::android("name", value)
}

#[test]
fn elements_in_the_android_namespace_count() {
    let apk = app().element(request(name("p.PLAIN"))).element(request(name("p.NAMESPACED")).namespaced());
    assert_eq!(requests(&manifest(&apk)), ["p.PLAIN None false", "p.NAMESPACED None false"]);
    assert_eq!(requests(&manifest(&apk.text_manifest())), ["p.PLAIN None false", "p.NAMESPACED None false"]);
}

#[test]
fn attributes_are_known_by_their_resource_id() {
    let apk = app()
        .element(request(name("p.WRONG_NAME").disguised(None, "label")))
        .element(request(name("p.EMPTY_NAME").disguised(Some(""), "")))
        .element(request(name("p.TYPED_ONLY").raw(Raw::Absent)))
        .element(request(name("p.TYPED").raw(Raw::Text("p.RAW".into()))))
        .element(request(Attribute { resource_id: None, ..name("p.NAME_ONLY") }))
        .element(request(Attribute::android("label", "p.NOT_A_NAME").disguised(None, "name")));
    let names = ["p.WRONG_NAME", "p.EMPTY_NAME", "p.TYPED_ONLY", "p.TYPED", "p.NAME_ONLY"];
    assert_eq!(requests(&manifest(&apk)), names.map(|name| format!("{name} None false")));
}

#[test]
fn requests_keep_order_limits_kind_and_duplicates() {
    let apk = app()
        .uses_permission_max("p.OLD", 18)
        .uses_permission_sdk_23("p.NEW")
        .uses_permission("p.TWICE")
        .uses_permission("p.OLD")
        .uses_permission("p.TWICE")
        .element(Element::new("uses-permission-sdk-23").android("name", "p.BOTH").android("maxSdkVersion", 30));
    let expected = [
        "p.OLD Some(18) false",
        "p.NEW None true",
        "p.TWICE None false",
        "p.OLD None false",
        "p.TWICE None false",
        "p.BOTH Some(30) true",
    ];
    assert_eq!(requests(&manifest(&apk)), expected);
}

#[test]
fn requests_count_below_the_root_only() {
    let inner = request(name("p.INSIDE"));
    let apk = app().application_element(inner.clone()).element(Element::new("queries").child(inner));
    assert_eq!(requests(&manifest(&apk)), [""; 0]);
}

#[test]
fn implied_permissions_are_aapts() {
    let android = |short: &str| format!("android.permission.{short}");
    let (write, read) = (android("WRITE_EXTERNAL_STORAGE"), android("READ_EXTERNAL_STORAGE"));
    assert_eq!(implied(&app()), [""; 0]);
    let by_write = "READ_EXTERNAL_STORAGE None requested WRITE_EXTERNAL_STORAGE";
    assert_eq!(implied(&app().uses_permission(&write)), [by_write]);
    assert_eq!(
        implied(&app().uses_permission_max(&write, 28)),
        ["READ_EXTERNAL_STORAGE Some(28) requested WRITE_EXTERNAL_STORAGE"]
    );
    assert_eq!(implied(&app().uses_permission(&write).uses_permission(&read)), [""; 0]);

    let old = |target: i32| ApkBuilder::new("dev.host.app").min_sdk(1).target_sdk(target);
    let three =
        ["WRITE_EXTERNAL_STORAGE None targetSdkVersion < 4", "READ_PHONE_STATE None targetSdkVersion < 4", by_write];
    assert_eq!(implied(&old(3)), three);
    assert_eq!(implied(&old(4)), [""; 0]);
    assert_eq!(implied(&ApkBuilder::new("dev.host.app")), three, "without uses-sdk the target is the oldest");
    assert_eq!(implied(&ApkBuilder::new("dev.host.app").min_sdk(9)), [""; 0], "the minimum stands in for the target");

    let contacts =
        |apk: ApkBuilder| apk.uses_permission(&android("READ_CONTACTS")).uses_permission(&android("WRITE_CONTACTS"));
    let calls = [
        "READ_CALL_LOG None targetSdkVersion < 16 and requested READ_CONTACTS",
        "WRITE_CALL_LOG None targetSdkVersion < 16 and requested WRITE_CONTACTS",
    ];
    assert_eq!(implied(&contacts(old(15))), calls);
    assert_eq!(implied(&contacts(old(15)).uses_permission(&android("READ_CALL_LOG"))), calls[1..]);
    assert_eq!(implied(&contacts(old(16))), [""; 0]);
}

#[test]
fn levels_may_be_code_names() {
    let found = manifest(&ApkBuilder::new("dev.host.app").min_sdk(21).target_sdk("VanillaIceCream"));
    assert_eq!(found.min_sdk, Some(ApiLevel::Number(21)));
    assert_eq!(found.target_sdk, Some(ApiLevel::CodeName("VanillaIceCream".into())));
    let none = manifest(&ApkBuilder::new("dev.host.app"));
    assert_eq!((none.min_sdk, none.target_sdk, none.version_code, none.version_name), (None, None, None, None));
    let text = manifest(&ApkBuilder::new("dev.host.app").min_sdk("21").target_sdk(" 30 "));
    assert_eq!((text.min_sdk, text.target_sdk), (Some(ApiLevel::Number(21)), Some(ApiLevel::Number(30))));
}

#[test]
fn version_codes_have_64_bits() {
    let apk = app().version_code(7).manifest_attribute(Attribute::android("versionCodeMajor", 2));
    assert_eq!(manifest(&apk).version_code, Some(2 << 32 | 7));
    assert_eq!(manifest(&app().version_code(-1)).version_code, Some(u64::from(u32::MAX)));
}

#[test]
fn references_are_followed_through_the_resource_table() {
    for (sparse, encoding) in [(false, Encoding::Utf8), (true, Encoding::Utf8), (false, Encoding::Utf16)] {
        let mut table = Arsc::new("dev.host.app").encoding(encoding);
        if sparse {
            table = table.sparse();
        }
        let version = table.string("version", "4.2 测试");
        let alias = table.reference("string", "alias", version);
        let chain = table.reference("string", "chain", alias);
        let code = table.integer("code", 4200);
        let target = table.integer("target", 33);
        let german = table.string("german", "unused");
        table.without_default(german);
        table.localized(german, "de", "nur deutsch");
        table.localized(version, "de", "falsche Sprache");
        let apk = ApkBuilder::new("dev.host.app")
            .version_name(Value::Reference(chain))
            .version_code(Value::Reference(code))
            .target_sdk(Value::Reference(target))
            .meta_data("KEY", Value::Reference(version))
            .meta_data("GERMAN", Value::Reference(german))
            .meta_data("NOWHERE", Value::Reference(0x7f7f_0001))
            .resources(table.build());
        let found = manifest(&apk);
        assert_eq!(found.version_name.as_deref(), Some("4.2 测试"));
        assert_eq!((found.version_code, found.target_sdk), (Some(4200), Some(ApiLevel::Number(33))));
        let values: Vec<Option<&str>> = found.meta_data.iter().map(|one| one.value.as_deref()).collect();
        assert_eq!(values, [Some("4.2 测试"), Some("nur deutsch"), Some("@0x7f7f0001")]);
    }
}

#[test]
fn references_may_lead_nowhere_or_round() {
    let mut table = Arsc::new("dev.host.app");
    let round = table.reference("string", "round", 0x7f01_0001);
    table.reference("string", "back", round);
    let apk =
        app().version_name(Value::Reference(round)).version_code(Value::Reference(round)).resources(table.build());
    let found = manifest(&apk);
    assert_eq!((found.version_name.as_deref(), found.version_code), (Some("@0x7f010000"), None));
    // Without a table, or with one that is none, the reference itself is what can be said.
    for apk in [app(), app().resources(b"no table".to_vec())] {
        let found = manifest(&apk.version_name(Value::Reference(0x7f01_0000)));
        assert_eq!(found.version_name.as_deref(), Some("@0x7f010000"));
    }
}

#[test]
fn meta_data_resources_are_named_not_followed() {
    let mut table = Arsc::new("dev.host.app");
    let text = table.string("text", "a text");
    let apk =
        app().meta_data_resource("ICON", text).meta_data("FLAG", true).meta_data("NUMBER", 7).resources(table.build());
    let values: Vec<String> = manifest(&apk).meta_data.into_iter().filter_map(|one| one.value).collect();
    assert_eq!(values, ["@0x7f010000", "true", "7"]);
}

#[test]
fn components_have_full_names_and_aliases_their_own() {
    let apk = app()
        .component(Component::activity(".Main").exported(true).launcher())
        .component(Component::activity("Short"))
        .component(Component::activity_alias("com.vendor.Entry", ".Main").meta_data("alias", "yes"))
        .component(Component::service("com.vendor.Push").android("permission", "p.BIND").action("b").action("a"))
        .component(Component::receiver("com.vendor.Boot").exported(false))
        .component(Component::provider("com.vendor.Init", "one;two;").meta_data("init", true))
        .application_element(Element::new("uses-library").android("name", "org.apache.http.legacy"))
        .meta_data("whole", "app");
    let found = manifest(&apk);
    let rows: Vec<String> = found.components.iter().map(|one| format!("{:?} {}", one.kind, one.class)).collect();
    let expected = [
        "Activity dev.host.app.Main",
        "Activity dev.host.app.Short",
        "Activity com.vendor.Entry",
        "Service com.vendor.Push",
        "Receiver com.vendor.Boot",
        "Provider com.vendor.Init",
    ];
    assert_eq!(rows, expected);
    let [main, _, _, push, boot, init] = found.components.as_slice() else { panic!("six components") };
    assert_eq!((main.exported, push.exported, boot.exported), (Some(true), None, Some(false)));
    assert_eq!((push.permission.as_deref(), &push.actions), (Some("p.BIND"), &vec!["a".to_owned(), "b".to_owned()]));
    assert_eq!((init.kind, &init.authorities), (ComponentKind::Provider, &vec!["one".to_owned(), "two".to_owned()]));
    let owners: Vec<(&str, Option<&str>)> =
        found.meta_data.iter().map(|one| (one.name.as_str(), one.component.as_deref())).collect();
    assert_eq!(owners, [("alias", Some("com.vendor.Entry")), ("init", Some("com.vendor.Init")), ("whole", None)]);
}

#[test]
fn the_application_class_is_resolved_too() {
    let own = |name: &str| manifest(&app().application_attribute(Attribute::android("name", name))).application_class;
    assert_eq!(own(".App").as_deref(), Some("dev.host.app.App"));
    assert_eq!(own("com.packer.Stub").as_deref(), Some("com.packer.Stub"));
    assert_eq!(manifest(&app()).application_class, None);
}

#[test]
fn queries_features_and_definitions_stay_apart() {
    let apk = app()
        .queries_package("com.other.app")
        .queries_intent("android.intent.action.SEND")
        .queries_provider("com.other.files")
        .uses_feature("android.hardware.nfc", true)
        .uses_feature("android.hardware.camera", false)
        .element(Element::new("uses-feature").android("glEsVersion", Value::Hex(0x0003_0001)))
        .defines_permission("dev.host.app.permission.SYNC", 2);
    let found = manifest(&apk);
    assert_eq!(
        found.queries,
        [
            Query::Package("com.other.app".into()),
            Query::Intent("android.intent.action.SEND".into()),
            Query::Provider("com.other.files".into()),
        ]
    );
    let features: Vec<(&str, bool)> = found.features.iter().map(|one| (one.name.as_str(), one.required)).collect();
    assert_eq!(
        features,
        [("android.hardware.nfc", true), ("android.hardware.camera", false), ("glEsVersion 3.1", true)]
    );
    let [defined] = found.defined_permissions.as_slice() else { panic!("one definition") };
    assert_eq!((defined.name.as_str(), defined.protection_level), ("dev.host.app.permission.SYNC", Some(2)));
    assert!(found.components.is_empty() && found.requested_permissions.is_empty());
}

/// Events with what a text manifest cannot tell taken out: it writes hexadecimal and decimal numbers, and references, as text.
fn events(bytes: &[u8]) -> Vec<xml::Event> {
    let mut events = xml::read(bytes).unwrap_or_else(|error| panic!("{error}"));
    for event in &mut events {
        let xml::Event::Start(element) = event else { continue };
        for attribute in &mut element.attributes {
            if let xml::Value::Reference(id) = attribute.value {
                attribute.value = xml::Value::String(format!("@0x{id:08x}"));
            }
        }
        let id = |attribute: &xml::Attribute| attribute.resource_id;
        // The binary form sorts nothing; ids that the reader has no name for count as plain names.
        element
            .attributes
            .iter_mut()
            .for_each(|one| one.resource_id = id(one).filter(|id| xml::attribute_name(*id).is_some()));
    }
    events
}

#[test]
fn text_and_binary_manifests_give_the_same_events() {
    let binary = everything();
    let text = events(&binary.clone().text_manifest().manifest());
    assert!(text.len() > 40, "the sample has one of everything");
    assert_eq!(events(&binary.manifest()), text);
    let layouts = [
        Layout { encoding: Encoding::Utf8, ..Layout::default() },
        Layout { attribute_size: 28, ..Layout::default() },
        Layout { unknown_chunk: true, ..Layout::default() },
        Layout { resource_map: false, ..Layout::default() },
    ];
    for layout in layouts {
        let bytes = binary.clone().manifest_layout(layout.clone()).manifest();
        let mut found = events(&bytes);
        if !layout.resource_map {
            // Names alone identify the attributes then, as in a text manifest that knows no namespace.
            let same = manifest(&binary.clone().manifest_bytes(bytes)).requested_permissions;
            assert_eq!(same, manifest(&binary).requested_permissions);
            found.clone_from(&text);
        }
        assert_eq!(found, text, "{layout:?}");
    }
}

#[test]
fn the_type_of_the_outermost_chunk_does_not_matter() {
    let layout = Layout { root_type: 0, ..Layout::default() };
    let apk = app().uses_permission("p.A").manifest_layout(layout);
    assert_eq!(requests(&manifest(&apk)), ["p.A None false"]);
}

#[test]
fn half_a_manifest_is_an_error_and_no_empty_answer() {
    let whole = app().uses_permission("p.A").uses_permission("p.B").manifest();
    for length in [0, 1, 7, 8, 30, whole.len() / 2, whole.len() - 1] {
        let error = read(&app().manifest_bytes(whole[..length].to_vec()).build()).expect_err("cut manifest");
        assert_eq!(error.entry.as_deref(), Some("AndroidManifest.xml"), "{length}: {error}");
        assert!(!error.help.en.is_empty() && !error.help.zh.is_empty());
    }
    for text in ["<manifest package='a.b'>", "<manifest package='a.b'/", "<other package='a.b'/>", "<manifest/>"] {
        let error = read(&app().manifest_bytes(text).build()).expect_err("unusable text manifest");
        assert_eq!(error.entry.as_deref(), Some("AndroidManifest.xml"), "{text}: {error}");
    }
    let error = read(&app().no_manifest().asset("x", "y").build()).expect_err("no manifest");
    assert!(error.message.en.contains("holds no AndroidManifest.xml"), "{error}");
}

#[test]
fn a_version_name_of_a_text_manifest_is_no_number() {
    for name in ["+0", "007", "0x10", "true", "1"] {
        let apk = ApkBuilder::new("app.x").version_name(name).text_manifest();
        assert_eq!(manifest(&apk).version_name.as_deref(), Some(name));
    }
}
