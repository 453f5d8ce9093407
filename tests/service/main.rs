//! The service over its router: every request and answer, without a socket.

mod auth;
mod check;
mod client;
mod introspect;
mod mint;
mod public;
