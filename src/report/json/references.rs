//! References to personal data as JSON: every site, none left out.

use crate::detect::{Block, OtherReferences, Site, TypeReferences};
use serde::Serialize;

#[derive(Serialize)]
pub struct TypeJson<'a> {
    data_type: &'static str,
    /// A capability is shown and never judged.
    capability: bool,
    strength: &'static str,
    count: u32,
    companion: Option<&'a str>,
    /// Why no such read brings anything in this build; null where one can.
    blocked: Option<&'a Block>,
    sites: Vec<SiteJson<'a>>,
}

#[derive(Serialize)]
struct SiteJson<'a> {
    class: &'a str,
    /// Null where only the class is known: a class file's constants are those of all its methods.
    method: Option<&'a str>,
    api: String,
    entry: &'a str,
    count: u32,
}

#[derive(Serialize)]
pub struct OtherJson<'a> {
    own_code: Vec<TypeJson<'a>>,
    wrappers: Vec<NamedJson<'a>>,
    unidentified: Vec<NamedJson<'a>>,
    obfuscated: Vec<TypeJson<'a>>,
}

#[derive(Serialize)]
struct NamedJson<'a> {
    name: &'a str,
    references: Vec<TypeJson<'a>>,
}

pub fn list(references: &[TypeReferences]) -> Vec<TypeJson<'_>> {
    references.iter().map(TypeJson::of).collect()
}

impl<'a> TypeJson<'a> {
    fn of(references: &'a TypeReferences) -> TypeJson<'a> {
        TypeJson {
            data_type: references.data_type,
            capability: references.is_capability(),
            strength: references.strength.id(),
            count: references.count,
            companion: references.companion.as_deref(),
            blocked: references.block.as_ref(),
            sites: references.sites.iter().map(SiteJson::of).collect(),
        }
    }
}

impl<'a> SiteJson<'a> {
    fn of(site: &'a Site) -> SiteJson<'a> {
        SiteJson {
            class: &site.class,
            method: Some(&*site.method).filter(|name| !name.is_empty()),
            api: site.api.title(),
            entry: &site.entry,
            count: site.count,
        }
    }
}

impl<'a> OtherJson<'a> {
    pub fn of(other: &'a OtherReferences) -> OtherJson<'a> {
        let named = |list: &'a [(String, Vec<TypeReferences>)]| {
            list.iter().map(|(name, references)| NamedJson { name, references: self::list(references) }).collect()
        };
        OtherJson {
            own_code: list(&other.own_code),
            wrappers: named(&other.wrappers),
            unidentified: named(&other.unidentified),
            obfuscated: list(&other.obfuscated),
        }
    }
}
