//! Two builds compared, as text.

use super::super::compare::{CompareReport, title, values};
use super::super::layout::{pad, plain, width, wrap};
use super::super::screen::Detail;
use super::super::{Counts, Screen};
use super::{count, finding, findings_phrase, stamp_line, verdict};
use crate::audit::Severity;
use crate::compare::{Change, Kind, Way};
use crate::lang::Lang;
use std::fmt::Write;

/// The report of `compare`. `fail_on` is the severity from which something new fails; none where nothing does.
pub fn comparison(report: &CompareReport<'_>, fail_on: Option<Severity>, screen: &Screen) -> String {
    let mut out = String::new();
    if screen.detail > Detail::Quiet {
        heading(&mut out, report, screen);
        match &report.findings {
            Some(new) => {
                finding::all(&mut out, &new.added, screen);
                changes(&mut out, &report.comparison.unread().collect::<Vec<_>>(), screen);
            }
            None => changes(&mut out, &report.comparison.changes.iter().collect::<Vec<_>>(), screen),
        }
        limits(&mut out, report, screen);
        if !report.comparison.limits.is_empty() {
            out.push('\n');
        }
        let first = report.findings.as_ref().and_then(|new| new.added.first());
        stamp_line(&mut out, &report.stamp, first, screen);
    } else {
        // Without them the summary would promise more than is known.
        limits(&mut out, report, screen);
    }
    let failed = fail_on.is_some_and(|severity| report.at_least(severity) > 0);
    let _ = writeln!(out, "{}", summary(report, failed, screen.lang));
    out
}

fn limits(out: &mut String, report: &CompareReport<'_>, screen: &Screen) {
    for limit in &report.comparison.limits {
        let _ = writeln!(out, "{}", wrap(&plain(limit.get(screen.lang)), screen.width, 2));
    }
}

fn heading(out: &mut String, report: &CompareReport<'_>, screen: &Screen) {
    for (label, build) in [(screen.lang.pick("old", "旧"), report.old), (screen.lang.pick("new", "新"), report.new)] {
        let line = format!("{label}  {}   {}", plain(&build.source.path), title(build));
        let _ = writeln!(out, "{}", screen.bold(&wrap(&line, screen.width, 4)));
    }
    if let Some(findings) = &report.findings {
        let label = screen.lang.pick("declared list", "声明清单");
        let colon = screen.lang.pick(": ", "：");
        let line = format!("{label}{colon}{}", plain(&findings.declared));
        let _ = writeln!(out, "{}", wrap(&line, screen.width, 4));
    }
    out.push('\n');
}

fn changes(out: &mut String, changes: &[&Change], screen: &Screen) {
    for kind in Kind::ALL {
        let of_kind: Vec<&Change> = changes.iter().copied().filter(|change| change.kind == kind).collect();
        if of_kind.is_empty() {
            continue;
        }
        let _ = writeln!(out, "{}", kind.label().get(screen.lang));
        let column = of_kind.iter().map(|change| width(&plain(&change.subject))).max().unwrap_or(0).min(48);
        for change in of_kind {
            row(out, change, column, screen);
        }
        out.push('\n');
    }
}

fn row(out: &mut String, change: &Change, column: usize, screen: &Screen) {
    const LEVEL: usize = 8;
    let level = change.severity.label();
    let label = pad(level.get(screen.lang), LEVEL);
    let name = change.name.as_ref().map(|name| plain(name.get(screen.lang))).unwrap_or_default();
    let arrow = if screen.unicode { "→" } else { "->" };
    let parts = [pad(&plain(&change.subject), column), name, values(change, arrow, screen.lang)];
    let parts: Vec<&str> = parts.iter().map(String::as_str).filter(|part| !part.is_empty()).collect();
    let line = format!("  {} {label} {}", change.way.sign(), parts.join("   "));
    let wrapped = wrap(line.trim_end(), screen.width, 4 + LEVEL + 1);
    // The sign and the word carry the meaning; the colour repeats it.
    let head = format!("  {} {}", change.way.sign(), level.get(screen.lang));
    match wrapped.strip_prefix(&head) {
        Some(rest) if change.way != Way::Removed => {
            _ = writeln!(out, "{}{rest}", screen.severity(change.severity, &head))
        }
        _ => _ = writeln!(out, "{wrapped}"),
    }
}

fn summary(report: &CompareReport<'_>, failed: bool, lang: Lang) -> String {
    let verdict = verdict(failed, lang.pick("compared", "已比较"), lang);
    if let Some(new) = &report.findings {
        let counts = Counts::of(new.added.iter());
        let (added, resolved) = (findings_phrase(counts, lang), new.resolved.len());
        let mut line = match lang {
            Lang::En => format!("{verdict}: new{}, {resolved} settled", added.replacen(',', "", 1)),
            Lang::Zh => format!("{verdict}：新增{}，已解决 {resolved} 个", added.replacen('，', " ", 1)),
        };
        match (new.unsettled.len(), lang) {
            (0, _) => {}
            (count, Lang::En) => _ = write!(line, ", {count} not seen any more"),
            (count, Lang::Zh) => _ = write!(line, "，不再可见 {count} 个"),
        }
        return line;
    }
    let [came, went, changed] = [Way::Added, Way::Removed, Way::Changed].map(|way| report.comparison.count(way));
    // What is not seen in code that cannot be read may be there all the same.
    let (gone_en, gone_zh) =
        if report.new.reads_all() { ("went", "移除") } else { ("not seen any more", "不再可见") };
    match lang {
        Lang::En => {
            let builds = count(2, "build", "builds");
            format!("{verdict}: {builds}, {came} came, {went} {gone_en}, {changed} changed")
        }
        Lang::Zh => format!("{verdict}：2 个构建，新增 {came} 项，{gone_zh} {went} 项，变更 {changed} 项"),
    }
}
