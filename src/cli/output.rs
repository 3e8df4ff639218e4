//! Where reports go: `-f FORMAT` to standard output, `-o FORMAT=FILE` to files, all from one run.
//!
//! Files are opened before the work starts, so that a wrong path shows at once; each is written whole beside its place and then put
//! there, so that a reader never sees half a report. One that cannot be written costs the run nothing but its exit code.

use super::run::{Session, print};
use crate::error::Error;
use crate::lang::Text;
use crate::nearest::nearest;
use crate::report::screen::DEFAULT_WIDTH;
use crate::report::{Format, Screen};
use std::fs::{self, File};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};
use tempfile::NamedTempFile;

/// Where each report goes.
pub struct Outputs {
    stdout: Format,
    files: Vec<Output>,
    /// Whether every file could be opened.
    complete: bool,
}

struct Output {
    format: Format,
    /// As the user named it.
    name: String,
    file: Target,
}

enum Target {
    /// A file that takes its place when it is whole.
    Whole(NamedTempFile, PathBuf),
    /// A pipe or device.
    Stream(File),
}

impl Outputs {
    /// Reads the options and opens the files. One that cannot be opened is complained about.
    ///
    /// # Errors
    /// Wrong usage: an unknown format, two reports for one place, a report in the place of an input.
    pub fn open<'p>(
        session: &Session<'_>,
        format: Option<Format>,
        options: &[String],
        allowed: &[Format],
        inputs: impl Iterator<Item = &'p Path> + Clone,
    ) -> Result<Outputs, Error> {
        let mut on_stdout = format;
        let mut wanted: Vec<(Format, &str)> = Vec::new();
        for option in options {
            let (id, name) = option.split_once('=').unwrap_or((option, "-"));
            let format = find(id, allowed)?;
            if matches!(name, "-" | "") {
                let second = on_stdout.replace(format).is_some();
                (!second).then_some(()).ok_or_else(two_on_stdout)?;
                continue;
            }
            let taken = |path: &Path| same(path, Path::new(name));
            if inputs.clone().any(taken) {
                return Err(over_an_input(name));
            }
            if wanted.iter().any(|(_, other)| taken(Path::new(other))) {
                return Err(two_in_one_file(name));
            }
            wanted.push((format, name));
        }
        let mut outputs = Outputs { stdout: on_stdout.unwrap_or(Format::Text), files: Vec::new(), complete: true };
        for (format, name) in wanted {
            match Target::open(Path::new(name)) {
                Ok(file) => outputs.files.push(Output { format, name: name.to_owned(), file }),
                Err(cause) => {
                    session.complain(&unwritable(name, cause));
                    outputs.complete = false;
                }
            }
        }
        Ok(outputs)
    }

    /// Writes every report; says whether all could be written, after a complaint about each that could not.
    ///
    /// # Errors
    /// Standard output cannot be written, or a report cannot be made.
    pub fn write(
        self,
        session: &Session<'_>,
        render: impl Fn(Format, &Screen) -> Result<String, Error>,
    ) -> Result<bool, Error> {
        let mut complete = self.complete;
        let screen = session.screen();
        // A file is no terminal.
        let paper = Screen { width: DEFAULT_WIDTH, color: false, ..screen };
        for output in self.files {
            let written = render(output.format, &paper)?;
            if let Err(cause) = output.file.write(written.as_bytes()) {
                session.complain(&unwritable(&output.name, cause));
                complete = false;
            }
        }
        print(&render(self.stdout, &screen)?)?;
        Ok(complete)
    }
}

impl Target {
    fn open(path: &Path) -> std::io::Result<Target> {
        match fs::metadata(path) {
            Ok(known) if known.is_dir() => Err(ErrorKind::IsADirectory.into()),
            Ok(known) if !known.is_file() => Ok(Target::Stream(File::options().write(true).open(path)?)),
            // What a link leads to is replaced, not the link.
            Ok(_) => Target::beside(path.canonicalize()?),
            Err(cause) if cause.kind() == ErrorKind::NotFound => Target::beside(path.to_owned()),
            Err(cause) => Err(cause),
        }
    }

