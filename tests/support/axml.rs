//! Binary XML as the Android build tools write it (AOSP `ResourceTypes.h`, `ResXMLTree_*`), and the same tree as text.
//!
//! Everything a hostile or clumsy packer changes is a field: namespaced element names, attribute names and namespaces that
//! disagree with the resource id, absent raw strings, odd attribute strides, unknown chunks.

use super::bytes::{PutLe, count, short};
use super::res::{Encoding, NONE, StringPool, Value, chunk};
use std::fmt::Write as _;

/// The `android:` namespace.
pub const ANDROID: &str = "http://schemas.android.com/apk/res/android";

/// Attribute names with their resource ids, as `aapt dump resources framework-res.apk` lists them.
pub const ATTRIBUTE_IDS: &[(&str, u32)] = &[
    ("theme", 0x0101_0000),
    ("label", 0x0101_0001),
    ("icon", 0x0101_0002),
    ("name", 0x0101_0003),
    ("permission", 0x0101_0006),
    ("readPermission", 0x0101_0007),
    ("writePermission", 0x0101_0008),
    ("protectionLevel", 0x0101_0009),
    ("permissionGroup", 0x0101_000a),
    ("sharedUserId", 0x0101_000b),
    ("hasCode", 0x0101_000c),
    ("enabled", 0x0101_000e),
    ("debuggable", 0x0101_000f),
    ("exported", 0x0101_0010),
    ("process", 0x0101_0011),
    ("authorities", 0x0101_0018),
    ("initOrder", 0x0101_001a),
    ("priority", 0x0101_001c),
    ("targetPackage", 0x0101_0021),
    ("value", 0x0101_0024),
    ("resource", 0x0101_0025),
    ("mimeType", 0x0101_0026),
    ("scheme", 0x0101_0027),
    ("host", 0x0101_0028),
    ("path", 0x0101_002a),
    ("targetActivity", 0x0101_0202),
    ("minSdkVersion", 0x0101_020c),
    ("versionCode", 0x0101_021b),
    ("versionName", 0x0101_021c),
    ("targetSdkVersion", 0x0101_0270),
    ("maxSdkVersion", 0x0101_0271),
    ("testOnly", 0x0101_0272),
    ("allowBackup", 0x0101_0280),
    ("glEsVersion", 0x0101_0281),
    ("required", 0x0101_028e),
    ("installLocation", 0x0101_02b7),
    ("extractNativeLibs", 0x0101_04ea),
    ("usesCleartextTraffic", 0x0101_04ec),
    ("networkSecurityConfig", 0x0101_0527),
    ("splitName", 0x0101_0549),
    ("requiredFeature", 0x0101_0554),
    ("requiredNotFeature", 0x0101_0555),
    ("isFeatureSplit", 0x0101_055b),
    ("compileSdkVersion", 0x0101_0572),
    ("compileSdkVersionCodename", 0x0101_0573),
    ("versionCodeMajor", 0x0101_0576),
    ("appComponentFactory", 0x0101_057a),
    ("isSplitRequired", 0x0101_0591),
    ("foregroundServiceType", 0x0101_0599),
];

/// The resource id of an `android:` attribute. Panics on a name missing from the table: add it there.
pub fn attribute_id(name: &str) -> u32 {
    let found = ATTRIBUTE_IDS.iter().find(|(known, _)| *known == name);
    found.unwrap_or_else(|| panic!("attribute android:{name} is not in tests/support/axml.rs")).1
}

/// What stands in an attribute's raw string field.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Raw {
    /// The string itself for string values, nothing for other types: what aapt writes.
    #[default]
    Natural,
    /// Nothing, even for a string: the typed value alone counts.
    Absent,
    /// Another text than the typed value has.
    Text(String),
}

/// One attribute, every stored field of its own.
#[derive(Clone, Debug, PartialEq)]
pub struct Attribute {
    pub namespace: Option<String>,
    pub name: String,
    /// Entry in the resource map; `None` puts the name behind the map.
    pub resource_id: Option<u32>,
    pub value: Value,
    pub raw: Raw,
}

impl Attribute {
    /// `android:name`, with its resource id.
    pub fn android(name: &str, value: impl Into<Value>) -> Attribute {
        Attribute {
            namespace: Some(ANDROID.into()),
            resource_id: Some(attribute_id(name)),
            ..Attribute::plain(name, value)
        }
    }

