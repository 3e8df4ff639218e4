#![no_main]

// The library that takes PDFs apart may panic: it runs in a thread of its own, and the document is called broken (src/declared/pdf.rs).
// So only a panic of our own code counts.
fn panics_of_our_own() {
    let report = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        let file = panic.location().map(|location| location.file().to_owned()).unwrap_or_default();
        if !file.contains(".cargo/registry") && !file.contains("/rustc/") && !file.contains("/library/") {
            report(panic);
        }
    }));
}

libfuzzer_sys::fuzz_target!(init: panics_of_our_own(), |bytes: &[u8]| sdkaudit_fuzz::run(sdkaudit_fuzz::support::targets::pdf, bytes));
