//! SDKs described in sentences, vendor channels inside a record, receivers among SDKs, lists that stand elsewhere.

use super::*;
use crate::declared::StatementKind;

/// Name, vendor, purpose and data of each record.
fn rows(text: &str) -> Vec<[String; 4]> {
    let text_of = |field: &Field<Located>| field.given().map(|value| value.text.clone()).unwrap_or_default();
    let row = |record: &DeclaredSdk| [&record.name, &record.vendor, &record.purpose, &record.data].map(text_of);
    read_text(text).records.iter().map(row).collect()
}

#[test]
fn sentences_in_chinese() {
    let expected = [["顶点推送SDK", "顶点软件有限公司", "推送消息", "设备标识"].map(str::to_owned)];
    for text in [
        "我们接入了顶点软件有限公司的顶点推送SDK，用于推送消息，需要收集设备标识，隐私政策：https://push.acme.example/p。",
        "我们使用了由顶点软件有限公司提供的顶点推送SDK，用于推送消息，会收集您的设备标识。",
        "为了推送消息，我们集成了顶点推送SDK（提供方：顶点软件有限公司），该SDK会收集设备标识。",
        "推送消息：我们使用顶点软件有限公司提供的顶点推送SDK，收集设备标识。",
        "顶点推送SDK由顶点软件有限公司提供，主要用于推送消息，可能收集设备标识。",
    ] {
        assert_eq!(rows(&format!("隐私政策\n\n{text}\n")), expected, "{text}");
    }
}

#[test]
fn sentences_in_english() {
    let expected = [["Acme Push SDK", "Acme Software Inc.", "push messages", "device identifiers"].map(str::to_owned)];
    for text in [
        "We use Acme Push SDK by Acme Software Inc. for push messages. It may collect device identifiers.",
        "Acme Push SDK is provided by Acme Software Inc. and used for push messages. The SDK collects device identifiers. See https://push.acme.example/p for details.",
        "For push messages, we integrate Acme Push SDK from Acme Software Inc., which collects device identifiers.",
    ] {
        assert_eq!(rows(&format!("Privacy policy\n\n{text}\n")), expected, "{text}");
    }
}

#[test]
fn other_sentences_describe_nothing() {
    for text in [
        "我们没有接入顶点推送SDK，也不会用于推送消息。",
        "我们使用Cookie，用于保持登录状态，会收集您的设备信息。",
        "我们会对第三方SDK进行严格的安全检测，用于保护您的信息。",
        "We use cookies to remember you. They collect your language.",
        "第三方SDK：指由第三方服务商提供的软件工具开发包。\n个人信息：指可识别的各种信息。",
    ] {
        assert_eq!(rows(&format!("隐私政策\n\n{text}\n")), Vec::<[String; 4]>::new(), "{text}");
    }
}

#[test]
fn vendor_channels_are_records_inside_another() {
    let chinese = "第三方SDK目录\n1. SDK名称：顶点推送SDK\n   使用目的：推送\n   厂商通道：小米、华为、OPPO推送SDK\n2. SDK名称：Picta\n   使用目的：图片\n";
    let english = "# Third-party SDKs\n\n## Acme Push\n- Purpose: push\n- Vendor channel SDKs: Xiaomi, Huawei and OPPO\n\n## Picta\n- Purpose: pictures\n- Vendor: Lumen\n";
    let inside = |text: &str| -> Vec<(String, Option<String>)> {
        read_text(text).records.iter().map(|record| (record.title(), record.within.clone())).collect()
    };
    let pair = |name: &str, parent: Option<&str>| (name.to_owned(), parent.map(str::to_owned));
    assert_eq!(
        inside(chinese),
        [
            pair("顶点推送SDK", None),
            pair("小米", Some("顶点推送SDK")),
            pair("华为", Some("顶点推送SDK")),
            pair("OPPO推送SDK", Some("顶点推送SDK")),
            pair("Picta", None),
        ]
    );
    assert_eq!(
        inside(english),
        [
            pair("Acme Push", None),
            pair("Xiaomi", Some("Acme Push")),
            pair("Huawei", Some("Acme Push")),
            pair("OPPO", Some("Acme Push")),
            pair("Picta", None),
        ]
    );
    // A record of its own is not repeated, and data that names phones is no channel.
    let own = "第三方SDK目录\n1. SDK名称：顶点推送SDK\n   使用目的：厂商通道（小米、华为）推送\n2. SDK名称：小米推送SDK\n   使用目的：推送\n3. SDK名称：华为推送SDK\n   使用目的：小米手机、华为手机的推送\n";
    assert_eq!(names(&read_text(own)), ["顶点推送SDK", "小米推送SDK", "华为推送SDK"]);
}

#[test]
fn trades_among_sdks_are_receivers() {
    let text = "| SDK名称 | 公司 | 目的 |\n|---|---|---|\n| Picta | 流明 | 图片 |\n| 短信网关 | 某信公司 | 发送验证码 |\n| 顺丰速运 | 顺丰 | 配送 |\n| 江河银行 | 江河 | 支付 |\n| 顶点银行卡SDK | 顶点 | 识别 |\n";
    let declaration = read_text(text);
    assert_eq!(names(&declaration), ["Picta", "顶点银行卡SDK"]);
    let receivers: Vec<String> = declaration.receivers.iter().map(DeclaredSdk::title).collect();
    assert_eq!(receivers, ["短信网关", "顺丰速运", "江河银行"]);
    let english = "| SDK name | Vendor | Purpose |\n|---|---|---|\n| Picta | Lumen | pictures |\n| SMS gateway | Somebody Ltd. | codes |\n| DHL Parcel | DHL | delivery |\n";
    assert_eq!(names(&read_text(english)), ["Picta"]);
}

#[test]
fn a_list_that_stands_elsewhere_is_a_statement() {
    let link = |text: &str| {
        let declaration = read_text(text);
        let found: Vec<Option<String>> = declaration
            .statements
            .iter()
            .filter(|statement| statement.kind == StatementKind::ListElsewhere)
            .map(|statement| statement.link.clone())
            .collect();
        found
    };
    assert_eq!(link("您可以点击[《第三方SDK列表》](javascript:;)查看详情。"), [None]);
    assert_eq!(link("第三方SDK目录详见[这里](/sdk-list.html)。"), [Some("/sdk-list.html".to_owned())]);
    assert_eq!(link("See our [list of third-party SDKs](sdks.md)."), [Some("sdks.md".to_owned())]);
    assert!(link("详见《第三方SDK列表》。\n\n## 第三方SDK列表\n").is_empty(), "it stands here");
}
