//! A record while it is being read, and what becomes of it: all layouts end here.

use super::headings::{clean_name, is_definition, is_placeholder, is_section_title};
use super::labels::{Kind, Label};
use super::source::Source;
use super::title::{package_bracket, package_line, package_tail, vendor_behind, without_package_bracket};
use super::{DeclaredSdk, Field, Located, links, value};
use std::ops::Range;

/// One labelled value: the words behind the label and the lines that continue them.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    pub label: Label,
    pub parts: Vec<Range<usize>>,
}

/// A record as far as it is read.
#[derive(Clone, Debug, Default)]
pub(super) struct Draft {
    /// Where its first line starts.
    pub start: usize,
    /// Heading or list item that names it without a label.
    pub title: Option<Range<usize>>,
    /// Labelled values in document order.
    pub entries: Vec<Entry>,
    /// Whether the section says that it lists SDKs.
    pub in_sdk_section: bool,
    /// Whether it is a row of a table, whose header said what it lists.
    pub in_table: bool,
    /// Operating system that a heading above it names.
    pub platform: Option<Range<usize>>,
    /// Title of the record inside which it stands.
    pub within: Option<String>,
    /// Company that a heading over several records names.
    pub group: Option<Range<usize>>,
}

impl Draft {
    pub fn has(&self, kind: Kind) -> bool {
        self.entries.iter().any(|entry| entry.label.kind == kind)
    }

    /// Whether this is a record of an SDK list and not another list with the same words (permissions that features use,
    /// the publisher's address).
    pub fn is_sdk(&self, source: &Source) -> bool {
        let name = self.name(source);
        if name.as_ref().is_some_and(|name| is_placeholder(&name.text) || is_definition(&name.text)) {
            return false;
        }
        let of = |kinds: &[Kind]| kinds.iter().any(|&kind| self.has(kind));
        let tells_use = of(&[Kind::Purpose, Kind::Data, Kind::Package, Kind::Permission, Kind::Method]);
        let tells_origin = of(&[Kind::Vendor, Kind::Link, Kind::Package]);
        let Some(name) = name else {
            return self.has(Kind::Package) || (self.in_sdk_section && tells_use && tells_origin);
        };
        let label_says_sdk = self.label_says_sdk();
        let says_sdk = super::section::mentions_sdk(&name.text);
        if label_says_sdk {
            return true;
        }
        if is_section_title(&name.text) {
            return false;
        }
        if says_sdk || self.in_sdk_section {
            return tells_use || says_sdk && tells_origin;
        }
        // Nothing says SDK: in a list only a full record is one.
        const KINDS: [Kind; 6] = [Kind::Vendor, Kind::Package, Kind::Permission, Kind::Purpose, Kind::Data, Kind::Link];
        let kinds = KINDS.iter().filter(|kind| self.has(**kind)).count();
        tells_use && tells_origin && (self.in_table || kinds >= 3)
    }

    /// Whether its name and all that it says is that there is nothing: "Third-party SDKs: None", a row of 无.
    pub fn is_nothing(&self, source: &Source) -> bool {
        let says = |entry: &&Entry| {
            entry.parts.iter().map(|part| source.slice(part)).any(|text| !value::is_none_word(text) && !text.is_empty())
        };
        let said: Vec<Kind> = self.entries.iter().filter(says).map(|entry| entry.label.kind).collect();
        // What follows it in the document may be taken for one more value.
        let whole = [Kind::Vendor, Kind::Package, Kind::Purpose].iter().filter(|kind| said.contains(kind)).count();
        self.name(source).is_some_and(|name| value::is_none_word(&name.text)) && whole < 2
    }

    fn label_says_sdk(&self) -> bool {
        self.entries.iter().any(|entry| entry.label.kind == Kind::Name && entry.label.says_sdk)
    }

    /// The name as written, marks left out.
    pub fn name(&self, source: &Source) -> Option<Located> {
        let located = words(source, &self.name_range(source)?);
        let text = clean_name(&without_package_bracket(&located.text));
        let mut text = text.trim_end_matches(['：', ':', '；', ';']).trim();
        // The anchor of a heading: "Acme Push {#acme-push}".
        if let Some(anchor) = text.rfind("{#").filter(|_| text.ends_with('}')) {
            text = text[..anchor].trim_end();
        }
        if let Some((end, _)) = vendor_behind(text).filter(|_| !self.has(Kind::Vendor)) {
            text = text[..end].trim_end();
        }
        (!text.is_empty()).then(|| Located { text: text.to_owned(), at: located.at })
    }

    /// Where its name, labelled or not, is written.
    pub fn title_range(&self) -> Option<&Range<usize>> {
        self.best(Kind::Name).and_then(|entry| entry.parts.first()).or(self.title.as_ref())
    }

