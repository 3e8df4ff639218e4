//! What counts, and how much: the command line over the configuration.

use super::args::{Judgement, ProfileArg, SeverityArg, Weights};
use super::explain;
use crate::audit::{Levels, Profile, Rule, Severity};
use crate::error::Error;
use crate::lang::Text;
use crate::settings::Config;

pub fn severity(argument: SeverityArg) -> Severity {
    match argument {
        SeverityArg::Error => Severity::Error,
        SeverityArg::Warning => Severity::Warning,
        SeverityArg::Note => Severity::Note,
    }
}

/// The lowest severity that fails a run; none with `--exit-zero`.
pub fn fail_on(arguments: &Judgement, config: &Config) -> Option<Severity> {
    let severity = arguments.fail_on.map(severity).or(config.fail_on).unwrap_or(Severity::Error);
    (!arguments.exit_zero).then_some(severity)
}

fn profile(argument: ProfileArg) -> Profile {
    match argument {
        ProfileArg::Default => Profile::Default,
        ProfileArg::ChinaMiit => Profile::ChinaMiit,
        ProfileArg::GooglePlay => Profile::GooglePlay,
        ProfileArg::Minimal => Profile::Minimal,
    }
}

/// Severities and profile.
pub fn levels(arguments: &Weights, config: &Config) -> Result<Levels, Error> {
    let mut levels = Levels::default();
    levels.profile = arguments.profile.map(profile).or(config.profile).unwrap_or_default();
    let named =
        [(&arguments.error, Some(Severity::Error)), (&arguments.warn, Some(Severity::Warning)), (&arguments.off, None)];
    for (ids, severity) in named {
        for id in ids {
            let rule = Rule::from_id(id).ok_or_else(|| unknown_rule(id))?;
            levels.set(rule, severity).map_err(|message| Error::new(message, Text::default()))?;
        }
    }
    levels.fill_from(&config.levels);
    Ok(levels)
}

fn unknown_rule(id: &str) -> Error {
    let rules = || Rule::ALL.iter().map(|rule| rule.id());
    let help = match explain::nearest(id, rules()) {
        Some(near) => Text::new(format!("did you mean '{near}'?"), format!("是否应为“{near}”？")),
        None => {
            let all = rules().collect::<Vec<_>>().join(", ");
            Text::new(format!("the rules are: {all}"), format!("规则有：{all}"))
        }
    };
    Error::new(Text::new(format!("no rule named '{id}'"), format!("没有名为“{id}”的规则")), help)
}

/// There is nothing to hold an app against.
pub fn no_policy() -> Error {
    Error::new(
        Text::new("there is no policy to compare with", "没有可供比对的隐私政策"),
        Text::new(
            "give it with --declared FILE, or set 'declared' in sdkaudit.toml; sdkaudit inspect needs none",
            "请用 --declared FILE 给出，或在 sdkaudit.toml 中设置 declared；sdkaudit inspect 不需要政策",
        ),
    )
}

/// App and policy cannot both come from standard input.
pub fn one_stdin() -> Error {
    Error::new(
        Text::new("app and policy cannot both come from standard input", "应用与隐私政策不能同时来自标准输入"),
        Text::new("save one of them to a file and give its path", "请将其中之一保存为文件并提供其路径"),
    )
}
