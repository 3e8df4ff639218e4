//! The walk over code items in straight lines, two at once.
//!
//! Where the next instruction begins depends on this one, so a single walk waits for memory at every step; walks of different methods
//! do not wait for each other. Every instruction is looked up in one list of slots, whatever it is: which instruction comes next
//! cannot be foreseen, and a wrong guess costs more than a look-up. Only what is wanted, or links packages anew, leaves that path.

use super::opcodes::{self, Unit};
use std::cell::Cell;
use std::ops::Range;

/// Ids that an instruction's 16 bits reach.
const IDS: usize = 1 << 16;
/// Slot of everything that needs no look.
const NOTHING: usize = 0;
/// Slot of what is always looked at: `const-string/jumbo`, whose index is longer.
const ALWAYS: usize = 1;
/// First slots of the three kinds of ids.
const METHODS: usize = 2;
const FIELDS: usize = METHODS + IDS;
const STRINGS: usize = FIELDS + IDS;
/// Bit of a slot: somebody wants this. The others are the number of a package + 1, 0 for none.
const WANTED: u16 = 1 << 15;

/// Number of packages that can be told apart.
pub const MAX_GROUPS: usize = (WANTED - 1) as usize;

/// A method's code, and what was found in it.
pub struct Code {
    /// Type of its class.
    pub class: u32,
    /// Package of its class, number + 1.
    pub own: u16,
    /// Method id.
    pub method: u32,
    /// Its instructions, by their number in the file's code units.
    pub units: Range<usize>,
    /// Whether they could be walked to their end.
    pub whole: bool,
    lane: usize,
    found: Range<usize>,
}

impl Code {
    /// Code that is not walked yet.
    pub fn new(class: u32, own: u16, method: u32, units: Range<usize>) -> Code {
        Code { class, own, method, units, whole: true, lane: 0, found: 0..0 }
    }
}

/// What ids stand for, and what the walks have seen. Kept by its thread: the list is as long as ids can be.
pub struct Sweep {
    slots: Vec<u16>,
    /// Slots of methods and fields that are in use.
    used: [usize; 2],
    /// Per package, the package whose code named it last.
    linked: Vec<u16>,
    /// Packages that name others, by number + 1.
    pub links: Vec<(u16, u16)>,
    /// Positions of what is wanted, for each walk.
    found: [Vec<u32>; 2],
}

thread_local! {
    static KEPT: Cell<Option<Sweep>> = const { Cell::new(None) };
}

/// Where the slots of an opcode begin, and which bits of its operand count.
#[derive(Clone, Copy)]
struct Kind {
    base: u32,
    mask: u32,
}

static KINDS: [Kind; 256] = kinds();

const fn kinds() -> [Kind; 256] {
    let mut kinds = [Kind { base: NOTHING as u32, mask: 0 }; 256];
    let mut opcode = 0;
    while opcode < 256 {
        let base = match opcode as u8 {
            0x6e..=0x72 | 0x74..=0x78 => METHODS,
            0x60..=0x66 => FIELDS,
            opcodes::CONST_STRING => STRINGS,
            _ => NOTHING,
        };
        if base != NOTHING {
            kinds[opcode] = Kind { base: base as u32, mask: 0xffff };
        }
        opcode += 1;
    }
    kinds[opcodes::CONST_STRING_JUMBO as usize].base = ALWAYS as u32;
    kinds
}

/// One walk.
#[derive(Clone, Copy, Default)]
struct Walk {
    at: usize,
    end: usize,
    own: u16,
    /// Index of the code it walks; beyond all codes where there is none left.
    code: usize,
    broken: bool,
}

impl Sweep {
    /// This thread's, with these packages and nothing wanted.
    pub fn take(groups: usize) -> Sweep {
        let mut sweep = KEPT.take().unwrap_or_else(|| {
            let mut slots = vec![0; STRINGS + IDS];
            slots[ALWAYS] = WANTED;
            Sweep { slots, used: [0; 2], linked: Vec::new(), links: Vec::new(), found: Default::default() }
        });
        sweep.linked.clear();
        sweep.linked.resize(groups.min(MAX_GROUPS) + 1, u16::MAX);
        sweep
    }

    /// Gives it back.
    pub fn keep(mut self) {
        let [methods, fields] = self.used;
        self.slots[METHODS..METHODS + methods].fill(0);
        self.slots[FIELDS..FIELDS + fields].fill(0);
        self.slots[STRINGS..].fill(0);
        self.links.clear();
        KEPT.set(Some(self));
    }

