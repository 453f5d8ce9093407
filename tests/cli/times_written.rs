//! Times as people write them: local ones, dates of a country, words for durations, and the column that goes into a mail.

use crate::support::{FIXED, Folder, all, rows};

fn sign<'a>(args: &[&'a str]) -> Vec<&'a str> {
    all(&[&["sign", "a=1", "--json"], &FIXED, args])
}

fn expiry(folder: &Folder, args: &[&str]) -> String {
    let run = folder.run(&sign(args)).done();
    run.json()[0]["expires_at"].as_str().expect("an expiry").to_owned()
}

fn generate<'a>(args: &[&'a str]) -> Vec<&'a str> {
    let list = ["generate", "customers.csv", "--no-link", "-o", "links.csv", "-f"];
    all(&[&list, &FIXED, args])
}

fn expiries(folder: &Folder, args: &[&str]) -> Vec<String> {
    folder.run(&generate(args)).done();
    let list = folder.read("links.csv");
    rows(&list).iter().map(|row| row["expires_at"].clone()).collect()
}

#[test]
fn a_time_with_a_space_is_local_in_the_zone() {
    let folder = Folder::with_list("customer_id,until\n1,2026-11-30 18:00\n2,2027-07-31 18:00:30\n3,2026-11-30\n");
    for (time, zone, instant) in [
        ("2026-11-30 18:00", "Europe/Berlin", "2026-11-30T17:00:00Z"),
        ("2026-11-30 18:00", "America/New_York", "2026-11-30T23:00:00Z"),
        ("2027-07-31 18:00:05", "Europe/Berlin", "2027-07-31T16:00:05Z"),
        ("2026-11-30 18:00", "+05:30", "2026-11-30T12:30:00Z"),
        ("2026-11-30 18:00", "local", "2026-11-30T18:00:00Z"),
        // with an offset, whatever the zone is
        ("2026-11-30 18:00Z", "Europe/Berlin", "2026-11-30T18:00:00Z"),
        ("2026-11-30 18:00:00+02:00", "Europe/Berlin", "2026-11-30T16:00:00Z"),
        ("2026-11-30 18:00 UTC", "Europe/Berlin", "2026-11-30T18:00:00Z"),
    ] {
        assert_eq!(
            expiry(&folder, &["--expires-at", time, "--timezone", zone]),
            instant,
            "{time} {zone}"
        );
    }
    let cells = expiries(&folder, &["--expiry-column", "until", "--timezone", "Europe/Berlin"]);
    assert_eq!(
        cells,
        ["2026-11-30T17:00:00Z", "2027-07-31T16:00:30Z", "2026-11-30T23:00:00Z"]
    );
    let args = [
        "--never-expires",
        "--not-before",
        "2026-12-01 08:00",
        "--timezone",
        "Europe/Berlin",
    ];
    let token = folder.run(&sign(&args)).done().json()[0]["token"]
        .as_str()
        .expect("a token")
        .to_owned();
    let status = |now| folder.run(&["verify", &token, "--now", now, "--print", "status"]);
    status("2026-12-01T06:59:59Z").status(1).prints("not_yet_valid\n");
    status("2026-12-01T07:00:00Z").done().prints("valid\n");
}

