//! The rule of `verify --file`: a row's token is checked, and held against the row it stands in.
//!
//! A list sorted by one column only would send everyone another's link. So a claim whose name is also a column must
//! equal its cell, and where a row has both a token and a link, both must be the same token.

mod collect;
mod compare;
mod find;
mod output;
mod rewritten;
mod unmatched;

pub use collect::Collect;
pub use output::{EXPIRES, RowAnswer, RowOutput, STATUS, VerifiedCells};
pub use unmatched::MatchedClaims;

use super::duplicates::{Collecting, Collector, Fingerprint};
use super::expiry_text::ExpiryText;
use super::problem::{RowProblem, check_form};
use super::rejects::check_mended;
use super::{Reject, RowChecks, RowNumber, RowRule, Tally, Written};
use crate::check::{Answer, Count, Rules, Verdict};
use crate::key::CheckingKey;
use crate::table::{ColumnError, Header, Row};
use crate::token::{Authentic, Refusal, Revocations, Status, TokenGroup, UntrustedToken};
use compare::Comparison;
pub(super) use find::Finder;
use std::borrow::Cow;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

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

impl TokenColumns {
    /// The names of those that minting writes.
    pub const NAMES: [&str; 2] = ["token", "url_link"];

    /// One column, and no other.
    #[must_use]
    pub fn only(first: usize) -> Self {
        Self { first, second: None }
    }

    /// Those that minting writes, `token` and `url_link`, or the one there is.
    ///
    /// # Errors
    /// When one of them stands twice.
    pub fn of(header: &Header) -> Result<Option<Self>, ColumnError> {
        let [token, link] = Self::NAMES;
        Ok(match (header.find(token)?, header.find(link)?) {
            (Some(first), second) => Some(Self { first, second }),
            (None, first) => first.map(Self::only),
        })
    }

    /// The pairs that were given, and the columns of `names` that may have a claim's name.
    #[must_use]
    pub fn matches(&self, mut given: Vec<Match>, names: &[String], may: impl Fn(usize) -> bool) -> Vec<Match> {
        let is_own = |column: usize| column == self.first || Some(column) == self.second || !may(column);
        let is_given = |name: &String| given.iter().any(|pair| pair.name == *name);
        let others = names.iter().enumerate();
        let others = others.filter(|(column, name)| !name.is_empty() && !is_own(*column) && !is_given(name));
        let mut others: Vec<Match> = others
            .map(|(column, name)| Match {
                name: name.clone(),
                column,
                needed: false,
            })
            .collect();
        given.append(&mut others);
        given
    }
}

/// All that a run decides before its first row.
#[derive(Clone, Debug)]
pub struct VerifyPlan {
    /// How many columns the header has.
    pub width: usize,
    /// What tokens are checked against.
    pub rules: Rules,
    /// Tokens that are revoked.
    pub revocations: Revocations,
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
    /// Write rows that can't be read as objects in their places; it goes with [`RowOutput::Json`].
    pub keep_rejected: bool,
    /// The column that says what was wrong with a row before it became one, where something was.
    pub faults: Option<usize>,
    /// What is handed to the counter.
    pub count: Count,
    /// Answers say nothing of claims; it goes with [`RowOutput::Json`].
    pub hides_claims: bool,
    /// Answers about tokens with other claims than expected say nothing that tells whose they are; as above.
    pub hides_mismatched: bool,
}

/// The rule, with a worker's own buffers.
#[derive(Debug)]
pub(crate) struct Verify {
    plan: Arc<VerifyPlan>,
    scratch: Scratch,
    expiry: ExpiryText,
    collecting: Collecting,
    seen: RowChecks,
}

/// What a worker uses again for every row.
#[derive(Debug, Default)]
pub(super) struct Scratch {
    group: TokenGroup,
    /// Of the rows that come next, where the token is in the group; none where it has to be found or checked by itself.
    foreseen: VecDeque<Option<usize>>,
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
    pub(crate) fn new(plan: Arc<VerifyPlan>, tags: &Arc<Mutex<Vec<Collector>>>) -> Self {
        Self {
            plan,
            scratch: Scratch::default(),
            expiry: ExpiryText::default(),
            collecting: Collecting::into(tags),
            seen: RowChecks::default(),
        }
    }
}

impl VerifyPlan {
    /// A plan that holds no claim against a cell, counts nothing and writes every row that can be read; without a header,
    /// for a list of one text a line.
    #[must_use]
    pub fn new(rules: Rules, tokens: TokenColumns, header: Option<&Header>, output: RowOutput) -> Self {
        Self {
            width: header.map_or(1, Header::len),
            rules,
            revocations: Revocations::default(),
            tokens,
            matches: Vec::new(),
            columns: header.map(|header| header.names().to_vec()).unwrap_or_default(),
            output,
            only_invalid: false,
            divert_invalid: false,
            keep_rejected: false,
            faults: None,
            count: Count::None,
            hides_claims: false,
            hides_mismatched: false,
        }
    }

