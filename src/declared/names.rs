//! Comparing a name as a policy writes it with the names that signatures know.

use super::Confidence;
use crate::signatures::{NameKind, Sdk, SignatureSet, fold_name, is_composed};
use aho_corasick::AhoCorasick;
use std::cell::OnceCell;
use std::collections::HashMap;
use unicode_normalization::UnicodeNormalization;

/// Words that say what kind of thing it is, not which.
#[rustfmt::skip]
const GENERIC: &[&str] = &[
    "sdk", "sdks", "android", "ios", "harmonyos", "app", "gallery", "library", "lib", "module", "plugin", "component",
    "framework", "client", "third", "party", "the", "for", "integrated", "service", "services", "open", "platform",
    "安卓", "第三方", "三方", "图库", "插件", "组件", "模块", "服务", "客户端", "开放平台", "平台", "官方", "集成",
    "软件开发工具包", "软件开发包",
];

/// An SDK that a name points to.
pub(super) struct Named<'a> {
    pub sdk: &'a Sdk,
    pub kind: NameKind,
    /// The name says this and little else, so that it stands against a package that says something different.
    pub sure: bool,
    pub confidence: Confidence,
}

/// The names of a signature set, prepared when the first one needs more than a look-up.
pub(super) struct Names<'a> {
    set: &'a SignatureSet,
    known: OnceCell<KnownNames<'a>>,
    /// Each SDK with its vendor's folded names: folding all of them for every record of a long list costs seconds.
    vendors: OnceCell<Vec<(&'a Sdk, [String; 2])>>,
}

impl<'a> Names<'a> {
    pub fn new(set: &'a SignatureSet) -> Names<'a> {
        Names { set, known: OnceCell::new(), vendors: OnceCell::new() }
    }

    /// All SDKs with their vendor's folded names, English and Chinese.
    pub fn vendors(&self) -> &[(&'a Sdk, [String; 2])] {
        let folded = |sdk: &'a Sdk| (sdk, [fold_name(&sdk.vendor.en), fold_name(&sdk.vendor.zh)]);
        self.vendors.get_or_init(|| self.set.iter().map(folded).collect())
    }

    pub fn set(&self) -> &'a SignatureSet {
        self.set
    }

    /// The SDK that a written name means, when it is only one: the name as it is, without brackets, without generic
    /// words, then the longest known name inside it.
    pub fn find(&self, written: &str) -> Option<Named<'a>> {
        let variants = variants(written);
        let exact = variants.iter().find_map(|name| self.set.by_name(name));
        if let Some((sdk, kind)) = exact.or_else(|| variants.iter().find_map(|name| self.without_sdk(name))) {
            return Some(Named { sdk, kind, sure: true, confidence: Confidence::High });
        }
        let known = self.known();
        variants.iter().find_map(|name| known.stripped(name)).or_else(|| known.contained(written))
    }

    /// The SDKs that a name fits when it fits several: the same name but for generic words, several names inside it, names
    /// that begin with it ("极光SDK").
    pub fn candidates(&self, written: &str) -> Vec<&'a Sdk> {
        let (known, variants) = (self.known(), variants(written));
        let same = variants.iter().map(|name| known.same(name)).find(|found| !found.is_empty());
        let inside = || Some(known.inside(written).into_iter().map(|(known, ..)| known.sdk).collect());
        let found = same.or_else(inside).filter(|found: &Vec<&Sdk>| !found.is_empty());
        found.unwrap_or_else(|| variants.iter().flat_map(|name| known.beginning(name)).collect())
    }

    fn known(&self) -> &KnownNames<'a> {
        self.known.get_or_init(|| KnownNames::new(self.set))
    }

    /// The word "SDK" at the end of a name, there or not, makes no other name.
    fn without_sdk(&self, name: &str) -> Option<(&'a Sdk, NameKind)> {
        let folded = fold_name(name);
        match folded.strip_suffix("sdk") {
            Some(bare) => self.set.by_name(bare).filter(|_| !bare.is_empty() && !is_everyday(bare)),
            None => self.set.by_name(&format!("{folded}sdk")).filter(|_| !is_everyday(&folded)),
        }
    }
}

/// The name as written; without what stands in brackets; the brackets' content.
fn variants(written: &str) -> Vec<String> {
    let mut variants = vec![written.to_owned()];
    let Some((outside, inside)) = split_brackets(written) else { return variants };
    variants.extend([outside, inside].into_iter().filter(|text| fold_name(text).chars().count() >= 2));
    variants
}

