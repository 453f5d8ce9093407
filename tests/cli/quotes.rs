//! Misplaced quotes: a row that may have swallowed others is rejected, with all its lines.

use crate::support::{Folder, SECRET, USUAL, all, rows};

const HINT: &str = "a quote inside a quoted cell must be doubled";

#[test]
fn text_after_a_closing_quote_rejects_its_row() {
    let table = [
        (
            "customer_id,qty\n1,\"24\"\"\n2,\"27\"\"\n3,\"30\"\n",
            "row 2, lines 2 to 3, column qty: text follows a closing quote: \"27\"\"\"",
        ),
        (
            "customer_id,name,note\n\"BH-55,$0.91,\"Suit, blue, x\",b\n",
            "row 2, line 2, column customer_id: text follows a closing quote: \"Suit\"",
        ),
        (
            "customer_id,name,campaign_id\n1,\"Ann,spring26\n2,\"Bob\",spring26\n3,Cid,spring26\n",
            "row 2, lines 2 to 3, column name: text follows a closing quote: \"Bob\"\"",
        ),
        (
            "customer_id;name\r\n\"1\";\"Ann\"x\r\n",
            "row 2, line 2, column name: text follows a closing quote: \"x\"",
        ),
        (
            "customer_id,name\n\"1\" \"\",\"Ann\"\n",
            "row 2, line 2, column customer_id: text follows a closing quote",
        ),
        (
            "customer_id,name\n1,\"Ann\"\u{1b}[31m\u{202e}",
            "row 2, line 2, column name: text follows a closing quote: \"\\u{1b}[31m\\u{202e}\"",
        ),
    ];
    for (list, message) in table {
        let folder = Folder::with_list(list);
        let args = all(&[&["generate", "customers.csv", "-o", "links.csv"], &USUAL]);
        folder
            .call(&args)
            .refused(1, &format!("customers.csv: {message}"), HINT)
            .tells("nothing was written");
    }
}

#[test]
fn what_follows_is_shortened() {
    let folder = Folder::with_list(format!("customer_id,name\n1,\"Ann\"{}\n", "x".repeat(99)));
    folder
        .generate(&[])
        .status(1)
        .tells(&format!("closing quote: \"{}…\"", "x".repeat(40)));
}

#[test]
fn spaces_and_tabs_may_follow_a_closing_quote() {
    for list in [
        "customer_id,name\n\"1\" ,\"Anna\"\n\"2\"\t ,\"Bob\" \t\n",
        "customer_id\tname\n\"1\"\t\"Anna\"\n\"2\" \t\"Bob\"",
        "customer_id;name\r\n\"1\";\"An\"\"na\" \r\n2;a\"b\"c\r\n",
    ] {
        Folder::with_list(list).generate(&["--strict"]).done();
    }
}

#[test]
fn a_row_that_spans_lines_and_has_an_odd_quote_is_rejected() {
    let folder = Folder::with_list("customer_id,name,note\n1,\"Ann,x\n2,\", Jr.\",y\n3,\"two\nlines\",5\" x 7\"\n");
    folder
        .generate(&["-o", "links.csv", "--rejects", "bad.csv"])
        .status(1)
        .tells("customers.csv: row 2, lines 2 to 3: the row spans lines, and one of its quotes has no partner")
        .tells(HINT);
    assert_eq!(rows(&folder.read("links.csv")).len(), 1);
}

#[test]
fn every_rejected_row_names_all_its_lines() {
    let folder = Folder::with_list("customer_id,name\n1,\"a\nb\"\n,\"c\r\nd\r\r\"\n2,\"e\nf\",g\n\"\n\",x\n3,y\n");
    folder
        .generate(&["-o", "links.csv", "--rejects", "bad.csv"])
        .status(1)
        .tells("row 3, lines 4 to 7, column customer_id: the value is empty")
        .tells("row 4, lines 8 to 9: the row has 3 cells")
        .tells("row 5, lines 10 to 11, column customer_id: the value is empty");
    assert_eq!(rows(&folder.read("links.csv")).len(), 2);
}

