//! Several documents that declare one list together: a policy and the SDK list that stands apart from it.
//!
//! Lines count through all documents, one after the other, so that every rule can treat them as one; [`Declaration::place`]
//! says in which document a line stands. Records of different documents that mean the same SDK become one record.

use super::{Declaration, DeclaredSdk, Field, Located, Position, names, resolve, value};
use crate::lang::Text;
use crate::signatures::{SignatureSet, fold_name};
use sha2::{Digest, Sha256};

/// A place in one of the documents of a declaration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place<'a> {
    /// Which document, from 0.
    pub part: usize,
    /// Its name.
    pub document: &'a str,
    /// Line and column in it.
    pub at: Position,
}

impl Declaration {
    /// One declaration of several documents, in the order given. One alone stays as it is.
    ///
    /// Where two documents have a record of the same SDK (the same signature or the same name, once in each), the record of
    /// the later one completes that of the earlier one: lists are added up, a text that is absent or none is taken over.
    /// What stays apart and shares a package is left to the rules.
    pub fn join(mut documents: Vec<Declaration>, set: &SignatureSet) -> Option<Declaration> {
        if documents.len() <= 1 {
            return documents.pop();
        }
        let mut hash = Sha256::new();
        let mut line = 0;
        for document in &mut documents {
            hash.update(&document.sha256);
            document.first_line = line;
            document.shift(line);
            line = line.saturating_add(document.line_count);
        }
        let names: Vec<&str> = documents.iter().map(|document| document.document.as_str()).collect();
        let texts: Vec<&str> = documents.iter().map(|document| document.text.as_str()).collect();
        let mut joined = Declaration {
            document: names.join(" + "),
            sha256: hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect(),
            text: texts.join("\n"),
            line_count: line,
            has_sdk_list: documents.iter().any(|document| document.has_sdk_list),
            ..Declaration::default()
        };
        for document in &documents {
            let app = &document.app_permissions;
            joined.app_permissions.android.extend(app.android.iter().cloned());
            joined.app_permissions.ios.extend(app.ios.iter().cloned());
            joined.app_permissions.harmonyos.extend(app.harmonyos.iter().cloned());
            joined.data_practices.extend(document.data_practices.iter().cloned());
            joined.tracking_domains.extend(document.tracking_domains.iter().cloned());
            joined.statements.extend(document.statements.iter().cloned());
        }
        let app = &mut joined.app_permissions;
        for list in [&mut app.android, &mut app.ios, &mut app.harmonyos] {
            *list = value::unique(std::mem::take(list));
        }
        joined.records = join_records(&documents, |document| &document.records, set);
        joined.receivers = join_records(&documents, |document| &document.receivers, set);
        joined.parts = documents;
        Some(joined)
    }

    /// The documents of the declaration: itself, or those it was joined from.
    pub fn documents(&self) -> &[Declaration] {
        if self.parts.is_empty() { std::slice::from_ref(self) } else { &self.parts }
    }

    /// The document in which a line of this declaration stands, and the line there.
    pub fn place(&self, at: Position) -> Place<'_> {
        let documents = self.documents();
        let part = documents.partition_point(|document| document.first_line < at.line).saturating_sub(1);
        let document = documents.get(part).unwrap_or(self);
        let line = at.line.saturating_sub(document.first_line).max(1);
        Place { part, document: &document.document, at: Position { line, ..at } }
    }

    /// `line 40`, with the document's name where there are several.
    pub fn line_label(&self, line: u32) -> Text {
        let Place { document, at, .. } = self.place(Position { line, column: 1 });
        let line = at.line;
        if self.parts.is_empty() {
            Text::new(format!("line {line}"), format!("第 {line} 行"))
        } else {
            Text::new(format!("{document} line {line}"), format!("{document} 第 {line} 行"))
        }
    }

    /// `line 40, 52`: several lines in order, with the documents' names where there are several.
    pub fn lines_label(&self, lines: &[u32]) -> Text {
        if self.parts.is_empty() {
            let numbers: Vec<String> = lines.iter().map(u32::to_string).collect();
            return Text::new(format!("line {}", numbers.join(", ")), format!("第 {} 行", numbers.join("、")));
        }
        let labels: Vec<Text> = lines.iter().map(|line| self.line_label(*line)).collect();
        let (en, zh): (Vec<String>, Vec<String>) = labels.into_iter().map(|label| (label.en, label.zh)).unzip();
        Text::new(en.join(", "), zh.join("、"))
    }

    /// The document to which a record would be added: the first one with a list.
    pub fn list_document(&self) -> &str {
        let with_list = self.documents().iter().find(|document| document.has_sdk_list);
        with_list.map_or(&self.document, |document| &document.document)
    }

    /// Moves everything that has a place down by some lines.
    fn shift(&mut self, by: u32) {
        let move_one = |at: &mut Position| at.line = at.line.saturating_add(by);
        for record in self.records.iter_mut().chain(&mut self.receivers) {
            record.line = record.line.saturating_add(by);
            let texts =
                [&mut record.name, &mut record.vendor, &mut record.purpose, &mut record.data, &mut record.method];
            for field in texts.into_iter().chain([&mut record.platform]) {
                match field {
                    Field::Absent => {}
                    Field::ExplicitNone(at) => move_one(at),
                    Field::Given(located) => move_one(&mut located.at),
                }
            }
            for field in [&mut record.packages, &mut record.permissions, &mut record.links] {
                match field {
                    Field::Absent => {}
                    Field::ExplicitNone(at) => move_one(at),
                    Field::Given(items) => items.iter_mut().for_each(|item| move_one(&mut item.at)),
                }
            }
        }
        let app = &mut self.app_permissions;
        let lists = [&mut app.android, &mut app.ios, &mut app.harmonyos];
        let names = lists.into_iter().flatten().chain(&mut self.tracking_domains);
        names.for_each(|name| move_one(&mut name.at));
        self.data_practices.iter_mut().for_each(|one| move_one(&mut one.written.at));
        self.statements.iter_mut().for_each(|one| move_one(&mut one.quote.at));
    }
}

