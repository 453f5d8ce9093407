//! The service on sockets: every connection has its time, and none can keep another waiting.
//!
//! `axum::serve` keeps connections that are silent, slow or half open for ever; here a head, a body and a reader that
//! stand still are closed, and there are only so many connections at once.

use super::app::App;
use super::limits::Limits;
use super::proxy::Peer;
use axum::body::Bytes;
use axum::extract::Request;
use futures_util::task::AtomicWaker;
use hyper::body::{Body, Frame, Incoming, SizeHint};
use hyper::header::EXPECT;
use hyper::server::conn::http1;
use hyper_util::rt::TokioIo;
use hyper_util::server::graceful::{GracefulConnection, GracefulShutdown};
use std::future::{Future, poll_fn};
use std::io;
use std::net::IpAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU8, Ordering};
use std::task::{Context, Poll, ready};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpListener;
use tokio::runtime::Handle;
use tokio::sync::Semaphore;
use tokio::time::{Sleep, sleep, sleep_until, timeout};

/// The most that is read or written at once: enough for a list, and only a list makes a buffer grow to it.
const BUFFER: usize = 256 << 10;
/// So much of a body is taken and thrown away once nobody reads it.
const THROWN_AWAY: usize = 64 << 20;
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

type Connection<Io, Service> = http1::Connection<TokioIo<TimedIo<Io>>, Service>;

fn connection<Io: AsyncRead + AsyncWrite + Unpin>(
    io: Io,
    address: Option<IpAddr>,
    app: &App,
    limits: Limits,
) -> Connection<
    Io,
    impl hyper::service::Service<
        hyper::Request<Incoming>,
        Response = hyper::Response<Watched<axum::body::Body>>,
        Error = std::convert::Infallible,
        Future: Send,
    > + use<Io>,
