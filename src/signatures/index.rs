//! The compiled signature base: one block of bytes with hash tables in it.
//!
//! `build.rs` compiles `sdk-signatures/` into this form, so nothing is parsed at start-up; a set loaded at run time goes
//! through the same code. Only SDKs that are really hit have their JSON parsed, once.
//!
//! Layout (all numbers little-endian `u32`): the magic, the header words, then the sections they point to. A table is a
//! power-of-two array of slots `{hash, key offset, key length, posting}`; a posting is an index into the postings array,
//! where a count is followed by that many SDK numbers. Shared with `build.rs`, so it uses nothing of the crate.

use super::fnv::Fnv;
use super::fold::fold_name;
use super::format::Sdk;
use super::writer::Writer;
use std::collections::{BTreeMap, BTreeSet};

pub(super) const MAGIC: u32 = 0x3142_4453;
pub(super) const HEADER_WORDS: usize = 6;

/// What a table is keyed by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Table {
    /// Identifying package prefixes.
    Package,
    /// Companion prefixes.
    Companion,
    /// Exact manifest component names.
    Component,
    /// Native library file names.
    NativeLib,
    /// Native library file names that need a second signal.
    WeakNativeLib,
    /// Meta-data names.
    MetaData,
    /// Paths inside the APK.
    Asset,
    /// Permission names.
    Permission,
    /// Folded product names.
    Name,
    /// Folded other names.
    Alias,
    /// Link hosts.
    Host,
    /// SDKs by product line.
    PartOf,
    /// SDKs by id.
    Id,
    /// Packages that hold single classes named as prefixes.
    ClassHolder,
}

/// All tables, in the order of their numbers.
pub const TABLES: [Table; 14] = [
    Table::Package,
    Table::Companion,
    Table::Component,
    Table::NativeLib,
    Table::WeakNativeLib,
    Table::MetaData,
    Table::Asset,
    Table::Permission,
    Table::Name,
    Table::Alias,
    Table::Host,
    Table::PartOf,
    Table::Id,
    Table::ClassHolder,
];

/// Keys of one table with the SDKs filed under them.
pub(super) type Filed = BTreeMap<String, Vec<u32>>;

/// A reader of a compiled base.
#[derive(Clone, Copy, Debug)]
pub struct Index<'a> {
    bytes: &'a [u8],
}

impl<'a> Index<'a> {
    /// Takes a block that [`compile`] made.
    pub fn new(bytes: &'a [u8]) -> Index<'a> {
        let index = Index { bytes };
        assert_eq!(index.word(0), MAGIC, "not a compiled signature base");
        index
    }

    #[inline]
    fn word(self, at: usize) -> u32 {
        let at = at * 4;
        u32::from_le_bytes([self.bytes[at], self.bytes[at + 1], self.bytes[at + 2], self.bytes[at + 3]])
    }

    fn str_at(self, offset: u32, length: u32) -> &'a str {
        std::str::from_utf8(&self.bytes[offset as usize..(offset + length) as usize]).unwrap_or_default()
    }

    /// Number of SDKs.
    pub fn len(self) -> usize {
        self.word(1) as usize
    }

