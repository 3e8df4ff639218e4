//! JSON with the line of every value, so that a problem can name its place.

use serde_json::error::Error;

/// A value and the line it begins on, from 1.
#[derive(Debug)]
pub struct Located {
    pub line: usize,
    pub value: Value,
}

/// A JSON value; keys keep their order and may stand twice.
#[derive(Debug)]
pub enum Value {
    Null,
    Flag,
    Number,
    Text(String),
    List(Vec<Located>),
    Object(Vec<(Located, Located)>),
}

impl Located {
    /// The member of an object.
    pub fn member(&self, key: &str) -> Option<&Located> {
        let Value::Object(members) = &self.value else { return None };
        members.iter().find(|(name, _)| name.text() == key).map(|(_, value)| value)
    }

    /// The content of a string; else nothing.
    pub fn text(&self) -> &str {
        if let Value::Text(text) = &self.value { text } else { "" }
    }

    /// The line of the first string equal to `text` at or below this value.
    pub fn line_of(&self, text: &str) -> Option<usize> {
        match &self.value {
            Value::Text(own) => (own == text).then_some(self.line),
            Value::List(items) => items.iter().find_map(|item| item.line_of(text)),
            Value::Object(members) => members.iter().find_map(|(_, value)| value.line_of(text)),
            Value::Null | Value::Flag | Value::Number => None,
        }
    }
}

/// Reads JSON with line numbers.
///
/// # Errors
/// The syntax error that `serde_json` names; it also bounds the nesting that is read here.
pub fn read(text: &str) -> Result<Located, Error> {
    serde_json::from_str::<serde::de::IgnoredAny>(text)?;
    Reader { text, at: 0, line: 1 }.value().ok_or_else(|| serde::de::Error::custom("not a JSON value"))
}

/// Reads a text that is known to be JSON; where it is not, the answer is `None`.
struct Reader<'a> {
    text: &'a str,
    at: usize,
    line: usize,
}

impl Reader<'_> {
    fn peek(&mut self) -> Option<u8> {
        let bytes = self.text.as_bytes();
        while let Some(byte) = bytes.get(self.at).filter(|byte| byte.is_ascii_whitespace()) {
            self.line += usize::from(*byte == b'\n');
            self.at += 1;
        }
        bytes.get(self.at).copied()
    }

    /// Steps over `byte` where it comes next.
    fn skip(&mut self, byte: u8) -> bool {
        let is_next = self.peek() == Some(byte);
        self.at += usize::from(is_next);
        is_next
    }

    fn value(&mut self) -> Option<Located> {
        let first = self.peek()?;
        let line = self.line;
        let value = match first {
            b'"' => Value::Text(self.string()?),
            b'[' => Value::List(self.list()?),
            b'{' => Value::Object(self.object()?),
            _ => self.word()?,
        };
        Some(Located { line, value })
    }

    fn string(&mut self) -> Option<String> {
        let rest = &self.text.as_bytes()[self.at + 1..];
        let mut escaped = false;
        let length = rest.iter().position(|&byte| {
            let ends = byte == b'"' && !escaped;
            escaped = byte == b'\\' && !escaped;
            ends
        })?;
        let quoted = &self.text[self.at..self.at + length + 2];
        self.at += quoted.len();
        serde_json::from_str(quoted).ok()
    }

    fn word(&mut self) -> Option<Value> {
        let rest = &self.text.as_bytes()[self.at..];
        let is_end = |byte: &u8| matches!(byte, b',' | b']' | b'}') || byte.is_ascii_whitespace();
        let length = rest.iter().position(is_end).unwrap_or(rest.len());
        let word = &self.text[self.at..self.at + length];
        self.at += length;
        Some(match word {
            "null" => Value::Null,
            "true" | "false" => Value::Flag,
            "" => return None,
            _ => Value::Number,
        })
    }

    fn list(&mut self) -> Option<Vec<Located>> {
        self.at += 1;
        let mut items = Vec::new();
        while !self.skip(b']') {
            items.push(self.value()?);
            self.skip(b',');
        }
        Some(items)
    }

    fn object(&mut self) -> Option<Vec<(Located, Located)>> {
        self.at += 1;
        let mut members = Vec::new();
        while !self.skip(b'}') {
            let key = self.value()?;
            self.skip(b':');
            members.push((key, self.value()?));
            self.skip(b',');
        }
        Some(members)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_the_line_of_every_value() {
        let json = read("{\n \"a\": [\n  \"x\\\"\",\n  -1.5e3, null, true],\n\"b\":{\"c\":\"推\"}}").expect("JSON");
        assert_eq!(json.member("a").and_then(|a| a.line_of("x\"")), Some(3));
        assert_eq!(json.line_of("推"), Some(5));
        let Some(Value::List(items)) = json.member("a").map(|a| &a.value) else { panic!("a list") };
        assert!(matches!(
            items[1..],
            [
                Located { line: 4, value: Value::Number },
                Located { value: Value::Null, .. },
                Located { value: Value::Flag, .. },
            ]
        ));
    }

    #[test]
    fn refuses_what_is_no_json() {
        for text in ["", "{", "[1,]", "{\"a\" 1}", "\"a", "nul", &"[".repeat(10_000)] {
            assert!(read(text).is_err(), "{text}");
        }
    }
}
