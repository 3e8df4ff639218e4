//! What the walk over code looks for, and looking it up in the sorted id tables of one dex file.

use super::bytes::{u16_at, u32_at};
use super::cursor::Cursor;
use super::dex::{CLASS_DEF, Dex, ID};
use std::collections::BTreeMap;

/// Longest chain of superclasses that is followed.
const MAX_DEPTH: usize = 64;
/// Methods of the platform by which code reaches others by name.
const REFLECTION: [(&[u8], &[&[u8]]); 2] = [
    (b"Ljava/lang/Class;", &[b"forName", b"getDeclaredMethod", b"getMethod"]),
    (b"Ljava/lang/reflect/Method;", &[b"invoke"]),
];

/// Something to look for in code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Want<'a> {
    /// Calls of a method, all overloads.
    Method {
        /// Dotted class name; calls through a subclass that the same dex file defines count too.
        class: &'a str,
        /// Its name.
        name: &'a str,
        /// The string constant that must be passed, where only that makes the call count.
        argument: Option<&'a str>,
    },
    /// Reads of a static field.
    Field {
        /// Dotted class name.
        class: &'a str,
        /// Its name.
        name: &'a str,
    },
    /// A string constant.
    Literal {
        /// Its text.
        text: &'a str,
        /// Whether it counts only in a method that also reflects.
        beside_reflection: bool,
    },
}

/// The list of [`Want`]s, arranged for look-up.
#[derive(Debug, Default)]
pub struct Wanted {
    /// By type descriptor.
    classes: BTreeMap<Vec<u8>, Members>,
    literals: Vec<(Vec<u8>, u16)>,
    arguments: Vec<Option<String>>,
    beside_reflection: Vec<bool>,
}

#[derive(Debug, Default)]
struct Members {
    methods: Vec<(Vec<u8>, u16)>,
    fields: Vec<(Vec<u8>, u16)>,
}

impl Wanted {
    /// Arranges a list; a [`Site`](super::bytecode::Site) names an entry by its index. Entries beyond 65,535 are not looked for.
    pub fn new(wants: &[Want<'_>]) -> Wanted {
        let mut wanted = Wanted::default();
        for (number, want) in (0..=u16::MAX).zip(wants) {
            let (mut argument, mut beside) = (None, false);
            match want {
                Want::Method { class, name, argument: value } => {
                    let members = wanted.classes.entry(descriptor(class)).or_default();
                    members.methods.push((name.as_bytes().to_vec(), number));
                    argument = value.map(str::to_owned);
                }
                Want::Field { class, name } => {
                    let members = wanted.classes.entry(descriptor(class)).or_default();
                    members.fields.push((name.as_bytes().to_vec(), number));
                }
                Want::Literal { text, beside_reflection } => {
                    wanted.literals.push((text.as_bytes().to_vec(), number));
                    beside = *beside_reflection;
                }
            }
            wanted.arguments.push(argument);
            wanted.beside_reflection.push(beside);
        }
        wanted
    }

    pub(super) fn argument(&self, want: u16) -> Option<&str> {
        self.arguments.get(usize::from(want))?.as_deref()
    }

    pub(super) fn counts_beside_reflection(&self, want: u16) -> bool {
        self.beside_reflection.get(usize::from(want)).copied().unwrap_or(false)
    }

    /// Finds the ids of one dex file.
    pub(super) fn look_up(&self, dex: &Dex<'_>) -> Found {
        let mut found = Found::default();
        let mut literals = Vec::new();
        for (text, want) in &self.literals {
            literals.extend(dex.index_of(text).map(|string| (string, *want)));
        }
        let (mut methods, mut fields) = (Vec::new(), Vec::new());
        let mut by_type: BTreeMap<u32, &Members> = BTreeMap::new();
        for (descriptor, members) in &self.classes {
            let Some(class) = type_index(dex, descriptor) else { continue };
            by_type.insert(class, members);
            for (name, want) in &members.methods {
                methods.extend(members_named(dex, dex.method_ids, class, name).map(|id| (id, *want)));
            }
            for (name, want) in &members.fields {
                fields.extend(members_named(dex, dex.field_ids, class, name).map(|id| (id, *want)));
            }
        }
        inherited(dex, &by_type, &mut methods);
        for (descriptor, names) in REFLECTION {
            let Some(class) = type_index(dex, descriptor) else { continue };
            found.reflection.extend(names.iter().flat_map(|name| members_named(dex, dex.method_ids, class, name)));
        }
        found.reflection.sort_unstable();
        // The walk asks one set for both.
        found.methods = IdSet::new(methods);
        found.methods.widen(&found.reflection);
        (found.fields, found.literals) = (IdSet::new(fields), IdSet::new(literals));
        found
    }
}

/// Calls through a subclass in the same file: its method ids name the subclass. One that defines the method itself calls its own.
fn inherited(dex: &Dex<'_>, by_type: &BTreeMap<u32, &Members>, methods: &mut Vec<(u32, u16)>) {
    if by_type.values().all(|members| members.methods.is_empty()) {
        return;
    }
    let mut lineage = Vec::new();
    for definition in dex.class_defs.chunks_exact(CLASS_DEF) {
        let Some(class) = u32_at(definition, 0) else { continue };
        lineage.clear();
        lineage.push(class);
        let mut parent = superclass(dex, class);
        while let Some(class) = parent.filter(|_| lineage.len() < MAX_DEPTH) {
            if let Some(members) = by_type.get(&class) {
                for (name, want) in &members.methods {
                    let own = |class: &u32| {
                        members_named(dex, dex.method_ids, *class, name).any(|id| defines(dex, *class, id))
                    };
                    let mut ids = members_named(dex, dex.method_ids, lineage[0], name).peekable();
                    if ids.peek().is_some() && !lineage.iter().any(own) {
                        methods.extend(ids.map(|id| (id, *want)));
                    }
                }
                break;
            }
            parent = superclass(dex, class);
            // Most classes extend one of the platform's: no need to remember those.
            if parent.is_some() {
                lineage.push(class);
            }
        }
    }
}

fn definition<'d>(dex: &Dex<'d>, class: u32) -> Option<&'d [u8]> {
    let number = dex.definitions.get(class as usize)?.checked_sub(1)? as usize;
    dex.class_defs.get(number * CLASS_DEF..)
}

