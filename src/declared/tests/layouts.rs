//! Layouts that copying, crawling and hasty writing leave behind.

use super::super::StatementKind;
use super::*;

type Row<'a> = (&'a str, &'a str, &'a str);

/// Name, vendor and purpose of every record; empty where absent.
fn rows(declaration: &Declaration) -> Vec<(String, String, String)> {
    let text = |field: &Field<Located>| field.given().map(|located| located.text.clone()).unwrap_or_default();
    declaration.records.iter().map(|r| (r.title(), text(&r.vendor), text(&r.purpose))).collect()
}

fn check(text: &str, expected: &[Row]) -> Declaration {
    let declaration = read_text(text);
    let found = rows(&declaration);
    let found: Vec<Row> = found.iter().map(|(a, b, c)| (a.as_str(), b.as_str(), c.as_str())).collect();
    assert_eq!(found, expected, "{text}");
    declaration
}

#[test]
fn a_table_with_one_cell_per_line() {
    let declaration = check(
        "第三方SDK目录\nSDK名称\n公司名称\n使用目的\n收集信息\n隐私政策链接\n顶点推送SDK\n顶点软件有限公司\n推送消息\n设备信息、OAID\nhttps://push.acme.example/p\nPicta\n流明互动科技有限公司\n加载图片\n无\nhttps://lumen.example/privacy\n流明广告SDK\n流明互动科技有限公司\n广告投放\n设备信息、位置信息\nhttps://lumen.example/ads\n",
        &[
            ("顶点推送SDK", "顶点软件有限公司", "推送消息"),
            ("Picta", "流明互动科技有限公司", "加载图片"),
            ("流明广告SDK", "流明互动科技有限公司", "广告投放"),
        ],
    );
    let [first, second, _] = &declaration.records[..] else { panic!() };
    assert_eq!((first.line, all(&first.links)), (7, vec!["https://push.acme.example/p"]));
    assert!(matches!(second.data, Field::ExplicitNone(at) if at.line == 15));
}

#[test]
fn a_table_with_one_cell_per_paragraph_and_text_behind_it() {
    let declaration = check(
        "Third-party SDKs\n\nSDK Name\n\nProvider\n\nPurpose\n\nData collected\n\nPrivacy policy\n\nAcme Push\n\nAcme Software Inc.\n\nPush messages\n\nOAID, IP address\n\nhttps://push.acme.example/p\n\nPicta\n\nLumen Interactive\n\nImage loading\n\nNone\n\nhttps://lumen.example/privacy\n\nWe protect your data.\n",
        &[("Acme Push", "Acme Software Inc.", "Push messages"), ("Picta", "Lumen Interactive", "Image loading")],
    );
    assert!(declaration.has_sdk_list);
}

#[test]
fn labels_without_colon_above_their_values() {
    let declaration = check(
        "第三方SDK列表\nSDK名称\n顶点推送SDK\n公司名称\n顶点软件有限公司\n使用目的\n推送消息\n收集信息\n设备信息、OAID\n\nSDK名称\nPicta\n公司名称\n流明互动\n使用目的\n加载图片\n",
        &[("顶点推送SDK", "顶点软件有限公司", "推送消息"), ("Picta", "流明互动", "加载图片")],
    );
    assert!(declaration.has_sdk_list);
}

#[test]
fn packages_in_headings() {
    let declaration = check(
        "## 三、第三方SDK说明\n\n### 顶点推送（com.acme.push）\n- 用途：推送消息\n- 收集信息：OAID\n\n### Picta SDK（包名：com.lumen.picta）\n用途：图片加载\n公司：流明\n\n#### 流明广告 com.lumen.ads\n使用目的：广告\n开发者：流明\n",
        &[("顶点推送", "", "推送消息"), ("Picta SDK", "流明", "图片加载"), ("流明广告", "流明", "广告")],
    );
    let packages: Vec<&str> = declaration.records.iter().flat_map(|record| all(&record.packages)).collect();
    assert_eq!(packages, ["com.acme.push", "com.lumen.picta", "com.lumen.ads"]);
}