    /// Where the name stands, without the mark of a system before it.
    fn name_range(&self, source: &Source) -> Option<Range<usize>> {
        let range = source.trim(self.title_range()?.clone());
        Some(match system_mark(source.slice(&range)) {
            Some(mark) if mark.end < range.len() => source.trim(range.start + mark.end..range.end),
            _ => range,
        })
    }

    /// The entry whose label is strongest; the first of equals, one with a value before one that says none.
    fn best(&self, kind: Kind) -> Option<&Entry> {
        let entries = self.entries.iter().filter(|entry| entry.label.kind == kind && !entry.parts.is_empty());
        entries.min_by_key(|entry| entry.label.weak)
    }

    /// The finished record, not resolved yet.
    pub fn build(&self, source: &Source) -> DeclaredSdk {
        let name = self.name(source).map_or(Field::Absent, Field::Given);
        let start = source.position(self.start);
        let named_at = match &name {
            Field::Given(name) => name.at,
            _ => start,
        };
        DeclaredSdk {
            vendor: self.vendor(source),
            packages: self.packages(source),
            permissions: self.permissions(source),
            purpose: self.text(source, Kind::Purpose),
            data: self.data(source),
            links: self.links(source),
            method: self.text(source, Kind::Method),
            platform: self.platform_field(source),
            line: start.line,
            column: if named_at.line == start.line { named_at.column } else { start.column },
            name,
            resolved: Default::default(),
            within: self.within.clone(),
            no_place_for: &[],
            says_sdk: self.label_says_sdk(),
        }
    }

    fn text(&self, source: &Source, kind: Kind) -> Field<Located> {
        self.best(kind).map_or(Field::Absent, |entry| field(source, &entry.parts))
    }

    /// A company's name without the full stop of the sentence.
    fn vendor(&self, source: &Source) -> Field<Located> {
        match self.text(source, Kind::Vendor) {
            Field::Absent => {
                let group = || self.group.as_ref().map(|range| words(source, range));
                self.vendor_in_name(source).or_else(group).map_or(Field::Absent, Field::Given)
            }
            Field::Given(Located { text, at }) => {
                Field::Given(Located { text: text.trim_end_matches(['。', '；', ';', '，']).to_owned(), at })
            }
            other => other,
        }
    }

    /// The company behind the name: "Acme Push (Acme Inc.)".
    fn vendor_in_name(&self, source: &Source) -> Option<Located> {
        let range = self.title_range()?;
        let (_, inner) = vendor_behind(source.slice(range).trim_end_matches([' ', '*', ':', '：', ';', '；']))?;
        Some(words(source, &(range.start + inner.start..range.start + inner.end)))
    }

    /// All values under the strongest data label: some lists give type and details in two fields.
    fn data(&self, source: &Source) -> Field<Located> {
        let Some(weak) = self.best(Kind::Data).map(|entry| entry.label.weak) else { return Field::Absent };
        let entries = self.entries.iter().filter(|entry| entry.label.kind == Kind::Data && entry.label.weak == weak);
        let parts: Vec<Range<usize>> = entries.flat_map(|entry| entry.parts.iter().cloned()).collect();
        match field(source, &parts) {
            // "不收集个人信息" in place of "无".
            Field::Given(words) if words.text.chars().nth(24).is_none() && super::denial::is_denial(&words.text) => {
                Field::ExplicitNone(words.at)
            }
            field => field,
        }
    }

    fn packages(&self, source: &Source) -> Field<Vec<Located>> {
        let bracket = self.title_range().and_then(|range| {
            let name = source.slice(range);
            let inner = package_line(name).or_else(|| package_bracket(name)).or_else(|| package_tail(name))?;
            Some(range.start + inner.start..range.start + inner.end)
        });
        let found = match self.list(source, Kind::Package, value::packages) {
            // A host where a package is asked for: kept, so that it can be said.
            Field::Absent => {
                let asks = |entry: &&Entry| entry.label.kind == Kind::Package && !entry.label.takes_site;
                let entries: Vec<&Entry> = self.entries.iter().filter(asks).collect();
                list_of(source, &entries, links::lone_hosts)
            }
            found => found,
        };
        match (found, bracket) {
            (Field::Absent, Some(bracket)) => match value::packages(source, &bracket) {
                names if names.is_empty() => Field::Absent,
                names => Field::Given(names),
            },
            (found, _) => found,
        }
    }

    fn permissions(&self, source: &Source) -> Field<Vec<Located>> {
        let strong = self.entries.iter().any(|entry| entry.label.kind == Kind::Permission && !entry.label.weak);
        if strong {
            let entries: Vec<&Entry> =
                self.entries.iter().filter(|e| e.label.kind == Kind::Permission && !e.label.weak).collect();
            return list_of(source, &entries, value::permissions);
        }
        self.list(source, Kind::Permission, value::permission_names)
    }

