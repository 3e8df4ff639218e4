//! A zip writer that can lie: every field of local and central headers and of the end record may be replaced.
//! Without replacements it writes ordinary archives. Format: PKWARE APPNOTE.TXT, sections 4.3 and 4.4.

use super::bytes::{PutLe, count, short};

pub const STORED: u16 = 0;
pub const DEFLATED: u16 = 8;
/// General purpose flag bit 0.
pub const ENCRYPTED: u16 = 0x1;
/// General purpose flag bit 3: sizes and CRC follow the data.
const DESCRIPTOR: u16 = 0x8;
/// General purpose flag bit 11: the name is UTF-8.
const UTF8: u16 = 0x800;
/// 1981-01-01 in MS-DOS form, what reproducible builds write.
const DATE: u16 = 0x0221;

/// Replacements for one header of an entry; `None` keeps the true value.
#[derive(Clone, Debug, Default)]
pub struct Lies {
    pub name: Option<Vec<u8>>,
    pub method: Option<u16>,
    pub flags: Option<u16>,
    pub crc: Option<u32>,
    pub compressed_size: Option<u32>,
    pub size: Option<u32>,
    /// Length of the name field, when it shall differ from the name's length.
    pub name_length: Option<u16>,
    pub extra: Option<Vec<u8>>,
    /// Where the central header says that the local header lies. Ignored in local headers.
    pub offset: Option<u32>,
}

/// One entry. The same name may be added twice.
#[derive(Clone, Debug)]
pub struct Entry {
    pub name: Vec<u8>,
    pub data: Vec<u8>,
    pub method: u16,
    /// Stored bytes when they shall not be what `method` makes of `data`; size and CRC still speak of `data`.
    pub packed: Option<Vec<u8>>,
    /// Sizes and CRC in a data descriptor (with signature), zero in the local header.
    pub descriptor: bool,
    /// Aligns the data of a stored entry to this many bytes, as zipalign does.
    pub align: usize,
    pub local: Lies,
    pub central: Lies,
    /// Leaves the entry out of the central directory: Android does not see it, a scan of local headers does.
    pub hidden: bool,
}

impl Entry {
    /// A deflated entry.
    pub fn new(name: &str, data: impl Into<Vec<u8>>) -> Entry {
        Entry {
            name: name.into(),
            data: data.into(),
            method: DEFLATED,
            packed: None,
            descriptor: false,
            align: 1,
            local: Lies::default(),
            central: Lies::default(),
            hidden: false,
        }
    }

    pub fn stored(mut self) -> Entry {
        self.method = STORED;
        self
    }

    /// Applies the same change to local and central header.
    pub fn lie(mut self, change: impl Fn(&mut Lies)) -> Entry {
        change(&mut self.local);
        change(&mut self.central);
        self
    }

    /// Sets the encryption bit of a plain entry in both headers.
    pub fn encryption_bit(self) -> Entry {
        self.lie(|header| header.flags = Some(UTF8 | ENCRYPTED))
    }

    /// Names a compression method in both headers that the data does not have.
    pub fn claimed_method(self, method: u16) -> Entry {
        self.lie(|header| header.method = Some(method))
    }

    fn packed(&self) -> Vec<u8> {
        match (&self.packed, self.method) {
            (Some(bytes), _) => bytes.clone(),
            (None, DEFLATED) => deflate(&self.data),
            (None, _) => self.data.clone(),
        }
    }

    /// Flags, method, time, date, CRC, sizes and lengths: the part that both headers share.
    fn header(&self, lies: &Lies, packed: usize, extra: usize, blank: bool) -> Vec<u8> {
        let name = lies.name.as_ref().unwrap_or(&self.name);
        let truth = |value: u32| if blank { 0 } else { value };
        let mut out = Vec::new();
        out.put_u16(lies.flags.unwrap_or(if self.descriptor { UTF8 | DESCRIPTOR } else { UTF8 }));
        out.put_u16(lies.method.unwrap_or(self.method));
        out.put_u16(0);
        out.put_u16(DATE);
        out.put_u32(lies.crc.unwrap_or(truth(libdeflater::crc32(&self.data))));
        out.put_u32(lies.compressed_size.unwrap_or(truth(count(packed))));
        out.put_u32(lies.size.unwrap_or(truth(count(self.data.len()))));
        out.put_u16(lies.name_length.unwrap_or(short(name.len())));
        out.put_u16(short(extra));
        out
    }

    fn write_local(&self, out: &mut Vec<u8>, packed: &[u8]) {
        let name = self.local.name.as_ref().unwrap_or(&self.name);
        let start = out.len() + 30 + name.len();
        let padding = if self.method == STORED { start.next_multiple_of(self.align.max(1)) - start } else { 0 };
        let extra = self.local.extra.clone().unwrap_or(vec![0; padding]);
        out.extend(b"PK\x03\x04");
        out.put_u16(20);
        out.extend(self.header(&self.local, packed.len(), extra.len(), self.descriptor));
        out.extend(name);
        out.extend(extra);
        out.extend(packed);
        if self.descriptor {
            out.extend(b"PK\x07\x08");
            out.put_u32(libdeflater::crc32(&self.data));
            out.put_u32(count(packed.len()));
            out.put_u32(count(self.data.len()));
        }
    }

