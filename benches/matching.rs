//! What matching against the whole base adds to listing the packages of apps: inflating the dex files and reading their tables.
//!
//! `cargo bench --bench matching [-- DIR]` prints medians of CPU time measured alternately in one run. DIR holds APKs; without it
//! the corpus beside the repository is used, or the sample app where there is none.

mod support;

use nix::sys::resource::UsageWho;
use sdkaudit::app::dex;
use sdkaudit::signatures::SignatureSet;
use std::hint::black_box;
use support::{Entry, apps, cpu_time, entries, median};

const ROUNDS: usize = 31;

fn main() {
    let apps = apps();
    let compressed: Vec<Entry> = apps.iter().flat_map(|path| entries(path, |_| false)).collect();
    let files: Vec<Vec<u8>> = compressed.iter().map(inflate).collect();
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
    let (mut inflating, mut plain, mut by_class, mut matched) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        inflating.push(cpu(|| compressed.iter().map(|entry| inflate(entry).len()).sum()));
        plain.push(cpu(|| files.iter().map(|bytes| list(bytes, &|_| false).len()).sum()));
        by_class
            .push(cpu(|| files.iter().map(|bytes| list(bytes, &|name| set.holds_class_prefixes(name)).len()).sum()));
        matched.push(cpu(|| packages.iter().filter(|name| is_known(set, name)).count()));
    }
    let (inflating, plain, by_class, matched) = (median(inflating), median(plain), median(by_class), median(matched));
    let (listing, matching) = (inflating + plain, by_class - plain + matched);
    println!("inflate dex files           {inflating:8.2} ms CPU");
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
    let before = cpu_time(UsageWho::RUSAGE_SELF);
    black_box(work());
    cpu_time(UsageWho::RUSAGE_SELF) - before
}

fn inflate(entry: &Entry) -> Vec<u8> {
    if !entry.deflated {
        return entry.data.clone();
    }
    let mut bytes = vec![0; entry.size];
    libdeflater::Decompressor::new().deflate_decompress(&entry.data, &mut bytes).unwrap();
    bytes
}
