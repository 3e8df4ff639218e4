//! `signatures`: the base itself.

mod coverage;
mod import;
mod new;

use super::args::{Check, Format, List, Show, SignaturesCommand};
use super::explain::{self, Subject};
use super::run::{Session, print};
use super::{BROKEN, CLEAN};
use crate::error::Error;
use crate::lang::Text;
use crate::nearest::nearest;
use crate::report::signatures::{self as report, Checked};
use crate::signatures::{Category, Sdk, check as checker, fold_name, folder};
use std::io::Write;

/// Carries out one of the commands and returns its exit code.
pub fn run(session: &Session<'_>, command: &SignaturesCommand) -> Result<u8, Error> {
    match command {
        SignaturesCommand::List(arguments) => list(session, arguments),
        SignaturesCommand::Show(arguments) => show(session, arguments),
        SignaturesCommand::Check(arguments) => check_folder(session, arguments),
        SignaturesCommand::New(arguments) => new::run(session, arguments),
        SignaturesCommand::Import(arguments) => import::run(session, arguments),
        SignaturesCommand::Coverage(arguments) => coverage::run(session, arguments),
    }
}

fn list(session: &Session<'_>, arguments: &List) -> Result<u8, Error> {
    let categories = arguments.category.iter().map(|word| category(word)).collect::<Result<Vec<_>, _>>()?;
    let fits = |sdk: &&Sdk| {
        let vendor = [&sdk.vendor.en, &sdk.vendor.zh];
        (categories.is_empty() || sdk.categories.iter().any(|category| categories.contains(category)))
            && arguments.vendor.as_ref().is_none_or(|text| holds(vendor.into_iter(), text))
            && (!arguments.tracker || sdk.tracker)
            && arguments.text.as_ref().is_none_or(|text| {
                let names = [&sdk.name.en, &sdk.name.zh].into_iter().chain(vendor).chain(&sdk.aliases);
                let lower = text.to_lowercase();
                let mut dotted = [&sdk.id].into_iter().chain(&sdk.detect.packages).chain(&sdk.detect.companions);
                // The dots count here: 'zebra' is no part of braze.braze.
                holds(names, text) || dotted.any(|name| name.to_lowercase().contains(&lower))
            })
    };
    let mut found: Vec<&Sdk> = session.set.iter().filter(fits).collect();
    found.sort_by(|a, b| a.id.cmp(&b.id));
    let screen = session.screen();
    print(&match arguments.format {
        Format::Text => report::list(&found, session.set.len(), &screen),
        Format::Json => report::list_json(&found),
    })?;
    Ok(CLEAN)
}

/// Whether any of the words holds `text`, whatever the case, width and punctuation.
fn holds<'w>(mut words: impl Iterator<Item = &'w String>, text: &str) -> bool {
    let (folded, lower) = (fold_name(text), text.to_lowercase());
    words.any(|word| word.to_lowercase().contains(&lower) || (!folded.is_empty() && fold_name(word).contains(&folded)))
}

fn category(word: &str) -> Result<Category, Error> {
    let all = || Category::ALL.iter().map(|category| category.id());
    Category::ALL.iter().copied().find(|category| category.id() == word).ok_or_else(|| {
        let help = match nearest(word, all()) {
            Some(near) => Text::new(format!("did you mean '{near}'?"), format!("是否应为“{near}”？")),
            None => {
                let all = all().collect::<Vec<_>>().join(", ");
                Text::new(format!("the categories are: {all}"), format!("类别有：{all}"))
            }
        };
        Error::new(Text::new(format!("no category named '{word}'"), format!("没有名为“{word}”的类别")), help)
    })
}

fn show(session: &Session<'_>, arguments: &Show) -> Result<u8, Error> {
    let subject = Subject::Sdk(explain::find_sdk(&arguments.id, session.set)?);
    let screen = session.screen();
    print(&match arguments.format {
        Format::Text => explain::text(&subject, &screen),
        Format::Json => explain::json(&subject, screen.lang),
    })?;
    Ok(CLEAN)
}

fn check_folder(session: &Session<'_>, arguments: &Check) -> Result<u8, Error> {
    let found = folder::read(&arguments.folder)?;
    let base = (!found.is_base).then_some(session.set);
    let checker::Checked { sdks, mut problems } = checker::examine(&found.files, base);
    problems.extend(found.problems);
    checker::sort(&mut problems);
    let checked = Checked {
        folder: &arguments.folder,
        files: found.files.len(),
        is_base: found.is_base,
        replaced: base.map(|base| base.replaced_by(&sdks)).unwrap_or_default(),
        sdks: &sdks,
        problems: &problems,
        sources: arguments.sources,
    };
    let screen = session.screen();
    print(&match arguments.format {
        Format::Text => report::checked(&checked, &screen),
        Format::Json => report::checked_json(&checked, screen.lang),
    })?;
    Ok(if problems.is_empty() { CLEAN } else { BROKEN })
}

/// Writes to standard error what belongs beside the result.
fn remark(text: &str) {
    let _ = std::io::stderr().write_all(text.as_bytes());
}
