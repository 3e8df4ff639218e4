//! What matching against the whole base adds to listing the packages of apps: inflating the dex files and reading their tables.
//!
//! `cargo bench --bench matching [-- DIR]` prints medians of CPU time measured alternately in one run. DIR holds APKs; without it
//! the corpus beside the repository is used, or the sample app where there is none.

use nix::sys::resource::{UsageWho, getrusage};
use nix::sys::time::TimeValLike;
use sdkaudit::app::dex;
use sdkaudit::signatures::SignatureSet;
use std::hint::black_box;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::{env, fs};

const ROUNDS: usize = 31;

fn main() {
    let apps = apps();
    let compressed: Vec<Entry> = apps.iter().flat_map(|path| entries(path)).collect();
    let files: Vec<Vec<u8>> = compressed.iter().map(Entry::inflate).collect();
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
    let (mut inflate, mut plain, mut by_class, mut matched) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        inflate.push(cpu(|| compressed.iter().map(|entry| entry.inflate().len()).sum()));
        plain.push(cpu(|| files.iter().map(|bytes| list(bytes, &|_| false).len()).sum()));
        by_class
            .push(cpu(|| files.iter().map(|bytes| list(bytes, &|name| set.holds_class_prefixes(name)).len()).sum()));
        matched.push(cpu(|| packages.iter().filter(|name| is_known(set, name)).count()));
    }
    let (inflate, plain, by_class, matched) = (median(inflate), median(plain), median(by_class), median(matched));
    let (listing, matching) = (inflate + plain, by_class - plain + matched);
    println!("inflate dex files           {inflate:8.2} ms CPU");
    println!("read their packages         {plain:8.2} ms CPU");
    println!("look for shared packages    {:8.2} ms CPU", by_class - plain);
    println!(
        "match every package         {matched:8.2} ms CPU   ({:.0} ns each)",
        matched * 1e6 / packages.len() as f64
    );
    println!(
        "matching                    {:+.1} % of listing, {:+.1} % of reading alone",
        100.0 * matching / listing,
        100.0 * matching / plain
    );
}

fn list(bytes: &[u8], by_class: dex::ByClass<'_>) -> Vec<String> {
    let facts = dex::read(bytes, by_class, None).unwrap();
    facts.packages.into_iter().map(|package| package.name).collect()
}

/// The look-up that detection makes for a package.
fn is_known(set: &SignatureSet, name: &str) -> bool {
    let (sdk, companion) = set.match_both(name.as_bytes());
    black_box(sdk).is_some() || black_box(companion.map(|(length, _)| length)).is_some()
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

/// A dex file as it stands in the archive.
struct Entry {
    deflated: bool,
    data: Vec<u8>,
    size: usize,
}

impl Entry {
    fn inflate(&self) -> Vec<u8> {
        if !self.deflated {
            return self.data.clone();
        }
        let mut bytes = vec![0; self.size];
        libdeflater::Decompressor::new().deflate_decompress(&self.data, &mut bytes).unwrap();
        bytes
    }
}

fn entries(path: &Path) -> Vec<Entry> {
    let mut archive = zip::ZipArchive::new(fs::File::open(path).unwrap()).unwrap();
    let mut found = Vec::new();
    for index in 0..archive.len() {
        let mut entry = archive.by_index_raw(index).unwrap();
        let name = entry.name().unwrap().into_owned();
        if name.starts_with("classes") && name.ends_with(".dex") {
            let mut data = Vec::new();
            entry.read_to_end(&mut data).unwrap();
            let deflated = entry.compression() == zip::CompressionMethod::Deflated;
            found.push(Entry { deflated, data, size: entry.size() as usize });
        }
    }
    found
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
