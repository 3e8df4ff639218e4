//! `explain`: one subject, found by what the user typed.

use super::data_type;
use crate::audit::Rule;
use crate::error::Error;
use crate::lang::{Lang, Text};
pub use crate::nearest::nearest;
use crate::platform::data_types::{self, DataType};
use crate::platform::permissions::{self, Permission};

use crate::report::Screen;
use crate::report::json::{SCHEMA_VERSION, to_text};
use crate::signatures::{Sdk, SignatureSet};
use serde_json::json;
use std::fmt::Write;

/// What is explained.
pub enum Subject<'s> {
    Rule(Rule),
    Sdk(&'s Sdk),
    Permission(Permission),
    DataType(&'static DataType),
}

/// Finds a rule, an SDK (id, name, alias, package), a permission (full or last part) or a data type (id or one of its words).
///
/// # Errors
/// When nothing has that name; the nearest one is named.
pub fn find<'s>(what: &str, set: &'s SignatureSet) -> Result<Subject<'s>, Error> {
    let what = what.trim();
    let by_package = || set.by_package(what).filter(|_| what.contains('.'));
    let permission = || permissions::find(what).or_else(|| permissions::find_by_short_name(what));
    let sdk = || set.get(what).or_else(|| set.by_name(what).map(|(sdk, _)| sdk));
    Rule::from_id(what)
        .map(Subject::Rule)
        .or_else(|| sdk().map(Subject::Sdk))
        .or_else(|| permission().map(Subject::Permission))
        .or_else(|| data_type::find(what).map(Subject::DataType))
        .or_else(|| by_package().map(Subject::Sdk))
        .ok_or_else(|| unknown(what, set))
}

/// Finds an SDK by id, name, alias or package.
///
/// # Errors
/// When none has that name; the nearest id or name is named.
pub fn find_sdk<'s>(what: &str, set: &'s SignatureSet) -> Result<&'s Sdk, Error> {
    let what = what.trim();
    let by_name = || set.by_name(what).map(|(sdk, _)| sdk);
    let by_package = || set.by_package(what).filter(|_| what.contains('.'));
    set.get(what).or_else(by_name).or_else(by_package).ok_or_else(|| {
        let help =
            match nearest(what, set.ids()).or_else(|| nearest(what, set.names().into_iter().map(|(name, _)| name))) {
                Some(near) => Text::new(format!("did you mean '{near}'?"), format!("是否应为“{near}”？")),
                None => Text::new("sdkaudit signatures list prints all", "用 sdkaudit signatures list 查看全部"),
            };
        Error::new(Text::new(format!("no SDK named '{what}'"), format!("没有名为“{what}”的 SDK")), help)
    })
}

fn unknown(what: &str, set: &SignatureSet) -> Error {
    let rules = Rule::ALL.iter().map(|rule| rule.id());
    let ids: Vec<&str> = set.ids().collect();
    let types = data_types::all().iter().map(|one| one.id);
    let near = nearest(what, rules.chain(ids).chain(types)).map(str::to_owned);
    let near = near.or_else(|| permissions::nearest(what).map(str::to_owned));
    let help = match near {
        Some(near) => Text::new(format!("did you mean '{near}'?"), format!("是否应为“{near}”？")),
        None => Text::new(
            "rules stand in each finding, SDK ids in sdkaudit inspect",
            "规则名见各条发现，SDK 标识见 sdkaudit inspect",
        ),
    };
    Error::new(
        Text::new(
            format!("no rule, SDK, permission or data type named '{what}'"),
            format!("没有名为“{what}”的规则、SDK、权限或数据类型"),
        ),
        help,
    )
}

/// The explanation as text.
pub fn text(subject: &Subject<'_>, screen: &Screen) -> String {
    let rows = rows(subject, screen.lang);
    let mut out = String::new();
    let _ = writeln!(out, "{}", screen.bold(&title(subject, screen.lang)));
    out += &crate::report::text::rows(&rows, screen);
    out
}

/// The explanation as JSON.
pub fn json(subject: &Subject<'_>, lang: Lang) -> String {
    to_text(&match subject {
        Subject::Rule(rule) => json!({
            "schema_version": SCHEMA_VERSION,
            "kind": "rule",
            "id": rule.id(),
            "severity": rule.default_severity().id(),
            "summary": rule.summary().get(lang),
            "explanation": rule.explanation().get(lang),
        }),
        Subject::Sdk(sdk) => json!({ "schema_version": SCHEMA_VERSION, "kind": "sdk", "sdk": sdk }),
        Subject::DataType(subject) => data_type::json(subject, lang),
        Subject::Permission(permission) => json!({
            "schema_version": SCHEMA_VERSION,
            "kind": "permission",
            "name": permission.name,
            "protection_level": permission.protection.id(),
            "flags": permission.flags,
            "special": permission.special,
            "group": permission.group,
            "added_api": permission.added_api,
            "deprecated_api": permission.deprecated_api,
            "removed_api": permission.removed_api,
            "vendor": permission.vendor,
            "data_types": permission.data_types().collect::<Vec<_>>(),
            "replaced_by": permission.replaced_by().collect::<Vec<_>>(),
            "restrictions": permission.restrictions().map(|one| one.label().get(lang).to_owned()).collect::<Vec<_>>(),
        }),
    })
}

