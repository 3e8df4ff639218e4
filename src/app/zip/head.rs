//! The first bytes of a deflate stream (RFC 1951) without inflating it.
//!
//! Every entry that may hold code is asked for its first bytes. A general inflater makes look-up tables for a whole block before it gives the
//! first byte; for eight bytes it is enough to count the code lengths and to compare bit by bit.

/// Longest code in bits, and the order in which the lengths of the code length code stand (RFC 1951, 3.2.7).
const LONGEST: usize = 15;
const ORDER: [usize; 19] = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];
/// Literals, the end of a block, lengths.
const LITERALS: usize = 288;
const DISTANCES: usize = 32;
const END: usize = 256;

/// The first `N` bytes of what `raw` is deflated from. `None` where it ends before, or is no deflate stream.
pub fn first_bytes<const N: usize>(raw: &[u8]) -> Option<[u8; N]> {
    let (mut head, mut done) = ([0; N], 0);
    let mut bits = Bits { raw, at: 0 };
    while done < N {
        let last = bits.take(1)? == 1;
        match bits.take(2)? {
            0 => done = stored(&mut bits, &mut head, done)?,
            1 => {
                let mut lengths = [8; LITERALS];
                lengths[144..256].fill(9);
                lengths[256..280].fill(7);
                let (literals, distances) = (Code::new(&lengths)?, Code::new(&[5; DISTANCES])?);
                done = block(&mut bits, &literals, &distances, &mut head, done)?;
            }
            2 => {
                let (literals, distances) = codes(&mut bits)?;
                done = block(&mut bits, &literals, &distances, &mut head, done)?;
            }
            _ => return None,
        }
        if last {
            break;
        }
    }
    (done == N).then_some(head)
}

fn stored(bits: &mut Bits<'_>, head: &mut [u8], done: usize) -> Option<usize> {
    bits.at = bits.at.next_multiple_of(8);
    let (length, check) = (bits.take(16)?, bits.take(16)?);
    if length != !check & 0xffff {
        return None;
    }
    let count = (length as usize).min(head.len() - done);
    let start = bits.at / 8;
    head[done..done + count].copy_from_slice(bits.raw.get(start..start + count)?);
    bits.at += length as usize * 8;
    Some(done + count)
}

fn block(bits: &mut Bits<'_>, literals: &Code, distances: &Code, head: &mut [u8], mut done: usize) -> Option<usize> {
    while done < head.len() {
        let symbol = literals.symbol(bits)?;
        if symbol == END {
            break;
        }
        if let Ok(byte) = u8::try_from(symbol) {
            head[done] = byte;
            done += 1;
            continue;
        }
        // Few bytes stand before it, so only the shortest distances can be meant.
        let length = match symbol - END - 1 {
            short @ 0..8 => short + 3,
            28 => 258,
            long @ 8..28 => {
                let extra = (long - 4) / 4;
                3 + ((4 + long % 4) << extra) + bits.take(extra)? as usize
            }
            _ => return None,
        };
        let distance = match distances.symbol(bits)? {
            short @ 0..4 => short + 1,
            long @ 4..30 => {
                let extra = long / 2 - 1;
                1 + ((2 + long % 2) << extra) + bits.take(extra)? as usize
            }
            _ => return None,
        };
        for _ in 0..length.min(head.len() - done) {
            head[done] = *head.get(done.checked_sub(distance)?)?;
            done += 1;
        }
    }
    Some(done)
}

/// The codes that stand before a block.
fn codes(bits: &mut Bits<'_>) -> Option<(Code, Code)> {
    let literals = bits.take(5)? as usize + 257;
    let distances = bits.take(5)? as usize + 1;
    let given = bits.take(4)? as usize + 4;
    let mut lengths = [0; 19];
    for at in &ORDER[..given] {
        lengths[*at] = bits.take(3)? as u8;
    }
    let code = Code::new(&lengths)?;
    let mut lengths = [0; LITERALS + DISTANCES];
    let mut at = 0;
    while at < literals + distances {
        let (length, times) = match code.symbol(bits)? {
            16 => (*lengths.get(at.checked_sub(1)?)?, bits.take(2)? + 3),
            17 => (0, bits.take(3)? + 3),
            18 => (0, bits.take(7)? + 11),
            length => (length as u8, 1),
        };
        let end = at + times as usize;
        if end > literals + distances {
            return None;
        }
        lengths[at..end].fill(length);
        at = end;
    }
    if lengths[END] == 0 || literals > 286 {
        return None;
    }
    Some((Code::new(&lengths[..literals])?, Code::new(&lengths[literals..at])?))
}

/// A canonical Huffman code: how many codes there are of each length, and the symbols in the order of their codes.
struct Code {
    counts: [u16; LONGEST + 1],
    symbols: [u16; LITERALS],
}

