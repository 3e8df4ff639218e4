//! What must not be read as a record, denials, and documents that are broken.

use super::super::{DeclaredError, StatementKind, read_document};
use super::*;

#[test]
fn policies_without_a_list_have_none() {
    for text in [
        "Privacy Policy\n\nWe collect your name: you give it to us.\n\nI. How We Use Data\n  1. Purposes: accounts.\n  2. Legal basis: consent.\n\nContact: us@acme.example\n",
        "SDK技术由第三方机构提供，详见《SDK技术说明文档》。\n\n联系我们\n公司名称：表计\n官网：https://m.example\n",
        "# 权限\n\n#### 相机权限\n- 使用场景: 扫码\n- 收集内容: 照片\n- 使用目的: 识别\n",
        "第三方SDK参考样例：\nSDK名称:XXX(包名XXX)\n开发者名称:XXX公司\n使用目的:XXX\n",
        "四、附录：共享清单\n名称：表计公司\n用途：x\n",
        "---\ntitle: 第三方SDK列表\nurl: https://a.example/x\ndescription: b\n---\n正文\n",
        "Information\n\nThird-party SDKs: None\n\nContact: us@acme.example\n",
        "第三方SDK：无\n\n联系我们\n",
        "| SDK名称 | 公司 | 收集信息 |\n| --- | --- | --- |\n| 无 | 无 | 无 |\n",
    ] {
        let declaration = read_text(text);
        assert!(!declaration.has_sdk_list && declaration.records.is_empty(), "{text}: {:?}", names(&declaration));
    }
}

#[test]
fn denials_are_statements() {
    for text in [
        "The App does not use any analytics SDKs, advertising networks, or third-party trackers.",
        "We do not integrate any third-party SDK.",
        "No third-party SDKs are included in the app.",
        "本应用不使用任何第三方SDK。",
        "我们没有集成第三方 SDK，请放心使用。",
        "本产品未接入任何第三方软件开发包。",
    ] {
        let declaration = read_text(&format!("Intro.\n{text}\n"));
        let kinds: Vec<StatementKind> = declaration.statements.iter().map(|s| s.kind).collect();
        assert_eq!(kinds, [StatementKind::NoThirdPartySdk], "{text}");
        assert_eq!(declaration.statements[0].quote.at.line, 2);
        assert!(!declaration.has_sdk_list);
    }
}

#[test]
fn conditions_and_other_denials_are_no_statements() {
    for text in [
        "If you do not use third-party SDKs, some functions are missing.",
        "如果您不使用第三方SDK提供的功能，不影响其他功能。",
        "未经您同意，第三方SDK将不会收集该信息。",
        "We do not share data with third-party SDKs.",
        "We do not use the SDK to collect any names.",
        "We will not use cookies for any other purpose.",
        "使用第三方SDK时我们会征得您的同意。",
    ] {
        assert!(read_text(text).statements.is_empty(), "{text}: {:?}", read_text(text).statements);
    }
}

#[test]
fn negative_lists_become_statements_never_records() {
    let text = "\
## Acme Push SDK
- Purpose: messages
- Provider: Acme
## Not included in this release
- Lumen Ads / Lumen Mobile Ads SDK
- external analytics SDKs
## Contact
";
    let declaration = read_text(text);
    assert_eq!(names(&declaration), ["Acme Push SDK"]);
    let named: Vec<&str> = declaration.statements.iter().filter_map(|s| s.name.as_deref()).collect();
    assert_eq!(named, ["Lumen Ads", "Lumen Mobile Ads SDK", "external analytics SDKs"]);
    assert_eq!(declaration.statements[0].quote.at.line, 5);
    for text in [
        "Not included: Lumen Ads, Picta.",
        "未集成以下SDK：流明广告、Picta",
        "We do not use Lumen Ads or Picta.",
        "我们未接入流明广告、Picta。",
    ] {
        let declaration = read_text(text);
        let kinds: Vec<StatementKind> = declaration.statements.iter().map(|s| s.kind).collect();
        assert_eq!(kinds, [StatementKind::NotIncluded; 2], "{text}");
        assert!(declaration.records.is_empty());
    }
}

