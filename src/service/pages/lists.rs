//! `/lists`: a list goes in, and comes back with links.
//!
//! Nothing of a list outlives its request: every button of the page sends it anew, and the answer is read as it is made.

use super::answer::{PageResult, admit, shown};
use super::session::Signed;
use crate::pages::lists;
use crate::service::api_key::Scope;
use crate::service::batch::{look, tokens};
use crate::service::caller::Visit;
use crate::service::log::RequestId;
use crate::service::page::framed;
use crate::service::problem::Problem;
use crate::service::state::Service;
use axum::body::{Body, Bytes};
use axum::extract::multipart::{Field, MultipartError};
use axum::extract::{DefaultBodyLimit, Extension, FromRequest, FromRequestParts, Multipart, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use futures_util::stream::poll_fn;
use std::sync::Arc;
use tokens::Part;
use tokio::sync::{mpsc, oneshot};
use utoipa::ToSchema;

/// All that stands before the file, in bytes.
const FIELDS: usize = 64 << 10;
/// Pieces of the file that may wait.
const WAITING: usize = 8;

/// The form.
#[derive(ToSchema)]
#[expect(dead_code, reason = "it describes the form; the file comes as a stream")]
pub(in crate::service) struct ListForm {
    form_token: String,
    base_url: String,
    end: String,
    days: String,
    date: String,
    claims: String,
    timezone: String,
    sheet: String,
    encoding: String,
    campaign_id: String,
    seal: String,
    /// The file: the last of all.
    #[schema(value_type = String, format = Binary)]
    list: Vec<u8>,
}

/// The page with the form for a list.
#[utoipa::path(get, path = "/lists", tag = "pages", security(()),
    responses(
        (status = 200, description = "a page", body = String, content_type = "text/html"),
        (status = 303, description = "not signed in: on to where one does"),
        (status = 403, description = "the API key lacks the scope mint", body = String, content_type = "text/html"),
    ))]
pub(in crate::service) async fn get_lists(State(service): State<Arc<Service>>, signed: Signed) -> PageResult {
    admit(&signed, Scope::Mint, None)?;
    let page = lists::page(&signed.visitor(), service.settings.base_url.as_deref());
    Ok(shown(page))
}

/// What comes of a list, before its links are made.
#[utoipa::path(post, path = "/lists/look", tag = "pages", security(()),
    request_body(content = ListForm, content_type = "multipart/form-data"),
    responses(
        (status = 200, description = "what was understood, and the first rows", body = String, content_type = "text/html"),
        (status = 400, description = "the list or the form can't be used", body = String, content_type = "text/html"),
        (status = 403, description = "not signed in, or not allowed", body = String, content_type = "text/html"),
        (status = 413, description = "the list is too long", body = String, content_type = "text/html"),
        (status = 503, description = "too many lists at once", body = String, content_type = "text/html"),
    ))]
pub(in crate::service) async fn post_look(
    State(service): State<Arc<Service>>,
    InFrame(signed): InFrame,
    headers: HeaderMap,
    request: Request,
) -> Response {
    let looked = async {
        let (pairs, body) = receive(&signed, request).await?;
        look::look(&service, &headers, body, signed.caller.clone(), pairs).await
    };
    looked.await.map_or_else(|problem| failed(&problem), framed)
}

/// The list with a link in each row that can have one.
#[utoipa::path(post, path = "/lists/links", tag = "pages", security(()),
    request_body(content = ListForm, content_type = "multipart/form-data"),
    responses(
        (status = 200, description = "the list", body = String, content_type = "text/csv"),
        (status = 400, description = "the list or the form can't be used", body = String, content_type = "text/html"),
        (status = 403, description = "not signed in, or not allowed", body = String, content_type = "text/html"),
        (status = 413, description = "the list is too long", body = String, content_type = "text/html"),
        (status = 503, description = "too many lists at once", body = String, content_type = "text/html"),
    ))]
pub(in crate::service) async fn post_links(
    State(service): State<Arc<Service>>,
    InFrame(signed): InFrame,
    Extension(visit): Extension<Arc<Visit>>,
    headers: HeaderMap,
    request: Request,
) -> Response {
    download(&service, &signed, visit.id, &headers, request, Part::Good).await
}

/// The rows that can have no link, each with its number and what is wrong with it.
#[utoipa::path(post, path = "/lists/rejected", tag = "pages", security(()),
    request_body(content = ListForm, content_type = "multipart/form-data"),
    responses(
        (status = 200, description = "the rows", body = String, content_type = "text/csv"),
        (status = 400, description = "the list or the form can't be used", body = String, content_type = "text/html"),
        (status = 403, description = "not signed in, or not allowed", body = String, content_type = "text/html"),
        (status = 413, description = "the list is too long", body = String, content_type = "text/html"),
        (status = 503, description = "too many lists at once", body = String, content_type = "text/html"),
    ))]
pub(in crate::service) async fn post_rejected(
    State(service): State<Arc<Service>>,
    InFrame(signed): InFrame,
    Extension(visit): Extension<Arc<Visit>>,
    headers: HeaderMap,
    request: Request,
) -> Response {
    download(&service, &signed, visit.id, &headers, request, Part::Bad).await
}

async fn download(
    service: &Arc<Service>,
    signed: &Signed,
    request_id: RequestId,
    headers: &HeaderMap,
    request: Request,
    part: Part,
) -> Response {
    let made = async {
        let (pairs, body) = receive(signed, request).await?;
        let who = (signed.caller.clone(), request_id);
        tokens::make(service, headers, body, who, pairs, part).await
    };
    match made.await {
        Ok(response) => {
            let name = match part {
                Part::Bad => "attachment; filename=\"rows-without-link.csv\"",
                _ => "attachment; filename=\"links.csv\"",
            };
            ([(header::CONTENT_DISPOSITION, name)], response).into_response()
        }
        Err(problem) => failed(&problem),
    }
}

