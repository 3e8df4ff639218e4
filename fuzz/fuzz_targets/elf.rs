#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| sdkaudit_fuzz::run(sdkaudit_fuzz::support::targets::elf, bytes));
