//! What can be typed. Nothing here decides what is meant by it.

mod ledger;
mod scan;
mod shared;
mod stats;

pub(crate) use ledger::{LedgerArg, RevokeArgs, RevokedArgs, TargetArgs, UnrevokeArgs, VerifyLedgerArgs};
pub(crate) use scan::ScanArgs;
pub(crate) use shared::{FileArgs, KeyringArg, LinkArgs, ListArgs, TextForm, TimeArgs, TokenArgs, TokenFormat};
pub(crate) use stats::StatsArgs;

use clap::{Args, Parser, Subcommand};
use std::path::PathBuf;

/// Mint a signed campaign link for every row of a customer list, and check it offline when it comes back
#[derive(Debug, Parser)]
#[command(name = "linkmint", version, max_term_width = 100, propagate_version = false)]
#[command(
    after_help = "Exit status: 0 all done, every token valid; 1 a row was rejected or a token is not valid; \
    2 wrong flags, columns or files; 3 nothing was decided (I/O, keyring, no rows)"
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
    /// Call tokens off, so that `verify --ledger` refuses them
    Revoke(Box<RevokeArgs>),
    /// Take it back that tokens are called off
    Unrevoke(Box<UnrevokeArgs>),
    /// List what is called off
    Revoked(RevokedArgs),
    /// Show what a token says, without checking it
    Inspect(InspectArgs),
    /// Manage the keyring
    Key(KeyArgs),
    /// Tell how often links were checked, by campaign, day, hour or status
    ///
    /// A check is not a click by a person: mail scanners and the previews of messengers open links too, often within
    /// seconds of the mail's arrival, and a customer may open a link ten times. So the number of tokens says more than
    /// the number of checks. Authentic tokens are counted, whatever their status. The return rate of a run, and of a
    /// campaign, is the part of the tokens that `generate --ledger` recorded that were checked at least once.
    Stats(Box<StatsArgs>),
    /// Print shell completions
    Completions(CompletionsArgs),
    /// Print a manual page, or write all of them into a folder
    Man(ManArgs),
}

/// Flags of `generate`.
#[derive(Debug, Args)]
#[command(
    after_help = "Example: linkmint generate customers.csv --base-url https://mystore.com/promotions \
    --expires-in 24h -o links.csv"
)]
pub(crate) struct GenerateArgs {
    /// The customer list, a CSV file or an Excel workbook; `-` or nothing is standard input
    pub(crate) input: Option<PathBuf>,

    #[command(flatten)]
    pub(crate) link: LinkArgs,

    #[command(flatten)]
    pub(crate) claims: ClaimArgs,

    #[command(flatten)]
    pub(crate) time: TimeArgs,

    #[command(flatten)]
    pub(crate) own_time: OwnTimeArgs,

    #[command(flatten)]
    pub(crate) token: TokenArgs,

    #[command(flatten)]
    pub(crate) columns: ColumnArgs,

    #[command(flatten)]
    pub(crate) list: ListArgs,

    #[command(flatten)]
    pub(crate) file: FileArgs,

    /// Reject what is only warned of otherwise: repeated claims, spoiled ids, readable mail addresses and telephone
    /// numbers, links over 2,000 characters, plain http
    #[arg(long, help_heading = "Checks")]
    pub(crate) strict: bool,

    /// Show the first N rows and one link in full, write nothing
    #[arg(long, value_name = "N", num_args = 0..=1, require_equals = true, default_missing_value = "5",
        help_heading = "Checks")]
    pub(crate) preview: Option<std::num::NonZeroUsize>,

    /// Write the summary as one JSON object to this file, also after a failure
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

/// Times that rows bring themselves.
#[derive(Debug, Args)]
#[command(next_help_heading = "Time")]
pub(crate) struct OwnTimeArgs {
    /// The column with durations of rows' own, which rule over the flags; `none` for none [default: duration, where
    /// it exists]
    #[arg(long, value_name = "COLUMN")]
    pub(crate) duration_column: Option<String>,

