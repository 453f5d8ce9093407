//! `--keep`: new customers in a finished list, whose other rows stay as they are.

use crate::support::{FIXED, Folder, KEY_ID, OTHER_SECRET, all, keyring_text, rows};

const LINK: [&str; 2] = ["--base-url", "https://shop.example/p"];

/// A list that was minted without end, as it was written, to be `customers.csv` with more rows.
fn finished(folder: &Folder, list: &str) -> String {
    folder.write("customers.csv", list);
    let args = all(&[&["generate", "customers.csv", "-q", "--never-expires"], &LINK, &FIXED]);
    folder.run(&args).done().stdout
}

fn keep(folder: &Folder, list: &str, more: &[&str]) -> crate::support::Run {
    folder.write("customers.csv", list);
    let args = ["generate", "customers.csv", "--keep", "--expires-in", "7d"];
    folder.run(&all(&[&args, &LINK, more]))
}

#[test]
fn rows_with_token_and_link_stay_and_the_others_are_minted() {
    let folder = Folder::new();
    let before = finished(&folder, "customer_id,name\r\n1,\"a,b\"\r\n2,b\r\n");
    let list = format!("{before}3,c,,,\r\n");
    let run = keep(&folder, &list, &[]).done().tells("  kept     2 rows as they were");
    assert!(run.stdout.starts_with(&before), "{}", run.stdout);
    let rows = rows(&run.stdout);
    assert!(rows[2]["url_link"].ends_with(&rows[2]["token"]) && rows[2]["token"].starts_with('L'));
    folder.write("links.csv", &run.stdout);
    folder.run(&["verify", "--file", "links.csv"]).done();
}

#[test]
fn of_token_and_link_the_one_that_lacks_is_filled_in() {
    let folder = Folder::new();
    let before = finished(&folder, "customer_id\n1\n2\n");
    let mut cells: Vec<Vec<String>> = before
        .lines()
        .map(|line| line.split(',').map(str::to_owned).collect())
        .collect();
    let whole: Vec<String> = cells.iter().map(|row| row.join(",")).collect();
    cells[1][1].clear();
    cells[2][2].clear();
    let list: Vec<String> = cells.iter().map(|row| row.join(",")).collect();
    let run = keep(&folder, &(list.join("\n") + "\n"), &[]).done();
    assert_eq!(run.stdout, whole.join("\n") + "\n");
}

#[test]
fn what_is_kept_must_be_authentic_in_its_time_and_of_its_row() {
    let folder = Folder::new();
    let before = finished(&folder, "customer_id\n1\n2\n");
    let tokens = rows(&before);
    let (one, two) = (tokens[0]["token"].as_str(), tokens[1]["token"].as_str());
    let link = |token: &str| format!("https://shop.example/p/{token}");
    let forged = format!("{}A", &one[..one.len() - 1]);
    let expired = folder
        .run(&all(&[
            &["sign", "customer_id=1", "--no-link", "--expires-in", "1h"],
            &["--issued-at", "2020-01-01T00:00:00Z"],
        ]))
        .done()
        .stdout;
    let expired = expired.trim_end();
    for (row, problem) in [
        (
            format!("2,{one},{}", link(one)),
            "the token is for other claims than the row has",
        ),
        (format!("1,{one},{}", link(two)), "row_mismatch"),
        (format!("1,{forged},{}", link(&forged)), "column token: "),
        (format!("1,{expired},{}", link(expired)), "column token: token expired"),
        ("1,old,".to_owned(), "column token: "),
        ("1,,https://shop.example/p".to_owned(), "column url_link: "),
    ] {
        let list = format!("customer_id,token,url_link\n{row}\n");
        let run = keep(&folder, &list, &["-o", "links.csv"]).status(1);
        let problem = if problem == "row_mismatch" { "the link" } else { problem };
        let run = run.tells("customers.csv: row 2, line 2").tells(problem);
        run.expect(!folder.files().contains(&"links.csv".to_owned()), "nothing written");
    }
    // of another keyring
    std::fs::write(folder.default_keyring(), keyring_text(&[OTHER_SECRET])).expect("written");
    keep(&folder, &before, &[]).status(1).tells(KEY_ID);
}

#[cfg(feature = "ledger")]
#[test]
fn a_revoked_token_is_not_kept() {
    let folder = Folder::new();
    let before = finished(&folder, "customer_id\n1\n2\n");
    let token = rows(&before)[0]["token"].clone();
    keep(&folder, &before, &["--ledger", "l.db"]).done();
    folder.run(&["revoke", "--ledger", "l.db", "--", &token]).done();
    keep(&folder, &before, &["--ledger", "l.db"]).status(1).tells("revoked");
}

#[test]
fn a_run_that_would_give_an_id_of_a_kept_token_again_is_refused() {
    let folder = Folder::new();
    let before = finished(&folder, "customer_id\n1\n2\n");
    let list = format!("{before}3,,,\n");
    keep(&folder, &list, &all(&[&FIXED, &["-o", "links.csv"]]))
        .status(2)
        .tells("a token of this very run");
    assert!(!folder.files().contains(&"links.csv".to_owned()));
    let later = ["--issued-at", "2026-11-21T16:00:00Z", "--first-id", "000000000009"];
    keep(&folder, &list, &later).done();
}

#[test]
fn a_filled_cell_is_told_what_can_be_done() {
    let folder = Folder::new();
    let before = finished(&folder, "customer_id\n1\n");
    folder.write("customers.csv", before);
    let args = all(&[&["generate", "customers.csv", "--expires-in", "1h"], &LINK]);
    let run = folder
        .run(&args)
        .status(1)
        .tells("hint: --keep leaves such rows as they are");
    run.tells("--token-column NAME makes a new column; --replace overwrites the cells: links already sent stay valid");
}
