//! What became of the list's columns: which give claims, and which look as if they were meant to.

use crate::cli::args::GenerateArgs;
use crate::cli::exit::{Failure, warn};
use crate::cli::hint::pasted;
use crate::cli::list::List;
use crate::cli::meaning::columns::Columns;
use linkmint::batch::generate::{Chosen, ClaimPlan, ExactName, Plan, Unused, forgotten_claims, unused_columns};
use linkmint::excerpt::{Excerpt, Harmless};
use linkmint::table::Header;

/// `customer_id from "Customer ID", campaign_id`; and what a choice of claims left out.
pub(super) fn claims_line(plan: &Plan, header: &Header) -> String {
    let names = claim_names(plan, header);
    match forgotten(plan, header).as_slice() {
        [] => names,
        left_out => format!("{names} (not {})", left_out.join(", ")),
    }
}

/// The same for a preview, in lines of their own.
pub(super) fn claims_lines(plan: &Plan, header: &Header) -> String {
    let mut text = format!("claims: {}\n", claim_names(plan, header));
    let forgotten = forgotten(plan, header);
    if !forgotten.is_empty() {
        text += &format!("looks forgotten, and no token has it: {}\n", forgotten.join(", "));
    }
    text
}

fn claim_names(plan: &Plan, header: &Header) -> String {
    let names: Vec<String> = plan.claims.iter().map(|claim| claim_text(claim, header)).collect();
    if names.is_empty() {
        "none".to_owned()
    } else {
        names.join(", ")
    }
}

/// A claim, and the column whose cells give it; none where it is the same for all rows.
#[derive(Debug, serde::Serialize)]
pub(super) struct ClaimColumn {
    name: String,
    column: Option<String>,
}

/// The claims for a program.
pub(super) fn claim_columns(plan: &Plan, header: &Header) -> Vec<ClaimColumn> {
    let claim = |claim: &ClaimPlan| ClaimColumn {
        name: claim.name.as_str().to_owned(),
        column: claim.column().map(|column| header.names()[column].clone()),
    };
    plan.claims.iter().map(claim).collect()
}

fn claim_text(claim: &ClaimPlan, header: &Header) -> String {
    let name = Harmless(claim.name.as_str());
    match claim.column().map(|column| header.names()[column].as_str()) {
        Some(same) if same == claim.name.as_str() => name.to_string(),
        Some(other) => format!("{name} from {}", Excerpt(other)),
        None => format!("{name} by --set"),
    }
}

/// The names of the columns that look like a customary claim and give none.
pub(super) fn forgotten(plan: &Plan, header: &Header) -> Vec<String> {
    let forgotten = forgotten_claims(header, &plan.claims).into_iter();
    forgotten
        .map(|(_, column)| Excerpt(&header.names()[column]).to_string())
        .collect()
}

/// Warns of columns that are taken for nothing, and look as if they were meant for something.
pub(super) fn tell_unused(args: &GenerateArgs, list: &List, plan: &Plan) -> Result<(), Failure> {
    let header = &list.preamble.header;
    if args.file.quiet || !header.is_present() {
        return Ok(());
    }
    let (columns, names) = (Columns(list), &args.columns);
    let chosen = Chosen {
        claims: !args.claims.claims.is_empty() || args.claims.no_claims,
        duration: args.duration_column.is_some(),
        base_url: args.base_url_column.is_some(),
        new: [&names.token_column, &names.url_column, &names.expires_column],
    };
    let unused = unused_columns(header, plan, &chosen);
    for unused in unused.map_err(|error| columns.twice(&error))? {
        match unused {
            Unused::Forgotten { claim, column } => warn_of_forgotten(plan, header, claim, column),
            Unused::Near { of, name, column } => {
                let (flag, what) = near(of);
                columns.warn_of_near(name, column, flag, what);
            }
        }
    }
    Ok(())
}

/// The flag that takes a column in place of an exact name, and what for.
fn near(of: ExactName) -> (&'static str, &'static str) {
    const FILLS: &str = "fills that one in place of a new one";
    match of {
        ExactName::Duration => ("--duration-column", "takes its cells for how long each link is valid"),
        ExactName::BaseUrl => ("--base-url-column", "takes its cells for the addresses of rows' own"),
        ExactName::Token => ("--token-column", FILLS),
        ExactName::Link => ("--url-column", FILLS),
        ExactName::Expiry => ("--expires-column", FILLS),
    }
}

fn warn_of_forgotten(plan: &Plan, header: &Header, claim: &str, column: usize) {
    let name = &header.names()[column];
    let given = plan
        .claims
        .iter()
        .filter_map(|claim| Some((claim.name.as_str(), header.names()[claim.column()?].as_str())));
    let entry = |(claim, column): (&str, &str)| match claim == column {
        true => Some(claim.to_owned()),
        false => Some(format!("{claim}={}", pasted(column)?)),
    };
    let flag: Option<Vec<String>> = given.chain([(claim, name.as_str())]).map(entry).collect();
    let hint = match flag {
        Some(entries) => format!("--claims {} takes it", entries.join(",")),
        None => "--claims NAME=COLUMN takes it".to_owned(),
    };
    let name = Excerpt(name);
    warn(
        &format!("the column {name} looks like {claim}, and no token has it"),
        Some(&hint),
    );
}
