//! Two builds: what came, what went, what changed. Every difference has a weight, given here and nowhere else.

mod reach;
mod snapshot;

pub use snapshot::{Build, Finding, MAX_REPORT};

use crate::audit::Severity;
use crate::detect::Presence;
use crate::lang::Text;
use crate::platform::{data_types, permissions};
use snapshot::{Component, STRONG, Sdk};
use std::collections::{BTreeMap, BTreeSet};

/// What a difference is about, in the order of the report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// Application id.
    Application,
    /// Signing certificate; its subject is the digest.
    Certificate,
    /// Minimum or target API level.
    ApiLevel,
    /// What only one build hides or cannot be read of: an entry or a packer.
    Unreadable,
    /// SDK.
    Sdk,
    /// Code that no signature knows.
    UnidentifiedCode,
    /// Requested permission.
    Permission,
    /// Reference to a data type; `owner/data_type`.
    Reference,
    /// Manifest component.
    Component,
}

impl Kind {
    /// All kinds, in the order of the report.
    pub const ALL: [Kind; 9] = [
        Kind::Application,
        Kind::Certificate,
        Kind::ApiLevel,
        Kind::Unreadable,
        Kind::Sdk,
        Kind::UnidentifiedCode,
        Kind::Permission,
        Kind::Reference,
        Kind::Component,
    ];

    /// The word used in JSON.
    pub fn id(self) -> &'static str {
        match self {
            Kind::Application => "application_id",
            Kind::Certificate => "certificate",
            Kind::ApiLevel => "api_level",
            Kind::Unreadable => "unreadable_content",
            Kind::Sdk => "sdk",
            Kind::UnidentifiedCode => "unidentified_code",
            Kind::Permission => "permission",
            Kind::Reference => "reference",
            Kind::Component => "component",
        }
    }

    /// The heading for people.
    pub fn label(self) -> Text {
        match self {
            Kind::Application => Text::new("Application id", "应用包名"),
            Kind::Certificate => Text::new("Signing certificates", "签名证书"),
            Kind::ApiLevel => Text::new("API levels", "API 级别"),
            Kind::Unreadable => Text::new("Unreadable content", "无法读取的内容"),
            Kind::Sdk => Text::new("SDKs", "SDK"),
            Kind::UnidentifiedCode => Text::new("Unidentified code", "未识别代码"),
            Kind::Permission => Text::new("Requested permissions", "申请的权限"),
            Kind::Reference => Text::new("References to data", "数据引用"),
            Kind::Component => Text::new("Components", "组件"),
        }
    }
}

/// In which way something differs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Way {
    /// Only the new build has it.
    Added,
    /// Only the old build has it.
    Removed,
    /// Both have it, and a field differs.
    Changed,
}

impl Way {
    /// The word used in JSON.
    pub fn id(self) -> &'static str {
        match self {
            Way::Added => "added",
            Way::Removed => "removed",
            Way::Changed => "changed",
        }
    }

    /// The sign in text and Markdown.
    pub fn sign(self) -> &'static str {
        match self {
            Way::Added => "+",
            Way::Removed => "-",
            Way::Changed => "~",
        }
    }
}

/// One difference. Values are language-free, as in the report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// What it is about.
    pub kind: Kind,
    /// In which way.
    pub way: Way,
    /// Id, name or digest.
    pub subject: String,
    /// What the subject is, for people.
    pub name: Option<Text>,
    /// The field that differs, where both builds have the subject.
    pub field: Option<&'static str>,
    /// The old value.
    pub old: Option<String>,
    /// The new value.
    pub new: Option<String>,
    /// How much it weighs.
    pub severity: Severity,
}

/// All differences between two builds.
#[derive(Clone, Debug, Default)]
pub struct Comparison {
    /// By kind, way and subject.
    pub changes: Vec<Change>,
    /// What could not be compared, or not surely.
    pub limits: Vec<Text>,
}

impl Comparison {
    /// Number of differences of one way.
    pub fn count(&self, way: Way) -> usize {
        self.changes.iter().filter(|change| change.way == way).count()
    }

    /// Differences at or above a severity that are new: a thing that went fails no build.
    pub fn at_least(&self, severity: Severity) -> usize {
        self.changes.iter().filter(|change| change.way != Way::Removed && change.severity >= severity).count()
    }

    /// What only the new build keeps from being read. Nobody can say what is in it, so a policy does not settle it.
    pub fn unread(&self) -> impl Iterator<Item = &Change> {
        self.changes.iter().filter(|change| change.kind == Kind::Unreadable && change.way == Way::Added)
    }

    /// Compares two builds.
    pub fn of(old: &Build, new: &Build) -> Comparison {
        let mut found = Comparison::default();
        found.identity(old, new);
        found.certificates(old, new);
        found.sdks(old, new);
        found.permissions(old, new);
        found.references(old, new);
        found.components(old, new);
        found.reach(old, new);
        found.changes.sort_by(|a, b| (a.kind, a.way, &a.subject, a.field).cmp(&(b.kind, b.way, &b.subject, b.field)));
        found
    }

