//! References to parts of the policy that are not there.

use super::super::{Finding, Rule, Sink};
use super::Paper;
use crate::declared::Sentence;
use crate::lang::Text;

/// `refer to the "X. How to Contact Us" section`: the quoted section is no line of the document.
pub fn dangling(paper: &Paper<'_>, sentence: &Sentence, sink: &mut Sink<'_>) {
    let text = &sentence.text;
    // Advice about the policy of somebody else.
    if ["建议", "您制定", "recommend", "you should", "your privacy policy"].iter().any(|word| text.contains(word))
    {
        return;
    }
    let section = [('“', '”'), ('"', '"'), ('「', '」'), ('【', '】')].into_iter().find_map(|(open, close)| {
        let title = quoted(text, open, close)?;
        let (before, after) = text.split_once(title)?;
        let after = after.trim_start_matches([close, ' ']);
        let before = before.trim_end_matches([open, ' ']).to_lowercase();
        let called = ["section", "part of this", "chapter", "部分", "章节", "一节", "一章", "条款"]
            .iter()
            .any(|word| after.to_lowercase().starts_with(word))
            || ["section", "本政策第", "本政策"].iter().any(|word| before.ends_with(word));
        called.then_some(title)
    });
    let Some(section) = section.filter(|title| !heads_a_line(paper, title)).or_else(|| missing(paper, sentence)) else {
        return;
    };
    let finding = Finding::new(
        Rule::DanglingReference,
        section,
        Text::new(
            format!("the policy refers to \"{section}\", and holds no such part"),
            format!("政策引用了“{section}”，但其中没有该部分"),
        ),
        Text::new("add the part, or correct the reference", "请补充该部分，或更正引用"),
    );
    sink.emit(finding.declared(paper.sentence(sentence)));
}

/// A numbered section, an appendix or an annexed document that the sentence refers to and that is not there.
fn missing<'s>(paper: &Paper<'_>, sentence: &'s Sentence) -> Option<&'s str> {
    let text = sentence.text.as_str();
    numbered_section(paper, text).or_else(|| appendix(paper, text)).or_else(|| annex(paper, text))
}

/// "Section 9 of this policy", "see Section 9", "本政策第九条": a number that no line begins with, in a document whose parts are
/// numbered.
fn numbered_section<'s>(paper: &Paper<'_>, text: &'s str) -> Option<&'s str> {
    let (reference, number) = english_section(text).or_else(|| chinese_section(text))?;
    let numbers: Vec<usize> = paper.lines.iter().filter_map(|line| leading_number(line.text)).collect();
    let numbered = numbers.contains(&1) && numbers.contains(&2) && numbers.contains(&3);
    (numbered && !numbers.contains(&number)).then_some(reference)
}

fn english_section(text: &str) -> Option<(&str, usize)> {
    const HERE: [&str; 5] = [" of this policy", " of this privacy policy", " of this statement", " below", " above"];
    // Lower-casing ASCII keeps every offset.
    let lower = text.to_ascii_lowercase();
    lower.match_indices("section ").find_map(|(at, word)| {
        let start = at + word.len();
        let end = start + text[start..].bytes().take_while(u8::is_ascii_digit).count();
        let (before, after) = (&lower[..at], &lower[end..]);
        // "see Section 9 of the Act" is about another document.
        let seen = ["see ", "refer to ", "see also "].iter().any(|verb| before.ends_with(verb))
            && !after.starts_with(" of ")
            // "Section 9.2" is a part of a part.
            && !after.strip_prefix('.').is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
        let own = HERE.iter().any(|tail| after.starts_with(tail)) || seen;
        own.then_some((text.get(at..end)?, text.get(start..end)?.parse().ok()?))
    })
}

/// "详见第十二条", "本政策第5条".
fn chinese_section(text: &str) -> Option<(&str, usize)> {
    const LEADS: [&str; 6] = ["本政策", "详见", "参见", "请见", "参阅", "见本政策"];
    text.match_indices('第').find_map(|(at, _)| {
        let start = at + '第'.len_utf8();
        let rest = text.get(start..)?;
        let length = rest.find(['条', '章', '节'])?;
        let number = number(rest.get(..length)?)?;
        let own = LEADS.iter().any(|lead| text[..at].ends_with(lead));
        let end = start + length + '条'.len_utf8();
        own.then_some((text.get(at..end)?, number))
    })
}

/// A number up to 99 in Arabic or Chinese digits.
fn number(text: &str) -> Option<usize> {
    const DIGITS: &str = "零一二三四五六七八九";
    if let Ok(number) = text.parse() {
        return Some(number);
    }
    let digit = |part: &str, empty: usize| match part {
        "" => Some(empty),
        _ => DIGITS.chars().position(|c| part.chars().eq([c])),
    };
    match text.split_once('十') {
        Some((tens, ones)) => Some(10 * digit(tens, 1)? + digit(ones, 0)?),
        None => digit(text, 0).filter(|number| *number > 0),
    }
}

