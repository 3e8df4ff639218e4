//! Plants one defect at a time in a clean policy, in English and in Chinese: `lint` says exactly that, at that line.

mod support;

use sdkaudit::audit::waivers::NEED_AN_APP;
use sdkaudit::audit::{self, Levels, Profile, Rule};
use sdkaudit::declared;
use sdkaudit::signatures::SignatureSet;
use std::fs;
use support::run::root;

/// Name of the defect, what is replaced by what in the English and in the Chinese policy, and the rules with their lines. Both
/// policies have the same lines up to the end of the list.
struct Mutation {
    name: &'static str,
    english: &'static [(&'static str, &'static str)],
    chinese: &'static [(&'static str, &'static str)],
    expected: &'static [(&'static str, u32)],
}

const EN_SAYS: &str = "- What the partners in the next part receive.";
const ZH_SAYS: &str = "- 下一部分所列合作方收到的信息。";

const fn mutation(
    name: &'static str,
    english: &'static [(&'static str, &'static str)],
    chinese: &'static [(&'static str, &'static str)],
    expected: &'static [(&'static str, u32)],
) -> Mutation {
    Mutation { name, english, chinese, expected }
}

#[rustfmt::skip]
const MUTATIONS: &[Mutation] = &[
    mutation("misspelt permission",
        &[("android.permission.READ_PHONE_STATE | Statistics", "android.permission.READ_PHONE_STAT | Statistics")],
        &[("android.permission.READ_PHONE_STATE | 使用情况", "android.permission.READ_PHONE_STAT | 使用情况")],
        &[("misspelt-permission", 24)]),
    mutation("unknown permission",
        &[("android.permission.INTERNET | Fills", "android.permission.INTERNET, android.permission.FLUX_CAPACITOR | Fills")],
        &[("android.permission.INTERNET | 填写", "android.permission.INTERNET、android.permission.FLUX_CAPACITOR | 填写")],
        &[("unknown-permission", 25)]),
    mutation("deprecated permission that the app's table lacks",
        &[("ACCESS_NETWORK_STATE | Crash", "ACCESS_NETWORK_STATE, android.permission.GET_TASKS | Crash")],
        &[("ACCESS_NETWORK_STATE | 崩溃", "ACCESS_NETWORK_STATE、android.permission.GET_TASKS | 崩溃")],
        &[("deprecated-permission", 26), ("sdk-permission-not-in-app", 26)]),
    mutation("restricted permission that the app's table lacks",
        &[("ACCESS_NETWORK_STATE | Crash", "ACCESS_NETWORK_STATE, android.permission.QUERY_ALL_PACKAGES | Crash")],
        &[("ACCESS_NETWORK_STATE | 崩溃", "ACCESS_NETWORK_STATE、android.permission.QUERY_ALL_PACKAGES | 崩溃")],
        &[("restricted-permission", 26), ("sdk-permission-not-in-app", 26)]),
    mutation("permission that the app's table lacks",
        &[("ACCESS_NETWORK_STATE | Crash", "ACCESS_NETWORK_STATE, android.permission.RECORD_AUDIO | Crash")],
        &[("ACCESS_NETWORK_STATE | 崩溃", "ACCESS_NETWORK_STATE、android.permission.RECORD_AUDIO | 崩溃")],
        &[("sdk-permission-not-in-app", 26)]),
    mutation("package in the wrong case",
        &[("com.umeng.analytics", "com.Umeng.analytics")], &[("com.umeng.analytics", "com.Umeng.analytics")],
        &[("package-case", 24)]),
    mutation("another SDK's package",
        &[("com.tencent.mm.opensdk", "com.tencent.bugly")], &[("com.tencent.mm.opensdk", "com.tencent.bugly")],
        &[("package-mismatch", 23), ("duplicate-package", 26)]),
    mutation("package of two records",
        &[("com.xiaomi.push |", "com.xiaomi.push, com.igexin |")], &[("com.xiaomi.push |", "com.xiaomi.push、com.igexin |")],
        &[("duplicate-package", 20)]),
    mutation("root of several SDKs",
        &[("com.umeng.analytics, com.umeng.commonsdk", "com.umeng")], &[("com.umeng.analytics、com.umeng.commonsdk", "com.umeng")],
        &[("generic-package", 24)]),
    mutation("name space of a system",
        &[("com.ta.utdid2 |", "com.ta.utdid2, com.samsung.android |")], &[("com.ta.utdid2 |", "com.ta.utdid2、com.samsung.android |")],
        &[("generic-package", 22)]),
    mutation("id of an app",
        &[("com.tencent.mm.opensdk", "com.tencent.mm")], &[("com.tencent.mm.opensdk", "com.tencent.mm")],
        &[("app-id-as-package", 23)]),
    mutation("host as package",
        &[("| net.halvorsen.meterlink", "| engine.halvorsen.com")], &[("| net.halvorsen.meterlink", "| engine.halvorsen.com")],
        &[("package-is-host", 30)]),
    mutation("coordinate as package",
        &[("com.google.gson", "com.google.code.gson:gson:2.10.1")], &[("com.google.gson", "com.google.code.gson:gson:2.10.1")],
        &[("package-is-coordinate", 28)]),
    mutation("missing field",
        &[("| Crash reports |", "| |")], &[("| 崩溃收集 |", "| |")],
        &[("missing-field", 26)]),
    mutation("unencrypted link",
        &[("https://bugly", "http://bugly")], &[("https://bugly", "http://bugly")],
        &[("insecure-link", 26)]),
    mutation("home page as policy",
        &[("bugly.qq.com/v2/index", "bugly.qq.com/")], &[("bugly.qq.com/v2/index", "bugly.qq.com/")],
        &[("link-not-a-policy", 26)]),
    mutation("repository as policy",
        &[("| None | https://github.com/google/gson", "| IMEI | https://github.com/google/gson")],
        &[("| 无 | https://github.com/google/gson", "| IMEI | https://github.com/google/gson")],
        &[("link-not-a-policy", 28)]),
    mutation("link of another SDK",
        &[("https://bugly.qq.com/v2/index", "https://docs.getui.com/privacy/")],
        &[("https://bugly.qq.com/v2/index", "https://docs.getui.com/privacy/")],
        &[("link-of-other-sdk", 26)]),
    mutation("repository of another SDK",
        &[("https://github.com/Kotlin/kotlinx.coroutines", "https://github.com/bumptech/glide")],
        &[("https://github.com/Kotlin/kotlinx.coroutines", "https://github.com/bumptech/glide")],
        &[("link-of-other-sdk", 29)]),
    mutation("another permission's explanation",
        &[("| Camera | Reads the QR code on the meter", "| Camera | Fills in the place of a meter")],
        &[("| 相机 | 识别电表上的二维码", "| 相机 | 填写电表位置")],
        &[("wrong-permission-text", 43)]),
    mutation("explanation of a permission that the table lacks",
        &[("| Camera | Reads the QR code on the meter", "| Camera | Connects with devices over Bluetooth")],
        &[("| 相机 | 识别电表上的二维码", "| 相机 | 通过蓝牙连接")],
        &[("wrong-permission-text", 43)]),
    mutation("nothing and something as data",
        &[("crash log, device model, system version, process name", "None, crash log, device model")],
        &[("崩溃日志、设备型号、系统版本、进程名", "无、崩溃日志、设备型号")],
        &[("contradiction", 26)]),
    mutation("another app speaks of itself",
        &[(EN_SAYS, "ParcelBuddy respects your privacy.")], &[(ZH_SAYS, "快递小助手（以下简称“本应用”）尊重并保护所有用户的个人隐私。")],
        &[("foreign-app-name", 13)]),
    mutation("use of another app",
        &[(EN_SAYS, "By using ParcelBuddy, you agree to this.")], &[(ZH_SAYS, "快递小助手非常重视您的隐私。")],
        &[("foreign-app-name", 13)]),
    mutation("blank in brackets",
        &[(EN_SAYS, "- What [Your Company Name] receives.")], &[(ZH_SAYS, "- 【公司名称】收到的信息。")],
        &[("placeholder-text", 13)]),
    mutation("data that no permission opens",
        &[("| crash log,", "| call log, crash log,")], &[("| 崩溃日志、", "| 通话记录、崩溃日志、")],
        &[("data-without-permission", 26)]),
    mutation("umbrella word only",
        &[("crash log, device model, system version, process name", "device information")],
        &[("崩溃日志、设备型号、系统版本、进程名", "设备信息")],
        &[("vague-data", 26)]),
    mutation("no data, and a purpose that reads some",
        &[("| Network library |", "| Network library, obtains the IMEI |")], &[("| 网络库 |", "| 网络库，获取IMEI |")],
        &[("contradiction", 27)]),
    mutation("local only, and made for sending",
        &[("| crash log,", "| stays on the device: crash log,")], &[("| 崩溃日志、", "| 仅在本地处理：崩溃日志、")],
        &[("contradiction", 26)]),
    mutation("nothing shared",
        &[(EN_SAYS, "We do not share your information with any third party.")], &[(ZH_SAYS, "我们不会与任何公司、组织和个人共享您的个人信息。")],
        &[("contradiction", 13)]),
    mutation("nothing collected",
        &[(EN_SAYS, "We do not collect any personal information.")], &[(ZH_SAYS, "本应用不收集任何个人信息。")],
        &[("contradiction", 13)]),
    mutation("nothing abroad, and a vendor abroad",
        &[(EN_SAYS, "Your data is stored in China without any cross-border transmission."),
          ("| Bugly | Shenzhen Tencent Computer Systems Co., Ltd. | com.tencent.bugly |", "| PayPal Checkout SDK | PayPal Holdings, Inc. | com.paypal.checkout |"),
          ("https://bugly.qq.com/v2/index", "https://www.paypal.com/us/legalhub/paypal/privacy-full")],
        &[(ZH_SAYS, "您的信息存储在中国境内，不存在跨境传输。"),
          ("| Bugly | 深圳市腾讯计算机系统有限公司 | com.tencent.bugly |", "| PayPal Checkout SDK | PayPal Holdings, Inc. | com.paypal.checkout |"),
          ("https://bugly.qq.com/v2/index", "https://www.paypal.com/us/legalhub/paypal/privacy-full")],
        &[("contradiction", 13)]),
    mutation("no third-party SDK",
        &[(EN_SAYS, "We do not use any third-party SDK.")], &[(ZH_SAYS, "本应用未使用任何第三方SDK。")],
        &[("contradiction", 13)]),
    mutation("list elsewhere",
        &[(EN_SAYS, "See our third-party SDK list at https://brightwell.invalid/sdks.")], &[(ZH_SAYS, "第三方SDK目录详见 https://brightwell.invalid/sdks 。")],
        &[("list-elsewhere", 13)]),
    mutation("section that is not there",
        &[(EN_SAYS, "See the “How to Appeal” section of this policy.")], &[(ZH_SAYS, "请参见本政策“如何申诉”部分。")],
        &[("dangling-reference", 13)]),
    mutation("no contact",
        &[("Brightwell Metering, Data Protection, 7 Weir Lane, Brightwell. E-mail: privacy@brightwell.invalid", "Write to Data Protection.")],
        &[("明井计量科技 个人信息保护专员，明井市堰边巷7号", "请来信。"), ("电子邮箱：privacy@brightwell.invalid", "")],
        &[("missing-contact", 1)]),
    mutation("contact announced and not given",
        &[("Brightwell Metering, Data Protection, 7 Weir Lane, Brightwell. E-mail: privacy@brightwell.invalid", "Write to Data Protection."),
          (EN_SAYS, "You can contact us as follows.")],
        &[("明井计量科技 个人信息保护专员，明井市堰边巷7号", "请来信。"), ("电子邮箱：privacy@brightwell.invalid", ""), (ZH_SAYS, "您可以通过以下方式联系我们。")],
        &[("missing-contact", 1), ("dangling-reference", 13)]),
    mutation("no date",
        &[("Last updated: 2 November 2026. Effective from: 9 November 2026.", "Please read it.")],
        &[("更新日期：2026年11月2日", "请仔细阅读。"), ("生效日期：2026年11月9日", "")],
        &[("missing-date", 1)]),
    mutation("nothing about children",
        &[("If a child under 14 has opened an account, tell us, and we delete it.", "")],
        &[("如发现未满14周岁的儿童注册了账号，请告知我们，我们会予以删除。", "")],
        &[("missing-children-clause", 1)]),
    mutation("unfilled blank",
        &[(EN_SAYS, "- What [company name] receives.")], &[(ZH_SAYS, "- XX公司收到的信息。")],
        &[("placeholder-text", 13)]),
    mutation("another app's name",
        &[(EN_SAYS, "Thank you for using ParcelBuddy!")], &[(ZH_SAYS, "欢迎使用快递小助手！")],
        &[("foreign-app-name", 13)]),
    mutation("mistake of a template",
        &[(EN_SAYS, "The app is built with DCloud uni-app."), ("com.google.gson | None", "com.google.gson | android.permission.READ_EXTERNAL_STORAG")],
        &[(ZH_SAYS, "本应用使用 DCloud uni-app 开发。"), ("com.google.gson | 无", "com.google.gson | android.permission.READ_EXTERNAL_STORAG")],
        &[("misspelt-permission", 28), ("template-defect", 28)]),
    mutation("system without SDKs",
        &[("## Your rights", "### iOS application permission list\n\n1) NSCameraUsageDescription\nReads the QR code\n\n## Your rights")],
        &[("## 4. 您的权利", "### iOS操作系统应用权限列表\n\n1）NSCameraUsageDescription\n识别二维码\n\n## 4. 您的权利")],
        &[("platform-gap", 52)]),
    mutation("unknown key of a system",
        &[("## Your rights", "### iOS application permission list\n\n1) NSTeleportUsageDescription\nMoves you\n\n## Your rights")],
        &[("## 4. 您的权利", "### iOS操作系统应用权限列表\n\n1）NSTeleportUsageDescription\n移动\n\n## 4. 您的权利")],
        &[("platform-gap", 52), ("platform-key-unknown", 52)]),
    mutation("misspelt key of a system",
        &[("## Your rights", "### HarmonyOS application permission list\n\n1) ohos.permission.INTERNT\nLoads bills\n\n## Your rights")],
        &[("## 4. 您的权利", "### 鸿蒙操作系统应用权限列表\n\n1）ohos.permission.INTERNT\n加载账单\n\n## 4. 您的权利")],
        &[("platform-gap", 52), ("misspelt-permission", 52)]),
    mutation("nothing abroad in other words 1",
        &[(EN_SAYS, "Your data is never transferred abroad."),
          ("| Bugly | Shenzhen Tencent Computer Systems Co., Ltd. | com.tencent.bugly |", "| PayPal Checkout SDK | PayPal Holdings, Inc. | com.paypal.checkout |"),
          ("https://bugly.qq.com/v2/index", "https://www.paypal.com/us/legalhub/paypal/privacy-full")],
        &[(ZH_SAYS, "我们不会将您的个人信息传输至境外。"),
          ("| Bugly | 深圳市腾讯计算机系统有限公司 | com.tencent.bugly |", "| PayPal Checkout SDK | PayPal Holdings, Inc. | com.paypal.checkout |"),
          ("https://bugly.qq.com/v2/index", "https://www.paypal.com/us/legalhub/paypal/privacy-full")],
        &[("contradiction", 13)]),
    mutation("nothing abroad in other words 2",
        &[(EN_SAYS, "We store your data here and do not transfer it overseas."),
          ("| Bugly | Shenzhen Tencent Computer Systems Co., Ltd. | com.tencent.bugly |", "| PayPal Checkout SDK | PayPal Holdings, Inc. | com.paypal.checkout |"),
          ("https://bugly.qq.com/v2/index", "https://www.paypal.com/us/legalhub/paypal/privacy-full")],
        &[(ZH_SAYS, "您的信息存储在境内，不存在个人信息跨境传输。"),
          ("| Bugly | 深圳市腾讯计算机系统有限公司 | com.tencent.bugly |", "| PayPal Checkout SDK | PayPal Holdings, Inc. | com.paypal.checkout |"),
          ("https://bugly.qq.com/v2/index", "https://www.paypal.com/us/legalhub/paypal/privacy-full")],
        &[("contradiction", 13)]),
    mutation("data that is not said: other information",
        &[("crash log, device model, system version, process name", "other information")],
        &[("崩溃日志、设备型号、系统版本、进程名", "其他信息")],
        &[("vague-data", 26)]),
    mutation("data that is not said: relevant information",
        &[("crash log, device model, system version, process name", "relevant information")],
        &[("崩溃日志、设备型号、系统版本、进程名", "相关信息")],
        &[("vague-data", 26)]),
    mutation("data that is not said: device information, etc.",
        &[("crash log, device model, system version, process name", "device information, etc.")],
        &[("崩溃日志、设备型号、系统版本、进程名", "必要信息")],
        &[("vague-data", 26)]),
    mutation("unfilled blank your@email.com",
        &[(EN_SAYS, "- What your@email.com receives.")],
        &[(ZH_SAYS, "- 待补充 收到的信息。")],
        &[("placeholder-text", 13)]),
    mutation("unfilled blank YYYY-MM-DD",
        &[(EN_SAYS, "- What YYYY-MM-DD receives.")],
        &[(ZH_SAYS, "- YYYY-MM-DD 收到的信息。")],
        &[("placeholder-text", 13)]),
    mutation("unfilled blank XXX Ltd.",
        &[(EN_SAYS, "- What XXX Ltd. receives.")],
        &[(ZH_SAYS, "- XXXXXXXX 收到的信息。")],
        &[("placeholder-text", 13)]),
    mutation("unfilled blank <your company>",
        &[(EN_SAYS, "- What <your company> receives.")],
        &[(ZH_SAYS, "- TODO 收到的信息。")],
        &[("placeholder-text", 13)]),
    mutation("address of examples",
        &[("https://bugly.qq.com/v2/index", "https://example.com/privacy")],
        &[("https://bugly.qq.com/v2/index", "https://example.com/privacy")],
        &[("placeholder-text", 26)]),
    mutation("appendix that is not there",
        &[(EN_SAYS, "The partners are described in Appendix B.")],
        &[(ZH_SAYS, "合作方的说明见附录二。")],
        &[("dangling-reference", 13)]),
    mutation("numbered section that is not there",
        &[(EN_SAYS, "For the partners see Section 12."), ("## What we", "## 1. What we"), ("## Third", "## 2. Third"), ("## Permissions", "## 3. Permissions")],
        &[(ZH_SAYS, "合作方详见第十二条。")],
        &[("dangling-reference", 13)]),
    mutation("annexed document that is not there",
        &[(EN_SAYS, "See the “Annex of Partners” section.")],
        &[(ZH_SAYS, "合作方见附件《合作方一览》。")],
        &[("dangling-reference", 13)]),
    mutation("misspelt key of iOS",
        &[("## Your rights", "### iOS application permission list\n\n1) NSCameraUsageDescripton\nReads the QR code\n\n## Your rights")],
        &[("## 4. 您的权利", "### iOS操作系统应用权限列表\n\n1）NSCameraUsageDescripton\n识别二维码\n\n## 4. 您的权利")],
        &[("platform-gap", 52), ("misspelt-permission", 52)]),
];

