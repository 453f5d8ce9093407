//! A secret, and what is derived from it: an id to name it, and one key for each form of token.
//!
//! Nothing is signed with the secret itself, so whoever is given one derived key (a backend that checks JWTs,
//! say) can't make the other forms, and whoever is given a public key makes none at all. The only place where
//! HMAC-SHA256 (RFC 2104, FIPS 180-4) and Ed25519 are called.

mod check;
mod lanes;
mod public;

pub use check::CheckingKey;
pub use lanes::Lanes;
pub(crate) use lanes::Message;
pub use public::{PUBLIC_KEY_LENGTH, PublicKey, PublicKeyError, SIGNATURE_LENGTH};

use ctutils::CtEq;
use hmac::{Hmac, KeyInit, Mac};
use lanes::PaddedStates;
use public::PrivateKey;
use sha2::Sha256;
use std::fmt;
use std::sync::OnceLock;
use zeroize::Zeroizing;

/// The shortest secret, in bytes.
pub const MIN_SECRET: usize = 32;
/// The longest secret, in bytes: HMAC-SHA256's block.
pub const MAX_SECRET: usize = 64;
/// The bytes of HMAC-SHA256 that a token carries.
pub const TAG_LENGTH: usize = 16;
/// The bytes of an HMAC-SHA256, all of which a JWT carries (RFC 7518, section 3.2).
pub(crate) const HMAC_LENGTH: usize = 32;

/// 32 to 64 bytes from the system's random source; wiped from memory when dropped, never shown.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(Zeroizing<Vec<u8>>);

/// A secret of a length that is not 32 to 64 bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a secret has {MIN_SECRET} to {MAX_SECRET} bytes, this one has {0}")]
pub struct SecretLength(pub usize);

impl Secret {
    /// Takes the bytes of a secret.
    ///
    /// # Errors
    /// When there are fewer than 32 or more than 64.
    pub fn new(bytes: Zeroizing<Vec<u8>>) -> Result<Self, SecretLength> {
        match bytes.len() {
            MIN_SECRET..=MAX_SECRET => Ok(Self(bytes)),
            length => Err(SecretLength(length)),
        }
    }

    /// Draws a secret of 32 bytes.
    ///
    /// # Errors
    /// When the system's random source fails.
    #[cfg(feature = "mint")]
    pub fn draw() -> Result<Self, getrandom::Error> {
        let mut bytes = Zeroizing::new(vec![0; MIN_SECRET]);
        getrandom::fill(&mut bytes)?;
        Ok(Self(bytes))
    }

    /// The bytes themselves, for writing a keyring and nothing else.
    #[must_use]
    pub fn expose(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// The first two bytes of a key's derived name: no secret, and it need not be unique.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeyId(pub [u8; 2]);

impl KeyId {
    /// Reads four hex digits, of either case.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        if text.len() != 4 || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return None;
        }
        u16::from_str_radix(text, 16).ok().map(|id| Self(id.to_be_bytes()))
    }
}

impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02x}{:02x}", self.0[0], self.0[1])
    }
}

impl fmt::Debug for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "KeyId({self})")
    }
}

/// A secret with its derived keys, ready for use.
#[derive(Clone)]
pub struct Key {
    id: KeyId,
    secret: Secret,
    signing: SigningKey,
    /// The AES-SIV-CMAC-256 key that seals tokens.
    pub(crate) sealing: Zeroizing<[u8; 32]>,
    jwt: SigningKey,
    /// Derived when it is asked for: it costs more than all the others, and most rings never need it.
    private: OnceLock<PrivateKey>,
}

impl Key {
    /// Derives everything from `secret`.
    #[must_use]
    pub fn new(secret: Secret) -> Self {
        let [first, second, ..] = *derive(&secret, "linkmint v1 key id");
        Self {
            id: KeyId([first, second]),
            signing: SigningKey::new(&*derive(&secret, "linkmint v1 sign")),
            sealing: derive(&secret, "linkmint v1 seal"),
            jwt: SigningKey::new(&*derive(&secret, "linkmint v1 jwt")),
            private: OnceLock::new(),
            secret,
        }
    }

    /// The id that tokens of this key carry.
    #[must_use]
    pub fn id(&self) -> KeyId {
        self.id
    }

    /// The secret that all else comes from.
    #[must_use]
    pub fn secret(&self) -> &Secret {
        &self.secret
    }

    /// What signs tokens.
    #[must_use]
    pub fn signing(&self) -> &SigningKey {
        &self.signing
    }

    /// What signs JWTs.
    #[must_use]
    pub fn jwt(&self) -> &SigningKey {
        &self.jwt
    }

    fn private(&self) -> &PrivateKey {
        self.private
            .get_or_init(|| PrivateKey::new(self.id, &derive(&self.secret, "linkmint v1 public")))
    }

    /// What checks public tokens and EdDSA JWTs, for whoever is to check and not to make.
    #[must_use]
    pub fn public(&self) -> &PublicKey {
        &self.private().public
    }

    /// The Ed25519 signature of `message`.
    #[must_use]
    pub fn sign(&self, message: &[u8]) -> [u8; SIGNATURE_LENGTH] {
        self.private().sign(message)
    }

    /// The HS256 key that a backend is given to check JWTs: it makes no token of the other forms.
    #[must_use]
    pub fn jwt_secret(&self) -> Zeroizing<[u8; 32]> {
        derive(&self.secret, "linkmint v1 jwt")
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Key({}, …)", self.id)
    }
}

fn derive(secret: &Secret, purpose: &str) -> Zeroizing<[u8; 32]> {
    Zeroizing::new(SigningKey::new(secret.expose()).full_tag(purpose.as_bytes()))
}

