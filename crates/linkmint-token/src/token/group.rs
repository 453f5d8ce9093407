//! Tokens that are checked together: what takes time of a check is the tag, and those of many are made faster at once.

use super::body::read_bytes;
use super::form::{Form, Kind};
use super::refusal::Refusal;
use super::verify::Authentic;
use super::wire::{self, Alphabet};
use crate::key::{CheckingKey, KeyId, Message, TAG_LENGTH};

/// Signed tokens, each of a secret that no other of the ring shares its id with; others are checked one by one.
///
/// ```
/// # use linkmint_token::{ClaimSet, Form, Key, Minter, Secret, TokenId, Validity, token::TokenGroup};
/// let key = Key::new(Secret::draw()?);
/// let claims = ClaimSet::of([("customer_id", "1234567")])?;
/// let text = Minter::new(&key, Form::default()).mint_claims(&Validity::endless(1u32), TokenId::draw()?, &claims)?;
/// let (mut group, keys) = (TokenGroup::default(), [key.into()]);
/// let token = group.take(&text, &keys).expect("a signed token");
/// group.check(&keys);
/// assert!(group.authenticate(token)?.claims().value("customer_id").is_some());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Default)]
pub struct TokenGroup {
    /// One after the other, each with the tag that it must have in place of the one that it came with.
    bytes: Vec<u8>,
    tokens: Vec<Received>,
    of_key: Vec<Message>,
}

#[derive(Debug)]
struct Received {
    message: Message,
    /// As it was received.
    tag: [u8; TAG_LENGTH],
    alphabet: Alphabet,
    /// Among the keys.
    key: usize,
    holds: bool,
}

impl TokenGroup {
    /// Forgets all tokens.
    #[inline]
    pub fn clear(&mut self) {
        self.bytes.clear();
        self.tokens.clear();
    }

    /// Takes a token's text, and says which of the group it is, from 0; none of a text that has to be checked by itself.
    #[inline]
    pub fn take(&mut self, text: &str, keys: &[CheckingKey]) -> Option<usize> {
        let start = self.bytes.len();
        // a JWT is no text of bytes
        let alphabet = wire::decode(text, &mut self.bytes).ok()?;
        let Some(token) = self.received(start, alphabet, keys) else {
            self.bytes.truncate(start);
            return None;
        };
        self.tokens.push(token);
        Some(self.tokens.len() - 1)
    }

    /// The token in the last bytes, whose tag makes room for the one that it must have.
    #[inline]
    fn received(&mut self, start: usize, alphabet: Alphabet, keys: &[CheckingKey]) -> Option<Received> {
        let (message, tag) = self.bytes[start..].split_last_chunk()?;
        if Kind::of(*message.first()?) != Some(Kind::Signed) {
            return None;
        }
        let (id, end, tag) = (key_id(message), start + message.len(), *tag);
        let mut of_id = keys.iter().enumerate().filter(|(_, key)| key.id() == id);
        let (Some((place, key)), None) = (of_id.next(), of_id.next()) else {
            return None;
        };
        key.secret()?;
        self.bytes.truncate(end);
        Some(Received {
            message: Message::pad(start, TAG_LENGTH, &mut self.bytes),
            tag,
            alphabet,
            key: place,
            holds: false,
        })
    }

    /// Checks all signatures, with the keys that the tokens were taken with.
    pub fn check(&mut self, keys: &[CheckingKey]) {
        for (place, key) in keys.iter().enumerate() {
            let of_key = self.tokens.iter().filter(|token| token.key == place);
            self.of_key.clear();
            self.of_key.extend(of_key.map(|token| token.message));
            if let Some(key) = key.secret() {
                key.signing().tag_all::<TAG_LENGTH>(&self.of_key, &mut self.bytes);
                for token in self.tokens.iter_mut().filter(|token| token.key == place) {
                    token.holds = token.message.has_tag(&token.tag, &self.bytes);
                }
            }
        }
    }

    /// The token's form.
    ///
    /// # Panics
    /// When the group has no such token.
    #[must_use]
    pub fn form(&self, token: usize) -> Form {
        Form::Signed(self.tokens[token].alphabet)
    }

