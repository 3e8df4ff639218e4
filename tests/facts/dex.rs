//! Classes: what is defined, what is only referred to, what stands in strings alone.

use crate::support::dex::{HeaderField, reseal, set_header};
use crate::support::run::{facts, read};
use crate::support::{ApkBuilder, Class, Dex, FieldRef, Invoke, Method, MethodRef, oracle};
use sdkaudit::app::{App, dex};

fn app() -> ApkBuilder {
    ApkBuilder::new("dev.host.app").target_sdk(34)
}

/// `package file defined/referenced/mentioned`, without the platform's own packages.
fn packages(app: &App) -> Vec<String> {
    let own = app.classes.packages.iter().filter(|one| !one.name.starts_with("java.") && one.name != "java");
    own.map(|one| format!("{} {} {}/{}/{}", one.name, one.dex, one.defined, one.referenced, one.mentioned)).collect()
}

#[test]
fn defined_referenced_and_mentioned_are_three_grades() {
    let call = Method::new("run", "()V").call(Invoke::Static, &MethodRef::new("com.called.Api", "go", "()V"), &[]);
    let dex = Dex::new()
        .class(Class::new("com.defined.One").method(call))
        .classes(&["com.defined.Two"])
        .references_type("com.referenced.Only")
        .references_type("com.defined.Absent")
        .references_field(FieldRef::new("com.field.Holder", "a", "I"))
        .string("com.mentioned.Name")
        .string("com.mentioned.pack.age")
        .string("com.not a name")
        .string("https://com.example.org/path");
    let expected = [
        "com.called classes.dex 0/1/0",
        "com.defined classes.dex 2/1/0",
        "com.field classes.dex 0/1/0",
        "com.mentioned classes.dex 0/0/1",
        "com.mentioned.pack.age classes.dex 0/0/1",
        "com.referenced classes.dex 0/1/0",
    ];
    assert_eq!(packages(&facts(&app().dex(&dex))), expected);
}

#[test]
fn several_dex_files_keep_their_counts_apart_and_in_order() {
    let dex = |names: &[&str]| Dex::new().classes(names);
    let mut apk = app().dex(&dex(&["com.a.One", "com.b.One"])).dex(&dex(&["com.a.Two"]));
    for _ in 3..=10 {
        apk = apk.dex(&dex(&["com.a.More"]));
    }
    // Names that Android does not load.
    let apk = apk
        .file("classes0.dex", dex(&["com.no.A"]).build())
        .file("classes1.dex", dex(&["com.no.B"]).build())
        .file("assets/classes2.dex", dex(&["com.no.C"]).build())
        .file("classes12a.dex", dex(&["com.no.D"]).build());
    let found = facts(&apk);
    let elsewhere = ["assets/classes2.dex", "classes0.dex", "classes1.dex", "classes12a.dex"];
    assert_eq!(found.classes.dex_elsewhere, elsewhere, "found by their first bytes, and told apart");
    assert_eq!((found.classes.dex_read, found.classes.dex_total, found.classes.defined), (14, 14, 15));
    let files: Vec<&str> =
        found.classes.packages.iter().filter(|one| one.name == "com.a").map(|one| one.dex.as_str()).collect();
    let mut expected: Vec<String> = vec!["classes.dex".into()];
    expected.extend((2..=10).map(|number| format!("classes{number}.dex")));
    assert_eq!(files, expected);
}

#[test]
fn default_package_nested_classes_and_short_names() {
    let dex =
        Dex::new().classes(&["A", "ab", "Abc", "com.x.Outer", "com.x.Outer$Inner", "com.x.Outer$1", "com.x.a$Long"]);
    let found = facts(&app().dex(&dex));
    assert_eq!(packages(&found), [" classes.dex 3/0/0", "com.x classes.dex 4/0/0"]);
    // "A", "ab" and "com.x.a$Long": the outer name counts.
    assert_eq!((found.classes.defined, found.classes.short_names), (7, 3));
}

