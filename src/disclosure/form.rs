//! A whole list: records of labelled lines, as regulators ask for, or one table.

use super::{Draft, Part};
use crate::app::App;
use crate::detect::Inventory;
use crate::lang::Lang;
use std::fmt::Write;

/// How a list is laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// A heading and labelled lines for each SDK.
    List,
    /// One row for each SDK.
    Table,
}

/// The list of all SDKs that an app carries, as Markdown that `audit --declared` reads.
pub fn list(app: &App, inventory: &Inventory<'_>, form: Form, lang: Lang) -> String {
    let drafts = Draft::of_all(inventory, app);
    let mut out = head(app, inventory, lang);
    let (personal, plain): (Vec<&Draft>, Vec<&Draft>) = drafts.iter().partition(|draft| draft.personal);
    let groups = [
        (personal, lang.pick("SDKs whose purpose handles personal information", "用途涉及个人信息的 SDK")),
        (plain, lang.pick("Other third-party libraries", "其他第三方库")),
    ];
    for (drafts, title) in groups.into_iter().filter(|(drafts, _)| !drafts.is_empty()) {
        let _ = write!(out, "\n## {title}\n");
        match form {
            Form::List => drafts.iter().for_each(|draft| out += &format!("\n{}", record(draft, "- ", lang))),
            Form::Table => table(&mut out, &drafts, lang),
        }
    }
    out
}

fn head(app: &App, inventory: &Inventory<'_>, lang: Lang) -> String {
    let manifest = &app.manifest;
    let version = manifest.version_name.as_deref().unwrap_or_default();
    let name = one_line(format!("{} {version}", manifest.application_id).trim_end());
    let mut out = match lang {
        Lang::En => format!(
            "# List of third-party SDKs\n\n> Draft for {name}, written by sdkaudit {}: the SDKs and packages are those that the app carries; \
             developer, purpose, link, and part of the information and permissions come from the signature base and say what \
             the SDK's documentation names, not what this app does. Check every record; fill in what is marked.\n",
            env!("CARGO_PKG_VERSION")
        ),
        Lang::Zh => format!(
            "# 第三方 SDK 清单\n\n> {name} 的草稿，由 sdkaudit {} 生成：所列 SDK 和包名取自应用实际内容；开发者、用途、链接以及部分信息类型和权限取自特征库，反映的是 SDK 文档的说明，不代表本应用的实际情况。请逐条核实，并填写标出的空白。\n",
            env!("CARGO_PKG_VERSION")
        ),
    };
    let unknown: Vec<String> = inventory.unidentified.iter().map(|group| one_line(&group.prefix)).collect();
    if !unknown.is_empty() {
        let _ = match lang {
            Lang::En => writeln!(out, "> Code that nobody knows is in no record: {}.", unknown.join(", ")),
            Lang::Zh => writeln!(out, "> 无法识别的代码不在下列条目中：{}。", unknown.join("、")),
        };
    }
    if !inventory.hidden_code.is_empty() {
        let hidden = inventory.hidden_code.iter().map(|one| one_line(one)).collect::<Vec<_>>();
        let _ = match lang {
            Lang::En => writeln!(
                out,
                "> Code is hidden or unreadable ({}): the list may lack what it holds.",
                hidden.join(", ")
            ),
            Lang::Zh => writeln!(out, "> 部分代码已加固或无法读取（{}）：清单可能不全。", hidden.join("、")),
        };
    }
    out
}

/// One record as labelled lines, each behind `mark`.
pub(super) fn record(draft: &Draft, mark: &str, lang: Lang) -> String {
    Part::ALL.into_iter().map(|part| line(draft, part, mark, lang) + "\n").collect()
}

/// One labelled line, without its end.
pub(super) fn line(draft: &Draft, part: Part, mark: &str, lang: Lang) -> String {
    let colon = lang.pick(": ", "：");
    format!("{mark}{}{colon}{}", part.label().get(lang), one_line(&draft.part(part, lang)))
}

fn table(out: &mut String, drafts: &[&Draft], lang: Lang) {
    let header: Vec<String> = Part::ALL.iter().map(|part| part.label().get(lang).to_owned()).collect();
    let _ = writeln!(out, "\n| {} |\n|{}", header.join(" | "), " --- |".repeat(header.len()));
    for draft in drafts {
        let cells = Part::ALL.map(|part| one_line(&draft.part(part, lang)).replace('|', "\\|"));
        let _ = writeln!(out, "| {} |", cells.join(" | "));
    }
}

fn one_line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}