    /// Read bare numbers in that column as so many of s, m, h, d or w
    #[arg(long, value_name = "UNIT", value_parser = ["s", "m", "h", "d", "w"])]
    pub(crate) duration_unit: Option<String>,

    /// A column with expiries of rows' own, as instants or dates
    #[arg(long, value_name = "COLUMN")]
    pub(crate) expiry_column: Option<String>,
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

    /// Overwrite filled cells where the list has such a column already
    #[arg(long)]
    pub(crate) replace: bool,
}

/// Flags of `sign`.
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

    /// Print token, link and expiry as one JSON object
    #[arg(long)]
    pub(crate) json: bool,

    /// Say nothing on standard error but errors and where a new key was put
    #[arg(long, short)]
    pub(crate) quiet: bool,

    #[command(flatten)]
    pub(crate) keyring: KeyringArg,
}

/// Flags of `verify`.
#[derive(Debug, Args)]
#[command(after_help = "Exit status: 0 every token is valid, 1 one is not, 3 there was none to check")]
pub(crate) struct VerifyArgs {
    /// Tokens, links, or whatever was pasted with one in it; `-` reads one text per line of standard input
    #[arg(value_name = "TEXT", conflicts_with = "file")]
    pub(crate) texts: Vec<String>,

    /// Check every row of this list, or of `-`
    #[arg(long, value_name = "FILE")]
    pub(crate) file: Option<PathBuf>,

    /// A claim must have this value (repeatable)
    #[arg(long, value_name = "NAME=VALUE")]
    pub(crate) expect: Vec<String>,

    /// Check as if it were this instant, in RFC 3339
    #[arg(long, value_name = "INSTANT")]
    pub(crate) now: Option<String>,

    /// How far clocks may be apart, as 60s or 5m
    #[arg(long, value_name = "DURATION", default_value = "0s")]
    pub(crate) leeway: String,

    /// One JSON object a line
    #[arg(long, conflicts_with = "print")]
    pub(crate) json: bool,

    /// Print one line a token: `status`, `expires_at`, or a claim by its name (empty unless valid)
    #[arg(long, value_name = "NAME", conflicts_with = "file")]
    pub(crate) print: Option<String>,

    /// Don't look for the genuine token one slip away from a damaged one
    #[arg(long, conflicts_with = "file")]
    pub(crate) no_repair: bool,

    #[command(flatten)]
    pub(crate) scan: ScanArgs,

    #[command(flatten)]
    pub(crate) rows: VerifyRowArgs,

    #[command(flatten)]
    pub(crate) ledger: VerifyLedgerArgs,

    #[command(flatten)]
    pub(crate) list: ListArgs,

    #[command(flatten)]
    pub(crate) files: FileArgs,

    #[command(flatten)]
    pub(crate) keyring: KeyringArg,
}

/// What is done with the rows of `verify --file`.
#[derive(Debug, Args)]
#[command(next_help_heading = "Rows of --file")]
pub(crate) struct VerifyRowArgs {
    /// The column with the tokens or links [default: token and url_link, or the one there is]
    #[arg(long, value_name = "NAME", requires = "file")]
    pub(crate) column: Option<String>,

    /// Append these claims as verified_A, verified_B
    #[arg(
        long,
        value_name = "A,B",
        value_delimiter = ',',
        requires = "file",
        conflicts_with = "json"
    )]
    pub(crate) show: Vec<String>,

    /// Write only the rows whose token is not valid
    #[arg(long, requires = "file", conflicts_with = "rejects")]
    pub(crate) only_invalid: bool,

    /// A claim must equal the cell of another column (repeatable)
    #[arg(long = "match", value_name = "NAME=COLUMN", requires = "file")]
    pub(crate) matches: Vec<String>,

    /// Don't hold claims against the columns of their names
    #[arg(long, requires = "file", conflicts_with = "matches")]
    pub(crate) no_match: bool,

    /// Overwrite filled cells where the list has verified_… columns already
    #[arg(long, requires = "file", conflicts_with = "json")]
    pub(crate) replace: bool,
}

