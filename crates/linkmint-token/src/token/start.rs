//! How a key's tokens begin. Kind and key id stand in clear at the front, so that even what is left of a token that
//! was cut short tells whose it was.

use super::form::{Form, Kind};
use super::jwt;
use super::text::{self, Alphabet};
use crate::key::KeyId;

/// The first characters of all texts of this key's tokens: 24 bits of kind and key id, in base32 (of any case) the
/// first 20 of them, of a JWT the header with its `kid`.
#[must_use]
pub fn starts(id: KeyId) -> Vec<String> {
    let [first, second] = id.0;
    let start = |kind: Kind, alphabet| written(&[kind as u8, first, second], alphabet, 4);
    let base64url = Kind::ALL.map(|kind| start(kind, Alphabet::Base64Url));
    let base32 = Kind::ALL.map(|kind| start(kind, Alphabet::Base32));
    let jwt = [Form::Jwt, Form::PublicJwt].map(|form| {
        let header = jwt::header(form, id);
        // up to the end of the key id
        let (known, _) = header.split_once(",\"typ\"").unwrap_or((&header, ""));
        written(known.as_bytes(), Alphabet::Base64Url, usize::MAX)
    });
    base64url.into_iter().chain(base32).chain(jwt).collect()
}

fn written(bytes: &[u8], alphabet: Alphabet, length: usize) -> String {
    let mut out = Vec::new();
    text::encode(bytes, alphabet, &mut out);
    out.into_iter().take(length).map(char::from).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::claims::ClaimError;
    use crate::key::{Key, Secret};
    use crate::token::{Minter, TokenId, Validity};
    use zeroize::Zeroizing;

    #[test]
    fn every_form_of_token_has_its_start() {
        let key = Key::new(Secret::new(Zeroizing::new((0..32).collect())).expect("32 bytes"));
        let starts = starts(key.id());
        let forms = [
            Form::Signed(Alphabet::Base64Url),
            Form::Sealed(Alphabet::Base64Url),
            Form::Public(Alphabet::Base64Url),
            Form::Signed(Alphabet::Base32),
            Form::Sealed(Alphabet::Base32),
            Form::Public(Alphabet::Base32),
            Form::Jwt,
            Form::PublicJwt,
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
