//! A service with a clock that stands still, and requests to it.

use crate::secrecy;
use axum::body::Body;
use axum::http::response::Parts;
use axum::http::{HeaderMap, Request, StatusCode};
use futures_util::StreamExt;
use linkmint::check::CheckLedger;
use linkmint::ledger::{Ledger, Options, Run};
use linkmint::service::api_key::{ApiKey, ApiKeys, Scope};
use linkmint::service::{App, LedgerThread, Limits, Redirects, Service, Settings, app, metrics_app};
use linkmint::table::workbook::WorkbookReader;
use linkmint::{ClaimSet, Keyring, Minter, Secret, TokenId, UnixTime, Validity};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};

/// When everything happens.
pub(crate) const NOW: UnixTime = UnixTime(1_790_000_000);

/// A service and the secrets of its API keys.
pub(crate) struct Client {
    app: App,
    metrics: App,
    secrets: BTreeMap<&'static str, String>,
    log: Arc<Mutex<Vec<String>>>,
    /// The words of all requests.
    sent: Mutex<BTreeSet<String>>,
    problems: Mutex<Vec<String>>,
    folder: Option<tempfile::TempDir>,
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
    /// The body ended before it was whole.
    pub(crate) broken_off: bool,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// The status and one member, for a short comparison.
    pub(crate) fn told(&self, member: &str) -> (u16, String) {
        let value = &self.json()[member];
        (
            self.status.as_u16(),
            value.as_str().map_or_else(|| value.to_string(), str::to_owned),
        )
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
    }
}

pub(crate) fn ring() -> Keyring {
    Keyring::of(Secret::new((0..32).collect::<Vec<u8>>().into()).expect("32 bytes"))
}

/// A token for customer 1234567 of spring26 that lasts a day.
pub(crate) fn token(id: u64) -> String {
    let claims = ClaimSet::of([("customer_id", "1234567"), ("campaign_id", "spring26")]).expect("claims");
    minted(id, &claims, NOW)
}

/// A token that had its day before.
pub(crate) fn expired_token(id: u64) -> String {
    let claims = ClaimSet::of([("customer_id", "1234567")]).expect("claims");
    minted(id, &claims, UnixTime(NOW.0 - 2 * 86_400))
}

/// A token with these claims that lasts a day from `at`.
pub(crate) fn token_with(claims: &[(&str, &str)], at: UnixTime) -> String {
    minted(0, &ClaimSet::of(claims.iter().copied()).expect("claims"), at)
}

fn minted(id: u64, claims: &ClaimSet, at: UnixTime) -> String {
    let ring = ring();
    let mut minter = Minter::new(ring.signing_key(None).expect("a key"), Default::default());
    let first = TokenId::parse("000000000001").expect("an id");
    let validity = Validity::lasting(at, 86_400).expect("times");
    minter.mint_claims(&validity, first.plus(id), claims).expect("they fit")
}

impl Client {
    /// Without a ledger; with a key `all`, a key `check`, a key `bound` to autumn26, and a key `page` of a web page.
    pub(crate) fn new() -> Self {
        Self::with(Settings::default(), |service| service, None)
    }

    /// With these settings and without a ledger.
    pub(crate) fn of(settings: Settings) -> Self {
        Self::with(settings, |service| service, None)
    }

    /// With other limits and without a ledger.
    pub(crate) fn limited(change: impl FnOnce(&mut Limits)) -> Self {
        let mut settings = Settings::default();
        change(&mut settings.limits);
        Self::of(settings)
    }

    /// With a ledger of its own.
    pub(crate) fn with_ledger() -> Self {
        Self::of_with_ledger(Settings::default())
    }

    /// With these settings and a ledger of its own.
    pub(crate) fn of_with_ledger(settings: Settings) -> Self {
        Self::changed_with_ledger(settings, |service| service)
    }

    /// With a ledger, and links that lead on.
    pub(crate) fn leading(redirects: Redirects) -> Self {
        Self::changed_with_ledger(Settings::default(), |service| {
            service.redirect(redirects);
            service
        })
    }

