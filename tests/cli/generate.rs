//! A link for each row: what is kept, what is added, what a claim is, and what the summary says.

use crate::support::{FIXED, Folder, KEY_ID, OTHER_SECRET, SECRET, USUAL, all, keyring_text, rows, rows_with};
use serde_json::Value;

const LIST: &str = "customer_id,campaign_id,product_id\n1001,spring26,7\n1002,spring26,8\n";
const ROW_ONE: &str = "LOKOawHAAGsDEYAAAAAAAAGjARkD6QJoc3ByaW5nMjYDB_icjnG2A3mYSIrDujxmtRc";

/// The claims that linkmint itself reads in a token.
fn claims_of(folder: &Folder, token: &str) -> Value {
    folder.run(&["inspect", "--json", token]).done().json()[0]["claims"].clone()
}

#[test]
fn token_link_and_expiry_are_appended() {
    let folder = Folder::with_list(LIST);
    let run = folder.generate(&[]).done();
    let expected = format!(
        "customer_id,campaign_id,product_id,token,url_link,expires_at\n\
         1001,spring26,7,{ROW_ONE},https://shop.example/p/{ROW_ONE},2026-11-22T16:00:00Z\n"
    );
    run.expect(run.stdout.starts_with(&expected), &expected);
    assert_eq!(rows(&run.stdout).len(), 2);
}

#[test]
fn output_goes_to_the_file_that_is_named() {
    let folder = Folder::with_list(LIST);
    let stdout = folder.generate(&[]).done().stdout;
    folder.generate(&["-o", "links.csv"]).done().prints("");
    assert_eq!(folder.read("links.csv"), stdout);
    assert_eq!(folder.files(), ["customers.csv", "links.csv"]);
}

#[test]
fn a_list_may_come_on_standard_input() {
    let folder = Folder::with_list(LIST);
    let stdout = folder.generate(&[]).done().stdout;
    for input in [&["-"][..], &[]] {
        let args = all(&[&["generate"], input, &USUAL, &FIXED]);
        folder.call(&args).stdin(LIST).run().done().prints(&stdout);
    }
}

/// Everything but the new cells must be in the output as it was.
fn assert_kept(input: &[u8], delimiter: u8) {
    let folder = Folder::with_list(input);
    let run = folder.generate(&[]).done();
    let header = [delimiter, b't', b'o', b'k', b'e', b'n'];
    // take the three new cells off again: none of them needs quotes here
    let mut rest = Vec::new();
    for line in run.raw.split_inclusive(|byte| *byte == b'\n') {
        let end = line
            .iter()
            .rposition(|byte| !matches!(byte, b'\r' | b'\n'))
            .map_or(0, |place| place + 1);
        let (text, line_break) = line.split_at(end);
        let new_cells = text.windows(22).any(|part| part == b"2026-11-22T16:00:00Z".as_slice())
            || text.ends_with(b"Z")
            || text.windows(header.len()).any(|part| part == header);
        let mut kept = text.to_vec();
        if new_cells {
            for _ in 0..3 {
                let cut = kept.iter().rposition(|byte| *byte == delimiter).expect("a delimiter");
                kept.truncate(cut);
            }
        }
        rest.extend_from_slice(&kept);
        rest.extend_from_slice(line_break);
    }
    let expected = String::from_utf8_lossy(input).into_owned();
    run.expect(rest == input, &format!("all but the new cells as in {expected:?}"));
}

#[test]
fn every_other_byte_is_kept() {
    let lists: [(&[u8], u8); 12] = [
        (b"customer_id,name\n1,\"M\xc3\xbcller, J\"\n2, spaces  \n", b','),
        (b"customer_id,name\r\n1,a\r\n2,b\r\n", b','),
        (b"customer_id,name\r\n1,a\n2,b\r\n", b','),
        (b"customer_id,name\n1,a\n2,b", b','),
        (b"\xef\xbb\xbfcustomer_id;name\r\n1;a\r\n2;b\r\n", b';'),
        (b"sep=;\r\ncustomer_id;name\r\n1;a,b\r\n", b';'),
        (b"\xef\xbb\xbfsep=;\r\ncustomer_id;name\r\n1;a\r\n", b';'),
        (b"customer_id\tname\n1\ta\n", b'\t'),
        (b"customer_id|name\n1|a\n", b'|'),
        (b"\"customer_id\",\"name\"\n\"1\",\"say \"\"hi\"\"\"\n", b','),
        (b" customer_id ,name\n 1 ,a\n", b','),
        (b"customer_id\n1\n2\n", b','),
    ];
    for (list, delimiter) in lists {
        assert_kept(list, delimiter);
    }
}

