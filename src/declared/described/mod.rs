//! SDKs that a paragraph or an item of a list describes in sentences: "我们接入了顶点公司的顶点推送SDK，用于消息推送，需要收集设备信息。",
//! "Acme Maps is provided by Acme Inc. and used for navigation. It collects …".
//!
//! A paragraph is cut into clauses ([`clauses`]); words in them say which field follows ([`markers`]). What has a name and two
//! fields that such words announce is a record, when the name is known or the section lists SDKs.

mod clauses;
mod markers;
mod paragraph;
mod words;

use super::labels::{Kind, Label, lookup, lookup_inside};
use super::line::Line;
use super::names::Names;
use super::record::{Draft, Entry};
use super::scope::Scope;
use super::section::{Section, mentions_sdk};
use super::source::Source;
use super::text::wrap_width;
use super::title::is_company;
use super::value;
use clauses::{ADDRESS, Clause, Mark, mask, split};
use markers::{Marker, Says};
use paragraph::{is_field, items, paragraph_end};
use std::ops::Range;
use words::{is_brand, is_general, is_name, is_pronoun, subject};

/// Shortest paragraph in bytes: a name and two fields.
const MIN_PARAGRAPH: usize = 16;
/// Longest paragraph in bytes: descriptions are short, and terms of use are not.
const MAX_PARAGRAPH: usize = 4000;

/// Reads the described SDKs. `taken` and `used` are set for their lines.
pub(super) fn read(
    source: &Source,
    lines: &[Line],
    names: &Names,
    taken: &mut [bool],
    used: &mut [bool],
) -> Vec<Draft> {
    let mut section = Section::new(source, lines);
    let mut drafts: Vec<Draft> = Vec::new();
    let wrap = wrap_width(source, lines);
    let mut at = 0;
    while let Some(line) = lines.get(at) {
        let end = paragraph_end(source, lines, taken, wrap, at);
        let free = !line.is_blank() && line.heading == 0 && !taken.get(at).copied().unwrap_or(true);
        let last = lines.get(end.saturating_sub(1)).unwrap_or(line);
        let range = line.body.start..last.body.end.max(line.body.start);
        let lists_sdks = section.lists_sdks();
        let found = if free && (MIN_PARAGRAPH..=MAX_PARAGRAPH).contains(&range.len()) {
            // Among labelled lines stand the values of a record, whatever they describe.
            let found = described(source, &range, names, (lists_sdks, true));
            let inside = !found.is_empty() && is_field(source, lines, at, end);
            if inside { described(source, &range, names, (lists_sdks, false)) } else { found }
        } else {
            Vec::new()
        };
        if found.is_empty() {
            if !line.is_blank() {
                section.read(source, line);
            }
            at += 1;
            continue;
        }
        section.goes_on();
        let platform = section.platform();
        drafts.extend(found.into_iter().map(|draft| Draft { platform: platform.clone(), ..draft }));
        for flags in [&mut *taken, &mut *used] {
            flags.iter_mut().take(end).skip(at).for_each(|flag| *flag = true);
        }
        at = end;
    }
    drafts
}

/// The records of one paragraph. `place`: whether the section lists SDKs, and whether no labelled lines stand around it.
fn described(source: &Source, range: &Range<usize>, names: &Names, place: (bool, bool)) -> Vec<Draft> {
    let text = source.slice(range);
    let masked = mask(text);
    // "您务必告知用户…": what the maker of a template tells its reader.
    if masked.len() != text.len() || ["务必", "you must "].iter().any(|word| masked.contains(word)) {
        return Vec::new();
    }
    let items = items(&masked);
    if let Some(first) = items.first() {
        // "… the following SDKs: (a) …; (b) …".
        let announced = mentions_sdk(masked.get(..first.start).unwrap_or_default());
        let place = (place.0 || announced, place.1);
        let ranges = items.iter().map(|item| range.start + item.start..range.start + item.end);
        return ranges.flat_map(|item| described(source, &item, names, place)).collect();
    }
    let clauses = split(&masked);
    let mut reader = Reader { source, base: range.start, masked: &masked, clauses: &clauses, open: Open::default() };
    let mut found = Vec::new();
    for at in 0..clauses.len() {
        if reader.clause(at) {
            let full = std::mem::take(&mut reader.open);
            found.extend(reader.finish(full, names, place));
            reader.clause(at);
        }
    }
    let last = std::mem::take(&mut reader.open);
    found.extend(reader.finish(last, names, place));
    // "We also use the Vireo SDK for charts": one field is enough beside a full description.
    let full = found.iter().any(|(_, full)| *full);
    found.into_iter().filter(|_| full).map(|(draft, _)| draft).collect()
}

