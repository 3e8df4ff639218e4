//! The words that policies have for data.

use crate::platform::data_types;
use std::collections::BTreeSet;

/// The items of a value, cut at list separators outside brackets.
pub fn parts(value: &str) -> impl Iterator<Item = &str> {
    let mut depth = 0usize;
    let pieces = value.split(move |c: char| {
        match c {
            '(' | '（' => depth += 1,
            ')' | '）' => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth == 0 && matches!(c, ',' | '，' | '、' | ';' | '；' | '\n')
    });
    let trimmed = pieces.map(|part| part.trim_matches([' ', '.', '。', '\t', '\r']));
    trimmed.map(|part| part.strip_prefix("and ").unwrap_or(part).trim()).filter(|part| !part.is_empty())
}

/// Words that name no type at all.
#[rustfmt::skip]
const OPEN: [&str; 20] = [
    "etc", "and so on", "other information", "other data", "other relevant information", "other related information", "other necessary information",
    "relevant information", "related information", "necessary information", "required information", "其他信息", "其它信息", "其他相关信息",
    "其他必要信息", "相关信息", "必要信息", "必要的信息", "有关信息", "所需信息",
];

/// Whether an item is nothing but a word that covers several types, or none.
pub fn is_umbrella(part: &str) -> bool {
    let part = ["等", " etc", " and so on"].iter().find_map(|end| part.strip_suffix(end)).unwrap_or(part).trim();
    let same = |word: &&str| word.eq_ignore_ascii_case(part);
    OPEN.iter().any(same) || data_types::umbrellas().iter().any(|umbrella| umbrella.words.iter().any(&same))
}

/// Ids of the data types that a text names. The longest word at a place decides, so that "设备序列号" is not "序列号".
pub fn types_in(text: &str) -> BTreeSet<&'static str> {
    let mut words: Vec<(&str, &str)> =
        data_types::all().iter().flat_map(|one| one.words.iter().map(|word| (*word, one.id))).collect();
    let umbrellas = data_types::umbrellas().iter().flat_map(|umbrella| umbrella.words.iter().map(|word| (*word, "")));
    words.extend(umbrellas);
    words.sort_by_key(|(word, id)| (std::cmp::Reverse(word.len()), *id));
    // Lower-casing ASCII keeps every offset.
    let lower = text.to_ascii_lowercase();
    let mut taken = vec![false; text.len()];
    let mut found = BTreeSet::new();
    for (word, id) in words.into_iter().filter(|(word, _)| !word.is_empty()) {
        for (at, _) in lower.match_indices(&word.to_ascii_lowercase()) {
            let range = at..at + word.len();
            if stands(text, word, at) && !taken[range.clone()].iter().any(|taken| *taken) {
                taken[range].fill(true);
                found.insert(id);
            }
        }
    }
    found.remove("");
    found
}

/// English words stand alone; short ones in capitals ("IP", "SMS", "MAC") as written.
fn stands(text: &str, word: &str, at: usize) -> bool {
    if !word.is_ascii() {
        return true;
    }
    let (before, after) = (text[..at].chars().next_back(), text[at + word.len()..].chars().next());
    let joins = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
    let plural = text[at + word.len()..].strip_prefix('s').is_some_and(|rest| !joins(rest.chars().next()));
    let exact = word.len() > 4 || word.bytes().any(|b| b.is_ascii_lowercase()) || text[at..].starts_with(word);
    exact && !joins(before) && (!joins(after) || plural)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_types_by_their_longest_word() {
        let found = |text| types_in(text).into_iter().collect::<Vec<_>>();
        assert_eq!(found("IMEI、IMSI"), ["imei", "imsi"]);
        assert_eq!(found("Bluetooth MAC"), ["bluetooth_mac"]);
        assert_eq!(found("device information"), [""; 0]);
        assert_eq!(found("ship stations, mac and cheese"), [""; 0]);
        assert_eq!(found("基站信息"), ["cell_tower"]);
    }

    #[test]
    fn cuts_lists_outside_brackets() {
        let cut = |text| parts(text).collect::<Vec<_>>();
        assert_eq!(cut("设备信息（IMEI、OAID）、网络信息。"), ["设备信息（IMEI、OAID）", "网络信息"]);
        assert_eq!(cut("device information, and network information"), ["device information", "network information"]);
        assert!(
            is_umbrella("Network information")
                && is_umbrella("设备信息等")
                && is_umbrella("其他信息")
                && is_umbrella("device information etc")
                && !is_umbrella("设备信息（IMEI）")
        );
    }
}