#[test]
fn mentions_are_whole_words() {
    let declaration =
        read_text("We ask for ANDROID.permission.CAMERA_X and\nandroid.permission.CAMERA. 使用顶点推送服务。\n");
    let at = |name: &str| declaration.mention(name).map(|at| (at.line, at.column));
    assert_eq!(at("android.permission.camera"), Some((2, 1)));
    assert_eq!(at("CAMERA"), Some((2, 20)));
    assert_eq!(at("顶点推送"), Some((2, 30)));
    assert_eq!(at("permission.CAM"), None);
    assert_eq!(at(" "), None);
}

#[test]
fn unread_formats_say_so() {
    for (name, bytes) in [("p.doc", &b"\xd0\xcf\x11\xe0"[..]), ("p.xlsx", b"PK\x03\x04")] {
        let error = read(name, bytes, &set()).unwrap_err();
        let message = error.to_string();
        assert!(message.contains(name) && message.contains("not read yet") && !error.help.en.is_empty(), "{message}");
    }
    assert!(matches!(read_document("p.txt", b" \n", &set()), Err(DeclaredError::Empty)));
}

/// Every prefix and every document with one character taken out is read without a crash.
#[test]
fn broken_documents_are_survived() {
    let text = "---\na\n---\n> - **顶点 SDK**：\n>   + 使用目的: [x](y)\n| SDK名称 | 权限 |\n|--|--|\n| a(com.b.c) | `无` |\n<table><tr><td>SDK名称<td>包名<tr><td>x</table>\n(1) SDK Name: \\\nNot included: a\n1)android.permission.A\n不使用第三方SDK\n";
    let set = set();
    for (at, c) in text.char_indices() {
        for broken in [text[..at].to_owned(), format!("{}{}", &text[..at], &text[at + c.len_utf8()..])] {
            if let Err(error) = read_document("p.md", broken.as_bytes(), &set) {
                assert_eq!(error, DeclaredError::Empty, "{broken}");
            }
        }
    }
}

/// Shapes that would take minutes if any step looked back over the whole document for every piece of it.
#[test]
fn large_documents_are_read() {
    let set = set();
    let shapes = [
        "a:b：".repeat(2_000),
        format!("权限：{}", "android.permission.A_B、".repeat(2_500)),
        format!("SDK名称：x\n链接：{}", (0..2_500).map(|n| format!("https://a.example/{n} ")).collect::<String>()),
        "[".repeat(30_000),
        "<table>".repeat(5_000),
        "<table><tr><td>".repeat(5_000),
        "<nav>".repeat(5_000),
        "<ul><li>a".repeat(5_000),
        "<p>a".repeat(5_000),
        "<a href=https://a.b>".repeat(5_000),
        "&amp&lt;".repeat(5_000),
        "<table><tr><td rowspan=9999 colspan=9999>a</table>".repeat(500),
        "<table><tr><td>a</td></tr></table>\n".repeat(2_000),
        "a | b\n".repeat(5_000),
        format!("|`{}`", "|".repeat(30_000)),
        "- SDK：a\n".repeat(2_500),
        "SDK Name: a\n".repeat(5_000),
        format!("SDK Name: {}", "Acme Push ".repeat(2_500)),
    ];
    for shape in shapes {
        for name in ["p.txt", "p.html"] {
            let result = read_document(name, shape.as_bytes(), &set).err();
            assert!(matches!(result, None | Some(DeclaredError::Empty)), "{:.40}: {result:?}", shape);
        }
    }
}

#[test]
fn what_an_sdk_is_made_for_belongs_to_its_name() {
    let text = "Third-party SDKs\n\nWe use the Acme Push SDK from Acme Inc. for notifications. We also use Google Analytics for Firebase, \
                provided by Google LLC, to understand how the app is used.\n";
    assert_eq!(names(&read_text(text)), ["Acme Push SDK", "Google Analytics for Firebase"]);
}
