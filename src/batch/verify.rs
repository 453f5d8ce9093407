//! The rule of `verify --file`: a row's token is checked, and held against the row it stands in.
//!
//! A list sorted by one column only would send everyone another's link. So a claim whose name is also a column must
//! equal its cell, and where a row has both a token and a link, both must be the same token.

mod collect;
mod compare;
mod find;
mod output;

pub use collect::Collect;
pub use output::{RowAnswer, RowJson, RowOutput, VerifiedCells};

use super::duplicates::{Collecting, Collector, Fingerprint};
use super::expiry_text::ExpiryText;
use super::problem::check_form;
use super::{Reject, RowNumber, RowRule, Seen, Tally, Written};
use crate::key::{Key, KeyId};
use crate::table::Row;
use crate::token::{Authentic, Form, Refusal, Revocations, Status, Trace, UntrustedToken};
use compare::Comparison;
use find::Finder;
use std::borrow::Cow;
use std::sync::{Arc, Mutex};

/// What a token is checked against.
#[derive(Clone, Debug)]
pub struct Check {
    /// The keys there are.
    pub keys: Vec<Key>,
    /// Seconds since 1970.
    pub now: u64,
    /// How far clocks may be apart, in seconds.
    pub leeway: u64,
    /// Claims that every token must have, by name.
    pub expected: Vec<(String, String)>,
    /// Tokens that are called off.
    pub revocations: Revocations,
}

/// Which checks are counted, or at least looked up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Count {
    /// None.
    None,
    /// Those of all authentic tokens.
    Authentic {
        /// With the claims of sealed ones.
        keep_sealed: bool,
    },
}

/// A claim and the column that it must equal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Match {
    /// The claim's name.
    pub name: String,
    /// From 0.
    pub column: usize,
    /// Whether the token must have the claim; else it is compared where it has.
    pub needed: bool,
}

/// Where tokens stand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenColumns {
    /// The column that is read first.
    pub first: usize,
    /// Another one that must hold the same token.
    pub second: Option<usize>,
}

/// All that a run decides before its first row.
#[derive(Clone, Debug)]
pub struct VerifyPlan {
    /// How many columns the header has.
    pub width: usize,
    /// What tokens are checked against.
    pub check: Check,
    /// Where they stand.
    pub tokens: TokenColumns,
    /// What they must equal in their row.
    pub matches: Vec<Match>,
    /// Names of the columns, for what differs.
    pub columns: Vec<String>,
    /// What is written.
    pub output: RowOutput,
    /// Write rows only whose token is not valid.
    pub only_invalid: bool,
    /// Give those to the file of rejects instead.
    pub divert_invalid: bool,
    /// What is handed to the counter.
    pub count: Count,
}

/// What a check found out about a row's token.
pub(super) struct Verdict<'b> {
    refusal: Option<Refusal>,
    key_id: Option<KeyId>,
    form: Option<Form>,
    token: Option<Authentic<'b>>,
    /// Of an authentic token, where it is asked for.
    trace: Option<Trace>,
}

/// The rule, with a worker's own buffers.
#[derive(Debug)]
pub struct Verify {
    plan: Arc<VerifyPlan>,
    bench: Bench,
    expiry: ExpiryText,
    collecting: Collecting,
    seen: Seen,
}

/// What a worker uses again for every row.
#[derive(Debug, Default)]
struct Bench {
    first: Finder,
    second: Finder,
    /// The bytes of a row's token, of one that had to be searched for, and of the one beside it.
    buffers: [Vec<u8>; 3],
    comparison: Comparison,
    /// What the cells with the token and the link say, where they stand in quotes.
    unquoted: [String; 2],
}

impl Verify {
    /// A rule for one worker; tags of authentic tokens are collected in `tags`.
    #[must_use]
    pub fn new(plan: Arc<VerifyPlan>, tags: &Arc<Mutex<Vec<Collector>>>) -> Self {
        Self {
            plan,
            bench: Bench::default(),
            expiry: ExpiryText::default(),
            collecting: Collecting::into(tags),
            seen: Seen::default(),
        }
    }
}

impl Verdict<'_> {
    fn refused(refusal: Refusal) -> Self {
        Self {
            refusal: Some(refusal),
            key_id: None,
            form: None,
            token: None,
            trace: None,
        }
    }
}

impl Check {
    /// The signature, then what the token is held to.
    #[inline]
    fn verdict<'b>(&self, token: UntrustedToken<'b>, count: Count) -> Verdict<'b> {
        let (key_id, form) = (token.key_id(), Some(token.form()));
        match token.authenticate(&self.keys) {
            Err(refusal) => Verdict {
                key_id,
                form,
                ..Verdict::refused(refusal)
            },
            Ok(token) => {
                let asked = count != Count::None || !self.revocations.is_empty();
                let trace = asked.then(|| token.trace());
                Verdict {
                    refusal: self.judge(&token, trace).err(),
                    key_id,
                    form,
                    token: Some(token),
                    trace,
                }
            }
        }
    }

    #[inline]
    fn judge(&self, token: &Authentic<'_>, trace: Option<Trace>) -> Result<(), Refusal> {
        let revocation = trace.and_then(|trace| self.revocations.find(&trace, token.claims()));
        let expected = self.expected.iter().map(|(name, value)| (&**name, &**value));
        token.judge(revocation, self.now, self.leeway, expected)
    }
}

