//! A terminal as POSIX has it (termios), whose line editing would cut lines at 4,096 bytes and end a text at a control
//! character in it.

use super::{BRACKETS_OFF, BRACKETS_ON, LEAVING_QUIET};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::{Errno, read};
use rustix::termios::{InputModes, LocalModes, OptionalActions, SpecialCodeIndex, Termios, tcgetattr, tcsetattr};
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use std::fs::File;
use std::io::{self, Stdin, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

/// Standard input without line editing, until it is dropped.
pub(super) struct Device {
    before: Arc<Before>,
    signal: Arc<AtomicUsize>,
}

/// The terminal as it was.
struct Before {
    modes: Termios,
    input: Stdin,
    /// Where what is typed is shown. The outputs may lead elsewhere.
    screen: Option<File>,
}

impl Device {
    pub(super) fn open() -> io::Result<Self> {
        let input = io::stdin();
        let modes = tcgetattr(&input)?;
        let screen = File::options().write(true).open("/dev/tty").ok();
        let before = Arc::new(Before { modes, input, screen });
        let signal = Arc::new(AtomicUsize::new(0));
        for number in [SIGINT, SIGTERM, SIGHUP] {
            let value = usize::try_from(number).unwrap_or_default();
            signal_hook::flag::register_usize(number, Arc::clone(&signal), value)?;
        }
        // a panic may end the process without a drop
        let of_panic = Arc::clone(&before);
        let hook = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            of_panic.restore();
            hook(panic);
        }));
        let device = Self { before, signal };
        tcsetattr(&device.before.input, OptionalActions::Now, &device.before.raw())?;
        device.show(BRACKETS_ON);
        Ok(device)
    }

    /// What came in within this time, nothing if nothing did. No bytes are the end of input.
    pub(super) fn read(&self, wait: Duration) -> io::Result<Option<Vec<u8>>> {
        self.before.read(wait)
    }

    /// The signal that was sent to end the process.
    pub(super) fn signal(&self) -> Option<i32> {
        let signal = i32::try_from(self.signal.load(Ordering::Relaxed)).ok();
        signal.filter(|number| *number != 0)
    }

    pub(super) fn show(&self, text: &str) {
        self.before.show(text);
    }
}

impl Drop for Device {
    fn drop(&mut self) {
        self.before.restore();
    }
}

impl Before {
    /// No line editing, no echo, no key that is a signal; lines that are written end as they did.
    fn raw(&self) -> Termios {
        let mut modes = self.modes.clone();
        modes.local_modes -= LocalModes::ICANON | LocalModes::ECHO | LocalModes::ISIG | LocalModes::IEXTEN;
        modes.input_modes -= InputModes::ICRNL | InputModes::INLCR | InputModes::IGNCR | InputModes::IXON;
        modes.special_codes[SpecialCodeIndex::VMIN] = 1;
        modes.special_codes[SpecialCodeIndex::VTIME] = 0;
        modes
    }

    fn read(&self, wait: Duration) -> io::Result<Option<Vec<u8>>> {
        let wait = Timespec::try_from(wait).map_err(io::Error::other)?;
        let mut ready = [PollFd::new(&self.input, PollFlags::IN)];
        match poll(&mut ready, Some(&wait)) {
            Ok(0) | Err(Errno::INTR) => return Ok(None),
            other => other?,
        };
        let mut buffer = vec![0; 64 << 10];
        match read(&self.input, &mut buffer) {
            Err(Errno::INTR | Errno::AGAIN) => Ok(None),
            read => {
                buffer.truncate(read?);
                Ok(Some(buffer))
            }
        }
    }

    /// Gives the terminal back when nothing comes in any more: what is left of a paste would be the shell's next
    /// commands.
    fn restore(&self) {
        self.show(BRACKETS_OFF);
        while matches!(self.read(LEAVING_QUIET), Ok(Some(bytes)) if !bytes.is_empty()) {}
        // and what came since is dropped
        let _ = tcsetattr(&self.input, OptionalActions::Flush, &self.modes);
    }

    fn show(&self, text: &str) {
        if let Some(mut screen) = self.screen.as_ref() {
            let _ = screen.write_all(text.as_bytes());
        }
    }
}
