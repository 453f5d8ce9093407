//! Mails as they really come: encodings, boundaries, mailboxes and links that are written in odd ways. Each is read as
//! mail programs read it, and no link of it is passed over.

use crate::scan::told;
use crate::support::{Folder, Run};

/// The links of a good mail, and one that nobody signed.
pub(crate) struct Links {
    pub(crate) folder: Folder,
    pub(crate) good: String,
    pub(crate) forged: String,
}

impl Links {
    pub(crate) fn new() -> Self {
        let folder = Folder::new();
        let good = folder.link(424_242);
        let (start, tag) = good.split_at(good.len() - 22);
        let turned: String = tag.chars().rev().collect();
        // a tag ends in one of few letters
        let forged = format!("{start}{}A", &turned[..21]);
        Self { folder, good, forged }
    }

    /// Scans a mail of these headers and this body.
    pub(crate) fn mail(&self, head: &str, body: &str) -> Run {
        let mail = format!("From: shop@mystore.example\r\nMIME-Version: 1.0\r\n{head}\r\n\r\n{body}");
        self.file("a.eml", &mail)
    }

    pub(crate) fn file(&self, name: &str, text: &str) -> Run {
        self.folder.write(name, text);
        self.folder.scan(&[name, "--json"])
    }

    /// The mail has its one link whole.
    pub(crate) fn is_whole(&self, head: &str, body: &str) {
        let run = self.mail(head, body);
        run.expect(run.status == Some(0), &format!("status 0 of {head:?} {body:?}"));
        let told: Vec<_> = told(&run).into_iter().map(|(_, _, _, status)| status).collect();
        run.expect(told == ["valid"], "one whole link");
    }
}

pub(crate) fn statuses(run: &Run) -> Vec<String> {
    told(run).into_iter().map(|(_, _, _, status)| status).collect()
}

pub(crate) fn base64(text: &str) -> String {
    use base64::Engine as _;
    let encoded = base64::engine::general_purpose::STANDARD.encode(text);
    let lines: Vec<_> = encoded
        .as_bytes()
        .chunks(76)
        .map(|line| String::from_utf8_lossy(line).into_owned())
        .collect();
    lines.join("\r\n")
}

/// A text in quoted-printable whose link is broken by a soft line break.
fn quoted(link: &str) -> String {
    let (start, end) = link.split_at(link.len() - 20);
    format!("Your link=3A =\r\n{start}=\r\n{end}\r\n")
}

#[test]
fn transfer_encodings_are_known_however_they_are_written() {
    let links = Links::new();
    for encoding in [
        "quoted-printable ",
        "Quoted-Printable (a comment (nested))",
        "(first) quoted-printable",
        "quoted-printable;",
        "quoted-printable; charset=utf-8",
        "\"quoted-printable\"",
        "\r\n quoted-printable",
        "\tquoted-printable\t",
        "quoted printable",
        "QUOTED-PRINTABLE\r\n (folded)",
    ] {
        links.is_whole(&format!("Content-Transfer-Encoding: {encoding}"), &quoted(&links.good));
    }
    for encoding in ["base64 ", "Base64;", "(x)base64", "base-64", "\r\n\tbase64"] {
        links.is_whole(&format!("Content-Transfer-Encoding: {encoding}"), &base64(&links.good));
    }
    for encoding in [
        "8-bit", "8 bit", "7bit;", "8BIT (x)", "binary ", "", "utf-8", "7-bit", "8bits",
    ] {
        links.is_whole(&format!("Content-Transfer-Encoding: {encoding}"), &links.good);
    }
    links.is_whole("content-transfer-encoding : quoted-printable", &quoted(&links.good));
}

#[test]
fn two_transfer_encodings_are_both_tried() {
    let links = Links::new();
    let head = "Content-Transfer-Encoding: 7bit\r\nContent-Transfer-Encoding: base64";
    for body in [base64(&links.forged), links.forged.clone()] {
        let run = links.mail(head, &body);
        run.expect(
            statuses(&run).contains(&"invalid_signature".to_owned()),
            "the forged link",
        );
    }
    let run = links.mail("Content-Transfer-Encoding: x-nobody", &links.forged);
    assert_eq!(statuses(&run), ["invalid_signature"]);
    run.status(1).tells("its transfer encoding \"x-nobody\" is not known");
}

