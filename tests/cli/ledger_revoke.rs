//! `revoke`, `unrevoke` and `revoked`.

use crate::support::{Folder, ISSUED, OTHER_SECRET, Run, all, keyring_text, make_private, rows};

const NOW: &str = "2026-11-21T16:10:00Z";

fn revoke(folder: &Folder, args: &[&str]) -> Run {
    folder.run(&all(&[&["revoke", "--ledger", "l.db", "--now", ISSUED], args]))
}

fn unrevoke(folder: &Folder, args: &[&str]) -> Run {
    folder.run(&all(&[&["unrevoke", "--ledger", "l.db"], args]))
}

fn status(folder: &Folder, token: &str) -> String {
    let args = ["verify", "--ledger", "l.db", "--print", "status", "--now", NOW, token];
    folder.run(&args).stdout.trim_end().to_owned()
}

#[test]
fn a_token_that_is_revoked_is_refused_with_the_reason() {
    let folder = Folder::new();
    let token = folder.token(&["customer_id=1"]);
    revoke(
        &folder,
        &[
            &format!("<https://shop.example/p/{token}>."),
            "--reason",
            "wrong prices",
        ],
    )
    .done()
    .tells("linkmint: made the ledger l.db\n")
    .tells("linkmint: revoked: token e28e 000000000001 with customer_id 1\n");
    let run = folder
        .run(&["verify", "--ledger", "l.db", &token, "--now", NOW])
        .status(1);
    run.expect(
        run.stdout.starts_with(
            "REVOKED  no, it was revoked 10 min ago, at 2026-11-21 16:00 UTC: \"wrong prices\"\n  customer_id  1\n",
        ),
        "status, reason and claims",
    );
    let run = folder
        .run(&["verify", "--ledger", "l.db", &token, "--now", NOW, "--json"])
        .status(1);
    let answer = &run.json()[0];
    assert_eq!(answer["status"], "revoked");
    assert_eq!(answer["message"], "token revoked: wrong prices");
    assert_eq!(
        answer["revoked"],
        serde_json::json!({"at": ISSUED, "reason": "wrong prices"})
    );
    assert_eq!(answer["claims"]["customer_id"], "1");
    assert_eq!(answer["uses"]["count"], 2, "such checks are counted too");
    assert_eq!(
        folder.run(&["verify", &token, "--now", NOW]).status,
        Some(0),
        "nobody asked the ledger"
    );

    let again = revoke(&folder, &[&token, "--reason", "another"]).done();
    again.tells("already revoked 0 s ago, at 2026-11-21 16:00 UTC: \"wrong prices\": token e28e");
    unrevoke(&folder, &[&token])
        .done()
        .tells("linkmint: no longer revoked: token e28e 000000000001");
    assert_eq!(status(&folder, &token), "valid");
    unrevoke(&folder, &[&token])
        .done()
        .tells("not revoked by itself: token e28e");
}

#[test]
fn it_comes_after_the_signature_and_before_the_times() {
    let folder = Folder::new();
    let token = folder.token(&["customer_id=1"]);
    let changed = format!("{}x{}", &token[..20], &token[21..]);
    revoke(&folder, &["--claim", "customer_id=1"]).done();
    let at = |text: &str, now: &str| {
        let args = ["verify", "--ledger", "l.db", "--print", "status", "--now", now, text];
        folder.run(&args).stdout.trim_end().to_owned()
    };
    assert_eq!(at(&token, "2030-01-01T00:00:00Z"), "revoked");
    assert_eq!(at(&changed, NOW), "invalid_signature");
    let args = [
        "verify",
        "--ledger",
        "l.db",
        "--print",
        "status",
        "--now",
        NOW,
        &token,
        "--expect",
        "customer_id=2",
    ];
    folder.run(&args).status(1).prints("revoked\n");
}

