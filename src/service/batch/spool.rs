//! What an answer has that its client has not taken yet: many clients write all of a list before they read.
//!
//! A client that reads as fast as rows are made is given them from memory. What it does not take in time waits in a file
//! without a name, which only this process can open and which ends with the request; once all of that is taken, the
//! file is begun again.

use axum::body::{Body, Bytes};
use futures_util::stream::poll_fn;
use std::collections::VecDeque;
use std::fs::File;
use std::io::{self, Write};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

/// How much of the file is sent at once.
const PIECE: usize = 64 << 10;
/// So many bytes wait in memory.
const HELD: usize = 2 << 20;

/// The file, and how far both sides are.
struct Spool {
    file: File,
    /// The longest that the file may get.
    most: u64,
    /// The most that waits in memory.
    most_held: usize,
    state: Mutex<State>,
    moved: Condvar,
    rooms: Arc<Rooms>,
}

#[derive(Default)]
struct State {
    /// What waits in memory, in front of what waits in the file.
    pieces: VecDeque<Bytes>,
    /// Its length.
    held: usize,
    /// What was taken of the file.
    taken: u64,
    /// What was written to it.
    written: u64,
    /// A write is going on behind `written`.
    writing: bool,
    /// Nothing more comes; whether all that was to come has.
    ended: Option<bool>,
    /// Nobody takes it any more.
    gone: bool,
    reader: Option<Waker>,
}

/// Where rows are written.
pub(super) struct SpoolWriter(Arc<Spool>);

/// What is sent from memory.
struct Piece {
    room: Vec<u8>,
    rooms: Arc<Rooms>,
}

/// Room of pieces that were sent: new room would be given back to the system, and cleared by it, each time.
type Rooms = Mutex<Vec<Vec<u8>>>;

impl Piece {
    fn new(bytes: &[u8], rooms: &Arc<Rooms>) -> Self {
        let mut room = lock(rooms).pop().unwrap_or_default();
        room.extend_from_slice(bytes);
        let rooms = Arc::clone(rooms);
        Self { room, rooms }
    }
}

impl AsRef<[u8]> for Piece {
    fn as_ref(&self) -> &[u8] {
        &self.room
    }
}

impl Drop for Piece {
    fn drop(&mut self) {
        let mut room = std::mem::take(&mut self.room);
        room.clear();
        lock(&self.rooms).push(room);
    }
}

/// Where the answer's body comes from.
struct SpoolReader(Arc<Spool>);

/// Both sides of a new answer of which at most so many bytes wait in a file.
pub(super) fn spool(most: u64) -> io::Result<(SpoolWriter, Body)> {
    spool_with(most, HELD)
}

fn spool_with(most: u64, most_held: usize) -> io::Result<(SpoolWriter, Body)> {
    let spool = Arc::new(Spool {
        file: tempfile::tempfile()?,
        most,
        most_held,
        state: Mutex::default(),
        moved: Condvar::new(),
        rooms: Arc::default(),
    });
    let reader = SpoolReader(Arc::clone(&spool));
    let body = Body::from_stream(poll_fn(move |context| reader.poll(context)));
    Ok((SpoolWriter(spool), body))
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Spool {
    fn lock(&self) -> MutexGuard<'_, State> {
        lock(&self.state)
    }

    /// Waits as long as `waits` says so; fails when the client is gone.
    fn wait(&self, mut waits: impl FnMut(&State) -> bool) -> io::Result<MutexGuard<'_, State>> {
        let state = self
            .moved
            .wait_while(self.lock(), |state| !state.gone && waits(state))
            .unwrap_or_else(PoisonError::into_inner);
        match state.gone {
            true => Err(io::ErrorKind::BrokenPipe.into()),
            false => Ok(state),
        }
    }
}

impl State {
    fn is_drained(&self) -> bool {
        self.held == 0 && self.taken == self.written
    }
}

impl SpoolWriter {
    /// Waits until the client has taken all that was written.
    pub(super) fn drain(&self) -> io::Result<()> {
        self.0.wait(|state| !state.is_drained()).map(drop)
    }

    /// All has been written: the answer is whole.
    pub(super) fn finish(self) {
        self.0.lock().ended.get_or_insert(true);
    }
}

/// An answer that is not whole ends without its last chunk.
impl Drop for SpoolWriter {
    fn drop(&mut self) {
        let mut state = self.0.lock();
        state.ended.get_or_insert(false);
        state.reader.take().into_iter().for_each(Waker::wake);
    }
}

