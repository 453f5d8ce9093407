//! `--preview`: a look before anything is written.

use crate::support::{FIXED, Folder, USUAL, all};

const LIST: &str = "customer_id,campaign_id\n1,spring\n2,spring\n\n3,spring\n4,spring\n5,spring\n6,spring\n7,spring\n";

fn table_rows(text: &str) -> Vec<&str> {
    text.lines().take_while(|line| !line.is_empty()).skip(1).collect()
}

#[test]
fn nothing_is_written_and_no_keyring_is_made() {
    let folder = Folder::empty();
    folder.write("customers.csv", LIST);
    let before = folder.snapshot();
    let flags = [
        "--preview",
        "-o",
        "links.csv",
        "--rejects",
        "bad.csv",
        "--summary-file",
        "s.json",
    ];
    folder.generate(&flags).done();
    assert_eq!(folder.snapshot(), before);
}

#[test]
fn the_first_rows_are_shown_with_one_link_in_full() {
    let folder = Folder::with_list(LIST);
    let run = folder.generate(&["--preview"]).done();
    let rows = table_rows(&run.stdout);
    run.expect(rows.len() == 5, "five rows");
    run.expect(rows[2].starts_with("5 "), "the blank row 4 left out");
    run.expect(rows[4].starts_with("7 "), "row 7 the last");
    for part in [
        "\nhttps://shop.example/p/L",
        " characters, which leaves ",
        "of the 160 in one SMS",
        "campaign_id  spring",
        "2026-11-22T16:00:00Z",
    ] {
        run.expect(run.stdout.contains(part), part);
    }
}

#[test]
fn the_number_of_rows_can_be_told() {
    let folder = Folder::with_list(LIST);
    for (flag, count) in [("--preview=1", 1), ("--preview=3", 3), ("--preview=100", 7)] {
        let run = folder.generate(&[flag]).done();
        run.expect(table_rows(&run.stdout).len() == count, &format!("{count} rows"));
    }
    for flag in ["--preview=0", "--preview=x", "--preview=-1"] {
        folder.generate(&[flag]).status(2);
    }
}

#[test]
fn only_as_much_of_the_list_is_read_as_is_shown() {
    let folder = Folder::new();
    let args = all(&[&["generate", "-", "--preview=1"], &USUAL, &FIXED]);
    // what comes later is broken, and of no concern
    let list = format!("customer_id\n{}\"", "1\n".repeat(200_000));
    folder.call(&args).stdin(list).run().done();
}

#[test]
fn bad_rows_are_shown() {
    let folder = Folder::with_list("customer_id,name\n,a\n2\n3,\u{202e}c\n");
    let run = folder
        .generate(&["--preview", "--claims", "customer_id,name"])
        .status(1);
    run.expect(
        run.stdout.contains("REJECTED: column customer_id: the value is empty"),
        "row 2",
    );
    run.expect(
        run.stdout.contains("REJECTED: the row has 1 cell, the header has 2"),
        "row 3",
    );
    run.expect(!run.stdout.contains('\u{202e}'), "nothing that turns the reading order");
    assert_eq!(folder.files(), ["customers.csv"]);
}

#[test]
fn sealed_claims_are_said_to_be_sealed() {
    let folder = Folder::with_list(LIST);
    let run = folder.generate(&["--preview", "--seal"]).done();
    run.expect(run.stdout.contains("the claims are sealed"), "said so");
}

#[test]
fn mistakes_in_flags_and_lists_are_told_as_without() {
    let folder = Folder::with_list("a\n1\n");
    folder
        .generate(&["--preview"])
        .status(2)
        .tells("there is no column \"customer_id\"");
    let folder = Folder::with_list("customer_id\n");
    folder
        .generate(&["--preview"])
        .status(3)
        .tells("the list has no rows")
        .tells("hint: ");
}

#[test]
fn a_preview_shows_a_token_that_is_not_valid() {
    let folder = Folder::with_list(LIST);
    let run = folder.generate(&["--preview=1"]).done();
    let link = run
        .stdout
        .lines()
        .find(|line| line.starts_with("https://"))
        .expect("a link");
    folder.run(&["verify", link, "--now", crate::support::ISSUED]).status(1);
}
