//! Fuzz targets of `sdkaudit`; what each does with its input stands in `tests/support/targets.rs`.

use std::time::{Duration, Instant};

/// The builders of the integration tests that need no test program.
#[path = "../../tests/support"]
#[allow(dead_code, unused_imports)]
pub mod support {
    mod apk;
    pub mod arsc;
    pub mod axml;
    pub mod bytes;
    pub mod class_file;
    mod component;
    pub mod dex;
    pub mod elf;
    pub mod res;
    pub mod sample;
    pub mod targets;
    pub mod zipfile;

    pub use apk::ApkBuilder;
    pub use arsc::Arsc;
    pub use component::Component;
    pub use dex::{Arg, Class, Dex, FieldRef, Invoke, Method, MethodRef, Op, Payload};
    pub use elf::SharedObject;
    pub use res::{Encoding, Value};
}

/// Most processor time of one input.
const PATIENCE: Duration = Duration::from_secs(5);

/// Runs a target. One that takes long by the clock runs once more: what counts is the processor's time, and machines are busy.
pub fn run(target: fn(&[u8]), bytes: &[u8]) {
    let start = Instant::now();
    target(bytes);
    if start.elapsed() > PATIENCE {
        let before = processor_time();
        target(bytes);
        let took = processor_time().saturating_sub(before);
        assert!(took < PATIENCE, "it takes {took:?} of processor time");
    }
}

/// What this process has used so far, where the system tells (Linux: fields 14 and 15 of `stat`, in hundredths of a second).
fn processor_time() -> Duration {
    let text = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields = text.rsplit(") ").next().unwrap_or_default().split(' ');
    let ticks: u64 = fields.skip(11).take(2).filter_map(|field| field.parse::<u64>().ok()).sum();
    Duration::from_millis(10 * ticks)
}
