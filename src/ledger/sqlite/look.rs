//! What a file is, before it is given to the store: its errors would speak of pages.

use crate::ledger::{Foreign, LedgerError};
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::Path;

/// How every SQLite file begins (its file format, section 1.3).
const MAGIC: &[u8] = b"SQLite format 3\0";
/// So much is looked at: a keyring's first member comes earlier.
const HEAD: u64 = 4096;

/// Whether it may be a ledger.
pub(super) fn at(path: &Path) -> Result<(), LedgerError> {
    if path.as_os_str().is_empty() {
        return Err(LedgerError::NoName);
    }
    let metadata = match fs::metadata(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Err(LedgerError::Missing),
        metadata => metadata?,
    };
    if metadata.is_dir() {
        return Err(LedgerError::Folder);
    }
    if !metadata.is_file() {
        return Err(LedgerError::Foreign(Foreign::Other));
    }
    let mut head = Vec::new();
    File::open(path)?.take(HEAD).read_to_end(&mut head)?;
    match foreign(&head) {
        Some(foreign) => Err(LedgerError::Foreign(foreign)),
        None => Ok(()),
    }
}

fn foreign(head: &[u8]) -> Option<Foreign> {
    let text = String::from_utf8_lossy(head);
    Some(match head {
        [] => Foreign::Empty,
        _ if head.starts_with(MAGIC) => return None,
        _ if text.trim_start().starts_with('{') && text.contains("\"keys\"") => Foreign::Keyring,
        _ => Foreign::Other,
    })
}
