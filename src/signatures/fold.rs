//! Folding of names, so that "Ｇｅｔｕｉ Push", "getui-push" and "GETUI  PUSH" are one name.
//!
//! Shared with `build.rs`, so it uses nothing of the crate.

use unicode_normalization::UnicodeNormalization;

/// NFKC (which folds full-width forms), lower case, and nothing but letters and digits.
pub fn fold_name(name: &str) -> String {
    if is_composed(name) {
        return name.chars().flat_map(char::to_lowercase).filter(|c| c.is_alphanumeric()).collect();
    }
    name.nfkc().flat_map(char::to_lowercase).filter(|c| c.is_alphanumeric()).collect()
}

/// Whether a text consists of letters that NFKC leaves as they are: ASCII and the common Chinese ones. Nearly all names do, and
/// asking is much cheaper than normalising.
pub fn is_composed(text: &str) -> bool {
    text.chars().all(|c| c.is_ascii() || ('\u{4e00}'..='\u{9fff}').contains(&c))
}
