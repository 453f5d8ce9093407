//! What the service has in hand.

use super::api_key::ApiKeys;
use super::failures::Failures;
use super::forward_auth::ForwardAuth;
use super::leads::Redirects;
use super::ledger::LedgerThread;
use super::limits::Limits;
use super::log::Log;
use super::metrics::Metrics;
use super::proxy::TrustedProxy;
use super::sessions::Sessions;
use super::tracker::Tracker;
use crate::check::{Patience, Rules};
use crate::key::CheckingKey;
use crate::keyring::Keyring;
use crate::ledger::{Ledger, LedgerError};
use crate::moment::UnixTime;
use crate::table::workbook::WorkbookReader;
use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard};
use tokio::sync::Semaphore;

/// How the service is meant to run.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// What a client may ask for.
    pub limits: Limits,
    /// Hosts that a request may name besides the loopback's: the authority of the public address.
    pub hosts: Vec<String>,
    /// Whether any host may be named, as it has API keys of its own.
    pub any_host: bool,
    /// The address that tokens become links of, where a request names none.
    pub base_url: Option<String>,
    /// Hosts, in lower case, whose links are made anew in the address that they came in.
    pub allow_hosts: Vec<String>,
    /// How far clocks may be apart, in seconds.
    pub leeway: u64,
    /// Proxies that are believed in what they say of a visitor.
    pub proxies: Vec<TrustedProxy>,
    /// How proxies ask about their visitors.
    pub auth: ForwardAuth,
    /// How `/key/validatetoken` tells a token.
    pub tracker: Tracker,
    /// Who reads workbooks; nobody unless it is said.
    pub workbooks: Option<WorkbookReader>,
    /// How long the support page looks for the token one slip away; to the end, unless it is said.
    pub patience: Option<Patience>,
    /// Whether browsers reach it by https: then its cookie is for https alone.
    pub https: bool,
}

impl Settings {
    /// What its cookie is called: browsers hold one of this name to its host and to https (RFC 6265bis, 4.1.3.2).
    pub(super) fn cookie(&self) -> &'static str {
        match self.https {
            true => "__Host-linkmint",
            false => "linkmint",
        }
    }
}

/// Opens a ledger once more, to be read.
pub(super) type Opener = Arc<dyn Fn() -> Result<Ledger, LedgerError> + Send + Sync>;

/// The time of a check.
pub type Clock = Arc<dyn Fn() -> UnixTime + Send + Sync>;

/// All that requests are answered from.
pub struct Service {
    pub(super) settings: Settings,
    pub(super) ledger: Option<LedgerThread>,
    pub(super) log: Log,
    pub(super) metrics: Metrics,
    pub(super) failures: Failures,
    /// Places for lists that are worked on.
    pub(super) batches: Arc<Semaphore>,
    /// Opens the ledger once more, for reports.
    pub(super) reader: Option<Opener>,
    /// Places for those.
    pub(super) readers: Arc<Semaphore>,
    pub(super) sessions: Sessions,
    clock: Clock,
    ring: RwLock<Ring>,
    api_keys: RwLock<Arc<ApiKeys>>,
    redirects: RwLock<Option<Arc<Redirects>>>,
    stale: AtomicBool,
}

/// The keyring, with its keys as checks share them.
struct Ring {
    keyring: Arc<Keyring>,
    keys: Arc<[CheckingKey]>,
}

impl Ring {
    fn new(keyring: Keyring) -> Self {
        Self {
            keys: keyring.keys().into(),
            keyring: Arc::new(keyring),
        }
    }
}

impl Service {
    /// A service that checks with these keys and lets these callers in.
    #[must_use]
    pub fn new(settings: Settings, keyring: Keyring, api_keys: ApiKeys, clock: Clock) -> Self {
        Self {
            failures: Failures::new(settings.limits.wrong_keys),
            batches: Arc::new(Semaphore::new(settings.limits.batches)),
            reader: None,
            readers: Arc::new(Semaphore::new(settings.limits.batches)),
            settings,
            ledger: None,
            log: Log::default(),
            metrics: Metrics::default(),
            sessions: Sessions::default(),
            clock,
            ring: RwLock::new(Ring::new(keyring)),
            api_keys: RwLock::new(Arc::new(api_keys)),
            redirects: RwLock::new(None),
            stale: AtomicBool::new(false),
        }
    }

    /// Asks a ledger for revocations, and counts checks in it.
    #[must_use]
    pub fn ledger(mut self, ledger: LedgerThread) -> Self {
        self.ledger = Some(ledger);
        self
    }

    /// Reads reports from the ledger as `open` opens it each time, so that nobody who counts waits for them.
    #[must_use]
    pub fn read_ledger_by(mut self, open: impl Fn() -> Result<Ledger, LedgerError> + Send + Sync + 'static) -> Self {
        self.reader = Some(Arc::new(open));
        self
    }

    /// Writes a line about each request, without its line break.
    #[must_use]
    pub fn log(mut self, write: impl Fn(&str) + Send + Sync + 'static) -> Self {
        self.log = Log::to(write);
        self
    }

    /// Takes another keyring, from the next request on.
    pub fn take_keyring(&self, keyring: Keyring) {
        *self.ring.write().unwrap_or_else(PoisonError::into_inner) = Ring::new(keyring);
    }

    /// Takes other callers, from the next request on.
    pub fn take_api_keys(&self, api_keys: ApiKeys) {
        *self.api_keys.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(api_keys);
    }

    /// Leads valid links on to these pages, from the next request on.
    pub fn redirect(&self, redirects: Redirects) {
        *self.redirects.write().unwrap_or_else(PoisonError::into_inner) = Some(Arc::new(redirects));
    }

    /// Where valid links lead, if anywhere.
    pub(super) fn redirects(&self) -> Option<Arc<Redirects>> {
        self.redirects.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Notes whether a file could not be read again, so that it decides on with what that one had.
    pub fn set_stale(&self, is_stale: bool) {
        self.stale.store(is_stale, Ordering::Relaxed);
    }

    pub(super) fn is_stale(&self) -> bool {
        self.stale.load(Ordering::Relaxed)
    }

    pub(super) fn now(&self) -> UnixTime {
        (self.clock)()
    }

    fn ring(&self) -> RwLockReadGuard<'_, Ring> {
        self.ring.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// The keyring, for minting.
    pub(super) fn keyring(&self) -> Arc<Keyring> {
        Arc::clone(&self.ring().keyring)
    }

    pub(super) fn api_keys(&self) -> Arc<ApiKeys> {
        Arc::clone(&self.api_keys.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// What a token is checked against now.
    pub(super) fn rules(&self, expected: Vec<(String, String)>) -> Rules {
        Rules {
            leeway: self.settings.leeway,
            expected,
            ..Rules::new(Arc::clone(&self.ring().keys), self.now())
        }
    }
}

impl fmt::Debug for Service {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Service")
            .field("settings", &self.settings)
            .finish_non_exhaustive()
    }
}