    fn write_central(&self, out: &mut Vec<u8>, packed: usize, offset: u32) {
        let extra = self.central.extra.as_deref().unwrap_or_default();
        out.extend(b"PK\x01\x02");
        out.put_u16(20);
        out.put_u16(20);
        out.extend(self.header(&self.central, packed, extra.len(), false));
        out.extend([0; 10]); // comment length, disk, internal and external attributes
        out.put_u32(self.central.offset.unwrap_or(offset));
        out.extend(self.central.name.as_ref().unwrap_or(&self.name));
        out.extend(extra);
    }
}

/// Replacements in the end record.
#[derive(Clone, Debug, Default)]
pub struct EndLies {
    pub entries: Option<u16>,
    pub directory_size: Option<u32>,
    pub directory_offset: Option<u32>,
    /// Length of the comment field, when it shall differ from the comment's length.
    pub comment_length: Option<u16>,
}

/// An archive to be.
#[derive(Clone, Debug, Default)]
pub struct Zip {
    pub entries: Vec<Entry>,
    /// Bytes before the first entry; all offsets count them (Janus: a whole dex file).
    pub before: Vec<u8>,
    /// Bytes between the entries and the central directory: the place of the APK signing block.
    pub before_directory: Vec<u8>,
    pub comment: Vec<u8>,
    /// Bytes after the end record, which no field speaks of.
    pub after: Vec<u8>,
    /// Writes a zip64 end record and locator, and 0xffff… in the ordinary end record.
    pub zip64: bool,
    pub end: EndLies,
}

impl Zip {
    pub fn new() -> Zip {
        Zip::default()
    }

    pub fn entry(mut self, entry: Entry) -> Zip {
        self.entries.push(entry);
        self
    }

    /// Adds a deflated entry.
    pub fn file(self, name: &str, data: impl Into<Vec<u8>>) -> Zip {
        self.entry(Entry::new(name, data))
    }

    /// The last entry with this name, to change it. Panics when there is none.
    pub fn entry_mut(&mut self, name: &str) -> &mut Entry {
        let found = self.entries.iter_mut().rev().find(|entry| entry.name == name.as_bytes());
        found.unwrap_or_else(|| panic!("no entry {name}"))
    }

    /// The bytes of the archive.
    pub fn build(&self) -> Vec<u8> {
        let (mut out, mut directory, mut listed) = (self.before.clone(), Vec::new(), 0);
        for entry in &self.entries {
            let (packed, offset) = (entry.packed(), out.pos());
            entry.write_local(&mut out, &packed);
            if !entry.hidden {
                entry.write_central(&mut directory, packed.len(), offset);
                listed += 1;
            }
        }
        out.extend(&self.before_directory);
        let start = out.pos();
        out.extend(&directory);
        if self.zip64 {
            write_zip64(&mut out, listed, directory.pos(), start);
        }
        let truth = |value: u32| if self.zip64 { u32::MAX } else { value };
        let entries = self.end.entries.unwrap_or(if self.zip64 { u16::MAX } else { short(listed) });
        out.extend(b"PK\x05\x06\0\0\0\0");
        out.put_u16(entries);
        out.put_u16(entries);
        out.put_u32(self.end.directory_size.unwrap_or(truth(directory.pos())));
        out.put_u32(self.end.directory_offset.unwrap_or(truth(start)));
        out.put_u16(self.end.comment_length.unwrap_or(short(self.comment.len())));
        out.extend(&self.comment);
        out.extend(&self.after);
        out
    }
}

fn write_zip64(out: &mut Vec<u8>, entries: usize, size: u32, start: u32) {
    let record = u64::from(out.pos());
    out.extend(b"PK\x06\x06");
    out.put_u64(44); // size of what follows
    out.put_u16(45);
    out.put_u16(45);
    out.put_u64(0); // disks
    out.put_u64(entries as u64);
    out.put_u64(entries as u64);
    out.put_u64(u64::from(size));
    out.put_u64(u64::from(start));
    out.extend(b"PK\x06\x07\0\0\0\0");
    out.put_u64(record);
    out.put_u32(1);
}

/// Raw deflate at the usual level.
pub fn deflate(data: &[u8]) -> Vec<u8> {
    let mut compressor = libdeflater::Compressor::new(libdeflater::CompressionLvl::default());
    let mut out = vec![0; compressor.deflate_compress_bound(data.len())];
    let length = compressor.deflate_compress(data, &mut out).expect("the bound is enough");
    out.truncate(length);
    out
}

/// Keeps the first `numerator / denominator` of a file.
pub fn truncated(bytes: &[u8], numerator: usize, denominator: usize) -> Vec<u8> {
    bytes[..bytes.len() * numerator / denominator].to_vec()
}

/// Puts bytes before a finished file without mending any offset.
pub fn prepended(bytes: &[u8], garbage: &[u8]) -> Vec<u8> {
    [garbage, bytes].concat()
}
