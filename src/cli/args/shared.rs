//! Flags that several commands share.

use clap::builder::{PossibleValue, PossibleValuesParser};
use clap::{Args, ValueEnum};
use linkmint::output::Options;
use std::num::{NonZeroU64, NonZeroUsize};
use std::path::PathBuf;

/// Where the secrets are.
#[derive(Clone, Debug, Args)]
pub(crate) struct KeyringArg {
    /// The keyring [default: the LINKMINT_KEYRING variable, else a secret in LINKMINT_KEY, else linkmint/keys.json in
    /// the configuration folder]
    #[arg(long, value_name = "FILE", help_heading = "Keyring")]
    pub(crate) keyring: Option<PathBuf>,
}

/// Those of [`TextArgs`], for flags that mean nothing beside them.
pub(super) const TEXTS: [&str; 2] = ["texts", "texts_after"];

/// Texts that strangers wrote, in which a token is.
#[derive(Debug, Args)]
pub(crate) struct TextArgs {
    /// Tokens, links, or whatever was pasted with one in it; `-` reads one text per line of standard input
    #[arg(value_name = "TEXT")]
    pub(crate) texts: Vec<String>,

    /// The same, whatever it looks like: after `--` no text is taken for a flag, nor `-` for standard input
    #[arg(value_name = "TEXT", last = true)]
    pub(crate) texts_after: Vec<String>,
}

/// What the link looks like.
#[derive(Debug, Args)]
#[command(next_help_heading = "Link")]
pub(crate) struct LinkArgs {
    /// The address; the token becomes its last path segment
    #[arg(long, value_name = "URL", conflicts_with_all = ["url", "no_link"])]
    pub(crate) base_url: Option<String>,

    /// The token becomes this query parameter instead
    #[arg(long, value_name = "NAME", conflicts_with_all = ["url", "no_link"])]
    pub(crate) param: Option<String>,

    /// The whole link with {token} in it, and {column} for cells
    #[arg(long, value_name = "TEMPLATE", conflicts_with = "no_link")]
    pub(crate) url: Option<String>,

    /// Tokens only, no links
    #[arg(long)]
    pub(crate) no_link: bool,
}

/// When tokens are valid.
#[derive(Debug, Args)]
#[command(next_help_heading = "Time")]
pub(crate) struct TimeArgs {
    /// Valid for so long from --issued-at on: 90m, 24h, 7d, 2w, 1d12h, "2 days"
    #[arg(long, value_name = "DURATION", conflicts_with_all = ["expires_at", "never_expires"])]
    pub(crate) expires_in: Option<String>,

    /// Valid until this instant or local time, or to the end of this day: 2026-11-30, "2026-11-30 18:00"
    #[arg(long, value_name = "INSTANT|DATE", conflicts_with = "never_expires")]
    pub(crate) expires_at: Option<String>,

    /// Valid without end
    #[arg(long)]
    pub(crate) never_expires: bool,

    /// Not valid before this instant or local time, or the start of this day
    #[arg(long, value_name = "INSTANT|DATE")]
    pub(crate) not_before: Option<String>,

    /// The zone that dates and local times are meant in: Europe/Berlin, +01:00 or local
    #[arg(long, value_name = "ZONE", default_value = "local")]
    pub(crate) timezone: String,

    /// How dates are written, where not as 2026-11-30: %d.%m.%Y or %m/%d/%Y, perhaps with %H:%M
    #[arg(long, value_name = "FORMAT")]
    pub(crate) date_format: Option<String>,

    /// The time of issue in RFC 3339, to repeat a run [default: now]
    #[arg(long, value_name = "INSTANT")]
    pub(crate) issued_at: Option<String>,
}

/// What the token looks like.
#[derive(Debug, Args)]
#[command(next_help_heading = "Token")]
pub(crate) struct TokenArgs {
    /// Hide the claims: only holders of the key can read them
    #[arg(long)]
    pub(crate) seal: bool,

    /// Sign with a public-key signature: whoever has the keys of `key export --public` checks the token and can make none;
    /// 64 characters longer
    #[arg(long, conflicts_with = "seal")]
    pub(crate) public: bool,

    /// The alphabet; base32 survives being typed, spoken and upper-cased, and in capitals makes the smallest QR codes
    /// [default: base64url]
    #[arg(long, value_name = "ALPHABET", value_parser = one_of([
        ("base64url", "Short: for SMS and mail"),
        ("base32", "Survives being typed, spoken, lower- or upper-cased"),
        ("base32-upper", "The same in capitals: for QR codes, which take less room for them"),
    ]))]
    pub(crate) text: Option<String>,

    /// The format; a JWT is long, and any JOSE library checks it with the key of `key export --jwt`, with --public with
    /// that of `key export --public`
    #[arg(long, value_name = "FORMAT", default_value = "linkmint", value_parser = one_of([
        ("linkmint", "Short, made for links"),
        ("jwt", "A JSON Web Token with HS256, with --public with EdDSA"),
    ]))]
    pub(crate) format: String,

    /// The key to sign with [default: the active key]
    #[arg(long, value_name = "ID")]
    pub(crate) key_id: Option<String>,

    /// The id of the first token, twelve hex digits, to repeat a run [default: random]
    #[arg(long, value_name = "HEX12")]
    pub(crate) first_id: Option<String>,
}

