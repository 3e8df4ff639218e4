//! Real vendor archives: each yields exactly the SDKs it carries, and all of its code is somebody's.
//!
//! The archives are third parties' files that are no part of the repository (`SDKAUDIT_SHARED`, else `../shared`); without them the
//! tests say so.

mod support;

use sdkaudit::app::{self, App, Options};
use sdkaudit::detect::{self, Inventory, Signal};
use sdkaudit::signatures::SignatureSet;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// One line of the table.
type Row = (&'static str, &'static [(&'static str, u32)], u32, &'static str);

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
        &[("apache.thrift", 33), ("xiaomi.mipush", 424)],
        0,
        "a copy of Thrift comes with it, and protobuf micro, which nobody else brings",
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
        &[("apache.thrift", 36), ("xiaomi.mipush", 354)],
        0,
        "a copy of Thrift comes with it, and protobuf micro, which nobody else brings",
    ),
];

/// The folder of archives; a test that cannot have it says so.
fn archives(test: &str) -> Option<PathBuf> {
    let found = support::run::shared().map(|shared| shared.join("corpus/vendor"));
    if found.is_none() {
        let hint = "no corpus at SDKAUDIT_SHARED or ../shared";
        assert!(std::env::var_os("SDKAUDIT_REQUIRE_CORPUS").is_none(), "{hint}");
        support::oracle::skipped(&format!("{test}: {hint}"));
    }
    found
}

#[test]
fn each_archive_yields_exactly_what_it_carries() {
    let Some(folder) = archives("each_archive_yields_exactly_what_it_carries") else { return };
    let mut wrong = Vec::new();
    let entries = std::fs::read_dir(&folder).expect("the folder").map(|entry| entry.expect("an entry").file_name());
    let mut seen: BTreeSet<String> = entries.map(|name| name.to_string_lossy().into_owned()).collect();
    for (archive, sdks, nobody, _) in EXPECTED {
        assert!(seen.remove(*archive), "{archive} is not there");
        let app = read(&folder.join(archive));
        assert_eq!((app.gaps.as_slice(), app.classes.jar_read), (&[][..], app.classes.jar_total), "{archive}");
        let inventory = Inventory::of(&app, SignatureSet::builtin());
        let (found, unknown) = owners(&inventory);
        let expected: BTreeMap<String, u32> = sdks.iter().map(|(id, count)| ((*id).to_owned(), *count)).collect();
        if found != expected || unknown != *nobody {
            wrong.push(format!("{archive}: {found:?}, {unknown} of nobody {:?}", inventory.unidentified));
        }
    }
    wrong.extend(seen.iter().map(|archive| format!("{archive} has no expectation")));
    assert!(wrong.is_empty(), "{} archives:\n{}", wrong.len(), wrong.join("\n"));
}

/// Reads an archive as `sdkaudit inspect` does.
fn read(path: &Path) -> App {
    let set = SignatureSet::builtin();
    let by_class = |package: &[u8]| set.holds_class_prefixes(package);
    let wanted = detect::wanted();
    let options = Options {
        by_class: &by_class,
        wanted: Some(&wanted),
        bodies: Some(set),
        libraries: true,
        ..Options::default()
    };
    app::read(path, options).unwrap_or_else(|error| panic!("{error}"))
}

/// Classes by SDK, and those of nobody.
fn owners(inventory: &Inventory<'_>) -> (BTreeMap<String, u32>, u32) {
    let mut found = BTreeMap::new();
    for detection in inventory.present() {
        let classes = detection.evidence.iter().filter(|one| one.signal == Signal::Classes);
        found.insert(detection.sdk.id.clone(), classes.map(|one| one.count).sum());
    }
    (found, inventory.census.unidentified + inventory.census.obfuscated)
}

/// Data types that the code of the named SDKs references strongly, and those that it references in any way.
fn data_types<'i>(inventory: &'i Inventory<'_>, ids: &[&str]) -> (BTreeSet<&'i str>, BTreeSet<&'i str>) {
    let (mut strong, mut all) = (BTreeSet::new(), BTreeSet::new());
    for id in ids {
        let detection = inventory.find(id).unwrap_or_else(|| panic!("{id} is not there"));
        for one in detection.references.iter().filter(|one| !one.is_capability()) {
            all.insert(one.data_type);
            if one.strength.is_strong() {
                strong.insert(one.data_type);
            }
        }
    }
    (strong, all)
}

/// What a prototype that shares no code with this program found in the same archives.
#[test]
fn the_code_of_three_archives_references_exactly_these_data_types() {
    let Some(folder) = archives("the_code_of_three_archives_references_exactly_these_data_types") else { return };
    let alipay = [
        "android_id",
        "bluetooth_mac",
        "bssid",
        "cell_tower",
        "iccid",
        "imei",
        "imsi",
        "installed_apps",
        "location",
        "mac",
        "serial",
        "ssid",
        "wifi_saved",
        "wifi_scan",
    ];
    let gtc = [
        "android_id",
        "bssid",
        "cell_tower",
        "gaid",
        "iccid",
        "imei",
        "imsi",
        "location",
        "mac",
        "oaid",
        "sim_info",
        "ssid",
        "wifi_scan",
    ];
    let cases: [(&str, &[&str], &[&str]); 3] = [
        (
            "cordova-plugin-alipay-v2__326bdf52__alipaySdk-15.6.5-20190718211148.aar",
            &["alipay.apsecurity", "alipay.sdk", "taobao.utdid"],
            &alipay,
        ),
        ("react-native-getui__2908f44c__gtc-3.2.18.0.jar", &["getui.gtc"], &gtc),
        ("react-native-getui__afc6ef0c__gtsdk-3.3.12.0.jar", &["getui.push"], &["bssid", "ssid"]),
    ];
    for (archive, ids, expected) in cases {
        let app = read(&folder.join(archive));
        let inventory = Inventory::of(&app, SignatureSet::builtin());
        let (mut strong, all) = data_types(&inventory, ids);
        // The prototype looked for neither: one class of Alipay asks the Wi-Fi for its address, one of Getui the media DRM for its id.
        assert_eq!(strong.remove("ip"), ids[0] == "alipay.apsecurity", "{archive}");
        assert_eq!(strong.remove("drm_id"), ids[0] == "getui.push", "{archive}");
        assert_eq!(strong, expected.iter().copied().collect(), "{archive}: {all:?}");
        let weaker = |id: &str| all.contains(id) && !strong.contains(id);
        match ids[0] {
            "alipay.apsecurity" => assert!(weaker("running_processes"), "by getRunningAppProcesses only"),
            "getui.gtc" => assert!(weaker("serial"), "by reflection only"),
            _ => {}
        }
    }
}