#[test]
fn a_time_that_a_clock_change_skips_or_repeats_is_refused_with_both_readings() {
    let folder = Folder::new();
    for (time, zone, message) in [
        (
            "2027-03-28 02:30",
            "Europe/Berlin",
            "\"2027-03-28 02:30\" is skipped on the clocks of Europe/Berlin: \
             it may mean 2027-03-28T02:30:00+01:00 or 2027-03-28T02:30:00+02:00",
        ),
        (
            "2027-10-31 02:30",
            "Europe/Berlin",
            "is shown twice on the clocks of Europe/Berlin: \
             it may mean 2027-10-31T02:30:00+02:00 or 2027-10-31T02:30:00+01:00",
        ),
        (
            "2027-11-07 01:59:59",
            "America/New_York",
            "it may mean 2027-11-07T01:59:59-04:00 or 2027-11-07T01:59:59-05:00",
        ),
        (
            "2027-04-04 01:45",
            "Australia/Lord_Howe",
            "it may mean 2027-04-04T01:45:00+11:00 or 2027-04-04T01:45:00+10:30",
        ),
    ] {
        let args = sign(&["--expires-at", time, "--timezone", zone]);
        folder.call(&args).refused(2, message, "write the one that is meant");
    }
    let zone = ["--timezone", "Europe/Berlin"];
    for reading in ["2027-10-31T02:30:00+02:00", "2027-10-31T02:30:00+01:00"] {
        folder.run(&sign(&all(&[&["--expires-at", reading], &zone]))).done();
    }
    assert_eq!(
        expiry(&folder, &all(&[&["--expires-at", "2027-03-28 03:00"], &zone])),
        "2027-03-28T01:00:00Z"
    );
    folder.write("customers.csv", "customer_id,until\n1,2027-03-28 02:00\n");
    let args = generate(&all(&[&["--expiry-column", "until"], &zone]));
    folder.call(&args).refused(
        1,
        "customers.csv: row 2, line 2, column until: \"2027-03-28 02:00\" is skipped on the clocks of Europe/Berlin",
        "write the one that is meant",
    );
}

#[test]
fn dates_are_read_as_their_format_says() {
    let folder = Folder::new();
    let utc = ["--timezone", "UTC"];
    for (format, date, instant) in [
        ("%d.%m.%Y", "30.11.2026", "2026-12-01T00:00:00Z"),
        ("%d.%m.%Y", "1.2.2027", "2027-02-02T00:00:00Z"),
        ("%d.%m.%y", "30.11.26", "2026-12-01T00:00:00Z"),
        ("%m/%d/%Y", "11/30/2026", "2026-12-01T00:00:00Z"),
        ("%d/%m/%Y", "12/01/2027", "2027-01-13T00:00:00Z"),
        ("%m/%d/%Y", "12/01/2026", "2026-12-02T00:00:00Z"),
        ("%d.%m.%Y", "30.11.2026 18:00", "2026-11-30T18:00:00Z"),
        ("%d.%m.%Y %H:%M", "30.11.2026 18:00", "2026-11-30T18:00:00Z"),
        ("%m/%d/%Y %I:%M %p", "11/30/2026 6:00 PM", "2026-11-30T18:00:00Z"),
        ("%e %B %Y", "30 November 2026", "2026-12-01T00:00:00Z"),
        // what can't be misread stays
        ("%d.%m.%Y", "2026-11-30", "2026-12-01T00:00:00Z"),
        ("%d.%m.%Y", "2026-11-30T18:00:00Z", "2026-11-30T18:00:00Z"),
    ] {
        let args = all(&[&["--expires-at", date, "--date-format", format], &utc]);
        assert_eq!(expiry(&folder, &args), instant, "{format} {date}");
    }
    folder.write(
        "customers.csv",
        "customer_id,until\n1,30.11.2026\n2,30.11.2026 18:00\n3,2026-11-30T18:00:00Z\n",
    );
    let berlin = [
        "--expiry-column",
        "until",
        "--date-format",
        "%d.%m.%Y",
        "--timezone",
        "Europe/Berlin",
    ];
    assert_eq!(
        expiries(&folder, &berlin),
        ["2026-11-30T23:00:00Z", "2026-11-30T17:00:00Z", "2026-11-30T18:00:00Z"]
    );
    folder.write("customers.csv", "customer_id,until\n1,28.03.2027 02:30\n");
    folder
        .call(&generate(&berlin))
        .refused(1, "2027-03-28T02:30:00+01:00 or 2027-03-28T02:30:00+02:00", "");
    folder.write("customers.csv", "customer_id,until\n1,11/30/2026\n");
    folder.call(&generate(&berlin)).refused(
        1,
        "column until: \"11/30/2026\" is neither a date as %d.%m.%Y nor an instant",
        "write it as the format says",
    );
}