    /// SHA-256 over all ids and contents, hex.
    pub fn digest(self) -> &'a str {
        self.str_at(self.word(2), 64)
    }

    /// Compact JSON of one SDK.
    pub fn json(self, sdk: u32) -> &'a str {
        let entry = HEADER_WORDS + TABLES.len() * 2 + sdk as usize * 2;
        self.str_at(self.word(entry), self.word(entry + 1))
    }

    /// The SDKs filed under `key`.
    pub fn find(self, table: Table, key: &str) -> Postings<'a> {
        self.find_bytes(table, key.as_bytes())
    }

    /// The same for a package as it stands in a class descriptor.
    #[inline]
    pub fn find_bytes(self, table: Table, key: &[u8]) -> Postings<'a> {
        self.probe(table, Fnv::of(key), key)
    }

    /// The SDKs filed under the longest whole-segment prefix of `name` (`com.a.b` or `com/a/b`) in each table, and that prefix's
    /// length. One pass over the name serves all tables.
    #[inline]
    pub fn find_longest_prefix<const N: usize>(
        self,
        tables: [Table; N],
        name: &[u8],
    ) -> [Option<(usize, Postings<'a>)>; N] {
        let mut best = [None; N];
        let mut hash = Fnv::START;
        let mut look = |at: usize, hash: Fnv| {
            for (best, table) in best.iter_mut().zip(tables) {
                let found = self.probe(table, hash.finish(), &name[..at]);
                if !found.is_empty() {
                    *best = Some((at, found));
                }
            }
        };
        for (at, &byte) in name.iter().enumerate() {
            if byte == b'.' || byte == b'/' {
                look(at, hash);
            }
            hash = hash.push(byte);
        }
        look(name.len(), hash);
        best
    }

    #[inline]
    fn probe(self, table: Table, hash: u32, key: &[u8]) -> Postings<'a> {
        let none = Postings { index: self, at: 0, left: 0 };
        let head = HEADER_WORDS + table as usize * 2;
        let (start, slots) = (self.word(head) as usize, self.word(head + 1) as usize);
        if slots == 0 {
            return none;
        }
        let mut slot = hash as usize & (slots - 1);
        loop {
            let at = start + slot * 4;
            let stored = self.word(at);
            if stored == 0 {
                return none;
            }
            if stored == hash {
                let offset = self.word(at + 1) as usize;
                let stored_key = &self.bytes[offset..offset + self.word(at + 2) as usize];
                if same_name(stored_key, key) {
                    let posting = self.word(at + 3) as usize;
                    return Postings { index: self, at: posting + 1, left: self.word(posting) };
                }
            }
            slot = (slot + 1) & (slots - 1);
        }
    }

    /// The SDKs filed at a place that [`Postings::place`] told.
    pub fn filed_at(self, place: u32) -> Postings<'a> {
        Postings { index: self, at: place as usize + 1, left: self.word(place as usize) }
    }

    /// Every key of a table with its SDKs, in no particular order.
    pub fn entries(self, table: Table) -> impl Iterator<Item = (&'a str, Postings<'a>)> {
        let head = HEADER_WORDS + table as usize * 2;
        let (start, slots) = (self.word(head) as usize, self.word(head + 1) as usize);
        (0..slots).filter(move |slot| self.word(start + slot * 4) != 0).map(move |slot| {
            let at = start + slot * 4;
            let posting = self.word(at + 3) as usize;
            let key = self.str_at(self.word(at + 1), self.word(at + 2));
            (key, Postings { index: self, at: posting + 1, left: self.word(posting) })
        })
    }

    /// Keys of a table with a `*` in them that may fit `value`, in file order: few, so they are tried one after another.
    pub fn wildcards(self, table: Table, value: &str) -> impl Iterator<Item = (&'a str, u32)> + use<'a> {
        // The first letter tells most of them apart.
        let first = value.as_bytes().first().copied();
        let may_fit = move |at: &usize| {
            let letter = self.bytes.get(self.word(at + 1) as usize).copied();
            letter == first || letter == Some(b'*')
        };
        let start = self.word(3) as usize;
        let place = move |number: usize| start + number * 4;
        let (mut low, mut high) = (0, self.word(4) as usize);
        // They are sorted by table.
        while low < high {
            let middle = low + (high - low) / 2;
            if self.word(place(middle)) < table as u32 {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        (low..self.word(4) as usize)
            .map(place)
            .take_while(move |at| self.word(*at) == table as u32)
            .filter(may_fit)
            .map(move |at| (self.str_at(self.word(at + 1), self.word(at + 2)), self.word(at + 3)))
    }
}

fn same_name(stored: &[u8], key: &[u8]) -> bool {
    stored.len() == key.len() && stored.iter().zip(key).all(|(&a, &b)| a == b || (a == b'.' && b == b'/'))
}

/// SDK numbers filed under one key. Taking numbers out of a copy leaves the others where they are.
#[derive(Clone, Copy, Debug)]
pub struct Postings<'a> {
    index: Index<'a>,
    at: usize,
    left: u32,
}

impl Postings<'_> {
    /// A number of the key, while nothing is taken out: it leads back here.
    pub fn place(&self) -> u32 {
        self.at.saturating_sub(1) as u32
    }

    /// Whether nothing is filed there.
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.left == 0
    }
}

