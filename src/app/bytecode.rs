//! What the code of a dex file refers to: wanted methods, static fields and literals, and which packages call which.
//!
//! Every code item is walked in a straight line, without a control flow graph: Android's verifier refuses what such a walk cannot
//! read. First the wanted names are looked up in the sorted id tables; the walk itself compares numbers. Which class wants what is
//! the caller's business: see [`Wanted`].

use super::bytes::{u16_at, u32_at};
use super::dex::{CLASS_DEF, Cursor, Dex, ID, dotted};
use super::opcodes::{self, Unit};
use super::wanted::Found;
pub use super::wanted::{Want, Wanted};
use std::sync::Arc;

/// Sites kept per dex file; a build that has more is nothing that a person reads.
const MAX_SITES: usize = 1 << 18;
/// Offset of the instructions in a code item.
const CODE_HEADER: usize = 16;
/// Links collected before duplicates are dropped.
const LINKS: usize = 1 << 16;

/// What the code of one dex file refers to.
#[derive(Clone, Debug, Default)]
pub struct CodeFacts {
    /// References to what was wanted, sorted.
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
    /// Number of each type's package; `u32::MAX` for what is no class.
    pub of_type: &'a [u32],
    /// Names, with slashes.
    pub names: &'a [&'a [u8]],
}

