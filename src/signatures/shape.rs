//! The shape of a signature file, checked key by key: unlike a parser, which stops at the first mistake, this names all.

use super::format::{Category, SourceKind};
use super::located::{Located, Value};
use crate::lang::Text;
use crate::nearest::nearest;

/// A mistake: its line and what is wrong.
pub type Mistake = (usize, Text);

/// What a value must be.
#[derive(Clone, Copy)]
enum Kind {
    Text,
    TextOrNull,
    Flag,
    Texts,
    /// Category ids.
    Categories,
    /// A kind of source.
    Source,
    Object(&'static [Key]),
    Objects(&'static [Key]),
}

struct Key {
    name: &'static str,
    required: bool,
    kind: Kind,
}

const fn needed(name: &'static str, kind: Kind) -> Key {
    Key { name, required: true, kind }
}

const fn free(name: &'static str, kind: Kind) -> Key {
    Key { name, required: false, kind }
}

const NAMES: &[Key] = &[needed("en", Kind::Text), needed("zh", Kind::Text)];
const DETECT: &[Key] = &[
    free("packages", Kind::Texts),
    free("companions", Kind::Texts),
    free("components", Kind::Texts),
    free("native_libs", Kind::Texts),
    free("weak_native_libs", Kind::Texts),
    free("meta_data", Kind::Texts),
    free("assets", Kind::Texts),
    free("permissions", Kind::Texts),
    free("version", Kind::Texts),
];
const LINKS: &[Key] =
    &[free("website", Kind::TextOrNull), free("privacy", Kind::TextOrNull), free("hosts", Kind::Texts)];
const EXAMPLES: &[Key] = &[needed("hit", Kind::Texts), needed("miss", Kind::Texts)];
const SOURCE: &[Key] = &[
    needed("url", Kind::Text),
    needed("date", Kind::Text),
    needed("kind", Kind::Source),
    free("note", Kind::TextOrNull),
];
const SDK: &[Key] = &[
    needed("id", Kind::Text),
    needed("name", Kind::Object(NAMES)),
    needed("vendor", Kind::Object(NAMES)),
    free("aliases", Kind::Texts),
    needed("categories", Kind::Categories),
    needed("tracker", Kind::Flag),
    free("part_of", Kind::TextOrNull),
    needed("detect", Kind::Object(DETECT)),
    free("permissions", Kind::Texts),
    free("data_types", Kind::Texts),
    free("links", Kind::Object(LINKS)),
    needed("examples", Kind::Object(EXAMPLES)),
    needed("sources", Kind::Objects(SOURCE)),
];

/// All mistakes in the shape of one file.
pub fn mistakes(file: &Located) -> Vec<Mistake> {
    let mut found = Vec::new();
    object(file, SDK, "", &mut found);
    found
}

fn object(value: &Located, keys: &[Key], place: &str, found: &mut Vec<Mistake>) {
    let Value::Object(members) = &value.value else {
        found.push((value.line, wrong(place, "an object", "对象")));
        return;
    };
    let mut seen: Vec<&str> = Vec::new();
    for (name, value) in members {
        let key = name.text();
        let Some(known) = keys.iter().find(|known| known.name == key) else {
            let near = meant(key, keys, place);
            found.push((name.line, unknown(&inside(place, key), "key", "键", near.as_deref())));
            continue;
        };
        if seen.contains(&key) {
            let key = inside(place, key);
            found.push((name.line, Text::new(format!("'{key}' stands twice"), format!("“{key}”重复出现"))));
        }
        seen.push(known.name);
        check(value, known.kind, &inside(place, key), found);
    }
    for missing in keys.iter().filter(|key| key.required && !seen.contains(&key.name)) {
        let key = inside(place, missing.name);
        found.push((value.line, Text::new(format!("'{key}' is missing"), format!("缺少“{key}”"))));
    }
}

/// The key that an unknown one was meant to be: a near one, one that goes on where it stops, or one of the same name that
/// belongs into `detect`.
fn meant(key: &str, keys: &[Key], place: &str) -> Option<String> {
    let names = || keys.iter().map(|known| known.name);
    let begun = || names().find(|name| key.len() > 2 && (name.starts_with(key) || key.starts_with(name)));
    let near = nearest(key, names()).or_else(begun).map(|name| inside(place, name));
    let in_detect = || nearest(key, DETECT.iter().map(|known| known.name)).map(|name| inside("detect", name));
    near.or_else(|| if place.is_empty() { in_detect() } else { None })
}

fn check(value: &Located, kind: Kind, place: &str, found: &mut Vec<Mistake>) {
    match (kind, &value.value) {
        (Kind::Text | Kind::TextOrNull, Value::Text(_)) | (Kind::TextOrNull, Value::Null) => {}
        (Kind::Flag, Value::Flag) => {}
        (Kind::Source, Value::Text(word)) => {
            let words = || SourceKind::ALL.iter().map(|kind| kind.id());
            if !words().any(|known| known == word) {
                found.push((value.line, unknown(word, "kind of source", "来源类型", nearest(word, words()))));
            }
        }
        (Kind::Texts, Value::List(items)) => {
            let others = items.iter().filter(|item| !matches!(item.value, Value::Text(_)));
            found.extend(others.map(|item| (item.line, wrong(place, "a list of strings", "字符串列表"))));
        }
        (Kind::Categories, Value::List(items)) => {
            let words = || Category::ALL.iter().map(|category| category.id());
            for item in items.iter().filter(|item| !words().any(|known| known == item.text())) {
                let near = nearest(item.text(), words());
                found.push((item.line, unknown(item.text(), "category", "类别", near)));
            }
        }
        (Kind::Object(keys), _) => object(value, keys, place, found),
        (Kind::Objects(keys), Value::List(items)) => {
            for item in items {
                object(item, keys, place, found);
            }
        }
        (Kind::Text | Kind::Source, _) => found.push((value.line, wrong(place, "a string", "字符串"))),
        (Kind::TextOrNull, _) => found.push((value.line, wrong(place, "a string or null", "字符串或 null"))),
        (Kind::Flag, _) => found.push((value.line, wrong(place, "true or false", "true 或 false"))),
        (Kind::Texts | Kind::Categories | Kind::Objects(_), _) => {
            found.push((value.line, wrong(place, "a list", "列表")));
        }
    }
}

fn inside(place: &str, key: &str) -> String {
    if place.is_empty() { key.to_owned() } else { format!("{place}.{key}") }
}

fn wrong(place: &str, en: &str, zh: &str) -> Text {
    match place {
        "" => Text::new(format!("the file must be {en}"), format!("文件须为{zh}")),
        _ => Text::new(format!("'{place}' must be {en}"), format!("“{place}”须为{zh}")),
    }
}

/// `unknown category 'pusch', did you mean 'push'?`
pub fn unknown(written: &str, en: &str, zh: &str, near: Option<&str>) -> Text {
    let (ask_en, ask_zh) =
        near.map(|near| (format!(", did you mean '{near}'?"), format!("，是否应为“{near}”？"))).unwrap_or_default();
    Text::new(format!("unknown {en} '{written}'{ask_en}"), format!("未知的{zh}“{written}”{ask_zh}"))
}
