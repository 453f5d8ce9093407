//! An answer as one says it on the telephone: yes, no, or to ask for the link again.

use super::answer::Answer;
use crate::excerpt::Harmless;
use crate::moment::{InZone, UnixTime, Words, Zone};
use crate::token::{Refusal, Revocation};

impl Answer {
    /// The answer in one sentence that begins with what to tell the customer. Times are in UTC with those of `zone`
    /// beside them.
    #[must_use]
    pub fn reply(&self, zone: &Zone) -> String {
        let minute = |time: u32| UnixTime(time).to_minute_beside(zone);
        let ago = |time: u32| Words(u64::from(self.checked_at.0.saturating_sub(time)));
        let sentence = || self.headline(zone).sentence;
        let Some(refusal) = &self.refusal else {
            return format!("yes, {}", sentence());
        };
        if self.damaged.is_some() || self.loss.is_some() {
            return ask(&sentence());
        }
        match refusal {
            Refusal::Expired { expires_at } => {
                format!("no, it expired {} ago, at {}", ago(*expires_at), minute(*expires_at))
            }
            Refusal::NotYetValid { not_before } => format!(
                "no, not yet: its time comes in {}, at {}",
                Words(u64::from(not_before.saturating_sub(self.checked_at.0))),
                minute(*not_before)
            ),
            Refusal::Revoked(Revocation { at, reason }) => {
                let reason = reason.as_ref().map(|reason| format!(": \"{}\"", Harmless(reason)));
                format!(
                    "no, it was revoked {} ago, at {}{}",
                    ago(*at),
                    minute(*at),
                    reason.unwrap_or_default()
                )
            }
            Refusal::UnknownKey(id) => ask(&format!("the keyring has no key {id}")),
            Refusal::InvalidSignature => ask("it was changed since it was made, or made with another key"),
            Refusal::Malformed(why) => ask(&why.to_string()),
            // the link may well be good: it is the keyring that can't tell
            Refusal::OnlyPublicKey(id) => format!(
                "check it with the keyring that has the secret: this one has only the public key {id}, which checks no \
                 signed or sealed token and no HS256 JWT"
            ),
            Refusal::UnnamedKey => ask(&sentence()),
            _ => format!("no, {}", sentence()),
        }
    }
}

fn ask(why: &str) -> String {
    format!("ask for the link again: {why}")
}
