//! What our record and cell finder makes of a list, held against the `csv` crate.

use linkmint::table::{Chunk, ReadOptions, RecordReader, TableError, unquote};
use std::io::Read;

/// Gives its bytes out in pieces of the sizes it is told, over and over.
struct Pieces<'a> {
    rest: &'a [u8],
    sizes: std::iter::Cycle<std::slice::Iter<'a, usize>>,
}

impl Read for Pieces<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let size = *self.sizes.next().expect("a cycle");
        let size = size.min(self.rest.len()).min(buffer.len());
        let (piece, rest) = self.rest.split_at(size);
        buffer[..size].copy_from_slice(piece);
        self.rest = rest;
        Ok(size)
    }
}

type Rows = Vec<Vec<Vec<u8>>>;

/// The rows that are not empty lines, and whether a quote was left open.
fn ours(bytes: &[u8], sizes: &[usize], delimiter: u8) -> (Rows, bool) {
    let input = Pieces {
        rest: bytes,
        sizes: sizes.iter().cycle(),
    };
    let options = ReadOptions {
        delimiter: Some(delimiter),
        no_header: true,
        ..ReadOptions::default()
    };
    let (mut reader, preamble) = match RecordReader::open(input, options) {
        Ok(opened) => opened,
        Err(TableError::Empty) => return (Rows::new(), false),
        Err(TableError::OpenQuote(_)) => return (Rows::new(), true),
        Err(error) => panic!("{error}"),
    };
    assert!(preamble.bytes.is_empty());
    let (mut rows, mut chunk, mut whole) = (Rows::new(), Chunk::default(), Vec::new());
    loop {
        match reader.fill(&mut chunk) {
            Ok(false) => break,
            Ok(true) => {}
            Err(TableError::OpenQuote(_)) => return (rows, true),
            Err(error) => panic!("{error}"),
        }
        whole.extend_from_slice(chunk.bytes());
        for row in chunk.page().rows().filter(|row| !row.raw().is_empty()) {
            rows.push(
                (0..row.len())
                    .map(|cell| unquote(row.cell(cell)).into_owned())
                    .collect(),
            );
        }
    }
    assert_eq!(whole, bytes, "nothing is lost");
    (rows, false)
}

fn theirs(bytes: &[u8], delimiter: u8) -> Rows {
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter)
        .from_reader(bytes);
    let records = reader
        .byte_records()
        .map(|record| record.expect("memory has no errors"));
    records
        .map(|record| record.iter().map(<[u8]>::to_vec).collect())
        .collect()
}

pub(crate) fn assert_same(bytes: &[u8], sizes: &[usize], delimiter: u8) {
    let (ours, open) = ours(bytes, sizes, delimiter);
    let mut theirs = theirs(bytes, delimiter);
    if open {
        // csv makes one last row of it, we an error
        theirs.pop();
    }
    assert_eq!(
        ours,
        theirs,
        "{:?} in pieces of {sizes:?}",
        String::from_utf8_lossy(bytes)
    );
}
