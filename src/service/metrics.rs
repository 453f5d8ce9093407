//! What the service has done, in numbers, as Prometheus reads them.

use crate::token::Status;
use axum::extract::MatchedPath;
use prometheus_client::encoding::text::encode;
use prometheus_client::encoding::{EncodeLabelSet, EncodeLabelValue, LabelValueEncoder};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::{Registry, Unit};
use std::fmt::{self, Write as _};
use std::hash::{Hash, Hasher};
use std::sync::OnceLock;

/// Seconds: a check takes microseconds, a long list minutes.
const BUCKETS: [f64; 12] = [
    0.000_1, 0.000_5, 0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1.0, 5.0, 60.0, 600.0,
];

/// A route as OpenTelemetry names its attributes, with underscores for dots.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(super) struct Route {
    pub(super) http_request_method: &'static str,
    pub(super) http_route: Template,
    pub(super) http_response_status_code: u16,
}

/// The template of a route, or that none took a request.
#[derive(Clone, Debug)]
pub(super) enum Template {
    None,
    /// As the router has it.
    Matched(MatchedPath),
    /// Of a request that needed no router.
    Fixed(&'static str),
}

impl Template {
    pub(super) fn as_str(&self) -> &str {
        match self {
            Template::None => "none",
            Template::Matched(path) => path.as_str(),
            Template::Fixed(path) => path,
        }
    }
}

impl PartialEq for Template {
    fn eq(&self, other: &Self) -> bool {
        self.as_str() == other.as_str()
    }
}

impl Eq for Template {}

impl Hash for Template {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.as_str().hash(state);
    }
}

impl EncodeLabelValue for Template {
    fn encode(&self, encoder: &mut LabelValueEncoder<'_>) -> fmt::Result {
        encoder.write_str(self.as_str())
    }
}

/// The one label of a metric, with its value.
type Label = [(&'static str, &'static str); 1];

/// Why a check was not counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Uncounted {
    /// There is no ledger.
    NoLedger,
    /// It was asked not to.
    NotAsked,
    /// A browser or a scanner looks ahead: nobody has clicked.
    NoClick,
    /// It is not authentic: there is nothing to count.
    NotAuthentic,
}

impl Uncounted {
    fn as_str(self) -> &'static str {
        match self {
            Uncounted::NoLedger => "no_ledger",
            Uncounted::NotAsked => "not_asked",
            Uncounted::NoClick => "no_click",
            Uncounted::NotAuthentic => "not_authentic",
        }
    }
}

/// A family of metrics. Those that are asked for first, which are the most usual, are found without a lock, which every
/// core would write to for every request.
#[derive(Debug)]
struct Metric<S, M> {
    family: Family<S, M, fn() -> M>,
    usual: [OnceLock<(S, M)>; 16],
}

impl<S: Clone + Hash + Eq, M: Clone> Metric<S, M> {
    fn new(make: fn() -> M) -> Self {
        Self {
            family: Family::new_with_constructor(make),
            usual: Default::default(),
        }
    }

    fn of(&self, label: &S, work: impl FnOnce(&M)) {
        for place in &self.usual {
            let (usual, metric) = place.get_or_init(|| (label.clone(), self.family.get_or_create_owned(label)));
            if usual == label {
                return work(metric);
            }
        }
        work(&self.family.get_or_create(label));
    }
}

#[derive(Debug)]
pub(super) struct Metrics {
    registry: Registry,
    requests: Metric<Route, Histogram>,
    checks: Metric<Label, Counter>,
    counted: Counter,
    uncounted: Metric<Label, Counter>,
}

impl Default for Metrics {
    fn default() -> Self {
        let requests = Metric::new(|| Histogram::new(BUCKETS));
        let (checks, uncounted) = (Metric::new(Counter::default), Metric::new(Counter::default));
        let counted = Counter::default();
        let mut registry = Registry::default();
        registry.register_with_unit(
            "http_server_request_duration",
            "Time from a request's head to its answer",
            Unit::Seconds,
            requests.family.clone(),
        );
        registry.register("linkmint_checks", "Checks by how they came out", checks.family.clone());
        registry.register(
            "linkmint_counted_checks",
            "Checks that a ledger has counted",
            counted.clone(),
        );
        registry.register(
            "linkmint_uncounted_checks",
            "Checks that were not counted, by the reason",
            uncounted.family.clone(),
        );
        Self {
            registry,
            requests,
            checks,
            counted,
            uncounted,
        }
    }
}

impl Metrics {
    pub(super) fn request(&self, route: &Route, seconds: f64) {
        self.requests.of(route, |times| times.observe(seconds));
    }

    /// So many checks of a list came out so; those of authentic tokens were counted, or why not.
    pub(super) fn checks(&self, status: Status, count: u64, uncounted: Option<Uncounted>) {
        let uncounted = match status {
            Status::Malformed | Status::UnknownKey | Status::InvalidSignature => Some(Uncounted::NotAuthentic),
            _ => uncounted,
        };
        self.add(status.as_str(), count, uncounted);
    }

    /// So many checks came out so; they were counted, or why not.
    pub(super) fn add(&self, status: &'static str, count: u64, uncounted: Option<Uncounted>) {
        let add = |counter: &Counter| _ = counter.inc_by(count);
        self.checks.of(&[("status", status)], add);
        match uncounted {
            None => add(&self.counted),
            Some(reason) => self.uncounted.of(&[("reason", reason.as_str())], add),
        }
    }

    /// The text that Prometheus reads.
    pub(super) fn text(&self) -> String {
        let mut text = String::new();
        encode(&mut text, &self.registry).expect("a text takes all that is written to it");
        text
    }
}
