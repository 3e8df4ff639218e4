//! The manifest of a bundle for publishing: XML in protocol buffers. Format: AOSP frameworks/base tools/aapt2/Resources.proto; the wire
//! format is that of protobuf.dev, "Encoding". Messages are few and only some fields matter, so they are read by hand.

use super::manifest::{self, Manifest};
use super::reader::{Reader, named};
use super::resources::Work;
use super::xml::{Attribute, Element, Event, Tally, Value, text_value};
use super::zip::Buffers;
use crate::error::Error;
use crate::lang::Text;

/// Elements inside each other that are read; the manifest's own are five deep.
const MAX_DEPTH: usize = 64;
/// A reference may point to a reference; Android follows 20 at most.
const MAX_HOPS: usize = 20;

/// Reads the manifest of a module.
///
/// # Errors
/// When it is missing, broken, or names no app.
pub fn manifest(reader: &Reader<'_>, module: &str, entry: &str, buffers: &mut Buffers) -> Result<Manifest, Error> {
    let found = reader.archive.entry(entry).ok_or_else(super::container::no_manifest)?;
    let bytes = reader.archive.read(found, buffers).map_err(|error| error.in_entry(entry))?;
    let events = events(bytes).ok_or_else(|| broken().in_entry(entry))?;
    let mut table: Option<Option<Vec<u8>>> = None;
    let work = Work::default();
    let mut resolve = |id: u32| {
        let table = table.get_or_insert_with(|| reader.bytes_of(&format!("{module}/resources.pb"), buffers));
        text_of(table.as_deref()?, id, &work)
    };
    named(manifest::build(&events, &mut resolve).map_err(|error| error.in_entry(entry))?, entry)
}

fn broken() -> Error {
    Error::new(
        Text::new("is no manifest in protocol buffers, or is cut", "不是 protobuf 格式的清单文件，或被截断"),
        Text::new("the file may be damaged; build or download it again", "文件可能已损坏；请重新构建或下载"),
    )
}

/// One field of a message.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Field<'a> {
    /// A number: varint, or 32 or 64 bits.
    Number(u64),
    /// Text or a message.
    Bytes(&'a [u8]),
}

impl<'a> Field<'a> {
    fn number(self) -> Option<u64> {
        if let Field::Number(number) = self { Some(number) } else { None }
    }

    fn bytes(self) -> Option<&'a [u8]> {
        if let Field::Bytes(bytes) = self { Some(bytes) } else { None }
    }

    fn text(self) -> Option<String> {
        self.bytes().map(|bytes| String::from_utf8_lossy(bytes).into_owned())
    }
}

/// The fields of a message with their numbers; ends early where it is broken, which [`Message::whole`] tells.
struct Message<'a> {
    rest: &'a [u8],
    whole: bool,
}

impl<'a> Message<'a> {
    fn new(bytes: &'a [u8]) -> Message<'a> {
        Message { rest: bytes, whole: true }
    }

    fn varint(&mut self) -> Option<u64> {
        let mut value = 0;
        for shift in (0..64).step_by(7) {
            let (&byte, rest) = self.rest.split_first()?;
            self.rest = rest;
            value |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return Some(value);
            }
        }
        None
    }

    fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (head, rest) = self.rest.split_at_checked(count)?;
        self.rest = rest;
        Some(head)
    }

    fn field(&mut self) -> Option<(u64, Field<'a>)> {
        let key = self.varint()?;
        let fixed = |bytes: &[u8]| bytes.iter().rev().fold(0, |value, byte| value << 8 | u64::from(*byte));
        let field = match key & 7 {
            0 => Field::Number(self.varint()?),
            1 => Field::Number(fixed(self.take(8)?)),
            2 => {
                let length = usize::try_from(self.varint()?).ok()?;
                Field::Bytes(self.take(length)?)
            }
            5 => Field::Number(fixed(self.take(4)?)),
            _ => return None,
        };
        Some((key >> 3, field))
    }
}

