//! What holds for every text, and for every token in every wrapping.

use linkmint::paste::{Cleaning, candidates, has_shape, settle};
use proptest::prelude::*;
use proptest::test_runner::RngSeed;

const BASE64URL: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const BASE32: &[u8] = b"abcdefghijklmnopqrstuvwxyz234567";

/// What pasted text is made of when it is at its worst.
const FRAGMENTS: [&str; 76] = [
    "https://",
    "http://",
    "mystore.com",
    "/",
    "?",
    "&",
    "=",
    "#",
    "&amp;",
    "&#x2F;",
    "&#",
    ";",
    "%2F",
    "%252F",
    "%",
    "=3D",
    "=\n",
    "=\r\n",
    "=",
    "\n",
    "\r\n",
    "\r",
    "> ",
    ">> ",
    "| ",
    " ",
    "\t",
    "\u{a0}",
    "\u{200b}",
    "\u{ad}",
    "\u{feff}",
    "“",
    "”",
    "„",
    "«",
    "\"",
    "'",
    "`",
    "<",
    ">",
    "|",
    "(",
    ")",
    "[",
    "]",
    ".",
    ",",
    "-",
    "_",
    "L",
    "LA",
    "SA",
    "fr",
    "ja",
    "eyJ",
    "…",
    "🌞",
    "\\u002d",
    "\\",
    "<br>",
    "</span><span class=x>",
    "=3D3D",
    "https://x.example/?u=aHR0cHM6Ly9teXN0b3JlLmNvbS9w",
    "https://x.example/eyJ1IjoiaHR0cDovL3gifQ",
    "FT10-",
    "https://eur01.safelinks.protection.outlook.com/?url=",
    "&data=05%7C",
    "&reserved=0",
    "https://urldefense.com/v3/__",
    "__;",
    "!!abc!def$",
    "*",
    "**A",
    "https://urldefense.proofpoint.com/v2/url?u=https-3A__",
    "&d=DwM&c=x&e=",
    "LOKOarE7gGqyjQABAgMEBQajARoAEtaHAmhzcHJpbmcyNgMYWIbqqsMuOaXfgl2ImtOCtkk",
];

fn spelled(bytes: &[u8], alphabet: &[u8]) -> String {
    let bits = alphabet.len().ilog2() as usize;
    let bit = |at: usize| bytes.get(at / 8).map_or(0, |byte| byte >> (7 - at % 8) & 1);
    let characters = (bytes.len() * 8).div_ceil(bits);
    let value = |at: usize| (0..bits).fold(0, |value, next| value << 1 | bit(at * bits + next));
    (0..characters)
        .map(|at| char::from(alphabet[usize::from(value(at))]))
        .collect()
}

/// A text with a token's shape, in either alphabet.
fn token() -> impl Strategy<Value = String> {
    let length = prop_oneof![4 => 34..90usize, 1 => 90..1059usize];
    let length = length.prop_map(|n| if n % 3 == 0 { n - 1 } else { n });
    let bytes = length.prop_flat_map(|n| prop::collection::vec(any::<u8>(), n));
    (bytes, any::<bool>(), 0..3u8).prop_map(|(mut bytes, is_signed, form)| {
        bytes[0] = if is_signed { 0x2C } else { 0x48 };
        match form {
            0 => spelled(&bytes, BASE32),
            _ => spelled(&bytes, BASE64URL),
        }
    })
}

fn percent_encoded(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte);
    text.bytes().fold(String::new(), |encoded, byte| match plain(byte) {
        true => encoded + &char::from(byte).to_string(),
        false => encoded + &format!("%{byte:02X}"),
    })
}

fn quoted_printable(text: &str, width: usize) -> String {
    let encoded = text.replace('=', "=3D");
    let mut lines = String::new();
    let mut column = 0;
    let mut rest = encoded.as_str();
    while let Some(first) = rest.chars().next() {
        let size = if rest.starts_with("=3D") { 3 } else { first.len_utf8() };
        if column + size > width {
            lines += "=\r\n";
            column = 0;
        }
        lines += &rest[..size];
        column += size;
        rest = &rest[size..];
    }
    lines
}

