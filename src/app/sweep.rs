//! A first look at code: may a method name something that is looked for?
//!
//! Where an instruction begins depends on the one before it, so a walk from instruction to instruction waits at every step. This
//! look does not walk: it takes every code unit for the beginning of an instruction, and the next one for its operand. It sees what
//! a walk would see, and now and then something that is none; only the methods where it sees something are walked.

use super::opcodes::{self, Unit};
use std::ops::Range;

/// Ids that an instruction's 16 bits reach.
const IDS: usize = 1 << 16;
/// Bytes of the units that are taken together.
const STRIDE: usize = size_of::<u64>();

/// Marks of an id: as a method, a field or a string it is wanted, or it belongs to other code.
pub const WANTED_METHOD: u8 = 1;
/// See [`WANTED_METHOD`].
pub const WANTED_FIELD: u8 = 1 << 1;
/// See [`WANTED_METHOD`].
pub const WANTED_STRING: u8 = 1 << 2;
/// Lower half of a wanted string's id that `const-string/jumbo` may name.
pub const WANTED_JUMBO: u8 = 1 << 3;
/// A method of other code.
pub const LINK_METHOD: u8 = 1 << 4;
/// A static field of other code.
pub const LINK_FIELD: u8 = 1 << 5;

/// Marks that say that something is wanted.
pub const WANTED: u8 = WANTED_METHOD | WANTED_FIELD | WANTED_STRING | WANTED_JUMBO;

/// By opcode: the marks of its operand that concern it. Types need no look: who makes an instance calls its constructor.
static CONCERNS: [u8; 256] = concerns();

const fn concerns() -> [u8; 256] {
    let mut table = [0; 256];
    let mut opcode = 0;
    while opcode < 256 {
        table[opcode] = match opcode as u8 {
            0x60..=0x66 => WANTED_FIELD | LINK_FIELD,
            opcodes::CONST_STRING => WANTED_STRING,
            opcodes::CONST_STRING_JUMBO => WANTED_JUMBO,
            opcode if opcodes::is_call(opcode) => WANTED_METHOD | LINK_METHOD,
            _ => 0,
        };
        opcode += 1;
    }
    table
}

/// What a walk has to know of an opcode: the marks that concern it, and its width; 0 where that takes a look.
#[derive(Clone, Copy)]
struct Kind {
    concerns: u8,
    width: u8,
}

static KINDS: [Kind; 256] = kinds();

const fn kinds() -> [Kind; 256] {
    let mut kinds = [Kind { concerns: 0, width: 0 }; 256];
    let mut opcode = 0;
    while opcode < 256 {
        let info = opcodes::INFO[opcode];
        let width = if info & opcodes::HALT == 0 { info & opcodes::WIDTH } else { 0 };
        kinds[opcode] = Kind { concerns: CONCERNS[opcode], width };
        opcode += 1;
    }
    kinds
}

/// Where a walk comes to.
#[derive(Debug, PartialEq, Eq)]
pub enum Next {
    /// An instruction that names something marked: where it begins, and the marks.
    Named(usize, u8),
    /// The end of the code.
    End,
    /// Something that is no instruction.
    Broken,
}

/// Marks of all ids of a dex file.
pub struct Marks(Vec<u8>);

impl Marks {
    /// Nothing is marked.
    pub fn new() -> Marks {
        Marks(vec![0; IDS])
    }

    /// Marks an id. Ids beyond 16 bits are out of reach.
    pub fn set(&mut self, id: u32, mark: u8) {
        if let Some(marks) = self.0.get_mut(id as usize) {
            *marks |= mark;
        }
    }

    /// Marks neighbouring ids.
    pub fn set_all(&mut self, ids: Range<u32>, mark: u8) {
        self.range(ids).iter_mut().for_each(|marks| *marks |= mark);
    }

    /// Takes a mark from neighbouring ids.
    pub fn clear_all(&mut self, ids: Range<u32>, mark: u8) {
        self.range(ids).iter_mut().for_each(|marks| *marks &= !mark);
    }

    fn range(&mut self, ids: Range<u32>) -> &mut [u8] {
        let end = (ids.end as usize).min(IDS);
        &mut self.0[(ids.start as usize).min(end)..end]
    }

    /// Walks from instruction to instruction, from `at` on, to the next one that names something marked.
    #[inline(never)]
    pub fn next_named(&self, units: &[Unit], mut at: usize) -> Next {
        let Some(marks) = self.0.first_chunk::<IDS>() else { return Next::End };
        while let Some(&[[opcode, _], operand]) = units.get(at..).and_then(|rest| rest.first_chunk()) {
            let Kind { concerns, width } = KINDS[usize::from(opcode)];
            let seen = concerns & marks[usize::from(u16::from_le_bytes(operand))];
            if seen != 0 {
                return Next::Named(at, seen);
            }
            let width = if width == 0 { opcodes::width(&units[at..]) } else { Some(usize::from(width)) };
            let Some(width) = width else { return Next::Broken };
            at = at.saturating_add(width);
        }
        // The last unit has no operand.
        match units.get(at..) {
            Some(last @ [_]) if opcodes::width(last).is_none() => Next::Broken,
            _ => Next::End,
        }
    }

