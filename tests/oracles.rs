//! The readers against other people's tools, on the sample app, on a fixture with one of everything and on the corpus where it is there.

mod support;

use sdkaudit::app::{self, App, Options};
use std::collections::BTreeMap;
use std::path::PathBuf;
use support::oracle::{self, between};
use support::run::{root, shared};
use support::sample::everything;

/// The apps to compare, with a folder that keeps the fixture alive.
fn apps() -> (tempfile::TempDir, Vec<PathBuf>) {
    let dir = tempfile::tempdir().expect("temporary folder");
    let mut paths = vec![root().join("samples/meterpay.apk"), everything().write(dir.path(), "everything.apk")];
    match shared() {
        Some(shared) => {
            let entries = std::fs::read_dir(shared.join("corpus/apk")).expect("corpus");
            paths.extend(entries.map(|entry| entry.expect("entry").path()));
        }
        None => oracle::skipped("tests/oracles.rs on the corpus: none at SDKAUDIT_SHARED or ../shared"),
    }
    paths.sort();
    (dir, paths)
}

fn read(path: &std::path::Path) -> App {
    app::read(path, Options::default()).unwrap_or_else(|error| panic!("{error}"))
}

/// Standard output of a tool on every app; `None` when it is not installed.
fn ask(tool: &str, before: &[&str], path: &std::path::Path, after: &[&str]) -> Option<String> {
    let path = path.to_str().expect("path is UTF-8");
    Some(oracle::run(tool, &[before, &[path], after].concat())?.stdout)
}

#[test]
fn aapt_sees_the_same_permissions() {
    let (_dir, paths) = apps();
    for path in paths {
        let Some(text) = ask("aapt", &["dump", "badging"], &path, &[]) else { return };
        let manifest = read(&path).manifest;
        let row = |element: &str, name: &str, max: Option<u32>| {
            let max = max.map(|max| format!(" maxSdkVersion='{max}'")).unwrap_or_default();
            format!("{element}: name='{name}'{max}")
        };
        let requested = manifest.requested_permissions.iter().map(|one| {
            row(if one.sdk_23 { "uses-permission-sdk-23" } else { "uses-permission" }, &one.name, one.max_sdk_version)
        });
        let implied = manifest.implied_permissions.iter();
        // aapt lists an implied permission twice: as a request, and with its reason.
        let mut found: Vec<String> = requested
            .chain(implied.clone().map(|one| row("uses-permission", &one.name, one.max_sdk_version)))
            .collect();
        found.extend(implied.map(|one| {
            format!("{} reason='{}'", row("uses-implied-permission", &one.name, one.max_sdk_version), one.reason)
        }));
        let listed = |line: &&str| line.starts_with("uses-permission") || line.starts_with("uses-implied-permission");
        let mut expected: Vec<&str> = text.lines().filter(listed).collect();
        found.sort();
        expected.sort_unstable();
        assert_eq!(found, expected, "{}", path.display());
    }
}

#[test]
fn aapt_sees_the_same_components() {
    let (_dir, paths) = apps();
    let mut compared = 0;
    for path in paths {
        let Some(text) = ask("aapt", &["dump", "xmltree"], &path, &["AndroidManifest.xml"]) else { return };
        let manifest = read(&path).manifest;
        let expected = components(&text, &manifest.application_id);
        let found: Vec<&str> = manifest.components.iter().map(|one| one.class.as_str()).collect();
        assert_eq!(found, expected, "{}", path.display());
        compared += found.len();
    }
    assert!(compared >= 25, "only {compared} components compared");
}

/// Class names of components in aapt's tree, full.
fn components(tree: &str, application_id: &str) -> Vec<String> {
    let kinds = ["activity", "activity-alias", "service", "receiver", "provider"];
    let mut found = Vec::new();
    // Depth of `<application>`: components stand right below it, not in `<queries>`.
    let (mut depth, mut open) = (None, false);
    for line in tree.lines() {
        let indent = line.len() - line.trim_start().len();
        let name = between(line, "A: android:name(0x01010003)=\"", "\"");
        if let Some(element) = between(line, "E: ", " (") {
            let element = element.rsplit(':').next().unwrap_or_default();
            if element == "application" {
                depth = Some(indent);
            }
            open = depth.is_some_and(|depth| indent == depth + 2) && kinds.contains(&element);
        } else if let (true, Some(name)) = (open, name) {
            found.push(match name.find('.') {
                Some(0) => format!("{application_id}{name}"),
                None => format!("{application_id}.{name}"),
                Some(_) => name.to_owned(),
            });
            open = false;
        }
    }
    found
}

#[test]
fn dexdump_lists_the_same_classes() {
    let (_dir, paths) = apps();
    for path in paths {
        let Some(text) = ask("dexdump", &[], &path, &[]) else { return };
        let mut expected: BTreeMap<String, u32> = BTreeMap::new();
        for class in oracle::all_between(&text, "  Class descriptor  : 'L", ";'") {
            let package = class.rsplit_once('/').map_or("", |(package, _)| package);
            *expected.entry(package.replace('/', ".")).or_default() += 1;
        }
        let app = read(&path);
        let mut found: BTreeMap<String, u32> = BTreeMap::new();
        for package in app.classes.packages.iter().filter(|package| package.defined > 0) {
            *found.entry(package.name.clone()).or_default() += package.defined;
        }
        assert!(!expected.is_empty(), "{}: dexdump says nothing", path.display());
        assert_eq!(found, expected, "{}", path.display());
        assert_eq!(expected.values().sum::<u32>(), app.classes.defined, "{}", path.display());
    }
}

#[test]
fn the_zip_crate_sees_the_same_entries() {
    let (_dir, paths) = apps();
    for path in paths {
        let file = std::fs::File::open(&path).expect("app");
        let mut archive = zip::ZipArchive::new(file).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let mut name = |at: usize| archive.by_index_raw(at).expect("entry").name().expect("name").into_owned();
        let mut expected: Vec<String> = (0..zip_length(&path)).map(&mut name).collect();
        expected.retain(|name| name != app::MANIFEST && !is_dex(name));
        let app = read(&path);
        let libraries = app.native_libs.iter().map(|one| one.entry.clone());
        let mut found: Vec<String> = app.assets.iter().cloned().chain(libraries).collect();
        found.sort();
        expected.sort();
        assert_eq!(found, expected, "{}", path.display());
    }
}

fn zip_length(path: &std::path::Path) -> usize {
    zip::ZipArchive::new(std::fs::File::open(path).expect("app")).expect("archive").len()
}

/// `classes.dex`, `classes2.dex`, …
fn is_dex(name: &str) -> bool {
    let number = name.strip_prefix("classes").and_then(|rest| rest.strip_suffix(".dex"));
    number.is_some_and(|number| number.is_empty() || number.parse().is_ok_and(|number: u32| number > 1))
}
