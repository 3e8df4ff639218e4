//! One record: what its fields should say.

use super::super::{Draft, Part, blank, data_word};
use super::Inputs;
use crate::app::App;
use crate::audit::{Finding, Fix, Rule};
use crate::declared::{DeclaredSdk, Field, Located, Position, is_blank};
use crate::detect::Presence;
use crate::lang::{Lang, Text};
use crate::package::is_at_or_below;
use crate::platform::data_types;
use crate::signatures::Sdk;

/// New values of fields; `None` leaves a field as it is.
pub struct Revision {
    /// What is known of the SDK.
    pub draft: Draft,
    /// Fields that the record lacks.
    pub missing: Vec<Part>,
    packages: Option<Vec<String>>,
    permissions: Option<Vec<String>>,
    links: Option<Vec<String>>,
    data: Option<String>,
    lang: Lang,
}

impl Revision {
    /// Answers the findings about one record.
    pub fn of(record: &DeclaredSdk, found: &[&Finding], inputs: Inputs<'_>, lang: Lang) -> Revision {
        let sdk = record.resolved.sdk.as_deref().and_then(|id| inputs.set.get(id));
        let draft = match sdk {
            Some(sdk) => Draft::of(sdk, inputs.inventory.find(&sdk.id), inputs.app),
            None => unknown(record),
        };
        let missing = found.iter().filter(|one| one.rule == Rule::MissingField);
        let mut missing: Vec<Part> =
            missing.filter_map(|one| Part::of_field(one.subject.rsplit('/').next()?)).collect();
        missing.sort();
        let mut revision =
            Revision { draft, missing, packages: None, permissions: None, links: None, data: None, lang };
        revision.packages = revision.packages(record, found, sdk);
        revision.permissions = revision.permissions(record, found, inputs.app);
        revision.links = revision.links(record, found);
        let detection = sdk.and_then(|sdk| inputs.inventory.find(&sdk.id));
        let in_app = detection.is_some_and(|one| one.presence == Presence::Present);
        revision.data = revision.data(record, found, in_app);
        revision
    }

    fn blank(&self, en: &str, zh: &str) -> String {
        blank(&Text::new(en, zh)).get(self.lang).to_owned()
    }

    /// Wrong ones go; where none of its own is left, the SDK's packages come.
    fn packages(&self, record: &DeclaredSdk, found: &[&Finding], sdk: Option<&Sdk>) -> Option<Vec<String>> {
        const WRONG: [Rule; 6] = [
            Rule::PackageMismatch,
            Rule::GenericPackage,
            Rule::AppIdAsPackage,
            Rule::PackageIsHost,
            Rule::PackageIsCoordinate,
            Rule::DuplicatePackage,
        ];
        let written = given(&record.packages);
        let own = |name: &str| sdk.is_some_and(|sdk| sdk.detect.packages.iter().any(|own| is_at_or_below(name, own)));
        let is_wrong = |item: &&Located| {
            found.iter().any(|one| {
                WRONG.contains(&one.rule)
                    && points_at(one, item)
                    && !(one.rule == Rule::DuplicatePackage && own(&item.text))
            })
        };
        let spelt = |item: &Located| spelling(found, item).unwrap_or_else(|| item.text.clone());
        let mut kept: Vec<String> = written.iter().filter(|item| !is_wrong(item)).map(spelt).collect();
        if !kept.iter().any(|name| own(name)) && kept.len() < written.len() {
            kept.extend(self.draft.packages.iter().cloned());
        }
        if kept.is_empty() {
            kept.push(self.blank("package name", "包名"));
        }
        changed(written, kept)
    }

