//! Whose code refers to which personal data: sites → SDK families, the app's own code, wrappers, code nobody knows.

use super::access::{self, Block};
use super::clues;
use super::owner::{self, Own, Owner};
use super::{Detection, Inventory, Presence};
use crate::app::bytecode::{Want, Wanted};
use crate::app::{App, Reference};
use crate::package::is_at_or_below;
use crate::platform::apis::{self, Api, Kind, Strength};
use crate::signatures::{SdkNumber, SignatureSet};
use std::collections::BTreeMap;
use std::sync::Arc;

/// References to one data type, of one grade, in one body of code.
#[derive(Clone, Debug)]
pub struct TypeReferences {
    /// Data type, or a capability.
    pub data_type: &'static str,
    /// How much they show.
    pub strength: Strength,
    /// Where, by class, method and API.
    pub sites: Vec<Site>,
    /// References at all sites.
    pub count: u32,
    /// Why none of them can bring the data in this build; `None` where one can, or where no manifest tells.
    pub block: Option<Block>,
    /// Id of the companion whose code it is, where the SDK only brings it along.
    pub companion: Option<String>,
}

/// One method that refers to an API.
#[derive(Clone, Debug)]
pub struct Site {
    /// Dotted class.
    pub class: Arc<str>,
    /// Its method.
    pub method: Arc<str>,
    /// What it refers to.
    pub api: &'static Api,
    /// Entry of the dex file.
    pub entry: Arc<str>,
    /// How many times.
    pub count: u32,
}

/// References in code that is no SDK's.
#[derive(Clone, Debug, Default)]
pub struct OtherReferences {
    /// The app's own package.
    pub own_code: Vec<TypeReferences>,
    /// Libraries that wrap the platform for others, by SDK id or prefix: their callers decide, so they are listed apart.
    pub wrappers: Vec<(String, Vec<TypeReferences>)>,
    /// Code that no signature knows, by group prefix.
    pub unidentified: Vec<(String, Vec<TypeReferences>)>,
    /// Renamed packages.
    pub obfuscated: Vec<TypeReferences>,
}

impl TypeReferences {
    /// Whether the type is a capability: shown, never judged.
    pub fn is_capability(&self) -> bool {
        apis::capability(self.data_type).is_some()
    }
}

/// The catalogue of sensitive APIs, arranged for the walk over code.
pub fn wanted() -> Wanted {
    let want = |api: &'static Api| match api.kind {
        Kind::Method => Want::Method {
            class: api.class,
            name: api.name,
            argument: Some(api.argument).filter(|text| !text.is_empty()),
        },
        Kind::Field => Want::Field { class: api.class, name: api.name },
        Kind::Literal => Want::Literal { text: api.name, beside_reflection: api.strength == Strength::Reflective },
    };
    Wanted::new(&apis::all().iter().map(want).collect::<Vec<_>>())
}

/// Who a reference is charged to.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Body {
    App,
    Sdk(String),
    Wrapper(String),
    Unidentified(String),
    Obfuscated,
}

type Sites = BTreeMap<(&'static str, Strength), Vec<Site>>;

impl Inventory<'_> {
    /// Attributes the references of an app and says which SDKs are wired in.
    pub(super) fn add_references(&mut self, app: &App, set: &SignatureSet) {
        let attribution = Attribution { inventory: self, own: Own::of(app), set };
        let mut bodies: BTreeMap<Body, Sites> = BTreeMap::new();
        for of_class in app.classes.references.chunk_by(|a, b| a.class == b.class) {
            for body in attribution.bodies(&of_class[0].class) {
                let sites = bodies.entry(body).or_default();
                of_class.iter().for_each(|reference| add(sites, reference));
            }
        }
        for (body, sites) in bodies {
            let references = settle(sites, app);
            match body {
                Body::App => self.other.own_code = references,
                Body::Obfuscated => self.other.obfuscated = references,
                Body::Wrapper(owner) => self.other.wrappers.push((owner, references)),
                Body::Unidentified(prefix) => self.other.unidentified.push((prefix, references)),
                Body::Sdk(id) => {
                    if let Some(detection) = self.detections.iter_mut().find(|one| one.sdk.id == id) {
                        detection.references = references;
                    }
                }
            }
        }
        self.show_companions();
        super::wired::settle(self, app, set);
    }

    /// What a companion refers to stands under every present SDK that brings it, too.
    fn show_companions(&mut self) {
        let mut shown: Vec<(String, TypeReferences)> = Vec::new();
        for companion in &self.detections {
            for reference in &companion.references {
                let reference = TypeReferences { companion: Some(companion.sdk.id.clone()), ..reference.clone() };
                shown.extend(companion.brought_by.iter().map(|owner| (owner.clone(), reference.clone())));
            }
        }
        for (owner, reference) in shown {
            if let Some(detection) = self.detections.iter_mut().find(|one| one.sdk.id == owner) {
                detection.references.push(reference);
            }
        }
    }
}