#[test]
fn what_stands_round_base64_is_text() {
    let links = Links::new();
    let head = "Content-Type: text/plain\r\nContent-Transfer-Encoding: base64";
    let encoded = base64(&links.good);
    for footer in [
        "",
        "\r\n-- \r\nThis mail was scanned by SomeAV\r\n",
        "\r\nThis mail was scanned by SomeAV\r\n",
        "This mail was scanned by SomeAV\r\n",
        "\r\n_______________________________________________\r\nA list\r\nlist@example.org\r\nhttps://lists.example.org/x\r\n",
        "Sent from my phone\r\n",
        "\r\n----------\r\nAnna\r\n",
        "\r\n***\r\n\r\nYou get this as a customer of the shop at the corner\r\n",
        "\x1a",
    ] {
        links.is_whole(head, &format!("{encoded}\r\n{footer}"));
        links.is_whole(head, &format!("{}\r\n{footer}", base64(&format!("{}\r\n", links.good))));
    }
    // whole groups of any length, spaces, and characters that are passed over
    let half = encoded.len() / 8 * 4;
    links.is_whole(
        head,
        &format!(
            "{}\r\n\r\n {}",
            &encoded[..half],
            &encoded[half..].replace("\r\n", "\n ")
        ),
    );
    for place in ["footer in plain", "base64 behind it"] {
        let footer = match place {
            "footer in plain" => format!("\r\n-- \r\n{}\r\n", links.forged),
            _ => format!("\r\n!!!\r\n{}\r\n", base64(&links.forged)),
        };
        let run = links.mail(head, &format!("{encoded}{footer}")).status(1);
        assert_eq!(statuses(&run), ["valid", "invalid_signature"], "{place}");
    }
}

#[test]
fn boundaries_are_found_however_they_are_written() {
    let links = Links::new();
    let part = format!(
        "Content-Type: text/html\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n{}",
        quoted(&links.good)
    );
    let body = |boundary: &str| format!("preamble\r\n--{boundary}\r\n{part}\r\n--{boundary}--\r\nepilogue\r\n");
    for (parameter, boundary) in [
        ("boundary=\"a b\"", "a b"),
        ("boundary=abc (comment)", "abc"),
        ("boundary*=us-ascii''a%62c", "abc"),
        ("boundary*=''abc", "abc"),
        ("boundary*0=a; boundary*1=bc", "abc"),
        ("boundary*1=\"bc\";\r\n boundary*0*=utf-8'en'%61", "abc"),
        ("boundary=wrong; boundary*0=right", "wrong"),
        ("boundary=right; boundary*=''wrong", "right"),
        ("BOUNDARY = \"abc\" ; x=y", "abc"),
        ("x=\"a;boundary=no\"; boundary=abc", "abc"),
        ("boundary=\"=_a/b'c(d)\"", "=_a/b'c(d)"),
        ("boundary=a(b)", "a(b)"),
        ("boundary=\"abc \"", "abc"),
    ] {
        links.is_whole(&format!("Content-Type: multipart/mixed; {parameter}"), &body(boundary));
    }
    let open = format!("--abc\r\n{part}");
    links.is_whole("Content-Type: multipart/mixed; boundary=abc", &open);
    links.is_whole(
        "Content-Type: multipart/mixed; boundary=abc",
        &format!("--abc \t\r\n{part}\r\n--abc-- \r\n"),
    );
    links.is_whole("Content-Type: multipart/mixed;\r\n\tboundary=abc", &body("abc"));
    links.is_whole("Content-Type: multipart/mixed boundary=abc", &body("abc"));
    let encoded = "Content-Type: multipart/mixed; boundary=abc\r\nContent-Transfer-Encoding: base64";
    links.is_whole(encoded, &base64(&body("abc")));
    links.is_whole(encoded, &body("abc"));
}

#[test]
fn a_boundary_may_begin_with_another() {
    let links = Links::new();
    for (outer, inner) in [("abc", "abc1"), ("abc1", "abc"), ("a", "a-"), ("=_x", "=_x_=_y")] {
        let versions = format!(
            "--{inner}\r\nContent-Type: text/plain\r\n\r\nLink {0}\r\n--{inner}\r\nContent-Type: text/html\r\n\r\n\
             <a href=\"{0}\">x</a>\r\n--{inner}--\r\n",
            links.good
        );
        let body = format!(
            "--{outer}\r\nContent-Type: multipart/alternative; boundary=\"{inner}\"\r\n\r\n{versions}--{outer}\r\n\
             Content-Type: text/plain\r\n\r\nfoot\r\n--{outer}--\r\n"
        );
        let run = links
            .mail(&format!("Content-Type: multipart/mixed; boundary=\"{outer}\""), &body)
            .done();
        let parts: Vec<_> = told(&run)
            .into_iter()
            .map(|(_, part, _, status)| format!("{part} {status}"))
            .collect();
        assert_eq!(parts, ["1.1 valid", "1.2 valid"], "{outer} {inner}");
        run.tells("3 parts: 2 links");
    }
}

