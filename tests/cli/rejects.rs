//! `--rejects`: bad rows in a file of their own, which can be mended and fed again.

use crate::support::{Folder, rows};

#[test]
fn mended_rejects_give_the_row_that_a_good_list_gives() {
    for (list, bad, good) in [
        ("customer_id,name\n1,a\n,\"b,\"\n3,c\n", "", "2"),
        (
            "\u{feff}sep=;\r\ncustomer_id; name \r\n1;a\r\n;\" b\"\r\n3;c\r\n",
            "",
            "2",
        ),
        ("customer_id\tname\r1\ta\r\tb\r3\tc\r", "", "2"),
    ] {
        let delimiter = ["\t", ";", ","]
            .into_iter()
            .find(|text| list.contains(text))
            .expect("one of them");
        let folder = Folder::with_list(list);
        folder.generate(&["-o", "links.csv", "--rejects", "bad.csv"]).status(1);
        let marker = format!("is empty{delimiter}{bad}{delimiter}");
        let mended = folder
            .read("bad.csv")
            .replace(&marker, &format!("is empty{delimiter}{good}{delimiter}"));
        let whole = list.replacen(&[&list[..0], delimiter].concat(), delimiter, 1);
        assert!(mended.contains(&format!("{delimiter}{good}{delimiter}")), "{mended:?}");
        folder.write("customers.csv", &mended);
        let again = folder.generate(&[]).done().raw;
        // the same list without its good rows
        let breaks = if whole.contains("\r\n") {
            "\r\n"
        } else if whole.contains('\r') {
            "\r"
        } else {
            "\n"
        };
        let rows: Vec<&str> = list.split_inclusive(breaks).collect();
        let header = rows.len() - 4;
        let row = format!("{good}{}", rows[header + 2]);
        folder.write("customers.csv", [&rows[..=header].concat(), &row[..]].concat());
        let expected = folder.generate(&[]).done().raw;
        assert_eq!(again, expected);
    }
}

#[test]
fn a_last_row_gets_the_lists_own_line_break() {
    for (end, flags) in [
        ("\r\n", &[][..]),
        ("\r", &[]),
        ("\n", &[]),
        ("\r\n", &["--no-header", "--claims", "a=1"]),
    ] {
        let header = if flags.is_empty() {
            format!("customer_id,name{end}")
        } else {
            String::new()
        };
        let folder = Folder::with_list(format!("{header}1,a{end},b"));
        let flags = [flags, &["-o", "links.csv", "--rejects", "bad.csv"]].concat();
        folder.generate(&flags).status(1);
        assert!(
            folder.read("bad.csv").ends_with(&format!(",,b{end}")),
            "{:?}",
            folder.read("bad.csv")
        );
    }
}

#[test]
fn a_list_without_header_has_rejects_without_one() {
    let folder = Folder::with_list("1,a\n,b\n");
    let flags = [
        "--no-header",
        "--claims",
        "customer_id=1",
        "-o",
        "links.csv",
        "--rejects",
        "bad.csv",
    ];
    folder
        .generate(&flags)
        .status(1)
        .tells("warning: 1 row was rejected, see bad.csv")
        .tells("hint: its rows begin with their number and error: take these two columns off");
    assert_eq!(folder.read("bad.csv"), "2,column 1: the value is empty,,b\n");
}

#[test]
fn the_file_is_made_even_when_no_row_is_bad_and_replaced_by_force_alone() {
    let folder = Folder::with_list("customer_id\n1\n");
    folder.generate(&["-o", "links.csv", "--rejects", "bad.csv"]).done();
    assert_eq!(folder.read("bad.csv"), "row,error,customer_id\n");
    folder
        .generate(&["-o", "more.csv", "--rejects", "bad.csv"])
        .status(2)
        .tells("bad.csv: the file exists");
    assert!(!folder.files().contains(&"more.csv".to_owned()));
    folder
        .generate(&["-o", "links.csv", "--rejects", "bad.csv", "-f"])
        .done();
}

#[test]
fn columns_of_those_names_elsewhere_are_the_lists_own() {
    let folder = Folder::with_list("customer_id,row,error\n1,2,3\n");
    let run = folder.generate(&[]).done();
    assert!(run.stdout.starts_with("customer_id,row,error,token,"));
    assert!(run.stdout.contains("\n1,2,3,L"));
}

