//! XML events that binary and text manifests have in common.

use super::axml;
use crate::error::Error;
use crate::lang::Text;
use quick_xml::events::attributes::Attributes;
use quick_xml::events::{BytesStart, Event as Quick};
use std::cell::Cell;

/// The namespace of `android:` attributes.
pub const ANDROID: &str = "http://schemas.android.com/apk/res/android";

/// A start or an end of an element. Text content carries nothing in a manifest.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// An element begins.
    Start(Element),
    /// The innermost open element ends.
    End,
}

/// An element with its attributes.
#[derive(Clone, Debug, PartialEq)]
pub struct Element {
    /// Local name; a namespace on the element is dropped (hostile and odd manifests carry `<android:uses-permission>`).
    pub name: String,
    /// Attributes in document order.
    pub attributes: Vec<Attribute>,
}

/// One attribute.
#[derive(Clone, Debug, PartialEq)]
pub struct Attribute {
    /// Local name as written; may be empty or wrong in a binary manifest whose resource id is right.
    pub name: String,
    /// The framework's id of the attribute (AOSP frameworks/base core/res/res/values/public.xml), e.g. 0x01010003 `name`.
    pub resource_id: Option<u32>,
    /// Its value.
    pub value: Value,
}

/// A typed attribute value (AOSP androidfw/ResourceTypes.h `Res_value`).
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// Text.
    String(String),
    /// `@` reference to a resource.
    Reference(u32),
    /// Decimal or hexadecimal integer.
    Int(i64),
    /// Boolean.
    Bool(bool),
    /// Any other type with its raw data: dimensions, fractions, colours, floats, theme references.
    Other(u8, u32),
}

/// Most elements of one document, attributes of one text element, attributes of all, and bytes of text: the manifests of the largest
/// apps have a tenth of each. In binary XML a megabyte of attributes can name the same megabyte of text again and again.
const MAX_ELEMENTS: usize = 200_000;
const MAX_ATTRIBUTES_OF_ONE: usize = 1000;
const MAX_ATTRIBUTES: usize = 1_000_000;
const MAX_TEXT: usize = 32 << 20;

/// What was taken out of a document so far.
#[derive(Debug, Default)]
pub(super) struct Tally {
    elements: Cell<usize>,
    attributes: Cell<usize>,
    text: Cell<usize>,
}

impl Tally {
    /// Counts an element.
    pub fn element(&self) {
        self.elements.set(self.elements.get() + 1);
    }

    /// Counts attributes.
    pub fn attributes(&self, count: usize) {
        self.attributes.set(self.attributes.get() + count);
    }

    /// Counts bytes of text.
    pub fn text(&self, bytes: usize) {
        self.text.set(self.text.get().saturating_add(bytes));
    }

    /// Whether more text may be taken.
    pub fn has_room(&self) -> bool {
        self.text.get() <= MAX_TEXT
    }

    /// Whether that is more than any manifest holds.
    ///
    /// # Errors
    /// When it is; the message is a predicate of the entry.
    pub fn check(&self) -> Result<(), Error> {
        if self.elements.get() <= MAX_ELEMENTS && self.attributes.get() <= MAX_ATTRIBUTES && self.has_room() {
            return Ok(());
        }
        let limits = (MAX_ELEMENTS, MAX_ATTRIBUTES, MAX_TEXT >> 20);
        let en = format!("holds more than {} elements, {} attributes or {} MiB of text", limits.0, limits.1, limits.2);
        let zh = format!("含有超过 {} 个元素、{} 个属性或 {} MiB 文本", limits.0, limits.1, limits.2);
        Err(Error::new(
            Text::new(en, zh),
            Text::new(
                "it is made to exhaust tools; no app needs so much",
                "该文件被蓄意构造以耗尽工具资源；正常应用不需要这么多",
            ),
        ))
    }
}

/// Reads a manifest, binary or text, into events.
///
/// # Errors
/// When the document is neither, ends too early, or is not well formed.
pub fn read(bytes: &[u8]) -> Result<Vec<Event>, Error> {
    let first = bytes.iter().find(|byte| !byte.is_ascii_whitespace());
    match first {
        Some(b'<' | 0xEF) => read_text(bytes),
        _ => axml::read(bytes),
    }
}

fn read_text(bytes: &[u8]) -> Result<Vec<Event>, Error> {
    let mut reader = quick_xml::Reader::from_reader(bytes);
    let mut events = Vec::new();
    let mut depth = 0usize;
    let tally = Tally::default();
    loop {
        tally.check()?;
        let offset = reader.buffer_position();
        match reader.read_event().map_err(|cause| malformed(offset).because(cause))? {
            Quick::Start(start) => {
                events.push(Event::Start(text_element(&start, offset, &tally)?));
                depth += 1;
            }
            Quick::Empty(start) => events.extend([Event::Start(text_element(&start, offset, &tally)?), Event::End]),
            Quick::End(_) => {
                events.push(Event::End);
                depth = depth.saturating_sub(1);
            }
            // Half a manifest is no manifest.
            Quick::Eof if depth > 0 => return Err(malformed(offset)),
            Quick::Eof => return Ok(events),
            _ => {}
        }
    }
}

