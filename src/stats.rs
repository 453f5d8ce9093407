//! What a ledger has counted, as numbers: by claim, day, hour or status, with what came back of each run.
//!
//! One walk through the ledger answers a [`Query`] with a [`Survey`], which is also the JSON of `stats --json`. Text,
//! CSV and pages are made elsewhere.

mod count;
mod group;
mod json;
mod returns;
mod revoked;
mod survey;
mod top;

pub use count::{Count, Counts};
pub use group::{By, ByError, Group, Key};
pub use json::RunsJson;
pub use returns::RunReturn;
pub use revoked::RevokedJson;
pub use survey::{Query, Span, Survey, is_edge, take};
pub use top::TopToken;
