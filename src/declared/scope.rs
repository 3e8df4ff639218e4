//! A declared data scope as data types: which are named, which lie only below an umbrella word ("device information").
//!
//! The longest word at a place counts. An umbrella word with a list right behind it, in brackets or after a colon, names the types of
//! that list and nothing else; alone it covers all its members, weakly. Chinese words need no boundary; English ones do, in any
//! case, but for words of two or three capitals ("IP", "MAC"), which are taken as they are.

use super::{DeclaredSdk, Field};
use crate::platform::data_types::{self, DataType, Umbrella};
use std::collections::{BTreeMap, BTreeSet};

/// How a type stands in a scope.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Coverage {
    /// A word names it.
    Explicit,
    /// Only a wider word covers it.
    Umbrella,
}

impl Coverage {
    /// The word used in JSON.
    pub fn id(self) -> &'static str {
        match self {
            Coverage::Explicit => "explicit",
            Coverage::Umbrella => "umbrella",
        }
    }
}

/// The data types of a text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scope {
    types: BTreeMap<&'static str, (Coverage, String)>,
    /// Whether the whole text says that there is nothing.
    pub none: bool,
}

/// What a record says of data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DeclaredScope {
    /// The record has no such field.
    Absent,
    /// It says that nothing is collected.
    None,
    /// The types of its words, which may be none that are known.
    Given(Scope),
}

impl Scope {
    /// Reads a text.
    pub fn of(text: &str) -> Scope {
        let mut scope = Scope { none: says_none(text), ..Scope::default() };
        if scope.none {
            return scope;
        }
        let lower = text.to_ascii_lowercase();
        let words = find_words(text, &lower);
        for (number, found) in words.iter().enumerate() {
            match found.meaning {
                Meaning::Types(types) => {
                    for one in types {
                        scope.add(one.id, Coverage::Explicit, found.word);
                        one.hints_at.iter().for_each(|id| scope.add(id, Coverage::Umbrella, found.word));
                    }
                }
                Meaning::Umbrella(umbrella) => {
                    let list = list_behind(text, found.end);
                    let names_types =
                        |one: &&Found<'_>| one.end <= list.end && matches!(one.meaning, Meaning::Types(_));
                    let is_list =
                        words[number + 1..].iter().take_while(|one| one.start < list.end).any(|one| names_types(&one));
                    if !is_list {
                        umbrella.members.iter().for_each(|id| scope.add(id, Coverage::Umbrella, found.word));
                    }
                }
            }
        }
        scope
    }

    fn add(&mut self, id: &'static str, coverage: Coverage, word: &str) {
        let slot = self.types.entry(id).or_insert_with(|| (coverage, word.to_owned()));
        if coverage < slot.0 {
            *slot = (coverage, word.to_owned());
        }
    }

    /// How a type is covered; `None` where nothing covers it.
    pub fn covers(&self, id: &str) -> Option<Coverage> {
        self.types.get(id).map(|(coverage, _)| *coverage)
    }

    /// The word that covers a type.
    pub fn word(&self, id: &str) -> Option<&str> {
        self.types.get(id).map(|(_, word)| word.as_str())
    }

    /// Types that a word names, by id.
    pub fn explicit(&self) -> impl Iterator<Item = &'static str> + '_ {
        self.types.iter().filter(|(_, (coverage, _))| *coverage == Coverage::Explicit).map(|(id, _)| *id)
    }

    /// Types that only a wider word covers, by id.
    pub fn by_umbrella(&self) -> impl Iterator<Item = &'static str> + '_ {
        self.types.iter().filter(|(_, (coverage, _))| *coverage == Coverage::Umbrella).map(|(id, _)| *id)
    }

    /// Whether no known word was found.
    pub fn is_empty(&self) -> bool {
        self.types.is_empty()
    }

    /// Adds the types of another text.
    pub fn extend(&mut self, other: &Scope) {
        for (id, (coverage, word)) in &other.types {
            self.add(id, *coverage, word);
        }
    }
}

impl DeclaredSdk {
    /// The data types of the record's data field.
    pub fn scope(&self) -> DeclaredScope {
        match &self.data {
            Field::Absent => DeclaredScope::Absent,
            Field::ExplicitNone(_) => DeclaredScope::None,
            Field::Given(data) => match Scope::of(&data.text) {
                scope if scope.none => DeclaredScope::None,
                scope => DeclaredScope::Given(scope),
            },
        }
    }
}

