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
    /// Numbers of the strings that a dex file's table is searched for, sorted: type descriptors and literals. What their members are
    /// called shows without a search.
    sought: Vec<usize>,
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
        let descriptors = wanted.classes.keys().chain(wanted.reflection.iter().map(|(class, _)| class));
        wanted.sought = descriptors.chain(wanted.literals.iter().map(|(text, _)| text)).copied().collect();
        wanted.sought.sort_unstable();
        wanted.sought.dedup();
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
        let mut strings = vec![None; self.sought.len()];
        self.locate(dex, &self.sought, 0..dex.string_count(), &mut strings);
        let at = |text: usize| *strings.get(self.sought.binary_search(&text).ok()?)?;
        let literals = self.literals.iter().filter_map(|(text, want)| Some((at(*text)?, *want))).collect();
        let (mut methods, mut fields) = (Vec::new(), Vec::new());
        let mut by_type: BTreeMap<u32, &Members> = BTreeMap::new();
        for (descriptor, members) in &self.classes {
            let Some(class) = at(*descriptor).and_then(|string| type_index(dex, string)) else { continue };
            by_type.insert(class, members);
            self.members_of(dex, dex.method_ids, class, &members.methods, &mut methods);
            self.members_of(dex, dex.field_ids, class, &members.fields, &mut fields);
        }
        self.inherited(dex, &by_type, &mut methods);
        for (descriptor, names) in &self.reflection {
            let Some(class) = at(*descriptor).and_then(|string| type_index(dex, string)) else { continue };
            let mut ids = Vec::new();
            let names: Vec<(usize, u16)> = names.iter().map(|name| (*name, 0)).collect();
            self.members_of(dex, dex.method_ids, class, &names, &mut ids);
            found.reflection.extend(ids.into_iter().map(|(id, _)| id));
        }
        found.reflection.sort_unstable();
        // The walk asks one set for both.
        found.methods = IdSet::new(methods);
        found.methods.widen(&found.reflection);
        (found.fields, found.literals) = (IdSet::new(fields), IdSet::new(literals));
        found
    }

    /// Finds sorted strings in the sorted table: the middle one first, the others on its two sides. Neighbours share most of the way.
    fn locate(&self, dex: &Dex<'_>, sought: &[usize], within: Range<u32>, found: &mut [Option<u32>]) {
        let middle = sought.len() / 2;
        let Some(text) = sought.get(middle).and_then(|number| self.strings.get(*number)) else { return };
        let at = dex.lower_bound(text, within.clone());
        found[middle] = (dex.string(at) == Some(text.as_slice())).then_some(at);
        let (before, after) = found.split_at_mut(middle);
        self.locate(dex, &sought[..middle], within.start..at, before);
        self.locate(dex, &sought[middle + 1..], at..within.end, &mut after[1..]);
    }

    /// Adds the method or field ids of a class that have one of these names, with what wants them.
    fn members_of(&self, dex: &Dex<'_>, ids: &[u8], class: u32, members: &[(usize, u16)], found: &mut Vec<(u32, u16)>) {
        if members.is_empty() {
            return;
        }
        for (id, text) in ids_of_class(dex, ids, class) {
            let wants = members.iter().filter(|(name, _)| self.strings.get(*name).is_some_and(|name| name == text));
            found.extend(wants.map(|(_, want)| (id, *want)));
        }
    }

    /// Calls through a subclass in the same file: its method ids name the subclass. One that defines the method itself calls its own.
    fn inherited(&self, dex: &Dex<'_>, by_type: &BTreeMap<u32, &Members>, methods: &mut Vec<(u32, u16)>) {
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
                if is_wanted.get(class as usize) == Some(&true)
                    && let Some(members) = by_type.get(&class)
                {
                    self.through(dex, &lineage, members, methods);
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

    /// Adds the method ids of a subclass that lead to wanted methods, unless a class in between defines them. The subclass comes first in
    /// its lineage.
    fn through(&self, dex: &Dex<'_>, lineage: &[u32], members: &Members, methods: &mut Vec<(u32, u16)>) {
        let mut ids = Vec::new();
        self.members_of(dex, dex.method_ids, lineage[0], &members.methods, &mut ids);
        for (id, want) in ids {
            let name = method_name(dex, id);
            let own = |class: &u32| {
                ids_of_class(dex, dex.method_ids, *class)
                    .any(|(id, text)| Some(text) == name && defines(dex, *class, id))
            };
            if !lineage.iter().any(own) {
                methods.push((id, want));
            }
        }
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

/// Method or field ids of a class, with their names. Both kinds are sorted by class.
fn ids_of_class<'d>(dex: &Dex<'d>, ids: &'d [u8], class: u32) -> impl Iterator<Item = (u32, &'d [u8])> {
    let ids = ids.as_chunks::<ID>().0;
    let class_of = |id: &[u8; ID]| u32::from(u16_at(id, 0).unwrap_or(0));
    let first = ids.partition_point(|id| class_of(id) < class);
    let of_class = (first as u32..).zip(&ids[first..]).take_while(move |(_, id)| class_of(*id) == class);
    of_class.filter_map(|(number, id)| Some((number, dex.string(u32_at(id, 4)?)?)))
}

fn method_name<'d>(dex: &Dex<'d>, method: u32) -> Option<&'d [u8]> {
    dex.string(u32_at(dex.method_ids.get(method as usize * ID..)?, 4)?)
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
