//! What became of a list whose links were renewed, for people on stderr and for programs in a file.

use super::super::super::args::ReissueArgs;
use super::super::super::exit::report_line;
use super::super::super::generate::span;
use super::super::super::list::{Destination, List};
use super::super::super::meaning::time::Times;
use super::super::super::rows::PARTIAL;
use super::path_text;
use linkmint::batch::Report;
use linkmint::batch::reissue::{Address, ReissuePlan};
use linkmint::excerpt::Excerpt;
use linkmint::key::KeyId;
use linkmint::moment::UnixTime;
use linkmint::number::{counted, grouped};

/// All that is known of a run when it ends, however it ends.
#[derive(Debug, Default)]
pub(super) struct Summary {
    /// Whether the first row was reached.
    pub(super) began: bool,
    /// Whether every row stands in the output or among the rejects.
    pub(super) complete: bool,
    /// Whether the run ended before its list did.
    pub(super) partial: bool,
    /// Whether the ledger knows which token replaces which.
    pub(super) recorded: bool,
    pub(super) input: String,
    pub(super) seconds: f64,
    pub(super) report: Report,
    output: String,
    rejects: Option<String>,
    dialect: String,
    sheet: Option<String>,
    key_id: Option<KeyId>,
    issued_at: Option<UnixTime>,
    not_before: Option<UnixTime>,
    expires_at: Option<UnixTime>,
    first_id: String,
    links: bool,
    revokes: bool,
    only_new: bool,
}

/// What `--json` prints.
#[derive(serde::Serialize)]
pub(super) struct SummaryJson<'a> {
    complete: bool,
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
    first_id: &'a str,
    shared_token: u64,
    shortest_link: Option<u32>,
    longest_link: Option<u32>,
    recorded: bool,
    revoked_old: bool,
    repeat: String,
}

impl Summary {
    pub(super) fn begin(
        &mut self,
        plan: &ReissuePlan,
        times: &Times,
        list: &List,
        output: &Destination,
        args: &ReissueArgs,
    ) {
        let dialect = list.reader.dialect();
        let encoding = list.reader.encoding().name();
        *self = Self {
            began: true,
            input: list.name.clone(),
            output: output.name(),
            rejects: path_text(args.files.rejects.as_deref()),
            dialect: match &list.sheet {
                Some(sheet) => format!("sheet {}", Excerpt(sheet)),
                None => format!("{encoding}, {} between cells", dialect.delimiter_name()),
            },
            sheet: list.sheet.clone(),
            key_id: Some(plan.key.id()),
            issued_at: Some(times.issued_at),
            not_before: times.not_before,
            expires_at: plan.validity.expires_at().map(UnixTime),
            first_id: plan.first_id.to_string(),
            links: !matches!(plan.address, Address::None),
            revokes: args.ledger.revoke_old,
            only_new: args.rows.only_new,
            ..Self::default()
        };
    }

    /// How many rows got a new token.
    fn reissued(&self) -> u64 {
        let report = &self.report;
        report.rows.saturating_sub(report.rejected + report.tally.kept)
    }

    fn rate(&self) -> f64 {
        match self.seconds > 0.0 {
            true => self.report.rows as f64 / self.seconds,
            false => 0.0,
        }
    }

    /// The flags that make the same tokens again.
    fn repeat(&self) -> String {
        let issued = self.issued_at.map(|time| time.to_string()).unwrap_or_default();
        format!("--issued-at {issued} --first-id {}", self.first_id)
    }

    /// How the ledger gets what it lacks.
    pub(super) fn again(&self) -> String {
        format!(
            "the same run with {} --force tells it of these very links",
            self.repeat()
        )
    }

    /// Some lines for people.
    pub(super) fn tell(&self) {
        let report = &self.report;
        let mut lines = vec![format!(
            "{}, {} rejected, {} blank, in {:.2} s ({} rows/s)",
            counted(report.rows, "row"),
            grouped(report.rejected),
            grouped(report.blanks),
            self.seconds,
            grouped(self.rate() as u64)
        )];
        if self.partial {
            lines.push(format!("  partial  {PARTIAL}"));
        }
        lines.push(format!("  read     {} ({})", self.input, self.dialect));
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
        if self.complete {
            lines.extend(self.told_when_complete());
        }
        report_line(&(lines.join("\n") + "\n"));
    }

    fn told_when_complete(&self) -> Vec<String> {
        let rejects = self.rejects.as_ref().map(|path| format!(", bad rows to {path}"));
        let mut lines = vec![format!("  written  {}{}", self.output, rejects.unwrap_or_default())];
        if self.reissued() == 0 {
            return lines;
        }
        let expires = self.expires_at.map_or("never".to_owned(), |time| time.to_string());
        lines.extend(self.key_id.map(|id| format!("  key      {id}")));
        lines.push(format!("  expires  {expires}"));
        if let Some((least, most)) = self.report.tally.lengths.bounds() {
            let what = if self.links { "links    " } else { "tokens   " };
            lines.push(format!("  {what}{} characters", span(least, most, "to")));
        }
        lines.push(match (self.recorded, self.revokes) {
            (true, true) => "  ledger   it says which link replaces which; the old ones are revoked".to_owned(),
            (true, false) => "  ledger   it says which link replaces which".to_owned(),
            (false, _) => "  ledger   nothing is noted in one".to_owned(),
        });
        lines.push(format!("  repeat   {}", self.repeat()));
        lines
    }

    pub(super) fn to_json(&self) -> SummaryJson<'_> {
        let (report, tally) = (&self.report, &self.report.tally);
        let (shortest, longest) = tally.lengths.bounds().filter(|_| self.links).unzip();
        SummaryJson {
            complete: self.complete,
            input: &self.input,
            output: &self.output,
            rejects: self.rejects.as_deref(),
            rows: report.rows,
            reissued: self.reissued(),
            kept: tally.kept,
            rejected: report.rejected,
            blank: report.blanks,
            seconds: self.seconds,
            rows_per_second: self.rate(),
            sheet: self.sheet.as_deref(),
            key_id: self.key_id.map(|id| id.to_string()),
            issued_at: self.issued_at,
            not_before: self.not_before,
            expires_at: self.expires_at,
            first_id: &self.first_id,
            shared_token: tally.shared,
            shortest_link: shortest,
            longest_link: longest,
            recorded: self.recorded,
            revoked_old: self.recorded && self.revokes,
            repeat: self.repeat(),
        }
    }
}
