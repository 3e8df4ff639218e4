//! What the app holds beyond known SDKs: code nobody knows, parts nobody could read.

use super::{Case, Finding, Rule, Sink};
use crate::app::App;
use crate::detect::{Evidence, Inventory, Signal};
use crate::lang::Text;
use crate::package::{is_at_or_below, package_of};
use crate::signatures::Category;

/// Runs the family.
pub fn check(case: &Case<'_>, sink: &mut Sink<'_>) {
    unidentified(case, sink);
    readable(case.app, case.inventory, sink);
}

/// What could be read, and what stands in the way.
pub fn readable(app: &App, inventory: &Inventory<'_>, sink: &mut Sink<'_>) {
    packed(inventory, sink);
    tampered(app, sink);
    unreadable(app, sink);
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
fn unreadable(app: &App, sink: &mut Sink<'_>) {
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

/// One finding per packer that is present: what its stub unpacks at run time was not read.
fn packed(inventory: &Inventory<'_>, sink: &mut Sink<'_>) {
    for packer in inventory.present().filter(|one| one.sdk.categories.contains(&Category::Packer)) {
        let name = &packer.sdk.name;
        let finding = Finding::new(
            Rule::PackedApp,
            &packer.sdk.id,
            Text::new(
                format!("the app is packed by {}; code that it unpacks at run time was not read", name.en),
                format!("应用经{}加固；其运行时才解出的代码未能读取", name.zh),
            ),
            Text::new(
                "audit the build before packing; manifest and libraries are judged as they stand",
                "请审计加固前的构建；清单文件与动态库按现状判断",
            ),
        );
        sink.emit(finding.evidence(packer.evidence.clone()));
    }
}

/// One finding per trick that the archive plays.
fn tampered(app: &App, sink: &mut Sink<'_>) {
    for one in &app.tampering {
        let predicate = one.trick.predicate();
        let help = if one.trick.refused_by_android() {
            Text::new(
                "Android refuses this; the content was read all the same. Ask where the file comes from",
                "安卓会拒绝这样的文件；其内容仍已读取。请查明文件来源",
            )
        } else {
            Text::new(
                "Android reads it and many tools do not; the content was read. Ask why the file is built so",
                "安卓能读取而许多工具不能；其内容已读取。请查明为何如此构建",
            )
        };
        let message = Text::new(format!("{} {}", one.entry, predicate.en), format!("{} {}", one.entry, predicate.zh));
        sink.emit(Finding::new(Rule::TamperedArchive, format!("{}/{}", one.entry, one.trick.id()), message, help));
    }
}
