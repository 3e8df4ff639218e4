//! The few instructions that fixtures need, and payloads whose content looks like instructions.

use super::ids::{FieldRef, Ids, MethodRef, descriptor};
use crate::support::bytes::short;

/// The five kinds of call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Invoke {
    Virtual,
    Super,
    Direct,
    Static,
    Interface,
}

/// An argument that [`Method::call`](super::Method::call) loads first.
#[derive(Clone, Copy, Debug)]
pub enum Arg<'a> {
    /// `const-string`
    Str(&'a str),
    /// `const`; 0 also stands for null.
    Int(i32),
}

impl Arg<'_> {
    pub(super) fn load(self, register: u8) -> Op {
        match self {
            Arg::Str(text) => Op::ConstString(register, text.into()),
            Arg::Int(value) => Op::Const(register, value),
        }
    }
}

/// The three data tables that stand between instructions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Payload {
    /// 0x0100
    PackedSwitch,
    /// 0x0200
    SparseSwitch,
    /// 0x0300
    FillArrayData,
}

/// One instruction; the first number is the destination register.
#[derive(Clone, Debug)]
pub enum Op {
    ConstString(u8, String),
    ConstStringJumbo(u8, String),
    Const(u8, i32),
    ConstClass(u8, String),
    NewInstance(u8, String),
    /// Copies an object register; both numbers below 16.
    MoveObject(u8, u8),
    SgetObject(u8, FieldRef),
    /// At most five registers, each below 16.
    Invoke(Invoke, MethodRef, Vec<u8>),
    /// First register and number of registers.
    InvokeRange(Invoke, MethodRef, u16, u8),
    MoveResultObject(u8),
    ReturnVoid,
    ReturnObject(u8),
    /// A payload table whose data are these instructions' code units; they never run. The table's user and a jump over it stand before.
    Decoy(Payload, Vec<Op>),
    /// Code units as given.
    Raw(Vec<u16>),
}

impl Op {
    /// Appends the code units. `out` starts at the method's first unit, for payloads are aligned to two units.
    pub(super) fn encode(&self, ids: &Ids, out: &mut Vec<u16>) {
        let with = |opcode: u16, high: u8| opcode | u16::from(high) << 8;
        match self {
            Op::ConstString(to, text) => out.extend([with(0x1a, *to), short(ids.strings.at(text) as usize)]),
            Op::ConstStringJumbo(to, text) => out.extend(wide(with(0x1b, *to), ids.strings.at(text))),
            Op::Const(to, value) => out.extend(wide(with(0x14, *to), value.cast_unsigned())),
            Op::ConstClass(to, name) => out.extend([with(0x1c, *to), type_index(ids, name)]),
            Op::NewInstance(to, name) => out.extend([with(0x22, *to), type_index(ids, name)]),
            Op::MoveObject(to, from) => out.push(with(0x07, nibbles(*to, *from))),
            Op::SgetObject(to, field) => out.extend([with(0x62, *to), short(ids.fields.at(field) as usize)]),
            Op::Invoke(kind, method, registers) => {
                let at = |index: usize| registers.get(index).copied().unwrap_or(0);
                assert!(registers.len() <= 5, "invoke takes at most five registers");
                out.push(with(0x6e + *kind as u16, nibbles(at(4), registers.len() as u8)));
                out.push(short(ids.methods.at(method) as usize));
                out.push(u16::from_le_bytes([nibbles(at(0), at(1)), nibbles(at(2), at(3))]));
            }
            Op::InvokeRange(kind, method, first, count) => {
                out.extend([with(0x74 + *kind as u16, *count), short(ids.methods.at(method) as usize), *first]);
            }
            Op::MoveResultObject(to) => out.push(with(0x0c, *to)),
            Op::ReturnVoid => out.push(0x0e),
            Op::ReturnObject(from) => out.push(with(0x11, *from)),
            Op::Decoy(payload, inner) => decoy(*payload, inner, ids, out),
            Op::Raw(units) => out.extend(units),
        }
    }

    /// Outgoing argument registers that the frame must reserve.
    pub(super) fn outs(&self) -> u16 {
        match self {
            Op::Invoke(_, _, registers) => short(registers.len()),
            Op::InvokeRange(_, _, _, count) => u16::from(*count),
            _ => 0,
        }
    }
}

/// Low nibble first.
fn nibbles(low: u8, high: u8) -> u8 {
    assert!(low < 16 && high < 16, "register above v15 needs a range instruction");
    low | high << 4
}

fn wide(first: u16, word: u32) -> [u16; 3] {
    [first, (word & 0xffff) as u16, (word >> 16) as u16]
}

fn type_index(ids: &Ids, name: &str) -> u16 {
    short(ids.types.at(&descriptor(name)) as usize)
}

/// `fill-array-data v0, table; goto past; [nop;] table; past:`
fn decoy(payload: Payload, inner: &[Op], ids: &Ids, out: &mut Vec<u16>) {
    let mut data = Vec::new();
    inner.iter().for_each(|op| op.encode(ids, &mut data));
    let (opcode, table) = match payload {
        Payload::FillArrayData => {
            let size = wide(2, data.len() as u32);
            (0x26, [&[0x0300], &size[..], &data[..]].concat())
        }
        Payload::PackedSwitch => {
            data.resize(data.len().next_multiple_of(2), 0);
            (0x2b, [&[0x0100, short(data.len() / 2), 0, 0], &data[..]].concat())
        }
        Payload::SparseSwitch => {
            data.resize(data.len().next_multiple_of(4), 0);
            (0x2c, [&[0x0200, short(data.len() / 4)], &data[..]].concat())
        }
    };
    let start = out.len();
    let table_at = (start + 5).next_multiple_of(2);
    out.extend(wide(opcode, (table_at - start) as u32));
    out.extend([0x29, short(table_at + table.len() - (start + 3))]);
    out.resize(table_at, 0);
    out.extend(table);
}
