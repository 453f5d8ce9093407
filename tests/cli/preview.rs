//! `--preview`: what a campaign would look like, before anything is written.

use crate::support::{Folder, USUAL, all};

const LIST: &str =
    "customer_id,campaign_id,base_url\n1234567,spring26,\n,spring26,\n1234569,spring26,https://other.example/q\n";

#[test]
fn a_preview_shows_whole_links_and_their_length() {
    let folder = Folder::with_list(LIST);
    let run = folder
        .run(&all(&[&["generate", "customers.csv", "--preview=1"], &USUAL]))
        .done();
    let link = run
        .stdout
        .lines()
        .find(|line| line.starts_with("https://shop.example/p/L"));
    let link = link.unwrap_or_else(|| run.fail("the link in full, in a line of its own"));
    let told = format!(
        "{} characters, which leaves {} of the 160",
        link.len(),
        160 - link.len()
    );
    run.expect(run.stdout.contains(&told), &told);
    let shown = run.stdout.lines().nth(1).is_some_and(|line| line.ends_with(link));
    run.expect(shown, "the same link in the table");
}

#[test]
fn a_preview_shows_the_links_of_rows_with_an_address_of_their_own() {
    let folder = Folder::with_list(LIST);
    let run = folder.run(&all(&[&["generate", "customers.csv", "--preview"], &USUAL]));
    let rows: Vec<_> = run.stdout.lines().collect();
    run.expect(
        rows[2].contains("REJECTED: column customer_id: the value is empty"),
        "the bad row",
    );
    run.expect(rows[3].contains(" https://other.example/q/L"), "the row's own address");
    run.status(1);
}

#[test]
fn a_preview_writes_nothing_and_makes_no_keyring() {
    let folder = Folder::empty();
    folder.write("customers.csv", LIST);
    let before = folder.snapshot();
    let args = [
        "generate",
        "customers.csv",
        "-o",
        "links.csv",
        "--rejects",
        "bad.csv",
        "--preview=1",
    ];
    let run = folder.run(&all(&[&args, &USUAL])).done();
    run.expect(folder.snapshot() == before, "the files as they were");
    run.says_nothing();
}

#[test]
fn a_preview_tells_which_claims_any_reader_sees() {
    let folder = Folder::with_list(LIST);
    let open = folder
        .run(&all(&[&["generate", "customers.csv", "--preview=1"], &USUAL]))
        .done();
    open.expect(
        open.stdout
            .contains("can read:\n  customer_id  1234567\n  campaign_id  spring26\n"),
        "the claims",
    );
    let sealed = folder
        .run(&all(&[&["generate", "customers.csv", "--seal", "--preview=1"], &USUAL]))
        .done();
    sealed.expect(sealed.stdout.contains("the claims are sealed"), "that they are hidden");
}
