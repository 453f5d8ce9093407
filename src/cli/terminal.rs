//! A terminal at which texts are pasted.
//!
//! The system's own line editing ends a pasted mail at a control character, cuts its lines at 4,096 bytes, and leaves
//! what it did not read to the shell, which runs it: whoever writes to a support desk would have commands there. So
//! the terminal is read as it sends, [`keys`] tells what was pasted from what was typed, and the terminal is given back
//! only when nothing comes in any more.

#[cfg(unix)]
#[path = "terminal/unix.rs"]
mod device;
#[cfg(windows)]
#[path = "terminal/windows.rs"]
mod device;
mod keys;

use super::exit::{Failure, plain, report_line};
use device::Device;
use keys::{Event, Keys};
use std::io::{self, BufRead, IsTerminal};
use std::time::{Duration, Instant};

/// Asks a terminal to mark what is pasted, and to stop that.
const BRACKETS_ON: &str = "\x1b[?2004h";
const BRACKETS_OFF: &str = "\x1b[?2004l";
/// Nothing came in for so long: a paste is over.
const LEAVING_QUIET: Duration = Duration::from_millis(300);
/// How often is looked for a signal.
const SIGNALS: Duration = Duration::from_millis(250);

/// What came from a terminal.
pub(crate) enum Asked {
    /// A text, whole.
    Text(String),
    /// A text that is longer than was allowed.
    TooLong,
    /// A text is there, in so many bytes, and Enter will end it.
    Pasted(usize),
    /// The text was dropped with Ctrl-C.
    Dropped,
    /// Ctrl-C where there was no text.
    Interrupted,
    /// Ctrl-D where there was no text, or the terminal is gone.
    Ended,
    /// The number of a signal that ends the process.
    Signal(i32),
}

/// The terminal of standard input. It is given back when this is dropped.
pub(crate) struct Terminal {
    device: Device,
    keys: Keys,
}

impl Terminal {
    /// Of a text, at most so many bytes are kept.
    pub(crate) fn open(most: usize) -> io::Result<Self> {
        Ok(Self {
            device: Device::open()?,
            keys: Keys::new(most),
        })
    }

    /// Waits for what comes next.
    pub(crate) fn next(&mut self) -> io::Result<Asked> {
        loop {
            if let Some(signal) = self.device.signal() {
                return Ok(Asked::Signal(signal));
            }
            while let Some(event) = self.keys.next_event() {
                match event {
                    Event::Echo(text) => self.device.show(text),
                    Event::Typed(letter) => self.device.show(letter.encode_utf8(&mut [0; 4])),
                    Event::Text(text) => return Ok(Asked::Text(text)),
                    Event::TooLong => return Ok(Asked::TooLong),
                    Event::Pasted(bytes) => return Ok(Asked::Pasted(bytes)),
                    Event::Dropped => return Ok(Asked::Dropped),
                    Event::Interrupted => return Ok(Asked::Interrupted),
                    Event::Ended => return Ok(Asked::Ended),
                }
            }
            let wait = self.keys.wait(Instant::now()).unwrap_or(SIGNALS);
            match self.device.read(wait)? {
                Some(bytes) if bytes.is_empty() => return Ok(Asked::Ended),
                Some(bytes) => self.keys.take(&bytes, Instant::now()),
                None => self.keys.settle(Instant::now()),
            }
        }
    }
}

/// What somebody answers to a question about what can't be undone; a failure where nobody is there to ask.
pub(crate) fn ask(question: &str, unasked: Failure) -> Result<String, Failure> {
    if !io::stdin().is_terminal() {
        return Err(unasked.hint("add --yes if that is meant"));
    }
    report_line(question);
    let mut line = String::new();
    let read = io::stdin().lock().read_line(&mut line);
    read.map_err(|error| Failure::undecided(plain(error)))?;
    Ok(line.trim().to_owned())
}