fn split_brackets(text: &str) -> Option<(String, String)> {
    let open = text.find(['(', '（', '【', '['])?;
    let inner = &text[open + text[open..].chars().next()?.len_utf8()..];
    let close = inner.find([')', '）', '】', ']'])?;
    let after = &inner[close + inner[close..].chars().next()?.len_utf8()..];
    Some((format!("{} {}", &text[..open], after), inner[..close].to_owned()))
}

/// A name of a signature as words.
struct Known<'a> {
    sdk: &'a Sdk,
    kind: NameKind,
    words: String,
    /// Without generic words.
    specific: String,
}

fn known_names(sdk: &Sdk) -> impl Iterator<Item = Known<'_>> {
    let names = [&sdk.name.en, &sdk.name.zh].into_iter().map(|name| (name, NameKind::Name));
    let aliases = sdk.aliases.iter().map(|alias| (alias, NameKind::Alias));
    names.chain(aliases).map(move |(name, kind)| Known { sdk, kind, words: words(name), specific: strip(name) })
}

/// NFKC and lower case; every run of Latin letters and digits, and every run of other letters, is a word between blanks.
pub(super) fn words(text: &str) -> String {
    match is_composed(text) {
        true => spaced(text.chars()),
        false => spaced(text.nfkc()),
    }
}

fn spaced(text: impl Iterator<Item = char>) -> String {
    let mut out = String::new();
    let mut last = None;
    for c in text.flat_map(char::to_lowercase) {
        let class = match c {
            c if !c.is_alphanumeric() => None,
            c => Some(c.is_ascii()),
        };
        if class != last && !out.is_empty() && !out.ends_with(' ') {
            out.push(' ');
        }
        if class.is_some() {
            out.push(c);
        }
        last = class;
    }
    out.trim_end().to_owned()
}

/// Takes generic words away: whole ones anywhere, and at the end of Chinese ones ("微信开放平台" → "微信").
fn strip(name: &str) -> String {
    specific(name).concat()
}

/// The words that are left without the generic ones.
fn specific(name: &str) -> Vec<String> {
    let spaced = words(name);
    let mut kept = Vec::new();
    for word in spaced.split(' ') {
        let mut word = word;
        if word.is_ascii() {
            // "weexSDK": the generic part is written together with the name.
            word = word.strip_suffix("sdk").filter(|rest| rest.len() >= 3).unwrap_or(word);
        } else {
            while let Some(rest) =
                GENERIC.iter().filter(|g| !g.is_ascii()).find_map(|generic| word.strip_suffix(generic))
            {
                word = rest;
            }
        }
        if !word.is_empty() && !GENERIC.contains(&word) {
            kept.push(word.to_owned());
        }
    }
    kept
}

/// All names of a set, prepared for questions about many records.
struct KnownNames<'a> {
    names: Vec<Known<'a>>,
    /// Indices into `names` by what is left without generic words.
    by_specific: HashMap<String, Vec<usize>>,
    /// Finds the names that may stand inside a longer one; pattern numbers are indices into `inner`.
    matcher: Option<AhoCorasick>,
    inner: Vec<usize>,
}

impl<'a> KnownNames<'a> {
    fn new(set: &'a SignatureSet) -> KnownNames<'a> {
        let names: Vec<Known> = set.iter().flat_map(known_names).collect();
        let mut by_specific: HashMap<String, Vec<usize>> = HashMap::new();
        for (at, known) in names.iter().enumerate() {
            by_specific.entry(known.specific.clone()).or_default().push(at);
        }
        let tells = |known: &Known| {
            let short = if known.words.is_ascii() { 3 } else { 2 };
            known.specific.chars().count() >= short && !is_everyday(&known.specific)
        };
        let inner: Vec<usize> = (0..names.len()).filter(|&at| tells(&names[at])).collect();
        let matcher = AhoCorasick::new(inner.iter().map(|&at| &names[at].words)).ok();
        KnownNames { names, by_specific, matcher, inner }
    }

    /// The only SDK of which a name is the same without generic words.
    fn stripped(&self, name: &str) -> Option<Named<'a>> {
        let own = strip(name);
        if own.chars().count() < 2 {
            return None;
        }
        let found: Vec<&Known> = self.by_specific.get(&own)?.iter().map(|&at| &self.names[at]).collect();
        let first = found.first()?;
        let only = found.iter().all(|other| other.sdk.id == first.sdk.id);
        only.then_some(Named { sdk: first.sdk, kind: first.kind, sure: true, confidence: Confidence::Medium })
    }

