#![no_main]

#[path = "../../tests/fuzzing/harness.rs"]
mod harness;
#[path = "../../tests/fuzzing/same_as_csv.rs"]
mod same_as_csv;

libfuzzer_sys::fuzz_target!(|data: &[u8]| harness::list(data));
