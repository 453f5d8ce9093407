//! The link of a row: by the pattern of all, or at the row's own address.

use crate::batch::problem::{RowProblem, excerpt};
use crate::batch::{NewCells, Reject};
use crate::link::{CellError, LinkPattern};
use crate::table::{Chunk, ColumnError, Header, Row};
use std::sync::{Arc, OnceLock};

/// What link a row gets.
#[derive(Clone, Debug)]
pub struct LinkPlan {
    /// The pattern for all rows that have none of their own, with the columns its placeholders name.
    pub pattern: Option<(LinkPattern, Vec<usize>)>,
    /// The column with base URLs of rows' own.
    pub(crate) base_url_column: Option<usize>,
    /// The query parameter that the token becomes in those.
    pub(crate) param: Option<String>,
    /// The host that links are expected to lead to: that of the pattern, else of the first row.
    pub(super) first_host: Arc<OnceLock<String>>,
}

impl LinkPlan {
    /// Links by a pattern with the columns that its placeholders name, by rows' own addresses, or by both.
    #[must_use]
    pub fn new(
        pattern: Option<(LinkPattern, Vec<usize>)>,
        base_url_column: Option<usize>,
        param: Option<String>,
    ) -> Self {
        let first_host = Arc::new(OnceLock::new());
        if let Some((pattern, _)) = &pattern {
            first_host.get_or_init(|| pattern.host().to_owned());
        }
        Self {
            pattern,
            base_url_column,
            param,
            first_host,
        }
    }

    /// The same, with the columns of a list of which each placeholder names one.
    ///
    /// # Errors
    /// When a placeholder names none, or could mean several.
    pub fn of(
        pattern: Option<LinkPattern>,
        header: &Header,
        base_url_column: Option<usize>,
        param: Option<String>,
    ) -> Result<Self, ColumnError> {
        let with_columns = |pattern: LinkPattern| {
            let columns: Result<_, _> = pattern.columns().map(|name| header.column_alike(name)).collect();
            Ok((pattern, columns?))
        };
        let pattern = pattern.map(with_columns).transpose()?;
        Ok(Self::new(pattern, base_url_column, param))
    }

    /// What all links have before and behind their tokens, where rows differ in nothing else.
    #[must_use]
    pub fn around(&self) -> Option<(&str, &str)> {
        match (&self.pattern, self.base_url_column) {
            (Some((pattern, _)), None) => pattern.around(),
            _ => None,
        }
    }

    /// Looks for the first row with an address of its own. Each chunk must come by here before a worker has it: workers
    /// run ahead of each other, and must not take different hosts for the first.
    pub fn look_ahead(&self, chunk: &Chunk) {
        let Some(column) = self.base_url_column.filter(|_| self.looks_ahead()) else {
            return;
        };
        let host = |row: Row<'_>| {
            let mut own = None;
            let pattern = own_pattern(&mut own, &row, column, self.param.as_deref()).ok()??;
            Some(pattern.host().to_owned())
        };
        if let Some(host) = chunk.page().rows().find_map(host) {
            self.first_host.get_or_init(|| host);
        }
    }

    /// Whether the first of rows' own hosts is still to be found.
    pub(in crate::batch) fn looks_ahead(&self) -> bool {
        self.base_url_column.is_some() && self.first_host.get().is_none()
    }

    /// Whether a link may need quotes in a cell.
    pub(super) fn may_need_quotes(&self, places: &NewCells) -> bool {
        let mut text = Vec::new();
        match &self.pattern {
            Some((pattern, _)) if self.base_url_column.is_none() => {
                // what a cell becomes needs no quotes
                let _ = pattern.write(|_| {}, |_, out| out.push(b'x'), &mut text);
            }
            // rows' own addresses may hold anything that a URL may
            _ => return true,
        }
        places.may_quote(&text)
    }
}

/// Appends the row's link; whether its address is the row's own.
#[inline]
pub(in crate::batch) fn write_link(
    token: &[u8],
    own_link: &mut Option<(String, LinkPattern)>,
    row: &Row<'_>,
    link: &LinkPlan,
    out: &mut Vec<u8>,
) -> Result<bool, Reject> {
    write_link_with(|out| out.extend_from_slice(token), own_link, row, link, out)
}

/// The same, with what `token` appends in place of a token.
#[inline]
pub(super) fn write_link_with(
    token: impl Fn(&mut Vec<u8>),
    own_link: &mut Option<(String, LinkPattern)>,
    row: &Row<'_>,
    link: &LinkPlan,
    out: &mut Vec<u8>,
) -> Result<bool, Reject> {
    let start = out.len();
    let own = match link.base_url_column {
        Some(column) => own_pattern(own_link, row, column, link.param.as_deref())?,
        None => None,
    };
    match (own, &link.pattern) {
        // a base URL has no cells that could be wrong
        (Some(pattern), _) => _ = pattern.write(token, |_, _| {}, out),
        (None, Some((pattern, columns))) => {
            let cell = |index: usize, out: &mut Vec<u8>| {
                let text = row.text(columns[index]).unwrap_or_default();
                out.extend_from_slice(text.trim_ascii().as_bytes());
            };
            let written = pattern.write(token, cell, out);
            written.map_err(|CellError { cell, error }| RowProblem::PathCell(error).in_column(columns[cell]))?;
        }
        (None, None) => {
            let (column, problem) = (link.base_url_column, RowProblem::NoBaseUrl);
            return Err(Reject { column, problem });
        }
    }
    match out.len() - start {
        length if row.most_text().is_some_and(|most| length > most) => Err(RowProblem::LongLink(length).in_row()),
        _ => Ok(own.is_some()),
    }
}

/// The pattern of a row's own address, parsed again only where it is another than the last one.
fn own_pattern<'a>(
    last: &'a mut Option<(String, LinkPattern)>,
    row: &Row<'_>,
    column: usize,
    param: Option<&str>,
) -> Result<Option<&'a LinkPattern>, Reject> {
    let text = row.text(column).unwrap_or_default();
    let text = text.trim_ascii();
    if text.is_empty() {
        return Ok(None);
    }
    if last.as_ref().is_none_or(|(last, _)| last != text) {
        let pattern = match param {
            Some(name) => LinkPattern::from_base_and_param(text, name),
            None => LinkPattern::from_base(text),
        };
        let pattern = pattern.map_err(|error| {
            let text = excerpt(text);
            RowProblem::BaseUrl { text, error }.in_column(column)
        })?;
        *last = Some((text.to_owned(), pattern));
    }
    Ok(last.as_ref().map(|(_, pattern)| pattern))
}