/// The number that begins a line: "## 4. Rights", "Section 4", "第四条", "四、".
fn leading_number(line: &str) -> Option<usize> {
    let text = line.trim_start_matches(|c: char| matches!(c, '#' | '*' | '(' | '（') || c.is_whitespace());
    let text = text.strip_prefix("Section ").or_else(|| text.strip_prefix('第')).unwrap_or(text);
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    if digits > 0 {
        return text.get(..digits)?.parse().ok();
    }
    let end = text.char_indices().take(4).find(|(_, c)| matches!(c, '、' | '条' | '章' | '节' | '）' | ')' | '.'))?.0;
    number(text.get(..end)?)
}

/// "Appendix B", "附录二": no line begins with it.
fn appendix<'s>(paper: &Paper<'_>, text: &'s str) -> Option<&'s str> {
    // Lower-casing ASCII keeps every offset.
    let lower = text.to_ascii_lowercase();
    let english = lower.match_indices("appendix ").find_map(|(at, word)| {
        let start = at + word.len();
        let name = text.get(start..)?;
        let length = name.bytes().take_while(u8::is_ascii_alphanumeric).count();
        let one = name.get(..length)?;
        let numbered = matches!(length, 1 | 2) && one.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit());
        // "Appendix B of the Agreement" is part of another document.
        let other = lower[start + length..].starts_with(" of the ") || lower[start + length..].starts_with(" to the ");
        (numbered && !other).then_some(&text[at..start + length])
    });
    let chinese = || {
        text.match_indices("附录").find_map(|(at, word)| {
            let start = at + word.len();
            let c = text.get(start..)?.chars().next()?;
            let numbered = "一二三四五六七八九十".contains(c) || c.is_ascii_uppercase() || c.is_ascii_digit();
            (numbered && !text[..at].ends_with('》')).then(|| &text[at..start + c.len_utf8()])
        })
    };
    let reference = english.or_else(chinese)?;
    let wanted = reference.to_lowercase();
    let begins =
        |line: &str| line.trim_start_matches(|c: char| !c.is_alphanumeric()).to_lowercase().starts_with(&wanted);
    (!paper.lines.iter().any(|line| begins(line.text))).then_some(reference)
}

/// "附件《…》" without an address: no line bears its title.
fn annex<'s>(paper: &Paper<'_>, text: &'s str) -> Option<&'s str> {
    let title = quoted(&text[text.find("附件《")?..], '《', '》')?;
    (!text.contains("://") && !heads_a_line(paper, title)).then_some(title)
}
/// What stands between two marks.
pub fn quoted(text: &str, open: char, close: char) -> Option<&str> {
    let start = text.find(open)? + open.len_utf8();
    let end = start + text.get(start..)?.find(close)?;
    text.get(start..end).map(str::trim).filter(|title| !title.is_empty())
}

/// Whether a line of the document bears the title, numbering and marks aside.
pub fn heads_a_line(paper: &Paper<'_>, title: &str) -> bool {
    let bare = |text: &str| {
        let text = text.to_lowercase();
        let text = text.trim_start_matches(|c: char| !c.is_alphabetic());
        // "X. How to", "十、如何": Roman and Chinese numbers are letters.
        let cut = text.char_indices().take(6).find(|(_, c)| matches!(c, '.' | '、' | '．'));
        let text = cut.map_or(text, |(at, c)| &text[at + c.len_utf8()..]);
        text.chars().filter(|c| c.is_alphanumeric()).collect::<String>()
    };
    let wanted = bare(title);
    !wanted.is_empty() && paper.lines.iter().any(|line| bare(line.text) == wanted)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_in_both_scripts() {
        let found = ["1", "12", "一", "十", "十二", "二十", "三十五", "", "百", "二三"].map(number);
        assert_eq!(found, [Some(1), Some(12), Some(1), Some(10), Some(12), Some(20), Some(35), None, None, None]);
        let lines = ["## 4. Rights", "第四条 权利", "（四）权利", "四、权利", "Rights", "一般规定"].map(leading_number);
        assert_eq!(lines, [Some(4), Some(4), Some(4), Some(4), None, None]);
    }

    #[test]
    fn sections_of_this_document_only() {
        assert_eq!(english_section("For details see Section 12."), Some(("Section 12", 12)));
        assert_eq!(english_section("see Section 12 of the Act"), None);
        assert_eq!(english_section("Section 12 applies"), None);
        assert_eq!(chinese_section("详见第十二条。"), Some(("第十二条", 12)));
        assert_eq!(chinese_section("根据《个人信息保护法》第十三条"), None);
    }
}
