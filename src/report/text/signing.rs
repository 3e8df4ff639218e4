//! What an app is signed with, as a short block: it tells which build was read.

use super::super::AppReport;
use super::super::layout::plain;
use super::{Screen, wrap};
use crate::app::signing::Scheme;
use crate::lang::Lang;
use std::fmt::Write;

/// Prints the block. A library carries no signature of its own.
pub fn block(out: &mut String, report: &AppReport<'_>, screen: &Screen) {
    let (signing, lang) = (&report.app.signing, screen.lang);
    if report.app.container.is_library() {
        return;
    }
    let schemes: Vec<&str> = signing.schemes().into_iter().map(Scheme::id).collect();
    let title = match (schemes.is_empty(), lang) {
        (true, Lang::En) => "Signing: none".to_owned(),
        (true, Lang::Zh) => "签名：无".to_owned(),
        (false, Lang::En) => format!("Signing ({})", schemes.join(", ")),
        (false, Lang::Zh) => format!("签名（{}）", schemes.join("、")),
    };
    let _ = writeln!(out, "{}", screen.bold(&title));
    let several = signing.certificates.len() > 1;
    for certificate in &signing.certificates {
        let by: Vec<&str> = certificate.schemes.iter().map(|scheme| scheme.id()).collect();
        let by = if several { format!("  {}", by.join(", ")) } else { String::new() };
        let subject = certificate.subject.as_deref().unwrap_or(lang.pick("no readable X.509", "无法解析的 X.509"));
        line(out, &format!("SHA-256 {}{by}", certificate.sha256), screen);
        line(out, &plain(subject), screen);
    }
    let remarks = [
        signing.is_debug().then_some((
            "debug certificate: a test build, which no shop publishes",
            "调试证书：这是测试构建，应用商店不会发布",
        )),
        signing.schemes_differ().then_some((
            "v1 and v2 name different certificates: Android refuses such a file",
            "v1 与 v2 的证书不同：安卓会拒绝这样的文件",
        )),
    ];
    for (en, zh) in remarks.into_iter().flatten() {
        line(out, lang.pick(en, zh), screen);
    }
    if !signing.unread.is_empty() {
        let unread = signing.unread.iter().map(|scheme| scheme.id()).collect::<Vec<_>>().join(", ");
        line(out, &lang.pick(format!("cannot be read: {unread}"), format!("无法读取：{unread}")), screen);
    }
    if !signing.unlike.is_empty() {
        let parts = plain(&signing.unlike.join(", "));
        let (en, zh) = (format!("signed otherwise than the base: {parts}"), format!("签名与基础包不同：{parts}"));
        line(out, &lang.pick(en, zh), screen);
    }
    out.push('\n');
}

fn line(out: &mut String, text: &str, screen: &Screen) {
    let _ = writeln!(out, "{}", wrap(&format!("  {text}"), screen.width, 4));
}
