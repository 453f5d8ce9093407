//! What bytes most likely are that are no UTF-8, or of which nobody said what they are.
//!
//! `chardetng`, which Firefox asks the same, tells the encodings of the web apart. It knows neither the code pages of DOS
//! nor that of old Macintoshes, which programs of Windows and Excel for Mac still write; those are taken where they make
//! better words.

use super::encoding::Encoding;
use crate::excerpt::Excerpt;
use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{MACINTOSH, UTF_16BE, UTF_16LE};

/// What some bytes most likely are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Likely {
    /// The encoding's name.
    pub name: &'static str,
    /// What stands there, as it would read.
    pub reads: String,
}

impl Likely {
    /// What a line most likely is, with as much of it as a message quotes, from the cell on that shows it.
    pub(crate) fn of_line(line: &[u8]) -> Option<Box<Self>> {
        let encoding = likely(line);
        let text = encoding.decode(line)?;
        let telling = text.char_indices().find(|(_, letter)| !letter.is_ascii())?.0;
        let is_end = |letter: char| matches!(letter, ',' | ';' | '\t' | '|' | '"' | '\r' | '\n');
        let start = text[..telling].rfind(is_end).map_or(0, |at| at + 1);
        Some(Box::new(Self {
            name: encoding.name(),
            reads: Excerpt(text[start..].trim_end()).to_string(),
        }))
    }
}

/// What the bytes at the start of a list most likely are.
#[must_use]
pub fn likely(start: &[u8]) -> Encoding {
    if let Some(utf16) = utf16_without_mark(start) {
        return utf16;
    }
    match std::str::from_utf8(start) {
        Ok(_) => return Encoding::default(),
        // cut within a character
        Err(error) if error.error_len().is_none() => return Encoding::default(),
        Err(_) => {}
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(start, true);
    let guess = Encoding::of(detector.guess(None, Utf8Detection::Deny));
    // of those that are as good, the last is taken
    let all = [Some(Encoding::of(MACINTOSH)), Encoding::by_name("cp850"), Some(guess)];
    let best = all.into_iter().flatten().max_by_key(|encoding| words(*encoding, start));
    best.unwrap_or(guess)
}

/// What to do about a list that is no text.
pub const NO_TEXT: &str = "unpack it if it is packed, or export the list as CSV";

/// Whether bytes hold too many control characters for a text in any encoding. Zeros, which UTF-16 and UTF-32 are full of,
/// tell nothing.
#[must_use]
pub fn is_no_text(start: &[u8]) -> bool {
    let is_control = |byte: u8| byte < b' ' && !matches!(byte, b'\t' | b'\n' | b'\r' | 0x1f) || byte == 0x7f;
    let (mut others, mut controls) = (0, 0);
    for byte in start.iter().copied().filter(|byte| *byte != 0) {
        others += 1;
        controls += usize::from(is_control(byte));
    }
    controls * 50 > others && utf16_without_mark(start).is_none()
}

/// Text of the Western world in UTF-16 has a zero in nearly every pair of bytes.
fn utf16_without_mark(start: &[u8]) -> Option<Encoding> {
    let pairs = start.chunks_exact(2);
    let count = pairs.len();
    let zeros = |at: usize| pairs.clone().filter(|pair| pair[at] == 0).count();
    let is_most = |zeros: usize| count >= 4 && zeros * 4 > count * 3;
    match (is_most(zeros(0)), is_most(zeros(1))) {
        (false, true) => Some(Encoding::of(UTF_16LE)),
        (true, false) => Some(Encoding::of(UTF_16BE)),
        _ => None,
    }
}

/// How much the characters past ASCII look like letters of words. Undefined bytes are worst of all.
fn words(encoding: Encoding, bytes: &[u8]) -> i64 {
    let Some(text) = encoding.decode(bytes) else {
        return i64::MIN;
    };
    let (mut quality, mut before) = (0, ' ');
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        let after = letters.peek().copied().unwrap_or(' ');
        if !letter.is_ascii() {
            quality += of_letter(before, letter, after);
        }
        before = letter;
    }
    quality
}

