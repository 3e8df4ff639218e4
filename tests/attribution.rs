//! How much of real apps' code the base knows. The apps are third parties' files beside the repository; without them the test says so.

use sdkaudit::app::{self, Options};
use sdkaudit::detect::Inventory;
use sdkaudit::signatures::SignatureSet;
use std::path::Path;

/// Apps that are not held to the share, and why.
const EXCEPT: &[(&str, &str)] = &[
    ("cn-npm-r8flat.apk", "R8 moved nearly all classes into the default package"),
    ("dupperms.apk", "its 10 classes are its authors', outside its application id; there is no SDK in it"),
];

#[test]
fn nine_tenths_of_foreign_code_is_known() {
    let folder = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/corpus/apk"));
    if !folder.is_dir() {
        eprintln!("SKIPPED nine_tenths_of_foreign_code_is_known: {} is not there", folder.display());
        return;
    }
    let set = SignatureSet::builtin();
    let by_class = |package: &[u8]| set.holds_class_prefixes(package);
    let (mut wrong, mut apps) = (Vec::new(), 0);
    for entry in std::fs::read_dir(folder).expect("the folder") {
        let path = entry.expect("an entry").path();
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        if EXCEPT.iter().any(|(app, _)| *app == name) {
            continue;
        }
        let app = app::read(&path, Options { by_class: &by_class, ..Options::default() })
            .unwrap_or_else(|error| panic!("{name}: {error}"));
        let inventory = Inventory::of(&app, set);
        let census = inventory.census;
        let foreign = census.attributed + census.unidentified;
        assert!(foreign > 0, "{name} has no foreign code");
        apps += 1;
        if census.attributed * 10 < foreign * 9 {
            wrong.push(format!("{name}: {} of {foreign}; {:?}", census.attributed, inventory.unidentified));
        }
    }
    assert!(apps > 10, "{apps} apps");
    assert!(wrong.is_empty(), "{} apps:\n{}", wrong.len(), wrong.join("\n"));
}
