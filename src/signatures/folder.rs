//! Signature files in a folder.

use super::check::Problem;
use crate::error::Error;
use crate::lang::Text;
use std::path::Path;

/// Files larger than this are no signatures; the largest of the base has some 10 KB.
const LARGEST: u64 = 1 << 20;
/// The schema that stands beside the vendors' folders of a whole base.
const SCHEMA: &str = "schema.json";

/// What a folder holds.
#[derive(Debug, Default)]
pub struct Folder {
    /// (path relative to the folder with `/`, content), sorted by path.
    pub files: Vec<(String, String)>,
    /// Files that cannot be signatures: too large, no UTF-8, or in the wrong place.
    pub problems: Vec<Problem>,
    /// Whether the folder is a whole base, which has a schema beside its vendors.
    pub is_base: bool,
}

/// Reads the `.json` files below a folder.
///
/// # Errors
/// When the folder cannot be read, or holds no signature file at all.
pub fn read(folder: &Path) -> Result<Folder, Error> {
    let shown = folder.display().to_string();
    let mut found = Folder::default();
    for entry in walkdir::WalkDir::new(folder).sort_by_file_name() {
        let entry = entry.map_err(|error| {
            let path = error.path().unwrap_or(folder).display().to_string();
            Error::io(&path, error.into())
        })?;
        let is_json = entry.path().extension().is_some_and(|extension| extension == "json");
        if !is_json || entry.file_type().is_dir() {
            continue;
        }
        let relative = entry.path().strip_prefix(folder).unwrap_or(entry.path());
        let parts: Vec<_> = relative.iter().map(|part| part.to_string_lossy()).collect();
        let path = parts.join("/");
        if path == SCHEMA {
            found.is_base = true;
        } else {
            found.add(entry.path(), path, parts.len())?;
        }
    }
    if found.files.is_empty() && found.problems.is_empty() {
        return Err(empty(&shown));
    }
    Ok(found)
}

impl Folder {
    fn add(&mut self, file: &Path, path: String, depth: usize) -> Result<(), Error> {
        let mut report = |path: String, message: Text| self.problems.push(Problem { path, line: None, message });
        let io = |cause| Error::io(&file.display().to_string(), cause);
        if depth != 2 {
            report(path, Text::new("belongs into <vendor>/<sdk>.json", "应位于 <厂商>/<SDK>.json"));
        } else if std::fs::metadata(file).map_err(io)?.len() > LARGEST {
            report(path, Text::new("is larger than 1 MiB: no signature file", "超过 1 MiB：不是特征文件"));
        } else {
            match String::from_utf8(std::fs::read(file).map_err(io)?) {
                Ok(text) => self.files.push((path, text)),
                Err(_) => report(path, Text::new("is not UTF-8", "不是 UTF-8 编码")),
            }
        }
        Ok(())
    }
}

fn empty(folder: &str) -> Error {
    Error::new(
        Text::new("the folder holds no signature file", "该目录中没有特征文件"),
        Text::new(
            "signatures stand in <vendor>/<sdk>.json; sdkaudit signatures new writes one",
            "特征文件位于 <厂商>/<SDK>.json；可用 sdkaudit signatures new 生成",
        ),
    )
    .in_input(folder)
}
