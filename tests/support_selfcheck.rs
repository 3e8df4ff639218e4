//! Holds the fixture builder against tools that nobody in this project wrote: `aapt`, `aapt2`, `dexdump`, `goblin`.

mod support;

use support::axml::{ANDROID, Attribute, Element, Layout, Raw, attribute_id};
use support::dex::{HeaderField, reseal, set_header};
use support::oracle::{self, Said, all_between, between};
use support::sample::{APP, everything, main_dex};
use support::{ApkBuilder, Arsc, Dex, Encoding, SharedObject};

fn aapt(what: &[&str], apk: &[u8], after: &[&str]) -> Option<Said> {
    oracle::run_on("aapt", &[&["dump"], what].concat(), apk, "app.apk", after)
}

fn xmltree(apk: &[u8]) -> Option<String> {
    succeeded(aapt(&["xmltree"], apk, &["AndroidManifest.xml"]))
}

fn aapt2_xmltree(apk: &[u8]) -> Option<String> {
    let what = ["dump", "xmltree", "--file", "AndroidManifest.xml"];
    succeeded(oracle::run_on("aapt2", &what, apk, "app.apk", &[]))
}

fn dexdump(options: &[&str], file: &[u8], name: &str) -> Option<Said> {
    oracle::run_on("dexdump", options, file, name, &[])
}

fn succeeded(said: Option<Said>) -> Option<String> {
    said.map(|said| {
        assert!(said.success, "{said:?}");
        said.stdout
    })
}

#[test]
fn aapt_badging_is_what_was_asked_for() {
    let Some(said) = aapt(&["badging"], &everything().build(), &[]) else { return };
    assert!(said.success, "{said:?}");
    let text = said.stdout;
    let permissions: Vec<&str> = text.lines().filter(|line| line.starts_with("uses-permission")).collect();
    assert_eq!(
        permissions,
        [
            "uses-permission: name='android.permission.INTERNET'",
            "uses-permission: name='android.permission.CAMERA' maxSdkVersion='18'",
            "uses-permission-sdk-23: name='android.permission.READ_PHONE_STATE'",
            "uses-permission: name='android.permission.INTERNET'",
        ]
    );
    for line in [
        "package: name='com.example.meter' versionCode='420' versionName='4.2-beta'",
        "sdkVersion:'21'",
        "targetSdkVersion:'VanillaIceCream'",
        "application-label:'Meter'",
        "application-label-zh:'电表'",
        "  uses-feature: name='android.hardware.nfc'",
        "  uses-feature-not-required: name='android.hardware.camera'",
        "launchable-activity: name='com.example.meter.Main'  label='' icon=''",
        "native-code: 'arm64-v8a' 'armeabi-v7a'",
    ] {
        assert!(text.lines().any(|found| found == line), "no line {line:?} in\n{text}");
    }
}

#[test]
fn aapt_sees_the_same_tree_in_every_layout() {
    let app = everything();
    let Some(plain) = xmltree(&app.build()) else { return };
    let (mut elements, mut names) = (Vec::new(), Vec::new());
    app.manifest_tree().walk(&mut |element| {
        elements.push(element.name.clone());
        let named = element.attributes.iter().find(|attribute| attribute.name == "name");
        names.extend(named.map(|attribute| attribute.value.to_text()));
    });
    assert_eq!(all_between(&plain, "E: ", " (line="), elements);
    assert_eq!(all_between(&plain, "A: android:name(0x01010003)=\"", "\""), names);
    assert!(names.len() > 20, "the sample has one of everything");
    assert!(plain.contains("A: android:maxSdkVersion(0x01010271)=(type 0x10)0x12"), "{plain}");
    assert!(plain.contains("A: android:exported(0x01010010)=(type 0x12)0xffffffff"), "{plain}");
    let layouts = [
        Layout { encoding: Encoding::Utf8, ..Layout::default() },
        Layout { attribute_size: 28, ..Layout::default() },
        Layout { root_type: 0, unknown_chunk: true, ..Layout::default() },
    ];
    for layout in layouts {
        let message = format!("{layout:?}");
        assert_eq!(xmltree(&app.clone().manifest_layout(layout).build()).as_ref(), Some(&plain), "{message}");
    }
}

