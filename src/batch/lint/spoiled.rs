//! Ids that a spreadsheet or an export made something else of, and texts that are none.

use super::Lint;
use super::kinds::ByteKinds;
use crate::excerpt::is_unseen;

/// What a text says that is no plain id. Most texts are told from all of these by the kinds of their bytes.
#[inline]
pub(super) fn of_text(value: &str, kinds: ByteKinds) -> Option<Lint> {
    match may_be_found(value.as_bytes(), kinds) {
        true => find(value, kinds),
        false => None,
    }
}

/// Short and without a digit, as words are, or with what parts a date in it, or with a byte that ids do not have.
#[inline]
fn may_be_found(value: &[u8], kinds: ByteKinds) -> bool {
    // Mar-26, 1-Mar, 01.Mrz, Err:502: one with a space has a rare byte
    let may_be_date = || {
        let no_word = value[0].is_ascii_digit() || !value[1 % value.len()].is_ascii_uppercase();
        value.len() <= 10 && !value[0].is_ascii_lowercase() && no_word && kinds.has(ByteKinds::PARTING)
    };
    kinds.has(ByteKinds::RARE) || value.len() <= 18 && (!kinds.has(ByteKinds::DIGIT) || may_be_date())
}

#[cold]
fn find(value: &str, kinds: ByteKinds) -> Option<Lint> {
    let bytes = value.as_bytes();
    let is_rare = kinds.has(ByteKinds::RARE);
    if is_rare && has_unseen(value) {
        Some(Lint::UnseenCharacter)
    } else if is_missing(value) {
        Some(Lint::MissingValue)
    } else if is_total(value) {
        Some(Lint::TotalRow)
    } else if !is_rare && !kinds.has(ByteKinds::PARTING) {
        // a word, as many campaigns are called
        None
    } else if is_guarded(bytes) || is_date(value) {
        Some(Lint::SpoiledId)
    } else {
        let quotes = memchr::memchr_iter(b'"', bytes).count();
        (quotes % 2 == 1).then_some(Lint::StrayQuote)
    }
}

/// `4.68E+17` or `4,68E+17`, as spreadsheets show long numbers; `1E23`, as others write them; `10023.000000000002`;
/// `1001.0`, `1001,00`.
pub(super) fn is_number(value: &[u8]) -> bool {
    is_scientific(value) || is_decimal(value)
}

fn is_scientific(value: &[u8]) -> bool {
    let Some(at) = memchr::memchr2(b'E', b'e', value) else {
        return false;
    };
    let (number, exponent) = (&value[..at], &value[at + 1..]);
    let is_digits = |bytes: &[u8]| !bytes.is_empty() && bytes.iter().all(u8::is_ascii_digit);
    let number = number.strip_prefix(b"-").unwrap_or(number);
    let (whole, decimals) = match memchr::memchr2(b'.', b',', number) {
        Some(point) => (&number[..point], Some(&number[point + 1..])),
        None => (number, None),
    };
    if !(is_digits(whole) && whole.len() <= 3 && decimals.is_none_or(is_digits)) {
        return false;
    }
    match exponent {
        [b'+', digits @ ..] => (whole.len() == 1 || decimals.is_some()) && is_digits(digits),
        [b'-', digits @ ..] => decimals.is_some() && is_digits(digits),
        digits if decimals.is_some() => is_digits(digits),
        // 1E5 may well be an id; a number of a workbook comes with an exponent from 1E21 on
        [b'2'..=b'9', b'0'..=b'9'] | [b'1'..=b'3', b'0'..=b'9', b'0'..=b'9'] => value[at] == b'E' && exponent != b"20",
        _ => false,
    }
}

