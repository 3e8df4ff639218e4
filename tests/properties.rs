//! For any app at all: what was written is what is read. For any spoiled byte and any cut: an error or a gap, never a panic.
//!
//! The cases are the same at every run; `PROPTEST_RNG_SEED=N` tries others. One that fails becomes a test of its own beside what it is about.

mod support;

use proptest::collection::{btree_set, vec};
use proptest::option;
use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use sdkaudit::app::manifest::{ApiLevel, MetaData, RequestedPermission};
use sdkaudit::app::{self, App, Options, Source};
use sdkaudit::detect::Inventory;
use sdkaudit::signatures::SignatureSet;
use std::collections::{BTreeMap, BTreeSet};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::OnceLock;
use std::time::{Duration, Instant};
use support::axml::Layout;
use support::sample::everything;
use support::{ApkBuilder, Dex, Encoding};

/// One case in a debug build on a busy machine.
const PATIENCE: Duration = Duration::from_secs(5);

/// What an app is made of.
#[derive(Clone, Debug)]
struct Plan {
    id: String,
    version_name: Option<String>,
    version_code: Option<i32>,
    levels: (Option<i32>, Option<i32>),
    permissions: Vec<RequestedPermission>,
    /// Class names of each dex file.
    dex: Vec<BTreeSet<String>>,
    /// ABI and stem.
    libraries: BTreeSet<(&'static str, String)>,
    meta_data: Vec<(String, String)>,
    assets: BTreeSet<String>,
    manifest: Form,
    stored: bool,
}

#[derive(Clone, Copy, Debug)]
enum Form {
    Utf16,
    Utf8,
    Text,
}

fn segment() -> impl Strategy<Value = String> {
    "[a-z][a-z0-9_]{0,8}"
}

fn dotted(segments: std::ops::Range<usize>) -> impl Strategy<Value = String> {
    vec(segment(), segments).prop_map(|parts| parts.join("."))
}

/// Classes of packages of up to four segments; Java allows more letters than ASCII's.
fn class() -> impl Strategy<Value = String> {
    (dotted(0..5), "[A-Za-zé中][A-Za-z0-9$]{0,10}").prop_map(|(package, name)| match package.as_str() {
        "" => name,
        _ => format!("{package}.{name}"),
    })
}

fn permission() -> impl Strategy<Value = RequestedPermission> {
    let name = prop_oneof![dotted(2..6), "android\\.permission\\.[A-Z_]{3,20}"];
    // The element from API level 23 on and a last level are written by two methods of the builder.
    (name, option::of(1u32..40), any::<bool>()).prop_map(|(name, max_sdk_version, sdk_23)| RequestedPermission {
        name,
        sdk_23: sdk_23 && max_sdk_version.is_none(),
        max_sdk_version,
    })
}

fn plan() -> impl Strategy<Value = Plan> {
    let abi = prop_oneof![Just("arm64-v8a"), Just("armeabi-v7a"), Just("x86"), Just("x86_64")];
    let form = prop_oneof![Just(Form::Utf16), Just(Form::Utf8), Just(Form::Text)];
    let name = (dotted(2..5), option::of("[0-9A-Za-z.+\\-测<&\"']{1,12}"), option::of(0..i32::MAX));
    let levels = (option::of(1..40), option::of(1..40));
    let code = (vec(btree_set(class(), 1..12), 0..4), btree_set((abi, "[a-z0-9_]{1,10}"), 0..4));
    let rest = (vec(("[A-Z_]{4,12}", "[ -~中文]{1,16}"), 0..5), btree_set("[a-z]{1,6}/[a-z]{1,6}\\.[a-z]{3}", 0..4));
    (name, levels, vec(permission(), 0..12), code, rest, form, any::<bool>()).prop_map(
        |((id, version_name, version_code), levels, permissions, (dex, libraries), rest, manifest, stored)| Plan {
            id,
            version_name,
            version_code,
            levels,
            permissions,
            dex,
            libraries,
            meta_data: rest.0,
            assets: rest.1,
            manifest,
            stored,
        },
    )
}

impl Plan {
    fn build(&self) -> ApkBuilder {
        let mut app = ApkBuilder::new(&self.id);
        if let Some(name) = &self.version_name {
            app = app.version_name(name.as_str());
        }
        if let Some(code) = self.version_code {
            app = app.version_code(code);
        }
        if let Some(level) = self.levels.0 {
            app = app.min_sdk(level);
        }
        if let Some(level) = self.levels.1 {
            app = app.target_sdk(level);
        }
        for one in &self.permissions {
            app = match one.max_sdk_version {
                Some(max) => app.uses_permission_max(&one.name, max as i32),
                None if one.sdk_23 => app.uses_permission_sdk_23(&one.name),
                None => app.uses_permission(&one.name),
            };
        }
        for (key, value) in &self.meta_data {
            app = app.meta_data(key, value.as_str());
        }
        for classes in &self.dex {
            app = app.dex(&Dex::new().classes(&classes.iter().map(String::as_str).collect::<Vec<_>>()));
        }
        for (abi, stem) in &self.libraries {
            app = app.native_lib(abi, &format!("lib{stem}.so"));
        }
        for path in &self.assets {
            app = app.asset(path, path.as_bytes());
        }
        app = match self.manifest {
            Form::Utf16 => app,
            Form::Utf8 => app.manifest_layout(Layout { encoding: Encoding::Utf8, ..Layout::default() }),
            Form::Text => app.text_manifest(),
        };
        if self.stored { app.store("AndroidManifest.xml") } else { app }
    }

