//! Package names of the records.

use super::super::{Finding, Rule, Severity, Sink};
use super::{Paper, items, title};
use crate::declared::{DeclaredSdk, Located};
use crate::lang::Text;
use crate::package::is_at_or_below;
use crate::platform::packages;
use crate::signatures::Sdk;
use std::collections::{BTreeMap, BTreeSet};

/// Runs the family.
pub fn check(paper: &Paper<'_>, sink: &mut Sink<'_>) {
    let mut done = BTreeSet::new();
    for record in &paper.declaration.records {
        case(paper, record, sink);
        mismatch(paper, record, sink);
        for package in items(&record.packages) {
            form(paper, record, package, sink);
            if done.insert(package.text.as_str()) {
                generic(paper, record, package, sink);
            }
        }
    }
    duplicates(paper, sink);
}

/// At most one finding for each record.
fn case(paper: &Paper<'_>, record: &DeclaredSdk, sink: &mut Sink<'_>) {
    let written = items(&record.packages);
    let wrong = record.resolved.miscased_packages.first();
    let Some((package, right)) = wrong.and_then(|(at, right)| Some((written.get(*at)?, right))) else { return };
    let finding = Finding::new(
        Rule::PackageCase,
        paper.subject(record),
        Text::new(format!("{} is written in the wrong case", package.text), format!("{} 大小写有误", package.text)),
        Text::new(format!("write {right}"), format!("应写作 {right}")),
    );
    // Where the package is another SDK's, its right spelling is no answer.
    let foreign = record.resolved.foreign_packages.iter().any(|(at, _)| written.get(*at) == Some(package));
    let finding = if foreign { finding } else { finding.fix(package, right) };
    sink.emit(finding.declared(paper.located(package)));
}

/// At most one finding for each record.
fn mismatch(paper: &Paper<'_>, record: &DeclaredSdk, sink: &mut Sink<'_>) {
    let wrong = record.resolved.foreign_packages.first();
    let Some((package, other)) = wrong.and_then(|(at, other)| Some((items(&record.packages).get(*at)?, other))) else {
        return;
    };
    let right: Vec<&str> = match paper.sdk(record) {
        Some(sdk) => sdk.detect.packages.iter().map(String::as_str).take(3).collect(),
        None => Vec::new(),
    };
    let (name, right) = (record.title(), right.join(", "));
    let finding = Finding::new(
        Rule::PackageMismatch,
        paper.subject(record),
        Text::new(
            format!("the record \"{name}\" gives {}, a package of {other}", package.text),
            format!("条目“{name}”写的包名 {} 属于 {other}", package.text),
        ),
        if right.is_empty() {
            Text::new("give the SDK's own package", "请写该 SDK 自己的包名")
        } else {
            Text::new(format!("its own package is {right}"), format!("它自己的包名是 {right}"))
        },
    );
    sink.emit(finding.declared(paper.located(package)));
}

/// What is no package of code at all: host, coordinate, app id.
fn form(paper: &Paper<'_>, record: &DeclaredSdk, package: &Located, sink: &mut Sink<'_>) {
    let name = package.text.as_str();
    let known = is_prefix(paper, name);
    let own = match paper.sdk(record).and_then(|sdk| sdk.detect.packages.first()) {
        Some(own) => Text::new(format!("its own package is {own}"), format!("它自己的包名是 {own}")),
        None => Text::new("give the package of the SDK's code", "请写该 SDK 代码的包名"),
    };
    let finding = if is_coordinate(paper.behind(package)) {
        let rest = paper.behind(package).split([' ', ',', '，', '、', '|', '`', ')', '）']).next().unwrap_or_default();
        let whole = format!("{name}{rest}");
        Finding::new(
            Rule::PackageIsCoordinate,
            name,
            Text::new(format!("{whole} is a build coordinate"), format!("{whole} 是依赖坐标，不是包名")),
            own,
        )
    } else if let Some(app) = app_named(paper, name).filter(|_| !known) {
        Finding::new(
            Rule::AppIdAsPackage,
            name,
            Text::new(
                format!("{name} is the id of {}, not the package of an SDK", app.en),
                format!("{name} 是{}的标识，不是 SDK 的包名", app.zh),
            ),
            own,
        )
    } else if packages::is_host(name) && !known && paper.set.by_package(name).is_none() {
        Finding::new(
            Rule::PackageIsHost,
            name,
            Text::new(format!("{name} is a host name, not a package"), format!("{name} 是网站域名，不是包名")),
            own,
        )
    } else {
        return;
    };
    sink.emit(finding.detail(record_label(), Text::same(record.title())).declared(paper.located(package)));
}

