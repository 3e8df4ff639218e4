//! Many inputs: what to read, in which order, and one bad app never stops the rest.

mod group;
mod inputs;
mod manifest;
mod one;
mod policies;
mod resume;
mod run;
mod serve;
mod sink;
#[cfg(feature = "parquet")]
mod tables;

pub use inputs::{Input, Shard, collect};
pub use one::{Accepted, Made, Question};
pub use policies::{Pairing, Policies};
pub use resume::{Earlier, resume};
pub use run::{Outcome, run};
pub use serve::serve;
pub use sink::Sink;
#[cfg(feature = "parquet")]
pub use tables::tables;

use crate::app::{self, App, Piece};
use crate::error::Error;
use crate::lang::Text;
use rayon::prelude::*;
use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

/// Expands directories into the apps below them, in name order. A file stands for itself, whatever its name.
///
/// # Errors
/// One per argument that cannot be read or holds no app.
pub fn discover(arguments: &[PathBuf]) -> Vec<Result<PathBuf, Error>> {
    arguments.iter().flat_map(|argument| discover_one(argument)).collect()
}

fn discover_one(argument: &Path) -> Vec<Result<PathBuf, Error>> {
    if !argument.is_dir() {
        return vec![Ok(argument.to_owned())];
    }
    let mut found = Vec::new();
    for entry in walkdir::WalkDir::new(argument).follow_links(true).sort_by_file_name() {
        match entry {
            Ok(entry) if entry.file_type().is_file() && is_app(entry.path()) => found.push(Ok(entry.into_path())),
            Ok(_) => {}
            // A link to a directory above: what it leads to is read already.
            Err(error) if error.loop_ancestor().is_some() => {}
            Err(error) => {
                let path = error.path().unwrap_or(argument).display().to_string();
                found.push(Err(Error::io(&path, error.into())));
            }
        }
    }
    if found.is_empty() {
        found.push(Err(no_apps(argument)));
    }
    found
}

/// Endings of files that hold an app.
const APPS: [&str; 5] = ["apk", "xapk", "apks", "apkm", "aab"];

fn is_app(path: &Path) -> bool {
    path.extension().is_some_and(|extension| APPS.iter().any(|known| extension.eq_ignore_ascii_case(known)))
}

fn no_apps(directory: &Path) -> Error {
    Error::new(
        Text::new(
            "the directory holds no app (.apk, .xapk, .apks, .apkm, .aab)",
            "该目录中没有应用（.apk、.xapk、.apks、.apkm、.aab）",
        ),
        Text::new("give an app, or a directory that holds some", "请提供应用文件，或包含应用的目录"),
    )
    .in_input(&directory.display().to_string())
}

/// Reads every input, makes one app of the files that are parts of one, and applies `then` to it, in parallel over inputs, or over the dex files of one app where there are fewer inputs
/// than threads. Results come in the order of the inputs.
pub fn read_each<T: Send>(
    inputs: Vec<Result<PathBuf, Error>>,
    threads: usize,
    options: app::Options<'_>,
    then: impl Fn(App) -> T + Sync,
) -> Vec<Result<T, Error>> {
    let options = app::Options { parallel: threads > 1 && inputs.len() < threads, ..options };
    let many = threads > 1 && inputs.len() > 1;
    let read = |input: Result<PathBuf, Error>| {
        let path = input?;
        unless_it_stumbles(&path.display().to_string(), || app::read_given(&path, options))
    };
    let pieces: Vec<Result<Piece, Error>> = match many {
        true => inputs.into_par_iter().map(read).collect(),
        false => inputs.into_iter().map(read).collect(),
    };
    let whole = |pieces: Result<(Piece, Vec<Piece>), Error>| {
        let (base, splits) = pieces?;
        let name = base.path().to_owned();
        unless_it_stumbles(&name, || Ok(then(app::assemble(base, splits))))
    };
    let apps = group::pieces(pieces);
    match many {
        true => apps.into_par_iter().map(whole).collect(),
        false => apps.into_iter().map(whole).collect(),
    }
}

fn unless_it_stumbles<T>(name: &str, work: impl FnOnce() -> Result<T, Error>) -> Result<T, Error> {
    let result = catch_unwind(AssertUnwindSafe(work));
    result.unwrap_or_else(|panic| Err(stumbled(panic.as_ref()).in_input(name)))
}

/// The error of an app that made the program panic: the other apps are still read.
fn stumbled(panic: &(dyn Any + Send)) -> Error {
    let text = panic.downcast_ref::<&str>().copied().map(str::to_owned);
    let text = text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_default();
    Error::new(
        Text::new(format!("sdkaudit stumbled over it: {text}"), format!("sdkaudit 处理时内部出错：{text}")),
        Text::new(
            "this is a defect of sdkaudit; please report it with the file",
            "这是 sdkaudit 的缺陷；请附上文件反馈",
        ),
    )
}
