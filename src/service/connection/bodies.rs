//! The bodies of requests and answers, whose ends their connection has to know.

use super::phase::Phase;
use axum::body::Bytes;
use hyper::body::{Body, Frame, Incoming, SizeHint};
use std::future::poll_fn;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;
use tokio::runtime::Handle;
use tokio::time::timeout;

/// So much of a body is taken and thrown away once nobody reads it.
const THROWN_AWAY: usize = 64 << 20;
/// So long more of it is waited for.
const PATIENCE: Duration = Duration::from_secs(5);

/// A body whose end is told to its connection. That it fails is told once all before it was sent: hyper throws away with it
/// what it has in hand.
pub(super) struct Watched<B: Body> {
    body: B,
    fault: Option<B::Error>,
    phase: Arc<Phase>,
    /// Of the connection's phase.
    part: u8,
    ended: bool,
}

impl<B: Body> Watched<B> {
    pub(super) fn new(body: B, phase: Arc<Phase>, part: u8) -> Self {
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

/// A request's body. What its handler leaves of it is read on and thrown away as long as it comes: a client that sends all
/// before it reads would else find the connection closed in place of the answer.
pub(super) struct Offered {
    body: Option<Watched<Incoming>>,
    /// The client waits for a word before it sends the body, which is given when that is asked for.
    waits: bool,
}

impl Offered {
    pub(super) fn new(body: Watched<Incoming>, waits: bool) -> Self {
        Self {
            body: Some(body),
            waits,
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
        self.waits = false;
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
        let Some(mut body) = self.body.take().filter(|body| !body.ended && !self.waits) else {
            return;
        };
        if let Ok(runtime) = Handle::try_current() {
            runtime.spawn(async move {
                let mut left = THROWN_AWAY;
                let next = async |body: &mut Watched<Incoming>| {
                    poll_fn(|context| Pin::new(&mut *body).poll_frame(context)).await
                };
                while let Ok(Some(Ok(frame))) = timeout(PATIENCE, next(&mut body)).await
                    && left > 0
                {
                    left = left.saturating_sub(frame.data_ref().map_or(0, Bytes::len));
                }
            });
        }
    }
}
