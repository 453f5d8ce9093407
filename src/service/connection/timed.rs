//! A stream that is closed when the other side stands still.

use super::phase::Phase;
use crate::service::limits::Limits;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Sleep, sleep_until};

/// A stream whose other side may not stand still for too long.
pub(super) struct TimedIo<Io> {
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
    pub(super) fn new(io: Io, phase: Arc<Phase>, limits: Limits) -> Self {
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
