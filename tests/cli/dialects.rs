//! Lists as they really come: delimiters, line ends, blank rows, odd headers, rows that are too long.

use crate::support::{Folder, rows, rows_with};

#[test]
fn every_delimiter_is_found_from_the_header() {
    for delimiter in [',', ';', '\t', '|'] {
        let list = "customer_id,name\n1,\"a, b\"\n2,\"x\ny\"\n".replace(',', &delimiter.to_string());
        let folder = Folder::with_list(&list);
        let rows = rows_with(&folder.generate(&[]).done().stdout, delimiter as u8);
        assert_eq!(rows[0]["name"], format!("a{delimiter} b"));
        assert_eq!(rows[1]["name"], "x\ny");
        assert!(rows[1]["url_link"].starts_with("https://"));
    }
}

#[test]
fn other_delimiters_can_be_told() {
    for (flag, delimiter) in [
        (":", b':'),
        ("^", b'^'),
        ("tab", b'\t'),
        ("\\t", b'\t'),
        ("-", b'-'),
        ("/", b'/'),
    ] {
        let between = char::from(delimiter).to_string();
        let folder = Folder::with_list("customer_id,name\n1,a\n".replace(',', &between));
        let run = folder.generate(&[&format!("--delimiter={flag}")]).done();
        let rows = rows_with(&run.stdout, delimiter);
        assert_eq!(rows[0]["name"], "a");
        assert!(
            rows[0]["url_link"].starts_with("https://shop.example/p/L"),
            "{}",
            run.stdout
        );
        assert_eq!(rows[0]["expires_at"], "2026-11-22T16:00:00Z");
    }
}

#[test]
fn a_wrong_delimiter_is_told_from_a_wrong_name() {
    for (list, flag, right) in [
        ("customer_id;name\n1;a\n", ",", "--delimiter \";\""),
        ("customer_id,name\n1,a\n", ";", "--delimiter \",\""),
        ("customer_id\tname\n1\ta\n", ";", "--delimiter tab"),
        ("sep=,\ncustomer_id;name\n1;a\n", ",", "--delimiter \";\""),
    ] {
        let folder = Folder::with_list(list);
        let run = folder
            .generate(&["-d", flag])
            .status(2)
            .tells("there is no column \"customer_id\"")
            .tells(right);
        run.expect(!run.stderr.contains("did you mean"), "no column meant instead");
    }
}

#[test]
fn a_sep_line_is_understood_and_kept() {
    for list in [
        "sep=;\r\ncustomer_id;name\r\n1;a\r\n,b\r\n",
        "\u{feff}SEP=;\ncustomer_id;a,b,c\n1;x\n",
    ] {
        let list = list.replace(",b\r\n", "");
        let folder = Folder::with_list(&list);
        let run = folder.generate(&[]).done();
        let header = list.find("customer_id").expect("a header");
        run.expect(run.stdout.starts_with(&list[..header]), "the line before the header");
        assert_eq!(rows_with(&run.stdout[header..], b';').len(), 1);
    }
    // it is no row, and yet a line
    let folder = Folder::with_list("sep=;\ncustomer_id;name\n1;a\n;b\n");
    folder
        .generate(&["-o", "links.csv"])
        .status(1)
        .tells("row 3, line 4, column customer_id");
}

#[test]
fn line_ends_are_kept_and_a_last_row_may_have_none() {
    for end in ["\n", "\r\n", "\r"] {
        for last in [end, ""] {
            let folder = Folder::with_list(format!("customer_id,name{end}1,\"a{end}b\"{end}2,c{last}"));
            let text = folder.generate(&[]).done().stdout;
            assert!(text.starts_with(&format!(
                "customer_id,name,token,url_link,expires_at{end}1,\"a{end}b\",L"
            )));
            assert!(text.ends_with(&format!("2026-11-22T16:00:00Z{last}")), "{text:?}");
            assert_eq!(text.matches(end).count(), if last.is_empty() { 3 } else { 4 });
        }
    }
}

#[test]
fn blank_rows_keep_their_shape() {
    let folder = Folder::with_list("customer_id;name\r\n1;a\r\n\r\n;\r\n \r\n\"\";\" \"\r\n2;b\r\n;\r\n;");
    let run = folder.generate(&["--summary-file", "s.json", "-o", "links.csv"]).done();
    run.tells("2 rows, 0 rejected, 6 blank");
    let text = folder.read("links.csv");
    let blank: Vec<&str> = text
        .split("\r\n")
        .filter(|line| !line.contains("2026") && !line.contains("token"))
        .collect();
    assert_eq!(blank, ["", ";;;;", " ", "\"\";\" \";;;", ";;;;", ";;;;"]);
}

