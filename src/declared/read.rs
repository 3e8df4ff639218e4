//! A document → what it declares: container, encoding, format, view, records.

use super::decode::{self, Container, Format};
use super::labels::Kind;
use super::line::Line;
use super::record::Draft;
use super::source::{self, Source};
use super::view::{self, View};
use super::{
    AppPermissions, DataPractice, Declaration, DeclaredError, DeclaredSdk, Form, Located, MAX_BYTES, Statement,
    StatementKind, app_permissions, cells, docx, encoding, forms, json, mentions, name_list, names, nested, pdf,
    receivers, resolve, sentence, statements, table, text, value,
};
use crate::error::Error;
use crate::signatures::{SignatureSet, fold_name};
use sha2::{Digest, Sha256};
use std::collections::HashSet;

/// Reads a policy: plain text or Markdown (key:value lists, Markdown lists, pipe tables) or canonical JSON.
///
/// `name` is the document as the user named it; its extension helps to tell the format. Text may be UTF-8, UTF-16,
/// GB18030 or another encoding of the web.
///
/// # Errors
/// An empty document, another encoding, a format that is not read, or mistakes in canonical JSON.
pub fn read(name: &str, bytes: &[u8], set: &SignatureSet) -> Result<Declaration, Error> {
    read_document(name, bytes, set).map_err(|error| Error::from(error).in_input(name))
}

/// Whether the bytes are a PDF, which should be read in a process of its own.
pub fn is_pdf(bytes: &[u8]) -> bool {
    matches!(decode::container("", bytes), Ok(Some(Container::Pdf)))
}

/// The text of a PDF.
///
/// # Errors
/// A broken, encrypted or too large document, and one that holds images only.
pub fn pdf_text(bytes: &[u8]) -> Result<String, DeclaredError> {
    if bytes.len() as u64 > MAX_BYTES {
        return Err(DeclaredError::TooLarge { limit: MAX_BYTES });
    }
    pdf::text(bytes)
}

/// Reads a policy whose text another process has taken out of `bytes` with [`pdf_text`].
///
/// # Errors
/// A document without text.
pub fn read_text_of(name: &str, bytes: &[u8], text: String, set: &SignatureSet) -> Result<Declaration, Error> {
    let read = || declaration(name, digest(bytes), Format::Text, pdf::checked(text)?, set);
    read().map_err(|error| Error::from(error).in_input(name))
}

