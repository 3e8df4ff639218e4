//! Documents and settings files as they are given.

use crate::app;
use crate::declared;
use crate::error::Error;
use crate::lang::Text;
use crate::report::SettingsFile;
use sha2::{Digest, Sha256};
use std::io::Read;
use std::path::Path;

/// The name and content of a document; `-` is standard input. What is larger than any document is not read to its end.
pub(super) fn read_input(path: &Path) -> Result<(String, Vec<u8>), Error> {
    let limit = declared::MAX_BYTES + 1;
    if path == Path::new("-") {
        let mut bytes = Vec::new();
        std::io::stdin().lock().take(limit).read_to_end(&mut bytes).map_err(|cause| Error::io("stdin", cause))?;
        return within_limit("stdin".to_owned(), bytes);
    }
    let name = path.display().to_string();
    let bytes = app::read_document(path, limit).map_err(|cause| Error::io(&name, cause))?;
    within_limit(name, bytes)
}

fn within_limit(name: String, bytes: Vec<u8>) -> Result<(String, Vec<u8>), Error> {
    if bytes.len() as u64 > declared::MAX_BYTES {
        let error = declared::DeclaredError::TooLarge { limit: declared::MAX_BYTES };
        return Err(Error::from(error).in_input(&name));
    }
    Ok((name, bytes))
}

/// The text of a settings file, and how reports name it.
pub(super) fn read_settings(path: &Path) -> Result<(String, SettingsFile), Error> {
    let (path, bytes) = read_input(path)?;
    let sha256 = Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect();
    let text = String::from_utf8(bytes).map_err(|cause| {
        let message = Text::new("it is not UTF-8 text", "不是 UTF-8 文本");
        Error::new(message, Text::new("save it as UTF-8", "请保存为 UTF-8")).in_input(&path).because(cause)
    })?;
    Ok((text, SettingsFile { path, sha256 }))
}