#[test]
fn manifest_traps_are_written_as_asked() {
    let name = |value: &str| Attribute::android("name", value);
    let request = |attribute: Attribute| Element::new("uses-permission").attribute(attribute);
    let app = ApkBuilder::new(APP)
        .element(request(name("p.NAMESPACED")).namespaced())
        .element(request(name("p.WRONG").disguised(None, "label")))
        .element(request(name("p.EMPTY").disguised(Some(""), "")))
        .element(request(name("p.TYPED").raw(Raw::Absent)))
        .element(request(name("p.TRUE").raw(Raw::Text("p.RAW".into()))))
        .element(request(Attribute { resource_id: None, ..name("p.NO_ID") }))
        .element(Element::new("uses-permission-sdk-23").android("name", "p.SDK23").text("a < b"));
    let text = support::axml::to_text(&app.manifest_tree());
    for wanted in [
        "<android:uses-permission android:name=\"p.NAMESPACED\"/>",
        "<uses-permission android:name=\"p.EMPTY\"/>",
        "a &lt; b",
    ] {
        assert!(text.contains(wanted), "{text}");
    }
    // aapt shows raw strings only and crashes where one is absent; aapt2 shows both, and reads the typed value as Android does.
    let Some(tree) = aapt2_xmltree(&app.build()) else { return };
    let android = format!("{ANDROID}:");
    for wanted in [
        "E: android:uses-permission (line=",
        "A: label(0x01010003)=\"p.WRONG\" (Raw: \"p.WRONG\")",
        "A: (0x01010003)=\"p.EMPTY\" (Raw: \"p.EMPTY\")",
        "A: android:name(0x01010003)=\"p.TYPED\"\n",
        "A: android:name(0x01010003)=\"p.TRUE\" (Raw: \"p.RAW\")",
        "A: android:name=\"p.NO_ID\" (Raw: \"p.NO_ID\")",
        "T: 'a < b'",
    ] {
        assert!(tree.replace(&android, "android:").contains(wanted), "no {wanted:?} in\n{tree}");
    }
    let unmapped = Layout { resource_map: false, ..Layout::default() };
    let tree = aapt2_xmltree(&app.manifest_layout(unmapped).build()).expect("aapt2 ran before");
    assert!(tree.contains("p.TYPED") && !tree.contains("(0x0101"), "{tree}");
}

#[test]
fn text_manifest_is_well_formed_and_complete() {
    let app = everything().text_manifest();
    let text = String::from_utf8(app.manifest()).expect("text is UTF-8");
    let (mut reader, mut names) = (quick_xml::Reader::from_str(&text), Vec::new());
    loop {
        match reader.read_event().expect("well-formed") {
            quick_xml::events::Event::Start(tag) | quick_xml::events::Event::Empty(tag) => {
                names.push(tag.name().as_ref().to_owned());
            }
            quick_xml::events::Event::Eof => break,
            _ => {}
        }
    }
    let mut wanted = Vec::new();
    app.manifest_tree().walk(&mut |element| wanted.push(element.name.clone()));
    assert_eq!(names, wanted);
    assert!(text.contains("android:versionName=\"@0x7f010002\""), "{text}");
}

#[test]
fn attribute_ids_are_those_of_the_framework() {
    const FRAMEWORK: &str = "/usr/share/android-framework-res/framework-res.apk";
    let Some(said) = oracle::run("aapt", &["dump", "resources", FRAMEWORK]) else { return };
    if !said.success {
        assert!(std::env::var_os(oracle::REQUIRE).is_none(), "{}", said.stderr);
        oracle::skipped(&format!("attribute_ids_are_those_of_the_framework: {FRAMEWORK} is not there"));
        return;
    }
    let marker = ": flags=";
    let framework = all_between(&said.stdout, "spec resource 0x0101", marker);
    let known: Vec<(&str, u32)> = framework
        .iter()
        .filter_map(|line| line.split_once(" android:attr/"))
        .map(|(id, name)| (name, 0x0101_0000 | u32::from_str_radix(id, 16).expect("hexadecimal id")))
        .collect();
    assert!(known.len() > 1000, "only {} attributes", known.len());
    for (name, id) in support::axml::ATTRIBUTE_IDS {
        assert!(known.contains(&(name, *id)), "{name} is not {id:#x}");
        assert_eq!(attribute_id(name), *id);
    }
}

