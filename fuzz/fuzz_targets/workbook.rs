#![no_main]

#[path = "../../tests/books/mod.rs"]
mod books;
#[path = "../../tests/fuzzing/workbook.rs"]
mod workbook;

libfuzzer_sys::fuzz_target!(|data: &[u8]| workbook::workbook(data));
