//! The file itself.

use super::ids::{Collected, Ids, Proto};
use super::{Class, Dex, Method, StaticField, StaticValue};
use crate::support::bytes::{PutLe, count, short};
use sha1::{Digest, Sha1};
use std::collections::HashMap;

const HEADER_SIZE: u32 = 0x70;

/// A 32-bit field of the header, by its offset.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HeaderField {
    Checksum = 0x08,
    FileSize = 0x20,
    HeaderSize = 0x24,
    EndianTag = 0x28,
    MapOff = 0x34,
    StringIdsSize = 0x38,
    StringIdsOff = 0x3c,
    TypeIdsSize = 0x40,
    TypeIdsOff = 0x44,
    ProtoIdsSize = 0x48,
    ProtoIdsOff = 0x4c,
    FieldIdsSize = 0x50,
    FieldIdsOff = 0x54,
    MethodIdsSize = 0x58,
    MethodIdsOff = 0x5c,
    ClassDefsSize = 0x60,
    ClassDefsOff = 0x64,
    DataSize = 0x68,
    DataOff = 0x6c,
}

/// Changes one header field of a finished file and nothing else; see [`reseal`].
pub fn set_header(dex: &mut Vec<u8>, field: HeaderField, value: u32) {
    dex.set_u32(field as usize, value);
}

/// Writes signature and checksum anew, so that only the intended defect remains.
pub fn reseal(dex: &mut Vec<u8>) {
    let signature = Sha1::digest(&dex[32..]);
    dex[12..32].copy_from_slice(&signature);
    let checksum = adler32(&dex[12..]);
    set_header(dex, HeaderField::Checksum, checksum);
}

fn adler32(bytes: &[u8]) -> u32 {
    let (mut low, mut high) = (1_u32, 0_u32);
    for byte in bytes {
        low = (low + u32::from(*byte)) % 65_521;
        high = (high + low) % 65_521;
    }
    high << 16 | low
}

/// Item kinds of the map list, in the order in which the sections are written.
#[derive(Clone, Copy)]
enum Section {
    Header = 0x0000,
    StringId = 0x0001,
    TypeId = 0x0002,
    ProtoId = 0x0003,
    FieldId = 0x0004,
    MethodId = 0x0005,
    ClassDef = 0x0006,
    MapList = 0x1000,
    TypeList = 0x1001,
    ClassData = 0x2000,
    Code = 0x2001,
    StringData = 0x2002,
    EncodedArray = 0x2005,
}

pub fn write(dex: &Dex) -> Vec<u8> {
    assert!((35..=39).contains(&dex.version), "DEX versions 035 to 039 have this layout");
    let ids = Ids::new(Collected::of(dex));
    let classes = superclasses_first(&dex.classes);
    let mut data = Data { ids: &ids, out: Vec::new(), base: tables_size(&ids, classes.len()), map: Vec::new() };
    let type_lists = data.type_lists(&classes);
    let codes = data.codes(&classes);
    let class_data = data.class_data(&classes, &codes);
    let static_values = data.static_values(&classes);
    let strings = data.strings();

    let mut tables = Tables { out: vec![0; HEADER_SIZE as usize], map: vec![(Section::Header, 1, 0)] };
    tables.header(dex.version);
    tables.table(Section::StringId, HeaderField::StringIdsSize, &strings, |out, offset| out.put_u32(*offset));
    tables.table(Section::TypeId, HeaderField::TypeIdsSize, &ids.types.items, |out, name| {
        out.put_u32(ids.strings.at(name));
    });
    tables.table(Section::ProtoId, HeaderField::ProtoIdsSize, &ids.protos.items, |out, proto| {
        proto_id(out, &ids, proto, &type_lists);
    });
    tables.table(Section::FieldId, HeaderField::FieldIdsSize, &ids.fields.items, |out, field| {
        out.put_u16(short(ids.types.at(&field.class) as usize));
        out.put_u16(short(ids.types.at(&field.kind) as usize));
        out.put_u32(ids.strings.at(&field.name));
    });
    tables.table(Section::MethodId, HeaderField::MethodIdsSize, &ids.methods.items, |out, method| {
        out.put_u16(short(ids.types.at(&method.class) as usize));
        out.put_u16(short(ids.protos.at(&method.proto) as usize));
        out.put_u32(ids.strings.at(&method.name));
    });
    let placed: Vec<ClassOffsets> = classes
        .iter()
        .zip(class_data.iter().zip(&static_values))
        .map(|(class, (data, values))| ClassOffsets { class, data: *data, values: *values })
        .collect();
    tables.table(Section::ClassDef, HeaderField::ClassDefsSize, &placed, |out, placed| {
        class_def(out, &ids, placed, &type_lists);
    });
    finish(tables, data)
}

