//! What `batch` says at its end.

use super::super::layout::number;
use super::super::screen::Detail;
use super::super::tally::{Group, Tally};
use super::{Screen, count, findings_phrase, only_errors, table, unreadable, verdict};
use crate::app::Traffic;
use crate::audit::Severity;
use crate::lang::Lang;
use std::fmt::Write;
use std::time::Duration;

/// The rows in figures, and the verdict on the last line. `took` is the run's length and the bytes of the apps it read.
pub fn batch(tally: &Tally, took: (Duration, u64), fail_on: Option<Severity>, screen: &Screen) -> String {
    let mut out = String::new();
    let lang = screen.lang;
    if screen.detail > Detail::Quiet {
        let header = lang.pick(["rows", "apps", "errors", "warnings", "notes"], ["行", "应用", "错误", "警告", "提示"]);
        table::print(&mut out, header, rows(tally, lang), screen);
        let _ = writeln!(out, "{}", speed(tally.rows() - tally.kept, took, lang));
    }
    let (apps, errors) = (tally.ok.apps + tally.gap.apps, tally.error.apps);
    if apps == 0 && errors > 0 {
        only_errors(&mut out, errors, lang);
        return out;
    }
    let otherwise = if fail_on.is_some() { lang.pick("passed", "通过") } else { lang.pick("audited", "已审计") };
    let verdict = verdict(tally.failed(fail_on), otherwise, lang);
    let line = match lang {
        Lang::En => format!("{verdict}: {}", count(apps, "app", "apps")),
        Lang::Zh => format!("{verdict}：{apps} 个应用"),
    };
    let _ = writeln!(out, "{line}{}{}", findings_phrase(tally.findings(), lang), unreadable(errors, lang));
    out
}

fn rows(tally: &Tally, lang: Lang) -> Vec<[String; 5]> {
    let row = |name: &str, group: &Group| {
        let cells = [group.apps, group.findings.error, group.findings.warning, group.findings.note];
        let [apps, errors, warnings, notes] = cells.map(|cell| number(cell as u64));
        [name.to_owned(), apps, errors, warnings, notes]
    };
    let mut rows = vec![
        row(lang.pick("read whole", "完整读取"), &tally.ok),
        row(lang.pick("read in part", "部分读取"), &tally.gap),
        row(lang.pick("not answered for", "未能检查"), &tally.error),
    ];
    if tally.kept > 0 {
        let name = lang.pick("of these, written before", "其中此前已写入");
        rows.push([name.to_owned(), number(tally.kept as u64), String::new(), String::new(), String::new()]);
    }
    rows
}

/// `120 apps, 3.1 GB in 12.4 s: 9.7 apps/s`.
fn speed(apps: usize, (time, bytes): (Duration, u64), lang: Lang) -> String {
    let seconds = time.as_secs_f64();
    let rate = apps as f64 / seconds.max(0.001);
    let megabytes = bytes as f64 / 1e6;
    match lang {
        Lang::En => {
            format!("{}, {megabytes:.1} MB in {seconds:.1} s: {rate:.1} apps/s", count(apps, "app", "apps"))
        }
        Lang::Zh => format!("{apps} 个应用，{megabytes:.1} MB，用时 {seconds:.1} 秒：每秒 {rate:.1} 个应用"),
    }
}

/// What came from addresses, as a line; nothing where nothing did: `fetched 1.2 of 3.4 MB (35 %) of 4 objects in 13 requests`.
pub fn fetched(traffic: Traffic, screen: &Screen) -> String {
    if traffic.objects == 0 {
        return String::new();
    }
    let [fetched, bytes] = [traffic.fetched, traffic.bytes].map(|bytes| bytes as f64 / 1e6);
    let share = 100.0 * traffic.fetched as f64 / traffic.bytes.max(1) as f64;
    let Traffic { objects, requests, .. } = traffic;
    match screen.lang {
        Lang::En => {
            let objects = count(objects as usize, "object", "objects");
            format!("fetched {fetched:.1} of {bytes:.1} MB ({share:.0} %) of {objects} in {requests} requests\n")
        }
        Lang::Zh => {
            format!(
                "从 {objects} 个对象的 {bytes:.1} MB 中获取了 {fetched:.1} MB（{share:.0}%），共 {requests} 次请求\n"
            )
        }
    }
}
