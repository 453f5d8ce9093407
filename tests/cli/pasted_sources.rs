//! The source of a mail in a pasted text: wherever it stands and whatever stands round it, no link is passed over.

use crate::scan_mails::Links;
use crate::support::{ISSUED, all};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

const PLAIN: &str = "From: a@b.example\nMIME-Version: 1.0\nContent-Type: text/plain";
const BASE64: &str = "From: a@b.example\nContent-Type: text/plain\nContent-Transfer-Encoding: base64";

impl Links {
    /// What is said of each token of a text, in order.
    pub(crate) fn statuses(&self, text: &str) -> Vec<String> {
        let run = self
            .folder
            .call(&all(&[&["verify", "--json", "--now", ISSUED]]))
            .stdin(text)
            .run();
        let status = |answer: &serde_json::Value| answer["status"].as_str().expect("a status").to_owned();
        run.json().iter().map(status).collect()
    }

    fn is_valid(&self, text: &str) {
        assert_eq!(self.statuses(text), ["valid"], "{text}");
    }
}

fn base64(text: &str) -> String {
    let encoded = STANDARD.encode(format!("Dear customer, thank you for your order: {text}\n"));
    let lines = encoded.as_bytes().chunks(76);
    lines.map(|line| String::from_utf8_lossy(line) + "\n").collect()
}

/// A mail whose link is in base64.
fn encoded(text: &str) -> String {
    format!("{BASE64}\n\n{}", base64(text))
}

#[test]
fn no_line_of_dashes_ends_a_mail() {
    let links = Links::new();
    for dashes in [
        "-------- Forwarded Message --------",
        "---------- Forwarded message ---------\nFrom: Shop <a@b.example>\nSubject: V\n",
        "-----Original Message-----\nFrom: Shop\nTo: Jo\n",
        "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n",
        "----------------------------------------------",
        "--abc\nFoo: bar\n",
        "-- \nJo",
        "--\nJo",
    ] {
        let text = format!("{PLAIN}\n\nfirst {}\n\n{dashes}\nsecond {}\n", links.good, links.forged);
        assert_eq!(links.statuses(&text), ["valid", "invalid_signature"], "{text}");
        links.is_valid(&format!("{PLAIN}; format=flowed\n\n{dashes}\n{}\n", links.good));
    }
}

#[test]
fn what_stands_beside_a_mail_is_looked_at() {
    let links = Links::new();
    let (good, forged) = (encoded(&links.good), &links.forged);
    let part = format!("--b\n{good}");
    for text in [
        format!("is this one good? {forged}\n\n{good}"),
        format!("{part}--b\n\n{forged}\n--b--\n"),
        format!("{part}--b--\n\n{forged}\n"),
        format!("{part}--b\nContent-Disposition: inline\n\n{forged}\n"),
        format!("> {}\n\nand {forged}\n", good.trim_end().replace('\n', "\n> ")),
        format!("{good}\n{}", encoded(forged)),
        format!("{good}From a@b.example Sat Nov 21 17:00:01 2026\n{}", encoded(forged)),
        format!("{good}\x01\x01\x01\x01\n\x01\x01\x01\x01\n{}", encoded(forged)),
    ] {
        let mut statuses = links.statuses(&text);
        statuses.sort_unstable();
        assert_eq!(statuses, ["invalid_signature", "valid"], "{text}");
    }
    // more of them than anyone pastes
    let many = "a: b\n\n".repeat(500);
    let text = format!("{many}{good}\n{}\n{}", good.repeat(100), encoded(forged));
    assert_eq!(links.statuses(&text), ["valid", "invalid_signature"]);
}

#[test]
fn a_part_of_whatever_type_is_looked_into_if_it_is_a_text() {
    let links = Links::new();
    let good = &links.good;
    let folded = format!("{}\n {}", &good[..good.len() - 30], &good[good.len() - 30..]);
    for (kind, body) in [
        (
            "text/calendar",
            format!("BEGIN:VCALENDAR\nURL:{folded}\nEND:VCALENDAR\n"),
        ),
        ("text/enriched", format!("<bold>{good}</bold>\n")),
        (
            "message/delivery-status",
            format!("Reporting-MTA: dns; x\n\nsee {good}\n"),
        ),
        (
            "text/rfc822-headers",
            format!("From: a@b.example\nList-Unsubscribe: <{good}>\n"),
        ),
        (
            "message/partial; id=x; number=1; total=1",
            format!("{PLAIN}\n\n{good}\n"),
        ),
        ("application/octet-stream", encoded(good)),
    ] {
        let head = "From: a@b.example\nMIME-Version: 1.0\nContent-Type: ";
        links.is_valid(&format!("{head}{kind}\n\n{body}"));
        links.is_valid(&format!(
            "{head}multipart/mixed; boundary=B\n\n--B\nContent-Type: {kind}\n\n{body}\n--B--\n"
        ));
        let encoded = base64(&format!("\n{body}"));
        if kind.starts_with("text/cal") {
            links.is_valid(&format!("{head}{kind}\nContent-Transfer-Encoding: base64\n\n{encoded}"));
        }
    }
    // a picture is none
    let picture = STANDARD.encode([&b"\x89PNG\r\n\x1a\n\0"[..], &[7; 300]].concat());
    links.is_valid(&format!(
        "{PLAIN}\n\n{good}\n--B\nContent-Type: image/png\nContent-Transfer-Encoding: base64\n\n{picture}\n--B--\n"
    ));
}

