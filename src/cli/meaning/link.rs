//! The flags of the link, against the columns there are.

use super::columns::{Columns, column_failure};
use super::option_failure;
use crate::cli::args::LinkArgs;
use crate::cli::exit::{Failure, warn};
use crate::cli::hint::pasted;
use linkmint::batch::generate::{BASE_URL_COLUMN, LinkPlan};
use linkmint::excerpt::Harmless;
use linkmint::link::{FillError, LinkPattern};
use linkmint::options::LinkOptions;

/// The pattern that the flags give, if they give one.
pub(crate) fn pattern(args: &LinkArgs) -> Result<Option<LinkPattern>, Failure> {
    let options = LinkOptions {
        base_url: args.base_url.as_deref(),
        param: args.param.as_deref(),
        url: args.url.as_deref(),
    };
    options.pattern().map_err(option_failure)
}

/// The same for a token by itself, whose address no column gives.
pub(crate) fn pattern_of_flags(args: &LinkArgs) -> Result<Option<LinkPattern>, Failure> {
    match pattern(args)? {
        None if args.param.is_some() => {
            Err(Failure::usage("--param needs an address").hint("add --base-url https://…"))
        }
        pattern => Ok(pattern),
    }
}

/// The link of one token; `claim` gives the value of one of its claims.
pub(crate) fn filled<'v>(
    pattern: &LinkPattern,
    token: &str,
    claim: impl Fn(&str) -> Option<&'v str>,
) -> Result<String, Failure> {
    pattern.filled(token, claim).map_err(|error| match &error {
        FillError::NoClaim(_) => Failure::usage(&error)
            .at("--url")
            .hint("a placeholder is {token} or the name of a claim that is given"),
        FillError::Path(name, _) => Failure::usage(&error)
            .at(format_args!("--url, the claim {}", Harmless(name)))
            .hint("change the claim, or move it behind the ? of --url"),
    })
}

/// The links of a list's rows; none for tokens only.
pub(crate) fn link_plan(
    args: &LinkArgs,
    own_column: Option<&str>,
    columns: &Columns<'_>,
) -> Result<Option<LinkPlan>, Failure> {
    if args.no_link {
        return Ok(None);
    }
    let pattern = pattern(args)?;
    let base_url_column = match (own_column, &pattern) {
        (Some(name), _) => Some(columns.of_flag("--base-url-column", name)?),
        (None, Some(_)) => None,
        (None, None) => columns.find(BASE_URL_COLUMN)?,
    };
    if pattern.is_none() && base_url_column.is_none() {
        let message = match args.param {
            Some(_) => "--param needs an address: neither --base-url is given nor has the list a column base_url",
            None => "no address for the links: neither a flag gives one nor has the list a column base_url",
        };
        let mut near = columns.header().alike(BASE_URL_COLUMN);
        let near = near.find_map(|place| pasted(&columns.header().names()[place]));
        return Err(Failure::usage(message).hint(match near {
            Some(near) => {
                format!("--base-url-column {near} takes the addresses from there; or add --base-url https://…")
            }
            None => "add --base-url https://…, or --no-link for tokens only".to_owned(),
        }));
    }
    let plan = LinkPlan::of(pattern, columns.header(), base_url_column, args.param.clone());
    plan.map(Some)
        .map_err(|error| column_failure(&error, columns).at(format_args!("--url in {}", columns.place())))
}

/// A page that finds its way by what stands behind `#/` looks for the token there, too.
pub(crate) fn warn_of_route(args: &LinkArgs) {
    let base = args.base_url.as_deref();
    let Some((base, (_, route))) = base.and_then(|base| Some((base, base.split_once("#/")?))) else {
        return;
    };
    let url = match &args.param {
        Some(name) => format!("{base}{}{name}={{token}}", if route.contains('?') { '&' } else { '?' }),
        None => format!("{}/{{token}}", base.trim_end_matches('/')),
    };
    // what a shell would not leave as it is is no flag to paste
    let is_plain = !url.contains(['"', '$', '`', '\\', '!', '%']);
    let hint = match is_plain {
        true => format!("--url \"{url}\" puts it behind"),
        false => "--url with {token} behind the # puts it there".to_owned(),
    };
    warn(
        "--base-url: the token goes before the #, where a page that reads its way behind #/ does not look",
        Some(&hint),
    );
}
