//! Every way in which a check can say no: one variant, one stable status, one sentence.

use super::jwt::Flaw;
use super::revoked::Revocation;
use crate::claims::MapError;
use crate::key::KeyId;
use std::fmt;

/// The stable word for the outcome of a check, in the order in which they are looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Status {
    /// No token, or an authentic one that no minter of this version writes.
    Malformed,
    /// The keyring has no key of the token's key id.
    UnknownKey,
    /// The tag or SIV is not the key's.
    InvalidSignature,
    /// Authentic, but revoked.
    Revoked,
    /// Authentic, but its time has not come.
    NotYetValid,
    /// Authentic, but its time is over.
    Expired,
    /// Authentic, but a claim is not what was expected.
    ClaimMismatch,
    /// Authentic, but not this row's token.
    RowMismatch,
    /// All holds.
    Valid,
}

impl Status {
    /// The word in JSON and CSV.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Status::Malformed => "malformed",
            Status::UnknownKey => "unknown_key",
            Status::InvalidSignature => "invalid_signature",
            Status::Revoked => "revoked",
            Status::NotYetValid => "not_yet_valid",
            Status::Expired => "expired",
            Status::ClaimMismatch => "claim_mismatch",
            Status::RowMismatch => "row_mismatch",
            Status::Valid => "valid",
        }
    }

    /// All of them, in the order in which they are looked for.
    pub const ALL: [Status; 9] = [
        Status::Malformed,
        Status::UnknownKey,
        Status::InvalidSignature,
        Status::Revoked,
        Status::NotYetValid,
        Status::Expired,
        Status::ClaimMismatch,
        Status::RowMismatch,
        Status::Valid,
    ];
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// What is wrong with the token's form. All are `malformed`; the sentence says which.
///
/// As wide as what it shares a `Result` with, for the reason that [`MapError`] gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
#[repr(usize)]
pub enum Malformed {
    /// There is no text.
    #[error("there is no token")]
    Empty,
    /// There are several, and one was asked for.
    #[error("there are several tokens")]
    SeveralTokens,
    /// The text that it may be in is longer than is looked at.
    #[error("the text is longer than 1 MiB")]
    TextTooLong,
    /// The first letter is of neither alphabet.
    #[error("a token begins with L, S or P, in its base32 form with F, J or H, a JWT with eyJ")]
    FirstLetter,
    /// A character that the alphabet does not have, at this place from 1.
    #[error("character {0} does not belong in a token")]
    Character(usize),
    /// Bits of the last character that stand for nothing are set.
    #[error("its last character can't end a token")]
    UnusedBits,
    /// A length that no token has.
    #[error("no token has this length; part of it is missing, or something was added")]
    Length,
    /// Another kind byte.
    #[error("its kind is not known to this version")]
    Kind,
    /// The token is authentic, but its claims break the rules of the format.
    #[error("{0}")]
    Claims(MapError),
    /// The token is authentic, but its times break the rules of the format.
    #[error("its times contradict each other")]
    Times,
    /// The token is authentic, but its padding is missing, needless or not zero, or bytes are left over.
    #[error("its padding is not in order")]
    Padding,
    /// It is a JWT, and not as one must be.
    #[error("{0}")]
    Jwt(Flaw),
}

impl From<Flaw> for Malformed {
    fn from(flaw: Flaw) -> Self {
        Malformed::Jwt(flaw)
    }
}

