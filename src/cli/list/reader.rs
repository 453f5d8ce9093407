//! The process that reads workbooks: this program again.

use linkmint::table::workbook::WorkbookReader;
use std::path::{Path, PathBuf};

/// The hidden command with which the program reads a workbook for itself.
pub(super) const READER: &str = "read-workbook";

/// This program again, as a reader of workbooks.
pub(crate) fn reader() -> WorkbookReader {
    WorkbookReader::Process {
        program: this_program(),
        arguments: vec![READER.into()],
    }
}

/// The program that runs, even where an update has taken its name by now.
#[cfg(target_os = "linux")]
fn this_program() -> PathBuf {
    let running = Path::new("/proc/self/exe");
    match running.exists() {
        true => running.to_owned(),
        false => std::env::current_exe().unwrap_or_else(|_| running.to_owned()),
    }
}

#[cfg(not(target_os = "linux"))]
fn this_program() -> PathBuf {
    std::env::current_exe().unwrap_or_else(|_| PathBuf::from("linkmint"))
}
