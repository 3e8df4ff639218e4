//! Real vendor archives: each yields exactly the SDKs it carries, and all of its code is somebody's.
//!
//! The archives are third parties' files beside the repository (`../shared/corpus/vendor`); without them the test says so.

use sdkaudit::signatures::SignatureSet;
use std::collections::{BTreeMap, BTreeSet};
use std::io::{Cursor, Read, Seek};
use std::path::Path;

/// One line of the table.
type Row = (&'static str, &'static [(&'static str, usize)], usize, &'static str);

/// Archive, the SDKs it carries with their classes, classes of nobody; and what is odd about it.
const EXPECTED: &[Row] = &[
    ("bugsnag-react-native__bugsnag-android-core-6.25.0.aar", &[("bugsnag.bugsnag", 281)], 0, ""),
    (
        "cordova-plugin-alipay-v2__326bdf52__alipaySdk-15.6.5-20190718211148.aar",
        &[("alipay.apsecurity", 140), ("alipay.sdk", 115), ("taobao.utdid", 30)],
        0,
        "Alipay's security module and UTDID, an identifier of Taobao, come with it",
    ),
    ("cordova-plugin-amap__03250052__AMap_Location_V3.7.0_20171218.jar", &[("amap.location", 212)], 0, ""),
    (
        "cordova-plugin-baidumaplocation__307290f4__BaiduLBS_Android.jar",
        &[("baidu.lbs", 29), ("baidu.location", 188)],
        0,
        "map base and location in one archive",
    ),
    (
        "cordova-plugin-jcore__007e011c__jcore-android-3.3.2.jar",
        &[("jiguang.jcore", 521)],
        0,
        "the shared core defines 12 classes in cn.jpush as well",
    ),
    ("janalytics-react-native__30981808__janalytics-android-2.1.8.jar", &[("jiguang.janalytics", 165)], 0, ""),
    ("jmessage-phonegap-plugin__3f8534fe__jmessage-sdk-android-2.7.1.jar", &[("jiguang.jmessage", 1534)], 0, ""),
    ("jpush-phonegap-plugin__35e0cc17__jpush-android-4.8.1.jar", &[("jiguang.jpush", 484)], 0, ""),
    ("jshare-react-native__008ffa40__jshare-android-2.0.0.jar", &[("jiguang.jshare", 66)], 0, ""),
    ("jshare-react-native__51a2d19a__jshare-wechat-android-2.0.0.jar", &[("jiguang.jshare", 25)], 0, ""),
    (
        "jverification-react-native__d6ae59fe__jverification-android-not_support_dynamic-release-3.4.8.jar",
        &[
            ("chinamobile.cmic", 191),
            ("chinatelecom.account", 63),
            ("chinaunicom.number-auth", 68),
            ("jiguang.jverification", 307),
        ],
        0,
        "the one-key login SDKs of the three Chinese operators come with it",
    ),
    (
        "nxtpush-cordova-plugin__90629353__MiPush_SDK_Client_3_4_0.jar",
        &[("apache.thrift", 33), ("google.protobuf", 7), ("xiaomi.mipush", 417)],
        0,
        "a copy of protobuf micro and of Thrift comes with it",
    ),
    (
        "nxtpush-cordova-plugin__ef496547__HwPush_SDK_V2705.jar",
        &[("baidu.map", 108), ("huawei.hwpush-legacy", 279)],
        0,
        "another vendor's code: 108 classes of Baidu's map SDK",
    ),
    ("phonegap-facebook-plugin__826ae82d__bolts-android-1.1.2.jar", &[("parse.bolts", 37)], 0, ""),
    (
        "react-native-alipay__bc5344a1__alipaySdk-20160223.jar",
        &[("alipay.apsecurity", 144), ("alipay.sdk", 93), ("taobao.utdid", 36)],
        0,
        "Alipay's security module and UTDID, an identifier of Taobao, come with it",
    ),
    ("react-native-getui__2908f44c__gtc-3.2.18.0.jar", &[("getui.gtc", 374)], 0, ""),
    ("react-native-getui__afc6ef0c__gtsdk-3.3.12.0.jar", &[("getui.push", 523)], 0, ""),
    (
        "react-native-qq__c85ae222__open_sdk_r5756.jar",
        &[("tencent.qq-connect", 271)],
        0,
        "Tencent's location classes come with it",
    ),
    (
        "react-native-umeng-analytics__45db8812__react-native-umeng-analytics-release.aar",
        &[],
        3,
        "glue with an example package name, no Umeng class",
    ),
    ("react-native-weibo__67041a6b__weiboSDKCore_3.1.2.jar", &[("sina.weibo", 193)], 0, ""),
    (
        "react-native-xmpush__02aa4f89__MiPush_SDK_Client_3_0_3.jar",
        &[("apache.thrift", 36), ("google.protobuf", 6), ("xiaomi.mipush", 348)],
        0,
        "a copy of protobuf micro and of Thrift comes with it",
    ),
];

#[test]
fn each_archive_yields_exactly_what_it_carries() {
    let folder = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/corpus/vendor"));
    if !folder.is_dir() {
        eprintln!("SKIPPED each_archive_yields_exactly_what_it_carries: {} is not there", folder.display());
        return;
    }
    let mut wrong = Vec::new();
    let entries = std::fs::read_dir(folder).expect("the folder").map(|entry| entry.expect("an entry").file_name());
    let mut seen: BTreeSet<String> = entries.map(|name| name.to_string_lossy().into_owned()).collect();
    for (archive, sdks, nobody, _) in EXPECTED {
        assert!(seen.remove(*archive), "{archive} is not there");
        let classes = classes(&folder.join(archive));
        let (found, unknown) = owners(&classes);
        let expected: BTreeMap<&str, usize> = sdks.iter().copied().collect();
        if found != expected || unknown.len() != *nobody {
            let packages: BTreeSet<&str> =
                unknown.iter().map(|class| class.rsplit_once('.').map_or("", |(package, _)| package)).collect();
            wrong.push(format!("{archive}: {found:?}, {} of nobody {packages:?}", unknown.len()));
        }
    }
    wrong.extend(seen.iter().map(|archive| format!("{archive} has no expectation")));
    assert!(wrong.is_empty(), "{} archives:\n{}", wrong.len(), wrong.join("\n"));
}

/// Class names of a JAR, or of the JARs in an AAR.
fn classes(path: &Path) -> Vec<String> {
    let mut names = Vec::new();
    collect(std::fs::File::open(path).expect("an archive"), &mut names);
    names
}

fn collect(reader: impl Read + Seek, names: &mut Vec<String>) {
    let mut archive = zip::ZipArchive::new(reader).expect("a zip archive");
    for at in 0..archive.len() {
        let mut entry = archive.by_index(at).expect("an entry");
        let name = entry.name().expect("a name").into_owned();
        if let Some(class) = name.strip_suffix(".class") {
            names.push(class.replace('/', "."));
        } else if name.ends_with(".jar") {
            let mut bytes = Vec::new();
            entry.read_to_end(&mut bytes).expect("a nested archive");
            collect(Cursor::new(bytes), names);
        }
    }
}

/// Classes by SDK; a companion's count for the SDK of the archive that brings it. And those of nobody.
fn owners(classes: &[String]) -> (BTreeMap<&'static str, usize>, Vec<&str>) {
    let set = SignatureSet::builtin();
    let mut found: BTreeMap<&str, usize> = BTreeMap::new();
    let mut rest: Vec<&str> = Vec::new();
    for class in classes {
        // A nested class belongs to its outer one.
        let name = class.split_once('$').map_or(class.as_str(), |(outer, _)| outer);
        match set.by_package(name) {
            Some(sdk) => *found.entry(sdk.id.as_str()).or_default() += 1,
            None => rest.push(class),
        }
    }
    let present: BTreeSet<&str> = found.keys().copied().collect();
    let mut unknown = Vec::new();
    for class in rest {
        let owner = set
            .match_companion(class.as_bytes())
            .and_then(|(_, mut owners)| owners.find_map(|number| present.get(set.sdk(number).id.as_str()).copied()));
        match owner {
            Some(id) => *found.entry(id).or_default() += 1,
            None => unknown.push(class),
        }
    }
    (found, unknown)
}
