//! How many of the tokens of recorded runs came back.

use crate::ledgers::LEDGER;
use crate::stats::{groups, object, stats, usual};
use crate::support::{FIXED, Folder, ISSUED, USUAL, all};
use serde_json::{Value, json};

#[test]
fn a_return_rate_counts_the_tokens_of_recorded_runs_alone() {
    let folder = Folder::new();
    let mut book = usual(&folder);
    // the usual tokens have the ids 1 to 5; of spring26 are 1, 2 and, sealed, 5
    book.record(1, &[("spring26", 4), ("winter26", 6)]);
    book.record(2_000, &[("spring26", 10)]);
    let object = object(&folder, &[]);
    assert_eq!((&object["minted"], &object["returned"]), (&json!(20), &json!(5)));
    assert_eq!(object["return_rate"], 0.25);
    let spring = &object["groups"][0];
    assert_eq!(
        (&spring["minted"], &spring["returned"], &spring["return_rate"]),
        (&json!(14), &json!(2), &json!(0.1429))
    );
    let unseen = object["groups"].as_array().expect("a list").last().expect("a group");
    assert_eq!(
        (&unseen["value"], &unseen["checks"], &unseen["minted"]),
        (&json!("winter26"), &json!(0), &json!(6))
    );
    assert_eq!((&unseen["first"], &unseen["return_rate"]), (&Value::Null, &json!(0.0)));
    let runs = object["runs"].as_array().expect("a list");
    let returned: Vec<_> = runs.iter().map(|run| run["returned"].clone()).collect();
    assert_eq!(returned, [0, 5], "the newest first");
    assert_eq!(
        runs[1]["repeat"],
        "--issued-at 2026-11-21T16:00:00Z --first-id 000000000001"
    );
    let by_customer = groups(&folder, &["--by", "customer_id"]);
    assert!(!by_customer.iter().any(|(value, ..)| *value == "winter26"));
}

#[test]
fn no_more_comes_back_than_was_made() {
    let folder = Folder::with_list("customer_id,campaign_id\n1,a\n2,a\n");
    folder.write("others.csv", "customer_id,campaign_id\n3,a\n4,a\n5,a\n");
    folder.generate(&["--ledger", LEDGER, "-q", "-o", "links.csv"]).done();
    // the same ids for other customers, and one id more than the run has
    let others = all(&[
        &["generate", "others.csv", "-q", "-o", "other-links.csv"],
        &USUAL,
        &FIXED,
    ]);
    folder.run(&others).done();
    for file in ["links.csv", "other-links.csv"] {
        let check = [
            "verify", "--file", file, "--now", ISSUED, "-o", "-", "-q", "--ledger", LEDGER,
        ];
        folder.run(&check).done();
    }
    let object = object(&folder, &[]);
    assert_eq!((&object["tokens"], &object["minted"]), (&json!(5), &json!(2)));
    assert_eq!(
        (&object["return_rate"], &object["groups"][0]["return_rate"]),
        (&json!(1.0), &json!(1.0))
    );
}

#[test]
fn a_run_that_was_made_again_counts_once() {
    let folder = Folder::new();
    let mut book = usual(&folder);
    book.record(1, &[("spring26", 10)]);
    book.record(1, &[("spring26", 10)]);
    let object = object(&folder, &[]);
    assert_eq!((&object["minted"], &object["returned"]), (&json!(10), &json!(5)));
    assert_eq!(object["groups"][0]["minted"], 10);
    assert_eq!(
        (&object["runs"][0]["returned"], &object["runs"][1]["returned"]),
        (&json!(5), &Value::Null)
    );
    assert_eq!(object["runs"][1]["repeated"], true);
    let run = stats(&folder, &[]);
    run.expect(run.stdout.contains("made again later, and counted there"), "said so");
}

#[test]
fn a_run_whose_tokens_were_pruned_has_no_rate() {
    let folder = Folder::new();
    let mut book = usual(&folder);
    book.record(1, &[("spring26", 10)]);
    let late = ["stats", "--ledger", LEDGER, "--now", "2026-11-21T17:00:00Z", "-q"];
    let object = || folder.run(&all(&[&late, &["--json"]])).done().json().remove(0);
    assert_eq!(
        object()["runs"][0]["return_rate"],
        0.5,
        "an expiry alone forgets nothing"
    );
    folder.run(&all(&[&late, &["--prune", "--yes"]])).done();
    // one that is made again later is of the same tokens
    book.record(1, &[("spring26", 10)]);
    let object = object();
    for run in object["runs"].as_array().expect("a list") {
        assert_eq!(run["return_rate"], Value::Null);
    }
    assert_eq!(object["runs"][1]["pruned_at"], "2026-11-21T17:00:00Z");
    assert_eq!(
        (&object["minted"], &object["groups"][0]["minted"]),
        (&Value::Null, &Value::Null)
    );
    let run = folder.run(&late).done();
    run.expect(run.stdout.contains("not known how many came back"), "said so");
}

#[test]
fn what_generate_records_and_verify_counts_is_a_rate() {
    let folder = Folder::with_list("customer_id,campaign_id\n1,spring26\n2,spring26\n3,\n4,autumn26\n5,autumn26\n");
    let ledger = ["--ledger", LEDGER, "-q"];
    folder
        .generate(&all(&[&ledger, &["-o", "links.csv", "--rejects", "bad.csv"]]))
        .status(1);
    let links = folder.read("links.csv");
    folder.write(
        "back.csv",
        links
            .lines()
            .take(2)
            .map(|line| format!("{line}\n"))
            .collect::<String>(),
    );
    let check = |file| all(&[&["verify", "--file", file, "--now", ISSUED, "-o", "-"], &ledger]);
    folder.run(&check("back.csv")).done();
    folder.run(&check("back.csv")).done();
    let object = object(&folder, &[]);
    assert_eq!(
        (&object["checks"], &object["minted"], &object["returned"]),
        (&json!(2), &json!(4), &json!(1))
    );
    assert_eq!(object["groups"][0]["return_rate"], 0.5);
    assert_eq!(object["groups"][1]["return_rate"], 0.0);
}
