//! Findings as text.

use super::super::layout::{number, pad, plain, width, wrap};
use super::super::screen::Detail;
use super::{Screen, signal_label};
use crate::audit::{DeclaredAt, Finding, Rule, Severity, Waiver};
use crate::detect::{Evidence, Signal};
use crate::lang::Lang;
use std::fmt::Write;

/// Lines of evidence shown under a finding; JSON has them all.
const SHOWN: usize = 6;

/// Prints findings in their order. Notes about plain libraries, and records that lack fields, make one block each.
pub fn all(out: &mut String, findings: &[Finding], screen: &Screen) {
    let (waived, findings): (Vec<&Finding>, Vec<&Finding>) = findings.iter().partition(|one| one.waiver.is_some());
    let mut folded: Vec<(Rule, Severity)> = Vec::new();
    for finding in findings.iter().copied() {
        let key = (finding.rule, finding.severity);
        if screen.detail < Detail::Verbose && folds(finding) {
            if !folded.contains(&key) {
                folded.push(key);
                let alike: Vec<&Finding> =
                    findings.iter().copied().filter(|one| (one.rule, one.severity) == key && folds(one)).collect();
                fold(out, &alike, screen);
            }
        } else {
            one(out, finding, screen);
        }
        if !out.ends_with("\n\n") {
            out.push('\n');
        }
    }
    accepted(out, &waived, screen);
}

/// What somebody has accepted: one line each, with the reason.
fn accepted(out: &mut String, waived: &[&Finding], screen: &Screen) {
    if waived.is_empty() {
        return;
    }
    let lang = screen.lang;
    let _ = writeln!(out, "{}", lang.pick(format!("Waived ({})", waived.len()), format!("已豁免（{}）", waived.len())));
    for finding in waived {
        let Some(waiver) = &finding.waiver else { continue };
        let severity = finding.severity.label();
        let colon = lang.pick(": ", "：");
        let what = format!("  {}[{}] {}", severity.get(lang), finding.rule.id(), finding.subject);
        let line = format!("{what}{colon}{}", terms(waiver, lang));
        let _ = writeln!(out, "{}", wrap(&plain(&line), screen.width, 4));
    }
    out.push('\n');
}

/// Why a finding is accepted, by whom and until when.
pub fn terms(waiver: &Waiver, lang: Lang) -> String {
    let owner = waiver.owner.iter().cloned();
    let until = waiver.expires.map(|last| lang.pick(format!("until {last}"), format!("至 {last}")));
    let terms: Vec<String> = owner.chain(until).collect();
    match terms.is_empty() {
        true => waiver.reason.clone(),
        false => {
            let (terms, reason) = (terms.join(lang.pick(", ", "，")), &waiver.reason);
            lang.pick(format!("{reason} ({terms})"), format!("{reason}（{terms}）"))
        }
    }
}

/// Rules about single words of the list, of which a list may hold many: one block, one line each.
const FOLDED: [Rule; 10] = [
    Rule::DeprecatedPermission,
    Rule::RestrictedPermission,
    Rule::SdkPermissionNotInApp,
    Rule::DuplicatePackage,
    Rule::GenericPackage,
    Rule::DataWithoutPermission,
    Rule::VagueData,
    Rule::InsecureLink,
    Rule::LinkNotAPolicy,
    Rule::PlatformGap,
];

fn folds(finding: &Finding) -> bool {
    match finding.rule {
        Rule::UndeclaredSdk => finding.severity == Severity::Note,
        Rule::MissingField | Rule::UnidentifiedCode => true,
        rule => FOLDED.contains(&rule),
    }
}

