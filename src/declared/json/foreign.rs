//! Lists in JSON of other makers: a CycloneDX bill of materials, and the `manifest.json` of a uni-app project.

use super::{Member, Node};
use crate::declared::source::Source;
use crate::declared::{AppPermissions, DeclaredSdk, Field, Located, value};

/// The records, when the document is one of the known kinds.
pub(super) fn records(source: &Source, root: &Node) -> Option<Vec<DeclaredSdk>> {
    if root.get("bomFormat").and_then(Node::words) == Some("CycloneDX") {
        let components = root.get("components").map(Node::items).unwrap_or_default();
        return Some(components.iter().filter_map(|component| self::component(source, component)).collect());
    }
    let app = root.get("app-plus").or_else(|| root.get("plus"))?;
    Some(modules(source, app))
}

/// Permissions that a uni-app project asks for: `<uses-permission android:name="…"/>` as strings.
pub(super) fn permissions(source: &Source, root: &Node) -> AppPermissions {
    let app = root.get("app-plus").or_else(|| root.get("plus"));
    let google = app.and_then(|app| {
        let distribute = app.get("distribute").unwrap_or(app);
        distribute.get("android").or_else(|| distribute.get("google"))
    });
    let written = google.and_then(|google| google.get("permissions")).map(Node::items).unwrap_or_default();
    let names = written.iter().filter_map(|item| {
        let text = item.words()?;
        let name = text.split('"').find(|part| value::is_permission_name(part)).unwrap_or(text);
        value::is_permission_name(name).then(|| located(source, item, name))
    });
    AppPermissions { android: value::unique(names), ..AppPermissions::default() }
}

fn located(source: &Source, node: &Node, text: &str) -> Located {
    Located { text: text.to_owned(), at: source.position(node.at) }
}

/// <https://cyclonedx.org/docs/1.6/json/>: name, group, supplier or publisher, description, external references.
fn component(source: &Source, node: &Node) -> Option<DeclaredSdk> {
    let name = node.get("name").filter(|name| name.words().is_some())?;
    let field = |node: Option<&Node>| {
        let found = node.and_then(|node| Some((node, node.words()?)));
        found.map_or(Field::Absent, |(node, text)| Field::Given(located(source, node, text)))
    };
    let supplier = node.get("supplier").or_else(|| node.get("manufacturer")).and_then(|supplier| supplier.get("name"));
    let links = node.get("externalReferences").map(Node::items).unwrap_or_default();
    let links: Vec<Located> = links
        .iter()
        .filter_map(|reference| reference.get("url"))
        .filter_map(|url| Some(located(source, url, url.words()?)))
        .collect();
    let at = source.position(node.at);
    // The group of a Maven coordinate is where Java packages usually begin, but it is no package: what a coordinate
    // means is for the resolution to say.
    let group = node.get("group").and_then(Node::words).filter(|group| !group.is_empty());
    let purl = node.get("purl").and_then(Node::words).and_then(maven_group);
    let title = match group.or(purl) {
        Some(group) if !name.words()?.contains(':') => format!("{group}:{}", name.words()?),
        _ => name.words()?.to_owned(),
    };
    Some(DeclaredSdk {
        name: Field::Given(located(source, name, &title)),
        vendor: field(supplier.or_else(|| node.get("publisher")).or_else(|| node.get("author"))),
        purpose: field(node.get("description")),
        links: if links.is_empty() { Field::Absent } else { Field::Given(links) },
        line: at.line,
        column: at.column,
        says_sdk: true,
        no_place_for: &["packages", "permissions", "data"],
        ..DeclaredSdk::default()
    })
}

/// The group of `pkg:maven/com.acme/push@1.0` (<https://github.com/package-url/purl-spec>).
fn maven_group(purl: &str) -> Option<&str> {
    purl.strip_prefix("pkg:maven/")?.split_once('/').map(|(group, _)| group)
}

/// The functions whose vendor SDKs a uni-app project switches on, and what DCloud calls the SDKs behind them.
#[rustfmt::skip]
const DCLOUD: &[(&str, &str, &str)] = &[
    ("push", "unipush", "个推推送SDK"), ("push", "igexin", "个推推送SDK"), ("push", "mi", "小米推送SDK"), ("push", "hms", "华为推送SDK"),
    ("push", "oppo", "OPPO推送SDK"), ("push", "vivo", "vivo推送SDK"), ("push", "meizu", "魅族推送SDK"), ("push", "fcm", "Firebase Cloud Messaging"),
    ("share", "weixin", "微信开放平台SDK"), ("oauth", "weixin", "微信开放平台SDK"), ("payment", "weixin", "微信开放平台SDK"),
    ("share", "qq", "QQ互联SDK"), ("oauth", "qq", "QQ互联SDK"), ("share", "sina", "新浪微博SDK"), ("oauth", "sina", "新浪微博SDK"),
    ("payment", "alipay", "支付宝SDK"), ("payment", "paypal", "PayPal"), ("payment", "stripe", "Stripe"), ("payment", "google", "Google Pay"),
    ("oauth", "google", "Google Sign-In"), ("oauth", "facebook", "Facebook Login"), ("oauth", "univerify", "个推一键登录SDK"), ("oauth", "xiaomi", "小米登录SDK"),
    ("maps", "amap", "高德地图SDK"), ("geolocation", "amap", "高德定位SDK"), ("maps", "baidu", "百度地图SDK"), ("geolocation", "baidu", "百度定位SDK"),
    ("maps", "google", "Google Maps"), ("geolocation", "tencent", "腾讯定位SDK"), ("maps", "tencent", "腾讯地图SDK"),
    ("statics", "umeng", "友盟统计SDK"), ("statics", "google", "Google Analytics for Firebase"), ("speech", "ifly", "讯飞语音SDK"), ("speech", "baidu", "百度语音SDK"),
    ("ad", "csj", "穿山甲广告SDK"), ("ad", "gdt", "优量汇广告SDK"), ("ad", "ks", "快手广告SDK"), ("ad", "bd", "百度广告SDK"), ("ad", "sigmob", "Sigmob广告SDK"),
];

/// Services under `distribute.sdkConfigs` (or `plugins` of older projects), one record each.
fn modules(source: &Source, app: &Node) -> Vec<DeclaredSdk> {
    let distribute = app.get("distribute").unwrap_or(app);
    let configs = distribute.get("sdkConfigs").or_else(|| distribute.get("plugins"));
    let mut records = Vec::new();
    for function in configs.map(Node::members).unwrap_or_default() {
        for service in function.node.members().iter().filter(|service| !service.key.starts_with('_')) {
            records.push(service_record(source, &function.key, service));
        }
    }
    records
}

fn service_record(source: &Source, function: &str, service: &Member) -> DeclaredSdk {
    let at = source.position(service.key_at);
    let known = DCLOUD.iter().find(|(of, key, _)| *of == function && *key == service.key);
    let name = known.map_or_else(|| format!("{} ({function})", service.key), |(.., name)| (*name).to_owned());
    DeclaredSdk {
        name: Field::Given(Located { text: name, at }),
        line: at.line,
        column: at.column,
        says_sdk: true,
        // A project's manifest switches modules on; it describes none.
        no_place_for: &["vendor", "packages", "permissions", "purpose", "data", "links"],
        ..DeclaredSdk::default()
    }
}
