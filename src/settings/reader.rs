//! TOML or JSON as one tree with line numbers, and the checks that both files share.

use crate::error::Error;
use crate::lang::Text;
use crate::located::{self, Located, Value};
use crate::nearest::nearest;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// Largest settings file in bytes.
const MAX_BYTES: usize = 4 << 20;

/// Mistakes of one file, in the order in which they are found.
pub struct Reader {
    problems: Vec<(usize, Text)>,
}

impl Reader {
    /// Takes the tree of a file and what builds a value from it; the value stands only where nothing is wrong.
    ///
    /// # Errors
    /// What cannot be parsed, or every mistake that `build` has found.
    pub fn read<T>(name: &str, text: &str, build: impl FnOnce(&mut Reader, &Located) -> T) -> Result<T, Error> {
        let tree = parse(name, text).map_err(|error| error.in_input(name))?;
        let mut reader = Reader { problems: Vec::new() };
        let value = build(&mut reader, &tree);
        if reader.problems.is_empty() { Ok(value) } else { Err(reader.into_error(name)) }
    }

    /// Notes a mistake.
    pub fn problem(&mut self, line: usize, message: Text) {
        self.problems.push((line, message));
    }

    fn into_error(mut self, name: &str) -> Error {
        self.problems.sort_by_key(|(line, _)| *line);
        let count = self.problems.len();
        let message = match count {
            1 => Text::new("it holds a mistake", "其中有 1 处错误"),
            _ => Text::new(format!("it holds {count} mistakes"), format!("其中有 {count} 处错误")),
        };
        let details = self.problems.into_iter().map(|(line, text)| {
            Text::new(format!("{name}:{line}: {}", text.en), format!("{name}:{line}：{}", text.zh))
        });
        let help = Text::new("correct the file; nothing was audited", "请更正该文件；尚未进行审计");
        Error::new(message, help).in_input(name).with_details(details.collect())
    }

    /// The members of a table whose keys are all known and stand once; an unknown key is a mistake that names the nearest one.
    pub fn members<'t>(&mut self, table: &'t Located, keys: &[&str]) -> Vec<(&'t str, &'t Located)> {
        let Value::Object(members) = &table.value else {
            self.problem(table.line, Text::new("a table is expected here", "此处应为表"));
            return Vec::new();
        };
        let mut found: Vec<(&str, &Located)> = Vec::new();
        for (key, value) in members {
            let name = key.text();
            if !keys.contains(&name) {
                self.problem(key.line, unknown("key", "键", name, keys.iter().copied()));
            } else if found.iter().any(|(other, _)| *other == name) {
                self.problem(key.line, Text::new(format!("the key '{name}' stands twice"), format!("键“{name}”重复")));
            } else {
                found.push((name, value));
            }
        }
        found
    }

    /// A string that says something.
    pub fn texts<'t>(&mut self, key: &str, value: &'t Located) -> Vec<&'t str> {
        let Value::List(items) = &value.value else { return self.text(key, value).into_iter().collect() };
        let mut texts = Vec::new();
        for item in items {
            match &item.value {
                Value::Text(text) if !text.trim().is_empty() => texts.push(text.trim()),
                _ => self.problem(
                    item.line,
                    Text::new(
                        format!("'{key}' must be a string or a list of strings"),
                        format!("“{key}”应为字符串或字符串列表"),
                    ),
                ),
            }
        }
        texts
    }

    /// A text that is not empty.
    pub fn text<'t>(&mut self, key: &str, value: &'t Located) -> Option<&'t str> {
        match &value.value {
            Value::Text(text) if !text.trim().is_empty() => Some(text.trim()),
            Value::Text(_) => {
                self.problem(value.line, Text::new(format!("'{key}' is empty"), format!("“{key}”为空")));
                None
            }
            _ => {
                let message = Text::new(format!("'{key}' must be a string"), format!("“{key}”应为字符串"));
                self.problem(value.line, message);
                None
            }
        }
    }

    /// One of several words.
    pub fn word<T>(
        &mut self,
        key: &str,
        value: &Located,
        from: impl Fn(&str) -> Option<T>,
        words: &[&str],
    ) -> Option<T> {
        let text = self.text(key, value)?;
        let found = from(text);
        if found.is_none() {
            let near = near_or_all(text, words);
            self.problem(
                value.line,
                Text::new(
                    format!("'{key}' cannot be '{text}'{}", near.en),
                    format!("“{key}”不能为“{text}”{}", near.zh),
                ),
            );
        }
        found
    }
}

