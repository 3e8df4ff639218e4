//! `sdkaudit.toml`: what a project always wants, so that nobody types it. The command line wins over it.

use super::reader::Reader;
use super::waivers::rule;
use crate::audit::{Levels, Profile, Severity};
use crate::error::Error;
use crate::lang::{Lang, Text};
use crate::located::Located;
use std::path::{Path, PathBuf};

/// Its name, looked for in the working directory and above.
pub const FILE_NAME: &str = "sdkaudit.toml";

/// What the file says; what it leaves out is `None`.
#[derive(Clone, Debug, Default)]
pub struct Config {
    /// Severities of rules.
    pub levels: Levels,
    /// What lists are held to.
    pub profile: Option<Profile>,
    /// Lowest severity that fails.
    pub fail_on: Option<Severity>,
    /// Language of messages.
    pub lang: Option<Lang>,
    /// The documents that `audit` and `batch` compare with: a policy, or a policy and the SDK list that stands apart from it.
    pub declared: Vec<PathBuf>,
    /// The waivers file.
    pub waivers: Option<PathBuf>,
    /// Folder of own signatures.
    pub signatures: Option<PathBuf>,
}

const KEYS: [&str; 7] = ["profile", "fail-on", "lang", "declared", "waivers", "signatures", "rules"];

impl Config {
    /// Reads a configuration. Paths in it count from the folder that it stands in.
    ///
    /// # Errors
    /// Every mistake at once, with line and nearest name.
    pub fn read(name: &str, text: &str) -> Result<Config, Error> {
        let folder = Path::new(name).parent().unwrap_or(Path::new(""));
        Reader::read(name, text, |reader, tree| {
            let mut config = Config::default();
            for (key, value) in reader.members(tree, &KEYS) {
                config.take(reader, folder, key, value);
            }
            config
        })
    }

    fn take(&mut self, reader: &mut Reader, folder: &Path, key: &str, value: &Located) {
        let path = |reader: &mut Reader| reader.text(key, value).map(|path| folder.join(path));
        match key {
            "declared" => {
                let paths = reader.texts(key, value);
                self.declared = paths.into_iter().map(|path| folder.join(path)).collect();
            }
            "waivers" => self.waivers = path(reader),
            "signatures" => self.signatures = path(reader),
            "profile" => {
                self.profile = reader.word(key, value, Profile::from_id, &Profile::ALL.map(Profile::id));
            }
            "fail-on" => self.fail_on = reader.word(key, value, Severity::from_id, &SEVERITIES),
            "lang" => {
                let from = |word: &str| [("en", Lang::En), ("zh", Lang::Zh)].into_iter().find(|(id, _)| *id == word);
                self.lang = reader.word(key, value, from, &["en", "zh"]).map(|(_, lang)| lang);
            }
            _ => self.rules(reader, value),
        }
    }

    fn rules(&mut self, reader: &mut Reader, table: &Located) {
        let crate::located::Value::Object(members) = &table.value else {
            reader.problem(table.line, Text::new("'rules' must be a table", "“rules”应为表"));
            return;
        };
        for (key, value) in members {
            let Some(rule) = rule(reader, key.line, key.text()) else { continue };
            let from = |word: &str| if word == "off" { Some(None) } else { Severity::from_id(word).map(Some) };
            let [error, warning, note] = SEVERITIES;
            let Some(severity) = reader.word(key.text(), value, from, &[error, warning, note, "off"]) else { continue };
            if let Err(message) = self.levels.set(rule, severity) {
                reader.problem(value.line, message);
            }
        }
    }
}

const SEVERITIES: [&str; 3] = ["error", "warning", "note"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_count_from_the_file() {
        let text = "profile = \"china-miit\"\nfail-on = \"warning\"\nlang = \"zh\"\ndeclared = \"docs/policy.md\"\n\
                    [rules]\ninsecure-link = \"off\"\nvague-data = \"error\"\n";
        let config = Config::read("a/sdkaudit.toml", text).expect("readable");
        assert_eq!(config.declared, [Path::new("a/docs/policy.md")]);
        let several = Config::read("a/sdkaudit.toml", "declared = [\"policy.md\", \"sdks.md\"]\n").expect("readable");
        assert_eq!(several.declared, [Path::new("a/policy.md"), Path::new("a/sdks.md")]);
        let error = Config::read("s.toml", "declared = [\"p.md\", 3]\n").expect_err("a number is no path");
        assert_eq!(error.details[0].get(Lang::En), "s.toml:1: 'declared' must be a string or a list of strings");
        assert_eq!((config.profile, config.fail_on), (Some(Profile::ChinaMiit), Some(Severity::Warning)));
        assert_eq!((config.lang, config.waivers), (Some(Lang::Zh), None));
    }

    #[test]
    fn every_mistake_has_its_line_and_the_nearest_name() {
        let text = "profil = \"x\"\nprofile = \"china\"\nfail-on = 3\n\n[rules]\ninsecure-lnk = \"off\"\nvague-data = \"warn\"\n\
                    unreadable-content = \"off\"\n";
        let error = Config::read("sdkaudit.toml", text).expect_err("mistakes");
        let lines: Vec<&str> = error.details.iter().map(|one| one.get(Lang::En)).collect();
        assert_eq!(
            lines,
            [
                "sdkaudit.toml:1: no key is named 'profil'; did you mean 'profile'?",
                "sdkaudit.toml:2: 'profile' cannot be 'china'; known are default, china-miit, google-play, minimal",
                "sdkaudit.toml:3: 'fail-on' must be a string",
                "sdkaudit.toml:6: no rule is named 'insecure-lnk'; did you mean 'insecure-link'?",
                "sdkaudit.toml:7: 'vague-data' cannot be 'warn'; known are error, warning, note, off",
                "sdkaudit.toml:8: unreadable-content is always an error and cannot be changed",
            ]
        );
    }
}
