//! What the walk over code looks for, and looking it up in the sorted id tables of one dex file.

use super::bytes::{u16_at, u32_at};
use super::cursor::Cursor;
use super::dex::{CLASS_DEF, Dex, ID};
use std::collections::BTreeMap;
use std::ops::Range;

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
    /// Every type descriptor, name, literal and argument, sorted.
    pub(super) strings: Vec<Vec<u8>>,
    /// By type descriptor; members by name. Numbers are indices into `strings`.
    pub(super) classes: BTreeMap<usize, Members>,
    pub(super) literals: Vec<(usize, u16)>,
    pub(super) reflection: Vec<(usize, Vec<usize>)>,
    arguments: Vec<Option<String>>,
    beside_reflection: Vec<bool>,
}

#[derive(Debug, Default)]
pub(super) struct Members {
    pub methods: Vec<(usize, u16)>,
    pub fields: Vec<(usize, u16)>,
}

impl Wanted {
    /// Arranges a list; a [`Site`](super::bytecode::Site) names an entry by its index. Entries beyond 65,535 are not looked for.
    pub fn new(wants: &[Want<'_>]) -> Wanted {
        let mut wanted = Wanted { strings: strings(wants), ..Wanted::default() };
        let of = |strings: &[Vec<u8>], text: &[u8]| strings.partition_point(|one| one.as_slice() < text);
        for (number, want) in (0..=u16::MAX).zip(wants) {
            let (mut argument, mut beside) = (None, false);
            match want {
                Want::Method { class, name, argument: value } => {
                    let class = of(&wanted.strings, &descriptor(class));
                    let name = of(&wanted.strings, name.as_bytes());
                    wanted.classes.entry(class).or_default().methods.push((name, number));
                    argument = value.map(str::to_owned);
                }
                Want::Field { class, name } => {
                    let class = of(&wanted.strings, &descriptor(class));
                    let name = of(&wanted.strings, name.as_bytes());
                    wanted.classes.entry(class).or_default().fields.push((name, number));
                }
                Want::Literal { text, beside_reflection } => {
                    wanted.literals.push((of(&wanted.strings, text.as_bytes()), number));
                    beside = *beside_reflection;
                }
            }
            wanted.arguments.push(argument);
            wanted.beside_reflection.push(beside);
        }
        for (class, names) in REFLECTION {
            let names = names.iter().map(|name| of(&wanted.strings, name)).collect();
            wanted.reflection.push((of(&wanted.strings, class), names));
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
        let mut strings = vec![None; self.strings.len()];
        locate(dex, &self.strings, 0..dex.string_count(), &mut strings);
        let literals = self.literals.iter().filter_map(|(text, want)| Some((strings[*text]?, *want))).collect();
        let (mut methods, mut fields) = (Vec::new(), Vec::new());
        let mut by_type: BTreeMap<u32, &Members> = BTreeMap::new();
        for (descriptor, members) in &self.classes {
            let Some(class) = strings[*descriptor].and_then(|string| type_index(dex, string)) else { continue };
            by_type.insert(class, members);
            for (name, want) in &members.methods {
                methods.extend(members_named(dex.method_ids, class, strings[*name]).map(|id| (id, *want)));
            }
            for (name, want) in &members.fields {
                fields.extend(members_named(dex.field_ids, class, strings[*name]).map(|id| (id, *want)));
            }
        }
        inherited(dex, &by_type, &strings, &mut methods);
        for (descriptor, names) in &self.reflection {
            let Some(class) = strings[*descriptor].and_then(|string| type_index(dex, string)) else { continue };
            found.reflection.extend(names.iter().flat_map(|name| members_named(dex.method_ids, class, strings[*name])));
        }
        found.reflection.sort_unstable();
        // The walk asks one set for both.
        found.methods = IdSet::new(methods);
        found.methods.widen(&found.reflection);
        (found.fields, found.literals) = (IdSet::new(fields), IdSet::new(literals));
        found
    }
}

/// Every string that has to be found, sorted, once.
fn strings(wants: &[Want<'_>]) -> Vec<Vec<u8>> {
    let of_want = |want: &Want<'_>| match want {
        Want::Method { class, name, argument } => {
            let argument = argument.map(|text| text.as_bytes().to_vec());
            [descriptor(class), name.as_bytes().to_vec()].into_iter().chain(argument).collect()
        }
        Want::Field { class, name } => vec![descriptor(class), name.as_bytes().to_vec()],
        Want::Literal { text, .. } => vec![text.as_bytes().to_vec()],
    };
    let reflection = REFLECTION.iter().flat_map(|(class, names)| names.iter().chain([class]).map(|text| text.to_vec()));
    let mut strings: Vec<Vec<u8>> = wants.iter().flat_map(of_want).chain(reflection).collect();
    strings.sort();
    strings.dedup();
    strings
}

/// Finds sorted strings in the sorted table: the middle one first, the others on its two sides. Neighbours share most of the way.
fn locate(dex: &Dex<'_>, wanted: &[Vec<u8>], within: Range<u32>, found: &mut [Option<u32>]) {
    let middle = wanted.len() / 2;
    let Some(text) = wanted.get(middle) else { return };
    let at = dex.lower_bound(text, within.clone());
    found[middle] = (dex.string(at) == Some(text.as_slice())).then_some(at);
    let (before, after) = found.split_at_mut(middle);
    locate(dex, &wanted[..middle], within.start..at, before);
    locate(dex, &wanted[middle + 1..], at..within.end, &mut after[1..]);
}

/// Calls through a subclass in the same file: its method ids name the subclass. One that defines the method itself calls its own.
fn inherited(dex: &Dex<'_>, by_type: &BTreeMap<u32, &Members>, strings: &[Option<u32>], methods: &mut Vec<(u32, u16)>) {
    if by_type.values().all(|members| members.methods.is_empty()) {
        return;
    }
    // Asked of every class and of its superclasses; a few of all types are wanted.
    let mut is_wanted = vec![false; dex.definitions.len()];
    for class in by_type.keys() {
        if let Some(is) = is_wanted.get_mut(*class as usize) {
            *is = true;
        }
    }
    let mut lineage = Vec::new();
    for definition in dex.class_defs.chunks_exact(CLASS_DEF) {
        let Some(class) = u32_at(definition, 0) else { continue };
        lineage.clear();
        lineage.push(class);
        let mut parent = superclass(dex, class);
        while let Some(class) = parent.filter(|_| lineage.len() < MAX_DEPTH) {
            if let Some(members) = is_wanted.get(class as usize).filter(|is| **is).and_then(|_| by_type.get(&class)) {
                for (name, want) in &members.methods {
                    let own = |class: &u32| {
                        members_named(dex.method_ids, *class, strings[*name]).any(|id| defines(dex, *class, id))
                    };
                    let mut ids = members_named(dex.method_ids, lineage[0], strings[*name]).peekable();
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
        let sizes = data.skip_to_methods()?;
        for size in sizes {
            let mut method = 0u32;
            for _ in 0..size {
                method = method.checked_add(data.uleb()?)?;
                data.uleb()?;
                data.uleb()?;
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
fn type_index(dex: &Dex<'_>, descriptor: u32) -> Option<u32> {
    let types = dex.type_ids.as_chunks::<4>().0;
    types.binary_search_by_key(&descriptor, |id| u32::from_le_bytes(*id)).ok().map(|at| at as u32)
}

/// Method or field ids of a class with a name. Methods are sorted by class, name, prototype; fields by class, name, type.
fn members_named(ids: &[u8], class: u32, name: Option<u32>) -> impl Iterator<Item = u32> + use<'_> {
    let ids = ids.as_chunks::<ID>().0;
    let key = |id: &[u8; ID]| (u32::from(u16_at(id, 0).unwrap_or(0)), u32_at(id, 4).unwrap_or(0));
    let wanted = name.map(|name| (class, name));
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
