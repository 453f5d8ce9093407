//! Links that no search can bring back, and what is told of the damaged ones that it can.

use crate::support::{Folder, ISSUED, Run};

fn verify(folder: &Folder, text: &str) -> Run {
    folder.run(&["verify", "--now", ISSUED, "--", text]).status(1)
}

#[test]
fn a_damaged_token_is_told_with_its_claims_and_printed_on_request() {
    let folder = Folder::new();
    let token = folder.token(&["customer_id=1001", "campaign_id=spring26"]);
    let damaged = format!("{}{}", &token[..30], &token[31..]);
    let run = verify(&folder, &damaged);
    run.expect(
        run.stdout.starts_with("DAMAGED  ask for the link again: "),
        "the advice",
    );
    for part in [
        "customer_id  1001",
        "campaign_id  spring26",
        "with key e28e",
        "not valid as it stands: ",
    ] {
        run.expect(run.stdout.contains(part), part);
    }
    run.expect(!run.stdout.contains(&token), "not unasked");
    let mended = folder
        .run(&["verify", "--now", ISSUED, "--show-mended", "--", &damaged])
        .status(1);
    mended.expect(mended.stdout.ends_with(&format!("  mended: {token}\n")), "the token");
    for flag in ["--json", "--exact", "--no-repair"] {
        folder.run(&["verify", "--show-mended", flag, "--", &damaged]).status(2);
    }
}

#[test]
fn a_token_that_was_cut_is_told_with_what_is_missing_and_what_it_says_unverified() {
    let folder = Folder::new();
    let claims = ["customer_id=1001", "campaign_id=spring26"];
    for form in [&["--text", "base32"][..], &["--format", "jwt"], &["--public"], &[]] {
        let token = folder.token(&[&claims[..], form].concat());
        for link in [token.clone(), format!("https://shop.example/p/{token}")] {
            let run = verify(&folder, &link[..link.len() - 9]);
            let first = run.stdout.lines().next().unwrap_or_default();
            run.expect(
                first.ends_with("  ask for the link again: the last 9 characters are missing"),
                "how many",
            );
            run.expect(
                run.stdout.contains(
                    "NOT VERIFIED: anyone could have written this\n  customer_id  1001\n  campaign_id  spring26\n",
                ),
                "the claims under a warning",
            );
            let json = folder
                .run(&["verify", "--json", "--", &link[..link.len() - 9]])
                .status(1)
                .json();
            assert_eq!(json[0]["claims"], serde_json::json!({}), "never in JSON");
        }
    }
    let token = folder.token(&claims);
    let run = verify(&folder, &token[..36]);
    run.expect(
        run.stdout.contains("ask for the link again: at least the last "),
        "cut in its claims",
    );
    run.expect(
        run.stdout.contains("customer_id  1001") && !run.stdout.contains("spring"),
        "what is there",
    );
}

#[test]
fn a_link_whose_case_is_lost_is_told_as_that() {
    let folder = Folder::new();
    let token = folder.token(&["customer_id=1001", "campaign_id=spring26"]);
    let lower = format!("https://shop.example/p/{}", token.to_ascii_lowercase());
    let run = verify(&folder, &lower);
    run.expect(
        run.stdout
            .contains("ask for the link again: the link was lower-cased: no case can be restored\n"),
        "lower",
    );
    let run = verify(&folder, &token.to_ascii_uppercase());
    run.expect(
        run.stdout
            .contains("the link was upper-cased: no case can be restored\n"),
        "upper",
    );
    // base32 has no case to lose
    let base32 = folder.token(&["customer_id=1001", "--text", "base32"]);
    for text in [base32.to_ascii_lowercase(), base32.to_ascii_uppercase()] {
        folder.run(&["verify", "--now", ISSUED, "--", &text]).done();
    }
}

#[test]
fn the_first_line_says_yes_or_no_or_to_ask_again() {
    let folder = Folder::new();
    let token = folder.token(&["customer_id=1001", "--not-before", "2026-11-21T16:30:00Z"]);
    let other = folder.token(&["customer_id=1002"]).replace("LOKO", "LAAA");
    let first = |args: &[&str]| {
        let run = folder.run(&[&["verify", "--no-repair"], args].concat());
        run.stdout.lines().next().unwrap_or_default().to_owned()
    };
    for (text, now, line) in [
        (
            token.as_str(),
            "2026-11-21T16:30:00Z",
            "VALID  yes, for another 30 min, until 2026-11-21 17:00 UTC",
        ),
        (
            &token,
            ISSUED,
            "NOT YET VALID  no, not yet: its time comes in 30 min, at 2026-11-21 16:30 UTC",
        ),
        (
            &token,
            "2026-11-21T18:00:00Z",
            "EXPIRED  no, it expired 1 h ago, at 2026-11-21 17:00 UTC",
        ),
        ("", ISSUED, "MALFORMED  ask for the link again: there is no token"),
        (
            &other,
            ISSUED,
            "UNKNOWN KEY  ask for the link again: the keyring has no key 0000",
        ),
    ] {
        assert_eq!(first(&["--now", now, "--", text]), line);
    }
    let expect = [
        "--now",
        "2026-11-21T16:30:00Z",
        "--expect",
        "customer_id=7",
        "--",
        &token,
    ];
    assert_eq!(
        first(&expect),
        "CLAIM MISMATCH  no, the claim customer_id is not the expected one"
    );
}
