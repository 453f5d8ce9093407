//! Where valid links lead on to.
//!
//! It is never in the request: an open redirect would lend the shop's name to everybody.

use super::unique_map::each_member;
use crate::check::Answer;
use crate::excerpt::Excerpt;
use crate::ledger::CAMPAIGN;
use axum::http::{HeaderValue, Uri};
use serde::{Deserialize, Deserializer};
use std::collections::BTreeMap;
use std::fmt;

/// Where valid links lead.
#[derive(Clone, Debug, Default)]
pub struct Redirects {
    /// All that have no campaign of their own in the table.
    pub all: Option<Target>,
    /// Those of a campaign.
    pub campaigns: Campaigns,
    /// Whether a person has to press a button first, so that the scanners of mails count nothing.
    pub confirm: bool,
}

/// The address of a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    pub(super) address: HeaderValue,
    pub(super) host: String,
}

/// A text is no address of a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("it is no http or https address")]
pub struct NoTarget;

impl std::str::FromStr for Target {
    type Err = NoTarget;

    fn from_str(text: &str) -> Result<Self, NoTarget> {
        if !text.is_ascii() {
            return Err(NoTarget);
        }
        let uri: Uri = text.parse().map_err(|_| NoTarget)?;
        let (Some("http" | "https"), Some(authority)) = (uri.scheme_str(), uri.authority()) else {
            return Err(NoTarget);
        };
        if authority.host().is_empty() || authority.as_str().contains('@') {
            return Err(NoTarget);
        }
        Ok(Self {
            address: HeaderValue::from_str(text).map_err(|_| NoTarget)?,
            host: authority.to_string(),
        })
    }
}

/// Targets by campaign: a JSON object, in which each stands once, as `{"spring26": "https://shop.example/spring"}`.
#[derive(Clone, Debug, Default)]
pub struct Campaigns(BTreeMap<String, Target>);

impl<'de> Deserialize<'de> for Campaigns {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut targets = BTreeMap::new();
        let add = |campaign: String, address: String| {
            let told = |what: &dyn fmt::Display| format!("the campaign {}: {what}", Excerpt(&campaign));
            let target = address.parse().map_err(|error: NoTarget| told(&error))?;
            match targets.insert(campaign.clone(), target) {
                None => Ok(()),
                Some(_) => Err(told(&"it stands twice")),
            }
        };
        each_member(deserializer, "an object of campaigns and addresses", add)?;
        Ok(Self(targets))
    }
}

impl Redirects {
    /// Where the link of a valid token leads.
    pub(super) fn target(&self, answer: &Answer) -> Option<&Target> {
        let campaign = answer.facts.as_ref().and_then(|facts| facts.claim(CAMPAIGN));
        campaign
            .and_then(|campaign| self.campaigns.0.get(campaign))
            .or(self.all.as_ref())
    }
}
