//! What pages answer, each in its place.

use super::session::Signed;
use crate::pages::site;
use crate::service::api_key::Scope;
use crate::service::introspect::form_problem;
use crate::service::page::html;
use crate::service::problem::Problem;
use axum::extract::Form;
use axum::extract::rejection::FormRejection;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

/// A page, or one that says why there is none.
pub(super) type PageResult = Result<Response, Refused>;

/// A page that says why there is no other.
pub(super) struct Refused(Box<Response>);

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        *self.0
    }
}

/// A page in words.
pub(super) fn refused(signed: &Signed, status: StatusCode, title: &str, words: &str) -> Refused {
    let page = site::refused(&signed.visitor(), title, words);
    Refused(Box::new(html(status, page)))
}

/// The form is none of this session's pages.
pub(super) fn too_old(signed: &Signed) -> Refused {
    let words = "Please go back, load the page again and repeat what you did.";
    refused(signed, StatusCode::FORBIDDEN, "The form is too old", words)
}

/// A page that is as it should be.
pub(super) fn shown(page: String) -> Response {
    html(StatusCode::OK, page)
}

/// That who is signed in may use the page, and has sent its form.
pub(super) fn admit(signed: &Signed, scope: Scope, form_token: Option<&str>) -> Result<(), Refused> {
    if !signed.may(scope) {
        let words = format!("Your API key has no scope {}.", scope.as_str());
        let title = "This page is not for your API key";
        return Err(refused(signed, StatusCode::FORBIDDEN, title, &words));
    }
    match form_token.is_none_or(|token| signed.sent(token)) {
        true => Ok(()),
        false => Err(too_old(signed)),
    }
}

/// What came of something, or its problem as a page in words.
pub(super) fn done<T>(signed: &Signed, result: Result<T, Problem>) -> Result<T, Refused> {
    result.map_err(|problem| {
        let (status, title, words) = problem.words();
        refused(signed, status, title, words)
    })
}

/// The fields of a form, where it can be taken.
pub(super) fn fields<T>(signed: &Signed, form: Result<Form<T>, FormRejection>) -> Result<T, Refused> {
    let form = form.map_err(|rejection| form_problem(&rejection));
    done(signed, form).map(|Form(fields)| fields)
}