    fn links(&self, source: &Source) -> Field<Vec<Located>> {
        let mut field = self.list(source, Kind::Link, |source, range| {
            let links = links::all(source, range);
            if links.is_empty() { links::bare_hosts(source, range) } else { links }
        });
        // "SDK package/web site" columns hold links, and names often are links.
        let elsewhere =
            self.entries.iter().filter(|e| matches!(e.label.kind, Kind::Package | Kind::Name | Kind::Vendor));
        let ranges = elsewhere.flat_map(|entry| entry.parts.iter()).chain(self.title.as_ref());
        let more: Vec<Located> = ranges.flat_map(|range| links::all(source, range)).collect();
        if matches!(field, Field::Absent) && !more.is_empty() {
            field = Field::Given(value::unique(more));
        }
        if matches!(field, Field::Absent) {
            let all = self.entries.iter().flat_map(|entry| entry.parts.iter()).chain(self.title.as_ref());
            let noted: Vec<Located> = all.flat_map(|range| links::in_notes(source, range)).collect();
            if !noted.is_empty() {
                field = Field::Given(value::unique(noted));
            }
        }
        field
    }

    fn list(&self, source: &Source, kind: Kind, read: ReadList) -> Field<Vec<Located>> {
        let entries: Vec<&Entry> = self.entries.iter().filter(|entry| entry.label.kind == kind).collect();
        list_of(source, &entries, read)
    }

    /// The words of the mark before the name.
    fn mark(&self, source: &Source) -> Option<Range<usize>> {
        let range = source.trim(self.title_range()?.clone());
        let mark = system_mark(source.slice(&range))?;
        let inner = source.slice(&(range.start..range.start + mark.end));
        let (open, close) = (inner.chars().next()?.len_utf8(), inner.chars().next_back()?.len_utf8());
        Some(range.start + open..range.start + mark.end - close)
    }

    fn platform_field(&self, source: &Source) -> Field<Located> {
        match self.text(source, Kind::Platform) {
            Field::Absent => {
                let range = self.mark(source).or_else(|| self.platform.clone());
                range.map_or(Field::Absent, |range| Field::Given(words(source, &range)))
            }
            given => given,
        }
    }
}

/// Range of a mark for operating systems that begins a name, brackets and all: "【仅Android】", "[iOS]".
fn system_mark(name: &str) -> Option<Range<usize>> {
    let name = name.trim_start_matches('*');
    let inner = name.strip_prefix(['【', '['])?;
    let close = inner.find(['】', ']'])?;
    let said = inner[..close].to_lowercase();
    let is_system = ["双端", "全平台"].contains(&said.as_str())
        || ["android", "ios", "harmony", "安卓", "苹果", "鸿蒙"].iter().any(|word| said.contains(word));
    let start = name.len() - inner.len();
    let end = start + close + inner[close..].chars().next()?.len_utf8();
    (is_system && close <= 40 && !inner[close..].starts_with("](")).then_some(0..end)
}

type ReadList = fn(&Source, &Range<usize>) -> Vec<Located>;

fn list_of(source: &Source, entries: &[&Entry], read: ReadList) -> Field<Vec<Located>> {
    let parts = || entries.iter().flat_map(|entry| entry.parts.iter());
    let items = value::unique(parts().flat_map(|part| read(source, part)));
    if !items.is_empty() {
        return Field::Given(items);
    }
    match parts().find(|part| value::is_none_word(source.slice(part))) {
        Some(none) => Field::ExplicitNone(source.position(source.trim(none.clone()).start)),
        None => value::blank_in(parts().map(|part| words(source, part))),
    }
}

/// A text field from its lines.
fn field(source: &Source, parts: &[Range<usize>]) -> Field<Located> {
    let lines: Vec<Located> =
        parts.iter().map(|part| words(source, part)).filter(|line| !line.text.is_empty()).collect();
    let Some(first) = lines.first() else { return Field::Absent };
    if lines.iter().all(|line| value::is_none_word(&line.text)) {
        return Field::ExplicitNone(first.at);
    }
    let text = lines.iter().map(|line| line.text.as_str()).collect::<Vec<_>>().join("\n");
    Field::Given(Located { text, at: first.at })
}

/// The words of a range and the place of the first one, marks before it skipped.
fn words(source: &Source, range: &Range<usize>) -> Located {
    let range = source.trim(range.clone());
    let raw = source.slice(&range);
    let marks = raw.len() - raw.trim_start_matches(['*', '`', '[', ' ']).len();
    // A bracket that is not a link belongs to the words.
    let text = value::plain(raw);
    let marks = if text.starts_with('[') { raw.find('[').unwrap_or(0) } else { marks };
    Located { text, at: source.position(range.start + marks) }
}
