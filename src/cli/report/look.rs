//! How answers look to whoever reads them: their time zone, and on a terminal its colours and width.

use crate::cli::text::{Columns, wrapped};
use linkmint::check::Tone;
use linkmint::moment::{UnixTime, Zone};
use std::io::{IsTerminal, stdout};

/// The look of answers on standard output.
#[derive(Clone, Debug)]
pub(crate) struct Look {
    /// That of whoever reads.
    pub(crate) zone: Zone,
    colour: bool,
    /// In characters, on a terminal.
    pub(crate) width: Option<usize>,
}

/// The narrowest terminal that values are wrapped for.
const NARROW: usize = 40;

impl Look {
    /// That of standard output: colour only on a terminal, and not where `NO_COLOR` is set (no-color.org).
    pub(crate) fn of_stdout() -> Self {
        let terminal = stdout().is_terminal();
        let set = |name| std::env::var_os(name).filter(|value| !value.is_empty());
        let dumb = set("TERM").is_some_and(|term| term == "dumb");
        let size = terminal_size::terminal_size_of(stdout());
        Self {
            zone: Zone::local(),
            colour: terminal && set("NO_COLOR").is_none() && !dumb,
            width: size.filter(|_| terminal).map(|(width, _)| usize::from(width.0)),
        }
    }

    /// A time in UTC with local time beside it.
    pub(crate) fn minute(&self, seconds: u32) -> String {
        self.zone.minute_beside_utc(UnixTime(seconds))
    }

    /// A word in the colour of what it means.
    pub(crate) fn word(&self, word: &str, tone: Tone) -> String {
        let code = match tone {
            Tone::Good => 32,
            Tone::Bad => 31,
            Tone::Doubtful => 33,
        };
        match self.colour {
            true => format!("\u{1b}[1;{code}m{word}\u{1b}[0m"),
            false => word.to_owned(),
        }
    }

    /// Names and values as indented columns, long values wrapped where they begin.
    pub(crate) fn aligned(&self, lines: &[(String, String)]) -> String {
        let names: Vec<_> = lines.iter().map(|(name, _)| vec![name.clone()]).collect();
        let names = Columns::of(&names, 0..0);
        let indent = names.width() + 4;
        let room = self
            .width
            .filter(|width| *width >= NARROW + indent)
            .map(|width| width - indent);
        let mut text = String::new();
        for (name, value) in lines {
            let mut name = format!("  {}  ", names.line(&[name]));
            for part in wrapped(value, room.unwrap_or(usize::MAX)) {
                text += &format!("{name}{part}\n");
                name = " ".repeat(indent);
            }
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn look(colour: bool, width: Option<usize>) -> Look {
        let zone = Zone::utc();
        Look { zone, colour, width }
    }

    #[test]
    fn long_values_are_wrapped_where_they_begin() {
        let lines = [("a".to_owned(), "x".repeat(50)), ("bcd".to_owned(), "y".to_owned())];
        let text = look(false, Some(50)).aligned(&lines);
        assert_eq!(
            text,
            format!("  a    {}\n       {}\n  bcd  y\n", "x".repeat(43), "x".repeat(7))
        );
    }

    #[test]
    fn words_have_colour_where_it_is_wanted() {
        assert_eq!(look(false, None).word("VALID", Tone::Good), "VALID");
        let coloured = look(true, None).word("VALID", Tone::Good);
        assert_eq!(coloured, "\u{1b}[1;32mVALID\u{1b}[0m");
    }
}
