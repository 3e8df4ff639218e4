//! Compiles the data files into static tables that the program carries: nothing is parsed at start-up.

use std::path::{Path, PathBuf};
use std::{env, fs};

#[path = "build/permissions.rs"]
mod permissions;

// The library's own files: one way of reading and compiling signatures, at build time and at run time.
#[path = "src/signatures"]
#[allow(dead_code, missing_docs)]
mod signatures {
    pub mod fnv;
    pub mod fold;
    pub mod format;
    pub mod index;
}

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-changed=build/permissions.rs");
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets OUT_DIR"));
    compile_permissions(&out.join("permissions.rs"));
    compile_signatures(&out.join("signatures.bin"));
}

fn compile_permissions(out: &Path) {
    let data = "src/platform/permissions.json";
    println!("cargo:rerun-if-changed={data}");
    let json = fs::read_to_string(data).unwrap_or_else(|error| panic!("{data}: {error}"));
    fs::write(out, permissions::generate(&json)).expect("OUT_DIR is writable");
}

fn compile_signatures(out: &Path) {
    println!("cargo:rerun-if-changed=sdk-signatures");
    println!("cargo:rerun-if-changed=src/signatures");
    let mut sdks: Vec<signatures::format::Sdk> = Vec::new();
    let mut problems = Vec::new();
    for path in signature_files(Path::new("sdk-signatures")) {
        let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        match serde_json::from_str(&text) {
            Ok(sdk) => sdks.push(sdk),
            Err(error) => problems.push(format!("{}: {error}", path.display())),
        }
    }
    assert!(problems.is_empty(), "{} broken signature files:\n{}", problems.len(), problems.join("\n"));
    sdks.sort_by(|a, b| a.id.cmp(&b.id));
    fs::write(out, signatures::index::compile(&sdks)).expect("OUT_DIR is writable");
}

fn signature_files(root: &Path) -> Vec<PathBuf> {
    let list = |dir: &Path| -> Vec<PathBuf> {
        let entries = fs::read_dir(dir).unwrap_or_else(|error| panic!("{}: {error}", dir.display()));
        entries.filter_map(|entry| Some(entry.ok()?.path())).collect()
    };
    let vendors = list(root).into_iter().filter(|path| path.is_dir());
    let mut files: Vec<PathBuf> =
        vendors.flat_map(|vendor| list(&vendor)).filter(|path| path.extension().is_some_and(|e| e == "json")).collect();
    files.sort();
    files
}
