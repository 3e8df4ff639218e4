//! The zip reader, held against the `zip` crate on ordinary archives and against Android's own rule where files contradict themselves.

use crate::support::run::facts;
use crate::support::zipfile::{Entry, Lies, Zip, deflate, prepended, truncated};
use crate::support::{ApkBuilder, Dex};
use sdkaudit::app::Source;
use sdkaudit::app::zip::{Archive, Buffers};
use std::io::{Cursor, Read as _};

fn open(bytes: &[u8]) -> Archive {
    Archive::open(Source::Memory(bytes.to_vec())).unwrap_or_else(|error| panic!("{error}"))
}

/// Names and contents in directory order, by the program's reader.
fn contents(bytes: &[u8]) -> Vec<(String, Vec<u8>)> {
    let (archive, mut buffers) = (open(bytes), Buffers::default());
    let read = |entry: &sdkaudit::app::zip::Entry| {
        let data = archive.read(entry, &mut buffers).unwrap_or_else(|error| panic!("{}: {error}", entry.name));
        (entry.name.clone(), data.to_vec())
    };
    archive.entries().iter().map(read).collect()
}

/// The same by the `zip` crate.
fn oracle(bytes: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut archive = ::zip::ZipArchive::new(Cursor::new(bytes)).expect("the zip crate opens it");
    let mut read = |at: usize| {
        let mut entry = archive.by_index(at).expect("entry");
        let name = entry.name().expect("name").into_owned();
        let mut data = Vec::new();
        entry.read_to_end(&mut data).expect("content");
        (name, data)
    };
    (0..::zip::ZipArchive::new(Cursor::new(bytes)).expect("archive").len()).map(&mut read).collect()
}

