//! SDKs that another SDK brings along and that stand inside its record: the vendor channels of a push SDK.
//!
//! "厂商通道：小米、华为、OPPO", "(including the Xiaomi, Huawei and OPPO vendor channels)": each becomes a record of its own
//! that says within which record it stands, unless the list has a record for it anyway.

use super::line::Line;
use super::record::Draft;
use super::source::Source;
use super::{links, value};
use std::ops::Range;

/// Phone makers with a push service of their own, by all names under which lists write them.
#[rustfmt::skip]
const BRANDS: &[&[&str]] = &[
    &["小米", "xiaomi", "mipush", "mi push"], &["华为", "huawei", "hms push"], &["荣耀", "honor"], &["oppo", "heytap"], &["vivo"],
    &["魅族", "meizu", "flyme"], &["一加", "oneplus"], &["三星", "samsung"], &["蔚来", "nio"],
    &["谷歌fcm", "google fcm", "firebase cloud messaging", "fcm"],
];

/// What says that the channels of phone makers are meant.
#[rustfmt::skip]
const CUES: &[&str] = &[
    "厂商通道", "厂商推送", "厂商push", "厂商的推送", "厂商sdk", "推送通道", "厂商渠道", "vendor channel", "vendor push", "manufacturer channel",
    "manufacturer push", "vendors' push", "oem channel", "oem push", "push channel", "phone makers' push",
];

/// Whether a text speaks of vendor channels.
pub(super) fn names_channels(text: &str) -> bool {
    let lower = text.to_lowercase();
    CUES.iter().any(|cue| lower.contains(cue))
}

/// Whether a text begins with the name of a phone maker.
pub(super) fn begins_with_brand(text: &str) -> bool {
    let lower = text.trim_start().to_ascii_lowercase();
    BRANDS.iter().flat_map(|names| names.iter()).any(|name| lower.starts_with(name) && ends_word(&lower, name.len()))
}

/// The channels that lines inside or right below records name and that no record stands for.
pub(super) fn read(source: &Source, lines: &[Line], drafts: &[Draft], used: &mut [bool]) -> Vec<Draft> {
    let own: Vec<(usize, String)> =
        drafts.iter().filter_map(|draft| Some((draft.start, title(source, draft)?.to_ascii_lowercase()))).collect();
    // The parent's own name may hold the list.
    let listed = |brand: usize, parent: usize| {
        let others = own.iter().filter(|(start, _)| *start != parent).map(|(_, name)| name);
        others.into_iter().any(|name| BRANDS[brand].iter().any(|word| name.contains(word)))
    };
    let mut found: Vec<Draft> = Vec::new();
    let mut done = vec![false; BRANDS.len()];
    for (at, line) in lines.iter().enumerate().filter(|(_, line)| !line.is_blank() && line.heading == 0) {
        let text = source.slice(&line.body);
        if !names_channels(text) {
            continue;
        }
        let Some(parent) = parent(lines, drafts, used, at) else { continue };
        for segment in segments(text) {
            let hits = brands(&text[segment.clone()]);
            let several = hits.iter().any(|(brand, _)| *brand != hits[0].0);
            if !several || !names_channels(&text[segment.clone()]) {
                continue;
            }
            let base = line.body.start + segment.start;
            for (brand, place) in hits.into_iter().filter(|(brand, _)| !listed(*brand, parent.start)) {
                // The second mention says nothing new, and the maker may be the parent's own.
                if !std::mem::replace(&mut done[brand], true) {
                    found.push(nested(source, base + place.start..base + place.end, parent));
                }
            }
        }
        used.get_mut(at).into_iter().for_each(|flag| *flag = true);
    }
    found
}

fn title(source: &Source, draft: &Draft) -> Option<String> {
    draft.title_range().map(|range| value::plain(source.slice(range)))
}

fn nested(source: &Source, name: Range<usize>, parent: &Draft) -> Draft {
    Draft {
        start: name.start,
        title: Some(name),
        in_sdk_section: true,
        platform: parent.platform.clone(),
        within: title(source, parent),
        ..Draft::default()
    }
}

