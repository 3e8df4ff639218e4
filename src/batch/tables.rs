//! The rows as Parquet tables: apps, sdk_hits, permissions, references, findings.
//!
//! They are made from the finished rows, not beside them: so a killed and resumed run gives the same tables as an undisturbed one.
//! Every table has `path`, the key that joins them. Rows wait in memory until a row group is full, never more.

mod read;

use super::sink::{cannot_write, each_line};
use crate::error::Error;
use crate::lang::Text;
use parquet::basic::Compression;
use parquet::errors::Result;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::SerializedFileWriter;
use parquet::record::RecordWriter;
use parquet_derive::ParquetRecordWriter;
use read::Row;
use std::fs::{self, File};
use std::io;
use std::path::Path;
use std::sync::Arc;
use tempfile::NamedTempFile;

/// Rows of one row group.
const GROUP: usize = 20_000;

/// One input.
#[derive(Default, ParquetRecordWriter)]
struct AppRow {
    path: String,
    status: String,
    bytes: Option<u64>,
    sha256: Option<String>,
    application_id: Option<String>,
    version_name: Option<String>,
    version_code: Option<u64>,
    min_sdk: Option<String>,
    target_sdk: Option<String>,
    dex_read: Option<u32>,
    dex_total: Option<u32>,
    classes: Option<u32>,
    sdks_present: Option<u32>,
    gaps: Option<u32>,
    declared: Option<String>,
    error: Option<String>,
    tool_version: String,
    signatures_digest: String,
}

/// One SDK in one app.
#[derive(ParquetRecordWriter)]
struct SdkRow {
    path: String,
    application_id: String,
    sdk: String,
    presence: String,
    version: Option<String>,
    tracker: bool,
    categories: String,
    evidence: u32,
}

/// One permission in one manifest.
#[derive(ParquetRecordWriter)]
struct PermissionRow {
    path: String,
    application_id: String,
    permission: String,
    kind: String,
    max_sdk_version: Option<u32>,
    protection_level: Option<String>,
}

/// One method that references personal data.
#[derive(ParquetRecordWriter)]
struct ReferenceRow {
    path: String,
    application_id: String,
    owner_kind: String,
    owner: Option<String>,
    data_type: String,
    strength: String,
    class: String,
    method: String,
    api: String,
    entry: String,
    count: u32,
}

/// One finding.
#[derive(ParquetRecordWriter)]
struct FindingRow {
    path: String,
    application_id: String,
    rule: String,
    severity: String,
    subject: String,
    message: String,
    document: Option<String>,
    line: Option<u32>,
    column: Option<u32>,
    fingerprint: String,
    waived: bool,
}

/// Writes the tables of a file of rows into a folder, which is made where it is not there. Each table replaces an older one as a whole.
///
/// # Errors
/// When the rows cannot be read or the tables cannot be written.
pub fn tables(rows: &Path, folder: &Path) -> std::result::Result<(), Error> {
    let name = rows.display().to_string();
    let mut file = File::open(rows).map_err(|cause| Error::io(&name, cause))?;
    let target = folder.display().to_string();
    fs::create_dir_all(folder).map_err(|cause| cannot_write(&target, cause))?;
    convert(&mut file, folder).map_err(|cause| {
        let message = Text::new(format!("cannot write the tables: {cause}"), format!("无法写出数据表：{cause}"));
        let help = Text::new("check the disk; the rows themselves are whole", "请检查磁盘；结果行本身是完整的");
        Error::new(message, help).because(cause).in_input(&target)
    })
}

fn convert(rows: &mut File, folder: &Path) -> io::Result<()> {
    let mut all = Tables {
        apps: Table::new(folder, "apps")?,
        sdk_hits: Table::new(folder, "sdk_hits")?,
        permissions: Table::new(folder, "permissions")?,
        references: Table::new(folder, "references")?,
        findings: Table::new(folder, "findings")?,
    };
    each_line(rows, |_, line| all.add(serde_json::from_slice(line)?))?;
    all.apps.finish(folder)?;
    all.sdk_hits.finish(folder)?;
    all.permissions.finish(folder)?;
    all.references.finish(folder)?;
    all.findings.finish(folder)
}

struct Tables {
    apps: Table<AppRow>,
    sdk_hits: Table<SdkRow>,
    permissions: Table<PermissionRow>,
    references: Table<ReferenceRow>,
    findings: Table<FindingRow>,
}

impl Tables {
    fn add(&mut self, row: Row) -> io::Result<()> {
        self.apps.push(row.app_row())?;
        self.sdk_hits.extend(row.sdk_rows())?;
        self.permissions.extend(row.permission_rows())?;
        self.references.extend(row.reference_rows())?;
        self.findings.extend(row.finding_rows())
    }
}

/// One file that is being written beside its place.
struct Table<T> {
    name: &'static str,
    file: NamedTempFile,
    writer: SerializedFileWriter<File>,
    rows: Vec<T>,
}

impl<T> Table<T>
where
    for<'r> &'r [T]: RecordWriter<T>,
{
    fn new(folder: &Path, name: &'static str) -> io::Result<Table<T>> {
        let file = NamedTempFile::new_in(folder)?;
        let rows: Vec<T> = Vec::new();
        let properties = WriterProperties::builder().set_compression(Compression::SNAPPY).build();
        let writer = SerializedFileWriter::new(file.reopen()?, rows.as_slice().schema()?, Arc::new(properties))?;
        Ok(Table { name, file, writer, rows })
    }

    fn push(&mut self, row: T) -> io::Result<()> {
        self.rows.push(row);
        if self.rows.len() >= GROUP { self.flush().map_err(io::Error::from) } else { Ok(()) }
    }

    fn extend(&mut self, rows: impl IntoIterator<Item = T>) -> io::Result<()> {
        rows.into_iter().try_for_each(|row| self.push(row))
    }

    fn flush(&mut self) -> Result<()> {
        if self.rows.is_empty() {
            return Ok(());
        }
        let mut group = self.writer.next_row_group()?;
        self.rows.as_slice().write_to_row_group(&mut group)?;
        group.close()?;
        self.rows.clear();
        Ok(())
    }

    fn finish(mut self, folder: &Path) -> io::Result<()> {
        self.flush()?;
        self.writer.finish()?;
        open_to_all(self.file.as_file())?;
        self.file.persist(folder.join(format!("{}.parquet", self.name)))?;
        Ok(())
    }
}

/// A temporary file is its owner's only; a table is as open as files usually are.
#[cfg(unix)]
fn open_to_all(file: &File) -> io::Result<()> {
    file.set_permissions(std::os::unix::fs::PermissionsExt::from_mode(0o644))
}

#[cfg(not(unix))]
fn open_to_all(_file: &File) -> io::Result<()> {
    Ok(())
}
