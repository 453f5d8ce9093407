//! Did every link come through the mail tool?
//!
//! `mails.py` renders mails with Python's email package; where there is no `python3`, those in `samples/mails` stand
//! for them.

use crate::support::{Folder, ISSUED, Run, all};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

const SCAN: [&str; 4] = ["verify", "--now", ISSUED, "--scan"];

impl Folder {
    pub(crate) fn scan(&self, args: &[&str]) -> Run {
        self.run(&all(&[&SCAN, args]))
    }

    /// A link for another customer each time.
    pub(crate) fn link(&self, customer: u32) -> String {
        let (claim, id) = (format!("customer_id={customer}"), format!("{customer:012x}"));
        let time = ["--issued-at", ISSUED, "--expires-in", "1h", "--first-id"];
        let place = ["--base-url", "https://shop.example/p"];
        let run = self.run(&all(&[&["sign", &claim], &time, &[&id], &place])).done();
        run.stdout.trim_end().to_owned()
    }

    /// A mail of one text.
    pub(crate) fn mail(&self, name: &str, media_type: &str, text: &str) {
        self.write(
            name,
            format!("From: shop@example.com\r\nContent-Type: {media_type}\r\n\r\n{text}"),
        );
    }
}

pub(crate) fn samples() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("samples/mails")
}

/// What each line of the output says about where it is and what came out.
pub(crate) fn told(run: &Run) -> Vec<(String, String, u64, String)> {
    let word = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    let tell = |line: serde_json::Value| {
        let line_number = line["line"].as_u64().expect("a line");
        let broken = if line["broken"] == true { "broken " } else { "" };
        let status = format!("{broken}{}", word(&line["status"]));
        (word(&line["file"]), word(&line["part"]), line_number, status)
    };
    run.json().into_iter().map(tell).collect()
}

#[test]
#[ignore = "it needs python3"]
fn mails_of_every_encoding_and_shape_are_scanned_without_a_miss() {
    let rows = 1_600;
    let list: String = (0..rows).map(|row| format!("{}\n", 1000 + row)).collect();
    let folder = Folder::with_list(format!("customer_id\n{list}"));
    let url = [
        "--url",
        "https://shop.example/p/{token}?utm_source=mail&utm_campaign=spring",
        "--expires-in",
        "24h",
    ];
    let forms: [&[&str]; 3] = [
        &[],
        &["--text", "base32"],
        &["--format", "jwt", "--first-id", "000001000000"],
    ];
    let lists = ["a.csv", "b.csv", "c.csv"];
    for (form, list) in forms.iter().zip(lists) {
        let time = ["--issued-at", ISSUED, "--output", list];
        folder
            .run(&all(&[&["generate", "customers.csv"], &url, &time, form]))
            .done();
    }
    fs::create_dir(folder.path("mails")).expect("made");
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cli/mails.py");
    let rendered = Command::new("python3")
        .arg(script)
        .arg("mails")
        .args(lists)
        .current_dir(folder.path(""))
        .status();
    assert!(rendered.expect("python3").success());

    let run = folder.scan(&["mails", "--json"]).done();
    let mut parts: BTreeMap<String, BTreeSet<(String, String)>> = BTreeMap::new();
    for line in run.json() {
        let member = |name: &str| line[name].as_str().unwrap_or_default().to_owned();
        assert_eq!(
            (&line["status"], &line["broken"]),
            (&"valid".into(), &false.into()),
            "{line}"
        );
        let customer = line["claims"]["customer_id"].as_str().unwrap_or_default().to_owned();
        parts
            .entry(member("file"))
            .or_default()
            .insert((member("part"), customer));
    }
    assert_eq!(parts.len(), rows);
    for (row, (file, found)) in parts.iter().enumerate() {
        let expected: &[&str] = match row % 4 {
            0 | 1 => &["1"],
            2 => &["1", "2"],
            _ => &["1.1", "1.2.1", "3.1", "3.2"],
        };
        let expected = expected
            .iter()
            .map(|part| ((*part).to_owned(), (1000 + row).to_string()));
        assert_eq!(found, &expected.collect(), "{file}");
    }
    run.tells("1600 files, 1600 mails, 3200 parts: 3200 links")
        .tells("parts not looked into: 400 image/png, 400 text/csv");
}

#[test]
fn the_sample_mails_are_whole() {
    let folder = Folder::new();
    let good = samples().join("good");
    let run = folder.scan(&[good.to_str().expect("a path"), "--json"]).done();
    let short: Vec<_> = told(&run)
        .into_iter()
        .map(|(file, part, line, status)| {
            let name = file.rsplit('/').next().unwrap_or_default().to_owned();
            format!("{name} {part} {line} {status}")
        })
        .collect();
    let expected = [
        "alternative-quoted-printable.eml 1 5 valid",
        "alternative-quoted-printable.eml 2 4 valid",
        "html-8bit.eml 1 4 valid",
        "nested-base64.eml 1.1 5 valid",
        "nested-base64.eml 1.2.1 4 valid",
        "nested-base64.eml 3.1 5 valid",
        "nested-base64.eml 3.2 4 valid",
        "plain-7bit.eml 1 5 valid",
    ];
    assert_eq!(short, expected);
    run.expect(!run.stderr.contains("warning"), "no warning");
}

