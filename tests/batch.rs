//! Many apps: every input has its row exactly once, whatever happens to the run.

mod support;

#[path = "batch/interrupted.rs"]
mod interrupted;
#[path = "batch/pairing.rs"]
mod pairing;
#[path = "batch/resumed.rs"]
mod resumed;
#[path = "batch/rows.rs"]
mod rows;
#[path = "batch/worker.rs"]
mod worker;

use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};
use support::run::program;
use support::{ApkBuilder, Dex};

/// A folder with `apps/`, of which `count` are sound and every twentieth more is broken.
struct Yard {
    dir: tempfile::TempDir,
}

impl Yard {
    fn new(count: usize) -> Yard {
        let yard = Yard { dir: tempfile::tempdir().expect("temporary folder") };
        fs::create_dir_all(yard.apps().join("more")).expect("folder");
        for number in 0..count {
            let folder = if number % 3 == 0 { yard.apps().join("more") } else { yard.apps() };
            app(number).write(folder, &format!("{number:03}.apk"));
            if number % 20 == 0 {
                fs::write(yard.apps().join(format!("broken{number}.apk")), b"PK\x03\x04 cut").expect("written");
            }
        }
        yard
    }

    fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    fn apps(&self) -> PathBuf {
        self.path("apps")
    }
}

/// An app of its own size, so that the order by size is known.
fn app(number: usize) -> ApkBuilder {
    let names: Vec<String> = (0..20 + number).map(|n| format!("com.some.p{}.C{n}x{number}", n % 7)).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let filler: Vec<u8> = (0..200 * number).map(|n| ((n * n) >> 3) as u8).collect();
    let apk =
        ApkBuilder::new(&format!("dev.host.n{number}")).target_sdk(34).uses_permission("android.permission.CAMERA");
    apk.dex(&Dex::new().classes(&names).classes(&["okhttp3.Call"])).asset("filler", filler).store("assets/filler")
}

/// What the program said.
#[derive(Debug, PartialEq)]
struct Said {
    code: Option<i32>,
    stdout: String,
    stderr: String,
}

fn text(path: &Path) -> &str {
    path.to_str().expect("temporary folder's name is UTF-8")
}

fn run(arguments: &[&str]) -> Said {
    said(program().arg("batch").args(arguments).output().expect("the program runs"))
}

fn said(output: std::process::Output) -> Said {
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("output is UTF-8");
    Said { code: output.status.code(), stdout: text(output.stdout), stderr: text(output.stderr) }
}

fn parse(rows: &str) -> Vec<Value> {
    rows.lines().map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"))).collect()
}

/// Rows without their order.
fn sorted(rows: &str) -> Vec<&str> {
    let mut lines: Vec<&str> = rows.split_inclusive('\n').collect();
    lines.sort_unstable();
    lines
}

/// The names of the files that rows are about, in the rows' order.
fn files(rows: &str) -> Vec<String> {
    let name = |row: &Value| {
        let path = row["source"]["path"].as_str().expect("path");
        Path::new(path).file_name().expect("name").to_string_lossy().into_owned()
    };
    parse(rows).iter().map(name).collect()
}
