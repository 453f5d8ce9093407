//! Why a workbook can't be read or written, in words for who has it.

use super::{MAX_COLUMNS, MAX_ROWS, MAX_TEXT, push_letters};
use crate::excerpt::Harmless;
use crate::table::MAX_ROW;
use serde::{Deserialize, Serialize};
use std::io;

/// What made a file look like a workbook that it is not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[non_exhaustive]
pub enum Disguise {
    /// Its name.
    #[error("its name says so")]
    Name,
    /// It is an archive, of something else.
    #[error("it is a ZIP archive")]
    Archive,
    /// Its first bytes: it has no sheets with cells.
    #[error("it begins like one: it has no sheets with cells")]
    Beginning,
}

/// Why a workbook can't be read or written.
#[derive(Debug, Serialize, Deserialize, thiserror::Error)]
#[non_exhaustive]
pub enum WorkbookError {
    /// Built without the feature `xlsx`.
    #[error("this build of linkmint reads and writes no workbooks")]
    NotBuilt,
    /// Named or begun like one.
    #[error("this is no workbook, though {0}")]
    NoWorkbook(Disguise),
    /// Nothing of it can be read without the password.
    #[error("the workbook is protected by a password")]
    Password,
    /// From a pipe, a workbook has to be kept in memory.
    #[error("a workbook that does not come from a file can have {} MiB at most", .0 >> 20)]
    LargePipe(u64),
    /// No sheet has this name.
    #[error("the workbook has no sheet {name}")]
    UnknownSheet {
        /// In quotes.
        name: String,
        /// Those there are, for the hint.
        names: String,
    },
    /// No cell of the sheet is filled.
    #[error("the sheet {name} is empty")]
    EmptySheet {
        /// In quotes.
        name: String,
        /// The other sheets, for the hint; empty when there are none.
        others: String,
    },
    /// Damaged, or not as workbooks are.
    #[error("the workbook can't be read{}: {reason}", if .row.is_some() { " on" } else { "" })]
    Unreadable {
        /// The row where it is, where that is known; else the last that could be read.
        row: Option<u64>,
        /// In the words of what reads it.
        reason: String,
    },
    /// What reads it ended without an answer, or with one that makes no sense.
    #[error("the workbook can't be read: it is damaged, or asks for more memory than a workbook of its size may take")]
    ReaderEnded,
    /// What reads it was ended.
    #[error("the workbook can't be read: that takes longer than a workbook of its size may take")]
    ReaderSlow,
    /// What reads it can't be started.
    #[error("the process that reads workbooks can't be started: {0}")]
    NoReader(String),
    /// A row of the sheet is too long.
    #[error("a row is longer than {} MiB", MAX_ROW >> 20)]
    LongRow {
        /// From 1.
        row: u64,
    },
    /// The sheet that is written is full.
    #[error("a sheet holds {MAX_ROWS} rows, and there are more")]
    ManyRows,
    /// The row that is written is too wide.
    #[error("a sheet holds {MAX_COLUMNS} columns, this row has {columns}")]
    ManyColumns {
        /// From 1.
        row: u32,
        /// Of this row.
        columns: usize,
    },
    /// A cell that is written is too long.
    #[error("a cell of a sheet holds {MAX_TEXT} characters, this one has {length}")]
    LongText {
        /// From 1.
        row: u32,
        /// From 0.
        column: usize,
        /// In units of UTF-16.
        length: usize,
    },
    /// The sheet that is written has more than 4 GiB, unpacked.
    #[error("the rows are more than a sheet's 4 GiB")]
    LargeSheet,
}

impl WorkbookError {
    /// Where it went wrong, as far as that is a place in a sheet: `row 17, column C`.
    #[must_use]
    pub fn place(&self) -> Option<String> {
        match self {
            WorkbookError::Unreadable { row, .. } => row.map(|row| format!("row {row}")),
            WorkbookError::LongRow { row } => Some(format!("row {row}")),
            WorkbookError::ManyRows => Some(format!("row {}", MAX_ROWS + 1)),
            WorkbookError::ManyColumns { row, .. } => Some(format!("row {row}")),
            WorkbookError::LongText { row, column, .. } => {
                let mut letters = Vec::new();
                push_letters(*column, &mut letters);
                Some(format!("row {row}, column {}", String::from_utf8_lossy(&letters)))
            }
            _ => None,
        }
    }

    /// What to do about it.
    #[must_use]
    pub fn hint(&self) -> String {
        match self {
            WorkbookError::NotBuilt => {
                "save the sheet as \"CSV UTF-8\", or build linkmint with its feature xlsx".into()
            }
            WorkbookError::NoWorkbook(Disguise::Archive) => {
                "unpack it and name the list that is in it; a workbook is saved as .xlsx in the spreadsheet".into()
            }
            WorkbookError::NoWorkbook(_) => {
                "open it in the spreadsheet and save it as .xlsx or as \"CSV UTF-8\"".into()
            }
            WorkbookError::Password => {
                "open it in Excel and take the password off: File, Info, Protect Workbook".into()
            }
            WorkbookError::LargePipe(_) => "name the file instead".into(),
            WorkbookError::UnknownSheet { names, .. } => format!("it has {names}"),
            WorkbookError::EmptySheet { others, .. } if others.is_empty() => {
                "the first row names the columns, each row after it is a customer".into()
            }
            WorkbookError::EmptySheet { others, .. } => format!("choose another sheet: {others}"),
            WorkbookError::Unreadable { .. } | WorkbookError::ReaderEnded | WorkbookError::ReaderSlow => {
                "it may be damaged; open it in the spreadsheet and save it again, or save the sheet as \"CSV UTF-8\""
                    .into()
            }
            WorkbookError::NoReader(_) => "save the sheet as \"CSV UTF-8\", or start linkmint by its full path".into(),
            WorkbookError::LongRow { .. } => "take the longest text out of that row".into(),
            WorkbookError::ManyRows | WorkbookError::LargeSheet => {
                "write the output to a .csv file, or split the list".into()
            }
            WorkbookError::ManyColumns { .. } | WorkbookError::LongText { .. } => {
                "write the output to a .csv file".into()
            }
        }
    }

    /// The same error without anything in its texts that a terminal would take for more than text.
    #[must_use]
    pub fn harmless(mut self) -> Self {
        let texts: &mut [&mut String] = match &mut self {
            WorkbookError::UnknownSheet { name, names } => &mut [name, names],
            WorkbookError::EmptySheet { name, others } => &mut [name, others],
            WorkbookError::Unreadable { reason, .. } => &mut [reason],
            _ => &mut [],
        };
        for text in texts {
            **text = Harmless(text).to_string();
        }
        self
    }
}

impl From<WorkbookError> for io::Error {
    fn from(error: WorkbookError) -> Self {
        io::Error::other(error)
    }
}
