//! Build coordinates in place of names, as bills of materials write them: `com.google.firebase:firebase-analytics`.
//!
//! Signatures know packages and names, not coordinates. An artifact is mostly called after its product, and a group begins
//! like the packages of its vendor; what these two say together is a clue of its own, weaker than a name.

use super::Confidence;
use super::names::Names;
use crate::signatures::Sdk;

/// The SDK that a coordinate means, when it is only one.
pub(super) fn find<'a>(written: &str, names: &Names<'a>) -> Option<(&'a Sdk, Confidence)> {
    let (group, artifact) = split(written)?;
    let set = names.set();
    let by_name = || [artifact, strip_layers(artifact)].iter().find_map(|name| Some(set.by_name(name)?.0));
    let at_group = || {
        let (length, number) = set.match_package(group.as_bytes())?;
        (length == group.len()).then(|| set.sdk(number))
    };
    let clear = by_name().filter(|sdk| shares_root(sdk, group));
    if let Some(sdk) = clear.or_else(|| below(group, artifact, names)).or_else(at_group) {
        return Some((sdk, Confidence::Medium));
    }
    let only_below = || match set.under_package(group).as_slice() {
        [only] => Some(*only),
        _ => None,
    };
    let inside = || names.find(artifact).or_else(|| names.find(written)).map(|named| named.sdk);
    let found = by_name().or_else(only_below).or_else(inside).or_else(|| set.by_package(group));
    Some((found?, Confidence::Low))
}

/// Whether text is a coordinate.
pub(super) fn is_one(text: &str) -> bool {
    split(text).is_some()
}

/// Group and artifact of `group:artifact[:version]`; both must look like it.
fn split(written: &str) -> Option<(&str, &str)> {
    let mut parts = written.trim().split(':');
    let (group, artifact) = (parts.next()?, parts.next()?);
    let is_word = |text: &str| {
        text.starts_with(|c: char| c.is_ascii_alphanumeric())
            && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_'))
    };
    (is_word(group) && is_word(artifact) && parts.count() <= 2).then_some((group, artifact))
}

/// The SDK whose package is the group and the end of the artifact: `com.google.android.gms` and `play-services-ads`.
fn below<'a>(group: &str, artifact: &str, names: &Names<'a>) -> Option<&'a Sdk> {
    let words: Vec<&str> = strip_layers(artifact).split(['-', '_', '.']).collect();
    (0..words.len()).find_map(|from| {
        let package = format!("{group}.{}", words[from..].join("."));
        let (length, number) = names.set().match_package(package.as_bytes())?;
        (length > group.len()).then(|| names.set().sdk(number))
    })
}

/// "play-services-ads-lite", "bugly-android": ends that say which build it is, not which product.
fn strip_layers(artifact: &str) -> &str {
    const ENDS: [&str; 8] = ["-ktx", "-android", "-sdk", "-lite", "-core", "-aar", "-release", "-java"];
    ENDS.iter().find_map(|end| artifact.strip_suffix(end)).unwrap_or(artifact)
}

/// Whether the vendor's packages begin like the group: the same first two segments.
fn shares_root(sdk: &Sdk, group: &str) -> bool {
    let root = |dotted: &str| dotted.split('.').take(2).map(str::to_owned).collect::<Vec<_>>();
    let own = root(group);
    own.len() == 2 && sdk.detect.packages.iter().chain(&sdk.detect.companions).any(|package| root(package) == own)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_coordinate_has_a_group_and_an_artifact() {
        assert_eq!(split("com.acme:push-sdk:1.2.3"), Some(("com.acme", "push-sdk")));
        for text in ["com.acme:push@aar", "Acme Push", "用途：推送", "https://a.example", "a:b:c:d:e", ":a", "a:"]
        {
            assert_eq!(split(text), None, "{text}");
        }
        assert_eq!((strip_layers("bugly-android"), strip_layers("glide")), ("bugly", "glide"));
    }
}
