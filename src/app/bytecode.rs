//! What the code of a dex file refers to: wanted methods, static fields and literals, and which packages call which.
//!
//! Every code item is walked in a straight line, without a control flow graph: Android's verifier refuses what such a walk cannot
//! read. First the wanted names are looked up in the sorted id tables; the walk itself compares numbers. Which class wants what is
//! the caller's business: see [`Wanted`].

use super::bytes::{u16_at, u32_at};
use super::cursor::Cursor;
use super::dex::{CLASS_DEF, Dex, ID};
use super::opcodes::{self, Unit};
use super::packages::dotted;
use super::sweep::{Code, MAX_GROUPS, Sweep};
use super::wanted::Found;
pub use super::wanted::{Want, Wanted};
use std::ops::Range;
use std::sync::Arc;

/// Sites kept per dex file; a build that has more is nothing that a person reads.
const MAX_SITES: usize = 1 << 18;
/// Offset of the instructions in a code item.
const CODE_HEADER: usize = 16;
/// Code units walked together.
const BATCH: usize = 1 << 13;
/// Links collected before duplicates are dropped.
const LINKS: usize = 1 << 16;

/// What the code of one dex file refers to.
#[derive(Clone, Debug, Default)]
pub struct CodeFacts {
    /// References to what was wanted; those of a class together.
    pub sites: Vec<Site>,
    /// Packages whose code, superclasses or interfaces name another package: (from, to), sorted.
    pub links: Vec<(Arc<str>, Arc<str>)>,
    /// Methods whose code could not be walked to its end.
    pub broken_methods: u32,
    /// Whether sites were left out: more than the limit, or code items that overlap many times over.
    pub cut: bool,
    /// Code units walked.
    walked: usize,
}

/// A method that refers to something wanted.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Site {
    /// Index into the list of [`Want`]s.
    pub want: u16,
    /// The class whose code it is, dotted.
    pub class: Arc<str>,
    /// Its method.
    pub method: Arc<str>,
    /// How many times; overloads of one name count together.
    pub count: u32,
}

/// Packages of the types of a dex file, by number.
pub struct Groups<'a> {
    /// Number of each type's package; a number beyond `names` for what is no class.
    pub of_type: &'a [u32],
    /// Names, with slashes.
    pub names: &'a [&'a [u8]],
}

impl CodeFacts {
    /// Makes one of what a method and its overloads refer to.
    pub(super) fn finish(&mut self) {
        // Sites of a class come together.
        for of_class in self.sites.chunk_by_mut(|a, b| Arc::ptr_eq(&a.class, &b.class)) {
            of_class.sort_unstable_by(|a, b| (&a.method, a.want).cmp(&(&b.method, b.want)));
        }
        self.sites.dedup_by(|later, kept| {
            let same =
                Arc::ptr_eq(&later.class, &kept.class) && (later.want, &later.method) == (kept.want, &kept.method);
            if same {
                kept.count += later.count;
            }
            same
        });
        self.links.sort();
        self.links.dedup();
    }
}

/// Walks all code of `dex`.
pub(super) fn scan(dex: &Dex<'_>, wanted: &Wanted, groups: &Groups<'_>, facts: &mut CodeFacts) {
    let found = wanted.look_up(dex);
    let mut sweep = Sweep::take();
    let group_of: Vec<u16> = groups.of_type.iter().map(|number| group_number(*number)).collect();
    let of_class = |id: &[u8; ID]| group(&group_of, usize::from(u16::from_le_bytes([id[0], id[1]])));
    sweep.packages(dex.method_ids.as_chunks().0.iter().map(of_class), dex.field_ids.as_chunks().0.iter().map(of_class));
    sweep.want(found.methods.all(), found.fields.all(), found.literals.all());
    facts.cut |= groups.names.len() > MAX_GROUPS;
    let mut walk = Walk {
        dex,
        wanted,
        found,
        groups,
        group_of: &group_of,
        sweep,
        units: dex.bytes.as_chunks::<2>().0,
        codes: Vec::new(),
        pending: 0,
        links_limit: LINKS,
        method: Method::default(),
        class_name: (u32::MAX, Arc::from("")),
        facts,
    };
    for definition in dex.class_defs.chunks_exact(CLASS_DEF) {
        // A definition whose data ends early has no more methods.
        let _ = walk.class(definition);
    }
    walk.look_at_codes();
    walk.finish();
}

/// A package's number + 1; 0 for none, and for what lies beyond the packages that can be told apart.
fn group_number(number: u32) -> u16 {
    if (number as usize) < MAX_GROUPS { number as u16 + 1 } else { 0 }
}

fn group(group_of: &[u16], class: usize) -> u16 {
    group_of.get(class).copied().unwrap_or(0)
}