fn fold(out: &mut String, alike: &[&Finding], screen: &Screen) {
    if let [single] = alike {
        return one(out, single, screen);
    }
    let (first, count) = (alike[0], alike.len());
    if first.rule == Rule::MissingField {
        let mut documents: Vec<&str> =
            alike.iter().filter_map(|one| Some(one.declared.as_ref()?.document.as_str())).collect();
        documents.dedup();
        let document = plain(&documents.join(" + "));
        let message = match screen.lang {
            Lang::En => format!("{count} fields are missing in records of {document}"),
            Lang::Zh => format!("{document} 的条目缺少 {count} 个字段"),
        };
        head(out, first, &message, screen);
        by_record(out, alike, screen);
        return label(out, screen.lang.pick("help", "建议"), first.help.get(screen.lang), screen);
    }
    if first.rule == Rule::UnidentifiedCode {
        let message = match screen.lang {
            Lang::En => format!("{count} package groups match no signature and no declared package"),
            Lang::Zh => format!("{count} 组代码不匹配任何特征或声明包名"),
        };
        head(out, first, &message, screen);
        let seen: Vec<Evidence> = alike.iter().flat_map(|finding| finding.evidence.iter().cloned()).collect();
        return evidence(out, &seen, screen);
    }
    if FOLDED.contains(&first.rule) {
        head(out, first, first.rule.summary().get(screen.lang), screen);
        if first.rule == Rule::SdkPermissionNotInApp {
            return by_record(out, alike, screen);
        }
        return places(out, alike, screen);
    }
    let names: Vec<&str> = alike.iter().map(|finding| finding.subject.as_str()).collect();
    let message = match screen.lang {
        Lang::En => format!("{count} plain libraries are present but not declared: {}", names.join(", ")),
        Lang::Zh => format!("检测到 {count} 个普通库，声明清单中没有：{}", names.join("、")),
    };
    head(out, first, &message, screen);
}

fn several_documents(alike: &[&Finding]) -> bool {
    alike.iter().filter_map(|one| one.declared.as_ref()).any(|place| place.part > 0)
}

/// `line 40`; with the document where there are several.
fn line_label(place: &DeclaredAt, several: bool, screen: &Screen) -> String {
    let line = place.at.line;
    if several {
        return format!("{}:{line}", plain(&place.document));
    }
    screen.lang.pick(format!("line {line}"), format!("第 {line} 行"))
}

/// One line per finding: `line 40   com.zx is …`.
fn places(out: &mut String, alike: &[&Finding], screen: &Screen) {
    let several = several_documents(alike);
    for finding in alike {
        let place = finding.declared.as_ref().map(|place| line_label(place, several, screen)).unwrap_or_default();
        label(out, &place, &plain(finding.message.get(screen.lang)), screen);
    }
}

/// One line per record, for findings whose details are a record and a thing of it: `line 40   Fresco Gallery: vendor, package name`.
fn by_record(out: &mut String, alike: &[&Finding], screen: &Screen) {
    let several = several_documents(alike);
    let mut rows: Vec<(String, String, Vec<String>)> = Vec::new();
    for finding in alike {
        let line = finding.declared.as_ref().map(|place| line_label(place, several, screen)).unwrap_or_default();
        let values: Vec<String> = finding.details.iter().map(|(_, value)| plain(value.get(screen.lang))).collect();
        let [record, field] = values.as_slice() else { continue };
        match rows.last_mut() {
            Some((last, name, fields)) if (&*last, &*name) == (&line, record) => fields.push(field.clone()),
            _ => rows.push((line, record.clone(), vec![field.clone()])),
        }
    }
    for (place, record, fields) in rows {
        let colon = screen.lang.pick(": ", "：");
        label(out, &place, &format!("{record}{colon}{}", fields.join(screen.lang.pick(", ", "、"))), screen);
    }
}

