//! Binary XML (AXML) → events. Format: AOSP frameworks/base libs/androidfw/include/androidfw/ResourceTypes.h.
//!
//! Every chunk is `type u16, header size u16, chunk size u32, …`. Names are indices into the string pool; an attribute's
//! framework id comes from the resource map at the same index as its name, and is trusted before the name.

use super::bytes::{u16_at, u32_at};
use super::strings::{STRING_POOL, StringPool};
use super::xml::{Attribute, Element, Event, Tally, Value};
use crate::error::Error;
use crate::lang::Text;

const XML: u16 = 0x0003;
const RESOURCE_MAP: u16 = 0x0180;
const START_ELEMENT: u16 = 0x0102;
const END_ELEMENT: u16 = 0x0103;
/// Node chunks carry line number and comment before their body.
const NODE_HEADER: usize = 16;
/// Smallest attribute record.
const ATTRIBUTE_SIZE: usize = 20;
const NO_STRING: u32 = u32::MAX;

/// Reads a whole binary XML document.
///
/// # Errors
/// When it is no binary XML, or ends inside a chunk: half a manifest is no manifest.
pub fn read(bytes: &[u8]) -> Result<Vec<Event>, Error> {
    let header = u16_at(bytes, 2).map(usize::from).filter(|header| *header >= 8).ok_or_else(not_xml)?;
    // Android does not look at the outermost type (ResXMLTree::setTo), and packers falsify it; then the string pool must follow.
    if u16_at(bytes, 0) != Some(XML) && u16_at(bytes, header) != Some(STRING_POOL) {
        return Err(not_xml());
    }
    let mut reader =
        Reader { pool: StringPool::default(), map: &[], events: Vec::new(), depth: 0, tally: Tally::default() };
    let declared = u32_at(bytes, 4).unwrap_or(0) as usize;
    let mut at = header;
    while at + 8 <= bytes.len() && at < declared {
        let size = u32_at(bytes, at + 4).unwrap_or(0) as usize;
        let kind = u16_at(bytes, at).unwrap_or(0);
        if size < 8 {
            return Err(broken(kind, at));
        }
        let Some(chunk) = bytes.get(at..at.saturating_add(size)) else {
            return Err(ends_inside(kind, at, size, bytes.len() - at));
        };
        reader.chunk(kind, chunk, at)?;
        reader.tally.check()?;
        at += size;
    }
    if reader.depth > 0 || reader.events.is_empty() {
        return Err(ends_inside(END_ELEMENT, at, declared.saturating_sub(at).max(8), bytes.len().saturating_sub(at)));
    }
    Ok(reader.events)
}

struct Reader<'a> {
    pool: StringPool<'a>,
    map: &'a [u8],
    events: Vec<Event>,
    depth: usize,
    tally: Tally,
}

impl<'a> Reader<'a> {
    fn chunk(&mut self, kind: u16, chunk: &'a [u8], at: usize) -> Result<(), Error> {
        match kind {
            STRING_POOL => self.pool = StringPool::new(chunk).ok_or_else(|| broken(kind, at))?,
            RESOURCE_MAP => {
                let header = usize::from(u16_at(chunk, 2).unwrap_or(8));
                self.map = chunk.get(header..).unwrap_or_default();
            }
            START_ELEMENT => {
                let element = self.element(chunk).ok_or_else(|| broken(kind, at))?;
                self.events.push(Event::Start(element));
                self.depth += 1;
            }
            // A stray end, which some packers add, closes nothing.
            END_ELEMENT if self.depth > 0 => {
                self.events.push(Event::End);
                self.depth -= 1;
            }
            // Namespaces, text and unknown chunks carry nothing that is read here.
            _ => {}
        }
        Ok(())
    }

    fn element(&self, chunk: &[u8]) -> Option<Element> {
        // The header size is the offset of the body; some packers falsify it, so it is never taken below its real size.
        let body = chunk.get(usize::from(u16_at(chunk, 2)?).max(NODE_HEADER)..)?;
        let name = self.string(u32_at(body, 4)?).unwrap_or_default();
        let start = usize::from(u16_at(body, 8)?);
        let size = usize::from(u16_at(body, 10)?).max(ATTRIBUTE_SIZE);
        let count = usize::from(u16_at(body, 12)?);
        let records = body.get(start..)?;
        let attributes: Option<Vec<Attribute>> =
            (0..count).map(|number| self.attribute(records.get(number * size..)?)).collect();
        let attributes = attributes?;
        self.tally.element();
        self.tally.attributes(attributes.len());
        Some(Element { name: local_name(&name), attributes })
    }

    /// A string of the pool; none where more text was asked for than one document may hold, which ends the reading.
    fn string(&self, index: u32) -> Option<String> {
        let text = if self.tally.has_room() { self.pool.get(index) } else { None };
        self.tally.text(text.as_ref().map_or(0, String::len));
        text
    }

    fn attribute(&self, record: &[u8]) -> Option<Attribute> {
        let name = u32_at(record, 4)?;
        let raw = u32_at(record, 8)?;
        let (kind, data) = (*record.get(15)?, u32_at(record, 16)?);
        let resource_id = u32_at(self.map, (name as usize).checked_mul(4)?).filter(|id| *id != 0);
        let value = match kind {
            0x03 => Value::String(self.string(data).or_else(|| self.string(raw)).unwrap_or_default()),
            0x01 => Value::Reference(data),
            0x10 | 0x11 => Value::Int(i64::from(data as i32)),
            0x12 => Value::Bool(data != 0),
            _ if raw != NO_STRING => Value::String(self.string(raw).unwrap_or_default()),
            other => Value::Other(other, data),
        };
        Some(Attribute { name: local_name(&self.string(name).unwrap_or_default()), resource_id, value })
    }
}

/// Some builders leave the prefix in the name itself.
fn local_name(name: &str) -> String {
    name.rsplit(':').next().unwrap_or_default().to_owned()
}

fn chunk_name(kind: u16) -> (&'static str, &'static str) {
    match kind {
        STRING_POOL => ("the string pool", "字符串池"),
        RESOURCE_MAP => ("the resource map", "资源映射表"),
        START_ELEMENT => ("an element", "元素"),
        _ => ("the document", "文档"),
    }
}

fn not_xml() -> Error {
    Error::new(
        Text::new("is neither binary nor text XML", "既不是二进制 XML 也不是文本 XML"),
        Text::new(
            "the manifest is encrypted, damaged or made to mislead tools",
            "清单文件可能被加密、损坏或被蓄意构造",
        ),
    )
    .at(0)
}

fn broken(kind: u16, at: usize) -> Error {
    let (en, zh) = chunk_name(kind);
    Error::new(
        Text::new(format!("is broken in {en}"), format!("的{zh}已损坏")),
        Text::new("the file may be damaged; build or download it again", "文件可能已损坏；请重新构建或下载"),
    )
    .at(at as u64)
}

fn ends_inside(kind: u16, at: usize, needs: usize, left: usize) -> Error {
    let (en, zh) = chunk_name(kind);
    Error::new(
        Text::new(
            format!("ends inside {en} (needs {needs} bytes, {left} left)"),
            format!("在{zh}内部中断（需要 {needs} 字节，仅剩 {left} 字节）"),
        ),
        Text::new(
            "the file may be truncated; compare its size and checksum with the build output",
            "文件可能被截断；请与构建产物比对大小和校验值",
        ),
    )
    .at(at as u64)
}
