//! The one right correction of a misspelt permission name.
//!
//! A misspelling changes letters of a word; another word is another permission. So the distance is counted on the last
//! part of the name, and a word that is itself a word of the tables (`MMS` in `READ_MMS`) is never "corrected" into a
//! different one (`READ_SMS`).

use strsim::osa_distance;

use crate::platform::permissions::{Platform, find, names};

/// Names longer than this are no permission names.
const LONGEST: usize = 160;

/// Steps between a written name and a known one; an edit of a letter is two steps, a wrong prefix one or two.
type Cost = usize;

/// The name that `name` was meant to be; `None` where it is right already, nothing is near, or two names are equally
/// near. Of names equally near, the one that ordinary apps may use wins.
pub fn nearest(name: &str) -> Option<&'static str> {
    let name = name.trim();
    if name.len() < 3 || name.len() > LONGEST || !name.is_ascii() || find(name).is_some() {
        return None;
    }
    let written = Written::new(name);
    let mut best: Option<((Cost, bool), &'static str)> = None;
    let mut tie = false;
    for (candidate, platform, public) in names() {
        if !written.concerns(platform) || candidate.contains('$') {
            continue;
        }
        let Some(cost) = written.cost(candidate) else { continue };
        let key = (cost, !public);
        match &best {
            Some((known, _)) if *known < key => {}
            Some((known, _)) if *known == key => tie = true,
            _ => (best, tie) = (Some((key, candidate)), false),
        }
    }
    best.filter(|_| !tie).map(|(_, candidate)| candidate)
}

/// The written name, folded to lower case and cut at the last dot, and what is compared once instead of per candidate.
struct Written<'a> {
    as_is: &'a str,
    folded: String,
    last_at: usize,
    /// Letters and digits only.
    squeezed: String,
    /// Taken from a list of HarmonyOS names, by its first part.
    harmony: bool,
    /// Could be an iOS key: one long word.
    key: bool,
    /// The prefix stands for `android.permission`, `ohos.permission`.
    android_prefix: bool,
    ohos_prefix: bool,
}

impl<'a> Written<'a> {
    fn new(as_is: &'a str) -> Written<'a> {
        let folded = as_is.to_ascii_lowercase();
        let last_at = folded.rfind('.').map_or(0, |dot| dot + 1);
        let first = folded.split('.').next().unwrap_or_default();
        let prefix = folded[..last_at].trim_end_matches('.');
        Written {
            as_is,
            last_at,
            squeezed: squeeze(&folded).collect(),
            harmony: last_at > 0 && (osa_distance(first, "ohos") <= 1 || is_harmony(first)),
            key: last_at == 0 && !folded.contains('_') && folded.len() >= 16,
            android_prefix: is_platform_prefix(prefix, "android.permission"),
            ohos_prefix: is_platform_prefix(prefix, "ohos.permission"),
            folded,
        }
    }

    fn prefix(&self) -> &str {
        self.folded[..self.last_at].trim_end_matches('.')
    }

    fn last(&self) -> &str {
        &self.folded[self.last_at..]
    }

    fn concerns(&self, platform: Platform) -> bool {
        match platform {
            Platform::HarmonyOs => self.harmony,
            Platform::Ios => self.key,
            Platform::Android | Platform::Vendor => !self.harmony,
        }
    }

    fn cost(&self, candidate: &str) -> Option<Cost> {
        let last_at = candidate.rfind('.').map_or(0, |dot| dot + 1);
        let (prefix, last) = (candidate[..last_at].trim_end_matches('.'), &candidate[last_at..]);
        if self.folded.eq_ignore_ascii_case(candidate) {
            return Some(0);
        }
        if squeeze(candidate).eq(self.squeezed.chars()) {
            return Some(1);
        }
        let same_last = self.last().eq_ignore_ascii_case(last);
        if !same_last && !may_be_near(self.last(), last) {
            return None;
        }
        let prefix_cost = self.prefix_cost(prefix, same_last)?;
        if same_last {
            return Some(1 + prefix_cost);
        }
        let plain = last.to_ascii_lowercase();
        let edits = misspelling(self.last(), &plain)?;
        // A word without any prefix is a permission name only when it looks like one.
        let looks_like_one = !self.prefix().is_empty() || last_at == 0 || self.as_is == self.as_is.to_ascii_uppercase();
        (looks_like_one && !other_word(self.last(), &plain)).then_some(2 * edits + prefix_cost)
    }

    fn prefix_cost(&self, prefix: &str, same_last: bool) -> Option<Cost> {
        let written = self.prefix();
        if written.eq_ignore_ascii_case(prefix) {
            return Some(0);
        }
        let variant = match prefix {
            "android.permission" => self.android_prefix,
            "ohos.permission" => self.ohos_prefix,
            _ => false,
        };
        if variant {
            return self.may_lack_prefix().then_some(1);
        }
        // Right name, another owner's prefix or none.
        if same_last && self.android_prefix && self.last().contains('_') {
            return Some(2);
        }
        segments_near(written, &prefix.to_ascii_lowercase()).then_some(2)
    }

    /// A bare word in ordinary case ("Camera") is a word, not a permission name.
    fn may_lack_prefix(&self) -> bool {
        !self.prefix().is_empty() || self.as_is.contains('_') || self.as_is == self.as_is.to_ascii_uppercase()
    }
}

fn squeeze(name: &str) -> impl Iterator<Item = char> {
    name.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase())
}

