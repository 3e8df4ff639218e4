//! Arguments of the daily round: waivers.

use clap::Args;
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