/// Somebody who is signed in, and sees the answer in the page's frame: there, no other page of ours is shown.
pub(in crate::service) struct InFrame(Signed);

impl FromRequestParts<Arc<Service>> for InFrame {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, service: &Arc<Service>) -> Result<Self, Response> {
        let signed = Signed::find(parts, service);
        signed
            .map(Self)
            .ok_or_else(|| in_words(StatusCode::FORBIDDEN, lists::signed_out()))
    }
}

/// What the frame shows of a problem.
fn failed(problem: &Problem) -> Response {
    let (status, title, words) = problem.words();
    let field = problem.member().map(|member| (&*member.name, &*member.words));
    let page = match field.and_then(|(name, words)| lists::refused_field(name, words)) {
        Some(page) => page,
        None if status == StatusCode::BAD_REQUEST => {
            lists::refused("The list can’t be used", field.map_or(words, |(_, words)| words))
        }
        None => lists::refused(title, words),
    };
    in_words(status, page)
}

fn in_words(status: StatusCode, page: String) -> Response {
    let kind = [(header::CONTENT_TYPE, "text/html; charset=utf-8")];
    framed((status, kind, page).into_response())
}

type Piece = Result<Bytes, MultipartError>;

/// The form's fields as members of a query, and the file as it comes.
async fn receive(signed: &Signed, mut request: Request) -> Result<(Vec<(String, String)>, Body), Problem> {
    signed.caller.needs(Scope::Mint)?;
    // lists have a limit of their own
    DefaultBodyLimit::disable().apply(&mut request);
    let multipart = Multipart::from_request(request, &()).await;
    let multipart = multipart.map_err(|_| Problem::media_type("send multipart/form-data"))?;
    let (sender, fields) = oneshot::channel();
    tokio::spawn(read(multipart, sender));
    let no_list = |_| Problem::bad_request("the form has no list");
    let (fields, mut pieces) = fields.await.map_err(no_list)??;
    let text = |name: &str| {
        let own = fields.iter().find(|(other, _)| other == name);
        own.map_or("", |(_, value)| value.trim())
    };
    if !signed.sent(text("form_token")) {
        return Err(Problem::forbidden("the form is too old: load the page again"));
    }
    let body = Body::from_stream(poll_fn(move |context| pieces.poll_recv(context)));
    Ok((members(&text)?, body))
}

/// What the form says, as the members that a list's query has.
fn members<'f>(text: &impl Fn(&str) -> &'f str) -> Result<Vec<(String, String)>, Problem> {
    let zone = match text("timezone") {
        "" => "local",
        zone => zone,
    };
    // bad rows are no part of the list: they are a file of their own
    let mut members = vec![("timezone", zone.to_owned()), ("rejects", "stop".to_owned())];
    let address = text("base_url");
    if !address.is_empty() {
        let name = if address.contains("{token}") { "url" } else { "base_url" };
        members.push((name, address.to_owned()));
    }
    members.push(match text("end") {
        "at" if text("date").is_empty() => {
            return Err(Problem::bad_request("expires_at: it is empty").about("expires_at", "no day is chosen"));
        }
        "at" => ("expires_at", text("date").to_owned()),
        "never" => ("never_expires", "true".to_owned()),
        _ => match text("days").parse::<u16>() {
            Ok(days @ 1..=3_650) => ("expires_in", format!("{days}d")),
            _ => {
                let words = "that is no number of days";
                return Err(Problem::bad_request("expires_in: no number of days").about("expires_in", words));
            }
        },
    });
    for name in ["claims", "encoding", "sheet"] {
        if !text(name).is_empty() {
            members.push((name, text(name).to_owned()));
        }
    }
    if !text("campaign_id").is_empty() {
        members.push(("set", format!("campaign_id={}", text("campaign_id"))));
    }
    if text("seal") == "true" {
        members.push(("seal", "true".to_owned()));
    }
    Ok(members
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value))
        .collect())
}

/// The fields before the file, and what comes of that.
type Form = (Vec<(String, String)>, mpsc::Receiver<Piece>);

/// Reads the fields, then the file for as long as somebody takes it.
async fn read(mut multipart: Multipart, sender: oneshot::Sender<Result<Form, Problem>>) {
    let (mut fields, mut room) = (Vec::<(String, String)>::new(), FIELDS);
    while let Ok(Some(mut field)) = multipart.next_field().await {
        let name = field.name().unwrap_or_default().to_owned();
        if name == "list" {
            let (pieces, receiver) = mpsc::channel(WAITING);
            if sender.send(Ok((fields, receiver))).is_ok() {
                pump(field, &pieces).await;
            }
            return;
        }
        let mut value = Vec::new();
        while let Ok(Some(piece)) = field.chunk().await {
            let Some(rest) = room.checked_sub(piece.len()) else {
                // nobody may be left to hear of it
                let _ = sender.send(Err(Problem::too_large("what was typed into the form is too long")));
                return;
            };
            room = rest;
            value.extend_from_slice(&piece);
        }
        if fields.iter().any(|(other, _)| *other == name) {
            let _ = sender.send(Err(Problem::bad_request("the form has a field twice")));
            return;
        }
        fields.push((name, String::from_utf8_lossy(&value).into_owned()));
    }
}

async fn pump(mut field: Field<'_>, pieces: &mpsc::Sender<Piece>) {
    while let Some(piece) = field.chunk().await.transpose() {
        let ends = piece.is_err();
        if pieces.send(piece).await.is_err() || ends {
            return;
        }
    }
}
