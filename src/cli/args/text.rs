//! Texts that strangers wrote, in which a token is.

use clap::Args;

/// What is looked at for tokens.
#[derive(Debug, Args)]
pub(crate) struct TextArgs {
    /// Tokens, links, or whatever was pasted with one in it; `-` reads one text per line of standard input
    #[arg(value_name = "TEXT")]
    pub(crate) texts: Vec<String>,

    /// The same, whatever it looks like: after `--` no text is taken for a flag, nor `-` for standard input
    #[arg(value_name = "TEXT", last = true)]
    pub(crate) texts_after: Vec<String>,
}
