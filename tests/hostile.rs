//! Spoiled files never panic and never take long: byte flips, truncations and lying numbers, the same ones on every run.

mod support;

use sdkaudit::app::bytecode::Wanted;
use sdkaudit::app::{self, App, Options, Source};
use sdkaudit::audit::{self, Levels};
use sdkaudit::declared::{self, Declaration};
use sdkaudit::detect::{self, Inventory};
use sdkaudit::error::Error;
use sdkaudit::report::{AppReport, Report, Screen, Stamp, json, screen::Detail, text};
use sdkaudit::signatures::SignatureSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::OnceLock;
use std::time::{Duration, Instant};
use support::policy::Policy;
use support::run::root;
use support::sample::{everything, main_dex};
use support::{ApkBuilder, Arsc, Dex, SharedObject, Value};

const EXTRAS: text::Extras = text::Extras { unmatched: true, references: true };

/// No mutant of a file of a few kilobytes may take longer, in a debug build on a busy machine.
const PATIENCE: Duration = Duration::from_secs(5);

/// A small generator (SplitMix64), so that every run spoils the same bytes.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, limit: usize) -> usize {
        (self.next() % limit.max(1) as u64) as usize
    }
}

/// One mutant: a byte, a word with an extreme value, a cut, a hole, or a piece twice.
fn spoil(bytes: &[u8], random: &mut Random) -> Vec<u8> {
    const WORDS: [u32; 8] = [0, 1, 0x7fff_ffff, 0x8000_0000, u32::MAX, u32::MAX - 7, 0x0001_0000, 0x00ff_ffff];
    let mut out = bytes.to_vec();
    let at = random.below(out.len());
    match random.below(10) {
        0..=3 => out[at] ^= 1 << random.below(8),
        4 => out[at] = random.next() as u8,
        5 | 6 => {
            let at = at & !3;
            let end = (at + 4).min(out.len());
            out[at..end].copy_from_slice(&WORDS[random.below(WORDS.len())].to_le_bytes()[..end - at]);
        }
        7 => out.truncate(at),
        8 => drop(out.drain(at..(at + 1 + random.below(64)).min(bytes.len()))),
        _ => {
            let piece = bytes[at..(at + 1 + random.below(64)).min(bytes.len())].to_vec();
            out.splice(at..at, piece);
        }
    }
    out
}

/// A short policy: what is spoiled here is the app.
fn policy() -> Declaration {
    let text = Policy::new().prose("We use CAMERA.").sdk("Somebody's Push", "com.vendor.push").text();
    declared::read("policy.md", text.as_bytes(), SignatureSet::builtin()).expect("a policy")
}

fn wanted() -> &'static Wanted {
    static WANTED: OnceLock<Wanted> = OnceLock::new();
    WANTED.get_or_init(detect::wanted)
}

/// The whole way of one app: read, detect, judge, print. Returns whether it could be read.
fn whole_way(bytes: Vec<u8>, declaration: &Declaration) -> bool {
    let set = SignatureSet::builtin();
    let read: Result<App, Error> =
        app::read_source("app.apk", Source::Memory(bytes), Options { wanted: Some(wanted()), ..Options::default() });
    let mut report = Report {
        stamp: Stamp::new(set, Some(declaration), None),
        declaration: Some(declaration),
        apps: Vec::new(),
        errors: Vec::new(),
    };
    match read {
        Ok(app) => {
            let inventory = Inventory::of(&app, set);
            let audit = audit::audit(&app, &inventory, declaration, set, &Levels::default());
            report.apps.push(AppReport { app, inventory, audit });
        }
        Err(error) => report.errors.push(error.in_input("app.apk")),
    }
    let screen =
        Screen { lang: sdkaudit::lang::Lang::Zh, width: 40, color: true, unicode: true, detail: Detail::Verbose };
    let printed =
        text::audit(&report, Some(audit::Severity::Error), &screen) + &text::inspect(&report, EXTRAS, &screen);
    assert!(printed.ends_with('\n') && json::report(&report, screen.lang).ends_with("}\n"));
    report.errors.iter().for_each(|error| assert!(text::error(error, &screen).contains("app.apk")));
    !report.apps.is_empty()
}

