//! `signatures import`: a user's copy of another tool's list becomes a folder of signatures.

use super::super::CLEAN;
use super::super::args::{self, Format, OriginArg};
use super::super::run::{Session, print, today};
use crate::error::Error;
use crate::lang::Text;
use crate::report::signatures as report;
use crate::signatures::Sdk;
use crate::signatures::check::path_of;
use crate::signatures::lists::convert::{ListFile, convert};
use crate::signatures::lists::{self, Origin};
use std::path::Path;

/// Carries out the command.
pub fn run(session: &Session<'_>, arguments: &args::Import) -> Result<u8, Error> {
    let origin = match arguments.origin {
        OriginArg::Exodus => Origin::Exodus,
        OriginArg::LibChecker => Origin::LibChecker,
    };
    let entries = lists::read(origin, &arguments.list)?;
    let file = arguments.list.file_name().unwrap_or_default().to_string_lossy();
    let from = ListFile { origin, file: &file, date: &today()? };
    let converted = convert(&from, &entries, session.set, arguments.only_new);
    write_all(&arguments.folder, &converted.sdks)?;
    let screen = session.screen();
    let imported = report::Imported { folder: &arguments.folder, entries: entries.len(), converted: &converted };
    print(&match arguments.format {
        Format::Text => report::imported(&imported, &screen),
        Format::Json => report::imported_json(&imported, screen.lang),
    })?;
    Ok(CLEAN)
}

/// Writes all files, or none where one of them is there already: it may hold somebody's work.
fn write_all(folder: &Path, sdks: &[Sdk]) -> Result<(), Error> {
    for sdk in sdks {
        refuse_existing(&folder.join(path_of(&sdk.id)))?;
    }
    sdks.iter().try_for_each(|sdk| write(folder, &sdk.id, &to_file(sdk)))
}

/// An error where a file is there already.
pub fn refuse_existing(path: &Path) -> Result<(), Error> {
    if !path.exists() {
        return Ok(());
    }
    let path = path.display().to_string();
    Err(Error::new(
        Text::new(format!("{path} is there already"), format!("{path} 已存在")),
        Text::new("give an empty folder, or delete the file first", "请指定空目录，或先删除该文件"),
    ))
}

/// Writes one signature file and the folder of its vendor.
pub fn write(folder: &Path, id: &str, text: &str) -> Result<(), Error> {
    let path = folder.join(path_of(id));
    let io = |cause| Error::io(&path.display().to_string(), cause);
    if let Some(parent) = path.parent() {
        std::fs::create_dir_all(parent).map_err(io)?;
    }
    std::fs::write(&path, text).map_err(io)
}

fn to_file(sdk: &Sdk) -> String {
    crate::report::json::to_text(sdk)
}
