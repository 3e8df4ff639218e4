//! What can be typed after `batch` and `worker`.

use super::args::{Judgement, Threads, Weights};
use super::limit_args::LimitArgs;
use crate::batch::Shard;
use clap::{Args, ValueEnum};
use std::path::PathBuf;

const WORKER_HELP: &str = "Requests: a path or an address alone, or a JSON object with uri, policy, sha256 and size. Each row \
    is written before the next request is read, in order; a line that asks for nothing gets a row that says so. Ends with 0 at the \
    end of input.";

#[derive(Debug, Args)]
pub struct Batch {
    /// Directories that hold apps, apps (APK, XAPK, APKS, APKM, AAB), or manifests: one path a line, CSV or JSON Lines with path, policy and sha256;
    /// `-` reads a manifest from standard input
    #[arg(required = true, value_name = "DIR|MANIFEST")]
    pub inputs: Vec<PathBuf>,
    #[command(flatten)]
    pub asking: Asking,
    /// Write the rows to a file [default: standard output]
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Write the rows as Parquet tables too: apps, sdk_hits, permissions, references, findings
    #[cfg(feature = "parquet")]
    #[arg(long, value_name = "DIR", requires = "output")]
    pub parquet: Option<PathBuf>,
    /// Go on with the file of an earlier run: rows that still hold are kept
    #[arg(long, requires = "output")]
    pub resume: bool,
    /// Put the rows into the order of their paths at the end, so that every run gives the same bytes
    #[arg(long)]
    pub sorted: bool,
    /// Read one part of several: 2/5 is the second of five, and each app is in exactly one
    #[arg(long, value_name = "I/N", value_parser = shard)]
    pub shard: Option<Shard>,
    /// Format of the rows: JSON Lines
    #[arg(short, long, value_enum, default_value_t = RowFormat::Json)]
    pub format: RowFormat,
    #[command(flatten)]
    pub judgement: Judgement,
    #[command(flatten)]
    pub threads: Threads,
}

/// What is asked of every app, whoever names it.
#[derive(Debug, Args)]
pub struct Asking {
    /// One policy for all apps; given several times: the documents of one declaration [default: 'declared' of sdkaudit.toml]
    #[arg(short, long, value_name = "FILE", conflicts_with = "declared_dir")]
    pub declared: Vec<PathBuf>,
    /// Policies named after their apps: APPLICATION-ID.md, else the name of the app's file
    #[arg(long, value_name = "DIR")]
    pub declared_dir: Option<PathBuf>,
    /// Accepted findings, each with a reason [default: those of sdkaudit.toml]
    #[arg(long, value_name = "FILE")]
    pub waivers: Option<PathBuf>,
    /// Write into each row how long the app took and when its file was changed; then --resume need not read finished files again
    #[arg(long)]
    pub times: bool,
    /// Fetch apps at addresses whole and compute their SHA-256, although the manifest states it
    #[cfg(feature = "remote")]
    #[arg(long)]
    pub verify: bool,
    #[command(flatten)]
    pub limits: LimitArgs,
}

impl Asking {
    #[cfg(feature = "remote")]
    pub fn verifies(&self) -> bool {
        self.verify
    }

    /// No address is read at all.
    #[cfg(not(feature = "remote"))]
    pub fn verifies(&self) -> bool {
        false
    }
}

/// What can be typed after `worker`.
#[derive(Debug, Args)]
#[command(after_help = WORKER_HELP)]
pub struct Worker {
    /// What to do with standard input instead
    #[arg(value_enum, hide = true)]
    pub task: Option<Task>,
    #[command(flatten)]
    pub asking: Asking,
    #[command(flatten)]
    pub weights: Weights,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Task {
    PdfText,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum RowFormat {
    Json,
}

fn shard(text: &str) -> Result<Shard, String> {
    Shard::parse(text).ok_or_else(|| "it is I/N with I from 1 to N, such as 2/5".to_owned())
}