/// Puts the parts together, then map list, sizes and seals.
fn finish(tables: Tables, data: Data<'_>) -> Vec<u8> {
    let mut out = tables.out;
    let data_start = out.pos();
    assert_eq!(data_start, data.base, "tables have the size that offsets were computed with");
    out.extend(data.out);
    out.align(4);
    let map_start = out.pos();
    let mut map = [tables.map, data.map].concat();
    map.push((Section::MapList, 1, map_start));
    out.put_u32(count(map.len()));
    for (section, items, offset) in map {
        out.put_u16(section as u16);
        out.put_u16(0);
        out.put_u32(items);
        out.put_u32(offset);
    }
    let size = out.pos();
    set_header(&mut out, HeaderField::FileSize, size);
    set_header(&mut out, HeaderField::MapOff, map_start);
    set_header(&mut out, HeaderField::DataSize, size - data_start);
    set_header(&mut out, HeaderField::DataOff, data_start);
    reseal(&mut out);
    out
}

fn tables_size(ids: &Ids, classes: usize) -> u32 {
    let rows = [
        (ids.strings.items.len(), 4),
        (ids.types.items.len(), 4),
        (ids.protos.items.len(), 12),
        (ids.fields.items.len(), 8),
        (ids.methods.items.len(), 8),
        (classes, 32),
    ];
    HEADER_SIZE + rows.iter().map(|(items, size)| count(items * size)).sum::<u32>()
}

/// The verifier wants a class's superclass and interfaces before it, where this file defines them.
fn superclasses_first(classes: &[Class]) -> Vec<&Class> {
    let mut sorted: Vec<&Class> = Vec::new();
    let mut rest: Vec<&Class> = classes.iter().collect();
    while !rest.is_empty() {
        let waits = |class: &Class| {
            rest.iter().any(|other| {
                other.descriptor != class.descriptor
                    && (class.superclass == other.descriptor || class.interfaces.contains(&other.descriptor))
            })
        };
        let (later, ready): (Vec<&Class>, Vec<&Class>) = rest.iter().partition(|class| waits(class));
        assert!(!ready.is_empty(), "classes extend each other in a circle");
        sorted.extend(ready);
        rest = later;
    }
    sorted
}

/// Header and fixed-size tables.
struct Tables {
    out: Vec<u8>,
    map: Vec<(Section, u32, u32)>,
}

impl Tables {
    fn header(&mut self, version: u32) {
        self.out[..8].copy_from_slice(format!("dex\n{version:03}\0").as_bytes());
        set_header(&mut self.out, HeaderField::HeaderSize, HEADER_SIZE);
        set_header(&mut self.out, HeaderField::EndianTag, 0x1234_5678);
    }

    /// Writes a table, its size at header field `size` and its offset in the field after it.
    fn table<T>(&mut self, section: Section, size: HeaderField, items: &[T], row: impl Fn(&mut Vec<u8>, &T)) {
        if items.is_empty() {
            return;
        }
        let start = self.out.pos();
        set_header(&mut self.out, size, count(items.len()));
        self.out.set_u32(size as usize + 4, start);
        self.map.push((section, count(items.len()), start));
        items.iter().for_each(|item| row(&mut self.out, item));
    }
}

