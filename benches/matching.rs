//! What matching against the whole base adds to listing the packages of dex files.
//!
//! `cargo bench --bench matching [-- DIR]` prints medians of CPU time measured alternately in one run. DIR holds APKs; without it
//! the corpus beside the repository is used, or the sample app where there is none.

use nix::sys::resource::{UsageWho, getrusage};
use nix::sys::time::TimeValLike;
use sdkaudit::app::dex;
use sdkaudit::signatures::SignatureSet;
use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::{env, fs};

const ROUNDS: usize = 31;

fn main() {
    let files: Vec<Vec<u8>> = apps().iter().flat_map(|path| dex_files(path)).collect();
    let set = SignatureSet::builtin();
    let packages: Vec<String> = files.iter().flat_map(|bytes| list(bytes, &|_| false)).collect();
    let bytes: usize = files.iter().map(Vec::len).sum();
    println!(
        "{} dex files, {} MB, {} packages, {} signatures",
        files.len(),
        bytes / 1_000_000,
        packages.len(),
        set.len()
    );
    let (mut plain, mut by_class, mut matched) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        plain.push(cpu(|| files.iter().map(|bytes| list(bytes, &|_| false).len()).sum()));
        by_class
            .push(cpu(|| files.iter().map(|bytes| list(bytes, &|name| set.holds_class_prefixes(name)).len()).sum()));
        matched.push(cpu(|| packages.iter().filter(|name| is_known(set, name)).count()));
    }
    let (plain, by_class, matched) = (median(plain), median(by_class), median(matched));
    println!("list packages               {plain:8.2} ms CPU");
    println!(
        "look for shared packages    {:8.2} ms CPU   {:+.1} %",
        by_class - plain,
        (by_class / plain - 1.0) * 100.0
    );
    println!("match every package         {matched:8.2} ms CPU   {:+.1} %", matched / plain * 100.0);
    println!("matching in all             {:+.1} %", ((by_class + matched) / plain - 1.0) * 100.0);
}

fn list(bytes: &[u8], by_class: dex::ByClass<'_>) -> Vec<String> {
    let facts = dex::read(bytes, by_class).unwrap();
    facts.packages.into_iter().map(|package| package.name).collect()
}

/// The two look-ups that detection makes for a package.
fn is_known(set: &SignatureSet, name: &str) -> bool {
    let sdk = black_box(set.match_package(name.as_bytes()));
    let companion = black_box(set.match_companion(name.as_bytes()).map(|(length, _)| length));
    sdk.is_some() || companion.is_some()
}

/// CPU time of this process while `work` runs, ms.
fn cpu(work: impl FnOnce() -> usize) -> f64 {
    let now = || {
        let usage = getrusage(UsageWho::RUSAGE_SELF).unwrap();
        (usage.user_time().num_microseconds() + usage.system_time().num_microseconds()) as f64 / 1000.0
    };
    let before = now();
    black_box(work());
    now() - before
}

fn apps() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let given = env::args().skip(1).find(|argument| !argument.starts_with('-')).map(PathBuf::from);
    let corpus = root.join("../shared/corpus/apk");
    let directory = given.or_else(|| corpus.is_dir().then_some(corpus)).unwrap_or_else(|| root.join("samples"));
    let files = fs::read_dir(&directory).unwrap_or_else(|error| panic!("{}: {error}", directory.display()));
    let mut apps: Vec<PathBuf> =
        files.map(|file| file.unwrap().path()).filter(|path| path.extension().is_some_and(|e| e == "apk")).collect();
    apps.sort();
    assert!(!apps.is_empty(), "{} holds no .apk file", directory.display());
    apps
}

fn dex_files(path: &Path) -> Vec<Vec<u8>> {
    let mut archive = zip::ZipArchive::new(fs::File::open(path).unwrap()).unwrap();
    let names: Vec<String> = archive.file_names().map(|name| name.unwrap().into_owned()).collect();
    let wanted = names.iter().filter(|name| name.starts_with("classes") && name.ends_with(".dex"));
    let mut files = Vec::new();
    for name in wanted {
        let mut bytes = Vec::new();
        std::io::Read::read_to_end(&mut archive.by_name(name).unwrap(), &mut bytes).unwrap();
        files.push(bytes);
    }
    files
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
