//! Names of columns as exports write them: found where one fits, never where it takes a guess.

use crate::support::{FIXED, Folder, USUAL, all, rows};

/// The claims of the first row's token.
fn claims(folder: &Folder, output: &str) -> serde_json::Value {
    let token = &rows(output)[0]["token"];
    folder.run(&["inspect", "--json", token]).done().json()[0]["claims"].clone()
}

#[test]
fn customary_claims_are_found_as_exports_write_them() {
    for (header, told) in [
        (
            "Customer ID,campaign_id",
            "customer_id from \"Customer ID\", campaign_id",
        ),
        (
            "customerId,CAMPAIGN_ID",
            "customer_id from \"customerId\", campaign_id from \"CAMPAIGN_ID\"",
        ),
        (
            "CUSTOMER-ID,Campaign Id",
            "customer_id from \"CUSTOMER-ID\", campaign_id from \"Campaign Id\"",
        ),
        (
            " customer_id ,campaignID",
            "customer_id, campaign_id from \"campaignID\"",
        ),
        ("customer_id,campaign_id", "customer_id, campaign_id\n"),
    ] {
        let folder = Folder::with_list(format!("{header}\n7,spring26\n"));
        let run = folder.generate(&[]).done().tells(&format!("  claims   {told}"));
        let expected = serde_json::json!({"customer_id": "7", "campaign_id": "spring26"});
        run.expect(claims(&folder, &run.stdout) == expected, "both claims");
        run.expect(!run.stderr.contains("warning"), "nothing to warn of");
    }
}

#[test]
fn the_exact_name_comes_before_one_that_is_like_it() {
    let folder = Folder::with_list("Customer ID,customer_id,Campaign ID,campaignId\n1,2,a,b\n");
    let run = folder
        .generate(&[])
        .done()
        .tells("the column \"Campaign ID\" looks like campaign_id, and no token has it")
        .tells("--claims customer_id,campaign_id=\"Campaign ID\"")
        .tells("the column \"campaignId\" looks like campaign_id");
    run.expect(
        claims(&folder, &run.stdout) == serde_json::json!({"customer_id": "2"}),
        "the exact one alone",
    );
    let two = Folder::with_list("Customer ID,customerId\n1,2\n");
    two.call(&all(&[&["generate", "customers.csv"], &USUAL])).refused(
        2,
        "there is no column \"customer_id\", and more than one could be meant: \"Customer ID\", \"customerId\"",
        "--claims customer_id=\"Customer ID\"",
    );
}

#[test]
fn flags_find_columns_as_exports_write_them() {
    let folder = Folder::with_list("Customer Id,First Name,E-Mail,City\n1,Ada,,Oslo\n");
    let run = folder
        .run(&all(&[
            &["generate", "customers.csv", "--expires-in", "1h"],
            &FIXED,
            &["--claims", "customer_id,mail=email,city", "--optional", "E-Mail"],
            &["--url", "https://shop.example/p/{token}?n={first_name}"],
        ]))
        .done()
        .tells("claims   customer_id from \"Customer Id\", city from \"City\", mail from \"E-Mail\"");
    let row = &rows(&run.stdout)[0];
    assert!(row["url_link"].ends_with("?n=Ada"), "{}", row["url_link"]);
    run.expect(
        claims(&folder, &run.stdout) == serde_json::json!({"customer_id": "1", "city": "Oslo"}),
        "the empty mail is left out",
    );
}

#[test]
fn a_column_that_looks_like_a_customary_claim_is_warned_of() {
    let folder = Folder::with_list("customer_id,Campaign,Campaign Name\n1,a,b\n");
    folder
        .generate(&[])
        .done()
        .tells("the column \"Campaign\" looks like campaign_id, and no token has it")
        .tells("hint: --claims customer_id,campaign_id=\"Campaign\" takes it");
    // a choice is one, and the summary says what it leaves out
    let chosen = folder.generate(&["--claims", "customer_id"]).done();
    let chosen = chosen.tells("claims   customer_id (not \"Campaign\")\n");
    chosen.expect(!chosen.stderr.contains("warning"), "no warning");
    let preview = folder.generate(&["--preview"]).done();
    preview.expect(preview.stdout.contains("\nclaims: customer_id\n"), "the claims");
    preview.expect(
        preview
            .stdout
            .contains("looks forgotten, and no token has it: \"Campaign\"\n"),
        "what is forgotten",
    );
}

#[test]
fn columns_with_a_meaning_of_their_own_must_have_the_exact_name() {
    let folder = Folder::with_list("customer_id,Duration,Token,URL Link\n1,3 min,x,y\n");
    let run = folder
        .generate(&[])
        .done()
        .tells("the column \"Duration\" is not taken for duration, whose name must be exactly that")
        .tells("hint: --duration-column \"Duration\" takes its cells")
        .tells("the column \"Token\" is not taken for token")
        .tells("the column \"URL Link\" is not taken for url_link");
    let row = &rows(&run.stdout)[0];
    assert_eq!(
        (
            row["Duration"].as_str(),
            row["Token"].as_str(),
            row["expires_at"].as_str()
        ),
        ("3 min", "x", "2026-11-22T16:00:00Z")
    );
    let own = Folder::with_list("customer_id,Base URL\n1,https://shop.example\n");
    own.call(&["generate", "customers.csv", "--expires-in", "1h"]).refused(
        2,
        "no address for the links",
        "--base-url-column \"Base URL\" takes the addresses from there",
    );
    own.generate(&[]).done().tells("--base-url-column \"Base URL\"");
}

#[test]
fn verify_compares_cells_under_names_as_exports_write_them() {
    let folder = Folder::with_list("Customer ID,campaignId\n1,a\n2,a\n");
    let links = folder.generate(&["-q"]).done().stdout;
    folder.write("links.csv", &links);
    let check = |name| folder.run(&["verify", "--file", name, "--now", "2026-11-21T17:00:00Z"]);
    check("links.csv")
        .done()
        .tells("compared with their cells: the claims of 2 tokens");
    folder.write("sorted.csv", links.replacen("\n1,a", "\n2,a", 1));
    let run = check("sorted.csv").status(1).tells("row_mismatch");
    run.expect(run.stdout.contains("row_mismatch"), "the row whose cell is another's");
    folder.write("near.csv", links.replacen("token,url_link", "Token,URL", 1));
    folder.call(&["verify", "--file", "near.csv"]).refused(
        2,
        "neither a column token nor a column url_link",
        "--column \"Token\"",
    );
}

#[test]
fn failed_runs_tell_no_expiry_and_nothing_to_repeat() {
    let folder = Folder::with_list("customer_id\n1\n\"\"x\n");
    let run = folder
        .generate(&["-o", "links.csv"])
        .status(1)
        .tells("2 rows, 1 rejected");
    run.expect(
        !run.stderr.contains("  expires") && !run.stderr.contains("  repeat"),
        "nothing about links that do not exist",
    );
}
