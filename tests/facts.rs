//! What the readers make of an app's parts: every trap that real files set, one test each.

mod support;

#[path = "facts/dex.rs"]
mod dex;
#[path = "facts/manifest.rs"]
mod manifest;
#[path = "facts/native.rs"]
mod native;
#[path = "facts/zip.rs"]
mod zip;
