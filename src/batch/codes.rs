//! A QR code for each row, in a file of its own.
//!
//! The names of the files are decided in the order of the list, before any worker has the rows: workers run ahead of each
//! other, and of two rows of one name it must always be the second that gets another.

use super::pool::lock;
use super::{LintCount, Reject, RowProblem};
use crate::qr::{Code, Level};
use crate::table::{Chunk, Row};
use std::collections::{HashMap, HashSet};
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::PathBuf;
use std::sync::Mutex;

/// The formats of the pictures.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Picture {
    /// Drawn at any size.
    #[default]
    Svg,
    /// Black and white pixels.
    Png,
}

impl Picture {
    fn extension(self) -> &'static str {
        match self {
            Picture::Svg => "svg",
            Picture::Png => "png",
        }
    }
}

/// A part of the files' names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NamePart {
    /// The same for all.
    Text(String),
    /// The cell of this column.
    Column(usize),
}

impl NamePart {
    /// What it is for a row.
    pub(super) fn of(&self, row: &Row<'_>) -> String {
        match self {
            NamePart::Text(text) => text.clone(),
            NamePart::Column(column) => row.text(*column).unwrap_or_default().trim_ascii().to_owned(),
        }
    }
}

/// How the codes are drawn and called.
#[derive(Debug)]
pub struct Codes {
    folder: PathBuf,
    name: Vec<NamePart>,
    picture: Picture,
    pixels: Option<u32>,
    pub(super) level: Level,
    names: Mutex<Names>,
    failure: Mutex<Option<(String, io::Error)>>,
}

#[derive(Debug, Default)]
struct Names {
    /// By the number of the row.
    given: HashMap<u64, String>,
    /// As file systems compare them that know no case: `ß` and `SS` are one name.
    taken: HashSet<String>,
    /// The number that the next of a name gets, as thousands may share one.
    next: HashMap<String, u64>,
    changed: LintCount,
}

/// No name is longer, in bytes: file systems hold 255, and an ending and a number are still to come.
const LONGEST: usize = 150;
/// Names that Windows keeps for itself.
const DEVICES: [&str; 6] = ["con", "prn", "aux", "nul", "com", "lpt"];

impl Codes {
    /// Codes that go into this folder, which must be there.
    #[must_use]
    pub fn new(folder: PathBuf, name: Vec<NamePart>, picture: Picture, pixels: Option<u32>, level: Level) -> Self {
        Self {
            folder,
            name,
            picture,
            pixels,
            level,
            names: Mutex::default(),
            failure: Mutex::default(),
        }
    }

    /// Gives the rows of a chunk their names. Each chunk must come by here before a worker has it.
    pub(super) fn look_ahead(&self, chunk: &Chunk) {
        let mut names = lock(&self.names);
        for (index, row) in chunk.page().rows().enumerate() {
            if !row.is_blank() {
                let wanted: String = self.name.iter().map(|part| part.of(&row)).collect();
                names.give(chunk.first_row() + index as u64, &wanted, self.picture.extension());
            }
        }
    }

    /// The name of a row's file.
    pub(super) fn name(&self, row: u64) -> String {
        lock(&self.names).given.get(&row).cloned().unwrap_or_default()
    }

    /// Draws a row's code. A disk that fails is told at the end: no row is to blame.
    pub(super) fn draw(&self, row: u64, code: &Code) -> Result<(), Reject> {
        let bytes = match self.picture {
            Picture::Svg => code.svg(self.pixels).into_bytes(),
            Picture::Png => code
                .png(self.pixels)
                .map_err(|error| RowProblem::SmallCode(error).in_row())?,
        };
        let name = self.name(row);
        // no file is there already, unless two names are one to the file system: neither row may get the other's code
        let file = File::create_new(self.folder.join(&name));
        if let Err(error) = file.and_then(|mut file| file.write_all(&bytes)) {
            lock(&self.failure).get_or_insert((name, error));
        }
        Ok(())
    }

    /// Takes back the code of a row that turns out to be bad.
    pub(super) fn forget(&self, row: u64) {
        // one that was never drawn is not there
        let _ = fs::remove_file(self.folder.join(self.name(row)));
    }

    /// The file that could not be written, if there is one.
    pub fn failure(&self) -> Option<(String, io::Error)> {
        lock(&self.failure).take()
    }

    /// The rows whose names were made safe or told apart from earlier ones.
    #[must_use]
    pub fn changed(&self) -> LintCount {
        lock(&self.names).changed
    }
}

impl Names {
    fn give(&mut self, row: u64, wanted: &str, extension: &str) {
        let safe = safe(wanted, row);
        let mut stem = safe.clone();
        if !self.taken.insert(folded(&stem)) {
            let number = self.next.entry(folded(&safe)).or_insert(2);
            while {
                stem = format!("{safe}-{number}");
                *number += 1;
                !self.taken.insert(folded(&stem))
            } {}
        }
        if stem != wanted {
            self.changed.add(LintCount {
                count: 1,
                first_row: row,
            });
        }
        self.given.insert(row, format!("{stem}.{extension}"));
    }
}

/// The name without its case: capitals first, as they write `ß` and `ﬁ` out.
fn folded(name: &str) -> String {
    name.to_uppercase().to_lowercase()
}

/// The name with nothing in it that a file system, a shell or a spreadsheet reads otherwise; a nameless row has its number.
fn safe(wanted: &str, row: u64) -> String {
    let letter = |letter: char| match letter {
        '-' | '_' | '.' => letter,
        letter if letter.is_alphanumeric() => letter,
        _ => '_',
    };
    let name: String = wanted.chars().map(letter).collect();
    let name = name.trim_start_matches(['.', '-']).trim_end_matches('.');
    let ends = name.char_indices().map(|(start, letter)| start + letter.len_utf8());
    let name = &name[..ends.take_while(|end| *end <= LONGEST).last().unwrap_or(0)];
    let stem = name.split('.').next().unwrap_or_default().to_lowercase();
    let is_device = DEVICES
        .iter()
        .any(|device| stem.strip_prefix(device).is_some_and(|rest| rest.chars().count() <= 1));
    match name {
        "" => format!("row-{row}"),
        name if is_device => format!("_{name}"),
        name => name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_safe_and_no_two_are_the_same() {
        let mut names = Names::default();
        for (row, (wanted, name)) in [
            ("1234567", "1234567.svg"),
            ("1234567", "1234567-2.svg"),
            ("../../etc/passwd", "_.._etc_passwd.svg"),
            ("-rf", "rf.svg"),
            ("=1+1", "_1_1.svg"),
            ("a b/c", "a_b_c.svg"),
            ("A_B_C", "A_B_C-2.svg"),
            ("", "row-8.svg"),
            ("..", "row-9.svg"),
            ("CON", "_CON.svg"),
            ("com1.x", "_com1.x.svg"),
            ("Jürgen\u{202e}", "Jürgen_.svg"),
            ("con tact", "con_tact.svg"),
            ("1234567-2", "1234567-2-2.svg"),
        ]
        .into_iter()
        .enumerate()
        {
            let row = row as u64 + 1;
            names.give(row, wanted, "svg");
            assert_eq!(names.given[&row], name, "{wanted}");
        }
        assert_eq!(names.changed.count, 13);
        // a number is not looked for from the start again
        for row in 100..50_100 {
            names.give(row, "Berlin", "svg");
        }
        assert_eq!(names.given[&50_099], "Berlin-50000.svg");
        names.give(99, &"é".repeat(500), "png");
        assert_eq!(names.given[&99].len(), LONGEST + 4);
    }
}
