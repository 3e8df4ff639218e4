//! What a policy declares, as types: records, their fields and where they stand.

use crate::lang::Text;

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
    /// Title of the record inside which it stands: a push SDK that names its vendor channels.
    pub within: Option<String>,
    /// Fields that the format of its document has no place for, by their names in the JSON.
    pub no_place_for: &'static [&'static str],
    /// Whether its label ("SDK名称") says that it is an SDK.
    pub(super) says_sdk: bool,
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

    /// Lines that it takes up, from its first to that of its last field.
    pub fn lines(&self) -> std::ops::RangeInclusive<u32> {
        let texts = [&self.vendor, &self.purpose, &self.data, &self.method, &self.platform];
        let lists = [&self.packages, &self.permissions, &self.links];
        let text_lines = texts.into_iter().filter_map(|field| field.at()).map(|at| at.line);
        let items = lists.into_iter().filter_map(Field::given).flatten().map(|item| item.at.line);
        let nones = lists.into_iter().filter_map(|field| field.at()).map(|at| at.line);
        let last = text_lines.chain(items).chain(nones).max().unwrap_or(self.line);
        self.line..=last.max(self.line)
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
    /// A build coordinate in place of a name: `com.google.firebase:firebase-analytics`.
    Coordinate,
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
            ResolvedBy::Coordinate => "coordinate",
        }
    }

    /// The clue in words.
    pub fn label(self) -> Text {
        match self {
            ResolvedBy::Package => Text::new("package", "包名"),
            ResolvedBy::PackageFolded => Text::new("package in another case", "大小写不同的包名"),
            ResolvedBy::Name => Text::new("name", "名称"),
            ResolvedBy::Alias => Text::new("another name", "别名"),
            ResolvedBy::LinkHost => Text::new("host of its link", "链接的域名"),
            ResolvedBy::Vendor => Text::new("vendor and purpose", "厂商与用途"),
            ResolvedBy::Coordinate => Text::new("build coordinate", "依赖坐标"),
        }
    }
}

/// How well the clue that decided tells the SDK from all others. Follows from the clue alone, no figure behind it:
///
/// - high: a package that is this SDK's only, or a name that is one of its names (brackets and the word "SDK" aside);
/// - medium: a package in another case, a name once words like "platform" are left out or that is most of what is written,
///   a coordinate whose group is the vendor's;
/// - low: a name somewhere inside a longer one, the host of a link, vendor and purpose, any other coordinate.
///
/// Where a name and a package agree, the surer of the two counts. One step lower where another clue of the record points to
/// another SDK.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Confidence {
    /// The clue may fit others.
    Low,
    /// The clue needed some reading.
    Medium,
    /// The clue is this SDK's alone.
    High,
}

impl Confidence {
    /// The word used in JSON.
    pub fn id(self) -> &'static str {
        match self {
            Confidence::Low => "low",
            Confidence::Medium => "medium",
            Confidence::High => "high",
        }
    }

    /// The word for people.
    pub fn label(self) -> Text {
        match self {
            Confidence::Low => Text::new("low", "低"),
            Confidence::Medium => Text::new("medium", "中"),
            Confidence::High => Text::new("high", "高"),
        }
    }

    /// One step lower.
    pub(super) fn lower(self) -> Confidence {
        match self {
            Confidence::High => Confidence::Medium,
            Confidence::Medium | Confidence::Low => Confidence::Low,
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
    /// How sure that is; `None` without an SDK.
    pub confidence: Option<Confidence>,
    /// Packages of the record that belong to another SDK than `sdk`: (index into `packages`, that SDK's id).
    pub foreign_packages: Vec<(usize, String)>,
    /// Packages of the record that match a signature only after folding case: (index into `packages`, correct spelling).
    pub miscased_packages: Vec<(usize, String)>,
    /// Ids of other SDKs that the record's clues fit as well, sorted. Without an SDK: all that it may mean.
    pub candidates: Vec<String>,
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

/// A form of an app shop: data of the app as a whole, its SDKs' included, and no place to name an SDK.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Form {
    /// The CSV that Google Play's console exports and imports for the Data safety section.
    PlayDataSafety,
    /// Apple's `PrivacyInfo.xcprivacy`.
    ApplePrivacyManifest,
}

impl Form {
    /// All forms.
    pub const ALL: [Form; 2] = [Form::PlayDataSafety, Form::ApplePrivacyManifest];

    /// The word used in JSON.
    pub fn id(self) -> &'static str {
        match self {
            Form::PlayDataSafety => "play_data_safety",
            Form::ApplePrivacyManifest => "apple_privacy_manifest",
        }
    }

    /// Its name for people.
    pub fn label(self) -> Text {
        match self {
            Form::PlayDataSafety => Text::new("Google Play's Data safety form", "Google Play 数据安全表单"),
            Form::ApplePrivacyManifest => Text::new("Apple's privacy manifest", "Apple 隐私清单"),
        }
    }
}

/// One type of data in a form, with what the form says of it. `None`: the form does not ask, or was not answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DataPractice {
    /// The form's own name of the type: `PSL_NAME`, `NSPrivacyCollectedDataTypeName`.
    pub written: Located,
    /// Label in the form's language.
    pub label: Option<String>,
    /// Taxonomy ids of the types it means; empty where the taxonomy has none.
    pub data_types: Vec<String>,
    /// Whether it leaves the device.
    pub collected: Option<bool>,
    /// Whether third parties get it.
    pub shared: Option<bool>,
    /// Whether it is linked to the person.
    pub linked: Option<bool>,
    /// Whether it serves to track across apps.
    pub tracking: Option<bool>,
    /// The form's names of the purposes, in its order.
    pub purposes: Vec<String>,
}

/// What a sentence of the policy claims.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum StatementKind {
    /// "We use no third-party SDK".
    NoThirdPartySdk,
    /// An SDK is named as not included ("Not included: Google AdMob").
    NotIncluded,
    /// The list stands in another document ("see our third-party list at …").
    ListElsewhere,
}

impl StatementKind {
    /// All kinds.
    pub const ALL: [StatementKind; 3] =
        [StatementKind::NoThirdPartySdk, StatementKind::NotIncluded, StatementKind::ListElsewhere];

    /// The word used in JSON.
    pub fn id(self) -> &'static str {
        match self {
            StatementKind::NoThirdPartySdk => "no_third_party_sdk",
            StatementKind::NotIncluded => "not_included",
            StatementKind::ListElsewhere => "list_elsewhere",
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
    /// For `ListElsewhere`: where the list stands.
    pub link: Option<String>,
}
