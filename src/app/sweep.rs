//! The walk over code items in straight lines, several at once.
//!
//! Where the next instruction begins depends on this one, so a single walk waits for memory at every step; walks of different methods
//! do not wait for each other. What has to be looked at is written down without asking what it is: which instruction comes next
//! cannot be foreseen, and a wrong guess costs more than the instruction.

use super::opcodes::{self, Unit};
use std::ops::Range;

/// Walks at the same time.
const LANES: usize = 4;
/// Marks of one lane, a power of two, so that an index is bounded by masking it.
const ROOM: usize = 1 << 13;

/// Most code units that one run may walk: each gives at most one mark.
pub const CAPACITY: usize = ROOM;

/// A method's code, and where its marks stand.
pub struct Code {
    /// Type of its class.
    pub class: u32,
    /// Package of its class.
    pub own: u32,
    /// Method id.
    pub method: u32,
    /// Its instructions, by their number in the file's code units.
    pub units: Range<usize>,
    /// Whether they could be walked to their end.
    pub whole: bool,
    lane: usize,
    marks: Range<usize>,
}

impl Code {
    /// Code that is not walked yet.
    pub fn new(class: u32, own: u32, method: u32, units: Range<usize>) -> Code {
        Code { class, own, method, units, whole: true, lane: 0, marks: 0..0 }
    }
}

/// Positions of the instructions to look at; kept for the next run.
#[derive(Default)]
pub struct Marks {
    /// One list for each walk, once there was one.
    lanes: Vec<[u32; ROOM]>,
    /// Marks of code that is too long for a lane.
    long: Vec<u32>,
}

/// One walk.
#[derive(Clone, Copy, Default)]
struct Walk {
    at: usize,
    end: usize,
    count: usize,
    /// Index of the code it walks; beyond all codes where there is none left.
    code: usize,
    broken: bool,
}

impl Marks {
    /// Walks all of these: at most [`CAPACITY`] units together, or a single code of any length.
    pub fn walk(&mut self, units: &[Unit], codes: &mut [Code]) {
        if let [code] = codes
            && code.units.len() > CAPACITY
        {
            return self.walk_long(units, code);
        }
        let mut next = 0;
        let mut walks: [Walk; LANES] = Default::default();
        for (lane, walk) in walks.iter_mut().enumerate() {
            walk.begin(lane, codes, &mut next);
        }
        self.lanes.resize(LANES, [0; ROOM]);
        let [to_a, to_b, to_c, to_d] = self.lanes.as_mut_slice() else { return };
        let [mut a, mut b, mut c, mut d] = walks;
        while a.code.max(b.code).max(c.code).max(d.code) < codes.len() {
            while a.at < a.end && b.at < b.end && c.at < c.end && d.at < d.end {
                a.step(units, to_a);
                b.step(units, to_b);
                c.step(units, to_c);
                d.step(units, to_d);
            }
            for (lane, walk) in [&mut a, &mut b, &mut c, &mut d].into_iter().enumerate() {
                if walk.at >= walk.end {
                    walk.finish(codes);
                    walk.begin(lane, codes, &mut next);
                }
            }
        }
        // Nothing is left to begin; the others come to their ends.
        for (walk, marks) in [(&mut a, to_a), (&mut b, to_b), (&mut c, to_c), (&mut d, to_d)] {
            while walk.at < walk.end {
                walk.step(units, marks);
            }
            walk.finish(codes);
        }
    }

    fn walk_long(&mut self, units: &[Unit], code: &mut Code) {
        self.long.clear();
        let mut at = code.units.start;
        while let Some(rest) = units.get(at..code.units.end).filter(|rest| !rest.is_empty()) {
            if opcodes::INFO[usize::from(rest[0][0])] & opcodes::MARK != 0 {
                self.long.push(at as u32);
            }
            let Some(width) = opcodes::width(rest) else {
                code.whole = false;
                break;
            };
            at = at.saturating_add(width);
        }
        (code.lane, code.marks) = (LANES, 0..self.long.len());
    }

    /// Positions of what has to be looked at in walked code, in order.
    pub fn of(&self, code: &Code) -> &[u32] {
        let lane = self.lanes.get(code.lane).map_or(self.long.as_slice(), <[u32; ROOM]>::as_slice);
        lane.get(code.marks.clone()).unwrap_or_default()
    }
}

impl Walk {
    fn begin(&mut self, lane: usize, codes: &mut [Code], next: &mut usize) {
        let count = self.count;
        *self = Walk { code: *next, count, ..Walk::default() };
        if let Some(code) = codes.get_mut(*next) {
            *next += 1;
            (code.lane, code.marks.start) = (lane, count);
            (self.at, self.end) = (code.units.start, code.units.end);
        }
    }

    fn finish(&mut self, codes: &mut [Code]) {
        if let Some(code) = codes.get_mut(self.code) {
            (code.marks.end, code.whole) = (self.count, !self.broken);
        }
    }

    #[inline(always)]
    fn step(&mut self, units: &[Unit], marks: &mut [u32; ROOM]) {
        let Some(&[opcode, _]) = units.get(self.at) else { return self.end = 0 };
        let info = opcodes::INFO[usize::from(opcode)];
        marks[self.count % ROOM] = self.at as u32;
        self.count += usize::from(info / opcodes::MARK);
        if info & opcodes::HALT == 0 {
            self.at += usize::from(info & opcodes::WIDTH);
        } else {
            self.halt(units);
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
