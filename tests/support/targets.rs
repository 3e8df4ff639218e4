//! One function per fuzz target: what is done with any bytes at all. Shared by `fuzz/` and by `tests/fuzzing.rs`, so that an input
//! that was found once runs for ever.
//!
//! A reader that the library keeps to itself is reached through an archive that is wrapped round the input, stored.

use super::zipfile::{Entry, Zip};
use super::{ApkBuilder, Value};
use sdkaudit::app::bytecode::{Bodies, Search, Wanted};
use sdkaudit::app::{self, Manifest, Options, Source, dex, manifest, xml};
use sdkaudit::audit::{Levels, lint};
use sdkaudit::declared::{self, canonical::Extraction};
use sdkaudit::detect::{self, Inventory};
use sdkaudit::report::json;
use sdkaudit::signatures::SignatureSet;
use std::sync::OnceLock;

/// What is done with an input.
pub type Target = fn(&[u8]);

/// All targets by name.
pub const TARGETS: [(&str, Target); 16] = [
    ("zip", zip),
    ("axml", axml),
    ("arsc", arsc),
    ("dex", dex_file),
    ("elf", elf),
    ("class", class),
    ("signing", signing),
    ("html", html),
    ("pdf", pdf),
    ("docx", docx),
    ("text", text),
    ("markdown", markdown),
    ("csv", csv),
    ("json", json_list),
    ("play", play),
    ("plist", plist),
];

fn wanted() -> &'static Wanted {
    static WANTED: OnceLock<Wanted> = OnceLock::new();
    WANTED.get_or_init(detect::wanted)
}

/// Reads an archive with everything on, and looks for SDKs in it.
fn whole_app(bytes: Vec<u8>) {
    let set = SignatureSet::builtin();
    let by_class = |package: &[u8]| set.holds_class_prefixes(package);
    let options = Options {
        by_class: &by_class,
        wanted: Some(wanted()),
        bodies: Some(set),
        libraries: true,
        hash: false,
        ..Options::default()
    };
    match app::read_source("app.apk", Source::Memory(bytes), options) {
        Ok(app) => drop(Inventory::of(&app, set)),
        Err(error) => assert!(!error.message.en.is_empty() && !error.message.zh.is_empty()),
    }
}

fn stored(name: &str, bytes: &[u8]) -> Entry {
    Entry::new(name, bytes).stored()
}

/// The manifest of an app without code, which asks the resource table for ids of the first two types.
fn host() -> Entry {
    static MANIFEST: OnceLock<Vec<u8>> = OnceLock::new();
    let bytes = MANIFEST.get_or_init(|| {
        let ids = [0x7f01_0001, 0x7f01_0002, 0x7f01_0003, 0x7f02_0000, 0x7f02_0001, 0x7f01_ffff, 0x0101_0000];
        let app = ApkBuilder::new("dev.host.app").version_name(Value::Reference(0x7f01_0000));
        let app = app.version_code(Value::Reference(0x7f02_0000));
        ids.iter().fold(app, |app, id| app.meta_data("KEY", Value::Reference(*id))).manifest()
    });
    stored("AndroidManifest.xml", bytes)
}

/// A whole archive: directory, local headers, tricks, signatures, and every reader behind it.
pub fn zip(bytes: &[u8]) {
    whole_app(bytes.to_vec());
}

/// Binary or text XML, and the manifest it makes.
pub fn axml(bytes: &[u8]) {
    if let Ok(events) = xml::read(bytes) {
        let _ = manifest::build(&events, &mut |id| (id & 1 == 0).then(|| format!("@{id:x}")));
    }
}

/// A resource table that a manifest refers to.
pub fn arsc(bytes: &[u8]) {
    whole_app(Zip::new().entry(host()).entry(stored("resources.arsc", bytes)).build());
}