#[test]
fn what_stands_round_parts_is_looked_at_and_is_no_text_of_the_mail() {
    let links = Links::new();
    let head = "Content-Type: multipart/mixed; boundary=abc";
    let part = "--abc\r\n\r\nno link\r\n--abc--\r\n";
    for body in [
        format!("{}\r\n{part}", links.forged),
        format!("{part}{}\r\n", links.forged),
    ] {
        let run = links.mail(head, &body).status(1);
        assert_eq!(statuses(&run), ["invalid_signature"]);
    }
    links
        .mail(head, &format!("{part}{}\r\n", links.good))
        .done()
        .tells("1 part: 1 link")
        .tells("warning: 1 mail or file has no link with a token");
    let run = links
        .mail("Content-Type: multipart/mixed; boundary=nowhere", &links.forged)
        .status(1);
    assert_eq!(statuses(&run), ["invalid_signature"]);
}

#[test]
fn links_of_the_header_are_looked_at() {
    let links = Links::new();
    let (start, end) = links.good.split_at(60);
    for field in [
        format!("List-Unsubscribe: <{}>", links.good),
        format!("List-Unsubscribe: <mailto:u@mystore.example>,\r\n <{}>", links.good),
        format!("List-Unsubscribe: <{start}\r\n\t{end}>"),
        format!("list-help:<{}> (help)", links.good),
        format!("X-Report-Abuse: see {}", links.good),
        format!("Subject: =?utf-8?B?{}?=", base64(&links.good).replace("\r\n", "")),
        format!("Subject: =?utf-8?Q?{}=3F?=", links.good.replace('_', "=5F")),
    ] {
        let run = links.mail(
            &format!("{field}\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click"),
            "no link here",
        );
        let run = run
            .done()
            .tells("1 mail, 1 part: 1 link")
            .tells("1 mail or file has no link with a token");
        let [(_, part, _, status)] = &told(&run)[..] else {
            panic!("{field}")
        };
        assert_eq!((part.as_str(), status.as_str()), ("HEADER", "valid"), "{field}");
    }
    let forged = format!("List-Unsubscribe: <{}>", links.forged);
    let run = links.mail(&forged, &links.good).status(1);
    assert_eq!(statuses(&run), ["invalid_signature", "valid"]);
    links.folder.scan(&["a.eml"]).status(1).tells("1 mail, 1 part: 2 links");
    let run = links.folder.scan(&["a.eml"]).status(1);
    run.expect(run.stdout.contains("a.eml: header, line 3"), "the place");
    let inner = format!("Content-Type: message/rfc822\r\n\r\n{forged}\r\n\r\nx");
    let run = links.mail(
        "Content-Type: multipart/mixed; boundary=b",
        &format!("--b\r\n{inner}\r\n--b--"),
    );
    assert_eq!(told(&run)[0].1, "1.HEADER");
}

#[test]
fn ids_and_signatures_of_a_header_are_no_links() {
    let links = Links::new();
    let random = "LAbcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVw";
    let head = format!("Message-ID: <{random}@mystore.example>\r\nDKIM-Signature: v=1; b={random}\r\nX-Id: {random}");
    links.is_whole(&head, &links.good);
}

#[test]
fn flowed_text_is_read_by_its_standard() {
    let links = Links::new();
    let (start, end) = links.good.split_at(60);
    let flowed = "Content-Type: text/plain; charset=utf-8; format=flowed; delsp=yes";
    links.is_whole(flowed, &format!("Your link \r\n {start} \r\n{end}\r\n"));
    links.is_whole(flowed, &format!("> {start} \r\n> {end}\r\n"));
    links.is_whole(
        "Content-Type: text/plain; Format=\"Flowed\"; DelSp=YES",
        &format!("{start} \r\n{end}"),
    );
    links.is_whole(
        "Content-Type: text/plain; format=flowed",
        &format!("Your link \r\n{} \r\nis here\r\n", links.good),
    );
    links.is_whole(flowed, &format!("x\r\n\r\n{} \r\n-- \r\nShop\r\n", links.good));
    let encoded = format!("{flowed}\r\nContent-Transfer-Encoding: quoted-printable");
    links.is_whole(&encoded, &format!("{start}=20\r\n{end}\r\n"));
    let run = links
        .mail("Content-Type: text/plain", &format!("{start} \r\n{end}\r\n"))
        .done();
    assert_eq!(statuses(&run), ["broken valid"]);
}

