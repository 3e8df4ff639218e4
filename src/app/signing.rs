//! Certificates that an app is signed with, by scheme. They are read, not verified: an installer refuses what does not fit.
//!
//! v1 is a PKCS #7 file beside the manifest of the jar (JAR File Specification, "Signed JAR File"); v2, v3 and v3.1 lie in the APK Signing
//! Block before the central directory (<https://source.android.com/docs/security/features/apksigning/v2>, …/v3, …/v3-1).

use super::bytes::{u32_at, u64_at};
use super::zip::{Archive, Buffers, Entry};
use cms::cert::CertificateChoices;
use cms::content_info::ContentInfo;
use cms::signed_data::{SignedData, SignerIdentifier};
use serde::Serialize;
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;
use x509_cert::Certificate as X509;
use x509_cert::der::{Decode, Encode};

/// The magic at the end of the signing block.
const MAGIC: &[u8; 16] = b"APK Sig Block 42";
/// Where signature files stand.
const FOLDER: &str = "META-INF/";
/// Magic and the block's second size.
const FOOTER: u64 = 24;
/// Id and length of a pair.
const PAIR_HEADER: usize = 12;
/// Largest signature that is read, in bytes; real ones have a few thousand.
const MAX_SIGNATURE: u64 = 1 << 20;
/// Pairs of a signing block that are looked at; real ones have three.
const MAX_PAIRS: usize = 64;
/// Android refuses more signers (apksig, `ApkSigningBlockUtils`).
const MAX_SIGNERS: usize = 10;

/// How a certificate is bound to the app.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub enum Scheme {
    /// Signature files in META-INF.
    #[serde(rename = "v1")]
    V1,
    /// APK Signature Scheme v2.
    #[serde(rename = "v2")]
    V2,
    /// APK Signature Scheme v3.
    #[serde(rename = "v3")]
    V3,
    /// APK Signature Scheme v3.1: the certificate that holds from Android 13 after a rotation.
    #[serde(rename = "v3.1")]
    V31,
    /// APK Signature Scheme v4: a file `.idsig` beside the app.
    #[serde(rename = "v4")]
    V4,
}

impl Scheme {
    /// The word used in JSON.
    pub fn id(self) -> &'static str {
        match self {
            Scheme::V1 => "v1",
            Scheme::V2 => "v2",
            Scheme::V3 => "v3",
            Scheme::V31 => "v3.1",
            Scheme::V4 => "v4",
        }
    }

    fn of_pair(id: u32) -> Option<Scheme> {
        match id {
            0x7109_871a => Some(Scheme::V2),
            0xf053_68c0 => Some(Scheme::V3),
            0x1b93_ad61 => Some(Scheme::V31),
            _ => None,
        }
    }
}

/// One signing certificate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Certificate {
    /// SHA-256 of its DER bytes, hex: what `apksigner verify --print-certs` prints.
    pub sha256: String,
    /// Its subject as RFC 4514 writes names; `None` where it is no readable X.509.
    pub subject: Option<String>,
    /// Schemes that name it, sorted.
    pub schemes: Vec<Scheme>,
}

/// What the file says about its signing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Signing {
    /// Certificates by digest; empty for an unsigned app.
    pub certificates: Vec<Certificate>,
    /// Schemes whose signature is there and cannot be read, sorted.
    pub unread: Vec<Scheme>,
    /// Parts of the app that are signed otherwise than its base: Android installs no such app. Sorted.
    pub unlike: Vec<String>,
}

impl Signing {
    fn add(&mut self, scheme: Scheme, der: &[u8]) {
        let sha256: String = Sha256::digest(der).iter().map(|byte| format!("{byte:02x}")).collect();
        if let Some(known) = self.certificates.iter_mut().find(|known| known.sha256 == sha256) {
            if !known.schemes.contains(&scheme) {
                known.schemes.push(scheme);
            }
            return;
        }
        let subject = X509::from_der(der).ok().map(|certificate| certificate.tbs_certificate.subject.to_string());
        self.certificates.push(Certificate { sha256, subject, schemes: vec![scheme] });
    }

    /// Compares what another part of the app is signed with: an installer takes no part of another signer.
    pub(super) fn compare(&mut self, other: &Signing, part: &str) {
        let digests =
            |signing: &Signing| -> Vec<String> { signing.certificates.iter().map(|one| one.sha256.clone()).collect() };
        if digests(self) != digests(other) || self.unread != other.unread {
            self.unlike.push(part.to_owned());
            self.unlike.sort();
        }
    }

