//! How long a token in bytes is, and where its parts begin.

/// The shortest token, in bytes: a signed one without claims.
pub const MIN_LENGTH: usize = 34;
/// The longest token, in bytes: a public one.
pub const MAX_LENGTH: usize = MAX_SYMMETRIC + SIGNATURE_SURPLUS;
/// The longest signed or sealed token, in bytes.
const MAX_SYMMETRIC: usize = 1058;
/// By how much an Ed25519 signature is longer than a tag.
const SIGNATURE_SURPLUS: usize = 48;

/// Kind byte, key id.
pub(super) const HEADER: usize = 3;
/// `issued_at`, `expires_at`, id.
pub(super) const TIMES_AND_ID: usize = 14;

/// Whether a token of a kind can have so many bytes.
pub(super) const fn fits(is_public: bool, length: usize) -> bool {
    let surplus = if is_public { SIGNATURE_SURPLUS } else { 0 };
    length >= MIN_LENGTH + surplus && length <= MAX_SYMMETRIC + surplus && !needs_pad(length)
}

/// Whether a token of `length` bytes needs its one zero byte of padding, so that its text never ends in `-` or `_`.
#[inline]
pub(super) const fn needs_pad(length: usize) -> bool {
    length.is_multiple_of(3)
}