fn superclass(dex: &Dex<'_>, class: u32) -> Option<u32> {
    u32_at(definition(dex, class)?, 8)
}

/// Whether a class defines this method.
fn defines(dex: &Dex<'_>, class: u32, wanted: u32) -> bool {
    let search = || {
        let definition = definition(dex, class)?;
        let mut data = Cursor { bytes: dex.bytes, at: u32_at(definition, 24).filter(|at| *at != 0)? as usize };
        let fields = data.uleb()?.checked_add(data.uleb()?)?;
        let sizes = [data.uleb()?, data.uleb()?];
        for _ in 0..fields {
            (data.uleb()?, data.uleb()?);
        }
        for size in sizes {
            let mut method = 0u32;
            for _ in 0..size {
                method = method.checked_add(data.uleb()?)?;
                (data.uleb()?, data.uleb()?);
                if method == wanted {
                    return Some(true);
                }
            }
        }
        None
    };
    search().unwrap_or(false)
}

fn descriptor(class: &str) -> Vec<u8> {
    format!("L{};", class.replace('.', "/")).into_bytes()
}

/// Types are sorted by the index of their descriptor.
fn type_index(dex: &Dex<'_>, descriptor: &[u8]) -> Option<u32> {
    let string = dex.index_of(descriptor)?;
    let types = dex.type_ids.as_chunks::<4>().0;
    types.binary_search_by_key(&string, |id| u32::from_le_bytes(*id)).ok().map(|at| at as u32)
}

/// Method or field ids of a class with a name. Methods are sorted by class, name, prototype; fields by class, name, type.
fn members_named<'d>(dex: &Dex<'_>, ids: &'d [u8], class: u32, name: &[u8]) -> impl Iterator<Item = u32> + use<'d> {
    let ids = ids.as_chunks::<ID>().0;
    let key = |id: &[u8; ID]| (u32::from(u16_at(id, 0).unwrap_or(0)), u32_at(id, 4).unwrap_or(0));
    let wanted = dex.index_of(name).map(|name| (class, name));
    let first = wanted.map_or(ids.len(), |wanted| ids.partition_point(|id| key(id) < wanted));
    (first as u32..).zip(&ids[first..]).take_while(move |(_, id)| Some(key(id)) == wanted).map(|(number, _)| number)
}

/// Ids of one dex file that are wanted.
#[derive(Default)]
pub struct Found {
    pub methods: IdSet,
    pub fields: IdSet,
    pub literals: IdSet,
    /// Methods of reflection, sorted.
    pub reflection: Vec<u32>,
}

/// A few ids out of many: a bit each says whether to look closer.
#[derive(Default)]
pub struct IdSet {
    bits: Vec<u64>,
    ids: Vec<(u32, u16)>,
}

impl IdSet {
    fn new(mut ids: Vec<(u32, u16)>) -> IdSet {
        ids.sort_unstable();
        ids.dedup();
        let mut set = IdSet { bits: Vec::new(), ids };
        let numbers: Vec<u32> = set.ids.iter().map(|(id, _)| *id).collect();
        set.widen(&numbers);
        set
    }

    /// Sets the bits of further ids.
    fn widen(&mut self, ids: &[u32]) {
        let words = ids.iter().max().map_or(0, |id| *id as usize / 64 + 1);
        self.bits.resize(self.bits.len().max(words), 0);
        for id in ids {
            self.bits[*id as usize / 64] |= 1 << (id % 64);
        }
    }

    /// Whether an id may be wanted.
    #[inline]
    pub fn may_hold(&self, id: u32) -> bool {
        self.bits.get(id as usize / 64).is_some_and(|word| word >> (id % 64) & 1 != 0)
    }

    /// Every id whose bit is set.
    pub fn all(&self) -> impl Iterator<Item = u32> + use<'_> {
        let words = (0u32..).step_by(64).zip(&self.bits).filter(|(_, word)| **word != 0);
        words.flat_map(|(first, word)| (0..64).filter(move |bit| word >> bit & 1 != 0).map(move |bit| first + bit))
    }

    /// Who wants an id.
    #[inline]
    pub fn get(&self, id: u32) -> impl Iterator<Item = u16> + use<'_> {
        let rest = if self.may_hold(id) { &self.ids[self.ids.partition_point(|(one, _)| *one < id)..] } else { &[] };
        rest.iter().take_while(move |(one, _)| *one == id).map(|(_, want)| *want)
    }
}
