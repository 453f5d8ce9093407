//! The times that a token says, as they were read: a JWT of others may lack any of them.

use super::refusal::Refusal;
use super::validity::Validity;

/// Seconds since 1970-01-01 UTC. Those of a signed or sealed token keep the rules of [`Validity`]; those of a JWT
/// are whatever its maker wrote.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Times {
    pub(super) issued_at: Option<u32>,
    pub(super) expires_at: Option<u32>,
    pub(super) not_before: Option<u32>,
}

impl Times {
    /// When it was minted; only a JWT of others may keep it to itself.
    #[must_use]
    pub fn issued_at(&self) -> Option<u32> {
        self.issued_at
    }

    /// The first second at which it is no longer valid; `None` is never.
    #[must_use]
    pub fn expires_at(&self) -> Option<u32> {
        self.expires_at
    }

    /// The first second at which it is valid, where there is one.
    #[must_use]
    pub fn not_before(&self) -> Option<u32> {
        self.not_before
    }

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
