//! What a run did, for people on stderr and for programs in a file.

use super::columns::{self, ClaimColumn};
use super::{Pictures, Prepared};
use crate::cli::args::GenerateArgs;
use crate::cli::exit::{report_line, shown};
use crate::cli::list::List;
use crate::cli::report::run::Run;
use crate::cli::rows::RowFiles;
use linkmint::batch::Tally;
use linkmint::batch::duplicates::MOST_ROWS;
use linkmint::batch::generate::BASE_URL_COLUMN;
use linkmint::excerpt::Harmless;
use linkmint::key::KeyId;
use linkmint::moment::{UnixTime, Words};
use linkmint::number::{counted, grouped};
use serde::ser::Serializer;

/// The column with rows' own addresses beside the flag's, and whether it rules over it.
fn own_urls(args: &GenerateArgs, list: &List) -> Option<(String, bool)> {
    if args.link.base_url.is_none() && args.link.url.is_none() {
        return None;
    }
    let is_there = || list.preamble.header.find(BASE_URL_COLUMN).ok().flatten().is_some();
    match &args.base_url_column {
        Some(column) => Some((column.clone(), true)),
        None => is_there().then(|| (BASE_URL_COLUMN.to_owned(), false)),
    }
}

/// All that is known of a run when it ends, however it ends.
#[derive(Debug, Default)]
pub(super) struct Summary {
    pub(super) run: Run,
    pub(super) written: u64,
    /// Which claims the tokens have, for people.
    claims: String,
    /// The columns of those that have one.
    claim_columns: Vec<ClaimColumn>,
    /// The names of the list's columns.
    pub(super) columns: Vec<String>,
    delimiter: Option<char>,
    /// The folder of the codes and the page of the labels.
    codes: Option<String>,
    labels: Option<String>,
    /// The column with rows' own addresses, where a flag gives one for all too, and whether it rules.
    own_urls: Option<(String, bool)>,
    /// Whether duplicates are looked for in all rows.
    all_duplicates: bool,
}

/// What `--summary-file` holds.
#[derive(serde::Serialize)]
pub(super) struct SummaryJson<'a> {
    complete: bool,
    error: Option<&'a str>,
    input: &'a str,
    output: &'a str,
    rejects: Option<&'a str>,
    rows: u64,
    written: u64,
    rejected: u64,
    blank: u64,
    seconds: f64,
    rows_per_second: f64,
    sheet: Option<&'a str>,
    delimiter: Option<char>,
    claims: &'a [ClaimColumn],
    key_id: Option<String>,
    issued_at: Option<UnixTime>,
    not_before: Option<UnixTime>,
    first_id: Option<String>,
    expires_first: Option<UnixTime>,
    expires_last: Option<UnixTime>,
    never_expires: u64,
    own_expiry: u64,
    own_base_url: u64,
    shared_token: u64,
    kept: u64,
    shortest_link: Option<u32>,
    longest_link: Option<u32>,
    qr_folder: Option<&'a str>,
    qr_codes: u64,
    labels_file: Option<&'a str>,
    labels: u64,
    #[serde(serialize_with = "by_word")]
    warnings: &'a Tally,
    duplicates_checked_rows: u64,
    repeat: Option<String>,
}

/// What is most likely a mistake, by its word.
fn by_word<S: Serializer>(tally: &Tally, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_map(tally.lints().map(|(lint, found)| (lint.as_str(), found)))
}

impl Summary {
    pub(super) fn begin(
        &mut self,
        prepared: &Prepared,
        key_id: KeyId,
        list: &List,
        files: &RowFiles<'_>,
        pictures: &Pictures<'_>,
        args: &GenerateArgs,
    ) {
        let Prepared { plan, times, token } = prepared;
        let header = &list.preamble.header;
        *self = Self {
            run: Run::begin(list, files, times, (key_id, token.first_id), !args.link.no_link),
            written: 0,
            claims: columns::claims_line(plan, header),
            claim_columns: columns::claim_columns(plan, header),
            columns: header.names().to_vec(),
            delimiter: Some(char::from(list.reader.dialect().delimiter)),
            codes: pictures.codes.as_ref().map(|folder| shown(folder.place)),
            labels: pictures.sheet.as_ref().map(|sheet| shown(sheet.place)),
            own_urls: own_urls(args, list),
            all_duplicates: args.strict || args.dedupe,
        };
    }