#[test]
fn line_breaks_and_tabs_in_a_link_are_what_browsers_strip() {
    let links = Links::new();
    let (start, end) = links.good.split_at(60);
    for between in ["\n", "\r\n", "\r\n\t", "\t", "&#10;", "&Tab;", "\n\n\n"] {
        let run = links
            .mail(
                "Content-Type: text/html",
                &format!("<a href=\"{start}{between}{end}\">go</a>"),
            )
            .done();
        assert_eq!(statuses(&run), ["valid"], "{between:?}");
    }
    links.is_whole(
        "Content-Type: text/html",
        &format!("<a href=\"\r\n {}\t\">go</a>", links.good),
    );
    let run = links
        .mail("Content-Type: text/html", &format!("<a href=\"{start} {end}\">go</a>"))
        .done();
    assert_eq!(statuses(&run), ["broken valid"]);
}

#[test]
fn a_host_with_an_empty_label_breaks_its_link() {
    let links = Links::new();
    let bad = links.good.replace("shop.example", "mystore..example");
    for (head, body) in [
        ("Content-Type: text/plain", format!("x {bad}\r\n")),
        ("Content-Type: text/html", format!("<a href=\"{bad}\">go</a>")),
        (
            "Content-Type: text/html",
            format!(
                "<a href=\"https://t.example/c?u={}\">go</a>",
                bad.replace(':', "%3A").replace('/', "%2F")
            ),
        ),
        (
            "Content-Type: text/plain\r\nContent-Transfer-Encoding: quoted-printable",
            bad.replace("mystore..", "mystore=\r\n..") + "\r\n",
        ),
    ] {
        let run = links.mail(head, &body).done();
        assert_eq!(statuses(&run), ["broken valid"], "{body}");
        run.tells("warning: 1 link is broken for the customer")
            .tells("the host \"mystore..example\" can't be");
        links.folder.scan(&["a.eml", "--strict"]).status(1);
    }
    links.is_whole(
        "Content-Type: text/plain",
        &links.good.replace("shop.example", "shop.example."),
    );
}

#[test]
fn a_charset_hides_no_link() {
    let links = Links::new();
    for charset in [
        "iso-2022-kr",
        "hz-gb-2312",
        "x-nobody",
        "utf-16",
        "us-ascii",
        "utf-7",
        "\"utf-8\"",
    ] {
        links.is_whole(
            &format!("Content-Type: text/plain; charset={charset}"),
            &format!("{}\r\n", links.good),
        );
    }
    let shifted = links.good.replace(':', "+ADo-").replace('_', "+AF8-");
    links.is_whole("Content-Type: text/plain; charset=utf-7", &shifted);
}

/// A mailbox of mails with these bodies, with a text before each `From ` line.
pub(crate) fn mailbox(before: &str, bodies: &[String]) -> String {
    let mut text = String::new();
    for (number, body) in bodies.iter().enumerate() {
        if number > 0 {
            text += before;
        }
        text += &format!("From - Sat Nov 21 17:00:0{number} 2026\nFrom: shop@mystore.example\nSubject: x\n{body}");
    }
    text
}

#[test]
fn a_mail_of_a_mailbox_begins_with_or_without_a_blank_line() {
    let links = Links::new();
    let html = |link: &str| {
        format!(
            "Content-Type: text/html\nContent-Transfer-Encoding: base64\n\n{}\n",
            base64(link)
        )
    };
    for before in ["\n", "", "\n\n"] {
        let text = mailbox(before, &[html(&links.good), html(&links.forged)]);
        let run = links
            .file("a.mbox", &text)
            .status(1)
            .tells("1 file, 2 mails, 2 parts: 2 links");
        assert_eq!(statuses(&run), ["valid", "invalid_signature"], "{before:?}");
        assert_eq!(run.json()[1]["mail"], 2);
    }
    // without a date, but with a header behind it
    let text = mailbox("", &[html(&links.good), html(&links.forged)]);
    let text = text.replace("From - Sat Nov 21 17:00:01 2026", "From shop");
    let run = links.file("a.mbox", &text).status(1).tells("1 file, 2 mails");
    assert_eq!(statuses(&run), ["valid", "invalid_signature"]);
}

