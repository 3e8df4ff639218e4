//! What the benches share: which apps, what the floor inflates, how time is counted.

use nix::sys::resource::{UsageWho, getrusage};
use nix::sys::time::TimeValLike;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::{env, fs};

/// The APKs of the directory given as argument; else of the corpus beside the repository, or of `samples/` where there is none.
pub fn apps() -> Vec<PathBuf> {
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

/// An entry as it stands in the archive.
pub struct Entry {
    pub deflated: bool,
    pub data: Vec<u8>,
    pub size: usize,
}

/// The dex files of an app, and what else `wanted` names.
pub fn entries(path: &Path, wanted: fn(&str) -> bool) -> Vec<Entry> {
    let mut archive = zip::ZipArchive::new(fs::File::open(path).unwrap()).unwrap();
    let is_dex = |name: &str| name.starts_with("classes") && name.ends_with(".dex");
    let count = archive.len();
    let mut read = |index: usize| {
        let mut entry = archive.by_index_raw(index).unwrap();
        let name = entry.name().unwrap();
        if !is_dex(&name) && !wanted(&name) {
            return None;
        }
        drop(name);
        let mut data = Vec::new();
        entry.read_to_end(&mut data).unwrap();
        let deflated = entry.compression() == zip::CompressionMethod::Deflated;
        Some(Entry { deflated, data, size: entry.size() as usize })
    };
    (0..count).filter_map(&mut read).collect()
}

/// User and system time so far, ms.
pub fn cpu_time(who: UsageWho) -> f64 {
    let usage = getrusage(who).unwrap();
    (usage.user_time().num_microseconds() + usage.system_time().num_microseconds()) as f64 / 1000.0
}

pub fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
