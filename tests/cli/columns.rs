//! The new columns: their names, and lists that have them already.

use crate::support::{FIXED, Folder, USUAL, all, rows};

#[test]
fn the_new_columns_can_be_named() {
    let folder = Folder::with_list("customer_id\n1\n");
    let run = folder.generate(&[
        "--token-column",
        "t",
        "--url-column",
        "the \"link\"",
        "--expires-column",
        "until",
    ]);
    let row = &rows(&run.done().stdout)[0];
    assert!(row["t"].starts_with('L'));
    assert!(row["the \"link\""].ends_with(&row["t"]));
    assert_eq!(row["until"], "2026-11-22T16:00:00Z");
}

#[test]
fn empty_cells_of_columns_that_exist_are_filled_in_place() {
    let folder = Folder::with_list("token,customer_id,expires_at,name\n,1,,a\n\"\",2, ,\"b\"\n");
    let run = folder.generate(&[]).done();
    let mut lines = run.stdout.lines();
    assert_eq!(lines.next(), Some("token,customer_id,expires_at,name,url_link"));
    let first = lines.next().expect("a row");
    let token = first.split(',').next().expect("a cell");
    assert_eq!(
        first,
        format!("{token},1,2026-11-22T16:00:00Z,a,https://shop.example/p/{token}")
    );
    let second = lines.next().expect("a row");
    assert!(
        second.ends_with(&format!(
            "{},2,2026-11-22T16:00:00Z,\"b\",https://shop.example/p/{}",
            second.split(',').next().expect("a cell"),
            second.split(',').next().expect("a cell")
        )),
        "{second}"
    );
}

#[test]
fn a_filled_cell_is_refused() {
    let folder = Folder::with_list("customer_id,token\n1,\n2,old\n");
    let args = all(&[&["generate", "customers.csv", "-o", "links.csv"], &USUAL, &FIXED]);
    folder.call(&args).refused(
        1,
        "customers.csv: row 3, line 3, column token: the cell is filled already: \"old\"",
        "--replace",
    );
}

#[test]
fn a_filled_cell_is_overwritten_with_replace() {
    let folder = Folder::with_list("customer_id,token,url_link\n1,old,older\n");
    let run = folder.generate(&["--replace"]).done();
    let row = &rows(&run.stdout)[0];
    assert!(row["token"].starts_with('L'));
    assert!(row["url_link"].ends_with(&row["token"]));
    assert!(!run.stdout.contains("old"));
}

#[test]
fn minting_again_with_replace_gives_the_same_list() {
    let folder = Folder::with_list("customer_id,name\r\n1,\"a,b\"\r\n2,\"c\"\r\n");
    let first = folder.generate(&[]).done().stdout;
    folder.write("customers.csv", &first);
    folder.generate(&["--replace"]).done().prints(&first);
}

#[test]
fn repeated_and_empty_names_matter_only_when_used() {
    let folder = Folder::with_list("customer_id,name,name,,\n1,a,b,c,d\n");
    folder.generate(&[]).done();
    let args = all(&[&["generate", "customers.csv", "--claims", "name"], &USUAL]);
    folder
        .call(&args)
        .refused(2, "columns 2 and 3 are both named \"name\"", "a name of its own");
}

#[test]
fn an_output_column_that_exists_twice_is_refused() {
    let folder = Folder::with_list("customer_id,token,token\n1,,\n");
    let args = all(&[&["generate", "customers.csv", "-o", "links.csv"], &USUAL]);
    folder
        .call(&args)
        .refused(2, "columns 2 and 3 are both named \"token\"", "a name of its own");
}

#[test]
fn two_new_columns_of_one_name_are_refused() {
    let folder = Folder::with_list("customer_id\n1\n");
    let args = all(&[
        &["generate", "customers.csv", "--token-column", "x", "--url-column", "x"],
        &USUAL,
    ]);
    folder
        .call(&args)
        .refused(2, "two of the new columns have the same name", "--token-column");
}

#[test]
fn a_column_that_is_a_claim_is_not_filled() {
    let folder = Folder::with_list("customer_id,token\n1,\n");
    let args = all(&[&["generate", "customers.csv", "--token-column", "customer_id"], &USUAL]);
    folder
        .call(&args)
        .run()
        .status(1)
        .tells("column customer_id: the cell is filled already");
}

#[test]
fn an_unknown_column_is_refused_with_the_nearest_match() {
    let folder = Folder::with_list("Customer ID,e-mail,tier\n1,a,b\n");
    let typo = Folder::with_list("custmer_id,Name\n1,a\n");
    let call = typo.call(&all(&[&["generate", "customers.csv"], &USUAL]));
    let hint = "did you mean \"custmer_id\"? --claims customer_id=\"custmer_id\"; the header has";
    call.refused(2, "there is no column \"customer_id\"", hint);
    let table = [
        (
            &["--claims", "emale"][..],
            "--claims in customers.csv: row 1: there is no column \"emale\"",
            "did you mean \"e-mail\"? --claims emale=\"e-mail\"",
        ),
        (
            &["--claims", "customer_id=Customer,tier"],
            "no column \"Customer\"",
            "did you mean \"Customer ID\"? --claims customer_id=\"Customer ID\",tier",
        ),
        (
            &["--claims", "zzz"],
            "no column \"zzz\"",
            "the header has \"Customer ID\", \"e-mail\", \"tier\"",
        ),
        (
            &["--claims", "tier", "--duration-column", "duration"],
            "--duration-column in customers.csv",
            "the header has",
        ),
        (
            &["--claims", "tier", "--expiry-column", "teir"],
            "--expiry-column in customers.csv",
            "did you mean \"tier\"?",
        ),
    ];
    for (args, message, hint) in table {
        let args = all(&[&["generate", "customers.csv", "-o", "links.csv"], &USUAL, args]);
        folder.call(&args).refused(2, message, hint);
    }
}

#[test]
fn names_of_strangers_are_escaped_in_messages() {
    let folder = Folder::with_list("\u{1b}[31mred\u{202e},b\n1,2\n");
    let run = folder.generate(&[]).status(2).tells("\\u{1b}[31mred\\u{202e}");
    run.expect(
        !run.stderr.contains(['\u{1b}', '\u{202e}']),
        "nothing that steers a terminal",
    );
}

#[test]
fn a_list_whose_customers_have_another_name_is_told_how_to_name_the_column() {
    for (header, flag) in [
        ("Kundennummer,Name", "--claims customer_id=\"Kundennummer\";"),
        (
            "Name,N° client,Campaign Id",
            "--claims customer_id=\"N° client\",campaign_id;",
        ),
        ("# Customers of our shop in the spring", "--claims customer_id=COLUMN;"),
        // a shell would take these apart
        ("\"Kunden $nummer\",\"`id`\"", "--claims customer_id=COLUMN;"),
    ] {
        let folder = Folder::with_list(format!("{header}\n1\n"));
        folder
            .call(&all(&[&["generate", "customers.csv", "--delimiter", ","], &USUAL]))
            .refused(
                2,
                "there is no column \"customer_id\"",
                &format!("say which column it is: {flag} the header has"),
            );
    }
}
