//! The parts of a mail, decoded, numbered, and broken.

use super::*;

fn told(mail: &str) -> Vec<String> {
    let tell = |part: Part| match part.content {
        Content::Skipped | Content::Text(_, Reading::Header) => {
            format!("{} {} skipped", part.number, part.media_type)
        }
        Content::Text(text, _) => format!("{} {} {text:?}", part.number, part.media_type),
        Content::Unreadable(reason) => format!("{} {}: {reason}", part.number, part.media_type),
    };
    let shown = parts(mail.as_bytes(), false)
        .expect("a mail")
        .into_iter()
        .filter(|part| part.is_shown);
    shown.map(tell).collect()
}

#[test]
fn parts_are_numbered_as_imap_does() {
    let mail = "Content-Type: multipart/mixed; boundary=O\n\n--O\nContent-Type: multipart/alternative; boundary=I\n\n\
                --I\n\na\n--I\nContent-Type: text/html\n\n<b>\n--I--\n--O\nContent-Type: message/rfc822\n\n\
                Subject: x\n\nb\n--O\nContent-Type: Image/PNG\n\nc\n--O--\n";
    assert_eq!(
        told(mail),
        [
            "1.1 text/plain \"a\"",
            "1.2 text/html \"<b>\"",
            "2.1 text/plain \"b\"",
            "3 image/png skipped"
        ]
    );
    assert_eq!(told("Subject: x\n\na"), ["1 text/plain \"a\""]);
}

#[test]
fn what_is_encoded_is_decoded() {
    let mail = |encoding: &str, body: &str| {
        told(&format!(
            "Content-Type: text/plain; charset=iso-8859-1\nContent-Transfer-Encoding: {encoding}\n\n{body}"
        ))
    };
    assert_eq!(mail("Quoted-Printable", "a=\n=E4=3D=\n"), ["1 text/plain \"aä=\""]);
    assert_eq!(mail("BASE64", "YeQ\n9"), ["1 text/plain \"aä=\""]);
    assert_eq!(mail("8bit", "a"), ["1 text/plain \"a\""]);
    assert!(mail("base64", "a*b")[0].starts_with("1 text/plain: it can't be decoded"));
    assert_eq!(
        mail("uuencode", "a"),
        ["1 text/plain: its transfer encoding \"uuencode\" is not known"]
    );
}

#[test]
fn what_is_broken_is_told_and_ends_nothing() {
    let none = "Content-Type: multipart/mixed; boundary=O\n\nno parts";
    assert_eq!(
        told(none),
        ["1 multipart/mixed: it says to have parts, and its boundary is nowhere"]
    );
    assert_eq!(told(""), ["1 text/plain \"\""]);
    let open = "Content-Type: multipart/mixed; boundary=O\n\n--O\n\na";
    assert_eq!(told(open), ["1 text/plain \"a\""]);
    let deep: String = (0..200)
        .map(|n| format!("Content-Type: multipart/mixed; boundary=B{n}x\n\n--B{n}x\n"))
        .collect();
    assert!(parts(deep.as_bytes(), false).is_err());
    let nested = "Content-Type: message/rfc822\n\n".repeat(50);
    assert!(told(&nested)[0].ends_with("mails within mails are opened 8 deep"));
}
