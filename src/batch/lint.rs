//! What is allowed and yet most likely a mistake: told once a kind, or rejected with `--strict`.

mod kinds;
mod spoiled;

use crate::claims::ValueForm;
use kinds::ByteKinds;
pub(super) use spoiled::{is_total, may_be_total};

/// A kind of warning, with the sentence about one row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum Lint {
    /// The same claims on two rows: two customers, or one twice.
    #[error("an earlier row has the same claims")]
    Duplicate,
    /// An id that became a number or a date, lost its last digits, or has what kept it from that.
    #[error("the value looks like an id that a spreadsheet spoiled")]
    SpoiledId,
    /// An id that a workbook shows with leading zeros or other text of a number format, which its value lacks.
    #[error("the spreadsheet shows leading zeros or other text of a number format, which the value does not hold")]
    ShownWithMore,
    /// A formula of a workbook whose value nobody has saved, in a cell that no claim and no link needs.
    #[error("the formula was never calculated")]
    Uncalculated,
    /// A text for a value that is not there: `NULL`, `NaN`, `#N/A`, `#REF!`.
    #[error("the value looks like a text for a value that is not there")]
    MissingValue,
    /// Most likely no customer, but a row that adds up the others.
    #[error("the row looks like a total of the others, not like a customer")]
    TotalRow,
    /// A character that nobody sees, or that only looks like a space.
    #[error("the value has a character that nobody sees, or a special space")]
    UnseenCharacter,
    /// An odd number of quotes.
    #[error("the value has a quote without a partner")]
    StrayQuote,
    /// A mail address or telephone number that everybody who sees the link can read.
    #[error("the value looks like a mail address or a telephone number, and the link shows it")]
    PersonalData,
    /// A link that some mail programs and servers cut.
    #[error("the link is longer than {LONG_LINK} characters")]
    LongLink,
    /// An address without encryption.
    #[error("the link is plain http")]
    PlainHttp,
    /// A row's own address leads to another host than the first, or than that of all.
    #[error("the link leads to another host than those before it")]
    OtherHost,
}

/// The longest link without a warning, in characters.
pub const LONG_LINK: usize = 2_000;

impl Lint {
    /// All kinds, in the order in which they are told.
    pub(crate) const ALL: [Lint; 12] = [
        Lint::Duplicate,
        Lint::SpoiledId,
        Lint::ShownWithMore,
        Lint::Uncalculated,
        Lint::MissingValue,
        Lint::TotalRow,
        Lint::UnseenCharacter,
        Lint::StrayQuote,
        Lint::PersonalData,
        Lint::LongLink,
        Lint::PlainHttp,
        Lint::OtherHost,
    ];

    /// The word for it in JSON.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Lint::Duplicate => "duplicate",
            Lint::SpoiledId => "spoiled_id",
            Lint::ShownWithMore => "shown_with_more",
            Lint::Uncalculated => "uncalculated",
            Lint::MissingValue => "missing_value",
            Lint::TotalRow => "total_row",
            Lint::UnseenCharacter => "unseen_character",
            Lint::StrayQuote => "stray_quote",
            Lint::PersonalData => "personal_data",
            Lint::LongLink => "long_link",
            Lint::PlainHttp => "plain_http",
            Lint::OtherHost => "other_host",
        }
    }

    /// What to do about it.
    #[must_use]
    pub fn hint(self) -> &'static str {
        match self {
            Lint::Duplicate => "take the row out if the customer is in the list twice",
            Lint::SpoiledId => "format the column as text before the export, and export it again",
            Lint::ShownWithMore => {
                "if they belong to the id, format the column as text and enter them, or use a column with =TEXT(A2,\"00000\")"
            }
            Lint::Uncalculated => "open the workbook in Excel and save it",
            Lint::MissingValue => "mend the formula or the query that gave it, or take the row out",
            Lint::TotalRow => "take the row out; a list ends with its last customer",
            Lint::UnseenCharacter => {
                "clean the column before the export: =TRIM(CLEAN(A2)), and replace no-break spaces"
            }
            Lint::StrayQuote => "take the quote out, or double it where the cell is quoted: \"\"",
            Lint::PersonalData => "a sealed token hides the claims from everybody without the key",
            Lint::LongLink => "fewer or shorter claims make it shorter",
            Lint::OtherHost => "look whose hosts these are: the links lead there with their tokens",
            Lint::PlainHttp => "use https:// so that nobody on the way can read or change it",
        }
    }
}

