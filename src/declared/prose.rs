//! The policy as lines and sentences, for the rules that read what it says about itself.

use super::source::Source;
use super::{Declaration, Position, statements, value};
use sha2::{Digest, Sha256};
use std::ops::Range;

/// A sentence of the policy, markup left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sentence {
    /// Its words; a sentence that runs over several lines has them joined by blanks.
    pub text: String,
    /// Where it starts.
    pub at: Position,
    /// The last of its lines.
    pub last_line: u32,
}

/// A line of words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NumberedLine<'a> {
    /// The line of the document on which it begins, from 1.
    pub number: u32,
    /// Its words.
    pub text: &'a str,
}

impl Declaration {
    /// Whether the text is prose: canonical JSON is data and says nothing in sentences.
    pub fn is_prose(&self) -> bool {
        if !self.parts.is_empty() {
            return self.parts.iter().any(Declaration::is_prose);
        }
        self.form.is_none() && !self.text.trim_start_matches(['\u{feff}', ' ', '\n', '\r', '\t']).starts_with('{')
    }

    /// Whether the document is its text and nothing else, so that a change of the text is a change of the file.
    pub fn is_plain_text(&self) -> bool {
        let digest = |mark: &str| {
            let hash = Sha256::new().chain_update(mark).chain_update(&self.text).finalize();
            hash.iter().map(|byte| format!("{byte:02x}")).collect::<String>()
        };
        digest("") == self.sha256 || digest("\u{feff}") == self.sha256
    }

    /// Lines of the text as they stand there, without their ends, with the line of the document on which each begins.
    ///
    /// Of a document with markup these are the lines of its words: several may stand on one line of the document, and lines
    /// that hold no words are not there.
    pub fn lines(&self) -> Vec<NumberedLine<'_>> {
        if !self.parts.is_empty() {
            return self.parts.iter().flat_map(Declaration::lines).collect();
        }
        let source = Source::with_spots(&self.text, &self.spots);
        let line = |range: Range<usize>| {
            let start = range.start + (range.len() - source.slice(&range).trim_start().len());
            let at = source.position(start.min(range.end));
            NumberedLine { number: at.line.saturating_add(self.first_line), text: source.slice(&range) }
        };
        source.lines().map(line).collect()
    }

    /// All sentences in order. A line that begins with a small letter continues the one before.
    pub fn sentences(&self) -> Vec<Sentence> {
        if !self.parts.is_empty() {
            return self.parts.iter().flat_map(Declaration::sentences).collect();
        }
        if !self.is_prose() {
            return Vec::new();
        }
        let source = Source::with_spots(&self.text, &self.spots);
        let mut found: Vec<Sentence> =
            paragraphs(&source).into_iter().flat_map(|range| in_paragraph(&source, range)).collect();
        for sentence in &mut found {
            sentence.at.line = sentence.at.line.saturating_add(self.first_line);
            sentence.last_line = sentence.last_line.saturating_add(self.first_line);
        }
        found
    }
}

/// Ranges of lines that belong together.
fn paragraphs(source: &Source) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    for line in source.lines() {
        let line = source.trim(line);
        let continues = source.slice(&line).starts_with(|c: char| c.is_ascii_lowercase());
        match found.last_mut().filter(|last| continues && follows(source, last, &line)) {
            Some(last) => last.end = line.end,
            None => found.push(line),
        }
    }
    found.retain(|range| !range.is_empty());
    found
}

/// Whether nothing but one line end stands between two ranges, and the first is no row of a table or labelled value.
fn follows(source: &Source, before: &Range<usize>, line: &Range<usize>) -> bool {
    let first = source.slice(before);
    let between = source.slice(&(before.end..line.start));
    let closed = first.is_empty() || first.ends_with(['.', '。', ':', '：', ';', '|', '!', '?', '>']);
    !closed && !first.starts_with('|') && between.matches('\n').count() == 1
}

fn in_paragraph(source: &Source, range: Range<usize>) -> Vec<Sentence> {
    let mut ranges: Vec<Range<usize>> = Vec::new();
    for piece in statements::split_sentences(source, &range) {
        match ranges.last_mut().filter(|last| is_open(source.slice(last))) {
            Some(last) => last.end = piece.end,
            None => ranges.push(piece),
        }
    }
    let sentence = |range: Range<usize>| {
        let words = value::plain(source.slice(&range));
        let text = words.split_whitespace().collect::<Vec<_>>().join(" ");
        let (at, end) = (source.position(range.start), source.position(range.end));
        Sentence { text, at, last_line: end.line }
    };
    ranges.into_iter().map(sentence).collect()
}

/// Whether the full stop at the end is none of a sentence: it stands behind an item's number, or inside a quotation
/// (`the “X. How to contact us” section`).
fn is_open(piece: &str) -> bool {
    const LONGEST: usize = 300;
    let Some(text) = piece.strip_suffix('.') else { return false };
    let number = text.len() <= 3 && text.chars().all(|c| c.is_ascii_alphanumeric());
    let quoted = text.rfind('“').is_some_and(|open| !text[open..].contains('”') && text.len() - open < LONGEST);
    number || quoted
}

#[cfg(test)]
mod tests {
    use crate::declared::{NumberedLine, Position, read};
    use crate::signatures::SignatureSet;

    #[test]
    fn sentences_run_over_line_ends_and_lists_do_not() {
        let text = "# Title\n\nWe do not share\nyour data. Never!\n1. One\n- two\n我们不收集信息。也不出境。\n";
        let declaration = read("p.md", text.as_bytes(), SignatureSet::builtin()).unwrap();
        let found: Vec<(u32, u32, String)> =
            declaration.sentences().into_iter().map(|one| (one.at.line, one.last_line, one.text)).collect();
        let expected = [
            (1, 1, "# Title"),
            (3, 4, "We do not share your data."),
            (4, 4, "Never!"),
            (5, 5, "1. One"),
            (6, 6, "- two"),
            (7, 7, "我们不收集信息。"),
            (7, 7, "也不出境。"),
        ];
        assert_eq!(found, expected.map(|(line, last, text)| (line, last, text.to_owned())));
        assert_eq!(declaration.sentences()[6].at, Position { line: 7, column: 9 });
        assert_eq!(declaration.lines()[5], NumberedLine { number: 6, text: "- two" });
        assert!(declaration.is_plain_text());
        let marked = read("p.md", format!("\u{feff}{text}").as_bytes(), SignatureSet::builtin()).unwrap();
        assert!(marked.is_plain_text());
        let wide: Vec<u8> = "\u{feff}隐私政策".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert!(!read("p.txt", &wide, SignatureSet::builtin()).unwrap().is_plain_text());
    }

    #[test]
    fn a_quoted_title_with_a_number_is_one_piece() {
        let text = "See the “X. How to Contact Us” section. Then write.";
        let declaration = read("p.txt", text.as_bytes(), SignatureSet::builtin()).unwrap();
        let found: Vec<String> = declaration.sentences().into_iter().map(|one| one.text).collect();
        assert_eq!(found, ["See the “X. How to Contact Us” section.", "Then write."]);
    }

    #[test]
    fn data_has_no_sentences() {
        let json = br#"{"schema_version":"1.0","document":"a","has_sdk_list":false,"sdks":[]}"#;
        let declaration = read("a.json", json, SignatureSet::builtin()).unwrap();
        assert!(!declaration.is_prose() && declaration.sentences().is_empty());
    }
}