/// A whole number that became a decimal one.
fn is_decimal(value: &[u8]) -> bool {
    let Some(point) = memchr::memchr2(b'.', b',', value) else {
        return false;
    };
    let (whole, decimals) = (&value[..point], &value[point + 1..]);
    let all_digits = !whole.is_empty() && whole.iter().chain(decimals).all(u8::is_ascii_digit);
    // more than 15 digits no spreadsheet keeps
    all_digits && (matches!(decimals, b"0" | b"00") || !decimals.is_empty() && whole.len() + decimals.len() > 15)
}

/// `'0042` and `="0042"`: what makes a spreadsheet keep a number as text, and was not meant as part of it.
pub(super) fn is_guarded(value: &[u8]) -> bool {
    match value {
        [b'=', ..] => true,
        // what word processors make of the apostrophe, and who takes the other key
        [b'`', next, ..] | [0xe2, 0x80, 0x98 | 0x99, next, ..] => next.is_ascii_digit(),
        [b'\'', next, ..] => next.is_ascii_digit() || matches!(next, b'=' | b'+' | b'-' | b'@'),
        _ => false,
    }
}

/// The short names of months that spreadsheets write; those of some languages have a full stop after them.
const MONTHS: [&str; 47] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec", // English
    "Mrz", "Mär", "Mai", "Okt", "Dez", // German
    "janv", "févr", "mars", "avr", "mai", "juin", "juil", "août", "sept", "oct", "nov", "déc", // French
    "ene", "abr", "ago", "dic", // Spanish
    "gen", "mag", "giu", "lug", "set", "ott", // Italian
    "mrt", "mei", "okt", // Dutch
    "fev", "out", "dez", // Portuguese
    "Sept", "sep", // of several
];

/// `1-Mar`, `01. Mrz`, `Mar-26`, `Mrz 26`, and the midnight that scripts write after a date.
pub(super) fn is_date(value: &str) -> bool {
    if let Some(date) = value.strip_suffix(" 00:00:00") {
        return date.len() == 10 && date.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
    }
    let is_separator = |letter: char| matches!(letter, '-' | '.' | ' ' | '/');
    if value.starts_with(is_separator) {
        return false;
    }
    let mut parts = value.split(is_separator).filter(|part| !part.is_empty());
    let (Some(first), Some(second), third) = (parts.next(), parts.next(), parts.next()) else {
        return false;
    };
    let is_count =
        |text: &str, lengths: &[usize]| lengths.contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    let is_day = |text: &str| is_count(text, &[1, 2]) && (1..=31).contains(&text.parse().unwrap_or(0));
    let is_year = |text: &str| is_count(text, &[2, 4]);
    let is_month = |text: &str| MONTHS.iter().any(|month| *month == text || is_title(month, text));
    // mar-26 may be a campaign's own name; spreadsheets write Mar-26, and in French mars-26
    let is_title_month = |text: &str| text.starts_with(char::is_uppercase) && is_month(text);
    match third {
        None => (is_day(first) && is_month(second)) || (is_title_month(first) && is_year(second)),
        // 01-Mar-26
        Some(year) => is_day(first) && is_month(second) && is_year(year) && parts.next().is_none(),
    }
}

/// Whether `text` is `month` with a capital letter.
fn is_title(month: &str, text: &str) -> bool {
    let mut letters = month.chars();
    let first = letters.next().map(char::to_uppercase);
    first.is_some_and(|first| first.chain(letters).eq(text.chars()))
}

/// Texts for a value that is not there, as spreadsheets, data bases and scripts write them.
const MISSING: [&str; 26] = [
    "NULL",
    "null",
    "Null",
    "(null)",
    "\\N",
    "NaN",
    "nan",
    "-nan",
    "-NaN",
    "NaT",
    "None",
    "<NA>",
    "<null>",
    "<NULL>",
    "<none>",
    "NA",
    "N/A",
    "n/a",
    "nil",
    "undefined",
    "#N/A",
    "#NV",
    "#NA",
    "#N/D",
    "#N/B",
    "1.#QNAN",
];

