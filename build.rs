//! Compiles the data files that stand beside the code into static tables.

use std::path::{Path, PathBuf};
use std::{env, fs};

#[path = "build/permissions.rs"]
mod permissions;

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-changed=build/permissions.rs");
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets OUT_DIR"));
    compile_permissions(&out.join("permissions.rs"));
}

fn compile_permissions(out: &Path) {
    let data = "src/platform/permissions.json";
    println!("cargo:rerun-if-changed={data}");
    let json = fs::read_to_string(data).unwrap_or_else(|error| panic!("{data}: {error}"));
    fs::write(out, permissions::generate(&json)).expect("OUT_DIR is writable");
}
