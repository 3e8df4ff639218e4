//! The founding policies, read whole. They lie outside the repository; without them every test says that it was skipped.

use sdkaudit::declared::canonical::Extraction;
use sdkaudit::declared::{Declaration, DeclaredSdk, Field, Located, ResolvedBy, read};
use sdkaudit::signatures::SignatureSet;
use std::path::Path;

/// The document whose name begins with `prefix`, or a named skip.
fn seed(prefix: &str) -> Option<Declaration> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/seeds");
    let Ok(entries) = std::fs::read_dir(&folder) else {
        eprintln!("skipped: seed {prefix}: no {}", folder.display());
        return None;
    };
    let path = entries
        .filter_map(Result::ok)
        .map(|entry| entry.path())
        .find(|path| path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(prefix)))
        .unwrap_or_else(|| panic!("{} holds no seed {prefix}", folder.display()));
    let bytes = std::fs::read(&path).unwrap();
    Some(read(&path.display().to_string(), &bytes, SignatureSet::builtin()).unwrap())
}

fn items(field: &Field<Vec<Located>>) -> &[Located] {
    field.given().map_or(&[], Vec::as_slice)
}

fn total(declaration: &Declaration, list: impl Fn(&DeclaredSdk) -> usize) -> usize {
    declaration.records.iter().map(list).sum()
}

#[test]
fn seed_003_is_read_completely() {
    let Some(declaration) = seed("003") else { return };
    assert_eq!(declaration.records.len(), 17);
    let lines: Vec<u32> = declaration.records.iter().map(|record| record.line).collect();
    assert_eq!(lines, [19, 30, 40, 49, 57, 64, 71, 82, 88, 94, 100, 106, 112, 118, 124, 130, 136]);
    assert_eq!(total(&declaration, |record| items(&record.packages).len()), 20);
    assert_eq!(total(&declaration, |record| items(&record.permissions).len()), 41);
    assert_eq!(total(&declaration, |record| items(&record.links).len()), 19);
    let app = &declaration.app_permissions;
    assert_eq!((app.android.len(), app.ios.len(), app.harmonyos.len()), (8, 4, 8));
    let missing: usize = declaration
        .records
        .iter()
        .map(|r| {
            [
                r.name.is_absent(),
                r.vendor.is_absent(),
                r.packages.is_absent(),
                r.permissions.is_absent(),
                r.purpose.is_absent(),
                r.data.is_absent(),
                r.links.is_absent(),
            ]
        })
        .map(|absent| absent.into_iter().filter(|absent| *absent).count())
        .sum();
    assert_eq!(missing, 16);
    // Every given field stands where its place says.
    let text: Vec<&str> = declaration.text.lines().collect();
    let stands = |located: &Located| {
        let line: String = text[located.at.line as usize - 1].chars().skip(located.at.column as usize - 1).collect();
        assert!(line.starts_with(located.text.lines().next().unwrap()), "{located:?}");
    };
    for record in &declaration.records {
        [&record.name, &record.vendor, &record.purpose, &record.data, &record.method]
            .into_iter()
            .filter_map(Field::given)
            .for_each(stands);
        [&record.packages, &record.permissions, &record.links].into_iter().flat_map(items).for_each(stands);
    }
}

#[test]
fn seed_003_resolves() {
    let Some(declaration) = seed("003") else { return };
    let records = &declaration.records;
    let unresolved: Vec<String> = records.iter().filter(|r| r.resolved.sdk.is_none()).map(DeclaredSdk::title).collect();
    assert!(unresolved.is_empty(), "{unresolved:?}");
    let numbers = |test: fn(&DeclaredSdk) -> bool| {
        records.iter().zip(1..).filter(|(record, _)| test(record)).map(|(_, number)| number).collect::<Vec<u32>>()
    };
    assert_eq!(numbers(|r| !r.resolved.miscased_packages.is_empty()), [3, 4]);
    assert_eq!(numbers(|r| !r.resolved.foreign_packages.is_empty()), [4]);
    assert_eq!(records[2].resolved.miscased_packages, [(0, "com.facebook.fresco".to_owned())]);
    assert_eq!(records[16].resolved.by, Some(ResolvedBy::Name));
    let set = SignatureSet::builtin();
    let sdk = |at: usize| set.get(records[at].resolved.sdk.as_deref().unwrap()).unwrap();
    assert!(sdk(6).detect.packages.iter().any(|package| package == "com.bun.miitmdid"), "{:?}", sdk(6).id);
    assert!(sdk(14).detect.packages.iter().any(|package| package == "com.tencent.mm.opensdk"), "{:?}", sdk(14).id);
}

#[test]
fn the_other_seeds_have_no_list() {
    for prefix in ["000", "001", "002", "004"] {
        let Some(declaration) = seed(prefix) else { return };
        let extraction = Extraction::from(&declaration);
        assert!(!extraction.has_sdk_list && extraction.sdks.is_empty(), "{prefix}");
        assert!(declaration.statements.is_empty(), "{prefix}: {:?}", declaration.statements);
    }
}
