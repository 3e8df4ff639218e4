//! Sentences that name an SDK and say who provides it, what for and what it collects → records.
//!
//! "我们使用了由顶点公司提供的顶点推送SDK（包名：…），用于推送消息，会收集设备信息。", "Acme Push by Acme Inc. for
//! messages. It collects the device model." A sentence is a record when it names a known SDK, or when most lines like it do.

mod clauses;
mod cues;
mod items;
mod subjects;

use super::headings::is_list_title;
use super::labels::{Kind, Label};
use super::learn::is_sdk_name;
use super::line::Line;
use super::names::Names;
use super::record::{Draft, Entry};
use super::scope::Scope;
use super::section::{Section, mentions_sdk};
use super::source::Source;
use super::title::is_company;
use super::{denial, fields, links, value};
use clauses::{Before, Clause};
use items::items;
use std::ops::Range;

/// Reads the sentences of all lines that nothing else has taken.
pub(super) fn read(
    source: &Source,
    lines: &[Line],
    names: &Names,
    taken: &mut [bool],
    used: &mut [bool],
) -> Vec<Draft> {
    let mut section = Section::new(source, lines);
    let mut found: Vec<Found> = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        if line.is_blank() || taken.get(at).copied().unwrap_or(true) {
            continue;
        }
        section.read(source, line);
        if line.heading > 0 {
            continue;
        }
        let lists_sdks = section.lists_sdks() || mentions_sdk(source.slice(&line.body));
        for item in items(source, line) {
            if let Some(last) = found.last_mut().filter(|last| follows(source, last, &item, at, lines)) {
                last.goes_on(source, &item, at);
                continue;
            }
            let parsed = Found::of(source, line, &item, names, lists_sdks, at);
            // A line over labelled ones is their title.
            let parsed = parsed.filter(|one| {
                let sentence = one.told() > 2 && (one.draft.has(Kind::Purpose) || one.draft.has(Kind::Data));
                sentence || !is_title_of_fields(source, lines, at)
            });
            found.extend(parsed.map(|one| one.in_section(&section)));
        }
    }
    let drafts = accepted(lines, found);
    for one in &drafts {
        for at in &one.lines {
            for flags in [&mut *taken, &mut *used] {
                flags.get_mut(*at).into_iter().for_each(|flag| *flag = true);
            }
        }
    }
    drafts.into_iter().map(|one| one.draft).collect()
}

/// A sentence that may be a record.
struct Found {
    draft: Draft,
    lines: Vec<usize>,
    name: String,
    /// Whether the name is one of an SDK.
    proven: bool,
    /// "We use …" said so.
    carried: bool,
    lists_sdks: bool,
    /// How the line begins, to see which lines are a list.
    mark: (bool, Option<char>),
}

impl Found {
    fn of(
        source: &Source,
        line: &Line,
        item: &Range<usize>,
        names: &Names,
        lists_sdks: bool,
        at: usize,
    ) -> Option<Found> {
        let clauses = clauses::split(source, item);
        let (first, name, vendor, carried) = named(source, &clauses)?;
        let words = value::plain(source.slice(&name));
        if is_list_title(&words) {
            return None;
        }
        let mut draft =
            Draft { start: name.start, title: Some(name.clone()), in_sdk_section: true, ..Draft::default() };
        if let Some(vendor) = vendor {
            draft.entries.push(entry(Kind::Vendor, vendor));
        }
        let whole = links::all(source, item);
        if !whole.is_empty() {
            draft.entries.push(entry(Kind::Link, item.clone()));
        }
        add(source, &mut draft, &clauses, Some(first), &words);
        Some(Found {
            proven: is_sdk_name(&words, names),
            name: words,
            lines: vec![at],
            carried,
            lists_sdks,
            mark: (line.bullet, line.number.map(|number| number.style)),
            draft,
        })
    }

    fn in_section(mut self, section: &Section) -> Found {
        self.draft.platform = section.platform();
        self.draft.group = section.company();
        self
    }

    /// Adds a further sentence about the same SDK.
    fn goes_on(&mut self, source: &Source, item: &Range<usize>, at: usize) {
        if !links::all(source, item).is_empty() {
            self.draft.entries.push(entry(Kind::Link, item.clone()));
        }
        let name = self.name.clone();
        add(source, &mut self.draft, &clauses::split(source, item), None, &name);
        self.lines.push(at);
    }

    /// Fields besides the name.
    fn told(&self) -> usize {
        [Kind::Vendor, Kind::Purpose, Kind::Data, Kind::Package, Kind::Link]
            .iter()
            .filter(|kind| self.draft.has(**kind))
            .count()
    }