#[test]
fn aapt_reads_resource_tables_in_every_form() {
    for (encoding, sparse) in [(Encoding::Utf8, false), (Encoding::Utf16, false), (Encoding::Utf8, true)] {
        let mut table = Arsc::new(APP).encoding(encoding);
        if sparse {
            table = table.sparse();
        }
        let label = table.string("label", "Zähler 😀");
        let only_zh = table.string("only_zh", "");
        table.localized(label, "zh", "电表");
        table.localized(only_zh, "zh", "仅中文");
        table.without_default(only_zh);
        let number = table.integer("number", -5);
        // Lengths above 127 (UTF-8) and 32,767 (UTF-16) take a longer prefix.
        let long = "é".repeat(if encoding == Encoding::Utf8 { 300 } else { 40_000 });
        let long_id = table.string("long", &long);
        let alias = table.reference("string", "alias", label);
        assert_eq!(
            [label, only_zh, number, long_id, alias],
            [0x7f01_0000, 0x7f01_0001, 0x7f02_0000, 0x7f01_0002, 0x7f01_0003]
        );
        let apk = ApkBuilder::new(APP).resources(table.build()).build();
        let Some(said) = aapt(&["--values", "resources"], &apk, &[]) else { return };
        assert!(said.success, "{said:?}");
        let lines: Vec<&str> = said
            .stdout
            .lines()
            .map(str::trim)
            .filter(|line| line.starts_with("resource ") || line.starts_with('('))
            .collect();
        let wanted = [
            "resource 0x7f010000 com.example.meter:string/label: t=0x03",
            "resource 0x7f010002 com.example.meter:string/long: t=0x03",
            "resource 0x7f010003 com.example.meter:string/alias: t=0x01 d=0x7f010000",
            "resource 0x7f010000 com.example.meter:string/label: t=0x03",
            "resource 0x7f010001 com.example.meter:string/only_zh: t=0x03",
            "resource 0x7f020000 com.example.meter:integer/number: t=0x10 d=0xfffffffb",
        ];
        let found: Vec<&str> = lines.iter().copied().filter(|line| line.starts_with("resource ")).collect();
        assert_eq!(found.len(), wanted.len(), "{}", said.stdout);
        assert!(found.iter().zip(wanted).all(|(found, wanted)| found.starts_with(wanted)), "{}", said.stdout);
        for text in ["Zähler 😀", "电表", "仅中文", &long] {
            assert!(said.stdout.contains(&format!("\"{text}\"")), "no {text} in\n{}", said.stdout);
        }
    }
}

#[test]
fn dexdump_lists_the_classes_of_all_dex_files() {
    let Some(said) = dexdump(&[], &everything().build(), "app.apk") else { return };
    assert!(said.success, "{said:?}");
    let classes = all_between(&said.stdout, "Class descriptor  : '", "'");
    assert_eq!(
        classes,
        [
            "Lcom/example/meter/Base;",
            "Lcom/vendor/push/Api;",
            "Lcom/vendor/push/Core;",
            "Lcom/example/meter/Main;",
            "Lcom/vendor/push/Helper;",
        ]
    );
    let superclasses = all_between(&said.stdout, "Superclass        : '", "'");
    assert_eq!(superclasses[..2], ["Landroid/app/Activity;", "Ljava/lang/Object;"]);
    assert_eq!(superclasses[3], "Lcom/example/meter/Base;");
    assert!(said.stdout.contains("value         : \"3.1.0\"") && said.stdout.contains("value         : -7"));
    assert!(said.stdout.contains("source_file_idx   : ") && said.stdout.contains("(Base.java)"));
}