fn digest(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

pub(super) fn read_document(name: &str, bytes: &[u8], set: &SignatureSet) -> Result<Declaration, DeclaredError> {
    if bytes.len() as u64 > MAX_BYTES {
        return Err(DeclaredError::TooLarge { limit: MAX_BYTES });
    }
    let (format, text) = match decode::container(name, bytes)? {
        Some(Container::Docx) => (Format::Docx, docx::html(bytes)?),
        Some(Container::Pdf) => (Format::Text, pdf::text(bytes)?),
        Some(Container::Plist) => {
            let content = forms::plist_of_bytes(bytes)?;
            return Ok(finished(name, digest(bytes), content, Declaration::default(), &names::Names::new(set)));
        }
        None => {
            let text = encoding::decode(bytes)?;
            (decode::format(name, &text), text)
        }
    };
    declaration(name, digest(bytes), format, text, set)
}

fn declaration(
    name: &str,
    sha256: String,
    format: Format,
    text: String,
    set: &SignatureSet,
) -> Result<Declaration, DeclaredError> {
    let names = names::Names::new(set);
    let original = Source::new(&text);
    let view = match format {
        Format::Html { start } => Some(view::html::view(&original, start)),
        // Lines of a Word document are those of its text.
        Format::Docx => Some(View { spots: Vec::new(), ..view::html::view(&original, 0) }),
        Format::Delimited { tabs } => Some(view::delimited::view(&original, tabs)),
        Format::PlayDataSafety => Some(view::delimited::view(&original, false)),
        Format::Text => view::markdown::view(&original),
        Format::Json | Format::Plist => None,
    };
    if view.as_ref().is_some_and(|view| view.text.chars().all(source::is_blank)) {
        return Err(DeclaredError::Empty);
    }
    let content = match (format, &view) {
        (Format::Json, _) => json::read(&original)?,
        (Format::Plist, _) => forms::plist_of_text(&original)?,
        (Format::PlayDataSafety, Some(view)) => forms::play(&Source::of(view), view),
        (_, Some(view)) => read_text(&Source::of(view), &names)?,
        (_, None) => read_text(&original, &names)?,
    };
    let (lines, shown) = (original.line_count(), view.as_ref().map(|view| Source::new(&view.text).line_count()));
    let line_count = if format == Format::Docx { shown.unwrap_or(lines) } else { lines };
    // A form prints the names of all types of data, those that are not ticked as well: its words say nothing.
    let view = if content.form.is_some() { Some(View::default()) } else { view };
    let (text, spots) = match view {
        Some(view) => (view.text, view.spots),
        None => (text, Vec::new()),
    };
    let read = Declaration { text, spots, line_count, ..Declaration::default() };
    Ok(finished(name, sha256, content, read, &names))
}

/// Resolves what was read and puts it together with the `read` text.
fn finished(name: &str, sha256: String, mut content: Content, read: Declaration, names: &names::Names) -> Declaration {
    for record in &mut content.records {
        record.resolved = resolve::resolve(record, names);
    }
    let (receivers, records): (Vec<_>, Vec<_>) = content.records.into_iter().partition(receivers::is_receiver);
    Declaration {
        document: name.to_owned(),
        sha256,
        has_sdk_list: !records.is_empty(),
        records,
        receivers: receivers.into_iter().chain(content.receivers).collect(),
        app_permissions: content.app_permissions,
        statements: content.statements,
        form: content.form,
        data_practices: content.data_practices,
        tracking_domains: content.tracking_domains,
        ..read
    }
}

/// What a document holds, records not resolved yet.
#[derive(Debug, Default)]
pub(super) struct Content {
    pub records: Vec<DeclaredSdk>,
    pub receivers: Vec<DeclaredSdk>,
    pub app_permissions: AppPermissions,
    pub statements: Vec<Statement>,
    pub form: Option<Form>,
    pub data_practices: Vec<DataPractice>,
    pub tracking_domains: Vec<Located>,
}

/// Records that make a list beside which prose is not read for more.
const FEWEST_LISTED: usize = 3;

/// Most entries of a list: the longest real ones have some hundreds.
const MAX_RECORDS: usize = 5000;

fn read_text(source: &Source, names: &names::Names) -> Result<Content, DeclaredError> {
    let mut lines: Vec<Line> = source.lines().map(|range| Line::parse(source, range)).collect();
    blank_front_matter(source, &mut lines);
    blank_contents(source, &mut lines);
    let denials = statements::read(source, &lines, names.set());
    let mut skip = denials.lines;
    let mut used = skip.clone();
    let mut drafts = table::read(source, &lines, names, &mut skip, &mut used);
    drafts.extend(cells::read(source, &lines, &mut skip, &mut used));
    let said = sentence::read(source, &lines, names, &mut skip, &mut used);
    drafts.extend(text::read(source, &lines, names, &skip, &mut used));
    drafts.sort_by_key(|draft| draft.start);
    // What only names what the list above or below it tells of is no record of its own.
    let (bare, told): (Vec<Draft>, Vec<Draft>) = name_list::read(source, &lines, names, &drafts, &mut used)
        .into_iter()
        .partition(|draft| draft.entries.is_empty());
    drafts.extend(told);
    let bare = others(source, bare, &drafts, names);
    drafts.extend(bare);
    if drafts.is_empty() {
        drafts = said;
        let named = mentions::read(source, &lines, names, &mut used);
        let is_name = |draft: &Draft| draft.name(source).is_some_and(|name| name.text.contains(char::is_alphabetic));
        let named = others(source, named.into_iter().filter(is_name).collect(), &drafts, names);
        drafts.extend(named);
    } else if said.len() > 1 {
        // One sentence beside a list is a passing mention, and prose that names an SDK without its company or an address
        // beside a longer list repeats what the list says.
        let whole = |draft: &Draft| draft.has(Kind::Vendor) || draft.has(Kind::Link) || draft.has(Kind::Package);
        let repeats = drafts.len() > said.len().max(FEWEST_LISTED);
        let said = said.into_iter().filter(|draft| !repeats || whole(draft)).collect();
        let said = others(source, said, &drafts, names);
        drafts.extend(said);
    }
    drafts.retain(|draft| !draft.is_nothing(source));
    if drafts.len() > MAX_RECORDS {
        return Err(DeclaredError::TooManyRecords { found: drafts.len(), limit: MAX_RECORDS });
    }
    drafts.sort_by_key(|draft| draft.start);
    let nested = nested::read(source, &lines, &drafts, &mut used);
    drafts.extend(nested);
    drafts.sort_by_key(|draft| draft.start);
    let in_record = |line: usize| used.get(line).copied().unwrap_or(false);
    let kept =
        |denial: &statements::Denial| denial.statement.kind == StatementKind::NotIncluded || !in_record(denial.line);
    let statements = denials.statements.into_iter().filter(kept).map(|denial| denial.statement).collect();
    Ok(Content {
        records: drafts.iter().map(|draft| draft.build(source)).collect(),
        app_permissions: app_permissions::read(source, &lines, &used),
        statements,
        ..Content::default()
    })
}

/// A table of contents names the parts of the document that follow, and lists nothing itself.
fn blank_contents(source: &Source, lines: &mut [Line]) {
    const LONGEST: usize = 80;
    let words = |line: &Line| value::plain(source.slice(&line.body)).trim().to_lowercase();
    let is_head =
        |line: &Line| ["table of contents", "contents", "目录", "目 录", "目錄"].contains(&words(line).as_str());
    // An indented line is the end of a value: "name, ticket⏎    contents".
    let begins = |line: &Line| !line.is_blank() && line.indent == 0 && is_head(line);
    let Some(head) = lines.iter().take(LONGEST).position(begins) else { return };
    let below = |at: &usize| lines.get(*at).is_some_and(|line| at - head <= LONGEST && line.heading == 0);
    let titles = (head + 1..lines.len()).take_while(below).filter(|at| !lines[*at].is_blank());
    // Each entry comes again as the title of its part.
    let comes_again = |at: &usize| {
        let title = words(&lines[*at]);
        lines.iter().skip(at + 1).any(|line| !line.is_blank() && words(line) == title)
    };
    let entries: Vec<usize> = titles.take_while(comes_again).collect();
    // The first part of the document repeats the first entry: there the table has ended.
    let first = entries.first().map(|at| words(&lines[*at]));
    let ended = entries.iter().skip(1).position(|at| Some(words(&lines[*at])) == first);
    let length = ended.map_or(entries.len(), |at| at + 1);
    for at in entries.into_iter().take(length) {
        lines[at].blank();
    }
}

/// Records of SDKs that are not listed yet.
fn others(source: &Source, said: Vec<Draft>, listed: &[Draft], names: &names::Names) -> Vec<Draft> {
    if said.is_empty() || listed.is_empty() {
        return said;
    }
    let key = |draft: &Draft| {
        let name = draft.name(source)?.text;
        Some(names.find(&name).map_or_else(|| fold_name(&name), |found| found.sdk.id.clone()))
    };
    let known: HashSet<String> = listed.iter().filter_map(key).collect();
    said.into_iter().filter(|draft| key(draft).is_none_or(|key| !known.contains(&key))).collect()
}

/// YAML between two `---` lines at the very start is about the file, not part of the policy.
fn blank_front_matter(source: &Source, lines: &mut [Line]) {
    const LONGEST: usize = 100;
    let is_fence = |line: &Line| source.slice(&line.whole).trim_end() == "---";
    let Some(end) =
        lines.iter().take(LONGEST).skip(1).position(is_fence).filter(|_| lines.first().is_some_and(is_fence))
    else {
        return;
    };
    lines.iter_mut().take(end + 2).for_each(Line::blank);
}