    /// Whether the sentence alone is enough.
    fn is_certain(&self) -> bool {
        let says = self.draft.has(Kind::Purpose) || self.draft.has(Kind::Data) || self.draft.has(Kind::Package);
        self.proven
            && says
            && (self.carried || self.lists_sdks)
            && self.told() >= if self.carried && self.lists_sdks { 1 } else { 2 }
    }

    /// Whether it is enough among others of its kind.
    fn is_likely(&self) -> bool {
        self.lists_sdks && self.told() >= if self.proven { 1 } else { 2 }
    }
}

/// The certain ones, and the likely ones in a list in which most are certain.
fn accepted(lines: &[Line], found: Vec<Found>) -> Vec<Found> {
    let apart = |from: usize, to: usize| lines.iter().take(to).skip(from + 1).any(|line| !line.is_blank());
    let mut groups: Vec<Vec<Found>> = Vec::new();
    for one in found {
        let joins = groups.last().and_then(|group| group.last()).is_some_and(|last: &Found| {
            let (from, to) = (last.lines.last().copied().unwrap_or(0), one.lines.first().copied().unwrap_or(0));
            last.mark == one.mark && !apart(from, to)
        });
        match groups.last_mut().filter(|_| joins) {
            Some(group) => group.push(one),
            None => groups.push(vec![one]),
        }
    }
    let mut kept = Vec::new();
    for group in groups {
        let certain = group.iter().filter(|one| one.is_certain()).count();
        let list = certain * 2 >= group.len() && certain > 0;
        kept.extend(group.into_iter().filter(|one| one.is_certain() || list && one.is_likely()));
    }
    kept
}

/// Whether the next line with words begins with a label.
fn is_title_of_fields(source: &Source, lines: &[Line], at: usize) -> bool {
    let next = lines.iter().skip(at + 1).find(|line| !line.is_blank());
    next.is_some_and(|next| {
        fields::split(source, next).1.first().is_some_and(|field| field.value.start < next.body.start + 60)
    })
}

/// Whether a paragraph goes on about the SDK of the one before: "该SDK会收集…", "Acme Push collects …".
fn follows(source: &Source, last: &Found, item: &Range<usize>, at: usize, lines: &[Line]) -> bool {
    const SUBJECTS: [&str; 7] = ["该sdk", "此sdk", "其", "it ", "the sdk ", "this sdk ", "its "];
    let from = last.lines.last().copied().unwrap_or(0);
    let next = from == at || !lines.iter().take(at).skip(from + 1).any(|line| !line.is_blank());
    let marked = lines.get(at).is_some_and(|line| line.bullet || line.number.is_some());
    let text = value::plain(source.slice(item)).to_lowercase();
    let named = text.strip_prefix(&last.name.to_lowercase()).is_some_and(|rest| {
        let rest = rest.trim_start();
        ["会", "可能", "需要", "将", "collects", "may ", "processes", "的隐私"]
            .iter()
            .any(|verb| rest.starts_with(verb))
    });
    from != at && next && !marked && (named || SUBJECTS.iter().any(|subject| text.starts_with(subject)))
}

/// Number of the clause with the name, place of the name, place of a company before it, whether a verb says that the app carries it.
type Named = (usize, Range<usize>, Option<Range<usize>>, bool);

/// The clause of the name, the name in it, a company before it, and whether a verb says that the app carries it.
fn named(source: &Source, clauses: &[Clause]) -> Option<Named> {
    let place = |clause: &Clause, inner: Range<usize>| clause.range.start + inner.start..clause.range.start + inner.end;
    for (number, clause) in clauses.iter().enumerate().take(4) {
        let text = source.slice(&clause.range);
        if let Some((inner, vendor)) = subjects::carried(text) {
            let words = subjects::name_words(text.get(inner.clone())?);
            let name = inner.start + words.start..inner.start + words.end;
            let vendor = vendor.map(|vendor| place(clause, vendor));
            // "We use it for …" speaks of the name before.
            let again = number > 0
                && ["it", "them", "this", "该", "其"].contains(&text.get(name.clone())?.to_lowercase().as_str());
            if again {
                continue;
            }
            let fits = !name.is_empty() && is_name(text.get(name.clone())?);
            return fits.then(|| (number, place(clause, name), vendor, true));
        }
    }
    let first = clauses.first()?;
    let text = source.slice(&first.range);
    let name = subjects::name_words(text);
    (!name.is_empty() && is_name(text.get(name.clone())?) && clauses.len() > 1)
        .then(|| (0, place(first, name), None, false))
}

