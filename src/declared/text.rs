//! Key:value text and Markdown lists → records.
//!
//! A record begins with a name label ("SDK名称：…") or with a title (heading, list item, bold or short bare line) that is
//! followed by labelled lines. It ends at a heading, at the next record, or where prose takes over.

use super::fields::{self, FieldSpan};
use super::headings::{is_definition, is_list_title, is_section_title};
use super::labels::{Kind, Label};
use super::learn::{self, Learned};
use super::line::Line;
use super::names::Names;
use super::record::{Draft, Entry};
use super::section::{MAX_PROSE, Section, is_title, mentions_sdk, title_platform};
use super::source::Source;
use super::value;
use std::ops::Range;

/// Reads all records of the lines that `skip` leaves. `used` is set for every line that went into a kept record.
pub(super) fn read(source: &Source, lines: &[Line], names: &Names, skip: &[bool], used: &mut [bool]) -> Vec<Draft> {
    let mut reader = Reader::new(source, lines, names, skip);
    for at in 0..lines.len() {
        if skip.get(at).copied().unwrap_or(false) {
            reader.close();
        } else {
            reader.line(at);
        }
    }
    reader.close();
    let mut drafts = Vec::new();
    for (draft, own) in reader.done {
        if draft.is_sdk(source) {
            for at in own {
                if let Some(line) = used.get_mut(at) {
                    *line = true;
                }
            }
            drafts.push(draft);
        }
    }
    drafts
}

struct Reader<'a, 'n> {
    source: &'a Source<'a>,
    lines: &'a [Line],
    names: &'a Names<'n>,
    /// The labelled values of each line.
    fields: Vec<Vec<FieldSpan>>,
    prefixes: Vec<Option<Range<usize>>>,
    learned: Learned,
    wrap: Option<usize>,
    open: Option<Open>,
    /// Latest line that may name a record, and how many other lines of prose came after it.
    title: Option<(usize, usize)>,
    section: Section,
    done: Vec<(Draft, Vec<usize>)>,
}

/// The record being read.
struct Open {
    draft: Draft,
    own: Vec<usize>,
    /// Line of the title when it has no name label.
    title_line: Option<usize>,
    /// Lines of prose since its last field.
    prose: usize,
    /// Line of its last field, and the last line that continues it.
    field_line: usize,
    last_line: usize,
    /// Whether nothing but the label stands on the field's line.
    value_below: bool,
}

impl<'a, 'n> Reader<'a, 'n> {
    fn new(source: &'a Source<'a>, lines: &'a [Line], names: &'a Names<'n>, skip: &[bool]) -> Reader<'a, 'n> {
        let free = |at: usize| !skip.get(at).copied().unwrap_or(false);
        let split =
            lines.iter().enumerate().map(|(at, line)| if free(at) { split(source, line) } else { (None, Vec::new()) });
        let (prefixes, fields): (Vec<_>, Vec<_>) = split.unzip();
        Reader {
            source,
            lines,
            names,
            learned: Learned::new(source, lines, &fields, names),
            fields,
            prefixes,
            wrap: wrap_width(source, lines),
            open: None,
            title: None,
            section: Section::new(source, lines),
            done: Vec::new(),
        }
    }

    fn line(&mut self, at: usize) {
        let Some(line) = self.lines.get(at) else { return };
        if line.is_blank() {
            return;
        }
        let prefix = self.prefixes.get(at).cloned().flatten();
        let mut found = self.fields.get(at).cloned().unwrap_or_default();
        if found.is_empty() {
            found.extend(self.learned.field(self.source, line, at).filter(|_| !self.is_in_list(at)));
        }
        if self.continues(at, &found) {
            return self.continue_field(at);
        }
        match found.first() {
            None => self.prose(at),
            Some(first) => match prefix {
                Some(prefix) => self.begin(at, Some(prefix), None),
                None => self.place(at, first.label),
            },
        }
        for field in found {
            // Several records on one line.
            let again = field.label.kind == Kind::Name && !field.label.weak;
            let open = self.open.as_ref().filter(|open| again && open.field_line == at && open.draft.has(Kind::Name));
            if open.is_some_and(|open| open.draft.entries.len() > 1) {
                self.begin(at, None, None);
            }
            self.add(at, field);
        }
    }

