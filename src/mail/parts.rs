//! A mail's parts, decoded as a mail program decodes them (RFC 2045, 2046), in time that grows with the mail alone.

use super::head::{self, Head};
use super::look::Reading;
use super::params::MediaType;
use super::sources::{names_transfer, pieces};
use super::transfer::Transfer;
use super::{charset, split};
use crate::excerpt::Excerpt;

/// Mails within mails are opened so deep.
const DEEPEST: usize = 8;
/// And so deep multiparts within multiparts.
const DEEPEST_MULTIPART: usize = 100;

/// A part of a mail that is no container, or a header, or what stands round parts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// As IMAP numbers it (RFC 3501, section 6.4.5): `1.2` is the second part of the first, `HEADER` the mail's header,
    /// `1.MIME` that of a part. What stands before and behind parts is `PREAMBLE` and `EPILOGUE`, a body as it stands
    /// that can't be decoded is `1.RAW`, and a mail that was joined to a text is `1.JOINED.1`.
    pub number: String,
    /// In lower case: `text/html`.
    pub media_type: String,
    /// What is in it.
    pub content: Content,
    /// The number of the `multipart/alternative` that it is a version of, or of its part that is (RFC 2046, section
    /// 5.1.4): the versions of one say the same in other words.
    pub version_of: Option<String>,
    /// Whether mail programs show it as the mail's text.
    pub is_shown: bool,
}

/// What is in a part.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Content {
    /// A text as it stands, and how it is to be read: of HTML, also the kinds that some mail programs have for themselves.
    Text(String, Reading),
    /// Of a type that is not looked into: an image, a list, a PDF.
    Skipped,
    /// It should have been read and can't be, with the reason.
    Unreadable(String),
}

/// Why a mail can't be read at all.
#[derive(Debug, thiserror::Error)]
#[error("it can't be read as a mail: its parts are nested deeper than {DEEPEST_MULTIPART}")]
pub struct MailError;

/// All parts of a mail in the order they stand, those of mails within it too. In a mailbox, whatever a `From ` line may
/// begin is left to another [`Splitting`](super::Splitting) of it.
///
/// # Errors
/// When it is nested deeper than mails are.
pub fn parts(mail: &[u8], in_mailbox: bool) -> Result<Vec<Part>, MailError> {
    Parts {
        in_mailbox,
        ..Parts::default()
    }
    .of(mail)
}

/// The same, with texts of whatever type looked into: calendars, reports, attached mails.
pub(super) fn all_parts(mail: &[u8]) -> Result<Vec<Part>, MailError> {
    Parts {
        opens_all: true,
        ..Parts::default()
    }
    .of(mail)
}

/// A mail that was taken out of a mailbox keeps its `From ` line.
fn without_envelope(mail: &[u8]) -> &[u8] {
    match mail.starts_with(b"From ") {
        true => &mail[head::line_end(mail, 0)..],
        false => mail,
    }
}

/// Where an entity stands.
#[derive(Clone, Copy)]
struct At<'n> {
    number: &'n str,
    /// How many mails it is in, and how many multiparts.
    mails: usize,
    multiparts: usize,
    version_of: Option<&'n str>,
    /// What it is where it does not say (RFC 2046, section 5.1.5).
    usual_type: &'static str,
}

fn join(number: &str, child: impl std::fmt::Display) -> String {
    match number {
        "" => child.to_string(),
        number => format!("{number}.{child}"),
    }
}

#[derive(Default)]
struct Parts {
    found: Vec<Part>,
    /// Whether no type is passed over.
    opens_all: bool,
    in_mailbox: bool,
}

impl Parts {
    fn of(mut self, mail: &[u8]) -> Result<Vec<Part>, MailError> {
        self.take_mail(mail, "", 0)?;
        Ok(self.found)
    }

    fn take_mail(&mut self, mail: &[u8], number: &str, mails: usize) -> Result<(), MailError> {
        let mail = mail.strip_prefix(b"\xef\xbb\xbf").unwrap_or(mail).trim_ascii_start();
        let (head, body) = head::split(without_envelope(mail));
        self.take_header(&head, join(number, "HEADER"));
        let at = At {
            number,
            mails,
            multiparts: 0,
            version_of: None,
            usual_type: "text/plain",
        };
        self.take_body(&head, body, at, true)
    }

