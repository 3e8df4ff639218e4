//! SARIF 2.1.0, as code scanning reads it: <https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html>.
//!
//! A result stands at its place in the policy, which lies beside the source code; the app's entries are related locations. Texts are in
//! the run's language; the other language stands in `translations`, and both in the rules' Markdown help.

mod rules;
mod shape;

use super::format::{Review, Subject};
use super::json::to_text;
use super::layout::plain;
use super::place::Place;
use super::text::signal_label;
use crate::audit::{Finding, Fix, Rule, Waiver};
use crate::declared::{Declaration, Position};
use crate::detect::{Evidence, Site};
use crate::error::Error;
use crate::lang::Lang;
use serde_json::json;
use sha2::{Digest, Sha256};
use shape::*;
use std::collections::{BTreeMap, HashMap};
use std::path::Path;

/// Name that stands for the folder in which the program ran; whoever reads the log knows where it is.
const ROOT: &str = "%SRCROOT%";

/// Viewers show a list under each result; GitHub takes so many in all. JSON has every piece of evidence.
const MAX_RELATED: usize = 100;

/// The findings as a SARIF log with one run.
pub fn report(review: &Review<'_>, root: &Path, lang: Lang) -> String {
    let mut seen: HashMap<String, u32> = HashMap::new();
    let mut results = Vec::new();
    let maker = Maker { root, lang };
    for subject in &review.subjects {
        for finding in subject.findings {
            let fingerprint = finding.fingerprint(subject.application_id());
            let number = seen.entry(fingerprint.clone()).or_default();
            *number += 1;
            results.push(maker.result(subject, finding, &fingerprint, *number));
        }
    }
    let log = Log {
        schema: "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
        version: "2.1.0",
        runs: [Run {
            tool: Tool { driver: rules::driver(review.stamp, lang) },
            language: rules::language(lang),
            original_uri_base_ids: BTreeMap::from([(ROOT, rules::root(lang))]),
            artifacts: maker.artifacts(review),
            invocations: [Invocation {
                execution_successful: review.errors.is_empty(),
                tool_execution_notifications: review.errors.iter().map(|error| maker.notification(error)).collect(),
            }],
            results,
            translations: [rules::translation(lang)],
            column_kind: "unicodeCodePoints",
            properties: json!({
                "signatures": { "count": review.stamp.signatures, "digest": review.stamp.digest },
                "declared_sha256": review.stamp.declared_sha256,
                "evaluated_on": review.stamp.evaluated_on,
                "settings": review.stamp.settings,
            }),
        }],
    };
    to_text(&log)
}

struct Maker<'r> {
    root: &'r Path,
    lang: Lang,
}

