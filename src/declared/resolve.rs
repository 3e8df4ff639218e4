//! Which SDK a record means.
//!
//! Clues, strongest first: declared package (exact, then in any case), name, alias, link host, vendor with purpose. A
//! package that is the root of several SDKs points to the one that another clue chooses. Where name or link says A and
//! the packages say only B, the record is A and its packages are foreign.

use super::names::{Named, Names};
use super::{DeclaredSdk, Field, Located, Resolution, ResolvedBy};
use crate::package::is_at_or_below;
use crate::signatures::{Category, NameKind, Sdk, SignatureSet, fold_name};

/// What one declared package says.
struct PackageClue<'a> {
    index: usize,
    /// SDKs it can mean, by id: the one whose prefix covers it, and those below it.
    candidates: Vec<&'a Sdk>,
    /// The SDK that it names clearly: the one whose prefix covers it, or the only one below it.
    says: Option<&'a Sdk>,
    /// The right spelling, when it only matches in another case.
    correct: Option<String>,
}

/// Resolves one record.
pub(super) fn resolve(record: &DeclaredSdk, names: &Names) -> Resolution {
    let set = names.set();
    let packages = items(&record.packages);
    let clues: Vec<PackageClue> =
        packages.iter().enumerate().filter_map(|(index, package)| clue(index, &package.text, set)).collect();
    let name = record.name.given().and_then(|name| names.find(&name.text));
    let hosts = link_sdks(record, set);
    let mut resolution = choose(record, &clues, name.as_ref(), &hosts, names);
    resolution.miscased_packages = clues.iter().filter_map(|clue| Some((clue.index, clue.correct.clone()?))).collect();
    resolution
}

fn items(field: &Field<Vec<Located>>) -> &[Located] {
    field.given().map_or(&[], Vec::as_slice)
}

