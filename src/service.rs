//! The HTTP front: routes, API keys, pages.
//!
//! It decides nothing itself: every verdict is [`check`](crate::check)'s, every list [`batch::run`](crate::batch::run)'s.
//! It reads no clock for a verdict and opens no socket either: an [`App`] answers requests about a [`Service`], which is
//! given all it needs, so that tests drive it without a network; [`connection`] serves it over sockets.

pub mod api_key;
mod app;
mod asking;
mod auth;
mod batch;
mod body;
mod caller;
mod check;
pub mod connection;
mod cors;
mod failures;
mod finish;
mod forward_auth;
mod health;
mod host;
mod introspect;
mod json;
mod jwks;
mod leads;
mod ledger;
mod limits;
mod log;
mod member;
mod metrics;
mod mint;
mod openapi;
mod page;
mod pages;
mod problem;
mod proxy;
mod redirect;
mod reissue;
mod reports;
mod revocations;
mod routes;
mod sessions;
mod state;
mod tracker;
mod unique_map;
mod validate;
mod value;

pub use app::{App, app, metrics_app};
pub use forward_auth::{ForwardAuth, ForwardAuthError};
pub use leads::{Campaigns, NoTarget, Redirects, Target};
pub use ledger::LedgerThread;
pub use limits::Limits;
pub use proxy::{NoProxy, Peer, TrustedProxy};
pub use routes::document;
pub use state::{Clock, Service, Settings};
pub use tracker::Tracker;
