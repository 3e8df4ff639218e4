//! `signatures new`: begins a signature with what an app or a library shows. What only a person can know stays empty, and
//! `signatures check` names it.

use super::super::CLEAN;
use super::super::args;
use super::super::run::{Session, print};
use super::import::{refuse_existing, write};
use super::remark;
use crate::app::{self, App};
use crate::error::Error;
use crate::lang::Text;
use crate::package::{is_at_or_below, names_a_class};
use crate::platform::permissions;
use crate::report::json::to_text;
use crate::report::signatures::{self as report, Seen};
use crate::signatures::check::{is_id, is_java_name, path_of};
use crate::signatures::{Category, Detect, Examples, Links, Names, SignatureSet, Source, Table};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// Hit examples taken from the app.
const EXAMPLES: usize = 3;
/// Shorter words of a package say nothing about a library (`sdk`, `app`).
const SHORTEST_WORD: usize = 4;

/// The file, in the order of the format's documentation. An empty value is for a person to fill.
#[derive(Serialize)]
struct Draft {
    id: String,
    name: Names,
    vendor: Names,
    aliases: Vec<String>,
    categories: Vec<Category>,
    tracker: Option<bool>,
    part_of: Option<String>,
    detect: Detect,
    permissions: Vec<String>,
    data_types: Vec<String>,
    links: Links,
    examples: Examples,
    sources: Vec<Source>,
}

impl Draft {
    /// The fields that a person has to fill.
    fn empty(&self) -> Vec<&'static str> {
        let hit = self.examples.hit.is_empty().then_some("examples.hit");
        let always = ["name", "vendor", "categories", "tracker"];
        always.into_iter().chain(hit).chain(["examples.miss", "sources"]).collect()
    }
}

/// Carries out the command.
pub fn run(session: &Session<'_>, arguments: &args::New) -> Result<u8, Error> {
    let (id, package) = (arguments.id.as_str(), arguments.package.trim_end_matches(['.', '*']));
    refuse_wrong_words(id, package)?;
    if let Some(folder) = &arguments.into {
        refuse_existing(&folder.join(path_of(id)))?;
    }
    // Classes below the package are counted one by one, so that real names can stand in the examples.
    let slashed = package.replace('.', "/");
    let below = |name: &[u8]| {
        name.strip_prefix(slashed.as_bytes()).is_some_and(|rest| rest.is_empty() || rest.starts_with(b"/"))
    };
    let options = app::Options { by_class: &below, libraries: true, ..app::Options::default() };
    let app = app::read(&arguments.from, options)?;
    let draft = draft(id, package, &app);
    let seen = seen(package, &app, &draft, session.set);
    if seen.classes == 0 && seen.components.is_empty() {
        return Err(nothing_below(package, &app, session.set).in_input(&arguments.from.display().to_string()));
    }
    let text = to_text(&draft);
    match &arguments.into {
        Some(folder) => write(folder, id, &text)?,
        None => print(&text)?,
    }
    let path = arguments.into.as_ref().map(|folder| folder.join(path_of(id)));
    remark(&report::seen(&seen, path.as_deref(), &super::super::terminal::stderr(session.global)));
    Ok(CLEAN)
}

fn refuse_wrong_words(id: &str, package: &str) -> Result<(), Error> {
    if !is_id(id) {
        return Err(Error::new(
            Text::new(format!("'{id}' is no signature id"), format!("“{id}”不是特征标识")),
            Text::new(
                "an id is <vendor>.<sdk> in lower-case letters, digits and hyphens: acme.push",
                "标识形如 <厂商>.<SDK>，仅含小写字母、数字和连字符，例如 acme.push",
            ),
        ));
    }
    if !is_java_name(package) || !package.contains('.') {
        return Err(Error::new(
            Text::new(format!("'{package}' is no package prefix"), format!("“{package}”不是包名前缀")),
            Text::new(
                "give a dotted name of at least two parts: com.acme.push",
                "请给出至少两段的包名，例如 com.acme.push",
            ),
        ));
    }
    Ok(())
}

