//! Is this token good?

use crate::support::{Folder, ISSUED, OTHER_SECRET, all, keyring_text, make_private};

const VALID: [&str; 2] = ["--now", ISSUED];

#[test]
fn a_valid_token_is_told_with_its_claims() {
    let folder = Folder::new();
    let token = folder.token(&["customer_id=1234567", "campaign_id=spring26"]);
    folder
        .run(&["verify", &token, "--now", "2026-11-21T16:10:00Z"])
        .done()
        .says_nothing()
        .prints(
            "VALID  yes, for another 50 min, until 2026-11-21 17:00 UTC\n  customer_id  1234567\n  campaign_id  spring26\n  \
         issued       2026-11-21 16:00 UTC with key e28e\n",
        );
}

#[test]
fn expiry_is_exclusive() {
    let folder = Folder::new();
    let token = folder.token(&["a=1"]);
    for (now, status, word) in [
        ("2026-11-21T16:59:59Z", 0, "valid\n"),
        ("2026-11-21T17:00:00Z", 1, "expired\n"),
        ("2026-11-21T17:00:01Z", 1, "expired\n"),
        ("1970-01-01T00:00:00Z", 0, "valid\n"),
        ("2106-02-07T06:28:15Z", 1, "expired\n"),
    ] {
        folder
            .run(&["verify", &token, "--now", now, "--print", "status"])
            .status(status)
            .prints(word);
    }
}

#[test]
fn an_expired_token_is_told_with_its_age_and_claims() {
    let folder = Folder::new();
    let token = folder.token(&["customer_id=1001"]);
    let run = folder
        .run(&["verify", &token, "--now", "2026-11-23T17:00:00Z"])
        .status(1);
    run.expect(
        run.stdout
            .starts_with("EXPIRED  no, it expired 2 days ago, at 2026-11-21 17:00 UTC\n"),
        "the sentence",
    );
    run.expect(
        run.stdout.contains("customer_id  1001"),
        "the claims of an authentic token",
    );
}

#[test]
fn leeway_is_for_clocks_that_differ_and_told_when_it_decided() {
    let folder = Folder::new();
    let token = folder.token(&["a=1", "--not-before", "2026-11-21T16:30:00Z"]);
    let check = |now, leeway| folder.run(&["verify", &token, "--now", now, "--leeway", leeway]);
    for now in ["2026-11-21T17:00:59Z", "2026-11-21T16:29:00Z"] {
        check(now, "0s").status(1);
        let run = check(now, "60s").done();
        run.expect(
            run.stdout.contains("within the leeway of 60 s"),
            "that the leeway decided",
        );
    }
    check("2026-11-21T17:01:00Z", "60s").status(1);
    check("2026-11-21T16:28:59Z", "1m").status(1);
    let run = check("2026-11-21T16:40:00Z", "60s").done();
    run.expect(!run.stdout.contains("leeway"), "no word of the leeway");
    check("2026-11-21T16:40:00Z", "9999999999w").done();
}

#[test]
fn json_has_every_member() {
    let folder = Folder::new();
    let token = folder.token(&["customer_id=1001", "--not-before", "2026-11-21T16:00:00Z"]);
    folder
        .run(&["verify", "--json", &token, "--now", "2026-11-21T17:00:00Z"])
        .status(1)
        .prints(
            "{\"valid\":false,\"status\":\"expired\",\"message\":\"token expired\",\
         \"checked_at\":\"2026-11-21T17:00:00Z\",\"key_id\":\"e28e\",\"id\":\"000000000001\",\"format\":\"signed\",\
         \"issued_at\":\"2026-11-21T16:00:00Z\",\"expires_at\":\"2026-11-21T17:00:00Z\",\
         \"not_before\":\"2026-11-21T16:00:00Z\",\"claims\":{\"customer_id\":\"1001\"},\"cleaned\":[],\"uses\":null}\n",
        );
    folder
        .run(&["verify", "--json", "hello", "--now", ISSUED])
        .status(1)
        .prints(
            "{\"valid\":false,\"status\":\"malformed\",\"message\":\"there is no token\",\
         \"checked_at\":\"2026-11-21T16:00:00Z\",\"key_id\":null,\"id\":null,\"format\":null,\"issued_at\":null,\
         \"expires_at\":null,\"not_before\":null,\"claims\":{},\"cleaned\":[],\"uses\":null}\n",
        );
}

