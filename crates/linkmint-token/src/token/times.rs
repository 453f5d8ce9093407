//! The times that a token says, as they were read: a JWT of others may lack any of them.

use super::refusal::Refusal;
use super::validity::Validity;

/// Seconds since 1970-01-01 UTC. Those of a signed or sealed token keep the rules of [`Validity`]; those of a JWT
/// are whatever its maker wrote.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Times {
    /// When it was minted; only a JWT of others may keep it to itself.
    pub issued_at: Option<u32>,
    /// The first second at which it is no longer valid; `None` is never.
    pub expires_at: Option<u32>,
    /// The first second at which it is valid, where there is one.
    pub not_before: Option<u32>,
}

impl Times {
    /// Whether `now` lies in them, give or take `leeway` seconds.
    pub(super) fn check(&self, now: u64, leeway: u64) -> Result<(), Refusal> {
        if let Some(not_before) = self.not_before
            && now.saturating_add(leeway) < u64::from(not_before)
        {
            return Err(Refusal::NotYetValid { not_before });
        }
        if let Some(expires_at) = self.expires_at
            && now.saturating_sub(leeway) >= u64::from(expires_at)
        {
            return Err(Refusal::Expired { expires_at });
        }
        Ok(())
    }
}

impl From<Validity> for Times {
    fn from(validity: Validity) -> Self {
        Self {
            issued_at: Some(validity.issued_at()),
            expires_at: validity.expires_at(),
            not_before: validity.not_before(),
        }
    }
}