#[test]
fn a_claim_revokes_all_tokens_with_it() {
    let folder = Folder::new();
    let spring = folder.token(&["customer_id=1", "campaign_id=spring26"]);
    let sealed = folder.token(&["customer_id=2", "campaign_id=spring26", "--seal"]);
    let jwt = folder.token(&["customer_id=3", "campaign_id=spring26", "--format", "jwt"]);
    let autumn = folder.token(&["customer_id=1", "campaign_id=autumn26"]);
    revoke(&folder, &["--claim", "campaign_id= spring26 "])
        .done()
        .tells("revoked: all tokens with campaign_id spring26\n");
    for token in [&spring, &sealed, &jwt] {
        assert_eq!(status(&folder, token), "revoked");
    }
    assert_eq!(status(&folder, &autumn), "valid");
    // what is revoked by its campaign is not by itself
    unrevoke(&folder, &[&spring])
        .done()
        .tells("not revoked by itself: token e28e");
    assert_eq!(status(&folder, &spring), "revoked");
    for token in [&spring, &sealed, &jwt] {
        revoke(&folder, &[token]).done();
        let run = unrevoke(&folder, &[token, &autumn])
            .done()
            .tells("linkmint: no longer revoked: token e28e")
            .tells("warning: still revoked, with all tokens with campaign_id spring26: token e28e")
            .tells("unrevoke --claim");
        run.expect(run.stderr.matches("still revoked").count() == 1, "one of the two");
        assert_eq!(status(&folder, token), "revoked");
    }
    unrevoke(&folder, &["--claim", "campaign_id=spring26"]).done();
    assert_eq!(status(&folder, &spring), "valid");
    unrevoke(&folder, &["--claim", "campaign_id=spring26"])
        .done()
        .tells("not revoked");
}

#[test]
fn a_list_revokes_the_tokens_of_its_rows() {
    let folder = Folder::with_list("customer_id\n1\n2\n3\n");
    folder.generate(&["-o", "links.csv"]).done();
    let text = folder.read("links.csv");
    let tokens: Vec<_> = rows(&text).iter().map(|row| row["token"].clone()).collect();
    folder.write("two.csv", text.lines().take(3).collect::<Vec<_>>().join("\n"));
    revoke(&folder, &["--file", "two.csv"])
        .done()
        .tells("linkmint: 2 tokens revoked\n");
    revoke(&folder, &["--file", "links.csv"])
        .done()
        .tells("linkmint: 1 token revoked, 2 tokens already revoked\n");
    revoke(&folder, &["--claim", "customer_id=3"]).done();
    unrevoke(&folder, &["--file", "two.csv", "--column", "url_link"])
        .done()
        .tells("1 claim may still revoke tokens of this list");
    revoke(&folder, &["--file", "two.csv", "--column", "url_link"]).done();
    unrevoke(&folder, &["--claim", "customer_id=3"]).done();
    unrevoke(&folder, &["--file", "two.csv", "--column", "url_link"])
        .done()
        .tells("2 tokens no longer revoked\n");
    unrevoke(&folder, &["--file", "two.csv", "--column", "url_link"])
        .done()
        .tells("0 tokens no longer revoked, 2 tokens not revoked\n");
    let now: Vec<_> = tokens.iter().map(|token| status(&folder, token)).collect();
    assert_eq!(now, ["valid", "valid", "revoked"]);
    // the same through a list, where they are looked up all at once
    let args = ["verify", "--file", "links.csv", "--ledger", "l.db", "--now", NOW];
    let run = folder
        .run(&args)
        .status(1)
        .tells("  revoked            1\n  valid              2\n");
    let found: Vec<_> = rows(&run.stdout)
        .iter()
        .map(|row| row["verified_status"].clone())
        .collect();
    assert_eq!(found, ["valid", "valid", "revoked"]);
    let plain = format!("{}\n{}\n", tokens[0], tokens[1]);
    folder
        .call(&["revoke", "--ledger", "l.db", "--file", "-", "--now", ISSUED])
        .stdin(plain)
        .run()
        .done();
    assert_eq!(status(&folder, &tokens[0]), "revoked");
}

