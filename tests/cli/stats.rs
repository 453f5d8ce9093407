//! What a ledger has counted: by what, in which order, in which zone.

use crate::ledgers::{Book, LEDGER};
use crate::support::{Folder, ISSUED, Run, all};
use linkmint::token::Status;
use serde_json::{Value, json};

pub(crate) const STATS: [&str; 7] = ["stats", "--ledger", LEDGER, "--timezone", "UTC", "--now", ISSUED];

pub(crate) fn stats(folder: &Folder, args: &[&str]) -> Run {
    folder.run(&all(&[&STATS, args])).done()
}

pub(crate) fn object(folder: &Folder, args: &[&str]) -> Value {
    let mut objects = stats(folder, &all(&[args, &["--json"]])).json();
    assert_eq!(objects.len(), 1, "one object in one line");
    objects.remove(0)
}

/// Value, checks and tokens of each group.
pub(crate) fn groups(folder: &Folder, args: &[&str]) -> Vec<(Value, u64, u64)> {
    let object = object(folder, args);
    let groups = object["groups"].as_array().expect("a list").iter();
    let number = |value: &Value| value.as_u64().expect("a number");
    groups
        .map(|group| {
            (
                group["value"].clone(),
                number(&group["checks"]),
                number(&group["tokens"]),
            )
        })
        .collect()
}

/// Two tokens of spring26, one of autumn26, one without campaign and one sealed.
pub(crate) fn usual(folder: &Folder) -> Book {
    let mut book = Book::new(folder);
    let anna = book.token(&[("customer_id", "1"), ("campaign_id", "spring26")]);
    let ben = book.token(&[("customer_id", "2"), ("campaign_id", "spring26")]);
    let cleo = book.token(&[("customer_id", "3"), ("campaign_id", "autumn26")]);
    let bare = book.token(&[("customer_id", "4")]);
    let sealed = book.sealed(&[("customer_id", "5"), ("campaign_id", "spring26")]);
    book.check(&anna, Status::Valid, "2026-11-21T16:10:00Z", 3);
    book.check(&anna, Status::Expired, "2026-11-22T09:00:00Z", 1);
    book.check(&ben, Status::Valid, "2026-11-21T16:20:00Z", 1);
    book.check(&cleo, Status::Valid, "2026-11-21T16:20:00Z", 1);
    book.check(&bare, Status::Revoked, "2026-11-21T16:25:00Z", 2);
    book.check(&sealed, Status::Valid, "2026-11-21T16:30:00Z", 1);
    book
}

#[test]
fn campaigns_come_with_the_most_checks_first() {
    let folder = Folder::new();
    usual(&folder);
    stats(&folder, &["--top", "0"]).says_nothing().prints(
        "9 checks of 5 tokens, 2026-11-21 16:10 UTC to 2026-11-22 09:00 UTC\n\
         times are in UTC\n\
         a check is not a click by a person: mail scanners open links too\n\
         \n\
         campaign_id  checks  tokens  first                 last\n\
         spring26          5       2  2026-11-21 16:10 UTC  2026-11-22 09:00 UTC\n\
         (none)            2       1  2026-11-21 16:25 UTC  2026-11-21 16:25 UTC\n\
         autumn26          1       1  2026-11-21 16:20 UTC  2026-11-21 16:20 UTC\n\
         (sealed)          1       1  2026-11-21 16:30 UTC  2026-11-21 16:30 UTC\n",
    );
}

#[test]
fn json_tells_apart_what_has_no_name() {
    let folder = Folder::new();
    usual(&folder);
    let object = object(&folder, &["--top", "1"]);
    assert_eq!(object["checks"], 9);
    assert_eq!(object["tokens"], 5);
    assert_eq!(object["first"], "2026-11-21T16:10:00Z");
    assert_eq!(object["last"], "2026-11-22T09:00:00Z");
    assert_eq!(object["statuses"], json!({"revoked": 2, "expired": 1, "valid": 6}));
    assert_eq!(
        (&object["minted"], &object["return_rate"]),
        (&Value::Null, &Value::Null)
    );
    let sealed: Vec<_> = object["groups"].as_array().expect("a list").iter().collect();
    let words = |group: &&Value| (group["value"].clone(), group["sealed"].clone());
    assert_eq!(
        sealed.iter().map(words).collect::<Vec<_>>(),
        [
            (json!("spring26"), json!(false)),
            (Value::Null, json!(false)),
            (json!("autumn26"), json!(false)),
            (Value::Null, json!(true)),
        ]
    );
    let top = &object["top"][0];
    assert_eq!(top["checks"], 4);
    assert_eq!(top["claims"], json!({"customer_id": "1", "campaign_id": "spring26"}));
    assert_eq!(top["expires_at"], "2026-11-21T17:00:00Z");
}