impl Code {
    /// Of the lengths of its symbols' codes; `None` where more codes are claimed than there are.
    fn new(lengths: &[u8]) -> Option<Code> {
        let mut code = Code { counts: [0; LONGEST + 1], symbols: [0; LITERALS] };
        for length in lengths {
            code.counts[usize::from(*length)] += 1;
        }
        let (mut left, mut starts) = (1i32, [0u16; LONGEST + 2]);
        for length in 1..=LONGEST {
            left = left * 2 - i32::from(code.counts[length]);
            if left < 0 {
                return None;
            }
            starts[length + 1] = starts[length] + code.counts[length];
        }
        for (symbol, length) in lengths.iter().enumerate().filter(|(_, length)| **length != 0) {
            let start = &mut starts[usize::from(*length)];
            code.symbols[usize::from(*start)] = symbol as u16;
            *start += 1;
        }
        Some(code)
    }

    fn symbol(&self, bits: &mut Bits<'_>) -> Option<usize> {
        let ahead = bits.ahead();
        let (mut code, mut first, mut index) = (0u32, 0u32, 0u32);
        for length in 1..=LONGEST {
            code |= (ahead >> (length - 1)) & 1;
            let count = u32::from(self.counts[length]);
            if code < first + count {
                bits.at += length;
                // What lies behind the end reads as zeros; a code made of them is none.
                let inside = bits.at <= bits.raw.len() * 8;
                return inside.then(|| usize::from(self.symbols[(index + code - first) as usize]));
            }
            index += count;
            first = (first + count) << 1;
            code <<= 1;
        }
        None
    }
}

/// Bits, the lowest of each byte first.
struct Bits<'a> {
    raw: &'a [u8],
    /// In bits.
    at: usize,
}

impl Bits<'_> {
    /// The next bits, 17 at least; zeros behind the end.
    fn ahead(&self) -> u32 {
        let rest = self.raw.get(self.at / 8..).unwrap_or_default();
        let mut bytes = [0; 4];
        match rest.first_chunk() {
            Some(four) => bytes = *four,
            None => bytes[..rest.len()].copy_from_slice(rest),
        }
        u32::from_le_bytes(bytes) >> (self.at % 8)
    }

    /// The next `count` bits, 16 at most.
    fn take(&mut self, count: usize) -> Option<u32> {
        let taken = self.ahead() & ((1 << count) - 1);
        self.at += count;
        (self.at <= self.raw.len() * 8).then_some(taken)
    }
}

#[cfg(test)]
mod tests {
    use super::first_bytes;
    use flate2::{Compression, write::DeflateEncoder};
    use std::io::Write;

    fn deflated(bytes: &[u8], level: u32) -> Vec<u8> {
        let mut encoder = DeflateEncoder::new(Vec::new(), Compression::new(level));
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    #[test]
    fn what_an_inflater_gives() {
        let mixed: Vec<u8> = (0..200_000u32).map(|at| (at.wrapping_mul(2_654_435_761) >> 19) as u8 & 0x3f).collect();
        let texts: [&[u8]; 5] = [
            b"dex\n035\0 and so on, and so on",
            b"aaaaaaaaaaaaaaaaaaaaaaaa",
            b"PK\x03\x04",
            &mixed,
            b"abababababababab",
        ];
        for text in texts {
            for level in 0..=9 {
                let raw = deflated(text, level);
                assert_eq!(first_bytes::<4>(&raw).as_ref(), text.first_chunk(), "{level}");
                assert_eq!(first_bytes::<12>(&raw).as_ref(), text.first_chunk(), "{level}");
            }
        }
    }

    /// "Padded deflate": blocks without content push the first byte out of a short look.
    #[test]
    fn empty_blocks_stand_before_the_content() {
        let mut raw = [0, 0, 0, 0xff, 0xff].repeat(1000);
        assert_eq!(first_bytes::<4>(&raw), None);
        raw.extend(deflated(b"dex\n035\0", 9));
        assert_eq!(first_bytes::<4>(&raw).as_ref(), Some(b"dex\n"));
    }

    #[test]
    fn damage_is_no_content() {
        let raw = deflated(&b"dex\n035\0 some words, some other words, the same words again".repeat(9), 9);
        for length in 0..9 {
            assert_eq!(first_bytes::<8>(&raw[..length]), None, "{length}");
        }
        let mut seed = 1u32;
        for _ in 0..200_000 {
            let noise: [u8; 96] = std::array::from_fn(|_| {
                seed ^= seed << 13;
                seed ^= seed >> 17;
                seed ^= seed << 5;
                seed as u8
            });
            let own = first_bytes::<8>(&noise);
            let mut head = [0; 8];
            let mut inflater = flate2::Decompress::new(false);
            let theirs = inflater.decompress(&noise, &mut head, flate2::FlushDecompress::None);
            if theirs.is_ok() && inflater.total_out() == 8 {
                assert_eq!(own, Some(head), "{noise:?}");
            }
        }
    }
}
