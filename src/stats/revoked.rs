//! The JSON of a revocation: the one schema of `revoked --json` and of whoever else lists them.

use crate::check::ClaimsJson;
use crate::ledger::{How, Revoked, Target};
use crate::moment::UnixTime;

/// An entry in the list of what is revoked. Either `claim` or the members of a token are filled.
#[derive(Debug, serde::Serialize)]
pub struct RevokedJson<'a> {
    revoked_at: UnixTime,
    reason: Option<&'a str>,
    how: How,
    claim: Option<ClaimJson<'a>>,
    trace: Option<String>,
    key_id: Option<String>,
    id: Option<String>,
    issued_at: Option<UnixTime>,
    expires_at: Option<UnixTime>,
    claims: Option<ClaimsJson<'a>>,
}

#[derive(Debug, serde::Serialize)]
struct ClaimJson<'a> {
    name: &'a str,
    value: &'a str,
}

impl<'a> From<&'a Revoked> for RevokedJson<'a> {
    fn from(entry: &'a Revoked) -> Self {
        let json = Self {
            revoked_at: UnixTime(entry.revocation.at),
            reason: entry.revocation.reason.as_deref(),
            how: entry.how,
            claim: None,
            trace: None,
            key_id: None,
            id: None,
            issued_at: None,
            expires_at: None,
            claims: None,
        };
        match &entry.target {
            Target::Claim { name, value } => Self {
                claim: Some(ClaimJson { name, value }),
                ..json
            },
            Target::Token {
                trace,
                key_id,
                id,
                issued_at,
                expires_at,
                claims,
            } => Self {
                trace: Some(trace.to_string()),
                key_id: Some(key_id.to_string()),
                id: id.map(|id| id.to_string()),
                issued_at: issued_at.map(UnixTime),
                expires_at: expires_at.map(UnixTime),
                claims: claims.as_deref().map(ClaimsJson),
                ..json
            },
        }
    }
}
