//! Packages that the Android platform itself provides.

use crate::package::is_at_or_below;

/// Roots of the framework's own packages (AOSP boot class path; `org.apache.http` and `junit` until they were taken out of it).
const ROOTS: [&str; 16] = [
    "android",
    "com.android.internal",
    "dalvik",
    "gov.nist.javax",
    "java",
    "javax",
    "junit.framework",
    "junit.runner",
    "libcore",
    "org.apache.http",
    "org.json",
    "org.w3c.dom",
    "org.xml.sax",
    "org.xmlpull",
    "sun",
    "com.android.org",
];

/// Whether the platform provides this package. References to it show no SDK, though some libraries bring their own copy of
/// it, and compilers add empty stand-ins for newer classes.
pub fn is_platform(package: &str) -> bool {
    ROOTS.iter().any(|root| is_at_or_below(package, root))
}

#[cfg(test)]
mod tests {
    use super::is_platform;

    #[test]
    fn knows_whole_segments() {
        for platform in ["android", "android.app", "java.util", "org.apache.http.client"] {
            assert!(is_platform(platform), "{platform}");
        }
        for other in ["androidx.core", "org.apache.httpcomponents", "com.android.volley", "javassist", ""] {
            assert!(!is_platform(other), "{other}");
        }
    }
}
