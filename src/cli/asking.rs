//! What `batch` and `worker` ask of every app: policies, waivers, severities, limits.

use super::args::Weights;
use super::batch_args::Asking;
use super::input::read_settings;
use super::judgement::levels;
use super::run::Session;
use super::{terminal, waiving};
use crate::app;
use crate::batch::{Accepted, Pairing, Policies, Question};
use crate::detect;
use crate::error::Error;
use crate::report::Stamp;
use crate::settings::read_waivers;
use std::path::{Path, PathBuf};

/// Makes the question of the arguments and hands it on.
pub fn with<T>(
    session: &Session<'_>,
    arguments: &Asking,
    weights: &Weights,
    then: impl FnOnce(&Question<'_>) -> Result<T, Error>,
) -> Result<T, Error> {
    let config = &session.loaded.config;
    let levels = levels(weights, config)?;
    let read = |paths: &[PathBuf]| session.joined(paths);
    let policies = Policies::new(pairing(arguments, &config.declared)?, &read);
    if let Some(policy) = policies.for_all() {
        // One that cannot be read is one mistake, not one for each app.
        policies.declaration(&policy)?;
    }
    let mut stamp = session.stamp(None)?;
    let accepted = accepted(arguments.waivers.as_deref().or(config.waivers.as_deref()), &mut stamp)?;
    let by_class = |package: &[u8]| session.set.holds_class_prefixes(package);
    let wanted = detect::wanted();
    let limits = arguments.limits.limits();
    then(&Question {
        options: app::Options {
            by_class: &by_class,
            wanted: Some(&wanted),
            bodies: Some(session.set),
            limits,
            ..app::Options::default()
        },
        set: session.set,
        levels: &levels,
        policies: &policies,
        accepted: accepted.as_ref(),
        stamp,
        lang: terminal::stderr(session.global).lang,
        times: arguments.times,
        verify: arguments.verifies(),
    })
}

/// The waivers of a file, if there is one; the stamp says that it had a say.
fn accepted(path: Option<&Path>, stamp: &mut Stamp) -> Result<Option<Accepted>, Error> {
    let Some(path) = path else { return Ok(None) };
    let (text, file) = read_settings(path)?;
    let accepted = Accepted { waivers: read_waivers(&file.path, &text)?, today: waiving::day()? };
    stamp.settings.push(file);
    if accepted.waivers.entries.iter().any(|entry| entry.expires.is_some()) {
        stamp.evaluated_on = Some(accepted.today.to_string());
    }
    Ok(Some(accepted))
}

fn pairing(arguments: &Asking, configured: &[PathBuf]) -> Result<Pairing, Error> {
    match (arguments.declared.as_slice(), &arguments.declared_dir, configured) {
        ([], Some(folder), _) => Pairing::folder(folder),
        ([], None, []) => Ok(Pairing::None),
        ([], None, configured) => Ok(Pairing::All(configured.to_vec())),
        (given, _, _) => Ok(Pairing::All(given.to_vec())),
    }
}
