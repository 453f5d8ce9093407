//! The one verdict about a token: text → authentic → judged → counted.
//!
//! Whoever checks asks here: a pasted text, a row of a list, a link in a mail, a request. So no two of them can differ
//! about what is valid, in which order it is looked at, or how the answer reads. [`Rules`] say what a token is held
//! against, a [`Verdict`] borrows from the token and is what a list needs for each of a million rows, an [`Answer`] owns
//! all it says, with its JSON and its words.
//!
//! ```
//! use linkmint::check::{Checker, Rules};
//! use linkmint::{Keyring, Secret, UnixTime};
//!
//! let ring = Keyring::of(Secret::draw()?);
//! let rules = Rules::new(ring.keys(), UnixTime(1_790_000_000));
//! let answers = Checker::new(rules, None).check_text("no token at all", false)?;
//! assert_eq!(answers[0].status().as_str(), "malformed");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod answer;
mod checker;
mod json;
mod ledger;
mod reissue;
mod reply;
mod rules;
mod words;

pub use answer::{Answer, Damage, Facts};
pub use checker::{Checker, Patience};
#[cfg(feature = "serve")]
pub(crate) use json::Shown;
pub use json::{ClaimsJson, TokenJson};
pub use ledger::{Check, CheckLedger, Count};
pub use rules::{Mismatch, Rules, Verdict};
pub use words::{Details, Headline, Tone};
