//! Exodus Privacy's tracker list.
//!
//! `code_signature` is a regular expression that exodus-core searches anywhere in a class name (`re.search`). In practice it is
//! a list of alternatives, each a package prefix whose dots are not escaped.

use super::{Clue, Difference, Entry, Meaning};
use crate::error::Error;
use crate::lang::Text;
use crate::signatures::format::Category;
use serde::Deserialize;
use std::collections::BTreeMap;

#[derive(Deserialize)]
#[serde(untagged)]
enum List {
    /// The file of trackers as it is handed around.
    Plain(Vec<Tracker>),
    /// What the web interface answers.
    Answer { trackers: BTreeMap<String, Tracker> },
}

#[derive(Deserialize)]
struct Tracker {
    #[serde(default)]
    id: Option<u64>,
    name: String,
    #[serde(default)]
    code_signature: String,
    #[serde(default)]
    website: String,
    #[serde(default)]
    categories: Vec<String>,
}

pub fn parse(text: &str) -> Result<Vec<Entry>, Error> {
    let list: List = serde_json::from_str(text).map_err(|cause| {
        let help = Text::new(
            "give the list as exodus has it: an array of objects with 'name' and 'code_signature'",
            "请提供 Exodus 原样的名单：含“name”和“code_signature”的对象数组",
        );
        Error::new(Text::new("it is no Exodus tracker list", "不是 Exodus 跟踪器名单"), help).because(cause)
    })?;
    let trackers = match list {
        List::Plain(trackers) => trackers,
        List::Answer { trackers } => {
            let mut trackers: Vec<Tracker> = trackers.into_values().collect();
            trackers.sort_by_key(|tracker| tracker.id);
            trackers
        }
    };
    Ok(trackers.into_iter().map(entry).collect())
}

fn entry(tracker: Tracker) -> Entry {
    let alternatives = tracker.code_signature.split('|').filter(|alternative| !alternative.is_empty());
    let clues = alternatives.map(clue).collect();
    let mut categories: Vec<Category> = Vec::new();
    for category in tracker.categories.iter().filter_map(|word| category(word)) {
        if !categories.contains(&category) {
            categories.push(category);
        }
    }
    Entry {
        key: tracker.id.map_or_else(|| tracker.name.clone(), |id| id.to_string()),
        title: tracker.name,
        clues,
        categories,
        tracker: true,
        website: Some(tracker.website).filter(|website| website.starts_with("http")),
        vendor: None,
    }
}

fn category(word: &str) -> Option<Category> {
    match word {
        "Advertisement" => Some(Category::Advertising),
        "Analytics" | "Profiling" => Some(Category::Analytics),
        "Crash reporting" => Some(Category::CrashReporting),
        "Identification" => Some(Category::Identification),
        "Location" => Some(Category::Location),
        _ => None,
    }
}

fn clue(alternative: &str) -> Clue {
    let reason = |en: &str, zh: &str| Err(Text::new(en, zh));
    let name = alternative.strip_prefix('^').unwrap_or(alternative).replace("\\.", ".");
    let is_closed = name.ends_with('.');
    let prefix = name.trim_end_matches('.');
    let is_plain = prefix.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '$'));
    let meaning = if prefix.starts_with('.') {
        reason("it matches below any package, which no prefix says", "匹配任意包之下的名称，前缀无法表达")
    } else if prefix.contains('-') && !prefix.contains(['\\', '[', '(', '*', '+', '?', '{']) {
        reason("no class name holds a '-'", "类名中不会出现“-”")
    } else if !is_plain || prefix.split('.').any(str::is_empty) {
        reason("a regular expression beyond prefixes", "超出前缀的正则表达式")
    } else if !prefix.contains('.') {
        reason("one word matches anywhere in a name", "单个单词会匹配名称中的任何位置")
    } else {
        Ok(Meaning::Package(prefix.to_owned()))
    };
    // The missing dot at the end is the one difference that changes hits: `com.acme` finds `com.acmeworks` too.
    let difference = (!is_closed && meaning.is_ok()).then_some(Difference::Narrower);
    Clue { written: alternative.to_owned(), meaning, difference }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn meaning(alternative: &str) -> Option<Meaning> {
        clue(alternative).meaning.ok()
    }

    #[test]
    fn a_closed_prefix_is_the_same_and_an_open_one_is_narrower() {
        assert_eq!(meaning("com.acme.ads."), Some(Meaning::Package("com.acme.ads".into())));
        assert_eq!(clue("com.acme.ads.").difference, None);
        assert_eq!(meaning("com.acme.ads"), Some(Meaning::Package("com.acme.ads".into())));
        assert_eq!(clue("com.acme.ads").difference, Some(Difference::Narrower));
        assert_eq!(meaning("^com\\.acme\\.ads\\."), Some(Meaning::Package("com.acme.ads".into())));
    }

    #[test]
    fn what_no_prefix_says_is_kept_with_its_reason() {
        for alternative in
            [".acme.", "acme", "acme.", "com.acme.*Ads", "com.ac[mn]e.", "com.acme-ads.", "com..acme", "."]
        {
            assert!(meaning(alternative).is_none(), "{alternative}");
        }
    }

    #[test]
    fn reads_both_forms_of_the_list() {
        let tracker = r#"{"id": 7, "name": "Acme", "code_signature": "com.acme.a.|com.acme.b|", "website": "",
            "categories": ["Advertisement", "Profiling", "Analytics"], "network_signature": "x"}"#;
        for text in [format!("[{tracker}]"), format!("{{\"trackers\": {{\"7\": {tracker}}}}}")] {
            let entries = parse(&text).expect("a list");
            assert_eq!((entries[0].title.as_str(), entries[0].clues.len()), ("Acme", 2));
            assert_eq!(entries[0].categories, [Category::Advertising, Category::Analytics]);
            assert_eq!(entries[0].website, None);
        }
        assert!(parse("{}").is_err() && parse("[{\"nam\": 1}]").is_err());
    }
}