impl Write for SpoolWriter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let spool = &*self.0;
        // a full file is begun again once it is taken
        let mut state = spool.wait(|state| state.written >= spool.most)?;
        // nobody else adds anything, so what holds now also does when it is added
        let fits = state.taken == state.written && state.held + bytes.len() <= spool.most_held;
        state.writing = !fits;
        let at = state.written;
        drop(state);
        let result = match fits {
            true => {
                let piece = Bytes::from_owner(Piece::new(bytes, &spool.rooms));
                state = spool.lock();
                state.held += piece.len();
                state.pieces.push_back(piece);
                Ok(bytes.len())
            }
            false => {
                let result = write_at(&spool.file, bytes, at);
                state = spool.lock();
                state.writing = false;
                state.written += *result.as_ref().unwrap_or(&0) as u64;
                result
            }
        };
        state.reader.take().into_iter().for_each(Waker::wake);
        result
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl SpoolReader {
    fn poll(&self, context: &mut Context<'_>) -> Poll<Option<io::Result<Bytes>>> {
        let spool = &*self.0;
        let (at, room) = {
            let mut state = spool.lock();
            if let Some(piece) = state.pieces.pop_front() {
                state.held -= piece.len();
                if state.is_drained() {
                    spool.moved.notify_all();
                }
                return Poll::Ready(Some(Ok(piece)));
            }
            match (state.written - state.taken, state.ended) {
                (0, Some(true)) => return Poll::Ready(None),
                (0, Some(false)) => {
                    state.ended = Some(true);
                    return Poll::Ready(Some(Err(io::ErrorKind::ConnectionAborted.into())));
                }
                (0, None) => {
                    state.reader = Some(context.waker().clone());
                    return Poll::Pending;
                }
                (waiting, _) => (state.taken, waiting.min(PIECE as u64) as usize),
            }
        };
        let mut piece = vec![0; room];
        let read = read_at(&spool.file, &mut piece, at);
        let mut state = spool.lock();
        let read = match read {
            Ok(read) if read > 0 => read,
            Ok(_) => return Poll::Ready(Some(Err(io::ErrorKind::UnexpectedEof.into()))),
            Err(error) => return Poll::Ready(Some(Err(error))),
        };
        piece.truncate(read);
        state.taken += read as u64;
        if state.taken == state.written {
            if !state.writing {
                (state.taken, state.written) = (0, 0);
            }
            spool.moved.notify_all();
        }
        Poll::Ready(Some(Ok(piece.into())))
    }
}

impl Drop for SpoolReader {
    fn drop(&mut self) {
        self.0.lock().gone = true;
        self.0.moved.notify_all();
    }
}

#[cfg(unix)]
use std::os::unix::fs::FileExt;
#[cfg(windows)]
use std::os::windows::fs::FileExt;

fn write_at(file: &File, bytes: &[u8], at: u64) -> io::Result<usize> {
    #[cfg(unix)]
    return file.write_at(bytes, at);
    #[cfg(windows)]
    return file.seek_write(bytes, at);
}

fn read_at(file: &File, bytes: &mut [u8], at: u64) -> io::Result<usize> {
    #[cfg(unix)]
    return file.read_at(bytes, at);
    #[cfg(windows)]
    return file.seek_read(bytes, at);
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_util::StreamExt;

    /// All pieces that are there now, and whether the stream has ended, and how.
    fn pieces(body: &mut axum::body::BodyDataStream) -> (String, Option<bool>) {
        let mut text = String::new();
        let mut context = Context::from_waker(Waker::noop());
        loop {
            match body.poll_next_unpin(&mut context) {
                Poll::Ready(Some(Ok(piece))) => text += &String::from_utf8_lossy(&piece),
                Poll::Ready(Some(Err(_))) => return (text, Some(false)),
                Poll::Ready(None) => return (text, Some(true)),
                Poll::Pending => return (text, None),
            }
        }
    }

    #[test]
    fn what_was_taken_makes_room_and_an_answer_that_is_not_whole_ends_with_an_error() {
        for most_held in [0, 8, 1_024] {
            let (mut writer, body) = spool_with(8, most_held).expect("a file");
            let mut body = body.into_data_stream();
            for round in 0..3 {
                writer.write_all(b"12345678").expect("there is room");
                assert_eq!(pieces(&mut body), ("12345678".into(), None), "{round}");
            }
            writer.write_all(b"end").expect("there is room");
            writer.finish();
            assert_eq!(pieces(&mut body), ("end".into(), Some(true)));
            let (mut writer, body) = spool_with(8, most_held).expect("a file");
            let mut body = body.into_data_stream();
            writer.write_all(b"half").expect("there is room");
            drop(writer);
            assert_eq!(pieces(&mut body), ("half".into(), Some(false)));
        }
    }

    #[test]
    fn what_waits_in_memory_and_in_the_file_comes_in_its_order() {
        let (mut writer, body) = spool_with(1_000, 4).expect("a file");
        let mut body = body.into_data_stream();
        for part in [b"ab", b"cd", b"ef", b"gh"] {
            writer.write_all(part).expect("there is room");
        }
        assert!(writer.0.lock().held == 4 && writer.0.lock().written == 4);
        assert_eq!(pieces(&mut body), ("abcdefgh".into(), None));
        writer.write_all(b"ij").expect("there is room");
        assert_eq!(writer.0.lock().held, 2);
        assert_eq!(pieces(&mut body), ("ij".into(), None));
    }

    #[test]
    fn whoever_writes_is_told_that_nobody_reads() {
        for most_held in [0, 8] {
            let (mut writer, body) = spool_with(8, most_held).expect("a file");
            writer.write_all(b"12345678").expect("there is room");
            drop(body);
            let error = writer.write(b"9").expect_err("nobody takes it");
            assert_eq!(error.kind(), io::ErrorKind::BrokenPipe);
            assert!(writer.drain().is_err());
        }
    }
}
