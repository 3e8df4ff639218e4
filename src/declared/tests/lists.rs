//! Key:value text and Markdown lists, in English and Chinese.

use super::*;

const ENGLISH: &str = "\
Privacy Policy of Meter
Version: 3
[Third Party SDK List]
We share data in these cases:
1. With your consent.
The SDKs are as follows:
(1) SDK Name: Acme Push
Third party developer entity: Acme Software Inc.
Package name information: com.acme.push
Usage scenario: Base
Permission used: android.permission.INTERNET、android.permission.VIBRAT
Device permissions invoked: vibrate the phone
Purpose of SDK: Message delivery (when a bill is due)
Scope of information collected by SDK: device information (IMEI, OAID), network information
Processing method: local collection
Data processing method: encrypted
Official website link: https://acme.example
Privacy Policy Link: http://acme.example/privacy?a=1
(2)SDK Name: Picta Gallery
SDK包名:com.Lumen.picta、com.lumen.other
Permission used: None
Device permissions invoked: None
SDK Purpose: Loads pictures
The scope of information collected by SDK includes files, pictures: all of them
The library complies with the law and only obtains what follows, without any transmission:
Device maker, device model, used to choose an interface
APP package name, used for verifying signatures
Privacy Policy Link/Official Website:https://lumen.example/picta
(3) SDK name: Zeta
Scope of information collected by SDK: 1)Payment related information: such as accounts. 2)User basic information: may include names. 3)Device information, such as model. 4)Other.
Purpose of SDK: payment
[[Special] note]
Please read this policy: it is about the purpose: yours.
1、How do we collect data
Company name: Meter Ltd.
Email: a@meter.example
";

#[test]
fn english_key_value_text() {
    let declaration = read_text(ENGLISH);
    assert!(declaration.has_sdk_list);
    assert_eq!(names(&declaration), ["Acme Push", "Picta Gallery", "Zeta"]);
    let [first, second, third] = &declaration.records[..] else { panic!() };
    assert_eq!((first.line, first.column), (7, 15));
    assert_eq!(given(&first.vendor), "Acme Software Inc.");
    assert_eq!(all(&first.packages), ["com.acme.push"]);
    assert_eq!(all(&first.permissions), ["android.permission.INTERNET", "android.permission.VIBRAT"]);
    assert_eq!(given(&first.purpose), "Message delivery (when a bill is due)");
    assert_eq!(given(&first.data), "device information (IMEI, OAID), network information");
    assert_eq!(given(&first.method), "local collection");
    assert_eq!(all(&first.links), ["https://acme.example", "http://acme.example/privacy?a=1"]);
    assert_eq!(all(&second.packages), ["com.Lumen.picta", "com.lumen.other"]);
    assert_eq!(second.permissions.at().map(|at| (at.line, at.column)), Some((21, 18)));
    assert!(matches!(second.permissions, Field::ExplicitNone(_)) && second.vendor.is_absent());
    assert_eq!(given(&second.data), "files, pictures: all of them");
    assert_eq!(all(&second.links), ["https://lumen.example/picta"]);
    assert!(
        third.packages.is_absent()
            && third.permissions.is_absent()
            && third.vendor.is_absent()
            && third.links.is_absent()
    );
    assert!(given(&third.data).starts_with("1)Payment") && given(&third.data).ends_with("4)Other."));
}

#[test]
fn every_item_has_its_own_place() {
    let declaration = read_text(ENGLISH);
    let Field::Given(permissions) = &declaration.records[0].permissions else { panic!() };
    assert_eq!(permissions.iter().map(place).collect::<Vec<_>>(), [(11, 18), (11, 46)]);
    let Field::Given(packages) = &declaration.records[1].packages else { panic!() };
    assert_eq!(packages.iter().map(place).collect::<Vec<_>>(), [(20, 7), (20, 23)]);
    assert_eq!(declaration.records[1].purpose.at().map(|at| (at.line, at.column)), Some((23, 14)));
}

#[test]
fn chinese_key_value_text() {
    let text = "\
三、第三方SDK信息共享清单
（1）SDK名称：顶点推送
公司名称：顶点软件有限公司
包名信息：com.acme.push
使用的权限：android.permission.INTERNET、android.permission.READ_PHONE_STATE
使用场景：基础模块
使用目的：消息推送（设备欠费时）
收集信息范围：设备信息（IMEI、OAID）、网络信息
处理方式：SDK本机采集，不涉及数据共享
隐私政策链接：https://acme.example/p
（2）名称:Picta图库
运营方:流明互动科技有限公司
SDK包名:com.lumen.picta
权限:无
涉及个人信息:不涉及
用途:加载图片
官网链接:https://lumen.example
四、如何联系我们
公司名称：表计有限公司
地址：某市
官网：https://meter.example
";
    let declaration = read_text(text);
    assert_eq!(names(&declaration), ["顶点推送", "Picta图库"]);
    let [first, second] = &declaration.records[..] else { panic!() };
    assert_eq!((given(&first.vendor), given(&first.purpose)), ("顶点软件有限公司", "消息推送（设备欠费时）"));
    assert_eq!(given(&first.method), "SDK本机采集，不涉及数据共享");
    assert_eq!(all(&first.permissions).len(), 2);
    assert_eq!(given(&second.vendor), "流明互动科技有限公司");
    assert!(matches!(second.permissions, Field::ExplicitNone(_)) && matches!(second.data, Field::ExplicitNone(_)));
    assert_eq!(all(&second.links), ["https://lumen.example"]);
}