/// A class and where its parts lie; offset 0 is "none".
struct ClassOffsets<'a> {
    class: &'a Class,
    data: u32,
    values: u32,
}

fn proto_id(out: &mut Vec<u8>, ids: &Ids, proto: &Proto, type_lists: &HashMap<Vec<String>, u32>) {
    out.put_u32(ids.strings.at(&proto.shorty()));
    out.put_u32(ids.types.at(&proto.returns));
    out.put_u32(type_lists.get(&proto.parameters).copied().unwrap_or(0));
}

fn class_def(out: &mut Vec<u8>, ids: &Ids, placed: &ClassOffsets<'_>, type_lists: &HashMap<Vec<String>, u32>) {
    let class = placed.class;
    out.put_u32(ids.types.at(&class.descriptor));
    out.put_u32(class.access);
    out.put_u32(ids.types.at(&class.superclass));
    out.put_u32(type_lists.get(&class.interfaces).copied().unwrap_or(0));
    out.put_u32(class.source_file.as_ref().map_or(u32::MAX, |name| ids.strings.at(name)));
    out.put_u32(0); // annotations
    out.put_u32(placed.data);
    out.put_u32(placed.values);
}

/// The data section, which starts at file offset `base`.
struct Data<'a> {
    ids: &'a Ids,
    out: Vec<u8>,
    base: u32,
    map: Vec<(Section, u32, u32)>,
}

