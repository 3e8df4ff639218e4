//! The Dalvik instruction set as far as a linear walk needs it: widths, destinations, payload tables.
//!
//! Source: AOSP source.android.com "Dalvik bytecode" and "Dalvik executable instruction formats". Opcodes that no verified file
//! holds have width 0: Android refuses a method with one of them, so the walk ends there.

/// A code unit, low byte first.
pub type Unit = [u8; 2];

/// Bits of [`INFO`] that hold the width in code units.
pub const WIDTH: u8 = 0xf;
/// `nop` or a payload table, or no opcode at all: the walk cannot simply go on.
pub const HALT: u8 = 1 << 4;

/// Width of every opcode, and whether the walk can go on by it.
pub static INFO: [u8; 256] = info();

const fn fill(table: &mut [u8; 256], from: usize, to: usize, value: u8) {
    let mut at = from;
    while at <= to {
        table[at] = value;
        at += 1;
    }
}

const fn info() -> [u8; 256] {
    let mut table = [HALT; 256];
    table[0x00] = 1 | HALT;
    fill(&mut table, 0x01, 0x2c, 1);
    fill(&mut table, 0x2d, 0x3d, 2);
    fill(&mut table, 0x44, 0x6d, 2);
    fill(&mut table, 0x7b, 0x8f, 1);
    fill(&mut table, 0x90, 0xaf, 2);
    fill(&mut table, 0xb0, 0xcf, 1);
    fill(&mut table, 0xd0, 0xe2, 2);
    let two = [0x02, 0x05, 0x08, 0x13, 0x15, 0x16, 0x19, 0x1a, 0x1c, 0x1f, 0x20, 0x22, 0x23, 0x29, 0xfe, 0xff];
    let three = [0x03, 0x06, 0x09, 0x14, 0x17, 0x1b, 0x24, 0x25, 0x26, 0x2a, 0x2b, 0x2c, 0xfc, 0xfd];
    let mut at = 0;
    while at < two.len() {
        table[two[at]] = 2;
        at += 1;
    }
    at = 0;
    while at < three.len() {
        table[three[at]] = 3;
        at += 1;
    }
    table[0x18] = 5;
    fill(&mut table, 0xfa, 0xfb, 4);
    fill(&mut table, 0x6e, 0x72, 3);
    fill(&mut table, 0x74, 0x78, 3);
    table
}

/// Whether an opcode is `invoke-*` of a method id.
pub const fn is_call(opcode: u8) -> bool {
    matches!(opcode, 0x6e..=0x72 | 0x74..=0x78)
}

/// `const-string`.
pub const CONST_STRING: u8 = 0x1a;
/// `const-string/jumbo`.
pub const CONST_STRING_JUMBO: u8 = 0x1b;

/// String index of a `const-string`.
pub fn string_index(units: &[Unit]) -> Option<u32> {
    let number = |at: usize| units.get(at).map(|unit| u32::from(u16::from_le_bytes(*unit)));
    match units.first()?[0] {
        CONST_STRING => number(1),
        CONST_STRING_JUMBO => Some(number(1)? | number(2)? << 16),
        _ => None,
    }
}

/// Width of the instruction or table that `units` begins with; `None` where it is none.
pub fn width(units: &[Unit]) -> Option<usize> {
    let [opcode, high] = *units.first()?;
    match (opcode, INFO[usize::from(opcode)] & WIDTH) {
        (0, _) if high != 0 => payload_width(units),
        (_, 0) => None,
        (_, width) => Some(usize::from(width)),
    }
}

/// Width of what begins at a `nop`: of a payload table by its size, else 1. `None` where the table's head is cut off.
fn payload_width(units: &[Unit]) -> Option<usize> {
    let number = |at: usize| units.get(at).map(|unit| usize::from(u16::from_le_bytes(*unit)));
    let width = match units.first()? {
        [0, 1] => number(1)? * 2 + 4,
        [0, 2] => number(1)? * 4 + 2,
        [0, 3] => {
            let count = number(2)? | number(3)? << 16;
            count.checked_mul(number(1)?)?.checked_add(1)? / 2 + 4
        }
        _ => 1,
    };
    Some(width)
}

