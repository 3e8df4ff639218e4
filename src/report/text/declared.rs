//! The records of one policy as a table.

use super::super::layout::plain;
use super::Screen;
use super::inventory::title;
use super::table;
use crate::declared::{Declaration, DeclaredSdk, Field, Located};
use crate::lang::Lang;
use std::fmt::Write;

/// Prints one policy's records.
pub fn table_of(out: &mut String, declaration: &Declaration, screen: &Screen) {
    title(out, &plain(&declaration.document), &plain(&declaration.document), declaration.records.len(), screen);
    if declaration.records.is_empty() {
        let _ = writeln!(out, "{}\n", screen.lang.pick("no list of third-party SDKs", "没有第三方 SDK 清单"));
        return;
    }
    let header = match screen.lang {
        Lang::En => ["line", "name", "packages", "permissions", "SDK", "by"],
        Lang::Zh => ["行", "名称", "包名", "权限", "SDK", "依据"],
    };
    let row = |record: &DeclaredSdk| {
        [
            record.line.to_string(),
            plain(&record.title()),
            list(&record.packages, screen.lang),
            list(&record.permissions, screen.lang),
            meant(record),
            [record.resolved.by.map(|by| by.id()), record.resolved.confidence.map(|one| one.id())]
                .into_iter()
                .flatten()
                .collect::<Vec<_>>()
                .join("\n"),
        ]
    };
    table::print(out, header, declaration.records.iter().map(row).collect(), screen);
    out.push('\n');
}

/// The SDK that a record means, and with a question mark those that it may mean as well.
fn meant(record: &DeclaredSdk) -> String {
    const SHOWN: usize = 6;
    let resolved = &record.resolved;
    let more = resolved.candidates.len().saturating_sub(SHOWN);
    let maybe = resolved.candidates.iter().take(SHOWN).map(|id| format!("{id} ?"));
    let more = (more > 0).then(|| format!("+ {more} ?"));
    resolved.sdk.clone().into_iter().chain(maybe).chain(more).collect::<Vec<_>>().join("\n")
}

fn list(field: &Field<Vec<Located>>, lang: Lang) -> String {
    match field {
        Field::Absent => String::new(),
        Field::ExplicitNone(_) => lang.pick("none", "无").to_owned(),
        Field::Given(values) => values.iter().map(|value| plain(&value.text)).collect::<Vec<_>>().join("\n"),
    }
}