    /// The key that the token says to be of.
    ///
    /// # Panics
    /// When the group has no such token.
    #[must_use]
    pub fn key_id(&self, token: usize) -> KeyId {
        key_id(&self.bytes[self.tokens[token].message.range()])
    }

    /// The token, if its signature holds; none does before [`TokenGroup::check`].
    ///
    /// # Errors
    /// [`Refusal::InvalidSignature`], or [`Refusal::Malformed`] for an authentic token that no minter of this version
    /// writes.
    ///
    /// # Panics
    /// When the group has no such token.
    #[inline]
    pub fn authenticate(&self, token: usize) -> Result<Authentic<'_>, Refusal> {
        if !self.tokens[token].holds {
            return Err(Refusal::InvalidSignature);
        }
        let bytes = &self.bytes[self.tokens[token].message.tagged(TAG_LENGTH)];
        let (tag, body) = read_bytes(Kind::Signed, bytes)?;
        Ok(Authentic::new(self.form(token), self.key_id(token), *tag, body))
    }
}

/// Of a token in bytes.
fn key_id(bytes: &[u8]) -> KeyId {
    KeyId([bytes[1], bytes[2]])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::key::{Key, Secret};
    use crate::token::UntrustedToken;

    /// Texts of all kinds, and what the check of one by one says of each.
    #[test]
    fn a_group_says_of_each_token_what_a_check_by_itself_says() {
        let vectors: serde_json::Value =
            serde_json::from_str(include_str!("../../tests/token-vectors.json")).expect("JSON");
        let mut texts = Vec::new();
        collect_texts(&vectors, &mut texts);
        let damaged: Vec<String> = texts.iter().flat_map(|text| damage(text)).collect();
        texts.extend(damaged);
        let key = |byte| {
            CheckingKey::from(Key::new(
                Secret::new((byte..byte + 32).collect::<Vec<u8>>().into()).expect("32"),
            ))
        };
        let public = CheckingKey::from(match key(0) {
            CheckingKey::Secret(key) => key.public().clone(),
            CheckingKey::Public(key) => key,
        });
        let mut grouped = 0;
        for keys in [
            vec![key(0)],
            vec![key(9), key(0)],
            vec![key(0), key(0)],
            vec![public],
            vec![],
        ] {
            for texts in texts.chunks(70) {
                let mut group = TokenGroup::default();
                let taken: Vec<_> = texts.iter().map(|text| group.take(text, &keys)).collect();
                group.check(&keys);
                for (text, token) in texts.iter().zip(taken) {
                    let Some(token) = token else { continue };
                    grouped += 1;
                    let mut buffer = Vec::new();
                    let alone = UntrustedToken::read(text, &mut buffer).expect("well formed");
                    assert_eq!(
                        (alone.form(), alone.key_id()),
                        (group.form(token), Some(group.key_id(token)))
                    );
                    let alone = alone.authenticate(&keys).map(|token| format!("{token:?}"));
                    assert_eq!(
                        group.authenticate(token).map(|token| format!("{token:?}")),
                        alone,
                        "{text}"
                    );
                }
            }
        }
        assert!(grouped > 1_000, "{grouped}");
    }

    fn collect_texts(value: &serde_json::Value, texts: &mut Vec<String>) {
        match value {
            serde_json::Value::String(text) => texts.push(text.clone()),
            serde_json::Value::Array(values) => values.iter().for_each(|value| collect_texts(value, texts)),
            serde_json::Value::Object(values) => values.values().for_each(|value| collect_texts(value, texts)),
            _ => {}
        }
    }

    /// The text with another letter in each of some places.
    fn damage(text: &str) -> Vec<String> {
        let damaged = |place: usize| {
            let mut bytes = text.as_bytes().to_vec();
            bytes[place] = if bytes[place] == b'A' { b'B' } else { b'A' };
            String::from_utf8(bytes).ok()
        };
        (0..text.len()).step_by(5).filter_map(damaged).collect()
    }
}
