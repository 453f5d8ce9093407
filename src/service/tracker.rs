//! How scan services tell of a token.

/// Which claims such an answer tells, and how it tells a token that is not valid.
#[derive(Clone, Debug)]
pub struct Tracker {
    /// The claim that is told as `trackerName`.
    pub name: String,
    /// The claim that is told as `trackerLabel`.
    pub label: String,
    /// Whether a token that is not valid is told with 200 and one sentence for all, as ubiqod does.
    pub always_ok: bool,
}

impl Default for Tracker {
    fn default() -> Self {
        Self {
            name: "customer_id".to_owned(),
            label: "campaign_id".to_owned(),
            always_ok: false,
        }
    }
}