#[test]
fn a_line_break_within_quotes_belongs_to_the_cell() {
    let folder = Folder::with_list("customer_id,note\n1,\"two\nlines\"\n2,\"two\r\nmore\"\n");
    let run = folder.generate(&[]).done();
    let rows = rows(&run.stdout);
    assert_eq!(rows.len(), 2);
    assert_eq!(rows[0]["note"], "two\nlines");
    assert_eq!(rows[1]["note"], "two\r\nmore");
}

#[test]
fn lone_carriage_returns_end_lines() {
    let folder = Folder::with_list("customer_id,name\r1,a\r2,b\r");
    let run = folder.generate(&[]).done();
    let lines: Vec<_> = run.stdout.split('\r').collect();
    run.expect(lines.len() == 4 && lines[3].is_empty(), "three lines that end in CR");
    run.expect(!run.stdout.contains('\n'), "no LF");
    run.expect(lines[1].starts_with("1,a,L"), "the first row");
}

#[test]
fn the_delimiter_can_be_told() {
    let folder = Folder::with_list("customer_id;a,b,c,d\n1;x\n");
    folder
        .generate(&[])
        .status(2)
        .tells("there is no column \"customer_id\"");
    for delimiter in [";", "tab"] {
        let list = if delimiter == ";" {
            "customer_id;a,b,c,d\n1;x\n"
        } else {
            "customer_id\ta,b,c,d\n1\tx\n"
        };
        folder.write("customers.csv", list);
        let run = folder.generate(&["-d", delimiter]).done();
        let byte = if delimiter == ";" { b';' } else { b'\t' };
        assert_eq!(rows_with(&run.stdout, byte)[0]["a,b,c,d"], "x");
    }
}

#[test]
fn cells_that_hold_the_delimiter_are_quoted() {
    let folder = Folder::with_list("customer_id;name\n1;a\n");
    let run = folder.run(&all(&[
        &[
            "generate",
            "customers.csv",
            "--base-url",
            "https://shop.example/p?a=1;b=2",
            "--never-expires",
        ],
        &FIXED,
    ]));
    let row = &rows_with(&run.done().stdout, b';')[0];
    assert_eq!(
        row["url_link"],
        format!("https://shop.example/p/{}?a=1;b=2", row["token"])
    );
}

#[test]
fn without_an_end_the_expiry_cell_is_empty() {
    let folder = Folder::with_list(LIST);
    let run = folder.run(&all(&[
        &["generate", "customers.csv", "--no-link", "--never-expires"],
        &FIXED,
    ]));
    let rows = rows(&run.done().stdout);
    assert_eq!(rows[0]["expires_at"], "");
    assert!(!rows[0].contains_key("url_link"));
}

#[test]
fn blank_rows_are_kept_counted_and_get_no_link() {
    let folder = Folder::with_list("customer_id;name\r\n1;a\r\n;\r\n\r\n ; \r\n2;b\r\n;\r\n");
    let run = folder.generate(&[]).done();
    let lines: Vec<_> = run.stdout.split("\r\n").collect();
    assert_eq!(lines[2], ";;;;", "as wide as the output");
    assert_eq!(lines[3], "", "an empty line stays one");
    assert_eq!(lines[4], " ; ;;;");
    assert_eq!(lines[6], ";;;;");
    run.tells("2 rows, 0 rejected, 4 blank");
}

#[test]
fn a_list_without_header_has_numbered_columns() {
    let folder = Folder::with_list("1001,anna\n1002,ben\n");
    let run = folder
        .generate(&["--no-header", "--claims", "customer_id=1,name=2"])
        .done();
    let lines: Vec<_> = run.stdout.lines().collect();
    assert_eq!(lines.len(), 2);
    let cells: Vec<_> = lines[0].split(',').collect();
    assert_eq!(cells.len(), 5);
    assert_eq!(
        claims_of(&folder, cells[2]),
        serde_json::json!({"customer_id": "1001", "name": "anna"})
    );
}

#[test]
fn a_customer_in_the_place_of_the_header_is_refused_with_a_hint() {
    let folder = Folder::with_list("1001,anna@example.com\n1002,ben@example.com\n");
    folder
        .generate(&[])
        .status(2)
        .tells("there is no column \"customer_id\"")
        .tells("--no-header");
}