/// Registers that an instruction writes: first and number; `None` where it writes none. `check-cast` keeps the value.
pub fn destination(units: &[Unit]) -> Option<(usize, usize)> {
    let [opcode, high] = *units.first()?;
    let (nibble, byte) = (usize::from(high & 0xf), usize::from(high));
    let first = match opcode {
        0x03 | 0x06 | 0x09 => usize::from(u16::from_le_bytes(*units.get(1)?)),
        0x01 | 0x04 | 0x07 | 0x12 | 0x20 | 0x21 | 0x23 | 0x52..=0x58 | 0x7b..=0x8f | 0xb0..=0xcf | 0xd0..=0xd7 => {
            nibble
        }
        0x02 | 0x05 | 0x08 | 0x0a..=0x0d | 0x13..=0x1c | 0x22 | 0x2d..=0x31 => byte,
        0x44..=0x4a | 0x60..=0x66 | 0x90..=0xaf | 0xd8..=0xe2 | 0xfe | 0xff => byte,
        _ => return None,
    };
    let is_wide = matches!(
        opcode,
        0x04..=0x06 | 0x0b | 0x16..=0x19 | 0x45 | 0x53 | 0x61 | 0x7d | 0x7e | 0x80 | 0x81 | 0x83 | 0x86 | 0x88 | 0x89 | 0x8b
            | 0x9b..=0xa5 | 0xab..=0xaf | 0xbb..=0xc5 | 0xcb..=0xcf
    );
    Some((first, if is_wide { 2 } else { 1 }))
}

/// Source of an object move.
pub fn moved_from(units: &[Unit]) -> Option<usize> {
    let [opcode, high] = *units.first()?;
    let wide = |at: usize| units.get(at).map(|unit| usize::from(u16::from_le_bytes(*unit)));
    match opcode {
        0x07 => Some(usize::from(high >> 4)),
        0x08 => wide(1),
        0x09 => wide(2),
        _ => None,
    }
}

/// Registers that an invoke passes.
pub fn arguments(units: &[Unit], mut take: impl FnMut(usize)) {
    let (Some(&[opcode, high]), Some(&[low, top])) = (units.first(), units.get(2)) else { return };
    if opcode >= 0x74 {
        let first = usize::from(u16::from_le_bytes([low, top]));
        (first..first + usize::from(high)).for_each(take);
        return;
    }
    let registers = [low & 0xf, low >> 4, top & 0xf, top >> 4, high & 0xf];
    registers.iter().take(usize::from(high >> 4)).for_each(|register| take(usize::from(*register)));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn width(opcode: usize) -> u8 {
        INFO[opcode] & WIDTH
    }

    /// Widths by format, counted over the published table: 218 opcodes below 0xe3 and six above.
    #[test]
    fn widths_follow_the_published_formats() {
        let of = |wanted: u8| (0..256).filter(|opcode| width(*opcode) == wanted).count();
        assert_eq!((of(0), of(1), of(2), of(3), of(4), of(5)), (32, 71, 126, 24, 2, 1));
        for (opcode, expected) in
            [(0x12, 1), (0x1a, 2), (0x1b, 3), (0x18, 5), (0x38, 2), (0x3e, 0), (0x73, 0), (0xe3, 0)]
        {
            assert_eq!(width(opcode), expected, "{opcode:#x}");
        }
        assert!((0x6e..=0x78).filter(|opcode| is_call(*opcode)).count() == 10);
    }

    #[test]
    fn payload_tables_have_their_published_sizes() {
        let units = |words: &[u16]| words.iter().map(|word| word.to_le_bytes()).collect::<Vec<_>>();
        assert_eq!(payload_width(&units(&[0x0100, 3, 0, 0])), Some(10));
        assert_eq!(payload_width(&units(&[0x0200, 3])), Some(14));
        assert_eq!(payload_width(&units(&[0x0300, 1, 3, 0])), Some(6));
        assert_eq!(payload_width(&units(&[0x0300, 0xffff, 0xffff, 0xffff])), Some(0x7fff_7fff_8001 + 4));
        assert_eq!(payload_width(&units(&[0])), Some(1));
        assert_eq!(payload_width(&units(&[0x0300, 1])), None);
    }

    #[test]
    fn registers_are_found_in_every_format() {
        assert_eq!(destination(&[[0x1a, 5], [0, 0]]), Some((5, 1)));
        assert_eq!(destination(&[[0x0b, 5]]), Some((5, 2)));
        assert_eq!(destination(&[[0x09, 0], [0x34, 0x12], [0, 0]]), Some((0x1234, 1)));
        assert_eq!(destination(&[[0x1f, 5], [0, 0]]), None);
        assert_eq!(moved_from(&[[0x07, 0x21]]), Some(2));
        let mut seen = Vec::new();
        arguments(&[[0x6e, 0x54], [0, 0], [0x21, 0x43]], |register| seen.push(register));
        assert_eq!(seen, [1, 2, 3, 4, 4]);
        seen.clear();
        arguments(&[[0x77, 3], [0, 0], [9, 0]], |register| seen.push(register));
        assert_eq!(seen, [9, 10, 11]);
    }
}
