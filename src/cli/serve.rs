//! `linkmint serve`: the HTTP service on this machine's sockets, with its clock, its files and its signals.

mod listen;
mod log;
mod proxy;
mod redirect;
mod reload;

use super::args::{ServeArgs, TrackerArgs};
use super::exit::{Exit, Failure, tell, warn};
use super::meaning::{claims, option_failure, time};
use super::{api_key, clock, ledger, list, reissue, ring};
use linkmint::check::Patience;
use linkmint::excerpt::Excerpt;
use linkmint::ledger::Ledger;
use linkmint::moment::UnixTime;
use linkmint::options::LinkOptions;
use linkmint::service::api_key::{ApiKey, ApiKeys, Scope, Secret};
use linkmint::service::connection::{self, Listener};
use linkmint::service::{self, LedgerThread, Limits, Service, Settings, Tracker};
use listen::Endpoint;
use log::LogWriter;
use reload::Watched;
use std::num::NonZeroUsize;
use std::sync::Arc;
use std::time::Duration;
use tokio::runtime::{Builder, Runtime};

/// Nobody at a support desk waits longer for the token one slip away.
const SLIP: Duration = Duration::from_secs(2);

/// How long the end waits for what can't be done, as where nobody takes the log.
const GIVEN_UP: Duration = Duration::from_secs(1);

pub(crate) fn run(args: &ServeArgs) -> Result<Exit, Failure> {
    let place = Endpoint::parse("--listen", &args.listen)?;
    let source = ring::locate(&args.keyring)?;
    let api_keys = api_key::for_service(args.api_keys.as_deref(), args.quiet)?;
    if api_keys.is_none() && !place.is_own_machine() {
        return Err(Failure::usage("without API keys it listens on this machine only")
            .at("--listen")
            .hint("make one: linkmint api-key new NAME --scope check, and name the file with --api-keys"));
    }
    let metrics = args.metrics_listen.as_deref();
    let metrics = metrics
        .map(|text| Endpoint::parse("--metrics-listen", text))
        .transpose()?;
    let settings = settings(args, api_keys.is_some())?;
    let (limits, is_https) = (settings.limits, settings.https);
    let redirects = redirect::redirects(&args.redirect)?;
    // what is wrong with the flags is told before a keyring is made
    let keyring = source.load_or_make(args.quiet)?;
    let (keys, start) = match &api_keys {
        Some((_, keys)) => (keys.clone(), None),
        None => {
            let (keys, secret) = start_key()?;
            (keys, Some(secret))
        }
    };
    clock::now()?;
    keep_room();
    let log = LogWriter::start();
    let lines = log.lines();
    let mut service = Service::new(settings, keyring, keys, Arc::new(now)).log(move |line| lines.add(line));
    if let Some((ledger, path)) = ledger::for_checks(&args.ledger, args.quiet)? {
        let shown = ledger::shown(&path);
        let failed = move |error: &_| tell(&format!("{shown}: {error}"), None);
        service = service
            .ledger(LedgerThread::start(ledger, failed))
            .read_ledger_by(move || Ledger::open(&path, ledger::READING));
    }
    if let Some(redirects) = redirects {
        service.redirect(redirects);
    }
    let watched = Watched::new(
        source,
        api_keys.map(|(path, _)| path),
        args.redirect.clone(),
        args.quiet,
    );
    let runtime = runtime().map_err(Failure::undecided)?;
    let served = runtime.block_on(serve(
        (&place, metrics.as_ref()),
        limits,
        !is_https && !args.quiet,
        Arc::new(service),
        start,
        watched,
    ));
    // what can't be written has no more time than what can't be read
    runtime.shutdown_timeout(GIVEN_UP);
    served
}

/// What answers, on all cores but one. That one is for who writes the log and the ledger, for lists, and for a proxy before
/// it: where answers fill every core of a small machine, all of them take the cores from each other, which costs a check a fifth
/// more and makes one in a hundred wait twice as long.
fn runtime() -> std::io::Result<Runtime> {
    let cores = std::thread::available_parallelism().map_or(1, NonZeroUsize::get);
    let answering = cores.saturating_sub(1).max(1);
    Builder::new_multi_thread()
        .worker_threads(answering)
        .enable_all()
        .build()
}

fn settings(args: &ServeArgs, any_host: bool) -> Result<Settings, Failure> {
    let public = args.public_url.as_deref();
    Ok(Settings {
        hosts: public.into_iter().map(authority).collect::<Result<_, _>>()?,
        any_host,
        leeway: time::duration("--leeway", &args.leeway)?,
        proxies: proxy::trusted(&args.proxy)?,
        auth: proxy::forward_auth(&args.proxy)?,
        tracker: tracker(&args.tracker)?,
        base_url: args.base_url.as_deref().map(base_url).transpose()?,
        allow_hosts: reissue::hosts(&args.allow_host)?,
        limits: Limits {
            list: size("--max-list", &args.max_list)?,
            ..Limits::default()
        },
        workbooks: Some(list::reader()),
        patience: Some(Patience {
            clock: clock::passed,
            limit: SLIP,
        }),
        https: public.is_some_and(is_https),
    })
}

async fn serve(
    (place, metrics): (&Endpoint, Option<&Endpoint>),
    limits: Limits,
    warns: bool,
    service: Arc<Service>,
    start: Option<Secret>,
    watched: Watched,
) -> Result<Exit, Failure> {
    let end = end()?;
    let listener = place.listen().await?;
    if let Some(metrics) = metrics {
        let metrics = metrics.listen().await?;
        let app = service::metrics_app(Arc::clone(&service));
        tokio::spawn(connection::serve(metrics, app, limits, std::future::pending()));
    }
    if warns && start.is_none() {
        warn_of_clear_text(&listener);
    }
    tell_address(&listener, place, start.as_ref());
    let reloading = tokio::spawn(watched.follow(Arc::clone(&service)));
    connection::serve(listener, service::app(service), limits, end).await;
    reloading.abort();
    place.clear_up();
    Ok(Exit::Done)
}

