//! What the flags say of the proxy before the service.

use crate::cli::args::ProxyArgs;
use crate::cli::exit::Failure;
use crate::cli::meaning::claims;
use linkmint::excerpt::Excerpt;
use linkmint::service::{ForwardAuth, ForwardAuthError, TrustedProxy};

pub(super) fn trusted(args: &ProxyArgs) -> Result<Vec<TrustedProxy>, Failure> {
    let parse = |text: &String| {
        text.trim().parse().map_err(|error| {
            Failure::usage(format_args!("{}: {error}", Excerpt(text)))
                .at("--trusted-proxy")
                .hint("the address that the proxy connects from, as 127.0.0.1; unix where it uses the socket")
        })
    };
    filled(&args.trusted_proxy).map(parse).collect()
}

pub(super) fn forward_auth(args: &ProxyArgs) -> Result<ForwardAuth, Failure> {
    // a variable that is empty is none
    let (header, param) = (filled(&args.auth_uri_header).next(), filled(&args.param).next());
    let needs_header = param.is_some() || filled(&args.auth_claims).next().is_some();
    if needs_header && header.is_none() {
        return Err(
            Failure::usage("/v1/auth has no header to read the visitor's address from")
                .at("--auth-uri-header")
                .hint("X-Original-URI, or what the proxy sets: samples/service has nginx and Caddy"),
        );
    }
    let names = filled(&args.auth_claims).map(|name| {
        let name = claims::claim_name("--auth-claims", name.trim())?;
        Ok(name.as_str().to_owned())
    });
    let names = names.collect::<Result<Vec<_>, Failure>>()?;
    ForwardAuth::new(header.map(String::as_str), param.cloned(), names).map_err(|error| {
        let (flag, hint) = match error {
            ForwardAuthError::UriHeader => ("--auth-uri-header", "X-Original-URI, X-Forwarded-Uri"),
            _ => ("--auth-claims", "letters, digits, _ and - can stand in a header's name"),
        };
        Failure::usage(error).at(flag).hint(hint)
    })
}

fn filled<'a>(texts: impl IntoIterator<Item = &'a String>) -> impl Iterator<Item = &'a String> {
    texts.into_iter().filter(|text| !text.trim().is_empty())
}
