//! The catalogue of rules as SARIF's reporting descriptors.

use super::shape::{Component, Descriptor, Message, UriBase};
use crate::audit::Rule;
use crate::lang::{Lang, Text};
use crate::report::Stamp;
use crate::report::markdown::escape;
use serde_json::json;

const NAME: &str = env!("CARGO_PKG_NAME");
const VERSION: &str = env!("CARGO_PKG_VERSION");

/// The language as SARIF writes it.
pub fn language(lang: Lang) -> &'static str {
    lang.pick("en-US", "zh-CN")
}

/// What the base of relative places is.
pub fn root(lang: Lang) -> UriBase {
    let text = lang.pick("The folder in which sdkaudit ran.", "运行 sdkaudit 时所在的目录。");
    UriBase { description: Message::text(text.to_owned()) }
}

/// This program with all its rules.
pub fn driver(stamp: &Stamp, lang: Lang) -> Component {
    Component {
        name: NAME,
        version: Some(VERSION),
        semantic_version: Some(VERSION),
        information_uri: Some(env!("CARGO_PKG_REPOSITORY")),
        language: language(lang),
        rules: Rule::ALL.iter().map(|rule| descriptor(*rule, lang, true)).collect(),
        is_comprehensive: None,
        contents: None,
        associated_component: None,
        translation_metadata: None,
        properties: Some(json!({ "signatures": stamp.signatures, "signatures_digest": stamp.digest })),
    }
}

/// The rules' texts in the language that the run is not in.
pub fn translation(lang: Lang) -> Component {
    let other = lang.pick(Lang::Zh, Lang::En);
    Component {
        name: NAME,
        version: None,
        semantic_version: None,
        information_uri: None,
        language: language(other),
        rules: Rule::ALL.iter().map(|rule| descriptor(*rule, other, false)).collect(),
        is_comprehensive: Some(true),
        contents: Some(["localizedData"]),
        associated_component: Some(json!({ "name": NAME })),
        translation_metadata: Some(json!({ "name": other.pick("English", "简体中文") })),
        properties: None,
    }
}

/// `whole` has what does not depend on the language, too.
fn descriptor(rule: Rule, lang: Lang, whole: bool) -> Descriptor {
    let explanation = rule.explanation();
    let severity = rule.default_severity().id();
    let (tags, precision) = (["privacy", "third-party-sdk"], "high");
    Descriptor {
        id: rule.id(),
        name: rule.id().split('-').map(capitalised).collect(),
        short_description: Message::text(sentence(&rule.summary(), lang)),
        full_description: Message::text(explanation.get(lang).to_owned()),
        help: Message { text: explanation.get(lang).to_owned(), markdown: Some(help(rule, lang, whole)) },
        default_configuration: whole.then(|| json!({ "level": severity })),
        properties: whole.then(|| {
            json!({ "tags": tags, "precision": precision, "problem.severity": if severity == "note" { "recommendation" } else { severity } })
        }),
    }
}

/// The explanation under the rule's summary; with `both`, the other language below it.
fn help(rule: Rule, lang: Lang, both: bool) -> String {
    let part = |lang: Lang| {
        format!("**{}**\n\n{}\n", escape(&sentence(&rule.summary(), lang)), escape(rule.explanation().get(lang)))
    };
    let command = lang.pick("More", "更多");
    let mut text = part(lang);
    if both {
        text += &format!("\n---\n\n{}", part(lang.pick(Lang::Zh, Lang::En)));
    }
    text + &format!("\n{command}: `sdkaudit explain {}`\n", rule.id())
}

/// A message with a capital letter and a full stop.
pub fn sentence(text: &Text, lang: Lang) -> String {
    let text = text.get(lang);
    let end = if text.is_empty() || text.ends_with(['.', '。', '!', '?', '？']) { "" } else { lang.pick(".", "。") };
    format!("{}{end}", capitalised(text))
}

fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}
