//! `explain` for a data type: its words, the references that show it, what they need.

use crate::lang::Lang;
use crate::platform::apis::{self, Api, Level, Outcome, Strength};
use crate::platform::data_types::{self, DataType, ShownByCode};
use crate::platform::permissions;
use crate::report::json::SCHEMA_VERSION;
use serde_json::{Value, json};

/// A data type by its id, or by a word that only it has.
pub fn find(what: &str) -> Option<&'static DataType> {
    if let Some(found) = data_types::find(&what.to_ascii_lowercase()) {
        return Some(found);
    }
    let fits = |one: &&DataType| one.words.iter().any(|word| word.eq_ignore_ascii_case(what));
    let mut found = data_types::all().iter().filter(fits);
    found.next().filter(|_| found.next().is_none())
}

fn references(id: &str) -> impl Iterator<Item = &'static Api> {
    apis::all().iter().filter(move |api| api.data_type == id)
}

fn umbrellas(id: &str) -> Vec<&'static str> {
    data_types::umbrellas().iter().filter(|one| one.members.contains(&id)).map(|one| one.words[0]).collect()
}

fn guarding(id: &str) -> Vec<&'static str> {
    permissions::all().filter(|one| one.data_types().any(|open| open == id)).map(|one| one.name).collect()
}

/// Label and value, line by line.
pub fn rows(subject: &DataType, lang: Lang) -> Vec<(&'static str, String)> {
    let shown = match subject.shown_by_code {
        ShownByCode::Always => lang.pick("a read needs one of these calls", "读取必须使用下列接口"),
        ShownByCode::Partly => lang.pick("some reads need one of these calls", "部分读取使用下列接口"),
        ShownByCode::Never => lang.pick("no: the user gives it, or it arises elsewhere", "否：由用户提供或产生于别处"),
    };
    let of = |strength: Strength| {
        let lines: Vec<String> =
            references(subject.id).filter(|api| api.strength == strength).map(|api| line(api, lang)).collect();
        lines.join("\n")
    };
    vec![
        (lang.pick("id", "标识"), subject.id.to_owned()),
        (lang.pick("category", "类别"), subject.category.to_owned()),
        (lang.pick("words", "说法"), subject.words.join(", ")),
        (lang.pick("umbrella words", "笼统词语"), umbrellas(subject.id).join(", ")),
        (lang.pick("permissions", "权限"), guarding(subject.id).join("\n")),
        (lang.pick("shown by code", "代码可见"), shown.to_owned()),
        (lang.pick("strong", "强"), of(Strength::Strong)),
        (lang.pick("by argument", "由参数确定"), of(Strength::Argument)),
        (lang.pick("enables", "开启"), of(Strength::Enable)),
        (lang.pick("weak", "弱"), of(Strength::Weak)),
        (lang.pick("by reflection", "反射"), of(Strength::Reflective)),
        (lang.pick("own process", "自身进程"), of(Strength::OwnProcess)),
    ]
}

/// `TelephonyManager.getImei   API 1-28 READ_PHONE_STATE, API 29+ refused`.
fn line(api: &Api, lang: Lang) -> String {
    let levels: Vec<String> = api.levels().iter().map(|level| level_text(level, lang)).collect();
    let open = levels.iter().all(|level| !level.contains(' '));
    if open { api.short_title() } else { format!("{}   {}", api.short_title(), levels.join(lang.pick(", ", "，"))) }
}

fn level_text(level: &Level, lang: Lang) -> String {
    let range = match level.to {
        u8::MAX => format!("API{}+", level.from),
        to => format!("API{}-{to}", level.from),
    };
    let short = |name: &str| name.strip_prefix("android.permission.").unwrap_or(name).to_owned();
    let what = match level.outcome {
        Outcome::Refused => lang.pick("refused", "拒绝").to_owned(),
        Outcome::Masked => lang.pick("masked", "屏蔽").to_owned(),
        Outcome::Given => {
            let needs = level.needs().map(|need| {
                let any: Vec<String> = need.alternatives().map(short).collect();
                format!("{}{}", any.join("|"), if need.required { "" } else { "?" })
            });
            needs.collect::<Vec<_>>().join("+")
        }
    };
    format!("{range} {what}").trim_end().to_owned()
}

/// The same as JSON.
pub fn json(subject: &DataType, lang: Lang) -> Value {
    let level = |level: &Level| {
        let needs: Vec<Value> = level
            .needs()
            .map(|need| json!({ "any_of": need.alternatives().collect::<Vec<_>>(), "required": need.required }))
            .collect();
        let outcome = match level.outcome {
            Outcome::Given => "given",
            Outcome::Refused => "refused",
            Outcome::Masked => "masked",
        };
        let to = (level.to != u8::MAX).then_some(level.to);
        json!({ "from": level.from, "to": to, "outcome": outcome, "needs": needs })
    };
    let api = |api: &Api| {
        let levels: Vec<Value> = api.levels().iter().map(level).collect();
        json!({ "api": api.title(), "strength": api.strength.id(), "levels": levels })
    };
    json!({
        "schema_version": SCHEMA_VERSION,
        "kind": "data_type",
        "id": subject.id,
        "name": subject.label().get(lang),
        "category": subject.category,
        "shown_by_code": subject.shown_by_code.id(),
        "words": subject.words,
        "umbrella_words": umbrellas(subject.id),
        "permissions": guarding(subject.id),
        "references": references(subject.id).map(api).collect::<Vec<_>>(),
    })
}
