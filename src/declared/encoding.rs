//! Bytes → text.
//!
//! Policies come as UTF-8, as the UTF-16 that Windows calls "Unicode", and in the national encodings that web pages and
//! office programs in China still write. A wrong guess would turn a list into noise and noise into "no list", so a
//! document that fits nothing is refused.

use super::DeclaredError;
use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, GB18030};

/// Bytes at the start of a document in which it may name its encoding.
const HEAD: usize = 2048;

/// Decodes UTF-8 and UTF-16 with or without byte order mark, UTF-32 with one, GB18030 and the other encodings of the web.
pub(super) fn decode(bytes: &[u8]) -> Result<String, DeclaredError> {
    let text = match bytes {
        [0xEF, 0xBB, 0xBF, rest @ ..] => utf8(rest, 3)?,
        [0xFF, 0xFE, 0, 0, rest @ ..] => utf32(rest, u32::from_le_bytes)?,
        [0, 0, 0xFE, 0xFF, rest @ ..] => utf32(rest, u32::from_be_bytes)?,
        [0xFF, 0xFE, ..] => utf16(bytes, u16::from_le_bytes, 2)?,
        [0xFE, 0xFF, ..] => utf16(bytes, u16::from_be_bytes, 2)?,
        _ => unmarked(bytes)?,
    };
    if text.chars().all(|c| c.is_whitespace() || c == '\u{feff}') {
        return Err(DeclaredError::Empty);
    }
    Ok(text)
}

/// Text behind the four bytes of a mark for UTF-32.
fn utf32(bytes: &[u8], unit: fn([u8; 4]) -> u32) -> Result<String, DeclaredError> {
    let (units, rest) = bytes.as_chunks::<4>();
    let letters = units.iter().enumerate().map(|(at, four)| {
        char::from_u32(unit(*four)).ok_or(DeclaredError::Encoding { encoding: "UTF-32", offset: 4 + at * 4 })
    });
    let text: String = letters.collect::<Result<_, _>>()?;
    if rest.is_empty() {
        Ok(text)
    } else {
        Err(DeclaredError::Encoding { encoding: "UTF-32", offset: bytes.len() + 4 - rest.len() })
    }
}

fn unmarked(bytes: &[u8]) -> Result<String, DeclaredError> {
    if memchr::memchr(0, bytes).is_some() {
        return unmarked_utf16(bytes).ok_or(DeclaredError::Binary);
    }
    let error = match std::str::from_utf8(bytes) {
        Ok(text) if is_binary(bytes) => {
            return Err(if text.is_empty() { DeclaredError::Empty } else { DeclaredError::Binary });
        }
        Ok(text) => return Ok(text.to_owned()),
        Err(error) => error,
    };
    let bad = DeclaredError::Encoding { encoding: "UTF-8", offset: error.valid_up_to() };
    if is_binary(bytes) {
        return Err(DeclaredError::Binary);
    }
    // Named UTF-8, or mostly UTF-8 with a few broken letters: guessing would hide the damage.
    let named = named_encoding(bytes);
    if named == Some(encoding_rs::UTF_8) || is_damaged_utf8(bytes) {
        return Err(bad);
    }
    let encoding = named.or_else(|| is_gb(bytes).then_some(GB18030)).unwrap_or_else(|| guess(bytes));
    let (text, damaged) = encoding.decode_without_bom_handling(bytes);
    if damaged { Err(bad) } else { Ok(text.into_owned()) }
}

/// Whether control characters stand in it that no text has.
fn is_binary(bytes: &[u8]) -> bool {
    let head = bytes.get(..HEAD * 4).unwrap_or(bytes);
    let controls = head.iter().filter(|byte| matches!(byte, 1..=8 | 14..=26 | 28..=31 | 127)).count();
    controls * 100 > head.len()
}

fn is_damaged_utf8(bytes: &[u8]) -> bool {
    let (mut letters, mut broken) = (0usize, 0usize);
    for chunk in bytes.utf8_chunks() {
        letters += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        broken += usize::from(!chunk.invalid().is_empty());
    }
    letters >= broken * 3
}

/// `charset=gbk` of a page, `encoding="GB2312"` of an XML document.
fn named_encoding(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = String::from_utf8_lossy(bytes.get(..HEAD).unwrap_or(bytes)).to_ascii_lowercase();
    let marks = ["charset=", "encoding="];
    let at = marks.iter().find_map(|mark| head.find(mark).map(|at| at + mark.len())).filter(|_| head.contains('<'))?;
    let label = head[at..].trim_start_matches(['"', '\'', ' ']);
    let end = label.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '_'))).unwrap_or(label.len());
    let named = Encoding::for_label(&label.as_bytes()[..end])?;
    // GB18030 contains the two older encodings, under whose names it is usually served.
    Some(if named == encoding_rs::GBK { GB18030 } else { named })
}

/// Whether nearly all letters outside ASCII are pairs of GB 2312, the common part of the Chinese encodings.
fn is_gb(bytes: &[u8]) -> bool {
    let (mut pairs, mut common, mut at) = (0usize, 0usize, 0);
    while let Some(&lead) = bytes.get(at) {
        if lead < 0x80 {
            at += 1;
            continue;
        }
        pairs += 1;
        let trail = bytes.get(at + 1).copied().unwrap_or(0);
        common += usize::from(matches!(lead, 0xA1..=0xA9 | 0xB0..=0xF7) && trail >= 0xA1);
        at += 2;
    }
    pairs > 0 && common * 10 >= pairs * 9
}