    /// The verdict about a token by itself.
    #[inline]
    fn verdict<'b>(&self, token: UntrustedToken<'b>) -> Verdict<'b> {
        self.rules.verdict_at(self.rules.now, token, self.revocations())
    }

    /// What is revoked, where that matters.
    #[inline]
    fn revocations(&self) -> Option<&Revocations> {
        let asked = self.count != Count::None || !self.revocations.is_empty();
        asked.then_some(&self.revocations)
    }

    /// What was wrong with a row before it became one.
    fn check_source(&self, row: &Row<'_>) -> Result<(), Reject> {
        let fault = self.faults.and_then(|column| row.text(column)).unwrap_or_default();
        // what is no text may be compared as it was written
        match fault.is_empty() || fault.starts_with('@') {
            true => Ok(()),
            false => Err(RowProblem::Source(fault.into_owned()).in_row()),
        }
    }

    /// As much of an answer as may be seen.
    fn seen(&self, answer: Answer) -> Answer {
        let answer = match self.hides_mismatched {
            true => answer.held_to(&self.rules.expected),
            false => answer,
        };
        match self.hides_claims {
            true => answer.without_claims(),
            false => answer,
        }
    }

    /// The status that a verdict is counted under: what a summary says of one row is told of its token.
    #[inline]
    fn told_status(&self, verdict: &Verdict<'_>) -> Option<Status> {
        let status = verdict.refusal.as_ref().map(Refusal::status);
        match self.hides_mismatched {
            true => status.map(|_| self.seen(Answer::of(verdict, &self.rules)).status()),
            false => status,
        }
    }

    /// Rejects a row that can't be read, or lacks what is needed of it.
    pub(super) fn check_row(&self, row: &Row<'_>) -> Result<(), Reject> {
        check_mended(row, None, self.width, |column| self.needs(column))?;
        check_form(row, self.width)?;
        self.check_calculated(row)
    }

    /// Whether a token stands in a column, or a claim is compared with it.
    fn needs(&self, column: usize) -> bool {
        let tokens = [Some(self.tokens.first), self.tokens.second];
        tokens.contains(&Some(column)) || self.matches.iter().any(|own| own.column == column)
    }

    /// Rejects a formula that was never calculated where a token stands or a claim is compared.
    fn check_calculated(&self, row: &Row<'_>) -> Result<(), Reject> {
        match row.uncalculated().find(|column| self.needs(*column)) {
            Some(column) => Err(RowProblem::Uncalculated.in_column(column)),
            None => Ok(()),
        }
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
        // not even the names of its claims are told
        if self.hides_mismatched && verdict.refusal.is_some() {
            return;
        }
        let compared = comparison.of(row, token.claims(), &self.matches, tally);
        tally.compared += u64::from(compared.any);
        if verdict.refusal.is_none() {
            let other = self.tokens.second.filter(|_| !same);
            let name = compared.differing.or(other).and_then(|column| self.columns.get(column));
            let rewritten = compared.differing.is_some() && compared.rewritten && same;
            tally.rewritten += u64::from(rewritten);
            verdict.refusal = name.cloned().map(|name| match rewritten {
                true => Refusal::CellRewritten { name },
                false => Refusal::RowMismatch { name },
            });
        }
    }
}

impl Scratch {
    /// Takes a row's token into the group, where it stands as expected.
    #[inline]
    fn foresee(&mut self, plan: &VerifyPlan, row: &Row<'_>) {
        let [first_unquoted, second_unquoted] = &mut self.unquoted;
        let mut token = None;
        if row.len() == plan.width {
            let cell = row.text_in(plan.tokens.first, first_unquoted);
            let second = plan.tokens.second.map(|column| row.text_in(column, second_unquoted));
            let text = expected(&self.first, &self.second, cell, second);
            token = text.and_then(|text| self.group.take(text, &plan.rules.keys));
        }
        self.foreseen.push_back(token);
    }

