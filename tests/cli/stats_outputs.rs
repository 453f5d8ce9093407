//! Where the counts go, and what of them is made harmless there.

use crate::ledgers::{Book, LEDGER};
use crate::stats::{STATS, stats};
use crate::support::{Folder, all, rows_with};
use linkmint::token::Status;
#[cfg(target_os = "linux")]
use std::process::Command;

/// Runs a line of the shell at a terminal of that width.
#[cfg(target_os = "linux")]
pub(crate) fn at_terminal(folder: &Folder, line: &str, columns: u16, typed: &str) -> String {
    let line = format!(
        "stty cols {columns} rows 50 -echo; {} {line}",
        env!("CARGO_BIN_EXE_linkmint")
    );
    let mut script = Command::new("script");
    script.args(["-qec", &line, "/dev/null"]);
    let call = folder.call(&[]);
    for (name, value) in call.command().get_envs() {
        match value {
            Some(value) => script.env(name, value),
            None => script.env_remove(name),
        };
    }
    script.current_dir(folder.path("")).stdin(std::process::Stdio::piped());
    script.stdout(std::process::Stdio::piped());
    let mut child = script.spawn().expect("util-linux has script");
    let mut pipe = child.stdin.take().expect("a pipe");
    std::io::Write::write_all(&mut pipe, typed.as_bytes()).expect("typed");
    let output = child.wait_with_output().expect("it ends");
    drop(pipe);
    String::from_utf8_lossy(&output.stdout).replace('\r', "")
}

#[cfg(target_os = "linux")]
#[test]
fn bars_are_for_terminals_alone_and_fit_beside_the_numbers() {
    let folder = Folder::new();
    let mut book = Book::new(&folder);
    for (campaign, times) in [("a", 8), ("b", 4), ("c", 1)] {
        let token = book.token(&[("campaign_id", campaign)]);
        book.check(&token, Status::Valid, "2026-11-21T16:10:00Z", times);
    }
    let piped = stats(&folder, &["--top", "0"]);
    piped.expect(!piped.stdout.contains('█'), "no bars in a pipe");
    let line = all(&[&STATS, &["--top", "0"]]).join(" ");
    let bars = |columns| -> Vec<usize> {
        let shown = at_terminal(&folder, &line, columns, "");
        assert!(!shown.contains('\u{1b}'), "no colour in {shown:?}");
        assert!(
            shown
                .lines()
                .skip(5)
                .all(|line| line.chars().count() <= usize::from(columns)),
            "{shown}"
        );
        let length = |line: &str| line.chars().filter(|letter| ('█'..='▏').contains(letter)).count();
        shown.lines().map(length).filter(|length| *length > 0).collect()
    };
    assert_eq!(bars(200), [40, 20, 5]);
    assert_eq!(bars(89), [16, 8, 2]);
    // without the times
    assert_eq!(bars(60), [31, 16, 4]);
    assert!(bars(30).is_empty());
}

#[test]
fn csv_is_safe_for_spreadsheets_and_json_is_exact() {
    let folder = Folder::new();
    let mut book = Book::new(&folder);
    let values = [
        "=HYPERLINK(\"http://evil.example\")",
        "+49",
        "-1",
        "@x",
        "a;\"b\",c",
        " =1",
        "ok",
    ];
    for value in values {
        book.check_of(value, "2026-11-21T16:10:00Z");
    }
    let csv = stats(&folder, &["--csv"]).says_nothing();
    csv.expect(
        csv.stdout.lines().count() == values.len() + 1 && csv.stdout.ends_with("\r\n"),
        "a row a value",
    );
    let mut read: Vec<_> = rows_with(&csv.stdout, b',')
        .iter()
        .map(|row| row["campaign_id"].clone())
        .collect();
    read.sort();
    let mut safe: Vec<_> = values
        .iter()
        .map(|value| match value.trim_start().starts_with(['=', '+', '-', '@']) {
            true => format!("'{value}"),
            false => (*value).to_owned(),
        })
        .collect();
    safe.sort();
    assert_eq!(read, safe);
    let semicolons = stats(&folder, &["--csv", "-d", ";"]).done();
    assert_eq!(rows_with(&semicolons.stdout, b';').len(), values.len());
    semicolons.expect(
        semicolons
            .stdout
            .contains("\r\n\"a;\"\"b\"\",c\";1;1;2026-11-21T16:10:00Z;"),
        "quoted",
    );
    let json = stats(&folder, &["--json"]).json().remove(0);
    let groups = json["groups"].as_array().expect("a list");
    let mut exact: Vec<_> = groups
        .iter()
        .map(|group| group["value"].as_str().expect("a text"))
        .collect();
    exact.sort_unstable();
    let mut expected = values;
    expected.sort_unstable();
    assert_eq!(exact, expected);
}

#[test]
fn nothing_steers_a_terminal() {
    let folder = Folder::new();
    let mut book = Book::new(&folder);
    book.check_of("a\u{1b}[31m\u{202e}b\nc", "2026-11-21T16:10:00Z");
    book.record(1, &[("x\u{1b}]0;y\u{7}", 2)]);
    let run = stats(&folder, &[]);
    run.expect(
        !run.stdout.contains(['\u{1b}', '\u{202e}', '\u{7}']) && run.stdout.contains("a\\u{1b}[31m\\u{202e}b\\nc"),
        "escaped",
    );
    let long = "x".repeat(60);
    book.check_of(&long, "2026-11-21T16:10:00Z");
    let run = stats(&folder, &[]);
    run.expect(
        !run.stdout.contains(&long) && run.stdout.contains(&format!("{}…", "x".repeat(31))),
        "cut",
    );
}

#[test]
fn a_file_is_written_whole_and_never_replaced_unasked() {
    let folder = Folder::new();
    Book::new(&folder).check_of("spring26", "2026-11-21T16:10:00Z");
    for args in [
        &["--json", "-o", "out"][..],
        &["--csv", "-o", "out.csv"],
        &["--html", "out.html"],
        &["-o", "text"],
    ] {
        let name = args[args.len() - 1];
        stats(&folder, args).says_nothing().prints("");
        let first = folder.bytes(name);
        assert!(!first.is_empty(), "{name}");
        folder
            .call(&all(&[&STATS, args]))
            .refused(2, &format!("{name}: the file exists"), "--force replaces it");
        stats(&folder, &all(&[args, &["--force"]]));
        assert_eq!(folder.bytes(name), first);
    }
    let to_stdout = stats(&folder, &["--html", "-"]);
    assert_eq!(to_stdout.raw, folder.bytes("out.html"));
    folder
        .call(&all(&[&STATS, &["--html", LEDGER, "-f"]]))
        .refused(2, "it would overwrite the ledger", "another file");
    folder
        .call(&all(&[&STATS, &["--json", "-o", "no/such/out"]]))
        .refused(3, "no/such/out", "make the folder first");
}

#[cfg(feature = "xlsx")]
#[test]
fn only_a_table_becomes_a_workbook() {
    let folder = Folder::new();
    Book::new(&folder).check_of("spring26", "2026-11-21T16:10:00Z");
    stats(&folder, &["--csv", "-o", "out.xlsx"]);
    assert!(folder.bytes("out.xlsx").starts_with(b"PK"));
    for args in [
        &["--json", "-o", "b.xlsx"][..],
        &["--html", "b.xlsx"],
        &["-o", "b.xlsx"],
    ] {
        folder
            .call(&all(&[&STATS, args]))
            .refused(2, "this is no table for a workbook", "--csv");
    }
}
