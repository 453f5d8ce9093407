//! Rows are drafted, signed and checked a group at a time: where a row stands in its group, and what signs it, must not
//! show in the output.

use crate::support::{Folder, ISSUED, all};
use std::fmt::Write as _;

/// Rows of every kind: good ones, blank ones, such as are rejected, quoted, repeated, with times of their own.
fn rows() -> Vec<String> {
    (0..300)
        .map(|row| match row {
            row if row % 41 == 7 => String::new(),
            row if row % 37 == 5 => format!(",spring26,,https://shop.example/p,{row}"),
            row if row % 31 == 3 => format!("{row},\"spring \"\"26\"\"\",1h,https://shop.example/p,\"a\nb\""),
            row if row % 29 == 11 => "same,spring26,2d,https://shop.example/p,x".to_owned(),
            row if row % 23 == 2 => format!("{row},spring26,soon,https://shop.example/p,"),
            row if row % 19 == 4 => format!("{row},4.68E+17,,http://other.example/{row},"),
            row if row % 17 == 9 => format!("{row},{},3h,https://shop.example/p,", "long".repeat(1 + row % 50)),
            row => format!("{row},spring26,{}h,https://shop.example/p,note", 1 + row % 5),
        })
        .collect()
}

const HEADER: &str = "customer_id,campaign_id,duration,base_url,note\n";
/// Around the boundaries of the groups, which have 64 rows.
const CUTS: [usize; 7] = [1, 2, 31, 63, 64, 65, 130];

fn list(rows: &[String]) -> String {
    rows.iter().fold(HEADER.to_owned(), |mut text, row| {
        let _ = writeln!(text, "{row}");
        text
    })
}

fn filled(rows: &[String]) -> usize {
    rows.iter().filter(|row| !row.is_empty()).count()
}

/// What `generate` writes of rows whose first one has this number among those that are not blank.
fn links(folder: &Folder, rows: &[String], first: usize, args: &[&str]) -> String {
    folder.write("customers.csv", list(rows));
    let first_id = format!("{:012x}", first + 1);
    let fixed = ["--issued-at", ISSUED, "--first-id", &first_id, "--expires-in", "24h"];
    let out = ["--rejects", "bad.csv", "--force", "-o", "out.csv"];
    folder
        .run(&all(&[&["generate", "customers.csv"], &fixed, &out, args]))
        .status(1);
    folder.read("out.csv")
}

#[test]
fn a_token_does_not_depend_on_where_its_row_stands_in_its_group() {
    let folder = Folder::new();
    let rows = rows();
    for args in [
        &[][..],
        &["--seal"],
        &["--text", "base32"],
        &["--format", "jwt"],
        &["--claims", "campaign_id"],
        &["--threads", "1"],
    ] {
        let whole = links(&folder, &rows, 0, args);
        let (header, body) = whole.split_once('\n').expect("a header");
        for cut in CUTS {
            let later = links(&folder, &rows[cut..], filled(&rows[..cut]), args);
            let (later_header, later) = later.split_once('\n').expect("a header");
            assert_eq!(later_header, header);
            assert!(body.ends_with(later), "{args:?}: other rows from {cut} on");
        }
    }
}

#[test]
fn public_tokens_do_not_depend_on_it_either() {
    let folder = Folder::new();
    let rows = &rows()[..140];
    for args in [&["--public"][..], &["--public", "--format", "jwt"]] {
        let whole = links(&folder, rows, 0, args);
        let later = links(&folder, &rows[65..], filled(&rows[..65]), args);
        let (_, later) = later.split_once('\n').expect("a header");
        assert!(whole.ends_with(later), "{args:?}");
    }
}

#[test]
fn the_verdict_about_a_row_does_not_depend_on_it() {
    let folder = Folder::new();
    let rows = rows();
    let finished = links(&folder, &rows, 0, &[]);
    let (header, body) = finished.split_once('\n').expect("a header");
    // some are damaged, swapped, or without a token
    let damaged: Vec<String> = body
        .split_inclusive(",2026-11-21T")
        .enumerate()
        .map(|(number, part)| match number {
            number if number % 13 == 4 => part.replacen("LOKO", "LOKP", 1),
            number if number % 11 == 5 => part.replacen("shop.example/p/", "shop.example/q/x-", 1),
            number if number % 7 == 3 => part.replacen("spring26", "summer26", 1),
            _ => part.to_owned(),
        })
        .collect();
    let records: Vec<&str> = damaged.iter().map(String::as_str).collect();
    let text = records.concat();
    let check = |text: &str, args: &[&str]| {
        folder.write("links.csv", text);
        let at = ["--now", "2026-11-21T18:30:00Z"];
        let run = folder
            .run(&all(&[&["verify", "--file", "links.csv"], &at, args]))
            .status(1);
        run.stdout
    };
    let lines: Vec<&str> = text.lines().collect();
    let whole = check(&format!("{header}\n{text}"), &[]);
    assert_eq!(check(&format!("{header}\n{text}"), &["--threads", "1"]), whole);
    let (_, whole) = whole.split_once('\n').expect("a header");
    let mut tried = 0;
    for cut in CUTS {
        // never within a quoted cell
        let Some(cut) = (cut..lines.len()).find(|cut| lines[cut - 1].ends_with('Z') && lines[*cut].contains(','))
        else {
            continue;
        };
        let later = check(&format!("{header}\n{}\n", lines[cut..].join("\n")), &[]);
        let (_, later) = later.split_once('\n').expect("a header");
        assert!(whole.ends_with(later), "other verdicts from {cut} on");
        tried += 1;
    }
    assert!(tried > 3, "{tried}");
}

#[test]
fn links_are_the_same_whatever_signs_them() {
    let folder = Folder::with_list(list(&rows()));
    let fixed = [
        "--issued-at",
        ISSUED,
        "--first-id",
        "000000000001",
        "--expires-in",
        "24h",
    ];
    let mut seen = Vec::new();
    for simd in ["plain", "avx2", "avx512"] {
        for form in [&[][..], &["--format", "jwt"]] {
            let call = all(&[
                &[
                    "generate",
                    "customers.csv",
                    "--rejects",
                    "bad.csv",
                    "--force",
                    "-o",
                    "out.csv",
                ],
                &fixed,
                form,
            ]);
            let run = folder.call(&call).variable("LINKMINT_SIMD", simd).run();
            match run.stderr.contains("this processor has no such vectors") {
                true => drop(run.status(2)),
                false => {
                    drop(run.status(1));
                    seen.push((form, folder.read("out.csv")));
                }
            }
        }
    }
    let (plain, others) = seen.split_at(2);
    for (form, links) in others {
        let (_, expected) = plain.iter().find(|(plain, _)| plain == form).expect("both forms");
        assert_eq!(links, expected);
    }
}

#[test]
fn other_vectors_than_there_are_are_refused() {
    let folder = Folder::with_list("customer_id\n1\n");
    let call = folder.call(&["generate", "customers.csv", "--no-link", "-o", "out.csv"]);
    let run = call.variable("LINKMINT_SIMD", "mmx").run().status(2);
    assert!(
        run.stderr.contains("LINKMINT_SIMD is none of plain, avx2 and avx512"),
        "{}",
        run.stderr
    );
    assert_eq!(folder.files(), ["customers.csv"]);
}
