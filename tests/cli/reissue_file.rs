//! A list whose expired links are renewed.

use crate::support::{FIXED, Folder, Run, all, rows};
use std::collections::BTreeMap;

/// A day after the tokens of the tests were made.
const LATER: [&str; 2] = ["--issued-at", "2026-11-22T16:00:00Z"];
const TIME: [&str; 4] = ["--expires-in", "7d", "--first-id", "0a0000000001"];
const NO_LEDGER: &str = "--ignore-revocations";
const BASE: [&str; 2] = ["--base-url", "https://shop.example/p"];
const LIST: &str =
    "customer_id,campaign_id,duration,city\n1,spring26,1h,Köln\n2,spring26,90d,\"Bad Ems\"\n\n3,spring26,1h,Bonn\n";

fn reissue(folder: &Folder, list: &str, args: &[&str]) -> Run {
    folder.run(&all(&[&["reissue", "--file", list], &LATER, &TIME, args]))
}

/// A folder with `links.csv`, of which the first and the last row have expired.
fn with_links() -> Folder {
    let folder = Folder::with_list(LIST);
    folder.generate(&["-o", "links.csv"]).done();
    folder
}

fn verified(folder: &Folder, list: &str, now: &str) -> Vec<BTreeMap<String, String>> {
    let run = folder.run(&["verify", "--file", list, "--now", now]);
    rows(&run.stdout)
}

#[test]
fn rows_that_have_expired_get_new_links_and_the_others_stay_byte_for_byte() {
    let folder = with_links();
    let run = reissue(&folder, "links.csv", &all(&[&BASE, &[NO_LEDGER, "-o", "renewed.csv"]])).done();
    run.tells("3 rows, 0 rejected, 1 blank")
        .tells("renewed  2 rows, with new links")
        .tells("kept     1 row as they were")
        .tells("repeat   --issued-at 2026-11-22T16:00:00Z --first-id 0a0000000001");
    let (before, after) = (folder.read("links.csv"), folder.read("renewed.csv"));
    let pairs: Vec<_> = before.lines().zip(after.lines()).collect();
    assert_eq!(pairs.len(), 5);
    let same = |index: usize| pairs[index].0 == pairs[index].1;
    assert_eq!([0, 1, 2, 3, 4].map(same), [true, false, true, true, false]);
    let rows = rows(&after);
    for row in &rows {
        assert_eq!(row["url_link"], format!("https://shop.example/p/{}", row["token"]));
    }
    assert_eq!(rows[0]["expires_at"], "2026-11-29T16:00:00Z");
    for row in verified(&folder, "renewed.csv", "2026-11-23T00:00:00Z") {
        assert_eq!(row["verified_status"], "valid", "{row:?}");
    }
}

#[test]
fn the_same_run_makes_the_same_links_on_any_number_of_threads() {
    let folder = with_links();
    let args = all(&[&BASE, &[NO_LEDGER]]);
    let one = reissue(&folder, "links.csv", &all(&[&args, &["-j", "1"]])).done();
    let four = reissue(&folder, "links.csv", &all(&[&args, &["-j", "4"]])).done();
    assert_eq!(one.stdout, four.stdout);
}

#[test]
fn every_form_keeps_its_form() {
    for flags in [
        &["--seal"][..],
        &["--public"],
        &["--text", "base32"],
        &["--text", "base32-upper"],
        &["--format", "jwt"],
        &["--format", "jwt", "--public"],
    ] {
        let folder = Folder::with_list(LIST);
        folder.generate(&all(&[flags, &["-o", "links.csv"]])).done();
        reissue(&folder, "links.csv", &all(&[&BASE, &[NO_LEDGER, "-o", "renewed.csv"]])).done();
        let (before, after) = (rows(&folder.read("links.csv")), rows(&folder.read("renewed.csv")));
        for (old, new) in before.iter().zip(&after) {
            assert_eq!(old["token"][..1], new["token"][..1], "{flags:?}");
            assert_eq!(old["token"].len(), new["token"].len(), "{flags:?}");
            let is_upper = |token: &str| token == token.to_uppercase();
            assert_eq!(is_upper(&old["token"]), is_upper(&new["token"]), "{flags:?}");
        }
        for row in verified(&folder, "renewed.csv", "2026-11-23T00:00:00Z") {
            assert_eq!(row["verified_status"], "valid", "{flags:?}");
        }
    }
}

