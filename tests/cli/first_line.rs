//! A list without header must not lose its first customer to the header that it lacks.

use crate::support::{FIXED, Folder, USUAL, all, rows};

const BARE: [&str; 4] = ["generate", "customers.csv", "--no-claims", "-o"];

#[test]
fn a_first_line_that_looks_like_a_customer_is_refused_where_no_column_is_named() {
    for line in [
        "anna@example.org",
        "1001,Ann",
        "Ann,1001",
        "Ann;2026-01-31",
        "Ann;31.01.2026 10:00",
        "Ann,https://shop.example/u/1",
        "Ann,\"12,50\"",
        "Ann,+49 171 1234567",
        "550e8400-e29b-41d4-a716-446655440000",
        "LOKOarE7gGqyjQABAgMEBQahARgqsAKihzseBkGUn7ckVF68gQ",
    ] {
        let folder = Folder::with_list(format!("{line}\n{line}\n"));
        let message = "customers.csv: row 1: the first line looks like a customer, and no column of it is used";
        for flags in [&["links.csv"][..], &["links.csv", "--preview"]] {
            let args = all(&[&BARE, flags, &USUAL]);
            folder
                .call(&args)
                .refused(2, message, "add --no-header")
                .tells("add --header");
        }
        folder
            .run(&all(&[&BARE, &["links.csv", "--no-header"], &USUAL]))
            .done()
            .tells("2 rows");
        folder
            .run(&all(&[&BARE, &["links.csv", "--header", "--force"], &USUAL]))
            .done()
            .tells("1 row,");
    }
}

#[test]
fn names_of_columns_are_a_header() {
    for header in ["name", "Name,Q1 2025,Mar-26", "e-mail;Straße 2", "#,%"] {
        let folder = Folder::with_list(format!("{header}\nAnn\n").replace("Ann", &header.replace('#', "x")));
        let run = folder.run(&all(&[&BARE, &["links.csv"], &USUAL])).done();
        run.tells("1 row,");
    }
}

#[test]
fn a_column_that_is_named_makes_the_first_line_a_header() {
    let folder = Folder::with_list("customer_id,2025\n1,x\n");
    folder.generate(&[]).done();
    folder.generate(&["--claims", "c=2025"]).done();
    let folder = Folder::with_list("2024,duration\n1,2h\n");
    folder.generate(&["--no-claims"]).done();
    let folder = Folder::with_list("2024,token\n1,\n");
    folder.generate(&["--no-claims"]).done();
    let folder = Folder::with_list("2024,name\n1,Ann\n");
    folder
        .run(&all(&[
            &[
                "generate",
                "customers.csv",
                "--no-claims",
                "--expires-in",
                "1h",
                "--url",
            ],
            &["https://shop.example/{name}/{token}"],
            &FIXED,
        ]))
        .done();
}

#[test]
fn a_header_may_hold_a_token_where_that_is_said() {
    let folder = Folder::new();
    let token = folder.token(&["customer_id=1"]);
    folder.write("list.csv", format!("token,{token}\n{token},x\n"));
    let verify = [
        "verify",
        "--file",
        "list.csv",
        "--now",
        "2026-11-21T16:30:00Z",
        "--header",
    ];
    let run = folder.run(&verify).done();
    assert_eq!(rows(&run.stdout)[0]["verified_status"], "valid");
    folder
        .call(&["verify", "x", "--header"])
        .refused(2, "--header: it is about a list", "--file");
    folder
        .call(&all(&[&BARE, &["links.csv", "--header", "--no-header"], &USUAL]))
        .refused(2, "--no-header", "");
}

#[test]
fn the_hint_about_a_first_customer_names_a_flag_of_its_command() {
    let folder = Folder::with_list("1,a\n2,b\n");
    folder
        .generate(&[])
        .status(2)
        .tells("add --no-header and name columns by number: --claims customer_id=1");
    let verify = folder
        .run(&["verify", "--file", "customers.csv", "--column", "tok"])
        .status(2);
    verify.expect(!verify.stderr.contains("--claims"), "no flag that verify has not");
    verify.tells("add --no-header and name columns by number");
}
