//! A policy and the SDK list that stands apart from it.

use super::{all, read_text};
use crate::declared::{Declaration, Field, Position, read};
use crate::signatures::SignatureSet;

const POLICY: &str = "隐私政策\n我们接入以下第三方SDK：\n（1）SDK名称：友盟统计\n使用目的：统计分析\n（2）SDK名称：顶点推送\n使用目的：消息推送\n收集的个人信息：设备型号\n";
const LIST: &str = "第三方SDK目录\n\n| SDK名称 | 包名 | 公司名称 | 收集的个人信息 |\n| --- | --- | --- | --- |\n| 友盟统计 | com.umeng | 友盟同欣（北京）科技有限公司 | IMEI |\n| 顶点推送 | com.apex.push | 顶点软件有限公司 | OAID |\n| 微信开放平台 | com.tencent.mm.opensdk | 腾讯 | 无 |\n";

fn joined(texts: &[(&str, &str)]) -> Declaration {
    let set = SignatureSet::builtin();
    let one = |(name, text): &(&str, &str)| read(name, text.as_bytes(), set).unwrap();
    Declaration::join(texts.iter().map(one).collect(), set).unwrap()
}

#[test]
fn records_of_the_same_sdk_become_one_and_every_field_keeps_its_file() {
    let both = joined(&[("policy.txt", POLICY), ("list.md", LIST)]);
    assert_eq!((both.records.len(), both.document.as_str(), both.has_sdk_list), (3, "policy.txt + list.md", true));
    let (umeng, apex) = (&both.records[0], &both.records[1]);
    let place = |at: Position| {
        let place = both.place(at);
        (place.part, place.document, place.at.line)
    };
    assert_eq!(place(umeng.name.at().unwrap()), (0, "policy.txt", 3));
    assert_eq!(place(umeng.purpose.at().unwrap()), (0, "policy.txt", 4));
    assert_eq!(place(umeng.packages.at().unwrap()), (1, "list.md", 5));
    assert_eq!(place(both.records[2].place()), (1, "list.md", 7));
    assert_eq!(place(both.records[2].data.at().unwrap()), (1, "list.md", 7));
    assert_eq!(all(&apex.packages), ["com.apex.push"]);
    // What either document declares is declared.
    assert_eq!(apex.data.given().unwrap().text, "设备型号\nOAID");
    assert_eq!(umeng.resolved.sdk.as_deref(), Some("umeng.analytics"));
    assert_eq!(both.line_label(12).en, "list.md line 4");
    assert_eq!(both.lines_label(&[3, 12]).zh, "policy.txt 第 3 行、list.md 第 4 行");
    assert_eq!(
        (both.mention("com.apex.push").map(&place), both.list_document()),
        (Some((1, "list.md", 6)), "policy.txt")
    );
    let last = both.sentences().last().unwrap().at.line;
    assert_eq!(place(Position { line: last, column: 1 }), (1, "list.md", 7));
    assert_eq!(both.lines().iter().find(|line| line.text.starts_with("| 微信")).unwrap().number, 15);
}

#[test]
fn one_document_stays_as_it_is() {
    let (alone, read) = (joined(&[("policy.txt", POLICY)]), read_text(POLICY));
    assert_eq!((alone.records.len(), alone.sha256.as_str()), (read.records.len(), read.sha256.as_str()));
    assert_eq!((alone.document.as_str(), alone.line_label(3).zh.as_str()), ("policy.txt", "第 3 行"));
    assert!(Declaration::join(Vec::new(), SignatureSet::builtin()).is_none());
}

#[test]
fn what_is_not_clearly_one_stays_apart() {
    let two =
        "SDK名称：微信登录SDK\n包名：com.tencent.mm.opensdk\n\nSDK名称：微信支付SDK\n包名：com.tencent.mm.opensdk\n";
    let both = joined(&[("a.txt", two), ("b.txt", "SDK名称：微信开放平台SDK\n包名：com.tencent.mm.opensdk\n")]);
    assert_eq!(both.records.len(), 3);
    let systems = joined(&[
        ("a.txt", "SDK名称：顶点推送\n平台：iOS\n使用目的：推送\n"),
        ("b.txt", "SDK名称：顶点推送\n平台：Android\n使用目的：推送\n"),
    ]);
    assert_eq!(systems.records.len(), 2);
    let none = joined(&[
        ("a.txt", "SDK名称：顶点推送\n权限：无\n"),
        ("b.txt", "SDK名称：顶点推送\n权限：android.permission.CAMERA\n"),
    ]);
    assert!(matches!(&none.records[0].permissions, Field::Given(list) if list[0].text == "android.permission.CAMERA"));
}

#[test]
fn a_list_in_either_document_is_a_list() {
    let without = "隐私政策\n我们重视您的隐私。更新日期：2026年1月1日";
    assert!(joined(&[("a.txt", without), ("b.md", LIST)]).has_sdk_list);
    assert!(!joined(&[("a.txt", without), ("b.txt", without)]).has_sdk_list);
}
