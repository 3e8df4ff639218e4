//! SDKs that are present and not declared, declared and not present, and what the list says wrongly about them.

use super::verdict::{RecordVerdict, Verdict};
use super::{Case, Finding, Rule, Severity, Sink};
use crate::declared::{Confidence, DeclaredSdk, Field, Located, StatementKind};
use crate::detect::{Detection, Evidence, Presence, Signal};
use crate::lang::Text;
use crate::package::is_at_or_below;
use crate::signatures::Sdk;
use std::collections::BTreeSet;

/// Runs the family.
pub fn check(case: &Case<'_>, sink: &mut Sink<'_>) {
    undeclared(case, sink);
    for verdict in &case.records {
        let record = &case.declaration.records[verdict.record];
        match verdict.verdict {
            Verdict::NotFound => not_found(case, sink, verdict, record),
            Verdict::Unverifiable => unverifiable(case, sink, verdict, record),
            Verdict::Present | Verdict::OtherPlatform => {}
        }
    }
    contradictions(case, sink);
}

/// `Getui Push (getui.push)`, in both languages.
pub(super) fn title(sdk: &Sdk) -> Text {
    Text::new(format!("{} ({})", sdk.name.en, sdk.id), format!("{}（{}）", sdk.name.zh, sdk.id))
}

fn undeclared(case: &Case<'_>, sink: &mut Sink<'_>) {
    for detection in case.inventory.present() {
        let sdk = detection.sdk;
        // Without a list, plain libraries would only bury the finding.
        let passed_over = !case.declaration.has_sdk_list && !sdk.handles_personal_data();
        if passed_over || is_covered(case, sdk) {
            continue;
        }
        let severity = if sdk.handles_personal_data() { Severity::Error } else { Severity::Note };
        let title = title(sdk);
        let document = case.declaration.list_document();
        let mut finding = Finding::new(
            Rule::UndeclaredSdk,
            &sdk.id,
            Text::new(
                format!("{} is present but not declared", title.en),
                format!("检测到 {}，声明清单中没有", title.zh),
            ),
            Text::new(
                format!("add it to {document}, or remove the dependency that brings it"),
                format!("请补充到 {document}，或移除引入它的依赖"),
            ),
        )
        .severity(severity)
        .detail(Text::new("vendor", "厂商"), Text::new(&sdk.vendor.en, &sdk.vendor.zh))
        .detail(Text::new("category", "类别"), categories(sdk))
        .evidence(detection.evidence.clone());
        let types = super::data::strong(detection.references.iter());
        if !types.is_empty() {
            finding = finding.detail(Text::new("references", "引用"), super::data::summary(&types));
            finding = finding.references(types.into_values().flatten().collect());
        }
        if let Some(version) = &detection.version {
            finding = finding.detail(Text::new("version", "版本"), Text::same(version));
        }
        if !detection.brought_by.is_empty() {
            let owners = detection.brought_by.join(", ");
            finding = finding.detail(Text::new("via", "引入者"), Text::same(owners));
        }
        if detection.wired_in == Some(false) {
            let (en, zh) = (
                "only bundled: neither code outside the SDK nor the manifest names it; a call by name at run time would not show",
                "仅打包在内：SDK 之外的代码和清单文件均未提及它；运行时按名称的调用无法看出",
            );
            finding = finding.detail(Text::new("wiring", "接入"), Text::new(en, zh));
        }
        if let Some((record, package)) = record_with_root(case, detection) {
            finding = near_record(case, finding, record, package);
        } else if let Some(record) = record_that_may_mean(case, &sdk.id) {
            finding = ambiguous_record(case, finding, record);
        }
        sink.emit(finding);
    }
}

/// Ids of the present SDKs that the declaration covers.
pub fn covered(case: &Case<'_>) -> BTreeSet<String> {
    let covered = case.inventory.present().filter(|detection| is_covered(case, detection.sdk));
    covered.map(|detection| detection.sdk.id.clone()).collect()
}