fn add(sites: &mut Sites, reference: &Reference) {
    let Some(api) = apis::all().get(usize::from(reference.want)) else { return };
    let site = Site {
        class: reference.class.clone(),
        method: reference.method.clone(),
        api,
        entry: reference.entry.clone(),
        count: reference.count,
    };
    sites.entry((api.data_type, api.strength)).or_default().push(site);
}

fn settle(sites: Sites, app: &App) -> Vec<TypeReferences> {
    let settle = |((data_type, strength), sites): ((&'static str, Strength), Vec<Site>)| TypeReferences {
        data_type,
        strength,
        count: sites.iter().fold(0, |sum: u32, site| sum.saturating_add(site.count)),
        block: access::block_of_all(app, sites.iter().map(|site| site.api)),
        sites,
        companion: None,
    };
    sites.into_iter().map(settle).collect()
}

struct Attribution<'a> {
    inventory: &'a Inventory<'a>,
    own: Own<'a>,
    set: &'a SignatureSet,
}

impl Attribution<'_> {
    fn bodies(&self, class: &str) -> Vec<Body> {
        let package = class.rsplit_once('.').map_or("", |(package, _)| package);
        let owner = owner::owner(&self.own, self.set, class.as_bytes());
        let wraps = apis::is_wrapper(class);
        match owner {
            Owner::App => vec![Body::App],
            Owner::Sdk(number, length) => vec![self.sdk(number, wraps).unwrap_or_else(|| self.prefix(class, length))],
            Owner::Companion(owners, length) => {
                let present: Vec<Body> = owners.filter_map(|number| self.sdk(number, wraps)).collect();
                if present.is_empty() { vec![self.above(class, package, length)] } else { present }
            }
            Owner::Nobody if wraps => vec![Body::Wrapper(package.to_owned())],
            Owner::Nobody => vec![self.unknown(package)],
        }
    }

    fn sdk(&self, number: SdkNumber, wraps: bool) -> Option<Body> {
        let id = &self.set.sdk(number).id;
        let present = self.inventory.find(id).is_some_and(|one| one.presence == Presence::Present);
        present.then(|| if wraps { Body::Wrapper(id.clone()) } else { Body::Sdk(id.clone()) })
    }

    /// Companion code without an SDK that brings it: an identifying prefix above keeps it.
    fn above(&self, class: &str, package: &str, length: usize) -> Body {
        let above = self.set.match_package(class.as_bytes()).and_then(|(_, number)| self.sdk(number, false));
        above.unwrap_or_else(
            || if clues::is_obfuscated(package) { Body::Obfuscated } else { self.prefix(class, length) },
        )
    }

    fn prefix(&self, class: &str, length: usize) -> Body {
        Body::Unidentified(class.get(..length).unwrap_or(class).to_owned())
    }

    fn unknown(&self, package: &str) -> Body {
        if clues::is_obfuscated(package) {
            return Body::Obfuscated;
        }
        let group = self.inventory.unidentified.iter().find(|group| is_at_or_below(package, &group.prefix));
        Body::Unidentified(group.map_or(package, |group| &group.prefix).to_owned())
    }
}

impl Detection<'_> {
    /// The SDK's own references, without those of its companions.
    pub fn own_references(&self) -> impl Iterator<Item = &TypeReferences> {
        self.references.iter().filter(|one| one.companion.is_none())
    }
}
