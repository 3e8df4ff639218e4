//! Identifying prefixes in order, for questions that a hash table cannot answer: what lies below a root, and which prefix is
//! meant by one in the wrong case.

use super::SdkNumber;
use crate::package::is_at_or_below;

/// All identifying prefixes. Built when the first such question is asked.
pub struct Prefixes {
    /// Sorted.
    exact: Vec<(String, SdkNumber)>,
    /// (lower case, as written), sorted.
    folded: Vec<(String, String)>,
}

impl Prefixes {
    /// Sorts the prefixes of a set.
    pub fn new<'s>(packages: impl Iterator<Item = (&'s str, SdkNumber)>) -> Prefixes {
        let mut exact: Vec<(String, SdkNumber)> = packages.map(|(prefix, sdk)| (prefix.to_owned(), sdk)).collect();
        exact.sort();
        let mut folded: Vec<(String, String)> =
            exact.iter().map(|(prefix, _)| (prefix.to_ascii_lowercase(), prefix.clone())).collect();
        folded.sort();
        Prefixes { exact, folded }
    }

    /// SDKs with a prefix at or below `root`, sorted, each once.
    pub fn below(&self, root: &str) -> Vec<SdkNumber> {
        let mut found: Vec<SdkNumber> = run(&self.exact, root).map(|(_, sdk)| *sdk).collect();
        found.sort_unstable();
        found.dedup();
        found
    }

    /// A package with the case of the longest prefix that covers it when case is folded, else of the first prefix below it.
    pub fn correct_case(&self, package: &str) -> Option<String> {
        let lower = package.to_ascii_lowercase();
        let ends = lower.match_indices('.').map(|(at, _)| at).chain([lower.len()]);
        let mut covering = ends.filter_map(|end| {
            let at = self.folded.binary_search_by(|(folded, _)| folded.as_str().cmp(&lower[..end])).ok()?;
            self.folded.get(at).map(|(_, written)| written)
        });
        if let Some(prefix) = covering.next_back() {
            return Some(format!("{prefix}{}", package.get(prefix.len()..)?));
        }
        run(&self.folded, &lower).find_map(|(_, written)| written.get(..package.len()).map(str::to_owned))
    }
}

/// The neighbours in a sorted list whose key lies at or below `root`. Keys such as `com.a-b` may stand between them.
fn run<'l, T>(sorted: &'l [(String, T)], root: &'l str) -> impl Iterator<Item = &'l (String, T)> {
    let start = sorted.partition_point(|(key, _)| key.as_str() < root);
    sorted[start..]
        .iter()
        .take_while(move |(key, _)| key.starts_with(root))
        .filter(move |(key, _)| is_at_or_below(key, root))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_below_and_corrects_case() {
        let list = [("com.a", 2), ("com.a.b", 0), ("com.ab", 1), ("com.facebook.Fresco", 3)];
        let prefixes = Prefixes::new(list.into_iter());
        assert_eq!(prefixes.below("com.a"), [0, 2]);
        assert_eq!(prefixes.below("com"), [0, 1, 2, 3]);
        assert_eq!(prefixes.below("org"), [] as [SdkNumber; 0]);
        assert_eq!(prefixes.correct_case("com.Facebook.fresco.view").as_deref(), Some("com.facebook.Fresco.view"));
        assert_eq!(prefixes.correct_case("COM.FACEBOOK").as_deref(), Some("com.facebook"));
        assert_eq!(prefixes.correct_case("org.x"), None);
    }
}
