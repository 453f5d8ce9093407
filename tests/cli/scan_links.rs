//! Which links a scan calls whole and which broken, and what it says of mailboxes and parts that are made to be odd.

use crate::scan_mails::{Links, base64, mailbox, statuses};
use crate::schema;
use crate::support::Folder;

#[test]
fn a_link_that_ends_in_an_equals_sign_is_whole() {
    let links = Links::new();
    let (link, token) = (&links.good, links.good.rsplit('/').next().expect("a token"));
    let other = links.folder.link(7);
    let proofpoint = link.replace("https://", "https-3A__").replace('/', "_");
    let proofpoint = format!(
        "https://urldefense.proofpoint.com/v2/url?u={}&d=DwMFaQ&c=abc&r=def&m=ghi&s=jkl&e=",
        proofpoint.replace(token, &token.replace('-', "-2D").replace('_', "-5F"))
    );
    let plain = "Content-Type: text/plain\r\nContent-Transfer-Encoding: 7bit";
    for body in [
        format!("{link}?email=\nBye"),
        format!("{link}?email=\r\n"),
        format!("{link}?a=b&email= \nBye"),
        format!("See\n{link}?utm=2026spring&email=\nmore=1"),
        format!("{link}?email=\n> it"),
        format!("{proofpoint}\nBye"),
    ] {
        let run = links.mail(plain, &body).done();
        run.expect(statuses(&run) == ["valid"], &body);
        run.expect(!run.stdout.contains("quoted_printable"), &body);
        links.folder.scan(&["a.eml", "--strict"]).done();
    }
    let run = links.mail(plain, &format!("{link}?email=\n{other}?email=\nBye")).done();
    run.expect(statuses(&run) == ["valid", "valid"], "one below the other");
}

#[test]
fn a_link_that_is_still_in_quoted_printable_is_broken() {
    let links = Links::new();
    let (link, (start, end)) = (&links.good, links.good.split_at(50));
    let (place, token) = link.rsplit_once('/').expect("a link");
    for body in [
        format!("{start}=\n{end}\n"),
        format!("> {start}=\n> {end}\n"),
        format!("{place}/=\n{token}\n"),
        format!("{place}?t=3D{token}\n"),
        format!("{link}?email=3Da\n"),
        format!("{link}?utm_sour=\nce=3Da\n"),
        format!("a =3D b\n{link}=20\n"),
    ] {
        let run = links.mail("Content-Type: text/plain", &body).done();
        run.expect(statuses(&run) == ["broken valid"], &body);
    }
}

#[test]
fn a_link_that_is_shown_cut_short_is_whole() {
    let links = Links::new();
    let shown = links.good.trim_start_matches("https://");
    let token = shown.len() - shown.rsplit('/').next().expect("a token").len();
    let mut page = format!("<a href=\"{}\">", links.good);
    for end in (token + 5)..(shown.len() - 1) {
        for dots in [
            "…",
            "...",
            " …",
            "&nbsp;&hellip;",
            " ...",
            "[…]",
            " […]",
            " [...]",
            "(…)",
        ] {
            page += &format!("\n<p>{}{dots}</p>", &shown[..end]);
        }
    }
    let run = links.file("a.html", &page).done();
    run.expect(statuses(&run) == ["valid"], "the link alone");
    let cut = &links.good[..links.good.len() - 20];
    let page = format!("<a href=\"{}\">{cut} and more</a>", links.good);
    let run = links.file("a.html", &page).status(1);
    run.expect(statuses(&run) == ["valid", "malformed"], "nothing says that it goes on");
}

#[test]
fn a_space_in_an_address_breaks_its_link() {
    let links = Links::new();
    let (place, token) = links.good.rsplit_once('/').expect("a link");
    let page = |address: &str| format!("<a href=\"{address}\">x</a>");
    for address in [
        format!("{place}/ {token}"),
        format!("{place}?t= {token}"),
        format!("{place}/&nbsp;{token}"),
        format!("{place}/\u{3000}{token}"),
        format!("/p/ {token}"),
        format!("{place}/{token} extra"),
        format!("{place}/{token}&nbsp;"),
        format!("https://shop.example /p/{token}"),
    ] {
        let run = links.file("a.html", &page(&address)).done();
        run.expect(statuses(&run) == ["broken valid"], &address);
        run.tells("spaces\nhint: ");
        links.folder.scan(&["a.html", "--strict"]).status(1);
    }
    for address in [
        format!(" {place}/{token} "),
        format!("{place}/\n\t{token}\n"),
        format!("{place}/{token}?name=Jo Doe"),
        format!("{place}/spring sale/{token}"),
        format!("https://share.example/?text=Look: {place}/{token} is good"),
        format!("mailto:shop@shop.example?body=My link {place}/{token} is"),
    ] {
        let run = links.file("a.html", &page(&address)).done();
        run.expect(statuses(&run) == ["valid"], &address);
    }
}

