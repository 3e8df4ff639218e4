//! Small resource tables (AOSP `ResourceTypes.h`, `ResTable_*`): one package, simple entries, several configurations.

use super::bytes::{PutLe, count, short};
use super::res::{Encoding, NONE, StringPool, Value, chunk};
use std::collections::BTreeMap;

/// The package id of apps.
const PACKAGE: u32 = 0x7f;
/// Bytes of a `ResTable_config` as current tools write it.
const CONFIG_SIZE: usize = 64;

/// A `resources.arsc` to be. Ids are handed out in the order of the calls: the first type is 0x7f01….
#[derive(Clone, Debug)]
pub struct Arsc {
    package: String,
    encoding: Encoding,
    sparse: bool,
    types: Vec<Type>,
}

#[derive(Clone, Debug)]
struct Type {
    name: String,
    keys: Vec<String>,
    /// Language code ("" is the default configuration) → entry number → value.
    values: BTreeMap<String, BTreeMap<usize, Value>>,
}

impl Arsc {
    pub fn new(package: &str) -> Arsc {
        Arsc { package: package.into(), encoding: Encoding::Utf8, sparse: false, types: vec![] }
    }

    /// The encoding of all three string pools; UTF-8 unless said.
    pub fn encoding(mut self, encoding: Encoding) -> Arsc {
        self.encoding = encoding;
        self
    }

    /// Writes sparse type chunks (flag 0x01): pairs of entry number and offset.
    pub fn sparse(mut self) -> Arsc {
        self.sparse = true;
        self
    }

    /// Adds a string and returns its resource id.
    pub fn string(&mut self, name: &str, text: &str) -> u32 {
        self.add("string", name, text)
    }

    /// Adds an integer and returns its resource id.
    pub fn integer(&mut self, name: &str, number: i32) -> u32 {
        self.add("integer", name, number)
    }

    /// Adds an entry that refers to another resource and returns its own id.
    pub fn reference(&mut self, kind: &str, name: &str, target: u32) -> u32 {
        self.add(kind, name, Value::Reference(target))
    }

    /// Adds an entry of any type to the default configuration and returns its resource id.
    pub fn add(&mut self, kind: &str, name: &str, value: impl Into<Value>) -> u32 {
        let at = self.types.iter().position(|known| known.name == kind).unwrap_or_else(|| {
            self.types.push(Type { name: kind.into(), keys: vec![], values: BTreeMap::new() });
            self.types.len() - 1
        });
        let found = &mut self.types[at];
        found.keys.push(name.into());
        let entry = found.keys.len() - 1;
        found.values.entry(String::new()).or_default().insert(entry, value.into());
        PACKAGE << 24 | count(at + 1) << 16 | count(entry)
    }

    /// Gives an entry another value in the configuration of a two-letter language code.
    pub fn localized(&mut self, id: u32, language: &str, value: impl Into<Value>) {
        assert_eq!(language.len(), 2, "two-letter language code");
        let (kind, entry) = parts(id);
        self.types[kind].values.entry(language.into()).or_default().insert(entry, value.into());
    }

    /// Takes an entry out of the default configuration: it exists only where it is localized.
    pub fn without_default(&mut self, id: u32) {
        let (kind, entry) = parts(id);
        self.types[kind].values.entry(String::new()).or_default().remove(&entry);
    }

    /// The bytes of the table.
    pub fn build(&self) -> Vec<u8> {
        let mut values = StringPool::default();
        let package = self.package(&mut values);
        let body = [values.chunk(self.encoding), package].concat();
        chunk(0x0002, &1_u32.to_le_bytes(), &body)
    }

    fn package(&self, values: &mut StringPool) -> Vec<u8> {
        let (mut type_names, mut keys, mut types) = (StringPool::default(), StringPool::default(), Vec::new());
        for (at, kind) in self.types.iter().enumerate() {
            type_names.reserve(&kind.name);
            types.extend(type_spec(at, kind));
            for (language, entries) in &kind.values {
                types.extend(self.type_chunk(at, kind, language, entries, &mut keys, values));
            }
        }
        let (type_names, keys) = (type_names.chunk(self.encoding), keys.chunk(self.encoding));
        let mut header = Vec::new();
        header.put_u32(PACKAGE);
        self.package.encode_utf16().for_each(|unit| header.put_u16(unit));
        header.resize(4 + 256, 0);
        header.put_u32(288); // type names, from the chunk's start
        header.put_u32(count(self.types.len()));
        header.put_u32(288 + type_names.pos());
        header.put_u32(0);
        header.put_u32(0); // typeIdOffset
        chunk(0x0200, &header, &[type_names, keys, types].concat())
    }

    fn type_chunk(
        &self,
        at: usize,
        kind: &Type,
        language: &str,
        entries: &BTreeMap<usize, Value>,
        keys: &mut StringPool,
        values: &mut StringPool,
    ) -> Vec<u8> {
        let (mut index, mut data) = (Vec::new(), Vec::new());
        let count_of = if self.sparse { entries.len() } else { kind.keys.len() };
        for (entry, key) in kind.keys.iter().enumerate() {
            let value = entries.get(&entry);
            match (self.sparse, value.is_some()) {
                (true, true) => {
                    index.put_u16(short(entry));
                    index.put_u16(short(data.len() / 4));
                }
                (true, false) => {}
                (false, true) => index.put_u32(data.pos()),
                (false, false) => index.put_u32(NONE),
            }
            if let Some(value) = value {
                data.put_u16(8);
                data.put_u16(0); // flags: simple
                data.put_u32(keys.intern(key));
                value.write(&mut data, values);
            }
        }
        let header_size = 8 + 12 + CONFIG_SIZE;
        let mut header = vec![short(at + 1) as u8, u8::from(self.sparse), 0, 0];
        header.put_u32(count(count_of));
        header.put_u32(count(header_size + index.len()));
        header.extend(config(language));
        chunk(0x0201, &header, &[index, data].concat())
    }
}

/// Type and entry index of an id that this table handed out.
fn parts(id: u32) -> (usize, usize) {
    ((id >> 16 & 0xff) as usize - 1, (id & 0xffff) as usize)
}

/// Which configuration axes each entry varies in; 0x4 is the locale.
fn type_spec(at: usize, kind: &Type) -> Vec<u8> {
    let localized =
        |entry: usize| kind.values.iter().any(|(language, set)| !language.is_empty() && set.contains_key(&entry));
    let mut header = vec![short(at + 1) as u8, 0, 0, 0];
    header.put_u32(count(kind.keys.len()));
    let mut flags = Vec::new();
    (0..kind.keys.len()).for_each(|entry| flags.put_u32(if localized(entry) { 0x4 } else { 0 }));
    chunk(0x0202, &header, &flags)
}

fn config(language: &str) -> Vec<u8> {
    let mut out = Vec::new();
    out.put_u32(count(CONFIG_SIZE));
    out.put_u32(0); // mobile country and network code
    out.extend(language.as_bytes());
    out.resize(CONFIG_SIZE, 0);
    out
}
