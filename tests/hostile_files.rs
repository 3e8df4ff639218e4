//! The whole program on files that are made to break tools: what it says, its exit code, its memory and its time.
//!
//! Each file is one trick from the wild or from AOSP's own refusals (system/libziparchive/zip_archive.cc), written here.

mod support;

use serde_json::Value;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use support::run::program;
use support::zipfile::{Entry, Lies, Zip};
use support::{ApkBuilder, Component, Dex};

/// One file in a debug build on a busy machine; a release build stays below five seconds (docs/hostile-files.md).
const PATIENCE: Duration = Duration::from_secs(60);
/// Most memory of one run in KiB.
const MEMORY: i64 = 512 << 10;
const PERMISSION: &str = "android.permission.CAMERA";

/// The sound app that every trick is played on.
fn app() -> ApkBuilder {
    ApkBuilder::new("dev.host.app").target_sdk(34).uses_permission(PERMISSION).dex(&code())
}

fn code() -> Dex {
    Dex::new().classes(&["com.vendor.push.Core", "dev.host.app.Main"])
}

/// A change to one entry of the app.
fn with(entry: &str, change: impl Fn(&mut Entry)) -> Zip {
    let mut zip = app().zip();
    change(zip.entry_mut(entry));
    zip
}

fn method(lies: &mut Lies, method: u16) {
    lies.method = Some(method);
}

/// What the program did with a file.
struct Outcome {
    code: i32,
    report: Value,
    stderr: String,
}

impl Outcome {
    fn app(&self) -> &Value {
        &self.report["apps"][0]
    }

    /// `rule: message` of all findings.
    fn findings(&self) -> String {
        let found = self.app()["findings"].as_array().cloned().unwrap_or_default();
        found.iter().map(|one| format!("{}: {}\n", one["rule"].as_str().unwrap_or("?"), one["message"])).collect()
    }
}

/// Where the files go: a temporary folder, or `SDKAUDIT_HOSTILE`, so that other tools can be shown them (tests/oracle/peers.py).
struct Folder {
    path: PathBuf,
    _temporary: Option<tempfile::TempDir>,
}

impl Folder {
    fn new() -> Folder {
        match std::env::var_os("SDKAUDIT_HOSTILE").map(PathBuf::from) {
            Some(path) => {
                std::fs::create_dir_all(&path).expect("folder made");
                Folder { path, _temporary: None }
            }
            None => {
                let temporary = tempfile::tempdir().expect("temporary folder");
                Folder { path: temporary.path().to_owned(), _temporary: Some(temporary) }
            }
        }
    }

    fn path(&self) -> &Path {
        &self.path
    }
}

/// Runs `inspect` on a file, within time and memory.
fn inspect(folder: &Path, name: &str, bytes: &[u8]) -> Outcome {
    let path = folder.join(format!("{name}.apk"));
    std::fs::write(&path, bytes).expect("file written");
    let start = Instant::now();
    let output = program().args(["inspect", "-f", "json"]).arg(&path).timeout(PATIENCE).output().expect("it runs");
    let (took, stderr) = (start.elapsed(), String::from_utf8_lossy(&output.stderr).into_owned());
    let code = output.status.code().unwrap_or_else(|| panic!("{name}: ended by a signal after {took:?}: {stderr}"));
    assert!(took < PATIENCE, "{name}: {took:?}");
    assert!(!stderr.contains("panicked"), "{name}: {stderr}");
    assert!((0..=2).contains(&code), "{name}: exit code {code}: {stderr}");
    if code == 2 {
        assert!(stderr.contains(&format!("{name}.apk")), "{name}: the message names no file: {stderr}");
    }
    Outcome { code, report: serde_json::from_slice(&output.stdout).unwrap_or(Value::Null), stderr }
}

/// The file is read like the sound app, and `says` stands among its findings.
fn is_read(folder: &Path, name: &str, zip: &Zip, says: &str) {
    let found = inspect(folder, name, &zip.build());
    assert!(found.code < 2, "{name}: {}", found.stderr);
    assert_eq!(found.app()["application_id"], "dev.host.app", "{name}");
    assert_eq!(found.app()["requested_permissions"][0]["name"], PERMISSION, "{name}");
    assert_eq!(found.app()["coverage"]["classes"], 2, "{name}");
    let findings = found.findings();
    assert!(findings.contains(says), "{name}: no {says:?} among\n{findings}");
    no_more_memory_than_allowed(name);
}

/// The largest of all children so far.
#[cfg(target_os = "linux")]
fn no_more_memory_than_allowed(name: &str) {
    use nix::sys::resource::{UsageWho, getrusage};
    let most = getrusage(UsageWho::RUSAGE_CHILDREN).expect("usage of children").max_rss();
    assert!(most > 0 && most < MEMORY, "{name}, or one before it: {most} KiB");
}

