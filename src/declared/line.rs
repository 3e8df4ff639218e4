//! One line of text or Markdown: what stands before its words (quote, heading, bullet, number, bold), and the words.

use super::source::{Source, is_blank};
use std::ops::Range;

/// A number at the start of a line: "(1)", "2.1.3", "①", "一、".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Numbering {
    /// What kind of number it is, so that "(1)" and "1)" are told apart.
    pub style: char,
    /// How many numbers stand in a row: 3 for "2.1.3".
    pub depth: usize,
}

/// A line with its marks taken off.
#[derive(Clone, Debug)]
pub(super) struct Line {
    /// The whole line.
    pub whole: Range<usize>,
    /// White space before the first mark or word, in columns; a block quote counts nothing.
    pub indent: usize,
    /// Level of a Markdown heading, 0 for none.
    pub heading: u8,
    /// Whether a bullet stands before the words.
    pub bullet: bool,
    /// Number before the words.
    pub number: Option<Numbering>,
    /// Whether all words of the line are bold.
    pub strong: bool,
    /// The words, trimmed; emphasis inside is kept.
    pub body: Range<usize>,
}

impl Line {
    /// Takes the marks off.
    pub fn parse(source: &Source, whole: Range<usize>) -> Line {
        let text = source.slice(&whole);
        let mut line = Line {
            whole: whole.clone(),
            indent: 0,
            heading: 0,
            bullet: false,
            number: None,
            strong: false,
            body: 0..0,
        };
        let mut rest = text;
        let mut quoted = false;
        loop {
            let trimmed = rest.trim_start_matches(is_blank);
            if !line.bullet && line.number.is_none() && line.heading == 0 {
                line.indent = if quoted { 0 } else { line.indent } + columns(&rest[..rest.len() - trimmed.len()]);
                quoted = false;
            }
            rest = trimmed;
            if let Some(after) = rest.strip_prefix('>') {
                (rest, quoted) = (after.strip_prefix(' ').unwrap_or(after), true);
                line.indent = 0;
            } else if let Some((level, after)) = heading(rest) {
                line.heading = level;
                rest = after;
            } else if let Some(after) = bullet(rest).filter(|_| !line.bullet) {
                line.bullet = true;
                rest = after;
            } else if let Some((number, after)) = numbering(rest).filter(|_| line.number.is_none()) {
                line.number = Some(number);
                rest = after;
            } else if let Some(after) = rest.strip_prefix("**").filter(|after| numbering(after).is_some()) {
                // "**1) Name**": the number is inside the bold text.
                line.strong |= is_closed_bold(rest);
                rest = after;
            } else {
                break;
            }
        }
        let from = whole.start + (text.len() - rest.len());
        line.body = source.trim(from..whole.end);
        line.strong |= is_closed_bold(source.slice(&line.body));
        // The fences of code blocks and rules are no words; what stands between fences is read.
        let body = source.slice(&line.body);
        if body.starts_with("```")
            || body.starts_with("~~~")
            || (body.len() >= 3 && body.chars().all(|c| matches!(c, '-' | '*' | '_' | '=')))
        {
            line.blank();
        }
        line
    }

    /// Drops the words.
    pub fn blank(&mut self) {
        self.body = self.whole.end..self.whole.end;
        (self.heading, self.bullet, self.number, self.strong) = (0, false, None, false);
    }

    /// Whether there are no words on the line.
    pub fn is_blank(&self) -> bool {
        self.body.is_empty()
    }

    /// Whether a mark sets the line off from running text.
    pub fn is_marked(&self) -> bool {
        self.heading > 0 || self.bullet || self.number.is_some() || self.strong
    }
}

fn columns(white: &str) -> usize {
    white
        .chars()
        .map(|c| {
            if c == '\t' {
                4
            } else if c == '\u{3000}' {
                2
            } else {
                1
            }
        })
        .sum()
}

fn is_closed_bold(text: &str) -> bool {
    let inner = text.strip_prefix("**").or_else(|| text.strip_prefix("__"));
    let text = text.trim_end_matches(['：', ':', '\\', ' ']);
    inner.is_some_and(|inner| {
        let inner = inner.trim_end_matches(['：', ':', '\\', ' ']);
        text.len() > 4
            && inner.strip_suffix("**").or_else(|| inner.strip_suffix("__")).is_some_and(|inner| !inner.contains("**"))
    })
}

