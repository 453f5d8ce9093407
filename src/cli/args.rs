//! What can be typed. Nothing here decides what is meant by it.

mod generate;
mod key;
mod ledger;
mod qr;
mod reissue;
#[cfg(feature = "serve")]
mod serve;
mod shared;
mod stats;
mod verify;

pub(crate) use generate::{ClaimArgs, GenerateArgs};
pub(crate) use key::{KeyCommand, RingArgs};
pub(crate) use ledger::{LedgerArg, LedgerCommand, RevokeArgs, RevokedArgs, TargetArgs, VerifyLedgerArgs};
pub(crate) use qr::{GenerateQrArgs, SignQrArgs};
pub(crate) use reissue::ReissueArgs;
#[cfg(feature = "serve")]
pub(crate) use serve::{ApiKeyCommand, ApiKeyFile, ProxyArgs, RedirectArgs, ServeArgs, TrackerArgs};
pub(crate) use shared::{
    FileArgs, KeyringArg, LinkArgs, ListArgs, MatchArgs, ProgressArg, ProgressForm, TextArgs, TimeArgs, TokenArgs,
};
pub(crate) use stats::StatsArgs;
pub(crate) use verify::VerifyArgs;

use super::list::SheetWanted;
use clap::builder::TypedValueParser;
use clap::{Args, Parser, Subcommand};
use clap_complete::Shell;
use std::path::PathBuf;

/// Mint a signed campaign link for every row of a customer list, and check it offline when it comes back
#[derive(Debug, Parser)]
#[command(name = "linkmint", version, max_term_width = 100, propagate_version = false)]
#[command(
    after_help = "Exit status: 0 all done, every token valid; 1 a row was rejected or a token is not valid; \
    2 wrong flags, columns or files; 3 nothing was decided (I/O, keyring, no rows). A pipe that is closed \
    (| head) ends quietly: `generate` with 0, `verify` with what it knows by then\n\n\
    `linkmint help exit-status`, `environment` and `files` tell more"
)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Give every row of a customer list a signed link of its own
    Generate(Box<GenerateArgs>),
    /// Mint one token or link
    Sign(Box<SignArgs>),
    /// Check tokens or links
    Verify(Box<VerifyArgs>),
    /// Make a new token for whoever has one that ran out
    ///
    /// The text is whatever was pasted with a token of yours in it, expired or damaged. The new token has the same claims
    /// and form and is signed by the active key; a start (not_before) is left out. With a ledger, tokens that were revoked
    /// are refused, and `verify` of the old one tells which one replaces it.
    Reissue(Box<ReissueArgs>),
    /// Revoke tokens, so that `verify --ledger` refuses them
    Revoke(Box<RevokeArgs>),
    /// Undo a revocation
    #[command(after_help = "Example: linkmint unrevoke --ledger ledger.db --claim campaign_id=spring26")]
    Unrevoke(Box<TargetArgs>),
    /// List what is revoked
    #[command(after_help = "Example: linkmint revoked --ledger ledger.db --json")]
    Revoked(RevokedArgs),
    /// Copy a ledger
    #[command(subcommand)]
    Ledger(LedgerCommand),
    /// Show what a token says, without checking it
    Inspect(InspectArgs),
    /// Manage the keyring
    #[command(subcommand)]
    Key(KeyCommand),
    /// Tell how often links were checked, by campaign, day, hour or status
    ///
    /// A check is not a click by a person: mail scanners and the previews of messengers open links too, often within
    /// seconds of the mail's arrival, and a customer may open a link ten times. So the number of tokens says more than
    /// the number of checks. Authentic tokens are counted, whatever their status. The return rate of a run, and of a
    /// campaign, is the part of the tokens that `generate --ledger` recorded that were checked at least once.
    Stats(Box<StatsArgs>),
    /// Check, make and count links over HTTP
    ///
    /// Without API keys it listens on this machine only, and prints an address with a key in it that opens the pages: for
    /// one's own machine. With `linkmint api-key new`, programs and people are let in by keys of their own.
    #[cfg(feature = "serve")]
    Serve(Box<ServeArgs>),
    /// Manage the API keys that `serve` lets in
    #[cfg(feature = "serve")]
    #[command(subcommand)]
    ApiKey(ApiKeyCommand),
    /// Print shell completions
    #[command(after_help = "Example: linkmint completions bash > ~/.local/share/bash-completion/completions/linkmint")]
    Completions {
        /// The shell
        // completions are kept for these
        #[arg(value_parser = shared::one_of([
            ("bash", "Bash"),
            ("zsh", "Zsh"),
            ("fish", "Fish"),
            ("powershell", "PowerShell"),
        ]).try_map(|name| name.parse::<Shell>()))]
        shell: Shell,
    },
    /// Print a manual page, or write all of them into a folder
    #[command(after_help = "Example: linkmint man generate | man -l -")]
    Man {
        /// The command to print the page of, such as `generate`; nothing for linkmint itself
        #[arg(value_name = "COMMAND", num_args = 0..)]
        command: Vec<String>,
        /// Write the pages of all commands into this folder
        #[arg(long, value_name = "FOLDER", conflicts_with = "command")]
        out_dir: Option<PathBuf>,
    },
    /// What the program asks of itself: no part of what can be typed
    #[command(skip)]
    ReadWorkbook(SheetWanted),
}

#[derive(Debug, Args)]
#[command(after_help = "Example: linkmint sign customer_id=1234567 --base-url https://mystore.com/p --expires-in 7d")]
pub(crate) struct SignArgs {
    /// The token's claims
    #[arg(value_name = "NAME=VALUE", required_unless_present = "no_claims")]
    pub(crate) claims: Vec<String>,

    /// A bare unique token without claims
    #[arg(long, conflicts_with = "claims")]
    pub(crate) no_claims: bool,

    #[command(flatten)]
    pub(crate) link: LinkArgs,

    #[command(flatten)]
    pub(crate) time: TimeArgs,

    #[command(flatten)]
    pub(crate) token: TokenArgs,

    #[command(flatten)]
    pub(crate) qr: SignQrArgs,

    /// Print token, link and expiry as one JSON object
    #[arg(long)]
    pub(crate) json: bool,

    /// Say nothing on standard error but errors and where a new key was put
    #[arg(long, short)]
    pub(crate) quiet: bool,

    #[command(flatten)]
    pub(crate) keyring: KeyringArg,
}

#[derive(Debug, Args)]
#[command(after_help = "Example: linkmint inspect -- \"$TOKEN\"")]
pub(crate) struct InspectArgs {
    #[command(flatten)]
    pub(crate) texts: TextArgs,

    /// One JSON object a token
    #[arg(long)]
    pub(crate) json: bool,
}
