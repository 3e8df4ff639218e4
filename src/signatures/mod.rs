//! The signature base: how SDKs are recognised. Knows no app.
//!
//! `sdk-signatures/` is compiled into the program ([`SignatureSet::builtin`]); a set of files can be compiled at run time
//! ([`SignatureSet::from_files`]). Both answer the same look-ups.

pub mod check;
mod examples;
mod fnv;
mod fold;
pub mod folder;
mod format;
mod index;
pub mod lists;
mod prefixes;
mod shape;
mod writer;

pub use check::Problem;
pub use examples::resolve as resolve_example;
pub use fold::{fold_name, is_composed};
pub use format::{Category, Detect, Examples, Links, Names, Sdk, Source, SourceKind};
use index::compile_layers;
pub use index::{Postings, Table};

use index::Index;
use prefixes::Prefixes;
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

/// A prefix's length and whose it is.
pub type Match<T> = Option<(usize, T)>;

/// Number of an SDK within one [`SignatureSet`].
pub type SdkNumber = u32;

/// Whether a name is the product's own or another one that policies use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NameKind {
    /// `name.en` or `name.zh`.
    Name,
    /// One of `aliases`.
    Alias,
}

/// A set of signatures with its look-ups.
pub struct SignatureSet {
    bytes: Cow<'static, [u8]>,
    /// By number. Made when the first is looked at.
    parsed: OnceLock<Box<[OnceLock<Box<Sdk>>]>>,
    prefixes: OnceLock<Prefixes>,
}

static BUILTIN_BYTES: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/signatures.bin"));