/// Noise that deflates little, and text that deflates much.
fn sample() -> Zip {
    let noise: Vec<u8> = (0u32..5000).map(|n| (n.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
    let library = Entry { align: 4096, ..Entry::new("lib/x86/liba.so", noise.clone()).stored() };
    Zip::new()
        .file("deflated", noise.clone())
        .file("text", b"the same again ".repeat(4000))
        .entry(Entry::new("stored", noise).stored())
        .entry(library)
        .entry(Entry { descriptor: true, ..Entry::new("with descriptor", "text") })
        .file("空/名字.txt", "text")
        .file("empty", "")
        .entry(Entry::new("empty stored", "").stored())
        .file("dir/", "")
}

#[test]
fn ordinary_archives_read_as_the_zip_crate_reads_them() {
    let plain = sample();
    let variants = [
        plain.clone(),
        Zip { comment: b"a comment with PK\x05\x06 inside it".to_vec(), ..plain.clone() },
        Zip { comment: vec![b'c'; 65_535], ..plain.clone() },
        Zip { zip64: true, ..plain.clone() },
        Zip { before: Dex::new().build(), ..plain.clone() },
        Zip { before_directory: b"APK Sig Block 42".repeat(300), ..plain },
    ];
    for zip in variants {
        let bytes = zip.build();
        let expected = oracle(&bytes);
        assert_eq!(expected.len(), 9);
        assert!(contents(&bytes) == expected, "comment {}, zip64 {}", zip.comment.len(), zip.zip64);
    }
}

#[test]
fn an_archive_without_entries_is_an_archive() {
    let bytes = Zip::new().build();
    assert!(open(&bytes).entries().is_empty() && oracle(&bytes).is_empty());
}

#[test]
fn heads_and_ranges_are_parts_of_the_whole() {
    let bytes = sample().build();
    let (archive, mut buffers) = (open(&bytes), Buffers::default());
    for (name, data) in contents(&bytes) {
        let entry = archive.entry(&name).expect("entry");
        for limit in [0, 1, 100, 4096, 1 << 20] {
            let head = archive.read_head(entry, limit, &mut buffers).expect("head").to_vec();
            assert!(data.starts_with(&head) && head.len() >= limit.min(data.len()), "{name} {limit}");
        }
        let range = archive.read_range(entry, 1000, 50);
        match (entry.method, range) {
            (0, Some(Ok(range))) => assert_eq!(range, data[1000..1050], "{name}"),
            (0, Some(Err(_))) => assert!(data.len() < 1050, "{name}"),
            (method, range) => assert!(method == 8 && range.is_none(), "{name}"),
        }
    }
}

#[test]
fn the_central_directory_is_trusted_as_android_does() {
    let dex = Dex::new().classes(&["com.a.B"]).build();
    let mut zip = ApkBuilder::new("dev.host.app").target_sdk(34).dex_bytes(dex.clone()).zip();
    let entry = zip.entry_mut("classes.dex");
    entry.local.name = Some(b"some/other.name".to_vec());
    entry.local.size = Some(1);
    entry.local.compressed_size = Some(2);
    entry.local.extra = Some(vec![0; 300]);
    let hidden = Entry { hidden: true, ..Entry::new("classes2.dex", dex) };
    let zip = zip.entry(hidden);
    let found = facts_of(&zip.build());
    assert_eq!((found.classes.dex_total, found.classes.defined), (1, 1));
    assert!(found.assets.is_empty() && found.gaps.is_empty(), "{:?} {:?}", found.assets, found.gaps);
}

fn facts_of(bytes: &[u8]) -> sdkaudit::app::App {
    crate::support::run::read(bytes).unwrap_or_else(|error| panic!("{error}"))
}

#[test]
fn of_two_entries_with_one_name_the_first_is_found() {
    let bytes = Zip::new().file("twice", "one").file("twice", "two").build();
    let (archive, mut buffers) = (open(&bytes), Buffers::default());
    let entry = archive.entry("twice").expect("entry");
    assert_eq!(archive.read(entry, &mut buffers).expect("content"), b"one");
    assert_eq!(archive.entries().len(), 2);
}

#[test]
fn large_archives_say_so_in_zip64_extra_fields() {
    // Sizes and offset of 0xFFFFFFFF refer to the extra field with id 1 (APPNOTE 4.5.3), which holds those three.
    let data = b"the same again ".repeat(100);
    let packed = deflate(&data);
    let mut extra = vec![1, 0, 24, 0];
    extra.extend((data.len() as u64).to_le_bytes());
    extra.extend((packed.len() as u64).to_le_bytes());
    extra.extend(0u64.to_le_bytes());
    let mut zip = Zip { zip64: true, ..Zip::new().file("large", data.clone()) };
    let central = &mut zip.entry_mut("large").central;
    (central.size, central.compressed_size, central.offset) = (Some(u32::MAX), Some(u32::MAX), Some(u32::MAX));
    central.extra = Some([vec![0xfe, 0xca, 2, 0, 9, 9], extra].concat());
    let bytes = zip.build();
    assert_eq!(contents(&bytes), [("large".to_owned(), data)]);
    assert_eq!(contents(&bytes), oracle(&bytes));
}

#[test]
fn garbage_behind_the_end_record_is_passed_over() {
    let bytes = Zip { after: b"trailing bytes".to_vec(), ..sample() }.build();
    assert_eq!(contents(&bytes).len(), 9);
}

#[test]
fn what_cannot_be_true_is_refused_entry_by_entry() {
    let big = 1_000_000_000;
    let cases: Vec<(&str, Entry)> = vec![
        ("larger than the 128 MiB", Entry::new("x", vec![0; 200 << 20])),
        ("cannot be true", Entry::new("x", "text").lie(|header| header.size = Some(big))),
        ("cannot be true", Entry::new("x", "text").lie(|header| header.compressed_size = Some(big))),
        ("cannot be true", Entry::new("x", "text").stored().lie(|header| header.size = Some(big))),
        ("cut or damaged", Entry { packed: Some(b"\xff\xff not deflate".to_vec()), ..Entry::new("x", "plain") }),
    ];
    for (message, entry) in cases {
        let archive = open(&Zip::new().entry(entry).file("good", "good").build());
        let mut buffers = Buffers::default();
        let read = |name: &str, buffers: &mut Buffers| {
            archive.read(archive.entry(name).expect("entry"), buffers).map(<[u8]>::to_vec)
        };
        let error = read("x", &mut buffers).expect_err("refused");
        assert!(error.to_string().contains(message), "{error}");
        assert_eq!(error.entry.as_deref(), Some("x"));
        assert_eq!(read("good", &mut buffers).expect("the rest stands"), b"good");
    }
}

#[test]
fn tricks_that_android_reads_over_are_read() {
    // The encryption bit and unknown methods mislead tools, not Android.
    let text = b"the same again ".repeat(50);
    let entries = [
        Entry::new("encryption bit", text.clone()).encryption_bit(),
        Entry::new("method over deflate", text.clone()).claimed_method(77),
        Entry::new("method over stored", text.clone()).stored().claimed_method(0xffff),
        Entry::new("checksum", text.clone()).lie(|header| header.crc = Some(1)),
    ];
    let zip = entries.into_iter().fold(Zip::new(), Zip::entry);
    assert!(contents(&zip.build()).iter().all(|(_, data)| *data == text));
}

/// Tricks of an archive after all entries were read: `entry: id`.
fn tricks(bytes: &[u8]) -> Vec<String> {
    let (archive, mut buffers) = (open(bytes), Buffers::default());
    for entry in archive.entries() {
        let _ = archive.read(entry, &mut buffers);
    }
    archive.irregularities().iter().map(|one| format!("{}: {}", one.entry, one.trick.id())).collect()
}

#[test]
fn ordinary_archives_play_no_tricks() {
    let plain = sample();
    let comment = Zip { comment: b"a comment".to_vec(), ..plain.clone() };
    let signed = Zip { before_directory: b"APK Sig Block 42".repeat(300), ..plain.clone() };
    for zip in [plain.clone(), comment, Zip { zip64: true, ..plain }, signed] {
        assert_eq!(tricks(&zip.build()), [""; 0]);
    }
}

#[test]
fn every_trick_is_named() {
    let entry = || Entry::new("x", "text text text text");
    let one = |entry: Entry| Zip::new().entry(entry);
    let mut two_ends = sample();
    two_ends.comment = b"PK\x05\x06 and nothing behind it that could be a directory".to_vec();
    let mut more = sample();
    more.end.entries = Some(3);
    let mut short = sample();
    short.end.comment_length = Some(7);
    let lied_offset = one(entry().stored()).file("y", "y");
    let mut behind = lied_offset.clone();
    behind.entry_mut("y").central.offset = Some(4000);
    let cases: Vec<(Zip, &[&str])> = vec![
        (one(entry().encryption_bit()), &["x: encryption-bit"]),
        (one(entry().claimed_method(77)), &["x: unknown-method"]),
        (one(Entry { local: lies(|local| local.name = Some(b"y".to_vec())), ..entry() }), &["x: local-name"]),
        (one(Entry { local: lies(|local| local.size = Some(1)), ..entry() }), &["x: local-sizes"]),
        (one(Entry { local: lies(|local| local.method = Some(0)), ..entry() }), &["x: local-method"]),
        (one(entry().stored().lie(|header| header.size = Some(3))), &["x: stored-sizes"]),
        (one(Entry { name: b"a\0b".to_vec(), ..entry() }), &["a\0b: bad-name"]),
        (one(Entry { name: b"a\xffb".to_vec(), ..entry() }), &["a\u{fffd}b: bad-name"]),
        (one(Entry { name: b"../../x".to_vec(), ..entry() }), &["../../x: traversal"]),
        (one(Entry { name: b"..\\x".to_vec(), ..entry() }), &["..\\x: traversal"]),
        (one(entry()).entry(entry()), &["x: duplicate"]),
        (one(Entry::new("classes.dex/", "")), &["classes.dex/: folder-of-file"]),
        (Zip { before: b"dex\n035\0".repeat(20), ..one(entry()) }, &["the archive: janus"]),
        (Zip { before: b"#!/bin/sh".to_vec(), ..one(entry()) }, &["the archive: prefix"]),
        (Zip { after: b"behind".to_vec(), ..sample() }, &["zip end record: comment-length"]),
        (short, &["zip end record: comment-length"]),
        (two_ends, &["zip end record: decoy-end-record"]),
        (more, &["zip directory: miscounted"]),
        (one(entry().lie(|header| header.size = Some(u32::MAX))), &["x: zip64"]),
        (behind, &["y: behind-directory"]),
    ];
    for (zip, expected) in cases {
        assert_eq!(tricks(&zip.build()), expected);
    }
}

fn lies(change: impl Fn(&mut Lies)) -> Lies {
    let mut lies = Lies::default();
    change(&mut lies);
    lies
}

#[test]
fn entries_that_the_end_record_counts_and_nobody_finds_are_a_gap() {
    let count = |entries: u16| {
        let mut zip = ApkBuilder::new("dev.host.app").dex(&Dex::new()).zip();
        zip.end.entries = Some(entries);
        facts_of(&zip.build())
    };
    let (more, fewer) = (count(9), count(1));
    assert!(more.gaps.iter().any(|gap| gap.entry == "zip directory" && gap.hides_code), "{:?}", more.gaps);
    // Android stops at the count; what stands behind it is read here, and told.
    assert!(fewer.gaps.is_empty() && fewer.tampering.len() == 1 && fewer.classes.dex_total == 1, "{:?}", fewer.gaps);
}

#[test]
fn an_unknown_method_is_read_as_android_does() {
    // BadPack: the method is a lie, the data is deflated or plain.
    let bytes = Zip::new().entry(Entry::new("x", "text ".repeat(40)).claimed_method(77)).build();
    let archive = open(&bytes);
    let mut buffers = Buffers::default();
    assert_eq!(
        archive.read(archive.entry("x").expect("entry"), &mut buffers).expect("read"),
        "text ".repeat(40).as_bytes()
    );
    let plain = Zip::new().entry(Entry::new("x", "<manifest/>").stored().claimed_method(77)).build();
    let archive = open(&plain);
    assert_eq!(archive.read(archive.entry("x").expect("entry"), &mut buffers).expect("read"), b"<manifest/>");
}

#[test]
fn cut_and_moved_archives_are_errors_with_a_next_step() {
    let bytes = sample().build();
    for (bytes, message) in [
        (truncated(&bytes, 1, 2), "end record is missing"),
        (bytes[..bytes.len() - 1].to_vec(), "end record is missing"),
        (b"PK".to_vec(), "end record is missing"),
        (prepended(&bytes, b"MZ"), "directory does not begin with an entry"),
    ] {
        let error = Archive::open(Source::Memory(bytes)).expect_err("unusable archive");
        assert!(error.message.en.contains(message), "{error}");
        assert!(!error.help.en.is_empty() && !error.help.zh.is_empty());
    }
}

#[test]
fn files_and_memory_read_alike() {
    let apk = ApkBuilder::new("dev.host.app").target_sdk(34).dex(&Dex::new().classes(&["com.a.B"])).asset("a", "b");
    let dir = tempfile::tempdir().expect("temporary folder");
    let path = apk.write(dir.path(), "app.apk");
    let from_file = sdkaudit::app::read(&path, sdkaudit::app::Options::default()).unwrap_or_else(|e| panic!("{e}"));
    let from_memory = facts(&apk);
    assert_eq!(from_file.source.sha256, from_memory.source.sha256);
    assert_eq!((from_file.source.bytes, from_file.source.path), (apk.build().len() as u64, path.display().to_string()));
    assert_eq!((from_file.classes.packages, from_file.assets), (from_memory.classes.packages, from_memory.assets));
}