/// The words that a flag takes, each with its help.
pub(super) fn one_of<const N: usize>(words: [(&'static str, &'static str); N]) -> PossibleValuesParser {
    words.map(|(word, help)| PossibleValue::new(word).help(help)).into()
}

/// A number of things of which there is one at least.
pub(super) fn from_one<N: std::str::FromStr>(text: &str) -> Result<N, &'static str> {
    text.parse().map_err(|_| "it is no whole number from 1 on")
}

/// What a list's tokens are held against.
#[derive(Debug, Args)]
pub(crate) struct MatchArgs {
    /// A claim must equal the cell of another column (repeatable)
    #[arg(long = "match", value_name = "NAME=COLUMN", requires = "file", conflicts_with_all = TEXTS)]
    pub(crate) matches: Vec<String>,

    /// Don't hold claims against the columns of their names
    #[arg(long, requires = "file", conflicts_with = "matches", conflicts_with_all = TEXTS)]
    pub(crate) no_match: bool,
}

/// How a list is read.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "List")]
pub(crate) struct ListArgs {
    /// The character between two cells, or `tab` [default: found from the header; of a workbook, a comma in the output]
    #[arg(long, short, value_name = "CHAR")]
    pub(crate) delimiter: Option<String>,

    /// The encoding, by its name, such as windows-1252, or `auto` for the likeliest; the output is in the same [default:
    /// UTF-8, or what the byte order mark says]
    #[arg(long, value_name = "NAME")]
    pub(crate) encoding: Option<String>,

    /// The sheet of a workbook (.xlsx, .xlsm, .xlsb, .xls, .ods) [default: the first]; for `generate`, a name that ends in
    /// .html is a page of labels to print
    #[arg(long, value_name = "NAME")]
    pub(crate) sheet: Vec<String>,

    /// The list has no header; its columns are named 1, 2, …
    #[arg(long)]
    pub(crate) no_header: bool,

    /// The first line names the columns, even if it looks like a customer or a token
    #[arg(long, conflicts_with = "no_header")]
    pub(crate) header: bool,

    /// The row that names the columns, as a spreadsheet numbers it, where a title or blank lines stand above it; they
    /// stay as they are
    #[arg(long, value_name = "N", conflicts_with = "no_header", value_parser = from_one::<NonZeroU64>)]
    pub(crate) header_row: Option<NonZeroU64>,

    /// A list without rows is no failure
    #[arg(long)]
    pub(crate) allow_empty: bool,
}

/// Where results go.
#[derive(Debug, Args)]
#[command(next_help_heading = "Output")]
pub(crate) struct FileArgs {
    /// Write to this file, whole or not at all: CSV, or a workbook if it is named .xlsx; `-` or nothing is standard
    /// output
    #[arg(long, short, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,

    /// Write bad rows to this file, their number and error before them, and go on with the good ones
    #[arg(long, value_name = "FILE")]
    pub(crate) rejects: Option<PathBuf>,

    /// Replace files that exist
    #[arg(long, short)]
    pub(crate) force: bool,

    /// Have the files reach the disk before they take their places
    #[arg(long)]
    pub(crate) sync: bool,

    /// How many threads work [default: one for each core]
    #[arg(long, short = 'j', value_name = "N", value_parser = from_one::<NonZeroUsize>)]
    pub(crate) threads: Option<NonZeroUsize>,

    #[command(flatten)]
    pub(crate) progress: ProgressArg,

    /// Say nothing on standard error but errors and where a new key was put
    #[arg(long, short)]
    pub(crate) quiet: bool,
}

/// How far long work is.
#[derive(Debug, Args)]
#[command(next_help_heading = "Output")]
pub(crate) struct ProgressArg {
    /// How far it is, on standard error: a bar, a line of JSON a second, or nothing [default: a bar on a terminal]
    #[arg(long, value_name = "FORM", value_enum, conflicts_with = "quiet")]
    pub(crate) progress: Option<ProgressForm>,
}

/// The forms of `--progress`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ProgressForm {
    /// For people: how much is done, how fast, and how long it takes yet
    Bar,
    /// For programs
    Json,
    /// Nothing
    None,
}

impl FileArgs {
    /// How the files are to be made.
    pub(crate) fn options(&self) -> Options {
        Options {
            force: self.force,
            sync: self.sync,
            private: false,
        }
    }
}
