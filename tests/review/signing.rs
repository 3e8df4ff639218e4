//! Signing certificates: of the sample, of blocks written here, damaged in every way, and as `apksigner` prints them.

use crate::support::oracle;
use crate::support::run::{host, program, read, root, shared};
use crate::support::zipfile::Zip;
use crate::support::{ApkBuilder, bundle};
use crate::{run, tool};
use sdkaudit::app::signing::{Certificate, Scheme, Signing};
use std::fs;

/// The sample's certificate, taken out of its v2 block by its own length fields.
fn certificate() -> Vec<u8> {
    let bytes = fs::read(root().join("samples/meterpay.apk")).expect("sample");
    let magic = bytes.windows(16).rposition(|window| window == b"APK Sig Block 42").expect("a signing block");
    let id = bytes[..magic].windows(4).rposition(|window| window == 0x7109_871a_u32.to_le_bytes()).expect("v2");
    let at = |at: usize| u32::from_le_bytes(bytes[at..at + 4].try_into().expect("four bytes")) as usize;
    // signers, signer, signed data, then the digests.
    let digests = id + 4 + 12;
    let certificates = digests + 4 + at(digests);
    bytes[certificates + 8..certificates + 8 + at(certificates + 4)].to_vec()
}

fn prefixed(parts: &[&[u8]]) -> Vec<u8> {
    let body = parts.concat();
    [&u32::try_from(body.len()).expect("short").to_le_bytes()[..], &body].concat()
}

/// One signer with these certificates.
fn signer(certificates: &[&[u8]]) -> Vec<u8> {
    let certificates: Vec<Vec<u8>> = certificates.iter().map(|one| prefixed(&[one])).collect();
    let certificates: Vec<&[u8]> = certificates.iter().map(Vec::as_slice).collect();
    let signed_data = prefixed(&[&prefixed(&[b"digests"]), &prefixed(&certificates), &prefixed(&[])]);
    prefixed(&[&signed_data, &prefixed(&[b"signatures"]), &prefixed(&[b"key"])])
}

fn block(pairs: &[(u32, Vec<u8>)]) -> Vec<u8> {
    let mut body = Vec::new();
    for (id, value) in pairs {
        body.extend((value.len() as u64 + 4).to_le_bytes());
        body.extend(id.to_le_bytes());
        body.extend(value);
    }
    let size = (body.len() as u64 + 24).to_le_bytes();
    [&size[..], &body, &size, b"APK Sig Block 42"].concat()
}

fn with_block(block: Vec<u8>) -> Vec<u8> {
    Zip { before_directory: block, ..host().zip() }.build()
}

fn signing(bytes: &[u8]) -> Signing {
    read(bytes).unwrap_or_else(|error| panic!("{error}")).signing
}

const V2: u32 = 0x7109_871a;
const V3: u32 = 0xf053_68c0;
const V31: u32 = 0x1b93_ad61;

#[test]
fn every_scheme_names_its_certificates() {
    assert_eq!(signing(&host().build()), Signing::default(), "unsigned");
    let der = certificate();
    let signers = |certificates: &[&[u8]]| prefixed(&[&signer(certificates)]);
    let found = signing(&with_block(block(&[
        (0x4272_6577, vec![0; 100]),
        (V2, signers(&[&der, b"its issuer"])),
        (V3, prefixed(&[&signer(&[&der]), &signer(&[b"a second signer"])])),
        (V31, signers(&[b"rotated"])),
    ])));
    let schemes: Vec<(bool, &[Scheme])> =
        found.certificates.iter().map(|one| (one.subject.is_some(), one.schemes.as_slice())).collect();
    assert_eq!(schemes.len(), 3);
    assert!(schemes.contains(&(true, &[Scheme::V2, Scheme::V3])), "{schemes:?}");
    assert!(schemes.contains(&(false, &[Scheme::V3])) && schemes.contains(&(false, &[Scheme::V31])), "{schemes:?}");
    assert!(found.unread.is_empty() && found.certificates.is_sorted_by(|a, b| a.sha256 < b.sha256));
}

#[test]
fn the_sample_is_signed_in_two_schemes() {
    let found = signing(&fs::read(root().join("samples/meterpay.apk")).expect("sample"));
    let subject = Some("CN=sdkaudit sample test key,O=Brightwell Metering (invented)".to_owned());
    let sha256 = "1eff214891bf654586ccd4065f4e5f403f7d81c93473ebc86d1553e76df99b79".to_owned();
    assert_eq!(found.certificates, [Certificate { sha256, subject, schemes: vec![Scheme::V1, Scheme::V2] }]);
}