impl<'a> Iterator for Message<'a> {
    type Item = (u64, Field<'a>);

    fn next(&mut self) -> Option<(u64, Field<'a>)> {
        if self.rest.is_empty() {
            return None;
        }
        let field = self.field();
        if field.is_none() {
            (self.whole, self.rest) = (false, &[]);
        }
        field
    }
}

/// The first message or text in field `wanted`.
fn sub(message: &[u8], wanted: u64) -> Option<&[u8]> {
    Message::new(message).find_map(|(number, field)| field.bytes().filter(|_| number == wanted))
}

fn number(message: &[u8], wanted: u64) -> Option<u64> {
    Message::new(message).find_map(|(number, field)| field.number().filter(|_| number == wanted))
}

/// `XmlNode` → events; `None` where it is broken or holds no element.
fn events(bytes: &[u8]) -> Option<Vec<Event>> {
    let mut document = Document::default();
    node(bytes, 0, &mut document)?;
    (!document.events.is_empty()).then_some(document.events)
}

/// What was read of a document.
#[derive(Default)]
struct Document {
    events: Vec<Event>,
    tally: Tally,
}

/// `XmlNode { element = 1, text = 2, source = 3 }`
fn node(bytes: &[u8], depth: usize, document: &mut Document) -> Option<()> {
    if depth > MAX_DEPTH {
        return None;
    }
    let mut fields = Message::new(bytes);
    for (number, field) in fields.by_ref() {
        if let (1, Field::Bytes(bytes)) = (number, field) {
            element(bytes, depth, document)?;
        }
    }
    fields.whole.then_some(())
}

/// `XmlElement { namespace_declaration = 1, namespace_uri = 2, name = 3, attribute = 4, child = 5 }`
fn element(bytes: &[u8], depth: usize, document: &mut Document) -> Option<()> {
    let (mut element, mut children) = (Element { name: String::new(), attributes: Vec::new() }, Vec::new());
    let mut fields = Message::new(bytes);
    for (number, field) in fields.by_ref() {
        match (number, field) {
            (3, field) => element.name = field.text()?,
            (4, Field::Bytes(bytes)) => {
                document.tally.attributes(1);
                element.attributes.push(attribute(bytes)?);
            }
            (5, Field::Bytes(bytes)) => {
                document.tally.element();
                children.push(bytes);
            }
            _ => {}
        }
        document.tally.check().ok()?;
    }
    if !fields.whole {
        return None;
    }
    document.events.push(Event::Start(element));
    for child in children {
        node(child, depth + 1, document)?;
    }
    document.events.push(Event::End);
    Some(())
}

/// `XmlAttribute { namespace_uri = 1, name = 2, value = 3, source = 4, resource_id = 5, compiled_item = 6 }`
fn attribute(bytes: &[u8]) -> Option<Attribute> {
    let (mut name, mut resource_id, mut written, mut item) = (String::new(), None, String::new(), None);
    let mut fields = Message::new(bytes);
    for (number, field) in fields.by_ref() {
        match (number, field) {
            (2, field) => name = field.text()?,
            (3, field) => written = field.text()?,
            (5, Field::Number(id)) => resource_id = u32::try_from(id).ok().filter(|id| *id != 0),
            (6, Field::Bytes(bytes)) => item = compiled(bytes),
            _ => {}
        }
    }
    let value = item.unwrap_or_else(|| text_value(written));
    fields.whole.then_some(Attribute { name, resource_id, value })
}

/// `Item { ref = 1, str = 2, raw_str = 3, styled_str = 4, file = 5, id = 6, prim = 7 }`; `None` where the written text says it.
fn compiled(item: &[u8]) -> Option<Value> {
    Message::new(item).find_map(|(number, field)| match (number, field) {
        (1, Field::Bytes(reference)) => {
            let id = self::number(reference, 2).and_then(|id| u32::try_from(id).ok()).filter(|id| *id != 0);
            // References of which only the name is known stay as they are written.
            id.map(Value::Reference)
        }
        (2 | 3, Field::Bytes(text)) => Some(Value::String(field_text(text))),
        (7, Field::Bytes(primitive)) => self::primitive(primitive),
        _ => None,
    })
}

/// `String { value = 1 }`
fn field_text(message: &[u8]) -> String {
    sub(message, 1).map(|bytes| String::from_utf8_lossy(bytes).into_owned()).unwrap_or_default()
}

/// `Primitive { float_value = 3, int_decimal_value = 6, int_hexadecimal_value = 7, boolean_value = 8, … }`
fn primitive(message: &[u8]) -> Option<Value> {
    Message::new(message).find_map(|(number, field)| match (number, field) {
        (3, Field::Number(bits)) => Some(Value::Other(0x04, bits as u32)),
        // A negative number is sent with all 64 bits.
        (6, Field::Number(value)) => Some(Value::Int(i64::from(value as u32 as i32))),
        (7, Field::Number(value)) => Some(Value::Int(i64::from(value as u32 as i32))),
        (8, Field::Number(value)) => Some(Value::Bool(value != 0)),
        _ => None,
    })
}

/// The text of a resource in `ResourceTable { package = 2 }`, in the default configuration where there is one, references followed.
fn text_of(table: &[u8], id: u32, work: &Work) -> Option<String> {
    let mut id = id;
    for _ in 0..MAX_HOPS {
        match compiled(item_of(table, id, work)?)? {
            Value::Reference(next) => id = next,
            Value::String(text) => return Some(text),
            Value::Int(number) => return Some(number.to_string()),
            Value::Bool(truth) => return Some(truth.to_string()),
            Value::Other(..) => return None,
        }
    }
    None
}

/// `Package { package_id = 1, type = 3 }`, `Type { type_id = 1, entry = 3 }`, `Entry { entry_id = 1, config_value = 6 }`; each id is a
/// message with the number in field 1, which is absent where it is 0.
fn item_of<'t>(table: &'t [u8], id: u32, work: &Work) -> Option<&'t [u8]> {
    let step = |message: &'t [u8], list: u64, wanted: u32| {
        Message::new(message).take_while(|_| work.is_left()).find_map(|(number, field)| {
            let message = field.bytes().filter(|_| number == list)?;
            let id = sub(message, 1).and_then(|id| self::number(id, 1)).unwrap_or(0);
            (id == u64::from(wanted)).then_some(message)
        })
    };
    let package = step(table, 2, id >> 24)?;
    let kind = step(package, 3, id >> 16 & 0xff)?;
    let entry = step(kind, 3, id & 0xffff)?;
    let values = || Message::new(entry).filter_map(|(number, field)| field.bytes().filter(|_| number == 6));
    // `ConfigValue { config = 1, value = 2 }`; the default configuration says nothing.
    let default = |value: &&[u8]| sub(value, 1).is_none_or(<[u8]>::is_empty);
    let value = values().find(default).or_else(|| values().next())?;
    // `Value { item = 4 }`
    sub(sub(value, 2)?, 4)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(fields: &[(u8, &[u8])]) -> Vec<u8> {
        let mut out = Vec::new();
        for (number, bytes) in fields {
            out.push(number << 3 | 2);
            let mut length = bytes.len();
            while length > 0x7f {
                out.push(length as u8 | 0x80);
                length >>= 7;
            }
            out.push(length as u8);
            out.extend_from_slice(bytes);
        }
        out
    }

    #[test]
    fn a_message_ends_where_it_is_broken() {
        let mut fields = Message::new(&[0x08, 0x96, 0x01, 0x12, 0x02, b'o', b'k', 0x12, 0x7f]);
        assert_eq!(fields.next(), Some((1, Field::Number(150))));
        assert_eq!(fields.next(), Some((2, Field::Bytes(b"ok"))));
        assert_eq!((fields.next(), fields.whole), (None, false), "the last length leads out of the message");
        assert_eq!(Message::new(&[0xff; 12]).next(), None, "a number has at most ten bytes");
    }

    #[test]
    fn elements_deeper_than_any_manifest_are_refused() {
        let mut inner = message(&[(3, b"a")]);
        for depth in 0..MAX_DEPTH + 3 {
            let node = message(&[(1, &inner)]);
            assert_eq!(events(&node).is_some(), depth <= MAX_DEPTH, "{depth}");
            inner = message(&[(3, b"a"), (5, &node)]);
        }
        assert!(events(b"plain text").is_none());
    }
}
