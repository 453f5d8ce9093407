//! Which flag mends which error. The library's errors and its hints name none: who calls it from a program or over HTTP
//! has no flags. Whatever has no entry here keeps the library's own hint.

use linkmint::batch::RowProblem;
use linkmint::batch::lint::Lint;
use linkmint::claims::ClaimError;
use linkmint::excerpt::Excerpt;
use linkmint::ledger::{Foreign, LedgerError};
use linkmint::link::{LinkError, PathError};
use linkmint::moment::{FormatError, MomentError};
use linkmint::table::workbook::WorkbookError;
use linkmint::table::{self, Likely, TableError};
use linkmint::token::Refusal;
use std::borrow::Cow;
use std::io::ErrorKind;

const LONG_TIME: &str = "a token can last until 2106; without an end it is --never-expires";
const ENCODING: &str =
    "add --encoding windows-1252 (or what the list is in), or save it as \"CSV UTF-8\" in the spreadsheet";

/// What the bytes most likely are, with the flag that reads them so.
fn of_encoding(name: &str, likely: Option<&Likely>) -> Cow<'static, str> {
    match likely {
        None if table::is_utf16(name) => table::encoding_hint(name).into(),
        Some(Likely { name, reads }) => format!(
            "as {name} it reads {reads}: if that is right, add --encoding {name}; --encoding auto takes the likeliest for \
             the whole list; or save it as \"CSV UTF-8\" in the spreadsheet"
        )
        .into(),
        None => ENCODING.into(),
    }
}

/// Whether two problems have one hint.
pub(crate) fn is_same(one: &RowProblem, other: &RowProblem) -> bool {
    match (one, other) {
        (RowProblem::Encoding(one_name, one), RowProblem::Encoding(other_name, other)) => {
            let name = |likely: &Option<Box<Likely>>| likely.as_ref().map(|likely| likely.name);
            one_name == other_name && name(one) == name(other)
        }
        _ => of_row(one) == of_row(other),
    }
}

pub(crate) fn of_row(problem: &RowProblem) -> Option<Cow<'static, str>> {
    match problem {
        RowProblem::Encoding(name, likely) => Some(of_encoding(name, likely.as_deref())),
        _ => of_plain_row(problem).map(Cow::Borrowed),
    }
}

fn of_plain_row(problem: &RowProblem) -> Option<&'static str> {
    Some(match problem {
        RowProblem::Claim(ClaimError::EmptyValue) => "fill the cell, or leave the column out with --claims",
        RowProblem::Claim(_) | RowProblem::Claims(_) => "choose other columns with --claims",
        RowProblem::Moment(error) => of_moment(error),
        RowProblem::Validity(_) => "check the times of this row against --issued-at and --not-before",
        RowProblem::FarExpiry => LONG_TIME,
        RowProblem::OtherExpiry { .. } => "give both rows the same expiry, or run it without --dedupe",
        RowProblem::NoExpiry => "add --expires-in, --expires-at or --never-expires for them",
        RowProblem::BaseUrl { error, .. } => of_link(error),
        RowProblem::NoBaseUrl => "add --base-url for them",
        RowProblem::PathCell(PathError::Empty) => "fill the cell, or move {column} behind the ? of --url",
        RowProblem::PathCell(_) => "change the cell, or move {column} behind the ? of --url",
        RowProblem::LongCode(_) => "shorten the address or the claims, or take --qr-level L",
        RowProblem::SmallCode(_) => "leave --qr-size out for 8 pixels a module, or take --qr-format svg",
        RowProblem::Lint(lint) => of_lint(*lint),
        RowProblem::OtherClaims => "look whose token it is with `verify`; an empty cell gets a new one",
        RowProblem::NoToken => "leave --keep out",
        RowProblem::Replaced(Refusal::Revoked(_)) => {
            "`linkmint unrevoke` takes a revocation back, if a new link is meant"
        }
        RowProblem::Replaced(Refusal::RowMismatch { .. } | Refusal::CellRewritten { .. }) => {
            "look whose token it is with `verify`; --no-match leaves the cells out of it"
        }
        RowProblem::NoAddress => "add --base-url for them, or --allow-host HOST to keep each row's own address",
        RowProblem::ExpiryForm(_) => "--expires-format '%d.%m.%Y %H:%M' says how, as `generate` was told",
        RowProblem::OwnHost(_) => "--base-url gives the address; --allow-host HOST takes over those of your own host",
        RowProblem::Minted(_) => {
            "--keep leaves such rows as they are and mints for the others; --token-column NAME makes a new column; \
             --replace overwrites the cells: links already sent stay valid, but the list no longer has them"
        }
        RowProblem::Filled(_) => "--replace overwrites such cells",
        _ => return problem.hint(),
    })
}

