//! `linkmint verify` at a terminal: one pasted text after the other.

use super::{Answers, empty};
use crate::cli::exit::{Exit, Failure, report_line, say};
use crate::cli::lines::{MOST_TEXT, unreadable};
use crate::cli::terminal::{Event, Terminal};
use linkmint::number::grouped;
use linkmint::token::Malformed;

impl Answers<'_> {
    /// Asks for texts until somebody leaves; the status is that of the last text.
    pub(super) fn of_terminal(mut self, allow_empty: bool) -> Result<Exit, Failure> {
        let mut terminal = Terminal::open(MOST_TEXT).map_err(unreadable)?;
        let quiet = self.args.files.quiet;
        let say = |text: &str| say(quiet, text);
        say("paste a token, a link or a whole mail, then press Enter; Ctrl-D ends");
        let mut is_answered = false;
        loop {
            let mut pasted = None;
            let mut answers = match terminal.next().map_err(unreadable)? {
                Event::Text(text) => {
                    report_line("\n");
                    let answers = match self.args.exact {
                        true => vec![
                            self.checks
                                .ask(|checker| checker.check_exact(text.trim_end_matches(['\r', '\n'])))?,
                        ],
                        false => self.check(&text, !self.args.no_repair)?,
                    };
                    pasted = Some(text);
                    answers
                }
                Event::TooLong => vec![self.checks.checker.refused(Malformed::TextTooLong)],
                Event::Pasted(bytes) => {
                    say(&format!(
                        "{} bytes were pasted: Enter checks them",
                        grouped(bytes as u64)
                    ));
                    continue;
                }
                Event::Dropped => {
                    say("dropped; paste another, or leave with Ctrl-D");
                    continue;
                }
                Event::Signal(signal) => return Err(Failure::silent(Exit::of_signal(signal))),
                Event::Interrupted if !is_answered => return Err(Failure::silent(Exit::Interrupted)),
                Event::Ended if !is_answered => return empty(allow_empty, "there is no token to check"),
                Event::Interrupted | Event::Ended => break,
                Event::Echo(_) | Event::Typed(_) => continue,
            };
            (is_answered, self.refused) = (true, false);
            self.give(&mut answers, || false)?;
            self.flush(|| false)?;
            if let Some(text) = pasted.filter(|_| !self.args.exact) {
                self.hint_at_flag(&text, &answers);
            }
            say("paste the next, or leave with Ctrl-D");
        }
        self.end()
    }
}
