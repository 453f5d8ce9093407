//! An answer that breaks off, and why: its status was sent long before, so that the end alone can tell.

use super::list::table_problem;
use super::spool::SpoolWriter;
use crate::batch::BatchError;
use crate::service::log::RequestId;
use crate::service::state::Service;
use serde::Serialize;
use std::fmt::Display;
use std::io::Write;

/// The last line of an answer of objects: what became of the list, or why the answer breaks off.
#[derive(Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum LastLine<'a, Summary> {
    Summary(Summary),
    Error(&'a str),
}

impl<Summary: Serialize> LastLine<'_, Summary> {
    pub(super) fn write(&self, writer: &mut SpoolWriter) -> Result<(), Why> {
        let line = serde_json::to_string(self).expect("it has text keys") + "\n";
        writer.write_all(line.as_bytes()).map_err(|_| Why::gone())
    }
}

/// Why an answer breaks off, without anything of its list.
pub(super) struct Why {
    told: String,
    /// For the log alone.
    more: Option<String>,
}

impl Why {
    pub(super) fn of(error: BatchError) -> Self {
        match error {
            BatchError::Table(error) => table_problem(error).words().2.into(),
            BatchError::Ledger { source, .. } => Self::ledger(source),
            BatchError::Output(_) | BatchError::Rejects(_) => Self::gone(),
            error => error.to_string().as_str().into(),
        }
    }

    pub(super) fn ledger(error: impl Display) -> Self {
        Self {
            more: Some(error.to_string()),
            .."the ledger does not answer".into()
        }
    }

    pub(super) fn gone() -> Self {
        "the client has gone, or what it does not take can't be kept".into()
    }
}

impl From<&str> for Why {
    fn from(told: &str) -> Self {
        let told = told.to_owned();
        Self { told, more: None }
    }
}

/// Ends an answer that is whole. Any other is left without its end, and why is said: in the log, and in a last line where
/// that is an object of JSON.
pub(super) fn end(
    service: &Service,
    request: RequestId,
    mut writer: SpoolWriter,
    objects: bool,
    written: Result<(), Why>,
) {
    let Err(why) = written else {
        return writer.finish();
    };
    let more = why.more.iter().map(|more| format!(": {more}")).collect::<String>();
    let line = format!("{}{more}", why.told);
    service.log.tell(service.now(), Some(request), &line);
    if objects {
        // where the client has gone, nobody hears of it
        let _ = LastLine::<()>::Error(&why.told).write(&mut writer);
    }
}
