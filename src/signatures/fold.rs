//! Folding of names, so that "Ｇｅｔｕｉ Push", "getui-push" and "GETUI  PUSH" are one name.
//!
//! Shared with `build.rs`, so it uses nothing of the crate.

use unicode_normalization::UnicodeNormalization;

/// NFKC (which folds full-width forms), lower case, and nothing but letters and digits.
pub fn fold_name(name: &str) -> String {
    name.nfkc().flat_map(char::to_lowercase).filter(|c| c.is_alphanumeric()).collect()
}
