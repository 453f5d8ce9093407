//! `verify --file`: a list is proved before it is sent.

use crate::support::{Folder, ISSUED, OTHER_SECRET, keyring_text, make_private, rows};

const LIST: &str =
    "customer_id,name,campaign_id\n1,\"Doe, Ann\",spring26\n2,Bob,spring26\n3,Eve,winter26\n4,Zoë,spring26\n";

/// A folder with `links.csv`, minted from a list of four.
fn minted() -> Folder {
    let folder = Folder::with_list(LIST);
    folder.generate(&["-o", "links.csv"]).done();
    folder
}

fn check(folder: &Folder, args: &[&str]) -> crate::support::Run {
    call(folder, args).run()
}

fn call<'f>(folder: &'f Folder, args: &[&str]) -> crate::support::Call<'f> {
    let mut all = vec!["verify", "--now", ISSUED, "--file"];
    all.extend_from_slice(args);
    folder.call(&all)
}

fn statuses(text: &str) -> Vec<String> {
    rows(text).iter().map(|row| row["verified_status"].clone()).collect()
}

/// The list with the cells of a column turned round among the rows.
fn rotated(text: &str, columns: &[usize]) -> String {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let header = reader.headers().expect("a header").clone();
    let records: Vec<csv::StringRecord> = reader.records().map(|record| record.expect("a row")).collect();
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(&header).expect("memory");
    for (index, record) in records.iter().enumerate() {
        let other = &records[(index + 1) % records.len()];
        let cell = |column: usize| {
            if columns.contains(&column) {
                &other[column]
            } else {
                &record[column]
            }
        };
        writer.write_record((0..record.len()).map(cell)).expect("memory");
    }
    String::from_utf8(writer.into_inner().expect("memory")).expect("UTF-8")
}

#[test]
fn a_minted_list_is_valid_and_keeps_every_byte() {
    let folder = minted();
    let run = check(&folder, &["links.csv"]).status(0);
    assert_eq!(statuses(&run.stdout), ["valid"; 4]);
    let before = folder.read("links.csv");
    for (line, checked) in before.lines().zip(run.stdout.lines()) {
        assert!(checked.starts_with(line), "{checked}");
    }
}

#[test]
fn a_list_sorted_by_its_tokens_its_links_or_both_is_caught_in_every_row() {
    let folder = minted();
    let text = folder.read("links.csv");
    for columns in [&[3][..], &[4], &[3, 4]] {
        folder.write("moved.csv", rotated(&text, columns));
        let run = check(&folder, &["moved.csv"]).status(1);
        assert_eq!(statuses(&run.stdout), ["row_mismatch"; 4], "{columns:?}");
    }
}

#[test]
fn a_retired_key_still_verifies_and_another_keyring_knows_none() {
    let folder = minted();
    let first = folder.read("links.csv");
    folder.run(&["key", "new"]).done();
    folder.generate(&["-o", "links.csv", "-f"]).done();
    let second = folder.read("links.csv");
    let old = folder.run(&["key", "list", "--json"]).json()[0]["id"]
        .as_str()
        .expect("an id")
        .to_owned();
    folder.run(&["key", "retire", &old]).done();
    let both: String = first
        .lines()
        .take(3)
        .chain(second.lines().skip(3))
        .map(|line| format!("{line}\n"))
        .collect();
    folder.write("both.csv", both);
    check(&folder, &["both.csv"]).status(0);
    folder.write("other.json", keyring_text(&[OTHER_SECRET]));
    make_private(&folder.path("other.json"));
    let run = check(&folder, &["both.csv", "--keyring", "other.json"]).status(1);
    assert_eq!(statuses(&run.stdout), ["unknown_key"; 4]);
}

#[test]
fn rows_that_are_not_valid_go_to_a_file_of_their_own_in_order() {
    let folder = minted();
    let text = folder.read("links.csv");
    let mut lines: Vec<&str> = text.lines().collect();
    let forged = lines[2].replace("spring26", "summer26");
    lines[2] = &forged;
    lines.insert(4, "ragged,row");
    folder.write("mixed.csv", lines.join("\n") + "\n");
    let run = check(&folder, &["mixed.csv", "-o", "good.csv", "--rejects", "bad.csv"]).status(1);
    run.expect(
        run.stderr
            .contains("row 5, line 5: the row has 2 cells, the header has 6"),
        "the ragged row is told",
    );
    assert_eq!(statuses(&folder.read("good.csv")), ["valid"; 3]);
    let bad = folder.read("bad.csv");
    let bad: Vec<&str> = bad.lines().collect();
    assert!(bad[0].ends_with(",verified_status,verified_expires_at"));
    assert!(
        bad[1].contains("summer26") && bad[1].contains(",row_mismatch,"),
        "{bad:?}"
    );
    assert_eq!(bad[2], "ragged,row,unreadable,");
    let run = check(&folder, &["mixed.csv", "-o", "none.csv"]).status(1);
    run.expect(!folder.path("none.csv").exists(), "no file without --rejects");
}