#[test]
fn tokens_are_counted_once_in_each_group() {
    let folder = Folder::new();
    usual(&folder);
    let table = [
        (
            "status",
            vec![
                (json!("valid"), 6, 4),
                (json!("revoked"), 2, 1),
                (json!("expired"), 1, 1),
            ],
        ),
        ("day", vec![(json!("2026-11-21"), 8, 5), (json!("2026-11-22"), 1, 1)]),
        (
            "hour",
            vec![
                (json!("2026-11-21T16:00:00Z"), 8, 5),
                (json!("2026-11-22T09:00:00Z"), 1, 1),
            ],
        ),
        (
            "customer_id",
            vec![
                (json!("1"), 4, 1),
                (json!("4"), 2, 1),
                (json!("2"), 1, 1),
                (json!("3"), 1, 1),
                (Value::Null, 1, 1),
            ],
        ),
        ("claim:day", vec![(Value::Null, 8, 4), (Value::Null, 1, 1)]),
    ];
    for (by, expected) in table {
        assert_eq!(groups(&folder, &["--by", by]), expected, "{by}");
    }
}

#[test]
fn days_and_hours_are_those_of_the_zone() {
    let folder = Folder::new();
    let mut book = Book::new(&folder);
    // in Berlin the clock goes from 02:59 back to 02:00 at 01:00 UTC
    for time in [
        "2026-10-24T21:59:59Z",
        "2026-10-24T22:00:00Z",
        "2026-10-25T00:30:00Z",
        "2026-10-25T01:30:00Z",
    ] {
        book.check_of("a", time);
    }
    book.check_of("a", "2026-10-25T22:59:59Z");
    book.check_of("a", "2026-10-25T23:00:00Z");
    let day = |text: &str, checks| (json!(text), checks, checks);
    let berlin = ["--timezone", "Europe/Berlin"];
    let args = |by| all(&[&["stats", "--ledger", LEDGER, "--by", by, "--top", "0"], &berlin]);
    let run = folder.run(&args("day")).done();
    let lines: Vec<_> = run.stdout.lines().skip(5).collect();
    assert_eq!(
        lines,
        [
            "2026-10-24       1       1  2026-10-24 23:59 CEST  2026-10-24 23:59 CEST",
            "2026-10-25       4       4  2026-10-25 00:00 CEST  2026-10-25 23:59 CET",
            "2026-10-26       1       1  2026-10-26 00:00 CET   2026-10-26 00:00 CET",
        ]
    );
    run.expect(run.stdout.contains("times are in Europe/Berlin\n"), "the zone");
    let run = folder.run(&args("hour")).done();
    let hours: Vec<_> = run.stdout.lines().skip(5).map(|line| &line[..21]).collect();
    assert_eq!(hours[2..4], ["2026-10-25 02:00 CEST", "2026-10-25 02:00 CET "]);
    let utc = [day("2026-10-24", 2), day("2026-10-25", 4)];
    assert_eq!(groups(&folder, &["--by", "day"]), utc);
    // the variable of the tests says UTC
    let local = folder
        .run(&["stats", "--ledger", LEDGER, "--by", "day", "--json"])
        .done();
    assert_eq!(local.json()[0]["groups"].as_array().map(Vec::len), Some(2));
}

#[test]
fn a_span_of_time_begins_and_ends_at_quarters_of_an_hour() {
    let folder = Folder::new();
    let mut book = usual(&folder);
    book.record(1, &[("spring26", 10)]);
    let since = ["--since", "2026-11-22"];
    assert_eq!(groups(&folder, &since), [(json!("spring26"), 1, 1)]);
    let until = ["--until", "2026-11-21"];
    assert_eq!(groups(&folder, &until)[0], (json!("spring26"), 4, 2));
    let quarter = [
        "--since",
        "2026-11-21T16:15:00Z",
        "--until",
        "2026-11-21T17:30:00+01:00",
    ];
    let object = object(&folder, &quarter);
    assert_eq!((&object["checks"], &object["tokens"]), (&json!(4), &json!(3)));
    assert_eq!(object["since"], "2026-11-21T16:15:00Z");
    // of the run, Ben alone came back in that time
    assert_eq!(object["groups"][2]["returned"], 1);
    stats(&folder, &["--since", "2026-12-01"]).done().prints(
        "nothing was counted in that time\nsince 2026-12-01 00:00 UTC\ntimes are in UTC\n\
             0 of the 10 tokens that recorded runs made came back (0.0 %)\n\n\
             campaign_id  checks  tokens  minted  came back  first  last\n\
             spring26          0       0      10      0.0 %  -      -\n\n\
             1 run, the newest first\n  2026-11-21 16:00 UTC  10 tokens with key e28e, 0 came back (0.0 %)\n    \
             list      customers.csv\n    campaigns spring26 (10)\n    expires   2026-11-21 17:00 UTC\n    \
             repeat    --issued-at 2026-11-21T16:00:00Z --first-id 000000000001\n",
    );
}