#[test]
fn a_source_is_found_however_it_was_pasted() {
    let links = Links::new();
    let mail = format!(
        "Received: from a by b;\n\tSat, 21 Nov 2026 08:00:00 -0800\nDKIM-Signature: v=1; a=rsa-sha256;\n h=From:To:\n  \
         Content-Type:Content-Transfer-Encoding; b=qOKOabcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/\n{}",
        encoded(&links.good)
    );
    let marked = |mark: &str| -> String { mail.lines().map(|line| format!("{mark}{line}\n")).collect() };
    for text in [
        marked("> "),
        marked(">"),
        marked("> > "),
        marked("| "),
        marked("    "),
        marked("\t"),
        format!("Jo wrote:\n{}\nBye\n", marked("> ")),
        format!("Here the source:\n\n{}", marked("    ")),
        format!("```\n{mail}```\n"),
        format!("Here the source:\n{mail}"),
        format!(
            "Original Message\nMessage ID\t<a@b.example>\nFrom:\tShop\n\n\nDownload Original\tCopy to clipboard\n{mail}"
        ),
        format!("1234  \n{mail}<?xml version=\"1.0\"?>\n"),
        mail.replacen("From:", "this is no field\nFrom:", 1),
        mail.replace("Content-Transfer-Encoding: ", "Content-Transfer-Encoding : ")
            .replace("Type: ", "Type : "),
        mail.replace("\n\n", "\n  \n"),
        mail.replace('\n', "\r\n"),
        mail.replace('\n', "\r"),
        mail.replace("Encoding: ", "Encoding:\n "),
        format!("Content-Transfer-Encoding: base64\n\n{}", base64(&links.good)),
    ] {
        links.is_valid(&text);
    }
}

#[test]
fn a_link_in_a_header_is_looked_at_by_how_it_begins() {
    let links = Links::new();
    let token = links.forged.rsplit('/').next().expect("a token");
    let text = format!("Subject: {token}\n{PLAIN}\n\n{}\n", links.good);
    let mut statuses = links.statuses(&text);
    statuses.sort_unstable();
    assert_eq!(statuses, ["invalid_signature", "valid"]);
    // a signature of a mail server is no token, whatever there is besides
    let text = format!(
        "DKIM-Signature: v=1; b=\n xoMetHingLongXYZ0123456789abcdefghijklmnopqrstuvwxyzABCDEFGH;\n{PLAIN}\n\nno link\n"
    );
    assert_eq!(links.statuses(&text), ["malformed"]);
}

#[test]
fn every_link_of_a_forwarded_mail_is_revoked() {
    let links = Links::new();
    let folder = &links.folder;
    let other = folder.link(7);
    let text = format!(
        "{PLAIN}\n\n{}\n\n-------- Forwarded Message --------\nSubject: V\n\n{other}\n",
        links.good
    );
    folder
        .run(&["revoke", "--ledger", "a.db", "--now", ISSUED, "--", &text])
        .done();
    for link in [&links.good, &other] {
        let args = [
            "verify", "--ledger", "a.db", "--now", ISSUED, "--print", "status", "--", link,
        ];
        folder.run(&args).status(1).prints("revoked\n");
    }
}

#[test]
fn a_link_that_was_broken_over_a_quote_or_a_header_is_read_as_one() {
    let links = Links::new();
    let (head, rest) = links.good.split_at(60);
    for text in [
        format!("Hi,\n\n> From: a@b.example\n> Content-Type: text/plain\n>\n> Your link: {head}\n{rest}\n> Bye\n"),
        format!("> Content-Type: text/plain\n>\n> {head}\n>{rest}\n"),
        format!("Subject: x\nContent-Type: text/plain\nDear Ann, your link\n{head}\n{rest}\n"),
    ] {
        links.is_valid(&text);
    }
    // what else stands there is told beside it
    let text = format!(
        "> Content-Type: text/plain\n>\n> {head}\n>{rest}\n>\n> {}\n",
        links.forged
    );
    let mut statuses = links.statuses(&text);
    statuses.sort();
    assert_eq!(statuses, ["invalid_signature", "valid"]);
}