#[test]
fn the_broken_samples_are_told_with_what_is_wrong() {
    let folder = Folder::new();
    let run = folder.run(&all(&[
        &SCAN,
        &[samples().join("broken").to_str().expect("a path"), "--json"],
    ]));
    let run = run.status(1);
    let words: Vec<_> = told(&run)
        .into_iter()
        .map(|(_, _, line, status)| format!("{line} {status}"))
        .collect();
    let expected = [
        "3 invalid_signature",
        "3 malformed",
        "3 broken valid",
        "3 valid",
        "3 valid",
        "3 broken valid",
    ];
    assert_eq!(words, expected);
    let cleaned: Vec<_> = run.json().iter().map(|line| line["cleaned"].to_string()).collect();
    assert_eq!(cleaned[5], "[\"line_breaks\",\"url\"]");
    assert!(cleaned[2].contains("quoted_printable"), "{cleaned:?}");
    run.tells("warning: 2 links are broken for the customer")
        .tells("wrapped.eml: part 1 (text/plain), line 3: line breaks within it")
        .tells("warning: 1 link has a token that stands in another mail or file too")
        .tells("same-link-b.eml: part 1 (text/plain), line 3: also in ")
        .tells("warning: 1 mail or file has no link with a token")
        .tells("no-link.eml");
}

#[test]
fn a_version_that_lost_its_link_is_told() {
    let folder = Folder::new();
    let link = folder.link(1);
    let mail = |plain: &str, kind: &str| {
        format!(
            "MIME-Version: 1.0\nContent-Type: multipart/{kind}; boundary=x\n\n\
             --x\nContent-Type: text/plain\n\n{plain}\n\
             --x\nContent-Type: multipart/related; boundary=y\n\n\
             --y\nContent-Type: text/html\n\n<a href=\"{link}\">go</a>\n--y--\n\n--x--\n"
        )
    };
    folder.write("lost.eml", mail(&link.to_lowercase(), "alternative"));
    folder.write("whole.eml", mail(&link, "alternative"));
    folder.write("footer.eml", mail("You get this as a customer.", "mixed"));
    folder
        .scan(&["lost.eml", "--strict"])
        .status(1)
        .tells("warning: 1 part has no link with a token, and the mail's other version has one")
        .tells("lost.eml: part 1 (text/plain)")
        .tells("lower-cased");
    for file in ["whole.eml", "footer.eml"] {
        folder.scan(&[file, "--strict"]).done();
    }
}

#[test]
fn a_valid_link_takes_one_line_and_any_other_is_told_in_full() {
    let folder = Folder::new();
    let (link, late) = (folder.link(1), folder.link(2));
    folder.mail("a.eml", "text/html", &format!("<p>\n<a href=\"{link}\">go</a>"));
    folder.write("b.txt", format!("\n\n{late}.\n"));
    folder.scan(&["a.eml", "b.txt"]).done().prints(
        "VALID  a.eml: part 1 (text/html), line 2  for another 1 h, until 2026-11-21 17:00 UTC\n\
         VALID  b.txt: line 3  for another 1 h, until 2026-11-21 17:00 UTC\n",
    );
    let run = folder
        .run(&["verify", "--scan", "b.txt", "--now", "2026-11-21T18:00:00Z", "--quiet"])
        .status(1);
    run.says_nothing().prints(
        "EXPIRED  b.txt: line 3\n  token expired 1 h ago, at 2026-11-21 17:00 UTC\n  customer_id  2\n  \
         issued       2026-11-21 16:00 UTC with key e28e\n  undone: punctuation, the URL round it\n",
    );
}

#[test]
fn json_has_the_members_of_verify_and_the_place() {
    let folder = Folder::new();
    let link = folder.link(1);
    folder.mail("a.eml", "text/plain", &format!("x\r\n\r\n{link}\r\n"));
    folder.scan(&["a.eml", "--json"]).done().prints(
        "{\"valid\":true,\"status\":\"valid\",\"message\":\"token valid\",\"checked_at\":\"2026-11-21T16:00:00Z\",\
         \"key_id\":\"e28e\",\"id\":\"000000000001\",\"format\":\"signed\",\"issued_at\":\"2026-11-21T16:00:00Z\",\
         \"expires_at\":\"2026-11-21T17:00:00Z\",\"not_before\":null,\"claims\":{\"customer_id\":\"1\"},\
         \"cleaned\":[\"url\"],\"uses\":null,\"file\":\"a.eml\",\"mail\":null,\"part\":\"1\",\"line\":3,\"broken\":false}\n",
    );
    folder.scan(&["a.eml", "--print", "customer_id"]).done().prints("1\n");
    let expect = folder.scan(&["a.eml", "--json", "--expect", "customer_id=2"]).status(1);
    assert_eq!(expect.json()[0]["status"], "claim_mismatch");
}

