//! The cost of the program against its floor: inflating the dex files and manifests of the same apps with libdeflate.
//!
//! `cargo bench --bench floor [-- DIR]` prints CPU ratios measured in one run (medians), start-up and peak memory. DIR holds APKs;
//! without it the corpus beside the repository is used, or the sample app where there is none.

mod support;

use nix::sys::resource::{UsageWho, getrusage};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use support::{Entry, apps, cpu_time, entries, median};

const ROUNDS: usize = 9;
const STARTS: usize = 50;

fn main() {
    let apps = apps();
    // First of all: a child starts as a copy of this process, whose size must not count.
    for app in &apps {
        run(&inspect(std::slice::from_ref(app)));
    }
    let peak_memory = peak_memory();
    let compressed: Vec<Entry> =
        apps.iter().flat_map(|path| entries(path, |name| name == sdkaudit::app::MANIFEST)).collect();
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

fn inflate(entries: &[Entry]) -> f64 {
    let mut buffer = vec![0; entries.iter().map(|entry| entry.size).max().unwrap_or(0)];
    let mut inflater = libdeflater::Decompressor::new();
    let before = cpu_time(UsageWho::RUSAGE_SELF);
    for entry in entries.iter().filter(|entry| entry.deflated) {
        inflater.deflate_decompress(&entry.data, &mut buffer[..entry.size]).unwrap();
    }
    cpu_time(UsageWho::RUSAGE_SELF) - before
}

fn run(arguments: &[String]) -> f64 {
    let before = cpu_time(UsageWho::RUSAGE_CHILDREN);
    let status = Command::new(env!("CARGO_BIN_EXE_sdkaudit")).args(arguments).stdout(Stdio::null()).status().unwrap();
    assert!(status.success(), "{arguments:?} ended with {status}");
    cpu_time(UsageWho::RUSAGE_CHILDREN) - before
}

/// Largest resident set of any child, MiB. Linux counts in KiB.
fn peak_memory() -> f64 {
    getrusage(UsageWho::RUSAGE_CHILDREN).unwrap().max_rss() as f64 / 1024.0
}