fn proofpoint_v2(text: &str) -> String {
    let encoded = text.bytes().fold(String::new(), |encoded, byte| match byte {
        b'/' => encoded + "_",
        b'.' => encoded + ".",
        _ if byte.is_ascii_alphanumeric() => encoded + &char::from(byte).to_string(),
        _ => encoded + &format!("-{byte:02X}"),
    });
    format!("https://urldefense.proofpoint.com/v2/url?u={encoded}&d=DwMFaQ&c=a&r=b&m=c&s=d&e=")
}

/// Ways to wrap a text that are undone without doubt.
fn wrapped(text: &str, how: usize, width: usize) -> String {
    match how {
        0 => format!("<{text}>"),
        1 => format!("“{text}”"),
        2 => format!("[link]({text})"),
        3 => format!("<a href=\"{}\">here</a>", text.replace('&', "&amp;")),
        4 => format!("https://t.example/?u={}&x=1", percent_encoded(text)),
        5 => format!(
            "https://nam02.safelinks.protection.outlook.com/?url={}&data=05%7C02&reserved=0",
            percent_encoded(text)
        ),
        6 => proofpoint_v2(text),
        7 => format!("https://urldefense.com/v3/__{text}__;!!Abc!def$"),
        8 => quoted_printable(text, width),
        9 => format!("> > {text}\n> > bye"),
        10 => format!("\u{200e}{text}\u{200b}."),
        _ => format!("Hello,\nmy link ({text}) is broken!"),
    }
}