#[test]
fn a_row_that_can_have_no_successor_is_rejected() {
    let folder = with_links();
    let list = folder.read("links.csv");
    let rows: Vec<&str> = list.lines().collect();
    // another's token, a broken one, none at all
    let moved = rows[1].replacen("1,", "9,", 1);
    let broken = rows[4].replace("/p/L", "/p/LA").replace(",L", ",LA");
    let none = "4,spring26,1h,Ulm,,,";
    let text = [rows[0], rows[1], &moved, &broken, none, rows[2]].join("\n") + "\n";
    folder.write("mixed.csv", &text);
    let args = all(&[&BASE, &[NO_LEDGER, "-o", "renewed.csv"]]);
    reissue(&folder, "mixed.csv", &args)
        .status(1)
        .tells("mixed.csv: row 3, line 3, column token: the token belongs to another row: customer_id differs")
        .tells("mixed.csv: row 4, line 4, column token: unknown key")
        .tells("mixed.csv: row 5, line 5, column token: there is no token")
        .tells("3 of 5 rows are bad: nothing was written");
    assert!(!folder.files().contains(&"renewed.csv".to_owned()));
    let run = reissue(&folder, "mixed.csv", &all(&[&args, &["--rejects", "bad.csv"]])).status(1);
    run.tells("3 rows were rejected, see bad.csv");
    assert_eq!(folder.read("renewed.csv").lines().count(), 3);
    let bad = folder.read("bad.csv");
    assert_eq!(bad.lines().next(), Some(format!("row,error,{}", rows[0]).as_str()));
    assert!(bad.lines().nth(1).is_some_and(|line| line.ends_with(&moved)), "{bad}");
    // fed again when mended
    let mended = bad.replacen(&moved, rows[1], 1);
    folder.write("bad.csv", mended.lines().take(2).collect::<Vec<_>>().join("\n") + "\n");
    reissue(&folder, "bad.csv", &all(&[&BASE, &[NO_LEDGER]])).done();
}

#[test]
fn expected_claims_are_held_against_rows_in_and_out_of_their_time() {
    let folder = with_links();
    let run = reissue(
        &folder,
        "links.csv",
        &all(&[&BASE, &[NO_LEDGER, "--expect", "campaign_id=autumn26"]]),
    );
    run.status(1).tells("3 of 3 rows are bad");
    let run = reissue(
        &folder,
        "links.csv",
        &all(&[&BASE, &[NO_LEDGER, "--expect", "campaign_id=spring26"]]),
    );
    run.done();
}

#[test]
fn the_ledger_notes_what_replaces_what_and_keeps_revoked_rows_out() {
    let folder = with_links();
    let links = rows(&folder.read("links.csv"));
    let ledger = ["--ledger", "l.db"];
    let revoke = [
        "revoke",
        "--now",
        "2026-11-21T18:00:00Z",
        "--reason",
        "fraud",
        &links[2]["token"],
    ];
    folder.run(&all(&[&revoke, &ledger])).done();
    let args = all(&[&BASE, &ledger, &["-o", "renewed.csv", "--rejects", "bad.csv"]]);
    reissue(&folder, "links.csv", &args)
        .status(1)
        .tells("row 5, line 5, column token: token revoked")
        .tells("hint: `linkmint unrevoke` takes a revocation back")
        .tells("ledger   it says which link replaces which");
    let new = &rows(&folder.read("renewed.csv"))[0]["token"];
    let id = folder.run(&["inspect", "--json", new]).json().remove(0)["id"].clone();
    let old = [
        "verify",
        "--ledger-read-only",
        "--now",
        "2026-11-23T00:00:00Z",
        &links[0]["token"],
    ];
    let run = folder.run(&all(&[&old, &ledger])).status(1);
    run.expect(
        run.stdout
            .contains(&format!("replaced by e28e {}", id.as_str().unwrap_or_default())),
        "the old token names the new one",
    );
    // the kept one has no successor, and the revoked one neither
    for kept in [1, 2] {
        let run = folder.run(&all(&[&old[..4], &[&links[kept]["token"], "--json"], &ledger]));
        assert!(run.json()[0]["replaced_by"].is_null());
    }
}

