//! `linkmint sign`: one token.

use super::args::SignArgs;
use super::exit::{self, Exit, Failure, warn};
use super::meaning::token::TokenPlan;
use super::meaning::{claims, link, pair, time, token};
use super::{clock, hint, qr, ring};
use linkmint::batch::lint::{self, LONG_LINK, Lint};
use linkmint::claims::{ClaimError, ClaimName, ValueForm};
use linkmint::key::{Key, Secret};
use linkmint::link::LinkPattern;
use linkmint::moment::UnixTime;
use linkmint::options::Times;
use linkmint::token::{Form, Minter, Validity};

pub(crate) fn run(args: SignArgs) -> Result<Exit, Failure> {
    let times = time::times(&args.time, clock::now()?)?;
    time::check_format_is_used(&args.time, "--expires-at or --not-before")?;
    let plan = token::token_plan(&args.token)?;
    let drawn = qr::Single::of(&args.qr, args.json)?;
    let pattern = link::pattern_of_flags(&args.link)?;
    let claims = claims(&args)?;
    claims::check_form(plan.form, claims.iter().map(|(name, _)| name))?;
    let validity = validity(&times)?;
    let claim = |name: &str| {
        let found = claims.iter().find(|(claim, _)| claim.as_str() == name);
        found.map(|(_, value)| value.as_str())
    };
    let link_of = |token: &str| {
        let link = pattern.as_ref().map(|pattern| link::filled(pattern, token, claim));
        link.transpose()
    };
    // before a key is made for it
    link_of("")?;
    // whether a token carries all the claims, a key that is thrown away tells
    let secret = Secret::draw().map_err(|_| token::no_random())?;
    mint(&Key::new(secret), &plan, &claims, &validity)?;
    let source = ring::locate(&args.keyring)?;
    let key = ring::signing_key(&source, plan.key_id, args.quiet)?;
    let token = mint(&key, &plan, &claims, &validity)?;
    let link = link_of(&token)?;
    if !args.quiet {
        warn_of(&plan, &claims, pattern.as_ref(), link.as_deref());
        link::warn_of_route(&args.link);
    }
    let letters = drawn.draw(link.as_deref().unwrap_or(&token), args.quiet)?;
    print(&args, &token, link.as_deref(), validity.expires_at(), &letters)
}

/// What is allowed and yet most likely a mistake, as `generate` warns of it.
fn warn_of(plan: &TokenPlan, claims: &[(ClaimName, String)], pattern: Option<&LinkPattern>, link: Option<&str>) {
    let sealed = matches!(plan.form, Form::Sealed(_));
    for (name, value) in claims {
        if let Some(lint) = lint::of_value(value, ValueForm::of(value), sealed) {
            warn(&format!("{name}: {lint}"), Some(hint::of_typed_lint(lint)));
        }
    }
    if pattern.is_some_and(LinkPattern::is_plain_http) {
        warn(&Lint::PlainHttp.to_string(), Some(hint::of_lint(Lint::PlainHttp)));
    }
    if link.is_some_and(|link| link.len() > LONG_LINK) {
        warn(&Lint::LongLink.to_string(), Some(hint::of_lint(Lint::LongLink)));
    }
}

fn mint(key: &Key, plan: &TokenPlan, claims: &[(ClaimName, String)], validity: &Validity) -> Result<String, Failure> {
    let mut text = Vec::new();
    Minter::new(key, plan.form)
        .mint::<ClaimError>(validity, plan.first_id, &mut text, |map| {
            claims.iter().try_for_each(|(name, value)| map.push(name, value))
        })
        .map_err(|error| Failure::usage(error).hint("leave some claims out, or shorten them"))?;
    if plan.capitals {
        text.make_ascii_uppercase();
    }
    String::from_utf8(text).map_err(Failure::undecided)
}

fn claims(args: &SignArgs) -> Result<Vec<(ClaimName, String)>, Failure> {
    let mut claims: Vec<(ClaimName, String)> = Vec::new();
    for text in &args.claims {
        let (name, value) = pair("sign", text)?;
        let name = claims::claim_name("the claim", name)?;
        let value = value.trim_ascii();
        claims::check_value("sign", &name, value)?;
        if claims.iter().any(|(other, _)| *other == name) {
            return Err(Failure::usage(format_args!("the claim {name} is given twice")).hint("leave one of them out"));
        }
        claims.push((name, value.to_owned()));
    }
    claims.sort();
    Ok(claims)
}

pub(super) fn validity(times: &Times) -> Result<Validity, Failure> {
    let validity = times.validity().map_err(|error| time::contradiction(times, error))?;
    validity.ok_or_else(|| {
        Failure::usage("nothing says when the token expires")
            .hint("add --expires-in 24h, --expires-at 2026-11-30 or --never-expires")
    })
}

/// What `--json` prints.
#[derive(serde::Serialize)]
struct SignedJson<'a> {
    token: &'a str,
    url_link: Option<&'a str>,
    expires_at: Option<UnixTime>,
}

fn print(
    args: &SignArgs,
    token: &str,
    link: Option<&str>,
    expires_at: Option<u32>,
    letters: &str,
) -> Result<Exit, Failure> {
    let line = match args.json {
        true => serde_json::to_string(&SignedJson {
            token,
            url_link: link,
            expires_at: expires_at.map(UnixTime),
        })
        .expect("it has text keys alone"),
        false => link.unwrap_or(token).to_owned(),
    };
    exit::print(format!("{line}\n{letters}"))
}