#[test]
fn block_quotes() {
    let declaration = check(
        "# 第三方SDK清单\n\n> **顶点推送SDK**\n> 使用目的：推送\n> 公司名称：顶点\n>\n> **Picta SDK**\n> 使用目的：图片\n> 公司名称：流明\n\n> - SDK名称：流明广告\n>   - 使用目的：广告\n",
        &[("顶点推送SDK", "顶点", "推送"), ("Picta SDK", "流明", "图片"), ("流明广告", "", "广告")],
    );
    assert!(declaration.has_sdk_list);
}

#[test]
fn decimal_numbers_with_gaps() {
    let declaration = check(
        "5 第三方SDK\n5.1 顶点推送SDK\n使用目的：推送消息\n公司名称：顶点\n5.2 Picta SDK\n使用目的：图片\n公司名称：流明\n5.5 流明广告SDK\n使用目的：广告\n公司名称：流明\n5.7.1 泽塔SDK\n使用目的：登录\n公司名称：泽塔\n6 我们如何保护信息\n我们努力保护。\n",
        &[
            ("顶点推送SDK", "顶点", "推送消息"),
            ("Picta SDK", "流明", "图片"),
            ("流明广告SDK", "流明", "广告"),
            ("泽塔SDK", "泽塔", "登录"),
        ],
    );
    assert!(declaration.has_sdk_list);
}

#[test]
fn decimal_numbers_with_gaps_in_english() {
    let declaration = check(
        "4. Third-Party SDKs\n4.1 Acme Push SDK\nPurpose: push messages\nProvider: Acme\n4.3 Picta\nPurpose: images\nProvider: Lumen\n4.4. Lumen Ads\nPurpose: ads\nProvider: Lumen\n5. Security\n",
        &[("Acme Push SDK", "Acme", "push messages"), ("Picta", "Lumen", "images"), ("Lumen Ads", "Lumen", "ads")],
    );
    assert!(declaration.has_sdk_list);
}

#[test]
fn pipe_tables_broken_over_lines() {
    let declaration = check(
        "第三方SDK：\n\n| SDK名称 | 公司名称 | 使用目的 | 收集信息 |\n| --- | --- | --- | --- |\n| 顶点推送 | 顶点 | 推送\n消息 | OAID |\n| Picta | 流明 | 图片 |\n设备信息\n、IP |\n| 流明广告 | 流明\n公司 | 广告 | 无 |\n",
        &[("顶点推送", "顶点", "推送\n消息"), ("Picta", "流明", "图片"), ("流明广告", "流明\n公司", "广告")],
    );
    assert_eq!(given(&declaration.records[1].data), "设备信息\n、IP");
    assert!(matches!(declaration.records[2].data, Field::ExplicitNone(_)));
}

#[test]
fn fields_glued_together() {
    let declaration = check(
        "第三方SDK目录\nSDK名称：顶点推送SDK公司名称：顶点软件有限公司使用目的：推送消息收集信息：设备信息、OAID隐私政策链接：https://push.acme.example/p\nSDK名称：Picta公司名称：流明互动使用目的：加载图片收集信息：无隐私政策链接：https://lumen.example/privacy\n",
        &[("顶点推送SDK", "顶点软件有限公司", "推送消息"), ("Picta", "流明互动", "加载图片")],
    );
    assert_eq!(given(&declaration.records[0].data), "设备信息、OAID");
    assert_eq!(all(&declaration.records[1].links), ["https://lumen.example/privacy"]);
}

#[test]
fn fields_glued_together_in_english() {
    let declaration = check(
        "Third-party SDK list\nSDK Name: Acme PushProvider: Acme Software Inc.Purpose: push messagesData collected: OAIDPrivacy policy: https://push.acme.example/p\nSDK Name: PictaProvider: LumenPurpose: imagesData collected: NonePrivacy policy: https://lumen.example/privacy\n",
        &[("Acme Push", "Acme Software Inc", "push messages"), ("Picta", "Lumen", "images")],
    );
    assert_eq!(given(&declaration.records[0].data), "OAID");
}

#[test]
fn all_records_on_one_line() {
    let declaration = check(
        "第三方SDK目录 SDK名称：顶点推送SDK 公司名称：顶点软件有限公司 使用目的：推送消息 隐私政策：https://push.acme.example/p SDK名称：Picta 公司名称：流明互动 使用目的：加载图片 隐私政策：https://lumen.example/privacy\n",
        &[("顶点推送SDK", "顶点软件有限公司", "推送消息"), ("Picta", "流明互动", "加载图片")],
    );
    assert_eq!(declaration.records[1].line, 1);
}

