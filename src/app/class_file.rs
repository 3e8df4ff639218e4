//! Java class files, as JAR and AAR archives hold them: name, superclass, methods, and what the constant pool names.
//!
//! Format: The Java Virtual Machine Specification, chapter 4 "The class File Format". All numbers are big-endian. The pool of a class
//! lists every class, field, method and string constant that its code names, so nothing has to be decoded to tell what a class refers
//! to; in which of its methods, and how often, stays open.

const MAGIC: u32 = 0xCAFE_BABE;

const UTF8: u8 = 1;
const CLASS: u8 = 7;
const STRING: u8 = 8;
const FIELD: u8 = 9;
const METHOD: u8 = 10;
const INTERFACE_METHOD: u8 = 11;

const ACC_STATIC: u16 = 0x0008;

/// A class file.
pub struct ClassFile<'a> {
    bytes: &'a [u8],
    /// Where each constant begins, by its index; 0 where there is none.
    pool: Vec<u32>,
    /// Name with slashes.
    pub name: &'a [u8],
    /// Name of its superclass; empty for `java/lang/Object`.
    pub superclass: &'a [u8],
    /// Where its interfaces are listed.
    interfaces: usize,
}

/// A field or method that a class names or defines.
pub struct Member<'a> {
    /// Class with slashes.
    pub class: &'a [u8],
    /// Its name.
    pub name: &'a [u8],
    /// Whether it is a method.
    pub is_method: bool,
}

impl<'a> ClassFile<'a> {
    /// Reads the pool and the head of a class file; `None` where it is none, or is cut.
    pub fn new(bytes: &'a [u8]) -> Option<ClassFile<'a>> {
        if number(bytes, 0)? != MAGIC {
            return None;
        }
        let count = usize::from(short(bytes, 8)?);
        let (mut pool, mut at) = (vec![0], 10);
        while pool.len() < count {
            pool.push(u32::try_from(at).ok()?);
            let tag = *bytes.get(at)?;
            at += 1 + match tag {
                UTF8 => 2 + usize::from(short(bytes, at + 1)?),
                CLASS | STRING | 16 | 19 | 20 => 2,
                15 => 3,
                3 | 4 | FIELD | METHOD | INTERFACE_METHOD | 12 | 17 | 18 => 4,
                5 | 6 => 8,
                _ => return None,
            };
            // A number of eight bytes takes two places.
            if matches!(tag, 5 | 6) {
                pool.push(0);
            }
        }
        let file = ClassFile { bytes, pool, name: &[], superclass: &[], interfaces: at + 6 };
        let name = file.class_at(usize::from(short(bytes, at + 2)?))?;
        let superclass = file.class_at(usize::from(short(bytes, at + 4)?)).unwrap_or_default();
        Some(ClassFile { name, superclass, ..file })
    }

    fn constant(&self, index: usize, tag: u8) -> Option<usize> {
        let at = *self.pool.get(index).filter(|at| **at != 0)? as usize;
        (*self.bytes.get(at)? == tag).then_some(at + 1)
    }

    /// A name or string, modified UTF-8.
    fn text(&self, index: usize) -> Option<&'a [u8]> {
        let at = self.constant(index, UTF8)?;
        self.bytes.get(at + 2..at + 2 + usize::from(short(self.bytes, at)?))
    }

    fn text_of(&self, index: usize, tag: u8) -> Option<&'a [u8]> {
        self.text(usize::from(short(self.bytes, self.constant(index, tag)?)?))
    }

    /// A class by its name with slashes; of an array, the class of its elements.
    fn class_at(&self, index: usize) -> Option<&'a [u8]> {
        let name = self.text_of(index, CLASS)?;
        match name.iter().position(|byte| *byte != b'[')? {
            0 => Some(name),
            // An array's name is a descriptor; arrays of numbers name no class.
            dimensions => name[dimensions..].strip_prefix(b"L")?.strip_suffix(b";"),
        }
    }

    /// Every class that it names.
    pub fn classes(&self) -> impl Iterator<Item = &'a [u8]> {
        (1..self.pool.len()).filter_map(|index| self.class_at(index))
    }

    /// Every string constant.
    pub fn strings(&self) -> impl Iterator<Item = &'a [u8]> {
        (1..self.pool.len()).filter_map(|index| self.text_of(index, STRING))
    }

    /// Every field and method that it names.
    pub fn members(&self) -> impl Iterator<Item = Member<'a>> {
        (1..self.pool.len()).filter_map(|index| self.member(index))
    }

    fn member(&self, index: usize) -> Option<Member<'a>> {
        let (at, is_method) = match self.constant(index, FIELD) {
            Some(at) => (at, false),
            None => (self.constant(index, METHOD).or_else(|| self.constant(index, INTERFACE_METHOD))?, true),
        };
        let class = self.class_at(usize::from(short(self.bytes, at)?))?;
        let name_and_type = self.constant(usize::from(short(self.bytes, at + 2)?), 12)?;
        Some(Member { class, name: self.text(usize::from(short(self.bytes, name_and_type)?))?, is_method })
    }

    /// Names of the methods that it defines, and its static fields with a string constant: (name, value). `None` where the file is cut.
    pub fn defined(&self) -> Option<Defined<'a>> {
        let mut at = self.interfaces + 2 + 2 * usize::from(short(self.bytes, self.interfaces)?);
        let mut defined = Defined::default();
        for is_method in [false, true] {
            let count = short(self.bytes, at)?;
            at += 2;
            for _ in 0..count {
                let name = self.text(usize::from(short(self.bytes, at + 2)?))?;
                let is_static = short(self.bytes, at)? & ACC_STATIC != 0;
                let value = self.attributes(at + 6, &mut at)?;
                if is_method {
                    defined.methods.push(name);
                } else if let Some(value) = value.filter(|_| is_static) {
                    defined.constants.push((name, value));
                }
            }
        }
        Some(defined)
    }

    /// Passes over attributes; tells the string of a `ConstantValue`.
    fn attributes(&self, mut at: usize, end: &mut usize) -> Option<Option<&'a [u8]>> {
        let (count, mut value) = (short(self.bytes, at)?, None);
        at += 2;
        for _ in 0..count {
            let name = usize::from(short(self.bytes, at)?);
            let length = number(self.bytes, at + 2)? as usize;
            if length == 2 && self.text(name) == Some(b"ConstantValue") {
                value = self.text_of(usize::from(short(self.bytes, at + 6)?), STRING);
            }
            at = at.checked_add(6)?.checked_add(length).filter(|at| *at <= self.bytes.len())?;
        }
        *end = at;
        Some(value)
    }
}

/// What a class defines.
#[derive(Default)]
pub struct Defined<'a> {
    /// Names of methods.
    pub methods: Vec<&'a [u8]>,
    /// Static fields with a string constant, and that constant.
    pub constants: Vec<(&'a [u8], &'a [u8])>,
}

fn short(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_be_bytes(bytes.get(at..at.checked_add(2)?)?.try_into().ok()?))
}

fn number(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_be_bytes(bytes.get(at..at.checked_add(4)?)?.try_into().ok()?))
}
