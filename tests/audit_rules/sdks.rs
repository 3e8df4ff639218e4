//! undeclared-sdk, declared-sdk-not-found, unverifiable-sdk: what a declared entry covers and which verdict each record gets.

use super::{judge, with_classes};
use crate::support::Dex;
use crate::support::policy::Policy;
use crate::support::run::{APP, audit, host, rows};
use crate::support::sdks::world;
use crate::support::zipfile::Entry;
use sdkaudit::audit::{Audit, Verdict};

fn polar() -> Policy {
    Policy::new().sdk("Polar Push", "com.polar")
}

/// An entry whose data is no deflate stream.
fn damaged(path: &str) -> Entry {
    Entry { packed: Some(b"not deflate".to_vec()), ..Entry::new(path, vec![0; 500]) }
}

fn verdicts(audit: &Audit) -> Vec<Verdict> {
    audit.records.iter().map(|record| record.verdict).collect()
}

#[test]
fn what_is_present_and_in_no_record_is_undeclared() {
    let apk = with_classes(&["com.polar.A", "com.lumen.ads.B"]);
    assert_eq!(judge(&apk, &polar()), ["undeclared-sdk error lumen.ads -"]);
    assert_eq!(judge(&apk, &polar().sdk("Lumen Ads", "com.lumen.ads")), [""; 0]);
}

#[test]
fn severity_follows_the_purpose() {
    let apk = with_classes(&["com.polar.A", "org.quill.B", "com.polarglow.C"]);
    let expected = ["undeclared-sdk note polarglow.ui -", "undeclared-sdk note quill.json -"];
    assert_eq!(judge(&apk, &polar()), expected);
}

#[test]
fn what_is_only_named_is_not_undeclared() {
    let apk = with_classes(&["com.polar.A"]).meta_data("LUMEN_APP_KEY", "k").asset("lumen/a.json", "{}");
    assert_eq!(judge(&apk, &polar()), [""; 0]);
    let strings = host().dex(&Dex::new().classes(&["com.polar.A"]).string("com.lumen.ads.Banner"));
    assert_eq!(judge(&strings, &polar()), [""; 0]);
}

#[test]
fn a_record_covers_the_companions_of_its_sdk() {
    let both = with_classes(&["com.polar.A", "com.lumen.core.B"]);
    assert_eq!(judge(&both, &polar()), [""; 0], "Polar brings the core");
    let alone = with_classes(&["com.lumen.core.B"]);
    assert_eq!(
        judge(&alone, &polar()),
        ["undeclared-sdk error lumen.core -", "declared-sdk-not-found note polar.push 7"],
        "who is not there brings nothing"
    );
    let undeclared = with_classes(&["com.polar.A", "com.lumen.core.B", "im.finch.sdk.C"]);
    assert_eq!(
        judge(&undeclared, &Policy::new().sdk("Finch Chat", "im.finch.sdk")),
        ["undeclared-sdk error lumen.core -", "undeclared-sdk error polar.push -"]
    );
    let own = Policy::new().sdk("Lumen Core", "com.lumen.core");
    assert_eq!(judge(&alone, &own), [""; 0]);
    assert_eq!(judge(&both, &own), ["undeclared-sdk error polar.push -"], "a companion does not cover its owner");
}

#[test]
fn a_product_line_covers_its_products() {
    let apk = with_classes(&["com.acme.metrics.A", "com.acme.crash.B"]);
    assert_eq!(judge(&apk, &Policy::new().sdk("Acme Suite", "None")), [""; 0]);
    let one = Policy::new().sdk("Acme Metrics", "com.acme.metrics");
    assert_eq!(judge(&apk, &one), ["undeclared-sdk error acme.crash -"], "a product does not cover its sisters");
    let with_line = with_classes(&["com.acme.metrics.A", "com.acme.suite.B"]);
    assert_eq!(judge(&with_line, &one), [""; 0], "the line's own base comes with each product");
    assert_eq!(
        judge(&with_classes(&["com.polar.A"]), &Policy::new().sdk("Acme Suite", "None").sdk("Polar Push", "com.polar")),
        ["declared-sdk-not-found note acme.suite 7"]
    );
}

#[test]
fn a_root_package_covers_the_sdk_that_the_record_means_and_is_named_in_a_note() {
    let apk = with_classes(&["com.acme.metrics.A", "com.acme.crash.B"]);
    let policy = Policy::new().sdk("Acme Crash", "com.acme");
    let found = audit(&apk, &policy.text(), &world());
    assert_eq!(rows(&found), ["undeclared-sdk error acme.metrics 7", "generic-package warning com.acme 7"]);
    let note = &found.findings[0].details.iter().find(|(label, _)| label.en == "note").expect("a note").1;
    assert!(note.en.contains("\"Acme Crash\" (line 7) gives the root com.acme"), "{}", note.en);
    assert!(note.zh.contains("Acme Crash"), "{}", note.zh);
    assert_eq!(found.findings[0].declared.as_ref().map(|place| place.quote.as_str()), Some("com.acme"));
}

#[test]
fn every_record_gets_one_verdict() {
    let apk = with_classes(&["com.polar.A", "net.private.lib.B"]);
    let policy = polar()
        .sdk("Lumen Ads", "com.lumen.ads")
        .sdk("Private Library", "net.private.lib")
        .sdk("Nobody's Library", "net.nobody.lib")
        .sdk("A Service", "None")
        .sdk("Another Service", "com")
        .sdk("Apple Push (iOS)", "None");
    let found = audit(&apk, &policy.text(), &world());
    let expected = [
        "generic-package warning com 12",
        "declared-sdk-not-found note lumen.ads 8",
        "declared-sdk-not-found note Nobody's Library 10",
        "unverifiable-sdk note A Service 11",
        "unverifiable-sdk note Another Service 12",
    ];
    assert_eq!(rows(&found), expected);
    use Verdict::{NotFound, OtherPlatform, Present, Unverifiable};
    assert_eq!(verdicts(&found), [Present, NotFound, Present, NotFound, Unverifiable, Unverifiable, OtherPlatform]);
}