#[test]
fn damage_hides_nothing_else_and_ends() {
    let der = certificate();
    let good = block(&[(V2, prefixed(&[&signer(&[&der])])), (V3, prefixed(&[&signer(&[&der])]))]);
    assert_eq!(signing(&with_block(good.clone())).certificates.len(), 1);
    // Every length field, at its extremes; every byte of the headers turned.
    for at in (0..good.len()).filter(|at| *at < 120 || *at + 40 > good.len()) {
        for wrong in [0x00, 0x7f, 0xff, good[at] ^ 1] {
            let mut block = good.clone();
            block[at] = wrong;
            let app = read(&with_block(block)).unwrap_or_else(|error| panic!("{error}"));
            assert_eq!(app.manifest.application_id, "dev.host.app");
        }
    }
    for end in 0..good.len() {
        signing(&with_block(good[..end].to_vec()));
        signing(&with_block(good[end..].to_vec()));
    }
    let unread = |value: Vec<u8>| signing(&with_block(block(&[(V2, value)]))).unread;
    for value in [vec![], vec![0xff; 8], prefixed(&[]), prefixed(&[&prefixed(&[&prefixed(&[])])])] {
        assert_eq!(unread(value.clone()), [Scheme::V2], "{value:?}");
    }
    // Larger than any signature: nothing that large is allocated or read.
    assert_eq!(unread(vec![0; (1 << 20) + 1]), [Scheme::V2]);
}

#[test]
fn broken_signature_files_are_named() {
    let sample = fs::read(root().join("samples/meterpay.apk")).expect("sample");
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(sample)).expect("zip");
    let mut rsa = Vec::new();
    std::io::copy(&mut archive.by_name("META-INF/TEST.RSA").expect("entry"), &mut rsa).expect("read");
    let apk =
        |name: &str, bytes: &[u8], file: &str| signing(&host().file(name, bytes.to_vec()).file(file, "x").build());
    let good = apk("META-INF/TEST.RSA", &rsa, "META-INF/TEST.SF");
    assert_eq!((good.certificates.len(), good.unread.len()), (1, 0));
    assert_eq!(apk("meta-inf/test.rsa", &rsa, "META-INF/TEST.sf"), good, "letters in any case");
    // Without its .SF it signs nothing; deeper in it is just a file.
    assert_eq!(apk("META-INF/TEST.RSA", &rsa, "META-INF/OTHER.SF"), Signing::default());
    assert_eq!(apk("META-INF/a/TEST.RSA", &rsa, "META-INF/a/TEST.SF"), Signing::default());
    for end in (0..rsa.len()).step_by(7) {
        let cut = apk("META-INF/TEST.RSA", &rsa[..end], "META-INF/TEST.SF");
        assert_eq!((cut.certificates.len(), cut.unread.as_slice()), (0, &[Scheme::V1][..]), "{end}");
    }
    for at in (0..rsa.len()).step_by(3) {
        let mut turned = rsa.clone();
        turned[at] ^= 0x81;
        apk("META-INF/TEST.RSA", &turned, "META-INF/TEST.SF");
    }
}

#[test]
fn another_key_is_a_new_certificate() {
    let folder = tempfile::TempDir::new().expect("folder");
    let signed = |certificate: &[u8]| with_block(block(&[(V2, prefixed(&[&signer(&[certificate])]))]));
    fs::write(folder.path().join("old.apk"), signed(&certificate())).expect("written");
    fs::write(folder.path().join("new.apk"), signed(b"another")).expect("written");
    let ran = run(folder.path(), &["compare", "old.apk", "new.apk", "-f", "json", "--fail-on-new", "error"]);
    let changes = ran.json()["changes"].clone();
    let row = |at: usize| {
        let word = |key: &str| changes[at][key].as_str().unwrap_or("-").to_owned();
        ["change", "kind", "severity", "name"].map(word).join(" ")
    };
    assert_eq!(ran.code, Some(1));
    assert_eq!(row(0), "added certificate error -");
    assert_eq!(row(1), "removed certificate note CN=sdkaudit sample test key,O=Brightwell Metering (invented)");
    assert_eq!(changes.as_array().map(Vec::len), Some(2));
}

/// Every app of the corpus, and the sample, against Android's own tool.
#[test]
fn apksigner_prints_the_same_digests() {
    let mut apps = vec![root().join("samples/meterpay.apk")];
    match shared() {
        Some(shared) => {
            let folder = fs::read_dir(shared.join("corpus/apk")).expect("corpus");
            apps.extend(folder.map(|entry| entry.expect("entry").path()));
        }
        None => oracle::skipped("the corpus of apps is not there"),
    }
    let mut held = 0;
    for path in apps {
        let Some(said) = tool("apksigner", &["verify", "--print-certs", path.to_str().expect("UTF-8")]) else {
            return;
        };
        let lines = said.stdout.lines().filter_map(|line| line.split_once("certificate SHA-256 digest: "));
        let mut wanted: Vec<&str> = lines.map(|(_, digest)| digest).collect();
        wanted.sort_unstable();
        wanted.dedup();
        if wanted.is_empty() {
            continue;
        }
        let found = signing(&fs::read(&path).expect("readable"));
        let digests: Vec<&str> = found.certificates.iter().map(|one| one.sha256.as_str()).collect();
        assert_eq!(digests, wanted, "{}", path.display());
        assert!(
            found.unread.is_empty() && found.certificates.iter().all(|one| one.subject.is_some()),
            "{}",
            path.display()
        );
        held += 1;
    }
    assert!(held >= 1, "apksigner prints no digest");
}

