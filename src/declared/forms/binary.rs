//! A look at a binary property list before it is read. Format: Apple's CFBinaryPList.c.
//!
//! Objects name others by number, and the library unfolds them. So twelve lists, each holding the next one ten times, come to a billion
//! values. Apple's writer shares texts and numbers, never lists and dictionaries.

/// Most values that all lists and dictionaries may name.
const MAX_NAMED: usize = 100_000;
const TRAILER: usize = 32;

/// Whether every list and dictionary is held once at most, and all of them together name no more values than they may. What is broken
/// otherwise is left to the reader.
pub fn is_tree(bytes: &[u8]) -> bool {
    let Some(list) = List::new(bytes) else { return true };
    let (mut held, mut named) = (vec![false; list.count], 0);
    for number in 0..list.count {
        for other in list.named_by(number) {
            named += 1;
            if named > MAX_NAMED || (list.is_container(other) && std::mem::replace(&mut held[other], true)) {
                return false;
            }
        }
    }
    true
}

/// Where the objects stand.
struct List<'a> {
    bytes: &'a [u8],
    /// Bytes of an offset, and of the number of an object.
    widths: [usize; 2],
    count: usize,
    table: usize,
}

impl<'a> List<'a> {
    fn new(bytes: &'a [u8]) -> Option<List<'a>> {
        let trailer = bytes.get(bytes.len().checked_sub(TRAILER)?..)?;
        let widths = [usize::from(trailer[6]), usize::from(trailer[7])];
        let count = usize::try_from(integer(&trailer[8..16])?).ok()?;
        let table = usize::try_from(integer(&trailer[24..32])?).ok()?;
        // Each object has an offset, so there are no more of them than bytes.
        (count <= bytes.len()).then_some(List { bytes, widths, count, table })
    }

    fn number_at(&self, at: usize, width: usize) -> Option<usize> {
        usize::try_from(integer(self.bytes.get(at..at.checked_add(width)?)?)?).ok()
    }

    fn offset(&self, object: usize) -> Option<usize> {
        let [width, _] = self.widths;
        self.number_at(self.table.checked_add(object.checked_mul(width)?)?, width)
    }

    fn marker(&self, object: usize) -> Option<(usize, u8)> {
        let at = self.offset(object)?;
        Some((at, *self.bytes.get(at)?))
    }

    fn is_container(&self, object: usize) -> bool {
        object < self.count && self.marker(object).is_some_and(|(_, marker)| is_container(marker))
    }

    /// Numbers of the objects that one holds; none where it is no list and no dictionary.
    fn named_by(&self, object: usize) -> impl Iterator<Item = usize> + '_ {
        let [_, width] = self.widths;
        let (first, count) = self.names(object).unwrap_or((0, 0));
        (0..count).map_while(move |number| self.number_at(first.checked_add(number.checked_mul(width)?)?, width))
    }

    /// Where the numbers begin, and how many there are.
    fn names(&self, object: usize) -> Option<(usize, usize)> {
        let (at, marker) = self.marker(object).filter(|(_, marker)| is_container(*marker))?;
        let (first, count) = match marker & 0x0f {
            // A long one: an integer of its own says how many.
            0x0f => {
                let width = 1usize << (self.bytes.get(at + 1)? & 0x0f).min(4);
                (at + 2 + width, self.number_at(at + 2, width)?)
            }
            short => (at + 1, usize::from(short)),
        };
        // A dictionary names keys and values.
        Some((first, if marker >> 4 == 0xd { count.checked_mul(2)? } else { count }))
    }
}

fn is_container(marker: u8) -> bool {
    matches!(marker >> 4, 0xa..=0xd)
}

/// A big-endian integer of up to eight bytes.
fn integer(bytes: &[u8]) -> Option<u64> {
    (1..=8).contains(&bytes.len()).then(|| bytes.iter().fold(0, |value, byte| value << 8 | u64::from(*byte)))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Lists that hold the numbers given, and the text `a` last.
    fn list(objects: &[&[u8]]) -> Vec<u8> {
        let (mut out, mut offsets) = (b"bplist00".to_vec(), Vec::new());
        for object in objects {
            offsets.push(out.len() as u8);
            out.push(0xa0 | object.len() as u8);
            out.extend(*object);
        }
        offsets.push(out.len() as u8);
        out.extend(b"\x51a");
        let table = out.len() as u64;
        out.extend(&offsets);
        out.extend([0, 0, 0, 0, 0, 0, 1, 1]);
        [offsets.len() as u64, 0, table].iter().for_each(|number| out.extend(number.to_be_bytes()));
        out
    }

    #[test]
    fn lists_held_twice_are_no_tree() {
        let tree = list(&[&[1, 2, 3, 3], &[3], &[3, 3]]);
        assert!(is_tree(&tree) && plist::Value::from_reader(std::io::Cursor::new(&tree)).is_ok());
        assert!(!is_tree(&list(&[&[1, 1], &[2]])));
        assert!(!is_tree(&list(&[&[1], &[1]])), "in itself");
        assert!(is_tree(b"bplist00") && is_tree(&[0xff; 100]) && is_tree(&[]));
    }
}
