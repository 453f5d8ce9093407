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
pub(crate) use keys::Event;
use keys::Keys;
use std::io::{self, BufRead, IsTerminal};
use std::time::{Duration, Instant};

/// Asks a terminal to mark what is pasted, and to stop that.
const BRACKETS_ON: &str = "\x1b[?2004h";
const BRACKETS_OFF: &str = "\x1b[?2004l";
/// Nothing came in for so long: a paste is over.
const LEAVING_QUIET: Duration = Duration::from_millis(300);
/// How often is looked for a signal.
const SIGNALS: Duration = Duration::from_millis(250);

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

    /// Waits for what comes next. What was typed is shown, and told to nobody.
    pub(crate) fn next(&mut self) -> io::Result<Event> {
        loop {
            if let Some(signal) = self.device.signal() {
                return Ok(Event::Signal(signal));
            }
            while let Some(event) = self.keys.next_event() {
                match event {
                    Event::Echo(text) => self.device.show(text),
                    Event::Typed(letter) => self.device.show(letter.encode_utf8(&mut [0; 4])),
                    event => return Ok(event),
                }
            }
            let wait = self.keys.wait(Instant::now()).unwrap_or(SIGNALS);
            match self.device.read(wait)? {
                Some(bytes) if bytes.is_empty() => return Ok(Event::Ended),
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
