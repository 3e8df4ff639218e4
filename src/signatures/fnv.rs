//! The hash of the compiled base.
//!
//! Shared with `build.rs`, so it uses nothing of the crate.

/// FNV-1a, one byte at a time, so that the hash of every prefix of a package comes out of one pass over it.
#[derive(Clone, Copy)]
pub struct Fnv(u64);

impl Fnv {
    /// The hash of nothing.
    pub const START: Fnv = Fnv(0xcbf2_9ce4_8422_2325);

    /// One more byte. The slash of a class descriptor counts as the dot of a package name.
    #[inline]
    pub fn push(self, byte: u8) -> Fnv {
        let byte = if byte == b'/' { b'.' } else { byte };
        Fnv((self.0 ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3))
    }

    /// The 32 bits kept in a slot; never 0, which marks an empty one.
    #[inline]
    pub fn finish(self) -> u32 {
        ((self.0 ^ (self.0 >> 32)) as u32).max(1)
    }

    /// The 32 bits of a whole name.
    pub fn of(bytes: &[u8]) -> u32 {
        bytes.iter().fold(Fnv::START, |hash, &byte| hash.push(byte)).finish()
    }
}
