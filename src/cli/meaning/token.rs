//! The flags of the token's form and id.

use crate::cli::args::{TextForm, TokenArgs, TokenFormat};
use crate::cli::exit::Failure;
use linkmint::excerpt::Excerpt;
use linkmint::key::KeyId;
use linkmint::token::wire::Alphabet;
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
    Ok(TokenPlan {
        first_id: first_id(args.first_id.as_deref())?,
        form: form(args)?,
        capitals: args.text == Some(TextForm::Base32Upper),
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

fn form(args: &TokenArgs) -> Result<Form, Failure> {
    let alphabet = match args.text {
        None | Some(TextForm::Base64url) => Alphabet::Base64Url,
        Some(TextForm::Base32 | TextForm::Base32Upper) => Alphabet::Base32,
    };
    match (args.format, args.seal) {
        (TokenFormat::Linkmint, false) if args.public => Ok(Form::Public(alphabet)),
        (TokenFormat::Linkmint, false) => Ok(Form::Signed(alphabet)),
        (TokenFormat::Linkmint, true) => Ok(Form::Sealed(alphabet)),
        (TokenFormat::Jwt, true) => Err(Failure::usage("a JWT hides no claims")
            .at("--seal")
            .hint("leave out --seal or --format jwt")),
        (TokenFormat::Jwt, false) if args.text.is_some() => Err(Failure::usage(
            "a JWT has an alphabet of its own, in which case matters",
        )
        .at("--text")
        .hint("leave out --text or --format jwt")),
        (TokenFormat::Jwt, false) if args.public => Ok(Form::PublicJwt),
        (TokenFormat::Jwt, false) => Ok(Form::Jwt),
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