/// Spoils `part` in `count` ways, puts it into an app with `place` and follows the whole way. Returns how many could be read.
fn survive(name: &str, part: &[u8], count: usize, place: impl Fn(Vec<u8>) -> Vec<u8>) -> usize {
    let declaration = policy();
    assert!(whole_way(place(part.to_vec()), &declaration), "{name}: the sound app can be read");
    let mut random = Random(name.bytes().map(u64::from).sum());
    let mut readable = 0;
    for number in 0..count {
        let bytes = place(spoil(part, &mut random));
        let start = Instant::now();
        let outcome = catch_unwind(AssertUnwindSafe(|| whole_way(bytes.clone(), &declaration)));
        let Ok(read) = outcome else {
            let file = std::env::temp_dir().join(format!("sdkaudit-hostile-{name}-{number}.apk"));
            std::fs::write(&file, bytes).expect("mutant kept");
            panic!("{name}, mutant {number} panics; it is kept as {}", file.display());
        };
        assert!(start.elapsed() < PATIENCE, "{name}, mutant {number} took {:?}", start.elapsed());
        readable += usize::from(read);
    }
    readable
}

fn with_manifest(bytes: Vec<u8>) -> Vec<u8> {
    everything().manifest_bytes(bytes).build()
}

#[test]
fn spoiled_archives() {
    let apk = everything().build();
    let readable = survive("archive", &apk, 1500, |bytes| bytes);
    assert!(readable > 300, "{readable}: most of an archive is content");
}

#[test]
fn spoiled_archives_with_stored_entries() {
    let mut app = everything();
    for path in ["AndroidManifest.xml", "classes.dex", "classes2.dex", "lib/armeabi-v7a/libpush.so"] {
        app = app.store(path);
    }
    let readable = survive("stored", &app.build(), 1500, |bytes| bytes);
    assert!(readable > 300, "{readable}: most of an archive is content");
}

#[test]
fn spoiled_manifests() {
    let readable = survive("manifest", &everything().manifest(), 1500, with_manifest);
    assert!((100..1500).contains(&readable), "{readable}");
    let text = everything().text_manifest().manifest();
    let readable = survive("text manifest", &text, 500, with_manifest);
    assert!((100..500).contains(&readable), "{readable}");
}

#[test]
fn spoiled_dex_files() {
    let place = |bytes: Vec<u8>| ApkBuilder::new("dev.host.app").target_sdk(34).dex_bytes(bytes).build();
    let readable = survive("dex", &main_dex().build(), 2000, place);
    assert_eq!(readable, 2000, "a spoiled dex file is a gap, no error");
    let mut container = main_dex().build();
    container[4..7].copy_from_slice(b"041");
    survive("dex 041", &[container.clone(), container].concat(), 500, place);
}

#[test]
fn spoiled_resource_tables() {
    let mut table = Arsc::new("dev.host.app");
    let first = table.string("first", "text");
    let ids: Vec<u32> = (0..6).map(|n| table.reference("string", &format!("r{n}"), first + n)).collect();
    table.localized(first, "zh", "文本");
    let bytes = table.build();
    let readable = survive("resources", &bytes, 1500, |bytes| {
        let base = ApkBuilder::new("dev.host.app").version_name(Value::Reference(ids[5])).resources(bytes);
        base.version_code(Value::Reference(first)).meta_data("KEY", Value::Reference(ids[2])).build()
    });
    assert_eq!(readable, 1500, "a reference that leads nowhere is shown as it is");
}

#[test]
fn spoiled_libraries() {
    for (abi, stored) in [("arm64-v8a", true), ("arm64-v8a", false), ("x86", true)] {
        let object =
            SharedObject::new(abi).soname("libx.so").needed("libc.so").padding(if stored { 70_000 } else { 100 });
        let path = format!("lib/{abi}/libx.so");
        let bytes = object.build();
        // The headers and the dynamic section are what is read; the zeros between them are not worth spoiling.
        let readable = survive("library", &bytes[bytes.len().saturating_sub(200)..], 300, |tail| {
            let whole = [&bytes[..bytes.len().saturating_sub(200)], &tail[..]].concat();
            place_library(&path, whole, stored)
        });
        assert_eq!(readable, 300);
        survive("library head", &bytes[..200], 600, |head| {
            place_library(&path, [&head[..], &bytes[200..]].concat(), stored)
        });
    }
}

