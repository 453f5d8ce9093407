//! Mint signed campaign links from a customer list, and check them offline when they come back.
//!
//! A token carries its claims and its times, is signed or sealed with a key that stays at home, and fits into an SMS.
//! Whoever has the key checks it without a database; whoever has not can make none. Nothing here reads the clock: the
//! time of a check is an argument.
//!
//! # One token
//! ```
//! use linkmint::{ClaimSet, Form, Keyring, LinkPattern, Minter, Secret, TokenId, UnixTime, Validity};
//!
//! let ring = Keyring::of(Secret::draw()?); // or keyring::load(path)
//! let mut minter = Minter::new(ring.signing_key(None)?, Form::default());
//!
//! let now = std::time::SystemTime::UNIX_EPOCH.elapsed()?.as_secs();
//! let validity = Validity::lasting(UnixTime(now.try_into()?), 24 * 60 * 60)?;
//! let claims = ClaimSet::of([("customer_id", "1234567"), ("campaign_id", "spring26")])?;
//! let token = minter.mint_claims(&validity, TokenId::draw()?, &claims)?;
//!
//! let link = LinkPattern::from_base("https://shop.example/promotions")?.link(token.as_bytes());
//! assert!(link.starts_with("https://shop.example/promotions/L"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Checking it
//! ```
//! use linkmint::{ClaimSet, Keyring, Minter, Secret, Status, TokenId, UnixTime, Validity, Verified, Verifier};
//!
//! /// What is asked for takes a [`Verified`], so nobody can forget to check.
//! fn redeem(token: &Verified) -> String {
//!     format!("ten percent for customer {}", token.claim("customer_id").unwrap_or("?"))
//! }
//!
//! # let ring = Keyring::of(Secret::draw()?);
//! # let now = UnixTime(1_790_000_000);
//! # let claims = ClaimSet::of([("customer_id", "1234567"), ("campaign_id", "spring26")])?;
//! # let mut minter = Minter::new(ring.signing_key(None)?, Default::default());
//! # let text = minter.mint_claims(&Validity::lasting(now, 86_400)?, TokenId::draw()?, &claims)?;
//! let verifier = Verifier::new(&ring).expecting("campaign_id", "spring26")?;
//! match verifier.verify(&text, now) {
//!     Ok(token) => assert_eq!(redeem(&token), "ten percent for customer 1234567"),
//!     Err(refusal) => println!("{}: {refusal}", refusal.status()),
//! }
//!
//! let refusal = verifier.verify(&text.replacen('L', "S", 1), now).expect_err("it was changed");
//! assert_eq!(refusal.status(), Status::InvalidSignature);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # A whole list
//! ```
//! use linkmint::{Campaign, Form, Keyring, LinkPattern, Minter, Secret, TokenId, UnixTime, Validity};
//!
//! # let ring = Keyring::of(Secret::draw()?);
//! # let list = &b"customer_id,mail\n1234567,ann@example.org\n"[..]; // or a file: any Read
//! # let mut links = Vec::new(); // or a file: any Write
//! let minter = Minter::new(ring.signing_key(None)?, Form::default());
//! let validity = Validity::lasting(UnixTime(1_790_000_000), 7 * 86_400)?;
//! let report = Campaign::new(minter, validity, TokenId::draw()?)
//!     .link(LinkPattern::from_template("https://shop.example/p/{token}?utm_source=mail")?)
//!     .generate(list, &mut links)?;
//! assert_eq!((report.rows, report.rejected), (1, 0));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Rooms
//! ```text
//! campaign → batch → { table, link, token } → claims, key       an import runs left to right, never back
//! batch → check → ledger → token
//! pages → stats → ledger
//! ```
//!
//! The names at this page's end are the front door. Behind it each room can be entered by itself: [`token`] mints and
//! checks into buffers that are used again, [`batch`] drives a list of any size with a rule of one's own, [`paste`]
//! finds the token in what a customer pasted, [`repair`] the genuine token one slip away from a broken one, and
//! [`ledger`] counts checks and revokes tokens.

pub mod batch;
mod campaign;
pub mod check;
pub mod compress;
pub mod excerpt;
pub mod keyring;
pub mod ledger;
pub mod link;
pub mod mail;
pub mod moment;
pub mod number;
pub mod options;
pub mod output;
#[cfg(feature = "pages")]
pub mod pages;
pub mod paste;
pub mod qr;
pub mod repair;
#[cfg(feature = "serve")]
pub mod service;
pub mod stats;
pub mod table;

pub use linkmint_token::{claims, key, token};

pub use batch::Report;
pub use campaign::{Campaign, CampaignError};
pub use claims::ClaimSet;
pub use key::{Key, KeyId, Secret};
pub use keyring::Keyring;
pub use link::LinkPattern;
pub use linkmint_token::{Verified, Verifier};
pub use moment::UnixTime;
pub use token::wire::Alphabet;
pub use token::{Form, Minter, Refusal, Status, TokenId, Validity};