/// An HMAC-SHA256 key, its two padded blocks hashed once: each tag goes on from a copy of that state.
#[derive(Clone)]
pub struct SigningKey {
    /// For one tag.
    hmac: Hmac<Sha256>,
    /// The same, for many at once.
    states: PaddedStates,
}

impl SigningKey {
    /// Takes a key of any length (RFC 2104, section 2).
    #[must_use]
    pub fn new(key: &[u8]) -> Self {
        Self {
            hmac: Hmac::new_from_slice(key).expect("HMAC takes a key of any length"),
            states: PaddedStates::new(key),
        }
    }

    /// The tag of `message`: the first 16 bytes of its HMAC (RFC 2104, section 5).
    #[inline]
    #[must_use]
    pub fn tag(&self, message: &[u8]) -> [u8; TAG_LENGTH] {
        *self.full_tag(message).first_chunk().expect("32 bytes begin with 16")
    }

    /// The whole HMAC of `message`.
    #[inline]
    #[must_use]
    pub fn full_tag(&self, message: &[u8]) -> [u8; 32] {
        self.hmac.clone().chain_update(message).finalize().into_bytes().into()
    }

    /// Whether `tag` is the tag of `message`, compared in constant time. The array's type is the check of its
    /// length: a shorter tag would be easier to guess.
    #[inline]
    #[must_use]
    pub fn verifies(&self, message: &[u8], tag: &[u8; TAG_LENGTH]) -> bool {
        self.tag(message).ct_eq(tag).to_bool()
    }

    /// Whether `tag` is the whole HMAC of `message`, compared in constant time.
    #[must_use]
    pub fn verifies_full(&self, message: &[u8], tag: &[u8; 32]) -> bool {
        self.hmac.clone().chain_update(message).verify(tag.into()).is_ok()
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SigningKey(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_of_other_lengths_are_refused() {
        for length in [0, 1, 31, 65, 100] {
            let bytes = Zeroizing::new(vec![7; length]);
            assert_eq!(Secret::new(bytes), Err(SecretLength(length)));
        }
        for length in [32, 64] {
            assert!(Secret::new(Zeroizing::new(vec![7; length])).is_ok());
        }
    }

    fn key() -> Key {
        Key::new(Secret::new((0..32).collect::<Vec<u8>>().into()).expect("32 bytes"))
    }

    #[test]
    fn nothing_secret_is_printed() {
        let key = key();
        let id = key.id();
        assert_eq!(format!("{:?}", key.secret()), "Secret(…)");
        assert_eq!(format!("{:?}", key.jwt()), "SigningKey(…)");
        assert_eq!(format!("{key:?}"), format!("Key({id}, …)"));
        assert_eq!(format!("{id:?}"), format!("KeyId({id})"));
        let key = Key::new(Secret::new(Zeroizing::new(vec![0xab; 32])).expect("32 bytes"));
        let shown = format!("{key:?} {:?} {:?}", key.secret(), key.signing());
        assert!(!shown.contains("171") && !shown.contains("ab, ab"), "{shown}");
    }

    #[test]
    fn what_a_backend_is_given_checks_jwts_and_nothing_else() {
        let key = key();
        let given = SigningKey::new(&*key.jwt_secret());
        assert_eq!(given.full_tag(b"a JWT"), key.jwt().full_tag(b"a JWT"));
        assert_ne!(given.tag(b"a token"), key.signing().tag(b"a token"));
    }

    #[test]
    fn a_tag_is_the_first_half_of_the_hmac() {
        let bytes: Vec<u8> = (0..=255).cycle().take(1_200).collect();
        for key_length in [0, 1, 32, 63, 64, 65, 200] {
            let key = SigningKey::new(&bytes[7..7 + key_length]);
            for length in (0..300).chain([512, 1_058]) {
                let tag = key.tag(&bytes[..length]);
                assert_eq!(
                    tag,
                    key.full_tag(&bytes[..length])[..TAG_LENGTH],
                    "{key_length} {length}"
                );
                assert!(key.verifies(&bytes[..length], &tag));
            }
        }
    }

    /// The first vector of RFC 8032, section 7.1.
    #[test]
    fn signatures_are_those_of_the_standard() {
        let private = PrivateKey::new(
            KeyId([0, 0]),
            &hex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60"),
        );
        assert_eq!(
            *private.public.as_bytes(),
            hex::<32>("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a")
        );
        assert_eq!(
            private.sign(b""),
            hex::<64>(
                "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"
            )
        );
    }

    fn hex<const N: usize>(digits: &str) -> [u8; N] {
        std::array::from_fn(|at| u8::from_str_radix(&digits[2 * at..2 * at + 2], 16).expect("hex"))
    }

    #[test]
    fn the_public_half_is_derived_and_says_no_secret() {
        let key = key();
        assert_eq!(key.public().id(), key.id());
        assert!(key.public().verifies(b"a message", &key.sign(b"a message")));
        assert!(!key.public().verifies(b"another", &key.sign(b"a message")));
        assert_eq!(format!("{:?}", key.public()), format!("PublicKey({})", key.id()));
        let again = PublicKey::new(key.id(), key.public().as_bytes());
        assert_eq!(again.as_ref(), Ok(key.public()));
    }

    #[test]
    fn key_ids_are_four_hex_digits() {
        assert_eq!(KeyId::parse("e28E"), Some(KeyId([0xe2, 0x8e])));
        for text in ["", "e28", "e28e0", "+28e", "é8e", "g28e"] {
            assert_eq!(KeyId::parse(text), None, "{text}");
        }
    }
}
