//! A token whose end is missing: how much of it, and what can still be read. Nobody can check it any more, so nothing of
//! that is known to be true.

use super::body::times_and_id;
use super::bytes::{HEADER, MIN_LENGTH, TIMES_AND_ID, needs_pad};
use super::form::Kind;
use super::shape::{self, Spelling};
use super::times::Times;
use super::verify::UntrustedToken;
use crate::claims::{Claim, MapStart};
use crate::key::{KeyId, SIGNATURE_LENGTH, TAG_LENGTH};

/// What is shorter may be anything.
const SHORTEST: usize = 16;
/// The characters of a JWT's signature: HS256's, EdDSA's.
const JWT_SIGNATURES: [usize; 2] = [43, 86];

/// A token that is cut short.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Cut {
    /// How many characters are missing.
    pub missing: usize,
    /// Whether it may be more: not all claims are there, which would say how long the token was.
    pub is_least: bool,
    /// The key it says to be of.
    pub key_id: Option<KeyId>,
    /// The times it claims, where they are there.
    pub times: Option<Times>,
    /// The claims that are there.
    pub claims: Vec<(String, String)>,
}

impl Cut {
    /// What is missing of a text that begins as a token does; `None` where nothing is, or where it can't be told.
    #[must_use]
    pub fn of(text: &str) -> Option<Self> {
        let form = Spelling::starting(text.as_bytes()).filter(|_| text.len() >= SHORTEST)?;
        match form {
            Spelling::Jwt => of_jwt(text),
            form => of_bytes(text, form),
        }
    }
}

fn of_bytes(text: &str, form: Spelling) -> Option<Cut> {
    if !text.bytes().all(|byte| form.value(byte).is_some()) {
        return None;
    }
    let bytes = shape::bytes_meant(text.as_bytes());
    let kind = Kind::of(*bytes.first()?)?;
    let key_id = KeyId([*bytes.get(1)?, *bytes.get(2)?]);
    let missing = |length: usize| {
        let characters = (length * 8).div_ceil(form.bits());
        characters.checked_sub(text.len()).filter(|missing| *missing > 0)
    };
    let nothing_read = |length: usize| {
        Some(Cut {
            missing: missing(length)?,
            is_least: true,
            key_id: Some(key_id),
            ..Cut::default()
        })
    };
    let tag = match kind {
        // its claims can't be read, which would say how long it was
        Kind::Sealed => return nothing_read(MIN_LENGTH),
        Kind::Signed => TAG_LENGTH,
        Kind::Public => SIGNATURE_LENGTH,
    };
    let Some((head, rest)) = bytes[HEADER..].split_first_chunk::<TIMES_AND_ID>() else {
        return nothing_read(MIN_LENGTH - TAG_LENGTH + tag);
    };
    let map = MapStart::read(rest)?;
    let claimed = map.length.unwrap_or(rest.len() + 1);
    let length = HEADER + TIMES_AND_ID + claimed + tag;
    let length = length + usize::from(map.length.is_some() && needs_pad(length));
    let (validity, _) = times_and_id(*head, map.not_before);
    Some(Cut {
        missing: missing(length)?,
        is_least: map.length.is_none(),
        key_id: Some(key_id),
        times: Some(validity.ok()?.into()),
        claims: map.claims.into_iter().map(Claim::to_texts).collect(),
    })
}

/// A JWT says how long its signature is, and nothing of how long the rest was.
fn of_jwt(text: &str) -> Option<Cut> {
    let parts: Vec<&str> = text.split('.').collect();
    if !text.bytes().all(|byte| Spelling::Jwt.value(byte).is_some()) || parts.len() > 3 {
        return None;
    }
    let nothing_read = |missing: usize| Cut {
        missing,
        is_least: true,
        ..Cut::default()
    };
    let signature = match parts.as_slice() {
        [_, _, signature] => *signature,
        // a dot before each part that is not there
        parts => return Some(nothing_read(JWT_SIGNATURES[0] + 3 - parts.len())),
    };
    JWT_SIGNATURES.into_iter().find_map(|length| {
        let missing = length.checked_sub(signature.len()).filter(|missing| *missing > 0)?;
        let whole = format!("{text}{}", "A".repeat(missing));
        let mut buffer = Vec::new();
        let token = UntrustedToken::read(&whole, &mut buffer).ok()?;
        let (form, key_id) = (token.form(), token.key_id());
        let said = token.peek().ok()??;
        (form.is_public() == (length != JWT_SIGNATURES[0])).then(|| Cut {
            missing,
            is_least: false,
            key_id,
            times: Some(said.times),
            claims: said.claims.iter().map(Claim::to_texts).collect(),
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const TOKEN: &str = "LOKOarE7gGqyjQABAgMEBQajARoAEtaHAmhzcHJpbmcyNgMYWIbqqsMuOaXfgl2ImtOCtkk";

    #[test]
    fn what_is_missing_at_the_end_is_counted_while_the_claims_are_there() {
        assert_eq!(Cut::of(TOKEN), None);
        for missing in 1..=21 {
            let cut = Cut::of(&TOKEN[..TOKEN.len() - missing]).expect("it is cut");
            assert_eq!((cut.missing, cut.is_least), (missing, false));
            assert_eq!(cut.claims.len(), 3);
            assert_eq!(cut.claims[0], ("customer_id".to_owned(), "1234567".to_owned()));
        }
    }

    #[test]
    fn of_claims_that_are_cut_those_before_are_read() {
        for (length, claims) in [(46, 2), (45, 1), (36, 1), (26, 0), (20, 0)] {
            let cut = Cut::of(&TOKEN[..length]).expect("it is cut");
            assert!(cut.is_least && cut.missing <= TOKEN.len() - length, "{length}: {cut:?}");
            assert_eq!(cut.claims.len(), claims, "{length}");
        }
    }

    #[test]
    fn what_is_no_beginning_of_a_token_is_not_cut() {
        for text in [
            "",
            "LOKO",
            "LOKOarE7gGqyjQABAgMEBQb_ARoAEtaHAmhzcHJpbmcy",
            "LOKO arE7gGqyjQABAgMEBQajARoAEtaH",
            "lokoare7ggqyjqabagmebqajaroaetahamhz",
            "eyJhbGciOiJIUzI1NiJ9.x.y.z",
        ] {
            assert_eq!(Cut::of(text), None, "{text}");
        }
    }
}
