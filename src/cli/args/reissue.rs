//! Flags of `reissue`.

use super::{KeyringArg, LinkArgs, TextArgs, TimeArgs};
use clap::Args;
use std::path::PathBuf;

/// Flags of `reissue`.
#[derive(Debug, Args)]
#[command(
    after_help = "Example: linkmint reissue --expires-in 7d --base-url https://mystore.com/p --ledger checks.db \
    -- \"$PASTED\"\n\n\
    Exit status: 0 a new token was made, 1 the old one is not authentic or is revoked"
)]
pub(crate) struct ReissueArgs {
    #[command(flatten)]
    pub(crate) texts: TextArgs,

    /// Make it only if a claim has this value (repeatable)
    #[arg(long, value_name = "NAME=VALUE")]
    pub(crate) expect: Vec<String>,

    /// Take over the pasted address if it leads to this host (repeatable); else the link comes from the flags below, or
    /// there is none
    #[arg(long, value_name = "HOST", conflicts_with_all = ["base_url", "url", "no_link"])]
    pub(crate) allow_host: Vec<String>,

    #[command(flatten)]
    pub(crate) link: LinkArgs,

    #[command(flatten)]
    pub(crate) time: TimeArgs,

    #[command(flatten)]
    pub(crate) ledger: ReissueLedgerArgs,

    /// Print token, link and expiry, and what is known of the old token, as one JSON object
    #[arg(long)]
    pub(crate) json: bool,

    /// Say nothing on standard error but errors
    #[arg(long, short)]
    pub(crate) quiet: bool,

    #[command(flatten)]
    pub(crate) keyring: KeyringArg,
}

/// What is asked of the ledger, and told to it.
#[derive(Debug, Args)]
#[command(next_help_heading = "Ledger")]
pub(crate) struct ReissueLedgerArgs {
    /// Refuse tokens that this ledger says are revoked, and note in it which token replaces which [default: the
    /// LINKMINT_LEDGER variable]
    #[arg(long, value_name = "FILE")]
    pub(crate) ledger: Option<PathBuf>,

    /// Ask no ledger: a token that was revoked gets a successor too
    #[arg(long, conflicts_with_all = ["ledger", "revoke_old"])]
    pub(crate) ignore_revocations: bool,

    /// Revoke the old token
    #[arg(long)]
    pub(crate) revoke_old: bool,
}
