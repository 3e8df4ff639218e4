//! Data: what each SDK's code references against the scope declared for it, and the app's own code against the whole policy.
//!
//! Thresholds are asymmetric: only strong references say that a type is undeclared; any reference supports a declaration.

use super::verdict::{RecordVerdict, Verdict};
use super::{Case, DeclaredAt, Finding, Rule, Severity, Sink};
use crate::declared::{Coverage, DeclaredScope, DeclaredSdk, Field, Scope};
use crate::detect::{Detection, Signal, TypeReferences};
use crate::lang::Text;
use crate::platform::apis::Strength;
use crate::platform::data_types::{self, ShownByCode};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// How one data type of a record stands: what is declared and what code references.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DataStanding {
    /// The type.
    pub data_type: &'static str,
    /// `explicit`, `umbrella`, or null: not declared.
    pub declared: Option<&'static str>,
    /// The word of the policy that covers it.
    pub word: Option<String>,
    /// Grade of the strongest reference; null where code shows none.
    pub referenced: Option<&'static str>,
    /// References of all grades.
    pub count: u32,
    /// Whether none of the references can bring the data in this build.
    pub blocked: bool,
}

/// Runs the family.
pub fn check(case: &Case<'_>, sink: &mut Sink<'_>) {
    let families = families(case);
    for family in &families {
        for record in &family.records {
            nothing_declared(family, record, case, sink);
        }
        undeclared(family, &families, case, sink);
    }
    for verdict in case.records.iter().filter(|verdict| verdict.verdict == Verdict::Present) {
        not_referenced(verdict, &families, case, sink);
    }
    own_code(case, sink);
}

/// A declared SDK with the companions that stand in no record of their own.
pub struct Family<'c> {
    pub head: &'c Detection<'c>,
    pub records: Vec<&'c DeclaredSdk>,
    /// References of the family, by data type and grade.
    pub references: Vec<&'c TypeReferences>,
    /// What its records declare together; `None` where none says anything.
    scope: Option<Scope>,
}

/// The present SDKs that a record means, in the order of their ids.
pub fn families<'c>(case: &'c Case<'_>) -> Vec<Family<'c>> {
    let mut records: BTreeMap<&str, Vec<&DeclaredSdk>> = BTreeMap::new();
    for verdict in case.records.iter().filter(|verdict| verdict.verdict == Verdict::Present) {
        let Some(declared) = verdict.sdk.as_deref() else { continue };
        for detection in case.inventory.present().filter(|one| case.means(declared, one)) {
            records.entry(&detection.sdk.id).or_default().push(&case.declaration.records[verdict.record]);
        }
    }
    let heads: BTreeSet<&str> = records.keys().copied().collect();
    let family = |(id, records): (&str, Vec<&'c DeclaredSdk>)| {
        let head = case.inventory.find(id)?;
        let of_family =
            |one: &&TypeReferences| one.companion.as_deref().is_none_or(|companion| !heads.contains(companion));
        let references = head.references.iter().filter(of_family).collect();
        Some(Family { head, references, scope: together(&records), records })
    };
    records.into_iter().filter_map(family).collect()
}

fn together(records: &[&DeclaredSdk]) -> Option<Scope> {
    let mut scope: Option<Scope> = None;
    for record in records {
        if let DeclaredScope::Given(given) = record.scope() {
            scope.get_or_insert_default().extend(&given);
        }
    }
    scope
}

impl Family<'_> {
    /// Strong references by data type.
    fn strong(&self) -> BTreeMap<&'static str, Vec<TypeReferences>> {
        strong(self.references.iter().copied())
    }

    fn title(&self) -> Text {
        super::sdks::title(self.head.sdk)
    }
}

/// Strong references that may be judged, by data type.
pub fn strong<'r>(references: impl Iterator<Item = &'r TypeReferences>) -> BTreeMap<&'static str, Vec<TypeReferences>> {
    let mut types: BTreeMap<&'static str, Vec<TypeReferences>> = BTreeMap::new();
    for one in references.filter(|one| one.strength.is_strong() && !one.is_capability()) {
        types.entry(one.data_type).or_default().push(one.clone());
    }
    types
}

/// Whether none of the references brings anything on any API level that the app runs on.
fn is_blocked(references: &[TypeReferences]) -> bool {
    references.iter().all(|one| one.block.as_ref().is_some_and(|block| block.everywhere))
}

