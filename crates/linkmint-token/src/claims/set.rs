//! Claims of one token to be minted, kept in the order in which a token stores them.

use super::{ClaimError, ClaimName, ClaimsEncoder, MAX_CLAIMS, MAX_VALUE};

/// Names and values for [`Minter::mint_claims`](crate::token::Minter::mint_claims), added in any order.
///
/// ```
/// use linkmint_token::ClaimSet;
///
/// let mut claims = ClaimSet::of([("campaign_id", "spring26"), ("customer_id", "1234567")])?;
/// claims.add("coupon", "SAVE-10")?;
/// assert_eq!(claims.value("coupon"), Some("SAVE-10"));
/// assert!(claims.add("customer_id", "7654321").is_err(), "it stands there already");
/// # Ok::<(), linkmint_token::claims::ClaimError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ClaimSet {
    claims: Vec<(ClaimName, String)>,
}

impl ClaimSet {
    /// None yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// All of `pairs`.
    ///
    /// # Errors
    /// As [`ClaimSet::add`], of the first pair that can't be added.
    pub fn of<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> Result<Self, ClaimError> {
        let mut claims = Self::new();
        for (name, value) in pairs {
            claims.add(name, value)?;
        }
        Ok(claims)
    }

    /// Adds one claim. The value is taken as it is: nothing is trimmed.
    ///
    /// # Errors
    /// When the name or the value breaks a limit, the name stands there already, or there are 16 claims.
    pub fn add(&mut self, name: &str, value: &str) -> Result<(), ClaimError> {
        let name = ClaimName::parse(name)?;
        if value.is_empty() {
            return Err(ClaimError::EmptyValue);
        }
        if value.len() > MAX_VALUE {
            return Err(ClaimError::LongValue(value.len()));
        }
        let Err(place) = self.claims.binary_search_by(|(other, _)| other.cmp(&name)) else {
            return Err(ClaimError::Twice);
        };
        if self.claims.len() == MAX_CLAIMS {
            return Err(ClaimError::TooMany(MAX_CLAIMS + 1));
        }
        self.claims.insert(place, (name, value.to_owned()));
        Ok(())
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.claims.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.claims.is_empty()
    }

    /// The value of the claim of that name.
    #[must_use]
    pub fn value(&self, name: &str) -> Option<&str> {
        self.iter()
            .find(|(other, _)| other.as_str() == name)
            .map(|(_, value)| value)
    }

    /// The claims, in the order of a token.
    pub fn iter(&self) -> impl Iterator<Item = (&ClaimName, &str)> {
        self.claims.iter().map(|(name, value)| (name, value.as_str()))
    }

    /// Pushes all of them.
    ///
    /// # Errors
    /// As [`ClaimsEncoder::push`].
    pub fn write(&self, encoder: &mut ClaimsEncoder<'_>) -> Result<(), ClaimError> {
        self.iter().try_for_each(|(name, value)| encoder.push(name, value))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn claims_stand_in_the_order_of_a_token() {
        let set = ClaimSet::of([("b", "1"), ("product_id", "2"), ("aa", "3"), ("customer_id", "4")]);
        let set = set.expect("claims");
        assert!(!set.is_empty() && ClaimSet::default().is_empty());
        let names: Vec<_> = set.iter().map(|(name, _)| name.to_string()).collect();
        assert_eq!(names, ["customer_id", "product_id", "b", "aa"]);
        let debug: Vec<_> = set.iter().map(|(name, _)| format!("{name:?}")).collect();
        assert_eq!(debug[0], "ClaimName(\"customer_id\")");
    }

    #[test]
    fn what_no_token_carries_is_refused_at_once() {
        let mut set = ClaimSet::of([("a", "1")]).expect("a claim");
        assert_eq!(set.add("", "1"), Err(ClaimError::EmptyName));
        assert_eq!(set.add("b", ""), Err(ClaimError::EmptyValue));
        assert_eq!(set.add("b", &"v".repeat(513)), Err(ClaimError::LongValue(513)));
        assert_eq!(set.add("b", &"v".repeat(512)), Ok(()));
        assert_eq!(set.add("a", "2"), Err(ClaimError::Twice));
        for index in set.len()..MAX_CLAIMS {
            set.add(&format!("c{index}"), "1").expect("fits");
        }
        assert_eq!(set.add("z", "1"), Err(ClaimError::TooMany(17)));
        assert_eq!((set.len(), set.value("a"), set.value("z")), (16, Some("1"), None));
    }
}
