//! Pages of HTML, and HTML inside Markdown.

use super::super::{DeclaredError, read_document};
use super::*;

fn page(body: &str) -> Declaration {
    read("policy.html", format!("<!DOCTYPE html>\n<html><body>\n{body}\n</body></html>\n").as_bytes(), &set()).unwrap()
}

#[test]
fn one_paragraph_per_field_as_word_writes_it() {
    let body = "\
<p class=MsoNormal><b><span lang=EN-US>1</span><span>、顶点推送</span></b><b><span>SDK<o:p></o:p></span></b></p>
<p class=MsoNormal><span
style='font-size:10pt'>使用目的：推送消
息</span></p>
<p class=MsoNormal><span>收集信息：<span lang=EN-US>OAID</span>、IP</span></p>
<p class=MsoNormal>&nbsp;</p>
<p class=MsoNormal><span>调用权限：无</span></p>
<p class=MsoNormal><span>隐私政策：</span><a href=\"https://push.acme.example/p?a=1&amp;b=2\"><span>查看</span></a></p>
<p><b>2、Picta SDK</b></p>
<p>使用目的：图片</p>
<p>公司名称：A&amp;B有限公司</p>";
    let declaration = page(body);
    assert_eq!(names(&declaration), ["顶点推送SDK", "Picta SDK"]);
    let [first, second] = &declaration.records[..] else { panic!() };
    assert_eq!((given(&first.purpose), given(&first.data)), ("推送消息", "OAID、IP"));
    assert!(matches!(first.permissions, Field::ExplicitNone(at) if (at.line, at.column) == (9, 31)));
    assert_eq!(all(&first.links), ["https://push.acme.example/p?a=1&b=2"]);
    assert_eq!(given(&second.vendor), "A&B有限公司");
    let Field::Given(name) = &first.name else { panic!() };
    assert_eq!(place(name), (3, 55));
    let Field::Given(purpose) = &first.purpose else { panic!() };
    assert_eq!(place(purpose), (5, 29));
    let Field::Given(links) = &first.links else { panic!() };
    assert_eq!(place(&links[0]), (10, 47));
}

#[test]
fn tables_with_spans_and_platform_rows() {
    let body = "\
<p>Our third-party SDKs are listed below.</p>
<table><thead>
<tr><th rowspan=2>SDK name</th><th colspan=\"2\">Company</th><th rowspan=2>Purpose</th></tr>
<tr><th>Company name</th><th>Privacy policy</th></tr></thead>
<tr><td colspan=4>Android</td></tr>
<tr><td>Acme Push</td><td rowspan=2>Acme Software</td><td><a href='https://a.example/1'>policy</a></td><td>messages<br>badges</td></tr>
<tr><td>Acme Maps</td><td>https://a.example/2</td><td>maps</td></tr>
<tr><td colspan=4><b>iOS</b></td></tr>
<tr><td>Picta</td><td>Lumen</td><td>/</td><td>pictures</td></tr>
</table>";
    let declaration = page(body);
    assert_eq!(names(&declaration), ["Acme Push", "Acme Maps", "Picta"]);
    let [push, maps, picta] = &declaration.records[..] else { panic!() };
    assert_eq!((given(&push.vendor), given(&maps.vendor)), ("Acme Software", "Acme Software"));
    assert_eq!((all(&push.links), all(&maps.links)), (vec!["https://a.example/1"], vec!["https://a.example/2"]));
    assert_eq!((given(&push.purpose), given(&picta.purpose)), ("messages\nbadges", "pictures"));
    assert_eq!((given(&push.platform), given(&picta.platform)), ("Android", "iOS"));
    assert!(push.concerns_android() && !picta.concerns_android());
    assert_eq!((push.line, maps.line, picta.line), (8, 9, 11));
}