#[test]
fn packages_named_by_the_caller_are_counted_by_outer_class() {
    let bytes = Dex::new().classes(&["com.x.A", "com.x.A$B", "com.x.C", "com.y.A", "com.y.B"]).build();
    let by_class = |package: &[u8]| package == b"com/x";
    let found = dex::read(&bytes, &by_class, None).expect("a dex file");
    let rows: Vec<(&str, u32)> =
        found.packages.iter().filter(|one| one.defined > 0).map(|one| (one.name.as_str(), one.defined)).collect();
    assert_eq!(rows, [("com.x.A", 2), ("com.x.C", 1), ("com.y", 2)]);
}

#[test]
fn version_constants_are_read_wherever_they_stand() {
    let dex = Dex::new()
        .class(
            Class::new("com.a.BuildConfig")
                .static_string("APPLICATION_ID", "com.a")
                .static_int("VERSION_CODE", -70_000)
                .static_string("VERSION_NAME", "1.2.3")
                .static_string("ZZZ", "later"),
        )
        .class(Class::new("com.b.Sdk").static_string("SDK_VERSION", "9.6.8").static_string("VERSION", ""))
        .class(Class::new("com.c.Sdk").static_int("VERSION", 3))
        .references_field(FieldRef::new("com.d.Elsewhere", "VERSION", "java.lang.String"))
        .string("VERSION_NAME");
    let found = facts(&app().dex(&dex)).classes.constants;
    let rows: Vec<String> = found.iter().map(|one| format!("{}={}", one.field, one.value)).collect();
    assert_eq!(rows, ["com.a.BuildConfig#VERSION_NAME=1.2.3", "com.b.Sdk#SDK_VERSION=9.6.8"]);
}

#[test]
fn version_files_of_meta_inf_are_read() {
    let apk = app()
        .meta_inf("com.acme_core.version", "3.1.0\n")
        .meta_inf("maven/com.acme/push/pom.properties", "#comment\nversion=2.0\ngroupId=com.acme\n")
        .meta_inf("template.version", "task ':core:writeVersion' property 'version'")
        .meta_inf("large.version", vec![b'1'; 5000])
        .meta_inf("empty.version", "")
        .asset("x.version", "9");
    let found = facts(&apk);
    let rows: Vec<String> = found.version_files.iter().map(|(entry, version)| format!("{entry}={version}")).collect();
    assert_eq!(rows, ["META-INF/com.acme_core.version=3.1.0", "META-INF/maven/com.acme/push/pom.properties=2.0"]);
}

#[test]
fn strings_that_are_no_ascii_disturb_nothing() {
    let dex = Dex::new()
        .classes(&["com.标识.类", "com.a.B"])
        .string("\u{1f600} sorts before \u{ff21} in UTF-16")
        .string("\u{ff21}, \0 and é")
        .string("com.ümlaut.Name")
        .string("com..dots");
    let expected = ["com.a classes.dex 1/0/0", "com.标识 classes.dex 1/0/0"];
    assert_eq!(packages(&facts(&app().dex(&dex))), expected);
}