/// `android.permissions`, `andorid.permission`, `Manifest.permission`, `android`, nothing at all.
fn is_platform_prefix(written: &str, prefix: &str) -> bool {
    let (system, rest) = prefix.split_once('.').unwrap_or((prefix, ""));
    let named = match written.rsplit_once('.') {
        None => ["", "permission", "permissions", system].contains(&written) || is_harmony(written),
        Some((before, last)) if last == rest => match system {
            "android" => ["manifest", "android.manifest", "com.android"].contains(&before),
            _ => is_harmony(before),
        },
        Some(_) => false,
    };
    named || osa_distance(written, prefix) <= 3
}

fn is_harmony(part: &str) -> bool {
    ["harmony", "harmonyos", "openharmony"].contains(&part)
}

/// As many parts, and each part the same but for a slip: one letter from four letters on, two from seven on.
fn segments_near(written: &str, prefix: &str) -> bool {
    if written.split('.').count() != prefix.split('.').count() || written.len().abs_diff(prefix.len()) > 2 {
        return false;
    }
    let mut edits = 0;
    for (a, b) in written.split('.').zip(prefix.split('.')) {
        let slip = osa_distance(a, b);
        let allowed = match a.len().min(b.len()) {
            0..4 => 0,
            4..7 => 1,
            _ => 2,
        };
        if slip > allowed {
            return false;
        }
        edits += slip;
    }
    edits <= 2
}

/// Edits that a name of so many letters may need.
fn allowed_edits(length: usize) -> usize {
    match length {
        0..4 => 0,
        4..9 => 1,
        9..15 => 2,
        _ => 3,
    }
}

/// Cheap test before the distance: an edit changes the length by one and the set of letters by two.
fn may_be_near(written: &str, candidate: &str) -> bool {
    let letters = |name: &str| {
        name.bytes().fold(0u32, |set, byte| set | 1 << (byte.to_ascii_lowercase().wrapping_sub(b'a')).min(31))
    };
    let allowed = allowed_edits(written.len().min(candidate.len()));
    let cut_off = candidate.get(..written.len()).is_some_and(|start| start.eq_ignore_ascii_case(written));
    cut_off
        || (written.len().abs_diff(candidate.len()) <= allowed
            && (letters(written) ^ letters(candidate)).count_ones() as usize <= 2 * allowed)
        || stem(written, candidate)
}

/// The same beginning of at least six letters in names of one word, at most three letters of ending each:
/// `VIBRATION`, `VIBRATE`.
fn stem(written: &str, candidate: &str) -> bool {
    let common = written.bytes().zip(candidate.bytes()).take_while(|(a, b)| a.eq_ignore_ascii_case(b)).count();
    common >= 6
        && written.len() - common <= 3
        && candidate.len() - common <= 3
        && !written.contains('_')
        && !candidate.contains('_')
        && !candidate.bytes().any(|byte| byte.is_ascii_lowercase() && candidate.starts_with("NS"))
}

/// Edits between two folded last parts, where they can be one and the same name.
fn misspelling(written: &str, candidate: &str) -> Option<usize> {
    // Cut off inside the last word, as narrow table cells and careless copying do.
    if candidate.starts_with(written) && written.len() >= 8 {
        let missing = &candidate[written.len()..];
        if missing.len() <= 6 && !missing.contains('_') && !written.ends_with('_') {
            return Some(missing.len().min(3));
        }
    }
    let edits = osa_distance(written, candidate);
    let allowed = allowed_edits(written.len().min(candidate.len()));
    if edits <= allowed {
        return Some(edits);
    }
    stem(written, candidate).then_some(3)
}

/// True where a word of the written name is a word of its own and not a slip of the candidate's.
fn other_word(written: &str, candidate: &str) -> bool {
    if written.split('_').count() != candidate.split('_').count() {
        // A lost, doubled or spaced-out underscore is a slip; a whole word more or less is another name.
        let [a, b] = [written, candidate].map(|name| squeeze(name).collect::<String>());
        return osa_distance(&a, &b) > 1 && !candidate.starts_with(written);
    }
    written.split('_').zip(candidate.split('_')).any(|(a, b)| a != b && !same_stem(a, b) && is_word(a))
}

fn same_stem(a: &str, b: &str) -> bool {
    let common = a.bytes().zip(b.bytes()).take_while(|(x, y)| x == y).count();
    common >= 4 || (common == a.len().min(b.len()) && a.len().abs_diff(b.len()) <= 2)
}

/// A word of some permission name of Android or HarmonyOS. Vendors misspell too (`RECIEVE_MCS_MESSAGE`).
fn is_word(word: &str) -> bool {
    names().any(|(name, platform, _)| {
        let last = name.rsplit('.').next().unwrap_or_default();
        matches!(platform, Platform::Android | Platform::HarmonyOs)
            && last.split('_').any(|part| part.eq_ignore_ascii_case(word))
    })
}

#[cfg(test)]
#[path = "nearest_tests.rs"]
mod tests;