impl Maker<'_> {
    fn result(&self, subject: &Subject<'_>, finding: &Finding, fingerprint: &str, number: u32) -> Outcome {
        let sentence = |text| plain(&rules::sentence(text, self.lang));
        Outcome {
            rule_id: finding.rule.id(),
            rule_index: Rule::ALL.iter().position(|rule| *rule == finding.rule).unwrap_or_default(),
            level: finding.severity.id(),
            message: Message::text(format!("{}\n{}", sentence(&finding.message), sentence(&finding.help))),
            locations: [self.main_location(subject, finding)],
            related_locations: self.related(subject, finding),
            partial_fingerprints: fingerprints(fingerprint, number),
            fixes: self.fixes(subject, finding),
            suppressions: finding.waiver.as_ref().map(suppression).into_iter().collect(),
            properties: json!({
                "subject": finding.subject,
                "application_id": subject.app.map(|app| &app.manifest.application_id),
                "app": subject.app.map(|app| &app.source.path),
                "message": { "en": finding.message.en, "zh": finding.message.zh },
            }),
        }
    }

    /// The place in the policy; for what the policy passes over, the place where its list begins.
    fn main_location(&self, subject: &Subject<'_>, finding: &Finding) -> Location {
        let region = |at: Position, quote: &str| Region {
            start_line: at.line.max(1),
            start_column: Some(at.column.max(1)),
            end_column: None,
            snippet: Some(quote).filter(|quote| !quote.is_empty()).map(|quote| Message::text(plain(quote))),
        };
        let quote = finding.declared.as_ref().map_or("", |declared| &declared.quote);
        let physical = match subject.place_of(finding) {
            Some((document, at)) => self.physical(document, Some(region(at, quote))),
            None => self.physical(subject.path(), None),
        };
        Location { physical_location: Some(physical), logical_locations: Vec::new(), message: None }
    }

    fn related(&self, subject: &Subject<'_>, finding: &Finding) -> Vec<Location> {
        let Some(app) = subject.app else { return Vec::new() };
        let location = |one: &Evidence| Location {
            physical_location: Some(self.physical(&app.source.path, None)),
            logical_locations: vec![Logical {
                name: one.seen.clone(),
                fully_qualified_name: format!("{}!{}", one.entry, one.seen),
                kind: "resource",
            }],
            message: Some(Message::text(plain(&format!(
                "{} {} ({}) {}",
                signal_label(one.signal).get(self.lang),
                one.seen,
                one.count,
                one.entry
            )))),
        };
        let site = |one: &Site| Location {
            physical_location: Some(self.physical(&app.source.path, None)),
            logical_locations: vec![Logical {
                name: format!("{}.{}", one.class, one.method),
                fully_qualified_name: format!("{}!{}.{}", one.entry, one.class, one.method),
                kind: "function",
            }],
            message: Some(Message::text(plain(&format!("{} ({}) {}", one.api.title(), one.count, one.entry)))),
        };
        let sites = finding.references.iter().flat_map(|one| &one.sites).map(site);
        finding.evidence.iter().map(location).chain(sites).take(MAX_RELATED).collect()
    }

    fn physical(&self, path: &str, region: Option<Region>) -> Physical {
        Physical { artifact_location: self.artifact(path), region }
    }

    fn artifact(&self, path: &str) -> ArtifactLocation {
        let place = Place::of(path, self.root);
        ArtifactLocation { uri: place.uri(), uri_base_id: place.inside.then_some(ROOT) }
    }

    fn artifacts(&self, review: &Review<'_>) -> Vec<Artifact> {
        let mut artifacts: Vec<Artifact> = Vec::new();
        let mut add = |path: &str, length: Option<u64>, sha256: &str| {
            let location = self.artifact(path);
            if !artifacts.iter().any(|known| known.location == location) {
                let hashes = BTreeMap::from([("sha-256", sha256.to_owned())]);
                artifacts.push(Artifact { location, length, roles: ["analysisTarget"], hashes });
            }
        };
        for subject in &review.subjects {
            if let Some(app) = subject.app {
                add(&app.source.path, Some(app.source.bytes), &app.source.sha256);
            }
            for document in subject.declaration.map(Declaration::documents).unwrap_or_default() {
                add(&document.document, None, &document.sha256);
            }
        }
        artifacts
    }

    /// The correction, where the document is its text and nothing else.
    fn fixes(&self, subject: &Subject<'_>, finding: &Finding) -> Vec<Correction> {
        let Some((declaration, fix)) = subject.declaration.zip(finding.fix.as_ref()) else { return Vec::new() };
        let place = declaration.place(fix.at);
        let document = declaration.documents().get(place.part).filter(|document| document.is_plain_text());
        document.map(|_| self.fix(place.document, place.at, fix)).into_iter().collect()
    }

    fn fix(&self, document: &str, at: Position, fix: &Fix) -> Correction {
        let length = fix.from.chars().count() as u32;
        let region = Region {
            start_line: at.line,
            start_column: Some(at.column),
            end_column: Some(at.column.saturating_add(length)),
            snippet: None,
        };
        Correction {
            artifact_changes: [Change {
                artifact_location: self.artifact(document),
                replacements: [Replacement { deleted_region: region, inserted_content: Message::text(fix.to.clone()) }],
            }],
        }
    }

    fn notification(&self, error: &Error) -> Notification {
        let physical = (!error.input.is_empty()).then(|| self.physical(&error.input, None));
        let locations = physical.map(|physical| Location {
            physical_location: Some(physical),
            logical_locations: Vec::new(),
            message: None,
        });
        Notification {
            level: "error",
            message: Message::text(plain(&format!("{} {}", error.headline(self.lang), error.help.get(self.lang)))),
            locations: locations.into_iter().collect(),
        }
    }
}

/// A finding that somebody has accepted, in a file beside the policy.
fn suppression(waiver: &Waiver) -> Suppression {
    Suppression {
        kind: "external",
        status: "accepted",
        justification: waiver.reason.clone(),
        properties: json!({ "owner": waiver.owner, "expires": waiver.expires.map(|day| day.to_string()) }),
    }
}

/// Rule, subject and app, without line, path or time; equal ones are numbered. GitHub tells alerts apart by the second one alone.
fn fingerprints(fingerprint: &str, number: u32) -> BTreeMap<&'static str, String> {
    let hash = Sha256::digest(fingerprint);
    let hex: String = hash.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
    BTreeMap::from([
        ("sdkaudit/v1", format!("{fingerprint}:{number}")),
        ("primaryLocationLineHash", format!("{hex}:{number}")),
    ])
}