#[test]
fn columns_of_blanks() {
    let declaration = check(
        "第三方SDK目录\n\nSDK名称      公司名称      使用目的      收集信息\n顶点推送     顶点软件      推送消息      OAID\nPicta        流明互动      图片加载      无\n流明广告     流明互动      广告          设备信息\n\n以上为全部。\n",
        &[("顶点推送", "顶点软件", "推送消息"), ("Picta", "流明互动", "图片加载"), ("流明广告", "流明互动", "广告")],
    );
    assert!(declaration.has_sdk_list);
}

#[test]
fn columns_of_blanks_in_english() {
    let declaration = check(
        "Third-party SDKs\n\nSDK Name      Provider         Purpose          Data collected\nAcme Push     Acme Software    Push messages    OAID, IP address\nPicta         Lumen            Image loading    None\n",
        &[("Acme Push", "Acme Software", "Push messages"), ("Picta", "Lumen", "Image loading")],
    );
    assert!(declaration.has_sdk_list);
}

#[test]
fn vendor_channels_inside_a_record() {
    let declaration = check(
        "## 第三方SDK\n### 极光推送SDK\n- 公司名称：深圳市和讯华谷信息技术有限公司\n- 使用目的：推送消息\n- 集成的厂商通道：\n  - 小米推送SDK：收集设备信息\n  - 华为推送SDK：收集设备信息\n  - OPPO推送SDK\n### 微信SDK\n- 使用目的：分享\n- 公司名称：腾讯\n",
        &[
            ("极光推送SDK", "深圳市和讯华谷信息技术有限公司", "推送消息"),
            ("小米推送SDK", "", ""),
            ("华为推送SDK", "", ""),
            ("OPPO推送SDK", "", ""),
            ("微信SDK", "腾讯", "分享"),
        ],
    );
    assert!(declaration.has_sdk_list);
}

#[test]
fn records_inside_a_record() {
    let declaration = check(
        "## 第三方SDK\n1. SDK名称：极光推送SDK\n   公司名称：极光\n   使用目的：推送消息\n   - 小米推送SDK\n     使用目的：小米手机推送\n     收集信息：OAID\n   - vivo推送SDK\n     使用目的：vivo手机推送\n     收集信息：OAID\n2. SDK名称：微信SDK\n   公司名称：腾讯\n   使用目的：分享\n",
        &[
            ("极光推送SDK", "极光", "推送消息"),
            ("小米推送SDK", "", "小米手机推送"),
            ("vivo推送SDK", "", "vivo手机推送"),
            ("微信SDK", "腾讯", "分享"),
        ],
    );
    assert!(declaration.has_sdk_list);
}

#[test]
fn items_in_one_sentence() {
    let declaration = check(
        "第三方SDK目录：\n1. 顶点推送SDK，由顶点软件有限公司提供，用于推送消息，收集设备信息。\n2. Picta SDK（流明互动）：用于加载图片，不收集个人信息。\n",
        &[("顶点推送SDK", "顶点软件有限公司", "推送消息"), ("Picta SDK（流明互动）", "", "加载图片")],
    );
    assert_eq!(given(&declaration.records[0].data), "设备信息");
}

#[test]
fn labels_in_plain_words() {
    let declaration = check(
        "Third-party SDKs we use:\n\nAcme Push SDK\nDeveloper: Acme Software\nWhat it does: sends push messages\nInformation we share: device identifiers\nLearn more: https://push.acme.example/p\n\nPicta SDK\nDeveloper: Lumen\nWhat it does: loads images\nInformation we share: none\nLearn more: https://lumen.example/p\n",
        &[("Acme Push SDK", "Acme Software", "sends push messages"), ("Picta SDK", "Lumen", "loads images")],
    );
    assert_eq!(given(&declaration.records[0].data), "device identifiers");
    assert!(matches!(declaration.records[1].data, Field::ExplicitNone(_)));
}

