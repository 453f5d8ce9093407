//! Flags of `stats`.

use super::LedgerArg;
use clap::Args;
use std::path::PathBuf;

/// What is told of a ledger.
#[derive(Debug, Args)]
#[command(after_help = "Example: linkmint stats --ledger spring.db --html report.html")]
pub(crate) struct StatsArgs {
    #[command(flatten)]
    pub(crate) ledger: LedgerArg,

    /// Count by a claim, or by `day`, `hour` or `status`
    ///
    /// Tokens without the claim are a row of their own, (none), and so are sealed ones whose claims the ledger does not
    /// keep, (sealed). Claims come with the most checks first, days and hours in the order of time. A claim that is
    /// named `day`, `hour` or `status` is meant by `claim:day`.
    #[arg(long, value_name = "CLAIM|day|hour|status", default_value = "campaign_id")]
    pub(crate) by: String,

    /// Name so many of the tokens that were checked most
    #[arg(long, value_name = "N", default_value_t = 10)]
    pub(crate) top: usize,

    /// Only checks from this instant, or from the start of this day
    ///
    /// The ledger counts by quarters of an hour, so an instant must be one of them.
    #[arg(long, value_name = "INSTANT|DATE")]
    pub(crate) since: Option<String>,

    /// Only checks before this instant, or to the end of this day
    #[arg(long, value_name = "INSTANT|DATE")]
    pub(crate) until: Option<String>,

    /// The zone that days, hours and times are meant in: Europe/Berlin, +01:00 or local
    #[arg(long, value_name = "ZONE", default_value = "local")]
    pub(crate) timezone: String,

    /// Tell it as of this instant, in RFC 3339 [default: now]
    #[arg(long, value_name = "INSTANT")]
    pub(crate) now: Option<String>,

    /// All in one JSON object
    #[arg(long, help_heading = "Output", conflicts_with_all = ["csv", "html"])]
    pub(crate) json: bool,

    /// The counts as CSV, for a spreadsheet
    ///
    /// A value that a spreadsheet would take for a formula (it begins with = + - @ or a control character) gets a ' in
    /// front; --json has it as it is.
    #[arg(long, help_heading = "Output", conflicts_with = "html")]
    pub(crate) csv: bool,

    /// The character between two cells of --csv, or `tab` [default: a comma]
    #[arg(long, short, value_name = "CHAR", help_heading = "Output", requires = "csv")]
    pub(crate) delimiter: Option<String>,

    /// Write a report with charts to this file: one page that needs no network
    #[arg(long, value_name = "FILE", help_heading = "Output", conflicts_with = "output")]
    pub(crate) html: Option<PathBuf>,

    /// Write to this file, whole or not at all: with --csv a workbook if it is named .xlsx; `-` or nothing is standard output
    #[arg(long, short, value_name = "FILE", help_heading = "Output")]
    pub(crate) output: Option<PathBuf>,

    /// Replace a file that exists
    #[arg(long, short, help_heading = "Output")]
    pub(crate) force: bool,

    /// Drop what belongs to tokens that have expired: their checks and their revocations
    ///
    /// Tokens without expiry and the records of runs stay. Whoever wants the return rate of an old campaign makes the
    /// report first.
    #[arg(
        long,
        help_heading = "Upkeep",
        conflicts_with_all = ["by", "top", "since", "until", "json", "csv", "html", "output", "force"]
    )]
    pub(crate) prune: bool,

    /// Don't ask
    #[arg(long, short, help_heading = "Upkeep", requires = "prune")]
    pub(crate) yes: bool,

    #[command(flatten)]
    pub(crate) progress: super::ProgressArg,

    /// Say nothing on standard error but errors
    #[arg(long, short)]
    pub(crate) quiet: bool,
}