impl CodeFacts {
    /// Sorts, and makes one of equals.
    pub(super) fn finish(&mut self) {
        self.sites.sort();
        self.sites.dedup_by(|later, kept| {
            let same = (later.want, &later.class, &later.method) == (kept.want, &kept.class, &kept.method);
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
    let method_groups = dex.method_ids.chunks_exact(ID);
    let method_groups =
        method_groups.map(|id| u16_at(id, 0).map_or(u32::MAX, |class| group(groups, usize::from(class)))).collect();
    let mut walk = Walk {
        dex,
        wanted,
        found,
        groups,
        method_groups,
        linked: vec![u32::MAX; groups.names.len()],
        links: Vec::new(),
        links_limit: LINKS,
        method: Method::default(),
        facts,
    };
    for definition in dex.class_defs.chunks_exact(CLASS_DEF) {
        // A definition whose data ends early has no more methods.
        let _ = walk.class(definition);
        walk.thin_links();
    }
    walk.finish();
}

fn group(groups: &Groups<'_>, class: usize) -> u32 {
    groups.of_type.get(class).copied().unwrap_or(u32::MAX)
}

struct Walk<'a> {
    dex: &'a Dex<'a>,
    wanted: &'a Wanted,
    found: Found,
    groups: &'a Groups<'a>,
    method_groups: Vec<u32>,
    /// Per package, the package whose code named it last.
    linked: Vec<u32>,
    links: Vec<(u32, u32)>,
    links_limit: usize,
    method: Method,
    facts: &'a mut CodeFacts,
}

/// What was seen in the method being walked.
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
    fn class(&mut self, definition: &[u8]) -> Option<()> {
        let type_index = u32_at(definition, 0)? as usize;
        let own = group(self.groups, type_index);
        self.link(own, group(self.groups, u32_at(definition, 8)? as usize));
        let _ = self.interfaces(own, u32_at(definition, 12)?);
        let data = u32_at(definition, 24)? as usize;
        if data == 0 {
            return None;
        }
        let mut data = Cursor { bytes: self.dex.bytes, at: data };
        let fields = data.uleb()?.checked_add(data.uleb()?)?;
        let sizes = [data.uleb()?, data.uleb()?];
        for _ in 0..fields {
            (data.uleb()?, data.uleb()?);
        }
        let mut class: Option<Arc<str>> = None;
        for size in sizes {
            let mut method = 0u32;
            for _ in 0..size {
                method = method.checked_add(data.uleb()?)?;
                data.uleb()?;
                let code = data.uleb()? as usize;
                if code != 0 {
                    self.code(code, own);
                    self.settle(type_index as u32, method, &mut class);
                }
            }
        }
        Some(())
    }

    fn interfaces(&mut self, own: u32, offset: u32) -> Option<()> {
        let list = self.dex.bytes.get(offset as usize..).filter(|_| offset != 0)?;
        for number in 0..u32_at(list, 0)?.min(u32::from(u16::MAX)) as usize {
            self.link(own, group(self.groups, usize::from(u16_at(list, 4 + number * 2)?)));
        }
        Some(())
    }

    #[inline]
    fn link(&mut self, own: u32, other: u32) {
        if let Some(last) = self.linked.get_mut(other as usize).filter(|last| **last != own) {
            *last = own;
            if own != other && own != u32::MAX {
                self.links.push((own, other));
            }
        }
    }

    /// Walks one code item in a straight line.
    fn code(&mut self, offset: usize, own: u32) {
        self.method.clear();
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
        let mut at = 0;
        while let Some(&[opcode, high]) = units.get(at) {
            let info = opcodes::INFO[usize::from(opcode)];
            let width = usize::from(info & 0xf);
            match info & 0xf0 {
                opcodes::PLAIN if width == 0 => {
                    self.facts.broken_methods += 1;
                    break;
                }
                opcodes::PLAIN => {}
                opcodes::NOP if high == 0 => {}
                opcodes::NOP => match opcodes::payload_width(&units[at..]) {
                    Some(width) => {
                        at = at.saturating_add(width);
                        continue;
                    }
                    None => break,
                },
                _ => {
                    let Some(&low) = units.get(at + 1) else { break };
                    self.reference(info & 0xf0, u16::from_le_bytes(low), units.get(at + 2), own);
                }
            }
            at += width;
        }
        if self.method.by_argument {
            self.resolve(units);
        }
    }

    #[inline]
    fn reference(&mut self, what: u8, low: u16, next: Option<&Unit>, own: u32) {
        match what {
            opcodes::INVOKE => {
                let other = self.method_groups.get(usize::from(low)).copied().unwrap_or(u32::MAX);
                self.link(own, other);
                if self.found.methods.may_hold(u32::from(low)) {
                    self.call(u32::from(low));
                }
            }
            opcodes::STATIC_READ => {
                let field = self.dex.field_ids.get(usize::from(low) * ID..);
                let class = field.and_then(|field| u16_at(field, 0)).unwrap_or(u16::MAX);
                self.link(own, group(self.groups, usize::from(class)));
                self.method.hits.extend(self.found.fields.get(u32::from(low)));
            }
            opcodes::TYPE => self.link(own, group(self.groups, usize::from(low))),
            opcodes::STRING => self.literal(u32::from(low)),
            opcodes::JUMBO => {
                let high = next.map_or(0, |unit| u32::from(u16::from_le_bytes(*unit)));
                self.literal(u32::from(low) | high << 16);
            }
            _ => {}
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

    fn literal(&mut self, string: u32) {
        for want in self.found.literals.get(string) {
            let list =
                if self.wanted.counts_beside_reflection(want) { &mut self.method.names } else { &mut self.method.hits };
            list.push(want);
        }
    }

    /// Second walk of a method that calls something which counts by its argument: the last constant in the argument's register, in
    /// linear order, decides.
    fn resolve(&mut self, units: &[Unit]) {
        const NONE: u32 = u32::MAX;
        let mut registers = [NONE; 256];
        let mut at = 0;
        while let Some(&[opcode, _]) = units.get(at) {
            let info = opcodes::INFO[usize::from(opcode)];
            let rest = &units[at..];
            let low = rest.get(1).map_or(0, |unit| u32::from(u16::from_le_bytes(*unit)));
            if let Some((first, count)) = opcodes::destination(rest) {
                let value = match info & 0xf0 {
                    opcodes::STRING => low,
                    opcodes::JUMBO => low | rest.get(2).map_or(0, |unit| u32::from(u16::from_le_bytes(*unit))) << 16,
                    _ => opcodes::moved_from(rest).and_then(|from| registers.get(from)).copied().unwrap_or(NONE),
                };
                registers.iter_mut().skip(first).take(count).for_each(|register| *register = value);
            }
            if info & 0xf0 == opcodes::INVOKE && self.found.methods.may_hold(low) {
                let mut passed = Vec::new();
                opcodes::arguments(rest, |register| {
                    passed.extend(registers.get(register).filter(|value| **value != NONE))
                });
                for want in self.found.methods.get(low) {
                    let argument = self.wanted.argument(want).map(str::as_bytes);
                    if argument.is_some() && passed.iter().any(|string| self.dex.string(*string) == argument) {
                        self.method.hits.push(want);
                    }
                }
            }
            let width =
                if info & 0xf0 == opcodes::NOP { opcodes::payload_width(rest) } else { Some(usize::from(info & 0xf)) };
            match width {
                None | Some(0) => break,
                Some(width) => at = at.saturating_add(width),
            }
        }
    }

    /// Turns what was seen in a method into sites.
    fn settle(&mut self, class: u32, method: u32, name: &mut Option<Arc<str>>) {
        if self.method.reflects {
            self.method.hits.append(&mut self.method.names);
        }
        if self.method.hits.is_empty() {
            return;
        }
        if self.facts.sites.len() + self.method.hits.len() > MAX_SITES {
            self.facts.cut = true;
            return;
        }
        let class = name.get_or_insert_with(|| class_name(self.dex, class));
        let id = self.dex.method_ids.get(method as usize * ID..).unwrap_or_default();
        let method = u32_at(id, 4).and_then(|name| self.dex.string(name)).unwrap_or_default();
        let method: Arc<str> = String::from_utf8_lossy(method).into();
        self.method.hits.sort_unstable();
        for same in self.method.hits.chunk_by(|a, b| a == b) {
            let site = Site { want: same[0], class: class.clone(), method: method.clone(), count: same.len() as u32 };
            self.facts.sites.push(site);
        }
    }

    /// Drops duplicates once many links have come together.
    fn thin_links(&mut self) {
        if self.links.len() >= self.links_limit {
            self.links.sort_unstable();
            self.links.dedup();
            self.links_limit = LINKS.max(self.links.len() * 2);
        }
    }

    fn finish(mut self) {
        self.links.sort_unstable();
        self.links.dedup();
        let names: Vec<Arc<str>> = self.groups.names.iter().map(|name| dotted(name).into()).collect();
        let name = |number: u32| names.get(number as usize).cloned();
        let links = self.links.iter().filter_map(|(from, to)| Some((name(*from)?, name(*to)?)));
        // Neighbouring runs of one package have one name.
        self.facts.links.extend(links.filter(|(from, to)| from != to));
    }
}

impl Method {
    fn clear(&mut self) {
        self.hits.clear();
        self.names.clear();
        (self.reflects, self.by_argument) = (false, false);
    }
}

/// The code units of the code item at `offset`.
fn instructions(bytes: &[u8], offset: usize) -> Option<&[Unit]> {
    let item = bytes.get(offset..)?;
    let length = (u32_at(item, 12)? as usize).checked_mul(2)?;
    let code = item.get(CODE_HEADER..)?.get(..length)?;
    Some(code.as_chunks::<2>().0)
}

fn class_name(dex: &Dex<'_>, class: u32) -> Arc<str> {
    match dex.type_name(class) {
        Some([b'L', name @ .., b';']) => dotted(name).into(),
        _ => Arc::from(""),
    }
}
