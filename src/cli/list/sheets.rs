//! The sheets of a workbook beside the one that was read: looked through where that one lacks a column, so that whoever
//! has a cover sheet first is told which one is meant.

use super::reader::reader;
use crate::cli::args::ListArgs;
use crate::cli::exit::Failure;
use crate::cli::hint::pasted;
use linkmint::excerpt::Excerpt;
use linkmint::table::workbook::{self, Book, SheetOptions};
use linkmint::table::{Header, ReadOptions, RecordReader};
use std::cell::OnceCell;
use std::fs::File;
use std::path::{Path, PathBuf};

/// No more sheets are opened.
const MOST: usize = 12;

/// The other sheets of a workbook that lies in a file.
#[derive(Debug, Default)]
pub(crate) struct OtherSheets {
    path: PathBuf,
    names: Vec<String>,
    /// Of those that can be read, once they were opened.
    headers: OnceCell<Vec<(String, Header)>>,
}

impl OtherSheets {
    pub(super) fn of(path: Option<PathBuf>, names: Vec<String>) -> Self {
        // a pipe can't be read again
        let names = path.as_ref().map(|_| names).unwrap_or_default();
        Self {
            path: path.unwrap_or_default(),
            names,
            headers: OnceCell::new(),
        }
    }

    /// The flag for the sheet that has a column of this name.
    pub(crate) fn with_column(&self, name: &str) -> Option<String> {
        let headers = self.headers.get_or_init(|| {
            let named = |name: &String| Some((name.clone(), self.header(name)?));
            self.names.iter().take(MOST).filter_map(named).collect()
        });
        let (sheet, _) = headers.iter().find(|(_, header)| header.column_alike(name).is_ok())?;
        let shown = Excerpt(sheet);
        Some(match pasted(sheet) {
            Some(sheet) => format!("the sheet {shown} has it: add --sheet {sheet}"),
            None => format!("the sheet {shown} has it: --sheet chooses it"),
        })
    }

    fn header(&self, sheet: &str) -> Option<Header> {
        let options = SheetOptions {
            sheet: Some(sheet),
            delimiter: b',',
        };
        let book = Book::File(File::open(&self.path).ok()?);
        let sheet = workbook::open(book, options, &reader()).ok()?;
        let options = ReadOptions {
            delimiter: Some(b','),
            sheet_row: Some(sheet.first_row),
            ..ReadOptions::default()
        };
        let (_, preamble) = RecordReader::open(sheet.rows, options).ok()?;
        Some(preamble.header)
    }
}

/// What `--sheet` is given: the sheet of a workbook, and a page of labels to print.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct SheetFlags<'a> {
    pub(crate) name: Option<&'a str>,
    pub(crate) page: Option<&'a Path>,
}

impl<'a> SheetFlags<'a> {
    /// A page's name ends as that of a page; each may be given once.
    pub(crate) fn of(args: &'a ListArgs) -> Result<Self, Failure> {
        let mut flags = Self::default();
        for value in &args.sheet {
            let ending = Path::new(value).extension().map(|ending| ending.to_ascii_lowercase());
            let is_page = ending.is_some_and(|ending| ending == "html" || ending == "htm");
            let was = match is_page {
                true => flags.page.replace(Path::new(value)).is_some(),
                false => flags.name.replace(value).is_some(),
            };
            if was {
                return Err(Failure::usage("it is given twice")
                    .at("--sheet")
                    .hint("one name of a sheet, and one of a page of labels that ends in .html"));
            }
        }
        Ok(flags)
    }
}
