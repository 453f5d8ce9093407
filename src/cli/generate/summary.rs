//! What a run did, for people on stderr and for programs in a file.

use super::super::args::GenerateArgs;
use super::super::exit::{Failure, report_line};
use super::super::list::{Destination, List};
use super::super::meaning::link::BASE_URL_COLUMN;
use super::super::report::summary_file;
use super::super::rows::PARTIAL;
use super::Prepared;
use super::columns::{self, ClaimColumn};
use linkmint::batch::duplicates::MOST_ROWS;
use linkmint::batch::lint::Lint;
use linkmint::batch::{LintCount, Report, Tally};
use linkmint::excerpt::{Excerpt, Harmless};
use linkmint::key::KeyId;
use linkmint::moment::{UnixTime, Words};
use linkmint::number::{counted, grouped};
use serde::ser::{Serialize, Serializer};
use std::path::Path;

/// The column with rows' own addresses beside the flag's, and whether it rules over it.
fn own_urls(args: &GenerateArgs, list: &List) -> Option<(String, bool)> {
    if args.link.base_url.is_none() && args.link.url.is_none() {
        return None;
    }
    let is_there = || list.preamble.header.find(BASE_URL_COLUMN).ok().flatten().is_some();
    match &args.own_link.base_url_column {
        Some(column) => Some((column.clone(), true)),
        None => is_there().then(|| (BASE_URL_COLUMN.to_owned(), false)),
    }
}

/// All that is known of a run when it ends, however it ends.
#[derive(Debug, Default)]
pub(super) struct Summary {
    /// Whether the first row was reached.
    pub(super) began: bool,
    /// Whether every row stands in the output or among the rejects.
    pub(super) complete: bool,
    /// Whether the run ended before its list did.
    pub(super) partial: bool,
    pub(super) input: String,
    pub(super) seconds: f64,
    pub(super) report: Report,
    pub(super) written: u64,
    output: String,
    rejects: Option<String>,
    dialect: String,
    /// Which claims the tokens have, for people.
    claims: String,
    /// The columns of those that have one.
    claim_columns: Vec<ClaimColumn>,
    sheet: Option<String>,
    /// The names of the list's columns.
    pub(super) columns: Vec<String>,
    delimiter: Option<char>,
    key_id: Option<KeyId>,
    issued_at: Option<UnixTime>,
    not_before: Option<UnixTime>,
    first_id: Option<String>,
    links: bool,
    /// The column with rows' own addresses, where a flag gives one for all too, and whether it rules.
    own_urls: Option<(String, bool)>,
    strict: bool,
    dedupe: bool,
}

/// What `--summary-file` holds.
#[derive(serde::Serialize)]
struct SummaryJson<'a> {
    complete: bool,
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
    first_id: Option<&'a str>,
    expires_first: Option<UnixTime>,
    expires_last: Option<UnixTime>,
    never_expires: u64,
    own_expiry: u64,
    own_base_url: u64,
    shared_token: u64,
    kept: u64,
    shortest_link: Option<u32>,
    longest_link: Option<u32>,
    warnings: Warnings<'a>,
    duplicates_checked_rows: u64,
    repeat: Option<String>,
}

/// What is most likely a mistake, by its word.
struct Warnings<'a>(&'a Tally);

#[derive(serde::Serialize)]
struct WarningJson {
    rows: u64,
    first_row: u64,
}

impl Serialize for Warnings<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let warning = |(lint, found): (Lint, LintCount)| {
            let (rows, first_row) = (found.count, found.first_row);
            (lint.as_str(), WarningJson { rows, first_row })
        };
        serializer.collect_map(self.0.lints().map(warning))
    }
}

impl Summary {
    pub(super) fn begin(
        &mut self,
        prepared: &Prepared,
        key_id: KeyId,
        list: &List,
        output: &Destination,
        args: &GenerateArgs,
    ) {
        let Prepared { plan, times, token } = prepared;
        let header = &list.preamble.header;
        self.claims = columns::claims_line(plan, header);
        self.claim_columns = columns::claim_columns(plan, header);
        let dialect = list.reader.dialect();
        let bom = if dialect.bom { " with byte order mark" } else { "" };
        self.began = true;
        self.input = list.name.clone();
        self.output = output.name();
        self.rejects = super::path_text(args.file.rejects.as_deref());
        let encoding = list.reader.encoding().name();
        self.dialect = match &list.sheet {
            Some(sheet) => format!("sheet {}", Excerpt(sheet)),
            None => {
                let guessed = if list.is_guessed {
                    ", the likeliest encoding"
                } else {
                    ""
                };
                format!("{encoding}{bom}{guessed}, {} between cells", dialect.delimiter_name())
            }
        };
        self.sheet = list.sheet.clone();
        self.columns = list.preamble.header.names().to_vec();
        self.delimiter = Some(char::from(dialect.delimiter));
        self.key_id = Some(key_id);
        self.issued_at = Some(times.issued_at);
        self.not_before = times.not_before;
        self.first_id = Some(token.first_id.to_string());
        self.links = !args.link.no_link;
        self.own_urls = own_urls(args, list);
        self.strict = args.strict;
        self.dedupe = args.dedupe;
    }

