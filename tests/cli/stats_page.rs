//! The report as a page: well formed, nothing loaded, nothing run, everything escaped.

use crate::ledgers::{Book, LEDGER};
use crate::support::{Folder, ISSUED, all};
use linkmint::token::Status;

const HTML: [&str; 9] = [
    "stats",
    "--ledger",
    LEDGER,
    "--timezone",
    "UTC",
    "--now",
    ISSUED,
    "--html",
    "-",
];
/// A value that would be markup, an attribute's end, a script and a turned reading order.
const EVIL: &str = "<script>alert(\"x\")</script>'&amp;\u{202e}</table>";

fn page(folder: &Folder, args: &[&str]) -> String {
    folder.run(&all(&[&HTML, args])).done().says_nothing().stdout
}

/// The names of all elements in their order; every one is closed where it must be.
fn elements(page: &str) -> Vec<String> {
    let (mut open, mut names) = (Vec::new(), Vec::new());
    let (before, rest) = page.split_once("<style>").expect("a style");
    let (style, after) = rest.split_once("</style>").expect("its end");
    assert!(!style.contains('<'), "a style has no markup");
    for part in format!("{before}{after}").split('<').skip(1) {
        let (tag, text) = part.split_once('>').expect("a tag ends");
        assert!(!text.contains('>') && tag.matches('"').count() % 2 == 0, "<{part}");
        let bare = tag.trim_end_matches('/');
        let name = bare.split([' ', '\n']).next().unwrap_or_default();
        match name.strip_prefix('/') {
            Some(name) => assert_eq!(open.pop().as_deref(), Some(name), "closes what was opened last"),
            None if name == "!DOCTYPE" || name == "meta" || tag.ends_with('/') => {}
            None => open.push(name.to_owned()),
        }
        if !name.starts_with('/') {
            names.push(name.to_owned());
        }
    }
    assert!(open.is_empty(), "{open:?} are not closed");
    names
}

fn filled(folder: &Folder) -> Book {
    let mut book = Book::new(folder);
    let evil = book.token(&[("customer_id", EVIL), ("campaign_id", EVIL), (EVIL, "1")]);
    book.check(&evil, Status::Valid, "2026-11-21T16:10:00Z", 5);
    book.check(&evil, Status::Expired, "2026-11-25T09:10:00Z", 1);
    let sealed = book.sealed(&[("campaign_id", "spring26")]);
    book.check(&sealed, Status::Revoked, "2026-11-22T08:00:00Z", 2);
    book.record(1, &[(EVIL, 20), ("spring26", 5)]);
    book
}

#[test]
fn the_page_is_well_formed_and_whole() {
    let folder = Folder::new();
    filled(&folder);
    let page = page(&folder, &[]);
    assert!(page.starts_with("<!DOCTYPE html>\n<html lang=\"en\">") && page.ends_with("</html>\n"));
    let names = elements(&page);
    let count = |name: &str| names.iter().filter(|other| *other == name).count();
    assert_eq!(
        (count("html"), count("main"), count("h1"), count("section")),
        (1, 1, 1, 6)
    );
    assert_eq!(count("svg"), count("details"), "beside each chart a table");
    for (number, words) in [
        ("8.0 %", "2 of 25 links"),
        ("8", "4.0 for each of these links"),
        ("62.5 %", "of all checks"),
    ] {
        assert!(
            page.contains(&format!("<b>{number}</b><small>{words}</small>")),
            "{number} {words}"
        );
    }
    assert!(page.contains("A check is not a click by a person."));
    assert!(page.contains("Times are in UTC."));
}

#[test]
fn nothing_is_loaded_and_nothing_runs() {
    let folder = Folder::new();
    filled(&folder);
    let page = page(&folder, &[]);
    assert!(page.contains("content=\"default-src 'none'; style-src 'unsafe-inline'\""));
    for word in [
        "http:",
        "https:",
        "src=",
        "href=",
        "url(",
        "@import",
        "<script",
        "<link",
        "<img",
        "<iframe",
        "javascript:",
    ] {
        assert!(!page.contains(word), "{word}");
    }
    assert!(page.contains("name=\"viewport\" content=\"width=device-width, initial-scale=1\""));
    for media in ["(prefers-color-scheme: dark)", "print", "(max-width: 40rem)"] {
        assert!(page.contains(&format!("@media {media}")), "{media}");
    }
}

#[test]
fn what_others_wrote_is_text() {
    let folder = Folder::new();
    filled(&folder);
    let escaped = "&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt;&#39;&amp;amp;\\u{202e}&lt;/table&gt;";
    for by in ["campaign_id", "customer_id", EVIL] {
        let page = page(&folder, &["--by", by]);
        elements(&page);
        assert!(
            page.contains(escaped) && !page.contains("alert(\"") && !page.contains('\u{202e}'),
            "{by}"
        );
    }
}

#[test]
fn the_course_of_time_has_no_gaps() {
    let folder = Folder::new();
    let mut book = filled(&folder);
    let columns = |id: &str| {
        let page = page(&folder, &[]);
        let chart = page
            .split(&format!("aria-labelledby=\"{id}\""))
            .nth(1)
            .expect("a chart");
        chart
            .split("</svg>")
            .next()
            .unwrap_or_default()
            .matches("class=\"column\"")
            .count()
    };
    assert_eq!(columns("hours"), 24);
    // from the 21st to the 25th
    assert_eq!(columns("course"), 5);
    book.check_of("b", "2026-12-31T23:00:00Z");
    assert_eq!(columns("course"), 41);
    book.check_of("b", "2027-11-01T00:00:00Z");
    assert_eq!(columns("course"), 13, "months");
    let only = ["--until", "2026-11-21"];
    let page = page(&folder, &only);
    assert!(page.contains("Checks per hour"));
}

#[test]
fn a_page_of_one_campaign_has_its_name() {
    let folder = Folder::new();
    Book::new(&folder).check_of("spring26", "2026-11-21T16:10:00Z");
    assert!(page(&folder, &[]).contains("<title>spring26: links that came back</title>"));
    let many = Folder::new();
    let mut book = Book::new(&many);
    for number in 0..70 {
        book.check_of(&format!("c{number}"), "2026-11-21T16:10:00Z");
    }
    let page = page(&many, &[]);
    assert!(page.contains("<title>Campaign links that came back</title>"));
    assert!(page.contains("And 10 more with 10 checks."));
}
