//! Columns that are taken for nothing, and look as if they were meant for something.

use super::{Plan, forgotten_claims};
use crate::table::{ColumnError, Header};

/// The column with rows' own durations, unless another is named.
pub const DURATION_COLUMN: &str = "duration";
/// The column with rows' own addresses, where none is given for all nor another column is named.
pub const BASE_URL_COLUMN: &str = "base_url";

/// What a column is found for by its exact name alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExactName {
    /// Rows' own durations.
    Duration,
    /// Rows' own addresses.
    BaseUrl,
    /// New tokens.
    Token,
    /// New links.
    Link,
    /// When new tokens expire.
    Expiry,
}

/// What a run has chosen of its columns.
#[derive(Clone, Copy, Debug)]
pub struct Chosen<'a> {
    /// Whether the columns that give claims were: then the others were left out on purpose.
    pub claims: bool,
    /// Whether the one with durations was.
    pub duration: bool,
    /// Whether the one with addresses was.
    pub base_url: bool,
    /// The names of the new ones: with tokens, with links, with expiries.
    pub new: [&'a str; 3],
}

/// A column that is taken for nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unused<'a> {
    /// It looks like a customary claim, and no token has it.
    Forgotten {
        /// The claim.
        claim: &'static str,
        /// From 0.
        column: usize,
    },
    /// Its name is only like an exact one, which no column has.
    Near {
        /// What it would be taken for.
        of: ExactName,
        /// The exact name.
        name: &'a str,
        /// From 0.
        column: usize,
    },
}

/// The columns that look as if they were meant for something else than the plan takes them for.
///
/// # Errors
/// When two columns have one of the exact names.
pub fn unused_columns<'a>(header: &Header, plan: &Plan, chosen: &Chosen<'a>) -> Result<Vec<Unused<'a>>, ColumnError> {
    let mut unused = Vec::new();
    if !chosen.claims {
        let forgotten = forgotten_claims(header, &plan.claims).into_iter();
        unused.extend(forgotten.map(|(claim, column)| Unused::Forgotten { claim, column }));
    }
    let [token, link, expiry] = chosen.new;
    let has_link = plan.link.is_some();
    for (of, name, is_sought) in [
        (ExactName::Duration, DURATION_COLUMN, !chosen.duration),
        (ExactName::BaseUrl, BASE_URL_COLUMN, !chosen.base_url && has_link),
        (ExactName::Token, token, true),
        (ExactName::Link, link, has_link),
        (ExactName::Expiry, expiry, true),
    ] {
        if is_sought && let Some(column) = header.near(name)? {
            unused.push(Unused::Near { of, name, column });
        }
    }
    Ok(unused)
}
