//! What is drawn of each row's link: its code once, for a file of its own and for a label.

use super::codes::Codes;
use super::labels::Labels;
use super::{Reject, RowProblem};
use crate::qr::Code;
use crate::table::Row;
use std::sync::Arc;

/// What becomes of each row's link besides its cell.
#[derive(Clone, Debug, Default)]
pub struct Drawings {
    /// A picture in a file of its own.
    pub codes: Option<Arc<Codes>>,
    /// A label on a sheet.
    pub labels: Option<Arc<Labels>>,
}

impl Drawings {
    /// Whether there are any.
    pub(super) fn any(&self) -> bool {
        self.codes.is_some() || self.labels.is_some()
    }

    /// Draws a row's link, or its token where it has none.
    pub(super) fn draw(&self, number: u64, row: &Row<'_>, token: &[u8], link: &[u8]) -> Result<(), Reject> {
        let labels = self.labels.as_ref().filter(|labels| !labels.is_full());
        let level = self.codes.as_ref().map(|codes| codes.level);
        let Some(level) = level.or(labels.map(|labels| labels.level)) else {
            return Ok(());
        };
        let link = String::from_utf8_lossy(if link.is_empty() { token } else { link });
        let code = Code::of(&link, level).map_err(|error| RowProblem::LongCode(error).in_row())?;
        if let Some(codes) = &self.codes {
            codes.draw(number, &code)?;
        }
        if let Some(labels) = labels {
            labels.make(number, row, token, &code);
        }
        Ok(())
    }

    /// The name of a row's file.
    pub(super) fn name(&self, number: u64) -> String {
        self.codes.as_ref().map(|codes| codes.name(number)).unwrap_or_default()
    }

    /// Takes back what was drawn of a row that turns out to be bad.
    pub(super) fn forget(&self, number: u64) {
        self.codes.iter().for_each(|codes| codes.forget(number));
        self.labels.iter().for_each(|labels| labels.forget(number));
    }
}
