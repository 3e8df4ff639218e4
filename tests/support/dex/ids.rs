//! Names, and the sorted tables that give them numbers.

use super::code::Op;
use super::{Class, Dex, StaticValue};
use crate::support::bytes::count;
use std::collections::{BTreeSet, HashMap};

/// `com.a.B` → `Lcom/a/B;`. What is a descriptor already (`Lx;`, `[I`) stays; a primitive is a descriptor of one letter.
pub fn descriptor(name: &str) -> String {
    let primitive = name.len() == 1 && "VZBSCIJFD".contains(name);
    if primitive || name.starts_with('[') || name.ends_with(';') {
        return name.into();
    }
    format!("L{};", name.replace('.', "/"))
}

/// A field by class, name and type descriptor.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FieldRef {
    pub(super) class: String,
    pub(super) name: String,
    pub(super) kind: String,
}

impl FieldRef {
    pub fn new(class: &str, name: &str, kind: &str) -> FieldRef {
        FieldRef { class: descriptor(class), name: name.into(), kind: descriptor(kind) }
    }
}

/// A method by class, name and prototype descriptor such as `(I)Ljava/lang/String;`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MethodRef {
    pub(super) class: String,
    pub(super) name: String,
    pub(super) proto: Proto,
}

impl MethodRef {
    pub fn new(class: &str, name: &str, proto: &str) -> MethodRef {
        MethodRef { class: descriptor(class), name: name.into(), proto: Proto::parse(proto) }
    }

    /// Argument registers that a call takes: `long` and `double` take two, `this` takes one.
    pub(super) fn words(&self, has_this: bool) -> u16 {
        let wide = |kind: &String| if matches!(kind.as_str(), "J" | "D") { 2 } else { 1 };
        self.proto.parameters.iter().map(wide).sum::<u16>() + u16::from(has_this)
    }
}

/// Return type and parameter types, as descriptors.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Proto {
    pub(super) returns: String,
    pub(super) parameters: Vec<String>,
}

impl Proto {
    fn parse(text: &str) -> Proto {
        let (inside, returns) = text.strip_prefix('(').and_then(|rest| rest.split_once(')')).expect("prototype '(…)…'");
        let (mut parameters, mut rest) = (Vec::new(), inside);
        while !rest.is_empty() {
            let array = rest.bytes().take_while(|byte| *byte == b'[').count();
            let named = rest[array..].starts_with('L');
            let end = if named { rest.find(';').expect("';' after class name") + 1 } else { array + 1 };
            parameters.push(rest[..end].to_owned());
            rest = &rest[end..];
        }
        Proto { returns: returns.into(), parameters }
    }

    pub(super) fn shorty(&self) -> String {
        let kinds = std::iter::once(&self.returns).chain(&self.parameters);
        kinds.map(|kind| if kind.len() > 1 { 'L' } else { kind.chars().next().unwrap_or('V') }).collect()
    }
}

/// Everything that some part of the file names.
#[derive(Default)]
pub struct Collected {
    strings: BTreeSet<String>,
    types: BTreeSet<String>,
    protos: BTreeSet<Proto>,
    fields: BTreeSet<FieldRef>,
    methods: BTreeSet<MethodRef>,
}

impl Collected {
    pub fn of(dex: &Dex) -> Collected {
        let mut all = Collected::default();
        dex.strings.iter().for_each(|text| all.string(text));
        dex.types.iter().for_each(|name| all.kind(name));
        dex.fields.iter().for_each(|field| all.field(field));
        dex.methods.iter().for_each(|method| all.method(method));
        dex.classes.iter().for_each(|class| all.class(class));
        all
    }

    fn class(&mut self, class: &Class) {
        self.kind(&class.descriptor);
        self.kind(&class.superclass);
        class.interfaces.iter().for_each(|name| self.kind(name));
        class.source_file.iter().for_each(|name| self.string(name));
        for field in &class.static_fields {
            self.field(&field.reference(class));
            if let StaticValue::Str(text) = &field.value {
                self.string(text);
            }
        }
        for method in &class.methods {
            self.method(&method.reference(class));
            method.ops.iter().for_each(|op| self.op(op));
        }
    }

    fn op(&mut self, op: &Op) {
        match op {
            Op::ConstString(_, text) | Op::ConstStringJumbo(_, text) => self.string(text),
            Op::NewInstance(_, name) | Op::ConstClass(_, name) => self.kind(&descriptor(name)),
            Op::SgetObject(_, field) => self.field(field),
            Op::Invoke(_, method, _) | Op::InvokeRange(_, method, ..) => self.method(method),
            Op::Decoy(_, inner) => inner.iter().for_each(|op| self.op(op)),
            _ => {}
        }
    }

    fn string(&mut self, text: &str) {
        self.strings.insert(text.into());
    }

    fn kind(&mut self, name: &str) {
        self.string(name);
        self.types.insert(name.into());
    }

    fn field(&mut self, field: &FieldRef) {
        self.kind(&field.class);
        self.kind(&field.kind);
        self.string(&field.name);
        self.fields.insert(field.clone());
    }

    fn method(&mut self, method: &MethodRef) {
        self.kind(&method.class);
        self.string(&method.name);
        self.string(&method.proto.shorty());
        self.kind(&method.proto.returns);
        method.proto.parameters.iter().for_each(|name| self.kind(name));
        self.protos.insert(method.proto.clone());
        self.methods.insert(method.clone());
    }
}

/// The tables in file order.
pub struct Ids {
    pub strings: Table<String>,
    pub types: Table<String>,
    pub protos: Table<Proto>,
    pub fields: Table<FieldRef>,
    pub methods: Table<MethodRef>,
}

impl Ids {
    /// Sorts as the format demands: strings by UTF-16 code units, the others by the numbers of their parts.
    pub fn new(all: Collected) -> Ids {
        let strings = Table::sorted(all.strings, |text| text.encode_utf16().collect::<Vec<_>>());
        let types = Table::sorted(all.types, |name| strings.at(name));
        let protos = Table::sorted(all.protos, |proto| {
            let parameters: Vec<u32> = proto.parameters.iter().map(|name| types.at(name)).collect();
            (types.at(&proto.returns), parameters)
        });
        let fields = Table::sorted(all.fields, |f| (types.at(&f.class), strings.at(&f.name), types.at(&f.kind)));
        let methods = Table::sorted(all.methods, |m| (types.at(&m.class), strings.at(&m.name), protos.at(&m.proto)));
        Ids { strings, types, protos, fields, methods }
    }
}

/// Items in file order and their numbers.
pub struct Table<T> {
    pub items: Vec<T>,
    index: HashMap<T, u32>,
}

impl<T: Clone + Eq + std::hash::Hash> Table<T> {
    fn sorted<K: Ord>(items: BTreeSet<T>, key: impl Fn(&T) -> K) -> Table<T> {
        let mut items: Vec<T> = items.into_iter().collect();
        items.sort_by_cached_key(key);
        let index = items.iter().enumerate().map(|(at, item)| (item.clone(), count(at))).collect();
        Table { items, index }
    }

    /// The number of an item, which was collected before.
    pub fn at(&self, item: &T) -> u32 {
        self.index[item]
    }
}