impl SignatureSet {
    /// The set compiled into the program. Costs nothing until an SDK is looked at.
    pub fn builtin() -> &'static SignatureSet {
        static SET: OnceLock<SignatureSet> = OnceLock::new();
        SET.get_or_init(|| SignatureSet::from_bytes(Cow::Borrowed(BUILTIN_BYTES)))
    }

    /// Parses, checks and compiles signature files, given as (path relative to the signature folder, content).
    ///
    /// # Errors
    /// All problems of all files at once.
    pub fn from_files(files: &[(String, String)]) -> Result<SignatureSet, Vec<Problem>> {
        let sdks = check::examine(files, None).into_result()?;
        Ok(SignatureSet::from_bytes(Cow::Owned(index::compile(&sdks))))
    }

    /// This set with signature files that add to it or override it by id. Where a file claims a prefix, a library name or a
    /// name of another SDK, the file has the stronger claim: an update of the built-in set never breaks a user's own.
    ///
    /// # Errors
    /// All problems of all files at once.
    pub fn extended(&self, files: &[(String, String)]) -> Result<SignatureSet, Vec<Problem>> {
        Ok(layer(check::examine(files, Some(self)).into_result()?, Some(self)))
    }

    /// What SDKs that are laid over this set take from it: (own id, what, id it belongs to here), sorted. An id that they
    /// override is `(id, id, id)`.
    pub fn replaced_by(&self, own: &[Sdk]) -> Vec<(String, String, String)> {
        let mut taken = Vec::new();
        for sdk in own {
            if self.number(&sdk.id).is_some() {
                taken.push((sdk.id.clone(), sdk.id.clone(), sdk.id.clone()));
            }
            for (table, values) in [(Table::Package, &sdk.detect.packages), (Table::NativeLib, &sdk.detect.native_libs)]
            {
                for value in values {
                    let owners = self.find(table, value).map(|number| &self.sdk(number).id).filter(|id| **id != sdk.id);
                    taken.extend(owners.map(|owner| (sdk.id.clone(), value.clone(), owner.clone())));
                }
            }
        }
        taken.sort();
        taken
    }

    fn from_bytes(bytes: Cow<'static, [u8]>) -> SignatureSet {
        SignatureSet { bytes, parsed: OnceLock::new(), prefixes: OnceLock::new() }
    }

    fn index(&self) -> Index<'_> {
        Index::new(&self.bytes)
    }

    /// Number of SDKs.
    pub fn len(&self) -> usize {
        self.index().len()
    }

    /// Whether the set holds nothing.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// SHA-256 of the whole set, hex.
    pub fn digest(&self) -> &str {
        self.index().digest()
    }

    /// The SDK with this number.
    ///
    /// # Panics
    /// When the number is of another set.
    pub fn sdk(&self, number: SdkNumber) -> &Sdk {
        let parsed = self.parsed.get_or_init(|| (0..self.len()).map(|_| OnceLock::new()).collect());
        parsed[number as usize].get_or_init(|| {
            let json = self.index().json(number);
            Box::new(serde_json::from_str(json).expect("the base was checked before it was compiled"))
        })
    }

    /// All SDKs by id.
    pub fn iter(&self) -> impl Iterator<Item = &Sdk> {
        (0..self.len() as SdkNumber).map(|number| self.sdk(number))
    }

    /// All ids, in no particular order.
    pub fn ids(&self) -> impl Iterator<Item = &str> {
        self.index().entries(Table::Id).map(|(id, _)| id)
    }

    /// Number of the SDK with this id.
    pub fn number(&self, id: &str) -> Option<SdkNumber> {
        self.index().find(Table::Id, id).next()
    }

    /// The SDK with this id.
    pub fn get(&self, id: &str) -> Option<&Sdk> {
        self.number(id).map(|number| self.sdk(number))
    }

    /// The SDKs filed under exactly this key (names and aliases folded, hosts in lower case).
    pub fn find(&self, table: Table, key: &str) -> impl Iterator<Item = SdkNumber> {
        self.index().find(table, key)
    }

    /// The SDK with the longest identifying prefix that covers a package or class name, dotted or with slashes, and the
    /// prefix's length in bytes.
    #[inline]
    pub fn match_package(&self, name: &[u8]) -> Option<(usize, SdkNumber)> {
        let [found] = self.index().find_longest_prefix([Table::Package], name);
        found.and_then(|(length, mut sdks)| Some((length, sdks.next()?)))
    }

    /// Whether a package, dotted or with slashes, holds single classes that are prefixes of their own.
    #[inline]
    pub fn holds_class_prefixes(&self, package: &[u8]) -> bool {
        !self.index().find_bytes(Table::ClassHolder, package).is_empty()
    }

    /// The SDKs that bring the longest companion prefix covering `name`, and the prefix's length.
    pub fn match_companion(&self, name: &[u8]) -> Match<Postings<'_>> {
        let [found] = self.index().find_longest_prefix([Table::Companion], name);
        found
    }

    /// What [`match_package`](Self::match_package) and [`match_companion`](Self::match_companion) answer, in one pass.
    #[inline]
    pub fn match_both(&self, name: &[u8]) -> (Match<SdkNumber>, Match<Postings<'_>>) {
        let [package, companion] = self.index().find_longest_prefix([Table::Package, Table::Companion], name);
        (package.and_then(|(length, mut sdks)| Some((length, sdks.next()?))), companion)
    }

    /// The SDKs filed under one key, by its [place](Postings::place).
    pub fn filed_at(&self, place: u32) -> Postings<'_> {
        self.index().filed_at(place)
    }

    /// The SDK whose prefix covers a dotted name.
    pub fn by_package(&self, dotted: &str) -> Option<&Sdk> {
        self.match_package(dotted.as_bytes()).map(|(_, number)| self.sdk(number))
    }

    /// SDKs with an identifying prefix at or below `dotted`, by id.
    pub fn under_package(&self, dotted: &str) -> Vec<&Sdk> {
        self.prefixes().below(dotted).into_iter().map(|number| self.sdk(number)).collect()
    }

    /// A package name in the case of the prefix that it matches when case is folded.
    pub fn correct_case(&self, dotted: &str) -> Option<String> {
        self.prefixes().correct_case(dotted)
    }

    fn prefixes(&self) -> &Prefixes {
        self.prefixes.get_or_init(|| Prefixes::new(self.packages()))
    }

    /// Identifying prefixes of all SDKs.
    pub fn packages(&self) -> impl Iterator<Item = (&str, SdkNumber)> {
        self.index().entries(Table::Package).filter_map(|(key, mut sdks)| Some((key, sdks.next()?)))
    }

    /// The SDK with this name or alias after folding, when it is only one.
    pub fn by_name(&self, name: &str) -> Option<(&Sdk, NameKind)> {
        let folded = fold_name(name);
        for (table, kind) in [(Table::Name, NameKind::Name), (Table::Alias, NameKind::Alias)] {
            let mut found = self.index().find(table, &folded);
            if let Some(number) = found.next() {
                return found.next().is_none().then(|| (self.sdk(number), kind));
            }
        }
        None
    }

    /// Every folded name and alias with its SDK, sorted.
    pub fn names(&self) -> Vec<(&str, &Sdk)> {
        let mut names: Vec<(&str, SdkNumber)> = [Table::Name, Table::Alias]
            .into_iter()
            .flat_map(|table| self.index().entries(table))
            .filter_map(|(key, mut sdks)| Some((key, sdks.next()?)))
            .collect();
        names.sort_unstable();
        names.into_iter().map(|(name, number)| (name, self.sdk(number))).collect()
    }

    /// SDKs that list this host or a parent domain of it, by id; the longest listed host decides.
    pub fn by_host(&self, host: &str) -> Vec<&Sdk> {
        let host = host.to_lowercase();
        let parents = std::iter::successors(Some(host.as_str()), |rest| rest.split_once('.').map(|(_, parent)| parent));
        for domain in parents {
            let found: Vec<&Sdk> = self.find(Table::Host, domain).map(|number| self.sdk(number)).collect();
            if !found.is_empty() {
                return found;
            }
        }
        Vec::new()
    }

    /// SDKs that belong to a product line.
    pub fn parts_of(&self, line: &str) -> impl Iterator<Item = SdkNumber> {
        self.index().find(Table::PartOf, line)
    }

    /// SDKs with a clue of kind `table` that fits `value`, exact keys and wildcards.
    pub fn matching(&self, table: Table, value: &str) -> Vec<SdkNumber> {
        let mut found: Vec<SdkNumber> = self.index().find(table, value).collect();
        let wild = self.index().wildcards(table, value).filter(|(pattern, _)| wildcard(pattern, value));
        found.extend(wild.map(|(_, number)| number));
        found.sort_unstable();
        found.dedup();
        found
    }
}