#[cfg(not(target_os = "linux"))]
fn no_more_memory_than_allowed(_: &str) {}

#[test]
fn badpack_in_six_styles() {
    let folder = Folder::new();
    let manifest = "AndroidManifest.xml";
    let styles: [(&str, Zip, &str); 8] = [
        ("local method unknown", with(manifest, |entry| method(&mut entry.local, 0x3fa1)), "compression method 16289"),
        (
            "directory method unknown over deflate",
            with(manifest, |entry| method(&mut entry.central, 0x3fa1)),
            "compression method 16289",
        ),
        (
            "both methods unknown over plain data",
            with(manifest, |entry| *entry = entry.clone().stored().claimed_method(0x7001)),
            "compression method 28673",
        ),
        (
            "both methods unknown and unlike",
            with(manifest, |entry| {
                method(&mut entry.local, 99);
                method(&mut entry.central, 22_222);
            }),
            "compression method 22222",
        ),
        (
            "local sizes lie",
            with(manifest, |entry| (entry.local.size, entry.local.compressed_size) = (Some(7), Some(0x7fff_ffff))),
            "other sizes or another checksum",
        ),
        (
            "stored with a false compressed size",
            with(manifest, |entry| {
                *entry = entry.clone().stored();
                (entry.local.compressed_size, entry.central.compressed_size) = (Some(4), Some(4));
            }),
            "has two sizes",
        ),
        ("encryption bit", with(manifest, |entry| *entry = entry.clone().encryption_bit()), "marked as encrypted"),
        (
            "encryption bit on code",
            with("classes.dex", |entry| *entry = entry.clone().encryption_bit()),
            "marked as encrypted",
        ),
    ];
    for (name, zip, says) in styles {
        is_read(folder.path(), name, &zip, says);
    }
}

#[test]
fn tricks_of_the_archive() {
    let folder = Folder::new();
    let plain = || app().zip();
    let lies = |change: &dyn Fn(&mut Zip)| {
        let mut zip = plain();
        change(&mut zip);
        zip
    };
    let named = |name: &[u8]| plain().entry(Entry { name: name.to_vec(), ..Entry::new("x", "x") });
    let cases: Vec<(&str, Zip, &str)> = vec![
        ("dex before the zip", lies(&|zip| zip.before = code().build()), "the Janus trick"),
        (
            "bytes before the zip",
            lies(&|zip| zip.before = b"MZ\x90\0 a loader".to_vec()),
            "does not begin with an entry",
        ),
        ("NUL in a name", named(b"assets/a\0b"), "a name with NUL"),
        ("a name that is no text", named(b"assets/\xff\xfe"), "without a valid encoding"),
        ("zip slip", named(b"../../../data/local/x"), "leads out of the folder"),
        ("zip slip with backslashes", named(b"assets\\..\\..\\x"), "leads out of the folder"),
        ("folder of the manifest", named(b"AndroidManifest.xml/"), "takes a file's name for a folder"),
        ("two manifests", plain().file("AndroidManifest.xml", "<manifest package=\"no.such\"/>"), "is listed 2 times"),
        ("many of one name", (0..50).fold(plain(), |zip, _| zip.file("assets/same", "x")), "is listed 50 times"),
        ("count too large", lies(&|zip| zip.end.entries = Some(u16::MAX)), "zip directory"),
        ("count too small", lies(&|zip| zip.end.entries = Some(0)), "counts 0 entries"),
        (
            "decoy end record",
            lies(&|zip| zip.comment = b"PK\x05\x06 leads nowhere, to a tool that believes it".to_vec()),
            "second one",
        ),
        ("bytes behind the end", lies(&|zip| zip.after = vec![b'x'; 5000]), "announces a comment"),
        ("zip64 without need", lies(&|zip| zip.zip64 = true).file("big", "x"), ""),
        (
            "data behind the directory",
            {
                let mut zip = plain().file("assets/far", "x");
                zip.entry_mut("assets/far").central.offset = Some(0x7fff_0000);
                zip
            },
            "lies behind the directory",
        ),
    ];
    for (name, zip, says) in cases {
        is_read(folder.path(), name, &zip, says);
    }
}

