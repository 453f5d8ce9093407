//! What is known of a run over a list that mints, however it ends.

use crate::cli::exit::{Exit, Failure, shown};
use crate::cli::list::List;
use crate::cli::rows::{PARTIAL, RowFiles};
use linkmint::batch::Report;
use linkmint::excerpt::Excerpt;
use linkmint::key::KeyId;
use linkmint::moment::UnixTime;
use linkmint::number::{counted, grouped};
use linkmint::options::Times;
use linkmint::token::TokenId;
use std::path::Path;

/// What the summaries of all such runs have.
#[derive(Debug, Default)]
pub(crate) struct Run {
    /// Whether the first row was reached.
    pub(crate) began: bool,
    /// Whether every row stands in the output or among the rejects.
    pub(crate) complete: bool,
    /// Whether the run ended before its list did.
    pub(crate) partial: bool,
    /// Why it failed.
    pub(crate) error: Option<String>,
    pub(crate) input: String,
    pub(crate) seconds: f64,
    pub(crate) report: Report,
    pub(crate) output: String,
    pub(crate) rejects: Option<String>,
    pub(crate) sheet: Option<String>,
    pub(crate) key_id: Option<KeyId>,
    pub(crate) issued_at: Option<UnixTime>,
    pub(crate) not_before: Option<UnixTime>,
    pub(crate) first_id: Option<TokenId>,
    dialect: String,
    /// Whether there are links, and not tokens alone.
    links: bool,
}

impl Run {
    /// What is known of a run however early it ends.
    pub(crate) fn named(input: Option<&Path>, output: Option<&Path>) -> Self {
        let name = |path: Option<&Path>, other: &str| match path {
            Some(path) if path != Path::new("-") => shown(path),
            _ => other.to_owned(),
        };
        Self {
            input: name(input, "standard input"),
            output: name(output, "standard output"),
            ..Self::default()
        }
    }

    /// A run that reaches its first row.
    pub(crate) fn begin(
        list: &List,
        files: &RowFiles<'_>,
        times: &Times,
        (key_id, first_id): (KeyId, TokenId),
        links: bool,
    ) -> Self {
        Self {
            began: true,
            input: list.name.clone(),
            output: files.output.name(),
            rejects: files.rejects_name(),
            dialect: dialect(list),
            sheet: list.sheet.clone(),
            key_id: Some(key_id),
            issued_at: Some(times.issued_at),
            not_before: times.not_before,
            first_id: Some(first_id),
            links,
            ..Self::default()
        }
    }

    /// Keeps why it failed, unless that is known.
    pub(crate) fn failed(&mut self, result: &Result<Exit, Failure>) {
        self.error = result.as_ref().err().map(Failure::message).or(self.error.take());
    }

    pub(crate) fn rate(&self) -> f64 {
        rate(self.report.rows, self.seconds)
    }

    /// The flags that make the same tokens again, once these are known.
    pub(crate) fn repeat(&self) -> Option<String> {
        let (issued, first_id) = self.issued_at.zip(self.first_id)?;
        Some(format!("--issued-at {issued} --first-id {first_id}"))
    }

    /// The lines about the list.
    pub(crate) fn lines(&self) -> Vec<String> {
        let report = &self.report;
        let counts = counts(report, "rejected", self.seconds);
        let partial = self.partial.then(|| format!("  partial  {PARTIAL}"));
        let read = format!("  read     {} ({})", self.input, self.dialect);
        [counts].into_iter().chain(partial).chain([read]).collect()
    }

    /// The line about the files.
    pub(crate) fn written_line(&self) -> String {
        let rejects = self.rejects.as_ref().map(|path| format!(", bad rows to {path}"));
        format!("  written  {}{}", self.output, rejects.unwrap_or_default())
    }

    pub(crate) fn key_line(&self) -> Option<String> {
        self.key_id.map(|id| format!("  key      {id}"))
    }

    pub(crate) fn repeat_line(&self) -> String {
        format!("  repeat   {}", self.repeat().unwrap_or_default())
    }

    /// The line about the links, or the tokens.
    pub(crate) fn lengths_line(&self) -> Option<String> {
        let (least, most) = self.report.tally.lengths.bounds()?;
        let what = if self.links { "links    " } else { "tokens   " };
        let span = match least == most {
            true => least.to_string(),
            false => format!("{least} to {most}"),
        };
        Some(format!("  {what}{span} characters"))
    }

    /// The shortest link and the longest.
    pub(crate) fn link_lengths(&self) -> (Option<u32>, Option<u32>) {
        self.report.tally.lengths.bounds().filter(|_| self.links).unzip()
    }
}

/// Rows in a second.
fn rate(rows: u64, seconds: f64) -> f64 {
    if seconds > 0.0 { rows as f64 / seconds } else { 0.0 }
}

/// How many rows there were, how many of them were bad, and how long it took.
pub(crate) fn counts(report: &Report, bad: &str, seconds: f64) -> String {
    format!(
        "{}, {} {bad}, {} blank, in {seconds:.2} s ({} rows/s)",
        counted(report.rows, "row"),
        grouped(report.rejected),
        grouped(report.blanks),
        grouped(rate(report.rows, seconds) as u64)
    )
}

/// How the list was read.
fn dialect(list: &List) -> String {
    if let Some(sheet) = &list.sheet {
        return format!("sheet {}", Excerpt(sheet));
    }
    let reader = &list.reader;
    let dialect = reader.dialect();
    let bom = if dialect.bom { " with byte order mark" } else { "" };
    let guessed = match list.is_guessed {
        true => ", the likeliest encoding",
        false => "",
    };
    let without = match reader.is_of_rejects() {
        true => ", without row and error of rejected rows",
        false => "",
    };
    let encoding = reader.encoding().name();
    format!(
        "{encoding}{bom}{guessed}, {} between cells{without}",
        dialect.delimiter_name()
    )
}
