//! Which SDK a record means, and why.

use super::super::{Confidence, ResolvedBy};
use super::*;

fn resolve(fields: &str) -> super::super::Resolution {
    let declaration = read_text(&fields.replace("; ", "\n"));
    assert_eq!(declaration.records.len(), 1, "{fields}");
    declaration.records[0].resolved.clone()
}

fn who(fields: &str) -> (Option<String>, Option<ResolvedBy>) {
    let resolution = resolve(fields);
    (resolution.sdk, resolution.by)
}

fn is(sdk: &str, by: ResolvedBy) -> (Option<String>, Option<ResolvedBy>) {
    (Some(sdk.to_owned()), Some(by))
}

#[test]
fn each_clue_decides_in_turn() {
    assert_eq!(who("SDK Name: whatever; Package name: com.acme.push"), is("acme.push", ResolvedBy::Package));
    assert_eq!(who("SDK Name: whatever; Package name: com.Acme.Push.core"), is("acme.push", ResolvedBy::PackageFolded));
    assert_eq!(who("SDK名称：顶点推送; 用途：推送"), is("acme.push", ResolvedBy::Name));
    assert_eq!(who("SDK Name: acmepush-sdk; Purpose: x"), is("acme.push", ResolvedBy::Alias));
    assert_eq!(
        who("SDK Name: whatever; Website: https://docs.push.acme.example/x"),
        is("acme.push", ResolvedBy::LinkHost)
    );
    assert_eq!(
        who("SDK名称：统一消息SDK; 公司名称：（北京）顶点软件有限公司; 用途：消息推送"),
        is("acme.push", ResolvedBy::Vendor)
    );
    assert_eq!(who("SDK Name: whatever; Purpose: push"), (None, None));
}

#[test]
fn names_carry_noise() {
    for name in [
        "顶点推送SDK",
        "Acme Push SDK (AcmePush)",
        "ＡＣＭＥ　ＰＵＳＨ",
        "Acme-Push Android SDK",
        "某云集成的顶点推送服务",
        "统一推送（Acme Push）",
    ] {
        assert_eq!(resolve(&format!("SDK Name: {name}; Purpose: x")).sdk.as_deref(), Some("acme.push"), "{name}");
    }
    assert_eq!(resolve("SDK名称：泽塔; 用途：登录").sdk.as_deref(), Some("zeta.chat"));
    // Two known names, a name inside a longer word, and a generic word decide nothing.
    for name in ["Acme Push and Lumen Ads", "Pictasaurus", "推送SDK", "SDK"] {
        assert_eq!(resolve(&format!("SDK Name: {name}; Purpose: x")).sdk, None, "{name}");
    }
}

#[test]
fn a_root_package_points_to_the_sdk_that_another_clue_chooses() {
    assert_eq!(who("SDK Name: Acme Push; Package name: com.acme"), is("acme.push", ResolvedBy::Name));
    assert_eq!(
        who("SDK名称：某SDK; 包名：com.acme; 公司名称：顶点软件有限公司; 用途：地图"),
        is("acme.maps", ResolvedBy::Vendor)
    );
    let undecided = resolve("SDK Name: whatever; Package name: com.acme");
    assert_eq!((undecided.sdk, undecided.candidates.len()), (None, 3));
    // The root of one SDK only says which.
    assert_eq!(who("SDK Name: ZetaChat; Package name: com.zeta.mm"), is("zeta.chat", ResolvedBy::Package));
    let none = resolve("SDK Name: whatever; Package name: com.zeta.mmkv");
    assert_eq!(none.sdk, None);
}

#[test]
fn foreign_packages_are_told() {
    let mismatch = resolve("SDK Name: Picta Gallery; Package name: com.other.x、com.Acme.push");
    assert_eq!(mismatch.sdk.as_deref(), Some("lumen.picture"));
    assert_eq!(mismatch.foreign_packages, [(1, "acme.push".to_owned())]);
    assert_eq!(mismatch.miscased_packages, [(1, "com.acme.push".to_owned())]);
    // One package of its own is enough, whatever else is listed.
    let shared = resolve("SDK Name: Picta; Package name: com.acme.push、com.lumen.picta");
    assert_eq!((shared.sdk.as_deref(), shared.foreign_packages.len()), (Some("lumen.picture"), 0));
    assert_eq!(shared.candidates, ["acme.push"]);
    // A name inside a long one does not stand against the package.
    let long =
        resolve("SDK Name: Unified messaging module that replaces Picta for all pictures; Package name: com.acme.push");
    assert_eq!((long.sdk.as_deref(), long.foreign_packages.len()), (Some("acme.push"), 0));
}

