//! The pages for people: a session in the place of an API key, and forms in the place of JSON.
//!
//! They are made by the server and need no script. Each form has the session's own token, so that no other page can send
//! it, besides the cookie that browsers send with no request of another site.

mod answer;
mod home;
mod lists;
mod session;
mod stats;
mod support;

use super::state::Service;
use axum::extract::DefaultBodyLimit;
use std::sync::Arc;
use utoipa_axum::router::{OpenApiRouter, UtoipaMethodRouterExt};
use utoipa_axum::routes;

/// All pages, with their descriptions.
pub(super) fn routes(longest_paste: usize) -> OpenApiRouter<Arc<Service>> {
    let support = routes!(support::get_support, support::post_support);
    OpenApiRouter::new()
        .routes(routes!(home::get_home))
        .routes(routes!(home::get_sign_in, home::post_sign_in))
        .routes(routes!(home::post_sign_out))
        .routes(support.layer(DefaultBodyLimit::max(longest_paste)))
        .routes(routes!(support::post_revoke))
        .routes(routes!(support::post_reissue))
        .routes(routes!(lists::get_lists))
        .routes(routes!(lists::post_look))
        .routes(routes!(lists::post_links))
        .routes(routes!(lists::post_rejected))
        .routes(routes!(stats::get_stats))
}