#[test]
fn a_sentence_that_begins_with_from_makes_no_tokens() {
    let links = Links::new();
    // base64 of HTML and of such text begins many a line as tokens do
    let html = format!(
        "<p>{}</p><a href=\"{}\">Go</a>",
        "Hello, here is the news. ".repeat(60),
        links.good
    );
    let body = |link: &str| {
        format!(
            "MIME-Version: 1.0\nContent-Type: multipart/alternative; boundary=bb\n\n--bb\nContent-Type: text/plain\n\n\
             Hello,\n\nFrom now on everything is cheaper:\n{link}\n\n--bb\nContent-Type: text/html\n\
             Content-Transfer-Encoding: base64\n\n{}\n--bb--\n",
            base64(&html)
        )
    };
    let run = links.file("a.mbox", &mailbox("\n", &[body(&links.good), body(&links.good)]));
    let run = run.done();
    run.expect(statuses(&run) == ["valid"; 4], "each link once");
    run.expect(!run.stdout.contains("parted_otherwise"), "the likeliest reading");
}

#[test]
fn json_tells_what_only_another_reading_of_a_mailbox_has() {
    let links = Links::new();
    let inner = format!(
        "From here on\nthere is more\nContent-Transfer-Encoding: base64\n\n{}\n",
        base64(&links.forged)
    );
    let text = mailbox("", &[format!("\n{}\n\n{inner}", links.good)]);
    let run = links.file("a.mbox", &text).status(1);
    run.expect(statuses(&run) == ["valid", "invalid_signature"], "both");
    let answers = run.json();
    assert_eq!(answers[0].get("parted_otherwise"), None);
    assert_eq!(answers[1]["parted_otherwise"], true);
    schema::check(&answers[1], &schema::schema(), "answer");
}

#[test]
fn a_type_of_a_part_is_told_in_short() {
    let links = Links::new();
    let long = "x".repeat(100_000);
    let mail = format!(
        "Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: image/{long}\n\n\n--b\nContent-Type: {long}\n\n{}\n--b--\n",
        links.good.replace(".example", "..example")
    );
    let run = links.file("a.eml", &mail).done();
    run.expect(run.stderr.len() + run.stdout.len() < 3_000, "few bytes");
    run.tells("parts not looked into: 1 image/xxx").tells("xxx…");
    let kinds: String = (0..5_000)
        .map(|n| format!("--b\nContent-Type: image/x{n}\n\n\n"))
        .collect();
    let mail = format!(
        "Content-Type: multipart/mixed; boundary=b\n\n{kinds}--b\n\n{}\n--b--\n",
        links.good
    );
    let run = links.file("a.eml", &mail).done();
    let run = run.tells("4970 of other types");
    run.expect(run.stderr.len() < 3_000, "few bytes");
    let docx = "application/vnd.openxmlformats-officedocument.presentationml.presentation";
    let mail = format!(
        "Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: {docx}\n\n\n--b\n\n{}\n--b--\n",
        links.good
    );
    links.file("a.eml", &mail).done().tells(&format!("1 {docx}\n"));
}

#[test]
fn a_claims_name_steers_no_terminal() {
    let folder = Folder::new();
    let token = folder.token(&["a=1"]);
    let run = folder
        .call(&[
            "verify",
            "--expect",
            "\u{202e}=x",
            "--now",
            crate::support::ISSUED,
            "--",
            &token,
        ])
        .run();
    let run = run.status(1);
    run.expect(!run.stdout.contains('\u{202e}'), "nothing that turns the reading order");
    run.expect(
        run.stdout.contains("the claim \\u{202e} is not the expected one"),
        "its name",
    );
}

#[test]
fn a_text_in_utf_32_is_read() {
    let links = Links::new();
    let text = format!("Grüße: {}\r\n", links.good);
    let encode = |bytes: fn(u32) -> [u8; 4], mark: &str| -> String {
        use base64::Engine as _;
        let all: Vec<u8> = (mark.to_owned() + &text)
            .chars()
            .flat_map(|letter| bytes(letter.into()))
            .collect();
        base64::engine::general_purpose::STANDARD.encode(all)
    };
    for (charset, body) in [
        ("utf-32", encode(u32::to_le_bytes, "\u{feff}")),
        ("UTF-32", encode(u32::to_be_bytes, "\u{feff}")),
        ("utf-32le", encode(u32::to_le_bytes, "")),
        ("utf-32be", encode(u32::to_be_bytes, "")),
        ("utf-8", encode(u32::to_le_bytes, "\u{feff}")),
    ] {
        let head = format!("Content-Type: text/plain; charset={charset}\r\nContent-Transfer-Encoding: base64");
        links.is_whole(&head, &body);
    }
}
