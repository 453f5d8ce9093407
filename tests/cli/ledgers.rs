//! Ledgers with what a test wants in them, filled by the library.

use crate::support::{Folder, ISSUED};
use linkmint::claims::ClaimSet;
use linkmint::key::{Key, Secret};
use linkmint::ledger::{How, Ledger, Options, Run, Sightings};
use linkmint::moment::instant;
use linkmint::token::{Form, Minter, Revocation, Status, TokenId, UntrustedToken, Validity};
use linkmint::{Alphabet, UnixTime};

/// The name of every test's ledger.
pub(crate) const LEDGER: &str = "ledger.db";

pub(crate) fn at(text: &str) -> UnixTime {
    instant(text).expect("an instant")
}

/// An id of twelve hex digits.
pub(crate) fn id(number: u64) -> TokenId {
    TokenId::parse("000000000000").expect("an id").plus(number)
}

/// A ledger that is being filled.
pub(crate) struct Book {
    ledger: Ledger,
    key: Key,
    next: u64,
}

impl Book {
    /// `ledger.db` in the folder.
    pub(crate) fn new(folder: &Folder) -> Self {
        let options = Options {
            create: true,
            ..Options::default()
        };
        let secret = Secret::new((0..32).collect::<Vec<u8>>().into()).expect("32 bytes");
        Self {
            ledger: Ledger::open(&folder.path(LEDGER), options).expect("a ledger"),
            key: Key::new(secret),
            next: 0,
        }
    }

    /// The next token of those that are issued at the usual time, with these claims and an hour to live.
    pub(crate) fn token(&mut self, claims: &[(&str, &str)]) -> String {
        self.lasting(claims, Some(3_600), Form::default())
    }

    pub(crate) fn sealed(&mut self, claims: &[(&str, &str)]) -> String {
        self.lasting(claims, Some(3_600), Form::Sealed(Alphabet::Base64Url))
    }

    pub(crate) fn lasting(&mut self, claims: &[(&str, &str)], seconds: Option<u32>, form: Form) -> String {
        self.next += 1;
        let issued = at(ISSUED).0;
        let validity = Validity::new(issued, seconds.map(|seconds| issued + seconds), None).expect("a validity");
        let claims = ClaimSet::of(claims.iter().copied()).expect("claims");
        let mut minter = Minter::new(&self.key, form);
        minter.mint_claims(&validity, id(self.next), &claims).expect("a token")
    }

    fn sightings(&self, token: &str, status: Status, times: u64) -> Sightings {
        let mut buffer = Vec::new();
        let token = UntrustedToken::read(token, &mut buffer).expect("a token");
        let token = token.authenticate(&[self.key.clone().into()]).expect("authentic");
        let mut sightings = Sightings::default();
        (0..times).for_each(|_| sightings.add(&token, token.trace(), status, false));
        sightings
    }

    /// Counts checks of a token.
    pub(crate) fn check(&mut self, token: &str, status: Status, time: &str, times: u64) {
        let sightings = self.sightings(token, status, times);
        self.ledger.count(&sightings, at(time)).expect("counted");
    }

    /// Counts a check of a new token of a campaign.
    pub(crate) fn check_of(&mut self, campaign: &str, time: &str) {
        let token = self.token(&[("campaign_id", campaign)]);
        self.check(&token, Status::Valid, time, 1);
    }

    pub(crate) fn revoke(&mut self, token: &str) {
        let because = Revocation {
            at: at(ISSUED).0,
            reason: None,
        };
        let tokens = self.sightings(token, Status::Valid, 1);
        self.ledger.revoke(&tokens, How::Token, &because).expect("revoked");
    }

    /// Takes a run in that made tokens from `first_id` on.
    pub(crate) fn record(&mut self, first_id: u64, campaigns: &[(&str, u64)]) {
        let issued_at = at(ISSUED).0;
        let run = Run {
            at: issued_at,
            key_id: self.key.id(),
            rows: campaigns.iter().map(|(_, rows)| rows).sum(),
            issued_at,
            first_id: id(first_id),
            expiries: Some((issued_at + 3_600, issued_at + 3_600)),
            never: 0,
            campaigns: campaigns
                .iter()
                .map(|(name, rows)| ((*name).to_owned(), *rows))
                .collect(),
            input: "customers.csv".to_owned(),
            repeat: format!("--issued-at {ISSUED} --first-id {}", id(first_id)),
            pruned_at: None,
        };
        self.ledger.record(&run).expect("taken in");
    }
}