    /// Says which packages methods and static fields belong to, in the order of their ids.
    pub fn packages(&mut self, methods: impl Iterator<Item = u16>, fields: impl Iterator<Item = u16>) {
        self.used = [fill(&mut self.slots[METHODS..FIELDS], methods), fill(&mut self.slots[FIELDS..STRINGS], fields)];
    }

    /// Marks what is wanted.
    pub fn want(
        &mut self,
        methods: impl Iterator<Item = u32>,
        fields: impl Iterator<Item = u32>,
        strings: impl Iterator<Item = u32>,
    ) {
        let (methods, fields) = (methods.map(|id| (METHODS, id)), fields.map(|id| (FIELDS, id)));
        let strings = strings.map(|id| (STRINGS, id));
        for (base, id) in methods.chain(fields).chain(strings).filter(|(_, id)| (*id as usize) < IDS) {
            self.slots[base + id as usize] |= WANTED;
        }
    }

    /// Notes that the code of one package names another.
    #[inline]
    pub fn link(&mut self, own: u16, other: u16) {
        link(&mut self.linked, &mut self.links, own, other);
    }

    /// Walks all of these.
    pub fn walk(&mut self, units: &[Unit], codes: &mut [Code]) {
        let Sweep { slots, linked, links, found: [to_a, to_b], .. } = self;
        let mut path = Path { units, slots, linked, links };
        to_a.clear();
        to_b.clear();
        let mut next = 0;
        let (mut a, mut b) = (Walk::default(), Walk::default());
        a.begin(0, to_a, codes, &mut next);
        b.begin(1, to_b, codes, &mut next);
        while a.code.max(b.code) < codes.len() {
            while a.at < a.end && b.at < b.end {
                a.step(&mut path, to_a);
                b.step(&mut path, to_b);
            }
            for (lane, walk, found) in [(0, &mut a, &mut *to_a), (1, &mut b, &mut *to_b)] {
                if walk.at >= walk.end {
                    walk.finish(found, codes);
                    walk.begin(lane, found, codes, &mut next);
                }
            }
        }
        // Nothing is left to begin; the other comes to its end.
        for (walk, found) in [(&mut a, to_a), (&mut b, to_b)] {
            while walk.at < walk.end {
                walk.step(&mut path, found);
            }
            walk.finish(found, codes);
        }
    }

    /// Positions of what is wanted in walked code, in order.
    pub fn found(&self, code: &Code) -> &[u32] {
        self.found.get(code.lane).and_then(|found| found.get(code.found.clone())).unwrap_or_default()
    }
}

/// Fills slots from the first on; returns how many.
fn fill(slots: &mut [u16], values: impl Iterator<Item = u16>) -> usize {
    let mut count = 0;
    for (slot, value) in slots.iter_mut().zip(values) {
        *slot = value;
        count += 1;
    }
    count
}

#[inline]
fn link(linked: &mut [u16], links: &mut Vec<(u16, u16)>, own: u16, other: u16) {
    if let Some(last) = linked.get_mut(usize::from(other)).filter(|last| **last != own) {
        *last = own;
        if own != other && own != 0 && other != 0 {
            links.push((own, other));
        }
    }
}

/// What every step reads.
struct Path<'a> {
    units: &'a [Unit],
    slots: &'a [u16],
    linked: &'a mut [u16],
    links: &'a mut Vec<(u16, u16)>,
}

impl Walk {
    fn begin(&mut self, lane: usize, found: &[u32], codes: &mut [Code], next: &mut usize) {
        *self = Walk { code: *next, ..Walk::default() };
        if let Some(code) = codes.get_mut(*next) {
            *next += 1;
            (code.lane, code.found.start) = (lane, found.len());
            (self.at, self.end, self.own) = (code.units.start, code.units.end, code.own);
        }
    }

    fn finish(&mut self, found: &[u32], codes: &mut [Code]) {
        if let Some(code) = codes.get_mut(self.code) {
            (code.found.end, code.whole) = (found.len(), !self.broken);
        }
    }

    #[inline(always)]
    fn step(&mut self, path: &mut Path<'_>, found: &mut Vec<u32>) {
        let Some(&[[opcode, _], operand]) = path.units.get(self.at..).and_then(|rest| rest.first_chunk()) else {
            // The file ends with this instruction; what it names would stand behind the end.
            return self.halt(path.units);
        };
        let kind = KINDS[usize::from(opcode)];
        let slot = kind.base + (u32::from(u16::from_le_bytes(operand)) & kind.mask);
        let slot = path.slots.get(slot as usize).copied().unwrap_or(WANTED);
        let other = slot & !WANTED;
        let last = path.linked.get(usize::from(other)).copied().unwrap_or(self.own);
        if (slot & WANTED != 0) | ((other != 0) & (last != self.own)) {
            self.rare(slot, path, found);
        }
        let info = opcodes::INFO[usize::from(opcode)];
        if info & opcodes::HALT == 0 {
            self.at += usize::from(info & opcodes::WIDTH);
        } else {
            self.halt(path.units);
        }
    }

