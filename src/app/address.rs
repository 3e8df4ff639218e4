//! Inputs that are no files: objects at `s3://`, `gs://` and `https://` addresses. They are read with the cargo feature `remote`.

use super::bytes::Source;
use crate::error::Error;
use crate::lang::Text;
use std::io::{self, Read};
use std::path::Path;
use std::sync::{Arc, OnceLock};

/// How much of an object is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Extent {
    /// All of it, in one piece.
    Whole,
    /// All of it, once more: it counts as one object with the first time.
    Again,
    /// What is asked for.
    Parts,
}

/// What was fetched from addresses since the program began.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Traffic {
    /// Objects that were opened.
    pub objects: u64,
    /// Their bytes.
    pub bytes: u64,
    /// Bytes that were fetched of them. More than there are where an object had to be read twice.
    pub fetched: u64,
    /// Requests that were answered.
    pub requests: u64,
}

/// Tells whether fetching has failed on the way: then what looks cut or damaged is not the app's fault.
#[derive(Clone, Debug, Default)]
pub(super) struct Trouble(Arc<OnceLock<String>>);

impl Trouble {
    /// Keeps the first cause.
    #[cfg(feature = "remote")]
    pub fn note(&self, cause: &io::Error) {
        let _ = self.0.set(cause.to_string());
    }

    /// A result, unless fetching has failed.
    pub fn over<T>(&self, result: Result<T, Error>) -> Result<T, Error> {
        match self.0.get() {
            Some(cause) => Err(not_fetched(cause)),
            None => result,
        }
    }
}

/// The error of what stands at an address and cannot be had.
pub(super) fn not_fetched(cause: &impl std::fmt::Display) -> Error {
    Error::new(
        Text::new(format!("it cannot be fetched: {cause}"), format!("无法获取：{cause}")),
        Text::new("check address, credentials and network, then run again", "请检查地址、凭据和网络，然后重新运行"),
    )
}

/// Whether an input is named by its address: `SCHEME://…`, with a scheme that is no drive letter.
pub fn is_address(path: &Path) -> bool {
    scheme(path).is_some()
}

fn scheme(path: &Path) -> Option<&str> {
    let (scheme, _) = path.to_str()?.split_once("://")?;
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte);
    (scheme.len() > 1 && scheme.bytes().all(plain)).then_some(scheme)
}

/// Opens what stands at an address.
#[cfg(feature = "remote")]
pub(super) use super::remote::open;

#[cfg(not(feature = "remote"))]
pub(super) fn open(_: &Path, _: Extent) -> io::Result<Source> {
    let message = Text::new(
        "this sdkaudit was built without remote and reads no addresses",
        "此 sdkaudit 构建时未启用 remote 功能，不能读取网络地址",
    );
    let help = Text::new(
        "cargo install sdkaudit --features remote; or fetch the file and give its path",
        "请运行 cargo install sdkaudit --features remote；或先下载文件并提供其路径",
    );
    Err(io::Error::other(Error::new(message, help)))
}

/// What was fetched from addresses so far.
#[cfg(feature = "remote")]
pub use super::remote::traffic;

/// What was fetched from addresses so far: without the feature nothing.
#[cfg(not(feature = "remote"))]
pub fn traffic() -> Traffic {
    Traffic::default()
}

/// The first `limit` bytes of a document, from a file or an address.
///
/// # Errors
/// When it cannot be opened or read.
pub fn read_document(path: &Path, limit: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    if is_address(path) {
        let source = Source::open(path)?;
        bytes.resize(source.len().min(limit) as usize, 0);
        let length = source.read_at(0, &mut bytes)?;
        bytes.truncate(length);
    } else {
        // A document may come from a pipe.
        std::fs::File::open(path)?.take(limit).read_to_end(&mut bytes)?;
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_no_paths() {
        for address in ["s3://bucket/a.apk", "gs://b/c", "https://host/x.apk?sig=1", "hdfs://x/y"] {
            assert!(is_address(Path::new(address)), "{address}");
        }
        for path in ["a.apk", "/s3/a.apk", "C://a.apk", "s3:/a.apk", "./a b://c.apk", "://x", ""] {
            assert!(!is_address(Path::new(path)), "{path}");
        }
    }

    #[cfg(not(feature = "remote"))]
    #[test]
    fn without_the_feature_the_error_says_what_to_do() {
        let cause = Source::open(Path::new("s3://bucket/a.apk")).expect_err("not built in");
        let error = Error::io("s3://bucket/a.apk", cause);
        assert!(error.help.en.contains("--features remote"), "{error:?}");
        assert!(error.headline(crate::lang::Lang::Zh).starts_with("无法读取 s3://bucket/a.apk"), "{error:?}");
    }
}
