//! What a check of a list found, for people.

use super::Done;
use crate::cli::exit::report_line;
use crate::cli::report::run::counts;
use crate::cli::rows::PARTIAL;
use linkmint::excerpt::Harmless;
use linkmint::number::{counted, grouped};

pub(super) fn tell(list: &str, done: &Done, seconds: f64) {
    let report = &done.report;
    let mut lines = vec![format!("{list}: {}", counts(report, "unreadable", seconds))];
    if !report.is_whole {
        lines.push(format!("  partial: {PARTIAL}"));
    }
    lines.extend(
        done.guessed
            .map(|name| format!("  read as {name}, the likeliest encoding")),
    );
    for (status, count) in report.tally.statuses() {
        lines.push(format!("  {:17}  {}", status.as_str(), grouped(count)));
    }
    if !done.plan.matches.is_empty() {
        let names: Vec<_> = report
            .tally
            .claims
            .matched()
            .map(|name| Harmless(name).to_string())
            .collect();
        let names = match names.is_empty() {
            true => String::new(),
            false => format!(" ({})", names.join(", ")),
        };
        lines.push(format!(
            "  compared with their cells: the claims of {}{names}",
            counted(report.tally.compared, "token")
        ));
    }
    report_line(&(lines.join("\n") + "\n"));
}
