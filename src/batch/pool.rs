//! An ordered, bounded, recycling worker pool. Knows neither lists nor tokens.
//!
//! Every thread does the whole way of an item: it takes the next one from the source, works on it, and hands the
//! result on; whoever finds the next result in order writes. So one thread is a plain loop, there is no hand-over
//! that costs more than the work (a channel send for each row costs four times the CPU), and the source and the sink
//! need no threads of their own.

use std::collections::VecDeque;
use std::num::NonZeroUsize;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::Builder;

/// More threads than this have nothing to do, and cost memory each.
pub const MOST_THREADS: NonZeroUsize = NonZeroUsize::new(1024).expect("it is not 0");

/// How many finished results may wait for a slower one before them, for each thread.
const PARKED_PER_THREAD: usize = 2;

/// Runs `work` on everything `source` gives, on `threads` threads, and gives the results to `sink` in the source's order.
///
/// `source` fills an item and says whether there was one; `worker` makes each thread's own worker. Items and results
/// are used again, so each must be overwritten, not added to. The first error in the source's order ends the run:
/// what came before it has been given to the sink.
///
/// # Errors
/// Whatever the source or the sink returns.
pub fn run<Item, Output, Error, Worker>(
    threads: usize,
    source: impl FnMut(&mut Item) -> Result<bool, Error> + Send,
    worker: impl Fn() -> Worker + Sync,
    sink: impl FnMut(&mut Output) -> Result<(), Error> + Send,
) -> Result<(), Error>
where
    Item: Default,
    Output: Default + Send,
    Error: Send,
    Worker: FnMut(&mut Item, &mut Output),
{
    let threads = threads.max(1);
    let pool = Pool {
        intake: Mutex::new(Intake {
            source,
            next: 0,
            open: true,
        }),
        queue: Mutex::new(Queue::new()),
        moved: Condvar::new(),
        sink: Mutex::new(sink),
        most_parked: threads * PARKED_PER_THREAD,
    };
    let labour = || {
        let _bell = RingOnPanic(&pool.queue, &pool.moved);
        pool.labour(worker());
    };
    std::thread::scope(|scope| {
        for _ in 1..threads {
            // where the system gives no more of them, those there are do the work
            if Builder::new().spawn_scoped(scope, labour).is_err() {
                break;
            }
        }
        labour();
    });
    match lock(&pool.queue).failure.take() {
        Some((_, error)) => Err(error),
        None => Ok(()),
    }
}

struct Pool<Source, Output, Sink, Error> {
    intake: Mutex<Intake<Source>>,
    queue: Mutex<Queue<Output, Error>>,
    /// The queue has moved on, or the run has ended.
    moved: Condvar,
    sink: Mutex<Sink>,
    most_parked: usize,
}

struct Intake<Source> {
    source: Source,
    next: u64,
    open: bool,
}

struct Queue<Output, Error> {
    /// Results that wait for those before them; the first is the one with the number `next`.
    parked: VecDeque<Option<Output>>,
    next: u64,
    /// Whether some thread is giving results to the sink.
    writing: bool,
    spare: Vec<Output>,
    /// The first error, with its number.
    failure: Option<(u64, Error)>,
    /// A worker panicked or the sink failed: nothing more is written.
    stopped: bool,
}

impl<Output, Error> Queue<Output, Error> {
    fn new() -> Self {
        Self {
            parked: VecDeque::new(),
            next: 0,
            writing: false,
            spare: Vec::new(),
            failure: None,
            stopped: false,
        }
    }

    fn park(&mut self, number: u64, output: Output) {
        let place = (number - self.next) as usize;
        while self.parked.len() <= place {
            self.parked.push_back(None);
        }
        self.parked[place] = Some(output);
    }

    fn take_next(&mut self) -> Option<Output> {
        let output = self.parked.front_mut()?.take()?;
        self.parked.pop_front();
        self.next += 1;
        Some(output)
    }

    fn fail(&mut self, number: u64, error: Error) {
        if self.failure.as_ref().is_none_or(|(first, _)| number < *first) {
            self.failure = Some((number, error));
        }
    }
}

impl<Source, Output, Sink, Error> Pool<Source, Output, Sink, Error> {
    fn labour<Item, Worker>(&self, mut work: Worker)
    where
        Item: Default,
        Output: Default,
        Source: FnMut(&mut Item) -> Result<bool, Error>,
        Sink: FnMut(&mut Output) -> Result<(), Error>,
        Worker: FnMut(&mut Item, &mut Output),
    {
        let mut item = Item::default();
        while let Some(number) = self.take_item(&mut item) {
            let mut output = lock(&self.queue).spare.pop().unwrap_or_default();
            work(&mut item, &mut output);
            self.hand_on(number, output);
        }
    }

    /// The next item and its number; none at the end or after a failure.
    fn take_item<Item>(&self, item: &mut Item) -> Option<u64>
    where
        Source: FnMut(&mut Item) -> Result<bool, Error>,
    {
        let mut intake = lock(&self.intake);
        if !intake.open || !self.wait_for_room(intake.next) {
            return None;
        }
        match (intake.source)(item) {
            Ok(true) => {
                intake.next += 1;
                Some(intake.next - 1)
            }
            ended => {
                intake.open = false;
                if let Err(error) = ended {
                    lock(&self.queue).fail(intake.next, error);
                }
                None
            }
        }
    }

