//! `.gz` and `.zst`, read and written by name.

use crate::support::{Folder, all};
use std::io::{Read, Write};

const LIST: &[u8] = b"customer_id,name\n1,a\n2,b\n3,c\n";

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(bytes).expect("memory");
    encoder.finish().expect("memory")
}

fn zstd(bytes: &[u8]) -> Vec<u8> {
    zstd::encode_all(bytes, 0).expect("memory")
}

fn unpack(name: &str, bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    match name.ends_with("gz") {
        true => flate2::read::GzDecoder::new(bytes).read_to_end(&mut out).expect("gzip"),
        false => zstd::Decoder::new(bytes)
            .expect("zstd")
            .read_to_end(&mut out)
            .expect("zstd"),
    };
    out
}

fn generate<'a>(input: &'a str, flags: &[&'a str]) -> Vec<&'a str> {
    all(&[
        &["generate", input],
        &crate::support::USUAL,
        &crate::support::FIXED,
        flags,
    ])
}

#[test]
fn compressed_lists_are_read_and_written() {
    let folder = Folder::with_list(LIST);
    let expected = folder.generate(&[]).done().raw;
    folder.write("list.csv.gz", gzip(LIST));
    folder.write("list.csv.ZST", zstd(LIST));
    for input in ["list.csv.gz", "list.csv.ZST", "customers.csv"] {
        for output in ["links.csv.gz", "links.csv.zst"] {
            folder.run(&generate(input, &["-o", output, "-f"])).done();
            assert_eq!(unpack(output, &folder.bytes(output)), expected, "{input} to {output}");
        }
    }
}

#[test]
fn a_gzip_of_several_members_is_read_whole() {
    let folder = Folder::with_list(LIST);
    let expected = folder.generate(&[]).done().raw;
    // cut within a cell, and an empty member between
    let (first, rest) = LIST.split_at(20);
    folder.write("list.gz", [gzip(first), gzip(b""), gzip(rest)].concat());
    folder.write("list.zst", [zstd(first), zstd(b""), zstd(rest)].concat());
    for input in ["list.gz", "list.zst"] {
        let run = folder.run(&generate(input, &[])).done();
        assert_eq!(run.raw, expected);
    }
}

#[test]
fn a_file_cut_short_leaves_no_output() {
    let mut list = b"customer_id,name\n".to_vec();
    for number in 0..20_000u32 {
        list.extend_from_slice(format!("{number},{}\n", number.wrapping_mul(2_654_435_761)).as_bytes());
    }
    for (name, packed) in [("list.csv.gz", gzip(&list)), ("list.csv.zst", zstd(&list))] {
        for end in [packed.len() / 2, packed.len() - 1, 5] {
            let folder = Folder::new();
            folder.write(name, &packed[..end]);
            folder.write("links.csv", "old");
            folder
                .run(&generate(name, &["-o", "links.csv", "--rejects", "bad.csv", "-f"]))
                .status(3)
                .tells(&format!("{name}: it ends too early"))
                .tells("hint: the compressed file is cut short");
            assert_eq!(folder.read("links.csv"), "old");
            assert_eq!(folder.files(), ["links.csv", name]);
        }
    }
}

#[test]
fn a_damaged_file_leaves_no_output() {
    let mut damaged = gzip(&b"customer_id\n1\n".repeat(20_000));
    let checksum = damaged.len() - 6;
    damaged[checksum] ^= 1;
    for (name, bytes) in [
        ("a.gz", &damaged[..]),
        ("b.gz", b"customer_id\n1\n"),
        ("c.zst", b"customer_id\n1\n"),
    ] {
        let folder = Folder::new();
        folder.write(name, bytes);
        folder
            .run(&generate(name, &["-o", "links.csv"]))
            .status(3)
            .tells(&format!("linkmint: {name}: "))
            .tells("hint: ");
        assert_eq!(folder.files(), [name]);
    }
}

#[test]
fn rejects_are_compressed_by_name_too() {
    let folder = Folder::with_list("customer_id,name\n1,a\n,b\n");
    folder
        .generate(&["-o", "links.csv", "--rejects", "bad.csv.gz"])
        .status(1);
    let rejects = unpack("gz", &folder.bytes("bad.csv.gz"));
    assert_eq!(
        rejects,
        b"row,error,customer_id,name\n3,column customer_id: the value is empty,,b\n"
    );
    // and are fed again
    folder.write(
        "again.csv.gz",
        gzip(
            &String::from_utf8(rejects)
                .expect("text")
                .replace(",,b", ",2,b")
                .into_bytes(),
        ),
    );
    let run = folder.run(&generate("again.csv.gz", &[])).done();
    assert!(run.stdout.contains("\n2,b,L"));
}

#[test]
fn zeros_after_a_gzip_are_passed_over_and_anything_else_is_damage() {
    let folder = Folder::with_list(LIST);
    let whole = folder.run(&generate("customers.csv", &[])).done().stdout;
    for zeros in [1, 512, 100_000] {
        folder.write("padded.csv.gz", [gzip(LIST), vec![0; zeros]].concat());
        folder.run(&generate("padded.csv.gz", &[])).done().prints(&whole);
    }
    for rest in [&b"x"[..], b"more than ten bytes of rubbish", b"\0\0x"] {
        folder.write("more.csv.gz", [&gzip(LIST), rest].concat());
        folder.call(&generate("more.csv.gz", &["-o", "links.csv"])).refused(
            3,
            "more.csv.gz: after the end of what is compressed, something follows that is not",
            "the file is damaged",
        );
    }
}

#[test]
fn a_frame_to_skip_may_come_first() {
    let folder = Folder::with_list(LIST);
    let expected = folder.generate(&[]).done().raw;
    // RFC 8878, section 3.1.2: a mark, a length, and that many bytes
    for mark in [0x50u8, 0x5f] {
        let skipped = [mark, 0x2a, 0x4d, 0x18, 2, 0, 0, 0, b'x', b'y'];
        folder.write("list.bin", [&skipped[..], &zstd(LIST)].concat());
        let run = folder.run(&generate("list.bin", &[])).done();
        assert_eq!(run.raw, expected);
    }
    folder.write("p.csv", "P,customer_id\n1,2\n");
    folder.run(&generate("p.csv", &[])).done();
}

#[test]
fn a_window_that_is_too_large_is_not_told_as_damage() {
    let mut encoder = zstd::Encoder::new(Vec::new(), 1).expect("zstd");
    encoder.long_distance_matching(true).expect("zstd");
    encoder.window_log(28).expect("zstd");
    encoder.write_all(LIST).expect("memory");
    let folder = Folder::new();
    folder.write("list.zst", encoder.finish().expect("memory"));
    folder.call(&generate("list.zst", &[])).refused(
        3,
        "unpacking it takes over 128 megabytes of memory",
        "zstd -d --long=31",
    );
}
