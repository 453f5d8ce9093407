//! What vectors leave of a text of base64url: its last one or two bytes, as two or three letters.
//!
//! Every token has such an end, and the `base64` crate takes longer for it than vectors for all else.

use super::LETTERS;

/// The value of each byte as a letter, or one that none has.
const VALUES: [u8; 256] = {
    let mut values = [u8::MAX; 256];
    let mut value = 0;
    while value < LETTERS.len() {
        values[LETTERS[value] as usize] = value as u8;
        value += 1;
    }
    values
};

/// Writes the letters of fewer than three bytes.
#[inline]
pub(super) fn encode(bytes: &[u8], text: &mut [u8]) {
    let letter = |bits: u8| LETTERS[usize::from(bits & 0x3f)];
    match (bytes, text) {
        (&[first], [one, two]) => {
            *one = letter(first >> 2);
            *two = letter(first << 4);
        }
        (&[first, second], [one, two, three]) => {
            *one = letter(first >> 2);
            *two = letter(first << 4 | second >> 4);
            *three = letter(second << 2);
        }
        (bytes, text) => debug_assert_eq!((bytes.len(), text.len()), (0, 0)),
    }
}

/// Reads fewer than four letters; whether they are those of some bytes, with no bit set that stands for nothing.
#[inline]
pub(super) fn decode(text: &[u8], bytes: &mut Vec<u8>) -> bool {
    let value = |letter: u8| VALUES[usize::from(letter)];
    match *text {
        [] => true,
        [one, two] => {
            let (one, two) = (value(one), value(two));
            bytes.push(one << 2 | two >> 4);
            (one | two) < 64 && two << 4 == 0
        }
        [one, two, three] => {
            let (one, two, three) = (value(one), value(two), value(three));
            bytes.extend_from_slice(&[one << 2 | two >> 4, two << 4 | three >> 2]);
            (one | two | three) < 64 && three << 6 == 0
        }
        _ => false,
    }
}
