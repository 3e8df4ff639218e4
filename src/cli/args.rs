//! What can be typed. What it means is decided in `run`.

#[macro_use]
mod commands;
mod review;

pub use review::{Compare, CompareFormat, Completions, Declare, DeclareFormat, FormArg, Man, Waiving};

use super::limit_args::LimitArgs;
use crate::report::Format as ReportFormat;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, Parser, Subcommand, ValueEnum};
use std::path::PathBuf;

/// Does this mobile app carry only what it declares?
///
/// Compares the SDKs and permissions in an Android app with the third-party SDK list of its privacy policy.
#[derive(Debug, Parser)]
#[command(name = "sdkaudit", version = long_version(), propagate_version = true, max_term_width = 100)]
pub struct Cli {
    #[command(subcommand)]
    pub command: Command,
    #[command(flatten)]
    pub global: Global,
}

fn long_version() -> &'static str {
    use std::sync::OnceLock;
    static VERSION: OnceLock<String> = OnceLock::new();
    VERSION.get_or_init(|| {
        let set = crate::signatures::SignatureSet::builtin();
        format!("{} ({} signatures, {})", env!("CARGO_PKG_VERSION"), set.len(), &set.digest()[..8])
    })
}

/// Options of every command.
#[derive(Debug, Args)]
pub struct Global {
    /// Language of messages [default: the locale's]
    #[arg(long, global = true, value_enum)]
    pub lang: Option<LangArg>,
    /// When to write colours
    #[arg(long, global = true, value_enum, default_value_t = ColorArg::Auto)]
    pub color: ColorArg,
    /// Folder of signature files that add to the built-in set, or override it by id
    #[arg(long, global = true, value_name = "DIR")]
    pub signatures: Option<PathBuf>,
    /// Settings [default: sdkaudit.toml in the working directory or above]
    #[arg(long, global = true, value_name = "FILE", conflicts_with = "no_config")]
    pub config: Option<PathBuf>,
    /// Look for no sdkaudit.toml
    #[arg(long, global = true)]
    pub no_config: bool,
    /// Print the summary line only
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    pub quiet: bool,
    /// Print all evidence, fold nothing, name the causes of errors
    #[arg(short, long, global = true)]
    pub verbose: bool,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum LangArg {
    En,
    Zh,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ColorArg {
    Auto,
    Always,
    Never,
}

commands! {
    /// Compare what an app carries with what is declared for it
    Audit(Audit) = "audit", [];
    /// Check a declared list by itself, no app needed
    Lint(Lint) = "lint", [];
    /// Show facts and SDKs of an app, without judgement
    Inspect(Inspect) = "inspect", [];
    /// Show what a new build brings: SDKs, permissions, components, references, signing certificates
    Compare(Compare) = "compare", [];
    /// Write the list of SDKs that a policy should hold, from what an app carries
    Declare(Declare) = "declare", [];
    /// Print the declared list of a policy as canonical JSON, with line and column of every field
    Extract(Extract) = "extract", [];
    /// Inventories and audits of many apps as JSON Lines: resumable, one row for every input
    Batch(super::batch_args::Batch) = "batch", [];
    /// Answer one request a line on standard input with one row of `batch` each, until the input ends
    Worker(super::batch_args::Worker) = "worker", [];
    /// Say why a rule exists, how an SDK is recognised, what a permission guards, what reads a data type
    Explain(Explain) = "explain", [];
    /// The signature base: list, show, check, write, convert and measure signatures
    Signatures(Signatures) = "signatures", [];
    /// Print the completions of a shell
    Completions(Completions) = "completions", [hide(true), alias("completion")];
    /// Write manual pages
    Man(Man) = "man", [hide(true)];
}

#[derive(Debug, Args)]
pub struct Signatures {
    #[command(subcommand)]
    pub command: SignaturesCommand,
}

#[derive(Debug, Args)]
pub struct Audit {
    /// Apps (APK, XAPK, APKS, APKM, AAB), the parts of a split app, or directories that hold some; `-` reads standard input
    #[arg(required = true, value_name = "APP")]
    pub apps: Vec<PathBuf>,
    /// The policy: text, Markdown, HTML, DOCX, PDF, CSV or JSON; `-` reads standard input. Repeat it where the SDK list stands
    /// in a file of its own [default: that of sdkaudit.toml]
    #[arg(short, long, value_name = "FILE")]
    pub declared: Vec<PathBuf>,
    /// Format of the report on standard output [default: text]
    #[arg(short, long, value_parser = formats(ReportFormat::AUDIT))]
    pub format: Option<ReportFormat>,
    /// Write the report to a file as well, in a format of its own (repeatable); without FILE, or with `-`, to standard output
    #[arg(short, long, value_name = "FORMAT=FILE")]
    pub output: Vec<String>,
    #[command(flatten)]
    pub judgement: Judgement,
    #[command(flatten)]
    pub waiving: Waiving,
    #[command(flatten)]
    pub threads: Threads,
    #[command(flatten)]
    pub limits: LimitArgs,
}

/// What counts, and how much.
#[derive(Debug, Default, Args)]
pub struct Judgement {
    /// Lowest severity that makes the exit code 1 [default: error]
    #[arg(long, value_enum, value_name = "SEVERITY")]
    pub fail_on: Option<SeverityArg>,
    /// Exit with 0 whatever is found (an input that cannot be read still exits with 2)
    #[arg(long)]
    pub exit_zero: bool,
    #[command(flatten)]
    pub weights: Weights,
}

/// What rules weigh, and what lists are held to.
#[derive(Debug, Default, Args)]
pub struct Weights {
    /// Make a rule an error
    #[arg(long, value_name = "RULE")]
    pub error: Vec<String>,
    /// Make a rule a warning
    #[arg(long, value_name = "RULE")]
    pub warn: Vec<String>,
    /// Switch a rule off
    #[arg(long, value_name = "RULE")]
    pub off: Vec<String>,
    /// What a list is held to [default: default]
    #[arg(long, value_enum, value_name = "PROFILE")]
    pub profile: Option<ProfileArg>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ProfileArg {
    /// Name, vendor, package, permissions, purpose, data, link
    Default,
    /// Name, vendor, data, purpose, link
    ChinaMiit,
    /// Name, data, purpose, link; restricted permissions and children weigh more
    GooglePlay,
    /// Only whether app and list agree
    Minimal,
}

#[derive(Debug, Args)]
pub struct Lint {
    /// Policies or SDK lists; `-` reads standard input
    #[arg(required = true, value_name = "POLICY")]
    pub policies: Vec<PathBuf>,
    /// Format of the report on standard output [default: text]
    #[arg(short, long, value_parser = formats(ReportFormat::LINT))]
    pub format: Option<ReportFormat>,
    /// Write the report to a file as well, in a format of its own (repeatable); without FILE, or with `-`, to standard output
    #[arg(short, long, value_name = "FORMAT=FILE")]
    pub output: Vec<String>,
    /// Print a unified diff of what has one right answer (spelling, case) instead of the findings
    #[arg(long, conflicts_with_all = ["format", "output"])]
    pub fix: bool,
    /// Take the files for one declaration: a policy and the SDK list that stands apart from it
    #[arg(long)]
    pub together: bool,
    #[command(flatten)]
    pub judgement: Judgement,
    #[command(flatten)]
    pub waiving: Waiving,
}

#[derive(Debug, Args)]
pub struct Inspect {
    /// Apps (APK, XAPK, APKS, APKM, AAB), the parts of a split app, libraries (AAR, JAR), or directories that hold apps; `-` reads
    /// standard input
    #[arg(required = true, value_name = "APP")]
    pub apps: Vec<PathBuf>,
    /// Format of the report on standard output [default: text]
    #[arg(short, long, value_parser = formats(ReportFormat::INSPECT))]
    pub format: Option<ReportFormat>,
    /// Write the report to a file as well, in a format of its own (repeatable); without FILE, or with `-`, to standard output
    #[arg(short, long, value_name = "FORMAT=FILE")]
    pub output: Vec<String>,
    /// List all code and native libraries that no signature knows
    #[arg(long)]
    pub unmatched: bool,
    /// Show which code references which personal data
    #[arg(long)]
    pub references: bool,
    #[command(flatten)]
    pub threads: Threads,
    #[command(flatten)]
    pub limits: LimitArgs,
}

#[derive(Debug, Args)]
pub struct Threads {
    /// Threads [default: one per core]
    #[arg(short, long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256))]
    pub jobs: Option<u16>,
}

#[derive(Debug, Args)]
pub struct Extract {
    /// Policies; `-` reads standard input
    #[arg(required = true, value_name = "POLICY")]
    pub policies: Vec<PathBuf>,
    /// Format of the list
    #[arg(short, long, value_enum, default_value_t = ExtractFormat::Json)]
    pub format: ExtractFormat,
}

#[derive(Debug, Args)]
pub struct Explain {
    /// Rule id, SDK id or name, permission, or data type
    #[arg(required = true, value_name = "RULE|SDK|PERMISSION|DATA-TYPE")]
    pub what: String,
    /// Format of the explanation
    #[arg(short, long, value_enum, default_value_t = Format::Text)]
    pub format: Format,
}

#[derive(Debug, Subcommand)]
pub enum SignaturesCommand {
    /// List signatures
    List(List),
    /// Print one signature
    Show(Show),
    /// Check a folder of signature files; all problems at once
    Check(Check),
    /// Begin a signature with what an app shows below a package
    New(New),
    /// Convert a user's copy of another tool's list into a folder of signatures
    Import(Import),
    /// Say what share of another list's entries this base knows
    Coverage(Coverage),
}

#[derive(Debug, Args)]
pub struct List {
    /// Only signatures with this in their id, names, vendor, aliases or packages
    pub text: Option<String>,
    /// Only this category (repeatable)
    #[arg(long, value_name = "CATEGORY")]
    pub category: Vec<String>,
    /// Only vendors with this in their name
    #[arg(long, value_name = "TEXT")]
    pub vendor: Option<String>,
    /// Only trackers
    #[arg(long)]
    pub tracker: bool,
    /// Format of the list
    #[arg(short, long, value_enum, default_value_t = Format::Text)]
    pub format: Format,
}

#[derive(Debug, Args)]
pub struct Show {
    /// SDK id, name or package
    #[arg(value_name = "ID")]
    pub id: String,
    /// Format of the page
    #[arg(short, long, value_enum, default_value_t = Format::Text)]
    pub format: Format,
}

#[derive(Debug, Args)]
pub struct Check {
    /// Folder with VENDOR/SDK.json files. With a schema.json in it, it is a whole base; else it adds to the built-in one
    #[arg(value_name = "DIR")]
    pub folder: PathBuf,
    /// List the signatures by kind of source
    #[arg(long)]
    pub sources: bool,
    /// Format of the result
    #[arg(short, long, value_enum, default_value_t = Format::Text)]
    pub format: Format,
}

#[derive(Debug, Args)]
pub struct New {
    /// Id of the new signature: VENDOR.SDK
    #[arg(value_name = "ID")]
    pub id: String,
    /// App that carries the SDK, or its own archive (AAR, JAR)
    #[arg(long, value_name = "APP")]
    pub from: PathBuf,
    /// Package of the SDK
    #[arg(long, value_name = "PREFIX")]
    pub package: String,
    /// Write DIR/VENDOR/SDK.json [default: print it]
    #[arg(long, value_name = "DIR")]
    pub into: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub struct Import {
    /// Whose list it is
    #[arg(value_enum)]
    pub origin: OriginArg,
    /// The list: Exodus' trackers as JSON; LibChecker's rules as a table or as their folder
    #[arg(value_name = "FILE")]
    pub list: PathBuf,
    /// Folder to write to
    #[arg(value_name = "DIR")]
    pub folder: PathBuf,
    /// Leave out what the built-in set knows already
    #[arg(long)]
    pub only_new: bool,
    /// Format of the result
    #[arg(short, long, value_enum, default_value_t = Format::Text)]
    pub format: Format,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum OriginArg {
    Exodus,
    #[value(name = "libchecker")]
    LibChecker,
}

#[derive(Debug, Args)]
pub struct Coverage {
    /// Exodus' trackers, LibChecker's rules, an extracted list, a disclosure table, or one name or package a line; `-` reads
    /// standard input
    #[arg(long, value_name = "FILE")]
    pub against: PathBuf,
    /// Format of the result
    #[arg(short, long, value_enum, default_value_t = Format::Text)]
    pub format: Format,
}

/// The formats that a command has.
fn formats(of: &'static [ReportFormat]) -> impl TypedValueParser<Value = ReportFormat> {
    let find = |id: String| of.iter().copied().find(|format| format.id() == id).ok_or(id);
    PossibleValuesParser::new(of.iter().map(|format| format.id())).try_map(find)
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    Text,
    Json,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ExtractFormat {
    Json,
    Csv,
    Table,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum SeverityArg {
    Error,
    Warning,
    Note,
}