/// `inspect` of an app in a folder of its own, with what stands beside it.
fn inspected(apk: &[u8], idsig: Option<&[u8]>, more: &[&str]) -> String {
    let dir = tempfile::tempdir().expect("folder");
    let path = dir.path().join("app.apk");
    fs::write(&path, apk).expect("written");
    if let Some(bytes) = idsig {
        fs::write(dir.path().join("app.apk.idsig"), bytes).expect("written");
    }
    let output = program().arg("inspect").arg(&path).args(more).output().expect("runs");
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    String::from_utf8(output.stdout).expect("UTF-8")
}

#[test]
fn a_signature_beside_the_app_is_scheme_four() {
    let der = certificate();
    let apk = with_block(block(&[(V2, prefixed(&[&signer(&[&der])]))]));
    let signing = prefixed(&[&prefixed(&[b"digest"]), &prefixed(&[&der]), &prefixed(&[]), &prefixed(&[b"key"])]);
    let idsig = [&2u32.to_le_bytes()[..], &prefixed(&[b"hashing"]), &signing, &prefixed(&[&[0; 4096]])].concat();
    let json: serde_json::Value =
        serde_json::from_str(&inspected(&apk, Some(&idsig), &["--format", "json"])).expect("JSON");
    let signing = &json["apps"][0]["signing"];
    assert_eq!((&signing["schemes"], &signing["unread"]), (&serde_json::json!(["v2", "v4"]), &serde_json::json!([])));
    assert_eq!(signing["certificates"].as_array().map(Vec::len), Some(1), "the same certificate");
    // Cut, it is there and says nothing.
    let json: serde_json::Value =
        serde_json::from_str(&inspected(&apk, Some(&idsig[..40]), &["--format", "json"])).expect("JSON");
    assert_eq!(json["apps"][0]["signing"]["unread"], serde_json::json!(["v4"]));
}

#[test]
fn the_block_tells_which_build_was_read() {
    let der = certificate();
    let apk = with_block(block(&[(V2, prefixed(&[&signer(&[&der])])), (V3, prefixed(&[&signer(&[b"rotated"])]))]));
    let english = inspected(&apk, None, &[]);
    assert!(english.contains("Signing (v2, v3)\n") && english.contains("  CN=sdkaudit sample test key"), "{english}");
    assert!(english.contains("  no readable X.509\n") && !english.contains("different certificates"), "{english}");
    let chinese = inspected(&host().build(), None, &["--lang", "zh"]);
    assert!(chinese.contains("签名：无\n"), "{chinese}");
}

#[test]
fn what_does_not_fit_together_is_told() {
    let named = |subject: &str, sha256: &str, schemes: &[Scheme]| Certificate {
        sha256: sha256.to_owned(),
        subject: Some(subject.to_owned()),
        schemes: schemes.to_vec(),
    };
    let of = |certificates: Vec<Certificate>| Signing { certificates, ..Signing::default() };
    assert!(of(vec![named("C=US,O=Android,CN=Android Debug", "a", &[Scheme::V1])]).is_debug());
    assert!(!of(vec![named("CN=Android Debugging Ltd", "a", &[Scheme::V1])]).is_debug());
    let (old, new) = (named("CN=A", "a", &[Scheme::V1]), named("CN=B", "b", &[Scheme::V2, Scheme::V3]));
    assert!(of(vec![old.clone(), new.clone()]).schemes_differ());
    let rotated = named("CN=B", "b", &[Scheme::V3]);
    let kept = named("CN=A", "a", &[Scheme::V1, Scheme::V2]);
    assert!(!of(vec![kept, rotated.clone()]).schemes_differ(), "a new key from v3 on is no contradiction");
    assert_eq!(of(vec![new, rotated, old]).schemes(), [Scheme::V1, Scheme::V2, Scheme::V3]);
}

#[test]
fn parts_of_another_signer_are_named() {
    let signed = |der: &[u8], apk: &ApkBuilder| {
        Zip { before_directory: block(&[(V2, prefixed(&[&signer(&[der])]))]), ..apk.zip() }.build()
    };
    let der = certificate();
    let zip = bundle::parts().iter().fold(Zip::new(), |zip, (name, apk)| {
        let by: &[u8] = if *name == "split_chat" { b"a stranger" } else { &der };
        zip.file(&format!("{name}.apk"), signed(by, apk))
    });
    let found = signing(&zip.build());
    assert_eq!((found.unlike, found.certificates.len()), (vec!["split_chat.apk".to_owned()], 1));
}