#[test]
fn a_date_of_another_form_is_refused_with_the_format_that_reads_it() {
    let folder = Folder::with_list("customer_id,until\n1,30.11.2026\n");
    for (date, hint) in [
        ("30.11.2026", "--date-format '%d.%m.%Y'"),
        ("30.11.2026 18:00", "--date-format '%d.%m.%Y'"),
        ("11/30/2026", "--date-format '%m/%d/%Y', or '%d/%m/%Y'"),
        ("30-11-2026", "--date-format '%d-%m-%Y'"),
    ] {
        let message = format!("--expires-at: \"{date}\" is neither a date nor an instant");
        folder.call(&sign(&["--expires-at", date])).refused(2, &message, hint);
    }
    folder.call(&generate(&["--expiry-column", "until"])).refused(
        1,
        "row 2, line 2, column until: \"30.11.2026\" is neither a date nor an instant",
        "--date-format '%d.%m.%Y'",
    );
    // a format whose year is first would read these otherwise
    folder
        .call(&sign(&["--expires-at", "2026-11-30", "--date-format", "%Y-%d-%m"]))
        .refused(2, "\"2026-11-30\" is neither a date as %Y-%d-%m nor an instant", "");
}

#[test]
fn formats_that_say_no_date_are_refused() {
    let folder = Folder::with_list("customer_id\n1\n");
    for (format, message) in [
        ("%d.%m.", "does not say day, month and year"),
        ("%H:%M", "does not say day, month and year"),
        ("%Q", "has a part that is not known"),
        ("%d.%m.%Y %Z", "has a part that is not known"),
        ("dd.mm.yyyy", "has no part of a time"),
        ("", "has no part of a time"),
    ] {
        let args = ["--expires-at", "30.11.2026", "--date-format", format];
        folder
            .call(&sign(&args))
            .refused(2, &format!("--date-format: \"{format}\" {message}"), "%d");
    }
    for (format, message) in [
        ("%Q", "has a part that is not known"),
        ("dd.mm.yyyy", "has no part of a time"),
    ] {
        let args = ["--expires-in", "24h", "--expires-format", format];
        folder
            .call(&generate(&args))
            .refused(2, &format!("--expires-format: \"{format}\" {message}"), "%d");
    }
    let unused = ["--expires-in", "24h", "--date-format", "%d.%m.%Y"];
    let message = "--date-format: no date is read";
    folder
        .call(&sign(&unused))
        .refused(2, message, "--expires-at or --not-before");
    folder.call(&generate(&unused)).refused(2, message, "--expiry-column");
}

#[test]
fn the_time_of_issue_and_now_take_no_bare_date_and_no_local_time() {
    let folder = Folder::new();
    for flag in ["--issued-at", "--now"] {
        let run = |time| match flag {
            "--now" => folder.call(&["verify", "x", "--now", time]),
            _ => folder.call(&["sign", "a=1", "--never-expires", "--issued-at", time]),
        };
        run("2026-11-21").refused(2, &format!("{flag}: \"2026-11-21\" is a date"), "");
        run("2026-11-21 16:00").refused(
            2,
            &format!("{flag}: \"2026-11-21 16:00\" does not say at which offset"),
            "Z",
        );
        run("21.11.2026").refused(2, &format!("{flag}: \"21.11.2026\" is no instant"), "");
    }
}

#[test]
fn durations_are_read_as_words() {
    let folder = Folder::with_list("customer_id,duration\n1,2 days\n2,1 week\n3,24 hours\n4,\"1 day, 12 hours\"\n");
    for (duration, instant) in [
        ("2 days", "2026-11-23T16:00:00Z"),
        ("1 week", "2026-11-28T16:00:00Z"),
        ("24 hours", "2026-11-22T16:00:00Z"),
        ("90 Minutes", "2026-11-21T17:30:00Z"),
    ] {
        assert_eq!(expiry(&folder, &["--expires-in", duration]), instant, "{duration}");
    }
    assert_eq!(
        expiries(&folder, &[]),
        [
            "2026-11-23T16:00:00Z",
            "2026-11-28T16:00:00Z",
            "2026-11-22T16:00:00Z",
            "2026-11-23T04:00:00Z"
        ]
    );
    for duration in ["1 month", "2 years", "1M", "1y", "1 day 2 months"] {
        let hint = "months and years differ in length: count days, as 30d or 365d";
        folder
            .call(&sign(&["--expires-in", duration]))
            .refused(2, "is no duration", hint);
    }
    folder
        .call(&sign(&["--expires-in", "2 Tage"]))
        .refused(2, "\"2 Tage\" is no duration", "write it as 90m");
    folder
        .call(&sign(&["--expires-in", "2 days 3"]))
        .refused(2, "has no unit", "24h is a day");
    folder.write("customers.csv", "customer_id,duration\n1,1 month\n");
    folder.call(&generate(&[])).refused(
        1,
        "row 2, line 2, column duration: \"1 month\" is no duration",
        "count days",
    );
}

