//! What a list or a flag gives away by itself: how a file is compressed, what a row ends with, where a page routes.

use crate::support::{FIXED, Folder, USUAL, all};
use std::io::Write;

const LIST: &[u8] = b"customer_id,name\n1,a\n2,b\n";

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(bytes).expect("memory");
    encoder.finish().expect("memory")
}

#[test]
fn compressed_lists_are_known_by_their_first_bytes() {
    let folder = Folder::with_list(LIST);
    let plain = folder.generate(&["-q"]).done().stdout;
    for bytes in [gzip(LIST), zstd::encode_all(LIST, 0).expect("memory")] {
        folder.write("customers.csv", &bytes);
        folder.generate(&["-q"]).done().prints(&plain);
        let piped = all(&[&["generate", "-q"], &USUAL, &FIXED]);
        folder.call(&piped).stdin(&bytes).run().done().prints(&plain);
    }
    folder.write("customers.csv", &gzip(LIST)[..30]);
    folder.generate(&[]).status(3).tells("ends too early");
    // first bytes that only begin alike
    folder.write("customers.csv", "(customer_id\n1\n");
    folder.generate(&["--claims", "id=(customer_id"]).done();
}

#[test]
fn a_name_of_what_no_list_is_written_as_is_refused() {
    let folder = Folder::with_list(LIST);
    for (name, what) in [
        ("x.pdf", "not as .pdf"),
        ("x.PDF.gz", "not as .pdf.gz"),
        ("x.xlsx.gz", "not as a compressed workbook, .gz"),
        ("x.zip", "not as .zip"),
    ] {
        let args = all(&[&["generate", "customers.csv", "-o", name], &USUAL]);
        folder.call(&args).refused(2, what, "name it .csv or .xlsx");
    }
}

#[test]
fn a_delimiter_at_the_end_of_every_row_but_the_header_is_told_as_that() {
    let folder = Folder::with_list("customer_id,name\n1,a,\n2,b,\n");
    let args = all(&[&["generate", "customers.csv", "-o", "x.csv"], &USUAL]);
    folder.call(&args).refused(
        1,
        "row 2, line 2: the row ends with a delimiter that the header has not",
        "end the header",
    );
}

#[test]
fn a_page_that_routes_behind_the_hash_is_warned_of() {
    let folder = Folder::with_list(LIST);
    let run = |flags: &[&str]| {
        let args = ["generate", "customers.csv", "--expires-in", "1h", "--base-url"];
        folder.run(&all(&[&args, flags])).done()
    };
    run(&["https://shop.example/#/promo"])
        .tells("the token goes before the #")
        .tells("hint: --url \"https://shop.example/#/promo/{token}\" puts it behind");
    run(&["https://shop.example/#/promo?a=1", "--param", "t"])
        .tells("hint: --url \"https://shop.example/#/promo?a=1&t={token}\" puts it behind");
    let behind = [
        "generate",
        "customers.csv",
        "--expires-in",
        "1h",
        "--url",
        "https://shop.example/#/promo/{token}",
    ];
    let behind = folder.run(&behind).done();
    behind.expect(!behind.stderr.contains("the #"), "no warning");
    let top = run(&["https://shop.example/p#top"]);
    top.expect(!top.stderr.contains("the #"), "no warning of a place in a page");
}