    fn beside(path: PathBuf) -> std::io::Result<Target> {
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let mut builder = tempfile::Builder::new();
        builder.prefix(".sdkaudit-");
        #[cfg(unix)]
        builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
        Ok(Target::Whole(builder.tempfile_in(folder)?, path))
    }

    fn write(self, bytes: &[u8]) -> std::io::Result<()> {
        match self {
            Target::Stream(mut file) => file.write_all(bytes).and_then(|()| file.flush()),
            Target::Whole(mut file, path) => {
                file.write_all(bytes)?;
                file.as_file().sync_all()?;
                file.persist(path).map(|_| ()).map_err(|failed| failed.error)
            }
        }
    }
}

fn find(id: &str, allowed: &[Format]) -> Result<Format, Error> {
    let known = Format::from_id(id);
    if let Some(format) = known.filter(|format| allowed.contains(format)) {
        return Ok(format);
    }
    let ids = || allowed.iter().map(|format| format.id());
    let all = ids().collect::<Vec<_>>();
    let message = match known {
        Some(_) => Text::new(format!("this command has no {id} report"), format!("此命令没有 {id} 格式的报告")),
        None => Text::new(format!("no format named '{id}'"), format!("没有名为“{id}”的格式")),
    };
    let help = match nearest(id, ids()).filter(|_| known.is_none()) {
        Some(near) => Text::new(format!("did you mean '{near}'?"), format!("是否应为“{near}”？")),
        None => Text::new(format!("its formats are: {}", all.join(", ")), format!("可用格式：{}", all.join("、"))),
    };
    Err(Error::new(message, help))
}

/// Whether two names mean one file, there or yet to be written.
fn same(a: &Path, b: &Path) -> bool {
    let real = |path: &Path| -> Option<PathBuf> {
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let yet_to_be = || Some(folder.canonicalize().ok()?.join(path.file_name()?));
        path.canonicalize().ok().or_else(yet_to_be)
    };
    a == b || real(a).is_some_and(|a| real(b) == Some(a))
}

fn two_on_stdout() -> Error {
    Error::new(
        Text::new("two reports cannot both go to standard output", "两份报告不能同时写到标准输出"),
        Text::new("give one of them a file: -o FORMAT=FILE", "请为其中之一指定文件：-o FORMAT=FILE"),
    )
}

fn two_in_one_file(name: &str) -> Error {
    Error::new(
        Text::new(format!("two reports cannot both go to {name}"), format!("两份报告不能同时写到 {name}")),
        Text::new("give each report a file of its own", "请为每份报告指定各自的文件"),
    )
}

fn over_an_input(name: &str) -> Error {
    Error::new(
        Text::new(
            format!("{name} is an input; a report in its place would destroy it"),
            format!("{name} 是输入文件，报告会将其覆盖"),
        ),
        Text::new("give the report another name", "请为报告指定其他文件名"),
    )
}

fn unwritable(name: &str, cause: std::io::Error) -> Error {
    let (message, help) = match cause.kind() {
        ErrorKind::NotFound => (
            Text::new("the folder does not exist", "目录不存在"),
            Text::new("create the folder first", "请先创建该目录"),
        ),
        ErrorKind::IsADirectory => (
            Text::new("it is a directory", "它是一个目录"),
            Text::new("give the name of a file in it", "请指定其中的文件名"),
        ),
        ErrorKind::PermissionDenied => (
            Text::new("permission denied", "没有访问权限"),
            Text::new("check the folder's permissions", "请检查目录权限"),
        ),
        _ => (Text::same(&cause), Text::new("check the disk and the file it goes to", "请检查磁盘和输出文件")),
    };
    let message = Text::new(format!("cannot write {name}: {}", message.en), format!("无法写入 {name}：{}", message.zh));
    Error::new(message, help).because(cause)
}