fn guess(bytes: &[u8]) -> &'static Encoding {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(bytes, true);
    let guess = detector.guess(None, Utf8Detection::Deny);
    if guess == encoding_rs::GBK { GB18030 } else { guess }
}

fn utf8(bytes: &[u8], skipped: usize) -> Result<String, DeclaredError> {
    let bad = |offset| DeclaredError::Encoding { encoding: "UTF-8", offset: offset + skipped };
    let text = std::str::from_utf8(bytes).map_err(|error| bad(error.valid_up_to()))?;
    // Binary files are valid UTF-8 surprisingly often; no policy holds a NUL.
    match memchr::memchr(0, bytes) {
        Some(offset) => Err(bad(offset)),
        None => Ok(text.to_owned()),
    }
}

/// UTF-16 without a mark, when one of the two byte orders gives words.
fn unmarked_utf16(bytes: &[u8]) -> Option<String> {
    let orders = [u16::from_le_bytes, u16::from_be_bytes];
    orders.into_iter().find_map(|order| utf16(bytes, order, 0).ok().filter(|text| is_prose(text)))
}

/// Whether the letters are those of texts in Latin or East Asian scripts.
fn is_prose(text: &str) -> bool {
    const ENOUGH: usize = 20_000;
    let (mut usual, mut all) = (0usize, 0usize);
    for c in text.chars().take(ENOUGH) {
        all += 1;
        let latin = matches!(c, '\t' | '\n' | '\r' | ' '..='~' | '\u{a0}'..='\u{24f}' | '\u{2010}'..='\u{2027}');
        let east = matches!(c, '\u{2460}'..='\u{24ff}' | '\u{3000}'..='\u{30ff}' | '\u{4e00}'..='\u{9fff}' | '\u{ac00}'..='\u{d7a3}' | '\u{ff00}'..='\u{ffef}');
        usual += usize::from(latin || east);
    }
    all > 0 && usual * 100 >= all * 97
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16, skipped: usize) -> Result<String, DeclaredError> {
    let bad = |offset| DeclaredError::Encoding { encoding: "UTF-16", offset };
    let bytes = bytes.get(skipped..).unwrap_or(&[]);
    let mut text = String::with_capacity(bytes.len());
    let units = bytes.chunks_exact(2).map(|pair| unit([pair[0], pair[1]]));
    let mut offset = skipped;
    for decoded in char::decode_utf16(units) {
        let c = decoded.map_err(|_| bad(offset))?;
        offset += c.len_utf16() * 2;
        text.push(c);
    }
    if bytes.len() % 2 == 1 { Err(bad(offset)) } else { Ok(text) }
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
        let message = decode(b"\xef\xbb\xbfSDK\xc3\xfb\xb3\xc6").unwrap_err().to_string();
        assert!(message.contains("offset 6") && message.contains("UTF-8"), "{message}");
        let message = decode(b"\xff\xfea\0b").unwrap_err().to_string();
        assert!(message.contains("UTF-16 at byte offset 4"), "{message}");
        let message = decode(b"\xff\xfea\0\x00\xd8b\0").unwrap_err().to_string();
        assert!(message.contains("UTF-16 at byte offset 4"), "{message}");
    }

    #[test]
    fn empty_documents_are_errors() {
        for bytes in [&b""[..], b" \n\t", b"\xef\xbb\xbf", b"\xff\xfe"] {
            assert_eq!(decode(bytes), Err(DeclaredError::Empty), "{bytes:?}");
        }
    }

    #[test]
    fn chinese_encodings_and_utf_16_without_mark() {
        let text = "第三方SDK目录\r\n（1）SDK名称：顶点推送\r\n使用目的：推送消息";
        assert_eq!(decode(&GB18030.encode(text).0).unwrap(), text);
        let rare = "SDK名称：\u{3400}顶点推送服务，公司名称：顶点软件有限公司";
        assert_eq!(decode(&GB18030.encode(rare).0).unwrap(), rare);
        let units = |order: fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(order).collect::<Vec<u8>>();
        assert_eq!(decode(&units(u16::to_le_bytes)).unwrap(), text);
        assert_eq!(decode(&units(u16::to_be_bytes)).unwrap(), text);
        let big5 = "第三方服務目錄：我們使用以下第三方軟體開發套件提供推播訊息功能";
        assert_eq!(decode(&encoding_rs::BIG5.encode(big5).0).unwrap(), big5);
        let page = format!("<html><meta charset=\"gb2312\"><p>{text}");
        assert_eq!(decode(&GB18030.encode(&page).0).unwrap(), page);
        let curly = "We don’t sell data – “ever”.";
        assert_eq!(decode(&encoding_rs::WINDOWS_1252.encode(curly).0).unwrap(), curly);
    }

    #[test]
    fn binary_files_are_refused() {
        let binary: Vec<u8> = (0..=255u8).cycle().take(4000).collect();
        assert_eq!(decode(&binary), Err(DeclaredError::Binary));
        assert_eq!(decode(b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0\x03\0\x3e\0"), Err(DeclaredError::Binary));
        assert_eq!(decode(b"a\x01\x02\x03"), Err(DeclaredError::Binary));
    }

    #[test]
    fn damaged_utf_8_is_not_taken_for_another_encoding() {
        let mut bytes = "第三方SDK目录".as_bytes().to_vec();
        bytes.pop();
        assert_eq!(decode(&bytes), Err(DeclaredError::Encoding { encoding: "UTF-8", offset: bytes.len() - 2 }));
    }
}
