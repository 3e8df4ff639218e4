//! The list of apps that a batch reads: one path a line, CSV with a head, or JSON Lines.
//!
//! CSV and JSON Lines have `path` (or `uri`, which means the same), and may have `policy`, `sha256` and `size`. Paths are meant from the
//! manifest's own folder. Other columns pass, unless they look like a slip of the pen.

use super::inputs::Input;
use crate::app::is_address;
use crate::error::Error;
use crate::lang::Text;
use crate::nearest::nearest;
use serde_json::{Map, Value};
use std::io::{self, BufRead, Read};
use std::path::{Path, PathBuf};

const KEYS: [&str; 5] = ["path", "policy", "sha256", "uri", "size"];
/// Keys that others are compared with. `url`, `site` and the like are columns of their own.
const LONG_KEYS: [&str; 3] = ["path", "policy", "sha256"];
/// Longest line; longer than any path.
pub(super) const MAX_LINE: u64 = 64 << 10;
/// The number of a line that stands alone.
const ALONE: u64 = 0;
/// How much of a request that is none stands in its row, in letters.
const MAX_SHOWN: usize = 1024;
/// How many mistakes are listed.
const MAX_PROBLEMS: usize = 20;

/// Reads a manifest. `folder` is where its paths start.
///
/// # Errors
/// When it cannot be read, or all its mistakes at once.
pub fn read(name: &str, folder: &Path, mut text: impl BufRead) -> Result<Vec<Input>, Error> {
    let mut lines = Lines { folder, inputs: Vec::new(), problems: Vec::new() };
    let fail = |cause| Error::io(name, cause);
    skip_mark(&mut text).map_err(fail)?;
    let first = text.fill_buf().map_err(fail)?;
    let first = first.split(|&byte| byte == b'\n').next().unwrap_or_default().trim_ascii();
    if first.starts_with(b"{") {
        lines.json(text).map_err(fail)?;
    } else if is_head(first) {
        lines.csv(text);
    } else {
        lines.plain(text).map_err(fail)?;
    }
    lines.finish(name)
}

/// What one line asks for by itself: a path or address alone, or a JSON object. One that asks for nothing is refused by its own row.
pub(super) fn request(line: &[u8]) -> Input {
    let mut lines = Lines { folder: Path::new(""), inputs: Vec::new(), problems: Vec::new() };
    match std::str::from_utf8(line.trim_ascii()) {
        _ if line.len() as u64 >= MAX_LINE => lines.problem(ALONE, "is too long for a path", "过长，不是路径"),
        Ok(line) if line.starts_with('{') => lines.object(ALONE, line),
        Ok(line) => lines.add(ALONE, [line, "", "", ""]),
        Err(_) => lines.problem(ALONE, "is not UTF-8", "不是 UTF-8"),
    }
    if let (Some(input), []) = (lines.inputs.pop(), lines.problems.as_slice()) {
        return input;
    }
    let join = |text: fn(&Text) -> &str, comma| lines.problems.iter().map(text).collect::<Vec<_>>().join(comma);
    let (en, zh) = (join(|problem| &problem.en, ", "), join(|problem| &problem.zh, "，"));
    let message = Text::new(format!("the request is wrong: {en}"), format!("请求有误：{zh}"));
    let help = Text::new(
        "send a path or address, or a JSON object with uri, policy, sha256 and size",
        "请发送路径或地址，或含 uri、policy、sha256、size 的 JSON 对象",
    );
    let asked: String = String::from_utf8_lossy(line).trim().chars().take(MAX_SHOWN).collect();
    let refused = Some(Error::new(message, help).in_input(&asked));
    Input { refused, ..Input::new(asked.into()) }
}

/// A byte order mark, as some editors write.
fn skip_mark(text: &mut impl BufRead) -> io::Result<()> {
    let mark = "\u{feff}".as_bytes();
    if text.fill_buf()?.starts_with(mark) {
        text.consume(mark.len());
    }
    Ok(())
}