    /// Classes per dex file and package, as they were written.
    fn packages(&self) -> BTreeMap<(String, String), u32> {
        let mut counts = BTreeMap::new();
        for (number, classes) in self.dex.iter().enumerate() {
            let file = if number == 0 { "classes.dex".into() } else { format!("classes{}.dex", number + 1) };
            for class in classes {
                let package = class.rsplit_once('.').map_or("", |(package, _)| package);
                *counts.entry((package.to_owned(), file.clone())).or_default() += 1;
            }
        }
        counts
    }
}

fn read(bytes: Vec<u8>) -> Result<App, sdkaudit::Error> {
    app::read_source("app.apk", Source::Memory(bytes), Options { wanted: Some(wanted()), ..Options::default() })
}

fn wanted() -> &'static app::bytecode::Wanted {
    static WANTED: OnceLock<app::bytecode::Wanted> = OnceLock::new();
    WANTED.get_or_init(sdkaudit::detect::wanted)
}

/// The same cases at every run, so that a change is what fails; `PROPTEST_RNG_SEED=N` tries others.
fn cases(cases: u32) -> ProptestConfig {
    let default = ProptestConfig::default();
    let rng_seed = match default.rng_seed {
        RngSeed::Random => RngSeed::Fixed(20_261_122),
        given => given,
    };
    ProptestConfig { cases, rng_seed, failure_persistence: None, ..default }
}

proptest! {
    #![proptest_config(cases(150))]

    #[test]
    fn what_was_written_is_what_is_read(plan in plan()) {
        let app = read(plan.build().build()).expect("a sound app");
        let manifest = &app.manifest;
        prop_assert_eq!(&manifest.application_id, &plan.id);
        prop_assert_eq!(&manifest.version_name, &plan.version_name);
        prop_assert_eq!(manifest.version_code, plan.version_code.map(|code| code as u64));
        let levels = (manifest.min_sdk.clone(), manifest.target_sdk.clone());
        let number = |level: Option<i32>| level.map(|level| ApiLevel::Number(level as u32));
        prop_assert_eq!(levels, (number(plan.levels.0), number(plan.levels.1)));
        prop_assert_eq!(&manifest.requested_permissions, &plan.permissions);
        let meta = |(name, value): &(String, String)| MetaData { name: name.clone(), value: Some(value.clone()), component: None };
        prop_assert_eq!(&manifest.meta_data, &plan.meta_data.iter().map(meta).collect::<Vec<_>>());
        let mut found = BTreeMap::new();
        for package in app.classes.packages.iter().filter(|package| package.defined > 0) {
            *found.entry((package.name.clone(), package.dex.clone())).or_default() += package.defined;
        }
        prop_assert_eq!(found, plan.packages());
        prop_assert_eq!((app.classes.dex_read, app.classes.dex_total), (plan.dex.len(), plan.dex.len()));
        let library = |(abi, stem): &(&str, String)| format!("lib/{abi}/lib{stem}.so");
        let libraries: BTreeSet<String> = plan.libraries.iter().map(library).collect();
        prop_assert_eq!(app.native_libs.iter().map(|one| one.entry.clone()).collect::<BTreeSet<_>>(), libraries);
        prop_assert!(app.native_libs.iter().all(|one| one.is_elf));
        prop_assert_eq!(&app.assets, &plan.assets.iter().map(|path| format!("assets/{path}")).collect::<Vec<_>>());
        let code_is_missing = plan.dex.is_empty();
        prop_assert_eq!((app.gaps.len(), app.tampering), (usize::from(code_is_missing), vec![]));
    }
}

/// The app that is spoiled: everything in it, once deflated and once stored, so that flips reach the content.
fn sample(stored: bool) -> &'static [u8] {
    static SAMPLES: OnceLock<[Vec<u8>; 2]> = OnceLock::new();
    let samples = SAMPLES.get_or_init(|| {
        let stored = ["AndroidManifest.xml", "classes.dex", "classes2.dex", "lib/armeabi-v7a/libpush.so"];
        [everything().build(), stored.into_iter().fold(everything(), ApkBuilder::store).build()]
    });
    &samples[usize::from(stored)]
}

/// Reads and looks for SDKs: an error says something, and is no panic; neither takes long.
fn answers(bytes: Vec<u8>) -> Result<(), TestCaseError> {
    let start = Instant::now();
    let outcome = catch_unwind(AssertUnwindSafe(|| match read(bytes) {
        Ok(app) => {
            Inventory::of(&app, SignatureSet::builtin());
            app.gaps.iter().all(|gap| !gap.entry.is_empty() && !gap.reason.en.is_empty())
        }
        Err(error) => !error.message.en.is_empty() && !error.message.zh.is_empty(),
    }));
    prop_assert!(outcome.is_ok(), "it panics");
    prop_assert!(outcome.is_ok_and(|told| told), "it says nothing");
    prop_assert!(start.elapsed() < PATIENCE, "it took {:?}", start.elapsed());
    Ok(())
}

proptest! {
    #![proptest_config(cases(1500))]

    #[test]
    fn flipped_bits_are_an_error_or_a_gap(stored: bool, flips in vec((any::<prop::sample::Index>(), 0u8..8), 1..4)) {
        let mut bytes = sample(stored).to_vec();
        for (at, bit) in flips {
            let at = at.index(bytes.len());
            bytes[at] ^= 1 << bit;
        }
        answers(bytes)?;
    }

    #[test]
    fn cuts_are_an_error_or_a_gap(stored: bool, at in any::<prop::sample::Index>(), tail in vec(any::<u8>(), 0..64)) {
        let bytes = sample(stored);
        let cut = &bytes[..at.index(bytes.len())];
        answers(cut.to_vec())?;
        // The middle missing, the directory in its place: entries stand elsewhere than it says.
        let directory = bytes.len() - bytes.len().min(2048);
        answers([cut, &bytes[directory.max(cut.len())..]].concat())?;
        answers([cut, &tail].concat())?;
    }
}
