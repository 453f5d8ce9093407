//! The kinds of bytes in a text, by one look at each: most texts are told by them from all that is looked for.

/// Which kinds of bytes a text has.
#[derive(Clone, Copy, Debug)]
pub(super) struct ByteKinds(u8);

impl ByteKinds {
    /// What ids do not have: spaces, quotes, controls, all that is not ASCII.
    pub(super) const RARE: u8 = 1;
    /// `0` to `9`.
    pub(super) const DIGIT: u8 = 2;
    /// What parts a date.
    pub(super) const PARTING: u8 = 4;
    /// `@`.
    pub(super) const AT: u8 = 8;

    /// The kinds of a text's bytes.
    #[inline]
    pub(super) fn of(text: &[u8]) -> Self {
        Self(text.iter().fold(0, |kinds, byte| kinds | KIND[usize::from(*byte)]))
    }

    /// Whether one of its bytes is of this kind.
    #[inline]
    pub(super) fn has(self, kind: u8) -> bool {
        self.0 & kind != 0
    }
}

const KIND: [u8; 256] = {
    let mut kinds = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        kinds[byte] = match byte as u8 {
            b'=' | b'`' => ByteKinds::RARE,
            b'0'..=b'9' => ByteKinds::DIGIT,
            b'-'..=b'/' | b':' => ByteKinds::PARTING,
            b'@' => ByteKinds::AT,
            b'('..=b'~' => 0,
            _ => ByteKinds::RARE,
        };
        byte += 1;
    }
    kinds
};
