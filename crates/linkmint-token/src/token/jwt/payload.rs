//! What a JWT says: its times, its id and its claims (RFC 7519, section 4).

use super::flaw::Flaw;
use super::members::{self, Member};
use crate::claims::Claims;
use crate::token::body::Body;
use crate::token::id::TokenId;
use crate::token::times::Times;
use std::borrow::Cow;

/// Reads the JSON; its claims take the place of what was in `room`.
pub(in crate::token) fn read<'b>(json: &[u8], room: &'b mut Vec<u8>) -> Result<Body<'b>, Flaw> {
    let members = members::read(json, Flaw::Payload)?;
    let times = times(&members)?;
    let (mut id, mut claims) = (None, Vec::with_capacity(members.len()));
    for (name, value) in &members {
        match (name.as_str(), value) {
            ("iat" | "exp" | "nbf", _) => {}
            ("jti", Member::Text(text)) if own_id(text, times).is_some() => id = own_id(text, times),
            (name, Member::Text(text)) => claims.push((name, Cow::Borrowed(text.as_str()))),
            (name, Member::Whole(number)) => claims.push((name, number.to_string().into())),
            (_, Member::Other) => return Err(Flaw::Claim),
        }
    }
    let claims = Claims::of_texts(claims.iter().map(|(name, value)| (*name, &**value)), room);
    Ok(Body { times, id, claims })
}

fn times(members: &[(String, Member)]) -> Result<Times, Flaw> {
    let time = |name: &str| match members.iter().find(|(other, _)| other == name) {
        None => Ok(None),
        Some((_, Member::Whole(seconds))) => u32::try_from(*seconds).map(Some).map_err(|_| Flaw::Time),
        Some(_) => Err(Flaw::Time),
    };
    Ok(Times {
        issued_at: time("iat")?,
        expires_at: time("exp")?,
        not_before: time("nbf")?,
    })
}

/// The id in a `jti` as we write it, which begins with the time of issue.
fn own_id(jti: &str, times: Times) -> Option<TokenId> {
    let id = jti.strip_prefix(&format!("{:08x}", times.issued_at?))?;
    TokenId::parse(id).filter(|parsed| parsed.to_string() == id)
}
