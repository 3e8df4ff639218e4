//! Comments in JSON, which the standard does not know and project files have.

/// The text with comments blanked out, every offset kept; `None` without comments.
pub(super) fn blanked(text: &str) -> Option<String> {
    if !text.contains("/*") && !text.contains("//") {
        return None;
    }
    let mut out = Vec::with_capacity(text.len());
    let bytes = text.as_bytes();
    let (mut at, mut quoted) = (0, false);
    while let Some(&byte) = bytes.get(at) {
        let rest = &bytes[at..];
        let comment = match rest {
            _ if quoted => 0,
            [b'/', b'/', ..] => memchr::memchr(b'\n', rest).unwrap_or(rest.len()),
            [b'/', b'*', ..] => memchr::memmem::find(rest, b"*/").map_or(rest.len(), |end| end + 2),
            _ => 0,
        };
        if comment > 0 {
            out.extend(rest[..comment].iter().map(|byte| if *byte == b'\n' { b'\n' } else { b' ' }));
            at += comment;
            continue;
        }
        quoted ^= byte == b'"';
        out.push(byte);
        at += 1;
        if quoted && byte == b'\\' {
            out.extend(bytes.get(at));
            at += 1;
        }
    }
    String::from_utf8(out).ok()
}