#[test]
fn claims_of_a_token_that_is_not_authentic_are_never_shown() {
    let folder = Folder::new();
    folder.write("other.json", keyring_text(&[OTHER_SECRET]));
    make_private(&folder.path("other.json"));
    let token = folder.token(&["customer_id=forged99"]);
    let last = if token.ends_with('A') { "E" } else { "A" };
    let forged = format!("{}{last}{}", &token[..token.len() - 2], &token[token.len() - 1..]);
    for (args, status) in [
        (
            vec!["verify", &forged, "--now", ISSUED, "--no-repair"],
            "INVALID SIGNATURE",
        ),
        (
            vec!["verify", &token, "--now", ISSUED, "--keyring", "other.json"],
            "UNKNOWN KEY",
        ),
        (vec!["verify", &token[..token.len() - 5], "--now", ISSUED], "MALFORMED"),
    ] {
        let run = folder.run(&args).status(1);
        run.expect(run.stdout.starts_with(status), status);
        // of a link that was cut, what it says stands below a line that says what that is worth
        let believed = run.stdout.split("NOT VERIFIED: ").next().unwrap_or_default();
        run.expect(!believed.contains("forged99"), "no claim");
        let is_cut = status == "MALFORMED";
        run.expect(is_cut == run.stdout.contains("NOT VERIFIED: "), "nothing but that");
        let mut args = args;
        args.push("--json");
        let json = folder.run(&args).status(1).json();
        assert_eq!(json[0]["claims"], serde_json::json!({}));
        assert!(json[0]["issued_at"].is_null());
        args.retain(|arg| *arg != "--json");
        args.extend(["--print", "customer_id"]);
        folder.run(&args).status(1).prints("\n");
    }
}

#[test]
fn an_expected_claim_must_be_there_and_equal() {
    let folder = Folder::new();
    let token = folder.token(&["customer_id=1001", "campaign_id=spring26"]);
    let check = |expect: &str| folder.run(&["verify", &token, "--json", "--now", ISSUED, "--expect", expect]);
    check("campaign_id=spring26").done();
    check("customer_id= 1001\t").done();
    for (expect, found) in [
        ("campaign_id=summer", "\"spring26\""),
        ("tier=gold", "null"),
        ("campaign_id=Spring26", "\"spring26\""),
    ] {
        let run = check(expect).status(1);
        let (name, value) = expect.split_once('=').expect("a pair");
        run.expect(run.stdout.contains("\"status\":\"claim_mismatch\""), "the status");
        let mismatch = format!("\"mismatch\":[{{\"name\":\"{name}\",\"token\":{found},\"expected\":\"{value}\"}}]");
        run.expect(run.stdout.contains(&mismatch), &mismatch);
    }
    folder
        .run(&[
            "verify",
            &token,
            "--now",
            "2027-01-01T00:00:00Z",
            "--expect",
            "tier=x",
            "--print",
            "status",
        ])
        .status(1)
        .prints("expired\n");
}

#[test]
fn print_writes_one_line() {
    let folder = Folder::new();
    let token = folder.token(&["customer_id=1001"]);
    let never = folder.run(&["sign", "a=1", "--never-expires"]).done().stdout;
    let print = |token: &str, name: &str, now: &str| folder.run(&["verify", token, "--print", name, "--now", now]);
    print(&token, "status", ISSUED).done().prints("valid\n");
    print(&token, "customer_id", ISSUED).done().prints("1001\n");
    print(&token, "expires_at", ISSUED)
        .done()
        .prints("2026-11-21T17:00:00Z\n");
    print(&token, "tier", ISSUED).status(2).prints("");
    print(&token, "customer_id", "2027-01-01T00:00:00Z")
        .status(1)
        .prints("\n");
    print(&token, "expires_at", "2027-01-01T00:00:00Z")
        .status(1)
        .prints("\n");
    print(never.trim_end(), "expires_at", ISSUED).done().prints("\n");
    print("x", "status", ISSUED).status(1).prints("malformed\n");
}