fn text_element(start: &BytesStart<'_>, offset: u64, tally: &Tally) -> Result<Element, Error> {
    let name = start.local_name().as_ref().to_owned();
    let attributes = text_attributes(start.attributes(), offset)?;
    tally.element();
    tally.attributes(attributes.len());
    tally.text(start.len());
    Ok(Element { name, attributes })
}

fn text_attributes(attributes: Attributes<'_>, offset: u64) -> Result<Vec<Attribute>, Error> {
    let mut found = Vec::new();
    for attribute in attributes {
        // What an element holds is counted when it is whole, so one must not hold too much.
        if found.len() == MAX_ATTRIBUTES_OF_ONE {
            return Err(malformed(offset));
        }
        let attribute = attribute.map_err(|cause| malformed(offset).because(cause))?;
        let name = attribute.key.local_name().as_ref().to_owned();
        if attribute.key.as_ref().starts_with("xmlns") {
            continue;
        }
        let text = quick_xml::escape::unescape(&attribute.value).map_err(|cause| malformed(offset).because(cause))?;
        let in_namespace = attribute.key.prefix().is_some();
        let resource_id = in_namespace.then(|| attribute_id(&name)).flatten();
        let text = text.into_owned();
        let value = if STRINGS.contains(&name.as_str()) { Value::String(text) } else { text_value(text) };
        found.push(Attribute { name, resource_id, value });
    }
    Ok(found)
}

/// Attributes whose format is string (AOSP attrs_manifest.xml): a version name "007" or "+0" is no number.
const STRINGS: [&str; 6] = ["versionName", "name", "package", "split", "authorities", "process"];

/// aapt compiles `true`, `12` and `0x10` to typed values; a text manifest gives the same.
pub(super) fn text_value(text: String) -> Value {
    match text.as_str() {
        "true" => Value::Bool(true),
        "false" => Value::Bool(false),
        _ => {
            let number = match text.strip_prefix("0x") {
                Some(hex) => i64::from_str_radix(hex, 16).ok(),
                None => text.parse().ok(),
            };
            number.map_or(Value::String(text), Value::Int)
        }
    }
}

macro_rules! attribute_ids {
    ($($constant:ident $name:literal $id:literal,)*) => {
        /// Framework attribute ids (AOSP frameworks/base core/res/res/values/public-final.xml).
        pub mod attr {
            $(#[doc = concat!("`android:", $name, "`")] pub const $constant: u32 = $id;)*
        }

        fn attribute_id(name: &str) -> Option<u32> {
            match name { $($name => Some($id),)* _ => None }
        }

        /// The attribute's name where a binary manifest has emptied or falsified it.
        pub fn attribute_name(id: u32) -> Option<&'static str> {
            match id { $($id => Some($name),)* _ => None }
        }
    };
}

attribute_ids! {
    NAME "name" 0x0101_0003,
    PERMISSION "permission" 0x0101_0006,
    PROTECTION_LEVEL "protectionLevel" 0x0101_0009,
    HAS_CODE "hasCode" 0x0101_000c,
    ENABLED "enabled" 0x0101_000e,
    EXPORTED "exported" 0x0101_0010,
    AUTHORITIES "authorities" 0x0101_0018,
    VALUE "value" 0x0101_0024,
    RESOURCE "resource" 0x0101_0025,
    TARGET_ACTIVITY "targetActivity" 0x0101_0202,
    MIN_SDK_VERSION "minSdkVersion" 0x0101_020c,
    VERSION_CODE "versionCode" 0x0101_021b,
    VERSION_NAME "versionName" 0x0101_021c,
    TARGET_SDK_VERSION "targetSdkVersion" 0x0101_0270,
    MAX_SDK_VERSION "maxSdkVersion" 0x0101_0271,
    GL_ES_VERSION "glEsVersion" 0x0101_0281,
    REQUIRED "required" 0x0101_028e,
    VERSION_CODE_MAJOR "versionCodeMajor" 0x0101_0576,
}

fn malformed(offset: u64) -> Error {
    Error::new(
        Text::new("is not well-formed XML", "不是格式正确的 XML"),
        Text::new(
            "check the file with an XML editor, or give the built APK",
            "请用 XML 编辑器检查，或改用构建好的 APK",
        ),
    )
    .at(offset)
}