fn choose<'a>(
    record: &DeclaredSdk,
    clues: &[PackageClue<'a>],
    name: Option<&Named<'a>>,
    hosts: &[&'a Sdk],
    names: &Names<'a>,
) -> Resolution {
    let other = other_clue(name, hosts);
    if let Some((sdk, by)) = other {
        let agreeing: Vec<&PackageClue> =
            clues.iter().filter(|clue| clue.candidates.iter().any(|c| is_same_family(c, sdk))).collect();
        if !agreeing.is_empty() {
            return agreed(sdk, by, &agreeing, clues);
        }
        let foreign: Vec<(usize, String)> =
            clues.iter().filter_map(|clue| Some((clue.index, clue.says?.id.clone()))).collect();
        if !foreign.is_empty() && is_sure(name, by, hosts) {
            return Resolution {
                sdk: Some(sdk.id.clone()),
                by: Some(by),
                foreign_packages: foreign,
                ..Resolution::default()
            };
        }
    }
    by_package(record, clues, names)
        .or_else(|| other.map(|(sdk, by)| found(sdk, by, also(hosts, sdk))))
        .or_else(|| by_vendor(record, names))
        .unwrap_or_else(|| {
            // Several SDKs fit and nothing chooses: name them all, decide for none.
            Resolution {
                also: ids(clues.iter().flat_map(|clue| clue.candidates.iter().copied()).chain(hosts.iter().copied())),
                ..Resolution::default()
            }
        })
}

/// What name or link says.
fn other_clue<'a>(name: Option<&Named<'a>>, hosts: &[&'a Sdk]) -> Option<(&'a Sdk, ResolvedBy)> {
    let by_name = name.map(|named| {
        let by = if named.kind == NameKind::Name { ResolvedBy::Name } else { ResolvedBy::Alias };
        (named.sdk, by)
    });
    let by_link = if let [only] = hosts { Some((*only, ResolvedBy::LinkHost)) } else { None };
    by_name.or(by_link)
}

/// A name that says little else, or the only clue there is: a link. A known name somewhere inside a long one does not
/// stand against a package.
fn is_sure(name: Option<&Named>, by: ResolvedBy, hosts: &[&Sdk]) -> bool {
    match by {
        ResolvedBy::LinkHost => hosts.len() == 1,
        _ => name.is_some_and(|named| named.sure),
    }
}

/// Name or link and at least one package agree on `sdk`.
fn agreed(sdk: &Sdk, by: ResolvedBy, agreeing: &[&PackageClue], clues: &[PackageClue]) -> Resolution {
    let alone = agreeing.iter().filter(|clue| clue.says.is_some_and(|said| said.id == sdk.id));
    let by = match alone.map(|clue| clue.correct.is_none()).max() {
        Some(true) => ResolvedBy::Package,
        Some(false) => ResolvedBy::PackageFolded,
        None => by,
    };
    // What the other packages clearly say; a root of several SDKs says nothing more.
    let others = clues.iter().filter_map(|clue| clue.says);
    found(sdk, by, ids(others.filter(|other| other.id != sdk.id)))
}

/// One is the other, its product line, or a part of it; or one brings the other along.
fn is_same_family(candidate: &Sdk, sdk: &Sdk) -> bool {
    let brings = |a: &Sdk, b: &Sdk| {
        b.detect
            .packages
            .iter()
            .any(|package| a.detect.companions.iter().any(|companion| is_at_or_below(package, companion)))
    };
    candidate.id == sdk.id
        || candidate.part_of.as_deref() == Some(sdk.id.as_str())
        || sdk.part_of.as_deref() == Some(candidate.id.as_str())
        || brings(sdk, candidate)
        || brings(candidate, sdk)
}

/// The packages alone: the first one that says one SDK clearly, else a root whose SDKs the vendor and purpose narrow down.
fn by_package(record: &DeclaredSdk, clues: &[PackageClue], names: &Names) -> Option<Resolution> {
    let by = |clue: &PackageClue| if clue.correct.is_none() { ResolvedBy::Package } else { ResolvedBy::PackageFolded };
    let mut clear: Vec<(ResolvedBy, &PackageClue)> =
        clues.iter().filter(|clue| clue.says.is_some()).map(|clue| (by(clue), clue)).collect();
    clear.sort_by_key(|(by, clue)| (*by, clue.index));
    if let Some((by, clue)) = clear.first() {
        let sdk = clue.says?;
        let others = clear.iter().filter_map(|(_, clue)| clue.says).filter(|other| other.id != sdk.id);
        return Some(found(sdk, *by, ids(others)));
    }
    let candidates: Vec<&Sdk> = clues.iter().flat_map(|clue| clue.candidates.iter().copied()).collect();
    let sdk = only_fitting(record, names, |sdk| candidates.iter().any(|one| one.id == sdk.id))?;
    Some(found(sdk, ResolvedBy::Vendor, ids(candidates.into_iter().filter(|other| other.id != sdk.id))))
}

fn found(sdk: &Sdk, by: ResolvedBy, also: Vec<String>) -> Resolution {
    Resolution { sdk: Some(sdk.id.clone()), by: Some(by), also, ..Resolution::default() }
}

fn also(sdks: &[&Sdk], chosen: &Sdk) -> Vec<String> {
    ids(sdks.iter().copied().filter(|sdk| sdk.id != chosen.id))
}

fn ids<'a>(sdks: impl Iterator<Item = &'a Sdk>) -> Vec<String> {
    let mut ids: Vec<String> = sdks.map(|sdk| sdk.id.clone()).collect();
    ids.sort_unstable();
    ids.dedup();
    ids
}

fn clue<'a>(index: usize, package: &str, set: &'a SignatureSet) -> Option<PackageClue<'a>> {
    let exact = candidates(package, set);
    if !exact.is_empty() {
        return Some(PackageClue { index, says: says(package, &exact, set), candidates: exact, correct: None });
    }
    let correct = set.correct_case(package).filter(|correct| correct != package)?;
    let candidates = candidates(&correct, set);
    let says = says(&correct, &candidates, set);
    (!candidates.is_empty()).then_some(PackageClue { index, candidates, says, correct: Some(correct) })
}

fn says<'a>(package: &str, candidates: &[&'a Sdk], set: &'a SignatureSet) -> Option<&'a Sdk> {
    match candidates {
        [only] => Some(*only),
        _ => set.by_package(package),
    }
}

fn candidates<'a>(package: &str, set: &'a SignatureSet) -> Vec<&'a Sdk> {
    let mut found = set.under_package(package);
    if let Some(sdk) = set.by_package(package).filter(|sdk| found.iter().all(|other| other.id != sdk.id)) {
        found.push(sdk);
    }
    // A single segment ("com", "cn") is the root of too many to say anything.
    if package.contains('.') || found.len() == 1 { found } else { Vec::new() }
}

