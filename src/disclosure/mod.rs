//! Writes the list that a policy should hold, from what an app carries: whole, or what an existing policy lacks.
//!
//! It is a draft for people. What neither the app nor the signature base tells is a marked blank, which `lint` reports as
//! `placeholder-text` until somebody fills it in.

mod draft;
mod form;
mod update;

pub use draft::Draft;
pub use form::{Form, list};
pub use update::{Inputs, Update, update};

use crate::declared::Scope;
use crate::lang::{Lang, Text};
use crate::platform::data_types;

/// A field of a record, in the order of the form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// Product name.
    Name,
    /// Package names.
    Package,
    /// Company.
    Vendor,
    /// Purpose.
    Purpose,
    /// Scope of information.
    Data,
    /// Android permissions.
    Permissions,
    /// Privacy policy of the SDK.
    Link,
}

impl Part {
    /// All parts, in the order of the form.
    pub const ALL: [Part; 7] =
        [Part::Name, Part::Package, Part::Vendor, Part::Purpose, Part::Data, Part::Permissions, Part::Link];

    /// The label before it.
    pub fn label(self) -> Text {
        match self {
            Part::Name => Text::new("SDK name", "SDK名称"),
            Part::Package => Text::new("Package name", "包名"),
            Part::Vendor => Text::new("Developer", "开发者"),
            Part::Purpose => Text::new("Purpose", "使用目的"),
            Part::Data => Text::new("Personal information", "收集的个人信息"),
            Part::Permissions => Text::new("Permissions", "权限"),
            Part::Link => Text::new("Privacy policy link", "隐私政策链接"),
        }
    }

    /// What a blank in its place asks for.
    pub fn wanted(self) -> Text {
        let label = self.label();
        let mut letters = label.en.chars();
        let first = letters.next().filter(|_| self != Part::Name).map(|first| first.to_ascii_lowercase());
        Text::new(first.map_or(label.en.clone(), |first| format!("{first}{}", letters.as_str())), label.zh)
    }

    /// The word of `missing-field` for it.
    fn of_field(field: &str) -> Option<Part> {
        match field {
            "name" => Some(Part::Name),
            "package" => Some(Part::Package),
            "vendor" => Some(Part::Vendor),
            "purpose" => Some(Part::Purpose),
            "data" => Some(Part::Data),
            "permissions" => Some(Part::Permissions),
            "link" => Some(Part::Link),
            _ => None,
        }
    }
}

/// The word that a list has for a data type: its name where policies' readers know it by that, else the first word that they do.
pub(crate) fn data_word(id: &str, lang: Lang) -> String {
    let label = data_types::label(id).get(lang).to_owned();
    let is_of_lang = |word: &&&str| word.is_ascii() == (lang == Lang::En);
    let words = data_types::find(id).into_iter().flat_map(|one| one.words.iter()).filter(is_of_lang);
    let mut candidates = std::iter::once(label.as_str()).chain(words.copied());
    let names = |word: &&str| Scope::of(word).explicit().any(|named| named == id);
    candidates.find(names).map_or(label.clone(), str::to_owned)
}

/// A blank, with the word for what belongs there.
pub fn blank(what: &Text) -> Text {
    Text::new(format!("[to be filled in: {}]", what.en), format!("【待填写：{}】", what.zh))
}
