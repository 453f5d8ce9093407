//! What is most likely a mistake: one warning a kind, or a rejected row with `--strict`.

use crate::support::{FIXED, Folder, USUAL, all, rows};
use serde_json::Value;

/// Has the cells of `base_url` rule over the flag.
const OWN: [&str; 2] = ["--base-url-column", "base_url"];

/// Each kind with a list that has it in rows 3 and 5, and a word of its warning.
fn kinds() -> Vec<(&'static str, String, &'static str)> {
    let list = |bad: &str| format!("customer_id,base_url\n1,\n{bad}\n2,\n{bad}\n");
    vec![
        (
            "spoiled_id",
            list("4.68E+17,"),
            "2 rows have an id that a spreadsheet seems to have spoiled",
        ),
        (
            "spoiled_id",
            list("\"4,68E+17\","),
            "2 rows have an id that a spreadsheet",
        ),
        (
            "spoiled_id",
            list("4684684684684680,"),
            "2 rows have an id that a spreadsheet",
        ),
        ("spoiled_id", list("01. Mrz,"), "2 rows have an id that a spreadsheet"),
        (
            "spoiled_id",
            list("\"=\"\"0043\"\"\","),
            "2 rows have an id that a spreadsheet",
        ),
        (
            "missing_value",
            list("#REF!,"),
            "2 rows have a text for a value that is not there",
        ),
        ("total_row", list("Summe,"), "2 rows look like totals of the others"),
        (
            "unseen_character",
            list("10\u{200b}01,"),
            "2 rows have a claim with a character that nobody sees",
        ),
        (
            "unseen_character",
            list("10\u{0}01,"),
            "2 rows have a claim with a character that nobody sees",
        ),
        (
            "stray_quote",
            list("1001\","),
            "2 rows have a claim with a quote that has no partner",
        ),
        (
            "personal_data",
            list("eva@example.org,"),
            "2 rows have a mail address or a telephone number",
        ),
        (
            "personal_data",
            list("+49 171 1234567,"),
            "2 rows have a mail address or a telephone number",
        ),
        (
            "plain_http",
            list("7,http://shop.example/p"),
            "2 rows have a link without encryption",
        ),
        (
            "long_link",
            list(&format!("7,https://shop.example/{}", "x".repeat(2_000))),
            "2 rows have a link of more than 2000 characters",
        ),
    ]
}

#[test]
fn each_kind_is_warned_of_once_with_its_count_and_first_row() {
    for (kind, list, warning) in kinds() {
        let folder = Folder::with_list(&list);
        let run = folder
            .generate(&[&OWN[..], &["-o", "links.csv", "--summary-file", "s.json"]].concat())
            .done();
        let told: Vec<_> = run.stderr.lines().filter(|line| line.contains(warning)).collect();
        run.expect(told.len() == 1, &format!("one warning {warning:?}"));
        run.expect(told[0].starts_with("linkmint: warning: "), "a warning");
        run.expect(told[0].ends_with("(the first is row 3)"), "the first row");
        assert_eq!(rows(&folder.read("links.csv")).len(), 4);
        let summary: Value = serde_json::from_str(&folder.read("s.json")).expect("JSON");
        assert_eq!(
            summary["warnings"][kind],
            serde_json::json!({"rows": 2, "first_row": 3}),
            "{kind}"
        );
    }
}

#[test]
fn strict_rejects_such_rows() {
    for (kind, list, _) in kinds() {
        let folder = Folder::with_list(&list);
        folder
            .generate(&[&OWN[..], &["-o", "links.csv", "--rejects", "bad.csv", "--strict", "-q"]].concat())
            .status(1)
            .tells("customers.csv: row 3, line 3")
            .tells("customers.csv: row 5, line 5");
        assert_eq!(rows(&folder.read("links.csv")).len(), 2, "{kind}");
        assert_eq!(rows(&folder.read("bad.csv")).len(), 2, "{kind}");
    }
}

#[test]
fn a_row_counts_once_a_kind_and_only_where_it_is_good() {
    let folder = Folder::with_list("customer_id,tel,n\na@b.org,+49 171 1234567,1\nc@d.org,+49 171 1234568,\n");
    folder
        .generate(&[
            "--claims",
            "customer_id,tel,n",
            "-o",
            "links.csv",
            "--rejects",
            "bad.csv",
        ])
        .status(1)
        .tells("warning: 1 row has a mail address or a telephone number")
        .tells("(row 2)");
}