impl Data<'_> {
    fn at(&self) -> u32 {
        self.base + self.out.pos()
    }

    /// Notes one more item of a section that starts here.
    fn item(&mut self, section: Section) -> u32 {
        let at = self.at();
        match self.map.last_mut() {
            Some((last, items, _)) if *last as u16 == section as u16 => *items += 1,
            _ => self.map.push((section, 1, at)),
        }
        at
    }

    fn type_lists(&mut self, classes: &[&Class]) -> HashMap<Vec<String>, u32> {
        let parameters = self.ids.protos.items.iter().map(|proto| &proto.parameters);
        let wanted = parameters.chain(classes.iter().map(|class| &class.interfaces)).filter(|list| !list.is_empty());
        let mut placed = HashMap::new();
        for list in wanted.collect::<Vec<_>>() {
            if placed.contains_key(list) {
                continue;
            }
            self.out.align(4);
            placed.insert(list.clone(), self.item(Section::TypeList));
            self.out.put_u32(count(list.len()));
            list.iter().for_each(|name| self.out.put_u16(short(self.ids.types.at(name) as usize)));
        }
        placed
    }

    /// Code items; the key is the method's number.
    fn codes(&mut self, classes: &[&Class]) -> HashMap<u32, u32> {
        let mut placed = HashMap::new();
        for (class, method) in classes.iter().flat_map(|class| class.methods.iter().map(move |m| (class, m))) {
            if !method.has_code() {
                continue;
            }
            self.out.align(4);
            let reference = method.reference(class);
            placed.insert(self.ids.methods.at(&reference), self.item(Section::Code));
            let (ops, ins) = (method.body(), reference.words(method.access & super::STATIC == 0));
            let mut units = Vec::new();
            ops.iter().for_each(|op| op.encode(self.ids, &mut units));
            self.out.put_u16(method.locals + ins);
            self.out.put_u16(ins);
            self.out.put_u16(ops.iter().map(super::Op::outs).max().unwrap_or(0));
            self.out.put_u16(0); // try blocks
            self.out.put_u32(0); // debug information
            self.out.put_u32(count(units.len()));
            units.into_iter().for_each(|unit| self.out.put_u16(unit));
        }
        placed
    }

    fn class_data(&mut self, classes: &[&Class], codes: &HashMap<u32, u32>) -> Vec<u32> {
        classes.iter().map(|class| self.one_class_data(class, codes)).collect()
    }

    fn one_class_data(&mut self, class: &Class, codes: &HashMap<u32, u32>) -> u32 {
        if class.static_fields.is_empty() && class.methods.is_empty() {
            return 0;
        }
        let at = self.item(Section::ClassData);
        let fields = self.sorted_fields(class);
        let (mut direct, mut virtuals): (Vec<_>, Vec<_>) = class.methods.iter().partition(|m| m.is_direct());
        let number = |method: &&Method| self.ids.methods.at(&method.reference(class));
        direct.sort_by_key(number);
        virtuals.sort_by_key(number);
        for size in [fields.len(), 0, direct.len(), virtuals.len()] {
            put_uleb128(&mut self.out, count(size));
        }
        let mut last = 0;
        for (number, _) in fields {
            put_uleb128(&mut self.out, number - last);
            put_uleb128(&mut self.out, super::PUBLIC | super::STATIC | super::FINAL);
            last = number;
        }
        for list in [direct, virtuals] {
            let mut last = 0;
            for method in list {
                let number = self.ids.methods.at(&method.reference(class));
                put_uleb128(&mut self.out, number - last);
                put_uleb128(&mut self.out, method.access);
                put_uleb128(&mut self.out, codes.get(&number).copied().unwrap_or(0));
                last = number;
            }
        }
        at
    }

    /// Static fields in the order of their numbers, which is also the order of the static values.
    fn sorted_fields<'c>(&self, class: &'c Class) -> Vec<(u32, &'c StaticField)> {
        let number = |field: &'c StaticField| (self.ids.fields.at(&field.reference(class)), field);
        let mut fields: Vec<_> = class.static_fields.iter().map(number).collect();
        fields.sort_by_key(|(number, _)| *number);
        fields
    }

    fn static_values(&mut self, classes: &[&Class]) -> Vec<u32> {
        classes.iter().map(|class| self.one_static_values(class)).collect()
    }

    fn one_static_values(&mut self, class: &Class) -> u32 {
        let fields = self.sorted_fields(class);
        if fields.is_empty() {
            return 0;
        }
        let at = self.item(Section::EncodedArray);
        put_uleb128(&mut self.out, count(fields.len()));
        for (_, field) in fields {
            // Four bytes always: the shortest form is allowed, not demanded.
            let (kind, word) = match &field.value {
                StaticValue::Str(text) => (0x17, self.ids.strings.at(text)),
                StaticValue::Int(number) => (0x04, number.cast_unsigned()),
            };
            self.out.push(3 << 5 | kind);
            self.out.put_u32(word);
        }
        at
    }

    fn strings(&mut self) -> Vec<u32> {
        let ids = self.ids;
        ids.strings.items.iter().map(|text| self.one_string(text)).collect()
    }

    fn one_string(&mut self, text: &str) -> u32 {
        let at = self.item(Section::StringData);
        put_uleb128(&mut self.out, count(text.encode_utf16().count()));
        text.encode_utf16().for_each(|unit| put_mutf8(&mut self.out, unit));
        self.out.push(0);
        at
    }
}

fn put_uleb128(out: &mut Vec<u8>, mut value: u32) {
    while value > 0x7f {
        out.push((value & 0x7f) as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

/// Modified UTF-8 works on UTF-16 units: NUL takes two bytes, each half of a surrogate pair three.
fn put_mutf8(out: &mut Vec<u8>, unit: u16) {
    let tail = |shift: u16| 0x80 | (unit >> shift & 0x3f) as u8;
    match unit {
        0x01..=0x7f => out.push(unit as u8),
        0x00 | 0x80..=0x7ff => out.extend([0xc0 | (unit >> 6) as u8, tail(0)]),
        _ => out.extend([0xe0 | (unit >> 12) as u8, tail(6), tail(0)]),
    }
}
