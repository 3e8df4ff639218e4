//! The waivers file, TOML or JSON: a list `waivers` of entries with `rule`, `subject`, `reason`, and perhaps `app`, `owner`, `expires`.

use super::reader::{Reader, unknown};
use crate::audit::waivers::{Date, NEVER_WAIVED};
use crate::audit::{Rule, Waiver, Waivers};
use crate::error::Error;
use crate::lang::Text;
use crate::located::{Located, Value};
use serde_json::json;
use std::fmt::Write;

const KEYS: [&str; 6] = ["rule", "subject", "app", "reason", "owner", "expires"];

/// Reads a waivers file. An empty one holds no waiver.
///
/// # Errors
/// Every mistake at once: unknown keys and rules with the nearest name, entries without rule, subject or reason, dates that are none,
/// entries that say the same, rules that cannot be waived.
pub fn read_waivers(name: &str, text: &str) -> Result<Waivers, Error> {
    let entries = Reader::read(name, text, |reader, tree| {
        let members = reader.members(tree, &["waivers"]);
        let mut entries: Vec<Waiver> = Vec::new();
        for (_, list) in members {
            let Value::List(items) = &list.value else {
                reader.problem(list.line, Text::new("'waivers' must be a list of tables", "“waivers”应为表的列表"));
                continue;
            };
            for item in items {
                let Some(entry) = entry(reader, item) else { continue };
                let key = |one: &Waiver| (one.rule, one.subject.clone(), one.app.clone());
                if let Some(other) = entries.iter().find(|other| key(other) == key(&entry)) {
                    let message = Text::new(
                        format!("the entry of line {} says the same", other.line),
                        format!("与第 {} 行的条目重复", other.line),
                    );
                    reader.problem(item.line, message);
                }
                entries.push(entry);
            }
        }
        entries
    })?;
    Ok(Waivers { document: name.to_owned(), entries })
}

fn entry(reader: &mut Reader, item: &Located) -> Option<Waiver> {
    let members = reader.members(item, &KEYS);
    let get = |key: &str| members.iter().find(|(name, _)| *name == key).map(|(_, value)| *value);
    let rule = match get("rule") {
        Some(value) => reader.text("rule", value).and_then(|id| {
            let rule = rule(reader, value.line, id)?;
            if NEVER_WAIVED.contains(&rule) {
                let message = Text::new(format!("{id} cannot be waived"), format!("{id} 不能豁免"));
                reader.problem(value.line, message);
            }
            Some(rule)
        }),
        None => missing(reader, item, "rule"),
    };
    let subject = needed(reader, item, "subject", get("subject"));
    // Nothing is waived without a reason.
    let reason = needed(reader, item, "reason", get("reason"));
    let expires = get("expires").and_then(|value| {
        let text = reader.text("expires", value)?;
        let date = text.parse::<Date>().ok().filter(|_| text.len() == "2026-01-01".len());
        if date.is_none() {
            let message = Text::new(
                format!("'expires' must be a day like 2027-03-31, not '{text}'"),
                format!("“expires”应为 2027-03-31 这样的日期，而不是“{text}”"),
            );
            reader.problem(value.line, message);
        }
        date
    });
    let app = get("app").and_then(|value| reader.text("app", value)).map(str::to_owned);
    let owner = get("owner").and_then(|value| reader.text("owner", value)).map(str::to_owned);
    let line = u32::try_from(item.line).unwrap_or(u32::MAX);
    Some(Waiver { rule: rule?, subject: subject?, app, reason: reason?, owner, expires, line })
}

/// The rule with this id; else a mistake that names the nearest one.
pub(super) fn rule(reader: &mut Reader, line: usize, id: &str) -> Option<Rule> {
    let found = Rule::from_id(id);
    if found.is_none() {
        reader.problem(line, unknown("rule", "规则", id, Rule::ALL.iter().map(|rule| rule.id())));
    }
    found
}

fn needed(reader: &mut Reader, item: &Located, key: &str, value: Option<&Located>) -> Option<String> {
    match value {
        Some(value) => reader.text(key, value).map(str::to_owned),
        None => missing(reader, item, key),
    }
}

fn missing<T>(reader: &mut Reader, item: &Located, key: &str) -> Option<T> {
    reader.problem(item.line, Text::new(format!("the entry has no '{key}'"), format!("该条没有“{key}”")));
    None
}

