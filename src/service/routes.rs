//! Which address is answered by what, and what every answer has round it.

use super::caller::{KnownCaller, is_of_other_site};
use super::cors;
use super::log::{Line, RequestId, Told};
use super::metrics::Route;
use super::pages;
use super::problem::Problem;
use super::proxy::Client;
use super::proxy::Peer;
use super::state::Service;
use super::{auth, batch, check, health, introspect, jwks, mint, openapi};
use super::{redirect, reissue, reports, revocations, validate};
use axum::Router;
use axum::extract::{DefaultBodyLimit, MatchedPath, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use futures_util::FutureExt;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// Names a request in its answer and in the log.
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
/// What a request that no route took is called in the log.
const NO_ROUTE: &str = "none";

/// The document of all routes.
#[must_use]
pub fn document() -> utoipa::openapi::OpenApi {
    openapi::with_problems(described().into_openapi())
}

/// All routes, with their descriptions.
pub(super) fn described() -> OpenApiRouter<Arc<Service>> {
    OpenApiRouter::with_openapi(openapi::frame())
        .routes(routes!(check::post_check, check::get_check))
        .routes(routes!(check::get_check_path))
        .routes(routes!(auth::get_auth))
        .routes(routes!(introspect::post_introspect))
        .routes(routes!(validate::get_validate_token))
        .routes(routes!(redirect::get_redirect, redirect::post_redirect))
        .routes(routes!(mint::post_token))
        .routes(routes!(reissue::post_reissue))
        .routes(routes!(jwks::jwks))
        .routes(routes!(batch::tokens::post_token_batch))
        .routes(routes!(batch::check::post_check_batch))
        .routes(routes!(revocations::post_revocation, revocations::get_revocations))
        .routes(routes!(revocations::delete_revocation))
        .routes(routes!(reports::get_stats))
        .routes(routes!(reports::get_runs))
        .merge(pages::routes())
        .routes(routes!(health::livez))
        .routes(routes!(health::readyz))
}

/// The whole service, to be driven by sockets or by tests.
pub fn router(service: Arc<Service>) -> Router {
    let (router, document) = described().split_for_parts();
    let document = openapi::with_problems(document).to_json().expect("it has text keys");
    let json = [(header::CONTENT_TYPE, "application/json")];
    router
        .route(
            "/openapi.json",
            axum::routing::get(move || async move { (json, document) }),
        )
        .fallback(|| async { Problem::not_found() })
        .method_not_allowed_fallback(|| async { Problem::method() })
        .layer(DefaultBodyLimit::max(service.settings.limits.body))
        .layer(middleware::from_fn_with_state(Arc::clone(&service), finish))
        .with_state(service)
}

/// Turns away what a web page of a stranger makes a browser send (DNS rebinding, cross-site forms).
async fn guard(service: &Service, request: Request, next: Next) -> Response {
    if !service.settings.any_host && !auth::is_asked_by_proxy(service, &request) && !is_own_host(service, &request) {
        return Problem::misdirected().into_response();
    }
    let changes = matches!(
        *request.method(),
        Method::POST | Method::DELETE | Method::PUT | Method::PATCH
    );
    let page = cors::Page::of(service, &request);
    if let Some(response) = page.preflight(&request) {
        return response;
    }
    if changes && is_of_other_site(request.headers()) && !page.is_known() {
        return Problem::forbidden("another web page has sent this request").into_response();
    }
    let mut response = next.run(request).await;
    page.release(&mut response);
    response
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
    let loopback = ["localhost", "127.0.0.1", "[::1]"]
        .iter()
        .any(|own| name.eq_ignore_ascii_case(own));
    loopback
        || service
            .settings
            .hosts
            .iter()
            .any(|own| host.eq_ignore_ascii_case(own) || name.eq_ignore_ascii_case(own))
}

/// What every answer has: an id, headers, a line in the log, a place in the metrics; a panic becomes a 500.
async fn finish(State(service): State<Arc<Service>>, mut request: Request, next: Next) -> Response {
    let started = tokio::time::Instant::now();
    let time = service.now();
    let request_id = request_id();
    let method = request.method().clone();
    let route = request
        .extensions()
        .get::<MatchedPath>()
        .map(|path| path.as_str().to_owned());
    let peer = request.extensions().get::<Peer>().copied();
    let client = Client::of(&service.settings.proxies, peer, request.headers());
    request.extensions_mut().insert(client);
    let caller = Arc::new(std::sync::OnceLock::<KnownCaller>::new());
    request.extensions_mut().insert(Arc::clone(&caller));
    request.extensions_mut().insert(RequestId(request_id.as_str().into()));
    let response = AssertUnwindSafe(guard(&service, request, next)).catch_unwind().await;
    let mut response = response.unwrap_or_else(|_| Problem::internal().into_response());
    if let Some(problem) = response.extensions_mut().remove::<Problem>() {
        *response.body_mut() = problem.fill(&request_id);
    }
    set_headers(response.headers_mut(), &request_id);
    let told = response.extensions_mut().remove::<Told>().unwrap_or_default();
    let status = response.status();
    let elapsed = started.elapsed();
    let route = route.unwrap_or_else(|| NO_ROUTE.to_owned());
    service.log.write(&Line {
        time,
        request_id: &request_id,
        address: client.0,
        method: known(&method),
        route: &route,
        status: status.as_u16(),
        verdict: told.verdict,
        key: caller.get().map(|caller| caller.name.as_str()),
        token_id: told.token_id,
        micros: u64::try_from(elapsed.as_micros()).unwrap_or(u64::MAX),
    });
    let route = Route {
        http_request_method: known(&method).to_owned(),
        http_route: route,
        http_response_status_code: status.as_u16(),
    };
    service.metrics.request(&route, elapsed.as_secs_f64());
    response
}

/// A method that is none of HTTP's own is a stranger's text.
fn known(method: &Method) -> &str {
    match *method {
        Method::GET | Method::HEAD | Method::POST | Method::PUT | Method::DELETE | Method::OPTIONS | Method::PATCH => {
            method.as_str()
        }
        _ => "other",
    }
}

/// Unlike any other of this process, and hardly like one of another.
fn request_id() -> String {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    static START: std::sync::LazyLock<u64> = std::sync::LazyLock::new(|| {
        let mut bytes = [0; 8];
        // without random bytes an id is only less unlike others
        let _ = getrandom::fill(&mut bytes);
        u64::from_be_bytes(bytes)
    });
    format!("{:016x}", START.wrapping_add(NEXT.fetch_add(1, Ordering::Relaxed)))
}

fn set_headers(headers: &mut HeaderMap, request_id: &str) {
    let fixed = [
        (header::CACHE_CONTROL, "no-store"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (HeaderName::from_static("x-robots-tag"), "noindex"),
    ];
    for (name, value) in fixed {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    headers
        .entry(header::REFERRER_POLICY)
        .or_insert(HeaderValue::from_static("no-referrer"));
    if let Ok(value) = HeaderValue::from_str(request_id) {
        headers.insert(REQUEST_ID, value);
    }
}