impl VerifyPlan {
    fn check_form(&self, row: &Row<'_>) -> Result<(), Reject> {
        check_form(row, self.width)?;
        self.output.check_empty(row)
    }

    /// Holds an authentic token against its row; `same` says whether the row's other cell has the same one.
    #[inline]
    fn hold_against(
        &self,
        row: &Row<'_>,
        verdict: &mut Verdict<'_>,
        same: bool,
        comparison: &mut Comparison,
        tally: &mut Tally,
    ) {
        let Some(token) = &verdict.token else {
            return;
        };
        let compared = comparison.of(row, token.claims(), &self.matches);
        tally.compared += u64::from(compared.any);
        if verdict.refusal.is_none() {
            let other = self.tokens.second.filter(|_| !same);
            let name = compared.differing.or(other).and_then(|column| self.columns.get(column));
            if let Some(name) = name {
                verdict.refusal = Some(Refusal::RowMismatch { name: name.clone() });
            }
        }
    }
}

impl Bench {
    /// The verdict about a row's token, in its row.
    #[inline]
    fn verdict(&mut self, plan: &VerifyPlan, row: &Row<'_>, tally: &mut Tally) -> Verdict<'_> {
        let [first_unquoted, second_unquoted] = &mut self.unquoted;
        let cell = row.text_in(plan.tokens.first, first_unquoted);
        let second = plan.tokens.second.map(|column| row.text_in(column, second_unquoted));
        let [buffer, searched, beside] = &mut self.buffers;
        // almost always what stands where a token is expected is one, the same in both cells
        let expected = self.first.likely(cell);
        let expected = expected.filter(|text| second.is_none_or(|cell| self.second.likely(cell) == Some(text)));
        if let Some(text) = expected
            && let Ok(token) = UntrustedToken::read(text, buffer)
        {
            let mut verdict = plan.check.verdict(token, plan.count);
            plan.hold_against(row, &mut verdict, true, &mut self.comparison, tally);
            return verdict;
        }
        let first = self.first.token_in(cell);
        let other = second.map(|cell| self.second.token_in(cell));
        // a row whose token cell is empty is judged by its link
        let text = match (&first, &other) {
            (Err(_), Some(Ok(link))) if cell.trim_ascii().is_empty() => link,
            (Ok(text), _) => text,
            (Err(refusal), _) => return Verdict::refused(refusal.clone()),
        };
        let mut verdict = match UntrustedToken::read(text, searched) {
            Ok(token) => plan.check.verdict(token, plan.count),
            Err(refusal) => return Verdict::refused(refusal),
        };
        let same = match (&other, &verdict.token) {
            (Some(link), Some(token)) => same_token(&first, link, token, &plan.check.keys, beside),
            _ => true,
        };
        plan.hold_against(row, &mut verdict, same, &mut self.comparison, tally);
        verdict
    }
}

type Found<'t> = Result<Cow<'t, str>, Refusal>;

/// Whether the second text is the same token as the first: the same text, or other text of the same bytes.
fn same_token(
    first: &Found<'_>,
    second: &Found<'_>,
    token: &Authentic<'_>,
    keys: &[Key],
    buffer: &mut Vec<u8>,
) -> bool {
    match (first, second) {
        (Ok(first), Ok(second)) if first == second => true,
        (Ok(_), Ok(second)) => UntrustedToken::read(second, buffer)
            .and_then(|other| other.authenticate(keys))
            .is_ok_and(|other| other.tag() == token.tag()),
        _ => false,
    }
}

impl RowRule for Verify {
    fn write(&mut self, row: &Row<'_>, at: RowNumber, tally: &mut Tally, out: &mut Vec<u8>) -> Result<Written, Reject> {
        let plan = &*self.plan;
        plan.check_form(row)?;
        let verdict = self.bench.verdict(plan, row, tally);
        tally.count_status(verdict.refusal.as_ref().map(Refusal::status));
        let valid = verdict.refusal.is_none();
        let start = out.len();
        if !(valid && plan.only_invalid) {
            let answer = RowAnswer::new(&verdict, at);
            plan.output.write(row, &answer, &mut self.expiry, out);
        }
        if let Some(token) = &verdict.token {
            self.collecting.take(Fingerprint::of_tag(token.tag()), at.row);
            if let (Count::Authentic { keep_sealed }, Some(trace)) = (plan.count, verdict.trace) {
                let status = verdict.refusal.as_ref().map_or(Status::Valid, Refusal::status);
                let place = plan
                    .output
                    .place_of_uses(&out[start..])
                    .map_or(start, |place| start + place);
                self.seen.add(token, trace, status, keep_sealed, place);
            }
        }
        Ok(match valid || !plan.divert_invalid {
            true => Written::Row,
            false => Written::Diverted,
        })
    }

    fn write_blank(&self, row: &Row<'_>, out: &mut Vec<u8>) {
        if !self.plan.only_invalid {
            self.plan.output.write_blank(row, self.plan.width, out);
        }
    }

    fn take_seen(&mut self, seen: &mut Seen) {
        std::mem::swap(&mut self.seen, seen);
        self.seen.clear();
    }

    fn wants_lines(&self) -> bool {
        self.plan.output.is_json()
    }
}
