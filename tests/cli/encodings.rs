//! Lists in other encodings than UTF-8: read, and written in the same, without ever replacing a character.

use crate::support::{FIXED, Folder, ISSUED, USUAL, all, rows, rows_with};
use std::io::Write;
use std::process::Stdio;

fn utf16(text: &str, bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
    "\u{feff}"
        .encode_utf16()
        .chain(text.encode_utf16())
        .flat_map(bytes)
        .collect()
}

/// Every line of the input begins the same line of the output.
fn assert_kept(input: &[u8], output: &[u8]) {
    let lines = |bytes: &[u8]| {
        bytes
            .split(|byte| *byte == b'\n')
            .map(<[u8]>::to_vec)
            .collect::<Vec<_>>()
    };
    let (input, output) = (lines(input), lines(output));
    assert_eq!(input.len(), output.len());
    for (before, after) in input.iter().zip(&output) {
        let before = before.strip_suffix(b"\r").unwrap_or(before);
        assert!(after.starts_with(before), "{before:x?} in {after:x?}");
    }
}

#[test]
fn utf16_is_told_by_its_mark_and_written_as_utf8_with_one() {
    let text = "customer_id;näme\r\n1;Łukasz 😀\r\n2;\"a;\r\nb\"\r\n";
    for bytes in [u16::to_le_bytes as fn(u16) -> [u8; 2], u16::to_be_bytes] {
        let folder = Folder::with_list(utf16(text, bytes));
        let run = folder.generate(&[]).done();
        assert!(run.stdout.starts_with("\u{feff}customer_id;näme;token;"));
        let rows = rows_with(&run.stdout, b';');
        assert_eq!(rows[0]["näme"], "Łukasz 😀");
        assert_eq!(rows[1]["näme"], "a;\r\nb");
    }
}

#[test]
fn utf16_without_a_mark_is_read_by_its_name() {
    for (name, bytes) in [
        ("utf-16le", u16::to_le_bytes as fn(u16) -> [u8; 2]),
        ("UTF-16BE", u16::to_be_bytes),
    ] {
        let list = &utf16("customer_id;name\n1;é\n", bytes)[2..];
        let folder = Folder::with_list(list);
        let run = folder.generate(&["--encoding", name]).done();
        assert!(
            run.stdout.starts_with("\u{feff}customer_id;name;token;"),
            "{}",
            run.stdout
        );
        assert_eq!(rows_with(&run.stdout, b';')[0]["name"], "é");
        folder
            .generate(&[])
            .status(2)
            .tells("hint: it looks like UTF-16 without a mark");
    }
}

#[test]
fn what_is_no_utf16_rejects_its_row() {
    let good = "customer_id,name\r\n1,a\r\n";
    let lone = [0xd800, u16::from(b'\r'), u16::from(b'\n')]
        .map(u16::to_le_bytes)
        .concat();
    let odd = b"\0\0\0".to_vec();
    for rest in [lone, odd] {
        let mut bytes = utf16(&format!("{good}2,"), u16::to_le_bytes);
        bytes.extend_from_slice(&rest);
        let folder = Folder::with_list(bytes);
        let run = folder
            .generate(&["-o", "links.csv", "--rejects", "bad.csv"])
            .status(1)
            .tells("customers.csv: row 3, line 3: the row has bytes that are not UTF-");
        run.expect(run.stderr.contains("1 rejected"), "one row");
        let output = folder.read("links.csv");
        assert!(!output.contains('\u{fffd}'));
        assert_eq!(rows(&output).len(), 1);
    }
}