> {
    let phase = Arc::new(Phase::default());
    let io = TimedIo::new(io, Arc::clone(&phase), limits);
    let app = app.clone();
    let service = hyper::service::service_fn(move |request: Request<Incoming>| {
        phase.begin_request();
        let patience = (!request.headers().contains_key(EXPECT)).then_some(limits.stall);
        let body_of = |incoming| {
            let body = Watched::new(incoming, Arc::clone(&phase), Phase::BODY);
            axum::body::Body::new(Offered::new(body, patience))
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

/// What a connection is at.
#[derive(Debug, Default)]
struct Phase {
    parts: AtomicU8,
    /// Who waits until all that was written has been sent, and whether it has been.
    waits_for_flush: AtomicWaker,
    flushed: AtomicBool,
}

impl Phase {
    /// It waits for a request.
    const IDLE: u8 = 0;
    /// A head has begun.
    const HEAD: u8 = 1;
    /// The body of a request comes in.
    const BODY: u8 = 2;
    /// A request is answered, perhaps while its body comes in.
    const ANSWER: u8 = 4;

    fn begin_head(&self) {
        // whoever is at something else has begun its head before
        let _ = self
            .parts
            .compare_exchange(Self::IDLE, Self::HEAD, Ordering::Relaxed, Ordering::Relaxed);
    }

    fn begin_request(&self) {
        self.parts.store(Self::BODY | Self::ANSWER, Ordering::Relaxed);
    }

    fn end(&self, part: u8) {
        self.parts.fetch_and(!part, Ordering::Relaxed);
    }

    fn now(&self) -> u8 {
        self.parts.load(Ordering::Relaxed)
    }

    /// Waits until all that was written by now has been sent.
    fn poll_flushed(&self, context: &Context<'_>) -> Poll<()> {
        self.waits_for_flush.register(context.waker());
        match self.flushed.swap(false, Ordering::AcqRel) {
            true => Poll::Ready(()),
            false => Poll::Pending,
        }
    }

    /// All that was written has been sent.
    fn flush(&self) {
        if let Some(waiting) = self.waits_for_flush.take() {
            self.flushed.store(true, Ordering::Release);
            waiting.wake();
        }
    }
}

/// A body whose end is told to its connection. That it fails is told once all before it was sent: hyper throws away with it
/// what it has in hand.
struct Watched<B: Body> {
    body: B,
    fault: Option<B::Error>,
    phase: Arc<Phase>,
    /// Of the connection's phase.
    part: u8,
    ended: bool,
}

impl<B: Body> Watched<B> {
    fn new(body: B, phase: Arc<Phase>, part: u8) -> Self {
        let mut watched = Self {
            body,
            fault: None,
            phase,
            part,
            ended: false,
        };
        if watched.body.is_end_stream() {
            watched.end();
        }
        watched
    }
}

impl<B: Body> Watched<B> {
    /// Told once: the connection may be at its next request by the time this is dropped.
    fn end(&mut self) {
        if !std::mem::replace(&mut self.ended, true) {
            self.phase.end(self.part);
        }
    }
}

impl<B: Body<Error: Unpin> + Unpin> Body for Watched<B> {
    type Data = B::Data;
    type Error = B::Error;

    fn poll_frame(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<B::Data>, B::Error>>> {
        let this = self.get_mut();
        if this.fault.is_none() {
            match Pin::new(&mut this.body).poll_frame(context) {
                Poll::Ready(Some(Err(fault))) if this.part == Phase::ANSWER => this.fault = Some(fault),
                frame => {
                    if matches!(frame, Poll::Ready(None | Some(Err(_)))) || this.body.is_end_stream() {
                        this.end();
                    }
                    return frame;
                }
            }
        }
        ready!(this.phase.poll_flushed(context));
        this.end();
        Poll::Ready(this.fault.take().map(Err))
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

impl<B: Body> Drop for Watched<B> {
    fn drop(&mut self) {
        self.end();
    }
}

/// A request's body. What its handler leaves of it is read on and thrown away for a while: a client that sends all before it
/// reads would else find the connection closed in place of the answer.
struct Offered {
    body: Option<Watched<Incoming>>,
    /// How long it is read on; not at all where the client waits for a word before it sends it.
    patience: Option<Duration>,
}

impl Offered {
    fn new(body: Watched<Incoming>, patience: Option<Duration>) -> Self {
        Self {
            body: Some(body),
            patience,
        }
    }

    fn body(&self) -> &Watched<Incoming> {
        self.body.as_ref().expect("it is there until it is dropped")
    }
}

impl Body for Offered {
    type Data = Bytes;
    type Error = hyper::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, hyper::Error>>> {
        let body = self.body.as_mut().expect("it is there until it is dropped");
        Pin::new(body).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.body().is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body().size_hint()
    }
}

impl Drop for Offered {
    fn drop(&mut self) {
        let Some(mut body) = self.body.take().filter(|body| !body.ended) else {
            return;
        };
        if let (Some(patience), Ok(runtime)) = (self.patience, Handle::try_current()) {
            let reads = async move {
                let mut left = THROWN_AWAY;
                while let Some(Ok(frame)) = poll_fn(|context| Pin::new(&mut body).poll_frame(context)).await
                    && left > 0
                {
                    left = left.saturating_sub(frame.data_ref().map_or(0, Bytes::len));
                }
            };
            runtime.spawn(timeout(patience, reads));
        }
    }
}

/// A stream whose other side may not stand still for too long.
struct TimedIo<Io> {
    io: Io,
    phase: Arc<Phase>,
    limits: Limits,
    read: Timer,
    /// The phase in which more was last waited for.
    waits_in: u8,
    write: Timer,
}

/// A time that something may take. Setting a timer costs more than an answer has room for, so one that is set stays, and is
/// looked at when it goes off: what it was for may be done by then, and something else may have begun.
#[derive(Default)]
struct Timer {
    timer: Option<Pin<Box<Sleep>>>,
    end: Option<tokio::time::Instant>,
}

impl Timer {
    /// Begins, unless it has begun; whether the time is over.
    fn is_over(&mut self, most: Duration, context: &mut Context<'_>) -> bool {
        let end = *self.end.get_or_insert_with(|| tokio::time::Instant::now() + most);
        let timer = self.timer.get_or_insert_with(|| Box::pin(sleep_until(end)));
        if timer.deadline() > end {
            timer.as_mut().reset(end);
        }
        while timer.as_mut().poll(context).is_ready() {
            if timer.deadline() >= end {
                return true;
            }
            timer.as_mut().reset(end);
        }
        false
    }

    fn stop(&mut self) {
        self.end = None;
    }
}

impl<Io> TimedIo<Io> {
    fn new(io: Io, phase: Arc<Phase>, limits: Limits) -> Self {
        Self {
            io,
            phase,
            limits,
            read: Timer::default(),
            waits_in: Phase::IDLE,
            write: Timer::default(),
        }
    }

    /// Takes what came of writing, and waits no longer than a reader may stand still.
    fn written<T>(&mut self, result: Poll<io::Result<T>>, context: &mut Context<'_>) -> Poll<io::Result<T>> {
        match result {
            Poll::Pending if self.write.is_over(self.limits.stall, context) => Poll::Ready(Err(too_slow())),
            Poll::Pending => Poll::Pending,
            ready => {
                self.write.stop();
                ready
            }
        }
    }
}

fn too_slow() -> io::Error {
    io::ErrorKind::TimedOut.into()
}

impl<Io: AsyncRead + Unpin> AsyncRead for TimedIo<Io> {
    fn poll_read(self: Pin<&mut Self>, context: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        let result = Pin::new(&mut this.io).poll_read(context, buffer);
        if result.is_ready() {
            this.phase.begin_head();
            // a client that writes all before it reads stands not still
            this.write.stop();
            // a head has one time for all of it, from when more of it is waited for; a body for each of its pieces
            if this.phase.now() != Phase::HEAD {
                this.read.stop();
            }
            return result;
        }
        let phase = this.phase.now();
        if std::mem::replace(&mut this.waits_in, phase) != phase {
            this.read.stop();
        }
        let most = match phase {
            Phase::HEAD => this.limits.head_time,
            Phase::IDLE => this.limits.idle,
            _ if phase & Phase::BODY != 0 => this.limits.stall,
            // while it is answered, the client need not send anything
            _ => return Poll::Pending,
        };
        match this.read.is_over(most, context) {
            true => Poll::Ready(Err(too_slow())),
            false => Poll::Pending,
        }
    }
}

impl<Io: AsyncWrite + Unpin> AsyncWrite for TimedIo<Io> {
    fn poll_write(self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        let result = Pin::new(&mut this.io).poll_write(context, bytes);
        this.written(result, context)
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        let result = Pin::new(&mut this.io).poll_write_vectored(context, slices);
        this.written(result, context)
    }

    fn is_write_vectored(&self) -> bool {
        self.io.is_write_vectored()
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        let result = Pin::new(&mut this.io).poll_flush(context);
        if matches!(result, Poll::Ready(Ok(()))) {
            this.phase.flush();
        }
        this.written(result, context)
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        let result = Pin::new(&mut this.io).poll_shutdown(context);
        this.written(result, context)
    }
}
