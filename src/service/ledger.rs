//! One thread owns the ledger: what waits is counted in one transaction, and only then answered.
//!
//! A transaction takes about as long for a hundred checks as for one, so the more there is to do, the less each costs. Where
//! checks come close together, more of them are waited for (as PostgreSQL's `commit_delay` does).

use super::limits::Limits;
use crate::check::{Answer, Check, CheckLedger, Rules};
use crate::ledger::LedgerError;
use crate::token::OwnedAuthentic;
use std::panic::AssertUnwindSafe;
use std::sync::mpsc;
use std::thread::JoinHandle;
use std::time::Duration;
use tokio::sync::{Mutex, oneshot};
use tokio::time::timeout;

/// So many checks are counted in one transaction.
const MOST: usize = 512;
/// So long more checks are waited for, where there was more than one the last time.
const GATHERED: Duration = Duration::from_micros(200);
/// So many jobs may wait.
const WAITING: usize = 8_192;

/// A check that waits for its turn.
struct Waiting {
    rules: Rules,
    token: OwnedAuthentic,
    counts: bool,
    answer: oneshot::Sender<Answer>,
}

/// Anything else that is to be done with the ledger, by who knows what it is for.
type Errand = Box<dyn FnOnce(&mut CheckLedger) -> Result<(), LedgerError> + Send>;

/// What waits for the thread.
enum Job {
    Check(Waiting),
    Errand(Errand),
}

/// The ledger could not be asked, or did not answer in time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the ledger does not answer")]
pub(super) struct Unanswered;

/// The way to the thread that owns the ledger. Dropping the last one ends it, when all is counted.
#[derive(Debug)]
pub struct LedgerThread {
    jobs: Option<mpsc::SyncSender<Job>>,
    thread: Option<JoinHandle<()>>,
    /// When it was tried last whether the ledger can be used, and whether it could be.
    probed: Mutex<Option<(tokio::time::Instant, bool)>>,
    /// Whether it is written, or only read.
    pub(super) counts: bool,
    /// Whether the claims of sealed tokens are kept.
    pub(super) keep_sealed: bool,
}

impl LedgerThread {
    /// Starts the thread. `failed` is told why something could not be done, once each time.
    #[must_use]
    pub fn start(ledger: CheckLedger, failed: impl Fn(&LedgerError) + Send + 'static) -> Self {
        let (jobs, waiting) = mpsc::sync_channel(WAITING);
        let (counts, keep_sealed) = (ledger.counts, ledger.keep_sealed);
        let owner = Owner {
            ledger,
            failed: Box::new(failed),
        };
        let thread = std::thread::spawn(move || owner.run(&waiting));
        Self {
            jobs: Some(jobs),
            thread: Some(thread),
            probed: Mutex::default(),
            counts,
            keep_sealed,
        }
    }

    /// Whether the ledger can be used.
    pub(super) async fn is_healthy(&self, limits: &Limits) -> bool {
        let mut probed = self.probed.lock().await;
        match *probed {
            Some((at, healthy)) if at.elapsed() < limits.probe => healthy,
            _ => {
                let asked = timeout(limits.ledger, self.ask(|ledger| ledger.ledger.probe()));
                let healthy = matches!(asked.await, Ok(Ok(())));
                *probed = Some((tokio::time::Instant::now(), healthy));
                healthy
            }
        }
    }

    /// Has something done with the ledger, in its turn. Why it could not be done is told where the thread was started.
    pub(super) async fn ask<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut CheckLedger) -> Result<T, LedgerError> + Send + 'static,
    ) -> Result<T, Unanswered> {
        self.errand(work)?.await.map_err(|_| Unanswered)
    }

    /// The same for a thread that may block.
    pub(super) fn wait_for<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut CheckLedger) -> Result<T, LedgerError> + Send + 'static,
    ) -> Result<T, Unanswered> {
        self.errand(work)?.blocking_recv().map_err(|_| Unanswered)
    }

    fn errand<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut CheckLedger) -> Result<T, LedgerError> + Send + 'static,
    ) -> Result<oneshot::Receiver<T>, Unanswered> {
        let (sender, done) = oneshot::channel();
        self.send(Job::Errand(Box::new(move |ledger| {
            // who has given up waiting is told that nothing was done
            if !sender.is_closed() {
                let _ = sender.send(work(ledger)?);
            }
            Ok(())
        })))?;
        Ok(done)
    }

    fn send(&self, job: Job) -> Result<(), Unanswered> {
        let jobs = self.jobs.as_ref().ok_or(Unanswered)?;
        jobs.try_send(job).map_err(|_| Unanswered)
    }

    /// Checks a token, and counts it where `counts` says so. The answer comes when it is on disk.
    pub(super) async fn check(&self, rules: Rules, token: OwnedAuthentic, counts: bool) -> Result<Answer, Unanswered> {
        let (answer, answered) = oneshot::channel();
        self.send(Job::Check(Waiting {
            rules,
            token,
            counts,
            answer,
        }))?;
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
}

impl Owner {
    fn run(mut self, jobs: &mpsc::Receiver<Job>) {
        let (mut waiting, mut many) = (Vec::new(), false);
        while let Ok(first) = jobs.recv() {
            if many {
                std::thread::sleep(GATHERED);
            }
            let more = std::iter::from_fn(|| jobs.try_recv().ok()).take(MOST - 1);
            for job in std::iter::once(first).chain(more) {
                match job {
                    Job::Check(check) => waiting.push(check),
                    Job::Errand(errand) => {
                        self.answer(&mut waiting);
                        self.go(errand);
                    }
                }
            }
            many = waiting.len() > 1;
            self.answer(&mut waiting);
        }
    }

    /// A panic is told by itself, and must not take the ledger away from all others.
    fn go(&mut self, errand: Errand) {
        let ledger = &mut self.ledger;
        let done = std::panic::catch_unwind(AssertUnwindSafe(|| errand(ledger)));
        if let Ok(Err(error)) = done {
            (self.failed)(&error);
        }
    }

    /// Whoever waits for an answer that can't be given sees the channel closed.
    fn answer(&mut self, waiting: &mut Vec<Waiting>) {
        let Some(now) = waiting.first().map(|check| check.rules.now) else {
            return;
        };
        // who has given up got no verdict: nothing is to be counted
        waiting.retain(|check| !check.answer.is_closed());
        let checks = waiting.iter().map(|waiting| Check {
            rules: &waiting.rules,
            token: waiting.token.borrow(),
            counts: waiting.counts,
        });
        let checks: Vec<_> = checks.collect();
        let counted = self.ledger.answers(&checks).and_then(|mut answers| {
            self.ledger.count(&mut answers, now)?;
            Ok(answers)
        });
        drop(checks);
        match counted {
            Ok(answers) => {
                for (check, answer) in waiting.drain(..).zip(answers) {
                    let _ = check.answer.send(answer);
                }
            }
            Err(error) => {
                waiting.clear();
                (self.failed)(&error);
            }
        }
    }
}
