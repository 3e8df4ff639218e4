//! Where a file lies, as other tools want to read it: relative to the folder in which the program ran, with `/`.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use std::path::{Component, Path, PathBuf};

/// All but the unreserved characters of RFC 3986 and the slash between segments.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b'/');

/// A file as seen from the root.
pub struct Place {
    /// With `/` between segments; absolute where the file lies outside the root.
    pub path: String,
    /// Whether it lies below the root.
    pub inside: bool,
}

impl Place {
    /// The place of a file that the user named, whose working directory is `root`.
    pub fn of(name: &str, root: &Path) -> Place {
        let whole = tidy(&root.join(name));
        match whole.strip_prefix(tidy(root)) {
            Ok(path) => Place { path: slashed(path), inside: true },
            Err(_) => Place { path: slashed(&whole), inside: false },
        }
    }

    /// A URI reference: relative inside the root, else `file:///…`.
    pub fn uri(&self) -> String {
        let encoded = utf8_percent_encode(&self.path, RESERVED);
        match self.inside {
            true => encoded.to_string(),
            false => format!("file:///{}", encoded.to_string().trim_start_matches('/')),
        }
    }
}

/// Without `.` and `..`, by the words alone.
fn tidy(path: &Path) -> PathBuf {
    let mut out = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => _ = out.pop(),
            part => out.push(part),
        }
    }
    out
}

fn slashed(path: &Path) -> String {
    let text = path.to_string_lossy();
    if cfg!(windows) { text.replace('\\', "/") } else { text.into_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn relative_inside_and_absolute_outside() {
        let root = Path::new("/work/app");
        let uri = |name| Place::of(name, root).uri();
        assert_eq!(uri("./docs/../policy.md"), "policy.md");
        assert_eq!(uri("/work/app/docs/隐私 1.md"), "docs/%E9%9A%90%E7%A7%81%201.md");
        assert_eq!(uri("a:b%?#.md"), "a%3Ab%25%3F%23.md");
        assert_eq!(uri("../other/policy.md"), "file:///work/other/policy.md");
        assert!(!Place::of("/work/application/x", root).inside);
        assert_eq!(Place::of("../../../../x", root).path, "/x");
    }
}
