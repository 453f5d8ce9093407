//! The run's entry in the ledger.
//!
//! It is written after the links are in their place: a record of links that do not exist would falsify every rate of
//! return, and nobody would notice; links without a record are told, with how to repeat the run.

use super::super::args::GenerateArgs;
use super::super::exit::Failure;
use super::super::ledger;
use super::{Prepared, Summary};
use linkmint::batch::generate::{ClaimPlan, ClaimSource};
use linkmint::key::KeyId;
use linkmint::ledger::{CAMPAIGN, Ledger, Options, Run};
use linkmint::moment::UnixTime;
use linkmint::token::Revocations;
use std::path::PathBuf;

/// A ledger that a run is to be recorded in.
pub(super) struct Record {
    ledger: Ledger,
    path: PathBuf,
    now: UnixTime,
    /// The campaign of all rows, where it is one.
    constant: Option<String>,
}

/// Where it is to be recorded, if it is; and no output may take its place.
pub(super) fn place(args: &GenerateArgs) -> Result<Option<PathBuf>, Failure> {
    let path = ledger::locate(args.ledger.as_deref())?.filter(|_| args.preview.is_none());
    if let Some(path) = &path {
        let outputs = [&args.file.output, &args.file.rejects, &args.summary_file];
        ledger::check_apart(path, &outputs.map(|output| output.as_deref()))?;
    }
    Ok(path)
}

/// Opens it before the first row: what is no ledger must not be found out when all is done.
pub(super) fn open(path: PathBuf, prepared: &mut Prepared, now: UnixTime, quiet: bool) -> Result<Record, Failure> {
    let options = Options {
        create: true,
        read_only: false,
        sync: true,
        clock: None,
    };
    let ledger = ledger::open(&path, options, quiet)?;
    // what is sealed in the tokens is not told in the ledger either
    let is_campaign = |claim: &&ClaimPlan| claim.name.as_str() == CAMPAIGN && !prepared.plan.checks.sealed;
    let constant = match prepared.plan.claims.iter().find(is_campaign).map(|claim| &claim.source) {
        Some(ClaimSource::Constant(value)) => Some(value.clone()),
        Some(ClaimSource::Column { column, .. }) => {
            prepared.plan.checks.campaigns = Some(*column);
            None
        }
        None => None,
    };
    Ok(Record {
        ledger,
        path,
        now,
        constant,
    })
}

impl Record {
    /// All that is revoked in it.
    pub(super) fn revocations(&self) -> Result<Revocations, Failure> {
        let revocations = self.ledger.revocations();
        revocations.map_err(|error| ledger::failure(error, &self.path))
    }

    pub(super) fn write(mut self, prepared: &Prepared, key_id: KeyId, summary: &Summary) -> Result<(), Failure> {
        let tally = &summary.report.tally;
        // kept tokens belong to the runs that made them
        let rows = summary.written - tally.kept.min(summary.written);
        let campaigns = match self.constant {
            Some(campaign) => vec![(campaign, rows)],
            None => tally
                .campaigns
                .all()
                .iter()
                .filter(|(name, _)| !name.is_empty())
                .cloned()
                .collect(),
        };
        let run = Run {
            at: self.now.0,
            key_id,
            rows,
            issued_at: prepared.times.issued_at.0,
            first_id: prepared.token.first_id,
            expiries: tally.expiries.bounds(),
            never: tally.never,
            campaigns,
            input: summary.input.clone(),
            repeat: summary.repeat(),
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