/// `NULL`, `NaN`, `#N/A`, `#REF!`, `Err:502`, `####`.
pub(super) fn is_missing(value: &str) -> bool {
    let is_error = |text: &str| {
        // in every language they are upper case and end so
        text.ends_with(['!', '?'])
            && !text
                .chars()
                .any(|letter| letter.is_lowercase() || letter.is_whitespace())
    };
    match value.as_bytes() {
        [b'#', rest @ ..] if rest.len() >= 2 => {
            rest.iter().all(|byte| *byte == b'#')
                || is_error(&value[1..])
                || MISSING.contains(&value)
                || value.starts_with("#N/A ")
        }
        [b'E', b'r', b'r', b':', code @ ..] => !code.is_empty() && code.iter().all(u8::is_ascii_digit),
        [b'N' | b'n' | b'u' | b'(' | b'<' | b'\\' | b'-' | b'1', ..] => MISSING.contains(&value),
        _ => false,
    }
}

/// The words of a row that adds up the others.
const TOTALS: [&str; 21] = [
    "total",
    "totals",
    "grand total",
    "subtotal",
    "sub-total",
    "sum",
    "summe",
    "gesamt",
    "gesamtsumme",
    "zwischensumme",
    "gesamtergebnis",
    "ergebnis",
    "итого",
    "всего",
    "insgesamt",
    "somme",
    "total général",
    "totale",
    "totaal",
    "total general",
    "suma total",
];

const LONGEST_TOTAL: usize = 20;

/// `Total`, `Summe:`.
#[inline]
pub(in crate::batch) fn is_total(value: &str) -> bool {
    may_be_total(value.as_bytes()) && is_a_total(value)
}

/// Whether bytes begin as such a word, and are no longer.
#[inline]
pub(in crate::batch) fn may_be_total(value: &[u8]) -> bool {
    // the last is the first byte of Cyrillic letters
    let begins = |first: &u8| {
        matches!(
            first.to_ascii_lowercase(),
            b't' | b's' | b'g' | b'z' | b'i' | b'e' | 0xd0
        )
    };
    value.first().is_some_and(begins) && value.len() <= LONGEST_TOTAL
}

#[cold]
fn is_a_total(value: &str) -> bool {
    let word = value.trim_end_matches([':', ' ']);
    let is_word = |total: &str| total.len() == word.len() && word.to_lowercase() == total;
    TOTALS.iter().any(|total| is_word(total))
}

/// Whether it holds characters that nobody sees, or that only look like a space. Letters of other scripts may need
/// joiners between them, and a wide space.
pub(super) fn has_unseen(value: &str) -> bool {
    let foreign = || value.chars().any(|letter| letter.is_alphabetic() && !letter.is_ascii());
    value.chars().any(|letter| match letter {
        '\u{200c}' | '\u{200d}' | '\u{3000}' => !foreign(),
        '\u{a0}' | '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{205f}' | '\u{115f}' | '\u{1160}' | '\u{3164}' => true,
        letter => is_unseen(letter),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Parts of what is looked for, and of ids.
    fn part() -> impl Strategy<Value = String> {
        let words: &'static [&'static str] = &[
            "Mar", "mars", "Err", "NULL", "n/a", "Total", "sub", "SKU", "q1", "1", "26", "2026", "00:00:00",
        ];
        let marks: &'static [&'static str] = &[
            "-", ".", "/", ":", " ", "'", "\"", "=", "#", "!", "\u{a0}", "\u{200b}", "é",
        ];
        prop_oneof![proptest::sample::select(words), proptest::sample::select(marks)].prop_map(str::to_owned)
    }

    proptest! {
        #[test]
        fn what_is_passed_over_by_its_bytes_would_not_be_found(parts in prop::collection::vec(part(), 1..6)) {
            let value = parts.concat();
            let kinds = ByteKinds::of(value.as_bytes());
            prop_assert!(may_be_found(value.as_bytes(), kinds) || find(&value, kinds).is_none(), "{}", value);
        }
    }
}
