//! A page of labels to print: what stands on it, and that its codes are read back from paper.

use crate::support::{FIXED, Folder, USUAL, all, rows};
use std::collections::BTreeSet;
use std::process::Command;

const LIST: &str = "customer_id,name,city\n1234567,Müller & Söhne,Köln\n1234568,\"<script>alert(1)</script>\",Bonn\n";

fn folder() -> Folder {
    Folder::with_list(LIST)
}

#[test]
fn each_row_has_a_label_with_its_text_and_the_ends_of_its_token() {
    let folder = folder();
    let run = folder
        .generate(&["--sheet", "labels.html", "--sheet-text", "{name}\\n{city}", "-j", "1"])
        .done();
    let page = folder.read("labels.html");
    let labels: Vec<_> = page.split("<div class=\"label\">").skip(1).collect();
    assert_eq!(labels.len(), 2);
    for (label, row) in labels.iter().zip(rows(&run.stdout)) {
        let token = &row["token"];
        let short = format!("{}…{}", &token[..6], &token[token.len() - 6..]);
        assert!(label.contains(&format!("<p class=\"token\">{short}</p>")), "{label}");
        assert!(label.contains(&format!("<p>{}</p>", row["city"])), "{label}");
        assert!(label.contains(" viewBox=\"0 0 "), "{label}");
    }
    assert!(labels[0].contains("<p>Müller &amp; Söhne</p>"), "{page}");
    assert!(!page.contains("<script"), "nothing of a list is markup: {page}");
    assert!(page.contains("width:calc(100%/3)"), "{page}");
    let again = folder.generate(&all(&[&[
        "--sheet",
        "labels.html",
        "--sheet-text",
        "{name}\\n{city}",
        "--force",
        "-j",
        "4",
    ]]));
    again.done();
    assert_eq!(folder.read("labels.html"), page, "the same on any number of threads");
    folder.generate(&["--sheet", "own.html", "--sheet-columns", "5"]).done();
    let own = folder.read("own.html");
    assert!(
        own.contains("width:calc(100%/5)") && own.contains("<p>1234567</p>"),
        "{own}"
    );
}

#[test]
fn the_page_is_complete_or_not_there() {
    let folder = folder();
    folder.write("bad.csv", format!("{LIST},nobody,Ulm\n"));
    let args = all(&[
        &["generate", "bad.csv", "-o", "links.csv", "--sheet", "labels.html"],
        &USUAL,
        &FIXED,
    ]);
    let run = folder.run(&args).status(1);
    run.expect(!folder.path("labels.html").exists(), "no page");
    folder.run(&all(&[&args, &["--rejects", "rejected.csv"]])).status(1);
    assert_eq!(folder.read("labels.html").matches("<svg").count(), 2);
    let args = ["generate", "customers.csv", "-o", "other.csv", "--sheet", "labels.html"];
    folder.call(&all(&[&args, &USUAL])).refused(2, "exists", "--force");
}

#[test]
fn a_row_that_turns_out_to_be_bad_has_neither_label_nor_code() {
    let folder = Folder::with_list("customer_id,duration\n1,1h\n1,2h\n2,1h\n");
    let flags = [
        "--dedupe",
        "--sheet",
        "labels.html",
        "--qr",
        "codes",
        "--rejects",
        "bad.csv",
        "-o",
        "links.csv",
    ];
    folder.generate(&flags).status(1);
    assert_eq!(folder.read("labels.html").matches("<svg").count(), 2);
    let codes = std::fs::read_dir(folder.path("codes")).expect("a folder").count();
    assert_eq!(codes, 2);
}

#[test]
fn more_labels_than_a_page_can_have_are_refused_with_their_number() {
    let folder = Folder::new();
    let args = [
        "generate",
        "-",
        "--sheet",
        "labels.html",
        "-o",
        "links.csv",
        "--qr-level",
        "L",
    ];
    let call = folder.call(&all(&[&args, &USUAL]));
    let before = folder.files();
    let mut child = call
        .command()
        .stdin(std::process::Stdio::piped())
        .spawn()
        .expect("it starts");
    let mut list = child.stdin.take().expect("a pipe");
    let rows: String = (0..40_000).map(|row| format!("{row}\n")).collect();
    // it may be refused before all of it is read
    let _ = std::io::Write::write_all(&mut list, format!("customer_id\n{rows}").as_bytes());
    // nobody says that this is the end of it
    child.wait().expect("it ends");
    drop(list);
    let run = call.judge(child.wait_with_output().expect("it ended")).status(2);
    run.tells("--sheet: 20,001 rows are too many for one page of labels, which has 20,000 at most\nhint: split");
    assert_eq!(folder.files(), before);
}

#[test]
fn flags_that_make_no_sense_are_refused() {
    let folder = folder();
    for (flags, told, hint) in [
        (&["--sheet", "labels.html", "--sheet-text", "{town}"][..], "town", ""),
        (
            &["--sheet", "labels.html", "--sheet-text", "{city"],
            "--sheet-text: ",
            "placeholder",
        ),
        (
            &["--sheet", "labels.html", "--sheet-columns", "0"],
            "--sheet-columns",
            "",
        ),
        (
            &["--sheet", "labels.html", "--strict"],
            "excludes --strict",
            "run of their own",
        ),
        (
            &["--sheet", "labels.html", "--sheet", "more.html"],
            "given twice",
            ".html",
        ),
        (
            &["--sheet", "labels.html", "-o", "labels.html"],
            "overwrite",
            "another file",
        ),
        (&["--sheet", "labels.pdf"], "is no workbook", "leave --sheet out"),
        (&["--sheet-columns", "4"], "--sheet", ""),
    ] {
        folder
            .call(&all(&[&["generate", "customers.csv"], flags, &USUAL]))
            .refused(2, told, hint);
    }
    folder
        .call(&["verify", "--file", "customers.csv", "--sheet", "labels.html"])
        .refused(2, "only `generate` makes labels", "the sheet of a workbook");
}

