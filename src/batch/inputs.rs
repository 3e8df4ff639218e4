//! What a batch reads: every app once, the largest first. Of each only path and length are kept.

use super::{discover_one, group, is_app, manifest};
use crate::app::is_address;
use crate::error::Error;
use crate::lang::Text;
use sha2::{Digest, Sha256};
use std::cmp::Reverse;
use std::fs::{self, File};
use std::io::{BufReader, Read};
use std::path::{Path, PathBuf};

/// How much of a file tells whether it is text.
const HEAD: u64 = 512;

/// One app to read.
#[derive(Debug)]
pub struct Input {
    /// The file.
    pub path: PathBuf,
    /// Its length when it was found; `None` where the file cannot be looked at. At an address: what the manifest says.
    pub bytes: Option<u64>,
    /// The policy that a manifest names for it.
    pub policy: Option<PathBuf>,
    /// The SHA-256 that a manifest says it has, hex, in lower case.
    pub sha256: Option<String>,
    /// Further parts of the app: its row is that of the base.
    pub splits: Vec<PathBuf>,
    /// The length that a manifest says it has.
    pub size: Option<u64>,
    /// Why there is nothing to read: it still gets its row.
    pub refused: Option<Error>,
}

impl Input {
    /// The path as rows and messages show it.
    pub fn name(&self) -> String {
        self.path.display().to_string()
    }

    pub(super) fn new(path: PathBuf) -> Input {
        Input { path, bytes: None, policy: None, sha256: None, size: None, splits: Vec::new(), refused: None }
    }

    /// What a line on its own asks for: a path or address, or a JSON object with `uri` (or `path`), `policy`, `sha256` and `size`.
    /// There is an input for every line; one that asks for nothing is refused.
    pub fn of_request(line: &[u8]) -> Input {
        manifest::request(line).weighed()
    }

    /// Whether it is named by its address: then nothing of it is known before it is fetched.
    pub(super) fn is_remote(&self) -> bool {
        is_address(&self.path)
    }

    fn weighed(self) -> Input {
        let bytes = match &self.refused {
            Some(_) => None,
            None if self.is_remote() => self.size,
            None => fs::metadata(&self.path).ok().filter(fs::Metadata::is_file).map(|file| file.len()),
        };
        Input { bytes, ..self }
    }

    /// What a manifest says besides the path.
    fn meant(&self) -> (&Option<PathBuf>, &Option<String>, Option<u64>) {
        (&self.policy, &self.sha256, self.size)
    }

    /// Whether it is a file of which no manifest says anything.
    pub(super) fn is_plain(&self) -> bool {
        !self.is_remote() && self.meant() == (&None, &None, None)
    }

    /// Whether two inputs mean one file. Of an address every letter counts.
    fn is(&self, other: &Input) -> bool {
        self.path == other.path && (!self.is_remote() || self.path.as_os_str() == other.path.as_os_str())
    }
}

/// One part of several that runs of their own read: `number` of `of`, counted from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shard {
    number: u32,
    of: u32,
}

impl Shard {
    /// Reads `2/5`; `None` where that is no part of anything.
    pub fn parse(text: &str) -> Option<Shard> {
        let (number, of) = text.split_once('/')?;
        let shard = Shard { number: number.parse().ok()?, of: of.parse().ok()? };
        (1..=shard.of).contains(&shard.number).then_some(shard)
    }

    /// Whether a path belongs to this part: by its SHA-256, so that the answer is the same on every machine and in every version.
    fn holds(self, path: &str) -> bool {
        let digest = Sha256::digest(path.as_bytes());
        let head = digest.iter().take(8).fold(0_u64, |head, byte| head << 8 | u64::from(*byte));
        head % u64::from(self.of) == u64::from(self.number - 1)
    }
}

/// All apps that the arguments name: APK files, directories that hold some, manifests, `-` for a manifest on standard input. Each
/// path once, the largest file first, files of one length by path.
///
/// # Errors
/// When a manifest cannot be read or has mistakes, or when there is nothing to read at all.
pub fn collect(arguments: &[PathBuf], shard: Option<Shard>) -> Result<Vec<Input>, Error> {
    let mut inputs = Vec::new();
    for argument in arguments {
        inputs.extend(named_by(argument)?);
    }
    if inputs.is_empty() {
        let message =
            Text::new("there is nothing to read: the manifest names no app", "没有可读取的内容：清单未列出应用");
        return Err(Error::new(message, Text::new("write one path a line", "请每行写一个路径")));
    }
    inputs.sort_by(|a, b| a.path.cmp(&b.path).then_with(|| a.path.as_os_str().cmp(b.path.as_os_str())));
    check_twice(&inputs)?;
    inputs.dedup_by(|later, first| later.is(first));
    group::inputs(&mut inputs);
    inputs.retain(|input| shard.is_none_or(|shard| shard.holds(&input.name())));
    let mut inputs: Vec<Input> = inputs.into_iter().map(Input::weighed).collect();
    inputs.sort_by_key(|input| Reverse(input.bytes));
    Ok(inputs)
}

fn named_by(argument: &Path) -> Result<Vec<Input>, Error> {
    if argument == Path::new("-") {
        return manifest::read("stdin", Path::new(""), std::io::stdin().lock());
    }
    if argument.is_dir() || is_app(argument) || !is_text(argument) {
        return Ok(discover_one(argument).into_iter().map(found).collect());
    }
    let name = argument.display().to_string();
    let file = File::open(argument).map_err(|cause| Error::io(&name, cause))?;
    manifest::read(&name, argument.parent().unwrap_or(Path::new("")), BufReader::new(file))
}

/// What stands in an argument's place: a file, or why there is none.
fn found(result: Result<PathBuf, Error>) -> Input {
    match result {
        Ok(path) => Input::new(path),
        Err(error) => Input { path: PathBuf::from(&error.input), refused: Some(error), ..Input::new(PathBuf::new()) },
    }
}

/// Whether a file begins like text; one that cannot be read does not.
fn is_text(path: &Path) -> bool {
    let mut head = Vec::new();
    let read = fs::metadata(path).is_ok_and(|file| file.is_file())
        && File::open(path).is_ok_and(|file| file.take(HEAD).read_to_end(&mut head).is_ok());
    let cut = |error: std::str::Utf8Error| error.error_len().is_none();
    read && !head.starts_with(b"PK") && !head.contains(&0) && std::str::from_utf8(&head).map_or_else(cut, |_| true)
}

/// One app with two policies would be two answers to one question.
fn check_twice(sorted: &[Input]) -> Result<(), Error> {
    let same_path = sorted.chunk_by(Input::is);
    let clash = |same: &&[Input]| same.iter().any(|one| one.meant() != same[0].meant());
    let details: Vec<Text> = same_path.filter(clash).map(|same| Text::same(same[0].name())).collect();
    if details.is_empty() {
        return Ok(());
    }
    let message =
        Text::new("apps are named twice, with different policies or digests", "同一应用列出两次，且政策或摘要不同");
    Err(Error::new(message, Text::new("keep one line for each app", "请为每个应用只保留一行")).with_details(details))
}
