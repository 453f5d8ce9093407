//! A run's entry in the ledger, as the command line writes it.

use crate::fault::{Fault, Kind, in_words};
use crate::generate::Made;
use crate::meaning::{id, now, of_moment};
use linkmint::batch::MOST_CAMPAIGNS;
use linkmint::excerpt::Harmless;
use linkmint::key::KeyId;
use linkmint::ledger::{Ledger, LedgerError, Location, Options, Run};
use linkmint::moment;
use pyo3::prelude::*;
use std::error::Error;
use std::path::{Path, PathBuf};

/// Opens a ledger, and makes it where there is none: what can't be used is told before the first token.
#[pyfunction]
pub(crate) fn check_ledger(py: Python<'_>, name: PathBuf) -> PyResult<()> {
    Ok(py.detach(|| open(&name).map(drop))?)
}

/// Takes a run in. Its ledger is opened anew: hours may lie between its first token and its last.
#[pyfunction]
pub(crate) fn record_run(
    py: Python<'_>,
    name: PathBuf,
    made: Made,
    issued_at: &str,
    first_id: &str,
    source: String,
) -> PyResult<()> {
    let issued_at = moment::instant(issued_at).map_err(|error| of_moment("issued_at", &error))?;
    let first_id = id("first_id", Some(first_id))?;
    let key_id = KeyId::parse(&made.key_id);
    let run = Run {
        at: now()?.0,
        key_id: key_id.ok_or_else(|| Fault::new(Kind::Internal, "a run without a key"))?,
        rows: made.rows,
        issued_at: issued_at.0,
        first_id,
        expiries: made.expiries,
        never: made.never,
        campaigns: made
            .campaigns
            .filter(|campaigns| campaigns.len() <= MOST_CAMPAIGNS)
            .unwrap_or_default(),
        input: source,
        repeat: format!("--issued-at {issued_at} --first-id {first_id}"),
        pruned_at: None,
    };
    let record = || {
        let mut ledger = open(&name)?;
        ledger.record(&run).map_err(|error| fault(error, &name))?;
        // of no copy of the one file it should be missing, but readers are not waited for
        let _ = ledger.end_bulk();
        Ok::<_, Fault>(())
    };
    Ok(py.detach(record)?)
}

fn open(name: &Path) -> Result<Ledger, Fault> {
    let options = Options {
        create: true,
        read_only: false,
        sync: true,
        clock: None,
    };
    Ledger::open(name, options).map_err(|error| fault(error, name))
}

/// Why a ledger can't be used, with its causes and without a password.
fn fault(error: LedgerError, name: &Path) -> Fault {
    let hint = match error {
        LedgerError::NoName => "ledger names a file, or postgres://USER@HOST/DATABASE",
        LedgerError::Missing => "check the name",
        _ => error.hint(),
    };
    let mut words = match &error {
        LedgerError::Io(error) => in_words(error),
        error => error.to_string(),
    };
    let mut cause = error.source();
    while let Some(error) = cause {
        words += &format!(": {error}");
        cause = error.source();
    }
    let fault = match name.as_os_str().is_empty() {
        true => Fault::new(Kind::Ledger, format_args!("ledger: {words}")),
        false => {
            let name = Location::of(name).to_string();
            Fault::new(Kind::Ledger, format_args!("{}: {words}", Harmless(&name)))
        }
    };
    fault.hint(hint)
}