/// Without a list, prose that names the SDK is what there is.
fn is_covered(case: &Case<'_>, sdk: &Sdk) -> bool {
    case.is_declared(&sdk.id) || (!case.declaration.has_sdk_list && names_in_prose(case, sdk))
}

fn names_in_prose(case: &Case<'_>, sdk: &Sdk) -> bool {
    let names = [&sdk.name.en, &sdk.name.zh].into_iter().chain(&sdk.aliases);
    names.into_iter().any(|name| case.declaration.mention(name).is_some())
}

fn categories(sdk: &Sdk) -> Text {
    let labels = || sdk.categories.iter().map(|category| category.label());
    let english: Vec<&str> = labels().map(|(en, _)| en).collect();
    let chinese: Vec<&str> = labels().map(|(_, zh)| zh).collect();
    Text::new(english.join(", "), chinese.join("、"))
}

/// A record for another SDK whose declared package is a root above this one: it looks as if it covered both, and does not.
fn record_with_root<'c>(case: &'c Case<'_>, detection: &Detection<'_>) -> Option<(&'c DeclaredSdk, &'c Located)> {
    case.declaration.records.iter().filter(|record| record.concerns_android()).find_map(|record| {
        let Field::Given(packages) = &record.packages else { return None };
        let is_root = |package: &&Located| {
            detection.sdk.detect.packages.iter().any(|prefix| is_at_or_below(prefix, &package.text))
        };
        packages.iter().find(is_root).map(|package| (record, package))
    })
}

fn near_record(case: &Case<'_>, finding: Finding, record: &DeclaredSdk, package: &Located) -> Finding {
    let (name, line) = (record.title(), case.declaration.line_label(record.line));
    let finding = finding.detail(
        Text::new("note", "说明"),
        Text::new(
            format!("the record \"{name}\" ({}) gives the root {}, and means another SDK", line.en, package.text),
            format!("条目“{name}”（{}）写有根包名 {}，但所指为另一个 SDK", line.zh, package.text),
        ),
    );
    finding.declared(case.located(package))
}

/// A record that fits several SDKs, this one among them, and says no more.
fn record_that_may_mean<'c>(case: &'c Case<'_>, id: &str) -> Option<&'c DeclaredSdk> {
    let open = case.declaration.records.iter().filter(|record| record.resolved.sdk.is_none());
    let several = open.filter(|record| record.resolved.candidates.len() > 1);
    let mut may = several.filter(|record| record.resolved.candidates.iter().any(|candidate| candidate == id));
    may.find(|record| record.concerns_android())
}

fn ambiguous_record(case: &Case<'_>, finding: Finding, record: &DeclaredSdk) -> Finding {
    let (name, line) = (record.title(), case.declaration.line_label(record.line));
    let fitting = candidates(record);
    let finding = finding.detail(
        Text::new("note", "说明"),
        Text::new(
            format!("the record \"{name}\" ({}) fits {}, and does not say which", line.en, fitting.en),
            format!("条目“{name}”（{}）与{}相符，但未写明是哪一个", line.zh, fitting.zh),
        ),
    );
    finding.declared(case.at(record.place(), &name))
}

/// `3 SDKs (a.b, c.d, …)`: what a record may mean.
pub(super) fn candidates(record: &DeclaredSdk) -> Text {
    const SHOWN: usize = 4;
    let all = &record.resolved.candidates;
    let more = if all.len() > SHOWN { ", …" } else { "" };
    let some = all.iter().take(SHOWN).map(String::as_str).collect::<Vec<_>>().join(", ");
    Text::new(format!("{} SDKs ({some}{more})", all.len()), format!(" {} 个 SDK（{some}{more}）", all.len()))
}