#[test]
fn a_list_of_one_column_needs_no_delimiter() {
    let folder = Folder::with_list("customer_id\n1\n\n2");
    let run = folder.generate(&[]).done().tells("2 rows, 0 rejected, 1 blank");
    assert_eq!(run.stdout.lines().count(), 4);
    let folder = Folder::with_list("\"customer_id\"\n\"1;2\"\n");
    let run = folder.generate(&[]).done();
    assert_eq!(rows(&run.stdout)[0]["customer_id"], "1;2");
}

#[test]
fn empty_and_repeated_names_matter_only_when_used() {
    let folder = Folder::with_list("customer_id,,name,name,\n1,2,3,4,5\n");
    let run = folder.generate(&[]).done();
    run.expect(run.stdout.contains("\n1,2,3,4,5,L"), "all cells");
    folder
        .generate(&["--claims", "name"])
        .status(2)
        .tells("customers.csv: row 1: columns 3 and 4 are both named \"name\"");
    folder
        .generate(&["--claims", "customer_id,x="])
        .status(2)
        .tells("columns 2 and 5 are both named \"\"");
    folder
        .generate(&["--token-column", "name"])
        .status(2)
        .tells("are both named \"name\"");
}

#[test]
fn a_new_column_needs_a_name() {
    let folder = Folder::with_list("customer_id\n1\n");
    for flag in ["--token-column", "--url-column", "--expires-column"] {
        for name in ["", " "] {
            folder
                .generate(&[flag, name])
                .status(2)
                .tells(&format!("linkmint: {flag}: a column needs a name"));
        }
    }
}

#[test]
fn an_empty_first_line_is_no_header() {
    let folder = Folder::with_list("\ncustomer_id\n1\n");
    folder
        .generate(&[])
        .status(2)
        .tells("hint: the first line has no names");
}

#[test]
fn a_list_without_header_is_all_rows() {
    let folder = Folder::with_list("1,a\n2,b\n");
    let run = folder
        .generate(&["--no-header", "--claims", "customer_id=1"])
        .done()
        .tells("2 rows");
    run.expect(run.stdout.starts_with("1,a,L"), "no header is made up");
    folder
        .generate(&["--no-header", "--claims", "customer_id=3"])
        .status(2)
        .tells("there is no column \"3\"")
        .tells("the header has \"1\", \"2\"");
}

#[test]
fn a_row_over_8_mib_is_told_with_its_place() {
    let long = "x".repeat(9 << 20);
    for (list, place) in [
        (
            format!("customer_id,name\n1,a\n2,\"b\nc\"\n3,{long}\n4,d\n"),
            "row 4, line 5",
        ),
        (format!("customer_id,name\n1,{long}"), "row 2, line 2"),
        (format!("customer_id,{long}\n1,a\n"), "row 1, line 1"),
    ] {
        let folder = Folder::with_list(&list);
        for threads in ["1", "2"] {
            folder
                .generate(&["-o", "links.csv", "-j", threads])
                .status(3)
                .tells(&format!("customers.csv: {place}: a row is longer than 8 MiB"));
            assert_eq!(folder.files(), ["customers.csv"]);
        }
    }
}

#[test]
fn a_row_of_8_mib_is_read() {
    let folder = Folder::with_list(format!("customer_id,name\n1,{}\n2,b\n", "x".repeat((8 << 20) - 2)));
    folder.generate(&["-o", "links.csv"]).done().tells("2 rows, 0 rejected");
}

#[test]
fn an_open_quote_in_a_large_list_is_named_by_its_line() {
    let mut list = String::from("customer_id,name\n");
    for number in 0..400_000 {
        let quote = if number == 1_000 { "\"" } else { "" };
        list += &format!("{number},{quote}some text in a row\n");
    }
    let folder = Folder::with_list(&list);
    for threads in ["1", "3"] {
        folder
            .generate(&["-o", "links.csv", "-j", threads])
            .status(3)
            .tells("customers.csv: row 1002, line 1002: a quote opens here and never closes");
        assert_eq!(folder.files(), ["customers.csv"]);
    }
}

#[test]
fn an_inch_mark_in_the_header_hides_no_delimiter() {
    for list in [
        "5\" x;customer_id\n2;1\n",
        "customer_id;5\"\n1;2\n",
        "5\";\"a,b,c\";customer_id\n1;2;3\n",
    ] {
        let folder = Folder::with_list(list);
        folder.generate(&[]).done();
    }
}

#[test]
fn the_delimiter_that_a_list_has_is_not_offered() {
    let folder = Folder::with_list("\"Kunde, Nr\"\n5\n");
    let run = folder.generate(&[]).status(2);
    run.expect(!run.stderr.contains("--delimiter"), "it is that already");
    run.tells("--claims customer_id=");
}
