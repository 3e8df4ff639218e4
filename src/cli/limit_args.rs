//! What one app may cost, for every command that reads many.

use crate::app::Limits;
use clap::{Args, value_parser};

/// Of an app that reaches a limit, the rest stands, and what was not read is a gap.
#[derive(Debug, Default, Args)]
pub struct LimitArgs {
    /// Longest time for one app [default: none]
    #[arg(long, value_name = "SECONDS", value_parser = value_parser!(u32).range(1..), help_heading = HEADING)]
    pub max_time: Option<u32>,
    /// Largest entry, packed and unpacked together [default: none]
    #[arg(long, value_name = "MIB", value_parser = value_parser!(u32).range(1..), help_heading = HEADING)]
    pub max_memory: Option<u32>,
    /// Most entries, those of archives inside it counted too [default: 250000]
    #[arg(long, value_name = "N", value_parser = value_parser!(u32).range(1..), help_heading = HEADING)]
    pub max_entries: Option<u32>,
    /// Largest entry, unpacked [default: 128]
    #[arg(long, value_name = "MIB", value_parser = value_parser!(u32).range(1..), help_heading = HEADING)]
    pub max_entry_size: Option<u32>,
    /// Most that is unpacked of all entries together [default: 1024]
    #[arg(long, value_name = "MIB", value_parser = value_parser!(u32).range(1..), help_heading = HEADING)]
    pub max_unpacked: Option<u32>,
    /// How deep archives inside archives are read [default: 3]
    #[arg(long, value_name = "N", value_parser = value_parser!(u32).range(..=16), help_heading = HEADING)]
    pub max_nesting: Option<u32>,
    /// Most strings that one dex file may list [default: 4000000]
    #[arg(long, value_name = "N", value_parser = value_parser!(u32).range(1..), help_heading = HEADING)]
    pub max_strings: Option<u32>,
    /// Most classes that one dex file may define [default: 1000000]
    #[arg(long, value_name = "N", value_parser = value_parser!(u32).range(1..), help_heading = HEADING)]
    pub max_classes: Option<u32>,
}

const HEADING: &str = "Limits for one app";

impl LimitArgs {
    /// What was typed over the defaults.
    pub fn limits(&self) -> Limits {
        let default = Limits::default();
        Limits {
            seconds: self.max_time,
            mebibytes: self.max_memory,
            entries: self.max_entries.unwrap_or(default.entries),
            entry_mebibytes: self.max_entry_size.unwrap_or(default.entry_mebibytes),
            total_mebibytes: self.max_unpacked.unwrap_or(default.total_mebibytes),
            nesting: self.max_nesting.unwrap_or(default.nesting),
            strings: self.max_strings.unwrap_or(default.strings),
            classes: self.max_classes.unwrap_or(default.classes),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    /// The help names defaults that stand in another module.
    #[test]
    fn the_help_tells_the_defaults() {
        let default = Limits::default();
        let expected = [
            ("max_entries", default.entries),
            ("max_entry_size", default.entry_mebibytes),
            ("max_unpacked", default.total_mebibytes),
            ("max_nesting", default.nesting),
            ("max_strings", default.strings),
            ("max_classes", default.classes),
        ];
        let mut command = crate::cli::args::Cli::command();
        // The arguments of a command are described when it is built.
        command.build();
        for name in ["inspect", "audit", "batch"] {
            let command = command.find_subcommand(name).expect("a command");
            for (id, value) in expected {
                let argument = command.get_arguments().find(|one| one.get_id() == id).expect(id);
                let help = argument.get_help().expect("help").to_string();
                assert!(help.ends_with(&format!("[default: {value}]")), "{name} {id}: {help}");
            }
        }
    }
}