    /// Misspelt ones are corrected, unknown ones become blanks, those that the app does not request go, those that code needs come.
    fn permissions(&self, record: &DeclaredSdk, found: &[&Finding], app: &App) -> Option<Vec<String>> {
        let written = given(&record.permissions);
        let requested = |name: &str| app.manifest.requested_permissions.iter().any(|one| one.name == name);
        let mut kept = Vec::new();
        for item in written {
            let about = |rule: Rule| found.iter().any(|one| one.rule == rule && points_at(one, item));
            if about(Rule::UnknownPermission) {
                kept.push(self.blank("permission", "权限"));
            } else if !about(Rule::SdkPermissionNotInApp) || requested(&item.text) {
                kept.push(spelling(found, item).unwrap_or_else(|| item.text.clone()));
            }
        }
        for finding in found.iter().filter(|one| one.rule == Rule::UndeclaredSdkPermission) {
            kept.extend(finding.subject.split_once('/').map(|(_, name)| name.to_owned()));
        }
        if found.iter().any(|one| one.rule == Rule::DataWithoutPermission) {
            kept.push(self.blank("permission that opens this information", "获取该信息所需的权限"));
        }
        if matches!(record.permissions, Field::ExplicitNone(_)) {
            return (!kept.is_empty()).then_some(kept);
        }
        if kept.is_empty() && !written.is_empty() {
            kept.push(self.lang.pick("None", "无").to_owned());
        }
        changed(written, kept)
    }

    /// The SDK's own policy where it is known; else a blank that quotes what was written, or the same address encrypted with a blank that asks to try it.
    fn links(&self, record: &DeclaredSdk, found: &[&Finding]) -> Option<Vec<String>> {
        let written = given(&record.links);
        let no_policy = found.iter().any(|one| one.rule == Rule::LinkNotAPolicy);
        let mut kept = Vec::new();
        for item in written {
            let about = |rule: Rule| found.iter().any(|one| one.rule == rule && points_at(one, item));
            if is_blank(&item.text) {
                kept.push(item.text.clone());
            } else if no_policy || about(Rule::LinkOfOtherSdk) {
                // What was written stays readable beside the blank: it may be the only hint that there is.
                let old = &item.text;
                let ask = || {
                    self.blank(&format!("privacy policy link; so far: {old}"), &format!("隐私政策链接；原为：{old}"))
                };
                kept.push(self.draft.link.clone().unwrap_or_else(ask));
            } else if about(Rule::InsecureLink) {
                let encrypted = item.text.get(4..).map(|rest| format!("https{rest}"));
                let address = self.draft.link.clone().or_else(|| {
                    let ask = self.blank("check that this address works", "请确认该地址可以访问");
                    encrypted.map(|address| format!("{address} {ask}"))
                });
                kept.extend(address);
            } else {
                kept.push(item.text.clone());
            }
        }
        changed(written, kept)
    }

    /// Types that code references are added; an umbrella word alone gives way to the types, where they are known. Of an SDK that is
    /// not in the app nothing is known better than what was written.
    fn data(&self, record: &DeclaredSdk, found: &[&Finding], in_app: bool) -> Option<String> {
        let of_code = found.iter().filter(|one| matches!(one.rule, Rule::UndeclaredDataType | Rule::NoneButReferenced));
        let types = of_code.filter_map(|one| one.subject.split_once('/')).map(|(_, id)| id);
        let known = types.filter(|id| data_types::find(id).is_some());
        let said = record.data.given().map_or("", |data| data.text.as_str());
        let added: Vec<String> =
            known.map(|id| data_word(id, self.lang)).filter(|word| !said.contains(word.as_str())).collect();
        let comma = self.lang.pick(", ", "、");
        let old = record.data.given().map(|data| data.text.clone());
        let vague = found.iter().any(|one| one.rule == Rule::VagueData);
        let base = match (old, vague) {
            (Some(old), true) => match self.draft.data_words(self.lang).filter(|_| in_app) {
                Some(words) => return Some(words),
                None => Some(format!("{old}{comma}{}", self.blank("which information", "具体信息类型"))),
            },
            (old, _) => old.filter(|_| !added.is_empty()),
        };
        let parts: Vec<String> = base.into_iter().chain(added).collect();
        (!parts.is_empty()).then(|| parts.join(comma))
    }