#[test]
fn rejects_may_be_all_rows() {
    let folder = Folder::with_list("customer_id,name\n,a\n,b\n");
    folder
        .generate(&["-o", "links.csv", "--rejects", "bad.csv"])
        .status(1)
        .tells("2 rows were rejected, see bad.csv");
    assert_eq!(folder.read("links.csv"), "customer_id,name,token,url_link,expires_at\n");
    assert_eq!(rows(&folder.read("bad.csv")).len(), 2);
}

#[test]
fn rejects_may_go_to_standard_output_where_the_good_rows_don_t() {
    let folder = Folder::with_list("customer_id,name\n1,a\n,b\n");
    folder
        .generate(&["-o", "links.csv", "--rejects", "-"])
        .status(1)
        .prints("row,error,customer_id,name\n3,column customer_id: the value is empty,,b\n");
}

#[cfg(feature = "xlsx")]
#[test]
fn rejects_that_nobody_has_mended_stay_bad_in_a_workbook_too() {
    for list in [
        &b"customer_id,name\n1,a\n4,Meier, Hans\n5\n"[..],
        b"customer_id,name\n1,a\n\"6\"x,Y\n7,\"a\n8,b\n9,\"c\"\n",
        b"customer_id,name\n1,a\n2,M\xfcller\n",
    ] {
        let folder = Folder::with_list(list);
        for claims in [&[][..], &["--no-claims"]] {
            let files = ["-o", "links.csv", "--rejects", "bad.xlsx", "--force"];
            folder.generate(&[claims, &files].concat()).status(1);
            let again = [
                "generate",
                "bad.xlsx",
                "--base-url",
                "https://mystore.com/p",
                "--expires-in",
                "1d",
            ];
            let files = ["-o", "again.csv", "--rejects", "still.csv", "--force"];
            let run = folder.run(&[&again, claims, &files].concat());
            run.status(1);
            assert_eq!(
                folder.read("again.csv").lines().count(),
                1,
                "{}",
                folder.read("again.csv")
            );
            folder.write("bad.csv", folder.read("still.csv"));
            let again = [
                "generate",
                "bad.csv",
                "--base-url",
                "https://mystore.com/p",
                "--expires-in",
                "1d",
            ];
            let files = ["-o", "again.csv", "--rejects", "more.csv", "--force"];
            folder.run(&[&again, claims, &files].concat()).status(1);
            let cells = |name: &str| -> Vec<String> {
                let text = folder.read(name);
                text.lines()
                    .skip(1)
                    .map(|line| line.split_once(',').expect("a number").1.to_owned())
                    .collect()
            };
            assert_eq!(cells("more.csv"), cells("still.csv"));
        }
    }
}

#[test]
fn an_error_of_a_workbook_is_none_the_less_one_as_a_text_of_the_rejects() {
    let folder = Folder::with_list("row,error,customer_id,name\n3,column name: the cell holds the error #N/A,3,#N/A\n");
    folder
        .generate(&[])
        .status(1)
        .tells("column name: the cell holds the error #N/A");
    folder.write("customers.csv", "customer_id,name\n3,#N/A\n");
    folder.generate(&[]).done();
}

#[test]
fn a_mended_row_may_say_what_it_likes_in_a_column_that_is_not_used() {
    let folder = Folder::with_list("row,error,customer_id,notes\n3,x,2,#N/A\n");
    let run = folder.generate(&[]).done();
    run.expect(run.stdout.contains("2,#N/A,LO"), "a link");
    folder.write("customers.csv", "row,error,customer_id,notes\n3,x,#N/A,a\n");
    folder.generate(&[]).status(1);
}

#[test]
fn bad_rows_are_numbered_by_lines_however_many_there_are() {
    let long = "x".repeat(300_000);
    let mut list = format!("customer_id,n\r\n1,\"{long}\r\n\"\r\n");
    for _ in 0..2_000 {
        list.push_str(",\"a\r\nb\"\r\n,c\r\n2,d\r\n");
    }
    let folder = Folder::with_list(list);
    let run = folder.generate(&["-o", "x.csv", "--rejects", "bad.csv"]).status(1);
    run.tells("row 3, lines 4 to 5, column customer_id")
        .tells("row 4, line 6, column customer_id")
        .tells("row 6, lines 8 to 9, column customer_id");
    let rejects = rows(&folder.read("bad.csv"));
    assert_eq!(rejects.len(), 4_000);
    assert_eq!(rejects[3_999]["row"], "6001");
}
