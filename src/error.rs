//! The error of this crate: the question cannot be answered for this input.
//!
//! An error says what failed, where (file, entry, offset) and what to do next, in both languages, and keeps its cause.
//! Unreadable *parts* of an app are no errors but [gaps](crate::app::Gap).

use crate::lang::{Lang, Text};
use std::error::Error as StdError;
use std::fmt;

/// Why an input could not be answered for. One word wide; what it says stands in [`ErrorBody`].
#[derive(Debug)]
pub struct Error(Box<ErrorBody>);

/// What an [`Error`] says.
#[derive(Debug)]
pub struct ErrorBody {
    /// The file as the user named it; empty while a reader below does not know it.
    pub input: String,
    /// The entry inside the file.
    pub entry: Option<String>,
    /// Byte offset inside the entry, or inside the file where there is no entry.
    pub offset: Option<u64>,
    /// What failed: a predicate of the entry where there is one ("ends inside the string pool"), else a clause.
    pub message: Text,
    /// Single mistakes, where a file has several.
    pub details: Vec<Text>,
    /// What to do next.
    pub help: Text,
    cause: Option<Box<dyn StdError + Send + Sync>>,
}

impl Error {
    /// An error with its message and the next step.
    pub fn new(message: Text, help: Text) -> Error {
        let (input, details) = (String::new(), Vec::new());
        Error(Box::new(ErrorBody { input, entry: None, offset: None, message, details, help, cause: None }))
    }

    /// Names the input, unless a reader below has done so.
    pub fn in_input(mut self, input: &str) -> Error {
        if self.input.is_empty() {
            self.0.input = input.to_owned();
        }
        self
    }

    /// Names the entry inside the input.
    pub fn in_entry(mut self, entry: &str) -> Error {
        self.0.entry = Some(entry.to_owned());
        self
    }

    /// Names the byte offset.
    pub fn at(mut self, offset: u64) -> Error {
        self.0.offset = Some(offset);
        self
    }

    /// Lists single mistakes.
    pub fn with_details(mut self, details: Vec<Text>) -> Error {
        self.0.details = details;
        self
    }

    /// Keeps the cause.
    pub fn because(mut self, cause: impl Into<Box<dyn StdError + Send + Sync>>) -> Error {
        self.0.cause = Some(cause.into());
        self
    }

    /// An input/output error while reading `input`. One that brings its own message keeps it.
    pub fn io(input: &str, cause: std::io::Error) -> Error {
        use std::io::ErrorKind;
        let cause = match cause.downcast::<Error>() {
            Ok(told) => return told.in_input(input),
            Err(cause) => cause,
        };
        let (message, help) = match cause.kind() {
            ErrorKind::NotFound if input == "-" => (
                Text::new("it cannot come from standard input here", "此处不能使用标准输入"),
                Text::new("save it to a file and give its path", "请保存为文件并提供其路径"),
            ),
            ErrorKind::NotFound => {
                (Text::new("no such file or directory", "文件或目录不存在"), Text::new("check the path", "请检查路径"))
            }
            ErrorKind::PermissionDenied => (
                Text::new("permission denied", "没有访问权限"),
                Text::new("check the file's permissions", "请检查文件权限"),
            ),
            ErrorKind::InvalidInput => (
                Text::new("it is not a regular file", "不是普通文件"),
                Text::new("save it to a file and give its path", "请保存为文件并提供其路径"),
            ),
            _ => (Text::same(&cause), Text::new("check that the file can be read", "请确认文件可读")),
        };
        Error::new(message, help).in_input(input).because(cause)
    }

    /// `cannot read <input>: <entry> <message>`, without offset and help.
    pub fn headline(&self, lang: Lang) -> String {
        let message = self.message.get(lang);
        let message = match &self.entry {
            Some(entry) => format!("{entry} {message}"),
            None => message.to_owned(),
        };
        match (self.input.is_empty(), lang) {
            (true, _) => message,
            (false, Lang::En) => format!("cannot read {}: {message}", self.input),
            (false, Lang::Zh) => format!("无法读取 {}：{message}", self.input),
        }
    }

    /// `<input>, entry <entry>, offset 0x…`; `None` where only the input is known.
    pub fn place(&self, lang: Lang) -> Option<String> {
        let mut place = self.input.clone();
        if let Some(entry) = &self.entry {
            place += &format!("{}{entry}", lang.pick(", entry ", "，条目 "));
        }
        if let Some(offset) = self.offset {
            place += &format!("{}{offset:#x}", lang.pick(", offset ", "，偏移 "));
        }
        (self.entry.is_some() || self.offset.is_some()).then_some(place)
    }
}

impl std::ops::Deref for Error {
    type Target = ErrorBody;

    fn deref(&self) -> &ErrorBody {
        &self.0
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.headline(Lang::En))?;
        self.place(Lang::En).map_or(Ok(()), |place| write!(f, " ({place})"))
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.cause.as_deref().map(|cause| cause as &(dyn StdError + 'static))
    }
}
