//! What the code of a dex file refers to: wanted methods, static fields and literals, and which packages call which.
//!
//! Every code item is walked in a straight line, without a control flow graph: Android's verifier refuses what such a walk cannot
//! read. First the wanted names are looked up in the sorted id tables; the walk itself compares numbers. Which class wants what is
//! the caller's business: see [`Wanted`].

use super::bytes::{u16_at, u32_at};
use super::cursor::Cursor;
use super::dex::{CLASS_DEF, Dex, ID, dotted};
use super::opcodes::{self, Unit};
use super::wanted::Found;
pub use super::wanted::{Want, Wanted};
use std::ops::Range;
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
    /// Number of each type's package; a number beyond `names` for what is no class.
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
    let mut method_info: Vec<u32> = dex
        .method_ids
        .chunks_exact(ID)
        .map(|id| group(groups, usize::from(u16::from_le_bytes([id[0], id[1]]))))
        .collect();
    for method in found.methods.all() {
        if let Some(info) = method_info.get_mut(method as usize) {
            *info |= WANTED;
        }
    }
    let mut walk = Walk {
        dex,
        wanted,
        found,
        groups,
        method_info,
        marks: Marks::default(),
        units: dex.bytes.as_chunks::<2>().0,
        linked: vec![NO_GROUP; groups.names.len()],
        links: Vec::new(),
        links_limit: LINKS,
        facts,
    };
    for definition in dex.class_defs.chunks_exact(CLASS_DEF) {
        let class = u32_at(definition, 0).unwrap_or(u32::MAX);
        let own = group(groups, class as usize);
        walk.marks.clear();
        // A definition whose data ends early has no more methods.
        let _ = walk.class(definition, own);
        let events = walk.look(own);
        walk.settle(class, events);
        walk.thin_links();
    }
    walk.finish();
}

/// What stands for no package.
const NO_GROUP: u32 = u32::MAX >> 1;
/// Bit of [`Walk::method_info`].
const WANTED: u32 = !NO_GROUP;

fn group(groups: &Groups<'_>, class: usize) -> u32 {
    groups.of_type.get(class).map_or(NO_GROUP, |group| group & NO_GROUP)
}

/// What the code of one class holds that has to be looked at, by position in the file's code units. Filled without branches on what
/// an instruction is: which one comes next cannot be foreseen, and a wrong guess costs more than the instruction. For the same reason
/// all methods of a class are looked at together.
#[derive(Default)]
struct Marks {
    calls: Vec<u32>,
    call_count: usize,
    /// Instructions that name a string, a type or a static field.
    names: Vec<u32>,
    name_count: usize,
    /// Per walked method: its id, the end of its calls and of its names, its code.
    methods: Vec<Walked>,
}

struct Walked {
    id: u32,
    calls_end: usize,
    names_end: usize,
    code: Range<usize>,
}

impl Marks {
    fn clear(&mut self) {
        (self.call_count, self.name_count) = (0, 0);
        self.methods.clear();
    }

    /// Marks one method; says whether its code could be walked to its end.
    fn fill(&mut self, units: &[Unit], id: u32, code: Range<usize>) -> bool {
        let Range { start, end } = code;
        let room = self.call_count.max(self.name_count) + (end - start) + 1;
        if self.calls.len() < room {
            self.calls.resize(room * 2, 0);
            self.names.resize(room * 2, 0);
        }
        let units = &units[..end];
        let (calls, names) = (self.calls.as_mut_slice(), self.names.as_mut_slice());
        let last = calls.len().min(names.len()) - 1;
        let (mut call_count, mut name_count, mut at) = (self.call_count, self.name_count, start);
        let mut whole = true;
        while at < end {
            let info = opcodes::INFO[usize::from(units[at][0])];
            calls[call_count.min(last)] = at as u32;
            names[name_count.min(last)] = at as u32;
            call_count += usize::from(info & opcodes::CALL != 0);
            name_count += usize::from(info & opcodes::NAMES != 0);
            if info & opcodes::HALT == 0 {
                at += usize::from(info & opcodes::WIDTH);
                continue;
            }
            match opcodes::width(&units[at..]) {
                Some(width) => at = at.saturating_add(width),
                None => {
                    whole = false;
                    break;
                }
            }
        }
        (self.call_count, self.name_count) = (call_count, name_count);
        self.methods.push(Walked { id, calls_end: call_count, names_end: name_count, code: start..end });
        whole
    }
}

struct Walk<'a> {
    dex: &'a Dex<'a>,
    wanted: &'a Wanted,
    found: Found,
    groups: &'a Groups<'a>,
    /// Per method id: number of its class's package, and whether it is wanted.
    method_info: Vec<u32>,
    /// Per package, the package whose code named it last.
    linked: Vec<u32>,
    links: Vec<(u32, u32)>,
    links_limit: usize,
    marks: Marks,
    /// All code units of the file.
    units: &'a [Unit],
    facts: &'a mut CodeFacts,
}

/// Something wanted in one method.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Event {
    /// Index into [`Marks::methods`].
    method: usize,
    what: Seen,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Seen {
    Want(u16),
    /// A literal that counts only beside reflection.
    Name(u16),
    Reflection,
    /// A call that counts by its argument.
    ByArgument,
}

