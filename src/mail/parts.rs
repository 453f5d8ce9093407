//! A mail's parts, decoded as a mail program decodes them (RFC 2045, 2046).

use mailparse::{MailHeaderMap, ParsedMail};

/// Mails within mails are opened so deep.
const DEEPEST: usize = 8;

/// A part of a mail that is no container.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// As IMAP numbers it (RFC 3501, section 6.4.5): `1.2` is the second part of the first.
    pub number: String,
    /// In lower case: `text/html`.
    pub media_type: String,
    /// What is in it.
    pub content: Content,
    /// The number of the `multipart/alternative` that it is a version of, or of its part that is (RFC 2046, section
    /// 5.1.4): the versions of one say the same in other words.
    pub version_of: Option<String>,
}

/// What is in a part.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Content {
    /// Text without marks.
    Text(String),
    /// HTML, also of the kinds that some mail programs have for themselves.
    Html(String),
    /// Of a type that is not looked into: an image, a list, a PDF.
    Skipped,
    /// It should have been read and can't be, with the reason.
    Unreadable(String),
}

/// Why a mail can't be read at all.
#[derive(Debug, thiserror::Error)]
#[error("it can't be read as a mail: {0}")]
pub struct MailError(String);

/// All parts of a mail in the order they stand, those of mails within it too.
///
/// # Errors
/// When it is no mail, or nested deeper than mails are.
pub fn parts(mail: &[u8]) -> Result<Vec<Part>, MailError> {
    let mut parts = Vec::new();
    collect_mail(mail, "", 0, &mut parts)?;
    Ok(parts)
}

fn collect_mail(mail: &[u8], number: &str, depth: usize, parts: &mut Vec<Part>) -> Result<(), MailError> {
    let mail = mail.strip_prefix(b"\xef\xbb\xbf").unwrap_or(mail).trim_ascii_start();
    let mail = without_envelope(mail);
    let parsed = mailparse::parse_mail(mail).map_err(|error| MailError(plain(&error)))?;
    match is_container(&parsed) {
        true => collect(&parsed, number, depth, None, parts),
        false => collect(&parsed, &join(number, 1), depth, None, parts),
    }
    Ok(())
}

/// A mail that was taken out of a mailbox keeps its `From ` line.
fn without_envelope(mail: &[u8]) -> &[u8] {
    match mail.starts_with(b"From ") {
        true => memchr::memchr(b'\n', mail).map_or(mail, |end| &mail[end + 1..]),
        false => mail,
    }
}

fn is_container(part: &ParsedMail<'_>) -> bool {
    part.ctype.mimetype.starts_with("multipart/") && !part.subparts.is_empty()
}

fn join(number: &str, child: usize) -> String {
    match number {
        "" => child.to_string(),
        number => format!("{number}.{child}"),
    }
}

fn collect(part: &ParsedMail<'_>, number: &str, depth: usize, version_of: Option<&str>, parts: &mut Vec<Part>) {
    if is_container(part) {
        let version_of = match part.ctype.mimetype == "multipart/alternative" {
            true => Some(number),
            false => version_of,
        };
        for (index, child) in part.subparts.iter().enumerate() {
            collect(child, &join(number, index + 1), depth, version_of, parts);
        }
        return;
    }
    let content = match part.ctype.mimetype.as_str() {
        "message/rfc822" | "message/global" => match inner_mail(part, number, depth, parts) {
            Ok(()) => return,
            Err(reason) => Content::Unreadable(reason),
        },
        multipart if multipart.starts_with("multipart/") => {
            Content::Unreadable("it says to have parts, and its boundary is nowhere".to_owned())
        }
        "text/html" | "text/x-amp-html" | "text/watch-html" | "application/xhtml+xml" => {
            text(part).map_or_else(Content::Unreadable, Content::Html)
        }
        // RFC 2045, section 5.2: what has no type that can be understood is plain text
        plain if plain == "text/plain" || !plain.contains('/') => {
            text(part).map_or_else(Content::Unreadable, Content::Text)
        }
        _ => Content::Skipped,
    };
    parts.push(Part {
        number: number.to_owned(),
        media_type: part.ctype.mimetype.clone(),
        content,
        version_of: version_of.map(str::to_owned),
    });
}

fn inner_mail(part: &ParsedMail<'_>, number: &str, depth: usize, parts: &mut Vec<Part>) -> Result<(), String> {
    if depth == DEEPEST {
        return Err(format!("mails within mails are opened {DEEPEST} deep"));
    }
    check_encoding(part)?;
    let mail = part.get_body_raw().map_err(|error| undecodable(&error))?;
    collect_mail(&mail, number, depth + 1, parts).map_err(|error| error.to_string())
}

fn text(part: &ParsedMail<'_>) -> Result<String, String> {
    check_encoding(part)?;
    part.get_body().map_err(|error| undecodable(&error))
}

/// A transfer encoding that nobody knows is not to be taken for none.
fn check_encoding(part: &ParsedMail<'_>) -> Result<(), String> {
    let Some(encoding) = part.headers.get_first_value("Content-Transfer-Encoding") else {
        return Ok(());
    };
    match encoding.to_ascii_lowercase().as_str() {
        "" | "7bit" | "8bit" | "binary" | "quoted-printable" | "base64" => Ok(()),
        _ => Err(format!(
            "its transfer encoding {} is not known",
            crate::excerpt::Excerpt(&encoding)
        )),
    }
}

fn undecodable(error: &mailparse::MailParseError) -> String {
    format!("it can't be decoded: {}", plain(error))
}

/// The library's words, as a part of a sentence.
fn plain(error: &mailparse::MailParseError) -> String {
    let text = error.to_string();
    let mut letters = text.chars();
    let first = letters.next().map(|letter| letter.to_ascii_lowercase());
    first
        .into_iter()
        .chain(letters)
        .collect::<String>()
        .trim_end_matches(['.', '!'])
        .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(mail: &str) -> Vec<String> {
        let tell = |part: Part| match part.content {
            Content::Text(text) | Content::Html(text) => format!("{} {} {text:?}", part.number, part.media_type),
            Content::Skipped => format!("{} {} skipped", part.number, part.media_type),
            Content::Unreadable(reason) => format!("{} {}: {reason}", part.number, part.media_type),
        };
        parts(mail.as_bytes()).expect("a mail").into_iter().map(tell).collect()
    }

    #[test]
    fn parts_are_numbered_as_imap_does() {
        let mail = "Content-Type: multipart/mixed; boundary=o\n\n--o\nContent-Type: multipart/alternative; boundary=i\n\n\
                    --i\n\na\n--i\nContent-Type: text/html\n\n<b>\n--i--\n--o\nContent-Type: message/rfc822\n\n\
                    Subject: x\n\nb\n--o\nContent-Type: Image/PNG\n\nc\n--o--\n";
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
        let none = "Content-Type: multipart/mixed; boundary=o\n\nno parts";
        assert_eq!(
            told(none),
            ["1 multipart/mixed: it says to have parts, and its boundary is nowhere"]
        );
        assert_eq!(told(""), ["1 text/plain \"\""]);
        let open = "Content-Type: multipart/mixed; boundary=o\n\n--o\n\na";
        assert_eq!(told(open), ["1 text/plain \"a\""]);
        let deep: String = (0..200)
            .map(|n| format!("Content-Type: multipart/mixed; boundary=b{n}x\n\n--b{n}x\n"))
            .collect();
        assert!(parts(deep.as_bytes()).is_err());
        let nested = "Content-Type: message/rfc822\n\n".repeat(50);
        assert!(told(&nested)[0].ends_with("mails within mails are opened 8 deep"));
    }
}
