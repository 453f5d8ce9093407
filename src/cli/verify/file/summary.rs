//! What a check of a list found, for people.

use super::super::super::exit::report_line;
use super::Done;

pub(super) fn tell(list: &str, done: &Done, seconds: f64) {
    let report = &done.report;
    let rate = if seconds > 0.0 {
        report.rows as f64 / seconds
    } else {
        0.0
    };
    let mut lines = vec![format!(
        "{list}: {} rows, {} unreadable, {} blank, in {seconds:.2} s ({rate:.0} rows/s)",
        report.rows, report.rejected, report.blanks
    )];
    for (status, count) in report.tally.statuses() {
        lines.push(format!("  {:17}  {count}", status.as_str()));
    }
    if done.compares {
        lines.push(format!(
            "  compared with their cells: the claims of {} tokens",
            report.tally.compared
        ));
    }
    report_line(&(lines.join("\n") + "\n"));
}