#[test]
fn receivers_are_kept_apart() {
    let declaration = check(
        "我们向以下第三方共享您的信息：\n1、短信服务商\n接收方名称：阿里云通信\n共享信息：手机号\n使用目的：发送验证码\n2、物流公司\n接收方名称：顺丰速运\n共享信息：收货地址\n使用目的：配送\n第三方SDK列表：\n1、顶点推送SDK\n公司名称：顶点\n使用目的：推送\n",
        &[("顶点推送SDK", "顶点", "推送")],
    );
    let receivers: Vec<String> = declaration.receivers.iter().map(DeclaredSdk::title).collect();
    assert_eq!(receivers, ["短信服务商", "物流公司"]);
    assert!(!read_text("1、物流公司\n接收方名称：甲\n共享信息：地址\n使用目的：配送\n").has_sdk_list);
}

#[test]
fn lists_that_stand_elsewhere() {
    for (text, link) in [
        ("我们接入的第三方SDK详见[《第三方SDK清单》](https://a.example/sdk.html)。\n", "https://a.example/sdk.html"),
        ("第三方信息共享清单请查看：https://a.example/share\n", "https://a.example/share"),
        (
            "<p>For third-party SDKs, see our <a href=\"https://a.example/sdks\">third-party SDK list</a>.</p>\n",
            "https://a.example/sdks",
        ),
        ("The list of third parties is available at https://a.example/list.\n", "https://a.example/list"),
    ] {
        let declaration = read_text(text);
        let [statement] = &declaration.statements[..] else { panic!("{text}: {:?}", declaration.statements) };
        assert_eq!((statement.kind, statement.link.as_deref()), (StatementKind::ListElsewhere, Some(link)));
        assert!(!declaration.has_sdk_list);
    }
    for text in
        ["See https://a.example/terms for details.\n", "第三方SDK目录如下：\n", "Our third-party SDK list is below.\n"]
    {
        assert!(read_text(text).statements.is_empty(), "{text}");
    }
}

#[test]
fn bills_of_material_and_uni_app_projects() {
    let text = r#"{"bomFormat":"CycloneDX","specVersion":"1.6","components":[
{"type":"library","group":"com.acme","name":"push","publisher":"Acme","description":"messages","externalReferences":[{"type":"website","url":"https://push.acme.example/"}]},
{"type":"library","name":"Picta","supplier":{"name":"Lumen"}}, {"name":""}]}"#;
    let declaration = read("bom.json", text.as_bytes(), &set()).unwrap();
    assert_eq!(
        rows(&declaration),
        [("com.acme:push".into(), "Acme".into(), "messages".into()), ("Picta".into(), "Lumen".into(), String::new())]
    );
    assert_eq!(
        (declaration.records[0].line, all(&declaration.records[0].links)),
        (2, vec!["https://push.acme.example/"])
    );
    let text = r#"{ /* project */ "appid": "x", // id
"app-plus": {"modules": {"Push": {}}, "distribute": {
  "android": {"permissions": ["<uses-permission android:name=\"android.permission.CAMERA\"/>"]},
  "sdkConfigs": {"push": {"unipush": {}}, "maps": {"amap": {"appkey": "//k"}}, "ad": {"other": {}}}}}}"#;
    let declaration = read("manifest.json", text.as_bytes(), &set()).unwrap();
    assert_eq!(names(&declaration), ["个推推送SDK", "高德地图SDK", "other (ad)"]);
    assert_eq!(declaration.app_permissions.android[0].text, "android.permission.CAMERA");
    assert_eq!(declaration.records[0].line, 4);
}

#[test]
fn sentences_that_name_sdks() {
    for (text, expected) in [
        (
            "为了向您推送消息，我们接入了顶点推送SDK和泽塔SDK。\n我们使用了Picta用于加载图片。\n",
            vec!["顶点推送SDK", "泽塔SDK", "Picta"],
        ),
        (
            "We use Acme Push and Lumen Ads in the app. The app integrates the Picta SDK for images.\n",
            vec!["Acme Push", "Lumen Ads", "Picta SDK"],
        ),
    ] {
        let declaration = read_text(text);
        assert_eq!(names(&declaration), expected);
        assert_eq!(declaration.records[2].line, if text.contains("\n我") { 2 } else { 1 });
    }
    for text in [
        "我们接入了顶点推送SDK。\n",
        "我们接入了第三方推送SDK和相关统计SDK。\n",
        "我们不会接入顶点推送SDK和泽塔SDK。\n",
        "We use your name and address to reach you. We use cookies and Picta.\n",
        "If we use Acme Push and Picta, we will tell you.\n",
    ] {
        assert!(!read_text(text).has_sdk_list, "{text}: {:?}", names(&read_text(text)));
    }
}
