//! Workbooks whose parts hold anything. The kinds that calamine reads are left out: what comes of those is why a
//! process of its own reads them, and `tests/damaged.rs` is their test.

use super::books;
use linkmint::table::workbook::{self, Book, SheetOptions, WorkbookReader};
use std::io::Read;

/// The first byte says which part the others are: no panic, and an end.
pub(crate) fn workbook(data: &[u8]) {
    let Some((kind, part)) = data.split_first() else {
        return;
    };
    let texts = "<sst uniqueCount=\"2\"><si><t>a</t></si><si><r><t>b</t></r></si></sst>";
    let sheet = books::sheet("", &format!("{}<row><c t=\"s\"><v>1</v></c></row>", books::HEADER));
    let mut parts = match kind % 5 {
        0 | 1 => books::xlsx_parts(part, texts),
        2 => books::xlsx_parts(sheet.as_bytes(), &String::from_utf8_lossy(part)),
        3 => books::xlsx_parts(sheet.as_bytes(), texts),
        _ => books::ods_parts("", ""),
    };
    let replaced = match kind % 5 {
        3 => Some("xl/styles.xml"),
        4 => Some("content.xml"),
        _ => None,
    };
    for (name, bytes) in &mut parts {
        if Some(*name) == replaced {
            *bytes = part.to_vec();
        }
    }
    let options = SheetOptions {
        sheet: None,
        delimiter: b',',
    };
    let book = Book::Memory(books::archive(&parts));
    match workbook::open(book, options, &WorkbookReader::InProcess) {
        Ok(sheet) => {
            // rows may be repeated up to the end of a sheet
            let mut rows = Vec::new();
            if let Err(error) = sheet.rows.take(1 << 20).read_to_end(&mut rows) {
                assert_told(&error.to_string());
            }
        }
        Err(error) => assert_told(&error.to_string()),
    }
}

/// A reader that panicked is told as one that ended.
fn assert_told(error: &str) {
    assert!(!error.contains("asks for more memory"), "{error}");
    assert!(!error.contains('\n'), "{error}");
}
