//! The flags of the claims, against the columns there are.

use super::columns::{Columns, column_failure};
use super::pair;
use crate::cli::args::ClaimArgs;
use crate::cli::exit::Failure;
use linkmint::batch::generate::{ClaimPlan, ClaimPlanError, ClaimSource, customary_claims, settle_claims};
use linkmint::claims::{ClaimError, ClaimName, MAX_VALUE};
use linkmint::excerpt::Excerpt;
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
        if plans.iter().any(|plan| plan.name == name) {
            return Err(Failure::usage(format_args!("the claim {name} is given twice"))
                .at("--set")
                .hint("a column of the list gives it already; choose the columns with --claims"));
        }
        plans.push(ClaimPlan::constant(name, value.to_owned()));
    }
    make_optional(&mut plans, &args.optional)?;
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
    plans.map_err(|error| column_failure(&error, columns).at(columns.place()))
}

fn chosen_claims(texts: &[String], columns: &Columns<'_>) -> Result<Vec<ClaimPlan>, Failure> {
    let mut plans: Vec<ClaimPlan> = Vec::new();
    for text in texts {
        let (name, column) = text.split_once('=').unwrap_or((text, text));
        let column = columns.of_flag("--claims", column.trim_ascii())?;
        let plan = from_column(name.trim_ascii(), column)?;
        if plans.iter().any(|other| other.name == plan.name) {
            return Err(Failure::usage(format_args!("the claim {} is given twice", plan.name))
                .at("--claims")
                .hint("name each claim once; NAME=COLUMN gives a column's claim another name"));
        }
        plans.push(plan);
    }
    Ok(plans)
}

fn from_column(name: &str, column: usize) -> Result<ClaimPlan, Failure> {
    Ok(ClaimPlan::of_column(claim_name("--claims", name)?, column))
}

fn make_optional(plans: &mut [ClaimPlan], names: &[String]) -> Result<(), Failure> {
    for name in names {
        let name = name.trim_ascii();
        let plan = plans.iter_mut().find(|plan| plan.name.as_str() == name);
        match plan.map(|plan| &mut plan.source) {
            Some(ClaimSource::Column { optional, .. }) => *optional = true,
            _ => {
                return Err(
                    Failure::usage(format_args!("no column gives a claim {}", Excerpt(name)))
                        .at("--optional")
                        .hint("name one of the claims of --claims"),
                );
            }
        }
    }
    Ok(())
}

/// Holds names against those that a token of this form has for itself.
pub(crate) fn check_form<'a>(form: Form, names: impl IntoIterator<Item = &'a ClaimName>) -> Result<(), Failure> {
    let taken = |name: &ClaimName| jwt::reserved(name.as_str());
    match names.into_iter().find_map(taken) {
        Some(name) if form == Form::Jwt => Err(claim_failure(ClaimError::Reserved(name))),
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
    let error = match value.len() {
        0 => ClaimError::EmptyValue,
        1..=MAX_VALUE => return Ok(()),
        length => ClaimError::LongValue(length),
    };
    Err(Failure::usage(format_args!("the claim {name}: {error}"))
        .at(flag)
        .hint("write it as NAME=VALUE"))
}
