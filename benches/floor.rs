//! The cost of the program against its floor: inflating the dex files and manifests of the same apps with libdeflate.
//!
//! `cargo bench --bench floor [-- DIR]` prints CPU ratios measured in one run (medians), start-up and peak memory. DIR holds APKs;
//! without it the corpus beside the repository is used, or the sample app where there is none.

use nix::sys::resource::{UsageWho, getrusage};
use nix::sys::time::TimeValLike;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::{env, fs};

const ROUNDS: usize = 9;
const STARTS: usize = 50;

fn main() {
    let apps = apps();
    // First of all: a child starts as a copy of this process, whose size must not count.
    for app in &apps {
        run(&inspect(std::slice::from_ref(app)));
    }
    let peak_memory = peak_memory();
    let compressed: Vec<Entry> = apps.iter().flat_map(|path| entries(path)).collect();
    let bytes: usize = compressed.iter().map(|entry| entry.size).sum();
    println!("{} apps, {} dex files and manifests, {} MB inflated", apps.len(), compressed.len(), bytes / 1_000_000);
    let (mut floor, mut whole) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        floor.push(inflate(&compressed));
        whole.push(run(&inspect(&apps)));
    }
    let (floor, whole) = (median(floor), median(whole));
    println!("floor               {:8.1} ms CPU", floor);
    println!("whole process       {:8.1} ms CPU   {:.2} x floor (inspect -j1, JSON, file hash)", whole, whole / floor);
    let start = median((0..STARTS).map(|_| run(&["explain".to_owned(), "undeclared-sdk".to_owned()])).collect());
    println!("start-up            {start:8.2} ms CPU   (explain, median of {STARTS})");
    println!("peak memory         {peak_memory:8.1} MiB       (largest of one process per app)");
}

fn inspect(apps: &[PathBuf]) -> Vec<String> {
    let options = ["inspect", "-j1", "-fjson"].map(str::to_owned);
    options.into_iter().chain(apps.iter().map(|path| path.display().to_string())).collect()
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

struct Entry {
    deflated: bool,
    data: Vec<u8>,
    size: usize,
}

fn entries(path: &Path) -> Vec<Entry> {
    let file = fs::File::open(path).unwrap();
    let mut archive = zip::ZipArchive::new(file).unwrap();
    let wanted = |name: &str| name == "AndroidManifest.xml" || (name.starts_with("classes") && name.ends_with(".dex"));
    (0..archive.len())
        .filter_map(|index| {
            let mut entry = archive.by_index_raw(index).unwrap();
            if !wanted(&entry.name().unwrap()) {
                return None;
            }
            let mut data = Vec::new();
            entry.read_to_end(&mut data).unwrap();
            let deflated = entry.compression() == zip::CompressionMethod::Deflated;
            Some(Entry { deflated, data, size: entry.size() as usize })
        })
        .collect()
}

fn inflate(entries: &[Entry]) -> f64 {
    let mut buffer = vec![0; entries.iter().map(|entry| entry.size).max().unwrap_or(0)];
    let mut inflater = libdeflater::Decompressor::new();
    let before = cpu(UsageWho::RUSAGE_SELF);
    for entry in entries.iter().filter(|entry| entry.deflated) {
        inflater.deflate_decompress(&entry.data, &mut buffer[..entry.size]).unwrap();
    }
    cpu(UsageWho::RUSAGE_SELF) - before
}

fn run(arguments: &[String]) -> f64 {
    let before = cpu(UsageWho::RUSAGE_CHILDREN);
    let status = Command::new(env!("CARGO_BIN_EXE_sdkaudit")).args(arguments).stdout(Stdio::null()).status().unwrap();
    assert!(status.success(), "{arguments:?} ended with {status}");
    cpu(UsageWho::RUSAGE_CHILDREN) - before
}

/// User and system time, ms.
fn cpu(who: UsageWho) -> f64 {
    let usage = getrusage(who).unwrap();
    (usage.user_time().num_microseconds() + usage.system_time().num_microseconds()) as f64 / 1000.0
}

/// Largest resident set of any child, MiB. Linux counts in KiB.
fn peak_memory() -> f64 {
    getrusage(UsageWho::RUSAGE_CHILDREN).unwrap().max_rss() as f64 / 1024.0
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