#[derive(Clone)]
enum Meaning {
    Types(Vec<&'static DataType>),
    Umbrella(&'static Umbrella),
}

struct Found<'t> {
    start: usize,
    end: usize,
    word: &'t str,
    meaning: &'t Meaning,
}

/// Every word of the taxonomy, by its first character as compared: folded, or as it is.
struct Words(BTreeMap<char, Vec<(String, bool, Meaning)>>);

fn words() -> &'static Words {
    static WORDS: std::sync::OnceLock<Words> = std::sync::OnceLock::new();
    WORDS.get_or_init(|| {
        let mut types: BTreeMap<&'static str, Vec<&'static DataType>> = BTreeMap::new();
        for one in data_types::all() {
            for word in one.words {
                types.entry(word).or_default().push(one);
            }
        }
        let types = types.into_iter().map(|(word, types)| (word, Meaning::Types(types)));
        let umbrellas = data_types::umbrellas().iter();
        let umbrellas = umbrellas.flat_map(|one| one.words.iter().map(move |word| (*word, Meaning::Umbrella(one))));
        let mut all: BTreeMap<char, Vec<(String, bool, Meaning)>> = BTreeMap::new();
        for (word, meaning) in types.chain(umbrellas) {
            for spelling in spellings(word) {
                let Some(first) = spelling.chars().next() else { continue };
                let takes_case = takes_case(&spelling);
                all.entry(first.to_ascii_lowercase()).or_default().push((spelling, takes_case, meaning.clone()));
            }
        }
        // The longest word at a place counts, so it comes first.
        all.values_mut().for_each(|list| list.sort_by_key(|(word, _, _)| std::cmp::Reverse(word.len())));
        Words(all)
    })
}

/// Policies write Wi-Fi in many ways.
fn spellings(word: &str) -> Vec<String> {
    let at = ["wi-fi", "wifi", "wlan"].iter().find_map(|name| {
        let at = word.to_ascii_lowercase().find(name)?;
        Some(at..at + name.len())
    });
    match at {
        None => vec![word.to_owned()],
        Some(at) => {
            let with = |name: &str| format!("{}{name}{}", &word[..at.start], &word[at.end..]);
            ["wi-fi", "wifi", "wlan", "wi fi"].map(with).into()
        }
    }
}

/// Short words in capitals are names of their own: "IP" is no "ip" in the middle of prose, "MAC" no "Mac".
fn takes_case(word: &str) -> bool {
    (2..=3).contains(&word.len()) && word.bytes().all(|byte| byte.is_ascii_uppercase())
}

fn find_words<'t>(text: &'t str, lower: &str) -> Vec<Found<'t>> {
    let words = words();
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(first) = lower.get(at..).and_then(|rest| rest.chars().next()) {
        let candidates = words.0.get(&first).map(Vec::as_slice).unwrap_or_default();
        let fits = |(word, takes_case, _): &&(String, bool, Meaning)| {
            let end = at + word.len();
            let here = text
                .get(at..end)
                .is_some_and(|here| if *takes_case { here == word } else { here.eq_ignore_ascii_case(word) });
            here && is_bounded(text, at, end)
        };
        match candidates.iter().find(fits) {
            Some((word, _, meaning)) => {
                let end = at + word.len();
                found.push(Found { start: at, end, word: &text[at..end], meaning });
                at = end;
            }
            None => at += first.len_utf8(),
        }
    }
    found
}

/// English words stand alone; a plural counts.
fn is_bounded(text: &str, start: usize, end: usize) -> bool {
    let joins = |a: Option<char>, b: Option<char>| [a, b].iter().all(|c| c.is_some_and(|c| c.is_ascii_alphanumeric()));
    let (word, rest) = (&text[start..end], &text[end..]);
    let last = word.chars().next_back();
    let singular = !joins(last, rest.chars().next());
    let plural = rest.strip_prefix('s').is_some_and(|rest| !joins(last, rest.chars().next()));
    !joins(text[..start].chars().next_back(), word.chars().next()) && (singular || plural)
}