#[test]
fn customer_campaign_and_product_are_claims_by_themselves() {
    let folder = Folder::with_list("name,product_id,customer_id\nanna,7,1001\n");
    let run = folder.generate(&[]).done();
    let claims = claims_of(&folder, &rows(&run.stdout)[0]["token"]);
    assert_eq!(claims, serde_json::json!({"customer_id": "1001", "product_id": "7"}));
}

#[test]
fn claims_are_chosen_and_renamed() {
    let folder = Folder::with_list("id,name,tier\n1001,anna,gold\n");
    let run = folder
        .generate(&["--claims", "tier,customer_id=id", "--set", "campaign_id=spring26"])
        .done();
    let claims = claims_of(&folder, &rows(&run.stdout)[0]["token"]);
    assert_eq!(
        claims,
        serde_json::json!({"customer_id": "1001", "campaign_id": "spring26", "tier": "gold"})
    );
}

#[test]
fn a_claim_for_all_rows_is_trimmed_like_a_cell() {
    let folder = Folder::with_list("customer_id\n1\n");
    let run = folder.generate(&["--set", "tier= gold "]).done();
    assert_eq!(claims_of(&folder, &rows(&run.stdout)[0]["token"])["tier"], "gold");
    folder
        .call(&all(&[&["generate", "customers.csv", "--set", "tier= "], &USUAL]))
        .refused(2, "--set: the claim tier: the value is empty", "NAME=VALUE");
    folder
        .call(&all(&[
            &["generate", "customers.csv", "--claims", "customer_id,customer_id"],
            &USUAL,
        ]))
        .refused(2, "--claims: the claim customer_id is given twice", "once");
}

#[test]
fn bare_tokens_are_made_on_request_alone() {
    let folder = Folder::with_list("name\nanna\nben\n");
    folder.generate(&[]).status(2).tells("customer_id");
    let run = folder.generate(&["--no-claims"]).done();
    let rows = rows(&run.stdout);
    assert_eq!(claims_of(&folder, &rows[0]["token"]), serde_json::json!({}));
    assert_ne!(rows[0]["token"], rows[1]["token"]);
}

#[test]
fn a_claim_that_is_set_may_not_come_from_a_column_too() {
    let folder = Folder::with_list(LIST);
    folder
        .call(&all(&[
            &["generate", "customers.csv", "--set", "campaign_id=x"],
            &USUAL,
        ]))
        .refused(2, "--set: the claim campaign_id is given twice", "--claims");
}

#[test]
fn an_optional_claim_is_left_out_where_its_cell_is_empty() {
    let folder = Folder::with_list("customer_id,campaign_id\n1,x\n2,\n3,  \n");
    let run = folder.generate(&["--optional", "campaign_id"]).done();
    let rows = rows(&run.stdout);
    assert_eq!(claims_of(&folder, &rows[0]["token"])["campaign_id"], "x");
    for row in &rows[1..] {
        assert_eq!(claims_of(&folder, &row["token"]).get("campaign_id"), None);
    }
}

#[test]
fn white_space_round_a_cell_is_no_part_of_the_claim_but_stays_in_the_row() {
    let folder = Folder::with_list("customer_id,campaign_id\n\" 1001\t\",\u{a0}x\u{a0}\n");
    let run = folder.generate(&[]).done();
    run.expect(run.stdout.contains("\n\" 1001\t\",\u{a0}x\u{a0},"), "the row as it was");
    let claims = claims_of(&folder, &rows(&run.stdout)[0]["token"]);
    assert_eq!(
        claims,
        serde_json::json!({"customer_id": "1001", "campaign_id": "\u{a0}x\u{a0}"})
    );
}

#[test]
fn identifiers_come_back_as_they_were() {
    let ids = [
        "0",
        "007",
        "18446744073709551615",
        "18446744073709551616",
        "DEADBEEF",
        "deadbeef",
        "Ünïcödé 🌞",
        "1e5",
    ];
    let folder = Folder::with_list(format!("customer_id\n{}\n", ids.join("\n")));
    let run = folder.generate(&[]).done();
    for (row, id) in rows(&run.stdout).iter().zip(ids) {
        assert_eq!(claims_of(&folder, &row["token"])["customer_id"], id);
    }
}

