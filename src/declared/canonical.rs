//! The canonical JSON of `sdkaudit extract`: the declared list as data, which can be read back as a policy.

use super::{DataPractice, Declaration, DeclaredScope, DeclaredSdk, Field, Located, Position};
use serde::Serialize;

/// Version of the JSON shape.
pub const SCHEMA_VERSION: &str = "1.0";

/// One document's declared list.
#[derive(Clone, Debug, Serialize)]
pub struct Extraction {
    /// [`SCHEMA_VERSION`].
    pub schema_version: &'static str,
    /// Document as the user named it.
    pub document: String,
    /// Whether the document holds an SDK list.
    pub has_sdk_list: bool,
    /// Records in document order.
    pub sdks: Vec<Record>,
    /// Companies that get data and are no SDKs, in document order.
    pub receivers: Vec<Record>,
    /// The app's own permissions, as written.
    pub app_permissions: Permissions,
    /// Claims in the prose.
    pub statements: Vec<Claim>,
    /// Id of the [`super::Form`] that the document is.
    pub form: Option<&'static str>,
    /// What a form declares of data.
    pub data_practices: Vec<Practice>,
    /// Hosts that a privacy manifest names as used for tracking.
    pub tracking_domains: Vec<String>,
}

/// One type of data in a form; `None` = the form does not say.
#[derive(Clone, Debug, Serialize)]
pub struct Practice {
    /// The form's name of the type.
    pub written: String,
    /// Label in the form's language.
    pub label: Option<String>,
    /// Taxonomy ids.
    pub data_types: Vec<String>,
    /// Whether it leaves the device.
    pub collected: Option<bool>,
    /// Whether third parties get it.
    pub shared: Option<bool>,
    /// Whether it is linked to the person.
    pub linked: Option<bool>,
    /// Whether it serves to track across apps.
    pub tracking: Option<bool>,
    /// The form's names of the purposes.
    pub purposes: Vec<String>,
    /// Line, from 1.
    pub line: u32,
    /// Column, from 1.
    pub column: u32,
}

/// One record. `None` = the field is absent, an empty list = explicitly none.
#[derive(Clone, Debug, Serialize)]
pub struct Record {
    /// Name as written.
    pub name: Option<String>,
    /// Company.
    pub vendor: Option<String>,
    /// Package names.
    pub packages: Option<Vec<String>>,
    /// Permission names; words where the document has no names.
    pub permissions: Option<Vec<String>>,
    /// Purpose.
    pub purpose: Option<String>,
    /// Data, in the policy's words.
    pub data: Option<Data>,
    /// Taxonomy ids of the data; `None` = not determined.
    pub data_types: Option<Vec<String>>,
    /// Links.
    pub links: Option<Vec<String>>,
    /// How data is handled or shared.
    pub method: Option<String>,
    /// Operating system, in the policy's words.
    pub platform: Option<String>,
    /// Line of the record, from 1.
    pub line: u32,
    /// Column of the record's name, in characters from 1.
    pub column: u32,
    /// Where every field's value starts.
    pub fields: Fields,
    /// SDK that the record means.
    pub sdk_id: Option<String>,
    /// Clue that decided it: the id of a [`super::ResolvedBy`].
    pub resolved_by: Option<&'static str>,
    /// How sure that is: the id of a [`super::Confidence`].
    pub confidence: Option<&'static str>,
    /// Other SDKs that it may mean, by id.
    pub candidates: Vec<String>,
    /// Title of the record inside which it stands.
    pub within: Option<String>,
}

/// The data field: words, or nothing.
#[derive(Clone, Debug, Serialize)]
#[serde(untagged)]
pub enum Data {
    /// As written.
    Words(String),
    /// Explicitly none; always empty.
    Nothing([String; 0]),
}

/// Line and column of every field of a record; `None` = absent.
#[derive(Clone, Debug, Serialize)]
pub struct Fields {
    /// Of the name.
    pub name: Option<Place>,
    /// Of the vendor.
    pub vendor: Option<Place>,
    /// Of the packages.
    pub packages: Option<ListPlace>,
    /// Of the permissions.
    pub permissions: Option<ListPlace>,
    /// Of the purpose.
    pub purpose: Option<Place>,
    /// Of the data.
    pub data: Option<Place>,
    /// Of the links.
    pub links: Option<ListPlace>,
    /// Of the method.
    pub method: Option<Place>,
    /// Of the platform.
    pub platform: Option<Place>,
}

/// A place in the document, both from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Place {
    /// Line.
    pub line: u32,
    /// Column in characters.
    pub column: u32,
}

/// Where a list stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ListPlace {
    /// Line of the first item, or of the word that says none.
    pub line: u32,
    /// Column of the same.
    pub column: u32,
    /// Place of every item.
    pub items: Vec<Place>,
}

