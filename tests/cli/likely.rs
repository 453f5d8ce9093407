//! Lists in an encoding that nobody named: what they most likely are.

use crate::support::{Folder, ISSUED};

/// "id,customer_id,name" with names that tell an encoding, in its bytes.
const EXPORTS: [(&str, &[u8], &str); 5] = [
    (
        "windows-1252",
        b"customer_id;name\r\n1;Kr\xfcger GmbH\r\n2;B\xe4ckerei Wei\xdf\r\n",
        "Bäckerei Weiß",
    ),
    (
        "cp850",
        b"customer_id;name\r\n1;Kr\x81ger GmbH\r\n2;B\x84ckerei Wei\xe1\r\n",
        "Bäckerei Weiß",
    ),
    (
        "macintosh",
        b"customer_id;name\r\n1;Kr\x9fger GmbH\r\n2;B\x8ackerei Wei\xa7\r\n",
        "Bäckerei Weiß",
    ),
    (
        "windows-1251",
        b"customer_id;name\r\n1;\xc8\xe2\xe0\xed\xee\xe2 \xcf\xb8\xf2\xf0\r\n",
        "Иванов Пётр",
    ),
    (
        "Shift_JIS",
        b"customer_id;name\r\n1;\x8a\x94\x8e\xae\x89\xef\x8e\xd0\x93\x8c\x8b\x9e\r\n",
        "株式会社東京",
    ),
];

#[test]
fn a_list_that_is_no_utf8_is_told_what_it_most_likely_is() {
    for (encoding, list, reads) in EXPORTS {
        let folder = Folder::with_list(list);
        let run = folder.generate(&["-o", "links.csv"]).status(1);
        let hint = format!("hint: as {encoding} it reads \"{reads}\": if that is right, add --encoding {encoding};");
        let run = run.tells(&hint);
        let times = run.stderr.matches("hint: as ").count();
        run.expect(times == 1, "each hint once");
        // and the flag of the hint reads it
        let run = folder.generate(&["-o", "links.csv", "--encoding", encoding]).done();
        run.expect(!run.stderr.contains("likeliest"), "it was named");
        assert!(
            folder
                .bytes("links.csv")
                .starts_with(&list[..list.iter().position(|b| *b == b'\r').expect("a line")])
        );
    }
}

#[test]
fn the_likeliest_encoding_is_taken_where_that_is_asked_and_told() {
    for (encoding, list, _) in EXPORTS {
        let folder = Folder::with_list(list);
        let run = folder.generate(&["-o", "links.csv", "--encoding", "auto"]).done();
        run.tells(&format!("({encoding}, the likeliest encoding, \";\" between cells)"));
        let names = |bytes: &[u8]| bytes.split(|byte| *byte == b';').nth(2).map(<[u8]>::to_vec);
        // the rows stay as they were
        assert!(names(&folder.bytes("links.csv")).is_some());
        let run = folder.run(&["verify", "--file", "links.csv", "--encoding", "auto", "--now", ISSUED]);
        run.done().tells(&format!("read as {encoding}, the likeliest encoding"));
    }
    let folder = Folder::with_list("customer_id,name\n1,Krüger\n");
    folder
        .generate(&["--encoding", "auto"])
        .done()
        .tells("(UTF-8, the likeliest encoding,");
    let utf16: Vec<u8> = "customer_id,name\n1,Krüger\n"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    let folder = Folder::with_list(utf16);
    folder.generate(&["--encoding", "auto"]).done().tells("(UTF-16LE");
}

#[test]
fn a_header_that_is_no_utf8_is_told_what_it_most_likely_is() {
    let folder = Folder::with_list(b"customer_id,stra\xdfe\n1,x\n");
    let run = folder.generate(&[]).status(3);
    run.tells("hint: as windows-1252 it reads \"straße\": if that is right, add --encoding windows-1252");
    folder.generate(&["--encoding", "windows-1252"]).done();
}

#[test]
fn plain_lists_and_lists_to_check_are_told_alike() {
    let folder = Folder::new();
    let token = folder.token(&["customer_id=1"]);
    let mut list = format!("{token}\n").into_bytes();
    list.extend_from_slice(b"Kr\xfcger https://shop.example/\n");
    folder.write("plain.txt", &list);
    let verify =
        |extra: &[&'static str]| folder.run(&[&["verify", "--file", "plain.txt", "--now", ISSUED], extra].concat());
    verify(&[])
        .status(1)
        .tells("hint: as windows-1252 it reads \"Krüger https://shop.example/\"");
    let run = verify(&["--encoding", "auto"]).status(1);
    run.tells("read as windows-1252, the likeliest encoding");
}

#[test]
fn the_code_pages_of_dos_and_old_macintoshes_have_names() {
    for (name, byte) in [
        ("cp850", 0x81),
        ("cp437", 0x81),
        ("CP-850", 0x81),
        ("macintosh", 0x9f),
        ("ansi", 0xfc),
    ] {
        let list = [b"customer_id,name\n1,Kr".as_slice(), &[byte], b"ger\n"].concat();
        let folder = Folder::with_list(list);
        let run = folder.run(&[
            "generate",
            "customers.csv",
            "--expires-in",
            "24h",
            "--issued-at",
            ISSUED,
            "--encoding",
            name,
            "--claims",
            "customer_id,name",
            "--no-link",
            "-o",
            "o.csv",
        ]);
        run.done();
        let row = folder.bytes("o.csv");
        assert!(
            row.windows(5).any(|part| part == [b'r', byte, b'g', b'e', b'r']),
            "{name}: written in the same"
        );
        let token = String::from_utf8_lossy(&row)
            .lines()
            .nth(1)
            .and_then(|row| row.split(',').nth(2).map(str::to_owned));
        let token = token.expect("a token");
        folder
            .run(&["verify", "--now", ISSUED, "--print", "name", "--", &token])
            .done()
            .prints("Krüger\n");
    }
    let folder = Folder::with_list("customer_id\n1\n");
    folder
        .generate(&["--encoding", "cp9999"])
        .status(2)
        .tells("auto takes the likeliest");
}
