//! What a privacy policy declares: documents → records → fields → the SDK each record means.
//!
//! Knows documents and no app. Line and column count from 1, columns in characters (Unicode scalar values), as editors show them.

mod app_permissions;
pub mod canonical;
mod decode;
mod error;
mod fields;
mod html_table;
mod json;
mod labels;
mod line;
mod links;
mod name_list;
mod names;
mod record;
mod resolve;
mod scope;
mod section;
mod source;
mod statements;
mod table;
#[cfg(test)]
mod tests;
mod text;
mod value;

pub use error::{DeclaredError, JsonProblem};
pub use scope::{Coverage, DeclaredScope, Scope};
pub use value::{is_package_name, is_permission_name};

use crate::error::Error;
use crate::signatures::SignatureSet;
use decode::Format;
use line::Line;
use sha2::{Digest, Sha256};
use source::Source;

/// A place in the decoded document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position {
    /// Line, from 1.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
}

/// A piece of text and where it starts in the document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Located {
    /// As written, surrounding white space removed.
    pub text: String,
    /// Where it starts.
    pub at: Position,
}

/// One field of a record. *Absent*, *explicitly none* ("None", "无", "不涉及") and *given* are three different things.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Field<T> {
    /// The record has no such field.
    #[default]
    Absent,
    /// The field is there and says that there is nothing.
    ExplicitNone(Position),
    /// The field has a value.
    Given(T),
}

impl<T> Field<T> {
    /// The value, when there is one.
    pub fn given(&self) -> Option<&T> {
        match self {
            Field::Given(value) => Some(value),
            Field::Absent | Field::ExplicitNone(_) => None,
        }
    }

    /// Whether the record lacks the field.
    pub fn is_absent(&self) -> bool {
        matches!(self, Field::Absent)
    }
}

impl Field<Located> {
    /// Where the value, or the word that says none, starts.
    pub fn at(&self) -> Option<Position> {
        match self {
            Field::Absent => None,
            Field::ExplicitNone(at) => Some(*at),
            Field::Given(located) => Some(located.at),
        }
    }
}

impl Field<Vec<Located>> {
    /// Where the first item, or the word that says none, starts.
    pub fn at(&self) -> Option<Position> {
        match self {
            Field::Absent => None,
            Field::ExplicitNone(at) => Some(*at),
            Field::Given(items) => items.first().map(|item| item.at),
        }
    }
}

/// One record of the declared list, fields as written.
#[derive(Clone, Debug, Default)]
pub struct DeclaredSdk {
    /// Name as written; absent where a table row has an empty first cell.
    pub name: Field<Located>,
    /// Company behind the SDK.
    pub vendor: Field<Located>,
    /// Package names, in the document's order.
    pub packages: Field<Vec<Located>>,
    /// Permission names, in the document's order.
    pub permissions: Field<Vec<Located>>,
    /// What it is for.
    pub purpose: Field<Located>,
    /// What data it handles, in the policy's words.
    pub data: Field<Located>,
    /// Links to privacy policies and sites.
    pub links: Field<Vec<Located>>,
    /// How data is handled or shared.
    pub method: Field<Located>,
    /// Android, iOS, HarmonyOS, in the policy's words.
    pub platform: Field<Located>,
    /// First line of the record.
    pub line: u32,
    /// Column of the name on that line, else of the record's first words.
    pub column: u32,
    /// Which SDK the record means.
    pub resolved: Resolution,
}

impl DeclaredSdk {
    /// What to call the record: its name, else its first package, else its line.
    pub fn title(&self) -> String {
        match (&self.name, &self.packages) {
            (Field::Given(name), _) => name.text.clone(),
            (_, Field::Given(packages)) if !packages.is_empty() => packages[0].text.clone(),
            _ => format!("#{}", self.line),
        }
    }

    /// Where the record begins.
    pub fn place(&self) -> Position {
        Position { line: self.line, column: self.column }
    }