#[test]
fn rejected_rows_can_be_mended_and_fed_again() {
    let folder = Folder::with_list("customer_id,qty\n1,\"24\"\"\n2,\"27\"\"\n3,\"30\"\n");
    folder.generate(&["-o", "links.csv", "--rejects", "bad.csv"]).status(1);
    assert_eq!(rows(&folder.read("links.csv")).len(), 1);
    let bad = folder.read("bad.csv");
    assert!(bad.contains("\n2,\"lines 2 to 3, column qty: text follows"), "{bad}");
    assert!(bad.ends_with(",1,\"24\"\"\n2,\"27\"\"\n"), "{bad}");
}

#[test]
fn such_a_header_refuses_the_list() {
    for (list, message) in [
        (
            "customer_id,name,\"notes\n1,\"Ann\",x\n",
            "row 1, lines 1 to 2: text follows a closing quote: \"Ann\"\"",
        ),
        (
            "\u{feff}sep=,\ncustomer_id,\"name\"x\n1,Ann\n",
            "row 1, line 2: text follows a closing quote: \"x\"",
        ),
        (
            "customer_id,\"name\n1,\",Ann\"\n",
            "row 1, lines 1 to 2: the row spans lines, and one of its quotes",
        ),
    ] {
        let folder = Folder::with_list(list);
        let args = all(&[&["generate", "customers.csv", "-o", "links.csv"], &USUAL]);
        folder
            .call(&args)
            .refused(3, &format!("customers.csv: {message}"), HINT);
    }
    let folder = Folder::with_list("1,\"Ann\"x\n2,Bob\n");
    folder
        .generate(&["--no-header", "--claims", "customer_id=1"])
        .status(1)
        .tells("customers.csv: row 1, line 1, column 2: text follows a closing quote");
}

#[test]
fn lists_of_links_are_held_to_it_too() {
    let folder = Folder::with_list("customer_id,name\n1,Ann\n2,Bob\n3,Cid\n");
    folder.generate(&["-o", "links.csv"]).done();
    let links = folder.read("links.csv");
    folder.write(
        "spoiled.csv",
        links.replace("Ann", "\"Ann\"\"").replace("Cid", "\"Cid\""),
    );
    let message = "spoiled.csv: row 2, lines 2 to 4, column name: text follows a closing quote: \"Cid\"\"";
    for args in [
        &["verify", "--file", "spoiled.csv", "--now", "2026-11-21T17:00:00Z"][..],
        &[
            "revoke",
            "--file",
            "spoiled.csv",
            "--ledger",
            "l.db",
            "--now",
            "2026-11-21T17:00:00Z",
        ],
    ] {
        folder.run(args).status(1).tells(message).tells(HINT);
    }
}

#[test]
fn plain_lists_are_held_to_it_too() {
    let folder = Folder::new();
    let token = |number: &str| folder.token(&[&format!("customer_id={number}")]);
    let [one, two, three] = ["1", "2", "3"].map(token);
    folder.write("plain.csv", format!("{one}\n\"{two}\"\"\n\"{three}\"\n"));
    let verify = ["verify", "--file", "plain.csv", "--now", "2026-11-21T16:30:00Z", "-q"];
    folder.run(&verify).status(1).tells(&format!(
        "plain.csv: row 2, lines 2 to 3: text follows a closing quote: \"{}…",
        &three[..40]
    ));
    // the cells of such a text may be in quotes
    folder.write(
        "plain.csv",
        format!("\"1\",\"Ann\",\"{one}\"\n\"2\" ,\"Bob\",\"{two}\"\n"),
    );
    let run = folder.run(&verify).done();
    assert_eq!(run.stdout.matches(",valid,").count(), 2, "{}", run.stdout);
    assert!(!run.stdout.contains(SECRET));
}
