//! Dotted Java names.

/// Whether `name` is `prefix` or lies below it, whole segments only: `com.zx.sdk` lies below `com.zx`, `com.zxing` does not.
pub fn is_at_or_below(name: &str, prefix: &str) -> bool {
    name.strip_prefix(prefix).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

/// Whether the last segment begins with a capital: by convention the name of a class, else of a package.
pub fn names_a_class(name: &str) -> bool {
    name.rsplit('.').next().is_some_and(|last| last.starts_with(|first: char| first.is_ascii_uppercase()))
}

/// The package of a name that may be a class's.
pub fn package_of(name: &str) -> &str {
    if names_a_class(name) { name.rsplit_once('.').map_or("", |(package, _)| package) } else { name }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_segments_only() {
        assert!(is_at_or_below("com.zx", "com.zx") && is_at_or_below("com.zx.sdk", "com.zx"));
        assert!(!is_at_or_below("com.zxing", "com.zx") && !is_at_or_below("com", "com.zx"));
    }

    #[test]
    fn tells_classes_from_packages() {
        assert!(names_a_class("com.acme.Push") && names_a_class("Main"));
        assert!(!names_a_class("com.acme.push") && !names_a_class(""));
        assert_eq!(["com.acme.Push", "com.acme", "Main"].map(package_of), ["com.acme", "com.acme", ""]);
    }
}