    /// Waits while too many results are parked; `false` when the run has ended. The thread whose result all others
    /// wait for is never in here, so they can't wait for each other.
    fn wait_for_room(&self, number: u64) -> bool {
        let mut queue = lock(&self.queue);
        while !queue.stopped && number - queue.next >= self.most_parked as u64 {
            queue = self.moved.wait(queue).unwrap_or_else(PoisonError::into_inner);
        }
        !queue.stopped
    }

    /// Parks a result, and writes what is next in order unless another thread is at it.
    fn hand_on(&self, number: u64, output: Output)
    where
        Sink: FnMut(&mut Output) -> Result<(), Error>,
    {
        let mut queue = lock(&self.queue);
        queue.park(number, output);
        if queue.writing {
            return;
        }
        queue.writing = true;
        while !queue.stopped
            && let Some(mut output) = queue.take_next()
        {
            let written = queue.next - 1;
            drop(queue);
            let result = (lock(&self.sink))(&mut output);
            queue = lock(&self.queue);
            queue.spare.push(output);
            if let Err(error) = result {
                queue.fail(written, error);
                queue.stopped = true;
            }
            self.moved.notify_all();
        }
        queue.writing = false;
    }
}

/// Ends the run when its thread panics, so that no other waits for a result that never comes.
struct RingOnPanic<'a, Output, Error>(&'a Mutex<Queue<Output, Error>>, &'a Condvar);

impl<Output, Error> Drop for RingOnPanic<'_, Output, Error> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            lock(self.0).stopped = true;
            self.1.notify_all();
        }
    }
}

/// What is behind a lock, also where a thread that held it panicked: the panic is told by itself.
pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicUsize, Ordering};

    fn numbers(until: u64) -> impl FnMut(&mut u64) -> Result<bool, String> {
        let mut next = 0;
        move |item| {
            *item = next;
            next += 1;
            Ok(next <= until)
        }
    }

    /// Spins longer for some numbers than for others, so that results come out of order.
    fn uneven(number: u64) {
        for _ in 0..(number * 7919 % 13) * 200 {
            std::hint::spin_loop();
        }
    }

    #[test]
    fn results_come_in_order_on_any_number_of_threads() {
        for threads in [1, 2, 3, 8, 33] {
            let mut results = Vec::new();
            let worker = || {
                |item: &mut u64, output: &mut u64| {
                    uneven(*item);
                    *output = *item * *item;
                }
            };
            let sink = |output: &mut u64| {
                results.push(*output);
                Ok::<_, String>(())
            };
            run(threads, numbers(1_000), worker, sink).expect("no errors");
            assert_eq!(results, (0..1_000).map(|number| number * number).collect::<Vec<_>>());
        }
    }

    #[test]
    fn memory_is_bounded_by_the_threads_even_when_one_is_slow() {
        static MADE: AtomicUsize = AtomicUsize::new(0);
        struct Counted;
        impl Default for Counted {
            fn default() -> Self {
                MADE.fetch_add(1, Ordering::Relaxed);
                Self
            }
        }
        let worker = || {
            |item: &mut u64, _: &mut Counted| {
                let turns = if *item == 0 { 2_000_000 } else { 1 };
                (0..turns).for_each(|_| std::hint::spin_loop());
            }
        };
        run(4, numbers(10_000), worker, |_: &mut Counted| Ok::<_, String>(())).expect("no errors");
        let made = MADE.load(Ordering::Relaxed);
        assert!(made <= 4 * PARKED_PER_THREAD + 4, "{made}");
    }

    #[test]
    fn what_came_before_an_error_of_the_source_is_written() {
        for threads in [1, 4] {
            let mut count = 0;
            let mut numbers = numbers(1_000);
            let source = |item: &mut u64| match numbers(item) {
                Ok(true) if *item == 100 => Err("unreadable".to_owned()),
                other => other,
            };
            let worker = || |item: &mut u64, output: &mut u64| *output = *item;
            let sink = |output: &mut u64| {
                assert_eq!(*output, count);
                count += 1;
                Ok(())
            };
            assert_eq!(run(threads, source, worker, sink), Err("unreadable".to_owned()));
            assert_eq!(count, 100);
        }
    }

    #[test]
    fn an_error_of_the_sink_ends_the_run() {
        for threads in [1, 4] {
            let mut count = 0;
            let worker = || |item: &mut u64, output: &mut u64| *output = *item;
            let sink = |_: &mut u64| {
                count += 1;
                if count == 10 { Err("full".to_owned()) } else { Ok(()) }
            };
            assert_eq!(run(threads, numbers(u64::MAX), worker, sink), Err("full".to_owned()));
            assert_eq!(count, 10);
        }
    }

    #[test]
    fn a_panic_ends_the_run_instead_of_hanging_it() {
        let panicked = std::panic::catch_unwind(|| {
            let worker = || {
                |item: &mut u64, _: &mut u64| {
                    assert_ne!(*item, 50, "a broken worker");
                }
            };
            run(4, numbers(u64::MAX), worker, |_: &mut u64| Ok::<_, String>(()))
        });
        assert!(panicked.is_err());
    }

    #[test]
    fn a_source_without_items_is_no_error() {
        let worker = || |_: &mut u64, _: &mut u64| unreachable!("there are no items");
        let sink = |_: &mut u64| Err("there are no results".to_owned());
        assert_eq!(run(3, numbers(0), worker, sink), Ok(()));
    }
}