fn not_found(case: &Case<'_>, sink: &mut Sink<'_>, verdict: &RecordVerdict, record: &DeclaredSdk) {
    let name = record.title();
    let read = case.what_was_read();
    let detection = verdict.sdk.as_deref().and_then(|id| case.inventory.find(id));
    let strings = verdict.sdk.as_deref().and_then(|id| case.inventory.string_only.iter().find(|one| one.sdk.id == id));
    let title = match verdict.sdk.as_deref().and_then(|id| case.set.get(id)) {
        Some(sdk) => title(sdk),
        None => Text::same(&name),
    };
    let (message, evidence): (Text, Vec<Evidence>) = match (detection, strings) {
        (Some(named), _) => (
            Text::new(
                format!(
                    "{} is declared; other code or the manifest names it, but none of its code is in {}",
                    title.en, read.en
                ),
                format!("已声明 {}；其他代码或 AndroidManifest.xml 提到它，但在{}中没有它的代码", title.zh, read.zh),
            ),
            named.evidence.clone(),
        ),
        (None, Some(strings)) => (
            Text::new(
                format!("{} is declared; only string constants name it in {}", title.en, read.en),
                format!("已声明 {}；在{}中只有字符串常量提到它", title.zh, read.zh),
            ),
            strings.evidence.clone(),
        ),
        (None, None) => (
            match case.beyond() {
                None => Text::new(
                    format!("{} is declared, no evidence found in {}", title.en, read.en),
                    format!("已声明 {}，在{}中未发现证据", title.zh, read.zh),
                ),
                Some(limits) => Text::new(
                    format!("{} is declared, no evidence in what could be read ({}): {}", title.en, read.en, limits.en),
                    format!(
                        "已声明 {}，在可读取的部分（{}）中未发现证据：{}",
                        title.zh,
                        read.zh.trim_start(),
                        limits.zh
                    ),
                ),
            },
            Vec::new(),
        ),
    };
    let help = Text::new("check whether the record is still true for this app", "请核实该条目对此应用是否仍然属实");
    let subject = verdict.sdk.clone().unwrap_or(name.clone());
    let mut finding = Finding::new(Rule::DeclaredSdkNotFound, subject, message, help).evidence(evidence);
    // What is missed may only have been misread.
    if let (Some(by), Some(Confidence::Low)) = (record.resolved.by, record.resolved.confidence) {
        let (by, low) = (by.label(), Confidence::Low.label());
        let how = Text::new(format!("{} (confidence {})", by.en, low.en), format!("{}（置信度{}）", by.zh, low.zh));
        finding = finding.detail(Text::new("matched by", "匹配依据"), how);
    }
    sink.emit(finding.declared(case.at(record.place(), &name)));
}

fn unverifiable(case: &Case<'_>, sink: &mut Sink<'_>, verdict: &RecordVerdict, record: &DeclaredSdk) {
    let name = record.title();
    let hidden = &case.inventory.hidden_code;
    let fitting = &record.resolved.candidates;
    let (message, help) = if hidden.is_empty() && verdict.sdk.is_none() && fitting.len() > 1 {
        let fitting = candidates(record);
        (
            Text::new(
                format!("\"{name}\" cannot be checked: it fits {}, and does not say which", fitting.en),
                format!("“{name}”无法核实：它与{}相符，但未写明是哪一个", fitting.zh),
            ),
            Text::new("give the whole name or the package of the one that is meant", "请写明所指 SDK 的全称或包名"),
        )
    } else if hidden.is_empty() {
        (
            Text::new(
                format!("\"{name}\" cannot be checked: no signature matches it and it gives no package name"),
                format!("“{name}”无法核实：没有匹配的特征，也未写明包名"),
            ),
            Text::new("add its package name to the record", "请在该条目中写明包名"),
        )
    } else {
        let by = hidden.join(", ");
        (
            Text::new(
                format!("\"{name}\" cannot be checked: part of the app's code is not readable ({by})"),
                format!("“{name}”无法核实：应用的部分代码不可读（{by}）"),
            ),
            Text::new("audit a build that is not packed", "请审计未加固的构建"),
        )
    };
    let named = verdict.sdk.as_deref().filter(|id| case.presence(id) == Some(Presence::Unknown));
    let evidence = named.and_then(|id| case.inventory.find(id)).map(|found| found.evidence.clone()).unwrap_or_default();
    let subject = verdict.sdk.clone().unwrap_or(name.clone());
    sink.emit(
        Finding::new(Rule::UnverifiableSdk, subject, message, help)
            .evidence(evidence)
            .declared(case.at(record.place(), &name)),
    );
}