struct Reader<'a> {
    source: &'a Source<'a>,
    base: usize,
    masked: &'a str,
    clauses: &'a [Clause],
    open: Open,
}

/// The record being read; ranges are those of the masked text.
#[derive(Default)]
struct Open {
    name: Option<Range<usize>>,
    /// Whether a verb announced the name.
    carried: bool,
    entries: Vec<Value>,
    /// Kind that a label before a colon announces.
    pending: Option<Kind>,
}

struct Value {
    kind: Kind,
    range: Range<usize>,
    /// Whether a word announced it.
    marked: bool,
}

impl Open {
    fn has(&self, kind: Kind) -> bool {
        self.entries.iter().any(|value| value.kind == kind)
    }

    fn add(&mut self, kind: Kind, range: Range<usize>, marked: bool) {
        if !range.is_empty() {
            self.entries.push(Value { kind, range, marked });
        }
    }
}

impl Reader<'_> {
    fn text(&self, range: &Range<usize>) -> &str {
        self.masked.get(range.clone()).unwrap_or_default()
    }

    /// Takes in a clause; true when it begins the next record, before anything of it is taken in.
    fn clause(&mut self, at: usize) -> bool {
        let Some(clause) = self.clauses.get(at) else { return false };
        let text = self.text(&clause.range).to_owned();
        let start = clause.range.start;
        if text.contains(ADDRESS) {
            // "[顶点推送](https://…)": the words before the address are another clause.
            self.open.add(Kind::Link, clause.range.clone(), true);
            self.open.pending = None;
            return false;
        }
        if let Some(kind) = self.open.pending.take() {
            self.open.add(kind, clause.range.clone(), true);
            return false;
        }
        let next = self.clauses.get(at + 1).map(|next| next.before);
        if next == Some(Mark::Colon)
            && let Some(label) = lookup_label(&text)
        {
            self.open.pending = Some(label.kind).filter(|kind| !matches!(kind, Kind::Link | Kind::Name | Kind::Other));
            return false;
        }
        let markers = markers::find(&text);
        let carries = markers.iter().any(|marker| marker.says == Says::Carries);
        if carries && self.open.carried && self.open.entries.len() > 1 {
            return true;
        }
        if let Some((kind, value)) = markers::label(&text).filter(|_| !carries && at > 0) {
            self.open.add(kind, start + value..clause.range.end, true);
            if value == text.len() {
                self.open.pending = Some(kind);
            }
        } else if markers.is_empty() || at > 0 && is_phrase(&text, &markers) {
            self.unmarked(at, clause, &text, next);
        } else {
            self.marked(at, clause, &text, &markers, next);
        }
        false
    }

    fn unmarked(&mut self, at: usize, clause: &Clause, text: &str, next: Option<Mark>) {
        let range = clause.range.clone();
        let open = &mut self.open;
        let provided = ["提供", "开发", "运营"].iter().find_map(|verb| text.strip_suffix(verb));
        let lists = matches!(clause.before, Mark::Comma | Mark::Open | Mark::Close)
            && open.entries.last().is_some_and(|last| last.marked && !matches!(last.kind, Kind::Link | Kind::Package));
        if at == 0 && open.name.is_none() {
            open.name = Some(range);
        } else if let Some(vendor) = provided.filter(|_| !open.has(Kind::Vendor) && open.name.is_some()) {
            let length = vendor.len();
            open.add(Kind::Vendor, range.start..range.start + length, true);
        } else if clause.inside && is_package(text) {
            open.add(Kind::Package, range, true);
        } else if is_company(text) && !open.has(Kind::Vendor) {
            open.add(Kind::Vendor, range, false);
        } else if lists && next != Some(Mark::Colon) {
            // "收集设备信息，网络信息": the value goes on.
            open.entries.last_mut().into_iter().for_each(|last| last.range.end = range.end);
        } else if open.name.is_some()
            && !clause.inside
            && matches!(clause.before, Mark::Comma | Mark::Colon | Mark::Dash)
        {
            if !open.has(Kind::Purpose) {
                open.add(Kind::Purpose, range, false);
            } else if !open.has(Kind::Data) && !Scope::of(text).is_empty() {
                open.add(Kind::Data, range, false);
            }
        }
    }

    fn marked(&mut self, at: usize, clause: &Clause, text: &str, markers: &[Marker], next: Option<Mark>) {
        let start = clause.range.start;
        let first = markers.first().map_or(0, |marker| marker.range.start);
        let before = subject(text.get(..first).unwrap_or_default());
        // "顶点推送SDK由…提供", "Acme Maps is provided by …"
        let names_it = markers.first().is_some_and(|marker| marker.says != Says::Carries);
        if at == 0 && names_it && !before.is_empty() && self.open.name.is_none() && !is_pronoun(before) {
            self.open.name = Some(start..start + before.len());
        }
        let ends = markers.iter().skip(1).map(|marker| marker.range.start).chain([text.len()]);
        let values: Vec<(Says, Range<usize>)> =
            markers.iter().zip(ends).map(|(marker, end)| (marker.says, marker.range.end..end)).collect();
        for (says, value) in values {
            let value = start + value.start..start + value.end;
            match says {
                Says::Carries => self.carried(&value, next),
                Says::Field(Kind::Link) => {}
                Says::Field(Kind::Vendor) => self.vendor(&value),
                Says::Field(Kind::Data) => self.data(&value, next),
                Says::Field(kind) => {
                    let value = self.purpose(value);
                    if !self.open.has(kind) {
                        self.open.add(kind, value, true);
                    }
                }
            }
        }
    }

    /// "顶点公司的顶点推送SDK", "由顶点公司提供的顶点推送SDK", "the Acme Maps SDK of Acme Inc.".
    fn carried(&mut self, value: &Range<usize>, next: Option<Mark>) {
        let text = self.text(value).to_owned();
        // "消息推送：我们使用…": what stands first is the purpose.
        if let Some(first) = self.open.name.take().filter(|_| !self.open.has(Kind::Purpose)) {
            self.open.add(Kind::Purpose, first, true);
        }
        self.open.carried = true;
        let lead = text.len() - text.trim_start_matches(['由', ' ']).len();
        let (body, from) = (&text[lead..], value.start + lead);
        let article = ["the ", "a ", "an "].iter().find(|word| body.starts_with(**word)).map_or(0, |word| word.len());
        let joints = ["提供的", "开发的", "运营的", "研发的", "公司的"];
        let joint = joints.iter().filter_map(|joint| body.rfind(joint).map(|at| (at, at + joint.len()))).max();
        let company = |joint: &str| if joint.starts_with("公司") { "公司".len() } else { 0 };
        let of = body.rfind(" of ").filter(|at| is_company(&body[at + 4..]) || body[..*at].contains("sdk"));
        let possessive = body.rfind('的').map(|at| (at, at + '的'.len_utf8()));
        let name = if let Some((at, end)) = joint {
            self.open.add(Kind::Vendor, from..from + at + company(&body[at..]), true);
            from + end..value.end
        } else if let Some((at, end)) = possessive {
            self.open.add(Kind::Vendor, from..from + at, true);
            from + end..value.end
        } else if let Some(at) = of {
            self.open.add(Kind::Vendor, from + at + 4..value.end, true);
            from + article..from + at
        } else {
            from + article..value.end
        };
        let words = self.text(&name).trim_end();
        let words = ["服务", "功能"].iter().find_map(|end| words.strip_suffix(end)).unwrap_or(words).trim_end();
        let length = words.len();
        self.open.name = Some(name.start..name.start + length).filter(|name| !name.is_empty());
        // "We use the following SDKs:" announces names and is none.
        if next == Some(Mark::Colon) && self.text(&name).contains("following") {
            self.open.name = None;
        }
    }

    fn vendor(&mut self, value: &Range<usize>) {
        let text = self.text(value);
        let mut end = text.trim_end().len();
        let verbs = ["提供", "开发", "运营", "研发"];
        let verb = verbs.iter().filter_map(|verb| text.find(verb)).min();
        // "由顶点公司提供的顶点推送SDK": the name stands behind.
        let behind = verb.and_then(|at| {
            let rest = &text[at..];
            rest.find('的').filter(|of| *of <= 4 * '的'.len_utf8()).map(|of| at + of + '的'.len_utf8())
        });
        if let Some(at) = verb {
            end = at;
        }
        let name = behind.map(|at| value.start + at..value.start + text.len());
        if !self.open.has(Kind::Vendor) {
            self.open.add(Kind::Vendor, value.start..value.start + end, true);
        }
        if self.open.name.is_none() {
            self.open.name = name.filter(|name| !name.is_empty());
        }
    }

    fn data(&mut self, value: &Range<usize>, next: Option<Mark>) {
        const LEADS: [&str; 14] = [
            "您的",
            "用户的",
            "你的",
            "您",
            "用户",
            "到",
            "了",
            "以下信息",
            "的信息包括",
            "的个人信息包括",
            "信息包括",
            "的信息为",
            "your ",
            "the following ",
        ];
        let text = self.text(value);
        let mut rest = text;
        while let Some(after) = LEADS.iter().find_map(|lead| rest.strip_prefix(lead)) {
            rest = after;
        }
        let start = value.start + (text.len() - rest.len());
        if rest.trim().is_empty() && next == Some(Mark::Colon) {
            self.open.pending = Some(Kind::Data);
        } else if !self.open.has(Kind::Data) {
            self.open.add(Kind::Data, start..value.end, true);
        }
    }

    /// "微信登录功能时": what is used ends before such words.
    fn purpose(&self, value: Range<usize>) -> Range<usize> {
        let text = self.text(&value).trim_end();
        let ends = ["功能时", "服务时", "时", "之目的", "的目的"];
        let length = ends.iter().find_map(|end| text.strip_suffix(end)).filter(|rest| !rest.is_empty());
        value.start..value.start + length.unwrap_or(text).trim_end().len()
    }

    /// The record, when it is one, and whether it is described well enough to be one by itself.
    fn finish(&self, open: Open, names: &Names, (lists_sdks, alone): (bool, bool)) -> Option<(Draft, bool)> {
        let name = self.trimmed(open.name.clone()?);
        let words = value::plain(self.source.slice(&name));
        let words = words.trim_matches([':', '：', '“', '”', '「', '」', '《', '》', ' ']);
        let of = |kinds: &[Kind]| open.entries.iter().any(|value| kinds.contains(&value.kind));
        let marked = open.entries.iter().filter(|value| value.marked && value.kind != Kind::Link).count();
        let mut kinds: Vec<Kind> = open.entries.iter().map(|value| value.kind).collect();
        kinds.sort_unstable();
        kinds.dedup();
        let known = mentions_sdk(words) || names.find(words).is_some_and(|found| found.sure);
        let full = of(&[Kind::Vendor, Kind::Package, Kind::Link]) && of(&[Kind::Purpose, Kind::Data]);
        let enough = kinds.len() >= 2 && (marked > 0 || full && kinds.len() >= 3);
        let placed = if known { lists_sdks || open.carried || full } else { lists_sdks && full };
        let vendor = open.entries.iter().find(|value| value.kind == Kind::Vendor);
        let vendor = vendor.map(|value| value::plain(self.source.slice(&self.trimmed(value.range.clone()))));
        // "撒吖App所接入的SDK": what stands before the name is no company.
        let odd = |vendor: String| is_general(&vendor) || !known && !is_company(&vendor) && !is_brand(&vendor);
        let placed = placed && !vendor.is_some_and(odd) && (alone || known && kinds.len() >= 3);
        let named = open.carried && known && !kinds.is_empty() && alone;
        if !(enough && placed || named) || !is_name(words) {
            return None;
        }
        let entry = |value: &Value| Entry {
            label: Label { kind: value.kind, weak: false, says_sdk: false, takes_site: false },
            parts: vec![self.trimmed(value.range.clone())],
        };
        let draft = Draft {
            start: name.start,
            title: Some(name.clone()),
            entries: open.entries.iter().map(entry).collect(),
            in_sdk_section: true,
            ..Draft::default()
        };
        Some((draft, enough && placed))
    }

    /// A range of the masked text as one of the document, marks at its ends left out.
    fn trimmed(&self, range: Range<usize>) -> Range<usize> {
        let range = self.source.trim(self.base + range.start..self.base + range.end);
        let text = self.source.slice(&range);
        let start = text.len() - text.trim_start_matches(['*', '`', ' ', '“', '"', '「']).len();
        let end = text.trim_end_matches(['*', '`', ' ', '”', '"', '」', '。', '，', ';', '；']).len();
        range.start + start..range.start + end.max(start)
    }
}

/// A package in brackets: of three parts, or of two behind a top-level domain.
fn is_package(text: &str) -> bool {
    let begins = ["com.", "cn.", "io.", "org.", "net."].iter().any(|top| text.starts_with(top));
    value::is_package_name(text) && (begins || text.matches('.').count() >= 2)
}

/// "attribution of installs to campaigns": the "to" inside a phrase announces nothing.
fn is_phrase(text: &str, markers: &[Marker]) -> bool {
    let Some(first) = markers.first() else { return false };
    let before = subject(&text[..first.range.start]);
    let weak = matches!(&text[first.range.clone()], "to " | "for " | "from " | "by ");
    weak && !before.is_empty() && !is_company(before) && !is_pronoun(before)
}

/// A label before a colon, also "…的隐私政策".
fn lookup_label(text: &str) -> Option<Label> {
    lookup(text.trim()).or_else(|| lookup_inside(text.trim()))
}
