//! The flags of the token's form and id.

use super::option_failure;
use crate::cli::args::TokenArgs;
use crate::cli::exit::Failure;
use linkmint::excerpt::Excerpt;
use linkmint::key::KeyId;
use linkmint::options::FormOptions;
use linkmint::token::{Form, TokenId};

/// What tokens look like, and where their ids begin.
#[derive(Clone, Copy, Debug)]
pub(crate) struct TokenPlan {
    pub(crate) form: Form,
    /// Whether the text is written in capitals.
    pub(crate) capitals: bool,
    pub(crate) key_id: Option<KeyId>,
    pub(crate) first_id: TokenId,
}

pub(crate) fn token_plan(args: &TokenArgs) -> Result<TokenPlan, Failure> {
    let first_id = first_id(args.first_id.as_deref())?;
    let options = FormOptions {
        seal: args.seal,
        public: args.public,
        format: Some(&args.format),
        text: args.text.as_deref(),
    };
    let (form, capitals) = options.form().map_err(option_failure)?;
    Ok(TokenPlan {
        first_id,
        form,
        capitals,
        key_id: args
            .key_id
            .as_deref()
            .map(|text| key_id(text, "--key-id"))
            .transpose()?,
    })
}

/// The id of the first token: a flag's, else one that is drawn.
pub(crate) fn first_id(flag: Option<&str>) -> Result<TokenId, Failure> {
    match flag {
        None => TokenId::draw().map_err(|_| no_random()),
        Some(text) => TokenId::parse(text).ok_or_else(|| {
            Failure::usage(format_args!("{} is no id", Excerpt(text)))
                .at("--first-id")
                .hint("it has twelve hex digits, as the summary of the run says: 0102030405aa")
        }),
    }
}

/// The system's random source failed.
pub(crate) fn no_random() -> Failure {
    Failure::undecided(anyhow::anyhow!("the system gives no random bytes"))
        .hint("check the system's random source (/dev/urandom)")
}

/// A key's id as it was typed at `place`.
pub(crate) fn key_id(text: &str, place: &str) -> Result<KeyId, Failure> {
    KeyId::parse(text).ok_or_else(|| {
        Failure::usage(format_args!("{} is no key id", Excerpt(text)))
            .at(place)
            .hint("it has four hex digits; `linkmint key list` shows those there are")
    })
}
