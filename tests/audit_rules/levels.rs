//! Severities that the user sets, the order of findings, and the catalogue.

use super::with_classes;
use crate::support::policy::Policy;
use crate::support::run::{audit, audit_with, rows};
use crate::support::sdks::world;
use sdkaudit::audit::{Levels, Rule, Severity};

fn levels(changes: &[(Rule, Option<Severity>)]) -> Levels {
    let mut levels = Levels::default();
    for (rule, severity) in changes {
        levels.set(*rule, *severity).expect("may be changed");
    }
    levels
}

#[test]
fn the_users_severity_wins_over_the_rules_and_the_findings_own() {
    let apk = with_classes(&["com.lumen.ads.A", "org.quill.B", "net.nobody.lib.C"]);
    let policy = Policy::new().sdk("Polar Push", "com.polar").text();
    let with = |changes: &[(Rule, Option<Severity>)]| rows(&audit_with(&apk, &policy, &world(), &levels(changes)));
    let plain = [
        "undeclared-sdk error lumen.ads -",
        "undeclared-sdk note quill.json -",
        "declared-sdk-not-found note polar.push 7",
        "unidentified-code note net.nobody.lib -",
    ];
    assert_eq!(with(&[]), plain);
    assert_eq!(with(&[(Rule::UndeclaredSdk, None)]), plain[2..]);
    let raised = [(Rule::UndeclaredSdk, Some(Severity::Warning)), (Rule::UnidentifiedCode, Some(Severity::Error))];
    let expected = [
        "unidentified-code error net.nobody.lib -",
        "undeclared-sdk warning lumen.ads -",
        "undeclared-sdk warning quill.json -",
        "declared-sdk-not-found note polar.push 7",
    ];
    assert_eq!(with(&raised), expected);
}

#[test]
fn unreadable_content_stays_an_error() {
    let mut levels = Levels::default();
    for severity in [None, Some(Severity::Warning), Some(Severity::Note)] {
        let refused = levels.set(Rule::UnreadableContent, severity).expect_err("cannot be changed");
        assert!(refused.en.contains("cannot be changed") && refused.zh.contains("不能更改"));
    }
    levels.set(Rule::UnreadableContent, Some(Severity::Error)).expect("what it is anyway");
    let apk = with_classes(&["com.polar.A"]).dex_bytes(vec![0; 200]);
    let policy = Policy::new().sdk("Polar Push", "com.polar").text();
    let found = audit_with(&apk, &policy, &world(), &levels);
    assert_eq!(rows(&found), ["unreadable-content error classes2.dex -"]);
}

#[test]
fn findings_are_sorted_by_severity_rule_place_and_subject() {
    let apk = with_classes(&["com.lumen.ads.A", "com.acme.crash.B"]).uses_permission("android.permission.CAMERA");
    let typo = "android.permission.VIBRAT";
    let policy = Policy::new().sdk_with_permissions("Polar Push", "com.Polar", typo).record([
        "Finch Chat",
        "",
        "im.finch.sdk",
        typo,
        "",
        "None",
        "https://finch.invalid/",
    ]);
    let expected = [
        "undeclared-sdk error acme.crash -".to_owned(),
        "undeclared-sdk error lumen.ads -".to_owned(),
        "undeclared-permission error android.permission.CAMERA -".to_owned(),
        "unused-permission warning android.permission.CAMERA -".to_owned(),
        format!("misspelt-permission warning {typo} 7"),
        format!("misspelt-permission warning {typo} 8"),
        "package-case warning polar.push 7".to_owned(),
        "missing-field warning finch.chat/purpose 8".to_owned(),
        "missing-field warning finch.chat/vendor 8".to_owned(),
        "declared-sdk-not-found note polar.push 7".to_owned(),
        "declared-sdk-not-found note finch.chat 8".to_owned(),
        "declared-permission-not-requested note android.permission.VIBRATE 7".to_owned(),
    ];
    assert_eq!(rows(&audit(&apk, &policy.text(), &world())), expected);
}

#[test]
fn the_catalogue_is_frozen() {
    let rows: Vec<String> =
        Rule::ALL.iter().map(|rule| format!("{} {}", rule.id(), rule.default_severity().id())).collect();
    let expected = [
        "undeclared-sdk error",
        "declared-sdk-not-found note",
        "unverifiable-sdk note",
        "undeclared-data-type error",
        "none-but-referenced error",
        "declared-data-not-referenced note",
        "app-data-type-undeclared warning",
        "undeclared-permission error",
        "declared-permission-not-requested note",
        "undeclared-sdk-permission warning",
        "unused-permission warning",
        "misspelt-permission warning",
        "unknown-permission warning",
        "package-case warning",
        "package-mismatch warning",
        "missing-field warning",
        "no-sdk-list error",
        "deprecated-permission note",
        "restricted-permission note",
        "sdk-permission-not-in-app warning",
        "wrong-permission-text warning",
        "platform-key-unknown warning",
        "duplicate-package warning",
        "generic-package warning",
        "app-id-as-package warning",
        "package-is-host warning",
        "package-is-coordinate warning",
        "data-without-permission note",
        "vague-data note",
        "insecure-link warning",
        "link-not-a-policy note",
        "link-of-other-sdk warning",
        "list-elsewhere warning",
        "dangling-reference warning",
        "missing-contact warning",
        "missing-date warning",
        "missing-children-clause note",
        "placeholder-text warning",
        "foreign-app-name warning",
        "template-defect note",
        "platform-gap note",
        "contradiction error",
        "unidentified-code note",
        "tampered-archive warning",
        "packed-app warning",
        "expired-waiver warning",
        "unused-waiver warning",
        "unreadable-content error",
    ];
    assert_eq!(rows, expected, "users write these ids; add rules, never rename or remove one");
}

#[test]
fn messages_keep_to_present_referenced_requested() {
    let forbidden = [" uses ", " collects ", "violates", "violation", "违规", "违反"];
    for rule in Rule::ALL {
        for text in [rule.summary(), rule.explanation()] {
            for word in forbidden {
                assert!(!text.en.contains(word) && !text.zh.contains(word), "{}: {word:?}", rule.id());
            }
            assert!(!text.en.is_empty() && text.zh.chars().any(|c| c > '\u{2fff}'), "{} in Chinese", rule.id());
        }
    }
}