#[test]
fn sealed_tokens_hide_their_claims_from_all_but_the_key() {
    let folder = Folder::with_list(LIST);
    let run = folder.generate(&["--seal"]).done();
    let token = &rows(&run.stdout)[0]["token"];
    assert!(token.starts_with('S'));
    assert_eq!(claims_of(&folder, token), serde_json::json!({}));
    let checked = folder.run(&["verify", "--json", "--now", ISSUED, token]).done();
    assert_eq!(checked.json()[0]["claims"]["customer_id"], "1001");
}

const ISSUED: &str = crate::support::ISSUED;

#[test]
fn base32_survives_a_change_of_case() {
    let folder = Folder::with_list(LIST);
    for (seal, letter) in [(&[][..], 'f'), (&["--seal"], 'j')] {
        let run = folder.generate(&all(&[&["--text", "base32"], seal])).done();
        let token = &rows(&run.stdout)[0]["token"];
        assert!(token.to_lowercase().starts_with(letter), "{token}");
        for text in [token.to_uppercase(), token.to_lowercase()] {
            folder.run(&["verify", "--now", ISSUED, &text]).done();
        }
    }
}

#[test]
fn the_key_can_be_named_and_else_is_the_active_one() {
    let folder = Folder::with_list(LIST);
    folder.write("two.json", keyring_text(&[OTHER_SECRET, SECRET]));
    crate::support::make_private(&folder.path("two.json"));
    let run = folder.generate(&["--keyring", "two.json"]).done();
    assert_ne!(rows(&run.stdout)[0]["token"], ROW_ONE);
    let run = folder.generate(&["--keyring", "two.json", "--key-id", KEY_ID]).done();
    assert_eq!(rows(&run.stdout)[0]["token"], ROW_ONE);
}

#[test]
fn the_summary_tells_what_was_done_and_how_to_do_it_again() {
    let folder = Folder::with_list(LIST);
    folder
        .generate(&["-o", "links.csv"])
        .done()
        .tells("2 rows, 0 rejected, 0 blank, in ")
        .tells("rows/s")
        .tells("links.csv")
        .tells("2026-11-22T16:00:00Z (after 1 day)")
        .tells("--issued-at 2026-11-21T16:00:00Z --first-id 000000000001")
        .tells(KEY_ID);
    folder.generate(&["-q"]).done().says_nothing();
}

#[test]
fn the_summary_file_is_one_json_object() {
    let folder = Folder::with_list("customer_id\n1\n2\n\n");
    folder
        .generate(&["--summary-file", "summary.json", "-o", "links.csv", "-q"])
        .done()
        .says_nothing();
    let text = folder.read("summary.json");
    assert_eq!(text.lines().count(), 1);
    let summary: Value = serde_json::from_str(&text).expect("JSON");
    for (member, value) in [
        ("complete", Value::from(true)),
        ("rows", 2.into()),
        ("written", 2.into()),
        ("rejected", 0.into()),
        ("blank", 1.into()),
        ("key_id", KEY_ID.into()),
        ("issued_at", ISSUED.into()),
        ("first_id", "000000000001".into()),
        ("expires_first", "2026-11-22T16:00:00Z".into()),
        ("expires_last", "2026-11-22T16:00:00Z".into()),
        ("output", "links.csv".into()),
    ] {
        assert_eq!(summary[member], value, "{member} in {text}");
    }
    assert!(
        summary["repeat"]
            .as_str()
            .is_some_and(|repeat| repeat.contains("--first-id 000000000001"))
    );
}

#[test]
fn a_run_is_complete_when_every_row_went_somewhere() {
    let folder = Folder::with_list("customer_id\n1\n2,3\n4\n");
    let complete = |flags: &[&str]| {
        let flags = [&["--summary-file", "s.json", "-o", "links.csv"], flags].concat();
        folder.generate(&flags).status(1);
        let summary: Value = serde_json::from_str(&folder.read("s.json")).expect("JSON");
        summary["complete"].clone()
    };
    assert_eq!(complete(&[]), false);
    assert_eq!(complete(&["--rejects", "bad.csv"]), true);
}

#[test]
fn the_summary_file_is_written_after_a_failure_too() {
    let folder = Folder::with_list("customer_id\n1\n\n\"\n");
    folder
        .generate(&["--summary-file", "s.json", "-o", "links.csv"])
        .status(3);
    let summary: Value = serde_json::from_str(&folder.read("s.json")).expect("JSON");
    assert_eq!(summary["complete"], false);
    assert_eq!(folder.files(), ["customers.csv", "s.json"]);
    folder
        .generate(&["--summary-file", "s.json", "--claims", "nope"])
        .status(2);
    let summary: Value = serde_json::from_str(&folder.read("s.json")).expect("JSON");
    assert_eq!(summary["complete"], false);
    assert_eq!(summary["rows"], 0);
}