#[test]
fn only_the_rows_that_are_not_valid_are_kept_where_that_is_asked() {
    let folder = minted();
    check(&folder, &["links.csv", "--only-invalid"])
        .status(0)
        .prints(&format!(
            "{},verified_status,verified_expires_at\n",
            folder.read("links.csv").lines().next().expect("a header")
        ));
}

#[test]
fn claims_are_shown_beside_the_row() {
    let folder = minted();
    let run = check(&folder, &["links.csv", "--show", "customer_id,missing"]).status(0);
    let ids: Vec<String> = rows(&run.stdout)
        .iter()
        .map(|row| row["verified_customer_id"].clone())
        .collect();
    assert_eq!(ids, ["1", "2", "3", "4"]);
    assert!(rows(&run.stdout).iter().all(|row| row["verified_missing"].is_empty()));
}

#[test]
fn a_claim_can_be_held_against_another_column_or_none() {
    let folder = minted();
    let renamed = folder
        .read("links.csv")
        .replacen("customer_id", "kunde", 1)
        .replacen("campaign_id", "aktion", 1);
    folder.write("renamed.csv", renamed);
    let run = check(&folder, &["renamed.csv"]).status(0);
    run.expect(
        run.stderr
            .contains("whether a token stands in its own row was not checked"),
        "a warning",
    );
    check(&folder, &["renamed.csv", "--match", "customer_id=kunde"]).status(0);
    let run = check(&folder, &["renamed.csv", "--match", "customer_id=name"]).status(1);
    assert_eq!(statuses(&run.stdout), ["row_mismatch"; 4]);
    let run = check(&folder, &["renamed.csv", "--no-match"]).status(0);
    run.expect(!run.stderr.contains("warning"), "no warning");
}

#[test]
fn a_list_of_one_text_a_line_is_checked_line_by_line() {
    let folder = minted();
    let links: Vec<String> = rows(&folder.read("links.csv"))
        .iter()
        .map(|row| row["url_link"].clone())
        .collect();
    folder.write("plain.txt", format!("{}\nnone, here\n<{}>\n", links[0], links[1]));
    let run = check(&folder, &["plain.txt"]).status(1);
    run.expect(
        run.stdout.starts_with("text,verified_status,verified_expires_at\n"),
        "its own header",
    );
    assert_eq!(statuses(&run.stdout), ["valid", "malformed", "valid"]);
    assert_eq!(rows(&run.stdout)[1]["text"], "none, here");
}

#[test]
fn json_lines_name_row_and_line() {
    let folder = Folder::with_list("customer_id,note\n1,\"two\nlines\"\n2,x\n");
    folder.generate(&["-o", "links.csv"]).done();
    let json = check(&folder, &["links.csv", "--json"]).status(0).json();
    let places: Vec<_> = json
        .iter()
        .map(|row| (row["row"].as_u64(), row["line"].as_u64()))
        .collect();
    assert_eq!(places, [(Some(2), Some(2)), (Some(3), Some(4))]);
    assert_eq!(json[1]["claims"]["customer_id"], "2");
}

#[test]
fn a_token_that_stands_twice_is_warned_of() {
    let folder = minted();
    let text = folder.read("links.csv");
    let again = text.lines().nth(1).expect("a row");
    folder.write("twice.csv", format!("{text}{again}\n"));
    let run = check(&folder, &["twice.csv"]).status(0);
    run.expect(
        run.stderr
            .contains("1 row has a token that an earlier row has already (the first is row 6)"),
        "a warning",
    );
}

#[test]
fn an_expected_claim_rules_over_the_row() {
    let folder = minted();
    let run = check(&folder, &["links.csv", "--expect", "campaign_id=spring26"]).status(1);
    assert_eq!(statuses(&run.stdout), ["valid", "valid", "claim_mismatch", "valid"]);
}

#[test]
fn mistakes_with_lists_are_told_with_place_and_hint() {
    let folder = minted();
    call(&folder, &["customers.csv"]).refused(2, "neither a column token nor a column url_link", "--column");
    call(&folder, &["links.csv", "--column", "tokn"]).refused(
        2,
        "there is no column \"tokn\"",
        "did you mean \"token\"",
    );
    call(&folder, &["missing.csv"]).refused(3, "missing.csv", "check the name");
    folder.write("empty.csv", "customer_id,token\n");
    call(&folder, &["empty.csv"]).refused(3, "the list has no rows", "--allow-empty");
    check(&folder, &["empty.csv", "--allow-empty"]).status(0);
    call(&folder, &["links.csv", "-o", "links.csv", "-f"]).refused(2, "overwrite the input", "another file");
    call(&folder, &["links.csv", "--json", "--rejects", "x"]).refused(2, "exclude each other", "--only-invalid");
    folder
        .call(&["verify", "token", "--delimiter", ";"])
        .refused(2, "--delimiter", "--file FILE");
}

