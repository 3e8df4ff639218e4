//! The walk over code items in straight lines, several at once.
//!
//! Where the next instruction begins depends on this one, so a single walk waits for memory at every step; walks of different methods
//! do not wait for each other. What has to be looked at is written down without asking what it is: which instruction comes next
//! cannot be foreseen, and a wrong guess costs more than the instruction.

use super::opcodes::{self, Unit};
use std::ops::Range;

/// Walks at the same time.
const LANES: usize = 4;

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
    calls: Range<usize>,
    names: Range<usize>,
}

impl Code {
    /// Code that is not walked yet.
    pub fn new(class: u32, own: u32, method: u32, units: Range<usize>) -> Code {
        Code { class, own, method, units, whole: true, lane: 0, calls: 0..0, names: 0..0 }
    }
}

/// Positions of the instructions to look at; kept for the next run.
#[derive(Default)]
pub struct Marks {
    lanes: [Lane; LANES],
}

#[derive(Default)]
struct Lane {
    /// Calls.
    calls: Vec<u32>,
    /// Instructions that name a string, a type or a static field.
    names: Vec<u32>,
    call_count: usize,
    name_count: usize,
    /// Index of the code it walks.
    code: usize,
    at: usize,
    end: usize,
    whole: bool,
}

impl Marks {
    /// Walks all of these.
    pub fn walk(&mut self, units: &[Unit], codes: &mut [Code]) {
        let total: usize = codes.iter().map(|code| code.units.len()).sum();
        let mut next = 0;
        for (number, lane) in self.lanes.iter_mut().enumerate() {
            lane.reset(total + 1);
            lane.next(number, codes, &mut next);
        }
        while self.lanes.iter().all(|lane| lane.code < codes.len()) {
            let [a, b, c, d] = &mut self.lanes;
            while a.at < a.end && b.at < b.end && c.at < c.end && d.at < d.end {
                a.step(units);
                b.step(units);
                c.step(units);
                d.step(units);
            }
            for (number, lane) in self.lanes.iter_mut().enumerate() {
                if lane.at >= lane.end {
                    lane.finish(codes);
                    lane.next(number, codes, &mut next);
                }
            }
        }
        // Nothing is left to begin; the others come to their ends.
        for lane in &mut self.lanes {
            while lane.at < lane.end {
                lane.step(units);
            }
            lane.finish(codes);
        }
    }

    /// Positions of the calls in walked code.
    pub fn calls(&self, code: &Code) -> &[u32] {
        self.lanes.get(code.lane).and_then(|lane| lane.calls.get(code.calls.clone())).unwrap_or_default()
    }

    /// Positions of what names a string, a type or a static field.
    pub fn names(&self, code: &Code) -> &[u32] {
        self.lanes.get(code.lane).and_then(|lane| lane.names.get(code.names.clone())).unwrap_or_default()
    }
}

impl Lane {
    fn reset(&mut self, room: usize) {
        (self.call_count, self.name_count) = (0, 0);
        if self.calls.len() < room {
            self.calls.resize(room, 0);
            self.names.resize(room, 0);
        }
    }

    /// Takes the next code; its number is beyond all where there is none.
    fn next(&mut self, number: usize, codes: &mut [Code], next: &mut usize) {
        (self.code, self.at, self.end, self.whole) = (*next, 0, 0, true);
        if let Some(code) = codes.get_mut(*next) {
            *next += 1;
            code.lane = number;
            (code.calls.start, code.names.start) = (self.call_count, self.name_count);
            (self.at, self.end) = (code.units.start, code.units.end);
        }
    }

    fn finish(&mut self, codes: &mut [Code]) {
        if let Some(code) = codes.get_mut(self.code) {
            (code.calls.end, code.names.end, code.whole) = (self.call_count, self.name_count, self.whole);
        }
    }

    #[inline(always)]
    fn step(&mut self, units: &[Unit]) {
        let Some(&[opcode, _]) = units.get(self.at) else { return self.end = 0 };
        let info = opcodes::INFO[usize::from(opcode)];
        if let Some(slot) = self.calls.get_mut(self.call_count) {
            *slot = self.at as u32;
        }
        if let Some(slot) = self.names.get_mut(self.name_count) {
            *slot = self.at as u32;
        }
        self.call_count += usize::from(info & opcodes::CALL != 0);
        self.name_count += usize::from(info & opcodes::NAMES != 0);
        if info & opcodes::HALT == 0 {
            self.at += usize::from(info & opcodes::WIDTH);
        } else {
            self.halt(units);
        }
    }

    #[cold]
    fn halt(&mut self, units: &[Unit]) {
        match opcodes::width(&units[self.at..self.end]) {
            Some(width) => self.at = self.at.saturating_add(width),
            None => (self.at, self.whole) = (self.end, false),
        }
    }
}
