//! Writes the compiled signature base. Shared with `build.rs`, so it uses nothing of the crate.

use super::fnv::Fnv;
use super::format::Sdk;
use super::index::{Filed, HEADER_WORDS, MAGIC, TABLES, Table};
use sha2::{Digest, Sha256};

/// Words, then the texts they point to.
#[derive(Default)]
pub struct Writer {
    words: Vec<u32>,
    heap: Vec<u8>,
    /// Places in `words` that hold a heap offset, to be moved behind the words at the end.
    heap_refs: Vec<usize>,
}

impl Writer {
    /// The block that [`Index`](super::index::Index) reads.
    pub fn write(mut self, sdks: &[Sdk], tables: &[Filed], wildcards: &[(Table, String, u32)]) -> Vec<u8> {
        self.words = vec![0; HEADER_WORDS + TABLES.len() * 2];
        self.words[0] = MAGIC;
        self.words[1] = sdks.len() as u32;
        let jsons: Vec<String> =
            sdks.iter().map(|sdk| serde_json::to_string(sdk).expect("a signature serialises")).collect();
        let digest: String = jsons
            .iter()
            .fold(Sha256::new(), |hash, json| hash.chain_update(json).chain_update([b'\n']))
            .finalize()
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        self.words[2] = self.store(digest.as_bytes());
        self.heap_refs.push(2);
        for json in &jsons {
            self.push_str(json);
        }
        for (number, table) in tables.iter().enumerate() {
            self.push_table(number, table);
        }
        self.words[3] = self.words.len() as u32;
        self.words[4] = wildcards.len() as u32;
        for (table, key, sdk) in wildcards {
            self.words.push(*table as u32);
            self.push_str(key);
            self.words.push(*sdk);
        }
        let base = self.words.len() as u32 * 4;
        for at in self.heap_refs {
            self.words[at] += base;
        }
        self.words.iter().flat_map(|word| word.to_le_bytes()).chain(self.heap).collect()
    }

    fn store(&mut self, bytes: &[u8]) -> u32 {
        let offset = self.heap.len() as u32;
        self.heap.extend_from_slice(bytes);
        offset
    }

    fn push_str(&mut self, text: &str) {
        let offset = self.store(text.as_bytes());
        self.heap_refs.push(self.words.len());
        self.words.extend([offset, text.len() as u32]);
    }

    fn push_table(&mut self, number: usize, table: &Filed) {
        if table.is_empty() {
            return;
        }
        // At most a quarter full: a miss, by far the most common answer, then ends at the first slot.
        let slots = (table.len() * 4).next_power_of_two();
        let mut filled: Vec<Option<(u32, &str, u32)>> = vec![None; slots];
        for (key, sdks) in table {
            let posting = self.words.len() as u32;
            self.words.push(sdks.len() as u32);
            self.words.extend(sdks);
            let hash = Fnv::of(key.as_bytes());
            let mut slot = hash as usize & (slots - 1);
            while filled[slot].is_some() {
                slot = (slot + 1) & (slots - 1);
            }
            filled[slot] = Some((hash, key, posting));
        }
        let head = HEADER_WORDS + number * 2;
        self.words[head] = self.words.len() as u32;
        self.words[head + 1] = slots as u32;
        for slot in filled {
            match slot {
                None => self.words.extend([0; 4]),
                Some((hash, key, posting)) => {
                    self.words.push(hash);
                    self.push_str(key);
                    self.words.push(posting);
                }
            }
        }
    }
}