fn clean(language: &str) -> String {
    let path = root().join(format!("samples/meterpay-policy-clean{language}.md"));
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn found(text: &str, levels: &Levels) -> Vec<(&'static str, u32)> {
    let set = SignatureSet::builtin();
    let declaration = declared::read("policy.md", text.as_bytes(), set).unwrap_or_else(|error| panic!("{error}"));
    let row =
        |finding: &audit::Finding| (finding.rule.id(), finding.declared.as_ref().map_or(0, |place| place.at.line));
    let mut rows: Vec<(&'static str, u32)> = audit::lint(&declaration, set, levels).iter().map(row).collect();
    rows.sort_unstable();
    rows
}

fn plant(text: &str, edits: &[(&str, &str)]) -> Result<String, String> {
    edits.iter().try_fold(text.to_owned(), |text, (from, to)| {
        if text.contains(from) { Ok(text.replacen(from, to, 1)) } else { Err(format!("{from:?} is not in the policy")) }
    })
}

#[test]
fn clean_policies_yield_nothing() {
    for language in ["", ".zh"] {
        assert_eq!(found(&clean(language), &Levels::default()), [], "{language}");
    }
}

#[test]
fn each_defect_is_found_at_its_line_and_nothing_else_is() {
    let mut wrong = Vec::new();
    for one in MUTATIONS {
        for (language, edits) in [("", one.english), (".zh", one.chinese)] {
            let text =
                plant(&clean(language), edits).unwrap_or_else(|message| panic!("{}{language}: {message}", one.name));
            let (found, mut expected) = (found(&text, &Levels::default()), one.expected.to_vec());
            expected.sort_unstable();
            if found != expected {
                wrong.push(format!("{}{language}: found {found:?}, expected {expected:?}", one.name));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// A policy whose list is gone.
#[test]
fn without_the_rows_there_is_no_list() {
    for language in ["", ".zh"] {
        let clean = clean(language);
        let kept: Vec<&str> =
            clean.lines().zip(1..).filter(|(_, line)| !(17..=30).contains(line)).map(|(line, _)| line).collect();
        assert_eq!(found(&kept.join("\n"), &Levels::default()), [("no-sdk-list", 1)], "{language}");
        let denied = kept.join("\n").replace(EN_SAYS, "We do not use any third-party SDK.");
        let denied = denied.replace(ZH_SAYS, "本应用未使用任何第三方SDK。");
        assert_eq!(found(&denied, &Levels::default()), [], "{language}: a denial needs no list");
    }
}

#[test]
fn the_profile_says_which_fields_are_asked_for() {
    let text = clean("").replacen("| com.tencent.bugly |", "| |", 1).replacen("| Crash reports |", "| |", 1);
    assert_eq!(found(&text, &Levels::default()), [("missing-field", 26), ("missing-field", 26)]);
    let mut levels = Levels::default();
    levels.profile = Profile::ChinaMiit;
    assert_eq!(found(&text, &levels), [("missing-field", 26)]);
}

/// Every rule that needs neither an app nor a file of waivers is planted somewhere above.
#[test]
fn every_rule_is_planted() {
    let planted = |rule: &&Rule| MUTATIONS.iter().any(|one| one.expected.iter().any(|(id, _)| *id == rule.id()));
    let rest: Vec<&Rule> = Rule::ALL.iter().filter(|rule| !planted(rule)).collect();
    let otherwise = [Rule::NoSdkList, Rule::ExpiredWaiver, Rule::UnusedWaiver];
    let expected: Vec<&Rule> =
        Rule::ALL.iter().filter(|rule| NEED_AN_APP.contains(rule) || otherwise.contains(rule)).collect();
    assert_eq!(rest, expected);
}
