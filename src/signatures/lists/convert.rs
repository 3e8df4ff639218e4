//! Another tool's list → signatures of one's own.
//!
//! Nothing is added to what the list says: no vendor, no category, no Chinese name that it does not give. What stands in for
//! them says so in words.

use super::known::{self, example};
use super::{Clue, Difference, Entry, Meaning, Origin};
use crate::lang::Text;
use crate::package::is_at_or_below;
use crate::signatures::format::{Category, Detect, Examples, Links, Names, Sdk, Source, SourceKind};
use crate::signatures::{SignatureSet, examples, fold_name, layer};
use std::collections::BTreeSet;

/// Where a list was read.
pub struct ListFile<'a> {
    /// Whose list.
    pub origin: Origin,
    /// Its file name.
    pub file: &'a str,
    /// The day, `YYYY-MM-DD`.
    pub date: &'a str,
}

/// The signatures that came of a list.
#[derive(Default)]
pub struct Converted {
    /// The signatures.
    pub sdks: Vec<Sdk>,
    /// What could not be converted.
    pub skipped: Vec<Skipped>,
    /// Clues that do not match the same names as the list's rule: (entry, rule, how).
    pub different: Vec<(String, String, Difference)>,
    /// Entries left out because the set knows them: (entry, id).
    pub known: Vec<(String, String)>,
}

/// An entry, or one clue of it, that no signature says.
#[derive(Debug)]
pub struct Skipped {
    /// The entry's name.
    pub entry: String,
    /// The expression; `None` where it is the whole entry.
    pub clue: Option<String>,
    /// Why.
    pub reason: Text,
}

/// Converts a list. `only_new` leaves out what `base` knows: clues, and entries that have no other.
pub fn convert(from: &ListFile<'_>, entries: &[Entry], base: &SignatureSet, only_new: bool) -> Converted {
    let mut converter = Converter { from, taken: BTreeSet::new(), out: Converted::default() };
    for entry in entries {
        if !only_new {
            converter.entry(entry);
            continue;
        }
        let (known, new): (Vec<&Clue>, Vec<&Clue>) =
            entry.clues.iter().partition(|clue| known::clue(base, clue).is_some());
        match known.iter().find_map(|one| known::clue(base, one)) {
            Some((id, _)) if new.is_empty() => converter.out.known.push((entry.title.clone(), id.to_owned())),
            _ => converter.entry(&Entry { clues: new.into_iter().cloned().collect(), ..entry.clone() }),
        }
    }
    let mut out = converter.out;
    settle(&mut out, base);
    out
}

struct Converter<'a> {
    from: &'a ListFile<'a>,
    /// Ids, folded names, prefixes and file names that stand in a signature already.
    taken: BTreeSet<String>,
    out: Converted,
}

