//! `--dedupe`: one customer on several rows has one token.

use crate::support::{FIXED, Folder, USUAL, all, rows};

#[test]
fn rows_with_equal_claims_get_the_token_of_the_first() {
    let list = "customer_id,name,campaign_id\n1,a,x\n2,b,x\n1,c,x\n1,d,y\n 1 ,e,x\n";
    let folder = Folder::with_list(list);
    let url = [
        "--url",
        "https://shop.example/p/{token}?n={name}",
        "--expires-in",
        "24h",
    ];
    let run = folder
        .run(&all(&[&["generate", "customers.csv", "--dedupe"], &url, &FIXED]))
        .done()
        .tells("  shared   2 rows with the token of an earlier row");
    run.expect(!run.stderr.contains("warning"), "nothing to warn of");
    let rows = rows(&run.stdout);
    let tokens: Vec<&str> = rows.iter().map(|row| row["token"].as_str()).collect();
    assert_eq!((tokens[2], tokens[4]), (tokens[0], tokens[0]));
    assert!(tokens[1] != tokens[0] && tokens[3] != tokens[0]);
    assert!(rows[4]["url_link"].ends_with(&format!("/{}?n=e", tokens[0])));
    // a skipped row uses its id all the same
    let without = folder
        .run(&all(&[&["generate", "customers.csv", "-q"], &url, &FIXED]))
        .done();
    let others = crate::support::rows(&without.stdout);
    assert_eq!(
        (tokens[1], tokens[3]),
        (others[1]["token"].as_str(), others[3]["token"].as_str())
    );
}

#[test]
fn another_expiry_of_equal_claims_rejects_the_row_and_a_rejected_row_is_never_the_first() {
    let folder = Folder::with_list("customer_id,duration\n1,soon\n1,2h\n1,3h\n2,2h\n1,2h\n");
    let args = ["--dedupe", "--rejects", "bad.csv", "-o", "links.csv"];
    folder
        .generate(&args)
        .status(1)
        .tells("row 4, line 4: row 3 has the same claims and another expiry")
        .tells("give both rows the same expiry, or run it without --dedupe");
    let rows = rows(&folder.read("links.csv"));
    assert_eq!(rows.len(), 3);
    assert_eq!(rows[0]["token"], rows[2]["token"]);
    assert_eq!(folder.read("bad.csv").lines().count(), 3);
    let stream = folder.generate(&["--dedupe", "-q"]).status(1);
    stream.prints("customer_id,duration,token,url_link,expires_at\n");
}

#[test]
fn the_first_row_is_the_same_for_every_number_of_threads() {
    let mut list = "customer_id,note\n".to_owned();
    for row in 0..40_000 {
        list += &format!("{},{}\n", row % 9_973, "x".repeat(row % 31));
    }
    let folder = Folder::with_list(list);
    let run = |threads| folder.generate(&["--dedupe", "-q", "-j", threads]).done().stdout;
    let one = run("1");
    assert!(one == run("4"), "the same list");
    let rows = rows(&one);
    let mut tokens: Vec<&str> = rows.iter().map(|row| row["token"].as_str()).collect();
    tokens.sort_unstable();
    tokens.dedup();
    assert_eq!(tokens.len(), 9_973);
    assert_eq!(rows[0]["token"], rows[9_973]["token"]);
}

#[test]
fn one_token_for_all_is_refused() {
    let folder = Folder::with_list("customer_id\n1\n2\n");
    let bare = all(&[&["generate", "customers.csv", "--dedupe", "--no-claims"], &USUAL]);
    folder.run(&bare).status(2).tells("--dedupe");
    let all_alike = all(&[
        &["generate", "customers.csv", "--dedupe", "--claims", "customer_id"],
        &USUAL,
    ]);
    folder.run(&all_alike).done();
}

#[test]
fn a_row_that_is_rejected_for_an_earlier_one_is_counted_nowhere() {
    let folder = Folder::with_list("customer_id,campaign_id,duration\n1,c,1h\n1,c,3h\n2,d,1h\n1,c,1h\n");
    let ledger = folder.ledger("uses.db");
    let ledger = ledger.to_str().expect("UTF-8");
    let files = ["-o", "links.csv", "-f", "--rejects", "bad.csv"];
    folder
        .generate(&all(&[&["--dedupe", "--ledger", ledger], &files]))
        .status(1)
        .tells("expires  2026-11-21T17:00:00Z (")
        .tells("; 3 rows by their own cell");
    let stats = &folder.run(&["stats", "--ledger", ledger, "--json"]).done().json()[0];
    let minted = |run: &serde_json::Value| (run["minted"].clone(), run["campaigns"].clone());
    let expected = serde_json::json!([{"campaign_id": "c", "minted": 2}, {"campaign_id": "d", "minted": 1}]);
    assert_eq!(minted(&stats["runs"][0]), (3.into(), expected), "{stats}");
    let strict = Folder::with_list("customer_id,campaign_id,duration\n1,c,1h\n1,c,3h\n2,d,1h\n");
    strict
        .generate(&all(&[&["--strict"], &files]))
        .status(1)
        .tells("expires  2026-11-21T17:00:00Z (")
        .tells("; 2 rows by their own cell");
}
