//! The keyring's file: a JWK Set (RFC 7517) of secrets, with which of them signs.
//!
//! A file is changed under a lock, written whole, synced and renamed. No error tells more of a file than a place in it:
//! all of it is secret.

mod exposure;
mod file;

pub use exposure::{Exposure, exposures};
pub use file::{FileError, change, create, load, read};
pub use linkmint_token::jwk::{JwkError, secret_from_base64url};
pub use linkmint_token::keys::{Keyring, KeyringError, Record, Standing};