#[test]
fn bad_rows_are_told_and_the_others_revoked() {
    let folder = Folder::with_list("customer_id\n1\n2\n3\n");
    folder.generate(&["-o", "links.csv"]).done();
    let text = folder.read("links.csv");
    let tokens: Vec<_> = rows(&text).iter().map(|row| row["token"].clone()).collect();
    folder.write("bad.csv", text.replace(&tokens[1], &tokens[1].replace('A', "B")));
    let run = revoke(&folder, &["--file", "bad.csv"]).status(1);
    run.tells("linkmint: bad.csv: row 3, line 3, column token: invalid signature\n")
        .tells("linkmint: bad.csv: 1 row left out\n")
        .tells("linkmint: 2 tokens revoked\n");
    let now: Vec<_> = tokens.iter().map(|token| status(&folder, token)).collect();
    assert_eq!(now, ["revoked", "valid", "revoked"]);
    // a structure that can't be read: nothing is
    folder.write("open.csv", format!("token\n{}\n\"{}\n", tokens[1], tokens[0]));
    revoke(&folder, &["--file", "open.csv"]).status(3);
    assert_eq!(status(&folder, &tokens[1]), "valid");
}

#[test]
fn what_is_not_authentic_is_refused_and_nothing_else_is_lost() {
    let folder = Folder::new();
    let token = folder.token(&["customer_id=1"]);
    folder.write("other.json", keyring_text(&[OTHER_SECRET]));
    make_private(&folder.path("other.json"));
    let run = revoke(&folder, &["no token", &token, "--keyring", "other.json"]).status(1);
    run.tells("there is no token").tells("unknown key");
    assert_eq!(status(&folder, &token), "valid");
    let run = revoke(&folder, &["no token", &token]).status(1);
    run.tells("linkmint: there is no token\nhint: ")
        .tells("revoked: token e28e");
    assert_eq!(status(&folder, &token), "revoked");
    let expired = folder.token(&["customer_id=2"]);
    let args = ["revoke", "--ledger", "l.db", "--now", "2030-01-01T00:00:00Z", &expired];
    folder.run(&args).done().tells("revoked: token");
}

#[test]
fn what_is_revoked_is_listed() {
    let folder = Folder::new();
    let token = folder.token(&["customer_id=1"]);
    let sealed = folder.token(&["customer_id=secret-customer", "--seal"]);
    folder
        .call(&["revoked", "--ledger", "l.db"])
        .refused(3, "l.db: there is no such ledger", "check the name");
    revoke(&folder, &[&token, "--reason", "lost"]).done();
    let later = ["revoke", "--ledger", "l.db", "--now", NOW];
    folder.run(&all(&[&later, &[&sealed]])).done();
    folder.run(&all(&[&later, &["--claim", "campaign_id=spring26"]])).done();
    folder
        .run(&["revoked", "--ledger", "l.db"])
        .done()
        .says_nothing()
        .prints(
            "2026-11-21 16:10 UTC  all tokens with campaign_id spring26\n\
         2026-11-21 16:00 UTC  token e28e 000000000001  customer_id 1  \"lost\"\n\
         2026-11-21 16:10 UTC  token e28e 000000000001  its claims are sealed\n",
        );
    let run = folder
        .call(&["revoked", "--json"])
        .variable("LINKMINT_LEDGER", "l.db")
        .run()
        .done();
    let list = run.json();
    assert_eq!(
        list[0]["claim"],
        serde_json::json!({"name": "campaign_id", "value": "spring26"})
    );
    assert_eq!(
        (&list[0]["how"], &list[0]["trace"]),
        (&"claim".into(), &serde_json::Value::Null)
    );
    assert_eq!((&list[1]["how"], &list[1]["reason"]), (&"token".into(), &"lost".into()));
    assert_eq!(
        (&list[1]["claims"]["customer_id"], &list[1]["id"]),
        (&"1".into(), &"000000000001".into())
    );
    assert!(list[2]["claims"].is_null() && list[2]["trace"].as_str().expect("a trace").len() == 32);
    unrevoke(&folder, &[&token, &sealed]).done();
    unrevoke(&folder, &["--claim", "campaign_id=spring26"]).done();
    folder
        .run(&["revoked", "--ledger", "l.db"])
        .done()
        .prints("")
        .tells("linkmint: nothing is revoked\n");
}

