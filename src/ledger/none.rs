//! In place of a ledger, in a build without them.

use super::records::{How, Revoked, Run, TokenRecord, Uses};
use super::{LedgerError, Options, Sightings};
use crate::claims::Claims;
use crate::moment::UnixTime;
use crate::token::{Revocation, Revocations, Trace};
use std::convert::Infallible;
use std::path::Path;

/// Can't be opened in this build.
#[derive(Debug)]
pub struct Ledger(Infallible);

/// Each does what its namesake does in a build with ledgers, and none can be reached in this one.
#[expect(
    clippy::missing_errors_doc,
    clippy::must_use_candidate,
    reason = "nothing can be done with it"
)]
#[expect(missing_docs, reason = "the other build tells")]
impl Ledger {
    pub fn open(_path: &Path, _options: Options) -> Result<Self, LedgerError> {
        Err(LedgerError::NotBuilt)
    }

    pub fn is_new(&self) -> bool {
        match self.0 {}
    }

    pub fn begin_bulk(&mut self) -> Result<(), LedgerError> {
        match self.0 {}
    }

    pub fn end_bulk(&mut self) -> Result<(), LedgerError> {
        match self.0 {}
    }

    pub fn count(&mut self, _sightings: &Sightings, _now: UnixTime) -> Result<Vec<Uses>, LedgerError> {
        match self.0 {}
    }

    pub fn uses(&self, _trace: &Trace) -> Result<Uses, LedgerError> {
        match self.0 {}
    }

    pub fn uses_of(&self, _sightings: &Sightings) -> Result<Vec<Uses>, LedgerError> {
        match self.0 {}
    }

    pub fn tokens(&self, _each: impl FnMut(&TokenRecord<'_>)) -> Result<(), LedgerError> {
        match self.0 {}
    }

    pub fn prune(&mut self, _now: UnixTime) -> Result<u64, LedgerError> {
        match self.0 {}
    }

    pub fn revocation(&self, _trace: &Trace, _claims: Claims<'_>) -> Result<Option<Revocation>, LedgerError> {
        match self.0 {}
    }

    pub fn revocations(&self) -> Result<Revocations, LedgerError> {
        match self.0 {}
    }

    pub fn revoke(
        &mut self,
        _tokens: &Sightings,
        _how: How,
        _revocation: &Revocation,
    ) -> Result<Vec<Option<Revocation>>, LedgerError> {
        match self.0 {}
    }

    pub fn revoke_claim(
        &mut self,
        _name: &str,
        _value: &str,
        _because: &Revocation,
    ) -> Result<Option<Revocation>, LedgerError> {
        match self.0 {}
    }

    pub fn unrevoke(&mut self, _tokens: &Sightings) -> Result<Vec<bool>, LedgerError> {
        match self.0 {}
    }

    pub fn unrevoke_claim(&mut self, _name: &str, _value: &str) -> Result<bool, LedgerError> {
        match self.0 {}
    }

    pub fn revoked(&self, _each: impl FnMut(Revoked) -> bool) -> Result<(), LedgerError> {
        match self.0 {}
    }

    pub fn record(&mut self, _run: &Run) -> Result<(), LedgerError> {
        match self.0 {}
    }

    pub fn runs(&self) -> Result<Vec<Run>, LedgerError> {
        match self.0 {}
    }
}
