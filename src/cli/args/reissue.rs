//! Flags of `reissue`.

use super::shared::TEXTS;
use super::{FileArgs, KeyringArg, LinkArgs, ListArgs, MatchArgs, TextArgs, TimeArgs};
use clap::Args;
use std::path::PathBuf;

#[derive(Debug, Args)]
#[command(
    after_help = "Example: linkmint reissue --expires-in 7d --base-url https://mystore.com/p --ledger checks.db \
    -- \"$PASTED\"\n\
    \x20         linkmint reissue --file links.csv --expires-in 7d --base-url https://mystore.com/p --ledger checks.db -o renewed.csv\n\n\
    Exit status: 0 a new token was made, 1 the old one is not authentic or is revoked\n\
    With --file: 0 all that had expired are renewed, also where none had; 1 a row was rejected"
)]
pub(crate) struct ReissueArgs {
    #[command(flatten)]
    pub(crate) texts: TextArgs,

    /// Renew the expired links of this list, or of `-`; the other rows stay as they are
    ///
    /// The list is one that `generate` or `verify --file` has written, CSV or a workbook. Each row is checked as `verify`
    /// does, and its token, link and expiry are overwritten where the token has expired. A row whose token is not
    /// authentic, is revoked or stands in another's row is rejected.
    #[arg(long, value_name = "FILE", conflicts_with_all = TEXTS)]
    pub(crate) file: Option<PathBuf>,

    /// Make it only if a claim has this value (repeatable)
    #[arg(long, value_name = "NAME=VALUE")]
    pub(crate) expect: Vec<String>,

    /// Take over the pasted address, or that of a row's own link, if it leads to this host (repeatable); else the link comes from the flags below, or
    /// there is none
    #[arg(long, value_name = "HOST", conflicts_with_all = ["base_url", "url", "no_link"])]
    pub(crate) allow_host: Vec<String>,

    #[command(flatten)]
    pub(crate) link: LinkArgs,

    #[command(flatten)]
    pub(crate) time: TimeArgs,

    /// Refuse tokens that this ledger says are revoked, and note in it which token replaces which [default: the
    /// LINKMINT_LEDGER variable]
    #[arg(long, value_name = "FILE", help_heading = "Ledger")]
    pub(crate) ledger: Option<PathBuf>,

    /// Ask no ledger: a token that was revoked gets a successor too
    #[arg(long, conflicts_with_all = ["ledger", "revoke_old"], help_heading = "Ledger")]
    pub(crate) ignore_revocations: bool,

    /// Revoke the old token
    #[arg(long, help_heading = "Ledger")]
    pub(crate) revoke_old: bool,

    /// Print token, link and expiry, and what is known of the old token, as one JSON object; with --file the summary
    #[arg(long, help_heading = "Ledger")]
    pub(crate) json: bool,

    #[command(flatten)]
    pub(crate) rows: ReissueRowArgs,

    #[command(flatten)]
    pub(crate) list: ListArgs,

    #[command(flatten)]
    pub(crate) files: FileArgs,

    #[command(flatten)]
    pub(crate) keyring: KeyringArg,
}

/// What is done with the rows of `reissue --file`.
#[derive(Debug, Args)]
#[command(next_help_heading = "Rows of --file")]
pub(crate) struct ReissueRowArgs {
    /// The column with the tokens or links [default: token and url_link, or the one there is]
    // clap asks for no --file where it can't stand beside what is given
    #[arg(long, value_name = "NAME", requires = "file", conflicts_with_all = TEXTS)]
    pub(crate) column: Option<String>,

    /// Write only the rows that get a new link
    #[arg(long, requires = "file", conflicts_with_all = TEXTS)]
    pub(crate) only_new: bool,

    #[command(flatten)]
    pub(crate) matches: MatchArgs,

    /// How the column expires_at is written: %d.%m.%Y %H:%M, in --timezone [default: RFC 3339 in UTC]
    #[arg(long, value_name = "FORMAT", requires = "file", conflicts_with_all = TEXTS)]
    pub(crate) expires_format: Option<String>,

    /// The id of the first row's token, twelve hex digits, to repeat a run [default: random]
    #[arg(long, value_name = "HEX12", requires = "file", conflicts_with_all = TEXTS)]
    pub(crate) first_id: Option<String>,

    /// Write the summary as one JSON object to this file, also after a failure
    #[arg(long, value_name = "FILE", requires = "file", conflicts_with = "json", conflicts_with_all = TEXTS)]
    pub(crate) summary_file: Option<PathBuf>,
}