fn one(out: &mut String, finding: &Finding, screen: &Screen) {
    let lang = screen.lang;
    head(out, finding, &plain(finding.message.get(lang)), screen);
    if let Some(place) = &finding.declared {
        let at = format!("  --> {}:{}:{}", plain(&place.document), place.at.line, place.at.column);
        let _ = writeln!(out, "{}", wrap(&at, screen.width, 6));
    }
    for (name, value) in &finding.details {
        label(out, name.get(lang), &plain(value.get(lang)), screen);
    }
    evidence(out, &finding.evidence, screen);
    for (name, row) in super::references::sites(finding, screen) {
        label(out, &name, &row, screen);
    }
    // A note says what there is to know; its help stands in `explain` and in JSON.
    if finding.severity > Severity::Note || screen.detail == Detail::Verbose {
        label(out, lang.pick("help", "建议"), &plain(finding.help.get(lang)), screen);
    }
}

fn head(out: &mut String, finding: &Finding, message: &str, screen: &Screen) {
    let label = format!("{}[{}]", finding.severity.label().get(screen.lang), finding.rule.id());
    let colon = screen.lang.pick(": ", "：");
    let wrapped = wrap(&format!("{label}{colon}{message}"), screen.width, 2);
    match wrapped.strip_prefix(&label) {
        Some(rest) => _ = writeln!(out, "{}{rest}", screen.severity(finding.severity, &label)),
        None => _ = writeln!(out, "{wrapped}"),
    }
}

const LABEL: usize = 12;

fn label(out: &mut String, name: &str, value: &str, screen: &Screen) {
    let line = format!("  {} {value}", pad(name, LABEL - 3));
    let _ = writeln!(out, "{}", wrap(&line, screen.width, LABEL));
}

fn evidence(out: &mut String, evidence: &[Evidence], screen: &Screen) {
    let lang = screen.lang;
    let shown = if screen.detail == Detail::Verbose { evidence.len() } else { SHOWN.min(evidence.len()) };
    let rows: Vec<[String; 4]> = evidence[..shown].iter().map(|one| row(one, lang)).collect();
    let column = |at: usize| rows.iter().map(|row| width(&row[at])).max().unwrap_or(0);
    let widths = [column(0), column(1), column(2)];
    for (number, row) in rows.iter().enumerate() {
        let name = if number == 0 { lang.pick("evidence", "证据") } else { "" };
        let aligned = format!(
            "{}  {}  {}  {}",
            pad(&row[0], widths[0]),
            pad(&row[1], widths[1]),
            pad(&row[2], widths[2]),
            row[3]
        );
        // Where the aligned row is too wide, only the words are kept apart.
        let fits = LABEL + width(aligned.trim_end()) <= screen.width;
        let text = if fits {
            aligned
        } else {
            row.iter().filter(|cell| !cell.is_empty()).cloned().collect::<Vec<_>>().join("  ")
        };
        label(out, name, text.trim_end(), screen);
    }
    if shown < evidence.len() {
        let rest = evidence.len() - shown;
        label(out, "", &lang.pick(format!("and {rest} more (-v)"), format!("另有 {rest} 条（-v）")), screen);
    }
}

fn row(evidence: &Evidence, lang: Lang) -> [String; 4] {
    let amount = match (evidence.signal, lang) {
        (Signal::Classes, Lang::En) => format!("{} defined", number(evidence.count.into())),
        (Signal::Classes, Lang::Zh) => format!("定义 {} 个", number(evidence.count.into())),
        (Signal::References, Lang::En) => format!("{} referenced", number(evidence.count.into())),
        (Signal::References, Lang::Zh) => format!("引用 {} 个", number(evidence.count.into())),
        (Signal::Strings, Lang::En) => format!("{} in strings", number(evidence.count.into())),
        (Signal::Strings, Lang::Zh) => format!("字符串 {} 个", number(evidence.count.into())),
        (Signal::Library, Lang::En) if evidence.count > 1 => format!("{} ABIs", evidence.count),
        (Signal::Library, Lang::Zh) if evidence.count > 1 => format!("{} 个 ABI", evidence.count),
        _ => String::new(),
    };
    let entry = if evidence.entry == evidence.seen { String::new() } else { plain(&evidence.entry) };
    [signal_label(evidence.signal).get(lang).to_owned(), plain(&evidence.seen), amount, entry]
}
