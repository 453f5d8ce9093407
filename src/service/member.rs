//! What is wrong with a member of a request, in words that don't repeat what was sent: a token in the wrong place must
//! not come back in an error, which others log.

use super::problem::Problem;
use crate::claims::ClaimError;
use crate::link::{LinkError, PathError};
use crate::moment::{FormatError, MomentError};
use crate::options::Cause;
use crate::stats::ByError;
use crate::table::workbook::WorkbookError;
use crate::table::{ColumnError, QuoteFault, TableError};
use crate::token::ValidityError;
use std::borrow::Cow;

/// An error that can be told without the text that it is about.
pub(super) trait Unquoted {
    /// What is wrong, or what such a text must look like.
    fn unquoted(&self) -> Cow<'static, str>;

    /// The same for who sent it, who may see it again.
    fn quoted(&self) -> String {
        self.unquoted().into_owned()
    }
}

/// Says which member can't be used, and why.
pub(super) fn bad(member: &str, error: impl Unquoted) -> Problem {
    Problem::bad_request(format!("{member}: {}", error.unquoted())).about(member, error.quoted())
}

/// A name in quotes, after a space, where it is one as members, columns and claims have: no token and no number of a
/// customer looks so.
pub(super) fn named(text: &str) -> String {
    let is_name = text.len() <= 24 && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
    match is_name {
        true => format!(" \"{text}\""),
        false => " of that name".to_owned(),
    }
}

impl Unquoted for &'static str {
    fn unquoted(&self) -> Cow<'static, str> {
        Cow::Borrowed(self)
    }
}

/// Their own words quote nothing.
macro_rules! quote_nothing {
    ($($error:ty)+) => {
        $(impl Unquoted for $error {
            fn unquoted(&self) -> Cow<'static, str> {
                self.to_string().into()
            }
        })+
    };
}

quote_nothing!(ClaimError PathError ValidityError);

impl Unquoted for MomentError {
    fn unquoted(&self) -> Cow<'static, str> {
        self.hint().into()
    }
}

impl Unquoted for Cause {
    fn unquoted(&self) -> Cow<'static, str> {
        match self {
            Cause::Moment(error) => error.unquoted(),
            Cause::Format(error) => error.unquoted(),
            Cause::Link(_, error) => error.unquoted(),
            _ => self.to_string().into(),
        }
    }
}

impl Unquoted for FormatError {
    fn unquoted(&self) -> Cow<'static, str> {
        match self {
            FormatError::Part(_) => "it has a part that is not known: write it as %d.%m.%Y",
            FormatError::NoDate(_) => "it does not say day, month and year: write it as %d.%m.%Y",
            _ => "it has no part of a time: write it as %d.%m.%Y",
        }
        .into()
    }
}

impl Unquoted for LinkError {
    fn unquoted(&self) -> Cow<'static, str> {
        match self {
            LinkError::ParamTwice(_) => "it has this query parameter already".into(),
            error => error.to_string().into(),
        }
    }
}

impl Unquoted for ByError {
    fn unquoted(&self) -> Cow<'static, str> {
        "day, hour, status, or the name of a claim".into()
    }
}

impl Unquoted for ColumnError {
    fn unquoted(&self) -> Cow<'static, str> {
        let name = |quoted: &str| named(quoted.trim_matches('"'));
        match self {
            ColumnError::Unknown { name: own, .. } => format!("there is no column{}", name(own)),
            ColumnError::Twice {
                name: own,
                first,
                second,
            } => format!("{first} and {second} are both columns{}", name(own)),
            ColumnError::Unclear { name: own, .. } => {
                format!("there is no column{}, and more than one could be meant", name(own))
            }
        }
        .into()
    }

    fn quoted(&self) -> String {
        match self {
            ColumnError::Unknown { names, .. } => format!("{self}; the list has {names}"),
            error => error.to_string(),
        }
    }
}

impl Unquoted for TableError {
    fn unquoted(&self) -> Cow<'static, str> {
        match self {
            TableError::HeaderQuotes(_, QuoteFault::TextAfter { .. }) => "text follows a closing quote".into(),
            error => error.to_string().into(),
        }
    }
}

impl Unquoted for WorkbookError {
    fn unquoted(&self) -> Cow<'static, str> {
        match self {
            WorkbookError::UnknownSheet { names, .. } => {
                format!("the workbook has no such sheet: it has {names}").into()
            }
            WorkbookError::EmptySheet { .. } => "the sheet is empty".into(),
            WorkbookError::Unreadable { .. } => {
                "the workbook can't be read: open it in the spreadsheet and save it again, or send text/csv".into()
            }
            error => error.to_string().into(),
        }
    }
}