    fn take_header(&mut self, head: &Head<'_>, number: String) {
        if !head.raw.is_empty() {
            let text = String::from_utf8_lossy(head.raw).into_owned();
            self.hidden(number, "text/rfc822-headers", Content::Text(text, Reading::Header));
        }
    }

    /// What stands in a mail and is not shown as its text.
    fn hidden(&mut self, number: String, media_type: &str, content: Content) {
        self.found.push(Part {
            number,
            media_type: media_type.to_owned(),
            content,
            version_of: None,
            is_shown: false,
        });
    }

    fn hidden_text(&mut self, number: String, text: &[u8]) {
        if !text.trim_ascii().is_empty() {
            let text = charset::decode(text, None);
            self.hidden(number, "text/plain", Content::Text(text, Reading::Text));
        }
    }

    /// Takes a body by what its header says; `is_mail` where it is a mail's own, whose one part has the number 1.
    fn take_body(&mut self, head: &Head<'_>, body: &[u8], at: At<'_>, is_mail: bool) -> Result<(), MailError> {
        let mut media_type = MediaType::parse(&head.all("Content-Type").next().unwrap_or_default());
        if media_type.name.is_empty() {
            media_type.name = at.usual_type.to_owned();
        }
        let transfers = transfers(head);
        if media_type.name.starts_with("multipart/") {
            let boundaries = media_type.readings("boundary");
            if let Some(multipart) = split::split(body, &boundaries) {
                return self.take_multipart(&multipart, &media_type, at);
            }
            // a multipart is not to be encoded (RFC 2045, section 6.4); some are
            let decoded = transfers
                .iter()
                .find_map(|transfer| transfer.as_ref().ok()?.decode(body).ok());
            if let Some(multipart) = decoded.as_deref().and_then(|body| split::split(body, &boundaries)) {
                return self.take_multipart(&multipart, &media_type, at);
            }
        }
        let first = join(at.number, 1);
        let at = At {
            number: if is_mail { &first } else { at.number },
            ..at
        };
        for transfer in transfers {
            self.take_leaf(&media_type, transfer, body, at);
        }
        match media_type.name.starts_with("text/") {
            true => self.take_joined(body, at),
            false => Ok(()),
        }
    }

    /// Takes the mails in a text that no mark parts from what is before them, and whose links nobody sees as they stand:
    /// those in base64.
    fn take_joined(&mut self, text: &[u8], at: At<'_>) -> Result<(), MailError> {
        let may_begin_otherwise = || self.in_mailbox && memchr::memmem::find(text, b"\nFrom ").is_some();
        // of a paste, they are pieces of their own
        if self.opens_all || at.mails == DEEPEST || !names_transfer(text) || may_begin_otherwise() {
            return Ok(());
        }
        let is_hidden = |mail: &str| transfers(&head::split(mail.as_bytes()).0).contains(&Ok(Transfer::Base64));
        let pieces = pieces(&String::from_utf8_lossy(text)).into_iter();
        let joined = pieces.filter(|piece| piece.is_source && is_hidden(&piece.text));
        for (index, mail) in (1..).zip(joined) {
            let number = join(at.number, format_args!("JOINED.{index}"));
            self.take_mail(mail.text.as_bytes(), &number, at.mails + 1)?;
        }
        Ok(())
    }

    fn take_multipart(
        &mut self,
        multipart: &split::Multipart<'_>,
        media_type: &MediaType,
        at: At<'_>,
    ) -> Result<(), MailError> {
        if at.multiparts == DEEPEST_MULTIPART {
            return Err(MailError);
        }
        let inner = At {
            multiparts: at.multiparts + 1,
            version_of: match media_type.name == "multipart/alternative" {
                true => Some(at.number),
                false => at.version_of,
            },
            usual_type: match media_type.name == "multipart/digest" {
                true => "message/rfc822",
                false => "text/plain",
            },
            ..at
        };
        self.take_outside("PREAMBLE", multipart.outside[0], at)?;
        for (index, part) in multipart.parts.iter().enumerate() {
            let number = join(at.number, index + 1);
            let (head, body) = head::split(part);
            self.take_header(&head, join(&number, "MIME"));
            let number = &number;
            self.take_body(&head, body, At { number, ..inner }, false)?;
        }
        self.take_outside("EPILOGUE", multipart.outside[1], at)
    }

