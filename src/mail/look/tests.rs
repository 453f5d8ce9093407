//! Tokens in texts and pages that are whole, broken, shown short, or cut.

use super::*;

/// Tokens as a key with the id e28e makes them, without claims and with one.
const SHORT: &str = "LOKOawHAAAAAAAAAAAAAAAGgIVmZlyfVRkpFpa27B7b9Wg";
const LONG: &str = "LOKOawHAAAAAAAAAAAAAAAKhARkD6fme6x21YROcpxG556uQW_4";

fn told(source: &str, reading: Reading) -> Vec<String> {
    let starts = ["LOKO".to_owned(), "fsri".to_owned()];
    let found = tokens(source, reading, &starts, &mut |text| text == SHORT || text == LONG);
    let tell = |found: Found| {
        let name = match found.candidate.text.as_str() {
            SHORT => "short",
            LONG => "long",
            other => other,
        };
        let broken = if found.is_broken { " broken" } else { "" };
        format!("{} {name}{broken}", found.line)
    };
    found.into_iter().map(tell).collect()
}

#[test]
fn the_examples_have_a_tokens_shape() {
    assert!(paste::has_shape(SHORT) && paste::has_shape(LONG));
}

#[test]
fn links_in_pages() {
    let (cut, middle) = (&SHORT[..30], SHORT.split_at(20));
    let double = LONG.replace('=', "=3D");
    let table: [(String, &[&str]); 17] = [
        (format!("\n<a href=\"https://x/p/{SHORT}\">go</a>"), &["2 short"]),
        (format!("<a href='https://x/?a=1&amp;t={SHORT}&amp;b=2'>"), &["1 short"]),
        (
            format!("<a href=\"https://x/p/{SHORT}\">\nhttps://x/p/{SHORT}</a>"),
            &["1 short"],
        ),
        (format!("<p>https://x/p/{SHORT}.</p>\n<p>({SHORT})"), &["1 short"]),
        (
            format!("<p>https://x/p/{}<b>{}</b></p>", middle.0, middle.1),
            &["1 short"],
        ),
        (
            format!("<p>\n\n<b>&nbsp;</b>\n{SHORT} &amp; {LONG}"),
            &["4 short", "4 long"],
        ),
        (
            format!("<a href=\"https://x/p/{}\n{}\">", middle.0, middle.1),
            &["1 short"],
        ),
        (format!("<a href=\"https://x/p/{SHORT}.\">"), &["1 short broken"]),
        (
            format!("<a href=\"https://x/?a=1&amp;amp;t={SHORT}\">"),
            &["1 short broken"],
        ),
        (
            format!(
                "<a href=\"https://x/p/{SHORT}\">\n<a href=\"https://x/p/{}\n{}\">",
                middle.0, middle.1
            ),
            &["1 short"],
        ),
        (
            format!("<a href=\"https://x/p/{cut}\">"),
            &["1 LOKOawHAAAAAAAAAAAAAAAGgIVmZly"],
        ),
        (
            format!("<a href=\"https://x/p/{SHORT}\">https://x/p/{cut}…</a>"),
            &["1 short"],
        ),
        (
            format!("<a href=\"https://t/c?u=https%3A%2F%2Fx%2Fp%2F{SHORT}&amp;e=1\">"),
            &["1 short"],
        ),
        (
            format!(
                "<a href=\"https://eu.safelinks.protection.outlook.com/?url=https%3A%2F%2Fx%2Fp%2F{SHORT}&amp;data=05&amp;reserved=0\">"
            ),
            &["1 short"],
        ),
        (
            format!("\n<a href=3D\"https://x/p/{}=\n{}\">", &double[..20], &double[20..]),
            &["2 long broken"],
        ),
        (
            "<a href=\"https://x/p/LISTEN-2026-of-all-things\">LOKOMOTIVE 2026</a>".to_owned(),
            &[],
        ),
        (
            format!("<!--[if mso]><v:rect href=\"https://x/p/{LONG}\"><![endif]-->"),
            &["1 long"],
        ),
    ];
    for (source, expected) in table {
        assert_eq!(told(&source, Reading::Html), expected, "{source}");
    }
}

#[test]
fn links_in_text() {
    let (cut, middle) = (&SHORT[..30], SHORT.split_at(20));
    let table: [(String, &[&str]); 9] = [
        (
            format!("Hello,\r\n\r\nhttps://x/p/{SHORT}\r\n\r\n\r\n<{LONG}>"),
            &["3 short", "6 long"],
        ),
        (format!("> https://x/p/{SHORT}"), &["1 short"]),
        (format!("https://x/p/{}\n{}\n", middle.0, middle.1), &["1 short broken"]),
        (
            format!("https://x/p/{}=\n{}\n", middle.0, middle.1),
            &["1 short broken"],
        ),
        (format!("https://x/?a=1&amp;t={SHORT}\n"), &["1 short broken"]),
        (
            format!("https://x/p/{SHORT}\n\nhttps://x/p/{}\n{}\n", middle.0, middle.1),
            &["1 short", "3 short broken"],
        ),
        (
            format!("https://x/p/{cut}\n\nhttps://x/p/{SHORT}"),
            &["1 LOKOawHAAAAAAAAAAAAAAAGgIVmZly", "3 short"],
        ),
        (format!("https://x/p/{cut}...\n\nhttps://x/p/{SHORT}"), &["3 short"]),
        ("ä LOKO ö LOKOMOTIVE and 1234".to_owned(), &[]),
    ];
    for (source, expected) in table {
        assert_eq!(told(&source, Reading::Text), expected, "{source}");
    }
}

#[test]
fn in_a_long_text_every_token_is_found_once() {
    let mut source = String::new();
    let mut expected = 0;
    let digits = |number: usize| format!("{number:04}");
    while source.len() < 200_000 {
        let mut token = SHORT.to_owned();
        token.replace_range(20..24, &digits(expected));
        source += &format!("ä{:1$}https://x/p/{token}\n", "", expected % 97);
        expected += 1;
    }
    let found = tokens(&source, Reading::Text, &["LOKO".to_owned()], &mut |_| false);
    assert_eq!(found.len(), expected);
    for (index, found) in found.iter().enumerate() {
        assert_eq!(
            (found.line, &found.candidate.text[20..24]),
            (index + 1, digits(index).as_str())
        );
    }
}
