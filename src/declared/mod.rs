//! What a privacy policy declares: documents → records → fields → the SDK each record means.
//!
//! Knows documents and no app. Line and column count from 1, columns in characters (Unicode scalar values), as editors show them.


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
    /// Which SDK the record means.
    pub resolved: Resolution,
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
