//! What became of a list whose links were renewed, for people on stderr and for programs in a file.

use crate::cli::args::ReissueArgs;
use crate::cli::exit::{report_line, warn};
use crate::cli::list::List;
use crate::cli::report::run::Run;
use crate::cli::rows::RowFiles;
use linkmint::batch::LintCount;
use linkmint::batch::reissue::{Address, ReissuePlan};
use linkmint::moment::UnixTime;
use linkmint::number::{counted, grouped};
use linkmint::options::Times;

/// All that is known of a run when it ends, however it ends.
#[derive(Debug, Default)]
pub(super) struct Summary {
    pub(super) run: Run,
    /// Whether the ledger knows which token replaces which.
    pub(super) recorded: bool,
    expires_at: Option<UnixTime>,
    links: bool,
    revokes: bool,
    only_new: bool,
}

/// What `--json` prints.
#[derive(serde::Serialize)]
pub(super) struct SummaryJson<'a> {
    complete: bool,
    error: Option<&'a str>,
    input: &'a str,
    output: &'a str,
    rejects: Option<&'a str>,
    rows: u64,
    reissued: u64,
    kept: u64,
    rejected: u64,
    blank: u64,
    seconds: f64,
    rows_per_second: f64,
    sheet: Option<&'a str>,
    key_id: Option<String>,
    issued_at: Option<UnixTime>,
    not_before: Option<UnixTime>,
    expires_at: Option<UnixTime>,
    first_id: Option<String>,
    shared_token: u64,
    old_token_left: u64,
    compared: Vec<&'a str>,
    not_compared: Vec<&'a str>,
    shortest_link: Option<u32>,
    longest_link: Option<u32>,
    recorded: bool,
    revoked_old: bool,
    repeat: Option<String>,
}

impl Summary {
    pub(super) fn begin(
        &mut self,
        plan: &ReissuePlan,
        times: &Times,
        list: &List,
        files: &RowFiles<'_>,
        args: &ReissueArgs,
    ) {
        let links = !matches!(plan.address, Address::None);
        *self = Self {
            run: Run::begin(list, files, times, (plan.key.id(), plan.first_id), links),
            recorded: false,
            expires_at: plan.validity.expires_at().map(UnixTime),
            links,
            revokes: args.revoke_old,
            only_new: args.rows.only_new,
        };
    }

    /// How many rows got a new token.
    fn reissued(&self) -> u64 {
        let report = &self.run.report;
        report.rows.saturating_sub(report.rejected + report.tally.kept)
    }

    /// How the ledger gets what it lacks.
    pub(super) fn again(&self) -> String {
        format!(
            "the same run with {} --force tells it of these very links",
            self.run.repeat().unwrap_or_default()
        )
    }

    /// Some lines for people.
    pub(super) fn tell(&self) {
        let report = &self.run.report;
        let LintCount { count, first_row } = report.tally.left_old;
        if count > 0 {
            let rows = counted(count, "row");
            let message = format!(
                "{rows} with a new token still have the old one in another column (the first is row {first_row})"
            );
            let hint =
                "two columns are renewed together where they are called token and url_link, and --column is left out";
            warn(&message, Some(hint));
        }
        let mut lines = self.run.lines();
        let kept = match self.only_new {
            true => "left out, as they are still good",
            false => "as they were",
        };
        let (reissued, shared) = (self.reissued(), report.tally.shared);
        let what = if self.links { "link" } else { "token" };
        let new = match reissued {
            0 => "no row: none had expired".to_owned(),
            1 => format!("1 row, with a new {what}"),
            more => format!("{} rows, with new {what}s", grouped(more)),
        };
        lines.push(format!("  renewed  {new}"));
        lines.push(format!("  kept     {} {kept}", counted(report.tally.kept, "row")));
        if shared > 0 {
            let rows = counted(shared, "row");
            lines.push(format!("  shared   {rows} with the token of an earlier row, as before"));
        }
        if self.run.complete {
            lines.extend(self.told_when_complete());
        }
        report_line(&(lines.join("\n") + "\n"));
    }

    fn told_when_complete(&self) -> Vec<String> {
        let mut lines = vec![self.run.written_line()];
        if self.reissued() == 0 {
            return lines;
        }
        let expires = self.expires_at.map_or("never".to_owned(), |time| time.to_string());
        lines.extend(self.run.key_line());
        lines.push(format!("  expires  {expires}"));
        lines.extend(self.run.lengths_line());
        lines.push(match (self.recorded, self.revokes) {
            (true, true) => "  ledger   it says which link replaces which; the old ones are revoked".to_owned(),
            (true, false) => "  ledger   it says which link replaces which".to_owned(),
            (false, _) => "  ledger   nothing is noted in one".to_owned(),
        });
        lines.push(self.run.repeat_line());
        lines
    }

    pub(super) fn to_json(&self) -> SummaryJson<'_> {
        let (run, report, tally) = (&self.run, &self.run.report, &self.run.report.tally);
        let (shortest, longest) = run.link_lengths();
        SummaryJson {
            complete: run.complete,
            error: run.error.as_deref(),
            input: &run.input,
            output: &run.output,
            rejects: run.rejects.as_deref(),
            rows: report.rows,
            reissued: self.reissued(),
            kept: tally.kept,
            rejected: report.rejected,
            blank: report.blanks,
            seconds: run.seconds,
            rows_per_second: run.rate(),
            sheet: run.sheet.as_deref(),
            key_id: run.key_id.map(|id| id.to_string()),
            issued_at: run.issued_at,
            not_before: run.not_before,
            expires_at: self.expires_at,
            first_id: run.first_id.map(|id| id.to_string()),
            shared_token: tally.shared,
            old_token_left: tally.left_old.count,
            compared: tally.claims.matched().collect(),
            not_compared: tally.claims.unmatched(tally.compared).collect(),
            shortest_link: shortest,
            longest_link: longest,
            recorded: self.recorded,
            revoked_old: self.recorded && self.revokes,
            repeat: run.repeat(),
        }
    }
}
