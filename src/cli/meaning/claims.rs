//! The flags of the claims, against the columns there are.

use super::columns::{Columns, column_failure};
use super::pair;
use crate::cli::args::ClaimArgs;
use crate::cli::exit::Failure;
use linkmint::batch::generate::{ClaimPlan, ClaimSource};
use linkmint::claims::{ClaimError, ClaimName, MAX_CLAIMS, MAX_VALUE};
use linkmint::excerpt::Excerpt;
use linkmint::token::{Form, jwt};

/// The column that a list must have unless it is said otherwise.
const CUSTOMER: &str = "customer_id";
/// Those that become claims where they exist.
const OTHERS: [&str; 2] = ["campaign_id", "product_id"];

/// The claims of a list's rows, in the order of their names.
pub(crate) fn claim_plans(args: &ClaimArgs, columns: &Columns<'_>) -> Result<Vec<ClaimPlan>, Failure> {
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
        plans.push(ClaimPlan {
            name,
            source: ClaimSource::Constant(value.to_owned()),
        });
    }
    make_optional(&mut plans, &args.optional)?;
    plans.sort_by(|a, b| a.name.cmp(&b.name));
    if plans.len() > MAX_CLAIMS {
        return Err(Failure::usage(ClaimError::TooMany(plans.len()))
            .at("--claims")
            .hint("choose fewer"));
    }
    Ok(plans)
}

fn default_claims(columns: &Columns<'_>) -> Result<Vec<ClaimPlan>, Failure> {
    let customer = columns.need(CUSTOMER);
    let customer = customer.map_err(|error| column_failure(&error, columns).at(columns.place()));
    let mut plans = vec![from_column(CUSTOMER, customer?)?];
    for name in OTHERS {
        if let Some(column) = columns.find(name)? {
            plans.push(from_column(name, column)?);
        }
    }
    Ok(plans)
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
    Ok(ClaimPlan {
        name: claim_name("--claims", name)?,
        source: ClaimSource::Column {
            column,
            optional: false,
        },
    })
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
        Some(name) if form == Form::Jwt => {
            Err(Failure::usage(ClaimError::Reserved(name))
                .at("--format jwt")
                .hint(format_args!(
                    "give the claim another name, or leave out {name} or --format jwt"
                )))
        }
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
