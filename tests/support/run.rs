//! Runs the library, and the program, on fixtures.

use super::ApkBuilder;
use super::axml::Attribute;
use sdkaudit::app::{self, App, Options, Source};
use sdkaudit::audit::{self, Audit, Finding, Levels};
use sdkaudit::declared;
use sdkaudit::detect::{Detection, Inventory};
use sdkaudit::error::Error;
use sdkaudit::signatures::SignatureSet;
use std::path::{Path, PathBuf};

/// Application id of fixtures that need no other.
pub const APP: &str = "dev.host.app";

/// An app without code that says so: what is missing in it hides nothing.
pub fn host() -> ApkBuilder {
    ApkBuilder::new(APP).target_sdk(34).application_attribute(Attribute::android("hasCode", false))
}

/// The root of the repository.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Material that only developers of the project have: `SDKAUDIT_SHARED`, else `../shared`. `None` when it is not there.
pub fn shared() -> Option<PathBuf> {
    let path = std::env::var_os("SDKAUDIT_SHARED").map_or_else(|| root().join("../shared"), PathBuf::from);
    path.join("corpus").is_dir().then_some(path)
}

/// Reads an APK in memory.
pub fn read(bytes: &[u8]) -> Result<App, Error> {
    app::read_source("app.apk", Source::Memory(bytes.to_vec()), Options::default())
}

/// Reads a fixture that can be read, references and all. Its class-level prefixes are those of `set`.
pub fn app(apk: &ApkBuilder, set: &SignatureSet) -> App {
    let by_class = |package: &[u8]| set.holds_class_prefixes(package);
    let wanted = sdkaudit::detect::wanted();
    let options = Options { by_class: &by_class, wanted: Some(&wanted), bodies: Some(set), ..Options::default() };
    app::read_source("app.apk", Source::Memory(apk.build()), options).unwrap_or_else(|error| panic!("{error}"))
}

/// Reads a fixture without any signatures.
pub fn facts(apk: &ApkBuilder) -> App {
    read(&apk.build()).unwrap_or_else(|error| panic!("{error}"))
}

/// Audits a fixture against a policy's text.
pub fn audit(apk: &ApkBuilder, policy: &str, set: &SignatureSet) -> Audit {
    audit_with(apk, policy, set, &Levels::default())
}

/// Audits with severities of the user's own.
pub fn audit_with(apk: &ApkBuilder, policy: &str, set: &SignatureSet, levels: &Levels) -> Audit {
    let app = app(apk, set);
    let declaration = declared::read("policy.md", policy.as_bytes(), set).unwrap_or_else(|error| panic!("{error}"));
    audit::audit(&app, &Inventory::of(&app, set), &declaration, set, levels)
}

/// `rule severity subject line`, in the audit's order; `-` where a finding has no place in the document.
pub fn rows(audit: &Audit) -> Vec<String> {
    audit.findings.iter().map(row).collect()
}

/// One row of [`rows`].
pub fn row(finding: &Finding) -> String {
    let line = finding.declared.as_ref().map_or_else(|| "-".to_owned(), |place| place.at.line.to_string());
    format!("{} {} {} {line}", finding.rule.id(), finding.severity.id(), finding.subject)
}

/// `id presence`, in the inventory's order.
pub fn presences(inventory: &Inventory<'_>) -> Vec<String> {
    inventory.detections.iter().map(|found| format!("{} {:?}", found.sdk.id, found.presence)).collect()
}

/// `signal seen count entry` of one detection.
pub fn clues(detection: &Detection<'_>) -> Vec<String> {
    let row = |one: &sdkaudit::detect::Evidence| format!("{:?} {} {} {}", one.signal, one.seen, one.count, one.entry);
    detection.evidence.iter().map(row).collect()
}

/// The program in the repository's root, in English, in a UTF-8 locale, without a terminal.
pub fn program() -> assert_cmd::Command {
    let mut command = assert_cmd::Command::new(env!("CARGO_BIN_EXE_sdkaudit"));
    command.current_dir(root()).env_clear().env("LC_ALL", "C.UTF-8");
    command
}

/// What the program printed on standard output. Fails when it printed on standard error, or ended otherwise than with `code`.
pub fn stdout(arguments: &[&str], code: i32) -> String {
    let output = program().args(arguments).output().expect("the program runs");
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!((output.status.code(), stderr.as_ref()), (Some(code), ""), "{arguments:?}");
    String::from_utf8(output.stdout).expect("output is UTF-8")
}
