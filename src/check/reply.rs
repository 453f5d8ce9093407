//! An answer as one says it on the telephone: yes, no, or to ask for the link again.

use super::answer::Answer;
use crate::moment::Zone;
use crate::token::Refusal;

impl Answer {
    /// The answer in one sentence that begins with what to tell the customer. Times are in UTC with those of `zone`
    /// beside them.
    #[must_use]
    pub fn reply(&self, zone: &Zone) -> String {
        let sentence = || self.headline(zone).sentence;
        let Some(refusal) = &self.refusal else {
            return format!("yes, {}", sentence());
        };
        if self.damaged.is_some() || self.loss.is_some() {
            return ask(&sentence());
        }
        match refusal {
            Refusal::Expired { expires_at } => format!("no, it expired {}", self.ago(*expires_at, zone)),
            Refusal::NotYetValid { not_before } => format!("no, not yet: {}", self.to_come(*not_before, zone)),
            Refusal::Revoked(_) => format!("no, it was {}", self.refused(refusal, zone)),
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