/// The answer "no" to the question whether a token is good: no error, and never a guess. No fault of anyone's program
/// either, and yet what `?` hands on.
///
/// Its sentence is without times: those are told in the words of the person who asks.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Refusal {
    /// Not the form of a token.
    #[error("{}{}", if *.0 == Malformed::Empty { "" } else { "malformed token: " }, .0)]
    Malformed(Malformed),
    /// No key of this id at hand.
    #[error("unknown key: the keyring has no key {0}")]
    UnknownKey(KeyId),
    /// Of this id only a public key is at hand, and the token is of a form that only the secret checks.
    #[error(
        "unknown key: the keyring has only the public key {0}, which checks no signed or sealed token and no HS256 JWT"
    )]
    OnlyPublicKey(KeyId),
    /// A JWT that names no key, or not as a keyring names its keys.
    #[error("unknown key: the JWT's kid is missing or no id of a keyring's key")]
    UnnamedKey,
    /// The signature does not hold.
    #[error("invalid signature")]
    InvalidSignature,
    /// Authentic, but revoked.
    #[error("token revoked{}{}", if .0.reason.is_some() { ": " } else { "" }, .0.reason.as_deref().unwrap_or_default())]
    Revoked(Revocation),
    /// Authentic, valid from this second on.
    #[error("token not yet valid")]
    NotYetValid {
        /// Seconds since 1970.
        not_before: u32,
    },
    /// Authentic, valid until before this second.
    #[error("token expired")]
    Expired {
        /// Seconds since 1970.
        expires_at: u32,
    },
    /// Authentic, and in its time, but the claim of this name is not the expected one.
    #[error("the claim {name} is not the expected one")]
    ClaimMismatch {
        /// The first name that differs.
        name: String,
    },
    /// Authentic, in its time, but the row says otherwise.
    #[error("the token belongs to another row: {name} differs")]
    RowMismatch {
        /// What differs, as a name of a claim or a column.
        name: String,
    },
    /// Authentic, in its time, and the row differs only as a spreadsheet changes numbers: in zeros, sign or exponent.
    #[error("{name} differs in zeros, sign or exponent only: a spreadsheet may have changed the cell")]
    CellRewritten {
        /// The column that differs.
        name: String,
    },
}

impl Refusal {
    /// The stable word.
    #[must_use]
    pub fn status(&self) -> Status {
        match self {
            Refusal::Malformed(_) => Status::Malformed,
            Refusal::UnknownKey(_) | Refusal::OnlyPublicKey(_) | Refusal::UnnamedKey => Status::UnknownKey,
            Refusal::InvalidSignature => Status::InvalidSignature,
            Refusal::Revoked(_) => Status::Revoked,
            Refusal::NotYetValid { .. } => Status::NotYetValid,
            Refusal::Expired { .. } => Status::Expired,
            Refusal::ClaimMismatch { .. } => Status::ClaimMismatch,
            Refusal::RowMismatch { .. } | Refusal::CellRewritten { .. } => Status::RowMismatch,
        }
    }
}

impl From<Malformed> for Refusal {
    fn from(malformed: Malformed) -> Self {
        Refusal::Malformed(malformed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_refusal_is_a_sentence() {
        let name = || "campaign_id".to_owned();
        let revoked = |reason| Refusal::Revoked(Revocation { at: 1, reason });
        let table = [
            (Malformed::Empty.into(), "there is no token"),
            (
                Malformed::Kind.into(),
                "malformed token: its kind is not known to this version",
            ),
            (
                Refusal::UnknownKey(KeyId([0xab, 1])),
                "unknown key: the keyring has no key ab01",
            ),
            (
                Refusal::OnlyPublicKey(KeyId([0xab, 1])),
                "unknown key: the keyring has only the public key ab01, which checks no signed or sealed token and no HS256 JWT",
            ),
            (Refusal::InvalidSignature, "invalid signature"),
            (revoked(None), "token revoked"),
            (revoked(Some("wrong prices".into())), "token revoked: wrong prices"),
            (Refusal::NotYetValid { not_before: 1 }, "token not yet valid"),
            (Refusal::Expired { expires_at: 1 }, "token expired"),
            (
                Refusal::ClaimMismatch { name: name() },
                "the claim campaign_id is not the expected one",
            ),
            (
                Refusal::RowMismatch { name: name() },
                "the token belongs to another row: campaign_id differs",
            ),
        ];
        for (refusal, sentence) in table {
            assert_eq!(refusal.to_string(), sentence);
        }
    }
}
