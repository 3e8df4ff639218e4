//! Names without labels: vendors behind a dash, third parties at the head of a column, enumerations in sentences.

use super::*;
use crate::declared::StatementKind;

fn html(text: &str) -> Declaration {
    read("policy.html", text.as_bytes(), &set()).unwrap()
}

#[test]
fn a_company_behind_a_dash_is_the_vendor_and_its_full_stop_ends_no_title() {
    let text = "\
# Third-party SDKs

- **Acme Push** (com.acme.push) – Acme Software Corporation
  - **Purpose:** messages
  - **Data collected:** push token
- **Picta** – Lumen Ltd.
  - **Purpose:** pictures
  - **Data collected:** none
";
    let page = "<h2>Third-party SDKs</h2><ul><li><b>Acme Push</b> (com.acme.push) – Acme Software Corporation<ul>\
        <li><b>Purpose:</b> messages</li><li><b>Data collected:</b> push token</li></ul></li>\
        <li><b>Picta</b> – Lumen Ltd.<ul><li><b>Purpose:</b> pictures</li><li><b>Data collected:</b> none</li></ul></li></ul>";
    for declaration in [read_text(text), html(page)] {
        assert_eq!(names(&declaration), ["Acme Push", "Picta"]);
        let [first, second] = &declaration.records[..] else { panic!() };
        assert_eq!((given(&first.vendor), given(&second.vendor)), ("Acme Software Corporation", "Lumen Ltd."));
        assert_eq!(all(&first.packages), ["com.acme.push"]);
        assert_eq!((given(&first.purpose), given(&second.purpose)), ("messages", "pictures"));
        assert!(matches!(second.data, Field::ExplicitNone(_)), "{:?}", second.data);
    }
}

#[test]
fn a_column_of_third_parties_names_the_sdks_when_no_other_does() {
    let rows = "<tr><td>1<td>顶点推送SDK<td>com.acme.push<td>消息推送<tr><td>2<td>顶点地图SDK<td>com.acme.maps<td>定位";
    let table = |title: &str, package: &str| {
        html(&format!(
            "<h1>{title}</h1><table><tr><td>序号<td>第三方名称<td>{package}<td>使用场景{rows}</table><p>联系我们"
        ))
    };
    for (title, package) in [("第三方SDK清单", "包名"), ("附表", "SDK包名")] {
        let declaration = table(title, package);
        assert_eq!(names(&declaration), ["顶点推送SDK", "顶点地图SDK"], "{title}");
        assert_eq!(all(&declaration.records[1].packages), ["com.acme.maps"]);
        assert!(declaration.records[0].vendor.is_absent());
    }
    // Beside a name the third party is the vendor.
    let page =
        "<h1>第三方SDK清单</h1><table><tr><td>SDK名称<td>第三方名称<td>使用场景<tr><td>Picta<td>流明<td>图片</table>";
    assert_eq!(given(&html(page).records[0].vendor), "流明");
}

#[test]
fn sentences_enumerate() {
    for (text, expected) in [
        (
            "Policy\n\nWe use the following third-party SDKs: Acme Push, Picta (Lumen), Nobody Knows and Lumen Ads.",
            &["Acme Push", "Picta", "Nobody Knows", "Lumen Ads"][..],
        ),
        ("Policy\n\nThe following SDKs are embedded: Acme Maps and Picta.", &["Acme Maps", "Picta"]),
        (
            "Our app integrates the Acme Push SDK (Acme Software, Inc.) to deliver notes. We also use the Vireo SDK for charts.",
            &["Acme Push SDK", "Vireo SDK"],
        ),
        (
            "我们接入的第三方SDK包括：顶点推送SDK、流明广告SDK。\n我们未接入顶点地图SDK。",
            &["顶点推送SDK", "流明广告SDK"],
        ),
        (
            "为了推送消息，我们集成了顶点推送SDK（提供方：顶点软件有限公司），该SDK会收集设备标识符。此外，我们会调用泽塔SDK完成支付。",
            &["顶点推送SDK", "泽塔SDK"],
        ),
    ] {
        assert_eq!(names(&read_text(text)), expected, "{text}");
    }
    let declaration = read_text("Our app integrates the Acme Push SDK (Acme Software, Inc.) and the Picta SDK.");
    assert_eq!(given(&declaration.records[0].vendor), "Acme Software, Inc.");
    for text in [
        "We use the following data: Acme Push tokens, your name and your address.",
        "We do not use the following SDKs: Acme Push, Picta and Lumen Ads.",
        "The SDKs include the following purposes: to deliver messages, to show pictures.",
    ] {
        assert!(names(&read_text(text)).is_empty(), "{text}: {:?}", names(&read_text(text)));
    }
}

#[test]
fn bullets_below_what_generators_write() {
    for items in [
        "* Acme Push\n* Picta\n* Lumen Ads\n",
        "*   [Acme Push](https://acme.example/p)\n\n*   [Picta](https://lumen.example/p)\n\n*   [Lumen Ads](https://lumen.example/a)\n",
    ] {
        let text = format!(
            "The app uses third party services.\n\nLink to privacy policy of third party service providers used by the app\n\n{items}\n**Log Data**\n\ntext\n"
        );
        assert_eq!(names(&read_text(&text)), ["Acme Push", "Picta", "Lumen Ads"]);
    }
}

#[test]
fn to_deny_one_sdk_or_one_kind_is_not_to_deny_all() {
    let kinds = |text: &str| -> Vec<StatementKind> {
        read_text(text).statements.into_iter().map(|statement| statement.kind).collect()
    };
    assert_eq!(kinds("We do not use Acme Push SDK or any location SDK."), [StatementKind::NotIncluded]);
    assert!(kinds("我们不使用任何定位SDK。").is_empty());
    assert_eq!(kinds("我们不使用任何广告SDK，未集成顶点推送。"), [StatementKind::NotIncluded]);
    assert_eq!(kinds("We do not use any third-party SDK."), [StatementKind::NoThirdPartySdk]);
    assert_eq!(kinds("我们不使用任何第三方SDK。"), [StatementKind::NoThirdPartySdk]);
}

#[test]
fn labels_and_marks_around_values() {
    let text = "\
## 第三方SDK

1、SDK名称：Picta公司名称：流明互动科技有限公司包名：com.lumen.picta使用目的：图片收集信息范围：无
";
    let declaration = read_text(text);
    let record = &declaration.records[0];
    assert_eq!((given(&record.vendor), all(&record.packages)), ("流明互动科技有限公司", vec!["com.lumen.picta"]));
    let text = "\
## Third-party SDKs

- **Picta**
  - *Company:* Lumen
  - *Why:* pictures
  - *Permissions:* `INTERNET`, `ACCESS_NETWORK_STATE`
  - *Their policy:* <https://lumen.example/policy>
- **Acme Push**
  - *Company:* Acme
  - *Purpose:* messages
  - *More:* [here](https://acme.example/policy)
";
    let declaration = read_text(text);
    assert_eq!(all(&declaration.records[0].permissions), ["INTERNET", "ACCESS_NETWORK_STATE"]);
    assert_eq!(all(&declaration.records[0].links), ["https://lumen.example/policy"]);
    assert_eq!(all(&declaration.records[1].links), ["https://acme.example/policy"]);
}
