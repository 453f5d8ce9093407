//! From the flags and the header to all that a run decides before its first row.

use super::codes;
use crate::cli::args::GenerateArgs;
use crate::cli::exit::Failure;
use crate::cli::list::List;
use crate::cli::meaning::columns::Columns;
use crate::cli::meaning::token::TokenPlan;
use crate::cli::meaning::{claims, link, time};
use linkmint::batch::generate::{Checks, DURATION_COLUMN, ExpiryPlan, Plan};
use linkmint::batch::{NewCell, NewCells};
use linkmint::excerpt::Excerpt;
use linkmint::options::Times;

pub(super) fn plan(args: &GenerateArgs, list: &List, times: &Times, token: &TokenPlan) -> Result<Plan, Failure> {
    let header = &list.preamble.header;
    let columns = Columns(list);
    let claims = claims::claim_plans(&args.claims, &columns, token.form)?;
    let of_columns = claims.iter().any(|claim| claim.column().is_some());
    if args.dedupe && !of_columns {
        return Err(
            Failure::usage("no column gives a claim, so that all rows would get one token")
                .at("--dedupe")
                .hint("choose the columns that tell customers apart with --claims"),
        );
    }
    let link = link::link_plan(&args.link, args.base_url_column.as_deref(), &columns)?;
    let mut expiry = expiry_plan(args, &columns, times)?;
    expiry.times = expiry.times.of_workbook(list.sheet.is_some());
    let places = [
        columns.place_for(&args.columns.token_column)?,
        match link {
            Some(_) => columns.place_for(&args.columns.url_column)?,
            None => NewCell::None,
        },
        columns.place_for(&args.columns.expires_column)?,
        match args.qr.qr {
            Some(_) => columns.place_for(codes::COLUMN)?,
            None => NewCell::None,
        },
    ];
    check_names(args, list)?;
    check_apart(&places)?;
    let mut plan = Plan {
        places: NewCells::new(places, list.reader.dialect().delimiter, args.columns.replace),
        capitals: token.capitals,
        expiry_format: time::cell_format(args.columns.expires_format.as_deref(), list)?,
        ..Plan::new(header, claims, expiry, link, (token.form, token.first_id))
    };
    plan.checks = Checks {
        strict: args.strict,
        duplicates: of_columns && !args.dedupe,
        dedupe: args.dedupe,
        ..plan.checks
    };
    match plan.may_lose_first_row(header) && !args.list.header {
        true => Err(
            Failure::usage("the first line looks like a customer, and no column of it is used")
                .at(columns.place())
                .hint("add --no-header, so that it gets a link too; if it does name the columns, add --header"),
        ),
        false => Ok(plan),
    }
}

/// A name that a header can hold, in the list's own encoding.
fn check_names(args: &GenerateArgs, list: &List) -> Result<(), Failure> {
    let names = &args.columns;
    for (flag, name) in [
        ("--token-column", &names.token_column),
        ("--url-column", &names.url_column),
        ("--expires-column", &names.expires_column),
    ] {
        if name.trim_ascii().is_empty() {
            return Err(Failure::usage("a column needs a name")
                .at(flag)
                .hint("leave the flag out for the usual name"));
        }
        let encoding = list.reader.cell_encoding();
        if !encoding.can_write(name) {
            let message = format!("{} can't be written in {}", Excerpt(name), encoding.name());
            return Err(Failure::usage(message)
                .at(flag)
                .hint("choose a name in its characters, or convert the list to UTF-8"));
        }
    }
    Ok(())
}

fn check_apart(places: &[NewCell; 4]) -> Result<(), Failure> {
    let twice = (0..4).any(|one| (0..one).any(|other| places[one] != NewCell::None && places[one] == places[other]));
    match twice {
        true => Err(Failure::usage("two of the new columns have the same name")
            .hint("choose others with --token-column, --url-column and --expires-column")),
        false => Ok(()),
    }
}

fn expiry_plan(args: &GenerateArgs, columns: &Columns<'_>, times: &Times) -> Result<ExpiryPlan, Failure> {
    let mut plan = times.plan().map_err(|error| time::contradiction(times, error))?;
    plan.duration_column = match args.duration_column.as_deref() {
        Some("none") => None,
        Some(name) => Some(columns.of_flag("--duration-column", name)?),
        None => columns.find(DURATION_COLUMN)?,
    };
    plan.duration_unit = match args.duration_unit.as_deref() {
        Some(_) if plan.duration_column.is_none() => {
            return Err(Failure::usage("the list has no column with durations")
                .at("--duration-unit")
                .hint("name it with --duration-column"));
        }
        Some(unit) => Some(time::duration("--duration-unit", &format!("1{unit}"))?),
        None => None,
    };
    let expiry_column = args.expiry_column.as_deref();
    let expiry_column = expiry_column.map(|name| columns.of_flag("--expiry-column", name));
    plan.expiry_column = expiry_column.transpose()?;
    match plan.expiry_column {
        Some(_) => time::check_local_zone(&args.time.timezone)?,
        None => time::check_format_is_used(&args.time, "--expires-at, --not-before or --expiry-column")?,
    }
    if plan.of_all().is_none() && plan.duration_column.is_none() && plan.expiry_column.is_none() {
        return Err(Failure::usage("nothing says when the links expire")
            .hint("add --expires-in 24h, --expires-at 2026-11-30 or --never-expires"));
    }
    Ok(plan)
}