fn heading(text: &str) -> Option<(u8, &str)> {
    let rest = text.trim_start_matches('#');
    let level = text.len() - rest.len();
    ((1..=6).contains(&level) && rest.starts_with([' ', '\t', '\u{3000}'])).then_some((level as u8, rest))
}

fn bullet(text: &str) -> Option<&str> {
    let mut chars = text.chars();
    match chars.next()? {
        // ":" begins the definition of a term above it.
        '-' | '*' | '+' | '–' | '—' | ':' => {
            chars.as_str().starts_with([' ', '\t', '\u{a0}']).then_some(chars.as_str())
        }
        // The second bullet of Word, as it is pasted.
        'o' => chars.as_str().strip_prefix(' ').filter(|rest| rest.starts_with(char::is_alphabetic)),
        '•' | '●' | '○' | '■' | '□' | '◆' | '◇' | '▪' | '·' | '➢' | '►' | '▶' | '※' => {
            Some(chars.as_str())
        }
        _ => None,
    }
}

const CHINESE_DIGITS: &str = "一二三四五六七八九十百";

/// A number and the text behind it.
fn numbering(text: &str) -> Option<(Numbering, &str)> {
    let first = text.chars().next()?;
    if ('①'..='⑳').contains(&first) || ('⑴'..='⒇').contains(&first) || ('❶'..='➓').contains(&first) {
        return Some((Numbering { style: '①', depth: 1 }, &text[first.len_utf8()..]));
    }
    if let Some((style, rest)) = worded(text) {
        return Some((Numbering { style, depth: 1 }, rest));
    }
    if matches!(first, '(' | '（' | '[' | '【') {
        let inner = &text[first.len_utf8()..];
        let digits = digit_run(inner)?;
        let after = &inner[digits..];
        let close = after.chars().next().filter(|c| matches!(c, ')' | '）' | ']' | '】'))?;
        let arabic = inner.starts_with(|c: char| c.is_ascii_digit() || ('０'..='９').contains(&c));
        let style = if arabic { '(' } else { '（' };
        return Some((Numbering { style, depth: 1 }, &after[close.len_utf8()..]));
    }
    let digits = digit_run(text)?;
    let chinese = !first.is_ascii_digit();
    dotted(text, digits, chinese)
}

/// "No.1 ", "#1 ", "第1项 ", "01 ", "a. ", "I. ", "1️⃣".
fn worded(text: &str) -> Option<(char, &str)> {
    let mark = ["No.", "NO.", "no.", "#", "第"].iter().find(|mark| text.starts_with(**mark)).map_or("", |mark| *mark);
    let rest = &text[mark.len()..];
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    let behind = &rest[digits..];
    if digits == 1 && mark.is_empty() {
        let keycap = behind.strip_prefix('\u{fe0f}').unwrap_or(behind).strip_prefix('\u{20e3}');
        if let Some(rest) = keycap {
            return Some(('\u{20e3}', rest));
        }
    }
    if (1..=3).contains(&digits) {
        let behind = match mark {
            "第" => behind.strip_prefix(['项', '个', '款'])?,
            "" if rest.starts_with('0') && digits == 2 => behind,
            "" => return None,
            _ => behind,
        };
        return behind.starts_with([' ', '\u{3000}', '、']).then(|| ('#', behind.trim_start_matches('、')));
    }
    let letters = text.bytes().take_while(u8::is_ascii_alphabetic).count();
    let word = &text[..letters];
    let roman = word.bytes().all(|byte| matches!(byte, b'I' | b'V' | b'X')) && letters <= 4;
    let closed = text[letters..].strip_prefix(['.', ')']).filter(|rest| rest.starts_with(' '));
    let style = if word.starts_with(|c: char| c.is_ascii_lowercase()) { 'a' } else { 'A' };
    (letters == 1 || letters > 0 && roman).then_some(closed).flatten().map(|rest| (style, rest))
}

