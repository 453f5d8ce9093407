//! The flags of the token's form and id.

use crate::cli::args::{TextForm, TokenArgs};
use crate::cli::exit::{Exit, Failure};
use linkmint::excerpt::Excerpt;
use linkmint::key::KeyId;
use linkmint::token::wire::Alphabet;
use linkmint::token::{Kind, TokenId};

/// What tokens look like, and where their ids begin.
#[derive(Clone, Copy, Debug)]
pub(crate) struct TokenPlan {
    pub(crate) kind: Kind,
    pub(crate) alphabet: Alphabet,
    pub(crate) key_id: Option<KeyId>,
    pub(crate) first_id: TokenId,
}

pub(crate) fn token_plan(args: &TokenArgs) -> Result<TokenPlan, Failure> {
    let first_id = match &args.first_id {
        None => TokenId::draw().map_err(|_| {
            Failure::new(Exit::Undecided, anyhow::anyhow!("the system gives no random bytes"))
                .hint("check the system's random source (/dev/urandom)")
        })?,
        Some(text) => TokenId::parse(text).ok_or_else(|| {
            Failure::usage(format_args!("{} is no id", Excerpt(text)))
                .at("--first-id")
                .hint("it has twelve hex digits, as the summary of the run says: 0102030405aa")
        })?,
    };
    Ok(TokenPlan {
        kind: if args.seal { Kind::Sealed } else { Kind::Signed },
        alphabet: match args.text {
            TextForm::Base64url => Alphabet::Base64Url,
            TextForm::Base32 => Alphabet::Base32,
        },
        key_id: args
            .key_id
            .as_deref()
            .map(|text| key_id(text, "--key-id"))
            .transpose()?,
        first_id,
    })
}

/// A key's id as it was typed at `place`.
pub(crate) fn key_id(text: &str, place: &str) -> Result<KeyId, Failure> {
    KeyId::parse(text).ok_or_else(|| {
        Failure::usage(format_args!("{} is no key id", Excerpt(text)))
            .at(place)
            .hint("it has four hex digits; `linkmint key list` shows those there are")
    })
}
