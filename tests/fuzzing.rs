//! Inputs that once made a fuzz target panic, hang or swallow memory, and the seeds that fuzzing begins with (docs/fuzzing.md).

mod support;

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::time::{Duration, Instant};
use support::run::root;
use support::targets::{TARGETS, Target};

/// In a debug build on a busy machine; the fuzzer itself gives an input five seconds.
const PATIENCE: Duration = Duration::from_secs(20);

/// Runs one input through a target.
fn survives(name: &str, target: Target, bytes: &[u8]) {
    let start = Instant::now();
    assert!(catch_unwind(AssertUnwindSafe(|| target(bytes))).is_ok(), "{name} panics");
    assert!(start.elapsed() < PATIENCE, "{name} took {:?}", start.elapsed());
}

fn files(folder: &PathBuf) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.expect("entry").path()).collect();
    paths.sort();
    paths
}

#[test]
fn what_was_found_once_stays_mended() {
    let folder = root().join("tests/fixtures/fuzz");
    let mut inputs = 0;
    for path in files(&folder) {
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        let Some((_, target)) = TARGETS.iter().find(|(known, _)| *known == name) else {
            panic!("{} is named like no target", path.display());
        };
        for input in files(&path) {
            survives(&input.display().to_string(), *target, &fs::read(&input).expect("input"));
            inputs += 1;
        }
    }
    assert!(inputs > 0, "no inputs in {}", folder.display());
}

#[test]
fn every_target_has_its_program_and_takes_anything() {
    for (name, target) in TARGETS {
        let program = root().join("fuzz/fuzz_targets").join(format!("{name}.rs"));
        assert!(program.is_file(), "{}", program.display());
        for bytes in [&b""[..], b"\0", b"PK\x05\x06", b"\xff\xfe", &[0xff; 300], &[0; 300], b"%PDF-1.7\n%%EOF"] {
            survives(name, target, bytes);
        }
    }
    assert_eq!(files(&root().join("fuzz/fuzz_targets")).len(), TARGETS.len());
}