#[test]
fn a_from_line_of_a_text_hides_nothing() {
    let links = Links::new();
    let body = format!(
        "\nHello,\n\nFrom now on you save 10 % with this link:\n{}\n",
        links.good
    );
    let text = mailbox("\n", &[body, format!("\n{}\n", links.forged)]);
    let run = links
        .file("a.mbox", &text)
        .status(1)
        .tells("1 file, 2 mails, 2 parts: 2 links");
    assert_eq!(statuses(&run), ["valid", "invalid_signature"]);
    assert_eq!(run.json()[0]["mail"], 1);
}

#[test]
fn a_mailbox_that_can_be_parted_in_two_ways_is_read_in_both() {
    let links = Links::new();
    let epilogue = format!(
        "Content-Type: multipart/mixed; boundary=b\n\n--b\n\n{}\n--b--\n",
        links.good
    );
    // a sentence, or a mail with a header of its own
    let html = format!(
        "Content-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: base64\n\n{}\n",
        base64(&links.forged)
    );
    let inner = format!("From here on\nthere is more\n{html}");
    let run = links
        .file("a.mbox", &mailbox("", &[format!("{epilogue}\n{inner}")]))
        .status(1);
    assert_eq!(statuses(&run), ["valid", "invalid_signature"]);
    run.expect(run.stdout.contains("\"mail\":2"), "the other reading's number");
    // parted within a base64 part by a line that looks like one of a mailbox
    let part = format!(
        "Content-Transfer-Encoding: base64\n\n{}\n",
        base64("no link, some text, and more of it")
    );
    let cut = format!("{part}From a@b Sat Nov 21 17:00:02 2026\n{}\n", base64(&links.forged));
    let run = links
        .file("a.mbox", &mailbox("\n", &[format!("\n{}\n", links.good), cut]))
        .status(1);
    run.expect(
        statuses(&run).contains(&"invalid_signature".to_owned()),
        "the forged link",
    );
}

#[test]
fn a_mailbox_is_known_without_its_ending() {
    let links = Links::new();
    let text = mailbox(
        "\n",
        &[format!(
            "Content-Transfer-Encoding: quoted-printable\n\n{}",
            quoted(&links.good)
        )],
    );
    for name in ["Inbox", "2026-November.txt", "a.mbx"] {
        links.file(name, &text).done().tells("1 file, 1 mail, 1 part: 1 link");
    }
}

#[test]
fn a_mail_that_was_joined_to_another_is_not_passed_over() {
    let links = Links::new();
    let head =
        "From: shop@mystore.example\nMIME-Version: 1.0\nContent-Type: text/plain\nContent-Transfer-Encoding: base64";
    let mail = |link: &str| format!("{head}\n\n{}", base64(&format!("Dear customer, your link: {link}\n")));
    let (good, forged) = (mail(&links.good), mail(&links.forged));
    let envelope = "From shop@mystore.example Sat Nov 21 17:00:01 2026\n";
    let plain = format!("From: shop@mystore.example\nMIME-Version: 1.0\n\n{}\n", links.good);
    let parts = format!(
        "From: a@b.example\nContent-Type: multipart/mixed; boundary=B\n\n--B\n\n{}\n--B--\n",
        links.good
    );
    for text in [
        format!("\x01\x01\x01\x01\n{good}\n\x01\x01\x01\x01\n\x01\x01\x01\x01\n{forged}\n\x01\x01\x01\x01\n"),
        format!("{good}\n\n{forged}\n"),
        format!("{plain}\n{forged}\n"),
        format!("{parts}\n{forged}\n"),
        format!("{envelope}{good}\n {envelope}{forged}\n"),
    ] {
        for name in ["a.mbox", "a.eml"] {
            let run = links.file(name, &text).status(1);
            let mut statuses = statuses(&run);
            statuses.sort_unstable();
            run.expect(statuses == ["invalid_signature", "valid"], "both links");
        }
    }
    // without a line break after padding
    let padded = |link: &str| {
        (0..3)
            .map(|n| mail(&format!("{link}{}", &"   "[n..])))
            .find(|mail| mail.ends_with('='))
    };
    let good = padded(&links.good).expect("one of three ends so");
    let run = links
        .file("b.mbox", &format!("{envelope}{good}{envelope}{forged}\n"))
        .status(1);
    run.expect(statuses(&run) == ["valid", "invalid_signature"], "both links");
}

#[test]
fn a_character_by_number_needs_no_semicolon() {
    let links = Links::new();
    let (place, token) = links.good.rsplit_once('/').expect("a link");
    for reference in ["&#47", "&#x2f;", "&#047;"] {
        let body = format!("<a href=\"{place}{reference}{token}\">Voucher</a>");
        links.is_whole("Content-Type: text/html", &body);
    }
}
