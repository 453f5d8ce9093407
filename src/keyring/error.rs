//! What can go wrong with a keyring's file.

use super::{JwkError, KeyringError};
use crate::output::OutputError;
use std::io;

/// Why a keyring's file can't be read or changed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FileError {
    /// There is no file.
    #[error("there is no such keyring")]
    Missing,
    /// The system said no.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// The text is no keyring.
    #[error(transparent)]
    Jwk(#[from] JwkError),
    /// Another process changes it.
    #[error("another process changes this keyring")]
    Locked,
    /// The change can't be made.
    #[error(transparent)]
    Change(#[from] KeyringError),
    /// The new text can't be written.
    #[error(transparent)]
    Output(#[from] OutputError),
}