#[test]
fn a_dash_gives_one_answer_for_each_line() {
    let folder = Folder::new();
    let token = folder.token(&["a=1"]);
    let lines = format!(
        "{token}\n\n<{token}> and https://shop.example/{token}.\r\nhello\n{token} {}x\n{token}",
        &token[..30]
    );
    let run = folder
        .call(&["verify", "-", "--print", "status", "--now", ISSUED])
        .stdin(lines)
        .run()
        .status(1);
    assert_eq!(run.stdout.lines().count(), 6, "{}", run.stdout);
    let words: Vec<_> = run.stdout.lines().collect();
    assert_eq!(words[..4], ["valid", "malformed", "valid", "malformed"]);
    assert_eq!(words[5], "valid", "a last line without its end");
}

#[test]
fn a_lone_cr_ends_a_line_of_standard_input() {
    let folder = Folder::new();
    let (one, other) = (folder.token(&["a=1"]), folder.token(&["a=2"]));
    for lines in [
        format!("{one}\r\r{other}\rhello\r"),
        format!("{one}\r\n\r\n{other}\r\nhello"),
        format!("{one}\n\r\n{other}\rhello\n"),
    ] {
        folder
            .call(&["verify", "-", "--print", "status", "--now", ISSUED])
            .stdin(lines.clone())
            .run()
            .status(1)
            .prints("valid\nmalformed\nvalid\nmalformed\n");
        let run = folder.call(&["inspect", "-", "--json"]).stdin(lines).run();
        run.expect(run.stdout.lines().count() == 4, "an answer for each line");
    }
    let run = folder
        .call(&["revoke", "--ledger", "l.db", "-", "--now", ISSUED])
        .stdin(format!("{one}\r{other}\r"))
        .run()
        .done();
    let told = run.stderr.matches("linkmint: revoked: token").count();
    run.expect(told == 2, "both tokens");
}

#[test]
fn all_of_standard_input_is_one_text() {
    let folder = Folder::new();
    let token = folder.token(&["a=1"]);
    let (start, end) = token.split_at(20);
    let mail = format!("> Hello,\r\n>\r\n> <https://shop.example/p/{start}=\r\n{end}>\r\n>\r\n> bye\r\n");
    let run = folder
        .call(&["verify", "--print", "status", "--now", ISSUED])
        .stdin(mail)
        .run();
    run.done().prints("valid\n");
}

#[test]
fn what_was_cleaned_is_told() {
    let folder = Folder::new();
    let token = folder.token(&["a=1"]);
    let check =
        |text: String| folder.run(&["verify", "--json", "--now", ISSUED, &text]).done().json()[0]["cleaned"].clone();
    assert_eq!(check(token.clone()), serde_json::json!([]));
    assert_eq!(
        check(format!("https://shop.example/p/{token}?utm=1")),
        serde_json::json!(["url"])
    );
    for text in [
        format!("<{token}>"),
        format!("\"{token}\""),
        format!("{token}."),
        format!(" {token} "),
    ] {
        assert_ne!(check(text.clone()), serde_json::json!([]), "{text}");
    }
    let safe =
        format!("https://eur01.safelinks.protection.outlook.com/?url=https%3A%2F%2Fshop.example%2Fp%2F{token}&data=05");
    assert_ne!(check(safe), serde_json::json!([]));
}

#[test]
fn what_was_cleaned_is_told_to_people_too() {
    let folder = Folder::new();
    let token = folder.token(&["a=1"]);
    let text = format!("<https://shop.example/p/{token}>.");
    let run = folder.run(&["verify", &text, "--now", ISSUED]).done();
    run.expect(
        run.stdout.ends_with("\n  undone: brackets, the URL round it\n"),
        "what was undone",
    );
    let run = folder.run(&["verify", &token, "--now", ISSUED]).done();
    run.expect(!run.stdout.contains("undone"), "nothing undone");
}

/// A token with one slip, and the words for it.
fn slips(token: &str) -> Vec<(String, &'static str, &'static str)> {
    let with =
        |place: usize, letter: &str, skip: usize| format!("{}{letter}{}", &token[..place], &token[place + skip..]);
    let other = if &token[32..33] == "q" { "w" } else { "q" };
    vec![
        (with(32, other, 1), "substituted", "character 33 should be "),
        (
            with(32, "", 1),
            "missing",
            "a character is missing after character 32: ",
        ),
        (with(32, other, 0), "extra", "character 33 does not belong there"),
        (token[..token.len() - 1].to_owned(), "cut_end", "the end is cut off: "),
        (token[..token.len() - 2].to_owned(), "cut_end", "the end is cut off: "),
    ]
}

