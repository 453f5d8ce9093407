//! How far long work is, for programs.

use crate::support::{FIXED, Folder, ISSUED, Run, USUAL, all};
use serde_json::Value;

/// The last line of JSON on standard error.
fn last(run: &Run) -> Value {
    let mut lines = run.stderr.lines().filter(|line| line.starts_with('{'));
    let line = lines
        .next_back()
        .unwrap_or_else(|| run.fail("a line of JSON on stderr"));
    serde_json::from_str(line).unwrap_or_else(|_| run.fail("JSON"))
}

#[test]
fn the_last_line_tells_that_all_is_done() {
    let folder = Folder::with_list("customer_id\n1\n2\n3\n");
    let json = ["--progress", "json"];
    folder.generate(&["-o", "links.csv"]).done();
    let link = folder.read("links.csv");
    folder.write(
        "mail.eml",
        format!(
            "From: a@b.example\n\nhttps://shop.example/p/{}\n",
            folder.token(&["a=1"])
        ),
    );
    let (list, mail) = (link.len() as u64, folder.bytes("mail.eml").len() as u64);
    let ledger = ["--ledger", "l.db"];
    for (args, unit, count, bytes) in [
        (
            all(&[&["generate", "links.csv", "-o", "new.csv", "--replace"], &USUAL, &FIXED]),
            "rows",
            3,
            Some(list),
        ),
        (
            all(&[&["verify", "--file", "links.csv", "--now", ISSUED], &ledger]),
            "rows",
            3,
            Some(list),
        ),
        (
            all(&[&["verify", "--scan", "mail.eml", "--now", ISSUED]]),
            "links",
            1,
            Some(mail),
        ),
        (
            all(&[&["revoke", "--file", "links.csv"], &ledger]),
            "rows",
            3,
            Some(list),
        ),
        (
            all(&[
                &[
                    "reissue",
                    "--file",
                    "links.csv",
                    "--ignore-revocations",
                    "-o",
                    "more.csv",
                ],
                &USUAL,
            ]),
            "rows",
            3,
            Some(list),
        ),
        (all(&[&["stats"], &ledger]), "tokens", 3, None),
    ] {
        let run = folder.run(&all(&[&args, &json])).done();
        let told = last(&run);
        assert_eq!((&told["done"], &told["unit"]), (&true.into(), &unit.into()), "{args:?}");
        assert_eq!(told["of_bytes"].as_u64(), bytes, "{args:?}: {told}");
        if args[0] != "stats" {
            assert_eq!(told["count"], count, "{args:?}: {told}");
        }
        assert!(told["seconds"].is_number() && told["per_second"].is_number(), "{told}");
        // nothing of it where it is not asked for
        if args[0] == "stats" {
            let run = folder.run(&args).done();
            run.expect(!run.stderr.contains('{'), "no JSON");
        }
    }
    folder
        .call(&all(&[&["verify", "--file", "links.csv", "--quiet"], &json]))
        .refused(2, "--quiet", "");
    folder
        .call(&all(&[&["verify", "Lxx"], &json]))
        .refused(2, "--progress: it is about a list", "--file FILE");
}

/// Byte order mark, header and `sep=` line included, whatever the encoding; also of what has no rows, or no known size.
#[test]
fn the_last_line_counts_all_bytes_of_the_list() {
    let text = "customer_id\r\n1\r\n2\r\n";
    let utf16: Vec<u8> = "\u{feff}"
        .encode_utf16()
        .chain(text.encode_utf16())
        .flat_map(u16::to_le_bytes)
        .collect();
    let lists = [
        text.into(),
        format!("\u{feff}sep=;\r\n{text}").into_bytes(),
        utf16,
        b"customer_id\n1".to_vec(),
        b"customer_id\n".to_vec(),
        format!("customer_id\n{}", "1234567\n".repeat(100_000)).into_bytes(),
    ];
    for list in lists {
        let folder = Folder::new();
        folder.write("list.csv", &list);
        let flags = [&["--progress", "json", "--allow-empty"], &USUAL[..], &FIXED].concat();
        for (input, size) in [("list.csv", Some(list.len() as u64)), ("-", None)] {
            let run = folder
                .call(&[&["generate", input], &flags[..]].concat())
                .stdin(&list)
                .run()
                .done();
            let told = last(&run);
            assert_eq!(told["bytes"].as_u64(), Some(list.len() as u64), "{told}");
            assert_eq!(told["of_bytes"].as_u64(), size, "{told}");
        }
    }
}