impl Iterator for Postings<'_> {
    type Item = u32;

    fn next(&mut self) -> Option<u32> {
        self.left = self.left.checked_sub(1)?;
        let sdk = self.index.word(self.at);
        self.at += 1;
        Some(sdk)
    }
}

/// Compiles SDKs, which must be sorted by id, into one block.
pub fn compile(sdks: &[Sdk]) -> Vec<u8> {
    compile_layers(sdks, &|_| false)
}

/// The same, where some SDKs are a user's own: of what two SDKs claim and only one can have, theirs is the stronger claim.
pub fn compile_layers(sdks: &[Sdk], is_own: &dyn Fn(&str) -> bool) -> Vec<u8> {
    let own: Vec<bool> = sdks.iter().map(|sdk| is_own(&sdk.id)).collect();
    let mut tables: Vec<Filed> = vec![BTreeMap::new(); TABLES.len()];
    let mut wildcards = Vec::new();
    for (number, sdk) in (0u32..).zip(sdks) {
        for (table, key) in keys(sdk) {
            if key.contains('*') {
                wildcards.push((table, key, number));
            } else {
                let filed = tables[table as usize].entry(key).or_default();
                if filed.last() != Some(&number) {
                    filed.push(number);
                }
            }
        }
    }
    if own.contains(&true) {
        yield_to_own(&mut tables, &mut wildcards, &own);
    }
    wildcards.sort_by_key(|(table, _, _)| *table as u32);
    Writer::default().write(sdks, &tables, &wildcards)
}

/// Takes from the other SDKs what an own one claims too: prefixes, library names, names and aliases.
fn yield_to_own(tables: &mut [Filed], wildcards: &mut Vec<(Table, String, u32)>, own: &[bool]) {
    let is_own = |number: &u32| own.get(*number as usize) == Some(&true);
    for kinds in [&[Table::Package][..], &[Table::NativeLib], &[Table::Name, Table::Alias]] {
        let filed = kinds.iter().flat_map(|kind| &tables[*kind as usize]);
        let claimed: BTreeSet<String> =
            filed.filter(|(_, sdks)| sdks.iter().any(is_own)).map(|(key, _)| key.clone()).collect();
        for kind in kinds {
            tables[*kind as usize].retain(|key, sdks| {
                sdks.retain(|number| is_own(number) || !claimed.contains(key));
                !sdks.is_empty()
            });
        }
    }
    let patterns: Vec<String> =
        wildcards.iter().filter(|(_, _, number)| is_own(number)).map(|(_, pattern, _)| pattern.clone()).collect();
    wildcards
        .retain(|(table, pattern, number)| *table != Table::NativeLib || is_own(number) || !patterns.contains(pattern));
}

fn keys(sdk: &Sdk) -> Vec<(Table, String)> {
    let mut keys = vec![(Table::Id, sdk.id.clone())];
    let detect = &sdk.detect;
    for (table, values) in [
        (Table::Package, &detect.packages),
        (Table::Companion, &detect.companions),
        (Table::Component, &detect.components),
        (Table::NativeLib, &detect.native_libs),
        (Table::WeakNativeLib, &detect.weak_native_libs),
        (Table::MetaData, &detect.meta_data),
        (Table::Asset, &detect.assets),
        (Table::Permission, &detect.permissions),
    ] {
        keys.extend(values.iter().map(|value| (table, value.clone())));
    }
    let holders = detect.packages.iter().chain(&detect.companions).filter_map(|prefix| class_holder(prefix));
    keys.extend(holders.map(|holder| (Table::ClassHolder, holder.to_owned())));
    keys.extend([&sdk.name.en, &sdk.name.zh].map(|name| (Table::Name, fold_name(name))));
    keys.extend(sdk.aliases.iter().map(|alias| (Table::Alias, fold_name(alias))));
    keys.extend(sdk.links.hosts.iter().map(|host| (Table::Host, host.to_lowercase())));
    keys.extend(sdk.part_of.iter().map(|line| (Table::PartOf, line.clone())));
    keys
}

/// The package of a prefix that names a single class (its last segment begins with a capital).
fn class_holder(prefix: &str) -> Option<&str> {
    let (package, name) = prefix.rsplit_once('.')?;
    name.starts_with(|first: char| first.is_ascii_uppercase()).then_some(package)
}