/// The record that a line stands in, or right below of: the last one before it, when no heading comes between.
fn parent<'d>(lines: &[Line], drafts: &'d [Draft], used: &[bool], at: usize) -> Option<&'d Draft> {
    const NEAR: usize = 4;
    let line = lines.get(at)?;
    let parent = drafts.iter().filter(|draft| draft.start <= line.whole.end).max_by_key(|draft| draft.start)?;
    let gap = lines.get(..at)?.iter().zip(used).rev().take_while(|(_, used)| !**used);
    let gap: Vec<&Line> = gap.map(|(line, _)| line).filter(|line| !line.is_blank()).collect();
    let inside = used.get(at).copied().unwrap_or(false);
    (inside || gap.len() <= NEAR && gap.iter().all(|line| line.heading == 0)).then_some(parent)
}

/// Sentences of a line.
fn segments(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut start = 0;
    for (at, c) in text.char_indices().filter(|(_, c)| matches!(c, '。' | '；' | ';')) {
        found.push(start..at);
        start = at + c.len_utf8();
    }
    found.push(start..text.len());
    found
}

/// Phone makers in a text, each with the words that make its name a service's: "小米推送SDK".
fn brands(text: &str) -> Vec<(usize, Range<usize>)> {
    // Lower-casing ASCII only keeps every offset.
    let lower = text.to_ascii_lowercase();
    let urls = links::url_ranges(text);
    let mut hits: Vec<(usize, Range<usize>)> = Vec::new();
    for (brand, names) in BRANDS.iter().enumerate() {
        for name in *names {
            let places = lower.match_indices(name).map(|(at, name)| at..at + name.len());
            let whole = |place: &Range<usize>| {
                let before = lower[..place.start].chars().next_back();
                let starts = !name.starts_with(|c: char| c.is_ascii()) || !before.is_some_and(is_letter);
                starts && ends_word(&lower, place.end) && !urls.iter().any(|url| url.contains(&place.start))
            };
            hits.extend(places.filter(whole).filter_map(|place| Some((brand, service(&lower, place)?))));
        }
    }
    hits.sort_by_key(|(_, place)| (place.start, std::cmp::Reverse(place.end)));
    let mut kept: Vec<(usize, Range<usize>)> = Vec::new();
    for hit in hits {
        if kept.last().is_none_or(|(_, last)| last.end <= hit.1.start) {
            kept.push(hit);
        }
    }
    kept
}

fn is_letter(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '.' | '_')
}

/// Whether a Latin word ends here, but for the name of a service that is written together with it.
fn ends_word(lower: &str, at: usize) -> bool {
    let rest = lower.get(at..).unwrap_or_default();
    let latin = lower.get(..at).is_some_and(|text| text.ends_with(|c: char| c.is_ascii()));
    !latin || !rest.starts_with(is_letter) || ["push", "sdk"].iter().any(|word| rest.starts_with(word))
}

/// The name with the words of a service behind it; `None` where phones are meant and not their channel.
fn service(lower: &str, place: Range<usize>) -> Option<Range<usize>> {
    const WORDS: [&str; 7] = ["推送", "push", "服务", "service", "sdk", "kit", "移动"];
    const PHONES: [&str; 8] = ["手机", "设备", "机型", "终端", "系统", "phone", "device", "账号"];
    let mut end = place.end;
    loop {
        let rest = lower.get(end..)?;
        let blanks = rest.len() - rest.trim_start_matches([' ', '-']).len();
        let behind = &rest[blanks..];
        if PHONES.iter().any(|word| behind.starts_with(word)) {
            return None;
        }
        match WORDS.iter().find(|word| behind.starts_with(**word)) {
            Some(word) => end += blanks + word.len(),
            None => return Some(place.start..end),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<&str> {
        brands(text).into_iter().map(|(_, place)| &text[place]).collect()
    }

    #[test]
    fn makers_are_taken_with_the_words_of_their_service() {
        assert_eq!(
            found("小米推送SDK、华为HMS、OPPO PUSH SDK、vivo推送和魅族厂商通道"),
            ["小米推送SDK", "华为", "OPPO PUSH SDK", "vivo推送", "魅族"]
        );
        assert_eq!(found("the Xiaomi, Huawei and Honor channels"), ["Xiaomi", "Huawei", "Honor"]);
        assert_eq!(found("小米手机、https://dev.vivo.com.cn/x、com.huawei.hms、survivor"), Vec::<&str>::new());
    }
}