#[test]
fn families_are_no_mismatch() {
    for fields in [
        "SDK Name: Lumen Ads; Package name: org.shared.core",
        "SDK Name: Acme Services; Package name: com.acme.push",
        "SDK Name: Acme Push; Package name: com.acme.base",
    ] {
        assert!(resolve(fields).foreign_packages.is_empty(), "{fields}");
    }
    assert_eq!(resolve("SDK Name: Acme Services; Package name: com.acme.push").sdk.as_deref(), Some("acme.services"));
}

#[test]
fn a_link_that_the_purpose_contradicts_does_not_decide() {
    assert_eq!(who("SDK Name: whatever; Purpose: advertising; Website: https://push.acme.example"), (None, None));
    assert_eq!(
        who("SDK Name: whatever; Purpose: pushes news; Website: https://push.acme.example").1,
        Some(ResolvedBy::LinkHost)
    );
}

#[test]
fn a_root_of_several_does_not_contradict_a_name() {
    assert_eq!(who("SDK Name: whatever; Package name: com.acme.base.x"), is("acme.services", ResolvedBy::Package));
    // A root that names no one does not contradict the name.
    let root = resolve("SDK Name: Picta; Package name: com.acme");
    assert_eq!(
        (root.sdk.as_deref(), root.by, root.foreign_packages.len()),
        (Some("lumen.picture"), Some(ResolvedBy::Name), 0)
    );
}

#[test]
fn confidence_says_how_well_the_clue_tells() {
    let sure = |fields: &str| resolve(fields).confidence;
    assert_eq!(sure("SDK Name: whatever; Package name: com.acme.push"), Some(Confidence::High));
    assert_eq!(sure("SDK Name: Acme Push; Purpose: x"), Some(Confidence::High));
    assert_eq!(sure("SDK名称：顶点推送SDK; 用途：推送"), Some(Confidence::High), "the word SDK makes no other name");
    assert_eq!(sure("SDK Name: whatever; Package name: com.Acme.Push"), Some(Confidence::Medium));
    assert_eq!(sure("SDK名称：顶点推送服务; 用途：推送"), Some(Confidence::Medium));
    assert_eq!(sure("SDK Name: whatever; Website: https://push.acme.example/x"), Some(Confidence::Low));
    assert_eq!(sure("SDK名称：统一消息SDK; 公司名称：顶点软件有限公司; 用途：消息推送"), Some(Confidence::Low));
    assert_eq!(sure("SDK Name: whatever; Purpose: push"), None);
    // Another clue points elsewhere: one step lower.
    assert_eq!(sure("SDK Name: Picta; Package name: com.acme.push"), Some(Confidence::Medium));
    assert_eq!(sure("SDK Name: ZetaChat Open SDK; Website: https://lumen.example"), Some(Confidence::Medium));
}

#[test]
fn a_name_that_fits_several_names_them() {
    let candidates = |fields: &str| resolve(fields).candidates;
    assert_eq!(candidates("SDK名称：流明SDK; 用途：x"), ["lumen.ads"]);
    assert_eq!(candidates("SDK Name: Acme Push and Lumen Ads; Purpose: x"), ["acme.push", "lumen.ads"]);
    assert_eq!(candidates("SDK Name: whatever; Package name: com.acme"), ["acme.maps", "acme.push", "acme.services"]);
    assert!(candidates("SDK Name: Acme Push; Purpose: x").is_empty());
    // A package of the family is no other SDK.
    assert!(candidates("SDK Name: Acme Services; Package name: com.acme.base、com.acme.push").is_empty());
}

#[test]
fn coordinates_are_clues_of_their_own() {
    let who = |name: &str| {
        let resolution = resolve(&format!("SDK Name: {name}; Purpose: x"));
        (resolution.sdk, resolution.by, resolution.confidence)
    };
    let is = |sdk: &str, confidence| (Some(sdk.to_owned()), Some(ResolvedBy::Coordinate), Some(confidence));
    assert_eq!(who("com.acme:acme-push"), is("acme.push", Confidence::Medium));
    assert_eq!(who("com.acme:sdk-push-core"), is("acme.push", Confidence::Medium));
    assert_eq!(who("com.acme.push:anything:1.2"), is("acme.push", Confidence::Medium));
    assert_eq!(who("io.elsewhere:picta"), is("lumen.picture", Confidence::Low));
    assert_eq!(who("org.nobody:nothing"), (None, None, None));
}