#[test]
fn encodings_by_name_are_kept_byte_for_byte() {
    let lists: [(&str, &[u8], &str); 6] = [
        (
            "windows-1252",
            b"customer_id,name,stra\xdfe\r\n1,M\xfcller \x80,\"a,b\"\r\n2,\x93x\x94,\r\n",
            "name",
        ),
        ("latin1", b"customer_id,name\n1,M\xfcller\n", "name"),
        ("windows-1250", b"customer_id,name\n1,\xa3ukasz \x9d\n", "name"),
        ("ISO-8859-15", b"customer_id,name\n1,\xa4\n", "name"),
        // the second byte of some characters is a backslash, a bar or a letter
        (
            "shift_jis",
            b"customer_id,name\n1,\x83\x5c\x83\x7c\n2,\"\x95\x5c,\"\n",
            "name",
        ),
        ("gbk", b"customer_id,name\n1,\xd6\xd0\x81\x7c\n", "name"),
    ];
    for (encoding, list, claim) in lists {
        let folder = Folder::with_list(list);
        let flags = ["--encoding", encoding, "--claims", &format!("customer_id,{claim}")];
        let run = folder.generate(&flags).done();
        assert_kept(list, &run.raw);
        folder.write("links.csv", &run.raw);
        // the claim is the text, not its bytes
        let checked = folder.run(&[
            "verify",
            "--file",
            "links.csv",
            "--encoding",
            encoding,
            "--now",
            crate::support::ISSUED,
        ]);
        checked.done();
    }
}

#[test]
fn cells_of_other_encodings_become_utf8_in_links() {
    let folder = Folder::with_list(b"customer_id,name\n1,M\xfcller\n");
    let args = all(&[
        &[
            "generate",
            "customers.csv",
            "--encoding",
            "windows-1252",
            "--expires-in",
            "1h",
        ],
        &["--url", "https://shop.example/{token}?n={name}"],
        &FIXED,
    ]);
    let run = folder.run(&args).done();
    run.expect(run.stdout.contains("?n=M%C3%BCller"), "percent-encoded UTF-8");
}

#[test]
fn a_mark_in_two_reads_is_one_mark() {
    let folder = Folder::new();
    let utf8 = "\u{feff}customer_id\n1\n".as_bytes().to_vec();
    let utf16 = utf16("customer_id\n1\n", u16::to_le_bytes);
    for list in [utf8, utf16] {
        for cut in 1..4 {
            let call = folder.call(&all(&[&["generate", "-"], &USUAL, &FIXED]));
            let mut child = call.command().stdin(Stdio::piped()).spawn().expect("it starts");
            let mut stdin = child.stdin.take().expect("a pipe");
            for piece in [&list[..cut], &list[cut..]] {
                stdin.write_all(piece).expect("written");
                std::thread::yield_now();
            }
            drop(stdin);
            let run = call.judge(child.wait_with_output().expect("it ends")).done();
            assert!(run.stdout.starts_with("\u{feff}customer_id,token,"), "{}", run.stdout);
        }
    }
}

#[test]
fn bytes_of_another_encoding_name_their_place_and_what_to_do() {
    let folder = Folder::with_list(b"customer_id,name\n1,a\n2,\"x\ny\"\n3,M\xfcller\n4,b\n");
    let run = folder
        .generate(&["-o", "links.csv", "--rejects", "bad.csv"])
        .status(1)
        .tells("customers.csv: row 4, line 5: the row has bytes that are not UTF-8")
        .tells("--encoding windows-1252");
    run.expect(!run.stderr.contains('\u{fffd}'), "no replacement character");
    assert_eq!(
        folder.bytes("bad.csv"),
        b"row,error,customer_id,name\n4,the row has bytes that are not UTF-8,3,M\xfcller\n"
    );
    assert_eq!(rows(&folder.read("links.csv")).len(), 3);
}

#[test]
fn a_header_of_another_encoding_is_told() {
    let folder = Folder::with_list(b"customer_id,stra\xdfe\n1,a\n");
    folder
        .generate(&[])
        .status(3)
        .tells("customers.csv: row 1, line 1: the header is not UTF-8")
        .tells("--encoding windows-1252");
    // a byte that the encoding does not have
    let folder = Folder::with_list(b"customer_id,name\n1,\x83\xff\n");
    folder
        .generate(&["--encoding", "shift_jis"])
        .status(1)
        .tells("row 2, line 2: the row has bytes that are not Shift_JIS");
}

#[test]
fn a_delimiter_that_is_a_part_of_other_characters_is_refused() {
    let folder = Folder::with_list("customer_id|name\n1|a\n");
    for flags in [&["-d", "|"][..], &[]] {
        let flags = all(&[&["--encoding", "gbk"], flags]);
        folder
            .generate(&flags)
            .status(3)
            .tells("| can be a part of another character")
            .tells("UTF-8");
    }
    folder.generate(&["--encoding", "windows-1252"]).done();
}