    /// Without namespace and resource id, such as `package`.
    pub fn plain(name: &str, value: impl Into<Value>) -> Attribute {
        Attribute { namespace: None, name: name.into(), resource_id: None, value: value.into(), raw: Raw::Natural }
    }

    /// Gives the attribute another name and namespace; the resource id stays. `""` is a legal, and hostile, name.
    pub fn disguised(mut self, namespace: Option<&str>, name: &str) -> Attribute {
        self.namespace = namespace.map(str::to_owned);
        name.clone_into(&mut self.name);
        self
    }

    /// Sets the raw string field.
    pub fn raw(mut self, raw: Raw) -> Attribute {
        self.raw = raw;
        self
    }
}

/// One element.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Element {
    pub namespace: Option<String>,
    pub name: String,
    pub attributes: Vec<Attribute>,
    pub children: Vec<Element>,
    /// Character data after the children.
    pub text: Option<String>,
}

impl Element {
    pub fn new(name: &str) -> Element {
        Element { name: name.into(), ..Element::default() }
    }

    /// Adds `android:name`.
    pub fn android(self, name: &str, value: impl Into<Value>) -> Element {
        self.attribute(Attribute::android(name, value))
    }

    /// Adds an attribute without namespace.
    pub fn plain(self, name: &str, value: impl Into<Value>) -> Element {
        self.attribute(Attribute::plain(name, value))
    }

    pub fn attribute(mut self, attribute: Attribute) -> Element {
        self.attributes.push(attribute);
        self
    }

    pub fn child(mut self, child: Element) -> Element {
        self.children.push(child);
        self
    }

    pub fn text(mut self, text: &str) -> Element {
        self.text = Some(text.into());
        self
    }

    /// Puts the element itself into the android namespace: `<android:uses-permission>`.
    pub fn namespaced(mut self) -> Element {
        self.namespace = Some(ANDROID.into());
        self
    }

    /// This element and all below it, parents first.
    pub fn walk(&self, visit: &mut dyn FnMut(&Element)) {
        visit(self);
        self.children.iter().for_each(|child| child.walk(visit));
    }
}

/// How the file around the tree is written. The default is what aapt does.
#[derive(Clone, Debug)]
pub struct Layout {
    pub encoding: Encoding,
    /// Whether a resource map is written; without one only names identify attributes.
    pub resource_map: bool,
    /// Bytes per attribute, at least 20; readers must honour `attributeSize`.
    pub attribute_size: u16,
    /// Type of the outermost chunk (0x0003); packers change it and Android does not look.
    pub root_type: u16,
    /// Writes a chunk of unknown type 0x0199 before the first element.
    pub unknown_chunk: bool,
}

impl Default for Layout {
    fn default() -> Layout {
        Layout {
            encoding: Encoding::default(),
            resource_map: true,
            attribute_size: 20,
            root_type: 3,
            unknown_chunk: false,
        }
    }
}

/// Writes the tree as a binary XML file.
pub fn write(root: &Element, layout: &Layout) -> Vec<u8> {
    let mut writer = Writer::new(root, layout);
    let (prefix, uri) = (writer.pool.intern("android"), writer.pool.intern(ANDROID));
    writer.node(0x0100, &[prefix, uri]);
    writer.element(root);
    writer.node(0x0101, &[prefix, uri]);
    let mut body = writer.pool.chunk(layout.encoding);
    if layout.resource_map {
        let ids: Vec<u8> = writer.mapped.iter().flat_map(|(_, id)| id.to_le_bytes()).collect();
        body.extend(chunk(0x0180, &[], &ids));
    }
    if layout.unknown_chunk {
        body.extend(chunk(0x0199, &[], &[0xa5; 12]));
    }
    body.extend(writer.body);
    chunk(layout.root_type, &[], &body)
}

/// Writes the tree as text XML. Attributes that carry a known resource id get that id's name, whatever their stored name is.
pub fn to_text(root: &Element) -> String {
    let mut out = String::from("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n");
    text_element(&mut out, root, 0);
    out
}

struct Writer<'a> {
    layout: &'a Layout,
    pool: StringPool,
    /// Names at the head of the pool with the resource id of the same slot.
    mapped: Vec<(String, u32)>,
    body: Vec<u8>,
    line: u32,
}

