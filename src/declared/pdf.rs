//! The text of a PDF, through a library that is kept at arm's length: it may panic or take for ever on a bad file.
//!
//! The command line goes further and reads PDFs in a process of their own (`sdkaudit worker pdf-text`), so that running
//! out of memory costs the document only.

mod glyphs;
mod page;

use super::DeclaredError;
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::Duration;

/// Longest time for one document.
pub(super) const TIME: Duration = Duration::from_secs(20);
/// Most bytes of text taken out of a document.
const MAX_TEXT: usize = 16 << 20;
/// Deeply nested objects are walked by recursion.
const STACK: usize = 64 << 20;

/// The text of all pages, lines as they stand on the page.
///
/// # Errors
/// A broken, encrypted or too large document, and one that holds images only.
pub(super) fn text(bytes: &[u8]) -> Result<String, DeclaredError> {
    read(bytes).map_err(|error| match error {
        // What a locked document gives without its password is noise or nothing.
        DeclaredError::NoText | DeclaredError::NoPages | DeclaredError::Broken { .. } if is_locked(bytes) => {
            DeclaredError::Encrypted { format: "PDF" }
        }
        error => error,
    })
}

fn is_locked(bytes: &[u8]) -> bool {
    memchr::memmem::find(bytes, b"/Encrypt").is_some()
}

fn read(bytes: &[u8]) -> Result<String, DeclaredError> {
    let bytes = bytes.to_vec();
    let (sender, receiver) = channel();
    let read = move || {
        let text = glyphs::text(&bytes).map_err(|error| broken(&error.to_string()));
        let _ = sender.send(text);
    };
    let thread =
        std::thread::Builder::new().stack_size(STACK).spawn(read).map_err(|error| broken(&error.to_string()))?;
    let text = match receiver.recv_timeout(TIME) {
        Ok(text) => text?.ok_or(DeclaredError::NoPages)?,
        Err(RecvTimeoutError::Timeout) => return Err(broken("reading it takes too long")),
        Err(RecvTimeoutError::Disconnected) => {
            let _ = thread.join();
            return Err(broken("its objects cannot be followed"));
        }
    };
    checked(text)
}

/// The text, when there is some and not too much.
pub(super) fn checked(text: String) -> Result<String, DeclaredError> {
    /// Fewer letters than this are page numbers on scanned pages.
    const FEW: usize = 20;
    if text.len() > MAX_TEXT {
        return Err(DeclaredError::TooLarge { limit: MAX_TEXT as u64 });
    }
    let letters = text.chars().filter(|c| c.is_alphabetic()).take(FEW).count();
    if letters < FEW { Err(DeclaredError::NoText) } else { Ok(without_spacing(text)) }
}

/// The text without the empty lines that wide line spacing leaves between all lines, so that paragraphs are told apart.
fn without_spacing(text: String) -> String {
    let lines: Vec<&str> = text.trim_matches('\n').lines().collect();
    let is_blank = |line: &&str| line.trim().is_empty();
    let words = lines.iter().filter(|line| !is_blank(line)).count();
    let followed = lines.windows(2).filter(|pair| !is_blank(&pair[0]) && is_blank(&pair[1])).count();
    if followed * 10 < words * 8 {
        return text;
    }
    // One empty line is spacing, more of them are a gap.
    let mut out = String::with_capacity(text.len());
    let mut blanks = 0;
    for line in lines {
        blanks = if is_blank(&line) { blanks + 1 } else { 0 };
        if blanks != 1 {
            out.push_str(line);
            out.push('\n');
        }
    }
    out
}

pub(super) fn broken(why: &str) -> DeclaredError {
    DeclaredError::Broken { format: "PDF", why: why.to_owned() }
}
