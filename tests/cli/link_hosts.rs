//! Where links lead: rows' own addresses, and cells in the path of a link.

use crate::support::{FIXED, Folder, all, rows};

const WITHOUT_FLAG: [&str; 3] = ["generate", "customers.csv", "--never-expires"];

#[test]
fn a_base_url_column_does_not_rule_over_a_flag_unless_it_is_named() {
    let folder = Folder::with_list("customer_id,base_url\n1,https://evil.example/p\n2,nonsense\n");
    let run = folder.generate(&[]).done();
    for row in rows(&run.stdout) {
        assert_eq!(row["url_link"], format!("https://shop.example/p/{}", row["token"]));
    }
    run.tells("base_url was not used: a flag gives the address (--base-url-column base_url lets it rule)");
    let url = ["--url", "https://shop.example/{token}"];
    let run = folder.run(&all(&[&WITHOUT_FLAG, &FIXED, &url])).done();
    run.expect(!run.stdout.contains("https://evil.example/p/"), "the flag's links only");
}

#[test]
fn any_column_with_addresses_can_be_named() {
    let folder = Folder::with_list("customer_id,Landing Page,base_url\n1,https://a.example/x,https://b.example\n");
    let own = ["--base-url-column", "Landing Page"];
    for args in [
        all(&[&WITHOUT_FLAG, &FIXED, &own]),
        all(&[&WITHOUT_FLAG, &FIXED, &own, &["--base-url", "https://a.example"]]),
    ] {
        let row = rows(&folder.run(&args).done().stdout).remove(0);
        assert_eq!(row["url_link"], format!("https://a.example/x/{}", row["token"]));
    }
    folder
        .call(&all(&[
            &WITHOUT_FLAG,
            &["--base-url-column", "landing", "-o", "links.csv"],
        ]))
        .refused(
            2,
            "--base-url-column in customers.csv: row 1: there is no column \"landing\"",
            "Landing Page",
        );
    folder
        .call(&all(&[&WITHOUT_FLAG, &own, &["--no-link", "-o", "links.csv"]]))
        .refused(2, "cannot be used with", "");
}

#[test]
fn a_host_is_no_other_for_its_usual_port_its_case_or_a_dot() {
    let cells = [
        "https://a.example/p",
        "https://A.example:443/",
        "https://a.example./",
        "http://a.example:80",
    ];
    let list: String = cells
        .iter()
        .enumerate()
        .map(|(row, cell)| format!("{row},{cell}\n"))
        .collect();
    let folder = Folder::with_list(format!("customer_id,base_url\n{list}"));
    let run = folder.run(&all(&[&WITHOUT_FLAG, &FIXED])).done();
    run.expect(!run.stderr.contains("to another host"), "they are one host");
}

#[test]
fn every_host_but_the_first_is_named_and_rejected_with_strict() {
    let cells = [
        "https://A.example/p",
        "https://a.example/q",
        "https://b.example",
        "https://a.example:8443/",
        "https://b.example/r",
    ];
    let list: String = cells
        .iter()
        .enumerate()
        .map(|(row, cell)| format!("{row},{cell}\n"))
        .collect();
    let folder = Folder::with_list(format!("customer_id,base_url\n{list}"));
    folder.run(&all(&[&WITHOUT_FLAG, &FIXED])).done().tells(
        "warning: 3 rows have a link to another host than the first: b.example, a.example:8443 (the first is row 4)",
    );
    let rejects = ["--strict", "--rejects", "bad.csv", "-o", "links.csv"];
    folder.run(&all(&[&WITHOUT_FLAG, &FIXED, &rejects])).status(1);
    assert_eq!(rows(&folder.read("links.csv")).len(), 2);
    let bad = folder.read("bad.csv");
    assert_eq!(
        bad.matches("column base_url: the link leads to another host").count(),
        3,
        "{bad}"
    );
}

#[test]
fn the_host_of_the_flag_is_the_first() {
    let folder = Folder::with_list("customer_id,base_url\n1,https://b.example\n2,\n");
    let own = ["--base-url-column", "base_url"];
    folder
        .generate(&own)
        .done()
        .tells("1 row has a link to another host than the first: b.example (row 2)");
    folder.generate(&[&own[..], &["--strict"]].concat()).status(1);
}

#[test]
fn the_first_host_is_the_same_for_every_number_of_threads() {
    let blank = ",\n".repeat(30_000);
    let rest: String = (0..60_000).map(|row| format!("{row},https://b.example/p\n")).collect();
    let folder = Folder::with_list(format!("customer_id,base_url\n{blank}x,https://a.example/p\n{rest}"));
    for threads in ["1", "4"] {
        folder
            .run(&all(&[
                &WITHOUT_FLAG,
                &FIXED,
                &["-j", threads, "-f", "-o", "links.csv"],
            ]))
            .done()
            .tells("60000 rows have a link to another host than the first: b.example");
    }
}

#[test]
fn a_cell_that_would_move_the_path_rejects_its_row() {
    let path = "https://shop.example/{a}/{token}?x={b}";
    let cases = [
        (path, "..,b", "column a: it makes a segment of the link's path . or .."),
        (path, " . ,b", "column a: it makes a segment"),
        (path, ",b", "column a: it is empty and stands in the path of the link"),
        (path, "\"  \",b", "column a: it is empty"),
        (
            "https://shop.example/{a}{b}/{token}",
            ".,.",
            "column a: it makes a segment",
        ),
        (
            "https://shop.example/.{a}/{token}",
            ".,b",
            "column a: it makes a segment",
        ),
        (
            "https://shop.example/%2E{b}/{token}",
            "a,.",
            "column b: it makes a segment",
        ),
        (
            "https://shop.example/{token}/{a}",
            "..,b",
            "column a: it makes a segment",
        ),
    ];
    for (template, cells, message) in cases {
        let folder = Folder::with_list(format!("customer_id,a,b\n1,{cells}\n2,fine,fine\n"));
        let args = all(&[&WITHOUT_FLAG, &["--url", template, "-o", "links.csv"]]);
        folder
            .call(&args)
            .refused(1, &format!("row 2, line 2, {message}"), "--url");
    }
    for cells in ["...,..", ".a,.", "a.,"] {
        let folder = Folder::with_list(format!("customer_id,a,b\n1,{cells}\n"));
        folder.run(&all(&[&WITHOUT_FLAG, &FIXED, &["--url", path]])).done();
    }
    let folder = Folder::new();
    folder
        .call(&[
            "sign",
            "a=..",
            "--never-expires",
            "--url",
            "https://shop.example/{a}/{token}",
        ])
        .refused(2, "--url, the claim a: it makes a segment", "behind the ?");
}