fn title(subject: &Subject<'_>, lang: Lang) -> String {
    match subject {
        Subject::Rule(rule) => rule.id().to_owned(),
        Subject::Sdk(sdk) => {
            lang.pick(format!("{} ({})", sdk.name.en, sdk.id), format!("{}（{}）", sdk.name.zh, sdk.id))
        }
        Subject::Permission(permission) => permission.name.to_owned(),
        Subject::DataType(subject) => subject.label().get(lang).to_owned(),
    }
}

type Rows = Vec<(&'static str, String)>;

fn rows(subject: &Subject<'_>, lang: Lang) -> Rows {
    let rows = match subject {
        Subject::Rule(rule) => vec![
            (lang.pick("says", "含义"), rule.summary().get(lang).to_owned()),
            (lang.pick("severity", "级别"), rule.default_severity().label().get(lang).to_owned()),
            ("", rule.explanation().get(lang).to_owned()),
        ],
        Subject::Sdk(sdk) => sdk_rows(sdk, lang),
        Subject::Permission(permission) => permission_rows(permission, lang),
        Subject::DataType(subject) => data_type::rows(subject, lang),
    };
    rows.into_iter().filter(|(_, value)| !value.is_empty()).collect()
}

fn sdk_rows(sdk: &Sdk, lang: Lang) -> Rows {
    let list = |values: &[String]| values.join(", ");
    let categories: Vec<&str> =
        sdk.categories.iter().map(|category| lang.pick(category.label().0, category.label().1)).collect();
    let detect = &sdk.detect;
    let link = |link: &Option<String>| link.clone().unwrap_or_default();
    let sources =
        sdk.sources.iter().map(|source| format!("{} ({})", source.url, source.date)).collect::<Vec<_>>().join("\n");
    vec![
        (lang.pick("vendor", "厂商"), lang.pick(&sdk.vendor.en, &sdk.vendor.zh).clone()),
        (lang.pick("also", "别名"), list(&sdk.aliases)),
        (lang.pick("category", "类别"), categories.join(lang.pick(", ", "、"))),
        (
            lang.pick("tracker", "跟踪"),
            lang.pick(if sdk.tracker { "yes" } else { "no" }, if sdk.tracker { "是" } else { "否" }).to_owned(),
        ),
        (lang.pick("part of", "所属"), sdk.part_of.clone().unwrap_or_default()),
        (lang.pick("packages", "包名"), list(&detect.packages)),
        (lang.pick("brings", "附带"), list(&detect.companions)),
        (lang.pick("components", "组件"), list(&detect.components)),
        (lang.pick("libraries", "动态库"), list(&detect.native_libs)),
        (lang.pick("weak names", "弱特征库"), list(&detect.weak_native_libs)),
        (lang.pick("meta-data", "元数据"), list(&detect.meta_data)),
        (lang.pick("files", "文件"), list(&detect.assets)),
        (lang.pick("brings permissions", "附带权限"), list(&detect.permissions)),
        (lang.pick("asks for", "需要权限"), list(&sdk.permissions)),
        (lang.pick("data types", "数据类型"), list(&sdk.data_types)),
        (lang.pick("website", "网站"), link(&sdk.links.website)),
        (lang.pick("privacy", "隐私政策"), link(&sdk.links.privacy)),
        (lang.pick("sources", "来源"), sources),
    ]
}

fn permission_rows(permission: &Permission, lang: Lang) -> Rows {
    let level = |level: Option<u8>| level.map(|level| format!("API {level}")).unwrap_or_default();
    let text = |text: Option<Text>| text.map(|text| text.get(lang).to_owned()).unwrap_or_default();
    let restrictions: Vec<String> = permission.restrictions().map(|one| one.label().get(lang).to_owned()).collect();
    vec![
        (lang.pick("level", "级别"), permission.protection.label().get(lang).to_owned()),
        (lang.pick("flags", "标志"), permission.flags.to_owned()),
        (lang.pick("defined by", "定义方"), permission.vendor.unwrap_or_default().to_owned()),
        (lang.pick("used for", "用途"), text(permission.purpose())),
        (lang.pick("group", "权限组"), text(permission.group_label())),
        (lang.pick("since", "起始"), level(permission.added_api)),
        (lang.pick("deprecated", "弃用"), level(permission.deprecated_api)),
        (lang.pick("removed", "移除"), level(permission.removed_api)),
        (lang.pick("replaced by", "替代"), permission.replaced_by().collect::<Vec<_>>().join(", ")),
        (lang.pick("opens", "涉及数据"), permission.data_types().collect::<Vec<_>>().join(", ")),
        (lang.pick("limits", "限制"), restrictions.join("\n")),
    ]
}
