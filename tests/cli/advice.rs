//! What is told of a mistake is the reason, and following the hint helps.

use crate::support::{FIXED, Folder, USUAL, all, rows};

fn generate<'f>(folder: &'f Folder, flags: &[&str]) -> crate::support::Call<'f> {
    folder.call(&all(&[&["generate", "customers.csv"], &USUAL, &FIXED, flags]))
}

fn wide(text: &str, unit: impl Fn(char) -> Vec<u8>) -> Vec<u8> {
    text.chars().flat_map(unit).collect()
}

#[test]
fn text_with_zero_bytes_is_told_by_where_they_stand() {
    let list = "customer_id,name\n1,a\n2,b\n";
    let le = |letter| (letter as u16).to_le_bytes().to_vec();
    let be = |letter| (letter as u16).to_be_bytes().to_vec();
    for (bytes, flag) in [(wide(list, le), "utf-16le"), (wide(list, be), "utf-16be")] {
        let folder = Folder::with_list(bytes);
        generate(&folder, &[]).refused(2, "there is no column", &format!("--encoding {flag}"));
        let run = generate(&folder, &["--encoding", flag]).run().done();
        assert_eq!(rows(&run.stdout).len(), 2);
    }
    let mark = |unit: fn(char) -> Vec<u8>| [&[0xff, 0xfe, 0, 0][..], &wide(list, unit)].concat();
    let le32 = |letter| (letter as u32).to_le_bytes().to_vec();
    let be32 = |letter| (letter as u32).to_be_bytes().to_vec();
    for bytes in [wide(list, le32), wide(list, be32), mark(le32)] {
        generate(&Folder::with_list(bytes), &[]).refused(2, "there is no column", "it looks like UTF-32");
    }
    let archive = b"SQLite format 3\0\x10\0\x01\x01\0@  more\n1\n";
    generate(&Folder::with_list(archive), &[]).refused(2, "there is no column", "zero bytes, which no text has");
}

#[test]
fn a_broken_unit_of_utf16_is_told_as_that() {
    let good: Vec<u8> = "\u{feff}customer_id\n1\n"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    let rest: Vec<u8> = "\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let folder = Folder::with_list([&good, &[0x00, 0xd8][..], &rest].concat());
    for flags in [&[][..], &["--encoding", "windows-1250"]] {
        generate(&folder, &[&["-o", "links.csv"], flags].concat()).refused(
            1,
            "row 3, line 3: the row has bytes that are not UTF-16",
            "the list is damaged there",
        );
    }
}

#[test]
fn a_cell_over_8_mib_in_quotes_that_close_is_a_long_row() {
    let long = "x".repeat(9 << 20);
    for list in [
        format!("customer_id,name\n1,a\n2,\"{long}\"\n3,c\n"),
        format!("customer_id,\"{long}\"\n1,a\n"),
    ] {
        let folder = Folder::with_list(list);
        generate(&folder, &["-o", "links.csv"]).refused(3, "a row is longer than 8 MiB", "most likely a quote opens");
    }
}

#[test]
fn an_open_quote_above_the_header_is_told_as_one() {
    let folder = Folder::with_list("\"Title\n\ncustomer_id,name\n1,a\n");
    generate(&folder, &["--header-row", "3"]).refused(
        3,
        "customers.csv: row 1, line 1: a quote opens here and never closes",
        "close the quote",
    );
}

#[test]
fn a_claim_that_is_set_twice_or_too_long_is_told_what_to_do() {
    let folder = Folder::with_list("customer_id\n1\n");
    generate(&folder, &["--set", "a=1", "--set", "a=2"]).refused(2, "the claim a is given twice", "give it one value");
    generate(&folder, &["--set", "customer_id=2"]).refused(2, "is given twice", "a column of the list gives it");
    let long = format!("a={}", "x".repeat(513));
    generate(&folder, &["--set", &long]).refused(2, "--set: the claim a", "shorten it");
    folder
        .call(&["sign", &long, "--expires-in", "1h"])
        .refused(2, "sign: the claim a", "shorten it");
}

#[test]
fn a_sep_line_of_another_delimiter_is_told_as_the_cause() {
    let folder = Folder::with_list("sep=,\ncustomer_id;name\n1;a\n");
    generate(&folder, &[]).refused(
        2,
        "there is no column",
        "--delimiter \";\"; the line sep= above it names another",
    );
    generate(&folder, &["--delimiter", ";"]).run().done();
}

