//! `--header-row`: a title, an export date and blank lines above the header.

use crate::support::{FIXED, Folder, USUAL, all, rows, rows_with};

const TITLE: &str = "Customers, \"spring\"\r\nExported 2026-11-21\r\n\r\n";

#[test]
fn lines_above_the_header_stay_as_they_were() {
    let folder = Folder::with_list(format!("\u{feff}{TITLE}Customer ID;name\r\n7;a\r\n;\r\n8;b\r\n"));
    let run = folder.generate(&["--header-row", "4"]).done();
    let rest = run
        .stdout
        .strip_prefix('\u{feff}')
        .and_then(|text| text.strip_prefix(TITLE));
    let rest = rest.unwrap_or_else(|| run.fail("the lines above as they were"));
    assert!(
        rest.starts_with("Customer ID;name;token;url_link;expires_at\r\n7;a;L"),
        "{rest}"
    );
    assert_eq!(rows_with(rest, b';').len(), 3);
    folder.write("links.csv", &run.stdout);
    let verify = [
        "verify",
        "--file",
        "links.csv",
        "--header-row",
        "4",
        "--now",
        "2026-11-21T17:00:00Z",
    ];
    let checked = folder.run(&verify).done();
    assert!(checked.stdout.contains(TITLE), "{}", checked.stdout);
}

#[test]
fn bad_rows_are_numbered_as_a_spreadsheet_does_and_fed_again_without_the_title() {
    let folder = Folder::with_list(format!("{TITLE}customer_id,name\r\n,a\r\n8,b\r\n"));
    let args = ["--header-row", "4", "--rejects", "bad.csv", "-o", "x.csv"];
    folder
        .generate(&args)
        .status(1)
        .tells("customers.csv: row 5, line 5, column customer_id");
    assert_eq!(rows(&folder.read("bad.csv"))[0]["row"], "5");
}

#[test]
fn a_header_that_stands_lower_is_told_with_the_flag() {
    let folder = Folder::with_list(format!("{TITLE}Customer ID;name\r\n7;a\r\n"));
    let args = all(&[&["generate", "customers.csv"], &USUAL, &FIXED]);
    folder.call(&args).refused(
        2,
        "there is no column \"customer_id\"",
        "row 4 has it: add --header-row 4",
    );
    folder.write("links.csv", "A title\ncustomer_id,token,url_link\n1,x,y\n");
    folder.call(&["verify", "--file", "links.csv"]).refused(
        2,
        "neither a column token",
        "row 2 has it: add --header-row 2",
    );
}

#[test]
fn a_row_that_is_none_is_refused() {
    let folder = Folder::with_list("customer_id\n1\n");
    let run = |row| all(&[&["generate", "customers.csv", "--header-row", row], &USUAL]);
    folder.call(&run("9")).refused(
        2,
        "there is no row 9 that could be the header",
        "as a spreadsheet numbers it",
    );
    folder.run(&run("0")).status(2);
    folder.run(&run("1")).done();
    let both = all(&[
        &["generate", "customers.csv", "--header-row", "2", "--no-header"],
        &USUAL,
    ]);
    folder.run(&both).status(2);
}

#[test]
fn a_title_of_any_shape_does_not_hide_the_row_of_the_header() {
    let table = [
        ("\ncustomer_id,n\n1,\n", "2"),
        ("\r\ncustomer_id,n\r\n1,\r\n", "2"),
        ("Title\n\"a\nb\"\ncustomer_id,n\n1,\n", "3"),
        ("Title\rcustomer_id,n\r1,\r", "2"),
        ("Title;\"a\nb\"\ncustomer_id;n;x\n1;;\n", "2"),
        ("T\n\"a\nb\"\ncustomer_id\tn\n1\t\n", "3"),
    ];
    for (list, row) in table {
        let folder = Folder::with_list(list);
        let hint = format!("row {row} has it: add --header-row {row}");
        folder.generate(&[]).status(2).tells(&hint);
        folder.generate(&["--header-row", row]).done();
    }
}

#[test]
fn a_line_break_within_a_title_moves_no_row() {
    let folder = Folder::with_list("Title;\"a\nb\"\ncustomer_id;n;x\n1;;\n;;y\n");
    folder
        .generate(&["--header-row", "2", "-o", "x.csv"])
        .status(1)
        .tells("customers.csv: row 4, line 5, column customer_id");
}

#[test]
fn a_row_with_a_token_is_no_header() {
    let folder = Folder::with_list("Title\ncustomer_id,name\n1,a\n2,b\n");
    folder.generate(&["--header-row", "2", "-o", "links.csv"]).done();
    let now = ["--now", crate::support::ISSUED];
    let verify = all(&[&["verify", "--file", "links.csv", "--header-row", "3"], &now]);
    let revoke = all(&[
        &["revoke", "--file", "links.csv", "--header-row", "3", "--ledger", "l.db"],
        &now,
    ]);
    let reissue = all(&[&[
        "reissue",
        "--file",
        "links.csv",
        "--header-row",
        "3",
        "--expires-in",
        "1d",
        "--ignore-revocations",
    ]]);
    for args in [&verify, &revoke, &reissue] {
        folder
            .call(args)
            .refused(2, "row 3 holds a token, it can't be the header", "--header-row");
    }
    let right = all(&[&["verify", "--file", "links.csv", "--header-row", "2"], &now]);
    folder.run(&right).done();
}

#[test]
fn a_quote_alone_in_a_title_hides_no_list() {
    for title in ["Kunden;\"Q1", "Kunden|\"Q1", "Kunden\t\"Q1"] {
        let folder = Folder::with_list(format!("{title}\ncustomer_id;n\n1;a\n"));
        let run = folder.generate(&["--header-row", "2"]).done();
        run.expect(run.stdout.contains("\n1;a;L"), "the row");
    }
}
