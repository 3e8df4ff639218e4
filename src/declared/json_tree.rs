//! JSON values with the places where they start.

use super::source::Source;
use super::{JsonProblem, Position};
use crate::lang::Text;

/// A JSON value and where it starts.
pub(super) struct Node {
    pub at: usize,
    pub value: Value,
}

pub(super) enum Value {
    Null,
    Bool(bool),
    Number,
    Text(String),
    List(Vec<Node>),
    Object(Vec<Member>),
}

pub(super) struct Member {
    pub key: String,
    pub key_at: usize,
    pub node: Node,
}

impl Node {
    /// The member of an object.
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.members().iter().find(|member| member.key == key).map(|member| &member.node)
    }

    pub fn members(&self) -> &[Member] {
        if let Value::Object(members) = &self.value { members } else { &[] }
    }

    pub fn items(&self) -> &[Node] {
        if let Value::List(items) = &self.value { items } else { &[] }
    }

    /// Words, none of white space only.
    pub fn words(&self) -> Option<&str> {
        match &self.value {
            Value::Text(text) if !text.trim().is_empty() => Some(text.trim()),
            _ => None,
        }
    }
}

/// serde_json decides whether the text is JSON (and limits its depth); the walk below only adds the places.
pub(super) fn parse(source: &Source) -> Result<Node, JsonProblem> {
    serde_json::from_str::<serde::de::IgnoredAny>(source.text).map_err(|error| {
        let message = error.to_string();
        let message = message.split(" at line ").next().unwrap_or(&message).to_owned();
        let column = column_of_byte(source, error.line(), error.column());
        JsonProblem { at: Position { line: error.line() as u32, column }, message: Text::same(message) }
    })?;
    let mut walk = Walk { text: source.text, at: 0 };
    Ok(walk.value().unwrap_or(Node { at: 0, value: Value::Null }))
}

/// serde_json counts columns in bytes.
fn column_of_byte(source: &Source, line: usize, byte: usize) -> u32 {
    let line = line.checked_sub(1).and_then(|line| source.lines().nth(line));
    let text = line.map(|line| source.slice(&line)).unwrap_or("");
    let end = (0..=byte.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
    text[..end].chars().count().max(1) as u32
}

struct Walk<'a> {
    text: &'a str,
    at: usize,
}

impl Walk<'_> {
    fn peek(&mut self) -> Option<u8> {
        let rest = self.text.as_bytes().get(self.at..)?;
        self.at += rest.iter().take_while(|b| b.is_ascii_whitespace() || **b == b',' || **b == b':').count();
        self.text.as_bytes().get(self.at).copied()
    }

    fn value(&mut self) -> Option<Node> {
        let first = self.peek()?;
        let at = self.at;
        let value = match first {
            b'{' => self.object()?,
            b'[' => self.list()?,
            b'"' => Value::Text(self.string()?),
            b'n' => {
                self.at += "null".len();
                Value::Null
            }
            _ => {
                let rest = self.text.as_bytes().get(at..)?;
                let is_part = |b: &&u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'+' | b'.');
                let length = rest.iter().take_while(is_part).count();
                self.at += length.max(1);
                match rest.get(..length) {
                    Some(b"true") => Value::Bool(true),
                    Some(b"false") => Value::Bool(false),
                    _ => Value::Number,
                }
            }
        };
        Some(Node { at, value })
    }

    fn object(&mut self) -> Option<Value> {
        self.at += 1;
        let mut members = Vec::new();
        while self.peek()? != b'}' {
            let key_at = self.at;
            let key = self.string()?;
            members.push(Member { key, key_at, node: self.value()? });
        }
        self.at += 1;
        Some(Value::Object(members))
    }

    fn list(&mut self) -> Option<Value> {
        self.at += 1;
        let mut items = Vec::new();
        while self.peek()? != b']' {
            items.push(self.value()?);
        }
        self.at += 1;
        Some(Value::List(items))
    }

    fn string(&mut self) -> Option<String> {
        let start = self.at;
        let mut escaped = false;
        let inside = self.text.as_bytes().get(start + 1..)?;
        let length = inside.iter().position(|&b| {
            let ends = b == b'"' && !escaped;
            escaped = b == b'\\' && !escaped;
            ends
        })?;
        self.at = start + length + 2;
        serde_json::from_str(self.text.get(start..self.at)?).ok()
    }
}
