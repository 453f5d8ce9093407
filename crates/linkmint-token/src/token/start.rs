//! How a key's tokens begin. Kind and key id stand in clear at the front, so that even what is left of a token that
//! was cut short tells whose it was.

use super::form::Kind;
use super::wire::{self, Alphabet};
use crate::key::KeyId;

/// The first characters of all texts of this key's tokens: 24 bits of kind and key id, in base32 (of any case) the
/// first 20 of them, of a JWT the header with its `kid`.
#[must_use]
pub fn starts(id: KeyId) -> [String; 5] {
    let [first, second] = id.0;
    let text = |kind: Kind, alphabet, length| {
        let mut text = Vec::new();
        wire::encode(&[kind.byte(), first, second], alphabet, &mut text);
        text.truncate(length);
        text
    };
    let mut jwt = Vec::new();
    let header = format!("{{\"alg\":\"HS256\",\"kid\":\"{id}\"");
    wire::encode(header.as_bytes(), Alphabet::Base64Url, &mut jwt);
    [
        text(Kind::Signed, Alphabet::Base64Url, 4),
        text(Kind::Sealed, Alphabet::Base64Url, 4),
        text(Kind::Signed, Alphabet::Base32, 4),
        text(Kind::Sealed, Alphabet::Base32, 4),
        jwt,
    ]
    .map(|text| text.into_iter().map(char::from).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::claims::ClaimError;
    use crate::key::{Key, Secret};
    use crate::token::{Form, Minter, TokenId, Validity};
    use zeroize::Zeroizing;

    #[test]
    fn every_form_of_token_has_its_start() {
        let key = Key::new(Secret::new(Zeroizing::new((0..32).collect())).expect("32 bytes"));
        let starts = starts(key.id());
        let forms = [
            Form::Signed(Alphabet::Base64Url),
            Form::Sealed(Alphabet::Base64Url),
            Form::Signed(Alphabet::Base32),
            Form::Sealed(Alphabet::Base32),
            Form::Jwt,
        ];
        for (form, start) in forms.into_iter().zip(starts) {
            let mut text = Vec::new();
            let validity = Validity::new(1, None, None).expect("times");
            let id = TokenId::parse("000000000001").expect("an id");
            let minted = Minter::new(&key, form).mint::<ClaimError>(&validity, id, &mut text, |_| Ok(()));
            minted.expect("minted");
            let text = String::from_utf8(text).expect("ASCII");
            assert!(text.starts_with(&start), "{form:?}: {text} starts with {start}");
        }
    }
}