#[test]
fn versions_035_to_041_are_read_and_other_forms_are_gaps() {
    for version in [35, 37, 38, 39] {
        assert_eq!(facts(&app().dex(&Dex::new().version(version).classes(&["com.a.B"]))).classes.defined, 1);
    }
    let good = Dex::new().classes(&["com.a.B"]).build();
    let mut encrypted = good.clone();
    encrypted[..8].copy_from_slice(b"\x9f\x11abcdef");
    let mut compact = good.clone();
    compact[..4].copy_from_slice(b"cdex");
    let mut endian = good.clone();
    endian[40..44].copy_from_slice(&[0x12, 0x34, 0x56, 0x78]);
    let mut outside = good.clone();
    set_header(&mut outside, HeaderField::ClassDefsSize, 1_000_000);
    reseal(&mut outside);
    let cases: [(&str, Vec<u8>); 7] = [
        ("does not begin like a dex file", encrypted),
        ("is a compact dex file", compact),
        ("wrong byte order mark", endian),
        ("has a table outside the file", outside),
        ("has a table outside the file", good[..100].to_vec()),
        ("ends early: ", good[..good.len() - 1].to_vec()),
        ("has a table outside the file", vec![]),
    ];
    for (message, bytes) in cases {
        let found = facts(&app().dex_bytes(good.clone()).dex_bytes(bytes));
        let [gap] = found.gaps.as_slice() else { panic!("{message}: one gap, not {:?}", found.gaps) };
        assert_eq!((gap.entry.as_str(), gap.hides_code), ("classes2.dex", true), "{message}");
        assert!(gap.reason.en.contains(message), "{} instead of {message}", gap.reason.en);
        assert_eq!((found.classes.dex_read, found.classes.dex_total, found.classes.defined), (1, 2, 1));
    }
}

#[test]
fn an_app_without_code_says_so_or_has_a_gap() {
    let found = facts(&app());
    let gaps: Vec<(&str, bool)> = found.gaps.iter().map(|gap| (gap.entry.as_str(), gap.hides_code)).collect();
    assert_eq!(gaps, [("classes.dex", true)]);
    assert!(facts(&crate::support::run::host()).gaps.is_empty(), "hasCode is false");
    assert!(facts(&app().dex(&Dex::new())).gaps.is_empty(), "a dex file without classes is one");
}

#[test]
fn a_container_of_several_headers_is_one_file() {
    // Version 041 (AOSP art/libdexfile/dex/dex_file.h, `HeaderV41`): headers in a row, tables anywhere in the file.
    let first = container_part("com.a.First", 0);
    let second = container_part("com.b.Second", first.len());
    let found = facts(&app().dex_bytes([first, second].concat()));
    assert_eq!((found.classes.dex_read, found.classes.dex_total, found.classes.defined), (1, 1, 2), "{:?}", found.gaps);
    assert_eq!(packages(&found), ["com.a classes.dex 1/0/0", "com.b classes.dex 1/0/0"]);
}

/// A dex file of version 041 that stands `offset` bytes into its container: every offset it holds counts from the file's start.
fn container_part(class: &str, offset: usize) -> Vec<u8> {
    let mut bytes = Dex::new().classes(&[class]).build();
    bytes[4..7].copy_from_slice(b"041");
    let word = |bytes: &[u8], at: usize| u32::from_le_bytes(bytes[at..at + 4].try_into().expect("four bytes"));
    let shift = |bytes: &mut [u8], at: usize| {
        let moved = word(bytes, at) + offset as u32;
        bytes[at..at + 4].copy_from_slice(&moved.to_le_bytes());
    };
    let (strings, count) = (word(&bytes, 60) as usize, word(&bytes, 56) as usize);
    (0..count).for_each(|number| shift(&mut bytes, strings + number * 4));
    [60, 68, 76, 84, 92, 100]
        .into_iter()
        .filter(|at| word(&bytes, at - 4) > 0)
        .collect::<Vec<_>>()
        .into_iter()
        .for_each(|at| shift(&mut bytes, at));
    bytes
}

#[test]
fn dexdump_lists_the_same_classes() {
    let dex = Dex::new().classes(&["A", "com.a.B", "com.a.B$C", "com.标识.类"]).references_type("com.not.Defined");
    let Some(said) = oracle::run_on("dexdump", &[], &dex.build(), "classes.dex", &[]) else { return };
    assert!(said.success, "{said:?}");
    let listed = oracle::all_between(&said.stdout, "Class descriptor  : 'L", ";'").len();
    assert_eq!(facts(&app().dex(&dex)).classes.defined as usize, listed);
    assert!(listed == 4 && read(b"").is_err());
}