/// `IMEI (3 sites), clipboard (1 site)`; code that only comes along is named: `IMEI (3 sites, in jiguang.jcore)`.
pub fn summary(types: &BTreeMap<&'static str, Vec<TypeReferences>>) -> Text {
    let sites = |references: &[TypeReferences]| references.iter().map(|one| one.sites.len()).sum::<usize>();
    let part = |(id, references): (&&'static str, &Vec<TypeReferences>)| {
        let (label, count) = (data_types::label(id), sites(references));
        let companions: BTreeSet<&str> = references.iter().filter_map(|one| one.companion.as_deref()).collect();
        let all = references.iter().all(|one| one.companion.is_some());
        let names = companions.into_iter().collect::<Vec<_>>();
        let (en, zh) = match (names.is_empty(), all) {
            (true, _) => Default::default(),
            (false, true) => (format!(", in {}", names.join(", ")), format!("，位于 {}", names.join("、"))),
            (false, false) => (format!(", some in {}", names.join(", ")), format!("，部分位于 {}", names.join("、"))),
        };
        let unit = if count == 1 { "site" } else { "sites" };
        (format!("{} ({count} {unit}{en})", label.en), format!("{}（{count} 处{zh}）", label.zh))
    };
    let (en, zh): (Vec<String>, Vec<String>) = types.iter().map(part).unzip();
    Text::new(en.join(", "), zh.join("、"))
}

fn undeclared(family: &Family<'_>, families: &[Family<'_>], case: &Case<'_>, sink: &mut Sink<'_>) {
    let Some(scope) = &family.scope else { return };
    for (id, references) in family.strong() {
        if scope.covers(id).is_some() {
            continue;
        }
        // What a shared companion references is undeclared when no SDK that brings it declares it; the first of them answers for it.
        let references: Vec<TypeReferences> =
            references.into_iter().filter(|one| !is_anothers(one, family, families)).collect();
        if references.is_empty() {
            continue;
        }
        let (title, label) = (family.title(), data_types::label(id));
        let names = named(scope);
        let blocked = is_blocked(&references);
        let severity = if blocked || scope.is_empty() { Severity::Warning } else { Severity::Error };
        let finding = Finding::new(
            Rule::UndeclaredDataType,
            format!("{}/{id}", family.head.sdk.id),
            Text::new(
                format!("{} references {}; its declared scope names {}", title.en, label.en, names.en),
                format!("{}的代码引用了{}；其声明的信息范围{}", title.zh, label.zh, names.zh),
            ),
            Text::new(
                "add the type to the record's scope, or remove the code that references it",
                "请在该条目的信息范围中补充该类型，或移除引用它的代码",
            ),
        );
        let finding = block_detail(finding.severity(severity), &references);
        sink.emit(finding.references(references).declared(data_place(case, &family.records)));
    }
}

fn is_anothers(one: &TypeReferences, family: &Family<'_>, families: &[Family<'_>]) -> bool {
    let Some(companion) = one.companion.as_deref() else { return false };
    let others = families.iter().filter(|other| {
        other.references.iter().any(|theirs| theirs.companion.as_deref() == Some(companion)) && other.scope.is_some()
    });
    let mut others = others.peekable();
    let first = others.peek().is_some_and(|first| first.head.sdk.id == family.head.sdk.id);
    let declared = others.any(|other| other.scope.as_ref().is_some_and(|scope| scope.covers(one.data_type).is_some()));
    declared || !first
}

/// What a scope names, for people.
fn named(scope: &Scope) -> Text {
    let words: BTreeSet<&str> = scope.explicit().chain(scope.by_umbrella()).filter_map(|id| scope.word(id)).collect();
    if words.is_empty() {
        return Text::new("no known type of data", "没有写出任何已知类型");
    }
    let list = words.iter().copied().collect::<Vec<_>>();
    Text::new(format!("only {}", list.join(", ")), format!("只写有 {}", list.join("、")))
}

/// Why the reads bring nothing, where that is so.
fn block_detail(finding: Finding, references: &[TypeReferences]) -> Finding {
    if !references.iter().all(|one| one.block.is_some()) {
        return finding;
    }
    let blocks = || references.iter().filter_map(|one| one.block.as_ref());
    let missing: BTreeSet<&str> = blocks().flat_map(|block| block.missing.iter().copied()).collect();
    let reason = if blocks().any(|block| block.at_target) {
        Text::new(
            "the platform refuses or masks it at the app's target API level",
            "在应用的目标 API 级别上，系统拒绝或屏蔽该读取",
        )
    } else {
        let list = missing.into_iter().collect::<Vec<_>>().join(", ");
        Text::new(format!("the app does not request {list}"), format!("应用没有申请 {list}"))
    };
    finding.detail(Text::new("blocked", "受阻"), reason)
}