#[test]
fn the_genuine_token_one_slip_away_is_found_and_the_status_stays() {
    let folder = Folder::new();
    let token = folder.token(&["customer_id=1001", "campaign_id=spring26"]);
    for (text, kind, words) in slips(&token) {
        let run = folder.run(&["verify", &text, "--now", ISSUED]).status(1);
        run.expect(run.stdout.starts_with("DAMAGED  "), "that it is damaged");
        run.expect(run.stdout.contains(words), words);
        run.expect(
            run.stdout.contains("the undamaged token is valid for another 1 h"),
            "that it was valid",
        );
        let run = folder.run(&["verify", &text, "--now", ISSUED, "--json"]).status(1);
        let answer = &run.json()[0];
        run.expect(
            answer["valid"] == false && answer["status"] != "valid",
            "the status as it was",
        );
        run.expect(answer["claims"] == serde_json::json!({}), "no claims");
        run.expect(answer["damaged"]["undamaged_status"] == "valid", "the member damaged");
        if kind == "cut_end" || kind == "substituted" {
            run.expect(answer["damaged"]["kind"] == kind, kind);
        }
        let run = folder.run(&["verify", &text, "--now", ISSUED, "--no-repair"]).status(1);
        run.expect(!run.stdout.contains("DAMAGED"), "no repair");
        let print = folder.run(&["verify", &text, "--now", ISSUED, "--print", "customer_id"]);
        print.status(1).prints("\n");
    }
}

#[test]
fn a_damaged_token_that_would_not_be_valid_either_is_told_so() {
    let folder = Folder::new();
    let token = folder.token(&["customer_id=1001"]);
    let (text, ..) = slips(&token).remove(0);
    let run = folder
        .run(&["verify", &text, "--now", "2027-01-01T00:00:00Z"])
        .status(1);
    run.expect(
        run.stdout.contains("the undamaged token is not valid: token expired"),
        "that it is over",
    );
    let args = ["verify", &text, "--now", ISSUED, "--expect", "tier=gold", "--json"];
    let answer = &folder.run(&args).status(1).json()[0];
    assert_eq!(answer["damaged"]["undamaged_status"], "claim_mismatch");
}

#[test]
fn a_forgery_is_not_mended() {
    let folder = Folder::new();
    let token = folder.token(&["customer_id=1001"]);
    let (first, ..) = slips(&token).remove(0);
    // two slips
    let other = if &first[40..41] == "q" { "w" } else { "q" };
    let text = format!("{}{other}{}", &first[..40], &first[41..]);
    let run = folder.run(&["verify", &text, "--now", ISSUED]).status(1);
    run.expect(
        run.stdout.starts_with("INVALID SIGNATURE"),
        "an invalid signature and no more",
    );
}

#[test]
fn several_texts_are_answered_in_their_order() {
    let folder = Folder::new();
    let token = folder.token(&["a=1"]);
    folder
        .run(&["verify", &token, "hello", &token, "--print", "status", "--now", ISSUED])
        .status(1)
        .prints("valid\nmalformed\nvalid\n");
}

#[test]
fn equal_tokens_of_one_text_count_once() {
    let folder = Folder::new();
    let (one, two) = (folder.token(&["a=1"]), folder.token(&["a=2"]));
    let text = format!("{one} {two}\nhttps://shop.example/{one}");
    let answers = folder.run(&["verify", &text, "--json", "--now", ISSUED]).done().json();
    let claims: Vec<_> = answers.iter().map(|answer| answer["claims"]["a"].as_str()).collect();
    assert_eq!(claims, [Some("1"), Some("2")]);
}

#[test]
fn nothing_to_check_is_status_three() {
    let folder = Folder::new();
    for args in [&["verify"][..], &["verify", "-"]] {
        folder.call(args).stdin("").refused(3, "there ", "--allow-empty");
        let args = [args, &["--allow-empty"]].concat();
        folder.call(&args).stdin("").run().done().prints("");
    }
    folder
        .call(&["verify"])
        .stdin(" \n\n")
        .refused(3, "there is no token to check", "--allow-empty");
}

