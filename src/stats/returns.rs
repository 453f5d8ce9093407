//! Which run made a token, and how many of a run's tokens came back.
//!
//! A token belongs to a run when key and time of issue are the run's and its id comes soon after the run's first one.
//! So tokens of runs that were not recorded never make a rate better, and none is above 100 %. A run that was made
//! again counts once: it made the same tokens. Of a run whose tokens began to be pruned, it is not known how many came
//! back: it has no rate, and is no part of its campaigns'.

use crate::key::KeyId;
use crate::ledger::{Run, TokenRecord};
use crate::moment::{UnixTime, Zone};
use crate::number::grouped;
use crate::token::TokenId;
use std::collections::HashMap;

/// Ids of a run begin at random among 2^48, and its rejected rows count: no run is as long as this, and hardly ever do
/// two runs of the same second begin so near to each other.
const SOON: u64 = 1 << 32;

/// A run with how many of its tokens were checked.
#[derive(Clone, Debug)]
pub struct RunReturn {
    /// The run as it was recorded.
    pub run: Run,
    /// How many of its tokens were checked.
    pub returned: u64,
    /// Whether a later run made the same tokens again, and stands for both.
    pub is_repeated: bool,
    /// The id that was counted last.
    last: Option<TokenId>,
}

impl RunReturn {
    /// Whether it is known how many came back, so that there is a rate.
    #[must_use]
    pub fn is_known(&self) -> bool {
        !self.is_repeated && self.run.pruned_at.is_none()
    }

    /// When its tokens end, in words.
    #[must_use]
    pub fn expiry(&self, zone: &Zone) -> String {
        let run = &self.run;
        let minute = |seconds| zone.minute(UnixTime(seconds));
        let times = run.expiries.map(|(first, last)| match first == last {
            true => minute(first),
            false => format!("{} to {}", minute(first), minute(last)),
        });
        match (times, run.never) {
            (None, _) => "never".to_owned(),
            (Some(times), 0) => times,
            (Some(times), never) => format!("{times}, {} never", grouped(never)),
        }
    }
}

/// All runs, in the order in which they were made.
#[derive(Debug)]
pub(super) struct Returns {
    pub(super) runs: Vec<RunReturn>,
    of_second: HashMap<(KeyId, u32), Vec<usize>>,
}

impl Returns {
    pub(super) fn new(runs: Vec<Run>) -> Self {
        let mut of_second: HashMap<_, Vec<usize>> = HashMap::new();
        let mut all: Vec<RunReturn> = Vec::with_capacity(runs.len());
        for mut run in runs {
            let same = of_second.entry((run.key_id, run.issued_at)).or_default();
            same.retain(|&index| {
                let earlier = &mut all[index];
                earlier.is_repeated = earlier.run.first_id == run.first_id;
                if earlier.is_repeated {
                    run.pruned_at = run.pruned_at.or(earlier.run.pruned_at);
                }
                !earlier.is_repeated
            });
            same.push(all.len());
            all.push(RunReturn {
                run,
                returned: 0,
                is_repeated: false,
                last: None,
            });
        }
        Self { runs: all, of_second }
    }

    /// Finds the run that made a token, if one did, and counts the token there where it `counts`. Tokens come in the order
    /// of their ids, and each id counts once: a run that was not recorded may have made others with the same ids.
    pub(super) fn add(&mut self, token: &TokenRecord<'_>, counts: bool) -> bool {
        let found = token.issued_at.zip(token.id).and_then(|(issued_at, id)| {
            let same = self.of_second.get(&(token.key_id, issued_at))?;
            let after = |index: &&usize| id.since(self.runs[**index].run.first_id);
            same.iter().min_by_key(after).filter(|index| after(index) < SOON)
        });
        let Some(&index) = found else { return false };
        let one = &mut self.runs[index];
        let is_new = one.last != token.id && one.returned < one.run.rows;
        if counts && is_new {
            one.returned += 1;
            one.last = token.id;
        }
        is_new
    }

    /// How many tokens were made for each campaign.
    pub(super) fn minted(&self) -> HashMap<String, u64> {
        let mut minted = HashMap::new();
        for one in self.runs.iter().filter(|one| one.is_known()) {
            for (campaign, rows) in &one.run.campaigns {
                *minted.entry(campaign.clone()).or_default() += rows;
            }
        }
        minted
    }

    /// How many tokens were made and how many of them were checked, if any run is known.
    pub(super) fn total(&self) -> Option<(u64, u64)> {
        let known = self.runs.iter().filter(|one| one.is_known());
        known
            .map(|one| (one.run.rows, one.returned))
            .reduce(|sum, one| (sum.0 + one.0, sum.1 + one.1))
    }
}