#[test]
fn the_tokens_checked_most_are_named_by_their_ids_and_claims() {
    let folder = Folder::new();
    let mut book = usual(&folder);
    let token = book.token(&[("customer_id", "9"), ("campaign_id", "spring26")]);
    book.check(&token, Status::Valid, "2026-11-21T16:30:00Z", 1_200);
    let run = stats(&folder, &["--top", "2"]);
    let top: Vec<_> = run
        .stdout
        .lines()
        .skip_while(|line| *line != "checked most")
        .skip(1)
        .collect();
    assert_eq!(top.len(), 2);
    let (count, rest) = top[0].trim_start().split_once("  ").expect("columns");
    let (id, rest) = rest.split_once("  ").expect("columns");
    let inspected = folder.run(&["inspect", &token, "--json"]).json();
    assert_eq!((count, id), ("1,200", inspected[0]["id"].as_str().expect("an id")));
    assert_eq!(rest, "last 2026-11-21 16:30 UTC  customer_id=9  campaign_id=spring26");
    assert!(top[1].starts_with("      4  "), "{top:?}");
    for args in [&["--top", "9"][..], &["--json"], &["--html", "-"], &["--csv"]] {
        let run = stats(&folder, args);
        run.expect(!run.stdout.contains(&token[..20]), "no token's text");
    }
}

#[test]
fn an_empty_ledger_is_no_failure() {
    let folder = Folder::new();
    Book::new(&folder);
    stats(&folder, &[])
        .says_nothing()
        .prints("nothing was counted yet\ntimes are in UTC\n");
    stats(&folder, &["--csv"])
        .tells("linkmint: nothing was counted yet\n")
        .prints("campaign_id,checks,tokens,first,last,minted,returned,return_rate\r\n");
    let object = object(&folder, &[]);
    assert_eq!(
        (&object["checks"], &object["first"], &object["groups"]),
        (&json!(0), &Value::Null, &json!([]))
    );
    let page = stats(&folder, &["--html", "-", "-q"]).says_nothing();
    page.expect(page.stdout.contains("Nothing was counted yet."), "a page that says so");
}

#[test]
fn the_variable_names_the_ledger() {
    let folder = Folder::new();
    usual(&folder);
    let run = folder
        .call(&["stats", "--json"])
        .variable("LINKMINT_LEDGER", LEDGER)
        .run()
        .done();
    assert_eq!(run.json()[0]["checks"], 9);
    let call = folder.call(&["stats"]).variable("LINKMINT_LEDGER", "");
    call.refused(2, "no ledger is named", "LINKMINT_LEDGER");
}

#[test]
fn what_can_not_be_read_is_refused() {
    let folder = Folder::with_list("customer_id\n1\n");
    folder
        .call(&["stats", "--ledger", "none.db"])
        .refused(3, "none.db: there is no such ledger", "check the name");
    folder.call(&["stats", "--ledger", "customers.csv"]).refused(
        3,
        "customers.csv: the file is no ledger",
        "name another file",
    );
    folder
        .call(&["stats", "--ledger", "."])
        .refused(3, "it is a folder", "name a file in it");
    folder
        .call(&["stats", "--ledger", ""])
        .refused(2, "a value is required", "stats --help");
}

#[test]
fn flags_that_can_not_be_meant_are_refused() {
    let folder = Folder::new();
    usual(&folder);
    let table: [(&[&str], &str, &str); 11] = [
        (&["--by", ""], "--by: \"\": a claim needs a name", "1 to 64 bytes"),
        (
            &["--timezone", "Mars"],
            "--timezone: there is no time zone",
            "Europe/Berlin",
        ),
        (
            &["--since", "tomorrow"],
            "--since: \"tomorrow\" is neither a date nor an instant",
            "2026-11-30",
        ),
        (
            &["--since", "2026-11-21T16:10:00Z"],
            "--since: a ledger counts by quarters of an hour",
            ":15",
        ),
        (
            &["--until", "2026-11-21T16:15:01Z"],
            "--until: a ledger counts by quarters of an hour",
            ":15",
        ),
        (
            &["--since", "2026-11-22", "--until", "2026-11-21"],
            "--until: it is not later than --since",
            "later",
        ),
        (
            &["--now", "2026-11-22"],
            "--now: \"2026-11-22\" is a date",
            "T00:00:00Z",
        ),
        (&["--json", "--csv"], "cannot be used with", "--help"),
        (&["--delimiter", ";"], "--csv", "--help"),
        (
            &["--csv", "--delimiter", "ab"],
            "--delimiter: \"ab\" can't stand between cells",
            "tab",
        ),
        (&["--top", "many"], "--top", "--help"),
    ];
    for (args, message, hint) in table {
        folder
            .call(&all(&[&["stats", "--ledger", LEDGER], args]))
            .refused(2, message, hint);
    }
}