fn contradictions(case: &Case<'_>, sink: &mut Sink<'_>) {
    let personal = || case.inventory.present().filter(|detection| detection.sdk.handles_personal_data());
    for statement in &case.declaration.statements {
        let denied: Vec<&Detection<'_>> = match statement.kind {
            StatementKind::NoThirdPartySdk => personal().collect(),
            StatementKind::NotIncluded => {
                let named = statement.name.as_deref().and_then(|name| case.set.by_name(name));
                case.inventory.present().filter(|one| named.is_some_and(|(sdk, _)| sdk.id == one.sdk.id)).collect()
            }
            StatementKind::ListElsewhere => continue,
        };
        if denied.is_empty() {
            continue;
        }
        let subject = match statement.kind {
            StatementKind::NotIncluded => denied[0].sdk.id.clone(),
            _ => "no-third-party-sdk".to_owned(),
        };
        let names = |zh: bool| {
            let name = |one: &&Detection<'_>| if zh { one.sdk.name.zh.clone() } else { one.sdk.name.en.clone() };
            denied.iter().map(name).collect::<Vec<_>>().join(if zh { "、" } else { ", " })
        };
        let message = Text::new(
            format!("the policy denies it, and the app carries {}", names(false)),
            format!("隐私政策声称不含，而应用中存在 {}", names(true)),
        );
        let help = Text::new("correct the sentence, or remove the SDK", "请更正该语句，或移除该 SDK");
        let first = |one: &&Detection<'_>| one.evidence.iter().find(|seen| seen.signal != Signal::Strings).cloned();
        let evidence = denied.iter().filter_map(first).collect();
        sink.emit(
            Finding::new(Rule::Contradiction, subject, message, help)
                .evidence(evidence)
                .declared(case.located(&statement.quote)),
        );
    }
}

impl Case<'_> {
    /// Why code of an SDK may be there and not be seen; `None` where nothing speaks for that.
    fn beyond(&self) -> Option<Text> {
        let (classes, sealed) = (&self.app.classes, self.app.sealed.len());
        let mut limits: Vec<Text> = Vec::new();
        if !self.inventory.dynamic_loading().is_empty() {
            limits.push(Text::new("code may be loaded at run time", "代码可能在运行时动态加载"));
        }
        if classes.is_heavily_obfuscated() {
            limits.push(Text::new("most class names are short", "大部分类名为短名"));
        }
        if sealed > 0 {
            let plural = if sealed == 1 { "entry" } else { "entries" };
            limits.push(Text::new(
                format!("{sealed} {plural} could not be looked into"),
                format!("{sealed} 个条目未能查看"),
            ));
        }
        let join = |parts: Vec<String>, by: &str| parts.join(by);
        let english = join(limits.iter().map(|one| one.en.to_string()).collect(), ", ");
        let chinese = join(limits.iter().map(|one| one.zh.to_string()).collect(), "，");
        (!limits.is_empty()).then(|| Text::new(english, chinese))
    }

    /// `5/5 dex, manifest, 24 libraries`.
    pub(super) fn what_was_read(&self) -> Text {
        let classes = &self.app.classes;
        let (read, total, libraries) = (classes.dex_read, classes.dex_total, self.app.library_count());
        let plural = if libraries == 1 { "library" } else { "libraries" };
        Text::new(
            format!("{read}/{total} dex, manifest, {libraries} {plural}"),
            format!(" {read}/{total} 个 dex、AndroidManifest.xml、{libraries} 个动态库"),
        )
    }
}
