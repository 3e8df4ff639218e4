//! What the app holds beyond known SDKs: code nobody knows, parts nobody could read.

use super::{Case, Finding, Rule, Sink};
use crate::app::App;
use crate::detect::{Evidence, Signal};
use crate::lang::Text;
use crate::package::{is_at_or_below, package_of};

/// Runs the family.
pub fn check(case: &Case<'_>, sink: &mut Sink<'_>) {
    unidentified(case, sink);
    unreadable(case.app, sink);
}

fn unidentified(case: &Case<'_>, sink: &mut Sink<'_>) {
    let declared: Vec<&str> =
        case.records.iter().flat_map(|record| record.own_packages.iter().map(String::as_str)).collect();
    // A declared package answers for the code at and below it, and for nothing beside it.
    let is_declared = |package: &str| declared.iter().any(|declared| is_at_or_below(package, package_of(declared)));
    for group in &case.inventory.unidentified {
        let rest = group.packages.iter().filter(|(package, _)| !is_declared(package));
        let (prefix, classes) = (&group.prefix, rest.map(|(_, classes)| classes).sum::<u32>());
        if classes == 0 {
            continue;
        }
        let plural = if classes == 1 { "class" } else { "classes" };
        let in_group =
            case.app.classes.packages.iter().filter(|facts| facts.defined > 0 && is_at_or_below(&facts.name, prefix));
        let entry = in_group.map(|facts| facts.dex.as_str()).next().unwrap_or_default().to_owned();
        let seen = Evidence { signal: Signal::Classes, seen: format!("{prefix}.**"), entry, count: classes };
        let finding = Finding::new(
            Rule::UnidentifiedCode,
            prefix,
            Text::new(
                format!("{prefix} ({classes} {plural}) matches no signature and no declared package"),
                format!("{prefix}（{classes} 个类）不匹配任何特征或声明包名"),
            ),
            Text::new("say whose it is: declare it, or contribute a signature", "请说明其归属：予以声明，或补充特征"),
        );
        sink.emit(finding.evidence(vec![seen]));
    }
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
