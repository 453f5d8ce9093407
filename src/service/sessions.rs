//! Who is signed in: sessions in memory, each of which ends with its time, its key or the service.

use super::api_key::{ApiKey, ApiKeys, is_same, random_text};
use crate::moment::UnixTime;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use zeroize::Zeroizing;

/// How long one stays signed in, in seconds.
pub(super) const LASTS: u32 = 8 * 60 * 60;
/// So many are signed in at once; the eldest gives way.
const MOST: usize = 10_000;
/// Letters of the name of a session, before its secret.
const NAME: usize = 16;

/// All sessions.
#[derive(Debug, Default)]
pub(super) struct Sessions(Mutex<HashMap<String, Session>>);

struct Session {
    secret: Zeroizing<String>,
    form_token: String,
    /// The key, by its id and hash: another with the id of one that was removed is another.
    key: (String, [u8; 32]),
    began: UnixTime,
}

impl std::fmt::Debug for Session {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Session(…)")
    }
}

impl Session {
    fn is_over(&self, now: UnixTime) -> bool {
        now.0.saturating_sub(self.began.0) >= LASTS
    }
}

impl Sessions {
    fn lock(&self) -> MutexGuard<'_, HashMap<String, Session>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Begins one for that key; the text that the cookie has.
    pub(super) fn begin(&self, key: &ApiKey, now: UnixTime) -> Option<String> {
        let (name, secret) = (random_text().ok()?, random_text().ok()?);
        let name = name.get(..NAME)?.to_owned();
        let session = Session {
            secret: secret.clone(),
            form_token: random_text().ok()?.to_string(),
            key: (key.id.clone(), key.sha256),
            began: now,
        };
        let mut sessions = self.lock();
        sessions.retain(|_, session| !session.is_over(now));
        if sessions.len() >= MOST {
            let eldest = sessions.iter().min_by_key(|(_, session)| session.began);
            let eldest = eldest.map(|(name, _)| name.clone());
            eldest.and_then(|name| sessions.remove(&name));
        }
        let cookie = format!("{name}.{}", &*secret);
        sessions.insert(name, session);
        Some(cookie)
    }

    /// Ends one.
    pub(super) fn end(&self, name: &str) {
        self.lock().remove(name);
    }

    /// The key of a session, and its form token.
    pub(super) fn find(&self, cookie: &str, keys: &ApiKeys, now: UnixTime) -> Option<Found> {
        let (name, secret) = cookie.split_once('.')?;
        let sessions = self.lock();
        let session = sessions.get(name).filter(|session| !session.is_over(now))?;
        if !is_same(session.secret.as_bytes(), secret.as_bytes()) {
            return None;
        }
        let (id, sha256) = &session.key;
        let mut keys = keys.keys().iter();
        let key = keys.find(|key| key.id == *id && key.sha256 == *sha256)?;
        let is_over = key.expires_at.is_some_and(|end| now >= end);
        (!is_over).then(|| Found {
            key: Arc::clone(key),
            form_token: session.form_token.clone(),
            name: name.to_owned(),
        })
    }
}

/// A session that goes on.
pub(super) struct Found {
    /// Its key, as it is now.
    pub(super) key: Arc<ApiKey>,
    /// What its forms have.
    pub(super) form_token: String,
    /// What it is called.
    pub(super) name: String,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::service::api_key::Scope;

    fn keys() -> ApiKeys {
        let mut keys = ApiKeys::default();
        let key = ApiKey {
            expires_at: Some(UnixTime(100_000)),
            ..ApiKey::new("desk".into(), vec![Scope::Check], UnixTime(1))
        };
        keys.add(key).expect("random bytes");
        keys
    }

    #[test]
    fn a_session_ends_with_its_time_and_with_its_key() {
        let (sessions, mut keys) = (Sessions::default(), keys());
        let begin = |now| sessions.begin(&keys.keys()[0], UnixTime(now)).expect("random bytes");
        let first = begin(1_000);
        let found = |cookie: &str, keys: &ApiKeys, now| sessions.find(cookie, keys, UnixTime(now)).is_some();
        assert!(found(&first, &keys, 1_000 + LASTS - 1) && !found(&first, &keys, 1_000 + LASTS));
        let late = begin(99_000);
        assert!(found(&late, &keys, 99_999) && !found(&late, &keys, 100_000));
        let id = keys.keys()[0].id.clone();
        keys.remove(&id);
        assert!(!found(&late, &keys, 99_000));
    }

    #[test]
    fn only_the_whole_text_of_a_cookie_opens_its_session() {
        let (sessions, keys) = (Sessions::default(), keys());
        let cookie = sessions.begin(&keys.keys()[0], UnixTime(1_000)).expect("random bytes");
        let found = |cookie: &str| sessions.find(cookie, &keys, UnixTime(1_000)).is_some();
        for end in 0..cookie.len() {
            assert!(!found(&cookie[..end]), "{end}");
        }
        let name = cookie.split('.').next().expect("a name").to_owned();
        assert!(found(&cookie) && !found(&format!("{name}.")) && !found(&format!("{cookie}x")));
        sessions.end(&name);
        assert!(!found(&cookie));
    }
}