#[test]
fn one_sdk_over_several_rows() {
    let body = "\
<h2>第三方SDK清单</h2><table>
<tr><td><p>SDK名称</p></td><td><p>收集信息</p></td><td><p>使用目的</p></td></tr>
<tr><td rowspan=\"2\"><p>顶点推送</p></td><td><p>OAID</p></td><td><p>推送</p></td></tr>
<tr><td><p>IP地址</p></td><td><p>安全</p></td></tr>
<tr><td><p>Picta</p></td><td><p>无</p></td><td><ul><li>图片</li><li>缓存</li></ul></td></tr>
</table>";
    let declaration = page(body);
    assert_eq!(names(&declaration), ["顶点推送", "Picta"]);
    let [push, picta] = &declaration.records[..] else { panic!() };
    assert_eq!((given(&push.data), given(&push.purpose)), ("OAID\nIP地址", "推送\n安全"));
    assert!(matches!(picta.data, Field::ExplicitNone(_)));
    assert_eq!(given(&picta.purpose), "图片\n缓存");
}

#[test]
fn several_tables_for_three_systems_with_differing_heads() {
    let body = "\
<h2>第三方SDK目录</h2>
<p><strong>Android端</strong></p>
<table><tr><th>第三方SDK</th><th>所属公司</th><th>用途</th></tr><tr><td>顶点推送</td><td>顶点</td><td>推送</td></tr></table>
<p><strong>iOS端：</strong></p>
<table><tr><th>序号</th><th>产品名称</th><th>收集目的</th><th>收集方式</th></tr><tr><td>1</td><td>Picta</td><td>图片</td><td>自动采集</td></tr></table>
<h3>HarmonyOS</h3>
<table><tr><th>名称</th><th>目的</th></tr><tr><td>泽塔SDK</td><td>登录</td></tr></table>
<table><tr><th>SDK名称</th><th>平台</th><th>用途</th></tr><tr><td>流明广告</td><td>双端</td><td>广告</td></tr></table>";
    let declaration = page(body);
    assert_eq!(names(&declaration), ["顶点推送", "Picta", "泽塔SDK", "流明广告"]);
    let platforms: Vec<&str> = declaration.records.iter().map(|record| given(&record.platform)).collect();
    assert_eq!(platforms, ["Android", "iOS", "HarmonyOS", "双端"]);
    assert_eq!(given(&declaration.records[1].method), "自动采集");
}

#[test]
fn fields_separated_by_line_breaks() {
    let declaration = page(
        "<h3>SDK list</h3>\n<p><strong>Acme Push SDK</strong><br/>Provider: Acme Software<br>Purpose: messages<br>Permissions: android.permission.INTERNET<br>android.permission.VIBRATE</p><p>SDK名称：Picta<br/>开发者：流明<br/>用途：图片</p>",
    );
    assert_eq!(names(&declaration), ["Acme Push SDK", "Picta"]);
    assert_eq!(all(&declaration.records[0].permissions).len(), 2);
    assert_eq!(given(&declaration.records[1].vendor), "流明");
}

#[test]
fn nested_lists_and_definition_lists() {
    let declaration = page(
        "<h2>Third-party SDKs</h2><ul><li>Acme Push<ul><li><b>Purpose</b>: messages</li><li>Data collected:<ul><li>OAID</li><li>IP address</li></ul></li><li>Vendor: Acme</li></ul></li>
<li><p>Picta</p><ol><li>Purpose: pictures</li><li>Vendor: Lumen</li></ol></li></ul>",
    );
    assert_eq!(names(&declaration), ["Acme Push", "Picta"]);
    assert_eq!(given(&declaration.records[0].data), "OAID\nIP address");
    assert_eq!(given(&declaration.records[1].vendor), "Lumen");
    let declaration = page(
        "<dl><dt>SDK Name</dt><dd>Acme Push</dd><dt>Purpose</dt><dd>messages</dd>\n<dt>SDK Name</dt><dd>Picta</dd><dt>Purpose</dt><dd>pictures</dd></dl>",
    );
    assert_eq!(names(&declaration), ["Acme Push", "Picta"]);
    assert_eq!(given(&declaration.records[1].purpose), "pictures");
}