/// The list that an umbrella word at `end` introduces: what its brackets hold, or what follows a colon on its line.
fn list_behind(text: &str, end: usize) -> std::ops::Range<usize> {
    let rest = &text[end..];
    let body = rest.trim_start_matches([' ', '\t', '\u{3000}']);
    let start = end + rest.len() - body.len();
    let Some(first) = body.chars().next() else { return end..end };
    let inner = start + first.len_utf8();
    match first {
        '(' | '（' | '[' | '【' => {
            let mut depth = 0;
            for (at, c) in body.char_indices() {
                match c {
                    '(' | '（' | '[' | '【' => depth += 1,
                    ')' | '）' | ']' | '】' => depth -= 1,
                    _ => {}
                }
                if depth == 0 {
                    return inner..start + at;
                }
            }
            inner..text.len()
        }
        ':' | '：' => {
            let stop = text[inner..].find(['\n', ';', '；', '。']).map_or(text.len(), |at| inner + at);
            inner..stop
        }
        _ => end..end,
    }
}

fn says_none(text: &str) -> bool {
    let text = text.trim().trim_end_matches(['.', '。', ';', '；']).trim_end();
    data_types::none_words().iter().any(|word| word.eq_ignore_ascii_case(text)) || super::denial::is_denial(text)
}

/// Ids of the types that a text names or hints at, for a record's canonical JSON.
pub(super) fn ids(scope: &Scope) -> Vec<String> {
    let all: BTreeSet<&str> = scope.explicit().chain(scope.by_umbrella()).collect();
    all.into_iter().map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn explicit(text: &str) -> Vec<&'static str> {
        Scope::of(text).explicit().collect()
    }

    fn weak(text: &str) -> Vec<&'static str> {
        Scope::of(text).by_umbrella().collect()
    }

    #[test]
    fn words_of_both_languages_name_types() {
        assert_eq!(
            explicit("IMEI, Android ID and the list of installed applications"),
            ["android_id", "imei", "installed_apps"]
        );
        assert_eq!(
            explicit("设备型号、IMEI号、应用列表信息、剪切板"),
            ["clipboard", "device_model", "imei", "installed_apps"]
        );
        assert_eq!(explicit("IP addresses; contacts"), ["contacts", "ip"]);
        assert_eq!(explicit("WIFI list"), ["wifi_scan"]);
        assert_eq!(explicit("附近WLAN"), ["wifi_scan"]);
    }

    #[test]
    fn the_longest_word_counts() {
        assert_eq!(explicit("蓝牙MAC地址"), ["bluetooth_mac"]);
        assert_eq!(explicit("sensor list"), ["sensor_list"]);
        assert!(explicit("location related information").is_empty());
        assert_eq!(Scope::of("location related information").covers("location"), Some(Coverage::Umbrella));
    }

    #[test]
    fn english_words_need_boundaries_and_short_capitals_their_case() {
        assert!(explicit("shipping description, a script, the order of names").iter().all(|id| *id != "ip"));
        assert!(!explicit("a tip for mac users").contains(&"mac"));
        assert_eq!(explicit("MAC"), ["mac"]);
        assert_eq!(explicit("imei"), ["imei"], "no English word is spelt so");
        assert!(explicit("recontacts").is_empty());
    }

    #[test]
    fn an_umbrella_with_a_list_names_only_the_list() {
        assert_eq!(explicit("设备信息（IMEI、设备型号）"), ["device_model", "imei"]);
        assert!(weak("设备信息（IMEI、设备型号）").is_empty());
        assert!(weak("device information: OAID, Android ID").is_empty());
        let nested = "network information (mandatory: WIFI connection information (SSID, BSSID), carrier)";
        assert_eq!((explicit(nested), weak(nested).len()), (vec!["bssid", "carrier", "ssid"], 0));
        assert!(weak("network information (etc.)").contains(&"ssid"), "a list that names nothing is none");
    }

    #[test]
    fn an_umbrella_alone_covers_its_members_weakly() {
        let scope = Scope::of("device information, IMEI");
        assert_eq!(scope.covers("imei"), Some(Coverage::Explicit));
        assert_eq!(
            (scope.covers("serial"), scope.word("serial")),
            (Some(Coverage::Umbrella), Some("device information"))
        );
        assert_eq!((scope.covers("location"), scope.covers("clipboard")), (None, None));
        assert_eq!(Scope::of("大致位置").covers("location"), Some(Coverage::Umbrella));
    }

    #[test]
    fn none_is_none_only_as_the_whole_value() {
        assert!(Scope::of("无").none && Scope::of(" None. ").none && Scope::of("不涉及").none);
        assert!(!Scope::of("无线网络名称").none && explicit("无线网络名称") == ["ssid"]);
        assert!(Scope::of("").is_empty() && !Scope::of("").none);
    }
}