/// Flags of `inspect`.
#[derive(Debug, Args)]
pub(crate) struct InspectArgs {
    /// A token, a link, or whatever was pasted with one in it; `-` is standard input
    #[arg(value_name = "TEXT")]
    pub(crate) text: String,

    /// One JSON object a token
    #[arg(long)]
    pub(crate) json: bool,
}

/// Flags of `key`.
#[derive(Debug, Args)]
pub(crate) struct KeyArgs {
    #[command(subcommand)]
    pub(crate) command: KeyCommand,
}

/// What can be done with keys.
#[derive(Debug, Subcommand)]
pub(crate) enum KeyCommand {
    /// Make a key, print its id and sign with it from now on
    New {
        #[command(flatten)]
        keyring: KeyringArg,
        /// Say nothing but errors and the line about the new key
        #[arg(long, short)]
        quiet: bool,
    },
    /// List the keys: id, when it was made, active, standby or retired
    List {
        #[command(flatten)]
        keyring: KeyringArg,
        /// One JSON object a line
        #[arg(long)]
        json: bool,
        /// Say nothing but errors
        #[arg(long, short)]
        quiet: bool,
    },
    /// Stop signing with a key; its links stay valid
    Retire {
        /// The key's id
        id: String,
        #[command(flatten)]
        keyring: KeyringArg,
        /// Say nothing but errors
        #[arg(long, short)]
        quiet: bool,
    },
    /// Remove a key: all its links end
    Remove {
        /// The key's id
        id: String,
        /// Don't ask
        #[arg(long, short)]
        yes: bool,
        #[command(flatten)]
        keyring: KeyringArg,
        /// Say nothing but errors
        #[arg(long, short)]
        quiet: bool,
    },
    /// Print the secrets as a keyring, for a backup or another machine
    Export {
        /// Only the key with this id
        id: Option<String>,
        /// The JWT keys as a JWK Set, for a backend's JOSE library: they make no other form of token
        #[arg(long)]
        jwt: bool,
        /// Write to this file, for its owner alone
        #[arg(long, short, value_name = "FILE")]
        output: Option<PathBuf>,
        /// Replace the file if it exists
        #[arg(long, short)]
        force: bool,
        #[command(flatten)]
        keyring: KeyringArg,
        /// Say nothing but errors
        #[arg(long, short)]
        quiet: bool,
    },
    /// Take the keys of another keyring over, on standby
    Import {
        /// The other keyring; `-` is standard input
        file: PathBuf,
        #[command(flatten)]
        keyring: KeyringArg,
        /// Say nothing but errors
        #[arg(long, short)]
        quiet: bool,
    },
}

/// Flags of `completions`.
#[derive(Debug, Args)]
pub(crate) struct CompletionsArgs {
    /// The shell
    pub(crate) shell: ShellName,
}

/// The shells that completions are kept for.
#[derive(Clone, Copy, Debug, clap::ValueEnum)]
pub(crate) enum ShellName {
    /// Bash
    Bash,
    /// Zsh
    Zsh,
    /// Fish
    Fish,
    /// PowerShell
    #[value(name = "powershell")]
    PowerShell,
}

/// Flags of `man`.
#[derive(Debug, Args)]
pub(crate) struct ManArgs {
    /// The command to print the page of, such as `generate`; nothing for linkmint itself
    #[arg(value_name = "COMMAND", num_args = 0..)]
    pub(crate) command: Vec<String>,

    /// Write the pages of all commands into this folder
    #[arg(long, value_name = "FOLDER", conflicts_with = "command")]
    pub(crate) out_dir: Option<PathBuf>,
}