fn data_place(case: &Case<'_>, records: &[&DeclaredSdk]) -> DeclaredAt {
    let data = records.iter().find_map(|record| record.data.given());
    match data {
        Some(data) => case.located(data),
        None => {
            let record = records.first().copied();
            let place = record.and_then(|record| record.data.at()).or(record.map(DeclaredSdk::place));
            let quote = record.map(DeclaredSdk::title).unwrap_or_default();
            case.at(place.unwrap_or(crate::declared::Position { line: 1, column: 1 }), &quote)
        }
    }
}

/// "SDK collects: none", and code references something.
fn nothing_declared(family: &Family<'_>, record: &DeclaredSdk, case: &Case<'_>, sink: &mut Sink<'_>) {
    let types = family.strong();
    // Another record of the same SDK may say more.
    if record.scope() != DeclaredScope::None || family.scope.is_some() || types.is_empty() {
        return;
    }
    let (title, list) = (family.title(), summary(&types));
    let references: Vec<TypeReferences> = types.into_values().flatten().collect();
    let severity = if is_blocked(&references) { Severity::Warning } else { Severity::Error };
    let finding = Finding::new(
        Rule::NoneButReferenced,
        &family.head.sdk.id,
        Text::new(
            format!("{} is declared to collect nothing; its code references {}", title.en, list.en),
            format!("声明称 {}不收集信息；其代码引用了{}", title.zh, list.zh),
        ),
        Text::new(
            "state the record's scope, or remove the code that references it",
            "请写明该条目的信息范围，或移除引用这些信息的代码",
        ),
    );
    let finding = block_detail(finding.severity(severity), &references);
    sink.emit(finding.references(references).declared(data_place(case, &[record])));
}

