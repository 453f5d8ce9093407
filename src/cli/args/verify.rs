//! Flags of `verify`.

use super::shared::TEXTS;
use super::{FileArgs, KeyringArg, ListArgs, MatchArgs, TextArgs, VerifyLedgerArgs};
use clap::Args;
use std::path::PathBuf;

#[derive(Debug, Args)]
#[command(after_help = "Examples: linkmint verify -- \"$PASTED\"\n\
    \x20         linkmint verify --exact --expect campaign_id=spring26 -- \"$TOKEN\"\n\n\
    Exit status: 0 every token is valid, 1 one is not, 3 there was none to check\n\
    A closed pipe: 1 if one so far is not valid, 3 if some were left unchecked, else 0")]
pub(crate) struct VerifyArgs {
    #[command(flatten)]
    pub(crate) texts: TextArgs,

    /// Exactly one token, as it is: no cleaning, no repair, anything else is malformed; for scripts
    ///
    /// The token is the one text, behind `--`, or the one line of standard input (`-`). What a stranger sent is never taken
    /// for more than a token.
    #[arg(long, conflicts_with_all = ["file", "paths"])]
    pub(crate) exact: bool,

    /// Check every row of this list, or of `-`
    #[arg(long, value_name = "FILE", conflicts_with_all = TEXTS)]
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

    /// Print one line a text: `status`, `expires_at`, or a claim by its name (empty unless valid)
    #[arg(long, value_name = "NAME", conflicts_with = "file")]
    pub(crate) print: Option<String>,

    /// Don't look for the genuine token one slip away from a damaged one
    #[arg(long, conflicts_with = "file")]
    pub(crate) no_repair: bool,

    /// Print the genuine token one slip away from a damaged one
    #[arg(long, conflicts_with_all = ["file", "paths", "exact", "json", "print", "no_repair"])]
    pub(crate) show_mended: bool,

    /// Check every link with a token in these mails (.eml, .mbox), HTML and text files
    ///
    /// Of a folder all files are read, in the order of their names, and those of its folders; hidden ones are left out
    /// unless they are named here, and what is no text is skipped and named. Each answer says where the link is: file,
    /// part of the mail, and line of the part as it is shown. A link that only this program could mend is broken for
    /// the customer, and warned of; so are files without a link and a token in two mails. At most 64 MiB of a file, or
    /// of a mail in a .mbox, are read.
    #[arg(long = "scan", value_name = "PATH", num_args = 1.., conflicts_with_all = ["texts", "texts_after", "file", "no_repair", "matches", "no_match"], help_heading = "Rendered mails")]
    pub(crate) paths: Vec<PathBuf>,

    /// What is warned of is not good enough: status 1
    #[arg(long, requires = "paths", conflicts_with_all = ["texts", "texts_after", "file"], help_heading = "Rendered mails")]
    pub(crate) strict: bool,

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
    // clap asks for no --file where it can't stand beside what is given
    #[arg(long, value_name = "NAME", requires = "file", conflicts_with = "paths", conflicts_with_all = TEXTS)]
    pub(crate) column: Option<String>,

    /// Append these claims as verified_A, verified_B
    #[arg(
        long,
        value_name = "A,B",
        value_delimiter = ',',
        requires = "file",
        conflicts_with_all = ["json", "paths"], conflicts_with_all = TEXTS
    )]
    pub(crate) show: Vec<String>,

    /// Write only the rows whose token is not valid
    #[arg(long, requires = "file", conflicts_with_all = ["rejects", "paths"], conflicts_with_all = TEXTS)]
    pub(crate) only_invalid: bool,

    #[command(flatten)]
    pub(crate) matches: MatchArgs,

    /// Overwrite filled cells where the list has verified_… columns already
    #[arg(long, requires = "file", conflicts_with_all = ["json", "paths"], conflicts_with_all = TEXTS)]
    pub(crate) replace: bool,
}
