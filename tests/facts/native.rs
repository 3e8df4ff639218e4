//! Native libraries: which there are, and what their dynamic section says.

use crate::support::run::{facts, host};
use crate::support::zipfile::Entry;
use crate::support::{ApkBuilder, SharedObject};
use sdkaudit::app::NativeLib;

const ABIS: [&str; 4] = ["arm64-v8a", "armeabi-v7a", "x86", "x86_64"];

fn app() -> ApkBuilder {
    host()
}

/// `entry soname needed…`, `?` where the dynamic section was not read.
fn row(library: &NativeLib) -> String {
    match &library.dynamic {
        None => format!("{} ?", library.entry),
        Some(dynamic) => {
            format!("{} {} {}", library.entry, dynamic.soname.as_deref().unwrap_or("-"), dynamic.needed.join(","))
        }
    }
}

fn object(abi: &str) -> SharedObject {
    SharedObject::new(abi).soname("libreal.so").needed("libc.so").needed("liblog.so")
}

#[test]
fn soname_and_needed_stored_and_deflated_in_every_abi() {
    for stored in [false, true] {
        for abi in ABIS {
            let mut apk = app().native_object(abi, "libshown.so", &object(abi));
            if stored {
                apk = apk.store(&format!("lib/{abi}/libshown.so"));
            }
            let found = facts(&apk);
            let expected = format!("lib/{abi}/libshown.so libreal.so libc.so,liblog.so");
            assert_eq!(found.native_libs.iter().map(row).collect::<Vec<_>>(), [expected]);
            assert_eq!((found.native_libs[0].abi.as_str(), found.native_libs[0].file.as_str()), (abi, "libshown.so"));
            assert!(found.gaps.is_empty(), "{:?}", found.gaps);
        }
    }
}

#[test]
fn a_dynamic_section_far_behind_is_read_where_that_costs_little() {
    let far = object("arm64-v8a").padding(200_000);
    let path = "lib/arm64-v8a/libfar.so";
    let stored = facts(&app().native_object("arm64-v8a", "libfar.so", &far).store(path));
    assert_eq!(row(&stored.native_libs[0]), "lib/arm64-v8a/libfar.so libreal.so libc.so,liblog.so");
    // Compressed, it would take inflating the whole file: unknown, which is neither empty nor a gap.
    let deflated = facts(&app().native_object("arm64-v8a", "libfar.so", &far));
    assert_eq!(row(&deflated.native_libs[0]), "lib/arm64-v8a/libfar.so ?");
    assert!(deflated.gaps.is_empty(), "{:?}", deflated.gaps);
    let near = facts(&app().native_object("arm64-v8a", "libnear.so", &object("arm64-v8a").padding(60_000)));
    assert_eq!(row(&near.native_libs[0]), "lib/arm64-v8a/libnear.so libreal.so libc.so,liblog.so");
}

#[test]
fn only_what_android_loads_is_a_library() {
    let library = object("x86").build();
    let apk = app()
        .file("lib/x86/liba.so", library.clone())
        .file("lib/x86/wrap.sh", "#!/bin/sh")
        .file("lib/x86/deep/libb.so", library.clone())
        .file("assets/libc.so", library.clone())
        .file("libd.so", library);
    let found = facts(&apk);
    assert_eq!(found.native_libs.iter().map(|one| one.entry.as_str()).collect::<Vec<_>>(), ["lib/x86/liba.so"]);
    assert_eq!(found.assets, ["assets/libc.so", "lib/x86/deep/libb.so", "lib/x86/wrap.sh", "libd.so"]);
}

#[test]
fn libraries_are_sorted_and_what_is_no_elf_file_is_said() {
    let apk = app()
        .native_lib("x86", "libz.so")
        .native_lib("arm64-v8a", "liba.so")
        .file("lib/x86/libtext.so", "this is no library")
        .file("lib/x86/libempty.so", "")
        .entry(Entry { packed: Some(b"not deflate".to_vec()), ..Entry::new("lib/x86/libcut.so", vec![0; 500]) });
    let found = facts(&apk);
    let names: Vec<&str> = found.native_libs.iter().map(|one| one.file.as_str()).collect();
    assert_eq!(names, ["liba.so", "libcut.so", "libempty.so", "libtext.so", "libz.so"]);
    let gaps: Vec<(&str, bool)> = found.gaps.iter().map(|gap| (gap.entry.as_str(), gap.hides_code)).collect();
    assert_eq!(gaps, [("lib/x86/libcut.so", false)], "what cannot be read is a gap that hides no classes");
    let elf: Vec<bool> = found.native_libs.iter().map(|one| one.is_elf).collect();
    assert_eq!(elf, [true, false, false, false, true]);
}

#[test]
fn an_object_without_soname_or_dynamic_section_is_no_gap() {
    let found = facts(&app().native_object("x86", "libplain.so", &SharedObject::new("x86").needed("libc.so")));
    assert_eq!(row(&found.native_libs[0]), "lib/x86/libplain.so - libc.so");
    // A program header count of zero: no segment, hence no dynamic section.
    let mut bytes = object("x86_64").build();
    bytes[56..58].copy_from_slice(&[0, 0]);
    let found = facts(&app().file("lib/x86_64/libbare.so", bytes));
    assert_eq!((row(&found.native_libs[0]), found.gaps.len()), ("lib/x86_64/libbare.so ?".to_owned(), 0));
}