fn record_label() -> Text {
    Text::new("record", "条目")
}

fn app_named(paper: &Paper<'_>, name: &str) -> Option<Text> {
    let own = paper.manifest.is_some_and(|manifest| !name.is_empty() && manifest.application_id == name);
    let known = packages::app_with_id(name).map(|(en, zh)| Text::new(format!("the {en} app"), format!("{zh}应用")));
    if own { Some(Text::new("the audited app", "被审计应用")) } else { known }
}

/// `:artifact` behind the group.
fn is_coordinate(behind: &str) -> bool {
    behind.strip_prefix(':').is_some_and(|rest| {
        let artifact = rest.split([':', ' ', ',', '，', '、', '|', '`']).next().unwrap_or_default();
        artifact.starts_with(|c: char| c.is_ascii_alphabetic())
            && artifact.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.'))
    })
}

/// Whether the package is itself the prefix of one SDK, or lies below one.
fn is_prefix(paper: &Paper<'_>, name: &str) -> bool {
    paper.set.match_package(name.as_bytes()).is_some()
}

/// How many SDKs make a root generic. Two segments are a vendor's whole name space; a deeper name is a product line's, and a line
/// of two or three products is still one vendor's answer to one question.
const SHALLOW_ROOT_OF: usize = 2;
const DEEP_ROOT_OF: usize = 5;

/// Why a package does not say which SDK is meant.
enum Generic<'a> {
    /// Several SDKs lie below it.
    Root(Vec<&'a Sdk>),
    /// A vendor's whole name space, of which the SDK's signature excludes a part.
    Wider(&'a Sdk),
    /// The name space of a phone maker's system.
    System,
}

fn generic(paper: &Paper<'_>, record: &DeclaredSdk, package: &Located, sink: &mut Sink<'_>) {
    let name = package.text.as_str();
    let Some(reason) = why_generic(paper, name) else { return };
    let own = paper.sdk(record);
    let owned = matches!(reason, Generic::Root(_)) && own.is_some_and(|sdk| owns_most(paper, sdk, name));
    let message = match &reason {
        Generic::Root(sdks) => {
            let some = sdks.iter().take(4).map(|sdk| sdk.id.as_str()).collect::<Vec<_>>().join(", ");
            let (count, more) = (sdks.len(), if sdks.len() > 4 { ", …" } else { "" });
            Text::new(
                format!("{name} is the root of {count} SDKs ({some}{more})"),
                format!("{name} 是 {count} 个 SDK 的根（{some}{more}）"),
            )
        }
        Generic::Wider(sdk) => {
            let right = below_or_all(sdk, name).join(", ");
            Text::new(
                format!("{name} is wider than {} ({right}): other code lies below it, too", sdk.id),
                format!("{name} 的范围大于 {}（{right}）：其下还有其他代码", sdk.id),
            )
        }
        Generic::System => Text::new(
            format!("{name} is the name space of a phone maker's system"),
            format!("{name} 是手机厂商系统的命名空间"),
        ),
    };
    let help = match own.filter(|_| !owned) {
        Some(sdk) => {
            let right = below_or_all(sdk, name).join(", ");
            Text::new(format!("the packages of {} are {right}", sdk.id), format!("{} 的包名是 {right}", sdk.id))
        }
        None => Text::new("give the SDK's own package", "请写该 SDK 自己的包名"),
    };
    let mut finding = Finding::new(Rule::GenericPackage, name, message, help);
    if owned {
        finding = finding.severity(Severity::Note);
    }
    if let Some(sdk) = own {
        finding = finding.detail(record_label(), title(sdk));
    }
    sink.emit(finding.declared(paper.located(package)));
}

/// The SDK's prefixes below `name`, else its first ones.
fn below_or_all<'s>(sdk: &'s Sdk, name: &str) -> Vec<&'s str> {
    let all = || sdk.detect.packages.iter().chain(&sdk.detect.companions).map(String::as_str);
    let below: Vec<&str> = all().filter(|prefix| is_at_or_below(prefix, name)).take(4).collect();
    if below.is_empty() { all().take(3).collect() } else { below }
}

