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
/// First slots of the three kinds of ids, and of what is none of them: one each for both walks, and one for what is always looked at
/// (`const-string/jumbo`, whose index is longer; payload tables).
const METHODS: usize = 0;
const FIELDS: usize = IDS;
const STRINGS: usize = 2 * IDS;
const OTHER: usize = 3 * IDS;
/// Number of slots, a power of two, so that an index is bounded by masking it.
const SLOTS: usize = 4 * IDS;

/// What a slot says: to look; nothing, for either walk; else the number of a package + [`FIRST`].
const LOOK: u16 = 0;
const NOTHING: u16 = 1;
const FIRST: u16 = 3;
/// Numbers that a slot can hold, a power of two.
const GROUPS: usize = 1 << 15;

/// Number of packages that can be told apart.
pub const MAX_GROUPS: usize = GROUPS - FIRST as usize;

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
    /// Slots that say to look, with what they would say else; sorted.
    wanted: Vec<(usize, u16)>,
    /// By what slots say: the package whose code named it last, number + 1.
    linked: Vec<u16>,
    /// Packages that name others, by number + 1.
    pub links: Vec<(u16, u16)>,
    /// Positions of what is wanted, for each walk.
    found: [Vec<u32>; 2],
}

thread_local! {
    static KEPT: Cell<Option<Sweep>> = const { Cell::new(None) };
}

/// Of an opcode: where its slots begin, which bits of its operand count, and its width; 0 where that takes a look.
#[derive(Clone, Copy)]
struct Kind {
    base: u32,
    mask: u16,
    width: u16,
}

static KINDS: [[Kind; 256]; 2] = [kinds(0), kinds(1)];

const fn kinds(lane: usize) -> [Kind; 256] {
    let mut kinds = [Kind { base: OTHER as u32, mask: 0, width: 0 }; 256];
    let mut opcode = 0;
    while opcode < 256 {
        let info = opcodes::INFO[opcode];
        if info & opcodes::HALT == 0 {
            let (base, mask) = match opcode as u8 {
                0x6e..=0x72 | 0x74..=0x78 => (METHODS, 0xffff),
                0x60..=0x66 => (FIELDS, 0xffff),
                opcodes::CONST_STRING => (STRINGS, 0xffff),
                opcodes::CONST_STRING_JUMBO => (OTHER, 0),
                _ => (OTHER + 1 + lane, 0),
            };
            kinds[opcode] = Kind { base: base as u32, mask, width: (info & opcodes::WIDTH) as u16 };
        }
        opcode += 1;
    }
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
    /// This thread's, for a new file.
    pub fn take() -> Sweep {
        let mut sweep = KEPT.take().unwrap_or_else(|| {
            let mut slots = vec![NOTHING; SLOTS];
            (slots[OTHER], slots[OTHER + 1], slots[OTHER + 2]) = (LOOK, NOTHING, NOTHING + 1);
            let (used, wanted, linked) = ([0; 2], Vec::new(), vec![0; GROUPS]);
            Sweep { slots, used, wanted, linked, links: Vec::new(), found: Default::default() }
        });
        // No package has this number, so everything is named for the first time.
        sweep.linked.fill(u16::MAX);
        sweep
    }

    /// Gives it back, with nothing left of the file.
    pub fn keep(mut self) {
        let [methods, fields] = self.used;
        self.slots[METHODS..METHODS + methods].fill(NOTHING);
        self.slots[FIELDS..FIELDS + fields].fill(NOTHING);
        for (slot, _) in self.wanted.drain(..) {
            self.slots[slot] = NOTHING;
        }
        self.links.clear();
        KEPT.set(Some(self));
    }

    /// Says which packages methods and static fields belong to (number + 1, 0 for none), in the order of their ids.
    pub fn packages(&mut self, methods: impl Iterator<Item = u16>, fields: impl Iterator<Item = u16>) {
        self.used = [fill(&mut self.slots[METHODS..][..IDS], methods), fill(&mut self.slots[FIELDS..][..IDS], fields)];
    }

    /// Says what is wanted.
    pub fn want(
        &mut self,
        methods: impl Iterator<Item = u32>,
        fields: impl Iterator<Item = u32>,
        strings: impl Iterator<Item = u32>,
    ) {
        let (methods, fields) = (methods.map(|id| (METHODS, id)), fields.map(|id| (FIELDS, id)));
        let strings = strings.map(|id| (STRINGS, id));
        for (base, id) in methods.chain(fields).chain(strings).filter(|(_, id)| (*id as usize) < IDS) {
            let slot = base + id as usize;
            if self.slots[slot] != LOOK {
                self.wanted.push((slot, self.slots[slot]));
                self.slots[slot] = LOOK;
            }
        }
        self.wanted.sort_unstable();
    }

    /// Notes that the code of one package names another, by number + 1.
    #[inline]
    pub fn link(&mut self, own: u16, other: u16) {
        link(&mut self.linked, &mut self.links, own, value(other));
    }

    /// Walks all of these.
    pub fn walk(&mut self, units: &[Unit], codes: &mut [Code]) {
        let Sweep { slots, wanted, linked, links, found: [to_a, to_b], .. } = self;
        let (Some(slots), Some(linked)) = (slots.first_chunk(), linked.first_chunk_mut()) else { return };
        let mut path = Path { units, slots, wanted, linked, links };
        to_a.clear();
        to_b.clear();
        let mut next = 0;
        let (mut a, mut b) = (Walk::default(), Walk::default());
        a.begin(0, to_a, codes, &mut next, &mut path);
        b.begin(1, to_b, codes, &mut next, &mut path);
        while a.code.max(b.code) < codes.len() {
            while a.at < a.end && b.at < b.end {
                a.step::<0>(&mut path, to_a);
                b.step::<1>(&mut path, to_b);
            }
            for (lane, walk, found) in [(0, &mut a, &mut *to_a), (1, &mut b, &mut *to_b)] {
                if walk.at >= walk.end {
                    walk.finish(found, codes);
                    walk.begin(lane, found, codes, &mut next, &mut path);
                }
            }
        }
        // Nothing is left to begin; the other comes to its end.
        while a.at < a.end {
            a.step::<0>(&mut path, to_a);
        }
        while b.at < b.end {
            b.step::<1>(&mut path, to_b);
        }
        a.finish(to_a, codes);
        b.finish(to_b, codes);
    }

    /// Positions of what is wanted in walked code, in order.
    pub fn found(&self, code: &Code) -> &[u32] {
        self.found.get(code.lane).and_then(|found| found.get(code.found.clone())).unwrap_or_default()
    }
}