fn is_name(words: &str) -> bool {
    let lower = words.to_lowercase();
    subjects::can_be_name(words) && !matches!(lower.as_str(), "sdk" | "sdks" | "third-party sdks") && !is_company(words)
}

/// Puts every clause under the field that it is about.
fn add(source: &Source, draft: &mut Draft, clauses: &[Clause], named: Option<usize>, name: &str) {
    let mut open: Option<Kind> = None;
    let mut label: Option<Kind> = None;
    for (number, clause) in clauses.iter().enumerate().filter(|(number, _)| Some(*number) != named) {
        let text = source.slice(&clause.range);
        let words = value::plain(text);
        let plain = words.trim_matches(['*', '_', '`', ' ']);
        if clause.before == Before::Bracket && value::is_package_name(plain) {
            draft.entries.push(entry(Kind::Package, clause.range.clone()));
            continue;
        }
        // "收集的信息：设备型号": the label is the clause before the colon.
        let colon = clauses.get(number + 1).is_some_and(|next| next.before == Before::Colon);
        if let Some(kind) = super::labels::lookup(plain).map(|label| label.kind).filter(|_| colon) {
            label = Some(kind);
            continue;
        }
        if let Some((kind, start)) = cues::labelled(text) {
            push(draft, kind, source.trim(clause.range.start + start..clause.range.end));
            open = Some(kind);
            continue;
        }
        if let Some(kind) = label.take().filter(|_| clause.before == Before::Colon) {
            if kind != Kind::Name {
                push(draft, kind, clause.range.clone());
            }
            open = Some(kind);
            continue;
        }
        if denial::is_denial(plain) && !draft.has(Kind::Data) {
            push(draft, Kind::Data, clause.range.clone());
            open = None;
            continue;
        }
        if let Some((kind, inner)) = cues::classify(text, name) {
            let more = open == Some(kind) && clause.before == Before::Comma && kind != Kind::Link;
            if more && let Some(last) = draft.entries.last_mut().and_then(|entry| entry.parts.last_mut()) {
                last.end = clause.range.end;
                continue;
            }
            // A second purpose or vendor in a later sentence is another thought.
            let again = kind != Kind::Data && draft.has(kind);
            if kind != Kind::Link && !again {
                push(draft, kind, source.trim(clause.range.start + inner.start..clause.range.start + inner.end));
            }
            open = Some(kind).filter(|_| !again);
            continue;
        }
        open = unmarked(source, draft, clause, open, colon);
    }
}

/// A clause without a cue: what the one before it began goes on, or its place tells.
fn unmarked(source: &Source, draft: &mut Draft, clause: &Clause, open: Option<Kind>, colon: bool) -> Option<Kind> {
    let text = source.slice(&clause.range);
    let goes_on =
        matches!(clause.before, Before::Comma | Before::Words) && matches!(open, Some(Kind::Data | Kind::Purpose));
    if goes_on && let Some(last) = draft.entries.last_mut().and_then(|entry| entry.parts.last_mut()) {
        last.end = clause.range.end;
        return open;
    }
    const EMPTY: [&str; 8] = ["an sdk", "a service", "a library", "a tool", "used", "and", "is", "sdk"];
    if EMPTY.contains(&value::plain(text).to_lowercase().as_str()) {
        return None;
    }
    let is_data = Scope::of(text).explicit().next().is_some();
    let kind = match clause.before {
        Before::Bracket => None,
        // "地图展示：我们使用…" tells the purpose before the name.
        _ if colon && !draft.has(Kind::Purpose) => Some(Kind::Purpose),
        Before::Dash | Before::Comma | Before::Colon
            if is_data && draft.has(Kind::Purpose) && !draft.has(Kind::Data) =>
        {
            Some(Kind::Data)
        }
        Before::Dash | Before::Comma | Before::Colon if !draft.has(Kind::Purpose) => Some(Kind::Purpose),
        Before::Dash if !draft.has(Kind::Data) => Some(Kind::Data),
        _ => None,
    };
    if let Some(kind) = kind {
        push(draft, kind, clause.range.clone());
    }
    kind
}

fn push(draft: &mut Draft, kind: Kind, range: Range<usize>) {
    if !range.is_empty() {
        draft.entries.push(entry(kind, range));
    }
}

fn entry(kind: Kind, range: Range<usize>) -> Entry {
    Entry { label: Label { kind, weak: false, says_sdk: false, takes_site: false }, parts: vec![range] }
}