fn why_generic<'a>(paper: &Paper<'a>, name: &str) -> Option<Generic<'a>> {
    if is_prefix(paper, name) || packages::app_with_id(name).is_some() {
        return None;
    }
    if packages::is_system_root(name) {
        return Some(Generic::System);
    }
    let below = paper.set.under_package(name);
    let shallow = name.split('.').count() <= 2;
    if below.len() >= if shallow { SHALLOW_ROOT_OF } else { DEEP_ROOT_OF } {
        return Some(Generic::Root(below));
    }
    let excludes = |sdk: &&Sdk| {
        let below = |class: &&String| is_at_or_below(class, name) && paper.set.by_package(class).is_none();
        sdk.examples.miss.iter().any(|class| below(&class))
    };
    below.into_iter().find(|sdk| shallow && excludes(sdk)).map(Generic::Wider)
}

/// Whether two thirds of the known prefixes below `name` are the SDK's or its companions'.
fn owns_most(paper: &Paper<'_>, sdk: &Sdk, name: &str) -> bool {
    let own: BTreeSet<&str> = sdk.detect.packages.iter().chain(&sdk.detect.companions).map(String::as_str).collect();
    let below: Vec<&str> =
        paper.set.packages().map(|(prefix, _)| prefix).filter(|prefix| is_at_or_below(prefix, name)).collect();
    let owned = below.iter().filter(|prefix| own.contains(**prefix)).count();
    owned > 0 && owned * 3 >= below.len() * 2
}

/// One finding per package, at its second place.
fn duplicates(paper: &Paper<'_>, sink: &mut Sink<'_>) {
    let mut places: BTreeMap<String, Vec<(&DeclaredSdk, &Located)>> = BTreeMap::new();
    for record in paper.declaration.records.iter().filter(|record| record.concerns_android()) {
        for package in items(&record.packages) {
            places.entry(package.text.to_ascii_lowercase()).or_default().push((record, package));
        }
    }
    for twice in places.values() {
        let [(first, _), (second, package), ..] = twice.as_slice() else { continue };
        if std::ptr::eq(*first, *second) || same_platform_split(first, second) {
            continue;
        }
        let records = twice.iter().map(|(record, _)| (record.title(), paper.declaration.line_label(record.line)));
        let (en, zh): (Vec<String>, Vec<String>) = records
            .map(|(name, line)| (format!("\"{name}\" ({})", line.en), format!("“{name}”（{}）", line.zh)))
            .unzip();
        let finding = Finding::new(
            Rule::DuplicatePackage,
            &package.text,
            Text::new(
                format!("{} stands in {} records: {}", package.text, twice.len(), en.join(", ")),
                format!("{} 出现在 {} 个条目中：{}", package.text, twice.len(), zh.join("、")),
            ),
            Text::new("give each record the package of its own SDK", "请为每个条目写明各自 SDK 的包名"),
        );
        sink.emit(finding.declared(paper.located(package)));
    }
}

/// One SDK listed once for each system, as tables by platform do.
fn same_platform_split(first: &DeclaredSdk, second: &DeclaredSdk) -> bool {
    let systems = (first.platform.given(), second.platform.given());
    matches!(systems, (Some(a), Some(b)) if a.text != b.text)
}
