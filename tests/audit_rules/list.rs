//! The list itself: no-sdk-list, contradiction, missing-field, package-case, package-mismatch.

use super::{judge, with_classes};
use crate::support::policy::Policy;
use crate::support::run::{audit, host};
use crate::support::sdks::world;

#[test]
fn no_list_is_one_error_beside_what_handles_personal_data() {
    let apk = with_classes(&["com.polar.A", "com.lumen.ads.B", "org.quill.C"]);
    let prose = Policy::new().prose("We keep your number. Partners help us.");
    let expected =
        ["undeclared-sdk error lumen.ads -", "undeclared-sdk error polar.push -", "no-sdk-list error sdk-list 1"];
    assert_eq!(judge(&apk, &prose), expected);
    let naming = prose.clone().prose("Messages are sent with Polar Push.");
    assert_eq!(judge(&apk, &naming), ["undeclared-sdk error lumen.ads -", "no-sdk-list error sdk-list 1"]);
    assert_eq!(judge(&host(), &prose), ["no-sdk-list error sdk-list 1"], "an app without SDKs cannot be judged either");
    assert_eq!(
        judge(&host(), &Policy::new().permission("android.permission.CAMERA")).len(),
        2,
        "a table of permissions is no list"
    );
}

#[test]
fn a_denial_is_a_contradiction_when_one_is_present() {
    let denial = Policy::new().prose("This app does not contain any third-party SDK.");
    let apk = with_classes(&["com.polar.A"]);
    let expected = [
        "undeclared-sdk error polar.push -",
        "no-sdk-list error sdk-list 1",
        "contradiction error no-third-party-sdk 3",
    ];
    assert_eq!(judge(&apk, &denial), expected);
    let found = audit(&apk, &denial.text(), &world());
    assert_eq!(found.findings[2].evidence.len(), 1);
    assert!(found.findings[2].message.en.ends_with("carries Polar Push"), "{}", found.findings[2].message.en);
    let plain = with_classes(&["org.quill.A"]);
    assert_eq!(judge(&plain, &denial), ["no-sdk-list error sdk-list 1"], "a plain library contradicts nothing");
}

#[test]
fn an_sdk_named_as_not_included_contradicts_only_itself() {
    let policy = Policy::new().prose("Not included: Lumen Ads.").sdk("Polar Push", "com.polar");
    assert_eq!(judge(&with_classes(&["com.polar.A"]), &policy), [""; 0]);
    let expected = ["undeclared-sdk error lumen.ads -", "contradiction error lumen.ads 3"];
    assert_eq!(judge(&with_classes(&["com.polar.A", "com.lumen.ads.B"]), &policy), expected);
}

#[test]
fn fields_that_are_absent_are_missing_and_none_is_an_answer() {
    let apk = with_classes(&["com.polar.A"]);
    let with = |cells| judge(&apk, &Policy::new().record(cells));
    let full = ["Polar Push", "Polar Ltd.", "com.polar", "None", "Push", "None", "https://polar.invalid/"];
    assert_eq!(with(full), [""; 0]);
    let subjects = [(1, "vendor"), (2, "package"), (3, "permissions"), (4, "purpose"), (5, "data"), (6, "link")];
    for (cell, field) in subjects {
        let mut cells = full;
        cells[cell] = "";
        assert_eq!(with(cells), [format!("missing-field warning polar.push/{field} 7")]);
        if cell != 1 && cell != 4 {
            cells[cell] = "N/A";
            assert_eq!(with(cells), [""; 0], "{field}: explicitly none");
        }
    }
    let mut nameless = full;
    nameless[0] = "";
    assert_eq!(with(nameless), ["missing-field warning polar.push/name 7"]);
    let unknown = ["Private Service", "", "", "None", "Push", "None", "https://private.invalid/"];
    let expected = [
        "undeclared-sdk error polar.push -",
        "missing-field warning Private Service/package 7",
        "missing-field warning Private Service/vendor 7",
        "unverifiable-sdk note Private Service 7",
    ];
    assert_eq!(with(unknown), expected, "who resolves to nothing goes by the declared name");
}

#[test]
fn wrong_case_is_a_finding_and_still_means_the_sdk() {
    let apk = with_classes(&["com.polar.A"]);
    let policy = Policy::new().sdk("Polar Push", "com.Polar");
    let found = audit(&apk, &policy.text(), &world());
    assert_eq!(crate::support::run::rows(&found), ["package-case warning polar.push 7"]);
    assert!(found.findings[0].help.en.contains("com.polar"), "{}", found.findings[0].help.en);
    assert_eq!(
        judge(&apk, &Policy::new().sdk("Polar Push", "com.polar, COM.POLAR.x")),
        ["package-case warning polar.push 7"]
    );
    assert_eq!(judge(&apk, &Policy::new().sdk("Polar Push", "com.polar.sub")), [""; 0]);
}

#[test]
fn a_package_of_another_sdk_is_a_mismatch_and_the_name_decides() {
    let apk = with_classes(&["com.polar.A", "im.finch.sdk.B"]);
    let policy = Policy::new().sdk("Polar Push", "im.finch.sdk").sdk("Finch Chat", "im.finch.sdk");
    let duplicate = "duplicate-package warning im.finch.sdk 8";
    assert_eq!(judge(&apk, &policy), ["package-mismatch warning polar.push 7", duplicate]);
    let one_right = Policy::new().sdk("Polar Push", "im.finch.sdk, org.polarpush").sdk("Finch Chat", "im.finch.sdk");
    assert_eq!(judge(&apk, &one_right), [duplicate], "one package that says the same is enough");
    let unknown = Policy::new().sdk("Polar Push", "net.unknown").sdk("Finch Chat", "im.finch.sdk");
    assert_eq!(judge(&apk, &unknown), [""; 0], "a package of nobody stands against nothing");
    let companion = Policy::new().sdk("Polar Push", "com.lumen.core").sdk("Finch Chat", "im.finch.sdk");
    assert_eq!(judge(&apk, &companion), [""; 0], "its companion's package is its own");
}

#[test]
fn a_product_lines_link_beside_a_products_package_is_no_mismatch() {
    let apk = with_classes(&["com.acme.metrics.A"]);
    let policy = Policy::new().record([
        "Acme Metrics",
        "Acme Ltd.",
        "com.acme.metrics",
        "None",
        "Statistics",
        "None",
        "https://docs.acme.invalid/privacy",
    ]);
    assert_eq!(judge(&apk, &policy), [""; 0]);
}