pub(crate) fn of_lint(lint: Lint) -> &'static str {
    match lint {
        Lint::PersonalData => "--seal hides the claims from everybody without the key",
        _ => lint.hint(),
    }
}

/// The same for a value that was typed, and stands in no list.
pub(crate) fn of_typed_lint(lint: Lint) -> &'static str {
    match lint {
        Lint::SpoiledId => "give the id as it was before a spreadsheet had it",
        Lint::MissingValue => "give the value itself, or leave the claim out",
        Lint::TotalRow => "give the id of the one customer whose link it is",
        Lint::UnseenCharacter => "type it again: something was copied along with it",
        Lint::StrayQuote => "take the quote out",
        _ => of_lint(lint),
    }
}

pub(crate) fn of_moment(error: &MomentError) -> &'static str {
    match error {
        MomentError::LongDuration(_) => LONG_TIME,
        MomentError::UnknownDate { separator: '.', .. } => {
            "write it as 2026-11-30, or say how dates are written: --date-format '%d.%m.%Y'"
        }
        MomentError::UnknownDate { separator: '/', .. } => {
            "write it as 2026-11-30, or say how dates are written: --date-format '%m/%d/%Y', or '%d/%m/%Y' where the day \
             comes first"
        }
        MomentError::UnknownDate { .. } => {
            "write it as 2026-11-30, or say how dates are written: --date-format '%d-%m-%Y', or '%m-%d-%Y' where the \
             month comes first"
        }
        _ => error.hint(),
    }
}

pub(crate) fn of_format(error: &FormatError) -> &'static str {
    match error {
        FormatError::NoDate(_) => "name all three, as %d.%m.%Y or %m/%d/%Y",
        _ => "write it of %d %m %Y %H %M %S (day, month, year, hour, minute, second), as '%d.%m.%Y %H:%M'",
    }
}

pub(crate) fn of_link(error: &LinkError) -> &'static str {
    match error {
        LinkError::ParamTwice(_) => "take it out of the address, or name another with --param",
        LinkError::ParamName => "name it: --param token",
        _ => error.hint(),
    }
}

pub(crate) fn of_table(error: &TableError) -> Option<Cow<'static, str>> {
    match error {
        TableError::HeaderEncoding(name, likely) => Some(of_encoding(name, likely.as_deref())),
        TableError::Io(error) if error.kind() == ErrorKind::Unsupported => {
            Some("unpack it first: zstd -d --long=31".into())
        }
        _ => error.hint().map(Cow::Borrowed),
    }
}

pub(crate) fn of_workbook(error: &WorkbookError) -> String {
    match error {
        WorkbookError::EmptySheet { others, .. } if !others.is_empty() => format!("--sheet chooses another: {others}"),
        _ => error.hint(),
    }
}

pub(crate) fn of_ledger(error: &LedgerError) -> &'static str {
    match error {
        LedgerError::Missing => {
            "check the name; a ledger is made by the first `verify --ledger`, `generate --ledger` or `revoke`"
        }
        LedgerError::NoName => "--ledger FILE names it",
        LedgerError::Foreign(Foreign::Keyring) => "--keyring FILE names the keyring, --ledger FILE another file",
        LedgerError::ReadOnly => {
            "it and its folder, or its tables for the role, must be writable; `verify --ledger-read-only` reads it and \
             counts nothing"
        }
        _ => error.hint(),
    }
}

/// A column's name as it stands in a flag that is to be pasted, in quotes; none for a name that a shell would not leave
/// as it is: the list may be a stranger's.
pub(crate) fn pasted(name: &str) -> Option<String> {
    let is_safe = |letter: char| letter.is_alphanumeric() || " _-./()#°ºª'@[]:&+*?;<>|{}~".contains(letter);
    let shown = Excerpt(name).to_string();
    let fits = !name.is_empty() && name == name.trim() && name.chars().all(is_safe);
    (fits && shown.len() == name.len() + 2).then_some(shown)
}
