//! Flags of `key`.

use super::KeyringArg;
use clap::{Args, Subcommand};
use std::path::PathBuf;

/// The keyring, and how much is said.
#[derive(Debug, Args)]
pub(crate) struct RingArgs {
    #[command(flatten)]
    pub(crate) keyring: KeyringArg,
    /// Say nothing but errors
    #[arg(long, short)]
    pub(crate) quiet: bool,
}

/// What can be done with keys.
#[derive(Debug, Subcommand)]
pub(crate) enum KeyCommand {
    /// Make a key, print its id and sign with it from now on
    #[command(after_help = "Example: linkmint key new")]
    New {
        #[command(flatten)]
        keyring: KeyringArg,
        /// Say nothing but errors and the line about the new key
        #[arg(long, short)]
        quiet: bool,
    },
    /// List the keys: id, when it was made, active, standby or retired
    #[command(after_help = "Example: linkmint key list --json")]
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
    #[command(after_help = "Example: linkmint key retire e28e")]
    Retire {
        /// The key's id
        id: String,
        #[command(flatten)]
        ring: RingArgs,
    },
    /// Remove a key: all its links end
    #[command(after_help = "Example: linkmint key remove e28e")]
    Remove {
        /// The key's id
        id: String,
        /// Don't ask
        #[arg(long, short)]
        yes: bool,
        #[command(flatten)]
        ring: RingArgs,
    },
    /// Print the secrets as a keyring, for a backup or another machine, or what others are given to check with
    #[command(after_help = "Example: linkmint key export --jwt -o jwks.json")]
    Export {
        /// Only the key with this id
        id: Option<String>,
        /// The JWT keys as a JWK Set, for a backend's JOSE library: they make no other form of token
        #[arg(long)]
        jwt: bool,
        /// The public keys as a JWK Set, for whoever is to check public tokens and make none: no secret is in it
        #[arg(long, conflicts_with = "jwt")]
        public: bool,
        /// Write to this file, for its owner alone unless the keys are public
        #[arg(long, short, value_name = "FILE")]
        output: Option<PathBuf>,
        /// Replace the file if it exists
        #[arg(long, short)]
        force: bool,
        #[command(flatten)]
        ring: RingArgs,
    },
    /// Take the keys of another keyring over, on standby
    #[command(after_help = "Example: linkmint key import backup.json")]
    Import {
        /// The other keyring; `-` is standard input
        file: PathBuf,
        #[command(flatten)]
        ring: RingArgs,
    },
}
