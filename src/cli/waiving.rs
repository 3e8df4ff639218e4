//! Waivers around a run: read before it, applied after it, written where asked for.

use super::args;
use super::input::read_settings;
use super::run::today;
use crate::audit::waivers::{Date, NEVER_WAIVED, Terms};
use crate::audit::{Finding, Levels, Waiver, Waivers};
use crate::error::Error;
use crate::lang::Text;
use crate::report::{SettingsFile, Stamp};
use crate::settings::{read_waivers, write_json, write_toml};
use std::io::Write;
use std::path::{Path, PathBuf};

/// The waivers of one run.
pub struct Waiving {
    waivers: Waivers,
    text: String,
    file: Option<SettingsFile>,
    used: Vec<bool>,
    today: Date,
    write: Option<(PathBuf, Terms)>,
}

impl Waiving {
    /// Reads the file, and sees that a new one can be written, before the work begins. `set` is the file of the configuration.
    pub fn open(arguments: &args::Waiving, set: Option<&Path>) -> Result<Waiving, Error> {
        let path = arguments.waivers.as_deref().or(set);
        let (mut waivers, mut text, mut file) = (Waivers::default(), String::new(), None);
        if let Some(path) = path {
            let (read, found) = read_settings(path)?;
            waivers = read_waivers(&found.path, &read)?;
            (text, file) = (read, Some(found));
        }
        let write = match &arguments.write_waivers {
            Some(target) => Some((target.clone(), terms(arguments)?)),
            None => None,
        };
        if let Some((target, _)) =
            write.as_ref().filter(|(target, _)| Some(target.as_path()) != path && target.exists())
        {
            let name = target.display();
            return Err(Error::new(
                Text::new(format!("{name} exists already"), format!("{name} 已存在")),
                Text::new(
                    "give it as --waivers too, to add to it, or name another file",
                    "如要追加，请同时用 --waivers 给出该文件；或改用其他文件名",
                ),
            ));
        }
        let today = day()?;
        let used = vec![false; waivers.entries.len()];
        Ok(Waiving { waivers, text, file, used, today, write })
    }

    /// Marks what is waived. `groups` holds the findings of each app with its application id, or of each document with an empty
    /// one. Where `complete`, waivers that nothing needed are findings of the first group.
    pub fn apply(
        &mut self,
        mut groups: Vec<(String, &mut Vec<Finding>)>,
        of_app: bool,
        complete: bool,
        levels: &Levels,
    ) -> Result<(), Error> {
        for (id, findings) in &mut groups {
            self.waivers.apply(findings, id, self.today, levels, &mut self.used);
        }
        if complete && let Some((_, first)) = groups.first_mut() {
            first.extend(self.waivers.unused(&self.used, of_app, levels));
            crate::audit::sort(first);
        }
        match self.write.take() {
            Some((target, terms)) => self.accept(&target, &terms, &mut groups),
            None => Ok(()),
        }
    }

    /// Writes a waiver for every finding that has none, and marks the findings with it.
    fn accept(
        &mut self,
        target: &Path,
        terms: &Terms,
        groups: &mut [(String, &mut Vec<Finding>)],
    ) -> Result<(), Error> {
        let mut new: Vec<Waiver> = Vec::new();
        for (id, findings) in groups.iter() {
            for finding in findings.iter().filter(|one| one.waiver.is_none() && !NEVER_WAIVED.contains(&one.rule)) {
                // What has ended is renewed by hand, or not at all.
                let ended = self.waivers.entries.iter().any(|entry| entry.covers(finding, id));
                if !ended && !new.iter().any(|entry| entry.covers(finding, id)) {
                    new.push(Waiver::of(finding, id, terms));
                }
            }
        }
        let name = target.display().to_string();
        let adds = self.file.as_ref().is_some_and(|file| file.path == name);
        let kept: &[Waiver] = if adds { &self.waivers.entries } else { &[] };
        let text = if name.to_ascii_lowercase().ends_with(".json") {
            write_json(&[kept, &new].concat())
        } else {
            // What people wrote into the file stays as it is.
            let head =
                if adds { self.text.as_str() } else { "# Findings accepted for sdkaudit, each with a reason.\n" };
            format!("{head}{}{}", if head.ends_with('\n') || head.is_empty() { "" } else { "\n" }, write_toml(&new))
        };
        replace(target, &text).map_err(|cause| cannot_write(&name, cause))?;
        let written = read_waivers(&name, &text)?;
        for (id, findings) in groups {
            for finding in findings.iter_mut().filter(|one| one.waiver.is_none() && !NEVER_WAIVED.contains(&one.rule)) {
                let speaks = |entry: &&Waiver| entry.covers(finding, id) && entry.holds(self.today);
                finding.waiver = written.entries.iter().find(speaks).cloned();
            }
        }
        Ok(())
    }

    /// Says in the stamp which file had a say, and on which day where that matters.
    pub fn stamp(&self, stamp: &mut Stamp) {
        stamp.settings.extend(self.file.clone());
        if self.waivers.entries.iter().any(|entry| entry.expires.is_some()) {
            stamp.evaluated_on = Some(self.today.to_string());
        }
    }
}

/// The day on which waivers are looked at.
pub fn day() -> Result<Date, Error> {
    today()?.parse::<Date>().map_err(|cause| {
        let message = Text::new("the system's date cannot be told", "无法确定系统日期");
        Error::new(message, Text::new("set SOURCE_DATE_EPOCH", "请设置 SOURCE_DATE_EPOCH")).because(cause)
    })
}

fn terms(arguments: &args::Waiving) -> Result<Terms, Error> {
    let reason = arguments.reason.as_deref().map(str::trim).unwrap_or_default();
    if reason.is_empty() {
        return Err(Error::new(
            Text::new("nothing is waived without a reason", "没有理由不能豁免"),
            Text::new("say why with --reason", "请用 --reason 说明理由"),
        ));
    }
    let date = |text: &String| {
        text.parse::<Date>().map_err(|cause| {
            Error::new(
                Text::new(format!("--expires is no day: '{text}'"), format!("--expires 不是日期：“{text}”")),
                Text::new("write it like 2027-03-31", "请写成 2027-03-31 的形式"),
            )
            .because(cause)
        })
    };
    let expires = arguments.expires.as_ref().map(date).transpose()?;
    Ok(Terms { reason: reason.to_owned(), owner: arguments.owner.clone(), expires })
}

/// Writes a file so that a reader sees the old one or the new one, whole.
fn replace(path: &Path, text: &str) -> std::io::Result<()> {
    let mut name = path.as_os_str().to_owned();
    name.push(format!(".{}.tmp", std::process::id()));
    let beside = PathBuf::from(name);
    let written = std::fs::File::create_new(&beside).and_then(|mut file| {
        file.write_all(text.as_bytes())?;
        file.sync_all()
    });
    written.and_then(|()| std::fs::rename(&beside, path)).inspect_err(|_| {
        let _ = std::fs::remove_file(&beside);
    })
}

fn cannot_write(name: &str, cause: std::io::Error) -> Error {
    Error::new(
        Text::new(format!("cannot write {name}: {cause}"), format!("无法写入 {name}：{cause}")),
        Text::new("check that the folder exists and can be written to", "请确认目录存在且可写"),
    )
    .because(cause)
}