/// SDKs that the hosts of the record's links point to and whose purpose the record does not contradict, each once, by id.
fn link_sdks<'a>(record: &DeclaredSdk, set: &'a SignatureSet) -> Vec<&'a Sdk> {
    let said = purposes(record);
    let fits = |sdk: &&Sdk| said.is_empty() || sdk.categories.iter().any(|category| said.contains(category));
    let hosts = items(&record.links).iter().filter_map(|link| host(&link.text));
    let mut found: Vec<&Sdk> = hosts.flat_map(|host| set.by_host(&host)).filter(fits).collect();
    found.sort_by(|a, b| a.id.cmp(&b.id));
    found.dedup_by(|a, b| a.id == b.id);
    found
}

fn host(link: &str) -> Option<String> {
    let rest = link.split_once("://").map_or(link, |(_, rest)| rest);
    let host = rest.split(['/', '?', '#', ':']).next()?.rsplit('@').next()?;
    (!host.is_empty()).then(|| host.to_ascii_lowercase())
}

/// Vendor and purpose together, when exactly one SDK fits.
fn by_vendor(record: &DeclaredSdk, names: &Names) -> Option<Resolution> {
    only_fitting(record, names, |_| true).map(|sdk| found(sdk, ResolvedBy::Vendor, Vec::new()))
}

/// The only one of the SDKs that `may` be it whose vendor the record names and whose main purpose it describes.
fn only_fitting<'a>(record: &DeclaredSdk, names: &Names<'a>, may: impl Fn(&Sdk) -> bool) -> Option<&'a Sdk> {
    let vendor = fold_name(&record.vendor.given()?.text);
    let purposes = purposes(record);
    let described = |sdk: &Sdk| sdk.categories.first().is_some_and(|main| purposes.contains(main));
    let all = names.vendors().iter();
    let mut fitting = all
        .filter(|(sdk, known)| described(sdk) && may(sdk) && known.iter().any(|known| is_vendor(&vendor, known)))
        .map(|(sdk, _)| *sdk);
    let first = fitting.next()?;
    fitting.all(|other| other.id == first.id).then_some(first)
}

/// Whether a folded company name is the known one: the same, or one without the place or legal form of the other.
fn is_vendor(vendor: &str, known: &str) -> bool {
    const SHORTEST: usize = 4;
    let (short, long) = if known.len() < vendor.len() { (known, vendor) } else { (vendor, known) };
    short == long || (short.chars().count() >= SHORTEST && long.contains(short))
}

/// The purposes that the record's name and purpose speak of.
fn purposes(record: &DeclaredSdk) -> Vec<Category> {
    const WORDS: &[(Category, &[&str])] = &[
        (Category::Push, &["推送", "push", "notification"]),
        (Category::Advertising, &["广告", "advert", "monetiz"]),
        (Category::Analytics, &["统计", "数据分析", "analytic", "statistic"]),
        (Category::Attribution, &["归因", "attribution"]),
        (Category::CrashReporting, &["崩溃", "异常上报", "crash"]),
        (Category::Map, &["地图", "map"]),
        (Category::Location, &["定位", "positioning"]),
        (Category::Payment, &["支付", "payment", "checkout"]),
        (Category::Login, &["登录", "登陆", "login", "sign-in"]),
        (Category::Sharing, &["分享", "share to", "sharing to"]),
        (Category::AudioVideo, &["音视频", "直播", "live stream", "video call"]),
        (Category::Messaging, &["即时通讯", "instant messag"]),
        (Category::CustomerService, &["客服", "customer service"]),
        (Category::RiskControl, &["风控", "反作弊", "反欺诈", "risk control", "anti-fraud"]),
        (Category::IdentityVerification, &["实名", "人脸", "活体", "face verification", "identity verification"]),
        (Category::Speech, &["语音识别", "语音合成", "speech"]),
        (Category::Identification, &["设备标识", "oaid", "device identif"]),
    ];
    let said: Vec<&str> = [&record.name, &record.purpose]
        .into_iter()
        .filter_map(|field| field.given())
        .map(|located| located.text.as_str())
        .collect();
    let text = said.join(" ").to_lowercase();
    WORDS
        .iter()
        .filter(|(_, words)| words.iter().any(|word| text.contains(word)))
        .map(|(category, _)| *category)
        .collect()
}
