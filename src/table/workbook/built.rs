//! Workbooks, in a build that reads and writes them.

mod archive;
mod book;
mod cell;
mod format;
mod frames;
mod limits;
mod ods;
mod parts;
mod process;
mod read;
mod rows;
mod shared;
mod value;
mod write;
mod xlsx;

pub use process::serve;
pub use read::open;
pub use write::SheetWriter;

use super::{
    Book, Disguise, MAX_COLUMNS, MAX_ROWS, MAX_TEXT, Sheet, SheetOptions, WorkbookError, WorkbookReader, ZIP,
    push_letters,
};
use std::io::{Read, Seek};

/// A workbook's bytes: its parts lie anywhere in them.
trait Source: Read + Seek + Send {}
impl<S: Read + Seek + Send> Source for S {}