#[test]
fn dexdump_disassembles_the_code_and_not_the_decoys() {
    let Some(said) = dexdump(&["-d"], &main_dex().build(), "classes.dex") else { return };
    assert!(said.success, "{said:?}");
    let code: Vec<&str> =
        said.stdout.lines().filter_map(|line| Some(line.split_once("|00")?.1.split_once(": ")?.1)).collect();
    let mnemonics: Vec<&str> = code.iter().filter_map(|line| line.split([' ', ',']).next()).collect();
    let table = |user, payload| [user, "goto/16", payload];
    let wanted: Vec<&str> = [
        &["return-void", "const", "const-string", "invoke-static", "move-result-object", "sget-object"][..],
        &table("fill-array-data", "array-data"),
        &table("packed-switch", "packed-switch-data"),
        &table("sparse-switch", "sparse-switch-data"),
        &["invoke-virtual/range", "const-string/jumbo", "return-object"],
    ]
    .concat();
    let without_padding: Vec<&str> = mnemonics.into_iter().filter(|name| *name != "nop").collect();
    assert_eq!(without_padding, wanted, "{}", said.stdout);
    // Offsets are hexadecimal code units: `|000a: packed-switch-data (8 units)`.
    let payloads = said.stdout.lines().filter(|line| line.contains("-data ("));
    let offsets: Vec<u32> = payloads
        .map(|line| between(line, "|", ":").and_then(|at| u32::from_str_radix(at, 16).ok()).expect("offset before ':'"))
        .collect();
    assert!(offsets.len() == 3 && offsets.iter().all(|at| at % 2 == 0), "{offsets:?} in\n{}", said.stdout);
    let text = code.join("\n");
    assert!(text.contains("const-string v1, \"android_id\"") && !text.contains("getImei"), "{text}");
    assert!(text.contains("invoke-static {v0, v1}, Landroid/provider/Settings$Secure;.getString"), "{text}");
    assert!(text.contains("invoke-virtual/range {v2}, Landroid/telephony/TelephonyManager;.getDeviceId"), "{text}");
}

#[test]
fn dexdump_accepts_every_version_and_an_empty_file() {
    for version in [35, 37, 38, 39] {
        let Some(said) = dexdump(&[], &main_dex().version(version).build(), "classes.dex") else { return };
        assert!(said.success && said.stdout.contains(&format!("DEX version '0{version}'")), "{said:?}");
    }
    let never_released = dexdump(&[], &main_dex().version(36).build(), "classes.dex").expect("dexdump ran before");
    assert!(!never_released.success, "{never_released:?}");
    let empty = dexdump(&["-f"], &Dex::new().build(), "classes.dex").expect("dexdump ran before");
    assert!(empty.success && empty.stdout.contains("class_defs_size     : 0"), "{empty:?}");
}

#[test]
fn dexdump_refuses_only_what_was_broken() {
    let good = main_dex().build();
    let mut sealed = good.clone();
    reseal(&mut sealed);
    assert_eq!(sealed, good, "sealing twice changes nothing");
    for (field, value) in
        [(HeaderField::ClassDefsSize, 0xffff), (HeaderField::StringIdsOff, u32::MAX), (HeaderField::EndianTag, 0)]
    {
        let mut bad = good.clone();
        set_header(&mut bad, field, value);
        reseal(&mut bad);
        let Some(said) = dexdump(&[], &bad, "classes.dex") else { return };
        assert!(!said.success && !said.stderr.contains("checksum"), "{field:?}: {said:?}");
    }
}

#[test]
fn goblin_reads_the_shared_objects_of_every_abi() {
    use goblin::elf::header::{EM_386, EM_AARCH64, EM_ARM, EM_MIPS, EM_RISCV, EM_X86_64};
    for (abi, machine, wide) in [
        ("armeabi", EM_ARM, false),
        ("armeabi-v7a", EM_ARM, false),
        ("arm64-v8a", EM_AARCH64, true),
        ("x86", EM_386, false),
        ("x86_64", EM_X86_64, true),
        ("mips", EM_MIPS, false),
        ("mips64", EM_MIPS, true),
        ("riscv64", EM_RISCV, true),
    ] {
        for padding in [0, 70_000] {
            let object = SharedObject::new(abi).soname("libpush.so").needed("liblog.so").needed("libc.so");
            let bytes = object.string("push-sdk 3.1.0").padding(padding).build();
            let elf = goblin::elf::Elf::parse(&bytes).unwrap_or_else(|error| panic!("{abi}, {padding}: {error}"));
            assert_eq!((elf.header.e_machine, elf.is_64, elf.little_endian, elf.is_lib), (machine, wide, true, true));
            assert_eq!((elf.soname, &elf.libraries[..]), (Some("libpush.so"), &["liblog.so", "libc.so"][..]));
            let dynamic = elf.program_headers.iter().find(|header| header.p_type == 2).expect("PT_DYNAMIC");
            assert_eq!(dynamic.p_offset > 0x1_0000, padding > 0);
            assert!(bytes.windows(15).any(|window| window == b"push-sdk 3.1.0\0"));
        }
    }
    let bare = SharedObject::new("x86_64").build();
    let elf = goblin::elf::Elf::parse(&bare).expect("no names at all");
    assert_eq!((elf.soname, elf.libraries.len()), (None, 0));
}