    /// Whether an Android app can be held to the record: it names no operating system, or Android among others.
    pub fn concerns_android(&self) -> bool {
        let fields = [&self.platform, &self.name];
        let Some(said) = fields
            .into_iter()
            .filter_map(Field::given)
            .map(|at| at.text.to_lowercase())
            .find(|text| names_a_system(text))
        else {
            return true;
        };
        ANDROID.iter().any(|word| said.contains(word)) || said.contains("双端")
    }
}

const ANDROID: [&str; 2] = ["android", "安卓"];

fn names_a_system(text: &str) -> bool {
    let is_word = |at: usize, word: &str| {
        let letter = |c: char| c.is_ascii_alphanumeric();
        !text[..at].ends_with(letter) && !text[at + word.len()..].starts_with(letter)
    };
    let english = ["android", "ios", "harmonyos", "iphone"]
        .iter()
        .any(|word| text.match_indices(word).any(|(at, _)| is_word(at, word)));
    english || ["安卓", "苹果", "鸿蒙"].iter().any(|word| text.contains(word))
}

/// Which clue decided the SDK a record means, strongest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ResolvedBy {
    /// A declared package, exact case.
    Package,
    /// A declared package after folding case.
    PackageFolded,
    /// The SDK's name.
    Name,
    /// One of its other names.
    Alias,
    /// The host of a link.
    LinkHost,
    /// Vendor and purpose together.
    Vendor,
}

impl ResolvedBy {
    /// The word used in JSON.
    pub fn id(self) -> &'static str {
        match self {
            ResolvedBy::Package => "package",
            ResolvedBy::PackageFolded => "package_folded",
            ResolvedBy::Name => "name",
            ResolvedBy::Alias => "alias",
            ResolvedBy::LinkHost => "link_host",
            ResolvedBy::Vendor => "vendor",
        }
    }
}

/// Outcome of resolving a record.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Resolution {
    /// The SDK id, when one was found.
    pub sdk: Option<String>,
    /// What decided.
    pub by: Option<ResolvedBy>,
    /// Packages of the record that belong to another SDK than `sdk`: (index into `packages`, that SDK's id).
    pub foreign_packages: Vec<(usize, String)>,
    /// Packages of the record that match a signature only after folding case: (index into `packages`, correct spelling).
    pub miscased_packages: Vec<(usize, String)>,
    /// Other SDKs that the same clue fits as well, sorted.
    pub also: Vec<String>,
}

/// Permissions that the policy lists for the app itself, by operating system.
#[derive(Clone, Debug, Default)]
pub struct AppPermissions {
    /// Android and vendor permission names.
    pub android: Vec<Located>,
    /// Info.plist usage keys.
    pub ios: Vec<Located>,
    /// `ohos.permission.*` names.
    pub harmonyos: Vec<Located>,
}

/// What a sentence of the policy claims.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum StatementKind {
    /// "We use no third-party SDK".
    NoThirdPartySdk,
    /// An SDK is named as not included ("Not included: Google AdMob").
    NotIncluded,
}

impl StatementKind {
    /// All kinds.
    pub const ALL: [StatementKind; 2] = [StatementKind::NoThirdPartySdk, StatementKind::NotIncluded];

    /// The word used in JSON.
    pub fn id(self) -> &'static str {
        match self {
            StatementKind::NoThirdPartySdk => "no_third_party_sdk",
            StatementKind::NotIncluded => "not_included",
        }
    }

    /// The kind with this word.
    pub fn from_id(id: &str) -> Option<StatementKind> {
        StatementKind::ALL.into_iter().find(|kind| kind.id() == id)
    }
}

/// A claim in the prose that an app can contradict.
#[derive(Clone, Debug)]
pub struct Statement {
    /// What it claims.
    pub kind: StatementKind,
    /// The sentence.
    pub quote: Located,
    /// For `NotIncluded`: the name as written.
    pub name: Option<String>,
}

