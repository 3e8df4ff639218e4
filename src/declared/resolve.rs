//! Which SDK a record means.
//!
//! Clues, strongest first: declared package (exact, then in any case), name, alias, link host, vendor with purpose. A
//! package that is the root of several SDKs points to the one that another clue chooses. Where name or link says A and
//! the packages say only B, the record is A and its packages are foreign.

use super::names::{Named, Names};
use super::{Confidence, DeclaredSdk, Field, Located, Resolution, ResolvedBy, coordinate};
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
    let name = record.name.given().and_then(|name| named(record, &name.text, names));
    let hosts = link_sdks(record, set);
    let mut resolution = choose(record, &clues, name.as_ref(), &hosts, names);
    let contradicted = !resolution.foreign_packages.is_empty() || !resolution.candidates.is_empty();
    resolution.confidence = resolution.confidence.map(|one| if contradicted { one.lower() } else { one });
    resolution.miscased_packages = clues.iter().filter_map(|clue| Some((clue.index, clue.correct.clone()?))).collect();
    resolution
}

/// What a name says. Inside a push SDK's record the name of a phone maker means its push service.
fn named<'a>(record: &DeclaredSdk, name: &str, names: &Names<'a>) -> Option<Named<'a>> {
    let as_channel = || {
        let spelt = [format!("{name}推送"), format!("{name} Push")];
        let found = record.within.as_ref().and_then(|_| spelt.iter().find_map(|name| names.find(name)))?;
        Some(Named { confidence: found.confidence.lower(), ..found })
    };
    // "com.acme:push-core" is read as what it is, not as a name with others in it.
    if coordinate::is_one(name) {
        return None;
    }
    names.find(name).or_else(as_channel)
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
    if let Some((sdk, by, confidence)) = other {
        let agreeing: Vec<&PackageClue> =
            clues.iter().filter(|clue| clue.candidates.iter().any(|c| is_same_family(c, sdk))).collect();
        if !agreeing.is_empty() {
            return agreed((sdk, by, confidence), &agreeing, clues);
        }
        let foreign: Vec<(usize, String)> =
            clues.iter().filter_map(|clue| Some((clue.index, clue.says?.id.clone()))).collect();
        if !foreign.is_empty() && is_sure(name, by, hosts) {
            return Resolution { foreign_packages: foreign, ..found((sdk, by, confidence), Vec::new()) };
        }
    }
    by_package(record, clues, names)
        .or_else(|| other.map(|clue| found(clue, also(hosts, clue.0))))
        .or_else(|| by_coordinate(record, names))
        .unwrap_or_else(|| {
            let fitting = fitting(record, names, |_| true);
            match fitting.as_slice() {
                [only] => found((only, ResolvedBy::Vendor, Confidence::Low), Vec::new()),
                several => undecided(record, clues, hosts, (names, several)),
            }
        })
}

/// An SDK, what says it, and how surely.
type Clue<'a> = (&'a Sdk, ResolvedBy, Confidence);

/// Several SDKs fit and nothing chooses: those of the strongest clue that names any, decided for none.
fn undecided(
    record: &DeclaredSdk,
    clues: &[PackageClue],
    hosts: &[&Sdk],
    (names, of_vendor): (&Names, &[&Sdk]),
) -> Resolution {
    let by_package = || ids(clues.iter().flat_map(|clue| clue.candidates.iter().copied()));
    let by_name = || {
        let name = record.name.given().map(|name| names.candidates(&name.text));
        ids(name.into_iter().flatten())
    };
    let by_vendor = || ids(of_vendor.iter().copied());
    let by_host = || ids(hosts.iter().copied());
    let all: [&dyn Fn() -> Vec<String>; 4] = [&by_package, &by_name, &by_host, &by_vendor];
    let candidates = all.iter().map(|clue| clue()).find(|found| !found.is_empty()).unwrap_or_default();
    Resolution { candidates, ..Resolution::default() }
}

/// A name that is a build coordinate.
fn by_coordinate(record: &DeclaredSdk, names: &Names) -> Option<Resolution> {
    let (sdk, confidence) = coordinate::find(&record.name.given()?.text, names)?;
    Some(found((sdk, ResolvedBy::Coordinate, confidence), Vec::new()))
}