    fn add(&mut self, kind: Kind, way: Way, subject: &str, severity: Severity) -> &mut Change {
        let (subject, severity) = (subject.to_owned(), if way == Way::Removed { Severity::Note } else { severity });
        self.changes.push(Change { kind, way, subject, name: None, field: None, old: None, new: None, severity });
        self.changes.last_mut().expect("pushed above")
    }

    fn changed(
        &mut self,
        kind: Kind,
        subject: &str,
        field: &'static str,
        values: [Option<String>; 2],
        severity: Severity,
    ) -> &mut Change {
        let [old, new] = values;
        let change = self.add(kind, Way::Changed, subject, severity);
        (change.field, change.old, change.new) = (Some(field), old, new);
        change
    }

    fn identity(&mut self, old: &Build, new: &Build) {
        if old.application_id != new.application_id {
            let ids = [&old.application_id, &new.application_id].map(|id| Some(id.clone()));
            self.changed(Kind::Application, &new.application_id, "application_id", ids, Severity::Error);
        }
        for (field, was, is) in
            [("min_sdk", &old.min_sdk, &new.min_sdk), ("target_sdk", &old.target_sdk, &new.target_sdk)]
        {
            if was != is {
                let text = |level: &Option<snapshot::Level>| {
                    level.as_ref().map(|level| match level {
                        snapshot::Level::Number(number) => number.to_string(),
                        snapshot::Level::CodeName(name) => name.clone(),
                    })
                };
                // A lower target buys older, laxer rules of the platform.
                let lower = field == "target_sdk" && is < was;
                let severity = if lower { Severity::Warning } else { Severity::Note };
                self.changed(Kind::ApiLevel, field, "level", [text(was), text(is)], severity);
            }
        }
    }

    fn certificates(&mut self, old: &Build, new: &Build) {
        let (Some(was), Some(is)) = (&old.signing, &new.signing) else {
            let limit = Text::new("a report tells no signing certificates", "有报告未包含签名证书");
            return self.limits.push(limit);
        };
        if !(was.unread.is_empty() && is.unread.is_empty()) {
            self.limits.push(Text::new("a signature could not be read", "有签名无法读取"));
        }
        let digests = |signing: &snapshot::Signing| -> BTreeSet<String> {
            signing.certificates.iter().map(|one| one.sha256.clone()).collect()
        };
        let (before, after) = (digests(was), digests(is));
        for (way, from, without) in [(Way::Added, is, &before), (Way::Removed, was, &after)] {
            for certificate in from.certificates.iter().filter(|one| !without.contains(&one.sha256)) {
                // Another key is another publisher, unless somebody meant it.
                let change = self.add(Kind::Certificate, way, &certificate.sha256, Severity::Error);
                change.name = certificate.subject.as_ref().map(Text::same);
            }
        }
    }