    /// Whether the line stands in the list below "data collected:".
    fn is_in_list(&self, at: usize) -> bool {
        let Some(open) = self.open.as_ref() else { return false };
        let (Some(entry), Some(line), Some(field)) =
            (open.draft.entries.last(), self.lines.get(at), self.lines.get(open.field_line))
        else {
            return false;
        };
        let below = entry.parts.is_empty() || open.last_line > open.field_line;
        below && line.indent > field.indent && matches!(entry.label.kind, Kind::Data | Kind::Purpose)
    }

    /// Whether the line belongs to the value of the field before it.
    fn continues(&self, at: usize, found: &[FieldSpan]) -> bool {
        let Some(open) = self.open.as_ref().filter(|open| open.prose == 0) else { return false };
        let Some(entry) = open.draft.entries.last() else { return false };
        let (Some(line), Some(field), Some(last)) =
            (self.lines.get(at), self.lines.get(open.field_line), self.lines.get(open.last_line))
        else {
            return false;
        };
        let deeper = line.indent > field.indent + usize::from(!field.bullet);
        let empty = entry.parts.is_empty();
        let takes_lists =
            matches!(entry.label.kind, Kind::Data | Kind::Purpose | Kind::Method | Kind::Permission | Kind::Package);
        if line.heading > 0 {
            return false;
        }
        if let Some(label) = found.first().map(|field| field.label) {
            // A list below "data collected:" may use words that are labels elsewhere.
            let own_words =
                matches!(label.kind, Kind::Data | Kind::Purpose | Kind::Permission | Kind::Other | Kind::Platform);
            let below_empty = empty || open.last_line > open.field_line;
            return takes_lists && deeper && below_empty && own_words && line.bullet;
        }
        let adjacent = at == open.last_line + 1;
        let own_number = open.own.first().and_then(|at| self.lines.get(*at)).and_then(|line| line.number);
        let other_number = line.number.is_some_and(|number| Some(number.style) != own_number.map(|own| own.style));
        let goes_on = empty || open.last_line > open.field_line && (last.bullet || last.number.is_some());
        let listed = (line.bullet || other_number) && !field.bullet && takes_lists && goes_on;
        let wrapped = adjacent
            && !line.is_marked()
            && self.wrap.is_some_and(|wrap| width(self.source, last) * 10 >= wrap * 7)
            && (!is_title(self.source, line, true) || takes_lists && self.is_broken_off(at, last, open));
        // A label alone on its line: its value stands below, and lists of words may take several lines.
        let first_words = empty && !line.is_marked();
        let body = self.source.slice(&line.body);
        let more_words = adjacent && takes_lists && open.value_below && !line.is_marked() && !mentions_sdk(body);
        let same_shape = adjacent && !line.is_marked() && has_shape(entry.label.kind, value::plain(body).as_str());
        deeper && (adjacent || line.bullet) || listed || wrapped || first_words || more_words || same_shape
    }

    /// Whether the line before `at` is so full that its words go on, and the line is not the title of the next record.
    fn is_broken_off(&self, at: usize, last: &Line, open: &Open) -> bool {
        /// The columns of one wide letter and its punctuation.
        const SLACK: usize = 3;
        let full = self.wrap.is_some_and(|wrap| width(self.source, last) + SLACK > wrap);
        let below = self.lines.iter().skip(at + 1).find(|line| !line.is_blank());
        let next = below.map(|line| fields::split(self.source, line).1).unwrap_or_default();
        let begins_again =
            next.first().is_some_and(|field| open.draft.has(field.label.kind) && field.label.kind != Kind::Name);
        full && !begins_again
    }

    fn continue_field(&mut self, at: usize) {
        let body = self.lines.get(at).map(|line| line.body.clone());
        if let (Some(open), Some(body)) = (self.open.as_mut(), body) {
            if let Some(entry) = open.draft.entries.last_mut() {
                entry.parts.push(body);
            }
            open.own.push(at);
            open.last_line = at;
        }
    }

    /// A line without label that continues nothing.
    fn prose(&mut self, at: usize) {
        let Some(line) = self.lines.get(at) else { return };
        self.section.read(self.source, line);
        let section = self.is_section(line);
        let ends = self.open.as_mut().is_some_and(|open| {
            open.prose += 1;
            section || open.prose > MAX_PROSE
        });
        if ends {
            self.close();
        }
        let title = is_title(self.source, line, false);
        if title && is_list_title(self.source.slice(&line.body)) {
            self.close();
            self.title = None;
        } else if title && !self.is_badge(line) {
            self.title = Some((at, 0));
        } else if let Some((_, distance)) = self.title.as_mut() {
            *distance += 1;
        }
    }