    /// With a ledger, and this keyring in the place of [`ring`].
    pub(crate) fn with_ledger_and_ring(ring: Keyring) -> Self {
        Self::changed_with_ledger(Settings::default(), |service| {
            service.take_keyring(ring);
            service
        })
    }

    /// With a ledger that keeps the claims of sealed tokens, too.
    pub(crate) fn with_ledger_of_sealed() -> Self {
        Self::with_ledger_that(true, Settings::default(), |service| service)
    }

    fn changed_with_ledger(settings: Settings, change: impl FnOnce(Service) -> Service) -> Self {
        Self::with_ledger_that(false, settings, change)
    }

    fn with_ledger_that(keep_sealed: bool, settings: Settings, change: impl FnOnce(Service) -> Service) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let options = Options {
            create: true,
            ..Options::default()
        };
        let ledger = Ledger::open(&folder.path().join("checks.db"), options).expect("a ledger");
        let ledger = CheckLedger {
            ledger,
            counts: true,
            keep_sealed,
        };
        let ledger = LedgerThread::start(ledger, |error| panic!("{error}"));
        let change = |service: Service| change(service.ledger(ledger));
        Self::with(settings, change, Some(folder))
    }

    /// With this keyring in the place of [`ring`].
    pub(crate) fn with_ring(ring: Keyring) -> Self {
        Self::with(
            Settings::default(),
            |service| {
                service.take_keyring(ring);
                service
            },
            None,
        )
    }

    fn with(
        mut settings: Settings,
        change: impl FnOnce(Service) -> Service,
        folder: Option<tempfile::TempDir>,
    ) -> Self {
        let (mut keys, mut secrets) = (ApiKeys::default(), BTreeMap::new());
        let mut add = |name: &'static str, scopes: &[Scope], expect: &[(&str, &str)], origin: Option<&str>| {
            let pair = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
            let key = ApiKey {
                expect: expect.iter().map(pair).collect(),
                origin: origin.map(str::to_owned),
                ..ApiKey::new(name.to_owned(), scopes.to_vec(), NOW)
            };
            let (_, secret) = keys.add(key).expect("random bytes");
            secrets.insert(name, secret.expose().to_owned());
        };
        add("all", &Scope::ALL, &[], None);
        add("check", &[Scope::Check], &[], None);
        add("bound", &Scope::ALL, &[("campaign_id", "autumn26")], None);
        add("page", &[Scope::Check], &[], Some("https://shop.example"));
        settings.workbooks = Some(WorkbookReader::InProcess);
        let log = Arc::<Mutex<Vec<String>>>::default();
        let lines = Arc::clone(&log);
        let service = Service::new(settings, ring(), keys, Arc::new(|| NOW))
            .log(move |line| lines.lock().expect("no panic").push(line.to_owned()));
        let service = Arc::new(change(service));
        Self {
            metrics: metrics_app(Arc::clone(&service)),
            app: app(service),
            secrets,
            log,
            sent: Mutex::default(),
            problems: Mutex::default(),
            folder,
        }
    }

    /// The ledger's file.
    pub(crate) fn ledger_path(&self) -> std::path::PathBuf {
        self.folder.as_ref().expect("a ledger").path().join("checks.db")
    }

    pub(crate) fn secret(&self, key: &str) -> &str {
        &self.secrets[key]
    }

    /// All lines of the log so far.
    pub(crate) fn log(&self) -> Vec<String> {
        self.log.lock().expect("no panic").clone()
    }

    pub(crate) fn send(&self, request: Request<Body>) -> Answer {
        self.note(&request.uri().to_string());
        let answer = self.send_to(&self.app, request);
        if answer.header("content-type") == "application/problem+json" {
            let told = ["title", "detail"].map(|member| answer.told(member).1);
            self.problems.lock().expect("no panic").push(told.concat());
        }
        answer
    }

    /// Remembers what is sent, as it must come back in no error and stand in no log.
    fn note(&self, text: &str) {
        let words = secrecy::words(text).map(str::to_owned);
        self.sent.lock().expect("no panic").extend(words);
    }

    fn send_to(&self, app: &App, request: Request<Body>) -> Answer {
        let (parts, bytes, broken_off) = self.bytes_of(app, request);
        Answer {
            status: parts.status,
            headers: parts.headers,
            text: String::from_utf8(bytes).expect("UTF-8"),
            broken_off,
        }
    }

    fn bytes_of(&self, app: &App, request: Request<Body>) -> (Parts, Vec<u8>, bool) {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .expect("a runtime");
        runtime.block_on(async {
            let response = app.answer(request).await.expect("an answer");
            let (parts, body) = response.into_parts();
            let (mut bytes, mut broken_off) = (Vec::new(), false);
            let mut pieces = body.into_data_stream();
            while let Some(piece) = pieces.next().await {
                match piece {
                    Ok(piece) => bytes.extend_from_slice(&piece),
                    Err(_) => {
                        broken_off = true;
                        break;
                    }
                }
            }
            (parts, bytes, broken_off)
        })
    }

    /// A request without an API key and a body, with these headers.
    pub(crate) fn bare(&self, method: &str, path: &str, headers: &[(&str, &str)]) -> Answer {
        let request = Request::builder().method(method).uri(path).header("host", "localhost");
        let request = headers
            .iter()
            .fold(request, |request, (name, value)| request.header(*name, *value));
        self.send(request.body(Body::empty()).expect("a request"))
    }

    /// A list sent with an API key.
    pub(crate) fn list(&self, key: &str, path: &str, kind: &str, accept: &str, list: Vec<u8>) -> Answer {
        let request = Request::post(path)
            .header("host", "localhost")
            .header("x-api-key", self.secret(key))
            .header("content-type", kind)
            .header("accept", accept);
        self.note(&String::from_utf8_lossy(&list));
        self.send(request.body(Body::from(list)).expect("a request"))
    }

    /// The same, answered with bytes that may be no UTF-8.
    pub(crate) fn list_bytes(&self, key: &str, path: &str, kind: &str, list: Vec<u8>) -> Vec<u8> {
        let request = Request::post(path)
            .header("host", "localhost")
            .header("x-api-key", self.secret(key))
            .header("content-type", kind);
        let request = request.body(Body::from(list)).expect("a request");
        self.bytes_of(&self.app, request).1
    }

    /// What Prometheus reads.
    pub(crate) fn metrics(&self) -> String {
        let request = Request::get("/metrics").header("host", "localhost");
        self.send_to_metrics(request.body(Body::empty()).expect("a request"))
            .text
    }

    /// A request to where Prometheus reads.
    pub(crate) fn send_to_metrics(&self, request: Request<Body>) -> Answer {
        self.send_to(&self.metrics, request)
    }

    /// The runs that its ledger has.
    pub(crate) fn runs(&self) -> Vec<Run> {
        let folder = self.folder.as_ref().expect("it has a ledger");
        let ledger = Ledger::open(&folder.path().join("checks.db"), Options::default());
        ledger.expect("a ledger").runs().expect("runs")
    }

    /// A request with an API key, and a body that is JSON where there is one.
    pub(crate) fn ask(&self, key: &str, method: &str, path: &str, body: &str) -> Answer {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header("host", "localhost")
            .header("x-api-key", self.secret(key));
        let request = match body {
            "" => request,
            _ => request.header("content-type", "application/json"),
        };
        self.note(body);
        self.send(request.body(Body::from(body.to_owned())).expect("a request"))
    }
}

/// After all of its test's requests, nothing that was sent stands in the log, a metric or an error.
impl Drop for Client {
    fn drop(&mut self) {
        if std::thread::panicking() {
            return;
        }
        let metrics = self.metrics();
        let sent = std::mem::take(&mut self.sent).into_inner().expect("no panic");
        for text in self.problems.lock().expect("no panic").iter().chain([&metrics]) {
            secrecy::hold(text, &sent);
        }
        for line in self.log() {
            secrecy::hold_line(&line, &sent);
        }
    }
}
