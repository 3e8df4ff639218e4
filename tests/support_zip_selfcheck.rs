//! Holds the fixture builder's zip writer against the `zip` crate: ordinary archives read back, hostile ones fail where meant.

mod support;

use std::io::{Cursor, Read as _};
use support::zipfile::{Entry, STORED, Zip, prepended, truncated};
use support::{ApkBuilder, Dex};
use zip::ZipArchive;
use zip::result::{ZipError, ZipResult};

fn open(bytes: &[u8]) -> ZipArchive<Cursor<&[u8]>> {
    ZipArchive::new(Cursor::new(bytes)).expect("the zip crate opens it")
}

fn read(archive: &mut ZipArchive<Cursor<&[u8]>>, name: &str) -> ZipResult<Vec<u8>> {
    let mut out = Vec::new();
    archive.by_name(name)?.read_to_end(&mut out)?;
    Ok(out)
}

#[test]
fn entries_read_back_in_order_with_method_and_alignment() {
    let apk = ApkBuilder::new("com.example.app")
        .dex(&Dex::new())
        .asset("text", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")
        .native_lib("x86", "libx.so")
        .store("lib/x86/libx.so")
        .order(&["assets/text", "classes.dex"])
        .build();
    let mut archive = open(&apk);
    let name =
        |archive: &mut ZipArchive<_>, at| archive.by_index(at).expect("entry").name().expect("name").into_owned();
    let names: Vec<String> = (0..archive.len()).map(|at| name(&mut archive, at)).collect();
    assert_eq!(names, ["assets/text", "classes.dex", "AndroidManifest.xml", "lib/x86/libx.so"]);
    assert_eq!(read(&mut archive, "assets/text").expect("deflated").len(), 40);
    assert_eq!(read(&mut archive, "classes.dex").expect("dex"), Dex::new().build());
    assert!(read(&mut archive, "lib/x86/libx.so").expect("stored").starts_with(b"\x7fELF"));
    let library = archive.by_name("lib/x86/libx.so").expect("library");
    assert_eq!(library.compression(), zip::CompressionMethod::Stored);
    assert_eq!(library.data_start().expect("data") % 4, 0);
}

#[test]
fn descriptors_prefix_suffix_and_zip64_stay_readable() {
    let mut plain = Zip::new().entry(Entry { descriptor: true, ..Entry::new("a", "text a") }).file("b", "text b");
    plain.before = Dex::new().build();
    plain.before_directory = b"APK Sig Block 42".to_vec();
    plain.comment = b"a comment".to_vec();
    for zip in [plain.clone(), Zip { zip64: true, ..plain }] {
        let bytes = zip.build();
        let mut archive = open(&bytes);
        assert_eq!(read(&mut archive, "a").expect("entry with descriptor"), b"text a");
        assert_eq!(read(&mut archive, "b").expect("entry"), b"text b");
        assert_eq!(archive.comment(), b"a comment");
        let behind = Zip { after: b"garbage".to_vec(), ..zip }.build();
        assert!(behind.starts_with(&bytes) && behind.ends_with(b"garbage"));
    }
}

#[test]
fn encryption_bit_method_and_crc_are_refused_by_a_strict_reader() {
    let bytes = Zip::new()
        .entry(Entry::new("encrypted", "x").encryption_bit())
        .entry(Entry::new("method", "x").claimed_method(77))
        .entry(Entry::new("crc", "x").lie(|header| header.crc = Some(1)))
        .build();
    let mut archive = open(&bytes);
    assert!(matches!(read(&mut archive, "encrypted"), Err(ZipError::UnsupportedArchive(_))));
    let error = read(&mut archive, "method").expect_err("no such method");
    assert!(format!("{error:?}").contains("CompressionMethodNotSupported(77)"), "{error:?}");
    assert!(matches!(read(&mut archive, "crc"), Err(ZipError::Io(_))));
}

#[test]
fn headers_may_contradict_each_other() {
    let mut zip = Zip::new().file("real", "data").file("twice", "one").file("twice", "two").file("hidden", "h");
    zip.entry_mut("real").local.name = Some(b"fake".to_vec());
    zip.entry_mut("hidden").hidden = true;
    zip.entry_mut("twice").local.extra = Some(vec![0xca, 0xfe, 0, 0]);
    let bytes = zip.build();
    let seen = |text: &[u8]| bytes.windows(text.len()).filter(|window| *window == text).count();
    assert_eq!([seen(b"real"), seen(b"fake"), seen(b"hidden"), seen(b"twice")], [1, 1, 1, 4]);
    let mut archive = open(&bytes);
    assert_eq!(read(&mut archive, "real").expect("central directory counts"), b"data");
    assert_eq!(read(&mut archive, "twice").expect("the later one"), b"two");
    assert!(matches!(read(&mut archive, "hidden"), Err(ZipError::FileNotFound)));
}

#[test]
fn packed_bytes_and_end_record_are_written_as_given() {
    let mut zip = Zip::new().entry(Entry { packed: Some(b"not deflate".to_vec()), ..Entry::new("x", "plain") });
    zip.end.entries = Some(65_535);
    zip.end.directory_offset = Some(0x0102_0304);
    let bytes = zip.build();
    let end = &bytes[bytes.len() - 22..];
    assert_eq!((&end[..4], &end[8..12], &end[16..20]), (&b"PK\x05\x06"[..], &[0xff; 4][..], &[4, 3, 2, 1][..]));
    assert_eq!(&bytes[31..42], b"not deflate");
    assert_eq!(Entry::new("x", "").stored().method, STORED);
}

#[test]
fn spoiled_files_differ_as_said() {
    let bytes = Zip::new().file("x", vec![7; 100]).build();
    assert!(ZipArchive::new(Cursor::new(truncated(&bytes, 1, 2))).is_err());
    let moved = prepended(&bytes, b"MZ");
    assert_eq!((&moved[..2], &moved[2..]), (&b"MZ"[..], &bytes[..]));
}
