//! Warns of claims that no column was held against, though each customer's is another: of such a list, nobody knows
//! whether its tokens stand in their own rows.

use crate::cli::exit::warn;
use crate::cli::hint::pasted;
use linkmint::batch::Tally;
use linkmint::batch::verify::{EXPIRES, STATUS, VerifyPlan};
use linkmint::excerpt::{Excerpt, Harmless};
use linkmint::table::is_alike;

/// So many columns are offered; who has more knows best.
const MOST_OFFERED: usize = 3;

pub(in crate::cli) fn warn_of_unmatched(plan: &VerifyPlan, tally: &Tally) {
    if plan.matches.is_empty() || tally.compared == 0 {
        return;
    }
    for claim in tally.claims.unmatched(tally.compared) {
        let alike: Vec<_> = columns(plan).filter(|(_, name)| is_alike(name, claim)).collect();
        let shown: Vec<_> = alike.iter().map(|(_, name)| Excerpt(name).to_string()).collect();
        let why = match alike.is_empty() {
            true => "no column has its name".to_owned(),
            false => format!("several columns have a name like it: {}", shown.join(", ")),
        };
        let claim_shown = Harmless(claim);
        let offered = match alike.is_empty() {
            true => columns(plan)
                .filter(|(column, name)| !is_taken(plan, tally, *column, name))
                .collect(),
            false => alike,
        };
        warn(
            &format!(
                "the claim {claim_shown} was held against no cell: {why}; links that slipped to other rows are not found by it"
            ),
            Some(&hint(claim, &offered)),
        );
    }
}

fn columns(plan: &VerifyPlan) -> impl Iterator<Item = (usize, &str)> {
    plan.columns.iter().map(String::as_str).enumerate()
}

/// Whether a column is known to hold something else.
fn is_taken(plan: &VerifyPlan, tally: &Tally, column: usize, name: &str) -> bool {
    let own = ["token", "url_link", "expires_at", "qr_file", STATUS, EXPIRES];
    let tokens = [Some(plan.tokens.first), plan.tokens.second];
    own.contains(&name) || tokens.contains(&Some(column)) || tally.asked.contains(&column)
}

/// The whole flags that pair the claim with one of these columns.
fn hint(claim: &str, offered: &[(usize, &str)]) -> String {
    let claim = match claim.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_') {
        true => Some(claim.to_owned()),
        false => pasted(claim),
    };
    let flag = |(_, name): &(usize, &str)| Some(format!("--match {}={}", claim.as_ref()?, pasted(name)?));
    let flags: Vec<_> = offered.iter().filter_map(flag).collect();
    match flags.as_slice() {
        [] => "--match NAME=COLUMN pairs it with its column".to_owned(),
        [flag] => format!("{flag} pairs it with that column, if it is the one"),
        flags if flags.len() <= MOST_OFFERED => format!("pair it with its column: {}", flags.join(" or ")),
        flags => format!("pair it with its column, as {}", flags[0]),
    }
}
