//! Little-endian writing, shared by all format writers.

/// Appends little-endian numbers to a buffer and patches them afterwards.
pub trait PutLe {
    fn put_u16(&mut self, value: u16);
    fn put_u32(&mut self, value: u32);
    fn put_u64(&mut self, value: u64);
    /// Overwrites four bytes at `at`, which must exist.
    fn set_u32(&mut self, at: usize, value: u32);
    /// Adds zero bytes until the length is a multiple of `to`.
    fn align(&mut self, to: usize);
    /// The length as the 32-bit offset that every format here stores.
    fn pos(&self) -> u32;
}

impl PutLe for Vec<u8> {
    fn put_u16(&mut self, value: u16) {
        self.extend_from_slice(&value.to_le_bytes());
    }

    fn put_u32(&mut self, value: u32) {
        self.extend_from_slice(&value.to_le_bytes());
    }

    fn put_u64(&mut self, value: u64) {
        self.extend_from_slice(&value.to_le_bytes());
    }

    fn set_u32(&mut self, at: usize, value: u32) {
        self[at..at + 4].copy_from_slice(&value.to_le_bytes());
    }

    fn align(&mut self, to: usize) {
        self.resize(self.len().next_multiple_of(to), 0);
    }

    fn pos(&self) -> u32 {
        count(self.len())
    }
}

/// A `usize` as the `u32` that the formats store. Fixtures never come near 4 GiB.
pub fn count(value: usize) -> u32 {
    u32::try_from(value).expect("fixture larger than 4 GiB")
}

/// A `usize` as a `u16` field.
pub fn short(value: usize) -> u16 {
    u16::try_from(value).expect("fixture has more than 65,535 of something")
}
