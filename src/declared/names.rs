//! Comparing a name as a policy writes it with the names that signatures know.

use crate::signatures::{NameKind, Sdk, SignatureSet, fold_name};
use std::cell::OnceCell;
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
}

/// The names of a signature set, prepared when the first one needs more than a look-up.
pub(super) struct Names<'a> {
    set: &'a SignatureSet,
    known: OnceCell<Vec<Known<'a>>>,
}

impl<'a> Names<'a> {
    pub fn new(set: &'a SignatureSet) -> Names<'a> {
        Names { set, known: OnceCell::new() }
    }

    pub fn set(&self) -> &'a SignatureSet {
        self.set
    }

    /// The SDK that a written name means, when it is only one: the name as it is, without brackets, without generic
    /// words, then the longest known name inside it.
    pub fn find(&self, written: &str) -> Option<Named<'a>> {
        let variants = variants(written);
        if let Some((sdk, kind)) = variants.iter().find_map(|name| self.set.by_name(name)) {
            return Some(Named { sdk, kind, sure: true });
        }
        let known = self.known.get_or_init(|| self.set.iter().flat_map(known_names).collect());
        variants.iter().find_map(|name| stripped(name, known)).or_else(|| contained(written, known))
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
fn words(text: &str) -> String {
    let mut out = String::new();
    let mut last = None;
    for c in text.nfkc().flat_map(char::to_lowercase) {
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
            kept.push(word);
        }
    }
    kept.concat()
}

/// The only SDK of which a name is the same without generic words.
fn stripped<'a>(name: &str, known: &[Known<'a>]) -> Option<Named<'a>> {
    let own = strip(name);
    if own.chars().count() < 2 {
        return None;
    }
    let found: Vec<&Known> = known.iter().filter(|known| known.specific == own).collect();
    let first = found.first()?;
    let only = found.iter().all(|other| other.sdk.id == first.sdk.id);
    only.then_some(Named { sdk: first.sdk, kind: first.kind, sure: true })
}

/// The only SDK of which a name stands at word boundaries inside `name`. Names inside a longer found one do not count;
/// when two SDKs are left the name is not clear.
fn contained<'a>(name: &str, known: &[Known<'a>]) -> Option<Named<'a>> {
    const LONGEST: usize = 400;
    let hay = words(name);
    if hay.len() > LONGEST {
        return None;
    }
    let mut found: Vec<(&Known<'a>, usize, usize)> = Vec::new();
    for known in known {
        let short = if known.words.is_ascii() { 3 } else { 2 };
        if known.specific.chars().count() < short || is_everyday(&known.specific) {
            continue;
        }
        found.extend(places(&hay, &known.words).map(|at| (known, at, at + known.words.len())));
    }
    let inside =
        |a: &(&Known, usize, usize), b: &(&Known, usize, usize)| b.1 <= a.1 && a.2 <= b.2 && b.2 - b.1 > a.2 - a.1;
    let outer: Vec<_> = found.iter().filter(|a| !found.iter().any(|b| inside(a, b))).collect();
    let (first, from, to) = outer.first()?;
    let only = outer.iter().all(|(other, ..)| other.sdk.id == first.sdk.id);
    let share = hay.get(*from..*to).map_or(0, |part| strip(part).chars().count()) * 2;
    only.then_some(Named { sdk: first.sdk, kind: first.kind, sure: share >= strip(name).chars().count() })
}

/// Where `needle` stands as whole words. Chinese has no blanks, so a Chinese name may start or end inside a run.
fn places<'a>(hay: &'a str, needle: &'a str) -> impl Iterator<Item = usize> + 'a {
    hay.match_indices(needle).map(|(at, _)| at).filter(move |at| {
        let starts = hay[..*at].ends_with(' ') || *at == 0 || !needle.starts_with(|c: char| c.is_ascii());
        let end = at + needle.len();
        let ends = hay[end..].starts_with(' ') || end == hay.len() || !needle.ends_with(|c: char| c.is_ascii());
        starts && ends
    })
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
        assert_eq!(places("oppo 推送 sdk", "oppo 推送").count(), 1);
        assert_eq!(places("glidex gallery", "glide").count(), 0);
        assert_eq!(places("新浪微博分享", "微博").count(), 1);
    }
}