#[test]
fn the_old_ones_are_revoked_where_that_is_meant() {
    let folder = with_links();
    let old = &rows(&folder.read("links.csv"))[0]["token"];
    folder
        .run(&["verify", "--ledger", "l.db", "--now", "2026-11-21T16:30:00Z", old])
        .done();
    let args = all(&[&BASE, &["--ledger", "l.db", "--revoke-old", "-o", "renewed.csv"]]);
    reissue(&folder, "links.csv", &args)
        .done()
        .tells("the old ones are revoked");
    let run = folder.run(&["revoked", "--ledger", "l.db", "--json"]).done();
    let told = run.json();
    assert_eq!(told.len(), 2, "the two that had expired");
    assert_eq!(told[0]["reason"], "replaced by a new link");
}

#[test]
fn nothing_is_noted_of_a_list_that_was_not_written() {
    let folder = with_links();
    let list = folder.read("links.csv") + "9,spring26,1h,Ulm,Lxx,,\n";
    folder.write("links.csv", list);
    let old = &rows(&folder.read("links.csv"))[0]["token"];
    folder
        .run(&["verify", "--ledger", "l.db", "--now", "2026-11-21T16:30:00Z", old])
        .done();
    let args = all(&[&BASE, &["--ledger", "l.db", "--revoke-old", "-o", "renewed.csv"]]);
    reissue(&folder, "links.csv", &args).status(1);
    folder.run(&["revoked", "--ledger", "l.db"]).done().prints("");
}

#[test]
fn two_rows_of_one_old_token_share_the_new_one() {
    let folder = with_links();
    let list = folder.read("links.csv");
    let again = list.lines().nth(1).expect("a row");
    folder.write("links.csv", format!("{list}{again}\n"));
    let run = reissue(&folder, "links.csv", &all(&[&BASE, &[NO_LEDGER, "-o", "renewed.csv"]])).done();
    run.tells("shared   1 row with the token of an earlier row");
    let rows = rows(&folder.read("renewed.csv"));
    assert_eq!(rows[0]["token"], rows[3]["token"]);
    assert_ne!(rows[0]["token"], rows[2]["token"]);
}

#[test]
fn each_rows_own_address_is_kept_where_its_host_is_allowed() {
    let folder = Folder::with_list("customer_id,base_url\n1,https://shop.example/a?x=1\n2,https://shop.example/b\n");
    let args = ["generate", "customers.csv", "--expires-in", "1h", "-o", "links.csv"];
    folder.run(&all(&[&args, &FIXED])).done();
    let list = folder.read("links.csv");
    let run = reissue(&folder, "links.csv", &[NO_LEDGER, "--allow-host", "shop.example"]).done();
    let links: Vec<_> = rows(&run.stdout)
        .into_iter()
        .map(|row| (row["url_link"].clone(), row["token"].clone()))
        .collect();
    assert_eq!(links[0].0, format!("https://shop.example/a/{}?x=1", links[0].1));
    assert_eq!(links[1].0, format!("https://shop.example/b/{}", links[1].1));
    // the rows' own base_url rules where no flag says otherwise
    let own = reissue(&folder, "links.csv", &[NO_LEDGER]).done();
    assert_eq!(own.stdout, run.stdout);
    let evil = list.replace("https://shop.example/b/", "https://evil.example/b/");
    folder.write("links.csv", evil);
    reissue(&folder, "links.csv", &[NO_LEDGER, "--allow-host", "shop.example"])
        .status(1)
        .tells("column url_link: the link leads to \"evil.example\", which is none of the hosts");
    let user = list.replace("https://shop.example/b/", "https://shop.example@evil.example/b/");
    folder.write("links.csv", user);
    reissue(&folder, "links.csv", &[NO_LEDGER, "--allow-host", "shop.example"])
        .status(1)
        .tells("column url_link: the link leads to \"evil.example\", which is none of the hosts");
    let port = list.replace("https://shop.example/b/", "https://Shop.example.:443/b/");
    folder.write("links.csv", port);
    let run = reissue(&folder, "links.csv", &[NO_LEDGER, "--allow-host", "shop.example"]).done();
    run.expect(
        run.stdout.contains("https://Shop.example.:443/b/L"),
        "it is the same host",
    );
}