/// "1.", "1)", "1、", "一、", "2.1", "2.1.3 ", "1\." (escaped for Markdown).
fn dotted(text: &str, digits: usize, chinese: bool) -> Option<(Numbering, &str)> {
    let mut rest = &text[digits..];
    let mut depth = 1;
    while let Some(after) = rest.strip_prefix(['.', '．']) {
        match digit_run(after).filter(|_| !chinese && after.starts_with(|c: char| c.is_ascii_digit())) {
            Some(digits) => (rest, depth) = (&after[digits..], depth + 1),
            None => break,
        }
    }
    let unescaped = rest.strip_prefix('\\').unwrap_or(rest);
    let style = match unescaped.chars().next() {
        Some('.' | '．') => '.',
        Some(')' | '）') => ')',
        Some('、') if chinese => '一',
        Some('、') => '、',
        // "2.1微信SDK" and "2.1 Name" are numbers, "5.0" before a digit or letter of a word is not.
        Some(c) if depth > 1 && !c.is_ascii_alphanumeric() => return Some((Numbering { style: '.', depth }, rest)),
        _ => return None,
    };
    let after = unescaped.chars().next().map_or(0, char::len_utf8);
    let behind = &unescaped[after..];
    // "1.5" and "1.x" are values; "1." needs a word boundary unless the text is Chinese.
    if style == '.' && depth == 1 && behind.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    Some((Numbering { style, depth }, behind))
}

/// Bytes of a short run of digits, Arabic or Chinese; long ones are values, not numbers of a list.
fn digit_run(text: &str) -> Option<usize> {
    let arabic = text.bytes().take_while(u8::is_ascii_digit).count();
    if arabic > 0 {
        return (arabic <= 3).then_some(arabic);
    }
    let wide: usize = text.chars().take_while(|c| ('０'..='９').contains(c)).map(char::len_utf8).sum();
    if wide > 0 {
        return (wide <= 3 * '０'.len_utf8()).then_some(wide);
    }
    let chinese: usize = text.chars().take_while(|c| CHINESE_DIGITS.contains(*c)).map(char::len_utf8).sum();
    (chinese > 0 && chinese <= 9).then_some(chinese)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> (Line, &str) {
        let source = Source::new(text);
        let line = Line::parse(&source, 0..text.len());
        let body = &text[line.body.clone()];
        (line, body)
    }

    #[test]
    fn numbers_are_taken_off() {
        for (text, style, depth, body) in [
            ("(1) SDK Name: a", '(', 1, "SDK Name: a"),
            ("(2)SDK Name: a", '(', 1, "SDK Name: a"),
            ("（3）SDK名称：a", '(', 1, "SDK名称：a"),
            ("4)android.permission.CAMERA", ')', 1, "android.permission.CAMERA"),
            ("1、 How", '、', 1, "How"),
            ("一、总则", '一', 1, "总则"),
            ("（一）总则", '（', 1, "总则"),
            ("2.1微信SDK", '.', 2, "微信SDK"),
            ("2.1.3第三方", '.', 3, "第三方"),
            ("2.3 Expo SDK", '.', 2, "Expo SDK"),
            ("1\\. 在获取", '.', 1, "在获取"),
            ("3.Name", '.', 1, "Name"),
            ("（１）微信", '(', 1, "微信"),
            ("①微信", '①', 1, "微信"),
        ] {
            let (line, found) = parse(text);
            assert_eq!(line.number, Some(Numbering { style, depth }), "{text}");
            assert_eq!(found, body);
        }
        for text in ["360加固", "2025年", "5G消息", "3.14", "(GTSDK)"] {
            assert_eq!(parse(text).0.number, None, "{text}");
            assert_eq!(parse(text).1, text);
        }
    }

    #[test]
    fn markdown_marks_are_taken_off() {
        let (line, body) = parse("#### 2.3.1 个推推送SDK");
        assert_eq!((line.heading, line.number.map(|n| n.depth), body), (4, Some(3), "个推推送SDK"));
        let (line, body) = parse("   - **SDK名称**: 个推");
        assert_eq!((line.indent, line.bullet, line.strong, body), (3, true, false, "**SDK名称**: 个推"));
        let (line, body) = parse(">   + 使用目的：广告");
        assert_eq!((line.indent, line.bullet, body), (2, true, "使用目的：广告"));
        let (line, body) = parse("**OPPO推送SDK**");
        assert_eq!((line.strong, body), (true, "**OPPO推送SDK**"));
        let (line, body) = parse("*   **Umeng SDK**  ");
        assert_eq!((line.bullet, line.strong, body), (true, true, "**Umeng SDK**"));
        let (line, body) = parse("**1) Phone number**");
        assert_eq!((line.strong, line.number.is_some(), body), (true, true, "Phone number**"));
        assert!(!parse("**使用目的：**统计").0.strong);
        assert!(parse("").0.is_blank() && parse(" \u{a0}\u{200b}").0.is_blank());
    }
}
