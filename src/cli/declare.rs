//! `declare`: the list that a policy should hold, or what a policy lacks.

use super::args::{self, DeclareFormat, FormArg, Weights};
use super::judgement::levels;
use super::run::{Session, print};
use super::{CLEAN, args::Declare};
use crate::audit::{Audit, Severity};
use crate::declared::canonical::Extraction;
use crate::declared::{self, Declaration};
use crate::disclosure::{self, Form, Inputs, Update};
use crate::error::Error;
use crate::lang::{Lang, Text};
use crate::report::{self, AppReport};
use std::io::Write;
use std::path::Path;

/// Writes what was asked for, and answers with the exit code.
pub fn run(session: &Session<'_>, arguments: &Declare) -> Result<u8, Error> {
    let app = session.app(&arguments.app, |_, _| Audit::default())?;
    let text = match &arguments.update {
        Some(policy) => update(session, &app, policy)?,
        None => list(session, &app, arguments)?,
    };
    print(&text)?;
    Ok(CLEAN)
}

fn list(session: &Session<'_>, found: &AppReport<'_>, arguments: &args::Declare) -> Result<String, Error> {
    let form = match arguments.form {
        FormArg::List => Form::List,
        FormArg::Table => Form::Table,
    };
    let text = disclosure::list(&found.app, &found.inventory, form, session.screen().lang);
    match arguments.format {
        DeclareFormat::Markdown => Ok(text),
        // What is written is what is read: one shape for both.
        DeclareFormat::Json => {
            let declaration = declared::read("sdks.md", text.as_bytes(), session.set)?;
            Ok(report::json::to_text(&Extraction::from(&declaration)))
        }
    }
}

fn update(session: &Session<'_>, found: &AppReport<'_>, policy: &Path) -> Result<String, Error> {
    let declaration = session.declaration(policy)?;
    if !declaration.is_plain_text() {
        return Err(not_text(&declaration));
    }
    let levels = levels(&Weights::default(), &session.loaded.config)?;
    let inputs = Inputs { app: &found.app, inventory: &found.inventory, set: session.set, levels: &levels };
    let hidden = &found.inventory.hidden_code;
    if !hidden.is_empty() {
        warn(&hidden.join(", "), session.screen().lang);
    }
    let Update { text, by_hand } = disclosure::update(&declaration, inputs)?;
    let lang = session.screen().lang;
    let mut out = String::new();
    if !by_hand.is_empty() {
        // Lines before the header are no part of a diff; patch and git apply pass over them.
        out += lang.pick("# To be corrected by hand:\n", "# 需手动更正：\n");
        out.extend(by_hand.iter().map(|one| format!("#   {}\n", report::plain(one.get(lang)))));
    }
    Ok(out + &report::fix::between(&declaration, &text))
}

/// What the unreadable code holds is in no correction; a diff has no place to say so.
fn warn(hidden: &str, lang: Lang) {
    let (label, hidden) = (Severity::Warning.label(), report::plain(hidden));
    let _ = match lang {
        Lang::En => writeln!(
            std::io::stderr(),
            "{}: code of the app is hidden or unreadable ({hidden}): the corrections may lack what it holds",
            label.en
        ),
        Lang::Zh => {
            writeln!(std::io::stderr(), "{}：应用的部分代码已加固或无法读取（{hidden}）：更正内容可能不全", label.zh)
        }
    };
}

fn not_text(declaration: &Declaration) -> Error {
    Error::new(
        Text::new(
            "it is not plain text in UTF-8, so no diff of it can be written",
            "它不是 UTF-8 纯文本，无法生成差异",
        ),
        Text::new(
            "save it as text or Markdown; or write a whole list with sdkaudit declare APP",
            "请另存为文本或 Markdown；或用 sdkaudit declare APP 生成完整清单",
        ),
    )
    .in_input(&declaration.document)
}
