//! Where a paragraph ends, what stands around it, and the lists inside it.

use super::clauses::{ADDRESS, mask};
use crate::declared::fields;
use crate::declared::line::Line;
use crate::declared::source::Source;
use crate::declared::text::width;
use std::ops::Range;

/// The first line behind the paragraph that begins at `at`: lines that were broken, and sentences that go on about it.
pub fn paragraph_end(source: &Source, lines: &[Line], taken: &[bool], wrap: Option<usize>, at: usize) -> usize {
    #[rustfmt::skip]
    const GOES_ON: [&str; 15] = [
        "该sdk", "此sdk", "该服务", "其隐私", "隐私政策", "隐私权政策", "官网", "it collects", "it may collect", "the sdk collects", "the sdk may collect",
        "privacy policy:", "see ", "data collected:", "it processes",
    ];
    let mut end = at + 1;
    while let Some(line) = lines.get(end).filter(|line| !line.is_blank() && !line.is_marked()) {
        if taken.get(end).copied().unwrap_or(true) {
            break;
        }
        let body = source.slice(&line.body).to_lowercase();
        let before = lines.get(end - 1);
        let full = |before: &Line, wrap: usize| {
            let text = source.slice(&before.body);
            let ended = text.ends_with(['。', '；', ';', ')', '）']) || mask(text).ends_with(ADDRESS);
            width(source, before) * 10 >= wrap * 7 && !ended
        };
        let broken = before.zip(wrap).is_some_and(|(before, wrap)| full(before, wrap));
        if !broken && !GOES_ON.iter().any(|start| body.starts_with(start)) {
            break;
        }
        end += 1;
    }
    end
}

/// Whether the lines right before or behind are labelled, as in a record of key:value lines.
pub fn is_field(source: &Source, lines: &[Line], at: usize, end: usize) -> bool {
    let labelled = |line: &Line| {
        let (prefix, found) = fields::split(source, line);
        prefix.is_none() && !found.is_empty()
    };
    let before = lines.get(..at).and_then(|lines| lines.iter().rev().find(|line| !line.is_blank()));
    let behind = lines.get(end..).and_then(|lines| lines.iter().find(|line| !line.is_blank()));
    [before, behind].into_iter().flatten().any(labelled) || lines.get(at).is_some_and(labelled)
}

/// The items of a list that stands in one sentence: "1、…；2、…", "(a) …; (b) …". Empty where there are not two.
pub fn items(masked: &str) -> Vec<Range<usize>> {
    const MOST: u32 = 40;
    let mut starts: Vec<(usize, usize)> = Vec::new();
    let mut from = 0;
    for number in 1..=MOST {
        let letter = char::from_u32('a' as u32 + number - 1).filter(char::is_ascii_lowercase).unwrap_or('\u{0}');
        let circled = char::from_u32('①' as u32 + number - 1).unwrap_or('\u{0}');
        let spelt = [
            format!("{number}、"),
            format!("{number}. "),
            format!("{number}）"),
            format!("{number})"),
            format!("({number})"),
            format!("（{number}）"),
            format!("({letter})"),
            circled.to_string(),
        ];
        let begins = |at: usize| {
            let before = masked[..at].trim_end();
            let joined = ["and", "以及", "和"].iter().any(|word| before.ends_with(word));
            before.ends_with(['：', ':', '；', ';', '。', '.', '，', ',']) || joined
        };
        let found = |mark: &String| {
            let places = masked.get(from..)?.match_indices(mark.as_str()).map(|(at, mark)| (from + at, mark.len()));
            places.into_iter().find(|(at, _)| begins(*at))
        };
        let Some((at, length)) = spelt.iter().filter_map(found).min() else { break };
        starts.push((at, at + length));
        from = at + length;
    }
    if starts.len() < 2 {
        return Vec::new();
    }
    let ends = starts.iter().skip(1).map(|(at, _)| *at).chain([masked.len()]);
    starts.iter().zip(ends).map(|((_, start), end)| *start..end).collect()
}
