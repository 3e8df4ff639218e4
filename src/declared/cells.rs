//! Tables whose cells a crawler has put on lines of their own, and labels that stand on a line without a colon.
//!
//! Two shapes: all labels first and then the values row by row, or label and value in turn.

use super::headings::is_list_title;
use super::labels::{Kind, Label, lookup};
use super::line::Line;
use super::record::{Draft, Entry};
use super::section::{Section, is_title};
use super::source::Source;
use super::value;
use std::ops::Range;

/// Most lines of one value below its label.
const MAX_VALUE: usize = 12;

/// Reads both shapes. `taken` is set for every line that went into a kept record.
pub(super) fn read(source: &Source, lines: &[Line], taken: &mut [bool], used: &mut [bool]) -> Vec<Draft> {
    let reader = Reader { source, lines, labels: lines.iter().map(|line| label(source, line)).collect() };
    let mut section = Section::new(source, lines);
    let mut drafts = Vec::new();
    let mut at = 0;
    while let Some(line) = lines.get(at) {
        let free = !taken.get(at).copied().unwrap_or(false);
        let found = if free && reader.is_label(at) {
            reader.rows(at, &section).or_else(|| reader.pairs(at, &section))
        } else {
            None
        };
        let Some((end, found)) = found else {
            if !line.is_blank() {
                section.read(source, line);
            }
            at += 1;
            continue;
        };
        drafts.extend(found.into_iter().filter(|draft| draft.is_sdk(source)));
        for flags in [&mut *taken, &mut *used] {
            flags.iter_mut().take(end).skip(at).for_each(|flag| *flag = true);
        }
        at = end.max(at + 1);
    }
    drafts
}

/// The label that a line is, without colon and value.
fn label(source: &Source, line: &Line) -> Option<Label> {
    let body = source.slice(&line.body);
    // "3. Third-party SDKs" is the title of a section.
    let title = (line.number.is_some() || line.heading > 0) && is_list_title(body);
    if line.is_blank() || body.contains([':', '：']) || title {
        return None;
    }
    lookup(&value::plain(body))
}

struct Reader<'a> {
    source: &'a Source<'a>,
    lines: &'a [Line],
    labels: Vec<Option<Label>>,
}

impl Reader<'_> {
    fn is_label(&self, at: usize) -> bool {
        self.label(at).is_some()
    }

    fn label(&self, at: usize) -> Option<Label> {
        self.labels.get(at).copied().flatten()
    }

    /// The next line with words, from `at` on.
    fn words(&self, at: usize) -> Option<usize> {
        self.lines.iter().skip(at).position(|line| !line.is_blank()).map(|more| at + more)
    }

    fn body(&self, at: usize) -> Range<usize> {
        self.lines.get(at).map_or(0..0, |line| line.body.clone())
    }

    fn draft(&self, at: usize, section: &Section) -> Draft {
        Draft {
            start: self.body(at).start,
            in_sdk_section: section.lists_sdks(),
            in_table: true,
            platform: section.platform(),
            ..Draft::default()
        }
    }

    /// All labels first: three or more, with a name among them.
    fn rows(&self, at: usize, section: &Section) -> Option<(usize, Vec<Draft>)> {
        const FEWEST: usize = 3;
        let mut header: Vec<Label> = Vec::new();
        let mut next = at;
        while let Some(line) = self.words(next)
            && let Some(label) = self.label(line)
        {
            header.push(label);
            next = line + 1;
        }
        let named = header.iter().filter(|label| label.kind == Kind::Name && !label.weak).count();
        if header.len() < FEWEST || named != 1 {
            return None;
        }
        let mut drafts = Vec::new();
        while let Some((end, draft)) = self.row(next, &header, section) {
            drafts.push(draft);
            next = end;
        }
        (!drafts.is_empty()).then_some((next, drafts))
    }

    fn row(&self, from: usize, header: &[Label], section: &Section) -> Option<(usize, Draft)> {
        let mut draft = self.draft(self.words(from)?, section);
        let mut next = from;
        for (column, label) in header.iter().enumerate() {
            let at = self.words(next)?;
            let line = self.lines.get(at)?;
            let body = self.source.slice(&line.body);
            if line.heading > 0 || self.is_label(at) {
                return None;
            }
            if label.kind == Kind::Name && !is_title(self.source, line, false) {
                return None;
            }
            let is_link = body.contains("://") || body.starts_with("www.");
            // A crawler drops empty cells: an address ends up in the column before its own.
            if is_link && !matches!(label.kind, Kind::Link | Kind::Package) {
                let link = header.iter().skip(column).find(|label| label.kind == Kind::Link)?;
                draft.entries.push(Entry { label: *link, parts: vec![line.body.clone()] });
                return Some((at + 1, draft));
            }
            // And it puts the lines of a cell on lines of their own: they belong to the data before the link.
            let mut end = at;
            if label.kind == Kind::Link && !is_link && !value::is_none_word(body) {
                let link = (at + 1..at + MAX_VALUE).find(|next| {
                    self.lines.get(*next).is_some_and(|line| self.source.slice(&line.body).contains("://"))
                })?;
                let more = (at..link).filter(|line| !self.lines[*line].is_blank()).map(|line| self.body(line));
                draft.entries.last_mut()?.parts.extend(more);
                end = link;
            }
            draft.entries.push(Entry { label: *label, parts: vec![self.body(end)] });
            next = end + 1;
        }
        Some((next, draft))
    }

    /// Label and value in turn, a name first: at least two pairs.
    fn pairs(&self, at: usize, section: &Section) -> Option<(usize, Vec<Draft>)> {
        if self.label(at).is_none_or(|label| label.kind != Kind::Name || label.weak) {
            return None;
        }
        let mut drafts: Vec<Draft> = Vec::new();
        let mut next = at;
        while let Some(line) = self.words(next)
            && let Some(label) = self.label(line)
        {
            let Some(end) = self.value_end(line + 1) else { break };
            let parts = (line + 1..end).map(|line| self.body(line)).filter(|body| !body.is_empty()).collect();
            if label.kind == Kind::Name && !label.weak {
                drafts.push(self.draft(line, section));
            }
            drafts.last_mut()?.entries.push(Entry { label, parts });
            next = end;
        }
        let tells =
            |draft: &Draft| draft.entries.iter().any(|entry| !matches!(entry.label.kind, Kind::Name | Kind::Other));
        let full = drafts.first().is_some_and(tells);
        full.then_some((next, drafts))
    }

    /// First line behind the value that begins at `from`: one paragraph, or all lines up to the next label.
    fn value_end(&self, from: usize) -> Option<usize> {
        let first = self.words(from).filter(|first| !self.is_label(*first))?;
        let is_end = |at: &usize| {
            self.is_label(*at) || self.lines.get(*at).is_none_or(|line| line.heading > 0) || *at - first >= MAX_VALUE
        };
        let next = (first..=self.lines.len()).find(is_end)?;
        if self.is_label(next) && self.lines.get(first)?.heading == 0 {
            return Some(next);
        }
        // The last value of the list: its own paragraph only.
        let blank = (first..self.lines.len()).find(|at| self.lines.get(*at).is_none_or(Line::is_blank));
        (self.lines.get(first)?.heading == 0).then_some(blank.unwrap_or(self.lines.len()).min(first + 1))
    }
}