/// Lets the allocator keep some free room. glibc gives what is free at a heap's end back to the system from 128 KiB on, and
/// takes it again, cleared, for the next requests, which took a twentieth of a check. Once a larger block was given back, it
/// keeps twice the size of that (mallopt(3), `M_MMAP_THRESHOLD`). Other allocators do nothing.
fn keep_room() {
    drop(std::hint::black_box(Vec::<u8>::with_capacity(1 << 20)));
}

/// API keys are passwords: whoever is on the way of plain HTTP reads them.
fn warn_of_clear_text(listener: &Listener) {
    let Listener::Tcp(listener) = listener else { return };
    let is_open = |address: std::net::SocketAddr| !address.ip().to_canonical().is_loopback();
    if listener.local_addr().is_ok_and(is_open) {
        warn(
            "others on the network can read the API keys that are sent here: this is plain HTTP",
            Some("put a proxy with TLS before it, and say so with --public-url https://links.mystore.com"),
        );
    }
}

/// Where it can be reached: also with `--quiet`, as the key in it is shown nowhere else.
fn tell_address(listener: &Listener, place: &Endpoint, start: Option<&Secret>) {
    let address = match listener {
        Listener::Tcp(listener) => listener
            .local_addr()
            .map(|address| format!("http://{address}/"))
            .unwrap_or_default(),
        #[cfg(unix)]
        Listener::Unix(_) => place.to_string(),
    };
    let key = start.map(|secret| format!("?key={}", secret.expose()));
    tell(&format!("serving at {address}{}", key.unwrap_or_default()), None);
}

fn tracker(args: &TrackerArgs) -> Result<Tracker, Failure> {
    let name = |flag, text: &str| claims::claim_name(flag, text).map(|name| name.as_str().to_owned());
    Ok(Tracker {
        name: name("--tracker-name", &args.tracker_name)?,
        label: name("--tracker-label", &args.tracker_label)?,
        always_ok: args.compat.is_some(),
    })
}

/// A key for everything, which ends with the process.
fn start_key() -> Result<(ApiKeys, Secret), Failure> {
    let mut keys = ApiKeys::default();
    let key = ApiKey::new("start".to_owned(), Scope::ALL.to_vec(), clock::now()?);
    let (_, secret) = keys.add(key).map_err(|_| super::meaning::token::no_random())?;
    Ok((keys, secret))
}

/// A number of bytes: `2G`, `500M`, `64K`, `4096`.
fn size(flag: &str, text: &str) -> Result<u64, Failure> {
    let upper = text.trim_ascii().to_ascii_uppercase();
    let upper = upper.trim_end_matches("IB").trim_end_matches('B');
    let (digits, shift) = match upper.char_indices().last() {
        Some((end, 'K')) => (&upper[..end], 10),
        Some((end, 'M')) => (&upper[..end], 20),
        Some((end, 'G')) => (&upper[..end], 30),
        _ => (upper, 0),
    };
    let number = digits
        .parse::<u64>()
        .ok()
        .and_then(|number| number.checked_mul(1 << shift));
    number.filter(|size| *size > 0).ok_or_else(|| {
        Failure::usage(format_args!("{} is no size", Excerpt(text)))
            .at(flag)
            .hint("as 500M or 2G")
    })
}

/// An address that tokens become links of.
fn base_url(text: &str) -> Result<String, Failure> {
    let options = LinkOptions {
        base_url: Some(text),
        ..LinkOptions::default()
    };
    options.pattern().map_err(option_failure)?;
    Ok(text.to_owned())
}

/// The host and port of an address.
fn authority(url: &str) -> Result<String, Failure> {
    let refuse = || {
        Failure::usage("it is no http or https address")
            .at("--public-url")
            .hint("as https://links.mystore.com")
    };
    let (scheme, rest) = url.split_once("://").ok_or_else(refuse)?;
    let is_known = ["http", "https"].iter().any(|known| scheme.eq_ignore_ascii_case(known));
    let (authority, path) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
    if !is_known || authority.is_empty() || authority.contains('@') {
        return Err(refuse());
    }
    match path {
        "" | "/" => Ok(authority.to_owned()),
        _ => Err(
            Failure::usage("it has a path, and the service stands at no path of its host")
                .at("--public-url")
                .hint("as https://links.mystore.com, with a host of its own"),
        ),
    }
}

fn is_https(url: &str) -> bool {
    url.split_once("://")
        .is_some_and(|(scheme, _)| scheme.eq_ignore_ascii_case("https"))
}

/// This second; the clock was right when the service was started.
fn now() -> UnixTime {
    clock::now().unwrap_or(UnixTime(u32::MAX))
}

/// Comes with Ctrl-C or SIGTERM.
fn end() -> Result<impl Future<Output = ()>, Failure> {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let mut terminate = signal(SignalKind::terminate()).map_err(Failure::undecided)?;
        let mut interrupt = signal(SignalKind::interrupt()).map_err(Failure::undecided)?;
        Ok(async move {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = interrupt.recv() => {}
            }
        })
    }
    #[cfg(not(unix))]
    Ok(async {
        let _ = tokio::signal::ctrl_c().await;
    })
}
