//! When tokens begin and end: flags, cells, zones, and what contradicts itself.

use crate::support::{FIXED, Folder, ISSUED, all, rows};

fn sign(folder: &Folder, args: &[&str]) -> Vec<serde_json::Value> {
    folder
        .run(&all(&[&["sign", "a=1", "--json"], &FIXED, args]))
        .done()
        .json()
}

fn generate<'a>(args: &[&'a str]) -> Vec<&'a str> {
    all(&[
        &["generate", "customers.csv", "--no-link", "-o", "links.csv"],
        &FIXED,
        args,
    ])
}

#[test]
fn durations_count_from_the_time_of_issue() {
    let folder = Folder::new();
    let table = [
        ("90m", "2026-11-21T17:30:00Z"),
        ("24h", "2026-11-22T16:00:00Z"),
        ("7d", "2026-11-28T16:00:00Z"),
        ("2w", "2026-12-05T16:00:00Z"),
        ("1d12h", "2026-11-23T04:00:00Z"),
        ("1s", "2026-11-21T16:00:01Z"),
    ];
    for (duration, expiry) in table {
        assert_eq!(
            sign(&folder, &["--expires-in", duration])[0]["expires_at"],
            expiry,
            "{duration}"
        );
    }
}

#[test]
fn a_duration_needs_a_unit() {
    let folder = Folder::with_list("customer_id\n1\n");
    let hint = "add one of s, m, h, d, w: 24h is a day";
    for duration in ["24", "1d12", "0"] {
        let message = format!("--expires-in: the duration \"{duration}\" has no unit");
        folder
            .call(&generate(&["--expires-in", duration]))
            .refused(2, &message, hint);
        folder
            .call(&["sign", "a=1", "--expires-in", duration])
            .refused(2, &message, hint);
    }
    folder
        .call(&["verify", "x", "--leeway", "60"])
        .refused(2, "--leeway: the duration \"60\" has no unit", hint);
    for (duration, message) in [
        ("24x", "is no duration"),
        ("", "is no duration"),
        ("-1h", "is no duration"),
        ("1.5h", "is no duration"),
        ("1M", "is no duration"),
        ("99999999999999999999h", "is too long"),
        ("200000d", "is too long"),
    ] {
        let flag = format!("--expires-in={duration}");
        folder.call(&generate(&[&flag])).refused(2, message, "");
    }
}

#[test]
fn an_expiry_that_is_a_date_includes_the_whole_day() {
    let folder = Folder::new();
    let table = [
        ("2026-11-30", "UTC", "2026-12-01T00:00:00Z"),
        ("2026-11-30", "Europe/Berlin", "2026-11-30T23:00:00Z"),
        ("2027-06-30", "Europe/Berlin", "2027-06-30T22:00:00Z"),
        ("2026-11-30", "+01:00", "2026-11-30T23:00:00Z"),
        ("2026-11-30", "-08:00", "2026-12-01T08:00:00Z"),
        ("2026-11-30", "local", "2026-12-01T00:00:00Z"),
        ("2027-03-27", "Europe/Berlin", "2027-03-27T23:00:00Z"),
        ("2027-03-28", "Europe/Berlin", "2027-03-28T22:00:00Z"),
    ];
    for (date, zone, expiry) in table {
        let zone = format!("--timezone={zone}");
        assert_eq!(
            sign(&folder, &["--expires-at", date, &zone])[0]["expires_at"],
            expiry,
            "{date} {zone}"
        );
    }
}

#[test]
fn a_not_before_that_is_a_date_is_its_own_first_second() {
    let folder = Folder::new();
    let args = [
        "--never-expires",
        "--not-before",
        "2026-12-01",
        "--timezone",
        "Europe/Berlin",
    ];
    let token = sign(&folder, &args)[0]["token"].as_str().expect("a token").to_owned();
    folder
        .run(&["verify", &token, "--now", "2026-11-30T22:59:59Z", "--print", "status"])
        .status(1)
        .prints("not_yet_valid\n");
    folder
        .run(&["verify", &token, "--now", "2026-11-30T23:00:00Z", "--print", "status"])
        .done()
        .prints("valid\n");
}

