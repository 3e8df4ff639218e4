//! Word documents, PDFs, CSV, and files that break or burst.

use super::super::DeclaredError;
use super::super::read_document;
use super::*;
use std::io::{Cursor, Write};
use zip::write::SimpleFileOptions;

fn docx(parts: &[(&str, &str)]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in parts {
        writer.start_file(*name, SimpleFileOptions::default()).unwrap();
        writer.write_all(text.as_bytes()).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

fn document(body: &str) -> Vec<u8> {
    let text =
        format!("<?xml version=\"1.0\"?><w:document xmlns:w=\"w\" xmlns:r=\"r\"><w:body>{body}</w:body></w:document>");
    let links =
        "<Relationships><Relationship Id=\"rId4\" Target=\"https://push.acme.example/p?a=1&amp;b=2\"/></Relationships>";
    let styles = "<w:styles><w:style w:styleId=\"2\"><w:name w:val=\"heading 2\"/></w:style></w:styles>";
    docx(&[("word/document.xml", &text), ("word/_rels/document.xml.rels", links), ("word/styles.xml", styles)])
}

fn paragraph(text: &str) -> String {
    format!("<w:p><w:r><w:t xml:space=\"preserve\">{text}</w:t></w:r></w:p>")
}

fn cell(properties: &str, text: &str) -> String {
    format!("<w:tc><w:tcPr>{properties}</w:tcPr>{}</w:tc>", paragraph(text))
}

fn rows(rows: &[&[String]]) -> String {
    let rows: String = rows.iter().map(|row| format!("<w:tr>{}</w:tr>", row.concat())).collect();
    format!("<w:tbl>{rows}</w:tbl>")
}

#[test]
fn word_paragraphs_headings_lists_and_links() {
    let body = [
        "<w:p><w:pPr><w:pStyle w:val=\"2\"/></w:pPr><w:r><w:t>第三方SDK目录</w:t></w:r></w:p>".to_owned(),
        paragraph("1、顶点推送SDK"),
        "<w:p><w:r><w:t>使用</w:t></w:r><w:r><w:t>目的：推送 A&amp;B</w:t></w:r></w:p>".to_owned(),
        "<w:p><w:r><w:t>隐私政策：</w:t></w:r><w:hyperlink r:id=\"rId4\"><w:r><w:t>查看</w:t></w:r></w:hyperlink><w:r><w:instrText>HYPERLINK</w:instrText></w:r></w:p>".to_owned(),
        paragraph("Picta SDK"),
        "<w:p><w:pPr><w:numPr><w:ilvl w:val=\"0\"/><w:numId w:val=\"1\"/></w:numPr></w:pPr><w:r><w:t>用途：图片<w:br/></w:t></w:r></w:p>".to_owned(),
    ];
    let declaration = read("policy.docx", &document(&body.concat()), &set()).unwrap();
    assert_eq!(names(&declaration), ["顶点推送SDK", "Picta SDK"]);
    assert_eq!(given(&declaration.records[0].purpose), "推送 A&B");
    assert_eq!(all(&declaration.records[0].links), ["https://push.acme.example/p?a=1&b=2"]);
    let lines: Vec<&str> = declaration.text.lines().collect();
    assert!(lines[declaration.records[0].line as usize - 1].contains("顶点推送"));
}

#[test]
fn word_tables_with_merged_cells() {
    let plain = |text: &str| cell("", text);
    let table = rows(&[
        &[plain("SDK名称"), plain("公司名称"), plain("收集信息"), plain("用途")],
        &[cell("<w:gridSpan w:val=\"4\"/>", "Android")],
        &[cell("<w:vMerge w:val=\"restart\"/>", "顶点推送"), plain("顶点"), plain("OAID"), plain("推送")],
        &[cell("<w:vMerge/>", ""), plain("顶点"), plain("IP"), plain("安全")],
        &[plain("Picta"), plain("流明"), plain("无"), plain("图片")],
    ]);
    let declaration = read("policy.docx", &document(&(paragraph("第三方SDK目录：") + &table)), &set()).unwrap();
    assert_eq!(names(&declaration), ["顶点推送", "Picta"]);
    let [push, picta] = &declaration.records[..] else { panic!() };
    assert_eq!((given(&push.data), given(&push.platform)), ("OAID\nIP", "Android"));
    assert!(matches!(picta.data, Field::ExplicitNone(_)));
}

#[test]
fn broken_word_documents_are_errors() {
    let set = set();
    let error = |bytes: &[u8]| read_document("p.docx", bytes, &set).unwrap_err();
    assert!(matches!(error(b"PK\x03\x04 no zip"), DeclaredError::Broken { .. }));
    assert!(matches!(error(&docx(&[("word/other.xml", "")])), DeclaredError::Broken { .. }));
    assert!(matches!(error(b"\xd0\xcf\x11\xe0 encrypted"), DeclaredError::Encrypted { .. }));
    assert_eq!(error(&document("")), DeclaredError::Empty);
    let whole = document(&paragraph("SDK名称：Picta"));
    for end in 0..whole.len() {
        let _ = read_document("p.docx", &whole[..end], &set);
    }
}

#[test]
fn a_word_document_that_bursts_is_refused() {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    writer.start_file("word/document.xml", SimpleFileOptions::default()).unwrap();
    writer.write_all(b"<w:document><w:p><w:t>").unwrap();
    let chunk = vec![b'a'; 1 << 20];
    for _ in 0..70 {
        writer.write_all(&chunk).unwrap();
    }
    let bytes = writer.finish().unwrap().into_inner();
    assert!(bytes.len() < 1 << 20);
    assert!(matches!(read_document("p.docx", &bytes, &set()), Err(DeclaredError::TooLarge { .. })));
}

#[test]
fn values_separated_by_commas() {
    let text = "\u{feff}SDK名称,开发者,包名,权限,收集信息,用途,隐私政策链接\r\n顶点推送,顶点,com.acme.push,\"android.permission.INTERNET\nandroid.permission.VIBRATE\",\"OAID, IP\",推送,https://a.example/p\r\nPicta,流明,,无,/,图片,\r\n";
    for (name, text) in [("list.csv", text.to_owned()), ("list.tsv", text.replace(", ", "，").replace(',', "\t"))] {
        let declaration = read(name, text.as_bytes(), &set()).unwrap();
        assert_eq!(names(&declaration), ["顶点推送", "Picta"], "{name}");
        let [push, picta] = &declaration.records[..] else { panic!() };
        assert_eq!((push.line, push.column, picta.line), (2, 1, 4));
        assert_eq!(all(&push.permissions), ["android.permission.INTERNET", "android.permission.VIBRATE"]);
        let Field::Given(permissions) = &push.permissions else { panic!() };
        assert_eq!(place(&permissions[1]), (3, 1));
        assert!(picta.packages.is_absent() && matches!(picta.permissions, Field::ExplicitNone(_)));
    }
}

/// A PDF with one page and these drawing commands.
fn pdf(content: &str) -> Vec<u8> {
    let objects = [
        "<</Type/Catalog/Pages 2 0 R>>".to_owned(),
        "<</Type/Pages/Kids[3 0 R]/Count 1>>".to_owned(),
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>".to_owned(),
        format!("<</Length {}>>stream\n{content}\nendstream", content.len()),
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>".to_owned(),
    ];
    let mut out = b"%PDF-1.4\n".to_vec();
    let mut offsets = Vec::new();
    for (number, object) in objects.iter().enumerate() {
        offsets.push(out.len());
        out.extend(format!("{} 0 obj\n{object}\nendobj\n", number + 1).bytes());
    }
    let start = out.len();
    out.extend(format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1).bytes());
    offsets.iter().for_each(|offset| out.extend(format!("{offset:010} 00000 n \n").bytes()));
    out.extend(format!("trailer<</Size {}/Root 1 0 R>>\nstartxref\n{start}\n%%EOF", objects.len() + 1).bytes());
    out
}

#[test]
fn pdfs_with_text() {
    let lines = [
        "Third-party SDK list",
        "(1) SDK Name: Acme Push",
        "Provider: Acme Software",
        "Purpose: messages",
        "(2) SDK Name: Picta",
        "Purpose: pictures",
    ];
    let drawn: String =
        lines.iter().map(|line| format!("({}) Tj 0 -20 Td\n", line.replace('(', "\\(").replace(')', "\\)"))).collect();
    let declaration = read("p.pdf", &pdf(&format!("BT /F1 12 Tf 50 700 Td\n{drawn}ET")), &set()).unwrap();
    assert_eq!(names(&declaration), ["Acme Push", "Picta"], "{}", declaration.text);
    assert_eq!(given(&declaration.records[0].vendor), "Acme Software");
}

#[test]
fn pdfs_without_text_and_broken_ones_are_errors() {
    let set = set();
    assert_eq!(read_document("p.pdf", &pdf("0 0 m 10 10 l S"), &set).unwrap_err(), DeclaredError::NoText);
    let whole = pdf("BT /F1 12 Tf (SDK Name: Acme Push and others) Tj ET");
    assert!(matches!(read_document("p.pdf", &whole[..40], &set), Err(DeclaredError::Broken { .. })));
    let encrypted = String::from_utf8(whole).unwrap().replace(
        "/Root 1 0 R",
        "/Root 1 0 R/ID[<00><00>]/Encrypt<</Filter/Standard/V 1/R 2/P -4/Length 40/O<0000000000000000000000000000000000000000000000000000000000000000>/U<0000000000000000000000000000000000000000000000000000000000000000>>>",
    );
    let error = read_document("p.pdf", encrypted.as_bytes(), &set).unwrap_err();
    assert_eq!(error, DeclaredError::Encrypted { format: "PDF" });
    // A page tree that leads back to itself.
    let circle = String::from_utf8(pdf("BT /F1 12 Tf (SDK Name: Acme Push and others) Tj ET")).unwrap();
    let kids = circle.find("/Kids").map(|at| at + circle[at..].find('[').unwrap() + 1).unwrap();
    let circle = format!("{}2{}", &circle[..kids], &circle[kids + 1..]);
    assert_eq!(read_document("p.pdf", circle.as_bytes(), &set).unwrap_err(), DeclaredError::NoPages);
}

#[test]
fn documents_larger_than_the_limit_are_refused() {
    let bytes = vec![b'a'; super::super::MAX_BYTES as usize + 1];
    assert!(matches!(read_document("p.txt", &bytes, &set()), Err(DeclaredError::TooLarge { .. })));
}