/// Entries as TOML, to be appended to a file or to begin one.
pub fn write_toml(entries: &[Waiver]) -> String {
    let mut out = String::new();
    for entry in entries {
        let _ = write!(out, "\n[[waivers]]\nrule = {}\n", quoted(entry.rule.id()));
        let _ = writeln!(out, "subject = {}", quoted(&entry.subject));
        for (key, value) in [("app", &entry.app), ("reason", &Some(entry.reason.clone())), ("owner", &entry.owner)] {
            let _ = value.as_ref().map_or(Ok(()), |value| writeln!(out, "{key} = {}", quoted(value)));
        }
        let _ = entry.expires.map_or(Ok(()), |last| writeln!(out, "expires = {last}"));
    }
    out
}

/// A basic string. JSON's escapes are all TOML's too; what TOML forbids besides is DEL.
fn quoted(text: &str) -> String {
    json!(text).to_string().replace('\u{7f}', "\\u007f")
}

/// Entries as a whole JSON file.
pub fn write_json(entries: &[Waiver]) -> String {
    let one = |entry: &Waiver| {
        let mut object = json!({ "rule": entry.rule.id(), "subject": entry.subject, "reason": entry.reason });
        let last = entry.expires.map(|last| last.to_string());
        for (key, value) in [("app", &entry.app), ("owner", &entry.owner), ("expires", &last)] {
            if let Some(value) = value {
                object[key] = json!(value);
            }
        }
        object
    };
    let entries: Vec<_> = entries.iter().map(one).collect();
    let mut text = serde_json::to_string_pretty(&json!({ "waivers": entries })).expect("strings only");
    text.push('\n');
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lang::Lang;

    fn mistakes(name: &str, text: &str) -> Vec<String> {
        let error = read_waivers(name, text).expect_err("a mistake");
        error.details.iter().map(|one| one.get(Lang::En).to_owned()).collect()
    }

    #[test]
    fn both_formats_say_the_same() {
        let toml = "# accepted\n[[waivers]]\nrule = \"undeclared-sdk\"\nsubject = \"getui.push\"\nreason = \"next release\"\n\
                    owner = \"legal\"\nexpires = 2027-03-31\n\n[[waivers]]\nrule=\"contradiction\"\nsubject='x \"y\"'\n\
                    app = \"a.b\"\nreason = \"r\"\n";
        let read = read_waivers("w.toml", toml).expect("readable");
        let lines: Vec<u32> = read.entries.iter().map(|entry| entry.line).collect();
        assert_eq!(lines, [2, 9]);
        assert_eq!(read.entries[0].expires.map(|last| last.to_string()).as_deref(), Some("2027-03-31"));
        let bare = |waivers: Waivers| -> Vec<Waiver> {
            waivers.entries.into_iter().map(|entry| Waiver { line: 0, ..entry }).collect()
        };
        let again = read_waivers("w.toml", &write_toml(&read.entries)).expect("own TOML");
        let json = read_waivers("w.json", &write_json(&read.entries)).expect("own JSON");
        let wanted = bare(read);
        assert_eq!((bare(again), bare(json)), (wanted.clone(), wanted));
        assert!(read_waivers("w.toml", "").expect("empty").entries.is_empty());
    }

    #[test]
    fn every_mistake_has_its_line() {
        let toml = "[[waivers]]\nrule = \"undeclared-skd\"\nsubject = \"x\"\nreason = \"r\"\n\n[[waivers]]\nrule = \"undeclared-sdk\"\n\
                    subject = \"x\"\n\n[[waivers]]\nrule = \"unreadable-content\"\nsubject = \"x\"\nreason = \" \"\n\
                    expires = \"soon\"\nownr = \"me\"\n";
        assert_eq!(
            mistakes("w.toml", toml),
            [
                "w.toml:2: no rule is named 'undeclared-skd'; did you mean 'undeclared-sdk'?",
                "w.toml:6: the entry has no 'reason'",
                "w.toml:11: unreadable-content cannot be waived",
                "w.toml:13: 'reason' is empty",
                "w.toml:14: 'expires' must be a day like 2027-03-31, not 'soon'",
                "w.toml:15: no key is named 'ownr'; did you mean 'owner'?",
            ]
        );
        let json = "{\"waivers\": [\n  {\"rule\": \"undeclared-sdk\", \"subject\": 1}]}";
        assert_eq!(
            mistakes("w.json", json),
            ["w.json:2: 'subject' must be a string", "w.json:2: the entry has no 'reason'"]
        );
        let twice = "[[waivers]]\nrule=\"contradiction\"\nsubject='x'\nreason='r'\n".repeat(2);
        assert_eq!(mistakes("w.toml", &twice), ["w.toml:5: the entry of line 1 says the same"]);
    }

    #[test]
    fn what_is_no_toml_names_its_line() {
        let error = read_waivers("w.toml", "[[waivers]]\nrule = \"a\nsubject = 1").expect_err("broken");
        assert!(error.headline(Lang::En).starts_with("cannot read w.toml: line 2: "), "{}", error.headline(Lang::En));
    }
}
