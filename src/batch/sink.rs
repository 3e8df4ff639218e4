//! Where rows go: each in one write, none of them half unless the system itself is cut off.

use crate::error::Error;
use crate::lang::Text;
use std::fs::{self, File, OpenOptions};
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

/// Longest line that is taken for a row, in bytes.
pub(super) const MAX_ROW: u64 = 512 << 20;

/// Where rows go.
pub struct Sink {
    out: Mutex<Out>,
    /// The file of `-o`.
    path: Option<PathBuf>,
}

enum Out {
    Stdout,
    /// Opened to append and to read.
    File(File),
}

impl Sink {
    /// Rows go to standard output as they are made; with `later`, all together when they are sorted.
    ///
    /// # Errors
    /// When the rows that wait cannot be kept in a temporary file.
    pub fn stdout(later: bool) -> Result<Sink, Error> {
        let out =
            if later { Out::File(tempfile::tempfile().map_err(|cause| cannot_write("", cause))?) } else { Out::Stdout };
        Ok(Sink { out: Mutex::new(out), path: None })
    }

    /// Rows go to a file. One that is there is kept and added to with `resume`, else it is an error: hours may have gone into it.
    ///
    /// # Errors
    /// When the file is there without `resume`, or cannot be written.
    pub fn file(path: &Path, resume: bool) -> Result<Sink, Error> {
        let name = path.display().to_string();
        let mut options = OpenOptions::new();
        options.read(true).append(true).create_new(!resume).create(resume);
        let file = options.open(path).map_err(|cause| match cause.kind() {
            io::ErrorKind::AlreadyExists => exists(&name),
            _ => cannot_write(&name, cause),
        })?;
        Ok(Sink { out: Mutex::new(Out::File(file)), path: Some(path.to_owned()) })
    }

    /// Writes one row, in one piece.
    ///
    /// # Errors
    /// When it cannot be written. A reader of standard output that has seen enough is one too: there is nobody to go on for.
    pub fn write(&self, line: &[u8]) -> io::Result<()> {
        match &mut *self.out.lock().unwrap_or_else(PoisonError::into_inner) {
            Out::Stdout => {
                let mut out = io::stdout().lock();
                out.write_all(line).and_then(|()| out.flush())
            }
            Out::File(file) => file.write_all(line),
        }
    }

    /// Puts the rows into the order of their paths.
    ///
    /// # Errors
    /// When they cannot be read again or written.
    pub fn sort(self) -> Result<(), Error> {
        let name = self.path.as_ref().map(|path| path.display().to_string()).unwrap_or_default();
        let fail = |cause| cannot_write(&name, cause);
        let Out::File(mut file) = self.out.into_inner().unwrap_or_else(PoisonError::into_inner) else { return Ok(()) };
        let mut rows = index(&mut file).map_err(fail)?;
        rows.sort();
        match &self.path {
            Some(_) if rows.is_sorted_by_key(|row| row.start) => Ok(()),
            Some(path) => rewrite(path, &mut file, rows.iter().map(|row| (row.start, row.length))).map_err(fail),
            None => {
                let mut out = io::stdout().lock();
                let places = rows.iter().map(|row| (row.start, row.length));
                copy(&mut file, places, &mut out).and_then(|()| out.flush()).map_err(fail)
            }
        }
    }
}

/// Where a row stands, by its path.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Place {
    path: String,
    start: u64,
    length: u64,
}

fn index(file: &mut File) -> io::Result<Vec<Place>> {
    #[derive(serde::Deserialize)]
    struct Head {
        source: Source,
    }
    #[derive(serde::Deserialize)]
    struct Source {
        path: String,
    }
    let mut rows = Vec::new();
    each_line(file, |start, line| {
        let head: Head = serde_json::from_slice(line)?;
        rows.push(Place { path: head.source.path, start, length: line.len() as u64 });
        Ok(())
    })?;
    Ok(rows)
}

/// Hands on the lines of a file with their offset, the last one also where no line feed ends it.
pub(super) fn each_line(file: &mut File, mut then: impl FnMut(u64, &[u8]) -> io::Result<()>) -> io::Result<()> {
    file.seek(SeekFrom::Start(0))?;
    let mut reader = BufReader::with_capacity(1 << 20, file);
    let (mut line, mut start) = (Vec::new(), 0);
    loop {
        line.clear();
        let length = reader.by_ref().take(MAX_ROW).read_until(b'\n', &mut line)? as u64;
        if length == 0 {
            return Ok(());
        }
        then(start, &line)?;
        start += length;
    }
}

/// Copies pieces of a file, in the given order.
fn copy(file: &mut File, places: impl Iterator<Item = (u64, u64)>, out: &mut impl Write) -> io::Result<()> {
    let mut piece = Vec::new();
    for (start, length) in places {
        file.seek(SeekFrom::Start(start))?;
        piece.clear();
        if Read::by_ref(file).take(length).read_to_end(&mut piece)? as u64 != length {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        out.write_all(&piece)?;
    }
    Ok(())
}

/// Puts pieces of a file in its place. At every moment the path holds the old rows or the new ones, never half of them.
pub(super) fn rewrite(path: &Path, file: &mut File, places: impl Iterator<Item = (u64, u64)>) -> io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut new = tempfile::NamedTempFile::new_in(folder)?;
    copy(file, places, new.as_file_mut())?;
    // A temporary file is its owner's only; the rows stay as open as they were.
    fs::set_permissions(new.path(), file.metadata()?.permissions())?;
    new.as_file().sync_data()?;
    new.persist(path)?;
    Ok(())
}

fn exists(name: &str) -> Error {
    Error::new(
        Text::new(format!("{name} is there already"), format!("{name} 已存在")),
        Text::new("go on with it: --resume; or name another file", "使用 --resume 接着写入，或指定其他文件"),
    )
}

/// The error of a result that cannot be written.
pub(super) fn cannot_write(name: &str, cause: io::Error) -> Error {
    let (en, zh) = match name {
        "" => ("cannot write the rows".to_owned(), "无法写出结果行".to_owned()),
        name => (format!("cannot write {name}"), format!("无法写入 {name}")),
    };
    Error::new(
        Text::new(format!("{en}: {cause}"), format!("{zh}：{cause}")),
        Text::new("check the disk and the file it goes to", "请检查磁盘和输出文件"),
    )
    .because(cause)
}