/// Compiles SDKs over a base: an SDK of the same id replaces the base's.
fn layer(own: Vec<Sdk>, base: Option<&SignatureSet>) -> SignatureSet {
    let mut sdks: BTreeMap<String, Sdk> = base.iter().flat_map(|base| base.iter()).map(keyed).collect();
    let ids: BTreeSet<String> = own.iter().map(|sdk| sdk.id.clone()).collect();
    sdks.extend(own.into_iter().map(|sdk| (sdk.id.clone(), sdk)));
    let sdks: Vec<Sdk> = sdks.into_values().collect();
    SignatureSet::from_bytes(Cow::Owned(compile_layers(&sdks, &|id| base.is_some() && ids.contains(id))))
}

fn keyed(sdk: &Sdk) -> (String, Sdk) {
    (sdk.id.clone(), sdk.clone())
}

/// Whether `value` fits a pattern in which `*` stands for any run of characters.
pub fn wildcard(pattern: &str, value: &str) -> bool {
    let Some(star) = memchr::memchr(b'*', pattern.as_bytes()) else { return pattern == value };
    let (head, rest) = (&pattern[..star], &pattern[star + 1..]);
    let Some(mut value) = value.strip_prefix(head) else { return false };
    let (middle, tail) = rest.rsplit_once('*').map_or((None, rest), |(middle, tail)| (Some(middle), tail));
    for part in middle.into_iter().flat_map(|middle| middle.split('*')) {
        match value.find(part) {
            Some(at) => value = &value[at + part.len()..],
            None => return false,
        }
    }
    value.ends_with(tail)
}
