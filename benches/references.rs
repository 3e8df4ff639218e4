//! What facts, detection and references cost in process, against the floor: inflating the dex files and manifests of the same apps.
//!
//! `cargo bench --bench references [-- DIR]`: without file hash and output, medians of one run, every kind measured in turn. DIR holds
//! APKs; without it the corpus beside the repository is used, or the sample app where there is none. With `STAGE=floor`, `facts`,
//! `detection` or `references` in the environment that kind runs once and nothing is measured: for `valgrind --tool=callgrind`.

mod support;

use nix::sys::resource::UsageWho;
use sdkaudit::app::{self, Options, bytecode::Wanted};
use sdkaudit::detect::{self, Inventory};
use sdkaudit::signatures::SignatureSet;
use std::env;
use std::hint::black_box;
use std::path::Path;
use support::{Entry, apps, cpu_time, entries, median};

const ROUNDS: usize = 15;

fn main() {
    let apps = apps();
    let entries: Vec<Entry> = apps.iter().flat_map(|path| entries(path, |name| name == app::MANIFEST)).collect();
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
    println!("facts, detection    {detection:8.1} ms CPU   {:.3} x floor (limit 1.10)", detection / floor);
    println!("with references     {references:8.1} ms CPU   {:.3} x floor (limit 1.30)", references / floor);
}

fn inspect(path: &Path, wanted: Option<&Wanted>, detects: bool) {
    let set = SignatureSet::builtin();
    let by_class = |package: &[u8]| set.holds_class_prefixes(package);
    let options = Options { by_class: &by_class, wanted, bodies: Some(set), hash: false, ..Options::default() };
    let app = app::read(path, options).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    if detects {
        black_box(Inventory::of(&app, set));
    }
    black_box(app);
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
    let before = cpu_time(UsageWho::RUSAGE_SELF);
    work();
    cpu_time(UsageWho::RUSAGE_SELF) - before
}