#[test]
fn a_verified_list_can_be_verified_again() {
    let folder = minted();
    check(&folder, &["links.csv", "-o", "once.csv"]).status(0);
    let run = check(&folder, &["once.csv", "-o", "twice.csv"]).status(1);
    run.expect(run.stderr.contains("the cell is filled already"), "filled cells");
    check(&folder, &["once.csv", "--replace", "-o", "twice.csv"]).status(0);
    assert_eq!(folder.read("once.csv"), folder.read("twice.csv"));
}

#[test]
fn rows_of_unlike_claims_are_each_held_against_their_own_cells() {
    let folder = Folder::with_list(
        "customer_id,campaign_id,product_id\n1, spring26 ,88\n2,\"spring\"\"26\",\n003,ümlaut,A-1\n4,spring26,88\n",
    );
    folder.generate(&["--optional", "product_id", "-o", "links.csv"]).done();
    let links = folder.read("links.csv");
    let table = [
        // as it was, and a cell that was quoted anew
        ("4,spring26,88,", "4,spring26,88,", [true, true, true, true]),
        ("4,spring26,88,", "4,\"spring26\",88,", [true, true, true, true]),
        // changed, emptied, and filled where the token has no such claim
        ("4,spring26,88,", "4,spring26,89,", [true, true, true, false]),
        ("003,", "3,", [true, true, false, true]),
        ("1, spring26 ,", "1,,", [false, true, true, true]),
        ("26\",,", "26\",88,", [true, true, true, true]),
    ];
    for (before, after, valid) in table {
        assert!(links.contains(before), "{before}");
        folder.write("changed.csv", links.replacen(before, after, 1));
        let statuses = statuses(&check(&folder, &["changed.csv"]).stdout);
        assert_eq!(
            statuses,
            valid.map(|valid| if valid { "valid" } else { "row_mismatch" }),
            "{after}"
        );
    }
}

#[test]
fn a_cell_that_a_spreadsheet_changed_is_told_from_a_foreign_token() {
    let folder = Folder::with_list("customer_id,name\n0042,Ann\n468201934710284517,Bob\n+49,Cid\n7,Eve\n8,Fay\n");
    folder.generate(&["-o", "links.csv", "-q"]).done();
    let links = folder.read("links.csv");
    let changed = links
        .replace("\n0042,", "\n42,")
        .replace("468201934710284517", "4.68E+17")
        .replace("\n+49,", "\n49,")
        .replace("\n8,", "\n9,");
    folder.write("changed.csv", changed);
    let run = check(&folder, &["changed.csv"]).status(1);
    let mismatch = "row_mismatch";
    assert_eq!(statuses(&run.stdout), [mismatch, mismatch, mismatch, "valid", mismatch]);
    run.tells("3 rows differ from the token in zeros, sign or exponent only: a spreadsheet may have changed the cells")
        .tells("hint: check the list as it was written, or import the column as text");
    let answers = check(&folder, &["changed.csv", "--json"]).status(1).json();
    let message = "customer_id differs in zeros, sign or exponent only: a spreadsheet may have changed the cell";
    for answer in &answers[..3] {
        assert_eq!(
            (&answer["status"], &answer["message"]),
            (&mismatch.into(), &message.into())
        );
    }
    assert_eq!(
        answers[4]["message"],
        "the token belongs to another row: customer_id differs"
    );
}

#[test]
fn a_cell_that_differs_otherwise_as_well_is_no_spreadsheets() {
    let folder = Folder::with_list("customer_id,campaign_id\n0042,spring26\n0043,spring26\n");
    folder.generate(&["-o", "links.csv"]).done();
    let changed = folder.read("links.csv").replace("0042,spring26", "42,summer26");
    folder.write("changed.csv", changed);
    let run = check(&folder, &["changed.csv", "--json"]).status(1);
    run.expect(!run.stderr.contains("spreadsheet"), "no word of a spreadsheet");
    assert!(run.stdout.contains("the token belongs to another row"));
}