/// `no key named 'x'; did you mean 'y'?`
pub fn unknown<'n>(kind_en: &str, kind_zh: &str, name: &str, names: impl Iterator<Item = &'n str>) -> Text {
    let names: Vec<&str> = names.collect();
    let near = near_or_all(name, &names);
    Text::new(format!("no {kind_en} is named '{name}'{}", near.en), format!("没有名为“{name}”的{kind_zh}{}", near.zh))
}

fn near_or_all(name: &str, names: &[&str]) -> Text {
    const FEW: usize = 12;
    match nearest(name, names.iter().copied()) {
        Some(near) => Text::new(format!("; did you mean '{near}'?"), format!("；是否应为“{near}”？")),
        None if names.len() <= FEW => {
            let all = names.join(", ");
            Text::new(format!("; known are {all}"), format!("；可用的有 {all}"))
        }
        None => Text::default(),
    }
}

fn parse(name: &str, text: &str) -> Result<Located, Error> {
    if text.len() > MAX_BYTES {
        return Err(Error::new(
            Text::new("it is larger than 4 MiB", "文件大于 4 MiB"),
            Text::new("give a file of settings", "请提供设置文件"),
        ));
    }
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let is_json = name.to_ascii_lowercase().ends_with(".json") || text.trim_start().starts_with('{');
    let syntax = |line: usize, what: String| {
        let what = what.trim_end().to_owned();
        let what_zh = if what.starts_with("invalid date") {
            "日期无效（应为实际存在的日期，如 2026-12-31）".to_owned()
        } else {
            // The parsers speak English only; the line says where, their words stay as a quotation.
            format!("语法错误（解析器原文：{what}）")
        };
        Error::new(
            Text::new(format!("line {line}: {what}"), format!("第 {line} 行：{what_zh}")),
            Text::new("correct the file; nothing was audited", "请更正该文件；尚未进行审计"),
        )
    };
    if is_json {
        return located::read(text).map_err(|error| syntax(error.line(), error.to_string()).because(error));
    }
    let lines = Lines::new(text);
    let table = DeTable::parse(text).map_err(|error| {
        let at = error.span().map_or(0, |span| span.start);
        syntax(lines.line(at), error.message().to_owned()).because(error)
    })?;
    let line = lines.line(table.span().start);
    Ok(lines.table(line, table.get_ref()))
}

struct Lines {
    starts: Vec<usize>,
}

impl Lines {
    fn new(text: &str) -> Lines {
        let breaks = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| at + 1);
        Lines { starts: std::iter::once(0).chain(breaks).collect() }
    }

    fn line(&self, at: usize) -> usize {
        self.starts.partition_point(|start| *start <= at)
    }

    fn value(&self, value: &Spanned<DeValue<'_>>) -> Located {
        let line = self.line(value.span().start);
        let value = match value.get_ref() {
            DeValue::String(text) => Value::Text(text.to_string()),
            DeValue::Datetime(date) => Value::Text(date.to_string()),
            DeValue::Boolean(_) => Value::Flag,
            DeValue::Integer(_) | DeValue::Float(_) => Value::Number,
            DeValue::Array(items) => Value::List(items.iter().map(|item| self.value(item)).collect()),
            DeValue::Table(table) => return self.table(line, table),
        };
        Located { line, value }
    }

    fn table(&self, line: usize, table: &DeTable<'_>) -> Located {
        let members = table.iter().map(|(key, value)| {
            let line = self.line(key.span().start);
            (Located { line, value: Value::Text(key.get_ref().to_string()) }, self.value(value))
        });
        Located { line, value: Value::Object(members.collect()) }
    }
}
