//! Compiles the data files into static tables that the program carries: nothing is parsed at start-up.

use std::path::{Path, PathBuf};
use std::{env, fs};

#[path = "build/apis.rs"]
mod apis;
#[path = "build/data_types.rs"]
mod data_types;
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
    pub mod writer;
}

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-changed=build");
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets OUT_DIR"));
    compile_permissions(&out.join("permissions.rs"));
    compile_references(&out);
    compile_signatures(&out.join("signatures.bin"));
}

fn compile_permissions(out: &Path) {
    fs::write(out, permissions::generate(&data("permissions.json"))).expect("OUT_DIR is writable");
}

fn compile_references(out: &Path) {
    let (types, ids) = data_types::generate(&data("data_types.json"));
    fs::write(out.join("data_types.rs"), types).expect("OUT_DIR is writable");
    fs::write(out.join("apis.rs"), apis::generate(&data("apis.json"), &ids)).expect("OUT_DIR is writable");
}

/// A data file of the platform tables.
fn data(name: &str) -> String {
    let path = format!("src/platform/{name}");
    println!("cargo:rerun-if-changed={path}");
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"))
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