/// Everything read from one policy.
#[derive(Clone, Debug)]
pub struct Declaration {
    /// Name of the document as the user gave it.
    pub document: String,
    /// SHA-256 of its bytes, hex.
    pub sha256: String,
    /// The decoded text, for looking up what the prose names.
    pub text: String,
    /// Whether the document holds an SDK list (an empty app permission table is none).
    pub has_sdk_list: bool,
    /// The list's records in document order.
    pub records: Vec<DeclaredSdk>,
    /// The app's own permission tables.
    pub app_permissions: AppPermissions,
    /// Claims in the prose.
    pub statements: Vec<Statement>,
}

/// Reads a policy: plain text or Markdown (key:value lists, Markdown lists, pipe tables) or canonical JSON.
///
/// `name` is the document as the user named it; its extension helps to tell the format. `bytes` are UTF-8 with or
/// without byte order mark, or UTF-16 with one.
///
/// # Errors
/// An empty document, another encoding, a format that is not read, or mistakes in canonical JSON.
pub fn read(name: &str, bytes: &[u8], set: &SignatureSet) -> Result<Declaration, Error> {
    read_document(name, bytes, set).map_err(|error| Error::from(error).in_input(name))
}

fn read_document(name: &str, bytes: &[u8], set: &SignatureSet) -> Result<Declaration, DeclaredError> {
    decode::refuse_binary(name, bytes)?;
    let text = decode::decode(bytes)?;
    let format = decode::format(name, &text)?;
    let source = Source::new(&text);
    let names = names::Names::new(set);
    let mut content = match format {
        Format::Json => json::read(&source)?,
        Format::Text => read_text(&source, &names),
    };
    if format == Format::Text && content.records.is_empty() {
        decode::refuse_html_paragraphs(&text)?;
    }
    for record in &mut content.records {
        record.resolved = resolve::resolve(record, &names);
    }
    let sha256 = Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect();
    Ok(Declaration {
        document: name.to_owned(),
        sha256,
        has_sdk_list: !content.records.is_empty(),
        records: content.records,
        app_permissions: content.app_permissions,
        statements: content.statements,
        text,
    })
}

/// What a document holds, records not resolved yet.
struct Content {
    records: Vec<DeclaredSdk>,
    app_permissions: AppPermissions,
    statements: Vec<Statement>,
}

fn read_text(source: &Source, names: &names::Names) -> Content {
    let mut lines: Vec<Line> = source.lines().map(|range| Line::parse(source, range)).collect();
    blank_front_matter(source, &mut lines);
    let denials = statements::read(source, &lines, names.set());
    let mut skip = denials.lines;
    let mut used = skip.clone();
    let mut drafts = table::read(source, &lines, &mut skip, &mut used);
    drafts.extend(text::read(source, &lines, &skip, &mut used));
    drafts.extend(name_list::read(source, &lines, names, &mut used));
    drafts.sort_by_key(|draft| draft.start);
    let in_record = |at: Position| used.get(at.line as usize - 1).copied().unwrap_or(false);
    let mut statements = denials.statements;
    statements.retain(|statement| statement.kind == StatementKind::NotIncluded || !in_record(statement.quote.at));
    Content {
        records: drafts.iter().map(|draft| draft.build(source)).collect(),
        app_permissions: app_permissions::read(source, &lines, &used),
        statements,
    }
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

impl Declaration {
    /// Where the document first names something (an SDK, a permission) as a whole word, letters in any case.
    pub fn mention(&self, name: &str) -> Option<Position> {
        let needle = name.trim().to_ascii_lowercase();
        if needle.is_empty() {
            return None;
        }
        // Lower-casing ASCII only keeps every offset.
        let hay = self.text.to_ascii_lowercase();
        let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_';
        let joins = |a: Option<char>, b: Option<char>| a.is_some_and(is_word) && b.is_some_and(is_word);
        let found = memchr::memmem::find_iter(hay.as_bytes(), needle.as_bytes()).find(|&at| {
            let (before, after) = (hay.get(..at), hay.get(at + needle.len()..));
            let starts = before.is_some_and(|text| !joins(text.chars().next_back(), needle.chars().next()));
            let ends = after.is_some_and(|text| !joins(needle.chars().next_back(), text.chars().next()));
            starts && ends
        })?;
        Some(Source::new(&self.text).position(found))
    }
}
