//! What people paste that is more than a token: mails, lists, files.

use crate::support::{Folder, ISSUED, all};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

const NOW: [&str; 2] = ["--now", ISSUED];

fn base64_lines(text: &str) -> String {
    let encoded = STANDARD.encode(text);
    let lines = encoded.as_bytes().chunks(76);
    lines.map(|line| String::from_utf8_lossy(line) + "\r\n").collect()
}

/// A mail as a mail tool sends it, both its versions in base64.
fn mail(token: &str) -> String {
    let text = format!("Hello Anna,\r\n\r\nyour voucher: https://shop.example/p/{token}\r\n");
    let html = format!("<html><body><p>Hello</p><a href=\"https://shop.example/p/{token}\">Voucher</a></body></html>");
    format!(
        "Return-Path: <bounce@shop.example>\r\nFrom: Shop <mail@shop.example>\r\nTo: anna@example.org\r\n\
         Subject: Your voucher\r\nMIME-Version: 1.0\r\nContent-Type: multipart/alternative; boundary=\"b1\"\r\n\r\n\
         --b1\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n{}\
         --b1\r\nContent-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n{}--b1--\r\n",
        base64_lines(&text),
        base64_lines(&html),
    )
}

fn checked(folder: &Folder, pasted: impl AsRef<[u8]>) -> serde_json::Value {
    let run = folder
        .call(&all(&[&["verify", "--json"], &NOW]))
        .stdin(pasted.as_ref())
        .run();
    let answers = run.json();
    assert_eq!(answers.len(), 1, "{answers:?}");
    answers[0].clone()
}

#[test]
fn the_source_of_a_mail_is_opened_as_mail_programs_do() {
    let folder = Folder::new();
    let token = folder.token(&["customer_id=1001"]);
    let mail = mail(&token);
    let part = mail.split("--b1\r\n").nth(1).expect("a part");
    let forwarded = format!(
        "From: anna@example.org\nContent-Type: message/rfc822\nMIME-Version: 1.0\n\n{}",
        mail.replace("\r\n", "\n")
    );
    let utf16 = mail.encode_utf16().flat_map(u16::to_le_bytes);
    let texts: [Vec<u8>; 7] = [
        mail.clone().into(),
        mail.replace("\r\n", "\n").into(),
        format!("Hi,\n\nthis is the source:\n\n{mail}").into(),
        format!("--b1\r\n{part}").into(),
        forwarded.into(),
        [0xff, 0xfe].into_iter().chain(utf16).collect(),
        part.split("\r\n\r\n").nth(1).expect("a body").into(),
    ];
    for text in texts {
        let answer = checked(&folder, &text);
        assert_eq!(answer["status"], "valid", "{}", String::from_utf8_lossy(&text));
        assert_eq!(answer["claims"]["customer_id"], "1001");
        assert_eq!(answer["cleaned"][0], "mail_source");
    }
    let run = folder.run(&all(&[&["verify"], &NOW, &["--", &mail]])).done();
    run.expect(run.stdout.contains("undone: the encoding of the mail"), "it is told");
    let run = folder.run(&["inspect", "--", &mail]).done();
    run.expect(run.stdout.contains("1001"), "what it says");
}

#[test]
fn a_quoted_reply_is_no_source_of_a_mail() {
    let folder = Folder::new();
    let token = folder.token(&["customer_id=1001"]);
    let answer = checked(
        &folder,
        format!("From: Shop\nSubject: x\n\nhttps://shop.example/p/{token}\n"),
    );
    assert_eq!(answer["cleaned"], serde_json::json!(["url"]));
}

#[test]
fn whoever_gives_a_mail_a_folder_or_a_list_is_told_the_flag_that_reads_it() {
    let folder = Folder::with_list("customer_id,token\n1,x\n2,y\n");
    folder.write("saved.txt", mail("LOKO"));
    std::fs::create_dir(folder.path("mails")).expect("a folder");
    for (text, hint) in [
        ("customers.csv", "hint: customers.csv is a file: --file checks its rows"),
        ("saved.txt", "hint: saved.txt is a mail: --scan checks each link in it"),
        ("mails", "hint: mails is a folder: --scan checks the links in its mails"),
    ] {
        folder.run(&["verify", text]).status(1).tells(hint);
    }
    for (text, hint) in [
        (
            folder.read("customers.csv"),
            "this looks like a list: --file - checks each row",
        ),
        (
            mail("LOKO"),
            "this is the source of a mail: saved to a file, --scan FILE",
        ),
    ] {
        folder
            .call(&["verify"])
            .stdin(text.as_str())
            .run()
            .status(1)
            .tells(hint);
        folder
            .call(&["verify", "--quiet"])
            .stdin(text)
            .run()
            .status(1)
            .says_nothing();
    }
    let run = folder.run(&["verify", "--file", "saved.txt"]).status(2);
    run.tells("saved.txt: it is a mail and no list")
        .tells("linkmint verify --scan FILE");
}

#[test]
fn a_name_that_no_token_of_the_run_has_is_refused_with_the_nearest() {
    let folder = Folder::new();
    let token = folder.token(&["customer_id=1001", "campaign_id=spring26"]);
    let print = |name: &'static str| all(&[&["verify", "--print", name], &NOW]);
    let run = folder.run(&all(&[&print("custmer_id"), &["--", &token]])).status(2);
    run.prints("")
        .tells("--print: no token has a claim custmer_id")
        .tells("hint: --print customer_id? There are campaign_id, customer_id, status, expires_at");
    for lines in [format!("{token}\n"), format!("{token}\nnone\n")] {
        let run = folder
            .call(&all(&[&print("stauts"), &["-"]]))
            .stdin(lines)
            .run()
            .status(2);
        run.tells("--print status?");
    }
    folder.write("a.txt", &token);
    let run = folder.run(&all(&[&print("Status"), &["--scan", "a.txt"]])).status(2);
    run.tells("--print status?");
    // one token of the run has it; nobody knows what a token has that is not authentic
    let other = folder.token(&["note=x"]);
    let run = folder
        .call(&all(&[&print("note"), &["-"]]))
        .stdin(format!("{token}\n{other}\n"))
        .run()
        .done();
    run.prints("\nx\n");
    folder
        .run(&all(&[&print("note"), &["--", "LOKO"]]))
        .status(1)
        .prints("\n");
}

#[test]
fn the_marks_of_replies_and_tables_are_undone() {
    let folder = Folder::new();
    let token = folder.token(&["customer_id=1001"]);
    let link = format!("https://shop.example/p/{token}");
    for mark in ["> ", "JK> ", ": ", "\u{2502} ", "| ", ">> ", "A> JK> "] {
        for length in [30, 40, 50, link.len() - 12] {
            let (start, end) = link.split_at(length);
            let answer = checked(&folder, format!("{mark}here:\n{mark}{start}\n{mark}{end}\n{mark}Bye\n"));
            assert_eq!(answer["status"], "valid", "{mark:?} {length}");
        }
    }
    for bar in ["|", "\u{2502}"] {
        let (start, end) = link.split_at(40);
        for line_end in ["\n", "\r\n"] {
            let text = format!("{bar} here {bar}{line_end}{bar} {start} {bar}{line_end}{bar} {end} {bar}{line_end}");
            assert_eq!(checked(&folder, &text)["status"], "valid", "{text}");
        }
    }
}