#[test]
fn the_checked_columns_tell_of_the_new_token() {
    let folder = with_links();
    let checked = folder
        .run(&["verify", "--file", "links.csv", "--now", "2026-11-22T16:00:00Z"])
        .stdout;
    folder.write("checked.csv", checked);
    let run = reissue(&folder, "checked.csv", &all(&[&BASE, &[NO_LEDGER, "--only-new"]])).done();
    let run = run.tells("kept     1 row left out, as they are still good");
    let new = rows(&run.stdout);
    assert_eq!(new.len(), 2);
    for row in &new {
        assert_eq!(row["verified_status"], "valid");
        assert_eq!(row["verified_expires_at"], "2026-11-29T16:00:00Z");
    }
}

#[test]
fn a_workbook_is_renewed_into_a_workbook() {
    let folder = with_links();
    folder.generate(&["-o", "links.xlsx"]).done();
    let args = all(&[&BASE, &[NO_LEDGER, "-o", "renewed.xlsx", "--json"]]);
    let run = reissue(&folder, "links.xlsx", &args).done();
    let told = run.json().remove(0);
    assert_eq!((&told["reissued"], &told["kept"]), (&2.into(), &1.into()));
    let run = folder.run(&["verify", "--file", "renewed.xlsx", "--now", "2026-11-23T00:00:00Z"]);
    assert_eq!(rows(&run.done().stdout).len(), 3);
}

#[test]
fn a_list_of_tokens_alone_gets_tokens_or_links_as_asked() {
    let folder = Folder::with_list("customer_id,duration\n1,1h\n2,90d\n");
    let args = ["generate", "customers.csv", "--no-link", "-o", "tokens.csv"];
    folder.run(&all(&[&args, &FIXED])).done();
    let run = reissue(&folder, "tokens.csv", &[NO_LEDGER]).done();
    assert!(run.stdout.starts_with("customer_id,duration,token,expires_at\n"));
    let run = reissue(&folder, "tokens.csv", &all(&[&BASE, &[NO_LEDGER]])).done();
    for row in rows(&run.stdout) {
        assert_eq!(row["url_link"], format!("https://shop.example/p/{}", row["token"]));
    }
    // a column of another name takes what it had
    let list = folder.read("tokens.csv").replace(",token,", ",code,");
    folder.write("codes.csv", list);
    let run = reissue(&folder, "codes.csv", &[NO_LEDGER, "--column", "code"]).done();
    assert_ne!(rows(&run.stdout)[0]["code"], rows(&folder.read("codes.csv"))[0]["code"]);
}

#[test]
fn an_old_link_beside_a_new_token_is_told() {
    let folder = with_links();
    let list = folder.read("links.csv");
    let run = reissue(&folder, "links.csv", &[NO_LEDGER, "--column", "token"]).done();
    run.tells("2 rows with a new token still have the old one in another column (the first is row 2)");
    // a list with names of its own
    folder.write(
        "own.csv",
        list.replace(",token,", ",Kennung,").replace(",url_link,", ",Verweis,"),
    );
    reissue(&folder, "own.csv", &all(&[&BASE, &[NO_LEDGER, "--column", "Verweis"]]))
        .done()
        .tells("still have the old one in another column");
    let run = reissue(&folder, "links.csv", &all(&[&BASE, &[NO_LEDGER]])).done();
    run.expect(!run.stderr.contains("the old one in"), "both are new");
}

