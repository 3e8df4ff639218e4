//! `sdkaudit.toml`: where it is found, and what it fills in.

use super::args::{Global, LangArg};
use super::input::read_settings;
use crate::error::Error;
use crate::report::SettingsFile;
use crate::settings::{Config, FILE_NAME};
use std::path::{Path, PathBuf};

/// What the file says, and which file it was.
#[derive(Debug, Default)]
pub struct Loaded {
    pub config: Config,
    pub file: Option<SettingsFile>,
}

/// Reads the configuration that the options ask for, and fills in the options that it sets.
pub fn load(global: &mut Global) -> Result<Loaded, Error> {
    let found = match &global.config {
        Some(path) => Some(path.clone()),
        None if global.no_config => None,
        None => find(),
    };
    let Some(path) = found else { return Ok(Loaded::default()) };
    let (text, file) = read_settings(&path)?;
    let config = Config::read(&file.path, &text)?;
    global.lang = global.lang.or(config.lang.map(|lang| lang.pick(LangArg::En, LangArg::Zh)));
    global.signatures = global.signatures.take().or_else(|| config.signatures.clone());
    Ok(Loaded { config, file: Some(file) })
}

/// The nearest file of the name, from the working directory upward, as a relative path: reports do not tell where on a machine they
/// were made.
fn find() -> Option<PathBuf> {
    let start = std::env::current_dir().ok()?;
    let above = start.ancestors().position(|folder| folder.join(FILE_NAME).is_file())?;
    Some(std::iter::repeat_n(Path::new(".."), above).collect::<PathBuf>().join(FILE_NAME))
}
