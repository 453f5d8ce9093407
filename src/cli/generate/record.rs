//! The run's entry in the ledger.
//!
//! It is written after the links are in their place: a record of links that do not exist would falsify every rate of
//! return, and nobody would notice; links without a record are told, with how to repeat the run.

use super::{Prepared, Summary};
use crate::cli::args::GenerateArgs;
use crate::cli::exit::Failure;
use crate::cli::{ledger, list};
use linkmint::batch::generate::{ClaimSource, campaign_source};
use linkmint::key::KeyId;
use linkmint::ledger::{Ledger, Options, Run};
use linkmint::moment::UnixTime;
use linkmint::token::Revocations;
use std::path::PathBuf;

/// A ledger that a run is to be recorded in.
pub(super) struct Record {
    ledger: Ledger,
    path: PathBuf,
    now: UnixTime,
}

/// Where it is to be recorded, if it is; and no output may take its place.
pub(super) fn place(args: &GenerateArgs) -> Result<Option<PathBuf>, Failure> {
    let path = ledger::locate(args.ledger.as_deref())?.filter(|_| args.preview.is_none());
    if let Some(path) = &path {
        let outputs = [&args.file.output, &args.file.rejects, &args.summary_file].map(|output| output.as_deref());
        let page = list::SheetFlags::of(&args.list)?.page;
        ledger::check_apart(path, &[&outputs[..], &[page]].concat())?;
    }
    Ok(path)
}

/// Opens it before the first row: what is no ledger must not be found out when all is done.
pub(super) fn open(path: PathBuf, prepared: &mut Prepared, now: UnixTime, quiet: bool) -> Result<Record, Failure> {
    let options = Options {
        create: true,
        sync: true,
        ..Options::default()
    };
    let ledger = ledger::open(&path, options, quiet)?;
    let plan = &mut prepared.plan;
    plan.checks.campaigns = campaign_source(&plan.claims, plan.checks.sealed).and_then(ClaimSource::column);
    Ok(Record { ledger, path, now })
}

impl Record {
    /// All that is revoked in it.
    pub(super) fn revocations(&self) -> Result<Revocations, Failure> {
        let revocations = self.ledger.revocations();
        revocations.map_err(|error| ledger::failure(error, &self.path))
    }

    pub(super) fn write(mut self, prepared: &Prepared, key_id: KeyId, summary: &Summary) -> Result<(), Failure> {
        let tally = &summary.run.report.tally;
        // kept tokens belong to the runs that made them
        let rows = summary.written - tally.kept.min(summary.written);
        let run = Run {
            at: self.now.0,
            key_id,
            rows,
            issued_at: prepared.times.issued_at.0,
            first_id: prepared.token.first_id,
            expiries: tally.expiries.bounds(),
            never: tally.never,
            campaigns: prepared.plan.campaigns(tally, rows),
            input: summary.run.input.clone(),
            repeat: summary.run.repeat().unwrap_or_default(),
            pruned_at: None,
        };
        self.ledger.record(&run).map_err(|error| {
            let failure = ledger::failure(error, &self.path);
            failure.after("and the run is not recorded; its links are complete")
        })?;
        // of no copy of the one file it should be missing, but readers are not waited for
        let _ = self.ledger.end_bulk();
        Ok(())
    }
}
