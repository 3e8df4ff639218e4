//! One app whole, and the same app in parts: split APKs, zips of them, and a bundle for publishing.

use super::axml::{ANDROID, Attribute, Element, attribute_id};
use super::dex::STATIC;
use super::zipfile::{Entry, Zip};
use super::{ApkBuilder, Arg, Arsc, Class, Component, Dex, Invoke, Method, MethodRef, Value};

/// Application id of the app in parts.
pub const SHOP: &str = "dev.shop.app";

/// A part: name of its file, without the ending, and its APK.
pub type Part = (&'static str, ApkBuilder);

fn call(class: &str, name: &str, to: &MethodRef) -> Class {
    Class::new(class)
        .method(Method::new(name, "()V").flags(STATIC).call(Invoke::Static, to, &[]).op(super::dex::Op::ReturnVoid))
}

fn own_dex() -> Dex {
    let start = MethodRef::new("com.acme.metrics.Agent", "start", "()V");
    Dex::new().class(call("dev.shop.app.Main", "go", &start)).classes(&["com.polar.Push", "dev.shop.app.ui.View"])
}

fn chat_dex() -> Dex {
    let imei = MethodRef::new("android.telephony.TelephonyManager", "getImei", "()Ljava/lang/String;");
    let agent =
        Method::new("start", "()V").flags(STATIC).call(Invoke::Static, &imei, &[]).op(super::dex::Op::ReturnVoid);
    Dex::new().class(Class::new("com.acme.metrics.Agent").method(agent)).classes(&["org.unknown.chat.Room"])
}

fn manifest(split: Option<&str>, version: i32) -> ApkBuilder {
    let apk = ApkBuilder::new(SHOP).version_code(version).version_name("4.2").min_sdk(24).target_sdk(34);
    match split {
        Some(name) => apk.manifest_attribute(Attribute::plain("split", name)),
        None => apk,
    }
}

/// Without code, as build tools mark what holds none.
fn without_code(apk: ApkBuilder) -> ApkBuilder {
    apk.application_attribute(Attribute::android("hasCode", false))
}

fn base(apk: ApkBuilder) -> ApkBuilder {
    apk.uses_permission("android.permission.INTERNET")
        .component(Component::activity("dev.shop.app.Main").exported(true).launcher())
        .component(Component::service("com.polar.PushService"))
        .meta_data("POLAR_KEY", "k")
        .dex(&own_dex())
        .asset("polar/config.json", "{}")
        .meta_inf("com.polar_push.version", "3.1.0")
}

fn chat(apk: ApkBuilder) -> ApkBuilder {
    apk.uses_permission("android.permission.READ_PHONE_STATE")
        .component(Component::receiver("com.acme.metrics.Boot"))
        .dex(&chat_dex())
}

fn language(apk: ApkBuilder) -> ApkBuilder {
    let mut table = Arsc::new(SHOP);
    table.string("app_name", "店");
    apk.resources(table.build())
}

fn native(apk: ApkBuilder) -> ApkBuilder {
    apk.native_lib("arm64-v8a", "libpolar.so").native_lib("arm64-v8a", "libother.so")
}

/// The app in one file.
pub fn whole() -> ApkBuilder {
    native(language(chat(base(manifest(None, 42)))))
}

/// The same app in a base, two configurations and a feature.
pub fn parts() -> Vec<Part> {
    vec![
        ("base", base(manifest(None, 42))),
        ("split_config.arm64_v8a", native(without_code(manifest(Some("config.arm64_v8a"), 42)))),
        ("split_config.zh", language(without_code(manifest(Some("config.zh"), 42)))),
        ("split_chat", chat(manifest(Some("chat"), 42))),
    ]
}

/// The part of another version of the app.
pub fn older_part() -> Part {
    ("split_config.fr", without_code(manifest(Some("config.fr"), 41)))
}

/// An APK of which every entry is stored, so that no compressor shows in it.
pub fn sealed(apk: &ApkBuilder) -> Vec<u8> {
    stored(apk.zip()).build()
}

/// An archive of which every entry is stored.
pub fn stored(mut zip: Zip) -> Zip {
    zip.entries.iter_mut().for_each(|entry| entry.method = super::zipfile::STORED);
    zip
}

/// A zip of APKs, stored as shops store them. `folder` stands before the names.
pub fn zip_of(parts: &[Part], folder: &str) -> Zip {
    parts.iter().fold(Zip::new(), |zip, (name, apk)| {
        zip.entry(Entry::new(&format!("{folder}{name}.apk"), sealed(apk)).stored())
    })
}

/// With the index of APKPure, and expansion data.
pub fn xapk(parts: &[Part]) -> Zip {
    let index = format!("{{\"xapk_version\":2,\"package_name\":\"{SHOP}\"}}");
    zip_of(parts, "")
        .file("manifest.json", index)
        .file("icon.png", "png")
        .file(&format!("Android/obb/{SHOP}/main.42.{SHOP}.obb"), "data")
}

/// As bundletool writes it: the parts under other names, and the whole app for old devices.
pub fn apks(parts: &[Part]) -> Zip {
    let whole = Entry::new("standalones/standalone-hdpi.apk", whole().build()).stored();
    zip_of(parts, "splits/").entry(whole).file("toc.pb", "index")
}

/// With the index of APKMirror; its APKs are deflated here.
pub fn apkm(parts: &[Part]) -> Zip {
    let index = format!("{{\"apkm_version\":5,\"pname\":\"{SHOP}\"}}");
    let mut zip = zip_of(parts, "").file("info.json", index);
    zip.entries.iter_mut().for_each(|entry| entry.method = super::zipfile::DEFLATED);
    zip
}

/// The app as a bundle for publishing: `base` and the feature, native libraries in the base.
pub fn aab() -> Zip {
    let modules = [("base", native(base(manifest(None, 42)))), ("chat", chat(manifest(Some("chat"), 42)))];
    let mut zip = Zip::new().file("BundleConfig.pb", "config");
    for (module, apk) in modules {
        for entry in apk.zip().entries {
            let name = String::from_utf8(entry.name.clone()).expect("a name");
            let (place, data) = match name.as_str() {
                "AndroidManifest.xml" => ("manifest/AndroidManifest.xml".to_owned(), proto(&apk.manifest_tree())),
                dex if dex.ends_with(".dex") => (format!("dex/{dex}"), entry.data),
                meta if meta.starts_with("META-INF/") => (format!("root/{meta}"), entry.data),
                other => (other.to_owned(), entry.data),
            };
            zip = zip.file(&format!("{module}/{place}"), data);
        }
    }
    zip
}

/// An element as `XmlNode` of AOSP's Resources.proto.
pub fn proto(element: &Element) -> Vec<u8> {
    let mut out = Message::default();
    out.bytes(
        1,
        &message(|namespace| {
            namespace.bytes(1, b"android");
            namespace.bytes(2, ANDROID.as_bytes());
        }),
    );
    out.bytes(3, element.name.as_bytes());
    for attribute in &element.attributes {
        out.bytes(4, &attribute_message(attribute));
    }
    for child in &element.children {
        out.bytes(5, &proto(child));
    }
    message(|node| node.bytes(1, &out.0))
}

fn attribute_message(attribute: &Attribute) -> Vec<u8> {
    let mut out = Message::default();
    if attribute.namespace.is_some() {
        out.bytes(1, ANDROID.as_bytes());
    }
    out.bytes(2, attribute.name.as_bytes());
    out.bytes(3, attribute.value.to_text().as_bytes());
    if attribute.namespace.is_some() {
        out.number(5, u64::from(attribute_id(&attribute.name)));
    }
    let item = match &attribute.value {
        Value::Reference(id) => Some(message(|item| item.bytes(1, &message(|it| it.number(2, u64::from(*id)))))),
        Value::Int(number) => Some(message(|item| item.bytes(7, &message(|it| it.number(6, *number as i64 as u64))))),
        Value::Bool(truth) => Some(message(|item| item.bytes(7, &message(|it| it.number(8, u64::from(*truth)))))),
        _ => None,
    };
    if let Some(item) = item {
        out.bytes(6, &item);
    }
    out.0
}

/// A message of protocol buffers.
#[derive(Default)]
pub struct Message(pub Vec<u8>);

/// The bytes of one message.
pub fn message(fill: impl FnOnce(&mut Message)) -> Vec<u8> {
    let mut out = Message::default();
    fill(&mut out);
    out.0
}

impl Message {
    fn varint(&mut self, mut value: u64) {
        while value > 0x7f {
            self.0.push(value as u8 | 0x80);
            value >>= 7;
        }
        self.0.push(value as u8);
    }

    pub fn number(&mut self, field: u8, value: u64) {
        self.0.push(field << 3);
        self.varint(value);
    }

    pub fn bytes(&mut self, field: u8, bytes: &[u8]) {
        self.0.push(field << 3 | 2);
        self.varint(bytes.len() as u64);
        self.0.extend_from_slice(bytes);
    }
}
