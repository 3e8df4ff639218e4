//! The SHA-256 of a file.

use super::bytes::Source;
use sha2::{Digest, Sha256};
use std::io;

/// Fits the near caches, and what the allocator keeps ready.
const BLOCK: usize = 64 << 10;

/// The SHA-256 of all bytes of a source, hex.
///
/// # Errors
/// When it cannot be read.
pub fn sha256(source: &Source) -> io::Result<String> {
    let mut hash = Sha256::new();
    let mut block = vec![0; BLOCK];
    let mut offset = 0;
    loop {
        let length = source.read_at(offset, &mut block)?;
        if length == 0 {
            return Ok(hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect());
        }
        hash.update(&block[..length]);
        offset += length as u64;
    }
}