/// What a slot says of a package, given its number + 1.
fn value(group: u16) -> u16 {
    if group == 0 { NOTHING } else { group - 1 + FIRST }
}

/// Fills slots from the first on; returns how many.
fn fill(slots: &mut [u16], groups: impl Iterator<Item = u16>) -> usize {
    let mut count = 0;
    for (slot, group) in slots.iter_mut().zip(groups) {
        *slot = value(group);
        count += 1;
    }
    count
}

#[inline]
fn link(linked: &mut [u16], links: &mut Vec<(u16, u16)>, own: u16, value: u16) {
    let Some(other) = value.checked_sub(FIRST - 1).filter(|other| *other != 0) else { return };
    if let Some(last) = linked.get_mut(usize::from(value)).filter(|last| **last != own) {
        *last = own;
        if own != other && own != 0 {
            links.push((own, other));
        }
    }
}

/// What every step reads.
struct Path<'a> {
    units: &'a [Unit],
    slots: &'a [u16; SLOTS],
    wanted: &'a [(usize, u16)],
    linked: &'a mut [u16; GROUPS],
    links: &'a mut Vec<(u16, u16)>,
}

impl Walk {
    fn begin(&mut self, lane: usize, found: &[u32], codes: &mut [Code], next: &mut usize, path: &mut Path<'_>) {
        *self = Walk { code: *next, ..Walk::default() };
        if let Some(code) = codes.get_mut(*next) {
            *next += 1;
            (code.lane, code.found.start) = (lane, found.len());
            (self.at, self.end, self.own) = (code.units.start, code.units.end, code.own);
            // What names nothing looks as if this package had named it last.
            path.linked[usize::from(NOTHING) + lane] = code.own;
        }
    }

    fn finish(&mut self, found: &[u32], codes: &mut [Code]) {
        if let Some(code) = codes.get_mut(self.code) {
            (code.found.end, code.whole) = (found.len(), !self.broken);
        }
    }

    #[inline(always)]
    fn step<const LANE: usize>(&mut self, path: &mut Path<'_>, found: &mut Vec<u32>) {
        let Some(&[[opcode, _], operand]) = path.units.get(self.at..).and_then(|rest| rest.first_chunk()) else {
            // The file ends with this instruction; what it names would stand behind the end.
            return self.halt(path.units);
        };
        let kind = KINDS[LANE][usize::from(opcode)];
        let slot = (kind.base as usize + usize::from(u16::from_le_bytes(operand) & kind.mask)) % SLOTS;
        if path.linked[usize::from(path.slots[slot]) % GROUPS] != self.own {
            self.rare(opcode, slot, path, found);
        }
        self.at += usize::from(kind.width);
    }

    #[cold]
    #[inline(never)]
    fn rare(&mut self, opcode: u8, slot: usize, path: &mut Path<'_>, found: &mut Vec<u32>) {
        let mut value = path.slots[slot];
        if value == LOOK {
            if opcodes::INFO[usize::from(opcode)] & opcodes::HALT != 0 {
                return self.halt(path.units);
            }
            found.push(self.at as u32);
            let known = path.wanted.binary_search_by_key(&slot, |(slot, _)| *slot).ok();
            value = known.map_or(NOTHING, |at| path.wanted[at].1);
        }
        link(path.linked, path.links, self.own, value);
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
        let mut sweep = Sweep::take();
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
        let mut next = Sweep::take();
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
