//! What no output may replace: a keyring, API keys, a ledger and the files beside it.
//!
//! Told by what the file holds, as its name says nothing: a backup of a keyring is as dear as the keyring.

use std::ffi::{OsStr, OsString};
use std::fmt;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use zeroize::Zeroizing;

/// `lmnt`, in the header of an SQLite file: what tells a ledger from any other data base.
pub(crate) const LEDGER_APPLICATION: u32 = 0x6c6d_6e74;

/// How every SQLite file begins, and where its application is named (its file format, section 1.3).
const SQLITE: &[u8] = b"SQLite format 3\0";
const APPLICATION: std::ops::Range<usize> = 68..72;
/// How the files begin that SQLite keeps beside a data base: a log (sections 4.1) and a journal (section 3).
const LOGS: [&[u8]; 3] = [
    &[0x37, 0x7f, 0x06, 0x82],
    &[0x37, 0x7f, 0x06, 0x83],
    &[0xd9, 0xd5, 0x05, 0xf9, 0x20, 0xa1, 0x63, 0xd7],
];
/// What their names end in.
const BESIDE: [&str; 3] = ["-wal", "-shm", "-journal"];
/// No keyring is longer.
const MAX_FILE: u64 = 16 << 20;

/// What a file is that is kept, whatever is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Kept {
    /// A JWK Set with secrets or private keys in it.
    Keyring,
    /// The service's API keys.
    ApiKeys,
    /// A ledger.
    Ledger,
    /// A file that SQLite keeps beside a ledger, and a part of it.
    LedgerPart,
}

impl fmt::Display for Kept {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Kept::Keyring => "the file is a keyring",
            Kept::ApiKeys => "the file holds API keys",
            Kept::Ledger => "the file is a ledger",
            Kept::LedgerPart => "the file is a part of a ledger",
        })
    }
}

/// What is kept of what stands at a place, or would be a part of what stands beside it.
pub(super) fn at(place: &Path) -> io::Result<Option<Kept>> {
    let is_ledger = |path: PathBuf| matches!(of_file(&path), Ok(Some(Kept::Ledger)));
    if BESIDE.iter().filter_map(|ending| without(place, ending)).any(is_ledger) {
        return Ok(Some(Kept::LedgerPart));
    }
    match of_file(place) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        found => found,
    }
}

/// The path without an ending of its last name.
fn without(place: &Path, ending: &str) -> Option<PathBuf> {
    let name = place.file_name()?;
    let start = name.as_encoded_bytes().strip_suffix(ending.as_bytes())?;
    Some(place.with_file_name(name_of(start)?))
}

#[cfg(unix)]
fn name_of(bytes: &[u8]) -> Option<OsString> {
    let name: &OsStr = std::os::unix::ffi::OsStrExt::from_bytes(bytes);
    Some(name.to_owned())
}

#[cfg(not(unix))]
fn name_of(bytes: &[u8]) -> Option<OsString> {
    std::str::from_utf8(bytes).ok().map(OsStr::new).map(OsStr::to_owned)
}

fn of_file(path: &Path) -> io::Result<Option<Kept>> {
    let mut bytes = Zeroizing::new(Vec::new());
    let mut file = File::open(path)?.take(MAX_FILE);
    (&mut file).take(APPLICATION.end as u64).read_to_end(&mut bytes)?;
    if bytes.starts_with(SQLITE) {
        let application = bytes
            .get(APPLICATION)
            .is_some_and(|own| own == LEDGER_APPLICATION.to_be_bytes());
        return Ok(application.then_some(Kept::Ledger));
    }
    if LOGS.iter().any(|start| bytes.starts_with(start)) {
        return Ok(Some(Kept::LedgerPart));
    }
    match json(&bytes).first() {
        None | Some(b'{') => file.read_to_end(&mut bytes)?,
        Some(_) => return Ok(None),
    };
    Ok(of_json(json(&bytes)))
}

/// What comes after a byte order mark and white space.
fn json(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes).trim_ascii_start()
}