    /// Some lines for people.
    pub(super) fn tell(&self) {
        let (run, tally) = (&self.run, &self.run.report.tally);
        let mut lines = run.lines();
        lines.extend(run.complete.then(|| run.written_line()));
        let written = grouped(self.written);
        let codes = self.codes.as_ref().filter(|_| run.complete);
        lines.extend(codes.map(|folder| format!("  codes    {written} in {folder}")));
        let labels = self.labels.as_ref().filter(|_| run.complete);
        lines.extend(labels.map(|page| format!("  labels   {written} on {page}")));
        lines.push(format!("  claims   {}", self.claims));
        lines.extend(run.key_line());
        lines.push(format!("  issued   {}", self.issued_line()));
        // of links that do not exist, nothing ends and nothing is to be repeated
        lines.extend(run.complete.then(|| format!("  expires  {}", self.expiry_line())));
        lines.extend(run.lengths_line());
        lines.extend(self.own_urls_line());
        if tally.kept > 0 {
            lines.push(format!("  kept     {} as they were", counted(tally.kept, "row")));
        }
        if tally.shared > 0 {
            let shared = counted(tally.shared, "row");
            lines.push(format!(
                "  shared   {shared} with the token of an earlier row, whose claims are the same"
            ));
        }
        lines.extend(run.complete.then(|| run.repeat_line()));
        report_line(&(lines.join("\n") + "\n"));
    }

    fn own_urls_line(&self) -> Option<String> {
        let (column, rules) = self.own_urls.as_ref()?;
        let (column, rows) = (Harmless(column), self.run.report.tally.own_base_url);
        match rules {
            true if rows == 0 => None,
            true => Some(format!("  {column} ruled over the flag in {}", counted(rows, "row"))),
            false => Some(format!(
                "  {column} was not used: a flag gives the address (--base-url-column {column} lets it rule)"
            )),
        }
    }

    fn issued_line(&self) -> String {
        let issued = self.run.issued_at.map(|time| time.to_string()).unwrap_or_default();
        match self.run.not_before {
            Some(time) => format!("{issued}, not valid before {time}"),
            None => issued,
        }
    }

    fn expiry_line(&self) -> String {
        let tally = &self.run.report.tally;
        let times = tally.expiries.bounds().map(|(first, last)| {
            let lasting = last.saturating_sub(self.run.issued_at.map_or(0, |time| time.0));
            let lasting = Words(u64::from(lasting));
            match first == last {
                true => format!("{} (after {lasting})", UnixTime(first)),
                false => format!(
                    "{} to {} (after {lasting} at the latest)",
                    UnixTime(first),
                    UnixTime(last)
                ),
            }
        });
        let never = (tally.never > 0).then(|| match times {
            Some(_) => format!("never in {}", counted(tally.never, "row")),
            None => "never".to_owned(),
        });
        let own = (tally.own_expiry > 0).then(|| format!("{} by their own cell", counted(tally.own_expiry, "row")));
        let parts: Vec<String> = [times, never, own].into_iter().flatten().collect();
        if parts.is_empty() {
            "-".to_owned()
        } else {
            parts.join("; ")
        }
    }

    pub(super) fn to_json(&self) -> SummaryJson<'_> {
        let (run, report, tally) = (&self.run, &self.run.report, &self.run.report.tally);
        let (first, last) = tally.expiries.bounds().unzip();
        let (shortest, longest) = run.link_lengths();
        SummaryJson {
            complete: run.complete,
            error: run.error.as_deref(),
            input: &run.input,
            output: &run.output,
            rejects: run.rejects.as_deref(),
            rows: report.rows,
            written: self.written,
            rejected: report.rejected,
            blank: report.blanks,
            seconds: run.seconds,
            rows_per_second: run.rate(),
            sheet: run.sheet.as_deref(),
            delimiter: self.delimiter,
            claims: &self.claim_columns,
            key_id: run.key_id.map(|id| id.to_string()),
            issued_at: run.issued_at,
            not_before: run.not_before,
            first_id: run.first_id.map(|id| id.to_string()),
            expires_first: first.map(UnixTime),
            expires_last: last.map(UnixTime),
            never_expires: tally.never,
            own_expiry: tally.own_expiry,
            own_base_url: tally.own_base_url,
            shared_token: tally.shared,
            kept: tally.kept,
            shortest_link: shortest,
            longest_link: longest,
            qr_folder: self.codes.as_deref(),
            qr_codes: self.codes.as_ref().map_or(0, |_| self.written),
            labels_file: self.labels.as_deref(),
            labels: self.labels.as_ref().map_or(0, |_| self.written),
            warnings: tally,
            duplicates_checked_rows: match self.all_duplicates {
                true => report.rows,
                false => report.rows.min(MOST_ROWS),
            },
            repeat: run.repeat(),
        }
    }
}
