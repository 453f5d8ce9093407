//! The record and cell finder against the `csv` crate: the same cells for every input, wherever the reads are cut.

use crate::fuzzing::same_as_csv::assert_same;
use linkmint::table::{ReadOptions, RecordReader, TableError};
use proptest::prelude::*;

fn list() -> impl Strategy<Value = Vec<u8>> {
    let token = prop_oneof![
        8 => Just(&b","[..]),
        6 => Just(&b"a"[..]),
        6 => Just(&b"\""[..]),
        4 => Just(&b"\n"[..]),
        3 => Just(&b"\r\n"[..]),
        2 => Just(&b"\r"[..]),
        1 => Just(&b" "[..]),
        1 => Just(&b";"[..]),
        1 => Just("é".as_bytes()),
        1 => Just(&b"0123456789012345678901234567890123456789012345678901234567890123456789"[..]),
    ];
    prop::collection::vec(token, 0..80).prop_map(|tokens| tokens.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4_000))]

    #[test]
    fn every_input_gives_the_cells_of_csv(
        bytes in list(),
        sizes in prop::collection::vec(1..100usize, 1..5),
        delimiter in prop::sample::select(&b",;"[..]),
    ) {
        assert_same(&bytes, &sizes, delimiter);
    }
}

#[test]
fn every_place_of_a_cut_gives_the_cells_of_csv() {
    let list = b"id,\"a \"\"b\"\",c\"\r\n1,\"x\r\ny\"\"\",\"\"\n\"q\"r,s\"t,\r2,,\r\n\r\n\"\"\"\",\"\",z";
    let long = [&[b'x'; 61], &list[..]].concat();
    for bytes in [&list[..], &long] {
        for cut in 1..bytes.len() {
            assert_same(bytes, &[cut, 1_000], b',');
        }
    }
}

#[test]
fn all_short_inputs_give_the_cells_of_csv() {
    let alphabet = b"a,\"\n\r";
    for length in 0..=5u32 {
        for number in 0..5usize.pow(length) {
            let bytes: Vec<u8> = (0..length)
                .map(|digit| alphabet[number / 5usize.pow(digit) % 5])
                .collect();
            assert_same(&bytes, &[1], b',');
        }
    }
}

/// Gives letters without end, and counts how often it is asked.
struct Endless<'c>(&'c mut usize);

impl std::io::Read for Endless<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        *self.0 += 1;
        buffer.fill(b'x');
        Ok(buffer.len())
    }
}

#[test]
fn a_header_without_end_is_read_in_few_steps() {
    let mut reads = 0;
    let opened = RecordReader::open(Endless(&mut reads), ReadOptions::default());
    assert!(matches!(opened.map(drop), Err(TableError::LongRow(_))));
    assert!(reads < 50, "{reads} reads, each looked through from the start");
}