/// What a claim's value, stored in this form, looks like. `sealed` hides personal data.
#[inline]
#[must_use]
pub fn of_value(value: &str, form: ValueForm, sealed: bool) -> Option<Lint> {
    let bytes = value.as_bytes();
    match form {
        // a spreadsheet keeps 15 digits and fills up with zeros
        ValueForm::Number => (bytes.len() >= 16 && bytes.ends_with(b"0")).then_some(Lint::SpoiledId),
        ValueForm::Uuid => None,
        ValueForm::Text if !bytes[0].is_ascii_digit() && !matches!(bytes[0], b'+' | b'(') => {
            let kinds = ByteKinds::of(bytes);
            match !sealed && kinds.has(ByteKinds::AT) && is_mail(bytes) {
                true => Some(Lint::PersonalData),
                false => spoiled::of_text(value, kinds),
            }
        }
        ValueForm::Text | ValueForm::Hex => {
            of_digits(value, sealed).or_else(|| spoiled::of_text(value, ByteKinds::of(bytes)))
        }
    }
}

/// `1-Mar`, which may be a customer's, while `Mar-26` may name a column.
pub(super) fn is_day(text: &str) -> bool {
    text.starts_with(|letter: char| letter.is_ascii_digit()) && spoiled::is_date(text)
}

/// `anna@example.org`, `Anna <anna@example.org>`.
pub(super) fn is_mail(bytes: &[u8]) -> bool {
    let bytes = match bytes.strip_suffix(b">").map(|name| (name, memchr::memrchr(b'<', name))) {
        Some((name, Some(start))) => &name[start + 1..],
        _ => bytes,
    };
    let Some(at) = memchr::memchr(b'@', bytes) else {
        return false;
    };
    let (name, domain) = (&bytes[..at], &bytes[at + 1..]);
    let dot = memchr::memrchr(b'.', domain);
    !name.is_empty()
        && dot.is_some_and(|dot| dot > 0 && dot + 2 < domain.len())
        && !bytes.iter().any(|byte| byte.is_ascii_whitespace() || *byte == b'/')
}

/// Values that begin like a number, and are none that a token stores as such.
fn of_digits(value: &str, sealed: bool) -> Option<Lint> {
    let bytes = value.as_bytes();
    let digits = bytes.iter().filter(|byte| byte.is_ascii_digit()).count();
    if digits == bytes.len() {
        if digits >= 16 && bytes.ends_with(b"0") {
            return Some(Lint::SpoiledId);
        }
        let domestic = bytes[0] == b'0' && bytes.get(1) != Some(&b'0') && (10..=12).contains(&digits);
        return (domestic && !sealed).then_some(Lint::PersonalData);
    }
    if spoiled::is_number(bytes) {
        return Some(Lint::SpoiledId);
    }
    if !sealed && is_mail(bytes) {
        return Some(Lint::PersonalData);
    }
    let separator = |byte: &u8| byte.is_ascii_digit() || matches!(byte, b'+' | b' ' | b'-' | b'/' | b'(' | b')' | b'.');
    // an id such as 2026-0042 is none: a number begins with +, 0 or a bracket
    let is_phone =
        !sealed && matches!(bytes[0], b'+' | b'0' | b'(') && (7..=15).contains(&digits) && bytes.iter().all(separator);
    (is_phone && !is_calendar_day(value)).then_some(Lint::PersonalData)
}

