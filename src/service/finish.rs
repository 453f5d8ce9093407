//! What every answer has round it: an id, headers, a line in the log, a place in the metrics; a panic becomes a 500.

use super::caller::{KnownCaller, Visit, is_of_other_site};
use super::log::{Line, RequestId, Told};
use super::metrics::{Route, Template};
use super::problem::Problem;
use super::proxy::{self, Peer};
use super::state::Service;
use super::{auth, cors, host};
use crate::check::Shown;
use crate::moment::UnixTime;
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, header};
use axum::response::{IntoResponse, Response};
use std::convert::Infallible;
use std::net::IpAddr;
use std::ops::ControlFlow;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::sync::{Arc, OnceLock};
use std::task::{Context, Poll};

/// Names a request in its answer and in the log.
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// What answers, with all that stands round it.
#[derive(Clone)]
pub(super) struct Finish<S> {
    pub(super) service: Arc<Service>,
    pub(super) inner: S,
}

impl<S> tower::Service<Request> for Finish<S>
where
    S: tower::Service<Request, Response = Response, Error = Infallible, Future: Unpin>,
{
    type Response = Response;
    type Error = Infallible;
    type Future = Finished<S::Future>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: Request) -> Self::Future {
        let route = request
            .extensions()
            .get()
            .cloned()
            .map_or(Template::None, Template::Matched);
        finish(&self.service, route, request, |request| self.inner.call(request))
    }
}

/// Has a request answered by `inner`, with all that stands round it.
pub(super) fn finish<F>(
    service: &Arc<Service>,
    route: Template,
    mut request: Request,
    inner: impl FnOnce(Request) -> F,
) -> Finished<F> {
    let begun = Begun::of(service, route, &mut request);
    let answer = match guard(service, &request) {
        ControlFlow::Break(response) => Answer::Now(response),
        ControlFlow::Continue(page) => match catch_unwind(AssertUnwindSafe(|| inner(request))) {
            Ok(answer) => Answer::Later(page, answer),
            Err(_) => Answer::Now(Problem::internal().into_response()),
        },
    };
    Finished {
        service: Arc::clone(service),
        begun,
        answer,
    }
}

/// A response, once it is there and finished.
pub(super) struct Finished<F> {
    service: Arc<Service>,
    begun: Begun,
    answer: Answer<F>,
}

enum Answer<F> {
    Now(Response),
    Later(cors::Page, F),
}

impl<F: Future<Output = Result<Response, Infallible>> + Unpin> Future for Finished<F> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<F::Output> {
        let this = self.get_mut();
        let response = match &mut this.answer {
            Answer::Now(response) => std::mem::take(response),
            Answer::Later(page, answer) => {
                let polled = catch_unwind(AssertUnwindSafe(|| Pin::new(answer).poll(context)));
                let mut response = match polled {
                    Ok(Poll::Pending) => return Poll::Pending,
                    Ok(Poll::Ready(Ok(response))) => response,
                    Err(_) => Problem::internal().into_response(),
                };
                page.release(&mut response);
                response
            }
        };
        Poll::Ready(Ok(this.begun.finish(&this.service, response)))
    }
}

/// A request that is answered.
struct Begun {
    started: tokio::time::Instant,
    time: UnixTime,
    method: &'static str,
    route: Template,
    visit: Arc<Visit>,
}

impl Begun {
    fn of(service: &Service, route: Template, request: &mut Request) -> Self {
        let peer = request.extensions().get::<Peer>().copied();
        let visit = Arc::new(Visit {
            id: RequestId::next(),
            client: proxy::visitor(&service.settings.proxies, peer, request.headers()),
            caller: OnceLock::new(),
        });
        request.extensions_mut().insert(Arc::clone(&visit));
        Self {
            started: tokio::time::Instant::now(),
            time: service.now(),
            method: known(request.method()),
            route,
            visit,
        }
    }

    fn finish(&self, service: &Service, mut response: Response) -> Response {
        let id = &self.visit.id;
        if let Some(problem) = response.extensions_mut().remove::<Problem>() {
            *response.body_mut() = problem.fill(id.as_str());
        }
        set_headers(response.headers_mut(), id);
        let told = response.extensions_mut().remove::<Told>().unwrap_or_default();
        let status = response.status().as_u16();
        let elapsed = self.started.elapsed();
        let route = Route {
            http_request_method: self.method,
            http_route: self.route.clone(),
            http_response_status_code: status,
        };
        service.log.write(&Line {
            time: self.time,
            request_id: id.as_str(),
            address: self.visit.client,
            method: self.method,
            route: route.http_route.as_str(),
            status,
            verdict: told.verdict,
            key: self.visit.caller.get().map(KnownCaller::name),
            token_id: told.token_id.map(Shown),
            micros: u64::try_from(elapsed.as_micros()).unwrap_or(u64::MAX),
        });
        service.metrics.request(&route, elapsed.as_secs_f64());
        response
    }
}

/// Turns away what a web page of a stranger makes a browser send (DNS rebinding, cross-site forms).
fn guard(service: &Service, request: &Request) -> ControlFlow<Response, cors::Page> {
    if !host::is_told(request) {
        return ControlFlow::Break(Problem::bad_request(host::NOT_TOLD).into_response());
    }
    if !service.settings.any_host && !auth::is_asked_by_proxy(service, request) && !is_own_host(service, request) {
        return ControlFlow::Break(Problem::misdirected().into_response());
    }
    let changes = matches!(
        *request.method(),
        Method::POST | Method::DELETE | Method::PUT | Method::PATCH
    );
    let page = cors::Page::of(service, request);
    if let Some(response) = page.preflight(request) {
        return ControlFlow::Break(response);
    }
    if changes && is_of_other_site(request.headers()) && !page.is_known() {
        return ControlFlow::Break(Problem::forbidden("another web page has sent this request").into_response());
    }
    ControlFlow::Continue(page)
}

fn is_own_host(service: &Service, request: &Request) -> bool {
    let header = request.headers().get(header::HOST).and_then(|host| host.to_str().ok());
    let Some(host) = request.uri().authority().map(|authority| authority.as_str()).or(header) else {
        return false;
    };
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    };
    let address = name
        .strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'))
        .unwrap_or(name);
    // no name leads to an address that is written out, so that nobody can make it mean another
    let loopback = address
        .parse::<IpAddr>()
        .is_ok_and(|address| address.to_canonical().is_loopback());
    loopback
        || name.eq_ignore_ascii_case("localhost")
        || service
            .settings
            .hosts
            .iter()
            .any(|own| host.eq_ignore_ascii_case(own) || name.eq_ignore_ascii_case(own))
}

/// A method that is none of HTTP's own is a stranger's text.
fn known(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        Method::PATCH => "PATCH",
        _ => "other",
    }
}

fn set_headers(headers: &mut HeaderMap, id: &RequestId) {
    let fixed = [
        (header::CACHE_CONTROL, "no-store"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (HeaderName::from_static("x-robots-tag"), "noindex"),
        (header::REFERRER_POLICY, "no-referrer"),
    ];
    for (name, value) in fixed {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    if let Ok(value) = HeaderValue::from_str(id.as_str()) {
        headers.insert(REQUEST_ID, value);
    }
}