struct Walk<'a> {
    dex: &'a Dex<'a>,
    wanted: &'a Wanted,
    found: Found,
    groups: &'a Groups<'a>,
    /// Package of each type, number + 1; 0 for none.
    group_of: &'a [u16],
    sweep: Sweep,
    /// All code units of the file.
    units: &'a [Unit],
    /// Code to be walked, and its units.
    codes: Vec<Code>,
    pending: usize,
    links_limit: usize,
    method: Method,
    /// The class named last.
    class_name: (u32, Arc<str>),
    facts: &'a mut CodeFacts,
}

/// What was seen in the method that is looked at.
#[derive(Default)]
struct Method {
    hits: Vec<u16>,
    /// Literals that count only beside reflection.
    names: Vec<u16>,
    reflects: bool,
    /// Whether a call was seen that counts by its argument.
    by_argument: bool,
}

impl Walk<'_> {
    /// Collects the code of a class.
    fn class(&mut self, definition: &[u8]) -> Option<()> {
        let class = u32_at(definition, 0)?;
        let own = group(self.group_of, class as usize);
        self.sweep.link(own, group(self.group_of, u32_at(definition, 8)? as usize));
        let _ = self.interfaces(own, u32_at(definition, 12)?);
        let data = u32_at(definition, 24)? as usize;
        if data == 0 {
            return None;
        }
        let mut data = Cursor { bytes: self.dex.bytes, at: data };
        let sizes = data.skip_to_methods()?;
        for size in sizes {
            let mut method = 0u32;
            for _ in 0..size {
                method = method.checked_add(data.uleb()?)?;
                data.uleb()?;
                let code = data.uleb()? as usize;
                if code != 0 {
                    self.collect(code, class, own, method);
                }
            }
        }
        Some(())
    }

    fn interfaces(&mut self, own: u16, offset: u32) -> Option<()> {
        let list = self.dex.bytes.get(offset as usize..).filter(|_| offset != 0)?;
        for number in 0..u32_at(list, 0)?.min(u32::from(u16::MAX)) as usize {
            self.sweep.link(own, group(self.group_of, usize::from(u16_at(list, 4 + number * 2)?)));
        }
        Some(())
    }

    fn collect(&mut self, offset: usize, class: u32, own: u16, method: u32) {
        let Some(units) = instructions(self.dex.bytes, offset) else {
            self.facts.broken_methods += 1;
            return;
        };
        // Real code items do not overlap; made-up ones could make the walk take hours.
        self.facts.walked = self.facts.walked.saturating_add(units.len());
        if self.facts.walked > self.dex.bytes.len() {
            self.facts.cut = true;
            return;
        }
        self.pending += units.len();
        self.codes.push(Code::new(class, own, method, units));
        if self.pending >= BATCH {
            self.look_at_codes();
        }
    }

    fn look_at_codes(&mut self) {
        let mut codes = std::mem::take(&mut self.codes);
        self.sweep.walk(self.units, &mut codes);
        for code in &codes {
            self.facts.broken_methods += u32::from(!code.whole);
            for number in 0..self.sweep.found(code).len() {
                self.look(self.sweep.found(code)[number] as usize);
            }
            if !self.method.is_empty() {
                self.settle(code);
                self.method.clear();
            }
        }
        codes.clear();
        (self.codes, self.pending) = (codes, 0);
        self.thin_links();
    }

    /// Looks at one instruction that names something wanted.
    fn look(&mut self, at: usize) {
        let Some(&[[opcode, _], operand]) = self.units.get(at..).and_then(|rest| rest.first_chunk()) else { return };
        let operand = u32::from(u16::from_le_bytes(operand));
        if opcodes::is_call(opcode) {
            self.call(operand);
        } else if let Some(string) = self.units.get(at..).and_then(opcodes::string_index) {
            self.literal(string);
        } else {
            self.method.hits.extend(self.found.fields.get(operand));
        }
    }

    fn literal(&mut self, string: u32) {
        for want in self.found.literals.get(string) {
            let beside = self.wanted.counts_beside_reflection(want);
            let list = if beside { &mut self.method.names } else { &mut self.method.hits };
            list.push(want);
        }
    }

    fn call(&mut self, method: u32) {
        self.method.reflects |= self.found.reflection.binary_search(&method).is_ok();
        for want in self.found.methods.get(method) {
            match self.wanted.argument(want) {
                Some(_) => self.method.by_argument = true,
                None => self.method.hits.push(want),
            }
        }
    }

    /// Second walk of a method that calls something which counts by its argument: the last constant in the argument's register, in
    /// linear order, decides.
    fn resolve(&self, units: &[Unit], hits: &mut Vec<u16>) {
        const NONE: u32 = u32::MAX;
        let mut registers = [NONE; 256];
        let mut at = 0;
        while let Some(rest) = units.get(at..).filter(|rest| !rest.is_empty()) {
            if let Some((first, count)) = opcodes::destination(rest) {
                let moved = || opcodes::moved_from(rest).and_then(|from| registers.get(from)).copied();
                let value = opcodes::string_index(rest).or_else(moved).unwrap_or(NONE);
                registers.iter_mut().skip(first).take(count).for_each(|register| *register = value);
            }
            if opcodes::is_call(rest[0][0]) {
                self.call_with(rest, &registers, NONE, hits);
            }
            match opcodes::width(rest) {
                Some(width) => at = at.saturating_add(width),
                None => break,
            }
        }
    }

    /// A call that may count by its argument.
    fn call_with(&self, call: &[Unit], registers: &[u32; 256], none: u32, hits: &mut Vec<u16>) {
        let method = call.get(1).map_or(u32::MAX, |unit| u32::from(u16::from_le_bytes(*unit)));
        for want in self.found.methods.get(method) {
            let Some(argument) = self.wanted.argument(want) else { continue };
            let mut passed = false;
            opcodes::arguments(call, |register| {
                let string = registers.get(register).copied().filter(|string| *string != none);
                passed |= string.and_then(|string| self.dex.string(string)) == Some(argument.as_bytes());
            });
            if passed {
                hits.push(want);
            }
        }
    }

    /// Turns what was seen in a method into sites.
    fn settle(&mut self, code: &Code) {
        let mut hits = std::mem::take(&mut self.method.hits);
        if self.method.reflects {
            hits.append(&mut self.method.names);
        }
        if self.method.by_argument {
            self.resolve(self.units.get(code.units.clone()).unwrap_or_default(), &mut hits);
        }
        hits.sort_unstable();
        if self.facts.sites.len() + hits.len() > MAX_SITES {
            self.facts.cut = true;
            hits.clear();
        }
        if !hits.is_empty() {
            if self.class_name.0 != code.class {
                self.class_name = (code.class, class_name(self.dex, code.class));
            }
            let method = method_name(self.dex, code.method);
            for same in hits.chunk_by(|a, b| a == b) {
                let (class, method) = (self.class_name.1.clone(), method.clone());
                self.facts.sites.push(Site { want: same[0], class, method, count: same.len() as u32 });
            }
        }
        self.method.hits = hits;
    }

    /// Drops duplicates once many links have come together.
    fn thin_links(&mut self) {
        let links = &mut self.sweep.links;
        if links.len() >= self.links_limit {
            links.sort_unstable();
            links.dedup();
            self.links_limit = LINKS.max(links.len() * 2);
        }
    }

    fn finish(mut self) {
        self.sweep.links.sort_unstable();
        self.sweep.links.dedup();
        let mut names: Vec<Option<Arc<str>>> = vec![None; self.groups.names.len()];
        let mut name = |group: u16| {
            let number = usize::from(group).checked_sub(1)?;
            let slot = names.get_mut(number)?;
            Some(slot.get_or_insert_with(|| dotted(self.groups.names[number]).into()).clone())
        };
        let links = self.sweep.links.iter().filter_map(|(from, to)| Some((name(*from)?, name(*to)?)));
        // Neighbouring runs of one package have one name.
        self.facts.links.extend(links.filter(|(from, to)| from != to));
        self.sweep.keep();
    }
}