/// Permission names by operating system, as written.
#[derive(Clone, Debug, Serialize)]
pub struct Permissions {
    /// Android and vendor permissions.
    pub android: Vec<String>,
    /// Info.plist keys.
    pub ios: Vec<String>,
    /// HarmonyOS permissions.
    pub harmonyos: Vec<String>,
}

/// A claim in the prose.
#[derive(Clone, Debug, Serialize)]
pub struct Claim {
    /// The id of a [`super::StatementKind`].
    pub kind: &'static str,
    /// The sentence.
    pub quote: String,
    /// Line of the sentence, from 1.
    pub line: u32,
    /// Column of the sentence, from 1.
    pub column: u32,
    /// What is not included, as written.
    pub name: Option<String>,
    /// Where the list stands that is not in this document.
    pub link: Option<String>,
}

impl From<&Declaration> for Extraction {
    fn from(declaration: &Declaration) -> Extraction {
        let texts = |list: &[Located]| list.iter().map(|item| item.text.clone()).collect();
        Extraction {
            schema_version: SCHEMA_VERSION,
            document: declaration.document.clone(),
            has_sdk_list: declaration.has_sdk_list,
            sdks: declaration.records.iter().map(Record::from).collect(),
            receivers: declaration.receivers.iter().map(Record::from).collect(),
            app_permissions: Permissions {
                android: texts(&declaration.app_permissions.android),
                ios: texts(&declaration.app_permissions.ios),
                harmonyos: texts(&declaration.app_permissions.harmonyos),
            },
            statements: declaration
                .statements
                .iter()
                .map(|statement| Claim {
                    kind: statement.kind.id(),
                    quote: statement.quote.text.clone(),
                    line: statement.quote.at.line,
                    column: statement.quote.at.column,
                    name: statement.name.clone(),
                    link: statement.link.clone(),
                })
                .collect(),
            form: declaration.form.map(super::Form::id),
            data_practices: declaration.data_practices.iter().map(Practice::from).collect(),
            tracking_domains: texts(&declaration.tracking_domains),
        }
    }
}

impl From<&DataPractice> for Practice {
    fn from(practice: &DataPractice) -> Practice {
        Practice {
            written: practice.written.text.clone(),
            label: practice.label.clone(),
            data_types: practice.data_types.clone(),
            collected: practice.collected,
            shared: practice.shared,
            linked: practice.linked,
            tracking: practice.tracking,
            purposes: practice.purposes.clone(),
            line: practice.written.at.line,
            column: practice.written.at.column,
        }
    }
}

impl From<&DeclaredSdk> for Record {
    fn from(record: &DeclaredSdk) -> Record {
        Record {
            name: text(&record.name),
            vendor: text(&record.vendor),
            packages: list(&record.packages),
            permissions: list(&record.permissions),
            purpose: text(&record.purpose),
            data: match &record.data {
                Field::Absent => None,
                Field::ExplicitNone(_) => Some(Data::Nothing([])),
                Field::Given(data) => Some(Data::Words(data.text.clone())),
            },
            data_types: match record.scope() {
                DeclaredScope::Absent => None,
                DeclaredScope::None => Some(Vec::new()),
                DeclaredScope::Given(scope) => Some(super::scope::ids(&scope)),
            },
            links: list(&record.links),
            method: text(&record.method),
            platform: text(&record.platform),
            line: record.line,
            column: record.column,
            fields: Fields {
                name: place(&record.name),
                vendor: place(&record.vendor),
                packages: places(&record.packages),
                permissions: places(&record.permissions),
                purpose: place(&record.purpose),
                data: place(&record.data),
                links: places(&record.links),
                method: place(&record.method),
                platform: place(&record.platform),
            },
            sdk_id: record.resolved.sdk.clone(),
            resolved_by: record.resolved.by.map(|by| by.id()),
            confidence: record.resolved.confidence.map(|one| one.id()),
            candidates: record.resolved.candidates.clone(),
            within: record.within.clone(),
        }
    }
}

/// Text fields have no list to leave empty, so an explicit none keeps its usual word, which reads back as none.
fn text(field: &Field<Located>) -> Option<String> {
    match field {
        Field::Absent => None,
        Field::ExplicitNone(_) => Some("None".to_owned()),
        Field::Given(located) => Some(located.text.clone()),
    }
}

fn list(field: &Field<Vec<Located>>) -> Option<Vec<String>> {
    match field {
        Field::Absent => None,
        Field::ExplicitNone(_) => Some(Vec::new()),
        Field::Given(items) => Some(items.iter().map(|item| item.text.clone()).collect()),
    }
}

fn place(field: &Field<Located>) -> Option<Place> {
    field.at().map(Place::from)
}

fn places(field: &Field<Vec<Located>>) -> Option<ListPlace> {
    let Position { line, column } = field.at()?;
    let items = field.given().into_iter().flatten().map(|item| Place::from(item.at)).collect();
    Some(ListPlace { line, column, items })
}

impl From<Position> for Place {
    fn from(at: Position) -> Place {
        Place { line: at.line, column: at.column }
    }
}