#[test]
fn verify_never_makes_a_keyring() {
    let folder = Folder::empty();
    folder
        .call(&["verify", "x"])
        .refused(3, "keys.json: there is no such keyring", "linkmint key new");
}

#[test]
fn retired_and_standby_keys_verify() {
    let folder = Folder::new();
    let token = folder.token(&["a=1"]);
    folder.run(&["key", "new"]).done();
    folder.run(&["verify", &token, VALID[0], VALID[1]]).done();
    folder.run(&["key", "retire", "e28e"]).done();
    folder.run(&["verify", &token, VALID[0], VALID[1]]).done();
    folder.run(&["key", "remove", "e28e", "--yes"]).done();
    folder
        .run(&["verify", &token, VALID[0], VALID[1], "--print", "status"])
        .status(1)
        .prints("unknown_key\n");
}

#[test]
fn flags_that_contradict_each_other_are_refused() {
    let folder = Folder::new();
    folder
        .call(&["verify", "x", "-"])
        .refused(2, "exclude each other", "either");
    folder
        .call(&["verify", "x", "--json", "--print", "a"])
        .refused(2, "cannot be used with", "--help");
    folder
        .call(&["verify", "x", "--expect", "a"])
        .refused(2, "--expect", "NAME=VALUE");
}

#[test]
fn flags_about_the_rows_of_a_list_are_refused_without_one() {
    let folder = Folder::new();
    let token = folder.token(&["customer_id=1"]);
    folder.write("a.txt", &token);
    let flags: [&[&str]; 7] = [
        &["--match", "customer_id=b"],
        &["--no-match"],
        &["--column", "token"],
        &["--show", "customer_id"],
        &["--only-invalid"],
        &["--replace"],
        &["--header-row", "3"],
    ];
    for flag in flags {
        for rest in [&["--", &token][..], &["--scan", "a.txt"]] {
            let run = folder.run(&all(&[&["verify"], flag, rest])).status(2);
            run.expect(run.stdout.is_empty() && run.stderr.contains(flag[0]), "the flag's name");
        }
    }
    let flags: [&[&str]; 4] = [
        &["--match", "customer_id=b"],
        &["--column", "token"],
        &["--only-new"],
        &["--header-row", "3"],
    ];
    for flag in flags {
        let start = ["reissue", "--ignore-revocations", "--expires-in", "1h"];
        let run = folder.run(&all(&[&start, flag, &["--", &token]])).status(2);
        run.expect(run.stdout.is_empty() && run.stderr.contains(flag[0]), "the flag's name");
    }
}

#[test]
fn hostile_input_is_answered() {
    let folder = Folder::new();
    let lines: [&[u8]; 6] = [
        b"\0\0\0",
        b"\xff\xfe\xfd",
        &[b'L'; 5000],
        &[b'F'; 100_000],
        b"eyJhbGciOiJub25lIn0.e30.",
        b"%25%25%25%",
    ];
    let run = folder
        .call(&["verify", "-", "--json"])
        .stdin(lines.join(&b'\n'))
        .run()
        .status(1);
    assert_eq!(run.json().len(), lines.len());
    for answer in run.json() {
        assert_eq!(answer["valid"], false);
    }
    let run = folder
        .call(&["verify"])
        .stdin(vec![b'A'; (1 << 20) + 1])
        .run()
        .status(3);
    run.tells("the text is longer than 1 MiB");
}

#[test]
fn a_slip_is_told_with_its_place_and_the_token_stays_invalid() {
    let folder = Folder::new();
    let token = folder.token(&["customer_id=1234567"]);
    let slipped = |place: usize| {
        let right = &token[place - 1..place];
        let wrong = if right == "K" { "M" } else { "K" };
        format!("{}{wrong}{}", &token[..place - 1], &token[place..])
    };
    let damaged = slipped(17);
    let words = format!(
        "DAMAGED  ask for the link again: character 17 should be {}; the undamaged token is valid for another",
        &token[16..17]
    );
    let run = folder.run(&["verify", &damaged, "--now", ISSUED]).status(1);
    run.expect(run.stdout.starts_with(&words), &words);
    let json = folder
        .run(&["verify", &damaged, "--now", ISSUED, "--json"])
        .status(1)
        .json();
    assert_eq!(json[0]["valid"], false);
    assert_eq!(json[0]["status"], "invalid_signature");
    assert_eq!(json[0]["damaged"]["position"], 17);
    assert_eq!(json[0]["damaged"]["should_be"], token[16..17]);
    assert_eq!(json[0]["claims"], serde_json::json!({}));
}