/// A first line that names the column `path` or `uri` is a head, not a file.
fn is_head(line: &[u8]) -> bool {
    let Ok(line) = std::str::from_utf8(line) else { return false };
    let mut cells = line.split(',').map(|cell| cell.trim().trim_matches('"'));
    cells.any(|cell| ["path", "uri"].iter().any(|name| cell.eq_ignore_ascii_case(name)))
}

struct Lines<'a> {
    folder: &'a Path,
    inputs: Vec<Input>,
    problems: Vec<Text>,
}

impl Lines<'_> {
    fn problem(&mut self, line: u64, en: impl AsRef<str>, zh: impl AsRef<str>) {
        let (en, zh) = (en.as_ref(), zh.as_ref());
        self.problems.push(match line {
            ALONE => Text::new(en, zh),
            line => Text::new(format!("line {line}: {en}"), format!("第 {line} 行：{zh}")),
        });
    }

    fn add(&mut self, line: u64, [path, policy, sha256, size]: [&str; 4]) {
        let given = |text: &str| (!text.trim().is_empty()).then(|| text.trim().to_owned());
        let Some(path) = given(path) else { return self.problem(line, "names no path", "没有路径") };
        let sha256 = given(sha256).map(|digest| digest.to_ascii_lowercase());
        let size = given(size).map(|size| size.parse::<u64>());
        if size.as_ref().is_some_and(Result::is_err) {
            return self.problem(line, "size is no number of bytes", "size 不是字节数");
        }
        if sha256.as_ref().is_some_and(|digest| digest.len() != 64 || !digest.bytes().all(|b| b.is_ascii_hexdigit())) {
            return self.problem(line, "sha256 is no SHA-256 in hex", "sha256 不是十六进制的 SHA-256");
        }
        let policy = given(policy).map(|policy| self.locate(policy));
        let size = size.and_then(Result::ok);
        self.inputs.push(Input { policy, sha256, size, ..Input::new(self.locate(path)) });
    }

    fn locate(&self, name: String) -> PathBuf {
        let path = PathBuf::from(name);
        if is_address(&path) { path } else { self.folder.join(path) }
    }

    /// Path and address are one thing under two names.
    fn path<'t>(&mut self, line: u64, path: &'t str, uri: &'t str) -> &'t str {
        if !path.is_empty() && !uri.is_empty() {
            self.problem(line, "has both path and uri", "同时含有 path 和 uri");
        }
        if path.is_empty() { uri } else { path }
    }

    /// Complains about a key that is nearly one of ours: ignored, it would leave an app without its policy.
    fn check_key(&mut self, line: u64, key: &str) {
        if KEYS.contains(&key) {
            return;
        }
        if let Some(meant) = nearest(key, LONG_KEYS.into_iter()) {
            let en = format!("'{key}' is not known; did you mean '{meant}'?");
            self.problem(line, en, format!("未知的列“{key}”；是否应为“{meant}”？"));
        }
    }

    /// Hands on line after line, without their ends. Blank ones are passed over.
    fn each(&mut self, mut text: impl BufRead, then: impl Fn(&mut Self, u64, &str)) -> io::Result<()> {
        let mut bytes = Vec::new();
        for number in 1.. {
            bytes.clear();
            if text.by_ref().take(MAX_LINE).read_until(b'\n', &mut bytes)? == 0 {
                break;
            }
            if bytes.len() as u64 == MAX_LINE {
                self.problem(number, "is too long for a path", "过长，不是路径");
                break;
            }
            match std::str::from_utf8(bytes.trim_ascii()) {
                Ok("") => {}
                Ok(line) => then(self, number, line),
                Err(_) => self.problem(number, "is not UTF-8", "不是 UTF-8"),
            }
        }
        Ok(())
    }

    fn plain(&mut self, text: impl BufRead) -> io::Result<()> {
        self.each(text, |lines, number, line| lines.add(number, [line, "", "", ""]))
    }

    fn json(&mut self, text: impl BufRead) -> io::Result<()> {
        self.each(text, Lines::object)
    }

    fn object(&mut self, number: u64, line: &str) {
        let Ok(object) = serde_json::from_str::<Map<String, Value>>(line) else {
            return self.problem(number, "is no JSON object", "不是 JSON 对象");
        };
        object.keys().for_each(|key| self.check_key(number, key));
        let odd = |key: &&str| match object.get(*key) {
            None | Some(Value::Null | Value::String(_)) => false,
            Some(Value::Number(_)) => *key != "size",
            Some(_) => true,
        };
        if let Some(key) = KEYS.iter().find(|key| odd(key)) {
            return self.problem(number, format!("'{key}' is no string"), format!("“{key}”不是字符串"));
        }
        let text = |key: &str| object.get(key).and_then(Value::as_str).unwrap_or_default();
        let size = object.get("size").filter(|size| size.is_number()).map(Value::to_string);
        let path = self.path(number, text("path"), text("uri"));
        self.add(number, [path, text("policy"), text("sha256"), size.as_deref().unwrap_or(text("size"))]);
    }

    fn csv(&mut self, text: impl BufRead) {
        let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(text);
        let head: Vec<String> = match reader.headers() {
            Ok(head) => head.iter().map(str::to_ascii_lowercase).collect(),
            Err(error) => return self.problem(1, error.to_string(), error.to_string()),
        };
        head.iter().for_each(|key| self.check_key(1, key));
        let columns = KEYS.map(|key| head.iter().position(|column| column == key));
        let mut row = csv::StringRecord::new();
        loop {
            match reader.read_record(&mut row) {
                Ok(false) => return,
                Ok(true) => {
                    let line = row.position().map_or(0, csv::Position::line);
                    let cell = |column: Option<usize>| column.and_then(|column| row.get(column)).unwrap_or_default();
                    let [path, policy, sha256, uri, size] = columns.map(cell);
                    let path = self.path(line, path, uri);
                    self.add(line, [path, policy, sha256, size]);
                }
                Err(error) => {
                    let line = error.position().map_or(0, csv::Position::line);
                    self.problem(
                        line,
                        "has another number of cells than the head, or is not UTF-8",
                        "列数与表头不符，或不是 UTF-8",
                    );
                    // Only the shape of one row is wrong; what cannot be read at all would say so for ever.
                    if error.is_io_error() {
                        return;
                    }
                }
            }
        }
    }

    fn finish(mut self, name: &str) -> Result<Vec<Input>, Error> {
        if self.problems.is_empty() {
            return Ok(self.inputs);
        }
        let count = self.problems.len();
        if count > MAX_PROBLEMS {
            self.problems.truncate(MAX_PROBLEMS);
            let more = count - MAX_PROBLEMS;
            self.problems.push(Text::new(format!("and {more} more"), format!("另有 {more} 处")));
        }
        let message = Text::new("the list of apps has mistakes", "应用清单有误");
        let help = Text::new(
            "write one path a line, or CSV or JSON Lines with path, policy and sha256",
            "请每行写一个路径，或使用含 path、policy、sha256 的 CSV 或 JSON Lines",
        );
        Err(Error::new(message, help).with_details(self.problems).in_input(name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(text: &str) -> Vec<(PathBuf, Option<PathBuf>, Option<String>)> {
        let inputs = read("list", Path::new("lists"), text.as_bytes()).unwrap_or_else(|error| panic!("{error:?}"));
        inputs.into_iter().map(|input| (input.path, input.policy, input.sha256)).collect()
    }

    fn problems(text: &str) -> Vec<String> {
        let error = read("list", Path::new(""), text.as_bytes()).expect_err("mistakes");
        error.details.iter().map(|detail| detail.en.clone()).collect()
    }

    #[test]
    fn three_forms_say_the_same() {
        let digest = "0123456789abcdef".repeat(4);
        let whole = |path: &str| (Path::new("lists").join(path), Some("lists/p.md".into()), Some(digest.clone()));
        let bare = |path: &str| (Path::new("lists").join(path), None, None);
        assert_eq!(rows("a.apk\r\n\n b c.apk \n/x.apk"), [bare("a.apk"), bare("b c.apk"), bare("/x.apk")]);
        let upper = digest.to_uppercase();
        let csv = format!("\u{feff}title,Path,policy,SHA256\n\"x, y\",a.apk,p.md,{upper}\nz,\"b,c.apk\",,\n");
        assert_eq!(rows(&csv), [whole("a.apk"), bare("b,c.apk")]);
        let json = format!(
            "{{\"path\":\"a.apk\",\"policy\":\"p.md\",\"sha256\":\"{digest}\",\"n\":1}}\n\n{{\"path\":\"b\",\"policy\":null}}"
        );
        assert_eq!(rows(&json), [whole("a.apk"), bare("b")]);
        assert_eq!(rows(""), []);
    }

    #[test]
    fn addresses_are_no_paths_below_the_manifest() {
        let text = "uri,size,policy,sha256\ns3://b//a.apk,12,gs://p/p.md,\nb.apk,,q.md,\n";
        let inputs = read("list", Path::new("lists"), text.as_bytes()).unwrap_or_else(|error| panic!("{error:?}"));
        let all: Vec<_> = inputs.iter().map(|one| (one.name(), one.policy.clone(), one.size)).collect();
        let policy = |name: &str| Some(PathBuf::from(name));
        assert_eq!(
            all,
            [
                ("s3://b//a.apk".to_owned(), policy("gs://p/p.md"), Some(12)),
                ("lists/b.apk".to_owned(), policy("lists/q.md"), None)
            ]
        );
        assert_eq!(problems("uri,size\na,x\n"), ["line 2: size is no number of bytes"]);
        assert_eq!(problems("{\"uri\":\"a\",\"path\":\"b\"}"), ["line 1: has both path and uri"]);
    }

    #[test]
    fn a_request_stands_for_itself() {
        let asked = request(b" a b.apk\r\n");
        assert_eq!((asked.name().as_str(), asked.refused.is_none()), ("a b.apk", true));
        let asked = request(br#"{"uri":"s3://b/a.apk","policy":"p.md","size":7,"sha256":null}"#);
        assert_eq!((asked.name().as_str(), asked.policy, asked.size), ("s3://b/a.apk", Some("p.md".into()), Some(7)));
        let refused = |line: &[u8]| request(line).refused.expect("refused").message.en.clone();
        assert_eq!(refused(b"\n"), "the request is wrong: names no path");
        assert_eq!(refused(b"{\"uri\": 5}\n"), "the request is wrong: 'uri' is no string");
        assert_eq!(refused(b"{\"uri\": \"a\", \"size\": -1}"), "the request is wrong: size is no number of bytes");
        assert_eq!(refused(b"{\"uri\n"), "the request is wrong: is no JSON object");
        assert_eq!(refused(b"\xff.apk"), "the request is wrong: is not UTF-8");
        assert_eq!(refused(&[b'a'; MAX_LINE as usize]), "the request is wrong: is too long for a path");
        assert_eq!(request(&[b'a'; MAX_LINE as usize]).name().len(), MAX_SHOWN);
    }

    #[test]
    fn all_mistakes_at_once() {
        assert_eq!(
            problems(
                "{\"path\":\"a\",\"polcy\":\"p\"}\n[1]\n{\"path\":7}\n{\"policy\":\"p\"}\n{\"path\":\"a\",\"sha256\":\"12\"}"
            ),
            [
                "line 1: 'polcy' is not known; did you mean 'policy'?",
                "line 2: is no JSON object",
                "line 3: 'path' is no string",
                "line 4: names no path",
                "line 5: sha256 is no SHA-256 in hex"
            ]
        );
        assert_eq!(
            problems("path,polices\na,b,c\n,p"),
            [
                "line 1: 'polices' is not known; did you mean 'policy'?",
                "line 2: has another number of cells than the head, or is not UTF-8",
                "line 3: names no path"
            ]
        );
        assert_eq!(problems(&"\u{1}\n".repeat(3).replace('\u{1}', "{x")).len(), 3);
        let many = problems(&"{\"x\":1}\n".repeat(50));
        assert_eq!((many.len(), many.last().map(String::as_str)), (21, Some("and 30 more")));
    }
}