#[test]
fn records_on_one_line_and_packages_in_brackets() {
    let declaration = read_text(
        "我们接入的SDK如下：\n1. SDK名称：顶点推送(包名com.acme.push)；开发者名称：顶点软件；收集信息范围：OAID；使用目的：推送；SDK隐私政策链接：https://acme.example/p\n\
         2. SDK名称：流明广告 / 开发者名称：流明 / 使用目的：广告\n",
    );
    assert_eq!(names(&declaration), ["顶点推送", "流明广告"]);
    assert_eq!(all(&declaration.records[0].packages), ["com.acme.push"]);
    assert_eq!((given(&declaration.records[0].vendor), given(&declaration.records[0].data)), ("顶点软件", "OAID"));
    assert_eq!((given(&declaration.records[1].vendor), given(&declaration.records[1].purpose)), ("流明", "广告"));
}

#[test]
fn markdown_headings_with_bullets_and_nested_values() {
    let text = "\
## 2 信息收集
### 2.1 相机权限
- **使用场景**: 拍照
- **收集内容**: 照片
- **使用目的**: 上传
### 2.2 第三方SDK的情况
我们集成了以下SDK：
#### 2.2.1 顶点推送
- **SDK名称**: 顶点推送SDK (AcmePush)
- **服务提供方**: 顶点软件
- **使用目的**: 推送
- **收集的个人信息**:
  - 设备信息: OAID
  - 信息类型: 网络信息
- **隐私政策链接**: [政策](https://acme.example/p)
#### 2.2.2 Picta
- **Purpose** – pictures
* **Data collected:** none
- 官网：<https://lumen.example>
## 3 联系
- 公司：表计
";
    let declaration = read_text(text);
    assert_eq!(names(&declaration), ["顶点推送SDK (AcmePush)", "Picta"]);
    let [first, second] = &declaration.records[..] else { panic!() };
    assert_eq!((first.line, first.column), (9, 14));
    assert_eq!(given(&first.data), "设备信息: OAID\n信息类型: 网络信息");
    assert_eq!(all(&first.links), ["https://acme.example/p"]);
    assert_eq!((second.line, given(&second.purpose)), (16, "pictures"));
    assert!(matches!(second.data, Field::ExplicitNone(_)));
}

#[test]
fn bold_names_bare_names_and_numbered_items() {
    let bold = "第三方SDK目录：\n\n**顶点推送SDK**\n\n运营方：顶点\n\n功能：推送\n\n隐私政策：[https://a.example/](https://a.example/)\n\n**Picta**\n\n运营方：流明\n\n功能：图片\n";
    let bare = "SDK情况说明\n顶点推送SDK\n收集信息:设备信息;MAC\n使用目的:推送\n官网链接:https://a.example\n流明广告SDK\n收集信息:OAID\n使用目的:广告\n";
    let numbered = "接入的第三方SDK如下：\n2.1顶点推送SDK\n2.1.1应用场景：推送。\n2.1.2第三方SDK提供方：顶点。\n2.3 Picta SDK\n2.3.1应用场景：图片。\n2.3.2第三方SDK提供方：流明。\n";
    let nested = "* 接入 SDK 目录：\n\n*   **顶点推送 SDK**  \n    **使用目的：**推送  \n    **官网链接：**[https://a.example/](https://a.example/)\n*   **Picta**  \n    **使用目的：**图片  \n    **数据类型：**无\n";
    let quoted = "> - 顶点推送 SDK\n>   + 第三方主体：顶点\n>   + 使用目的：推送\n";
    for (text, count) in [(bold, 2), (bare, 2), (numbered, 2), (nested, 2), (quoted, 1)] {
        let declaration = read_text(text);
        assert_eq!(declaration.records.len(), count, "{text}: {:?}", names(&declaration));
        assert!(names(&declaration)[0].contains("顶点推送"));
        assert!(declaration.records.iter().all(|record| record.purpose.given().is_some()), "{text}");
    }
    assert_eq!(given(&read_text(numbered).records[0].vendor), "顶点");
    assert_eq!(given(&read_text(bare).records[0].data), "设备信息;MAC");
}

#[test]
fn values_go_on_in_wrapped_and_deeper_lines() {
    let text = "\
The list of third-party SDKs that are part of this app, with all the details:

SDK Name: Acme Push
Purpose: delivers messages about bills that are due, about outages in the area
and about prices that have changed since the last bill was sent to the
customer.
Data collected:
IMEI, OAID
Provider: Acme
  Software
";
    let declaration = read_text(text);
    let record = &declaration.records[0];
    assert!(given(&record.purpose).ends_with("customer."), "{:?}", record.purpose);
    assert_eq!(given(&record.data), "IMEI, OAID");
    assert_eq!(given(&record.vendor), "Acme\nSoftware");
}

#[test]
fn lists_that_only_name_sdks() {
    let text = "\
Third party service providers used by the app:
*   [Acme Push](https://acme.example/p)
*   [Picta](https://lumen.example)

We use third-party services for the following reasons:
* To comply with the law
* To improve the app
";
    let declaration = read_text(text);
    assert_eq!(names(&declaration), ["Acme Push", "Picta"]);
    assert_eq!(all(&declaration.records[0].links), ["https://acme.example/p"]);
    let declaration = read_text("本应用集成以下第三方SDK：\n- 顶点推送：用于推送\n- 流明广告SDK：展示广告\n");
    assert_eq!(names(&declaration), ["顶点推送", "流明广告SDK"]);
    assert_eq!(given(&declaration.records[1].purpose), "展示广告");
}

#[test]
fn platforms_come_from_fields_and_headings() {
    let text = "\
## Android 第三方SDK清单
SDK名称：顶点推送
使用目的：推送
## iOS 第三方SDK清单
SDK名称：流明广告
使用目的：广告
## 其他SDK
SDK名称：Picta
终端：Android、iOS
使用目的：图片
";
    let declaration = read_text(text);
    let concerns: Vec<bool> = declaration.records.iter().map(DeclaredSdk::concerns_android).collect();
    assert_eq!(concerns, [true, false, true]);
    assert_eq!(given(&declaration.records[2].platform), "Android、iOS");
    assert!(!read_text("SDK名称：顶点推送（iOS）\n使用目的：推送").records[0].concerns_android());
}

#[test]
fn labels_alone_on_their_lines() {
    let text = "接入的第三方SDK如下\n\nSDK名称：\n\n顶点推送\n\n使用目的：\n\n推送\n\n收集信息：\n\n位置信息\n网络信息\n\n公司名称：\n\n顶点\n\nSDK名称：Picta\n\n使用目的：\n\n图片\n";
    let declaration = read_text(text);
    assert_eq!(names(&declaration), ["顶点推送", "Picta"]);
    let record = &declaration.records[0];
    assert_eq!(
        (given(&record.purpose), given(&record.data), given(&record.vendor)),
        ("推送", "位置信息\n网络信息", "顶点")
    );
    assert_eq!(record.vendor.at().map(|at| at.line), Some(18));
}

#[test]
fn numbered_fields_and_numbered_values() {
    let text = "第三方SDK目录\n1. 顶点推送SDK\n（1）使用目的：推送\n（2）收集个人信息类型：\n1）设备信息\n2）网络信息\n（3）第三方主体：顶点\n2. Picta\n（1）使用目的：图片\n（2）第三方主体：流明\n";
    let declaration = read_text(text);
    assert_eq!(names(&declaration), ["顶点推送SDK", "Picta"]);
    assert_eq!(given(&declaration.records[0].data), "设备信息\n网络信息");
    assert_eq!(given(&declaration.records[0].vendor), "顶点");
}

#[test]
fn a_document_that_is_a_list_as_a_whole() {
    let declaration = read_text(
        "Meter - Third-Party SDK Notice\n\n## Picta runtime\n- Purpose: pictures\n\n## Relay\n- Purpose: relaying\n",
    );
    assert_eq!(names(&declaration), ["Picta runtime", "Relay"]);
    assert!(!read_text("Meter\n\n## Picta runtime\n- Purpose: pictures\n").has_sdk_list);
}

#[test]
fn a_list_ends_where_the_next_part_begins() {
    let text = "表计隐私政策\n更新日期：今天\n一、总则\n四、第三方SDK列表\n1. **SDK 名称：** 顶点推送<br>**使用目的：** 推送<br>**官网链接：** https://a.example\n五、未成年人\n名称：表计公司\n用途：x\n";
    let declaration = read_text(text);
    assert_eq!(names(&declaration), ["顶点推送"]);
    assert_eq!(given(&declaration.records[0].purpose), "推送");
    assert_eq!(all(&declaration.records[0].links), ["https://a.example"]);
}