fn join_records(
    documents: &[Declaration],
    of: impl Fn(&Declaration) -> &Vec<DeclaredSdk>,
    set: &SignatureSet,
) -> Vec<DeclaredSdk> {
    let names = names::Names::new(set);
    let mut joined: Vec<DeclaredSdk> = Vec::new();
    for document in documents {
        let before = joined.len();
        for record in of(document) {
            let earlier = joined.get(..before).unwrap_or(&[]);
            match twin(record, earlier, of(document)).and_then(|at| joined.get_mut(at)) {
                Some(twin) => {
                    complete(twin, record);
                    twin.resolved = resolve::resolve(twin, &names);
                }
                None => joined.push(record.clone()),
            }
        }
    }
    joined
}

/// The only earlier record that is the same SDK as `record`, which is the only one of its own document.
fn twin(record: &DeclaredSdk, earlier: &[DeclaredSdk], own: &[DeclaredSdk]) -> Option<usize> {
    let by = |same: fn(&DeclaredSdk, &DeclaredSdk) -> bool| {
        let fits = |other: &&DeclaredSdk| same(record, other) && same_systems(record, other);
        if own.iter().filter(fits).count() != 1 {
            return None;
        }
        let mut found = earlier.iter().enumerate().filter(|(_, other)| fits(other)).map(|(at, _)| at);
        found.next().filter(|_| found.next().is_none())
    };
    by(same_name).or_else(|| by(same_sdk))
}

fn same_name(one: &DeclaredSdk, other: &DeclaredSdk) -> bool {
    let name = |record: &DeclaredSdk| record.name.given().map(|name| fold_name(&name.text));
    name(one).is_some_and(|name_of_one| !name_of_one.is_empty() && name(other) == Some(name_of_one))
}

fn same_sdk(one: &DeclaredSdk, other: &DeclaredSdk) -> bool {
    one.resolved.sdk.is_some() && one.resolved.sdk == other.resolved.sdk
}

/// Whether both records speak of the same operating systems, or one leaves it open.
fn same_systems(one: &DeclaredSdk, other: &DeclaredSdk) -> bool {
    let same = match (one.platform.given(), other.platform.given()) {
        (Some(a), Some(b)) => a.text.to_lowercase() == b.text.to_lowercase(),
        _ => true,
    };
    same && one.concerns_android() == other.concerns_android()
}

fn complete(record: &mut DeclaredSdk, more: &DeclaredSdk) {
    text(&mut record.name, &more.name);
    text(&mut record.vendor, &more.vendor);
    text(&mut record.purpose, &more.purpose);
    text(&mut record.method, &more.method);
    text(&mut record.platform, &more.platform);
    data(&mut record.data, &more.data);
    list(&mut record.packages, &more.packages);
    list(&mut record.permissions, &more.permissions);
    list(&mut record.links, &more.links);
    record.says_sdk |= more.says_sdk;
}

fn text(field: &mut Field<Located>, more: &Field<Located>) {
    if matches!((&*field, more), (Field::Absent, _) | (Field::ExplicitNone(_), Field::Given(_))) {
        *field = more.clone();
    }
}

/// What either document declares is declared.
fn data(field: &mut Field<Located>, more: &Field<Located>) {
    match (field, more) {
        (Field::Given(said), Field::Given(more)) if !said.text.contains(&more.text) => {
            said.text = format!("{}\n{}", said.text, more.text);
        }
        (Field::Given(_), _) => {}
        (field, more) => text(field, more),
    }
}

fn list(field: &mut Field<Vec<Located>>, more: &Field<Vec<Located>>) {
    match (field, more) {
        (Field::Given(said), Field::Given(more)) => {
            *said = value::unique(std::mem::take(said).into_iter().chain(more.iter().cloned()));
        }
        (field, more) if matches!((&*field, more), (Field::Absent, _) | (_, Field::Given(_))) => *field = more.clone(),
        _ => {}
    }
}
