//! What can be said of one SDK, and what cannot.

use super::{Part, blank, data_word};
use crate::app::App;
use crate::detect::access::levels;
use crate::detect::{Detection, Inventory, TypeReferences};
use crate::lang::{Lang, Text};
use crate::package::is_at_or_below;
use crate::signatures::Sdk;
use std::collections::BTreeSet;

/// The record of one SDK; `None` is a blank.
#[derive(Clone, Debug)]
pub struct Draft {
    /// Its id.
    pub id: String,
    /// Product name.
    pub name: Text,
    /// Company.
    pub vendor: Text,
    /// Packages: those seen in the app, else all that identify it.
    pub packages: Vec<String>,
    /// Its categories, in words.
    pub purpose: Text,
    /// Data types: those that its documentation names and those that its code in this app references. Empty where neither is known.
    pub data: Vec<String>,
    /// Permissions of this app that its documentation names or its code needs; `None` where nobody knows.
    pub permissions: Option<Vec<String>>,
    /// Its privacy policy.
    pub link: Option<String>,
    /// Whether its purpose handles personal data.
    pub personal: bool,
}

impl Draft {
    /// The record of an SDK as this app carries it; of one that it does not carry, what the signature tells.
    pub fn of(sdk: &Sdk, detection: Option<&Detection<'_>>, app: &App) -> Draft {
        let references: Vec<&TypeReferences> =
            detection.iter().flat_map(|one| &one.references).filter(|one| one.strength.is_strong()).collect();
        let seen = references.iter().filter(|one| !one.is_capability()).map(|one| one.data_type);
        let data: BTreeSet<&str> = sdk.data_types.iter().map(String::as_str).chain(seen).collect();
        let categories = |zh: bool| {
            let labels = sdk.categories.iter().map(|category| category.label());
            labels.map(|(en, other)| if zh { other } else { en }).collect::<Vec<_>>().join(if zh {
                "、"
            } else {
                ", "
            })
        };
        Draft {
            id: sdk.id.clone(),
            name: Text::new(&sdk.name.en, &sdk.name.zh),
            vendor: Text::new(&sdk.vendor.en, &sdk.vendor.zh),
            packages: packages(sdk, detection),
            purpose: Text::new(categories(false), categories(true)),
            data: data.into_iter().map(str::to_owned).collect(),
            permissions: permissions(sdk, &references, app),
            link: sdk.links.privacy.clone(),
            personal: sdk.handles_personal_data(),
        }
    }

    /// The drafts of all present SDKs: those whose purpose handles personal data first, by id.
    pub fn of_all(inventory: &Inventory<'_>, app: &App) -> Vec<Draft> {
        let mut drafts: Vec<Draft> =
            inventory.present().map(|detection| Draft::of(detection.sdk, Some(detection), app)).collect();
        drafts.sort_by_key(|draft| !draft.personal);
        drafts
    }

    /// One part in words; a blank where it is not known.
    pub fn part(&self, part: Part, lang: Lang) -> String {
        let list = |items: &[String]| items.join(lang.pick(", ", "、"));
        let known = match part {
            Part::Name => self.name.get(lang).to_owned(),
            Part::Vendor => self.vendor.get(lang).to_owned(),
            Part::Purpose => self.purpose.get(lang).to_owned(),
            Part::Package => list(&self.packages),
            Part::Data => self.data_words(lang).unwrap_or_default(),
            Part::Permissions => match self.permissions.as_deref() {
                Some([]) => lang.pick("None", "无").to_owned(),
                Some(names) => list(names),
                None => String::new(),
            },
            Part::Link => self.link.clone().unwrap_or_default(),
        };
        if known.trim().is_empty() { blank(&part.wanted()).get(lang).to_owned() } else { known }
    }

    /// The data types in words; `None` where none is known.
    pub fn data_words(&self, lang: Lang) -> Option<String> {
        let words: Vec<String> = self.data.iter().map(|id| data_word(id, lang)).collect();
        (!words.is_empty()).then(|| words.join(lang.pick(", ", "、")))
    }
}

fn packages(sdk: &Sdk, detection: Option<&Detection<'_>>) -> Vec<String> {
    let evidence = || detection.iter().flat_map(|one| &one.evidence);
    let shown = |package: &&String| evidence().any(|one| is_at_or_below(one.seen.trim_end_matches(".**"), package));
    let seen: Vec<String> = sdk.detect.packages.iter().filter(shown).cloned().collect();
    if seen.is_empty() { sdk.detect.packages.clone() } else { seen }
}

/// Documented ones and those that guard what its code calls, as far as the app requests them.
fn permissions(sdk: &Sdk, references: &[&TypeReferences], app: &App) -> Option<Vec<String>> {
    let requested: BTreeSet<&str> =
        app.manifest.requested_permissions.iter().map(|request| request.name.as_str()).collect();
    let (min, target) = levels(&app.manifest);
    let apis = references.iter().flat_map(|one| &one.sites).map(|site| site.api);
    let in_range =
        apis.flat_map(|api| api.levels()).filter(|at| u32::from(at.to) >= min && u32::from(at.from) <= target);
    let needs = in_range.flat_map(|at| at.needs()).filter(|need| need.required);
    let guarding = needs.filter_map(|need| need.alternatives().find(|name| requested.contains(name)));
    let documented = sdk.permissions.iter().map(String::as_str).filter(|name| requested.contains(name));
    let found: BTreeSet<&str> = documented.chain(guarding).collect();
    // Where the documentation is not known, having seen nothing says nothing.
    let known = !sdk.permissions.is_empty() || !found.is_empty();
    known.then(|| found.into_iter().map(str::to_owned).collect())
}
