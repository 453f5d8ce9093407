//! Where the flags say that links lead.

use crate::cli::args::RedirectArgs;
use crate::cli::exit::{Failure, plain};
use linkmint::excerpt::Excerpt;
use linkmint::service::{Campaigns, Redirects};
use std::path::Path;

/// Where valid links lead; nowhere, where no flag says so.
pub(super) fn redirects(args: &RedirectArgs) -> Result<Option<Redirects>, Failure> {
    let all = args.redirect_to.as_deref().filter(|text| !text.is_empty());
    let all = all.map(|text| {
        text.parse().map_err(|error| {
            Failure::usage(format_args!("{}: {error}", Excerpt(text)))
                .at("--redirect-to")
                .hint("write the whole address: https://mystore.com/promotions")
        })
    });
    let all = all.transpose()?;
    let file = args
        .redirect_file
        .as_deref()
        .filter(|path| !path.as_os_str().is_empty());
    if all.is_none() && file.is_none() {
        return match args.confirm {
            true => Err(Failure::usage("no link leads anywhere")
                .at("--confirm")
                .hint("say where to: --redirect-to https://mystore.com/promotions")),
            false => Ok(None),
        };
    }
    let campaigns = file.map(campaigns).transpose()?.unwrap_or_default();
    let confirm = args.confirm;
    Ok(Some(Redirects {
        all,
        campaigns,
        confirm,
    }))
}

fn campaigns(path: &Path) -> Result<Campaigns, Failure> {
    let text = std::fs::read_to_string(path).map_err(|error| Failure::undecided(plain(error)).at_path(path))?;
    serde_json::from_str(&text).map_err(|error| {
        Failure::undecided(error)
            .at_path(path)
            .hint("as {\"spring26\": \"https://mystore.com/spring\", \"autumn26\": \"https://mystore.com/autumn\"}")
    })
}
