//! The console of Windows, which tells of keys and not of bytes. It marks no paste: the keys of one come at once.

use super::{BRACKETS_OFF, BRACKETS_ON, LEAVING_QUIET};
use crossterm::event::{self, Event, KeyCode, KeyEvent, KeyEventKind, KeyModifiers};
use crossterm::terminal;
use std::fs::File;
use std::io::{self, Write};
use std::time::Duration;

/// The console without line editing, until it is dropped.
pub(super) struct Device {
    /// Where what is typed is shown. The outputs may lead elsewhere.
    screen: Option<File>,
}

impl Device {
    pub(super) fn open() -> io::Result<Self> {
        let screen = File::options().write(true).open("CONOUT$").ok();
        // a panic may end the process without a drop
        let hook = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            restore();
            hook(panic);
        }));
        terminal::enable_raw_mode()?;
        let device = Self { screen };
        device.show(BRACKETS_ON);
        Ok(device)
    }

    /// What came in within this time, nothing if nothing did.
    pub(super) fn read(&self, wait: Duration) -> io::Result<Option<Vec<u8>>> {
        let mut bytes = Vec::new();
        let mut wait = wait;
        while event::poll(wait)? {
            wait = Duration::ZERO;
            match event::read()? {
                Event::Key(key) if key.kind != KeyEventKind::Release => push_key(&key, &mut bytes),
                Event::Paste(text) => bytes.extend(["\x1b[200~", &text, "\x1b[201~"].concat().bytes()),
                _ => {}
            }
        }
        Ok((!bytes.is_empty()).then_some(bytes))
    }

    /// The system ends the process by itself.
    pub(super) fn signal(&self) -> Option<i32> {
        None
    }

    pub(super) fn show(&self, text: &str) {
        if let Some(mut screen) = self.screen.as_ref() {
            let _ = screen.write_all(text.as_bytes());
        }
    }
}

impl Drop for Device {
    fn drop(&mut self) {
        self.show(BRACKETS_OFF);
        restore();
    }
}

/// Gives the console back when nothing comes in any more: what is left of a paste would be the shell's next commands.
fn restore() {
    while event::poll(LEAVING_QUIET).is_ok_and(|more| more) && event::read().is_ok() {}
    let _ = terminal::disable_raw_mode();
}

/// A key as the byte that a terminal sends for it.
fn push_key(key: &KeyEvent, bytes: &mut Vec<u8>) {
    match key.code {
        // Ctrl-C is 3
        KeyCode::Char(letter) if key.modifiers == KeyModifiers::CONTROL && letter.is_ascii_alphabetic() => {
            bytes.push(letter as u8 & 0x1f);
        }
        KeyCode::Char(letter) => bytes.extend(letter.encode_utf8(&mut [0; 4]).bytes()),
        KeyCode::Enter => bytes.push(b'\r'),
        KeyCode::Tab => bytes.push(b'\t'),
        KeyCode::Backspace => bytes.push(0x7f),
        _ => {}
    }
}
