//! What the code of a dex file refers to: wanted methods, static fields and literals, and which body of code calls which packages.
//!
//! A first look (`sweep.rs`) picks the methods that may name something; these are walked in a straight line, without a control flow
//! graph: Android's verifier refuses what such a walk cannot read. Before, the wanted names are looked up in the sorted id tables; the
//! walk itself compares numbers. Which class wants what, and whose code is whose, is the caller's business: see [`Search`].

use super::bytes::{u16_at, u32_at};
use super::cursor::Cursor;
use super::dex::{CLASS_DEF, Dex, ID};
use super::links::Links;
use super::manifest::Manifest;
use super::opcodes::{self, Unit};
use super::packages::dotted;
use super::sweep::{
    LINK_FIELD, LINK_METHOD, Marks, Next, WANTED, WANTED_FIELD, WANTED_JUMBO, WANTED_METHOD, WANTED_STRING,
};
use super::wanted::Found;
pub use super::wanted::{Want, Wanted};
use std::ops::Range;
use std::sync::Arc;

/// Sites kept per dex file; a build that has more is nothing that a person reads.
const MAX_SITES: usize = 1 << 18;
/// Offset of the instructions in a code item.
const CODE_HEADER: usize = 16;
/// What to look for in code.
#[derive(Clone, Copy)]
pub struct Search<'a> {
    /// Methods, fields, literals.
    pub wanted: &'a Wanted,
    /// Whose code is whose; without it nobody is said to name anybody.
    pub body_of: Option<BodyOf<'a>>,
}

/// Of a package, with slashes: the number of the body that its code belongs to; 0 for code that belongs to none.
pub type BodyOf<'a> = &'a (dyn Fn(&[u8]) -> u32 + Sync);

/// The same, with what it keeps of one app.
pub type OfApp<'m> = Box<dyn Fn(&[u8]) -> u32 + Sync + 'm>;

/// Tells bodies of code apart.
pub trait Bodies: Sync {
    /// In the app that has this manifest.
    fn of_app<'m>(&'m self, manifest: &'m Manifest) -> OfApp<'m>;
}

