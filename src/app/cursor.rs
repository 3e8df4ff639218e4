//! Variable-length data of dex files (source.android.com "Dalvik executable format", LEB128 and `encoded_value`).

/// Most bytes of an unsigned LEB128 number of 32 bits.
const MAX_ULEB: usize = 5;

/// Reads variable-length data.
pub struct Cursor<'a> {
    /// The file.
    pub bytes: &'a [u8],
    /// Where the next byte is read.
    pub at: usize,
}

impl Cursor<'_> {
    /// One byte.
    #[inline]
    pub fn byte(&mut self) -> Option<u8> {
        let byte = *self.bytes.get(self.at)?;
        self.at += 1;
        Some(byte)
    }

    /// An unsigned LEB128 number of at most five bytes.
    #[inline]
    pub fn uleb(&mut self) -> Option<u32> {
        let rest = self.bytes.get(self.at..)?;
        // Most of them are differences to a neighbour and fit one byte; offsets of code take three or four.
        let &first = rest.first()?;
        if first & 0x80 == 0 {
            self.at += 1;
            return Some(u32::from(first));
        }
        let mut value = u32::from(first & 0x7f);
        for (byte, length) in rest.get(1..)?.iter().zip(2..=MAX_ULEB) {
            value |= u32::from(byte & 0x7f) << (7 * (length - 1));
            if byte & 0x80 == 0 {
                self.at += length;
                return Some(value);
            }
        }
        None
    }

    /// From the start of a `class_data_item` to its methods; returns how many are direct and how many virtual.
    #[inline]
    pub fn skip_to_methods(&mut self) -> Option<[u32; 2]> {
        let fields = self.uleb()?.checked_add(self.uleb()?)?;
        let sizes = [self.uleb()?, self.uleb()?];
        for _ in 0..fields {
            self.uleb()?;
            self.uleb()?;
        }
        Some(sizes)
    }

    /// Skips one `encoded_value`. Arrays and annotations do not stand before a version constant; they end the search.
    pub fn skip_value(&mut self) -> Option<()> {
        let head = self.byte()?;
        match head & 0x1f {
            0x1c | 0x1d => None,
            0x1e | 0x1f => Some(()),
            _ => {
                self.at = self.at.checked_add(usize::from(head >> 5) + 1)?;
                Some(())
            }
        }
    }

    /// The string index of an `encoded_value` of type string (0x17).
    pub fn string_value(&mut self) -> Option<u32> {
        let head = self.byte()?;
        if head & 0x1f != 0x17 {
            return None;
        }
        let mut value = 0;
        for number in 0..=u32::from(head >> 5).min(3) {
            value |= u32::from(self.byte()?) << (number * 8);
        }
        Some(value)
    }
}