#[test]
fn an_unknown_encoding_is_refused() {
    let folder = Folder::with_list("customer_id\n1\n");
    for name in ["klingon", "", "utf-7", "iso-2022-jp", "replacement"] {
        folder
            .generate(&["--encoding", name])
            .status(2)
            .tells("linkmint: --encoding: there is no encoding")
            .tells("hint: windows-1252");
    }
}

#[test]
fn a_column_name_that_the_encoding_lacks_is_refused() {
    let folder = Folder::with_list("customer_id\n1\n");
    folder
        .generate(&["--encoding", "windows-1252", "--token-column", "→"])
        .status(2)
        .tells("--token-column: \"→\" can't be written in windows-1252");
    let run = folder
        .generate(&["--encoding", "windows-1252", "--token-column", "schlüssel"])
        .done();
    assert!(run.raw.starts_with(b"customer_id,schl\xfcssel,"));
}

/// `Get-Content tokens.txt | linkmint verify -` of PowerShell, and what it writes into a file.
#[test]
fn lines_of_utf16_are_read_by_every_command_that_takes_lines() {
    let folder = Folder::new();
    let token = folder.token(&["customer_id=1"]);
    for bytes in [u16::to_le_bytes as fn(u16) -> [u8; 2], u16::to_be_bytes] {
        let input = utf16(&format!("{token}\r\n{token}\r\n"), bytes);
        let now = ["verify", "-", "--now", ISSUED];
        let run = folder.call(&now).stdin(&input).run().done();
        assert_eq!(run.stdout.matches("VALID").count(), 2, "{}", run.stdout);
        let run = folder.call(&["inspect", "-"]).stdin(&input).run().done();
        assert!(run.stdout.contains("customer_id"), "{}", run.stdout);
    }
}

#[test]
fn a_mark_of_utf8_rules_over_a_name() {
    let folder = Folder::with_list("\u{feff}customer_id\nMüller\n");
    let run = folder.generate(&["--encoding", "windows-1252"]).done();
    let token = &rows(run.stdout.trim_start_matches('\u{feff}'))[0]["token"];
    let args = ["verify", "--print", "customer_id", "--now", ISSUED, token.as_str()];
    folder.run(&args).prints("Müller\n");
}

#[test]
fn rejects_of_a_named_utf16_are_fed_again_with_the_same_flags() {
    let list = &utf16("customer_id|é\n1|a\n|ü\n", u16::to_le_bytes)[2..];
    let folder = Folder::with_list(list);
    let flags = ["--encoding", "utf-16le", "-o", "links.csv", "--rejects", "bad.csv"];
    folder.generate(&flags).status(1);
    let mended = folder.read("bad.csv").replace("\n3,", "\n3|");
    let mended = mended.replace("||ü", "|2|ü");
    folder.write("customers.csv", mended);
    folder
        .generate(&["--encoding", "utf-16le", "-o", "more.csv", "--optional", "customer_id"])
        .done();
    assert!(folder.read("more.csv").contains("|ü|"), "{}", folder.read("more.csv"));
}

#[test]
fn what_is_no_text_is_called_that_and_no_encoding_is_offered() {
    // what is packed looks like noise: every byte, as often as every other
    let noise = |seed: u32| {
        let mut state = seed;
        std::iter::repeat_with(move || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 24) as u8
        })
    };
    let starts: [&[u8]; 4] = [
        b"\xfd7zXZ\0\0\x04\xe6\xd6\xb4\x46",
        b"BZh91AY&SY\x93\x1f",
        b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR",
        b"SQLite format 3\0\x10\0\x01\x01\0\x40 \0\0\0\x02",
    ];
    for (start, seed) in starts.into_iter().zip(1..) {
        let bytes: Vec<u8> = start.iter().copied().chain(noise(seed).take(3_000)).collect();
        let folder = Folder::with_list(bytes);
        let run = folder.generate(&[]);
        run.expect(run.status != Some(0), "no list");
        run.expect(!run.stderr.contains("--encoding"), "no encoding is offered");
        run.expect(!run.stderr.contains("UTF-32"), "nor guessed");
    }
}