#[test]
fn a_keyring_without_keys_is_warned_of() {
    let folder = Folder::empty();
    folder.write("none.json", "{\"keys\":[]}");
    crate::support::make_private(&folder.path("none.json"));
    folder
        .run(&["key", "import", "none.json", "--keyring", "own.json"])
        .tells("none.json: there are no keys in it");
    folder
        .run(&["key", "export", "--keyring", "none.json"])
        .tells("none.json: there are no keys in it");
}

#[test]
fn sign_warns_of_an_address_that_a_page_reads_behind_the_hash() {
    let folder = Folder::new();
    folder
        .run(&[
            "sign",
            "customer_id=1",
            "--expires-in",
            "1h",
            "--base-url",
            "https://x.example/#/p",
        ])
        .done()
        .tells("--base-url: the token goes before the #")
        .tells("--url \"https://x.example/#/p/{token}\"");
}

#[test]
fn a_typed_value_gets_no_advice_about_lists() {
    let folder = Folder::new();
    for value in ["4.68E+17", "NULL", "Total", "a\u{a0}b", "a\"b"] {
        let run = folder
            .run(&["sign", &format!("customer_id={value}"), "--expires-in", "1h"])
            .done()
            .tells("warning");
        for word in ["column", "export", "row", "cell"] {
            let hints = run.stderr.lines().filter(|line| line.starts_with("hint"));
            run.expect(!hints.into_iter().any(|hint| hint.contains(word)), word);
        }
    }
}

#[test]
fn a_lists_own_columns_row_and_error_stay() {
    let folder = Folder::with_list("row,error,customer_id\nA1,none,1\nA2,none,2\n");
    let run = generate(&folder, &[]).run().done();
    assert!(run.stdout.starts_with("row,error,customer_id,token"), "{}", run.stdout);
    assert_eq!(rows(&run.stdout)[1]["row"], "A2");
}

#[test]
fn more_of_what_spreadsheets_and_scripts_make_of_an_id_is_warned_of() {
    let spoiled = "the value looks like";
    for value in [
        "1001.00",
        "\"1001,00\"",
        "<null>",
        "`42",
        "\u{2019}42",
        "Ergebnis",
        "\u{418}\u{442}\u{43e}\u{433}\u{43e}",
        "Anna <a@x.org>",
    ] {
        let folder = Folder::with_list(format!("customer_id\n{value}\n"));
        generate(&folder, &["--strict"]).refused(1, "row 2, line 2", "");
        let run = generate(&folder, &[]).run().done();
        run.expect(run.stderr.contains("warning"), &format!("{value}: {spoiled}"));
    }
}

#[test]
fn a_date_in_a_zone_that_nobody_knows_is_refused() {
    let folder = Folder::with_list("customer_id\n1\n");
    let flags = [&["generate", "customers.csv", "--no-link"][..], &FIXED].concat();
    let call = |more: &[&str]| folder.call(&[&flags[..], more].concat()).variable("TZ", "Foo/Bar");
    call(&["--expires-at", "2026-11-30"]).refused(2, "TZ: there is no time zone \"Foo/Bar\"", "--timezone");
    call(&["--expires-at", "2026-11-30", "--timezone", "UTC"]).run().done();
    call(&["--expires-at", "2026-11-30T00:00:00Z"]).run().done();
    call(&["--expires-in", "7d"]).run().done();
}

#[test]
fn a_name_with_a_character_that_nobody_sees_is_found() {
    let folder = Folder::with_list("customer_id\u{200b},name\n1,a\n");
    generate(&folder, &[]).run().done();
}

#[test]
fn a_summary_file_says_of_what_run_it_is_and_why_that_failed() {
    let folder = Folder::with_list("kunde\n1\n");
    generate(&folder, &["-o", "links.csv", "--summary-file", "run.json"])
        .run()
        .status(2);
    let summary: serde_json::Value = serde_json::from_str(&folder.read("run.json")).expect("JSON");
    assert_eq!(
        (&summary["input"], &summary["output"]),
        (&"customers.csv".into(), &"links.csv".into())
    );
    assert!(summary["error"].to_string().contains("there is no column"), "{summary}");
    folder.write("customers.csv", "customer_id,name\n1,a\n,b\n");
    generate(&folder, &["-o", "links.csv", "--summary-file", "run.json"])
        .run()
        .status(1);
    let summary: serde_json::Value = serde_json::from_str(&folder.read("run.json")).expect("JSON");
    let why = "customers.csv: 1 of 2 rows is bad: nothing was written";
    assert_eq!((&summary["complete"], &summary["error"]), (&false.into(), &why.into()));
}