    /// Whether a bare line right below a heading only says what kind of thing the heading names: "Analytics".
    fn is_badge(&self, line: &Line) -> bool {
        let Some((title, 0)) = self.title else { return false };
        let Some(title) = self.lines.get(title).filter(|title| title.heading > 0) else { return false };
        let named = |line: &Line| learn::is_sdk_name(&value::plain(self.source.slice(&line.body)), self.names);
        !line.is_marked() && !named(line) && (named(title) || title.heading > 2)
    }

    /// Whether a line without label begins another section of the policy.
    fn is_section(&self, line: &Line) -> bool {
        let text = self.source.slice(&line.body);
        let bracketed =
            [('[', ']'), ('【', '】')].iter().any(|(open, close)| text.starts_with(*open) && text.contains(*close))
                && !text.contains("](");
        // "4、How we protect data" in a list of "(1) SDK Name: …".
        let own = self.open.as_ref().and_then(|open| self.lines.get(*open.own.first()?)).and_then(|line| line.number);
        let other_number = line.number.is_some_and(|number| {
            let of_sections = matches!(number.style, '、' | '一' | '（') && !line.bullet;
            of_sections && own.is_none_or(|own| own.style != number.style)
        });
        line.heading > 0 || bracketed && is_title(self.source, line, true) || other_number
    }

    /// Decides which record a labelled line belongs to.
    fn place(&mut self, at: usize, label: Label) {
        let title = self.fresh_title();
        if label.kind == Kind::Name {
            return self.place_name(at, label, title);
        }
        let Some(open) = &self.open else { return self.begin(at, None, title) };
        let repeated = open.draft.has(label.kind) && label.kind != Kind::Link;
        let begins = match title {
            _ if self.is_next_item(at, open) => true,
            Some(title) => self.is_new_title(open, title, repeated),
            // Lists that put another field before the name.
            None => {
                let first = open.draft.entries.first().map(|entry| entry.label.kind);
                repeated
                    && first == Some(label.kind)
                    && open.draft.has(Kind::Name)
                    && open.title_line.is_none()
                    && (matches!(label.kind, Kind::Vendor | Kind::Package)
                        || self.lines.get(at.wrapping_sub(1)).is_some_and(Line::is_blank))
            }
        };
        if begins {
            self.begin(at, None, title);
        }
    }

    fn place_name(&mut self, at: usize, label: Label, title: Option<usize>) {
        let Some(open) = &self.open else { return self.begin(at, None, None) };
        let has_label = open.draft.has(Kind::Name);
        let directly = open.prose == 0 && title.is_none();
        // "Service: …" inside a record that has its name; the name after the vendor.
        // Under a title of its own the record is complete; a name label begins the next one.
        let about = |entry: &Entry| matches!(entry.label.kind, Kind::Vendor | Kind::Platform | Kind::Other);
        let unnamed = open.title_line.is_none() || open.draft.entries.iter().all(about);
        let strong = open.draft.entries.iter().any(|entry| entry.label.kind == Kind::Name && !entry.label.weak);
        let titled = open.title_line.is_some() && label.weak;
        let fits = label.weak && (strong || titled && has_label);
        let again = self.is_next_item(at, open);
        let inside = directly && !again && (fits || !has_label && unnamed && !open.draft.entries.is_empty());
        if !inside {
            self.begin(at, None, None);
        }
    }

    /// Whether the line has a number like that of the record's first line, and its other fields have none.
    fn is_next_item(&self, at: usize, open: &Open) -> bool {
        let number = |at: &usize| self.lines.get(*at).and_then(|line| line.number.map(|number| (number, line.indent)));
        let Some(first) = open.own.first().and_then(number) else { return false };
        number(&at) == Some(first)
            && !open.own.iter().skip(1).any(|own| Some(*own) != open.own.first().copied() && number(own) == Some(first))
    }

    /// A title that nothing but one or two lines of description separate from here.
    fn fresh_title(&self) -> Option<usize> {
        let (at, distance) = self.title?;
        let line = self.lines.get(at)?;
        let near = distance == 0 || (distance <= 2 && line.is_marked());
        near.then_some(at)
    }

    /// Whether an unlabelled line inside an open record is the title of the next one.
    fn is_new_title(&self, open: &Open, title: usize, repeated: bool) -> bool {
        let Some(line) = self.lines.get(title) else { return false };
        if line.heading > 0 || repeated {
            return true;
        }
        let Some(own) = open.title_line.and_then(|at| self.lines.get(at)) else { return false };
        if is_section_title(&value::plain(self.source.slice(&own.body))) {
            return true;
        }
        let same_mark =
            own.is_marked() && (own.bullet, own.number, own.strong) == (line.bullet, line.number, line.strong);
        same_mark || mentions_sdk(self.source.slice(&line.body))
    }