impl Walk<'_> {
    /// Marks the code of a class.
    fn class(&mut self, definition: &[u8], own: u32) -> Option<()> {
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
        for size in sizes {
            let mut method = 0u32;
            for _ in 0..size {
                method = method.checked_add(data.uleb()?)?;
                data.uleb()?;
                let code = data.uleb()? as usize;
                if code != 0 {
                    self.mark(code, method);
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
            if own != other && own != NO_GROUP {
                self.links.push((own, other));
            }
        }
    }

    /// Marks one code item.
    fn mark(&mut self, offset: usize, method: u32) {
        let Some(code) = instructions(self.dex.bytes, offset) else {
            self.facts.broken_methods += 1;
            return;
        };
        // Real code items do not overlap; made-up ones could make the walk take hours.
        self.facts.walked = self.facts.walked.saturating_add(code.len());
        if self.facts.walked > self.dex.bytes.len() {
            self.facts.cut = true;
            return;
        }
        self.facts.broken_methods += u32::from(!self.marks.fill(self.units, method, code));
    }

    /// Looks at what is marked in a class.
    fn look(&mut self, own: u32) -> Vec<Event> {
        let mut events = Vec::new();
        let marks = std::mem::take(&mut self.marks);
        for (number, &at) in marks.calls[..marks.call_count].iter().enumerate() {
            let Some(&operand) = self.units.get(at as usize + 1) else { continue };
            let method = u16::from_le_bytes(operand);
            let info = self.method_info.get(usize::from(method)).copied().unwrap_or(NO_GROUP);
            self.link(own, info & NO_GROUP);
            if info & WANTED != 0 {
                let walked = marks.methods.partition_point(|walked| walked.calls_end <= number);
                self.call(u32::from(method), walked, &mut events);
            }
        }
        for (number, &at) in marks.names[..marks.name_count].iter().enumerate() {
            let units = &self.units[at as usize..];
            let walked = || marks.methods.partition_point(|walked| walked.names_end <= number);
            self.name(units, own, walked, &mut events);
        }
        self.marks = marks;
        events
    }

    fn name(&mut self, units: &[Unit], own: u32, walked: impl Fn() -> usize, events: &mut Vec<Event>) {
        if let Some(string) = opcodes::string_index(units) {
            if self.found.literals.may_hold(string) {
                let event = |want| match self.wanted.counts_beside_reflection(want) {
                    true => Seen::Name(want),
                    false => Seen::Want(want),
                };
                events
                    .extend(self.found.literals.get(string).map(|want| Event { method: walked(), what: event(want) }));
            }
            return;
        }
        let Some(index) = units.get(1).map(|unit| u16::from_le_bytes(*unit)) else { return };
        // `const-class` and `new-instance` name a type; the others read a static field.
        if units[0][0] < 0x60 {
            return self.link(own, group(self.groups, usize::from(index)));
        }
        let field = self.dex.field_ids.get(usize::from(index) * ID..);
        let class = field.and_then(|field| u16_at(field, 0)).unwrap_or(u16::MAX);
        self.link(own, group(self.groups, usize::from(class)));
        let wants = self.found.fields.get(u32::from(index));
        events.extend(wants.map(|want| Event { method: walked(), what: Seen::Want(want) }));
    }

    fn call(&mut self, method: u32, walked: usize, events: &mut Vec<Event>) {
        if self.found.reflection.binary_search(&method).is_ok() {
            events.push(Event { method: walked, what: Seen::Reflection });
        }
        for want in self.found.methods.get(method) {
            let what = if self.wanted.argument(want).is_some() { Seen::ByArgument } else { Seen::Want(want) };
            events.push(Event { method: walked, what });
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
            if opcodes::INFO[usize::from(rest[0][0])] & opcodes::CALL != 0 {
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

    /// Turns what was seen in a class into sites.
    fn settle(&mut self, class: u32, mut events: Vec<Event>) {
        if events.is_empty() {
            return;
        }
        events.sort_unstable();
        let name = class_name(self.dex, class);
        for of_method in events.chunk_by(|a, b| a.method == b.method) {
            let Some(walked) = self.marks.methods.get(of_method[0].method) else { continue };
            let reflects = of_method.iter().any(|event| event.what == Seen::Reflection);
            let mut hits: Vec<u16> = Vec::new();
            hits.extend(of_method.iter().filter_map(|event| match event.what {
                Seen::Want(want) => Some(want),
                Seen::Name(want) if reflects => Some(want),
                _ => None,
            }));
            if of_method.iter().any(|event| event.what == Seen::ByArgument) {
                self.resolve(&self.units[walked.code.clone()], &mut hits);
            }
            hits.sort_unstable();
            if self.facts.sites.len() + hits.len() > MAX_SITES {
                self.facts.cut = true;
                return;
            }
            let method: Arc<str> = if hits.is_empty() { continue } else { method_name(self.dex, walked.id) };
            for same in hits.chunk_by(|a, b| a == b) {
                let site =
                    Site { want: same[0], class: name.clone(), method: method.clone(), count: same.len() as u32 };
                self.facts.sites.push(site);
            }
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
        let mut names: Vec<Option<Arc<str>>> = vec![None; self.groups.names.len()];
        let mut name = |number: u32| {
            let slot = names.get_mut(number as usize)?;
            Some(slot.get_or_insert_with(|| dotted(self.groups.names[number as usize]).into()).clone())
        };
        let links = self.links.iter().filter_map(|(from, to)| Some((name(*from)?, name(*to)?)));
        // Neighbouring runs of one package have one name.
        self.facts.links.extend(links.filter(|(from, to)| from != to));
    }
}

/// The code units of the code item at `offset`, by their number in the file.
fn instructions(bytes: &[u8], offset: usize) -> Option<Range<usize>> {
    let length = u32_at(bytes, offset.checked_add(12)?)? as usize;
    let start = offset.checked_add(CODE_HEADER)?;
    let end = start.checked_add(length.checked_mul(2)?)?;
    (offset % 2 == 0 && end <= bytes.len()).then_some(start / 2..end / 2)
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
