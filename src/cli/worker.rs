//! Work on untrusted files that a process of its own does, so that its end is not the program's.

use super::{BROKEN, CLEAN};
use crate::declared::{self, DeclaredError};
use crate::error::Error;
use crate::lang::Text;
use std::io::{Read, Write};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// Longest time for one document, above the limit that the reader keeps itself.
const TIME: Duration = Duration::from_secs(30);
/// Most memory of the process in bytes.
#[cfg(unix)]
const MEMORY: u64 = 1 << 30;

const TEXT: u8 = b'T';
const ENCRYPTED: u8 = b'E';
const NO_TEXT: u8 = b'N';
const NO_PAGES: u8 = b'P';
const TOO_LARGE: u8 = b'L';
const OTHER: u8 = b'B';

/// The child's side: a PDF on standard input, one letter and its text (or what is wrong) on standard output.
pub fn pdf_text() -> Result<u8, Error> {
    limit_memory();
    end_with_parent();
    let mut bytes = Vec::new();
    let read = std::io::stdin().lock().take(declared::MAX_BYTES + 1).read_to_end(&mut bytes);
    read.map_err(|cause| Error::io("stdin", cause))?;
    let (letter, text, code) = match declared::pdf_text(&bytes) {
        Ok(text) => (TEXT, text, CLEAN),
        Err(DeclaredError::Encrypted { .. }) => (ENCRYPTED, String::new(), BROKEN),
        Err(DeclaredError::NoText) => (NO_TEXT, String::new(), BROKEN),
        Err(DeclaredError::NoPages) => (NO_PAGES, String::new(), BROKEN),
        Err(DeclaredError::TooLarge { .. }) => (TOO_LARGE, String::new(), BROKEN),
        Err(DeclaredError::Broken { why, .. }) => (OTHER, why, BROKEN),
        Err(other) => (OTHER, other.to_string(), BROKEN),
    };
    let mut out = std::io::stdout().lock();
    out.write_all(&[letter])
        .and_then(|()| out.write_all(text.as_bytes()))
        .and_then(|()| out.flush())
        .map_err(|cause| Error::io("stdout", cause))?;
    Ok(code)
}

#[cfg(unix)]
fn limit_memory() {
    use nix::sys::resource::{Resource, setrlimit};
    // Where the system refuses, the time limit still holds.
    let _ = setrlimit(Resource::RLIMIT_AS, MEMORY, MEMORY);
}

#[cfg(not(unix))]
fn limit_memory() {}

/// A parent that is killed cannot keep the time limit.
#[cfg(target_os = "linux")]
fn end_with_parent() {
    let _ = nix::sys::prctl::set_pdeathsig(nix::sys::signal::Signal::SIGKILL);
}

#[cfg(not(target_os = "linux"))]
fn end_with_parent() {}

/// The parent's side: the text of a PDF, read in a child.
pub fn text_of_pdf(bytes: &[u8]) -> Result<String, Error> {
    let answer = ask(bytes).map_err(|cause| {
        let message = Text::new("cannot start a process to read the PDF", "无法启动读取 PDF 的进程");
        Error::new(message, Text::new("export the PDF as text and give that file", "请将 PDF 导出为文本后再提供"))
            .because(cause)
    })?;
    let broken = |why: &str| DeclaredError::Broken { format: "PDF", why: why.to_owned() };
    let error = match answer.as_deref().map(|answer| (answer.first().copied(), answer.get(1..).unwrap_or(&[]))) {
        None => broken("reading it takes too long"),
        Some((Some(TEXT), text)) => return Ok(String::from_utf8_lossy(text).into_owned()),
        Some((Some(ENCRYPTED), _)) => DeclaredError::Encrypted { format: "PDF" },
        Some((Some(NO_TEXT), _)) => DeclaredError::NoText,
        Some((Some(NO_PAGES), _)) => DeclaredError::NoPages,
        Some((Some(TOO_LARGE), _)) => DeclaredError::TooLarge { limit: declared::MAX_BYTES },
        Some((Some(OTHER), why)) => broken(&String::from_utf8_lossy(why)),
        Some(_) => broken("its reader ended without an answer"),
    };
    Err(error.into())
}

/// Everything the child says; `None` when it takes too long.
fn ask(bytes: &[u8]) -> std::io::Result<Option<Vec<u8>>> {
    let mut child = Command::new(std::env::current_exe()?)
        .args(["worker", "pdf-text"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        // A panic inside the library is told by its exit, not by its message.
        .stderr(Stdio::null())
        .spawn()?;
    let (stdin, stdout) = (child.stdin.take(), child.stdout.take());
    std::thread::scope(|scope| {
        scope.spawn(move || stdin.map(|mut stdin| stdin.write_all(bytes)));
        let answer = scope.spawn(move || {
            let mut answer = Vec::new();
            let read = stdout.map(|stdout| stdout.take(2 * declared::MAX_BYTES).read_to_end(&mut answer));
            read.transpose().map(|_| answer)
        });
        let in_time = wait(&mut child)?;
        let answer = answer.join().map_err(|_| std::io::Error::other("the reader's answer is lost"))??;
        Ok(in_time.then_some(answer))
    })
}

/// Whether the child ended by itself in time; it has ended in any case.
fn wait(child: &mut Child) -> std::io::Result<bool> {
    let start = Instant::now();
    let mut pause = Duration::from_millis(1);
    while child.try_wait()?.is_none() {
        if start.elapsed() > TIME {
            child.kill()?;
            child.wait()?;
            return Ok(false);
        }
        std::thread::sleep(pause);
        pause = (pause * 2).min(Duration::from_millis(50));
    }
    Ok(true)
}