#[test]
fn a_slip_is_found_where_cleaning_would_take_the_token_apart() {
    let folder = Folder::new();
    let jwt = folder.token(&["customer_id=1234567", "--format", "jwt"]);
    // without their ends both end in punctuation, and the first has no digit
    let dashed = "LOKOawHAAAAAAAAAAAAAABWhARoAEtaH_QXzbeiGqksWzzMzoYTe-Q";
    let twice = "LOKOawHAAAAAAAAAAAAAACChARoAEtaHdxcQ5zWkUIgQQWTmPg-_XA";
    let cut = |text: &str, by: usize| text[..text.len() - by].to_owned();
    let with = |text: &str, at: usize, new: &str, old: usize| format!("{}{new}{}", &text[..at], &text[at + old..]);
    let table = [
        (with(&jwt, 0, "E", 1), 1),
        (with(&jwt, 1, "", 1), 1),
        (with(&jwt, 82, ".", 0), 83),
        (with(&jwt, 82, ".", 1), 83),
        (cut(dashed, 1), 53),
        (cut(dashed, 2), 52),
        (cut(twice, 2), twice.len() - 2),
        (with(dashed, 20, "", 1), 20),
        (with(dashed, 20, "$", 1), 21),
        (with(dashed, 20, "/", 1), 21),
    ];
    for (damaged, position) in &table {
        for text in [
            damaged.clone(),
            format!(" {damaged}\n"),
            format!("https://a.example/p?c={damaged}"),
        ] {
            // a slash is part of a link's path, and a link is no token with a slip
            if text.starts_with("https") && (damaged.contains('/') || damaged.contains('$')) {
                continue;
            }
            let run = folder.run(&["verify", "--json", &text]).status(1);
            let answer = &run.json()[0];
            assert_eq!(answer["damaged"]["position"], *position, "{text}");
            assert!(answer["damaged"]["undamaged_status"].is_string(), "{text}");
            assert_ne!(answer["status"], "valid");
        }
    }
}

#[test]
fn damage_is_not_looked_for_where_it_was_not_asked_or_among_several_tokens() {
    let folder = Folder::new();
    let token = folder.token(&["customer_id=1234567"]);
    let cut = &token[..token.len() - 1];
    for (args, stdin) in [
        (vec!["verify", cut, "--now", ISSUED, "--json", "--no-repair"], ""),
        (vec!["verify", cut, &token, "--now", ISSUED, "--json"], ""),
        (vec!["verify", "-", "--now", ISSUED, "--json"], cut),
    ] {
        let json = folder.call(&args).stdin(stdin).run().status(1).json();
        assert_eq!(json[0]["status"], "malformed");
        assert!(json[0].get("damaged").is_none());
    }
}

#[test]
fn a_file_in_the_place_of_a_token_is_told_with_a_hint() {
    let folder = Folder::with_list("token\nx\n");
    let run = folder.run(&["verify", "customers.csv"]).status(1);
    run.prints("MALFORMED  ask for the link again: there is no token\n")
        .tells("hint: customers.csv is a file: --file checks its rows");
    folder
        .run(&["verify", "customers.csv", "--quiet"])
        .status(1)
        .says_nothing();
    folder.run(&["verify", "no-file.csv"]).status(1).says_nothing();
}

#[test]
fn tokens_of_one_name_that_differ_are_no_repeats_in_a_scan() {
    let folder = Folder::new();
    // the same time and id, as of two runs that were told the same --first-id
    for (name, claim) in [("a.txt", "a=1"), ("b.txt", "a=2")] {
        folder.write(name, folder.token(&[claim]));
    }
    let now = ["--now", ISSUED];
    let scan = |files: &[&'static str]| folder.run(&all(&[&["verify", "--scan"], files, &now])).done();
    let run = scan(&["a.txt", "b.txt"]);
    run.expect(!run.stderr.contains("warning"), "no warning of two tokens that differ");
    folder.write("c.txt", folder.token(&["a=1", "--text", "base32"]));
    scan(&["a.txt", "c.txt"]).tells("c.txt: line 1: also in a.txt");
}