    /// The verdict about a row's token that is in the group, in its row.
    #[inline]
    fn verdict_in_group(&mut self, plan: &VerifyPlan, row: &Row<'_>, token: usize, tally: &mut Tally) -> Verdict<'_> {
        let mut verdict = plan.rules.verdict_in_group(&self.group, token, plan.revocations());
        plan.hold_against(row, &mut verdict, true, &mut self.comparison, tally);
        verdict
    }

    /// The verdict about a row's token, in its row.
    #[inline]
    pub(super) fn verdict(&mut self, plan: &VerifyPlan, row: &Row<'_>, tally: &mut Tally) -> Verdict<'_> {
        let [first_unquoted, second_unquoted] = &mut self.unquoted;
        let cell = row.text_in(plan.tokens.first, first_unquoted);
        let second = plan.tokens.second.map(|column| row.text_in(column, second_unquoted));
        let [buffer, searched, beside] = &mut self.buffers;
        if let Some(text) = expected(&self.first, &self.second, cell, second)
            && let Ok(token) = UntrustedToken::read(text, buffer)
        {
            let mut verdict = plan.verdict(token);
            plan.hold_against(row, &mut verdict, true, &mut self.comparison, tally);
            return verdict;
        }
        let first = self.first.token_in(cell);
        let other = second.map(|cell| self.second.token_in(cell));
        // a row whose token cell is empty is judged by its link
        let text = match (&first, &other) {
            (Err(_), Some(Ok(link))) if cell.trim_ascii().is_empty() && row.is_readable(plan.tokens.first) => link,
            (Ok(text), _) => text,
            (Err(refusal), _) => return Verdict::refused(refusal.clone()),
        };
        let mut verdict = match UntrustedToken::read(text, searched) {
            Ok(token) => plan.verdict(token),
            Err(refusal) => return Verdict::refused(refusal),
        };
        let same = match (&other, &verdict.token) {
            (Some(link), Some(token)) => same_token(&first, link, token, &plan.rules.keys, beside),
            _ => true,
        };
        plan.hold_against(row, &mut verdict, same, &mut self.comparison, tally);
        verdict
    }
}

/// What stands where a row's token is expected: almost always it is one, the same in both cells.
#[inline]
fn expected<'t>(first: &Finder, second: &Finder, cell: &'t str, other: Option<&str>) -> Option<&'t str> {
    let text = first.likely(cell)?;
    other
        .is_none_or(|cell| second.likely(cell) == Some(text))
        .then_some(text)
}

pub(super) type Found<'t> = Result<Cow<'t, str>, Refusal>;

/// Whether the second text is the same token as the first: the same text, or other text of the same bytes.
pub(super) fn same_token(
    first: &Found<'_>,
    second: &Found<'_>,
    token: &Authentic<'_>,
    keys: &[CheckingKey],
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
    #[inline]
    fn foresee(&mut self, row: &Row<'_>, _at: RowNumber, _tally: &mut Tally) {
        if self.scratch.foreseen.is_empty() {
            self.scratch.group.clear();
        }
        self.scratch.foresee(&self.plan, row);
    }

    fn foreseen(&mut self) {
        self.scratch.group.check(&self.plan.rules.keys);
    }

    fn write(&mut self, row: &Row<'_>, at: RowNumber, tally: &mut Tally, out: &mut Vec<u8>) -> Result<Written, Reject> {
        let plan = &*self.plan;
        let foreseen = self.scratch.foreseen.pop_front().flatten();
        plan.check_source(row)?;
        match plan.check_row(row) {
            Err(reject) if !plan.output.answers(&reject) => return Err(reject),
            _ => {}
        }
        plan.output.check_empty(row)?;
        let verdict = match foreseen {
            Some(token) => self.scratch.verdict_in_group(plan, row, token, tally),
            None => self.scratch.verdict(plan, row, tally),
        };
        tally.count_status(plan.told_status(&verdict));
        let valid = verdict.refusal.is_none();
        let counted = match (plan.count, &verdict.token, verdict.trace) {
            (Count::Authentic { keep_sealed }, Some(token), Some(trace)) => Some((token, trace, keep_sealed)),
            _ => None,
        };
        let start = out.len();
        let mut waits = None;
        if !(valid && plan.only_invalid) {
            match plan.output {
                RowOutput::Json => {
                    let answer = RowAnswer::new(plan.seen(Answer::of(&verdict, &plan.rules)), at);
                    let hides = plan.hides_mismatched && answer.answer.status() == Status::ClaimMismatch;
                    // how often its token was checked is known when it is counted
                    match counted.is_some() && !hides {
                        true => waits = Some(answer),
                        false => answer.write(out),
                    }
                    out.push(b'\n');
                }
                _ => plan.output.write(row, &verdict, &mut self.expiry, out),
            }
        }
        if let Some(token) = &verdict.token {
            self.collecting.own.take(Fingerprint::of_tag(token.tag()), at.row);
        }
        if let Some((token, trace, keep_sealed)) = counted {
            self.seen.add(token, trace, verdict.status(), keep_sealed, start, waits);
        }
        Ok(match valid || !plan.divert_invalid {
            true => Written::Row,
            false => Written::Diverted,
        })
    }

    fn write_rejected(&self, _row: &Row<'_>, at: RowNumber, reject: &Reject, out: &mut Vec<u8>) {
        let plan = &*self.plan;
        match &plan.output {
            RowOutput::Values(show) => output::push_no_verdict(show, out),
            _ if plan.keep_rejected => output::write_unreadable(at, &reject.told(&plan.columns), out),
            _ => {}
        }
    }

    fn write_blank(&self, row: &Row<'_>, out: &mut Vec<u8>) {
        if !self.plan.only_invalid {
            self.plan.output.write_blank(row, self.plan.width, out);
        }
    }

    fn take_seen(&mut self, seen: &mut RowChecks) {
        std::mem::swap(&mut self.seen, seen);
        self.seen.clear();
    }

    fn wants_lines(&self) -> bool {
        matches!(self.plan.output, RowOutput::Json)
    }
}