/// Declared by name, and nothing in readable code references it. Only types whose every read needs a call that is known.
fn not_referenced(verdict: &RecordVerdict, families: &[Family<'_>], case: &Case<'_>, sink: &mut Sink<'_>) {
    let record = &case.declaration.records[verdict.record];
    let (Some(id), DeclaredScope::Given(scope)) = (verdict.sdk.as_deref(), record.scope()) else { return };
    // A record may mean several SDKs of a product line: what any of them references supports it.
    let of_record = || families.iter().filter(|family| family.records.iter().any(|one| std::ptr::eq(*one, record)));
    let has = |signal: Signal| of_record().flat_map(|family| &family.head.evidence).any(|one| one.signal == signal);
    let readable = case.app.classes.references_scanned && case.inventory.hidden_code.is_empty();
    // Native code may read what the classes do not.
    if !readable || !has(Signal::Classes) || has(Signal::Library) {
        return;
    }
    for data_type in scope.explicit() {
        let known = data_types::find(data_type).is_some_and(|one| one.shown_by_code == ShownByCode::Always);
        let supports = |one: &&TypeReferences| one.data_type == data_type || supports(one.data_type, data_type);
        if !known || of_record().any(|family| family.head.references.iter().any(|one| supports(&one))) {
            continue;
        }
        let (name, label) = (record.title(), data_types::label(data_type));
        let finding = Finding::new(
            Rule::DeclaredDataNotReferenced,
            format!("{id}/{data_type}"),
            Text::new(
                format!("\"{name}\" declares {}; nothing in the code of {id} references it", label.en),
                format!("“{name}”声明了{}；{id} 的代码中没有任何引用", label.zh),
            ),
            Text::new("check whether the record is still true", "请核实该条目是否仍然属实"),
        );
        sink.emit(finding.declared(data_place(case, &[record])));
    }
}

/// A position can be had from what is around: cells, Wi-Fi, beacons.
fn supports(referenced: &str, declared: &str) -> bool {
    declared == "location" && matches!(referenced, "cell_tower" | "wifi_scan" | "bssid" | "ssid" | "bluetooth_devices")
}

/// The app's own code against every word of the policy.
fn own_code(case: &Case<'_>, sink: &mut Sink<'_>) {
    let types = strong(case.inventory.other.own_code.iter());
    if types.is_empty() {
        return;
    }
    let scope = Scope::of(&without_denials(&case.declaration.text));
    for (id, references) in types {
        // A shop's form speaks for the app as a whole.
        let in_form =
            case.declaration.data_practices.iter().any(|practice| practice.data_types.iter().any(|one| one == id));
        if in_form || scope.covers(id).is_some() {
            continue;
        }
        let label = data_types::label(id);
        let severity = if is_blocked(&references) { Severity::Note } else { Severity::Warning };
        let finding = Finding::new(
            Rule::AppDataTypeUndeclared,
            id,
            Text::new(
                format!("the app's own code references {}; the policy has no word for it", label.en),
                format!("应用自身的代码引用了{}；隐私政策中没有相应的说法", label.zh),
            ),
            Text::new(
                "name it in the policy with its purpose, or remove the code",
                "请在隐私政策中写明该信息及其用途，或移除相应代码",
            ),
        );
        let finding = block_detail(finding.severity(severity), &references);
        sink.emit(finding.references(references));
    }
}

/// A text without the sentences that deny reading something: "we never access your clipboard" declares no clipboard.
fn without_denials(text: &str) -> String {
    const DENIALS: [&str; 21] = [
        "不会读取",
        "不读取",
        "不会收集",
        "不收集",
        "不会获取",
        "不获取",
        "不会访问",
        "不访问",
        "不会采集",
        "不采集",
        "never access",
        "never collect",
        "never read",
        "not access",
        "not collect",
        "not read",
        "not obtain",
        "never obtain",
        "n't access",
        "n't collect",
        "n't read",
    ];
    // "We do not collect it without your consent" says that it is collected with it.
    const CONDITIONS: [&str; 9] = ["未经", "除非", "之前", "without", "unless", "except", "until", "before", "only"];
    let denies = |sentence: &str| {
        let sentence = sentence.to_lowercase();
        DENIALS.iter().any(|word| sentence.contains(word)) && !CONDITIONS.iter().any(|word| sentence.contains(word))
    };
    let sentences = text.split_inclusive(['。', '\n', '！', ';', '；']).flat_map(|part| part.split_inclusive(". "));
    sentences.filter(|sentence| !denies(sentence)).collect()
}

/// How every data type of each record stands: by index into the declaration's records.
pub fn standings(case: &Case<'_>) -> BTreeMap<usize, Vec<DataStanding>> {
    let families = families(case);
    let mut standings = BTreeMap::new();
    for verdict in case.records.iter().filter(|verdict| verdict.verdict == Verdict::Present) {
        let record = &case.declaration.records[verdict.record];
        let scope = match record.scope() {
            DeclaredScope::Given(scope) => scope,
            DeclaredScope::None | DeclaredScope::Absent => Scope::default(),
        };
        let of_record = families.iter().filter(|family| family.records.iter().any(|one| std::ptr::eq(*one, record)));
        let references: Vec<&TypeReferences> = of_record.flat_map(|family| family.references.iter().copied()).collect();
        standings.insert(verdict.record, of_types(&scope, &references));
    }
    standings
}

fn of_types(scope: &Scope, references: &[&TypeReferences]) -> Vec<DataStanding> {
    let referenced = references.iter().filter(|one| !one.is_capability()).map(|one| one.data_type);
    // Weak references alone do not bring a type into the picture that nobody declared.
    let shown = |id: &&'static str| {
        scope.covers(id) == Some(Coverage::Explicit)
            || references.iter().any(|one| one.data_type == *id && one.strength != Strength::Weak)
    };
    let types: BTreeSet<&'static str> = referenced.filter(shown).chain(scope.explicit()).collect();
    let standing = |id: &'static str| {
        let of_type: Vec<&&TypeReferences> = references.iter().filter(|one| one.data_type == id).collect();
        DataStanding {
            data_type: id,
            declared: scope.covers(id).map(Coverage::id),
            word: scope.word(id).map(str::to_owned),
            referenced: of_type.iter().map(|one| one.strength).min().map(Strength::id),
            count: of_type.iter().fold(0, |sum: u32, one| sum.saturating_add(one.count)),
            blocked: !of_type.is_empty() && of_type.iter().all(|one| one.block.is_some()),
        }
    };
    types.into_iter().map(standing).collect()
}

impl Case<'_> {
    /// Whether a record that means `declared` speaks of this SDK itself, not as a companion.
    fn means(&self, declared: &str, detection: &Detection<'_>) -> bool {
        let line = self.set.get(declared).and_then(|sdk| sdk.part_of.as_deref());
        detection.sdk.id == declared
            || detection.sdk.part_of.as_deref() == Some(declared)
            || line == Some(detection.sdk.id.as_str())
    }
}

/// Whether a record's permissions can be compared: it gives names, or says none.
pub fn gives_permission_names(record: &DeclaredSdk) -> bool {
    match &record.permissions {
        Field::Absent => false,
        Field::ExplicitNone(_) => true,
        Field::Given(names) => names.iter().any(|name| crate::declared::is_permission_name(&name.text)),
    }
}