    fn sdks(&mut self, old: &Build, new: &Build) {
        let by_id = |build: &'_ Build| -> BTreeMap<String, usize> {
            build.sdks.iter().enumerate().map(|(at, sdk)| (sdk.id.clone(), at)).collect()
        };
        let (before, after) = (by_id(old), by_id(new));
        let ids: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
        for id in ids {
            let was = before.get(id).map(|at| &old.sdks[*at]);
            let is = after.get(id).map(|at| &new.sdks[*at]);
            self.sdk(was, is);
        }
        let prefixes = |build: &'_ Build| -> BTreeSet<String> {
            build.unidentified.iter().map(|group| group.prefix.clone()).collect()
        };
        let (before, after) = (prefixes(old), prefixes(new));
        for prefix in after.difference(&before) {
            self.add(Kind::UnidentifiedCode, Way::Added, prefix, Severity::Note);
        }
        for prefix in before.difference(&after) {
            self.add(Kind::UnidentifiedCode, Way::Removed, prefix, Severity::Note);
        }
    }

    fn sdk(&mut self, was: Option<&Sdk>, is: Option<&Sdk>) {
        // A mere reference is no SDK in the app.
        let there = |sdk: Option<&Sdk>| sdk.is_some_and(|sdk| sdk.presence != Presence::ReferencedOnly);
        let weight = |sdk: &Sdk| {
            let personal = sdk.categories.iter().any(|category| category.handles_personal_data());
            if personal { Severity::Error } else { Severity::Note }
        };
        match (was, is) {
            (_, Some(sdk)) if there(is) && !there(was) => {
                let change = self.add(Kind::Sdk, Way::Added, &sdk.id, weight(sdk));
                (change.name, change.new) = (Some(title(sdk)), sdk.version.clone());
            }
            (Some(sdk), _) if there(was) && !there(is) => {
                let change = self.add(Kind::Sdk, Way::Removed, &sdk.id, Severity::Note);
                (change.name, change.old) = (Some(title(sdk)), sdk.version.clone());
            }
            (Some(was), Some(is)) if there(Some(is)) => {
                if was.version != is.version {
                    let versions = [was.version.clone(), is.version.clone()];
                    self.changed(Kind::Sdk, &is.id, "version", versions, Severity::Note).name = Some(title(is));
                }
                if was.presence != is.presence {
                    let both = [was.presence, is.presence].map(|presence| Some(presence.id().to_owned()));
                    self.changed(Kind::Sdk, &is.id, "presence", both, Severity::Note).name = Some(title(is));
                }
            }
            _ => {}
        }
    }

    fn permissions(&mut self, old: &Build, new: &Build) {
        // The widest of several requests for one permission.
        let widest = |build: &'_ Build| {
            let mut found: BTreeMap<String, u32> = BTreeMap::new();
            for request in &build.requested_permissions {
                let limit = request.max_sdk_version.unwrap_or(u32::MAX);
                let kept = found.entry(request.name.clone()).or_insert(limit);
                *kept = limit.max(*kept);
            }
            found
        };
        let (before, after) = (widest(old), widest(new));
        let weight = |name: &str| {
            let severe = permissions::find(name).is_some_and(|known| known.is_dangerous_or_special());
            if severe { Severity::Error } else { Severity::Warning }
        };
        let kind = |name: &str| permissions::find(name).map(|known| known.protection.label());
        let limit = |limit: u32| (limit != u32::MAX).then(|| limit.to_string());
        for (name, is) in &after {
            match before.get(name) {
                None => self.add(Kind::Permission, Way::Added, name, weight(name)).name = kind(name),
                Some(was) if was != is => {
                    let severity = if is > was { weight(name) } else { Severity::Note };
                    let values = [limit(*was), limit(*is)];
                    self.changed(Kind::Permission, name, "max_sdk_version", values, severity).name = kind(name);
                }
                Some(_) => {}
            }
        }
        for name in before.keys().filter(|name| !after.contains_key(*name)) {
            self.add(Kind::Permission, Way::Removed, name, Severity::Note).name = kind(name);
        }
    }

    fn references(&mut self, old: &Build, new: &Build) {
        if !(old.coverage.references_scanned && new.coverage.references_scanned) {
            let limit = Text::new("references were not scanned in both builds", "并非两个构建都扫描了引用");
            return self.limits.push(limit);
        }
        let (before, after) = (old.references(), new.references());
        let weight = |strength: &str| if STRONG.contains(&strength) { Severity::Warning } else { Severity::Note };
        let subject = |(owner, data_type): &(&str, &str)| format!("{owner}/{data_type}");
        for (key, is) in &after {
            let change = match before.get(key) {
                None => self.add(Kind::Reference, Way::Added, &subject(key), weight(is)),
                Some(was) if STRONG.contains(was) != STRONG.contains(is) => {
                    let values = [was, is].map(|strength| Some((*strength).to_owned()));
                    self.changed(Kind::Reference, &subject(key), "strength", values, weight(is))
                }
                Some(_) => continue,
            };
            change.name = Some(data_types::label(key.1));
            change.new = Some((*is).to_owned());
        }
        for (key, was) in before.iter().filter(|(key, _)| !after.contains_key(*key)) {
            let change = self.add(Kind::Reference, Way::Removed, &subject(key), Severity::Note);
            (change.name, change.old) = (Some(data_types::label(key.1)), Some((*was).to_owned()));
        }
    }

    fn components(&mut self, old: &Build, new: &Build) {
        fn by_class(build: &Build) -> BTreeMap<(&str, &str), &Component> {
            build.components.iter().map(|one| ((one.kind.as_str(), one.class.as_str()), one)).collect()
        }
        let (before, after) = (by_class(old), by_class(new));
        let kind = |component: &Component| Some(Text::same(&component.kind));
        let open = |component: &Component| component.exported == Some(true) && component.permission.is_none();
        let weight = |component: &Component| if open(component) { Severity::Warning } else { Severity::Note };
        for (key, is) in &after {
            let Some(was) = before.get(key) else {
                self.add(Kind::Component, Way::Added, &is.class, weight(is)).name = kind(is);
                continue;
            };
            if was.exported != is.exported {
                let values = [was.exported, is.exported].map(|exported| exported.map(|one| one.to_string()));
                self.changed(Kind::Component, &is.class, "exported", values, weight(is)).name = kind(is);
            }
            if was.permission != is.permission {
                let values = [was.permission.clone(), is.permission.clone()];
                self.changed(Kind::Component, &is.class, "permission", values, weight(is)).name = kind(is);
            }
        }
        for (_, was) in before.iter().filter(|(key, _)| !after.contains_key(*key)) {
            self.add(Kind::Component, Way::Removed, &was.class, Severity::Note).name = kind(was);
        }
    }
}

/// `Lumen Ads, advertising`.
fn title(sdk: &Sdk) -> Text {
    let categories = |zh: bool| {
        let labels = sdk.categories.iter().map(|category| category.label());
        labels.map(|(en, other)| if zh { other } else { en }).collect::<Vec<_>>().join(if zh { "、" } else { ", " })
    };
    Text::new(format!("{}, {}", sdk.name.en, categories(false)), format!("{}，{}", sdk.name.zh, categories(true)))
}
