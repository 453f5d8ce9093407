//! The whole service as one thing that answers requests: over sockets, or in tests without any.
//!
//! The router finds a handler by three boxes and as many copies of the request, which takes as long as the check of a
//! token itself. So the one request that comes for every click is led to its handler at once; the handler, and what stands
//! round it, are the router's own.

use super::check::post_check;
use super::finish::finish;
use super::metrics::Template;
use super::state::Service;
use super::{health, routes};
use axum::Router;
use axum::extract::Request;
use axum::handler::Handler;
use axum::http::Method;
use axum::response::Response;
use futures_util::FutureExt;
use futures_util::future::Either;
use std::convert::Infallible;
use std::sync::Arc;
use tower::ServiceExt;

/// Where most requests go.
const CHECK: &str = "/v1/check";

/// Answers requests.
#[derive(Clone)]
pub struct App {
    router: Router,
    /// Whose checks need no router.
    service: Option<Arc<Service>>,
}

/// The whole service.
pub fn app(service: Arc<Service>) -> App {
    App {
        router: routes::router(Arc::clone(&service)),
        service: Some(service),
    }
}

/// What Prometheus reads of it, at an address of its own.
pub fn metrics_app(service: Arc<Service>) -> App {
    App {
        router: health::metrics(service),
        service: None,
    }
}

impl App {
    /// The answer to a request.
    pub fn answer(&self, request: Request) -> impl Future<Output = Result<Response, Infallible>> + Send + use<> {
        match &self.service {
            Some(service) if *request.method() == Method::POST && request.uri().path() == CHECK => {
                let check = |request| post_check.call(request, Arc::clone(service)).map(Ok);
                Either::Left(finish(service, Template::Fixed(CHECK), request, check))
            }
            _ => Either::Right(self.router.clone().oneshot(request)),
        }
    }
}