    /// All schemes whose signature is there, sorted.
    pub fn schemes(&self) -> Vec<Scheme> {
        let named = self.certificates.iter().flat_map(|one| &one.schemes).chain(&self.unread);
        let schemes: BTreeSet<Scheme> = named.copied().collect();
        schemes.into_iter().collect()
    }

    /// Whether a certificate is the one that Android's build tools make for tests (`CN=Android Debug`).
    pub fn is_debug(&self) -> bool {
        let debug = |subject: &str| subject.split(',').any(|part| part.trim() == "CN=Android Debug");
        self.certificates.iter().any(|one| one.subject.as_deref().is_some_and(debug))
    }

    /// Whether v1 and v2 name different signers. From v3 on a signer may have changed its key (developer.android.com, "APK key
    /// rotation"), which is no contradiction.
    pub fn schemes_differ(&self) -> bool {
        let of = |scheme| -> Vec<&str> {
            let named = self.certificates.iter().filter(|one| one.schemes.contains(&scheme));
            named.map(|one| one.sha256.as_str()).collect()
        };
        let (first, second) = (of(Scheme::V1), of(Scheme::V2));
        !first.is_empty() && !second.is_empty() && first != second
    }

    /// Adds the scheme whose signature stands in a file of its own, `.idsig`.
    pub(super) fn add_beside(&mut self, idsig: &[u8]) {
        self.take(Scheme::V4, of_idsig(idsig).map(|certificate| vec![certificate]));
        self.settle();
    }

    fn settle(&mut self) {
        self.certificates.iter_mut().for_each(|certificate| certificate.schemes.sort());
        self.certificates.sort_by(|a, b| a.sha256.cmp(&b.sha256));
        self.unread.sort();
    }

    fn take(&mut self, scheme: Scheme, found: Option<Vec<Vec<u8>>>) {
        match found.filter(|certificates| !certificates.is_empty()) {
            Some(certificates) => certificates.iter().for_each(|der| self.add(scheme, der)),
            None if !self.unread.contains(&scheme) => self.unread.push(scheme),
            None => {}
        }
    }
}

/// Reads what all schemes say. Damage shows in [`Signing::unread`] and hides nothing else of the app.
pub fn read(archive: &Archive) -> Signing {
    let mut signing = Signing::default();
    let mut buffers = Buffers::default();
    for entry in archive.entries().iter().filter(|entry| is_signature(archive, entry)).take(MAX_SIGNERS) {
        let small = entry.size <= MAX_SIGNATURE && entry.compressed <= MAX_SIGNATURE;
        let bytes = small.then(|| archive.read(entry, &mut buffers).ok()).flatten();
        signing.take(Scheme::V1, bytes.and_then(of_pkcs7));
    }
    for (scheme, value) in pairs(archive) {
        signing.take(scheme, value.as_deref().and_then(of_block));
    }
    signing.settle();
    signing
}

/// `META-INF/CERT.RSA` with its `META-INF/CERT.SF`, in any case of letters.
fn is_signature(archive: &Archive, entry: &Entry) -> bool {
    block_stem(&entry.name).is_some_and(|stem| {
        let file = format!("{FOLDER}{stem}.SF");
        archive.entries().iter().any(|other| other.name.eq_ignore_ascii_case(&file))
    })
}

/// `CERT` of `META-INF/CERT.RSA`, in any case of letters.
pub fn block_stem(name: &str) -> Option<&str> {
    let (folder, file) = (name.get(..FOLDER.len())?, name.get(FOLDER.len()..)?);
    let (stem, kind) = file.rsplit_once('.').filter(|_| folder.eq_ignore_ascii_case(FOLDER))?;
    let known = ["RSA", "DSA", "EC"].iter().any(|known| kind.eq_ignore_ascii_case(known));
    (known && !stem.contains('/')).then_some(stem)
}

