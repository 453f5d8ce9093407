//! The contract of the command line, through the binary. A module a topic; names state the fact.

mod bad_input;
mod columns;
mod generate;
mod inspect;
mod keys;
mod links;
mod output_safety;
#[cfg(unix)]
mod pipes;
mod preview;
mod repeatable;
mod shell;
mod sign;
mod support;
mod times;
mod verify;
mod verify_file;
