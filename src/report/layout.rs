//! Lines of bounded width. Chinese characters take two columns, and break anywhere.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Makes control characters and bidirectional overrides visible: names from apps and policies reach the terminal.
pub fn plain(text: &str) -> String {
    let is_hostile = |c: char| {
        c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}')
    };
    if !text.contains(is_hostile) {
        return text.to_owned();
    }
    text.chars().map(|c| if is_hostile(c) { c.escape_unicode().to_string() } else { c.to_string() }).collect()
}

/// Columns that a text takes.
pub fn width(text: &str) -> usize {
    text.width()
}

/// Pads to a number of columns.
pub fn pad(text: &str, columns: usize) -> String {
    format!("{text}{}", " ".repeat(columns.saturating_sub(width(text))))
}

/// Breaks a text so that no line is wider than `columns`; lines after the first begin with `indent` spaces, which count.
/// Words are kept whole where they fit a line.
pub fn wrap(text: &str, columns: usize, indent: usize) -> String {
    let mut out = String::new();
    let mut used = 0;
    let break_line = |out: &mut String, used: &mut usize| {
        out.truncate(out.trim_end_matches(' ').len());
        out.push('\n');
        out.push_str(&" ".repeat(indent));
        *used = indent;
    };
    for piece in pieces(text) {
        let length = width(piece);
        if used + width(piece.trim_end()) > columns && used > indent {
            break_line(&mut out, &mut used);
        }
        if length <= columns.saturating_sub(indent) {
            out.push_str(piece);
            used += length;
            continue;
        }
        for letter in piece.chars() {
            let length = letter.width().unwrap_or(0);
            if used + length > columns && used > indent {
                break_line(&mut out, &mut used);
            }
            out.push(letter);
            used += length;
        }
    }
    out.truncate(out.trim_end_matches(' ').len());
    out
}

/// Words with the space behind them, and single wide characters: the places where a line may break.
fn pieces(text: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut start = 0;
    let mut letters = text.char_indices().peekable();
    while let Some((at, letter)) = letters.next() {
        let end = at + letter.len_utf8();
        let next = letters.peek().map(|(_, next)| *next);
        let wide = |letter: char| letter.width() == Some(2);
        // A closing mark stays with what it closes.
        let closes = next.is_some_and(|next| "，。、；：）》”！？,.;:)".contains(next));
        let breaks = letter == ' ' || ((wide(letter) || next.is_some_and(wide)) && !closes);
        if breaks && next != Some(' ') {
            pieces.push(&text[start..end]);
            start = end;
        }
    }
    if start < text.len() {
        pieces.push(&text[start..]);
    }
    pieces
}

/// `1,234,567`.
pub fn number(value: u64) -> String {
    let digits = value.to_string();
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wraps_words_and_wide_characters() {
        assert_eq!(wrap("one two three", 7, 2), "one two\n  three");
        assert_eq!(wrap("检测到流明广告，清单中没有", 10, 2), "检测到流明\n  广告，清\n  单中没有");
        assert_eq!(wrap("a.very.long.name.without.spaces", 10, 0), "a.very.lon\ng.name.wit\nhout.space\ns");
        assert_eq!(wrap("", 10, 0), "");
    }

    #[test]
    fn no_line_is_too_wide() {
        let text = "The record \"支付宝开放平台 Alipay\" gives com.alipay，a root of several 产品（SDK）, and means another one.";
        for columns in 12..60 {
            assert!(wrap(text, columns, 4).lines().all(|line| width(line) <= columns), "{columns}");
        }
    }

    #[test]
    fn shows_hostile_characters() {
        assert_eq!(plain("a\u{1b}[31mb\u{202e}c"), "a\\u{1b}[31mb\\u{202e}c");
        assert_eq!(plain("推送 SDK"), "推送 SDK");
    }

    #[test]
    fn groups_digits() {
        assert_eq!([number(0), number(999), number(1000), number(1234567)], ["0", "999", "1,000", "1,234,567"]);
    }
}
