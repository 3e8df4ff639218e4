//! Pipe tables, tab tables, HTML tables in Markdown, and the app's permission tables.

use super::*;

#[test]
fn pipe_tables_with_empty_cells_and_escapes() {
    let text = "\
本应用使用如下SDK：

   | SDK名称 | 开发者 | 包名 | 权限 | 收集信息 | 用途 | 隐私政策链接 |
   |---------|:------:|------|------|----------|------|--------------|
   | 顶点推送 | 顶点 | com.acme.push | android.permission.INTERNET<br>android.permission.VIBRATE | 设备信息 | 推送 | [查看](https://a.example/p) |
   | **Picta** | | `com.lumen.picta` | 无 | / | a \\| b | |
   | | 流明 | com.lumen.ads | | OAID | 广告 | https://l.example |

其他文字
";
    let declaration = read_text(text);
    let [first, second, third] = &declaration.records[..] else { panic!("{:?}", names(&declaration)) };
    assert_eq!((first.line, given(&first.name), given(&first.vendor)), (5, "顶点推送", "顶点"));
    assert_eq!(all(&first.permissions), ["android.permission.INTERNET", "android.permission.VIBRATE"]);
    assert_eq!(all(&first.links), ["https://a.example/p"]);
    assert_eq!(given(&second.name), "Picta");
    assert_eq!((all(&second.packages), given(&second.purpose)), (vec!["com.lumen.picta"], "a | b"));
    assert!(second.vendor.is_absent() && second.links.is_absent());
    assert!(matches!(second.permissions, Field::ExplicitNone(_)) && matches!(second.data, Field::ExplicitNone(_)));
    assert!(third.name.is_absent());
    assert_eq!(third.packages.at().map(|at| (at.line, at.column)), Some((7, 13)));
}

#[test]
fn several_english_tables_one_of_them_not_of_sdks() {
    let text = "\
| Permission | Purpose |
|---|---|
| android.permission.CAMERA | scan |
| android.permission.VIBRATE | ring |

| Third-party SDK | Company | Purpose | Privacy policy |
|---|---|---|---|
| Acme Push | Acme | push | https://a.example |

| Service | Provider | Personal information |
|---|---|---|
| Picta | Lumen | None |

| Cookie | Duration |
|---|---|
| id | 1 day |
";
    let declaration = read_text(text);
    assert_eq!(names(&declaration), ["Acme Push", "Picta"]);
    assert_eq!(declaration.app_permissions.android.iter().map(|p| p.at.line).collect::<Vec<_>>(), [3, 4]);
}

#[test]
fn labels_in_the_first_column() {
    let text =
        "| SDK名称 | 顶点推送 | Picta |\n|---|---|---|\n| 公司名称 | 顶点 | 流明 |\n| 使用目的 | 推送 | 图片 |\n";
    let declaration = read_text(text);
    assert_eq!(names(&declaration), ["顶点推送", "Picta"]);
    assert_eq!(given(&declaration.records[1].vendor), "流明");
}

#[test]
fn flattened_and_tab_separated_tables() {
    let text = "\
SDK名称 | SDK厂商 | 功能描述 | 个人信息类型 | 个人信息字段 | 用途和目的 |
流明广告SDK(com.lumen.ads) | 流明公司 | 广告 | 设备信息 | 型号、OAID |
广告投放。 |
网络信息 | 运营商 |
统计 | |||
";
    let declaration = read_text(text);
    assert_eq!(names(&declaration), ["流明广告SDK"]);
    let record = &declaration.records[0];
    assert_eq!((all(&record.packages), given(&record.purpose)), (vec!["com.lumen.ads"], "广告投放。"));
    assert_eq!(given(&record.data), "设备信息\n型号、OAID\n网络信息\n运营商");
    let declaration = read_text("SDK名称\t公司名称\t使用目的\n顶点推送\t顶点\t推送\nPicta\t流明\t图片\n\n完\n");
    assert_eq!(names(&declaration), ["顶点推送", "Picta"]);
}

#[test]
fn html_tables_in_markdown() {
    let text = "\
### SDK
<table>
  <tr><th>SDK名称</th><th>包名信息</th><th>使用的权限</th><th>隐私权政策链接</th></tr>
  <tr>
    <td>顶点推送</td><td>com.acme.push</td>
    <td style=\"x\">
      android.permission.INTERNET<br>
      android.permission.VIBRATE
    </td>
    <td><a href=\"https://a.example/p\">隐私</a></td>
  </tr>
</table>
<p>text <b
";
    let declaration = read_text(text);
    let record = &declaration.records[0];
    assert_eq!((record.line, given(&record.name)), (5, "顶点推送"));
    assert_eq!(all(&record.permissions).len(), 2);
    assert_eq!(all(&record.links), ["https://a.example/p"]);
}

#[test]
fn app_permission_tables_of_three_systems() {
    let text = "\
(17) SDK Name: Acme Push
Permission used: android.permission.SDK_ONLY
Android operating system application permission list
1)android.permission.INTERNET
Access the network
2)android.permission.READ_EXTERNAL_STORAGE、android.permission.WRITE_EXTERNAL_STORAGE
Read and write files
3)com.acme.launcher.permission.CHANGE_BADGE
Badges
iOS operating system application permission list
1)NSCameraUsageDescription
Collection field: pictures
2)NSPhotoLibraryAddUsageDescription、NSUserTrackingUsageDescription(IDFA)
Pictures
Application permission list of HarmonyOS operating system
1)ohos.permission.READ_PASTEBOARD(clipboard)
Read the clipboard
2、 How do we use cookies
We never read android.permission.PROSE here.
";
    let declaration = read_text(text);
    let texts = |list: &[Located]| list.iter().map(|item| item.text.clone()).collect::<Vec<_>>();
    assert_eq!(
        texts(&declaration.app_permissions.android),
        [
            "android.permission.INTERNET",
            "android.permission.READ_EXTERNAL_STORAGE",
            "android.permission.WRITE_EXTERNAL_STORAGE",
            "com.acme.launcher.permission.CHANGE_BADGE"
        ]
    );
    assert_eq!(texts(&declaration.app_permissions.ios).len(), 3);
    assert_eq!(texts(&declaration.app_permissions.harmonyos), ["ohos.permission.READ_PASTEBOARD"]);
    assert_eq!(place(&declaration.app_permissions.android[2]), (6, 44));
    assert!(declaration.records[0].data.is_absent(), "the permission tables belong to no record");
}

#[test]
fn app_permissions_named_in_chinese() {
    let text = "# 权限列表\n- 相机（android.permission.CAMERA）：用于扫码\n- 存储 android.permission.READ_EXTERNAL_STORAGE\n# 其他\n我们提到 android.permission.PROSE 一次。\n";
    let declaration = read_text(text);
    assert_eq!(declaration.app_permissions.android.len(), 2);
    assert!(!declaration.has_sdk_list);
}