impl<'a> Writer<'a> {
    fn new(root: &Element, layout: &'a Layout) -> Writer<'a> {
        let mut mapped: Vec<(String, u32)> = Vec::new();
        root.walk(&mut |element| {
            for attribute in &element.attributes {
                let Some(id) = attribute.resource_id else { continue };
                let slot = (attribute.name.clone(), id);
                if !mapped.contains(&slot) {
                    mapped.push(slot);
                }
            }
        });
        let mut pool = StringPool::default();
        for (name, _) in &mapped {
            pool.reserve(name);
        }
        Writer { layout, pool, mapped, body: Vec::new(), line: 1 }
    }

    fn optional(&mut self, text: Option<&str>) -> u32 {
        text.map_or(NONE, |text| self.pool.intern(text))
    }

    /// A node chunk: line number, no comment, then the words given.
    fn node(&mut self, kind: u16, words: &[u32]) {
        let body: Vec<u8> = words.iter().flat_map(|word| word.to_le_bytes()).collect();
        self.node_bytes(kind, &body);
    }

    fn node_bytes(&mut self, kind: u16, body: &[u8]) {
        let mut header = Vec::new();
        header.put_u32(self.line);
        header.put_u32(NONE);
        self.body.extend(chunk(kind, &header, body));
    }

    fn element(&mut self, element: &Element) {
        let (namespace, name) = (self.optional(element.namespace.as_deref()), self.pool.intern(&element.name));
        let mut body = Vec::new();
        body.put_u32(namespace);
        body.put_u32(name);
        body.put_u16(20); // attributeStart
        body.put_u16(self.layout.attribute_size);
        body.put_u16(short(element.attributes.len()));
        body.extend([0; 6]); // id, class and style index: none
        for attribute in &element.attributes {
            self.attribute(&mut body, attribute);
        }
        self.node_bytes(0x0102, &body);
        self.line += 1;
        element.children.iter().for_each(|child| self.element(child));
        if let Some(text) = &element.text {
            let data = self.pool.intern(text);
            self.node(0x0104, &[data, 8, 0]);
        }
        self.node(0x0103, &[namespace, name]);
    }

    fn attribute(&mut self, out: &mut Vec<u8>, attribute: &Attribute) {
        let start = out.len();
        let namespace = self.optional(attribute.namespace.as_deref());
        let slot = attribute.resource_id.and_then(|id| {
            self.mapped.iter().position(|(name, known)| *known == id && *name == attribute.name).map(count)
        });
        let name = slot.unwrap_or_else(|| self.pool.intern(&attribute.name));
        let raw = match (&attribute.raw, &attribute.value) {
            (Raw::Text(text), _) | (Raw::Natural, Value::Str(text)) => self.pool.intern(text),
            _ => NONE,
        };
        [namespace, name, raw].into_iter().for_each(|word| out.put_u32(word));
        attribute.value.write(out, &mut self.pool);
        out.resize(start + usize::from(self.layout.attribute_size), 0xa5);
    }
}

fn text_element(out: &mut String, element: &Element, depth: usize) {
    let indent = "    ".repeat(depth);
    let prefix = if element.namespace.is_some() { "android:" } else { "" };
    let _ = write!(out, "{indent}<{prefix}{}", element.name);
    if depth == 0 {
        let _ = write!(out, " xmlns:android=\"{ANDROID}\"");
    }
    for attribute in &element.attributes {
        let known = attribute.resource_id.and_then(|id| ATTRIBUTE_IDS.iter().find(|(_, known)| *known == id));
        let name = match known {
            Some((name, _)) => format!("android:{name}"),
            None if attribute.namespace.is_some() => format!("android:{}", attribute.name),
            None => attribute.name.clone(),
        };
        let _ = write!(out, " {name}=\"{}\"", escape(&attribute.value.to_text()));
    }
    if element.children.is_empty() && element.text.is_none() {
        out.push_str("/>\n");
        return;
    }
    out.push_str(">\n");
    element.children.iter().for_each(|child| text_element(out, child, depth + 1));
    if let Some(text) = &element.text {
        let _ = writeln!(out, "{indent}    {}", escape(text));
    }
    let _ = writeln!(out, "{indent}</{prefix}{}>", element.name);
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
