//! What a title holds besides the name: packages in brackets, the company behind it; and titles that name no SDK.

use super::value;
use std::ops::Range;

/// Range of a package name that ends a heading: "Acme Push com.acme.push".
pub(super) fn package_tail(name: &str) -> Option<Range<usize>> {
    let trimmed = name.trim_end_matches([' ', '*', '`', ':', '：']);
    let start = trimmed.rfind([' ', '：', ':', '`', '\u{3000}'])?;
    let start = start + trimmed[start..].chars().next()?.len_utf8();
    let word = &trimmed[start..];
    let is_package = value::is_package_name(word) && word.matches('.').count() >= 2 && !ends_like_host(word);
    (is_package && word.chars().all(|c| !c.is_ascii_uppercase())).then_some(start..trimmed.len())
}

/// Range of a package name on a line of its own behind the name, in a cell with several lines.
pub(super) fn package_line(name: &str) -> Option<Range<usize>> {
    let mut start = 0;
    let lines = name.split('\n').map(|line| {
        let own = start..start + line.len();
        start = own.end + 1;
        own
    });
    lines.skip(1).find(|own| is_package_line(&name[own.clone()]))
}

/// "com.acme.push", "包名：com.acme.push".
fn is_package_line(line: &str) -> bool {
    let line = value::plain(line);
    let line = line.trim_matches(['(', ')', '（', '）', ' ']);
    let (label, words) = line.split_once([':', '：']).unwrap_or(("", line));
    let labelled = label.is_empty() || label.contains("包名") || label.to_ascii_lowercase().contains("package");
    labelled && value::is_package_name(words.trim()) && !ends_like_host(words.trim())
}

/// Range inside the brackets of "name(包名com.acme)", when a package name stands there.
pub(super) fn package_bracket(name: &str) -> Option<Range<usize>> {
    let open = name.rfind(['(', '（'])?;
    let close = open + name[open..].find([')', '）'])?;
    let start = open + name[open..].chars().next()?.len_utf8();
    let inner = &name[start..close];
    let words = inner.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_' || c == '.'));
    let has_package = words.map(|word| word.trim_matches('.')).any(value::is_package_name);
    // "Bugly (bugly.qq.com)" is a web site: packages begin with the top-level domain.
    let is_host =
        !inner.contains("包名") && !inner.to_ascii_lowercase().contains("package") && ends_like_host(inner.trim());
    (has_package && !is_host).then_some(start..close)
}

/// Whether the words are the name of a company: its legal form ends it.
pub(super) fn is_company(words: &str) -> bool {
    #[rustfmt::skip]
    const ENDS: [&str; 14] = [
        "公司", "有限合伙", "集团", "株式会社", "株式會社", "inc", "llc", "ltd", "limited", "gmbh", "corp", "corporation", "co", "b.v",
    ];
    let lower = words.trim().trim_end_matches('.').to_lowercase();
    ENDS.iter().any(|end| {
        let Some(before) = lower.strip_suffix(end) else { return false };
        !before.is_empty() && (!end.is_ascii() || before.ends_with([' ', ',', '.']))
    })
}

/// Range of the company behind a name, and where the name ends: "Acme Push (Acme Inc.)", "Acme Push by Acme Inc.",
/// "Acme Push – Acme Inc.".
pub(super) fn vendor_behind(name: &str) -> Option<(usize, Range<usize>)> {
    let name = name.trim_end_matches(['*', '`', ' ']);
    let behind = |mark: &&str| name.find(*mark).filter(|at| *at > 0).map(|at| (at, at + mark.len()));
    let marks = [" by ", " – ", " — ", " - ", "——", "—"];
    let company = |(_, start): &(usize, usize)| is_company(name[*start..].trim());
    if let Some((at, start)) = marks.iter().filter_map(behind).find(company) {
        let start = name.len() - name[start..].trim_start().len();
        return Some((at, start..name.len()));
    }
    let close = name.char_indices().next_back().filter(|(_, c)| matches!(c, ')' | '）'))?.0;
    // The bracket that this one closes: companies have brackets of their own.
    let mut depth = 0usize;
    let (open, bracket) = name[..close].char_indices().rev().find(|(_, c)| {
        let opens = matches!(c, '(' | '（');
        let own = opens && depth == 0;
        depth = match c {
            ')' | '）' => depth + 1,
            _ if opens => depth.saturating_sub(1),
            _ => depth,
        };
        own
    })?;
    let start = open + bracket.len_utf8();
    (open > 0 && is_company(&name[start..close])).then_some((open, start..close))
}

fn ends_like_host(text: &str) -> bool {
    text.starts_with("www.") || [".com", ".cn", ".net", ".org"].iter().any(|top| text.ends_with(top))
}

pub(super) fn without_package_bracket(name: &str) -> String {
    let Some(inner) = package_bracket(name) else {
        return package_tail(name).map_or(name, |tail| name[..tail.start].trim_end()).to_owned();
    };
    let open = name[..inner.start].char_indices().next_back().map_or(0, |(at, _)| at);
    let close = inner.end + name[inner.end..].chars().next().map_or(0, char::len_utf8);
    format!("{}{}", name[..open].trim_end(), &name[close..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packages_in_brackets_leave_the_name() {
        assert_eq!(without_package_bracket("穿山甲广告SDK(com.bytedance)"), "穿山甲广告SDK");
        assert_eq!(without_package_bracket("微信（包名：com.tencent.mm）"), "微信");
        for name in ["个推推送SDK (GTSDK)", "Bugly (bugly.qq.com)", "uni-app(5+、web2app)", "a(", ")("] {
            assert_eq!(without_package_bracket(name), name);
        }
    }
}