/// What name or link says.
fn other_clue<'a>(name: Option<&Named<'a>>, hosts: &[&'a Sdk]) -> Option<Clue<'a>> {
    let by_name = name.map(|named| {
        let by = if named.kind == NameKind::Name { ResolvedBy::Name } else { ResolvedBy::Alias };
        (named.sdk, by, named.confidence)
    });
    let by_link = if let [only] = hosts { Some((*only, ResolvedBy::LinkHost, Confidence::Low)) } else { None };
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
fn agreed((sdk, by, confidence): Clue, agreeing: &[&PackageClue], clues: &[PackageClue]) -> Resolution {
    let alone = agreeing.iter().filter(|clue| clue.says.is_some_and(|said| said.id == sdk.id));
    let clue = match alone.map(|clue| clue.correct.is_none()).max() {
        Some(true) => (sdk, ResolvedBy::Package, Confidence::High),
        Some(false) => (sdk, ResolvedBy::PackageFolded, confidence.max(Confidence::Medium)),
        None => (sdk, by, confidence),
    };
    // What the other packages clearly say; a root of several SDKs and a package of the family say nothing more.
    let others = clues.iter().filter_map(|clue| clue.says);
    found(clue, ids(others.filter(|other| !is_same_family(other, sdk))))
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
    let by = |clue: &PackageClue| match clue.correct {
        None => (ResolvedBy::Package, Confidence::High),
        Some(_) => (ResolvedBy::PackageFolded, Confidence::Medium),
    };
    let mut clear: Vec<((ResolvedBy, Confidence), &PackageClue)> =
        clues.iter().filter(|clue| clue.says.is_some()).map(|clue| (by(clue), clue)).collect();
    clear.sort_by_key(|((by, _), clue)| (*by, clue.index));
    if let Some(((by, confidence), clue)) = clear.first() {
        let sdk = clue.says?;
        let others = clear.iter().filter_map(|(_, clue)| clue.says).filter(|other| !is_same_family(other, sdk));
        return Some(found((sdk, *by, *confidence), ids(others)));
    }
    let candidates: Vec<&Sdk> = clues.iter().flat_map(|clue| clue.candidates.iter().copied()).collect();
    let [sdk] = *fitting(record, names, |sdk| candidates.iter().any(|one| one.id == sdk.id)) else { return None };
    let others = ids(candidates.into_iter().filter(|other| other.id != sdk.id));
    Some(found((sdk, ResolvedBy::Vendor, Confidence::Low), others))
}

fn found((sdk, by, confidence): Clue, candidates: Vec<String>) -> Resolution {
    let sdk = Some(sdk.id.clone());
    Resolution { sdk, by: Some(by), confidence: Some(confidence), candidates, ..Resolution::default() }
}

/// SDKs of other vendors that the links point to, where no link fits the chosen one: vendors have one policy for all.
fn also(sdks: &[&Sdk], chosen: &Sdk) -> Vec<String> {
    let same = |sdk: &&Sdk| sdk.vendor.en == chosen.vendor.en || is_same_family(sdk, chosen);
    if sdks.iter().any(same) { Vec::new() } else { ids(sdks.iter().copied()) }
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

/// Those of the SDKs that `may` be it whose vendor the record names and whose main purpose it describes.
fn fitting<'a>(record: &DeclaredSdk, names: &Names<'a>, may: impl Fn(&Sdk) -> bool) -> Vec<&'a Sdk> {
    let Some(vendor) = record.vendor.given().map(|vendor| fold_name(&vendor.text)) else { return Vec::new() };
    let purposes = purposes(record);
    let described = |sdk: &Sdk| sdk.categories.first().is_some_and(|main| purposes.contains(main));
    let all = names.vendors().iter();
    let fits = |(sdk, known): &&(&'a Sdk, [String; 2])| {
        described(sdk) && may(sdk) && known.iter().any(|known| is_vendor(&vendor, known))
    };
    all.filter(fits).map(|(sdk, _)| *sdk).collect()
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
