//! What facts, detection and references cost in process, against the floor: inflating the dex files and manifests of the same apps.
//!
//! `cargo bench --bench references [-- DIR]`: without file hash and output, medians of one run, every kind measured in turn. DIR holds
//! APKs; without it the corpus beside the repository is used, or the sample app where there is none. With `STAGE=floor`, `facts`,
//! `detection` or `references` in the environment that kind runs once and nothing is measured: for `valgrind --tool=callgrind`.

use nix::sys::resource::{UsageWho, getrusage};
use nix::sys::time::TimeValLike;
use sdkaudit::app::{self, Options, bytecode::Wanted};
use sdkaudit::detect::{self, Inventory};
use sdkaudit::signatures::SignatureSet;
use std::env;
use std::fs;
use std::hint::black_box;
use std::io::Read;
use std::path::{Path, PathBuf};

const ROUNDS: usize = 15;

fn main() {
    let apps = apps();
    let entries: Vec<Entry> = apps.iter().flat_map(|path| entries(path)).collect();
    let bytes: usize = entries.iter().map(|entry| entry.size).sum();
    let wanted = detect::wanted();
    println!("{} apps, {} dex files and manifests, {} MB inflated", apps.len(), entries.len(), bytes / 1_000_000);
    let run = |stage: &str| match stage {
        "floor" => inflate(&entries),
        "facts" => apps.iter().for_each(|path| inspect(path, None, false)),
        "detection" => apps.iter().for_each(|path| inspect(path, None, true)),
        "references" => apps.iter().for_each(|path| inspect(path, Some(&wanted), true)),
        other => panic!("there is no stage {other}"),
    };
    if let Ok(stage) = env::var("STAGE") {
        return run(&stage);
    }
    let mut rounds: [Vec<f64>; 4] = Default::default();
    for _ in 0..ROUNDS {
        for (round, stage) in rounds.iter_mut().zip(["floor", "facts", "detection", "references"]) {
            round.push(cpu(|| run(stage)));
        }
    }
    let [floor, facts, detection, references] = rounds.map(median);
    println!("floor               {floor:8.1} ms CPU");
    println!("facts               {facts:8.1} ms CPU   {:.3} x floor", facts / floor);
    println!("facts, detection    {detection:8.1} ms CPU   {:.3} x floor (limit 1.15)", detection / floor);
    println!("with references     {references:8.1} ms CPU   {:.3} x floor (limit 1.40)", references / floor);
}

fn inspect(path: &Path, wanted: Option<&Wanted>, detects: bool) {
    let set = SignatureSet::builtin();
    let by_class = |package: &[u8]| set.holds_class_prefixes(package);
    let options = Options { by_class: &by_class, wanted, hash: false, ..Options::default() };
    let app = app::read(path, options).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    if detects {
        black_box(Inventory::of(&app, set));
    }
    black_box(app);
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
    let mut archive = zip::ZipArchive::new(fs::File::open(path).unwrap()).unwrap();
    let count = archive.len();
    let wanted = |name: &str| name == app::MANIFEST || (name.starts_with("classes") && name.ends_with(".dex"));
    let mut read = |index: usize| {
        let mut entry = archive.by_index_raw(index).unwrap();
        if !wanted(&entry.name().unwrap()) {
            return None;
        }
        let mut data = Vec::new();
        entry.read_to_end(&mut data).unwrap();
        let deflated = entry.compression() == zip::CompressionMethod::Deflated;
        Some(Entry { deflated, data, size: entry.size() as usize })
    };
    (0..count).filter_map(&mut read).collect()
}

fn inflate(entries: &[Entry]) {
    let mut buffer = vec![0; entries.iter().map(|entry| entry.size).max().unwrap_or(0)];
    let mut inflater = libdeflater::Decompressor::new();
    for entry in entries.iter().filter(|entry| entry.deflated) {
        inflater.deflate_decompress(&entry.data, &mut buffer[..entry.size]).unwrap();
    }
    black_box(&buffer);
}

/// User and system time of a piece of work, ms.
fn cpu(work: impl FnOnce()) -> f64 {
    let now = || {
        let usage = getrusage(UsageWho::RUSAGE_SELF).unwrap();
        (usage.user_time().num_microseconds() + usage.system_time().num_microseconds()) as f64 / 1000.0
    };
    let before = now();
    work();
    now() - before
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
