//! The flags of the claims, against the columns there are.

use super::columns::{Columns, claim_column_failure, column_failure};
use super::pair;
use crate::cli::args::ClaimArgs;
use crate::cli::exit::Failure;
use crate::cli::hint::pasted;
use linkmint::batch::generate::{ClaimPlan, ClaimPlanError, customary_claims, make_optional, settle_claims};
use linkmint::claims::{ClaimError, ClaimName, MAX_VALUE};
use linkmint::excerpt::Excerpt;
use linkmint::table::ColumnError;
use linkmint::token::{Form, jwt};

/// The claims of a list's rows, in the order of their names.
pub(crate) fn claim_plans(args: &ClaimArgs, columns: &Columns<'_>, form: Form) -> Result<Vec<ClaimPlan>, Failure> {
    if args.no_claims {
        return Ok(Vec::new());
    }
    let mut plans = match args.claims.is_empty() {
        true => default_claims(columns)?,
        false => chosen_claims(&args.claims, columns)?,
    };
    for text in &args.set {
        let (name, value) = pair("--set", text)?;
        let name = claim_name("--set", name)?;
        // as cells and the claims of `sign`
        let value = value.trim_ascii();
        check_value("--set", &name, value)?;
        if let Some(other) = plans.iter().find(|plan| plan.name == name) {
            let hint = match other.column() {
                Some(_) => "a column of the list gives it already; choose the columns with --claims",
                None => "give it one value",
            };
            return Err(Failure::usage(format_args!("the claim {name} is given twice"))
                .at("--set")
                .hint(hint));
        }
        plans.push(ClaimPlan::constant(name, value.to_owned()));
    }
    make_all_optional(&mut plans, &args.optional, columns)?;
    settle_claims(plans, form).map_err(|ClaimPlanError { error, .. }| claim_failure(error))
}

/// Why no token of a form can carry a claim.
fn claim_failure(error: ClaimError) -> Failure {
    let (flag, hint) = match error {
        ClaimError::Reserved(name) => (
            "--format jwt",
            format!("give the claim another name, or leave out {name} or --format jwt"),
        ),
        _ => ("--claims", "choose fewer".to_owned()),
    };
    Failure::usage(error).at(flag).hint(hint)
}

fn default_claims(columns: &Columns<'_>) -> Result<Vec<ClaimPlan>, Failure> {
    let plans = customary_claims(columns.header());
    plans.map_err(|error| {
        let fitting = columns.header().alike("customer_id").next();
        let fitting = fitting.and_then(|place| pasted(&columns.header().names()[place]));
        let others = ["campaign_id", "product_id"].into_iter();
        let others: String = others
            .filter(|name| matches!(columns.header().find_alike(name), Ok(Some(_))))
            .map(|name| format!(",{name}"))
            .collect();
        let flag = |column: &str| format!("--claims customer_id={column}{others}");
        let meant = fitting.or_else(|| columns.likely_customer());
        claim_column_failure(&error, columns, meant, flag).at(columns.place())
    })
}

fn chosen_claims(texts: &[String], columns: &Columns<'_>) -> Result<Vec<ClaimPlan>, Failure> {
    let mut plans: Vec<ClaimPlan> = Vec::new();
    for text in texts {
        let (name, column) = text.split_once('=').unwrap_or((text, text));
        let wanted = column.trim_ascii();
        let column = columns
            .need(wanted)
            .map_err(|error| chosen_failure(&error, texts, text, name.trim_ascii(), wanted, columns))?;
        let plan = ClaimPlan::of_column(claim_name("--claims", name.trim_ascii())?, column);
        if plans.iter().any(|other| other.name == plan.name) {
            return Err(Failure::usage(format_args!("the claim {} is given twice", plan.name))
                .at("--claims")
                .hint("name each claim once; NAME=COLUMN gives a column's claim another name"));
        }
        plans.push(plan);
    }
    Ok(plans)
}

/// Why a column that was chosen can't be used, with the flag that names the one that could be meant.
fn chosen_failure(
    error: &ColumnError,
    texts: &[String],
    text: &String,
    name: &str,
    wanted: &str,
    columns: &Columns<'_>,
) -> Failure {
    let place = columns.in_flag("--claims");
    let nearest = columns.header().alike(wanted).next();
    let nearest = nearest.map(|place| columns.header().names()[place].as_str());
    let meant = nearest.or_else(|| columns.nearest(wanted)).and_then(pasted);
    // what was typed comes back only where a shell leaves it as it is
    let is_plain = |text: &&String| {
        text.chars()
            .all(|letter| letter.is_alphanumeric() || "_-=".contains(letter))
    };
    let are_plain = texts.len() == 1 || texts.iter().all(|text| is_plain(&text));
    let (Some(meant), Some(name), true) = (meant, pasted(name), are_plain) else {
        return column_failure(error, columns).at(place);
    };
    let name = name.trim_matches('"').to_owned();
    let flag = |column: &str| {
        let entry = |other: &String| match other == text {
            true => format!("{name}={column}"),
            false => other.clone(),
        };
        format!("--claims {}", texts.iter().map(entry).collect::<Vec<_>>().join(","))
    };
    claim_column_failure(error, columns, Some(meant), flag).at(place)
}

fn make_all_optional(plans: &mut [ClaimPlan], names: &[String], columns: &Columns<'_>) -> Result<(), Failure> {
    for name in names {
        let name = name.trim_ascii();
        if !make_optional(plans, columns.header(), name) {
            return Err(
                Failure::usage(format_args!("no column gives a claim {}", Excerpt(name)))
                    .at("--optional")
                    .hint("name one of the claims of --claims"),
            );
        }
    }
    Ok(())
}

/// Holds names against those that a token of this form has for itself.
pub(crate) fn check_form<'a>(form: Form, names: impl IntoIterator<Item = &'a ClaimName>) -> Result<(), Failure> {
    let taken = |name: &ClaimName| jwt::reserved(name.as_str());
    match names.into_iter().find_map(taken) {
        Some(name) if form.is_jwt() => Err(claim_failure(ClaimError::Reserved(name))),
        _ => Ok(()),
    }
}

pub(crate) fn claim_name(flag: &str, text: &str) -> Result<ClaimName, Failure> {
    ClaimName::parse(text).map_err(|error| {
        Failure::usage(format_args!("{}: {error}", Excerpt(text)))
            .at(flag)
            .hint("a claim's name has 1 to 64 bytes and no control characters")
    })
}

/// Holds a value that was typed to the rules of a claim.
pub(crate) fn check_value(flag: &str, name: &ClaimName, value: &str) -> Result<(), Failure> {
    let (error, hint) = match value.len() {
        0 => (ClaimError::EmptyValue, "write it as NAME=VALUE"),
        1..=MAX_VALUE => return Ok(()),
        length => (
            ClaimError::LongValue(length),
            "shorten it, or give an id that stands for it",
        ),
    };
    Err(Failure::usage(format_args!("the claim {name}: {error}"))
        .at(flag)
        .hint(hint))
}