#[test]
fn expiries_are_written_as_the_list_has_them() {
    let folder = Folder::with_list(LIST);
    let german = ["--expires-format", "%d.%m.%Y %H:%M", "--timezone", "Europe/Berlin"];
    folder.generate(&all(&[&german, &["-o", "links.csv"]])).done();
    let args = all(&[&BASE, &[NO_LEDGER, "-o", "renewed.csv"]]);
    reissue(&folder, "links.csv", &args)
        .status(1)
        .tells("links.csv: row 2, line 2, column expires_at: \"21.11.2026 18:00\" is not how new expiries are written")
        .tells("hint: --expires-format");
    reissue(&folder, "links.csv", &all(&[&args, &german])).done();
    assert_eq!(rows(&folder.read("renewed.csv"))[0]["expires_at"], "29.11.2026 17:00");
}

#[test]
fn what_is_missing_is_said_before_anything_is_written() {
    let folder = with_links();
    folder.write("none.csv", "customer_id,city\n1,Ulm\n");
    folder.write("lines.txt", format!("{}\n", folder.token(&["customer_id=1"])));
    for (list, args, status, told, hint) in [
        (
            "links.csv",
            &["--base-url", "https://shop.example/p"][..],
            2,
            "without a ledger nobody knows",
            "--ledger FILE",
        ),
        (
            "links.csv",
            &[NO_LEDGER],
            2,
            "nothing says where the new links lead",
            "--allow-host HOST",
        ),
        (
            "links.csv",
            &[NO_LEDGER, "--no-link"],
            2,
            "would keep the old links",
            "--base-url",
        ),
        (
            "links.csv",
            &[NO_LEDGER, "--json", "--base-url", "https://shop.example/p"],
            2,
            "standard output already",
            "-o FILE",
        ),
        (
            "none.csv",
            &[NO_LEDGER],
            2,
            "neither a column token nor a column url_link",
            "--column",
        ),
        (
            "lines.txt",
            &[NO_LEDGER],
            2,
            "one token a line",
            "--no-header --column 1",
        ),
        (
            "missing.csv",
            &[NO_LEDGER],
            3,
            "missing.csv: no such file",
            "check the name",
        ),
        (
            "links.csv",
            &[
                NO_LEDGER,
                "--base-url",
                "https://shop.example/p",
                "-o",
                "links.csv",
                "--force",
            ],
            2,
            "would overwrite the input",
            "another file",
        ),
    ] {
        folder
            .call(&all(&[&["reissue", "--file", list], &LATER, &TIME, args]))
            .refused(status, told, hint);
    }
    let call = folder.call(&[
        "reissue",
        "--file",
        "links.csv",
        NO_LEDGER,
        "--base-url",
        "https://shop.example/p",
    ]);
    call.refused(2, "nothing says when the token expires", "--expires-in");
    let call = folder.call(&["reissue", "-o", "x.csv", NO_LEDGER, "--expires-in", "7d", "Lxx"]);
    call.refused(2, "--output: it is about a list, and no list is given", "--file FILE");
    let key = folder.run(&["key", "export", "--public"]).done().stdout;
    folder.write("public.json", key);
    let call = folder.call(&all(&[
        &["reissue", "--file", "links.csv", NO_LEDGER, "--keyring", "public.json"],
        &BASE,
        &LATER,
        &TIME,
    ]));
    call.refused(2, "public", "--keyring FILE");
}

#[test]
fn a_list_without_expired_rows_stays_as_it_is() {
    let folder = with_links();
    let args = all(&[&BASE, &TIME, &["--issued-at", "2026-11-21T16:30:00Z", NO_LEDGER]]);
    let run = folder.run(&all(&[&["reissue", "--file", "links.csv"], &args])).done();
    let run = run.tells("renewed  no row: none had expired");
    let before = folder.read("links.csv");
    run.prints(&before);
}