#[test]
fn the_samples_are_minted() {
    let samples = concat!(env!("CARGO_MANIFEST_DIR"), "/samples/");
    for (name, count, delimiter) in [("customers.csv", 200, b','), ("customers-excel-europe.csv", 60, b';')] {
        let folder = Folder::new();
        let list = std::fs::read(format!("{samples}{name}")).expect("a sample");
        folder.write("customers.csv", list);
        let run = folder.generate(&[]).done().tells(&format!("{count} rows, 0 rejected"));
        let filled = rows_with(&run.stdout, delimiter)
            .into_iter()
            .filter(|row| row["token"].starts_with('L'));
        assert_eq!(filled.count(), count, "{name}");
    }
}

#[test]
fn rejected_rows_go_to_their_file_as_they_were() {
    let bad = "2,\"ragged\n3,\"row\"\"\",x,y,z\n";
    let list = format!("customer_id,name\r\n1,a\r\n,b\r\n{}4,d\r\n", "2\r\n3,c,\"x\ny\"\r\n");
    assert!(!list.contains(bad));
    let folder = Folder::with_list(&list);
    let run = folder.generate(&["-o", "links.csv", "--rejects", "bad.csv"]).status(1);
    assert_eq!(
        folder.read("bad.csv"),
        "row,error,customer_id,name\r\n\
         3,column customer_id: the value is empty,,b\r\n\
         4,\"the row has 1 cell, the header has 2\",2\r\n\
         5,\"the row has 3 cells, the header has 2\",3,c,\"x\ny\"\r\n"
    );
    let good: Vec<_> = rows(&folder.read("links.csv"))
        .iter()
        .map(|row| row["customer_id"].clone())
        .collect();
    assert_eq!(good, ["1", "4"]);
    run.tells("5 rows, 3 rejected");
}

#[test]
fn a_file_of_rejected_rows_is_made_even_when_none_is_bad() {
    let folder = Folder::with_list(LIST);
    folder.generate(&["-o", "links.csv", "--rejects", "bad.csv"]).done();
    assert_eq!(folder.read("bad.csv"), "row,error,customer_id,campaign_id,product_id\n");
}

#[test]
fn corrected_rejects_can_be_fed_again() {
    let folder = Folder::with_list("customer_id,name\n1,a\n,b\n");
    folder.generate(&["-o", "links.csv", "--rejects", "bad.csv"]).status(1);
    let corrected = folder.read("bad.csv").replace(",,b", ",2,b");
    folder.write("customers.csv", corrected);
    let run = folder.generate(&[]).done();
    run.expect(
        run.stdout.starts_with("customer_id,name,token,"),
        "the two columns dropped",
    );
    run.expect(run.stdout.contains("\n2,b,L"), "the corrected row");
    run.tells("between cells, without row and error of rejected rows)");
}

#[test]
fn without_rejects_nothing_is_written_and_every_bad_row_is_counted() {
    let mut list = String::from("customer_id,name\n1,a\n");
    list += &",x\n".repeat(30);
    let folder = Folder::with_list(&list);
    let run = folder
        .generate(&["-o", "links.csv"])
        .status(1)
        .tells("30 of 31 rows are bad (10 more")
        .tells("row 22");
    run.expect(!run.stderr.contains("row 23,"), "no more than 20 told");
    assert_eq!(folder.files(), ["customers.csv"]);
}

#[test]
fn to_a_stream_the_rows_before_the_first_bad_one_are_written() {
    let folder = Folder::with_list("customer_id,name\n1,a\n2,b\n,c\n4,d\n,e\n");
    let run = folder.generate(&[]).status(1).tells("2 of 5 rows are bad");
    let ids: Vec<_> = rows(&run.stdout).iter().map(|row| row["customer_id"].clone()).collect();
    assert_eq!(ids, ["1", "2"]);
}

#[test]
fn a_list_without_rows_is_allowed_when_that_is_said() {
    let folder = Folder::with_list("customer_id\n");
    folder.generate(&["-o", "links.csv"]).status(3).tells("--allow-empty");
    folder.generate(&["-o", "links.csv", "--allow-empty"]).done();
    assert_eq!(folder.read("links.csv"), "customer_id,token,url_link,expires_at\n");
}
