//! The service over its router: every request and answer, without a socket.

mod auth;
mod batch_check;
mod batch_tokens;
mod bound;
mod check;
mod client;
mod cors;
mod health;
mod host;
mod introspect;
mod mint;
mod pages;
mod public;
mod redirect;
mod reissue;
mod reports;
mod revocations;
#[path = "../secrecy/mod.rs"]
mod secrecy;
mod secrets;
mod slow;
mod validate;
