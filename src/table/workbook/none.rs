//! In place of workbooks, in a build without them.

use super::{Book, Sheet, SheetOptions, WorkbookError, WorkbookReader};
use crate::table::Encoding;
use std::convert::Infallible;
use std::io::{self, Write};
use std::marker::PhantomData;

/// Says that this build reads no workbooks.
///
/// # Errors
/// Always.
pub fn open(_book: Book, _options: SheetOptions<'_>, _reader: &WorkbookReader) -> Result<Sheet, WorkbookError> {
    Err(WorkbookError::NotBuilt)
}

/// Says that this build reads no workbooks.
///
/// # Errors
/// Always.
pub fn serve(_options: SheetOptions<'_>) -> io::Result<()> {
    Err(WorkbookError::NotBuilt.into())
}

/// Can't be made in this build.
#[derive(Debug)]
pub struct SheetWriter<W>(Infallible, PhantomData<W>);

impl<W> SheetWriter<W> {
    /// Says that this build writes no workbooks.
    ///
    /// # Errors
    /// Always.
    pub fn new(_output: W, _delimiter: u8, _encoding: Encoding) -> io::Result<Self> {
        Err(WorkbookError::NotBuilt.into())
    }

    /// Can't be reached.
    ///
    /// # Errors
    /// Never.
    pub fn finish(self) -> io::Result<W> {
        match self.0 {}
    }
}

impl<W> Write for SheetWriter<W> {
    fn write(&mut self, _bytes: &[u8]) -> io::Result<usize> {
        match self.0 {}
    }

    fn flush(&mut self) -> io::Result<()> {
        match self.0 {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_build_without_workbooks_says_so() {
        let options = SheetOptions {
            sheet: None,
            delimiter: b',',
        };
        let opened = open(
            Book::Memory(b"PK\x03\x04".to_vec()),
            options,
            &WorkbookReader::InProcess,
        );
        let said = opened.err().expect("refused").to_string();
        assert_eq!(said, "this build of linkmint reads and writes no workbooks");
        let written = SheetWriter::new(io::sink(), b',', Encoding::default());
        assert_eq!(written.expect_err("refused").to_string(), said);
    }
}