fn draft(id: &str, package: &str, app: &App) -> Draft {
    let manifest = &app.manifest;
    let owned = |name: &&str| is_at_or_below(name, package);
    let unique = |names: Vec<&str>| -> Vec<String> {
        names.into_iter().map(str::to_owned).collect::<BTreeSet<_>>().into_iter().collect()
    };
    let meta_data = manifest.meta_data.iter().map(|meta| meta.name.as_str()).filter(owned).collect();
    let named = manifest.requested_permissions.iter().map(|permission| permission.name.as_str());
    let named = named.chain(manifest.defined_permissions.iter().map(|permission| permission.name.as_str()));
    let entry_prefix = format!("META-INF/{package}");
    let files = app.version_files.iter().map(|(entry, _)| entry.as_str());
    let files =
        files.filter(|entry| entry.strip_prefix(&entry_prefix).is_some_and(|rest| rest.starts_with(['.', '_'])));
    let constants = app.classes.constants.iter().map(|constant| constant.field.as_str());
    let constants =
        constants.filter(|field| field.split_once('#').is_some_and(|(class, _)| is_at_or_below(class, package)));
    let detect = Detect {
        packages: vec![package.to_owned()],
        native_libs: unique(libraries(app).filter(|file| is_named_after(file, package)).collect()),
        meta_data: unique(meta_data),
        permissions: unique(named.filter(owned).collect()),
        version: unique(files.chain(constants).collect()),
        ..Detect::default()
    };
    Draft {
        id: id.to_owned(),
        name: Names::default(),
        vendor: Names::default(),
        aliases: Vec::new(),
        categories: Vec::new(),
        tracker: None,
        part_of: None,
        examples: Examples { hit: examples(package, app), miss: Vec::new() },
        detect,
        permissions: asked_for(app),
        data_types: Vec::new(),
        links: Links::default(),
        sources: Vec::new(),
    }
}

/// What a library's own manifest asks for. In an app nobody can say which part a permission is for.
fn asked_for(app: &App) -> Vec<String> {
    if !app.container.is_library() {
        return Vec::new();
    }
    let asked: BTreeSet<&str> = app.manifest.requested_permissions.iter().map(|one| one.name.as_str()).collect();
    asked.into_iter().filter(|name| permissions::find(name).is_some()).map(str::to_owned).collect()
}

/// Components first: they keep their names when the rest is renamed. Short names come from renaming and stand last.
fn examples(package: &str, app: &App) -> Vec<String> {
    let components = app.manifest.components.iter().map(|component| component.class.as_str());
    let defined = app.classes.packages.iter().filter(|one| one.defined > 0).map(|one| one.name.as_str());
    let (renamed, named): (Vec<&str>, Vec<&str>) = defined.partition(|name| !names_a_class(name) || is_short(name));
    let mut found: Vec<String> = Vec::new();
    for name in components.chain(named).filter(|name| is_at_or_below(name, package)) {
        if found.len() < EXAMPLES && !found.iter().any(|known| known == name) {
            found.push(name.to_owned());
        }
    }
    if found.is_empty() {
        found.extend(renamed.into_iter().find(|name| is_at_or_below(name, package)).map(str::to_owned));
    }
    found
}

fn is_short(name: &str) -> bool {
    name.rsplit('.').next().is_some_and(|last| last.len() <= 2)
}

fn libraries(app: &App) -> impl Iterator<Item = &str> {
    app.native_libs.iter().map(|library| library.file.as_str())
}

/// Whether a file's name holds a word of the package, the top-level domain apart: a lead, which a person confirms.
fn is_named_after(file: &str, package: &str) -> bool {
    let file = file.to_ascii_lowercase();
    let words = package.split('.').skip(1).filter(|word| word.len() >= SHORTEST_WORD);
    words.map(str::to_ascii_lowercase).any(|word| file.contains(&word))
}

fn seen<'a>(package: &'a str, app: &'a App, draft: &Draft, set: &'a SignatureSet) -> Seen<'a> {
    let mut packages: BTreeMap<&str, u32> = BTreeMap::new();
    let below = app.classes.packages.iter().filter(|one| one.defined > 0 && is_at_or_below(&one.name, package));
    for one in below {
        // Below the package every name is that of a class.
        let name = one.name.rsplit_once('.').map_or("", |(name, _)| name);
        *packages.entry(name).or_default() += one.defined;
    }
    let components = app.manifest.components.iter().filter(|one| is_at_or_below(&one.class, package));
    let unknown = |file: &&str| {
        set.matching(Table::NativeLib, file).is_empty() && set.matching(Table::WeakNativeLib, file).is_empty()
    };
    let other: BTreeSet<&str> = libraries(app)
        .filter(unknown)
        .filter(|file| !draft.detect.native_libs.iter().any(|known| known == file))
        .collect();
    Seen {
        package,
        classes: packages.values().sum(),
        packages: packages.into_iter().collect(),
        components: components.map(|one| one.class.as_str()).collect(),
        guessed_libs: draft.detect.native_libs.clone(),
        other_libs: other.into_iter().collect(),
        known: set.by_package(package),
        empty: draft.empty(),
    }
}

fn nothing_below(package: &str, app: &App, set: &SignatureSet) -> Error {
    let unknown = crate::detect::Inventory::of(app, set).unidentified;
    let near = crate::nearest::nearest(package, unknown.iter().map(|group| group.prefix.as_str()));
    let help = match near {
        Some(near) => Text::new(format!("did you mean '{near}'?"), format!("是否应为“{near}”？")),
        None => Text::new(
            "sdkaudit inspect --unmatched lists the packages that no signature knows",
            "用 sdkaudit inspect --unmatched 查看未识别的包",
        ),
    };
    Error::new(
        Text::new(
            format!("it defines no class and no component below {package}"),
            format!("{package} 之下没有类和组件"),
        ),
        help,
    )
}
