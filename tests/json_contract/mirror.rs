//! The JSON as a strict reader would write it down: unknown keys are refused, and [`round_trip`](super::round_trip) finds missing ones.

use serde::{Deserialize, Serialize};

macro_rules! shapes {
    ($($name:ident { $($field:ident $(as $key:literal)? : $kind:ty,)* })*) => {
        $(#[derive(Debug, Serialize, Deserialize)]
        #[serde(deny_unknown_fields)]
        pub struct $name { $($(#[serde(rename = $key)])? pub $field: $kind,)* })*
    };
}

shapes! {
    Report { schema_version: String, stamp: Stamp, apps: Vec<App>, errors: Vec<Failure>, summary: Summary, }
    Stamp {
        tool: String, version: String, signatures: Signatures, declared_sha256: Option<String>, declared: Vec<File>,
        evaluated_on: Option<String>, settings: Vec<SettingsFile>,
    }
    File { document: String, sha256: String, }
    SettingsFile { path: String, sha256: String, }
    Signatures { count: u32, digest: String, }
    Summary { apps: u32, errors: u32, findings: Counts, }
    Counts { error: u32, warning: u32, note: u32, waived: u32, }
    Failure { path: String, entry: Option<String>, offset: Option<u64>, message: String, help: String, }
    App {
        source: Source, application_id: String, version_name: Option<String>, version_code: Option<u64>,
        min_sdk: Option<Level>, target_sdk: Option<Level>, requested_permissions: Vec<Requested>,
        implied_permissions: Vec<Implied>, split_permissions: Vec<Split>, defined_permissions: Vec<Defined>,
        application_class: Option<String>, components: Vec<Component>, meta_data: Vec<MetaData>, queries: Vec<Query>,
        features: Vec<Feature>, native_libs: Vec<NativeLib>, signing: Signing, sdks: Vec<Sdk>, string_only: Vec<StringOnly>,
        unidentified: Vec<Group>, unidentified_libs: Vec<UnknownLib>, other_references: Other, nested_apps: Vec<Nested>, coverage: Coverage,
        tampering: Vec<Tampering>, gaps: Vec<Gap>,
        declared_sdks: Vec<DeclaredSdk>, findings: Vec<Finding>,
    }
    Source { path: String, sha256: String, bytes: u64, container: Container, parts: Vec<String>, part_details: Vec<Part>, }
    Part { name: String, split: Option<String>, bytes: u64, sha256: Option<String>, read: bool, reason: Option<String>, }
    Requested { name: String, max_sdk_version: Option<u32>, sdk_23: bool, protection_level: Option<String>, guarded_calls: Vec<Guarded>, }
    Guarded { code: String, count: u32, }
    Implied { name: String, max_sdk_version: Option<u32>, reason: String, }
    Split { name: String, from: String, below_target: Option<u32>, }
    Defined { name: String, protection_level: Option<u32>, }
    Component {
        kind: ComponentKind, class: String, exported: Option<bool>, permission: Option<String>, authorities: Vec<String>,
        actions: Vec<String>,
    }
    MetaData { name: String, value: Option<String>, component: Option<String>, }
    Query { kind: QueryKind, name: String, }
    Feature { name: String, required: bool, }
    NativeLib {
        entry: String, abi: String, file: String, elf: bool, dynamic_read: bool, soname: Option<String>, needed: Vec<String>,
    }
    Signing {
        certificates: Vec<Certificate>, unread: Vec<Scheme>, schemes: Vec<Scheme>, debug: bool, schemes_differ: bool,
        unlike_parts: Vec<String>,
    }
    Certificate { sha256: String, subject: Option<String>, schemes: Vec<Scheme>, }
    Sdk {
        id: String, name: Names, vendor: Names, aliases: Vec<String>, version: Option<String>, categories: Vec<String>,
        tracker: bool, part_of: Option<String>, presence: Presence, brought_by: Vec<String>, evidence: Vec<Evidence>,
        wired_in: Option<bool>, references: Vec<Reference>,
    }
    Names { en: String, zh: String, }
    Evidence { signal: Signal, seen: String, entry: String, count: u32, }
    Reference {
        data_type: String, capability: bool, strength: Strength, count: u32, companion: Option<String>, blocked: Option<Block>,
        sites: Vec<Site>,
    }
    Block { at_target: bool, missing: Vec<String>, everywhere: bool, }
    Site { class: String, method: Option<String>, api: String, entry: String, count: u32, }
    Other { own_code: Vec<Reference>, wrappers: Vec<Named>, unidentified: Vec<Named>, obfuscated: Vec<Reference>, }
    Named { name: String, references: Vec<Reference>, }
    Standing {
        data_type: String, declared: Option<DeclaredHow>, word: Option<String>, referenced: Option<Strength>, count: u32,
        blocked: bool,
    }
    StringOnly { id: String, evidence: Vec<Evidence>, }
    Group { prefix: String, classes: u32, }
    UnknownLib { file: String, abis: Vec<String>, }
    Coverage {
        dex_read: u32, dex_total: u32, dex_elsewhere: Vec<String>, jars_read: u32, jars_total: u32, classes: u32, short_names: u32, heavily_obfuscated: bool, native_libs: u32, census: Census,
        hidden_code: Vec<String>, dynamic_loading: Vec<Guarded>, sealed: Vec<Sealed>, references_scanned: bool, broken_methods: u32,
    }
    Sealed { entry: String, reason: String, }
    Nested {
        path: String, application_id: String, version_name: Option<String>, version_code: Option<u64>, dex_read: u32, dex_total: u32,
        classes: u32, sdks: Vec<NestedSdk>,
    }
    NestedSdk { id: String, name: Names, version: Option<String>, presence: Presence, evidence: Vec<Evidence>, }
    Census { attributed: u32, first_party: u32, obfuscated: u32, platform: u32, unidentified: u32, }
    Tampering { entry: String, trick: String, detail: String, refused_by_android: bool, }
    Gap { entry: String, reason: String, hides_code: bool, }
    DeclaredSdk {
        name: String, document: String, line: u32, column: u32, sdk_id: Option<String>, resolved_by: Option<ResolvedBy>,
        confidence: Option<Confidence>, candidates: Vec<String>, verdict: Verdict, data: Vec<Standing>,
    }
    Finding {
        rule: String, severity: Severity, subject: String, message: String, help: String, evidence: Vec<Evidence>,
        references: Vec<Reference>,
        declared: Option<DeclaredAt>, fingerprint: String, waived: bool, waiver: Option<Waiver>,
    }
    Waiver { reason: String, owner: Option<String>, expires: Option<String>, line: u32, }
    DeclaredAt { document: String, line: u32, column: u32, quote: String, }

    Row {
        schema_version: String, status: Status, source: RowSource, stamp: Stamp, options: String, times: Option<Times>,
        declared: Option<String>, error: Option<Failure>, app: Option<App>,
    }
    RowSource { path: String, bytes: Option<u64>, sha256: Option<String>, }
    Times { modified: Option<String>, milliseconds: u64, }
    Comparison {
        schema_version: String, stamp: Stamp, old: Build, new: Build, changes: Vec<Change>, limits: Vec<String>,
        findings: Option<NewFindings>, summary: CompareSummary,
    }
    Build {
        path: String, sha256: String, application_id: String, version_name: Option<String>, version_code: Option<u64>,
    }
    Change {
        kind: ChangeKind, change: Way, subject: String, name: Option<String>, field: Option<String>, old: Option<String>,
        new: Option<String>, severity: Severity,
    }
    NewFindings { declared: String, added: Vec<Finding>, resolved: Vec<String>, unsettled: Vec<String>, }
    CompareSummary { added: u32, removed: u32, changed: u32, findings: Counts, }
    LintedOne {
        schema_version: String, stamp: Stamp, document: String, sha256: String, documents: Vec<File>, has_sdk_list: bool,
        findings: Vec<Finding>, summary: LintedSummary,
    }
    LintedSeveral { schema_version: String, stamp: Stamp, documents: Vec<Linted>, summary: LintSummary, }
    Linted {
        document: String, sha256: String, documents: Vec<File>, has_sdk_list: bool, findings: Vec<Finding>,
        summary: LintedSummary,
    }
    LintedSummary { records: u32, findings: Counts, }
    LintSummary { documents: u32, errors: u32, findings: Counts, }

    Documents { schema_version: String, documents: Vec<Document>, }
    Document {
        schema_version: String, document: String, has_sdk_list: bool, sdks: Vec<Record>, receivers: Vec<Record>,
        app_permissions: Permissions, statements: Vec<Statement>, form: Option<Form>, data_practices: Vec<Practice>,
        tracking_domains: Vec<String>,
    }
    Practice {
        written: String, label: Option<String>, data_types: Vec<String>, collected: Option<bool>, shared: Option<bool>,
        linked: Option<bool>, tracking: Option<bool>, purposes: Vec<String>, line: u32, column: u32,
    }
    Record {
        name: Option<String>, vendor: Option<String>, packages: Option<Vec<String>>, permissions: Option<Vec<String>>,
        purpose: Option<String>, data: Option<Data>, data_types: Option<Vec<String>>, links: Option<Vec<String>>,
        method: Option<String>, platform: Option<String>, line: u32, column: u32, fields: Fields, sdk_id: Option<String>,
        resolved_by: Option<ResolvedBy>, confidence: Option<Confidence>, candidates: Vec<String>, within: Option<String>,
    }
    Fields {
        name: Option<Place>, vendor: Option<Place>, packages: Option<ListPlace>, permissions: Option<ListPlace>,
        purpose: Option<Place>, data: Option<Place>, links: Option<ListPlace>, method: Option<Place>, platform: Option<Place>,
    }
    Place { line: u32, column: u32, }
    ListPlace { line: u32, column: u32, items: Vec<Place>, }
    Permissions { android: Vec<String>, ios: Vec<String>, harmonyos: Vec<String>, }
    Statement {
        kind: StatementKind, quote: String, line: u32, column: u32, name: Option<String>, link: Option<String>,
    }
}

macro_rules! words {
    ($($name:ident $case:literal { $($(#[$attribute:meta])* $word:ident,)* })*) => {
        $(#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(rename_all = $case)]
        pub enum $name { $($(#[$attribute])* $word,)* })*
    };
}

words! {
    ChangeKind "snake_case" {
        ApplicationId, Certificate, ApiLevel, UnreadableContent, Sdk, UnidentifiedCode, Permission, Reference, Component,
    }
    Way "snake_case" { Added, Removed, Changed, }
    Container "snake_case" { Apk, SplitApks, Xapk, Apks, Apkm, Zip, Aab, Aar, Jar, Dex, }
    Status "snake_case" { Ok, Gap, Error, }
    ComponentKind "snake_case" { Activity, Service, Receiver, Provider, }
    QueryKind "snake_case" { Package, Intent, Provider, }
    Scheme "lowercase" { V1, V2, V3, #[serde(rename = "v3.1")] V31, V4, }
    Strength "snake_case" { Strong, Argument, Enable, Weak, Reflective, OwnProcess, }
    DeclaredHow "snake_case" { Explicit, Umbrella, }
    Presence "snake_case" { Present, ReferencedOnly, Unknown, }
    Signal "kebab-case" {
        Classes, Application, Activity, Service, Receiver, Provider, Library, MetaData, Asset, Permission, References, Strings,
    }
    ResolvedBy "snake_case" { Package, PackageFolded, Name, Alias, LinkHost, Vendor, Coordinate, }
    Confidence "snake_case" { High, Medium, Low, }
    Verdict "snake_case" { Present, NotFound, Unverifiable, OtherPlatform, }
    Form "snake_case" { PlayDataSafety, ApplePrivacyManifest, }
    Severity "snake_case" { Error, Warning, Note, }
    StatementKind "snake_case" { NoThirdPartySdk, NotIncluded, ListElsewhere, }
}

/// A number, or the code name of a preview.
#[derive(Debug, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Level {
    Number(u32),
    CodeName(String),
}

/// Words, or an empty list.
#[derive(Debug, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Data {
    Words(String),
    Nothing([String; 0]),
}