#[test]
fn a_sheet_of_a_workbook_becomes_a_sheet_of_labels() {
    let folder = folder();
    folder.generate(&["-o", "links.xlsx"]).done();
    let args = [
        "generate",
        "links.xlsx",
        "--replace",
        "-o",
        "again.csv",
        "--sheet",
        "labels.html",
        "--sheet",
        "Sheet1",
    ];
    folder.run(&all(&[&args, &USUAL])).done();
    assert_eq!(folder.read("labels.html").matches("<svg").count(), 2);
}

/// The width of a page of Chromium's usual paper, Letter, and its margin, in dots of 300 dpi.
const PAGE: u32 = 2550;
const MARGIN: u32 = 118;

/// Runs a program, which must succeed.
fn run(folder: &Folder, program: &str, args: &[&str]) -> String {
    let output = Command::new(program).args(args).current_dir(folder.path("")).output();
    let output = output.unwrap_or_else(|error| panic!("{program}: {error}"));
    assert!(
        output.status.success(),
        "{program}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).expect("UTF-8")
}

#[test]
#[ignore = "it needs Chromium, pdftoppm of poppler-utils and zbarimg of zbar-tools"]
fn zbar_reads_every_label_from_paper_as_the_very_link() {
    let folder = Folder::new();
    let mut list = "customer_id,campaign_id,name,city\n".to_owned();
    for row in 0..100 {
        list += &format!(
            "{},spring{},Customer {row} & Söhne,Köln\n",
            1_000_000 + row * 7_919,
            row % 40
        );
    }
    folder.write("customers.csv", list);
    for (number, flags) in [
        &["--sheet-columns", "3"][..],
        &["--public"],
        &["--text", "base32-upper", "--sheet-columns", "6"],
        &["--format", "jwt", "--sheet-columns", "2"],
    ]
    .into_iter()
    .enumerate()
    {
        let page = format!("labels{number}.html");
        let made = folder
            .generate(&all(&[&["--sheet", &page, "--sheet-text", "{name}\\n{city}"], flags]))
            .done();
        let chromium = [
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--no-pdf-header-footer",
            "--print-to-pdf=labels.pdf",
        ];
        run(&folder, "chromium", &all(&[&chromium, &[&page]]));
        let columns = flags.iter().position(|flag| *flag == "--sheet-columns");
        let columns = columns.map_or(3, |at| flags[at + 1].parse::<u32>().expect("a number"));
        // a column of labels at a time: ZBar misses some where many codes stand in one picture
        for column in 0..columns {
            let width = (PAGE - 2 * MARGIN) / columns;
            let (left, width) = ((MARGIN + column * width).to_string(), width.to_string());
            let name = format!("paper{column}");
            let cut = [
                "-r", "300", "-gray", "-png", "-x", &left, "-y", "0", "-W", &width, "-H", "9999",
            ];
            run(&folder, "pdftoppm", &all(&[&cut, &["labels.pdf", &name]]));
        }
        let papers: Vec<String> = folder
            .files()
            .into_iter()
            .filter(|name| name.starts_with("paper"))
            .collect();
        let files: Vec<&str> = papers.iter().map(String::as_str).collect();
        let zbar = ["--raw", "-q", "-Sdisable", "-Sqrcode.enable"];
        let read = run(&folder, "zbarimg", &all(&[&zbar, &files]));
        let read: BTreeSet<&str> = read.lines().collect();
        let rows = rows(&made.stdout);
        let links: BTreeSet<&str> = rows.iter().map(|row| row["url_link"].as_str()).collect();
        let missing: Vec<_> = links.difference(&read).collect();
        assert!(missing.is_empty() && read.len() == 100, "{flags:?}: {missing:?}");
        files
            .iter()
            .for_each(|file| std::fs::remove_file(folder.path(file)).expect("removed"));
    }
}

#[test]
fn the_summary_names_the_page_and_the_folder_with_their_numbers() {
    let folder = folder();
    folder.write("list.csv", format!("{LIST},nobody,Ulm\n"));
    let files = [
        "-o",
        "links.csv",
        "--rejects",
        "bad.csv",
        "--sheet",
        "labels.html",
        "--qr",
        "codes",
        "--summary-file",
        "s.json",
    ];
    let run = folder
        .run(&all(&[&["generate", "list.csv"], &files, &USUAL, &FIXED]))
        .status(1);
    run.tells("  codes    2 in codes\n  labels   2 on labels.html\n");
    let summary: serde_json::Value = serde_json::from_str(&folder.read("s.json")).expect("JSON");
    assert_eq!(
        (&summary["qr_folder"], &summary["qr_codes"]),
        (&"codes".into(), &2.into())
    );
    assert_eq!(
        (&summary["labels_file"], &summary["labels"]),
        (&"labels.html".into(), &2.into())
    );
    assert_eq!(
        folder.files().iter().filter(|name| name.starts_with("codes/")).count(),
        2
    );
    let run = folder
        .generate(&["--summary-file", "none.json", "-o", "others.csv"])
        .done();
    run.expect(
        !run.stderr.contains("codes") && !run.stderr.contains("labels"),
        "neither is told of",
    );
    let summary: serde_json::Value = serde_json::from_str(&folder.read("none.json")).expect("JSON");
    assert_eq!(
        (&summary["qr_folder"], &summary["qr_codes"]),
        (&serde_json::Value::Null, &0.into())
    );
}
