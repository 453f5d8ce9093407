//! Mint signed campaign links from a customer list, and check them offline when they come back.
//!
//! ```text
//! batch → { table, link, token } → claims, key        an import runs left to right, never back
//! ```

pub mod batch;
pub mod claims;
pub mod compress;
pub mod excerpt;
pub mod key;
pub mod keyring;
pub mod link;
pub mod mail;
pub mod moment;
pub mod output;
pub mod paste;
pub mod repair;
pub mod table;
pub mod token;
