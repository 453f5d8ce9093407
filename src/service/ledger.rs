//! One thread owns the ledger: what waits is counted in one transaction, and only then answered.
//!
//! A transaction takes about as long for a hundred checks as for one, so the more there is to do, the less each costs.

use crate::check::{Answer, CheckLedger, Rules};
use crate::ledger::LedgerError;
use crate::moment::UnixTime;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, mpsc};
use std::thread::JoinHandle;
use tokio::sync::oneshot;

/// So many checks are counted in one transaction.
const MOST: usize = 512;
/// So many jobs may wait.
const WAITING: usize = 8_192;

/// A check that waits for its turn.
struct Waiting {
    rules: Rules,
    text: String,
    counts: bool,
    answer: oneshot::Sender<Answer>,
}

/// The ledger could not be asked, or did not answer in time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the ledger does not answer")]
pub(super) struct Unanswered;

/// The way to the thread that owns the ledger. Dropping the last one ends it, when all is counted.
#[derive(Debug)]
pub struct LedgerThread {
    jobs: Option<mpsc::SyncSender<Waiting>>,
    thread: Option<JoinHandle<()>>,
    healthy: Arc<AtomicBool>,
}

impl LedgerThread {
    /// Starts the thread. `failed` is told why something could not be done, once each time.
    #[must_use]
    pub fn start(ledger: CheckLedger, failed: impl Fn(&LedgerError) + Send + 'static) -> Self {
        let (jobs, waiting) = mpsc::sync_channel(WAITING);
        let healthy = Arc::new(AtomicBool::new(true));
        let owner = Owner {
            ledger,
            failed: Box::new(failed),
            healthy: Arc::clone(&healthy),
            buffer: Vec::new(),
        };
        let thread = std::thread::spawn(move || owner.run(&waiting));
        Self {
            jobs: Some(jobs),
            thread: Some(thread),
            healthy,
        }
    }

    /// Whether the last thing that was asked of the ledger could be done.
    pub(super) fn is_healthy(&self) -> bool {
        self.healthy.load(Ordering::Relaxed)
    }

    fn send(&self, job: Waiting) -> Result<(), Unanswered> {
        let jobs = self.jobs.as_ref().ok_or(Unanswered)?;
        jobs.try_send(job).map_err(|_| Unanswered)
    }

    /// Checks a token, and counts it where `counts` says so. The answer comes when it is on disk.
    pub(super) async fn check(&self, rules: Rules, text: String, counts: bool) -> Result<Answer, Unanswered> {
        let (answer, answered) = oneshot::channel();
        self.send(Waiting {
            rules,
            text,
            counts,
            answer,
        })?;
        answered.await.map_err(|_| Unanswered)
    }
}

impl Drop for LedgerThread {
    fn drop(&mut self) {
        drop(self.jobs.take());
        if let Some(thread) = self.thread.take() {
            // a panic of the thread has been told by itself
            let _ = thread.join();
        }
    }
}

struct Owner {
    ledger: CheckLedger,
    failed: Box<dyn Fn(&LedgerError) + Send>,
    healthy: Arc<AtomicBool>,
    buffer: Vec<u8>,
}

impl Owner {
    fn run(mut self, jobs: &mpsc::Receiver<Waiting>) {
        let mut waiting = Vec::new();
        while let Ok(first) = jobs.recv() {
            let more = std::iter::from_fn(|| jobs.try_recv().ok()).take(MOST - 1);
            waiting.extend(std::iter::once(first).chain(more));
            self.answer(&mut waiting);
        }
    }

    /// Whoever waits for an answer that can't be given sees the channel closed.
    fn answer(&mut self, waiting: &mut Vec<Waiting>) {
        let Some(now) = waiting.first().map(|check| check.rules.now) else {
            return;
        };
        let (mut answers, mut senders) = (Vec::new(), Vec::new());
        let mut failure = None;
        for check in waiting.drain(..) {
            let asked = self.ledger.asked(check.counts);
            match check.rules.answer(&check.text, Some(asked), &mut self.buffer) {
                Ok(answer) => {
                    answers.push(answer);
                    senders.push(check.answer);
                }
                Err(error) => failure = Some(error),
            }
        }
        match self.count(&mut answers, now) {
            Ok(()) => {
                for (sender, answer) in senders.into_iter().zip(answers) {
                    let _ = sender.send(answer);
                }
            }
            Err(error) => failure = Some(error),
        }
        self.healthy.store(failure.is_none(), Ordering::Relaxed);
        if let Some(error) = failure {
            (self.failed)(&error);
        }
    }

    fn count(&mut self, answers: &mut [Answer], now: UnixTime) -> Result<(), LedgerError> {
        self.ledger.count(answers, now)
    }
}