/// `01.02.2026`, in digits alone.
fn is_calendar_day(text: &str) -> bool {
    let Some(mark) = text.chars().find(|letter| matches!(letter, '.' | '-' | '/')) else {
        return false;
    };
    let parts: Vec<Option<u16>> = text.split(mark).map(|part| part.parse().ok()).collect();
    matches!(parts[..], [Some(day @ 1..=31), Some(month @ 1..=31), Some(1900..=2099)] if day.min(month) <= 12)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of_value(value: &str, sealed: bool) -> Option<Lint> {
        super::of_value(value, ValueForm::of(value), sealed)
    }

    #[test]
    fn values_that_look_like_mistakes_are_told() {
        let table = [
            ("1234567", None),
            ("2026-0042", None),
            ("01.02.2026", None),
            ("31.12.2026", None),
            ("02/13/2026", None),
            ("030.12.3026", Some(Lint::PersonalData)),
            ("004711", None),
            ("VIP-0042", None),
            ("spring26", None),
            ("1E5", None),
            ("12e", None),
            ("468201934710284517", None),
            ("4.68E+17", Some(Lint::SpoiledId)),
            ("4,68E+17", Some(Lint::SpoiledId)),
            ("5e+20", Some(Lint::SpoiledId)),
            ("468201934710284000", Some(Lint::SpoiledId)),
            ("1234567890123450", Some(Lint::SpoiledId)),
            ("123456789012340", None),
            ("anna@example.org", Some(Lint::PersonalData)),
            ("1anna@example.org", Some(Lint::PersonalData)),
            ("@handle", None),
            ("a@b", None),
            ("see a@b.de/x", None),
            ("+49 30 1234567", Some(Lint::PersonalData)),
            ("+4930123456", Some(Lint::PersonalData)),
            ("(030) 123 45 67", Some(Lint::PersonalData)),
            ("0171/1234567", Some(Lint::PersonalData)),
            ("01711234567", Some(Lint::PersonalData)),
            ("+1", None),
            ("1.5E17", Some(Lint::SpoiledId)),
            ("1.23456789E-5", Some(Lint::SpoiledId)),
            ("46.8E+16", Some(Lint::SpoiledId)),
            ("1E20", None),
            ("1E21", Some(Lint::SpoiledId)),
            ("1E23", Some(Lint::SpoiledId)),
            ("1e23", None),
            ("1E100", Some(Lint::SpoiledId)),
            ("1E1000", None),
            ("12E-05", None),
            ("1001.0", Some(Lint::SpoiledId)),
            ("1001,0", Some(Lint::SpoiledId)),
            ("1001.5", None),
            ("10023.000000000002", Some(Lint::SpoiledId)),
            ("1.2.0", None),
            ("01711234567.0", Some(Lint::SpoiledId)),
            ("'0042", Some(Lint::SpoiledId)),
            ("'+49171", Some(Lint::SpoiledId)),
            ("'s-Hertogenbosch", None),
            ("=\"0043\"", Some(Lint::SpoiledId)),
            ("=A2", Some(Lint::SpoiledId)),
            ("1-Mar", Some(Lint::SpoiledId)),
            ("01-Mar-26", Some(Lint::SpoiledId)),
            ("Mar-26", Some(Lint::SpoiledId)),
            ("Mar 2026", Some(Lint::SpoiledId)),
            ("mar-26", None),
            ("MAR-26", None),
            ("mar26", None),
            ("Mar-1234-26", None),
            ("01. Mrz", Some(Lint::SpoiledId)),
            ("01.Mrz", Some(Lint::SpoiledId)),
            ("Mrz 26", Some(Lint::SpoiledId)),
            ("Jan 26", Some(Lint::SpoiledId)),
            ("Okt 26", Some(Lint::SpoiledId)),
            ("01-mars", Some(Lint::SpoiledId)),
            ("32-Mar", None),
            ("2026-03-01 00:00:00", Some(Lint::SpoiledId)),
            ("2026-03-01", None),
            ("#N/A", Some(Lint::MissingValue)),
            ("#REF!", Some(Lint::MissingValue)),
            ("#NAME?", Some(Lint::MissingValue)),
            ("#DIV/0!", Some(Lint::MissingValue)),
            ("#NV", Some(Lint::MissingValue)),
            ("#BEZUG!", Some(Lint::MissingValue)),
            ("########", Some(Lint::MissingValue)),
            ("#ÜBERLAUF!", Some(Lint::MissingValue)),
            ("Err:502", Some(Lint::MissingValue)),
            ("#42", None),
            ("#win!", None),
            ("NULL", Some(Lint::MissingValue)),
            ("NaN", Some(Lint::MissingValue)),
            ("nan", Some(Lint::MissingValue)),
            ("None", Some(Lint::MissingValue)),
            ("<NA>", Some(Lint::MissingValue)),
            ("\\N", Some(Lint::MissingValue)),
            ("Nullmeyer", None),
            ("Nonesuch", None),
            ("Total", Some(Lint::TotalRow)),
            ("SUMME:", Some(Lint::TotalRow)),
            ("Grand Total", Some(Lint::TotalRow)),
            ("Total Wine", None),
            ("Summers", None),
            ("1001\u{a0}", Some(Lint::UnseenCharacter)),
            ("10\u{200b}01", Some(Lint::UnseenCharacter)),
            ("\u{202d}1001\u{202c}", Some(Lint::UnseenCharacter)),
            ("\u{200e}1001", Some(Lint::UnseenCharacter)),
            ("\u{feff}1001", Some(Lint::UnseenCharacter)),
            ("10\u{0}01", Some(Lint::UnseenCharacter)),
            ("A\u{a0}1", Some(Lint::UnseenCharacter)),
            ("A\u{200d}1", Some(Lint::UnseenCharacter)),
            ("نمی\u{200c}دانم", None),
            ("山田\u{3000}太郎", None),
            ("Müller", None),
            ("1001\"", Some(Lint::StrayQuote)),
            ("\"1001\"", None),
            ("a long text of more than sixteen letters without", None),
            ("anna.krueger.of.berlin@mail.example.org", Some(Lint::PersonalData)),
        ];
        for (value, lint) in table {
            assert_eq!(of_value(value, false), lint, "{value}");
        }
    }

    #[test]
    fn a_seal_hides_personal_data_and_no_spoiled_id() {
        assert_eq!(of_value("anna@example.org", true), None);
        assert_eq!(of_value("+49 30 1234567", true), None);
        assert_eq!(of_value("4.68E+17", true), Some(Lint::SpoiledId));
    }
}