/// Joining is a matter of likelihood, one token in thousands fails, so the cases
/// are fixed.
fn the_same_each_time() -> ProptestConfig {
    ProptestConfig {
        cases: 1_500,
        rng_seed: RngSeed::Fixed(20_260_101),
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

proptest! {
    #![proptest_config(the_same_each_time())]

    #[test]
    fn no_text_is_too_odd(text in "\\PC{0,300}|[ -~\n\r\t]{0,400}") {
        check_invariants(&text);
    }

    #[test]
    fn no_mixture_is_too_odd(parts in prop::collection::vec(0..FRAGMENTS.len(), 0..60)) {
        let text: String = parts.into_iter().map(|part| FRAGMENTS[part]).collect();
        check_invariants(&text);
    }

    #[test]
    fn a_token_in_two_wrappings_is_found(
        token in token(),
        inner in 0..12usize,
        outer in 0..12usize,
        width in 40..80usize,
    ) {
        // A wrapper that is percent-encoded again, and again, comes to more than two levels.
        let link = format!("https://mystore.com/promotions?a=1&t={token}");
        let once = if inner < 8 { wrapped(&link, inner, width) } else { link };
        let is_url = !(0..4).contains(&inner);
        let outer = if (4..8).contains(&outer) && !is_url { 8 } else { outer };
        let text = wrapped(&once, outer, width);
        let found = candidates(&text);
        prop_assert_eq!(found.len(), 1, "{} {:?}", text, found);
        prop_assert_eq!(&found[0].text, &token, "{}", text);
        prop_assert!(found[0].cleaned.contains(&Cleaning::Url), "{} {:?}", text, found);
    }

    #[test]
    fn a_token_broken_over_lines_is_found_and_settled(
        token in token(),
        width in 50..100usize,
        mark in prop_oneof![Just(""), Just("> "), Just(">> ")],
        after in prop_oneof![Just(""), Just("\nThanks\n"), Just("\n\nBest regards")],
    ) {
        let link = format!("https://mystore.com/promotions/{token}");
        let lines = link.as_bytes().chunks(width).map(String::from_utf8_lossy);
        let text = lines.map(|line| format!("{mark}{line}")).collect::<Vec<_>>().join("\n") + after;
        let settled = settle(candidates(&text), &mut |text| text == token);
        prop_assert_eq!(settled.len(), 1, "{} {:?}", text, settled);
        prop_assert_eq!(&settled[0].text, &token, "{}", text);
    }

    #[test]
    fn tokens_beside_each_other_stay_apart(
        tokens in prop::collection::vec(token(), 2..6),
        between in prop_oneof![Just("\n"), Just("\r\n"), Just(" "), Just(", "), Just(","), Just("\t"), Just("\n> ")],
    ) {
        let found = candidates(&tokens.join(between));
        let found: Vec<String> = found.into_iter().map(|found| found.text).collect();
        prop_assert_eq!(found, tokens);
    }

    #[test]
    fn shape_is_what_the_page_says(token in token(), at in 0..1000usize, byte in any::<u8>()) {
        prop_assert!(has_shape(&token));
        prop_assert!(!has_shape(&token[1..]) || token[1..].starts_with(['L', 'S', 'f', 'j']));
        let padded = format!("{token}=");
        prop_assert!(!has_shape(&padded));
        if !byte.is_ascii_alphanumeric() && byte != b'-' && byte != b'_' && byte.is_ascii() {
            let at = at % token.len();
            let foreign = format!("{}{}{}", &token[..at], char::from(byte), &token[at + 1..]);
            prop_assert!(!has_shape(&foreign));
        }
    }
}

fn check_invariants(text: &str) {
    let found = candidates(text);
    let shaped = found.iter().filter(|found| found.has_shape()).count();
    assert!(shaped == found.len() || found.len() == 1, "{text:?} {found:?}");
    for (at, one) in found.iter().enumerate() {
        assert!(text.get(one.place.clone()).is_some(), "{text:?} {one:?}");
        assert!(
            found[..at].iter().all(|other| other.text != one.text),
            "{text:?} {found:?}"
        );
        let kinds = &one.cleaned;
        assert!(kinds.iter().enumerate().all(|(at, kind)| !kinds[..at].contains(kind)));
        let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
        assert!(!one.has_shape() || one.text.chars().all(is_plain));
    }
}

/// Whether just these are found, in their order.
fn are_all_found(text: &str, tokens: &[String]) -> bool {
    let authentic: std::collections::HashSet<&str> = tokens.iter().map(String::as_str).collect();
    let found = settle(candidates(text), &mut |text| authentic.contains(text));
    found.iter().map(|found| &found.text).eq(tokens)
}

#[test]
fn of_many_tokens_none_is_left_out() {
    // one in 2,500 has no digit, and is taken for words where it is broken
    let has_digit = |token: &String| token.contains(|letter: char| letter.is_ascii_digit());
    let tokens: Vec<String> = (0..5_000).map(numbered).filter(has_digit).collect();
    assert!(are_all_found(&tokens.join("\n"), &tokens));
    assert!(are_all_found(&tokens.join(" "), &tokens));
    let broken = tokens
        .iter()
        .map(|token| format!("https://mystore.com/p/{}\n{}\n\n", &token[..24], &token[24..]));
    assert!(are_all_found(&broken.collect::<String>(), &tokens));
}

#[test]
fn of_a_text_that_has_no_end_to_its_search_nothing_is_taken() {
    let plain = numbered(1);
    assert_eq!(candidates(&format!("{plain} x\n\n")).len(), 1);
    // each of these lines may go on in all of the 63 below it
    let endless = "LCwsa9bcdefghijk7mn\n".repeat(10_000);
    assert_eq!(candidates(&format!("{plain} x\n\n{endless}")).len(), 0);
}

/// A text with a token's shape, another for each number.
fn numbered(number: u64) -> String {
    let mut bytes = vec![0x2C; 3];
    let mut state = number;
    while bytes.len() < 35 {
        // splitmix64
        state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (state ^ (state >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        bytes.extend_from_slice(&(mixed ^ (mixed >> 31)).to_be_bytes());
    }
    spelled(&bytes, BASE64URL)
}

#[test]
fn a_token_that_comes_again_and_again_hides_no_other() {
    let often = format!("{}\n", FRAGMENTS[FRAGMENTS.len() - 1]).repeat(2_000);
    let other = "LOKOarE7gGqyjQABAgMEBQagJh_R13v_Lh9y8WhRSAa_0A";
    let found = candidates(&(often + other));
    assert_eq!(found.len(), 2);
    assert_eq!(found[1].text, other);
}

#[test]
fn settling_takes_the_authentic_reading() {
    let token = FRAGMENTS[FRAGMENTS.len() - 1];
    let text = format!("https://mystore.com/p/{}\n{}", &token[..46], &token[46..]);
    let found = candidates(&text);
    assert_eq!(found[0].text, token);
    assert_eq!(found[0].other_readings[0].text, &token[..46]);
    let settled = settle(found.clone(), &mut |text| text == &token[..46]);
    assert_eq!(settled[0].text, &token[..46]);
    assert_eq!(settle(found.clone(), &mut |_| false), found);
}