#[test]
fn one_small_table_per_sdk_and_tables_that_lay_out_the_page() {
    let small = |name: &str, purpose: &str| {
        format!(
            "<table><tr><th>SDK名称</th><td>{name}</td></tr><tr><th>使用目的</th><td>{purpose}</td></tr><tr><th>官网链接</th><td>https://a.example/{purpose}</td></tr></table>"
        )
    };
    let declaration = page(&format!(
        "<table width=100%><tr><td><h1>第三方SDK列表</h1>{}{}</td></tr></table>",
        small("顶点推送", "a"),
        small("Picta", "b")
    ));
    assert_eq!(names(&declaration), ["顶点推送", "Picta"]);
    assert_eq!(all(&declaration.records[1].links), ["https://a.example/b"]);
    let declaration =
        page("<table><tr><td><h2>SDK</h2><p>SDK名称：Picta</p><p>用途：图片</p></td></tr><tr><td>完</td></tr></table>");
    assert_eq!(names(&declaration), ["Picta"]);
}

#[test]
fn pages_saved_by_a_browser() {
    let page = "<?xml version=\"1.0\"?>\n<!DOCTYPE html>\n<html><head><title>Policy</title><style>p:before{content:'SDK名称：x'}</style>
<script>var a = \"<p>SDK Name: Ghost</p>\";</script></head><body><nav><a href='/'>SDK Name: Menu</a></nav>
<div><div>SDK Name: Acme&#32;Push</div><div>Purpose: <span>mes</span>sages &lt;3</div></div><!-- <p>SDK Name: Old</p> --></body></html>";
    let declaration = read("saved.txt", page.as_bytes(), &set()).unwrap();
    assert_eq!(names(&declaration), ["Acme Push"]);
    let Field::Given(purpose) = &declaration.records[0].purpose else { panic!() };
    assert_eq!((purpose.text.as_str(), place(purpose)), ("messages <3", (5, 60)));
}

#[test]
fn denials_and_negative_lists_in_html() {
    let declaration = page(
        "<p>We do <strong>not</strong> sell data. The App does not use any analytics SDKs.</p><h2>Not included in this release</h2><ul><li>Lumen Ads</li><li>social SDKs</li></ul><p>End</p>",
    );
    assert!(!declaration.has_sdk_list);
    let kinds: Vec<&str> = declaration.statements.iter().map(|statement| statement.kind.id()).collect();
    assert_eq!(kinds, ["no_third_party_sdk", "not_included", "not_included"]);
}

#[test]
fn html_blocks_in_markdown_keep_the_rest_as_it_is() {
    let text = "\
# 第三方SDK清单
<div align=\"center\">

## 推送

</div>

<p>SDK名称：顶点推送<br>用途：推送</p>
<p><span>公司名称：顶点</span></p>

- **SDK名称**：Picta<br/>
- **用途**：图片 <a href=\"https://lumen.example/p\">隐私</a>
- 权限：List<String> <none>

| SDK名称 | 权限 |
|---|---|
| 流明广告 | android.permission.INTERNET<br>android.permission.VIBRATE |
";
    let declaration = read_text(text);
    assert_eq!(names(&declaration), ["顶点推送", "Picta", "流明广告"]);
    let [first, second, third] = &declaration.records[..] else { panic!() };
    assert_eq!((first.line, given(&first.vendor)), (8, "顶点"));
    assert_eq!((second.line, given(&second.purpose)), (11, "图片 隐私"));
    assert_eq!(all(&third.permissions).len(), 2);
    let Field::Given(permissions) = &third.permissions else { panic!() };
    assert_eq!(place(&permissions[1]), (17, 41));
    assert_eq!(declaration.mention("流明广告").map(|at| (at.line, at.column)), Some((17, 3)));
}

/// Every prefix of a page, and the page with one character taken out, is read without a crash.
#[test]
fn broken_pages_are_survived() {
    let text = "<html><title>a</title><table><tr><th colspan=2>SDK名称<th rowspan=9>用途<tr><td><a href='https://a.b/&amp;'>x</a><b>y<ul><li>z</table><dl><dt>SDK名称<dd>&nbsp;q&bogus;&#x110000;<ol><li><p>用途：<pre>a\n b</pre></nav><nav>c";
    let set = set();
    for name in ["p.html", "p.md"] {
        for (at, c) in text.char_indices() {
            for broken in [text[..at].to_owned(), format!("{}{}", &text[..at], &text[at + c.len_utf8()..])] {
                if let Err(error) = read_document(name, broken.as_bytes(), &set) {
                    assert_eq!(error, DeclaredError::Empty, "{broken}");
                }
            }
        }
    }
}
