//! Lists over HTTP: a body goes in as it comes, its rows come back in order, and memory does not grow with either.
//!
//! A thread of its own works on a list as the command line does, by [`batch::run`](crate::batch::run); what it reads
//! comes through a few pieces that wait, what it writes goes through a file that has no name.

mod broken;
pub(super) mod check;
mod json_lines;
mod list;
pub(super) mod look;
mod plan;
mod query;
mod spool;
mod text_lines;
pub(super) mod tokens;
mod upload;

use super::problem::Problem;
use super::state::Service;
use axum::body::Body;
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, IntoResponseParts, Response};
use spool::SpoolWriter;
use std::num::NonZeroUsize;
use std::sync::Arc;
use tokio::sync::oneshot;
use upload::Upload;

/// The column, or the member, that tells what is wrong with a row.
const ERROR: &str = "error";

/// Has a list worked on, on a thread that may block. `job` understands its head, and says what the head of the answer is
/// and how its rows are written, which begins once the client has that head.
async fn work<Head: IntoResponseParts + Send + 'static, Rows: FnOnce(SpoolWriter)>(
    service: &Arc<Service>,
    headers: &HeaderMap,
    body: Body,
    job: impl FnOnce(Upload) -> Result<(Head, Rows), Problem> + Send + 'static,
) -> Result<Response, Problem> {
    let most = service.settings.limits.list;
    let length = headers
        .get(header::CONTENT_LENGTH)
        .and_then(|length| length.to_str().ok());
    if length
        .and_then(|length| length.parse::<u64>().ok())
        .is_some_and(|length| length > most)
    {
        return Err(Problem::too_large("the list is too long"));
    }
    let place = Arc::clone(&service.batches).try_acquire_owned();
    let place = place.map_err(|_| Problem::busy("as many lists are worked on as there is room for"))?;
    let upload = Upload::of(body, most);
    let (writer, answer) = spool::spool(most).map_err(|error| {
        let why = format!("no temporary file for the answer to a list can be made: {error}");
        service.log.tell(service.now(), None, &why);
        Problem::unavailable("no temporary file for the answer can be made")
    })?;
    let (sender, head) = oneshot::channel();
    tokio::task::spawn_blocking(move || {
        let _place = place;
        // nobody may be left to hear of it
        let (told, rows) = match job(upload) {
            Ok((head, rows)) => (sender.send(Ok(head)), Some(rows)),
            Err(problem) => (sender.send(Err(problem)), None),
        };
        if let (Ok(()), Some(rows)) = (told, rows) {
            rows(writer);
        }
    });
    let head = head.await.map_err(|_| Problem::internal())??;
    Ok((head, answer).into_response())
}

/// As many as there are cores.
fn threads() -> NonZeroUsize {
    std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN)
}

/// Whether a client asks for objects of JSON.
fn wants_objects(headers: &HeaderMap) -> bool {
    let accepted = headers
        .get_all(header::ACCEPT)
        .iter()
        .filter_map(|value| value.to_str().ok());
    accepted.flat_map(|value| value.split(',')).any(|kind| {
        let kind = kind.split(';').next().unwrap_or_default().trim();
        kind.eq_ignore_ascii_case("application/x-ndjson") || kind.eq_ignore_ascii_case("application/jsonl")
    })
}