#[test]
fn a_folder_is_read_in_order_and_without_what_is_hidden() {
    let folder = Folder::new();
    for (name, number) in [
        ("b/2.txt", 1),
        ("b/10.html", 2),
        ("a.txt", 3),
        (".hidden.txt", 4),
        (".git/x.txt", 5),
    ] {
        let place = folder.path(&format!("mails/{name}"));
        fs::create_dir_all(place.parent().expect("a folder")).expect("made");
        fs::write(place, folder.link(number)).expect("written");
    }
    folder.write("mails/logo.png", b"\x89PNG\r\n\x1a\n\0");
    let run = folder.scan(&["mails", "--json"]).done();
    let files: Vec<_> = told(&run).into_iter().map(|(file, ..)| file).collect();
    assert_eq!(files, ["mails/a.txt", "mails/b/10.html", "mails/b/2.txt"]);
    run.tells("4 files, 0 mails, 3 parts: 3 links")
        .tells("1 file that is no text, skipped: mails/logo.png");
    let named = folder.scan(&["mails/.hidden.txt", "--json"]).done();
    assert_eq!(named.json().len(), 1);
}

#[cfg(unix)]
#[test]
fn links_that_lead_in_circles_end() {
    let folder = Folder::new();
    fs::create_dir_all(folder.path("mails/in")).expect("made");
    folder.write("mails/in/a.txt", folder.link(1));
    for (name, target) in [("mails/in/round", ".."), ("mails/self", "self"), ("mails/twice", "in")] {
        std::os::unix::fs::symlink(target, folder.path(name)).expect("linked");
    }
    let run = folder.scan(&["mails", "--json"]).status(3);
    assert_eq!(run.json().len(), 1);
    run.tells("linkmint: mails/self: ").tells("could not be read: 1");
}

#[test]
fn a_mailbox_is_read_mail_by_mail() {
    let folder = Folder::new();
    let (one, other) = (folder.link(1), folder.link(2));
    let mail = |link: &str| format!("From shop Sat Nov 21 16:00:00 2026\nSubject: x\n\n{link}\n\n");
    folder.write("out.mbox", mail(&one) + &mail(&other));
    folder
        .scan(&["out.mbox"])
        .done()
        .tells("1 file, 2 mails, 2 parts: 2 links")
        .prints(
            "VALID  out.mbox: mail 1, part 1 (text/plain), line 1  for another 1 h, until 2026-11-21 17:00 UTC\n\
         VALID  out.mbox: mail 2, part 1 (text/plain), line 1  for another 1 h, until 2026-11-21 17:00 UTC\n",
        );
    let run = folder.scan(&["out.mbox", "--json"]).done();
    assert_eq!(run.json()[1]["mail"], 2);
}

#[test]
fn a_mail_is_known_without_its_ending() {
    let folder = Folder::new();
    let link = folder.link(1);
    let (start, end) = link.split_at(40);
    let encoding = "Content-Transfer-Encoding: quoted-printable";
    folder.write(
        "1795276800.M1P2.host:2,S",
        format!("Return-Path: <a@b>\n{encoding}\n\n{start}=\n{end}\n"),
    );
    let run = folder.scan(&["1795276800.M1P2.host:2,S", "--json"]).done();
    assert_eq!(told(&run)[0].1, "1");
    assert_eq!(told(&run)[0].3, "valid");
}

#[test]
fn what_is_warned_of_is_not_good_enough_for_strict() {
    let folder = Folder::new();
    let link = folder.link(1);
    let (start, end) = link.split_at(50);
    folder.write("whole.txt", &link);
    folder.write("again.txt", &link);
    folder.write("broken.txt", format!("{start}\n{end}\n"));
    folder.write("none.txt", "no link");
    for args in [
        &["broken.txt"][..],
        &["whole.txt", "again.txt"],
        &["whole.txt", "none.txt"],
    ] {
        folder.scan(args).done().tells("warning: ");
        folder.scan(&[args, &["--quiet"]].concat()).done().says_nothing();
        folder.scan(&[args, &["--strict"]].concat()).status(1);
    }
    let run = folder.scan(&["whole.txt", "--strict"]).done();
    run.expect(!run.stderr.contains("warning"), "no warning");
    let twice = folder.scan(&["whole.txt", "whole.txt"]).done();
    twice.tells("also in whole.txt");
}
