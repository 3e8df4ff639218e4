//! Arguments of the daily round: waivers, comparison, disclosure lists.

use super::SeverityArg;
use clap::{Args, ValueEnum};
use std::path::PathBuf;

/// What has been accepted, and what shall be.
#[derive(Debug, Args)]
pub struct Waiving {
    /// Accepted findings, with reasons: TOML or JSON
    #[arg(long, value_name = "FILE")]
    pub waivers: Option<PathBuf>,
    /// Accept all findings of this run: write them to FILE, or add them to it where it is also given as --waivers
    #[arg(long, value_name = "FILE", requires = "reason")]
    pub write_waivers: Option<PathBuf>,
    /// Why they are accepted
    #[arg(long, value_name = "TEXT", requires = "write_waivers")]
    pub reason: Option<String>,
    /// Who answers for that
    #[arg(long, value_name = "NAME", requires = "write_waivers")]
    pub owner: Option<String>,
    /// Last day on which the new waivers hold, YYYY-MM-DD
    #[arg(long, value_name = "DATE", requires = "write_waivers")]
    pub expires: Option<String>,
}

#[derive(Debug, Args)]
pub struct Compare {
    /// The earlier build: an APK, or what inspect or audit --format json printed for it
    #[arg(value_name = "OLD")]
    pub old: PathBuf,
    /// The later build, likewise
    #[arg(value_name = "NEW")]
    pub new: PathBuf,
    /// Show only the differences from this policy that the new build brings; NEW must be an app
    #[arg(short, long, value_name = "FILE")]
    pub declared: Option<PathBuf>,
    /// Exit with 1 when something of this severity or above is new
    #[arg(long, value_enum, value_name = "SEVERITY")]
    pub fail_on_new: Option<SeverityArg>,
    /// Format of the report
    #[arg(short, long, value_enum, default_value_t = CompareFormat::Text)]
    pub format: CompareFormat,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum CompareFormat {
    Text,
    Json,
    Markdown,
}