#[test]
fn claims_that_look_like_formulas_are_shown_as_text() {
    let folder = Folder::new();
    let values = ["=1+1", "+49", "-2", "@sum", "\u{ff1d}1", "a=b", "spring"];
    let mut list = String::from("note;token\n");
    for value in values {
        list += &format!("=HYPERLINK(1);{}\n", folder.token(&[&format!("c={value}")]));
    }
    folder.write("links.csv", &list);
    let run = folder
        .run(&[
            "verify",
            "--file",
            "links.csv",
            "--show",
            "c",
            "--now",
            crate::support::ISSUED,
        ])
        .done();
    let shown: Vec<_> = crate::support::rows_with(&run.stdout, b';')
        .into_iter()
        .map(|row| row["verified_c"].clone())
        .collect();
    assert_eq!(shown, ["'=1+1", "'+49", "'-2", "'@sum", "'\u{ff1d}1", "a=b", "spring"]);
    // the list's own cells stay as they are
    run.expect(
        run.stdout
            .lines()
            .skip(1)
            .all(|line| line.starts_with("=HYPERLINK(1);")),
        "the list's own cells",
    );
    let run = folder
        .run(&[
            "verify",
            "--file",
            "links.csv",
            "--json",
            "--now",
            crate::support::ISSUED,
        ])
        .done();
    assert_eq!(run.json()[0]["claims"]["c"], "=1+1");
}

#[test]
fn a_claim_that_differs_from_row_to_row_and_has_no_column_is_warned_of() {
    let folder = Folder::with_list("customer_id,name,campaign_id\n1,Ann,s1\n2,Bob,s1\n3,Cid,s1\n");
    for form in [&[][..], &["--seal"]] {
        folder.generate(&[&["-o", "links.csv", "-f"], form].concat()).done();
        let turned = rotated(&folder.read("links.csv"), &[3, 4]);
        let renamed = |name: &str| folder.write("renamed.csv", turned.replacen("customer_id", name, 1));
        for name in ["Kundennr", "cust_id", "Kunden Nr."] {
            renamed(name);
            let run = check(&folder, &["renamed.csv"]).status(0);
            let run = run.tells("the claim customer_id was held against no cell: no column has its name");
            let run = run.tells(&format!("--match customer_id=\"{name}\""));
            let run = run.tells("the claims of 3 tokens (campaign_id)");
            run.expect(!run.stderr.contains("the claim campaign_id"), "no word of the others");
            let paired = format!("customer_id={name}");
            let run = check(&folder, &["renamed.csv", "--match", &paired]).status(1);
            assert_eq!(statuses(&run.stdout), ["row_mismatch"; 3]);
        }
    }
    folder.write(
        "one.csv",
        "Kundennr,campaign_id,token\n9,s1,".to_owned() + &folder.token(&["customer_id=1", "campaign_id=s1"]),
    );
    check(&folder, &["one.csv"])
        .status(0)
        .tells("--match customer_id=\"Kundennr\"");
}

#[test]
fn a_claim_with_two_columns_of_names_like_it_is_warned_of() {
    let folder = Folder::with_list("customer_id,x,campaign_id\n1,1,s1\n2,2,s1\n");
    folder.generate(&["-o", "links.csv"]).done();
    let near = folder
        .read("links.csv")
        .replacen("customer_id,x", "Customer ID,customer-id", 1);
    folder.write("near.csv", near);
    check(&folder, &["near.csv"])
        .status(0)
        .tells("several columns have a name like it: \"Customer ID\", \"customer-id\"")
        .tells("--match customer_id=\"Customer ID\" or --match customer_id=\"customer-id\"");
}

#[test]
fn a_claim_that_all_rows_share_needs_no_column() {
    let folder = Folder::with_list("customer_id,name\n1,Ann\n2,Bob\n");
    folder.generate(&["-o", "links.csv", "--set", "campaign_id=s1"]).done();
    let run = check(&folder, &["links.csv"]).status(0);
    run.expect(!run.stderr.contains("warning"), "no warning");
}

#[test]
fn a_headless_list_of_several_columns_is_warned_of() {
    let folder = minted();
    let links = folder.read("links.csv");
    let (_, rows) = links.split_once('\n').expect("a header");
    folder.write("headless.csv", rows);
    check(&folder, &["headless.csv"])
        .status(0)
        .tells("several columns and no header")
        .tells("--no-header --column 4");
    let quiet = check(&folder, &["headless.csv", "--no-match"]).status(0);
    assert!(!quiet.stderr.contains("warning"), "{}", quiet.stderr);
    let numbered = [
        "headless.csv",
        "--no-header",
        "--column",
        "4",
        "--match",
        "customer_id=1",
    ];
    let run = check(&folder, &numbered).status(0);
    assert!(!run.stderr.contains("several columns"), "{}", run.stderr);
    let tokens: String = rows
        .lines()
        .map(|line| line.rsplit(',').nth(2).expect("a token").to_owned() + "\n")
        .collect();
    folder.write("tokens.txt", tokens);
    let plain = check(&folder, &["tokens.txt"]).status(0);
    assert!(!plain.stderr.contains("warning"), "{}", plain.stderr);
}