#[test]
fn program_headers_beyond_all_numbers() {
    // Every 8-byte field of the three program headers of a 64-bit library, at its extremes.
    let declaration = policy();
    let bytes = SharedObject::new("arm64-v8a").soname("libx.so").build();
    for field in (64..64 + 3 * 56).step_by(8) {
        for value in [u64::MAX, u64::MAX - 0x1000, 1 << 63, 0] {
            let mut spoilt = bytes.clone();
            spoilt[field..field + 8].copy_from_slice(&value.to_le_bytes());
            for stored in [true, false] {
                let apk = place_library("lib/arm64-v8a/libx.so", spoilt.clone(), stored);
                let outcome = catch_unwind(AssertUnwindSafe(|| whole_way(apk, &declaration)));
                assert_eq!(outcome.ok(), Some(true), "field at {field} is {value:#x}");
            }
        }
    }
}

#[test]
fn tables_and_names_that_multiply() {
    // A sparse type that claims four billion entries, asked for often; a library whose thousands of needed names are long.
    let mut table = Arsc::new("dev.host.app").sparse();
    let first = table.string("first", "text");
    let mut bytes = table.build();
    let chunk = bytes.windows(4).position(|four| four == [1, 2, 84, 0]).expect("a type chunk");
    bytes[chunk + 12..chunk + 16].copy_from_slice(&u32::MAX.to_le_bytes());
    let app = ApkBuilder::new("dev.host.app").resources(bytes).dex(&Dex::new());
    let start = Instant::now();
    let apk = (0..500).fold(app, |app, _| app.meta_data("KEY", Value::Reference(first + 7)));
    assert!(whole_way(apk.build(), &policy()));
    let name = "n".repeat(5000);
    let object = (0..300).fold(SharedObject::new("arm64-v8a").soname(&name), |object, _| object.needed(&name));
    let apk = place_library("lib/arm64-v8a/libx.so", object.build(), true);
    let read = app::read_source("app.apk", Source::Memory(apk), Options::default()).expect("an app");
    let dynamic = read.native_libs[0].dynamic.as_ref().expect("a dynamic section");
    assert_eq!(dynamic.soname.as_ref().map(String::len), Some(255));
    let bytes: usize = dynamic.needed.iter().map(String::len).sum();
    assert!((1000..9000).contains(&bytes), "{bytes} bytes of names");
    assert!(start.elapsed() < PATIENCE, "{:?}", start.elapsed());
}

fn place_library(path: &str, bytes: Vec<u8>, stored: bool) -> Vec<u8> {
    let apk = ApkBuilder::new("dev.host.app").dex(&Dex::new()).file(path, bytes);
    if stored { apk.store(path).build() } else { apk.build() }
}

#[test]
fn every_cut_of_a_small_app() {
    let declaration = policy();
    let apk = ApkBuilder::new("dev.host.app").dex(&Dex::new().classes(&["a.b.C"])).build();
    for length in 0..apk.len() {
        let outcome = catch_unwind(AssertUnwindSafe(|| whole_way(apk[..length].to_vec(), &declaration)));
        assert_eq!(outcome.ok(), Some(false), "cut after {length} of {} bytes", apk.len());
    }
    assert!(whole_way(apk, &declaration));
}

#[test]
fn spoiled_policies() {
    let set = SignatureSet::builtin();
    for policy in ["meterpay-policy.md", "meterpay-policy.zh.md", "meterpay-policy-clean.md"] {
        let whole = std::fs::read(root().join("samples").join(policy)).expect("sample policy");
        let mut random = Random(policy.len() as u64);
        for number in 0..25 {
            let bytes = spoil(&whole, &mut random);
            let start = Instant::now();
            let outcome =
                catch_unwind(AssertUnwindSafe(|| declared::read(policy, &bytes, set).map(|one| one.records.len())));
            assert!(outcome.is_ok(), "{policy}, mutant {number} panics");
            assert!(start.elapsed() < PATIENCE, "{policy}, mutant {number} took {:?}", start.elapsed());
        }
    }
}
