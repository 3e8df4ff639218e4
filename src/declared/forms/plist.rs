//! Apple's property lists: the privacy manifest `PrivacyInfo.xcprivacy`, and the usage keys of an `Info.plist`.
//!
//! The library reads values and not their places; in the XML form these are found again by searching onward in file order,
//! in the binary form every value stands at the start of the file.

use super::{binary, types};
use crate::declared::read::Content;
use crate::declared::source::Source;
use crate::declared::{DataPractice, DeclaredError, Form, Located};
use crate::lang::Text;
use plist::{Dictionary, Value};

/// Deepest nesting and largest file: a manifest has four levels and a few kilobytes, and values are freed by recursion.
const MAX_DEPTH: usize = 32;
const MAX_TEXT: usize = 1 << 20;
const MAX_BINARY: usize = 32 << 10;

/// Whether the text is a property list in XML.
pub fn is_plist(text: &str) -> bool {
    let head: String = text.chars().take(2000).collect();
    head.contains("<!DOCTYPE plist") || head.contains("<plist")
}

/// Reads the XML form.
///
/// # Errors
/// Broken XML, nesting without end, and a list without any key of privacy.
pub fn of_text(source: &Source) -> Result<Content, DeclaredError> {
    if source.text.len() > MAX_TEXT {
        return Err(DeclaredError::TooLarge { limit: MAX_TEXT as u64 });
    }
    if depth(source.text) > MAX_DEPTH {
        return Err(broken("its lists are nested too deeply"));
    }
    let value = Value::from_reader_xml(source.text.as_bytes()).map_err(|error| broken(&error.to_string()))?;
    content(&value, &mut Places { source, from: 0 })
}

/// Reads the binary form, and gives the text that stands for it.
///
/// # Errors
/// As for the XML form.
pub fn of_bytes(bytes: &[u8]) -> Result<Content, DeclaredError> {
    if bytes.len() > MAX_BINARY {
        return Err(DeclaredError::TooLarge { limit: MAX_BINARY as u64 });
    }
    if !binary::is_tree(bytes) {
        return Err(broken("its lists hold each other, or more than any manifest does"));
    }
    let value = Value::from_reader(std::io::Cursor::new(bytes)).map_err(|error| broken(&error.to_string()))?;
    content(&value, &mut Places { source: &Source::new(""), from: 0 })
}

fn broken(why: &str) -> DeclaredError {
    DeclaredError::Broken { format: "property list", why: why.to_owned() }
}

/// How deep lists and dictionaries are nested, self-closing ones left out.
fn depth(text: &str) -> usize {
    let (mut depth, mut deepest) = (0usize, 0usize);
    for at in memchr::memchr_iter(b'<', text.as_bytes()) {
        let rest = &text[at + 1..];
        let opens = ["dict", "array"].iter().any(|name| rest.starts_with(name));
        let tag = rest.split('>').next().unwrap_or_default();
        if opens && !tag.ends_with('/') {
            depth += 1;
            deepest = deepest.max(depth);
        } else if ["/dict", "/array"].iter().any(|name| rest.starts_with(name)) {
            depth = depth.saturating_sub(1);
        }
    }
    deepest
}

/// Finds the place of each value, in file order.
struct Places<'a> {
    source: &'a Source<'a>,
    from: usize,
}

impl Places<'_> {
    fn located(&mut self, text: &str) -> Located {
        let rest = self.source.text.get(self.from..).unwrap_or("");
        let found = [format!(">{text}<"), text.to_owned()].iter().find_map(|words| {
            let at = memchr::memmem::find(rest.as_bytes(), words.as_bytes())?;
            Some(self.from + at + usize::from(words.starts_with('>')))
        });
        let at = found.unwrap_or(self.from);
        self.from = found.map_or(self.from, |at| at + text.len());
        Located { text: text.to_owned(), at: self.source.position(at) }
    }
}

fn content(root: &Value, places: &mut Places<'_>) -> Result<Content, DeclaredError> {
    let dictionary = root.as_dictionary().ok_or_else(|| broken("its root is no dictionary"))?;
    let is_manifest = dictionary.keys().any(|key| key.starts_with("NSPrivacy"));
    let usage: Vec<&str> = dictionary.keys().map(String::as_str).filter(|key| is_usage_key(key)).collect();
    if !is_manifest && usage.is_empty() {
        let help = Text::new(
            "give PrivacyInfo.xcprivacy, or an Info.plist with usage descriptions",
            "请提供 PrivacyInfo.xcprivacy，或含用途说明的 Info.plist",
        );
        return Err(DeclaredError::Unsupported { format: "property list (without privacy keys)", help });
    }
    let mut content = Content::default();
    for (key, value) in dictionary {
        match key.as_str() {
            "NSPrivacyTrackingDomains" => {
                content.tracking_domains = strings(value).map(|domain| places.located(domain)).collect();
            }
            "NSPrivacyCollectedDataTypes" => {
                let types = value.as_array().map(Vec::as_slice).unwrap_or_default();
                let types = types.iter().filter_map(Value::as_dictionary);
                content.data_practices = types.filter_map(|one| practice(one, places)).collect();
            }
            key if is_usage_key(key) => {
                let located = places.located(key);
                content.app_permissions.ios.push(located);
            }
            _ => {}
        }
    }
    content.form = is_manifest.then_some(Form::ApplePrivacyManifest);
    Ok(content)
}

fn is_usage_key(key: &str) -> bool {
    key.starts_with("NS") && key.ends_with("UsageDescription")
}

fn strings(value: &Value) -> impl Iterator<Item = &str> {
    value.as_array().map(Vec::as_slice).unwrap_or_default().iter().filter_map(Value::as_string)
}

fn practice(one: &Dictionary, places: &mut Places<'_>) -> Option<DataPractice> {
    let name = one.get("NSPrivacyCollectedDataType")?.as_string()?;
    let told = |key: &str| one.get(key).and_then(Value::as_boolean);
    let purposes = one.get("NSPrivacyCollectedDataTypePurposes").map(strings);
    Some(DataPractice {
        // Every type in the manifest is one that is collected.
        collected: Some(true),
        linked: told("NSPrivacyCollectedDataTypeLinked"),
        tracking: told("NSPrivacyCollectedDataTypeTracking"),
        purposes: purposes.into_iter().flatten().map(str::to_owned).collect(),
        ..types::practice(places.located(name), types::of_apple(name))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nesting_has_an_end() {
        assert_eq!(depth("<plist><dict><key>a</key><array/><array><dict/></array></dict></plist>"), 2);
        let deep = format!("<plist>{}{}</plist>", "<array>".repeat(40_000), "</array>".repeat(40_000));
        let error = of_text(&Source::new(&deep)).unwrap_err();
        assert!(matches!(error, DeclaredError::Broken { .. }), "{error}");
        assert!(matches!(of_text(&Source::new(&deep.repeat(4))), Err(DeclaredError::TooLarge { .. })));
    }

    #[test]
    fn other_lists_are_refused() {
        for text in [
            "<plist><dict><key>CFBundleName</key><string>a</string></dict></plist>",
            "<plist><array/></plist>",
            "<plist><dict>",
        ] {
            assert!(of_text(&Source::new(text)).is_err(), "{text}");
        }
        assert!(of_bytes(b"bplist00").is_err());
    }
}