    fn take_outside(&mut self, name: &str, text: &[u8], at: At<'_>) -> Result<(), MailError> {
        let number = &join(at.number, name);
        self.hidden_text(number.clone(), text);
        self.take_joined(text, At { number, ..at })
    }

    fn take_leaf(&mut self, media_type: &MediaType, transfer: Result<Transfer, String>, body: &[u8], at: At<'_>) {
        let name = media_type.name.as_str();
        let decode = |transfer: Transfer| {
            let decoded = transfer.decode(body);
            decoded.map_err(|reason| format!("it can't be decoded: {reason}"))
        };
        let text = |reading| {
            let charset = media_type.param("charset");
            let decoded = transfer.clone().and_then(decode);
            decoded.map(|bytes| Content::Text(charset::decode(&bytes, charset.as_deref()), reading))
        };
        let content = match name {
            "message/rfc822" | "message/global" => {
                let mail = transfer.and_then(decode);
                match mail.and_then(|mail| self.take_inner_mail(&mail, at)) {
                    Ok(()) => return,
                    Err(reason) => Err(reason),
                }
            }
            name if name.starts_with("multipart/") => {
                Err("it says to have parts, and its boundary is nowhere".to_owned())
            }
            "text/html" | "text/x-amp-html" | "text/watch-html" | "application/xhtml+xml" => text(Reading::Html),
            // RFC 2045, section 5.2: what has no type that can be understood is plain text
            plain if plain == "text/plain" || !plain.contains('/') => text(plain_reading(media_type)),
            _ if self.opens_all => match transfer.and_then(decode) {
                Ok(mail) if super::is_mail(&mail) => match self.take_inner_mail(&mail, at) {
                    Ok(()) => return,
                    Err(reason) => Err(reason),
                },
                Ok(bytes) => Ok(super::text(&bytes).map_or(Content::Skipped, |text| {
                    let reading = Reading::of_unsaid(&text);
                    Content::Text(text, reading)
                })),
                Err(reason) => Err(reason),
            },
            _ => Ok(Content::Skipped),
        };
        let is_undecoded = content.is_err();
        self.found.push(Part {
            number: at.number.to_owned(),
            media_type: media_type.name.clone(),
            content: content.unwrap_or_else(Content::Unreadable),
            version_of: at.version_of.map(str::to_owned),
            is_shown: true,
        });
        if is_undecoded {
            self.hidden_text(join(at.number, "RAW"), body);
        }
    }

    fn take_inner_mail(&mut self, mail: &[u8], at: At<'_>) -> Result<(), String> {
        if at.mails == DEEPEST {
            return Err(format!("mails within mails are opened {DEEPEST} deep"));
        }
        self.take_mail(mail, at.number, at.mails + 1)
            .map_err(|error| error.to_string())
    }
}

fn plain_reading(media_type: &MediaType) -> Reading {
    let says = |name: &str, value: &str| {
        media_type
            .param(name)
            .is_some_and(|given| given.eq_ignore_ascii_case(value))
    };
    match says("format", "flowed") {
        true => Reading::Flowed {
            deletes_space: says("delsp", "yes"),
        },
        false => Reading::Text,
    }
}

/// The transfer encodings that a header names, in whole: where two fields contradict each other, programs differ in
/// which they take. One that nobody knows is not to be taken for none.
fn transfers(head: &Head<'_>) -> Vec<Result<Transfer, String>> {
    let mut transfers: Vec<Result<Transfer, String>> = Vec::new();
    for value in head.all("Content-Transfer-Encoding") {
        let unknown = || format!("its transfer encoding {} is not known", Excerpt(&value));
        let transfer = Transfer::parse(&value).ok_or_else(unknown);
        if !transfers.contains(&transfer) && transfers.len() < 4 {
            transfers.push(transfer);
        }
    }
    if transfers.is_empty() {
        transfers.push(Ok(Transfer::Plain));
    }
    transfers
}

#[cfg(test)]
mod tests;
