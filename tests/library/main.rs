//! The library without the program: a module a room.

mod campaign;
#[path = "../fuzzing/main.rs"]
mod fuzzing;
#[cfg(feature = "ledger")]
mod ledger;
mod paste;
mod paste_properties;
mod repair;
#[cfg(all(unix, feature = "postgres"))]
#[path = "../server/mod.rs"]
mod server;
mod splitter;
mod stray_quotes;