impl Method {
    fn is_empty(&self) -> bool {
        self.hits.is_empty() && self.names.is_empty() && !self.by_argument && !self.reflects
    }

    fn clear(&mut self) {
        self.hits.clear();
        self.names.clear();
        (self.reflects, self.by_argument) = (false, false);
    }
}

/// The code units of the code item at `offset`, by their number in the file.
fn instructions(bytes: &[u8], offset: usize) -> Option<Range<usize>> {
    let length = u32_at(bytes, offset.checked_add(12)?)? as usize;
    let start = offset.checked_add(CODE_HEADER)?;
    let end = start.checked_add(length.checked_mul(2)?)?;
    (offset.is_multiple_of(2) && end <= bytes.len()).then_some(start / 2..end / 2)
}

fn method_name(dex: &Dex<'_>, method: u32) -> Arc<str> {
    let id = dex.method_ids.get(method as usize * ID..).unwrap_or_default();
    let name = u32_at(id, 4).and_then(|name| dex.string(name)).unwrap_or_default();
    String::from_utf8_lossy(name).into()
}

fn class_name(dex: &Dex<'_>, class: u32) -> Arc<str> {
    match dex.type_name(class) {
        Some([b'L', name @ .., b';']) => dotted(name).into(),
        _ => Arc::from(""),
    }
}
