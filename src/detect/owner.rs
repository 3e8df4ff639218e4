//! Whose a package or class is: an SDK's, the app's own, or nobody's that is known.

use crate::app::App;
use crate::app::manifest::{Component, Manifest};
use crate::package::package_of;
use crate::signatures::{Postings, SdkNumber, SignatureSet};

/// Whose a package or class is, with the length of the prefix that says so.
pub enum Owner<'s> {
    App,
    Sdk(SdkNumber, usize),
    /// Code under a prefix that these SDKs bring along.
    Companion(Postings<'s>, usize),
    Nobody,
}

/// Under which names the app's own code stands.
pub struct Own<'a> {
    application_id: &'a str,
    /// Packages of the activities that the launcher starts and of the application class. A build may change the application id
    /// (`com.acme.app.debug`) and leave the names of the code. Weaker than any signature: an SDK may own the entry activity.
    entries: Vec<&'a str>,
}

impl<'a> Own<'a> {
    /// What the manifest says of it. In a library nothing is first party.
    pub fn of(app: &'a App) -> Own<'a> {
        if app.container.is_library() {
            return Own { application_id: "", entries: Vec::new() };
        }
        Own::of_manifest(&app.manifest)
    }

    /// What an app's manifest says of it.
    pub fn of_manifest(manifest: &'a Manifest) -> Own<'a> {
        let starts =
            |component: &&Component| component.actions.iter().any(|action| action == "android.intent.action.MAIN");
        let activities = manifest.components.iter().filter(starts).map(|component| component.class.as_str());
        let packages = activities.chain(manifest.application_class.as_deref()).map(package_of);
        // One segment, or renamed ones, may hold anything.
        let telling = |package: &&str| package.contains('.') && package.split('.').any(|segment| segment.len() > 2);
        Own { application_id: &manifest.application_id, entries: packages.filter(telling).collect() }
    }
}

/// Whose a package or class is, dotted or with slashes: the longest prefix decides, and the app's own id is one of them.
pub fn owner<'s>(own: &Own<'_>, set: &'s SignatureSet, name: &[u8]) -> Owner<'s> {
    // A nested class belongs to its outer one.
    let name = memchr::memchr(b'$', name).map_or(name, |at| &name[..at]);
    let entries = &own.entries;
    let own = if covers(own.application_id, name) { own.application_id.len() } else { 0 };
    let (sdk, companion) = set.match_both(name);
    let sdk = sdk.filter(|(length, _)| *length > own);
    let companion = companion.filter(|(length, _)| *length > own);
    match (sdk, companion) {
        (Some((length, number)), Some((longer, _))) if length >= longer => Owner::Sdk(number, length),
        (_, Some((length, owners))) => Owner::Companion(owners, length),
        (Some((length, number)), None) => Owner::Sdk(number, length),
        (None, None) if own > 0 || entries.iter().any(|entry| covers(entry, name)) => Owner::App,
        (None, None) => Owner::Nobody,
    }
}

/// Whether a dotted prefix covers a name, dotted or with slashes: whole segments only.
fn covers(prefix: &str, name: &[u8]) -> bool {
    let separates = |byte: u8| byte == b'.' || byte == b'/';
    let same = |(a, b): (&u8, u8)| *a == b || (separates(*a) && b == b'.');
    let Some((head, rest)) = name.split_at_checked(prefix.len()) else { return false };
    rest.first().is_none_or(|byte| separates(*byte)) && head.iter().zip(prefix.bytes()).all(same)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prefixes_cover_whole_segments_whatever_separates_them() {
        for name in ["com.zx", "com.zx.sdk", "com/zx", "com/zx/sdk", "com.zx/sdk"] {
            assert!(covers("com.zx", name.as_bytes()), "{name}");
        }
        for name in ["com.zxing", "com", "com/zxing", "com-zx", ""] {
            assert!(!covers("com.zx", name.as_bytes()), "{name}");
        }
    }
}
