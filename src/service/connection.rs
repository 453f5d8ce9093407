//! The service on sockets: every connection has its time, and none can keep another waiting.
//!
//! `axum::serve` keeps connections that are silent, slow or half open for ever; here a head, a body and a reader that
//! stand still are closed, and there are only so many connections at once.

mod bodies;
mod phase;
mod timed;

use super::app::App;
use super::limits::Limits;
use super::proxy::Peer;
use axum::extract::Request;
use bodies::{Offered, Watched};
use hyper::body::Incoming;
use hyper::header::EXPECT;
use hyper::server::conn::http1;
use hyper_util::rt::TokioIo;
use hyper_util::server::graceful::{GracefulConnection, GracefulShutdown};
use phase::Phase;
use std::future::Future;
use std::io;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;
use timed::TimedIo;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tokio::time::{sleep, timeout};

/// The most that is read or written at once: enough for a list, and only a list makes a buffer grow to it.
const BUFFER: usize = 256 << 10;
/// How long no connection is taken after none could be.
const PAUSE: Duration = Duration::from_millis(50);

/// Where connections come in.
#[derive(Debug)]
pub enum Listener {
    /// From a network.
    Tcp(TcpListener),
    /// From this machine.
    #[cfg(unix)]
    Unix(tokio::net::UnixListener),
}

/// A connection that came in.
enum Stream {
    Tcp(tokio::net::TcpStream, IpAddr),
    #[cfg(unix)]
    Unix(tokio::net::UnixStream),
}

impl Listener {
    async fn accept(&self) -> io::Result<Stream> {
        match self {
            Listener::Tcp(listener) => {
                let (stream, address) = listener.accept().await?;
                // answers are small, and nobody is to wait for the next packet
                stream.set_nodelay(true)?;
                Ok(Stream::Tcp(stream, address.ip()))
            }
            #[cfg(unix)]
            Listener::Unix(listener) => Ok(Stream::Unix(listener.accept().await?.0)),
        }
    }
}

/// Answers requests until `end` comes; then no new connection is taken, and those in flight have some time to finish.
pub async fn serve(listener: Listener, app: App, limits: Limits, end: impl Future<Output = ()>) {
    let mut end = std::pin::pin!(end);
    let places = Arc::new(Semaphore::new(limits.connections));
    let graceful = GracefulShutdown::new();
    loop {
        let accepted = async {
            let place = Arc::clone(&places).acquire_owned().await;
            (listener.accept().await, place)
        };
        let (stream, place) = tokio::select! {
            biased;
            () = &mut end => break,
            accepted = accepted => accepted,
        };
        match stream {
            Ok(Stream::Tcp(stream, address)) => {
                attend(connection(stream, Some(address), &app, limits), &graceful, place)
            }
            #[cfg(unix)]
            Ok(Stream::Unix(stream)) => attend(connection(stream, None, &app, limits), &graceful, place),
            // out of descriptors, most likely: others have to end first
            Err(_) => sleep(PAUSE).await,
        }
    }
    drop(listener);
    // who is not done by then is cut off
    let _ = timeout(limits.drain, graceful.shutdown()).await;
}

/// Drives a connection on a task of its own, which keeps its place until it ends.
fn attend(
    connection: impl GracefulConnection<Error: Send> + Send + 'static,
    graceful: &GracefulShutdown,
    place: impl Send + 'static,
) {
    let connection = graceful.watch(connection);
    tokio::spawn(async move {
        // why a client went away is its own affair
        let _ = connection.await;
        drop(place);
    });
}

fn connection<Io: AsyncRead + AsyncWrite + Send + Unpin + 'static>(
    io: Io,
    address: Option<IpAddr>,
    app: &App,
    limits: Limits,
) -> impl GracefulConnection<Error: Send> + Send + use<Io> {
    let phase = Arc::new(Phase::default());
    let io = TimedIo::new(io, Arc::clone(&phase), limits);
    let app = app.clone();
    let service = hyper::service::service_fn(move |request: Request<Incoming>| {
        phase.begin_request();
        let waits = request.headers().contains_key(EXPECT);
        let body_of = |incoming| {
            let body = Watched::new(incoming, Arc::clone(&phase), Phase::BODY);
            axum::body::Body::new(Offered::new(body, waits))
        };
        let mut request = request.map(body_of);
        request.extensions_mut().insert(Peer(address));
        let (answer, phase) = (app.answer(request), Arc::clone(&phase));
        async move {
            let response = answer.await;
            response.map(|response| response.map(|body| Watched::new(body, phase, Phase::ANSWER)))
        }
    });
    // hyper's own timeout of heads would set a timer for each request; `TimedIo` has one for each connection
    http1::Builder::new()
        .max_header_size(limits.head)
        .max_buf_size(BUFFER)
        .half_close(false)
        .serve_connection(TokioIo::new(io), service)
}