    fn rate(&self) -> f64 {
        if self.seconds > 0.0 {
            self.report.rows as f64 / self.seconds
        } else {
            0.0
        }
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
        if self.complete {
            let rejects = self
                .rejects
                .as_ref()
                .map(|path| format!(", bad rows to {path}"))
                .unwrap_or_default();
            lines.push(format!("  written  {}{rejects}", self.output));
        }
        lines.push(format!("  claims   {}", self.claims));
        if let Some(id) = self.key_id {
            lines.push(format!("  key      {id}"));
        }
        lines.push(format!("  issued   {}", self.issued_line()));
        // of links that do not exist, nothing ends and nothing is to be repeated
        if self.complete {
            lines.push(format!("  expires  {}", self.expiry_line()));
        }
        if let Some((least, most)) = report.tally.lengths.bounds() {
            let what = if self.links { "links    " } else { "tokens   " };
            lines.push(format!("  {what}{} characters", span(least, most, "to")));
        }
        lines.extend(self.own_urls_line());
        if report.tally.kept > 0 {
            lines.push(format!("  kept     {} as they were", counted(report.tally.kept, "row")));
        }
        if report.tally.shared > 0 {
            let shared = counted(report.tally.shared, "row");
            lines.push(format!(
                "  shared   {shared} with the token of an earlier row, whose claims are the same"
            ));
        }
        if self.complete {
            lines.push(format!("  repeat   {}", self.repeat()));
        }
        report_line(&(lines.join("\n") + "\n"));
    }

    fn own_urls_line(&self) -> Option<String> {
        let (column, rules) = self.own_urls.as_ref()?;
        let (column, rows) = (Harmless(column), self.report.tally.own_base_url);
        match rules {
            true if rows == 0 => None,
            true => Some(format!("  {column} ruled over the flag in {}", counted(rows, "row"))),
            false => Some(format!(
                "  {column} was not used: a flag gives the address (--base-url-column {column} lets it rule)"
            )),
        }
    }

    fn issued_line(&self) -> String {
        let issued = self.issued_at.map(|time| time.to_string()).unwrap_or_default();
        match self.not_before {
            Some(time) => format!("{issued}, not valid before {time}"),
            None => issued,
        }
    }

    fn expiry_line(&self) -> String {
        let tally = &self.report.tally;
        let times = tally.expiries.bounds().map(|(first, last)| {
            let lasting = last.saturating_sub(self.issued_at.map_or(0, |time| time.0));
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

    /// The flags that make the same tokens again.
    pub(super) fn repeat(&self) -> String {
        let issued = self.issued_at.map(|time| time.to_string()).unwrap_or_default();
        format!(
            "--issued-at {issued} --first-id {}",
            self.first_id.as_deref().unwrap_or_default()
        )
    }

    fn to_json(&self) -> SummaryJson<'_> {
        let (report, tally) = (&self.report, &self.report.tally);
        let (first, last) = tally.expiries.bounds().unzip();
        let (shortest, longest) = tally.lengths.bounds().filter(|_| self.links).unzip();
        SummaryJson {
            complete: self.complete,
            input: &self.input,
            output: &self.output,
            rejects: self.rejects.as_deref(),
            rows: report.rows,
            written: self.written,
            rejected: report.rejected,
            blank: report.blanks,
            seconds: self.seconds,
            rows_per_second: self.rate(),
            sheet: self.sheet.as_deref(),
            delimiter: self.delimiter,
            claims: &self.claim_columns,
            key_id: super::id_text(self.key_id),
            issued_at: self.issued_at,
            not_before: self.not_before,
            first_id: self.first_id.as_deref(),
            expires_first: first.map(UnixTime),
            expires_last: last.map(UnixTime),
            never_expires: tally.never,
            own_expiry: tally.own_expiry,
            own_base_url: tally.own_base_url,
            shared_token: tally.shared,
            kept: tally.kept,
            shortest_link: shortest,
            longest_link: longest,
            warnings: Warnings(tally),
            duplicates_checked_rows: report.rows.min(if self.strict || self.dedupe {
                u64::MAX
            } else {
                MOST_ROWS
            }),
            repeat: self.first_id.as_ref().map(|_| self.repeat()),
        }
    }

    /// Writes the summary as one JSON object.
    pub(super) fn write(&self, path: &Path) -> Result<(), Failure> {
        summary_file::write(path, &self.to_json())
    }
}

pub(in crate::cli) fn span(least: u32, most: u32, word: &str) -> String {
    if least == most {
        least.to_string()
    } else {
        format!("{least} {word} {most}")
    }
}