#[test]
fn bombs_cost_no_more_than_they_may() {
    let folder = Folder::new();
    let zeros = vec![0; 100 << 20];
    let bomb = Entry::new("assets/bomb", zeros.clone());
    let packed = Zip::new().entry(bomb.clone()).build();
    // Nobody asks for an asset; a library's head is all that is read; code is inflated once, to the limit of an entry.
    is_read(folder.path(), "bomb among assets", &app().zip().entry(bomb.clone()), "");
    is_read(folder.path(), "bomb in a bomb", &app().zip().file("assets/inner.zip", packed), "");
    let library = Entry { name: b"lib/arm64-v8a/libx.so".to_vec(), ..bomb.clone() };
    is_read(folder.path(), "bomb as a library", &app().zip().entry(library), "");
    let code = Entry { name: b"classes2.dex".to_vec(), ..bomb.clone() };
    is_read(folder.path(), "bomb as code", &app().zip().entry(code), "classes2.dex");
    let claim = Entry::new("classes2.dex", "x").lie(|header| header.size = Some(0x7fff_ffff));
    is_read(folder.path(), "claim of 2 GiB", &app().zip().entry(claim), "classes2.dex");
    let as_manifest = Entry { name: b"AndroidManifest.xml".to_vec(), ..bomb };
    let found = inspect(folder.path(), "bomb as the manifest", &Zip::new().entry(as_manifest).build());
    assert_eq!(found.code, 2, "{}", found.stderr);
    no_more_memory_than_allowed("bomb as the manifest");
}

#[test]
fn sixty_thousand_entries() {
    let folder = Folder::new();
    let many =
        (0..60_000).fold(app().zip(), |zip, number| zip.entry(Entry::new(&format!("assets/{number}"), "").stored()));
    is_read(folder.path(), "60000 entries", &many, "");
    let libraries = (0..20_000).fold(app().zip(), |zip, number| {
        zip.entry(Entry::new(&format!("lib/arm64-v8a/lib{number}.so"), "\x7fELF").stored())
    });
    is_read(folder.path(), "20000 libraries", &libraries, "");
}

#[test]
fn cut_files_say_where() {
    let folder = Folder::new();
    let bytes = app().asset("big", vec![7; 5000]).store("classes.dex").build();
    for tenth in 0..10 {
        let found = inspect(folder.path(), &format!("cut after {tenth} tenths"), &bytes[..bytes.len() * tenth / 10]);
        assert_eq!(found.code, 2, "{tenth}: {}", found.stderr);
        assert!(found.stderr.contains("help:"), "{tenth}: {}", found.stderr);
    }
    // The directory stands, and entries before it do not.
    let mut holes = app().zip();
    holes.entry_mut("classes.dex").packed = Some(vec![]);
    let found = inspect(folder.path(), "hole", &holes.build());
    assert!(found.code == 1 && found.findings().contains("unreadable-content"), "{}", found.findings());
}

#[test]
fn manifests_that_end_early_or_lie() {
    let folder = Folder::new();
    let whole = app().manifest();
    for (name, bytes) in [
        ("half a manifest", whole[..whole.len() / 2].to_vec()),
        ("a manifest of zeros", vec![0; 4096]),
        ("an empty manifest", vec![]),
        ("ten thousand open elements", b"<a>".repeat(10_000)),
    ] {
        let found = inspect(folder.path(), name, &app().manifest_bytes(bytes).build());
        assert_eq!(found.code, 2, "{name}: {} {}", found.stderr, found.findings());
        assert!(found.stderr.contains("AndroidManifest.xml"), "{name}: {}", found.stderr);
    }
    // Strings are looked up one by one, so that a pool which claims more of them than it has costs nothing.
    let mut pool = whole;
    pool[16..20].copy_from_slice(&u32::MAX.to_le_bytes());
    is_read(folder.path(), "a pool of four billion strings", &app().manifest_bytes(pool).zip(), "");
}

#[test]
fn manifests_that_multiply_are_refused() {
    let folder = Folder::new();
    let long = "x".repeat(200_000);
    // A few kilobytes when packed: text that elements share, that stands before each of a component's meta-data, or before each class.
    let shared = (0..400).fold(app(), |app, _| app.uses_permission(&long));
    let service = (0..400).fold(Component::service(&format!("a.{long}")), |one, _| one.meta_data("K", "v"));
    let classes = (0..400).fold(ApkBuilder::new(&long), |app, _| app.component(Component::service(".S")));
    let mut elements = b"<manifest package=\"dev.host.app\">".to_vec();
    elements.extend(b"<a/>".repeat(250_000));
    elements.extend(b"</manifest>");
    for (name, apk) in [
        ("text that is shared", shared),
        ("a component before its meta-data", app().component(service)),
        ("an id before its classes", classes),
        ("a quarter of a million elements", app().manifest_bytes(elements)),
    ] {
        let found = inspect(folder.path(), name, &apk.build());
        assert_eq!(found.code, 2, "{name}: {} {}", found.stderr, found.findings());
        assert!(found.stderr.contains("holds more than 200000 elements"), "{name}: {}", found.stderr);
    }
    no_more_memory_than_allowed("manifests that multiply");
}