    fn begin(&mut self, at: usize, prefix: Option<Range<usize>>, title: Option<usize>) {
        self.close();
        let title_line = title.and_then(|title| self.lines.get(title));
        let start = title_line.or(self.lines.get(at)).map_or(0, |line| line.body.start);
        let draft = Draft {
            start,
            title: prefix.or(title_line.map(|line| line.body.clone())),
            in_sdk_section: self.section.lists_sdks(),
            platform: title_line.and_then(|line| title_platform(self.source, line)).or_else(|| self.section.platform()),
            group: self.section.company().filter(|company| title_line.is_none_or(|line| line.body != *company)),
            ..Draft::default()
        };
        self.title = None;
        self.open = Some(Open {
            draft,
            own: title.into_iter().collect(),
            title_line: title,
            prose: 0,
            field_line: at,
            last_line: at,
            value_below: false,
        });
    }

    fn add(&mut self, at: usize, field: FieldSpan) {
        let Some(open) = self.open.as_mut() else { return };
        let parts = if field.value.is_empty() { Vec::new() } else { vec![field.value] };
        let extra_name = field.label.kind == Kind::Name && field.label.weak && open.draft.has(Kind::Name);
        open.value_below = parts.is_empty();
        let label = if extra_name { Label { kind: Kind::Other, ..field.label } } else { field.label };
        open.draft.entries.push(Entry { label, parts });
        open.own.push(at);
        (open.prose, open.field_line, open.last_line) = (0, at, at);
        self.title = None;
    }

    fn close(&mut self) {
        if let Some(mut open) = self.open.take() {
            settle_name(self.source, &mut open.draft);
            if open.draft.in_sdk_section {
                self.section.goes_on();
            }
            self.done.push((open.draft, open.own));
        }
    }
}

/// The labelled values of a line; a glossary has none.
fn split(source: &Source, line: &Line) -> (Option<Range<usize>>, Vec<FieldSpan>) {
    let (prefix, found) = fields::split(source, line);
    let defines = found.first().is_some_and(|first| is_definition(source.slice(&first.value)));
    if defines { (None, Vec::new()) } else { (prefix, found) }
}

/// "第三方名称：微信SDK" beside "提供者：…": of two parties without a name the first is the SDK.
fn settle_name(source: &Source, draft: &mut Draft) {
    let parties = || draft.entries.iter().enumerate().filter(|(_, entry)| entry.label.kind == Kind::Vendor);
    if draft.has(Kind::Name) || draft.title.is_some() || parties().count() != 2 {
        return;
    }
    let is_company = |entry: &Entry| {
        entry.parts.first().is_some_and(|part| super::title::is_company(&value::plain(source.slice(part))))
    };
    let named = parties().find(|(_, entry)| !is_company(entry)).map(|(at, _)| at);
    if let Some(entry) = named.and_then(|at| draft.entries.get_mut(at)) {
        entry.label.kind = Kind::Name;
    }
}

/// Whether a line is nothing but more of what a field of this kind lists: names of permissions, packages, addresses.
fn has_shape(kind: Kind, body: &str) -> bool {
    let word = body.split([' ', ',', ';', '，', '；', '、', '(', '（']).next().unwrap_or("");
    match kind {
        Kind::Permission => value::is_permission_name(word),
        Kind::Package => value::is_package_name(word) && word.len() == body.len(),
        Kind::Link => word.starts_with("http://") || word.starts_with("https://"),
        _ => false,
    }
}

fn width(source: &Source, line: &Line) -> usize {
    unicode_width::UnicodeWidthStr::width(source.slice(&line.whole))
}

/// Width at which the document's lines are wrapped, when they are.
fn wrap_width(source: &Source, lines: &[Line]) -> Option<usize> {
    const WIDEST: usize = 120;
    let mut widths: Vec<usize> = lines.iter().filter(|line| !line.is_blank()).map(|line| width(source, line)).collect();
    widths.sort_unstable();
    let most = widths.get(widths.len() * 98 / 100).copied()?;
    let full = widths.iter().filter(|width| **width * 10 >= most * 8).count();
    ((40..=WIDEST).contains(&most) && full * 6 >= widths.len()).then_some(most)
}
