//! Flags about the ledger.

use super::{KeyringArg, ListArgs, TextArgs};
use clap::{Args, Subcommand};
use std::path::PathBuf;

/// Where checks are counted and tokens are revoked.
#[derive(Clone, Debug, Args)]
pub(crate) struct LedgerArg {
    /// The ledger, a file or postgres://USER@HOST/DATABASE [default: the LINKMINT_LEDGER variable]
    #[arg(long, value_name = "FILE", help_heading = "Ledger")]
    pub(crate) ledger: Option<PathBuf>,
}

/// What can be done with a ledger as a file.
#[derive(Debug, Subcommand)]
pub(crate) enum LedgerCommand {
    /// Copy the ledger to a new file, also while others use it
    ///
    /// A copy made by other means lacks what stands in the files beside the ledger that end in -wal and -shm. An earlier
    /// backup is a ledger, and is never replaced.
    #[command(after_help = "Example: linkmint ledger backup --ledger ledger.db ledger-2026-11-21.db")]
    Backup {
        /// The new file
        file: PathBuf,
        #[command(flatten)]
        ledger: LedgerArg,
        /// Say nothing but errors
        #[arg(long, short)]
        quiet: bool,
    },
}

/// What `verify` does with it.
#[derive(Debug, Args)]
#[command(next_help_heading = "Ledger")]
pub(crate) struct VerifyLedgerArgs {
    /// Count each check of an authentic token in this file, and refuse tokens that it says are revoked [default: the
    /// LINKMINT_LEDGER variable, else nothing is counted]
    ///
    /// The file is made where there is none. It keeps a hash of each token, its times, and the claims of those that are
    /// not sealed. A check is counted before its answer is given. A program that opens links, such as a mail scanner,
    /// is counted as a customer is.
    ///
    /// `postgres://USER@HOST/DATABASE` is a ledger on a PostgreSQL server, for more than one machine. `?sslmode=verify-full`
    /// has it prove who it is. Its password comes from PGPASSWORD, ~/.pgpass or an address in LINKMINT_LEDGER, never from
    /// an argument.
    #[arg(long, value_name = "FILE")]
    pub(crate) ledger: Option<PathBuf>,

    /// Tell how often a token was checked and whether it is revoked, and count nothing
    #[arg(long)]
    pub(crate) ledger_read_only: bool,

    /// Have each count reach the disk before its answer is given, so that a power cut loses none
    ///
    /// A server does so by itself, unless its `synchronous_commit` says otherwise; this flag says that it is on.
    #[arg(long, conflicts_with = "ledger_read_only")]
    pub(crate) ledger_sync: bool,

    /// Keep the claims of sealed tokens in the ledger as well, readable by whoever reads the file
    #[arg(long, conflicts_with = "ledger_read_only")]
    pub(crate) ledger_claims: bool,
}

/// Which tokens are meant.
#[derive(Debug, Args)]
#[group(id = "targets", required = true, multiple = false, args = ["texts", "texts_after", "claim", "file"])]
pub(crate) struct TargetArgs {
    #[command(flatten)]
    pub(crate) texts: TextArgs,

    /// All tokens with this claim, also those that nobody has seen yet (repeatable)
    #[arg(long, value_name = "NAME=VALUE")]
    pub(crate) claim: Vec<String>,

    /// The tokens of all rows of this list, or of `-`
    ///
    /// Rows whose token is not authentic are told and left out; the others are done together, or none where the list
    /// can't be read to its end.
    #[arg(long, value_name = "FILE")]
    pub(crate) file: Option<PathBuf>,

    /// The column with the tokens or links [default: token and url_link, or the one there is]
    #[arg(long, value_name = "NAME", requires = "file")]
    pub(crate) column: Option<String>,

    #[command(flatten)]
    pub(crate) list: ListArgs,

    #[command(flatten)]
    pub(crate) ledger: LedgerArg,

    #[command(flatten)]
    pub(crate) keyring: KeyringArg,

    #[command(flatten)]
    pub(crate) progress: super::ProgressArg,

    /// Say nothing but errors
    #[arg(long, short)]
    pub(crate) quiet: bool,
}

#[derive(Debug, Args)]
#[command(
    after_help = "Examples: linkmint revoke --ledger ledger.db --claim campaign_id=spring26 --reason \"wrong prices\"\n\
    \x20         linkmint revoke --ledger ledger.db -- \"$TOKEN\"\n\n\
    Exit status: 0 all are revoked, also where they were before; 1 a text or row has no authentic token, the others \
    are revoked; 3 nothing was done"
)]
pub(crate) struct RevokeArgs {
    #[command(flatten)]
    pub(crate) targets: TargetArgs,

    /// Why, for whoever checks them: at most 512 bytes
    #[arg(long, value_name = "TEXT")]
    pub(crate) reason: Option<String>,

    /// Revoke them as if it were this instant, in RFC 3339
    #[arg(long, value_name = "INSTANT")]
    pub(crate) now: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct RevokedArgs {
    #[command(flatten)]
    pub(crate) ledger: LedgerArg,

    /// One JSON object a line
    #[arg(long)]
    pub(crate) json: bool,

    /// Say nothing but errors
    #[arg(long, short)]
    pub(crate) quiet: bool,
}
