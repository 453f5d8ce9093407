//! The contract of the command line, through the binary. A module a topic; names state the fact.

mod advice;
mod bad_input;
#[cfg(feature = "xlsx")]
#[path = "../books/mod.rs"]
mod books;
#[cfg(all(unix, feature = "serve"))]
mod browser;
mod columns;
mod compression;
#[cfg(feature = "xlsx")]
mod damaged;
mod dedupe;
mod dialects;
mod encodings;
mod exports;
mod first_line;
mod generate;
mod groups;
mod header_row;
mod headers;
mod independent;
mod inspect;
mod jose;
mod jwt;
mod keep;
mod kept;
#[cfg(unix)]
mod keyring_files;
mod keys;
mod labels;
mod ledger;
mod ledger_faults;
#[cfg(feature = "ledger")]
mod ledger_files;
mod ledger_revoke;
#[cfg(all(unix, feature = "postgres"))]
mod ledger_server;
#[cfg(feature = "ledger")]
mod ledgers;
mod likely;
mod link_hosts;
mod links;
mod lint;
mod lost;
#[cfg(unix)]
mod modes;
mod output_safety;
mod pasted;
mod pasted_links;
mod pasted_sources;
#[cfg(unix)]
mod pipes;
mod preview;
mod progress;
#[cfg(all(unix, feature = "serve"))]
mod proxies;
mod public;
mod qr;
mod quotes;
mod reissue;
mod reissue_file;
mod rejects;
mod repeatable;
mod roundtrip;
#[cfg(unix)]
mod safety;
mod scan;
mod scan_faults;
mod scan_links;
mod scan_mails;
mod schema;
#[cfg(all(unix, feature = "serve"))]
#[path = "../secrecy/mod.rs"]
mod secrecy;
#[cfg(all(unix, feature = "serve"))]
mod serve;
#[cfg(all(unix, feature = "serve"))]
mod serve_description;
#[cfg(all(unix, feature = "serve"))]
mod serve_files;
#[cfg(all(unix, feature = "serve"))]
mod serve_kills;
#[cfg(all(unix, feature = "serve"))]
mod serve_ledger;
#[cfg(all(unix, feature = "serve"))]
mod serve_lists;
#[cfg(all(target_os = "linux", feature = "postgres", feature = "serve"))]
mod serve_server;
#[cfg(all(unix, feature = "serve"))]
mod serve_start;
#[cfg(all(unix, feature = "postgres"))]
#[path = "../server/mod.rs"]
mod server;
#[cfg(all(unix, feature = "postgres"))]
mod server_tls;
mod shell;
mod sign;
mod signs;
#[cfg(feature = "ledger")]
mod stats;
#[cfg(feature = "ledger")]
mod stats_outputs;
#[cfg(feature = "ledger")]
mod stats_page;
#[cfg(feature = "ledger")]
mod stats_prune;
#[cfg(feature = "ledger")]
mod stats_returns;
mod stranger;
mod streaming;
mod support;
#[cfg(unix)]
mod terminal;
mod times;
mod times_written;
mod verify;
mod verify_file;
mod widths;
#[cfg(feature = "xlsx")]
mod workbook;