impl Converter<'_> {
    fn entry(&mut self, entry: &Entry) {
        if entry.clues.is_empty() {
            let reason = Text::new("it has no code signature", "没有代码特征");
            self.out.skipped.push(Skipped { entry: entry.title.clone(), clue: None, reason });
            return;
        }
        let mut detect = Detect::default();
        for clue in &entry.clues {
            if let Err(reason) = self.clue(entry, clue, &mut detect) {
                self.out.skipped.push(Skipped { entry: entry.title.clone(), clue: Some(clue.written.clone()), reason });
            }
        }
        if let Some(hit) = hits(&detect).into_iter().next() {
            let sdk = self.sdk(entry, detect, &hit);
            self.out.sdks.push(sdk);
        }
    }

    fn clue(&mut self, entry: &Entry, clue: &Clue, detect: &mut Detect) -> Result<(), Text> {
        let (list, value) = match clue.meaning.clone()? {
            Meaning::Package(prefix) => (&mut detect.packages, prefix),
            Meaning::Component(class) => (&mut detect.components, class),
            Meaning::Library(file) => (&mut detect.native_libs, file),
        };
        if list.contains(&value) {
            return Ok(());
        }
        if !self.taken.insert(value.clone()) {
            return Err(Text::new("it stands in another entry too", "也出现在另一条目中"));
        }
        list.push(value);
        if let Some(difference) = clue.difference {
            self.out.different.push((entry.title.clone(), clue.written.clone(), difference));
        }
        Ok(())
    }

    fn sdk(&mut self, entry: &Entry, detect: Detect, hit: &str) -> Sdk {
        let origin = self.from.origin;
        let id = self.free_id(&entry.title, hit);
        let name = self.free_name(&entry.title);
        let unstated = || Names { en: "not stated".into(), zh: "未注明".into() };
        let vendor = entry.vendor.clone().map_or_else(unstated, |vendor| Names { en: vendor.clone(), zh: vendor });
        let mut note = format!("{} entry '{}'", origin.name(), entry.title);
        let categories = if entry.categories.is_empty() {
            note += "; the list gives no category this base has";
            vec![if entry.tracker { Category::Analytics } else { Category::Utility }]
        } else {
            entry.categories.clone()
        };
        let written: Vec<&str> = entry.clues.iter().map(|clue| clue.written.as_str()).collect();
        note += &format!("; as written there: {}", written.join("|"));
        let url = format!("file:{}#{}", self.from.file, entry.key);
        let source = Source { url, date: self.from.date.to_owned(), kind: SourceKind::ImportedList, note: Some(note) };
        Sdk {
            id,
            name: Names { en: name.clone(), zh: name },
            vendor,
            aliases: Vec::new(),
            categories,
            tracker: entry.tracker,
            part_of: None,
            examples: Examples { hit: hits(&detect), miss: misses(&detect) },
            detect,
            permissions: Vec::new(),
            data_types: Vec::new(),
            links: Links { website: entry.website.clone(), privacy: None, hosts: Vec::new() },
            sources: vec![source],
        }
    }

    /// `exodus.<words of the title>`, or of the first clue where the title has no Latin letters.
    fn free_id(&mut self, title: &str, hit: &str) -> String {
        let slug = Some(slug(title)).filter(|slug| !slug.is_empty()).unwrap_or_else(|| slug(hit));
        let first = format!("{}.{}", self.from.origin.id(), if slug.is_empty() { "entry" } else { &slug });
        let mut id = first.clone();
        for number in 2.. {
            if self.taken.insert(id.clone()) {
                break;
            }
            id = format!("{first}-{number}");
        }
        id
    }

    fn free_name(&mut self, title: &str) -> String {
        let mut name = title.trim().to_owned();
        for number in 2.. {
            if !fold_name(&name).is_empty() && self.taken.insert(format!("name {}", fold_name(&name))) {
                break;
            }
            name = format!("{} ({} {number})", title.trim(), self.from.origin.name());
        }
        name
    }
}

/// Keeps only examples that hold, and only signatures that have one left: a library that a wildcard of another SDK covers
/// cannot tell the two apart.
fn settle(out: &mut Converted, base: &SignatureSet) {
    let set = layer(out.sdks.clone(), Some(base));
    let sdks = std::mem::take(&mut out.sdks);
    for mut sdk in sdks {
        let owners: Vec<&str> =
            sdk.examples.hit.iter().flat_map(|hit| examples::resolve(&set, hit)).filter(|id| *id != sdk.id).collect();
        let others = owners.first().copied().unwrap_or_default().to_owned();
        sdk.examples.hit.retain(|hit| examples::resolve(&set, hit) == [sdk.id.as_str()]);
        sdk.examples.miss.retain(|miss| !examples::resolve(&set, miss).contains(&sdk.id.as_str()));
        if sdk.examples.hit.is_empty() {
            let reason = Text::new(format!("its names belong to {others} as well"), format!("其名称同时属于 {others}"));
            let title = sdk.name.en.clone();
            out.skipped.push(Skipped { entry: title, clue: None, reason });
        } else {
            if sdk.examples.miss.is_empty() {
                sdk.examples.miss.push("unrelated.name.Main".to_owned());
            }
            out.sdks.push(sdk);
        }
    }
}

/// The clues themselves, as examples: a prefix is the shortest name it covers.
fn hits(detect: &Detect) -> Vec<String> {
    let components = detect.components.iter().map(|class| format!("component:{}", example(class)));
    let libraries = detect.native_libs.iter().map(|file| format!("library:{}", example(file)));
    detect.packages.iter().cloned().chain(components).chain(libraries).collect()
}

/// Neighbours: the same words going on within the last segment.
fn misses(detect: &Detect) -> Vec<String> {
    let beside = detect.packages.iter().map(|prefix| format!("{prefix}x"));
    let beside = beside.filter(|name| !detect.packages.iter().any(|prefix| is_at_or_below(name, prefix)));
    let components = detect.components.iter().map(|class| format!("component:x{}", example(class)));
    let libraries = detect.native_libs.iter().map(|file| format!("library:x{}", example(file)));
    beside.chain(components).chain(libraries).take(3).collect()
}

fn slug(title: &str) -> String {
    let mut out = String::new();
    for letter in title.chars() {
        if letter.is_ascii_alphanumeric() {
            out.push(letter.to_ascii_lowercase());
        } else if !out.is_empty() && !out.ends_with('-') {
            out.push('-');
        }
    }
    out.trim_end_matches('-').to_owned()
}
