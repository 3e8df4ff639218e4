//! Bytes → text, and which format the text is in.

use super::DeclaredError;
use crate::lang::Text;

/// Formats that are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Format {
    /// Plain text and Markdown: one reader, because policies mix them freely.
    Text,
    /// The object that `sdkaudit extract` prints, or a bare array of records.
    Json,
}

/// Decodes UTF-8 (with or without byte order mark) and UTF-16 with byte order mark.
pub(super) fn decode(bytes: &[u8]) -> Result<String, DeclaredError> {
    let text = match bytes {
        [0xEF, 0xBB, 0xBF, rest @ ..] => utf8(rest, 3)?,
        [0xFF, 0xFE, rest @ ..] => utf16(rest, u16::from_le_bytes)?,
        [0xFE, 0xFF, rest @ ..] => utf16(rest, u16::from_be_bytes)?,
        _ => utf8(bytes, 0)?,
    };
    if text.chars().all(|c| c.is_whitespace() || c == '\u{feff}') {
        return Err(DeclaredError::Empty);
    }
    Ok(text)
}

fn utf8(bytes: &[u8], skipped: usize) -> Result<String, DeclaredError> {
    let bad = |offset| DeclaredError::Encoding { encoding: "UTF-8", offset: offset + skipped };
    let text = std::str::from_utf8(bytes).map_err(|error| bad(error.valid_up_to()))?;
    // UTF-16 without a mark and binary files are valid UTF-8 surprisingly often; no policy holds a NUL.
    match memchr::memchr(0, bytes) {
        Some(offset) => Err(bad(offset)),
        None => Ok(text.to_owned()),
    }
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Result<String, DeclaredError> {
    let bad = |offset| DeclaredError::Encoding { encoding: "UTF-16", offset };
    let mut text = String::with_capacity(bytes.len());
    let units = bytes.chunks_exact(2).map(|pair| unit([pair[0], pair[1]]));
    let mut offset = 2;
    for decoded in char::decode_utf16(units) {
        let c = decoded.map_err(|_| bad(offset))?;
        offset += c.len_utf16() * 2;
        text.push(c);
    }
    if bytes.len() % 2 == 1 { Err(bad(offset)) } else { Ok(text) }
}

/// Decides the format by content first, by file extension second, and refuses what is not read yet.
///
/// # Errors
/// [`DeclaredError::Unsupported`] for a format known by name but not read.
pub(super) fn refuse_binary(name: &str, bytes: &[u8]) -> Result<(), DeclaredError> {
    let extension = extension(name);
    let format = match bytes {
        [b'%', b'P', b'D', b'F', ..] => "PDF",
        [b'P', b'K', 3, 4, ..] if extension == "docx" => "Word (DOCX)",
        [b'P', b'K', 3, 4, ..] => "zipped (DOCX, XLSX, ODT)",
        [0xD0, 0xCF, 0x11, 0xE0, ..] => "Word (DOC)",
        [b'{', b'\\', b'r', b't', b'f', ..] => "RTF",
        _ => return Ok(()),
    };
    let help =
        Text::new("export it as plain text or Markdown and give that file", "请导出为纯文本或 Markdown 后再提供");
    Err(DeclaredError::Unsupported { format, help })
}

fn html() -> DeclaredError {
    let help = Text::new(
        "save the page as text from the browser, or convert it to Markdown (for example: pandoc -t gfm), and give that file",
        "请在浏览器中将页面另存为文本，或转换为 Markdown（例如：pandoc -t gfm）后再提供",
    );
    DeclaredError::Unsupported { format: "HTML", help }
}

/// The format of decoded text.
///
/// # Errors
/// [`DeclaredError::Unsupported`] for HTML and CSV.
pub(super) fn format(name: &str, text: &str) -> Result<Format, DeclaredError> {
    let start: String = text.trim_start().chars().take(16).collect::<String>().to_ascii_lowercase();
    let extension = extension(name);
    if matches!(extension.as_str(), "html" | "htm" | "xhtml")
        || start.starts_with("<!doctype html")
        || start.starts_with("<html")
    {
        return Err(html());
    }
    if matches!(extension.as_str(), "csv" | "tsv") {
        let help = Text::new(
            "turn it into a Markdown table or canonical JSON and give that file",
            "请转换为 Markdown 表格或规范 JSON 后再提供",
        );
        return Err(DeclaredError::Unsupported { format: "CSV", help });
    }
    let looks_like_json =
        start.starts_with('{') || (start.starts_with('[') && start[1..].trim_start().starts_with(['{', ']']));
    Ok(if extension == "json" || looks_like_json { Format::Json } else { Format::Text })
}

/// Refuses text that is mostly HTML: a list in it could not be seen, and must not be reported as absent.
///
/// # Errors
/// [`DeclaredError::Unsupported`].
pub(super) fn refuse_html_paragraphs(text: &str) -> Result<(), DeclaredError> {
    const FEW: usize = 10;
    let lower = text.to_ascii_lowercase();
    let blocks: usize = ["<p", "<div", "<td", "<li", "<span"].iter().map(|tag| lower.matches(tag).count()).sum();
    let lines = lower.lines().filter(|line| !line.trim().is_empty()).count();
    if blocks < FEW || blocks * 8 < lines {
        return Ok(());
    }
    Err(html())
}

fn extension(name: &str) -> String {
    std::path::Path::new(name).extension().map(|e| e.to_string_lossy().to_lowercase()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn byte_order_marks_are_honoured_and_dropped() {
        let utf16 = |units: Vec<u16>, bytes: fn(u16) -> [u8; 2]| units.into_iter().flat_map(bytes).collect::<Vec<u8>>();
        let units: Vec<u16> = "\u{feff}SDK名称：𠀀".encode_utf16().collect();
        assert_eq!(decode(&utf16(units.clone(), u16::to_le_bytes)).unwrap(), "SDK名称：𠀀");
        assert_eq!(decode(&utf16(units, u16::to_be_bytes)).unwrap(), "SDK名称：𠀀");
        assert_eq!(decode("\u{feff}无".as_bytes()).unwrap(), "无");
    }

    #[test]
    fn other_encodings_are_named_with_offset_and_next_step() {
        let gbk = b"SDK\xc3\xfb\xb3\xc6";
        let message = decode(gbk).unwrap_err().to_string();
        assert!(message.contains("offset 3") && message.contains("UTF-8"), "{message}");
        let message = decode(b"\xff\xfea\0b").unwrap_err().to_string();
        assert!(message.contains("UTF-16 at byte offset 4"), "{message}");
        let message = decode(b"\xff\xfea\0\x00\xd8b\0").unwrap_err().to_string();
        assert!(message.contains("UTF-16 at byte offset 4"), "{message}");
        let message = decode(b"a\0b\0").unwrap_err().to_string();
        assert!(message.contains("offset 1"), "{message}");
    }

    #[test]
    fn empty_documents_are_errors() {
        for bytes in [&b""[..], b" \n\t", b"\xef\xbb\xbf", b"\xff\xfe"] {
            assert_eq!(decode(bytes), Err(DeclaredError::Empty), "{bytes:?}");
        }
    }

    #[test]
    fn formats_are_told_apart() {
        assert_eq!(format("a.txt", "{\"sdks\": []}").unwrap(), Format::Json);
        assert_eq!(format("a", "[ {}]").unwrap(), Format::Json);
        assert_eq!(format("a.json", "sdks").unwrap(), Format::Json);
        assert_eq!(format("a.md", "[link](x)").unwrap(), Format::Text);
        assert_eq!(format("a.md", "[[Special] note]").unwrap(), Format::Text);
        assert_eq!(format("a.md", "<table>").unwrap(), Format::Text);
        for (name, text) in [("a.HTML", "x"), ("a.txt", "\n<!DOCTYPE html><p>"), ("a.csv", "a,b")] {
            assert!(matches!(format(name, text), Err(DeclaredError::Unsupported { .. })), "{name}");
        }
        for bytes in [&b"%PDF-1.7"[..], b"PK\x03\x04...", b"{\\rtf1", b"\xd0\xcf\x11\xe0"] {
            assert!(matches!(refuse_binary("a.docx", bytes), Err(DeclaredError::Unsupported { .. })));
        }
    }
}