/// The certificate of each signer of a PKCS #7 signature, byte for byte as it stands there.
fn of_pkcs7(bytes: &[u8]) -> Option<Vec<Vec<u8>>> {
    let signed: SignedData = ContentInfo::from_der(bytes).ok()?.content.decode_as().ok()?;
    let certificates = signed.certificates?;
    let mut found = Vec::new();
    for signer in signed.signer_infos.0.iter().take(MAX_SIGNERS) {
        let SignerIdentifier::IssuerAndSerialNumber(id) = &signer.sid else { continue };
        let own = certificates.0.iter().find_map(|choice| match choice {
            CertificateChoices::Certificate(one) => {
                let tbs = &one.tbs_certificate;
                (tbs.issuer == id.issuer && tbs.serial_number == id.serial_number).then_some(one)
            }
            CertificateChoices::Other(_) => None,
        });
        let der = own.and_then(|certificate| certificate.to_der().ok())?;
        // A digest of other bytes than those of the file would be a lie.
        memchr::memmem::find(bytes, &der)?;
        found.push(der);
    }
    Some(found)
}

/// Signatures of the signing block; `None` for one that is too large or cut.
fn pairs(archive: &Archive) -> Vec<(Scheme, Option<Vec<u8>>)> {
    let (mut found, end) = (Vec::new(), archive.directory());
    let Some(start) = block_start(archive) else { return found };
    let (mut at, stop) = (start, end - FOOTER);
    for _ in 0..MAX_PAIRS {
        let mut header = [0; PAIR_HEADER];
        if at + PAIR_HEADER as u64 > stop || !reads(archive, at, &mut header) {
            break;
        }
        let (length, id) = (u64_at(&header, 0).unwrap_or(0), u32_at(&header, 8).unwrap_or(0));
        // The length counts the id.
        let Some(next) =
            at.checked_add(8).and_then(|at| at.checked_add(length)).filter(|next| *next <= stop && length >= 4)
        else {
            break;
        };
        if let Some(scheme) = Scheme::of_pair(id) {
            let size = length - 4;
            let mut value = vec![0; if size <= MAX_SIGNATURE { size as usize } else { 0 }];
            let whole = size <= MAX_SIGNATURE && reads(archive, at + PAIR_HEADER as u64, &mut value);
            found.push((scheme, whole.then_some(value)));
        }
        at = next;
    }
    found
}

/// Where the first pair begins: the block ends at the central directory, and says its size at both ends.
fn block_start(archive: &Archive) -> Option<u64> {
    let end = archive.directory();
    let mut footer = [0; FOOTER as usize];
    let has_footer = reads(archive, end.checked_sub(FOOTER)?, &mut footer) && &footer[8..] == MAGIC;
    let size = u64_at(&footer, 0).filter(|size| has_footer && *size >= FOOTER)?;
    // The size leaves out its own first field.
    let start = end.checked_sub(size)?;
    let mut first = [0; 8];
    (reads(archive, start.checked_sub(8)?, &mut first) && u64_at(&first, 0) == Some(size)).then_some(start)
}

fn reads(archive: &Archive, at: u64, buffer: &mut [u8]) -> bool {
    archive.source().read_at(at, buffer).is_ok_and(|length| length == buffer.len())
}

/// The first certificate of each signer; the others of its chain do not sign the app.
fn of_block(value: &[u8]) -> Option<Vec<Vec<u8>>> {
    let mut signers = prefixed(value)?.0;
    let mut found = Vec::new();
    while !signers.is_empty() && found.len() < MAX_SIGNERS {
        let (signer, rest) = prefixed(signers)?;
        let (signed_data, _) = prefixed(signer)?;
        let (_digests, after) = prefixed(signed_data)?;
        let (certificates, _) = prefixed(after)?;
        found.push(prefixed(certificates)?.0.to_vec());
        signers = rest;
    }
    Some(found)
}

/// The certificate of a v4 signature (AOSP frameworks/base core/java/android/util/apk, `V4Signature`): version 2, hashing information,
/// then signing information, of which the certificate is the second piece.
fn of_idsig(bytes: &[u8]) -> Option<Vec<u8>> {
    let body = bytes.get(4..).filter(|_| u32_at(bytes, 0) == Some(2))?;
    let (_hashing, rest) = prefixed(body)?;
    let (signing, _tree) = prefixed(rest)?;
    let (_apk_digest, rest) = prefixed(signing)?;
    let (certificate, _) = prefixed(rest)?;
    Some(certificate.to_vec())
}

/// A piece behind its length of four bytes, and what follows it.
fn prefixed(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let end = 4usize.checked_add(u32_at(bytes, 0)? as usize)?;
    Some((bytes.get(4..end)?, &bytes[end..]))
}
