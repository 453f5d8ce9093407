//! Flags of `generate`.

use super::shared::from_one;
use super::{FileArgs, KeyringArg, LinkArgs, ListArgs, TimeArgs, TokenArgs};
use clap::Args;
use std::num::NonZeroUsize;
use std::path::PathBuf;

#[derive(Debug, Args)]
#[command(
    after_help = "Example: linkmint generate customers.csv --base-url https://mystore.com/promotions \
    --expires-in 24h -o links.csv\n\n\
    Exit status: 0 all rows have links, also where a pipe was closed before its end (| head); 1 a row was rejected"
)]
pub(crate) struct GenerateArgs {
    /// The customer list, a CSV file or an Excel workbook; `-` or nothing is standard input
    pub(crate) input: Option<PathBuf>,

    #[command(flatten)]
    pub(crate) link: LinkArgs,

    /// The column with base URLs of rows' own, whose filled cells rule over the flags [default: base_url, where it
    /// exists and no flag gives an address]
    #[arg(long, value_name = "COLUMN", conflicts_with = "no_link", help_heading = "Link")]
    pub(crate) base_url_column: Option<String>,

    #[command(flatten)]
    pub(crate) claims: ClaimArgs,

    #[command(flatten)]
    pub(crate) time: TimeArgs,

    /// The column with durations of rows' own, which rule over the flags; `none` for none [default: duration, where
    /// it exists]
    #[arg(long, value_name = "COLUMN", help_heading = "Time")]
    pub(crate) duration_column: Option<String>,

    /// Read bare numbers in that column as so many of s, m, h, d or w
    #[arg(long, value_name = "UNIT", value_parser = ["s", "m", "h", "d", "w"], help_heading = "Time")]
    pub(crate) duration_unit: Option<String>,

    /// A column with expiries of rows' own, as instants, dates or local times
    #[arg(long, value_name = "COLUMN", help_heading = "Time")]
    pub(crate) expiry_column: Option<String>,

    #[command(flatten)]
    pub(crate) token: TokenArgs,

    #[command(flatten)]
    pub(crate) columns: ColumnArgs,

    #[command(flatten)]
    pub(crate) qr: super::GenerateQrArgs,

    #[command(flatten)]
    pub(crate) list: ListArgs,

    #[command(flatten)]
    pub(crate) file: FileArgs,

    /// Reject what is only warned of otherwise: repeated claims, spoiled ids, readable mail addresses and telephone
    /// numbers, links over 2,000 characters, plain http, other hosts in rows' own addresses
    #[arg(long, help_heading = "Checks")]
    pub(crate) strict: bool,

    /// Give rows with equal claims the token of the first of them; the link is each row's own
    #[arg(long, conflicts_with = "no_claims", help_heading = "Claims")]
    pub(crate) dedupe: bool,

    /// Show the first N rows and one link in full, write nothing
    #[arg(long, value_name = "N", num_args = 0..=1, require_equals = true, default_missing_value = "5",
        value_parser = from_one::<NonZeroUsize>, help_heading = "Checks")]
    pub(crate) preview: Option<NonZeroUsize>,

    /// Write the summary as one JSON object to this file, also after a failure, but not after a signal
    #[arg(long, value_name = "FILE", help_heading = "Output")]
    pub(crate) summary_file: Option<PathBuf>,

    /// Record this run in the ledger when its links are complete: when, which campaigns, how many, until when, and how
    /// to repeat it; no row and no token [default: the LINKMINT_LEDGER variable, else nothing is recorded]
    #[arg(long, value_name = "FILE", help_heading = "Output")]
    pub(crate) ledger: Option<PathBuf>,

    #[command(flatten)]
    pub(crate) keyring: KeyringArg,
}

/// Which claims a list's tokens carry.
#[derive(Debug, Args)]
#[command(next_help_heading = "Claims")]
pub(crate) struct ClaimArgs {
    /// The columns that become claims, as NAME or NAME=COLUMN [default: customer_id, and campaign_id and product_id
    /// where they exist]
    #[arg(long, value_name = "A,B,NAME=COLUMN", value_delimiter = ',')]
    pub(crate) claims: Vec<String>,

    /// Bare unique tokens without claims
    #[arg(long, conflicts_with_all = ["claims", "set", "optional"])]
    pub(crate) no_claims: bool,

    /// One more claim, the same for all rows (repeatable)
    #[arg(long, value_name = "NAME=VALUE")]
    pub(crate) set: Vec<String>,

    /// Leave this claim out where its cell is empty, instead of rejecting the row
    #[arg(long, value_name = "A,B", value_delimiter = ',')]
    pub(crate) optional: Vec<String>,
}

/// Names of the new columns.
#[derive(Debug, Args)]
#[command(next_help_heading = "Columns")]
pub(crate) struct ColumnArgs {
    /// The column for the token
    #[arg(long, value_name = "NAME", default_value = "token")]
    pub(crate) token_column: String,

    /// The column for the link
    #[arg(long, value_name = "NAME", default_value = "url_link")]
    pub(crate) url_column: String,

    /// The column for the expiry; its cells are empty where a token never expires
    #[arg(long, value_name = "NAME", default_value = "expires_at")]
    pub(crate) expires_column: String,

    /// How that column is written, for the mail: %d.%m.%Y %H:%M, in --timezone; without a time of day it is the last day
    /// on which the link is valid [default: RFC 3339 in UTC]
    #[arg(long, value_name = "FORMAT")]
    pub(crate) expires_format: Option<String>,

    /// Leave rows that have a token or link as they are, and mint for the others; what is kept must be authentic, in its
    /// time, not revoked (with --ledger) and for the claims of its row
    #[arg(long, conflicts_with_all = ["replace", "dedupe"])]
    pub(crate) keep: bool,

    /// Overwrite filled cells where the list has such a column already
    #[arg(long)]
    pub(crate) replace: bool,
}
