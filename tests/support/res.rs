//! What binary XML and resource tables share: typed values and string pools (AOSP `ResourceTypes.h`).

use super::bytes::{PutLe, count, short};
use std::collections::HashMap;

/// No string, no entry, no namespace.
pub const NONE: u32 = u32::MAX;

/// How a string pool stores its strings.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Encoding {
    /// Flag 0x100 set, as aapt2 writes by default.
    Utf8,
    /// As old aapt writes manifests.
    #[default]
    Utf16,
}

/// A `Res_value`.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// Type 0x00.
    Null,
    /// Type 0x01, a resource id such as 0x7f040000.
    Reference(u32),
    /// Type 0x03, a string of the pool.
    Str(String),
    /// Type 0x04.
    Float(f32),
    /// Type 0x10.
    Int(i32),
    /// Type 0x11.
    Hex(u32),
    /// Type 0x12.
    Bool(bool),
}

impl Value {
    /// The `Res_value` type byte.
    pub fn data_type(&self) -> u8 {
        match self {
            Value::Null => 0x00,
            Value::Reference(_) => 0x01,
            Value::Str(_) => 0x03,
            Value::Float(_) => 0x04,
            Value::Int(_) => 0x10,
            Value::Hex(_) => 0x11,
            Value::Bool(_) => 0x12,
        }
    }

    /// The `Res_value` data word; a string goes into `pool`.
    pub fn data(&self, pool: &mut StringPool) -> u32 {
        match self {
            Value::Null => 0,
            Value::Reference(id) => *id,
            Value::Str(text) => pool.intern(text),
            Value::Float(number) => number.to_bits(),
            Value::Int(number) => number.cast_unsigned(),
            Value::Hex(number) => *number,
            Value::Bool(flag) => flag.then_some(u32::MAX).unwrap_or_default(),
        }
    }

    /// Appends the eight bytes of the `Res_value`.
    pub fn write(&self, out: &mut Vec<u8>, pool: &mut StringPool) {
        out.put_u16(8);
        out.extend([0, self.data_type()]);
        let data = self.data(pool);
        out.put_u32(data);
    }

    /// As text XML writes it.
    pub fn to_text(&self) -> String {
        match self {
            Value::Null => String::new(),
            Value::Reference(id) => format!("@0x{id:08x}"),
            Value::Str(text) => text.clone(),
            Value::Float(number) => number.to_string(),
            Value::Int(number) => number.to_string(),
            Value::Hex(number) => format!("0x{number:x}"),
            Value::Bool(flag) => flag.to_string(),
        }
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Value {
        Value::Str(text.to_owned())
    }
}

impl From<i32> for Value {
    fn from(number: i32) -> Value {
        Value::Int(number)
    }
}

impl From<bool> for Value {
    fn from(flag: bool) -> Value {
        Value::Bool(flag)
    }
}

/// Strings in the order in which they were first asked for.
#[derive(Debug, Default)]
pub struct StringPool {
    strings: Vec<String>,
    index: HashMap<String, u32>,
}

impl StringPool {
    /// The index of `text`, added when new.
    pub fn intern(&mut self, text: &str) -> u32 {
        if let Some(found) = self.index.get(text) {
            return *found;
        }
        let at = self.reserve(text);
        self.index.insert(text.to_owned(), at);
        at
    }

    /// Adds a slot that [`intern`](Self::intern) never hands out: attribute names that the resource map speaks of.
    pub fn reserve(&mut self, text: &str) -> u32 {
        self.strings.push(text.to_owned());
        count(self.strings.len() - 1)
    }

    /// The `ResStringPool` chunk.
    pub fn chunk(&self, encoding: Encoding) -> Vec<u8> {
        let (mut offsets, mut data) = (Vec::new(), Vec::new());
        for text in &self.strings {
            offsets.put_u32(data.pos());
            match encoding {
                Encoding::Utf8 => put_utf8(&mut data, text),
                Encoding::Utf16 => put_utf16(&mut data, text),
            }
        }
        data.align(4);
        let mut header = Vec::new();
        header.put_u32(count(self.strings.len()));
        header.put_u32(0); // styles
        header.put_u32(if encoding == Encoding::Utf8 { 0x100 } else { 0 });
        header.put_u32(28 + offsets.pos());
        header.put_u32(0);
        chunk(0x0001, &header, &[offsets, data].concat())
    }
}

/// A chunk: type, header size and total size, then the rest of its header, then its body.
pub fn chunk(kind: u16, header: &[u8], body: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(8 + header.len() + body.len());
    out.put_u16(kind);
    out.put_u16(short(8 + header.len()));
    out.put_u32(count(8 + header.len() + body.len()));
    out.extend_from_slice(header);
    out.extend_from_slice(body);
    out
}

fn put_utf8(out: &mut Vec<u8>, text: &str) {
    for length in [text.encode_utf16().count(), text.len()] {
        assert!(length < 0x8000, "string too long for a UTF-8 pool");
        if length > 0x7f {
            out.push(0x80 | (length >> 8) as u8);
        }
        out.push((length & 0xff) as u8);
    }
    out.extend_from_slice(text.as_bytes());
    out.push(0);
}

fn put_utf16(out: &mut Vec<u8>, text: &str) {
    let length = text.encode_utf16().count();
    if length > 0x7fff {
        out.put_u16(0x8000 | short(length >> 16));
    }
    out.put_u16((length & 0xffff) as u16);
    text.encode_utf16().for_each(|unit| out.put_u16(unit));
    out.put_u16(0);
}
