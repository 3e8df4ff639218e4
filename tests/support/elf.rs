//! Small shared objects: two segments, a dynamic section, strings. The second segment is mapped a page above its file
//! offset, as linkers do, so that a reader must translate the string table's address.

use super::bytes::{PutLe, count};

/// How far addresses lie above file offsets in the second segment.
const SHIFT: u64 = 0x1000;
const DT_NEEDED: u64 = 1;
const DT_STRTAB: u64 = 5;
const DT_STRSZ: u64 = 10;
const DT_SONAME: u64 = 14;

/// An ELF shared object, little-endian, for one ABI folder.
#[derive(Clone, Debug)]
pub struct SharedObject {
    machine: u16,
    wide: bool,
    soname: Option<String>,
    needed: Vec<String>,
    padding: usize,
    read_only: Vec<u8>,
}

impl SharedObject {
    /// For an ABI folder's name. Panics on a name that Android does not know.
    pub fn new(abi: &str) -> SharedObject {
        let (machine, wide) = match abi {
            "armeabi" | "armeabi-v7a" => (40, false),
            "arm64-v8a" => (183, true),
            "x86" => (3, false),
            "x86_64" => (62, true),
            "mips" => (8, false),
            "mips64" => (8, true),
            "riscv64" => (243, true),
            _ => panic!("unknown ABI {abi}"),
        };
        SharedObject { machine, wide, soname: None, needed: vec![], padding: 0, read_only: vec![] }
    }

    /// `DT_SONAME`
    pub fn soname(mut self, name: &str) -> SharedObject {
        self.soname = Some(name.into());
        self
    }

    /// One more `DT_NEEDED`.
    pub fn needed(mut self, name: &str) -> SharedObject {
        self.needed.push(name.into());
        self
    }

    /// Zero bytes before the dynamic section; 70,000 move it beyond the first 64 KiB.
    pub fn padding(mut self, bytes: usize) -> SharedObject {
        self.padding = bytes;
        self
    }

    /// A NUL-terminated string in the first segment, such as a version.
    pub fn string(mut self, text: &str) -> SharedObject {
        self.read_only.extend(text.bytes().chain([0]));
        self
    }

    /// The bytes of the file.
    pub fn build(&self) -> Vec<u8> {
        let (header, program_header) = if self.wide { (64, 56) } else { (52, 32) };
        let headers = header + 3 * program_header;
        let mut first = self.read_only.clone();
        first.resize((headers + first.len() + self.padding).next_multiple_of(16) - headers, 0);
        let offset = (headers + first.len()) as u64;
        let (strings, tags) = self.dynamic(offset);
        let dynamic_size = tags.len() as u64 * if self.wide { 16 } else { 8 };
        let second_size = dynamic_size + strings.len() as u64;

        let mut out = self.header(header as u16, program_header as u16);
        self.program_header(&mut out, 1, 5, 0, 0, offset);
        self.program_header(&mut out, 1, 6, offset, offset + SHIFT, second_size);
        self.program_header(&mut out, 2, 6, offset, offset + SHIFT, dynamic_size);
        out.extend(first);
        tags.iter().flat_map(|(tag, value)| [*tag, *value]).for_each(|word| self.word(&mut out, word));
        out.extend(strings);
        out
    }

    /// The string table, and the dynamic entries that point into it when the section starts at `offset`.
    fn dynamic(&self, offset: u64) -> (Vec<u8>, Vec<(u64, u64)>) {
        let mut strings = vec![0];
        let mut tags = Vec::new();
        let named = self.needed.iter().map(|name| (DT_NEEDED, name)).chain(self.soname.iter().map(|n| (DT_SONAME, n)));
        for (tag, name) in named {
            tags.push((tag, strings.len() as u64));
            strings.extend(name.bytes().chain([0]));
        }
        let entries = tags.len() as u64 + 3;
        tags.push((DT_STRTAB, offset + SHIFT + entries * if self.wide { 16 } else { 8 }));
        tags.push((DT_STRSZ, strings.len() as u64));
        tags.push((0, 0));
        (strings, tags)
    }

    fn header(&self, size: u16, program_header: u16) -> Vec<u8> {
        let mut out = b"\x7fELF".to_vec();
        out.extend([if self.wide { 2 } else { 1 }, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
        out.put_u16(3); // ET_DYN
        out.put_u16(self.machine);
        out.put_u32(1);
        self.word(&mut out, 0); // entry
        self.word(&mut out, u64::from(size)); // program headers
        self.word(&mut out, 0); // section headers: none
        out.put_u32(0);
        // Header sizes and counts: this one, program headers, section headers.
        [size, program_header, 3, 0, 0, 0].into_iter().for_each(|field| out.put_u16(field));
        out
    }

    fn program_header(&self, out: &mut Vec<u8>, kind: u32, flags: u32, offset: u64, address: u64, size: u64) {
        out.put_u32(kind);
        if self.wide {
            out.put_u32(flags);
        }
        [offset, address, address, size, size].into_iter().for_each(|field| self.word(out, field));
        if !self.wide {
            out.put_u32(flags);
        }
        self.word(out, if kind == 1 { 0x1000 } else { 8 });
    }

    /// A number as wide as the class's addresses.
    fn word(&self, out: &mut Vec<u8>, value: u64) {
        if self.wide { out.put_u64(value) } else { out.put_u32(count(value as usize)) }
    }
}
