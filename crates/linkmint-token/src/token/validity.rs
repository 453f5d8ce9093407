//! The times of a token to be minted, held to the rules of the format.

/// When a token is good: seconds since 1970-01-01 UTC, held to the rules of the format.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Validity {
    issued_at: u32,
    expires_at: Option<u32>,
    not_before: Option<u32>,
}

/// Times that no token can carry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ValidityError {
    /// `expires_at` is not later than `issued_at`.
    #[error("the expiry is not later than the time of issue")]
    ExpiresAsIssued,
    /// `not_before` is not before `expires_at`.
    #[error("the token would expire before it becomes valid")]
    NotBeforeAtExpiry,
    /// `not_before` is 0.
    #[error("a token can't become valid at the start of 1970")]
    NotBeforeZero,
    /// `expires_at` does not fit into a token.
    #[error("the expiry is after 2106")]
    AfterLastSecond,
}

impl Validity {
    /// Checks the times against each other. `expires_at` of `None` means never.
    ///
    /// # Errors
    /// When the expiry is not later than the issue, or not later than `not_before`.
    pub fn new(issued_at: u32, expires_at: Option<u32>, not_before: Option<u32>) -> Result<Self, ValidityError> {
        if expires_at.is_some_and(|expiry| expiry <= issued_at) {
            return Err(ValidityError::ExpiresAsIssued);
        }
        if not_before == Some(0) {
            return Err(ValidityError::NotBeforeZero);
        }
        if let (Some(start), Some(expiry)) = (not_before, expires_at)
            && start >= expiry
        {
            return Err(ValidityError::NotBeforeAtExpiry);
        }
        Ok(Self {
            issued_at,
            expires_at,
            not_before,
        })
    }

    /// From the time of issue until so many seconds later.
    ///
    /// # Errors
    /// When that is no second, or past 2106.
    pub fn lasting(issued_at: impl Into<u32>, seconds: u64) -> Result<Self, ValidityError> {
        let issued_at = issued_at.into();
        let expires_at = u64::from(issued_at).checked_add(seconds);
        let expires_at = expires_at.and_then(|second| u32::try_from(second).ok());
        Self::new(issued_at, Some(expires_at.ok_or(ValidityError::AfterLastSecond)?), None)
    }

    /// From the time of issue on, without an end.
    #[must_use]
    pub fn endless(issued_at: impl Into<u32>) -> Self {
        Self {
            issued_at: issued_at.into(),
            expires_at: None,
            not_before: None,
        }
    }

    /// When it was minted.
    #[must_use]
    pub fn issued_at(&self) -> u32 {
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
}
