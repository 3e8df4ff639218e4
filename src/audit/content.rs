//! What the app holds beyond known SDKs: code nobody knows, parts nobody could read.

use super::{Case, Finding, Rule, Sink};
use crate::app::App;
use crate::detect::{CodeGroup, Evidence, Signal};
use crate::lang::Text;
use crate::signatures::is_at_or_below;

/// Groups shown as evidence; all of them stand in JSON.
const SHOWN: usize = 5;

/// Runs the family.
pub fn check(case: &Case<'_>, sink: &mut Sink<'_>) {
    unidentified(case, sink);
    unreadable(case.app, sink);
}

fn unidentified(case: &Case<'_>, sink: &mut Sink<'_>) {
    let declared: Vec<&str> =
        case.records.iter().flat_map(|record| record.own_packages.iter().map(String::as_str)).collect();
    let is_declared = |group: &CodeGroup| {
        declared.iter().any(|package| is_at_or_below(package, &group.prefix) || is_at_or_below(&group.prefix, package))
    };
    let groups: Vec<&CodeGroup> = case.inventory.unidentified.iter().filter(|group| !is_declared(group)).collect();
    if groups.is_empty() {
        return;
    }
    let classes: u32 = groups.iter().map(|group| group.classes).sum();
    let count = groups.len();
    let (plural, many) = (if count == 1 { "group" } else { "groups" }, if classes == 1 { "class" } else { "classes" });
    let evidence = groups.iter().take(SHOWN).map(|group| Evidence {
        signal: Signal::Classes,
        seen: format!("{}.**", group.prefix),
        entry: "dex".to_owned(),
        count: group.classes,
    });
    let finding = Finding::new(
        Rule::UnidentifiedCode,
        "unidentified",
        Text::new(
            format!("{count} package {plural} ({classes} {many}) match no signature and no declared package"),
            format!("{count} 组代码（{classes} 个类）不匹配任何特征或声明包名"),
        ),
        Text::new(
            "say whose they are: declare them, or contribute a signature (sdkaudit inspect lists them all)",
            "请说明其归属：予以声明，或补充特征（sdkaudit inspect 可列出全部）",
        ),
    );
    sink.emit(finding.evidence(evidence.collect()));
}

/// One finding per gap.
pub fn unreadable(app: &App, sink: &mut Sink<'_>) {
    for gap in &app.gaps {
        let finding = Finding::new(
            Rule::UnreadableContent,
            &gap.entry,
            Text::new(format!("{} {}", gap.entry, gap.reason.en), format!("{} {}", gap.entry, gap.reason.zh)),
            Text::new(
                "nothing is claimed about this part; check the file, or audit another build",
                "对此部分不作判断；请检查文件，或审计其他构建",
            ),
        );
        sink.emit(finding);
    }
}