fn of_letter(before: char, letter: char, after: char) -> i64 {
    let is_in_word = before.is_ascii_alphabetic() || after.is_ascii_alphabetic();
    match letter {
        // the quotes and dashes of windows-1252
        '\u{2010}'..='\u{203a}' | '€' => 1,
        _ if is_latin(letter) && !is_in_word => 0,
        // the letters of Latin alphabets; an upper-case one does not follow a lower-case one
        _ if is_latin(letter) && letter.is_uppercase() && before.is_lowercase() => -2,
        _ if is_latin(letter) => {
            // names begin with a capital
            let begins = letter.is_lowercase() && !before.is_alphabetic();
            2 + i64::from(WESTERN.contains(letter)) - i64::from(begins)
        }
        _ if letter.is_control() => -4,
        _ if letter.is_alphabetic() && !is_in_word => 2,
        _ if is_in_word => -4,
        _ => 0,
    }
}

/// The letters of German, French, Spanish, Italian and the North, which are in every code page that is compared.
const WESTERN: &str = "äöüßàâçéèêëîïôùûñáíóúìòåøæÄÖÜÀÉÈÊÇÑÅØÆÁÓÍÚ";

fn is_latin(letter: char) -> bool {
    matches!(letter, '\u{c0}'..='\u{24f}') && letter.is_alphabetic()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(text: &str, encoding: &str) -> &'static str {
        let encoding = Encoding::by_name(encoding).expect("a name");
        likely(&encoding.encode(text)).name()
    }

    #[test]
    fn lists_of_many_countries_are_told_by_one_line() {
        for (text, encoding) in [
            ("10023;Krüger GmbH;Köln", "windows-1252"),
            ("10023;Bäckerei Weiß;Nürnberg;München", "windows-1252"),
            ("1;Société Générale;Orléans", "windows-1252"),
            ("1;Tomáš Dvořák;Plzeň;Šumperk", "windows-1250"),
            ("1;Łukasz Wiśniewski;Łódź;Gdańsk", "windows-1250"),
            ("1;Иванов Иван Петрович;Москва", "windows-1251"),
            ("1;Γιώργος Παπαδόπουλος;Αθήνα", "windows-1253"),
            ("10023;Krüger GmbH;Köln", "cp850"),
            ("1;Bäckerei Weiß;Nürnberg", "cp850"),
            ("1;Société Générale;Orléans", "cp850"),
            ("10023;Krüger GmbH;Köln", "macintosh"),
            ("1;Bäckerei Weiß;Nürnberg", "macintosh"),
            ("1;株式会社サンプル;東京都千代田区", "shift_jis"),
            ("1;株式会社サンプル;東京都千代田区", "euc-jp"),
            ("1;北京示例有限公司;北京市朝阳区", "gbk"),
            ("1;주식회사 예제;서울특별시", "euc-kr"),
        ] {
            let wanted = Encoding::by_name(encoding).map(Encoding::name);
            assert_eq!(Some(name(text, encoding)), wanted, "{text} in {encoding}");
        }
    }

    #[test]
    fn utf8_and_utf16_are_told_without_a_mark() {
        assert_eq!(likely("1;Krüger".as_bytes()).name(), "UTF-8");
        assert_eq!(likely(b"id\n1\n").name(), "UTF-8");
        assert_eq!(likely(&"1;Krüger".as_bytes()[..5]).name(), "UTF-8");
        let utf16 =
            |bytes: fn(u16) -> [u8; 2]| "id;name\n1;Krüger\n".encode_utf16().flat_map(bytes).collect::<Vec<_>>();
        assert_eq!(likely(&utf16(u16::to_le_bytes)).name(), "UTF-16LE");
        assert_eq!(likely(&utf16(u16::to_be_bytes)).name(), "UTF-16BE");
    }

    #[test]
    fn the_cell_that_tells_is_shown() {
        let found = Likely::of_line(b"1,anna@example.org,\"Kr\xfcger, Anna\",K\xf6ln").expect("a guess");
        assert_eq!((found.name, &*found.reads), ("windows-1252", "\"Krüger, Anna\",Köln\""));
    }
}
