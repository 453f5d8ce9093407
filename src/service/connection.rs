//! The service on sockets: every connection has its time, and none can keep another waiting.
//!
//! `axum::serve` keeps connections that are silent, slow or half open for ever; here a head, a body and a reader that
//! stand still are closed, and there are only so many connections at once.

use super::limits::Limits;
use super::proxy::Peer;
use axum::Router;
use axum::extract::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::{GracefulConnection, GracefulShutdown};
use std::future::Future;
use std::io;
use std::net::IpAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tokio::time::{Sleep, sleep, timeout};
use tower::ServiceExt;

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
pub async fn serve(listener: Listener, router: Router, limits: Limits, end: impl Future<Output = ()>) {
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
                attend(connection(stream, Some(address), &router, limits), &graceful, place)
            }
            #[cfg(unix)]
            Ok(Stream::Unix(stream)) => attend(connection(stream, None, &router, limits), &graceful, place),
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
    router: &Router,
    limits: Limits,
) -> Connection<
    Io,
    impl hyper::service::Service<
        hyper::Request<Incoming>,
        Response = axum::response::Response,
        Error = std::convert::Infallible,
        Future: Send,
    > + use<Io>,
> {
    let phase = Arc::new(Phase::default());
    let io = TimedIo::new(io, Arc::clone(&phase), limits);
    let router = router.clone();
    let service = hyper::service::service_fn(move |request: Request<Incoming>| {
        phase.set(Phase::BUSY);
        let phase = Arc::clone(&phase);
        let router = router.clone();
        async move {
            let mut request = request.map(axum::body::Body::new);
            request.extensions_mut().insert(Peer(address));
            let response = router.oneshot(request).await;
            phase.set(Phase::IDLE);
            response
        }
    });
    http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(limits.idle)
        .max_buf_size(limits.head.max(8_192))
        .half_close(false)
        .serve_connection(TokioIo::new(io), service)
}

/// What a connection is at.
#[derive(Debug, Default)]
struct Phase(AtomicU8);

impl Phase {
    /// It waits for a request.
    const IDLE: u8 = 0;
    /// A head has begun.
    const HEAD: u8 = 1;
    /// A request is answered.
    const BUSY: u8 = 2;

    fn set(&self, phase: u8) {
        self.0.store(phase, Ordering::Relaxed);
    }

    fn is(&self, phase: u8) -> bool {
        self.0.load(Ordering::Relaxed) == phase
    }
}

/// A stream whose other side may not stand still for too long.
struct TimedIo<Io> {
    io: Io,
    phase: Arc<Phase>,
    limits: Limits,
    read: Timer,
    write: Timer,
}

/// A time that something may take.
#[derive(Default)]
struct Timer(Option<Pin<Box<Sleep>>>);

impl Timer {
    /// Begins, unless it has begun; whether the time is over.
    fn is_over(&mut self, most: Duration, context: &mut Context<'_>) -> bool {
        let sleep = self.0.get_or_insert_with(|| Box::pin(sleep(most)));
        sleep.as_mut().poll(context).is_ready()
    }

    fn stop(&mut self) {
        self.0 = None;
    }
}

impl<Io> TimedIo<Io> {
    fn new(io: Io, phase: Arc<Phase>, limits: Limits) -> Self {
        Self {
            io,
            phase,
            limits,
            read: Timer::default(),
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
            if this.phase.is(Phase::IDLE) {
                this.phase.set(Phase::HEAD);
                this.read.stop();
            }
            // a head has one time for all of it, a body for each of its pieces
            match this.phase.is(Phase::HEAD) {
                true => drop(this.read.is_over(this.limits.head_time, context)),
                false => this.read.stop(),
            }
            return result;
        }
        // an idle connection is hyper's to end; a handler that reads no body is no fault of the client
        let most = match this.phase.is(Phase::HEAD) {
            true => this.limits.head_time,
            false if this.phase.is(Phase::BUSY) => this.limits.stall,
            false => return Poll::Pending,
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
        this.written(result, context)
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        let result = Pin::new(&mut this.io).poll_shutdown(context);
        this.written(result, context)
    }
}
