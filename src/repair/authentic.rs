//! Which of very many texts that differ by a slip is authentic: as little is done for each as settles it.

use super::trial::Trial;
use crate::key::{AlikeTags, Key};
use crate::token::{AlikeSeals, Kind, UntrustedToken, is_well_formed, wire};

/// The trials that one of some keys has made.
pub(super) struct AuthenticTrials<'k> {
    keys: &'k [Key],
    tools: Vec<Tools<'k>>,
    buffer: Vec<u8>,
}

/// What one key is tried with.
struct Tools<'k> {
    key: &'k Key,
    signed: AlikeTags<'k>,
    sealed: AlikeSeals,
    jwt: AlikeTags<'k>,
}

impl<'k> AuthenticTrials<'k> {
    pub(super) fn of(keys: &'k [Key]) -> Self {
        let tools = |key: &'k Key| Tools {
            key,
            signed: AlikeTags::new(key.signing()),
            sealed: AlikeSeals::new(key),
            jwt: AlikeTags::new(key.jwt()),
        };
        Self {
            keys,
            tools: keys.iter().map(tools).collect(),
            buffer: Vec::new(),
        }
    }

    pub(super) fn contain(&mut self, trial: &Trial) -> bool {
        self.may_contain(trial)
            && UntrustedToken::read(trial.text(), &mut self.buffer)
                .and_then(|token| token.authenticate(self.keys))
                .is_ok()
    }

    fn may_contain(&mut self, trial: &Trial) -> bool {
        if let Some((signed, signature)) = trial.jws() {
            return self.may_be_json(trial.touched()) && self.may_contain_jwt(signed, signature);
        }
        let bytes = trial.bytes();
        let Some(((&[kind, first, second], _), (message, tag))) =
            bytes.split_first_chunk().zip(bytes.split_last_chunk())
        else {
            return false;
        };
        let mut tools = self
            .tools
            .iter_mut()
            .filter(|tools| tools.key.id().0 == [first, second])
            .peekable();
        match Kind::of(kind) {
            None => false,
            Some(Kind::Sealed) => tools.any(|tools| tools.sealed.may_hold(bytes)),
            // most that lost a character say nothing that a minter writes: no hash is needed to see that
            Some(Kind::Signed) => {
                tools.peek().is_some()
                    && is_well_formed(bytes)
                    && tools.any(|tools| tools.signed.verifies(message, tag))
            }
        }
    }

    fn may_contain_jwt(&mut self, signed: &[u8], signature: &[u8]) -> bool {
        let Ok(()) = wire::decode_base64url(signature, &mut self.buffer) else {
            return false;
        };
        let Ok(tag) = self.buffer.as_slice().try_into() else {
            return false;
        };
        self.tools.iter_mut().any(|tools| tools.jwt.verifies_full(signed, tag))
    }

    /// Whether characters from within a part may be of JSON: what they decode to is UTF-8 but for a character that is
    /// cut off at either end, without control characters.
    fn may_be_json(&mut self, part: &[u8]) -> bool {
        let whole = &part[..part.len() / 4 * 4];
        if wire::decode_base64url(whole, &mut self.buffer).is_err() {
            return true;
        }
        let is_within = |byte: &u8| byte & 0xc0 == 0x80;
        let cut = self.buffer.iter().take(3).take_while(|byte| is_within(byte)).count();
        let is_text = match std::str::from_utf8(&self.buffer[cut..]) {
            Ok(_) => true,
            Err(error) => error.error_len().is_none(),
        };
        is_text
            && self
                .buffer
                .iter()
                .all(|byte| *byte >= b' ' || byte.is_ascii_whitespace())
    }
}