    /// The corrections with their places, and those whose place cannot be told.
    pub fn fixes(&self, record: &DeclaredSdk, lines: &[&str]) -> (Vec<Fix>, Vec<Text>) {
        let (mut fixes, mut by_hand) = (Vec::new(), Vec::new());
        let lists = [
            (Part::Package, &record.packages, &self.packages),
            (Part::Permissions, &record.permissions, &self.permissions),
            (Part::Link, &record.links, &self.links),
        ];
        for (part, field, new) in lists {
            let Some(new) = new else { continue };
            match list_fix(field, new, lines, self.lang) {
                Some(fix) => fixes.push(fix),
                None => by_hand.push(instruction(record, part, &new.join(self.lang.pick(", ", "、")))),
            }
        }
        if let Some(new) = &self.data {
            let fix = match &record.data {
                Field::Given(data) if !data.text.contains('\n') => fix_at(data, new, lines),
                Field::ExplicitNone(at) => none_fix(*at, new, lines),
                _ => None,
            };
            match fix {
                Some(fix) => fixes.push(fix),
                None => by_hand.push(instruction(record, Part::Data, new)),
            }
        }
        (fixes, by_hand)
    }
}

/// A record whose SDK nobody knows: all blanks.
fn unknown(record: &DeclaredSdk) -> Draft {
    let nothing = Text::default;
    Draft {
        id: String::new(),
        name: Text::same(record.title()),
        vendor: nothing(),
        packages: Vec::new(),
        purpose: nothing(),
        data: Vec::new(),
        permissions: None,
        link: None,
        personal: false,
    }
}

fn given(field: &Field<Vec<Located>>) -> &[Located] {
    field.given().map_or(&[], Vec::as_slice)
}

fn points_at(finding: &Finding, item: &Located) -> bool {
    finding.declared.as_ref().is_some_and(|place| place.at == item.at)
}

fn spelling(found: &[&Finding], item: &Located) -> Option<String> {
    let fix = found.iter().filter_map(|one| one.fix.as_ref()).find(|fix| fix.at == item.at && fix.from == item.text);
    fix.map(|fix| fix.to.clone())
}

/// The new list, each item once, where it differs from what is written.
fn changed(written: &[Located], new: Vec<String>) -> Option<Vec<String>> {
    if written.is_empty() {
        return None;
    }
    let mut once: Vec<String> = Vec::new();
    for item in new {
        if is_blank(&item) || !once.contains(&item) {
            once.push(item);
        }
    }
    let same = once.len() == written.len() && once.iter().zip(written).all(|(new, old)| *new == old.text);
    (!same).then_some(once)
}

/// One correction from the first item of a list to its last, where they stand on one line.
fn list_fix(field: &Field<Vec<Located>>, new: &[String], lines: &[&str], lang: Lang) -> Option<Fix> {
    if let Field::ExplicitNone(at) = field {
        return none_fix(*at, &new.join(lang.pick(", ", "、")), lines);
    }
    let items = given(field);
    let (first, last) = (items.first()?, items.last()?);
    let line = lines.get(first.at.line as usize - 1)?;
    if items.iter().any(|item| item.at.line != first.at.line) {
        return None;
    }
    let offset = |column: u32| line.char_indices().nth(column as usize - 1).map(|(at, _)| at);
    let (start, end) = (offset(first.at.column)?, offset(last.at.column)? + last.text.len());
    let between = match items {
        [one, two, ..] => line.get(offset(one.at.column)? + one.text.len()..offset(two.at.column)?)?,
        _ => lang.pick(", ", "、"),
    };
    let from = line.get(start..end)?.to_owned();
    Some(Fix { at: first.at, from, to: new.join(between) })
}

/// In place of the word that says "nothing".
fn none_fix(at: Position, new: &str, lines: &[&str]) -> Option<Fix> {
    let line = lines.get(at.line as usize - 1)?;
    let word: String = line.chars().skip(at.column as usize - 1).take_while(|c| c.is_alphabetic()).collect();
    (!word.is_empty()).then(|| Fix { at, from: word, to: new.to_owned() })
}

fn fix_at(located: &Located, new: &str, lines: &[&str]) -> Option<Fix> {
    let line = lines.get(located.at.line as usize - 1)?;
    let start = line.char_indices().nth(located.at.column as usize - 1)?.0;
    line.get(start..)?.starts_with(&located.text).then(|| Fix {
        at: located.at,
        from: located.text.clone(),
        to: new.to_owned(),
    })
}

fn instruction(record: &DeclaredSdk, part: Part, value: &str) -> Text {
    let (name, line, label) = (record.title(), record.line, part.label());
    Text::new(
        format!("line {line}: \"{name}\", {}: {value}", label.en),
        format!("第 {line} 行：“{name}”，{}：{value}", label.zh),
    )
}
