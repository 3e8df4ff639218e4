//! The shape of a signature file, checked key by key: unlike a parser, which stops at the first mistake, this names all.

use super::format::{Category, SourceKind};
use crate::lang::Text;
use crate::located::{Located, Value};
use crate::nearest::nearest;

/// A mistake: its line and what is wrong.
pub type Mistake = (usize, Text);

/// What a value must be.
#[derive(Clone, Copy)]
enum Kind {
    Text,
    /// A text that is not empty.
    Filled,
    TextOrNull,
    Flag,
    Texts,
    /// A list of strings with at least one.
    SomeTexts,
    /// Category ids, at least one.
    Categories,
    /// A kind of source.
    Source,
    Object(&'static [Key]),
    /// At least one object.
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

const NAMES: &[Key] = &[needed("en", Kind::Filled), needed("zh", Kind::Filled)];
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
const EXAMPLES: &[Key] = &[needed("hit", Kind::SomeTexts), needed("miss", Kind::SomeTexts)];
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
        (Kind::Filled, Value::Text(text)) => {
            if text.trim().is_empty() {
                found.push((value.line, Text::new(format!("'{place}' is empty"), format!("“{place}”为空"))));
            }
        }
        (Kind::Source, Value::Text(word)) => {
            let words = || SourceKind::ALL.iter().map(|kind| kind.id());
            if !words().any(|known| known == word) {
                found.push((value.line, unknown(word, "kind of source", "来源类型", nearest(word, words()))));
            }
        }
        (Kind::Object(keys), _) => object(value, keys, place, found),
        (Kind::Texts | Kind::SomeTexts | Kind::Categories | Kind::Objects(_), Value::List(items)) => {
            if items.is_empty() && !matches!(kind, Kind::Texts) {
                found.push((value.line, empty_list(place)));
            }
            list(items, kind, place, found);
        }
        (Kind::Text | Kind::Filled | Kind::Source, _) => found.push((value.line, wrong(place, "a string", "字符串"))),
        (Kind::TextOrNull, _) => found.push((value.line, wrong(place, "a string or null", "字符串或 null"))),
        (Kind::Flag, _) => found.push((value.line, wrong(place, "true or false", " true 或 false"))),
        (Kind::Texts | Kind::SomeTexts | Kind::Categories | Kind::Objects(_), _) => {
            found.push((value.line, wrong(place, "a list", "列表")));
        }
    }
}

fn list(items: &[Located], kind: Kind, place: &str, found: &mut Vec<Mistake>) {
    let mut seen: Vec<&str> = Vec::new();
    for item in items {
        match (kind, &item.value) {
            (Kind::Objects(keys), _) => object(item, keys, place, found),
            (_, Value::Text(text)) => {
                if seen.contains(&text.as_str()) {
                    let en = format!("'{text}' stands twice in '{place}'");
                    found.push((item.line, Text::new(en, format!("“{place}”中的“{text}”重复出现"))));
                }
                seen.push(text);
                let words = || Category::ALL.iter().map(|category| category.id());
                if matches!(kind, Kind::Categories) && !words().any(|known| known == text) {
                    found.push((item.line, unknown(text, "category", "类别", nearest(text, words()))));
                }
            }
            _ => found.push((item.line, wrong(place, "a list of strings", "字符串列表"))),
        }
    }
}

fn empty_list(place: &str) -> Text {
    let (en, zh) = match place {
        "sources" => ("every fact needs the place where it was seen", "每条事实都需注明出处"),
        "examples.hit" => ("it needs at least one name that this SDK owns", "至少需要一个属于该 SDK 的名称"),
        "examples.miss" => {
            ("it needs at least one near name that is not of this SDK", "至少需要一个相近但不属于该 SDK 的名称")
        }
        _ => ("it needs at least one value", "至少需要一个值"),
    };
    Text::new(format!("'{place}' is empty: {en}"), format!("“{place}”为空：{zh}"))
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