#[test]
fn a_total_is_told_from_the_first_cell_as_well() {
    let folder = Folder::with_list("name,customer_id\nAnn,1\nSum,2\n\"Total:\",3\n");
    let told = "2 rows look like totals of the others, not like customers (the first is row 3)";
    folder.generate(&[]).done().tells(told);
    folder.generate(&["--no-claims"]).done().tells(told);
    folder
        .generate(&["--strict", "-o", "links.csv"])
        .status(1)
        .tells("row 4, line 4, column name: the row looks like a total of the others");
    let run = folder.generate(&["--claims", "name,customer_id"]).done().tells(told);
    run.expect(run.stderr.matches("warning").count() == 1, "one warning");
}

#[test]
fn ordinary_ids_are_no_mistakes() {
    let list = "customer_id\n1234567\n00042\n2026-0042\n468468468468468\n4684684684684681\nA-100\n\
                550e8400-e29b-41d4-a716-446655440000\nMüller\n1e5x\n";
    let folder = Folder::with_list(list);
    let run = folder.generate(&["--strict"]).done();
    run.expect(!run.stderr.contains("warning"), "no warning");
}

#[test]
fn duplicates_are_found_far_apart_and_on_any_number_of_threads() {
    let mut list = String::from("customer_id,name\n7,first\n");
    for number in 100..40_100 {
        list += &format!("{number},some more text in each row\n");
    }
    list += "7,second\n40099,third\n7,fourth\n";
    let folder = Folder::with_list(&list);
    for threads in ["1", "4"] {
        folder
            .generate(&["-o", "links.csv", "-f", "-j", threads])
            .done()
            .tells("3 rows have the same claims as an earlier row (the first is row 40003)");
        let flags = [
            "-o",
            "links.csv",
            "--rejects",
            "bad.csv",
            "-f",
            "--strict",
            "-j",
            threads,
        ];
        folder.generate(&flags).status(1);
        let rejects: Vec<_> = rows(&folder.read("bad.csv"))
            .iter()
            .map(|row| (row["row"].clone(), row["name"].clone()))
            .collect();
        let expected = [("40003", "second"), ("40004", "third"), ("40005", "fourth")];
        assert_eq!(rejects, expected.map(|(row, name)| (row.to_owned(), name.to_owned())));
        assert_eq!(rows(&folder.read("links.csv")).len(), 40_001);
    }
}

#[test]
fn a_row_that_is_rejected_for_something_else_is_no_first_of_its_claims() {
    let folder = Folder::with_list("customer_id,base_url\n1,nonsense\n1,\n1,\n");
    folder
        .generate(&[&OWN[..], &["-o", "links.csv", "--rejects", "bad.csv", "--strict"]].concat())
        .status(1);
    let rejected: Vec<_> = rows(&folder.read("bad.csv"))
        .iter()
        .map(|row| row["row"].clone())
        .collect();
    assert_eq!(rejected, ["2", "4"]);
}

#[test]
fn flags_are_warned_of_and_are_mistakes_with_strict() {
    let folder = Folder::with_list("customer_id\n1\n");
    let usual = all(&[&["generate", "customers.csv", "--expires-in", "1h"], &FIXED]);
    for (flags, place) in [
        (&["--base-url", "http://shop.example/p"][..], "--base-url: "),
        (&["--url", "http://shop.example/{token}"], "--url: "),
        (&["--no-link", "--set", "mail=eva@example.org"], "--set mail: "),
    ] {
        let run = folder
            .run(&all(&[&usual, flags]))
            .done()
            .tells(&format!("warning: {place}"));
        run.expect(run.stderr.matches("warning").count() == 1, "one warning");
        folder
            .call(&all(&[&usual, flags, &["--strict", "-o", "links.csv"]]))
            .refused(2, place, "");
    }
}

#[test]
fn sealed_claims_are_nobodys_to_read() {
    let folder = Folder::with_list("customer_id\neva@example.org\n");
    let run = folder.generate(&["--seal", "--strict"]).done();
    run.expect(!run.stderr.contains("warning"), "no warning");
    let args = all(&[
        &[
            "generate",
            "customers.csv",
            "--seal",
            "--set",
            "tel=+49 171 1234567",
            "--strict",
        ],
        &USUAL,
    ]);
    folder.run(&args).done();
}

#[test]
fn quiet_silences_warnings_but_not_the_summary_file() {
    let folder = Folder::with_list("customer_id\n1\n1\n");
    folder
        .generate(&["-q", "-o", "links.csv", "--summary-file", "s.json"])
        .done()
        .says_nothing();
    let summary: Value = serde_json::from_str(&folder.read("s.json")).expect("JSON");
    assert_eq!(summary["warnings"]["duplicate"]["rows"], 1);
    assert_eq!(summary["warnings"]["duplicate"]["first_row"], 3);
}
