//! Mint and check the tokens of `linkmint`'s links: the core without files, lists, a clock or a terminal.
//!
//! A token carries its claims and its times, is signed or sealed with a key, and fits into an SMS. Whoever has the key
//! checks it offline; whoever has not can make none. What a verifier needs is here and nothing more: no C, no system
//! call (unless the feature `mint` asks for random bytes), so it compiles to WebAssembly too.
//!
#![doc = include_str!("../README.md")]
//!
//! # Rooms
//! ```text
//! verifier → { jwk → keys, token } → { claims, key, unix_time }
//! ```

#![forbid(unsafe_code)]

pub mod claims;
pub mod jwk;
pub mod key;
pub mod keys;
pub mod token;
mod unix_time;
mod verifier;

pub use claims::ClaimSet;
pub use key::{Key, KeyId, Secret};
pub use keys::Keyring;
pub use token::wire::Alphabet;
pub use token::{Form, Minter, Refusal, Status, TokenId, Validity};
pub use unix_time::{NoInstant, UnixTime};
pub use verifier::{Checked, Verified, Verifier};