/// Tables and code of a dex file.
pub fn dex_file(bytes: &[u8]) {
    let set = SignatureSet::builtin();
    let manifest = Manifest::default();
    let body_of = set.of_app(&manifest);
    let search = Search { wanted: wanted(), body_of: Some(&body_of) };
    drop(dex::read(bytes, &|package| set.holds_class_prefixes(package), Some(search)));
}

/// A native library.
pub fn elf(bytes: &[u8]) {
    whole_app(Zip::new().entry(host()).entry(stored("lib/arm64-v8a/libinput.so", bytes)).build());
}

/// A Java class in a JAR.
pub fn class(bytes: &[u8]) {
    whole_app(Zip::new().entry(stored("a/B.class", bytes)).build());
}

/// The signature of scheme 1, and the signing block of the later ones.
pub fn signing(bytes: &[u8]) {
    let mut zip = Zip::new().entry(host()).entry(stored("META-INF/CERT.SF", b"x"));
    zip = zip.entry(stored("META-INF/CERT.RSA", bytes));
    // The block frames itself: its size stands at both ends, so that the input is the pairs alone.
    let size = (bytes.len() as u64 + 24).to_le_bytes();
    zip.before_directory = [&size[..], bytes, &size, b"APK Sig Block 42"].concat();
    whole_app(zip.build());
}

/// Reads a policy, checks its list, and writes it as JSON.
fn document(name: &str, bytes: &[u8]) {
    let set = SignatureSet::builtin();
    match declared::read(name, bytes, set) {
        Ok(declaration) => {
            lint::lint(&declaration, set, &Levels::default());
            json::to_text(&Extraction::from(&declaration));
        }
        Err(error) => assert!(!error.message.en.is_empty() && !error.message.zh.is_empty()),
    }
}

/// A page.
pub fn html(bytes: &[u8]) {
    document("policy.html", bytes);
}

/// A PDF: first its text in a thread of its own, then that text as a list.
pub fn pdf(bytes: &[u8]) {
    if declared::is_pdf(bytes) {
        document("policy.pdf", bytes);
    }
}

/// A Word document; what is no archive is taken for the XML of its main part.
pub fn docx(bytes: &[u8]) {
    if bytes.starts_with(b"PK\x03\x04") {
        return document("policy.docx", bytes);
    }
    let styles = r#"<w:styles><w:style w:styleId="H"><w:name w:val="heading 2"/></w:style></w:styles>"#;
    let links = r#"<Relationships><Relationship Id="r1" Target="https://a.b/c"/></Relationships>"#;
    let zip = Zip::new().entry(stored("word/document.xml", bytes)).entry(stored("word/styles.xml", styles.as_bytes()));
    document("policy.docx", &zip.entry(stored("word/_rels/document.xml.rels", links.as_bytes())).build());
}

/// Plain text.
pub fn text(bytes: &[u8]) {
    document("policy.txt", bytes);
}

/// Markdown.
pub fn markdown(bytes: &[u8]) {
    document("policy.md", bytes);
}

/// Separated values.
pub fn csv(bytes: &[u8]) {
    document(if bytes.contains(&b'\t') { "policy.tsv" } else { "policy.csv" }, bytes);
}

/// Canonical JSON, a CycloneDX bill, a uni-app `manifest.json`.
pub fn json_list(bytes: &[u8]) {
    document("manifest.json", bytes);
}

/// Google Play's Data safety form.
pub fn play(bytes: &[u8]) {
    const HEAD: &[u8] = b"Question ID (machine readable),Response ID (machine readable),Response value,Answer requirement,Human-friendly question label\nPSL_DATA_TYPES_PERSONAL,PSL_NAME,true,MULTIPLE_CHOICE,Name\n";
    document("data_safety.csv", &[HEAD, bytes].concat());
}

/// Apple's privacy manifest, XML or binary.
pub fn plist(bytes: &[u8]) {
    document("PrivacyInfo.xcprivacy", bytes);
}
