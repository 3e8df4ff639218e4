//! Which format a document is in.

use super::{DeclaredError, forms};
use crate::lang::Text;

/// Formats that are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Format {
    /// Plain text and Markdown: one reader, because policies mix them freely.
    Text,
    /// A page of HTML that begins at an offset, behind front matter.
    Html { start: usize },
    /// HTML made from a Word document.
    Docx,
    /// Values separated by commas, semicolons or tabs.
    Delimited { tabs: bool },
    /// The form of Google Play's Data safety section.
    PlayDataSafety,
    /// A property list in XML.
    Plist,
    /// The object that `sdkaudit extract` prints, or a bare array of records.
    Json,
}

/// What a container is known by, before anything is decoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Container {
    /// Word document.
    Docx,
    /// PDF.
    Pdf,
    /// Property list in its binary form.
    Plist,
}

/// The container that the bytes are, if any.
///
/// # Errors
/// [`DeclaredError::Unsupported`] for a format known by name but not read, [`DeclaredError::Encrypted`].
pub(super) fn container(name: &str, bytes: &[u8]) -> Result<Option<Container>, DeclaredError> {
    let holds = |name: &str| memchr::memmem::find(bytes, name.as_bytes()).is_some();
    let format = match bytes {
        // Some writers put a few bytes before the mark; readers allow 1024.
        _ if bytes.starts_with(b"%PDF") || pdf_behind_noise(bytes) => return Ok(Some(Container::Pdf)),
        _ if bytes.starts_with(b"bplist00") => return Ok(Some(Container::Plist)),
        [b'P', b'K', 3, 4, ..] if extension(name) == "docx" || holds("word/") => return Ok(Some(Container::Docx)),
        [b'P', b'K', 3, 4, ..] => "zipped (XLSX, ODT, …)",
        [0xD0, 0xCF, 0x11, 0xE0, ..] if extension(name) == "docx" => {
            return Err(DeclaredError::Encrypted { format: "Word document (DOCX)" });
        }
        [0xD0, 0xCF, 0x11, 0xE0, ..] => "Word (DOC)",
        [b'{', b'\\', b'r', b't', b'f', ..] => "RTF",
        _ => return Ok(None),
    };
    let help = Text::new(
        "save it as DOCX, HTML, CSV or plain text and give that file",
        "请另存为 DOCX、HTML、CSV 或纯文本后再提供",
    );
    Err(DeclaredError::Unsupported { format, help })
}

fn pdf_behind_noise(bytes: &[u8]) -> bool {
    let head = bytes.get(..1024).unwrap_or(bytes);
    memchr::memchr(0, head).is_some() && memchr::memmem::find(head, b"%PDF-").is_some()
}

/// The format of decoded text, by content first and file extension second.
pub(super) fn format(name: &str, text: &str) -> Format {
    let start: String = text.trim_start().chars().take(16).collect::<String>().to_ascii_lowercase();
    let extension = extension(name);
    if forms::is_plist(text) {
        return Format::Plist;
    }
    if let Some(start) = page_start(text, &extension) {
        return Format::Html { start };
    }
    if forms::is_play(text) {
        return Format::PlayDataSafety;
    }
    if matches!(extension.as_str(), "csv" | "tsv") {
        return Format::Delimited { tabs: extension == "tsv" };
    }
    let looks_like_json =
        start.starts_with('{') || (start.starts_with('[') && start[1..].trim_start().starts_with(['{', ']']));
    if extension == "json" || looks_like_json { Format::Json } else { Format::Text }
}

/// Where a page begins: at its first tag, behind YAML between two `---` lines.
fn page_start(text: &str, extension: &str) -> Option<usize> {
    let mut start = text.len() - text.trim_start_matches(super::source::is_blank).len();
    if let Some(rest) = text[start..].strip_prefix("---")
        && let Some(end) = rest.find("\n---")
    {
        let after = start + 3 + end + 4;
        start = after + (text[after..].len() - text[after..].trim_start().len());
    }
    // An XML declaration and comments may come first.
    let head: String = text[start..].chars().take(2000).collect::<String>().to_ascii_lowercase();
    let begins = ["<!doctype html", "<html", "<head>", "<body"].iter().any(|tag| head.starts_with(tag));
    let behind = (head.starts_with("<?xml") || head.starts_with("<!--"))
        && ["<!doctype html", "<html"].iter().any(|tag| head.contains(tag));
    (begins || behind || matches!(extension, "html" | "htm" | "xhtml")).then_some(start)
}

fn extension(name: &str) -> String {
    std::path::Path::new(name).extension().map(|e| e.to_string_lossy().to_lowercase()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_are_told_apart() {
        for (name, text, format) in [
            ("a.txt", "{\"sdks\": []}", Format::Json),
            ("a", "[ {}]", Format::Json),
            ("a.json", "sdks", Format::Json),
            ("a.md", "[link](x)", Format::Text),
            ("a.md", "[[Special] note]", Format::Text),
            ("a.md", "<table>", Format::Text),
            ("a.HTML", "x", Format::Html { start: 0 }),
            ("a.txt", "\n<!DOCTYPE html><p>", Format::Html { start: 1 }),
            ("a.md", "---\na: b\n---\n<html>", Format::Html { start: 13 }),
            ("a.txt", "Q,R\nPSL_DATA_TYPES_PERSONAL,PSL_NAME,true", Format::PlayDataSafety),
            ("PrivacyInfo.xcprivacy", "<?xml?><plist version=\"1.0\">", Format::Plist),
            ("a.csv", "a,b", Format::Delimited { tabs: false }),
        ] {
            assert_eq!(super::format(name, text), format, "{name}: {text}");
        }
    }

    #[test]
    fn containers_are_known_by_their_first_bytes() {
        assert_eq!(container("a.docx", b"PK\x03\x04...").unwrap(), Some(Container::Docx));
        assert_eq!(container("a", b"PK\x03\x04... word/document.xml").unwrap(), Some(Container::Docx));
        assert_eq!(container("a", b"%PDF-1.7").unwrap(), Some(Container::Pdf));
        assert_eq!(container("a.pdf", b"text").unwrap(), None);
        for bytes in [&b"PK\x03\x04..."[..], b"{\\rtf1", b"\xd0\xcf\x11\xe0"] {
            assert!(matches!(container("a.doc", bytes), Err(DeclaredError::Unsupported { .. })));
        }
        let encrypted = container("a.docx", b"\xd0\xcf\x11\xe0");
        assert!(matches!(encrypted, Err(DeclaredError::Encrypted { .. })));
    }
}