    /// All SDKs of which a name is the same without generic words.
    fn same(&self, name: &str) -> Vec<&'a Sdk> {
        let own = strip(name);
        let found = self.by_specific.get(&own).filter(|_| own.chars().count() >= 2);
        found.into_iter().flatten().map(|&at| self.names[at].sdk).collect()
    }

    /// All SDKs with a name that begins with the words of this one.
    fn beginning(&self, name: &str) -> Vec<&'a Sdk> {
        let own = specific(name).join(" ");
        let shortest = if own.is_ascii() { 3 } else { 2 };
        if own.chars().count() < shortest || is_everyday(&own) {
            return Vec::new();
        }
        let begins = |known: &&Known| known.words.starts_with(&own) && is_whole(&known.words, 0, own.len());
        self.names.iter().filter(begins).map(|known| known.sdk).collect()
    }

    /// The only SDK of which a name stands at word boundaries inside `name`.
    fn contained(&self, name: &str) -> Option<Named<'a>> {
        let outer = self.inside(name);
        let (first, from, to) = outer.first()?;
        let only = outer.iter().all(|(other, ..)| other.sdk.id == first.sdk.id);
        let hay = words(name);
        let share = hay.get(*from..*to).map_or(0, |part| strip(part).chars().count()) * 2;
        let sure = share >= strip(name).chars().count();
        let confidence = if sure { Confidence::Medium } else { Confidence::Low };
        only.then_some(Named { sdk: first.sdk, kind: first.kind, sure, confidence })
    }

    /// The known names at word boundaries inside `name` and their places in its words, longest first. Names inside a longer
    /// found one do not count.
    fn inside(&self, name: &str) -> Vec<(&Known<'a>, usize, usize)> {
        const LONGEST: usize = 400;
        let hay = words(name);
        let Some(matcher) = self.matcher.as_ref().filter(|_| hay.len() <= LONGEST) else { return Vec::new() };
        let matches = matcher.find_overlapping_iter(&hay);
        let whole = matches.filter(|found| is_whole(&hay, found.start(), found.end()));
        let mut found: Vec<(&Known<'a>, usize, usize)> =
            whole.map(|one| (&self.names[self.inner[one.pattern().as_usize()]], one.start(), one.end())).collect();
        // The longest first, so that the rest need only be compared with what is kept.
        found.sort_by_key(|(_, start, end)| (std::cmp::Reverse(end - start), *start));
        let mut outer: Vec<(&Known<'a>, usize, usize)> = Vec::new();
        for one in found {
            let inside = outer.iter().any(|kept| kept.1 <= one.1 && one.2 <= kept.2 && kept.2 - kept.1 > one.2 - one.1);
            if !inside {
                outer.push(one);
            }
        }
        outer
    }
}

/// Whether a place in `hay` begins and ends where words do. Chinese has no blanks, so a Chinese name may start or end inside a run.
fn is_whole(hay: &str, start: usize, end: usize) -> bool {
    let needle = &hay[start..end];
    let starts = start == 0 || hay[..start].ends_with(' ') || !needle.starts_with(|c: char| c.is_ascii());
    let ends = end == hay.len() || hay[end..].starts_with(' ') || !needle.ends_with(|c: char| c.is_ascii());
    starts && ends
}

/// Names of SDKs that are everyday words: inside a longer name they mean nothing.
fn is_everyday(word: &str) -> bool {
    const EVERYDAY: &[&str] = &[
        "push",
        "adjust",
        "branch",
        "amplitude",
        "segment",
        "sentry",
        "flurry",
        "timber",
        "logger",
        "banner",
        "room",
        "volley",
        "coil",
        "unity",
        "facebook",
        "google",
        "android",
        "message",
        "analytics",
        "maps",
        "location",
        "ads",
        "推送",
        "地图",
        "统计",
        "分享",
        "支付",
        "登录",
        "广告",
        "定位",
        "播放器",
    ];
    EVERYDAY.contains(&word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_split_between_scripts() {
        assert_eq!(words("阿里weexSDK"), "阿里 weexsdk");
        assert_eq!(words("ＯＰＰＯ推送-SDK"), "oppo 推送 sdk");
    }

    #[test]
    fn generic_words_are_taken_away() {
        assert_eq!(strip("Glide Gallery"), "glide");
        assert_eq!(strip("微信开放平台SDK"), "微信");
        assert_eq!(strip("weexSDK"), "weex");
        assert_eq!(strip("华为推送服务SDK"), "华为推送");
        assert_eq!(strip("SDK"), "");
    }

    #[test]
    fn names_stand_at_word_boundaries() {
        assert!(is_whole("oppo 推送 sdk", 0, "oppo 推送".len()));
        assert!(!is_whole("glidex gallery", 0, "glide".len()));
        assert!(is_whole("新浪微博分享", "新浪".len(), "新浪微博".len()));
    }
}