/// What the code of one dex file refers to.
#[derive(Clone, Debug, Default)]
pub struct CodeFacts {
    /// References to what was wanted; those of a class together.
    pub sites: Vec<Site>,
    /// Bodies of code whose code, superclasses or interfaces name a package of another body: (body, package), sorted.
    pub links: Vec<(u32, Arc<str>)>,
    /// Methods whose code could not be walked to its end, of those that had to be.
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
    /// Number of each type's package; a number beyond the names for what is no class.
    pub of_type: Vec<u32>,
    /// Names, with slashes, and the types; neighbouring ones only, so that a package may stand here more than once.
    pub packages: Vec<(&'a [u8], Range<u32>)>,
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

/// Looks at all code of `dex`.
pub(super) fn scan(dex: &Dex<'_>, search: Search<'_>, groups: &Groups<'_>, facts: &mut CodeFacts) {
    let wanted = search.wanted;
    let found = wanted.look_up(dex);
    let mut marks = Marks::new();
    found.methods.all().for_each(|id| marks.set(id, WANTED_METHOD));
    found.fields.all().for_each(|id| marks.set(id, WANTED_FIELD));
    for id in found.literals.all() {
        marks.set(id, WANTED_STRING);
        marks.set(id & 0xffff, WANTED_JUMBO);
    }
    let links = Links::new(dex, groups, search.body_of, &mut marks);
    let (method, class_name) = (Method::default(), (u32::MAX, Arc::from("")));
    let mut scan = Scan { dex, wanted, found, marks, links, method, class_name, facts };
    scan.classes();
    scan.links.finish(&mut scan.facts.links);
}

struct Scan<'a> {
    dex: &'a Dex<'a>,
    wanted: &'a Wanted,
    found: Found,
    marks: Marks,
    links: Links<'a>,
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

impl Scan<'_> {
    /// Looks at all classes, one body of code after the other.
    fn classes(&mut self) {
        let class_defs = self.dex.class_defs.as_chunks::<CLASS_DEF>().0;
        let body_of = |definition: &[u8; CLASS_DEF]| self.links.body_of(u32_at(definition, 0).unwrap_or(u32::MAX));
        let mut classes: Vec<(u32, u32)> = class_defs.iter().map(body_of).zip(0..).collect();
        classes.sort_by_key(|(body, _)| *body);
        for of_body in classes.chunk_by(|a, b| a.0 == b.0) {
            self.links.begin(of_body[0].0, &mut self.marks);
            for (_, number) in of_body {
                // A definition whose data ends early has no more methods.
                let _ = self.class(&class_defs[*number as usize]);
            }
            self.links.end(&mut self.marks);
        }
    }

    fn class(&mut self, definition: &[u8]) -> Option<()> {
        let class = u32_at(definition, 0)?;
        self.links.to(u32_at(definition, 8)?, &mut self.marks);
        let _ = self.interfaces(u32_at(definition, 12)?);
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
                    self.code(code, class, method);
                }
            }
        }
        Some(())
    }

    fn interfaces(&mut self, offset: u32) -> Option<()> {
        let list = self.dex.bytes.get(offset as usize..).filter(|_| offset != 0)?;
        for number in 0..u32_at(list, 0)?.min(u32::from(u16::MAX)) as usize {
            self.links.to(u32::from(u16_at(list, 4 + number * 2)?), &mut self.marks);
        }
        Some(())
    }

    #[inline]
    fn code(&mut self, offset: usize, class: u32, method: u32) {
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
        // What does not even begin with an instruction is walked, too: so it is counted.
        let begins = units.first().is_none_or(|[opcode, _]| opcodes::INFO[usize::from(*opcode)] != opcodes::HALT);
        if !begins || self.marks.may_be_named(units) {
            self.walk(units, class, method);
        }
    }

    /// Walks code from instruction to instruction.
    fn walk(&mut self, units: &[Unit], class: u32, method: u32) {
        let mut at = 0;
        loop {
            match self.marks.next_named(units, at) {
                Next::Named(place, marks) => {
                    let instruction = &units[place..];
                    if marks & WANTED != 0 {
                        self.look(instruction);
                    }
                    if marks & (LINK_METHOD | LINK_FIELD) != 0 {
                        self.link(instruction);
                    }
                    // What names something is two or three units long.
                    at = place + opcodes::width(instruction).unwrap_or(1);
                }
                Next::End => break,
                Next::Broken => {
                    self.facts.broken_methods += 1;
                    break;
                }
            }
        }
        if !self.method.is_empty() {
            self.settle(units, class, method);
            self.method.clear();
        }
    }

    /// Notes whose method or field an instruction names.
    fn link(&mut self, instruction: &[Unit]) {
        let Some(&[[opcode, _], id]) = instruction.first_chunk() else { return };
        let ids = if opcodes::is_call(opcode) { self.dex.method_ids } else { self.dex.field_ids };
        if let Some(class) = u16_at(ids, usize::from(u16::from_le_bytes(id)) * ID) {
            self.links.to(u32::from(class), &mut self.marks);
        }
    }

    /// Looks at one instruction that names something wanted.
    fn look(&mut self, units: &[Unit]) {
        let Some(&[[opcode, _], operand]) = units.first_chunk() else { return };
        let operand = u32::from(u16::from_le_bytes(operand));
        if opcodes::is_call(opcode) {
            self.call(operand);
        } else if let Some(string) = opcodes::string_index(units) {
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
    fn settle(&mut self, units: &[Unit], class: u32, method: u32) {
        let mut hits = std::mem::take(&mut self.method.hits);
        if self.method.reflects {
            hits.append(&mut self.method.names);
        }
        if self.method.by_argument {
            self.resolve(units, &mut hits);
        }
        hits.sort_unstable();
        if self.facts.sites.len() + hits.len() > MAX_SITES {
            self.facts.cut = true;
            hits.clear();
        }
        if !hits.is_empty() {
            if self.class_name.0 != class {
                self.class_name = (class, class_name(self.dex, class));
            }
            let method = method_name(self.dex, method);
            for same in hits.chunk_by(|a, b| a == b) {
                let (class, method) = (self.class_name.1.clone(), method.clone());
                self.facts.sites.push(Site { want: same[0], class, method, count: same.len() as u32 });
            }
        }
        self.method.hits = hits;
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

/// The code units of the code item at `offset`.
#[inline]
fn instructions(bytes: &[u8], offset: usize) -> Option<&[Unit]> {
    let (header, rest) = bytes.get(offset..)?.split_first_chunk::<CODE_HEADER>()?;
    let [.., a, b, c, d] = *header;
    let units = rest.as_chunks::<2>().0.get(..u32::from_le_bytes([a, b, c, d]) as usize)?;
    offset.is_multiple_of(2).then_some(units)
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