#[test]
fn the_expiry_is_written_for_the_mail() {
    let folder = Folder::with_list("customer_id\n1\n");
    let berlin = ["--timezone", "Europe/Berlin"];
    for (expiry, format, cell) in [
        ("2026-11-30T17:00:00Z", "%d.%m.%Y %H:%M", "30.11.2026 18:00"),
        ("2027-07-31 18:00", "%d.%m.%Y %H:%M", "31.07.2027 18:00"),
        ("2026-11-30", "%d.%m.%Y %H:%M", "01.12.2026 00:00"),
        // the last day on which the link is valid
        ("2026-11-30", "%d.%m.%Y", "30.11.2026"),
        ("2026-11-30 18:00", "%d.%m.%Y", "30.11.2026"),
        ("2026-11-30 00:00", "%d.%m.%Y", "29.11.2026"),
        ("2026-11-30", "%B %-d, %Y", "November 30, 2026"),
        ("2026-11-30 18:00", "%A \"%H:%M\"", "Monday \"18:00\""),
    ] {
        let args = all(&[&["--expires-at", expiry, "--expires-format", format], &berlin]);
        assert_eq!(expiries(&folder, &args), [cell], "{expiry} {format}");
        let now = ["--now", "2026-11-21T16:00:00Z"];
        let check = all(&[&["verify", "--file", "links.csv", "-o", "checked.csv", "-f"], &now]);
        folder.run(&check).done();
        assert_eq!(rows(&folder.read("checked.csv"))[0]["expires_at"], cell);
    }
    let preview = ["--expires-in", "24h", "--expires-format", "%d.%m.%Y", "--preview=1"];
    let list = ["generate", "customers.csv", "--no-link"];
    let run = folder.run(&all(&[&list, &preview, &FIXED])).done();
    run.expect(run.stdout.contains("  22.11.2026"), "the preview shows the cell");
    let never = ["--never-expires", "--expires-format", "%d.%m.%Y"];
    assert_eq!(expiries(&folder, &never), [""]);
}

#[test]
fn what_was_written_for_the_mail_is_read_back_as_the_same_expiry() {
    let folder = Folder::with_list("customer_id,duration\n1,9d8h\n2,3d\n");
    let zone = ["--timezone", "Europe/Berlin", "--expires-format", "%d.%m.%Y %H:%M"];
    folder.run(&generate(&zone)).done();
    let list = folder.read("links.csv").replace("token,expires_at", "old_token,until");
    folder.write("customers.csv", &list);
    let back = [
        "--duration-column",
        "none",
        "--expiry-column",
        "until",
        "--date-format",
        "%d.%m.%Y %H:%M",
    ];
    let again = expiries(&folder, &all(&[&back, &["--timezone", "Europe/Berlin"]]));
    assert_eq!(again, ["2026-12-01T00:00:00Z", "2026-11-24T16:00:00Z"]);
}

#[test]
fn a_format_that_the_lists_encoding_can_not_write_is_refused() {
    let folder = Folder::new();
    folder.write("customers.csv", b"customer_id,name\n1,M\xfcller\n");
    let args = |format| {
        generate(&[
            "--encoding",
            "windows-1252",
            "--expires-in",
            "24h",
            "--expires-format",
            format,
        ])
    };
    folder
        .call(&args("%d.%m.%Y \u{6642}"))
        .refused(2, "can't be written in windows-1252", "convert the list to UTF-8");
    folder.run(&args("gültig bis %d.%m.%Y")).done();
    let list = folder.bytes("links.csv");
    assert!(list.windows(7).any(|bytes| bytes == b"g\xfcltig "), "{list:?}");
}
