//! Warnings: one a kind, with its count and first row; with `--strict` those about flags are mistakes.

use crate::cli::args::GenerateArgs;
use crate::cli::exit::{Failure, warn};
use crate::cli::hint;
use crate::cli::meaning::link;
use linkmint::batch::duplicates::MOST_ROWS;
use linkmint::batch::generate::{ClaimSource, Plan};
use linkmint::batch::lint::{self, LONG_LINK, Lint};
use linkmint::batch::{LintCount, Report};
use linkmint::claims::ValueForm;
use linkmint::excerpt::Excerpt;
use std::collections::BTreeSet;

/// What a flag says for all rows.
pub(super) fn of_flags(args: &GenerateArgs, plan: &Plan) -> Result<(), Failure> {
    let pattern = plan.link.as_ref().and_then(|link| link.pattern.as_ref());
    if pattern.is_some_and(|(pattern, _)| pattern.is_plain_http()) {
        let flag = if args.link.base_url.is_some() {
            "--base-url"
        } else {
            "--url"
        };
        of_flag(args, flag, Lint::PlainHttp)?;
    }
    if !args.file.quiet {
        link::warn_of_route(&args.link);
    }
    for claim in &plan.claims {
        if let ClaimSource::Constant(value) = &claim.source
            && let Some(lint) = lint::of_value(value, ValueForm::of(value), plan.checks.sealed)
        {
            of_flag(args, &format!("--set {}", claim.name), lint)?;
        }
    }
    Ok(())
}

fn of_flag(args: &GenerateArgs, flag: &str, lint: Lint) -> Result<(), Failure> {
    if args.strict {
        return Err(Failure::usage(lint).at(flag).hint(hint::of_typed_lint(lint)));
    }
    if !args.file.quiet {
        warn(&format!("{flag}: {lint}"), Some(hint::of_typed_lint(lint)));
    }
    Ok(())
}

/// What was found in rows.
pub(super) fn tell(report: &Report, columns: &[String], dedupe: bool) {
    for (lint, found) in report.tally.lints() {
        warn(&sentence(lint, found, report, columns), Some(hint::of_lint(lint)));
    }
    if report.rows > MOST_ROWS && !dedupe {
        warn(
            &format!("duplicates were looked for in the first {MOST_ROWS} rows only"),
            Some("--strict looks for them in all rows"),
        );
    }
}

fn sentence(lint: Lint, found: LintCount, report: &Report, columns: &[String]) -> String {
    let LintCount { count, first_row } = found;
    let (rows, have) = if count == 1 { ("row", "has") } else { ("rows", "have") };
    let what = match lint {
        Lint::Duplicate => format!("{have} the same claims as an earlier row"),
        Lint::SpoiledId => format!("{have} an id that a spreadsheet seems to have spoiled"),
        Lint::ShownWithMore => format!(
            "{have} an id that the spreadsheet shows with leading zeros or other text of a number format, and the token \
            has it without"
        ),
        Lint::Uncalculated => format!(
            "{have} a formula that was never calculated, and its cell comes out empty: {}",
            named(&report.tally.uncalculated, columns)
        ),
        Lint::MissingValue => format!("{have} a text for a value that is not there, such as NULL or #N/A"),
        Lint::TotalRow => match count {
            1 => "looks like a total of the others, not like a customer".to_owned(),
            _ => "look like totals of the others, not like customers".to_owned(),
        },
        Lint::UnseenCharacter => {
            format!("{have} a claim with a character that nobody sees, or a special space")
        }
        Lint::StrayQuote => format!("{have} a claim with a quote that has no partner"),
        Lint::PersonalData => {
            format!(
                "{have} a mail address or a telephone number in a claim, and everybody who sees the link can read it"
            )
        }
        Lint::LongLink => format!("{have} a link of more than {LONG_LINK} characters, which some programs cut"),
        Lint::PlainHttp => format!("{have} a link without encryption (http)"),
        Lint::OtherHost => {
            let hosts = &report.tally.other_hosts;
            let more = if hosts.has_more() { " and more" } else { "" };
            let named = hosts.named().join(", ");
            format!("{have} a link to another host than the first: {named}{more}")
        }
        other => format!("{have} this: {other}"),
    };
    let first = if count == 1 {
        format!("row {first_row}")
    } else {
        format!("the first is row {first_row}")
    };
    format!("{count} {rows} {what} ({first})")
}

/// `column greeting` or `columns greeting, name`.
fn named(numbers: &BTreeSet<usize>, columns: &[String]) -> String {
    let names = numbers.iter().filter_map(|number| columns.get(*number));
    let names: Vec<_> = names.map(|name| Excerpt(name).to_string()).collect();
    let word = if names.len() == 1 { "column" } else { "columns" };
    format!("{word} {}", names.join(", "))
}