    #[cold]
    #[inline(never)]
    fn rare(&mut self, slot: u16, path: &mut Path<'_>, found: &mut Vec<u32>) {
        link(path.linked, path.links, self.own, slot & !WANTED);
        if slot & WANTED != 0 {
            found.push(self.at as u32);
        }
    }

    #[cold]
    #[inline(never)]
    fn halt(&mut self, units: &[Unit]) {
        match units.get(self.at..self.end).and_then(opcodes::width) {
            Some(width) => self.at = self.at.saturating_add(width),
            None => (self.at, self.broken) = (self.end, true),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Code units of instructions, one slice each.
    fn units(code: &[&[u16]]) -> Vec<Unit> {
        code.concat().into_iter().map(u16::to_le_bytes).collect()
    }

    fn walk(sweep: &mut Sweep, units: &[Unit], codes: &[(u16, Range<usize>)]) -> Vec<(Vec<u32>, bool)> {
        let mut codes: Vec<Code> = codes.iter().map(|(own, units)| Code::new(0, *own, 0, units.clone())).collect();
        sweep.walk(units, &mut codes);
        codes.iter().map(|code| (sweep.found(code).to_vec(), code.whole)).collect()
    }

    fn sweep() -> Sweep {
        let mut sweep = Sweep::take(3);
        // Methods 0 and 1 in packages 1 and 2, field 0 in package 3.
        sweep.packages([1, 2].into_iter(), [3].into_iter());
        sweep.want([1].into_iter(), [0].into_iter(), [7, 70_000].into_iter());
        sweep
    }

    #[test]
    fn what_is_wanted_is_found_by_its_kind() {
        let code: [&[u16]; 7] = [
            &[0x106e, 0, 0],      // 0: a call of method 0
            &[0x106e, 1, 0],      // 3: of method 1
            &[0x001a, 1],         // 6: string 1
            &[0x001a, 7],         // 8: string 7
            &[0x0062, 0],         // 10: field 0
            &[0x001b, 0x1170, 1], // 12: string 70,000
            &[0x000e],
        ];
        let units = units(&code);
        let mut sweep = sweep();
        assert_eq!(walk(&mut sweep, &units, &[(1, 0..16)]), [(vec![3, 8, 10, 12], true)]);
        sweep.links.sort_unstable();
        assert_eq!(sweep.links, [(1, 2), (1, 3)]);
        sweep.keep();
        let mut next = Sweep::take(0);
        assert_eq!(walk(&mut next, &units, &[(0, 0..16)]), [(vec![12], true)], "nothing is left of the file before");
        next.keep();
    }

    #[test]
    fn walks_of_different_length_do_not_mix() {
        let call: &[u16] = &[0x106e, 1, 0];
        let nop: &[u16] = &[0];
        let code = units(&[call, nop, nop, nop, call, call, nop, call]);
        let mut sweep = sweep();
        let codes = [(1, 0..6), (2, 6..9), (3, 9..13), (1, 13..16), (1, 16..16)];
        let found = walk(&mut sweep, &code, &codes);
        let expected = [vec![0], vec![6], vec![9], vec![13], vec![]].map(|found| (found, true));
        assert_eq!(found, expected);
        assert_eq!((sweep.links.contains(&(1, 2)), sweep.links.contains(&(3, 2))), (true, true));
        assert!(!sweep.links.contains(&(2, 2)), "a package does not link itself");
        sweep.keep();
    }

    #[test]
    fn the_end_of_the_file_is_no_instruction() {
        let mut sweep = sweep();
        // A call that is cut off by the end of the file, and a return that is its last unit.
        assert_eq!(walk(&mut sweep, &units(&[&[0x106e]]), &[(1, 0..1)]), [(vec![], true)]);
        assert_eq!(walk(&mut sweep, &units(&[&[0x000e]]), &[(1, 0..1)]), [(vec![], true)]);
        // 0x3e is no opcode.
        let broken = units(&[&[0x003e, 0x000e]]);
        assert_eq!(walk(&mut sweep, &broken, &[(1, 0..2), (1, 1..2)]), [(vec![], false), (vec![], true)]);
        sweep.keep();
    }
}