#[test]
fn other_systems_records_are_never_not_found_and_cover_nothing() {
    let ios = Policy::new().sdk("Polar Push (iOS)", "com.polar").sdk("Finch Chat", "im.finch.sdk");
    assert_eq!(judge(&with_classes(&["im.finch.sdk.A"]), &ios), [""; 0]);
    let present = with_classes(&["im.finch.sdk.A", "com.polar.B"]);
    assert_eq!(judge(&present, &ios), ["undeclared-sdk error polar.push -"]);
    let both = Policy::new().sdk("Polar Push (Android, iOS)", "com.polar");
    assert_eq!(judge(&with_classes(&["com.polar.B"]), &both), [""; 0]);
}

#[test]
fn names_seen_without_code_are_told_in_the_verdict() {
    let policy = Policy::new().sdk("Lumen Ads", "com.lumen.ads");
    let message = |apk| {
        let found = audit(&apk, &policy.text(), &world());
        assert_eq!(rows(&found), ["declared-sdk-not-found note lumen.ads 7"]);
        (found.findings[0].message.en.clone(), found.findings[0].evidence.len())
    };
    let (text, evidence) = message(host());
    assert!(text.contains("no evidence found in 0/0 dex, manifest, 0 libraries") && evidence == 0, "{text}");
    let (text, evidence) = message(host().meta_data("LUMEN_APP_KEY", "k"));
    assert!(text.contains("names it, but none of its code") && evidence == 1, "{text}");
    let (text, evidence) = message(host().dex(&Dex::new().string("com.lumen.ads.Banner")));
    assert!(text.contains("only string constants name it in 1/1 dex") && evidence == 1, "{text}");
}

#[test]
fn hidden_code_makes_records_unverifiable_never_not_found() {
    let policy = polar().sdk("Lumen Ads", "com.lumen.ads").sdk("Private", "net.private.lib");
    let packed = with_classes(&["com.nordic.shell.Stub"]).meta_data("LUMEN_APP_KEY", "k");
    let expected = [
        "packed-app warning nordic.shell -",
        "undeclared-sdk note nordic.shell -",
        "unverifiable-sdk note polar.push 7",
        "unverifiable-sdk note lumen.ads 8",
        "unverifiable-sdk note Private 9",
    ];
    let found = audit(&packed, &policy.text(), &world());
    assert_eq!(rows(&found), expected);
    assert!(found.findings[2].message.en.contains("(Nordic Shell)"), "{}", found.findings[1].message.en);
    assert_eq!(found.findings[3].evidence.len(), 1, "what names it is shown");
    let broken = with_classes(&["com.polar.A"]).dex_bytes(b"not a dex file".to_vec());
    let expected = [
        "unreadable-content error classes2.dex -",
        "unverifiable-sdk note lumen.ads 8",
        "unverifiable-sdk note Private 9",
    ];
    assert_eq!(judge(&broken, &policy), expected);
}

#[test]
fn a_broken_library_hides_no_classes() {
    let apk = with_classes(&["com.polar.A"]).entry(damaged("lib/x86/libx.so"));
    let policy = polar().sdk("Lumen Ads", "com.lumen.ads");
    let expected = ["unreadable-content error lib/x86/libx.so -", "declared-sdk-not-found note lumen.ads 8"];
    assert_eq!(judge(&apk, &policy), expected);
}

#[test]
fn records_resolve_by_alias_and_by_link_too() {
    let apk = with_classes(&["com.polar.A", "com.lumen.ads.B"]);
    let policy = Policy::new().sdk("PolarPush SDK", "None").record([
        "Banner partner",
        "Somebody",
        "None",
        "None",
        "Shows banners",
        "None",
        "https://docs.lumen.invalid/privacy",
    ]);
    assert_eq!(judge(&apk, &policy), [""; 0]);
}

#[test]
fn unidentified_code_is_one_note_per_group_unless_declared() {
    let apk =
        with_classes(&["com.polar.A", "net.nobody.a.B", "net.nobody.b.C", "org.other.D", "dev.host.app.E", "a.b"]);
    let expected = ["unidentified-code note net.nobody -", "unidentified-code note org.other -"];
    assert_eq!(judge(&apk, &polar()), expected);
    let declared = polar().sdk("Private", "net.nobody.a").sdk("Other", "org.other.D");
    let beside = ["unidentified-code note net.nobody -"];
    assert_eq!(
        judge(&apk, &declared),
        beside,
        "a class name says its package; net.nobody.b is not declared with its neighbour"
    );
    let both = declared.sdk("Private too", "net.nobody.b");
    assert_eq!(judge(&apk, &both), [""; 0]);
    let missing = polar().sdk("Gone", "net.nobody.gone");
    let expected = [
        "declared-sdk-not-found note Gone 8",
        "unidentified-code note net.nobody -",
        "unidentified-code note org.other -",
    ];
    assert_eq!(judge(&apk, &missing), expected, "a package without classes explains nothing");
}

#[test]
fn fingerprints_hold_rule_subject_and_application() {
    let found =
        audit(&with_classes(&["com.polar.A"]), &Policy::new().sdk("Finch Chat", "im.finch.sdk").text(), &world());
    let prints: Vec<String> = found.findings.iter().map(|finding| finding.fingerprint(APP)).collect();
    assert_eq!(prints, ["undeclared-sdk/polar.push@dev.host.app", "declared-sdk-not-found/finch.chat@dev.host.app"]);
}