#[test]
fn what_is_asked_for_must_be_clear() {
    let folder = Folder::new();
    let refused = |args: &[&str], status, message: &str, hint: &str| {
        folder.call(args).refused(status, message, hint);
    };
    refused(
        &["revoke", "x"],
        2,
        "no ledger is named",
        "--ledger FILE, or set LINKMINT_LEDGER",
    );
    refused(&["revoke", "--ledger", "l.db"], 2, "required", "--help");
    refused(
        &["revoke", "--ledger", "l.db", "x", "--claim", "a=b"],
        2,
        "cannot be used with",
        "--help",
    );
    refused(
        &["revoke", "--ledger", "l.db", "--claim", "a"],
        2,
        "--claim: \"a\" has no =",
        "NAME=VALUE",
    );
    refused(
        &["revoke", "--ledger", "l.db", "--claim", "a="],
        2,
        "--claim: the claim a: the value is empty",
        "NAME",
    );
    refused(
        &["revoke", "--ledger", "l.db", "x", "--reason", " "],
        2,
        "--reason: it is empty",
        "one line",
    );
    refused(
        &["revoke", "--ledger", "l.db", "x", "--reason", "a\nb"],
        2,
        "a control character",
        "one line",
    );
    refused(
        &["revoke", "--ledger", "l.db", "x", "--delimiter", ";"],
        2,
        "--delimiter: it is about a list",
        "--file",
    );
    refused(
        &["unrevoke", "--ledger", "l.db", "x"],
        3,
        "l.db: there is no such ledger",
        "check the name",
    );
    let long = "x".repeat(513);
    refused(
        &["revoke", "--ledger", "l.db", "x", "--reason", &long],
        2,
        "513 bytes long, at most 512",
        "one line",
    );
}

#[cfg(all(unix, feature = "postgres"))]
crate::server::on_a_server! {
    a_token_that_is_revoked_is_refused_with_the_reason
    it_comes_after_the_signature_and_before_the_times
    a_claim_revokes_all_tokens_with_it
    a_list_revokes_the_tokens_of_its_rows
    bad_rows_are_told_and_the_others_revoked
    what_is_not_authentic_is_refused_and_nothing_else_is_lost
    what_is_revoked_is_listed
}

#[test]
fn lines_of_any_length_and_texts_of_any_number_of_tokens_are_revoked_whole() {
    let folder = Folder::new();
    let list: String = std::iter::once("id\n".to_owned())
        .chain((0..1_100).map(|id| format!("{id}\n")))
        .collect();
    folder.write("customers.csv", list);
    let made = [
        "--claims",
        "id",
        "--no-link",
        "--expires-in",
        "1h",
        "--issued-at",
        ISSUED,
    ];
    folder
        .run(&crate::support::all(&[
            &["generate", "customers.csv", "-o", "links.csv"],
            &made,
        ]))
        .done();
    let text = folder.read("links.csv").replace('\n', " ");
    let lines = format!("{}\n{text}\n", "x".repeat(2 << 20));
    let run = folder
        .call(&["revoke", "--ledger", "l.db", "-", "--now", ISSUED])
        .stdin(lines)
        .run()
        .status(1)
        .tells("the text is longer than 1 MiB");
    run.expect(
        run.stderr.matches("linkmint: revoked: token").count() == 1_100,
        "all tokens of the other line",
    );
}
