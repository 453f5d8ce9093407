//! What a connection is at, as its stream and its bodies tell each other.

use futures_util::task::AtomicWaker;
use std::sync::atomic::{AtomicBool, AtomicU8, Ordering};
use std::task::{Context, Poll};

/// What a connection is at.
#[derive(Debug, Default)]
pub(super) struct Phase {
    parts: AtomicU8,
    /// Who waits until all that was written has been sent, and whether it has been.
    waits_for_flush: AtomicWaker,
    flushed: AtomicBool,
}

impl Phase {
    /// It waits for a request.
    pub(super) const IDLE: u8 = 0;
    /// A head has begun.
    pub(super) const HEAD: u8 = 1;
    /// The body of a request comes in.
    pub(super) const BODY: u8 = 2;
    /// A request is answered, perhaps while its body comes in.
    pub(super) const ANSWER: u8 = 4;

    pub(super) fn begin_head(&self) {
        // whoever is at something else has begun its head before
        let _ = self
            .parts
            .compare_exchange(Self::IDLE, Self::HEAD, Ordering::Relaxed, Ordering::Relaxed);
    }

    pub(super) fn begin_request(&self) {
        self.parts.store(Self::BODY | Self::ANSWER, Ordering::Relaxed);
    }

    pub(super) fn end(&self, part: u8) {
        self.parts.fetch_and(!part, Ordering::Relaxed);
    }

    pub(super) fn now(&self) -> u8 {
        self.parts.load(Ordering::Relaxed)
    }

    /// Waits until all that was written by now has been sent.
    pub(super) fn poll_flushed(&self, context: &Context<'_>) -> Poll<()> {
        self.waits_for_flush.register(context.waker());
        match self.flushed.swap(false, Ordering::AcqRel) {
            true => Poll::Ready(()),
            false => Poll::Pending,
        }
    }

    /// All that was written has been sent.
    pub(super) fn flush(&self) {
        if let Some(waiting) = self.waits_for_flush.take() {
            self.flushed.store(true, Ordering::Release);
            waiting.wake();
        }
    }
}