#[test]
fn instants_need_their_offset_from_utc() {
    let folder = Folder::new();
    let expiry = &sign(&folder, &["--expires-at", "2026-11-30T18:00:00+01:00"])[0]["expires_at"];
    assert_eq!(expiry, "2026-11-30T17:00:00Z");
    let sign = |args: &[&'static str]| all(&[&["sign", "a=1"], args]);
    folder.call(&sign(&["--expires-at", "2026-11-30T18:00:00"])).refused(
        2,
        "--expires-at: \"2026-11-30T18:00:00\" does not say at which offset",
        "end it with Z",
    );
    folder.call(&sign(&["--expires-at", "tomorrow"])).refused(
        2,
        "--expires-at: \"tomorrow\" is neither a date nor an instant",
        "write a date as 2026-11-30, or an instant in RFC 3339",
    );
    folder.call(&sign(&["--expires-at", "2026-02-30"])).refused(
        2,
        "--expires-at: \"2026-02-30\" is neither a date nor an instant",
        "",
    );
    folder
        .call(&sign(&["--never-expires", "--issued-at", "2026-11-21"]))
        .refused(
            2,
            "--issued-at: \"2026-11-21\" is a date, an instant is needed",
            "add the time",
        );
    folder
        .call(&["verify", "x", "--now", "2026-11-21"])
        .refused(2, "--now: \"2026-11-21\" is a date", "add the time");
    folder
        .call(&sign(&["--expires-at", "2026-11-30", "--timezone", "Europe/Berlim"]))
        .refused(
            2,
            "--timezone: there is no time zone \"Europe/Berlim\"",
            "Europe/Berlin",
        );
}

#[test]
fn times_that_no_token_carries_are_refused_and_never_wrap() {
    let folder = Folder::new();
    for time in ["2106-02-07T06:28:16Z", "1969-12-31T23:59:59Z", "9999-12-30T12:00:00Z"] {
        for flag in ["--expires-at", "--issued-at", "--not-before"] {
            folder.call(&["sign", "a=1", "--text", "base32", flag, time]).refused(
                2,
                "is not between 1970 and 2106",
                "seconds from 1970 until 2106",
            );
        }
    }
    let last = sign(&folder, &["--expires-at", "2106-02-07T06:28:15Z"]);
    assert_eq!(last[0]["expires_at"], "2106-02-07T06:28:15Z");
}

#[test]
fn an_expiry_in_the_past_is_refused() {
    let folder = Folder::with_list("customer_id\n1\n");
    for expiry in ["2026-11-21T16:00:00Z", "2020-01-01"] {
        folder.call(&generate(&["--expires-at", expiry])).refused(
            2,
            "the expiry is not later than the time of issue: issued 2026-11-21T16:00:00Z, expires ",
            "choose a later --expires-at",
        );
        folder
            .call(&all(&[&["sign", "a=1", "--expires-at", expiry], &FIXED]))
            .refused(
                2,
                "the expiry is not later than the time of issue",
                "choose a later --expires-at",
            );
    }
    folder.call(&generate(&["--expires-in", "0s"])).refused(
        2,
        "not later than the time of issue",
        "longer --expires-in",
    );
}

#[test]
fn an_expiry_not_after_not_before_is_refused() {
    let folder = Folder::with_list("customer_id\n1\n");
    let args = ["--expires-in", "1h", "--not-before", "2026-11-21T17:00:00Z"];
    folder
        .call(&generate(&args))
        .refused(2, "valid from 2026-11-21T17:00:00Z", "");
}

#[test]
fn something_must_say_when_links_expire() {
    let folder = Folder::with_list("customer_id\n1\n");
    folder
        .call(&generate(&[]))
        .refused(2, "nothing says when the links expire", "--never-expires");
    folder
        .call(&["sign", "a=1"])
        .refused(2, "nothing says when the token expires", "--never-expires");
    folder
        .run(&generate(&["--never-expires", "--expires-in", "1h"]))
        .status(2)
        .tells("cannot be used with");
}

#[test]
fn a_filled_duration_rules_over_the_flag() {
    let folder = Folder::with_list("customer_id,duration\n1,2h\n2,\n3, 1d \n");
    let run = folder
        .run(&generate(&["--expires-in", "1h"]))
        .done()
        .tells("2 rows by their own cell");
    let times: Vec<_> = rows(&folder.read("links.csv"))
        .iter()
        .map(|row| row["expires_at"].clone())
        .collect();
    assert_eq!(
        times,
        ["2026-11-21T18:00:00Z", "2026-11-21T17:00:00Z", "2026-11-22T16:00:00Z"]
    );
    run.tells("2026-11-21T17:00:00Z to 2026-11-22T16:00:00Z");
}

#[test]
fn the_duration_column_can_be_another_or_none() {
    let folder = Folder::with_list("customer_id,duration,lasts\n1,2h,3h\n");
    let expiry = |args: &[&'static str]| {
        folder
            .run(&generate(&all(&[args, &["--expires-in", "1h", "-f"]])))
            .done();
        rows(&folder.read("links.csv"))[0]["expires_at"].clone()
    };
    assert_eq!(expiry(&[]), "2026-11-21T18:00:00Z");
    assert_eq!(expiry(&["--duration-column", "lasts"]), "2026-11-21T19:00:00Z");
    assert_eq!(expiry(&["--duration-column", "none"]), "2026-11-21T17:00:00Z");
}

#[test]
fn bare_numbers_in_the_duration_column_need_the_unit() {
    let folder = Folder::with_list("customer_id,duration\n1,24\n");
    folder.call(&generate(&[])).refused(
        1,
        "customers.csv: row 2, line 2, column duration: the duration \"24\" has no unit",
        "add one of s, m, h, d, w",
    );
    folder.run(&generate(&["--duration-unit", "h"])).done();
    assert_eq!(rows(&folder.read("links.csv"))[0]["expires_at"], "2026-11-22T16:00:00Z");
}

#[test]
fn bad_times_in_cells_reject_their_rows() {
    let cells = [
        "0s",
        "x",
        "-1h",
        "9999999999999999999999w",
        "200000d",
        "18446744073709551615s",
        "",
    ];
    for cell in cells {
        let folder = Folder::with_list(format!("customer_id,duration\n1,2h\n2,{cell}\n"));
        folder
            .call(&generate(&[]))
            .refused(1, "customers.csv: row 3, line 3, column duration: ", "");
    }
    let folder = Folder::with_list("customer_id,duration\n1,18446744073709551615\n");
    folder
        .call(&generate(&["--duration-unit", "w"]))
        .refused(1, "row 2, line 2, column duration: ", "");
}

#[test]
fn an_expiry_column_takes_instants_and_dates() {
    let list = "customer_id,until\n1,2026-11-30T18:00:00+01:00\n2,2026-11-30\n3,\n";
    let folder = Folder::with_list(list);
    let args = [
        "--expiry-column",
        "until",
        "--expires-in",
        "1h",
        "--timezone",
        "Europe/Berlin",
    ];
    folder.run(&generate(&args)).done().tells("2 rows by their own cell");
    let times: Vec<_> = rows(&folder.read("links.csv"))
        .iter()
        .map(|row| row["expires_at"].clone())
        .collect();
    assert_eq!(
        times,
        ["2026-11-30T17:00:00Z", "2026-11-30T23:00:00Z", "2026-11-21T17:00:00Z"]
    );
    folder.write("customers.csv", "customer_id,until\n1,2026-11-21T16:00:00Z\n");
    folder
        .run(&generate(&["--expiry-column", "until", "-f"]))
        .status(1)
        .tells("column until: ");
}

#[test]
fn a_row_with_two_expiries_is_rejected() {
    let folder = Folder::with_list("customer_id,duration,until\n1,1h,2026-11-30\n");
    folder.call(&generate(&["--expiry-column", "until"])).refused(
        1,
        "column duration: the row has both a duration and an expiry",
        "empty one of the two",
    );
}

#[test]
fn not_before_is_told_in_the_summary_and_checked_later() {
    let folder = Folder::with_list("customer_id\n1\n");
    let run = folder.run(&generate(&[
        "--expires-in",
        "2d",
        "--not-before",
        "2026-11-22T16:00:00Z",
    ]));
    run.done().tells("not valid before 2026-11-22T16:00:00Z");
    let token = rows(&folder.read("links.csv"))[0]["token"].clone();
    folder
        .run(&["verify", &token, "--now", ISSUED, "--print", "status"])
        .status(1)
        .prints("not_yet_valid\n");
}

#[test]
fn an_instant_of_a_far_year_is_out_of_range() {
    let folder = Folder::new();
    for (flag, time) in [
        ("--expires-at", "9999-12-31T23:59:59Z"),
        ("--expires-at", "9999-12-31"),
        ("--not-before", "2107-01-01T00:00:00Z"),
        ("--issued-at", "9999-12-31T23:59:59-10:00"),
        ("--issued-at", "0001-01-01T00:00:00+10:00"),
    ] {
        folder.call(&["sign", "a=1", flag, time]).refused(
            2,
            &format!("{flag}: \"{time}\" is not between 1970 and 2106"),
            "from 1970 until 2106",
        );
    }
}

#[test]
fn a_leeway_too_long_is_told_as_one() {
    let folder = Folder::new();
    let run = folder
        .call(&["verify", "x", "--leeway", "99999999999999999999w"])
        .refused(2, "--leeway: the duration", "write a shorter one");
    run.expect(!run.stderr.contains("never-expires"), "no word of other flags");
}