    /// Whether code may name something that is marked. A function of its own, so that all it needs stays in registers.
    #[inline(never)]
    pub fn may_be_named(&self, units: &[Unit]) -> bool {
        let (Some(marks), Some(([first, _], rest))) = (self.0.first_chunk::<IDS>(), units.split_first()) else {
            return false;
        };
        let mut opcode = *first;
        // The unit in the low bits of a word.
        let mut see = |word: u64| {
            let seen = CONCERNS[usize::from(opcode)] & marks[usize::from(word as u16)];
            opcode = word as u8;
            seen
        };
        // One read for several units: reads are what this loop is made of.
        let (strides, rest) = rest.as_flattened().as_chunks::<STRIDE>();
        for stride in strides {
            let word = u64::from_le_bytes(*stride);
            if see(word) | see(word >> 16) | see(word >> 32) | see(word >> 48) != 0 {
                return true;
            }
        }
        let rest = rest.as_chunks().0.iter().map(|unit| u64::from(u16::from_le_bytes(*unit)));
        rest.fold(0, |seen, unit| seen | see(unit)) != 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn units(code: &[u16]) -> Vec<Unit> {
        code.iter().map(|unit| unit.to_le_bytes()).collect()
    }

    fn marks() -> Marks {
        let mut marks = Marks::new();
        marks.set(1, WANTED_METHOD);
        marks.set(7, WANTED_STRING);
        marks.set(0x1170, WANTED_JUMBO);
        marks.set_all(20..30, LINK_METHOD);
        marks.set_all(65_000..70_000, LINK_FIELD);
        marks
    }

    #[test]
    fn ids_are_seen_by_their_kind() {
        let marks = marks();
        for (code, expected) in [
            (&[0x106e, 1, 0][..], true),
            (&[0x106e, 2, 0], false),
            (&[0x106e, 7, 0], false),
            (&[0x001a, 7], true),
            (&[0x001a, 1], false),
            (&[0x001b, 0x1170, 1], true),
            (&[0x0062, 1], false),
            (&[0x0062, 65_535], true),
            (&[0x0377, 29, 0], true),
            (&[0x0377, 30, 0], false),
            (&[0x106e], false),
            (&[], false),
        ] {
            assert_eq!(marks.may_be_named(&units(code)), expected, "{code:x?}");
        }
    }

    #[test]
    fn the_place_in_a_method_does_not_matter() {
        let marks = marks();
        for before in 0..3 * STRIDE {
            for after in 0..STRIDE {
                let mut code = vec![0; before];
                code.extend([0x106e, 1]);
                code.extend(vec![0; after]);
                assert!(marks.may_be_named(&units(&code)), "{before} {after}");
                code[before + 1] = 2;
                assert!(!marks.may_be_named(&units(&code)), "{before} {after}");
            }
        }
    }

    #[test]
    fn a_walk_knows_where_instructions_begin() {
        let marks = marks();
        // The operand of a constant looks like a call of method 1; a call follows it.
        let code = units(&[0x0014, 0x106e, 1, 0x0000, 0x106e, 1, 0, 0x000e]);
        assert!(marks.may_be_named(&code[..3]));
        assert_eq!(marks.next_named(&code, 0), Next::Named(4, WANTED_METHOD));
        assert_eq!(marks.next_named(&code, 7), Next::End);
        // A payload table is no code; 0x3e is no opcode; the end of the code is no operand.
        let table = units(&[0x0300, 2, 2, 0, 0x106e, 1, 0x000e]);
        assert_eq!(marks.next_named(&table, 0), Next::End);
        assert_eq!(marks.next_named(&units(&[0x003e, 0]), 0), Next::Broken);
        assert_eq!(marks.next_named(&units(&[0x0012, 0x003e]), 0), Next::Broken);
        assert_eq!(marks.next_named(&units(&[0x106e]), 0), Next::End);
    }

    #[test]
    fn marks_are_taken_away_again() {
        let mut marks = marks();
        marks.set(25, WANTED_METHOD);
        marks.clear_all(20..30, LINK_METHOD);
        let seen = |id: u16| marks.next_named(&units(&[0x106e, id, 0]), 0);
        assert_eq!([20, 25, 29].map(seen), [Next::End, Next::Named(0, WANTED_METHOD), Next::End]);
    }
}