fn of_json(text: &[u8]) -> Option<Kept> {
    if !text.starts_with(b"{") {
        return None;
    }
    let (mut is_set, mut is_key, mut has_secret) = (false, false, false);
    for (name, value) in members(text) {
        match (name.as_str(), value) {
            ("linkmint_api_keys", b'[') => return Some(Kept::ApiKeys),
            ("keys", b'[') => is_set = true,
            ("kty", b'"') => is_key = true,
            // of a symmetric key, and of a private one (RFC 7518, sections 6.2.2, 6.3.2 and 6.4)
            ("k" | "d", b'"') => has_secret = true,
            _ => {}
        }
    }
    (has_secret && (is_set || is_key)).then_some(Kept::Keyring)
}

/// The names of all members, at any depth, with the first byte of their values. Read without a parser, as a keyring
/// that is damaged is one that somebody may still want to mend.
fn members(text: &[u8]) -> impl Iterator<Item = (String, u8)> {
    let mut rest = text;
    std::iter::from_fn(move || {
        loop {
            let start = memchr::memchr(b'"', rest)?;
            let string = &rest[start..];
            let end = string_end(string)?;
            rest = &string[end..];
            let Some(value) = rest.trim_ascii_start().strip_prefix(b":") else {
                continue;
            };
            let first = value.trim_ascii_start().first().copied().unwrap_or_default();
            if let Ok(name) = serde_json::from_slice(&string[..end]) {
                return Some((name, first));
            }
        }
    })
}

/// Where a string ends that begins with its quote.
fn string_end(string: &[u8]) -> Option<usize> {
    let mut place = 1;
    while let Some(found) = memchr::memchr2(b'"', b'\\', string.get(place..)?) {
        place += found + 1;
        match string[place - 1] {
            b'"' => return Some(place),
            _ => place += 1,
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_known_by_what_they_are() {
        let table = [
            (r#"{"keys":[{"kty":"oct","k":"AAEC"}]}"#, Some(Kept::Keyring)),
            ("\u{feff} \n{\"keys\" : [ {\"k\" : \"AAEC\"} ] }", Some(Kept::Keyring)),
            (r#"{"\u006beys":[{"\u006b":"AAEC"}]}"#, Some(Kept::Keyring)),
            (r#"{"keys":[{"kty":"OKP","d":"AAEC","x":"AQ"}]}"#, Some(Kept::Keyring)),
            (r#"{"kty":"oct","k":"AAEC"}"#, Some(Kept::Keyring)),
            // damaged: cut short, or a comma lost
            (r#"{"keys":[{"kty":"oct","k":"AAEC"},{"kty"#, Some(Kept::Keyring)),
            (r#"{"keys":[{"kty":"oct" "k":"AAEC"}]}"#, Some(Kept::Keyring)),
            (r#"{"linkmint_api_keys":[]}"#, Some(Kept::ApiKeys)),
            (r#"{"keys":[{"kty":"OKP","x":"AQ","use":"sig"}]}"#, None),
            (r#"{"keys":[]}"#, None),
            (r#"{"text":"\"keys\":[\"k\":\""}"#, None),
            (r#"["keys",{"k":"AAEC"}]"#, None),
            ("customer_id,token\n1,{\"keys\":[{\"k\":\"AAEC\"}]}\n", None),
            ("", None),
            ("{\"k\\", None),
        ];
        for (text, expected) in table {
            assert_eq!(of_json(json(text.as_bytes())), expected, "{text}");
        }
    }

    #[test]
    fn white_space_of_any_length_hides_no_keyring() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("links.csv");
        std::fs::write(&path, " ".repeat(5_000) + r#"{"keys":[{"k":"AAEC"}]}"#).expect("written");
        assert_eq!(at(&path).expect("read"), Some(Kept::Keyring));
    }

    #[test]
    fn a_data_base_of_another_program_is_no_ledger() {
        let folder = tempfile::tempdir().expect("a folder");
        let mut header = SQLITE.to_vec();
        header.resize(100, 0);
        for (application, expected) in [(0, None), (LEDGER_APPLICATION, Some(Kept::Ledger))] {
            header[APPLICATION].copy_from_slice(&application.to_be_bytes());
            let path = folder.path().join("l.db");
            std::fs::write(&path, &header).expect("written");
            assert_eq!(at(&path).expect("read"), expected);
            let beside = expected.map(|_| Kept::LedgerPart);
            for name in ["l.db-wal", "l.db-shm", "l.db-journal"] {
                assert_eq!(at(&folder.path().join(name)).expect("looked"), beside);
            }
            assert_eq!(at(&folder.path().join("l.db-")).expect("looked"), None);
        }
    }
}
